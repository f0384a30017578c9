/*
 * ring.h - the providers of key-encryption keys that the server was configured with, by name, and
 * the threads on which they may block.
 *
 * A provider that is not local has a worker of its own: one that hangs delays nobody but those
 * whose keys it holds.
 *
 * Owns:    its providers and workers; jobs belong to their makers.
 * Threads: any.
 * Frees:   keyring_close(); jobs that wait end with ERR_UNAVAILABLE first.
 * Fails:   ERR_BAD_REQUEST for a configuration that cannot be read, else as keys/provider.h.
 * Tests:   tests/unit/keys/test_ring.c
 */
#ifndef KEYS_RING_H
#define KEYS_RING_H

#include "base/err.h"
#include "base/list.h"
#include "keys/provider.h"

typedef struct KeyRing KeyRing;

enum { KEY_PROVIDER_NAME_MAX = 64, KEY_PROVIDERS_MAX = 64 };

typedef struct KeyRingItem {
    const char *name;      /* a DNS label */
    const char *spec;      /* keys/provider.h; or */
    KeyProvider *provider; /* this, taken over whether or not it succeeds */
} KeyRingItem;

/* `deflt`: the name of the one for clusters that do not name theirs. */
int keyring_open(const KeyRingItem *items, size_t n, const char *deflt, KeyRing **ret,
                 Err *err) MUST_CHECK;
void keyring_close(KeyRing *r);
/* Ends all jobs, the one that runs on each worker by waiting for it; later ones fail at once. */
void keyring_shut(KeyRing *r);
DEFINE_CLEANUP(KeyRing, keyring_close);

size_t keyring_n(const KeyRing *r);
const char *keyring_name(const KeyRing *r, size_t i);
const char *keyring_default(const KeyRing *r);
/* Borrowed; NULL when there is none of that name. */
KeyProvider *keyring_find(const KeyRing *r, const char *name);

/* Work with a provider that may block. */
typedef struct KeyJob KeyJob;
struct KeyJob {
    /* set by the maker */
    const char *provider; /* its name; lives as long as the job */
    int (*run)(KeyJob *j, KeyProvider *p, Err *err);
    void (*done)(KeyJob *j, int r,
                 const Err *err); /* exactly once, after run(); may free the job */
    /* private */
    List link;
};
/* run() and done() on the provider's worker; for one that is local, or unknown, in the call itself.
 */
void keyring_run(KeyRing *r, KeyJob *j);

#endif
