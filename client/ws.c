#include "client/ws.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "client/http_int.h"
#include "client/status.h"

#include <openssl/sha.h>
#include <poll.h>
#include <strings.h>

enum { HEAD_MAX = 64 << 10, HANDSHAKE_TIMEOUT_MS = 30000, GOODBYE_TIMEOUT_MS = 1000 };

struct WebSocket {
    HttpCall call;
    curl_socket_t fd;
    char *protocol;
    Buf in;        /* received and not consumed */
    Buf partial;   /* fragments of a message */
    bool is_ended; /* a close frame was seen, or the connection broke */
};

/* 1: ready, 0: timeout. */
static int wait_for(WebSocket *ws, short events, int64_t timeout_ms)
{
    struct pollfd p = {.fd = ws->fd, .events = events};
    int r = poll(&p, 1, timeout_ms < 0 || timeout_ms > INT32_MAX ? -1 : (int)timeout_ms);

    return r > 0;
}

static int send_all(WebSocket *ws, Slice s, Err *err)
{
    while (s.len > 0) {
        size_t n = 0;
        CURLcode code = curl_easy_send(ws->call.curl, s.ptr, s.len, &n);

        if (code == CURLE_AGAIN) {
            (void)wait_for(ws, POLLOUT, 1000); /* then try again in any case */
            continue;
        }
        if (code != CURLE_OK) {
            ws->is_ended = true;
            return http__error(&ws->call, code, err);
        }
        s.ptr += n;
        s.len -= n;
    }
    return 0;
}

/* More bytes into ws->in: 1 some came, 0 timeout. */
static int fill(WebSocket *ws, int64_t deadline_us, Err *err)
{
    char chunk[16384];
    size_t n = 0;

    for (;;) {
        CURLcode code = curl_easy_recv(ws->call.curl, chunk, sizeof(chunk), &n);
        int64_t left_ms;

        if (code == CURLE_OK && n > 0) {
            buf_add(&ws->in, chunk, n);
            return 1;
        }
        if (code != CURLE_AGAIN) {
            ws->is_ended = true;
            return code == CURLE_OK
                       ? err_set(err, ERR_UNAVAILABLE, "the server closed the connection")
                       : http__error(&ws->call, code, err);
        }
        left_ms = deadline_us < 0 ? -1 : (deadline_us - clock_mono_us() + 999) / 1000;
        if (deadline_us >= 0 && left_ms <= 0)
            return 0;
        (void)wait_for(ws, POLLIN, left_ms); /* the next read tells */
    }
}

static void consume(Buf *b, size_t n)
{
    memmove(b->ptr, b->ptr + n, b->len - n);
    buf_truncate(b, b->len - n);
}

/* ---- the handshake ---- */

