/*
 * wipe.h - memory that had secrets in it is overwritten when it is given back.
 *
 * A thread that handles such a thing says so for as long as it does:
 *
 *     WIPING_IF(is_secret);              until the end of the scope
 *     wipe_set(true);                    until it says otherwise
 *     wipe_everywhere();                 all threads: programs that do nothing else
 *
 * What it frees meanwhile is overwritten, whoever in the process frees it: free() and realloc() are
 * this module's, so buffers of libraries are among it. What is made meanwhile and stays - arenas
 * (base/arena.h), objects (api/obj.h) - is marked, and overwritten when it goes, on any thread. To
 * all others a free() costs one look at a flag of the thread.
 *
 * When the scope ends, so are vector registers and the next part of the stack, which calls in it
 * have used; wipe_stack() reaches as far as libraries' buffers for whole records do.
 *
 * Threads: any; the flag is each thread's own.
 * Tests:   tests/unit/base/test_wipe.c, tests/e2e/test_keys.py
 *
 * Under a sanitizer free() is the sanitizer's, and only what is marked is overwritten.
 */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include "base/base.h"

extern _Thread_local bool wipe__is_on;
extern bool wipe__is_everywhere;

static inline bool wipe_is_on(void)
{
    return __builtin_expect(wipe__is_on || wipe__is_everywhere, 0);
}

/* Of this thread; what it was before. */
static inline bool wipe_set(bool is_on)
{
    bool before = wipe__is_on;

    wipe__is_on = is_on;
    return before;
}

/* Before there are other threads. */
void wipe_everywhere(void);

static inline bool wipe__also(bool is_on)
{
    return wipe_set(wipe__is_on || is_on);
}
void wipe_stack(void);
void wipe__stack(void);
static inline void wipe__restore(const bool *before)
{
    if (__builtin_expect(wipe__is_on && !*before, 0))
        wipe__stack();
    wipe__is_on = *before;
}
/* Declare it first in its scope: what else has a cleanup there is cleaned up before. */
#define WIPING_IF(cond)                                                                            \
    __attribute__((cleanup(wipe__restore))) bool wipe_before_ UNUSED = wipe__also(cond)
/* The same, and not if not: for a part of what a thread does that knows better. */
#define WIPING_AS(cond)                                                                            \
    __attribute__((cleanup(wipe__restore))) bool wipe_before_ UNUSED = wipe_set(cond)

#endif
