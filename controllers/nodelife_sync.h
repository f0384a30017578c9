/*
 * nodelife_sync.h - judging a node's life, its taints, its address range, and when a pod must leave
 * it. Pure.
 *
 * Follows upstream pkg/controller/nodelifecycle and pkg/controller/tainteviction.
 *
 * Tests:   tests/unit/controllers/test_nodelife_sync.c
 */
#ifndef CONTROLLERS_NODELIFE_SYNC_H
#define CONTROLLERS_NODELIFE_SYNC_H

#include "client/meta.h"

/* Turn the conditions Unknown when the last sign of life (lease or heartbeat, but not before
 * `since_us`, when we began to look) is older than grace_ms. True when any changed. */
bool nodelife_judge(Arena *a, Value *node, const Value *lease, int64_t since_us, int64_t grace_ms,
                    int64_t now_us);
/* Bring the taints that stand for conditions and for spec.unschedulable up to date; true when
 * spec.taints changed. Other taints stay as they are. */
bool nodelife_taint(Arena *a, Value *node, int64_t now_us);

/* When must the pod leave because of NoExecute taints? 0: it may stay. */
int64_t nodelife_eviction_us(const Value *pod, const Value *node, int64_t now_us);
bool toleration_matches(const Value *toleration, const Value *taint);

/* The first /mask block of `range` ("10.88.0.0/16") that no text in `used` names; NULL when all are
 * taken or `range` is no IPv4 range. */
const char *nodelife_free_cidr(Arena *a, const char *range, unsigned mask, const char *const *used,
                               size_t n_used);

#endif
