#include "base/mem.h"
#include "rbac/rbac_int.h"

#include <stdatomic.h>

static const char *const *strings(Arena *a, const Value *list)
{
    const char **all = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;
    size_t n = 0;

    value_each_item(list, i, v) if (value_is(v, VALUE_STRING)) all[n++] = v->str;
    return all;
}

static const Rule *compile_rules(Arena *a, const Value *list, uint32_t *ret_n)
{
    Rule *rules = arena_array(a, Rule, value_len(list) + 1);
    const Value *v;
    uint32_t n = 0;

    value_each_item(list, i, v) rules[n++] = (Rule){
        .verbs = strings(a, value_get(v, "verbs")),
        .groups = strings(a, value_get(v, "apiGroups")),
        .resources = strings(a, value_get(v, "resources")),
        .names = strings(a, value_get(v, "resourceNames")),
        .urls = strings(a, value_get(v, "nonResourceURLs")),
        .tree = v,
    };
    *ret_n = n;
    return rules;
}

static void compile_selectors(Arena *a, const Value *list, Role *r)
{
    Selector **all = arena_array(a, Selector *, value_len(list) + 1);
    const Value *v;

    value_each_item(list, i, v)
    {
        bool none = false;

        if (selector_from_value(a, v, &all[r->n_selectors], &none, NULL) == 0 && !none)
            r->n_selectors++;
    }
    r->selectors = all;
}

static Obj *keep(RbacIndex *x, Obj *o)
{
    GROW(x->objs, x->cap_objs, x->n_objs + 1);
    return x->objs[x->n_objs++] = obj_ref(o);
}

static void add_role(RbacIndex *x, Obj *o, bool is_cluster)
{
    Value *v = obj_to_value(x->arena, o, NULL, NULL);
    Role *r = arena_new0(x->arena, Role);

    r->obj = keep(x, o);
    r->ns = is_cluster ? "" : o->ns;
    r->name = o->name;
    r->rules = compile_rules(x->arena, value_get(v, "rules"), &r->n_rules);
    if (is_cluster) {
        compile_selectors(x->arena, value_at(v, "aggregationRule.clusterRoleSelectors"), r);
        GROW(x->cluster_roles, x->cap_cluster_roles, x->n_cluster_roles + 1);
        x->cluster_roles[x->n_cluster_roles++] = r;
    }
    map_set(&x->roles, arena_printf(x->arena, "%s/%s", r->ns, r->name), r);
}

static bool compile_subject(Arena *a, const Value *v, const char *binding_ns, Subject *ret)
{
    const char *kind = value_get_str(v, "kind"), *name = value_get_str(v, "name");
    const char *ns = value_get_str(v, "namespace");

    if (!kind || !name)
        return false;
    *ret = (Subject){.name = name, .ns = ns && *ns ? ns : binding_ns, .user = name};
    if (strcmp(kind, "User") == 0) {
        ret->kind = SUBJECT_USER;
    } else if (strcmp(kind, "Group") == 0) {
        ret->kind = SUBJECT_GROUP;
    } else if (strcmp(kind, "ServiceAccount") == 0 && *ret->ns) {
        ret->kind = SUBJECT_ACCOUNT;
        ret->user = arena_printf(a, "system:serviceaccount:%s:%s", ret->ns, name);
    } else {
        return false;
    }
    return true;
}

