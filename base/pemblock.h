/*
 * pemblock.h - the blocks of a PEM text, as Go's encoding/pem finds them: what is no whole block is
 * passed over.
 *
 * Owns:    a PemBlock owns the bytes of `der`; buf_done() frees them.
 * Threads: any. Frees: types live in the arena.
 * Tests:   tests/unit/base/test_keypair.c, tests/fuzz/fuzz_csr.c
 */
#ifndef BASE_PEMBLOCK_H
#define BASE_PEMBLOCK_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct PemBlock {
    char *type; /* "CERTIFICATE" */
    Buf der;
    bool has_headers;
} PemBlock;

/* Takes the next block off `rest`; false: there is none. `b` begins as {.der = BUF_INIT}. */
bool pemblock_next(Arena *a, Slice *rest, PemBlock *b);

#endif
