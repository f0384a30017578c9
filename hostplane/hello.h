/*
 * hello.h - what a TLS client says before anything else: which name it asks for.
 *
 * Read from bytes that are still in the socket, to know whose turn it is to be greeted. GnuTLS
 * reads the same bytes again, and strictly; nothing but that order depends on what is found here.
 *
 * Owns:    nothing; the name points into the bytes.
 * Threads: any.
 * Fails:   never.
 * Tests:   tests/unit/hostplane/test_hello.c, tests/fuzz/fuzz_hello.c
 */
#ifndef HOSTPLANE_HELLO_H
#define HOSTPLANE_HELLO_H

#include "base/slice.h"

enum { HELLO_MAX = 5 + 16384 }; /* a record with its head: no more is looked at */

/* False: there is more to come. *ret_name: of the server_name extension (RFC 6066, 3), or empty, as
 * it is when the bytes are no ClientHello (RFC 8446, 4.1.2). */
bool hello_read(Slice bytes, Slice *ret_name);

#endif
