/*
 * jwsparts.h - the compact form of RFC 7515 taken apart: how reading a token begins, whether it is
 * one of our own (token.h) or of a foreign issuer (jws.h).
 *
 * Owns:    nothing; the parts lie in the text, values in the arena.
 * Threads: any.
 * Fails:   ERR_UNAUTHORIZED; messages hold nothing of the token.
 * Tests:   tests/unit/base/test_token.c, tests/unit/base/test_jws.c
 */
#ifndef BASE_JWSPARTS_H
#define BASE_JWSPARTS_H

#include "base/value.h"

typedef struct JwsParts { /* as they stand in the text, in base64url */
    Slice header, payload, signature;
    Slice signed_part; /* header and payload with the dot between */
} JwsParts;

int jws_cut(Slice text, size_t max_len, JwsParts *ret, Err *err) MUST_CHECK;
/* Header or payload: a JSON object without a key that comes twice. `what` is its name in messages.
 */
int jws_part(Arena *a, Slice part, const char *what, Value **ret, Err *err) MUST_CHECK;

#endif
