#include "hostplane/front.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "hostplane/authn.h"
#include "hostplane/hijack.h"
#include "hostplane/standin.h"
#include "hostplane/streamout.h"
#include "hostplane/tls.h"
#include "hostplane/tunnel.h"
#include "tenancy/tenancy.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    N_SHARDS = 64,
    POOL_BYTES = 16 * 1024, /* a connection's memory in libmicrohttpd; limits the headers */
    IDLE_S = 180,         /* a connection without traffic is closed; Go's clients leave after 90 */
    FIRST_REQUEST_S = 30, /* a new connection must have sent a request by then */
    ACCEPT_BATCH = 16,
    METER_EVERY_US = 10 * 1000000, /* counted requests are stored */
    RUNS_AT_ONCE = 8,              /* of one daemon, before others get their turn */
    TURNS_US = 1000,               /* of turns, before sockets are looked at */
    QUANTUM_US = 500,              /* of a turn */
    MAX_BODY = 3 * 1024 * 1024,
    REQUEST_MS = 60000,
    SPARE_FDS = 200, /* descriptors not for client connections */
};

typedef struct Listener {
    Front *front;
    int fd;
    uv_poll_t poll;
} Listener;

struct Server {
    ServerOptions o;
    Front *fronts;
    int n_fronts, n_running;
    int *ports;
    size_t n_ports;
    ServerTls *tls;
    Tunnels *tunnels;
    StandIn *standin;
    _Atomic bool is_draining;
    _Atomic uint32_t n_conns;
    uint32_t max_conns_per_front;
};

static Metric connections = {
    .name = "hostplane_connections", .help = "Open client connections.", .type = METRIC_GAUGE};

const ServerOptions *server_options(const Server *s)
{
    return &s->o;
}

Tunnels *server_tunnels(Server *s)
{
    return s->tunnels;
}

StandIn *server_standin(Server *s)
{
    return s->standin;
}

bool server_is_draining(const Server *s)
{
    return s->is_draining;
}

int server_port(const Server *s, size_t i)
{
    return i < s->n_ports ? s->ports[i] : 0;
}

/* ---- shards ---- */

void shard_wake(Shard *s)
{
    if (s->is_running)
        s->runs_again = true;
    else if (list_is_empty(&s->due))
        list_add_tail(&s->front->due, &s->due);
}

/*
 * With an external epoll libmicrohttpd has no wake-up of its own: it must be run again after every
 * resume, and while it says that it has work left.
 */
static void shard_run(Shard *s)
{
    MHD_UNSIGNED_LONG_LONG ms;
    int n = 0;

    list_del(&s->due);
    s->is_running = true;
    do {
        s->runs_again = false;
        MHD_run(s->daemon);
        n++;
    } while (n < RUNS_AT_ONCE &&
             (s->runs_again || (MHD_get_timeout(s->daemon, &ms) == MHD_YES && ms == 0)));
    s->is_running = false;
    if (n == RUNS_AT_ONCE)
        shard_wake(s);
}

/* Some of what waits; the loop then looks at its sockets before it goes on. */
static void run_turns(Front *f)
{
    int64_t start = clock_mono_us(), now = start, brought = 0;
    Turn *item;

    while (now + brought - start < TURNS_US && (item = turns_next(&f->turns)) != NULL) {
        int64_t before = now, more = req_turn(container_of(item, HttpReq, turn));

        now = clock_mono_us();
        brought += more;
        turns_charge(&f->turns, now - before + more);
    }
}

static void on_idle(uv_idle_t *idle UNUSED)
{
}

static void on_prepare(uv_prepare_t *prepare)
{
    Front *f = prepare->data;
    List now = LIST_INIT(now), *at;

    run_turns(f);
    greet_turn(&f->greeter);
    list_splice_tail(&now, &f->due);
    while ((at = list_pop(&now)))
        shard_run(container_of(at, Shard, due));
    if (list_is_empty(&f->due) && turns_is_empty(&f->turns) && greet_is_idle(&f->greeter))
        uv_idle_stop(&f->idle);
    else
        uv_idle_start(&f->idle, on_idle);
}

