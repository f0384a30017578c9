/* The store against a real PostgreSQL. */
#include "tests/unit/store/pg.h"

#include "store/store_int.h"

/* ---- writing and reading ---- */

TEST(objects_are_created_updated_and_deleted_as_expected)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "host");
    Cache *k;
    Obj *o;

    assert_int_equal(c->id, 1);
    assert_true(has_identity(c, "the identity"));
    assert_fails(change(s, CLUSTER_CREATE, "host"), ERR_ALREADY_EXISTS);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "1", EXPECT_ABSENT), 3);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "1", EXPECT_ABSENT), -ERR_ALREADY_EXISTS);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "2", 3), 4);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "3", 3), -ERR_CONFLICT);
    assert_int_equal(PUT(s, c, "pods", "ns", "b", "1", EXPECT_ANY), 5);
    assert_int_equal(PUT(s, c, "pods", "ns", "x", "1", 9, .op = WRITE_DELETE), -ERR_NOT_FOUND);
    k = load(s, c, "pods");
    assert_int_equal(cache_size(k), 2);
    o = cache_get(k, "ns", "a");
    assert_non_null(strstr(o->text, "\"data\":\"2\""));
    assert_int_equal(o->revision, 4);
    obj_unref(o);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "2", 3, .op = WRITE_DELETE), -ERR_CONFLICT);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "2", 4, .op = WRITE_DELETE), 6);
    assert_null(cache_get(k, "ns", "a"));
    assert_int_equal(c->revision, 6);
    assert_int_equal(db_number("SELECT revision FROM cluster WHERE id = 1"), 6);
    assert_int_equal(db_number("SELECT count(*) FROM history"), 4);
    assert_int_equal(db_number("SELECT count(*) FROM object"), 1);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(a_deleted_base_object_leaves_a_tombstone)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "clusterroles");

    assert_int_equal(PUT(s, c, "clusterroles", "", "edit", "1", EXPECT_ABSENT, .op = WRITE_DELETE,
                         .is_over_base = true),
                     3);
    assert_true(cache_has_tombstone(k, "", "edit"));
    assert_int_equal(cache_size(k), 0);
    assert_int_equal(PUT(s, c, "clusterroles", "", "edit", "1", EXPECT_ANY, .op = WRITE_DELETE,
                         .is_over_base = true),
                     -ERR_NOT_FOUND);
    assert_int_equal(PUT(s, c, "clusterroles", "", "view", "1", EXPECT_ABSENT, .op = WRITE_DELETE,
                         .is_over_base = true),
                     4);
    assert_int_equal(
        PUT(s, c, "clusterroles", "", "edit", "2", EXPECT_ABSENT, .is_over_base = true), 5);
    assert_false(cache_has_tombstone(k, "", "edit"));
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
    s = open_store("one");
    c = store_cluster(s, SLICE("t1"));
    k = load(s, c, "clusterroles");
    assert_true(cache_has_tombstone(k, "", "view"));
    assert_false(cache_has_tombstone(k, "", "edit"));
    assert_int_equal(cache_size(k), 1);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(bodies_of_secrets_are_not_readable_in_the_database)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k;
    Obj *o;

    assert_int_equal(PUT(s, c, "secrets", "ns", "a", "find-me", EXPECT_ABSENT), 3);
    assert_int_equal(PUT(s, c, "configmaps", "ns", "a", "see-me", EXPECT_ABSENT), 4);
    assert_int_equal(db_number("SELECT count(*) FROM object WHERE position('find-me' in body) > 0"
                               " OR position('find-me' in encode(body, 'escape')) > 0"),
                     0);
    assert_int_equal(
        db_number("SELECT count(*) FROM history WHERE position('find-me' in body) > 0"), 0);
    assert_int_equal(db_number("SELECT count(*) FROM history WHERE position('see-me' in body) > 0"),
                     1);
    assert_int_equal(
        db_number("SELECT count(*) FROM cluster_key WHERE position('identity' in identity) > 0"),
        0);
    cluster_unref(c);
    store_close(s);
    s = open_store("one");
    c = store_cluster(s, SLICE("t1"));
    assert_true(has_identity(c, "the identity"));
    k = load(s, c, "secrets");
    o = cache_get(k, "ns", "a");
    assert_non_null(strstr(o->text, "find-me"));
    obj_unref(o);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

/* A text of `n` bytes: one letter, or what nothing makes shorter. */
static char *body_of(size_t n, bool is_plain)
{
    char *text = xmalloc(n + 1);
    uint64_t x = 1;

    for (size_t i = 0; i < n; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        text[i] = is_plain ? 'x' : (char)('0' + (x >> 33) % 75);
        if (text[i] == '\\')
            text[i] = 'y';
    }
    text[n] = '\0';
    return text;
}

TEST(long_bodies_are_compressed_and_come_back_as_they_were)
{
    static const size_t sizes[] = {1000, 3000, 7000, 20000};
    static const char *const names[] = {"a", "b", "c", "d"};
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k;

    for (int plain = 0; plain < 2; plain++)
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            AUTO_FREE char *text = body_of(sizes[i], plain);

            assert_true(
                PUT(s, c, plain ? "pods" : "configmaps", "ns", names[i], text, EXPECT_ABSENT) > 0);
        }
    if (db_number("SELECT ('lz4' = ANY (enumvals))::int FROM pg_settings"
                  " WHERE name = 'default_toast_compression'")) {
        assert_int_equal(db_number("SELECT (max(pg_column_size(body)) < 1100)::int FROM object"
                                   " WHERE resource = 'pods'"),
                         1);
        assert_int_equal(db_number("SELECT count(*) FROM history WHERE resource = 'pods'"
                                   " AND pg_column_compression(body) = 'lz4'"),
                         3);
    }
    cluster_unref(c);
    store_close(s);
    s = open_store("one");
    c = store_cluster(s, SLICE("t1"));
    for (int plain = 0; plain < 2; plain++) {
        k = load(s, c, plain ? "pods" : "configmaps");
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            AUTO_FREE char *text = body_of(sizes[i], plain);
            CLEANUP(obj_unref) Obj *o = cache_get(k, "ns", names[i]);

            assert_non_null(strstr(o->text, text));
        }
        cache_unref(k);
    }
    cluster_unref(c);
    store_close(s);
}

