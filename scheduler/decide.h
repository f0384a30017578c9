/*
 * decide.h - where does this pod go? Pure: from a snapshot and a pod to a node, to pods that must
 * go first, or to reasons.
 *
 * Threads: the scheduler's.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_DECIDE_H
#define SCHEDULER_DECIDE_H

#include "scheduler/plugin.h"

typedef struct Victim {
    const char *ns, *name, *uid;
    int64_t priority, started_us, generation;
    bool is_terminating; /* already */
} Victim;

/* A node on which the end of victims makes room. */
typedef struct Candidate {
    const char *node;
    Victim *victims;          /* most important first */
    uint32_t n, n_violations; /* of disruption budgets */
} Candidate;

/* Extenders (extender.h) answer later: a decision ends with the question, and is taken again with
 * the answer. */
typedef enum Question { ASK_NOTHING, ASK_NODES, ASK_VICTIMS } Question;

/* A node that an extender was asked about. */
typedef struct AskedNode {
    const char *name;
    int64_t score;        /* weighted, of all extenders so far */
    bool is_refused;      /* by one of them: */
    const char *message;  /* why */
    bool is_unresolvable; /* and nobody's going would help */
} AskedNode;

typedef struct AskedNodes {
    AskedNode *items;
    uint32_t n;
    Map by_name; /* name -> AskedNode; goes with the arena */
} AskedNodes;

struct Decision {
    const char *node;     /* NULL: nowhere */
    const char *reason;   /* of the PodScheduled condition: "Unschedulable", "SchedulingGated" */
    const char *message;  /* why not; in the arena */
    uint32_t rejected_by; /* bits by plug-in index */
    /* preemption: the victims' end makes room on `nominated` */
    const char *nominated;
    Victim *victims;
    uint32_t n_victims;
    /* the nodes that do, or all candidates, for somebody else to judge */
    Question question;
    const char **nodes;
    Candidate *candidates;
    uint32_t n_nodes, n_candidates;
    bool is_stale; /* nodes that the answer is about have changed: ask anew */
    /* volumes to bind before the pod */
    const VolumePick *picks;
    uint32_t n_picks;
};

typedef struct DecideInput {
    Snapshot *snapshot; /* the same after as before */
    Lister *lister;     /* may be NULL */
    const char *cluster;
    const Value *pod;
    const SchedPod *self;          /* the same pod, read */
    const Profile *profile;        /* NULL: the default */
    Services *services;            /* may be NULL */
    bool asks_nodes, asks_victims; /* there are extenders for this pod */
    const AskedNodes *answer;      /* to ASK_NODES; NULL: not asked yet */
} DecideInput;

/* `start` is where the look at the nodes begins, moved on for the next pod: with many nodes not all
 * are looked at for every pod. */
Decision decide(Arena *a, const DecideInput *in, uint32_t *start);

/* How many nodes that do are enough, of `n`: `percent` of them, or when that is 0 a share that
 * falls as their number grows. */
uint32_t decide_enough(uint32_t n, int64_t percent);

/* ---- for preempt.c ---- */

/* All filters, with the more important pods that wait for room on the node in mind: true when the
 * node does. */
bool node_does(Cycle *c, SchedNode *n, Verdict *v, uint32_t *ret_plugin);
/* As if the pod came to the node (+1) or left it (-1). */
void cycle_move(Cycle *c, SchedNode *n, const SchedPod *p, int sign);

/* How often which reason was given. */
typedef struct ReasonCount {
    const char *text;
    uint32_t n;
    const char *line; /* "2 Insufficient cpu" */
} ReasonCount;

typedef struct Tally {
    Arena *arena;
    ReasonCount *reasons;
    uint32_t n, cap;
} Tally;

void tally_add(Tally *t, const Verdict *v);
void tally_reason(Tally *t, const char *text, uint32_t n);
void tally_print(Tally *t, Buf *b); /* " 1 a, 2 b." */

#endif
