/*
 * nodeaffinity.h - does a node match a NodeSelector, does a pod tolerate a taint? Pure.
 *
 * Follows upstream component-helpers/scheduling/corev1.
 *
 * Threads: any.
 * Fails:   never.
 * Tests:   tests/unit/api/test_nodeaffinity.c
 */
#ifndef API_NODEAFFINITY_H
#define API_NODEAFFINITY_H

#include "base/value.h"

/* `selector` has nodeSelectorTerms, of which one must match; NULL matches every node. */
bool node_selector_matches(const Value *selector, const Value *node);
/* spec.nodeSelector and the required node affinity of a pod's spec. */
bool node_matches_pod_spec(const Value *pod_spec, const Value *node);
/* One toleration and one taint. */
bool toleration_matches(const Value *toleration, const Value *taint);
/* Is any of the node's taints of this effect without a toleration? */
bool node_has_untolerated(const Value *node, const Value *tolerations, const char *effect);

#endif
