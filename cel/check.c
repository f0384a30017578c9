#include "cel/cel_int.h"

/*
 * DESIGN
 *
 * Gradual typing as in cel-go's checker: `dyn` fits everywhere, a type parameter is bound to what
 * it meets first and may grow more general. A parameter is a Var; the bindings made since a point
 * are on the trail and can be taken back, so an overload that does not fit leaves no trace.
 *
 * Which way round `assignable` is asked matters: the argument first, then what is declared.
 */

typedef struct Var {
    CelType type; /* CEL_PARAM; first, so that a CelType * of that kind is a Var * */
    const CelType *bound;
} Var;

typedef struct Binding {
    Var *var;
    const CelType *before;
} Binding;

typedef struct Local {
    const char *name;
    const CelType *type;
    int32_t slot;
    struct Local *outer;
} Local;

typedef struct Checker {
    Arena *a;
    const CelEnv *env;
    CelIssues *is;
    CelProgram *program;
    Local *locals;
    Binding *trail;
    size_t n_trail, cap_trail;
    uint32_t n_slots;   /* in use */
    uint32_t n_formats; /* calls of format() around the node that finish() is at */
} Checker;

static const CelType error_type = {.kind = CEL_ERROR};

static const CelType *check(Checker *c, CelNode *n);

/* ---- type parameters ---- */

static const CelType *new_var(Checker *c)
{
    Var *v = arena_new0(c->a, Var);

    v->type.kind = CEL_PARAM;
    v->type.name = "_var";
    return &v->type;
}

static void bind(Checker *c, const CelType *param, const CelType *to)
{
    Var *v = (Var *)param;

    if (c->n_trail == c->cap_trail) {
        size_t cap = c->cap_trail ? c->cap_trail * 2 : 32;
        Binding *grown = arena_array(c->a, Binding, cap);

        if (c->n_trail > 0)
            memcpy(grown, c->trail, c->n_trail * sizeof(*grown));
        c->trail = grown;
        c->cap_trail = cap;
    }
    c->trail[c->n_trail++] = (Binding){v, v->bound};
    v->bound = to;
}

static void take_back(Checker *c, size_t to)
{
    while (c->n_trail > to) {
        Binding *b = &c->trail[--c->n_trail];

        b->var->bound = b->before;
    }
}

static const CelType *bound(const CelType *param)
{
    return ((const Var *)param)->bound;
}

/* `t` with its parameters replaced by what they are bound to; unbound ones by dyn, if so wished. */
static const CelType *substitute(Checker *c, const CelType *t, bool to_dyn)
{
    const CelType *elem, *key;
    CelType *copy;

    while (t->kind == CEL_PARAM && bound(t))
        t = bound(t);
    if (t->kind == CEL_PARAM)
        return to_dyn ? &cel_dyn : t;
    if (!t->elem)
        return t;
    elem = substitute(c, t->elem, to_dyn);
    key = t->key ? substitute(c, t->key, to_dyn) : NULL;
    if (elem == t->elem && key == t->key)
        return t;
    copy = arena_new0(c->a, CelType);
    *copy = *t;
    copy->elem = elem;
    copy->key = key;
    return copy;
}

/* A signature's own parameters (which are shared by all calls) become fresh ones. */
typedef struct Fresh {
    const CelType *from[3], *to[3];
    int n;
} Fresh;

static const CelType *instantiate(Checker *c, Fresh *f, const CelType *t)
{
    CelType *copy;

    if (t->kind == CEL_PARAM) {
        for (int i = 0; i < f->n; i++)
            if (f->from[i] == t)
                return f->to[i];
        f->from[f->n] = t;
        f->to[f->n] = new_var(c);
        return f->to[f->n++];
    }
    if (!t->elem)
        return t;
    copy = arena_new0(c->a, CelType);
    *copy = *t;
    copy->elem = instantiate(c, f, t->elem);
    if (t->key)
        copy->key = instantiate(c, f, t->key);
    return copy;
}

