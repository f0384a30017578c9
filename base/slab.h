/*
 * slab.h - memory for what lives long: places of equal size side by side.
 *
 * DESIGN. Objects that stay are made between buffers and arenas that go. From malloc() they would
 * take parts of the holes which those leave, and what is left of each hole is too small for the
 * next: a fifth of the heap. Here a slab of 64 KB has places of one size only. Sizes are a
 * sixteenth apart. A slab is found from a place in it by its address.
 *
 *     region (1 MB) -> slab, slab, ...        slab: [ head | place | place | ... ]
 *     class -> slabs with a free place
 *
 * Owns:    the slabs. One that is empty gives its pages back to the system but for the last of its
 *          class.
 * Threads: any; a lock a class.
 * Frees:   slab_free(), with the size that was asked for.
 * Fails:   never; it aborts when memory runs out.
 * Tests:   tests/unit/base/test_slab.c
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include "base/base.h"

enum { SLAB_PLACE_MAX = 8192 };

/* Aligned for everything. Above SLAB_PLACE_MAX, and where a sanitizer looks after memory, malloc()
 * has it. */
void *slab_alloc(size_t n) __attribute__((returns_nonnull));
void slab_free(void *p, size_t n);

/* The same, wherever it runs; n <= SLAB_PLACE_MAX. */
void *slab_take(size_t n) __attribute__((returns_nonnull));
void slab_give(void *p, size_t n);
/* Bytes of the slabs that have something in them. */
size_t slab_bytes(void);

#endif
