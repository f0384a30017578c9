/*
 * Decisions are compared with those of a plain evaluation (reference.h), on clusters that grow,
 * shrink and change at random: what is kept between decisions must not be told from what is found
 * out anew. The seed of a run is printed when it fails.
 */
#include "tests/unit/scheduler/reference.h"

#include <stdlib.h>

enum { RUNS = 12, STEPS = 150, TEMPLATES = 6 };

static const char *const clusters[] = {"acme", "globex"};
static const char *const zones[] = {"a", "b", "c"};

typedef struct Fuzz {
    World w;
    Ref ref;
    unsigned seed;
    bool is_plain;               /* pods have neither terms nor constraints */
    Value *templates[TEMPLATES]; /* most pods are alike */
    uint32_t n_made;
    uint32_t n_placed, n_refused, n_preempted;
} Fuzz;

static uint32_t pick(Fuzz *f, uint32_t n)
{
    f->seed = f->seed * 1103515245u + 12345u;
    return (f->seed >> 16) % n;
}

static bool chance(Fuzz *f, uint32_t percent)
{
    return pick(f, 100) < percent;
}

/* ---- nodes ---- */

static Value *make_node_value(Fuzz *f, const char *name)
{
    Arena *a = f->w.a;
    Value *v = value_literal(a, "{'metadata':{'labels':{}},'status':{'allocatable':{'memory':"
                                "'8Gi','ephemeral-storage':'10Gi'}}}");
    Value *labels = value_at(v, "metadata.labels");

    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_at(a, v, "status.allocatable.cpu", value_printf(a, "%u", 1 + pick(f, 4)));
    value_set_at(a, v, "status.allocatable.pods", value_printf(a, "%u", 2 + pick(f, 8)));
    if (chance(f, 90))
        value_set_str(a, labels, "kubernetes.io/hostname", name);
    if (chance(f, 80))
        value_set_str(a, labels, "topology.kubernetes.io/zone", zones[pick(f, 3)]);
    if (chance(f, 60))
        value_set_str(a, labels, "zone", zones[pick(f, 3)]);
    if (chance(f, 30))
        value_set_str(a, labels, "disk", pick(f, 2) ? "ssd" : "hdd");
    if (chance(f, 10))
        value_set_at(a, v, "spec.unschedulable", value_bool(a, true));
    if (chance(f, 25))
        value_set_at(a, v, "spec.taints",
                     value_literal(a, pick(f, 2) ? "[{'key':'t','value':'x','effect':'NoSchedule'}]"
                                                 : "[{'key':'t','effect':'PreferNoSchedule'}]"));
    return v;
}

static void change_node(Fuzz *f)
{
    uint32_t at = pick(f, f->ref.n_nodes + 1);
    RefNode *n = &f->ref.nodes[at];

    if (at == f->ref.n_nodes) {
        if (at == 40)
            return;
        n->name = arena_printf(f->w.a, "n%u", f->n_made++);
        f->ref.n_nodes++;
    } else if (chance(f, 20) && f->ref.n_nodes > 3) {
        snapshot_set_node(f->w.s, n->name, NULL);
        *n = f->ref.nodes[--f->ref.n_nodes];
        return;
    }
    n->v = make_node_value(f, n->name);
    snapshot_set_node(f->w.s, n->name, n->v);
}

static void change_overlay(Fuzz *f)
{
    static const char *const changes[] = {"{'labels':{'zone':'a','disk':'ssd'}}",
                                          "{'labels':{'zone':null}}", "{'labels':{'zone':'own'}}",
                                          "{'taints':[{'key':'t','effect':'NoSchedule'}]}",
                                          "{'unschedulable':true}"};
    const char *node = f->ref.nodes[pick(f, f->ref.n_nodes)].name;
    const char *cluster = clusters[pick(f, 2)];
    uint32_t i = 0;

    while (i < f->ref.n_overlays &&
           (!str_eq(f->ref.overlays[i].node, node) || !str_eq(f->ref.overlays[i].cluster, cluster)))
        i++;
    if (i == f->ref.n_overlays && i == REF_OVERLAYS)
        return;
    if (i < f->ref.n_overlays && chance(f, 50)) {
        snapshot_set_overlay(f->w.s, cluster, node, NULL);
        f->ref.overlays[i] = f->ref.overlays[--f->ref.n_overlays];
        return;
    }
    f->ref.n_overlays += i == f->ref.n_overlays;
    f->ref.overlays[i] =
        (RefOverlay){cluster, node, value_literal(f->w.a, changes[pick(f, ARRAY_LEN(changes))])};
    snapshot_set_overlay(f->w.s, cluster, node, f->ref.overlays[i].v);
}

