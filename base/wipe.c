#include "base/wipe.h"

#include <malloc.h>

_Thread_local bool wipe__is_on;
bool wipe__is_everywhere;

void wipe_everywhere(void)
{
    wipe__is_everywhere = true;
}

enum { STACK_NEAR = 16 * 1024, STACK_FAR = 128 * 1024 };

/* What copying has left in them, which whoever saves registers next puts on its stack. Compilers
 * that are not told of the upper sixteen do not use these; libc's copies do. */
static void wipe_registers(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx"))
        __asm__ volatile("vzeroall" ::
                             : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                               "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                               "xmm15");
    if (__builtin_cpu_supports("avx512f"))
        __asm__ volatile(".irp r,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
                         "vpxord %%zmm\\r, %%zmm\\r, %%zmm\\r\n\t"
                         ".endr" ::);
#endif
}

/* What calls have left below the caller's frame. */
__attribute__((noinline)) void wipe__stack(void)
{
    char room[STACK_NEAR];

    explicit_bzero(room, sizeof(room));
    wipe_registers();
}

__attribute__((noinline)) void wipe_stack(void)
{
    char room[STACK_FAR];

    explicit_bzero(room, sizeof(room));
    wipe_registers();
}

#ifndef ARENA_DEBUG

/* glibc's own; it lets programs put theirs in front. */
void __libc_free(void *p);
void *__libc_realloc(void *p, size_t n);

void free(void *p)
{
    if (wipe_is_on() && p)
        explicit_bzero(p, malloc_usable_size(p));
    __libc_free(p);
}

/* glibc's may leave the bytes where they were. */
void *realloc(void *p, size_t n)
{
    size_t room;
    void *q;

    if (!wipe_is_on() || !p || n == 0)
        return __libc_realloc(p, n);
    room = malloc_usable_size(p);
    if (n <= room && n > room / 2)
        return p;
    q = malloc(n);
    if (!q)
        return NULL;
    memcpy(q, p, MIN(n, room));
    free(p);
    return q;
}

#endif