static bool mentions(const CelType *t, const CelType *param)
{
    while (t->kind == CEL_PARAM && t != param && bound(t))
        t = bound(t);
    if (t == param)
        return true;
    return (t->elem && mentions(t->elem, param)) || (t->key && mentions(t->key, param));
}

/* ---- relations ---- */

static bool is_dyn(const CelType *t)
{
    return t->kind == CEL_DYN || t->kind == CEL_ERROR;
}

static bool is_less_specific(const CelType *a, const CelType *b)
{
    if (a->kind == CEL_DYN || a->kind == CEL_PARAM)
        return true;
    if (b->kind == CEL_DYN || b->kind == CEL_PARAM || a->kind != b->kind)
        return false;
    if (a->kind == CEL_LIST || a->kind == CEL_MAP || a->kind == CEL_OPTIONAL)
        return is_less_specific(a->elem, b->elem) && (!a->key || is_less_specific(a->key, b->key));
    return a->kind == CEL_TYPE || cel_type_equal(a, b);
}

static const CelType *more_general(const CelType *a, const CelType *b)
{
    return is_less_specific(a, b) ? a : b;
}

static bool is_nullable(const CelType *t)
{
    return t->kind == CEL_NULL || t->kind == CEL_OBJECT || t->kind == CEL_OPAQUE ||
           t->kind == CEL_OPTIONAL || t->kind == CEL_TIMESTAMP || t->kind == CEL_DURATION;
}

static bool fits(Checker *c, const CelType *a, const CelType *b);

/* May `param` stand for `t`? *ret_known: it stands for something already. */
static bool may_bind(Checker *c, const CelType *t, const CelType *param, bool *ret_known)
{
    const CelType *now = bound(param), *next;

    *ret_known = true;
    if (t == param)
        return true;
    if (now) {
        if (cel_type_equal(t, now))
            return true;
        if (!fits(c, t, now))
            return false;
        next = more_general(t, now);
        if (!mentions(next, param))
            bind(c, param, next);
        return true;
    }
    *ret_known = false;
    if (mentions(t, param))
        return false;
    bind(c, param, t);
    return true;
}

static bool fits(Checker *c, const CelType *a, const CelType *b)
{
    bool is_known;

    if (b->kind == CEL_PARAM) {
        if (may_bind(c, a, b, &is_known))
            return true;
        if (is_known)
            return false;
    }
    if (a->kind == CEL_PARAM)
        return may_bind(c, b, a, &is_known);
    if (is_dyn(a) || is_dyn(b))
        return true;
    if (a->kind == CEL_NULL)
        return is_nullable(b);
    if (b->kind == CEL_NULL)
        return is_nullable(a);
    if (a->kind != b->kind)
        return false;
    if (a->kind == CEL_TYPE)
        return true;
    if (a->kind == CEL_LIST || a->kind == CEL_MAP || a->kind == CEL_OPTIONAL)
        return (!a->key || fits(c, a->key, b->key)) && fits(c, a->elem, b->elem);
    return cel_type_equal(a, b);
}

static bool is_assignable(Checker *c, const CelType *a, const CelType *b)
{
    size_t mark = c->n_trail;

    if (fits(c, a, b))
        return true;
    take_back(c, mark);
    return false;
}

static void expect_type(Checker *c, CelNode *n, const CelType *want)
{
    if (!is_assignable(c, want, n->type))
        cel__issue(c->is, n->pos, "expected type '%s' but found '%s'",
                   cel_type_text(c->a, substitute(c, want, true)),
                   cel_type_text(c->a, substitute(c, n->type, true)));
}

/* ---- names ---- */

static bool add_qualified(Buf *out, const CelNode *n)
{
    if (n->kind == NODE_IDENT) {
        buf_adds(out, n->ident.name);
        return true;
    }
    if (n->kind != NODE_SELECT || n->select.is_test || !add_qualified(out, n->select.operand))
        return false;
    buf_addf(out, ".%s", n->select.field);
    return true;
}

