/*
 * rbac_int.h - the compiled form of roles and bindings, shared by the files of rbac/.
 */
#ifndef RBAC_RBAC_INT_H
#define RBAC_RBAC_INT_H

#include "api/selector.h"
#include "base/map.h"
#include "rbac/rbac.h"

/* Every list ends with NULL and is never NULL itself. */
typedef struct Rule {
    const char *const *verbs, *const *groups, *const *resources, *const *names, *const *urls;
    const Value *tree;
} Rule;

typedef struct Role {
    const char *ns, *name; /* ns "" for a ClusterRole */
    const Obj *obj;
    const Rule *rules;
    uint32_t n_rules;
    Selector *const *selectors; /* of an aggregationRule */
    uint32_t n_selectors;
} Role;

typedef enum SubjectKind { SUBJECT_USER, SUBJECT_GROUP, SUBJECT_ACCOUNT } SubjectKind;

typedef struct Subject {
    SubjectKind kind;
    const char *ns, *name; /* ns of service accounts */
    const char *user;      /* system:serviceaccount:NS:NAME */
} Subject;

typedef struct Binding {
    const char *ns, *name; /* ns "" for a ClusterRoleBinding */
    bool is_cluster_role;  /* what it refers to */
    const char *role;
    const Subject *subjects;
    uint32_t n_subjects;
} Binding;

typedef struct Bindings { /* of one namespace */
    Binding **items;
    uint32_t n, cap;
} Bindings;

struct RbacIndex {
    _Atomic uint32_t refs;
    Arena *arena;
    Map roles;    /* "NS/NAME" -> Role; "/NAME" for ClusterRoles */
    Map bindings; /* namespace, "" for cluster bindings -> Bindings */
    Map names;    /* "clusterrolebindings/NAME", "rolebindings/NS/NAME" of this index -> itself */
    Map hidden;   /* names as rbac_index_new() has them -> itself */
    Role **cluster_roles; /* by name */
    uint32_t n_cluster_roles, cap_cluster_roles;
    Obj **objs; /* references */
    uint32_t n_objs, cap_objs;
};

/* ---- index.c ---- */
/* A role as the two indexes together have it; NULL when there is none. */
const Role *rbac__role(const RbacIndex *base, const RbacIndex *own, const char *ns,
                       const char *name);
/* Does an object of the base index count, or does the cluster have its own or none? */
bool rbac__base_counts(const RbacIndex *own, const char *what, const char *ns, const char *name);

/* ---- rbac.c ---- */
/* Called for each rule the user holds in `ns`; return false to stop. `rule` is NULL for a binding
 * whose role does not exist. */
typedef bool (*RuleFn)(const Binding *b, const Subject *s, const Rule *rule, void *data);
void rbac__each_rule(const RbacIndex *base, const RbacIndex *own, const char *user,
                     const char *const *groups, const char *ns, RuleFn fn, void *data);
/* The rules of one role, aggregated ones collected. False when fn stopped it. */
typedef bool (*RoleRuleFn)(const Rule *rule, void *data);
bool rbac__each_role_rule(const RbacIndex *base, const RbacIndex *own, const Role *r, RoleRuleFn fn,
                          void *data);
bool rbac__list_has(const char *const *list, const char *s);

#endif
