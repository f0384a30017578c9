#include "hostplane/hooks.h"

#include "base/err.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/random.h"
#include "client/curltls.h"
#include "hostplane/tls.h"
#include "hostplane/tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    MAX_CALLS = 512,
    MAX_CALLS_OF_ONE = 64, /* of one cluster */
    MAX_ANSWER = 3 << 20,  /* bytes */
    PUMP_CHUNK = 64 * 1024,
};

struct Hooks {
    Loop *loop;
    Tunnels *_Atomic tunnels; /* NULL: no pod can be reached yet */
    bool allows_private;
    pthread_mutex_t lock; /* guards n_calls, by_cluster, is_stopped */
    size_t n_calls;
    Map by_cluster; /* name -> number of calls */
    bool is_stopped;
    /* on the loop */
    CURLM *multi;
    LoopTimer *timer;
    List running; /* Running.link */
};

/* A socket of libcurl's that is waited for; freed in its close callback. */
typedef struct Watched {
    uv_poll_t poll;
    Hooks *hooks;
    curl_socket_t fd;
} Watched;

/* Between libcurl's connection to us and the agent's stream; freed in its last close callback. */
typedef struct Pump {
    uv_poll_t poll;   /* of fd */
    uv_poll_t door;   /* of listener */
    int fd, listener; /* -1: not yet; no more */
    int n_handles;    /* that must close before it is freed */
    char name[64];    /* of the listener, abstract */
    NodeCall *call;
    Buf down; /* from the pod, not yet taken by libcurl */
    size_t down_at;
    bool is_open; /* the agent has said yes */
    struct Running *running;
} Pump;

typedef struct Running {
    List link;
    Hooks *hooks;
    HookCall *c;
    CURL *curl;
    struct curl_slist *headers;
    Pump *pump; /* NULL: no pod */
    char why[CURL_ERROR_SIZE];
    const char *broken; /* the pump's reason */
} Running;

/* ---- where one may go ---- */

typedef struct Network {
    uint32_t addr;
    int bits;
} Network;

static bool is_private4(uint32_t a)
{
    static const Network list[] = {
        {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
        {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xe0000000, 3},
    };

    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (a >> (32 - list[i].bits) == list[i].addr >> (32 - list[i].bits))
            return true;
    return false;
}

bool hooks_is_private(const struct sockaddr *a)
{
    const unsigned char *b;

    if (a->sa_family == AF_INET)
        return is_private4(ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr));
    if (a->sa_family != AF_INET6)
        return true;
    b = ((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr;
    return (b[0] & 0xe0) != 0x20; /* what is given out to the world is 2000::/3 */
}

static curl_socket_t on_open_socket(void *data, curlsocktype purpose UNUSED,
                                    struct curl_sockaddr *to)
{
    Running *run = data;

    if (!run->pump && !run->c->is_providers && !run->hooks->allows_private &&
        hooks_is_private(&to->addr)) {
        run->broken = run->c->method ? "the address is not a public one"
                                     : "the address is not one that webhooks may be at";
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- the end of a call ---- */

static void uncount(Hooks *h, const char *cluster)
{
    uintptr_t n;

    pthread_mutex_lock(&h->lock);
    h->n_calls--;
    n = (uintptr_t)map_get(&h->by_cluster, cluster) - 1;
    if (n == 0)
        (void)map_del(&h->by_cluster, cluster);
    else
        (void)map_set(&h->by_cluster, cluster, (void *)n);
    pthread_mutex_unlock(&h->lock);
}

static void on_pump_closed(uv_handle_t *handle)
{
    Pump *p = handle->data;

    if (--p->n_handles > 0)
        return;
    buf_done(&p->down);
    free(p);
}

static void close_one(uv_poll_t *handle, int *fd)
{
    if (*fd < 0)
        return;
    uv_poll_stop(handle);
    close(*fd);
    *fd = -1;
    uv_close((uv_handle_t *)handle, on_pump_closed);
}

static void pump_close(Pump *p)
{
    if (!p)
        return;
    node_call_close(p->call);
    close_one(&p->door, &p->listener);
    close_one(&p->poll, &p->fd);
}

static void wipe_headers(struct curl_slist *l)
{
    for (; l; l = l->next)
        explicit_bzero(l->data, strlen(l->data));
}

static void run_free(Running *run)
{
    list_del(&run->link);
    if (run->curl) {
        curl_multi_remove_handle(run->hooks->multi, run->curl);
        curl_easy_cleanup(run->curl);
    }
    if (run->c->is_secret)
        wipe_headers(run->headers);
    curl_slist_free_all(run->headers);
    pump_close(run->pump);
    free(run);
}

/* Says how it ended and forgets it. `why` NULL: there is an answer. */
static void finish(Running *run, const char *why)
{
    HookCall *c = run->c;

    if (why) {
        c->status = 0;
        (void)snprintf(c->error, sizeof(c->error), "%s", why);
    }
    uncount(run->hooks, c->cluster);
    run_free(run);
    c->done(c);
}

/* libcurl's failures as a Go client would tell them. */
static const char *reason_of(const Running *run, CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *words;
    } table[] = {
        {CURLE_OPERATION_TIMEDOUT, "context deadline exceeded"},
        {CURLE_PEER_FAILED_VERIFICATION,
         "tls: failed to verify certificate: x509: certificate signed by unknown authority"},
        {CURLE_SSL_CACERT_BADFILE, "unable to load root certificates: no valid certificate found"},
        {CURLE_WRITE_ERROR, "the answer is too long"},
        {CURLE_GOT_NOTHING, "EOF"},
    };

    if (code != CURLE_OPERATION_TIMEDOUT && run->broken)
        return run->broken;
    if (code == CURLE_PEER_FAILED_VERIFICATION &&
        (strstr(run->why, "subject name") || strstr(run->why, "does not match")))
        return "tls: failed to verify certificate: x509: certificate is not valid for this name";
    if (code == CURLE_PEER_FAILED_VERIFICATION && strstr(run->why, "hostname mismatch"))
        return tls_no_names; /* client/curltls.c */
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (table[i].code == code)
            return table[i].words;
    return run->why[0] ? run->why : curl_easy_strerror(code);
}

static void check_finished(Hooks *h)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
        Running *run = NULL;
        CURLcode code = m->data.result;
        long status = 0;

        if (m->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&run);
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        run->c->status = (int)status;
        if (code == CURLE_OK && status == 0)
            code = CURLE_GOT_NOTHING;
        if (code == CURLE_OK)
            finish(run, NULL);
        else {
            AUTO_FREE char *why = xstrdup(reason_of(run, code));

            finish(run, why);
        }
    }
}

/* ---- libcurl on the loop ---- */

static void act(Hooks *h, curl_socket_t fd, int events)
{
    int n;

    (void)curl_multi_socket_action(h->multi, fd, events, &n);
    check_finished(h);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    Watched *w = poll->data;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);

    act(w->hooks, w->fd, status < 0 ? CURL_CSELECT_ERR : flags);
}

