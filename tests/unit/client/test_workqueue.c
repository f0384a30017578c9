#include "client/workqueue.h"

#include "tests/unit/test.h"

static int64_t fake_us = 1000000;

static int64_t now(void)
{
    return fake_us;
}

static const WorkQueueOptions options = {
    .backoff_base_ms = 10, .backoff_max_ms = 50, .now_us = now};

static WorkKey key(const char *cluster, const char *name)
{
    return (WorkKey){1, cluster, "ns", name};
}

static void add(WorkQueue *q, const char *cluster, const char *name)
{
    WorkKey k = key(cluster, name);

    workqueue_add(q, &k);
}

TEST(keys_come_once_and_clusters_take_turns)
{
    static const char *const want[] = {"a1", "b1", "c1", "a2", "c2", "a3"};
    CLEANUP(workqueue_free) WorkQueue *q = workqueue_new(&options);

    add(q, "a", "a1");
    add(q, "a", "a2");
    add(q, "a", "a1");
    add(q, "a", "a3");
    add(q, "b", "b1");
    add(q, "c", "c1");
    add(q, "c", "c2");
    assert_int_equal(workqueue_len(q), 6);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        const WorkKey *k = workqueue_get(q, 0);

        assert_non_null(k);
        assert_string_equal(k->name, want[i]);
        workqueue_done(q, k);
    }
    assert_null(workqueue_get(q, 0));
}

TEST(one_cluster_does_not_take_all_workers)
{
    WorkQueueOptions limited = options;
    CLEANUP(workqueue_free) WorkQueue *q = NULL;
    const WorkKey *k1, *k2, *k3;

    limited.max_running = 1;
    q = workqueue_new(&limited);
    add(q, "a", "a1");
    add(q, "a", "a2");
    add(q, "b", "b1");
    k1 = workqueue_get(q, 0);
    k2 = workqueue_get(q, 0);
    assert_string_equal(k1->name, "a1");
    assert_string_equal(k2->name, "b1");
    assert_null(workqueue_get(q, 0));
    workqueue_done(q, k1);
    k3 = workqueue_get(q, 0);
    assert_string_equal(k3->name, "a2");
    workqueue_done(q, k2);
    workqueue_done(q, k3);
}

TEST(a_key_added_while_it_runs_comes_again_after)
{
    CLEANUP(workqueue_free) WorkQueue *q = workqueue_new(&options);
    const WorkKey *k;

    add(q, "a", "x");
    k = workqueue_get(q, 0);
    add(q, "a", "x");
    assert_null(workqueue_get(q, 0));
    workqueue_done(q, k);
    k = workqueue_get(q, 0);
    assert_non_null(k);
    workqueue_done(q, k);
    assert_null(workqueue_get(q, 0));
}

TEST(failures_wait_twice_as_long_each_time_up_to_the_limit)
{
    static const int64_t waits_ms[] = {10, 20, 40, 50, 50};
    CLEANUP(workqueue_free) WorkQueue *q = workqueue_new(&options);
    WorkKey k = key("a", "x");
    const WorkKey *got;

    for (size_t i = 0; i < ARRAY_LEN(waits_ms); i++) {
        workqueue_add_rate_limited(q, &k);
        fake_us += waits_ms[i] * 1000 - 1;
        assert_null(workqueue_get(q, 0));
        fake_us += 1;
        got = workqueue_get(q, 0);
        assert_non_null(got);
        workqueue_done(q, got);
    }
    assert_int_equal(workqueue_failures(q, &k), 5);
    workqueue_forget(q, &k);
    assert_int_equal(workqueue_failures(q, &k), 0);
}

TEST(the_earliest_delay_counts)
{
    CLEANUP(workqueue_free) WorkQueue *q = workqueue_new(&options);
    WorkKey x = key("a", "x"), y = key("a", "y");
    const WorkKey *got;

    workqueue_add_after(q, &x, 300);
    workqueue_add_after(q, &y, 200);
    workqueue_add_after(q, &x, 100);
    workqueue_add_after(q, &x, 400);
    fake_us += 100000;
    got = workqueue_get(q, 0);
    assert_string_equal(got->name, "x");
    workqueue_done(q, got);
    assert_null(workqueue_get(q, 0));
    fake_us += 100000;
    got = workqueue_get(q, 0);
    assert_string_equal(got->name, "y");
    workqueue_done(q, got);
    fake_us += 1000000;
    assert_null(workqueue_get(q, 0));
}

TEST(shutdown_ends_waiting)
{
    CLEANUP(workqueue_free) WorkQueue *q = workqueue_new(NULL);

    add(q, "a", "x");
    workqueue_shutdown(q);
    assert_null(workqueue_get(q, -1));
}
