/*
 * preempt.h - which pods would have to go, and from which node, so that a more important one of the
 * same cluster fits. Pure. Other tenants' pods are never victims.
 *
 * Threads: the scheduler's.
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_preempt.c
 */
#ifndef SCHEDULER_PREEMPT_H
#define SCHEDULER_PREEMPT_H

#include "scheduler/decide.h"

/* `hopeful` are the nodes that refuse the pod for what pods take of them. Fills d->nominated and
 * d->victims, or appends to `message` why there are none. Follows upstream's defaultpreemption. */
/* ... or, when an extender is to judge, all candidates. */
void preempt(Cycle *c, SchedNode *const *hopeful, uint32_t n, Decision *d, Buf *message);

/* The best of the candidates becomes the decision's. */
void preempt_choose(Arena *a, const Candidate *list, uint32_t n, Decision *d);

#endif
