/*
 * crd_internal.h - parts of a definition as Go prints the type that upstream converts them to
 * before it validates (pkg/apis/apiextensions/types.go): every member, under the name that it has
 * in Go, absent ones too. Messages of upstream show values so.
 *
 * Owns:    everything lives in the arena given.
 * Tests:   tests/unit/api/test_validate_crd.c
 */
#ifndef API_CRD_INTERNAL_H
#define API_CRD_INTERNAL_H

#include "base/value.h"

/* spec.versions; what all versions have alike belongs to the definition there, and is null. */
Value *crd_internal_versions(Arena *a, const Value *versions);
/* One of x-kubernetes-validations. */
Value *crd_internal_rule(Arena *a, const Value *rule);
/* Do all versions have this member, with the same value? */
bool crd_versions_share(const Value *versions, const char *member);

#endif
