/*
 * Exec, attach and port-forward: the runtime gives a URL of its own streaming server, to which the
 * agent speaks SPDY/3.1.
 *
 * Exec and attach: the server sends and gets frames,
 *
 *   4 bytes length, big-endian | 1 byte channel | payload
 *
 * each channel is a SPDY stream: 0 stdin, 1 stdout, 2 stderr, 3 the outcome, 4 terminal sizes.
 * Channel 255 closes the channel that its payload names.
 *
 * Port-forward with ?channels=true: of the n-th port, channel 2n has the data and 2n+1 what went
 * wrong; each begins with the port's number, two bytes, little-endian (cri streaming,
 * portforward/websocket.go).
 *
 * Other port-forwards, and exec with ?raw=true (kubectl before 1.30): the client speaks SPDY
 * itself; its bytes and the runtime's are passed on as they are.
 */
#include "agent/spdy.h"
#include "agent/tunnel.h"
#include "base/err.h"
#include "client/upgrade.h"

#include <poll.h>

enum {
    FRAME_HEAD = 5,
    FRAME_MAX = 16 << 20,
    OUT_FULL = 1 << 20,
    CHANNEL_STDIN = 0,
    CHANNEL_ERROR = 3,
    CHANNEL_COUNT = 64, /* exec uses five */
    CHANNEL_CLOSE = 255,
};

static void copy_bool(const StreamContext *c, Value *request, const char *query, const char *field)
{
    if (tunnel_query_bool(c->target, query))
        value_set_bool(c->arena, request, field, true);
}

static bool is_forward(const StreamContext *c)
{
    return strcmp(c->target->what, "portForward") == 0;
}

/* The ports that are asked for, several in one parameter, too. */
static Value *ports_of(const StreamContext *c)
{
    Value *ports = value_array(c->arena);
    const Value *text;

    value_each_item(value_get(c->target->query, "ports"), i, text)
    {
        Slice rest = {text->str, text->n}, item;
        bool more = true;

        while (more) {
            int64_t n;

            more = slice_cut(&rest, ',', &item);
            if (slice_to_int64(item, &n) && n > 0 && n < 65536)
                value_append(c->arena, ports, value_int(c->arena, n));
        }
    }
    return ports;
}

static int ask_url(const StreamContext *c, const PodContainerRef *ref, const char **ret, Err *err)
{
    const TunnelTarget *t = c->target;
    Value *request = value_object(c->arena), *answer;
    const Value *command = value_get(t->query, "command");
    CriMethod method = CRI_EXEC;
    int r;

    if (is_forward(c)) {
        method = CRI_PORT_FORWARD;
        value_set_str(c->arena, request, "pod_sandbox_id", ref->sandbox_id);
        value_set(c->arena, request, "port", ports_of(c));
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
                        HttpUpgrade **ret, Err *err)
{
    static const char *const command[] = {"X-Stream-Protocol-Version: v4.channel.k8s.io", NULL};
    static const char *const forward[] = {"X-Stream-Protocol-Version: portforward.k8s.io", NULL};
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    HttpOptions o = {0};
    ClientRequest req = {.method = "POST", .path = path, .accept = "*/*"};
    int r;

    if (!path)
        return err_set(err, ERR_INTERNAL, "the runtime's URL is odd: %s", url);
    o.server = arena_strndup(c->arena, url, (size_t)(path - url));
    r = http_client_open(&o, ret_http, err);
    if (r < 0)
        return r;
    return http_upgrade_open(*ret_http, &req, "SPDY/3.1", is_forward(c) ? forward : command, ret,
                             err);
}

/* ---- both directions ---- */

typedef struct Bridge {
    const StreamContext *c;
    HttpUpgrade *u;
    SpdyHeaders *headers;
    bool is_raw, is_forward;
    uint32_t streams[CHANNEL_COUNT]; /* SPDY stream of a channel; 0: none */
    bool is_closed[CHANNEL_COUNT];   /* by the runtime */
    Buf in, from_runtime, to_runtime;
} Bridge;

static void open_channels(Bridge *b)
{
    static const struct {
        int channel;
        const char *query, *name;
    } rows[] = {{CHANNEL_ERROR, NULL, "error"},
                {CHANNEL_STDIN, "stdin", "stdin"},
                {1, "stdout", "stdout"},
                {2, "stderr", "stderr"},
                {4, "tty", "resize"}};
    const TunnelTarget *t = b->c->target;
    uint32_t id = 1;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].query && !tunnel_query_bool(t, rows[i].query))
            continue;
        if (rows[i].channel == 2 && tunnel_query_bool(t, "tty"))
            continue;
        b->streams[rows[i].channel] = id;
        spdy_open_stream(b->headers, id, &(SpdyHeader){"streamtype", rows[i].name}, 1,
                         &b->to_runtime);
        id += 2;
    }
}

