/*
 * rules.h - the node's packet rules as data: tenants, their pods, services and policies ->
 * nftables.
 *
 * Every tenant has the same service addresses. What tells them apart is the pod that asks: its
 * address is in the map @tenant, the packet gets the tenant's number as its mark, and everything
 * else is keyed by that mark:
 *
 *   pod -> mark by @tenant -> (mark . service ip . proto . port) @services -> a chain shared by
 *                             services of as many endpoints -> (number . the same) @endpoints
 *                          -> (mark . proto . port) @nodeports, for addresses of nodes
 *                          -> forward: (mark . address) @reach, other pods refused
 *                          -> @policy-out (by source), @policy-in (by destination): NetworkPolicy
 *   from elsewhere (mark 0) -> (proto . port) @outside, for this node's own addresses
 *   from anybody -> (address . proto . port) @external, external addresses that the server says are
 *                   a tenant's
 *
 * This once for each address family, as tables of their own that share nothing.
 *
 * The pods of a tenant on other nodes are in @tenant and @reach too, so that what comes from
 * another node is judged here again, by its address.
 *
 * The node's own processes, and pods that share its network, are of the host cluster: they have its
 * services, the DNS and the API server.
 *
 * What a pod sends carries its own address and nothing but IPv4 and ARP (and IPv6, with neighbour
 * discovery for its own address, where pods have it): "bridge hostplane" drops the rest where the
 * frame comes in, so that no tenant can pass for another. A pod's address is
 * also believed only where the way back to it leads: a neighbour cannot send with that of a pod
 * here. What comes from another node carries an address of that node's range: each node says in an
 * annotation with which MAC address it sends, and the pair of both is in @links. (Ranges of nodes
 * that say none are in @unlinked: the network between them hides it.) A node's word counts for its
 * own range alone. What comes through VXLAN (net/overlay.h) is looked at twice: the frame inside
 * must go from the MAC address of the node whose address is outside to that of this one (@vteps),
 * and then the same @links hold. In there a node has an address of its own range (@gates).
 *
 * The rules are kept in parts, one for each service and one for all the rest. A change makes parts
 * stale; net_rules_update() builds those again and prints what leads from what is loaded to what is
 * wanted: what a change costs does not depend on how many services there are.
 *
 * Pure: items in, commands of nft out.
 *
 * Owns:    NetRules owns its texts and references to the endpoint slices.
 * Threads: one at a time.
 * Frees:   net_rules_free().
 * Fails:   never.
 * Tests:   tests/unit/agent/test_rules.c, test_services.c, test_policy.c,
 *          test_overlay.c; bench/bench_net.c
 */
#ifndef AGENT_NET_RULES_H
#define AGENT_NET_RULES_H

#include "agent/items.h"
#include "api/address.h"
#include "base/map.h"

/*
 * An address family. The rules of each are a table of their own, made by the same code; what
 * differs is here.
 */
typedef struct NetFamily {
    const char *nft;      /* of tables, and how rules name the header: "ip", "ip6" */
    const char *name;     /* in the API: "IPv4", "IPv6" */
    const char *type;     /* of set elements: "ipv4_addr", "ipv6_addr" */
    const char *own;      /* the set of "bridge hostplane" that says whose an address is */
    const char *loopback; /* the range, */
    const char *closed;   /* and those of addresses that mean a link or what clouds tell */
    const char *to_many;  /* ranges of what is not one receiver's */
    const char *icmp;     /* the protocol of errors, in rules */
    const char *known_by; /* there when the kernel has the family */
    int af;               /* AF_INET, AF_INET6 */
    bool names_veths;     /* one of them tells "bridge hostplane" which interfaces are pods' */
    char api_ip[ADDRESS_TEXT_MAX], dns_ip[ADDRESS_TEXT_MAX]; /* services of every tenant, or "" */
} NetFamily;
enum { NET_FAMILIES = 2 };
extern const NetFamily net_families[NET_FAMILIES]; /* IPv4, IPv6, without service addresses */
/* Is AF_INET or AF_INET6 among them? */
bool net_has_family(const NetFamily *families, int n, int af);
/* The family of a range for services, with its addresses. */
void net_family_of(const AddressRange *services, NetFamily *ret);

/* Rules as data; also those of one part. */
typedef struct NetState {
    const NetFamily *f;
    Map chains;   /* name -> body: rules, one a line */
    Map sets;     /* name -> declaration of a set that belongs to a chain */
    Map elements; /* "set key" -> value, "" when the set is no map */
    Map udp;      /* "address port" of endpoints that are spoken to by UDP; a set */
    Map opened;   /* "to ADDRESS port" of node ports of UDP that somebody serves; a set */
    Map health;   /* "port ns/service" whose health is told there -> number of endpoints here */
} NetState;

