#include "hostplane/tunnel.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/share.h"
#include "hostplane/front.h"
#include "hostplane/hijack.h"

#include <nghttp2/nghttp2.h>
#include <pthread.h>
#include <strings.h>

enum {
    STREAM_WINDOW = 256 * 1024,       /* bytes an agent may send ahead on one call */
    TUNNEL_WINDOW = 64 << 20,         /* on all calls; given back at once */
    PING_MS = 15000,                  /* between pings */
    SILENCE_US = 45 * 1000000,        /* without any byte the tunnel is given up */
    MAX_DOWN = STREAM_WINDOW + 65536, /* an agent that ignores the window is cut off */
    MAX_CALLS = 1000,                 /* at once, as agents take them */
};

typedef struct Tunnel {
    _Atomic uint32_t refs; /* the registry, its calls, its own connection */
    Tunnels *all;
    char *node;
    Loop *loop;
    Share share; /* of the clusters, calls under way; under all->lock */
    /* on its loop only */
    Hijack *hijack; /* NULL: over */
    nghttp2_session *ng;
    List calls; /* NodeCall.link */
    LoopTimer *ping;
    int64_t heard_us;
} Tunnel;

struct Tunnels {
    pthread_mutex_t lock; /* guards by_node, and the tunnels' shares */
    Map by_node;          /* Tunnel, a reference each */
};

struct NodeCall {
    _Atomic uint32_t refs; /* the requester, the tunnel's loop, mails under way */
    Tunnel *tunnel;        /* a reference */
    Loop *loop;
    char *method, *path, *cluster;
    /* on the requester's loop */
    LoopFn fn;
    void *data;
    bool is_closed;
    /* on the tunnel's loop */
    List link; /* in Tunnel.calls */
    int32_t stream_id;
    bool is_over;
    pthread_mutex_t lock; /* guards what follows */
    Buf up, down;
    size_t up_at, down_at;
    bool up_ended, down_ended;
    int status;
    char content_type[128];
    bool is_mailed_down, is_mailed_up; /* a mail to the requester, to the tunnel is under way */
    size_t consumed;                   /* read by the requester, window not yet given back */
};

static void tunnel_unref(Tunnel *t)
{
    if (!t || --t->refs > 0)
        return;
    share_done(&t->share);
    free(t->node);
    free(t);
}

/* The cluster that a call is for: its path begins with it. */
static char *cluster_of(const char *path)
{
    return xstrndup(path + 1, strcspn(path + 1, "/"));
}

static void call_unref(NodeCall *c)
{
    if (--c->refs > 0)
        return;
    tunnel_unref(c->tunnel);
    buf_done(&c->up);
    buf_done(&c->down);
    pthread_mutex_destroy(&c->lock);
    free(c->method);
    free(c->path);
    free(c->cluster);
    free(c);
}

/* Drop what was read from the front of a buffer, before it grows. */
static void compact(Buf *b, size_t *at)
{
    if (*at < NODE_CALL_FULL)
        return;
    memmove(b->ptr, b->ptr + *at, b->len - *at);
    buf_truncate(b, b->len - *at);
    *at = 0;
}

/* ---- to the requester ---- */

static void on_call_mail(void *data)
{
    NodeCall *c = data;

    pthread_mutex_lock(&c->lock);
    c->is_mailed_down = false;
    pthread_mutex_unlock(&c->lock);
    if (!c->is_closed)
        c->fn(c->data);
    call_unref(c);
}

/* The lock is held. */
static void tell_requester(NodeCall *c)
{
    if (c->is_mailed_down)
        return;
    c->is_mailed_down = true;
    c->refs++;
    loop_post(c->loop, on_call_mail, c);
}

