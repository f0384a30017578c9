#include "cel/cel_int.h"

#include "base/mem.h"

/*
 * DESIGN
 *
 * The evaluator walks the checked tree. A failure is a value (CEL_ERROR) and travels as one, since
 * && and || may forget it: false && error is false, whichever side fails. All else gives it on.
 *
 * Depth is that of the tree, which the parser bounds. Work and memory are bounded by the cost limit
 * and `room`; when either is used up every node answers with an error at once.
 */

enum { ROOM = 64 << 20 }; /* bytes that the values of one evaluation may take */

static CelVal over_limit(void)
{
    return (CelVal){.kind = CEL_ERROR,
                    .s = SLICE("operation cancelled: actual cost limit exceeded")};
}

/* Selections from names are one thing to cel-go (an attribute), others pay for it. */
static bool is_attribute(const CelNode *n)
{
    if (n->kind == NODE_IDENT)
        return true;
    if (n->kind == NODE_SELECT)
        return !n->select.is_test;
    return n->kind == NODE_CALL && (str_eq(n->call.fn, "_[_]") || str_eq(n->call.fn, "_?_:_") ||
                                    str_eq(n->call.fn, "_?._") || str_eq(n->call.fn, "_[?_]"));
}

static CelVal eval_ident(CelRun *run, const CelNode *n)
{
    CelVal *slot;

    cel__charge(run, 1);
    if (n->ident.slot < 0)
        return *n->ident.value;
    slot = &run->slots[n->ident.slot];
    if (slot->kind == CEL_DYN) { /* JSON not looked at yet */
        if (!slot->data.json && slot->data.decl->kind != CEL_OPTIONAL)
            return cel__err(run, "no such attribute(s): %s", n->ident.name);
        *slot = cel__adapt(run, slot->data.decl, slot->data.json);
    }
    return *slot;
}

/* ---- selections ---- */

static CelVal no_such_key(CelRun *run, CelVal key)
{
    CelVal text = cel__to_string(run, key);

    return text.kind == CEL_ERROR ? text
                                  : cel__err(run, "no such key: %.*s", (int)text.s.len, text.s.ptr);
}

static bool to_index(CelVal v, int64_t *ret)
{
    if (v.kind == CEL_INT)
        *ret = v.i;
    else if (v.kind == CEL_UINT)
        *ret = v.u > INT64_MAX ? INT64_MAX : (int64_t)v.u;
    else if (v.kind == CEL_DOUBLE && v.d >= -1e15 && v.d <= 1e15 && (double)(int64_t)v.d == v.d)
        *ret = (int64_t)v.d;
    else
        return false;
    return true;
}

/* container[key]. False: absent, *ret is the error to give where that is one. */
static bool look_up(CelRun *run, CelVal container, CelVal key, CelVal *ret)
{
    int64_t i;

    if (container.kind == CEL_MAP || container.kind == CEL_OBJECT) {
        if (cel__map_find(run, container, key, ret))
            return true;
        *ret = no_such_key(run, key);
        return false;
    }
    if (container.kind != CEL_LIST) {
        *ret = container.kind == CEL_ERROR ? container : cel__no_overload();
        return true;
    }
    if (!to_index(key, &i)) {
        *ret = cel__err(run, "unsupported index type '%s' in list", cel__type_name(key));
        return true;
    }
    if (i < 0 || i >= (int64_t)cel__len(container)) {
        *ret = cel__err(run, "index out of bounds: %lld", (long long)i);
        return false;
    }
    *ret = cel__item(run, container, (uint32_t)i);
    return true;
}

/* The same through optionals: none stays none, and what was optional stays so. */
static CelVal look_up_maybe(CelRun *run, CelVal container, CelVal key, bool is_optional)
{
    CelVal v;
    bool found;

    if (container.kind == CEL_OPTIONAL) {
        if (!container.some)
            return cel__none;
        is_optional = true;
        container = *container.some;
    }
    if (is_optional && container.kind == CEL_NULL)
        return cel__none;
    found = look_up(run, container, key, &v);
    if (!is_optional || v.kind == CEL_ERROR)
        return is_optional && !found ? cel__none : v;
    return cel__some(run, v);
}

