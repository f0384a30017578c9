/*
 * spdy.h - as much of SPDY/3.1 as a client of a container runtime's streaming server needs: open
 * streams, send data, half-close, read frames.
 *
 * The runtime's WebSocket cannot say that standard input has ended; its SPDY can.
 *
 * Pure: bytes in, bytes out. Headers that the server sends are not read.
 *
 * Owns:    a SpdyHeaders owns the compressor that all header blocks of a connection share.
 * Threads: one at a time.
 * Frees:   spdy_headers_free().
 * Fails:   spdy_frame_parse() with ERR_TOO_LARGE for frames beyond SPDY_FRAME_MAX.
 * Tests:   tests/unit/agent/test_spdy.c, tests/fuzz/fuzz_spdy.c
 */
#ifndef AGENT_SPDY_H
#define AGENT_SPDY_H

#include "base/buf.h"

typedef struct Err Err;
typedef struct SpdyHeaders SpdyHeaders;

enum {
    SPDY_FRAME_MAX = 16 << 20,
    SPDY_SYN_STREAM = 1,
    SPDY_SYN_REPLY = 2,
    SPDY_RST_STREAM = 3,
    SPDY_PING = 6,
    SPDY_GOAWAY = 7,
};

SpdyHeaders *spdy_headers_new(void);
void spdy_headers_free(SpdyHeaders *h);
DEFINE_CLEANUP(SpdyHeaders, spdy_headers_free);

typedef struct SpdyHeader {
    const char *name, *value; /* names in lower case */
} SpdyHeader;
/* Appends the frame that opens stream `id` (odd, rising) with these headers. */
void spdy_open_stream(SpdyHeaders *h, uint32_t id, const SpdyHeader *headers, size_t n, Buf *out);
/* Appends data of a stream; is_last: nothing follows from our side. */
void spdy_data(uint32_t id, Slice data, bool is_last, Buf *out);

typedef struct SpdyFrame {
    bool is_control, is_last;
    uint16_t type;   /* of a control frame */
    uint32_t stream; /* of data, SYN_REPLY, RST_STREAM; the number of a PING */
    Slice data;      /* in the input */
} SpdyFrame;
/* Bytes of the frame (> 0), 0 when more are needed. */
int64_t spdy_frame_parse(Slice in, SpdyFrame *ret, Err *err) MUST_CHECK;

#endif
