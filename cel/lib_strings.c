#include "cel/cel_int.h"

/* Indexes count code points. Strings of ASCII, which nearly all are, need no counting. */

static CelVal out_of_range(CelRun *run, int64_t i)
{
    return cel__err(run, "index out of range: %lld", (long long)i);
}

static bool is_ascii(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 128)
            return false;
    return true;
}

static size_t offset_of(Slice s, bool ascii, size_t code_points)
{
    return ascii ? MIN(code_points, s.len) : cel__offset(s, code_points);
}

static CelVal char_at(CelRun *run, const CelVal *args, int n UNUSED)
{
    Slice s = args[0].s;
    size_t at, len, count = cel__code_points(s);

    if (args[1].i < 0 || (uint64_t)args[1].i > count)
        return out_of_range(run, args[1].i);
    if ((uint64_t)args[1].i == count)
        return cel__of_str(SLICE(""));
    at = cel__offset(s, (size_t)args[1].i);
    (void)cel__rune(s, at, &len);
    return cel__of_str((Slice){s.ptr + at, len});
}

static CelVal index_of(CelRun *run, const CelVal *args, int n)
{
    Slice s = args[0].s, what = args[1].s;
    size_t count = cel__code_points(s), from = 0;
    const char *found;

    if (n > 2) {
        if (what.len == 0 && args[2].i == 0)
            return cel__of_int(0);
        if (args[2].i < 0 || (uint64_t)args[2].i >= count)
            return args[2].i >= 0 && (uint64_t)args[2].i == count && count > 0 && what.len == 0
                       ? cel__of_int(args[2].i)
                       : out_of_range(run, args[2].i);
        from = cel__offset(s, (size_t)args[2].i);
    }
    if (what.len == 0)
        return cel__of_int(n > 2 ? args[2].i : 0);
    found =
        s.len >= from + what.len ? memmem(s.ptr + from, s.len - from, what.ptr, what.len) : NULL;
    if (!found)
        return cel__of_int(-1);
    return cel__of_int((int64_t)cel__code_points((Slice){s.ptr, (size_t)(found - s.ptr)}));
}

static CelVal last_index_of(CelRun *run, const CelVal *args, int n)
{
    Slice s = args[0].s, what = args[1].s;
    size_t count = cel__code_points(s), limit = s.len;

    if (n > 2) {
        if (args[2].i < 0 || (uint64_t)args[2].i >= MAX(count, (size_t)1))
            return out_of_range(run, args[2].i);
        limit = cel__offset(s, (size_t)args[2].i);
    }
    if (what.len == 0)
        return cel__of_int(n > 2 ? args[2].i : (int64_t)count);
    if (what.len > s.len)
        return cel__of_int(-1);
    for (size_t at = MIN(limit, s.len - what.len) + 1; at > 0; at--)
        if (s.ptr[at - 1] == what.ptr[0] && memcmp(s.ptr + at - 1, what.ptr, what.len) == 0)
            return cel__of_int((int64_t)cel__code_points((Slice){s.ptr, at - 1}));
    return cel__of_int(-1);
}

static CelVal join(CelRun *run, const CelVal *args, int n)
{
    AUTO_BUF out = BUF_INIT;

    for (uint32_t i = 0, len = cel__len(args[0]); i < len; i++) {
        CelVal item = cel__item(run, args[0], i);

        if (item.kind != CEL_STRING)
            return item.kind == CEL_ERROR ? item : cel__no_overload();
        if (i > 0 && n > 1)
            buf_add_slice(&out, args[1].s);
        buf_add_slice(&out, item.s);
        if (out.len > run->room)
            break;
    }
    return cel__of_buf(run, &out);
}

static CelVal change_case(CelRun *run, Slice s, char from, char to, int by)
{
    AUTO_BUF out = BUF_INIT;

    buf_add_slice(&out, s);
    for (size_t i = 0; i < out.len; i++)
        if (out.ptr[i] >= from && out.ptr[i] <= to)
            out.ptr[i] = (char)(out.ptr[i] + by);
    return cel__of_buf(run, &out);
}

static CelVal lower(CelRun *run, const CelVal *args, int n UNUSED)
{
    return change_case(run, args[0].s, 'A', 'Z', 'a' - 'A');
}

static CelVal upper(CelRun *run, const CelVal *args, int n UNUSED)
{
    return change_case(run, args[0].s, 'a', 'z', 'A' - 'a');
}

/* As Go's strings.Replace: an empty `what` matches before every code point and at the end. */
static CelVal replace(CelRun *run, const CelVal *args, int n)
{
    AUTO_BUF out = BUF_INIT;
    Slice s = args[0].s, what = args[1].s, with = args[2].s;
    int64_t left = n > 3 ? args[3].i : -1;
    size_t at = 0, len;

    while (left != 0 && at <= s.len && out.len <= run->room) {
        const char *found;
        size_t end;

        if (what.len == 0) {
            buf_add_slice(&out, with);
            left--;
            if (at == s.len)
                break;
            (void)cel__rune(s, at, &len);
            buf_add(&out, s.ptr + at, len);
            at += len;
            continue;
        }
        found = s.len - at >= what.len ? memmem(s.ptr + at, s.len - at, what.ptr, what.len) : NULL;
        if (!found)
            break;
        end = (size_t)(found - s.ptr);
        buf_add(&out, s.ptr + at, end - at);
        buf_add_slice(&out, with);
        at = end + what.len;
        left--;
    }
    if (at < s.len)
        buf_add(&out, s.ptr + at, s.len - at);
    return cel__of_buf(run, &out);
}

