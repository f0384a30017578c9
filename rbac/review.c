#include "base/mem.h"
#include "rbac/rbac.h"
#include "rbac/rbac_int.h"

/* What a user may do as lists, and what somebody may not hand on because they do not hold it. */

static void copy_list(Arena *a, Value *to, const char *name, const Value *rule, bool is_needed)
{
    const Value *list = value_get(rule, name);

    if (value_len(list) > 0 || is_needed)
        value_set(a, to, name, list ? value_copy(a, list) : value_array(a));
}

typedef struct Collect {
    Arena *arena;
    Value *resource_rules, *url_rules;
    const Rule **rules;
    uint32_t n, cap;
} Collect;

static bool collect(const Binding *b UNUSED, const Subject *s UNUSED, const Rule *rule, void *data)
{
    Collect *c = data;

    if (!rule)
        return true;
    GROW(c->rules, c->cap, c->n + 1);
    c->rules[c->n++] = rule;
    return true;
}

void rbac_rules(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *user, Arena *a,
                Value **ret_resource_rules, Value **ret_non_resource_rules)
{
    Collect c = {.arena = a};

    *ret_resource_rules = value_array(a);
    *ret_non_resource_rules = value_array(a);
    rbac__each_rule(base, own, user->user, user->groups, user->ns ? user->ns : "", collect, &c);
    for (uint32_t i = 0; i < c.n; i++) {
        const Value *rule = c.rules[i]->tree;
        Value *v;

        if (*c.rules[i]->resources) {
            v = value_object(a);
            copy_list(a, v, "verbs", rule, true);
            copy_list(a, v, "apiGroups", rule, false);
            copy_list(a, v, "resources", rule, false);
            copy_list(a, v, "resourceNames", rule, false);
            value_append(a, *ret_resource_rules, v);
        }
        if (*c.rules[i]->urls) {
            v = value_object(a);
            copy_list(a, v, "verbs", rule, true);
            copy_list(a, v, "nonResourceURLs", rule, false);
            value_append(a, *ret_non_resource_rules, v);
        }
    }
    free(c.rules);
}

/* ---- escalation ---- */

/* The smallest pieces of a rule: one verb on one resource (and name), or on one URL. */
typedef struct Piece {
    const char *verb, *group, *resource, *name, *url; /* NULL when it does not apply */
} Piece;

static bool covers_resource(const Rule *r, const char *resource)
{
    const char *slash = strchr(resource, '/');
    char any[256];

    if (rbac__list_has(r->resources, "*") || rbac__list_has(r->resources, resource))
        return true;
    if (!slash)
        return false;
    snprintf(any, sizeof(any), "*%s", slash);
    return rbac__list_has(r->resources, any);
}

static bool covers_url(const Rule *r, const char *url)
{
    for (const char *const *u = r->urls; *u; u++) {
        size_t n = strlen(*u);

        if (strcmp(*u, url) == 0)
            return true;
        if (n == 0 || (*u)[n - 1] != '*')
            continue;
        while (n > 0 && (*u)[n - 1] == '*')
            n--;
        if (strncmp(*u, url, n) == 0)
            return true;
    }
    return false;
}

static bool covers(const Rule *r, const Piece *p)
{
    if (!rbac__list_has(r->verbs, "*") && !rbac__list_has(r->verbs, p->verb))
        return false;
    if (p->url)
        return covers_url(r, p->url);
    return (rbac__list_has(r->groups, "*") || rbac__list_has(r->groups, p->group)) &&
           covers_resource(r, p->resource) &&
           (!*r->names || (p->name && rbac__list_has(r->names, p->name)));
}

static const char *text(const Value *v)
{
    return value_to_cstr(v) ? v->str : "";
}

static bool same(const char *a, const char *b)
{
    return str_eq(a ? a : "", b ? b : "");
}

static Value *one(Arena *a, const char *s)
{
    Value *list = value_array(a);

    value_append(a, list, value_str(a, s));
    return list;
}

static const char *first(const Value *rule, const char *field)
{
    return value_to_cstr(value_item(value_get(rule, field), 0));
}

/* Missing pieces of the same resource and name share a rule; URLs do not. */
static void add_missing(Arena *a, Value *list, const Piece *p)
{
    Value *v;

    if (!p->url)
        value_each_item(list, i, v) if (same(first(v, "apiGroups"), p->group) &&
                                        same(first(v, "resources"), p->resource) &&
                                        value_get(v, "resources") &&
                                        same(first(v, "resourceNames"), p->name))
        {
            value_append(a, value_get(v, "verbs"), value_str(a, p->verb));
            return;
        }
    v = value_object(a);
    value_set(a, v, "verbs", one(a, p->verb));
    if (p->url) {
        value_set(a, v, "nonResourceURLs", one(a, p->url));
    } else {
        value_set(a, v, "apiGroups", one(a, p->group));
        value_set(a, v, "resources", one(a, p->resource));
        if (p->name)
            value_set(a, v, "resourceNames", one(a, p->name));
    }
    value_append(a, list, v);
}