static CelVal eval_select(CelRun *run, const CelNode *n)
{
    CelVal v = cel__eval(run, n->select.operand), found;

    if (v.kind == CEL_ERROR)
        return v;
    if (!n->select.is_test)
        cel__charge(run, is_attribute(n->select.operand) ? 1 : 2);
    if (v.kind == CEL_OBJECT && v.form == CEL_FORM_JSON && v.data.decl == n->select.of) {
        bool has = cel__field(run, v, n->select.found, &found);

        if (n->select.is_test)
            return cel__of_bool(has);
        return has ? found : cel__err(run, "no such key: %s", n->select.field);
    }
    if (!n->select.is_test)
        return look_up_maybe(run, v, cel__of_str(slice_of(n->select.field)), false);
    if (v.kind == CEL_OPTIONAL) {
        if (!v.some)
            return cel__of_bool(false);
        v = *v.some;
    }
    if (v.kind != CEL_MAP && v.kind != CEL_OBJECT)
        return cel__no_overload();
    return cel__of_bool(cel__map_find(run, v, cel__of_str(slice_of(n->select.field)), &found));
}

static CelVal eval_index(CelRun *run, const CelNode *n, bool is_optional)
{
    CelVal v = cel__eval(run, n->call.args[0]), key;

    if (v.kind == CEL_ERROR)
        return v;
    key = cel__eval(run, n->call.args[1]);
    if (key.kind == CEL_ERROR)
        return key;
    cel__charge(run, is_attribute(n->call.args[0]) ? 1 : 2);
    return look_up_maybe(run, v, key, is_optional);
}

/* ---- operators that decide which operands run ---- */

static CelVal eval_logic(CelRun *run, const CelNode *n, bool decides)
{
    CelVal a = cel__eval(run, n->call.args[0]), b;

    if (a.kind == CEL_BOOL && a.boolean == decides)
        return a;
    b = cel__eval(run, n->call.args[1]);
    if (b.kind == CEL_BOOL && b.boolean == decides)
        return b;
    if (a.kind == CEL_BOOL && b.kind == CEL_BOOL)
        return b;
    if (a.kind == CEL_ERROR)
        return a;
    return b.kind == CEL_ERROR ? b : cel__no_overload();
}

static CelVal eval_and(CelRun *run, const CelNode *n)
{
    return eval_logic(run, n, false);
}

static CelVal eval_or(CelRun *run, const CelNode *n)
{
    return eval_logic(run, n, true);
}

static CelVal eval_choice(CelRun *run, const CelNode *n)
{
    CelVal test = cel__eval(run, n->call.args[0]);

    if (test.kind != CEL_BOOL)
        return test.kind == CEL_ERROR ? test : cel__no_overload();
    return cel__eval(run, n->call.args[test.boolean ? 1 : 2]);
}

static CelVal eval_not_false(CelRun *run, const CelNode *n)
{
    CelVal v = cel__eval(run, n->call.args[0]);

    cel__charge(run, 1);
    return cel__of_bool(v.kind != CEL_BOOL || v.boolean);
}

static CelVal eval_at(CelRun *run, const CelNode *n)
{
    return eval_index(run, n, false);
}

static CelVal eval_maybe_at(CelRun *run, const CelNode *n)
{
    return eval_index(run, n, true);
}

/* a.or(b), a.orValue(b): b only runs when it is needed. */
static CelVal eval_or_else(CelRun *run, const CelNode *n)
{
    CelVal v = cel__eval(run, n->call.target);

    if (v.kind == CEL_ERROR)
        return v;
    if (v.kind != CEL_OPTIONAL)
        return cel__no_overload();
    cel__charge(run, 1);
    if (v.some)
        return str_eq(n->call.fn, "or") ? v : *v.some;
    return cel__eval(run, n->call.args[0]);
}

