/*
 * crd.c - definitions compiled into Resources.
 */
#include "api/crd.h"

#include "api/crd/crd_int.h"

#include <ctype.h>

static bool is_true(const Value *v, const char *name)
{
    return value_is_true(value_get(v, name));
}

/* ---- resources ---- */

/* ".spec.replicas" as value_at() reads it. */
static const char *dotted(const Value *v, const char *name)
{
    const char *path = value_get_str(v, name);

    return path && path[0] == '.' ? path + 1 : path && path[0] ? path : NULL;
}

static void compile_columns(Arena *a, const Value *list, Resource *r)
{
    uint32_t n = value_len(list);
    Column *c = arena_array(a, Column, n + 2);
    const Value *v;

    c[r->n_columns++] = (Column){.name = "Name",
                                 .type = "string",
                                 .format = "name",
                                 .doc = "Name must be unique within a namespace.",
                                 .path = ".metadata.name"};
    value_each_item(list, i, v) c[r->n_columns++] =
        (Column){.name = str_of(v, "name"),
                 .type = str_of(v, "type"),
                 .format = str_of(v, "format"),
                 .doc = str_of(v, "description"),
                 .priority = (int)value_at_int(v, "priority", 0),
                 .path = str_of(v, "jsonPath")};
    if (n == 0)
        c[r->n_columns++] = (Column){.name = "Age",
                                     .type = "date",
                                     .format = "",
                                     .doc = "Time since creation.",
                                     .path = ".metadata.creationTimestamp"};
    r->columns = c;
}

static void compile_subresources(Arena *a, const Value *subs, Resource *r, Crd *crd)
{
    static const uint32_t verbs = BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE);
    const Value *scale = value_get(subs, "scale");
    Subresource *s = arena_array(a, Subresource, 2);

    r->subresources = s;
    if (value_is(value_get(subs, "status"), VALUE_OBJECT)) {
        r->has_status = true;
        s[r->n_subresources++] = (Subresource){.name = "status", .kind = r->kind, .verbs = verbs};
    }
    if (value_is(scale, VALUE_OBJECT) && dotted(scale, "specReplicasPath") &&
        dotted(scale, "statusReplicasPath")) {
        crd->scale_spec = dotted(scale, "specReplicasPath");
        crd->scale_status = dotted(scale, "statusReplicasPath");
        crd->scale_selector = dotted(scale, "labelSelectorPath");
        s[r->n_subresources++] = (Subresource){.name = "scale",
                                               .kind = "Scale",
                                               .group = "autoscaling",
                                               .version = "v1",
                                               .verbs = verbs};
    }
}

bool crd_scale_path(const Crd *c, const char *version, const char **ret)
{
    const Value *v;

    *ret = NULL;
    value_each_item(c->versions, i, v)
    {
        const Value *scale = value_at(v, "subresources.scale");

        if (!str_eq(str_of(v, "name"), version))
            continue;
        if (dotted(scale, "specReplicasPath") && dotted(scale, "statusReplicasPath"))
            *ret = dotted(scale, "specReplicasPath");
        return true;
    }
    return false;
}

static const char *const *selectable(Arena *a, const Value *list)
{
    const char **out;
    const Value *v;
    uint32_t n = 0;

    if (value_len(list) == 0)
        return NULL;
    out = arena_array(a, const char *, value_len(list) + 1);
    value_each_item(list, i, v) if (dotted(v, "jsonPath")) out[n++] = dotted(v, "jsonPath");
    out[n] = NULL;
    return out;
}

/* An older version than a served, not deprecated one says which to use instead. */
static const char *default_warning(Arena *a, const Resource *r, const Value *spec)
{
    const char *better = NULL;
    const Value *v;

    value_each_item(value_get(spec, "versions"), i, v)
    {
        const char *name = str_of(v, "name");

        if (is_true(v, "served") && !is_true(v, "deprecated") &&
            crd_compare_versions(name, r->version) < 0 &&
            (!better || crd_compare_versions(name, better) < 0))
            better = name;
    }
    if (!better)
        return arena_printf(a, "%s/%s %s is deprecated", r->group, r->version, r->kind);
    return arena_printf(a, "%s/%s %s is deprecated; use %s/%s %s", r->group, r->version, r->kind,
                        r->group, better, r->kind);
}

