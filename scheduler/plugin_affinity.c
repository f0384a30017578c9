#include "scheduler/profile.h"

#include "base/mem.h"

/*
 * Pod affinity and anti-affinity, within one cluster: pods of other tenants neither attract nor
 * repel. Counts are kept by topology domain, a pair of a node label's key and value, as in
 * upstream's interpodaffinity plug-in, and up to date while pods come and go:
 *   - what terms of existing pods mean this pod, by the groups of terms that say the same
 * (terms.h);
 *   - which existing pods the pod's own terms mean, once for all pods with these terms (memo.h).
 */

/* The keys of domains that were counted. */
typedef struct Keys {
    TopologyKey **items;
    uint32_t n, cap;
} Keys;

/* What the cluster's pods are to the terms of a pod. */
typedef struct OwnTerms {
    Arena *arena;
    Snapshot *snapshot;
    Lister *lister;           /* borrowed; may be NULL */
    const SchedCluster *home; /* borrowed, outlives the memo */
    SchedPod *self;           /* one of the pods with these terms */
    Counts needed;            /* pods that all terms of the required affinity mean */
    Counts refused;           /* pods that a term of the required anti-affinity means */
    Counts scores;            /* sums of weights of preferred terms */
    Keys scored_by;
    bool has_scores;
    Map ns_labels; /* namespace -> Value */
} OwnTerms;

/* The groups of terms of existing pods that mean a pod. */
typedef struct MeantBy {
    TermGroup **groups;
    uint32_t n;
    uint64_t changed; /* of the Terms */
} MeantBy;

struct AffinityState {
    Arena *arena;
    Snapshot *snapshot;
    SchedCluster *home;
    OwnTerms *own;        /* NULL: it has no terms */
    const MeantBy *meant; /* NULL: nobody has any */
    Counts
        repelled; /* by pods that are not in the snapshot but were laid onto a node for a while */
    Keys repelled_by;
    bool means_itself;
};

static void keys_add(Keys *k, TopologyKey *key)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->items[i] == key)
            return;
    GROW(k->items, k->cap, k->n + 1);
    k->items[k->n++] = key;
}

/* ---- what a term means ---- */

static const Value *read_ns_labels(Arena *a, Lister *l, const char *cluster, const char *ns)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    Value *v = value_object(a);

    if (l && l->get(l, cluster, "namespaces", "", ns, &o, NULL) == 0 && o)
        for (uint32_t i = 0; i < o->n_labels; i++)
            value_set_str(a, v, o->labels[i].key, o->labels[i].value);
    return v;
}

static const Value *ns_labels(OwnTerms *own, const char *ns)
{
    const Value *v = map_get(&own->ns_labels, ns);

    if (!v) {
        v = read_ns_labels(own->arena, own->lister, own->self->cluster, ns);
        map_set(&own->ns_labels, ns, (void *)v);
    }
    return v;
}

static bool means(OwnTerms *own, const AffinityTerm *t, const SchedPod *other)
{
    return affinity_term_means(t, own->self->ns, other,
                               t->has_ns_selector ? ns_labels(own, other->ns) : NULL);
}

static bool all_mean(OwnTerms *own, const AffinityTerms *terms, const SchedPod *other)
{
    for (uint32_t i = 0; i < terms->n; i++)
        if (!means(own, &terms->items[i], other))
            return false;
    return terms->n > 0;
}

/* ---- the pod's own terms ---- */

static void count_for(OwnTerms *own, Counts *counts, Keys *keys, AffinityTerm *t,
                      const SchedNode *n, int64_t amount)
{
    TopologyKey *key = affinity_term_domains(own->snapshot, t);
    int32_t domain = domain_of(own->snapshot, own->home, key, n);

    if (domain < 0)
        return;
    counts_add(counts, domain, amount);
    if (keys)
        keys_add(keys, key);
}

