/*
 * node.h - this node's object and lease in the host cluster.
 *
 * Owns:    a thread that registers the node, then renews the lease and reports the status every
 *          ten seconds (the status only when it changed, or after a minute).
 * Threads: node_start/stop by main.
 * Frees:   node_stop().
 * Fails:   tries again for ever.
 * Tests:   tests/unit/agent/test_container.c
 */
#ifndef AGENT_NODE_H
#define AGENT_NODE_H

#include "agent/agent.h"

typedef struct Node Node;

typedef struct NodeOptions {
    Agent *agent;
    /* The server has given the node its pod addresses, a range or two with a comma; once. On the
     * node's thread. */
    void (*on_pod_cidr)(const char *cidr, void *data);
    /* The node has another certificate; agent->client has it already. On the node's thread. */
    void (*on_certificate)(const char *cert_pem, const char *key_pem, void *data);
    void *data;
} NodeOptions;

int node_start(const NodeOptions *o, Node **ret, Err *err) MUST_CHECK;
void node_stop(Node *n);
DEFINE_CLEANUP(Node, node_stop);

/* Fills in the machine's capacity. */
void node_measure(Agent *agent);
void node_allocatable(const Agent *agent, int64_t *ret_cpu_milli, int64_t *ret_memory);

/* What the runtime says about itself, as the conditions need it. */
typedef struct NodeHealth {
    bool is_runtime_ready, is_network_ready;
    const char *problem; /* NULL when both are */
    uint32_t pressure;   /* PRESSURE_ bits */
} NodeHealth;
/* Pure: the events of a change of conditions, as kubelet names them (pkg/kubelet/nodestatus,
 * setters.go): how many. `before` may be NULL: the node is new. */
enum { NODE_EVENTS_MAX = 4 };
size_t node_events(const Value *before, const Value *now, const char *ret[NODE_EVENTS_MAX]);
/* Pure: the status to report. `old` is the one reported before or the server's; NULL. */
Value *node_status(Arena *a, const Agent *agent, const NodeHealth *h, const Value *info,
                   const Value *images, const Value *old, int64_t now_us);

#endif
