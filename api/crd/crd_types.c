/*
 * crd_types.c - structural schemas compiled into Type and Field tables.
 */
#include "api/crd/crd_int.h"

static const char meta_type[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
static const Field any_value = {.kind = FIELD_ANY, .flags = FIELD_PTR | FIELD_NULLABLE};

/* additionalProperties: true says nothing about what is inside of objects. */
static const Type no_type = {.name = ""};
static const Field open_value = {
    .kind = FIELD_OBJECT, .type = &no_type, .flags = FIELD_PTR | FIELD_NULLABLE};

static bool is_true(const Value *v, const char *name)
{
    return value_is_true(value_get(v, name));
}

const char *const *crd__texts(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;
    uint32_t n = 0;

    value_each_item(list, i, v) if (value_to_cstr(v)) out[n++] = value_to_cstr(v);
    out[n] = NULL;
    return out;
}

static void compile_field(Arena *a, const Value *schema, const char *name, uint32_t above,
                          Field *ret);

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

/* With `has_meta` the type is that of whole objects: kind, apiVersion and metadata belong to it.
 * `above` has FIELD_OPEN when what is declared here stands in an open schema. */
static const Type *compile_type(Arena *a, const Value *schema, bool has_meta, uint32_t above)
{
    const Value *properties = value_get(schema, "properties");
    Type *t = arena_new0(a, Type);
    Field *fields = arena_array(a, Field, value_len(properties) + 3);

    t->name = "";
    t->doc = value_get_str(schema, "description");
    t->is_map_atomic = str_eq(str_of(schema, "x-kubernetes-map-type"), "atomic");
    value_each_member(properties, m)
    {
        Field *f = &fields[t->n_fields++];

        compile_field(a, m->value, m->name, above, f);
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
        f->type = compile_type(a, schema, embedded, f->flags);
        return;
    }
    if (value_is(more, VALUE_OBJECT)) {
        Field *elem = arena_new0(a, Field);

        compile_field(a, more, NULL, f->flags, elem);
        f->kind = FIELD_MAP;
        f->elem = elem;
    } else if (value_is_true(more) || f->flags & FIELD_PRESERVE) {
        f->kind = FIELD_MAP;
        f->elem = f->flags & FIELD_PRESERVE ? &any_value : &open_value;
    } else {
        f->kind = FIELD_OBJECT;
        f->type = compile_type(a, schema, false, f->flags);
    }
    if (str_eq(str_of(schema, "x-kubernetes-map-type"), "atomic"))
        f->flags |= FIELD_MAP_ATOMIC;
}

static void compile_list(Arena *a, const Value *schema, Field *f)
{
    const char *how = str_of(schema, "x-kubernetes-list-type");
    const Value *items = value_get(schema, "items");
    Field *elem = arena_new0(a, Field);

    if (value_is(items, VALUE_OBJECT))
        compile_field(a, items, NULL, f->flags, elem);
    else
        *elem = any_value;
    f->kind = FIELD_LIST;
    f->elem = elem;
    f->list_type = str_eq(how, "set") ? LIST_SET : str_eq(how, "map") ? LIST_MAP : LIST_ATOMIC;
    if (f->list_type == LIST_MAP)
        f->list_map_keys = crd__texts(a, value_get(schema, "x-kubernetes-list-map-keys"));
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
    return value_len(list) > 0 ? crd__texts(a, list) : NULL;
}

static void compile_field(Arena *a, const Value *schema, const char *name, uint32_t above, Field *f)
{
    const char *type = str_of(schema, "type");
    const Value *deflt = value_get(schema, "default");

    *f = (Field){.name = name, .kind = FIELD_ANY, .flags = FIELD_PTR | (above & FIELD_OPEN)};
    f->doc = value_get_str(schema, "description");
    if (is_true(schema, "nullable"))
        f->flags |= FIELD_NULLABLE;
    if (is_true(schema, "x-kubernetes-preserve-unknown-fields"))
        f->flags |= FIELD_PRESERVE | FIELD_OPEN;
    if (is_true(schema, "x-kubernetes-int-or-string"))
        f->kind = FIELD_INT_OR_STRING;
    else if (str_eq(type, "string")) {
        f->kind = FIELD_STRING;
        f->enums = enums_of(a, value_get(schema, "enum"));
    } else if (str_eq(type, "boolean"))
        f->kind = FIELD_BOOL;
    else if (str_eq(type, "integer"))
        f->kind = str_eq(str_of(schema, "format"), "int32") ? FIELD_INT32 : FIELD_INT64;
    else if (str_eq(type, "number"))
        f->kind = FIELD_DOUBLE;
    else if (str_eq(type, "array"))
        compile_list(a, schema, f);
    else if (str_eq(type, "object"))
        compile_object(a, schema, f);
    if (deflt)
        f->deflt = default_text(a, deflt);
}

const Type *crd__type(Arena *a, const Value *schema)
{
    bool is_open = !schema || is_true(schema, "x-kubernetes-preserve-unknown-fields");

    return compile_type(a, schema, true, is_open ? FIELD_OPEN : 0);
}
