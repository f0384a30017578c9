#include "cel/cel_int.h"

#include <ctype.h>

/* Semantic versions (semver.org 2.0), with the mistakes worded as github.com/blang/semver does. */

#define NAME "kubernetes.Semver"

typedef struct Semver {
    uint64_t parts[3];
    Slice pre, build; /* dotted */
} Semver;

static const char *const part_names[] = {"Major", "Minor", "Patch"};

static bool only(Slice s, const char *set)
{
    for (size_t i = 0; i < s.len; i++)
        if (!s.ptr[i] || !strchr(set, s.ptr[i]))
            return false;
    return true;
}

#define DIGITS   "0123456789"
#define ALPHANUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-" DIGITS

/* False: *wrong, unless `run` is NULL. */
static bool read_part(CelRun *run, Slice s, int i, uint64_t *ret, CelVal *wrong)
{
    int len = (int)MIN(s.len, (size_t)200);
    const char *name = part_names[i];

    *ret = 0;
    if (!only(s, DIGITS)) {
        if (run)
            *wrong = cel__err(run, "Invalid character(s) found in %c%s number \"%.*s\"",
                              tolower(name[0]), name + 1, len, s.ptr);
        return false;
    }
    if (s.len > 1 && s.ptr[0] == '0') {
        if (run)
            *wrong = cel__err(run, "%s number must not contain leading zeroes \"%.*s\"", name, len,
                              s.ptr);
        return false;
    }
    for (size_t k = 0; k < s.len; k++)
        if (__builtin_mul_overflow(*ret, 10, ret) ||
            __builtin_add_overflow(*ret, (uint64_t)(s.ptr[k] - '0'), ret) || *ret > INT64_MAX) {
            if (run)
                *wrong = cel__err(run, "strconv.ParseUint: parsing \"%.*s\": value out of range",
                                  len, s.ptr);
            return false;
        }
    if (s.len == 0 && run)
        *wrong = cel__err(run, "strconv.ParseUint: parsing \"\": invalid syntax");
    return s.len > 0;
}

/* Dotted identifiers; those of a prerelease that are numbers have no leading zeros. */
static bool check_identifiers(CelRun *run, Slice s, bool is_pre, CelVal *wrong)
{
    Slice part;

    for (bool more = true; more;) {
        int len;

        more = slice_cut(&s, '.', &part);
        len = (int)MIN(part.len, (size_t)200);
        if (part.len == 0) {
            if (run)
                *wrong = cel__err(run, is_pre ? "Prerelease is empty" : "Build meta data is empty");
            return false;
        }
        if (is_pre && part.len > 1 && part.ptr[0] == '0' && only(part, DIGITS)) {
            if (run)
                *wrong = cel__err(run,
                                  "Numeric PreRelease version must not contain leading zeroes "
                                  "\"%.*s\"",
                                  len, part.ptr);
            return false;
        }
        if (!only(part, ALPHANUM)) {
            if (run)
                *wrong = cel__err(run,
                                  is_pre ? "Invalid character(s) found in prerelease \"%.*s\""
                                         : "Invalid character(s) found in build meta data \"%.*s\"",
                                  len, part.ptr);
            return false;
        }
    }
    return true;
}

static bool parse(CelRun *run, Slice s, Semver *ret, CelVal *wrong)
{
    Slice major, minor, patch;
    const char *mark;

    if (s.len == 0) {
        if (run)
            *wrong = cel__err(run, "Version string empty");
        return false;
    }
    if (!slice_cut(&s, '.', &major) || !slice_cut(&s, '.', &minor)) {
        if (run)
            *wrong = cel__err(run, "No Major.Minor.Patch elements found");
        return false;
    }
    *ret = (Semver){.pre = SLICE(""), .build = SLICE("")};
    patch = s;
    mark = memchr(patch.ptr ? patch.ptr : "", '+', patch.len);
    if (mark) {
        ret->build = (Slice){mark + 1, patch.len - (size_t)(mark - patch.ptr) - 1};
        patch.len = (size_t)(mark - patch.ptr);
    }
    if (memchr(patch.ptr ? patch.ptr : "", '-', patch.len)) {
        ret->pre = patch;
        (void)slice_cut(&ret->pre, '-', &patch);
        if (!read_part(run, major, 0, &ret->parts[0], wrong) ||
            !read_part(run, minor, 1, &ret->parts[1], wrong) ||
            !read_part(run, patch, 2, &ret->parts[2], wrong) ||
            !check_identifiers(run, ret->pre, true, wrong))
            return false;
    } else if (!read_part(run, major, 0, &ret->parts[0], wrong) ||
               !read_part(run, minor, 1, &ret->parts[1], wrong) ||
               !read_part(run, patch, 2, &ret->parts[2], wrong)) {
        return false;
    }
    return !mark || check_identifiers(run, ret->build, false, wrong);
}

