#include "cel/cel_int.h"

#include <math.h>

/*
 * What a call that has run is charged, as cel-go (interpreter/runtimecost.go) and Kubernetes
 * (pkg/cel/library/cost.go) count: a call is 1 unless its work grows with its operands; a string
 * costs a tenth a character.
 */

typedef enum Rule {
    RULE_ONE,
    RULE_NONE,
    RULE_TRAVERSE_ARG,   /* the last argument is read: startsWith */
    RULE_TRAVERSE_FIRST, /* the first operand is read */
    RULE_TRAVERSE_TWICE, /* and a result of its size is written */
    RULE_RESULT_TWICE,
    RULE_IN_LIST,
    RULE_COMPARE,
    RULE_CONCAT,
    RULE_REGEX,
    RULE_CONTAINS,
    RULE_DEEP, /* all elements */
    RULE_CONTAINS_IP,
    RULE_CONTAINS_CIDR,
    RULE_SETS,
    RULE_AUTHZ,
    RULE_SELECTOR,
    RULE_FORMAT,
} Rule;

static const struct {
    const char *name; /* of the function, or of the overload */
    Rule rule;
} rules[] = {
    {"_&&_", RULE_NONE},
    {"_||_", RULE_NONE},
    {"_?_:_", RULE_NONE},
    {"_[_]", RULE_NONE},
    {"_[?_]", RULE_NONE},
    {"_?._", RULE_NONE},
    {"startsWith", RULE_TRAVERSE_ARG},
    {"endsWith", RULE_TRAVERSE_ARG},
    {"string_to_bytes", RULE_TRAVERSE_FIRST},
    {"bytes_to_string", RULE_TRAVERSE_FIRST},
    {"strings_quote", RULE_TRAVERSE_FIRST},
    {"string_format", RULE_TRAVERSE_FIRST},
    {"in_list", RULE_IN_LIST},
    {"equals", RULE_COMPARE},
    {"not_equals", RULE_COMPARE},
    {"less_string", RULE_COMPARE},
    {"less_equals_string", RULE_COMPARE},
    {"greater_string", RULE_COMPARE},
    {"greater_equals_string", RULE_COMPARE},
    {"less_bytes", RULE_COMPARE},
    {"less_equals_bytes", RULE_COMPARE},
    {"greater_bytes", RULE_COMPARE},
    {"greater_equals_bytes", RULE_COMPARE},
    {"add_string", RULE_CONCAT},
    {"add_bytes", RULE_CONCAT},
    {"matches", RULE_REGEX},
    {"find", RULE_REGEX},
    {"findAll", RULE_REGEX},
    {"contains", RULE_CONTAINS},
    {"isSorted", RULE_DEEP},
    {"sum", RULE_DEEP},
    {"max", RULE_DEEP},
    {"min", RULE_DEEP},
    {"indexOf", RULE_DEEP},
    {"lastIndexOf", RULE_DEEP},
    {"url", RULE_TRAVERSE_FIRST},
    {"lowerAscii", RULE_TRAVERSE_FIRST},
    {"upperAscii", RULE_TRAVERSE_FIRST},
    {"substring", RULE_TRAVERSE_FIRST},
    {"trim", RULE_TRAVERSE_FIRST},
    {"replace", RULE_TRAVERSE_TWICE},
    {"split", RULE_TRAVERSE_TWICE},
    {"join", RULE_RESULT_TWICE},
    {"cidr", RULE_TRAVERSE_FIRST},
    {"isIP", RULE_TRAVERSE_FIRST},
    {"isCIDR", RULE_TRAVERSE_FIRST},
    {"string_to_ip", RULE_TRAVERSE_FIRST},
    {"ip.isCanonical", RULE_TRAVERSE_TWICE},
    {"containsIP", RULE_CONTAINS_IP},
    {"containsCIDR", RULE_CONTAINS_CIDR},
    {"quantity", RULE_TRAVERSE_FIRST},
    {"isQuantity", RULE_TRAVERSE_FIRST},
    {"semver", RULE_TRAVERSE_FIRST},
    {"isSemver", RULE_TRAVERSE_FIRST},
    {"validate", RULE_FORMAT},
    {"fieldSelector", RULE_SELECTOR},
    {"labelSelector", RULE_SELECTOR},
    {"jsonpatch.escapeKey", RULE_TRAVERSE_FIRST},
    {"check", RULE_AUTHZ},
    {"sets.contains", RULE_SETS},
    {"sets.intersects", RULE_SETS},
    {"sets.equivalent", RULE_SETS},
};

uint8_t cel__cost_rule(const CelFn *fn)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (str_eq(rules[i].name, fn->name) || str_eq(rules[i].name, fn->id))
            return (uint8_t)rules[i].rule;
    return RULE_ONE;
}

