#include "agent/admit.h"
#include "tests/unit/test.h"

static Value *pod(Arena *a, const char *cpu, const char *memory)
{
    Value *v =
        value_literal(a, "{'spec':{'containers':[{'name':'c','resources':{'requests':{}}}]}}");
    Value *r = value_at(v, "spec.containers.0.resources.requests");

    if (cpu[0])
        value_set_str(a, r, "cpu", cpu);
    if (memory[0])
        value_set_str(a, r, "memory", memory);
    return v;
}

/* A node with 2 cores, 1 GiB, 3 pods. */
TEST(a_pod_needs_room_on_its_node)
{
    static const struct {
        const char *name, *cpu, *memory;
        struct {
            const char *cluster, *cpu, *memory;
            bool is_leaving;
        } others[4];
        AdmitVerdict verdict;
        const char *reason, *message;
    } rows[] = {
        {"alone", "2", "1Gi", {{0}}, ADMIT_YES, NULL, NULL},
        {"too large",
         "2001m",
         "",
         {{0}},
         ADMIT_NO,
         "OutOfcpu",
         "Node didn't have enough resource: cpu, requested: 2001, used: 0, capacity: 2000"},
        {"beside its own",
         "1500m",
         "",
         {{"acme", "600m", "", false}},
         ADMIT_NO,
         "OutOfcpu",
         "Node didn't have enough resource: cpu, requested: 1500, used: 600, capacity: 2000"},
        {"beside others, of whom nothing is told",
         "1500m",
         "",
         {{"acme", "100m", "", false}, {"globex", "600m", "", false}},
         ADMIT_NO,
         "OutOfcpu",
         "Node didn't have enough resource: cpu, requested: 1500, used: 100, capacity: 1400"},
        {"memory",
         "",
         "1Gi",
         {{"acme", "", "1Mi", false}},
         ADMIT_NO,
         "OutOfmemory",
         "Node didn't have enough resource: memory, requested: 1073741824, used: 1048576, "
         "capacity: 1073741824"},
        {"one that leaves makes room",
         "1500m",
         "",
         {{"globex", "600m", "", true}},
         ADMIT_WAIT,
         NULL,
         NULL},
        {"not enough room even then",
         "1500m",
         "",
         {{"globex", "600m", "", true}, {"acme", "600m", "", false}},
         ADMIT_NO,
         "OutOfcpu",
         "Node didn't have enough resource: cpu, requested: 1500, used: 600, capacity: 2000"},
        {"what asks for nothing counts by its number",
         "",
         "",
         {{"a", "2", "1Gi", false}, {"b", "", "", false}},
         ADMIT_YES,
         NULL,
         NULL},
        {"too many",
         "",
         "",
         {{"acme", "", "", false}, {"b", "", "", false}, {"c", "", "", false}},
         ADMIT_NO,
         "OutOfpods",
         "Node didn't have enough resource: pods, requested: 1, used: 1, capacity: 1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AdmitOther others[4];
        AdmitInput in = {.cluster = "acme",
                         .pod = pod(a, rows[i].cpu, rows[i].memory),
                         .others = others,
                         .cpu_milli = 2000,
                         .memory = 1 << 30,
                         .max_pods = 3};
        ContainerRefusal why = {0};
        AdmitVerdict verdict;

        while (in.n_others < 4 && rows[i].others[in.n_others].cluster) {
            others[in.n_others] = (AdmitOther){
                .cluster = rows[i].others[in.n_others].cluster,
                .pod = pod(a, rows[i].others[in.n_others].cpu, rows[i].others[in.n_others].memory),
                .is_leaving = rows[i].others[in.n_others].is_leaving};
            in.n_others++;
        }
        verdict = admit_pod(a, &in, &why);
        if (verdict != rows[i].verdict ||
            (verdict == ADMIT_NO && (strcmp(why.reason, rows[i].reason) != 0 ||
                                     strcmp(why.message, rows[i].message) != 0)))
            fail_msg("%s: %d %s", rows[i].name, verdict, why.message ? why.message : "");
    }
}

static Value *pod_with_port(Arena *a, int port, const char *protocol, const char *ip)
{
    Value *v = value_literal(a, "{'spec':{'containers':[{'name':'c','ports':[{}]}]}}");
    Value *p = value_at(v, "spec.containers.0.ports.0");

    value_set_int(a, p, "hostPort", port);
    if (protocol[0])
        value_set_str(a, p, "protocol", protocol);
    if (ip[0])
        value_set_str(a, p, "hostIP", ip);
    return v;
}

TEST(a_host_port_is_one_pod_s)
{
    static const struct {
        int port;
        const char *protocol, *ip;
        bool is_leaving;
        AdmitVerdict verdict;
    } rows[] = {
        {80, "", "", false, ADMIT_NO},          {80, "TCP", "", false, ADMIT_NO},
        {80, "UDP", "", false, ADMIT_YES},      {81, "", "", false, ADMIT_YES},
        {80, "", "10.0.0.1", false, ADMIT_NO},  {80, "", "0.0.0.0", false, ADMIT_NO},
        {80, "", "10.0.0.2", false, ADMIT_YES}, {80, "", "", true, ADMIT_WAIT},
        {0, "", "", false, ADMIT_YES},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AdmitOther other = {"globex", pod_with_port(a, rows[i].port, rows[i].protocol, rows[i].ip),
                            rows[i].is_leaving};
        AdmitInput in = {.cluster = "acme",
                         .pod = pod_with_port(a, 80, "", "10.0.0.1"),
                         .others = &other,
                         .n_others = 1,
                         .cpu_milli = 1000,
                         .memory = 1 << 20,
                         .max_pods = 10};
        ContainerRefusal why = {0};

        if (admit_pod(a, &in, &why) != rows[i].verdict)
            fail_msg("row %zu", i);
        if (rows[i].verdict == ADMIT_NO)
            assert_string_equal(why.reason, "NodePorts");
    }
}

/* Labels and taints are those that the pod's tenant sees. */
TEST(a_pod_wants_a_node_like_this_and_tolerates_its_taints)
{
    static const char affinity[] = "NodeAffinity", taints[] = "TaintToleration";
    static const struct {
        const char *name, *node, *spec;
        bool has_begun;
        const char *reason, *message;
    } rows[] = {
        {"nothing asked", "{'metadata':{'labels':{'disk':'ssd'}}}", "{}", false, NULL, NULL},
        {"the label", "{'metadata':{'labels':{'disk':'ssd'}}}", "{'nodeSelector':{'disk':'ssd'}}",
         false, NULL, NULL},
        {"another value", "{'metadata':{'labels':{'disk':'hdd'}}}",
         "{'nodeSelector':{'disk':'ssd'}}", false, affinity,
         "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"},
        {"required affinity", "{'metadata':{'name':'n1','labels':{}}}",
         "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
         "{'nodeSelectorTerms':[{'matchExpressions':[{'key':'zone','operator':'Exists'}]}]}}}}",
         false, affinity, NULL},
        {"preferred affinity does not bind", "{'metadata':{'labels':{}}}",
         "{'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
         "[{'weight':1,'preference':{'matchExpressions':[{'key':'z','operator':'Exists'}]}}]}}}",
         false, NULL, NULL},
        {"one that has begun stays", "{'metadata':{'labels':{}}}",
         "{'nodeSelector':{'disk':'ssd'}}", true, NULL, NULL},
        {"NoExecute", "{'spec':{'taints':[{'key':'k','value':'v','effect':'NoExecute'}]}}", "{}",
         false, taints,
         "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"},
        {"tolerated", "{'spec':{'taints':[{'key':'k','value':'v','effect':'NoExecute'}]}}",
         "{'tolerations':[{'key':'k','operator':'Exists','tolerationSeconds':3}]}", false, NULL,
         NULL},
        {"NoSchedule is the scheduler's",
         "{'spec':{'taints':[{'key':'k','value':'v','effect':'NoSchedule'}]}}", "{}", false, NULL,
         NULL},
        {"began before the taint", "{'spec':{'taints':[{'key':'k','effect':'NoExecute'}]}}", "{}",
         true, NULL, NULL},
        {"affinity is told before taints", "{'spec':{'taints':[{'key':'k','effect':'NoExecute'}]}}",
         "{'nodeSelector':{'disk':'ssd'}}", false, affinity, NULL},
        {"node not known", "", "{'nodeSelector':{'disk':'ssd'}}", false, NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *pod = value_object(a);
        AdmitInput in = {.cluster = "acme", .pod = pod, .cpu_milli = 1, .max_pods = 1};
        ContainerRefusal why = {0};
        bool refused;

        value_set(a, pod, "spec", value_literal(a, rows[i].spec));
        if (rows[i].has_begun)
            value_set_at(a, pod, "status.startTime", value_str(a, "2026-01-01T00:00:00Z"));
        in.node = rows[i].node[0] ? value_literal(a, rows[i].node) : NULL;
        refused = admit_pod(a, &in, &why) == ADMIT_NO;
        if (refused != (rows[i].reason != NULL) ||
            (refused && (strcmp(why.reason, rows[i].reason) != 0 ||
                         (rows[i].message && strcmp(why.message, rows[i].message) != 0))))
            fail_msg("%s: %s", rows[i].name, why.message ? why.message : "admitted");
    }
}
