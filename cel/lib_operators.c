#include "cel/cel_int.h"

#include <math.h>

/* ---- logic and equality; those without code are evaluated by eval.c ---- */

static CelVal not(CelRun * run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(!args[0].boolean);
}

static CelVal equals(CelRun *run, const CelVal *args, int n UNUSED)
{
    return cel__equal(run, args[0], args[1]);
}

static CelVal not_equals(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal eq = cel__equal(run, args[0], args[1]);

    return eq.kind == CEL_BOOL ? cel__of_bool(!eq.boolean) : eq;
}

/* ---- order ---- */

/* False: *ret is the mistake. */
static bool order(CelRun *run, const CelVal *args, int *ret_order, CelVal *ret)
{
    if (cel__compare(args[0], args[1], ret_order))
        return true;
    *ret = args[0].kind == CEL_DOUBLE || args[1].kind == CEL_DOUBLE
               ? cel__err(run, "NaN values cannot be ordered")
               : cel__no_overload();
    return false;
}

static CelVal less(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    int d;

    return order(run, args, &d, &wrong) ? cel__of_bool(d < 0) : wrong;
}

static CelVal less_equals(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    int d;

    return order(run, args, &d, &wrong) ? cel__of_bool(d <= 0) : wrong;
}

static CelVal greater(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    int d;

    return order(run, args, &d, &wrong) ? cel__of_bool(d > 0) : wrong;
}

static CelVal greater_equals(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    int d;

    return order(run, args, &d, &wrong) ? cel__of_bool(d >= 0) : wrong;
}

/* ---- arithmetic ---- */

static CelVal int_overflow(CelRun *run)
{
    return cel__err(run, "integer overflow");
}

static CelVal uint_overflow(CelRun *run)
{
    return cel__err(run, "unsigned integer overflow");
}

static CelVal add_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    int64_t r;

    return __builtin_add_overflow(args[0].i, args[1].i, &r) ? int_overflow(run) : cel__of_int(r);
}

static CelVal add_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    uint64_t r;

    return __builtin_add_overflow(args[0].u, args[1].u, &r) ? uint_overflow(run) : cel__of_uint(r);
}

static CelVal add_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double(args[0].d + args[1].d);
}

static CelVal concat(CelRun *run, const CelVal *args, int n UNUSED)
{
    Slice a = args[0].s, b = args[1].s;
    char *out = cel__alloc(run, a.len + b.len + 1);

    if (!out)
        return cel__err(run, "string too long");
    if (a.len > 0)
        memcpy(out, a.ptr, a.len);
    if (b.len > 0)
        memcpy(out + a.len, b.ptr, b.len);
    return (CelVal){.kind = args[0].kind, .s = {out, a.len + b.len}};
}

static CelVal add_list(CelRun *run, const CelVal *args, int n UNUSED)
{
    return cel__list_add(run, args[0], args[1]);
}

static CelVal sub_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    int64_t r;

    return __builtin_sub_overflow(args[0].i, args[1].i, &r) ? int_overflow(run) : cel__of_int(r);
}

static CelVal sub_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    uint64_t r;

    return __builtin_sub_overflow(args[0].u, args[1].u, &r) ? uint_overflow(run) : cel__of_uint(r);
}

static CelVal sub_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double(args[0].d - args[1].d);
}

static CelVal mul_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    int64_t r;

    return __builtin_mul_overflow(args[0].i, args[1].i, &r) ? int_overflow(run) : cel__of_int(r);
}

static CelVal mul_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    uint64_t r;

    return __builtin_mul_overflow(args[0].u, args[1].u, &r) ? uint_overflow(run) : cel__of_uint(r);
}

static CelVal mul_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double(args[0].d * args[1].d);
}

static CelVal div_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (args[1].i == 0)
        return cel__err(run, "division by zero");
    if (args[0].i == INT64_MIN && args[1].i == -1)
        return int_overflow(run);
    return cel__of_int(args[0].i / args[1].i);
}

static CelVal div_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (args[1].u == 0)
        return cel__err(run, "division by zero");
    return cel__of_uint(args[0].u / args[1].u);
}

static double divide(double a, double b)
{
    if (b != 0)
        return a / b;
    if (a == 0 || isnan(a))
        return NAN;
    return signbit(a) == signbit(b) ? INFINITY : -INFINITY;
}

