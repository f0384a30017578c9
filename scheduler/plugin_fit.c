#include "scheduler/plugin.h"

/* Plug-ins over what a node has left: resources and ports. */

void filter_fit(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const Res *want = &c->self->requests, *have = &cycle_view(c, n)->allocatable;
    const Res *used = &n->requested;
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
    const Res *have = &cycle_view(c, n)->allocatable;

    return (least(n->nonzero_cpu_milli + c->self->nonzero_cpu_milli, have->cpu_milli) +
            least(n->nonzero_memory + c->self->nonzero_memory, have->memory)) /
           2;
}

static double fraction(int64_t used, int64_t have)
{
    return have <= 0 || used >= have ? 1.0 : (double)used / (double)have;
}

int64_t score_balanced(const Cycle *c, const SchedNode *n)
{
    const Res *have = &cycle_view(c, n)->allocatable, *want = &c->self->requests;
    double cpu = fraction(n->requested.cpu_milli + want->cpu_milli, have->cpu_milli);
    double memory = fraction(n->requested.memory + want->memory, have->memory);
    double spread = cpu > memory ? (cpu - memory) / 2 : (memory - cpu) / 2;

    return (int64_t)((1 - spread) * SCORE_MAX);
}

void filter_ports(const Cycle *c, const SchedNode *n, Verdict *v)
{
    for (uint32_t i = 0; i < c->self->n_ports; i++)
        for (uint32_t k = 0; k < n->n_ports; k++)
            if (host_ports_conflict(&c->self->ports[i], &n->ports[k])) {
                verdict_add(v, "node(s) didn't have free ports for the requested pod ports");
                return;
            }
}

/* ---- images that are there already ---- */

/* "nginx" is the same image as "nginx:latest". */
static const char *image_name(const Cycle *c, const char *image)
{
    const char *slash = strrchr(image, '/'), *colon = strrchr(image, ':');

    return colon && (!slash || colon > slash) ? image : arena_printf(c->arena, "%s:latest", image);
}

/* Larger images count more, and less the fewer nodes have them, lest all pods go to one node. */
int64_t score_images(const Cycle *c, const SchedNode *n)
{
    static const int64_t mb = 1024 * 1024, least_bytes = 23 * mb, most_bytes = 1000 * mb;
    const Value *containers = value_at(c->pod, "spec.containers"), *container;
    int64_t sum = 0, most = most_bytes * MAX(1, value_len(containers));

    if (n->n_images == 0)
        return 0;
    value_each_item(containers, i, container)
    {
        const char *image = value_get_str(container, "image");
        const char *name = image ? image_name(c, image) : "";
        const ImageState *st = map_get(&c->snapshot->images, name);

        for (uint32_t k = 0; st && k < n->n_images; k++)
            if (str_eq(n->images[k], name)) {
                sum += st->size_bytes * st->n_nodes / MAX(1, c->snapshot->n_nodes);
                break;
            }
    }
    sum = MIN(MAX(sum, least_bytes), most);
    return SCORE_MAX * (sum - least_bytes) / (most - least_bytes);
}

void normalize_up(const Cycle *c UNUSED, const SchedNode *const *nodes UNUSED, int64_t *scores,
                  uint32_t n)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < n; i++)
        most = MAX(most, scores[i]);
    for (uint32_t i = 0; i < n; i++)
        scores[i] = most > 0 ? scores[i] * SCORE_MAX / most : 0;
}

void normalize_down(const Cycle *c UNUSED, const SchedNode *const *nodes UNUSED, int64_t *scores,
                    uint32_t n)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < n; i++)
        most = MAX(most, scores[i]);
    for (uint32_t i = 0; i < n; i++)
        scores[i] = most > 0 ? SCORE_MAX - scores[i] * SCORE_MAX / most : SCORE_MAX;
}
