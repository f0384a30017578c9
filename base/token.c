#include "base/token.h"

#include "base/b64.h"
#include "base/jwsparts.h"
#include "base/mem.h"

int token_sign(const PkiKey *k, const char *kid, const Value *claims, Buf *ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    unsigned char sig[PKI_ES256_LEN];
    Value *header = value_object(a);
    AUTO_BUF json = BUF_INIT, out = BUF_INIT;
    int r;

    value_set_str(a, header, "alg", "ES256");
    value_set_str(a, header, "typ", "JWT");
    value_set_str(a, header, "kid", kid);
    value_print(header, &json);
    b64url_encode(buf_slice(&json), &out);
    buf_addc(&out, '.');
    buf_reset(&json);
    value_print(claims, &json);
    b64url_encode(buf_slice(&json), &out);
    r = pki_sign_es256(k, buf_slice(&out), sig, err);
    if (r < 0)
        return err_wrap(err, r, "signing a token");
    buf_addc(&out, '.');
    b64url_encode((Slice){(const char *)sig, sizeof(sig)}, &out);
    buf_add_slice(ret, buf_slice(&out));
    return 0;
}

int token_parse(Arena *a, Slice text, Token *ret, Err *err)
{
    AUTO_BUF sig = BUF_INIT;
    JwsParts parts;
    Value *h = NULL;
    Token t = {.alg = "", .kid = ""};
    int r = jws_cut(text, TOKEN_MAX_LEN, &parts, err);

    if (r == 0)
        r = jws_part(a, parts.header, "header", &h, err);
    if (r < 0)
        return r;
    t.signed_part = parts.signed_part;
    if (value_get_str(h, "alg"))
        t.alg = value_get_str(h, "alg");
    if (value_get_str(h, "kid"))
        t.kid = value_get_str(h, "kid");
    if (!str_eq(t.alg, "ES256"))
        return err_set(err, ERR_UNAUTHORIZED, "the token's algorithm is not allowed");
    if (value_get(h, "crit"))
        return err_set(err, ERR_UNAUTHORIZED, "the token has critical header fields");
    if (!b64url_decode(parts.signature, &sig) || sig.len != sizeof(t.signature))
        return err_set(err, ERR_UNAUTHORIZED, "the token's signature has the wrong form");
    memcpy(t.signature, sig.ptr, sizeof(t.signature));

    r = jws_part(a, parts.payload, "payload", &t.claims, err);
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
