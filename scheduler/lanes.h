/*
 * lanes.h - which cluster's turn it is: the one that has least of what it may have (dominant share
 * over its weight), as long as giving it turns places pods.
 *
 * Each cluster with pods to place is a lane. Turns go to the lane with the smallest share, among
 * equals to the one that waits longest. A turn that placed nothing moves the lane behind the next
 * one until it places something again, so that pods that fit nowhere cost the others no more than
 * under round robin. Every eighth turn goes to the lane that waits longest, whatever it has: a
 * small tenant's thousand pods slow a large one's down, but do not stop them.
 *
 * Owns:    its lanes.
 * Threads: the scheduler's only.
 * Frees:   lanes_done().
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_queue.c
 */
#ifndef SCHEDULER_LANES_H
#define SCHEDULER_LANES_H

#include "base/list.h"
#include "base/map.h"

typedef struct Lane {
    /* public */
    List pods; /* the queue's */
    size_t n;  /* entries of the queue that point here */
    /* private */
    char *cluster;
    double share; /* dominant share over weight */
    double floor; /* >= share: where turns that placed nothing have moved it */
    uint64_t served;
    List in_ring;
    uint32_t at; /* in the heap; LANE_OUT */
} Lane;

typedef struct Lanes {
    Map by_name;
    List ring; /* lanes with pods, the one that waits longest first */
    Lane **heap;
    uint32_t n, cap;
    uint64_t turns;
} Lanes;

void lanes_init(Lanes *l);
void lanes_done(Lanes *l);
Lane *lane_need(Lanes *l, const char *cluster);
void lane_drop(Lanes *l, Lane *lane); /* nothing points to it any more */

/* The lane has pods to place now, or none any more. */
void lane_enter(Lanes *l, Lane *lane);
void lane_leave(Lanes *l, Lane *lane);
Lane *lanes_next(Lanes *l); /* whose turn it is; NULL: nobody has pods */
void lane_failed(Lanes *l, Lane *lane);
/* What the cluster has by now; after a pod was placed or has ended. */
void lanes_set_share(Lanes *l, const char *cluster, double share);

#endif
