/*
 * fairq.h - transactions that wait for the next group commit, in turns between clusters.
 *
 * DESIGN. Deficit round robin: each cluster with something waiting has a queue of its own, in order
 * of arrival. When its turn comes it may put in as much as a turn is worth, and what it did not use
 * it has left at its next one; what a transaction costs is how much it writes. So a cluster that
 * has ten thousand writes waiting delays another's one by one turn of each, and a cluster that is
 * alone gets everything.
 *
 * Owns:    its queues; transactions are borrowed, through Txn.next_.
 * Threads: one at a time (the store thread).
 * Frees:   fairq_done(), of an empty one.
 * Fails:   never.
 * Tests:   tests/unit/store/test_fairq.c
 */
#ifndef STORE_FAIRQ_H
#define STORE_FAIRQ_H

#include "base/list.h"
#include "base/map.h"
#include "store/store.h"

typedef struct FairQueue {
    /* private */
    Txn *front;  /* before all others: what was taken out already */
    List active; /* flows with something waiting, in the order of their turns */
    Map flows;   /* by cluster */
} FairQueue;

void fairq_init(FairQueue *q);
void fairq_done(FairQueue *q);
void fairq_add(FairQueue *q, Txn *t);
/* Whose turn it is; NULL when nothing waits. It stays where it is until fairq_pop(). */
Txn *fairq_peek(FairQueue *q);
void fairq_pop(FairQueue *q); /* what fairq_peek() has just answered */
/* Taken out, and not done after all: before everything else. The last one first. */
void fairq_put_back(FairQueue *q, Txn *t);
bool fairq_is_empty(const FairQueue *q);

#endif
