#include "base/token.h"

#include "base/b64.h"
#include "base/mem.h"

#include <jwt.h>

static void free_jwt(jwt_t **p)
{
    jwt_free(*p);
}

int token_sign(const PkiKey *k, const char *kid, const Value *claims, Buf *ret, Err *err)
{
    __attribute__((cleanup(free_jwt))) jwt_t *j = NULL;
    AUTO_BUF json = BUF_INIT, pem = BUF_INIT;
    char *text = NULL;

    value_print(claims, &json);
    pki_key_write_pem(k, &pem);
    if (jwt_new(&j) != 0 || jwt_add_grants_json(j, buf_str(&json)) != 0 ||
        jwt_add_header(j, "kid", kid) != 0 ||
        jwt_set_alg(j, JWT_ALG_ES256, (const unsigned char *)buf_str(&pem), (int)pem.len) != 0)
        return err_set(err, ERR_INTERNAL, "encoding a token");
    text = jwt_encode_str(j);
    explicit_bzero(pem.ptr, pem.len);
    if (!text)
        return err_set(err, ERR_INTERNAL, "signing a token");
    buf_adds(ret, text);
    free(text);
    return 0;
}

static int parse_part(Arena *a, Slice part, const char *what, Value **ret, Err *err)
{
    AUTO_BUF json = BUF_INIT;
    Value *v;

    if (!b64url_decode(part, &json))
        return err_set(err, ERR_UNAUTHORIZED, "the token's %s is not base64url", what);
    if (value_parse(a, buf_slice(&json), &v, NULL) < 0 || !value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_UNAUTHORIZED, "the token's %s is not a JSON object", what);
    if (v->has_dup_keys)
        return err_set(err, ERR_UNAUTHORIZED, "the token's %s names a key twice", what);
    *ret = v;
    return 0;
}

int token_parse(Arena *a, Slice text, Token *ret, Err *err)
{
    AUTO_BUF sig = BUF_INIT;
    Slice header, payload, rest = text;
    Value *h = NULL;
    Token t = {.alg = "", .kid = ""};
    int r;

    if (text.len > TOKEN_MAX_LEN)
        return err_set(err, ERR_UNAUTHORIZED, "the token is too long");
    if (!slice_cut(&rest, '.', &header) || !slice_cut(&rest, '.', &payload) ||
        memchr(rest.ptr, '.', rest.len))
        return err_set(err, ERR_UNAUTHORIZED, "the token does not have three parts");
    t.signed_part = (Slice){text.ptr, header.len + 1 + payload.len};

    r = parse_part(a, header, "header", &h, err);
    if (r < 0)
        return r;
    if (value_get_str(h, "alg"))
        t.alg = value_get_str(h, "alg");
    if (value_get_str(h, "kid"))
        t.kid = value_get_str(h, "kid");
    if (!str_eq(t.alg, "ES256"))
        return err_set(err, ERR_UNAUTHORIZED, "the token's algorithm is not allowed");
    if (value_get(h, "crit"))
        return err_set(err, ERR_UNAUTHORIZED, "the token has critical header fields");
    if (!b64url_decode(rest, &sig) || sig.len != sizeof(t.signature))
        return err_set(err, ERR_UNAUTHORIZED, "the token's signature has the wrong form");
    memcpy(t.signature, sig.ptr, sizeof(t.signature));

    r = parse_part(a, payload, "payload", &t.claims, err);
    if (r < 0)
        return r;
    *ret = t;
    return 0;
}

int token_verify(const Token *t, const PkiKey *k, Err *err)
{
    if (!pki_verify_es256(k, t->signed_part, t->signature))
        return err_set(err, ERR_UNAUTHORIZED, "the token's signature does not hold");
    return 0;
}

bool token_has_audience(const Value *claims, const char *wanted)
{
    const Value *aud = value_get(claims, "aud");

    return value_is(aud, VALUE_STRING) ? str_eq(aud->str, wanted) : value_has_str(aud, wanted);
}
