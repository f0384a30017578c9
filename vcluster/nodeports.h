/*
 * nodeports.h - whose a node port is towards the outside of the shared nodes.
 *
 * A node port is a tenant's own number: within a tenant it is unique, and every tenant may have
 * 30080. Its own pods reach it on every node. For everybody else the tenants cannot be told apart,
 * so each number (by protocol) belongs to one service of one tenant: the first that wrote it has it
 * until it gives it up or its tenant is gone. Nobody is told of the others: a service that comes
 * later keeps its number for its own pods, and gets the outside when it is written after the number
 * has become free. Numbers that the server chooses are free towards the outside, as long as there
 * are such.
 *
 * A row of the host cluster's "internal/outsideports" for each, named "tcp-30080", written in the
 * transaction of the service. Nodes hear of it by their feed.
 *
 * Threads: as every part of a request.
 * Fails:   returns a step, see vcluster_int.h.
 * Tests:   tests/unit/vcluster/test_nodeports.c, tests/e2e/test_node_network.py
 */
#ifndef VCLUSTER_NODEPORTS_H
#define VCLUSTER_NODEPORTS_H

#include "vcluster/vcluster_int.h"

#define OUTSIDE_PORTS_STORAGE "internal/outsideports"

/* Claims what the service has now, gives up what it had. now NULL: it is deleted. */
int nodeports_follow(Request *req, const Op *op, const Value *old, const Value *now);
/* Has somebody else this number towards the outside? */
int nodeports_is_taken(Request *req, const char *protocol, int64_t port, bool *ret);
/* The row of that name, and what it says; *ret_owner NULL: it is nobody's, or nobody's any more. */
int nodeports_row(Request *req, const char *name, Stored *ret_row, Value **ret_owner);

#endif
