#include "base/err.h"
#include "base/quantity.h"
#include "cel/cel_int.h"

#define NAME "kubernetes.Quantity"

static CelVal of(CelRun *run, Quantity q)
{
    Quantity *p = cel__alloc(run, sizeof(*p));

    if (!p)
        return cel__err(run, "out of memory");
    *p = q;
    return cel__opaque(cel__library_type(NAME), p);
}

static Quantity get(CelVal v)
{
    return v.kind == CEL_INT ? quantity_of(v.i, QUANTITY_DECIMAL_SI)
                             : *(const Quantity *)v.opaque.ptr;
}

static CelVal quantity(CelRun *run, const CelVal *args, int n UNUSED)
{
    Quantity q;
    Err err;

    if (quantity_parse(args[0].s, &q, &err) < 0)
        return cel__err(run, "%s", err.msg);
    return of(run, q);
}

static CelVal is_quantity(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Quantity q;

    return cel__of_bool(quantity_parse(args[0].s, &q, NULL) == 0);
}

static CelVal sign(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Quantity q = get(args[0]);

    return cel__of_int(q.nano < 0 ? -1 : q.nano > 0);
}

static bool to_int(CelVal v, int64_t *ret)
{
    Quantity q = get(v);
    __int128 whole = q.nano / 1000000000;

    if (q.nano % 1000000000 != 0 || whole < INT64_MIN || whole > INT64_MAX)
        return false;
    *ret = (int64_t)whole;
    return true;
}

static CelVal is_integer(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    int64_t i;

    return cel__of_bool(to_int(args[0], &i));
}

static CelVal as_integer(CelRun *run, const CelVal *args, int n UNUSED)
{
    int64_t i;

    return to_int(args[0], &i) ? cel__of_int(i) : cel__err(run, "cannot convert value to integer");
}

static CelVal as_float(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double((double)get(args[0]).nano / 1e9);
}

static CelVal add(CelRun *run, const CelVal *args, int n UNUSED)
{
    return of(run, quantity_add(get(args[0]), get(args[1])));
}

static CelVal sub(CelRun *run, const CelVal *args, int n UNUSED)
{
    return of(run, quantity_sub(get(args[0]), get(args[1])));
}

static int compare(const CelVal *args)
{
    Quantity a = get(args[0]), b = get(args[1]);

    return quantity_cmp(&a, &b);
}

static CelVal is_greater(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(compare(args) > 0);
}

static CelVal is_less(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(compare(args) < 0);
}

static CelVal compare_to(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(compare(args));
}

static CelFn fns[] = {
    FN("quantity", "string_to_quantity", "string", NAME, quantity),
    FN("isQuantity", "is_quantity_string", "string", "bool", is_quantity),
    METHOD("sign", "quantity_sign", NAME, "int", sign),
    METHOD("isGreaterThan", "quantity_is_greater_than", NAME "," NAME, "bool", is_greater),
    METHOD("isLessThan", "quantity_is_less_than", NAME "," NAME, "bool", is_less),
    METHOD("compareTo", "quantity_compare_to", NAME "," NAME, "int", compare_to),
    METHOD("asApproximateFloat", "quantity_get_float", NAME, "double", as_float),
    METHOD("asInteger", "quantity_get_int", NAME, "int", as_integer),
    METHOD("isInteger", "quantity_is_integer", NAME, "bool", is_integer),
    METHOD("add", "quantity_add", NAME "," NAME, NAME, add),
    METHOD("add", "quantity_add_int", NAME ",int", NAME, add),
    METHOD("sub", "quantity_sub", NAME "," NAME, NAME, sub),
    METHOD("sub", "quantity_sub_int", NAME ",int", NAME, sub),
};

const CelLibTable cel__lib_quantity = {CEL_LIB_QUANTITY, fns, ARRAY_LEN(fns)};
