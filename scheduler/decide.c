#include "scheduler/decide.h"

#include "client/meta.h"
#include "scheduler/fixed.h"
#include "scheduler/profile.h"

enum { ENOUGH_MIN = 100, SHARE_MIN_PERCENT = 5, EXTENDER_SCORE_MAX = 10, AHEAD = 8 };

/* What a decision finds out on its way. */
typedef struct Search {
    Tally tally;
    uint32_t rejected_by;
    SchedNode **hopeful; /* nodes that refuse the pod, but might not if other pods went */
    uint32_t n_hopeful;
} Search;

uint32_t decide_enough(uint32_t n, int64_t percent)
{
    if (percent == 0)
        percent = MAX(50 - (int64_t)n / 125, SHARE_MIN_PERCENT);
    return n <= ENOUGH_MIN ? n : (uint32_t)MAX(n * percent / 100, ENOUGH_MIN);
}

void tally_reason(Tally *t, const char *text, uint32_t n)
{
    uint32_t k = 0;

    while (k < t->n && t->reasons[k].text != text) /* mostly the same literal */
        k++;
    for (k = k < t->n ? k : 0; k < t->n && !str_eq(t->reasons[k].text, text);)
        k++;
    if (k == t->cap) {
        uint32_t cap = t->cap ? t->cap * 2 : 8;
        ReasonCount *more = arena_array(t->arena, ReasonCount, cap);

        if (t->n > 0)
            memcpy(more, t->reasons, t->n * sizeof(*more));
        t->reasons = more;
        t->cap = cap;
    }
    if (k == t->n)
        t->reasons[t->n++] = (ReasonCount){text, 0, NULL};
    t->reasons[k].n += n;
}

void tally_add(Tally *t, const Verdict *v)
{
    for (uint32_t i = 0; i < v->n; i++)
        tally_reason(t, v->reasons[i], 1);
}

/* ---- filter ---- */

static bool passes(const Cycle *c, const SchedNode *n, Verdict *v, uint32_t *ret_plugin)
{
    const FixedRefusal *refusal = fixed_row(c, n)->refusal;

    if (refusal) {
        *v = refusal->verdict;
        *ret_plugin = refusal->plugin;
        return false;
    }
    for (uint32_t i = 0; i < c->n_filters; i++) {
        c->filters[i].fn(c, n, v);
        if (v->n > 0) {
            *ret_plugin = c->filters[i].plugin;
            return false;
        }
    }
    return true;
}

/* After pre_filters(), which may have found that some need not be asked. */
static void list_filters(Cycle *c)
{
    profile_each(c->profile, POINT_FILTER, row)
    {
        if (row->plugin->is_fixed || (c->skipped & BIT(row->index)) ||
            (row->plugin->is_idle && row->plugin->is_idle(c)))
            continue;
        c->filters[c->n_filters].fn = row->plugin->filter;
        c->filters[c->n_filters++].plugin = row->index;
    }
    c->asks_room_only =
        c->n_filters == 1 && c->filters[0].fn == filter_fit && c->self->requests.n_extra == 0;
}

void cycle_move(Cycle *c, SchedNode *n, const SchedPod *p, int sign)
{
    if (sign > 0)
        node_lay(n, p);
    else
        node_lift(n, p);
    profile_each(c->profile, POINT_FILTER, row) if (row->plugin->moved)
        row->plugin->moved(c, p, n, sign);
}

/* Lays pods that wait for room on the node and are at least as important onto it, or lifts them
 * again; returns how many there are. */
static uint32_t move_all_nominated(Cycle *c, SchedNode *n, int sign)
{
    uint32_t moved = 0;

    list_for_each (l, &n->nominated) {
        const Nominated *w = list_entry(l, Nominated, in_node);

        if (w->pod->priority < c->self->priority || str_eq(w->pod->id, c->self->id) ||
            (w->is_claimed && !str_eq(w->pod->cluster, c->cluster)))
            continue;
        cycle_move(c, n, w->pod, sign);
        moved++;
    }
    return moved;
}

bool node_does(Cycle *c, SchedNode *n, Verdict *v, uint32_t *ret_plugin)
{
    bool does;

    if (n->room->n_nominated > 0 && move_all_nominated(c, n, 1) > 0) {
        does = passes(c, n, v, ret_plugin);
        move_all_nominated(c, n, -1);
        if (!does)
            return false;
    }
    /* and without them, as their pods may never come */
    return passes(c, n, v, ret_plugin);
}

/* ---- the message ---- */

