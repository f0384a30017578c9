/*
 * Exec, attach and port-forward: the runtime gives a URL of its own streaming server; the agent
 * speaks WebSocket to it (channels as the first byte of a message) and frames to the server:
 *
 *   4 bytes length, big-endian | 1 byte channel | payload
 *
 * Channel 255 closes the channel that its payload names (v5.channel.k8s.io), which the runtime's
 * older protocol cannot express.
 */
#include "agent/tunnel.h"
#include "base/err.h"
#include "client/ws.h"

#include <poll.h>

enum {
    FRAME_HEAD = 5,
    FRAME_MAX = 16 << 20,
    CHANNEL_CLOSE = 255,
};

static void copy_bool(const StreamContext *c, Value *request, const char *query, const char *field)
{
    if (tunnel_query_bool(c->target, query))
        value_set_bool(c->arena, request, field, true);
}

static int ask_url(const StreamContext *c, const PodContainerRef *ref, const char **ret, Err *err)
{
    const TunnelTarget *t = c->target;
    Value *request = value_object(c->arena), *answer;
    const Value *command = value_get(t->query, "command"), *port;
    CriMethod method = CRI_EXEC;
    int r;

    if (strcmp(t->what, "portForward") == 0) {
        Value *ports = value_array(c->arena);

        value_each_item(value_get(t->query, "ports"), i, port)
        {
            int64_t n;

            if (slice_to_int64((Slice){port->str, port->n}, &n) && n > 0 && n < 65536)
                value_append(c->arena, ports, value_int(c->arena, n));
        }
        method = CRI_PORT_FORWARD;
        value_set_str(c->arena, request, "pod_sandbox_id", ref->sandbox_id);
        value_set(c->arena, request, "port", ports);
    } else {
        value_set_str(c->arena, request, "container_id", ref->id);
        copy_bool(c, request, "stdin", "stdin");
        copy_bool(c, request, "stdout", "stdout");
        copy_bool(c, request, "tty", "tty");
        if (!tunnel_query_bool(t, "tty")) /* a terminal has one stream of output */
            copy_bool(c, request, "stderr", "stderr");
        if (strcmp(t->what, "attach") == 0)
            method = CRI_ATTACH;
        else
            value_set(c->arena, request, "cmd",
                      command ? value_copy(c->arena, command) : value_array(c->arena));
    }
    r = cri_call(c->agent->cri, c->arena, method, request, 10000, &answer, err);
    if (r < 0)
        return r;
    *ret = value_get_str(answer, "url");
    return *ret ? 0 : err_set(err, ERR_INTERNAL, "the runtime gave no URL");
}

static int open_runtime(const StreamContext *c, const char *url, Client **ret_http,
                        WebSocket **ret_ws, Err *err)
{
    static const char *const protocols[] = {"v4.channel.k8s.io", NULL};
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    HttpOptions o = {0};
    ClientRequest req = {.method = "GET", .path = path, .accept = "*/*"};
    const char *ports = tunnel_query(c->target, "ports");
    int r;

    if (!path)
        return err_set(err, ERR_INTERNAL, "the runtime's URL is odd: %s", url);
    o.server = arena_strndup(c->arena, url, (size_t)(path - url));
    if (strcmp(c->target->what, "portForward") == 0 && ports)
        req.query = arena_printf(c->arena, "ports=%s", ports);
    r = http_client_open(&o, ret_http, err);
    if (r < 0)
        return r;
    return ws_open(*ret_http, &req, protocols, ret_ws, err);
}

static bool send_frame(const StreamContext *c, unsigned char channel, Slice payload)
{
    unsigned char head[FRAME_HEAD];
    AUTO_BUF out = BUF_INIT;

    for (int i = 0; i < 4; i++)
        head[i] = (unsigned char)(payload.len >> (24 - 8 * i));
    head[4] = channel;
    buf_add(&out, head, sizeof(head));
    buf_add_slice(&out, payload);
    return stream_write(c->stream, buf_slice(&out));
}

/* Complete frames of the server to the runtime. */
static int pass_frames(WebSocket *ws, Buf *in, Err *err)
{
    size_t at = 0;

    while (in->len - at >= FRAME_HEAD) {
        const unsigned char *p = (const unsigned char *)in->ptr + at;
        size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        int r;

        if (n > FRAME_MAX)
            return err_set(err, ERR_TOO_LARGE, "a frame of %zu bytes", n);
        if (in->len - at - FRAME_HEAD < n)
            break;
        if (p[4] != CHANNEL_CLOSE) { /* channel and payload lie side by side */
            r = ws_send(ws, WS_BINARY, (Slice){(const char *)p + 4, n + 1}, err);
            if (r < 0)
                return r;
        }
        at += FRAME_HEAD + n;
    }
    memmove(in->ptr, in->ptr + at, in->len - at);
    buf_truncate(in, in->len - at);
    return 0;
}

/* Everything the runtime has sent; -ERR_EXPIRED at its end. */
static int pass_messages(const StreamContext *c, WebSocket *ws, Err *err)
{
    AUTO_BUF message = BUF_INIT;
    int r;

    while ((r = ws_receive(ws, 0, &message, err)) > 0) {
        if (message.len > 0 && !send_frame(c, (unsigned char)message.ptr[0],
                                           (Slice){message.ptr + 1, message.len - 1}))
            return -ERR_EXPIRED;
    }
    return r;
}

static void splice_both(const StreamContext *c, WebSocket *ws)
{
    AUTO_BUF in = BUF_INIT;
    struct pollfd p[] = {{.fd = ws_fd(ws), .events = POLLIN},
                         {.fd = stream_fd(c->stream), .events = POLLIN}};
    Err err;

    for (;;) {
        if (pass_messages(c, ws, &err) < 0 || stream_is_closed(c->stream))
            return;
        if (poll(p, ARRAY_LEN(p), 30000) < 0)
            continue;
        if (p[1].revents) {
            bool more = stream_read(c->stream, &in);

            if (in.len > 0 && pass_frames(ws, &in, &err) < 0)
                return;
            if (!more)
                p[1].fd = -1; /* no more input; what the process says still counts */
        }
    }
}

int tunnel_exec(const StreamContext *c, Err *err)
{
    const TunnelTarget *t = c->target;
    bool is_forward = strcmp(t->what, "portForward") == 0;
    PodWhere where = {.cluster = t->cluster,
                      .ns = t->ns,
                      .name = t->pod,
                      .uid = is_forward ? NULL : t->rest[0],
                      .container = is_forward ? NULL : t->rest[1]};
    CLEANUP(client_close) Client *http = NULL;
    CLEANUP(ws_close) WebSocket *ws = NULL;
    PodContainerRef ref;
    const char *url;
    int r;

    if (!is_forward && !where.container)
        return err_set(err, ERR_BAD_REQUEST, "a container must be named");
    r = pods_find(c->pods, c->arena, &where, &ref, err);
    if (r < 0)
        return r;
    if (is_forward ? !ref.sandbox_id : !ref.is_running)
        return err_set(err, ERR_BAD_REQUEST, "container \"%s\" of pod \"%s\" is not running",
                       where.container ? where.container : "", t->pod);
    r = ask_url(c, &ref, &url, err);
    if (r == 0)
        r = open_runtime(c, url, &http, &ws, err);
    if (r < 0)
        return r;
    stream_reply(c->stream, 200, "application/octet-stream");
    splice_both(c, ws);
    return 0;
}