/* a.b.c as one name; NULL when `n` is something else. */
static const char *qualified_name(Checker *c, const CelNode *n)
{
    AUTO_BUF out = BUF_INIT;

    if (!add_qualified(&out, n))
        return NULL;
    return arena_strdup(c->a, buf_str(&out));
}

static void note_use(Checker *c, uint32_t var)
{
    CelProgram *p = c->program;

    if (p->n_uses > 0 && p->uses[p->n_uses - 1] == var)
        return;
    if (p->n_uses == p->cap_uses) {
        uint32_t cap = p->cap_uses ? p->cap_uses * 2 : 4;
        uint32_t *grown = arena_array(c->a, uint32_t, cap);

        if (p->n_uses > 0)
            memcpy(grown, p->uses, p->n_uses * sizeof(*grown));
        p->uses = grown;
        p->cap_uses = cap;
    }
    p->uses[p->n_uses++] = var;
}

/* Make `n` stand for the variable or type of that name. */
static bool resolve_name(Checker *c, CelNode *n, const char *name)
{
    const CelVal *type;
    uint32_t i;

    if (*name != '.')
        for (Local *l = c->locals; l; l = l->outer)
            if (str_eq(l->name, name)) {
                n->kind = NODE_IDENT;
                n->ident.name = name;
                n->ident.slot = l->slot;
                n->type = l->type;
                return true;
            }
    name += *name == '.';
    if (cel__env_var(c->env, name, &i)) {
        n->kind = NODE_IDENT;
        n->ident.name = c->env->vars[i].name;
        n->ident.slot = (int32_t)i;
        n->type = c->env->vars[i].type;
        note_use(c, i);
        return true;
    }
    type = cel__env_type(c->env, name);
    if (!type)
        return false;
    n->kind = NODE_IDENT;
    n->ident.name = name;
    n->ident.slot = -1;
    n->ident.value = type;
    n->type = new_var(c); /* type(T), T not looked at any further */
    n->type = &cel_type_type;
    return true;
}

static const CelType *undeclared(Checker *c, CelNode *n, const char *name)
{
    cel__issue(c->is, n->pos, "undeclared reference to '%s' (in container '')", name);
    return &error_type;
}

static const CelType *check_ident(Checker *c, CelNode *n)
{
    return resolve_name(c, n, n->ident.name) ? n->type : undeclared(c, n, n->ident.name);
}

/* ---- selections ---- */

static const CelType *field_type(Checker *c, CelNode *n, const CelType *object, const char *field)
{
    for (uint32_t i = 0; i < object->n_fields; i++)
        if (!object->fields[i].is_hidden && str_eq(object->fields[i].name, field)) {
            if (n->kind == NODE_SELECT) {
                n->select.of = object;
                n->select.found = &object->fields[i];
            }
            return object->fields[i].type;
        }
    if (cel__is_object_name(object->name) || object == &cel__json_patch)
        return &cel_dyn;
    cel__issue(c->is, n->pos, "undefined field '%s'", field);
    return &error_type;
}

static const CelType *check_field(Checker *c, CelNode *n, CelNode *operand, const char *field,
                                  bool is_optional)
{
    const CelType *t = substitute(c, check(c, operand), false), *result = &cel_dyn;

    if (t->kind == CEL_OPTIONAL) {
        is_optional = true;
        t = substitute(c, t->elem, false);
    }
    if (t->kind == CEL_MAP)
        result = t->elem;
    else if (t->kind == CEL_OBJECT)
        result = field_type(c, n, t, field);
    else if (t->kind == CEL_PARAM)
        (void)is_assignable(c, &cel_dyn, t);
    else if (t->kind == CEL_OPAQUE && str_starts(t->name, "kubernetes.")) /* objects, to upstream */
        result = field_type(c, n, t, field);
    else if (!is_dyn(t))
        cel__issue(c->is, n->pos, "type '%s' does not support field selection",
                   cel_type_text(c->a, substitute(c, t, true)));
    return is_optional ? cel_type_optional(c->a, result) : result;
}

