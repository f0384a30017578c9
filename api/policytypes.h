/*
 * policytypes.h - the expressions of a ValidatingAdmissionPolicy held against the types of what it
 * matches: warnings for its status. Upstream:
 * k8s.io/apiserver/pkg/admission/plugin/policy/validating/typechecking.go.
 *
 * Threads: any. Frees: everything lives in the arena.
 * Tests:   tests/unit/api/test_policytypes.c
 */
#ifndef API_POLICYTYPES_H
#define API_POLICYTYPES_H

#include "api/kind.h"

/* How kinds are found: by resource (`kind` NULL), or by kind (`plural` NULL). NULL: there is none.
 */
typedef const Resource *(*PolicyKindFn)(void *data, const char *group, const char *version,
                                        const char *plural, const char *kind);

/* The list of status.typeChecking.expressionWarnings; NULL when there is nothing to warn of. */
Value *policytypes_warnings(Arena *a, const Value *policy, PolicyKindFn find, void *data);

#endif
