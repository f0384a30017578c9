#include "hostplane/greet.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "hostplane/front.h"
#include "hostplane/hello.h"
#include "hostplane/target.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    GREETING_US = 10 * 1000000, /* that a client may take for its part */
    QUANTUM_US = 500,           /* of a turn */
    EVENTS = 64,                /* looked at together */
    NEWS_MAX = 4,               /* harmless alerts that are passed over in one step */
};

typedef enum GreetState { GREET_HELLO, GREET_QUEUED, GREET_ANSWER } GreetState;

/* Who comes from one address. */
typedef struct Caller {
    Turn turn; /* in Greeter.turns: it has some queued */
    int64_t key;
    Turns tenants; /* Greeting.turn, by cluster */
} Caller;

typedef struct Greeting {
    List link; /* in Greeter.all */
    Turn turn; /* in Caller.tenants: GREET_QUEUED */
    Greeter *greeter;
    GreetState state;
    int fd;
    int64_t since_us; /* it is the client's turn; not GREET_QUEUED */
    int64_t left_us;  /* of what the client may take from then on */
    int64_t address;  /* its hash */
    int64_t tenant;   /* the cluster whose name it asks for; 0: none's */
    Conn *conn;       /* when libmicrohttpd has it */
    struct sockaddr_storage from;
    socklen_t from_len;
} Greeting;

typedef enum Outcome { WAITS_TO_READ, WAITS_TO_SEND, IS_GREETED, IS_BROKEN } Outcome;

static Slice key_of(const int64_t *key)
{
    return (Slice){(const char *)key, sizeof(*key)};
}

/* Who has one address of IPv6 has all of its network. */
static int64_t address_key(const struct sockaddr_storage *a)
{
    enum { NETWORK = 8, MAPPED = 12 };
    const struct sockaddr_in6 *six = (const void *)a;
    const struct sockaddr_in *four = (const void *)a;
    const unsigned char *b = (const unsigned char *)&six->sin6_addr;

    if (a->ss_family != AF_INET6)
        return (int64_t)hash_bytes(&four->sin_addr, sizeof(four->sin_addr));
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        return (int64_t)hash_bytes(b + MAPPED, sizeof(four->sin_addr));
    return (int64_t)hash_bytes(b, NETWORK);
}

static void greeting_free(Greeting *x)
{
    if (!x->conn)
        x->greeter->n_waiting--;
    else
        x->conn->greeting = NULL;
    list_del(&x->link);
    turns_remove(&x->turn);
    free(x);
}

/* Before libmicrohttpd has it. */
static void turn_away(Greeting *x)
{
    close(x->fd); /* epoll forgets it with that */
    greeting_free(x);
}

/* ---- turns ---- */

static void queue(Greeting *x)
{
    Greeter *g = x->greeter;
    Caller *c = map_getn(&g->callers, key_of(&x->address));

    if (!c) {
        c = xcalloc(1, sizeof(*c));
        c->key = x->address;
        list_init(&c->turn.link);
        turns_init(&c->tenants, QUANTUM_US);
        (void)map_setn(&g->callers, key_of(&c->key), c);
    }
    x->left_us -= clock_mono_us() - x->since_us;
    x->state = GREET_QUEUED;
    turns_add(&c->tenants, x->tenant, &x->turn);
    turns_add(&g->turns, c->key, &c->turn);
}

static void caller_free(void *value)
{
    Caller *c = value;

    turns_done(&c->tenants);
    turns_remove(&c->turn);
    free(c);
}

/* ---- waiting for the client ---- */

static void wait_for(Greeting *x, uint32_t what)
{
    struct epoll_event ev = {.events = what | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = x};

    x->state = GREET_ANSWER;
    x->since_us = clock_mono_us(); /* the time in a queue is not the client's */
    if (epoll_ctl(x->greeter->epoll, EPOLL_CTL_MOD, x->fd, &ev) < 0)
        queue(x); /* it will find out why */
}

