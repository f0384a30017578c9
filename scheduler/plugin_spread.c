#include "scheduler/profile.h"

#include <math.h>

/*
 * Topology spread constraints, as upstream's podtopologyspread plug-in: pods of one group lie
 * evenly over the domains of a node label. Only pods of the same cluster and namespace count.
 */

enum { CONSTRAINTS_MAX = 32 };

typedef struct Domain {
    const char *value;
    int64_t n_pods;
} Domain;

typedef struct Constraint {
    const char *key;
    int64_t max_skew, min_domains; /* min_domains 0: none */
    const Selector *labels;
    bool selects_nothing, by_owner; /* by_owner: pods of the same controller instead of labels */
    bool ignores_affinity, honors_taints;
    bool means_itself;
    Map domains;         /* value -> Domain */
    int64_t least;       /* pods of the emptiest domain; */
    bool least_is_known; /* until one moves */
    double weight;
} Constraint;

typedef struct Constraints {
    Constraint *items;
    uint32_t n;
} Constraints;

struct SpreadState {
    Constraints hard, soft;
    bool soft_are_defaults; /* a node may lack their keys */
};

/* ---- reading ---- */

static const Selector *with_label_keys(Arena *a, Value *selector, const Value *keys,
                                       const Value *labels)
{
    Selector *sel = NULL;
    const Value *k;
    bool none = false;

    value_each_item(keys, i, k)
    {
        const char *key = value_to_cstr(k), *has = key ? value_get_str(labels, key) : NULL;

        if (has)
            value_set_str(a, value_need(a, selector, "matchLabels"), key, has);
    }
    return selector_from_value(a, selector, &sel, &none, NULL) < 0 ? NULL : sel;
}

static bool group_has(const Cycle *c, const Constraint *k, const SchedPod *p)
{
    if (p->is_terminating || !str_eq(p->ns, c->self->ns))
        return false;
    if (k->by_owner)
        return p->owner_uid && str_eq(p->owner_uid, c->self->owner_uid);
    return !k->selects_nothing && selector_match_labels(k->labels, p->labels);
}

static void read_constraint(Cycle *c, const Value *v, Constraint *k)
{
    Arena *a = c->arena;
    const Value *labels = value_at(c->pod, "metadata.labels"), *sel = value_get(v, "labelSelector");

    k->key = value_get_str(v, "topologyKey") ? value_get_str(v, "topologyKey") : "";
    k->max_skew = value_at_int(v, "maxSkew", 1);
    k->min_domains = value_at_int(v, "minDomains", 0);
    k->ignores_affinity = str_eq(value_get_str(v, "nodeAffinityPolicy"), "Ignore");
    k->honors_taints = str_eq(value_get_str(v, "nodeTaintsPolicy"), "Honor");
    k->selects_nothing = !value_is(sel, VALUE_OBJECT);
    if (!k->selects_nothing)
        k->labels = with_label_keys(a, value_copy(a, sel), value_get(v, "matchLabelKeys"), labels);
    k->means_itself = !k->selects_nothing && selector_match_labels(k->labels, c->self->labels);
    cycle_own_map(c, &k->domains);
}

static Constraints read_constraints(Cycle *c, const char *when)
{
    const Value *list = value_at(c->pod, "spec.topologySpreadConstraints"), *v;
    Constraints k = {0};

    if (value_len(list) == 0)
        return k;
    k.items = arena_array(c->arena, Constraint, MIN(value_len(list), CONSTRAINTS_MAX));
    value_each_item(list, i, v) if (str_eq(value_get_str(v, "whenUnsatisfiable"), when) &&
                                    k.n < CONSTRAINTS_MAX) read_constraint(c, v, &k.items[k.n++]);
    return k;
}

/* Pods of a controller are spread a little even when they do not say so. */
static Constraints default_constraints(Cycle *c, bool is_hard)
{
    const PluginArgs *args = &c->profile->args;
    Constraints k = {0};

    if (!c->self->owner_uid || value_len(value_at(c->pod, "spec.topologySpreadConstraints")) > 0)
        return k;
    k.items = arena_array(c->arena, Constraint, args->spread.n);
    for (uint32_t i = 0; i < args->spread.n; i++) {
        const SpreadDefault *d = &args->spread.items[i];

        if (d->is_hard != is_hard)
            continue;
        k.items[k.n] = (Constraint){
            .key = d->key, .max_skew = d->max_skew, .by_owner = true, .means_itself = true};
        cycle_own_map(c, &k.items[k.n++].domains);
    }
    return k;
}

static SpreadState *state_of(Cycle *c)
{
    SpreadState *s = c->spread;

    if (s)
        return s;
    s = c->spread = arena_new0(c->arena, SpreadState);
    s->hard = read_constraints(c, "DoNotSchedule");
    s->soft = read_constraints(c, "ScheduleAnyway");
    if (s->hard.n == 0)
        s->hard = default_constraints(c, true);
    if (s->soft.n == 0) {
        s->soft = default_constraints(c, false);
        s->soft_are_defaults = s->soft.n > 0 && c->profile->args.spread.are_systems;
    }
    return s;
}

/* ---- counting ---- */

static Domain *domain_need(Cycle *c, Constraint *k, const char *value)
{
    Domain *d = map_get(&k->domains, value);

    if (!d) {
        d = arena_new0(c->arena, Domain);
        d->value = value;
        map_set(&k->domains, value, d);
    }
    return d;
}

static bool has_all_keys(const Constraints *k, const NodeView *view)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (!view_label(view, k->items[i].key))
            return false;
    return true;
}

