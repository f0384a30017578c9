/*
 * daemonset_sync.h - which daemon pods go and on which nodes one comes. Pure.
 *
 * Follows upstream pkg/controller/daemon: daemon_controller.go (podsShouldBeOnNode), update.go
 * (rollingUpdate).
 *
 * Tests:   tests/unit/controllers/test_daemonset_sync.c
 */
#ifndef CONTROLLERS_DAEMONSET_SYNC_H
#define CONTROLLERS_DAEMONSET_SYNC_H

#include "controllers/podutil.h"

enum { DAEMONSET_BURST = 250 /* pods made, and pods deleted, in one sync */ };

typedef struct DsPod {
    const Value *v;
    bool is_deleted, is_failed, is_succeeded, is_ready, is_available;
    bool is_updated; /* of the present template */
    int64_t rest_us; /* a failed one is left for so long yet, so that nothing spins */
    bool must_go;    /* out: delete it */
} DsPod;

typedef struct DsNode {
    const Value *v;
    DsPod *pods; /* oldest first */
    uint32_t n;
    bool should_run;      /* a new pod may be placed here */
    bool should_continue; /* one that is here may stay */
    bool needs_pod;       /* out: make one */
} DsNode;

typedef struct DsCounts {
    int64_t desired, current, misscheduled, ready, available, updated;
} DsCounts;

/* What the template and the node's taints say. `pod_spec` has the tolerations of daemons. */
void daemonset_place(const Value *pod_spec, const Value *node, bool *ret_should_run,
                     bool *ret_should_continue);
/* The pod's spec as daemons have it: tolerations added. */
void daemonset_tolerate(Arena *a, Value *pod_spec);
/* Bind it by affinity to the node's name, as the scheduler reads it. */
void daemonset_bind(Arena *a, Value *pod_spec, const char *node);

/* Resolved against the number of nodes that want a pod; both 0 means 1 unavailable. */
void daemonset_limits(const Value *set, int64_t desired, int64_t *ret_surge,
                      int64_t *ret_unavailable);

/* One pod on each node that should have one; with surge two for the time of an update. */
void daemonset_manage(DsNode *nodes, uint32_t n, bool may_surge);
/* Replace old pods; on nodes that daemonset_manage() left as they are. */
void daemonset_roll(DsNode *nodes, uint32_t n, int64_t surge, int64_t unavailable);
DsCounts daemonset_count(const DsNode *nodes, uint32_t n);

#endif
