#include "base/jws.h"

#include "base/b64.h"
#include "base/err.h"
#include "base/jwsparts.h"
#include "base/mem.h"
#include "base/ossl.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdatomic.h>

enum {
    RSA_MIN_BITS = 2048,
    RSA_MAX_BITS = 8192,
    RSA_MAX_EXPONENT = 4, /* bytes: a longer one is slow to check with */
    MAX_TRIES = 8,        /* signatures checked for one token */
    MAX_KID = 1024,
};

typedef enum KeyKind { KEY_RSA, KEY_EC } KeyKind;

struct JwsAlg {
    const char *name;
    KeyKind kind;
    const EVP_MD *(*digest)(void);
    const char *curve; /* KEY_EC: its JWK name */
    size_t coordinate; /* KEY_EC: bytes of r and of s */
    bool is_pss;
};

static const JwsAlg algs[] = {
    {"RS256", KEY_RSA, EVP_sha256, NULL, 0, false},
    {"RS384", KEY_RSA, EVP_sha384, NULL, 0, false},
    {"RS512", KEY_RSA, EVP_sha512, NULL, 0, false},
    {"ES256", KEY_EC, EVP_sha256, "P-256", 32, false},
    {"ES384", KEY_EC, EVP_sha384, "P-384", 48, false},
    {"ES512", KEY_EC, EVP_sha512, "P-521", 66, false},
    {"PS256", KEY_RSA, EVP_sha256, NULL, 0, true},
    {"PS384", KEY_RSA, EVP_sha384, NULL, 0, true},
    {"PS512", KEY_RSA, EVP_sha512, NULL, 0, true},
};

typedef struct Jwk {
    KeyKind kind;
    const char *curve; /* KEY_EC */
    char *kid;         /* NULL: none */
    size_t kid_len;
    char alg[8]; /* the only one it is for; "": any that fits */
    EVP_PKEY *key;
} Jwk;

struct JwkSet {
    _Atomic uint32_t refs;
    uint32_t n;
    Jwk keys[];
};

OSSL_CLEANUP(BIGNUM, bn_freep, BN_free)
OSSL_CLEANUP(EVP_PKEY_CTX, ctx_freep, EVP_PKEY_CTX_free)
OSSL_CLEANUP(EVP_MD_CTX, md_freep, EVP_MD_CTX_free)
OSSL_CLEANUP(OSSL_PARAM_BLD, bld_freep, OSSL_PARAM_BLD_free)
OSSL_CLEANUP(OSSL_PARAM, param_freep, OSSL_PARAM_free)
OSSL_CLEANUP(ECDSA_SIG, sig_freep, ECDSA_SIG_free)

/* ---- tokens ---- */

static const JwsAlg *alg_find(const char *name)
{
    for (size_t i = 0; name && i < ARRAY_LEN(algs); i++)
        if (strcmp(algs[i].name, name) == 0)
            return &algs[i];
    return NULL;
}

bool jws_alg_is_known(const char *name)
{
    return alg_find(name) != NULL;
}

const char *jws_alg_name(const JwsAlg *alg)
{
    return alg->name;
}

static int check_header(const Value *h, Jws *t, Err *err)
{
    /* Keys that come with a token prove nothing; where they lie is not for a token to say. */
    static const char *const refused[] = {"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"};
    const Value *alg = value_get(h, "alg"), *kid = value_get(h, "kid");

    t->alg = value_is(alg, VALUE_STRING) && strlen(alg->str) == alg->n ? alg_find(alg->str) : NULL;
    if (!t->alg)
        return err_set(err, ERR_UNAUTHORIZED, "the token's algorithm is not allowed");
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        if (value_get(h, refused[i]))
            return err_set(err, ERR_UNAUTHORIZED, "the token's header may not have '%s'",
                           refused[i]);
    if (kid && (!value_is(kid, VALUE_STRING) || kid->n > MAX_KID))
        return err_set(err, ERR_UNAUTHORIZED, "the token's key id has the wrong form");
    t->kid = kid ? (Slice){kid->str, kid->n} : (Slice){"", 0};
    return 0;
}

