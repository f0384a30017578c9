/* A key set as a foreign issuer serves it, and a token held against it. */
#include "base/err.h"
#include "base/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* {"alg":"ES256"} . {} . 64 zero bytes */
    static const char token[] =
        "eyJhbGciOiJFUzI1NiJ9.e30."
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(jwks_unref) JwkSet *s = NULL;
    Jws t;

    BUG_ON(jws_parse(a, SLICE(token), &t, NULL) < 0);
    if (jwks_parse((Slice){(const char *)data, size}, &s, NULL) == 0) {
        BUG_ON(jwks_size(s) == 0 || jwks_size(s) > JWKS_MAX_KEYS);
        BUG_ON(jwks_verify(s, &t) == JWS_GOOD);
    }
    return 0;
}
