#include "agent/dns_server.h"

#include "agent/dns.h"
#include "agent/net/net.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    TCP_TIMEOUT_S = 3,
    UPSTREAM_TIMEOUT_MS = 2000,
    MAX_FORWARDS = 64,
    LISTEN_TRIES = 150,
};

struct DnsServer {
    Agent *agent; /* borrowed */
    int udp, tcp, stop;
    struct in_addr upstream;
    bool has_upstream;
    pthread_t thread;
    _Atomic int n_forwards;
};

/* ---- names outside of the cluster ---- */

typedef struct Forward {
    DnsServer *d;
    struct sockaddr_in from;
    Buf packet;
    Buf answer; /* ours, when only the target of its alias is asked for */
    size_t max;
} Forward;

static void forward_free(Forward *f)
{
    buf_done(&f->packet);
    buf_done(&f->answer);
    free(f);
}

static bool ask_upstream(const DnsServer *d, Slice packet, Buf *out)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr = d->upstream};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char answer[4096];
    ssize_t n = -1;

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
        send(fd, packet.ptr, packet.len, 0) == (ssize_t)packet.len &&
        poll(&p, 1, UPSTREAM_TIMEOUT_MS) > 0)
        n = recv(fd, answer, sizeof(answer), 0);
    if (fd >= 0)
        close(fd);
    if (n < 12 || memcmp(answer, packet.ptr, 2) != 0)
        return false;
    buf_add(out, answer, (size_t)n);
    return true;
}

/* What others know of the name that an alias leads to. */
static void add_external(const DnsServer *d, const char *name, unsigned type, size_t max, Buf *out)
{
    AUTO_BUF question = BUF_INIT;
    AUTO_BUF answer = BUF_INIT;

    dns_ask(name, type, (uint16_t)random_u64(), &question);
    if (ask_upstream(d, buf_slice(&question), &answer))
        dns_add_answers(buf_slice(&answer), max, out);
}

static void *forward_main(void *data)
{
    Forward *f = data;
    AUTO_BUF answer = BUF_INIT;
    bool ok = ask_upstream(f->d, buf_slice(&f->packet), &answer);

    if (f->answer.len > 0) {
        if (ok)
            dns_add_answers(buf_slice(&answer), f->max, &f->answer);
        buf_reset(&answer);
        buf_add_slice(&answer, buf_slice(&f->answer));
        ok = true;
    }
    if (ok && sendto(f->d->udp, answer.ptr, answer.len, 0, (struct sockaddr *)&f->from,
                     sizeof(f->from)) < 0) {
        /* the pod is gone */
    }
    f->d->n_forwards--;
    forward_free(f);
    return NULL;
}

static Forward *forward_new(DnsServer *d, const struct sockaddr_in *from)
{
    Forward *f = xcalloc(1, sizeof(*f));

    f->d = d;
    f->from = *from;
    return f;
}

/* Takes it over. */
static void forward(Forward *f)
{
    DnsServer *d = f->d;
    pthread_t t;

    if (d->n_forwards >= MAX_FORWARDS) { /* the asker tries again */
        forward_free(f);
        return;
    }
    d->n_forwards++;
    if (pthread_create(&t, NULL, forward_main, f) == 0) {
        pthread_detach(t);
    } else {
        d->n_forwards--;
        forward_free(f);
    }
}

/* ---- answering ---- */

/* NULL: a stranger. */
static const char *cluster_of(DnsServer *d, const struct sockaddr_in *from, char *out, size_t cap)
{
    char ip[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &from->sin_addr, ip, sizeof(ip));
    return net_cluster_of(d->agent->net, ip, out, cap) ? out : NULL;
}

