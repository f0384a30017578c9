/*
 * dns_server.h - the node's DNS: UDP and TCP, the tenant known from the pod that asks.
 *
 * It listens on every address of the node; packet rules lead 10.96.0.10:53 to it and let pods
 * reach nothing else. Who is no pod of this node is refused.
 *
 * Owns:    its sockets and thread.
 * Threads: dns_server_start/stop by main.
 * Frees:   dns_server_stop().
 * Fails:   when the port is taken.
 * Tests:   tests/unit/agent/test_dns.c for the answers
 */
#ifndef AGENT_DNS_SERVER_H
#define AGENT_DNS_SERVER_H

#include "agent/agent.h"

typedef struct DnsServer DnsServer;

/* upstream: address asked for names outside of the cluster; NULL: they do not exist. */
int dns_server_start(Agent *agent, int port, const char *upstream, DnsServer **ret,
                     Err *err) MUST_CHECK;
void dns_server_stop(DnsServer *d);
DEFINE_CLEANUP(DnsServer, dns_server_stop);

#endif
