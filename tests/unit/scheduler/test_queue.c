#include "scheduler/queue.h"

#include "base/mem.h"

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

static Obj *pod_named(const char *name)
{
    AUTO_FREE char *text = xasprintf("{\"metadata\":{\"name\":\"%s\"}}", name);
    Obj *o = NULL;

    assert_ok(obj_new(slice_of(text), 1, &o, NULL));
    return o;
}

/* As the pod is seen. */
static void keep(Queue *q, const char *id, const char *name)
{
    CLEANUP(obj_unref) Obj *o = pod_named(name);
    Arena *a = arena_new();

    queue_keep(q, id, o, a, obj_to_value(a, o, NULL, NULL));
}

TEST(a_pod_that_was_read_is_not_read_again_while_few_wait)
{
    enum { N = 300, KEPT = 256 };
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    int n_kept = 0;
    char id[32];

    keep(q, "c/n/nobody", "nobody");
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof(id), "c/n/p%d", i);
        queue_add(q, "c", "n", id + 4, (QueuedPod){0, i}, false, 0);
        keep(q, id, "old");
        keep(q, id, id + 4);
    }
    for (int i = 0; i < N / 2; i++) {
        CLEANUP(arena_free) Arena *a = NULL;
        Waiting *w = queue_pop(q, 0);
        const Value *tree = queue_take_tree(q, w, &a);

        n_kept += tree != NULL;
        if (tree)
            assert_string_equal(value_at_str(tree, "metadata.name"), w->name);
        assert_null(queue_take_tree(q, w, &a)); /* once */
    }
    assert_int_equal(n_kept, N / 2);
    queue_remove(q, "c/n/p299"); /* not kept */
    queue_remove(q, "c/n/p200"); /* kept */
    for (Waiting *w; (w = queue_pop(q, 0));) {
        CLEANUP(arena_free) Arena *a = NULL;

        n_kept += queue_take_tree(q, w, &a) != NULL;
    }
    assert_int_equal(n_kept, KEPT - 1);
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
    /* a wake-up within the back-off time makes it wait while others have something to do */
    queue_unschedulable(q, w, BIT(plugin_index("NodeResourcesFit")), 2 * second);
    queue_wake(q, WAKE_NODE_ADDED, NULL, 3 * second);
    assert_int_equal(queue_count(q, WAIT_BACKOFF), 1);
    queue_add(q, "a", "n", "other", (QueuedPod){0, 9}, false, 3 * second);
    assert_string_equal(queue_pop(q, 3 * second)->name, "other");
    assert_int_equal(queue_delay_ms(q, 3 * second), 0);
    w = queue_pop(q, 3 * second);
    assert_string_equal(w->name, "p");
    /* and after five minutes it is tried in any case */
    queue_unschedulable(q, w, BIT(plugin_index("NodeName")), 4 * second);
    assert_null(queue_pop(q, 303 * second));
    assert_non_null(queue_pop(q, 304 * second));
}

static bool has_two_cpus(const Want *want, void *data)
{
    ++*(int *)data;
    return want->cpu_milli <= 2000;
}

TEST(room_on_a_node_wakes_those_that_fit_into_it)
{
    static const struct {
        const char *name;
        Want want;
        const char *plugins[2];
        bool is_woken;
    } rows[] = {
        {"big1", {.cpu_milli = 4000, .is_known = true}, {"NodeResourcesFit"}, false},
        {"big2", {.cpu_milli = 4000, .is_known = true}, {"NodeResourcesFit"}, false},
        {"small", {.cpu_milli = 100, .is_known = true}, {"NodeResourcesFit"}, true},
        {"gpu", {.cpu_milli = 9000}, {"NodeResourcesFit"}, true},
        {"ports", {.cpu_milli = 9000, .is_known = true}, {"NodeResourcesFit", "NodePorts"}, true},
        {"label", {.cpu_milli = 100, .is_known = true}, {"NodeAffinity"}, false},
    };
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    int n_asked = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint32_t mask = 0;
        Waiting *w;

        queue_add(q, "a", "n", rows[i].name, (QueuedPod){0, 0}, false, 0);
        w = queue_pop(q, 0);
        for (size_t k = 0; k < 2 && rows[i].plugins[k]; k++)
            mask |= BIT(plugin_index(rows[i].plugins[k]));
        w->want = rows[i].want;
        queue_unschedulable(q, w, mask, 0);
    }
    queue_wake_for_room(q, WAKE_POD_REMOVED, has_two_cpus, &n_asked, 9 * second);
    assert_int_equal(n_asked, 2); /* once for both big ones */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_FREE char *id = xasprintf("a/n/%s", rows[i].name);
        bool is_woken = queue_find(q, id)->state == WAIT_ACTIVE;

        if (is_woken != rows[i].is_woken)
            fail_msg("%s is %s", rows[i].name, is_woken ? "woken" : "not woken");
    }
    queue_wake_one(q, "a/n/big2", 9 * second);
    assert_int_equal(queue_find(q, "a/n/big2")->state, WAIT_ACTIVE);
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

