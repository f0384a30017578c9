#include "scheduler/profile.h"

#include "base/mem.h"

#include <math.h>

/*
 * Topology spread constraints, as upstream's podtopologyspread plug-in: pods of one group lie
 * evenly over the domains of a node label. Only pods of the same cluster and namespace count. They
 * are counted once for all pods with the same constraints and kept count of while others come and
 * go (memo.h).
 */

enum { CONSTRAINTS_MAX = 32 };

typedef struct Constraint {
    TopologyKey *key;
    int64_t max_skew, min_domains; /* min_domains 0: none */
    const Selector *labels;
    bool selects_nothing, by_keeper; /* by_keeper: pods of the same controller instead of labels */
    bool ignores_affinity, honors_taints;
    bool means_itself;
    uint8_t *included; /* by slot: its pods count; NULL: those of all nodes do */
    Counts domains;
    int64_t least;    /* pods of the emptiest domain, */
    uint32_t n_least; /* which so many have; 0: not known */
    double weight;    /* of this decision */
} Constraint;

typedef struct Constraints {
    Constraint *items;
    uint32_t n;
    bool need_all_keys; /* a node without one of the keys does not count at all */
} Constraints;

struct SpreadState {
    Arena *arena;
    Snapshot *snapshot;
    const SchedCluster *home;
    const char *ns, *keeper_uid;
    const Value *together; /* labels of the services that select the pod; NULL: none does */
    Constraints hard, soft;
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

static bool group_has(const SpreadState *s, const Constraint *k, const SchedPod *p)
{
    if (p->is_terminating || !str_eq(p->ns, s->ns))
        return false;
    if (k->by_keeper)
        return p->keeper_uid && str_eq(p->keeper_uid, s->keeper_uid);
    return !k->selects_nothing && selector_match_labels(k->labels, p->labels);
}

static void on_free_constraint(void *p)
{
    Constraint *k = p;

    counts_done(&k->domains);
    free(k->included);
}

static void read_constraint(const Cycle *c, SpreadState *s, const Value *v, Constraint *k)
{
    Arena *a = s->arena;
    const Value *labels = value_at(c->pod, "metadata.labels"), *sel = value_get(v, "labelSelector");
    const char *key = value_get_str(v, "topologyKey");

    k->key = snapshot_topology_key(c->snapshot, key ? key : "");
    k->max_skew = value_at_int(v, "maxSkew", 1);
    k->min_domains = value_at_int(v, "minDomains", 0);
    k->ignores_affinity = str_eq(value_get_str(v, "nodeAffinityPolicy"), "Ignore");
    k->honors_taints = str_eq(value_get_str(v, "nodeTaintsPolicy"), "Honor");
    k->selects_nothing = !value_is(sel, VALUE_OBJECT);
    if (!k->selects_nothing)
        k->labels = with_label_keys(a, value_copy(a, sel), value_get(v, "matchLabelKeys"), labels);
    k->means_itself = !k->selects_nothing && selector_match_labels(k->labels, c->self->labels);
    arena_on_free(a, on_free_constraint, k);
}

static Constraints read_constraints(const Cycle *c, SpreadState *s, const char *when)
{
    const Value *list = value_at(c->pod, "spec.topologySpreadConstraints"), *v;
    Constraints k = {.need_all_keys = true};

    if (value_len(list) == 0)
        return k;
    k.items = arena_array(s->arena, Constraint, MIN(value_len(list), CONSTRAINTS_MAX));
    value_each_item(list, i, v) if (str_eq(value_get_str(v, "whenUnsatisfiable"), when) &&
                                    k.n < CONSTRAINTS_MAX)
        read_constraint(c, s, v, &k.items[k.n++]);
    return k;
}

/* Pods of a controller or service are spread a little even when they do not say so. */
static Constraints default_constraints(const Cycle *c, SpreadState *s, bool is_hard)
{
    const PluginArgs *args = &c->profile->args;
    Constraints k = {.need_all_keys = is_hard || !args->spread.are_systems};

    if ((!s->keeper_uid && !s->together) ||
        value_len(value_at(c->pod, "spec.topologySpreadConstraints")) > 0)
        return k;
    k.items = arena_array(s->arena, Constraint, args->spread.n);
    for (uint32_t i = 0; i < args->spread.n; i++) {
        const SpreadDefault *d = &args->spread.items[i];

        if (d->is_hard != is_hard)
            continue;
        k.items[k.n] = (Constraint){.key = snapshot_topology_key(c->snapshot, d->key),
                                    .max_skew = d->max_skew,
                                    .min_domains = d->min_domains,
                                    .ignores_affinity = d->ignores_affinity,
                                    .honors_taints = d->honors_taints,
                                    .by_keeper = s->keeper_uid != NULL,
                                    .labels = selector_from_map(s->arena, s->together),
                                    .means_itself = true};
        arena_on_free(s->arena, on_free_constraint, &k.items[k.n++]);
    }
    return k;
}

/* ---- counting ---- */

static int32_t domain_in(const SpreadState *s, const Constraint *k, const SchedNode *n)
{
    return domain_of(s->snapshot, s->home, k->key, n);
}

static bool has_all_keys(const SpreadState *s, const Constraints *k, const SchedNode *n)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (domain_in(s, &k->items[i], n) < 0)
            return false;
    return true;
}

