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
    PRIORITY_CRITICAL = 2000000000, /* system-cluster-critical and above */
    BACKOFF_FORGET_S = 600, /* a container that ran so long starts at BACKOFF_FIRST_S again */
    PULL_FAILED_S = 2, /* a failed pull is told for so long before what is told is the back-off */
};

/* What the agent itself remembers of a container; by name, kept over restarts of it. */
typedef struct ContainerState {
    const char *name;
    const char *probed_id;   /* container that the three verdicts are about; NULL: none yet */
    bool is_started;         /* startup probe passed, or there is none */
    bool is_ready;           /* readiness probe passed, or there is none */
    bool must_restart;       /* liveness or startup probe failed for good, or postStart did */
    const char *why_restart; /* for the event */
    const char *restart_by;  /* "livenessProbe" or "startupProbe": whose grace period holds; "": a
                               hook, whose  why_restart is all that is said */
    const char *wait_reason, *wait_message; /* why it does not run: "ErrImagePull", ... or NULL */
    int64_t retry_us;  /* not before then (a failed start: image pull back-off); 0: at once */
    int64_t failed_us; /* when the last try failed */
} ContainerState;

typedef struct PodInput {
    const Value *pod; /* the object as the server has it */
    const RtPod *rt;
    const ContainerState *states;
    size_t n_states;
    int64_t now_us;
    const char *node_ip;
    const char *second_node_ip, *second_host_ip; /* of the other family; NULL: none */
    const char *host_ip; /* the node's address as the pod's tenant sees it; NULL: none is told */
    bool is_terminating; /* being stopped: deleted, or beyond its deadline */
    const char *fail_reason,
        *fail_message; /* the pod as a whole failed: "DeadlineExceeded"; NULL */
    /* In-place resize (resize.h), by container name; NULL: as the spec says. */
    const Value *allocated, *actuated;
    const Value *resize_conditions; /* [] or NULL: none is under way */
    bool is_disrupted;             /* fail_reason is the node's doing: condition DisruptionTarget */
    const char *disruption_reason; /* "TerminationByKubelet" */
} PodInput;

typedef enum ActionType {
    ACTION_CREATE_SANDBOX, /* attempt */
    ACTION_START,          /* container, attempt, step */
    ACTION_KILL,           /* id, message */
    ACTION_STOP_POD,       /* all containers and the sandbox: nothing is left to do */
    ACTION_REMOVE,         /* id: a dead container that nobody needs any more */
} ActionType;

/* The three lists of a pod's spec, and how they are named there. */
typedef enum ContainerKind {
    CONTAINER_MAIN,
    CONTAINER_INIT,
    CONTAINER_EPHEMERAL,
    CONTAINER_KIND_MAX_
} ContainerKind;
extern const char *const container_lists[CONTAINER_KIND_MAX_];

typedef struct Action {
    ActionType type;
    const Value *container; /* spec */
    ContainerKind kind;
    uint32_t attempt, step;
    const char *id, *name, *message;
    int64_t grace_s;   /* ACTION_KILL: the probe's own; -1: the pod's */
    bool without_hook; /* ACTION_KILL: no preStop */
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

/* A status `sent` by who knew the pod as `was` was answered with `now`: has nobody else written in
 * between? What somebody did (deleted it, resized it, added a condition) is news then, though the
 * feed may tell of both in one. */
bool pod_is_own_write(Arena *a, const Value *was, const Value *now, const Value *sent);

/* Seconds to wait before the start of that step (0 is the first start, 1 the first restart, which
 * is at once). */
int pod_backoff_s(uint32_t step);
/* Is it the back-off of a pull that is to be told of? */
bool pull_backs_off(const ContainerState *st, int64_t now_us);
bool pod_is_done(const Value *pod); /* phase Succeeded or Failed */
const ContainerState *pod_container_state(const PodInput *in, const char *name);
bool container_is_sidecar(const Value *container);
size_t pod_spec_n_containers(const Value *spec); /* in all three lists */
/* The spec of a container of the pod by its name; ret_kind may be NULL. */
const Value *pod_container_spec(const Value *pod, const char *name, ContainerKind *ret_kind);
/* Is a container that ended with `exit_code` started again? Its rules decide, then its own policy,
 * then the pod's. */
bool container_restarts(const Value *pod, const Value *container, int exit_code);
/* When the pod's containers began anew for the last time: the end of one whose rule says
 * "RestartAllContainers"; 0: never. */
int64_t pod_epoch_us(const Value *pod, const RtPod *rt);
/* Is it of the time before that? Then it ends, and runs once more. */
bool container_is_outdated(const RtContainer *c, int64_t epoch_us);
/* A short text that changes when a running container no longer fits its spec. Has it? */
const char *container_hash(Arena *a, const Value *container);
bool container_is_changed(Arena *a, const RtContainer *c, const Value *container);

#endif
