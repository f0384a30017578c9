/*
 * protection_sync.h - whether a claim, volume or attributes class may go. Pure.
 *
 * Upstream: pkg/controller/volume/{pvc,pv,vac}protection.
 *
 * Tests:   tests/unit/controllers/test_protection_sync.c
 */
#ifndef CONTROLLERS_PROTECTION_SYNC_H
#define CONTROLLERS_PROTECTION_SYNC_H

#include "base/value.h"

typedef enum Protection {
    PROTECTION_KEEP,   /* nothing to do */
    PROTECTION_ADD,    /* it has no finalizer yet */
    PROTECTION_REMOVE, /* it is being deleted: may it go? */
} Protection;

Protection protection_decide(const Value *object, const char *finalizer);
void protection_add(Arena *a, Value *object, const char *finalizer);
void protection_remove(Value *object, const char *finalizer);

/* A pod that has a node uses its claims for as long as it exists; those of its ephemeral volumes
 * until it is shut down. */
bool protection_pod_uses(const Value *pod, const Value *claim);
bool protection_volume_is_used(const Value *volume);
/* Does this claim or volume want the class, or have it? */
bool protection_uses_class(const Value *object, const char *class_name);

#endif