/* One pod of the cluster comes to the counts, or goes. */
static void count_pod(OwnTerms *own, const SchedPod *p, const SchedNode *n, int sign)
{
    const SchedPod *self = own->self;

    if (!n->value)
        return;
    if (all_mean(own, &self->needs, p))
        for (uint32_t i = 0; i < self->needs.n; i++)
            count_for(own, &own->needed, NULL, &self->needs.items[i], n, sign);
    for (uint32_t i = 0; i < self->refuses.n; i++)
        if (means(own, &self->refuses.items[i], p))
            count_for(own, &own->refused, NULL, &self->refuses.items[i], n, sign);
}

static void score_terms(OwnTerms *own, const AffinityTerms *terms, const SchedPod *p,
                        const SchedNode *n, int sign)
{
    for (uint32_t i = 0; i < terms->n; i++)
        if (means(own, &terms->items[i], p))
            count_for(own, &own->scores, &own->scored_by, &terms->items[i], n,
                      sign * terms->items[i].weight);
}

static void score_pod(OwnTerms *own, const SchedPod *p, const SchedNode *n, int sign)
{
    if (!n->value)
        return;
    score_terms(own, &own->self->likes, p, n, sign);
    score_terms(own, &own->self->dislikes, p, n, -sign);
}

static void own_moved(void *state, const SchedPod *p, const SchedNode *n, int sign)
{
    OwnTerms *own = state;

    count_pod(own, p, n, sign);
    if (own->has_scores)
        score_pod(own, p, n, sign);
}

static void own_done(void *p)
{
    OwnTerms *own = p;

    counts_done(&own->needed);
    counts_done(&own->refused);
    counts_done(&own->scores);
    free(own->scored_by.items);
    map_done(&own->ns_labels);
    sched_pod_free(own->self);
}

static size_t counts_bytes(const Counts *c)
{
    return c->slots ? (c->mask + 1) * sizeof(CountSlot) : 0;
}

static size_t own_bytes(const void *state)
{
    const OwnTerms *own = state;

    return counts_bytes(&own->needed) + counts_bytes(&own->refused) + counts_bytes(&own->scores) +
           arena_used(own->self->arena);
}

static const MemoKind own_kind = {.name = "own-terms", .moved = own_moved, .bytes = own_bytes};

static void for_pods(OwnTerms *own,
                     void (*fn)(OwnTerms *own, const SchedPod *p, const SchedNode *n, int sign))
{
    list_for_each (l, &own->home->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_cluster);

        fn(own, p, p->node, 1);
    }
}

/* Do terms mean other pods depending on the namespace of the pod that has them? */
static bool is_of_namespace(const SchedPod *p)
{
    const AffinityTerms *all[] = {&p->needs, &p->refuses, &p->likes, &p->dislikes};

    for (size_t k = 0; k < ARRAY_LEN(all); k++)
        for (uint32_t i = 0; i < all[k]->n; i++)
            if (value_len(all[k]->items[i].namespaces) == 0 && !all[k]->items[i].has_ns_selector)
                return true;
    return false;
}

static OwnTerms *own_terms(Cycle *c)
{
    AUTO_BUF key = BUF_INIT;
    OwnTerms *own;
    Memo *memo;

    buf_addf(&key, "%s\n", is_of_namespace(c->self) ? c->self->ns : "");
    value_print(value_at(c->pod, "spec.affinity"), &key);
    memo = snapshot_memo(c->snapshot, c->cluster, &own_kind, buf_slice(&key));
    if (memo->state)
        return memo->state;
    own = memo->state = arena_new0(memo->arena, OwnTerms);
    own->arena = memo->arena;
    own->snapshot = c->snapshot;
    own->lister = c->lister;
    own->home = snapshot_cluster(c->snapshot, c->cluster);
    own->self = sched_pod_new(c->cluster, c->pod);
    arena_on_free(memo->arena, own_done, own);
    if (own->self->needs.n + own->self->refuses.n > 0)
        for_pods(own, count_pod);
    memo_filled(&c->snapshot->memos, memo);
    return own;
}

/* ---- the terms of others ---- */

static const MemoKind meant_kind = {.name = "meant-by", .outlives_nodes = true};

