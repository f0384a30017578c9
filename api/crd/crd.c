/*
 * crd.c - compiles structural schemas into Type and Field tables.
 */
#include "api/crd.h"

#include "api/crd_rules.h"

#include <ctype.h>

static const char meta_type[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
static const Field any_value = {.kind = FIELD_ANY, .flags = FIELD_PTR | FIELD_NULLABLE};

/* additionalProperties: true says nothing about what is inside of objects. */
static const Type no_type = {.name = ""};
static const Field open_value = {
    .kind = FIELD_OBJECT, .type = &no_type, .flags = FIELD_PTR | FIELD_NULLABLE};

static const char *text_of(const Value *v, const char *name)
{
    const char *s = value_get_str(v, name);

    return s ? s : "";
}

static bool is_true(const Value *v, const char *name)
{
    return value_is_true(value_get(v, name));
}

static const char *const *texts_of(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;
    uint32_t n = 0;

    value_each_item(list, i, v) if (value_to_cstr(v)) out[n++] = value_to_cstr(v);
    out[n] = NULL;
    return out;
}

/* ---- schemas ---- */

static void compile_field(Arena *a, const Value *schema, const char *name, Field *ret);

static bool is_required(const Value *schema, const char *name)
{
    return value_has_str(value_get(schema, "required"), name);
}

/* A field that every object has, described as that of the built-in kinds. */
static void add_own(Type *t, Field *fields, const char *name, FieldKind kind, const Type *type)
{
    const Type *built_in = type_find("io.k8s.api.core.v1.ConfigMap");
    Field own = {.name = name, .kind = kind, .type = type};

    own.doc = type_field(built_in, slice_of(name))->doc;
    for (uint32_t i = 0; i < t->n_fields; i++)
        if (str_eq(fields[i].name, name)) {
            fields[i] = own;
            return;
        }
    fields[t->n_fields++] = own;
}

static int by_field_name(const void *x, const void *y, void *fields)
{
    const Field *f = fields;

    return strcmp(f[*(const uint16_t *)x].name, f[*(const uint16_t *)y].name);
}

/* Look-ups by name must not depend on how many fields there are. */
static const uint16_t *sort_fields(Arena *a, const Type *t)
{
    uint16_t *order = arena_array(a, uint16_t, t->n_fields);

    if (t->n_fields > UINT16_MAX)
        return NULL;
    for (uint32_t i = 0; i < t->n_fields; i++)
        order[i] = (uint16_t)i;
    if (t->n_fields > 1)
        qsort_r(order, t->n_fields, sizeof(*order), by_field_name, (void *)t->fields);
    return order;
}

/* With `has_meta` the type is that of whole objects: kind, apiVersion and metadata belong to it. */
static const Type *compile_type(Arena *a, const Value *schema, bool has_meta)
{
    const Value *properties = value_get(schema, "properties");
    Type *t = arena_new0(a, Type);
    Field *fields = arena_array(a, Field, value_len(properties) + 3);

    t->name = "";
    t->doc = value_get_str(schema, "description");
    t->is_map_atomic = str_eq(text_of(schema, "x-kubernetes-map-type"), "atomic");
    value_each_member(properties, m)
    {
        Field *f = &fields[t->n_fields++];

        compile_field(a, m->value, m->name, f);
        if (is_required(schema, m->name))
            f->flags |= FIELD_REQUIRED;
    }
    if (has_meta) {
        add_own(t, fields, "apiVersion", FIELD_STRING, NULL);
        add_own(t, fields, "kind", FIELD_STRING, NULL);
        add_own(t, fields, "metadata", FIELD_OBJECT, type_find(meta_type));
    }
    t->fields = fields;
    t->by_name = sort_fields(a, t);
    return t;
}

static void compile_object(Arena *a, const Value *schema, Field *f)
{
    const Value *more = value_get(schema, "additionalProperties");
    bool embedded = is_true(schema, "x-kubernetes-embedded-resource");

    if (value_len(value_get(schema, "properties")) > 0 || embedded) {
        f->kind = FIELD_OBJECT;
        f->type = compile_type(a, schema, embedded);
        return;
    }
    if (value_is(more, VALUE_OBJECT)) {
        Field *elem = arena_new0(a, Field);

        compile_field(a, more, NULL, elem);
        f->kind = FIELD_MAP;
        f->elem = elem;
    } else if (value_is_true(more) || f->flags & FIELD_PRESERVE) {
        f->kind = FIELD_MAP;
        f->elem = f->flags & FIELD_PRESERVE ? &any_value : &open_value;
    } else {
        f->kind = FIELD_OBJECT;
        f->type = compile_type(a, schema, false);
    }
    if (str_eq(text_of(schema, "x-kubernetes-map-type"), "atomic"))
        f->flags |= FIELD_MAP_ATOMIC;
}

static void compile_list(Arena *a, const Value *schema, Field *f)
{
    const char *how = text_of(schema, "x-kubernetes-list-type");
    const Value *items = value_get(schema, "items");
    Field *elem = arena_new0(a, Field);

    if (value_is(items, VALUE_OBJECT))
        compile_field(a, items, NULL, elem);
    else
        *elem = any_value;
    f->kind = FIELD_LIST;
    f->elem = elem;
    f->list_type = str_eq(how, "set") ? LIST_SET : str_eq(how, "map") ? LIST_MAP : LIST_ATOMIC;
    if (f->list_type == LIST_MAP)
        f->list_map_keys = texts_of(a, value_get(schema, "x-kubernetes-list-map-keys"));
}

/* As value_literal() reads it: an apostrophe would be taken for a quote. */
static const char *default_text(Arena *a, const Value *v)
{
    AUTO_BUF plain = BUF_INIT, out = BUF_INIT;

    value_print(v, &plain);
    for (const char *p = buf_str(&plain); *p; p++) {
        if (*p == '\'')
            buf_adds(&out, "\\u0027");
        else
            buf_addc(&out, *p);
    }
    return arena_strdup(a, buf_str(&out));
}

static const char *const *enums_of(Arena *a, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v) if (v->type != VALUE_STRING) return NULL;
    return value_len(list) > 0 ? texts_of(a, list) : NULL;
}

