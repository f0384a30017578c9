/*
 * disruption_sync.h - how many pods a PodDisruptionBudget lets go. Pure.
 *
 * Follows upstream pkg/controller/disruption/disruption.go.
 *
 * Tests:   tests/unit/controllers/test_disruption_sync.c
 */
#ifndef CONTROLLERS_DISRUPTION_SYNC_H
#define CONTROLLERS_DISRUPTION_SYNC_H

#include "client/meta.h"

typedef struct DisruptionCounts {
    int64_t expected; /* pods there should be */
    int64_t healthy;
} DisruptionCounts;

/* Without a limit nothing is expected, and nothing may go. */
bool disruption_has_limit(const Value *pdb);
/* Is it a share, or a maximum, so that the sizes of the pods' controllers count? */
bool disruption_needs_scale(const Value *pdb);
int64_t disruption_desired(const Value *pdb, int64_t expected);
/* The new status; `failure`: the expected pods could not be counted, nothing may go. */
Value *disruption_status(Arena *a, const Value *pdb, const DisruptionCounts *c, Value *disrupted,
                         const char *failure, int64_t now_us);

#endif
