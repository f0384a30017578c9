#include "cel/cel_int.h"

#include "base/gofloat.h"
#include "base/regex.h"

#include <errno.h>
#include <math.h>

static CelVal no_conversion(CelRun *run, CelVal v, const char *to)
{
    return cel__err(run, "type conversion error from '%s' to '%s'", cel__type_name(v), to);
}

/* The text as a C string when a number could be written in it: short, without white space. */
static bool number_text(Slice s, char out[128])
{
    if (s.len == 0 || s.len > 127 || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(out, s.ptr, s.len);
    out[s.len] = '\0';
    return strpbrk(out, " \t\n\v\f\r") == NULL;
}

static bool only_digits(const char *p)
{
    return *p && p[strspn(p, "0123456789")] == '\0';
}

static CelVal same(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return args[0];
}

/* ---- int ---- */

static CelVal double_to_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    double d = args[0].d;

    if (isnan(d) || d <= -9223372036854775808.0 || d >= 9223372036854775808.0)
        return cel__err(run, "integer overflow");
    return cel__of_int((int64_t)d);
}

static CelVal uint_to_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    return args[0].u > INT64_MAX ? cel__err(run, "integer overflow")
                                 : cel__of_int((int64_t)args[0].u);
}

static CelVal string_to_int(CelRun *run, const CelVal *args, int n UNUSED)
{
    char text[128];
    long long i;

    errno = 0;
    if (!number_text(args[0].s, text) || !only_digits(text + (*text == '-' || *text == '+')))
        return no_conversion(run, args[0], "int");
    i = strtoll(text, NULL, 10);
    return errno ? no_conversion(run, args[0], "int") : cel__of_int(i);
}

static CelVal time_to_int(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].t.sec);
}

static CelVal duration_to_int(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].i);
}

/* ---- uint ---- */

static CelVal double_to_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    double d = args[0].d;

    if (isnan(d) || d < 0 || d >= 18446744073709551616.0)
        return cel__err(run, "unsigned integer overflow");
    return cel__of_uint((uint64_t)d);
}

static CelVal int_to_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    return args[0].i < 0 ? cel__err(run, "unsigned integer overflow")
                         : cel__of_uint((uint64_t)args[0].i);
}

static CelVal string_to_uint(CelRun *run, const CelVal *args, int n UNUSED)
{
    unsigned long long u;
    char text[128];

    errno = 0;
    if (!number_text(args[0].s, text) || !only_digits(text))
        return no_conversion(run, args[0], "uint");
    u = strtoull(text, NULL, 10);
    return errno ? no_conversion(run, args[0], "uint") : cel__of_uint(u);
}

/* ---- double, bool ---- */

static CelVal int_to_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double((double)args[0].i);
}

static CelVal uint_to_double(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_double((double)args[0].u);
}

static CelVal string_to_double(CelRun *run, const CelVal *args, int n UNUSED)
{
    char text[128], *end;
    double d;

    if (!number_text(args[0].s, text) || strchr(text, '('))
        return no_conversion(run, args[0], "double");
    d = strtod(text, &end);
    if (*end || (isinf(d) && !strpbrk(text, "iI")))
        return no_conversion(run, args[0], "double");
    return cel__of_double(d);
}

static CelVal string_to_bool(CelRun *run, const CelVal *args, int n UNUSED)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (slice_is(args[0].s, yes[i]))
            return cel__of_bool(true);
        if (slice_is(args[0].s, no[i]))
            return cel__of_bool(false);
    }
    return no_conversion(run, args[0], "bool");
}

/* ---- string, bytes ---- */

static CelVal string_of(CelRun *run, const char *text)
{
    size_t n = strlen(text);
    char *copy = cel__alloc(run, n + 1);

    if (!copy)
        return cel__err(run, "string too long");
    memcpy(copy, text, n + 1);
    return cel__of_str((Slice){copy, n});
}

static bool is_utf8(Slice s)
{
    for (size_t at = 0, n; at < s.len; at += n)
        if (cel__rune(s, at, &n) == 0xfffd && n == 1)
            return false;
    return true;
}

CelVal cel__to_string(CelRun *run, CelVal v)
{
    char text[CEL_TIME_MAX];

    switch (v.kind) {
    case CEL_STRING:
        return v;
    case CEL_BOOL:
        return string_of(run, v.boolean ? "true" : "false");
    case CEL_INT:
        snprintf(text, sizeof(text), "%lld", (long long)v.i);
        return string_of(run, text);
    case CEL_UINT:
        snprintf(text, sizeof(text), "%llu", (unsigned long long)v.u);
        return string_of(run, text);
    case CEL_DOUBLE:
        return string_of(run, gofloat_text(text, v.d));
    case CEL_BYTES:
        if (!is_utf8(v.s))
            return cel__err(run, "invalid UTF-8 in bytes, cannot convert to string");
        return cel__of_str(v.s);
    case CEL_TIMESTAMP:
        return string_of(run, cel__time_text(text, v));
    case CEL_DURATION:
        return string_of(run, cel__duration_text(text, v.i));
    default:
        return no_conversion(run, v, "string");
    }
}

