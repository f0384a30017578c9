#include "api/discovery_int.h"
#include "base/mem.h"

/*
 * Schemas of OpenAPI documents, v2 and v3, written from kind tables. Built-in types are components
 * of their own and are referred to by name; the types of a CRD have no names and are written in
 * place.
 */

enum { INLINE_DEPTH_MAX = 64 };

typedef struct Writer {
    bool is_v2;
    int depth;                /* of types in place */
    const char *open;         /* the schema of what the list or map holds that is written */
    const char *const *enums; /* and its values */
    Buf *out;
} Writer;

static const struct {
    FieldKind kind;
    const char *name, *v2, *v3, *doc;
} leaf_types[] = {
    /* scalars that are types of their own */
    {FIELD_TIME, "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
     "{\"type\":\"string\",\"format\":\"date-time\"}",
     "{\"type\":\"string\",\"format\":\"date-time\"}", "A time in RFC 3339, to the second."},
    {FIELD_MICRO_TIME, "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
     "{\"type\":\"string\",\"format\":\"date-time\"}",
     "{\"type\":\"string\",\"format\":\"date-time\"}", "A time in RFC 3339, to the microsecond."},
    {FIELD_DURATION, "io.k8s.apimachinery.pkg.apis.meta.v1.Duration", "{\"type\":\"string\"}",
     "{\"type\":\"string\"}", "A length of time as Go writes it, such as 1h5m."},
    {FIELD_QUANTITY, "io.k8s.apimachinery.pkg.api.resource.Quantity", "{\"type\":\"string\"}",
     "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}",
     "An amount with a unit, such as 500m, 2 or 1Gi; m is a thousandth, Ki, Mi and Gi count by "
     "1024."},
    {FIELD_INT_OR_STRING, "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
     "{\"type\":\"string\",\"format\":\"int-or-string\"}",
     "{\"format\":\"int-or-string\",\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}",
     "An integer, or a string such as a name or a percentage."},
};

static const char patch_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

/* ---- which types ---- */

void schema_set_done(SchemaSet *s)
{
    free(s->types);
    *s = (SchemaSet){0};
}

static bool is_component(const Type *t)
{
    return t->name && type_find(t->name) == t;
}

static const Field *innermost(const Field *f)
{
    while ((f->kind == FIELD_LIST || f->kind == FIELD_MAP) && f->elem)
        f = f->elem;
    return f;
}

static void add_fields(SchemaSet *s, const Type *t, int depth)
{
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = innermost(&t->fields[i]);

        if (f->kind != FIELD_OBJECT || !f->type)
            continue;
        if (is_component(f->type))
            schema_set_add(s, f->type);
        else if (depth < INLINE_DEPTH_MAX)
            add_fields(s, f->type, depth + 1);
    }
}

void schema_set_add(SchemaSet *s, const Type *t)
{
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->types[i] == t)
            return;
    }
    GROW(s->types, s->cap, s->n + 1);
    s->types[s->n++] = t;
    add_fields(s, t, 0);
}

static uint64_t mix(uint64_t h, const char *s)
{
    for (; s && *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return (h ^ 0xff) * UINT64_C(1099511628211);
}

static uint64_t hash_fields(const Type *t, uint64_t h, int depth)
{
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = &t->fields[i], *inner = innermost(f);

        h = mix(mix(mix(h, f->name), f->doc), f->deflt);
        h = (h ^ ((uint64_t)f->kind << 40 | (uint64_t)inner->kind << 32 | f->flags)) *
            UINT64_C(1099511628211);
        for (size_t k = 0; f->enums && f->enums[k]; k++)
            h = mix(h, f->enums[k]);
        if (inner->kind != FIELD_OBJECT || !inner->type)
            continue;
        if (is_component(inner->type))
            h = mix(h, inner->type->name);
        else if (depth < INLINE_DEPTH_MAX)
            h = hash_fields(inner->type, h, depth + 1);
    }
    return h;
}

uint64_t openapi__hash_types(const SchemaSet *s, uint64_t hash)
{
    for (uint32_t i = 0; i < s->n; i++)
        hash = hash_fields(s->types[i], mix(hash, s->types[i]->name), 0);
    return hash;
}

/* ---- fields ---- */

static void write_type_body(Writer *w, const Type *t);
static void write_field_type(Writer *w, const Field *f);

static void write_ref(Writer *w, const char *name)
{
    buf_addf(w->out, "\"$ref\":\"#/%s/%s\"", w->is_v2 ? "definitions" : "components/schemas", name);
}

