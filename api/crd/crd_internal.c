/*
 * crd_internal.c - a definition's versions in the form of upstream's internal types.
 */
#include "api/crd_internal.h"

#include "base/mem.h"

typedef enum How {
    IN_TEXT,    /* "" where it is absent */
    IN_NUMBER,  /* 0 */
    IN_BOOL,    /* false */
    IN_POINTER, /* null, as all that follow */
    IN_STRUCT,
    IN_LIST,
    IN_MAP,
    IN_ITEMS,  /* one schema or several */
    IN_OTHERS, /* a schema, or whether anything goes */
    IN_NEEDS,  /* a map of schemas or names */
} How;

typedef struct Inner {
    const char *go, *json;
    How how;
    const struct Inner *of; /* of a struct, and of what a list or a map holds */
} Inner;

static const Inner rule_members[] = {
    {"Rule", "rule", IN_TEXT, NULL},
    {"Message", "message", IN_TEXT, NULL},
    {"MessageExpression", "messageExpression", IN_TEXT, NULL},
    {"Reason", "reason", IN_POINTER, NULL},
    {"FieldPath", "fieldPath", IN_TEXT, NULL},
    {"OptionalOldSelf", "optionalOldSelf", IN_POINTER, NULL},
    {0},
};

static const Inner docs_members[] = {
    {"Description", "description", IN_TEXT, NULL},
    {"URL", "url", IN_TEXT, NULL},
    {0},
};

static const Inner schema_members[] = {
    {"ID", "id", IN_TEXT, NULL},
    {"Schema", "$schema", IN_TEXT, NULL},
    {"Ref", "$ref", IN_POINTER, NULL},
    {"Description", "description", IN_TEXT, NULL},
    {"Type", "type", IN_TEXT, NULL},
    {"Nullable", "nullable", IN_BOOL, NULL},
    {"Format", "format", IN_TEXT, NULL},
    {"Title", "title", IN_TEXT, NULL},
    {"Default", "default", IN_POINTER, NULL},
    {"Maximum", "maximum", IN_POINTER, NULL},
    {"ExclusiveMaximum", "exclusiveMaximum", IN_BOOL, NULL},
    {"Minimum", "minimum", IN_POINTER, NULL},
    {"ExclusiveMinimum", "exclusiveMinimum", IN_BOOL, NULL},
    {"MaxLength", "maxLength", IN_POINTER, NULL},
    {"MinLength", "minLength", IN_POINTER, NULL},
    {"Pattern", "pattern", IN_TEXT, NULL},
    {"MaxItems", "maxItems", IN_POINTER, NULL},
    {"MinItems", "minItems", IN_POINTER, NULL},
    {"UniqueItems", "uniqueItems", IN_BOOL, NULL},
    {"MultipleOf", "multipleOf", IN_POINTER, NULL},
    {"Enum", "enum", IN_POINTER, NULL},
    {"MaxProperties", "maxProperties", IN_POINTER, NULL},
    {"MinProperties", "minProperties", IN_POINTER, NULL},
    {"Required", "required", IN_POINTER, NULL},
    {"Items", "items", IN_ITEMS, schema_members},
    {"AllOf", "allOf", IN_LIST, schema_members},
    {"OneOf", "oneOf", IN_LIST, schema_members},
    {"AnyOf", "anyOf", IN_LIST, schema_members},
    {"Not", "not", IN_STRUCT, schema_members},
    {"Properties", "properties", IN_MAP, schema_members},
    {"AdditionalProperties", "additionalProperties", IN_OTHERS, schema_members},
    {"PatternProperties", "patternProperties", IN_MAP, schema_members},
    {"Dependencies", "dependencies", IN_NEEDS, schema_members},
    {"AdditionalItems", "additionalItems", IN_OTHERS, schema_members},
    {"Definitions", "definitions", IN_MAP, schema_members},
    {"ExternalDocs", "externalDocs", IN_STRUCT, docs_members},
    {"Example", "example", IN_POINTER, NULL},
    {"XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", IN_POINTER, NULL},
    {"XEmbeddedResource", "x-kubernetes-embedded-resource", IN_BOOL, NULL},
    {"XIntOrString", "x-kubernetes-int-or-string", IN_BOOL, NULL},
    {"XListMapKeys", "x-kubernetes-list-map-keys", IN_POINTER, NULL},
    {"XListType", "x-kubernetes-list-type", IN_POINTER, NULL},
    {"XMapType", "x-kubernetes-map-type", IN_POINTER, NULL},
    {"XValidations", "x-kubernetes-validations", IN_LIST, rule_members},
    {0},
};

static const Inner validation_members[] = {
    {"OpenAPIV3Schema", "openAPIV3Schema", IN_STRUCT, schema_members},
    {0},
};

static const Inner no_members[] = {{0}};

static const Inner scale_members[] = {
    {"SpecReplicasPath", "specReplicasPath", IN_TEXT, NULL},
    {"StatusReplicasPath", "statusReplicasPath", IN_TEXT, NULL},
    {"LabelSelectorPath", "labelSelectorPath", IN_POINTER, NULL},
    {0},
};

