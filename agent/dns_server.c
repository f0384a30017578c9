#include "agent/dns_server.h"

#include "agent/dns.h"
#include "agent/dns_cache.h"
#include "agent/net/net.h"
#include "agent/net/socket.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/share.h"

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
    MAX_CALLS = 128, /* questions to others, and connections, at once */
    LISTEN_TRIES = 150,
};

struct DnsServer {
    Agent *agent; /* borrowed */
    int udp, tcp, stop;
    SocketAddress upstream;
    bool has_upstream;
    pthread_t thread;
    DnsCache *cache;
    pthread_mutex_t lock;
    Share calls; /* of the tenants, those under way; under the lock */
};

/* ---- whose turn it is ---- */

static bool call_begin(DnsServer *d, const char *cluster)
{
    bool ok;

    pthread_mutex_lock(&d->lock);
    ok = share_begin(&d->calls, cluster);
    pthread_mutex_unlock(&d->lock);
    return ok;
}

static void call_end(DnsServer *d, const char *cluster)
{
    pthread_mutex_lock(&d->lock);
    share_end(&d->calls, cluster);
    pthread_mutex_unlock(&d->lock);
}

static bool has_calls(DnsServer *d)
{
    bool has;

    pthread_mutex_lock(&d->lock);
    has = d->calls.n > 0;
    pthread_mutex_unlock(&d->lock);
    return has;
}

/* ---- names outside of the cluster ---- */

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

