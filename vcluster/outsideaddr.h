/*
 * outsideaddr.h - whose an external address is: spec.externalIPs, and what a load balancer wrote to
 * status.loadBalancer.ingress.
 *
 * Anybody may write any address there, and his own pods reach his service by it. Towards the
 * outside of the nodes, and for the nodes themselves, an address is served only
 *   - if the tenant's plan, or the tenant's overrides, have it in externalAddresses,
 *   - if it is not that of a node, a pod or a service, and
 *   - by the tenant that wrote it first, for all of its services, until none of them has it or the
 *     tenant is gone. Nobody is told of another: a service that comes later gets the outside when
 * it is written after the address has become free. So nobody takes over addresses of others, of
 * nodes, of the platform or of the world.
 *
 * A row of the host cluster's "internal/outsideports" for each, named "ip-192.0.2.7", with the
 * services that have it; written in the transaction of a service. Nodes hear of it by their feed,
 * which looks at the plan again.
 *
 * Threads: as every part of a request.
 * Fails:   returns a step, see vcluster_int.h.
 * Tests:   tests/unit/vcluster/test_nodeports.c, tests/e2e/test_node_network.py
 */
#ifndef VCLUSTER_OUTSIDEADDR_H
#define VCLUSTER_OUTSIDEADDR_H

#include "vcluster/vcluster_int.h"

/* Claims what the service has now, gives up what it had. now NULL: it is deleted. */
int outside_addresses_follow(Request *req, const Op *op, const Value *old, const Value *now);
/* May the row still be served? Rows of node ports always. */
bool outside_address_holds(const Cluster *c, const TenantTerms *terms, const Obj *row);

#endif
