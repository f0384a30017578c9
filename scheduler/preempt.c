#include "scheduler/preempt.h"

#include "client/meta.h"
#include "scheduler/profile.h"

typedef struct Budget {
    const Selector *labels;
    bool selects_nothing;
    const char *ns;
    const Value *disrupted;
    int64_t allowed;
} Budget;

typedef struct Budgets {
    Arena *arena;
    Budget *items;
    uint32_t n, cap;
} Budgets;

/* ---- disruption budgets ---- */

static void on_budget(Obj *o, void *data)
{
    Budgets *b = data;
    const Value *v = obj_to_value(b->arena, o, NULL, NULL);
    const Value *selector = value_at(v, "spec.selector");
    Selector *sel = NULL;
    bool none = false;
    Budget *to;

    if (b->n == b->cap) {
        uint32_t cap = b->cap ? b->cap * 2 : 8;
        Budget *more = arena_array(b->arena, Budget, cap);

        if (b->n > 0)
            memcpy(more, b->items, b->n * sizeof(*more));
        b->items = more;
        b->cap = cap;
    }
    to = &b->items[b->n++];
    to->selects_nothing = selector_from_value(b->arena, selector, &sel, &none, NULL) < 0 || none ||
                          selector_is_empty(sel);
    to->labels = sel;
    to->ns = arena_strdup(b->arena, o->ns);
    to->disrupted = value_at(v, "status.disruptedPods");
    to->allowed = value_at_int(v, "status.disruptionsAllowed", 0);
}

static Budgets load_budgets(Cycle *c)
{
    Budgets b = {.arena = c->arena};

    if (c->lister)
        (void)c->lister->list(c->lister, c->cluster, "policy/poddisruptionbudgets", NULL, NULL,
                              on_budget, &b, NULL);
    return b;
}

/* Which of the pods could not go without breaking a budget, if they went in this order. */
static bool *violations(Cycle *c, const Budgets *b, SchedPod *const *pods, uint32_t n)
{
    int64_t *left = arena_array(c->arena, int64_t, b->n + 1);
    bool *out = arena_array(c->arena, bool, n + 1);

    for (uint32_t k = 0; k < b->n; k++)
        left[k] = b->items[k].allowed;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < b->n && value_len(pods[i]->labels) > 0; k++) {
            const Budget *budget = &b->items[k];

            if (!str_eq(budget->ns, pods[i]->ns) || budget->selects_nothing ||
                !selector_match_labels(budget->labels, pods[i]->labels) ||
                value_get(budget->disrupted, pods[i]->name))
                continue;
            out[i] = out[i] || --left[k] < 0;
        }
    return out;
}

/* ---- victims of one node ---- */

static int by_importance(const void *x, const void *y)
{
    const SchedPod *a = *(SchedPod *const *)x, *b = *(SchedPod *const *)y;

    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    if (a->started_us != b->started_us)
        return a->started_us < b->started_us ? -1 : 1;
    return strcmp(a->id, b->id);
}

static SchedPod **less_important(const Cycle *c, const SchedNode *n, uint32_t *ret_n)
{
    SchedPod **pods;

    *ret_n = 0;
    if (!c->home || c->home->n_priorities == 0 ||
        c->home->priorities[0].priority >= c->self->priority)
        return NULL;
    pods = arena_array(c->arena, SchedPod *, n->n_pods);
    list_for_each (l, &n->pods) {
        SchedPod *p = list_entry(l, SchedPod, in_node);

        if (p->home == c->home && p->priority < c->self->priority)
            pods[(*ret_n)++] = p;
    }
    if (*ret_n > 1)
        qsort(pods, *ret_n, sizeof(*pods), by_importance);
    return pods;
}

/* Its strings are the pod's. */
static Victim victim_of(const SchedPod *p)
{
    return (Victim){.ns = p->ns,
                    .name = p->name,
                    .uid = p->uid,
                    .priority = p->priority,
                    .started_us = p->started_us,
                    .generation = p->generation,
                    .is_terminating = p->is_terminating};
}

static void victim_own(Arena *a, Victim *v)
{
    v->ns = arena_strdup(a, v->ns);
    v->name = arena_strdup(a, v->name);
    v->uid = arena_strdup(a, v->uid);
}

