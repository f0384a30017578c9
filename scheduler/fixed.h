/*
 * fixed.h - what plug-ins say of a node that no pod on it can change: does its tenant's view of it
 * suit the pod's selector, affinity and tolerations? Asked once for a node and all pods that want
 * the same, again when the node has changed.
 *
 * Owns:    nothing; a class lives in a memo of the snapshot until the next decision at least.
 * Threads: the scheduler's only.
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_reference.c
 */
#ifndef SCHEDULER_FIXED_H
#define SCHEDULER_FIXED_H

#include "scheduler/plugin.h"

enum { FIXED_SCORES_MAX = 4 }; /* plug-ins that are fixed and score */

typedef struct FixedRow {
    const struct FixedRefusal *refusal; /* NULL: it suits */
    int32_t scores[FIXED_SCORES_MAX];   /* before they are normalized */
    uint32_t version;                   /* of the node's room; 0: never asked */
} FixedRow;

typedef struct FixedRefusal {
    Verdict verdict;
    uint32_t plugin; /* who said so */
} FixedRefusal;

struct FixedClass {
    Arena *arena;
    FixedRow *rows; /* by slot */
    uint32_t cap;
    Map refusals;                      /* text -> FixedRefusal */
    bool has_scores[FIXED_SCORES_MAX]; /* some node had one that is not 0 */
};

/* The class of the cycle's pod. */
FixedClass *fixed_class(Cycle *c);
const FixedRow *fixed_ask(const Cycle *c, FixedClass *k, const SchedNode *n);

static inline const FixedRow *fixed_row(const Cycle *c, const SchedNode *n)
{
    const FixedRow *row = n->slot < c->fixed->cap ? &c->fixed->rows[n->slot] : NULL;

    return row && row->version == n->room->version ? row : fixed_ask(c, c->fixed, n);
}

#endif