/* ---- batches ---- */

typedef struct Worker {
    Store *s;
    Cluster *c;
    int number, n, n_failed;
    pthread_t thread;
} Worker;

static void *write_many(void *data)
{
    Worker *w = data;

    for (int i = 0; i < w->n; i++) {
        AUTO_FREE char *name = xasprintf("o%d-%d", w->number, i % 50);
        AUTO_FREE char *same = xasprintf("same-%d", i);

        if (PUT(w->s, w->c, "pods", "ns", name, "x", EXPECT_ANY) < 0)
            fail_msg("write");
        /* all workers create the same: one wins */
        if (PUT(w->s, w->c, "pods", "ns", same, "x", EXPECT_ABSENT) < 0)
            w->n_failed++;
    }
    return NULL;
}

TEST(revisions_have_no_gaps_under_many_writers)
{
    enum { WORKERS = 4, N = 300 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "pods");
    Worker w[WORKERS];
    int failed = 0;

    for (int i = 0; i < WORKERS; i++) {
        w[i] = (Worker){s, c, i, N, 0, 0};
        assert_ok(pthread_create(&w[i].thread, NULL, write_many, &w[i]));
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(w[i].thread, NULL);
        failed += w[i].n_failed;
    }
    assert_int_equal(failed, (WORKERS - 1) * N);
    assert_int_equal(c->revision, CLUSTER_FIRST_REVISION + WORKERS * N + N);
    assert_int_equal(db_number("SELECT count(*) FROM history"), WORKERS * N + N);
    assert_int_equal(db_number("SELECT count(DISTINCT revision) FROM history"), WORKERS * N + N);
    assert_int_equal(db_number("SELECT max(revision) FROM history"),
                     CLUSTER_FIRST_REVISION + WORKERS * N + N);
    assert_int_equal(db_number("SELECT count(*) FROM object"), cache_size(k));
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

static void *charge_many(void *data)
{
    Worker *w = data;

    for (int i = 0; i < w->n; i++) {
        AUTO_FREE char *name = xasprintf("c%d-%d", w->number, i);
        CLEANUP(obj_unref) Obj *o = make("ns", name, "x");
        Write write = {.cluster = w->c, .storage = "pods", .ns = "ns", .name = name, .obj = o};
        Charge charge = {.cluster = w->c, .counter = "pods", .delta = 1, .limit = 100};
        Txn t = {.writes = &write, .n_writes = 1, .charges = &charge, .n_charges = 1};
        int r = run(w->s, &t);

        if (r == -ERR_FORBIDDEN) {
            w->n_failed++;
            assert_int_equal(charge.used, 100);
        } else {
            assert_ok(r);
            obj_unref(write.result);
        }
    }
    return NULL;
}

TEST(charges_are_exact_under_many_writers)
{
    enum { WORKERS = 4, N = 50 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Worker w[WORKERS];
    int failed = 0;

    for (int i = 0; i < WORKERS; i++) {
        w[i] = (Worker){s, c, i, N, 0, 0};
        assert_ok(pthread_create(&w[i].thread, NULL, charge_many, &w[i]));
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(w[i].thread, NULL);
        failed += w[i].n_failed;
    }
    assert_int_equal(failed, WORKERS * N - 100);
    assert_int_equal(store_usage(s, c, "pods"), 100);
    assert_int_equal(db_number("SELECT used FROM usage"), 100);
    assert_int_equal(db_number("SELECT count(*) FROM object"), 100);
    cluster_unref(c);
    store_close(s);
}

TEST(a_transaction_is_all_or_nothing)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "host");
    CLEANUP(obj_unref) Obj *a = make("", "a", "1");
    CLEANUP(obj_unref) Obj *b = make("", "b", "1");
    Write w[2] = {
        {.cluster = c, .storage = "tenants", .ns = "", .name = "a", .obj = a},
        {.cluster = c, .storage = "tenants", .ns = "", .name = "b", .obj = b, .expect = 7},
    };
    Txn t = {.writes = w, .n_writes = 2};
    Cluster *made;

    assert_fails(run(s, &t), ERR_CONFLICT);
    assert_int_equal(t.failed, 1);
    assert_int_equal(c->revision, CLUSTER_FIRST_REVISION);
    w[1].expect = EXPECT_ABSENT;
    t.change = (ClusterChange){.op = CLUSTER_CREATE, .name = "a", .uid = "ua"};
    assert_ok(run(s, &t));
    obj_unref(w[0].result);
    obj_unref(w[1].result);
    assert_int_equal(c->revision, 4);
    made = store_cluster(s, SLICE("a"));
    assert_non_null(made);
    cluster_unref(made);
    /* the name is taken: the objects are not written either */
    w[0].expect = w[1].expect = EXPECT_ANY;
    assert_fails(run(s, &t), ERR_ALREADY_EXISTS);
    assert_int_equal(c->revision, 4);
    cluster_unref(c);
    store_close(s);
}

/* ---- watching ---- */

