/*
 * snapshot.h - the truth that scheduling decisions are made on: the host's nodes, what all tenants'
 * pods take of them, and each tenant's view of them. Kept up to date change by change, never
 * rebuilt.
 *
 * A tenant sees its nodes through an overlay of its own (labels, taints, unschedulable, extended
 * resources); node_view() is what filters must look at. What is taken of a node is the truth of all
 * tenants.
 *
 * Owns:    its nodes, views and pods.
 * Threads: the scheduler's only.
 * Frees:   snapshot_free(). A SchedNode or SchedPod is borrowed until the next change.
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_SNAPSHOT_H
#define SCHEDULER_SNAPSHOT_H

#include "base/map.h"
#include "scheduler/pod.h"

/* What a node is, in somebody's eyes. */
typedef struct NodeView {
    Arena *arena;
    const Value *labels, *taints; /* NULL when there are none */
    bool is_unschedulable;
    Res allocatable;
} NodeView;

typedef struct SchedNode {
    char *name;
    const Value
        *value;     /* the host's Node without what is not needed; NULL while only pods are known */
    NodeView *view; /* the host's; NULL with value */
    const char **images;
    uint32_t n_images;
    Res requested;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort *ports;
    uint32_t n_ports, cap_ports;
    uint32_t n_pods, n_nominated;
    List pods; /* SchedPod.in_node */
} SchedNode;

/* An image that nodes have: its size, and on how many it is. */
typedef struct ImageState {
    int64_t size_bytes;
    uint32_t n_nodes;
} ImageState;

typedef struct SchedCluster {
    char *name;
    List pods;    /* SchedPod.in_cluster: all that have a node */
    List terms;   /* SchedPod.in_terms: those of them with affinity terms */
    Map overlays; /* node name -> Overlay */
} SchedCluster;

/* A pod that waits for room that preemption makes on a node. */
typedef struct Nominated {
    SchedPod *pod;
    SchedNode *node;
    bool is_claimed; /* by the pod's status, which its tenant writes: others need not care */
} Nominated;

typedef struct Snapshot {
    Map by_name;
    SchedNode **nodes; /* those with a value, in no particular order */
    uint32_t n_nodes, cap_nodes;
    Map pods;      /* id -> SchedPod, which it owns */
    Map clusters;  /* name -> SchedCluster */
    Map images;    /* name -> ImageState */
    Map nominated; /* id -> Nominated */
} Snapshot;

Snapshot *snapshot_new(void);
void snapshot_free(Snapshot *s);
DEFINE_CLEANUP(Snapshot, snapshot_free);

/* value NULL: the node is gone. The tree is copied. */
void snapshot_set_node(Snapshot *s, const char *name, const Value *value);
/* A tenant's overlay of a node (api/nodeoverlay.h); NULL: it has none any more. */
void snapshot_set_overlay(Snapshot *s, const char *cluster, const char *node, const Value *overlay);
/* What `cluster` sees of the node. */
const NodeView *node_view(const SchedCluster *cluster, const SchedNode *n);

/* The pod takes its share of `node`; again with another node moves it. Takes the pod over and
 * returns it. */
SchedPod *snapshot_add_pod(Snapshot *s, SchedPod *pod, const char *node);
bool snapshot_remove_pod(Snapshot *s, const char *id);            /* true when it was there */
void snapshot_remove_cluster(Snapshot *s, const char *cluster);   /* all its pods and overlays */
const char *snapshot_pod_node(const Snapshot *s, const char *id); /* NULL when not there */
/* NULL when nothing is known of it. */
SchedCluster *snapshot_cluster(const Snapshot *s, const char *cluster);

/* Preemption makes room for the pod on the node. Takes the pod over. */
void snapshot_nominate(Snapshot *s, SchedPod *pod, const char *node);
void snapshot_nominate_as_claimed(Snapshot *s, SchedPod *pod, const char *node);
void snapshot_unnominate(Snapshot *s, const char *id);
const char *snapshot_nominated_node(const Snapshot *s, const char *id); /* NULL: none */

/* Take a pod's share off its node for a while, or a share onto a node: the pod stays where it is
 * known. Each lift is undone by a lay and the other way round. */
void node_lift(SchedNode *n, const SchedPod *p);
void node_lay(SchedNode *n, const SchedPod *p);

#endif
