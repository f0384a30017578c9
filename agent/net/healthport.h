/*
 * healthport.h - answers load balancers that ask whether this node has ready pods of a service
 * (healthCheckNodePort): any HTTP request on the service's port gets 200 or 503, as kube-proxy
 * answers.
 *
 * Owns:    a thread and its sockets: one that listens for each port, and at most 64 connections,
 *          each for five seconds at most. When there are more, the oldest goes.
 * Threads: any.
 * Frees:   healthports_stop().
 * Fails:   a port that somebody else has is logged and tried again at the next change.
 * Tests:   tests/unit/agent/test_healthport.c, tests/e2e/test_node_network.py
 */
#ifndef AGENT_NET_HEALTHPORT_H
#define AGENT_NET_HEALTHPORT_H

#include "base/buf.h"
#include "base/map.h"

typedef struct Err Err;
typedef struct HealthPorts HealthPorts;

int healthports_start(HealthPorts **ret, Err *err) MUST_CHECK;
void healthports_stop(HealthPorts *h);
DEFINE_CLEANUP(HealthPorts, healthports_stop);
/* NetState.health: "port ns/service" -> number of endpoints. Copied. */
void healthports_set(HealthPorts *h, const Map *wanted);

/* The answer for a service with so many ready endpoints here. Pure. */
void healthport_answer(const char *service, const char *n_endpoints, Buf *out);

#endif
