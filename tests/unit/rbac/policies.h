/*
 * policies.h - random roles and bindings, and the plain walk over all of them that upstream's
 * authorizer does (plugin/pkg/auth/authorizer/rbac: every ClusterRoleBinding, then every
 * RoleBinding of the namespace, each rule of the role): what the index is held against.
 */
#ifndef TESTS_UNIT_RBAC_POLICIES_H
#define TESTS_UNIT_RBAC_POLICIES_H

#include "base/mem.h"
#include "rbac/rbac.h"

enum { ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING, KIND_MAX_ };

typedef struct Policy {
    Arena *arena;
    Value **trees[KIND_MAX_];
    Obj **objs[KIND_MAX_];
    size_t n[KIND_MAX_], cap[KIND_MAX_];
} Policy;

static inline void policy_add(Policy *p, int kind, Value *v)
{
    Obj *o = NULL;

    BUG_ON(obj_from_value(v, 7, &o, NULL) < 0);
    if (p->n[kind] == p->cap[kind]) {
        p->cap[kind] = p->cap[kind] ? 2 * p->cap[kind] : 64;
        p->trees[kind] = xrealloc(p->trees[kind], p->cap[kind] * sizeof(Value *));
        p->objs[kind] = xrealloc(p->objs[kind], p->cap[kind] * sizeof(Obj *));
    }
    p->trees[kind][p->n[kind]] = v;
    p->objs[kind][p->n[kind]++] = o;
}

static inline RbacIndex *policy_index(const Policy *p, RbacIndex *base, const char *const *hidden)
{
    RbacObjs o[KIND_MAX_];

    for (int i = 0; i < KIND_MAX_; i++)
        o[i] = (RbacObjs){p->objs[i], p->n[i]};
    return rbac_index_new(base, o[ROLE], o[CLUSTER_ROLE], o[ROLE_BINDING], o[CLUSTER_ROLE_BINDING],
                          hidden);
}

static inline void policy_done(Policy *p)
{
    for (int i = 0; i < KIND_MAX_; i++) {
        for (size_t k = 0; k < p->n[i]; k++)
            obj_unref(p->objs[i][k]);
        free(p->objs[i]);
        free(p->trees[i]);
    }
    arena_free(p->arena);
}

/* ---- upstream's rules, on the objects as they are ---- */

static inline bool lists(const Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), s)) return true;
    return false;
}

static inline bool plain_resource(const Value *rule, const RbacAttrs *at)
{
    char combined[300], star[300];

    if (lists(value_get(rule, "resources"), "*"))
        return true;
    snprintf(combined, sizeof(combined), "%s%s%s", at->resource, *at->subresource ? "/" : "",
             at->subresource);
    snprintf(star, sizeof(star), "*/%s", at->subresource);
    return lists(value_get(rule, "resources"), combined) ||
           (*at->subresource && lists(value_get(rule, "resources"), star));
}

static inline bool plain_path(const Value *rule, const char *path)
{
    const Value *v;

    value_each_item(value_get(rule, "nonResourceURLs"), i, v)
    {
        const char *s = value_to_cstr(v);
        size_t n = strlen(s);

        if (strcmp(s, "*") == 0 || strcmp(s, path) == 0)
            return true;
        if (n == 0 || s[n - 1] != '*')
            continue;
        while (n > 0 && s[n - 1] == '*')
            n--;
        if (strncmp(path, s, n) == 0)
            return true;
    }
    return false;
}

static inline bool plain_rule(const Value *rule, const RbacAttrs *at)
{
    const Value *verbs = value_get(rule, "verbs"), *groups = value_get(rule, "apiGroups");
    const Value *names = value_get(rule, "resourceNames");

    if (!lists(verbs, "*") && !lists(verbs, at->verb))
        return false;
    if (!at->is_resource)
        return plain_path(rule, at->path);
    return (lists(groups, "*") || lists(groups, at->group)) && plain_resource(rule, at) &&
           (value_len(names) == 0 || lists(names, at->name));
}

static inline bool plain_subject(const Value *s, const char *ns, const RbacAttrs *at)
{
    const char *kind = value_get_str(s, "kind"), *name = value_get_str(s, "name");
    const char *sa_ns = value_get_str(s, "namespace");
    char account[300];

    if (str_eq(kind, "User"))
        return str_eq(at->user, name);
    if (str_eq(kind, "Group")) {
        for (const char *const *g = at->groups; *g; g++)
            if (str_eq(*g, name))
                return true;
        return false;
    }
    snprintf(account, sizeof(account), "system:serviceaccount:%s:%s", sa_ns && *sa_ns ? sa_ns : ns,
             name);
    return str_eq(kind, "ServiceAccount") && (sa_ns && *sa_ns ? sa_ns : ns)[0] &&
           str_eq(at->user, account);
}

/* Names are looked up by walking, too. */
static inline const Value *plain_role(const Policy *p, int kind, const char *ns, const char *name)
{
    for (size_t i = 0; i < p->n[kind]; i++)
        if (str_eq(p->objs[kind][i]->name, name) &&
            (kind == CLUSTER_ROLE || str_eq(p->objs[kind][i]->ns, ns)))
            return p->trees[kind][i];
    return NULL;
}

static inline bool plain_labels(const Value *selectors, const Value *role)
{
    const Value *s;

    value_each_item(selectors, i, s)
    {
        bool all = true;

        value_each_member(value_get(s, "matchLabels"), m) all =
            all && str_eq(value_get_str(value_at(role, "metadata.labels"), m->name),
                          value_to_cstr(m->value));
        if (all)
            return true;
    }
    return false;
}

static inline bool plain_role_allows(const Policy *p, const Value *role, const RbacAttrs *at,
                                     int depth)
{
    const Value *selectors = value_at(role, "aggregationRule.clusterRoleSelectors"), *rule;

    if (value_len(selectors) > 0) {
        for (size_t i = 0; depth < 8 && i < p->n[CLUSTER_ROLE]; i++)
            if (plain_labels(selectors, p->trees[CLUSTER_ROLE][i]) &&
                plain_role_allows(p, p->trees[CLUSTER_ROLE][i], at, depth + 1))
                return true;
        return false;
    }
    value_each_item(value_get(role, "rules"), i, rule) if (plain_rule(rule, at)) return true;
    return false;
}

static inline bool plain_bindings(const Policy *p, int kind, const char *ns, const RbacAttrs *at)
{
    for (size_t i = 0; i < p->n[kind]; i++) {
        const Value *b = p->trees[kind][i], *s, *role;
        bool is_cluster_role = str_eq(value_at_str(b, "roleRef.kind"), "ClusterRole");
        bool is_subject = false;

        if (kind == ROLE_BINDING && !str_eq(p->objs[kind][i]->ns, ns))
            continue;
        value_each_item(value_get(b, "subjects"), k, s) is_subject =
            is_subject || plain_subject(s, kind == ROLE_BINDING ? ns : "", at);
        if (!is_subject)
            continue;
        role = plain_role(p, is_cluster_role ? CLUSTER_ROLE : ROLE, ns,
                          value_at_str(b, "roleRef.name"));
        if (role && plain_role_allows(p, role, at, 0))
            return true;
    }
    return false;
}

static inline bool plain_allows(const Policy *p, const RbacAttrs *at)
{
    return plain_bindings(p, CLUSTER_ROLE_BINDING, "", at) ||
           (at->is_resource && at->ns[0] && plain_bindings(p, ROLE_BINDING, at->ns, at));
}

#endif
