/*
 * Whatever call of libpq fails, the store loses nothing and promises nothing that it does not keep.
 * The faults are compiled in only with FAULTS (base/fault.h).
 */
#include "base/fault.h"
#include "tests/unit/store/pg.h"

#ifdef FAULTS

enum { MAX_CALLS = 400 };

typedef struct State {
    Store *s;
    Cluster *c;
    int64_t revision; /* the last one acknowledged */
    bool is_unsure;   /* one write since then may have happened */
} State;

/* The answer of a write that may have met a fault: done at the next revision, or not promised. */
static void answered(State *st, int64_t r)
{
    if (r == -ERR_UNAVAILABLE) {
        st->is_unsure = true;
        return;
    }
    if (st->is_unsure)
        assert_in_range(r, st->revision + 1, st->revision + 2);
    else
        assert_int_equal(r, st->revision + 1);
    st->revision = r;
    st->is_unsure = false;
}

static void check_database(const State *st)
{
    int64_t last = db_number("SELECT revision FROM cluster WHERE name = 't1'");

    assert_in_range(last, st->revision, st->revision + st->is_unsure);
    assert_int_equal(db_number("SELECT count(*) FROM history"), last - CLUSTER_FIRST_REVISION);
    assert_int_equal(db_number("SELECT count(DISTINCT revision) FROM history"),
                     last - CLUSTER_FIRST_REVISION);
    assert_int_equal(
        db_number("SELECT count(*) FROM object o WHERE NOT EXISTS (SELECT FROM history h"
                  " WHERE h.revision = o.revision AND h.name = o.name)"),
        0);
}

/* Create, change and delete an object while call number n of `point` fails; false when it was not
 * reached. */
static bool write_with_fault(State *st, const char *point, int n)
{
    AUTO_FREE char *name = xasprintf("o%d", n);
    int64_t r;
    int fired;

    fault_arm(point, FAULT_FAIL, n, 0);
    r = PUT(st->s, st->c, "pods", "ns", name, "1", EXPECT_ABSENT);
    answered(st, r);
    if (r > 0) {
        r = PUT(st->s, st->c, "pods", "ns", name, "2", r);
        answered(st, r);
    }
    if (r > 0)
        answered(st, PUT(st->s, st->c, "pods", "ns", name, "2", r, .op = WRITE_DELETE));
    fired = fault_fired(point);
    fault_disarm(point);
    check_database(st);
    return fired > 0;
}

static void any_failing_call(const char *point, int least)
{
    State st = {.s = fresh_store()};
    Cache *k;
    int n = 1;

    st.c = new_cluster(st.s, "t1");
    st.revision = st.c->revision;
    k = load(st.s, st.c, "pods");
    while (n < MAX_CALLS && write_with_fault(&st, point, n))
        n++;
    assert_in_range(n, least, MAX_CALLS - 1);
    /* What a server that starts anew reads is what this one knows. */
    answered(&st, PUT(st.s, st.c, "pods", "ns", "last", "1", EXPECT_ABSENT));
    assert_int_equal(cache_size(k), db_number("SELECT count(*) FROM object"));
    cache_unref(k);
    cluster_unref(st.c);
    store_close(st.s);
    st.s = open_store("one");
    st.c = store_cluster(st.s, SLICE("t1"));
    assert_int_equal(st.c->revision, st.revision);
    cluster_unref(st.c);
    store_close(st.s);
}

TEST(a_statement_that_libpq_does_not_take_loses_nothing)
{
    any_failing_call("store.pq.send", 20);
}

TEST(a_connection_that_breaks_at_any_answer_loses_nothing)
{
    any_failing_call("store.pq.recv", 4);
}

static bool has_met_fault(void *data)
{
    return fault_fired(data) > 0;
}

TEST(connecting_is_tried_until_it_works)
{
    State st = {.s = fresh_store()};

    st.c = new_cluster(st.s, "t1");
    st.revision = st.c->revision;
    for (int n = 1; n < 5; n++) {
        fault_arm("store.pq.connect", FAULT_FAIL, 1, n < 4 ? n : 0);
        admin_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  " WHERE application_name LIKE 'hostplane%'");
        assert_true(soon(has_met_fault, "store.pq.connect"));
        if (n == 1) /* every attempt fails */
            assert_fails(PUT(st.s, st.c, "pods", "ns", "never", "1", EXPECT_ABSENT),
                         ERR_UNAVAILABLE);
        else
            answered(&st, PUT(st.s, st.c, "pods", "ns", n % 2 ? "a" : "b", "1", EXPECT_ANY));
        fault_disarm("store.pq.connect");
        check_database(&st);
    }
    cluster_unref(st.c);
    store_close(st.s);
}

TEST(a_load_that_is_thrown_away_begins_again)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k;

    assert_int_equal(PUT(s, c, "pods", "ns", "a", "1", EXPECT_ABSENT), 3);
    fault_arm("store.load.apply", FAULT_FAIL, 1, 0);
    k = load(s, c, "pods");
    assert_int_equal(fault_fired("store.load.apply"), 1);
    assert_int_equal(cache_size(k), 1);
    fault_disarm("store.load.apply");
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

static bool has_revision_5(void *data)
{
    const Cluster *c = data;

    return c->revision >= 5;
}

TEST(changes_of_another_server_that_are_thrown_away_are_read_again)
{
    Store *one = fresh_store(), *two = open_store("two");
    Cluster *c1 = new_cluster(one, "t1"), *c2;
    Cache *k;

    assert_true(soon(has_cluster, two));
    c2 = store_cluster(two, SLICE("t1"));
    k = load(two, c2, "pods");
    fault_arm("store.feed.apply", FAULT_FAIL, 1, 0);
    assert_int_equal(PUT(one, c1, "pods", "ns", "a", "1", EXPECT_ABSENT), 3);
    assert_int_equal(PUT(one, c1, "pods", "ns", "b", "1", EXPECT_ABSENT), 4);
    assert_int_equal(PUT(one, c1, "pods", "ns", "c", "1", EXPECT_ABSENT), 5);
    assert_true(soon(has_revision_5, c2));
    assert_in_range(fault_fired("store.feed.apply"), 1, 1);
    fault_disarm("store.feed.apply");
    cache_unref(k);
    k = load(two, c2, "pods"); /* the one before was dropped: it had missed a change */
    assert_int_equal(cache_size(k), 3);
    cache_unref(k);
    cluster_unref(c1);
    cluster_unref(c2);
    store_close(one);
    store_close(two);
}

#else

TEST(faults_are_not_compiled_in)
{
    assert_false(FAULT("store.pq.send"));
}

#endif
