/*
 * DESIGN. The data keys of clusters, and who unwraps them. A key is in memory (READY), was not
 * fetched yet (PENDING), or is gone because its provider does not unwrap it any more (WITHHELD).
 *
 *   PENDING --unwrapped--> READY --refused, or not reachable for key_ttl_s--> WITHHELD
 *      ^---not reachable, refused: again later            (key, identity, caches wiped) |
 *                             READY <--unwrapped, asked again and again-----------------+
 *
 * Providers that are local answer in the call; the others on workers of the key ring, never on the
 * store's loop. Keys of the server's default provider stay once they are there. A cluster whose
 * provider is another (a tenant's own) has its key unwrapped anew every key_check_s: each check
 * reads the row again, so that it is never an old wrapping that is tried.
 *
 * Lists: `wanted` are to be fetched now, `checked` in order of when they are due.
 */
#include "base/be64.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "store/store_int.h"

enum {
    FETCH_MAX = 100,
    RETRY_US = 1000 * 1000, /* of a key that is not there */
    /* Nobody reads an older state of the database for longer than RUN_MAX_US. */
    GONE_US = 60 * 1000 * 1000,
    PURGE_EVERY_US = 10 * 1000 * 1000,
};

struct KeyKeeper {
    Store *store;
    List wanted, checked; /* ClusterRec */
    ConnJob fetch;
    bool is_fetching, has_gone; /* has_gone: some may have keys that are to be forgotten */
    int64_t purge_us;
};

static Metric unwraps = {.name = "hostplane_key_unwraps_total",
                         .help = "Data keys that a key provider was asked to unwrap, by result.",
                         .type = METRIC_COUNTER,
                         .labels = {"provider", "result"}};
static Metric withheld = {.name = "hostplane_keys_withheld",
                          .help = "Clusters whose data key is not in memory.",
                          .type = METRIC_GAUGE,
                          .labels = {"provider"}};

/* ---- rows ---- */

static void identity_aad(const char *uid, Buf *out)
{
    buf_adds(out, "identity");
    buf_addc(out, '\0');
    buf_adds(out, uid);
}

/*
 * The column `identity`:  mark (8) | length (8, big-endian) | what is public | sealed identity
 * Without a mark it is the last part alone, as it begins with a nonce.
 */
static const char public_mark[8] = "\0public\1";

void clusterkeys__seal_identity(const Store *s, const DataKey *key, const char *uid, Slice identity,
                                Buf *out)
{
    AUTO_BUF aad = BUF_INIT, is_public = BUF_INIT;

    if (s->o.public_of)
        s->o.public_of(identity, &is_public);
    if (is_public.len > 0) {
        buf_add(out, public_mark, sizeof(public_mark));
        buf_add_be64(out, is_public.len);
        buf_add_slice(out, buf_slice(&is_public));
    }
    identity_aad(uid, &aad);
    aead_seal(key->bytes, buf_slice(&aad), identity, out);
}

const char *clusterkeys__provider(const char *column)
{
    return *column ? column : "file";
}

bool clusterkeys__is_local(const Store *s, const char *provider)
{
    const KeyProvider *p = keyring_find(s->o.keys, provider);

    return p && p->type->is_local;
}

/* Cuts off what is public, and leaves what is sealed. */
static Slice take_public(Slice *column)
{
    size_t head = sizeof(public_mark) + BE64_LEN;
    Slice is_public = SLICE("");

    if (column->len < head || memcmp(column->ptr, public_mark, sizeof(public_mark)) != 0)
        return is_public;
    is_public = slice_behind(*column, head);
    is_public.len = MIN(is_public.len, be64_of(column->ptr + sizeof(public_mark)));
    *column = slice_behind(*column, head + is_public.len);
    return is_public;
}

void clusterkeys__keep_public(ClusterRec *c, Slice column)
{
    Slice is_public = take_public(&column);

    if (is_public.len == 0)
        return;
    pthread_rwlock_wrlock(&c->lock);
    free(c->public_text);
    c->public_text = xstrndup(is_public.ptr, is_public.len);
    pthread_rwlock_unlock(&c->lock);
}

