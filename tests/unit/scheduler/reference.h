/*
 * reference.h - the same decisions made plainly: every rule is held against every node anew, from
 * the objects themselves, with nothing remembered, numbered or counted ahead. Slow, and short
 * enough to be compared with upstream's plug-ins by eye.
 */
#ifndef TESTS_SCHEDULER_REFERENCE_H
#define TESTS_SCHEDULER_REFERENCE_H

#include "api/nodeoverlay.h"
#include "tests/unit/scheduler/world.h"

#include <math.h>

enum { REF_NODES = 64, REF_PODS = 512, REF_OVERLAYS = 32 };

typedef struct RefNode {
    const char *name;
    Value *v;
} RefNode;

typedef struct RefPod {
    const char *cluster, *name, *node;
    Value *v;
} RefPod;

typedef struct RefOverlay {
    const char *cluster, *node;
    Value *v;
} RefOverlay;

typedef struct Ref {
    Arena *a;
    RefNode nodes[REF_NODES];
    RefPod pods[REF_PODS];
    RefOverlay overlays[REF_OVERLAYS];
    uint32_t n_nodes, n_pods, n_overlays;
    Value *namespaces; /* name -> labels, the same in all clusters */
} Ref;

/* What is judged: a pod of a cluster, and the nodes as the cluster sees them. */
typedef struct RefCycle {
    const Ref *ref;
    Arena *a;
    const char *cluster;
    const Value *pod, *spec;
    Value *views[REF_NODES];
} RefCycle;

/* ---- what is where ---- */

static const char *ref_label(const Value *node, const char *key)
{
    return value_get_str(value_at(node, "metadata.labels"), key);
}

static const Value *ref_view(const RefCycle *c, const char *node)
{
    for (uint32_t i = 0; i < c->ref->n_nodes; i++)
        if (str_eq(c->ref->nodes[i].name, node))
            return c->views[i];
    return NULL;
}

static void ref_see(RefCycle *c)
{
    for (uint32_t i = 0; i < c->ref->n_nodes; i++) {
        c->views[i] = value_copy(c->a, c->ref->nodes[i].v);
        for (uint32_t k = 0; k < c->ref->n_overlays; k++)
            if (str_eq(c->ref->overlays[k].cluster, c->cluster) &&
                str_eq(c->ref->overlays[k].node, c->ref->nodes[i].name))
                node_overlay_apply(c->a, c->views[i], c->ref->overlays[k].v);
    }
}

static const char *ref_ns(const Value *pod)
{
    return value_at_str(pod, "metadata.namespace");
}

static const char *ref_owner(const Value *pod)
{
    return value_at_str(pod, "metadata.ownerReferences.0.uid");
}

/* A pod that stands on a node of the cluster, or NULL. */
static const RefPod *ref_mate(const RefCycle *c, uint32_t i)
{
    const RefPod *p = &c->ref->pods[i];

    return str_eq(p->cluster, c->cluster) && ref_view(c, p->node) ? p : NULL;
}

/* ---- node affinity and taints ---- */

static bool ref_selects_node(const RefCycle *c, const Value *view)
{
    const Value *terms = value_at(c->spec, "affinity.nodeAffinity."
                                           "requiredDuringSchedulingIgnoredDuringExecution."
                                           "nodeSelectorTerms");
    const Value *term;

    value_each_member(value_get(c->spec, "nodeSelector"), m)
    {
        if (!str_eq(ref_label(view, m->name), value_to_cstr(m->value)))
            return false;
    }
    if (!terms)
        return true;
    value_each_item(terms, i, term)
    {
        NodeView v = {.labels = value_at(view, "metadata.labels")};

        if (node_term_matches(term, value_at_str(view, "metadata.name"), &v))
            return true;
    }
    return false;
}