static void on_shard_poll(uv_poll_t *poll, int status UNUSED, int events UNUSED)
{
    shard_run(poll->data);
}

PRINTF(2, 0) static void on_mhd_log(void *cls UNUSED, const char *fmt, va_list ap)
{
    char line[300];
    size_t n;

    vsnprintf(line, sizeof(line), fmt, ap);
    n = strlen(line);
    while (n > 0 && line[n - 1] == '\n')
        line[--n] = 0;
    log_debug(NULL, "libmicrohttpd", LOG_STR("text", line));
}

/* Paths stay percent-encoded: target.c reads them. */
static size_t on_unescape(void *cls UNUSED, struct MHD_Connection *c UNUSED, char *s)
{
    return strlen(s);
}

static void on_connection(void *cls, struct MHD_Connection *c, void **ctx,
                          enum MHD_ConnectionNotificationCode code)
{
    Shard *s = cls;
    Front *f = s->front;
    Conn *conn = *ctx;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info;

        conn = xcalloc(1, sizeof(*conn));
        conn->front = f;
        conn->shard = s;
        info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        conn->mhd = c;
        conn->fd = info ? info->connect_fd : -1;
        if (f->server->tls) {
            info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_GNUTLS_SESSION);
            conn->tls = info ? info->tls_session : NULL;
        }
        if (conn->tls)
            tlsout_init(&conn->out, conn->tls, conn->fd);
        conn->opened_us = conn->used_us = clock_mono_us();
        list_add_tail(&f->conns, &conn->link);
        f->n_conns++;
        s->n_conns++;
        f->server->n_conns++;
        *ctx = conn;
        greet_joined(&f->greeter, conn);
    } else if (conn) {
        greet_left(conn);
        list_del(&conn->link);
        f->n_conns--;
        s->n_conns--;
        f->server->n_conns--;
        authn_forget(conn);
        tlsout_done(&conn->out);
        free(conn);
        *ctx = NULL;
    }
}

static int shard_open(Shard *s, Front *f, Err *err)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG | (f->server->tls ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)tls_on_certificate},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    const union MHD_DaemonInfo *info;
    int r;

    s->front = f;
    list_init(&s->due);
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, req_on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, req_on_uri, s, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, req_on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_LIMIT, 100000u,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, f->server->tls ? tls : tls + 2,
        MHD_OPTION_END);
    if (!s->daemon)
        return err_set(err, ERR_INTERNAL, "starting an HTTP daemon: %s", strerror(errno));
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!info || info->epoll_fd < 0)
        return err_set(err, ERR_INTERNAL, "the HTTP daemon has no epoll descriptor");
    r = uv_poll_init(loop_uv(f->loop), &s->poll, info->epoll_fd);
    if (r < 0)
        return err_set(err, ERR_INTERNAL, "watching an HTTP daemon: %s", uv_strerror(r));
    s->poll.data = s;
    uv_poll_start(&s->poll, UV_READABLE, on_shard_poll);
    return 0;
}

/* ---- clients that leave ---- */

enum { GONE = EPOLLRDHUP | EPOLLHUP | EPOLLERR };

void front_watch_gone(Front *f, HttpReq *q)
{
    struct epoll_event ev = {.events = GONE | EPOLLET, .data.ptr = q};

    if (q->is_watching_gone)
        return;
    if (epoll_ctl(f->gone_epoll, EPOLL_CTL_ADD, q->conn->fd, &ev) == 0)
        q->is_watching_gone = true;
}

void front_watch_writable(Front *f, HttpReq *q, bool is_wanted)
{
    struct epoll_event ev = {.events = GONE | EPOLLET | (is_wanted ? EPOLLOUT : 0), .data.ptr = q};

    BUG_ON(!q->is_watching_gone);
    (void)epoll_ctl(f->gone_epoll, EPOLL_CTL_MOD, q->conn->fd, &ev); /* closed: it goes anyway */
}