/* A field of an object that is declared as a variable with a name of its own: variables.x. It is
 * always there. */
static bool resolve_member(Checker *c, CelNode *n, CelNode *operand, const char *field)
{
    const char *name = qualified_name(c, operand);
    CelNode whole = *operand;

    return name && resolve_name(c, &whole, name) && whole.type->kind == CEL_OBJECT &&
           resolve_name(c, n, arena_printf(c->a, "%s.%s", name, field));
}

static const CelType *check_select(Checker *c, CelNode *n)
{
    const char *name = n->select.is_test ? NULL : qualified_name(c, n);
    const CelType *t;

    if (name && resolve_name(c, n, name))
        return n->type;
    if (n->select.is_test) {
        CelNode member = *n;

        if (resolve_member(c, &member, n->select.operand, n->select.field)) {
            n->kind = NODE_LITERAL;
            n->literal = cel__of_bool(true);
            return &cel_bool;
        }
    }
    t = check_field(c, n, n->select.operand, n->select.field, false);
    return n->select.is_test ? &cel_bool : substitute(c, t, false);
}

static const CelType *resolve(Checker *c, CelNode *n, const CelFn *fn, CelNode *target);

static const CelType *check_optional_select(Checker *c, CelNode *n)
{
    CelNode *field = n->call.args[1], *member = arena_new0(c->a, CelNode);
    const CelType *t;

    *member = *n;
    if (resolve_member(c, member, n->call.args[0], field->literal.s.ptr)) {
        n->call.fn = "optional.of";
        n->call.args[0] = member;
        n->call.n_args = 1;
        return resolve(c, n, cel__env_fn(c->env, n->call.fn), NULL);
    }
    t = check_field(c, n, n->call.args[0], field->literal.s.ptr, true);

    field->type = &cel_string;
    n->call.overloads = NULL;
    return substitute(c, t, false);
}

/* ---- calls ---- */

static void no_overload(Checker *c, CelNode *n, const CelType **types, int n_types, bool is_member)
{
    AUTO_BUF out = BUF_INIT;
    int i = 0;

    if (is_member)
        buf_addf(&out, "%s.", cel_type_text(c->a, substitute(c, types[i++], true)));
    buf_addc(&out, '(');
    for (int first = i; i < n_types; i++)
        buf_addf(&out, "%s%s", i > first ? ", " : "",
                 cel_type_text(c->a, substitute(c, types[i], true)));
    buf_addc(&out, ')');
    cel__issue(c->is, n->pos, "found no matching overload for '%s' applied to '%s'", n->call.fn,
               buf_str(&out));
}

/* Does the overload take these arguments? Then *ret is its result. */
static bool try_overload(Checker *c, const CelFn *fn, const CelType **types, int n,
                         const CelType **ret)
{
    size_t mark = c->n_trail;
    Fresh fresh = {.n = 0};

    if (fn->n_params != n)
        return false;
    for (int i = 0; i < n; i++)
        if (!fits(c, types[i], instantiate(c, &fresh, fn->types[i]))) {
            take_back(c, mark);
            return false;
        }
    *ret = substitute(c, instantiate(c, &fresh, fn->result_type), false);
    return true;
}

enum { MAX_OVERLOADS = 64 };

