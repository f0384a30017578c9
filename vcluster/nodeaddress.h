/*
 * nodeaddress.h - which addresses a node of the platform may say to be its own. Other nodes believe
 * the server in this: they route to a node's pods by it, and refuse tenants what goes to a node. So
 * a node that could say any address would cut others off from it.
 *
 * An address (InternalIP, ExternalIP) is the node's when
 *   - the provider has listed it in the Node's annotation hostplane.io/addresses ("a,b"), which no
 *     node may write, or
 *   - the node's connection comes from it, or
 *   - the node has it already.
 * When the connection does not tell (it comes from the server's own machine, a proxy), the first
 * addresses that a node says hold, unless they are of another node, of pods, or of no host at all.
 *
 * Pure. Threads: any. Frees: nothing; words live in the arena. Fails: never.
 * Tests:   tests/unit/vcluster/test_nodeaddress.c, tests/e2e/test_compromised_node.py
 */
#ifndef VCLUSTER_NODEADDRESS_H
#define VCLUSTER_NODEADDRESS_H

#include "api/address.h"
#include "base/value.h"
#include "store/store.h"

#define NODE_ADDRESSES_ANNOTATION "hostplane.io/addresses"

typedef struct NodeAddressInput {
    const Value *now, *old; /* the Node as it would be and as it is; old NULL: there is none */
    const char *from;       /* where the connection comes from; NULL: not known */
    const ObjVec *nodes;    /* of the platform */
} NodeAddressInput;

/* Why not; NULL: it may say so. */
const char *nodeaddress_refusal(Arena *a, const NodeAddressInput *in);
/* Is the address a node's (of another name than `but`; NULL: any), a pod's, or that of no host? */
bool nodeaddress_is_taken(Arena *a, const ObjVec *nodes, const char *ip, const char *but);
/* Is it in one of the node's ranges for pods? */
bool nodeaddress_is_of_pods(const Value *node, const Address *x);

#endif
