#include "cel/cel_int.h"

const CelType cel_dyn = {.kind = CEL_DYN}, cel_null = {.kind = CEL_NULL},
              cel_bool = {.kind = CEL_BOOL, .min_size = 4},
              cel_int = {.kind = CEL_INT, .min_size = 1},
              cel_uint = {.kind = CEL_UINT, .min_size = 1},
              cel_double = {.kind = CEL_DOUBLE, .min_size = 1},
              cel_string = {.kind = CEL_STRING, .min_size = 2},
              cel_bytes = {.kind = CEL_BYTES, .min_size = 2},
              cel_timestamp = {.kind = CEL_TIMESTAMP, .min_size = 12},
              cel_duration = {.kind = CEL_DURATION, .min_size = 4},
              cel_list_dyn = {.kind = CEL_LIST, .elem = &cel_dyn, .max_elements = INT64_MAX},
              cel_map_dyn = {.kind = CEL_MAP,
                             .key = &cel_dyn,
                             .elem = &cel_dyn,
                             .max_elements = INT64_MAX},
              cel_type_type = {.kind = CEL_TYPE};

static CelType *new_type(Arena *a, CelKind kind, const CelType *elem)
{
    CelType *t = arena_new0(a, CelType);

    t->kind = kind;
    t->elem = elem;
    t->min_size = 2;
    return t;
}

CelType *cel_type_list(Arena *a, const CelType *elem)
{
    return new_type(a, CEL_LIST, elem);
}

CelType *cel_type_map(Arena *a, const CelType *key, const CelType *elem)
{
    CelType *t = new_type(a, CEL_MAP, elem);

    t->key = key;
    return t;
}

CelType *cel_type_optional(Arena *a, const CelType *elem)
{
    return new_type(a, CEL_OPTIONAL, elem);
}

static int compare_fields(const void *a, const void *b)
{
    return strcmp(((const CelField *)a)->json, ((const CelField *)b)->json);
}

CelType *cel_type_object(Arena *a, const char *name, const CelField *fields, uint32_t n)
{
    CelType *t = new_type(a, CEL_OBJECT, NULL);
    CelField *copy = arena_array(a, CelField, MAX(n, 1u));

    for (uint32_t i = 0; i < n; i++) {
        copy[i] = fields[i];
        if (!copy[i].name)
            copy[i].name = cel_escape(a, copy[i].json);
        if (!copy[i].name) {
            copy[i].name = copy[i].json;
            copy[i].is_hidden = true;
        }
    }
    qsort(copy, n, sizeof(*copy), compare_fields);
    t->name = arena_strdup(a, name);
    t->fields = copy;
    t->n_fields = n;
    return t;
}

static const char *const kind_names[CEL_KIND_MAX_] = {
    [CEL_DYN] = "dyn",           [CEL_NULL] = "null",   [CEL_BOOL] = "bool",
    [CEL_INT] = "int",           [CEL_UINT] = "uint",   [CEL_DOUBLE] = "double",
    [CEL_STRING] = "string",     [CEL_BYTES] = "bytes", [CEL_TIMESTAMP] = "timestamp",
    [CEL_DURATION] = "duration", [CEL_LIST] = "list",   [CEL_MAP] = "map",
    [CEL_OBJECT] = "object",     [CEL_TYPE] = "type",   [CEL_OPTIONAL] = "optional_type",
    [CEL_OPAQUE] = "opaque",     [CEL_PARAM] = "param", [CEL_ERROR] = "!error!",
};

static void add_text(Buf *out, const CelType *t)
{
    if (t->kind == CEL_OBJECT || t->kind == CEL_OPAQUE || t->kind == CEL_PARAM ||
        (t->kind == CEL_DYN && t->name)) {
        buf_adds(out, t->name);
        return;
    }
    buf_adds(out, kind_names[t->kind]);
    if (!t->elem)
        return;
    buf_addc(out, '(');
    if (t->key) {
        add_text(out, t->key);
        buf_adds(out, ", ");
    }
    add_text(out, t->elem);
    buf_addc(out, ')');
}

char *cel_type_text(Arena *a, const CelType *t)
{
    AUTO_BUF out = BUF_INIT;

    add_text(&out, t);
    return arena_strndup(a, buf_str(&out), out.len);
}

bool cel_type_equal(const CelType *a, const CelType *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind)
        return false;
    if (a->kind == CEL_PARAM)
        return false; /* parameters are told apart by address */
    if (a->kind == CEL_OBJECT || a->kind == CEL_OPAQUE)
        return str_eq(a->name, b->name);
    if (!a->elem != !b->elem || !a->key != !b->key)
        return false;
    return (!a->elem || cel_type_equal(a->elem, b->elem)) &&
           (!a->key || cel_type_equal(a->key, b->key));
}