static const CelType *resolve(Checker *c, CelNode *n, const CelFn *fn, CelNode *target)
{
    const CelFn *found[MAX_OVERLOADS];
    const CelType *types[CEL_MAX_PARAMS + 1], *result = NULL, *r;
    int n_types = 0, n_all = n->call.n_args + (target != NULL);

    if (n_all > CEL_MAX_PARAMS) {
        const CelType **all = arena_array(c->a, const CelType *, (size_t)n_all);

        if (target)
            all[n_types++] = target->type;
        for (int i = 0; i < n->call.n_args; i++)
            all[n_types++] = n->call.args[i]->type;
        no_overload(c, n, all, n_types, target != NULL);
        return &error_type;
    }
    if (target)
        types[n_types++] = target->type;
    for (int i = 0; i < n->call.n_args; i++)
        types[n_types++] = n->call.args[i]->type;
    for (; fn; fn = fn->next) {
        if (!(fn->lib & c->env->libs) || fn->is_member != (target != NULL) ||
            !try_overload(c, fn, types, n_types, &r))
            continue;
        if (n->call.n_overloads < MAX_OVERLOADS)
            found[n->call.n_overloads++] = fn;
        if (!result)
            result = r;
        else if (result->kind != CEL_DYN && !cel_type_equal(result, r))
            result = &cel_dyn;
    }
    if (!result) {
        no_overload(c, n, types, n_types, target != NULL);
        return &error_type;
    }
    n->call.overloads = arena_array(c->a, const CelFn *, n->call.n_overloads);
    memcpy(n->call.overloads, found, n->call.n_overloads * sizeof(*found));
    return result;
}

static const CelType *check_call(Checker *c, CelNode *n)
{
    const char *name = n->call.fn, *prefix;
    CelNode *target = n->call.target;
    const CelFn *fn;

    n->call.n_overloads = 0;
    if (str_eq(name, "_?._"))
        return check_optional_select(c, n);
    for (int i = 0; i < n->call.n_args; i++)
        (void)check(c, n->call.args[i]);
    if (!target) {
        fn = cel__env_fn(c->env, name + (*name == '.'));
        return fn ? resolve(c, n, fn, NULL) : undeclared(c, n, name);
    }
    prefix = qualified_name(c, target);
    if (prefix) { /* sets.contains(a, b): no receiver, a longer name */
        char *full = arena_printf(c->a, "%s.%s", prefix + (*prefix == '.'), name);

        fn = cel__env_fn(c->env, full);
        if (fn) {
            n->call.fn = full;
            n->call.target = NULL;
            return resolve(c, n, fn, NULL);
        }
    }
    (void)check(c, target);
    fn = cel__env_fn(c->env, name);
    return fn ? resolve(c, n, fn, target) : undeclared(c, n, name);
}

/* ---- lists, maps ---- */

/* The type of elements that had `so_far` (NULL: none yet) when one of type `t` joins. */
static const CelType *join(Checker *c, const CelType *so_far, const CelType *t)
{
    if (!so_far)
        return t;
    return is_assignable(c, so_far, t) ? more_general(so_far, t) : &cel_dyn;
}

/* What an optional element adds: what it holds. */
static const CelType *unwrap(Checker *c, const CelNode *n, const CelType *t)
{
    t = substitute(c, t, false);
    if (t->kind == CEL_OPTIONAL)
        return t->elem;
    if (!is_dyn(t))
        cel__issue(c->is, n->pos, "expected type 'optional_type(%s)' but found '%s'",
                   cel_type_text(c->a, substitute(c, t, true)),
                   cel_type_text(c->a, substitute(c, t, true)));
    return t;
}

static const CelType *check_list(Checker *c, CelNode *n)
{
    const CelType *elem = NULL;

    for (uint32_t i = 0; i < n->list.n; i++) {
        const CelType *t = check(c, n->list.items[i]);

        if (n->list.is_optional && n->list.is_optional[i])
            t = unwrap(c, n->list.items[i], t);
        elem = join(c, elem, t);
    }
    return cel_type_list(c->a, elem ? elem : new_var(c));
}

