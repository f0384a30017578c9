/*
 * pod.h - what the scheduler keeps of a pod: its share of a node and the terms by which it attracts
 * or repels others, read once.
 *
 * Owns:    a SchedPod owns an arena with everything in it, itself included, but what pods of one
 *          controller have alike: that is there once, counted.
 * Threads: the scheduler's only, but for sched_pod_free().
 * Frees:   sched_pod_free(); one that a snapshot holds is freed by the snapshot.
 * Fails:   never: what cannot be read (a selector that validation would refuse) matches nothing.
 * Tests:   tests/unit/scheduler/test_decide.c, test_affinity.c
 */
#ifndef SCHEDULER_POD_H
#define SCHEDULER_POD_H

#include "api/selector.h"
#include "base/list.h"
#include "scheduler/resources.h"

typedef struct HostPort {
    char ip[46]; /* "0.0.0.0" for all */
    char protocol[8];
    int port;
} HostPort;

/* A PodAffinityTerm. Without namespaces and namespace selector it means the pod's own namespace. */
typedef struct AffinityTerm {
    const Selector *labels;
    bool selects_nothing; /* it has no label selector */
    const Value *namespaces;
    const Selector *ns_labels;
    bool has_ns_selector; /* ns_labels NULL: all namespaces */
    const char *topology_key;
    int64_t weight;      /* of a preferred term */
    const Value *source; /* what it was read from */
    /* the snapshot's: the key's domains, good for this version of Memos, and what it is counted
     * with */
    struct TopologyKey *domains;
    uint32_t version;
    struct TermGroup *group;
} AffinityTerm;

typedef struct AffinityTerms {
    AffinityTerm *items;
    uint32_t n;
} AffinityTerms;

typedef struct SchedPod {
    Arena *arena;
    struct PodKin *kin; /* has cluster, ns, keeper_uid, labels */
    const char *id;     /* "cluster/ns/name" */
    const char *cluster, *ns, *name, *uid;
    const char *keeper_uid; /* of the controller whose selector keeps pods together, or NULL */
    const Value *labels;    /* an object or NULL */
    int64_t priority, started_us, generation;
    bool is_terminating;
    bool is_terminating_by_preemption;
    Res requests;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort *ports;
    uint32_t n_ports, n_claims;
    const char **claims;                           /* PersistentVolumeClaims of the namespace */
    AffinityTerms needs, refuses, likes, dislikes; /* required and preferred (anti-)affinity */
    /* the snapshot's */
    struct SchedNode *node;
    struct SchedCluster *home;
    List in_node, in_cluster, in_terms;
} SchedPod;

SchedPod *sched_pod_new(const char *cluster, const Value *pod);
void sched_pod_free(SchedPod *p);
/* It has other labels: an object, copied. */
void sched_pod_relabel(SchedPod *p, const Value *labels);
DEFINE_CLEANUP(SchedPod, sched_pod_free);

/* Everything lives in the arena or where `source` does. */
void affinity_term_read(Arena *a, const Value *source, AffinityTerm *ret);
bool sched_pod_has_terms(const SchedPod *p);
bool host_ports_conflict(const HostPort *a, const HostPort *b);

/* Does the term of `owner`, a pod of namespace `owner_ns`, mean this pod? `ns_labels` are the
 * labels of the other pod's namespace, asked for only when the term selects by them. */
bool affinity_term_means(const AffinityTerm *t, const char *owner_ns, const SchedPod *other,
                         const Value *ns_labels);

#endif
