#include "api/crd.h"
#include "api/discovery_int.h"
#include "api/validate_int.h"

/*
 * Schemas of custom resources in OpenAPI documents: what the definition says, word for word, with
 * kind, apiVersion and metadata of whole objects. Version 2 of OpenAPI cannot say everything: what
 * upstream leaves out there (ToStructuralOpenAPIV2()) is left out here.
 */

enum { DEPTH_MAX = 200 }; /* deeper parts are shown as anything */

static const char meta_type[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

static Value *shown(Arena *a, const Value *schema, bool is_v2, bool is_resource, int depth);

static bool is_true(const Value *schema, const char *name)
{
    return value_is_true(value_get(schema, name));
}

static void add_own_fields(Arena *a, Value *properties, bool is_v2)
{
    static const char *const strings[] = {"apiVersion", "kind"};
    const Type *meta = type_find("io.k8s.api.core.v1.ConfigMap");
    const char *prefix = is_v2 ? "#/definitions/" : "#/components/schemas/";
    Value *ref = value_object(a), *field, *all;

    for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
        const Field *f = type_field(meta, slice_of(strings[i]));

        field = value_object(a);
        if (f && f->doc)
            value_set_str(a, field, "description", f->doc);
        value_set_str(a, field, "type", "string");
        value_set(a, properties, strings[i], field);
    }
    field = value_object(a);
    if (type_field(meta, SLICE("metadata")) && type_field(meta, SLICE("metadata"))->doc)
        value_set_str(a, field, "description", type_field(meta, SLICE("metadata"))->doc);
    value_set(a, ref, "$ref", value_printf(a, "%s%s", prefix, meta_type));
    if (is_v2)
        value_set(a, field, "$ref", value_get(ref, "$ref"));
    else {
        all = value_array(a);
        value_append(a, all, ref);
        value_set(a, field, "allOf", all);
        value_set(a, field, "default", value_object(a));
    }
    value_set(a, properties, "metadata", field);
}

/* What version 2 has no words for. */
static bool is_dropped_v2(const Value *schema, const char *member)
{
    if (one_of(member, "allOf|anyOf|oneOf|not|nullable|x-kubernetes-validations"))
        return true;
    if (is_true(schema, "nullable"))
        return one_of(member, "type|items|properties|additionalProperties|required");
    if (is_true(schema, "x-kubernetes-preserve-unknown-fields"))
        return one_of(member, "items|properties") ||
               (strcmp(member, "type") == 0 && one_of(str_of(schema, "type"), "object|array"));
    if (strcmp(member, "type") != 0)
        return false;
    return is_true(schema, "x-kubernetes-int-or-string") ||
           (!value_get(schema, "items") && str_eq(value_get_str(schema, "type"), "array"));
}

/* Who validates by version 2 takes null for nothing: what may be null is not required there. */
static Value *required_v2(Arena *a, const Value *schema)
{
    const Value *properties = value_get(schema, "properties");
    Value *out = value_array(a), *name;

    if (is_true(value_get(schema, "additionalProperties"), "nullable"))
        return out;
    value_each_item(value_get(schema, "required"), i, name)
    {
        if (!is_true(value_get(properties, value_to_cstr(name)), "nullable"))
            value_append(a, out, name);
    }
    return out;
}

/* An object inside of an object says what it is. */
static void require_kind(Arena *a, Value *schema)
{
    static const char *const names[] = {"kind", "apiVersion"};
    const Value *before = value_get(schema, "required");
    Value *required = value_array(a), *name;

    value_each_item(before, i, name) value_append(a, required, name);
    for (size_t k = 0; k < ARRAY_LEN(names); k++)
        if (!value_has_str(before, names[k]))
            value_append(a, required, value_str(a, names[k]));
    value_set(a, schema, "required", required);
}

static Value *shown_properties(Arena *a, const Value *properties, bool is_v2, int depth)
{
    Value *out = value_object(a);

    out->cap = value_len(properties) + 3;
    out->members = arena_array(a, Member, out->cap);
    value_each_member(properties, m) out->members[out->n++] =
        (Member){m->name, shown(a, m->value, is_v2, false, depth + 1)};
    return out;
}

static Value *shown(Arena *a, const Value *schema, bool is_v2, bool is_resource, int depth)
{
    Value *out = value_object(a), *properties = NULL;
    const Value *embedded = value_get(schema, "x-kubernetes-embedded-resource");

    if (depth > DEPTH_MAX)
        return out;
    value_each_member(schema, m)
    {
        bool is_schema = m->value->type == VALUE_OBJECT;

        if (is_v2 && is_dropped_v2(schema, m->name))
            continue;
        if (is_v2 && strcmp(m->name, "required") == 0) {
            Value *names = required_v2(a, schema);

            if (value_len(names) > 0)
                value_set(a, out, m->name, names);
        } else if (strcmp(m->name, "properties") == 0) {
            properties = shown_properties(a, m->value, is_v2, depth);
            value_set(a, out, m->name, properties);
        } else if (is_schema && one_of(m->name, "items|additionalProperties|not"))
            value_set(a, out, m->name, shown(a, m->value, is_v2, false, depth + 1));
        else
            value_set(a, out, m->name, m->value);
    }
    if (!is_resource && !value_is_true(embedded))
        return out;
    /* Of what is named clients conclude that nothing else may be there. */
    if (!is_resource && is_v2 && is_true(schema, "x-kubernetes-preserve-unknown-fields"))
        return out;
    if (!is_resource)
        require_kind(a, out);
    if (!properties) {
        properties = value_object(a);
        value_set(a, out, "properties", properties);
    }
    add_own_fields(a, properties, is_v2);
    return out;
}

void openapi__write_custom(const Resource *r, bool is_v2, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT;
    Value *v;

    /* Clients would take the fields that are named for all there are. */
    if (is_v2 && r->crd->preserves_root) {
        buf_adds(out, "\"type\":\"object\"");
        return;
    }
    v = shown(a, r->crd->schema->json, is_v2, true, 0);

    if (!value_get(v, "type"))
        value_set_str(a, v, "type", "object");
    value_print(v, &text);
    buf_add(out, text.ptr + 1, text.len - 2); /* its members, without the braces */
}
