/*
 * rbac_int.h - the compiled form of roles and bindings, shared by the files of rbac/.
 */
#ifndef RBAC_RBAC_INT_H
#define RBAC_RBAC_INT_H

#include "api/selector.h"
#include "base/map.h"
#include "rbac/rbac.h"

/* What rules may allow, as sets of hashes: a bit that is not there means no, one that is means
 * perhaps. Most rules are done with by this. */
typedef struct Reach {
    uint32_t verbs;
    uint64_t resources; /* the last bit: paths */
} Reach;

/* Every list ends with NULL and is never NULL itself. */
typedef struct Rule {
    Reach reach;
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

/* The rules that a binding to a role gives, aggregated ones collected, as a cluster sees them. */
typedef struct Grant {
    const Rule *const *rules;
    uint32_t n_rules;
    Reach reach; /* of all of them */
} Grant;

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
    uint32_t order;     /* in its namespace */
    uint32_t id;        /* in its index */
    const Grant *grant; /* NULL: there is no such role */
} Binding;

/* Where a user or a group is a subject. */
typedef struct SubjectRef {
    Reach reach; /* of the binding's grant, as this index sees it; everything without a role */
    const Binding *binding;
    const Subject *subject;
} SubjectRef;

typedef struct SubjectRefs { /* of one namespace, in order of the bindings */
    SubjectRef *items;
    uint32_t n, cap;
} SubjectRefs;

typedef struct Who {
    SubjectRefs cluster; /* in ClusterRoleBindings */
    Map by_ns;           /* namespace -> SubjectRefs */
} Who;

struct RbacIndex {
    _Atomic uint32_t refs;
    Arena *arena;
    Map roles;         /* "NS/NAME" -> Role; "/NAME" for ClusterRoles */
    Map users, groups; /* name -> Who */
    Map grants;        /* as roles -> Grant: of roles that were asked for while it was made */
    Binding **bindings;
    uint32_t n_bindings, cap_bindings;
    RbacIndex *base;          /* a reference; NULL: it is the base itself, or stands alone */
    const Grant **base_grant; /* by id of base's bindings; as this cluster sees their roles */
    bool *base_gone;          /* by id: the cluster has its own of that name, or none */
    Map names;  /* "clusterrolebindings/NAME", "rolebindings/NS/NAME" of this index -> itself */
    Map hidden; /* names as rbac_index_new() has them -> itself */
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
Reach rbac__reach_of(const RbacAttrs *at);
bool rbac__list_has(const char *const *list, const char *s);

#endif
