#include "cel/cel_int.h"

static CelVal of(CelRun *run, const CelVal *args, int n UNUSED)
{
    return cel__some(run, args[0]);
}

static bool is_zero(CelVal v)
{
    switch (v.kind) {
    case CEL_NULL:
        return true;
    case CEL_BOOL:
        return !v.boolean;
    case CEL_INT:
    case CEL_DURATION:
        return v.i == 0;
    case CEL_UINT:
        return v.u == 0;
    case CEL_DOUBLE:
        return v.d == 0;
    case CEL_STRING:
    case CEL_BYTES:
        return v.s.len == 0;
    case CEL_LIST:
    case CEL_MAP:
    case CEL_OBJECT:
        return cel__len(v) == 0;
    case CEL_OPTIONAL:
        return !v.some;
    default:
        return false;
    }
}

static CelVal of_non_zero(CelRun *run, const CelVal *args, int n UNUSED)
{
    return is_zero(args[0]) ? cel__none : cel__some(run, args[0]);
}

static CelVal none(CelRun *run UNUSED, const CelVal *args UNUSED, int n UNUSED)
{
    return cel__none;
}

static CelVal has_value(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(args[0].some != NULL);
}

static CelVal value(CelRun *run, const CelVal *args, int n UNUSED)
{
    return args[0].some ? *args[0].some : cel__err(run, "optional.none() dereference");
}

static CelVal first(CelRun *run, const CelVal *args, int n UNUSED)
{
    return cel__len(args[0]) > 0 ? cel__some(run, cel__item(run, args[0], 0)) : cel__none;
}

static CelVal last(CelRun *run, const CelVal *args, int n UNUSED)
{
    uint32_t len = cel__len(args[0]);

    return len > 0 ? cel__some(run, cel__item(run, args[0], len - 1)) : cel__none;
}

static CelVal unwrap(CelRun *run, const CelVal *args, int n UNUSED)
{
    uint32_t len = cel__len(args[0]), found = 0;
    CelVal *items = cel__alloc(run, MAX(len, 1u) * sizeof(*items));

    if (!items)
        return cel__err(run, "list too long");
    for (uint32_t i = 0; i < len; i++) {
        CelVal item = cel__item(run, args[0], i);

        if (item.kind != CEL_OPTIONAL)
            return item.kind == CEL_ERROR ? item : cel__no_overload();
        if (item.some)
            items[found++] = *item.some;
    }
    return cel__list(run, items, found);
}

static CelFn fns[] = {
    FN("optional.of", "optional_of", "A", "optional(A)", of),
    FN("optional.ofNonZeroValue", "optional_ofNonZeroValue", "A", "optional(A)", of_non_zero),
    FN("optional.none", "optional_none", "", "optional(A)", none),
    FN("optional.unwrap", "optional_unwrap", "list(optional(A))", "list(A)", unwrap),
    METHOD("unwrapOpt", "optional_unwrapOpt", "list(optional(A))", "list(A)", unwrap),
    METHOD("hasValue", "optional_hasValue", "optional(A)", "bool", has_value),
    METHOD("value", "optional_value", "optional(A)", "A", value),
    METHOD("or", "optional_or_optional", "optional(A),optional(A)", "optional(A)", NULL),
    METHOD("orValue", "optional_orValue_value", "optional(A),A", "A", NULL),
    METHOD("first", "list_first", "list(A)", "optional(A)", first),
    METHOD("last", "list_last", "list(A)", "optional(A)", last),
    FN("_[_]", "optional_list_index_int", "optional(list(A)),int", "optional(A)", NULL),
    FN("_[_]", "optional_map_index_value", "optional(map(A,B)),A", "optional(B)", NULL),
    FN("_[?_]", "list_optindex_optional_int", "list(A),int", "optional(A)", NULL),
    FN("_[?_]", "optional_list_optindex_optional_int", "optional(list(A)),int", "optional(A)",
       NULL),
    FN("_[?_]", "map_optindex_optional_value", "map(A,B),A", "optional(B)", NULL),
    FN("_[?_]", "optional_map_optindex_optional_value", "optional(map(A,B)),A", "optional(B)",
       NULL),
};

const CelLibTable cel__lib_optional = {CEL_LIB_OPTIONAL, fns, ARRAY_LEN(fns)};
