/*
 * policyexpr.h - the expressions of admission policies and match conditions: what they may name,
 * what they must answer. Upstream: k8s.io/apiserver/pkg/admission/plugin/cel.
 *
 * All expressions of one policy share the places of their variables, so one array of values serves
 * them all; what an expression may not name is hidden there.
 *
 * Owns:    everything lives in the arena given.
 * Threads: a PolicyEnv is filled by one thread; its programs may be evaluated by any.
 * Fails:   by the message of the field error; NULL means success.
 * Tests:   tests/unit/api/test_policyexpr.c
 */
#ifndef API_POLICYEXPR_H
#define API_POLICYEXPR_H

#include "cel/cel.h"

typedef enum PolicyVar { /* places in the array of values; the policy's own variables follow */
                         POLICY_OBJECT,
                         POLICY_OLD_OBJECT,
                         POLICY_REQUEST,
                         POLICY_NAMESPACE_OBJECT,
                         POLICY_PARAMS,
                         POLICY_AUTHORIZER,
                         POLICY_REQUEST_RESOURCE,
                         POLICY_VARIABLES,
                         POLICY_FIRST_VARIABLE
} PolicyVar;

typedef enum PolicyAnswer {
    POLICY_ANY,
    POLICY_BOOL,
    POLICY_STRING,
    POLICY_STRING_OR_NULL,
    POLICY_OBJECT_MADE, /* Object{...} */
    POLICY_JSON_PATCHES /* list(JSONPatch) */
} PolicyAnswer;

typedef enum PolicyEnvFlags {
    POLICY_HAS_PARAMS = 1u << 0,
    POLICY_HAS_AUTHORIZER = 1u << 1,
    POLICY_MAKES_PATCHES = 1u << 2, /* Object{...} and JSONPatch{...} can be written */
    POLICY_NO_VARIABLES = 1u << 3,
} PolicyEnvFlags;

typedef struct PolicyEnv PolicyEnv;

PolicyEnv *policyexpr_env(Arena *a, unsigned flags);
/* Where objects and parameters have types, for what only checks. */
typedef struct PolicyTypes {
    const CelType *object, *params; /* NULL: any */
} PolicyTypes;
PolicyEnv *policyexpr_env_typed(Arena *a, unsigned flags, const PolicyTypes *types);
/* Compile, and declare variables.NAME for what is compiled later; it is there even when this does
 * not compile (*ret is NULL then). */
const char *policyexpr_variable(PolicyEnv *env, const char *name, const char *text,
                                CelProgram **ret);
const char *policyexpr_compile(PolicyEnv *env, const char *text, PolicyAnswer answer,
                               CelProgram **ret);
/* The types of `request` and `namespaceObject`, for their values. */
const CelType *policyexpr_request_type(const PolicyEnv *env);
const CelType *policyexpr_namespace_type(const PolicyEnv *env);

#endif
