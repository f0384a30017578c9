/*
 * spdy.h - as much of SPDY/3.1 as forwarding a port needs: streams are opened, data goes both ways.
 * Pure. Headers are sent in stored blocks, which every inflater takes; those of answers say nothing
 * of use and are not read.
 *
 * Threads: any. Frees: nothing; payloads point into what was parsed.
 * Tests:   tests/unit/cli/test_spdy.c, tests/fuzz/fuzz_spdy.c
 */
#ifndef CLI_SPDY_H
#define CLI_SPDY_H

#include "base/buf.h"

typedef struct Err Err;

typedef enum SpdyType {
    SPDY_DATA = 0, /* of no control frame */
    SPDY_SYN_STREAM = 1,
    SPDY_SYN_REPLY = 2,
    SPDY_RST_STREAM = 3,
    SPDY_SETTINGS = 4,
    SPDY_PING = 6,
    SPDY_GOAWAY = 7,
    SPDY_HEADERS = 8,
    SPDY_WINDOW_UPDATE = 9,
} SpdyType;

typedef struct SpdyFrame {
    SpdyType type;   /* others are possible, and nothing to us */
    uint32_t stream; /* of data, replies and resets; the number of a ping */
    bool is_last;    /* the other side says no more on this stream */
    Slice payload;   /* data: the bytes; else what follows the head */
} SpdyFrame;

/* Bytes of the frame (> 0), 0 when more are needed, or -ERR_BAD_REQUEST. */
int spdy_parse(Slice in, SpdyFrame *ret, Err *err) MUST_CHECK;
void spdy_write_data(uint32_t stream, bool is_last, Slice bytes, Buf *out);
void spdy_write_ping(uint32_t number, Buf *out);
/* `pairs`: names and values in turn, n of both together. The first one of a connection begins the
 * compressed text. */
void spdy_write_open(uint32_t stream, bool is_first, const char *const *pairs, size_t n, Buf *out);

#endif
