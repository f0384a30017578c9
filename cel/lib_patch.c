#include "cel/cel_int.h"

/* What mutating policies build: Object{spec: Object.spec{...}} and JSONPatch{op: 'add', ...}. */

static const CelField fields[] = {
    {"from", "from", &cel_string, false},
    {"op", "op", &cel_string, false},
    {"path", "path", &cel_string, false},
    {"value", "value", &cel_dyn, false},
};

const CelType cel__json_patch = {
    .kind = CEL_OBJECT, .name = "JSONPatch", .fields = fields, .n_fields = ARRAY_LEN(fields)};

bool cel__is_object_name(const char *name)
{
    return str_eq(name, "Object") || str_starts(name, "Object.");
}

CelVal cel__check_patch_field(CelRun *run, const CelType *type, const char *field, CelVal v)
{
    if (type != &cel__json_patch || str_eq(field, "value") || v.kind == CEL_STRING)
        return v;
    return cel__err(run, "unexpected type %s for JSONPatchType '%s' field", cel__type_name(v),
                    field);
}

static const CelTable *table_of(CelVal v)
{
    return v.kind == CEL_MAP && v.form == CEL_FORM_MADE ? v.table : NULL;
}

typedef struct Names { /* of the types on the way from the root */
    Arena *a;
    uint32_t left; /* values that may still be looked at */
    Buf *wrong;
} Names;

/* Lists and maps on the way have no name of their own. */
static void check_names(Names *names, CelVal v, const char *path, int depth)
{
    const CelTable *t = table_of(v);
    bool is_named = t && t->type;

    if (depth == 0 || names->left == 0)
        return;
    names->left--;
    if (is_named && !str_eq(t->type->name, path))
        buf_addf(names->wrong,
                 "%sunexpected type name \"%s\", expected \"%s\", which matches field name path "
                 "from root Object type",
                 names->wrong->len > 0 ? "\n" : "", t->type->name, path);
    for (uint32_t i = 0; t && i < t->n; i++) {
        const CelEntry *e = &t->entries[i];

        check_names(names, e->value,
                    is_named
                        ? arena_printf(names->a, "%s.%.*s", path, (int)e->key.s.len, e->key.s.ptr)
                        : path,
                    depth - 1);
    }
    for (uint32_t i = 0; v.kind == CEL_LIST && v.form == CEL_FORM_MADE && i < v.seq->n; i++)
        check_names(names, v.seq->items[i], path, depth - 1);
}

const char *cel_val_object_mistake(Arena *a, CelVal v)
{
    enum { VALUES_MAX = 100000 };
    Names names = {.a = a, .left = VALUES_MAX};
    AUTO_BUF wrong = BUF_INIT;
    const CelTable *t = table_of(v);

    names.wrong = &wrong;
    if (t && t->type && t->type != &cel__json_patch)
        check_names(&names, v, t->type->name, VALUE_MAX_DEPTH);
    for (uint32_t i = 0; v.kind == CEL_LIST && v.form == CEL_FORM_MADE && i < v.seq->n; i++) {
        t = table_of(v.seq->items[i]);
        for (uint32_t k = 0; t && t->type == &cel__json_patch && k < t->n; k++) {
            const CelTable *made = table_of(t->entries[k].value);

            if (made && made->type)
                check_names(&names, t->entries[k].value, made->type->name, VALUE_MAX_DEPTH);
        }
    }
    return wrong.len > 0 ? arena_strdup(a, buf_str(&wrong)) : NULL;
}

static CelVal escape_key(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;

    for (size_t i = 0; i < args[0].s.len; i++) {
        char c = args[0].s.ptr[i];

        if (c == '~' || c == '/')
            buf_adds(&out, c == '~' ? "~0" : "~1");
        else
            buf_addc(&out, c);
    }
    return cel__of_buf(run, &out);
}

static CelFn fns[] = {
    FN("jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", "string", "string", escape_key),
};

const CelLibTable cel__lib_patch = {CEL_LIB_PATCH, fns, ARRAY_LEN(fns)};
