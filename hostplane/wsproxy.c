#include "hostplane/wsproxy.h"

#include "base/b64.h"
#include "base/be64.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"
#include "client/ws.h"
#include "hostplane/front.h"
#include "hostplane/headers.h"
#include "hostplane/hijack.h"
#include "hostplane/tunnel.h"

#include <gnutls/crypto.h>
#include <strings.h>

enum {
    MESSAGE_MAX = 4 << 20, /* one message of a client */
    READ_MAX = 64 * 1024,
    PING_MS = 30000,
    AGENT_HEAD = 5, /* length and channel */
    AGENT_FRAME_MAX = 16 << 20,
    CHANNEL_STATUS = 3,
};

typedef struct WsProtocol {
    const char *name;
    bool is_base64; /* text messages: the channel's digit, then base64 */
    bool is_raw;    /* messages are pieces of one stream of bytes, for the runtime to understand */
    bool is_plain;  /* channel 3 has the words of a failure, and nothing when there is none */
    bool has_ports; /* ports may be forwarded by its channels */
} WsProtocol;

static const WsProtocol protocols_known[] = {
    {"v5.channel.k8s.io", false, false, false, false},
    {"v4.channel.k8s.io", false, false, false, true},
    {"channel.k8s.io", false, false, true, false},
    {"v4.base64.channel.k8s.io", true, false, false, true},
    {"base64.channel.k8s.io", true, false, true, false},
    {"SPDY/3.1+portforward.k8s.io", false, true, false, true},
};

/* SPDY without a WebSocket, of kubectl before 1.30: the client's bytes are for the runtime. What
 * is spliced has no protocol of ours either. */
static const WsProtocol spdy_forward = {"portforward.k8s.io", false, true, false, true};
static const WsProtocol spdy_command = {"v4.channel.k8s.io", false, true, false, false};

typedef struct WsProxy {
    Hijack *hijack;
    NodeCall *call;
    const WsProtocol *protocol;
    Buf in;      /* bytes of the client, from a frame's start on */
    Buf message; /* of a message in several frames */
    bool in_message;
    Buf from_agent; /* from a frame's start on */
    bool saw_status;
    bool is_closing; /* a close frame was sent */
    bool is_bare;    /* no WebSocket around it */
    bool is_forward; /* channels are ports' */
    LoopTimer *ping;
} WsProxy;

/* ---- pure parts ---- */

