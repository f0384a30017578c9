/*
 * rules.h - the node's packet rules as data: tenants, their pods, services and policies ->
 * nftables.
 *
 * Every tenant has the same service addresses. What tells them apart is the pod that asks: its
 * address is in the map @tenant, the packet gets the tenant's number as its mark, and everything
 * else is keyed by that mark:
 *
 *   pod -> mark by @tenant -> (mark . service ip . proto . port) @services -> chain -> endpoint
 *                          -> (mark . proto . port) @nodeports, for addresses of nodes
 *                          -> forward: (mark . address) @reach, other pods refused
 *                          -> @policy-out (by source), @policy-in (by destination): NetworkPolicy
 *   from elsewhere (mark 0) -> (proto . port) @outside, for this node's own addresses
 *
 * The pods of a tenant on other nodes are in @tenant and @reach too, so that what comes from
 * another node is judged here again, by its address.
 *
 * What a pod sends carries its own address and nothing but IPv4 and ARP: "bridge hostplane" drops
 * the rest where the frame comes in, so that no tenant can pass for another.
 *
 * Pure: builds states, compares two of them, prints what leads from one to the other.
 *
 * Owns:    a NetState owns its texts.
 * Threads: one at a time for one state.
 * Frees:   net_state_free().
 * Fails:   never.
 * Tests:   tests/unit/agent/test_rules.c, test_services.c, test_policy.c
 */
#ifndef AGENT_NET_RULES_H
#define AGENT_NET_RULES_H

#include "agent/items.h"
#include "base/map.h"

typedef struct NetState {
    Map chains;   /* name -> body: rules, one a line */
    Map sets;     /* name -> declaration of a set that belongs to a chain */
    Map elements; /* "set key" -> value, "" when the set is no map */
} NetState;

/* A pod on this node. */
typedef struct NetPod {
    const char *cluster, *ip;
    const char *veth;      /* its interface on the bridge; NULL when it is not known */
    const char *ns, *name; /* of the object; NULL: no policy can tell it */
} NetPod;

typedef struct NetInput {
    Items *items; /* services, endpointslices, peers, ... of all clusters */
    const NetPod *pods;
    size_t n_pods;
    const char *node_name;
    /* number of a cluster, from 1, the same as long as the agent runs */
    uint32_t (*number)(const char *cluster, void *data);
    void *data;
    /* "tcp . 30080" -> "CLUSTER UID" of the service that has this node's port towards the outside:
     * kept from one state to the next, so that nobody takes the port of another. NULL: not kept */
    Map *owners;
} NetInput;

typedef struct NetBase {
    const char *cluster_cidr, *service_cidr, *pod_cidr; /* pod_cidr NULL: not known yet */
    const char *api_address;                            /* "172.30.0.1:6443"; NULL: none */
    int dns_port;
} NetBase;

NetState *net_state_build(const NetInput *in);
void net_state_free(NetState *s);
DEFINE_CLEANUP(NetState, net_state_free);

/* The table with its hooks and empty sets; replaces what is there. */
void net_base_print(const NetBase *b, Buf *out);
/* The commands that lead from `from` (NULL: the empty table) to `to`; nothing when they agree. */
void net_diff_print(const NetState *from, const NetState *to, Buf *out);

/* Is `s` an IPv4 address, and nothing else? Texts from outside pass through here before they become
 * part of a rule. */
bool net_is_ipv4(const char *s);
/* "10.0.0.0/8" */
bool net_is_cidr(const char *s);

#endif
