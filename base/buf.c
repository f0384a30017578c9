#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>

void buf_done(Buf *b)
{
    free(b->ptr);
    *b = BUF_INIT;
}

void buf_wipe(Buf *b)
{
    if (b->ptr)
        explicit_bzero(b->ptr, b->cap);
    buf_done(b);
}

void buf_reserve(Buf *b, size_t more)
{
    size_t need, cap = b->cap ? b->cap : 64;

    BUG_ON(__builtin_add_overflow(b->len, more + 1, &need));
    if (need <= b->cap)
        return;
    while (cap < need)
        cap *= 2;
    b->ptr = xrealloc(b->ptr, cap);
    if (b->cap == 0)
        b->ptr[0] = 0;
    b->cap = cap;
}

void buf_add(Buf *b, const void *p, size_t n)
{
    buf_reserve(b, n);
    if (n > 0)
        memcpy(b->ptr + b->len, p, n);
    b->len += n;
    b->ptr[b->len] = '\0';
}

void buf_addc(Buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_adds(Buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addf(Buf *b, const char *fmt, ...)
{
    va_list ap, again;
    size_t room;
    int n;

    buf_reserve(b, 0);
    room = b->cap - b->len;
    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(b->ptr + b->len, room, fmt, ap);
    va_end(ap);
    BUG_ON(n < 0);
    if ((size_t)n >= room) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    b->len += (size_t)n;
}

void buf_add_int(Buf *b, int64_t v)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (v < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void buf_add_rune(Buf *b, uint32_t c)
{
    char u[4];
    size_t n;

    if (c < 0x80) {
        u[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        u[0] = (char)(0xc0 | (c >> 6));
        u[1] = (char)(0x80 | (c & 0x3f));
        n = 2;
    } else if (c < 0x10000) {
        u[0] = (char)(0xe0 | (c >> 12));
        u[1] = (char)(0x80 | ((c >> 6) & 0x3f));
        u[2] = (char)(0x80 | (c & 0x3f));
        n = 3;
    } else {
        u[0] = (char)(0xf0 | (c >> 18));
        u[1] = (char)(0x80 | ((c >> 12) & 0x3f));
        u[2] = (char)(0x80 | ((c >> 6) & 0x3f));
        u[3] = (char)(0x80 | (c & 0x3f));
        n = 4;
    }
    buf_add(b, u, n);
}

void buf_reset(Buf *b)
{
    buf_truncate(b, 0);
}

void buf_truncate(Buf *b, size_t len)
{
    BUG_ON(len > b->len);
    b->len = len;
    if (b->ptr)
        b->ptr[len] = '\0';
}

char *buf_take(Buf *b)
{
    char *p;

    buf_reserve(b, 0);
    b->ptr[b->len] = '\0';
    p = b->ptr;
    *b = BUF_INIT;
    return p;
}

const char *buf_str(const Buf *b)
{
    return b->ptr ? b->ptr : "";
}
