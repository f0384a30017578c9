#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

enum { WRAPPED_MAX = 64 * 1024 };

Cluster *cluster_ref(Cluster *c)
{
    c->refs++;
    return c;
}

static void attached_done(Attached *at)
{
    void *data = at->data;

    if (data && at->release)
        at->release(data);
}

void cluster_unref(Cluster *c)
{
    ClusterRec *rec;

    if (!c || --c->refs > 0)
        return;
    rec = cluster_rec(c);
    attached_done(&c->ext);
    attached_done(&c->tenant);
    if (c->identity.ptr) {
        aead_wipe((char *)c->identity.ptr, c->identity.len);
        free((char *)c->identity.ptr);
    }
    aead_wipe(rec->key, sizeof(rec->key));
    map_done(&rec->caches);
    map_done(&rec->usage);
    pthread_rwlock_destroy(&rec->lock);
    free(rec);
}

static Slice id_key(const ClusterId *id)
{
    return (Slice){(const char *)id, sizeof(*id)};
}

ClusterRec *cluster__add(Store *s, const ClusterInit *init)
{
    ClusterRec *c = xcalloc(1, sizeof(*c)), *old;

    c->store = s;
    pthread_rwlock_init(&c->lock, NULL);
    list_init(&c->behind);
    c->pub.refs = 1;
    c->pub.id = init->id;
    snprintf(c->pub.name, sizeof(c->pub.name), "%s", init->name);
    snprintf(c->pub.uid, sizeof(c->pub.uid), "%s", init->uid);
    c->pub.created_us = init->created_us;
    c->pub.state = init->state;
    c->pub.revision = init->revision;
    c->target = init->revision;
    memcpy(c->key, init->key, sizeof(c->key));
    c->pub.identity = (Slice){xmemdup(init->identity.ptr, init->identity.len), init->identity.len};
    pthread_rwlock_wrlock(&s->clusters_lock);
    old = map_set(&s->by_name, c->pub.name, c);
    (void)map_setn(&s->by_id, id_key(&c->pub.id), c);
    pthread_rwlock_unlock(&s->clusters_lock);
    /* A cluster of that name was deleted by another server, and we have not heard of it yet. */
    s->n_clusters++;
    if (old)
        cluster__remove(s, old);
    return c;
}

ClusterRec *cluster__by_id(Store *s, ClusterId id)
{
    return map_getn(&s->by_id, id_key(&id)); /* the loop is the only writer */
}

void cluster__drop_caches(Store *s, ClusterRec *c)
{
    Map caches;
    Cache *k;

    pthread_rwlock_wrlock(&c->lock);
    caches = c->caches;
    c->caches = (Map){0};
    pthread_rwlock_unlock(&c->lock);
    for (size_t at = 0; map_next(&caches, &at, NULL, (void **)&k);) {
        cache__kill(k);
        cache_unref(k);
    }
    map_done(&caches);
    watch__flush(s);
}

void cluster__remove(Store *s, ClusterRec *c)
{
    char id[sizeof(ClusterId)];

    memcpy(id, &c->pub.id, sizeof(id));
    c->pub.state = CLUSTER_DELETING;
    pthread_rwlock_wrlock(&s->clusters_lock);
    if (map_get(&s->by_name, c->pub.name) == c)
        (void)map_del(&s->by_name, c->pub.name);
    (void)map_deln(&s->by_id, (Slice){id, sizeof(id)});
    pthread_rwlock_unlock(&s->clusters_lock);
    feed__forget(s->feed, c);
    cluster__drop_caches(s, c);
    s->n_clusters--;
    cluster_unref(&c->pub);
}

void cluster__reset(Store *s, ClusterRec *c, int64_t revision)
{
    log_warning(NULL, "history does not reach back: caches are dropped, watches begin anew",
                LOG_STR("cluster", c->pub.name), LOG_INT("from", c->pub.revision),
                LOG_INT("to", revision));
    cluster__drop_caches(s, c);
    c->pub.revision = MAX(revision, c->pub.revision);
}

void cluster__set_used(ClusterRec *c, const char *counter, int64_t used)
{
    pthread_rwlock_wrlock(&c->lock);
    (void)map_set(&c->usage, counter, (void *)(intptr_t)used);
    pthread_rwlock_unlock(&c->lock);
}

int64_t store_usage(Store *s UNUSED, Cluster *c, const char *counter)
{
    ClusterRec *rec = cluster_rec(c);
    int64_t used;

    pthread_rwlock_rdlock(&rec->lock);
    used = (intptr_t)map_get(&rec->usage, counter);
    pthread_rwlock_unlock(&rec->lock);
    return used;
}

void store_each_usage(Store *s UNUSED, Cluster *c, StoreUsageFn fn, void *data)
{
    ClusterRec *rec = cluster_rec(c);
    const char *counter;
    void *used;

    pthread_rwlock_rdlock(&rec->lock);
    for (size_t at = 0; map_next(&rec->usage, &at, &counter, &used);)
        fn(counter, (intptr_t)used, data);
    pthread_rwlock_unlock(&rec->lock);
}

