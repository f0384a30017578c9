/*
 * policy.h - how much of a request is recorded: audit policies, compiled, and their judgement.
 *
 * A policy is a list of rules as audit.k8s.io/v1 has them; the first that matches a request gives
 * the level, and without one it is None. Several policies (the platform's, a plan's, a tenant's)
 * judge one after the other into one verdict, which keeps the most that any of them asks for.
 *
 * Source:  k8s.io/apiserver/pkg/audit/policy/checker.go
 * Owns:    an AuditPolicy is immutable and counted; strings are its own.
 * Threads: any.
 * Frees:   audit_policy_unref().
 * Fails:   with ERR_BAD_REQUEST on a file that is no Policy.
 * Tests:   tests/unit/audit/test_policy.c, tests/fuzz/fuzz_auditpolicy.c
 */
#ifndef AUDIT_POLICY_H
#define AUDIT_POLICY_H

#include "base/value.h"

typedef struct AuditPolicy AuditPolicy;

typedef enum AuditLevel {
    AUDIT_NONE,
    AUDIT_METADATA,
    AUDIT_REQUEST,
    AUDIT_REQUEST_RESPONSE,
    AUDIT_LEVEL_MAX_
} AuditLevel;

typedef enum AuditStage {
    AUDIT_REQUEST_RECEIVED,
    AUDIT_RESPONSE_STARTED,
    AUDIT_RESPONSE_COMPLETE,
    AUDIT_PANIC,
    AUDIT_STAGE_MAX_
} AuditStage;

const char *audit_level_name(AuditLevel l);
const char *audit_stage_name(AuditStage s);

/* What rules look at. Strings are never NULL. */
typedef struct AuditAttrs {
    const char *user;
    const char *const *groups; /* ends with NULL */
    const char *verb;
    bool is_resource;
    const char *group, *resource, *subresource, *ns, *name;
    const char *path; /* of what is no resource */
} AuditAttrs;

typedef struct AuditVerdict {
    AuditLevel level[AUDIT_STAGE_MAX_]; /* of a record of this stage */
    bool keeps_managed;                 /* bodies with managedFields */
} AuditVerdict;

/* From a valid policy or spec (validate_audit_policy()). */
AuditPolicy *audit_policy_new(const Value *policy);
AuditPolicy *audit_policy_ref(const AuditPolicy *p);
void audit_policy_unref(AuditPolicy *p);
DEFINE_CLEANUP(AuditPolicy, audit_policy_unref);
/* A file with an audit.k8s.io/v1 Policy, in YAML or JSON; `name` stands before messages. */
int audit_policy_parse(Slice text, const char *name, AuditPolicy **ret, Err *err) MUST_CHECK;

/* Adds what `p` (NULL: nothing) asks for. */
void audit_policy_judge(const AuditPolicy *p, const AuditAttrs *at, AuditVerdict *v);
/* At least `l` at all stages but the reception. */
void audit_verdict_raise(AuditVerdict *v, AuditLevel l);
/* Takes the bodies of what holds secrets back, whatever policies say. */
void audit_verdict_cap(const AuditAttrs *at, AuditVerdict *v);
static inline bool audit_verdict_is_none(const AuditVerdict *v)
{
    for (int i = 0; i < AUDIT_STAGE_MAX_; i++)
        if (v->level[i] != AUDIT_NONE)
            return false;
    return true;
}

#endif
