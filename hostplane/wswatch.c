#include "hostplane/wswatch.h"

#include "base/b64.h"
#include "base/mem.h"
#include "base/wipe.h"
#include "client/ws.h"
#include "hostplane/front.h"
#include "hostplane/headers.h"
#include "hostplane/hijack.h"
#include "hostplane/nodeproxy.h"
#include "hostplane/tunnel.h"
#include "hostplane/wsproxy.h"

#include <strings.h>

enum { MESSAGE_MAX = 64 * 1024, CLOSE_NORMAL = 1000, CLOSE_PROTOCOL = 1002 };

typedef struct WsWatch {
    HttpReq *q;
    Hijack *hijack; /* NULL: the client is gone */
    WsForm form;
    Buf in, text;
    bool is_closing;
} WsWatch;

static bool asks_websocket(const HttpReq *q)
{
    return q->ws_key && q->rq.upgrade && strcasecmp(q->rq.upgrade, "websocket") == 0 &&
           header_has(q->connection, "upgrade");
}

bool wswatch_is_wanted(const HttpReq *q)
{
    return str_eq(q->rq.verb, "watch") && asks_websocket(q);
}

bool wslog_is_wanted(const HttpReq *q)
{
    return str_starts(q->rq.reply.node_path, "/containerLogs/") && asks_websocket(q);
}

bool wslog_form(const char *protocols, WsForm *ret_form, const char **ret_protocol)
{
    static const struct {
        const char *protocol;
        WsForm form;
    } known[] = {{"binary.k8s.io", WS_FORM_BINARY}, {"base64.binary.k8s.io", WS_FORM_BASE64}};
    Slice rest = slice_of(protocols ? protocols : ""), item;

    *ret_form = WS_FORM_BINARY;
    *ret_protocol = NULL;
    if (wswatch_protocol(protocols).len == 0)
        return true;
    while (rest.len > 0) {
        slice_cut(&rest, ',', &item);
        for (size_t i = 0; i < ARRAY_LEN(known); i++) {
            if (!slice_is(slice_trim(item), known[i].protocol))
                continue;
            *ret_form = known[i].form;
            *ret_protocol = known[i].protocol;
            return true;
        }
    }
    return false;
}

Slice wswatch_protocol(const char *protocols)
{
    static const char bearer[] = "base64url.bearer.authorization.k8s.io.";
    Slice rest = slice_of(protocols ? protocols : ""), item;

    while (rest.len > 0) {
        slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        if (item.len > 0 && !slice_starts(item, bearer))
            return item;
    }
    return SLICE("");
}

void wswatch_frames(Slice lines, Buf *out)
{
    while (lines.len > 0) {
        const char *end = memchr(lines.ptr, '\n', lines.len);
        size_t n = end ? (size_t)(end - lines.ptr) + 1 : lines.len;

        wsproxy_frame(WS_TEXT, (Slice){lines.ptr, n}, SLICE(""), out);
        lines = (Slice){lines.ptr + n, lines.len - n};
    }
}

void wswatch_events(Slice events, Buf *out)
{
    while (events.len > 0) {
        const unsigned char *p = (const unsigned char *)events.ptr;
        size_t n;

        BUG_ON(events.len < 4); /* streams give whole frames */
        n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        BUG_ON(events.len - 4 < n);
        wsproxy_frame(WS_BINARY, (Slice){events.ptr + 4, n}, SLICE(""), out);
        events = slice_behind(events, 4 + n);
    }
}

void wslog_frame(WsForm form, Slice bytes, Buf *out)
{
    AUTO_BUF text = BUF_INIT;

    if (form == WS_FORM_BASE64) {
        b64_encode(bytes, &text);
        wsproxy_frame(WS_TEXT, buf_slice(&text), SLICE(""), out);
    } else {
        wsproxy_frame(WS_BINARY, bytes, SLICE(""), out);
    }
}

static void send_frame(WsWatch *w, int opcode, Slice payload)
{
    AUTO_BUF out = BUF_INIT;

    if (!w->hijack || w->is_closing)
        return;
    wsproxy_frame(opcode, payload, SLICE(""), &out);
    hijack_send(w->hijack, buf_slice(&out));
}

static void close_with(WsWatch *w, int code)
{
    const char text[2] = {(char)(code >> 8), (char)code};

    if (!w->hijack || w->is_closing)
        return;
    send_frame(w, WS_CLOSE, (Slice){text, 2});
    w->is_closing = true;
    hijack_finish(w->hijack);
}

static bool is_watch(const WsWatch *w)
{
    return w->form == WS_FORM_LINES || w->form == WS_FORM_EVENTS;
}

static int read_source(WsWatch *w)
{
    Stream *s = w->q->rq.reply.stream;

    return is_watch(w) ? s->read(s, &w->text) : nodeproxy_read(w->q, &w->text);
}

