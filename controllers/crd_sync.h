/*
 * crd_sync.h - what the status of a CustomResourceDefinition says: which names it got, whether it
 * is served, how far its deletion is. Pure.
 *
 * Follows the naming, establishing, approval and finalizing controllers of apiextensions
 * (pkg/controller/).
 *
 * Tests:   tests/unit/controllers/test_crd_sync.c
 */
#ifndef CONTROLLERS_CRD_SYNC_H
#define CONTROLLERS_CRD_SYNC_H

#include "base/value.h"

/* Give the definition those of its names that no other of `group` (all definitions of its group,
 * itself among them) has; true when its status changed. */
bool crd_accept_names(Arena *a, Value *crd, Value *const *group, uint32_t n, int64_t now_us);
/* The condition about the approval of protected groups; true when it changed. */
bool crd_note_approval(Arena *a, Value *crd, int64_t now_us);
/* The condition Terminating; true when it changed. */
bool crd_note_deletion(Arena *a, Value *crd, bool is_going_on, const char *reason,
                       const char *message, int64_t now_us);
/* Is the deletion of the definition ours to do? */
/* Its objects are gone; only its release is left. */
extern const char crd_emptied_reason[];
bool crd_is_emptied(const Value *crd);
bool crd_is_to_be_cleaned(const Value *crd);
/* Take our finalizer away. */
void crd_release(Arena *a, Value *crd);

#endif
