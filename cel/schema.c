#include "cel/cel_int.h"

/*
 * The type that an OpenAPI schema describes, and how large its values may be. Sizes follow
 * k8s.io/apiserver/pkg/cel/common/schemas.go, since they decide which rules are refused as too
 * expensive.
 */

enum {
    DURATION_MIN = 4,  /* "0s" */
    DURATION_MAX = 29, /* nanoseconds of the longest one, quoted */
    DATE_SIZE = 12,
    TIME_MIN = 22,
    TIME_MAX = 37,
};

static const CelType preserved = {.kind = CEL_DYN, .is_preserved = true};

static const CelType *make(Arena *a, const Value *s, const char *name, bool is_root);

static uint64_t limit_of(const Value *s, const char *key, uint64_t otherwise)
{
    int64_t n;

    if (!value_to_int(value_get(s, key), &n))
        return otherwise;
    return n < 0 ? 0 : (uint64_t)n;
}

static CelType *simple(Arena *a, const CelType *like, uint64_t min_size, uint64_t max_elements)
{
    CelType *t = arena_new0(a, CelType);

    *t = *like;
    t->min_size = min_size;
    t->max_elements = max_elements;
    return t;
}

static uint64_t longest_enum(const Value *values)
{
    uint64_t longest = 0;
    const Value *v;

    value_each_item(values, i, v) if (v->type == VALUE_STRING && v->n > longest) longest = v->n;
    return longest;
}

static CelType *make_string(Arena *a, const Value *s)
{
    const char *format = value_get_str(s, "format");
    const uint64_t request = CEL_MAX_REQUEST_BYTES - 2;
    CelType *t;

    if (str_eq(format, "byte"))
        return simple(a, &cel_bytes, 2, limit_of(s, "maxLength", request));
    if (str_eq(format, "duration"))
        return simple(a, &cel_duration, DURATION_MIN, DURATION_MAX);
    if (str_eq(format, "date-time"))
        return simple(a, &cel_timestamp, TIME_MIN, TIME_MAX);
    if (str_eq(format, "date")) {
        t = simple(a, &cel_timestamp, DATE_SIZE, DATE_SIZE);
        t->is_date = true;
        return t;
    }
    if (value_get(s, "maxLength")) /* counted in code points, of up to four bytes */
        return simple(a, &cel_string, 2, cel_cost_mul(limit_of(s, "maxLength", 0), 4));
    if (value_len(value_get(s, "enum")) > 0)
        return simple(a, &cel_string, 2, longest_enum(value_get(s, "enum")));
    return simple(a, &cel_string, 2, request);
}

static CelType *make_array(Arena *a, const Value *s, const char *name)
{
    const Value *items = value_get(s, "items"), *keys = value_get(s, "x-kubernetes-list-map-keys");
    const char *kind = value_get_str(s, "x-kubernetes-list-type"), **names;
    const CelType *elem;
    CelType *t;

    if (!value_is(items, VALUE_OBJECT))
        return NULL;
    elem = make(a, items, arena_printf(a, "%s.@idx", name),
                value_is_true(value_get(items, "x-kubernetes-embedded-resource")));
    if (!elem)
        return NULL;
    t = cel_type_list(a, elem);
    t->max_elements = limit_of(s, "maxItems", (CEL_MAX_REQUEST_BYTES - 2) / (elem->min_size + 1));
    t->list_kind = str_eq(kind, "set")   ? CEL_LIST_SET
                   : str_eq(kind, "map") ? CEL_LIST_MAP
                                         : CEL_LIST_ATOMIC;
    if (t->list_kind == CEL_LIST_MAP) {
        t->n_list_keys = value_len(keys);
        names = arena_array(a, const char *, MAX(t->n_list_keys, 1u));
        for (uint32_t i = 0; i < t->n_list_keys; i++) {
            names[i] = value_to_cstr(value_item(keys, i));
            names[i] = arena_strdup(a, names[i] ? names[i] : "");
        }
        t->list_keys = names;
    }
    return t;
}