/* On the tunnel's loop: the stream has ended, in whatever way. */
static void call_over(NodeCall *c)
{
    if (c->is_over)
        return;
    c->is_over = true;
    list_del(&c->link);
    pthread_mutex_lock(&c->tunnel->all->lock);
    share_end(&c->tunnel->share, c->cluster);
    pthread_mutex_unlock(&c->tunnel->all->lock);
    pthread_mutex_lock(&c->lock);
    c->down_ended = true;
    if (c->status == 0)
        c->status = -1;
    tell_requester(c);
    pthread_mutex_unlock(&c->lock);
    call_unref(c);
}

/* ---- nghttp2's callbacks, on the tunnel's loop ---- */

static int on_header(nghttp2_session *ng, const nghttp2_frame *frame, const uint8_t *name,
                     size_t n_name, const uint8_t *value, size_t n_value, uint8_t flags UNUSED,
                     void *data UNUSED)
{
    NodeCall *c = nghttp2_session_get_stream_user_data(ng, frame->hd.stream_id);
    Slice key = {(const char *)name, n_name}, v = {(const char *)value, n_value};
    int64_t status;

    if (!c || frame->hd.type != NGHTTP2_HEADERS)
        return 0;
    pthread_mutex_lock(&c->lock);
    if (slice_is(key, ":status") && slice_to_int64(v, &status) && status >= 200 && status < 600)
        c->status = (int)status;
    else if (slice_is(key, "content-type"))
        snprintf(c->content_type, sizeof(c->content_type), "%.*s", (int)v.len, v.ptr);
    pthread_mutex_unlock(&c->lock);
    return 0;
}

