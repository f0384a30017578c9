/*
 * decide.h - where does this pod go? Pure: from a snapshot and a pod to a node or to reasons.
 *
 * Threads: the scheduler's.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_DECIDE_H
#define SCHEDULER_DECIDE_H

#include "scheduler/plugin.h"

typedef struct Decision {
    const char *node;     /* NULL: nowhere */
    const char *reason;   /* of the PodScheduled condition: "Unschedulable", "SchedulingGated" */
    const char *message;  /* why not; in the arena */
    uint32_t rejected_by; /* bits by plug-in index */
} Decision;

/* `start` is where the look at the nodes begins, moved on for the next pod: with many nodes not all
 * are looked at for every pod. */
Decision decide(Arena *a, const Snapshot *s, const char *cluster, const Value *pod,
                uint32_t *start);

/* How many nodes that do are enough, of `n`. */
uint32_t decide_enough(uint32_t n);

#endif
