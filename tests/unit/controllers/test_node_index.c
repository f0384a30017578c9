#include "controllers/node_index.h"

#include "tests/unit/test.h"

static const PodKey a = {"acme", "d", "a"}, b = {"acme", "d", "b"}, other = {"globex", "d", "a"};

static uint32_t count(NodeIndex *x, const char *node)
{
    CLEANUP(arena_free) Arena *arena = arena_new();
    uint32_t n;

    (void)node_index_pods(x, arena, node, &n); /* only their number is of interest */
    return n;
}

TEST(pods_are_found_by_the_node_that_they_are_bound_to)
{
    CLEANUP(node_index_free) NodeIndex *x = node_index_new();

    node_index_set(x, &a, "n1");
    node_index_set(x, &b, "n1");
    node_index_set(x, &other, "n2");
    assert_int_equal(count(x, "n1"), 2);
    assert_int_equal(count(x, "n2"), 1);
    node_index_set(x, &b, "n2");
    assert_int_equal(count(x, "n1"), 1);
    assert_int_equal(count(x, "n2"), 2);
    node_index_set(x, &a, NULL);
    assert_int_equal(count(x, "n1"), 0);
    assert_true(node_index_has_cluster(x, "acme"));
    node_index_drop_cluster(x, "acme");
    assert_false(node_index_has_cluster(x, "acme"));
    assert_true(node_index_has_cluster(x, "globex"));
    assert_int_equal(count(x, "n2"), 1);
}

TEST(a_clock_runs_from_when_it_was_first_asked_until_it_is_stopped)
{
    CLEANUP(node_index_free) NodeIndex *x = node_index_new();

    assert_true(node_index_clock(x, &a, 100) == 0); /* it is bound to no node */
    node_index_set(x, &a, "n1");
    assert_true(node_index_clock(x, &a, 100) == 100);
    assert_true(node_index_clock(x, &a, 200) == 100);
    assert_false(node_index_stop_clock(x, &a));
    assert_true(node_index_clock(x, &a, 300) == 300);
}

TEST(a_pod_that_was_to_leave_and_stays_is_told_of_once)
{
    CLEANUP(node_index_free) NodeIndex *x = node_index_new();

    node_index_wait(x, &a); /* nobody knows it */
    assert_false(node_index_stop_clock(x, &a));
    node_index_set(x, &a, "n1");
    node_index_set(x, &b, "n1");
    node_index_wait(x, &a);
    assert_false(node_index_stop_clock(x, &b));
    assert_true(node_index_stop_clock(x, &a));
    assert_false(node_index_stop_clock(x, &a));
    /* Another one of this name, on another node, is not the one that was to leave. */
    node_index_wait(x, &a);
    node_index_set(x, &a, "n2");
    assert_false(node_index_stop_clock(x, &a));
}
