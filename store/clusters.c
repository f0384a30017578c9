#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

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
    free(rec->identity);
    free(rec->public_text);
    datakeys_free(rec->keys);
    map_done(&rec->caches);
    map_done(&rec->usage);
    pthread_rwlock_destroy(&rec->lock);
    free(rec);
}

static Slice id_key(const ClusterId *id)
{
    return (Slice){(const char *)id, sizeof(*id)};
}

static uint8_t *key_of_process;

static void make_process_key(void)
{
    key_of_process = secret_new();
    aead_new_key(key_of_process);
}

/* Identities lie in ordinary memory sealed with this, which lies in that of keys. */
static const uint8_t *process_key(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_process_key);
    return key_of_process;
}

void cluster__set_keys(ClusterRec *c, DataKey *keys, Slice identity)
{
    Buf sealed = BUF_INIT;

    aead_seal(process_key(), slice_of(c->pub.uid), identity, &sealed);
    datakeys_renew(&c->keys, keys, clock_mono_us());
    pthread_rwlock_wrlock(&c->lock);
    free(c->identity);
    c->identity_len = sealed.len;
    c->identity = buf_take(&sealed);
    pthread_rwlock_unlock(&c->lock);
    c->key_good_us = clock_mono_us();
    c->pub.key_state = CLUSTER_KEY_READY;
}

void cluster__forget_key(ClusterRec *c)
{
    c->pub.key_state = CLUSTER_KEY_WITHHELD;
    datakeys_free(TAKE(c->keys));
    pthread_rwlock_wrlock(&c->lock);
    free(TAKE(c->identity));
    c->identity_len = 0;
    pthread_rwlock_unlock(&c->lock);
}

void cluster__wipe_key(Store *s, ClusterRec *c)
{
    cluster__forget_key(c);
    cluster__drop_caches(s, c);
}

int cluster_check_key(Cluster *c, Err *err)
{
    ClusterRec *rec = cluster_rec(c);

    if (c->state == CLUSTER_DELETING) /* that it is gone is what matters */
        return 0;
    switch ((ClusterKeyState)c->key_state) {
    case CLUSTER_KEY_READY:
        return 0;
    case CLUSTER_KEY_PENDING:
        return err_set(err, ERR_UNAVAILABLE,
                       "the encryption key of cluster \"%s\" is being fetched", c->name);
    case CLUSTER_KEY_WITHHELD:
        break;
    }
    return err_set(err, ERR_UNAVAILABLE, "the encryption key of cluster \"%s\" is withheld: %s",
                   c->name,
                   rec->is_key_refused ? "its key provider refuses to unwrap it"
                                       : "its key provider cannot be reached");
}

bool cluster_key_is_refused(const Cluster *c)
{
    return container_of(c, const ClusterRec, pub)->is_key_refused;
}

int cluster_identity(Cluster *c, Buf *ret, Err *err)
{
    ClusterRec *rec = cluster_rec(c);
    int r = 0;

    pthread_rwlock_rdlock(&rec->lock);
    if (rec->identity) {
        buf_reserve(ret, rec->identity_len); /* so that no copy is left behind */
        r = aead_open(process_key(), slice_of(c->uid), (Slice){rec->identity, rec->identity_len},
                      ret, err);
        BUG_ON(r < 0);
    } else
        r = -ERR_UNAVAILABLE;
    pthread_rwlock_unlock(&rec->lock);
    if (r < 0 && cluster_check_key(c, err) == 0) /* it has just come */
        r = err_set(err, ERR_UNAVAILABLE, "the encryption key of cluster \"%s\" is being fetched",
                    c->name);
    return r;
}

bool cluster_public(Cluster *c, Buf *ret)
{
    ClusterRec *rec = cluster_rec(c);
    bool is_known;

    pthread_rwlock_rdlock(&rec->lock);
    is_known = rec->public_text != NULL;
    if (is_known)
        buf_adds(ret, rec->public_text);
    pthread_rwlock_unlock(&rec->lock);
    return is_known;
}

const char *cluster_encrypted(const Cluster *c)
{
    return container_of(c, const ClusterRec, pub)->encrypted;
}

void cluster__set_encrypted(Store *s, ClusterRec *c, const char *list)
{
    const char *there = c->encrypted;
    char *copy;

    if (there && str_eq(there, list))
        return;
    copy = map_get(&s->lists, list);
    if (!copy) {
        copy = xstrdup(list);
        (void)map_set(&s->lists, copy, copy);
    }
    c->encrypted = copy;
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
    c->floor = init->floor;
    c->pub.oldest = init->floor;
    list_init(&c->key_link);
    list_init(&c->trim_link);
    snprintf(c->provider, sizeof(c->provider), "%s", init->provider);
    cluster__set_encrypted(s, c, init->encrypted ? init->encrypted : "");
    if (init->keys)
        cluster__set_keys(c, init->keys, init->identity);
    pthread_rwlock_wrlock(&s->clusters_lock);
    old = map_set(&s->by_name, c->pub.name, c);
    (void)map_setn(&s->by_id, id_key(&c->pub.id), c);
    pthread_rwlock_unlock(&s->clusters_lock);
    s->n_clusters++;
    clusterkeys__added(s, c);
    /* A cluster of that name was deleted by another server, and we have not heard of it yet. */
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
    list_del(&c->key_link);
    list_del(&c->trim_link);
    clusterkeys__removed(c);
    cluster__forget_key(c); /* whoever holds a reference still reads nothing new with it */
    cluster__drop_caches(s, c);
    cluster__tell_key(s, &c->pub, false);
    s->n_clusters--;
    cluster_unref(&c->pub);
}