static int by_line(const void *x, const void *y)
{
    return strcmp(((const ReasonCount *)x)->line, ((const ReasonCount *)y)->line);
}

void tally_print(Tally *t, Buf *b)
{
    for (uint32_t i = 0; i < t->n; i++)
        t->reasons[i].line = arena_printf(t->arena, "%u %s", t->reasons[i].n, t->reasons[i].text);
    if (t->n > 1)
        qsort(t->reasons, t->n, sizeof(*t->reasons), by_line);
    for (uint32_t i = 0; i < t->n; i++)
        buf_addf(b, "%s %s", i > 0 ? "," : "", t->reasons[i].line);
    buf_addc(b, '.');
}

/* ---- score ---- */

/* The scores of one plug-in into `scores`; false when they are the same for all. */
static bool score_by(Cycle *c, const Plugin *p, uint32_t *n_fixed, const SchedNode *const *nodes,
                     uint32_t n, int64_t *scores)
{
    if (p->is_fixed) {
        uint32_t at = (*n_fixed)++;

        if (!c->fixed->has_scores[at])
            return false;
        for (uint32_t k = 0; k < n; k++)
            scores[k] = fixed_row(c, nodes[k])->scores[at];
    } else {
        if (p->pre_score && !p->pre_score(c, nodes, n))
            return false;
        for (uint32_t k = 0; k < n; k++)
            scores[k] = p->score(c, nodes[k]);
    }
    if (p->normalize)
        p->normalize(c, nodes, scores, n);
    return true;
}

/* Weighted sums of all scores; ties go by a hash of pod and node, so that equal nodes share. */
static const SchedNode *best_of(Cycle *c, const AskedNodes *answer, const SchedNode *const *nodes,
                                uint32_t n)
{
    int64_t *total = snapshot_scratch(c->snapshot, SCRATCH_TOTALS, n * sizeof(*total));
    int64_t *scores = snapshot_scratch(c->snapshot, SCRATCH_SCORES, n * sizeof(*scores));
    uint64_t seed = hash_bytes(c->self->uid, strlen(c->self->uid)), best_hash = 0;
    uint32_t best = 0, n_fixed = 0;

    memset(total, 0, n * sizeof(*total));
    profile_each(c->profile, POINT_SCORE, row)
    {
        if (n == 1)
            break;
        if (!score_by(c, row->plugin, &n_fixed, nodes, n, scores))
            continue;
        for (uint32_t k = 0; k < n; k++)
            total[k] += scores[k] * row->weight;
    }
    for (uint32_t i = 0; i < c->profile->n_customs && n > 1; i++) {
        custom_score_run(&c->profile->customs[i], c, nodes, n, scores);
        for (uint32_t k = 0; k < n; k++)
            total[k] += scores[k] * c->profile->customs[i].weight;
    }
    for (uint32_t k = 0; answer && k < n; k++)
        total[k] += ((AskedNode *)map_get(&answer->by_name, nodes[k]->name))->score *
                    (SCORE_MAX / EXTENDER_SCORE_MAX);
    for (uint32_t k = 0; k < n; k++) {
        uint64_t hash = 0;

        if (k > 0 && total[k] < total[best])
            continue;
        hash = nodes[k]->hash ^ seed;
        if (k == 0 || total[k] > total[best] || hash > best_hash) {
            best = k;
            best_hash = hash;
        }
    }
    return nodes[best];
}

/* A plug-in may still say no to the chosen node. */
static const char *refused(Cycle *c, const SchedNode *n, uint32_t *ret_plugin)
{
    profile_each(c->profile, POINT_RESERVE, row)
    {
        const char *why = row->plugin->reserve(c, n);

        *ret_plugin = row->index;
        if (why)
            return why;
    }
    return NULL;
}

/* ---- one decision ---- */

static Decision gated(const Profile *profile, const Value *pod)
{
    profile_each(profile, POINT_PRE_ENQUEUE, row)
    {
        const char *why = row->plugin->pre_enqueue(pod);

        if (why)
            return (Decision){
                .reason = "SchedulingGated", .message = why, .rejected_by = BIT(row->index)};
    }
    return (Decision){0};
}

static bool pre_filters(Cycle *c, Verdict *v, uint32_t *ret_plugin)
{
    profile_each(c->profile, POINT_PRE_FILTER, row)
    {
        row->plugin->pre_filter(c, v);
        c->skipped |= v->is_skipped ? BIT(row->index) : 0;
        v->is_skipped = false;
        *ret_plugin = row->index;
        if (v->n > 0)
            return false;
    }
    list_filters(c);
    return true;
}

