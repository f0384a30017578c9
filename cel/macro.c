#include "cel/cel_int.h"

/*
 * DESIGN
 *
 * A macro is a call whose arguments are taken as text: self.all(x, x > 0) is a loop, not a
 * function. Every loop is one kind of node, the fold: over `range`, `accu` begins as `init`; for
 * each element, while `cond` holds, `accu` becomes `step`; the value is `result`. The shapes are
 * those of cel-go, since the cost of a rule is counted on them.
 */

#define ACCU "@result"

typedef struct Macro {
    const char *name;
    uint16_t n_args;
    bool is_member;
    unsigned lib;
    CelNode *(*expand)(CelParser *p, CelNode *call);
} Macro;

/* ---- helpers ---- */

static CelNode *copy(CelParser *p, const CelNode *n);

static CelNode **copy_all(CelParser *p, CelNode *const *from, size_t n)
{
    CelNode **to = arena_array(p->a, CelNode *, MAX(n, (size_t)1));

    for (size_t i = 0; i < n; i++)
        to[i] = copy(p, from[i]);
    return to;
}

static void copy_pairs(CelParser *p, CelNode *c)
{
    CelPair *pairs = arena_array(p->a, CelPair, MAX(c->map.n, 1u));

    for (uint32_t i = 0; i < c->map.n; i++) {
        pairs[i] = c->map.pairs[i];
        pairs[i].key = copy(p, pairs[i].key);
        pairs[i].value = copy(p, pairs[i].value);
    }
    c->map.pairs = pairs;
}

/* A macro that uses an operand twice takes a copy, as checking writes into nodes. */
static CelNode *copy(CelParser *p, const CelNode *n)
{
    CelNode *c;

    if (!n || p->is_broken)
        return (CelNode *)n;
    c = cel__node(p, n->kind, n->pos);
    *c = *n;
    switch (n->kind) {
    case NODE_SELECT:
        c->select.operand = copy(p, n->select.operand);
        break;
    case NODE_CALL:
        c->call.target = copy(p, n->call.target);
        c->call.args = copy_all(p, n->call.args, n->call.n_args);
        break;
    case NODE_LIST:
        c->list.items = copy_all(p, n->list.items, n->list.n);
        break;
    case NODE_MAP:
    case NODE_STRUCT:
        copy_pairs(p, c);
        break;
    case NODE_FOLD:
        c->fold.range = copy(p, n->fold.range);
        c->fold.init = copy(p, n->fold.init);
        c->fold.cond = copy(p, n->fold.cond);
        c->fold.step = copy(p, n->fold.step);
        c->fold.result = copy(p, n->fold.result);
        break;
    default:
        break;
    }
    return c;
}

static CelNode *mistake(CelParser *p, uint32_t pos, const char *text)
{
    cel__issue(p->is, pos, "%s", text);
    return cel__node(p, NODE_BAD, pos);
}

static CelNode *literal(CelParser *p, uint32_t pos, CelVal v)
{
    CelNode *n = cel__node(p, NODE_LITERAL, pos);

    n->literal = v;
    return n;
}

static CelNode *accu(CelParser *p, uint32_t pos)
{
    return cel__node_ident(p, pos, ACCU);
}

static CelNode *list_of(CelParser *p, uint32_t pos, CelNode *item)
{
    CelNode *n = cel__node(p, NODE_LIST, pos);

    if (item) {
        n->list.items = arena_array(p->a, CelNode *, 1);
        n->list.items[0] = item;
        n->list.n = 1;
    }
    return n;
}

static CelNode *choose(CelParser *p, uint32_t pos, CelNode *test, CelNode *yes, CelNode *no)
{
    return cel__node_call(p, pos, "_?_:_", NULL, 3, test, yes, no);
}

/* The name that argument `i` is, or NULL with the mistake reported. */
static const char *var_name(CelParser *p, const CelNode *call, size_t i)
{
    const CelNode *n = call->call.args[i];

    if (n->kind != NODE_IDENT || n->ident.name[0] == '.') {
        if (n->kind != NODE_BAD)
            cel__issue(p->is, n->pos, "argument must be a simple name");
        return NULL;
    }
    if (str_eq(n->ident.name, ACCU) || str_eq(n->ident.name, "__result__")) {
        cel__issue(p->is, n->pos, "iteration variable overwrites accumulator variable");
        return NULL;
    }
    return n->ident.name;
}

typedef struct Fold {
    CelNode *init, *cond, *step, *result;
} Fold;

/* The loop over the call's target with the first one or two arguments as its variables. */
static CelNode *fold(CelParser *p, CelNode *call, bool has_two, Fold f)
{
    const char *first = var_name(p, call, 0), *second = has_two ? var_name(p, call, 1) : NULL;
    CelNode *n = cel__node(p, NODE_FOLD, call->pos);

    if (!first || (has_two && !second))
        return cel__node(p, NODE_BAD, call->pos);
    if (has_two && str_eq(first, second))
        return mistake(p, call->call.args[1]->pos,
                       arena_printf(p->a, "duplicate variable name: %s", second));
    n->fold.range = call->call.target;
    n->fold.init = f.init;
    n->fold.cond = f.cond;
    n->fold.step = f.step;
    n->fold.result = f.result;
    n->fold.iter = first;
    n->fold.iter2 = second;
    n->fold.accu = ACCU;
    return n;
}

