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
 * Tests:   tests/unit/scheduler/test_decide.c, test_reference.c
 */
#ifndef SCHEDULER_SNAPSHOT_H
#define SCHEDULER_SNAPSHOT_H

#include "scheduler/counts.h"
#include "scheduler/memo.h"
#include "scheduler/pod.h"
#include "scheduler/terms.h"
#include "scheduler/topology.h"

/* What a node is, in somebody's eyes. */
typedef struct NodeView {
    Arena *arena;
    const Value *labels, *taints; /* NULL when there are none */
    bool is_unschedulable;
    Res allocatable;
} NodeView;

/* What is asked of a node most often, one cache line; those of all nodes lie side by side, by slot.
 */
typedef struct Room {
    int64_t cpu_milli, memory; /* allocatable */
    int64_t free_cpu_milli, free_memory, free_ephemeral;
    int64_t nonzero_cpu_milli, nonzero_memory; /* what pods take, as scoring counts it */
    uint32_t version;                          /* of what the node is, in anybody's eyes */
    int16_t free_pods;
    uint16_t n_nominated; /* pods that wait for room on it */
} Room;

enum { NO_SLOT = UINT32_MAX };

typedef struct SchedNode {
    char *name;
    uint64_t hash; /* of the name */
    uint32_t slot; /* in Snapshot.nodes and rooms; NO_SLOT without value */
    uint32_t n_overlays;
    Room *room; /* in Snapshot.rooms; NULL without value. Up to here is what scores look at */
    const Value
        *value;     /* the host's Node without what is not needed; NULL while only pods are known */
    NodeView *view; /* the host's; NULL with value */
    const struct ImageState **images; /* sorted by address */
    uint32_t n_images;
    Res requested;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort *ports;
    uint32_t n_ports, cap_ports;
    uint32_t n_pods, n_nominated;
    List pods;      /* SchedPod.in_node */
    List nominated; /* Nominated.in_node */
} SchedNode;

/* Memory of a decision that is used again for the next. */
typedef enum ScratchUse {
    SCRATCH_FOUND,
    SCRATCH_HOPEFUL,
    SCRATCH_TOTALS,
    SCRATCH_SCORES,
    SCRATCH_MAX_
} ScratchUse;

/* An image that nodes have: its size, and on how many it is. */
typedef struct ImageState {
    char *name;
    int64_t size_bytes;
    uint32_t n_nodes;
} ImageState;

typedef struct PriorityCount {
    int64_t priority;
    uint32_t n;
} PriorityCount;

typedef struct SchedCluster {
    char *name;
    List pods;    /* SchedPod.in_cluster: all that have a node */
    List terms;   /* SchedPod.in_terms: those of them with affinity terms */
    Terms groups; /* the terms */
    Map overlays; /* node name -> Overlay */
    Res requested;
    MemoList memos;
    PriorityCount *priorities; /* of its pods that have a node, lowest first */
    uint32_t n_priorities, cap_priorities;
} SchedCluster;

/* A pod that waits for room that preemption makes on a node. */
typedef struct Nominated {
    SchedPod *pod;
    SchedNode *node;
    List in_node;
    bool is_claimed; /* by the pod's status, which its tenant writes: others need not care */
} Nominated;

typedef struct Snapshot {
    Map by_name;
    SchedNode **nodes; /* those with a value, in no particular order */
    Room *rooms;       /* theirs */
    Res allocatable;   /* of all of them, in the host's eyes */
    uint32_t n_nodes, cap_nodes;
    uint32_t node_version; /* the last one given to a room */
    Topology topology;
    Memos memos;
    MemoList memos_of_all; /* those that hold for every cluster */
    void *scratch[SCRATCH_MAX_];
    size_t cap_scratch[SCRATCH_MAX_]; /* bytes */
    Map pods;                         /* id -> SchedPod, which it owns */
    Map clusters;                     /* name -> SchedCluster */
    Map images;                       /* name -> ImageState */
    Map nominated;                    /* id -> Nominated */
} Snapshot;

Snapshot *snapshot_new(void);
void snapshot_free(Snapshot *s);
DEFINE_CLEANUP(Snapshot, snapshot_free);

/* value NULL: the node is gone. The tree is copied. */
void snapshot_set_node(Snapshot *s, const char *name, const Value *value);
bool node_has_image(const SchedNode *n, const ImageState *st);
/* A tenant's overlay of a node (api/nodeoverlay.h); NULL: it has none any more. */
void snapshot_set_overlay(Snapshot *s, const char *cluster, const char *node, const Value *overlay);
/* What `cluster` sees of the node. */
const NodeView *node_view(const SchedCluster *cluster, const SchedNode *n);

int32_t snapshot_domain_in_view(Snapshot *s, const SchedCluster *c, TopologyKey *k,
                                const SchedNode *n);
/* The domain that the cluster sees the node in; -1: in none. */
static inline int32_t domain_of(Snapshot *s, const SchedCluster *c, TopologyKey *k,
                                const SchedNode *n)
{
    if (n->n_overlays > 0 && c && c->overlays.n > 0)
        return snapshot_domain_in_view(s, c, k, n);
    return k->of && n->slot < k->cap ? k->of[n->slot] : -1;
}
TopologyKey *snapshot_topology_key(Snapshot *s, const char *name);
/* The same of a term; it remembers. */
static inline TopologyKey *affinity_term_domains(Snapshot *s, AffinityTerm *t)
{
    if (t->version != s->memos.version) {
        t->domains = snapshot_topology_key(s, t->topology_key);
        t->version = s->memos.version;
    }
    return t->domains;
}
/* Sees to it that the counts of the cluster's term groups are right. */
void snapshot_count_terms(Snapshot *s, SchedCluster *c);
/* As if the pod, which is in the snapshot, came to the node (+1) or left it (-1). */
void snapshot_move_terms(Snapshot *s, SchedCluster *c, const SchedPod *p, const SchedNode *n,
                         int sign);
/* A decision begins: what was kept for earlier ones may go. */
void snapshot_tick(Snapshot *s);
/* At least so many bytes, of any content, until the next decision begins. */
void *snapshot_scratch(Snapshot *s, ScratchUse use, size_t n_bytes);
/* Which nodes clusters may use has changed. */
void snapshot_outdate(Snapshot *s);
/* Namespaces of the cluster, or their labels, have changed. */
void snapshot_namespaces_changed(Snapshot *s, const char *cluster);

/* The pod takes its share of `node`; again with another node moves it. Takes the pod over and
 * returns it. */
SchedPod *snapshot_add_pod(Snapshot *s, SchedPod *pod, const char *node);
bool snapshot_remove_pod(Snapshot *s, const char *id); /* true when it was there */
/* The pod, which is there, has other labels: an object, copied. */
void snapshot_relabel_pod(Snapshot *s, const char *id, const Value *labels);
void snapshot_remove_cluster(Snapshot *s, const char *cluster);   /* all its pods and overlays */
const char *snapshot_pod_node(const Snapshot *s, const char *id); /* NULL when not there */
/* NULL when nothing is known of it. */
SchedCluster *snapshot_cluster(const Snapshot *s, const char *cluster);
/* What plug-ins keep about pods that are alike, of one cluster or (NULL) of all. */
Memo *snapshot_memo(Snapshot *s, const char *cluster, const MemoKind *kind, Slice key);

/* The largest share of a resource that the cluster's pods take of all nodes: 0 to 1, more when
 * nodes have gone. */
double snapshot_dominant_share(const Snapshot *s, const char *cluster);

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