static void on_watched_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static int on_curl_socket(CURL *curl UNUSED, curl_socket_t fd, int what, void *data, void *socketp)
{
    Hooks *h = data;
    Watched *w = socketp;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

    if (what == CURL_POLL_REMOVE) {
        if (w) {
            uv_poll_stop(&w->poll);
            uv_close((uv_handle_t *)&w->poll, on_watched_closed);
        }
        (void)curl_multi_assign(h->multi, fd, NULL);
        return 0;
    }
    if (!w) {
        w = xcalloc(1, sizeof(*w));
        w->hooks = h;
        w->fd = fd;
        w->poll.data = w;
        if (uv_poll_init_socket(loop_uv(h->loop), &w->poll, fd) != 0) {
            free(w);
            return -1;
        }
        (void)curl_multi_assign(h->multi, fd, w);
    }
    return uv_poll_start(&w->poll, events, on_poll) == 0 ? 0 : -1;
}

static void on_timer(void *data)
{
    act(data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_curl_timer(CURLM *multi UNUSED, long ms, void *data)
{
    Hooks *h = data;

    loop_timer_free(h->timer);
    h->timer = ms < 0 ? NULL : loop_timer(h->loop, (uint64_t)ms, 0, on_timer, h);
    return 0;
}

/* ---- the pump ---- */

static void on_pump(uv_poll_t *poll, int status, int events);

static void pump_wait(Pump *p)
{
    bool is_full = node_call_pending(p->call) >= NODE_CALL_FULL;
    int events =
        (p->is_open && !is_full ? UV_READABLE : 0) | (p->down.len > p->down_at ? UV_WRITABLE : 0);

    if (p->fd < 0)
        return;
    if (events)
        (void)uv_poll_start(&p->poll, events, on_pump);
    else
        uv_poll_stop(&p->poll);
}

static void pump_break(Pump *p, const char *why)
{
    if (!p->running->broken)
        p->running->broken = why;
    if (p->fd >= 0) { /* libcurl sees the end and tells */
        uv_poll_stop(&p->poll);
        (void)shutdown(p->fd, SHUT_RDWR);
    } else if (p->listener >= 0)
        (void)shutdown(p->listener, SHUT_RDWR);
}

/* True: there is room for more. */
static bool push_down(Pump *p)
{
    while (p->fd >= 0 && p->down.len > p->down_at) {
        ssize_t n = send(p->fd, p->down.ptr + p->down_at, p->down.len - p->down_at, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        p->down_at += (size_t)n;
    }
    if (p->fd < 0)
        return false;
    buf_reset(&p->down);
    p->down_at = 0;
    return true;
}

static void pump_down(Pump *p)
{
    int r = 1;

    while (r == 1 && push_down(p))
        r = node_call_read(p->call, &p->down, PUMP_CHUNK);
    (void)push_down(p);
    if (r < 0 && p->down.len == p->down_at) {
        uv_poll_stop(&p->poll);
        (void)shutdown(p->fd, SHUT_RDWR);
        return;
    }
    pump_wait(p);
}

static void pump_up(Pump *p)
{
    char chunk[16384];

    while (node_call_pending(p->call) < NODE_CALL_FULL) {
        ssize_t n = recv(p->fd, chunk, sizeof(chunk), 0);

        if (n <= 0)
            break;
        (void)node_call_write(p->call, (Slice){chunk, (size_t)n});
    }
}

static void on_pump(uv_poll_t *poll, int status, int events)
{
    Pump *p = poll->data;

    if (status < 0) {
        pump_break(p, "the connection broke");
        return;
    }
    if (events & UV_READABLE)
        pump_up(p);
    pump_down(p);
}

/* The agent has said something. */
static void on_node(void *data)
{
    Pump *p = data;
    int status = node_call_status(p->call);

    if (status == 0)
        return;
    if (status != 200) {
        pump_break(p, status < 0 ? "the connection to the pod's node broke"
                                 : "dial tcp: connect: connection refused");
        return;
    }
    p->is_open = true;
    pump_down(p);
}

/* libcurl has come; nobody else may. */
static void on_door(uv_poll_t *door, int status UNUSED, int events UNUSED)
{
    Pump *p = door->data;
    int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct ucred who = {0};
    socklen_t n = sizeof(who);

    if (fd < 0)
        return;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0 || who.pid != getpid() ||
        uv_poll_init(door->loop, &p->poll, fd) != 0) {
        close(fd);
        return;
    }
    p->fd = fd;
    p->n_handles++;
    p->poll.data = p;
    close_one(&p->door, &p->listener);
    if (p->running->broken)
        pump_break(p, p->running->broken);
    else
        pump_down(p);
}

/* A listener that only this process knows: libcurl 7.88 cannot be given a connected socket. */
static int listen_abstract(char *name, size_t cap)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    char uuid[UUID_TEXT_MAX];
    socklen_t len;

    (void)snprintf(name, cap, "hostplane-hook-%s", random_uuid(uuid));
    len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    memcpy(a.sun_path + 1, name, strlen(name));
    if (fd >= 0 && bind(fd, (struct sockaddr *)&a, len) == 0 && listen(fd, 4) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* False: *ret_why says why not. */
static bool pump_open(Running *run, const char **ret_why)
{
    Hooks *h = run->hooks;
    Tunnels *tunnels = atomic_load(&h->tunnels);
    Pump *p = xcalloc(1, sizeof(*p));
    TunnelState state = TUNNEL_NONE;

    p->fd = -1;
    p->running = run;
    p->listener = listen_abstract(p->name, sizeof(p->name));
    if (p->listener >= 0 && tunnels)
        p->call = node_call_open(tunnels, run->c->node, "POST", run->c->node_path, h->loop, on_node,
                                 p, &state);
    *ret_why = tunnel_problem(state);
    if (!p->call || uv_poll_init(loop_uv(h->loop), &p->door, p->listener) != 0) {
        node_call_close(p->call);
        if (p->listener >= 0)
            close(p->listener);
        free(p);
        return false;
    }
    p->n_handles = 1;
    p->door.data = p;
    (void)uv_poll_start(&p->door, UV_READABLE, on_door);
    run->pump = p;
    return true;
}

/* ---- the beginning ---- */

/* As buf_reserve(), but wipes what it leaves behind. */
static void make_room(Buf *b, size_t more)
{
    Buf larger = BUF_INIT;

    if (b->len + more < b->cap)
        return;
    buf_reserve(&larger, (b->len + more) * 2);
    buf_add(&larger, b->ptr, b->len);
    buf_wipe(b);
    *b = larger;
}

static size_t on_body(char *ptr, size_t one, size_t n, void *data)
{
    Running *run = data;
    Buf *reply = &run->c->reply;

    if (reply->len + n > (run->c->max_bytes ? run->c->max_bytes : MAX_ANSWER))
        return 0;
    if (run->c->is_secret)
        make_room(reply, one * n);
    buf_add(reply, ptr, one * n);
    return one * n;
}

static void add_header(Running *run, const char *line)
{
    run->headers = curl_slist_append(run->headers, line);
    BUG_ON(!run->headers);
}

static void set_method(Running *run)
{
    CURL *curl = run->curl;
    HookCall *c = run->c;

    add_header(run, "Accept: application/json, */*");
    for (size_t i = 0; c->headers && c->headers[i]; i++)
        add_header(run, c->headers[i]);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, c->method ? "hostplane" : "kube-apiserver-admission");
    if (c->method && str_eq(c->method, "GET")) {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        return;
    }
    add_header(run, "Content-Type: application/json");
    add_header(run, "Expect:");
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    if (c->method && !str_eq(c->method, "POST"))
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, c->method);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, c->body.ptr);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.len);
}

