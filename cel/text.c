#include "cel/cel_int.h"

/* The bytes of a code point by its first byte and the least first continuation; 0: invalid. */
static size_t rune_len(const unsigned char *p, size_t n)
{
    size_t need;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n < need)
        return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return need;
}

uint32_t cel__rune(Slice s, size_t at, size_t *ret_len)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    size_t n = rune_len(p, s.len - at);

    *ret_len = n > 0 ? n : 1;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
    case 3:
        return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    case 4:
        return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
    default:
        return 0xfffd;
    }
}

size_t cel__code_points(Slice s)
{
    size_t n = 0;

    for (size_t at = 0, len; at < s.len; at += len, n++) {
        if ((unsigned char)s.ptr[at] < 0x80)
            len = 1;
        else
            (void)cel__rune(s, at, &len);
    }
    return n;
}

size_t cel__offset(Slice s, size_t n)
{
    size_t at = 0, len;

    for (; n > 0 && at < s.len; n--, at += len)
        (void)cel__rune(s, at, &len);
    return at;
}

void cel__add_rune(Buf *b, uint32_t r)
{
    if (r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
        r = 0xfffd;
    buf_add_rune(b, r);
}
