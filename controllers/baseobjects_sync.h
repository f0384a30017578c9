/*
 * baseobjects_sync.h - what becomes of the objects that a cluster is born with, when somebody has
 * changed or deleted them: the decisions. Trees are of the served version, with kind.
 *
 * Threads: any. Owns: nothing; results live in the arena.
 * Tests:   tests/unit/controllers/test_baseobjects_sync.c
 */
#ifndef CONTROLLERS_BASEOBJECTS_SYNC_H
#define CONTROLLERS_BASEOBJECTS_SYNC_H

#include "base/value.h"

typedef enum BaseAct {
    BASE_NOTHING,
    BASE_CREATE,
    BASE_UPDATE,
    BASE_DELETE,
    BASE_RECREATE, /* delete what is there, create */
} BaseAct;

/*
 * What is always kept right. `now` NULL: it is not there; `born` NULL: no cluster is born with it.
 * What *ret is: the object to create or update with.
 *
 * Flow control (pkg/registry/flowcontrol/ensurer): the mandatory objects `exempt` and `catch-all`
 * get their spec back, the suggested ones while apf.kubernetes.io/autoupdate-spec says so or, if it
 * does not say, nobody has changed the spec; what has that annotation and is none of them goes.
 * Endpoints and the EndpointSlice of the Service `kubernetes` (pkg/controlplane/reconcilers) get
 * addresses and ports back. Everything else is made anew when it is missing.
 */
BaseAct base_heal(Arena *a, const char *storage, const Value *now, const Value *born, Value **ret);

/*
 * What is looked at when the server starts. Roles and bindings, as of
 * component-helpers/auth/rbac/reconciliation: what is missing of rules, subjects, labels and
 * annotations is added, what is more stays; a binding to another role is made anew. Nothing is done
 * to one with rbac.authorization.kubernetes.io/autoupdate "false".
 */
BaseAct base_reconcile(Arena *a, const Value *now, const Value *born, Value **ret);

/* The condition Dangling of a FlowSchema, as of apiserver/pkg/util/flowcontrol. True when it has
 * changed. */
bool flowschema_set_dangling(Arena *a, Value *schema, bool has_level, int64_t now_us);

#endif