typedef struct Watching {
    Loop *loop;
    Watch *w;
    Cache *k;
    int64_t from;
    _Atomic int64_t n, last, n_deleted;
    _Atomic int64_t n_blind,
        n_lost; /* changes without the state before: unexplained, old history */
    _Atomic int failed;
    _Atomic int64_t progress;
    Wait opened;
} Watching;

static void on_wake(void *data)
{
    Watching *t = data;
    Event *e;
    int r;

    while (t->w && (r = watch_next(t->w, &e, NULL)) != 0) {
        if (r < 0) {
            t->failed = r;
            watch_close(TAKE(t->w));
            return;
        }
        if (e->revision <= t->last)
            t->failed = 1;
        t->last = e->revision;
        t->n_deleted += e->type == EVENT_DELETED;
        t->n_lost += e->is_prev_lost;
        t->n_blind += e->type == EVENT_ADDED
                          ? e->prev != NULL
                          : !e->is_prev_lost && (!e->prev || e->prev->revision >= e->revision);
        t->n++;
        event_unref(e);
    }
    if (t->w)
        t->progress = watch_progress(t->w);
}

static void open_watch(void *data)
{
    Watching *t = data;
    int r = cache_watch(t->k, t->from, t->loop, on_wake, t, &t->w, NULL);

    t->last = t->from;
    on_done(r, &(Err){0}, &t->opened);
    if (r == 0)
        on_wake(t);
}

static void close_watch(void *data)
{
    Watching *t = data;

    watch_close(TAKE(t->w));
}

static void watching_start(Watching *t, Cache *k, int64_t from)
{
    int r;

    *t = (Watching){.k = k, .from = from};
    wait_init(&t->opened);
    assert_ok(loop_open("watch", &t->loop, NULL));
    assert_ok(loop_spawn(t->loop, NULL));
    loop_post(t->loop, open_watch, t);
    r = wait_for(&t->opened);
    assert_true(r == 0 || r == -ERR_EXPIRED);
    if (r < 0)
        t->failed = r;
}

static void watching_stop(Watching *t)
{
    loop_post(t->loop, close_watch, t);
    loop_stop(t->loop);
    loop_join(t->loop);
    loop_close(t->loop);
}

static void open_both(void *data)
{
    Watching *t = data;

    open_watch(t);
    open_watch(t + 1);
}

/* Two on one loop. */
static void watching_start_both(Watching *t, Cache *k, int64_t from)
{
    for (int i = 0; i < 2; i++) {
        t[i] = (Watching){.k = k, .from = from};
        wait_init(&t[i].opened);
    }
    assert_ok(loop_open("watch", &t->loop, NULL));
    t[1].loop = t->loop;
    assert_ok(loop_spawn(t->loop, NULL));
    loop_post(t->loop, open_both, t);
    assert_ok(wait_for(&t[1].opened));
}

static int64_t want_n;
static bool has_seen(void *data)
{
    return ((Watching *)data)->n >= want_n;
}

static bool has_failed(void *data)
{
    return ((Watching *)data)->failed != 0;
}

TEST(watches_read_the_ring_and_history)
{
    enum { N = 3000 }; /* more than the ring holds */
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "pods");
    Watching live, behind;

    watching_start(&live, k, CLUSTER_FIRST_REVISION);
    for (int i = 0; i < N; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i % 7);

        assert_true(PUT(s, c, "pods", "ns", name, "x", EXPECT_ANY) > 0);
        if (i % 10 == 0)
            assert_true(PUT(s, c, "configmaps", "ns", name, "x", EXPECT_ANY) > 0);
    }
    assert_true(PUT(s, c, "pods", "ns", "p0", "x", EXPECT_ANY, .op = WRITE_DELETE) > 0);
    want_n = N + 1;
    assert_true(soon(has_seen, &live));
    watching_start(&behind, k, CLUSTER_FIRST_REVISION);
    assert_true(soon(has_seen, &behind));
    assert_int_equal(behind.n, N + 1);
    assert_int_equal(live.n, N + 1);
    assert_int_equal(behind.n_deleted, 1);
    assert_int_equal(behind.failed, 0);
    assert_int_equal(live.failed, 0);
    assert_int_equal(behind.n_blind + behind.n_lost + live.n_blind + live.n_lost, 0);
    assert_int_equal(behind.last, c->revision);
    want_n++;
    assert_true(PUT(s, c, "pods", "ns", "p0", "x", EXPECT_ANY) > 0);
    assert_true(soon(has_seen, &live));
    assert_true(soon(has_seen, &behind));
    assert_true(behind.progress >= behind.last);
    watching_stop(&live);
    watching_stop(&behind);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

typedef struct Compacting {
    Store *store;
    Wait wait;
} Compacting;

static void do_compact(void *data)
{
    Compacting *o = data;

    keeper__compact(o->store);
    on_done(0, NULL, &o->wait);
}

static int64_t compact(Store *s, const Cluster *c)
{
    Compacting o = {.store = s};

    wait_init(&o.wait);
    loop_post(s->loop, do_compact, &o);
    assert_int_equal(wait_for(&o.wait), 0);
    return c->compacted;
}

TEST(a_state_may_be_listed_for_one_to_two_compactions)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    assert_int_equal(compact(s, c), 0); /* it was not there the last time */
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "1", EXPECT_ANY), 3);
    assert_int_equal(compact(s, c), 2);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "2", EXPECT_ANY), 4);
    assert_int_equal(compact(s, c), 3);
    assert_int_equal(compact(s, c), 4);
    assert_int_equal(compact(s, c), 4); /* the newest always may */
    cluster_unref(c);
    store_close(s);
}