int jws_parse(Arena *a, Slice text, Jws *ret, Err *err)
{
    AUTO_BUF sig = BUF_INIT;
    JwsParts parts;
    Value *h = NULL;
    const Value *iss;
    Jws t = {0};
    int r = jws_cut(text, JWS_MAX_LEN, &parts, err);

    if (r == 0)
        r = jws_part(a, parts.header, "header", &h, err);
    if (r == 0)
        r = check_header(h, &t, err);
    if (r == 0)
        r = jws_part(a, parts.payload, "payload", &t.claims, err);
    if (r < 0)
        return r;
    t.signed_part = parts.signed_part;
    if (!b64url_decode(parts.signature, &sig) || sig.len == 0)
        return err_set(err, ERR_UNAUTHORIZED, "the token's signature has the wrong form");
    t.signature = (Slice){arena_strndup(a, sig.ptr, sig.len), sig.len};
    iss = value_get(t.claims, "iss");
    t.issuer = value_is(iss, VALUE_STRING) && strlen(iss->str) == iss->n ? iss->str : "";
    *ret = t;
    return 0;
}

/* ---- keys ---- */

static BIGNUM *number_of(const Value *jwk, const char *name, size_t max)
{
    AUTO_BUF b = BUF_INIT;
    const Value *v = value_get(jwk, name);

    if (!value_is(v, VALUE_STRING) || !b64url_decode((Slice){v->str, v->n}, &b) || b.len == 0 ||
        b.len > max)
        return NULL;
    return BN_bin2bn((const unsigned char *)b.ptr, (int)b.len, NULL);
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *bld)
{
    OSSL(param_freep) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    OSSL(ctx_freep) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL(ctx_freep) EVP_PKEY_CTX *check = NULL;
    EVP_PKEY *key = NULL;

    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    check = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    if (!check || EVP_PKEY_public_check_quick(check) != 1) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static EVP_PKEY *rsa_from(const Value *jwk)
{
    OSSL(bn_freep) BIGNUM *n = number_of(jwk, "n", RSA_MAX_BITS / 8);
    OSSL(bn_freep) BIGNUM *e = number_of(jwk, "e", RSA_MAX_EXPONENT);
    OSSL(bld_freep) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();

    if (!n || !e || !bld || BN_num_bits(n) < RSA_MIN_BITS || !BN_is_odd(n) || !BN_is_odd(e) ||
        BN_is_one(e) || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) != 1)
        return NULL;
    return key_from("RSA", bld);
}

static EVP_PKEY *ec_from(const Value *jwk, const char **ret_curve)
{
    OSSL(bld_freep) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    const char *crv = value_get_str(jwk, "crv");
    unsigned char point[1 + 2 * 66] = {4};
    const JwsAlg *alg = NULL;

    for (size_t i = 0; crv && i < ARRAY_LEN(algs); i++)
        if (algs[i].curve && strcmp(algs[i].curve, crv) == 0)
            alg = &algs[i];
    if (!alg || !bld)
        return NULL;
    for (int i = 0; i < 2; i++) {
        OSSL(bn_freep) BIGNUM *c = number_of(jwk, i == 0 ? "x" : "y", alg->coordinate);

        if (!c ||
            BN_bn2binpad(c, point + 1 + (size_t)i * alg->coordinate, (int)alg->coordinate) < 0)
            return NULL;
    }
    if (OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, alg->curve, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point,
                                         1 + 2 * alg->coordinate) != 1)
        return NULL;
    *ret_curve = alg->curve;
    return key_from("EC", bld);
}

static bool is_for_signatures(const Value *jwk)
{
    const Value *use = value_get(jwk, "use"), *ops = value_get(jwk, "key_ops");

    if (use && !str_eq(value_to_cstr(use), "sig"))
        return false;
    return !ops || value_has_str(ops, "verify");
}

static bool key_read(const Value *jwk, Jwk *ret)
{
    const char *kty = value_get_str(jwk, "kty");
    const Value *kid = value_get(jwk, "kid"), *alg = value_get(jwk, "alg");
    const JwsAlg *only = alg_find(value_to_cstr(alg));
    Jwk k = {0};

    if (!value_is(jwk, VALUE_OBJECT) || jwk->has_dup_keys || !is_for_signatures(jwk))
        return false;
    if (kid && (!value_is(kid, VALUE_STRING) || kid->n > MAX_KID))
        return false;
    if (alg && !only)
        return false;
    k.kind = str_eq(kty, "EC") ? KEY_EC : KEY_RSA;
    if (only && only->kind != k.kind)
        return false;
    if (str_eq(kty, "RSA"))
        k.key = rsa_from(jwk);
    else if (str_eq(kty, "EC"))
        k.key = ec_from(jwk, &k.curve);
    ERR_clear_error();
    if (!k.key)
        return false;
    if (kid) {
        k.kid = xstrndup(kid->str, kid->n);
        k.kid_len = kid->n;
    }
    if (only)
        memcpy(k.alg, only->name, strlen(only->name) + 1);
    *ret = k;
    return true;
}