static CelNode *yes(CelParser *p, uint32_t pos)
{
    return literal(p, pos, cel__of_bool(true));
}

static CelNode *go_on_while(CelParser *p, uint32_t pos, CelNode *test)
{
    return cel__node_call(p, pos, "@not_strictly_false", NULL, 1, test);
}

/* ---- the macros of the standard ---- */

static CelNode *expand_has(CelParser *p, CelNode *call)
{
    CelNode *arg = call->call.args[0], *n;

    if (arg->kind != NODE_SELECT || arg->select.is_test)
        return arg->kind == NODE_BAD ? arg
                                     : mistake(p, arg->pos, "invalid argument to has() macro");
    n = cel__node(p, NODE_SELECT, call->pos);
    n->select.operand = arg->select.operand;
    n->select.field = arg->select.field;
    n->select.is_test = true;
    return n;
}

static CelNode *expand_all(CelParser *p, CelNode *call)
{
    uint16_t n = call->call.n_args;
    uint32_t pos = call->pos;

    return fold(
        p, call, n == 3,
        (Fold){
            .init = yes(p, pos),
            .cond = go_on_while(p, pos, accu(p, pos)),
            .step = cel__node_call(p, pos, "_&&_", NULL, 2, accu(p, pos), call->call.args[n - 1]),
            .result = accu(p, pos),
        });
}

static CelNode *expand_exists(CelParser *p, CelNode *call)
{
    uint16_t n = call->call.n_args;
    uint32_t pos = call->pos;

    return fold(
        p, call, n == 3,
        (Fold){
            .init = literal(p, pos, cel__of_bool(false)),
            .cond = go_on_while(p, pos, cel__node_call(p, pos, "!_", NULL, 1, accu(p, pos))),
            .step = cel__node_call(p, pos, "_||_", NULL, 2, accu(p, pos), call->call.args[n - 1]),
            .result = accu(p, pos),
        });
}

static CelNode *expand_exists_one(CelParser *p, CelNode *call)
{
    uint16_t n = call->call.n_args;
    uint32_t pos = call->pos;
    CelNode *more =
        cel__node_call(p, pos, "_+_", NULL, 2, accu(p, pos), literal(p, pos, cel__of_int(1)));

    return fold(p, call, n == 3,
                (Fold){
                    .init = literal(p, pos, cel__of_int(0)),
                    .cond = yes(p, pos),
                    .step = choose(p, pos, call->call.args[n - 1], more, accu(p, pos)),
                    .result = cel__node_call(p, pos, "_==_", NULL, 2, accu(p, pos),
                                             literal(p, pos, cel__of_int(1))),
                });
}

/* Collect `item` of those elements for which `test` (if any) holds. */
static CelNode *collect(CelParser *p, CelNode *call, bool has_two, CelNode *test, CelNode *item)
{
    uint32_t pos = call->pos;
    CelNode *step = cel__node_call(p, pos, "_+_", NULL, 2, accu(p, pos), list_of(p, pos, item));

    if (test)
        step = choose(p, pos, test, step, accu(p, pos));
    return fold(p, call, has_two,
                (Fold){
                    .init = list_of(p, pos, NULL),
                    .cond = yes(p, pos),
                    .step = step,
                    .result = accu(p, pos),
                });
}

static CelNode *expand_map(CelParser *p, CelNode *call)
{
    CelNode **args = call->call.args;

    return call->call.n_args == 3 ? collect(p, call, false, args[1], args[2])
                                  : collect(p, call, false, NULL, args[1]);
}

static CelNode *expand_filter(CelParser *p, CelNode *call)
{
    CelNode **args = call->call.args;

    return collect(p, call, false, args[1], copy(p, args[0]));
}

/* ---- two variables ---- */

static CelNode *expand_transform_list(CelParser *p, CelNode *call)
{
    CelNode **args = call->call.args;

    return call->call.n_args == 4 ? collect(p, call, true, args[2], args[3])
                                  : collect(p, call, true, NULL, args[2]);
}

static CelNode *insert_into_map(CelParser *p, CelNode *call, bool has_key)
{
    CelNode **args = call->call.args, *step;
    uint16_t n = call->call.n_args;
    uint32_t pos = call->pos;

    if (has_key)
        step = cel__node_call(p, pos, "cel.@mapInsert", NULL, 3, accu(p, pos), copy(p, args[0]),
                              args[n - 1]);
    else
        step = cel__node_call(p, pos, "cel.@mapInsert", NULL, 2, accu(p, pos), args[n - 1]);
    if (n == 4)
        step = choose(p, pos, args[2], step, accu(p, pos));
    return fold(p, call, true,
                (Fold){
                    .init = cel__node(p, NODE_MAP, pos),
                    .cond = yes(p, pos),
                    .step = step,
                    .result = accu(p, pos),
                });
}

