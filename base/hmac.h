/*
 * hmac.h - HMAC with SHA-256.
 *
 * Threads: any. Owns: nothing. Fails: never.
 * Tests:   tests/unit/base/test_hmac.c
 */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/slice.h"

enum { HMAC_SHA256_LEN = 32 };

void hmac_sha256(Slice key, Slice data, unsigned char ret[HMAC_SHA256_LEN]);

#endif
