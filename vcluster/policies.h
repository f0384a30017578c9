/*
 * policies.h - ValidatingAdmissionPolicy: policies of the cluster and their bindings, held against
 * every write. Upstream: k8s.io/apiserver/pkg/admission/plugin/policy.
 *
 * A policy is compiled once for each revision of it; the set of a cluster is made anew when a
 * policy or a binding changes and keeps what did not.
 *
 * Owns:    a PolicySet is counted: the cluster holds one reference, each request that uses it one.
 * Threads: the set is immutable; its place in the cluster is guarded by ClusterExt.lock.
 * Tests:   tests/unit/vcluster/test_policies.c
 */
#ifndef VCLUSTER_POLICIES_H
#define VCLUSTER_POLICIES_H

#include "api/policyexpr.h"
#include "vcluster/vcluster_int.h"

typedef struct PolicySet PolicySet;

typedef struct PolicyRule { /* one expression and what goes with it */
    CelProgram *program;    /* NULL: it does not compile, `wrong` says why */
    const char *wrong;
    const char *text;    /* trimmed */
    const char *name;    /* of variables, conditions */
    const char *message; /* of validations; NULL when not given */
    const char *reason;
    CelProgram *message_program; /* NULL: none */
} PolicyRule;

typedef struct PolicyRules {
    PolicyRule *items;
    uint32_t n;
} PolicyRules;

typedef struct Policy {
    _Atomic uint32_t refs;
    int64_t revision;
    Arena *arena;
    const char *name;
    bool is_ignoring; /* failurePolicy Ignore */
    const Value *match, *param_kind;
    PolicyEnv *env;
    PolicyRules variables, conditions, validations, audits;
} Policy;

typedef struct PolicyBinding {
    const char *name, *policy;
    const Value *spec;
} PolicyBinding;

void policies_unref(void *set);
/* The plug-in. */
int policies_validate(Request *req, Op *op);

/* ---- policymatch.c ---- */
/* Do the constraints of a policy, or the matchResources of a binding (NULL: everything), cover this
 * write? */
int policymatch(Request *req, const Op *op, const Value *constraints, bool *ret);

/* ---- policyeval.c ---- */
typedef struct PolicyDenial {
    const char *message, *reason; /* reason NULL: Invalid */
} PolicyDenial;
typedef struct PolicyDenials {
    PolicyDenial *items;
    uint32_t n, cap;
} PolicyDenials;
void policydenials_add(Arena *a, PolicyDenials *d, const char *message, const char *reason);

/* What one policy says to this write with one parameter object (NULL: none). Failures of audit
 * annotations go to `always`: they deny whatever the binding's actions are. */
int policyeval(Request *req, const Op *op, const Policy *p, const Value *params, PolicyDenials *ret,
               PolicyDenials *always);

#endif