static void set_up(Running *run)
{
    CURL *curl = run->curl;
    HookCall *c = run->c;

    set_method(run);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, run);
    curl_easy_setopt(curl, CURLOPT_URL, c->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, run->headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)c->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, run);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, run->why);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, run);
    curltls_set(curl, &(CurlTls){.ca_pem = c->ca_pem,
                                 .is_unverified = c->is_unverified,
                                 .cert_pem = c->cert_pem,
                                 .key_pem = c->key_pem});
    if (run->pump) /* nothing is looked up */
        curl_easy_setopt(curl, CURLOPT_ABSTRACT_UNIX_SOCKET, run->pump->name);
}

static void on_start(void *data)
{
    Running *run = data;
    Hooks *h = run->hooks;
    const char *why;

    list_add_tail(&h->running, &run->link);
    if (!h->multi) {
        finish(run, "the server is stopping");
        return;
    }
    if (run->c->node && !pump_open(run, &why)) {
        AUTO_FREE char *text = xasprintf("the agent of the pod's node %s", why);

        finish(run, text);
        return;
    }
    run->curl = curl_easy_init();
    BUG_ON(!run->curl);
    set_up(run);
    (void)curl_multi_add_handle(h->multi, run->curl);
}

/* False: there are too many. */
static bool count_in(Hooks *h, const char *cluster, const char **ret_why)
{
    uintptr_t n;
    bool ok;

    pthread_mutex_lock(&h->lock);
    n = (uintptr_t)map_get(&h->by_cluster, cluster);
    ok = !h->is_stopped && h->n_calls < MAX_CALLS && n < MAX_CALLS_OF_ONE;
    *ret_why = h->is_stopped ? "the server is stopping" : "too many webhooks are being called";
    if (ok) {
        h->n_calls++;
        (void)map_set(&h->by_cluster, cluster, (void *)(n + 1));
    }
    pthread_mutex_unlock(&h->lock);
    return ok;
}

