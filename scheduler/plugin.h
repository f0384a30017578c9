/*
 * plugin.h - the scheduling framework: a plug-in is a row of functions, one for each extension
 * point that it takes part in. Pure: what they may look at is the Cycle.
 *
 * Points, in order: queue_sort, pre_filter, filter, post_filter, score with normalize, reserve,
 * permit, bind. A row leaves what it does not need NULL. At least one row has queue_sort and one
 * bind.
 *
 * Threads: the scheduler's, but `bind`, which runs on a binder thread.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_PLUGIN_H
#define SCHEDULER_PLUGIN_H

#include "client/client.h"
#include "scheduler/snapshot.h"

typedef struct Err Err;

enum { SCORE_MAX = 100 };

/* What may make a pod schedulable that was not: bits for Plugin.wakes and queue moves. */
typedef enum WakeFlags {
    WAKE_NODE_ADDED = 1u << 0,
    WAKE_NODE_ALLOCATABLE = 1u << 1, /* its resources changed */
    WAKE_NODE_LABEL = 1u << 2,
    WAKE_NODE_TAINT = 1u << 3,  /* taints or spec.unschedulable */
    WAKE_POD_REMOVED = 1u << 4, /* a bound pod ended */
    WAKE_POD_UPDATED = 1u << 5, /* the waiting pod itself changed */
    WAKE_ALL = (1u << 6) - 1,
} WakeFlags;

typedef struct Cycle { /* one attempt at one pod */
    Arena *arena;
    const Snapshot *snapshot;
    const char *cluster;
    const Value *pod;
    Res requests;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort ports[16];
    uint32_t n_ports;
} Cycle;

/* Why a node does not do: texts, counted over nodes in the message. None: it does. */
typedef struct Verdict {
    const char *reasons[4];
    uint32_t n;
    bool is_unresolvable; /* removing pods from the node would not help */
} Verdict;

typedef struct QueuedPod { /* what queue_sort sees */
    int64_t priority, queued_us;
} QueuedPod;

typedef struct Plugin {
    const char *name;
    int weight; /* of its score */
    uint32_t wakes;
    int (*queue_sort)(const QueuedPod *a, const QueuedPod *b); /* < 0: a goes first */
    /* NULL: go on; else why no node can do: the pod waits. */
    const char *(*pre_filter)(Cycle *c);
    void (*filter)(const Cycle *c, const SchedNode *n, Verdict *v);
    /* Text that is appended to the message when no node does. */
    const char *(*post_filter)(Cycle *c, uint32_t n_nodes, uint32_t n_unresolvable);
    int64_t (*score)(const Cycle *c, const SchedNode *n); /* 0..SCORE_MAX unless normalized */
    void (*normalize)(int64_t *scores, uint32_t n);
    /* NULL: fine; else why the node may not be used after all. */
    const char *(*reserve)(const Cycle *c, const SchedNode *n);
    const char *(*permit)(const Cycle *c, const SchedNode *n);
    int (*bind)(Client *client, const char *cluster, const Value *pod, const char *node, Err *err);
} Plugin;

extern const Plugin scheduler__plugins[];
extern const uint32_t scheduler__n_plugins;

/* ---- the rows' functions, in files by subject ---- */
void filter_unschedulable(const Cycle *c, const SchedNode *n, Verdict *v);
void filter_node_name(const Cycle *c, const SchedNode *n, Verdict *v);
void filter_taints(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_taints(const Cycle *c, const SchedNode *n);
void filter_affinity(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_affinity(const Cycle *c, const SchedNode *n);
void filter_fit(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_least_allocated(const Cycle *c, const SchedNode *n);
int64_t score_balanced(const Cycle *c, const SchedNode *n);
void filter_ports(const Cycle *c, const SchedNode *n, Verdict *v);
const char *pre_filter_gates(Cycle *c);
const char *post_filter_preemption(Cycle *c, uint32_t n_nodes, uint32_t n_unresolvable);
void normalize_up(int64_t *scores, uint32_t n);   /* the largest becomes SCORE_MAX */
void normalize_down(int64_t *scores, uint32_t n); /* the smallest does */

void verdict_add(Verdict *v, const char *reason);
/* A NodeSelectorTerm; one without expressions matches nothing. */
bool node_term_matches(const Value *term, const Value *node);

#endif