TEST(watches_that_are_behind_together_read_history_once)
{
    enum { N = 3000 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "pods");
    Watching alone, both[2];
    int64_t reads;

    for (int i = 0; i < N; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i % 7);

        assert_true(PUT(s, c, "pods", "ns", name, "x", EXPECT_ANY) > 0);
    }
    want_n = N;
    watching_start(&alone, k, CLUSTER_FIRST_REVISION);
    assert_true(soon(has_seen, &alone));
    reads = s->n_history_reads;
    assert_true(reads > 3);
    watching_start_both(both, k, CLUSTER_FIRST_REVISION);
    for (int i = 0; i < 2; i++) {
        assert_true(soon(has_seen, &both[i]));
        assert_int_equal(both[i].n, N);
        assert_int_equal(both[i].failed, 0);
        assert_int_equal(both[i].last, c->revision);
    }
    assert_true(s->n_history_reads - reads < 2 * reads);
    loop_post(both->loop, close_watch, &both[1]);
    watching_stop(both);
    watching_stop(&alone);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(a_watch_from_before_history_is_expired)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Watching t;
    Cache *k;

    for (int i = 0; i < 10; i++)
        assert_true(PUT(s, c, "pods", "ns", "a", "x", EXPECT_ANY) > 0);
    assert_int_equal(db_number("WITH d AS (DELETE FROM history WHERE revision < 7 RETURNING 1)"
                               " SELECT count(*) FROM d"),
                     4);
    k = load(s, c, "pods");
    watching_start(&t, k, 1); /* before all of it */
    assert_true(soon(has_failed, &t));
    assert_int_equal(t.failed, -ERR_EXPIRED);
    watching_stop(&t);
    watching_start(&t, k, 3);
    assert_true(soon(has_failed, &t));
    assert_int_equal(t.failed, -ERR_EXPIRED);
    watching_stop(&t);
    watching_start(&t, k, 6);
    want_n = 6;
    assert_true(soon(has_seen, &t));
    assert_int_equal(t.n_lost, 1); /* the first change; what was before it is gone */
    assert_int_equal(t.n_blind, 0);
    watching_stop(&t);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(what_changes_while_a_cache_is_loading_knows_its_state_before)
{
    enum { N = 2500, CHANGED = 300 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    int64_t from;
    Watching t;
    Cache *k;
    Wait w;

    for (int i = 0; i < N; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i);

        assert_true(PUT(s, c, "pods", "ns", name, "x", EXPECT_ANY) > 0);
    }
    from = c->revision;
    wait_init(&w);
    store_load(s, c, "pods", on_done, &w);
    for (int i = 0; i < CHANGED; i++) {
        AUTO_FREE char *name = xasprintf("p%d", N - 1 - i);

        assert_true(PUT(s, c, "pods", "ns", name, "y", EXPECT_ANY, .op = i % 2 ? 0 : WRITE_DELETE) >
                    0);
    }
    assert_ok(wait_for(&w));
    k = store_cache(s, c, "pods");
    watching_start(&t, k, from);
    want_n = CHANGED;
    assert_true(soon(has_seen, &t));
    assert_int_equal(t.n_blind + t.n_lost, 0);
    watching_stop(&t);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(a_cold_load_under_writes_misses_nothing)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    for (int i = 0; i < 2500; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i);
        assert_true(PUT(s, c, "pods", "ns", name, "x", EXPECT_ANY) > 0);
    }
    for (int round = 0; round < 5; round++) {
        Worker w = {s, c, round, 100, 0, 0};
        AUTO_OBJVEC all = {0};
        int64_t revision;
        Cache *k;

        store_close(s);
        s = open_store("one");
        cluster_unref(c);
        c = store_cluster(s, SLICE("t1"));
        w.s = s;
        w.c = c;
        assert_ok(pthread_create(&w.thread, NULL, write_many, &w));
        usleep(5000);
        k = load(s, c, "pods");
        pthread_join(w.thread, NULL);
        assert_int_equal(cache_size(k), db_number("SELECT count(*) FROM object"));
        assert_false(cache_list(k, &(CacheScan){0}, &all, &revision));
        assert_int_equal(revision, c->revision);
        assert_int_equal(all.n, cache_size(k));
        for (size_t i = 1; i < all.n; i++)
            assert_true(strcmp(all.items[i - 1]->name, all.items[i]->name) < 0);
        cache_unref(k);
    }
    cluster_unref(c);
    store_close(s);
}

/* Counts what it is asked about. */
static bool count_asked(const Obj *o, void *data)
{
    (*(int *)data)++;
    return strstr(o->text, "red") != NULL;
}

static size_t list_red(Cache *k, const char *ns, const char *after, size_t limit, int *ret_asked)
{
    const char *const red[] = {"red"};
    const SelectorTerm term = {false, "data", red, 1};
    CacheScan scan = {.ns = ns,
                      .after_ns = after ? "a" : NULL,
                      .after_name = after,
                      .limit = limit,
                      .match = count_asked,
                      .data = ret_asked,
                      .term = &term};
    AUTO_OBJVEC v = {0};
    int64_t revision;

    *ret_asked = 0;
    (void)cache_list(k, &scan, &v, &revision);
    for (size_t i = 1; i < v.n; i++)
        assert_true(strcmp(v.items[i - 1]->ns, v.items[i]->ns) < 0 ||
                    strcmp(v.items[i - 1]->name, v.items[i]->name) < 0);
    return v.n;
}

