/*
 * crd_structural.c - is the schema of a definition structural, and does it use only what the server
 * supports? The rules, their order and words are those of apiextensions (pkg/apiserver/schema,
 * pkg/apis/apiextensions/validation).
 *
 * DESIGN. Three passes, as upstream:
 *  1. structure: every value validation is about something that is declared; junctors say nothing
 *     about structure. Its errors are sorted by their text.
 *  2. defaults: each one is pruned and valid (api/crd/crd_defaults.c). Only when 1 found nothing.
 *  3. the schema node by node: what is forbidden, x-kubernetes-*, and the rules in CEL
 *     (api/crd/crd_rules.c), which are compiled only where nothing else is wrong.
 */
#include "api/crd_rules.h"
#include "api/validate_int.h"
#include "base/err.h"
#include "base/regex.h"

#include <ctype.h>

typedef enum Level { LEVEL_ROOT, LEVEL_ITEM, LEVEL_FIELD } Level;

static bool is_true(const Value *s, const char *name)
{
    return value_is_true(value_get(s, name));
}

static const Value *sub(const Value *s, const char *name)
{
    const Value *v = value_get(s, name);

    return value_is(v, VALUE_OBJECT) ? v : NULL;
}

/* Go's zero value: as good as absent. */
static bool is_zero(const Value *v)
{
    return v->type == VALUE_NULL || (v->type == VALUE_BOOL && !v->boolean) ||
           (v->type == VALUE_STRING && v->n == 0) || (v->type >= VALUE_ARRAY && v->n == 0);
}

static bool is_set(const Value *s, const char *name)
{
    const Value *v = value_get(s, name);

    return v && !is_zero(v);
}

/* ---- 1: structure ---- */

static void check_nested(FieldErrs *e, const Path *p, const Value *v, Level level, bool skip_any);

/* Exactly {type: NAME}. */
static bool is_bare_type(const Value *v, const char *name)
{
    if (strcmp(str_of(v, "type"), name) != 0)
        return false;
    value_each_member(v, m)
    {
        if (strcmp(m->name, "type") != 0 && !is_zero(m->value))
            return false;
    }
    return true;
}

static bool is_int_or_string_any(const Value *s)
{
    const Value *any = value_get(s, "anyOf");

    return value_len(any) == 2 && is_bare_type(any->items[0], "integer") &&
           is_bare_type(any->items[1], "string");
}

/* What a node says of values, in itself and in its junctors. */
static void check_values(FieldErrs *e, const Path *p, const Value *s, Level level, bool skip_any,
                         bool skip_first_all)
{
    const char *pattern = str_of(s, "pattern");
    const Value *v;
    Regex *re = NULL;
    Err err;

    value_each_item(value_get(s, "anyOf"), i, v)
    {
        if (!skip_any)
            check_nested(e, AT_ITEM(AT(p, "anyOf"), i), v, level, false);
    }
    value_each_item(value_get(s, "allOf"), k, v)
        check_nested(e, AT_ITEM(AT(p, "allOf"), k), v, level, skip_first_all && k == 0);
    value_each_item(value_get(s, "oneOf"), n, v)
        check_nested(e, AT_ITEM(AT(p, "oneOf"), n), v, level, false);
    if (sub(s, "not"))
        check_nested(e, AT(p, "not"), sub(s, "not"), level, false);
    if (pattern[0] && regex_compile(pattern, strlen(pattern), &re, &err) < 0)
        bad_str(e, AT(p, "pattern"), pattern, "must be a valid regular expression, but isn't: %s",
                err.msg);
    regex_free(re);
}

