#include "agent/net/rules_int.h"

#include "agent/agent.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <ctype.h>

bool net_is_ipv4(const char *s)
{
    struct in_addr a;

    return s && inet_pton(AF_INET, s, &a) == 1;
}

bool net_is_cidr(const char *s)
{
    char address[INET_ADDRSTRLEN];
    size_t n = s ? strcspn(s, "/") : 0;
    int64_t bits;

    if (n == 0 || n >= sizeof(address) || s[n] != '/')
        return false;
    memcpy(address, s, n);
    address[n] = '\0';
    return net_is_ipv4(address) && strlen(s + n + 1) <= 2 && s[n + 1] >= '0' && s[n + 1] <= '9' &&
           slice_to_int64(slice_of(s + n + 1), &bits) && bits <= 32;
}

bool net_is_mac(const char *s)
{
    size_t n = s ? strlen(s) : 0;

    for (size_t i = 0; i < n; i++) {
        if (i % 3 == 2 ? s[i] != ':' : !isxdigit((unsigned char)s[i]))
            return false;
    }
    return n == 17;
}

const char *net__l4(const char *protocol)
{
    return str_eq(protocol, "UDP") ? "udp" : str_eq(protocol, "SCTP") ? "sctp" : "tcp";
}

/* ---- building ---- */

void net__add_element(NetState *s, char *key, const char *value)
{
    free(map_set(&s->elements, key, xstrdup(value)));
    free(key);
}

void net__add_chain(NetState *s, const char *name, char *body)
{
    free(map_set(&s->chains, name, body));
}

void net__add_set(NetState *s, const char *name, const char *declaration)
{
    free(map_set(&s->sets, name, xstrdup(declaration)));
}

static bool is_interface(const char *s)
{
    size_t n = strlen(s);

    return n > 0 && n < 16 &&
           strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == n;
}

static void add_pods(NetState *s, const NetInput *in)
{
    for (size_t i = 0; i < in->n_pods; i++) {
        const NetPod *p = &in->pods[i];

        if (!net_is_ipv4(p->ip))
            continue;
        net__add_element(s, xasprintf("self %s . %s", p->ip, p->ip), "");
        if (p->veth && is_interface(p->veth)) {
            net__add_element(s, xasprintf("own \"%s\" . %s", p->veth, p->ip), "");
            net__add_element(s, xasprintf("veths \"%s\"", p->veth), "");
        }
    }
}

static void add_addresses(NetState *s, const NetInput *in, const NetPeers *peers)
{
    for (size_t i = 0; i < peers->n; i++) {
        AUTO_FREE char *number = xasprintf("0x%08x", in->number(peers->list[i].cluster, in->data));

        net__add_element(s, xasprintf("tenant %s", peers->list[i].ip), number);
        net__add_element(s, xasprintf("reach %s . %s", number, peers->list[i].ip), "");
    }
}

/* How packets of the node's pods come here. */
static void add_link(NetState *s, const Value *node)
{
    const char *cidr = value_at_str(node, "spec.podCIDR");
    const char *mac = value_get_str(value_at(node, "metadata.annotations"), AGENT_LINK_ANNOTATION);

    if (!net_is_cidr(cidr))
        return;
    if (net_is_mac(mac))
        net__add_element(s, xasprintf("links %s . %s", mac, cidr), "");
    else
        net__add_element(s, xasprintf("unlinked %s", cidr), "");
}

static void add_nodes(NetState *s, const NetInput *in)
{
    AUTO_ITEM_LIST nodes = {0};
    const Value *address;

    items_list(in->items, "host", "nodes", &nodes);
    for (size_t i = 0; i < nodes.n; i++) {
        if (strcmp(nodes.items[i]->name, in->node_name) != 0)
            add_link(s, nodes.items[i]->v);
        value_each_item(value_at(nodes.items[i]->v, "status.addresses"), k, address)
        {
            const char *ip = value_get_str(address, "address");

            if (str_eq(value_get_str(address, "type"), "InternalIP") && net_is_ipv4(ip))
                net__add_element(s, xasprintf("nodes %s", ip), "");
        }
    }
}

/* ---- peers ---- */

