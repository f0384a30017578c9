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

/* ---- what rules may allow ---- */

enum { VERB_BITS = 32, RESOURCE_BITS = 63 };
#define ALL_VERBS     UINT32_MAX
#define ALL_RESOURCES (((uint64_t)1 << RESOURCE_BITS) - 1)
#define PATHS         ((uint64_t)1 << RESOURCE_BITS)

static uint32_t hash_add(uint32_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT32_C(16777619);
    return h;
}

static uint32_t verb_bit(const char *verb)
{
    return UINT32_C(1) << (hash_add(UINT32_C(2166136261), verb) % VERB_BITS);
}

/* `sub` "": the resource itself; else it is RESOURCE/SUB. */
static uint64_t resource_bit(const char *resource, const char *sub)
{
    uint32_t h = hash_add(UINT32_C(2166136261), resource);

    if (*sub)
        h = hash_add(hash_add(h, "/"), sub);
    return (uint64_t)1 << (h % RESOURCE_BITS);
}

Reach rbac__reach_of(const RbacAttrs *at)
{
    return (Reach){verb_bit(at->verb),
                   at->is_resource ? resource_bit(at->resource, at->subresource) : PATHS};
}

static Reach reach_of_rule(const Rule *r)
{
    Reach all = {0, *r->urls ? PATHS : 0};

    for (const char *const *v = r->verbs; *v; v++)
        all.verbs |= strcmp(*v, "*") == 0 ? ALL_VERBS : verb_bit(*v);
    for (const char *const *p = r->resources; *p; p++)
        all.resources |= (*p)[0] == '*' ? ALL_RESOURCES : resource_bit(*p, "");
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
    for (uint32_t i = 0; i < n; i++)
        rules[i].reach = reach_of_rule(&rules[i]);
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

static void add_ref(SubjectRefs *refs, const Binding *b, const Subject *s)
{
    if (refs->n > 0 && refs->items[refs->n - 1].binding == b) /* named twice: the first counts */
        return;
    GROW(refs->items, refs->cap, refs->n + 1);
    refs->items[refs->n++] = (SubjectRef){.binding = b, .subject = s};
}

static void add_subject(RbacIndex *x, const Binding *b, const Subject *s)
{
    Map *all = s->kind == SUBJECT_GROUP ? &x->groups : &x->users;
    const char *name = s->kind == SUBJECT_GROUP ? s->name : s->user;
    Who *who = map_get(all, name);
    SubjectRefs *refs;

    if (!who) {
        who = arena_new0(x->arena, Who);
        map_set(all, name, who);
    }
    refs = &who->cluster;
    if (*b->ns) {
        refs = map_get(&who->by_ns, b->ns);
        if (!refs) {
            refs = arena_new0(x->arena, SubjectRefs);
            map_set(&who->by_ns, b->ns, refs);
        }
    }
    add_ref(refs, b, s);
}

static void add_binding(RbacIndex *x, Obj *o, bool is_cluster)
{
    Value *v = obj_to_value(x->arena, o, NULL, NULL);
    const Value *list = value_get(v, "subjects"), *s;
    Binding *b = arena_new0(x->arena, Binding);
    Subject *subjects = arena_array(x->arena, Subject, value_len(list) + 1);
    const char *kind = value_at_str(v, "roleRef.kind");

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
    b->order = b->id = x->n_bindings;
    GROW(x->bindings, x->cap_bindings, x->n_bindings + 1);
    x->bindings[x->n_bindings++] = b;
    for (uint32_t i = 0; i < b->n_subjects; i++)
        add_subject(x, b, &subjects[i]);
}

/* ---- grants ---- */

typedef struct Collected {
    const Rule **items;
    uint32_t n, cap;
} Collected;

static bool collect_rule(const Rule *rule, void *data)
{
    Collected *c = data;

    GROW(c->items, c->cap, c->n + 1);
    c->items[c->n++] = rule;
    return true;
}

/* What the role of that name gives, seen from `own` over `base`; NULL: there is none. */
static const Grant *grant_of(RbacIndex *x, const RbacIndex *base, const RbacIndex *own,
                             const char *ns, const char *name)
{
    const Role *r = rbac__role(base, own, ns, name);
    AUTO_FREE char *key = xasprintf("%s/%s", ns, name);
    Grant *g = r ? map_get(&x->grants, key) : NULL;
    Collected c = {0};
    const Rule **rules;

    if (!r || g)
        return g;
    g = arena_new0(x->arena, Grant);
    (void)rbac__each_role_rule(base, own, r, collect_rule, &c);
    rules = arena_array(x->arena, const Rule *, c.n + 1);
    for (uint32_t i = 0; i < c.n; i++) {
        rules[i] = c.items[i];
        g->reach.verbs |= rules[i]->reach.verbs;
        g->reach.resources |= rules[i]->reach.resources;
    }
    free(c.items);
    g->rules = rules;
    g->n_rules = c.n;
    map_set(&x->grants, key, g);
    return g;
}

static const Grant *grant_by(RbacIndex *x, const Binding *b)
{
    const RbacIndex *base = x->base ? x->base : x, *own = x->base ? x : NULL;

    return grant_of(x, base, own, b->is_cluster_role ? "" : b->ns, b->role);
}

static void set_reach(SubjectRefs *refs)
{
    for (uint32_t i = 0; i < refs->n; i++) {
        const Grant *g = refs->items[i].binding->grant;

        refs->items[i].reach = g ? g->reach : (Reach){UINT32_MAX, UINT64_MAX};
    }
}

static void set_all_reach(Map *all)
{
    const char *key;
    SubjectRefs *refs;
    Who *who;

    for (size_t at = 0; map_next(all, &at, &key, (void **)&who);) {
        set_reach(&who->cluster);
        for (size_t k = 0; map_next(&who->by_ns, &k, &key, (void **)&refs);)
            set_reach(refs);
    }
}

static void resolve(RbacIndex *x)
{
    uint32_t n = x->base ? x->base->n_bindings : 0;

    for (uint32_t i = 0; i < x->n_bindings; i++)
        x->bindings[i]->grant = grant_by(x, x->bindings[i]);
    set_all_reach(&x->users);
    set_all_reach(&x->groups);
    x->base_grant = arena_array(x->arena, const Grant *, n + 1);
    x->base_gone = arena_array(x->arena, bool, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const Binding *b = x->base->bindings[i];

        x->base_gone[i] =
            !rbac__base_counts(x, *b->ns ? "rolebindings" : "clusterrolebindings", b->ns, b->name);
        x->base_grant[i] = grant_by(x, b);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(Role *const *)a)->name, (*(Role *const *)b)->name);
}

