/*
 * kek.h - the key-encryption key in a file: wraps the clusters' data keys.
 *
 * Owns:    the key in memory, wiped at the end.
 * Threads: any after kek_open().
 * Frees:   kek_close().
 * Fails:   ERR_INTERNAL when the file cannot be read or made, is not 32 bytes, or others may read
 *          it; unwrapping with the wrong key ERR_INVALID.
 * Tests:   tests/unit/hostplane/test_kek.c
 */
#ifndef HOSTPLANE_KEK_H
#define HOSTPLANE_KEK_H

#include "store/store.h"

typedef struct Kek Kek;

/* Makes the file (mode 0600) when it is missing. */
int kek_open(const char *path, Kek **ret, Err *err) MUST_CHECK;
void kek_close(Kek *k);
DEFINE_CLEANUP(Kek, kek_close);
KeyWrap kek_wrap(Kek *k); /* for StoreOptions; borrows k */

#endif