Cluster *store_cluster(Store *s, Slice name)
{
    ClusterRec *c;

    pthread_rwlock_rdlock(&s->clusters_lock);
    c = map_getn(&s->by_name, name);
    if (c)
        cluster_ref(&c->pub);
    pthread_rwlock_unlock(&s->clusters_lock);
    return c ? &c->pub : NULL;
}

void store_each_cluster(Store *s, void (*fn)(Cluster *c, void *data), void *data)
{
    ClusterRec **all, *c;
    size_t n = 0;

    pthread_rwlock_rdlock(&s->clusters_lock);
    all = xmalloc(s->by_name.n * sizeof(*all));
    for (size_t at = 0; map_next(&s->by_name, &at, NULL, (void **)&c);) {
        cluster_ref(&c->pub);
        all[n++] = c;
    }
    pthread_rwlock_unlock(&s->clusters_lock);
    for (size_t i = 0; i < n; i++) {
        fn(&all[i]->pub, data);
        cluster_unref(&all[i]->pub);
    }
    free(all);
}

/* ---- keys ---- */

static void identity_aad(const char *uid, Buf *out)
{
    buf_adds(out, "identity");
    buf_addc(out, '\0');
    buf_adds(out, uid);
}

int cluster__unseal(Store *s, const char *uid, Slice wrapped, Slice identity,
                    uint8_t ret_key[AEAD_KEY_BYTES], Buf *ret_identity, Err *err)
{
    AUTO_BUF key = BUF_INIT, aad = BUF_INIT;
    int r;

    r = s->o.key_wrap.unwrap(s->o.key_wrap.data, wrapped, &key, err);
    if (r < 0)
        return err_wrap(err, r, "unwrapping a data key");
    if (key.len != AEAD_KEY_BYTES)
        return err_set(err, ERR_INTERNAL, "a data key has %zu bytes", key.len);
    identity_aad(uid, &aad);
    r = aead_open((const uint8_t *)key.ptr, buf_slice(&aad), identity, ret_identity, err);
    if (r == 0)
        memcpy(ret_key, key.ptr, AEAD_KEY_BYTES);
    aead_wipe(key.ptr, key.len);
    return r;
}

int cluster__seal(Store *s, const char *uid, Slice identity, uint8_t ret_key[AEAD_KEY_BYTES],
                  Buf *ret_wrapped, Buf *ret_identity, Err *err)
{
    AUTO_BUF aad = BUF_INIT;
    int r;

    aead_new_key(ret_key);
    r = s->o.key_wrap.wrap(s->o.key_wrap.data, (Slice){(const char *)ret_key, AEAD_KEY_BYTES},
                           ret_wrapped, err);
    if (r < 0)
        return err_wrap(err, r, "wrapping a data key");
    if (ret_wrapped->len > WRAPPED_MAX)
        return err_set(err, ERR_INTERNAL, "a wrapped key has %zu bytes", ret_wrapped->len);
    identity_aad(uid, &aad);
    aead_seal(ret_key, buf_slice(&aad), identity, ret_identity);
    return 0;
}

int cluster__from_row(Store *s, const PGresult *res, int row, int64_t revision, Err *err)
{
    AUTO_BUF identity = BUF_INIT;
    uint8_t key[AEAD_KEY_BYTES];
    ClusterInit init = {
        .id = result_int8(res, row, 0),
        .uid = result_text(res, row, 1),
        .name = result_text(res, row, 2),
        .state = (ClusterState)result_int2(res, row, 3),
        .revision = revision,
        .created_us = result_int8(res, row, 5),
    };
    ClusterRec *c = cluster__by_id(s, init.id);
    int r;

    if (init.state == CLUSTER_DELETING) {
        if (c)
            cluster__remove(s, c);
        return 0;
    }
    if (c) {
        c->pub.state = init.state;
        return 0;
    }
    r = cluster__unseal(s, init.uid, result_bytes(res, row, 6), result_bytes(res, row, 7), key,
                        &identity, err);
    if (r < 0)
        return err_wrap(err, r, "cluster \"%s\"", init.name);
    init.key = key;
    init.identity = buf_slice(&identity);
    cluster__add(s, &init);
    aead_wipe(key, sizeof(key));
    if (identity.ptr)
        aead_wipe(identity.ptr, identity.len);
    return 0;
}

void cluster__free_all(Store *s)
{
    ClusterRec *c;

    for (size_t at = 0; map_next(&s->by_id, &at, NULL, (void **)&c);) {
        list_del(&c->behind);
        cluster__drop_caches(s, c);
        cluster_unref(&c->pub);
    }
    map_done(&s->by_id);
    map_done(&s->by_name);
}