static const struct {
    const char *fn;
    CelVal (*eval)(CelRun *run, const CelNode *n);
    bool is_member;
} special[] = {
    {"_&&_", eval_and, false},       {"_||_", eval_or, false},
    {"_?_:_", eval_choice, false},   {"@not_strictly_false", eval_not_false, false},
    {"_[_]", eval_at, false},        {"_[?_]", eval_maybe_at, false},
    {"_?._", eval_maybe_at, false},  {"or", eval_or_else, true},
    {"orValue", eval_or_else, true},
};

CelSpecial cel__special(const CelNode *call)
{
    for (size_t i = 0; i < ARRAY_LEN(special); i++)
        if (special[i].is_member == (call->call.target != NULL) &&
            str_eq(special[i].fn, call->call.fn))
            return special[i].eval;
    return NULL;
}

/* ---- other calls ---- */

static const CelFn *pick(const CelNode *n, const CelVal *args, int n_args)
{
    for (int i = 0; i < n->call.n_overloads; i++) {
        const CelFn *fn = n->call.overloads[i];
        int k = 0;

        while (k < n_args && cel__value_fits(args[k], fn->types[k]))
            k++;
        if (k == n_args)
            return fn;
    }
    return NULL;
}

static CelVal eval_call(CelRun *run, const CelNode *n)
{
    CelVal args[CEL_MAX_PARAMS], result;
    const CelFn *fn;
    int n_args = 0;

    if (n->call.special)
        return n->call.special(run, n);
    if (n->call.target) {
        args[n_args] = cel__eval(run, n->call.target);
        if (args[n_args++].kind == CEL_ERROR)
            return args[0];
    }
    for (int i = 0; i < n->call.n_args; i++) {
        args[n_args] = cel__eval(run, n->call.args[i]);
        if (args[n_args].kind == CEL_ERROR)
            return args[n_args];
        n_args++;
    }
    fn = pick(n, args, n_args);
    if (!fn)
        return cel__no_overload();
    run->call = n;
    result = fn->impl(run, args, n_args);
    cel__charge(run, cel__call_cost(run, fn, args, n_args, result));
    return result;
}

/* ---- lists, maps, loops ---- */

enum { COST_LIST = 10, COST_MAP = 30, COST_STRUCT = 40 };

static CelVal eval_list(CelRun *run, const CelNode *n)
{
    CelVal *items;
    uint32_t out = 0;

    if (n->list.constant)
        return *n->list.constant;
    items = cel__alloc(run, MAX(n->list.n, 1u) * sizeof(*items));
    if (!items)
        return over_limit();
    for (uint32_t i = 0; i < n->list.n; i++) {
        CelVal v = cel__eval(run, n->list.items[i]);

        if (v.kind == CEL_ERROR)
            return v;
        if (n->list.is_optional && n->list.is_optional[i]) {
            if (v.kind != CEL_OPTIONAL)
                return cel__err(run, "cannot initialize optional list element from non-optional "
                                     "value");
            if (!v.some)
                continue;
            v = *v.some;
        }
        items[out++] = v;
    }
    cel__charge(run, COST_LIST);
    return cel__list(run, items, out);
}

static CelVal eval_map(CelRun *run, const CelNode *n)
{
    CelVal map = cel__empty_map(run);

    for (uint32_t i = 0; i < n->map.n && map.kind != CEL_ERROR; i++) {
        CelVal key = n->kind == NODE_MAP ? cel__eval(run, n->map.pairs[i].key)
                                         : cel__of_str(slice_of(n->map.pairs[i].field)),
               v;

        if (key.kind == CEL_ERROR)
            return key;
        v = cel__eval(run, n->map.pairs[i].value);
        if (v.kind == CEL_ERROR)
            return v;
        if (n->map.pairs[i].is_optional) {
            if (v.kind != CEL_OPTIONAL)
                return cel__err(run, "cannot initialize optional entry from non-optional value");
            if (!v.some)
                continue;
            v = *v.some;
        }
        if (n->kind == NODE_STRUCT) {
            CelVal wrong = cel__check_patch_field(run, n->type, n->map.pairs[i].field, v);

            if (wrong.kind == CEL_ERROR)
                return wrong;
        }
        map = cel__map_insert(run, map, key, v, true);
    }
    cel__charge(run, n->kind == NODE_MAP ? COST_MAP : COST_STRUCT);
    return n->kind == NODE_STRUCT && map.kind == CEL_MAP ? cel__typed_map(run, map, n->type) : map;
}

