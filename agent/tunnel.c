#include "agent/tunnel.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    STREAM_OUT_MAX = 256 << 10,
    STREAM_WINDOW = 256 << 10,
    RETRY_MIN_MS = 500,
    RETRY_MAX_MS = 5000,
    SILENCE_MS = 45000, /* the server pings; silence beyond it is a dead connection */
    STREAM_STACK = 512 << 10,
};

struct TunnelStream {
    List link;
    Tunnel *tunnel; /* borrowed */
    int32_t id;
    char *path;
    int event; /* readable while `in` has something or `in_ended` */
    /* guarded by tunnel->lock */
    int refs; /* the session's and the thread's */
    Buf in, out;
    size_t consumed; /* taken out of `in`, not yet given back to the window */
    int status;      /* 0: no answer yet */
    char content_type[64];
    bool in_ended, out_ended, is_closed, was_answered, has_news;
    pthread_cond_t room;
};

struct Tunnel {
    Agent *agent; /* borrowed */
    Pods *pods;   /* borrowed */
    Client *client;
    HttpCancel *cancel;
    pthread_t thread;
    int wake;             /* eventfd: streams have news */
    pthread_mutex_t lock; /* guards the streams */
    List streams;
    int n_threads;
    pthread_cond_t all_ended;
    nghttp2_session *h2; /* its thread only */
};

static const LogCtx ctx = {.component = "tunnel"};

/* ---- streams, by their threads ---- */

static void signal_fd(int fd)
{
    uint64_t one = 1;

    if (write(fd, &one, sizeof(one)) < 0) {
        /* full means that it is signalled */
    }
}

static void drain_fd(int fd)
{
    uint64_t n;

    if (read(fd, &n, sizeof(n)) < 0) {
        /* empty is fine */
    }
}

/* Under the lock. */
static void tell(TunnelStream *s)
{
    s->has_news = true;
    signal_fd(s->tunnel->wake);
}

/* Under the lock. */
static void stream_unref(TunnelStream *s)
{
    if (--s->refs > 0)
        return;
    list_del(&s->link);
    close(s->event);
    buf_done(&s->in);
    buf_done(&s->out);
    pthread_cond_destroy(&s->room);
    free(s->path);
    free(s);
}

void stream_reply(TunnelStream *s, int status, const char *content_type)
{
    pthread_mutex_lock(&s->tunnel->lock);
    if (s->status == 0) {
        s->status = status;
        snprintf(s->content_type, sizeof(s->content_type), "%s", content_type);
        tell(s);
    }
    pthread_mutex_unlock(&s->tunnel->lock);
}

bool stream_write(TunnelStream *s, Slice bytes)
{
    bool ok;

    pthread_mutex_lock(&s->tunnel->lock);
    while (s->out.len > STREAM_OUT_MAX && !s->is_closed)
        pthread_cond_wait(&s->room, &s->tunnel->lock);
    ok = !s->is_closed;
    if (ok && bytes.len > 0) {
        buf_add_slice(&s->out, bytes);
        tell(s);
    }
    pthread_mutex_unlock(&s->tunnel->lock);
    return ok;
}

bool stream_read(TunnelStream *s, Buf *out)
{
    bool more;

    pthread_mutex_lock(&s->tunnel->lock);
    if (s->in.len > 0) {
        buf_add_slice(out, buf_slice(&s->in));
        s->consumed += s->in.len;
        buf_reset(&s->in);
        tell(s);
    }
    more = !s->in_ended && !s->is_closed;
    if (more)
        drain_fd(s->event);
    pthread_mutex_unlock(&s->tunnel->lock);
    return more;
}

int stream_fd(const TunnelStream *s)
{
    return s->event;
}

bool stream_is_closed(TunnelStream *s)
{
    bool closed;

    pthread_mutex_lock(&s->tunnel->lock);
    closed = s->is_closed;
    pthread_mutex_unlock(&s->tunnel->lock);
    return closed;
}

/* ---- a request's thread ---- */