static void serve_udp(DnsServer *d)
{
    struct sockaddr_in from;
    socklen_t from_len = sizeof(from);
    char in[DNS_EDNS_MAX], name[256], external[256] = "";
    ssize_t n = recvfrom(d->udp, in, sizeof(in), MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
    const char *cluster;
    AUTO_BUF out = BUF_INIT;
    DnsQuery q;

    if (n <= 0 || !dns_parse((Slice){in, (size_t)n}, &q))
        return;
    cluster = cluster_of(d, &from, name, sizeof(name));
    if (cluster && d->has_upstream && !dns_is_ours(&q)) {
        Forward *f = forward_new(d, &from);

        buf_add(&f->packet, in, (size_t)n);
        forward(f);
        return;
    }
    dns_answer((Slice){in, (size_t)n}, &q, d->agent->items, cluster, q.udp_max, &out, external);
    if (external[0] && d->has_upstream) {
        Forward *f = forward_new(d, &from);

        dns_ask(external, q.type, (uint16_t)random_u64(), &f->packet);
        buf_add_slice(&f->answer, buf_slice(&out));
        f->max = q.udp_max;
        forward(f);
        return;
    }
    if (sendto(d->udp, out.ptr, out.len, MSG_DONTWAIT, (struct sockaddr *)&from, from_len) < 0) {
        /* the asker tries again */
    }
}

typedef struct TcpCall {
    DnsServer *d;
    int fd;
    struct sockaddr_in from;
} TcpCall;

static bool read_exactly(int fd, char *p, size_t n)
{
    while (n > 0) {
        ssize_t r = recv(fd, p, n, 0);

        if (r <= 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

static void *tcp_main(void *data)
{
    TcpCall *c = data;
    unsigned char head[2];
    char in[DNS_TCP_MAX > 4096 ? 4096 : DNS_TCP_MAX], name[256];
    size_t n;
    DnsQuery q;

    while (read_exactly(c->fd, (char *)head, 2) && (n = (size_t)head[0] << 8 | head[1]) > 0 &&
           n <= sizeof(in) && read_exactly(c->fd, in, n) && dns_parse((Slice){in, n}, &q)) {
        const char *cluster = cluster_of(c->d, &c->from, name, sizeof(name));
        AUTO_BUF answer = BUF_INIT;
        AUTO_BUF out = BUF_INIT;
        char external[256] = "";

        buf_add(&out, "\0\0", 2);
        if (cluster && c->d->has_upstream && !dns_is_ours(&q)) {
            if (!ask_upstream(c->d, (Slice){in, n}, &out))
                break;
        } else {
            dns_answer((Slice){in, n}, &q, c->d->agent->items, cluster, DNS_TCP_MAX - 2, &answer,
                       external);
            if (external[0] && c->d->has_upstream)
                add_external(c->d, external, q.type, DNS_TCP_MAX - 2, &answer);
            buf_add_slice(&out, buf_slice(&answer));
        }
        out.ptr[0] = (char)((out.len - 2) >> 8);
        out.ptr[1] = (char)(out.len - 2);
        if (send(c->fd, out.ptr, out.len, MSG_NOSIGNAL) != (ssize_t)out.len)
            break;
    }
    close(c->fd);
    c->d->n_forwards--;
    free(c);
    return NULL;
}

static void serve_tcp(DnsServer *d)
{
    struct timeval limit = {.tv_sec = TCP_TIMEOUT_S};
    struct sockaddr_in from;
    socklen_t n = sizeof(from);
    int fd = accept4(d->tcp, (struct sockaddr *)&from, &n, SOCK_CLOEXEC);
    TcpCall *c;
    pthread_t t;

    if (fd < 0)
        return;
    if (d->n_forwards >= MAX_FORWARDS) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)); /* always allowed */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    c = xcalloc(1, sizeof(*c));
    *c = (TcpCall){d, fd, from};
    d->n_forwards++;
    if (pthread_create(&t, NULL, tcp_main, c) == 0) {
        pthread_detach(t);
    } else {
        d->n_forwards--;
        close(fd);
        free(c);
    }
}

static void *run(void *data)
{
    DnsServer *d = data;
    struct pollfd p[] = {{.fd = d->stop, .events = POLLIN},
                         {.fd = d->udp, .events = POLLIN},
                         {.fd = d->tcp, .events = POLLIN}};

    for (;;) {
        if (poll(p, ARRAY_LEN(p), -1) < 0 && errno != EINTR)
            return NULL;
        if (p[0].revents)
            return NULL;
        if (p[1].revents)
            serve_udp(d);
        if (p[2].revents)
            serve_tcp(d);
    }
}

static int try_listen(int type, int port, Err *err)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1, r;

    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)); /* always allowed */
    if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
        (type == SOCK_STREAM && listen(fd, 64) < 0)) {
        r = err_set(err, ERR_UNAVAILABLE, "DNS on port %d: %s", port, strerror(errno));
        if (fd >= 0)
            close(fd);
        return r;
    }
    return fd;
}

/* An agent that is just ending may still have the port. */
static int listen_on(int type, int port, Err *err)
{
    int r = try_listen(type, port, err);

    for (int tries = 0; r < 0 && tries < LISTEN_TRIES; tries++) {
        usleep(100000);
        r = try_listen(type, port, err);
    }
    return r;
}

int dns_server_start(Agent *agent, int port, const char *upstream, DnsServer **ret, Err *err)
{
    CLEANUP(dns_server_stop) DnsServer *d = xcalloc(1, sizeof(*d));

    d->agent = agent;
    d->udp = d->tcp = -1;
    d->stop = eventfd(0, EFD_CLOEXEC);
    if (upstream && inet_pton(AF_INET, upstream, &d->upstream) != 1)
        return err_set(err, ERR_INVALID, "--upstream-dns: not an IPv4 address: %s", upstream);
    d->has_upstream = upstream != NULL;
    d->udp = listen_on(SOCK_DGRAM, port, err);
    if (d->udp < 0)
        return d->udp;
    d->tcp = listen_on(SOCK_STREAM, port, err);
    if (d->tcp < 0)
        return d->tcp;
    if (pthread_create(&d->thread, NULL, run, d) != 0) {
        close(d->tcp);
        d->tcp = -1;
        return err_set(err, ERR_INTERNAL, "cannot start the DNS thread");
    }
    *ret = TAKE(d);
    return 0;
}

void dns_server_stop(DnsServer *d)
{
    uint64_t one = 1;

    if (!d)
        return;
    if (d->tcp >= 0 && write(d->stop, &one, sizeof(one)) == sizeof(one))
        pthread_join(d->thread, NULL);
    for (int i = 0; i < 50 && d->n_forwards > 0; i++)
        usleep(100000); /* each ends by its own timeout */
    if (d->udp >= 0)
        close(d->udp);
    if (d->tcp >= 0)
        close(d->tcp);
    close(d->stop);
    free(d);
}