static bool ref_tolerates(const RefCycle *c, const Value *taint, bool prefer)
{
    const Value *t;

    value_each_item(value_get(c->spec, "tolerations"), i, t)
    {
        const char *effect = value_get_str(t, "effect"), *key = value_get_str(t, "key");

        if (prefer && effect && !str_eq(effect, "PreferNoSchedule"))
            continue;
        if ((effect && !str_eq(effect, value_get_str(taint, "effect"))) ||
            (key && !str_eq(key, value_get_str(taint, "key"))))
            continue;
        if (str_eq(value_get_str(t, "operator"), "Exists") ||
            (key && str_eq(value_get_str(t, "value"), value_get_str(taint, "value"))))
            return true;
    }
    return false;
}

static const Value *ref_bad_taint(const RefCycle *c, const Value *view)
{
    const Value *t;

    value_each_item(value_at(view, "spec.taints"), i, t)
    {
        if (!str_eq(value_get_str(t, "effect"), "PreferNoSchedule") && !ref_tolerates(c, t, false))
            return t;
    }
    return NULL;
}

/* ---- resources ---- */

typedef struct RefUse {
    int64_t cpu, memory, nonzero_cpu, nonzero_memory, pods;
    const Value *ports[REF_PODS];
    uint32_t n_ports;
} RefUse;

static RefUse ref_use(const Ref *ref, const char *node)
{
    RefUse u = {0};

    for (uint32_t i = 0; i < ref->n_pods; i++) {
        int64_t cpu, memory;
        Res r;

        if (!str_eq(ref->pods[i].node, node))
            continue;
        res_of_pod(ref->pods[i].v, &r);
        res_nonzero_of_pod(ref->pods[i].v, &r, &cpu, &memory);
        u.cpu += r.cpu_milli;
        u.memory += r.memory;
        u.nonzero_cpu += cpu;
        u.nonzero_memory += memory;
        u.pods++;
        res_done(&r);
    }
    return u;
}

static void ref_fit(const RefCycle *c, const Value *view, Verdict *v)
{
    RefUse u = ref_use(c->ref, value_at_str(view, "metadata.name"));
    Res want, have = {0};

    res_of_pod(c->pod, &want);
    res_add_list(&have, value_at(view, "status.allocatable"));
    if (u.pods + 1 > have.pods)
        verdict_add(v, "Too many pods");
    if (want.cpu_milli > 0 && want.cpu_milli > have.cpu_milli - u.cpu)
        verdict_add(v, "Insufficient cpu");
    if (want.memory > 0 && want.memory > have.memory - u.memory)
        verdict_add(v, "Insufficient memory");
    res_done(&want);
    res_done(&have);
}

/* ---- pod affinity ---- */

static bool ref_selector_matches(Arena *a, const Value *selector, const Value *labels)
{
    Selector *sel = NULL;
    bool none = false;

    return selector && selector_from_value(a, selector, &sel, &none, NULL) == 0 && !none &&
           selector_match_labels(sel, labels);
}

static bool ref_term_means(const RefCycle *c, const Value *term, const Value *owner,
                           const Value *other)
{
    const Value *list = value_get(term, "namespaces"), *sel = value_get(term, "namespaceSelector");
    bool is_ns = !value_len(list) && !sel && str_eq(ref_ns(owner), ref_ns(other));
    const Value *x;

    value_each_item(list, i, x) is_ns = is_ns || str_eq(value_to_cstr(x), ref_ns(other));
    is_ns = is_ns ||
            (sel && ref_selector_matches(c->a, sel, value_get(c->ref->namespaces, ref_ns(other))));
    return is_ns && ref_selector_matches(c->a, value_get(term, "labelSelector"),
                                         value_at(other, "metadata.labels"));
}

static const Value *ref_terms(const Value *pod, const char *what, bool is_required)
{
    return value_get(value_get(value_at(pod, "spec.affinity"), what),
                     is_required ? "requiredDuringSchedulingIgnoredDuringExecution"
                                 : "preferredDuringSchedulingIgnoredDuringExecution");
}

