#include "cel/cel_int.h"

/* Kubernetes' functions of lists (k8s.io/apiserver/pkg/cel/library/lists.go). */

static CelVal is_sorted(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal before = cel__none;

    for (uint32_t i = 0, len = cel__len(args[0]); i < len; i++) {
        CelVal item = cel__item(run, args[0], i);
        int d;

        if (item.kind == CEL_ERROR)
            return item;
        if (i > 0) {
            if (!cel__compare(before, item, &d))
                return cel__no_overload();
            if (d > 0)
                return cel__of_bool(false);
        }
        before = item;
    }
    return cel__of_bool(true);
}

/* What `+` of the elements' kind makes of both. */
static CelVal add(CelRun *run, CelVal a, CelVal b)
{
    CelVal args[2] = {a, b};

    for (const CelFn *fn = cel__env_fn(run->program->env, "_+_"); fn; fn = fn->next)
        if (fn->types[0]->kind == a.kind && fn->types[1]->kind == b.kind)
            return fn->impl(run, args, 2);
    return cel__no_overload();
}

static CelVal sum(CelRun *run, CelVal list, CelVal total)
{
    for (uint32_t i = 0, len = cel__len(list); i < len; i++) {
        CelVal item = cel__item(run, list, i);

        if (item.kind == CEL_ERROR)
            return item;
        total = add(run, total, item);
        if (total.kind == CEL_ERROR)
            return total;
    }
    return total;
}

static CelVal sum_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    return sum(run, args[0], cel__of_int(0));
}

static CelVal sum_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    return sum(run, args[0], cel__of_uint(0));
}

static CelVal sum_double(CelRun *run, const CelVal *args, int n UNUSED)
{
    return sum(run, args[0], cel__of_double(0));
}

static CelVal sum_duration(CelRun *run, const CelVal *args, int n UNUSED)
{
    return sum(run, args[0], (CelVal){.kind = CEL_DURATION});
}

static CelVal extreme(CelRun *run, CelVal list, int wanted, const char *name)
{
    CelVal best = cel__none;
    uint32_t len = cel__len(list);
    int d;

    if (len == 0)
        return cel__err(run, "%s called on empty list", name);
    for (uint32_t i = 0; i < len; i++) {
        CelVal item = cel__item(run, list, i);

        if (item.kind == CEL_ERROR)
            return item;
        if (i > 0 && !cel__compare(item, best, &d))
            return cel__no_overload();
        if (i == 0 || d * wanted > 0)
            best = item;
    }
    return best;
}

static CelVal min(CelRun *run, const CelVal *args, int n UNUSED)
{
    return extreme(run, args[0], -1, "min");
}

static CelVal max(CelRun *run, const CelVal *args, int n UNUSED)
{
    return extreme(run, args[0], 1, "max");
}

static CelVal index_of(CelRun *run, const CelVal *args, int n UNUSED)
{
    for (uint32_t i = 0, len = cel__len(args[0]); i < len; i++)
        if (cel__is_true(cel__equal(run, cel__item(run, args[0], i), args[1])))
            return cel__of_int(i);
    return cel__of_int(-1);
}

static CelVal last_index_of(CelRun *run, const CelVal *args, int n UNUSED)
{
    for (uint32_t i = cel__len(args[0]); i > 0; i--)
        if (cel__is_true(cel__equal(run, cel__item(run, args[0], i - 1), args[1])))
            return cel__of_int(i - 1);
    return cel__of_int(-1);
}

#define OF_COMPARABLE(name, id, fn, result)                                                        \
    METHOD(name, "list_int_" id, "list(int)", result("int"), fn),                                  \
        METHOD(name, "list_uint_" id, "list(uint)", result("uint"), fn),                           \
        METHOD(name, "list_double_" id, "list(double)", result("double"), fn),                     \
        METHOD(name, "list_bool_" id, "list(bool)", result("bool"), fn),                           \
        METHOD(name, "list_duration_" id, "list(duration)", result("duration"), fn),               \
        METHOD(name, "list_timestamp_" id, "list(timestamp)", result("timestamp"), fn),            \
        METHOD(name, "list_string_" id, "list(string)", result("string"), fn),                     \
        METHOD(name, "list_bytes_" id, "list(bytes)", result("bytes"), fn)
#define ITSELF(t) t
#define BOOL(t)   "bool"

static CelFn fns[] = {
    OF_COMPARABLE("isSorted", "is_sorted_bool", is_sorted, BOOL),
    METHOD("sum", "list_int_sum_int", "list(int)", "int", sum_int),
    METHOD("sum", "list_uint_sum_uint", "list(uint)", "uint", sum_uint),
    METHOD("sum", "list_double_sum_double", "list(double)", "double", sum_double),
    METHOD("sum", "list_duration_sum_duration", "list(duration)", "duration", sum_duration),
    OF_COMPARABLE("max", "max_self", max, ITSELF),
    OF_COMPARABLE("min", "min_self", min, ITSELF),
    METHOD("indexOf", "list_a_index_of_int", "list(A),A", "int", index_of),
    METHOD("lastIndexOf", "list_a_last_index_of_int", "list(A),A", "int", last_index_of),
};

const CelLibTable cel__lib_lists = {CEL_LIB_LISTS, fns, ARRAY_LEN(fns)};
