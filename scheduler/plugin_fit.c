#include "scheduler/profile.h"

#include <math.h>

enum { BALANCED_MAX = 16 };

/* Plug-ins over what a node has left: resources and ports. */

static bool list_has(const Value *names, const char *name, size_t len)
{
    const Value *v;

    value_each_item(names, i, v)
    {
        const char *has = value_to_cstr(v);

        if (has && strlen(has) == len && memcmp(has, name, len) == 0)
            return true;
    }
    return false;
}

/* Somebody else counts this resource. */
static bool is_ignored(const FitArgs *args, const char *name)
{
    const char *slash = strchr(name, '/');

    return list_has(args->ignored, name, strlen(name)) ||
           (slash && list_has(args->ignored_groups, name, (size_t)(slash - name)));
}

/* What the node lacks, in upstream's words. */
static void tell_lack(const Cycle *c, const SchedNode *n, Verdict *v)
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

        if (is_ignored(&c->profile->args.fit, e->name))
            continue;
        if (e->amount > 0 && e->amount > res_extra(have, e->name) - res_extra(used, e->name))
            verdict_add(v, arena_printf(c->arena, "Insufficient %s", e->name));
        v->is_unresolvable = v->is_unresolvable || e->amount > res_extra(have, e->name);
    }
}

/* The same of a pod that wants none but the usual, without a look at more than the room. */
static void tell_lack_of_room(const Res *want, const Room *room, Verdict *v)
{
    if (room->free_pods < 1)
        verdict_add(v, "Too many pods");
    if (want->cpu_milli > 0 && want->cpu_milli > room->free_cpu_milli)
        verdict_add(v, "Insufficient cpu");
    if (want->memory > 0 && want->memory > room->free_memory)
        verdict_add(v, "Insufficient memory");
    v->is_unresolvable = want->cpu_milli > room->cpu_milli || want->memory > room->memory;
}

/* An overlay adds extended resources only: the rest is as the room says. */
void filter_fit(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const Res *want = &c->self->requests;
    const Room *room = n->room;

    if (want->n_extra == 0 && room_fits(room, want))
        return;
    if (want->n_extra == 0 && want->ephemeral <= 0)
        tell_lack_of_room(want, room, v);
    else
        tell_lack(c, n, v);
}

/* ---- scores ---- */

/* What a node has of a resource, and what is taken of it with this pod. False: the node has none,
 * or the pod wants none of a resource that most pods do not want. */
static bool amounts(const Cycle *c, const SchedNode *n, const char *name, bool is_nonzero,
                    int64_t *ret_used, int64_t *ret_have)
{
    const Res *have = &cycle_view(c, n)->allocatable, *used = &n->requested;
    const Res *want = &c->self->requests;

    if (str_eq(name, "cpu")) {
        *ret_have = have->cpu_milli;
        *ret_used = is_nonzero ? n->nonzero_cpu_milli + c->self->nonzero_cpu_milli
                               : used->cpu_milli + want->cpu_milli;
    } else if (str_eq(name, "memory")) {
        *ret_have = have->memory;
        *ret_used =
            is_nonzero ? n->nonzero_memory + c->self->nonzero_memory : used->memory + want->memory;
    } else if (str_eq(name, "ephemeral-storage")) {
        *ret_have = have->ephemeral;
        *ret_used = used->ephemeral + want->ephemeral;
    } else {
        *ret_have = res_extra(want, name) == 0 ? 0 : res_extra(have, name);
        *ret_used = res_extra(used, name) + res_extra(want, name);
    }
    return *ret_have > 0;
}

/* Division of integers takes several times as long as that of doubles, which is exact here: what
 * is below a number up to SCORE_MAX is so by 1 / have at least, which a double still tells. */
static int64_t least(int64_t used, int64_t have)
{
    if (used > have)
        return 0;
    return have < INT64_C(1) << 45 ? (int64_t)((double)((have - used) * SCORE_MAX) / (double)have)
                                   : (have - used) * SCORE_MAX / have;
}