/* ---- whose turn it is ---- */

/* Pods of each cluster, popped and, but for those of `fails`, placed: their share grows by a
 * hundredth over the cluster's weight. The clusters of the first `n` turns. */
static const char *turns(int n, const char *fails, int weight_of_b)
{
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    static char out[128];
    int has_a = 0, has_b = 0, at = 0;

    for (int i = 0; i < 64; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i);

        queue_add(q, "a", "n", name, (QueuedPod){0, i}, false, 0);
        queue_add(q, "b", "n", name, (QueuedPod){0, i}, false, 0);
    }
    while (at < n) {
        Waiting *w = queue_pop(q, 0);
        bool is_a = str_eq(w->cluster, "a");

        out[at++] = w->cluster[0];
        if (str_eq(w->cluster, fails)) {
            queue_unschedulable(q, w, 1, 0);
            continue;
        }
        has_a += is_a;
        has_b += !is_a;
        queue_set_share(q, w->cluster, is_a ? has_a / 100.0 : has_b / 100.0 / weight_of_b);
        queue_remove(q, w->id);
    }
    out[at] = 0;
    return out;
}

static int count(const char *text, char c)
{
    int n = 0;

    for (; *text; text++)
        n += *text == c;
    return n;
}

TEST(turns_go_to_the_cluster_that_has_least_of_what_it_may_have)
{
    assert_string_equal(turns(8, "", 1), "abababab");
    assert_in_range(count(turns(80, "", 4), 'a'), 14, 24); /* one of five, and every eighth turn */
}

TEST(pods_that_fit_nowhere_cost_others_half_the_turns_at_most)
{
    assert_in_range(count(turns(64, "a", 1), 'a'), 28, 36);
}

TEST(a_small_tenants_burst_does_not_stop_a_large_one)
{
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    int n_large = 0;

    for (int i = 0; i < 100; i++) {
        AUTO_FREE char *name = xasprintf("p%d", i);

        queue_add(q, "large", "n", name, (QueuedPod){0, i}, false, 0);
        queue_add(q, "small", "n", name, (QueuedPod){0, i}, false, 0);
    }
    queue_set_share(q, "large", 0.9);
    queue_set_share(q, "small", 0.001);
    for (int i = 0; i < 80; i++) {
        Waiting *w = queue_pop(q, 0);

        n_large += str_eq(w->cluster, "large");
        queue_remove(q, w->id);
    }
    assert_in_range(n_large, 9, 11);
}

TEST(what_happened_while_a_pod_was_under_way_is_not_lost)
{
    CLEANUP(queue_free) Queue *q = queue_new(1, 10);
    Waiting *w;
    uint32_t fit = 0;

    while (!str_eq(scheduler__plugins[fit].name, "NodeResourcesFit"))
        fit++;
    queue_add(q, "a", "n", "p", (QueuedPod){0, 0}, false, 0);
    w = queue_pop(q, 0);
    queue_wake(q, WAKE_VOLUME, NULL, 0); /* none of its plug-in's business */
    queue_unschedulable(q, w, BIT(fit), 0);
    assert_int_equal(w->state, WAIT_UNSCHEDULABLE);
    queue_wake(q, WAKE_NODE_ADDED, NULL, 2000000);
    w = queue_pop(q, 2000000);
    queue_wake(q, WAKE_POD_REMOVED, NULL, 2000000);
    queue_unschedulable(q, w, BIT(fit), 2000000);
    assert_int_equal(w->state, WAIT_BACKOFF);
    w = queue_pop(q, 9000000);
    queue_wake(q, WAKE_POD_REMOVED, NULL, 9000000);
    queue_saw_events(q, w);
    queue_unschedulable(q, w, BIT(fit), 9000000);
    assert_int_equal(w->state, WAIT_UNSCHEDULABLE);
}