/* The stream of what goes wrong comes first, and nothing is sent on it. */
static void open_ports(Bridge *b, const Value *ports)
{
    uint32_t id = 1;
    const Value *port;

    value_each_item(ports, i, port)
    {
        for (uint32_t k = 0; k < 2; k++, id += 2) {
            const SpdyHeader headers[] = {{"streamtype", k == 0 ? "error" : "data"},
                                          {"port", port->str},
                                          {"requestid", arena_printf(b->c->arena, "%u", i)}};

            b->streams[2 * i + 1 - k] = id;
            spdy_open_stream(b->headers, id, headers, ARRAY_LEN(headers), &b->to_runtime);
        }
        spdy_data(b->streams[2 * i + 1], SLICE(""), true, &b->to_runtime);
    }
}

static void send_frame(const Bridge *b, unsigned char channel, Slice payload)
{
    unsigned char head[FRAME_HEAD];
    AUTO_BUF out = BUF_INIT;

    for (int i = 0; i < 4; i++)
        head[i] = (unsigned char)(payload.len >> (24 - 8 * i));
    head[4] = channel;
    buf_add(&out, head, sizeof(head));
    buf_add_slice(&out, payload);
    (void)stream_write(b->c->stream, buf_slice(&out)); /* the loop sees a closed stream */
}

/* Each channel begins with its port. */
static void tell_ports(const Bridge *b, const Value *ports)
{
    const Value *port;

    value_each_item(ports, i, port)
    {
        int64_t n = 0;
        char text[2];

        (void)value_to_int(port, &n);
        text[0] = (char)n;
        text[1] = (char)(n >> 8);

        send_frame(b, (unsigned char)(2 * i), (Slice){text, 2});
        send_frame(b, (unsigned char)(2 * i + 1), (Slice){text, 2});
    }
}

static void drop_front(Buf *b, size_t n)
{
    if (n == 0)
        return;
    memmove(b->ptr, b->ptr + n, b->len - n);
    buf_truncate(b, b->len - n);
}

/* Complete frames of the server to SPDY. */
static int take_frames(Bridge *b, Err *err)
{
    size_t at = 0;

    while (b->in.len - at >= FRAME_HEAD) {
        const unsigned char *p = (const unsigned char *)b->in.ptr + at;
        size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        Slice payload = {(const char *)p + FRAME_HEAD, n};

        if (n > FRAME_MAX)
            return err_set(err, ERR_TOO_LARGE, "a frame of %zu bytes", n);
        if (b->in.len - at - FRAME_HEAD < n)
            break;
        if (p[4] == CHANNEL_CLOSE && n == 1 && p[FRAME_HEAD] < CHANNEL_COUNT &&
            b->streams[p[FRAME_HEAD]])
            spdy_data(b->streams[p[FRAME_HEAD]], SLICE(""), true, &b->to_runtime);
        else if (p[4] < CHANNEL_COUNT && b->streams[p[4]] && n > 0)
            spdy_data(b->streams[p[4]], payload, false, &b->to_runtime);
        at += FRAME_HEAD + n;
    }
    drop_front(&b->in, at);
    return 0;
}

static void take_spdy_frame(Bridge *b, const SpdyFrame *f)
{
    if (f->is_control && f->type == SPDY_PING && f->stream % 2 == 0) { /* not one of ours */
        AUTO_BUF pong = BUF_INIT;

        buf_add(&pong, f->data.ptr - 8, f->data.len + 8);
        buf_add_slice(&b->to_runtime, buf_slice(&pong));
    }
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!b->streams[i] || b->streams[i] != f->stream)
            continue;
        if (!f->is_control && f->data.len > 0)
            send_frame(b, (unsigned char)i, f->data);
        if (f->is_last || (f->is_control && f->type == SPDY_RST_STREAM))
            b->is_closed[i] = true;
    }
}

/* Frames of the runtime to the server. */
static int take_spdy(Bridge *b, Err *err)
{
    size_t at = 0;
    int64_t n;

    do {
        SpdyFrame f;

        n = spdy_frame_parse((Slice){b->from_runtime.ptr + at, b->from_runtime.len - at}, &f, err);
        if (n > 0) {
            take_spdy_frame(b, &f);
            at += (size_t)n;
        }
    } while (n > 0);
    drop_front(&b->from_runtime, at);
    return (int)n;
}

