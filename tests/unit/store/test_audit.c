#include "store/store_int.h"
#include "tests/unit/store/pg.h"

/* ---- partitions: pure ---- */

TEST(a_partition_a_day_is_made_ahead_and_old_ones_go)
{
    static const char *const names[] = {"audit_86400_172800", "audit_172800_259200", "audit_rest"};
    AUTO_BUF sql = BUF_INIT;
    int64_t before;

    audit__plan(names, 0, 86400 + 5, 30, &sql, &before);
    assert_int_equal(before, 0);
    assert_non_null(strstr(buf_str(&sql), "audit_86400_172800 PARTITION OF audit"));
    assert_non_null(strstr(buf_str(&sql), "FROM (172800) TO (259200)"));
    assert_null(strstr(buf_str(&sql), "DROP"));
    buf_reset(&sql);
    audit__plan(names, ARRAY_LEN(names), 259200 + 86400, 2, &sql, &before);
    assert_int_equal(before, 172800);
    assert_non_null(strstr(buf_str(&sql), "DROP TABLE audit_86400_172800;"));
    assert_null(strstr(buf_str(&sql), "DROP TABLE audit_172800_259200;"));
    assert_null(strstr(buf_str(&sql), "audit_rest"));
}

/* ---- on PostgreSQL ---- */

static AuditRecord record(Cluster *c, const char *event)
{
    return (AuditRecord){.cluster = c,
                         .user = "u\xff", /* what clients send need not be UTF-8 */
                         .verb = "create",
                         .resource = "pods",
                         .ns = "ns",
                         .event = slice_of(event),
                         .revision_at = SIZE_MAX};
}

static int append(Store *s, AuditRecord *r, size_t n)
{
    Txn t = {.audits = r, .n_audits = n};

    return run(s, &t);
}

static void checkpoint(Store *s, Cluster *c, int64_t seq, const char *token)
{
    Wait w;

    wait_init(&w);
    store_audit_checkpoint(s, c, seq, token, on_done, &w);
    assert_int_equal(wait_for(&w), 0);
}

static AuditRows read_all(Store *s, Cluster *c, AuditQuery q)
{
    AuditRows rows = {0};
    Wait w;

    q.limit = q.limit ? q.limit : 1000;
    q.until_s = q.until_s ? q.until_s : INT64_MAX;
    wait_init(&w);
    store_audit_read(s, c, &q, &rows, on_done, &w);
    assert_int_equal(wait_for(&w), 0);
    return rows;
}

static size_t count(Store *s, Cluster *c, AuditQuery q)
{
    AuditRows rows = read_all(s, c, q);
    size_t n = rows.n;

    audit_rows_done(&rows);
    return n;
}

static AuditEnds read_ends(Store *s, Cluster *c)
{
    AuditEnds e = {0};
    Wait w;

    wait_init(&w);
    store_audit_ends(s, c, &e, on_done, &w);
    assert_int_equal(wait_for(&w), 0);
    return e;
}

/* The chain as a client gets it holds, and ends where the head says. */
static char chain_error[sizeof(((Err *)0)->msg)];
static int chain_holds(Store *s, Cluster *c, size_t n, bool with_bodies)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuditRows rows = read_all(s, c, (AuditQuery){.with_bodies = with_bodies});
    AuditEnds ends = read_ends(s, c);
    AuditCheck check = {.has_last = true, .last = ends.start};
    Err err;
    int r = 0;

    assert_int_equal(rows.n, n);
    for (size_t i = 0; i < rows.n && r == 0; i++) {
        const AuditRow *row = &rows.items[i];
        Value *v;

        assert_ok(audit_compose(a, &row->place, row->event, row->bodies,
                                row->has_bodies ? row->bodies_hash : NULL, &v, &err));
        r = audit_check_record(&check, a, v, &err);
    }
    if (r == 0 && n > 0)
        r = audit_check_head(&check, &ends.head, &err);
    audit_rows_done(&rows);
    audit_ends_done(&ends);
    if (r < 0)
        snprintf(chain_error, sizeof(chain_error), "%s", err.msg);
    return r;
}