void front_unwatch_gone(Front *f, HttpReq *q)
{
    if (!q->is_watching_gone)
        return;
    (void)epoll_ctl(f->gone_epoll, EPOLL_CTL_DEL, q->conn->fd, NULL); /* closed: gone already */
    q->is_watching_gone = false;
}

static void on_gone(uv_poll_t *poll, int status UNUSED, int events UNUSED)
{
    Front *f = poll->data;
    struct epoll_event ev[64];
    int n = epoll_wait(f->gone_epoll, ev, ARRAY_LEN(ev), 0);

    for (int i = 0; i < n; i++) { /* neither frees anything yet */
        if (ev[i].events & (uint32_t)GONE)
            req_client_left(ev[i].data.ptr);
        else
            streamout_writable(ev[i].data.ptr);
    }
}

/* ---- accepting ---- */

static void on_accept(uv_poll_t *poll, int status UNUSED, int events UNUSED);

static void front_set_accepting(Front *f, bool accepts)
{
    if (f->accepts == accepts)
        return;
    f->accepts = accepts;
    for (uint32_t i = 0; i < f->n_listeners; i++) {
        if (accepts)
            uv_poll_start(&f->listeners[i].poll, UV_READABLE, on_accept);
        else
            uv_poll_stop(&f->listeners[i].poll);
    }
}

void front_add(Front *f, int fd, const struct sockaddr *from, socklen_t len)
{
    Shard *s = &f->shards[f->next_shard++ % f->n_shards];

    BUG_ON(s->is_running);
    /* closes the descriptor when it fails */
    if (MHD_add_connection(s->daemon, fd, from, len) != MHD_YES)
        return;
    s->is_running = true;
    MHD_run(s->daemon);
    s->is_running = false;
    shard_wake(s);
}

/* For one more connection. */
static bool has_room(const Front *f)
{
    return f->n_conns + f->greeter.n_waiting < f->server->max_conns_per_front;
}

static void on_accept(uv_poll_t *poll, int status UNUSED, int events UNUSED)
{
    Listener *l = poll->data;
    Front *f = l->front;

    for (int i = 0; i < ACCEPT_BATCH; i++) {
        struct sockaddr_storage addr;
        socklen_t len = sizeof(addr);
        int fd;

        if (!has_room(f)) {
            front_set_accepting(f, false); /* until the next tick finds room */
            return;
        }
        fd = accept4(l->fd, (struct sockaddr *)&addr, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                front_set_accepting(f, false);
            return;
        }
        if (f->server->tls)
            greet_accepted(&f->greeter, fd, (struct sockaddr *)&addr, len);
        else
            front_add(f, fd, (struct sockaddr *)&addr, len);
    }
}

static int bind_socket(const struct addrinfo *ai, bool reuse_port, int *ret_fd)
{
    int on = 1, fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (reuse_port)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    if (ai->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || (reuse_port && listen(fd, 4096) < 0)) {
        int r = -errno;

        close(fd);
        return r;
    }
    *ret_fd = fd;
    return 0;
}

static int port_of(int fd)
{
    struct sockaddr_storage a;
    socklen_t len = sizeof(a);

    if (getsockname(fd, (struct sockaddr *)&a, &len) < 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port
                                         : ((struct sockaddr_in *)&a)->sin_port);
}

static int resolve(const char *listen, int port, struct addrinfo **ret, Err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    const char *colon = strrchr(listen, ':');
    AUTO_FREE char *host = NULL, *port_text = NULL;
    int r;

    if (!colon || colon[1] == 0)
        return err_set(err, ERR_BAD_REQUEST, "'%s' is not ADDRESS:PORT", listen);
    host = xstrndup(listen, (size_t)(colon - listen));
    if (host[0] == '[' && host[strlen(host) - 1] == ']') {
        memmove(host, host + 1, strlen(host));
        host[strlen(host) - 1] = 0;
    }
    port_text = port > 0 ? xasprintf("%d", port) : xstrdup(colon + 1);
    r = getaddrinfo(host[0] ? host : "0.0.0.0", port_text, &hints, ret);
    if (r != 0)
        return err_set(err, ERR_BAD_REQUEST, "'%s': %s", listen, gai_strerror(r));
    return 0;
}

