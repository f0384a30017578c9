/* One connection and its jobs, on a real PostgreSQL. */
#include "tests/unit/store/pg.h"

#include "store/store_int.h"

typedef struct Asked {
    ConnJob job;
    Conn *conn;
    const char *sql; /* sent first, or NULL */
    int64_t got;
    size_t n_results;
    Wait done;
} Asked;

static void asked_start(ConnJob *j, Conn *c)
{
    Asked *a = container_of(j, Asked, job);
    AUTO_PARAMS p = {0};

    if (a->sql)
        conn_send_sql(c, a->sql);
    params_int8(&p, 3);
    conn_send(c, ST_NEXT_IDS, &p);
    params_int8(&p, 2);
    conn_send(c, ST_NEXT_IDS, &p);
    conn_sync(c);
}

static void asked_result(ConnJob *j, size_t nth, PGresult *res)
{
    Asked *a = container_of(j, Asked, job);

    assert_int_equal(nth, a->n_results++);
    a->got = a->got * 10 + PQntuples(res);
}

static void asked_end(ConnJob *j, int r, const Err *err)
{
    on_done(r, err, &container_of(j, Asked, job)->done);
}

static void ask_on_loop(void *data)
{
    Asked *a = data;

    conn_run(a->conn, &a->job);
}

static int ask(Loop *loop, Conn *c, Asked *a, const char *sql)
{
    *a = (Asked){
        .conn = c,
        .sql = sql,
        .job = {.what = "asking", .start = asked_start, .result = asked_result, .end = asked_end}};
    wait_init(&a->done);
    loop_post(loop, ask_on_loop, a);
    return wait_for(&a->done);
}

static void close_on_loop(void *data)
{
    conn_close(data);
}

TEST(a_statement_is_prepared_where_it_is_sent_first)
{
    Loop *loop = NULL;
    ConnOptions o = {.name = "test", .setup = store__setup};
    Conn *c;
    Asked a;

    store_close(fresh_store()); /* for the schema */
    o.conninfo = conninfo;
    assert_ok(loop_open("conn", &loop, NULL));
    c = conn_open(loop, &o);
    assert_ok(loop_spawn(loop, NULL));
    /* what comes behind a failure is not prepared, and is the next time */
    assert_int_equal(ask(loop, c, &a, "SELECT 1/0"), -ERR_INTERNAL);
    assert_int_equal(a.n_results, 0);
    assert_ok(ask(loop, c, &a, NULL));
    assert_int_equal(a.got, 32);
    assert_ok(ask(loop, c, &a, "SELECT 1"));
    assert_int_equal(a.got, 132);
    assert_ok(ask(loop, c, &a, "SELECT name FROM pg_prepared_statements"));
    assert_int_equal(a.got, 132);
    loop_post(loop, close_on_loop, c);
    loop_stop(loop);
    loop_join(loop);
    loop_close(loop);
}