static bool look_at(Cycle *c, SchedNode *node, Search *s)
{
    Verdict v = {0};
    uint32_t plugin = 0;

    if (node_does(c, node, &v, &plugin))
        return true;
    s->rejected_by |= BIT(plugin);
    tally_add(&s->tally, &v);
    if (!v.is_unresolvable)
        s->hopeful[s->n_hopeful++] = node;
    return false;
}

/* ---- node pools ---- */

bool cycle_may_use(const Cycle *c, const SchedNode *n)
{
    return !c->is_pooled || c->lister->may_use_node(c->lister, c->cluster, n->view->labels);
}

static void count_usable(Cycle *c)
{
    c->is_pooled = c->lister && c->lister->has_pools && c->lister->has_pools(c->lister, c->cluster);
    c->n_usable = c->snapshot->n_nodes;
    for (uint32_t i = 0; c->is_pooled && i < c->snapshot->n_nodes; i++)
        c->n_usable -= !cycle_may_use(c, c->snapshot->nodes[i]);
}

/* A pod for which room was made looks at that node first. */
static const SchedNode *find_nominated(Cycle *c)
{
    const char *name = snapshot_nominated_node(c->snapshot, c->self->id);
    SchedNode *node = name ? map_get(&c->snapshot->by_name, name) : NULL;
    Verdict v = {0};
    uint32_t plugin;

    return node && node->value && cycle_may_use(c, node) && node_does(c, node, &v, &plugin) ? node
                                                                                            : NULL;
}

/* A pod that can go to one node only looks at that one. */
static const SchedNode *find_named(Cycle *c, Search *s)
{
    SchedNode *node = map_get(&c->snapshot->by_name, c->node_name);
    bool is_there = node && node->value && cycle_may_use(c, node);
    uint32_t n_others = c->n_usable - is_there;

    if (is_there && look_at(c, node, s))
        return node;
    s->rejected_by |= is_there ? 0 : ~0u;
    if (n_others > 0)
        tally_reason(&s->tally, "node(s) didn't satisfy plugin(s) [NodeAffinity]", n_others);
    return NULL;
}

/* Most nodes need no more than a look at what lies side by side. False: look_at() tells. */
static bool does_at_a_glance(const Cycle *c, uint32_t slot)
{
    const Room *room = &c->snapshot->rooms[slot];
    const FixedRow *row = &c->fixed->rows[slot];

    return c->asks_room_only && !c->is_pooled && room->n_nominated == 0 &&
           row->version == room->version && !row->refusal && room_fits(room, &c->self->requests);
}

/* The nodes that do; returns how many. */
static uint32_t find(Cycle *c, Search *s, const SchedNode **found, uint32_t *start)
{
    const Snapshot *snap = c->snapshot;
    const SchedNode *one = find_nominated(c);
    uint32_t n = snap->n_nodes, n_found = 0, i = 0;
    uint32_t enough = decide_enough(n, c->profile->nodes_percent);

    if (!one && c->node_name)
        one = find_named(c, s);
    if (one || c->node_name) {
        found[0] = one;
        return one != NULL;
    }
    for (uint32_t at = n > 0 ? *start % n : 0; i < n && n_found < enough; i++) {
        if (at + AHEAD < n)
            __builtin_prefetch(snap->nodes[at + AHEAD]);
        if (does_at_a_glance(c, at) ||
            (cycle_may_use(c, snap->nodes[at]) && look_at(c, snap->nodes[at], s)))
            found[n_found++] = snap->nodes[at];
        at = at + 1 == n ? 0 : at + 1;
    }
    *start = n > 0 ? (*start + i) % n : 0;
    return n_found;
}

/* With the answer of extenders: those that they left and that still do. When none is, every node
 * says why. A node that does, and of which they said nothing, means that the question is too old.
 */
static uint32_t find_answered(Cycle *c, Search *s, const AskedNodes *answer,
                              const SchedNode **found, bool *ret_stale)
{
    uint32_t n_found = 0;

    for (uint32_t i = 0; i < answer->n; i++) {
        SchedNode *node = map_get(&c->snapshot->by_name, answer->items[i].name);
        Verdict v = {0};
        uint32_t plugin;

        if (!answer->items[i].is_refused && node && node->value && cycle_may_use(c, node) &&
            node_does(c, node, &v, &plugin))
            found[n_found++] = node;
    }
    for (uint32_t i = 0; n_found == 0 && i < c->snapshot->n_nodes; i++) {
        SchedNode *node = c->snapshot->nodes[i];
        const AskedNode *said;

        if (!cycle_may_use(c, node) || !look_at(c, node, s))
            continue;
        said = map_get(&answer->by_name, node->name);
        *ret_stale = *ret_stale || !said || !said->is_refused;
        s->rejected_by = ~0u; /* who knows what changes an extender's mind */
        if (said && said->message)
            tally_reason(&s->tally, said->message, 1);
        if (said && !said->is_unresolvable)
            s->hopeful[s->n_hopeful++] = node;
    }
    return n_found;
}

