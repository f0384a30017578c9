#include "controllers/statefulset_sync.h"

/* Make what is missing, lowest first; in order, each waits for the one before it. True: wait. */
static bool plan_wanted(const StsFacts *f, StsVerb *ret)
{
    bool must_wait = false;

    for (uint32_t i = 0; i < f->replicas; i++) {
        const StsPod *p = &f->pods[i];

        if (p->exists && p->is_finished && !p->is_deleted)
            ret[i] = STS_DELETE; /* and made again when it is gone */
        else if (!p->exists)
            ret[i] = STS_CREATE;
        if (ret[i] != STS_NOTHING || p->is_deleted || !p->is_available)
            must_wait = true;
        if (must_wait && !f->is_parallel)
            return true;
    }
    return must_wait;
}

/* Take down what is too much, highest first; in order, one at a time. True: wait. */
static bool plan_surplus(const StsFacts *f, StsVerb *ret)
{
    bool any = false;

    for (uint32_t i = f->n; i > f->replicas; i--) {
        const StsPod *p = &f->pods[i - 1];

        if (!p->exists)
            continue;
        any = true;
        if (!p->is_deleted)
            ret[i - 1] = STS_DELETE;
        if (!f->is_parallel)
            return true;
    }
    return any;
}

/* Replace old pods, highest first, one at a time, each when all above it are well. */
static void plan_update(const StsFacts *f, StsVerb *ret)
{
    for (uint32_t i = f->replicas; i > f->partition; i--) {
        const StsPod *p = &f->pods[i - 1];

        if (!p->exists)
            return;
        if (!p->is_updated && !p->is_deleted) {
            ret[i - 1] = STS_DELETE;
            return;
        }
        if (p->is_deleted || !p->is_available)
            return;
    }
}

void statefulset_plan(const StsFacts *f, StsVerb *ret)
{
    bool must_wait;

    for (uint32_t i = 0; i < f->n; i++)
        ret[i] = STS_NOTHING;
    must_wait = plan_wanted(f, ret);
    if (must_wait && !f->is_parallel) {
        /* A broken old pod must not block the update that would mend it. */
        for (uint32_t i = 0; i < f->replicas; i++)
            if (ret[i] != STS_NOTHING || f->pods[i].is_deleted)
                return;
        if (plan_surplus(f, ret))
            return;
        if (!f->is_on_delete)
            plan_update(f, ret);
        return;
    }
    must_wait = plan_surplus(f, ret) || must_wait;
    for (uint32_t i = 0; i < f->n; i++)
        if (ret[i] != STS_NOTHING)
            return;
    if (!f->is_on_delete)
        plan_update(f, ret);
}