void hooks_start(HookCall *c, void *data)
{
    Hooks *h = data;
    const char *why;
    Running *run;

    if (!count_in(h, c->cluster, &why)) {
        c->status = 0;
        (void)snprintf(c->error, sizeof(c->error), "%s", why);
        c->done(c);
        return;
    }
    run = xcalloc(1, sizeof(*run));
    list_init(&run->link);
    run->hooks = h;
    run->c = c;
    loop_post(h->loop, on_start, run);
}

void hooks_set_tunnels(Hooks *h, Tunnels *t)
{
    atomic_store(&h->tunnels, t);
}

int hooks_open(bool allows_private, Hooks **ret, Err *err)
{
    Hooks *h = xcalloc(1, sizeof(*h));
    int r;

    list_init(&h->running);
    pthread_mutex_init(&h->lock, NULL);
    h->allows_private = allows_private;
    r = loop_open("hooks", &h->loop, err);
    if (r == 0)
        loop_wipes(h->loop); /* objects for webhooks, answers of providers of secrets */
    if (r < 0) {
        hooks_free(h);
        return r;
    }
    h->multi = curl_multi_init();
    BUG_ON(!h->multi);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    r = loop_spawn(h->loop, err);
    if (r < 0) {
        hooks_free(h);
        return r;
    }
    *ret = h;
    return 0;
}

static void on_stop(void *data)
{
    Hooks *h = data;

    while (!list_is_empty(&h->running))
        finish(list_entry(h->running.next, Running, link), "the server is stopping");
    loop_timer_free(h->timer);
    h->timer = NULL;
    curl_multi_cleanup(h->multi);
    h->multi = NULL;
    loop_stop(h->loop);
}

void hooks_stop(Hooks *h)
{
    if (!h || h->is_stopped)
        return;
    pthread_mutex_lock(&h->lock);
    h->is_stopped = true;
    pthread_mutex_unlock(&h->lock);
    loop_post(h->loop, on_stop, h);
    loop_join(h->loop);
}

void hooks_free(Hooks *h)
{
    if (!h)
        return;
    if (h->multi && !h->is_stopped)
        hooks_stop(h);
    loop_close(h->loop);
    map_done(&h->by_cluster);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
