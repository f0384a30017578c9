/*
 * aead.h - authenticated encryption: AES-256-GCM with a random nonce in front.
 *
 *     sealed = nonce (12) | ciphertext | tag (16)
 *
 * Threads: any.
 * Frees:   results are appended to the caller's Buf; plaintext is the caller's to wipe.
 * Fails:   aead_open() with ERR_INVALID when key, associated data or bytes do not belong together.
 * Tests:   tests/unit/base/test_aead.c
 */
#ifndef BASE_AEAD_H
#define BASE_AEAD_H

#include "base/buf.h"

typedef struct Err Err;

enum {
    AEAD_KEY_BYTES = 32,
    AEAD_NONCE_BYTES = 12,
    AEAD_TAG_BYTES = 16,
    AEAD_OVERHEAD = AEAD_NONCE_BYTES + AEAD_TAG_BYTES,
};

void aead_new_key(uint8_t ret_key[AEAD_KEY_BYTES]);
/* `aad` is authenticated, not stored: aead_open() needs the same bytes. */
void aead_seal(const uint8_t key[AEAD_KEY_BYTES], Slice aad, Slice plain, Buf *out);
int aead_open(const uint8_t key[AEAD_KEY_BYTES], Slice aad, Slice sealed, Buf *out,
              Err *err) MUST_CHECK;
/* Overwrite a secret; never optimised away. */
void aead_wipe(void *p, size_t n);

#endif
