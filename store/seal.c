#include "store/seal.h"

#include "base/aead.h"
#include "base/be64.h"
#include "base/err.h"

enum { FORM_FIRST = 1, FORM_VERSION = 2 };

static void associated_data(const SealPlace *at, Slice uid, Buf *out)
{
    const char *parts[] = {at->cluster_uid, at->storage, at->ns, at->name};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        buf_add(out, parts[i], strlen(parts[i]) + 1);
    buf_add_slice(out, uid);
    buf_addc(out, '\0');
}

void seal_header(int64_t version, Buf *out)
{
    buf_addc(out, version == 1 ? FORM_FIRST : FORM_VERSION);
    if (version != 1)
        buf_add_be64(out, (uint64_t)version);
}

/* The version, and what follows the form. */
static int64_t take_form(Slice *s)
{
    uint64_t version = 0;
    size_t n = 1;

    if (s->len < 1)
        return 0;
    if (s->ptr[0] == FORM_FIRST) {
        version = 1;
    } else if (s->ptr[0] == FORM_VERSION && s->len >= 1 + BE64_LEN) {
        version = be64_of(s->ptr + 1);
        n += BE64_LEN;
        if (version < 2 || version > INT64_MAX) /* each has one form */
            return 0;
    }
    *s = slice_behind(*s, n);
    return (int64_t)version;
}

int64_t seal_version(Slice sealed)
{
    return take_form(&sealed);
}

void seal_body(const DataKey *key, const SealPlace *at, const char *uid, Slice text, Buf *out)
{
    AUTO_BUF aad = BUF_INIT;
    size_t n = MIN(strlen(uid), (size_t)UINT8_MAX);

    associated_data(at, (Slice){uid, n}, &aad);
    seal_header(key->version, out);
    buf_addc(out, (char)n);
    buf_add(out, uid, n);
    aead_seal(key->bytes, buf_slice(&aad), text, out);
}

bool seal_uid(Slice sealed, Slice *ret_uid)
{
    size_t n;

    if (take_form(&sealed) == 0 || sealed.len < 1)
        return false;
    n = (uint8_t)sealed.ptr[0];
    if (sealed.len < 1 + n)
        return false;
    *ret_uid = (Slice){sealed.ptr + 1, n};
    return true;
}

int seal_open(const DataKey *key, const SealPlace *at, Slice sealed, Buf *out, Err *err)
{
    AUTO_BUF aad = BUF_INIT;
    size_t n;

    if (take_form(&sealed) != key->version || sealed.len < 1)
        return err_set(err, ERR_INTERNAL, "'%s' of %s: unknown encryption", at->name, at->storage);
    n = (uint8_t)sealed.ptr[0];
    if (sealed.len < 1 + n)
        return err_set(err, ERR_INTERNAL, "'%s' of %s: cut short", at->name, at->storage);
    associated_data(at, (Slice){sealed.ptr + 1, n}, &aad);
    if (aead_open(key->bytes, buf_slice(&aad), (Slice){sealed.ptr + 1 + n, sealed.len - 1 - n}, out,
                  NULL) < 0)
        return err_set(err, ERR_INTERNAL, "'%s' of %s does not decrypt", at->name, at->storage);
    return 0;
}