/* As if the pod came to the node (+1) or left it (-1). */
static void room_move(Room *room, const SchedPod *p, int sign)
{
    room->free_cpu_milli -= sign * p->requests.cpu_milli;
    room->free_memory -= sign * p->requests.memory;
    room->free_ephemeral -= sign * p->requests.ephemeral;
    room->free_pods = (int16_t)(room->free_pods - sign);
}

/* Where the victims of one node are tried out: on the node itself, or, when the pod asks for
 * nothing but room, on a copy of its room. */
typedef struct Trial {
    Cycle *c;
    SchedNode *node;
    bool is_room_only;
    Room room;
} Trial;

static void trial_move(Trial *t, const SchedPod *p, int sign)
{
    if (t->is_room_only)
        room_move(&t->room, p, sign);
    else
        cycle_move(t->c, t->node, p, sign);
}

static bool trial_does(Trial *t, Verdict *v)
{
    uint32_t plugin;

    if (t->is_room_only && room_fits(&t->room, &t->c->self->requests))
        return true;
    *v = (Verdict){0};
    return !t->is_room_only && node_does(t->c, t->node, v, &plugin);
}

/* As many as possible come back, those first whose going would break a budget. */
static void reprieve(Trial *t, SchedPod *const *pods, uint32_t n, const bool *violates,
                     bool *is_victim)
{
    Verdict ignored;

    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < n; i++) {
            if (violates[i] != (pass == 0))
                continue;
            trial_move(t, pods[i], 1);
            is_victim[i] = !trial_does(t, &ignored);
            if (is_victim[i])
                trial_move(t, pods[i], -1);
        }
}

/* All less important pods go; then as many as possible come back. False with a verdict when it does
 * not help. */
static bool victims_of(Cycle *c, const Budgets *budgets, SchedNode *n, Candidate *ret, Verdict *v)
{
    uint32_t n_pods;
    SchedPod **pods = less_important(c, n, &n_pods);
    Trial t = {.c = c, .node = n, .room = *n->room};
    bool *violates, *is_victim, helps;

    *ret = (Candidate){.node = n->name};
    if (n_pods == 0) {
        *v = (Verdict){0};
        verdict_add(v, "No preemption victims found for incoming pod");
        return false;
    }
    ret->victims = arena_array(c->arena, Victim, n_pods);
    violates = violations(c, budgets, pods, n_pods);
    is_victim = arena_array(c->arena, bool, n_pods);
    t.is_room_only = c->asks_room_only && n->n_nominated == 0;
    for (uint32_t i = 0; i < n_pods; i++)
        trial_move(&t, pods[i], -1);
    helps = trial_does(&t, v);
    if (!helps && t.is_room_only) { /* the words are the filter's */
        Room was = *n->room;

        *n->room = t.room;
        filter_fit(c, n, v);
        *n->room = was;
    }
    if (helps)
        reprieve(&t, pods, n_pods, violates, is_victim);
    for (uint32_t i = 0; i < n_pods; i++) {
        if (!helps || is_victim[i])
            trial_move(&t, pods[i], 1);
        if (!helps || !is_victim[i])
            continue;
        ret->victims[ret->n++] = victim_of(pods[i]);
        ret->n_violations += violates[i];
    }
    return helps && ret->n > 0;
}

/* ---- which node ---- */

static int64_t priorities(const Candidate *k)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < k->n; i++)
        sum += k->victims[i].priority + INT32_MAX + 1LL;
    return sum;
}

/* When the first of the most important victims began. */
static int64_t first_start(const Candidate *k)
{
    int64_t first = INT64_MAX;

    for (uint32_t i = 0; i < k->n && k->victims[i].priority == k->victims[0].priority; i++)
        first = MIN(first, k->victims[i].started_us);
    return first;
}

static bool is_better(const Candidate *a, const Candidate *b)
{
    int64_t pa = priorities(a), pb = priorities(b);

    if (a->n_violations != b->n_violations)
        return a->n_violations < b->n_violations;
    if (a->victims[0].priority != b->victims[0].priority)
        return a->victims[0].priority < b->victims[0].priority;
    if (pa != pb)
        return pa < pb;
    if (a->n != b->n)
        return a->n < b->n;
    return first_start(a) > first_start(b);
}

