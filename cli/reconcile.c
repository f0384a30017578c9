#include "cli/reconcile.h"

#define AUTO_UPDATE "rbac.authorization.kubernetes.io/autoupdate"

/* ---- which rules cover which ---- */

static bool has(const Value *list, const char *word)
{
    return value_has_str(list, word);
}

static bool has_all(const Value *list, const Value *words)
{
    const Value *w;

    value_each_item(words, i, w)
    {
        if (!value_to_cstr(w) || !has(list, value_to_cstr(w)))
            return false;
    }
    return true;
}

/* "pods/log" is covered by "*" and by "* /log", too. */
static bool covers_resources(Arena *a, const Value *owner, const Value *servant)
{
    const Value *v;

    if (has(owner, "*"))
        return true;
    value_each_item(servant, i, v)
    {
        const char *path = value_to_cstr(v), *slash = path ? strchr(path, '/') : NULL;

        if (!path || (!has(owner, path) && (!slash || !has(owner, arena_printf(a, "*%s", slash)))))
            return false;
    }
    return true;
}

static bool covers_url(const Value *owner, const char *path)
{
    const Value *v;

    value_each_item(owner, i, v)
    {
        const char *s = value_to_cstr(v);
        size_t n = s ? strlen(s) : 0;

        if (n > 0 && (str_eq(s, path) || str_eq(s, "*") ||
                      (s[n - 1] == '*' && strncmp(s, path, n - 1) == 0)))
            return true;
    }
    return false;
}

static bool covers_urls(const Value *owner, const Value *servant)
{
    const Value *v;

    value_each_item(servant, i, v)
    {
        if (!value_to_cstr(v) || !covers_url(owner, value_to_cstr(v)))
            return false;
    }
    return true;
}

static bool covers_rule(Arena *a, const Value *owner, const Value *sub)
{
    const Value *verbs = value_get(owner, "verbs"), *groups = value_get(owner, "apiGroups");
    const Value *names = value_get(owner, "resourceNames"),
                *wanted = value_get(sub, "resourceNames");

    return (has(verbs, "*") || has_all(verbs, value_get(sub, "verbs"))) &&
           (has(groups, "*") || has_all(groups, value_get(sub, "apiGroups"))) &&
           covers_resources(a, value_get(owner, "resources"), value_get(sub, "resources")) &&
           covers_urls(value_get(owner, "nonResourceURLs"), value_get(sub, "nonResourceURLs")) &&
           (value_len(names) == 0 || (value_len(wanted) > 0 && has_all(names, wanted)));
}

static void set_one(Arena *a, Value *rule, const char *field, const Value *word)
{
    Value *list = value_array(a);

    value_append(a, list, value_copy(a, word));
    value_set(a, rule, field, list);
}

/* One thing and one verb; `name` may be NULL. */
static Value *sub_rule(Arena *a, const Value *verb, const Value *group, const Value *resource,
                       const Value *name)
{
    Value *rule = value_object(a);

    set_one(a, rule, "verbs", verb);
    set_one(a, rule, "apiGroups", group);
    set_one(a, rule, "resources", resource);
    if (name)
        set_one(a, rule, "resourceNames", name);
    return rule;
}

static void break_resources(Arena *a, const Value *rule, Value *out)
{
    const Value *names = value_get(rule, "resourceNames"), *group, *resource, *verb, *name;

    value_each_item(value_get(rule, "apiGroups"), g, group)
    {
        value_each_item(value_get(rule, "resources"), r, resource)
        {
            value_each_item(value_get(rule, "verbs"), k, verb)
            {
                if (value_len(names) == 0)
                    value_append(a, out, sub_rule(a, verb, group, resource, NULL));
                value_each_item(names, n, name)
                    value_append(a, out, sub_rule(a, verb, group, resource, name));
            }
        }
    }
}

static void break_urls(Arena *a, const Value *rule, Value *out)
{
    const Value *url, *verb;

    value_each_item(value_get(rule, "nonResourceURLs"), u, url)
    {
        value_each_item(value_get(rule, "verbs"), k, verb)
        {
            Value *sub = value_object(a);

            set_one(a, sub, "verbs", verb);
            set_one(a, sub, "nonResourceURLs", url);
            value_append(a, out, sub);
        }
    }
}

Value *rules_uncovered(Arena *a, const Value *owner, const Value *servant)
{
    Value *subs = value_array(a), *out = value_array(a), *sub;
    const Value *rule;

    value_each_item(servant, i, rule)
    {
        break_resources(a, rule, subs);
        break_urls(a, rule, subs);
    }
    value_each_item(subs, i, sub)
    {
        bool is_covered = false;

        value_each_item(owner, k, rule) is_covered |= covers_rule(a, rule, sub);
        if (!is_covered)
            value_append(a, out, sub);
    }
    return out;
}

/* ---- what both kinds have ---- */

static bool has_equal(const Value *list, const Value *wanted)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        if (value_equal(v, wanted))
            return true;
    }
    return false;
}

/* What is only in the first list, each once. */
static Value *only_in(Arena *a, const Value *list, const Value *other)
{
    Value *out = value_array(a);
    const Value *v;

    value_each_item(list, i, v)
    {
        if (!has_equal(other, v) && !has_equal(out, v))
            value_append(a, out, value_copy(a, v));
    }
    return out;
}

