#include "scheduler/decide.h"

enum { ENOUGH_MIN = 100, SHARE_MIN_PERCENT = 5 };

typedef struct ReasonCount {
    const char *text;
    uint32_t n;
    const char *line; /* "2 Insufficient cpu" */
} ReasonCount;

typedef struct Tally {
    Arena *arena;
    ReasonCount *reasons;
    uint32_t n, cap;
    uint32_t n_unresolvable;
    uint32_t rejected_by;
} Tally;

uint32_t decide_enough(uint32_t n)
{
    uint32_t percent = 50 - MIN(n / 125, 45);

    if (n <= ENOUGH_MIN)
        return n;
    return MAX(n * MAX(percent, SHARE_MIN_PERCENT) / 100, ENOUGH_MIN);
}

static void tally_add(Tally *t, const Verdict *v, uint32_t plugin)
{
    t->rejected_by |= BIT(plugin);
    t->n_unresolvable += v->is_unresolvable;
    for (uint32_t i = 0; i < v->n; i++) {
        uint32_t k = 0;

        while (k < t->n && !str_eq(t->reasons[k].text, v->reasons[i]))
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
            t->reasons[t->n++] = (ReasonCount){v->reasons[i], 0, NULL};
        t->reasons[k].n++;
    }
}

/* True: every plug-in is content with the node. */
static bool node_does(const Cycle *c, const SchedNode *n, Tally *t)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++) {
        Verdict v = {0};

        if (!scheduler__plugins[i].filter)
            continue;
        scheduler__plugins[i].filter(c, n, &v);
        if (v.n > 0) {
            tally_add(t, &v, i);
            return false;
        }
    }
    return true;
}

static int by_line(const void *x, const void *y)
{
    return strcmp(((const ReasonCount *)x)->line, ((const ReasonCount *)y)->line);
}

static const char *message_of(Cycle *c, Tally *t, uint32_t n_nodes)
{
    AUTO_BUF b = BUF_INIT;

    if (n_nodes == 0)
        return "no nodes available to schedule pods";
    for (uint32_t i = 0; i < t->n; i++)
        t->reasons[i].line = arena_printf(c->arena, "%u %s", t->reasons[i].n, t->reasons[i].text);
    if (t->n > 1)
        qsort(t->reasons, t->n, sizeof(*t->reasons), by_line);
    buf_addf(&b, "0/%u nodes are available:", n_nodes);
    for (uint32_t i = 0; i < t->n; i++)
        buf_addf(&b, "%s %s", i > 0 ? "," : "", t->reasons[i].line);
    buf_addc(&b, '.');
    for (uint32_t i = 0; i < scheduler__n_plugins; i++) {
        const char *more = scheduler__plugins[i].post_filter
                               ? scheduler__plugins[i].post_filter(c, n_nodes, t->n_unresolvable)
                               : NULL;

        if (more)
            buf_addf(&b, " %s", more);
    }
    return arena_strndup(c->arena, buf_str(&b), b.len);
}

/* Weighted sums of all scores; ties go by a hash of pod and node, so that equal nodes share. */
static const SchedNode *best_of(const Cycle *c, const SchedNode *const *nodes, uint32_t n)
{
    int64_t *total = arena_array(c->arena, int64_t, n);
    int64_t *scores = arena_array(c->arena, int64_t, n);
    const char *uid = value_at_str(c->pod, "metadata.uid");
    uint32_t best = 0;
    uint64_t best_hash = 0;

    for (uint32_t i = 0; i < scheduler__n_plugins && n > 1; i++) {
        const Plugin *p = &scheduler__plugins[i];

        if (!p->score)
            continue;
        for (uint32_t k = 0; k < n; k++)
            scores[k] = p->score(c, nodes[k]);
        if (p->normalize)
            p->normalize(scores, n);
        for (uint32_t k = 0; k < n; k++)
            total[k] += scores[k] * p->weight;
    }
    for (uint32_t k = 0; k < n; k++) {
        const char *text = arena_printf(c->arena, "%s/%s", uid ? uid : "", nodes[k]->name);
        uint64_t hash = n > 1 ? hash_bytes(text, strlen(text)) : 0;

        if (k == 0 || total[k] > total[best] || (total[k] == total[best] && hash > best_hash)) {
            best = k;
            best_hash = hash;
        }
    }
    return nodes[best];
}

static Decision gated(Cycle *c)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++) {
        const char *why =
            scheduler__plugins[i].pre_filter ? scheduler__plugins[i].pre_filter(c) : NULL;

        if (why)
            return (Decision){.reason = "SchedulingGated",
                              .message = "Scheduling is blocked due to non-empty scheduling gates",
                              .rejected_by = BIT(i)};
    }
    return (Decision){0};
}

/* Reserve and permit: a plug-in may still say no to the chosen node. */
static const char *refused(const Cycle *c, const SchedNode *n, uint32_t *ret_plugin)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++) {
        const Plugin *p = &scheduler__plugins[i];
        const char *why = p->reserve ? p->reserve(c, n) : NULL;

        if (!why && p->permit)
            why = p->permit(c, n);
        *ret_plugin = i;
        if (why)
            return why;
    }
    return NULL;
}

Decision decide(Arena *a, const Snapshot *s, const char *cluster, const Value *pod, uint32_t *start)
{
    Cycle c = {.arena = a, .snapshot = s, .cluster = cluster, .pod = pod};
    Tally tally = {.arena = a};
    uint32_t n = s->n_nodes, n_found = 0, i = 0, plugin;
    const SchedNode **found = arena_array(a, const SchedNode *, n + 1);
    const SchedNode *best;
    const char *why;
    Decision d = gated(&c);

    if (d.message)
        return d;
    res_of_pod(pod, &c.requests);
    res_nonzero_of_pod(pod, &c.nonzero_cpu_milli, &c.nonzero_memory);
    c.n_ports = pod_host_ports(pod, c.ports, ARRAY_LEN(c.ports));
    for (; i < n && n_found < decide_enough(n); i++) {
        const SchedNode *node = s->nodes[(*start + i) % n];

        if (node_does(&c, node, &tally))
            found[n_found++] = node;
    }
    *start = n > 0 ? (*start + i) % n : 0;
    if (n_found == 0) {
        d.reason = "Unschedulable";
        d.message = message_of(&c, &tally, n);
        d.rejected_by = tally.rejected_by;
    } else {
        best = best_of(&c, found, n_found);
        why = refused(&c, best, &plugin);
        if (why)
            d = (Decision){NULL, "Unschedulable", why, BIT(plugin)};
        else
            d.node = best->name;
    }
    res_done(&c.requests);
    return d;
}
