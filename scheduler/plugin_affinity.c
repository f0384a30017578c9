#include "scheduler/profile.h"

/*
 * Pod affinity and anti-affinity, within one cluster: pods of other tenants neither attract nor
 * repel. Counts are kept by topology domain, a pair of a node label's key and value, as in
 * upstream's interpodaffinity plug-in.
 */

enum { DOMAIN_KEY_MAX = 640 };

struct AffinityState {
    Map repelled; /* domain -> existing pods whose required anti-affinity means this pod */
    Map needed;   /* domain -> pods that all terms of this pod's required affinity mean */
    Map refused;  /* domain -> pods that a term of its required anti-affinity means */
    bool means_itself;
    Map scores;    /* domain -> sum of weights */
    Map ns_labels; /* namespace -> Value */
};

/* ---- counts by domain ---- */

static Slice domain_key(char *out, const char *key, const char *value)
{
    int n = snprintf(out, DOMAIN_KEY_MAX, "%s=%s", key, value);

    return (Slice){out, MIN((size_t)n, DOMAIN_KEY_MAX - 1)};
}

static void domain_add(Map *m, const char *key, const char *value, int64_t amount)
{
    char text[DOMAIN_KEY_MAX];
    Slice k = domain_key(text, key, value);
    int64_t sum = (int64_t)(intptr_t)map_getn(m, k) + amount;

    if (sum == 0)
        map_deln(m, k);
    else
        map_setn(m, k, (void *)(intptr_t)sum);
}

static int64_t domain_get(const Map *m, const char *key, const char *value)
{
    char text[DOMAIN_KEY_MAX];

    return m->n == 0 ? 0 : (int64_t)(intptr_t)map_getn(m, domain_key(text, key, value));
}

static AffinityState *state_of(Cycle *c)
{
    AffinityState *s = c->affinity;
    Map *maps[5];

    if (s)
        return s;
    s = c->affinity = arena_new0(c->arena, AffinityState);
    maps[0] = &s->repelled;
    maps[1] = &s->needed;
    maps[2] = &s->refused;
    maps[3] = &s->scores;
    maps[4] = &s->ns_labels;
    for (size_t i = 0; i < ARRAY_LEN(maps); i++)
        cycle_own_map(c, maps[i]);
    return s;
}

/* ---- what a term means ---- */

static const Value *ns_labels(const Cycle *c, const char *ns)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    Value *v = map_get(&c->affinity->ns_labels, ns);

    if (v)
        return v;
    v = value_object(c->arena);
    if (c->lister && c->lister->get(c->lister, c->cluster, "namespaces", "", ns, &o, NULL) == 0 &&
        o)
        for (uint32_t i = 0; i < o->n_labels; i++)
            value_set_str(c->arena, v, o->labels[i].key, o->labels[i].value);
    map_set(&c->affinity->ns_labels, ns, v);
    return v;
}

static bool means(const Cycle *c, const AffinityTerm *t, const char *owner_ns,
                  const SchedPod *other)
{
    return affinity_term_means(t, owner_ns, other,
                               t->has_ns_selector ? ns_labels(c, other->ns) : NULL);
}

static bool all_mean(const Cycle *c, const AffinityTerms *terms, const char *ns,
                     const SchedPod *other)
{
    for (uint32_t i = 0; i < terms->n; i++)
        if (!means(c, &terms->items[i], ns, other))
            return false;
    return terms->n > 0;
}

/* ---- filter ---- */

static void count_for(Map *m, const AffinityTerm *t, const NodeView *view, int64_t amount)
{
    const char *value = view_label(view, t->topology_key);

    if (value)
        domain_add(m, t->topology_key, value, amount);
}

/* One pod of the cluster comes to the counts, or goes. */
static void count_pod(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    AffinityState *s = c->affinity;
    const SchedPod *self = c->self;
    const NodeView *view;

    if (!n->value)
        return;
    view = cycle_view(c, n);
    for (uint32_t i = 0; i < p->refuses.n; i++)
        if (means(c, &p->refuses.items[i], p->ns, self))
            count_for(&s->repelled, &p->refuses.items[i], view, sign);
    if (all_mean(c, &self->needs, self->ns, p))
        for (uint32_t i = 0; i < self->needs.n; i++)
            count_for(&s->needed, &self->needs.items[i], view, sign);
    for (uint32_t i = 0; i < self->refuses.n; i++)
        if (means(c, &self->refuses.items[i], self->ns, p))
            count_for(&s->refused, &self->refuses.items[i], view, sign);
}