/* "v1.02" to "1.2.0"; false: pre-release or build data behind a short version. */
static bool normalize(Slice s, Buf *out)
{
    Slice part;
    int n = 0;

    if (s.len > 0 && s.ptr[0] == 'v')
        s = (Slice){s.ptr + 1, s.len - 1};
    for (bool more = true; more && n < 3; n++) {
        size_t zeros = 0;

        if (n == 2) {
            part = s;
            more = false;
        } else {
            more = slice_cut(&s, '.', &part);
        }
        while (part.len > 1 && zeros < part.len && part.ptr[zeros] == '0')
            zeros++;
        if (n > 0)
            buf_addc(out, '.');
        if (part.len > 1 && (zeros == part.len || !isdigit((unsigned char)part.ptr[zeros])))
            buf_addc(out, '0');
        buf_add(out, part.ptr + zeros, part.len - zeros);
        if (!more && n < 2)
            for (size_t i = 0; i < part.len; i++)
                if (part.ptr[i] == '+' || part.ptr[i] == '-')
                    return false;
    }
    for (; n < 3; n++)
        buf_adds(out, ".0");
    return true;
}

/* The version in args; `run` NULL only asks. */
static bool read_args(CelRun *run, CelRun *memory, const CelVal *args, int n, Semver *ret,
                      CelVal *wrong)
{
    AUTO_BUF out = BUF_INIT;
    CelVal text = args[0];

    if (n > 1 && args[1].boolean) {
        if (!normalize(args[0].s, &out)) {
            if (run)
                *wrong = cel__err(run, "short version cannot contain PreRelease/Build meta data");
            return false;
        }
        text = cel__of_buf(memory, &out);
        if (text.kind != CEL_STRING)
            return false;
    }
    return parse(run, text.s, ret, wrong);
}

static CelVal semver(CelRun *run, const CelVal *args, int n)
{
    Semver *v = cel__alloc(run, sizeof(*v));
    CelVal wrong = cel__no_overload();

    if (!v || !read_args(run, run, args, n, v, &wrong))
        return wrong;
    return cel__opaque(cel__library_type(NAME), v);
}

static CelVal is_semver(CelRun *run, const CelVal *args, int n)
{
    Semver v;

    return cel__of_bool(read_args(NULL, run, args, n, &v, NULL));
}

static const Semver *get(CelVal v)
{
    return v.opaque.ptr;
}

static CelVal major(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int((int64_t)get(args[0])->parts[0]);
}

static CelVal minor(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int((int64_t)get(args[0])->parts[1]);
}

static CelVal patch(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int((int64_t)get(args[0])->parts[2]);
}

/* Numbers before words; numbers by value, which without leading zeros is by length first. */
static int compare_identifiers(Slice a, Slice b)
{
    bool a_number = only(a, DIGITS), b_number = only(b, DIGITS);
    int d;

    if (a_number != b_number)
        return a_number ? -1 : 1;
    if (a_number && a.len != b.len)
        return a.len < b.len ? -1 : 1;
    d = memcmp(a.ptr, b.ptr, MIN(a.len, b.len));
    if (d != 0)
        return d < 0 ? -1 : 1;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int compare_pre(Slice a, Slice b)
{
    if (a.len == 0 || b.len == 0)
        return a.len == b.len ? 0 : a.len == 0 ? 1 : -1;
    for (;;) {
        Slice x, y;
        bool more_a = slice_cut(&a, '.', &x), more_b = slice_cut(&b, '.', &y);
        int d = compare_identifiers(x, y);

        if (d != 0)
            return d;
        if (!more_a || !more_b)
            return more_a == more_b ? 0 : more_a ? 1 : -1;
    }
}

int cel__semver_compare(CelVal a, CelVal b)
{
    const Semver *x = get(a), *y = get(b);

    for (int i = 0; i < 3; i++)
        if (x->parts[i] != y->parts[i])
            return x->parts[i] < y->parts[i] ? -1 : 1;
    return compare_pre(x->pre, y->pre);
}

static CelVal is_greater(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(cel__semver_compare(args[0], args[1]) > 0);
}

static CelVal is_less(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(cel__semver_compare(args[0], args[1]) < 0);
}

static CelVal compare_to(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(cel__semver_compare(args[0], args[1]));
}

static CelFn fns[] = {
    FN("semver", "string_to_semver", "string", NAME, semver),
    FN("semver", "string_bool_to_semver", "string,bool", NAME, semver),
    FN("isSemver", "is_semver_string", "string", "bool", is_semver),
    FN("isSemver", "is_semver_string_bool", "string,bool", "bool", is_semver),
    METHOD("isGreaterThan", "semver_is_greater_than", NAME "," NAME, "bool", is_greater),
    METHOD("isLessThan", "semver_is_less_than", NAME "," NAME, "bool", is_less),
    METHOD("compareTo", "semver_compare_to", NAME "," NAME, "int", compare_to),
    METHOD("major", "semver_major", NAME, "int", major),
    METHOD("minor", "semver_minor", NAME, "int", minor),
    METHOD("patch", "semver_patch", NAME, "int", patch),
};

const CelLibTable cel__lib_semver = {CEL_LIB_SEMVER, fns, ARRAY_LEN(fns)};
