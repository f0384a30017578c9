#include "cel/cel_int.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

/* All functions of all libraries, made once: name to the chain of its overloads. Read-only after
 * that. */
static struct {
    pthread_once_t once;
    Arena *a;
    Map by_name; /* CelFn * */
    Map types;   /* CelVal * of kind CEL_TYPE */
} library = {.once = PTHREAD_ONCE_INIT};

static const CelLibTable *const tables[] = {
    &cel__lib_operators,     &cel__lib_convert, &cel__lib_time,     &cel__lib_strings,
    &cel__lib_format,        &cel__lib_sets,    &cel__lib_optional, &cel__lib_lists,
    &cel__lib_regex,         &cel__lib_url,     &cel__lib_net,      &cel__lib_quantity,
    &cel__lib_named_formats, &cel__lib_semver,  &cel__lib_authz,    &cel__lib_image,
    &cel__lib_patch,         &cel__lib_two_var,
};

/* ---- signatures ---- */

static const struct {
    const char *name;
    const CelType *type;
} simple_types[] = {
    {"dyn", &cel_dyn},           {"null_type", &cel_null}, {"bool", &cel_bool},
    {"int", &cel_int},           {"uint", &cel_uint},      {"double", &cel_double},
    {"string", &cel_string},     {"bytes", &cel_bytes},    {"timestamp", &cel_timestamp},
    {"duration", &cel_duration}, {"type", &cel_type_type},
};

/* A, B, C: the parameters of one signature, shared by all places that name them. */
typedef struct Signature {
    const char *at;
    const CelType *params[3];
} Signature;

static const CelType *read_type(Signature *s);

static const CelType *read_param(Signature *s, char letter)
{
    static const char *const names[] = {"A", "B", "C"};
    size_t i = (size_t)(letter - 'A');

    if (!s->params[i]) {
        CelType *t = arena_new0(library.a, CelType);

        t->kind = CEL_PARAM;
        t->name = names[i];
        s->params[i] = t;
    }
    return s->params[i];
}

static const CelType *opaque_type(Slice name)
{
    CelVal *v = map_getn(&library.types, name);
    CelType *t;

    if (v)
        return v->type;
    t = arena_new0(library.a, CelType);
    t->kind = CEL_OPAQUE;
    t->name = arena_strndup(library.a, name.ptr, name.len);
    v = arena_new0(library.a, CelVal);
    *v = cel__of_type(t);
    (void)map_setn(&library.types, name, v);
    return t;
}

static const CelType *read_type(Signature *s)
{
    const CelType *key, *elem;
    Slice name = {s->at, strcspn(s->at, "(),")};

    s->at += name.len;
    if (name.len == 1 && name.ptr[0] >= 'A' && name.ptr[0] <= 'C')
        return read_param(s, name.ptr[0]);
    if (*s->at == '(') {
        s->at++;
        key = elem = read_type(s);
        if (*s->at == ',') {
            s->at++;
            elem = read_type(s);
        }
        BUG_ON(*s->at++ != ')');
        if (slice_is(name, "map"))
            return cel_type_map(library.a, key, elem);
        return slice_is(name, "list") ? cel_type_list(library.a, elem)
                                      : cel_type_optional(library.a, elem);
    }
    for (size_t i = 0; i < ARRAY_LEN(simple_types); i++)
        if (slice_is(name, simple_types[i].name))
            return simple_types[i].type;
    return opaque_type(name);
}

static void read_signature(CelFn *fn)
{
    Signature s = {.at = fn->params};

    while (*s.at) {
        BUG_ON(fn->n_params == CEL_MAX_PARAMS);
        fn->types[fn->n_params++] = read_type(&s);
        if (*s.at == ',')
            s.at++;
    }
    s.at = fn->result;
    fn->result_type = read_type(&s);
}

static void add_fn(CelFn *fn, unsigned lib)
{
    CelFn *first = map_get(&library.by_name, fn->name);

    read_signature(fn);
    fn->lib = lib;
    fn->cost = cel__cost_rule(fn);
    if (!first) {
        (void)map_set(&library.by_name, fn->name, fn);
        return;
    }
    while (first->next)
        first = first->next;
    first->next = fn;
}