static CelVal to_string(CelRun *run, const CelVal *args, int n UNUSED)
{
    return cel__to_string(run, args[0]);
}

static CelVal string_to_bytes(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bytes(args[0].s);
}

/* ---- time ---- */

static CelVal string_to_duration(CelRun *run, const CelVal *args, int n UNUSED)
{
    int64_t ns;

    if (!cel__parse_duration(args[0].s, &ns))
        return no_conversion(run, args[0], "google.protobuf.Duration");
    return (CelVal){.kind = CEL_DURATION, .i = ns};
}

static CelVal int_to_duration(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return (CelVal){.kind = CEL_DURATION, .i = args[0].i};
}

static CelVal string_to_time(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal t;

    if (!cel__parse_time(args[0].s, &t))
        return no_conversion(run, args[0], "google.protobuf.Timestamp");
    return t;
}

static CelVal int_to_time(CelRun *run, const CelVal *args, int n UNUSED)
{
    if (args[0].i < -62135596800 || args[0].i > 253402300799)
        return cel__err(run, "timestamp overflow");
    return (CelVal){.kind = CEL_TIMESTAMP, .t = {.sec = args[0].i}};
}

/* ---- type ---- */

static CelVal type_of(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_type(cel__type_of(args[0]));
}

/* ---- tests of strings ---- */

static CelVal contains(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    if (args[1].s.len == 0)
        return cel__of_bool(true);
    return cel__of_bool(args[0].s.len >= args[1].s.len &&
                        memmem(args[0].s.ptr, args[0].s.len, args[1].s.ptr, args[1].s.len));
}

static CelVal starts_with(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Slice s = args[0].s, what = args[1].s;

    return cel__of_bool(s.len >= what.len && slice_eq((Slice){s.ptr, what.len}, what));
}

static CelVal ends_with(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Slice s = args[0].s, what = args[1].s;

    return cel__of_bool(s.len >= what.len &&
                        slice_eq((Slice){s.ptr + s.len - what.len, what.len}, what));
}

static CelVal matches(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    const struct Regex *re = cel__regex_of(run, args[1].s, args[0].s, &wrong);

    return re ? cel__of_bool(regex_matches(re, args[0].s.ptr ? args[0].s.ptr : "", args[0].s.len))
              : wrong;
}

static CelFn fns[] = {
    FN("dyn", "to_dyn", "A", "dyn", same),
    FN("type", "type", "A", "type", type_of),
    FN("bool", "bool_to_bool", "bool", "bool", same),
    FN("bool", "string_to_bool", "string", "bool", string_to_bool),
    FN("bytes", "bytes_to_bytes", "bytes", "bytes", same),
    FN("bytes", "string_to_bytes", "string", "bytes", string_to_bytes),
    FN("double", "double_to_double", "double", "double", same),
    FN("double", "int64_to_double", "int", "double", int_to_double),
    FN("double", "string_to_double", "string", "double", string_to_double),
    FN("double", "uint64_to_double", "uint", "double", uint_to_double),
    FN("duration", "duration_to_duration", "duration", "duration", same),
    FN("duration", "int64_to_duration", "int", "duration", int_to_duration),
    FN("duration", "string_to_duration", "string", "duration", string_to_duration),
    FN("int", "int64_to_int64", "int", "int", same),
    FN("int", "double_to_int64", "double", "int", double_to_int),
    FN("int", "duration_to_int64", "duration", "int", duration_to_int),
    FN("int", "string_to_int64", "string", "int", string_to_int),
    FN("int", "timestamp_to_int64", "timestamp", "int", time_to_int),
    FN("int", "uint64_to_int64", "uint", "int", uint_to_int),
    FN("string", "string_to_string", "string", "string", same),
    FN("string", "bool_to_string", "bool", "string", to_string),
    FN("string", "bytes_to_string", "bytes", "string", to_string),
    FN("string", "double_to_string", "double", "string", to_string),
    FN("string", "duration_to_string", "duration", "string", to_string),
    FN("string", "int64_to_string", "int", "string", to_string),
    FN("string", "timestamp_to_string", "timestamp", "string", to_string),
    FN("string", "uint64_to_string", "uint", "string", to_string),
    FN("timestamp", "timestamp_to_timestamp", "timestamp", "timestamp", same),
    FN("timestamp", "int64_to_timestamp", "int", "timestamp", int_to_time),
    FN("timestamp", "string_to_timestamp", "string", "timestamp", string_to_time),
    FN("uint", "uint64_to_uint64", "uint", "uint", same),
    FN("uint", "double_to_uint64", "double", "uint", double_to_uint),
    FN("uint", "int64_to_uint64", "int", "uint", int_to_uint),
    FN("uint", "string_to_uint64", "string", "uint", string_to_uint),
    METHOD("contains", "contains_string", "string,string", "bool", contains),
    METHOD("endsWith", "ends_with_string", "string,string", "bool", ends_with),
    METHOD("startsWith", "starts_with_string", "string,string", "bool", starts_with),
    FN("matches", "matches", "string,string", "bool", matches),
    METHOD("matches", "matches_string", "string,string", "bool", matches),
};

const CelLibTable cel__lib_convert = {CEL_LIB_STANDARD, fns, ARRAY_LEN(fns)};
