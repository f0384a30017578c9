#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/pgerr.h"
#include "store/store_int.h"

enum { TICK_MS = 250, CLOSE_WAIT_US = 10 * 1000 * 1000, PINNED_MAX = 64 * 1024 * 1024 };

/* Every access is by key and every plan is known; statistics of tables that were just filled or
 * dropped must not talk the planner into reading them whole. */
#define SETUP                                                                                      \
    "SET client_encoding = 'UTF8'", "SET plan_cache_mode = force_generic_plan",                    \
        "SET enable_seqscan = off", "SET enable_hashjoin = off", "SET enable_mergejoin = off",     \
        "SET jit = off", "SET statement_timeout = '20s'",                                          \
        "SET idle_in_transaction_session_timeout = '60s'"

const char *const store__setup[] = {SETUP, NULL};
const char *const store__listen_setup[] = {SETUP, "LISTEN hostplane", NULL};

static void store_free(Store *s)
{
    char *list;

    rekey__free(s->rekey);
    reseal__free(s->reseal);
    for (size_t at = 0; map_next(&s->lists, &at, NULL, (void **)&list);)
        free(list);
    map_done(&s->lists);
    clusterkeys__free(s->keys);
    pthread_mutex_destroy(&s->new_keys_lock);
    for (char **e = s->encrypted; e && *e; e++)
        free(*e);
    free(s->encrypted);
    free(s->conninfo);
    free(s->server_id);
    free(s->subs);
    pthread_rwlock_destroy(&s->clusters_lock);
    pthread_mutex_destroy(&s->watch_lock);
    pthread_mutex_destroy(&s->sub_lock);
    free(s);
}

static Store *store_new(const StoreOptions *o)
{
    Store *s = xcalloc(1, sizeof(*s));
    size_t n = 0;

    s->o = *o;
    s->conninfo = xstrdup(o->conninfo);
    s->server_id = xstrdup(o->server_id);
    while (o->encrypted && o->encrypted[n])
        n++;
    s->encrypted = xcalloc(n + 1, sizeof(*s->encrypted));
    for (size_t i = 0; i < n; i++)
        s->encrypted[i] = xstrdup(o->encrypted[i]);
    if (s->o.cache_idle_s <= 0)
        s->o.cache_idle_s = 300;
    if (s->o.compaction_s <= 0)
        s->o.compaction_s = 300;
    if (s->o.key_check_s <= 0)
        s->o.key_check_s = 30;
    if (s->o.key_ttl_s <= 0)
        s->o.key_ttl_s = 300;
    if (s->o.history_hours <= 0)
        s->o.history_hours = 1;
    if (s->o.audit_days <= 0)
        s->o.audit_days = 30;
    s->o.conninfo = s->o.server_id = NULL;
    s->o.encrypted = NULL;
    pthread_rwlock_init(&s->clusters_lock, NULL);
    pthread_mutex_init(&s->watch_lock, NULL);
    pthread_mutex_init(&s->sub_lock, NULL);
    list_init(&s->wakers);
    list_init(&s->idle_pieces);
    list_init(&s->caches);
    s->pinned_max = PINNED_MAX;
    pthread_mutex_init(&s->new_keys_lock, NULL);
    list_init(&s->new_keys);
    s->keys = clusterkeys__open(s);
    s->rekey = rekey__open(s);
    s->reseal = reseal__open(s);
    return s;
}

/* ---- before the thread starts ---- */

static int query(PGconn *pg, const char *sql, PGresult **ret, Err *err)
{
    CLEANUP(pg_clear) PGresult *res = PQexecParams(pg, sql, 0, NULL, NULL, NULL, NULL, 1);

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return pgerr_set(err, res, "reading the database");
    *ret = TAKE(res);
    return 0;
}

static int partitions_of(PGconn *pg, StatementId statement, const char ***ret, size_t *ret_n,
                         PGresult **ret_res, Err *err)
{
    int r = query(pg, statements[statement].sql, ret_res, err);

    if (r < 0)
        return r;
    *ret = partition__names(*ret_res, ret_n);
    return 0;
}

static int first_partitions(Store *s, PGconn *pg, Err *err)
{
    CLEANUP(pg_clear) PGresult *res = NULL;
    CLEANUP(pg_clear) PGresult *more = NULL;
    AUTO_BUF sql = BUF_INIT;
    AUTO_FREE const char **names = NULL;
    AUTO_FREE const char **audits = NULL;
    int64_t before;
    size_t n = 0;
    int r = partitions_of(pg, ST_PARTITIONS, &names, &n, &res, err);

    if (r == 0) {
        keeper__plan(names, n, clock_now_s(), s->o.history_hours * 3600, false, &sql);
        r = partitions_of(pg, ST_AUDIT_PARTITIONS, &audits, &n, &more, err);
    }
    if (r == 0) /* none is dropped yet: the keeper does that */
        audit__plan(audits, n, clock_now_s(), INT32_MAX, &sql, &before);
    return r == 0 && sql.len > 0 ? migrate_exec(pg, buf_str(&sql), err) : r;
}

static int read_clusters(Store *s, PGconn *pg, Err *err)
{
    CLEANUP(pg_clear) PGresult *clusters = NULL;
    CLEANUP(pg_clear) PGresult *used = NULL;
    int r;

    r = query(pg, SELECT_CLUSTERS " WHERE c.state <> 2", &clusters, err);
    for (int i = 0; r == 0 && i < PQntuples(clusters); i++)
        r = cluster__from_row(s, clusters, i, result_int8(clusters, i, 4), err);
    if (r == 0)
        r = query(pg, "SELECT cluster, counter, used FROM usage WHERE used <> 0", &used, err);
    for (int i = 0; r == 0 && i < PQntuples(used); i++) {
        ClusterRec *c = cluster__by_id(s, result_int8(used, i, 0));

        if (c)
            cluster__set_used(c, result_text(used, i, 1), result_int8(used, i, 2));
    }
    return r;
}