/* A schema below a junctor: values only, no structure. */
static void check_nested(FieldErrs *e, const Path *p, const Value *v, Level level, bool skip_any)
{
    static const struct {
        const char *name, *text;
    } banned[] = {
        {"type", "must be empty to be structural"},
        {"additionalProperties", "must be undefined to be structural"},
        {"default", "must be undefined to be structural"},
        {"title", "must be empty to be structural"},
        {"description", "must be empty to be structural"},
        {"nullable", "must be false to be structural"},
        {"x-kubernetes-preserve-unknown-fields", "must be false to be structural"},
        {"x-kubernetes-embedded-resource", "must be false to be structural"},
        {"x-kubernetes-int-or-string", "must be false to be structural"},
        {"x-kubernetes-list-map-keys", "must be empty to be structural"},
        {"x-kubernetes-list-type", "must be undefined to be structural"},
        {"x-kubernetes-map-type", "must be undefined to be structural"},
        {"x-kubernetes-validations", "must be empty to be structural"},
    };
    /* pointers in Go: a zero value counts */
    static const char pointers[] = "additionalProperties|default|x-kubernetes-list-type|"
                                   "x-kubernetes-map-type";

    check_values(e, p, v, level, skip_any, false);
    if (sub(v, "items"))
        check_nested(e, AT(p, "items"), sub(v, "items"), level, false);
    value_each_member(sub(v, "properties"), m)
        check_nested(e, AT_KEY(AT(p, "properties"), m->name), m->value, LEVEL_FIELD, false);
    for (size_t i = 0; i < ARRAY_LEN(banned); i++) {
        bool there =
            one_of(banned[i].name, pointers) ? has(v, banned[i].name) : is_set(v, banned[i].name);

        if (there)
            forbidden(e, AT(p, banned[i].name), banned[i].text);
    }
    if (value_get(sub(v, "properties"), "metadata"))
        forbidden(e, AT_KEY(AT(p, "properties"), "metadata"),
                  "must not be specified in a nested context");
}

/* The schema of metadata at the root may restrict name and generateName only. */
static void check_metadata_schema(FieldErrs *e, const Path *p, const Value *s, bool is_meta,
                                  Level level)
{
    const Value *properties = sub(s, "properties");
    bool is_plain = true, only_names = true;

    if (is_meta && strcmp(str_of(s, "type"), "object") != 0)
        bad_str(e, AT(p, "type"), str_of(s, "type"), "must be object");
    if (level != LEVEL_ROOT)
        return;
    value_each_member(properties, m) only_names =
        only_names && one_of(m->name, "name|generateName");
    value_each_member(s, k)
    {
        if (strcmp(k->name, "properties") == 0)
            is_plain = is_plain && only_names;
        else if (!one_of(k->name, "type|default|externalDocs|example"))
            is_plain = is_plain && is_zero(k->value);
    }
    if (!is_plain)
        forbidden(e, p,
                  "must not specify anything other than name and generateName, but metadata is "
                  "implicitly specified");
}

static void check_type_given(FieldErrs *e, const Path *p, const Value *s, Level level)
{
    static const char *const texts[] = {"must not be empty at the root",
                                        "must not be empty for specified array items",
                                        "must not be empty for specified object fields"};
    static const char embedded[] = "must be object if x-kubernetes-embedded-resource is true";
    const char *type = str_of(s, "type");

    if (is_true(s, "x-kubernetes-embedded-resource") && strcmp(type, "object") != 0) {
        if (type[0])
            bad_str(e, AT(p, "type"), type, "%s", embedded);
        else
            missing(e, AT(p, "type"), embedded);
    } else if (!type[0] && !is_true(s, "x-kubernetes-int-or-string") &&
               !is_true(s, "x-kubernetes-preserve-unknown-fields"))
        missing(e, AT(p, "type"), texts[level]);
}