/* ---- pods ---- */

static Value *make_term(Fuzz *f)
{
    static const char *const keys[] = {"kubernetes.io/hostname", "zone", "disk", "nowhere"};
    static const char *const extra[] = {"{}", "{}", "{'namespaces':['e']}",
                                        "{'namespaceSelector':{}}",
                                        "{'namespaceSelector':{'matchLabels':{'team':'x'}}}"};
    Arena *a = f->w.a;
    Value *t = value_literal(a, extra[pick(f, ARRAY_LEN(extra))]);

    value_set_at(a, t, "labelSelector.matchLabels.app", value_str(a, zones[pick(f, 3)]));
    value_set_str(a, t, "topologyKey", keys[pick(f, ARRAY_LEN(keys))]);
    return t;
}

static void add_terms(Fuzz *f, Value *spec, const char *what)
{
    Arena *a = f->w.a;
    Value *affinity = value_need(a, value_need(a, spec, "affinity"), what);
    Value *required = value_array(a), *preferred = value_array(a), *p;

    for (uint32_t n = pick(f, 3); n > 0; n--)
        value_append(a, required, make_term(f));
    for (uint32_t n = pick(f, 2); n > 0; n--) {
        p = value_object(a);
        value_set_int(a, p, "weight", 1 + pick(f, 100));
        value_set(a, p, "podAffinityTerm", make_term(f));
        value_append(a, preferred, p);
    }
    value_set(a, affinity, "requiredDuringSchedulingIgnoredDuringExecution", required);
    value_set(a, affinity, "preferredDuringSchedulingIgnoredDuringExecution", preferred);
}

static void add_constraints(Fuzz *f, Value *spec)
{
    static const char *const keys[] = {"kubernetes.io/hostname", "zone",
                                       "topology.kubernetes.io/zone", "disk"};
    Arena *a = f->w.a;
    Value *list = value_array(a), *k;

    for (uint32_t n = 1 + pick(f, 2); n > 0; n--) {
        k = value_object(a);
        value_set_int(a, k, "maxSkew", 1 + pick(f, 3));
        value_set_str(a, k, "topologyKey", keys[pick(f, ARRAY_LEN(keys))]);
        value_set_str(a, k, "whenUnsatisfiable", pick(f, 2) ? "DoNotSchedule" : "ScheduleAnyway");
        value_set_at(a, k, "labelSelector.matchLabels.app", value_str(a, zones[pick(f, 3)]));
        if (chance(f, 20))
            value_set_int(a, k, "minDomains", 1 + pick(f, 4));
        if (chance(f, 20))
            value_set_str(a, k, "nodeAffinityPolicy", "Ignore");
        if (chance(f, 20))
            value_set_str(a, k, "nodeTaintsPolicy", "Honor");
        value_append(a, list, k);
    }
    value_set(a, spec, "topologySpreadConstraints", list);
}