static void add_binding(RbacIndex *x, Obj *o, bool is_cluster)
{
    Value *v = obj_to_value(x->arena, o, NULL, NULL);
    const Value *list = value_get(v, "subjects"), *s;
    Binding *b = arena_new0(x->arena, Binding);
    Subject *subjects = arena_array(x->arena, Subject, value_len(list) + 1);
    const char *kind = value_at_str(v, "roleRef.kind");
    Bindings *all;

    keep(x, o);
    b->ns = is_cluster ? "" : o->ns;
    b->name = o->name;
    b->role = value_at_str(v, "roleRef.name");
    b->is_cluster_role = str_eq(kind, "ClusterRole");
    value_each_item(list, i, s) if (compile_subject(x->arena, s, b->ns, &subjects[b->n_subjects]))
        b->n_subjects++;
    b->subjects = subjects;
    map_set(&x->names,
            is_cluster ? arena_printf(x->arena, "clusterrolebindings/%s", b->name)
                       : arena_printf(x->arena, "rolebindings/%s/%s", b->ns, b->name),
            b);
    if (!b->role || (!b->is_cluster_role && !str_eq(kind, "Role")))
        return;
    all = map_get(&x->bindings, b->ns);
    if (!all) {
        all = arena_new0(x->arena, Bindings);
        map_set(&x->bindings, b->ns, all);
    }
    GROW(all->items, all->cap, all->n + 1);
    all->items[all->n++] = b;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(Role *const *)a)->name, (*(Role *const *)b)->name);
}

RbacIndex *rbac_index_new(RbacObjs roles, RbacObjs cluster_roles, RbacObjs role_bindings,
                          RbacObjs cluster_role_bindings, const char *const *hidden)
{
    RbacIndex *x = xcalloc(1, sizeof(*x));

    x->refs = 1;
    x->arena = arena_new();
    for (size_t i = 0; i < roles.n; i++)
        add_role(x, roles.items[i], false);
    for (size_t i = 0; i < cluster_roles.n; i++)
        add_role(x, cluster_roles.items[i], true);
    for (size_t i = 0; i < role_bindings.n; i++)
        add_binding(x, role_bindings.items[i], false);
    for (size_t i = 0; i < cluster_role_bindings.n; i++)
        add_binding(x, cluster_role_bindings.items[i], true);
    for (; hidden && *hidden; hidden++)
        map_set(&x->hidden, *hidden, x);
    if (x->n_cluster_roles > 0)
        qsort(x->cluster_roles, x->n_cluster_roles, sizeof(*x->cluster_roles), by_name);
    return x;
}

RbacIndex *rbac_index_ref(RbacIndex *x)
{
    if (x)
        atomic_fetch_add(&x->refs, 1);
    return x;
}

void rbac_index_unref(RbacIndex *x)
{
    const char *key;
    void *value;

    if (!x || atomic_fetch_sub(&x->refs, 1) > 1)
        return;
    for (size_t at = 0; map_next(&x->bindings, &at, &key, &value);)
        free(((Bindings *)value)->items);
    map_done(&x->roles);
    map_done(&x->bindings);
    map_done(&x->names);
    map_done(&x->hidden);
    for (uint32_t i = 0; i < x->n_objs; i++)
        obj_unref(x->objs[i]);
    free(x->objs);
    free(x->cluster_roles);
    arena_free(x->arena);
    free(x);
}

bool rbac__base_counts(const RbacIndex *own, const char *what, const char *ns, const char *name)
{
    char key[600];

    if (!own)
        return true;
    if (*ns)
        snprintf(key, sizeof(key), "%s/%s/%s", what, ns, name);
    else
        snprintf(key, sizeof(key), "%s/%s", what, name);
    if (own->hidden.n > 0 && map_get(&own->hidden, key))
        return false;
    if (own->names.n > 0 && map_get(&own->names, key))
        return false;
    return true;
}

static const Role *find(const RbacIndex *x, const char *ns, const char *name)
{
    char key[600];

    if (!x)
        return NULL;
    snprintf(key, sizeof(key), "%s/%s", ns, name);
    return map_get(&x->roles, key);
}

const Role *rbac__role(const RbacIndex *base, const RbacIndex *own, const char *ns,
                       const char *name)
{
    const Role *r = find(own, ns, name);

    if (r)
        return r;
    r = find(base, ns, name);
    return r && rbac__base_counts(own, *ns ? "roles" : "clusterroles", ns, name) ? r : NULL;
}
