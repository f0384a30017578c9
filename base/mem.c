#include "base/mem.h"

#include <stdarg.h>

void *xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    BUG_ON(!p);
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    BUG_ON(!p);
    return p;
}

void *xrealloc(void *p, size_t size)
{
    p = realloc(p, size ? size : 1);
    BUG_ON(!p);
    return p;
}

char *xstrdup(const char *s)
{
    return xmemdup(s, strlen(s) + 1);
}

char *xstrndup(const char *s, size_t n)
{
    char *p = xmalloc(n + 1);

    memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

void *xmemdup(const void *p, size_t n)
{
    void *q = xmalloc(n);

    if (n > 0)
        memcpy(q, p, n);
    return q;
}

char *xasprintf(const char *fmt, ...)
{
    va_list ap;
    char *s;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&s, fmt, ap);
    va_end(ap);
    BUG_ON(n < 0);
    return s;
}

void *try_alloc(size_t size, size_t limit)
{
    if (size > limit)
        return NULL;
    return malloc(size ? size : 1);
}
