#include "cel/cel_int.h"

#include <math.h>

/*
 * DESIGN
 *
 * What an expression may cost before anything is known but its types: cel-go's checker/cost.go with
 * Kubernetes' sizes and library costs. Rules are refused by these numbers, so they follow upstream
 * even where it is odd.
 *
 * For each node the estimator knows
 *   - the cost of evaluating it, which is what it returns;
 *   - where in the declared data its value lies (`decl`), if it is reached by selections, items and
 * keys only: that type has a largest size;
 *   - a size, when the expression itself says one: literals, concatenations, results of functions;
 *   - for lists and maps that the expression makes, the sizes of what is in them (`entry`).
 */

typedef struct Entry {
    bool is_known, is_map;
    CelSize key, value;
} Entry;

/* What is known of a node or of a local variable. */
typedef struct Fact {
    bool has_path; /* `decl` says what; NULL: somewhere that has no type */
    const CelType *decl;
    bool has_size;
    CelSize size;
    Entry entry;
} Fact;

typedef struct Scope {
    const char *name;
    Fact fact;
    struct Scope *outer;
} Scope;

typedef struct Estimator {
    const CelProgram *program;
    Scope *scopes;
} Estimator;

typedef struct Call {
    const CelNode *node;
    const char *fn;
    const Fact *target; /* NULL: none */
    const CelType *target_type;
    const Fact *args;
    const CelCost *arg_costs;
    int n_args;
    Fact *result;
} Call;

static const CelSize unknown = {0, UINT64_MAX};

static CelCost estimate(Estimator *e, const CelNode *n, Fact *ret);

/* ---- arithmetic that saturates ---- */

static CelCost fixed(uint64_t n)
{
    return (CelCost){n, n};
}

static CelCost plus(CelCost a, CelCost b)
{
    return (CelCost){cel_cost_add(a.min, b.min), cel_cost_add(a.max, b.max)};
}

static CelSize size_plus(CelSize a, CelSize b)
{
    return (CelSize){cel_cost_add(a.min, b.min), cel_cost_add(a.max, b.max)};
}

static CelSize size_times(CelSize a, CelSize b)
{
    return (CelSize){cel_cost_mul(a.min, b.min), cel_cost_mul(a.max, b.max)};
}

static CelSize size_union(CelSize a, CelSize b)
{
    return (CelSize){MIN(a.min, b.min), MAX(a.max, b.max)};
}

static uint64_t by_factor(uint64_t n, double factor)
{
    double d = (double)n;

    if (d > 0 && factor > 0 && d > 18446744073709551615.0 / factor)
        return UINT64_MAX;
    d = ceil(d * factor);
    return d >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)d;
}

static CelCost size_by(CelSize s, double factor)
{
    return (CelCost){by_factor(s.min, factor), by_factor(s.max, factor)};
}

static CelCost tenth(CelSize s)
{
    return size_by(s, 0.1);
}

static CelCost times(CelCost a, CelCost b)
{
    return (CelCost){cel_cost_mul(a.min, b.min), cel_cost_mul(a.max, b.max)};
}

/* ---- facts ---- */

static bool is_scalar(const CelType *t)
{
    switch (t->kind) {
    case CEL_BOOL:
    case CEL_DOUBLE:
    case CEL_DURATION:
    case CEL_INT:
    case CEL_TIMESTAMP:
    case CEL_UINT:
        return true;
    case CEL_OPTIONAL:
        return is_scalar(t->elem);
    default:
        return false;
    }
}

static uint64_t literal_size(CelVal v)
{
    return v.kind == CEL_STRING ? cel__code_points(v.s) : v.kind == CEL_BYTES ? v.s.len : 1;
}

static void set_size(Fact *f, CelSize s)
{
    f->has_size = true;
    f->size = s;
}

/* The size of a node: what the expression says, else what its declaration allows, else what its
 * type has. */
static void settle(const CelNode *n, Fact *f)
{
    if (f->has_size)
        return;
    if (n->kind == NODE_LITERAL)
        set_size(f, (CelSize){literal_size(n->literal), literal_size(n->literal)});
    else if (n->kind == NODE_LIST)
        set_size(f, (CelSize){n->list.n, n->list.n});
    else if (n->kind == NODE_MAP)
        set_size(f, (CelSize){n->map.n, n->map.n});
    else if (f->has_path && f->decl)
        set_size(f, (CelSize){0, f->decl->max_elements});
    else if (is_scalar(n->type))
        set_size(f, (CelSize){1, 1});
}