static CelType *make_map(Arena *a, const Value *values, const Value *s, const char *name)
{
    const CelType *elem = make(a, values, arena_printf(a, "%s.@elem", name),
                               value_is_true(value_get(values, "x-kubernetes-embedded-resource")));
    CelType *t;

    if (!elem)
        return NULL;
    t = cel_type_map(a, &cel_string, elem);
    t->max_elements =
        limit_of(s, "maxProperties", (CEL_MAX_REQUEST_BYTES - 2) / (elem->min_size + 6));
    return t;
}

static bool is_string(const Value *schema)
{
    return str_eq(value_get_str(schema, "type"), "string");
}

/* Properties with what every whole object has. A schema that has it all stays; else "metadata" is
 * replaced. */
static const Value *with_object_meta(Arena *a, const Value *properties)
{
    const Value *meta = value_get(value_get(properties, "metadata"), "properties");
    Value *all;

    if (is_string(value_get(properties, "kind")) &&
        is_string(value_get(properties, "apiVersion")) && is_string(value_get(meta, "name")) &&
        is_string(value_get(meta, "generateName")))
        return properties;
    all = value_object(a);
    value_each_member(properties, m) value_set(a, all, m->name, m->value);
    value_set(a, all, "kind", value_literal(a, "{'type':'string'}"));
    value_set(a, all, "apiVersion", value_literal(a, "{'type':'string'}"));
    value_set(a, all, "metadata",
              value_literal(a, "{'type':'object','properties':{'name':{'type':'string'},"
                               "'generateName':{'type':'string'}}}"));
    return all;
}

static CelType *make_object(Arena *a, const Value *s, const char *name, bool is_root)
{
    const Value *more = value_get(s, "additionalProperties");
    const Value *properties = value_get(s, "properties");
    CelField *fields;
    uint64_t min_size = 2;
    uint32_t n = 0;
    CelType *t;

    if (is_root)
        properties = with_object_meta(a, properties);
    if (value_is(more, VALUE_OBJECT) && value_len(properties) == 0)
        return make_map(a, more, s, name);
    fields = arena_array(a, CelField, MAX(value_len(properties), 1u));
    value_each_member(properties, m)
    {
        char *escaped = cel_escape(a, m->name);
        const CelType *type =
            make(a, m->value, arena_printf(a, "%s.%s", name, escaped ? escaped : m->name),
                 value_is_true(value_get(m->value, "x-kubernetes-embedded-resource")));

        fields[n++] = (CelField){
            .json = m->name, .type = type ? type : &preserved, .is_hidden = type == NULL};
        if (type && value_has_str(value_get(s, "required"), m->name) &&
            !value_get(m->value, "default"))
            min_size += strlen(m->name) + type->min_size + 4;
    }
    t = cel_type_object(a, name, fields, n);
    t->min_size = min_size;
    return t;
}

static CelType *make_plain(Arena *a, const Value *s, const char *name, bool is_root)
{
    const char *type = value_get_str(s, "type");

    if (value_is_true(value_get(s, "x-kubernetes-int-or-string"))) {
        CelType *t = simple(a, &cel_dyn, 1, CEL_MAX_REQUEST_BYTES - 2);

        t->is_int_or_string = true;
        return t;
    }
    if (str_eq(type, "object"))
        return make_object(a, s, name, is_root);
    if (str_eq(type, "array"))
        return make_array(a, s, name);
    if (str_eq(type, "string"))
        return make_string(a, s);
    if (str_eq(type, "boolean"))
        return simple(a, &cel_bool, 4, 0);
    if (str_eq(type, "number"))
        return simple(a, &cel_double, 1, 0);
    if (str_eq(type, "integer"))
        return simple(a, &cel_int, 1, 0);
    return NULL;
}

static const CelType *make(Arena *a, const Value *s, const char *name, bool is_root)
{
    CelType *t = value_is(s, VALUE_OBJECT) ? make_plain(a, s, name, is_root) : NULL;

    if (t)
        t->is_nullable = value_is_true(value_get(s, "nullable"));
    return t;
}

const CelType *cel_schema_type(Arena *a, const Value *schema, const char *name, bool is_root)
{
    return make(a, schema, name,
                is_root || value_is_true(value_get(schema, "x-kubernetes-embedded-resource")));
}
