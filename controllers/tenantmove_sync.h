/*
 * tenantmove_sync.h - what a step of a tenant's move means, and what is told of it. Pure.
 *
 * Tests:   tests/unit/controllers/test_tenantmove_sync.c
 */
#ifndef CONTROLLERS_TENANTMOVE_SYNC_H
#define CONTROLLERS_TENANTMOVE_SYNC_H

#include "base/value.h"

typedef struct MoveStep {
    const char *stage, *message;
    int64_t count;
    bool goes_on; /* the next one can be asked for at once */
    bool is_done, is_blocked;
} MoveStep;

/* Has it been told to be elsewhere than it is, or is it on its way, or is there more to tell? */
bool tenantmove_is_due(const Value *tenant);
/* Of an answer: a TenantMove, or the Tenant when it has come to another stage. */
MoveStep tenantmove_step(const Value *answer);
/* The condition Moved; true when it changed. */
bool tenantmove_note(Arena *a, Value *tenant, const MoveStep *s, int64_t now_us);

#endif
