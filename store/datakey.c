#include "store/datakey.h"

#include "base/be64.h"
#include "base/err.h"

enum { ITEM_BYTES = BE64_LEN + AEAD_KEY_BYTES };

_Static_assert(sizeof(DataKey) <= SECRET_BYTES, "a key fits into its memory");

DataKey *datakey_new(int64_t version)
{
    DataKey *k = secret_new();

    k->version = version;
    return k;
}

void datakeys_free(DataKey *first)
{
    for (DataKey *next; first; first = next) {
        next = first->next;
        secret_free(first);
    }
}

const DataKey *datakey_find(const DataKey *first, int64_t version)
{
    while (first && first->version != version)
        first = first->next;
    return first;
}

size_t datakeys_n_older(const DataKey *first)
{
    size_t n = 0;

    for (const DataKey *k = first ? first->next : NULL; k; k = k->next)
        n += k->gone_us == 0;
    return n;
}

static void older_aad(const char *uid, int64_t version, Buf *out)
{
    buf_adds(out, "older");
    buf_addc(out, '\0');
    buf_adds(out, uid);
    buf_addc(out, '\0');
    buf_add_be64(out, (uint64_t)version);
}

void datakeys_seal_older(const DataKey *first, const char *uid, Buf *out)
{
    AUTO_BUF aad = BUF_INIT;
    AUTO_WIPED_BUF plain = BUF_INIT;

    if (datakeys_n_older(first) == 0)
        return;
    buf_reserve(&plain,
                (DATAKEYS_OLDER_MAX + 1) * ITEM_BYTES); /* it is not left behind by growing */
    for (const DataKey *k = first->next; k; k = k->next) {
        if (k->gone_us != 0)
            continue;
        buf_add_be64(&plain, (uint64_t)k->version);
        buf_add(&plain, k->bytes, sizeof(k->bytes));
    }
    older_aad(uid, first->version, &aad);
    aead_seal(first->bytes, buf_slice(&aad), buf_slice(&plain), out);
}

int datakeys_open_older(DataKey *first, const char *uid, Slice sealed, Err *err)
{
    AUTO_BUF aad = BUF_INIT;
    AUTO_WIPED_BUF plain = BUF_INIT;
    DataKey **last = &first->next;
    int r;

    if (sealed.len == 0)
        return 0;
    older_aad(uid, first->version, &aad);
    buf_reserve(&plain, sealed.len);
    r = aead_open(first->bytes, buf_slice(&aad), sealed, &plain, err);
    if (r < 0)
        return err_wrap(err, r, "the older data keys");
    if (plain.len % ITEM_BYTES != 0)
        return err_set(err, ERR_INVALID, "the older data keys have %zu bytes", plain.len);
    while (*last)
        last = &(*last)->next;
    for (size_t at = 0; at < plain.len; at += ITEM_BYTES) {
        *last = datakey_new((int64_t)be64_of(plain.ptr + at));
        memcpy((*last)->bytes, plain.ptr + at + BE64_LEN, AEAD_KEY_BYTES);
        last = &(*last)->next;
    }
    return 0;
}

void datakeys_renew(DataKey **first, DataKey *fresh, int64_t now_us)
{
    DataKey **last = &fresh, *old = *first;

    while (*last)
        last = &(*last)->next;
    *first = fresh;
    for (DataKey *next; old; old = next) {
        next = old->next;
        old->next = NULL;
        if (datakey_find(fresh, old->version)) {
            secret_free(old);
            continue;
        }
        if (old->gone_us == 0)
            old->gone_us = now_us;
        *last = old;
        last = &old->next;
    }
}

bool datakeys_purge(DataKey *first, int64_t before_us)
{
    bool is_left = false;

    if (!first)
        return false;
    for (DataKey **at = &first->next; *at;) {
        DataKey *k = *at;

        if (k->gone_us == 0 || k->gone_us > before_us) {
            is_left |= k->gone_us != 0;
            at = &k->next;
            continue;
        }
        *at = k->next;
        secret_free(k);
    }
    return is_left;
}