static CelVal split(CelRun *run, const CelVal *args, int n)
{
    Slice s = args[0].s, sep = args[1].s;
    int64_t limit = n > 2 ? args[2].i : -1;
    size_t most = 1, at = 0, len;
    uint32_t found = 0;
    CelVal *items;

    if (limit == 0)
        return cel__list(run, (CelVal[]){cel__none}, 0);
    most = sep.len == 0 ? cel__code_points(s) : s.len / sep.len + 1;
    if (limit > 0 && most > (uint64_t)limit)
        most = (size_t)limit;
    items = cel__alloc(run, (most + 1) * sizeof(*items));
    if (!items)
        return cel__err(run, "string too long");
    if (sep.len == 0) {
        for (; at < s.len; at += len) {
            (void)cel__rune(s, at, &len);
            if (found + 1 == most)
                len = s.len - at;
            items[found++] = cel__of_str((Slice){s.ptr + at, len});
        }
        return cel__list(run, items, found);
    }
    while (found + 1 < most) {
        const char *p =
            s.len - at >= sep.len ? memmem(s.ptr + at, s.len - at, sep.ptr, sep.len) : NULL;

        if (!p)
            break;
        items[found++] = cel__of_str((Slice){s.ptr + at, (size_t)(p - s.ptr) - at});
        at = (size_t)(p - s.ptr) + sep.len;
    }
    items[found++] = cel__of_str((Slice){s.ptr ? s.ptr + at : "", s.len - at});
    return cel__list(run, items, found);
}

static CelVal substring(CelRun *run, const CelVal *args, int n)
{
    Slice s = args[0].s;
    bool ascii = is_ascii(s);
    int64_t count = (int64_t)(ascii ? s.len : cel__code_points(s)), start = args[1].i;
    int64_t end = n > 2 ? args[2].i : count;
    size_t from, to;

    if (n > 2 && start > end)
        return cel__err(run, "invalid substring range. start: %lld, end: %lld", (long long)start,
                        (long long)end);
    if (start < 0 || start > count)
        return out_of_range(run, start);
    if (end < 0 || end > count)
        return out_of_range(run, end);
    from = offset_of(s, ascii, (size_t)start);
    to = offset_of(s, ascii, (size_t)end);
    return cel__of_str((Slice){s.ptr ? s.ptr + from : "", to - from});
}

/* White space in Unicode's sense. */
static bool is_space(uint32_t r)
{
    return (r >= 9 && r <= 13) || r == ' ' || r == 0x85 || r == 0xa0 || r == 0x1680 ||
           (r >= 0x2000 && r <= 0x200a) || r == 0x2028 || r == 0x2029 || r == 0x202f ||
           r == 0x205f || r == 0x3000;
}

static CelVal trim(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Slice s = args[0].s;
    size_t start = 0, end = 0, len;

    while (start < s.len && is_space(cel__rune(s, start, &len)))
        start += len;
    for (size_t at = start; at < s.len; at += len)
        if (!is_space(cel__rune(s, at, &len)))
            end = at + len;
    if (end < start)
        end = start;
    return cel__of_str((Slice){s.ptr ? s.ptr + start : "", end - start});
}

static CelVal quote(CelRun *run, const CelVal *args, int n UNUSED)
{
    static const char from[] = "\a\b\f\n\r\t\v\\\"", to[] = "abfnrtv\\\"";
    AUTO_BUF out = BUF_INIT;
    Slice s = args[0].s;

    buf_addc(&out, '"');
    for (size_t at = 0, len; at < s.len; at += len) {
        uint32_t r = cel__rune(s, at, &len);
        const char *p = r > 0 && r < 128 ? strchr(from, (int)r) : NULL;

        if (p) {
            buf_addc(&out, '\\');
            buf_addc(&out, to[p - from]);
        } else {
            cel__add_rune(&out, r);
        }
    }
    buf_addc(&out, '"');
    return cel__of_buf(run, &out);
}

static CelFn fns[] = {
    METHOD("charAt", "string_char_at_int", "string,int", "string", char_at),
    METHOD("indexOf", "string_index_of_string", "string,string", "int", index_of),
    METHOD("indexOf", "string_index_of_string_int", "string,string,int", "int", index_of),
    METHOD("join", "list_join", "list(string)", "string", join),
    METHOD("join", "list_join_string", "list(string),string", "string", join),
    METHOD("lastIndexOf", "string_last_index_of_string", "string,string", "int", last_index_of),
    METHOD("lastIndexOf", "string_last_index_of_string_int", "string,string,int", "int",
           last_index_of),
    METHOD("lowerAscii", "string_lower_ascii", "string", "string", lower),
    METHOD("replace", "string_replace_string_string", "string,string,string", "string", replace),
    METHOD("replace", "string_replace_string_string_int", "string,string,string,int", "string",
           replace),
    METHOD("split", "string_split_string", "string,string", "list(string)", split),
    METHOD("split", "string_split_string_int", "string,string,int", "list(string)", split),
    METHOD("substring", "string_substring_int", "string,int", "string", substring),
    METHOD("substring", "string_substring_int_int", "string,int,int", "string", substring),
    METHOD("trim", "string_trim", "string", "string", trim),
    METHOD("upperAscii", "string_upper_ascii", "string", "string", upper),
    FN("strings.quote", "strings_quote", "string", "string", quote),
};

const CelLibTable cel__lib_strings = {CEL_LIB_STRINGS, fns, ARRAY_LEN(fns)};