static int prepare(Store *s, Err *err)
{
    CLEANUP(pg_finish) PGconn *pg = NULL;
    int r, version;

    r = migrate_connect(s->conninfo, &pg, err);
    if (r == 0 && !str_eq(PQparameterStatus(pg, "server_encoding"), "UTF8"))
        r = err_set(err, ERR_INVALID, "the database is encoded in %s; it must be UTF8",
                    PQparameterStatus(pg, "server_encoding"));
    if (r == 0)
        r = migrate_run(pg, &version, err);
    if (r == 0)
        r = first_partitions(s, pg, err);
    if (r == 0)
        r = read_clusters(s, pg, err);
    return r;
}

/* ---- the thread ---- */

static void on_tick(void *data)
{
    Store *s = data;
    int64_t connects;

    writer__tick(s->writer);
    feed__tick(s->feed);
    for (int i = 0; i < N_READ_CONNS; i++)
        conn_check(s->readers[i], DOWN_WAIT_US, RUN_MAX_US);
    keeper__tick(s->keeper);
    pack__tick(s->packer);
    watch__tick(s);
    retention__tick(s->retention);
    clusterkeys__tick(s->keys);
    rekey__tick(s->rekey);
    reseal__tick(s->reseal);
    connects = writer__n_connects(s->writer);
    s->n_connects = connects;
    s->is_healthy = writer__is_ready(s->writer);
}

static void open_parts(Store *s)
{
    ConnOptions o = {
        .conninfo = s->conninfo,
        .name = "hostplane-read",
        .setup = store__setup,
    };

    s->keeper = keeper__open(s);
    s->packer = pack__open(s);
    s->retention = retention__open(s);
    s->writer = writer__open(s);
    s->feed = feed__open(s);
    for (int i = 0; i < N_READ_CONNS; i++)
        s->readers[i] = conn_open(s->loop, &o);
    s->tick = loop_timer(s->loop, TICK_MS, TICK_MS, on_tick, s);
}

int store_open(const StoreOptions *o, Store **ret, Err *err)
{
    Store *s;
    int r;

    BUG_ON(!o->keys || !o->server_id || !o->conninfo);
    if (strpbrk(o->server_id, ";,:!"))
        return err_set(err, ERR_INVALID, "server id '%s' has a character of the notifications",
                       o->server_id);
    s = store_new(o);
    r = loop_open("store", &s->loop, err);
    if (r < 0) {
        store_free(s);
        return r;
    }
    r = prepare(s, err);
    if (r == 0) {
        open_parts(s);
        s->is_healthy = true;
        r = loop_spawn(s->loop, err);
    }
    if (r < 0) {
        store_close(s);
        return r;
    }
    *ret = s;
    return 0;
}

static void close_parts(Store *s)
{
    s->is_closing = true;
    loop_timer_free(s->tick);
    loop_timer_free(s->closer);
    writer__close(s->writer);
    feed__close(s->feed);
    for (int i = 0; i < N_READ_CONNS; i++)
        conn_close(s->readers[i]);
    keeper__close(s->keeper);
    pack__close(s->packer);
    clusterkeys__close(s->keys);
    rekey__close(s->rekey);
    reseal__close(s->reseal);
    watch__tick(s);
}

static void on_close_check(void *data)
{
    Store *s = data;

    if (!writer__is_busy(s->writer) || clock_mono_us() > s->close_by_us)
        loop_stop(s->loop);
    else if (!s->closer)
        s->closer = loop_timer(s->loop, 2, 2, on_close_check, s);
}

void store_close(Store *s)
{
    if (!s)
        return;
    keyring_shut(s->o.keys); /* what waits for a provider fails, and the loop hears of it */
    if (s->writer) {
        s->close_by_us = clock_mono_us() + CLOSE_WAIT_US;
        loop_post(s->loop, on_close_check, s);
        loop_join(s->loop);
        close_parts(s);
    }
    loop_close(s->loop); /* runs what was posted last, which sees is_closing */
    writer__free(s->writer);
    feed__free(s->feed);
    keeper__free(s->keeper);
    pack__free(s->packer);
    cluster__free_all(s);
    retention__free(s->retention);
    watch__free_all(s);
    store_free(s);
}

bool store_is_healthy(const Store *s)
{
    return s->is_healthy;
}

void store_submit(Store *s, Txn *t)
{
    t->new_key_ = NULL;
    if (t->change.op == CLUSTER_CREATE)
        clusterkeys__create(s, t);
    else
        writer__submit(s->writer, t);
}

void store_stats(Store *s, StoreStats *ret)
{
    *ret = (StoreStats){
        .commits = s->commits,
        .writes = s->writes,
        .conflicts = s->conflicts,
        .events = s->events,
        .caches = s->n_caches,
        .cached_objects = s->n_objects,
        .packed_objects = s->n_packed,
        .history_reads = s->n_history_reads,
        .watches = s->n_watches,
        .reconnects = MAX(s->n_connects - 1, 0),
        .commit_us_sum = s->commit_us,
        .n_clusters = s->n_clusters,
        .reclaimed = s->n_reclaimed,
    };
}
