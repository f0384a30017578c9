#include "store/store_int.h"

#include "tests/unit/store/pg.h"

static int64_t windows[2]; /* of t1 and of all others */

static int64_t window_of(Cluster *c, void *data UNUSED)
{
    return windows[strcmp(c->name, "t1") != 0];
}

static void set_windows(Store *s, int64_t t1, int64_t others)
{
    windows[0] = t1;
    windows[1] = others;
    store_window_changed(s, NULL);
}

static Store *store_of_days(int64_t hours, int64_t max_hours)
{
    StoreOptions o;

    store_close(fresh_store());
    o = store_options("two", file_keys());
    o.history_hours = hours;
    o.history_max_hours = max_hours;
    return open_store_with(&o);
}

static void put_n(Store *s, Cluster *c, int n)
{
    for (int i = 0; i < n; i++)
        assert_true(PUT(s, c, "pods", "ns", "a", "x", EXPECT_ANY) > 0);
}

static void make_older(int seconds)
{
    AUTO_FREE char *sql = xasprintf("WITH u AS (UPDATE history SET at = at - %d RETURNING 1)"
                                    " SELECT count(*) FROM u",
                                    seconds);

    assert_true(db_number(sql) > 0);
}

static int64_t rows_of(const Cluster *c)
{
    AUTO_FREE char *sql =
        xasprintf("SELECT count(*) FROM history WHERE cluster = %lld", (long long)c->id);

    return db_number(sql);
}

static int64_t wanted;

static bool has_moved(void *data)
{
    return ((Cluster *)data)->oldest >= wanted;
}

static void nothing(void *data UNUSED)
{
}

static int try_watch(Cache *k, int64_t from)
{
    Loop *loop = NULL;
    Watch *w = NULL;
    int r;

    assert_ok(loop_open("watch", &loop, NULL));
    r = cache_watch(k, from, loop, nothing, NULL, &w, NULL);
    watch_close(w);
    loop_close(loop);
    return r;
}

TEST(what_is_older_than_a_clusters_window_is_gone)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1"), *other = new_cluster(s, "t2");
    Cache *k = load(s, c, "pods"), *others = load(s, other, "pods");

    put_n(s, c, 5);
    put_n(s, other, 5);
    make_older(100);
    put_n(s, c, 2);
    store_on_window(s, window_of, NULL);
    set_windows(s, 60, 0);
    wanted = 7;
    assert_true(soon(has_moved, c));
    assert_int_equal(c->oldest, 7);
    assert_int_equal(rows_of(c), 2);
    assert_int_equal(try_watch(k, 6), -ERR_EXPIRED); /* though it is still in memory */
    assert_ok(try_watch(k, 7));
    assert_int_equal(rows_of(other), 5);
    assert_int_equal(other->oldest, 0);
    assert_ok(try_watch(others, 2));
    assert_int_equal(store_history_window(s, c), 60);
    assert_int_equal(store_history_window(s, other), 3600);
    make_older(100);
    set_windows(s, 60, 0);
    wanted = 9;
    assert_true(soon(has_moved, c)); /* nothing is left, and from now on watches can begin */
    assert_int_equal(rows_of(c), 0);
    assert_ok(try_watch(k, c->revision));
    cache_unref(k);
    cache_unref(others);
    cluster_unref(c);
    cluster_unref(other);
    store_close(s);
}

TEST(what_another_server_has_deleted_is_gone_here_too)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    put_n(s, c, 5);
    make_older(100);
    put_n(s, c, 1);
    assert_int_equal(db_number("WITH d AS (DELETE FROM history WHERE revision < 8 RETURNING 1)"
                               " SELECT count(*) FROM d"),
                     5);
    store_on_window(s, window_of, NULL);
    set_windows(s, 60, 0);
    wanted = 7;
    assert_true(soon(has_moved, c));
    assert_int_equal(c->oldest, 7);
    assert_int_equal(rows_of(c), 1);
    cluster_unref(c);
    store_close(s);
}

TEST(much_of_it_goes_piece_by_piece)
{
    enum { N = 2100 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    put_n(s, c, N);
    make_older(100);
    put_n(s, c, 1);
    store_on_window(s, window_of, NULL);
    set_windows(s, 60, 0);
    wanted = N + 2;
    assert_true(soon(has_moved, c));
    assert_int_equal(c->oldest, N + 2);
    assert_int_equal(rows_of(c), 1);
    cluster_unref(c);
    store_close(s);
}

static int64_t want_keep_s;
static bool want_sure;

static bool is_kept(void *data)
{
    const Store *s = data;
    bool is_sure;

    return retention__keep_s(s->retention, &is_sure) == want_keep_s && is_sure == want_sure;
}

TEST(partitions_are_kept_for_the_longest_window)
{
    static const struct {
        int64_t t1, others, keep_s;
        bool is_sure;
    } cases[] = {
        {0, 0, 3600, true},          {7200, 60, 7200, true},
        {86400, 60, 4 * 3600, true}, /* the platform's maximum */
        {-1, 60, 4 * 3600, false},   /* not known: what was needed may still be */
        {60, 60, 3600, true},        /* the platform's at least */
    };
    Store *s;
    Cluster *c;

    need_postgres();
    s = store_of_days(1, 4);
    c = new_cluster(s, "t1");
    store_on_window(s, window_of, NULL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        set_windows(s, cases[i].t1, cases[i].others);
        want_keep_s = cases[i].keep_s;
        want_sure = cases[i].is_sure;
        assert_true(soon(is_kept, s));
    }
    store_on_window(s, NULL, NULL);
    cluster_unref(c);
    store_close(s);
}