static CelSize size_of(const Fact *f)
{
    return f->has_size ? f->size : unknown;
}

static void step_into(const Fact *from, Fact *to, const CelType *decl)
{
    to->has_path = from->has_path;
    to->decl = from->has_path ? decl : NULL;
}

static const CelType *elem_of(const Fact *f)
{
    return f->has_path && f->decl ? f->decl->elem : NULL;
}

/* ---- names, selections ---- */

static CelCost ident(Estimator *e, const CelNode *n, Fact *ret)
{
    for (Scope *s = e->scopes; s; s = s->outer)
        if (str_eq(s->name, n->ident.name)) {
            *ret = s->fact;
            if (!(ret->has_path && ret->decl) && is_scalar(n->type))
                set_size(ret, (CelSize){1, 1});
            return fixed(1);
        }
    ret->has_path = true;
    if (n->ident.slot < 0 && e->program->n_vars > 0)
        ret->decl = e->program->env->vars[0].type; /* upstream takes every name for the root */
    if (n->ident.slot >= 0 && (uint32_t)n->ident.slot < e->program->n_vars) {
        ret->decl = e->program->env->vars[n->ident.slot].type;
    }
    if (ret->decl && ret->decl->kind == CEL_OPTIONAL)
        ret->decl = ret->decl->elem;
    return fixed(1);
}

static const CelType *field_decl(const Fact *f, const char *name)
{
    const CelType *t = f->has_path ? f->decl : NULL;

    for (uint32_t i = 0; t && i < t->n_fields; i++)
        if (!t->fields[i].is_hidden && str_eq(t->fields[i].name, name))
            return t->fields[i].type;
    return NULL;
}

static CelCost select_field(Estimator *e, const CelNode *n, Fact *ret)
{
    Fact operand = {0};
    CelCost cost = estimate(e, n->select.operand, &operand);
    CelKind kind = n->select.operand->type->kind;

    if (n->select.is_test)
        return cost; /* Kubernetes: has() is free */
    step_into(&operand, ret, field_decl(&operand, n->select.field));
    return kind == CEL_MAP || kind == CEL_OBJECT ? plus(cost, fixed(1)) : cost;
}

/* ---- functions ---- */

static CelCost one(const Call *c UNUSED)
{
    return fixed(1);
}

static CelCost traverse_arg(const Call *c)
{
    return c->n_args > 0 ? tenth(size_of(&c->args[c->n_args - 1])) : fixed(1);
}

static CelCost regex(const Call *c)
{
    const Fact *s = c->target ? c->target : &c->args[0];
    const Fact *pattern = &c->args[c->target ? 0 : 1];
    CelCost text = tenth(size_plus(size_of(s), (CelSize){1, 1}));

    return times(text, size_by(size_of(pattern), 0.25));
}

static CelCost find(const Call *c)
{
    set_size(c->result, (CelSize){0, size_of(c->target).max});
    return regex(c);
}

static CelCost contains(const Call *c)
{
    if (!c->target || c->n_args != 1)
        return fixed(1);
    return times(tenth(size_of(c->target)), tenth(size_of(&c->args[0])));
}

/* Kubernetes says what == costs for its own types; it forgets !=, whose estimate is therefore out
 * of any bounds. */
static bool compare_own(const Call *c, CelCost *ret)
{
    const CelType *a = c->node->call.args[0]->type, *b = c->node->call.args[1]->type;

    if (a->kind != CEL_OPAQUE || !cel_type_equal(a, b) || !str_eq(c->fn, "_==_") ||
        str_eq(a->name, "kubernetes.Image"))
        return false;
    *ret = fixed(1);
    if (str_eq(a->name, "kubernetes.NamedFormat"))
        ret->max = 7;
    if (str_eq(a->name, "kubernetes.URL") && c->args[1].has_size)
        ret->max = MAX(by_factor(c->args[1].size.max, 0.1), 1u);
    return true;
}

static CelCost compare(const Call *c)
{
    CelCost own;
    uint64_t max;

    if (compare_own(c, &own))
        return own;
    max = MIN(size_of(&c->args[0]).max, size_of(&c->args[1]).max);

    return tenth((CelSize){max > 0, max});
}