static void check_chain(Store *s, Cluster *c, size_t n)
{
    if (chain_holds(s, c, n, true) < 0 || chain_holds(s, c, n, false) < 0)
        fail_msg("%s", chain_error);
}

TEST(records_commit_with_their_write_or_not_at_all)
{
    Store *s = fresh_store();
    Cluster *c;
    CLEANUP(obj_unref) Obj *o = make("ns", "a", "x");
    AUTO_FREE char *bodies =
        xstrdup("{\"responseObject\":{\"metadata\":{\"resourceVersion\":\"\"}}}");
    AuditRecord r;
    Write w = {.op = WRITE_PUT, .storage = "pods", .ns = "ns", .name = "a", .obj = o};
    Txn t = {.writes = &w, .n_writes = 1, .audits = &r, .n_audits = 1};
    AuditRows rows;

    assert_ok(change(s, CLUSTER_CREATE, "t1"));
    c = store_cluster(s, SLICE("t1"));
    w.cluster = c;
    r = record(c, "{\"kind\":\"Event\",\"n\":1}");
    r.bodies = slice_of(bodies);
    r.revision_at = (size_t)(strstr(bodies, "\"\"}}}") + 1 - bodies);
    assert_ok(run(s, &t));
    assert_int_equal(r.place.seq, 1);
    rows = read_all(s, c, (AuditQuery){.with_bodies = true});
    assert_int_equal(rows.n, 1);
    assert_string_equal(rows.items[0].bodies.ptr,
                        "{\"responseObject\":{\"metadata\":{\"resourceVersion\":\"3\"}}}");
    assert_int_equal(w.result->revision, 3);
    audit_rows_done(&rows);
    obj_unref(w.result);
    /* it is there already: no record */
    assert_int_equal(run(s, &t), -ERR_ALREADY_EXISTS);
    check_chain(s, c, 1);
    cluster_unref(c);
    store_close(s);
}

TEST(bodies_are_sealed_and_what_is_done_to_them_shows)
{
    static const char marker[] = "SELECT count(*) FROM audit WHERE position('canary' in "
                                 "encode(bodies, 'escape')) > 0";
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "sealed");
    AuditRecord r[3];
    AuditRows rows;

    for (int i = 0; i < 3; i++) {
        r[i] = record(c, "{\"kind\":\"Event\"}");
        if (i < 2)
            r[i].bodies = slice_of(i == 0 ? "{\"requestObject\":\"canary\",\"salt\":\"a\"}"
                                          : "{\"requestObject\":\"canary\",\"salt\":\"b\"}");
    }
    assert_ok(append(s, r, 3));
    assert_int_equal(db_number(marker), 0);
    assert_int_equal(db_number("SELECT count(*) FROM audit WHERE bodies IS NOT NULL"), 2);
    check_chain(s, c, 3);
    rows = read_all(s, c, (AuditQuery){.with_bodies = true});
    assert_string_equal(rows.items[1].bodies.ptr, "{\"requestObject\":\"canary\",\"salt\":\"b\"}");
    assert_false(rows.items[2].has_bodies);
    audit_rows_done(&rows);
    rows = read_all(s, c, (AuditQuery){0});
    assert_int_equal(rows.items[1].bodies.len, 0);
    assert_true(rows.items[1].has_bodies);
    audit_rows_done(&rows);
    /* as rows of before are: in plain, of the same hash */
    db("UPDATE audit SET bodies = '{\"requestObject\":\"canary\",\"salt\":\"a\"}' WHERE seq = 1");
    check_chain(s, c, 3);
    /* put in another's place: it does not open, and the chain does not hold */
    db("UPDATE audit SET bodies = (SELECT bodies FROM audit WHERE seq = 2) WHERE seq = 1");
    rows = read_all(s, c, (AuditQuery){.with_bodies = true});
    assert_int_equal(rows.n, 3);
    assert_int_equal(rows.items[0].bodies.len, 0);
    audit_rows_done(&rows);
    assert_int_equal(chain_holds(s, c, 3, true), -ERR_INVALID);
    assert_string_equal(chain_error, "record 1 was changed");
    assert_int_equal(chain_holds(s, c, 3, false), -ERR_INVALID);
    cluster_unref(c);
    store_close(s);
}