static void add_peer(NetPeers *p, Map *seen, NetPeer peer)
{
    if (!net_is_ipv4(peer.ip) || map_get(seen, peer.ip))
        return;                      /* whose a pod of this node is, is not for others to say */
    (void)map_set(seen, peer.ip, p); /* it was not there */
    p->list[p->n++] = peer;
}

void net__peers(const NetInput *in, NetPeers *ret)
{
    Map seen = {0}, names = {0};

    *ret = (NetPeers){0};
    items_list(in->items, NULL, "pods", &ret->pods);
    items_list(in->items, NULL, "peers", &ret->others);
    ret->list = xcalloc(in->n_pods + ret->others.n + 1, sizeof(*ret->list));
    for (size_t i = 0; i < ret->pods.n; i++) {
        const Item *pod = ret->pods.items[i];
        AUTO_FREE char *key = xasprintf("%s %s/%s", pod->cluster, pod->ns, pod->name);

        (void)map_set(&names, key, (void *)(uintptr_t)pod); /* names differ */
    }
    for (size_t i = 0; i < in->n_pods; i++) {
        const NetPod *p = &in->pods[i];
        AUTO_FREE char *key =
            xasprintf("%s %s/%s", p->cluster, p->ns ? p->ns : "", p->name ? p->name : "");
        const Item *pod = map_get(&names, key);

        add_peer(ret, &seen,
                 (NetPeer){.cluster = p->cluster,
                           .ns = p->ns,
                           .name = p->name,
                           .ip = p->ip,
                           .labels = pod ? value_at(pod->v, "metadata.labels") : NULL,
                           .containers = pod ? value_at(pod->v, "spec.containers") : NULL,
                           .is_local = true});
    }
    for (size_t i = 0; i < ret->others.n; i++) {
        const Item *o = ret->others.items[i];

        add_peer(ret, &seen,
                 (NetPeer){.cluster = o->cluster,
                           .ns = o->ns,
                           .name = o->name,
                           .ip = value_at_str(o->v, "status.podIP"),
                           .labels = value_at(o->v, "metadata.labels"),
                           .containers = value_at(o->v, "spec.containers")});
    }
    map_done(&seen);
    map_done(&names);
}

void net__peers_done(NetPeers *p)
{
    free(p->list);
    item_list_done(&p->pods);
    item_list_done(&p->others);
}

void net__pods(NetState *s, const NetInput *in)
{
    NetPeers peers;

    net__peers(in, &peers);
    add_pods(s, in);
    add_addresses(s, in, &peers);
    add_nodes(s, in);
    net__policies(s, in, &peers);
    net__peers_done(&peers);
}

/* ---- the tables ---- */

/* The chains that services share: one of n endpoints, drawn by a number that the packet's priority
 * keeps until the lookup (a draw cannot be part of a map's key). */
static void print_picks(Buf *out)
{
    static const struct {
        const char *chain, *before, *key, *map;
    } rows[] = {
        {"pick", "", "meta mark . ip daddr . meta l4proto . th dport", "endpoints"},
        {"node", "", "meta mark . meta l4proto . th dport", "node-endpoints"},
        {"masq",
         "    meta mark set meta l4proto . th dport map @outside-tenant\n    ct mark set 0x1\n",
         "meta l4proto . th dport", "outside-endpoints"},
        {"here", "    meta mark set meta l4proto . th dport map @outside-tenant\n",
         "meta l4proto . th dport", "outside-endpoints"},
        {"emasq",
         "    meta mark set ip daddr . meta l4proto . th dport map @external-tenant\n"
         "    ct mark set 0x1\n",
         "ip daddr . meta l4proto . th dport", "external-endpoints"},
        {"ehere", "    meta mark set ip daddr . meta l4proto . th dport map @external-tenant\n",
         "ip daddr . meta l4proto . th dport", "external-endpoints"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int n = 1; n <= NET_PICK_MAX; n++)
            buf_addf(out,
                     "  chain %s-%d {\n%s    meta priority set numgen random mod %d\n"
                     "    meta l4proto { tcp, udp, sctp } dnat ip to meta priority . %s map @%s\n"
                     "  }\n",
                     rows[i].chain, n, rows[i].before, n, rows[i].key, rows[i].map);
    }
}

/* The two services that every tenant has. The DNS answers from the address that was asked: for pods
 * that of the bridge, for the node itself its own. */