/* What the newest key, which is unwrapped, has sealed: the identity, and the older ones. */
static int open_sealed(DataKey *newest, const char *uid, Slice identity, Slice older,
                       Buf *ret_identity, Err *err)
{
    AUTO_BUF aad = BUF_INIT;
    int r;

    (void)take_public(&identity);
    identity_aad(uid, &aad);
    r = aead_open(newest->bytes, buf_slice(&aad), identity, ret_identity, err);
    return r < 0 ? r : datakeys_open_older(newest, uid, older, err);
}

int clusterkeys__open_row(Store *s, const char *uid, const PGresult *res, int row, int col,
                          DataKey **ret_keys, Buf *ret_identity, Err *err)
{
    AUTO_DATAKEYS *keys = datakey_new(result_int8(res, row, col + 4));
    const char *provider = clusterkeys__provider(result_text(res, row, col + 2));
    KeyProvider *p = keyring_find(s->o.keys, provider);
    int r;

    if (!p)
        return err_set(err, ERR_UNAVAILABLE, "no key provider '%s' is configured", provider);
    r = p->type->unwrap(p, result_text(res, row, col + 3), result_bytes(res, row, col), keys->bytes,
                        err);
    metric_add(&unwraps, 1, provider, r < 0 ? "failed" : "ok");
    if (r == 0)
        r = open_sealed(keys, uid, result_bytes(res, row, col + 1), result_bytes(res, row, col + 5),
                        ret_identity, err);
    if (r < 0)
        return err_wrap(err, r, "unwrapping a data key");
    *ret_keys = TAKE(keys);
    return 0;
}

/* ---- making one ---- */

void newkey__free(NewKey *k)
{
    if (!k)
        return;
    pthread_mutex_lock(&k->store->new_keys_lock);
    list_del(&k->link);
    pthread_mutex_unlock(&k->store->new_keys_lock);
    datakeys_free(k->key);
    buf_done(&k->wrapped);
    buf_done(&k->identity);
    free(k);
}

bool clusterkeys__is_new_with(Store *s, const char *provider, const char *kek)
{
    bool found = false;

    pthread_mutex_lock(&s->new_keys_lock);
    list_for_each (l, &s->new_keys) {
        const NewKey *k = list_entry(l, NewKey, link);

        /* Who waits for its provider may be on the point of being wrapped with it. */
        found |= str_eq(k->provider, provider) && (!k->is_wrapped || str_eq(k->kek, kek));
    }
    pthread_mutex_unlock(&s->new_keys_lock);
    return found;
}

int clusterkeys__wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_kek[KEY_ID_MAX],
                      Err *err)
{
    int r = p->type->wrap(p, key, ret, ret_kek, err);

    if (r == 0 && ret->len > KEY_WRAPPED_MAX)
        r = err_set(err, ERR_INTERNAL, "a wrapped key has %zu bytes", ret->len);
    return r;
}

static int run_create(KeyJob *j, KeyProvider *p, Err *err)
{
    NewKey *k = container_of(j, NewKey, job);
    int r = clusterkeys__wrap(p, k->key->bytes, &k->wrapped, k->kek, err);

    k->is_wrapped = true; /* behind k->kek */
    return r;
}

static void on_not_created(void *data)
{
    NewKey *k = data;
    Txn *t = k->txn;
    Err err = k->err;

    newkey__free(TAKE(t->new_key_));
    t->done(-(int)err.code, &err, t->data);
}

static void created(KeyJob *j, int r, const Err *err)
{
    NewKey *k = container_of(j, NewKey, job);

    if (r == 0) {
        writer__submit(k->store->writer, k->txn);
        return;
    }
    (void)err_set(&k->err, ERR_UNAVAILABLE, "wrapping the data key with the provider '%s': %s",
                  k->provider, err->msg);
    loop_post(k->store->loop, on_not_created, k);
}

void clusterkeys__create(Store *s, Txn *t)
{
    const char *provider = t->change.key_provider;
    NewKey *k = xcalloc(1, sizeof(*k));

    t->new_key_ = k;
    k->store = s;
    k->txn = t;
    k->provider = provider && *provider ? provider : keyring_default(s->o.keys);
    pthread_mutex_lock(&s->new_keys_lock);
    list_add_tail(&s->new_keys, &k->link);
    pthread_mutex_unlock(&s->new_keys_lock);
    k->key = datakey_new(1);
    aead_new_key(k->key->bytes);
    clusterkeys__seal_identity(s, k->key, t->change.uid, t->change.identity, &k->identity);
    k->job = (KeyJob){.provider = k->provider, .run = run_create, .done = created};
    keyring_run(s->o.keys, &k->job);
}

