#include "controllers/deployment_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

TEST(fence_posts)
{
    static const struct {
        const char *spec;
        int64_t surge, unavailable;
    } rows[] = {
        {"{'replicas':10,'strategy':{'rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'}}}",
         3, 2},
        {"{'replicas':1,'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':0}}}", 0, 1},
        {"{'replicas':3,'strategy':{'rollingUpdate':{'maxSurge':1,'maxUnavailable':0}}}", 1, 0},
        {"{'replicas':0,'strategy':{'rollingUpdate':{'maxSurge':1,'maxUnavailable':2}}}", 1, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *d = value_object(a);
        int64_t surge, unavailable;

        value_set(a, d, "spec", value_literal(a, rows[i].spec));
        deployment_fenceposts(d, &surge, &unavailable);
        assert_int_equal(surge, rows[i].surge);
        assert_int_equal(unavailable, rows[i].unavailable);
    }
}

typedef struct Row {
    DeploymentView d;
    struct {
        int64_t replicas, available, max;
        enum { OLD, NEW, NEW_UNTOLD /* was told another size */ } is_new;
    } rs[4];
    uint32_t n;
    int64_t want[4];
} Row;

static void check(const Row *rows, size_t n,
                  bool (*fn)(const DeploymentView *, const ReplicaSetView *, uint32_t, int64_t *))
{
    for (size_t i = 0; i < n; i++) {
        ReplicaSetView rs[4] = {0};
        int64_t want[4];

        for (uint32_t k = 0; k < rows[i].n; k++) {
            rs[k].replicas = rows[i].rs[k].replicas;
            rs[k].available = rows[i].rs[k].available;
            rs[k].max_replicas = rows[i].rs[k].max;
            rs[k].is_new = rows[i].rs[k].is_new != OLD;
            rs[k].desired = rows[i].rs[k].is_new == NEW_UNTOLD ? -1 : rows[i].d.replicas;
        }
        fn(&rows[i].d, rs, rows[i].n, want);
        for (uint32_t k = 0; k < rows[i].n; k++)
            if (want[k] != rows[i].want[k])
                fail_msg("row %zu, set %u: %lld", i, k, (long long)want[k]);
    }
}

TEST(the_new_set_grows_into_the_surge)
{
    static const Row rows[] = {
        {{.replicas = 10, .max_surge = 3}, {{10, 10, 0, OLD}, {0, 0, 0, NEW}}, 2, {10, 3}},
        {{.replicas = 10, .max_surge = 0}, {{10, 10, 0, OLD}, {0, 0, 0, NEW}}, 2, {10, 0}},
        {{.replicas = 10, .max_surge = 3}, {{2, 2, 0, OLD}, {9, 9, 0, NEW}}, 2, {2, 10}},
        {{.replicas = 5, .max_surge = 1}, {{0, 0, 0, OLD}, {9, 9, 0, NEW}}, 2, {0, 5}},
        {{.replicas = 5}, {{5, 5, 0, NEW}}, 1, {5}},
    };

    check(rows, ARRAY_LEN(rows), deployment_roll_up);
}

TEST(old_sets_shrink_to_what_may_be_missing)
{
    static const Row rows[] = {
        /* nothing new is available yet: only what maxUnavailable allows */
        {{.replicas = 10, .max_surge = 3, .max_unavailable = 2},
         {{10, 10, 0, OLD}, {3, 0, 0, NEW}},
         2,
         {8, 3}},
        {{.replicas = 10, .max_surge = 3, .max_unavailable = 2},
         {{8, 8, 0, OLD}, {5, 3, 0, NEW}},
         2,
         {5, 5}},
        /* broken old pods go first */
        {{.replicas = 10, .max_surge = 3, .max_unavailable = 2},
         {{8, 0, 0, OLD}, {5, 5, 0, NEW}},
         2,
         {3, 5}},
        {{.replicas = 3, .max_surge = 1, .max_unavailable = 0},
         {{3, 3, 0, OLD}, {1, 0, 0, NEW}},
         2,
         {3, 1}},
        {{.replicas = 3, .max_surge = 1, .max_unavailable = 0},
         {{3, 3, 0, OLD}, {1, 1, 0, NEW}},
         2,
         {2, 1}},
        {{.replicas = 0}, {{2, 2, 0, OLD}}, 1, {0}},
    };

    check(rows, ARRAY_LEN(rows), deployment_roll_down);
}

/* The cases of upstream's deployment/sync_test.go, TestScale; the oldest set first. */
TEST(a_deployment_is_scaled_as_upstream_does)
{
    static const Row rows[] = {
        {{.replicas = 12}, {{10, 0, 10, NEW_UNTOLD}}, 1, {12}},
        {{.replicas = 5}, {{10, 0, 10, NEW_UNTOLD}}, 1, {5}},
        {{.replicas = 10}, {{3, 0, 5, OLD}, {2, 0, 5, NEW_UNTOLD}}, 2, {6, 4}},
        {{.replicas = 3}, {{3, 0, 5, OLD}, {2, 0, 5, NEW_UNTOLD}}, 2, {2, 1}},
        {{.replicas = 4}, {{1, 0, 9, OLD}, {8, 0, 9, NEW_UNTOLD}}, 2, {0, 4}},
        {{.replicas = 10}, {{2, 0, 7, OLD}, {3, 0, 7, OLD}, {2, 0, 7, NEW_UNTOLD}}, 3, {3, 4, 3}},
        {{.replicas = 8}, {{3, 0, 13, OLD}, {8, 0, 13, OLD}, {2, 0, 13, NEW_UNTOLD}}, 3, {2, 5, 1}},
        /* what is left over goes to the newest, and is taken from the oldest */
        {{.replicas = 4}, {{1, 0, 3, OLD}, {1, 0, 3, OLD}, {1, 0, 3, NEW_UNTOLD}}, 3, {1, 1, 2}},
        {{.replicas = 2}, {{1, 0, 3, OLD}, {1, 0, 3, OLD}, {1, 0, 3, NEW_UNTOLD}}, 3, {0, 1, 1}},
        {{.replicas = 5}, {{2, 0, 4, OLD}, {2, 0, 4, OLD}}, 2, {2, 3}},
        {{.replicas = 0}, {{1, 0, 6, OLD}, {2, 0, 6, OLD}, {3, 0, 6, NEW_UNTOLD}}, 3, {0, 0, 0}},
        {{.replicas = 6}, {{0, 0, 6, OLD}, {0, 0, 6, OLD}, {0, 0, 6, NEW}}, 3, {0, 0, 6}},
        /* one was not written the last time */
        {{.replicas = 5}, {{1, 0, 5, OLD}, {1, 0, 3, OLD}, {2, 0, 5, NEW}}, 3, {1, 2, 2}},
        {{.replicas = 20, .max_surge = 2}, {{6, 0, 12, OLD}, {6, 0, 12, NEW_UNTOLD}}, 2, {11, 11}},
        {{.replicas = 50, .max_surge = 6}, {{8, 0, 13, OLD}, {5, 0, 13, NEW_UNTOLD}}, 2, {34, 22}},
        {{.replicas = 14}, {{3, 0, 10, OLD}, {7, 0, 10, OLD}}, 2, {4, 10}},
        {{.replicas = 2, .max_surge = 1, .max_unavailable = 1},
         {{1, 0, 3, OLD}, {2, 0, 3, NEW}},
         2,
         {1, 2}},
    };

    check(rows, ARRAY_LEN(rows), deployment_scale);
}

TEST(scaling_in_a_rollout_keeps_proportions)
{
    static const Row rows[] = {
        {{.replicas = 5}, {{3, 3, 0, NEW}}, 1, {5}},
        {{.replicas = 0}, {{0, 0, 0, OLD}, {3, 3, 0, NEW}}, 2, {0, 0}},
        /* 10 (max 13): 8 and 5, scaled to 15 (max 18) */
        {{.replicas = 15, .max_surge = 3}, {{8, 8, 13, OLD}, {5, 0, 13, NEW}}, 2, {11, 7}},
        /* saturated: the old ones go */
        {{.replicas = 5, .max_surge = 1}, {{2, 2, 6, OLD}, {5, 5, 6, NEW}}, 2, {0, 5}},
        /* not when it has reached by chance what it was not told to be */
        {{.replicas = 5, .max_surge = 1}, {{2, 2, 9, OLD}, {5, 5, 9, NEW_UNTOLD}}, 2, {2, 4}},
        /* nor when its pods are broken */
        {{.replicas = 2, .max_surge = 1}, {{1, 1, 3, OLD}, {2, 0, 3, NEW}}, 2, {1, 2}},
        /* up and down, without surge */
        {{.replicas = 12}, {{4, 4, 6, OLD}, {2, 0, 6, NEW}}, 2, {8, 4}},
        {{.replicas = 3}, {{4, 4, 6, OLD}, {2, 0, 6, NEW}}, 2, {2, 1}},
        {{.replicas = 4}, {{1, 1, 9, OLD}, {8, 8, 9, NEW}}, 2, {0, 4}},
        /* three of them; what rounding leaves goes to the largest, the newer one when growing */
        {{.replicas = 10}, {{2, 2, 7, OLD}, {3, 3, 7, OLD}, {2, 0, 7, NEW}}, 3, {3, 4, 3}},
        {{.replicas = 8}, {{3, 3, 13, OLD}, {8, 8, 13, OLD}, {2, 0, 13, NEW}}, 3, {2, 5, 1}},
        {{.replicas = 4}, {{1, 1, 3, OLD}, {1, 1, 3, OLD}, {1, 0, 3, NEW}}, 3, {1, 1, 2}},
        {{.replicas = 2}, {{1, 1, 3, OLD}, {1, 1, 3, OLD}, {1, 0, 3, NEW}}, 3, {0, 1, 1}},
        /* the surge changes too */
        {{.replicas = 50, .max_surge = 6}, {{8, 8, 13, OLD}, {5, 0, 13, NEW}}, 2, {34, 22}},
        /* an empty one in between stays empty */
        {{.replicas = 20}, {{7, 7, 10, OLD}, {0, 0, 10, OLD}, {3, 0, 10, NEW}}, 3, {14, 0, 6}},
        /* before annotations: by what the status counts; nothing known, nothing shared */
        {{.replicas = 10, .status_replicas = 5}, {{3, 3, 0, OLD}, {2, 0, 0, NEW}}, 2, {6, 4}},
        {{.replicas = 0, .max_surge = 2}, {{3, 3, 5, OLD}, {2, 2, 5, NEW}}, 2, {0, 0}},
        /* all at rest: the new one, or else the latest */
        {{.replicas = 6}, {{0, 0, 5, OLD}, {0, 0, 5, OLD}}, 2, {0, 6}},
        {{.replicas = 6}, {{0, 0, 5, NEW}, {0, 0, 5, OLD}}, 2, {6, 0}},
        {{.replicas = 5, .max_surge = 0}, {{5, 5, 10, OLD}, {5, 2, 10, NEW}}, 2, {2, 3}},
    };

    check(rows, ARRAY_LEN(rows), deployment_scale);
}

TEST(the_hash_sees_the_content_not_the_order)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *x = value_literal(a, "{'a':1,'b':{'c':'d','e':'f'}}");
    Value *y = value_literal(a, "{'b':{'e':'f','c':'d'},'a':1}");
    Value *z = value_literal(a, "{'b':{'e':'f','c':'g'},'a':1}");
    char hx[16], hy[16];

    assert_string_equal(deployment_template_hash(x, 0, hx), deployment_template_hash(y, 0, hy));
    assert_string_not_equal(hx, deployment_template_hash(z, 0, hy));
    assert_string_not_equal(hx, deployment_template_hash(x, 1, hy));
}

