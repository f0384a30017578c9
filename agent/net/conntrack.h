/*
 * conntrack.h - forgets what the kernel remembers of UDP "connections" to endpoints that are gone.
 *
 * A translated flow keeps its endpoint as long as packets come. TCP notices that nobody is there;
 * with UDP a client that goes on sending would never reach the endpoints that are left.
 *
 * Owns:    nothing; a netlink socket for the length of a call.
 * Threads: any.
 * Fails:   never: what cannot be forgotten now ends by its timeout, which is logged.
 * Tests:   tests/unit/agent/test_conntrack.c, tests/e2e/test_node_network.py
 */
#ifndef AGENT_NET_CONNTRACK_H
#define AGENT_NET_CONNTRACK_H

#include "base/map.h"

/* `gone`: a set of "address port" of endpoints, of the family AF_INET or AF_INET6, and of
 * "to ADDRESS port" of this node's, of which flows are meant that nothing has translated. */
void conntrack_forget_udp(int family, const Map *gone);

/* Is the entry of one message of a dump (behind its netlink header) a UDP flow to one of these?
 * *ret_tuple: the attribute that names it, within the message. */
bool conntrack_is_stale(int family, Slice message, const Map *gone, Slice *ret_tuple);

#endif
