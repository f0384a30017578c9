/*
 * h1.h - HTTP/1.1 as a client reads it: the head of an answer, and its body without framing.
 *
 * Owns:    H1Body: what it holds of a chunk's head.
 * Threads: any; pure.
 * Frees:   heads are the arena's.
 * Fails:   ERR_BAD_REQUEST for what is not HTTP; lengths have limits.
 * Tests:   tests/unit/hostplane/test_h1.c, tests/fuzz/fuzz_h1.c
 */
#ifndef HOSTPLANE_H1_H
#define HOSTPLANE_H1_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct Err Err;

enum { H1_HEAD_MAX = 1 << 20, H1_HEADERS_MAX = 1000 };

typedef struct H1Header {
    const char *name, *value;
} H1Header;

typedef struct H1Head {
    int status;
    H1Header *headers;
    uint32_t n_headers;
} H1Head;

/* 0: not all of it is there yet; more: so many bytes were the head; less: it is none. */
int64_t h1_head_parse(Arena *a, Slice in, H1Head *ret, Err *err) MUST_CHECK;
const char *h1_header(const H1Head *h, const char *name); /* the first; NULL */
/* Is it one of those that belong to the connection only, by itself or by the head's word? */
bool h1_is_hop_header(const H1Head *h, const char *name);

typedef enum H1Framing { H1_NONE, H1_LENGTH, H1_CHUNKED, H1_UNTIL_END } H1Framing;

typedef struct H1Body {
    /* read-only */
    H1Framing framing;
    int64_t length; /* H1_LENGTH: of all of it */
    bool is_over;
    /* private */
    int64_t left; /* of the body or the chunk */
    int state;
    size_t n_line;
    char line[64];
} H1Body;

/* How the body of an answer to `method` is framed. */
int h1_body_init(H1Body *b, const H1Head *h, const char *method, Err *err) MUST_CHECK;
/* Appends what of `in` is content. */
int h1_body_feed(H1Body *b, Slice in, Buf *out, Err *err) MUST_CHECK;
/* The connection has ended: was that all? */
bool h1_body_end(H1Body *b);

#endif