static Value *make_pod_value(Fuzz *f)
{
    Arena *a = f->w.a;
    Value *v = value_literal(a, "{'metadata':{'labels':{}},'spec':{'containers':[{'resources':{"
                                "'requests':{}}}]}}");
    Value *spec = value_get(v, "spec");
    Value *requests = value_at(spec, "containers.0.resources.requests");

    value_set_at(a, v, "metadata.namespace", value_str(a, pick(f, 2) ? "d" : "e"));
    value_set_at(a, v, "metadata.labels.app", value_str(a, zones[pick(f, 3)]));
    if (chance(f, 50))
        value_set_at(
            a, v, "metadata.ownerReferences",
            value_literal(a, pick(f, 2) ? "[{'uid':'r1','kind':'ReplicaSet','controller':true}]"
                                        : "[{'uid':'r2','kind':'ReplicaSet','controller':true}]"));
    value_set_at(a, v, "spec.priority", value_int(a, 10 * pick(f, 3)));
    if (chance(f, 80))
        value_set(a, requests, "cpu", value_printf(a, "%um", 50 + 50 * pick(f, 8)));
    if (chance(f, 60))
        value_set(a, requests, "memory", value_printf(a, "%uMi", 128 * (1 + pick(f, 24))));
    if (chance(f, 25))
        value_set_at(a, spec, "nodeSelector", value_literal(a, "{'disk':'ssd'}"));
    if (chance(f, 25))
        value_set(a, spec, "tolerations",
                  value_literal(a, pick(f, 2) ? "[{'operator':'Exists'}]"
                                              : "[{'key':'t','operator':'Exists','effect':"
                                                "'NoSchedule'}]"));
    if (chance(f, 20))
        value_set_at(a, spec,
                     "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
                     value_literal(a, "[{'weight':7,'preference':{'matchExpressions':[{'key':"
                                      "'zone','operator':'In','values':['a','b']}]}}]"));
    if (f->is_plain)
        return v;
    if (chance(f, 25))
        add_terms(f, spec, "podAffinity");
    if (chance(f, 25))
        add_terms(f, spec, "podAntiAffinity");
    if (chance(f, 30))
        add_constraints(f, spec);
    return v;
}

static Value *next_pod(Fuzz *f)
{
    Value **t = &f->templates[pick(f, TEMPLATES)], *v;

    if (!*t || chance(f, 10))
        *t = make_pod_value(f);
    v = value_copy(f->w.a, *t);
    value_set_at(f->w.a, v, "metadata.name", value_printf(f->w.a, "p%u", f->n_made++));
    value_set_at(f->w.a, v, "metadata.uid", value_copy(f->w.a, value_at(v, "metadata.name")));
    return v;
}

static void remove_pod(Fuzz *f)
{
    uint32_t i = pick(f, f->ref.n_pods);
    RefPod *p = &f->ref.pods[i];

    assert_true(snapshot_remove_pod(
        f->w.s, arena_printf(f->w.a, "%s/%s/%s", p->cluster, ref_ns(p->v), p->name)));
    *p = f->ref.pods[--f->ref.n_pods];
}

/* ---- comparing ---- */

static uint32_t node_number(const Fuzz *f, const char *name)
{
    uint32_t i = 0;

    while (i < f->ref.n_nodes && !str_eq(f->ref.nodes[i].name, name))
        i++;
    return i;
}

static const char *reasons_of(const RefCycle *c, bool nobody_can_go)
{
    Tally t = {.arena = c->a};
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < c->ref->n_nodes; i++) {
        Verdict v = {0};

        ref_filter(c, i, &v);
        tally_add(&t, &v);
    }
    buf_addf(&b, "0/%u nodes are available:", c->ref->n_nodes);
    tally_print(&t, &b);
    if (nobody_can_go)
        buf_adds(&b, " no new claims to deallocate, preemption:");
    return arena_strdup(c->a, buf_str(&b));
}

static bool is_victim(const Decision *d, const RefPod *p, const char *cluster)
{
    for (uint32_t i = 0; i < d->n_victims; i++)
        if (str_eq(p->cluster, cluster) && str_eq(p->name, d->victims[i].name))
            return true;
    return false;
}

/* Without the victims the node does, and with any of them back it does not. */
static void compare_victims(Fuzz *f, const RefCycle *c, const Decision *d, unsigned seed)
{
    RefPod all[REF_PODS], victims[REF_PODS];
    uint32_t n = f->ref.n_pods, n_victims = 0, node = node_number(f, d->nominated);

    memcpy(all, f->ref.pods, sizeof(all));
    f->ref.n_pods = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_victim(d, &all[i], c->cluster)) {
            f->ref.pods[f->ref.n_pods++] = all[i];
            continue;
        }
        assert_true(value_at_int(all[i].v, "spec.priority", 0) <
                    value_at_int(c->pod, "spec.priority", 0));
        victims[n_victims++] = all[i];
    }
    for (uint32_t i = 0; i <= n_victims; i++) {
        Verdict v = {0};

        f->ref.n_pods = n - n_victims;
        if (i < n_victims)
            f->ref.pods[f->ref.n_pods++] = victims[i];
        ref_filter(c, node, &v);
        if ((v.n == 0) != (i == n_victims))
            fail_msg("seed %u: on %s %s of %u victims", seed, d->nominated,
                     i < n_victims ? victims[i].name : "none", n_victims);
    }
    memcpy(f->ref.pods, all, sizeof(all));
    f->ref.n_pods = n;
    f->n_preempted++;
}