void wsproxy_accept_key(const char *key, Buf *out)
{
    AUTO_BUF text = BUF_INIT;
    unsigned char digest[20];

    buf_adds(&text, key);
    buf_adds(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    BUG_ON(gnutls_hash_fast(GNUTLS_DIG_SHA1, text.ptr, text.len, digest) < 0);
    b64_encode((Slice){(const char *)digest, sizeof(digest)}, out);
}

static bool fits(const WsProtocol *p, bool is_forward)
{
    return is_forward ? p->has_ports : !p->is_raw;
}

static const WsProtocol *choose(const char *list, bool is_forward)
{
    Slice rest = slice_of(list), item;
    bool more = list != NULL;

    while (more) {
        more = slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        for (size_t i = 0; i < ARRAY_LEN(protocols_known); i++)
            if (fits(&protocols_known[i], is_forward) && slice_is(item, protocols_known[i].name))
                return &protocols_known[i];
    }
    return NULL;
}

const char *wsproxy_choose(const char *protocols, bool is_forward)
{
    const WsProtocol *p = choose(protocols, is_forward);

    return p ? p->name : NULL;
}

void wsproxy_frame(int opcode, Slice a, Slice b, Buf *out)
{
    uint64_t n = a.len + b.len;

    buf_addc(out, (char)(0x80 | opcode));
    if (n < 126) {
        buf_addc(out, (char)n);
    } else if (n < 65536) {
        buf_addc(out, 126);
        buf_addc(out, (char)(n >> 8));
        buf_addc(out, (char)(n & 0xff));
    } else {
        buf_addc(out, 127);
        buf_add_be64(out, n);
    }
    buf_add_slice(out, a);
    buf_add_slice(out, b);
}

bool wsproxy_plain_status(Slice status, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = NULL;

    if (value_parse(a, status, &v, NULL) < 0 || str_eq(value_get_str(v, "status"), "Success"))
        return false;
    buf_adds(out, value_at_str(v, "message") ? value_at_str(v, "message") : "");
    return true;
}

static bool is_forward(const HttpReq *q)
{
    return str_starts(q->rq.reply.node_path, "/portForward/");
}

bool wsproxy_is_spdy(const HttpReq *q)
{
    return q->rq.upgrade && strcasecmp(q->rq.upgrade, "SPDY/3.1") == 0;
}

bool wsproxy_has_port_channels(const HttpReq *q)
{
    const WsProtocol *p =
        is_forward(q) && !wsproxy_is_spdy(q) ? choose(q->ws_protocols, true) : NULL;

    return p && !p->is_raw;
}

bool wsproxy_can(const HttpReq *q)
{
    if (!header_has(q->connection, "upgrade"))
        return false;
    return wsproxy_is_spdy(q) || (q->rq.upgrade && strcasecmp(q->rq.upgrade, "websocket") == 0 &&
                                  q->ws_key && choose(q->ws_protocols, is_forward(q)));
}

/* ---- to the client ---- */

static void send_frame(WsProxy *w, int opcode, Slice a, Slice b)
{
    AUTO_BUF out = BUF_INIT;

    if (!w->hijack || w->is_closing)
        return;
    if (w->is_bare && opcode != WS_BINARY)
        return;
    if (w->is_bare) {
        hijack_send(w->hijack, b);
        return;
    }
    wsproxy_frame(opcode, a, b, &out);
    hijack_send(w->hijack, buf_slice(&out));
}

static void send_channel(WsProxy *w, unsigned char channel, Slice payload)
{
    char c = (char)channel;

    if (w->protocol->is_base64) {
        AUTO_BUF text = BUF_INIT;

        b64_encode(payload, &text);
        c = (char)('0' + channel);
        send_frame(w, WS_TEXT, (Slice){&c, 1}, buf_slice(&text));
    } else {
        send_frame(w, WS_BINARY, (Slice){&c, 1}, payload);
    }
}

/* How a command ended, as a Status. */
static void send_status(WsProxy *w, Slice status)
{
    AUTO_BUF words = BUF_INIT;

    w->saw_status = true;
    if (!w->protocol->is_plain)
        send_channel(w, CHANNEL_STATUS, status);
    else if (wsproxy_plain_status(status, &words))
        send_channel(w, CHANNEL_STATUS, buf_slice(&words));
}

static void close_with(WsProxy *w, int code)
{
    const char text[2] = {(char)(code >> 8), (char)code};

    if (!w->hijack || w->is_closing)
        return;
    send_frame(w, WS_CLOSE, (Slice){text, 2}, (Slice){"", 0});
    w->is_closing = true;
    hijack_finish(w->hijack);
}

/* Frames of the agent that are complete. */
static void pass_agent_frames(WsProxy *w)
{
    size_t at = 0;

    if (w->protocol->is_raw) {
        send_frame(w, WS_BINARY, (Slice){"", 0}, buf_slice(&w->from_agent));
        buf_reset(&w->from_agent);
        return;
    }
    while (w->from_agent.len - at >= AGENT_HEAD) {
        const unsigned char *p = (const unsigned char *)w->from_agent.ptr + at;
        size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];

        if (n > AGENT_FRAME_MAX) {
            close_with(w, 1011);
            return;
        }
        if (w->from_agent.len - at - AGENT_HEAD < n)
            break;
        if (p[4] == CHANNEL_STATUS && !w->is_forward)
            send_status(w, (Slice){(const char *)p + AGENT_HEAD, n});
        else
            send_channel(w, p[4], (Slice){(const char *)p + AGENT_HEAD, n});
        at += AGENT_HEAD + n;
    }
    memmove(w->from_agent.ptr, w->from_agent.ptr + at, w->from_agent.len - at);
    buf_truncate(&w->from_agent, w->from_agent.len - at);
}

