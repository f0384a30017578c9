/*
 * secret.h - small memory for keys: locked into RAM, left out of core dumps and of children of
 * fork(), wiped when it is given back.
 *
 * Slots of SECRET_BYTES come out of chunks that are never returned to the system, so that a
 * thousand keys cost a few locked pages. Where the system refuses to lock memory (RLIMIT_MEMLOCK)
 * that is said once in the log, and the rest still holds.
 *
 * Threads: any.
 * Frees:   secret_free(), secret_text_free(); slots still out at the end of the process stay out.
 * Fails:   never; no memory aborts.
 * Tests:   tests/unit/base/test_secret.c
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/buf.h"

enum { SECRET_BYTES = 64 };

/* From here on the library that signs keeps private keys in such memory as well, up to `bytes`, a
 * power of two. At start, before the first key. */
void secret_guard_library(size_t bytes);

void *secret_new(void); /* SECRET_BYTES of zeros */
void secret_free(void *p);
static inline void secret_freep(uint8_t **p)
{
    secret_free(*p);
}
#define AUTO_SECRET __attribute__((cleanup(secret_freep))) uint8_t

/* A secret of any length, in as many slots as it needs. */
typedef struct SecretText SecretText;
SecretText *secret_text_new(Slice text);
void secret_text_free(SecretText *t);
DEFINE_CLEANUP(SecretText, secret_text_free);
size_t secret_text_len(const SecretText *t);
/* Appends it; reserves first, so that no copy is left behind. */
void secret_text_add(const SecretText *t, Buf *out);

#endif