static Entry entry_union(const Entry *a, const Entry *b)
{
    Entry e = *a;

    if (!a->is_known || !b->is_known)
        return (Entry){0};
    e.key = size_union(a->key, b->key);
    e.value = size_union(a->value, b->value);
    return e;
}

static CelCost concat(const Call *c)
{
    CelSize s = size_plus(size_of(&c->args[0]), size_of(&c->args[1]));

    set_size(c->result, s);
    c->result->entry = entry_union(&c->args[0].entry, &c->args[1].entry);
    return tenth(s);
}

static CelCost concat_lists(const Call *c)
{
    (void)concat(c);
    return fixed(1);
}

static CelCost in_list(const Call *c)
{
    return size_by(size_of(&c->args[1]), 1);
}

static CelCost to_bytes(const Call *c)
{
    CelSize s = size_of(&c->args[0]);

    set_size(c->result, (CelSize){s.min, cel_cost_mul(s.max, 4)});
    return tenth(s);
}

static CelCost from_bytes(const Call *c)
{
    CelSize s = size_of(&c->args[0]);

    set_size(c->result, (CelSize){s.min / 4, s.max});
    return tenth(s);
}

static CelCost quote(const Call *c)
{
    CelSize s = size_of(&c->args[0]);

    set_size(c->result, (CelSize){cel_cost_add(s.min, 2), cel_cost_add(cel_cost_mul(s.max, 2), 2)});
    return tenth(s);
}

static CelCost format(const Call *c)
{
    return c->target ? tenth(size_of(c->target)) : fixed(1);
}

/* Functions that walk a list or a string. */
static CelCost walk(const Call *c)
{
    const CelType *elem, *decl;
    CelCost each = fixed(1);
    CelSize s = unknown;

    if (!c->target)
        return fixed(1);
    if (!c->target_type->elem)
        return tenth(size_of(c->target));
    elem = c->target_type->kind == CEL_MAP ? c->target_type->key : c->target_type->elem;
    if (elem->kind == CEL_STRING || elem->kind == CEL_BYTES) {
        decl = elem_of(c->target);
        if (decl)
            s = (CelSize){0, decl->max_elements};
        each = plus(each, tenth(s));
    }
    s = size_of(c->target);
    return times((CelCost){s.min, s.max}, each);
}

static CelCost same_size(const Call *c)
{
    if (!c->target)
        return fixed(1);
    set_size(c->result, size_of(c->target));
    return tenth(size_of(c->target));
}

/* How often `what` may be replaced, and what of the text may stay. */
static CelCost replace(const Call *c)
{
    CelSize s, what, with, count = {0, 0}, kept = {0, 0};

    if (!c->target || c->n_args < 2)
        return fixed(1);
    s = size_of(c->target);
    what = size_of(&c->args[0]);
    with = size_of(&c->args[1]);
    if (what.min == 0) {
        count.max = cel_cost_add(s.max, 1);
        kept.max = s.max;
    } else if (with.max <= what.min) {
        kept.max = s.max;
    } else {
        count.max = (uint64_t)ceil((double)s.max / (double)what.min);
    }
    if (what.max == 0) {
        count.min = cel_cost_add(s.min, 1);
        kept.min = s.min;
    } else if (what.max <= with.min) {
        kept.min = s.min;
    } else {
        count.min = (uint64_t)ceil((double)s.min / (double)what.max);
    }
    set_size(c->result, size_plus(size_times(count, with), kept));
    return size_by(s, 0.2);
}

static CelCost split(const Call *c)
{
    CelSize s;
    uint64_t max;

    if (!c->target)
        return fixed(1);
    s = size_of(c->target);
    max = s.max;
    if (c->n_args > 1 && c->node->call.args[1]->kind == NODE_LITERAL &&
        c->node->call.args[1]->literal.kind == CEL_INT && c->node->call.args[1]->literal.i >= 0)
        max = (uint64_t)c->node->call.args[1]->literal.i;
    set_size(c->result, (CelSize){0, max});
    return size_by(s, 0.2);
}