static CelVal div_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double(divide(args[0].d, args[1].d));
}

static CelVal mod_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (args[1].i == 0)
        return cel__err(run, "modulus by zero");
    if (args[0].i == INT64_MIN && args[1].i == -1)
        return int_overflow(run);
    return cel__of_int(args[0].i % args[1].i);
}

static CelVal mod_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (args[1].u == 0)
        return cel__err(run, "modulus by zero");
    return cel__of_uint(args[0].u % args[1].u);
}

static CelVal negate_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    return args[0].i == INT64_MIN ? int_overflow(run) : cel__of_int(-args[0].i);
}

static CelVal negate_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double(-args[0].d);
}

/* ---- time ---- */

enum { SECOND = 1000000000 };

#define TIME_MIN (-62135596800) /* 0001-01-01 */
#define TIME_MAX 253402300799   /* 9999-12-31T23:59:59 */

static CelVal move_time(CelRun *run, CelVal t, __int128 ns)
{
    __int128 at = (__int128)t.t.sec * SECOND + t.t.nsec + ns, sec = at / SECOND, rest = at % SECOND;

    if (rest < 0) {
        rest += SECOND;
        sec--;
    }
    if (sec < TIME_MIN || sec > TIME_MAX)
        return cel__err(run, "timestamp overflow");
    t.t.sec = (int64_t)sec;
    t.t.nsec = (int32_t)rest;
    return t;
}

static CelVal of_duration(CelRun *run, __int128 ns)
{
    if (ns < INT64_MIN || ns > INT64_MAX)
        return cel__err(run, "duration overflow");
    return (CelVal){.kind = CEL_DURATION, .i = (int64_t)ns};
}

static CelVal add_durations(CelRun *run, const CelVal *args, int n UNUSED)
{
    return of_duration(run, (__int128)args[0].i + args[1].i);
}

static CelVal sub_durations(CelRun *run, const CelVal *args, int n UNUSED)
{
    return of_duration(run, (__int128)args[0].i - args[1].i);
}

static CelVal add_to_time(CelRun *run, const CelVal *args, int n UNUSED)
{
    bool is_first = args[0].kind == CEL_TIMESTAMP;

    return move_time(run, args[is_first ? 0 : 1], args[is_first ? 1 : 0].i);
}

static CelVal sub_from_time(CelRun *run, const CelVal *args, int n UNUSED)
{
    return move_time(run, args[0], -(__int128)args[1].i);
}

static CelVal sub_times(CelRun *run, const CelVal *args, int n UNUSED)
{
    return of_duration(run, ((__int128)args[0].t.sec - args[1].t.sec) * SECOND + args[0].t.nsec -
                                args[1].t.nsec);
}

/* ---- containers ---- */

static CelVal in_list(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong = {.kind = CEL_NULL};

    for (uint32_t i = 0, len = cel__len(args[1]); i < len; i++) {
        CelVal eq = cel__equal(run, cel__item(run, args[1], i), args[0]);

        if (cel__is_true(eq))
            return eq;
        if (eq.kind == CEL_ERROR && wrong.kind == CEL_NULL)
            wrong = eq;
    }
    return wrong.kind == CEL_ERROR ? wrong : cel__of_bool(false);
}

static CelVal in_map(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal found;

    if (!cel__map_find(run, args[1], args[0], &found))
        return cel__of_bool(false);
    return found.kind == CEL_ERROR ? found : cel__of_bool(true);
}

static CelVal size(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int((int64_t)cel__size(args[0]));
}

#define COMPARISONS(sign, word, fn)                                                                \
    FN(sign, word "_bool", "bool,bool", "bool", fn),                                               \
        FN(sign, word "_int64", "int,int", "bool", fn),                                            \
        FN(sign, word "_int64_double", "int,double", "bool", fn),                                  \
        FN(sign, word "_int64_uint64", "int,uint", "bool", fn),                                    \
        FN(sign, word "_uint64", "uint,uint", "bool", fn),                                         \
        FN(sign, word "_uint64_double", "uint,double", "bool", fn),                                \
        FN(sign, word "_uint64_int64", "uint,int", "bool", fn),                                    \
        FN(sign, word "_double", "double,double", "bool", fn),                                     \
        FN(sign, word "_double_int64", "double,int", "bool", fn),                                  \
        FN(sign, word "_double_uint64", "double,uint", "bool", fn),                                \
        FN(sign, word "_string", "string,string", "bool", fn),                                     \
        FN(sign, word "_bytes", "bytes,bytes", "bool", fn),                                        \
        FN(sign, word "_timestamp", "timestamp,timestamp", "bool", fn),                            \
        FN(sign, word "_duration", "duration,duration", "bool", fn)

