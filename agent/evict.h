/*
 * evict.h - which pods a node under pressure gives up, and which images and dead pods' files it can
 * do without. Pure; gc.c measures and carries it out.
 *
 * Follows kubelet's pkg/kubelet/eviction: the pods that use more than they asked for go first, then
 * the less important ones, then those that are furthest above their request.
 *
 * Owns:    nothing; answers live in the arena given.
 * Threads: any.
 * Fails:   never; evict_parse() with ERR_INVALID.
 * Tests:   tests/unit/agent/test_evict.c
 */
#ifndef AGENT_EVICT_H
#define AGENT_EVICT_H

#include "base/value.h"

typedef struct Err Err;

typedef enum EvictSignal {
    EVICT_MEMORY,  /* memory.available */
    EVICT_NODEFS,  /* nodefs.available: where pods' files and logs lie */
    EVICT_IMAGEFS, /* imagefs.available */
    EVICT_INODES,  /* nodefs.inodesFree */
    EVICT_PIDS,    /* pid.available */
    EVICT_SIGNAL_MAX_
} EvictSignal;

/* "memory.available<100Mi,nodefs.available<10%": an amount or a part of the capacity. */
typedef struct EvictLimit {
    int64_t amount; /* 0: none */
    double part;    /* of the capacity; 0: none */
} EvictLimit;
int evict_parse(const char *text, EvictLimit limits[EVICT_SIGNAL_MAX_], Err *err) MUST_CHECK;

/* What there is too little of, as a resource: "memory", ... */
const char *evict_resource(EvictSignal signal);

/* "memory.available=1m30s": for how long each may be below its soft threshold; 0: not named. */
int evict_parse_grace(const char *text, int64_t grace_s[EVICT_SIGNAL_MAX_], Err *err) MUST_CHECK;

/* What was measured; capacity 0: unknown, and no pressure. */
typedef struct EvictLevel {
    int64_t available, capacity;
} EvictLevel;
/* The amount below which there is pressure. */
int64_t evict_threshold(const EvictLimit *limit, int64_t capacity);
bool evict_is_low(const EvictLimit *limit, const EvictLevel *level);

/* All of kubelet's thresholds. Below a hard one pods go at once; below a soft one when that has
 * lasted for its grace period, and with a grace period of their own. */
typedef struct EvictRules {
    EvictLimit hard[EVICT_SIGNAL_MAX_], soft[EVICT_SIGNAL_MAX_];
    int64_t soft_grace_s[EVICT_SIGNAL_MAX_];
    int64_t max_pod_grace_s; /* of a pod that goes by a soft threshold */
} EvictRules;
/* The three options; NULL or "" for none. A soft threshold without a grace period is refused. */
int evict_rules(const char *hard, const char *soft, const char *soft_grace, EvictRules *ret,
                Err *err) MUST_CHECK;
typedef enum EvictDue {
    EVICT_NOT,   /* no pressure */
    EVICT_LATER, /* pressure, but its grace period lasts */
    EVICT_SOFT,
    EVICT_HARD
} EvictDue;
/* *since_us: when the soft threshold was first passed, 0 when it is not; kept up to date. */
EvictDue evict_due(const EvictRules *rules, EvictSignal signal, const EvictLevel *level,
                   int64_t now_us, int64_t *since_us);

/* A pod as the ranking sees it. */
typedef struct EvictPod {
    const char *uid;
    const Value *pod;
    int64_t memory;                                   /* working set */
    int64_t disk;                                     /* files, logs and writable layers */
    const Value *memory_containers, *disk_containers; /* {"name": bytes} */
} EvictPod;
/* The one to give up; NULL: none may be (critical pods are kept). *ret_message is for its status.
 */
const EvictPod *evict_choose(Arena *a, EvictSignal signal, const EvictLimit *limit,
                             const EvictLevel *level, EvictPod *pods, size_t n,
                             const char **ret_message);
/* Is it above a limit of its own: an emptyDir's size, its containers' ephemeral-storage? NULL: no.
 */
typedef struct EvictUsage {
    const Value *volumes;    /* {"emptyDir's name": bytes} */
    const Value *containers; /* {"container": bytes of its log and writable layer} */
} EvictUsage;
const char *evict_over_limit(Arena *a, const Value *pod, const EvictUsage *u);

/* ---- images ---- */
typedef struct EvictImage {
    const char *id;
    int64_t size, last_used_us, seen_us;
    bool is_used, is_kept; /* kept: cannot be pulled again, or the runtime needs it */
} EvictImage;
/* Orders by last use; images that may go come first. How many of them make up `bytes`. */
size_t evict_images(EvictImage *images, size_t n, int64_t bytes, int64_t now_us);

#endif