static void need_piece(const Collect *held, Arena *a, Value *missing, const Piece *p)
{
    for (uint32_t i = 0; i < held->n; i++)
        if (covers(held->rules[i], p))
            return;
    add_missing(a, missing, p);
}

static void need_resources(const Collect *held, Arena *a, Value *missing, const Value *rule,
                           const char *verb)
{
    const Value *names = value_get(rule, "resourceNames"), *g, *r, *n;

    value_each_item(value_get(rule, "apiGroups"), i, g)
        value_each_item(value_get(rule, "resources"), j, r)
    {
        Piece p = {.verb = verb, .group = text(g), .resource = text(r)};

        if (value_len(names) == 0)
            need_piece(held, a, missing, &p);
        value_each_item(names, k, n)
        {
            p.name = text(n);
            need_piece(held, a, missing, &p);
        }
    }
}

Value *rbac_missing_rules(const RbacIndex *base, const RbacIndex *own, const RbacAttrs *user,
                          const char *ns, const Value *wanted, Arena *a)
{
    Collect held = {.arena = a};
    Value *missing = value_array(a);
    const Value *rule, *verb, *url;

    rbac__each_rule(base, own, user->user, user->groups, ns, collect, &held);
    value_each_item(wanted, i, rule) value_each_item(value_get(rule, "verbs"), j, verb)
    {
        need_resources(&held, a, missing, rule, text(verb));
        value_each_item(value_get(rule, "nonResourceURLs"), k, url)
            need_piece(&held, a, missing, &(Piece){.verb = text(verb), .url = text(url)});
    }
    free(held.rules);
    return value_len(missing) > 0 ? missing : NULL;
}

/* ---- the text of it ---- */

static void print_list(const Value *rule, const char *field, const char *title, Buf *out)
{
    const Value *list = value_get(rule, field), *v;

    if (value_len(list) == 0)
        return;
    buf_addf(out, "%s%s:[", out->len > 0 && buf_str(out)[out->len - 1] != '{' ? ", " : "", title);
    value_each_item(list, i, v)
    {
        if (i > 0)
            buf_addc(out, ' ');
        buf_addf(out, "\"%s\"", text(v));
    }
    buf_addc(out, ']');
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *rbac_escalation_message(Arena *a, const RbacAttrs *user, const Value *missing)
{
    uint32_t n = value_len(missing);
    const char **lines = arena_array(a, const char *, n + 1);
    const Value *rule;
    AUTO_BUF b = BUF_INIT;

    value_each_item(missing, i, rule)
    {
        buf_reset(&b);
        buf_addc(&b, '{');
        print_list(rule, "apiGroups", "APIGroups", &b);
        print_list(rule, "resources", "Resources", &b);
        print_list(rule, "nonResourceURLs", "NonResourceURLs", &b);
        print_list(rule, "resourceNames", "ResourceNames", &b);
        print_list(rule, "verbs", "Verbs", &b);
        buf_addc(&b, '}');
        lines[i] = arena_strdup(a, buf_str(&b));
    }
    qsort(lines, n, sizeof(*lines), by_text);
    buf_reset(&b);
    buf_addf(&b, "user \"%s\" (groups=[", user->user);
    for (size_t i = 0; user->groups[i]; i++)
        buf_addf(&b, "%s\"%s\"", i ? " " : "", user->groups[i]);
    buf_adds(&b, "]) is attempting to grant RBAC permissions not currently held:");
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
            buf_addf(&b, "\n%s", lines[i]);
    return arena_strdup(a, buf_str(&b));
}

/* ---- one role ---- */

typedef struct Union {
    Arena *arena;
    Value *rules;
    bool is_aggregated;
} Union;

static bool add_rule(const Rule *rule, void *data)
{
    Union *u = data;
    const Value *v;

    if (u->is_aggregated)
        value_each_item(u->rules, i, v) if (value_equal(v, rule->tree)) return true;
    value_append(u->arena, u->rules, value_copy(u->arena, rule->tree));
    return true;
}

Value *rbac_rules_of(const RbacIndex *base, const RbacIndex *own, Arena *a, const char *kind,
                     const char *ns, const char *name)
{
    const Role *r = rbac__role(base, own, strcmp(kind, "ClusterRole") == 0 ? "" : ns, name);
    Union u = {.arena = a, .rules = value_array(a)};

    if (!r)
        return NULL;
    u.is_aggregated = r->n_selectors > 0;
    rbac__each_role_rule(base, own, r, add_rule, &u);
    return u.rules;
}