static int64_t most(int64_t used, int64_t have)
{
    return MIN(used, have) * SCORE_MAX / have;
}

/* Straight lines between the points of the shape, whose scores go to 10. */
static int64_t by_shape(const FitArgs *args, int64_t used, int64_t have)
{
    int64_t percent = used > have ? 100 : used * 100 / have;
    int64_t factor = SCORE_MAX / 10;
    const ShapePoint *p = args->shape;

    for (uint32_t i = 0; i < args->n_shape; i++) {
        if (percent > p[i].utilization)
            continue;
        if (i == 0)
            return p[0].score * factor;
        return p[i - 1].score * factor + (p[i].score - p[i - 1].score) * factor *
                                             (percent - p[i - 1].utilization) /
                                             (p[i].utilization - p[i - 1].utilization);
    }
    return p[args->n_shape - 1].score * factor;
}

/* What most profiles say: the room is enough to know. */
static bool are_cpu_and_memory(const ResourceWeight *r, uint32_t n)
{
    return n == 2 && r[0].weight == r[1].weight && str_eq(r[0].name, "cpu") &&
           str_eq(r[1].name, "memory");
}

static int64_t least_of_room(const Cycle *c, const Room *room)
{
    return (least(room->nonzero_cpu_milli + c->self->nonzero_cpu_milli, room->cpu_milli) +
            least(room->nonzero_memory + c->self->nonzero_memory, room->memory)) /
           2;
}

bool pre_score_fit(Cycle *c, const SchedNode *const *nodes UNUSED, uint32_t n UNUSED)
{
    const FitArgs *args = &c->profile->args.fit;

    c->is_fit_by_room =
        args->strategy == FIT_LEAST && are_cpu_and_memory(args->resources, args->n_resources);
    return true;
}

int64_t score_fit(const Cycle *c, const SchedNode *n)
{
    const FitArgs *args = &c->profile->args.fit;
    int64_t sum = 0, weights = 0;

    if (c->is_fit_by_room && n->room->cpu_milli > 0 && n->room->memory > 0)
        return least_of_room(c, n->room);
    for (uint32_t i = 0; i < args->n_resources; i++) {
        int64_t used, have, weight = args->resources[i].weight, score;

        if (!amounts(c, n, args->resources[i].name, true, &used, &have))
            continue;
        score = args->strategy == FIT_LEAST  ? least(used, have)
                : args->strategy == FIT_MOST ? most(used, have)
                                             : by_shape(args, used, have);
        if (args->strategy == FIT_RATIO && score == 0)
            continue;
        sum += score * weight;
        weights += weight;
    }
    if (weights == 0)
        return 0;
    return args->strategy == FIT_RATIO ? (sum + weights / 2) / weights : sum / weights;
}

static bool wants_any(const Res *want, const ResourceWeight *resources, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (res_amount(want, resources[i].name) > 0)
            return true;
    return false;
}

/* A pod that asks for none of them would only draw others of its kind to one node. */
bool pre_score_balanced(Cycle *c, const SchedNode *const *nodes UNUSED, uint32_t n UNUSED)
{
    const ResourceWeight *resources = c->profile->args.balanced.resources;
    uint32_t n_resources = c->profile->args.balanced.n;

    c->is_balanced_by_room = are_cpu_and_memory(resources, n_resources);
    return wants_any(&c->self->requests, resources, n_resources);
}

static double share(int64_t used, int64_t have)
{
    return used >= have ? 1.0 : (double)used / (double)have;
}

static double deviation(const double *shares, uint32_t n)
{
    double mean = 0, sum = 0;

    if (n < 2)
        return 0;
    if (n == 2)
        return fabs(shares[0] - shares[1]) / 2;
    for (uint32_t i = 0; i < n; i++)
        mean += shares[i];
    mean /= n;
    for (uint32_t i = 0; i < n; i++)
        sum += (shares[i] - mean) * (shares[i] - mean);
    return sqrt(sum / n);
}

