/*
 * vault.h - a provider of keys that tests hold in their hands: it blocks as one that is far away
 * may, refuses, or is not reachable.
 */
#ifndef TESTS_UNIT_STORE_VAULT_H
#define TESTS_UNIT_STORE_VAULT_H

#include "tests/unit/store/pg.h"

enum { VAULT_WELL, VAULT_REFUSES, VAULT_AWAY };

typedef struct Vault {
    KeyProvider pub; /* first */
    _Atomic int mood, key, n_unwrapped, first;
    _Atomic bool is_stuck;
} Vault;

static inline int vault_mood(Vault *v, Err *err)
{
    if (v->mood == VAULT_REFUSES)
        return err_set(err, ERR_FORBIDDEN, "no more");
    return v->mood == VAULT_AWAY ? err_set(err, ERR_UNAVAILABLE, "away") : 0;
}

static inline int vault_status(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err)
{
    snprintf(ret_id, KEY_ID_MAX, "v%d", ((Vault *)p)->key);
    return vault_mood((Vault *)p, err);
}

static inline int vault_wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX],
                             Err *err)
{
    Vault *v = (Vault *)p;
    int r = vault_status(p, ret_id, err);

    for (int i = 0; r == 0 && i < KEY_BYTES; i++)
        buf_addc(ret, (char)(key[i] ^ (0x5a + v->key)));
    return r;
}

static inline int vault_unwrap(KeyProvider *p, const char *id, Slice wrapped, uint8_t *ret_key,
                               Err *err)
{
    Vault *v = (Vault *)p;
    int64_t key = 0;
    int r = vault_mood(v, err);

    v->n_unwrapped++;
    if (r < 0)
        return r;
    if (v->is_stuck)
        return err_set(err, ERR_UNAVAILABLE, "stuck");
    if (!slice_to_int64(slice_of(id + 1), &key) || key < v->first || key > v->key ||
        wrapped.len != KEY_BYTES)
        return err_set(err, ERR_FORBIDDEN, "no key %s", id);
    for (int i = 0; i < KEY_BYTES; i++)
        ret_key[i] = (uint8_t)(wrapped.ptr[i] ^ (0x5a + (int)key));
    return 0;
}

static inline int vault_rotate(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err)
{
    ((Vault *)p)->key++;
    return vault_status(p, ret_id, err);
}

static inline int vault_drop(KeyProvider *p, const char *id, Err *err UNUSED)
{
    int64_t key = 0;

    (void)slice_to_int64(slice_of(id + 1), &key);
    ((Vault *)p)->first = (int)key + 1;
    return 0;
}

static inline void vault_close(KeyProvider *p)
{
    ((Vault *)p)->key = -1;
}

static const KeyProviderType vault_type = {
    .scheme = "vault",
    .close = vault_close,
    .wrap = vault_wrap,
    .unwrap = vault_unwrap,
    .status = vault_status,
    .rotate = vault_rotate,
    .drop = vault_drop,
};

/* A store whose tenants may be with the vault; the file is the default unless `deflt` says other.
 */
static inline Store *open_vault_store(const char *server_id, Vault *v, const char *deflt,
                                      KeyRing **ret)
{
    AUTO_FREE char *spec = xasprintf("file:%s/kek", dir);
    StoreOptions o = store_options(server_id, NULL);
    Err err;

    o.key_check_s = 1;
    o.key_ttl_s = 2;
    v->pub.type = &vault_type;
    if (v->key <= 0)
        v->key = 1;
    if (keyring_open(
            (KeyRingItem[]){{.name = "file", .spec = spec}, {.name = "vault", .provider = &v->pub}},
            2, deflt, &o.keys, &err) < 0)
        fail_msg("%s", err.msg);
    *ret = o.keys;
    return open_store_with(&o);
}

static inline int create_with(Store *s, const char *name, const char *provider)
{
    AUTO_FREE char *uid = xasprintf("uid-of-%s", name);
    Txn t = {.change = {.op = CLUSTER_CREATE,
                        .name = name,
                        .uid = uid,
                        .identity = SLICE("the identity"),
                        .key_provider = provider}};

    return run(s, &t);
}

static inline bool is_there(void *c)
{
    return cluster_check_key(c, NULL) == 0;
}

static inline bool is_withheld(void *c)
{
    return ((Cluster *)c)->key_state == CLUSTER_KEY_WITHHELD;
}

/* ---- somebody who writes while keys change ---- */

/* One Secret of the cluster, again and again until the process ends; each number that was committed
 * goes into the pipe. */
typedef struct Writer {
    Store *s;
    Cluster *c;
    int fd;
} Writer;

static inline void *writer_main(void *data)
{
    const Writer *w = data;

    for (int64_t n = 1;;) {
        AUTO_FREE char *text = xasprintf("%" PRId64, n);

        if (PUT(w->s, w->c, "secrets", "ns", "written", text, EXPECT_ANY) < 0) {
            usleep(1000); /* its key is still to be had, or is changed: again */
            continue;
        }
        if (write(w->fd, &n, sizeof(n)) != sizeof(n))
            return NULL;
        n++;
    }
}

static inline void writer_start(Writer *w)
{
    pthread_t t;

    assert_int_equal(pthread_create(&t, NULL, writer_main, w), 0);
    pthread_detach(t);
}

/* What was acknowledged last is there, or something later. */
static inline void written_is_there(Store *s, Cluster *c, int fd)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(cache_unref) Cache *k = load(s, c, "secrets");
    CLEANUP(obj_unref) Obj *o = cache_get(k, "ns", "written");
    int64_t n, last = 0, there = 0;

    while (read(fd, &n, sizeof(n)) == sizeof(n))
        last = n;
    assert_non_null(o);
    assert_true(
        slice_to_int64(slice_of(value_get_str(obj_to_value(a, o, NULL, NULL), "data")), &there));
    assert_in_range(there, last, last + 1);
}

#endif