static void check_structure(FieldErrs *e, const Path *p, const Value *s, Level level)
{
    const Value *properties = sub(s, "properties"), *first = value_item(value_get(s, "allOf"), 0);
    bool is_embedded = is_true(s, "x-kubernetes-embedded-resource");
    bool is_meta = level == LEVEL_ROOT || is_embedded;
    const char *type = str_of(s, "type");
    static const char *const strings[] = {"kind", "apiVersion"};

    if (strcmp(type, "array") == 0 && !sub(s, "items"))
        missing(e, AT(p, "items"), "must be specified");
    if (sub(s, "items"))
        check_structure(e, AT(p, "items"), sub(s, "items"), LEVEL_ITEM);
    value_each_member(properties, m)
        check_structure(e, AT_KEY(AT(p, "properties"), m->name), m->value, LEVEL_FIELD);
    if (has(s, "additionalProperties") && level == LEVEL_ROOT)
        forbidden(e, AT(p, "additionalProperties"), "must not be used at the root");
    if (sub(s, "additionalProperties"))
        check_structure(e, AT(p, "additionalProperties"), sub(s, "additionalProperties"),
                        LEVEL_FIELD);
    if (is_true(s, "x-kubernetes-int-or-string")) {
        static const char *const not_with[] = {"x-kubernetes-preserve-unknown-fields",
                                               "x-kubernetes-embedded-resource"};

        for (size_t i = 0; i < ARRAY_LEN(not_with); i++)
            if (is_true(s, not_with[i]))
                bad(e, AT(p, not_with[i]), value_get(s, not_with[i]),
                    "must be false if x-kubernetes-int-or-string is true");
    }
    check_values(e, p, s, level, is_int_or_string_any(s), is_int_or_string_any(first));
    check_type_given(e, p, s, level);
    if (is_embedded && has(s, "additionalProperties"))
        forbidden(e, AT(p, "additionalProperties"),
                  "must not be used if x-kubernetes-embedded-resource is set");
    if (level == LEVEL_ROOT && type[0] && strcmp(type, "object") != 0)
        bad_str(e, AT(p, "type"), type, "must be object at the root");
    for (size_t i = 0; i < ARRAY_LEN(strings) && is_meta; i++) {
        const Value *own = value_get(properties, strings[i]);

        if (own && strcmp(str_of(own, "type"), "string") != 0)
            bad_str(e, AT(AT_KEY(AT(p, "properties"), strings[i]), "type"), str_of(own, "type"),
                    "must be string");
    }
    if (value_get(properties, "metadata"))
        check_metadata_schema(e, AT_KEY(AT(p, "properties"), "metadata"),
                              value_get(properties, "metadata"), is_meta, level);
    if (is_embedded && !is_true(s, "x-kubernetes-preserve-unknown-fields") &&
        value_len(properties) == 0)
        missing(e, AT(p, "properties"),
                "must not be empty if x-kubernetes-embedded-resource is true without "
                "x-kubernetes-preserve-unknown-fields");
}

/* ---- completeness: what junctors speak of is declared outside of them ---- */

static void check_complete(FieldErrs *e, const Value *v, const Value *s, const Path *at_s,
                           const Path *at_v);

static void not_declared(FieldErrs *e, const Path *at_s, const Path *at_v)
{
    missing(e, at_s, arena_printf(e->arena, "because it is defined in %s", path_str(e, at_v)));
}

static void check_nested_complete(FieldErrs *e, const Value *v, const Value *s, const Path *at_s,
                                  const Path *at_v)
{
    if (!v)
        return;
    if (!s) {
        not_declared(e, at_s, at_v);
        return;
    }
    check_complete(e, v, s, at_s, at_v);
    check_nested_complete(e, sub(v, "items"), sub(s, "items"), AT(at_s, "items"),
                          AT(at_v, "items"));
    value_each_member(sub(v, "properties"), m)
    {
        const Path *in_s = AT_KEY(AT(at_s, "properties"), m->name);
        const Path *in_v = AT_KEY(AT(at_v, "properties"), m->name);
        const Value *own = value_get(sub(s, "properties"), m->name);

        if (own)
            check_nested_complete(e, m->value, own, in_s, in_v);
        else
            not_declared(e, in_s, in_v);
    }
}

static void check_complete(FieldErrs *e, const Value *v, const Value *s, const Path *at_s,
                           const Path *at_v)
{
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
    const Value *one;

    check_nested_complete(e, sub(v, "not"), s, at_s, AT(at_v, "not"));
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(v, lists[k]), i, one)
            check_nested_complete(e, one, s, at_s, AT_ITEM(AT(at_v, lists[k]), i));
}

static int by_text(const void *x, const void *y)
{
    const FieldErr *a = x, *b = y;
    int d = strcmp(a->field, b->field);

    return d ? d : strcmp(a->message, b->message);
}

/* ---- 3: node by node ---- */

typedef struct Node {         /* what is known on the way down */
    const char *no_default;   /* why defaults are forbidden; NULL: they are not */
    bool in_meta;             /* inside of apiVersion, kind or metadata of a resource */
    const Path *uncorrelated; /* the first node above that has no counterpart in the old object */
    RuleContext *rules;       /* NULL: rules are not compiled here */
} Node;

