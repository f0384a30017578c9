/*
 * pkcs11uri.h - the part of RFC 7512 that names a token, a key and the module that knows them.
 *
 *     token=acme;object=hostplane?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/pin
 *
 * Understood: token, serial, object, type (secret-key only), id is refused (rotation chooses it);
 * module-path, pin-source (a file). pin-value is refused: a PIN does not belong into a
 * configuration that is printed.
 *
 * Threads: any.
 * Frees:   all strings belong to the arena.
 * Fails:   ERR_BAD_REQUEST with what is wrong.
 * Tests:   tests/unit/keys/test_pkcs11.c
 */
#ifndef KEYS_PKCS11URI_H
#define KEYS_PKCS11URI_H

#include "base/arena.h"

typedef struct Err Err;

typedef struct Pkcs11Uri {
    const char *token, *serial, *object; /* token or serial is set, object is */
    const char *module, *pin_file;       /* set */
} Pkcs11Uri;

/* `text` without "pkcs11:". */
int pkcs11_uri_parse(Arena *a, const char *text, Pkcs11Uri *ret, Err *err) MUST_CHECK;

#endif