TEST(a_list_by_a_value_looks_only_at_what_has_it)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    int asked;
    Cache *k;

    for (int i = 0; i < 400; i++) {
        AUTO_FREE char *name = xasprintf("p%03d", i);

        assert_true(PUT(s, c, "pods", i % 2 ? "a" : "b", name, i % 20 < 2 ? "red" : "blue",
                        EXPECT_ANY) > 0);
    }
    k = load(s, c, "pods");
    assert_int_equal(list_red(k, NULL, NULL, 0, &asked), 40);
    assert_int_equal(asked, 40);
    assert_int_equal(list_red(k, "a", NULL, 0, &asked), 20);
    assert_int_equal(list_red(k, NULL, "p201", 5, &asked), 5);
    assert_int_equal(asked, 6);
    /* changed, deleted and new ones */
    assert_true(PUT(s, c, "pods", "b", "p000", "blue", EXPECT_ANY) > 0);
    assert_true(PUT(s, c, "pods", "b", "p002", "red", EXPECT_ANY) > 0);
    assert_true(PUT(s, c, "pods", "a", "p001", NULL, EXPECT_ANY, .op = WRITE_DELETE) > 0);
    assert_true(PUT(s, c, "pods", "a", "z", "red", EXPECT_ANY) > 0);
    assert_int_equal(list_red(k, NULL, NULL, 0, &asked), 40);
    assert_int_equal(asked, 40);
    assert_int_equal(list_red(k, "b", NULL, 0, &asked), 20);
    assert_int_equal(cache_count(k, NULL), 400);
    assert_int_equal(cache_count(k, "a"), 200);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

/* Reads what a walk has left: how many there are, and that all say `what` and are not newer. */
static int walk_rest(CacheWalk *w, const char *what, int64_t revision)
{
    int n = 0, r;

    for (;;) {
        AUTO_OBJVEC v = {0};

        r = cache_walk_next(w, 7, &v, NULL);
        if (r <= 0)
            return r < 0 ? r : n;
        for (size_t i = 0; i < v.n; i++, n++) {
            assert_non_null(strstr(v.items[i]->text, what));
            assert_true(v.items[i]->revision <= revision);
        }
    }
}

/* A cluster whose pods are walked over. */
typedef struct Walked {
    Store *s;
    Cluster *c;
    ClusterRec *rec;
    Cache *k;
} Walked;

static void walked_open(Walked *w)
{
    w->s = fresh_store();
    w->c = new_cluster(w->s, "t1");
    w->rec = cluster_rec(w->c);
}

static void walked_load(Walked *w)
{
    w->k = load(w->s, w->c, "pods");
}

/* No walk is left. */
static void walked_close(Walked *w)
{
    assert_int_equal(w->rec->pinned, 0);
    cache_unref(w->k);
    cluster_unref(w->c);
    store_close(w->s);
}

static void put_all(Walked *w, const char *what)
{
    for (int i = 0; i < 40; i++) {
        AUTO_FREE char *name = xasprintf("p%03d", i);

        assert_true(PUT(w->s, w->c, "pods", i < 10 ? "a" : "b", name, what, EXPECT_ANY) > 0);
    }
}

TEST(a_walk_shows_a_cache_as_it_was_and_walks_share_what_they_show)
{
    CacheWalk *first, *same, *of_a, *later;
    AUTO_OBJVEC begun = {0};
    int64_t then, now;
    size_t one;
    Walked w;

    walked_open(&w);
    put_all(&w, "old");
    walked_load(&w);
    first = cache_walk(w.k, NULL, &then);
    assert_int_equal(then, w.c->revision);
    one = w.rec->pinned;
    same = cache_walk(w.k, NULL, &now);
    of_a = cache_walk(w.k, "a", &now);
    assert_int_equal(w.rec->pinned, one); /* a place each */
    assert_int_equal(cache_walk_next(first, 3, &begun, NULL), 1);
    assert_int_equal(begun.n, 3);
    put_all(&w, "new");
    assert_true(PUT(w.s, w.c, "pods", "a", "p000", NULL, EXPECT_ANY, .op = WRITE_DELETE) > 0);
    assert_true(PUT(w.s, w.c, "pods", "a", "p0000", "new", EXPECT_ANY) > 0);
    later = cache_walk(w.k, NULL, &now);
    assert_int_equal(now, w.c->revision);
    assert_int_equal(walk_rest(first, "old", then), 37);
    assert_int_equal(walk_rest(of_a, "old", then), 10);
    assert_int_equal(walk_rest(later, "new", now), 40);
    cache_walk_free(first);
    cache_walk_free(of_a);
    assert_int_equal(walk_rest(same, "old", then), 40);
    assert_true(w.rec->pinned > one);
    cache_walk_free(same);
    cache_walk_free(later);
    walked_close(&w);
}

TEST(walks_that_keep_too_much_end_the_oldest_first)
{
    CacheWalk *walks[20];
    int64_t revision;
    int n_over = 0;
    Walked w;

    walked_open(&w);
    w.s->pinned_max = 100 * 1024;
    put_all(&w, "old");
    walked_load(&w);
    for (int i = 0; i < 20; i++) { /* each keeps 40 objects of some 256 bytes and more */
        walks[i] = cache_walk(w.k, NULL, &revision);
        put_all(&w, "new");
        assert_true(w.rec->pinned < w.s->pinned_max + 1024);
    }
    for (int i = 0; i < 20; i++) {
        int r = walk_rest(walks[i], i == 0 ? "old" : "new", INT64_MAX);

        assert_true(r == 40 || r == -ERR_EXPIRED);
        assert_true(r == 40 || n_over == i); /* those before it, too */
        n_over += r < 0;
    }
    assert_true(n_over > 5 && n_over < 15);
    for (int i = 0; i < 20; i++)
        cache_walk_free(walks[i * 7 % 20]);
    walked_close(&w);
}

