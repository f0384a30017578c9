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

/* ---- the bindings of a user ---- */

enum { MAX_LISTS = 64 };

/* Some bindings, in order: where the user or one of his groups is a subject. */
typedef struct Cursor {
    const SubjectRef *at, *end;
} Cursor;

typedef struct Visit {
    const Reach *wanted; /* what cannot give it is left out; NULL: everything */
    RuleFn fn;
    void *data;
} Visit;

static const Grant *grant_in(const Binding *b, const RbacIndex *own, bool is_base)
{
    return is_base && own ? own->base_grant[b->id] : b->grant;
}

static bool may_give(const Reach *r, const Reach *wanted)
{
    return (r->verbs & wanted->verbs) != 0 && (r->resources & wanted->resources) != 0;
}

/* False: stopped. */
static bool visit(const SubjectRef *ref, const RbacIndex *own, bool is_base, const Visit *v)
{
    const Binding *b = ref->binding;
    const Grant *g = grant_in(b, own, is_base);

    if (is_base && own && own->base_gone[b->id])
        return true;
    if (!g)
        return v->fn(b, ref->subject, NULL, v->data);
    if (v->wanted && !may_give(&g->reach, v->wanted))
        return true;
    for (uint32_t i = 0; i < g->n_rules; i++)
        if ((!v->wanted || may_give(&g->rules[i]->reach, v->wanted)) &&
            !v->fn(b, ref->subject, g->rules[i], v->data))
            return false;
    return true;
}

/* The next binding of all lists; among subjects of one binding the first counts. */
static SubjectRef take_next(Cursor *lists, uint32_t n)
{
    SubjectRef best = {.binding = NULL};

    for (uint32_t i = 0; i < n; i++) {
        const SubjectRef *r = lists[i].at;

        if (r < lists[i].end && (!best.binding || r->binding->order < best.binding->order ||
                                 (r->binding == best.binding && r->subject < best.subject)))
            best = *r;
    }
    for (uint32_t i = 0; i < n; i++)
        if (lists[i].at < lists[i].end && lists[i].at->binding == best.binding)
            lists[i].at++;
    return best;
}

/* Who the user and his groups are in one index. */
typedef struct Known {
    const Who *items[MAX_LISTS];
    uint32_t n;
} Known;

static bool walk_known(const Known *k, const RbacIndex *own, bool is_base, const char *ns,
                       const Visit *v)
{
    bool is_exact = !is_base || !own; /* what a reference reaches is as the cluster sees it */
    Cursor lists[MAX_LISTS];
    uint32_t n = 0;

    for (uint32_t i = 0; i < k->n; i++) {
        const Who *who = k->items[i];
        const SubjectRefs *refs = *ns ? map_get(&who->by_ns, ns) : &who->cluster;

        if (refs && refs->n > 0)
            lists[n++] = (Cursor){refs->items, refs->items + refs->n};
    }
    if (n == 1) {
        for (const SubjectRef *r = lists[0].at; r < lists[0].end; r++)
            if ((!is_exact || !v->wanted || may_give(&r->reach, v->wanted)) &&
                !visit(r, own, is_base, v))
                return false;
        return true;
    }
    for (SubjectRef r; n > 0 && (r = take_next(lists, n)).binding;)
        if (!visit(&r, own, is_base, v))
            return false;
    return true;
}

static const char *const *find_known(const RbacIndex *x, const char *user,
                                     const char *const *groups, Known *ret)
{
    const Who *who = x && user && x->users.n > 0 ? map_get(&x->users, user) : NULL;

    ret->n = 0;
    if (who)
        ret->items[ret->n++] = who;
    for (; *groups && ret->n < MAX_LISTS; groups++) {
        who = x && x->groups.n > 0 ? map_get(&x->groups, *groups) : NULL;
        if (who)
            ret->items[ret->n++] = who;
    }
    return groups;
}

/* A user may be in any number of groups: MAX_LISTS that are known are looked at in one go. */
static void each_rule(const RbacIndex *base, const RbacIndex *own, const char *user,
                      const char *const *groups, const char *ns, bool only_namespace,
                      const Visit *v)
{
    const char *const *base_groups = groups, *const *own_groups = groups;
    Known in_base, in_own;

    if (own)
        base = own->base; /* the one it was made over */
    do {
        base_groups = find_known(base, user, base_groups, &in_base);
        own_groups = find_known(own, user, own_groups, &in_own);
        user = NULL;
        if (!only_namespace &&
            (!walk_known(&in_base, own, true, "", v) || !walk_known(&in_own, own, false, "", v)))
            return;
        if (*ns &&
            (!walk_known(&in_base, own, true, ns, v) || !walk_known(&in_own, own, false, ns, v)))
            return;
    } while (*base_groups || *own_groups);
}

void rbac__each_rule(const RbacIndex *base, const RbacIndex *own, const char *user,
                     const char *const *groups, const char *ns, RuleFn fn, void *data)
{
    each_rule(base, own, user, groups, ns, false, &(Visit){NULL, fn, data});
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

    Reach wanted = rbac__reach_of(at);

    each_rule(base, own, at->user, at->groups, ns, at->only_namespace,
              &(Visit){&wanted, check_rule, &c});
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