/* A socket to the one that knows, with a limit for each step; -1: there is none. */
static int connect_upstream(const DnsServer *d, int type)
{
    struct timeval limit = {.tv_sec = UPSTREAM_TIMEOUT_MS / 1000};
    int fd = socket(d->upstream.any.sa_family, type | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)); /* always allowed */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (connect(fd, &d->upstream.any, socket_address_len(&d->upstream)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool ask_udp(const DnsServer *d, Slice packet, const DnsQuery *q, Buf *out)
{
    int64_t until_us = clock_mono_us() + UPSTREAM_TIMEOUT_MS * 1000LL;
    int fd = connect_upstream(d, SOCK_DGRAM);
    char answer[4096];
    bool ok = fd >= 0 && send(fd, packet.ptr, packet.len, 0) == (ssize_t)packet.len;

    for (bool found = false; ok && !found;) {
        ssize_t n = recv(fd, answer, sizeof(answer), 0);

        if (n < 0 || clock_mono_us() > until_us)
            ok = false;
        else
            found = dns_is_answer((Slice){answer, (size_t)n}, packet, q);
        if (found)
            buf_add(out, answer, (size_t)n);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool ask_tcp(const DnsServer *d, Slice packet, const DnsQuery *q, Buf *out)
{
    int fd = connect_upstream(d, SOCK_STREAM);
    AUTO_BUF framed = BUF_INIT;
    AUTO_BUF answer = BUF_INIT;
    unsigned char head[2];
    bool ok = fd >= 0;

    buf_addc(&framed, (char)(packet.len >> 8));
    buf_addc(&framed, (char)packet.len);
    buf_add_slice(&framed, packet);
    ok = ok && send(fd, framed.ptr, framed.len, MSG_NOSIGNAL) == (ssize_t)framed.len &&
         read_exactly(fd, (char *)head, 2);
    if (ok) {
        buf_reserve(&answer, DNS_TCP_MAX);
        answer.len = (size_t)head[0] << 8 | head[1];
        ok = answer.len > 0 && read_exactly(fd, answer.ptr, answer.len) &&
             dns_is_answer(buf_slice(&answer), packet, q);
    }
    if (ok)
        buf_add_slice(out, buf_slice(&answer));
    if (fd >= 0)
        close(fd);
    return ok;
}

/* What others answer to a question of a tenant's pod, at most `max` bytes when `max` is more than a
 * datagram takes. */
static bool ask_others(DnsServer *d, const char *cluster, Slice packet, size_t max, Buf *out)
{
    AUTO_BUF answer = BUF_INIT;
    AUTO_BUF whole = BUF_INIT;
    DnsQuery q;

    if (!dns_parse(packet, &q))
        return false;
    if (dns_cache_get(d->cache, cluster, packet, &q, max, clock_mono_us(), out))
        return true;
    if (!ask_udp(d, packet, &q, &answer))
        return false;
    if (dns_is_cut(buf_slice(&answer)) && max > DNS_EDNS_MAX && ask_tcp(d, packet, &q, &whole)) {
        buf_reset(&answer);
        buf_add_slice(&answer, buf_slice(&whole));
    }
    dns_cache_put(d->cache, cluster, packet, &q, buf_slice(&answer), clock_mono_us());
    buf_add_slice(out, buf_slice(&answer));
    return true;
}

/* What others know of the name that an alias leads to. */
static void add_external(DnsServer *d, const char *cluster, const char *name, unsigned type,
                         size_t max, Buf *out)
{
    AUTO_BUF question = BUF_INIT;
    AUTO_BUF answer = BUF_INIT;

    dns_ask(name, type, (uint16_t)random_u64(), &question);
    if (ask_others(d, cluster, buf_slice(&question), max, &answer))
        dns_add_answers(buf_slice(&answer), max, out);
}

typedef struct Forward {
    DnsServer *d;
    SocketAddress from;
    char cluster[256];
    Buf packet;
    Buf answer;         /* ours, when only the target of its alias is asked for: */
    char external[256]; /* that; "": the packet is asked for */
    uint16_t type;
    size_t max;
} Forward;

static void forward_free(Forward *f)
{
    buf_done(&f->packet);
    buf_done(&f->answer);
    free(f);
}

static void *forward_main(void *data)
{
    Forward *f = data;
    bool ok = true;

    if (f->external[0])
        add_external(f->d, f->cluster, f->external, f->type, f->max, &f->answer);
    else
        ok = ask_others(f->d, f->cluster, buf_slice(&f->packet), f->max, &f->answer);
    if (ok && sendto(f->d->udp, f->answer.ptr, f->answer.len, 0, &f->from.any,
                     socket_address_len(&f->from)) < 0) {
        /* the pod is gone */
    }
    call_end(f->d, f->cluster);
    forward_free(f);
    return NULL;
}

static Forward *forward_new(DnsServer *d, const SocketAddress *from, const char *cluster,
                            size_t max)
{
    Forward *f = xcalloc(1, sizeof(*f));

    f->d = d;
    f->from = *from;
    f->max = max;
    snprintf(f->cluster, sizeof(f->cluster), "%s", cluster);
    return f;
}

/* Takes it over. With too many under way the asker tries again. */
static void forward(Forward *f)
{
    DnsServer *d = f->d;
    pthread_t t;

    if (!call_begin(d, f->cluster)) {
        forward_free(f);
    } else if (pthread_create(&t, NULL, forward_main, f) == 0) {
        pthread_detach(t);
    } else {
        call_end(d, f->cluster);
        forward_free(f);
    }
}

/* ---- answering ---- */

/* NULL: a stranger. */
static const char *cluster_of(DnsServer *d, const SocketAddress *from, char *out, size_t cap)
{
    char ip[INET6_ADDRSTRLEN];

    socket_address_text(from, ip, sizeof(ip));
    return net_cluster_of(d->agent->net, ip, out, cap) ? out : NULL;
}

/* At once, when it is known. */
static void serve_outside(DnsServer *d, const SocketAddress *from, const char *cluster,
                          Slice packet, const DnsQuery *q)
{
    AUTO_BUF known = BUF_INIT;
    Forward *f;

    if (dns_cache_get(d->cache, cluster, packet, q, q->udp_max, clock_mono_us(), &known)) {
        if (sendto(d->udp, known.ptr, known.len, MSG_DONTWAIT, &from->any,
                   socket_address_len(from)) < 0) {
            /* the asker tries again */
        }
        return;
    }
    f = forward_new(d, from, cluster, q->udp_max);
    buf_add_slice(&f->packet, packet);
    forward(f);
}

static void serve_udp(DnsServer *d)
{
    SocketAddress from;
    socklen_t from_len = sizeof(from);
    char in[DNS_EDNS_MAX], name[256], external[256] = "";
    ssize_t n = recvfrom(d->udp, in, sizeof(in), MSG_DONTWAIT, &from.any, &from_len);
    const char *cluster;
    AUTO_BUF out = BUF_INIT;
    DnsQuery q;

    if (n <= 0 || !dns_parse((Slice){in, (size_t)n}, &q))
        return;
    cluster = cluster_of(d, &from, name, sizeof(name));
    if (cluster && d->has_upstream && !dns_is_ours(&q)) {
        serve_outside(d, &from, cluster, (Slice){in, (size_t)n}, &q);
        return;
    }
    dns_answer((Slice){in, (size_t)n}, &q, d->agent->items, cluster, q.udp_max, &out, external);
    if (cluster && d->has_upstream && dns_is_for_others(&q, buf_slice(&out))) {
        serve_outside(d, &from, cluster, (Slice){in, (size_t)n}, &q);
        return;
    }
    if (external[0] && d->has_upstream) {
        Forward *f = forward_new(d, &from, cluster, q.udp_max);

        snprintf(f->external, sizeof(f->external), "%s", external);
        f->type = q.type;
        buf_add_slice(&f->answer, buf_slice(&out));
        forward(f);
        return;
    }
    if (sendto(d->udp, out.ptr, out.len, MSG_DONTWAIT, &from.any, from_len) < 0) {
        /* the asker tries again */
    }
}

typedef struct TcpCall {
    DnsServer *d;
    int fd;
    char cluster[256];
} TcpCall;

/* Appends the answer; false: there is none to be had. */
static bool answer_tcp(const TcpCall *c, Slice packet, const DnsQuery *q, Buf *out)
{
    DnsServer *d = c->d;
    AUTO_BUF answer = BUF_INIT;
    char external[256] = "";

    if (d->has_upstream && !dns_is_ours(q))
        return ask_others(d, c->cluster, packet, DNS_TCP_MAX, out);
    dns_answer(packet, q, d->agent->items, c->cluster, DNS_TCP_MAX - 2, &answer, external);
    if (d->has_upstream && dns_is_for_others(q, buf_slice(&answer)))
        return ask_others(d, c->cluster, packet, DNS_TCP_MAX, out);
    if (external[0] && d->has_upstream)
        add_external(d, c->cluster, external, q->type, DNS_TCP_MAX - 2, &answer);
    buf_add_slice(out, buf_slice(&answer));
    return true;
}

static void *tcp_main(void *data)
{
    TcpCall *c = data;
    unsigned char head[2];
    char in[4096];
    size_t n;
    DnsQuery q;

    while (read_exactly(c->fd, (char *)head, 2) && (n = (size_t)head[0] << 8 | head[1]) > 0 &&
           n <= sizeof(in) && read_exactly(c->fd, in, n) && dns_parse((Slice){in, n}, &q)) {
        AUTO_BUF out = BUF_INIT;

        buf_add(&out, "\0\0", 2);
        if (!answer_tcp(c, (Slice){in, n}, &q, &out))
            break;
        out.ptr[0] = (char)((out.len - 2) >> 8);
        out.ptr[1] = (char)(out.len - 2);
        if (send(c->fd, out.ptr, out.len, MSG_NOSIGNAL) != (ssize_t)out.len)
            break;
    }
    close(c->fd);
    call_end(c->d, c->cluster);
    free(c);
    return NULL;
}

static void serve_tcp(DnsServer *d)
{
    struct timeval limit = {.tv_sec = TCP_TIMEOUT_S};
    SocketAddress from;
    socklen_t n = sizeof(from);
    int fd = accept4(d->tcp, &from.any, &n, SOCK_CLOEXEC);
    char name[256];
    const char *cluster;
    TcpCall *c;
    pthread_t t;

    if (fd < 0)
        return;
    cluster = cluster_of(d, &from, name, sizeof(name));
    if (!cluster || !call_begin(d, cluster)) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)); /* always allowed */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    c = xcalloc(1, sizeof(*c));
    *c = (TcpCall){.d = d, .fd = fd};
    snprintf(c->cluster, sizeof(c->cluster), "%s", cluster);
    if (pthread_create(&t, NULL, tcp_main, c) == 0) {
        pthread_detach(t);
    } else {
        call_end(d, c->cluster);
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
    int fd = socket_bind(type | SOCK_CLOEXEC, port), r;

    if (fd >= 0 && (type != SOCK_STREAM || listen(fd, 64) == 0))
        return fd;
    r = err_set(err, ERR_UNAVAILABLE, "DNS on port %d: %s", port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return r;
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

static bool read_upstream(const char *s, SocketAddress *ret)
{
    enum { PORT = 53 };

    *ret = (SocketAddress){.v4 = {.sin_family = AF_INET, .sin_port = htons(PORT)}};
    if (inet_pton(AF_INET, s, &ret->v4.sin_addr) == 1)
        return true;
    *ret = (SocketAddress){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)}};
    return inet_pton(AF_INET6, s, &ret->v6.sin6_addr) == 1;
}

int dns_server_start(Agent *agent, int port, const char *upstream, DnsServer **ret, Err *err)
{
    CLEANUP(dns_server_stop) DnsServer *d = xcalloc(1, sizeof(*d));

    d->agent = agent;
    d->udp = d->tcp = -1;
    d->stop = eventfd(0, EFD_CLOEXEC);
    d->cache = dns_cache_new();
    d->calls.max = MAX_CALLS;
    pthread_mutex_init(&d->lock, NULL);
    if (upstream && !read_upstream(upstream, &d->upstream))
        return err_set(err, ERR_INVALID, "--upstream-dns: not an address: %s", upstream);
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
    for (int i = 0; i < 50 && has_calls(d); i++)
        usleep(100000);
    if (has_calls(d))
        return; /* a pod that goes on asking by TCP; the process is about to end */
    if (d->udp >= 0)
        close(d->udp);
    if (d->tcp >= 0)
        close(d->tcp);
    close(d->stop);
    dns_cache_free(d->cache);
    share_done(&d->calls);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
