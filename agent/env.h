/*
 * env.h - a container's environment, and everything else of a pod that is told by reference:
 * $(VAR) expansion, fieldRef, resourceFieldRef, keys of config maps and secrets, service variables.
 *
 * Pure but for looking up items.
 *
 * Owns:    nothing; answers live in the arena given.
 * Threads: any.
 * Fails:   ERR_NOT_FOUND with kubelet's message when a config map, a secret or a key is missing
 *          (CreateContainerConfigError), ERR_INVALID for a field that cannot be told.
 * Tests:   tests/unit/agent/test_env.c
 */
#ifndef AGENT_ENV_H
#define AGENT_ENV_H

#include "agent/items.h"

typedef struct Err Err;

/* What a pod's references may be about. */
typedef struct PodContext {
    const char *cluster;
    const Value *pod;
    Items *items;
    const char *node_ip, *node_name;
    const char *host_ip;         /* the node's address as the pod's tenant sees it */
    const char *pod_ip;          /* "" before there is one */
    const char *api_ip, *dns_ip; /* of the tenant's API server and DNS */
    /* of the other family, of the node's, the host's and the pod's; NULL: none */
    const char *second_node_ip, *second_host_ip, *second_pod_ip;
    int64_t node_cpu_milli, node_memory; /* allocatable: the default of limits */
    const Value *volume_paths;           /* {"name": directory}; NULL before they are set up */
} PodContext;

/* [{"key": NAME, "value": VALUE}, ...] as the runtime wants it, in order. */
int env_build(Arena *a, const PodContext *pc, const Value *container, Value **ret,
              Err *err) MUST_CHECK;
/* $(NAME) by the variables in `env`, "$$" is "$"; what is not defined stays as it is. */
const char *env_expand(Arena *a, const char *text, const Value *env);
/* The same, but every variable must have a value that is not empty. */
int env_expand_all(Arena *a, const char *text, const Value *env, const char **ret,
                   Err *err) MUST_CHECK;
/* "metadata.labels['x']", "status.podIP", "spec.nodeName", ... */
int env_field(Arena *a, const PodContext *pc, const char *path, const char **ret,
              Err *err) MUST_CHECK;
/* "limits.cpu" of a container with its divisor; rounded up as kubelet does. */
int env_resource_field(Arena *a, const PodContext *pc, const Value *ref, const Value *container,
                       const char **ret, Err *err) MUST_CHECK;
/* Key -> bytes (VALUE_STRING, decoded) of a config map or secret; ERR_NOT_FOUND when absent. What a
 * config map has as binaryData is for files only, not for variables. */
int env_source_data(Arena *a, const PodContext *pc, bool is_secret, const char *name, Value **ret,
                    Err *err) MUST_CHECK;

#endif
