#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

#include <inttypes.h>

enum {
    PARTITION_MIN_S = 900,
    PARTITIONS_EVERY_US = 60 * 1000 * 1000,
    METER_EVERY_US = 60 * 1000 * 1000,
    EVICT_EVERY_US = 5 * 1000 * 1000,
    RECLAIM_PAUSE_MS = 20,
};

struct Keeper {
    Store *store;
    ConnJob reclaim, partitions;
    bool is_reclaiming, is_partitioning, has_deleted;
    int64_t partitioned_us, evicted_us, metered_us, compacted_us, audited_us;
    LoopTimer *pause;
    ClusterId victim;
    int round;
    bool is_empty;
    Buf sql;
};

/* ---- history's partitions ---- */

void keeper__plan(const char *const *names, size_t n, int64_t now_s, int64_t keep_s, bool drops,
                  Buf *out)
{
    int64_t width = MAX(keep_s / 4, PARTITION_MIN_S);
    int64_t end = now_s - now_s % PARTITION_MIN_S, from, to;

    for (size_t i = 0; i < n; i++) {
        if (!partition__name(names[i], "history", &from, &to))
            continue;
        end = MAX(end, to);
        if (drops && to < now_s - keep_s)
            buf_addf(out, "DROP TABLE %s;", names[i]);
    }
    for (; end < now_s + 2 * width; end += width)
        buf_addf(out,
                 "CREATE TABLE IF NOT EXISTS history_%" PRId64 "_%" PRId64
                 " PARTITION OF history FOR VALUES FROM (%" PRId64 ") TO (%" PRId64 ");",
                 end, end + width, end, end + width);
}

static void partitions_start(ConnJob *j UNUSED, Conn *c)
{
    conn_send(c, ST_PARTITIONS, NULL);
    conn_sync(c);
}

static void partitions_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Keeper *k = container_of(j, Keeper, partitions);
    AUTO_FREE const char **names = NULL;
    int64_t keep_s;
    bool is_sure;
    size_t n;

    if (PQresultStatus(res) != PGRES_TUPLES_OK || k->round > 0)
        return;
    names = partition__names(res, &n);
    buf_reset(&k->sql);
    keep_s = retention__keep_s(k->store->retention, &is_sure);
    keeper__plan(names, n, clock_now_s(), keep_s, is_sure, &k->sql);
}

static bool partitions_next(ConnJob *j, Conn *c)
{
    Keeper *k = container_of(j, Keeper, partitions);

    if (k->round++ > 0 || k->sql.len == 0)
        return false;
    partition__begin(c);
    partition__commit(c, buf_slice(&k->sql));
    return true;
}

static void partitions_end(ConnJob *j, int r, const Err *err)
{
    Keeper *k = container_of(j, Keeper, partitions);

    k->is_partitioning = false;
    if (r == 0)
        k->partitioned_us = clock_mono_us();
    else
        log_debug(NULL, "history's partitions wait", LOG_STR("error", err->msg));
}

static void start_partitions(Keeper *k)
{
    if (k->is_partitioning)
        return;
    k->is_partitioning = true;
    k->round = 0;
    k->partitioned_us = clock_mono_us() - PARTITIONS_EVERY_US * 9 / 10; /* a failure is repeated */
    k->partitions = (ConnJob){.what = "keeping history's partitions",
                              .start = partitions_start,
                              .result = partitions_result,
                              .next = partitions_next,
                              .end = partitions_end};
    conn_run(load__conn(k->store), &k->partitions);
}

/* ---- rows of deleted clusters ---- */

/* Some rows of each table; the cluster's own row goes when nothing is left. */
static const int reclaim_steps[] = {ST_RECLAIM_OBJECTS, ST_RECLAIM_HISTORY,    ST_RECLAIM_USAGE,
                                    ST_RECLAIM_AUDIT,   ST_RECLAIM_AUDIT_ENDS, ST_RECLAIM_CLUSTER};

static void reclaim_start(ConnJob *j, Conn *c)
{
    Keeper *k = container_of(j, Keeper, reclaim);

    k->victim = 0;
    conn_send(c, ST_RECLAIM_PICK, NULL);
    conn_sync(c);
}