typedef struct Walk {
    FieldErrs *e; /* of the schema */
    RuleErrs rules;
} Walk;

static void check_node(Walk *w, const Path *p, const Value *s, const Node *n, bool is_root);

static void check_supported(FieldErrs *e, const Path *p, const Value *s, const Node *n)
{
    static const struct {
        const char *name, *text;
    } unsupported_names[] = {{"id", "id is not supported"},
                             {"additionalItems", "additionalItems is not supported"},
                             {"patternProperties", "patternProperties is not supported"},
                             {"definitions", "definitions is not supported"},
                             {"dependencies", "dependencies is not supported"},
                             {"$ref", "$ref is not supported"}};
    const char *type = str_of(s, "type");

    if (type[0])
        check_enum(e, AT(p, "type"), type, "array|boolean|integer|number|object|string");
    if (has(s, "default") && n->no_default)
        forbidden(e, AT(p, "default"),
                  arena_printf(e->arena, "must not be set%s%s", n->no_default[0] ? " " : "",
                               n->no_default));
    for (size_t i = 0; i < ARRAY_LEN(unsupported_names); i++) {
        const char *name = unsupported_names[i].name;

        if (one_of(name, "additionalItems|dependencies|$ref") ? has(s, name) : is_set(s, name))
            forbidden(e, AT(p, name), unsupported_names[i].text);
    }
    if (strcmp(type, "null") == 0)
        forbidden(e, AT(p, "type"), "type cannot be set to null, use nullable as an alternative");
    if (value_is(value_get(s, "items"), VALUE_ARRAY) && value_len(value_get(s, "items")) > 0)
        forbidden(e, AT(p, "items"), "items must be a schema object and not an array");
    if (n->in_meta && is_true(s, "x-kubernetes-embedded-resource"))
        forbidden(e, AT(p, "x-kubernetes-embedded-resource"),
                  "must not be used inside of resource meta");
}

static void check_children(Walk *w, const Path *p, const Value *s, const Node *n, bool is_root)
{
    static const char *const lists[] = {"allOf", "oneOf", "anyOf"};
    const Value *others = value_get(s, "additionalProperties"), *items = value_get(s, "items"), *v;
    const char *map_type = value_get_str(s, "x-kubernetes-map-type");
    bool is_resource = is_root || is_true(s, "x-kubernetes-embedded-resource");
    Node plain = *n, inner;

    plain.rules = NULL;
    if (value_is(others, VALUE_OBJECT)) {
        inner = *n;
        if (n->in_meta)
            inner.no_default = "inside additionalProperties applying to object metadata";
        inner.rules = rules_child(n->rules, RULE_OTHERS, NULL, s);
        check_node(w, AT(p, "additionalProperties"), others, &inner, false);
    }
    value_each_member(sub(s, "properties"), m)
    {
        inner = *n;
        if (map_type && !one_of(map_type, "granular|atomic") && !inner.uncorrelated)
            inner.uncorrelated = p;
        if (is_resource && one_of(m->name, "metadata|kind|apiVersion")) {
            inner.in_meta = true;
            if (is_root)
                inner.no_default = arena_printf(w->e->arena, "in top-level %s", m->name);
        }
        inner.rules = rules_child(n->rules, RULE_PROPERTY, m->name, s);
        check_node(w, AT_KEY(AT(p, "properties"), m->name), m->value, &inner, false);
    }
    if (sub(s, "not"))
        check_node(w, AT(p, "not"), sub(s, "not"), &plain, false);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(s, lists[k]), i, v)
            check_node(w, AT_ITEM(AT(p, lists[k]), i), v, &plain, false);
    value_each_member(sub(s, "definitions"), d)
        check_node(w, AT_KEY(AT(p, "definitions"), d->name), d->value, &plain, false);
    inner = *n;
    if (strcmp(str_of(s, "x-kubernetes-list-type"), "map") != 0 && !inner.uncorrelated)
        inner.uncorrelated = p;
    if (value_is(items, VALUE_OBJECT)) {
        inner.rules = rules_child(n->rules, RULE_ITEMS, NULL, s);
        check_node(w, AT(p, "items"), items, &inner, false);
    }
    inner.rules = NULL;
    value_each_item(items, i, v) check_node(w, AT_ITEM(AT(p, "items"), i), v, &inner, false);
    value_each_member(sub(s, "dependencies"), d2)
    {
        if (value_is(d2->value, VALUE_OBJECT))
            check_node(w, AT_KEY(AT(p, "dependencies"), d2->name), d2->value, &plain, false);
    }
}