int jwks_parse(Slice text, JwkSet **ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(jwks_unref) JwkSet *s = NULL;
    const Value *keys, *jwk;
    Value *v = NULL;

    if (text.len > JWKS_MAX_LEN)
        return err_set(err, ERR_BAD_REQUEST, "the key set is too long");
    if (value_parse(a, text, &v, NULL) < 0 || !value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST, "the key set is not a JSON object");
    keys = value_get(v, "keys");
    if (!value_is(keys, VALUE_ARRAY))
        return err_set(err, ERR_BAD_REQUEST, "the key set has no keys");
    s = xcalloc(1, sizeof(*s) + MIN(value_len(keys), (uint32_t)JWKS_MAX_KEYS) * sizeof(s->keys[0]));
    s->refs = 1;
    value_each_item(keys, i, jwk)
    {
        if (i < JWKS_MAX_KEYS && key_read(jwk, &s->keys[s->n]))
            s->n++;
    }
    if (s->n == 0)
        return err_set(err, ERR_BAD_REQUEST, "the key set has no key that tokens may be signed by");
    *ret = TAKE(s);
    return 0;
}

JwkSet *jwks_ref(JwkSet *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void jwks_unref(JwkSet *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    for (uint32_t i = 0; i < s->n; i++) {
        free(s->keys[i].kid);
        EVP_PKEY_free(s->keys[i].key);
    }
    free(s);
}

uint32_t jwks_size(const JwkSet *s)
{
    return s->n;
}

/* ---- verifying ---- */

static bool check_der(const Jws *t, EVP_PKEY *key, const unsigned char *sig, size_t n)
{
    OSSL(md_freep) EVP_MD_CTX *m = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL; /* of m */

    if (!m || EVP_DigestVerifyInit(m, &ctx, t->alg->digest(), NULL, key) != 1)
        return false;
    if (t->alg->is_pss && (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
                           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(m, sig, n, (const unsigned char *)t->signed_part.ptr,
                            t->signed_part.len) == 1;
}

static bool check_rsa(const Jws *t, EVP_PKEY *key)
{
    if (t->signature.len != (size_t)EVP_PKEY_get_size(key))
        return false;
    return check_der(t, key, (const unsigned char *)t->signature.ptr, t->signature.len);
}

/* r and s of one length each become what OpenSSL reads. */
static bool check_ec(const Jws *t, EVP_PKEY *key)
{
    OSSL(sig_freep) ECDSA_SIG *sig = ECDSA_SIG_new();
    size_t half = t->alg->coordinate;
    const unsigned char *raw = (const unsigned char *)t->signature.ptr;
    unsigned char *der = NULL;
    BIGNUM *r, *s;
    bool ok;
    int n;

    if (!sig || t->signature.len != 2 * half)
        return false;
    r = BN_bin2bn(raw, (int)half, NULL);
    s = BN_bin2bn(raw + half, (int)half, NULL);
    if (!r || !s || ECDSA_SIG_set0(sig, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return false;
    }
    n = i2d_ECDSA_SIG(sig, &der);
    ok = n > 0 && check_der(t, key, der, (size_t)n);
    OPENSSL_free(der);
    return ok;
}

static bool fits(const Jwk *k, const Jws *t)
{
    if (k->kind != t->alg->kind || (k->alg[0] && strcmp(k->alg, t->alg->name) != 0))
        return false;
    if (k->kind == KEY_EC && strcmp(k->curve, t->alg->curve) != 0)
        return false;
    return t->kid.len == 0 || (k->kid && slice_eq((Slice){k->kid, k->kid_len}, t->kid));
}

JwsVerdict jwks_verify(const JwkSet *s, const Jws *t)
{
    uint32_t n_tried = 0;
    bool ok = false;

    for (uint32_t i = 0; !ok && i < s->n && n_tried < MAX_TRIES; i++) {
        if (!fits(&s->keys[i], t))
            continue;
        n_tried++;
        ok = t->alg->kind == KEY_RSA ? check_rsa(t, s->keys[i].key) : check_ec(t, s->keys[i].key);
    }
    ERR_clear_error();
    return ok ? JWS_GOOD : n_tried == 0 || t->kid.len == 0 ? JWS_NO_KEY : JWS_FORGED;
}
