#include "scheduler/plugin.h"

/* Plug-ins over what a node has left: resources and ports. */

void filter_fit(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const Res *want = &c->requests, *have = &n->allocatable, *used = &n->requested;
    static const struct {
        size_t offset;
        const char *reason;
    } plain[] = {
        {offsetof(Res, cpu_milli), "Insufficient cpu"},
        {offsetof(Res, memory), "Insufficient memory"},
        {offsetof(Res, ephemeral), "Insufficient ephemeral-storage"},
    };

    if (have->pods < n->n_pods + 1)
        verdict_add(v, "Too many pods");
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        int64_t w = *(const int64_t *)((const char *)want + plain[i].offset);
        int64_t h = *(const int64_t *)((const char *)have + plain[i].offset);
        int64_t u = *(const int64_t *)((const char *)used + plain[i].offset);

        if (w > 0 && w > h - u)
            verdict_add(v, plain[i].reason);
        v->is_unresolvable = v->is_unresolvable || w > h;
    }
    for (uint32_t i = 0; i < want->n_extra; i++) {
        const ResExtra *e = &want->extra[i];

        if (e->amount > 0 && e->amount > res_extra(have, e->name) - res_extra(used, e->name))
            verdict_add(v, arena_printf(c->arena, "Insufficient %s", e->name));
        v->is_unresolvable = v->is_unresolvable || e->amount > res_extra(have, e->name);
    }
}

static int64_t least(int64_t used, int64_t have)
{
    return have <= 0 || used > have ? 0 : (have - used) * SCORE_MAX / have;
}

int64_t score_least_allocated(const Cycle *c, const SchedNode *n)
{
    return (least(n->nonzero_cpu_milli + c->nonzero_cpu_milli, n->allocatable.cpu_milli) +
            least(n->nonzero_memory + c->nonzero_memory, n->allocatable.memory)) /
           2;
}

static double fraction(int64_t used, int64_t have)
{
    return have <= 0 || used >= have ? 1.0 : (double)used / (double)have;
}

int64_t score_balanced(const Cycle *c, const SchedNode *n)
{
    double cpu = fraction(n->requested.cpu_milli + c->requests.cpu_milli, n->allocatable.cpu_milli);
    double memory = fraction(n->requested.memory + c->requests.memory, n->allocatable.memory);
    double spread = cpu > memory ? (cpu - memory) / 2 : (memory - cpu) / 2;

    return (int64_t)((1 - spread) * SCORE_MAX);
}

void filter_ports(const Cycle *c, const SchedNode *n, Verdict *v)
{
    for (uint32_t i = 0; i < c->n_ports; i++)
        for (uint32_t k = 0; k < n->n_ports; k++)
            if (host_ports_conflict(&c->ports[i], &n->ports[k])) {
                verdict_add(v, "node(s) didn't have free ports for the requested pod ports");
                return;
            }
}

void normalize_up(int64_t *scores, uint32_t n)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < n; i++)
        most = MAX(most, scores[i]);
    for (uint32_t i = 0; i < n; i++)
        scores[i] = most > 0 ? scores[i] * SCORE_MAX / most : 0;
}

void normalize_down(int64_t *scores, uint32_t n)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < n; i++)
        most = MAX(most, scores[i]);
    for (uint32_t i = 0; i < n; i++)
        scores[i] = most > 0 ? SCORE_MAX - scores[i] * SCORE_MAX / most : SCORE_MAX;
}
