#include "controllers/statefulset_sync.h"

#include "client/meta.h"

/* ---- which pod ---- */

static bool is_healthy(const StsPod *p)
{
    return p->exists && p->is_ready && !p->is_deleted;
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

/* The first of the wanted pods, or the lowest of the condemned ones, that is not well. */
static const StsPod *first_unhealthy(const StsFacts *f)
{
    for (uint32_t i = 0; i < f->replicas; i++)
        if (!is_healthy(&f->pods[i]))
            return &f->pods[i];
    for (uint32_t i = f->n_condemned; i > 0; i--)
        if (!is_healthy(&f->condemned[i - 1]))
            return &f->condemned[i - 1];
    return NULL;
}

/* Take down what is too much, highest first; in order, one at a time. True: wait. */
static bool plan_surplus(const StsFacts *f, StsVerb *ret)
{
    const StsPod *unhealthy = first_unhealthy(f);

    for (uint32_t i = 0; i < f->n_condemned; i++) {
        const StsPod *p = &f->condemned[i];

        if (p->is_deleted) {
            if (!f->is_parallel)
                return true;
            continue;
        }
        if (!f->is_parallel && p != unhealthy && (!p->is_ready || !p->is_available))
            return true;
        ret[i] = STS_DELETE;
        if (!f->is_parallel)
            return true;
    }
    return false;
}

/* Replace old pods, highest first, as long as no more than max_unavailable are down. Those that are
 * down anyway cost nothing; new ones that do not come up stop the rollout. */
static void plan_update(const StsFacts *f, StsVerb *ret)
{
    uint32_t down = 0, stuck = 0;

    for (uint32_t i = 0; i < f->replicas; i++)
        down += !is_healthy(&f->pods[i]) || !f->pods[i].is_available;
    for (uint32_t i = f->replicas; i > f->partition; i--) {
        const StsPod *p = &f->pods[i - 1];
        bool is_down = !is_healthy(p) || !p->is_available;

        if (p->is_updated || p->is_deleted || !p->exists || ret[i - 1] != STS_NOTHING) {
            stuck += is_down;
        } else if (is_down) {
            ret[i - 1] = STS_DELETE;
            stuck++;
        } else if (down < f->max_unavailable) {
            ret[i - 1] = STS_DELETE;
            down++;
            stuck++;
        }
        if (stuck >= f->max_unavailable)
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
        n = 1;
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

static Value *without_owner(Arena *a, const Value *refs, const char *kind, const char *uid,
                            bool *ret_had)
{
    Value *rest = value_array(a), *ref;

    *ret_had = false;
    value_each_item(refs, i, ref)
    {
        if (str_eq(value_get_str(ref, "kind"), kind) && str_eq(value_get_str(ref, "uid"), uid))
            *ret_had = true;
        else
            value_append(a, rest, ref);
    }
    return rest;
}

Value *statefulset_claim_owners(Arena *a, const Value *set, const Value *pod, const Value *claim,
                                bool is_condemned)
{
    const Value *policy = value_at(set, "spec.persistentVolumeClaimRetentionPolicy");
    bool on_delete = str_eq(value_get_str(policy, "whenDeleted"), "Delete");
    bool on_scale = str_eq(value_get_str(policy, "whenScaled"), "Delete");
    bool for_pod = on_scale && is_condemned && pod, for_set = on_delete && !for_pod, had_set;
    bool had_pod = false;
    Value *refs = without_owner(a, value_at(claim, "metadata.ownerReferences"), "StatefulSet",
                                meta_uid(set), &had_set);

    if (pod)
        refs = without_owner(a, refs, "Pod", meta_uid(pod), &had_pod);
    if (had_set == for_set && had_pod == for_pod)
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
