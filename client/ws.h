/*
 * ws.h - WebSocket client (RFC 6455) for exec, attach and port-forward, on the connection options
 * of an HTTP client: TLS, certificates, tokens.
 *
 * Owns:    its connection.
 * Threads: one at a time.
 * Frees:   ws_close(), which also says goodbye. NULL is fine.
 * Fails:   ws_open() with the code of the server's Status when it refuses the upgrade;
 *          ERR_UNAVAILABLE when the connection breaks; ERR_BAD_REQUEST when the peer breaks the
 *          protocol.
 * Tests:   tests/unit/client/test_ws.c, tests/fuzz/fuzz_ws.c
 */
#ifndef CLIENT_WS_H
#define CLIENT_WS_H

#include "client/client.h"

typedef struct Err Err;
typedef struct WebSocket WebSocket;

typedef enum WsOpcode {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
} WsOpcode;

enum { WS_MESSAGE_MAX = 32 << 20 };

/* `protocols` ends with NULL, the one liked best first: "v5.channel.k8s.io". */
int ws_open(Client *http, const ClientRequest *req, const char *const *protocols, WebSocket **ret,
            Err *err) MUST_CHECK;
void ws_close(WebSocket *ws);
DEFINE_CLEANUP(WebSocket, ws_close);
const char *ws_protocol(const WebSocket *ws); /* what the server chose; "" for none */
int ws_fd(const WebSocket *ws); /* for poll(); call ws_receive(0) until it gives 0 before polling */

/* Sends one message whole; blocks while the connection is full. */
int ws_send(WebSocket *ws, WsOpcode op, Slice payload, Err *err) MUST_CHECK;
/* The next message into *ret (which is reset). 1: a message, 0: none within timeout_ms (-1: waits
 * for ever), -ERR_EXPIRED: the server closed in good order. Pings are answered inside. */
int ws_receive(WebSocket *ws, int64_t timeout_ms, Buf *ret, Err *err) MUST_CHECK;

/* ---- the frame format, pure ---- */
typedef struct WsFrame {
    bool is_final;
    WsOpcode opcode;
    uint64_t payload_len;
    size_t head_len;
    bool is_masked;
    unsigned char mask[4];
} WsFrame;
/* Bytes of the head (> 0), 0 when more bytes are needed, or -ERR_BAD_REQUEST. */
int ws_frame_parse(Slice in, WsFrame *ret, Err *err) MUST_CHECK;
/* Appends a masked, final client frame. */
void ws_frame_write(WsOpcode op, Slice payload, const unsigned char mask[4], Buf *out);

#endif
