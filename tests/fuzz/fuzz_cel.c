#include "cel/cel.h"
#include "tests/fuzz/fuzz.h"

/*
 * Compile, estimate and run with a small budget. Asserted: an evaluation stays near its limit, has
 * a value or an error, and the value can be shown; the static type is what the value is, unless it
 * is dyn.
 */

enum { LIMIT = 20000, MAX_LEN = 2000 };

static const char schema[] =
    "{'type':'object','properties':{'s':{'type':'string','maxLength':20},'n':{'type':'integer'},"
    "'f':{'type':'number'},'b':{'type':'boolean'},'l':{'type':'array','items':{'type':'integer'}},"
    "'ls':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}},"
    "'lm':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],"
    "'items':{'type':'object','properties':{'k':{'type':'string'},'v':{'type':'integer'}}}},"
    "'m':{'type':'object','additionalProperties':{'type':'string','nullable':true}},"
    "'v':{'x-kubernetes-int-or-string':true},'t':{'type':'string','format':'date-time'},"
    "'d':{'type':'string','format':'duration'},'y':{'type':'string','format':'byte'},"
    "'a-b':{'type':'integer'},'u':{'x-kubernetes-preserve-unknown-fields':true}}}";

static const char object[] =
    "{'s':'h\u00e9llo','n':3,'f':1.5,'b':true,'l':[3,1,2],'ls':['x','y'],"
    "'lm':[{'k':'a','v':1},{'k':'b','v':2}],'m':{'x':'1','z':null},'v':'50%',"
    "'t':'2024-01-02T03:04:05.5+01:00','d':'1h','y':'aGk=','a-b':7,'u':{'q':1}}";

static void check_format(const char *name, Slice text,
                         void (*report)(void *data, const char *message), void *data)
{
    if (text.len > strlen(name))
        report(data, "too long");
}

static bool is_known(const CelType *t, CelVal v)
{
    return t->kind == CEL_DYN || t->kind == v.kind || v.kind == CEL_NULL ||
           (t->kind == CEL_MAP && v.kind == CEL_OBJECT) ||
           (t->kind == CEL_OBJECT && v.kind == CEL_MAP);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES | CEL_LIB_BIND | CEL_LIB_PATCH);
    const CelType *type =
        cel_schema_type(a, value_literal(a, schema), "selfType", size > 0 && data[0] == '(');
    CelVal vars[3];
    CelProgram *p;
    CelResult r;

    if (size > MAX_LEN)
        return 0;
    cel_env_set_formats(env, check_format);
    cel_env_declare(env, "self", type);
    cel_env_declare(env, "oldSelf", cel_type_optional(a, type));
    cel_env_declare(env, "any", &cel_dyn);
    vars[0] = cel_val_json(type, value_literal(a, object));
    vars[1] = cel_val_json(cel_type_optional(a, type), NULL);
    vars[2] = cel_val_json(&cel_dyn, value_literal(a, object));
    if (cel_compile(env, (Slice){(const char *)data, size}, a, &p))
        return 0;
    (void)cel_estimate_cost(p);
    if (!cel_eval(p, vars, a, LIMIT, &r)) {
        BUG_ON(!r.error[0]);
        return 0;
    }
    BUG_ON(r.cost > LIMIT);
    BUG_ON(!is_known(cel_program_type(p), r.value));
    (void)cel_val_to_json(a, r.value);
    return 0;
}
