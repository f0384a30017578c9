/*
 * turns.h - work that waits on a loop, in turns between those it is for.
 *
 * DESIGN. Deficit round robin. Each key (a tenant's cluster) with work waiting has a queue of its
 * own, in order of arrival. When its turn comes it is given a quantum and works until what it has
 * is used up; what an item costs is said when it was done, so that it may go over, and pays for it
 * by missing turns. So one that has ten thousand items waiting delays another's by one quantum and
 * one item, and one that is alone gets everything.
 *
 * Owns:    its queues; items are the caller's, who may take one out again at any time.
 * Threads: one.
 * Frees:   turns_done(); items that still wait are left alone.
 * Fails:   never.
 * Tests:   tests/unit/base/test_turns.c
 */
#ifndef BASE_TURNS_H
#define BASE_TURNS_H

#include "base/list.h"
#include "base/map.h"

/* Part of what waits; list_init() before the first use. */
typedef struct Turn {
    List link; /* alone: it does not wait */
} Turn;

typedef struct Turns {
    /* private */
    List active; /* flows in the order of their turns */
    Map flows;   /* by key */
    int64_t quantum;
} Turns;

void turns_init(Turns *t, int64_t quantum); /* quantum: in what costs are in */
void turns_done(Turns *t);
void turns_add(Turns *t, int64_t key, Turn *item); /* one that waits already stays where it is */
static inline void turns_remove(Turn *item)
{
    list_del(&item->link);
}
bool turns_is_empty(Turns *t);
/* Whose turn it is, taken out; NULL when nothing waits. turns_charge() says what it cost before the
 * next one is asked for. */
Turn *turns_next(Turns *t);
void turns_charge(Turns *t, int64_t cost);

#endif
