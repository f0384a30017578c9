/*
 * nodeaffinity.h - does a node match a NodeSelector? Pure.
 *
 * Follows upstream component-helpers/scheduling/corev1/nodeaffinity.
 *
 * Tests:   tests/unit/controllers/test_nodeaffinity.c
 */
#ifndef CONTROLLERS_NODEAFFINITY_H
#define CONTROLLERS_NODEAFFINITY_H

#include "base/value.h"

/* `selector` has nodeSelectorTerms, of which one must match; NULL matches every node. */
bool node_selector_matches(const Value *selector, const Value *node);
/* spec.nodeSelector and the required node affinity of a pod's spec. */
bool node_matches_pod_spec(const Value *pod_spec, const Value *node);

#endif
