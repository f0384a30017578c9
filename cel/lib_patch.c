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