static bool ref_all_mean(const RefCycle *c, const Value *terms, const Value *owner,
                         const Value *other)
{
    const Value *t;

    value_each_item(terms, i, t) if (!ref_term_means(c, t, owner, other)) return false;
    return value_len(terms) > 0;
}

static bool ref_same_domain(const Value *term, const Value *x, const Value *y)
{
    const char *key = value_get_str(term, "topologyKey");

    return ref_label(x, key) && str_eq(ref_label(x, key), ref_label(y, key));
}

static bool ref_needs_are_met(const RefCycle *c, const Value *view)
{
    const Value *terms = ref_terms(c->pod, "podAffinity", true), *t;
    bool all = true, any_anywhere = false;

    value_each_item(terms, i, t)
    {
        bool found = false;

        if (!ref_label(view, value_get_str(t, "topologyKey")))
            return false;
        for (uint32_t k = 0; k < c->ref->n_pods; k++) {
            const RefPod *p = ref_mate(c, k);

            if (!p || !ref_all_mean(c, terms, c->pod, p->v))
                continue;
            any_anywhere = any_anywhere ||
                           ref_label(ref_view(c, p->node), value_get_str(t, "topologyKey")) != NULL;
            found = found || ref_same_domain(t, ref_view(c, p->node), view);
        }
        all = all && found;
    }
    return all || (!any_anywhere && ref_all_mean(c, terms, c->pod, c->pod));
}

/* Does a required anti-affinity term of `owner` keep `other` from the domain? */
static bool ref_keeps_apart(const RefCycle *c, const Value *owner, const Value *other,
                            const Value *there, const Value *view)
{
    const Value *t;

    value_each_item(ref_terms(owner, "podAntiAffinity", true), i, t)
    {
        if (ref_term_means(c, t, owner, other) && ref_same_domain(t, there, view))
            return true;
    }
    return false;
}

static void ref_affinity(const RefCycle *c, const Value *view, Verdict *v)
{
    bool is_refused = false, is_repelled = false;

    if (!ref_needs_are_met(c, view)) {
        verdict_add(v, "node(s) didn't match pod affinity rules");
        return;
    }
    for (uint32_t i = 0; i < c->ref->n_pods; i++) {
        const RefPod *p = ref_mate(c, i);

        if (!p)
            continue;
        is_refused = is_refused || ref_keeps_apart(c, c->pod, p->v, ref_view(c, p->node), view);
        is_repelled = is_repelled || ref_keeps_apart(c, p->v, c->pod, ref_view(c, p->node), view);
    }
    if (is_refused)
        verdict_add(v, "node(s) didn't match pod anti-affinity rules");
    else if (is_repelled)
        verdict_add(v, "node(s) didn't satisfy existing pods anti-affinity rules");
}

/* ---- spread ---- */

static const Value *ref_constraint(const RefCycle *c, uint32_t *at, const char *when)
{
    const Value *list = value_get(c->spec, "topologySpreadConstraints"), *k;

    while ((k = value_item(list, (*at)++)))
        if (str_eq(value_get_str(k, "whenUnsatisfiable"), when))
            return k;
    return NULL;
}

static bool ref_has_keys(const RefCycle *c, const Value *view, const char *when)
{
    const Value *k;

    for (uint32_t at = 0; (k = ref_constraint(c, &at, when));)
        if (!ref_label(view, value_get_str(k, "topologyKey")))
            return false;
    return true;
}

static bool ref_includes(const RefCycle *c, const Value *k, const Value *view)
{
    if (!str_eq(value_get_str(k, "nodeAffinityPolicy"), "Ignore") && !ref_selects_node(c, view))
        return false;
    return !str_eq(value_get_str(k, "nodeTaintsPolicy"), "Honor") || !ref_bad_taint(c, view);
}

static bool ref_in_group(const RefCycle *c, const Value *k, const Value *pod)
{
    if (!str_eq(ref_ns(pod), ref_ns(c->pod)))
        return false;
    return ref_selector_matches(c->a, value_get(k, "labelSelector"),
                                value_at(pod, "metadata.labels"));
}

