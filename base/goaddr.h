/*
 * goaddr.h - IP addresses as Go's net/netip reads them (ParseAddr), without zones.
 *
 * Threads: any. Owns: nothing. Fails: with the reason as ParseAddr words it.
 * Tests:   tests/unit/base/test_gourl.c, tests/unit/cel/test_cel.c, tests/fuzz/fuzz_gourl.c
 */
#ifndef BASE_GOADDR_H
#define BASE_GOADDR_H

#include "base/slice.h"

typedef struct GoAddr {
    unsigned char bytes[16]; /* four of them for IPv4 */
    int size;                /* 4 or 16 */
} GoAddr;

/* NULL, or what is wrong: text that lives for good. *at: what is left where it is, which
 * ParseAddr's message ends with; empty where that does not say. */
const char *goaddr_parse(Slice s, GoAddr *ret, Slice *at);

#endif