/* ---- asking for those that are there ---- */

typedef struct Unwrap {
    KeyJob job;
    KeyKeeper *keeper;
    ClusterId id;
    char provider[KEY_PROVIDER_NAME_MAX], uid[37];
    char *kek;
    uint32_t changed;           /* ClusterRec.keys_changed when it was read */
    Buf wrapped, sealed, older; /* sealed: the identity */
    /* result */
    DataKey *keys;
    Buf identity;
    int r;
    Err err;
} Unwrap;

static void unwrap_free(Unwrap *u)
{
    datakeys_free(u->keys);
    free(u->kek);
    buf_done(&u->wrapped);
    buf_done(&u->sealed);
    buf_done(&u->older);
    buf_wipe(&u->identity);
    free(u);
}

static int run_unwrap(KeyJob *j, KeyProvider *p, Err *err)
{
    Unwrap *u = container_of(j, Unwrap, job);
    int r = p->type->unwrap(p, u->kek, buf_slice(&u->wrapped), u->keys->bytes, err);

    if (r == 0)
        r = open_sealed(u->keys, u->uid, buf_slice(&u->sealed), buf_slice(&u->older), &u->identity,
                        err);
    return r;
}

static void schedule(KeyKeeper *k, ClusterRec *c)
{
    bool is_there = c->pub.key_state == CLUSTER_KEY_READY && c->keys_known == c->keys_changed;

    list_del(&c->key_link);
    c->key_next_us =
        clock_mono_us() + (is_there ? k->store->o.key_check_s * 1000000 : (int64_t)RETRY_US);
    if (!is_there)
        list_add_tail(&k->wanted, &c->key_link);
    else if (!str_eq(c->provider, keyring_default(k->store->o.keys)))
        list_add_tail(&k->checked, &c->key_link);
}

static void came(KeyKeeper *k, ClusterRec *c, Unwrap *u)
{
    bool was_there = c->pub.key_state == CLUSTER_KEY_READY;

    c->key_good_us = clock_mono_us();
    if (u->changed != c->keys_changed) /* what was read is of before */
        return;
    if (was_there && c->keys_known == c->keys_changed)
        return;
    c->keys_known = c->keys_changed;
    cluster__set_keys(c, TAKE(u->keys), buf_slice(&u->identity));
    k->has_gone = true;
    if (was_there)
        return;
    metric_add(&withheld, -1, c->provider);
    log_info(NULL, "a data key is there", LOG_STR("cluster", c->pub.name),
             LOG_STR("provider", u->provider));
    cluster__tell_key(k->store, &c->pub, true);
}

static void did_not_come(KeyKeeper *k, ClusterRec *c, const Unwrap *u)
{
    bool is_refused = u->r != -ERR_UNAVAILABLE;
    int64_t age = clock_mono_us() - c->key_good_us;
    bool is_news;

    if (c->pub.key_state == CLUSTER_KEY_READY) {
        if (!is_refused && age < k->store->o.key_ttl_s * 1000000)
            return;
        c->is_key_refused = is_refused;
        cluster__wipe_key(k->store, c);
        metric_add(&withheld, 1, c->provider);
        log_warning(NULL, "a data key is withheld: the cluster's data cannot be read",
                    LOG_STR("cluster", c->pub.name), LOG_STR("provider", u->provider),
                    LOG_STR("error", u->err.msg));
        cluster__tell_key(k->store, &c->pub, false);
        return;
    }
    is_news = c->pub.key_state == CLUSTER_KEY_PENDING || c->is_key_refused != is_refused;
    if (is_news)
        log_warning(NULL, "a data key does not come", LOG_STR("cluster", c->pub.name),
                    LOG_STR("provider", u->provider), LOG_STR("error", u->err.msg));
    c->is_key_refused = is_refused;
    if (c->keys)
        cluster__wipe_key(k->store, c);
    c->pub.key_state = CLUSTER_KEY_WITHHELD;
    if (is_news)
        cluster__tell_key(k->store, &c->pub, false);
}

