#include "controllers/nodelife_sync.h"

#include "controllers/node_index.h"

#include "tests/unit/test.h"

static const int64_t now_us = 1700000000LL * 1000000; /* 2023-11-14T22:13:20Z */

TEST(silence_makes_a_node_unknown)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(a, "{'metadata':{'name':'n','creationTimestamp':"
                                   "'2023-11-14T20:00:00Z'},'status':{'conditions':[{'type':"
                                   "'Ready','status':'True','lastHeartbeatTime':"
                                   "'2023-11-14T22:10:00Z'}]}}");

    assert_false(nodelife_judge(a, node, now_us - 1, 40000, now_us));
    assert_true(nodelife_judge(a, node, 0, 40000, now_us));
    assert_true(condition_is(node, "Ready", "Unknown"));
    assert_true(condition_is(node, "DiskPressure", "Unknown"));
    assert_false(nodelife_judge(a, node, 0, 40000, now_us + 1));

    assert_true(nodelife_taint(a, node, NODE_EXPEL, now_us));
    assert_int_equal(value_len(value_at(node, "spec.taints")), 2);
    assert_false(nodelife_taint(a, node, NODE_EXPEL, now_us));
    condition_set(a, node, &(Condition){"Ready", "True", "r", "m", false}, now_us);
    assert_true(nodelife_taint(a, node, NODE_EXPEL, now_us));
    assert_int_equal(value_len(value_at(node, "spec.taints")), 0);
}

TEST(eviction_waits_for_the_shortest_toleration)
{
    static const struct {
        const char *tolerations;
        int64_t after_s; /* -1: stays */
    } rows[] = {
        {"[]", 0},
        {"[{'operator':'Exists'}]", -1},
        {"[{'key':'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute',"
         "'tolerationSeconds':300}]",
         300},
        {"[{'key':'node.kubernetes.io/not-ready','operator':'Exists','effect':'NoExecute',"
         "'tolerationSeconds':300}]",
         0},
        /* of those that match, the first */
        {"[{'operator':'Exists'},{'key':'node.kubernetes.io/unreachable','operator':'Exists',"
         "'tolerationSeconds':5}]",
         -1},
        {"[{'key':'node.kubernetes.io/unreachable','operator':'Exists','tolerationSeconds':7},{"
         "'operator':'Exists','tolerationSeconds':5}]",
         7},
        {"[{'operator':'Exists','tolerationSeconds':-3}]", 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(
        a, "{'spec':{'taints':[{'key':'node.kubernetes.io/unreachable','effect':'NoExecute',"
           "'timeAdded':'2023-11-14T22:13:20Z'},{'key':'x','effect':'NoSchedule'}]}}");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *pod = value_object(a);
        int64_t at;

        value_set_at(a, pod, "spec.tolerations", value_literal(a, rows[i].tolerations));
        at = nodelife_eviction_us(pod, node, now_us);
        assert_int_equal(at, rows[i].after_s < 0 ? 0 : now_us + rows[i].after_s * 1000000);
    }
}

TEST(each_taint_has_its_toleration_and_a_new_pod_its_full_time)
{
    static const struct {
        const char *taints, *tolerations, *bound;
        int64_t after_s; /* of 2023-11-14T22:13:20Z; -1: stays */
    } rows[] = {
        {"[{'key':'a','effect':'NoExecute','timeAdded':'2023-11-14T22:13:20Z'},{'key':'b','effect':"
         "'NoExecute','timeAdded':'2023-11-14T22:13:20Z'}]",
         "[{'key':'a','operator':'Exists','tolerationSeconds':9},{'key':'b','operator':'Exists',"
         "'tolerationSeconds':4}]",
         NULL, 4},
        {"[{'key':'a','effect':'NoExecute','timeAdded':'2023-11-14T22:13:20Z'},{'key':'b','effect':"
         "'NoExecute','timeAdded':'2023-11-14T22:13:20Z'}]",
         "[{'key':'a','operator':'Exists'},{'key':'b','operator':'Exists','tolerationSeconds':4}]",
         NULL, 4},
        {"[{'key':'a','effect':'NoExecute','timeAdded':'2023-11-14T20:00:00Z'}]",
         "[{'key':'a','operator':'Exists','tolerationSeconds':60}]", "2023-11-14T22:13:20Z", 60},
        {"[{'key':'a','effect':'NoExecute','timeAdded':'2023-11-14T22:13:20Z'}]",
         "[{'key':'a','operator':'Exists','tolerationSeconds':60}]", "2023-11-14T20:00:00Z", 60},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_object(a), *pod = value_object(a);

        value_set_at(a, node, "spec.taints", value_literal(a, rows[i].taints));
        value_set_at(a, pod, "spec.tolerations", value_literal(a, rows[i].tolerations));
        value_set_at(a, pod, "status.conditions",
                     value_literal(a, "[{'type':'PodScheduled','status':'True'}]"));
        if (rows[i].bound)
            value_set_str(a, value_at(pod, "status.conditions.0"), "lastTransitionTime",
                          rows[i].bound);
        if (nodelife_eviction_us(pod, node, now_us) != now_us + rows[i].after_s * 1000000)
            fail_msg("row %zu", i);
    }
}

TEST(time_runs_from_the_first_sight_of_a_taint_without_its_own)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(node_index_free) NodeIndex *x = node_index_new();
    const PodKey key = {"acme", "default", "p"};
    const Value *node =
        value_literal(a, "{'spec':{'taints':[{'key':'k','value':'v','effect':'NoExecute'}]}}");
    const Value *pod = value_literal(
        a, "{'spec':{'tolerations':[{'key':'k','value':'v','tolerationSeconds':5}]}}");

    assert_int_equal(node_index_clock(x, &key, now_us), 0);
    node_index_set(x, &key, "n1");
    for (int64_t later_us = 0; later_us < 20000000; later_us += 3000000)
        assert_int_equal(
            nodelife_eviction_us(pod, node, node_index_clock(x, &key, now_us + later_us)),
            now_us + 5000000);
    node_index_stop_clock(x, &key);
    assert_int_equal(node_index_clock(x, &key, now_us + 7), now_us + 7);
    node_index_set(x, &key, NULL);
    assert_int_equal(node_index_clock(x, &key, now_us), 0);
}