static int64_t tenant_of(const Greeting *x, Slice name)
{
    const ServerOptions *o = server_options(x->greeter->front->server);
    Slice by_name = target_cluster_of_host(name, o->domain);
    Cluster *c = by_name.len > 0 ? store_cluster(o->store, by_name) : NULL;
    int64_t id = c ? c->id : 0;

    cluster_unref(c);
    return id;
}

static void look_at_hello(Greeting *x)
{
    char bytes[HELLO_MAX];
    ssize_t n = recv(x->fd, bytes, sizeof(bytes), MSG_PEEK);
    Slice name;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        turn_away(x);
        return;
    }
    if (!hello_read((Slice){bytes, (size_t)n}, &name))
        return;
    x->tenant = tenant_of(x, name);
    queue(x);
}

static void on_events(uv_poll_t *poll, int status UNUSED, int events UNUSED)
{
    Greeter *g = poll->data;
    struct epoll_event ev[EVENTS];
    int n = epoll_wait(g->epoll, ev, EVENTS, 0);

    for (int i = 0; i < n; i++) { /* one frees no other */
        Greeting *x = ev[i].data.ptr;

        if (x->state == GREET_HELLO)
            look_at_hello(x);
        else if (x->state == GREET_ANSWER)
            queue(x);
    }
}