/* Whether a node's pods count for the constraint. */
static bool is_included(const Cycle *c, const Constraint *k, const SchedNode *n)
{
    if (!cycle_may_use(c, n))
        return false;
    if (!k->ignores_affinity && !node_affinity_matches(c, n))
        return false;
    return !k->honors_taints || taints_are_tolerated(c, cycle_view(c, n));
}

static void find_included(const Cycle *c, Constraint *k)
{
    const Snapshot *snap = c->snapshot;
    bool picks = !k->ignores_affinity && (c->node_selector || c->node_required);

    if (!picks && !k->honors_taints && !c->is_pooled)
        return;
    k->included = xcalloc(snap->n_nodes + 1, 1);
    for (uint32_t i = 0; i < snap->n_nodes; i++)
        k->included[i] = is_included(c, k, snap->nodes[i]);
}

/* Keeps the least number of pods in a domain when one has changed by `sign` to `now`. */
static void note_least(Constraint *k, int64_t now, int sign)
{
    if (k->n_least == 0)
        return;
    if (sign > 0 && now - 1 == k->least)
        k->n_least--; /* 0: to be looked for again */
    else if (sign < 0 && now == k->least)
        k->n_least++;
    else if (sign < 0 && now < k->least) {
        k->least = now;
        k->n_least = 1;
    }
}

static void count_pod(const SpreadState *s, Constraints *ks, const SchedPod *p, const SchedNode *n,
                      int sign, bool only_known)
{
    if (ks->n == 0 || !n->value || !str_eq(p->ns, s->ns) ||
        (ks->need_all_keys && !has_all_keys(s, ks, n)))
        return;
    for (uint32_t i = 0; i < ks->n; i++) {
        Constraint *k = &ks->items[i];
        int32_t domain = domain_in(s, k, n);

        if (domain < 0 || (k->included && !k->included[n->slot]) || !group_has(s, k, p) ||
            (only_known && !counts_find(&k->domains, domain)))
            continue;
        note_least(k, counts_add(&k->domains, domain, sign), sign);
    }
}

/* Domains that have no pod yet count as well. */
static void find_domains(const SpreadState *s, Constraints *ks)
{
    for (uint32_t i = 0; i < s->snapshot->n_nodes && ks->n > 0; i++) {
        const SchedNode *n = s->snapshot->nodes[i];

        if (!has_all_keys(s, ks, n))
            continue;
        for (uint32_t k = 0; k < ks->n; k++)
            if (!ks->items[k].included || ks->items[k].included[n->slot])
                counts_add(&ks->items[k].domains, domain_in(s, &ks->items[k], n), 0);
    }
}

static void state_moved(void *state, const SchedPod *p, const SchedNode *n, int sign)
{
    SpreadState *s = state;

    count_pod(s, &s->hard, p, n, sign, true);
    count_pod(s, &s->soft, p, n, sign, false);
}

/* ---- the memo ---- */

static size_t state_bytes(const void *state)
{
    const SpreadState *s = state;
    const Constraints *both[] = {&s->hard, &s->soft};
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(both); i++)
        for (uint32_t k = 0; k < both[i]->n; k++)
            n += (both[i]->items[k].domains.mask + 1) * sizeof(CountSlot) +
                 (both[i]->items[k].included ? s->snapshot->n_nodes : 0);
    return n;
}

static const MemoKind spread_kind = {.name = "spread", .moved = state_moved, .bytes = state_bytes};

static void make_state(Cycle *c, Memo *memo, const Value *together)
{
    SpreadState *s = arena_new0(memo->arena, SpreadState);
    Constraints *both[] = {&s->hard, &s->soft};

    s->arena = memo->arena;
    s->snapshot = c->snapshot;
    s->home = snapshot_cluster(c->snapshot, c->cluster);
    s->ns = arena_strdup(s->arena, c->self->ns);
    s->keeper_uid = c->self->keeper_uid ? arena_strdup(s->arena, c->self->keeper_uid) : NULL;
    s->together = together ? value_copy(s->arena, together) : NULL;
    s->hard = read_constraints(c, s, "DoNotSchedule");
    s->soft = read_constraints(c, s, "ScheduleAnyway");
    if (s->hard.n == 0)
        s->hard = default_constraints(c, s, true);
    if (s->soft.n == 0)
        s->soft = default_constraints(c, s, false);
    for (size_t i = 0; i < ARRAY_LEN(both); i++)
        for (uint32_t k = 0; k < both[i]->n; k++)
            find_included(c, &both[i]->items[k]);
    find_domains(s, &s->hard);
    list_for_each (l, &s->home->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_cluster);

        state_moved(s, p, p->node, 1);
    }
    memo->state = s;
    memo_filled(&c->snapshot->memos, memo);
}

