#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

/*
 * Metering on PostgreSQL. The writer notes each change of what is billed in the change's own
 * transaction (meter_change); hours that are over are derived from these notes once and kept
 * (meter_hour), those that are not at each reading. What leaves no history is added up.
 */

static const int64_t hour_us = (int64_t)3600 * 1000000;
static const int64_t keep_us = (int64_t)400 * 86400 * 1000000; /* notes, to derive from again */
/* An hour is closed so long after its end: servers' clocks differ. */
static const int64_t grace_us = (int64_t)300 * 1000000;

bool meter__is_billed(const char *counter)
{
    static const char *const billed[] = {"cpu", "memory", "pods", "storage"};

    for (size_t i = 0; i < ARRAY_LEN(billed); i++)
        if (strcmp(counter, billed[i]) == 0)
            return true;
    return false;
}

/* ---- jobs ---- */

typedef struct MeterJob {
    ConnJob job;
    Store *store;
    Params params;
    StatementId statement;
    MeterRows *ret; /* of a reading */
    int64_t now_us; /* of a closing */
    StoreDoneFn done;
    void *data;
} MeterJob;

static void meter_end(ConnJob *j, int r, const Err *err)
{
    MeterJob *m = container_of(j, MeterJob, job);

    if (m->done)
        m->done(r, err, m->data);
    else if (r < 0)
        log_debug(NULL, "metering waits", LOG_STR("error", err ? err->msg : ""));
    params_done(&m->params);
    free(m);
}

static void meter_start(ConnJob *j, Conn *c)
{
    MeterJob *m = container_of(j, MeterJob, job);

    conn_send(c, m->statement, &m->params);
    if (m->statement == ST_METER_CLOSE) {
        params_int8(&m->params, m->now_us - keep_us);
        conn_send(c, ST_METER_PURGE, &m->params);
    }
    conn_sync(c);
}

static void meter_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    MeterJob *m = container_of(j, MeterJob, job);
    MeterRows *v = m->ret;

    if (!v || PQresultStatus(res) != PGRES_TUPLES_OK)
        return;
    v->arena = v->arena ? v->arena : arena_new();
    for (int i = 0; i < PQntuples(res); i++) {
        GROW(v->items, v->cap, v->n + 1);
        v->items[v->n++] = (MeterRow){
            .hour = result_int8(res, i, 0),
            .tenant = arena_strdup(v->arena, result_text(res, i, 1)),
            .uid = arena_strdup(v->arena, result_text(res, i, 2)),
            .counter = arena_strdup(v->arena, result_text(res, i, 3)),
            .amount = arena_strdup(v->arena, result_text(res, i, 4)),
        };
    }
}

static void on_meter(void *data)
{
    MeterJob *m = data;
    Err err = {0};

    m->job = (ConnJob){
        .what = "metering", .start = meter_start, .result = meter_result, .end = meter_end};
    if (m->store->is_closing)
        meter_end(&m->job, err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
    else
        conn_run(load__conn(m->store), &m->job);
}

static MeterJob *meter_new(Store *s, StatementId statement, StoreDoneFn done, void *data)
{
    MeterJob *m = xcalloc(1, sizeof(*m));

    m->store = s;
    m->statement = statement;
    m->done = done;
    m->data = data;
    return m;
}

void store_meter_add(Store *s, int64_t hour, const MeterAdd *items, size_t n, StoreDoneFn done,
                     void *data)
{
    MeterJob *m = meter_new(s, ST_METER_ADD, done, data);
    int cluster, counter, amount;

    params_int8(&m->params, hour);
    cluster = params_array(&m->params, PARAM_INT8);
    counter = params_array(&m->params, PARAM_TEXT);
    amount = params_array(&m->params, PARAM_INT8);
    for (size_t i = 0; i < n; i++) {
        params_add_int8(&m->params, cluster, items[i].cluster);
        params_add_text(&m->params, counter, items[i].counter);
        params_add_int8(&m->params, amount, items[i].amount);
    }
    loop_post(s->loop, on_meter, m);
}

void store_meter_read(Store *s, int64_t first, int64_t last, const char *tenant, bool sums,
                      MeterRows *ret, StoreDoneFn done, void *data)
{
    MeterJob *m = meter_new(s, ST_METER_READ, done, data);

    m->ret = ret;
    params_int8(&m->params, first);
    params_int8(&m->params, last);
    params_text(&m->params, tenant ? tenant : "");
    params_int2(&m->params, sums);
    params_int8(&m->params, clock_now_us());
    loop_post(s->loop, on_meter, m);
}

void meter__close_hours(Store *s, int64_t now_us)
{
    MeterJob *m = meter_new(s, ST_METER_CLOSE, NULL, NULL);

    m->now_us = now_us;
    params_int8(&m->params, (now_us - grace_us) / hour_us - 1);
    on_meter(m);
}

void meter_rows_done(MeterRows *m)
{
    arena_free(m->arena);
    free(m->items);
    *m = (MeterRows){0};
}
