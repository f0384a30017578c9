/*
 * random.h - bytes nobody can guess, and the names and uids made of them.
 *
 * Threads: any.
 * Fails:   never; without the kernel's generator the process aborts.
 * Tests:   tests/unit/base/test_random.c
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/slice.h"

enum {
    UUID_TEXT_MAX = 37,
    SHA256_LEN = 32,
};

void random_bytes(void *out, size_t n);
uint64_t random_u64(void);

/* A version 4 UUID in `out`, which is returned. */
char *random_uuid(char out[UUID_TEXT_MAX]);
/* The same UUID for the same text, always: uids of objects of the base layer, which come from the
 * cluster's uid and the object's key. Marked version 8 (RFC 9562: "custom"). */
char *uuid_from_text(Slice text, char out[UUID_TEXT_MAX]);

/* `n` characters of the alphabet that generateName uses (no vowels, no look-alikes), then NUL. */
char *random_suffix(char *out, size_t n);
/* The same letters for the same bits; n <= 12. */
char *suffix_from_bits(char *out, size_t n, uint64_t bits);
/* `n` characters 0-9a-z: the parts of bootstrap tokens. */
char *random_alnum(char *out, size_t n);

void sha256(Slice in, unsigned char out[SHA256_LEN]);
char *sha256_hex(Slice in, char out[2 * SHA256_LEN + 1]);

#endif
