/*
 * reconcile.h - what roles and bindings must become to have what a file says, as kubectl's
 * `auth reconcile` has it (k8s.io/component-helpers/auth/rbac/reconciliation). Pure.
 *
 * A role gets the permissions that it lacks; what it has beyond them stays unless it is to be
 * removed. A binding gets subjects the same way; one to another role is made anew. Annotations and
 * labels of the file are added where there are none of these names.
 *
 * Threads: any. Results are in the arena, parts of them in the objects given.
 * Tests:   tests/unit/cli/test_reconcile.c
 */
#ifndef CLI_RECONCILE_H
#define CLI_RECONCILE_H

#include "base/value.h"

typedef enum ReconcileOp {
    RECONCILE_NONE,
    RECONCILE_CREATE,
    RECONCILE_UPDATE,
    RECONCILE_RECREATE
} ReconcileOp;

typedef struct Reconciled {
    Value *object;                                                          /* as it shall be */
    Value *missing_rules, *extra_rules, *missing_subjects, *extra_subjects; /* arrays */
    ReconcileOp op;
    bool is_protected; /* it says that it is to be left alone */
} Reconciled;

/* `existing` NULL: there is none. */
Reconciled reconcile_role(Arena *a, const Value *existing, const Value *expected,
                          bool removes_extra);
Reconciled reconcile_binding(Arena *a, const Value *existing, const Value *expected,
                             bool removes_extra);
/* The parts of `servant`'s rules, one verb on one thing each, that `owner`'s rules do not allow. */
Value *rules_uncovered(Arena *a, const Value *owner, const Value *servant);

#endif
