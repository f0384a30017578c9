/*
 * net.h - the node's network: CNI configuration, packet rules, routes to other nodes.
 *
 * Owns:    the tables "ip hostplane", "bridge hostplane" and, where there is IPv6, "ip6 hostplane",
 *          and a thread that keeps them as net/rules.h says, and the ways of net/paths.h.
 * Threads: any. net_pod_wait() blocks until the rules know the pod, so that no container starts
 *          before its network is that of its tenant.
 * Frees:   net_stop(); the rules stay, as pods do.
 * Fails:   ERR_INTERNAL with nft's words.
 * Tests:   the rules in tests/unit/agent/test_rules.c
 */
#ifndef AGENT_NET_NET_H
#define AGENT_NET_NET_H

#include "agent/agent.h"

typedef struct Net Net;

enum { NET_DNS_PORT = 10053 };

int net_start(Agent *agent, const char *server_url, Net **ret, Err *err) MUST_CHECK;
void net_stop(Net *n);
DEFINE_CLEANUP(Net, net_stop);

/* The node's pod addresses, address_ranges_parse(), are known: writes the CNI configuration (by
 * rename). Ranges of families that the agent was not told of are left out. */
int net_set_pod_cidr(Net *n, const char *cidrs, Err *err) MUST_CHECK;
typedef struct NetPodAddress {
    const char *cluster, *ns, *name, *uid, *ip;
    const char *second_ip; /* of the other family; NULL: none */
    const char *veth;      /* on the node's side; NULL when it is not known */
} NetPodAddress;
/* The rules are to know the pod; until they do net_pod_wait() blocks. Nothing of the pod may start
 * before. After a failure it is to be begun again. */
void net_pod_begin(Net *n, const NetPodAddress *p);
int net_pod_wait(Net *n, const char *uid, Err *err) MUST_CHECK;
bool net_knows_pod(Net *n, const char *uid);
bool net_has_pod(Net *n, const char *uid, const char *ip, const char *second_ip);
void net_pod_down(Net *n, const char *uid);
/* An item that the rules may be made of has changed; now or before may be NULL. */
void net_item_changed(Net *n, Item *now, Item *before);
/* The items have been brought whole: nodes that are not among them are gone. */
void net_items_are_whole(Net *n);
/* Which cluster the address of a pod of this node belongs to, "host" for the node's own; copied to
 * `out`. False: nobody's. */
bool net_cluster_of(Net *n, const char *ip, char *out, size_t cap);

/* The address of that family (AF_INET, AF_INET6) from which this machine reaches the URL's host; ""
 * when it cannot be told. */
void net_own_address(const char *url, int af, char *out, size_t cap);
/* "02:00:00:00:00:01" of the interface that has this address; "" when there is none. */
void net_link_address(const char *ip, char *out, size_t cap);

#endif