static void write_request(HttpCall *call, const ClientRequest *req, const char *key,
                          const char *const *protocols, Buf *out)
{
    HttpClient *h = call->h;
    const char *host = strstr(h->origin, "://") + 3;
    bool is_elsewhere = req->cluster && !str_eq(req->cluster, "host");

    buf_addf(out, "GET %s%s%s%s%s HTTP/1.1\r\n", is_elsewhere ? "/clusters/" : h->prefix,
             is_elsewhere ? req->cluster : "", req->path, req->query && req->query[0] ? "?" : "",
             req->query ? req->query : "");
    buf_addf(out, "Host: %s\r\nUser-Agent: %s\r\n", host, h->client.user_agent);
    for (struct curl_slist *l = call->headers; l; l = l->next)
        if (!str_ends(l->data, ":"))
            buf_addf(out, "%s\r\n", l->data);
    if (h->o.username && !h->o.token && !h->o.token_file) {
        AUTO_FREE char *plain =
            xasprintf("%s:%s", h->o.username, h->o.password ? h->o.password : "");

        buf_adds(out, "Authorization: Basic ");
        b64_encode(slice_of(plain), out);
        buf_adds(out, "\r\n");
    }
    buf_addf(out, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    buf_addf(out, "Sec-WebSocket-Key: %s\r\n", key);
    for (size_t i = 0; protocols && protocols[i]; i++)
        buf_addf(out, "%s%s", i == 0 ? "Sec-WebSocket-Protocol: " : ", ", protocols[i]);
    if (protocols && protocols[0])
        buf_adds(out, "\r\n");
    buf_adds(out, "\r\n");
}

static void accept_of_key(const char *key, Buf *out)
{
    AUTO_FREE char *text = xasprintf("%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    unsigned char digest[SHA_DIGEST_LENGTH];

    SHA1((const unsigned char *)text, strlen(text), digest);
    b64_encode((Slice){(const char *)digest, sizeof(digest)}, out);
}

/* The value of a header in the head of an answer; a NULL ptr when it is not there. */
static Slice head_get(Slice head, const char *name)
{
    size_t n = strlen(name);
    Slice line;

    while (head.len > 0) {
        slice_cut(&head, '\n', &line);
        if (line.len > n && line.ptr[n] == ':' && strncasecmp(line.ptr, name, n) == 0)
            return slice_trim((Slice){line.ptr + n + 1, line.len - n - 1});
    }
    return (Slice){NULL, 0};
}

/* The server refused: read what it says. */
static int refused(WebSocket *ws, Slice head, int status, int64_t deadline_us, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice text = head_get(head, "content-length");
    int64_t want = 0;
    Slice body;

    if (!text.ptr || !slice_to_int64(text, &want) || want < 0 || want > HEAD_MAX)
        want = text.ptr ? 0 : HEAD_MAX;
    while ((int64_t)ws->in.len < want && fill(ws, deadline_us, NULL) > 0)
        ;
    body = buf_slice(&ws->in);
    if (body.len > 0 && body.ptr[0] != '{') { /* chunked: the text starts at the brace */
        const char *open = memchr(body.ptr, '{', body.len);
        const char *close = open ? memrchr(body.ptr, '}', body.len) : NULL;

        if (open && close && close > open)
            body = (Slice){open, (size_t)(close - open) + 1};
    }
    return client_status_error(a, status, body, err);
}

static int read_answer(WebSocket *ws, const char *key, Err *err)
{
    int64_t deadline_us = clock_mono_us() + HANDSHAKE_TIMEOUT_MS * 1000LL;
    AUTO_BUF head = BUF_INIT, want = BUF_INIT;
    const char *end = NULL;
    Slice value;
    int status = 0, r;

    while (!(end = ws->in.len > 0 ? memmem(ws->in.ptr, ws->in.len, "\r\n\r\n", 4) : NULL)) {
        if (ws->in.len > HEAD_MAX)
            return err_set(err, ERR_BAD_REQUEST, "the head of the answer is too long");
        r = fill(ws, deadline_us, err);
        if (r == 0)
            return err_set(err, ERR_TIMEOUT, "no answer to the upgrade request");
        if (r < 0)
            return r;
    }
    buf_add(&head, ws->in.ptr, (size_t)(end - ws->in.ptr) + 2);
    consume(&ws->in, head.len + 2);
    if (head.len < 12 || !str_starts(buf_str(&head), "HTTP/1."))
        return err_set(err, ERR_BAD_REQUEST, "the answer is not HTTP");
    status = (int)strtol(head.ptr + 9, NULL, 10);
    if (status != 101)
        return refused(ws, buf_slice(&head), status, deadline_us, err);
    accept_of_key(key, &want);
    value = head_get(buf_slice(&head), "sec-websocket-accept");
    if (!slice_eq(value, buf_slice(&want)))
        return err_set(err, ERR_BAD_REQUEST, "the server's websocket answer has a wrong key");
    value = head_get(buf_slice(&head), "sec-websocket-protocol");
    ws->protocol = xstrndup(value.ptr ? value.ptr : "", value.len);
    return 0;
}

int ws_open(Client *http, const ClientRequest *req, const char *const *protocols, WebSocket **ret,
            Err *err)
{
    CLEANUP(ws_close) WebSocket *ws = xcalloc(1, sizeof(*ws));
    AUTO_BUF key = BUF_INIT, text = BUF_INIT;
    unsigned char nonce[16];
    CURLcode code;
    int r;

    BUG_ON(!client_is_http(http));
    ws->fd = CURL_SOCKET_BAD;
    http__begin(&ws->call, (HttpClient *)http, req);
    curl_easy_setopt(ws->call.curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(ws->call.curl, CURLOPT_FRESH_CONNECT, 1L);
    code = curl_easy_perform(ws->call.curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(ws->call.curl, CURLINFO_ACTIVESOCKET, &ws->fd);
    if (code != CURLE_OK || ws->fd == CURL_SOCKET_BAD) {
        ws->is_ended = true;
        return http__error(&ws->call, code, err);
    }
    random_bytes(nonce, sizeof(nonce));
    b64_encode((Slice){(const char *)nonce, sizeof(nonce)}, &key);
    write_request(&ws->call, req, buf_str(&key), protocols, &text);
    r = send_all(ws, buf_slice(&text), err);
    if (r == 0)
        r = read_answer(ws, buf_str(&key), err);
    if (r < 0) {
        ws->is_ended = true;
        return r;
    }
    *ret = TAKE(ws);
    return 0;
}

void ws_close(WebSocket *ws)
{
    if (!ws)
        return;
    if (!ws->is_ended) {
        int64_t deadline_us = clock_mono_us() + GOODBYE_TIMEOUT_MS * 1000LL;
        AUTO_BUF rest = BUF_INIT;

        /* Best effort: the connection goes away anyway. */
        if (ws_send(ws, WS_CLOSE, (Slice){"\x03\xe8", 2}, NULL) == 0)
            while (clock_mono_us() < deadline_us && ws_receive(ws, 100, &rest, NULL) >= 0)
                ;
    }
    if (ws->call.curl)
        http__end(&ws->call, false);
    free(ws->protocol);
    buf_done(&ws->in);
    buf_done(&ws->partial);
    free(ws);
}

const char *ws_protocol(const WebSocket *ws)
{
    return ws->protocol;
}

int ws_fd(const WebSocket *ws)
{
    return ws->fd;
}

int ws_send(WebSocket *ws, WsOpcode op, Slice payload, Err *err)
{
    AUTO_BUF frame = BUF_INIT;
    unsigned char mask[4];

    if (ws->is_ended)
        return err_set(err, ERR_UNAVAILABLE, "the connection is closed");
    random_bytes(mask, sizeof(mask));
    ws_frame_write(op, payload, mask, &frame);
    return send_all(ws, buf_slice(&frame), err);
}

/* Handle one complete frame: 1 a message is in *ret, 0 go on, negative: the end. */
static int take_frame(WebSocket *ws, const WsFrame *f, Slice payload, Buf *ret, Err *err)
{
    if (f->is_masked)
        return err_set(err, ERR_BAD_REQUEST, "websocket: the server sent a masked frame");
    switch (f->opcode) {
    case WS_PING:
        return ws_send(ws, WS_PONG, payload, err);
    case WS_PONG:
        return 0;
    case WS_CLOSE:
        if (ws_send(ws, WS_CLOSE, payload, NULL) < 0)
            log_debug(NULL, "the peer was gone before the goodbye");
        ws->is_ended = true;
        return err_set(err, ERR_EXPIRED, "the server closed the stream");
    default:
        break;
    }
    if (ws->partial.len + payload.len > WS_MESSAGE_MAX)
        return err_set(err, ERR_BAD_REQUEST, "websocket: a message is too long");
    buf_add_slice(&ws->partial, payload);
    if (!f->is_final)
        return 0;
    buf_add_slice(ret, buf_slice(&ws->partial));
    buf_reset(&ws->partial);
    return 1;
}

int ws_receive(WebSocket *ws, int64_t timeout_ms, Buf *ret, Err *err)
{
    int64_t deadline_us = timeout_ms < 0 ? -1 : clock_mono_us() + timeout_ms * 1000;
    WsFrame f;
    int r;

    buf_reset(ret);
    for (;;) {
        if (ws->is_ended)
            return err_set(err, ERR_EXPIRED, "the stream has ended");
        r = ws_frame_parse(buf_slice(&ws->in), &f, err);
        if (r > 0 && ws->in.len >= f.head_len + f.payload_len) {
            Slice payload = {ws->in.ptr + f.head_len, (size_t)f.payload_len};

            r = take_frame(ws, &f, payload, ret, err);
            consume(&ws->in, f.head_len + (size_t)f.payload_len);
            if (r == 0)
                continue;
        } else if (r >= 0) {
            r = fill(ws, deadline_us, err);
            if (r > 0)
                continue;
        }
        if (r < 0)
            ws->is_ended = true;
        return r;
    }
}
