#include "base/jwsparts.h"

#include "base/b64.h"
#include "base/err.h"

int jws_cut(Slice text, size_t max_len, JwsParts *ret, Err *err)
{
    Slice rest = text;

    if (text.len > max_len)
        return err_set(err, ERR_UNAUTHORIZED, "the token is too long");
    if (!slice_cut(&rest, '.', &ret->header) || !slice_cut(&rest, '.', &ret->payload) ||
        memchr(rest.ptr, '.', rest.len))
        return err_set(err, ERR_UNAUTHORIZED, "the token does not have three parts");
    ret->signature = rest;
    ret->signed_part = (Slice){text.ptr, ret->header.len + 1 + ret->payload.len};
    return 0;
}

int jws_part(Arena *a, Slice part, const char *what, Value **ret, Err *err)
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
