/*
 * bench_sched.c - what one decision of the scheduler costs, without server and store: nodes and
 * pods are made in memory, decisions are taken one after the other and assumed.
 *
 *     build/bench_sched [NODES...]        default: 100 1000 5000 20000
 *     build/bench_sched memory            what 20,000 nodes with 200,000 pods take
 *
 * One line of JSON for each number of nodes and kind of pod: decisions a second of processor time,
 * and the median and 99th percentile of one decision in microseconds of it, so that what else the
 * machine does matters little.
 */
#include "bench/cpu.h"
#include "bench/sort.h"
#include "scheduler/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { PODS_A_NODE = 10, NAMESPACES = 100, ROUNDS = 2000 };

typedef struct Kind {
    const char *name, *spec;
    bool is_spread_out; /* over many namespaces */
    const char *cpu;    /* NULL: 100m */
    int priority;
    bool is_full; /* before it, less important pods take all nodes */
} Kind;

#define REQUIRED "'requiredDuringSchedulingIgnoredDuringExecution':["
static const Kind kinds[] = {
    {.name = "basic", .spec = "{}"},
    {"node-affinity",
     "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
     "{'nodeSelectorTerms':[{'matchExpressions':[{'key':'zone','operator':'In','values':['z1',"
     "'z2']}]}]}}}}",
     false, NULL, 0, false},
    {"spread",
     "{'topologySpreadConstraints':[{'maxSkew':5,'topologyKey':'zone','whenUnsatisfiable':"
     "'DoNotSchedule','labelSelector':{'matchLabels':{'app':'z'}}}]}",
     false, NULL, 0, false},
    {"affinity",
     "{'affinity':{'podAffinity':{" REQUIRED "{'labelSelector':{'matchLabels':{'app':'x'}},"
     "'topologyKey':'zone'}]}}}",
     false, NULL, 0, false},
    {"anti-affinity",
     "{'affinity':{'podAntiAffinity':{" REQUIRED "{'labelSelector':{'matchLabels':{'app':'y'}},"
     "'topologyKey':'kubernetes.io/hostname','namespaceSelector':{}}]}}}",
     true, NULL, 0, false},
    {"preemption", "{}", false, "20", 100, true},
    {"hopeless", "{}", false, "900", 0, false},
};

static Value *make_pod(Arena *a, const Kind *k, uint32_t i, const char *app)
{
    Value *v = value_literal(a, "{'metadata':{'labels':{}},'spec':{}}");

    value_set(a, v, "spec", value_literal(a, k->spec));
    value_set_at(a, v, "spec.containers",
                 value_literal(a, "[{'name':'c','resources':{'requests':{'cpu':'100m','memory':"
                                  "'100Mi'}}}]"));
    if (k->cpu)
        value_set_str(a, value_at(v, "spec.containers.0.resources.requests"), "cpu", k->cpu);
    value_set_at(a, v, "spec.priority", value_int(a, k->priority));
    value_set_at(a, v, "metadata.labels.app", value_str(a, app));
    value_set_at(a, v, "metadata.namespace",
                 value_printf(a, "ns-%u", k->is_spread_out ? i % NAMESPACES : 0));
    value_set_at(a, v, "metadata.name", value_printf(a, "p-%s-%u", app, i));
    value_set_at(a, v, "metadata.uid", value_printf(a, "u-%s-%u", app, i));
    value_set_at(a, v, "metadata.ownerReferences",
                 value_literal(a, "[{'uid':'rs','kind':'ReplicaSet','controller':true}]"));
    return v;
}

static void make_node(Snapshot *s, uint32_t i)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'labels':{}},'status':{'allocatable':{'cpu':'32',"
                                "'memory':'64Gi','pods':'110'}}}");
    const char *name = arena_printf(a, "node-%u", i);

    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_str(a, value_at(v, "metadata.labels"), "kubernetes.io/hostname", name);
    value_set_str(a, value_at(v, "metadata.labels"), "zone", arena_printf(a, "z%u", i % 10));
    snapshot_set_node(s, name, v);
}

static void put(Snapshot *s, const Kind *k, uint32_t i, const char *app, uint32_t node)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    snapshot_add_pod(s, sched_pod_new("acme", make_pod(a, k, i, app)),
                     arena_printf(a, "node-%u", node));
}

static void fill(Snapshot *s, const Kind *k, uint32_t n_nodes, uint32_t n_pods)
{
    static const Kind large = {.name = "large", .spec = "{}", .cpu = "30"};

    for (uint32_t i = 0; i < n_nodes; i++)
        make_node(s, i);
    for (uint32_t i = 0; i < n_pods; i++)
        put(s, &kinds[0], i, "x", i % n_nodes);
    for (uint32_t i = 0; i < n_nodes && k->is_full; i++)
        put(s, &large, i, "large", i);
}

/* True when the pod has got a node, be it that others had to go. */
static bool carry_out(Snapshot *s, SchedPod *p, const Decision *d)
{
    for (uint32_t i = 0; i < d->n_victims; i++) {
        char id[128];

        snprintf(id, sizeof(id), "acme/%s/%s", d->victims[i].ns, d->victims[i].name);
        snapshot_remove_pod(s, id);
    }
    if (!d->node && !d->nominated) {
        sched_pod_free(p);
        return false;
    }
    snapshot_add_pod(s, p, d->node ? d->node : d->nominated);
    return true;
}

static void run(const Kind *k, uint32_t n_nodes)
{
    static int64_t took_us[ROUNDS];
    CLEANUP(snapshot_free) Snapshot *s = snapshot_new();
    uint32_t start = 0, n_placed = 0, n_pods = n_nodes * PODS_A_NODE / 5;
    int64_t total_us = 0;

    fill(s, k, n_nodes, n_pods);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = make_pod(a, k, i, k->is_spread_out ? "y" : "z");
        int64_t since = bench_cpu_ns();
        SchedPod *p = sched_pod_new("acme", v);
        DecideInput in = {.snapshot = s, .cluster = "acme", .pod = v, .self = p};
        Decision d = decide(a, &in, &start);

        n_placed += carry_out(s, p, &d);
        took_us[i] = (bench_cpu_ns() - since) / 1000;
        total_us += took_us[i];
    }
    bench_sort(took_us, ROUNDS);
    printf("{\"bench\":\"schedule\",\"kind\":\"%s\",\"nodes\":%u,\"pods\":%u,\"placed\":%u,"
           "\"per_second\":%.0f,\"p50_us\":%lld,\"p99_us\":%lld}\n",
           k->name, n_nodes, n_pods, n_placed, ROUNDS * 1e6 / (double)total_us,
           (long long)took_us[ROUNDS / 2], (long long)took_us[ROUNDS * 99 / 100]);
    fflush(stdout);
}

static void memory(uint32_t n_nodes, uint32_t n_pods)
{
    CLEANUP(snapshot_free) Snapshot *s = snapshot_new();
    struct rusage use;

    fill(s, &kinds[0], n_nodes, n_pods);
    getrusage(RUSAGE_SELF, &use);
    printf("{\"bench\":\"snapshot\",\"nodes\":%u,\"pods\":%u,\"mb\":%ld}\n", n_nodes, n_pods,
           use.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {100, 1000, 5000, 20000};

    if (argc == 2 && strcmp(argv[1], "memory") == 0) {
        memory(20000, 200000);
        return 0;
    }
    for (size_t i = 0; i < (argc > 1 ? (size_t)argc - 1 : ARRAY_LEN(sizes)); i++)
        for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
            run(&kinds[k], argc > 1 ? (uint32_t)strtoul(argv[i + 1], NULL, 10) : sizes[i]);
    return 0;
}
