/*
 * aggdiscovery.c - what extension API servers serve, in the documents of discovery. Groups that
 * this server has itself keep their place; the others are in the order of their priorities, among
 * which those of definitions have that of the APIServices made for them.
 */
#include "api/crd.h"
#include "base/map.h"
#include "vcluster/aggregation.h"

enum { CRD_GROUP_PRIORITY = 1000, CRD_VERSION_PRIORITY = 100 };

bool agg_has_group(const AggSet *s, const char *group)
{
    size_t n;
    const AggService *all = aggset_all(s, &n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            return true;
    return false;
}

/* ---- where a version and a group stand ---- */

static int64_t rank_of_version(const AggSet *s, const char *group, const char *version)
{
    const AggService *found = aggset_find(s, group, version);

    return found ? found->version_priority : CRD_VERSION_PRIORITY;
}

/* The index in `versions` (items name themselves in the member "version") before which it goes. */
static uint32_t place_of_version(const AggSet *s, const AggService *at, const Value *versions)
{
    uint32_t i = 0;

    for (; i < value_len(versions); i++) {
        const char *other = value_get_str(value_item(versions, i), "version");
        int64_t rank = rank_of_version(s, at->group, other);

        if (rank < at->version_priority ||
            (rank == at->version_priority && crd_compare_versions(at->version, other) < 0))
            break;
    }
    return i;
}

static int64_t rank_of_group(const AggSet *s, const char *group)
{
    size_t n;
    const AggService *all = aggset_all(s, &n);

    if (vc_builtin_group(group))
        return INT64_MAX;
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group) && all[i].group_priority > CRD_GROUP_PRIORITY)
            return all[i].group_priority;
    return CRD_GROUP_PRIORITY;
}

/* `path` is where an item has its name. */
static uint32_t place_of_group(const AggSet *s, const AggService *at, const Value *groups,
                               const char *path)
{
    uint32_t i = 0;

    for (; i < value_len(groups); i++) {
        const char *other = value_at_str(value_item(groups, i), path);
        int64_t rank = rank_of_group(s, other ? other : "");

        if (rank < at->group_priority ||
            (rank == at->group_priority && strcmp(at->group, other ? other : "") < 0))
            break;
    }
    return i;
}

static Value *named(Value *list, const char *path, const char *name)
{
    Value *v;

    value_each_item(list, i, v)
    {
        if (str_eq(value_at_str(v, path), name))
            return v;
    }
    return NULL;
}

/* ---- groups ---- */

static Value *group_version(Arena *a, const AggService *s)
{
    Value *v = value_object(a);

    value_set_str(a, v, "groupVersion", arena_printf(a, "%s/%s", s->group, s->version));
    value_set_str(a, v, "version", s->version);
    return v;
}

static void add_to_group(Arena *a, const AggSet *s, const AggService *at, Value *group)
{
    Value *versions = value_get(group, "versions");

    if (named(versions, "version", at->version))
        return;
    value_insert(a, versions, place_of_version(s, at, versions), group_version(a, at));
    value_set(a, group, "preferredVersion", value_copy(a, value_item(versions, 0)));
}

static Value *new_group(Arena *a, const char *name)
{
    Value *v = value_object(a);

    value_set_str(a, v, "name", name);
    value_set(a, v, "versions", value_array(a));
    return v;
}

void agg_merge_groups(Arena *a, const AggSet *s, Value *list)
{
    Value *groups = value_get(list, "groups"), *group;
    size_t n;
    const AggService *all = aggset_all(s, &n);

    for (size_t i = 0; i < n; i++) {
        group = named(groups, "name", all[i].group);
        if (!group) {
            group = new_group(a, all[i].group);
            value_insert(a, groups, place_of_group(s, &all[i], groups, "name"), group);
        }
        add_to_group(a, s, &all[i], group);
    }
}

Value *agg_group(Arena *a, const AggSet *s, const char *group, Value *own)
{
    size_t n;
    const AggService *all = aggset_all(s, &n);

    if (!own) {
        own = new_group(a, group);
        value_set_str(a, own, "kind", "APIGroup");
        value_set_str(a, own, "apiVersion", "v1");
    }
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            add_to_group(a, s, &all[i], own);
    return own;
}

/* ---- aggregated discovery: upstream's ConvertGroupVersionIntoToDiscovery() ---- */

static Value *response_kind(Arena *a, const Value *r)
{
    static const char *const members[] = {"group", "version", "kind"};
    Value *v = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const char *s = value_get_str(r, members[i]);

        value_set_str(a, v, members[i], s ? s : "");
    }
    return v;
}