/* Whether a node's pods count for the constraint. */
static bool is_included(const Cycle *c, const Constraint *k, const SchedNode *n,
                        const NodeView *view)
{
    const Value *taint;

    if (!k->ignores_affinity && !node_affinity_matches(c, n))
        return false;
    return !k->honors_taints || taints_are_tolerated(c, view, &taint);
}

static void count_pods(Cycle *c, Constraints *ks, bool needs_all_keys)
{
    if (!c->home)
        return;
    list_for_each (l, &c->home->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_cluster);
        const NodeView *view;

        if (!p->node->value || !str_eq(p->ns, c->self->ns))
            continue;
        view = cycle_view(c, p->node);
        if (needs_all_keys && !has_all_keys(ks, view))
            continue;
        for (uint32_t i = 0; i < ks->n; i++) {
            Constraint *k = &ks->items[i];
            const char *value = view_label(view, k->key);
            Domain *d = value ? map_get(&k->domains, value) : NULL;

            if (d && group_has(c, k, p) && is_included(c, k, p->node, view))
                d->n_pods++;
        }
    }
}

void pre_filter_spread(Cycle *c, Verdict *v UNUSED)
{
    SpreadState *s = state_of(c);

    if (s->hard.n == 0)
        return;
    for (uint32_t i = 0; i < c->snapshot->n_nodes; i++) {
        const SchedNode *n = c->snapshot->nodes[i];
        const NodeView *view = cycle_view(c, n);

        if (!has_all_keys(&s->hard, view))
            continue;
        for (uint32_t k = 0; k < s->hard.n; k++)
            if (is_included(c, &s->hard.items[k], n, view))
                domain_need(c, &s->hard.items[k], view_label(view, s->hard.items[k].key));
    }
    count_pods(c, &s->hard, true);
}

void moved_spread(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    SpreadState *s = c->spread;
    const NodeView *view;

    if (!s || s->hard.n == 0 || !n->value || !str_eq(p->cluster, c->cluster))
        return;
    view = cycle_view(c, n);
    for (uint32_t i = 0; i < s->hard.n; i++) {
        Constraint *k = &s->hard.items[i];
        const char *value = view_label(view, k->key);
        Domain *d = value ? map_get(&k->domains, value) : NULL;

        if (d && group_has(c, k, p) && is_included(c, k, n, view))
            d->n_pods += sign;
        k->least_is_known = false;
    }
}

/* ---- filter ---- */

static int64_t fewest(Constraint *k)
{
    Domain *d;

    if (k->least_is_known)
        return k->least;
    k->least_is_known = true;
    k->least = k->domains.n == 0 || k->min_domains > (int64_t)k->domains.n ? 0 : INT64_MAX;
    for (size_t at = 0; map_next(&k->domains, &at, NULL, (void **)&d);)
        k->least = MIN(k->least, d->n_pods);
    return k->least;
}

void filter_spread(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const SpreadState *s = c->spread;
    const NodeView *view;

    if (!s || s->hard.n == 0)
        return;
    view = cycle_view(c, n);
    for (uint32_t i = 0; i < s->hard.n; i++) {
        Constraint *k = &s->hard.items[i];
        const char *value = view_label(view, k->key);
        const Domain *d = value ? map_get(&k->domains, value) : NULL;

        if (!value) {
            verdict_refuse(v, "node(s) didn't match pod topology spread constraints (missing "
                              "required label)");
            return;
        }
        if ((d ? d->n_pods : 0) + k->means_itself - fewest(k) > k->max_skew) {
            verdict_add(v, "node(s) didn't match pod topology spread constraints");
            return;
        }
    }
}

/* ---- score ---- */

void pre_score_spread(Cycle *c, const SchedNode *const *nodes, uint32_t n)
{
    SpreadState *s = state_of(c);

    if (s->soft.n == 0)
        return;
    for (uint32_t i = 0; i < n; i++) {
        const NodeView *view = cycle_view(c, nodes[i]);

        if (!s->soft_are_defaults && !has_all_keys(&s->soft, view))
            continue;
        for (uint32_t k = 0; k < s->soft.n; k++) {
            const char *value = view_label(view, s->soft.items[k].key);

            if (value)
                domain_need(c, &s->soft.items[k], value);
        }
    }
    for (uint32_t k = 0; k < s->soft.n; k++)
        s->soft.items[k].weight = log((double)s->soft.items[k].domains.n + 2);
    count_pods(c, &s->soft, !s->soft_are_defaults);
}

int64_t score_spread(const Cycle *c, const SchedNode *n)
{
    const SpreadState *s = c->spread;
    const NodeView *view = cycle_view(c, n);
    double sum = 0;

    if (s->soft.n == 0 || (!s->soft_are_defaults && !has_all_keys(&s->soft, view)))
        return 0;
    for (uint32_t i = 0; i < s->soft.n; i++) {
        const Constraint *k = &s->soft.items[i];
        const char *value = view_label(view, k->key);
        const Domain *d = value ? map_get(&k->domains, value) : NULL;

        if (d)
            sum += (double)d->n_pods * k->weight + (double)(k->max_skew - 1);
    }
    return (int64_t)round(sum);
}

void normalize_spread(const Cycle *c, const SchedNode *const *nodes, int64_t *scores, uint32_t n)
{
    const SpreadState *s = c->spread;
    int64_t low = INT64_MAX, high = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!s->soft_are_defaults && !has_all_keys(&s->soft, cycle_view(c, nodes[i])))
            continue;
        low = MIN(low, scores[i]);
        high = MAX(high, scores[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (s->soft.n == 0 ||
            (!s->soft_are_defaults && !has_all_keys(&s->soft, cycle_view(c, nodes[i]))))
            scores[i] = 0;
        else
            scores[i] = high > 0 ? SCORE_MAX * (high + low - scores[i]) / high : SCORE_MAX;
    }
}
