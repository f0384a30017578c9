/*
 * rules_int.h - what rules.c (addresses, tables), parts.c (differences), services.c and policy.c
 * share.
 * Private to agent/net/.
 */
#ifndef AGENT_NET_RULES_INT_H
#define AGENT_NET_RULES_INT_H

#include "agent/net/rules.h"

enum { NET_PICK_MAX = 32 }; /* services with so many endpoints share chains */

/* `key` and `body` are taken over. */
void net__add_element(NetState *s, char *key, const char *value);
void net__add_chain(NetState *s, const char *name, char *body);
void net__add_set(NetState *s, const char *name, const char *declaration);

/* One pod of a tenant, here or elsewhere. */
typedef struct NetPeer {
    const char *cluster, *ns, *name, *ip;
    const Value *labels;     /* NULL: none, or not known */
    const Value *containers; /* for the names of ports */
    bool is_local;
} NetPeer;
typedef struct NetPeers {
    NetPeer *list;
    size_t n;
    ItemList pods, others; /* what the list borrows from */
} NetPeers;
/* Pods with an address of their own. */
void net__peers(const NetFamily *f, const NetInput *in, NetPeers *ret);
void net__peers_done(NetPeers *p);

/* A service, what it leads to, and the zone of this node (or NULL). */
typedef struct NetService {
    const Item *svc;
    const Item *const *slices;
    size_t n_slices;
    const char *zone;
} NetService;
void net__service(NetState *s, const NetInput *in, const NetService *of);
/* All that is not a service: pods, addresses, nodes, policies. */
void net__pods(NetState *s, const NetInput *in);
void net__policies(NetState *s, const NetInput *in, const NetPeers *peers);

/* The address as part of a name; the caller frees it. */
char *net__name_of(const char *address);
/* "10.0.0.1:80", "[fd00::1]:80"; the caller frees it. */
char *net__target(const NetFamily *f, const char *address, int port);

/* "tcp", "udp", "sctp"; anything else is tcp */
const char *net__l4(const char *protocol);

#endif
