/*
 * nodeoverlay.h - what a tenant has changed of a node that it shares with others: its own labels,
 * annotations, taints, unschedulable flag and extended resources, laid over the host's Node.
 *
 *     {"metadata":{"name":"n1"},
 *      "labels":{"disk":"ssd","old":null}, "annotations":{...},    null: taken away
 *      "taints":[...], "unschedulable":true,                        added to the host's
 *      "capacity":{"example.com/x":"5"}, "allocatable":{...},      extended resources
 *      "conditions":[...]}                                          of types the host does not have
 *
 * Taints and the unschedulable flag of the host stay whatever the tenant does: they are the
 * provider's word.
 *
 * Threads: any. Everything lives in the arena of the caller.
 * Fails:   never.
 * Tests:   tests/unit/api/test_nodeoverlay.c
 */
#ifndef API_NODEOVERLAY_H
#define API_NODEOVERLAY_H

#include "base/value.h"

/* The storage of overlays, in each tenant's own cluster. */
#define NODE_OVERLAYS "internal/nodeoverlays"

/* Changes `node`, a tree of the caller's, into what the tenant sees. */
void node_overlay_apply(Arena *a, Value *node, const Value *overlay);

/* The overlay that makes `wanted` out of `node` (the host's, as the tenant sees it without
 * overlay), as far as one can; NULL when they agree. The name is that of the node. */
Value *node_overlay_of(Arena *a, const Value *node, const Value *wanted);

#endif
