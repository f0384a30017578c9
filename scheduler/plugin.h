/*
 * plugin.h - the scheduling framework: a plug-in is a row of functions, one for each extension
 * point that it takes part in. Pure: what they may look at is the Cycle.
 *
 * Points, in order: queue_sort, pre_enqueue, pre_filter, filter, post_filter, pre_score, score with
 * normalize, reserve, permit, pre_bind, bind. A row leaves what
 * it does not need NULL. Which rows a pod meets at which point, and with which weights, is said by
 * its profile (profile.h). As kube-scheduler's framework, but that a row is a table of functions
 * over one Cycle.
 *
 * Threads: the scheduler's, but `pre_bind` and `bind`, which run on a binder thread.
 * Tests:   tests/unit/scheduler/test_decide.c, test_affinity.c, test_spread.c, test_preempt.c
 */
#ifndef SCHEDULER_PLUGIN_H
#define SCHEDULER_PLUGIN_H

#include "client/client.h"
#include "scheduler/services.h"
#include "scheduler/snapshot.h"

typedef struct Err Err;

enum { SCORE_MAX = 100, PLUGINS_MAX = 32 /* bits of a rejected_by */ };

/* What may make a pod schedulable that was not: bits for Plugin.wakes and queue moves. */
typedef enum WakeFlags {
    WAKE_NODE_ADDED = 1u << 0,
    WAKE_NODE_ALLOCATABLE = 1u << 1, /* its resources changed */
    WAKE_NODE_LABEL = 1u << 2,
    WAKE_NODE_TAINT = 1u << 3,  /* taints or spec.unschedulable */
    WAKE_POD_REMOVED = 1u << 4, /* a bound pod ended, or asks for less */
    WAKE_POD_UPDATED = 1u << 5, /* the waiting pod itself changed */
    WAKE_POD_ADDED = 1u << 6,   /* a pod has got a node, or new labels on it */
    WAKE_VOLUME = 1u << 7,      /* a claim, a volume or a class changed */
    WAKE_GROUP = 1u << 8,       /* a pod's group has a new member or asks for another number */
    WAKE_NODE_REMOVED = 1u << 9,
    WAKE_BITS = 10,
    WAKE_ALL = (1u << WAKE_BITS) - 1,
} WakeFlags;

typedef struct Profile Profile;
typedef struct Decision Decision;

/* What pre_filter functions have worked out for the functions after them; in the arena. */
typedef struct AffinityState AffinityState;
typedef struct SpreadState SpreadState;
typedef struct VolumeState VolumeState;
typedef struct LimitState LimitState;
typedef struct ImageScores ImageScores;
typedef struct FixedClass FixedClass; /* fixed.h */

/* A claim that is to be bound before the pod is. */
typedef struct VolumePick {
    const Value *claim;
    const Value *volume; /* NULL: the provisioner makes one for the node */
    bool is_begun;       /* nothing to do but to wait */
} VolumePick;

struct Verdict;

typedef struct Cycle { /* one attempt at one pod */
    Arena *arena;
    Snapshot *snapshot;
    const Profile *profile;
    Services *services; /* NULL: there are none */
    Lister *lister;     /* namespaces, budgets, claims ... of the cluster; NULL: there are none */
    const char *cluster;
    const SchedCluster *home; /* what is known of the cluster; NULL: nothing */
    const Value *pod;         /* the whole object */
    const SchedPod *self;     /* the same, read */
    /* parts of pod.spec, NULL when absent */
    const Value *tolerations, *node_selector, *node_required, *node_preferred;
    const char *node_name; /* the only node that can do, or NULL */
    bool asks_victims;     /* an extender judges the candidates of preemption */
    AffinityState *affinity;
    SpreadState *spread;
    VolumeState *volumes;
    LimitState *limits;
    ImageScores *images;
    VolumePick *picks; /* what reserve has found */
    uint32_t n_picks;
    FixedClass *fixed;
    bool is_pooled;    /* the provider keeps some nodes from this cluster */
    uint32_t n_usable; /* nodes that it does not */
    uint32_t skipped;  /* bits of plug-ins whose filter has nothing to say */
    /* the filters that are left to ask of each node */
    struct {
        void (*fn)(const struct Cycle *c, const SchedNode *n, struct Verdict *v);
        uint32_t plugin;
    } filters[PLUGINS_MAX];
    uint32_t n_filters;
    bool asks_room_only;                      /* they look at nothing but the node's room */
    bool is_fit_by_room, is_balanced_by_room; /* so do these scores */
} Cycle;

