#include "base/clock.h"
#include "base/fault.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/pgerr.h"
#include "store/store_int.h"

/* Rows a statement; between two of them the loop serves others. */
enum { LOAD_PIECE = 1000, LOAD_ATTEMPTS = 3 };

Conn *load__conn(Store *s)
{
    Conn *best = s->readers[0];

    for (int i = 1; i < N_READ_CONNS; i++)
        if (conn_is_ready(s->readers[i]) >= conn_is_ready(best) &&
            (conn_n_jobs(s->readers[i]) < conn_n_jobs(best) || !conn_is_ready(best)))
            best = s->readers[i];
    return best;
}

/* ---- cold loads ---- */

typedef struct LoadWaiter {
    List link; /* in Cache.waiters */
    Store *store;
    ClusterRec *cluster; /* a reference */
    char *storage;
    StoreDoneFn done;
    void *data;
    int attempts;
} LoadWaiter;

typedef struct LoadJob {
    ConnJob job;
    Cache *cache; /* a reference */
    int64_t revision;
    bool is_snapshot; /* there is more than a piece: all of them are read as of one moment */
    bool has_cluster, is_first, is_complete;
    int n_rows; /* of the last piece */
    Buf last_ns, last_name;
    int r;
    Err err;
} LoadJob;

static void on_load(void *data);

static void waiter_done(LoadWaiter *w, int r, const Err *err)
{
    w->done(r, err, w->data);
    cluster_unref(&w->cluster->pub);
    free(w->storage);
    free(w);
}

static void load_start(ConnJob *j, Conn *c)
{
    LoadJob *l = container_of(j, LoadJob, job);
    AUTO_PARAMS p = {0};

    l->is_first = true;
    if (l->is_snapshot)
        conn_send(c, ST_BEGIN_SNAPSHOT, NULL);
    params_int8(&p, l->cache->cluster->pub.id);
    params_text(&p, l->cache->storage);
    params_int8(&p, LOAD_PIECE);
    conn_send(c, ST_LOAD_FIRST, &p);
    conn_sync(c);
}

static int load_row(LoadJob *l, const PGresult *res, int row)
{
    RowBody body = {
        .storage = l->cache->storage,
        .ns = result_text(res, row, 1),
        .name = result_text(res, row, 2),
        .revision = result_int8(res, row, 3),
        .flags = result_int2(res, row, 4),
        .body = result_bytes(res, row, 5),
    };
    Obj *o;
    int r;

    if (body.flags & ROW_TOMBSTONE) {
        cache__put_tombstone(l->cache, body.ns, body.name);
        return 0;
    }
    r = store__decode(l->cache->cluster, &body, &o, &l->err);
    if (r < 0)
        return err_wrap(&l->err, r, "loading %s \"%s\"", body.storage, body.name);
    cache__put_row(l->cache, o);
    return 0;
}

static void load_result(ConnJob *j, size_t nth, PGresult *res)
{
    LoadJob *l = container_of(j, LoadJob, job);
    int n = PQntuples(res);

    if (PQresultStatus(res) != PGRES_TUPLES_OK || l->cache->state == CACHE_DEAD)
        return;
    l->n_rows = n;
    if (!l->is_snapshot && n == LOAD_PIECE)
        return; /* it is begun again */
    if (l->is_first && nth == l->is_snapshot && n > 0) {
        l->has_cluster = true;
        l->revision = result_int8(res, 0, 0);
        if (PQgetisnull(res, 0, 2))
            l->n_rows = n = 0;
    }
    if (l->r == 0 && FAULT("store.load.apply"))
        l->r = err_set(&l->err, ERR_UNAVAILABLE, "a fault while loading");
    for (int i = 0; i < n && l->r == 0; i++)
        l->r = load_row(l, res, i);
    if (n > 0) {
        buf_reset(&l->last_ns);
        buf_reset(&l->last_name);
        buf_adds(&l->last_ns, result_text(res, n - 1, 1));
        buf_adds(&l->last_name, result_text(res, n - 1, 2));
    }
}

/* Take the cache out of its cluster: it cannot be loaded. */
static void give_up(Cache *k)
{
    ClusterRec *c = k->cluster;

    if (k->state == CACHE_DEAD)
        return; /* that is who took it out */
    pthread_rwlock_wrlock(&c->lock);
    (void)map_del(&c->caches, k->storage);
    pthread_rwlock_unlock(&c->lock);
    cache__kill(k);
    cache_unref(k);
}