static void compile_field(Arena *a, const Value *schema, const char *name, Field *f)
{
    const char *type = text_of(schema, "type");
    const Value *deflt = value_get(schema, "default");

    *f = (Field){.name = name, .kind = FIELD_ANY, .flags = FIELD_PTR};
    f->doc = value_get_str(schema, "description");
    if (is_true(schema, "nullable"))
        f->flags |= FIELD_NULLABLE;
    if (is_true(schema, "x-kubernetes-preserve-unknown-fields"))
        f->flags |= FIELD_PRESERVE;
    if (is_true(schema, "x-kubernetes-int-or-string"))
        f->kind = FIELD_INT_OR_STRING;
    else if (str_eq(type, "string")) {
        f->kind = FIELD_STRING;
        f->enums = enums_of(a, value_get(schema, "enum"));
    } else if (str_eq(type, "boolean"))
        f->kind = FIELD_BOOL;
    else if (str_eq(type, "integer"))
        f->kind = str_eq(text_of(schema, "format"), "int32") ? FIELD_INT32 : FIELD_INT64;
    else if (str_eq(type, "number"))
        f->kind = FIELD_DOUBLE;
    else if (str_eq(type, "array"))
        compile_list(a, schema, f);
    else if (str_eq(type, "object"))
        compile_object(a, schema, f);
    if (deflt)
        f->deflt = default_text(a, deflt);
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
        (Column){.name = text_of(v, "name"),
                 .type = text_of(v, "type"),
                 .format = text_of(v, "format"),
                 .doc = text_of(v, "description"),
                 .priority = (int)value_at_int(v, "priority", 0),
                 .path = text_of(v, "jsonPath")};
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

        if (!str_eq(text_of(v, "name"), version))
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
        const char *name = text_of(v, "name");

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

static uint64_t hash_of(const Value *schema)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    AUTO_BUF text = BUF_INIT;

    if (schema)
        value_print(schema, &text);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    return hash;
}

static Resource *compile_version(Arena *a, const Value *def, const Value *version)
{
    const Value *spec = value_get(def, "spec"), *names = value_get(spec, "names");
    Resource *r = arena_new0(a, Resource);
    Crd *crd = arena_new0(a, Crd);

    crd->list_kind = text_of(names, "listKind");
    crd->versions = value_get(spec, "versions");
    crd->schema = value_at(version, "schema.openAPIV3Schema");
    crd->preserves_root =
        !crd->schema || is_true(crd->schema, "x-kubernetes-preserve-unknown-fields");
    r->group = text_of(spec, "group");
    r->version = text_of(version, "name");
    r->kind = text_of(names, "kind");
    r->plural = text_of(names, "plural");
    r->singular = text_of(names, "singular");
    r->short_names = texts_of(a, value_get(names, "shortNames"));
    r->categories = texts_of(a, value_get(names, "categories"));
    r->verbs = BIT(VERB_MAX_) - 1;
    r->is_namespaced = str_eq(text_of(spec, "scope"), "Namespaced");
    r->has_generation = true;
    r->type = compile_type(a, crd->schema, true);
    r->storage = arena_printf(a, "%s/%s", r->group, r->plural);
    r->selectable_fields = selectable(a, value_get(version, "selectableFields"));
    crd->hash = hash_of(crd->schema);
    crd->compiled = schema_compile(a, crd->schema);
    crd->rules = rules_compile(a, crd->compiled);
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
        if (str_eq(text_of(c, "type"), type))
            return str_eq(text_of(c, "status"), "True");
    }
    return false;
}

uint32_t crd_compile(Arena *a, const Value *crd, const Resource ***ret)
{
    const Value *versions = value_at(crd, "spec.versions"), *v;
    bool is_terminating = crd_has_condition(crd, "Terminating");
    bool needs_webhook = str_eq(value_at_str(crd, "spec.conversion.strategy"), "Webhook");
    const Resource *storage = NULL;
    Resource **all = arena_array(a, Resource *, value_len(versions) + 1);
    uint32_t n = 0;

    *ret = arena_array(a, const Resource *, value_len(versions) + 1);
    value_each_item(versions, i, v)
    {
        if (!is_true(v, "served") && !is_true(v, "storage"))
            continue;
        all[i] = compile_version(a, crd, v);
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
        own->conversion = value_at(crd, "spec.conversion.webhook");
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