/* First of all. */
static void ask_now(KeyKeeper *k, ClusterRec *c)
{
    if (c->is_key_asked) /* schedule() sees that they are not known */
        return;
    list_del(&c->key_link);
    c->key_next_us = 0;
    list_add(&k->wanted, &c->key_link);
    clusterkeys__tick(k);
}

void clusterkeys__changed(Store *s, ClusterRec *c)
{
    c->keys_changed++;
    ask_now(s->keys, c);
}

void clusterkeys__missing(Store *s, ClusterRec *c)
{
    if (c->pub.key_state != CLUSTER_KEY_READY)
        return;
    c->pub.key_state = CLUSTER_KEY_PENDING;
    metric_add(&withheld, 1, c->provider);
    clusterkeys__changed(s, c);
}

/* What was read before is of no use any more. */
static void know_keys(KeyKeeper *k, ClusterRec *c)
{
    if (c->keys_known == c->keys_changed)
        c->keys_known++;
    c->keys_changed++;
    k->has_gone = true;
}

void clusterkeys__added_key(Store *s, ClusterRec *c, DataKey *key)
{
    if (!c->keys || c->keys->version >= key->version) { /* gone, or read again meanwhile */
        datakeys_free(key);
        return;
    }
    key->next = c->keys;
    c->keys = key;
    know_keys(s->keys, c);
}

void clusterkeys__older_gone(Store *s, ClusterRec *c)
{
    for (DataKey *k = c->keys ? c->keys->next : NULL; k; k = k->next)
        if (k->gone_us == 0)
            k->gone_us = clock_mono_us();
    know_keys(s->keys, c);
}

static void on_unwrapped(void *data)
{
    Unwrap *u = data;
    KeyKeeper *k = u->keeper;
    ClusterRec *c = cluster__by_id(k->store, u->id);

    if (c && !k->store->is_closing) {
        c->is_key_asked = false;
        metric_add(&unwraps, 1, u->provider,
                   u->r == 0                  ? "ok"
                   : u->r == -ERR_UNAVAILABLE ? "unreachable"
                                              : "refused");
        if (u->r == 0)
            came(k, c, u);
        else
            did_not_come(k, c, u);
        schedule(k, c);
        if (u->changed != c->keys_changed)
            ask_now(k, c);
    }
    unwrap_free(u);
}

static void unwrapped(KeyJob *j, int r, const Err *err)
{
    Unwrap *u = container_of(j, Unwrap, job);

    u->r = r;
    if (r < 0)
        u->err = *err;
    loop_post(u->keeper->store->loop, on_unwrapped, u);
}

static void ask(KeyKeeper *k, ClusterRec *c, const PGresult *res, int row)
{
    const char *provider = clusterkeys__provider(result_text(res, row, 3));
    Unwrap *u = xcalloc(1, sizeof(*u));

    clusterkeys__moved(k->store, c, provider); /* another server may have */
    clusterkeys__keep_public(c, result_bytes(res, row, 2));
    snprintf(u->provider, sizeof(u->provider), "%s", provider);
    snprintf(u->uid, sizeof(u->uid), "%s", c->pub.uid);
    u->keeper = k;
    u->id = c->pub.id;
    u->kek = xstrdup(result_text(res, row, 4));
    u->changed = c->keys_changed;
    u->keys = datakey_new(result_int8(res, row, 5));
    buf_add_slice(&u->older, result_bytes(res, row, 6));
    buf_add_slice(&u->wrapped, result_bytes(res, row, 1));
    buf_add_slice(&u->sealed, result_bytes(res, row, 2));
    u->job = (KeyJob){.provider = u->provider, .run = run_unwrap, .done = unwrapped};
    keyring_run(k->store->o.keys, &u->job);
}

static int add_due(List *from, Params *p, int array, int n, int64_t now)
{
    list_for_each_safe (l, from) {
        ClusterRec *c = list_entry(l, ClusterRec, key_link);

        if (n == FETCH_MAX || c->key_next_us > now)
            break;
        list_del(&c->key_link); /* back by schedule() */
        c->is_key_asked = true;
        params_add_int8(p, array, c->pub.id);
        n++;
    }
    return n;
}