static CelFn fns[] = {
    FN("_&&_", "logical_and", "bool,bool", "bool", NULL),
    FN("_||_", "logical_or", "bool,bool", "bool", NULL),
    FN("!_", "logical_not", "bool", "bool", not ),
    FN("_?_:_", "conditional", "bool,A,A", "A", NULL),
    FN("@not_strictly_false", "not_strictly_false", "bool", "bool", NULL),
    FN("_==_", "equals", "A,A", "bool", equals),
    FN("_!=_", "not_equals", "A,A", "bool", not_equals),
    COMPARISONS("_<_", "less", less),
    COMPARISONS("_<=_", "less_equals", less_equals),
    COMPARISONS("_>_", "greater", greater),
    COMPARISONS("_>=_", "greater_equals", greater_equals),
    FN("_+_", "add_bytes", "bytes,bytes", "bytes", concat),
    FN("_+_", "add_double", "double,double", "double", add_double),
    FN("_+_", "add_duration_duration", "duration,duration", "duration", add_durations),
    FN("_+_", "add_duration_timestamp", "duration,timestamp", "timestamp", add_to_time),
    FN("_+_", "add_timestamp_duration", "timestamp,duration", "timestamp", add_to_time),
    FN("_+_", "add_int64", "int,int", "int", add_int),
    FN("_+_", "add_list", "list(A),list(A)", "list(A)", add_list),
    FN("_+_", "add_string", "string,string", "string", concat),
    FN("_+_", "add_uint64", "uint,uint", "uint", add_uint),
    FN("_-_", "subtract_double", "double,double", "double", sub_double),
    FN("_-_", "subtract_duration_duration", "duration,duration", "duration", sub_durations),
    FN("_-_", "subtract_int64", "int,int", "int", sub_int),
    FN("_-_", "subtract_timestamp_duration", "timestamp,duration", "timestamp", sub_from_time),
    FN("_-_", "subtract_timestamp_timestamp", "timestamp,timestamp", "duration", sub_times),
    FN("_-_", "subtract_uint64", "uint,uint", "uint", sub_uint),
    FN("_*_", "multiply_double", "double,double", "double", mul_double),
    FN("_*_", "multiply_int64", "int,int", "int", mul_int),
    FN("_*_", "multiply_uint64", "uint,uint", "uint", mul_uint),
    FN("_/_", "divide_double", "double,double", "double", div_double),
    FN("_/_", "divide_int64", "int,int", "int", div_int),
    FN("_/_", "divide_uint64", "uint,uint", "uint", div_uint),
    FN("_%_", "modulo_int64", "int,int", "int", mod_int),
    FN("_%_", "modulo_uint64", "uint,uint", "uint", mod_uint),
    FN("-_", "negate_double", "double", "double", negate_double),
    FN("-_", "negate_int64", "int", "int", negate_int),
    FN("@in", "in_list", "A,list(A)", "bool", in_list),
    FN("@in", "in_map", "A,map(A,B)", "bool", in_map),
    FN("_[_]", "index_list", "list(A),int", "A", NULL),
    FN("_[_]", "index_map", "map(A,B),A", "B", NULL),
    FN("size", "size_bytes", "bytes", "int", size),
    METHOD("size", "bytes_size", "bytes", "int", size),
    FN("size", "size_list", "list(A)", "int", size),
    METHOD("size", "list_size", "list(A)", "int", size),
    FN("size", "size_map", "map(A,B)", "int", size),
    METHOD("size", "map_size", "map(A,B)", "int", size),
    FN("size", "size_string", "string", "int", size),
    METHOD("size", "string_size", "string", "int", size),
};

const CelLibTable cel__lib_operators = {CEL_LIB_STANDARD, fns, ARRAY_LEN(fns)};
