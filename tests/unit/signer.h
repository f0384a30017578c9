/*
 * signer.h - an issuer of tokens for tests: keys of each kind, their JWK, and signatures over any
 * header and payload, right or wrong.
 */
#ifndef TESTS_UNIT_SIGNER_H
#define TESTS_UNIT_SIGNER_H

#include "base/b64.h"
#include "base/value.h"
#include "tests/unit/test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

typedef struct Signer {
    const char *alg;
    EVP_PKEY *key;
} Signer;

static inline const EVP_MD *signer_digest(const char *alg)
{
    return alg[2] == '2' ? EVP_sha256() : alg[2] == '3' ? EVP_sha384() : EVP_sha512();
}

static inline Signer signer_new(const char *alg)
{
    const char *curve = alg[2] == '2' ? "P-256" : alg[2] == '3' ? "P-384" : "P-521";
    Signer s = {alg, alg[0] == 'E' ? EVP_EC_gen(curve) : EVP_RSA_gen(2048)};

    assert_non_null(s.key);
    return s;
}

static inline void signer_done(Signer *s)
{
    EVP_PKEY_free(s->key);
    s->key = NULL;
}

static inline const char *signer__number(Arena *a, EVP_PKEY *key, const char *param, int pad)
{
    unsigned char bytes[1100];
    AUTO_BUF b = BUF_INIT;
    BIGNUM *n = NULL;
    int len;

    assert_int_equal(EVP_PKEY_get_bn_param(key, param, &n), 1);
    len = pad > 0 ? BN_bn2binpad(n, bytes, pad) : BN_bn2bin(n, bytes);
    BN_free(n);
    b64url_encode((Slice){(char *)bytes, (size_t)len}, &b);
    return arena_strdup(a, buf_str(&b));
}

/* kid NULL: it has none. */
static inline Value *signer_jwk(const Signer *s, Arena *a, const char *kid)
{
    Value *v = value_object(a);

    if (kid)
        value_set_str(a, v, "kid", kid);
    if (s->alg[0] == 'E') {
        int len = s->alg[2] == '2' ? 32 : s->alg[2] == '3' ? 48 : 66;

        value_set_str(a, v, "kty", "EC");
        value_set_str(a, v, "crv", len == 32 ? "P-256" : len == 48 ? "P-384" : "P-521");
        value_set_str(a, v, "x", signer__number(a, s->key, OSSL_PKEY_PARAM_EC_PUB_X, len));
        value_set_str(a, v, "y", signer__number(a, s->key, OSSL_PKEY_PARAM_EC_PUB_Y, len));
    } else {
        value_set_str(a, v, "kty", "RSA");
        value_set_str(a, v, "n", signer__number(a, s->key, OSSL_PKEY_PARAM_RSA_N, 0));
        value_set_str(a, v, "e", signer__number(a, s->key, OSSL_PKEY_PARAM_RSA_E, 0));
    }
    return v;
}

static inline const char *signer_jwks(Arena *a, Value *first, Value *second)
{
    Value *v = value_object(a), *list = value_array(a);

    value_append(a, list, first);
    if (second)
        value_append(a, list, second);
    value_set(a, v, "keys", list);
    return value_to_str(a, v);
}

static inline size_t signer__raw(const Signer *s, unsigned char *sig, size_t n)
{
    size_t half = s->alg[2] == '2' ? 32 : s->alg[2] == '3' ? 48 : 66;
    const unsigned char *p = sig;
    ECDSA_SIG *e = d2i_ECDSA_SIG(NULL, &p, (long)n);

    assert_non_null(e);
    assert_true(BN_bn2binpad(ECDSA_SIG_get0_r(e), sig, (int)half) > 0);
    assert_true(BN_bn2binpad(ECDSA_SIG_get0_s(e), sig + half, (int)half) > 0);
    ECDSA_SIG_free(e);
    return 2 * half;
}

/* `header` and `claims` are JSON; ' may stand for ". */
static inline const char *signer_sign(const Signer *s, Arena *a, const char *header,
                                      const char *claims)
{
    unsigned char sig[1100];
    size_t n = sizeof(sig);
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL;
    AUTO_BUF b = BUF_INIT;

    b64url_encode(slice_of(value_to_str(a, value_literal(a, header))), &b);
    buf_adds(&b, ".");
    b64url_encode(slice_of(value_to_str(a, value_literal(a, claims))), &b);
    assert_int_equal(EVP_DigestSignInit(m, &ctx, signer_digest(s->alg), NULL, s->key), 1);
    if (s->alg[0] == 'P')
        assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
    assert_int_equal(EVP_DigestSign(m, sig, &n, (unsigned char *)b.ptr, b.len), 1);
    EVP_MD_CTX_free(m);
    if (s->alg[0] == 'E')
        n = signer__raw(s, sig, n);
    buf_adds(&b, ".");
    b64url_encode((Slice){(char *)sig, n}, &b);
    return arena_strdup(a, buf_str(&b));
}

#endif