TEST(ranges_are_given_once)
{
    static const char *const used[] = {"10.88.0.0/24", "10.88.1.0/24", "fd00:88::/64", "x"};
    CLEANUP(arena_free) Arena *a = arena_new();

    static const struct {
        const char *range;
        unsigned mask;
        size_t n_used;
        const char *want;
    } rows[] = {
        {"10.88.0.0/16", 24, 0, "10.88.0.0/24"}, {"10.88.0.0/16", 24, 2, "10.88.2.0/24"},
        {"10.88.0.0/24", 24, 2, NULL},           {"10.88.0.0/24", 16, 0, NULL},
        {"fd00:88::/48", 64, 0, "fd00:88::/64"}, {"fd00:88::/48", 64, 4, "fd00:88:0:1::/64"},
        {"fd00:88::/64", 64, 4, NULL},           {"fd00:88::/64", 48, 0, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AddressRange range;
        const char *got;

        assert_true(address_range_parse(rows[i].range, &range));
        got = nodelife_free_cidr(a, &range, rows[i].mask, used, rows[i].n_used);
        if (rows[i].want)
            assert_string_equal(got, rows[i].want);
        else
            assert_null(got);
    }
}

TEST(a_node_is_given_up_only_when_it_may)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(
        a, "{'spec':{},'status':{'conditions':[{'type':'Ready','status':'Unknown'}]}}");

    assert_true(nodelife_taint(a, node, NODE_EXPEL_WAIT, 0));
    assert_int_equal(value_len(value_at(node, "spec.taints")), 1);
    assert_false(nodelife_is_expelled(node));
    assert_true(nodelife_taint(a, node, NODE_EXPEL, 0));
    assert_true(nodelife_is_expelled(node));
    assert_false(nodelife_taint(a, node, NODE_EXPEL_WAIT, 0)); /* what is there stays */
    assert_true(nodelife_taint(a, node, NODE_EXPEL_RETRACT, 0));
    assert_false(nodelife_is_expelled(node));
}

TEST(of_ended_pods_the_evicted_and_the_oldest_go)
{
    static const struct {
        int64_t keep;
        const char *gone;
    } cases[] = {{4, ""}, {3, "c"}, {2, "ca"}, {0, "cabd"}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF gone = BUF_INIT;
        Values pods = {0};
        uint32_t n;

        for (const char *name = "dbca"; *name; name++) {
            Value *v = value_literal(a, "{'metadata':{},'status':{'phase':'Failed'}}");
            const char *when = *name == 'a'   ? "2023-01-01T00:00:00Z"
                               : *name == 'c' ? "2023-09-01T00:00:00Z"
                                              : "2023-02-01T00:00:00Z";

            value_set_at(a, v, "metadata.name", value_printf(a, "%c", *name));
            value_set_at(a, v, "metadata.creationTimestamp", value_str(a, when));
            if (*name == 'c')
                value_set_at(a, v, "status.reason", value_str(a, "Evicted"));
            values_add(a, &pods, v);
        }
        n = terminated_to_go(&pods, cases[i].keep);
        for (uint32_t k = 0; k < n; k++)
            buf_adds(&gone, meta_name(pods.items[k]));
        assert_string_equal(buf_str(&gone), cases[i].gone);
    }
}

