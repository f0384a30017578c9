/*
 * arena.h - memory that is freed all at once.
 *
 * Owns:    every block handed out. arena_free() runs the arena_on_free() hooks, last first, then
 *          releases all of it.
 * Threads: one at a time; a request's arena belongs to the thread that runs the request.
 * Fails:   never (memory that runs out aborts). Sizes that a client chose are limited by the
 * caller. Tests:   tests/unit/base/test_arena.c
 *
 * Built with -DARENA_DEBUG every allocation is its own malloc, so that ASan sees overruns.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

typedef struct Arena Arena;

Arena *arena_new(void);
/* The same with a first block of `size` bytes, for many small arenas that live long. */
Arena *arena_new_sized(size_t size);
void arena_free(Arena *a);
DEFINE_CLEANUP(Arena, arena_free);

/* From now on every thread keeps up to 112 KB of the blocks of arenas that it has freed, for the
 * next ones: for a process whose threads are few and always busy. */
void arena_keep_blocks(void);

/* Nothing of what it gives out stays in memory when it goes, nor of what its hooks free: for
 * secrets on their way. One that a thread makes while it wipes (base/wipe.h) is so from the start.
 */
void arena_wipe(Arena *a);
bool arena_is_wiped(const Arena *a);

/* Zeroed, aligned for any type. */
void *arena_alloc(Arena *a, size_t size) __attribute__((returns_nonnull));
#define arena_new0(a, type)     ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n) * sizeof(type)))

/* Room for one more: GROW() (base/mem.h) for arrays in an arena, from `first` items on. */
#define ARENA_GROW(a, p, n, cap, first)                                                            \
    do {                                                                                           \
        if ((n) == (cap)) {                                                                        \
            (cap) = (cap) ? (cap)*2 : (first);                                                     \
            (p) = arena_extend((a), (p), (n) * sizeof(*(p)), (cap) * sizeof(*(p)));                \
        }                                                                                          \
    } while (0)
/* A copy of the first `n` bytes, with zeros after them. */
void *arena_extend(Arena *a, const void *p, size_t n, size_t size) __attribute__((returns_nonnull));

char *arena_strdup(Arena *a, const char *s) __attribute__((returns_nonnull));
char *arena_strndup(Arena *a, const char *s, size_t n) __attribute__((returns_nonnull));
/* One text behind the other. */
char *arena_join(Arena *a, const char *x, const char *y) __attribute__((returns_nonnull));
char *arena_printf(Arena *a, const char *fmt, ...) PRINTF(2, 3) __attribute__((returns_nonnull));

/* Call fn(data) when the arena goes. */
void arena_on_free(Arena *a, void (*fn)(void *), void *data);

/* Bytes handed out so far; for limits and tests. */
size_t arena_used(const Arena *a);

#endif
