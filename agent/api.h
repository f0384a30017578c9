/*
 * api.h - the agent's writes to the server: pod status, deletion, events, tokens.
 *
 * Events go out beside the pods' work, one after the other, by a thread of their own; when too many
 * wait the newest are lost.
 *
 * Owns:    the cache of service account tokens and of what events were sent; the events that wait.
 * Threads: any.
 * Frees:   agent_api_free(), which sends what waits when the server takes it.
 * Fails:   as client.h. Events are best effort: a lost one is logged at debug.
 * Tests:   needs a server: the demo
 */
#ifndef AGENT_API_H
#define AGENT_API_H

#include "agent/agent.h"

typedef struct AgentApi AgentApi;

AgentApi *agent_api_new(Agent *agent);
void agent_api_free(AgentApi *api);
DEFINE_CLEANUP(AgentApi, agent_api_free);

/* Writes pod.status; *ret is the object as the server has it then. */
int agent_api_pod_status(AgentApi *api, Arena *a, const Item *pod, const Value *status, Value **ret,
                         Err *err) MUST_CHECK;
/* Removes the object of a pod that has ended here. A pod that is gone already is a success. */
int agent_api_pod_gone(AgentApi *api, const Item *pod, Err *err) MUST_CHECK;
/* A token bound to the pod; one made before is used until most of its life is over. */
int agent_api_token(AgentApi *api, Arena *a, const Item *pod, const char *account,
                    const char *audience, int64_t lifetime_s, const char **ret,
                    Err *err) MUST_CHECK;
/* Drop the tokens of a pod, and what was told of it. */
void agent_api_forget(AgentApi *api, const char *pod_uid);

/* What is told of it is for event_filter.h to say. container may be NULL. A pod that is an item of
 * "nodes" is the node itself. */
void agent_api_event(AgentApi *api, const Item *pod, const char *container, bool is_warning,
                     const char *reason, const char *fmt, ...) PRINTF(6, 7);
/* An event of this node, in the host cluster. */
void agent_api_node_event(AgentApi *api, bool is_warning, const char *reason, const char *fmt, ...)
    PRINTF(4, 5);

#endif
