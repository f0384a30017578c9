#include "controllers/baseobjects_sync.h"

#include "client/meta.h"

static const char *const autoupdate_spec = "apf.kubernetes.io/autoupdate-spec";
static const char *const autoupdate_role = "rbac.authorization.kubernetes.io/autoupdate";

/* As the object was when the cluster was born, for a creation. */
static Value *made_anew(Arena *a, const Value *born)
{
    static const char *const of_the_server[] = {"uid", "creationTimestamp", "resourceVersion",
                                                "generation", "managedFields"};
    Value *v = value_copy(a, born);

    for (size_t i = 0; i < ARRAY_LEN(of_the_server); i++)
        value_del(value_get(v, "metadata"), of_the_server[i]);
    value_del(v, "status");
    return v;
}

/* `now` with these members of `born`; NULL when it has them already. */
static Value *with_members(Arena *a, const Value *now, const Value *born, const char *const *names,
                           size_t n)
{
    Value *v = NULL;

    for (size_t i = 0; i < n; i++) {
        const Value *want = value_get(born, names[i]);

        if (value_equal(value_get(now, names[i]), want))
            continue;
        if (!v)
            v = value_copy(a, now);
        value_set(a, v, names[i], value_copy(a, want));
    }
    return v;
}

/* Adds what `have` lacks of the members of `want`; true when there was something. `wins`: also
 * changes what is different. */
static bool merge(Arena *a, Value *object, const char *path, const Value *born, bool wins)
{
    const Value *want = value_at(born, path);
    bool changed = false;

    for (uint32_t i = 0; i < value_len(want); i++) {
        const char *name = want->members[i].name;
        const Value *is = value_get(value_at(object, path), name);

        if (is && (!wins || value_equal(is, want->members[i].value)))
            continue;
        value_set(a, value_need(a, object, path), name, value_copy(a, want->members[i].value));
        changed = true;
    }
    return changed;
}

/* ---- flow control ---- */

/* As Go's strconv.ParseBool. */
static bool parse_bool(const char *s, bool *ret)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};

    for (size_t i = 0; s && i < ARRAY_LEN(yes); i++) {
        if (str_eq(s, yes[i]) || str_eq(s, no[i])) {
            *ret = str_eq(s, yes[i]);
            return true;
        }
    }
    return false;
}

static bool is_mandatory(const char *name)
{
    return str_eq(name, "exempt") || str_eq(name, "catch-all");
}

/* The spec that the object should have; what its owner may choose is taken from `now`. */
static Value *wanted_spec(Arena *a, const Value *now, const Value *born)
{
    static const char *const chosen[] = {"nominalConcurrencyShares", "lendablePercent"};
    Value *spec = value_copy(a, value_get(born, "spec")), *exempt = value_get(spec, "exempt");
    const Value *is = value_at(now, "spec.exempt");

    for (size_t i = 0; exempt && is && i < ARRAY_LEN(chosen); i++)
        if (value_get(is, chosen[i]))
            value_set(a, exempt, chosen[i], value_copy(a, value_get(is, chosen[i])));
    return spec;
}

static Value *healed_flow(Arena *a, const Value *now, const Value *born)
{
    const char *says = meta_annotation(now, autoupdate_spec);
    bool is_said, said = false, updates;
    Value *v = value_copy(a, now), *spec = wanted_spec(a, now, born);

    is_said = parse_bool(says, &said);
    updates = is_mandatory(meta_name(born)) || (is_said ? said : meta_generation(now) == 1);
    if (is_said && said == updates && (!updates || value_equal(value_get(now, "spec"), spec)))
        return NULL;
    if (updates)
        value_set(a, v, "spec", spec);
    if (!is_said || said != updates)
        value_set_str(a, value_need(a, v, "metadata.annotations"), autoupdate_spec,
                      updates ? "true" : "false");
    return v;
}

static bool is_flow(const char *storage)
{
    return str_starts(storage, "flowcontrol/");
}

/* It says that the server keeps it, and this server does not know it. */
static bool is_left_over(const Value *now)
{
    bool said;

    return parse_bool(meta_annotation(now, autoupdate_spec), &said) && said;
}

