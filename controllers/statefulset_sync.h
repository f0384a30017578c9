/*
 * statefulset_sync.h - which pod of a StatefulSet is made, replaced or taken down next; who owns
 * its claims; what its status says. Pure.
 *
 * Follows upstream pkg/controller/statefulset: stateful_set_control.go, stateful_set_utils.go.
 *
 * Tests:   tests/unit/controllers/test_statefulset_sync.c
 */
#ifndef CONTROLLERS_STATEFULSET_SYNC_H
#define CONTROLLERS_STATEFULSET_SYNC_H

#include "base/value.h"

typedef struct StsPod {
    bool exists;
    bool is_finished, is_deleted;
    bool is_ready;     /* running and ready */
    bool is_available; /* for long enough */
    bool is_updated;   /* of the update revision */
    bool is_stale;     /* does not exist, and a claim of it belongs to its predecessor yet */
} StsPod;

typedef struct StsFacts {
    const StsPod *pods; /* ordinals start .. start + replicas - 1 */
    uint32_t replicas;
    const StsPod *condemned; /* all others that exist, highest ordinal first */
    uint32_t n_condemned;
    bool is_parallel, is_on_delete;
    uint32_t partition;       /* counted from the first ordinal */
    uint32_t max_unavailable; /* 0: one at a time, from the top */
} StsFacts;

typedef enum StsVerb { STS_NOTHING, STS_CREATE, STS_DELETE } StsVerb;

/* One verb for each of f->replicas pods into `ret`, one for each condemned one into ret_condemned.
 */
void statefulset_plan(const StsFacts *f, StsVerb *ret, StsVerb *ret_condemned);

/* The ordinal in a pod's name; -1 when the name is not of this set. */
int64_t statefulset_ordinal(const char *set, const char *pod);
/* At least 1, or 0 when the set does not say. */
uint32_t statefulset_max_unavailable(const Value *set);
/* Is a pod of this ordinal made from the current revision, and not the update revision? */
bool statefulset_is_held_back(const Value *set, int64_t ordinal);

/*
 * The owner references that a claim is to have under the retention policy: owned by the set, by the
 * pod that is scaled away, or by neither. Other owners stay. NULL: nothing to change. `pod` may be
 * NULL when it is not made yet.
 */
Value *statefulset_claim_owners(Arena *a, const Value *set, const Value *pod, const Value *claim,
                                bool is_condemned);

typedef struct StsCounts {
    int64_t replicas, ready, available, current, updated;
    const char *current_revision, *update_revision;
    int64_t collisions;
} StsCounts;

/* The new status; the update is through when all are of the update revision and ready. */
Value *statefulset_status(Arena *a, const Value *set, StsCounts counts);

#endif