static CelNode *expand_transform_map(CelParser *p, CelNode *call)
{
    return insert_into_map(p, call, true);
}

static CelNode *expand_transform_entry(CelParser *p, CelNode *call)
{
    return insert_into_map(p, call, false);
}

/* ---- bindings ---- */

/* `name` stands for `value` in `body`: a loop over nothing. */
static CelNode *bind(CelParser *p, uint32_t pos, const char *name, CelNode *value, CelNode *body)
{
    CelNode *n = cel__node(p, NODE_FOLD, pos);

    n->fold.range = list_of(p, pos, NULL);
    n->fold.init = value;
    n->fold.cond = literal(p, pos, cel__of_bool(false));
    n->fold.step = cel__node_ident(p, pos, name);
    n->fold.result = body;
    n->fold.iter = "#unused";
    n->fold.accu = name;
    return n;
}

static CelNode *expand_bind(CelParser *p, CelNode *call)
{
    const CelNode *target = call->call.target;
    const char *name;

    if (target->kind != NODE_IDENT || !str_eq(target->ident.name, "cel"))
        return NULL;
    if (call->call.args[0]->kind != NODE_IDENT)
        return mistake(p, call->call.args[0]->pos,
                       "cel.bind() variable names must be simple identifiers");
    name = call->call.args[0]->ident.name;
    return bind(p, call->pos, name, call->call.args[1], call->call.args[2]);
}

/* target.optMap(v, e): optional.of(e) with v as the target's value, if it has one. */
static CelNode *opt_map(CelParser *p, CelNode *call, bool is_flat)
{
    CelNode *target = call->call.target, *var = call->call.args[0], *has, *body;
    uint32_t pos = call->pos;

    if (var->kind != NODE_IDENT)
        return mistake(p, var->pos,
                       is_flat ? "optFlatMap() variable name must be a simple identifier"
                               : "optMap() variable name must be a simple identifier");
    has = cel__node_call(p, pos, "hasValue", target, 0);
    body = bind(p, pos, var->ident.name, cel__node_call(p, pos, "value", copy(p, target), 0),
                call->call.args[1]);
    if (!is_flat)
        body = cel__node_call(p, pos, "optional.of", NULL, 1, body);
    return choose(p, pos, has, body, cel__node_call(p, pos, "optional.none", NULL, 0));
}

static CelNode *expand_opt_map(CelParser *p, CelNode *call)
{
    return opt_map(p, call, false);
}

static CelNode *expand_opt_flat_map(CelParser *p, CelNode *call)
{
    return opt_map(p, call, true);
}

static const Macro macros[] = {
    {"has", 1, false, CEL_LIB_STANDARD, expand_has},
    {"all", 2, true, CEL_LIB_STANDARD, expand_all},
    {"exists", 2, true, CEL_LIB_STANDARD, expand_exists},
    {"exists_one", 2, true, CEL_LIB_STANDARD, expand_exists_one},
    {"existsOne", 2, true, CEL_LIB_STANDARD, expand_exists_one},
    {"map", 2, true, CEL_LIB_STANDARD, expand_map},
    {"map", 3, true, CEL_LIB_STANDARD, expand_map},
    {"filter", 2, true, CEL_LIB_STANDARD, expand_filter},
    {"all", 3, true, CEL_LIB_TWO_VAR, expand_all},
    {"exists", 3, true, CEL_LIB_TWO_VAR, expand_exists},
    {"exists_one", 3, true, CEL_LIB_TWO_VAR, expand_exists_one},
    {"existsOne", 3, true, CEL_LIB_TWO_VAR, expand_exists_one},
    {"transformList", 3, true, CEL_LIB_TWO_VAR, expand_transform_list},
    {"transformList", 4, true, CEL_LIB_TWO_VAR, expand_transform_list},
    {"transformMap", 3, true, CEL_LIB_TWO_VAR, expand_transform_map},
    {"transformMap", 4, true, CEL_LIB_TWO_VAR, expand_transform_map},
    {"transformMapEntry", 3, true, CEL_LIB_TWO_VAR, expand_transform_entry},
    {"transformMapEntry", 4, true, CEL_LIB_TWO_VAR, expand_transform_entry},
    {"optMap", 2, true, CEL_LIB_OPTIONAL, expand_opt_map},
    {"optFlatMap", 2, true, CEL_LIB_OPTIONAL, expand_opt_flat_map},
    {"bind", 3, true, CEL_LIB_BIND, expand_bind},
};

CelNode *cel__macro(CelParser *p, CelNode *call)
{
    for (size_t i = 0; i < ARRAY_LEN(macros); i++) {
        const Macro *m = &macros[i];

        if (m->n_args == call->call.n_args && m->is_member == (call->call.target != NULL) &&
            (m->lib & p->libs) && str_eq(m->name, call->call.fn))
            return m->expand(p, call);
    }
    return NULL;
}