/* Why a node does not do: texts, counted over nodes in the message. None: it does. */
typedef struct Verdict {
    const char *reasons[6];
    uint32_t n;
    bool is_unresolvable; /* removing pods from the node would not help */
    bool is_skipped;      /* pre_filter: the plug-in's filter lets this pod go anywhere */
} Verdict;

typedef struct QueuedPod { /* what queue_sort sees */
    int64_t priority, queued_us;
} QueuedPod;

typedef struct Plugin {
    const char *name;
    int weight; /* of its score */
    uint32_t wakes;
    uint32_t wakes_by_room; /* of them, those that help only when the node now has room */
    /* Filter and score look at nothing but what the node is to its tenant, and at the pod's
     * node selector, node affinity and tolerations: fixed.c asks once for all pods alike, before
     * the filters that are not fixed. */
    bool is_fixed;
    int (*queue_sort)(const QueuedPod *a, const QueuedPod *b); /* < 0: a goes first */
    /* NULL: the pod may be tried; else the message of its condition. */
    const char *(*pre_enqueue)(const Value *pod);
    /* Reasons: no node can do. */
    void (*pre_filter)(Cycle *c, Verdict *v);
    void (*filter)(const Cycle *c, const SchedNode *n, Verdict *v);
    /* The filter has nothing to say about this pod. */
    bool (*is_idle)(const Cycle *c);
    /* A pod was laid on (+1) or lifted off (-1) the node to see what would be: bring the state up
     * to date. */
    void (*moved)(Cycle *c, const SchedPod *p, const SchedNode *n, int sign);
    /* No node does; `hopeful` are those that refuse the pod for what pods take of them. Says in `d`
     * who should go, or appends to `message` why nobody can. */
    void (*post_filter)(Cycle *c, SchedNode *const *hopeful, uint32_t n, Decision *d, Buf *message);
    /* False: all nodes score the same. */
    bool (*pre_score)(Cycle *c, const SchedNode *const *nodes, uint32_t n);
    int64_t (*score)(const Cycle *c, const SchedNode *n); /* 0..SCORE_MAX unless normalized */
    void (*normalize)(const Cycle *c, const SchedNode *const *nodes, int64_t *scores, uint32_t n);
    /* NULL: fine; else why the node may not be used after all. */
    const char *(*reserve)(Cycle *c, const SchedNode *n);
    /* The group that the pod goes with (group.h), or NULL: it is bound at once. */
    const char *(*permit)(const Value *pod);
    /* 0: go on; 1: what it has begun takes time, the pod is tried again when it is woken; negative:
     * failed. */
    int (*pre_bind)(Client *client, const char *cluster, const VolumePick *picks, uint32_t n,
                    const char *node, Err *err);
    /* The request that binds the pod; it succeeds or fails with its reply. */
    ClientRequest (*bind)(Arena *a, const char *cluster, const Value *pod, const char *node);
} Plugin;

extern const Plugin scheduler__plugins[];
extern const uint32_t scheduler__n_plugins;