/* Something that must be `type` when `because`. */
static bool needs_type(FieldErrs *e, const Path *p, const Value *s, const char *type,
                       const char *because)
{
    const char *is = str_of(s, "type");
    const char *text = arena_printf(e->arena, "must be %s if %s is specified", type, because);

    if (strcmp(is, type) == 0)
        return true;
    if (is[0])
        bad_str(e, AT(p, "type"), is, "%s", text);
    else
        missing(e, AT(p, "type"), text);
    return false;
}

static void check_set(FieldErrs *e, const Path *p, const Value *items)
{
    static const char text[] = "must be atomic as item of a list with x-kubernetes-list-type=set";
    const char *type = str_of(items, "type");
    const char *list = value_get_str(items, "x-kubernetes-list-type");
    const char *map = value_get_str(items, "x-kubernetes-map-type");
    Value *shown = list ? value_str(e->arena, list) : value_null(e->arena);

    if (strcmp(type, "array") == 0 && list && strcmp(list, "atomic") != 0)
        bad(e, AT(AT(p, "items"), "x-kubernetes-list-type"), shown, "%s", text);
    if (strcmp(type, "object") == 0 && (!map || strcmp(map, "atomic") != 0))
        bad(e, AT(AT(p, "items"), "x-kubernetes-map-type"), shown, "%s", text);
}

static void check_keys(FieldErrs *e, const Path *p, const Value *s, const Value *items)
{
    const Value *keys = value_get(s, "x-kubernetes-list-map-keys"), *k;
    const Path *at = AT(p, "x-kubernetes-list-map-keys");

    value_each_item(keys, i, k)
    {
        const char *name = value_to_cstr(k) ? value_to_cstr(k) : "";
        const Value *own = value_get(sub(items, "properties"), name);
        bool twice = false;

        if (own && one_of(str_of(own, "type"), "array|object"))
            bad_str(e, AT(AT_KEY(AT(AT(p, "items"), "properties"), name), "type"),
                    str_of(items, "type"),
                    "must be a scalar type if parent array's x-kubernetes-list-type is map");
        else if (!own)
            bad(e, at, keys, "entries must all be names of item properties");
        for (uint32_t n = 0; n < i && !twice; n++)
            twice = value_equal(value_item(keys, n), k);
        if (twice)
            bad(e, at, keys, "must not contain duplicate entries");
    }
}

static void check_list_map(FieldErrs *e, const Path *p, const Value *s)
{
    const Value *items = value_get(s, "items");

    if (value_len(value_get(s, "x-kubernetes-list-map-keys")) == 0)
        missing(e, AT(p, "x-kubernetes-list-map-keys"),
                "must not be empty if x-kubernetes-list-type is map");
    if (!items)
        missing(e, AT(p, "items"), "must have a schema if x-kubernetes-list-type is map");
    else if (items->type != VALUE_OBJECT)
        bad(e, AT(p, "items"), items,
            "must only have a single schema if x-kubernetes-list-type is map");
    else if (strcmp(str_of(items, "type"), "object") != 0)
        bad_str(e, AT(AT(p, "items"), "type"), str_of(items, "type"),
                "must be object if parent array's x-kubernetes-list-type is map");
    else
        check_keys(e, p, s, items);
}