TEST(a_walk_takes_few_of_large_objects)
{
    size_t most = 200 * 1024;
    char *text = xmalloc(most + 1);
    const char *const names[] = {"a", "b", "c"};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    CacheWalk *walk;
    Walked w;

    walked_open(&w);
    memset(text, 'x', most);
    text[most] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_true(PUT(w.s, w.c, "pods", "ns", names[i], text, EXPECT_ANY) > 0);
    walked_load(&w);
    walk = cache_walk(w.k, NULL, &revision);
    assert_int_equal(cache_walk_next(walk, 64, &v, NULL), 1);
    assert_int_equal(v.n, 2);
    objvec_done(&v);
    assert_int_equal(cache_walk_next(walk, 64, &v, NULL), 1);
    assert_int_equal(v.n, 1);
    cache_walk_free(walk);
    free(text);
    walked_close(&w);
}

static void check_past(Store *s, Cluster *c, int64_t revision)
{
    AUTO_OBJVEC v = {0};
    Wait w;

    wait_init(&w);
    store_list_at(s, c, "pods", revision, &v, on_done, &w);
    assert_ok(wait_for(&w));
    assert_int_equal(v.n, 3);
    assert_non_null(strstr(v.items[0]->text, "a1"));
    assert_non_null(strstr(v.items[1]->text, "b1"));
    assert_non_null(strstr(v.items[2]->text, "c1"));
    assert_int_equal(v.items[2]->revision, revision);
}

TEST(lists_can_be_had_as_they_were)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    AUTO_OBJVEC v = {0};
    int64_t first = c->revision + 1, mid;
    Cache *k;
    Wait w;

    assert_int_equal(PUT(s, c, "pods", "ns", "a", "a1", EXPECT_ANY), 3);
    assert_int_equal(PUT(s, c, "pods", "ns", "b", "b1", EXPECT_ANY), 4);
    assert_int_equal(PUT(s, c, "pods", "ns", "c", "c1", EXPECT_ANY), 5);
    assert_int_equal(PUT(s, c, "pods", "ns", "a", "a2", EXPECT_ANY), 6);
    assert_int_equal(PUT(s, c, "pods", "ns", "b", "b1", EXPECT_ANY, .op = WRITE_DELETE), 7);
    assert_int_equal(PUT(s, c, "pods", "ns", "d", "d1", EXPECT_ANY), 8);
    check_past(s, c, first + 2);
    k = load(s, c, "pods"); /* loaded later: still from history */
    check_past(s, c, first + 2);
    mid = c->revision;
    assert_true(PUT(s, c, "pods", "ns", "a", "a3", EXPECT_ANY) > 0);
    assert_true(PUT(s, c, "pods", "ns", "a", "a4", EXPECT_ANY) > 0);
    assert_true(PUT(s, c, "pods", "ns", "c", "c1", EXPECT_ANY, .op = WRITE_DELETE) > 0);
    assert_true(PUT(s, c, "pods", "ns", "e", "e1", EXPECT_ANY) > 0);
    wait_init(&w);
    store_list_at(s, c, "pods", mid, &v, on_done, &w); /* from the ring */
    assert_ok(wait_for(&w));
    assert_int_equal(v.n, 3);
    assert_non_null(strstr(v.items[0]->text, "a2"));
    assert_non_null(strstr(v.items[1]->text, "c1"));
    assert_non_null(strstr(v.items[2]->text, "d1"));
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

/* ---- clusters ---- */

static bool is_reclaimed(void *data)
{
    (void)data;
    return db_number("SELECT (SELECT count(*) FROM cluster WHERE state = 2) +"
                     " (SELECT count(*) FROM object)") == 0;
}

TEST(a_deleted_cluster_is_gone_at_once_and_its_rows_later)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1"), *next;
    Cache *k = load(s, c, "pods");
    Watching t;

    for (int i = 0; i < 20; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i);
        assert_true(PUT(s, c, "pods", "ns", name, "x", EXPECT_ANY) > 0);
    }
    watching_start(&t, k, c->revision);
    assert_ok(change(s, CLUSTER_DELETE, "t1"));
    assert_null(store_cluster(s, SLICE("t1")));
    assert_int_equal(PUT(s, c, "pods", "ns", "x", "x", EXPECT_ANY), -ERR_NOT_FOUND);
    assert_true(soon(has_failed, &t));
    watching_stop(&t);
    assert_int_equal(db_number("SELECT count(*) FROM cluster_key"), 0);
    next = new_cluster(s, "t1");
    assert_true(next->id > c->id);
    assert_int_equal(next->revision, CLUSTER_FIRST_REVISION);
    assert_fails(change(s, CLUSTER_DELETE, "t2"), ERR_NOT_FOUND);
    assert_true(soon(is_reclaimed, NULL));
    cluster_unref(next);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

TEST(a_cluster_begins_in_the_state_it_is_made_with)
{
    Store *s = fresh_store();
    Txn t = {.change = {.op = CLUSTER_CREATE,
                        .name = "t1",
                        .uid = "u1",
                        .identity = SLICE("the identity"),
                        .state = CLUSTER_SUSPENDED}};
    Cluster *c;

    assert_ok(run(s, &t));
    c = store_cluster(s, SLICE("t1"));
    assert_int_equal(c->state, CLUSTER_SUSPENDED);
    assert_int_equal(db_number("SELECT state FROM cluster"), CLUSTER_SUSPENDED);
    cluster_unref(c);
    store_close(s);
}

/* ---- outages ---- */