static void add_part(Buf *b, const Value *v)
{
    if (v)
        value_print(v, b);
    buf_addc(b, '\n');
}

void pre_filter_spread(Cycle *c, Verdict *v)
{
    const Value *list = value_at(c->pod, "spec.topologySpreadConstraints");
    const Value *together = NULL;
    AUTO_BUF key = BUF_INIT;
    Memo *memo;

    if (value_len(list) == 0 && !c->self->keeper_uid)
        together =
            services_selecting(c->services, c->arena, c->cluster, c->self->ns, c->self->labels);
    v->is_skipped = value_len(list) == 0 && !c->self->keeper_uid && !together;
    if (v->is_skipped)
        return;
    buf_addf(&key, "%p\n%s\n%s\n", (const void *)c->profile, c->self->ns,
             c->self->keeper_uid ? c->self->keeper_uid : "");
    add_part(&key, together);
    add_part(&key, c->node_selector);
    add_part(&key, c->node_required);
    add_part(&key, c->tolerations);
    if (value_len(list) > 0) {
        add_part(&key, list);
        add_part(&key, c->self->labels);
    }
    memo = snapshot_memo(c->snapshot, c->cluster, &spread_kind, buf_slice(&key));
    if (!memo->state)
        make_state(c, memo, together);
    c->spread = memo->state;
    v->is_skipped = c->spread->hard.n == 0;
}

void moved_spread(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    if (c->spread && str_eq(p->cluster, c->cluster))
        count_pod(c->spread, &c->spread->hard, p, n, sign, true);
}

/* ---- filter ---- */

static int64_t fewest(Constraint *k)
{
    int32_t domain;
    int64_t n;

    if (k->domains.n == 0 || k->min_domains > (int64_t)k->domains.n)
        return 0;
    if (k->n_least > 0)
        return k->least;
    k->least = INT64_MAX;
    for (uint32_t at = 0; counts_next(&k->domains, &at, &domain, &n);) {
        k->n_least = n < k->least ? 1 : k->n_least + (n == k->least);
        k->least = MIN(k->least, n);
    }
    return k->least;
}

void filter_spread(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const SpreadState *s = c->spread;

    for (uint32_t i = 0; s && i < s->hard.n; i++) {
        Constraint *k = &s->hard.items[i];
        int32_t domain = domain_in(s, k, n);

        if (domain < 0) {
            verdict_refuse(v, "node(s) didn't match pod topology spread constraints (missing "
                              "required label)");
            return;
        }
        if (counts_get(&k->domains, domain) + k->means_itself - fewest(k) > k->max_skew) {
            verdict_add(v, "node(s) didn't match pod topology spread constraints");
            return;
        }
    }
}

/* ---- score ---- */

/* Keys with many domains among the nodes that do count more. */
bool pre_score_spread(Cycle *c, const SchedNode *const *nodes, uint32_t n)
{
    SpreadState *s = c->spread;

    if (!s || s->soft.n == 0)
        return false;
    for (uint32_t i = 0; i < s->soft.n; i++) {
        Constraint *k = &s->soft.items[i];
        uint32_t n_domains = 0;

        topology_mark_begin(&s->snapshot->topology);
        for (uint32_t m = 0; m < n; m++) {
            int32_t domain = domain_in(s, k, nodes[m]);

            if (domain >= 0 && (!s->soft.need_all_keys || has_all_keys(s, &s->soft, nodes[m])))
                n_domains += topology_mark(&s->snapshot->topology, domain);
        }
        k->weight = log((double)n_domains + 2);
    }
    return true;
}

int64_t score_spread(const Cycle *c, const SchedNode *n)
{
    const SpreadState *s = c->spread;
    double sum = 0;

    if (s->soft.need_all_keys && !has_all_keys(s, &s->soft, n))
        return 0;
    for (uint32_t i = 0; i < s->soft.n; i++) {
        const Constraint *k = &s->soft.items[i];
        int32_t domain = domain_in(s, k, n);

        if (domain >= 0)
            sum += (double)counts_get(&k->domains, domain) * k->weight + (double)(k->max_skew - 1);
    }
    return (int64_t)round(sum);
}

void normalize_spread(const Cycle *c, const SchedNode *const *nodes, int64_t *scores, uint32_t n)
{
    const SpreadState *s = c->spread;
    int64_t low = INT64_MAX, high = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (s->soft.need_all_keys && !has_all_keys(s, &s->soft, nodes[i]))
            continue;
        low = MIN(low, scores[i]);
        high = MAX(high, scores[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (s->soft.need_all_keys && !has_all_keys(s, &s->soft, nodes[i]))
            scores[i] = 0;
        else
            scores[i] = high > 0 ? SCORE_MAX * (high + low - scores[i]) / high : SCORE_MAX;
    }
}