static const Inner subresource_members[] = {
    {"Status", "status", IN_STRUCT, no_members},
    {"Scale", "scale", IN_STRUCT, scale_members},
    {0},
};

static const Inner column_members[] = {
    {"Name", "name", IN_TEXT, NULL},
    {"Type", "type", IN_TEXT, NULL},
    {"Format", "format", IN_TEXT, NULL},
    {"Description", "description", IN_TEXT, NULL},
    {"Priority", "priority", IN_NUMBER, NULL},
    {"JSONPath", "jsonPath", IN_TEXT, NULL},
    {0},
};

static const Inner selectable_members[] = {
    {"JSONPath", "jsonPath", IN_TEXT, NULL},
    {0},
};

static const Inner version_members[] = {
    {"Name", "name", IN_TEXT, NULL},
    {"Served", "served", IN_BOOL, NULL},
    {"Storage", "storage", IN_BOOL, NULL},
    {"Deprecated", "deprecated", IN_BOOL, NULL},
    {"DeprecationWarning", "deprecationWarning", IN_POINTER, NULL},
    {"Schema", "schema", IN_STRUCT, validation_members},
    {"Subresources", "subresources", IN_STRUCT, subresource_members},
    {"AdditionalPrinterColumns", "additionalPrinterColumns", IN_LIST, column_members},
    {"SelectableFields", "selectableFields", IN_LIST, selectable_members},
    {0},
};

static Value *inner_struct(Arena *a, const Inner *members, const Value *v);

static Value *inner_list(Arena *a, const Inner *members, const Value *v)
{
    Value *out = value_array(a);
    const Value *item;

    value_each_item(v, i, item) value_append(a, out, inner_struct(a, members, item));
    return out;
}

static Value *inner_map(Arena *a, const Inner *members, const Value *v)
{
    Value *out = value_object(a);

    value_each_member(v, m) value_set(a, out, m->name, inner_struct(a, members, m->value));
    return out;
}

/* Two members of which the value is one. */
static Value *either(Arena *a, const char *first, Value *v, const char *second, Value *w)
{
    Value *out = value_object(a);

    value_set(a, out, first, v);
    value_set(a, out, second, w);
    return out;
}

static Value *inner_needs(Arena *a, const Inner *members, const Value *v)
{
    Value *out = value_object(a);

    value_each_member(v, m)
    {
        bool is_names = m->value->type == VALUE_ARRAY;

        value_set(a, out, m->name,
                  either(a, "Schema", is_names ? value_null(a) : inner_struct(a, members, m->value),
                         "Property", is_names ? value_copy(a, m->value) : value_null(a)));
    }
    return out;
}

static Value *inner(Arena *a, const Inner *in, const Value *v)
{
    bool is_list = v && v->type == VALUE_ARRAY, is_bool = v && v->type == VALUE_BOOL;

    if (!v || v->type == VALUE_NULL)
        return in->how == IN_TEXT     ? value_str(a, "")
               : in->how == IN_NUMBER ? value_int(a, 0)
               : in->how == IN_BOOL   ? value_bool(a, false)
                                      : value_null(a);
    switch (in->how) {
    case IN_STRUCT:
        return inner_struct(a, in->of, v);
    case IN_LIST:
        return inner_list(a, in->of, v);
    case IN_MAP:
        return inner_map(a, in->of, v);
    case IN_ITEMS:
        return either(a, "Schema", is_list ? value_null(a) : inner_struct(a, in->of, v),
                      "JSONSchemas", is_list ? inner_list(a, in->of, v) : value_null(a));
    case IN_OTHERS:
        return either(a, "Allows", value_bool(a, !is_bool || value_is_true(v)), "Schema",
                      is_bool ? value_null(a) : inner_struct(a, in->of, v));
    case IN_NEEDS:
        return inner_needs(a, in->of, v);
    default:
        return value_copy(a, v);
    }
}

static Value *inner_struct(Arena *a, const Inner *members, const Value *v)
{
    Value *out = value_object(a);

    for (; members->go; members++)
        value_set(a, out, members->go, inner(a, members, value_get(v, members->json)));
    return out;
}

bool crd_versions_share(const Value *versions, const char *member)
{
    const Value *first = value_get(value_item(versions, 0), member), *v;

    value_each_item(versions, i, v)
    {
        if (!first || !value_get(v, member) || !value_equal(first, value_get(v, member)))
            return false;
    }
    return true;
}

Value *crd_internal_versions(Arena *a, const Value *versions)
{
    static const char *const shared[][2] = {
        {"schema", "Schema"},
        {"subresources", "Subresources"},
        {"additionalPrinterColumns", "AdditionalPrinterColumns"},
        {"selectableFields", "SelectableFields"},
    };
    Value *out = inner_list(a, version_members, versions);

    for (size_t i = 0; i < ARRAY_LEN(shared); i++) {
        if (!crd_versions_share(versions, shared[i][0]))
            continue;
        for (uint32_t k = 0; k < out->n; k++)
            value_set(a, out->items[k], shared[i][1], value_null(a));
    }
    return out;
}

Value *crd_internal_rule(Arena *a, const Value *rule)
{
    return inner_struct(a, rule_members, rule);
}
