/*
 * replicaset_sync.h - how many pods to make or delete, which ones go first, what the status says.
 * Pure.
 *
 * The order of deletion is upstream's (pkg/controller/controller_utils.go, ActivePodsWithRanks).
 *
 * Tests:   tests/unit/controllers/test_replicaset_sync.c
 */
#ifndef CONTROLLERS_REPLICASET_SYNC_H
#define CONTROLLERS_REPLICASET_SYNC_H

#include "controllers/podutil.h"

enum { REPLICASET_BURST = 500 };

/* > 0: make so many, < 0: delete so many; never more than the burst. */
int64_t replicaset_diff(int64_t wanted, int64_t active);

typedef struct PodRank {
    const Value *pod;
    const char *uid, *node; /* node "" when unbound */
    int phase;              /* 0 Pending, 1 Unknown, 2 Running */
    bool is_ready;
    int64_t cost;      /* annotation controller.kubernetes.io/pod-deletion-cost */
    int64_t n_related; /* active pods of related ReplicaSets on the same node */
    int64_t ready_us, created_us, restarts, sidecar_restarts;
    uint32_t number; /* the caller's */
} PodRank;

PodRank pod_rank(const Value *pod);
/* Sort so that the first to go come first. `now_us` 0: of pods that differ in age alone the newest,
 * else one of those of about the least age. */
void pod_ranks_sort(PodRank *ranks, uint32_t n, int64_t now_us);

/* The new status of the ReplicaSet; manage_error NULL when nothing went wrong. `diff` is what was
 * wanted, for the reason of ReplicaFailure. */
typedef struct ReplicasetResult {
    const char *manage_error;
    int64_t diff;
    int64_t terminating; /* -1: the kind does not say */
} ReplicasetResult;
Value *replicaset_status(Arena *a, const Value *rs, const Values *pods,
                         const ReplicasetResult *result, int64_t now_us);

#endif