static void reclaim_result(ConnJob *j, size_t nth, PGresult *res)
{
    Keeper *k = container_of(j, Keeper, reclaim);

    if (PQresultStatus(res) == PGRES_TUPLES_OK && PQnfields(res) == 1) {
        k->is_empty = PQntuples(res) == 0;
        if (!k->is_empty)
            k->victim = result_int8(res, 0, 0);
    }
    if (PQresultStatus(res) == PGRES_COMMAND_OK && nth == ARRAY_LEN(reclaim_steps) - 1)
        atomic_fetch_add(&k->store->n_reclaimed, strcmp(PQcmdTuples(res), "1") == 0);
}

static bool reclaim_next(ConnJob *j, Conn *c)
{
    Keeper *k = container_of(j, Keeper, reclaim);
    AUTO_PARAMS p = {0};

    if (k->victim == 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(reclaim_steps); i++) {
        params_int8(&p, k->victim);
        conn_send(c, reclaim_steps[i], &p);
    }
    conn_sync(c);
    k->victim = 0;
    return true;
}

static void start_reclaim(Keeper *k);

static void on_pause_over(void *data)
{
    Keeper *k = data;

    loop_timer_free(k->pause);
    k->pause = NULL;
    start_reclaim(k);
}

static void reclaim_end(ConnJob *j, int r, const Err *err)
{
    Keeper *k = container_of(j, Keeper, reclaim);

    k->is_reclaiming = false;
    if (k->store->is_closing)
        return;
    if (r < 0)
        log_debug(NULL, "reclaiming failed", LOG_STR("error", err->msg));
    else if (k->is_empty)
        k->has_deleted = false;
    else
        k->pause = loop_timer(k->store->loop, RECLAIM_PAUSE_MS, 0, on_pause_over, k);
}

static void start_reclaim(Keeper *k)
{
    if (k->is_reclaiming || k->pause)
        return;
    k->is_reclaiming = true;
    k->reclaim = (ConnJob){.what = "reclaiming",
                           .start = reclaim_start,
                           .result = reclaim_result,
                           .next = reclaim_next,
                           .end = reclaim_end};
    conn_run(load__conn(k->store), &k->reclaim);
}

void keeper__reclaim(Keeper *k)
{
    k->has_deleted = true;
}

/* ---- how old a state may be to be listed, and an event to be in memory ---- */

void keeper__compact(Store *s)
{
    ClusterRec *c;

    /* the loop is the only writer of by_id */
    for (size_t at = 0; map_next(&s->by_id, &at, NULL, (void **)&c);) {
        c->pub.compacted = c->noted;
        c->noted = c->pub.revision;
    }
    /* A watch that is so far behind reads history, as one that the ring is too small for. */
    list_for_each (l, &s->caches) {
        Cache *k = list_entry(l, Cache, link);

        pthread_rwlock_wrlock(&k->lock);
        ring_forget(&k->ring, k->cluster->pub.compacted);
        pthread_rwlock_unlock(&k->lock);
    }
}

void keeper__tick(Keeper *k)
{
    int64_t now = clock_mono_us();

    if (now - k->evicted_us >= EVICT_EVERY_US) {
        k->evicted_us = now;
        cache__evict_idle(k->store);
    }
    if (now - k->compacted_us >= k->store->o.compaction_s * 1000000) {
        k->compacted_us = now;
        keeper__compact(k->store);
    }
    if (now - k->metered_us >= METER_EVERY_US) {
        k->metered_us = now;
        meter__close_hours(k->store, clock_now_us());
    }
    if (now - k->audited_us >= PARTITIONS_EVERY_US) {
        k->audited_us = now;
        audit__keep_partitions(k->store);
    }
    if (now - k->partitioned_us >= PARTITIONS_EVERY_US)
        start_partitions(k);
    if (k->has_deleted)
        start_reclaim(k);
}

Keeper *keeper__open(Store *s)
{
    Keeper *k = xcalloc(1, sizeof(*k));

    k->store = s;
    k->has_deleted = true; /* a server before us may have left some */
    k->partitioned_us = k->compacted_us = clock_mono_us();
    keeper__compact(s);              /* notes where the clusters are */
    k->metered_us = -METER_EVERY_US; /* hours may have ended while no server ran */
    return k;
}

void keeper__close(Keeper *k)
{
    loop_timer_free(TAKE(k->pause));
}

void keeper__free(Keeper *k)
{
    if (!k)
        return;
    buf_done(&k->sql);
    free(k);
}