static const char *reference_of(const Field *f)
{
    if (f->kind == FIELD_OBJECT)
        return f->type && is_component(f->type) ? f->type->name : NULL;
    for (size_t i = 0; i < ARRAY_LEN(leaf_types); i++) {
        if (leaf_types[i].kind == f->kind)
            return leaf_types[i].name;
    }
    return NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_enums(Writer *w, const char *const *enums)
{
    const char *sorted[128];
    size_t n = 0;

    while (enums[n] && n < ARRAY_LEN(sorted)) {
        sorted[n] = enums[n];
        n++;
    }
    qsort(sorted, n, sizeof(*sorted), compare_texts);
    buf_adds(w->out, ",\"enum\":[");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addc(w->out, ',');
        discovery__str(w->out, sorted[i]);
    }
    buf_addc(w->out, ']');
}

static void write_elem(Writer *w, const Field *f)
{
    const char *ref = f ? reference_of(f) : NULL;

    if (f && f->kind == FIELD_ANY && w->open)
        ref = w->open;
    buf_addc(w->out, '{');
    if (ref)
        write_ref(w, ref);
    else if (f)
        write_field_type(w, f);
    if (f && f->kind == FIELD_STRING && w->enums)
        write_enums(w, w->enums);
    buf_addc(w->out, '}');
}

/* Type and format; not for what is written as reference. */
static void write_field_type(Writer *w, const Field *f)
{
    static const char *const texts[] = {
        [FIELD_STRING] = "\"type\":\"string\"",
        [FIELD_BOOL] = "\"type\":\"boolean\"",
        [FIELD_INT32] = "\"type\":\"integer\",\"format\":\"int32\"",
        [FIELD_INT64] = "\"type\":\"integer\",\"format\":\"int64\"",
        [FIELD_DOUBLE] = "\"type\":\"number\",\"format\":\"double\"",
        [FIELD_BYTES] = "\"type\":\"string\",\"format\":\"byte\"",
        [FIELD_LIST] = "\"type\":\"array\",\"items\":",
        [FIELD_MAP] = "\"type\":\"object\",\"additionalProperties\":",
        [FIELD_ANY] = "\"type\":\"object\"",
    };

    if (f->kind == FIELD_OBJECT) {
        if (f->type && w->depth < INLINE_DEPTH_MAX) {
            w->depth++;
            write_type_body(w, f->type);
            w->depth--;
        } else {
            buf_adds(w->out, "\"type\":\"object\"");
        }
        return;
    }
    buf_adds(w->out, texts[f->kind]);
    if (f->kind == FIELD_LIST || f->kind == FIELD_MAP)
        write_elem(w, f->elem);
}

static void write_extensions(Writer *w, const Type *t, const Field *f)
{
    if (f->kind == FIELD_LIST && f->list_type == LIST_MAP && f->list_map_keys) {
        buf_adds(w->out, ",\"x-kubernetes-list-map-keys\":[");
        for (size_t i = 0; f->list_map_keys[i]; i++) {
            if (i > 0)
                buf_addc(w->out, ',');
            discovery__str(w->out, f->list_map_keys[i]);
        }
        buf_adds(w->out, "],\"x-kubernetes-list-type\":\"map\"");
    } else if (openapi__has_list_type(t, f)) {
        buf_addf(w->out, ",\"x-kubernetes-list-type\":\"%s\"",
                 f->list_type == LIST_SET ? "set" : "atomic");
    }
    if (f->merge_key && f->merge_key[0])
        discovery__member(w->out, "x-kubernetes-patch-merge-key", f->merge_key);
    if (f->flags & (FIELD_PATCH_MERGE | FIELD_PATCH_RETAIN))
        buf_addf(w->out, ",\"x-kubernetes-patch-strategy\":\"%s\"",
                 !(f->flags & FIELD_PATCH_MERGE)   ? "retainKeys"
                 : (f->flags & FIELD_PATCH_RETAIN) ? "merge,retainKeys"
                                                   : "merge");
    if (f->flags & FIELD_MAP_ATOMIC)
        buf_adds(w->out, ",\"x-kubernetes-map-type\":\"atomic\"");
    if (f->flags & FIELD_PRESERVE)
        buf_adds(w->out, ",\"x-kubernetes-preserve-unknown-fields\":true");
}

