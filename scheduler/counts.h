/*
 * counts.h - how many of something there are in each domain, by the domain's number.
 *
 * A number that was counted once stays in the table, with 0 when all are gone again.
 *
 * Owns:    its table.
 * Threads: one at a time.
 * Frees:   counts_done().
 * Fails:   never. Numbers are ours, not a client's, so nobody can aim for collisions.
 * Tests:   tests/unit/scheduler/test_counts.c
 */
#ifndef SCHEDULER_COUNTS_H
#define SCHEDULER_COUNTS_H

#include "base/base.h"

typedef struct CountSlot {
    int64_t n;
    int32_t id; /* -1: free */
} CountSlot;

typedef struct Counts {
    CountSlot *slots; /* a power of two, or NULL */
    uint32_t mask;
    /* read-only */
    uint32_t n;       /* domains */
    uint32_t n_above; /* of them with more than none */
} Counts;

void counts_done(Counts *c);
/* Returns the new number; id >= 0. */
int64_t counts_add(Counts *c, int32_t id, int64_t amount);
bool counts_next(const Counts *c, uint32_t *at, int32_t *ret_id, int64_t *ret_n);

/* NULL: the domain was never counted. */
static inline const CountSlot *counts_find(const Counts *c, int32_t id)
{
    if (!c->slots || id < 0)
        return NULL;
    for (uint32_t i = (uint32_t)id * 2654435769u & c->mask;; i = (i + 1) & c->mask) {
        if (c->slots[i].id == id)
            return &c->slots[i];
        if (c->slots[i].id < 0)
            return NULL;
    }
}

static inline int64_t counts_get(const Counts *c, int32_t id)
{
    const CountSlot *s = counts_find(c, id);

    return s ? s->n : 0;
}

#endif
