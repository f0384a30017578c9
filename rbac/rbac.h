/*
 * rbac.h - who may do what: pure functions over an index of roles and bindings.
 *
 * An index is built from Role, ClusterRole, RoleBinding and ClusterRoleBinding objects. The base
 * layer's roles are one index that all clusters share (`base`); a cluster's own objects make a
 * second one (`own`), in which an object stands for the base object of the same name; tombstones
 * hide one.
 *
 * A decision looks up where the user and his groups are subjects and goes over the rules of those
 * bindings, which are collected, aggregated ClusterRoles' too, when the index is made. The
 * group system:masters has no special place here: that is decided before RBAC.
 *
 * Owns:    an index owns everything in it.
 * Threads: any; an index never changes.
 * Frees:   rbac_index_unref().
 * Tests:   tests/unit/rbac/test_rbac.c, tests/unit/rbac/test_oracle.c, tests/tables/rbac.rules and
 *          rbac.eval; bench/bench_rbac.c
 */
#ifndef RBAC_RBAC_H
#define RBAC_RBAC_H

#include "api/obj.h"

typedef struct RbacIndex RbacIndex;

typedef struct RbacObjs { /* borrowed objects of one kind */
    Obj *const *items;
    size_t n;
} RbacObjs;

/* `base` is what the index is asked together with; NULL: it is the base, or there is none.
 * `hidden` names base objects that the cluster deleted, as "clusterroles/NAME", "roles/NS/NAME",
 * "clusterrolebindings/NAME", "rolebindings/NS/NAME"; ends with NULL; may be NULL. */
RbacIndex *rbac_index_new(RbacIndex *base, RbacObjs roles, RbacObjs cluster_roles,
                          RbacObjs role_bindings, RbacObjs cluster_role_bindings,
                          const char *const *hidden);
RbacIndex *rbac_index_ref(RbacIndex *x);
void rbac_index_unref(RbacIndex *x);
DEFINE_CLEANUP(RbacIndex, rbac_index_unref);

typedef struct RbacAttrs {
    const char *user;
    const char *const *groups;                              /* ends with NULL */
    const char *verb;                                       /* "get", "use", "impersonate" ... */
    bool is_resource;                                       /* else `path` counts */
    const char *group, *resource, *subresource, *ns, *name; /* "" when they do not apply */
    const char *path;
    bool only_namespace; /* bindings of `ns` count, those of the cluster do not */
    const char *fields;  /* of a list or watch: the field selector's text; NULL: none */
} RbacAttrs;

/* True when a binding allows it. *ret_reason (may be NULL) is the text the real server gives in
 * SubjectAccessReview.status.reason, in the arena: RBAC: allowed by ClusterRoleBinding "x" of ...
 */
bool rbac_allows(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *at, Arena *a,
                 const char **ret_reason);
/* Does a role allow it, whoever it is bound to? */
bool rbac_role_allows(const RbacIndex *base, const RbacIndex *own, const char *cluster_role,
                      const RbacAttrs *at);
/* SelfSubjectRulesReview: resourceRules and nonResourceRules of a user in a namespace. */
void rbac_rules(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *user, Arena *a,
                Value **ret_resource_rules, Value **ret_non_resource_rules);
/* Escalation: the rules in `wanted` (array of PolicyRule) that the user does not hold in ns ("" for
 * cluster scope). NULL when all are held. */
Value *rbac_missing_rules(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *user,
                          const char *ns, const Value *wanted, Arena *a);
/* What the refusal says: user "x" (groups=[...]) is attempting to grant RBAC permissions ... */
const char *rbac_escalation_message(Arena *a, const RbacAttrs *user, const Value *missing);
/* The rules of the role a roleRef names, an array, NULL when there is no such role. */
Value *rbac_rules_of(const RbacIndex *base, const RbacIndex *own, Arena *a, const char *kind,
                     const char *ns, const char *name);

#endif