static bool is_due(const List *l, int64_t now)
{
    return !list_is_empty(l) && list_entry(l->next, ClusterRec, key_link)->key_next_us <= now;
}

static void fetch_start(ConnJob *j, Conn *c)
{
    KeyKeeper *k = container_of(j, KeyKeeper, fetch);
    int64_t now = clock_mono_us();
    AUTO_PARAMS p = {0};
    int array = params_array(&p, PARAM_INT8);

    (void)add_due(&k->checked, &p, array, add_due(&k->wanted, &p, array, 0, now), now);
    conn_send(c, ST_KEY_ROWS, &p);
    conn_sync(c);
}

static void fetch_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    KeyKeeper *k = container_of(j, KeyKeeper, fetch);

    for (int i = 0; i < PQntuples(res); i++) {
        ClusterRec *c = cluster__by_id(k->store, result_int8(res, i, 0));

        if (c)
            ask(k, c, res, i);
    }
}

/* What was asked for and did not even get to its provider goes back. */
static void fetch_end(ConnJob *j, int r, const Err *err UNUSED)
{
    KeyKeeper *k = container_of(j, KeyKeeper, fetch);
    ClusterRec *c;

    k->is_fetching = false;
    if (r == 0 || k->store->is_closing)
        return;
    for (size_t at = 0; map_next(&k->store->by_id, &at, NULL, (void **)&c);) {
        if (!c->is_key_asked || !list_is_empty(&c->key_link))
            continue;
        c->is_key_asked = false;
        schedule(k, c);
    }
}

static void purge(KeyKeeper *k, int64_t now)
{
    ClusterRec *c;

    k->has_gone = false;
    k->purge_us = now + PURGE_EVERY_US;
    for (size_t at = 0; map_next(&k->store->by_id, &at, NULL, (void **)&c);)
        k->has_gone |= datakeys_purge(c->keys, now - GONE_US);
}

void clusterkeys__tick(KeyKeeper *k)
{
    int64_t now = clock_mono_us();

    if (k->has_gone && now >= k->purge_us)
        purge(k, now);
    if (k->is_fetching || (!is_due(&k->wanted, now) && !is_due(&k->checked, now)))
        return;
    k->is_fetching = true;
    k->fetch = (ConnJob){.what = "reading data keys",
                         .start = fetch_start,
                         .result = fetch_result,
                         .end = fetch_end};
    conn_run(load__conn(k->store), &k->fetch);
}

void clusterkeys__moved(Store *s, ClusterRec *c, const char *provider)
{
    if (str_eq(c->provider, provider))
        return;
    if (c->pub.key_state != CLUSTER_KEY_READY) {
        metric_add(&withheld, -1, c->provider);
        metric_add(&withheld, 1, provider);
    }
    snprintf(c->provider, sizeof(c->provider), "%s", provider);
    if (!c->is_key_asked)
        schedule(s->keys, c);
}

void clusterkeys__added(Store *s, ClusterRec *c)
{
    if (c->pub.key_state != CLUSTER_KEY_READY)
        metric_add(&withheld, 1, c->provider);
    schedule(s->keys, c);
    if (c->pub.key_state != CLUSTER_KEY_READY)
        c->key_next_us = 0;
}

void clusterkeys__removed(const ClusterRec *c)
{
    if (c->pub.key_state != CLUSTER_KEY_READY)
        metric_add(&withheld, -1, c->provider);
}

KeyKeeper *clusterkeys__open(Store *s)
{
    KeyKeeper *k = xcalloc(1, sizeof(*k));

    k->store = s;
    list_init(&k->wanted);
    list_init(&k->checked);
    return k;
}

void clusterkeys__close(KeyKeeper *k)
{
    k->is_fetching = true; /* nothing new */
}

void clusterkeys__free(KeyKeeper *k)
{
    if (!k)
        return;
    while (!list_is_empty(&k->wanted)) /* clusters outlive it */
        list_del(k->wanted.next);
    while (!list_is_empty(&k->checked))
        list_del(k->checked.next);
    free(k);
}