/* Bind address number `at` for every front. */
static int listen_on(Server *s, size_t at, Err *err)
{
    const char *text = s->o.listen[at];

    for (int i = -1; i < s->n_fronts; i++) {
        struct addrinfo *ai = NULL;
        int fd = -1, r = resolve(text, s->ports[at], &ai, err);

        if (r < 0)
            return r;
        /* The first round binds without SO_REUSEPORT: another server on the address must be an
         * error, not a silent companion. */
        r = bind_socket(ai, i >= 0, &fd);
        freeaddrinfo(ai);
        if (r < 0)
            return err_set(err, ERR_INTERNAL, "listening on %s: %s", text, strerror(-r));
        if (i < 0) {
            s->ports[at] = port_of(fd);
            close(fd);
        } else {
            Front *f = &s->fronts[i];
            Listener *l = &f->listeners[f->n_listeners++];

            *l = (Listener){.front = f, .fd = fd};
            BUG_ON(uv_poll_init(loop_uv(f->loop), &l->poll, fd) < 0);
            l->poll.data = l;
        }
    }
    return 0;
}

/* ---- once a second ---- */

static void check_conns(Front *f, int64_t now)
{
    list_for_each (at, &f->conns) {
        Conn *c = container_of(at, Conn, link);

        if (c->req)
            continue;
        /* Closing is libmicrohttpd's: it sees the end of the stream. */
        if (f->server->is_draining ||
            (c->n_requests == 0 && now - c->opened_us > FIRST_REQUEST_S * 1000000ll))
            (void)shutdown(c->fd, SHUT_RDWR);
    }
}

static void on_tick(void *data)
{
    Front *f = data;
    int64_t now = clock_mono_us();

    list_for_each (at, &f->requests)
        req_check_deadline(container_of(at, HttpReq, link), now);
    check_conns(f, now);
    greet_check(&f->greeter, now, f->server->is_draining);
    for (uint32_t i = 0; i < f->n_shards; i++)
        if (f->shards[i].n_conns > 0)
            shard_wake(&f->shards[i]); /* libmicrohttpd's own timeouts */
    if (!f->server->is_draining && has_room(f))
        front_set_accepting(f, true);
    if (f != f->server->fronts)
        return;
    metric_set(&connections, f->server->n_conns);
    if (now - f->metered_us >= METER_EVERY_US) {
        f->metered_us = now;
        tenancy_meter_flush(f->server->o.tenancy, clock_now_us());
    }
}

/* ---- open and close ---- */

static int front_open(Front *f, Server *s, int i, Err *err)
{
    char name[32];
    size_t n_listen = 0;
    int r;

    snprintf(name, sizeof(name), "http-%d", i);
    f->server = s;
    f->gone_epoll = -1;
    list_init(&f->conns);
    list_init(&f->requests);
    list_init(&f->due);
    turns_init(&f->turns, QUANTUM_US);
    r = loop_open(name, &f->loop, err);
    if (r < 0)
        return r;
    while (s->o.listen[n_listen])
        n_listen++;
    f->listeners = xcalloc(n_listen, sizeof(*f->listeners));
    f->gone_epoll = epoll_create1(EPOLL_CLOEXEC);
    if (f->gone_epoll < 0 || uv_poll_init(loop_uv(f->loop), &f->gone_poll, f->gone_epoll) < 0)
        return err_set(err, ERR_INTERNAL, "creating an epoll descriptor: %s", strerror(errno));
    f->gone_poll.data = f;
    uv_poll_start(&f->gone_poll, UV_READABLE, on_gone);
    r = greet_start(&f->greeter, f, err);
    if (r < 0)
        return r;
    f->shards = xcalloc((size_t)s->o.n_shards, sizeof(*f->shards));
    for (f->n_shards = 0; f->n_shards < (uint32_t)s->o.n_shards; f->n_shards++) {
        r = shard_open(&f->shards[f->n_shards], f, err);
        if (r < 0)
            return r;
    }
    uv_idle_init(loop_uv(f->loop), &f->idle);
    uv_prepare_init(loop_uv(f->loop), &f->prepare);
    f->prepare.data = f;
    uv_prepare_start(&f->prepare, on_prepare);
    f->tick = loop_timer(f->loop, 1000, 1000, on_tick, f);
    return 0;
}