static void *write_through(void *data)
{
    Worker *w = data;

    for (int i = 0; i < w->n; i++) {
        AUTO_FREE char *name = xasprintf("t%d-%d", w->number, i);
        int64_t r = PUT(w->s, w->c, "pods", "ns", name, "x", EXPECT_ABSENT);

        /* acknowledged is stored, refused is not: checked by count at the end */
        if (r < 0) {
            w->n_failed++;
            assert_true(r == -ERR_UNAVAILABLE);
            usleep(20000);
        }
        usleep(1000);
    }
    return NULL;
}

static int64_t reconnects(Store *s)
{
    StoreStats stats;

    store_stats(s, &stats);
    return stats.reconnects;
}

typedef struct Reconnect {
    Store *s;
    int64_t before;
} Reconnect;

static bool has_reconnected(void *data)
{
    const Reconnect *r = data;

    return reconnects(r->s) > r->before && store_is_healthy(r->s);
}

TEST(writes_survive_lost_connections_and_restarts)
{
    enum { N = 600 };
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "pods");
    Worker w = {s, c, 0, N, 0, 0};

    assert_ok(pthread_create(&w.thread, NULL, write_through, &w));
    for (int i = 0; i < 5; i++) {
        Reconnect before = {s, reconnects(s)};

        usleep(60000);
        admin_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  " WHERE application_name LIKE 'hostplane%'");
        assert_true(soon(has_reconnected, &before));
    }
    assert_ok(control("kill"));
    usleep(100000);
    assert_ok(control("start"));
    pthread_join(w.thread, NULL);
    /* refused is what came while PostgreSQL was away for long; that depends on the machine */
    assert_int_equal(db_number("SELECT count(*) FROM object"), N - w.n_failed);
    assert_int_equal(cache_size(k), N - w.n_failed);
    assert_int_equal(c->revision, CLUSTER_FIRST_REVISION + N - w.n_failed);
    assert_true(soon(has_reconnected, &(Reconnect){s, 5})); /* and after the restart */
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

/* Read a counter from the cache, write it one higher at that revision; conflicts are tried again.
 */
static void *increment(void *data)
{
    Worker *w = data;
    Cache *k = load(w->s, w->c, "counters");

    for (int i = 0; i < w->n;) {
        AUTO_FREE char *name = xasprintf("c%d", i % 3);
        CLEANUP(obj_unref) Obj *o = cache_get(k, "", name);
        AUTO_FREE char *next = NULL;
        const char *at = strstr(o->text, "\"data\":\"");
        int64_t r;

        next = xasprintf("%ld", strtol(at + 8, NULL, 10) + 1);
        r = PUT(w->s, w->c, "counters", "", name, next, o->revision);
        if (r > 0)
            i++;
        else if (r == -ERR_UNAVAILABLE)
            usleep(5000);
        else
            assert_int_equal(r, -ERR_CONFLICT);
    }
    cache_unref(k);
    return NULL;
}

TEST(increments_are_exact_while_connections_break)
{
    enum { WORKERS = 6, N = 120 };
    Store *one = fresh_store(), *two = open_store("two");
    Cluster *c1 = new_cluster(one, "t1"), *c2;
    Worker w[WORKERS];

    assert_int_equal(PUT(one, c1, "counters", "", "c0", "0", EXPECT_ABSENT), 3);
    assert_int_equal(PUT(one, c1, "counters", "", "c1", "0", EXPECT_ABSENT), 4);
    assert_int_equal(PUT(one, c1, "counters", "", "c2", "0", EXPECT_ABSENT), 5);
    assert_true(soon(has_cluster, two));
    c2 = store_cluster(two, SLICE("t1"));
    for (int i = 0; i < WORKERS; i++) {
        w[i] = i % 2 ? (Worker){one, c1, i, N, 0, 0} : (Worker){two, c2, i, N, 0, 0};
        assert_ok(pthread_create(&w[i].thread, NULL, increment, &w[i]));
    }
    for (int i = 0; i < 25; i++) {
        usleep(30000 + (useconds_t)(i * 7919 % 23) * 1000);
        admin_sql(i % 3 ? "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE application_name = 'hostplane-write'"
                        : "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE application_name LIKE 'hostplane%'");
        if (i % 8 == 4) {
            assert_ok(control("kill"));
            assert_ok(control("start"));
        }
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(w[i].thread, NULL);
    assert_int_equal(db_number("SELECT sum(substring(convert_from(body, 'UTF8') from"
                               " '\"data\":\"([0-9]+)')::int)::bigint FROM object"
                               " WHERE resource = 'counters'"),
                     WORKERS * N);
    assert_int_equal(db_number("SELECT revision FROM cluster"),
                     CLUSTER_FIRST_REVISION + WORKERS * N + 3);
    assert_int_equal(db_number("SELECT count(DISTINCT revision) FROM history"), WORKERS * N + 3);
    cluster_unref(c1);
    cluster_unref(c2);
    store_close(one);
    store_close(two);
}

TEST(without_postgresql_writes_are_refused_and_reads_go_on)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Cache *k = load(s, c, "pods");
    Obj *o;

    assert_int_equal(PUT(s, c, "pods", "ns", "a", "x", EXPECT_ANY), 3);
    assert_ok(control("stop"));
    assert_int_equal(PUT(s, c, "pods", "ns", "b", "x", EXPECT_ANY), -ERR_UNAVAILABLE);
    o = cache_get(k, "ns", "a");
    assert_non_null(o);
    obj_unref(o);
    assert_false(store_is_healthy(s));
    assert_ok(control("start"));
    for (int i = 0; i < 200 && !store_is_healthy(s); i++)
        usleep(50000);
    assert_int_equal(PUT(s, c, "pods", "ns", "b", "x", EXPECT_ANY), 4);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
}

/* ---- two servers ---- */

