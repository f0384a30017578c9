/*
 * seal.h - bodies of objects as they stand in the database, plain or encrypted.
 *
 *     encrypted = version (1) | length of uid (1) | uid | nonce | ciphertext | tag
 *
 * Associated data: cluster uid, resource, namespace, name, object uid, each ended by NUL. A row
 * that is moved to another place, or an older one put under another object, does not decrypt.
 *
 * Threads: any.
 * Fails:   seal_open() with ERR_INTERNAL when the bytes do not belong to this place.
 * Tests:   tests/unit/store/test_seal.c
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "base/buf.h"

typedef struct Err Err;

typedef struct SealPlace {
    const char *cluster_uid, *storage, *ns, *name;
} SealPlace;

void seal_body(const uint8_t *key, const SealPlace *at, const char *uid, Slice text, Buf *out);
int seal_open(const uint8_t *key, const SealPlace *at, Slice sealed, Buf *out, Err *err) MUST_CHECK;
/* Nothing that is JSON begins like something sealed. False when it is not, or cut short. */
bool seal_uid(Slice sealed, Slice *ret_uid);

#endif