/* The outcome is told and all output was seen. */
static bool is_over(const Bridge *b)
{
    int first = b->is_forward ? 0 : 1, last = b->is_forward ? CHANNEL_COUNT - 1 : CHANNEL_ERROR;

    for (int i = first; i <= last; i++) {
        if (b->streams[i] && !b->is_closed[i])
            return false;
    }
    return !b->is_raw;
}

static int receive_all(Bridge *b, Err *err)
{
    char chunk[32768];

    for (;;) {
        int64_t n = http_upgrade_receive(b->u, chunk, sizeof(chunk), err);

        if (n <= 0)
            return (int)n;
        if (b->is_raw) {
            (void)stream_write(b->c->stream, (Slice){chunk, (size_t)n}); /* the loop sees the end */
            continue;
        }
        buf_add(&b->from_runtime, chunk, (size_t)n);
        int r = take_spdy(b, err);
        if (r < 0)
            return r;
    }
}

static int send_pending(Bridge *b, Err *err)
{
    while (b->to_runtime.len > 0) {
        int64_t n = http_upgrade_send(b->u, buf_slice(&b->to_runtime), err);

        if (n <= 0)
            return (int)n;
        drop_front(&b->to_runtime, (size_t)n);
    }
    return 0;
}

static void splice_both(Bridge *b)
{
    struct pollfd p[] = {{.fd = http_upgrade_fd(b->u)}, {.fd = stream_fd(b->c->stream)}};
    bool more = true;
    Err err;

    for (;;) {
        int r = send_pending(b, &err);

        if (r < 0 || receive_all(b, &err) < 0 || is_over(b) || stream_is_closed(b->c->stream))
            return;
        p[0].events = b->to_runtime.len > 0 ? POLLIN | POLLOUT : POLLIN;
        /* A full way to the runtime holds up the client, too. */
        p[1].fd = more && b->to_runtime.len < OUT_FULL ? stream_fd(b->c->stream) : -1;
        p[1].events = POLLIN;
        if (poll(p, ARRAY_LEN(p), more ? 30000 : 1000) <= 0 || !p[1].revents)
            continue;
        more = stream_read(b->c->stream, b->is_raw ? &b->to_runtime : &b->in);
        if (!b->is_raw && take_frames(b, &err) < 0)
            return;
        if (!more && b->is_raw)
            return;
        /* No more input; the output still counts. */
        for (int i = CHANNEL_STDIN; !more && i < (b->is_forward ? CHANNEL_COUNT : 1); i += 2)
            if (b->streams[i])
                spdy_data(b->streams[i], SLICE(""), true, &b->to_runtime);
    }
}

int tunnel_exec(const StreamContext *c, Err *err)
{
    const TunnelTarget *t = c->target;
    bool forwards = is_forward(c);
    PodWhere where = {.cluster = t->cluster,
                      .ns = t->ns,
                      .name = t->pod,
                      .uid = forwards ? NULL : t->rest[0],
                      .container = forwards ? NULL : t->rest[1]};
    CLEANUP(client_close) Client *http = NULL;
    CLEANUP(http_upgrade_close) HttpUpgrade *u = NULL;
    Bridge b = {.c = c,
                .is_forward = forwards,
                .is_raw =
                    forwards ? !tunnel_query_bool(t, "channels") : tunnel_query_bool(t, "raw")};
    const Value *ports = forwards && !b.is_raw ? ports_of(c) : NULL;
    PodContainerRef ref;
    const char *url;
    int r;

    if (!forwards && !where.container)
        return err_set(err, ERR_BAD_REQUEST, "a container must be named");
    if (ports && (value_len(ports) == 0 || value_len(ports) > CHANNEL_COUNT / 2))
        return err_set(err, ERR_BAD_REQUEST, "between one and %d ports must be named",
                       CHANNEL_COUNT / 2);
    r = pods_find(c->pods, c->arena, &where, &ref, err);
    if (r < 0)
        return r;
    if (forwards ? !ref.sandbox_id : !ref.is_running)
        return err_set(err, ERR_BAD_REQUEST, "container \"%s\" of pod \"%s\" is not running",
                       where.container ? where.container : "", t->pod);
    r = ask_url(c, &ref, &url, err);
    if (r == 0)
        r = open_runtime(c, url, &http, &u, err);
    if (r < 0)
        return r;
    b.u = u;
    b.headers = spdy_headers_new();
    if (ports)
        open_ports(&b, ports);
    else if (!b.is_raw)
        open_channels(&b);
    stream_reply(c->stream, 200, "application/octet-stream");
    tell_ports(&b, ports);
    splice_both(&b);
    spdy_headers_free(b.headers);
    buf_done(&b.in);
    buf_done(&b.from_runtime);
    buf_done(&b.to_runtime);
    return 0;
}
