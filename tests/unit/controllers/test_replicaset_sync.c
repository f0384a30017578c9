#include "controllers/replicaset_sync.h"

#include "tests/unit/test.h"

TEST(the_first_to_go)
{
    const int64_t now = 1700000000LL * 1000000, hour = 3600LL * 1000000;
    /* each row: the first must go before the second */
    const struct {
        PodRank first, second;
    } rows[] = {
        {{.node = "", .phase = 2}, {.node = "n", .phase = 0}},
        {{.node = "n", .phase = 0}, {.node = "n", .phase = 2}},
        {{.node = "n", .phase = 2}, {.node = "n", .phase = 2, .is_ready = true}},
        {{.node = "n", .is_ready = true, .cost = -1}, {.node = "n", .is_ready = true}},
        {{.node = "n", .n_related = 3}, {.node = "m", .n_related = 1}},
        {{.node = "n", .is_ready = true, .ready_us = now - 1000000},
         {.node = "n", .is_ready = true, .ready_us = now - hour}},
        {{.node = "n", .restarts = 5}, {.node = "n", .restarts = 0}},
        {{.node = "n", .restarts = 2}, {.node = "n", .restarts = 1, .sidecar_restarts = 9}},
        {{.node = "n", .created_us = now - 1000000}, {.node = "n", .created_us = now - hour}},
        /* about the same age: by uid */
        {{.node = "n", .created_us = now - hour, .uid = "a"},
         {.node = "n", .created_us = now - hour - 1, .uid = "b"}},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        PodRank pair[2] = {rows[i].second, rows[i].first};

        pair[0].uid = pair[0].uid ? pair[0].uid : "second";
        pair[1].uid = pair[1].uid ? pair[1].uid : "first";
        pod_ranks_sort(pair, 2, now);
        if (memcmp(&pair[0].ready_us, &rows[i].first.ready_us, sizeof(int64_t)) != 0 ||
            pair[0].created_us != rows[i].first.created_us ||
            pair[0].phase != rows[i].first.phase || pair[0].restarts != rows[i].first.restarts ||
            pair[0].cost != rows[i].first.cost || pair[0].is_ready != rows[i].first.is_ready ||
            strcmp(pair[0].node, rows[i].first.node) != 0)
            fail_msg("row %zu", i);
    }
}

TEST(without_a_time_the_newer_of_two_goes)
{
    PodRank pair[2] = {{.node = "n", .uid = "a", .created_us = 5},
                       {.node = "n", .uid = "b", .created_us = 6}};

    pod_ranks_sort(pair, 2, 0);
    assert_string_equal(pair[0].uid, "b");
}

TEST(restarts_of_sidecars_count_apart)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PodRank r = pod_rank(value_literal(
        a, "{'metadata':{'name':'p','uid':'u'},'spec':{'initContainers':[{'name':'s',"
           "'restartPolicy':'Always'},{'name':'i'}]},'status':{'containerStatuses':[{'name':'c',"
           "'restartCount':2},{'name':'d','restartCount':3}],'initContainerStatuses':[{'name':'s',"
           "'restartCount':4},{'name':'i','restartCount':9}]}}"));

    assert_int_equal(r.restarts, 3);
    assert_int_equal(r.sidecar_restarts, 4);
}

TEST(never_more_than_a_burst)
{
    assert_int_equal(replicaset_diff(3, 1), 2);
    assert_int_equal(replicaset_diff(1, 3), -2);
    assert_int_equal(replicaset_diff(10000, 0), REPLICASET_BURST);
    assert_int_equal(replicaset_diff(0, 10000), -REPLICASET_BURST);
}

TEST(status_counts_what_the_pods_say)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *rs = value_literal(a, "{'metadata':{'name':'r','generation':4},'spec':{'replicas':3,"
                                 "'minReadySeconds':10,'template':{'metadata':{'labels':"
                                 "{'app':'x','v':'2'}}}}}");
    Values pods = {0};
    ReplicasetResult result = {"quota", 1, 2};
    const int64_t now = 1700000000LL * 1000000; /* 2023-11-14T22:13:20Z */
    Value *s;

    values_add(a, &pods,
               value_literal(a, "{'metadata':{'labels':{'app':'x','v':'2'}},'status':{'conditions':"
                                "[{'type':'Ready','status':'True','lastTransitionTime':"
                                "'2023-11-14T22:00:00Z'}]}}"));
    values_add(a, &pods,
               value_literal(a, "{'metadata':{'labels':{'app':'x'}},'status':{'conditions':"
                                "[{'type':'Ready','status':'True','lastTransitionTime':"
                                "'2023-11-14T22:13:15Z'}]}}"));
    values_add(a, &pods, value_literal(a, "{'metadata':{'labels':{'app':'x'}}}"));
    s = replicaset_status(a, rs, &pods, &result, now);
    assert_int_equal(value_at_int(s, "replicas", -1), 3);
    assert_int_equal(value_at_int(s, "fullyLabeledReplicas", -1), 1);
    assert_int_equal(value_at_int(s, "readyReplicas", -1), 2);
    assert_int_equal(value_at_int(s, "availableReplicas", -1), 1);
    assert_int_equal(value_at_int(s, "observedGeneration", -1), 4);
    assert_int_equal(value_at_int(s, "terminatingReplicas", -1), 2);
    assert_string_equal(value_at_str(s, "conditions.0.reason"), "FailedCreate");

    /* the next failure changes nothing, the first success does */
    value_set(a, rs, "status", s);
    result.manage_error = "quota of another pod";
    assert_true(value_equal(replicaset_status(a, rs, &pods, &result, now + 1000000), s));
    result.manage_error = NULL;
    assert_null(value_get(replicaset_status(a, rs, &pods, &result, now), "conditions"));
}
