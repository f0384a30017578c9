/*
 * datakey.h - the data keys of a cluster: the newest, and those of before for as long as rows need
 * them. A list, the newest first, in secret memory.
 *
 * At rest the newest is wrapped by a key provider, the older ones are sealed with the newest:
 *
 *     plain = (version (8, big-endian) | key (32))...
 *     associated data: "older" NUL uid NUL version
 *
 * Threads: one at a time (the store's).
 * Frees:   datakeys_free().
 * Fails:   datakeys_open_older() with ERR_INVALID.
 * Tests:   tests/unit/store/test_datakey.c
 */
#ifndef STORE_DATAKEY_H
#define STORE_DATAKEY_H

#include "base/aead.h"
#include "base/secret.h"

enum { DATAKEYS_OLDER_MAX = 8 };

typedef struct DataKey {
    uint8_t bytes[AEAD_KEY_BYTES];
    int64_t version;
    struct DataKey *next; /* older */
    int64_t gone_us;      /* not 0: when the database was found to have it no more */
} DataKey;

DataKey *datakey_new(int64_t version); /* zeros */
void datakeys_free(DataKey *first);
static inline void datakeys_freep(DataKey **p)
{
    datakeys_free(*p);
}
#define AUTO_DATAKEYS __attribute__((cleanup(datakeys_freep))) DataKey

const DataKey *datakey_find(const DataKey *first, int64_t version); /* NULL: not there */
/* How many older ones the database has. */
size_t datakeys_n_older(const DataKey *first);
/* The older ones as they stand in the database; nothing when there are none. */
void datakeys_seal_older(const DataKey *first, const char *uid, Buf *out);
/* And back, behind `first`. */
int datakeys_open_older(DataKey *first, const char *uid, Slice sealed, Err *err) MUST_CHECK;
/* `fresh` (taken over) is what the database has; what is known beyond it is gone since `now_us`:
 * readers of an older state may still meet it. */
void datakeys_renew(DataKey **first, DataKey *fresh, int64_t now_us);
/* Forget what was gone by `before_us`; true when something is left that is gone. */
bool datakeys_purge(DataKey *first, int64_t before_us);

#endif