TEST(labels_of_old_names_follow)
{
    static const struct {
        const char *before, *after;
        bool changes;
    } rows[] = {
        {"{}", "{}", false},
        {"{'beta.kubernetes.io/os':'linux'}", "{'beta.kubernetes.io/os':'linux'}", false},
        {"{'kubernetes.io/os':'linux'}",
         "{'kubernetes.io/os':'linux','beta.kubernetes.io/os':'linux'}", true},
        {"{'kubernetes.io/arch':'arm64','beta.kubernetes.io/arch':'amd64'}",
         "{'kubernetes.io/arch':'arm64','beta.kubernetes.io/arch':'arm64'}", true},
        {"{'kubernetes.io/os':'linux','beta.kubernetes.io/os':'linux'}",
         "{'kubernetes.io/os':'linux','beta.kubernetes.io/os':'linux'}", false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_literal(a, "{'metadata':{}}");

        value_set_at(a, node, "metadata.labels", value_literal(a, rows[i].before));
        assert_int_equal(nodelife_label(a, node), rows[i].changes);
        assert_true(
            value_equal(value_at(node, "metadata.labels"), value_literal(a, rows[i].after)));
    }
}

TEST(how_long_agents_keep_things_depends_on_the_number_of_nodes)
{
    /* Numbers of nodes, one after the other, and what the annotation says then. */
    static const struct {
        int64_t n_nodes[6];
        const char *ttls[6];
    } rows[] = {
        {{0, 1, 100, 101, 100, 89}, {"0", "0", "0", "15", "15", "0"}},
        {{500, 501, 450, 449, 90, 5}, {"15", "30", "30", "15", "15", "0"}},
        {{1000, 1001, 2000, 2001, 1800, 1799}, {"30", "60", "60", "300", "300", "60"}},
        {{20000, 899, 0, 95, 101, 95}, {"300", "30", "0", "0", "15", "15"}},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_literal(a, "{'metadata':{'annotations':{'a':'b'}}}");
        unsigned step = 0;

        for (size_t k = 0; k < ARRAY_LEN(rows[i].ttls); k++) {
            const char *was = meta_annotation(node, "node.alpha.kubernetes.io/ttl"), *is;
            bool has_changed;

            step = nodelife_ttl_step(step, rows[i].n_nodes[k]);
            has_changed = nodelife_set_ttl(a, node, step);
            is = meta_annotation(node, "node.alpha.kubernetes.io/ttl");
            if (!str_eq(is, rows[i].ttls[k]) || has_changed == (was && str_eq(was, is)))
                fail_msg("row %zu, %lld nodes: %s", i, (long long)rows[i].n_nodes[k], is);
        }
        assert_string_equal(meta_annotation(node, "a"), "b");
    }
}

TEST(what_is_no_number_is_written_anew)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node =
        value_literal(a, "{'metadata':{'annotations':{'node.alpha.kubernetes.io/ttl':'soon'}}}");

    assert_true(nodelife_set_ttl(a, node, 0));
    assert_false(nodelife_set_ttl(a, node, 0));
}

TEST(the_first_sign_of_life_may_take_longer)
{
    const int64_t now = 1700000000LL * 1000000, s = 1000000;
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(a, "{'metadata':{'creationTimestamp':'2023-11-14T22:00:00Z'}}");
    Value *seen = value_literal(
        a, "{'metadata':{},'status':{'conditions':[{'type':'Ready','status':'True'}]}}");

    assert_true(nodelife_judge(a, seen, now - 51 * s, 50000, now));
    assert_false(nodelife_judge(a, node, now - 51 * s, 50000, now));
    assert_true(nodelife_judge(a, node, now - 61 * s, 50000, now));
    assert_string_equal(value_get_str(condition_get(node, "Ready"), "reason"),
                        "NodeStatusNeverUpdated");
    assert_string_equal(value_get_str(condition_get(node, "Ready"), "lastHeartbeatTime"),
                        "2023-11-14T22:00:00Z");
}

TEST(each_heartbeat_is_another_sign_of_life)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(a, "{'status':{'conditions':[{'type':'Ready','status':'True',"
                                   "'lastHeartbeatTime':'2023-11-14T22:10:00Z'}]}}");
    Value *lease = value_literal(a, "{'spec':{'renewTime':'2023-11-14T22:13:10.000000Z'}}");
    int64_t sign = nodelife_sign(node, lease);

    assert_true(nodelife_sign(node, NULL) != sign);
    value_set_at(a, lease, "spec.renewTime", value_str(a, "2023-11-14T22:13:20.000000Z"));
    assert_true(nodelife_sign(node, lease) != sign);
    sign = nodelife_sign(node, lease);
    value_set_str(a, condition_get(node, "Ready"), "lastHeartbeatTime", "2023-11-14T22:15:00Z");
    assert_true(nodelife_sign(node, lease) != sign);
    /* what we say of the node ourselves is none */
    sign = nodelife_sign(node, lease);
    assert_true(nodelife_judge(a, node, 0, 40000, now_us));
    assert_true(nodelife_sign(node, lease) == sign);
}