/* Items of sets and maps are never null, keys always there. */
static void check_key_presence(FieldErrs *e, const Path *p, const Value *s, const char *list_type)
{
    const Value *items = sub(s, "items"), *k, *r;

    if (!items || !one_of(list_type, "set|map"))
        return;
    if (is_true(items, "nullable"))
        forbidden(e, AT(AT(p, "items"), "nullable"),
                  arena_printf(e->arena, "cannot be nullable when x-kubernetes-list-type is %s",
                               list_type));
    if (strcmp(list_type, "map") != 0)
        return;
    value_each_item(value_get(s, "x-kubernetes-list-map-keys"), i, k)
    {
        const char *name = value_to_cstr(k) ? value_to_cstr(k) : "";
        const Value *own = value_get(sub(items, "properties"), name);
        const Path *at = AT_KEY(AT(AT(p, "items"), "properties"), name);
        bool is_required = false;

        if (!own)
            continue;
        value_each_item(value_get(items, "required"), n, r) is_required |= value_equal(r, k);
        if (!is_required && !has(own, "default"))
            missing(e, AT(at, "default"),
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or "
                    "be a required property");
        if (is_true(own, "nullable"))
            forbidden(e, AT(at, "nullable"),
                      "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }
}

static void check_extensions(FieldErrs *e, const Path *p, const Value *s)
{
    const char *map_type = value_get_str(s, "x-kubernetes-map-type");
    const char *list_type = value_get_str(s, "x-kubernetes-list-type");
    const Value *keeps = value_get(s, "x-kubernetes-preserve-unknown-fields");
    const Path *at = AT(p, "x-kubernetes-list-type");

    if (value_is(keeps, VALUE_BOOL) && !keeps->boolean)
        bad(e, AT(p, "x-kubernetes-preserve-unknown-fields"), keeps, "must be true or undefined");
    if (map_type)
        (void)needs_type(e, p, s, "object", "x-kubernetes-map-type");
    if (map_type)
        check_enum(e, AT(p, "x-kubernetes-map-type"), map_type, "atomic|granular");
    if (list_type && needs_type(e, p, s, "array", "x-kubernetes-list-type") &&
        strcmp(list_type, "set") == 0 && sub(s, "items"))
        check_set(e, p, sub(s, "items"));
    if (list_type && !one_of(list_type, "atomic|set|map"))
        unsupported(e, at, list_type, "atomic|set|map");
    if (value_len(value_get(s, "x-kubernetes-list-map-keys")) > 0) {
        static const char text[] = "must be map if x-kubernetes-list-map-keys is non-empty";

        if (!list_type)
            missing(e, at, text);
        else if (strcmp(list_type, "map") != 0)
            bad_str(e, at, list_type, "%s", text);
    }
    if (list_type && strcmp(list_type, "map") == 0)
        check_list_map(e, p, s);
    if (list_type)
        check_key_presence(e, p, s, list_type);
}

static void check_node(Walk *w, const Path *p, const Value *s, const Node *n, bool is_root)
{
    uint32_t before = w->e->n;
    const Value *others = value_get(s, "additionalProperties");

    check_supported(w->e, p, s, n);
    if (is_true(s, "uniqueItems"))
        forbidden(w->e, AT(p, "uniqueItems"),
                  "uniqueItems cannot be set to true since the runtime complexity becomes "
                  "quadratic");
    if (value_len(sub(s, "properties")) > 0 &&
        (value_is(others, VALUE_OBJECT) || (value_is(others, VALUE_BOOL) && !others->boolean)))
        forbidden(w->e, AT(p, "additionalProperties"),
                  "additionalProperties and properties are mutual exclusive");
    check_children(w, p, s, n, is_root);
    check_extensions(w->e, p, s);
    rules_check_texts(w->e, p, s);
    if (n->rules && w->e->n == before)
        rules_check(&w->rules, p, s, n->rules, n->uncorrelated);
}

/* ---- all of it ---- */

/* With a status subresource the root may have only what also makes sense for the status. */
static void check_root_members(FieldErrs *e, const Path *p, const Value *s)
{
    static const char allowed[] =
        "description|type|format|title|maximum|exclusiveMaximum|minimum|exclusiveMinimum|maxLength|"
        "minLength|pattern|maxItems|minItems|uniqueItems|multipleOf|required|items|properties|"
        "externalDocs|example|x-kubernetes-preserve-unknown-fields|x-kubernetes-validations";
    const Path *at = AT(p, "openAPIV3Schema");

    value_each_member(s, m)
    {
        if (is_zero(m->value))
            continue;
        if (strcmp(m->name, "type") == 0) {
            if (strcmp(str_of(s, "type"), "object") == 0)
                continue;
            bad_str(e, AT(at, "type"), str_of(s, "type"),
                    "only \"object\" is allowed as the type at the root of the schema if the "
                    "status subresource is enabled");
            return;
        }
        if (one_of(m->name, allowed))
            continue;
        bad(e, at,
            validate__go_shown(e,
                               "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
                               "JSONSchemaProps",
                               s),
            "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum "
            "MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items "
            "Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are "
            "allowed at the root of the schema if the status subresource is enabled");
        return;
    }
}

typedef struct Size { /* of a definition's schema, so that no tenant makes it costly */
    uint32_t nodes;
    size_t patterns;
} Size;

static void measure(const Value *v, Size *size)
{
    const char *pattern = value_get_str(v, "pattern");
    const Value *item;

    if (v->type == VALUE_OBJECT) {
        size->nodes++;
        size->patterns += pattern ? strlen(pattern) : 0;
    }
    value_each_member(v, m) if (m->value->type >= VALUE_ARRAY) measure(m->value, size);
    value_each_item(v, i, item) if (item->type >= VALUE_ARRAY) measure(item, size);
}

/* Members that have no place in a structural schema at all: it is not judged as one then. */
static bool is_convertible(const Value *s)
{
    static const char *const banned[] = {
        "id",           "$schema",         "$ref",       "patternProperties",
        "dependencies", "additionalItems", "definitions"};
    static const char *const subs[] = {"items", "additionalProperties", "not"};
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
    const Value *v;

    for (size_t i = 0; i < ARRAY_LEN(banned); i++)
        if (strcmp(banned[i], "additionalItems") == 0 ? has(s, banned[i]) : is_set(s, banned[i]))
            return false;
    v = value_get(s, "x-kubernetes-preserve-unknown-fields");
    if ((value_is(v, VALUE_BOOL) && !v->boolean) || value_is(value_get(s, "items"), VALUE_ARRAY))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(subs); i++)
        if (sub(s, subs[i]) && !is_convertible(sub(s, subs[i])))
            return false;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(s, lists[i]), k, v)
        {
            if (!is_convertible(v))
                return false;
        }
    value_each_member(sub(s, "properties"), m)
    {
        if (!is_convertible(m->value))
            return false;
    }
    return true;
}

