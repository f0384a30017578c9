#include "store/batch.h"

#include "tests/unit/test.h"

/* One cluster, its objects and counters as the database has them, and transactions of one write. */
static Cluster cluster = {.id = 5, .name = "t1"};
static Obj nothing = {.ns = "", .name = "a"};

typedef struct Case {
    const char *name; /* of the object */
    WriteOp op;
    int64_t expect;
    bool is_over_base;
    /* what must come out */
    int r;
    EventType type;
    int64_t revision, found;
} Case;

static Write put_of(Cluster *c, const char *storage, const char *name, int64_t expect)
{
    return (Write){.op = WRITE_PUT,
                   .cluster = c,
                   .storage = storage,
                   .ns = "",
                   .name = name,
                   .expect = expect,
                   .obj = &nothing};
}

enum { MAX_CASES = 16 };

typedef struct Setup {
    int64_t had; /* revision of object "a" before; 0: none */
    bool had_tombstone;
    const Case *cases;
    size_t n;
} Setup;

static void check(const char *what, const Setup *setup)
{
    Txn t[MAX_CASES] = {0};
    Write w[MAX_CASES] = {0};
    Batch b;

    batch_init(&b);
    for (size_t i = 0; i < setup->n; i++) {
        const Case *c = &setup->cases[i];

        w[i] = (Write){.op = c->op,
                       .cluster = &cluster,
                       .storage = "pods",
                       .ns = "",
                       .name = c->name,
                       .expect = c->expect,
                       .obj = &nothing,
                       .is_over_base = c->is_over_base};
        t[i] = (Txn){.writes = &w[i], .n_writes = 1};
        assert_true(batch_add(&b, &t[i]));
    }
    batch_cluster(&b, 5)->exists = true;
    batch_cluster(&b, 5)->locked = 100;
    for (size_t i = 0; i < b.n_keys; i++) {
        if (str_eq(b.keys[i].name, "a")) {
            b.keys[i].revision = setup->had;
            b.keys[i].is_tombstone = setup->had_tombstone;
        }
    }
    batch_decide(&b);
    for (size_t i = 0; i < setup->n; i++) {
        const Case *c = &setup->cases[i];

        if (b.txns[i].r != c->r)
            fail_msg("%s, write %zu: %d instead of %d", what, i, b.txns[i].r, c->r);
        if (c->r < 0) {
            assert_int_equal(w[i].found, c->found);
            assert_int_equal(b.txns[i].n_events, 0);
            continue;
        }
        assert_int_equal(b.txns[i].n_events, 1);
        assert_int_equal(b.events[b.txns[i].first_event].type, c->type);
        assert_int_equal(b.events[b.txns[i].first_event].revision, c->revision);
    }
    batch_done(&b);
}

TEST(each_write_sees_those_before_it)
{
    static const Case create[] = {
        {"a", WRITE_PUT, EXPECT_ABSENT, false, 0, EVENT_ADDED, 101, 0},
        {"a", WRITE_PUT, EXPECT_ABSENT, false, -ERR_ALREADY_EXISTS, 0, 0, 101},
        {"b", WRITE_PUT, EXPECT_ABSENT, false, 0, EVENT_ADDED, 102, 0},
        {"a", WRITE_PUT, 101, false, 0, EVENT_MODIFIED, 103, 0},
        {"a", WRITE_PUT, 101, false, -ERR_CONFLICT, 0, 0, 103},
        {"a", WRITE_DELETE, 101, false, -ERR_CONFLICT, 0, 0, 103},
        {"a", WRITE_DELETE, EXPECT_ANY, false, 0, EVENT_DELETED, 104, 0},
        {"a", WRITE_DELETE, EXPECT_ANY, false, -ERR_NOT_FOUND, 0, 0, 0},
        {"a", WRITE_PUT, 103, false, -ERR_CONFLICT, 0, 0, 0},
        {"a", WRITE_PUT, EXPECT_ABSENT, false, 0, EVENT_ADDED, 105, 0},
    };
    static const Case update[] = {
        {"a", WRITE_PUT, EXPECT_ABSENT, false, -ERR_ALREADY_EXISTS, 0, 0, 50},
        {"a", WRITE_PUT, 49, false, -ERR_CONFLICT, 0, 0, 50},
        {"a", WRITE_PUT, 50, false, 0, EVENT_MODIFIED, 101, 0},
    };
    static const Case over_base[] = {
        {"a", WRITE_PUT, EXPECT_ABSENT, true, 0, EVENT_MODIFIED, 101, 0},
        {"a", WRITE_DELETE, 101, true, 0, EVENT_DELETED, 102, 0},
        {"a", WRITE_DELETE, EXPECT_ANY, true, -ERR_NOT_FOUND, 0, 0, 0},
        {"a", WRITE_PUT, EXPECT_ABSENT, true, 0, EVENT_ADDED, 103, 0},
    };
    static const Case base_deleted[] = {
        {"a", WRITE_DELETE, EXPECT_ABSENT, true, 0, EVENT_DELETED, 101, 0},
    };
    static const Case tombstone[] = {
        {"a", WRITE_DELETE, EXPECT_ANY, true, -ERR_NOT_FOUND, 0, 0, 0},
        {"a", WRITE_PUT, 50, true, -ERR_CONFLICT, 0, 0, 0},
        {"a", WRITE_PUT, EXPECT_ABSENT, true, 0, EVENT_ADDED, 101, 0},
    };

    check("create", &(Setup){0, false, create, ARRAY_LEN(create)});
    check("update", &(Setup){50, false, update, ARRAY_LEN(update)});
    check("over base", &(Setup){0, false, over_base, ARRAY_LEN(over_base)});
    check("base deleted", &(Setup){0, false, base_deleted, ARRAY_LEN(base_deleted)});
    check("tombstone", &(Setup){50, true, tombstone, ARRAY_LEN(tombstone)});
}