static void set_defaults(Server *s)
{
    struct rlimit lim;

    if (s->o.n_loops <= 0) {
        long n = sysconf(_SC_NPROCESSORS_ONLN);

        s->o.n_loops = n > 0 ? (int)n : 1;
    }
    if (s->o.n_shards <= 0)
        s->o.n_shards = N_SHARDS;
    if (s->o.max_body == 0)
        s->o.max_body = MAX_BODY;
    if (s->o.request_ms <= 0)
        s->o.request_ms = REQUEST_MS;
    if (getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < lim.rlim_max) {
        lim.rlim_cur = lim.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &lim);
    }
    if (s->o.max_connections <= 0) {
        int64_t fds = getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < 1000000
                          ? (int64_t)lim.rlim_cur
                          : 1000000;

        s->o.max_connections = (int)MAX(fds - SPARE_FDS - s->o.n_loops * s->o.n_shards * 2, 64);
    }
    s->max_conns_per_front = (uint32_t)MAX(s->o.max_connections / s->o.n_loops, 1);
}

static void on_start(void *data)
{
    front_set_accepting(data, true);
}

int server_open(const ServerOptions *o, Server **ret, Err *err)
{
    CLEANUP(server_close) Server *s = xcalloc(1, sizeof(*s));
    int r;

    s->o = *o;
    set_defaults(s);
    while (o->listen[s->n_ports])
        s->n_ports++;
    s->ports = xcalloc(s->n_ports, sizeof(*s->ports));
    if (o->cert_pem) {
        r = tls_open(o->cert_pem, o->key_pem, &s->tls, err);
        if (r < 0)
            return r;
    }
    s->tunnels = tunnels_new();
    s->standin = standin_open(o->cache_idle_s);
    s->fronts = xcalloc((size_t)s->o.n_loops, sizeof(*s->fronts));
    while (s->n_fronts < s->o.n_loops) {
        r = front_open(&s->fronts[s->n_fronts], s, s->n_fronts, err);
        s->n_fronts++;
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < s->n_ports; i++) {
        r = listen_on(s, i, err);
        if (r < 0)
            return r;
    }
    for (int i = 0; i < s->n_fronts; i++) {
        r = loop_spawn(s->fronts[i].loop, err);
        if (r < 0)
            return r;
        s->n_running++;
        loop_post(s->fronts[i].loop, on_start, &s->fronts[i]);
    }
    *ret = TAKE(s);
    return 0;
}

typedef struct Asking {
    pthread_mutex_t lock; /* guards n_left, n_busy */
    pthread_cond_t cond;
    int n_left;
    size_t n_busy;
    void (*fn)(Front *f);
} Asking;

typedef struct Question {
    Asking *asking;
    Front *front;
} Question;

static void on_question(void *data)
{
    Question *q = data;
    Front *f = q->front;
    size_t n = 0;

    q->asking->fn(f);
    list_for_each (at, &f->requests)
        n++;
    pthread_mutex_lock(&q->asking->lock);
    q->asking->n_busy += n;
    if (--q->asking->n_left == 0)
        pthread_cond_signal(&q->asking->cond);
    pthread_mutex_unlock(&q->asking->lock);
}