static void reply_error(TunnelStream *s, Arena *a, const Err *err)
{
    Value *v = value_literal(a, "{'kind':'Status','apiVersion':'v1','metadata':{},"
                                "'status':'Failure'}");

    value_set_str(a, v, "message", err->msg);
    value_set_str(a, v, "reason", err_reason(err->code));
    value_set_int(a, v, "code", err_http_status(err->code));
    stream_reply(s, err_http_status(err->code), "application/json");
    (void)stream_write(s, slice_of(value_to_str(a, v))); /* nobody may listen any more */
}

static int serve(const StreamContext *c, Err *err)
{
    const char *what = c->target->what;

    if (strcmp(what, "containerLogs") == 0)
        return tunnel_logs(c, err);
    if (strcmp(what, "exec") == 0 || strcmp(what, "attach") == 0 ||
        strcmp(what, "portForward") == 0)
        return tunnel_exec(c, err);
    if (strcmp(what, "dial") == 0)
        return tunnel_dial(c, err);
    return err_set(err, ERR_NOT_FOUND, "the agent does not know \"%s\"", what);
}

static void *stream_main(void *data)
{
    TunnelStream *s = data;
    Tunnel *t = s->tunnel;
    CLEANUP(arena_free) Arena *a = arena_new();
    TunnelTarget target;
    StreamContext c = {t->agent, t->pods, &target, s, a};
    Err err;
    int r;

    r = tunnel_target_parse(a, slice_of(s->path), &target, &err);
    if (r == 0)
        r = serve(&c, &err);
    if (r < 0)
        reply_error(s, a, &err);
    pthread_mutex_lock(&t->lock);
    s->out_ended = true;
    tell(s);
    stream_unref(s);
    if (--t->n_threads == 0)
        pthread_cond_broadcast(&t->all_ended);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* ---- the session's callbacks: on the tunnel's thread ---- */

static TunnelStream *stream_of(nghttp2_session *h2, int32_t id)
{
    return nghttp2_session_get_stream_user_data(h2, id);
}

static int on_begin(nghttp2_session *h2, const nghttp2_frame *f, void *data)
{
    Tunnel *t = data;
    TunnelStream *s;

    if (f->hd.type != NGHTTP2_HEADERS || f->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    s = xcalloc(1, sizeof(*s));
    s->tunnel = t;
    s->id = f->hd.stream_id;
    s->refs = 1;
    s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_cond_init(&s->room, NULL);
    pthread_mutex_lock(&t->lock);
    list_add_tail(&t->streams, &s->link);
    pthread_mutex_unlock(&t->lock);
    (void)nghttp2_session_set_stream_user_data(h2, s->id, s); /* the stream was just opened */
    return 0;
}

static int on_header(nghttp2_session *h2, const nghttp2_frame *f, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t n, uint8_t flags UNUSED,
                     void *data UNUSED)
{
    TunnelStream *s = stream_of(h2, f->hd.stream_id);

    if (s && !s->path && slice_is((Slice){(const char *)name, name_len}, ":path"))
        s->path = xstrndup((const char *)value, n);
    return 0;
}

static void start_thread(Tunnel *t, TunnelStream *s)
{
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STREAM_STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_mutex_lock(&t->lock);
    s->refs++;
    t->n_threads++;
    if (!s->path || pthread_create(&thread, &attr, stream_main, s) != 0) {
        t->n_threads--;
        s->status = 503;
        s->out_ended = true;
        tell(s);
        stream_unref(s);
    }
    pthread_mutex_unlock(&t->lock);
    pthread_attr_destroy(&attr);
}

static int on_frame(nghttp2_session *h2, const nghttp2_frame *f, void *data)
{
    TunnelStream *s = stream_of(h2, f->hd.stream_id);
    Tunnel *t = data;

    if (!s)
        return 0;
    if (f->hd.type == NGHTTP2_HEADERS && f->headers.cat == NGHTTP2_HCAT_REQUEST)
        start_thread(t, s);
    if ((f->hd.type == NGHTTP2_HEADERS || f->hd.type == NGHTTP2_DATA) &&
        (f->hd.flags & NGHTTP2_FLAG_END_STREAM)) {
        pthread_mutex_lock(&t->lock);
        s->in_ended = true;
        signal_fd(s->event);
        pthread_mutex_unlock(&t->lock);
    }
    return 0;
}

static int on_data(nghttp2_session *h2, uint8_t flags UNUSED, int32_t id, const uint8_t *p,
                   size_t n, void *data)
{
    TunnelStream *s = stream_of(h2, id);
    Tunnel *t = data;

    (void)nghttp2_session_consume_connection(h2, n); /* streams have windows of their own */
    if (!s)
        return 0;
    pthread_mutex_lock(&t->lock);
    buf_add(&s->in, p, n);
    signal_fd(s->event);
    pthread_mutex_unlock(&t->lock);
    return 0;
}

/* Under the lock. */
static void close_stream(TunnelStream *s)
{
    s->is_closed = true;
    s->in_ended = true;
    signal_fd(s->event);
    pthread_cond_broadcast(&s->room);
    stream_unref(s);
}

static int on_close(nghttp2_session *h2, int32_t id, uint32_t code UNUSED, void *data)
{
    TunnelStream *s = stream_of(h2, id);
    Tunnel *t = data;

    if (!s)
        return 0;
    pthread_mutex_lock(&t->lock);
    close_stream(s);
    pthread_mutex_unlock(&t->lock);
    return 0;
}

static ssize_t read_out(nghttp2_session *h2 UNUSED, int32_t id UNUSED, uint8_t *out, size_t cap,
                        uint32_t *flags, nghttp2_data_source *src, void *data)
{
    TunnelStream *s = src->ptr;
    Tunnel *t = data;
    ssize_t r;
    size_t n;

    pthread_mutex_lock(&t->lock);
    n = MIN(cap, s->out.len);
    if (n > 0) {
        memcpy(out, s->out.ptr, n);
        memmove(s->out.ptr, s->out.ptr + n, s->out.len - n);
        buf_truncate(&s->out, s->out.len - n);
        pthread_cond_broadcast(&s->room);
    }
    r = (ssize_t)n;
    if (s->out.len == 0 && s->out_ended)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    else if (n == 0)
        r = NGHTTP2_ERR_DEFERRED;
    pthread_mutex_unlock(&t->lock);
    return r;
}

/* ---- the connection ---- */

/* Under the lock: what the streams' threads have asked for. */
static void take_news(Tunnel *t)
{
    list_for_each (l, &t->streams) {
        TunnelStream *s = list_entry(l, TunnelStream, link);

        if (!s->has_news || s->is_closed)
            continue;
        s->has_news = false;
        if (s->consumed > 0) {
            (void)nghttp2_session_consume_stream(t->h2, s->id, s->consumed); /* it is open */
            s->consumed = 0;
        }
        if (s->status == 0 && s->out_ended)
            s->status = 200;
        if (s->status != 0 && !s->was_answered) {
            char status[16];
            nghttp2_nv nv[] = {{(uint8_t *)(uintptr_t) ":status", (uint8_t *)status, 7, 0, 0},
                               {(uint8_t *)(uintptr_t) "content-type", (uint8_t *)s->content_type,
                                12, strlen(s->content_type), 0}};
            nghttp2_data_provider body = {.source.ptr = s, .read_callback = read_out};

            nv[0].valuelen = (size_t)snprintf(status, sizeof(status), "%d", s->status);
            s->was_answered =
                nghttp2_submit_response(t->h2, s->id, nv, s->content_type[0] ? 2 : 1, &body) == 0;
        } else if (s->was_answered) {
            (void)nghttp2_session_resume_data(t->h2, s->id); /* not deferred: fine */
        }
    }
}

static int send_pending(Tunnel *t, HttpUpgrade *u, Buf *pending, Err *err)
{
    const uint8_t *p;
    ssize_t n;

    for (;;) {
        while (pending->len > 0) {
            int64_t sent = http_upgrade_send(u, buf_slice(pending), err);

            if (sent < 0)
                return (int)sent;
            if (sent == 0)
                return 1; /* full */
            memmove(pending->ptr, pending->ptr + sent, pending->len - (size_t)sent);
            buf_truncate(pending, pending->len - (size_t)sent);
        }
        n = nghttp2_session_mem_send(t->h2, &p);
        if (n < 0)
            return err_set(err, ERR_INTERNAL, "HTTP/2: %s", nghttp2_strerror((int)n));
        if (n == 0)
            return 0;
        buf_add(pending, p, (size_t)n);
    }
}

static int receive(Tunnel *t, HttpUpgrade *u, Err *err)
{
    uint8_t in[16384];

    for (;;) {
        int64_t n = http_upgrade_receive(u, in, sizeof(in), err);
        ssize_t r;

        if (n <= 0)
            return (int)n;
        r = nghttp2_session_mem_recv(t->h2, in, (size_t)n);
        if (r < 0)
            return err_set(err, ERR_BAD_REQUEST, "HTTP/2: %s", nghttp2_strerror((int)r));
    }
}

static int run_connection(Tunnel *t, HttpUpgrade *u, Err *err)
{
    AUTO_BUF pending = BUF_INIT;
    struct pollfd p[] = {{.fd = http_upgrade_fd(u)},
                         {.fd = t->wake, .events = POLLIN},
                         {.fd = http_cancel_fd(t->cancel), .events = POLLIN}};
    int r;

    while (!http_is_cancelled(t->cancel)) {
        pthread_mutex_lock(&t->lock);
        take_news(t);
        pthread_mutex_unlock(&t->lock);
        r = send_pending(t, u, &pending, err);
        if (r < 0)
            return r;
        p[0].events = r > 0 ? POLLIN | POLLOUT : POLLIN;
        r = poll(p, ARRAY_LEN(p), SILENCE_MS);
        if (r == 0)
            return err_set(err, ERR_TIMEOUT, "nothing heard for %d s", SILENCE_MS / 1000);
        if (p[1].revents)
            drain_fd(t->wake);
        r = receive(t, u, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static void open_session(Tunnel *t)
{
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1000},
                                         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, STREAM_WINDOW}};
    nghttp2_session_callbacks *cb;
    nghttp2_option *opt;

    BUG_ON(nghttp2_session_callbacks_new(&cb) != 0 || nghttp2_option_new(&opt) != 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(cb, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_close);
    nghttp2_option_set_no_auto_window_update(opt, 1);
    BUG_ON(nghttp2_session_server_new2(&t->h2, cb, t, opt) != 0);
    nghttp2_session_callbacks_del(cb);
    nghttp2_option_del(opt);
    BUG_ON(nghttp2_submit_settings(t->h2, 0, settings, ARRAY_LEN(settings)) != 0);
}

/* All streams end with their connection. */
static void close_session(Tunnel *t)
{
    pthread_mutex_lock(&t->lock);
    list_for_each_safe (l, &t->streams) {
        TunnelStream *s = list_entry(l, TunnelStream, link);

        if (!s->is_closed)
            close_stream(s);
    }
    while (t->n_threads > 0)
        pthread_cond_wait(&t->all_ended, &t->lock);
    pthread_mutex_unlock(&t->lock);
    nghttp2_session_del(t->h2);
    t->h2 = NULL;
}

static void *run(void *data)
{
    Tunnel *t = data;
    AUTO_FREE char *path =
        xasprintf("/apis/node.hostplane.io/v1/nodes/%s/tunnel", t->agent->o.node_name);
    ClientRequest req = {.cluster = "host", .method = "GET", .path = path};
    int64_t wait_ms = RETRY_MIN_MS;

    do {
        CLEANUP(http_upgrade_close) HttpUpgrade *u = NULL;
        Err err = {0};
        int r = http_upgrade_open(t->client, &req, "hostplane-tunnel", NULL, &u, &err);

        if (r == 0) {
            log_info(&ctx, "tunnel to the server is open");
            wait_ms = RETRY_MIN_MS;
            open_session(t);
            r = run_connection(t, u, &err);
            close_session(t);
        }
        if (r < 0)
            log_debug(&ctx, "no tunnel, trying again", LOG_STR("error", err.msg));
        wait_ms = MIN(wait_ms * 2, RETRY_MAX_MS);
    } while (!http_cancel_sleep(t->cancel, wait_ms));
    return NULL;
}

int tunnel_start(Agent *agent, Pods *pods, const HttpOptions *http, Tunnel **ret, Err *err)
{
    Tunnel *t = xcalloc(1, sizeof(*t));
    int r;

    t->agent = agent;
    t->pods = pods;
    t->cancel = http_cancel_new();
    t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    list_init(&t->streams);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->all_ended, NULL);
    r = http_client_open(http, &t->client, err);
    if (r == 0 && pthread_create(&t->thread, NULL, run, t) != 0)
        r = err_set(err, ERR_INTERNAL, "cannot start the tunnel's thread");
    if (r < 0) {
        client_close(t->client);
        http_cancel_free(t->cancel);
        close(t->wake);
        free(t);
        return r;
    }
    *ret = t;
    return 0;
}

void tunnel_set_cert(Tunnel *t, const char *cert_pem, const char *key_pem)
{
    http_client_set_cert(t->client, cert_pem, key_pem);
}

void tunnel_stop(Tunnel *t)
{
    if (!t)
        return;
    http_cancel(t->cancel);
    pthread_join(t->thread, NULL);
    client_close(t->client);
    http_cancel_free(t->cancel);
    close(t->wake);
    pthread_cond_destroy(&t->all_ended);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* ---- targets ---- */

static bool unescape(Arena *a, Slice s, bool plus_is_space, const char **ret)
{
    char *out = arena_alloc(a, s.len + 1), *o = out;

    for (size_t i = 0; i < s.len; i++) {
        unsigned x;

        if (s.ptr[i] == '%') {
            char hex[3] = {0};

            if (i + 2 >= s.len)
                return false;
            memcpy(hex, s.ptr + i + 1, 2);
            if (strspn(hex, "0123456789abcdefABCDEF") != 2 || sscanf(hex, "%2x", &x) != 1 || x == 0)
                return false;
            *o++ = (char)x;
            i += 2;
        } else {
            *o++ = plus_is_space && s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    *o = '\0';
    *ret = out;
    return true;
}

static bool parse_query(Arena *a, Slice query, Value *out)
{
    Slice pair, name;
    const char *n, *v;

    while (query.len > 0) {
        Value *list;

        (void)slice_cut(&query, '&', &pair); /* the last one has none */
        if (pair.len == 0)
            continue;
        (void)slice_cut(&pair, '=', &name); /* without value: empty */
        if (!unescape(a, name, true, &n) || !unescape(a, pair, true, &v))
            return false;
        list = value_get(out, n);
        if (!list) {
            list = value_array(a);
            value_set(a, out, n, list);
        }
        value_append(a, list, value_str(a, v));
    }
    return true;
}

int tunnel_target_parse(Arena *a, Slice path, TunnelTarget *ret, Err *err)
{
    const char *parts[8] = {NULL};
    Slice rest = path, part;
    TunnelTarget t = {.query = value_object(a)};
    size_t n = 0;

    (void)slice_cut(&rest, '?', &path); /* no query is fine */
    if (!parse_query(a, rest, t.query) || path.len == 0 || path.ptr[0] != '/')
        return err_set(err, ERR_BAD_REQUEST, "not a request for a node");
    path = (Slice){path.ptr + 1, path.len - 1};
    while (path.len > 0) {
        (void)slice_cut(&path, '/', &part);
        if (n == 7 || !unescape(a, part, false, &parts[n]) || !parts[n][0] ||
            strchr(parts[n], '/') || strcmp(parts[n], "..") == 0)
            return err_set(err, ERR_BAD_REQUEST, "not a request for a node");
        n++;
    }
    if (n < 4)
        return err_set(err, ERR_BAD_REQUEST, "not a request for a node");
    t.cluster = parts[0];
    t.what = parts[1];
    t.ns = parts[2];
    t.pod = parts[3];
    for (size_t i = 0; i < ARRAY_LEN(t.rest); i++)
        t.rest[i] = parts[4 + i];
    *ret = t;
    return 0;
}

const char *tunnel_query(const TunnelTarget *t, const char *name)
{
    return value_to_cstr(value_item(value_get(t->query, name), 0));
}

bool tunnel_query_bool(const TunnelTarget *t, const char *name)
{
    const char *s = tunnel_query(t, name);

    return s && (strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0);
}
