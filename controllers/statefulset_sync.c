#include "controllers/statefulset_sync.h"

#include "client/meta.h"

/* ---- which pod ---- */

static bool is_up(const StsPod *p)
{
    return p->exists && p->is_ready && p->is_available && !p->is_deleted;
}

/* Make what is missing, lowest first; in order, each waits for the one before it. True: wait. */
static bool plan_wanted(const StsFacts *f, StsVerb *ret)
{
    for (uint32_t i = 0; i < f->replicas; i++) {
        const StsPod *p = &f->pods[i];
        bool must_wait = false;

        if (p->exists && p->is_finished) {
            if (!p->is_deleted)
                ret[i] = STS_DELETE; /* and made again when it is gone */
            must_wait = true;
        } else if (!p->exists) {
            if (!p->is_stale)
                ret[i] = STS_CREATE;
            must_wait = true;
        }
        must_wait = must_wait || p->is_deleted || !p->is_ready || !p->is_available;
        if (must_wait && !f->is_parallel)
            return true;
    }
    return false;
}

/* The first of the wanted pods, or the lowest of the condemned ones, that is not available. */
static const StsPod *first_down(const StsFacts *f)
{
    for (uint32_t i = 0; i < f->replicas; i++)
        if (!is_up(&f->pods[i]))
            return &f->pods[i];
    for (uint32_t i = f->n_condemned; i > 0; i--)
        if (!is_up(&f->condemned[i - 1]))
            return &f->condemned[i - 1];
    return NULL;
}

/* Take down what is too much, highest first; in order, one at a time. True: wait. */
static bool plan_surplus(const StsFacts *f, StsVerb *ret)
{
    const StsPod *down = first_down(f);

    for (uint32_t i = 0; i < f->n_condemned; i++) {
        const StsPod *p = &f->condemned[i];

        if (p->is_deleted) {
            if (!f->is_parallel)
                return true;
            continue;
        }
        if (!f->is_parallel && p != down && (!p->is_ready || !p->is_available))
            return true;
        ret[i] = STS_DELETE;
        if (!f->is_parallel)
            return true;
    }
    return false;
}

/* Replace old pods, highest first, as long as no more than max_unavailable are down. In parallel,
 * old ones that are down anyway go first and cost nothing. */
static void plan_update(const StsFacts *f, StsVerb *ret)
{
    int64_t budget = f->max_unavailable;

    for (uint32_t i = 0; i < f->replicas; i++)
        budget -= !is_up(&f->pods[i]);
    for (int takes_up = !f->is_parallel; takes_up <= 1; takes_up++)
        for (uint32_t i = f->replicas; i > f->partition; i--) {
            const StsPod *p = &f->pods[i - 1];

            if (p->is_updated || p->is_deleted || !p->exists || ret[i - 1] != STS_NOTHING ||
                is_up(p) != (takes_up == 1) || (takes_up && budget <= 0))
                continue;
            ret[i - 1] = STS_DELETE;
            budget -= takes_up;
        }
}

/* Where the set does not say how many may be down: the topmost old pod goes, once all above it are
 * up again, whatever those below it do. */
static void plan_next_update(const StsFacts *f, StsVerb *ret)
{
    for (uint32_t i = f->replicas; i > f->partition; i--) {
        const StsPod *p = &f->pods[i - 1];

        if (ret[i - 1] != STS_NOTHING)
            return;
        if (p->exists && !p->is_updated && !p->is_deleted) {
            ret[i - 1] = STS_DELETE;
            return;
        }
        if (!is_up(p))
            return;
    }
}

void statefulset_plan(const StsFacts *f, StsVerb *ret, StsVerb *ret_condemned)
{
    for (uint32_t i = 0; i < f->replicas; i++)
        ret[i] = STS_NOTHING;
    for (uint32_t i = 0; i < f->n_condemned; i++)
        ret_condemned[i] = STS_NOTHING;
    if (plan_wanted(f, ret) || plan_surplus(f, ret_condemned) || f->is_on_delete)
        return;
    if (f->max_unavailable == 0)
        plan_next_update(f, ret);
    else
        plan_update(f, ret);
}

int64_t statefulset_ordinal(const char *set, const char *pod)
{
    size_t n = strlen(set);
    int64_t ordinal;

    if (strncmp(pod, set, n) != 0 || pod[n] != '-' || pod[n + 1] < '0' || pod[n + 1] > '9' ||
        !slice_to_int64(slice_of(pod + n + 1), &ordinal) || ordinal > INT32_MAX)
        return -1;
    return ordinal;
}

