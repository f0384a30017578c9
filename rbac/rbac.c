#include "rbac/rbac.h"

#include "base/mem.h"
#include "rbac/rbac_int.h"

bool rbac__list_has(const char *const *list, const char *s)
{
    for (; *list; list++)
        if (strcmp(*list, s) == 0)
            return true;
    return false;
}

/* ---- walking ---- */

typedef struct Walk {
    const RbacIndex *base, *own;
    RoleRuleFn fn;
    void *data;
    const Role *path[16]; /* of aggregated roles, against cycles */
    int depth;
} Walk;

static bool walk_role(Walk *w, const Role *r);

static bool is_selected(const Role *by, const Role *r)
{
    for (uint32_t i = 0; i < by->n_selectors; i++)
        if (selector_match_obj(by->selectors[i], r->obj))
            return true;
    return false;
}

static bool walk_index(Walk *w, const RbacIndex *x, const Role *by)
{
    for (uint32_t i = 0; x && i < x->n_cluster_roles; i++) {
        const Role *r = x->cluster_roles[i];

        if (r == by || !is_selected(by, r))
            continue;
        if (x == w->base && rbac__role(w->base, w->own, "", r->name) != r)
            continue;
        if (!walk_role(w, r))
            return false;
    }
    return true;
}

static bool walk_role(Walk *w, const Role *r)
{
    bool go_on = true;

    if (r->n_selectors == 0) {
        for (uint32_t i = 0; i < r->n_rules; i++)
            if (!w->fn(&r->rules[i], w->data))
                return false;
        return true;
    }
    for (int i = 0; i < w->depth; i++)
        if (w->path[i] == r)
            return true;
    if (w->depth == ARRAY_LEN(w->path))
        return true;
    w->path[w->depth++] = r;
    go_on = walk_index(w, w->base, r) && walk_index(w, w->own, r);
    w->depth--;
    return go_on;
}

bool rbac__each_role_rule(const RbacIndex *base, const RbacIndex *own, const Role *r, RoleRuleFn fn,
                          void *data)
{
    Walk w = {.base = base, .own = own, .fn = fn, .data = data};

    return walk_role(&w, r);
}

static const Subject *subject_of(const Binding *b, const char *user, const char *const *groups)
{
    for (uint32_t i = 0; i < b->n_subjects; i++) {
        const Subject *s = &b->subjects[i];

        if (s->kind == SUBJECT_GROUP ? rbac__list_has(groups, s->name) : strcmp(s->user, user) == 0)
            return s;
    }
    return NULL;
}

typedef struct Visit {
    RuleFn fn;
    void *data;
    const Binding *binding;
    const Subject *subject;
} Visit;

static bool visit_rule(const Rule *rule, void *data)
{
    Visit *v = data;

    return v->fn(v->binding, v->subject, rule, v->data);
}

/* The bindings of one index in one namespace ("": cluster). False: stopped. */
static bool walk_bindings(const RbacIndex *x, const RbacIndex *base, const RbacIndex *own,
                          const char *user, const char *const *groups, const char *ns, Visit *v)
{
    const Bindings *all = x ? map_get(&x->bindings, ns) : NULL;
    const char *what = *ns ? "rolebindings" : "clusterrolebindings";

    for (uint32_t i = 0; all && i < all->n; i++) {
        const Binding *b = all->items[i];
        const Role *r;

        v->subject = subject_of(b, user, groups);
        if (!v->subject || (x == base && !rbac__base_counts(own, what, ns, b->name)))
            continue;
        v->binding = b;
        r = rbac__role(base, own, b->is_cluster_role ? "" : ns, b->role);
        if (r ? !rbac__each_role_rule(base, own, r, visit_rule, v)
              : !v->fn(b, v->subject, NULL, v->data))
            return false;
    }
    return true;
}

void rbac__each_rule(const RbacIndex *base, const RbacIndex *own, const char *user,
                     const char *const *groups, const char *ns, RuleFn fn, void *data)
{
    Visit v = {.fn = fn, .data = data};

    if (!walk_bindings(base, base, own, user, groups, "", &v) ||
        !walk_bindings(own, base, own, user, groups, "", &v) || !*ns)
        return;
    if (walk_bindings(base, base, own, user, groups, ns, &v))
        walk_bindings(own, base, own, user, groups, ns, &v);
}

static void each_rule_in(const RbacIndex *base, const RbacIndex *own, const char *user,
                         const char *const *groups, const char *ns, RuleFn fn, void *data)
{
    Visit v = {.fn = fn, .data = data};

    if (*ns && walk_bindings(base, base, own, user, groups, ns, &v))
        walk_bindings(own, base, own, user, groups, ns, &v);
}

/* ---- one request ---- */

static bool verb_matches(const Rule *r, const char *verb)
{
    return rbac__list_has(r->verbs, "*") || rbac__list_has(r->verbs, verb);
}