static CelCost join(const Call *c)
{
    CelSize list, elem = unknown, s;

    if (!c->target)
        return fixed(1);
    list = size_of(c->target);
    if (elem_of(c->target))
        elem = (CelSize){0, elem_of(c->target)->max_elements};
    s = size_times(list, elem);
    if (c->n_args > 0)
        s = size_plus(s, size_times(size_of(&c->args[0]), (CelSize){list.min ? list.min - 1 : 0,
                                                                    list.max ? list.max - 1 : 0}));
    set_size(c->result, s);
    return tenth(s);
}

/* Functions that read their only argument, and results of its size. */
static CelCost read_sized(const Call *c)
{
    set_size(c->result, size_of(&c->args[0]));
    return tenth(size_of(&c->args[0]));
}

static CelCost read_first(const Call *c)
{
    return c->n_args > 0 ? tenth(size_of(&c->args[0])) : fixed(1);
}

static CelCost read_twice(const Call *c)
{
    return size_by(size_of(&c->args[0]), 0.2);
}

/* Selectors are parsed into requirements, of two characters at least. */
static CelCost selector(const Call *c)
{
    CelSize s = size_of(&c->args[0]);
    CelCost each = size_by(s, 0.5);

    return plus(plus(fixed(10), tenth(s)), times(each, fixed(50)));
}

static CelCost validate_format(const Call *c)
{
    return times(tenth(size_of(&c->args[0])), fixed(32));
}

static CelCost contains_address(const Call *c)
{
    const CelSize address = {4, 16};
    CelCost cost = tenth(size_plus(address, address));

    if (str_eq(c->fn, "containsCIDR"))
        cost = plus(plus(cost, tenth(address)), fixed(1));
    if (c->n_args > 0 && c->node->call.args[0]->type->kind == CEL_STRING)
        cost = plus(cost, tenth(size_of(&c->args[0])));
    return cost;
}

static CelCost set_product(const Call *c)
{
    CelCost cost = times(size_by(size_of(&c->args[0]), 1), size_by(size_of(&c->args[1]), 1));

    if (str_eq(c->fn, "sets.equivalent"))
        cost = plus(cost, cost);
    return plus(cost, fixed(1));
}

static CelCost authz(const Call *c UNUSED)
{
    return fixed(CEL_AUTHZ_COST);
}

static const struct {
    const char *name; /* of the function, or of an overload */
    CelCost (*cost)(const Call *c);
} rules[] = {
    {"startsWith", traverse_arg},
    {"endsWith", traverse_arg},
    {"string_to_bytes", to_bytes},
    {"bytes_to_string", from_bytes},
    {"strings_quote", quote},
    {"string_format", format},
    {"in_list", in_list},
    {"equals", compare},
    {"not_equals", compare},
    {"less_string", compare},
    {"less_equals_string", compare},
    {"greater_string", compare},
    {"greater_equals_string", compare},
    {"less_bytes", compare},
    {"less_equals_bytes", compare},
    {"greater_bytes", compare},
    {"greater_equals_bytes", compare},
    {"add_string", concat},
    {"add_bytes", concat},
    {"add_list", concat_lists},
    {"matches", regex},
    {"find", find},
    {"findAll", find},
    {"contains", contains},
    {"isSorted", walk},
    {"sum", walk},
    {"max", walk},
    {"min", walk},
    {"indexOf", walk},
    {"lastIndexOf", walk},
    {"url", read_sized},
    {"jsonpatch.escapeKey", read_sized},
    {"string_to_ip", read_first},
    {"isIP", read_first},
    {"cidr", read_first},
    {"isCIDR", read_first},
    {"quantity", read_first},
    {"isQuantity", read_first},
    {"semver", read_first},
    {"isSemver", read_first},
    {"ip.isCanonical", read_twice},
    {"fieldSelector", selector},
    {"labelSelector", selector},
    {"lowerAscii", same_size},
    {"upperAscii", same_size},
    {"substring", same_size},
    {"trim", same_size},
    {"replace", replace},
    {"split", split},
    {"join", join},
    {"containsIP", contains_address},
    {"containsCIDR", contains_address},
    {"check", authz},
    {"sets.contains", set_product},
    {"sets.intersects", set_product},
    {"sets.equivalent", set_product},
    {"validate", validate_format},
};

static CelCost overload_cost(const Call *c, const CelFn *fn)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (str_eq(rules[i].name, fn->name) || str_eq(rules[i].name, fn->id))
            return rules[i].cost(c);
    return one(c);
}