static int on_frame(nghttp2_session *ng, const nghttp2_frame *frame, void *data UNUSED)
{
    NodeCall *c = nghttp2_session_get_stream_user_data(ng, frame->hd.stream_id);
    bool is_end = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;

    if (!c || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
        return 0;
    pthread_mutex_lock(&c->lock);
    if (is_end)
        c->down_ended = true;
    tell_requester(c);
    pthread_mutex_unlock(&c->lock);
    return 0;
}

static int on_data_chunk(nghttp2_session *ng, uint8_t flags UNUSED, int32_t stream_id,
                         const uint8_t *bytes, size_t n, void *data UNUSED)
{
    NodeCall *c = nghttp2_session_get_stream_user_data(ng, stream_id);
    bool is_too_much = false;

    nghttp2_session_consume_connection(ng, n); /* one slow call must not hold up the others */
    if (!c) {
        nghttp2_session_consume_stream(ng, stream_id, n);
        return 0;
    }
    pthread_mutex_lock(&c->lock);
    is_too_much = c->down.len - c->down_at + n > MAX_DOWN;
    compact(&c->down, &c->down_at);
    if (!is_too_much)
        buf_add(&c->down, bytes, n);
    tell_requester(c);
    pthread_mutex_unlock(&c->lock);
    return is_too_much ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static int on_stream_close(nghttp2_session *ng, int32_t stream_id, uint32_t code UNUSED,
                           void *data UNUSED)
{
    NodeCall *c = nghttp2_session_get_stream_user_data(ng, stream_id);

    if (c)
        call_over(c);
    return 0;
}

static ssize_t on_read_up(nghttp2_session *ng UNUSED, int32_t stream_id UNUSED, uint8_t *to,
                          size_t max, uint32_t *flags, nghttp2_data_source *source,
                          void *data UNUSED)
{
    NodeCall *c = source->ptr;
    ssize_t r;
    size_t n;

    pthread_mutex_lock(&c->lock);
    n = MIN(max, c->up.len - c->up_at);
    if (n > 0) {
        memcpy(to, c->up.ptr + c->up_at, n);
        c->up_at += n;
        if (c->up_at == c->up.len) {
            c->up_at = 0;
            buf_reset(&c->up);
        }
        tell_requester(c); /* there is room */
        r = (ssize_t)n;
    } else if (c->up_ended) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        r = 0;
    } else {
        r = NGHTTP2_ERR_DEFERRED;
    }
    pthread_mutex_unlock(&c->lock);
    return r;
}

static ssize_t on_send(nghttp2_session *ng UNUSED, const uint8_t *bytes, size_t n, int flags UNUSED,
                       void *data)
{
    Tunnel *t = data;

    if (hijack_pending(t->hijack) >= HIJACK_FULL)
        return NGHTTP2_ERR_WOULDBLOCK;
    hijack_send(t->hijack, (Slice){(const char *)bytes, n});
    return (ssize_t)n;
}

/* ---- the tunnel on its loop ---- */

static void tunnel_send(Tunnel *t)
{
    if (t->hijack && t->ng && nghttp2_session_send(t->ng) != 0)
        hijack_close(t->hijack);
}

static void on_tunnel_data(Hijack *h, Slice in, void *data)
{
    Tunnel *t = data;

    t->heard_us = clock_mono_us();
    if (nghttp2_session_mem_recv(t->ng, (const uint8_t *)in.ptr, in.len) < 0) {
        hijack_close(h);
        return;
    }
    tunnel_send(t);
}

static void on_tunnel_drained(Hijack *h UNUSED, void *data)
{
    tunnel_send(data);
}

static void on_tunnel_end(Hijack *h UNUSED, void *data)
{
    Tunnel *t = data;
    List *at;

    t->hijack = NULL;
    loop_timer_free(t->ping);
    t->ping = NULL;
    pthread_mutex_lock(&t->all->lock);
    if (map_get(&t->all->by_node, t->node) == t) {
        map_del(&t->all->by_node, t->node);
        t->refs--; /* not the last: the connection's own reference is dropped below */
    }
    pthread_mutex_unlock(&t->all->lock);
    while ((at = t->calls.next) != &t->calls)
        call_over(container_of(at, NodeCall, link));
    nghttp2_session_del(t->ng);
    t->ng = NULL;
    log_info(NULL, "node's tunnel closed", LOG_STR("node", t->node));
    tunnel_unref(t);
}

static const HijackOps tunnel_ops = {on_tunnel_data, on_tunnel_drained, on_tunnel_end};

static void on_ping(void *data)
{
    Tunnel *t = data;

    if (clock_mono_us() - t->heard_us > SILENCE_US) {
        hijack_close(t->hijack);
        return;
    }
    (void)nghttp2_submit_ping(t->ng, NGHTTP2_FLAG_NONE, NULL); /* a full queue shows as silence */
    tunnel_send(t);
}

static void on_replaced(void *data)
{
    Tunnel *t = data;

    if (t->hijack)
        hijack_close(t->hijack);
    tunnel_unref(t);
}

static void open_session(Tunnel *t)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, STREAM_WINDOW},
    };
    nghttp2_session_callbacks *cb;
    nghttp2_option *opt;

    BUG_ON(nghttp2_session_callbacks_new(&cb) != 0 || nghttp2_option_new(&opt) != 0);
    nghttp2_session_callbacks_set_send_callback(cb, on_send);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data_chunk);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
    nghttp2_option_set_no_auto_window_update(opt, 1);
    BUG_ON(nghttp2_session_client_new2(&t->ng, cb, t, opt) != 0);
    nghttp2_session_callbacks_del(cb);
    nghttp2_option_del(opt);
    BUG_ON(nghttp2_submit_settings(t->ng, 0, settings, ARRAY_LEN(settings)) != 0);
    BUG_ON(nghttp2_session_set_local_window_size(t->ng, 0, 0, TUNNEL_WINDOW) != 0);
}

