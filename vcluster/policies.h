/*
 * policies.h - ValidatingAdmissionPolicy and MutatingAdmissionPolicy: policies of the cluster and
 * their bindings, held against every write. Upstream: k8s.io/apiserver/pkg/admission/plugin/policy.
 *
 * A policy is compiled once for each revision of it; the set of a cluster is made anew when a
 * policy or a binding changes and keeps what did not.
 *
 * Owns:    a PolicySet is counted: the cluster holds one reference, each request that uses it one.
 * Threads: the set is immutable; its place in the cluster is guarded by ClusterExt.lock.
 * Tests:   tests/unit/vcluster/test_policies.c, test_mutations.c
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
    const char *name;    /* of variables, conditions; the key of audit annotations */
    const char *message; /* of validations; NULL when not given */
    const char *reason;
    CelProgram *message_program; /* NULL: none */
    bool is_json_patch;          /* of mutations */
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
    bool is_ignoring;  /* failurePolicy Ignore */
    bool is_reinvoked; /* reinvocationPolicy IfNeeded */
    const Value *match, *param_kind;
    PolicyEnv *env;
    PolicyRules variables, conditions;
    PolicyRules validations, audits; /* of validating ones */
    PolicyRules mutations;           /* of mutating ones */
} Policy;

typedef struct PolicyBinding {
    const char *name, *policy;
    const Value *spec;
} PolicyBinding;

/* ---- policyset.c ---- */
void policies_unref(void *set);
/* The cluster's set as it is now; NULL when it has no policy. Kept by the request. */
int policies_need(Request *req, PolicyFamily family, const PolicySet **ret);
Policy *const *policies_all(const PolicySet *s, size_t *ret_n);            /* by name */
const PolicyBinding *policies_bindings(const PolicySet *s, size_t *ret_n); /* by name */

PolicyRules policies_conditions(Arena *a, PolicyEnv *env, const Value *match_conditions);

/* ---- policymatch.c ---- */
/* Do the constraints of a policy, or the matchResources of a binding (NULL: everything), cover this
 * write? As which resource they do: another version of op->r, perhaps. */
int policymatch(Request *req, const Op *op, const Value *constraints, bool *ret,
                const Resource **ret_as);

/* ---- policycalls.c: which policies run, with which bindings and parameters ---- */
typedef struct PolicyCall {
    const Policy *policy;
    const PolicyBinding *binding; /* NULL when it is the policy that cannot be used */
    const Value *params;          /* NULL: none */
    const Resource *as;           /* what the policy takes the object for */
    const char *wrong;            /* it cannot run: why; NULL: it can */
} PolicyCall;
typedef struct PolicyCalls {
    PolicyCall *items;
    uint32_t n, cap;
} PolicyCalls;
/* In the order of names. Failures that the policy ignores are left out. */
int policycalls(Request *req, const Op *op, PolicyFamily family, PolicyCalls *ret);

/* ---- policyview.c: what policies see of a write ---- */
/* The object as a policy that takes it for `as` sees it; `v` itself when that is what it is. */
Value *policyview(Request *req, const Op *op, const Resource *as, Value *v);
/* ... and back, of what a mutation made. */
Value *policyview_back(Request *req, const Op *op, const Resource *as, Value *v);
/* The `request` of expressions: an AdmissionRequest. */
Value *policyview_request(Arena *a, Request *req, const Op *op, const Resource *as);
/* `namespaceObject`; null for objects without a namespace. */
int policyview_namespace(Request *req, const Op *op, Arena *a, Value **ret);

/* ---- policyeval.c: one policy against one write ---- */
typedef struct PolicyDenial {
    const char *message, *reason; /* reason NULL: Invalid */
    uint32_t expression;          /* number of the validation, if it is one */
} PolicyDenial;
typedef struct PolicyDenials {
    PolicyDenial *items;
    uint32_t n, cap;
} PolicyDenials;
void policydenials_add(Arena *a, PolicyDenials *d, const char *message, const char *reason);

typedef struct PolicyEval PolicyEval;
/* `a`: of the evaluation; the writes that are looked at live as long. */
int policyeval_open(Request *req, const Op *op, const PolicyCall *call, Arena *a, PolicyEval **ret);
/* Does the policy look at this write at all? An error (*ret_wrong, of `a`) when that cannot be said
 * and failures are not ignored. */
bool policyeval_matches(PolicyEval *ev, const char **ret_wrong);
/* What its validations say. Failures of audit annotations go to `always`: they deny whatever the
 * binding's actions are. Texts are the request's. */
void policyeval_validate(PolicyEval *ev, PolicyDenials *ret, PolicyDenials *always);
/* The value of a mutation for an object; NULL and *ret_wrong when it has none. */
bool policyeval_mutation(PolicyEval *ev, const PolicyRule *rule, Value *object, CelVal *ret,
                         const char **ret_wrong);
/* STEP_OK; or what a right that could not be looked up yet asks for: nothing else counts then. */
int policyeval_step(const PolicyEval *ev);

/* ---- the plug-ins: policies.c, policymutate.c ---- */
/* Policies cannot lock themselves in. */
bool policies_are_exempt(const Op *op);
/* `v` is what a patch made of `obj`, seen as `as`: decoded and defaulted as if a client had sent
 * it. NULL, or what is wrong with it. */
const char *policies_take(Request *req, const Resource *as, const Value *obj, Value *v,
                          FieldValidation fv, Value **ret);
/* After mutation: managers that make no sense are taken back; the name may be another. */
void policies_settle(Request *req, Op *op, Value *managers);
/* The resource of a paramKind; NULL: there is none. */
int policies_param_resource(Request *req, const Value *kind, const Resource **ret);
/* Of an object that is valid: may the user read the parameters that it speaks of? */
int policies_check_access(Request *req, const Op *op, FieldErrs *e);
int policies_validate(Request *req, Op *op);
int policies_mutate(Request *req, Op *op);

#endif