void greet_accepted(Greeter *g, int fd, const struct sockaddr *from, socklen_t len)
{
    Greeting *x = xcalloc(1, sizeof(*x));
    struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = x};

    x->greeter = g;
    x->fd = fd;
    x->since_us = clock_mono_us();
    x->left_us = GREETING_US;
    x->from_len = MIN(len, (socklen_t)sizeof(x->from));
    memcpy(&x->from, from, x->from_len);
    x->address = address_key(&x->from);
    list_init(&x->turn.link);
    list_add_tail(&g->all, &x->link);
    g->n_waiting++;
    if (epoll_ctl(g->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
        turn_away(x);
}

/* ---- a step ---- */

/* The session is made together with the connection. False: it is closed, and `x` is gone. */
static bool join(Greeting *x)
{
    Greeter *g = x->greeter;

    g->joining = x;
    front_add(g->front, x->fd, (const struct sockaddr *)&x->from, x->from_len);
    if (g->joining) { /* no connection came of it */
        g->joining = NULL;
        greeting_free(x);
        return false;
    }
    if (x->conn)
        MHD_suspend_connection(x->conn->mhd);
    else
        greeting_free(x); /* it came and went */
    return x->conn != NULL;
}

void greet_joined(Greeter *g, Conn *c)
{
    Greeting *x = g->joining;

    if (!x || x->fd != c->fd || !c->tls)
        return;
    g->joining = NULL;
    g->n_waiting--;
    x->conn = c;
    c->greeting = x;
    tlsout_set(&c->out, TLSOUT_SHUT);
}

static void finish(Greeting *x, bool is_broken)
{
    Conn *c = x->conn;

    (void)epoll_ctl(x->greeter->epoll, EPOLL_CTL_DEL, x->fd, NULL); /* it is in there */
    if (is_broken)
        (void)shutdown(x->fd, SHUT_RDWR); /* libmicrohttpd sees the end and closes it */
    tlsout_set(&c->out, TLSOUT_OPEN);
    greeting_free(x);
    MHD_resume_connection(c->mhd);
    shard_wake(c->shard);
}

/*
 * libmicrohttpd makes the last call of gnutls_handshake() itself. With TLS 1.3 there may be one
 * after the last; with TLS 1.2 it would begin another handshake, so something must be left to do:
 * to send what the server ends with.
 */
static Outcome shake(Conn *c)
{
    bool is_old;
    int r, sent;

    for (int i = 0; i < NEWS_MAX; i++) {
        r = gnutls_handshake(c->tls);
        if (r == 0 || r == GNUTLS_E_AGAIN || gnutls_error_is_fatal(r))
            break;
    }
    is_old = gnutls_protocol_get_version(c->tls) < GNUTLS_TLS1_3;
    if (r < 0 && gnutls_error_is_fatal(r))
        (void)gnutls_alert_send_appropriate(c->tls, r); /* as far as it can be told */
    sent = tlsout_flush(&c->out);
    if (sent < 0 || (r < 0 && gnutls_error_is_fatal(r)) || (r == 0 && is_old))
        return IS_BROKEN;
    if (r == 0 || c->out.was_refused)
        return IS_GREETED;
    if (sent == 0)
        return WAITS_TO_SEND;
    if (is_old && gnutls_handshake_get_last_out(c->tls) == GNUTLS_HANDSHAKE_SERVER_HELLO_DONE)
        tlsout_set(&c->out, TLSOUT_REFUSES);
    return WAITS_TO_READ;
}

static void go_on(Greeting *x)
{
    if (!x->conn && !join(x))
        return;
    if (x->conn->out.mode == TLSOUT_SHUT)
        tlsout_set(&x->conn->out, TLSOUT_GATHERS);
    switch (shake(x->conn)) {
    case WAITS_TO_READ:
        wait_for(x, EPOLLIN);
        break;
    case WAITS_TO_SEND:
        wait_for(x, EPOLLOUT);
        break;
    case IS_GREETED:
        finish(x, false);
        break;
    case IS_BROKEN:
        finish(x, true);
        break;
    }
}

bool greet_is_idle(Greeter *g)
{
    return turns_is_empty(&g->turns);
}

void greet_turn(Greeter *g)
{
    Turn *at = turns_next(&g->turns), *of;
    int64_t start = clock_mono_us(), took;
    Caller *c;

    if (!at)
        return;
    c = container_of(at, Caller, turn);
    of = turns_next(&c->tenants);
    if (of)
        go_on(container_of(of, Greeting, turn));
    took = clock_mono_us() - start;
    turns_charge(&c->tenants, took);
    turns_charge(&g->turns, took);
    if (turns_is_empty(&c->tenants))
        caller_free(map_deln(&g->callers, key_of(&c->key)));
    else
        turns_add(&g->turns, c->key, &c->turn);
}

/* ---- ends ---- */

/* One that is suspended does not go by itself, so this is while it joins. */
void greet_left(Conn *c)
{
    Greeting *x = c->greeting;

    if (!x)
        return;
    c->greeting = NULL;
    x->conn = NULL;
    x->greeter->n_waiting++;
}

void greet_check(Greeter *g, int64_t now_us, bool is_over)
{
    list_for_each_safe (at, &g->all) {
        Greeting *x = container_of(at, Greeting, link);

        if (!is_over && (x->state == GREET_QUEUED || now_us - x->since_us <= x->left_us))
            continue;
        if (x->conn)
            (void)shutdown(x->fd, SHUT_RDWR); /* the next step finds the end */
        else
            turn_away(x);
    }
}

void greet_stop(Greeter *g)
{
    if (!g->front)
        return;
    list_for_each_safe (at, &g->all) {
        Greeting *x = container_of(at, Greeting, link);

        if (x->conn)
            finish(x, true);
        else
            turn_away(x);
    }
    map_done(&g->callers);
    turns_done(&g->turns);
}

void greet_close(Greeter *g)
{
    if (g->front && g->epoll >= 0)
        close(g->epoll);
    g->front = NULL;
}

int greet_start(Greeter *g, Front *f, Err *err)
{
    *g = (Greeter){.front = f, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    list_init(&g->all);
    turns_init(&g->turns, QUANTUM_US);
    g->callers.free_value = caller_free;
    if (g->epoll < 0)
        return err_set(err, ERR_INTERNAL, "creating an epoll descriptor: %s", strerror(errno));
    if (uv_poll_init(loop_uv(f->loop), &g->poll, g->epoll) < 0)
        return err_set(err, ERR_INTERNAL, "watching an epoll descriptor");
    g->poll.data = g;
    uv_poll_start(&g->poll, UV_READABLE, on_events);
    return 0;
}