static uint64_t tenth(double n)
{
    return (uint64_t)ceil(n * 0.1);
}

static uint64_t traverse(CelRun *run, CelVal v, int depth)
{
    uint64_t cost = 0;

    if (!cel__step(run))
        return 1;
    if (v.kind == CEL_STRING || v.kind == CEL_BYTES)
        return (uint64_t)((double)v.s.len * 0.1);
    if (v.kind != CEL_LIST && v.kind != CEL_MAP && v.kind != CEL_OBJECT)
        return 1;
    if (depth == 0)
        return cel__len(v);
    if (v.kind == CEL_LIST) {
        for (uint32_t i = 0, n = cel__len(v); i < n && cost <= run->limit; i++)
            cost += traverse(run, cel__item(run, v, i), depth - 1);
        return cost;
    }
    for (uint32_t at = 0; cost <= run->limit;) {
        bool done;
        CelVal key = cel__map_key(run, v, &at, &done), value = cel__none;

        if (done)
            break;
        (void)cel__map_find(run, v, key, &value);
        cost += traverse(run, key, depth - 1) + traverse(run, value, depth - 1);
    }
    return cost;
}

static uint64_t regex_cost(const CelVal *args)
{
    return cel_cost_mul(tenth(1.0 + (double)cel__size(args[0])),
                        (uint64_t)ceil((double)cel__size(args[1]) * 0.25));
}

static uint64_t contains_cost(const CelFn *fn, const CelVal *args)
{
    double own = (double)cel__size(args[0]);
    uint64_t cost = tenth(own + own);

    if (fn->cost == RULE_CONTAINS_CIDR)
        cost += tenth(own) + 1;
    if (args[1].kind == CEL_STRING)
        cost += tenth((double)cel__size(args[1]));
    return cost;
}

uint64_t cel__call_cost(CelRun *run, const CelFn *fn, const CelVal *args, int n, CelVal result)
{
    switch ((Rule)fn->cost) {
    case RULE_NONE:
        return 0;
    case RULE_TRAVERSE_ARG:
        return tenth((double)cel__size(args[n - 1]));
    case RULE_TRAVERSE_FIRST:
        return n > 0 ? tenth((double)cel__size(args[0])) : 1;
    case RULE_TRAVERSE_TWICE:
        return tenth(2.0 * (double)cel__size(args[0]));
    case RULE_RESULT_TWICE:
        return tenth(2.0 * (double)cel__size(result));
    case RULE_IN_LIST:
        return cel__size(args[1]);
    case RULE_COMPARE:
        if (args[0].kind == CEL_OPAQUE)
            return 1;
        return tenth((double)MIN(cel__size(args[0]), cel__size(args[1])));
    case RULE_CONCAT:
        return tenth((double)(cel__size(args[0]) + cel__size(args[1])));
    case RULE_REGEX:
        return regex_cost(args);
    case RULE_CONTAINS:
        return tenth((double)cel__size(args[0])) * tenth((double)cel__size(args[1]));
    case RULE_DEEP:
        return traverse(run, args[0], 32);
    case RULE_CONTAINS_IP:
    case RULE_CONTAINS_CIDR:
        return contains_cost(fn, args);
    case RULE_SETS: {
        uint64_t cost = cel__size(args[0]) * cel__size(args[1]);

        return str_eq(fn->id, "list_sets_equivalent_list") ? 1 + 2 * cost : 1 + cost;
    }
    case RULE_AUTHZ:
        return CEL_AUTHZ_COST;
    case RULE_SELECTOR:
        return 10 + tenth((double)cel__size(args[1])) + (cel__size(args[1]) + 1) / 2 * 50;
    case RULE_FORMAT:
        return cel_cost_mul(tenth(1.0 + (double)cel__size(args[1])),
                            cel__format_regex_cost(args[0]));
    case RULE_ONE:
        break;
    }
    return 1;
}

uint64_t cel_cost_mul(uint64_t a, uint64_t b)
{
    uint64_t r;

    return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

uint64_t cel_cost_add(uint64_t a, uint64_t b)
{
    uint64_t r;

    return __builtin_add_overflow(a, b, &r) ? UINT64_MAX : r;
}

char *cel_cost_text(Arena *a, const char *what, uint64_t cost, uint64_t limit)
{
    double factor = (double)cost / (double)limit;
    char text[32];

    if (factor > 100)
        snprintf(text, sizeof(text), "more than 100x");
    else if (factor < 1.5)
        snprintf(text, sizeof(text), "%fx", factor);
    else
        snprintf(text, sizeof(text), "%.1fx", factor);
    return arena_printf(a,
                        "%s exceeds budget by factor of %s (try simplifying the rule, or adding "
                        "maxItems, maxProperties, and maxLength where arrays, maps, and strings "
                        "are declared)",
                        what, text);
}