static void add_all(Arena *a, Value *object, const char *field, const Value *more)
{
    Value *list = value_get(object, field);
    const Value *v;

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, object, field, list);
    }
    value_each_item(more, i, v) value_append(a, list, value_copy(a, v));
}

/* Annotations or labels that it does not have yet; true when there are such. */
static bool add_members(Arena *a, Value *object, const char *path, const Value *expected)
{
    bool is_changed = false;

    value_each_member(value_at(expected, path), m)
    {
        Value *to = value_need(a, object, path);

        if (value_get(to, m->name))
            continue;
        value_set(a, to, m->name, value_copy(a, m->value));
        is_changed = true;
    }
    return is_changed;
}

static bool begin(Arena *a, const Value *existing, const Value *expected, Reconciled *r)
{
    const char *auto_update =
        value_to_cstr(value_get(value_at(existing, "metadata.annotations"), AUTO_UPDATE));

    *r = (Reconciled){.missing_rules = value_array(a),
                      .extra_rules = value_array(a),
                      .missing_subjects = value_array(a),
                      .extra_subjects = value_array(a)};
    if (!existing) {
        r->object = value_copy(a, expected);
        r->op = RECONCILE_CREATE;
        return false;
    }
    r->is_protected = str_eq(auto_update, "false");
    r->object = value_copy(a, existing);
    return true;
}

/* The list gets what is missing or, when extra items are to go, becomes the expected one. */
static void settle(Arena *a, const char *field, const Value *shall, const Value *missing,
                   const Value *extra, bool removes_extra, Reconciled *r)
{
    if (value_len(missing) == 0 && (!removes_extra || value_len(extra) == 0))
        return;
    if (removes_extra)
        value_set(a, r->object, field, shall ? value_copy(a, shall) : value_array(a));
    else
        add_all(a, r->object, field, missing);
    r->op = RECONCILE_UPDATE;
}

static void merge_meta(Arena *a, const Value *expected, Reconciled *r)
{
    if (add_members(a, r->object, "metadata.annotations", expected))
        r->op = RECONCILE_UPDATE;
    if (add_members(a, r->object, "metadata.labels", expected))
        r->op = RECONCILE_UPDATE;
}

/* ---- roles ---- */

static void reconcile_aggregation(Arena *a, const Value *existing, const Value *expected,
                                  bool removes_extra, Reconciled *r)
{
    static const char path[] = "aggregationRule.clusterRoleSelectors";
    const Value *is = value_get(existing, "aggregationRule");
    const Value *shall = value_get(expected, "aggregationRule");
    Value *missing = only_in(a, value_at(expected, path), value_at(existing, path));
    Value *extra = only_in(a, value_at(existing, path), value_at(expected, path));

    if (is && !shall) {
        value_del(r->object, "aggregationRule");
    } else if (!removes_extra && value_len(missing) > 0) {
        add_all(a, value_need(a, r->object, "aggregationRule"), "clusterRoleSelectors", missing);
    } else if (removes_extra && (value_len(missing) > 0 || value_len(extra) > 0)) {
        value_set(a, r->object, "aggregationRule", value_copy(a, shall));
    } else {
        return;
    }
    r->op = RECONCILE_UPDATE;
}

Reconciled reconcile_role(Arena *a, const Value *existing, const Value *expected,
                          bool removes_extra)
{
    const Value *is = value_get(existing, "rules"), *shall = value_get(expected, "rules");
    Reconciled r;

    if (!begin(a, existing, expected, &r)) {
        if (shall)
            r.missing_rules = value_copy(a, shall);
        return r;
    }
    merge_meta(a, expected, &r);
    if (!value_get(existing, "aggregationRule") || !value_get(expected, "aggregationRule"))
        r.extra_rules = rules_uncovered(a, shall, is);
    r.missing_rules = rules_uncovered(a, is, shall);
    settle(a, "rules", shall, r.missing_rules, r.extra_rules, removes_extra, &r);
    reconcile_aggregation(a, existing, expected, removes_extra, &r);
    return r;
}

/* ---- bindings ---- */

static bool is_same_role(const Value *a, const Value *b)
{
    static const char *const fields[] = {"apiGroup", "kind", "name"};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const char *x = value_get_str(value_get(a, "roleRef"), fields[i]);
        const char *y = value_get_str(value_get(b, "roleRef"), fields[i]);

        if (!str_eq(x ? x : "", y ? y : ""))
            return false;
    }
    return true;
}

Reconciled reconcile_binding(Arena *a, const Value *existing, const Value *expected,
                             bool removes_extra)
{
    const Value *is = value_get(existing, "subjects"), *shall = value_get(expected, "subjects");
    Reconciled r;

    if (!begin(a, existing, expected, &r)) {
        if (shall)
            r.missing_subjects = value_copy(a, shall);
        return r;
    }
    if (!is_same_role(existing, expected)) {
        r.object = value_copy(a, expected);
        r.op = RECONCILE_RECREATE;
        return r;
    }
    merge_meta(a, expected, &r);
    r.missing_subjects = only_in(a, shall, is);
    r.extra_subjects = only_in(a, is, shall);
    settle(a, "subjects", shall, r.missing_subjects, r.extra_subjects, removes_extra, &r);
    return r;
}
