/*
 * clone_sync.h - what of a tenant's object its clone gets. Pure.
 *
 * Tests:   tests/unit/controllers/test_clone_sync.c
 */
#ifndef CONTROLLERS_CLONE_SYNC_H
#define CONTROLLERS_CLONE_SYNC_H

#include "api/kind.h"
#include "base/value.h"

typedef enum ClonePass {
    CLONE_FIRST, /* what others need to be there: namespaces, definitions */
    CLONE_MAIN,
    CLONE_LAST, /* what would stand in the way: quotas, ranges, policies, webhooks */
    CLONE_NEVER,
} ClonePass;
ClonePass clone_pass(const char *storage);

/* The object as it is to be created: without identity, status and what only meant something where
 * it was. NULL: the clone gets none, as it is somebody's credential, or others make it anew. */
Value *clone_copy(Arena *a, const Resource *r, const Value *object);

/* The condition Cloned; true when it changed. `reason`: "Copying", "Incomplete", "Done". */
bool clone_note(Arena *a, Value *tenant, const char *reason, const char *message, int64_t now_us);

#endif
