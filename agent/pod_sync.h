/*
 * pod_sync.h - the decision about a pod: its spec, what runs, what the probes say -> what to do.
 *
 * Pure: no clock, no runtime, no server. pods.c carries it out.
 * The rules are those of kubelet (pkg/kubelet/kuberuntime, computePodActions; status from
 * pkg/kubelet/kubelet_pods.go and status/generate.go).
 *
 * Owns:    nothing; the answer lives in the arena given.
 * Threads: any.
 * Fails:   never.
 * Tests:   tests/unit/agent/test_pod_sync.c
 */
#ifndef AGENT_POD_SYNC_H
#define AGENT_POD_SYNC_H

#include "agent/runtime.h"

enum {
    BACKOFF_FIRST_S = 10,
    BACKOFF_MAX_S = 300,
    BACKOFF_FORGET_S = 600, /* a container that ran so long starts at BACKOFF_FIRST_S again */
};

/* What the agent itself remembers of a container; by name, kept over restarts of it. */
typedef struct ContainerState {
    const char *name;
    const char *probed_id;   /* container that the three verdicts are about; NULL: none yet */
    bool is_started;         /* startup probe passed, or there is none */
    bool is_ready;           /* readiness probe passed, or there is none */
    bool must_restart;       /* liveness or startup probe failed for good, or postStart did */
    const char *why_restart; /* for the event */
    const char *wait_reason, *wait_message; /* why it does not run: "ErrImagePull", ... or NULL */
    int64_t retry_us; /* not before then (a failed start: image pull back-off); 0: at once */
} ContainerState;

typedef struct PodInput {
    const Value *pod; /* the object as the server has it */
    const RtPod *rt;
    const ContainerState *states;
    size_t n_states;
    int64_t now_us;
    const char *node_ip;
    bool is_terminating; /* being stopped: deleted, or beyond its deadline */
    const char *fail_reason,
        *fail_message; /* the pod as a whole failed: "DeadlineExceeded"; NULL */
} PodInput;

typedef enum ActionType {
    ACTION_CREATE_SANDBOX, /* attempt */
    ACTION_START,          /* container, attempt */
    ACTION_KILL,           /* id, message */
    ACTION_STOP_POD,       /* all containers and the sandbox: nothing is left to do */
    ACTION_REMOVE,         /* id: a dead container that nobody needs any more */
} ActionType;

typedef struct Action {
    ActionType type;
    const Value *container; /* spec */
    bool is_init;
    uint32_t attempt;
    const char *id, *name, *message;
} Action;

typedef struct PodPlan {
    Action *actions; /* in order */
    size_t n;
    int64_t wake_us; /* look again then; 0: when something changes */
    /* containers that wait for their back-off, for status and event */
    const char **backing_off;
    size_t n_backing_off;
} PodPlan;

void pod_sync(Arena *a, const PodInput *in, PodPlan *ret);

/* The pod's status as it is to be reported. Starts from what the server has, so that conditions of
 * others stay. `plan` may be NULL. */
Value *pod_status(Arena *a, const PodInput *in, const PodPlan *plan);

/* Seconds to wait before start number `attempt` (0 is the first start, 1 the first restart, which
 * is at once). */
int pod_backoff_s(uint32_t attempt);
bool pod_is_done(const Value *pod); /* phase Succeeded or Failed */
const ContainerState *pod_container_state(const PodInput *in, const char *name);
bool container_is_sidecar(const Value *container);
/* A short text that changes when a running container no longer fits its spec. */
const char *container_hash(Arena *a, const Value *container);

#endif
