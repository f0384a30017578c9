#include "api/policytypes.h"

#include "api/policyexpr.h"

#include <stdlib.h>

enum { MAX_KINDS = 10 }; /* a policy may match more; those are not looked at */

/* ---- kind tables as types of expressions ---- */

typedef struct Made { /* by type, so that those that contain themselves end */
    const struct Made *next;
    const Type *type;
    CelType *made;
} Made;

typedef struct Maker {
    Arena *a;
    const Made *all;
} Maker;

static const CelType *type_of(Maker *m, const Field *f);

static const CelType *object_type(Maker *m, const Type *type)
{
    CelField *fields;
    CelType *t, *filled;
    Made *made;

    for (const Made *x = m->all; x; x = x->next)
        if (x->type == type)
            return x->made;
    t = cel_type_object(m->a, type->name ? type->name : "object", NULL, 0);
    made = arena_new0(m->a, Made);
    *made = (Made){m->all, type, t};
    m->all = made;
    fields = arena_array(m->a, CelField, type->n_fields + 1);
    for (uint32_t i = 0; i < type->n_fields; i++) {
        const CelType *of = type_of(m, &type->fields[i]);

        fields[i] = (CelField){.json = type->fields[i].name, .type = of};
    }
    filled = cel_type_object(m->a, t->name, fields, type->n_fields);
    t->fields = filled->fields;
    t->n_fields = filled->n_fields;
    return t;
}

static const CelType *type_of(Maker *m, const Field *f)
{
    switch (f->kind) {
    case FIELD_STRING:
    case FIELD_DURATION:
    case FIELD_QUANTITY:
        return &cel_string;
    case FIELD_BOOL:
        return &cel_bool;
    case FIELD_INT32:
    case FIELD_INT64:
        return &cel_int;
    case FIELD_DOUBLE:
        return &cel_double;
    case FIELD_BYTES:
        return &cel_bytes;
    case FIELD_TIME:
    case FIELD_MICRO_TIME:
        return &cel_timestamp;
    case FIELD_OBJECT:
        return f->type && f->type->n_fields > 0 && !(f->flags & FIELD_PRESERVE)
                   ? object_type(m, f->type)
                   : &cel_dyn;
    case FIELD_LIST:
        return cel_type_list(m->a, type_of(m, f->elem));
    case FIELD_MAP:
        return cel_type_map(m->a, &cel_string, type_of(m, f->elem));
    case FIELD_INT_OR_STRING:
    case FIELD_ANY:
        break;
    }
    return &cel_dyn;
}

/* ---- what a policy matches ---- */

typedef struct Kinds {
    const Resource *items[MAX_KINDS];
    uint32_t n;
} Kinds;

static int by_name(const void *x, const void *y)
{
    const Resource *a = *(const Resource *const *)x, *b = *(const Resource *const *)y;
    int d = strcmp(a->group, b->group);

    d = d ? d : strcmp(a->version, b->version);
    return d ? d : strcmp(a->kind, b->kind);
}

static bool has_wildcard(const Value *list)
{
    const Value *v;

    value_each_item(list, i, v) if (value_to_cstr(v) && strchr(value_to_cstr(v), '*')) return true;
    return false;
}

static void add_kind(Kinds *k, const Resource *r)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (by_name(&k->items[i], &r) == 0)
            return;
    if (k->n < MAX_KINDS)
        k->items[k->n++] = r;
}

/* Rules that name groups and versions with a wildcard are left out, and so are subresources. */
static void add_rule(Kinds *k, const Value *rule, PolicyKindFn find, void *data)
{
    const Value *groups = value_get(rule, "apiGroups"), *versions = value_get(rule, "apiVersions");
    const Value *g, *v, *p;

    if (has_wildcard(groups) || has_wildcard(versions))
        return;
    value_each_item(groups, i, g) value_each_item(versions, j, v)
        value_each_item(value_get(rule, "resources"), n, p)
    {
        const char *plural = value_to_cstr(p);
        const Resource *r;

        if (!plural || strpbrk(plural, "*/") || !value_to_cstr(g) || !value_to_cstr(v))
            continue;
        r = find(data, value_to_cstr(g), value_to_cstr(v), plural, NULL);
        if (r && r->type)
            add_kind(k, r);
    }
}