/* A pod on this node. */
typedef struct NetPod {
    const char *cluster, *ip; /* of the family of the rules; NULL: it has none */
    const char *veth;         /* its interface on the bridge; NULL when it is not known */
    const char *ns, *name;    /* of the object; NULL: no policy can tell it */
} NetPod;

typedef struct NetOverlay NetOverlay; /* net/overlay.h */

typedef struct NetInput {
    Items *items; /* services, endpointslices, peers, ... of all clusters */
    const NetPod *pods;
    size_t n_pods;
    const char *node_name;
    const char *node_ip;          /* of the family of the rules; NULL: it has none */
    const AddressRanges *cluster; /* where pods of other nodes are; NULL: nowhere */
    const NetOverlay *overlay;    /* how nodes further away are reached; NULL: not at all */
    /* number of a cluster, from 1, the same as long as the agent runs */
    uint32_t (*number)(const char *cluster, void *data);
    void *data;
} NetInput;

typedef struct NetBase {
    const NetFamily *f;
    const char *cluster_cidr, *service_cidr;
    const char *server_ip; /* where the API server is; NULL: not by this family */
    int server_port;
    const char *node_ip; /* of this node */
    const char *closed;  /* further ranges that pods do not reach, of any family; NULL: none */
    bool is_only;        /* the cluster has no other family */
    uint32_t host;       /* number of the host cluster */
    int dns_port;
    const NetOverlay *overlay; /* NULL: none */
} NetBase;

/* The table with its hooks and empty sets; replaces what is there. */
void net_base_print(const NetBase *b, Buf *out);
/* No table of the family. */
void net_base_remove(const NetFamily *f, Buf *out);
/* Each range of a list with commas; false at one that is none. list and fn may be NULL. */
typedef void (*NetRangeFn)(const AddressRange *range, void *data);
bool net_each_range(const char *list, NetRangeFn fn, void *data);
/* That of the bridge; before any rules are updated. */
void net_bridge_print(bool has_v6, Buf *out);

typedef struct NetRules {
    /* read-only */
    NetState state; /* what is loaded once the last update's commands are; texts are borrowed */
    /* As NetState.udp, no longer spoken to since this was last cleared, and as NetState.opened,
     * served only since then: what was sent to them goes on to where it went, so it is to be
     * forgotten. */
    Map gone_udp;

    /* private */
    const NetFamily *f;
    Map parts;   /* "" (the rest) and "cluster ns/name" (services) -> NetPart */
    Map owners;  /* element -> NetPart */
    Map waiting; /* element that several parts ask for -> names of those that do not have it */
    Map slices;  /* "cluster ns/service" -> list of endpoint slices */
    Map stale;   /* names of parts; a set */
    bool is_lost, all_stale;
    char *zone; /* of this node */
} NetRules;

NetRules *net_rules_new(const NetFamily *f);
void net_rules_free(NetRules *r);
DEFINE_CLEANUP(NetRules, net_rules_free);

/* An item has changed; now or before may be NULL. */
void net_rules_changed(NetRules *r, const NetInput *in, Item *now, Item *before);
/* The pods of this node have. */
void net_rules_pods_changed(NetRules *r);
/* The kernel has empty sets, or nobody knows what: the next update prints everything. */
void net_rules_lost(NetRules *r);
/* The commands that lead to what `in` says; nothing when it is loaded already. */
void net_rules_update(NetRules *r, const NetInput *in, Buf *out);
/* Do rules depend on what changed in this item? now or before may be NULL. */
bool net_rules_are_about(const Item *now, const Item *before);

/* Is `s` an address of the family as the kernel would write it, and nothing else? Texts from
 * outside pass through here before they become part of a rule. */
bool net_is_address(const NetFamily *f, const char *s);
/* An address of the family, however it is written, as the kernel writes it: `out`, or NULL. */
const char *net_address(const NetFamily *f, const char *s, char out[ADDRESS_TEXT_MAX]);
/* "10.0.0.0/8" */
bool net_is_cidr(const NetFamily *f, const char *s);
/* The first of them that is, of a list of strings or of objects with one as `member`; NULL. */
const char *net_address_in(const NetFamily *f, const Value *list, const char *member);
/* The node's range for pods of that family; NULL: none. */
const char *net_pod_cidr(const NetFamily *f, const Value *node);
/* The node's own address of that family, its InternalIP, in whatever form it says it: `out`, or
 * NULL.
 */
const char *net_node_address(const NetFamily *f, const Value *node, char out[ADDRESS_TEXT_MAX]);
/* "02:00:00:00:00:01" */
bool net_is_mac(const char *s);

#endif
