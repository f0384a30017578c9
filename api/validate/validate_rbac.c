/*
 * validate_rbac.c - roles and bindings.
 */
#include "api/validate_int.h"

#define RBAC "rbac.authorization.k8s.io"

static void check_rule(FieldErrs *e, const Path *p, const Value *rule, bool is_namespaced)
{
    const Value *urls = value_get(rule, "nonResourceURLs");
    bool has_groups = value_len(value_get(rule, "apiGroups")) > 0;
    bool has_resources = value_len(value_get(rule, "resources")) > 0;
    bool has_names = value_len(value_get(rule, "resourceNames")) > 0;

    if (value_len(value_get(rule, "verbs")) == 0)
        missing(e, AT(p, "verbs"), "verbs must contain at least one value");
    if (value_len(urls) > 0) {
        if (is_namespaced)
            bad(e, AT(p, "nonResourceURLs"), urls,
                "namespaced rules cannot apply to non-resource URLs");
        if (has_groups || has_resources || has_names)
            bad(e, AT(p, "nonResourceURLs"), urls,
                "rules cannot apply to both regular resources and non-resource URLs");
        return;
    }
    if (!has_groups)
        missing(e, AT(p, "apiGroups"), "resource rules must supply at least one api group");
    if (!has_resources)
        missing(e, AT(p, "resources"), "resource rules must supply at least one resource");
}

static void check_rules(FieldErrs *e, const Value *v, bool is_namespaced)
{
    const Value *rule;

    value_each_item(value_get(v, "rules"), i, rule)
        check_rule(e, AT_ITEM(AT(NULL, "rules"), i), rule, is_namespaced);
}

static void create_role(FieldErrs *e, const Value *v)
{
    check_rules(e, v, true);
}

static void create_cluster_role(FieldErrs *e, const Value *v)
{
    const Value *aggregation = value_get(v, "aggregationRule"), *s;
    const Value *selectors = value_get(aggregation, "clusterRoleSelectors");
    const Path *p = AT(AT(NULL, "aggregationRule"), "clusterRoleSelectors");

    check_rules(e, v, false);
    if (!value_is(aggregation, VALUE_OBJECT))
        return;
    if (value_len(selectors) == 0)
        missing(e, p, "at least one clusterRoleSelector required if aggregationRule is non-nil");
    value_each_item(selectors, i, s)
    {
        uint32_t before = e->n;

        validate__label_selector(e, AT_ITEM(p, i), s);
        if (e->n > before)
            bad(e, AT_ITEM(p, i), value_null(e->arena), "invalid label selector.");
    }
}

static void check_subject(FieldErrs *e, const Path *p, const Value *s, bool is_namespaced)
{
    const char *kind = str_of(s, "kind"), *name = str_of(s, "name"), *api = str_of(s, "apiGroup");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    if (strcmp(kind, "ServiceAccount") == 0) {
        if (name[0])
            check_name(e, AT(p, "name"), name, names__dns1123_subdomain);
        if (api[0])
            unsupported(e, AT(p, "apiGroup"), api, "");
        if (!is_namespaced && str_of(s, "namespace")[0] == '\0')
            missing(e, AT(p, "namespace"), NULL);
    } else if (one_of(kind, "User|Group")) {
        if (strcmp(api, RBAC) != 0)
            unsupported(e, AT(p, "apiGroup"), api, RBAC);
    } else {
        unsupported(e, AT(p, "kind"), kind, "ServiceAccount|User|Group");
    }
}

static void check_binding(FieldErrs *e, const Value *v, bool is_namespaced)
{
    const Value *ref = value_get(v, "roleRef"), *s;
    const Path *p = AT(NULL, "roleRef");

    if (strcmp(str_of(ref, "apiGroup"), RBAC) != 0)
        unsupported(e, AT(p, "apiGroup"), str_of(ref, "apiGroup"), RBAC);
    check_enum(e, AT(p, "kind"), str_of(ref, "kind"),
               is_namespaced ? "Role|ClusterRole" : "ClusterRole");
    if (str_of(ref, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), str_of(ref, "name"), names__path_segment);
    value_each_item(value_get(v, "subjects"), i, s)
        check_subject(e, AT_ITEM(AT(NULL, "subjects"), i), s, is_namespaced);
}

static void create_role_binding(FieldErrs *e, const Value *v)
{
    check_binding(e, v, true);
}

static void create_cluster_role_binding(FieldErrs *e, const Value *v)
{
    check_binding(e, v, false);
}

static void check_same_ref(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *ref = value_get(v, "roleRef");

    if (value_equal(ref, value_get(old, "roleRef")))
        return;
    bad(e, AT(NULL, "roleRef"), validate__go_shown(e, "io.k8s.api.rbac.v1.RoleRef", ref),
        "cannot change roleRef");
}

static void update_role_binding(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                const Value *old)
{
    check_binding(e, v, true);
    check_same_ref(e, v, old);
}

static void update_cluster_role_binding(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                        const Value *old)
{
    check_binding(e, v, false);
    check_same_ref(e, v, old);
}

const KindRow validate__rbac[] = {
    {RBAC, "Role", names__path_segment, create_role, NULL},
    {RBAC, "ClusterRole", names__path_segment, create_cluster_role, NULL},
    {RBAC, "RoleBinding", names__path_segment, create_role_binding, update_role_binding},
    {RBAC, "ClusterRoleBinding", names__path_segment, create_cluster_role_binding,
     update_cluster_role_binding},
    {NULL, NULL, NULL, NULL, NULL},
};