static void print_platform(const NetBase *b, const char *to_dns, Buf *out)
{
    static const char *const protocols[] = {"udp", "tcp"};

    if (b->api_address)
        buf_addf(out, "    ip daddr %s tcp dport 443 dnat to %s\n", AGENT_API_IP, b->api_address);
    for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
        buf_addf(out, "    ip daddr %s %s dport 53 %s:%d\n", AGENT_DNS_IP, protocols[i], to_dns,
                 b->dns_port);
}

/* Whatever the server says, the way to it is nobody's, nor are nodes, pods and services. */
static void print_external(const NetBase *b, Buf *out)
{
    const char *colon = b->api_address ? strchr(b->api_address, ':') : NULL;

    buf_adds(out, "  chain externally {\n    ip daddr @nodes return\n");
    if (colon)
        buf_addf(out, "    ip daddr %.*s return\n", (int)(colon - b->api_address), b->api_address);
    buf_addf(out,
             "    ip daddr %s return\n    ip daddr %s return\n"
             "    ip daddr . meta l4proto . th dport vmap @external\n  }\n",
             b->cluster_cidr, b->service_cidr);
}

static void print_translation(const NetBase *b, Buf *out)
{
    AUTO_FREE char *own_dns = xasprintf("dnat to %s", b->node_ip);

    buf_addf(out,
             "  chain from-node {\n"
             "    ether saddr . ip saddr @links return\n"
             "    ip saddr @unlinked return\n    drop\n  }\n"
             "  chain mark-tenant {\n"
             "    type filter hook prerouting priority mangle;\n"
             "    iifname != \"lo\" ip saddr %s fib saddr . iif oif missing drop\n"
             "    iifname != { \"lo\", \"" AGENT_BRIDGE "\" } ip saddr %s jump from-node\n"
             "    meta mark set ip saddr map @tenant\n  }\n",
             b->cluster_cidr, b->cluster_cidr);
    print_external(b, out);
    buf_adds(out, "  chain from-outside {\n"
                  "    jump externally\n"
                  "    ip daddr != 127.0.0.0/8 fib daddr type local meta l4proto . th dport vmap "
                  "@outside\n  }\n"
                  "  chain translate {\n"
                  "    type nat hook prerouting priority dstnat;\n"
                  "    meta mark 0 goto from-outside\n");
    print_platform(b, "redirect to ", out);
    buf_adds(out, "    meta mark . ip daddr . meta l4proto . th dport vmap @services\n"
                  "    ip daddr @nodes meta mark . meta l4proto . th dport vmap @nodeports\n");
    buf_addf(out, /* the address that nodes have in a tenant's view of them */
             "    ip daddr %s meta mark . meta l4proto . th dport vmap @nodeports\n"
             "    jump externally\n  }\n",
             AGENT_API_IP);
    buf_adds(out, "  chain translate-own {\n"
                  "    type nat hook output priority -100;\n"
                  "    jump from-outside\n");
    print_platform(b, own_dns, out);
    buf_addf(out,
             "    ip daddr != %s return\n    meta mark set 0x%08x\n"
             "    meta mark . ip daddr . meta l4proto . th dport vmap @services\n  }\n",
             b->service_cidr, b->host);
    buf_addf(out,
             "  chain leave {\n"
             "    type nat hook postrouting priority srcnat;\n"
             "    meta priority set 0\n"
             "    ct mark 0x1 masquerade\n"
             "    ct status dnat ip saddr . ip daddr @self masquerade\n"
             "    ip saddr %s ip daddr != %s masquerade\n  }\n",
             b->cluster_cidr, b->cluster_cidr);
}

