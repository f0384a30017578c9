/*
 * runtime.h - what the container runtime has of a pod, as plain values.
 *
 * The runtime is the agent's only memory of what was started: names, attempts, exit codes and
 * times are read from it and from the labels that the agent put there, so that a restarted agent
 * goes on where the old one stopped.
 *
 * Owns:    nothing; everything lives in the arena given.
 * Threads: any.
 * Fails:   as cri.h.
 * Tests:   tests/unit/agent/test_runtime.c; test_pod_sync.c builds these by hand
 */
#ifndef AGENT_RUNTIME_H
#define AGENT_RUNTIME_H

#include "agent/cri.h"

/* Labels on sandboxes and containers. */
#define LABEL_POD_NAME  "io.kubernetes.pod.name"
#define LABEL_POD_NS    "io.kubernetes.pod.namespace"
#define LABEL_POD_UID   "io.kubernetes.pod.uid"
#define LABEL_CONTAINER "io.kubernetes.container.name"
#define LABEL_CLUSTER   "hostplane.io/cluster"
#define LABEL_NODE      "hostplane.io/node"
#define LABEL_HASH      "hostplane.io/container-hash" /* of image and command; a change restarts */
#define LABEL_STEP      "hostplane.io/back-off-step"

typedef struct RtSandbox {
    const char *id, *ip;   /* ip "" when it has none */
    const char *second_ip; /* of the other family; NULL: none */
    const char *info;      /* what the runtime knows beyond that, JSON; NULL: not asked for */
    uint32_t attempt;
    bool is_ready;
    int64_t created_us;
} RtSandbox;

typedef struct RtContainer {
    const char *id, *name, *sandbox_id, *image, *image_id, *hash;
    uint32_t attempt;
    uint32_t step; /* restarts since the last one that came after a long run: of the back-off */
    int state;     /* CRI_CREATED ... */
    int64_t created_us, started_us, finished_us;
    int exit_code;
    const char *reason, *message;
} RtContainer;

typedef struct RtPod { /* newest first */
    RtSandbox *sandboxes;
    size_t n_sandboxes;
    RtContainer *containers;
    size_t n_containers;
} RtPod;

/* All of one pod, with the details of every container. with_info: of its newest sandbox, too. */
int runtime_pod(Cri *cri, Arena *a, const char *pod_uid, bool with_info, RtPod *ret,
                Err *err) MUST_CHECK;
/* A pod's first address is of the family that the cluster prefers, whatever the runtime says first
 * (kubelet_pods.go, sortPodIPs()). */
void runtime_order_ips(RtPod *pod, bool prefers_v6);
/* The newest container of that name, NULL when there is none. */
const RtContainer *runtime_newest(const RtPod *rt, const char *name);

/* A container that the runtime still has as running, and of which an event told its end: it has
 * ended. Not when it was killed and it may have been for want of memory: only the runtime knows. */
void runtime_end(RtContainer *c, const CriEvent *e, const char *no_memory);

/* One container once more: its state, times, exit code, reason and message. */
int runtime_container(Cri *cri, Arena *a, RtContainer *c, Err *err) MUST_CHECK;
/* A copy in another arena, without `info`. */
RtPod runtime_copy(Arena *a, const RtPod *rt);
/* What had ended before has ended, also when the runtime has not written it down yet. */
void runtime_keep_ends(Arena *a, RtPod *now, const RtPod *before);

/* One pod that the runtime knows, whatever it consists of. */
typedef struct RtSeen {
    const char *cluster, *ns, *name, *uid;
    uint64_t fingerprint; /* changes when a state does */
} RtSeen;
/* Every pod of this node (LABEL_NODE) in the runtime. */
int runtime_seen(Cri *cri, Arena *a, const char *node, RtSeen **ret, size_t *ret_n,
                 Err *err) MUST_CHECK;

#endif
