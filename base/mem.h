/*
 * mem.h - allocation. The x family aborts when memory runs out, so callers have no such path to
 * test; try_alloc() is for sizes that a client chose and returns NULL beyond its limit.
 *
 * Threads: any.
 * Frees:   everything returned is released with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/base.h"

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));
void *xmemdup(const void *p, size_t n) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...) PRINTF(1, 2) __attribute__((malloc, returns_nonnull));

/* NULL when `size` is above `limit` or memory is short. */
void *try_alloc(size_t size, size_t limit) MUST_CHECK;

/* Grow *p so that it holds at least `need` elements; doubles *cap. */
#define GROW(p, cap, need)                                                                         \
    do {                                                                                           \
        if ((need) > (cap)) {                                                                      \
            size_t grow_ = (cap) ? (size_t)(cap)*2 : 8;                                            \
            while (grow_ < (size_t)(need))                                                         \
                grow_ *= 2;                                                                        \
            (p) = xrealloc((p), grow_ * sizeof(*(p)));                                             \
            (cap) = (__typeof__(cap))grow_;                                                        \
        }                                                                                          \
    } while (0)

#endif