static bool resource_matches(const Rule *r, const char *resource, const char *sub)
{
    size_t n = strlen(resource), n_sub = strlen(sub);

    for (const char *const *p = r->resources; *p; p++) {
        const char *want = *p;

        if (strcmp(want, "*") == 0)
            return true;
        if (n_sub == 0) {
            if (strcmp(want, resource) == 0)
                return true;
            continue;
        }
        if (want[0] == '*' && want[1] == '/' && strcmp(want + 2, sub) == 0)
            return true;
        if (strncmp(want, resource, n) == 0 && want[n] == '/' && strcmp(want + n + 1, sub) == 0)
            return true;
    }
    return false;
}

static bool url_matches(const char *rule, const char *path)
{
    size_t n = strlen(rule);

    if (strcmp(rule, path) == 0)
        return true;
    if (n == 0 || rule[n - 1] != '*')
        return false;
    while (n > 0 && rule[n - 1] == '*')
        n--;
    return strncmp(rule, path, n) == 0;
}

static bool rule_allows(const Rule *r, const RbacAttrs *at)
{
    if (!verb_matches(r, at->verb))
        return false;
    if (!at->is_resource) {
        for (const char *const *u = r->urls; *u; u++)
            if (url_matches(*u, at->path))
                return true;
        return false;
    }
    return (rbac__list_has(r->groups, "*") || rbac__list_has(r->groups, at->group)) &&
           resource_matches(r, at->resource, at->subresource) &&
           (!*r->names || rbac__list_has(r->names, at->name));
}

typedef struct Check {
    const RbacAttrs *at;
    Arena *arena;
    const Binding *by;
    const Subject *to;
    bool is_allowed;
    const char *missing[8]; /* texts of roles that do not exist */
    size_t n_missing;
} Check;

static void note_missing(Check *c, const Binding *b)
{
    const char *text = arena_printf(c->arena, "%s.rbac.authorization.k8s.io \"%s\" not found",
                                    b->is_cluster_role ? "clusterrole" : "role", b->role);

    for (size_t i = 0; i < c->n_missing; i++)
        if (strcmp(c->missing[i], text) == 0)
            return;
    if (c->n_missing < ARRAY_LEN(c->missing))
        c->missing[c->n_missing++] = text;
}

static bool check_rule(const Binding *b, const Subject *s, const Rule *rule, void *data)
{
    Check *c = data;

    if (!rule) {
        note_missing(c, b);
        return true;
    }
    if (!rule_allows(rule, c->at))
        return true;
    c->by = b;
    c->to = s;
    return false;
}

static const char *allowed_by(const Check *c)
{
    const Binding *b = c->by;
    static const char *const kinds[] = {"User", "Group", "ServiceAccount"};
    bool is_account = c->to->kind == SUBJECT_ACCOUNT;

    return arena_printf(c->arena, "RBAC: allowed by %s \"%s%s%s\" of %s \"%s\" to %s \"%s%s%s\"",
                        *b->ns ? "RoleBinding" : "ClusterRoleBinding", b->name, *b->ns ? "/" : "",
                        b->ns, b->is_cluster_role ? "ClusterRole" : "Role", b->role,
                        kinds[c->to->kind], c->to->name, is_account ? "/" : "",
                        is_account ? c->to->ns : "");
}

static const char *why_not(const Check *c)
{
    AUTO_BUF b = BUF_INIT;

    if (c->n_missing == 0)
        return "";
    buf_adds(&b, "RBAC: ");
    if (c->n_missing > 1)
        buf_addc(&b, '[');
    for (size_t i = 0; i < c->n_missing; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", c->missing[i]);
    if (c->n_missing > 1)
        buf_addc(&b, ']');
    return arena_strdup(c->arena, buf_str(&b));
}

bool rbac_allows(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *at, Arena *a,
                 const char **ret_reason)
{
    Check c = {.at = at, .arena = a};
    const char *ns = at->is_resource && at->ns ? at->ns : "";

    if (at->only_namespace)
        each_rule_in(base, own, at->user, at->groups, ns, check_rule, &c);
    else
        rbac__each_rule(base, own, at->user, at->groups, ns, check_rule, &c);
    if (ret_reason)
        *ret_reason = c.by ? allowed_by(&c) : why_not(&c);
    return c.by != NULL;
}

static bool try_rule(const Rule *rule, void *data)
{
    Check *c = data;

    c->is_allowed = rule_allows(rule, c->at);
    return !c->is_allowed;
}

bool rbac_role_allows(const RbacIndex *base, const RbacIndex *own, const char *cluster_role,
                      const RbacAttrs *at)
{
    const Role *r = rbac__role(base, own, "", cluster_role);
    Check c = {.at = at};

    if (r)
        (void)rbac__each_role_rule(base, own, r, try_rule, &c);
    return c.is_allowed;
}
