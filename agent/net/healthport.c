#include "agent/net/healthport.h"

#include "agent/net/socket.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CLIENTS = 64, CLIENT_US = 5000000, HEAD_MAX = 4096, BACKLOG = 16 };

typedef struct Listener {
    int fd, port;
    char *service, *n_endpoints;
} Listener;

typedef struct Client {
    int fd, port;
    int64_t until_us;
    size_t n; /* of the head, so far */
    char head[HEAD_MAX];
} Client;

struct HealthPorts {
    pthread_t thread;
    int wake;
    pthread_mutex_t lock; /* guards what follows up to the next blank line */
    Map wanted;           /* as given */
    bool is_changed, is_stopping;

    /* the thread only */
    Listener *listeners;
    size_t n_listeners, cap_listeners;
    Client *clients[MAX_CLIENTS]; /* the oldest first */
    size_t n_clients;
};

static const LogCtx ctx = {.component = "net"};

void healthport_answer(const char *service, const char *n_endpoints, Buf *out)
{
    const char *slash = strchr(service, '/');
    bool is_fine = strcmp(n_endpoints, "0") != 0;
    AUTO_BUF body = BUF_INIT;

    buf_addf(&body,
             "{\n\t\"service\": {\n\t\t\"namespace\": \"%.*s\",\n\t\t\"name\": \"%s\"\n\t},\n"
             "\t\"localEndpoints\": %s,\n\t\"serviceProxyHealthy\": true\n}",
             (int)(slash ? slash - service : 0), service, slash ? slash + 1 : service, n_endpoints);
    buf_addf(out,
             "HTTP/1.1 %s\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
             "X-Load-Balancing-Endpoint-Weight: %s\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n",
             is_fine ? "200 OK" : "503 Service Unavailable", n_endpoints, body.len);
    buf_add_slice(out, buf_slice(&body));
}

/* ---- ports ---- */

static Listener *listener_of(HealthPorts *h, int port)
{
    for (size_t i = 0; i < h->n_listeners; i++)
        if (h->listeners[i].port == port)
            return &h->listeners[i];
    return NULL;
}

static int listen_on(int port)
{
    int fd = socket_bind(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, port);

    if (fd >= 0 && listen(fd, BACKLOG) == 0)
        return fd;
    log_warning(&ctx, "the health of a service cannot be told on its port", LOG_INT("port", port),
                LOG_STR("error", strerror(errno)));
    if (fd >= 0)
        close(fd);
    return -1;
}

static void listener_done(Listener *l)
{
    close(l->fd);
    free(l->service);
    free(l->n_endpoints);
}

static void add_port(HealthPorts *h, int port, const char *service, const char *n_endpoints)
{
    Listener *l = listener_of(h, port);

    if (!l) {
        int fd = listen_on(port);

        if (fd < 0)
            return;
        GROW(h->listeners, h->cap_listeners, h->n_listeners + 1);
        l = &h->listeners[h->n_listeners++];
        *l = (Listener){.fd = fd, .port = port};
    }
    free(l->service);
    free(l->n_endpoints);
    l->service = xstrdup(service);
    l->n_endpoints = xstrdup(n_endpoints);
}

/* "31000 ns/service" */
static int port_of(const char *key)
{
    int64_t n = 0;

    return slice_to_int64((Slice){key, strcspn(key, " ")}, &n) ? (int)n : 0;
}

static bool is_wanted(const HealthPorts *h, int port)
{
    const char *key;

    for (size_t at = 0; map_next(&h->wanted, &at, &key, &(void *){NULL});)
        if (port_of(key) == port)
            return true;
    return false;
}

static void take_change(HealthPorts *h)
{
    const char *key;
    void *n;

    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; h->is_changed && i < h->n_listeners;) {
        if (is_wanted(h, h->listeners[i].port)) {
            i++;
            continue;
        }
        listener_done(&h->listeners[i]);
        h->listeners[i] = h->listeners[--h->n_listeners];
    }
    for (size_t at = 0; h->is_changed && map_next(&h->wanted, &at, &key, &n);)
        add_port(h, port_of(key), strchr(key, ' ') + 1, n);
    h->is_changed = false;
    pthread_mutex_unlock(&h->lock);
}

/* ---- clients ---- */

static void drop_client(HealthPorts *h, size_t i)
{
    close(h->clients[i]->fd);
    free(h->clients[i]);
    h->n_clients--;
    memmove(&h->clients[i], &h->clients[i + 1], (h->n_clients - i) * sizeof(Client *));
}

static void accept_client(HealthPorts *h, const Listener *l)
{
    int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    Client *c;

    if (fd < 0)
        return;
    if (h->n_clients == MAX_CLIENTS)
        drop_client(h, 0);
    c = xcalloc(1, sizeof(*c));
    c->fd = fd;
    c->port = l->port;
    c->until_us = clock_mono_us() + CLIENT_US;
    h->clients[h->n_clients++] = c;
}