void tunnel_accept(HttpReq *q)
{
    static const char head[] = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                               "Upgrade: hostplane-tunnel\r\n\r\n";
    Tunnels *all = server_tunnels(q->front->server);
    Tunnel *t, *old;

    if (!q->rq.upgrade || strcasecmp(q->rq.upgrade, "hostplane-tunnel") != 0) {
        reply_status(&q->rq, ERR_BAD_REQUEST, "the upgrade to hostplane-tunnel is required");
        q->is_ready = true;
        return;
    }
    t = xcalloc(1, sizeof(*t));
    t->refs = 2; /* the registry and the connection */
    t->all = all;
    t->node = xstrdup(q->rq.reply.node);
    t->loop = q->front->loop;
    t->share.max = MAX_CALLS;
    t->heard_us = clock_mono_us();
    list_init(&t->calls);
    open_session(t);
    q->rq.reply.status = 101;
    t->hijack = hijack_start(q, &tunnel_ops, t);
    hijack_send(t->hijack, SLICE(head));
    t->ping = loop_timer(t->loop, PING_MS, PING_MS, on_ping, t);
    pthread_mutex_lock(&all->lock);
    old = map_set(&all->by_node, t->node, t);
    pthread_mutex_unlock(&all->lock);
    if (old)
        loop_post(old->loop, on_replaced, old); /* hands over the registry's reference */
    log_info(&q->log, "node's tunnel opened", LOG_STR("node", t->node));
    tunnel_send(t);
}

/* ---- calls ---- */

static nghttp2_nv header(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0};
}

/* First mail: on the tunnel's loop. The call's reference for this loop is the one of `data`. */
static void on_call_start(void *data)
{
    NodeCall *c = data;
    Tunnel *t = c->tunnel;
    nghttp2_nv nv[] = {header(":method", c->method), header(":scheme", "https"),
                       header(":authority", t->node), header(":path", c->path)};
    nghttp2_data_provider body = {.source.ptr = c, .read_callback = on_read_up};

    list_init(&c->link);
    if (t->hijack) {
        c->stream_id = nghttp2_submit_request(t->ng, NULL, nv, ARRAY_LEN(nv),
                                              strcmp(c->method, "GET") == 0 ? NULL : &body, c);
    }
    if (!t->hijack || c->stream_id < 0) {
        call_over(c);
        return;
    }
    list_add_tail(&t->calls, &c->link);
    tunnel_send(t);
}

/* Later mails: something to send, window to give back, or the requester has closed. */
static void on_call_pump(void *data)
{
    NodeCall *c = data;
    Tunnel *t = c->tunnel;
    size_t consumed;

    pthread_mutex_lock(&c->lock);
    c->is_mailed_up = false;
    consumed = c->consumed;
    c->consumed = 0;
    pthread_mutex_unlock(&c->lock);
    if (!c->is_over && t->hijack) {
        if (consumed > 0)
            nghttp2_session_consume_stream(t->ng, c->stream_id, consumed);
        (void)nghttp2_session_resume_data(t->ng, c->stream_id); /* not deferred: fine */
        tunnel_send(t);
    }
    call_unref(c);
}

/* The lock is held. */
static void tell_tunnel(NodeCall *c)
{
    if (c->is_mailed_up)
        return;
    c->is_mailed_up = true;
    c->refs++;
    loop_post(c->tunnel->loop, on_call_pump, c);
}

static void on_call_cancel(void *data)
{
    NodeCall *c = data;
    Tunnel *t = c->tunnel;

    if (!c->is_over && t->hijack) {
        nghttp2_submit_rst_stream(t->ng, NGHTTP2_FLAG_NONE, c->stream_id, NGHTTP2_CANCEL);
        tunnel_send(t);
    }
    call_unref(c);
}