void cluster__reset(Store *s, ClusterRec *c, int64_t revision)
{
    log_warning(NULL, "history does not reach back: caches are dropped, watches begin anew",
                LOG_STR("cluster", c->pub.name), LOG_INT("from", c->pub.revision),
                LOG_INT("to", revision));
    cluster__drop_caches(s, c);
    if (c->floor <= revision) /* the gap is the one a move left */
        cluster__raise(c, c->floor);
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

void store_on_key(Store *s, StoreKeyStateFn fn, void *data)
{
    size_t i = 0;

    pthread_mutex_lock(&s->sub_lock);
    while (s->key_watchers[i].fn && ++i < ARRAY_LEN(s->key_watchers))
        ;
    BUG_ON(i == ARRAY_LEN(s->key_watchers));
    s->key_watchers[i] = (KeyWatcher){fn, data};
    pthread_mutex_unlock(&s->sub_lock);
}

void store_off_key(Store *s, void *data)
{
    pthread_mutex_lock(&s->sub_lock);
    for (size_t i = 0; i < ARRAY_LEN(s->key_watchers); i++)
        if (s->key_watchers[i].data == data)
            s->key_watchers[i] = (KeyWatcher){0};
    pthread_mutex_unlock(&s->sub_lock);
}

void cluster__tell_key(Store *s, Cluster *c, bool is_there)
{
    pthread_mutex_lock(&s->sub_lock);
    for (size_t i = 0; i < ARRAY_LEN(s->key_watchers); i++)
        if (s->key_watchers[i].fn)
            s->key_watchers[i].fn(c, is_there, s->key_watchers[i].data);
    pthread_mutex_unlock(&s->sub_lock);
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

/* Another server may have made or destroyed data keys, or changed what is encrypted. */
static void compare_keys(Store *s, ClusterRec *c, const PGresult *res, int row)
{
    int64_t version = result_int8(res, row, 10);
    bool has_older = result_bytes(res, row, 11).len > 0;

    cluster__set_encrypted(s, c, result_text(res, row, 12));
    if (c->keys && (c->keys->version != version || (datakeys_n_older(c->keys) > 0) != has_older))
        clusterkeys__changed(s, c);
}

int cluster__from_row(Store *s, const PGresult *res, int row, int64_t revision, Err *err)
{
    AUTO_WIPED_BUF identity = BUF_INIT;
    ClusterInit init = {
        .id = result_int8(res, row, 0),
        .uid = result_text(res, row, 1),
        .name = result_text(res, row, 2),
        .state = (ClusterState)result_int2(res, row, 3),
        .revision = revision,
        .created_us = result_int8(res, row, 5),
        .floor = result_int8(res, row, 13),
    };
    ClusterRec *c = cluster__by_id(s, init.id);
    int r;

    if (init.state == CLUSTER_DELETING) {
        if (c)
            cluster__remove(s, c);
        return 0;
    }
    if (c) {
        cluster__learn_floor(c, init.floor);
        cluster__set_state(s, c, init.state);
        compare_keys(s, c, res, row);
        return 0;
    }
    init.encrypted = result_text(res, row, 12);
    init.provider = clusterkeys__provider(result_text(res, row, 8));
    /* The platform's own is needed before anything else can be done. */
    if (init.id == 1 || clusterkeys__is_local(s, init.provider)) {
        r = clusterkeys__open_row(s, init.uid, res, row, 6, &init.keys, &identity, err);
        if (r < 0 && init.id == 1)
            return err_wrap(err, r, "cluster \"%s\"", init.name);
        if (r == 0)
            init.identity = buf_slice(&identity);
    }
    c = cluster__add(s, &init);
    if (!init.keys)
        clusterkeys__keep_public(c, result_bytes(res, row, 7));
    return 0;
}

void cluster__learn_floor(ClusterRec *c, int64_t floor)
{
    c->floor = MAX(c->floor, floor);
    if (c->floor <= c->pub.revision) /* else the feed comes to it behind what was before */
        cluster__raise(c, c->floor);
}

void cluster__raise(ClusterRec *c, int64_t floor)
{
    c->floor = MAX(c->floor, floor);
    c->pub.oldest = MAX(c->pub.oldest, c->floor);
    c->pub.revision = MAX(c->pub.revision, c->floor);
}

void cluster__set_state(Store *s, ClusterRec *c, ClusterState state)
{
    if (atomic_exchange(&c->pub.state, state) != CLUSTER_MOVING || state == CLUSTER_MOVING)
        return;
    atomic_fetch_add(&c->pub.n_moves, 1);
    cluster__drop_caches(s, c);
}

void cluster__free_all(Store *s)
{
    ClusterRec *c;

    for (size_t at = 0; map_next(&s->by_id, &at, NULL, (void **)&c);) {
        list_del(&c->behind);
        list_del(&c->key_link);
        list_del(&c->trim_link);
        cluster__drop_caches(s, c);
        cluster_unref(&c->pub);
    }
    map_done(&s->by_id);
    map_done(&s->by_name);
}
