#include "controllers/poolmove_sync.h"

#include "client/meta.h"
#include "controllers/podutil.h"

/* ---- dedicated pools ---- */

bool poolmove_is_unsettled(const Value *tenant, const Value *plan, Value *const *pools, uint32_t n,
                           const char **ret_taken)
{
    const Value *own = value_at(tenant, "spec.overrides.nodePools");
    const Value *wanted = value_len(own) > 0 ? own : value_at(plan, "spec.nodePools");
    bool is_unsettled = false;

    *ret_taken = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const char *name = meta_name(pools[i]), *holder = value_at_str(pools[i], "status.tenant");
        bool wants =
            str_eq(value_at_str(pools[i], "spec.mode"), "dedicated") && value_has_str(wanted, name);
        bool has = str_eq(holder, meta_name(tenant));

        if (wants && !has && holder && *holder)
            *ret_taken = name;
        else
            is_unsettled = is_unsettled || wants != has;
    }
    return is_unsettled && !*ret_taken;
}

/* ---- pods ---- */

static const char *owner_of(const Value *pod)
{
    const char *uid = value_get_str(meta_controller(pod), "uid");

    return uid ? uid : "";
}

/* A DaemonSet's pods follow its nodes by themselves. */
static bool is_left_alone(const Value *pod)
{
    return str_eq(value_get_str(meta_controller(pod), "kind"), "DaemonSet");
}

static bool are_others_ready(const MovePod *pods, uint32_t n, const MovePod *but)
{
    const char *owner = owner_of(but->pod);

    for (uint32_t i = 0; i < n; i++)
        if (&pods[i] != but && !pod_is_finished(pods[i].pod) &&
            str_eq(owner_of(pods[i].pod), owner) &&
            (meta_is_deleted(pods[i].pod) || !pod_is_ready(pods[i].pod)))
            return false;
    return true;
}

static bool has_one_of(const MovePlan *p, const char *owner)
{
    for (uint32_t i = 0; i < p->n_evict; i++)
        if (str_eq(owner_of(p->evict[i]), owner))
            return true;
    return false;
}

MovePlan poolmove_plan(Arena *a, const MovePod *pods, uint32_t n)
{
    MovePlan p = {.evict = arena_array(a, const Value *, n + 1)};

    for (uint32_t i = 0; i < n; i++) {
        const Value *pod = pods[i].pod;
        const char *owner = owner_of(pod);

        if (!pods[i].is_stray || pod_is_finished(pod) || is_left_alone(pod))
            continue;
        if (!*owner) {
            p.n_alone++;
            continue;
        }
        p.n_strays++;
        if (!meta_is_deleted(pod) && !has_one_of(&p, owner) && are_others_ready(pods, n, &pods[i]))
            p.evict[p.n_evict++] = pod;
    }
    return p;
}

/* ---- telling ---- */

bool poolmove_note(Arena *a, Value *tenant, const MovePlan *plan, const char *taken, int64_t now_us)
{
    const char *message = "all pods are on nodes of the tenant's pools", *reason = "InPlace";

    if (taken) {
        reason = "PoolTaken";
        message = arena_printf(a, "the dedicated pool %s is another tenant's", taken);
    } else if (plan->n_strays > 0) {
        reason = "Moving";
        message = arena_printf(a, "%u pods are still to be replaced", plan->n_strays);
    } else if (plan->n_alone > 0) {
        reason = "Alone";
        message = arena_printf(a, "%u pods that no controller would replace stay where they are",
                               plan->n_alone);
    } else if (!condition_get(tenant, "PodsInPlace"))
        return false; /* nothing ever was to be said */
    return condition_set(a, tenant,
                         &(Condition){.type = "PodsInPlace",
                                      .status = str_eq(reason, "InPlace") ? "True" : "False",
                                      .reason = reason,
                                      .message = message},
                         now_us);
}