void pre_filter_affinity(Cycle *c, Verdict *v UNUSED)
{
    const SchedPod *self = c->self;
    AffinityState *s;
    bool has_own = self->needs.n + self->refuses.n > 0;

    if (!has_own && (!c->home || list_is_empty(&c->home->terms)))
        return;
    s = state_of(c);
    s->means_itself = all_mean(c, &self->needs, self->ns, self);
    if (!c->home)
        return;
    if (has_own) {
        list_for_each (l, &c->home->pods) {
            const SchedPod *p = list_entry(l, SchedPod, in_cluster);

            count_pod(c, p, p->node, 1);
        }
    } else {
        list_for_each (l, &c->home->terms) {
            const SchedPod *p = list_entry(l, SchedPod, in_terms);

            count_pod(c, p, p->node, 1);
        }
    }
}

void moved_affinity(Cycle *c, const SchedPod *p, const SchedNode *n, int sign)
{
    if (c->affinity && str_eq(p->cluster, c->cluster))
        count_pod(c, p, n, sign);
}

/* The first pod of a group that wants to be together may go anywhere. */
static bool needs_are_met(const Cycle *c, const NodeView *view)
{
    const AffinityState *s = c->affinity;
    const AffinityTerms *needs = &c->self->needs;
    bool all = true;

    for (uint32_t i = 0; i < needs->n; i++) {
        const char *key = needs->items[i].topology_key, *value = view_label(view, key);

        if (!value)
            return false;
        all = all && domain_get(&s->needed, key, value) > 0;
    }
    return all || (s->needed.n == 0 && s->means_itself);
}

static bool is_repelled(const AffinityState *s, const NodeView *view)
{
    if (s->repelled.n == 0)
        return false;
    value_each_member(view->labels, m)
    {
        const char *value = value_to_cstr(m->value);

        if (value && domain_get(&s->repelled, m->name, value) > 0)
            return true;
    }
    return false;
}

void filter_affinity(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const AffinityState *s = c->affinity;
    const AffinityTerms *refuses = &c->self->refuses;
    const NodeView *view;

    if (!s)
        return;
    view = cycle_view(c, n);
    if (!needs_are_met(c, view)) {
        verdict_refuse(v, "node(s) didn't match pod affinity rules");
        return;
    }
    for (uint32_t i = 0; i < refuses->n && s->refused.n > 0; i++) {
        const char *key = refuses->items[i].topology_key, *value = view_label(view, key);

        if (value && domain_get(&s->refused, key, value) > 0) {
            verdict_add(v, "node(s) didn't match pod anti-affinity rules");
            return;
        }
    }
    if (is_repelled(s, view))
        verdict_add(v, "node(s) didn't satisfy existing pods anti-affinity rules");
}

/* ---- score ---- */

static void add_scores(Cycle *c, const AffinityTerms *terms, const char *ns, const SchedPod *other,
                       const NodeView *view, int64_t sign)
{
    for (uint32_t i = 0; i < terms->n; i++) {
        const AffinityTerm *t = &terms->items[i];
        const char *value = view_label(view, t->topology_key);

        if (value && means(c, t, ns, other))
            domain_add(&c->affinity->scores, t->topology_key, value,
                       sign * (t->weight > 0 ? t->weight : c->profile->args.affinity.hard_weight));
    }
}

static void score_pod(Cycle *c, const SchedPod *p)
{
    const SchedPod *self = c->self;
    const NodeView *view;

    if (!p->node->value)
        return;
    view = cycle_view(c, p->node);
    add_scores(c, &self->likes, self->ns, p, view, 1);
    add_scores(c, &self->dislikes, self->ns, p, view, -1);
    add_scores(c, &p->needs, p->ns, self, view, 1);
    add_scores(c, &p->likes, p->ns, self, view, 1);
    add_scores(c, &p->dislikes, p->ns, self, view, -1);
}

void pre_score_affinity(Cycle *c, const SchedNode *const *nodes UNUSED, uint32_t n UNUSED)
{
    bool has_own = c->self->likes.n + c->self->dislikes.n > 0;

    if (!c->home || (!has_own && list_is_empty(&c->home->terms)))
        return;
    if (!has_own && c->profile->args.affinity.ignores_preferred)
        return;
    state_of(c);
    if (has_own) {
        list_for_each (l, &c->home->pods)
            score_pod(c, list_entry(l, SchedPod, in_cluster));
    } else {
        list_for_each (l, &c->home->terms)
            score_pod(c, list_entry(l, SchedPod, in_terms));
    }
}

int64_t score_affinity(const Cycle *c, const SchedNode *n)
{
    int64_t sum = 0;

    if (!c->affinity || c->affinity->scores.n == 0)
        return 0;
    value_each_member(cycle_view(c, n)->labels, m)
    {
        const char *value = value_to_cstr(m->value);

        if (value)
            sum += domain_get(&c->affinity->scores, m->name, value);
    }
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
        scores[i] = high > low ? SCORE_MAX * (scores[i] - low) / (high - low) : 0;
}