NodeCall *node_call_open(Tunnels *all, const char *node, const char *method, const char *path,
                         Loop *loop, LoopFn fn, void *data, TunnelState *ret_state)
{
    AUTO_FREE char *cluster = cluster_of(path);
    NodeCall *c;
    Tunnel *t;

    pthread_mutex_lock(&all->lock);
    t = map_get(&all->by_node, node);
    *ret_state = !t ? TUNNEL_NONE : share_begin(&t->share, cluster) ? TUNNEL_THERE : TUNNEL_FULL;
    t = *ret_state == TUNNEL_THERE ? t : NULL;
    if (t)
        t->refs++;
    pthread_mutex_unlock(&all->lock);
    if (!t)
        return NULL;
    c = xcalloc(1, sizeof(*c));
    c->cluster = TAKE(cluster);
    c->refs = 2; /* the requester's and the tunnel's */
    c->tunnel = t;
    c->loop = loop;
    c->method = xstrdup(method);
    c->path = xstrdup(path);
    c->fn = fn;
    c->data = data;
    pthread_mutex_init(&c->lock, NULL);
    loop_post(t->loop, on_call_start, c);
    return c;
}

void node_call_set_handler(NodeCall *c, LoopFn fn, void *data)
{
    c->fn = fn;
    c->data = data;
}

int node_call_status(NodeCall *c)
{
    int status;

    pthread_mutex_lock(&c->lock);
    status = c->status;
    pthread_mutex_unlock(&c->lock);
    return status;
}

const char *node_call_content_type(NodeCall *c)
{
    return c->content_type[0] ? c->content_type : NULL;
}

int node_call_read(NodeCall *c, Buf *out, size_t max)
{
    size_t n;
    int r;

    pthread_mutex_lock(&c->lock);
    n = MIN(max, c->down.len - c->down_at);
    if (n > 0) {
        buf_add(out, c->down.ptr + c->down_at, n);
        c->down_at += n;
        c->consumed += n;
        if (c->down_at == c->down.len) {
            c->down_at = 0;
            buf_reset(&c->down);
        }
        tell_tunnel(c);
    }
    r = c->down.len > c->down_at ? 1 : c->down_ended ? -1 : 0;
    pthread_mutex_unlock(&c->lock);
    return r;
}

size_t node_call_write(NodeCall *c, Slice bytes)
{
    size_t n;

    pthread_mutex_lock(&c->lock);
    compact(&c->up, &c->up_at);
    if (!c->up_ended && !c->down_ended)
        buf_add_slice(&c->up, bytes);
    tell_tunnel(c);
    n = c->up.len - c->up_at;
    pthread_mutex_unlock(&c->lock);
    return n;
}

size_t node_call_pending(NodeCall *c)
{
    size_t n;

    pthread_mutex_lock(&c->lock);
    n = c->up.len - c->up_at;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void node_call_end(NodeCall *c)
{
    pthread_mutex_lock(&c->lock);
    c->up_ended = true;
    tell_tunnel(c);
    pthread_mutex_unlock(&c->lock);
}

void node_call_close(NodeCall *c)
{
    if (!c)
        return;
    c->is_closed = true;
    loop_post(c->tunnel->loop, on_call_cancel, c); /* takes over the requester's reference */
}

/* ---- the registry ---- */

Tunnels *tunnels_new(void)
{
    Tunnels *t = xcalloc(1, sizeof(*t));

    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void tunnels_free(Tunnels *t)
{
    if (!t)
        return;
    map_done(&t->by_node); /* empty: every connection has ended */
    pthread_mutex_destroy(&t->lock);
    free(t);
}

const char *tunnel_problem(TunnelState state)
{
    static const char *const words[] = {[TUNNEL_NONE] = "is not connected",
                                        [TUNNEL_FULL] = "has too many streams at once",
                                        [TUNNEL_THERE] = "cannot be called"};

    return words[state];
}

TunnelState tunnels_state(Tunnels *all, const char *node, const char *cluster)
{
    TunnelState state = TUNNEL_NONE;
    Tunnel *t;

    pthread_mutex_lock(&all->lock);
    t = map_get(&all->by_node, node);
    if (t)
        state = share_has_room(&t->share, cluster) ? TUNNEL_THERE : TUNNEL_FULL;
    pthread_mutex_unlock(&all->lock);
    return state;
}
