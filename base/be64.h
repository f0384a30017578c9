/*
 * be64.h - numbers of 64 bits, big-endian, as they stand in formats of our own and of the network.
 *
 * Threads: any. Owns: nothing. Fails: never.
 * Tests:   tests/unit/base/test_be64.c
 */
#ifndef BASE_BE64_H
#define BASE_BE64_H

#include "base/buf.h"

enum { BE64_LEN = 8 };

static inline void buf_add_be64(Buf *b, uint64_t v)
{
    char bytes[BE64_LEN];

    for (int i = BE64_LEN - 1; i >= 0; i--, v >>= 8)
        bytes[i] = (char)(v & 0xff);
    buf_add(b, bytes, sizeof(bytes));
}

static inline uint64_t be64_of(const void *p)
{
    const unsigned char *bytes = p;
    uint64_t v = 0;

    for (int i = 0; i < BE64_LEN; i++)
        v = v << 8 | bytes[i];
    return v;
}

#endif
