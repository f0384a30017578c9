/* Nodes that the provider keeps from a cluster are not there for its pods. */
#include "tests/unit/scheduler/world.h"

static bool has_pools(Lister *l UNUSED, const char *cluster)
{
    return str_eq(cluster, "acme");
}

static bool may_use_node(Lister *l UNUSED, const char *cluster UNUSED, const Value *labels)
{
    return str_eq(value_get_str(labels, "pool"), "acme");
}

static World pooled(void)
{
    World w = world();

    w.lister.has_pools = has_pools;
    w.lister.may_use_node = may_use_node;
    node(&w, "free", "8", NULL);
    node(&w, "own", "4", "{'metadata':{'labels':{'pool':'acme','zone':'a'}}}");
    node(&w, "other", "8", "{'metadata':{'labels':{'pool':'globex','zone':'b'}}}");
    return w;
}

TEST(pods_go_to_nodes_of_the_pools_only)
{
    World w = pooled();

    for (int i = 0; i < 8; i++)
        assert_string_equal(go(&w, pod(&w, "1", NULL)).node, "own");
    assert_null(go(&w, pod(&w, "1", "{'nodeName':'other'}")).node);
    assert_null(go(&w, pod(&w, "1",
                           "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuring"
                           "Execution':{'nodeSelectorTerms':[{'matchFields':[{'key':"
                           "'metadata.name','operator':'In','values':['other']}]}]}}}}"))
                    .node);
    end(&w);
}

TEST(messages_do_not_count_the_others)
{
    World w = pooled();
    Decision d = go(&w, pod(&w, "6", NULL));

    assert_null(d.node);
    assert_string_equal(
        d.message,
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 "
        "nodes are available: 1 Preemption is not helpful for "
        "scheduling.");
    end(&w);
}

TEST(without_any_node_every_event_wakes_the_pod)
{
    World w = world();
    Decision d;

    w.lister.has_pools = has_pools;
    w.lister.may_use_node = may_use_node;
    node(&w, "free", "8", NULL);
    d = go(&w, pod(&w, "1", NULL));
    assert_string_equal(d.message, "no nodes available to schedule pods");
    assert_true(d.rejected_by == ~0u);
    end(&w);
}

TEST(others_domains_do_not_count_for_spreading)
{
    World w = pooled();
    Value *p = labelled(&w,
                        pod(&w, "100m",
                            "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone',"
                            "'whenUnsatisfiable':'DoNotSchedule','labelSelector':"
                            "{'matchLabels':{'app':'x'}}}]}"),
                        "{'app':'x'}");

    put(&w, "acme", "one", p, "own");
    put(&w, "acme", "two", p, "own");
    assert_string_equal(go(&w, p).node, "own"); /* zone b is empty, and not acme's */
    end(&w);
}
