#include "scheduler/queue.h"

#include "tests/unit/test.h"

static const int64_t second = 1000000;

TEST(clusters_take_turns_and_priority_counts_within_one)
{
    static const char *const want[] = {"a/n/high", "b/n/x", "a/n/low1", "a/n/low2"};
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);

    queue_add(q, "a", "n", "low1", (QueuedPod){0, 1}, false, 1);
    queue_add(q, "a", "n", "low2", (QueuedPod){0, 2}, false, 2);
    queue_add(q, "a", "n", "high", (QueuedPod){9, 3}, false, 3);
    queue_add(q, "b", "n", "x", (QueuedPod){0, 4}, false, 4);
    queue_add(q, "b", "n", "x", (QueuedPod){0, 5}, false, 5);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(queue_pop(q, 10)->id, want[i]);
    assert_null(queue_pop(q, 10));
    assert_int_equal(queue_count(q, WAIT_IN_FLIGHT), 4);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        queue_remove(q, want[i]);
    assert_int_equal(queue_count(q, WAIT_IN_FLIGHT), 0);
}

static uint32_t plugin_index(const char *name)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if (str_eq(scheduler__plugins[i].name, name))
            return i;
    fail();
    return 0;
}

TEST(an_unschedulable_pod_waits_for_what_may_help)
{
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    Waiting *w;

    queue_add(q, "a", "n", "p", (QueuedPod){0, 0}, false, 0);
    w = queue_pop(q, 0);
    queue_unschedulable(q, w, BIT(plugin_index("NodeResourcesFit")), 0);
    assert_null(queue_pop(q, second));
    queue_wake(q, WAKE_NODE_LABEL, NULL, second);
    assert_null(queue_pop(q, 2 * second));
    queue_wake(q, WAKE_POD_REMOVED, NULL, 2 * second);
    w = queue_pop(q, 2 * second);
    assert_non_null(w);
    assert_int_equal(w->attempts, 2);
    /* a wake-up within the back-off time makes it wait for the rest of it */
    queue_unschedulable(q, w, BIT(plugin_index("NodeResourcesFit")), 2 * second);
    queue_wake(q, WAKE_NODE_ADDED, NULL, 3 * second);
    assert_int_equal(queue_count(q, WAIT_BACKOFF), 1);
    assert_null(queue_pop(q, 3 * second));
    assert_int_equal(queue_delay_ms(q, 3 * second), 1001);
    w = queue_pop(q, 4 * second);
    assert_non_null(w);
    /* and after five minutes it is tried in any case */
    queue_unschedulable(q, w, BIT(plugin_index("NodeName")), 4 * second);
    assert_null(queue_pop(q, 303 * second));
    assert_non_null(queue_pop(q, 304 * second));
}

TEST(an_update_wakes_and_a_failed_binding_backs_off)
{
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    Waiting *w;

    queue_add(q, "a", "n", "p", (QueuedPod){0, 0}, false, 0);
    w = queue_pop(q, 0);
    queue_unschedulable(q, w, 1, 0);
    queue_add(q, "a", "n", "p", (QueuedPod){0, 0}, false, 0);
    assert_null(queue_pop(q, 0));
    queue_add(q, "a", "n", "p", (QueuedPod){0, 0}, true, 0);
    w = queue_pop(q, 0);
    assert_non_null(w);
    queue_retry(q, w, 0);
    assert_null(queue_pop(q, second));
    assert_non_null(queue_pop(q, 2 * second));
}