/* Run fn on every loop and wait for it; returns how many requests there are after it. */
static size_t ask_fronts(Server *s, void (*fn)(Front *f))
{
    Asking asking = {.lock = PTHREAD_MUTEX_INITIALIZER,
                     .cond = PTHREAD_COND_INITIALIZER,
                     .n_left = s->n_running,
                     .fn = fn};
    AUTO_FREE Question *questions = xcalloc((size_t)s->n_fronts + 1, sizeof(*questions));

    for (int i = 0; i < s->n_running; i++) {
        questions[i] = (Question){&asking, &s->fronts[i]};
        loop_post(s->fronts[i].loop, on_question, &questions[i]);
    }
    pthread_mutex_lock(&asking.lock);
    while (asking.n_left > 0)
        pthread_cond_wait(&asking.cond, &asking.lock);
    pthread_mutex_unlock(&asking.lock);
    return asking.n_busy;
}

static void front_drain(Front *f)
{
    front_set_accepting(f, false);
    for (uint32_t i = 0; i < f->n_listeners; i++) {
        if (f->listeners[i].fd >= 0) {
            uv_close((uv_handle_t *)&f->listeners[i].poll, NULL);
            close(f->listeners[i].fd);
            f->listeners[i].fd = -1;
        }
    }
    list_for_each (at, &f->requests)
        req_drain(container_of(at, HttpReq, link));
    check_conns(f, clock_mono_us());
    greet_check(&f->greeter, clock_mono_us(), true);
}

static void front_nothing(Front *f UNUSED)
{
}

static void nap(int64_t ms)
{
    struct timespec t = clock_timespec(ms * 1000);

    nanosleep(&t, NULL);
}

void server_drain(Server *s, int64_t grace_ms)
{
    int64_t end = clock_mono_us() + grace_ms * 1000;

    if (!s || s->is_draining)
        return;
    s->is_draining = true;
    if (ask_fronts(s, front_drain) == 0)
        return;
    while (ask_fronts(s, front_nothing) > 0 && clock_mono_us() < end)
        nap(10);
}

/* On the loop: everything that still runs is cut off, then the daemons go. */
static void front_cut(Front *f)
{
    list_for_each_safe (at, &f->requests) {
        HttpReq *q = container_of(at, HttpReq, link);

        if (q->hijack)
            hijack_close(q->hijack);
        else if (q->state == REQ_REPLYING || q->state == REQ_STEPPING)
            req_client_left(q);
    }
    for (uint32_t i = 0; i < f->n_shards; i++)
        if (f->shards[i].daemon)
            shard_wake(&f->shards[i]);
}

static void front_stop(Front *f)
{
    loop_timer_free(f->tick);
    f->tick = NULL;
    for (uint32_t i = 0; i < f->n_shards; i++) {
        Shard *s = &f->shards[i];

        if (!s->daemon)
            continue;
        if (s->poll.data)
            uv_close((uv_handle_t *)&s->poll, NULL);
        MHD_stop_daemon(s->daemon);
        s->daemon = NULL;
    }
}

static void front_close(Front *f)
{
    greet_stop(&f->greeter);
    front_stop(f);
    for (uint32_t i = 0; i < f->n_listeners; i++)
        if (f->listeners[i].fd >= 0)
            close(f->listeners[i].fd);
    if (f->loop) {
        loop_close(f->loop); /* closes the handles that are left */
        turns_done(&f->turns);
    }
    greet_close(&f->greeter);
    if (f->gone_epoll >= 0)
        close(f->gone_epoll);
    buf_done(&f->stream_buf);
    free(f->listeners);
    free(f->shards);
}

void server_close(Server *s)
{
    if (!s)
        return;
    server_drain(s, 0);
    /* Requests that wait for the store get their wake; nothing else holds them now. */
    for (int i = 0; i < 500 && ask_fronts(s, front_cut) > 0; i++)
        nap(10);
    for (int i = 0; i < s->n_fronts; i++) {
        if (i < s->n_running) {
            loop_stop(s->fronts[i].loop);
            loop_join(s->fronts[i].loop);
        }
        front_close(&s->fronts[i]);
    }
    tunnels_free(s->tunnels);
    standin_close(s->standin);
    tls_close(s->tls);
    free(s->fronts);
    free(s->ports);
    free(s);
}
