#include "store/seal.h"

#include "base/aead.h"
#include "base/err.h"

enum { SEAL_VERSION = 1 };

static void associated_data(const SealPlace *at, Slice uid, Buf *out)
{
    const char *parts[] = {at->cluster_uid, at->storage, at->ns, at->name};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        buf_add(out, parts[i], strlen(parts[i]) + 1);
    buf_add_slice(out, uid);
    buf_addc(out, '\0');
}

void seal_body(const uint8_t *key, const SealPlace *at, const char *uid, Slice text, Buf *out)
{
    AUTO_BUF aad = BUF_INIT;
    size_t n = MIN(strlen(uid), (size_t)UINT8_MAX);

    associated_data(at, (Slice){uid, n}, &aad);
    buf_addc(out, SEAL_VERSION);
    buf_addc(out, (char)n);
    buf_add(out, uid, n);
    aead_seal(key, buf_slice(&aad), text, out);
}

bool seal_uid(Slice sealed, Slice *ret_uid)
{
    size_t n;

    if (sealed.len < 2 || sealed.ptr[0] != SEAL_VERSION)
        return false;
    n = (uint8_t)sealed.ptr[1];
    if (sealed.len < 2 + n)
        return false;
    *ret_uid = (Slice){sealed.ptr + 2, n};
    return true;
}

int seal_open(const uint8_t *key, const SealPlace *at, Slice sealed, Buf *out, Err *err)
{
    AUTO_BUF aad = BUF_INIT;
    size_t n;

    if (sealed.len < 2 || sealed.ptr[0] != SEAL_VERSION)
        return err_set(err, ERR_INTERNAL, "'%s' of %s: unknown encryption", at->name, at->storage);
    n = (uint8_t)sealed.ptr[1];
    if (sealed.len < 2 + n)
        return err_set(err, ERR_INTERNAL, "'%s' of %s: cut short", at->name, at->storage);
    associated_data(at, (Slice){sealed.ptr + 2, n}, &aad);
    if (aead_open(key, buf_slice(&aad), (Slice){sealed.ptr + 2 + n, sealed.len - 2 - n}, out,
                  NULL) < 0)
        return err_set(err, ERR_INTERNAL, "'%s' of %s does not decrypt", at->name, at->storage);
    return 0;
}