static void compare(Fuzz *f, const RefCycle *c, const Decision *d, unsigned seed)
{
    bool does[REF_NODES] = {0}, any = false;
    int64_t total[REF_NODES];
    uint32_t n = c->ref->n_nodes, chosen;

    for (uint32_t i = 0; i < n; i++) {
        Verdict v = {0};

        ref_filter(c, i, &v);
        does[i] = v.n == 0;
        any = any || does[i];
    }
    if (!any) {
        const char *want = reasons_of(c, d->nominated == NULL);

        if (d->node || !str_starts(d->message, want))
            fail_msg("seed %u: no node does: %s\nbut: %s", seed, want,
                     d->node ? d->node : d->message);
        if (d->nominated)
            compare_victims(f, c, d, seed);
        f->n_refused++;
        return;
    }
    if (!d->node)
        fail_msg("seed %u: a node does, but: %s", seed, d->message);
    chosen = node_number(f, d->node);
    assert_true(chosen < n);
    if (!does[chosen])
        fail_msg("seed %u: node %s does not do", seed, d->node);
    ref_score(c, does, total);
    for (uint32_t i = 0; i < n; i++)
        if (does[i] && total[i] > total[chosen])
            fail_msg("seed %u: %s has %lld, %s would have %lld", seed, d->node,
                     (long long)total[chosen], f->ref.nodes[i].name, (long long)total[i]);
    f->n_placed++;
}

static void place(Fuzz *f, unsigned seed)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *cluster = clusters[chance(f, 25)];
    Value *v = next_pod(f);
    SchedPod *self = sched_pod_new(cluster, v);
    DecideInput in = {
        .snapshot = f->w.s, .lister = &f->w.lister, .cluster = cluster, .pod = v, .self = self};
    Decision d = decide(a, &in, &f->w.start);
    RefCycle c = {&f->ref, a, cluster, v, value_get(v, "spec"), {0}};

    ref_see(&c);
    compare(f, &c, &d, seed);
    if (!d.node || f->ref.n_pods == REF_PODS) {
        sched_pod_free(self);
        return;
    }
    f->ref.pods[f->ref.n_pods++] = (RefPod){cluster, value_at_str(v, "metadata.name"),
                                            f->ref.nodes[node_number(f, d.node)].name, v};
    snapshot_add_pod(f->w.s, self, d.node);
}

/* Returns how many pods made others go. */
static uint32_t run(unsigned seed)
{
    Fuzz f = {.w = world(), .seed = seed, .is_plain = seed % 3 == 0};

    f.ref.a = f.w.a;
    f.ref.namespaces = value_literal(f.w.a, "{'d':{'team':'x'},'e':{'team':'y'}}");
    object(&f.w, "namespaces", "{'metadata':{'name':'d','labels':{'team':'x'}}}");
    object(&f.w, "namespaces", "{'metadata':{'name':'e','labels':{'team':'y'}}}");
    for (uint32_t i = 0; i < 8; i++)
        change_node(&f);
    for (uint32_t i = 0; i < STEPS; i++) {
        if (chance(&f, 4))
            change_node(&f);
        if (chance(&f, 3))
            change_overlay(&f);
        if (chance(&f, 20) && f.ref.n_pods > 0)
            remove_pod(&f);
        place(&f, seed);
    }
    assert_true(f.n_placed > 0 && f.n_refused > 0);
    end(&f.w);
    return f.n_preempted;
}

TEST(decisions_are_those_of_a_plain_evaluation)
{
    const char *seed = getenv("SEED");
    uint32_t n_preempted = 0;

    if (seed) {
        (void)run((unsigned)strtoul(seed, NULL, 10));
        return;
    }
    for (unsigned i = 1; i <= RUNS; i++)
        n_preempted += run(i);
    assert_true(n_preempted > 0);
}