bool flowschema_set_dangling(Arena *a, Value *schema, bool has_level, int64_t now_us)
{
    const char *level = value_at_str(schema, "spec.priorityLevelConfiguration.name");
    const Condition c = {
        .type = "Dangling",
        .status = has_level ? "False" : "True",
        .reason = has_level ? "Found" : "NotFound",
        .message = arena_printf(a,
                                "This FlowSchema references the PriorityLevelConfiguration object "
                                "named \"%s\" %s",
                                level ? level : "",
                                has_level ? "and it exists" : "but there is no such object"),
    };

    return condition_set(a, schema, &c, now_us);
}

/* ---- the Service `kubernetes` ---- */

static BaseAct heal_endpoints(Arena *a, const Value *now, const Value *born, Value **ret)
{
    static const char *const members[] = {"subsets", "endpoints", "ports"};
    Value *v;

    if (!value_equal(value_get(now, "addressType"), value_get(born, "addressType"))) {
        *ret = made_anew(a, born);
        return BASE_RECREATE;
    }
    v = with_members(a, now, born, members, ARRAY_LEN(members));
    *ret = v ? v : value_copy(a, now);
    return merge(a, *ret, "metadata.labels", born, true) || v ? BASE_UPDATE : BASE_NOTHING;
}

BaseAct base_heal(Arena *a, const char *storage, const Value *now, const Value *born, Value **ret)
{
    *ret = NULL;
    if (!born)
        return now && is_flow(storage) && is_left_over(now) ? BASE_DELETE : BASE_NOTHING;
    if (!now) {
        *ret = made_anew(a, born);
        return BASE_CREATE;
    }
    if (meta_is_deleted(now))
        return BASE_NOTHING;
    if (is_flow(storage)) {
        *ret = healed_flow(a, now, born);
        return *ret ? BASE_UPDATE : BASE_NOTHING;
    }
    if (str_eq(storage, "endpoints") || str_eq(storage, "discovery/endpointslices"))
        return heal_endpoints(a, now, born, ret);
    return BASE_NOTHING;
}

/* ---- roles ---- */

/* One permission: a verb, and a group and resource with or without a name, or a URL. */
typedef struct Permission {
    const char *verb, *group, *resource, *name, *url;
} Permission;

static bool covers_url(const Value *urls, const char *url)
{
    const Value *item;

    value_each_item(urls, i, item)
    {
        const char *s = value_to_cstr(item);
        size_t n = s ? strlen(s) : 0, stem = n;

        while (stem > 0 && s[stem - 1] == '*')
            stem--;
        if (str_eq(s, url) || (stem < n && strncmp(s, url, stem) == 0))
            return true;
    }
    return false;
}

static bool covers_resource(Arena *a, const Value *resources, const char *resource)
{
    const char *slash = strchr(resource, '/');

    return value_has_str(resources, "*") || value_has_str(resources, resource) ||
           (slash && value_has_str(resources, arena_printf(a, "*%s", slash)));
}

static bool rule_covers(Arena *a, const Value *rule, const Permission *p)
{
    const Value *verbs = value_get(rule, "verbs"), *groups = value_get(rule, "apiGroups");
    const Value *names = value_get(rule, "resourceNames");

    if (!value_has_str(verbs, "*") && !value_has_str(verbs, p->verb))
        return false;
    if (p->url)
        return covers_url(value_get(rule, "nonResourceURLs"), p->url);
    return (value_has_str(groups, "*") || value_has_str(groups, p->group)) &&
           covers_resource(a, value_get(rule, "resources"), p->resource) &&
           (value_len(names) == 0 || (p->name && value_has_str(names, p->name)));
}

static Value *list_of(Arena *a, const Value *v) /* null is an empty one */
{
    return value_is(v, VALUE_ARRAY) ? value_copy(a, v) : value_array(a);
}

static void put_list(Arena *a, Value *rule, const char *name, const char *item)
{
    Value *list;

    if (!item)
        return;
    list = value_array(a);
    value_append(a, list, value_str(a, item));
    value_set(a, rule, name, list);
}

