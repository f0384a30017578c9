/*
 * container.h - a container's and a sandbox's configuration as the runtime wants it, from the pod.
 *
 * Pure but for the items that environment and volumes refer to.
 *
 * Owns:    nothing; answers live in the arena given.
 * Threads: any.
 * Fails:   ERR_NOT_FOUND for references that lead nowhere, ERR_FORBIDDEN for what a tenant may not
 *          ask for, ERR_INVALID for what cannot be done here.
 * Tests:   tests/unit/agent/test_container.c
 */
#ifndef AGENT_CONTAINER_H
#define AGENT_CONTAINER_H

#include "agent/agent.h"
#include "agent/volumes.h"

typedef struct ContainerContext {
    const Agent *agent;
    const VolumeContext *vc; /* with the PodContext */
    const Value *volume_paths;
    const char *log_dir;     /* of the pod */
    const char *termination; /* file on the node for the termination message */
    const char *image_id;    /* what the runtime calls the image */
    const Value *image_user; /* {"uid": {"value": n}, "username": "x"} of the image */
    const char *cgroup_parent;
    const char *target_id;  /* whose processes an ephemeral container sees; NULL: nobody's */
    const Value *resources; /* what the node has set aside; NULL: as the container's spec says */
    uint32_t step;          /* of the back-off, see runtime.h */
} ContainerContext;

/* What the pod's resolver is to be, {"servers", "searches", "options"}; NULL: the node's. What is
 * beyond the limits of resolvers is left out; `told` (an array, or NULL) gets what is said of it.
 */
Value *pod_dns(Arena *a, const PodContext *pc, Value *told);
Value *sandbox_config(Arena *a, const Agent *agent, const PodContext *pc, uint32_t attempt,
                      const char *log_dir, const char *cgroup_parent);
int container_config(Arena *a, const ContainerContext *cc, const Value *container, uint32_t attempt,
                     Value **ret, Err *err) MUST_CHECK;
/* A container's resources as the runtime wants them. */
Value *container_resources(Arena *a, const Agent *agent, const Value *pod, const Value *resources,
                           bool is_update);
/* Why this node may not or cannot run the pod at all; false: it can. */
typedef struct ContainerRefusal {
    const char *reason, *message; /* of the pod's status */
} ContainerRefusal;
bool container_refusal(Arena *a, const Agent *agent, const char *cluster, const Value *pod,
                       ContainerRefusal *ret);

/* "guaranteed", "burstable", "besteffort" */
const char *pod_qos(const Value *pod);
/* "/hp-NODE/podUID" */
const char *pod_cgroup(Arena *a, const Agent *agent, const char *uid);
const char *pod_log_dir(Arena *a, const Agent *agent, const Item *pod);
const char *pod_dir(Arena *a, const Agent *agent, const char *uid);
/* The hosts file of the pod; node_hosts is the node's own, for a pod in its network. */
void pod_hosts_file(const PodContext *pc, Slice node_hosts, Buf *out);

#endif