TEST(a_failing_part_takes_back_the_others)
{
    Write w[2] = {
        {.cluster = &cluster, .storage = "pods", .ns = "", .name = "a", .obj = &nothing},
        {.cluster = &cluster,
         .storage = "pods",
         .ns = "",
         .name = "b",
         .obj = &nothing,
         .expect = 9},
    };
    Charge charge = {.cluster = &cluster, .counter = "pods", .delta = 2, .limit = 3};
    Txn bad = {.writes = w, .n_writes = 2, .charges = &charge, .n_charges = 1};
    Write again = w[0];
    Charge rest = {.cluster = &cluster, .counter = "pods", .delta = 3, .limit = 3};
    Txn good = {.writes = &again, .n_writes = 1, .charges = &rest, .n_charges = 1};
    Charge more = {.cluster = &cluster, .counter = "pods", .delta = 1, .limit = 3};
    Txn full = {.charges = &more, .n_charges = 1};
    Batch b;

    batch_init(&b);
    assert_true(batch_add(&b, &bad));
    assert_true(batch_add(&b, &good));
    assert_true(batch_add(&b, &full));
    b.clusters[0].exists = true;
    batch_decide(&b);
    assert_int_equal(b.txns[0].r, -ERR_CONFLICT);
    assert_int_equal(bad.failed, 1);
    assert_int_equal(b.txns[1].r, 0);
    assert_int_equal(b.txns[2].r, -ERR_FORBIDDEN);
    assert_int_equal(more.used, 3);
    assert_int_equal(b.n_events, 1);
    assert_int_equal(b.events[0].revision, 1);
    assert_int_equal(b.clusters[0].revision, 1);
    assert_int_equal(b.counters[0].used, 3);
    batch_done(&b);
}

TEST(a_charge_of_the_whole_sees_what_came_before_it)
{
    Cluster other = {.id = 6, .name = "t2"};
    Charge more = {.cluster = &other, .counter = "pods", .delta = 2, .limit = 9};
    Charge in = {.cluster = &cluster,
                 .counter = "group",
                 .delta = 1,
                 .limit = 9,
                 .whole_of = &other,
                 .whole = "pods"};
    Charge out = in;
    Txn t[] = {{.charges = &more, .n_charges = 1},
               {.charges = &in, .n_charges = 1},
               {.charges = &out, .n_charges = 1}};
    Batch b;

    out.delta = -1;
    for (int limit = 6; limit <= 7; limit++) { /* 5 and 2 more, which fit into 7 */
        in.limit = limit;
        batch_init(&b);
        for (size_t i = 0; i < 2 + (size_t)(limit == 7); i++)
            assert_true(batch_add(&b, &t[i]));
        for (size_t i = 0; i < b.n_clusters; i++)
            b.clusters[i].exists = true;
        b.counters[0].used = 5;
        batch_decide(&b);
        assert_int_equal(b.txns[0].r, 0);
        assert_int_equal(b.txns[1].r, limit == 7 ? 0 : -ERR_FORBIDDEN);
        assert_int_equal(b.counters[0].used, 7);
        assert_int_equal(b.counters[1].used, 0); /* in and out again */
        batch_done(&b);
    }
}

TEST(what_was_looked_at_must_still_be_so)
{
    Write w = put_of(&cluster, "tenants", "a", 7);
    Charge one = {.cluster = &cluster, .counter = "group", .delta = 1, .limit = 9};
    TxnCheck as_it_was = {&cluster, "tenants", "", "a", 7};
    Txn before = {.charges = &one, .n_charges = 1, .checks = &as_it_was, .n_checks = 1};
    Txn change = {.writes = &w, .n_writes = 1};
    Txn after = before;
    Batch b;

    batch_init(&b);
    assert_true(batch_add(&b, &before));
    assert_true(batch_add(&b, &change));
    assert_true(batch_add(&b, &after));
    b.clusters[0].exists = true;
    b.clusters[0].locked = 20;
    b.keys[0].revision = 7;
    batch_decide(&b);
    assert_int_equal(b.txns[0].r, 0);
    assert_int_equal(b.txns[1].r, 0);
    assert_int_equal(b.txns[2].r, -ERR_CONFLICT);
    assert_int_equal(b.counters[0].used, 1);
    assert_int_equal(b.n_events, 1);
    batch_done(&b);
}