/* ---- what the strategy says ---- */

uint32_t statefulset_max_unavailable(const Value *set)
{
    const Value *v = value_at(set, "spec.updateStrategy.rollingUpdate.maxUnavailable");
    const char *text = value_to_cstr(v);
    int64_t n = 1;

    if (text && str_ends(text, "%") && slice_to_int64((Slice){text, strlen(text) - 1}, &n))
        n = n * value_at_int(set, "spec.replicas", 1) / 100;
    else if (!value_to_int(v, &n))
        return 0;
    return (uint32_t)MAX(MIN(n, INT32_MAX), 1);
}

bool statefulset_is_held_back(const Value *set, int64_t ordinal)
{
    const Value *strategy = value_at(set, "spec.updateStrategy");
    const Value *rolling = value_get(strategy, "rollingUpdate");
    int64_t start = value_at_int(set, "spec.ordinals.start", 0);

    if (!str_eq(value_get_str(strategy, "type"), "RollingUpdate"))
        return false;
    if (!value_is(rolling, VALUE_OBJECT))
        return ordinal < start + value_at_int(set, "status.currentReplicas", 0);
    return ordinal < start + value_at_int(rolling, "partition", 0);
}

/* ---- claims ---- */

typedef struct Owner {
    bool was_there, was_controller;
} Owner;

static Value *without_owner(Arena *a, const Value *refs, const char *kind, const char *uid,
                            Owner *ret)
{
    Value *rest = value_array(a), *ref;

    value_each_item(refs, i, ref)
    {
        if (str_eq(value_get_str(ref, "kind"), kind) && str_eq(value_get_str(ref, "uid"), uid))
            *ret = (Owner){true, value_is_true(value_get(ref, "controller"))};
        else
            value_append(a, rest, ref);
    }
    return rest;
}

/* Is the owner as it is to be? It owns as a controller or not at all. */
static bool is_settled(const Owner *o, bool is_wanted)
{
    return o->was_there == is_wanted && o->was_controller == is_wanted;
}

Value *statefulset_claim_owners(Arena *a, const Value *set, const Value *pod, const Value *claim,
                                bool is_condemned)
{
    const Value *policy = value_at(set, "spec.persistentVolumeClaimRetentionPolicy");
    bool on_delete = str_eq(value_get_str(policy, "whenDeleted"), "Delete");
    bool on_scale = str_eq(value_get_str(policy, "whenScaled"), "Delete");
    bool for_pod = on_scale && is_condemned && pod, for_set = on_delete && !for_pod;
    Owner by_set = {0}, by_pod = {0};
    Value *refs = without_owner(a, value_at(claim, "metadata.ownerReferences"), "StatefulSet",
                                meta_uid(set), &by_set);

    if (pod)
        refs = without_owner(a, refs, "Pod", meta_uid(pod), &by_pod);
    if (meta_controller_in(refs)) /* somebody else's: nothing of ours is to be there */
        for_set = for_pod = false;
    if (is_settled(&by_set, for_set) && is_settled(&by_pod, for_pod))
        return NULL;
    if (for_set)
        value_append(a, refs, meta_owner_ref(a, set));
    if (for_pod)
        value_append(a, refs, meta_owner_ref(a, pod));
    return refs;
}

/* ---- status ---- */

Value *statefulset_status(Arena *a, const Value *set, StsCounts c)
{
    int64_t wanted = value_at_int(set, "spec.replicas", 1);
    const Value *old = value_get(set, "status");
    Value *status = value_is(old, VALUE_OBJECT) ? value_copy(a, old) : value_object(a);

    if (str_eq(value_at_str(set, "spec.updateStrategy.type"), "RollingUpdate") &&
        c.updated == wanted && c.ready == wanted && c.replicas == wanted) {
        c.current_revision = c.update_revision;
        c.current = c.updated;
    }
    const struct {
        const char *name;
        int64_t n;
        bool is_optional;
    } counts[] = {
        {"observedGeneration", meta_generation(set), true},
        {"replicas", c.replicas, false},
        {"readyReplicas", c.ready, true},
        {"currentReplicas", c.current, true},
        {"updatedReplicas", c.updated, true},
        {"availableReplicas", c.available, false},
        {"collisionCount", c.collisions, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        if (counts[i].n != 0 || !counts[i].is_optional)
            value_set_int(a, status, counts[i].name, counts[i].n);
        else
            value_del(status, counts[i].name);
    }
    value_set_str(a, status, "currentRevision", c.current_revision);
    value_set_str(a, status, "updateRevision", c.update_revision);
    return status;
}
