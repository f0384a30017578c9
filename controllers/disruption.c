#include "base/clock.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * Keeps the status of PodDisruptionBudgets: how many of the selected pods may be evicted now. The
 * eviction subresource of the server takes from disruptionsAllowed.
 */

static const char *const storage = "policy/poddisruptionbudgets";

enum { EVICTION_MS = 120 * 1000 }; /* an eviction that was granted and not seen is forgotten */

typedef struct PodChange {
    Controllers *c;
    uint32_t index;
    const Change *ch;
} PodChange;

static void on_budget(Obj *o, void *data)
{
    const PodChange *pc = data;
    const Value *v = obj_to_value(pc->ch->arena, o, NULL, NULL);
    Selector *sel = NULL;
    bool is_none = false;

    if (selector_from_value(pc->ch->arena, value_at(v, "spec.selector"), &sel, &is_none, NULL) <
            0 ||
        is_none)
        return;
    if (selector_match_obj(sel, pc->ch->obj))
        ctl_enqueue(pc->c, pc->index, pc->ch->cluster, o->ns, o->name);
}

void disruption_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);

    if (str_eq(ch->storage, storage))
        ctl_map_self(c, index, ch);
    else /* a failure to list is met again at the next change */
        (void)l->list(l, ch->cluster, storage, ch->ns, NULL, on_budget, &(PodChange){c, index, ch},
                      NULL);
}

static bool is_selected(const Obj *o, const void *sel)
{
    return selector_match_obj(sel, o);
}

/* The replicas that the pods' controllers want, each controller once; pods without one count as
 * one. */
static int expected_pods(Ctl *ctl, const Values *pods, int64_t *ret, Err *err)
{
    const char **seen = arena_array(ctl->arena, const char *, pods->n + 1);
    uint32_t n = 0;

    *ret = 0;
    for (uint32_t i = 0; i < pods->n; i++) {
        const Value *ref = meta_controller(pods->items[i]);
        const char *uid = value_get_str(ref, "uid");
        const Resource *resource;
        Value *owner = NULL;
        bool is_known = false;
        int r;

        for (uint32_t k = 0; k < n && uid; k++)
            is_known = is_known || str_eq(seen[k], uid);
        if (is_known)
            continue;
        resource = uid ? ctl_resource_of_kind(ctl, value_get_str(ref, "apiVersion"),
                                              value_get_str(ref, "kind"))
                       : NULL;
        if (!resource || resource->crd) {
            (*ret)++;
            continue;
        }
        seen[n++] = uid;
        r = ctl_get(ctl, resource->storage, ctl->ns, value_get_str(ref, "name"), &owner, err);
        if (r < 0)
            return r;
        *ret += value_at_int(owner, "spec.replicas", 1);
    }
    return 0;
}

static int64_t amount(const Value *v, int64_t total)
{
    const char *text = value_to_cstr(v);
    int64_t n = 0;

    if (!text)
        return value_to_int(v, &n) ? n : 0;
    if (!str_ends(text, "%") || !slice_to_int64((Slice){text, strlen(text) - 1}, &n))
        return 0;
    return (n * total + 99) / 100;
}

/* Pods whose eviction was granted and that are not under deletion yet. */
static Value *pending(Ctl *ctl, const Value *pdb, const Values *pods, int64_t *ret_again_ms)
{
    Value *rest = value_object(ctl->arena);

    value_each_member(value_at(pdb, "status.disruptedPods"), m)
    {
        const char *text = value_to_cstr(m->value);
        int64_t left_ms, since_us;

        if (!text || !clock_from_rfc3339(slice_of(text), &since_us))
            continue;
        for (uint32_t i = 0; i < pods->n; i++) {
            if (!str_eq(meta_name(pods->items[i]), m->name) || meta_is_deleted(pods->items[i]))
                continue;
            left_ms = EVICTION_MS - (ctl->now_us - since_us) / 1000;
            left_ms = MIN(left_ms, EVICTION_MS);
            if (left_ms <= 0)
                continue;
            value_set(ctl->arena, rest, m->name, m->value);
            *ret_again_ms = left_ms;
        }
    }
    return rest;
}

int disruption_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    const Value *limit;
    Value *pdb, *copy, *status, *disrupted;
    int64_t expected = 0, desired, healthy = 0, allowed, again_ms = 0;
    Selector *sel = NULL;
    bool is_none = false;
    Values pods;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &pdb, err);

    if (r < 0 || !pdb)
        return r;
    r = selector_from_value(a, value_at(pdb, "spec.selector"), &sel, &is_none, err);
    if (r == 0)
        r = ctl_list(ctl, "pods", ctl->ns, is_selected, sel, &pods, err);
    if (is_none)
        pods.n = 0;
    if (r == 0)
        r = expected_pods(ctl, &pods, &expected, err);
    if (r < 0)
        return r;

    limit = value_at(pdb, "spec.maxUnavailable");
    desired = limit ? MAX(expected - amount(limit, expected), 0)
                    : amount(value_at(pdb, "spec.minAvailable"), expected);
    if (!limit && value_to_cstr(value_at(pdb, "spec.minAvailable")) == NULL)
        expected = pods.n; /* an absolute number asks for no controllers */
    disrupted = pending(ctl, pdb, &pods, &again_ms);
    for (uint32_t i = 0; i < pods.n; i++)
        healthy += pod_is_active(pods.items[i]) && pod_is_ready(pods.items[i]) &&
                   !value_get(disrupted, meta_name(pods.items[i]));
    allowed = expected > 0 ? MAX(healthy - desired, 0) : 0;

    copy = value_copy(a, pdb);
    status = value_need(a, copy, "status");
    value_set_int(a, status, "currentHealthy", healthy);
    value_set_int(a, status, "desiredHealthy", desired);
    value_set_int(a, status, "expectedPods", expected);
    value_set_int(a, status, "disruptionsAllowed", allowed);
    value_set_int(a, status, "observedGeneration", meta_generation(pdb));
    if (value_len(disrupted) > 0)
        value_set(a, status, "disruptedPods", disrupted);
    else
        value_del(status, "disruptedPods");
    condition_set(a, copy,
                  allowed > 0
                      ? &(Condition){"DisruptionAllowed", "True", "SufficientPods", "", false}
                      : &(Condition){"DisruptionAllowed", "False", "InsufficientPods", "", false},
                  ctl->now_us);
    value_set_int(a, condition_get(copy, "DisruptionAllowed"), "observedGeneration",
                  meta_generation(pdb));
    if (!value_equal(value_get(pdb, "status"), status))
        r = ctl_update_status(ctl, storage, copy, err);
    return r < 0 ? r : (int)again_ms;
}
