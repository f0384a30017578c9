#include "tests/unit/scheduler/world.h"

#include <math.h>

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
    assert_string_equal(d.message, "0/4 nodes are available: 1 node(s) had untolerated taint(s), "
                                   "1 node(s) were unschedulable, 2 Insufficient cpu. "
                                   "no new claims to deallocate, preemption: 0/4 nodes are "
                                   "available: 4 Preemption is not helpful for "
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
        put(&w, "acme", arena_printf(w.a, "p%d", i), p, d.node);
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
    for (int i = 0; i < 4; i++)
        put(&w, "acme", arena_printf(w.a, "p%d", i), p, "a");
    d = go(&w, p);
    assert_string_equal(d.message, "0/1 nodes are available: 1 Too many pods. no new claims to "
                                   "deallocate, preemption: 0/1 nodes are "
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
    put(&w, "globex", "q", p, go(&w, p).node);
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
    assert_int_equal(decide_enough(50, 0), 50);
    assert_int_equal(decide_enough(100, 0), 100);
    assert_int_equal(decide_enough(1000, 0), 420);
    assert_int_equal(decide_enough(10000, 0), 500);
    assert_int_equal(decide_enough(10000, 30), 3000);
}

TEST(a_pod_for_one_node_looks_at_that_one)
{
    static const char *const spec =
        "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
        "{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':"
        "['b']}]}]}}}}";
    World w = world();
    Decision d;

    node(&w, "a", "4", NULL);
    node(&w, "b", "1", NULL);
    node(&w, "c", "4", NULL);
    assert_string_equal(go(&w, pod(&w, "1", spec)).node, "b");
    d = go(&w, pod(&w, "2", spec));
    assert_string_equal(d.message,
                        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy "
                        "plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 "
                        "nodes are available: 3 "
                        "Preemption is not helpful for scheduling.");
    end(&w);
}

TEST(a_tenant_sees_its_own_labels_and_taints)
{
    World w = world();
    CLEANUP(sched_pod_free) SchedPod *self = NULL;
    const Value *p = pod(&w, "1", "{'nodeSelector':{'mine':'yes'}}");
    DecideInput in;

    node(&w, "a", "4", NULL);
    assert_null(go(&w, p).node);
    snapshot_set_overlay(w.s, "acme", "a", value_literal(w.a, "{'labels':{'mine':'yes'}}"));
    assert_string_equal(go(&w, p).node, "a");
    self = sched_pod_new("globex", p);
    in = (DecideInput){
        .snapshot = w.s, .lister = &w.lister, .cluster = "globex", .pod = p, .self = self};
    assert_null(decide(w.a, &in, &w.start).node);
    /* a change of the node keeps the overlay */
    node(&w, "a", "2", NULL);
    assert_string_equal(go(&w, p).node, "a");
    snapshot_set_overlay(w.s, "acme", "a",
                         value_literal(w.a, "{'labels':{'mine':'yes'},'unschedulable':true}"));
    assert_null(go(&w, p).node);
    snapshot_set_overlay(w.s, "acme", "a", NULL);
    assert_string_equal(go(&w, pod(&w, "1", NULL)).node, "a");
    end(&w);
}

TEST(a_node_that_has_the_image_is_better)
{
    World w = world();
    Value *p = pod(&w, "1", NULL);

    value_set_str(w.a, value_at(p, "spec.containers.0"), "image", "example.com/big");
    node(&w, "a", "4", NULL);
    node(&w, "b", "4",
         "{'status':{'images':[{'names':['example.com/big:latest'],'sizeBytes':900000000}]}}");
    node(&w, "c", "4", NULL);
    assert_string_equal(go(&w, p).node, "b");
    end(&w);
}

TEST(pods_of_one_controller_go_to_different_nodes)
{
    World w = world();
    Value *p = pod(&w, "0", NULL);

    value_set_at(
        w.a, p, "metadata.ownerReferences",
        value_literal(w.a,
                      "[{'uid':'rs','kind':'ReplicaSet','controller':true,'kind':'ReplicaSet'}]"));
    node(&w, "a", "4", "{'metadata':{'labels':{'kubernetes.io/hostname':'a'}}}");
    node(&w, "b", "4", "{'metadata':{'labels':{'kubernetes.io/hostname':'b'}}}");
    put(&w, "acme", "one", p, "a");
    assert_string_equal(go(&w, p).node, "b");
    end(&w);
}

TEST(the_dominant_share_is_that_of_the_scarcest_resource)
{
    World w = world();

    assert_true(snapshot_dominant_share(w.s, "acme") < 1e-9);
    node(&w, "a", "4", NULL);
    node(&w, "b", "4", "{'status':{'allocatable':{'example.com/gpu':'1'}}}");
    put(&w, "acme", "one", pod(&w, "2", NULL), "a");
    assert_true(fabs(snapshot_dominant_share(w.s, "acme") - 0.25) < 1e-9);
    snapshot_set_node(w.s, "b", NULL);
    assert_true(fabs(snapshot_dominant_share(w.s, "acme") - 0.5) < 1e-9);
    snapshot_remove_pod(w.s, "acme/d/one");
    assert_true(snapshot_dominant_share(w.s, "acme") < 1e-9);
    end(&w);
}

TEST(a_preference_for_nothing_counts_nothing)
{
    World w = world();
    Value *p = pod(&w, "1",
                   "{'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
                   "[{'weight':50,'preference':{}},{'weight':1,'preference':{'matchExpressions':[{"
                   "'key':'good','operator':'Exists'}]}}]}}}");

    node(&w, "roomy", "8", NULL);
    node(&w, "good", "4", "{'metadata':{'labels':{'good':''}}}");
    assert_string_equal(go(&w, p).node, "good");
    end(&w);
}

TEST(taints_are_one_reason_whatever_they_are)
{
    World w = world();

    node(&w, "a", "4", "{'spec':{'taints':[{'key':'k','effect':'NoSchedule'}]}}");
    node(&w, "b", "4", "{'spec':{'taints':[{'key':'l','value':'v','effect':'NoExecute'}]}}");
    assert_string_equal(go(&w, pod(&w, "1", NULL)).message,
                        "0/2 nodes are available: 2 node(s) had untolerated taint(s). no new "
                        "claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption "
                        "is not helpful for scheduling.");
    end(&w);
}

TEST(images_of_init_containers_count)
{
    World w = world();
    Value *p = pod(&w, "1", "{'initContainers':[{'image':'big:1'}]}");

    node(&w, "a", "4", NULL);
    node(&w, "b", "4", "{'status':{'images':[{'names':['big:1'],'sizeBytes':900000000}]}}");
    node(&w, "c", "4", NULL);
    for (int i = 0; i < 3; i++)
        assert_string_equal(go(&w, p).node, "b");
    end(&w);
}

TEST(images_of_volumes_count)
{
    World w = world();
    Value *p = pod(&w, "1", "{'volumes':[{'image':{'reference':'big:1'}},{'emptyDir':{}}]}");

    node(&w, "a", "4", NULL);
    node(&w, "b", "4", "{'status':{'images':[{'names':['big:1'],'sizeBytes':900000000}]}}");
    assert_string_equal(go(&w, p).node, "b");
    end(&w);
}

static Value *pod_of_both(World *w, const char *cpu, const char *memory)
{
    Value *p = pod(w, cpu, NULL);

    value_set_str(w->a, value_at(p, "spec.containers.0.resources.requests"), "memory", memory);
    return p;
}

/* On "a" the shares of cpu and memory lie as near to each other with the pod as without it; on "b"
 * they are far apart, and nearer with it. */
TEST(what_counts_is_what_the_pod_does_to_the_balance)
{
    World w = world();

    node(&w, "a", "4", NULL);
    node(&w, "b", "4", NULL);
    put(&w, "acme", "p1", pod_of_both(&w, "2", "5Gi"), "a");
    put(&w, "acme", "p2", pod_of_both(&w, "500m", "8Gi"), "b");
    assert_string_equal(go(&w, pod(&w, "1", NULL)).node, "b");
    end(&w);
}

TEST(a_pod_that_asks_for_two_nodes_at_once_gets_none)
{
#define NAMED(x) "{'key':'metadata.name','operator':'In','values':['" x "']}"
    static const struct {
        const char *terms, *node, *message;
    } rows[] = {
        {"{'matchFields':[" NAMED("a") "," NAMED("b") "]}", NULL, "pod affinity terms conflict"},
        {"{'matchFields':[" NAMED("a") "," NAMED("b") "]},{'matchFields':[" NAMED("b") "]}", "b",
         NULL},
        {"{'matchFields':[" NAMED("b") "," NAMED("b") "]}", "b", NULL},
    };
#undef NAMED
    World w = world();

    node(&w, "a", "8", NULL);
    node(&w, "b", "4", NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Decision d = go(&w, pod(&w, "1",
                                arena_printf(w.a,
                                             "{'affinity':{'nodeAffinity':{"
                                             "'requiredDuringSchedulingIgnoredDuringExecution':{"
                                             "'nodeSelectorTerms':[%s]}}}}",
                                             rows[i].terms)));

        if (!str_eq(d.node, rows[i].node) ||
            (rows[i].message && !strstr(d.message, rows[i].message)))
            fail_msg("row %zu: %s", i, d.node ? d.node : d.message);
    }
    end(&w);
}