static Kinds kinds_of(const Value *spec, PolicyKindFn find, void *data)
{
    Kinds k = {.n = 0};
    const Value *rule;

    value_each_item(value_at(spec, "matchConstraints.resourceRules"), i, rule)
        add_rule(&k, rule, find, data);
    qsort(k.items, k.n, sizeof(*k.items), by_name);
    return k;
}

static const Resource *params_of(Arena *a, const Value *spec, PolicyKindFn find, void *data)
{
    const char *api = value_at_str(spec, "paramKind.apiVersion");
    const char *kind = value_at_str(spec, "paramKind.kind");
    GroupVersion gv = api_version_split(a, api);

    return api && kind ? find(data, gv.group, gv.version, NULL, kind) : NULL;
}

/* ---- checking ---- */

typedef struct Checks { /* one environment a kind */
    Arena *a;
    Kinds kinds;
    PolicyEnv *envs[MAX_KINDS];
    Value *warnings;
} Checks;

static PolicyEnv *env_for(Arena *a, const Value *spec, const Resource *r, const Resource *params)
{
    Maker m = {.a = a};
    PolicyTypes types = {.object = object_type(&m, r->type),
                         .params = params && params->type ? object_type(&m, params->type) : NULL};
    PolicyEnv *env = policyexpr_env_typed(
        a, POLICY_HAS_AUTHORIZER | (types.params ? POLICY_HAS_PARAMS : 0u), &types);
    CelProgram *unused;
    const Value *v;

    value_each_item(value_get(spec, "variables"), i, v)
    {
        const char *name = value_get_str(v, "name"), *text = value_get_str(v, "expression");

        (void)policyexpr_variable(env, name ? name : "", text ? text : "", &unused);
    }
    return env;
}

static void check(Checks *c, uint32_t index, const Value *validation, const char *field)
{
    static const char prefix[] = "compilation failed: ";
    const char *text = value_get_str(validation, field);
    AUTO_BUF out = BUF_INIT;
    Value *w;

    for (uint32_t i = 0; text && text[0] && i < c->kinds.n; i++) {
        const Resource *r = c->kinds.items[i];
        CelProgram *unused;
        const char *wrong = policyexpr_compile(c->envs[i], text, POLICY_ANY, &unused);

        if (!wrong)
            continue;
        if (str_starts(wrong, prefix))
            wrong += sizeof(prefix) - 1;
        buf_addf(&out, "%s%s/%s, Kind=%s: %s\n", out.len > 0 ? "\n" : "", r->group, r->version,
                 r->kind, wrong);
    }
    if (out.len == 0)
        return;
    w = value_object(c->a);
    value_set(c->a, w, "fieldRef", value_printf(c->a, "spec.validations[%u].%s", index, field));
    value_set_str(c->a, w, "warning", buf_str(&out));
    value_append(c->a, c->warnings, w);
}

Value *policytypes_warnings(Arena *a, const Value *policy, PolicyKindFn find, void *data)
{
    const Value *spec = value_get(policy, "spec"), *v;
    Checks c = {.a = a, .kinds = kinds_of(spec, find, data), .warnings = value_array(a)};
    const Resource *params = params_of(a, spec, find, data);

    for (uint32_t i = 0; i < c.kinds.n; i++)
        c.envs[i] = env_for(a, spec, c.kinds.items[i], params);
    value_each_item(value_get(spec, "validations"), i, v)
    {
        check(&c, i, v, "expression");
        check(&c, i, v, "messageExpression");
    }
    return c.warnings->n > 0 ? c.warnings : NULL;
}