/* Events to the client, for as long as it takes them. */
static void pump(WsWatch *w)
{
    WIPING_IF(w->q->rq.is_secret);

    while (w->hijack && !w->is_closing && hijack_pending(w->hijack) < HIJACK_FULL) {
        AUTO_BUF out = BUF_INIT;
        int r;

        buf_reset(&w->text);
        r = read_source(w);
        if (w->form == WS_FORM_LINES)
            wswatch_frames(buf_slice(&w->text), &out);
        else if (w->form == WS_FORM_EVENTS)
            wswatch_events(buf_slice(&w->text), &out);
        else if (w->text.len > 0)
            wslog_frame(w->form, buf_slice(&w->text), &out);
        hijack_send(w->hijack, buf_slice(&out));
        if (r < 0)
            close_with(w, CLOSE_NORMAL);
        if (r <= 0)
            return;
    }
}

static void on_ready(void *data)
{
    pump(data);
}

static void on_drained(Hijack *h UNUSED, void *data)
{
    pump(data);
}

static void on_frame(WsWatch *w, const WsFrame *f, Slice payload)
{
    /* who does not read its answers gets no more of them */
    if (f->opcode == WS_PING && hijack_pending(w->hijack) < HIJACK_FULL)
        send_frame(w, WS_PONG, payload);
    else if (f->opcode == WS_CLOSE)
        close_with(w, CLOSE_NORMAL);
    /* whatever else a client says is not listened to */
}

static void on_data(Hijack *h UNUSED, Slice in, void *data)
{
    WsWatch *w = data;
    size_t at = 0;

    buf_add_slice(&w->in, in);
    while (w->hijack && !w->is_closing) {
        WsFrame f;
        Err err;
        int r = ws_frame_parse((Slice){w->in.ptr + at, w->in.len - at}, &f, &err);

        if (r < 0 || (r > 0 && (!f.is_masked || f.payload_len > MESSAGE_MAX))) {
            close_with(w, CLOSE_PROTOCOL);
            return;
        }
        if (r == 0 || w->in.len - at - f.head_len < f.payload_len)
            break;
        for (size_t i = 0; i < f.payload_len; i++)
            w->in.ptr[at + f.head_len + i] ^= (char)f.mask[i % 4];
        on_frame(w, &f, (Slice){w->in.ptr + at + f.head_len, f.payload_len});
        at += f.head_len + f.payload_len;
    }
    if (!w->hijack)
        return;
    memmove(w->in.ptr, w->in.ptr + at, w->in.len - at);
    buf_truncate(&w->in, w->in.len - at);
}

static void on_end(Hijack *h UNUSED, void *data)
{
    WsWatch *w = data;

    w->hijack = NULL;
}

static const HijackOps ops = {on_data, on_drained, on_end};

static void free_later(void *data)
{
    WsWatch *w = data;

    buf_done(&w->in);
    buf_done(&w->text);
    free(w);
}

static WsWatch *open_socket(HttpReq *q, WsForm form, Slice protocol)
{
    WsWatch *w = xcalloc(1, sizeof(*w));
    AUTO_BUF head = BUF_INIT;

    /* The request outlives its hijack: its arena's end is ours. */
    arena_on_free(q->arena, free_later, w);
    w->q = q;
    w->form = form;
    buf_adds(&head, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                    "Upgrade: websocket\r\nSec-WebSocket-Accept: ");
    wsproxy_accept_key(q->ws_key, &head);
    if (protocol.len > 0)
        buf_addf(&head, "\r\nSec-WebSocket-Protocol: %.*s", (int)protocol.len, protocol.ptr);
    buf_adds(&head, "\r\n\r\n");
    q->rq.reply.status = 101;
    w->hijack = hijack_start(q, &ops, w);
    hijack_send(w->hijack, buf_slice(&head));
    return w;
}

void wswatch_start(HttpReq *q)
{
    bool is_text = str_eq(q->rq.reply.content_type, "application/json");
    WsWatch *w =
        open_socket(q, is_text ? WS_FORM_LINES : WS_FORM_EVENTS, wswatch_protocol(q->ws_protocols));

    q->stream_started = true;
    q->rq.reply.stream->start(q->rq.reply.stream, q->front->loop, on_ready, w);
    pump(w);
}

void wslog_start(HttpReq *q)
{
    AUTO_BUF first = BUF_INIT;
    const char *protocol;
    WsForm form;
    WsWatch *w;

    if (!wslog_form(q->ws_protocols, &form, &protocol)) {
        nodeproxy_close(q);
        reply_status(&q->rq, ERR_FORBIDDEN, "none of the WebSocket's protocols is known");
        req_reply_ready(q);
        return;
    }
    w = open_socket(q, form, slice_of(protocol ? protocol : ""));
    wslog_frame(form, SLICE(""), &first); /* upstream's first message is empty */
    hijack_send(w->hijack, buf_slice(&first));
    node_call_set_handler(q->call, on_ready, w);
    pump(w);
}