/* The agent has something, or room. */
static void on_call(void *data)
{
    WsProxy *w = data;
    int r = 1;

    while (w->hijack && !w->is_closing && r > 0 && hijack_pending(w->hijack) < HIJACK_FULL) {
        r = node_call_read(w->call, &w->from_agent, READ_MAX);
        if (w->from_agent.len > 0)
            pass_agent_frames(w);
    }
    if (!w->hijack || w->is_closing)
        return;
    if (r < 0) {
        static const char text[] = "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"the "
                                   "connection to the node broke\",\"reason\":\"InternalError\","
                                   "\"code\":500}";

        if (!w->saw_status && !w->protocol->is_raw && !w->is_forward)
            send_status(w, SLICE(text));
        close_with(w, 1000);
        return;
    }
    if (node_call_pending(w->call) < NODE_CALL_FULL / 2)
        hijack_pause(w->hijack, false);
}

/* ---- from the client ---- */

static void to_agent(WsProxy *w, unsigned char channel, Slice payload)
{
    AUTO_BUF out = BUF_INIT;
    size_t n = payload.len;

    for (int shift = 24; shift >= 0; shift -= 8)
        buf_addc(&out, (char)(n >> shift & 0xff));
    buf_addc(&out, (char)channel);
    buf_add_slice(&out, payload);
    if (node_call_write(w->call, buf_slice(&out)) >= NODE_CALL_FULL)
        hijack_pause(w->hijack, true);
}

static void raw_to_agent(WsProxy *w, Slice bytes)
{
    if (node_call_write(w->call, bytes) >= NODE_CALL_FULL)
        hijack_pause(w->hijack, true);
}

static void on_message(WsProxy *w, Slice m)
{
    if (m.len == 0)
        return;
    if (w->protocol->is_raw) {
        raw_to_agent(w, m);
        return;
    }
    if (w->protocol->is_base64) {
        AUTO_BUF raw = BUF_INIT;

        if (m.ptr[0] >= '0' && m.ptr[0] <= '9' && b64_decode((Slice){m.ptr + 1, m.len - 1}, &raw))
            to_agent(w, (unsigned char)(m.ptr[0] - '0'), buf_slice(&raw));
        return;
    }
    to_agent(w, (unsigned char)m.ptr[0], (Slice){m.ptr + 1, m.len - 1});
}

static void on_frame(WsProxy *w, const WsFrame *f, Slice payload)
{
    switch (f->opcode) {
    case WS_PING: /* who does not read its answers gets no more of them */
        if (hijack_pending(w->hijack) < HIJACK_FULL)
            send_frame(w, WS_PONG, payload, (Slice){"", 0});
        return;
    case WS_PONG:
        return;
    case WS_CLOSE:
        close_with(w, 1000);
        return;
    default:
        break;
    }
    if ((f->opcode == WS_CONTINUATION) != w->in_message ||
        w->message.len + payload.len > MESSAGE_MAX) {
        close_with(w, 1002);
        return;
    }
    if (f->is_final && !w->in_message) {
        on_message(w, payload);
        return;
    }
    buf_add_slice(&w->message, payload);
    w->in_message = !f->is_final;
    if (f->is_final) {
        on_message(w, buf_slice(&w->message));
        buf_reset(&w->message);
    }
}