static void find_groups(Cycle *c, Memo *memo, const Terms *terms)
{
    MeantBy *m = memo->state = arena_new0(memo->arena, MeantBy);
    const Value *labels = read_ns_labels(memo->arena, c->lister, c->cluster, c->self->ns);
    TermGroup *g;

    m->changed = terms->changed;
    m->groups = arena_array(memo->arena, TermGroup *, terms->groups.n + 1);
    for (size_t at = 0; map_next(&terms->groups, &at, NULL, (void **)&g);)
        if (affinity_term_means(&g->term, g->owner_ns, c->self, labels))
            m->groups[m->n++] = g;
    memo_filled(&c->snapshot->memos, memo);
}

static const MeantBy *meant_by(Cycle *c, SchedCluster *home)
{
    AUTO_BUF key = BUF_INIT;
    Memo *memo;

    buf_addf(&key, "%s\n", c->self->ns);
    if (c->self->labels)
        value_print(c->self->labels, &key);
    memo = snapshot_memo(c->snapshot, c->cluster, &meant_kind, buf_slice(&key));
    if (memo->state && ((MeantBy *)memo->state)->changed != home->groups.changed)
        memo_reset(&c->snapshot->memos, memo);
    if (!memo->state)
        find_groups(c, memo, &home->groups);
    snapshot_count_terms(c->snapshot, home);
    return memo->state;
}

/* ---- filter ---- */

static void state_done(void *p)
{
    AffinityState *s = p;

    counts_done(&s->repelled);
    free(s->repelled_by.items);
}

void pre_filter_affinity(Cycle *c, Verdict *v)
{
    SchedCluster *home = snapshot_cluster(c->snapshot, c->cluster);
    bool has_others = home && !list_is_empty(&home->terms);
    AffinityState *s;

    v->is_skipped = !sched_pod_has_terms(c->self) && !has_others;
    if (v->is_skipped)
        return;
    s = c->affinity = arena_new0(c->arena, AffinityState);
    s->arena = c->arena;
    s->snapshot = c->snapshot;
    s->home = home;
    arena_on_free(c->arena, state_done, s);
    if (sched_pod_has_terms(c->self)) {
        s->own = own_terms(c);
        s->means_itself = all_mean(s->own, &s->own->self->needs, c->self);
    }
    if (has_others)
        s->meant = meant_by(c, home);
}

/* A pod that is not in the snapshot repels this one from where it was laid. */
static void repel(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    AffinityState *s = c->affinity;

    for (uint32_t i = 0; i < p->refuses.n && n->value; i++) {
        AffinityTerm *t = &p->refuses.items[i];
        TopologyKey *key = affinity_term_domains(s->snapshot, t);
        int32_t domain = domain_of(s->snapshot, s->home, key, n);

        if (domain < 0 ||
            !affinity_term_means(t, p->ns, c->self,
                                 t->has_ns_selector
                                     ? read_ns_labels(c->arena, c->lister, c->cluster, c->self->ns)
                                     : NULL))
            continue;
        counts_add(&s->repelled, domain, sign);
        keys_add(&s->repelled_by, key);
    }
}

void moved_affinity(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    AffinityState *s = c->affinity;

    if (!s || !str_eq(p->cluster, c->cluster))
        return;
    if (s->own)
        count_pod(s->own, p, n, sign);
    if (p->home)
        snapshot_move_terms(s->snapshot, s->home, p, n, sign);
    else
        repel(c, p, n, sign);
}

/* The first pod of a group that wants to be together may go anywhere. */
static bool needs_are_met(const AffinityState *s, const SchedNode *n)
{
    const AffinityTerms *needs = &s->own->self->needs;
    bool all = true;

    for (uint32_t i = 0; i < needs->n; i++) {
        TopologyKey *key = affinity_term_domains(s->snapshot, &needs->items[i]);
        int32_t domain = domain_of(s->snapshot, s->home, key, n);

        if (domain < 0)
            return false;
        all = all && counts_get(&s->own->needed, domain) > 0;
    }
    return all || (s->own->needed.n_above == 0 && s->means_itself);
}