/* Adds the permission to `rules` unless one of `have` covers it. */
static bool need(Arena *a, const Value *have, Value **rules, const Permission *p)
{
    const Value *rule;
    Value *own;

    value_each_item(have, i, rule)
    {
        if (rule_covers(a, rule, p))
            return false;
    }
    own = value_object(a);
    put_list(a, own, "verbs", p->verb);
    put_list(a, own, "apiGroups", p->group);
    put_list(a, own, "resources", p->resource);
    put_list(a, own, "resourceNames", p->name);
    put_list(a, own, "nonResourceURLs", p->url);
    if (!*rules)
        *rules = list_of(a, have);
    value_append(a, *rules, own);
    return true;
}

static void need_named(Arena *a, const Value *have, Value **rules, const Value *names, Permission p)
{
    const Value *item;

    if (value_len(names) == 0)
        (void)need(a, have, rules, &p);
    value_each_item(names, i, item)
    {
        p.name = value_to_cstr(item);
        (void)need(a, have, rules, &p);
    }
}

static void need_rule(Arena *a, const Value *have, Value **rules, const Value *rule)
{
    const Value *group, *resource, *verb, *url;

    value_each_item(value_get(rule, "apiGroups"), g, group)
    {
        value_each_item(value_get(rule, "resources"), r, resource)
        {
            value_each_item(value_get(rule, "verbs"), v, verb)
            {
                need_named(a, have, rules, value_get(rule, "resourceNames"),
                           (Permission){.verb = value_to_cstr(verb),
                                        .group = value_to_cstr(group),
                                        .resource = value_to_cstr(resource)});
            }
        }
    }
    value_each_item(value_get(rule, "nonResourceURLs"), u, url)
    {
        value_each_item(value_get(rule, "verbs"), v, verb)
        {
            (void)need(a, have, rules,
                       &(Permission){.verb = value_to_cstr(verb), .url = value_to_cstr(url)});
        }
    }
}

static bool add_rules(Arena *a, Value *role, const Value *born)
{
    const Value *have = value_get(role, "rules"), *rule;
    Value *rules = NULL;

    value_each_item(value_get(born, "rules"), i, rule)
    {
        need_rule(a, have, &rules, rule);
    }
    if (rules)
        value_set(a, role, "rules", rules);
    return rules != NULL;
}

/* Adds what the list at `path` lacks of the items that `born` has there. */
static bool add_items(Arena *a, Value *object, const char *path, const Value *born)
{
    const Value *want;
    bool changed = false;

    value_each_item(value_at(born, path), i, want)
    {
        const Value *list = value_at(object, path), *item;
        bool is_there = false;
        Value *longer;

        value_each_item(list, k, item)
        {
            is_there = is_there || value_equal(item, want);
        }
        if (is_there)
            continue;
        longer = list_of(a, list);
        value_append(a, longer, value_copy(a, want));
        value_set_at(a, object, path, longer);
        changed = true;
    }
    return changed;
}

static bool reconcile_role(Arena *a, Value *role, const Value *born)
{
    bool changed = false;

    if (!value_get(born, "aggregationRule"))
        changed = add_rules(a, role, born);
    if (value_get(role, "aggregationRule") && !value_get(born, "aggregationRule"))
        changed = value_del(role, "aggregationRule");
    return add_items(a, role, "aggregationRule.clusterRoleSelectors", born) || changed;
}

BaseAct base_reconcile(Arena *a, const Value *now, const Value *born, Value **ret)
{
    bool changed, is_binding = value_get(born, "roleRef") != NULL;
    Value *v;

    *ret = NULL;
    if (!born)
        return BASE_NOTHING;
    if (!now) {
        *ret = made_anew(a, born);
        return BASE_CREATE;
    }
    if (meta_is_deleted(now) || str_eq(meta_annotation(now, autoupdate_role), "false"))
        return BASE_NOTHING;
    if (is_binding && !value_equal(value_get(now, "roleRef"), value_get(born, "roleRef"))) {
        *ret = made_anew(a, born);
        return BASE_RECREATE;
    }
    v = value_copy(a, now);
    changed = is_binding ? add_items(a, v, "subjects", born) : reconcile_role(a, v, born);
    changed = merge(a, v, "metadata.labels", born, false) || changed;
    changed = merge(a, v, "metadata.annotations", born, false) || changed;
    *ret = v;
    return changed ? BASE_UPDATE : BASE_NOTHING;
}
