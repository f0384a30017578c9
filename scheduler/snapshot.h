/*
 * snapshot.h - the truth that scheduling decisions are made on: the host's nodes, and what all
 * tenants' pods take of them. Kept up to date change by change, never rebuilt.
 *
 * Owns:    its nodes and a small record of every bound pod.
 * Threads: the scheduler's only.
 * Frees:   snapshot_free(). A SchedNode is borrowed until the next change.
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_SNAPSHOT_H
#define SCHEDULER_SNAPSHOT_H

#include "base/map.h"
#include "scheduler/resources.h"

typedef struct HostPort {
    char ip[46]; /* "0.0.0.0" for all */
    char protocol[8];
    int port;
} HostPort;

typedef struct SchedNode {
    char *name;
    Arena *arena;       /* of `value` */
    const Value *value; /* the Node object; NULL while only pods are known of it */
    Res allocatable, requested;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort *ports;
    uint32_t n_ports, cap_ports;
    uint32_t n_pods;
} SchedNode;

typedef struct Snapshot {
    Map by_name;
    SchedNode **nodes; /* those with a value, in no particular order */
    uint32_t n_nodes, cap_nodes;
    Map pods; /* "cluster/ns/name" -> its record */
} Snapshot;

Snapshot *snapshot_new(void);
void snapshot_free(Snapshot *s);
DEFINE_CLEANUP(Snapshot, snapshot_free);

/* value NULL: the node is gone. The tree is copied. */
void snapshot_set_node(Snapshot *s, const char *name, const Value *value);
/* The pod takes its share of `node`; again with another node moves it. */
void snapshot_add_pod(Snapshot *s, const char *id, const Value *pod, const char *node);
bool snapshot_remove_pod(Snapshot *s, const char *id);            /* true when it was there */
void snapshot_remove_cluster(Snapshot *s, const char *cluster);   /* all its pods */
const char *snapshot_pod_node(const Snapshot *s, const char *id); /* NULL when not there */

/* The host ports of a pod into `out`; returns how many. */
uint32_t pod_host_ports(const Value *pod, HostPort *out, uint32_t cap);
bool host_ports_conflict(const HostPort *a, const HostPort *b);

#endif