static const CelType *check_map(Checker *c, CelNode *n)
{
    const CelType *key = NULL, *value = NULL;

    for (uint32_t i = 0; i < n->map.n; i++) {
        CelPair *p = &n->map.pairs[i];
        const CelType *t;

        key = join(c, key, check(c, p->key));
        t = check(c, p->value);
        if (p->is_optional)
            t = unwrap(c, p->value, t);
        value = join(c, value, t);
    }
    return cel_type_map(c->a, key ? key : new_var(c), value ? value : new_var(c));
}

/* Object and what lies below it have any field; what fits is known when the patch is applied. */
static const CelType *check_struct(Checker *c, CelNode *n)
{
    const CelType *type = NULL;
    const char *name = n->map.name + (*n->map.name == '.');

    if (c->env->libs & CEL_LIB_PATCH && str_eq(name, "JSONPatch"))
        type = &cel__json_patch;
    else if (c->env->libs & CEL_LIB_PATCH && cel__is_object_name(name))
        type = cel_type_object(c->a, name, NULL, 0);
    if (!type)
        (void)undeclared(c, n, n->map.name);
    for (uint32_t i = 0; i < n->map.n; i++) {
        CelPair *p = &n->map.pairs[i];
        const CelType *t = check(c, p->value), *want = &cel_dyn;
        const char *shown = "";

        if (p->is_optional)
            t = unwrap(c, p->value, t);
        if (!type || !type->n_fields)
            continue;
        want = NULL;
        for (uint32_t k = 0; k < type->n_fields; k++)
            if (str_eq(type->fields[k].name, p->field))
                want = type->fields[k].type;
        if (want)
            shown = cel_type_text(c->a, want);
        if (!want || !is_assignable(c, want, t))
            cel__issue(c->is, p->pos,
                       "expected type of field '%s' is '%s' but provided type is '%s'", p->field,
                       shown, cel_type_text(c->a, substitute(c, t, true)));
    }
    return type ? type : &error_type;
}

/* ---- loops ---- */

static void element_types(Checker *c, CelNode *n, const CelType **ret_first,
                          const CelType **ret_second)
{
    const CelType *range = substitute(c, n->fold.range->type, false);

    *ret_first = *ret_second = &cel_dyn;
    switch (range->kind) {
    case CEL_LIST:
        *ret_first = n->fold.iter2 ? &cel_int : range->elem;
        *ret_second = range->elem;
        break;
    case CEL_MAP:
        *ret_first = range->key;
        *ret_second = range->elem;
        break;
    case CEL_DYN:
    case CEL_ERROR:
    case CEL_PARAM:
        (void)is_assignable(c, &cel_dyn, range);
        break;
    default:
        cel__issue(c->is, n->fold.range->pos,
                   "expression of type '%s' cannot be range of a comprehension (must be list, "
                   "map, or dynamic)",
                   cel_type_text(c->a, substitute(c, range, true)));
        *ret_first = *ret_second = &error_type;
    }
}

static const CelType *check_fold(Checker *c, CelNode *n)
{
    const CelType *first, *second, *t;
    Local *outer = c->locals, accu, iter, iter2;

    (void)check(c, n->fold.range);
    (void)check(c, n->fold.init);
    element_types(c, n, &first, &second);
    n->fold.slot = (int32_t)c->n_slots;
    accu = (Local){n->fold.accu, n->fold.init->type, n->fold.slot + 2, outer};
    iter = (Local){n->fold.iter, first, n->fold.slot, &accu};
    iter2 = (Local){n->fold.iter2, second, n->fold.slot + 1, &iter};
    c->n_slots += 3;
    c->program->n_slots = MAX(c->program->n_slots, c->n_slots);

    c->locals = n->fold.iter2 ? &iter2 : &iter;
    (void)check(c, n->fold.cond);
    expect_type(c, n->fold.cond, &cel_bool);
    (void)check(c, n->fold.step);
    expect_type(c, n->fold.step, accu.type);
    c->locals = &accu;
    t = check(c, n->fold.result);
    c->locals = outer;
    c->n_slots -= 3;
    return substitute(c, t, false);
}

