#include "scheduler/decide.h"

#include "tests/unit/test.h"

typedef struct World {
    Arena *a;
    Snapshot *s;
    uint32_t start;
} World;

static World world(void)
{
    return (World){arena_new(), snapshot_new(), 0};
}

static void end(World *w)
{
    snapshot_free(w->s);
    arena_free(w->a);
}

static void node(World *w, const char *name, const char *cpu, const char *extra)
{
    Value *v = value_literal(w->a, extra ? extra : "{}");

    value_set_str(w->a, value_need(w->a, v, "metadata"), "name", name);
    value_set_at(w->a, v, "status.allocatable",
                 value_literal(w->a, "{'memory':'8Gi','pods':'3','ephemeral-storage':'10Gi'}"));
    value_set_at(w->a, v, "status.allocatable.cpu", value_str(w->a, cpu));
    snapshot_set_node(w->s, name, v);
}

static Value *pod(World *w, const char *cpu, const char *spec)
{
    Value *v = value_literal(w->a, "{'metadata':{'name':'p','uid':'u'}}");

    value_set(w->a, v, "spec", value_literal(w->a, spec ? spec : "{}"));
    value_set_at(w->a, v, "spec.containers",
                 value_literal(w->a, "[{'resources':{'requests':{}}}]"));
    value_set_str(w->a, value_at(v, "spec.containers.0.resources.requests"), "cpu", cpu);
    return v;
}

static Decision go(World *w, const Value *p)
{
    return decide(w->a, w->s, "acme", p, &w->start);
}

TEST(no_node_at_all)
{
    World w = world();
    Decision d = go(&w, pod(&w, "1", NULL));

    assert_null(d.node);
    assert_string_equal(d.message, "no nodes available to schedule pods");
    end(&w);
}

TEST(the_message_counts_reasons)
{
    World w = world();
    Decision d;

    node(&w, "a", "1", NULL);
    node(&w, "b", "1", NULL);
    node(&w, "c", "8", "{'spec':{'taints':[{'key':'k','value':'v','effect':'NoSchedule'}]}}");
    node(&w, "d", "8", "{'spec':{'unschedulable':true}}");
    d = go(&w, pod(&w, "2", NULL));
    assert_null(d.node);
    assert_string_equal(d.message,
                        "0/4 nodes are available: 1 node(s) had untolerated taint {k: v}, "
                        "1 node(s) were unschedulable, 2 Insufficient cpu. "
                        "preemption: 0/4 nodes are available: 4 Preemption is not helpful for "
                        "scheduling.");
    end(&w);
}

TEST(filters_leave_the_one_node_that_does)
{
    static const struct {
        const char *spec, *want;
    } rows[] = {
        {"{}", "plain"},
        {"{'nodeSelector':{'disk':'ssd'}}", "ssd"},
        {"{'nodeSelector':{'disk':'tape'}}", NULL},
        {"{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
         "{'nodeSelectorTerms':[{'matchExpressions':[{'key':'disk','operator':'NotIn','values':"
         "['ssd']},{'key':'cpus','operator':'Gt','values':['3']}]}]}}}}",
         "big"},
        {"{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
         "{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':"
         "['ssd']}]}]}}}}",
         "ssd"},
        {"{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
         "{'nodeSelectorTerms':[{}]}}}}",
         NULL},
        {"{'tolerations':[{'key':'gpu','operator':'Exists'}],'nodeSelector':{'gpu':'yes'}}", "gpu"},
        {"{'tolerations':[{'key':'gpu','value':'no'}],'nodeSelector':{'gpu':'yes'}}", NULL},
        {"{'nodeName':'big'}", "big"},
    };
    World w = world();

    node(&w, "plain", "4", NULL);
    node(&w, "ssd", "2", "{'metadata':{'labels':{'disk':'ssd','cpus':'9'}}}");
    node(&w, "big", "2", "{'metadata':{'labels':{'cpus':'4'}}}");
    node(&w, "gpu", "64",
         "{'metadata':{'labels':{'gpu':'yes'}},'spec':{'taints':[{'key':'gpu','value':'yes',"
         "'effect':'NoSchedule'}]}}");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Decision d = go(&w, pod(&w, "1", rows[i].spec));

        if (!str_eq(d.node, rows[i].want))
            fail_msg("row %zu: %s", i, d.node ? d.node : d.message);
    }
    end(&w);
}

TEST(assumed_pods_take_their_share)
{
    World w = world();
    Value *p = pod(&w, "2", NULL);

    node(&w, "a", "3", NULL);
    node(&w, "b", "3", NULL);
    for (int i = 0; i < 2; i++) {
        Decision d = go(&w, p);

        assert_non_null(d.node);
        snapshot_add_pod(w.s, arena_printf(w.a, "acme/d/p%d", i), p, d.node);
    }
    assert_string_not_equal(snapshot_pod_node(w.s, "acme/d/p0"),
                            snapshot_pod_node(w.s, "acme/d/p1"));
    assert_null(go(&w, p).node);
    assert_true(snapshot_remove_pod(w.s, "acme/d/p0"));
    assert_non_null(go(&w, p).node);
    end(&w);
}

TEST(a_full_node_has_too_many_pods)
{
    World w = world();
    Value *p = pod(&w, "0", NULL);
    Decision d;

    node(&w, "a", "3", NULL);
    for (int i = 0; i < 3; i++)
        snapshot_add_pod(w.s, arena_printf(w.a, "acme/d/p%d", i), p, "a");
    d = go(&w, p);
    assert_string_equal(d.message,
                        "0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are "
                        "available: 1 No preemption victims found for incoming pod.");
    end(&w);
}

TEST(host_ports_are_exclusive)
{
    World w = world();
    Value *p = pod(&w, "0", NULL);

    value_set(w.a, value_at(p, "spec.containers.0"), "ports",
              value_literal(w.a, "[{'hostPort':80,'protocol':'TCP'}]"));
    node(&w, "a", "3", NULL);
    snapshot_add_pod(w.s, "globex/d/q", p, go(&w, p).node);
    assert_null(go(&w, p).node);
    snapshot_remove_pod(w.s, "globex/d/q");
    assert_non_null(go(&w, p).node);
    end(&w);
}

TEST(gates_hold_a_pod)
{
    World w = world();
    Decision d;

    node(&w, "a", "3", NULL);
    d = go(&w, pod(&w, "1", "{'schedulingGates':[{'name':'x'}]}"));
    assert_null(d.node);
    assert_string_equal(d.reason, "SchedulingGated");
    end(&w);
}

TEST(requests_count_init_containers_and_sidecars)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *p = value_literal(
        a, "{'spec':{'overhead':{'cpu':'10m'},'containers':[{'resources':{'requests':{'cpu':"
           "'100m'}}},{'resources':{'requests':{'cpu':'200m','memory':'1Ki','example.com/g':'2'}}}"
           "],'initContainers':[{'restartPolicy':'Always','resources':{'requests':{'cpu':'50m'}}},"
           "{'resources':{'requests':{'cpu':'400m'}}}]}}");
    Res r;

    res_of_pod(p, &r);
    assert_int_equal(r.cpu_milli, 460); /* 400 + the sidecar's 50 + overhead 10 */
    assert_int_equal(r.memory, 1024);
    assert_int_equal(res_extra(&r, "example.com/g"), 2);
    res_done(&r);
}

TEST(many_nodes_are_not_all_looked_at)
{
    assert_int_equal(decide_enough(50), 50);
    assert_int_equal(decide_enough(100), 100);
    assert_int_equal(decide_enough(1000), 420);
    assert_int_equal(decide_enough(10000), 500);
}
