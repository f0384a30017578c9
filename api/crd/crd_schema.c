/*
 * crd_schema.c - schemas compiled.
 */
#include "api/crd_schema.h"

#include "api/validate_int.h"

typedef struct Compiler {
    Arena *a;
    uint32_t n_nodes;
    size_t n_instructions;
    bool is_for_defaults;
} Compiler;

static const Schema *compile(Compiler *c, const Value *json);

static bool is_true(const Value *json, const char *name)
{
    return value_is_true(value_get(json, name));
}

static bool take_number(const Value *json, const char *name, double *ret)
{
    return value_to_double(value_get(json, name), ret);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const SchemaProp *)x)->name, ((const SchemaProp *)y)->name);
}

static void compile_props(Compiler *c, Schema *s, const Value *properties)
{
    SchemaProp *props = arena_array(c->a, SchemaProp, value_len(properties));

    value_each_member(properties, m)
    {
        const Schema *sub = compile(c, m->value);

        if (sub)
            props[s->n_props++] = (SchemaProp){m->name, sub};
    }
    if (s->n_props > 1)
        qsort(props, s->n_props, sizeof(*props), by_name);
    s->props = props;
}

static Schemas compile_list(Compiler *c, const Value *list)
{
    Schemas out = {.items = arena_array(c->a, const Schema *, value_len(list))};
    const Value *v;

    value_each_item(list, i, v)
    {
        const Schema *sub = compile(c, v);

        if (sub)
            out.items[out.n++] = sub;
    }
    return out;
}

static void free_regex(void *re)
{
    regex_free(re);
}

static void compile_pattern(Compiler *c, Schema *s)
{
    Regex *re;

    s->pattern = value_get_str(s->json, "pattern");
    if (!s->pattern || !s->pattern[0]) {
        s->pattern = NULL;
        return;
    }
    if (c->n_instructions > SCHEMA_PATTERNS_MAX ||
        regex_compile(s->pattern, strlen(s->pattern), &re, NULL) < 0)
        return;
    c->n_instructions += regex_size(re);
    arena_on_free(c->a, free_regex, re);
    s->regex = re;
}

static void compile_type(const Compiler *c, Schema *s)
{
    static const struct {
        const char *name;
        unsigned bits;
    } types[] = {{"string", JSON_STRING},   {"integer", JSON_INTEGER}, {"number", JSON_NUMBER},
                 {"boolean", JSON_BOOLEAN}, {"array", JSON_ARRAY},     {"object", JSON_OBJECT}};
    const char *type = str_of(s->json, "type"), *format = str_of(s->json, "format");

    s->type_names = type;
    s->is_int_or_string = is_true(s->json, "x-kubernetes-int-or-string");
    if (s->is_int_or_string && c->is_for_defaults) {
        s->types = 0;
    } else if (s->is_int_or_string) {
        s->types = JSON_INTEGER | JSON_STRING;
        s->type_names = "integer,string";
    } else if (type[0]) {
        s->types = JSON_OTHER;
        for (size_t i = 0; i < ARRAY_LEN(types); i++)
            if (strcmp(type, types[i].name) == 0)
                s->types = types[i].bits;
    }
    if (format[0] && format_is_known(s->is_int_or_string ? "" : type, format)) {
        s->format = format;
        s->format_fn = format_find(format);
    }
}

static void compile_limits(Schema *s)
{
    s->has_max = take_number(s->json, "maximum", &s->max);
    s->has_min = take_number(s->json, "minimum", &s->min);
    s->has_multiple = take_number(s->json, "multipleOf", &s->multiple);
    s->excludes_max = is_true(s->json, "exclusiveMaximum");
    s->excludes_min = is_true(s->json, "exclusiveMinimum");
    s->max_length = int_of(s->json, "maxLength", -1);
    s->min_length = int_of(s->json, "minLength", -1);
    s->max_items = int_of(s->json, "maxItems", -1);
    s->min_items = int_of(s->json, "minItems", -1);
    s->max_props = int_of(s->json, "maxProperties", -1);
    s->min_props = int_of(s->json, "minProperties", -1);
}

static const Schema *compile(Compiler *c, const Value *json)
{
    const Value *others = value_get(json, "additionalProperties");
    Schema *s;

    if (!value_is(json, VALUE_OBJECT) || c->n_nodes++ >= SCHEMA_NODES_MAX)
        return NULL;
    s = arena_new0(c->a, Schema);
    s->json = json;
    compile_type(c, s);
    compile_limits(s);
    compile_pattern(c, s);
    s->is_nullable = is_true(json, "nullable");
    s->is_embedded = is_true(json, "x-kubernetes-embedded-resource");
    s->preserves = is_true(json, "x-kubernetes-preserve-unknown-fields");
    s->enums = value_len(value_get(json, "enum")) > 0 ? value_get(json, "enum") : NULL;
    s->required = value_get(json, "required");
    s->list_type = value_get_str(json, "x-kubernetes-list-type");
    s->map_type = value_get_str(json, "x-kubernetes-map-type");
    s->list_keys = value_get(json, "x-kubernetes-list-map-keys");
    s->forbids_others = value_is(others, VALUE_BOOL) && !others->boolean;
    s->allows_others = value_is_true(others);
    s->others = compile(c, others);
    s->items = compile(c, value_get(json, "items"));
    s->not_ = compile(c, value_get(json, "not"));
    compile_props(c, s, value_get(json, "properties"));
    s->all_of = compile_list(c, value_get(json, "allOf"));
    s->any_of = compile_list(c, value_get(json, "anyOf"));
    s->one_of = compile_list(c, value_get(json, "oneOf"));
    s->has_embedded = s->is_embedded || (s->others && s->others->has_embedded) ||
                      (s->items && s->items->has_embedded);
    for (uint32_t i = 0; i < s->n_props; i++)
        s->has_embedded |= s->props[i].schema->has_embedded;
    return s;
}

const Schema *schema_compile(Arena *a, const Value *json)
{
    Compiler c = {.a = a};

    return compile(&c, json);
}

const Schema *schema_compile_for_defaults(Arena *a, const Value *json)
{
    Compiler c = {.a = a, .is_for_defaults = true};

    return compile(&c, json);
}

const Schema *schema_prop(const Schema *s, const char *name)
{
    SchemaProp key = {name, NULL};
    const SchemaProp *found =
        s && s->n_props > 0 ? bsearch(&key, s->props, s->n_props, sizeof(key), by_name) : NULL;

    return found ? found->schema : NULL;
}

const Schema *schema_member(const Schema *s, const char *name)
{
    const Schema *prop = schema_prop(s, name);

    return prop || !s ? prop : s->others;
}

bool schema_is_list_of(const Schema *s, const char *list_type)
{
    return s && s->list_type && strcmp(s->list_type, list_type) == 0;
}