/* ---- plugin_node.c: what a node is ---- */
void filter_unschedulable(const Cycle *c, const SchedNode *n, Verdict *v);
void filter_node_name(const Cycle *c, const SchedNode *n, Verdict *v);
void filter_taints(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_taints(const Cycle *c, const SchedNode *n);
void pre_filter_node_affinity(Cycle *c, Verdict *v);
void filter_node_affinity(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_node_affinity(const Cycle *c, const SchedNode *n);
bool taints_are_tolerated(const Cycle *c, const NodeView *view);
bool node_affinity_matches(const Cycle *c, const SchedNode *n);
/* A NodeSelectorTerm; one without expressions matches nothing. */
bool node_term_matches(const Value *term, const char *node_name, const NodeView *view);

/* ---- plugin_fit.c: what it has left ---- */
/* All that filter_fit() looks at when the pod wants nothing out of the way. */
static inline bool room_fits(const Room *room, const Res *want)
{
    return room->free_pods > 0 &&
           (want->cpu_milli <= 0 || want->cpu_milli <= room->free_cpu_milli) &&
           (want->memory <= 0 || want->memory <= room->free_memory) &&
           (want->ephemeral <= 0 || want->ephemeral <= room->free_ephemeral);
}
void filter_fit(const Cycle *c, const SchedNode *n, Verdict *v);
bool pre_score_fit(Cycle *c, const SchedNode *const *nodes, uint32_t n);
int64_t score_fit(const Cycle *c, const SchedNode *n);
bool pre_score_balanced(Cycle *c, const SchedNode *const *nodes, uint32_t n);
int64_t score_balanced(const Cycle *c, const SchedNode *n);
bool ports_are_idle(const Cycle *c);
void filter_ports(const Cycle *c, const SchedNode *n, Verdict *v);
int64_t score_images(const Cycle *c, const SchedNode *n);

/* ---- plugin_affinity.c: which pods are there ---- */
void pre_filter_affinity(Cycle *c, Verdict *v);
void filter_affinity(const Cycle *c, const SchedNode *n, Verdict *v);
void moved_affinity(Cycle *c, const SchedPod *p, const SchedNode *n, int sign);
bool pre_score_affinity(Cycle *c, const SchedNode *const *nodes, uint32_t n);
int64_t score_affinity(const Cycle *c, const SchedNode *n);
void normalize_affinity(const Cycle *c, const SchedNode *const *nodes, int64_t *scores, uint32_t n);

/* ---- plugin_spread.c: how evenly they lie ---- */
void pre_filter_spread(Cycle *c, Verdict *v);
void filter_spread(const Cycle *c, const SchedNode *n, Verdict *v);
void moved_spread(Cycle *c, const SchedPod *p, const SchedNode *n, int sign);
bool pre_score_spread(Cycle *c, const SchedNode *const *nodes, uint32_t n);
int64_t score_spread(const Cycle *c, const SchedNode *n);
void normalize_spread(const Cycle *c, const SchedNode *const *nodes, int64_t *scores, uint32_t n);

/* ---- plugin_volumes.c: its volumes can be there ---- */
void pre_filter_exclusive(Cycle *c, Verdict *v);
void filter_exclusive(const Cycle *c, const SchedNode *n, Verdict *v);
void moved_exclusive(Cycle *c, const SchedPod *p, const SchedNode *n, int sign);
void pre_filter_volumes(Cycle *c, Verdict *v);
void filter_volumes(const Cycle *c, const SchedNode *n, Verdict *v);
bool zones_are_idle(const Cycle *c);
void filter_zones(const Cycle *c, const SchedNode *n, Verdict *v);
const char *reserve_volumes(Cycle *c, const SchedNode *n);
int pre_bind_volumes(Client *client, const char *cluster, const VolumePick *picks, uint32_t n,
                     const char *node, Err *err);

/* ---- plugin_limits.c: how many volumes a node can have ---- */
void pre_filter_limits(Cycle *c, Verdict *v);
void filter_limits(const Cycle *c, const SchedNode *n, Verdict *v);
void moved_limits(Cycle *c, const SchedPod *p, const SchedNode *n, int sign);

/* ---- for all of them ---- */
void normalize_up(const Cycle *c, const SchedNode *const *nodes, int64_t *scores,
                  uint32_t n); /* the largest becomes SCORE_MAX */
void normalize_down(const Cycle *c, const SchedNode *const *nodes, int64_t *scores,
                    uint32_t n); /* the smallest does */
void verdict_add(Verdict *v, const char *reason);
void verdict_refuse(Verdict *v, const char *reason); /* and is_unresolvable */
static inline const NodeView *cycle_view(const Cycle *c, const SchedNode *n)
{
    return node_view(c->home, n);
}
/* Nodes of other pools are not there for the pod, not even as a number in a message. */
bool cycle_may_use(const Cycle *c, const SchedNode *n);
/* NULL when the node does not have the label. */
const char *view_label(const NodeView *view, const char *key);

#endif