/* Fields that Go always writes have their zero value as default. */
static const char *default_of(const Type *t, const Field *f)
{
    const char *told = is_component(t) ? openapi__told_default(t, f) : f->deflt;

    if (told)
        return told;
    if (f->flags & FIELD_PTR)
        return NULL;
    if (f->kind == FIELD_OBJECT)
        return f->type && is_component(f->type) ? "{}" : NULL;
    if (!(f->flags & FIELD_ALWAYS))
        return NULL;
    switch (f->kind) {
    case FIELD_STRING:
        return "\"\"";
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_DOUBLE:
        return "0";
    case FIELD_BOOL:
        return "false";
    default:
        return NULL;
    }
}

static void write_property(Writer *w, const Type *t, const Field *f)
{
    const char *ref = reference_of(f), *deflt = w->is_v2 ? NULL : default_of(t, f);
    const char *const *enums = openapi__enums(f);
    const char *more = openapi__extension(t, f);

    w->enums = openapi__elem_enums(f);
    w->open = openapi__open_schema(t, f);
    if (f->kind == FIELD_ANY && w->open)
        ref = w->open;

    discovery__str(w->out, f->name);
    buf_adds(w->out, ":{");
    if (ref && openapi__is_bare(t, f)) {
        write_ref(w, ref);
        buf_addc(w->out, '}');
        return;
    }
    if (ref && w->is_v2) {
        write_ref(w, ref);
    } else if (ref) {
        buf_adds(w->out, "\"allOf\":[{");
        write_ref(w, ref);
        buf_adds(w->out, "}]");
    } else {
        write_field_type(w, f);
    }
    if (f->doc && f->doc[0])
        discovery__member(w->out, "description", f->doc);
    if (deflt)
        buf_addf(w->out, ",\"default\":%s", deflt);
    if (enums && enums[0])
        write_enums(w, enums);
    write_extensions(w, t, f);
    if (more)
        buf_adds(w->out, more);
    buf_addc(w->out, '}');
}

static void write_type_body(Writer *w, const Type *t)
{
    bool is_first = true;

    buf_adds(w->out, "\"type\":\"object\"");
    if (t->doc && t->doc[0])
        discovery__member(w->out, "description", t->doc);
    for (uint32_t i = 0; i < t->n_fields; i++) {
        if (!(t->fields[i].flags & FIELD_REQUIRED))
            continue;
        buf_adds(w->out, is_first ? ",\"required\":[" : ",");
        is_first = false;
        discovery__str(w->out, t->fields[i].name);
    }
    if (!is_first)
        buf_addc(w->out, ']');
    is_first = true;
    for (uint32_t i = 0; i < t->n_fields; i++) {
        buf_adds(w->out, is_first ? ",\"properties\":{" : ",");
        is_first = false;
        write_property(w, t, &t->fields[i]);
    }
    if (!is_first)
        buf_addc(w->out, '}');
    if (t->is_map_atomic)
        buf_adds(w->out, ",\"x-kubernetes-map-type\":\"atomic\"");
    openapi__write_unions(t, w->out);
}

/* ---- kinds ---- */

char *openapi__resource_schema(const Resource *r, char *out)
{
    size_t at = 0, end = strlen(r->group);

    if (is_component(r->type)) {
        snprintf(out, 600, "%s", r->type->name);
        return out;
    }
    /* a custom resource: its group backwards */
    for (size_t i = end + 1; i-- > 0;) {
        if (i > 0 && r->group[i - 1] != '.')
            continue;
        at += (size_t)snprintf(out + at, 300, "%.*s.", (int)(end - i), r->group + i);
        end = i > 0 ? i - 1 : 0;
    }
    snprintf(out + at, 600 - at, "%s.%s", r->version, r->kind);
    return out;
}

static void write_kind_mark(Writer *w, const char *group, const char *version, const char *kind,
                            const char *suffix)
{
    AUTO_BUF name = BUF_INIT;

    buf_addf(&name, "%s%s", kind, suffix);
    buf_adds(w->out, "{\"group\":");
    discovery__str(w->out, group);
    discovery__member(w->out, "kind", buf_str(&name));
    discovery__member(w->out, "version", version);
    buf_addc(w->out, '}');
}

/* Of a type that is no resource's. */
static void write_version_marks(Writer *w, const Type *t)
{
    size_t n;
    const char *const *versions = openapi__versions_of(t, &n);

    for (size_t i = 0; i < n; i++) {
        const char *slash = strchr(versions[i], '/');
        char group[256];

        (void)snprintf(group, sizeof(group), "%.*s", slash ? (int)(slash - versions[i]) : 0,
                       versions[i]);
        buf_adds(w->out, i == 0 ? ",\"x-kubernetes-group-version-kind\":[" : ",");
        write_kind_mark(w, group, slash ? slash + 1 : versions[i], strrchr(t->name, '.') + 1, "");
        if (i + 1 == n)
            buf_addc(w->out, ']');
    }
}

