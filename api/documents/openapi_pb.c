/*
 * openapi_pb.c - the OpenAPI v2 document in protobuf, as client-go's OpenAPI client asks for it
 * (application/com.github.proto-openapi.spec.v2@v1.0+protobuf): the openapi.v2 package of gnostic.
 *
 * It is made from the JSON document, so that there is one source. Only what clients read is
 * carried: the operations with their parameters and extensions, and the definitions; responses are
 * left out. Field numbers are those of OpenAPIv2.proto.
 */
#include "api/discovery.h"
#include "api/protobuf_int.h"
#include "base/err.h"

static void add_str(Buf *out, uint32_t field, const char *s)
{
    if (s && *s)
        protobuf__bytes(out, field, slice_of(s));
}

static void add_bool(Buf *out, uint32_t field, bool b)
{
    if (!b)
        return;
    protobuf__number(out, field, 1);
}

typedef void (*WriteFn)(const Value *v, Buf *out);

static void add_message(Buf *out, uint32_t field, WriteFn write, const Value *v)
{
    AUTO_BUF b = BUF_INIT;

    write(v, &b);
    protobuf__bytes(out, field, buf_slice(&b));
}

/* Named...: { name = 1, value = 2 } */
static void add_named(Buf *out, uint32_t field, const char *name, WriteFn write, const Value *v)
{
    AUTO_BUF b = BUF_INIT;

    add_str(&b, 1, name);
    add_message(&b, 2, write, v);
    protobuf__bytes(out, field, buf_slice(&b));
}

/* Any { yaml = 2 }; JSON is YAML */
static void write_any(const Value *v, Buf *out)
{
    AUTO_BUF text = BUF_INIT;

    value_print(v, &text);
    protobuf__bytes(out, 2, buf_slice(&text));
}

static void add_extensions(Buf *out, uint32_t field, const Value *object)
{
    value_each_member(object, m) if (str_starts(m->name, "x-"))
        add_named(out, field, m->name, write_any, m->value);
}

static void add_strings(Buf *out, uint32_t field, const Value *list)
{
    Value *s;

    value_each_item(list, i, s) add_str(out, field, value_to_cstr(s));
}

/* ---- Schema ---- */

static void write_schema(const Value *v, Buf *out);

static void write_named_schemas(const Value *map, Buf *out)
{
    value_each_member(map, m) add_named(out, 1, m->name, write_schema, m->value);
}

static void write_schema_item(const Value *v, Buf *out) /* ItemsItem, AdditionalPropertiesItem */
{
    if (value_is(v, VALUE_BOOL))
        add_bool(out, 2, v->boolean);
    else
        add_message(out, 1, write_schema, v);
}

static void write_type(const Value *v, Buf *out)
{
    add_str(out, 1, value_to_cstr(v));
    add_strings(out, 1, v);
}

static void write_schema(const Value *v, Buf *out)
{
    Value *item;

    add_str(out, 1, value_get_str(v, "$ref"));
    add_str(out, 2, value_get_str(v, "format"));
    add_str(out, 4, value_get_str(v, "description"));
    if (value_get(v, "default"))
        add_message(out, 5, write_any, value_get(v, "default"));
    add_str(out, 13, value_get_str(v, "pattern"));
    add_strings(out, 19, value_get(v, "required"));
    value_each_item(value_get(v, "enum"), i, item) add_message(out, 20, write_any, item);
    if (value_get(v, "additionalProperties"))
        add_message(out, 21, write_schema_item, value_get(v, "additionalProperties"));
    if (value_get(v, "type"))
        add_message(out, 22, write_type, value_get(v, "type"));
    if (value_get(v, "items"))
        add_message(out, 23, write_schema_item, value_get(v, "items"));
    value_each_item(value_get(v, "allOf"), i, item) add_message(out, 24, write_schema, item);
    if (value_get(v, "properties"))
        add_message(out, 25, write_named_schemas, value_get(v, "properties"));
    add_extensions(out, 31, v);
}

/* ---- paths ---- */

static void write_query_parameter(const Value *v, Buf *out)
{
    add_bool(out, 1, value_at_bool(v, "required"));
    add_str(out, 2, "query");
    add_str(out, 4, value_get_str(v, "name"));
    add_str(out, 6, value_get_str(v, "type"));
    add_bool(out, 20, value_at_bool(v, "uniqueItems"));
}

static void write_path_parameter(const Value *v, Buf *out)
{
    add_bool(out, 1, true);
    add_str(out, 2, "path");
    add_str(out, 4, value_get_str(v, "name"));
    add_str(out, 5, value_get_str(v, "type"));
    add_bool(out, 19, value_at_bool(v, "uniqueItems"));
}

static void write_non_body(const Value *v, Buf *out)
{
    if (str_eq(value_get_str(v, "in"), "path"))
        add_message(out, 4, write_path_parameter, v);
    else
        add_message(out, 3, write_query_parameter, v);
}

static void write_body(const Value *v, Buf *out)
{
    add_str(out, 2, value_get_str(v, "name"));
    add_str(out, 3, "body");
    add_bool(out, 4, value_at_bool(v, "required"));
    if (value_get(v, "schema"))
        add_message(out, 5, write_schema, value_get(v, "schema"));
}

static void write_parameter(const Value *v, Buf *out)
{
    bool is_body = str_eq(value_get_str(v, "in"), "body");

    add_message(out, is_body ? 1 : 2, is_body ? write_body : write_non_body, v);
}

static void write_parameters_item(const Value *v, Buf *out)
{
    add_message(out, 1, write_parameter, v);
}

static void write_operation(const Value *v, Buf *out)
{
    Value *p;

    add_strings(out, 1, value_get(v, "tags"));
    add_str(out, 3, value_get_str(v, "description"));
    add_str(out, 5, value_get_str(v, "operationId"));
    value_each_item(value_get(v, "parameters"), i, p) add_message(out, 8, write_parameters_item, p);
    add_extensions(out, 13, v);
}

static void write_path(const Value *v, Buf *out)
{
    static const struct {
        const char *name;
        uint32_t field;
    } operations[] = {{"get", 2}, {"put", 3}, {"post", 4}, {"delete", 5}, {"patch", 8}};
    Value *p;

    for (size_t i = 0; i < ARRAY_LEN(operations); i++)
        if (value_get(v, operations[i].name))
            add_message(out, operations[i].field, write_operation,
                        value_get(v, operations[i].name));
    value_each_item(value_get(v, "parameters"), i, p) add_message(out, 9, write_parameters_item, p);
}

static void write_paths(const Value *paths, Buf *out)
{
    value_each_member(paths, m) add_named(out, 2, m->name, write_path, m->value);
}

static void write_info(const Value *v, Buf *out)
{
    add_str(out, 1, value_get_str(v, "title"));
    add_str(out, 2, value_get_str(v, "version"));
}

void openapi_write_v2_protobuf(const ResourceSet *set, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF json = BUF_INIT;
    Value *doc;

    openapi_write_v2(set, &json);
    BUG_ON(value_parse(a, buf_slice(&json), &doc, NULL) < 0);
    add_str(out, 1, value_get_str(doc, "swagger"));
    add_message(out, 2, write_info, value_get(doc, "info"));
    add_message(out, 8, write_paths, value_get(doc, "paths"));
    add_message(out, 9, write_named_schemas, value_get(doc, "definitions"));
}
