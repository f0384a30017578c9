/*
 * node_index.h - which pods of all clusters are bound to which node, and since when taints of it
 * have been seen that the pod bears for a while only.
 *
 * Owns:    its entries.
 * Threads: any.
 * Frees:   node_index_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_node_index.c
 */
#ifndef CONTROLLERS_NODE_INDEX_H
#define CONTROLLERS_NODE_INDEX_H

#include "base/arena.h"

typedef struct NodeIndex NodeIndex;

typedef struct PodKey {
    const char *cluster, *ns, *name;
} PodKey;

NodeIndex *node_index_new(void);
void node_index_free(NodeIndex *x);
DEFINE_CLEANUP(NodeIndex, node_index_free);

/* node NULL or "": the pod is gone or not bound. */
void node_index_set(NodeIndex *x, const PodKey *pod, const char *node);
void node_index_drop_cluster(NodeIndex *x, const char *cluster);
/* When the pod's time began to run: `now_us` the first time it is asked for since the last
 * node_index_stop_clock(); 0 for a pod that is not bound. */
int64_t node_index_clock(NodeIndex *x, const PodKey *pod, int64_t now_us);
/* It leaves its node when that time has run out. */
void node_index_wait(NodeIndex *x, const PodKey *pod);
/* It stays. True when it was to leave. */
bool node_index_stop_clock(NodeIndex *x, const PodKey *pod);
bool node_index_has_cluster(NodeIndex *x, const char *cluster); /* any pod that is bound */
PodKey *node_index_pods(NodeIndex *x, Arena *a, const char *node, uint32_t *ret_n);

#endif