/* ---- all of it ---- */

static const CelType *check_literal(const CelNode *n)
{
    static const CelType *const types[CEL_KIND_MAX_] = {
        [CEL_NULL] = &cel_null,   [CEL_BOOL] = &cel_bool,     [CEL_INT] = &cel_int,
        [CEL_UINT] = &cel_uint,   [CEL_DOUBLE] = &cel_double, [CEL_STRING] = &cel_string,
        [CEL_BYTES] = &cel_bytes,
    };

    return types[n->literal.kind];
}

/* Types that expressions make may double with each level of nesting; looking at them must stay
 * cheap. */
static bool is_light(const CelType *t, int *left)
{
    while (t->kind == CEL_PARAM && bound(t))
        t = bound(t);
    if (--*left < 0)
        return false;
    return (!t->elem || is_light(t->elem, left)) && (!t->key || is_light(t->key, left));
}

static const CelType *check(Checker *c, CelNode *n)
{
    const CelType *t = &error_type;

    switch (n->kind) {
    case NODE_LITERAL:
        t = check_literal(n);
        break;
    case NODE_IDENT:
        t = check_ident(c, n);
        break;
    case NODE_SELECT:
        t = check_select(c, n);
        break;
    case NODE_CALL:
        t = check_call(c, n);
        break;
    case NODE_LIST:
        t = check_list(c, n);
        break;
    case NODE_MAP:
        t = check_map(c, n);
        break;
    case NODE_STRUCT:
        t = check_struct(c, n);
        break;
    case NODE_FOLD:
        t = check_fold(c, n);
        break;
    case NODE_BAD:
        break;
    }
    if (t->elem && !is_light(t, &(int){CEL_MAX_TYPE_NODES})) {
        cel__issue(c->is, n->pos, "type too large");
        t = &error_type;
    }
    n->type = t;
    return t;
}

/* ---- what is left to do when all types are known ---- */

/* Literals that a function could only refuse (cel-go's validators). */
static void check_literal_args(Checker *c, CelNode *n)
{
    const char *fn = n->call.fn;
    CelNode *arg = n->call.n_args > 0 ? n->call.args[n->call.n_args - 1] : NULL;
    bool is_wrong = false;
    int64_t ns;
    CelVal t;

    if (!arg || arg->kind != NODE_LITERAL || arg->literal.kind != CEL_STRING)
        return;
    if (str_eq(fn, "duration")) {
        is_wrong = !cel__parse_duration(arg->literal.s, &ns);
    } else if (str_eq(fn, "timestamp")) {
        is_wrong = !cel__parse_time(arg->literal.s, &t);
    } else if (str_eq(fn, "matches") || str_eq(fn, "find") || str_eq(fn, "findAll")) {
        n->call.constant = cel__regex_compile(c->a, arg->literal.s);
        is_wrong = !n->call.constant && str_eq(fn, "matches");
    }
    if (is_wrong)
        cel__issue(c->is, arg->pos, "invalid %s argument", fn);
}

static void finish(Checker *c, CelNode *n);

/* A list of literals is a value already. */
static void make_constant(Checker *c, CelNode *n)
{
    CelVal *items, *v;
    CelSeq *seq;

    if (n->list.is_optional)
        return;
    items = arena_array(c->a, CelVal, MAX(n->list.n, 1u));
    for (uint32_t i = 0; i < n->list.n; i++) {
        const CelNode *item = n->list.items[i];

        if (item->kind == NODE_LITERAL)
            items[i] = item->literal;
        else if (item->kind == NODE_LIST && item->list.constant)
            items[i] = *item->list.constant;
        else
            return;
    }
    seq = arena_new0(c->a, CelSeq);
    seq->items = items;
    seq->n = n->list.n;
    v = arena_new0(c->a, CelVal);
    *v = (CelVal){.kind = CEL_LIST, .form = CEL_FORM_MADE, .seq = seq};
    n->list.constant = v;
}