static void finish(LoadJob *l, int r, const Err *err)
{
    Cache *k = l->cache;
    List waiters = LIST_INIT(waiters), *w;

    l->is_complete = true;
    if (r < 0)
        give_up(k);
    else
        cache__set_ready(k, l->revision);
    list_splice_tail(&waiters, &k->waiters);
    while ((w = list_pop(&waiters)) != NULL) {
        LoadWaiter *waiter = list_entry(w, LoadWaiter, link);

        /* The connection broke, or the cache was dropped meanwhile: once more. */
        if (r == -ERR_UNAVAILABLE && ++waiter->attempts < LOAD_ATTEMPTS)
            on_load(waiter);
        else
            waiter_done(waiter, r, err);
    }
}

static bool load_next(ConnJob *j, Conn *c)
{
    LoadJob *l = container_of(j, LoadJob, job);
    AUTO_PARAMS p = {0};
    bool is_dead = l->cache->state == CACHE_DEAD;

    if (l->is_complete)
        return false;
    if (!l->is_snapshot && l->n_rows == LOAD_PIECE && l->r == 0 && !is_dead) {
        l->is_snapshot = true;
        load_start(j, c);
        return true;
    }
    l->is_first = false;
    if (is_dead && l->r == 0)
        l->r =
            err_set(&l->err, ERR_UNAVAILABLE, "%s were dropped while loading", l->cache->storage);
    if (l->r == 0 && !l->has_cluster)
        l->r = err_set(&l->err, ERR_NOT_FOUND, "the cluster is gone");
    if (l->r == 0 && l->n_rows == LOAD_PIECE) {
        params_int8(&p, l->cache->cluster->pub.id);
        params_text(&p, l->cache->storage);
        params_int8(&p, LOAD_PIECE);
        params_text(&p, buf_str(&l->last_ns));
        params_text(&p, buf_str(&l->last_name));
        conn_send(c, ST_LOAD_MORE, &p);
        conn_sync(c);
        return true;
    }
    finish(l, l->r, &l->err);
    if (!l->is_snapshot)
        return false;
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
    return true;
}

static void load_end(ConnJob *j, int r, const Err *err)
{
    LoadJob *l = container_of(j, LoadJob, job);

    if (!l->is_complete)
        finish(l, r < 0 ? r : -ERR_INTERNAL, err);
    cache_unref(l->cache);
    buf_done(&l->last_ns);
    buf_done(&l->last_name);
    free(l);
}

static void start_load(Store *s, LoadWaiter *w)
{
    LoadJob *l = xcalloc(1, sizeof(*l));
    Cache *k = cache__new(s, w->cluster, w->storage);

    pthread_rwlock_wrlock(&w->cluster->lock);
    (void)map_set(&w->cluster->caches, w->storage, k);
    pthread_rwlock_unlock(&w->cluster->lock);
    list_add_tail(&k->waiters, &w->link);
    l->cache = cache_ref(k);
    l->job = (ConnJob){.what = "loading",
                       .start = load_start,
                       .result = load_result,
                       .next = load_next,
                       .end = load_end};
    conn_run(load__conn(s), &l->job);
}