/* ---- may it at all ---- */

static bool is_among(SchedNode *const *nodes, uint32_t n, const SchedNode *node)
{
    for (uint32_t i = 0; i < n; i++)
        if (nodes[i] == node)
            return true;
    return false;
}

static const char *not_eligible(const Cycle *c, SchedNode *const *hopeful, uint32_t n_hopeful)
{
    const char *policy = value_at_str(c->pod, "spec.preemptionPolicy");
    const char *node = value_at_str(c->pod, "status.nominatedNodeName");
    const SchedNode *n = node ? map_get(&c->snapshot->by_name, node) : NULL;

    if (str_eq(policy, "Never"))
        return "not eligible due to preemptionPolicy=Never.";
    if (!n || !is_among(hopeful, n_hopeful, n))
        return NULL; /* what ends there would not help any more */
    list_for_each (l, &n->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_node);

        if (str_eq(p->cluster, c->cluster) && p->priority < c->self->priority &&
            p->is_terminating_by_preemption)
            return "not eligible due to a terminating pod on the nominated node.";
    }
    return NULL;
}

static void choose(Arena *a, const Candidate *best, Decision *d)
{
    d->nominated = arena_strdup(a, best->node);
    d->victims = arena_array(a, Victim, best->n);
    d->n_victims = 0;
    for (uint32_t i = 0; i < best->n; i++) {
        if (best->victims[i].is_terminating)
            continue;
        d->victims[d->n_victims] = best->victims[i];
        victim_own(a, &d->victims[d->n_victims++]);
    }
}

void preempt_choose(Arena *a, const Candidate *list, uint32_t n, Decision *d)
{
    const Candidate *best = NULL;

    for (uint32_t i = 0; i < n; i++)
        if (!best || is_better(&list[i], best))
            best = &list[i];
    if (best)
        choose(a, best, d);
}

/* The candidates outlive the decision. */
static void ask_victims(Arena *a, Candidate *found, uint32_t n, Decision *d)
{
    d->question = ASK_VICTIMS;
    d->candidates = found;
    d->n_candidates = n;
    for (uint32_t i = 0; i < n; i++) {
        found[i].node = arena_strdup(a, found[i].node);
        for (uint32_t k = 0; k < found[i].n; k++)
            victim_own(a, &found[i].victims[k]);
    }
}

/* Upstream's plug-in for devices has its word first: no pod of ours claims any. */
static const char no_claims[] = "no new claims to deallocate, preemption: ";

void preempt(Cycle *c, SchedNode *const *hopeful, uint32_t n, Decision *d, Buf *message)
{
    uint32_t n_nodes = c->n_usable, n_found = 0;
    const PluginArgs *args = &c->profile->args;
    int64_t enough = MAX(n * args->preemption.percent / 100, args->preemption.absolute);
    const char *why = not_eligible(c, hopeful, n);
    Tally tally = {.arena = c->arena};
    bool is_harmless = false;
    Candidate *found;
    Budgets budgets;

    if (why) {
        buf_addf(message, "%s%s", no_claims, why);
        return;
    }
    budgets = n > 0 ? load_budgets(c) : (Budgets){0};
    found = arena_array(c->arena, Candidate, n + 1);
    /* While all that was found breaks a budget, the search goes on. */
    for (uint32_t i = 0; i < n && (n_found < enough || !is_harmless); i++) {
        Verdict v;

        if (victims_of(c, &budgets, hopeful[i], &found[n_found], &v))
            is_harmless = found[n_found++].n_violations == 0 || is_harmless;
        else
            tally_add(&tally, &v);
    }
    if (n_found > 0) {
        if (c->asks_victims)
            ask_victims(c->arena, found, n_found, d);
        else
            preempt_choose(c->arena, found, n_found, d);
        return;
    }
    if (n_nodes > n)
        tally_reason(&tally, "Preemption is not helpful for scheduling", n_nodes - n);
    buf_addf(message, "%s0/%u nodes are available:", no_claims, n_nodes);
    tally_print(&tally, message);
}
