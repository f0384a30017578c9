/*
 * keypair.h - do a certificate and a private key belong together? In the words of Go's
 * tls.X509KeyPair().
 *
 * Threads: any. Owns: nothing; messages live in the arena or are literals.
 * Tests:   tests/unit/base/test_keypair.c, tests/fuzz/fuzz_csr.c
 */
#ifndef BASE_KEYPAIR_H
#define BASE_KEYPAIR_H

#include "base/arena.h"
#include "base/slice.h"

/* Two PEM texts; the first certificate counts. NULL: they do. */
const char *keypair_mistake(Arena *a, Slice certificates, Slice keys);

#endif
