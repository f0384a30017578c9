/*
 * gc_sync.h - what is to become of an object, given the state of its owners. Pure.
 *
 * Follows the upstream garbage collector (pkg/controller/garbagecollector, attemptToDeleteItem).
 *
 * Tests:   tests/unit/controllers/test_gc_sync.c
 */
#ifndef CONTROLLERS_GC_SYNC_H
#define CONTROLLERS_GC_SYNC_H

#include "base/base.h"

typedef enum GcOwnerState {
    GC_OWNER_SOLID,   /* exists and stays */
    GC_OWNER_ABSENT,  /* does not exist, or the name belongs to another uid */
    GC_OWNER_WAITING, /* is being deleted in the foreground and waits for its dependents */
    GC_OWNER_UNKNOWN, /* of a kind that nobody knows, or in no namespace: not to be judged, nor are
                       * the others then */
} GcOwnerState;

typedef struct GcFacts {
    const GcOwnerState *owners;
    uint32_t n_owners;
    bool is_deleted;          /* has a deletion timestamp */
    bool has_foreground;      /* finalizer foregroundDeletion */
    bool has_orphan;          /* finalizer orphan */
    bool has_dependents;      /* anything refers to it */
    bool has_live_dependents; /* that block its deletion */
} GcFacts;

typedef enum GcAction {
    GC_NOTHING,
    GC_DELETE_BACKGROUND,
    GC_DELETE_FOREGROUND,
    GC_DELETE_ORPHAN,
    GC_DROP_REFS,         /* take out the references that are not solid */
    GC_DELETE_DEPENDENTS, /* look at every dependent; the object waits */
    GC_END_FOREGROUND,    /* remove the finalizer foregroundDeletion */
    GC_ORPHAN_DEPENDENTS, /* take the references out of the dependents, then the finalizer */
} GcAction;

GcAction gc_decide(const GcFacts *f);

#endif
