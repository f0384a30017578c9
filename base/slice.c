#include "base/slice.h"

bool slice_cut(Slice *s, char sep, Slice *ret_head)
{
    const char *at = s->len > 0 ? memchr(s->ptr, sep, s->len) : NULL;

    if (!at) {
        *ret_head = *s;
        *s = (Slice){s->ptr + s->len, 0};
        return false;
    }
    *ret_head = (Slice){s->ptr, (size_t)(at - s->ptr)};
    *s = (Slice){at + 1, s->len - ret_head->len - 1};
    return true;
}

size_t slice_find(Slice s, char c)
{
    const char *p = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;

    return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

size_t slice_find_last(Slice s, char c)
{
    const char *p = s.len > 0 ? memrchr(s.ptr, c, s.len) : NULL;

    return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Slice slice_trim(Slice s)
{
    while (s.len > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool slice_to_int64(Slice s, int64_t *ret)
{
    bool is_negative = false;
    int64_t v = 0;
    size_t i = 0;

    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+')) {
        is_negative = s.ptr[0] == '-';
        i = 1;
    }
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        int digit = s.ptr[i] - '0';

        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, is_negative ? -digit : digit, &v))
            return false;
    }
    *ret = v;
    return true;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);

    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool str_among(const char *s, const char *const *list)
{
    for (; s && *list; list++)
        if (strcmp(*list, s) == 0)
            return true;
    return false;
}