TEST(bytes_are_counted_by_day)
{
    static const char days[] = "SELECT sum(bytes) FROM audit_day";
    static const char rows[] = "SELECT sum(octet_length(event) + coalesce(octet_length(bodies), 0) "
                               "+ 200) FROM audit";
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "counted");
    AuditRecord r[2];
    AuditEnds ends;
    int64_t n;

    assert_int_equal(c->audit_bytes, 0);
    for (int i = 0; i < 3; i++) {
        r[0] = record(c, "{\"kind\":\"Event\"}");
        r[1] = record(c, "{}");
        r[1].bodies = SLICE("{\"requestObject\":1}");
        assert_ok(append(s, r, 2));
        assert_int_equal(db_number(days), db_number(rows));
        assert_int_equal(c->audit_bytes, db_number(rows));
    }
    ends = read_ends(s, c);
    assert_int_equal(ends.bytes, c->audit_bytes);
    audit_ends_done(&ends);
    /* what another server added, and what went with its day, is known after a while */
    n = c->audit_bytes;
    db("INSERT INTO audit_day SELECT cluster, 1, 1000 FROM audit_head");
    cluster_rec(c)->audit_read_us = 0; /* it is time to read it again */
    assert_ok(append(s, r, 1));
    assert_true(c->audit_bytes > n + 1000);
    db("DELETE FROM audit_day WHERE day = 1");
    n = c->audit_bytes;
    assert_ok(append(s, r, 1));
    assert_true(c->audit_bytes > n);
    cluster_rec(c)->audit_read_us = 0;
    assert_ok(append(s, r, 1));
    assert_int_equal(c->audit_bytes, db_number(rows));
    cluster_unref(c);
    store_close(s);
}

TEST(a_new_data_key_seals_bodies_anew_and_the_chain_holds)
{
    static const char bodies[] = "{\"requestObject\":\"canary\",\"salt\":\"a\"}";
    static const char sealed[] = "SELECT count(*) FROM audit WHERE substring(bodies, 1, 9) = "
                                 "'\\x020000000000000002'";
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "sealed");
    AuditRecord r[120];
    AuditRows rows;

    for (size_t i = 0; i < ARRAY_LEN(r); i++) {
        r[i] = record(c, "{\"kind\":\"Event\"}");
        r[i].bodies = slice_of(bodies);
    }
    assert_ok(append(s, r, ARRAY_LEN(r)));
    /* as rows of before are: in plain, of the same hash */
    db("UPDATE audit SET bodies = '{\"requestObject\":\"canary\",\"salt\":\"a\"}' WHERE seq = 7");
    rotate(s, c);
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(db_number(sealed), ARRAY_LEN(r));
    check_chain(s, c, ARRAY_LEN(r));
    r[0] = record(c, "{\"kind\":\"Event\"}");
    r[0].bodies = slice_of(bodies);
    assert_ok(append(s, r, 1));
    assert_int_equal(db_number(sealed), ARRAY_LEN(r) + 1);
    cluster_unref(c);
    store_close(s);
    s = open_store("two"); /* with nothing but what the database has */
    c = store_cluster(s, SLICE("sealed"));
    rows = read_all(s, c, (AuditQuery){.with_bodies = true});
    assert_int_equal(rows.n, ARRAY_LEN(r) + 1);
    for (size_t i = 0; i < rows.n; i++)
        assert_string_equal(rows.items[i].bodies.ptr, bodies);
    audit_rows_done(&rows);
    cluster_unref(c);
    store_close(s);
}

