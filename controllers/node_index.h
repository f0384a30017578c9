/*
 * node_index.h - which pods of all clusters are bound to which node.
 *
 * Owns:    its entries.
 * Threads: any.
 * Frees:   node_index_free().
 * Fails:   never.
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
PodKey *node_index_pods(NodeIndex *x, Arena *a, const char *node, uint32_t *ret_n);

#endif