static void no_node(Cycle *c, Search *s, const Verdict *all, Decision *d)
{
    AUTO_BUF b = BUF_INIT, more = BUF_INIT;
    uint32_t n = c->n_usable;

    d->reason = "Unschedulable";
    d->rejected_by = c->is_pooled && n == 0 ? ~0u : s->rejected_by;
    if (n == 0) {
        d->message = "no nodes available to schedule pods";
        return;
    }
    buf_addf(&b, "0/%u nodes are available:", n);
    if (all->n > 0)
        buf_addf(&b, " %s.", all->reasons[0]);
    else
        tally_print(&s->tally, &b);
    profile_each(c->profile, POINT_POST_FILTER, row)
        row->plugin->post_filter(c, s->hopeful, s->n_hopeful, d, &more);
    if (more.len > 0)
        buf_addf(&b, " %s", buf_str(&more));
    d->message = arena_strndup(c->arena, buf_str(&b), b.len);
}

static void read_spec(Cycle *c)
{
    const Value *spec = value_get(c->pod, "spec");
    const Value *affinity = value_at(spec, "affinity.nodeAffinity");

    c->tolerations = value_get(spec, "tolerations");
    c->node_selector = value_get(spec, "nodeSelector");
    c->node_required = value_get(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
    c->node_preferred = value_get(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
}

/* The nodes are for extenders to judge. */
static void ask_nodes(Arena *a, const SchedNode *const *found, uint32_t n, Decision *d)
{
    d->question = ASK_NODES;
    d->nodes = arena_array(a, const char *, n);
    d->n_nodes = n;
    for (uint32_t i = 0; i < n; i++)
        d->nodes[i] = arena_strdup(a, found[i]->name);
}

static Cycle begin(Arena *a, const DecideInput *in)
{
    Cycle c = {.arena = a,
               .snapshot = in->snapshot,
               .profile = in->profile ? in->profile : profile_default(),
               .lister = in->lister,
               .services = in->services,
               .cluster = in->cluster,
               .home = snapshot_cluster(in->snapshot, in->cluster),
               .pod = in->pod,
               .self = in->self,
               .asks_victims = in->asks_victims};

    read_spec(&c);
    count_usable(&c);
    snapshot_tick(in->snapshot);
    c.fixed = fixed_class(&c);
    return c;
}

Decision decide(Arena *a, const DecideInput *in, uint32_t *start)
{
    Cycle c = begin(a, in);
    uint32_t n = in->snapshot->n_nodes, n_found = 0, plugin = 0;
    Search s = {.tally = {.arena = a},
                .hopeful =
                    snapshot_scratch(in->snapshot, SCRATCH_HOPEFUL, (n + 1) * sizeof(SchedNode *))};
    const SchedNode **found =
        snapshot_scratch(in->snapshot, SCRATCH_FOUND,
                         (MAX(n, in->answer ? in->answer->n : 0) + 1) * sizeof(SchedNode *));
    const SchedNode *best;
    Verdict all = {0};
    Decision d = gated(c.profile, in->pod);
    const char *why;

    if (d.message)
        return d;
    if (!pre_filters(&c, &all, &plugin))
        s.rejected_by = BIT(plugin);
    else if (in->answer)
        n_found = find_answered(&c, &s, in->answer, found, &d.is_stale);
    else
        n_found = find(&c, &s, found, start);
    if (n_found == 0) {
        no_node(&c, &s, &all, &d);
        return d;
    }
    if (in->asks_nodes && !in->answer) {
        ask_nodes(a, found, n_found, &d);
        return d;
    }
    best = best_of(&c, in->answer, found, n_found);
    why = refused(&c, best, &plugin);
    if (why)
        return (Decision){.reason = "Unschedulable", .message = why, .rejected_by = BIT(plugin)};
    d.node = best->name;
    d.picks = c.picks;
    d.n_picks = c.n_picks;
    return d;
}