TEST(chains_of_several_servers_have_no_gaps)
{
    Store *one = fresh_store(), *two = open_store("two");
    Cluster *a, *b, *a2;
    AuditRecord r[3];

    assert_ok(change(one, CLUSTER_CREATE, "a"));
    assert_ok(change(one, CLUSTER_CREATE, "b"));
    a = store_cluster(one, SLICE("a"));
    b = store_cluster(one, SLICE("b"));
    for (int i = 0; i < 100 && !(a2 = store_cluster(two, SLICE("a"))); i++)
        usleep(20000);
    assert_non_null(a2);
    for (int i = 0; i < 10; i++) {
        r[0] = record(a, "{\"from\":1}");
        r[1] = record(b, "{\"from\":2}");
        r[2] = record(a, "{\"from\":3}");
        assert_ok(append(one, r, 3));
        r[0] = record(a2, "{\"from\":4}");
        assert_ok(append(two, r, 1));
    }
    check_chain(one, a, 30);
    check_chain(two, a2, 30);
    check_chain(one, b, 10);
    cluster_unref(a);
    cluster_unref(b);
    cluster_unref(a2);
    store_close(one);
    store_close(two);
}

TEST(what_is_past_retention_goes_with_its_day_and_the_rest_holds)
{
    Store *s = fresh_store();
    AuditRecord r;
    AuditEnds ends;
    Cluster *c = new_cluster(s, "old");

    for (int i = 0; i < 5; i++) {
        r = record(c, "{\"kind\":\"Event\"}");
        assert_ok(append(s, &r, 1));
        checkpoint(s, c, i + 1, "token");
    }
    /* three of them are of long ago */
    db("CREATE TABLE audit_86400_172800 PARTITION OF audit FOR VALUES FROM (86400) TO (172800)");
    db("UPDATE audit SET at = 100000 WHERE seq <= 3");
    db("INSERT INTO audit_day SELECT cluster, 1, 1000000 FROM audit_head");
    assert_int_equal(db_number("SELECT count(*) FROM audit_86400_172800"), 3);
    cluster_unref(c);
    store_close(s);
    s = open_store("one"); /* which keeps partitions first of all */
    c = store_cluster(s, SLICE("old"));
    for (int i = 0; i < 200 && db_number("SELECT count(*) FROM audit") > 2; i++)
        usleep(50000);
    assert_int_equal(db_number("SELECT count(*) FROM pg_class WHERE relname LIKE 'audit_86400%'"),
                     0);
    ends = read_ends(s, c);
    assert_int_equal(ends.start.seq, 3);
    assert_int_equal(ends.head.seq, 5);
    assert_int_equal(ends.n_checkpoints, 3); /* from the start on */
    assert_true(ends.bytes < 1000000);
    audit_ends_done(&ends);
    check_chain(s, c, 2);
    r = record(c, "{}");
    assert_ok(append(s, &r, 1));
    check_chain(s, c, 3);
    cluster_unref(c);
    store_close(s);
}