static struct {
    _Atomic int64_t n, last;
    _Atomic bool is_wrong;
} heard;

static void on_event(Cluster *c UNUSED, const char *storage UNUSED, Event *e, void *data UNUSED)
{
    if (e->revision != heard.last + 1)
        heard.is_wrong = true;
    heard.last = e->revision;
    heard.n++;
}

static bool has_heard(void *data)
{
    return heard.n >= *(int64_t *)data;
}

static bool is_gone(void *data)
{
    return !has_cluster(data);
}

TEST(another_server_sees_changes_in_order)
{
    Store *one = fresh_store(), *two = open_store("two");
    Cluster *c1, *c2;
    Worker w1, w2;
    int64_t want;
    Cache *k2;

    heard.n = 0;
    heard.last = CLUSTER_FIRST_REVISION;
    store_subscribe(two, on_event, NULL);
    c1 = new_cluster(one, "t1");
    assert_true(soon(has_cluster, two));
    c2 = store_cluster(two, SLICE("t1"));
    k2 = load(two, c2, "pods");
    w1 = (Worker){one, c1, 1, 200, 0, 0};
    w2 = (Worker){two, c2, 2, 200, 0, 0};
    assert_ok(pthread_create(&w1.thread, NULL, write_many, &w1));
    assert_ok(pthread_create(&w2.thread, NULL, write_many, &w2));
    pthread_join(w1.thread, NULL);
    pthread_join(w2.thread, NULL);
    want = db_number("SELECT revision FROM cluster WHERE name = 't1'");
    want -= CLUSTER_FIRST_REVISION;
    assert_int_equal(want, 600);
    assert_true(soon(has_heard, &want));
    assert_int_equal(heard.n, want);
    assert_false(heard.is_wrong);
    assert_int_equal(cache_size(k2), db_number("SELECT count(*) FROM object"));
    cache_unref(k2);
    assert_ok(change(one, CLUSTER_DELETE, "t1"));
    assert_true(soon(is_gone, two));
    cluster_unref(c1);
    cluster_unref(c2);
    store_close(one);
    store_close(two);
}

static void move(Store *s, ClusterState state, int64_t floor)
{
    Txn t = {.is_move = true,
             .change = {.op = CLUSTER_SET_STATE, .name = "t1", .state = state, .floor = floor}};

    assert_ok(run(s, &t));
}

static bool is_behind_floor(void *data)
{
    return ((Cluster *)data)->revision == 1001;
}

static void is_too_old(Store *s, Cluster *c, int64_t version)
{
    Cache *k = load(s, c, "pods");
    Watching t;

    watching_start(&t, k, version);
    assert_true(soon(has_failed, &t));
    assert_int_equal(t.failed, -ERR_EXPIRED);
    watching_stop(&t);
    cache_unref(k);
}

TEST(a_cluster_that_objects_came_to_goes_on_behind_their_versions)
{
    Store *one = fresh_store(), *two = open_store("two");
    Cluster *c1 = new_cluster(one, "t1"), *c2;
    Watching t;
    Cache *k;

    assert_true(soon(has_cluster, two));
    c2 = store_cluster(two, SLICE("t1"));
    for (int i = 0; i < 5; i++)
        assert_int_equal(PUT(one, c1, "pods", "ns", "a", "x", EXPECT_ANY), 3 + i);
    move(one, CLUSTER_MOVING, 0);
    assert_int_equal(c1->revision, 7);
    move(one, CLUSTER_ACTIVE, 1000);
    assert_int_equal(c1->revision, 1000);
    assert_int_equal(PUT(one, c1, "pods", "ns", "a", "x", EXPECT_ANY), 1001);
    assert_true(soon(is_behind_floor, c2));
    is_too_old(one, c1, 6);
    is_too_old(two, c2, 6);
    is_too_old(two, c2, 500);
    k = load(two, c2, "pods");
    watching_start(&t, k, 1000);
    want_n = 1;
    assert_true(soon(has_seen, &t));
    watching_stop(&t);
    cache_unref(k);
    cluster_unref(c2);
    store_close(two);
    move(one, CLUSTER_MOVING, 0);
    move(one, CLUSTER_ACTIVE, 900); /* never back */
    assert_int_equal(c1->revision, 1001);
    cluster_unref(c1);
    store_close(one);
    one = open_store("one");
    c1 = store_cluster(one, SLICE("t1"));
    is_too_old(one, c1, 6);
    cluster_unref(c1);
    store_close(one);
}

static void count_key(Cluster *c UNUSED, const char *ns UNUSED, const char *name UNUSED, void *data)
{
    (*(int *)data)++;
}

TEST(keys_of_all_clusters_can_be_scanned)
{
    Store *s = fresh_store();
    Cluster *a = new_cluster(s, "a"), *b = new_cluster(s, "b");
    int n = 0;

    assert_true(PUT(s, a, "pods", "ns", "x", "x", EXPECT_ANY) > 0);
    assert_true(PUT(s, b, "pods", "ns", "x", "x", EXPECT_ANY) > 0);
    assert_true(PUT(s, b, "services", "ns", "x", "x", EXPECT_ANY) > 0);
    assert_ok(store_scan_keys(s, "pods", count_key, &n, NULL));
    assert_int_equal(n, 2);
    assert_true(PUT(s, b, "services", "", "born", "x", EXPECT_ABSENT, .op = WRITE_DELETE,
                    .is_over_base = true) > 0);
    n = 0;
    assert_ok(store_scan_keys(s, "services", count_key, &n, NULL));
    assert_int_equal(n, 2); /* a tombstone is one */
    cluster_unref(a);
    cluster_unref(b);
    store_close(s);
}
