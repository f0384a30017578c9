/*
 * resize.h - in-place resize: from what the spec wants to what the node has set aside (allocated)
 * and what the containers run with (actuated).
 *
 *   spec --resize_decide(): does it fit?--> allocated --runtime, or a restart--> actuated
 *
 * Both are kept in a file of the pod, so that a restarted agent goes on with what was promised. The
 * rules are kubelet's (pkg/kubelet/allocation, kuberuntime computePodResizeAction).
 *
 * Pure but for resize_load() and resize_save().
 *
 * Owns:    nothing; answers live in the arena given.
 * Threads: any, one at a time for one pod.
 * Fails:   resize_save() as fs.h.
 * Tests:   tests/unit/agent/test_resize.c
 */
#ifndef AGENT_RESIZE_H
#define AGENT_RESIZE_H

#include "base/value.h"

typedef struct Err Err;

/* {"container name": resources}, of main containers and sidecars */
typedef struct Resources {
    Value *allocated, *actuated;
} Resources;

/* What the file says; false: there is none, and both are as the spec has it now. */
bool resize_load(Arena *a, const char *path, const Value *pod, Resources *ret);
int resize_save(Arena *a, const char *path, const Resources *r, Err *err) MUST_CHECK;

/* The node, for what fits on it. */
typedef struct NodeRoom {
    int64_t cpu_milli, memory;           /* allocatable */
    int64_t used_cpu_milli, used_memory; /* requested by the other pods, */
    int64_t own_cpu_milli, own_memory;   /* and of that, by those of the pod's tenant */
} NodeRoom;

typedef enum ResizeVerdict {
    RESIZE_NONE,       /* the spec wants what is allocated */
    RESIZE_FITS,       /* r->allocated is now as the spec wants */
    RESIZE_DEFERRED,   /* not now */
    RESIZE_INFEASIBLE, /* never on this node */
} ResizeVerdict;
/* Does the spec want something else than what is allocated? */
bool resize_is_wanted(Arena *a, const Value *pod, const Resources *r);
/* *ret_message says of other tenants' pods nothing: they are as room that is not there. */
ResizeVerdict resize_decide(Arena *a, const Value *pod, const NodeRoom *room, Resources *r,
                            const char **ret_message);

/* What an event says of a resize (pkg/kubelet/events, podResizeMessage()): "PREFIX: " and all
 * containers' resources, as allocated (NULL: as the spec wants them). error may be NULL. */
const char *resize_told(Arena *a, const Value *pod, const Value *allocated, const char *prefix,
                        const char *error);

/* Must the container be restarted to get from one to the other? By its resizePolicy. */
bool resize_needs_restart(const Value *container, const Value *from, const Value *to);

/* The limit of memory in a container's resources; 0: none. */
int64_t resize_memory_limit(const Value *resources);
/* Is a container that goes on to get less memory than it has? Then it must not use more already. */
bool resize_takes_memory(const Value *from, const Value *to);
/* What the pod as a whole names as its limits; 0: none. */
void resize_pod_limits(const Value *pod, int64_t *ret_cpu_milli, int64_t *ret_memory);
/* What memory all of a pod may have together, as far as that is bounded: by the pod's own limit, or
 * when each of its containers has one (pkg/kubelet/cm, ResourceConfigForPod()); 0: it is not. */
int64_t resize_pod_memory_cap(const Value *pod);
/* What a pod requests: containers and sidecars, or its init containers where they need more, or
 * what the pod as a whole names; with overhead. */
void resize_pod_requests(const Value *pod, int64_t *ret_cpu_milli, int64_t *ret_memory);

#endif
