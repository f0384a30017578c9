#include "base/token.h"

#include "base/b64.h"
#include "base/gourl.h"
#include "base/jwsparts.h"
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
    if (!b64url_decode(parts.signature, &sig))
        return err_set(err, ERR_UNAUTHORIZED, "the token's signature is not base64url");
    t.is_es256 = str_eq(t.alg, "ES256") && !value_get(h, "crit") && sig.len == sizeof(t.signature);
    if (t.is_es256)
        memcpy(t.signature, sig.ptr, sizeof(t.signature));
    r = jws_part(a, parts.payload, "payload", &t.claims, err);
    if (r < 0)
        return r;
    *ret = t;
    return 0;
}

int token_verify(const Token *t, const PkiKey *k, Err *err)
{
    if (!t->is_es256 || !pki_verify_es256(k, t->signed_part, t->signature))
        return err_set(err, ERR_UNAUTHORIZED, "go-jose/go-jose: error in cryptographic primitive");
    return 0;
}

bool token_has_audience(const Value *claims, const char *wanted)
{
    const Value *aud = value_get(claims, "aud");

    return value_is(aud, VALUE_STRING) ? str_eq(aud->str, wanted) : value_has_str(aud, wanted);
}

void token_print_audiences(const Value *claims, Buf *out)
{
    const Value *aud = value_get(claims, "aud"), *v;
    bool is_first = true;

    buf_addc(out, '[');
    if (value_is(aud, VALUE_STRING))
        gourl_quote((Slice){aud->str, aud->n}, out);
    value_each_item(aud, i, v)
    {
        if (!value_is(v, VALUE_STRING))
            continue;
        if (!is_first)
            buf_addc(out, ' ');
        is_first = false;
        gourl_quote((Slice){v->str, v->n}, out);
    }
    buf_addc(out, ']');
}