static bool is_refused(const AffinityState *s, const SchedNode *n)
{
    const AffinityTerms *refuses = &s->own->self->refuses;

    for (uint32_t i = 0; i < refuses->n && s->own->refused.n_above > 0; i++) {
        TopologyKey *key = affinity_term_domains(s->snapshot, &refuses->items[i]);

        if (counts_get(&s->own->refused, domain_of(s->snapshot, s->home, key, n)) > 0)
            return true;
    }
    return false;
}

static int64_t count_of(const AffinityState *s, TermGroup *g, const SchedNode *n)
{
    return counts_get(&g->counts, domain_of(s->snapshot, s->home,
                                            affinity_term_domains(s->snapshot, &g->term), n));
}

static bool is_repelled(const AffinityState *s, const SchedNode *n)
{
    for (uint32_t i = 0; s->meant && i < s->meant->n; i++)
        if (s->meant->groups[i]->kind == TERM_REFUSES && count_of(s, s->meant->groups[i], n) > 0)
            return true;
    for (uint32_t i = 0; i < s->repelled_by.n && s->repelled.n_above > 0; i++)
        if (counts_get(&s->repelled, domain_of(s->snapshot, s->home, s->repelled_by.items[i], n)) >
            0)
            return true;
    return false;
}

void filter_affinity(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const AffinityState *s = c->affinity;

    if (!s)
        return;
    if (s->own && !needs_are_met(s, n))
        verdict_refuse(v, "node(s) didn't match pod affinity rules");
    else if (s->own && is_refused(s, n))
        verdict_add(v, "node(s) didn't match pod anti-affinity rules");
    else if (is_repelled(s, n))
        verdict_add(v, "node(s) didn't satisfy existing pods anti-affinity rules");
}

/* ---- score ---- */

static int64_t weight_of(const Cycle *c, const TermGroup *g)
{
    int64_t weight = g->term.weight > 0 ? g->term.weight : c->profile->args.affinity.hard_weight;

    if (g->kind == TERM_REFUSES)
        return 0;
    return g->kind == TERM_DISLIKES ? -weight : weight;
}

bool pre_score_affinity(Cycle *c, const SchedNode *const *nodes UNUSED, uint32_t n UNUSED)
{
    AffinityState *s = c->affinity;
    OwnTerms *own = s ? s->own : NULL;
    bool has_own = own && own->self->likes.n + own->self->dislikes.n > 0;

    if (!has_own && c->profile->args.affinity.ignores_preferred)
        return false;
    if (has_own && !own->has_scores) {
        for_pods(own, score_pod);
        own->has_scores = true;
    }
    if (own && own->scores.n > 0)
        return true;
    for (uint32_t i = 0; s && s->meant && i < s->meant->n; i++)
        if (weight_of(c, s->meant->groups[i]) != 0)
            return true;
    return false;
}

int64_t score_affinity(const Cycle *c, const SchedNode *n)
{
    const AffinityState *s = c->affinity;
    int64_t sum = 0;

    for (uint32_t i = 0; s->own && i < s->own->scored_by.n; i++)
        sum += counts_get(&s->own->scores,
                          domain_of(s->snapshot, s->home, s->own->scored_by.items[i], n));
    for (uint32_t i = 0; s->meant && i < s->meant->n; i++)
        if (weight_of(c, s->meant->groups[i]) != 0)
            sum += weight_of(c, s->meant->groups[i]) * count_of(s, s->meant->groups[i], n);
    return sum;
}

void normalize_affinity(const Cycle *c UNUSED, const SchedNode *const *nodes UNUSED,
                        int64_t *scores, uint32_t n)
{
    int64_t low = n > 0 ? scores[0] : 0, high = low;

    for (uint32_t i = 0; i < n; i++) {
        low = MIN(low, scores[i]);
        high = MAX(high, scores[i]);
    }
    for (uint32_t i = 0; i < n; i++)
        /* In the order of upstream's floating point, which may be less by one than integers are. */
        scores[i] = high > low
                        ? (int64_t)(SCORE_MAX * ((double)(scores[i] - low) / (double)(high - low)))
                        : 0;
}