/* How near to each other the shares lie that are taken of each resource. */
static int64_t balance(const double *shares, uint32_t n)
{
    return (int64_t)((1 - deviation(shares, n)) * SCORE_MAX);
}

/* The shares of each resource that are taken with the pod and without it; returns how many. */
static uint32_t find_shares(const Cycle *c, const SchedNode *n, double *with, double *without)
{
    const ResourceWeight *resources = c->profile->args.balanced.resources;
    uint32_t n_resources = MIN(c->profile->args.balanced.n, BALANCED_MAX), n_shares = 0;
    const Res *want = &c->self->requests;
    const Room *room = n->room;
    int64_t used, have;

    if (c->is_balanced_by_room && room->cpu_milli > 0 && room->memory > 0) {
        int64_t cpu = room->cpu_milli - room->free_cpu_milli;
        int64_t memory = room->memory - room->free_memory;

        with[0] = share(cpu + want->cpu_milli, room->cpu_milli);
        with[1] = share(memory + want->memory, room->memory);
        without[0] = share(cpu, room->cpu_milli);
        without[1] = share(memory, room->memory);
        return 2;
    }
    for (uint32_t i = 0; i < n_resources; i++)
        if (amounts(c, n, resources[i].name, false, &used, &have)) {
            with[n_shares] = share(used, have);
            without[n_shares++] = share(used - res_amount(want, resources[i].name), have);
        }
    return n_shares;
}

/* By what the pod does to the node's balance: 75 when nothing, up to 100 when it sets it right,
 * down to 50 when it spoils it (noderesources/balanced_allocation.go, since 1.36). */
int64_t score_balanced(const Cycle *c, const SchedNode *n)
{
    double with[BALANCED_MAX], without[BALANCED_MAX];
    uint32_t n_shares = find_shares(c, n, with, without);

    return SCORE_MAX / 2 +
           (SCORE_MAX / 2 + balance(with, n_shares) - balance(without, n_shares)) / 2;
}

bool ports_are_idle(const Cycle *c)
{
    return c->self->n_ports == 0;
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

struct ImageScores {
    const ImageState **images; /* of containers and volumes; NULL where no node has it */
    uint32_t n;
    bool has_any;
};

/* Found at the first node that is scored. */
static const ImageScores *images_of(const Cycle *c)
{
    static const struct {
        const char *list, *image;
    } named[] = {{"spec.initContainers", "image"},
                 {"spec.containers", "image"},
                 {"spec.volumes", "image.reference"}};
    const Value *one;
    size_t n_max = 1;
    ImageScores *s;

    if (c->images)
        return c->images;
    s = ((Cycle *)c)->images = arena_new0(c->arena, ImageScores);
    for (size_t k = 0; k < ARRAY_LEN(named); k++)
        n_max += value_len(value_at(c->pod, named[k].list));
    s->images = arena_array(c->arena, const ImageState *, n_max);
    for (size_t k = 0; k < ARRAY_LEN(named); k++)
        value_each_item(value_at(c->pod, named[k].list), i, one)
        {
            const char *image = value_at_str(one, named[k].image);

            if (!image && str_eq(named[k].list, "spec.volumes"))
                continue; /* most are none of an image */
            s->images[s->n] = map_get(&c->snapshot->images, image ? image_name(c, image) : "");
            s->has_any = s->has_any || s->images[s->n];
            s->n++;
        }
    return s;
}

/* Larger images count more, and less the fewer nodes have them, lest all pods go to one node. */
int64_t score_images(const Cycle *c, const SchedNode *n)
{
    static const int64_t mb = 1024 * 1024, least_bytes = 23 * mb, most_bytes = 1000 * mb;
    const ImageScores *s = images_of(c);
    int64_t sum = 0, most = most_bytes * MAX(1, s->n);

    if (!s->has_any)
        return 0;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->images[i] && node_has_image(n, s->images[i]))
            sum += s->images[i]->size_bytes * s->images[i]->n_nodes / MAX(1, c->snapshot->n_nodes);
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