/* Pods of the group in the domain. */
static int64_t ref_count(const RefCycle *c, const Value *k, const char *when, const char *domain)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < c->ref->n_pods; i++) {
        const RefPod *p = ref_mate(c, i);
        const Value *view = p ? ref_view(c, p->node) : NULL;

        n += p && str_eq(ref_label(view, value_get_str(k, "topologyKey")), domain) &&
             ref_has_keys(c, view, when) && ref_includes(c, k, view) && ref_in_group(c, k, p->v);
    }
    return n;
}

static int64_t ref_fewest(const RefCycle *c, const Value *k, int64_t *ret_domains)
{
    const char *key = value_get_str(k, "topologyKey");
    Value *seen = value_object(c->a);
    int64_t fewest = INT64_MAX;

    for (uint32_t i = 0; i < c->ref->n_nodes; i++) {
        const char *domain = ref_label(c->views[i], key);

        if (!ref_has_keys(c, c->views[i], "DoNotSchedule") || !ref_includes(c, k, c->views[i]))
            continue;
        value_set_bool(c->a, seen, domain, true);
        fewest = MIN(fewest, ref_count(c, k, "DoNotSchedule", domain));
    }
    *ret_domains = value_len(seen);
    if (value_at_int(k, "minDomains", 0) > *ret_domains || *ret_domains == 0)
        return 0;
    return fewest;
}

static void ref_spread(const RefCycle *c, const Value *view, Verdict *v)
{
    const Value *k;

    for (uint32_t at = 0; (k = ref_constraint(c, &at, "DoNotSchedule"));) {
        const char *domain = ref_label(view, value_get_str(k, "topologyKey"));
        int64_t n_domains, fewest = ref_fewest(c, k, &n_domains), n;

        if (!domain) {
            verdict_add(v, "node(s) didn't match pod topology spread constraints (missing "
                           "required label)");
            return;
        }
        n = ref_includes(c, k, view) && ref_has_keys(c, view, "DoNotSchedule")
                ? ref_count(c, k, "DoNotSchedule", domain)
                : ref_count(c, k, "DoNotSchedule", domain);
        if (n + ref_in_group(c, k, c->pod) - fewest > value_at_int(k, "maxSkew", 1)) {
            verdict_add(v, "node(s) didn't match pod topology spread constraints");
            return;
        }
    }
}

/* ---- all filters, in order ---- */

static void ref_filter(const RefCycle *c, uint32_t i, Verdict *v)
{
    static const char cordon[] = "{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'}";
    void (*const rest[])(const RefCycle *c, const Value *view, Verdict *v) = {ref_fit, ref_spread,
                                                                              ref_affinity};
    const Value *view = c->views[i];

    if (value_at_bool(view, "spec.unschedulable") &&
        !ref_tolerates(c, value_literal(c->a, cordon), false)) {
        verdict_add(v, "node(s) were unschedulable");
    } else if (ref_bad_taint(c, view)) {
        verdict_add(v, "node(s) had untolerated taint(s)");
    } else if (!ref_selects_node(c, view)) {
        verdict_add(v, "node(s) didn't match Pod's node affinity/selector");
    }
    for (size_t k = 0; k < ARRAY_LEN(rest) && v->n == 0; k++)
        rest[k](c, view, v);
}

/* ---- scores ---- */

static int64_t ref_taint_score(const RefCycle *c, const Value *view)
{
    const Value *t;
    int64_t n = 0;

    value_each_item(value_at(view, "spec.taints"), i, t) n +=
        str_eq(value_get_str(t, "effect"), "PreferNoSchedule") && !ref_tolerates(c, t, true);
    return n;
}

static int64_t ref_node_score(const RefCycle *c, const Value *view)
{
    const Value *list = value_at(c->spec, "affinity.nodeAffinity."
                                          "preferredDuringSchedulingIgnoredDuringExecution");
    const Value *p;
    int64_t sum = 0;

    value_each_item(list, i, p)
    {
        NodeView v = {.labels = value_at(view, "metadata.labels")};

        if (node_term_matches(value_get(p, "preference"), value_at_str(view, "metadata.name"), &v))
            sum += value_at_int(p, "weight", 0);
    }
    return sum;
}

