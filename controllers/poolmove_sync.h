/*
 * poolmove_sync.h - what to do about a tenant whose node pools have changed. Pure.
 *
 * Tests:   tests/unit/controllers/test_poolmove_sync.c
 */
#ifndef CONTROLLERS_POOLMOVE_SYNC_H
#define CONTROLLERS_POOLMOVE_SYNC_H

#include "base/value.h"

/* Does a dedicated pool stand otherwise than the tenant's spec and plan (may be NULL) want it? Then
 * writing the Tenant settles that. *ret_taken: one that is wanted and another tenant's; or NULL. */
bool poolmove_is_unsettled(const Value *tenant, const Value *plan, Value *const *pools, uint32_t n,
                           const char **ret_taken);

typedef struct MovePod {
    const Value *pod;
    bool is_stray; /* on a node that the tenant's pods may not use */
} MovePod;

typedef struct MovePlan {
    const Value **evict; /* now */
    uint32_t n_evict;
    uint32_t n_strays; /* that are to be replaced */
    uint32_t n_alone;  /* that nobody would make anew: left where they are */
} MovePlan;
/* `pods`: the strays, and all others that their controllers own. Of one controller one pod is
 * replaced at a time, and only while all of the others are ready. */
MovePlan poolmove_plan(Arena *a, const MovePod *pods, uint32_t n);

/* The condition that tells of it; true when it changed. */
bool poolmove_note(Arena *a, Value *tenant, const MovePlan *plan, const char *taken,
                   int64_t now_us);

#endif