/* The end of the head is all that is looked at. False: the client is done with. */
static bool serve_client(HealthPorts *h, Client *c)
{
    const Listener *l = listener_of(h, c->port);
    AUTO_BUF out = BUF_INIT;
    ssize_t n = recv(c->fd, c->head + c->n, sizeof(c->head) - c->n, 0);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    c->n += (size_t)n;
    if (n > 0 && c->n < sizeof(c->head) && !memmem(c->head, c->n, "\r\n\r\n", 4) &&
        !memmem(c->head, c->n, "\n\n", 2))
        return true;
    if (n == 0 || !l)
        return false;
    healthport_answer(l->service, l->n_endpoints, &out);
    (void)send(c->fd, out.ptr, out.len,
               MSG_NOSIGNAL); /* it fits a socket's buffer, or it is lost */
    (void)shutdown(c->fd, SHUT_WR);
    return false;
}

/* What poll() says of all sockets: of the clients, then of the listeners. */
static void serve(HealthPorts *h, const struct pollfd *fds)
{
    size_t n_clients = h->n_clients, n_listeners = h->n_listeners;
    int64_t now_us = clock_mono_us();

    for (size_t i = n_clients; i-- > 0;) {
        if (now_us > h->clients[i]->until_us || (fds[i].revents && !serve_client(h, h->clients[i])))
            drop_client(h, i);
    }
    for (size_t i = 0; i < n_listeners; i++)
        if (fds[n_clients + i].revents)
            accept_client(h, &h->listeners[i]);
}

static void *health_main(void *data)
{
    HealthPorts *h = data;
    bool goes_on = true;

    while (goes_on) {
        size_t n = 0;
        struct pollfd *fds = xcalloc(h->n_clients + h->n_listeners + 1, sizeof(*fds));
        uint64_t ignored;

        for (size_t i = 0; i < h->n_clients; i++)
            fds[n++] = (struct pollfd){.fd = h->clients[i]->fd, .events = POLLIN};
        for (size_t i = 0; i < h->n_listeners; i++)
            fds[n++] = (struct pollfd){.fd = h->listeners[i].fd, .events = POLLIN};
        fds[n] = (struct pollfd){.fd = h->wake, .events = POLLIN};
        if (poll(fds, n + 1, h->n_clients > 0 ? 1000 : -1) >= 0)
            serve(h, fds);
        if (read(h->wake, &ignored, sizeof(ignored)) > 0)
            take_change(h);
        free(fds);
        pthread_mutex_lock(&h->lock);
        goes_on = !h->is_stopping;
        pthread_mutex_unlock(&h->lock);
    }
    return NULL;
}

/* ---- life ---- */

static void wake(HealthPorts *h)
{
    uint64_t one = 1;

    if (write(h->wake, &one, sizeof(one)) < 0)
        log_debug(&ctx, "cannot wake", LOG_STR("error", strerror(errno)));
}

static void health_free(HealthPorts *h)
{
    while (h->n_clients > 0)
        drop_client(h, 0);
    for (size_t i = 0; i < h->n_listeners; i++)
        listener_done(&h->listeners[i]);
    free(h->listeners);
    map_done(&h->wanted);
    pthread_mutex_destroy(&h->lock);
    if (h->wake >= 0)
        close(h->wake);
    free(h);
}

int healthports_start(HealthPorts **ret, Err *err)
{
    HealthPorts *h = xcalloc(1, sizeof(*h));

    h->wanted.free_value = free;
    h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&h->lock, NULL);
    if (h->wake < 0 || pthread_create(&h->thread, NULL, health_main, h) != 0) {
        health_free(h);
        return err_set(err, ERR_INTERNAL, "cannot start the thread of health ports");
    }
    *ret = h;
    return 0;
}

void healthports_stop(HealthPorts *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    pthread_mutex_unlock(&h->lock);
    wake(h);
    pthread_join(h->thread, NULL);
    health_free(h);
}

static bool is_same(const Map *x, const Map *y)
{
    const char *key;
    void *value;

    for (size_t at = 0; map_next(x, &at, &key, &value);) {
        const char *other = map_get(y, key);

        if (!other || strcmp(other, value) != 0)
            return false;
    }
    return x->n == y->n;
}

void healthports_set(HealthPorts *h, const Map *wanted)
{
    const char *key;
    void *value;
    bool changed;

    pthread_mutex_lock(&h->lock);
    changed = !is_same(wanted, &h->wanted);
    if (changed) {
        map_clear(&h->wanted);
        for (size_t at = 0; map_next(wanted, &at, &key, &value);)
            (void)map_set(&h->wanted, key, xstrdup(value)); /* keys differ */
        h->is_changed = true;
    }
    pthread_mutex_unlock(&h->lock);
    if (changed)
        wake(h);
}