TEST(what_is_read_is_what_was_asked_for)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "q");
    AuditRecord r[4];
    AuditRows rows;

    for (int i = 0; i < 4; i++)
        r[i] = record(c, "{\"kind\":\"Event\"}");
    r[1].user = "' OR true --";
    r[2].verb = "get";
    r[3].resource = "secrets";
    r[3].ns = "";
    assert_ok(append(s, r, 4));
    assert_int_equal(count(s, c, (AuditQuery){.user = "u\xff"}), 3);
    assert_int_equal(count(s, c, (AuditQuery){.user = "' OR true --"}), 1);
    assert_int_equal(count(s, c, (AuditQuery){.verb = "get"}), 1);
    assert_int_equal(count(s, c, (AuditQuery){.resource = "pods", .verb = "create"}), 2);
    assert_int_equal(count(s, c, (AuditQuery){.ns = "ns"}), 3);
    assert_int_equal(count(s, c, (AuditQuery){.since_s = clock_now_s() + 10}), 0);
    assert_int_equal(count(s, c, (AuditQuery){.until_s = clock_now_s() - 10}), 0);
    assert_int_equal(count(s, c, (AuditQuery){.after = 3}), 1);
    rows = read_all(s, c, (AuditQuery){.limit = 3});
    assert_int_equal(rows.n, 3);
    assert_true(rows.has_more);
    audit_rows_done(&rows);
    rows = read_all(s, c, (AuditQuery){.limit = 4});
    assert_false(rows.has_more);
    audit_rows_done(&rows);
    cluster_unref(c);
    store_close(s);
}

TEST(an_answer_is_bounded_in_bytes)
{
    Store *s = fresh_store();
    AUTO_BUF big = BUF_INIT;
    AuditRecord r;
    AuditRows rows;
    Cluster *c = new_cluster(s, "big");

    buf_adds(&big, "{\"x\":\"");
    for (int i = 0; i < (3 << 20); i++)
        buf_addc(&big, 'y');
    buf_adds(&big, "\"}");
    for (int i = 0; i < 4; i++) {
        r = record(c, "{}");
        r.bodies = buf_slice(&big);
        assert_ok(append(s, &r, 1));
    }
    rows = read_all(s, c, (AuditQuery){0});
    assert_int_equal(rows.n, 3);
    assert_true(rows.has_more);
    audit_rows_done(&rows);
    cluster_unref(c);
    store_close(s);
}

TEST(a_cluster_that_is_gone_has_no_records)
{
    Store *s = fresh_store();
    Cluster *gone, *stays;
    AuditRecord r[2];

    assert_ok(change(s, CLUSTER_CREATE, "gone"));
    assert_ok(change(s, CLUSTER_CREATE, "stays"));
    gone = store_cluster(s, SLICE("gone"));
    stays = store_cluster(s, SLICE("stays"));
    r[0] = record(gone, "{}");
    assert_ok(append(s, r, 1));
    assert_ok(change(s, CLUSTER_DELETE, "gone"));
    r[0] = record(gone, "{}");
    r[1] = record(stays, "{}");
    assert_ok(append(s, r, 2));
    assert_int_equal(r[0].place.seq, 0);
    assert_int_equal(r[1].place.seq, 1);
    for (int i = 0; i < 200 && db_number("SELECT count(*) FROM cluster WHERE state = 2") > 0; i++)
        usleep(50000);
    assert_int_equal(db_number("SELECT count(*) FROM audit"), 1);
    assert_int_equal(db_number("SELECT count(*) FROM audit_head"), 1);
    cluster_unref(gone);
    cluster_unref(stays);
    store_close(s);
}

static int n_told;
static void on_told(const AuditRecord *r, Slice bodies, void *data)
{
    assert_int_equal(bodies.len, 0);
    assert_ptr_equal(data, &n_told);
    n_told = (int)r->place.seq;
}

TEST(checkpoints_are_kept_and_commits_are_told)
{
    Store *s = fresh_store();
    AuditRecord r;
    AuditEnds ends;
    Cluster *c = new_cluster(s, "k");

    store_set_audit_fn(s, on_told, &n_told);
    for (int i = 0; i < 2; i++) {
        r = record(c, "{}");
        assert_ok(append(s, &r, 1));
        assert_int_equal(n_told, i + 1);
        checkpoint(s, c, i + 1, i == 0 ? "first" : "second");
    }
    ends = read_ends(s, c);
    assert_int_equal(ends.n_checkpoints, 2);
    assert_string_equal(ends.checkpoints[0], "second");
    assert_int_equal(ends.head.seq, 2);
    audit_ends_done(&ends);
    cluster_unref(c);
    store_close(s);
}