/* Kubernetes: literals hold one type, except those that format() gets. */
static void expect_same(Checker *c, const CelNode *n, bool is_optional, const CelType **type)
{
    const CelType *t = n->type;

    if (is_optional && t->kind == CEL_OPTIONAL)
        t = t->elem;
    if (!*type)
        *type = t;
    else if (*type != &error_type && !cel_type_equal(*type, t)) {
        cel__issue(c->is, n->pos, "expected type '%s' but found '%s'", cel_type_text(c->a, *type),
                   cel_type_text(c->a, t));
        *type = &error_type; /* one is enough */
    }
}

static void check_literal_types(Checker *c, const CelNode *n)
{
    const CelType *first = NULL, *second = NULL;

    if (c->n_formats > 0)
        return;
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->list.n; i++)
        expect_same(c, n->list.items[i], n->list.is_optional && n->list.is_optional[i], &first);
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->map.n; i++) {
        expect_same(c, n->map.pairs[i].key, false, &first);
        expect_same(c, n->map.pairs[i].value, n->map.pairs[i].is_optional, &second);
    }
}

static void finish_call(Checker *c, CelNode *n)
{
    bool is_format = str_eq(n->call.fn, "format");

    c->n_formats += is_format;
    finish(c, n->call.target);
    for (int i = 0; i < n->call.n_args; i++)
        finish(c, n->call.args[i]);
    c->n_formats -= is_format;
    n->call.special = cel__special(n);
    if (n->call.target && is_format && n->call.n_args == 1)
        cel__check_format(c->is, n);
    check_literal_args(c, n);
}

static void finish(Checker *c, CelNode *n)
{
    if (!n)
        return;
    n->type = substitute(c, n->type, true);
    switch (n->kind) {
    case NODE_SELECT:
        finish(c, n->select.operand);
        break;
    case NODE_CALL:
        finish_call(c, n);
        break;
    case NODE_LIST:
        for (uint32_t i = 0; i < n->list.n; i++)
            finish(c, n->list.items[i]);
        check_literal_types(c, n);
        make_constant(c, n);
        break;
    case NODE_MAP:
    case NODE_STRUCT:
        for (uint32_t i = 0; i < n->map.n; i++) {
            finish(c, n->map.pairs[i].key);
            finish(c, n->map.pairs[i].value);
        }
        check_literal_types(c, n);
        break;
    case NODE_FOLD:
        finish(c, n->fold.range);
        finish(c, n->fold.init);
        finish(c, n->fold.cond);
        finish(c, n->fold.step);
        finish(c, n->fold.result);
        break;
    default:
        break;
    }
}

void cel__check(const CelEnv *env, CelIssues *is, CelProgram *p)
{
    Checker c = {.a = is->a, .env = env, .is = is, .program = p};

    c.n_slots = p->n_slots = p->n_vars = env->n_vars;
    (void)check(&c, p->root);
    if (is->n == 0)
        finish(&c, p->root);
}

const char *cel_compile(const CelEnv *env, Slice text, Arena *a, CelProgram **ret)
{
    CelIssues is = {.a = a, .text = text};
    CelProgram *p = arena_new0(a, CelProgram);

    p->env = env;
    p->root = cel__parse(&is, env->libs);
    if (p->root)
        cel__check(env, &is, p);
    if (is.n > 0)
        return cel__issues_text(&is);
    *ret = p;
    return NULL;
}

const CelType *cel_program_type(const CelProgram *p)
{
    return p->root->type;
}

bool cel_program_uses(const CelProgram *p, uint32_t var)
{
    for (uint32_t i = 0; i < p->n_uses; i++)
        if (p->uses[i] == var)
            return true;
    return false;
}

const uint32_t *cel_program_vars(const CelProgram *p, uint32_t *ret_n)
{
    *ret_n = p->n_uses;
    return p->uses;
}
