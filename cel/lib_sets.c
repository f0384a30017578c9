#include "cel/cel_int.h"

static bool has(CelRun *run, CelVal list, CelVal item)
{
    for (uint32_t i = 0, n = cel__len(list); i < n && !run->is_over_limit; i++)
        if (cel__is_true(cel__equal(run, cel__item(run, list, i), item)))
            return true;
    return false;
}

/* Work is a product of two lengths, so it is charged before it is done. */
static bool may_do(CelRun *run, const CelVal *args)
{
    uint64_t cost = cel_cost_mul(cel__len(args[0]), cel__len(args[1]));

    if (run->cost + cost > run->limit || cost > run->limit)
        run->is_over_limit = true;
    return !run->is_over_limit;
}

static CelVal contains(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (!may_do(run, args))
        return cel__of_bool(false);
    for (uint32_t i = 0, len = cel__len(args[1]); i < len; i++)
        if (!has(run, args[0], cel__item(run, args[1], i)))
            return cel__of_bool(false);
    return cel__of_bool(true);
}

static CelVal intersects(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (!may_do(run, args))
        return cel__of_bool(false);
    for (uint32_t i = 0, len = cel__len(args[1]); i < len; i++)
        if (has(run, args[0], cel__item(run, args[1], i)))
            return cel__of_bool(true);
    return cel__of_bool(false);
}

static CelVal equivalent(CelRun *run, const CelVal *args, int n)
{
    CelVal swapped[2] = {args[1], args[0]};
    CelVal v = contains(run, args, n);

    return cel__is_true(v) ? contains(run, swapped, n) : v;
}

static CelFn fns[] = {
    FN("sets.contains", "list_sets_contains_list", "list(A),list(A)", "bool", contains),
    FN("sets.equivalent", "list_sets_equivalent_list", "list(A),list(A)", "bool", equivalent),
    FN("sets.intersects", "list_sets_intersects_list", "list(A),list(A)", "bool", intersects),
};

const CelLibTable cel__lib_sets = {CEL_LIB_SETS, fns, ARRAY_LEN(fns)};

/* ---- the function behind transformMap and transformMapEntry ---- */

static CelVal map_insert(CelRun *run, const CelVal *args, int n)
{
    CelVal map = args[0];

    if (n == 3)
        return cel__map_insert(run, map, args[1], args[2], false);
    for (uint32_t at = 0;;) {
        bool done;
        CelVal key = cel__map_key(run, args[1], &at, &done), value = cel__none;

        if (done || map.kind == CEL_ERROR)
            return map;
        (void)cel__map_find(run, args[1], key, &value);
        map = cel__map_insert(run, map, key, value, false);
    }
}

static CelFn two_var_fns[] = {
    FN("cel.@mapInsert", "@mapInsert_map_map", "map(A,B),map(A,B)", "map(A,B)", map_insert),
    FN("cel.@mapInsert", "@mapInsert_map_key_value", "map(A,B),A,B", "map(A,B)", map_insert),
};

const CelLibTable cel__lib_two_var = {CEL_LIB_TWO_VAR, two_var_fns, ARRAY_LEN(two_var_fns)};