static void on_client_data(Hijack *h UNUSED, Slice in, void *data)
{
    WsProxy *w = data;
    size_t at = 0;

    if (w->is_bare) {
        raw_to_agent(w, in);
        return;
    }
    buf_add_slice(&w->in, in);
    while (!w->is_closing) {
        WsFrame f;
        Err err;
        int r = ws_frame_parse((Slice){w->in.ptr + at, w->in.len - at}, &f, &err);

        if (r < 0 || (r > 0 && (!f.is_masked || f.payload_len > MESSAGE_MAX))) {
            close_with(w, 1002);
            return;
        }
        if (r == 0 || w->in.len - at - f.head_len < f.payload_len)
            break;
        for (size_t i = 0; i < f.payload_len; i++)
            w->in.ptr[at + f.head_len + i] ^= (char)f.mask[i % 4];
        on_frame(w, &f, (Slice){w->in.ptr + at + f.head_len, f.payload_len});
        if (!w->hijack) /* on_end() has come: only close_with() can have caused it */
            return;
        at += f.head_len + f.payload_len;
    }
    memmove(w->in.ptr, w->in.ptr + at, w->in.len - at);
    buf_truncate(&w->in, w->in.len - at);
}

static void on_client_drained(Hijack *h UNUSED, void *data)
{
    on_call(data);
}

static void free_later(void *data)
{
    WsProxy *w = data;

    buf_done(&w->in);
    buf_done(&w->message);
    buf_done(&w->from_agent);
    free(w);
}

static void on_nothing(void *data UNUSED)
{
}

static void on_client_end(Hijack *h UNUSED, void *data)
{
    WsProxy *w = data;

    w->hijack = NULL;
    loop_timer_free(w->ping);
    w->ping = NULL;
    node_call_set_handler(w->call, on_nothing, NULL);
    node_call_close(w->call);
    w->call = NULL;
}

static const HijackOps ws_ops = {on_client_data, on_client_drained, on_client_end};

static void on_ping(void *data)
{
    send_frame(data, WS_PING, (Slice){"", 0}, (Slice){"", 0});
}

static void write_head(const HttpReq *q, const WsProxy *w, Buf *head)
{
    buf_adds(head, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n");
    if (w->is_bare) {
        buf_addf(head, "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: %s\r\n\r\n",
                 w->protocol->name);
        return;
    }
    buf_adds(head, "Upgrade: websocket\r\nSec-WebSocket-Accept: ");
    wsproxy_accept_key(q->ws_key, head);
    buf_addf(head, "\r\nSec-WebSocket-Protocol: %s\r\n\r\n", w->protocol->name);
}

static WsProxy *new_proxy(HttpReq *q, NodeCall *call)
{
    WsProxy *w = xcalloc(1, sizeof(*w));

    /* The request outlives its hijack: its arena's end is ours. */
    arena_on_free(q->arena, free_later, w);
    w->call = call;
    return w;
}

static void run(HttpReq *q, WsProxy *w, Slice head)
{
    q->rq.reply.status = 101;
    w->hijack = hijack_start(q, &ws_ops, w);
    hijack_send(w->hijack, head);
    node_call_set_handler(w->call, on_call, w);
    on_call(w);
}

void wsproxy_start(HttpReq *q, NodeCall *call)
{
    WsProxy *w = new_proxy(q, call);
    AUTO_BUF head = BUF_INIT;

    w->is_bare = wsproxy_is_spdy(q);
    w->is_forward = is_forward(q);
    w->protocol = !w->is_bare     ? choose(q->ws_protocols, w->is_forward)
                  : w->is_forward ? &spdy_forward
                                  : &spdy_command;
    write_head(q, w, &head);
    w->ping = loop_timer(q->front->loop, PING_MS, PING_MS, on_ping, w);
    run(q, w, buf_slice(&head));
}

void wsproxy_splice(HttpReq *q, NodeCall *call, Slice head)
{
    WsProxy *w = new_proxy(q, call);

    w->is_bare = true;
    w->protocol = &spdy_forward;
    run(q, w, head);
}
