/*
 * statefulset_sync.h - which pod of a StatefulSet is made, replaced or taken down next. Pure.
 *
 * Follows upstream pkg/controller/statefulset/stateful_set_control.go.
 *
 * Tests:   tests/unit/controllers/test_statefulset_sync.c
 */
#ifndef CONTROLLERS_STATEFULSET_SYNC_H
#define CONTROLLERS_STATEFULSET_SYNC_H

#include "base/base.h"

typedef struct StsPod { /* the pod of one ordinal */
    bool exists;
    bool is_finished, is_deleted, is_available; /* available: running and ready long enough */
    bool is_updated;                            /* of the update revision */
} StsPod;

typedef struct StsFacts {
    const StsPod *pods; /* ordinals start .. start + n - 1; n covers all that exist */
    uint32_t n;
    uint32_t replicas;
    bool is_parallel;
    bool is_on_delete;
    uint32_t partition;
} StsFacts;

typedef enum StsVerb { STS_NOTHING, STS_CREATE, STS_DELETE } StsVerb;

/* One verb for each of f->n pods, at least f->replicas of them, into `ret`. With the ordered policy
 * at most one is not STS_NOTHING. */
void statefulset_plan(const StsFacts *f, StsVerb *ret);

#endif
