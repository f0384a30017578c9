/*
 * seal.h - bodies of objects as they stand in the database, plain or encrypted.
 *
 *     encrypted = form (1) | length of uid (1) | uid | nonce | ciphertext | tag
 *     form:       1, or 2 and the version of the data key (8, big-endian); 1 is that of version 1
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

#include "store/datakey.h"

typedef struct Err Err;

typedef struct SealPlace {
    const char *cluster_uid, *storage, *ns, *name;
} SealPlace;

/* How all bodies begin that the data key of this version has sealed. */
void seal_header(int64_t version, Buf *out);
/* Of the data key that sealed it; 0: that is not ours, as nothing that is JSON is. */
int64_t seal_version(Slice sealed);
void seal_body(const DataKey *key, const SealPlace *at, const char *uid, Slice text, Buf *out);
int seal_open(const DataKey *key, const SealPlace *at, Slice sealed, Buf *out, Err *err) MUST_CHECK;
/* False when it is not sealed, or cut short. */
bool seal_uid(Slice sealed, Slice *ret_uid);

#endif
