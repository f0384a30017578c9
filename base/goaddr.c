#include "base/goaddr.h"

#include "base/base.h"

#include <ctype.h>

/* Four numbers without leading zeros. */
static const char *read_ipv4(Slice s, unsigned char *out, Slice *at)
{
    int value = 0, digits = 0, part = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        Slice rest = {s.ptr + i, s.len - i};

        if (isdigit((unsigned char)c)) {
            if (digits == 1 && value == 0)
                return "IPv4 field has octet with leading zero";
            value = value * 10 + (c - '0');
            digits++;
            if (value > 255)
                return "IPv4 field has value >255";
        } else if (c == '.') {
            if (digits == 0 || i + 1 == s.len) {
                *at = rest;
                return "IPv4 field must have at least one digit";
            }
            if (part == 3)
                return "IPv4 address too long";
            out[part++] = (unsigned char)value;
            value = digits = 0;
        } else {
            *at = rest;
            return "unexpected character";
        }
    }
    if (part < 3)
        return "IPv4 address too short";
    out[3] = (unsigned char)value;
    return NULL;
}

/* Up to four hex digits; the number of them, 5 when there are more. */
static size_t read_group(Slice s, unsigned *ret)
{
    size_t n = 0;

    *ret = 0;
    for (; n < s.len && isxdigit((unsigned char)s.ptr[n]); n++) {
        int c = tolower((unsigned char)s.ptr[n]);

        if (n == 4)
            return 5;
        *ret = *ret * 16 + (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return n;
}

static void skip(Slice *s, size_t n)
{
    s->ptr += n;
    s->len -= n;
}

typedef struct Groups {
    unsigned char *out;
    size_t n, gap; /* bytes; where "::" was, SIZE_MAX: nowhere */
} Groups;

/* One group, or the IPv4 address at the end, and what is between it and the next. */
static const char *read_part(Slice *s, Groups *g, Slice *at)
{
    unsigned group;
    size_t len = read_group(*s, &group);
    const char *wrong;

    *at = *s;
    if (len == 5)
        return "each group must have 4 or less digits";
    if (len == 0)
        return "each colon-separated field must have at least one digit";
    if (len < s->len && s->ptr[len] == '.') {
        if (g->gap == SIZE_MAX && g->n != 12)
            return "embedded IPv4 address must replace the final 2 fields of the address";
        if (g->n + 4 > 16)
            return "too many hex fields to fit an embedded IPv4 at the end of the address";
        *at = (Slice){"", 0};
        wrong = read_ipv4(*s, g->out + g->n, at);
        g->n += 4;
        skip(s, s->len);
        return wrong;
    }
    g->out[g->n++] = (unsigned char)(group >> 8);
    g->out[g->n++] = (unsigned char)group;
    skip(s, len);
    *at = *s;
    if (s->len == 0)
        return NULL;
    if (s->ptr[0] != ':')
        return "unexpected character, want colon";
    if (s->len == 1)
        return "colon must be followed by more characters";
    skip(s, 1);
    *at = *s;
    if (s->ptr[0] == ':') {
        if (g->gap != SIZE_MAX)
            return "multiple :: in address";
        g->gap = g->n;
        skip(s, 1);
    }
    return NULL;
}

static const char *read_ipv6(Slice s, unsigned char *out, Slice *at)
{
    Groups g = {out, 0, SIZE_MAX};

    memset(out, 0, 16);
    if (slice_starts(s, "::")) {
        g.gap = 0;
        skip(&s, 2);
    }
    while (g.n < 16 && s.len > 0) {
        const char *wrong = read_part(&s, &g, at);

        if (wrong)
            return wrong;
    }
    *at = s;
    if (s.len > 0)
        return "trailing garbage after address";
    if (g.n < 16) {
        if (g.gap == SIZE_MAX)
            return "address string too short";
        memmove(out + 16 - (g.n - g.gap), out + g.gap, g.n - g.gap);
        memset(out + g.gap, 0, 16 - g.n);
    } else if (g.gap != SIZE_MAX) {
        return "the :: must expand to at least one field of zeros";
    }
    return NULL;
}

const char *goaddr_parse(Slice s, GoAddr *ret, Slice *at)
{
    *at = (Slice){"", 0};
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.') {
            ret->size = 4;
            return read_ipv4(s, ret->bytes, at);
        }
        if (s.ptr[i] == ':') {
            ret->size = 16;
            return read_ipv6(s, ret->bytes, at);
        }
        if (s.ptr[i] == '%')
            return "missing IPv6 address";
    }
    return "unable to parse IP";
}