static void copy_list(Arena *a, Value *to, const Value *from, const char *name)
{
    const Value *list = value_get(from, name);

    if (value_len(list) > 0 && value_is(list, VALUE_ARRAY))
        value_set(a, to, name, value_copy(a, list));
}

static Value *resource_of(Arena *a, const Value *r)
{
    const char *singular = value_get_str(r, "singularName");
    Value *v = value_object(a);

    value_set_str(a, v, "resource", value_get_str(r, "name"));
    value_set(a, v, "responseKind", response_kind(a, r));
    value_set_str(a, v, "scope",
                  value_is_true(value_get(r, "namespaced")) ? "Namespaced" : "Cluster");
    value_set_str(a, v, "singularResource", singular ? singular : "");
    value_set(a, v, "verbs", value_array(a));
    copy_list(a, v, r, "verbs");
    copy_list(a, v, r, "shortNames");
    copy_list(a, v, r, "categories");
    return v;
}

/* A subresource whose resource is not served makes one without verbs. */
static void add_subresource(Arena *a, Value *resources, Map *by_name, const Value *r,
                            const char *slash)
{
    const char *name = value_get_str(r, "name");
    const char *of = arena_strndup(a, name, (size_t)(slash - name));
    Value *parent = map_get(by_name, of), *sub = value_object(a), *subs;

    if (!parent) {
        parent = value_object(a);
        value_set_str(a, parent, "resource", of);
        value_set_str(a, parent, "scope",
                      value_is_true(value_get(r, "namespaced")) ? "Namespaced" : "Cluster");
        value_set_str(a, parent, "singularResource", "");
        value_set(a, parent, "verbs", value_array(a));
        value_append(a, resources, parent);
        (void)map_set(by_name, of, parent);
    }
    value_set_str(a, sub, "subresource", slash + 1);
    value_set(a, sub, "responseKind", response_kind(a, r));
    value_set(a, sub, "verbs", value_array(a));
    copy_list(a, sub, r, "verbs");
    subs = value_get(parent, "subresources");
    if (!subs) {
        subs = value_array(a);
        value_set(a, parent, "subresources", subs);
    }
    value_append(a, subs, sub);
}

Value *agg_version_of(Arena *a, const char *version, const Value *list, bool is_stale)
{
    Value *v = value_object(a), *resources = value_array(a);
    Map by_name = {0};
    const Value *r;

    value_each_item(value_get(list, "resources"), i, r)
    {
        const char *name = value_get_str(r, "name");
        Value *made = strchr(name, '/') ? NULL : resource_of(a, r);

        if (!made)
            continue;
        value_append(a, resources, made);
        if (!map_get(&by_name, name))
            (void)map_set(&by_name, name, made);
    }
    value_each_item(value_get(list, "resources"), i, r)
    {
        const char *slash = strchr(value_get_str(r, "name"), '/');

        if (slash)
            add_subresource(a, resources, &by_name, r, slash);
    }
    map_done(&by_name);
    value_set_str(a, v, "version", version);
    value_set(a, v, "resources", resources);
    value_set_str(a, v, "freshness", is_stale ? "Stale" : "Current");
    return v;
}

void agg_merge_discovery(Arena *a, const AggSet *s, Value *list)
{
    Value *groups = value_get(list, "items"), *group, *versions;
    size_t n;
    const AggService *all = aggset_all(s, &n);

    for (size_t i = 0; i < n; i++) {
        const Value *resources;
        const char *url;
        bool is_stale;

        group = named(groups, "metadata.name", all[i].group);
        if (!group) {
            group = value_object(a);
            value_set_at(a, group, "metadata.name", value_str(a, all[i].group));
            value_set(a, group, "versions", value_array(a));
            value_insert(a, groups, place_of_group(s, &all[i], groups, "metadata.name"), group);
        }
        versions = value_get(group, "versions");
        resources = aggbackend_resources(all[i].backend, a, &is_stale, &url);
        if (!named(versions, "version", all[i].version))
            value_insert(
                a, versions, place_of_version(s, &all[i], versions),
                agg_version_of(a, all[i].version, resources, is_stale || !all[i].is_available));
    }
}

/* ---- OpenAPI ---- */

void agg_merge_openapi(Arena *a, const AggSet *s, Value *index)
{
    Value *paths = value_get(index, "paths");
    size_t n;
    const AggService *all = aggset_all(s, &n);

    for (size_t i = 0; i < n; i++) {
        Value *at;
        const char *url;
        bool is_stale;

        (void)aggbackend_resources(all[i].backend, a, &is_stale, &url);
        if (!url)
            continue;
        at = value_object(a);
        value_set_str(a, at, "serverRelativeURL", url);
        value_set(a, paths, arena_printf(a, "apis/%s/%s", all[i].group, all[i].version), at);
    }
}
