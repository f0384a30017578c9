/*
 * ring.h - the newest events of a cache, in order of revision.
 *
 * Bounded by count and by bytes; grows with use. Everything with a revision above `floor` that the
 * cache has seen is in it.
 *
 * Owns:    a reference on each event.
 * Threads: one writer, guarded by the lock of its cache.
 * Frees:   ring_done().
 * Tests:   tests/unit/store/test_ring.c
 */
#ifndef STORE_RING_H
#define STORE_RING_H

#include "store/store.h"

enum { RING_MAX_EVENTS = 1024, RING_MIN_EVENTS = 64, RING_MAX_BYTES = 8 * 1024 * 1024 };

typedef struct RingSlot {
    int64_t revision;
    Event *event;
} RingSlot;

typedef struct Ring {
    /* read-only */
    RingSlot *slots; /* cap is a power of two */
    uint32_t cap, n;
    uint64_t first; /* number of the oldest event; numbers only grow */
    size_t bytes;
    int64_t floor;
} Ring;

void ring_init(Ring *r, int64_t floor);
void ring_done(Ring *r);
void ring_add(Ring *r, Event *e);         /* takes its own reference */
void ring_forget(Ring *r, int64_t up_to); /* the events up to that revision */
/* The i-th of `n`, the oldest first; borrowed. */
Event *ring_at(const Ring *r, uint32_t i);
/* The first event with a revision above `after`, borrowed; NULL when there is none. *hint is a
 * number kept by the reader between calls, 0 at first. */
Event *ring_after(const Ring *r, int64_t after, uint64_t *hint);

#endif