/* ---- calls ---- */

static CelCost choice(const Fact *args, const CelCost *costs, Fact *ret)
{
    CelCost either = {MIN(costs[1].min, costs[2].min), MAX(costs[1].max, costs[2].max)};

    set_size(ret, size_union(size_of(&args[1]), size_of(&args[2])));
    ret->entry = entry_union(&args[1].entry, &args[2].entry);
    return plus(costs[0], either);
}

static void index_result(const Fact *args, Fact *ret)
{
    const CelType *decl = args[0].has_path && args[0].decl ? args[0].decl->elem : NULL;

    step_into(&args[0], ret, decl);
    if (args[0].entry.is_known)
        set_size(ret, args[0].entry.value);
}

/* The range that covers all overloads, and the size that covers all their results. */
static CelCost overloads_cost(Call *c, Fact *ret)
{
    CelCost cost = {UINT64_MAX, 0};
    Fact all = {0};

    for (int i = 0; i < c->node->call.n_overloads; i++) {
        Fact r = {0};
        CelCost one_cost;

        c->result = &r;
        one_cost = overload_cost(c, c->node->call.overloads[i]);
        cost = (CelCost){MIN(cost.min, one_cost.min), MAX(cost.max, one_cost.max)};
        if (r.has_size)
            set_size(&all, all.has_size ? size_union(all.size, r.size) : r.size);
        if (r.entry.is_known)
            all.entry = r.entry;
    }
    c->result = NULL;
    if (c->node->call.n_overloads == 0)
        cost = fixed(0);
    for (int i = 0; i < c->n_args; i++)
        cost = plus(cost, c->arg_costs[i]);
    *ret = all;
    return cost;
}

static CelCost call(Estimator *e, const CelNode *n, Fact *ret)
{
    Fact args[CEL_MAX_PARAMS] = {{0}}, target = {0};
    CelCost costs[CEL_MAX_PARAMS], cost = fixed(0);
    Call c = {.node = n, .fn = n->call.fn, .args = args, .arg_costs = costs};

    c.n_args = n->call.n_args;
    for (int i = 0; i < c.n_args; i++) {
        costs[i] = estimate(e, n->call.args[i], &args[i]);
        settle(n->call.args[i], &args[i]);
    }
    if (n->call.target) {
        cost = estimate(e, n->call.target, &target);
        settle(n->call.target, &target);
        c.target = &target;
        c.target_type = n->call.target->type;
    }
    if (str_eq(c.fn, "_&&_") || str_eq(c.fn, "_||_"))
        return (CelCost){costs[0].min, cel_cost_add(costs[0].max, costs[1].max)};
    if (str_eq(c.fn, "_?_:_"))
        return choice(args, costs, ret);
    if (str_eq(c.fn, "dyn")) {
        *ret = args[0];
        return plus(fixed(1), costs[0]);
    }
    if (str_eq(c.fn, "_?._")) /* cel-go knows no cost of it: its overload has no declaration */
        return plus(fixed(1), plus(costs[0], costs[1]));
    cost = plus(cost, overloads_cost(&c, ret));
    if (str_eq(c.fn, "_[_]"))
        index_result(args, ret);
    return cost;
}

/* ---- lists, maps, loops ---- */

static CelCost list(Estimator *e, const CelNode *n, Fact *ret)
{
    CelCost cost = fixed(10);
    CelSize items = {n->list.n == 0 ? 0 : UINT64_MAX, 0};

    for (uint32_t i = 0; i < n->list.n; i++) {
        Fact f = {0};

        cost = plus(cost, estimate(e, n->list.items[i], &f));
        settle(n->list.items[i], &f);
        items = size_union(items, size_of(&f));
    }
    ret->entry = (Entry){.is_known = true, .key = {1, 1}, .value = items};
    return cost;
}