TEST(a_cluster_goes_only_as_it_was_looked_at)
{
    static const struct {
        int64_t expect;
        bool is_written; /* by another one in the same batch */
        int r;
    } cases[] = {{0, true, 0},
                 {20, false, 0},
                 {19, false, -ERR_CONFLICT},
                 {20, true, -ERR_CONFLICT},
                 {21, true, 0}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Write w = put_of(&cluster, "pods", "a", EXPECT_ANY);
        Txn put = {.writes = &w, .n_writes = 1};
        Txn drop = {
            .change = {.op = CLUSTER_DELETE, .name = "t1", .expect_revision = cases[i].expect}};
        Batch b;

        batch_init(&b);
        if (cases[i].is_written)
            assert_true(batch_add(&b, &put));
        assert_true(batch_add(&b, &drop));
        b.names[0].id = cluster.id;
        b.names[0].revision = 20;
        if (cases[i].is_written) {
            b.clusters[0].exists = true;
            b.clusters[0].locked = 20;
        }
        batch_decide(&b);
        assert_int_equal(b.txns[b.n_txns - 1].r, cases[i].r);
        batch_done(&b);
    }
}

TEST(charges_do_not_overflow_and_do_not_go_below_zero)
{
    static const struct {
        int64_t used, delta, limit;
        int r;
        int64_t after;
    } cases[] = {
        {0, 1, 1, 0, 1},
        {1, 1, 1, -ERR_FORBIDDEN, 1},
        {5, -9, 0, 0, 0},
        {5, -1, 0, 0, 4},
        {9, 1, 5, -ERR_FORBIDDEN, 9},
        {INT64_MAX - 1, 5, INT64_MAX, -ERR_FORBIDDEN, INT64_MAX - 1},
        {0, INT64_MAX, INT64_MAX, 0, INT64_MAX},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Charge ch = {
            .cluster = &cluster, .counter = "x", .delta = cases[i].delta, .limit = cases[i].limit};
        Txn t = {.charges = &ch, .n_charges = 1};
        Batch b;

        batch_init(&b);
        assert_true(batch_add(&b, &t));
        b.clusters[0].exists = true;
        b.counters[0].used = cases[i].used;
        batch_decide(&b);
        assert_int_equal(b.txns[0].r, cases[i].r);
        assert_int_equal(b.counters[0].used, cases[i].after);
        batch_done(&b);
    }
}

TEST(a_batch_has_limits)
{
    Write w[60];
    Txn a = {.writes = w, .n_writes = 60}, c = {.writes = w, .n_writes = 41};
    Txn create = {.change = {.op = CLUSTER_CREATE, .name = "n"}};
    Txn drop = {.change = {.op = CLUSTER_DELETE, .name = "n"}};
    Batch b;

    for (size_t i = 0; i < ARRAY_LEN(w); i++)
        w[i] = (Write){.cluster = &cluster, .storage = "s", .ns = "", .name = "n"};
    batch_init(&b);
    assert_true(batch_add(&b, &a));
    assert_false(batch_add(&b, &c));
    assert_true(batch_add(&b, &create));
    assert_false(batch_add(&b, &drop)); /* a second change of one name */
    assert_int_equal(b.n_txns, 2);
    batch_done(&b);
}

TEST(only_the_move_itself_touches_a_cluster_that_is_moved)
{
    static Cluster shared = {.id = 6, .name = "hub"};
    Write w[4] = {0};
    Charge none = {.cluster = &cluster, .counter = "objects", .limit = INT64_MAX};
    Txn t[4] = {0};
    Batch b;

    batch_init(&b);
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        w[i] = put_of(i < 2 ? &cluster : &shared, "pods", "abcd" + i, EXPECT_ABSENT);
        t[i] = (Txn){.writes = &w[i], .n_writes = 1, .is_move = i == 1};
    }
    t[2].charges = &none; /* in one of its namespaces */
    t[2].n_charges = 1;
    for (size_t i = 0; i < ARRAY_LEN(t); i++)
        assert_true(batch_add(&b, &t[i]));
    batch_cluster(&b, 5)->exists = batch_cluster(&b, 6)->exists = true;
    batch_cluster(&b, 5)->state = CLUSTER_MOVING;
    batch_decide(&b);
    assert_int_equal(b.txns[0].r, -ERR_UNAVAILABLE);
    assert_int_equal(b.txns[1].r, 0);
    assert_int_equal(b.txns[2].r, -ERR_UNAVAILABLE);
    assert_int_equal(b.txns[3].r, 0);
    batch_done(&b);
}

TEST(a_charge_of_nothing_is_no_change)
{
    Write w = put_of(&cluster, "pods", "a", EXPECT_ABSENT);
    Charge none = {.cluster = &cluster, .counter = "objects", .limit = INT64_MAX};
    Txn t = {.writes = &w, .n_writes = 1, .charges = &none, .n_charges = 1};
    Batch b;

    batch_init(&b);
    assert_true(batch_add(&b, &t));
    batch_cluster(&b, 5)->exists = true;
    batch_decide(&b);
    assert_int_equal(b.txns[0].r, 0);
    assert_false(b.counters[0].is_changed);
    batch_done(&b);
}