/* x-kubernetes-group-version-kind of a type: of the resources that have it as body, or of a
 * subresource's body. */
static void write_kind_marks(Writer *w, const ResourceSet *set, const Type *t)
{
    const char *kind = t->name ? strrchr(t->name, '.') : NULL;
    bool is_first = true;

    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (r->type != t)
            continue;
        buf_adds(w->out, is_first ? ",\"x-kubernetes-group-version-kind\":[" : ",");
        is_first = false;
        write_kind_mark(w, r->group, r->version, r->kind, "");
    }
    for (size_t i = 0; is_first && kind && i < set->n; i++) {
        const Resource *r = set->items[i];

        for (uint32_t k = 0; is_first && k < r->n_subresources; k++) {
            const Subresource *s = &r->subresources[k];

            if (!s->version || !str_eq(s->kind, kind + 1) || !type_field(t, SLICE("kind")))
                continue;
            buf_adds(w->out, ",\"x-kubernetes-group-version-kind\":[");
            is_first = false;
            write_kind_mark(w, s->group ? s->group : "", s->version, s->kind, "");
        }
    }
    if (!is_first)
        buf_addc(w->out, ']');
    else
        write_version_marks(w, t);
}

static void write_list_schema(Writer *w, const Resource *r, const char *item)
{
    buf_adds(w->out, ",\"");
    buf_adds(w->out, item);
    buf_addf(
        w->out,
        "List\":{\"description\":\"A list of %s objects.\",\"type\":\"object\",\"required\":["
        "\"items\"],\"properties\":{\"apiVersion\":{\"description\":\"Group and version of the "
        "schema of the list.\",\"type\":\"string\"},\"items\":{\"description\":\"The objects.\","
        "\"type\":\"array\",\"items\":{",
        r->kind);
    write_ref(w, item);
    buf_adds(w->out,
             "}},\"kind\":{\"description\":\"Kind of the list.\",\"type\":\"string\"},"
             "\"metadata\":{\"description\":\"The version of the list, and where to continue "
             "when it was cut into pages.\",");
    if (!w->is_v2 && is_component(r->type))
        buf_adds(w->out, "\"default\":{},\"allOf\":[{");
    write_ref(w, "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
    buf_adds(w->out, !w->is_v2 && is_component(r->type) ? "}]}}" : "}}");
    buf_adds(w->out, ",\"x-kubernetes-group-version-kind\":[");
    write_kind_mark(w, r->group, r->version, r->kind, "List");
    buf_adds(w->out, "]}");
}

static void write_common(Writer *w)
{
    for (size_t i = 0; i < ARRAY_LEN(leaf_types); i++)
        buf_addf(w->out, "%s\"%s\":{\"description\":\"%s\",%s", i > 0 ? "," : "",
                 leaf_types[i].name, leaf_types[i].doc,
                 (w->is_v2 ? leaf_types[i].v2 : leaf_types[i].v3) + 1);
    buf_addf(w->out,
             ",\"%s\":{\"description\":\"A change, in the form that its Content-Type says.\","
             "\"type\":\"object\"}",
             patch_schema);
}

void openapi__write_schemas(const SchemaSet *types, const ResourceSet *set, Slice group,
                            Slice version, bool is_v2, Buf *out)
{
    Writer w = {.is_v2 = is_v2, .out = out};
    char name[600];

    write_common(&w);
    openapi__write_open_schemas(types, out);
    for (uint32_t i = 0; i < types->n; i++) {
        const Type *t = types->types[i];

        if (!is_component(t))
            continue;
        buf_addf(out, ",\"%s\":{", t->name);
        write_type_body(&w, t);
        write_kind_marks(&w, set, t);
        buf_addc(out, '}');
    }
    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (!is_v2 && !discovery__is_in(r, group, version))
            continue;
        openapi__resource_schema(r, name);
        if (!is_component(r->type)) {
            buf_addc(out, ',');
            discovery__str(out, name);
            buf_adds(out, ":{");
            if (r->crd)
                openapi__write_custom(r, is_v2, out);
            else
                write_type_body(&w, r->type);
            write_kind_marks(&w, set, r->type);
            buf_addc(out, '}');
        }
        if (r->verbs & BIT(VERB_LIST))
            write_list_schema(&w, r, name);
    }
}