static void add_type_names(void)
{
    static const struct {
        const char *name;
        const CelType *type;
    } more[] = {
        {"list", &cel_list_dyn},
        {"map", &cel_map_dyn},
        {"google.protobuf.Timestamp", &cel_timestamp},
        {"google.protobuf.Duration", &cel_duration},
    };

    for (size_t i = 0; i < ARRAY_LEN(simple_types); i++) {
        CelVal *v = arena_new0(library.a, CelVal);

        if (simple_types[i].type->kind == CEL_TIMESTAMP ||
            simple_types[i].type->kind == CEL_DURATION || simple_types[i].type->kind == CEL_DYN)
            continue;
        *v = cel__of_type(simple_types[i].type);
        (void)map_set(&library.types, simple_types[i].name, v);
    }
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        CelVal *v = arena_new0(library.a, CelVal);

        *v = cel__of_type(more[i].type);
        (void)map_set(&library.types, more[i].name, v);
    }
}

static void make_library(void)
{
    library.a = arena_new();
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->n; i++)
            add_fn(&tables[t]->fns[i], tables[t]->lib);
    add_type_names();
}

/* ---- environments ---- */

CelEnv *cel_env_new(Arena *a, unsigned libs)
{
    CelEnv *env = arena_new0(a, CelEnv);

    pthread_once(&library.once, make_library);
    env->a = a;
    env->libs = libs & ~(unsigned)CEL_LIB_FORMAT;
    return env;
}

void cel_env_set_formats(CelEnv *env, CelFormatFn formats)
{
    env->formats = formats;
    env->libs |= CEL_LIB_FORMAT;
}

static uint32_t *index_place(const CelEnv *env, const char *name)
{
    uint32_t at = (uint32_t)hash_bytes(name, strlen(name)) & (env->n_index - 1);

    while (env->index[at] && !str_eq(env->vars[env->index[at] - 1].name, name))
        at = (at + 1) & (env->n_index - 1);
    return &env->index[at];
}

bool cel__env_var(const CelEnv *env, const char *name, uint32_t *ret)
{
    const uint32_t *place = env->n_index > 0 ? index_place(env, name) : NULL;

    if (!place || !*place)
        return false;
    *ret = *place - 1;
    return true;
}

/* At most half full. */
static void grow_index(CelEnv *env)
{
    env->n_index = env->cap_vars * 2;
    env->index = arena_array(env->a, uint32_t, env->n_index);
    memset(env->index, 0, env->n_index * sizeof(*env->index));
    for (uint32_t i = 0; i < env->n_vars; i++) {
        uint32_t *place = index_place(env, env->vars[i].name);

        if (!*place)
            *place = i + 1;
    }
}

uint32_t cel_env_declare(CelEnv *env, const char *name, const CelType *type)
{
    uint32_t *place;

    if (env->n_vars == env->cap_vars) {
        uint32_t cap = env->cap_vars ? env->cap_vars * 2 : 4;
        CelVar *grown = arena_array(env->a, CelVar, cap);

        if (env->n_vars > 0)
            memcpy(grown, env->vars, env->n_vars * sizeof(*grown));
        env->vars = grown;
        env->cap_vars = cap;
        grow_index(env);
    }
    env->vars[env->n_vars++] = (CelVar){arena_strdup(env->a, name), type};
    place = index_place(env, name);
    if (!*place)
        *place = env->n_vars;
    return env->n_vars - 1;
}

const CelFn *cel__env_fn(const CelEnv *env, const char *name)
{
    const CelFn *fn = map_get(&library.by_name, name);

    while (fn && !(fn->lib & env->libs))
        fn = fn->next;
    return fn;
}

const CelVal *cel__env_type(const CelEnv *env, const char *name)
{
    (void)env;
    return map_get(&library.types, name);
}

const CelType *cel__library_type(const char *name)
{
    const CelVal *v;

    pthread_once(&library.once, make_library);
    v = map_get(&library.types, name);

    BUG_ON(!v);
    return v->type;
}