static Resource *compile_version(Arena *a, const Value *spec, const Value *version,
                                 const CrdSchema *schema)
{
    const Value *names = value_get(spec, "names");
    Resource *r = arena_new0(a, Resource);
    Crd *crd = arena_new0(a, Crd);

    crd->list_kind = str_of(names, "listKind");
    crd->versions = value_get(spec, "versions");
    crd->schema = schema;
    crd->preserves_root =
        !schema->json || is_true(schema->json, "x-kubernetes-preserve-unknown-fields");
    r->group = str_of(spec, "group");
    r->version = str_of(version, "name");
    r->kind = str_of(names, "kind");
    r->plural = str_of(names, "plural");
    r->singular = str_of(names, "singular");
    r->short_names = crd__texts(a, value_get(names, "shortNames"));
    r->categories = crd__texts(a, value_get(names, "categories"));
    r->verbs = BIT(VERB_MAX_) - 1;
    r->is_namespaced = str_eq(str_of(spec, "scope"), "Namespaced");
    r->has_generation = true;
    r->type = schema->type;
    r->storage = arena_printf(a, "%s/%s", r->group, r->plural);
    r->selectable_fields = selectable(a, value_get(version, "selectableFields"));
    r->crd = crd;
    compile_columns(a, value_get(version, "additionalPrinterColumns"), r);
    compile_subresources(a, value_get(version, "subresources"), r, crd);
    if (is_true(version, "deprecated")) {
        crd->deprecation = value_get_str(version, "deprecationWarning");
        if (!crd->deprecation)
            crd->deprecation = default_warning(a, r, spec);
    }
    return r;
}

bool crd_has_condition(const Value *crd, const char *type)
{
    const Value *c;

    value_each_item(value_at(crd, "status.conditions"), i, c)
    {
        if (str_eq(str_of(c, "type"), type))
            return str_eq(str_of(c, "status"), "True");
    }
    return false;
}

static Value *without(Arena *a, const Value *object, const char *name)
{
    Value *out = value_object(a);

    value_each_member(object, m)
    {
        if (strcmp(m->name, name) != 0)
            value_set(a, out, m->name, m->value);
    }
    return out;
}

/* The spec without its schemas, which are kept elsewhere and are the most of it. */
static const Value *keep_spec(Arena *a, const Value *spec)
{
    CLEANUP(arena_free) Arena *tmp = arena_new();
    Value *out = without(tmp, spec, "versions"), *versions = value_array(tmp);
    const Value *v;

    value_each_item(value_get(spec, "versions"), i, v)
        value_append(tmp, versions, without(tmp, v, "schema"));
    value_set(tmp, out, "versions", versions);
    return value_copy(a, out);
}

uint32_t crd_compile(Arena *a, const Value *crd, const Resource ***ret)
{
    const Value *spec = keep_spec(a, value_get(crd, "spec"));
    const Value *versions = value_get(spec, "versions"), *v;
    bool is_terminating = crd_has_condition(crd, "Terminating");
    bool needs_webhook = str_eq(value_at_str(spec, "conversion.strategy"), "Webhook");
    const Resource *storage = NULL;
    Resource **all = arena_array(a, Resource *, value_len(versions) + 1);
    uint32_t n = 0;

    *ret = arena_array(a, const Resource *, value_len(versions) + 1);
    value_each_item(versions, i, v)
    {
        const Value *given = value_item(value_at(crd, "spec.versions"), i);

        if (!is_true(v, "served") && !is_true(v, "storage"))
            continue;
        all[i] =
            compile_version(a, spec, v, crd__schema(a, value_at(given, "schema.openAPIV3Schema")));
        if (is_true(v, "storage"))
            storage = all[i];
        if (is_true(v, "served"))
            (*ret)[n++] = all[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        Crd *own = (Crd *)(*ret)[i]->crd; /* made above */

        own->storage = storage ? storage : (*ret)[i];
        own->is_terminating = is_terminating;
        own->needs_webhook = needs_webhook;
        own->conversion = value_at(spec, "conversion.webhook");
    }
    return n;
}

/* ---- versions ---- */

typedef struct VersionParts {
    int stage; /* 2 GA, 1 beta, 0 alpha, -1 another name */
    int64_t major, minor;
} VersionParts;

static bool take_number(const char **p, int64_t *ret)
{
    int64_t n = 0;

    if (!isdigit((unsigned char)**p) || **p == '0')
        return false;
    for (; isdigit((unsigned char)**p); (*p)++) {
        if (n > INT32_MAX)
            return false;
        n = n * 10 + (**p - '0');
    }
    *ret = n;
    return true;
}

static VersionParts parts_of(const char *s)
{
    VersionParts v = {.stage = 2}, other = {.stage = -1};

    if (*s++ != 'v' || !take_number(&s, &v.major))
        return other;
    if (*s == '\0')
        return v;
    if (str_starts(s, "alpha"))
        v.stage = 0;
    else if (str_starts(s, "beta"))
        v.stage = 1;
    else
        return other;
    s += v.stage == 0 ? 5 : 4;
    if (!take_number(&s, &v.minor) || *s)
        return other;
    return v;
}

int crd_compare_versions(const char *x, const char *y)
{
    VersionParts a = parts_of(x), b = parts_of(y);

    if (a.stage != b.stage)
        return a.stage > b.stage ? -1 : 1;
    if (a.stage < 0)
        return strcmp(x, y);
    if (a.major != b.major)
        return a.major > b.major ? -1 : 1;
    return a.minor == b.minor ? 0 : a.minor > b.minor ? -1 : 1;
}