TEST(templates_are_equal_but_for_the_hash_label)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *x = value_literal(a, "{'metadata':{'labels':{'app':'x'}},'spec':{}}");
    Value *y =
        value_literal(a, "{'metadata':{'labels':{'app':'x','pod-template-hash':'h'}},'spec':{}}");

    assert_true(deployment_same_template(a, x, y));
}

TEST(progress_goes_from_created_to_available_or_times_out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *d = value_literal(a, "{'metadata':{'name':'web','generation':1},"
                                "'spec':{'replicas':1,'strategy':{'rollingUpdate':{'maxSurge':1}},"
                                "'progressDeadlineSeconds':600}}");
    ReplicaSetView rs = {.replicas = 1, .status_replicas = 1, .is_new = true};
    const int64_t t = 1700000000LL * 1000000;
    Value *status;

    rs.v = value_literal(a, "{'metadata':{'name':'web-1'}}");
    status = deployment_status(a, d, &rs, 1, t);
    assert_int_equal(deployment_progress(a, d, status, &rs, 1, t), 601000);
    value_set(a, d, "status", status);
    assert_true(condition_is(d, "Available", "False"));
    assert_string_equal(value_get_str(condition_get(d, "Progressing"), "reason"),
                        "ReplicaSetUpdated");

    status = deployment_status(a, d, &rs, 1, t + 601000000);
    assert_int_equal(deployment_progress(a, d, status, &rs, 1, t + 601000000), 0);
    value_set(a, d, "status", status);
    assert_string_equal(value_get_str(condition_get(d, "Progressing"), "reason"),
                        "ProgressDeadlineExceeded");

    rs.ready = rs.available = 1;
    status = deployment_status(a, d, &rs, 1, t + 700000000);
    deployment_progress(a, d, status, &rs, 1, t + 700000000);
    value_set(a, d, "status", status);
    assert_string_equal(value_get_str(condition_get(d, "Progressing"), "reason"),
                        "NewReplicaSetAvailable");
    assert_string_equal(value_get_str(condition_get(d, "Progressing"), "message"),
                        "ReplicaSet \"web-1\" has successfully progressed.");
    assert_true(condition_is(d, "Available", "True"));
    assert_true(deployment_is_complete(d, value_get(d, "status")));
}

TEST(pods_on_their_way_out_are_counted_when_all_sets_say)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *d = value_literal(a, "{'metadata':{'name':'d'},'spec':{'replicas':2}}");
    ReplicaSetView rs[] = {{.terminating = 2}, {.terminating = 1, .is_new = true}};

    assert_int_equal(value_at_int(deployment_status(a, d, rs, 2, 0), "terminatingReplicas", -1), 3);
    rs[0].terminating = -1;
    assert_null(value_get(deployment_status(a, d, rs, 2, 0), "terminatingReplicas"));
}

TEST(the_history_of_a_replica_set_has_an_end)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF long_one = BUF_INIT;
    const char *got;

    assert_string_equal(deployment_history(a, NULL, "1"), "1");
    assert_string_equal(deployment_history(a, "", "1"), "1");
    assert_string_equal(deployment_history(a, "1,3", "5"), "1,3,5");
    for (int i = 0; i < 500; i++) /* 1999 characters */
        buf_addf(&long_one, "%s%d", i ? "," : "", 100 + i % 900);
    got = deployment_history(a, buf_str(&long_one), "77");
    assert_int_equal(strlen(got), 1998);
    assert_true(str_starts(got, "101,"));
    assert_true(str_ends(got, ",77"));
}