static void print_filters(const NetBase *b, Buf *out)
{
    const char *colon = b->api_address ? strchr(b->api_address, ':') : NULL;

    buf_adds(out, "  chain enter-pod {\n    ip daddr vmap @policy-in\n    accept\n  }\n"
                  "  chain leave-pod {\n    ip saddr vmap @policy-out\n    goto enter-pod\n  }\n"
                  /* before the address is translated: policies know the DNS by it */
                  "  chain to-dns {\n"
                  "    type filter hook prerouting priority -110;\n"
                  "    ip daddr " AGENT_DNS_IP " ip saddr vmap @policy-out\n  }\n");
    buf_addf(out,
             "  chain forward {\n"
             "    type filter hook forward priority -5;\n"
             "    ct state established,related accept\n"
             "    ip daddr %s reject\n"
             "    ip daddr . meta l4proto . th dport @unserved reject\n"
             "    meta mark . ip daddr @reach goto leave-pod\n"
             "    ip saddr %s meta mark 0 drop\n"
             "    meta mark != 0 ip daddr %s reject with icmp type admin-prohibited\n",
             b->service_cidr, b->cluster_cidr, b->cluster_cidr);
    if (colon)
        buf_addf(out, "    meta mark != 0 ip daddr %.*s tcp dport %s goto leave-pod\n",
                 (int)(colon - b->api_address), b->api_address, colon + 1);
    buf_addf(out,
             "    meta mark != 0 ip daddr @nodes reject with icmp type admin-prohibited\n"
             "    meta mark != 0 ip daddr 169.254.0.0/16 reject with icmp type admin-prohibited\n"
             "    meta mark != 0 goto leave-pod\n"
             "    goto enter-pod\n  }\n"
             "  chain input {\n"
             "    type filter hook input priority -5;\n"
             "    ct state established,related accept\n"
             "    iif lo accept\n"
             "    meta mark 0 accept\n"
             "    ip protocol icmp accept\n"
             "    ct original ip daddr " AGENT_DNS_IP
             " meta l4proto { tcp, udp } th dport %d accept\n"
             "    reject\n  }\n}\n",
             b->dns_port);
}

/* A tenant that is not to see the nodes' addresses is shown that of the API server for each of
 * them; so it is one of theirs, too. */
void net_base_print(const NetBase *b, Buf *out)
{
    buf_adds(out,
             "table ip hostplane\ndelete table ip hostplane\ntable ip hostplane {\n"
             "  map tenant { type ipv4_addr : mark; }\n"
             "  set reach { type mark . ipv4_addr; }\n"
             "  set self { type ipv4_addr . ipv4_addr; }\n"
             "  set nodes { type ipv4_addr; elements = { " AGENT_API_IP " }; }\n"
             "  set links { type ether_addr . ipv4_addr; flags interval; }\n"
             "  set unlinked { type ipv4_addr; flags interval; }\n"
             "  map services { type mark . ipv4_addr . inet_proto . inet_service : verdict; }\n"
             "  map nodeports { type mark . inet_proto . inet_service : verdict; }\n"
             "  map outside { type inet_proto . inet_service : verdict; }\n"
             "  map outside-tenant { type inet_proto . inet_service : mark; }\n"
             "  map endpoints { type classid . mark . ipv4_addr . inet_proto . inet_service : "
             "ipv4_addr . inet_service; }\n"
             "  map node-endpoints { type classid . mark . inet_proto . inet_service : "
             "ipv4_addr . inet_service; }\n"
             "  map outside-endpoints { type classid . inet_proto . inet_service : "
             "ipv4_addr . inet_service; }\n"
             "  map external { type ipv4_addr . inet_proto . inet_service : verdict; }\n"
             "  map external-tenant { type ipv4_addr . inet_proto . inet_service : mark; }\n"
             "  map external-endpoints { type classid . ipv4_addr . inet_proto . inet_service : "
             "ipv4_addr . inet_service; }\n"
             "  set unserved { type ipv4_addr . inet_proto . inet_service; }\n"
             "  map policy-in { type ipv4_addr : verdict; }\n"
             "  map policy-out { type ipv4_addr : verdict; }\n");
    print_picks(out);
    print_translation(b, out);
    print_filters(b, out);
    buf_adds(out, "table bridge hostplane\ndelete table bridge hostplane\n"
                  "table bridge hostplane {\n"
                  "  set own { type ifname . ipv4_addr; }\n  set veths { type ifname; }\n"
                  "  chain come-in {\n"
                  "    type filter hook prerouting priority -300;\n"
                  "    iifname @veths ether type ip iifname . ip saddr != @own drop\n"
                  "    iifname @veths ether type arp iifname . arp saddr ip != @own drop\n"
                  "    iifname @veths ether type != { ip, arp } drop\n  }\n}\n");
}