static CelCost map(Estimator *e, const CelNode *n, Fact *ret)
{
    CelSize keys = {n->map.n == 0 ? 0 : UINT64_MAX, 0}, values = keys;
    CelCost cost = fixed(n->kind == NODE_MAP ? 30 : 40);

    for (uint32_t i = 0; i < n->map.n; i++) {
        Fact k = {0}, v = {0};

        if (n->kind == NODE_STRUCT) {
            cost = plus(cost, estimate(e, n->map.pairs[i].value, &v));
            continue;
        }
        cost = plus(cost, estimate(e, n->map.pairs[i].key, &k));
        cost = plus(cost, estimate(e, n->map.pairs[i].value, &v));
        settle(n->map.pairs[i].key, &k);
        settle(n->map.pairs[i].value, &v);
        keys = size_union(keys, size_of(&k));
        values = size_union(values, size_of(&v));
    }
    ret->entry = (Entry){.is_known = true, .is_map = true, .key = keys, .value = values};
    return cost;
}

/* What a loop's variable stands for: the keys of `range`, or its values. */
static Fact element(const Fact *range, bool is_map, bool is_key)
{
    const CelType *decl = range->has_path ? range->decl : NULL;
    Fact f = {0};

    if (range->entry.is_known)
        set_size(&f, is_key ? range->entry.key : range->entry.value);
    step_into(range, &f, !decl ? NULL : is_map && is_key ? decl->key : is_key ? NULL : decl->elem);
    if (f.has_path && f.decl)
        set_size(&f, (CelSize){0, f.decl->max_elements});
    return f;
}

static bool is_bind(const CelNode *n)
{
    return n->fold.range->kind == NODE_LIST && n->fold.range->list.n == 0 &&
           n->fold.cond->kind == NODE_LITERAL && !n->fold.cond->literal.boolean &&
           !str_eq(n->fold.accu, "@result");
}

static CelCost loop(Estimator *e, const CelNode *n, const Fact *range, const Fact *init, Fact *ret)
{
    bool is_map =
        range->entry.is_known ? range->entry.is_map : n->fold.range->type->kind == CEL_MAP;
    Scope *outer = e->scopes, accu = {n->fold.accu, *init, outer}, iter, iter2;
    Fact cond = {0}, step = {0}, result = {0};
    CelCost each, cost;
    CelSize count = size_of(range);

    if (n->fold.iter2) {
        iter = (Scope){n->fold.iter, element(range, is_map, true), &accu};
        iter2 = (Scope){n->fold.iter2, element(range, is_map, false), &iter};
        e->scopes = &iter2;
    } else {
        iter = (Scope){n->fold.iter, element(range, is_map, is_map), &accu};
        e->scopes = &iter;
    }
    each = plus(estimate(e, n->fold.cond, &cond), estimate(e, n->fold.step, &step));
    e->scopes = &accu;
    cost = plus(estimate(e, n->fold.result, &result), times((CelCost){count.min, count.max}, each));
    e->scopes = outer;
    if (n->fold.init->kind == NODE_LITERAL && init->has_size)
        set_size(ret, init->size);
    if (n->fold.init->kind == NODE_LIST || n->fold.init->kind == NODE_MAP) {
        set_size(ret, count);
        ret->entry = step.entry;
    }
    return cost;
}

static CelCost fold(Estimator *e, const CelNode *n, Fact *ret)
{
    Fact range = {0}, init = {0};
    CelCost cost = estimate(e, n->fold.range, &range);
    Scope *outer = e->scopes, var;

    cost = plus(cost, estimate(e, n->fold.init, &init));
    settle(n->fold.range, &range);
    settle(n->fold.init, &init);
    if (!is_bind(n))
        return plus(cost, loop(e, n, &range, &init, ret));
    var = (Scope){n->fold.accu, init, outer};
    e->scopes = &var;
    cost = plus(cost, estimate(e, n->fold.result, ret));
    settle(n->fold.result, ret);
    e->scopes = outer;
    return cost;
}

static CelCost estimate(Estimator *e, const CelNode *n, Fact *ret)
{
    switch (n->kind) {
    case NODE_IDENT:
        return ident(e, n, ret);
    case NODE_SELECT:
        return select_field(e, n, ret);
    case NODE_CALL:
        return call(e, n, ret);
    case NODE_LIST:
        return list(e, n, ret);
    case NODE_MAP:
    case NODE_STRUCT:
        return map(e, n, ret);
    case NODE_FOLD:
        return fold(e, n, ret);
    default:
        return fixed(0);
    }
}

CelCost cel_estimate_cost(const CelProgram *p)
{
    Estimator e = {.program = p};
    Fact f = {0};

    return estimate(&e, p->root, &f);
}