RbacIndex *rbac_index_new(RbacIndex *base, RbacObjs roles, RbacObjs cluster_roles,
                          RbacObjs role_bindings, RbacObjs cluster_role_bindings,
                          const char *const *hidden)
{
    RbacIndex *x = xcalloc(1, sizeof(*x));

    x->refs = 1;
    x->base = base ? rbac_index_ref(base) : NULL;
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
    resolve(x);
    return x;
}

RbacIndex *rbac_index_ref(RbacIndex *x)
{
    if (x)
        atomic_fetch_add(&x->refs, 1);
    return x;
}

static void free_refs(Map *all)
{
    const char *key;
    SubjectRefs *refs;
    Who *who;

    for (size_t at = 0; map_next(all, &at, &key, (void **)&who);) {
        for (size_t k = 0; map_next(&who->by_ns, &k, &key, (void **)&refs);)
            free(refs->items);
        free(who->cluster.items);
        map_done(&who->by_ns);
    }
    map_done(all);
}

void rbac_index_unref(RbacIndex *x)
{
    if (!x || atomic_fetch_sub(&x->refs, 1) > 1)
        return;
    free_refs(&x->users);
    free_refs(&x->groups);
    map_done(&x->roles);
    map_done(&x->grants);
    map_done(&x->names);
    map_done(&x->hidden);
    for (uint32_t i = 0; i < x->n_objs; i++)
        obj_unref(x->objs[i]);
    free(x->objs);
    free(x->cluster_roles);
    free(x->bindings);
    rbac_index_unref(x->base);
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