static int64_t ref_fit_score(const RefCycle *c, const Value *view)
{
    RefUse u = ref_use(c->ref, value_at_str(view, "metadata.name"));
    int64_t cpu, memory, sum = 0;
    Res have = {0}, want;

    res_add_list(&have, value_at(view, "status.allocatable"));
    res_of_pod(c->pod, &want);
    res_nonzero_of_pod(c->pod, &want, &cpu, &memory);
    res_done(&want);
    if (have.cpu_milli > 0 && u.nonzero_cpu + cpu <= have.cpu_milli)
        sum += (have.cpu_milli - u.nonzero_cpu - cpu) * 100 / have.cpu_milli;
    if (have.memory > 0 && u.nonzero_memory + memory <= have.memory)
        sum += (have.memory - u.nonzero_memory - memory) * 100 / have.memory;
    res_done(&have);
    return sum / 2;
}

static int64_t ref_balance_score(const RefCycle *c, const Value *view)
{
    RefUse u = ref_use(c->ref, value_at_str(view, "metadata.name"));
    double cpu, memory;
    int64_t scores[2];
    Res have = {0}, want;

    res_add_list(&have, value_at(view, "status.allocatable"));
    res_of_pod(c->pod, &want);
    if (want.cpu_milli + want.memory == 0) {
        res_done(&have);
        res_done(&want);
        return 0;
    }
    for (int with = 0; with <= 1; with++) {
        cpu = (double)(u.cpu + with * want.cpu_milli) / (double)have.cpu_milli;
        memory = (double)(u.memory + with * want.memory) / (double)have.memory;
        scores[with] = (int64_t)((1 - fabs(MIN(cpu, 1.0) - MIN(memory, 1.0)) / 2) * 100);
    }
    res_done(&have);
    res_done(&want);
    return 50 + (50 + scores[1] - scores[0]) / 2;
}

static int64_t ref_terms_score(const RefCycle *c, const Value *terms, const Value *owner,
                               const Value *other, const Value *there, const Value *view)
{
    const Value *t;
    int64_t sum = 0;

    value_each_item(terms, i, t)
    {
        const Value *term = value_get(t, "podAffinityTerm");
        int64_t weight = term ? value_at_int(t, "weight", 0) : 1;

        term = term ? term : t;
        if (ref_term_means(c, term, owner, other) && ref_same_domain(term, there, view))
            sum += weight;
    }
    return sum;
}

static int64_t ref_affinity_score(const RefCycle *c, const Value *view)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < c->ref->n_pods; i++) {
        const RefPod *p = ref_mate(c, i);
        const Value *there = p ? ref_view(c, p->node) : NULL;

        if (!p)
            continue;
        sum +=
            ref_terms_score(c, ref_terms(c->pod, "podAffinity", false), c->pod, p->v, there, view) -
            ref_terms_score(c, ref_terms(c->pod, "podAntiAffinity", false), c->pod, p->v, there,
                            view) +
            ref_terms_score(c, ref_terms(p->v, "podAffinity", true), p->v, c->pod, there, view) +
            ref_terms_score(c, ref_terms(p->v, "podAffinity", false), p->v, c->pod, there, view) -
            ref_terms_score(c, ref_terms(p->v, "podAntiAffinity", false), p->v, c->pod, there,
                            view);
    }
    return sum;
}

