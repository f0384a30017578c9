/*
 * memguard.h - what tenants' secrets lie in as plain text stays in memory: no image of the process
 * has it, and it does not reach swap space.
 *
 * Keys have memory of their own (base/secret.h). Plaintext is everywhere: in caches, in arenas, in
 * buffers of libraries. So it is not a buffer that is kept back here but the process.
 *
 * Dumps.   None is written when the process dies. One that is made all the same - by a debugger
 *          (gcore), or because somebody raised the limits - has registers and the map of memory,
 *          and no memory (core(5), coredump_filter). What a dump was good for, base/crash.h does.
 * Swap.    Where there is swap space that this process may use, all of its memory is locked. Where
 *          there is none, nothing is.
 *
 * Threads: the main thread; memguard_give_back() any.
 * Fails:   memguard_swap() with ERR_UNAVAILABLE and what to do about it.
 * Tests:   tests/unit/base/test_memguard.c, tests/e2e/test_keys.py
 */
#ifndef BASE_MEMGUARD_H
#define BASE_MEMGUARD_H

#include "base/base.h"

typedef struct Err Err;

void memguard_dumps(void);
/* is_swap_allowed: it starts even if memory can be swapped out and cannot be locked. */
int memguard_swap(bool is_swap_allowed, Err *err) MUST_CHECK;
/* Now and then: swap space may have been added since. Then memory is locked now, or the log warns.
 */
void memguard_look_again(void);

/* Does the machine have swap space, and may this process's control groups use it? From
 * PROC/swaps, PROC/self/cgroup and CGROUPS/.../memory.swap.max. */
bool memguard_can_swap(const char *proc, const char *cgroups);

/* The pages are the kernel's again, and zeros when they are touched next; locked ones as well. */
void memguard_give_back(void *pages, size_t n);

#endif