void validate__schema(FieldErrs *e, const Path *p, const Value *s, const SchemaRules *opts)
{
    const Path *at = AT(p, "openAPIV3Schema");
    FieldErrs schema_errs = {.arena = e->arena}, rule_errs = {.arena = e->arena};
    FieldErrs first = {.arena = e->arena};
    Walk w = {.e = &schema_errs, .rules = {.e = &rule_errs}};
    Node root = {0};
    Size size = {0};
    bool convertible;

    if (!value_is(s, VALUE_OBJECT))
        return;
    measure(s, &size);
    if (size.nodes > SCHEMA_NODES_MAX || size.patterns > SCHEMA_PATTERN_BYTES_MAX) {
        field_err(e, FIELD_ERR_FORBIDDEN, path_str(e, at), NULL, "the schema is too large");
        return;
    }
    if (opts->has_status)
        check_root_members(e, p, s);
    if (is_true(s, "nullable"))
        forbidden(e, AT(at, "nullable"), "nullable cannot be true at the root");
    convertible = is_convertible(s);
    if (convertible) {
        check_structure(&first, at, s, LEVEL_ROOT);
        check_complete(&first, s, s, at, at);
        if (first.n > 1)
            qsort(first.items, first.n, sizeof(*first.items), by_text);
        if (first.n == 0)
            defaults_check(&first, at, s);
        if (first.n == 0)
            root.rules = rules_root(e->arena, s, opts);
    }
    field_errs_add(e, &first);
    check_node(&w, at, s, &root, true);
    field_errs_add(e, &schema_errs);
    field_errs_add(e, &rule_errs);
    if (e->n == 0 && !convertible) /* what node by node is not refused */
        bad_str(e, at, "", "OpenAPIV3Schema 'schema' is not supported");
    rules_check_total(e, p, root.rules);
}