/* One round; false when the loop is over. */
static bool fold_step(CelRun *run, const CelNode *n)
{
    CelVal *accu = &run->slots[n->fold.slot + 2], go_on = cel__eval(run, n->fold.cond);

    if (run->is_over_limit || (go_on.kind == CEL_BOOL && !go_on.boolean))
        return false;
    *accu = cel__eval(run, n->fold.step);
    return !run->is_over_limit;
}

static void fold_list(CelRun *run, const CelNode *n, CelVal list)
{
    CelVal *vars = &run->slots[n->fold.slot];

    for (uint32_t i = 0, len = cel__len(list); i < len; i++) {
        vars[0] = n->fold.iter2 ? cel__of_int(i) : cel__item(run, list, i);
        if (n->fold.iter2)
            vars[1] = cel__item(run, list, i);
        if (!fold_step(run, n))
            return;
    }
}

static void fold_map(CelRun *run, const CelNode *n, CelVal map)
{
    CelVal *vars = &run->slots[n->fold.slot];
    bool done;

    for (uint32_t at = 0;;) {
        vars[0] = cel__map_key(run, map, &at, &done);
        if (done)
            return;
        if (n->fold.iter2 && !cel__map_find(run, map, vars[0], &vars[1]))
            continue;
        if (!fold_step(run, n))
            return;
    }
}

static CelVal eval_fold(CelRun *run, const CelNode *n)
{
    CelVal range = cel__eval(run, n->fold.range);

    if (range.kind == CEL_ERROR)
        return range;
    run->slots[n->fold.slot + 2] = cel__eval(run, n->fold.init);
    if (range.kind == CEL_LIST)
        fold_list(run, n, range);
    else if (range.kind == CEL_MAP || range.kind == CEL_OBJECT)
        fold_map(run, n, range);
    else
        return cel__err(run, "got '%s', expected iterable type", cel__type_name(range));
    return cel__eval(run, n->fold.result);
}

CelVal cel__eval(CelRun *run, const CelNode *n)
{
    if (run->is_over_limit)
        return over_limit();
    switch (n->kind) {
    case NODE_LITERAL:
        return n->literal;
    case NODE_IDENT:
        return eval_ident(run, n);
    case NODE_SELECT:
        return eval_select(run, n);
    case NODE_CALL:
        return eval_call(run, n);
    case NODE_LIST:
        return eval_list(run, n);
    case NODE_MAP:
    case NODE_STRUCT:
        return eval_map(run, n);
    case NODE_FOLD:
        return eval_fold(run, n);
    default:
        return cel__no_overload();
    }
}

bool cel_eval(const CelProgram *p, const CelVal *vars, Arena *a, uint64_t cost_limit,
              CelResult *ret)
{
    enum { FEW = 24 };
    AUTO_FREE CelVal *many = p->n_slots > FEW ? xmalloc(p->n_slots * sizeof(*many)) : NULL;
    CelVal few[FEW], *slots = many ? many : few;
    CelRun run = {.a = a, .program = p, .slots = slots, .limit = cost_limit, .room = ROOM};

    for (uint32_t i = 0; i < p->n_uses; i++)
        slots[p->uses[i]] = vars[p->uses[i]];
    ret->value = cel__eval(&run, p->root);
    if (run.is_over_limit)
        ret->value = over_limit();
    ret->cost = run.cost;
    ret->is_over_limit = run.is_over_limit;
    ret->error = ret->value.kind == CEL_ERROR ? ret->value.s.ptr : NULL;
    return !ret->error;
}