/* Of the pod's own soft constraints, or of its controller's pods when it has no constraints. */
static int64_t ref_spread_score(const RefCycle *c, const bool *does, uint32_t at_node)
{
    const Value *defaults =
        value_literal(c->a, "[{'topologyKey':'kubernetes.io/hostname','maxSkew':3},"
                            "{'topologyKey':'topology.kubernetes.io/zone','maxSkew':5}]");
    bool is_default = value_len(value_get(c->spec, "topologySpreadConstraints")) == 0;
    const Value *k;
    double sum = 0;

    for (uint32_t at = 0; (k = is_default ? value_item(defaults, at++)
                                          : ref_constraint(c, &at, "ScheduleAnyway"));) {
        const char *key = value_get_str(k, "topologyKey"), *domain;
        Value *seen = value_object(c->a);
        int64_t n = 0;

        for (uint32_t i = 0; i < c->ref->n_nodes; i++)
            if (does[i] && ref_label(c->views[i], key) &&
                (is_default || ref_has_keys(c, c->views[i], "ScheduleAnyway")))
                value_set_bool(c->a, seen, ref_label(c->views[i], key), true);
        domain = ref_label(c->views[at_node], key);
        if (!domain)
            continue;
        for (uint32_t i = 0; is_default && i < c->ref->n_pods; i++) {
            const RefPod *p = ref_mate(c, i);
            const Value *view = p ? ref_view(c, p->node) : NULL;

            n += p && str_eq(ref_label(view, key), domain) && ref_selects_node(c, view) &&
                 str_eq(ref_ns(p->v), ref_ns(c->pod)) && str_eq(ref_owner(p->v), ref_owner(c->pod));
        }
        if (!is_default)
            n = ref_count(c, k, "ScheduleAnyway", domain);
        sum += (double)n * log((double)value_len(seen) + 2) +
               (double)(value_at_int(k, "maxSkew", 1) - 1);
    }
    return (int64_t)round(sum);
}

static bool ref_spread_scores(const RefCycle *c)
{
    uint32_t at = 0;

    if (value_len(value_get(c->spec, "topologySpreadConstraints")) == 0)
        return ref_owner(c->pod) != NULL;
    return ref_constraint(c, &at, "ScheduleAnyway") != NULL;
}

typedef struct RefScores {
    int64_t of[REF_NODES];
    int64_t low, high;
} RefScores;

static void ref_range(const RefCycle *c, RefScores *s, const bool *counts)
{
    s->low = INT64_MAX;
    s->high = INT64_MIN;
    for (uint32_t i = 0; i < c->ref->n_nodes; i++)
        if (counts[i]) {
            s->low = MIN(s->low, s->of[i]);
            s->high = MAX(s->high, s->of[i]);
        }
}

static void ref_score(const RefCycle *c, const bool *does, int64_t *total)
{
    bool is_default = value_len(value_get(c->spec, "topologySpreadConstraints")) == 0;
    RefScores taint, label, spread, mates;
    bool spreads[REF_NODES];

    for (uint32_t i = 0; i < c->ref->n_nodes; i++) {
        taint.of[i] = ref_taint_score(c, c->views[i]);
        label.of[i] = ref_node_score(c, c->views[i]);
        mates.of[i] = ref_affinity_score(c, c->views[i]);
        spread.of[i] = ref_spread_score(c, does, i);
        spreads[i] = does[i] && (is_default || ref_has_keys(c, c->views[i], "ScheduleAnyway"));
    }
    ref_range(c, &taint, does);
    ref_range(c, &label, does);
    ref_range(c, &mates, does);
    ref_range(c, &spread, spreads);
    for (uint32_t i = 0; i < c->ref->n_nodes; i++) {
        total[i] = ref_fit_score(c, c->views[i]) + ref_balance_score(c, c->views[i]);
        total[i] += 3 * (taint.high > 0 ? 100 - taint.of[i] * 100 / taint.high : 100);
        total[i] += 2 * (label.high > 0 ? label.of[i] * 100 / label.high : 0);
        if (mates.high > mates.low)
            total[i] += 2 * (100 * (mates.of[i] - mates.low) / (mates.high - mates.low));
        if (ref_spread_scores(c) && spreads[i])
            total[i] +=
                2 * (spread.high > 0 ? 100 * (spread.high + spread.low - spread.of[i]) / spread.high
                                     : 100);
    }
}

#endif
