/*
 * base.h - the vocabulary every file may use: attributes, small macros, cleanup.
 *
 * Include it first. It must stay free of project types, so that any folder can use it.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PRINTF(fmt, args)               __attribute__((format(printf, fmt, args)))
#define MUST_CHECK                      __attribute__((warn_unused_result))
#define UNUSED                          __attribute__((unused))
#define NORETURN                        __attribute__((noreturn))

#define ARRAY_LEN(a)                    (sizeof(a) / sizeof((a)[0]))
#define BIT(n)                          (1u << (n))
#define MIN(a, b)                       ((a) < (b) ? (a) : (b))
#define MAX(a, b)                       ((a) > (b) ? (a) : (b))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* A programming error: prints where and aborts, in every build. */
#define BUG_ON(cond)                                                                               \
    do {                                                                                           \
        if (__builtin_expect(!!(cond), 0))                                                         \
            bug_at(__FILE__, __LINE__, #cond);                                                     \
    } while (0)
NORETURN void bug_at(const char *file, int line, const char *what);

/*
 * Scope cleanup. CLEANUP(foo_free) calls foo_freep(&var) when the variable leaves scope;
 * DEFINE_CLEANUP(Foo, foo_free) makes foo_freep. Destructors accept NULL.
 * TAKE(p) hands the value on and disarms the cleanup.
 */
#define CLEANUP(fn) __attribute__((cleanup(fn##p)))
#define DEFINE_CLEANUP(type, fn)                                                                   \
    static inline void fn##p(type **p)                                                             \
    {                                                                                              \
        fn(*p);                                                                                    \
    }                                                                                              \
    struct type /* swallow the semicolon */

#define TAKE(p)                                                                                    \
    ({                                                                                             \
        __typeof__(p) *take_ = &(p);                                                               \
        __typeof__(p) taken_ = *take_;                                                             \
        *take_ = NULL;                                                                             \
        taken_;                                                                                    \
    })

static inline void freep(void *p)
{
    free(*(void **)p);
}
#define AUTO_FREE __attribute__((cleanup(freep)))

/*
 * Banned: too easy to misuse, and each has a safe counterpart. The headers that declare them are
 * included above; later headers may not mention them.
 */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime atoi

#endif
