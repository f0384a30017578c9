/*
 * jws.h - signed tokens of foreign issuers: the compact form of RFC 7515 under the keys of an RFC
 * 7517 set, as OpenID Connect has them. Tokens of our own are base/token.h.
 *
 * The algorithm is one of nine with public keys (upstream's list: k8s.io/apiserver plugin oidc),
 * and a key serves only those that fit its kind, its curve and what the set says of it, so a token
 * cannot choose how it is checked. Keys come from the set and from nowhere else: a header that
 * brings or points to one is refused, as is one that marks fields as critical.
 *
 * Owns:    a JwkSet is immutable and counted; a Jws lives in the arena it was parsed in.
 * Threads: any.
 * Frees:   jwks_unref().
 * Fails:   ERR_UNAUTHORIZED for tokens, ERR_BAD_REQUEST for sets; messages hold nothing of either
 *          but names of fields.
 * Tests:   tests/unit/base/test_jws.c, tests/fuzz/fuzz_jws.c, tests/fuzz/fuzz_jwks.c
 */
#ifndef BASE_JWS_H
#define BASE_JWS_H

#include "base/value.h"

enum {
    JWS_MAX_LEN = 16384,    /* longer tokens are refused unread */
    JWKS_MAX_LEN = 1 << 19, /* longer sets are */
    JWKS_MAX_KEYS = 64,     /* those behind do not count */
};

typedef struct JwsAlg JwsAlg;

typedef struct Jws {
    const JwsAlg *alg;
    Slice kid;          /* empty when absent */
    Value *claims;      /* an object. Believe nothing in it before jwks_verify() */
    const char *issuer; /* of the claims, as unproven as they; "" when absent */
    Slice signed_part, signature;
} Jws;

int jws_parse(Arena *a, Slice text, Jws *ret, Err *err) MUST_CHECK;
const char *jws_alg_name(const JwsAlg *alg);
bool jws_alg_is_known(const char *name); /* one that is allowed */

typedef struct JwkSet JwkSet;

/* Keys that are not for signatures, of unknown kinds or symmetric are left out; a set of which
 * nothing is left is refused. */
int jwks_parse(Slice text, JwkSet **ret, Err *err) MUST_CHECK;
JwkSet *jwks_ref(JwkSet *s);
void jwks_unref(JwkSet *s);
DEFINE_CLEANUP(JwkSet, jwks_unref);
uint32_t jwks_size(const JwkSet *s);

typedef enum JwsVerdict {
    JWS_GOOD,
    JWS_NO_KEY, /* no key of that id for that algorithm: the set may be too old */
    JWS_FORGED,
} JwsVerdict;
/* A token without a key id is held against every key that fits. */
JwsVerdict jwks_verify(const JwkSet *s, const Jws *t);

#endif