static void on_load(void *data)
{
    LoadWaiter *w = data;
    Store *s = w->store;
    Cache *k = map_get(&w->cluster->caches, w->storage);
    Err err = {0};

    if (s->is_closing) {
        waiter_done(w, err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
        return;
    }
    if (w->cluster->pub.state == CLUSTER_DELETING) {
        waiter_done(w, err_set(&err, ERR_NOT_FOUND, "the cluster is gone"), &err);
        return;
    }
    if (cluster_check_key(&w->cluster->pub, &err) < 0)
        waiter_done(w, -ERR_UNAVAILABLE, &err);
    else if (!k)
        start_load(s, w);
    else if (k->state == CACHE_READY)
        waiter_done(w, 0, &err);
    else
        list_add_tail(&k->waiters, &w->link);
}

void store_load(Store *s, Cluster *c, const char *storage, StoreDoneFn done, void *data)
{
    LoadWaiter *w = xcalloc(1, sizeof(*w));

    w->store = s;
    w->cluster = cluster_rec(cluster_ref(c));
    w->storage = xstrdup(storage);
    w->done = done;
    w->data = data;
    list_init(&w->link);
    loop_post(s->loop, on_load, w);
}

/* ---- events from history ---- */

static void history_start(ConnJob *j, Conn *c)
{
    HistoryFetch *f = container_of(j, HistoryFetch, job);
    AUTO_PARAMS p = {0};

    conn_send(c, ST_BEGIN_SNAPSHOT, NULL);
    params_int8(&p, f->cache->cluster->pub.id);
    params_int8(&p, f->from);
    conn_send(c, ST_EVENTS_CHECK, &p);
    params_int8(&p, f->cache->cluster->pub.id);
    params_int8(&p, f->from);
    params_text(&p, f->cache->storage);
    params_int8(&p, f->limit);
    conn_send(c, ST_EVENTS, &p);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

/* The state before an event whose predecessor is not in this piece: the row's own columns have it.
 * A reference. */
static int history_before(HistoryFetch *f, const PGresult *res, int row, Obj **ret)
{
    RowBody body = {
        .storage = f->cache->storage,
        .ns = result_text(res, row, 5),
        .name = result_text(res, row, 6),
    };

    *ret = NULL;
    if (PQgetisnull(res, row, 8))
        return 0;
    body.revision = result_int8(res, row, 8);
    body.flags = result_int2(res, row, 9);
    body.body = result_bytes(res, row, 10);
    return store__decode(f->cache->cluster, &body, ret, &f->decode_err);
}

static int history_row(HistoryFetch *f, const PGresult *res, int row)
{
    RowBody body = {
        .storage = f->cache->storage,
        .ns = result_text(res, row, 5),
        .name = result_text(res, row, 6),
        .revision = result_int8(res, row, 1),
        .flags = result_int2(res, row, 3),
        .body = result_bytes(res, row, 7),
    };
    EventType type = (EventType)result_int2(res, row, 2);
    CLEANUP(obj_unref) Obj *before = NULL;
    AUTO_BUF key = BUF_INIT;
    Obj *o, *prev;
    int r = history_before(f, res, row, &before);

    if (r < 0)
        return r;
    r = store__decode(f->cache->cluster, &body, &o, &f->decode_err);
    if (r < 0)
        return r;
    buf_add(&key, o->ns, strlen(o->ns) + 1);
    buf_adds(&key, o->name);
    prev = map_setn(&f->last, buf_slice(&key), o);
    if (!prev)
        prev = before;
    if (type == EVENT_ADDED)
        prev = NULL;
    GROW(f->events, f->cap, f->n + 1);
    f->events[f->n] = event__new(type, body.revision, o, prev ? obj_ref(prev) : NULL);
    f->events[f->n++]->is_prev_lost = type != EVENT_ADDED && !prev && !(body.flags & ROW_FIRST);
    return 0;
}

static void history_result(ConnJob *j, size_t nth, PGresult *res)
{
    HistoryFetch *f = container_of(j, HistoryFetch, job);
    int n = PQntuples(res);

    if (nth == 1) {
        f->is_expired = n == 0;
        if (n > 0) {
            f->current = result_int8(res, 0, 0);
            /* Ahead of the database: what it had was lost with a crash. */
            f->is_expired =
                f->from > f->current || (f->from < f->current && PQgetvalue(res, 0, 1)[0] == 0);
        }
        return;
    }
    if (nth != 2 || f->is_expired)
        return;
    for (int i = 0; i < n && f->decode_r == 0; i++)
        f->decode_r = history_row(f, res, i);
    map_done(&f->last);
    f->revision = n == f->limit ? result_int8(res, n - 1, 1) : MAX(f->current, f->from);
}

static void history_end(ConnJob *j, int r, const Err *err)
{
    HistoryFetch *f = container_of(j, HistoryFetch, job);
    Err own = {0};

    if (r == 0 && f->is_expired) {
        r = err_set(&own, ERR_EXPIRED, "too old resource version: %lld (%lld)", (long long)f->from,
                    (long long)f->current);
        err = &own;
    } else if (r == 0 && f->decode_r < 0) {
        r = f->decode_r;
        err = &f->decode_err;
    }
    f->done(f, r, err);
}

static void on_history(void *data)
{
    HistoryFetch *f = data;
    Store *s = f->cache->cluster->store;
    Err err;

    f->job = (ConnJob){.what = "reading history",
                       .start = history_start,
                       .result = history_result,
                       .end = history_end};
    if (s->is_closing)
        f->done(f, err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
    else
        conn_run(load__conn(s), &f->job);
}

void load__history(HistoryFetch *f)
{
    loop_post(f->cache->cluster->store->loop, on_history, f);
}

/* ---- lists as they were ---- */

typedef struct ListAt {
    ConnJob job;
    Store *store;
    ClusterRec *cluster; /* a reference */
    char *storage;
    int64_t revision, current;
    ObjVec *ret;
    StoreDoneFn done;
    void *data;
    int r;
    Err err;
} ListAt;

static void at_start(ConnJob *j, Conn *c)
{
    ListAt *l = container_of(j, ListAt, job);
    AUTO_PARAMS p = {0};

    conn_send(c, ST_BEGIN_SNAPSHOT, NULL);
    conn_send_sql(c, "SET LOCAL enable_mergejoin = on"); /* the one statement that reads much */
    params_int8(&p, l->cluster->pub.id);
    params_int8(&p, l->revision);
    conn_send(c, ST_EVENTS_CHECK, &p);
    params_int8(&p, l->cluster->pub.id);
    params_text(&p, l->storage);
    params_int8(&p, l->revision);
    conn_send(c, ST_AT, &p);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

static int at_expired(ListAt *l)
{
    return err_set(&l->err, ERR_EXPIRED, "too old resource version: %lld (%lld)",
                   (long long)l->revision, (long long)l->current);
}

static int at_row(ListAt *l, const PGresult *res, int row)
{
    RowBody body = {
        .storage = l->storage,
        .ns = result_text(res, row, 0),
        .name = result_text(res, row, 1),
        .revision = result_int8(res, row, 2),
        .flags = result_int2(res, row, 3),
        .body = result_bytes(res, row, 4),
    };
    EventType type = (EventType)result_int2(res, row, 5);
    Obj *o;
    int r;

    if (result_int2(res, row, 6)) /* is_later: no row up to the revision */
        return type == EVENT_ADDED || (body.flags & ROW_FIRST) ? 0 : at_expired(l);
    if (type == EVENT_DELETED || (body.flags & ROW_TOMBSTONE))
        return 0;
    r = store__decode(l->cluster, &body, &o, &l->err);
    if (r == 0)
        objvec_add(l->ret, o);
    return r;
}

static void at_result(ConnJob *j, size_t nth, PGresult *res)
{
    ListAt *l = container_of(j, ListAt, job);
    int n = PQntuples(res);

    if (nth == 2) {
        if (n > 0)
            l->current = result_int8(res, 0, 0);
        if (n == 0 || (l->revision < l->current && PQgetvalue(res, 0, 1)[0] == 0))
            l->r = at_expired(l);
        return;
    }
    for (int i = 0; nth == 3 && i < n && l->r == 0; i++)
        l->r = at_row(l, res, i);
}

static void at_end(ConnJob *j, int r, const Err *err)
{
    ListAt *l = container_of(j, ListAt, job);

    if (r == 0 && l->r < 0) {
        r = l->r;
        err = &l->err;
    }
    l->done(r, err, l->data);
    cluster_unref(&l->cluster->pub);
    free(l->storage);
    free(l);
}

/* The state before the changes since then, from the events still in the ring. */
typedef struct Past {
    Map changed;   /* "ns\0name" of every key changed since */
    ObjIndex then; /* those that existed, as they were */
} Past;

static void past_key(const Obj *o, Buf *key)
{
    buf_reset(key);
    buf_add(key, o->ns, strlen(o->ns) + 1);
    buf_adds(key, o->name);
}

/* False when the ring does not tell. */
static bool past_collect(const Cache *k, int64_t revision, Past *past)
{
    AUTO_BUF key = BUF_INIT;
    uint64_t hint = 0;
    const Event *e;

    for (int64_t at = revision; (e = ring_after(&k->ring, at, &hint)) != NULL; at = e->revision) {
        past_key(e->obj, &key);
        if (map_getn(&past->changed, buf_slice(&key)))
            continue;
        (void)map_setn(&past->changed, buf_slice(&key), past);
        if (e->prev)
            obj_unref(objindex_put(&past->then, obj_ref(e->prev)));
        else if (e->type != EVENT_ADDED)
            return false; /* it arrived while the cache was loading, or a base object was below */
    }
    return true;
}

static int by_key(const Obj *a, const Obj *b)
{
    int r = strcmp(a->ns, b->ns);

    return r != 0 ? r : strcmp(a->name, b->name);
}

/* What has not changed since, and what has as it was, in order. */
static void past_merge(Cache *k, const Past *past, ObjVec *ret)
{
    ObjPos now_pos = objindex_seek(&k->index, "", "", false);
    ObjPos then_pos = objindex_seek(&past->then, "", "", false);
    Obj *now = objindex_next(&k->index, &now_pos), *then = objindex_next(&past->then, &then_pos);
    AUTO_BUF key = BUF_INIT;

    while (now || then) {
        if (now && past->changed.n > 0) {
            past_key(now, &key);
            if (map_getn(&past->changed, buf_slice(&key))) {
                now = objindex_next(&k->index, &now_pos);
                continue;
            }
        }
        if (!then || (now && by_key(now, then) < 0)) {
            objvec_add(ret, pack__ref(now));
            now = objindex_next(&k->index, &now_pos);
        } else {
            objvec_add(ret, obj_ref(then));
            then = objindex_next(&past->then, &then_pos);
        }
    }
}

static bool list_from_memory(ListAt *l)
{
    Cache *k = map_get(&l->cluster->caches, l->storage);
    Past past = {0};
    bool is_known;

    if (!k || k->state != CACHE_READY || l->revision < k->ring.floor ||
        l->revision > l->cluster->pub.revision)
        return false;
    is_known = past_collect(k, l->revision, &past);
    if (is_known) {
        past_merge(k, &past, l->ret);
        pack__whole_all(k, l->ret, 0);
    }
    map_done(&past.changed);
    objindex_done(&past.then);
    return is_known;
}

static void on_list_at(void *data)
{
    ListAt *l = data;

    l->job = (ConnJob){.what = "listing", .start = at_start, .result = at_result, .end = at_end};
    if (l->store->is_closing)
        at_end(&l->job, err_set(&l->err, ERR_UNAVAILABLE, "the store is closing"), &l->err);
    else if (list_from_memory(l))
        at_end(&l->job, 0, &l->err);
    else
        conn_run(load__conn(l->store), &l->job);
}

void store_list_at(Store *s, Cluster *c, const char *storage, int64_t revision, ObjVec *ret,
                   StoreDoneFn done, void *data)
{
    ListAt *l = xcalloc(1, sizeof(*l));

    l->store = s;
    l->cluster = cluster_rec(cluster_ref(c));
    l->storage = xstrdup(storage);
    l->revision = revision;
    l->ret = ret;
    l->done = done;
    l->data = data;
    loop_post(s->loop, on_list_at, l);
}

/* ---- keys of all clusters ---- */

int store_scan_keys(Store *s, const char *storage, StoreKeyFn fn, void *data, Err *err)
{
    CLEANUP(pg_finish) PGconn *pg = PQconnectdb(s->conninfo);
    CLEANUP(pg_clear) PGresult *res = NULL;
    const char *values[] = {storage};

    if (PQstatus(pg) != CONNECTION_OK)
        return err_set(err, ERR_UNAVAILABLE, "connecting to PostgreSQL: %s", PQerrorMessage(pg));
    res = PQexecParams(pg,
                       "SELECT o.cluster, o.ns, o.name FROM object o JOIN cluster c"
                       " ON c.id = o.cluster AND c.state <> 2"
                       " WHERE o.resource = $1::text",
                       1, NULL, values, NULL, NULL, 1);
    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return pgerr_set(err, res, "scanning keys");
    for (int i = 0; i < PQntuples(res); i++) {
        ClusterId id = result_int8(res, i, 0);
        Cluster *c = NULL;

        pthread_rwlock_rdlock(&s->clusters_lock);
        c = map_getn(&s->by_id, (Slice){(const char *)&id, sizeof(id)});
        if (c)
            cluster_ref(c);
        pthread_rwlock_unlock(&s->clusters_lock);
        if (c)
            fn(c, result_text(res, i, 1), result_text(res, i, 2), data);
        cluster_unref(c);
    }
    return 0;
}
