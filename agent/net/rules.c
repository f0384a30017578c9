#include "agent/net/rules_int.h"

#include "agent/agent.h"
#include "agent/net/overlay.h"
#include "api/address.h"
#include "base/mem.h"

#include <ctype.h>
#include <sys/socket.h>

const NetFamily net_families[NET_FAMILIES] = {
    {.nft = "ip",
     .name = "IPv4",
     .type = "ipv4_addr",
     .own = "own",
     .loopback = "127.0.0.0/8",
     /* links, and most clouds; Alibaba, Azure, Oracle */
     .closed = "169.254.0.0/16, 100.100.100.200, 168.63.129.16, 192.0.0.192",
     .to_many = "{ 224.0.0.0/4, 255.255.255.255 }",
     .icmp = "icmp",
     .known_by = "/proc/sys/net/ipv4",
     .af = AF_INET,
     .names_veths = true},
    {.nft = "ip6",
     .name = "IPv6",
     .type = "ipv6_addr",
     .own = "own6",
     .loopback = "::1",
     .closed = "fe80::/10, fd00:ec2::/32, fd20:ce::254, fd00:42::42", /* AWS; Google; Scaleway */
     .to_many = "ff00::/8",
     .icmp = "icmpv6",
     .known_by = "/proc/sys/net/ipv6",
     .af = AF_INET6},
};

bool net_has_family(const NetFamily *families, int n, int af)
{
    for (int i = 0; i < n; i++) {
        if (families[i].af == af)
            return true;
    }
    return false;
}

void net_family_of(const AddressRange *services, NetFamily *ret)
{
    *ret = net_families[services->ip.n_bits == 32 ? 0 : 1];
    snprintf(ret->api_ip, sizeof(ret->api_ip), "%s", address_nth(services, SERVICE_API_AT).text);
    snprintf(ret->dns_ip, sizeof(ret->dns_ip), "%s", address_nth(services, SERVICE_DNS_AT).text);
}

static bool is_of(const NetFamily *f, const Address *at)
{
    return at->n_bits == (f->af == AF_INET ? 32 : 128) && !at->has_zeros && !at->is_mapped;
}

const char *net_address(const NetFamily *f, const char *s, char out[ADDRESS_TEXT_MAX])
{
    Address at;

    if (!s || !address_parse(s, &at) || !is_of(f, &at))
        return NULL;
    snprintf(out, ADDRESS_TEXT_MAX, "%s", at.text);
    return out;
}

bool net_is_address(const NetFamily *f, const char *s)
{
    Address at;

    return s && address_parse(s, &at) && is_of(f, &at) && strcmp(at.text, s) == 0;
}

bool net_is_cidr(const NetFamily *f, const char *s)
{
    AddressRange range;

    return s && address_range_parse(s, &range) && is_of(f, &range.ip) && !range.has_zeros;
}

const char *net_address_in(const NetFamily *f, const Value *list, const char *member)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        const char *s = member ? value_get_str(v, member) : value_to_cstr(v);

        if (net_is_address(f, s))
            return s;
    }
    return NULL;
}

char *net__name_of(const char *address)
{
    char *name = xstrdup(address);

    for (char *c = name; *c; c++)
        *c = *c == ':' ? '.' : *c; /* no name has one */
    return name;
}

char *net__target(const NetFamily *f, const char *address, int port)
{
    return xasprintf(f->af == AF_INET ? "%s:%d" : "[%s]:%d", address, port);
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

/* What neighbour discovery may say of the pod: its address once more, as the number that a packet
 * has it as. */
static void add_target(NetState *s, const NetPod *p)
{
    AUTO_BUF key = BUF_INIT;
    Address at;

    if (!address_parse(p->ip, &at))
        return;
    buf_addf(&key, "targets \"%s\" . 0x", p->veth);
    for (unsigned i = 0; i < at.n_bits / 8; i++)
        buf_addf(&key, "%02x", at.bytes[i]);
    net__add_element(s, buf_take(&key), "");
}

static void add_pods(NetState *s, const NetInput *in)
{
    for (size_t i = 0; i < in->n_pods; i++) {
        const NetPod *p = &in->pods[i];

        if (!net_is_address(s->f, p->ip))
            continue;
        net__add_element(s, xasprintf("self %s . %s", p->ip, p->ip), "");
        if (!p->veth || !is_interface(p->veth))
            continue;
        net__add_element(s, xasprintf("%s \"%s\" . %s", s->f->own, p->veth, p->ip), "");
        if (s->f->names_veths)
            net__add_element(s, xasprintf("veths \"%s\"", p->veth), "");
        if (s->f->af == AF_INET6)
            add_target(s, p);
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

const char *net_pod_cidr(const NetFamily *f, const Value *node)
{
    const char *first = value_at_str(node, "spec.podCIDR");
    const Value *v;

    value_each_item(value_at(node, "spec.podCIDRs"), i, v)
    {
        if (net_is_cidr(f, value_to_cstr(v)))
            return value_to_cstr(v);
    }
    return net_is_cidr(f, first) ? first : NULL;
}

const char *net_node_address(const NetFamily *f, const Value *node, char out[ADDRESS_TEXT_MAX])
{
    const Value *address;

    value_each_item(value_at(node, "status.addresses"), i, address)
    {
        const char *ip = value_get_str(address, "address");

        if (str_eq(value_get_str(address, "type"), "InternalIP") && net_address(f, ip, out))
            return out;
    }
    return NULL;
}

/* Two MAC addresses as the number that a frame begins with. */
static char *frame_head(const char *to, const char *from)
{
    AUTO_BUF b = BUF_INIT;

    buf_adds(&b, "0x");
    for (const char *c = to; *c; c++)
        if (*c != ':')
            buf_addc(&b, *c);
    for (const char *c = from; *c; c++)
        if (*c != ':')
            buf_addc(&b, *c);
    return buf_take(&b);
}

/* Packets of the node's pods come in frames between the two nodes' addresses. */
static void add_overlay(NetState *s, const NetInput *in, const Value *node, const char *outer,
                        const char *cidr)
{
    CLEANUP(item_unref) Item *own = items_get(in->items, "host", "nodes", "", in->node_name);
    char mac[NET_MAC_TEXT_MAX], own_mac[NET_MAC_TEXT_MAX], gate[ADDRESS_TEXT_MAX];

    if (!net_overlay_mac(node, mac))
        return;
    net__add_element(s, xasprintf("links %s . %s", mac, cidr), "");
    if (net_overlay_gate(s->f, node, gate))
        net__add_element(s, xasprintf("gates %s", gate), "");
    if (in->overlay->f->af == s->f->af && own && net_overlay_mac(own->v, own_mac)) {
        AUTO_FREE char *head = frame_head(own_mac, mac);

        net__add_element(s, xasprintf("vteps %s . %s", outer, head), "");
    }
}

/* How packets of the node's pods come here. */
static void add_link(NetState *s, const NetInput *in, const Value *node)
{
    const char *cidr = net_pod_cidr(s->f, node);
    const char *mac = value_get_str(value_at(node, "metadata.annotations"), AGENT_LINK_ANNOTATION);
    char outer[ADDRESS_TEXT_MAX];

    if (!cidr)
        return;
    if (net_overlay_to(in->overlay, node, outer))
        add_overlay(s, in, node, outer, cidr);
    else if (net_is_mac(mac))
        net__add_element(s, xasprintf("links %s . %s", mac, cidr), "");
    else
        net__add_element(s, xasprintf("unlinked %s", cidr), "");
}

static void add_nodes(NetState *s, const NetInput *in)
{
    AUTO_ITEM_LIST nodes = {0};
    const Value *address;
    char text[ADDRESS_TEXT_MAX];

    items_list(in->items, "host", "nodes", &nodes);
    for (size_t i = 0; i < nodes.n; i++) {
        if (strcmp(nodes.items[i]->name, in->node_name) != 0)
            add_link(s, in, nodes.items[i]->v);
        value_each_item(value_at(nodes.items[i]->v, "status.addresses"), k, address)
        {
            const char *ip = value_get_str(address, "address");

            ip = net_address(s->f, ip, text); /* in whatever form the node says it */
            if (ip && (str_eq(value_get_str(address, "type"), "InternalIP") ||
                       str_eq(value_get_str(address, "type"), "ExternalIP")))
                net__add_element(s, xasprintf("nodes %s", ip), "");
        }
    }
}

/* ---- peers ---- */

/* A status says whatever its writer likes, and what is taken for a pod is let through before
 * anything else is looked at. */
static bool is_in_network(const NetInput *in, const NetFamily *f, const char *ip)
{
    const AddressRange *range = in->cluster ? address_ranges_of(in->cluster, f->name) : NULL;
    Address at;

    return range && ip && address_parse(ip, &at) && address_in(range, &at);
}

static void add_peer(const NetFamily *f, NetPeers *p, Map *seen, NetPeer peer)
{
    if (!net_is_address(f, peer.ip) || map_get(seen, peer.ip))
        return;                      /* whose a pod of this node is, is not for others to say */
    (void)map_set(seen, peer.ip, p); /* it was not there */
    p->list[p->n++] = peer;
}

void net__peers(const NetFamily *f, const NetInput *in, NetPeers *ret)
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

        add_peer(f, ret, &seen,
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
        const char *ip = net_address_in(f, value_at(o->v, "status.podIPs"), "ip");

        ip = ip ? ip : value_at_str(o->v, "status.podIP");
        if (!is_in_network(in, f, ip))
            continue;
        add_peer(f, ret, &seen,
                 (NetPeer){.cluster = o->cluster,
                           .ns = o->ns,
                           .name = o->name,
                           .ip = ip,
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

    net__peers(s->f, in, &peers);
    add_pods(s, in);
    add_addresses(s, in, &peers);
    add_nodes(s, in);
    net__policies(s, in, &peers);
    net__peers_done(&peers);
}

/* ---- the tables ---- */

/* The chains that services share: one of n endpoints, drawn by a number that the packet's priority
 * keeps until the lookup (a draw cannot be part of a map's key). */
static void print_picks(const NetFamily *f, Buf *out)
{
    static const struct {
        const char *chain, *tenants, *key, *map; /* tenants: of what has no mark; or NULL */
        bool by_address, is_masked;
    } rows[] = {
        {"pick", NULL, "meta mark . ", "endpoints", true, false},
        {"node", NULL, "meta mark . ", "node-endpoints", false, false},
        {"masq", "outside-tenant", "", "outside-endpoints", false, true},
        {"here", "outside-tenant", "", "outside-endpoints", false, false},
        {"emasq", "external-tenant", "", "external-endpoints", true, true},
        {"ehere", "external-tenant", "", "external-endpoints", true, false},
    };
    AUTO_FREE char *address = xasprintf("%s daddr . ", f->nft);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *by = rows[i].by_address ? address : "";

        for (int n = 1; n <= NET_PICK_MAX; n++) {
            buf_addf(out, "  chain %s-%d {\n", rows[i].chain, n);
            if (rows[i].tenants)
                buf_addf(out, "    meta mark set %smeta l4proto . th dport map @%s\n", by,
                         rows[i].tenants);
            if (rows[i].is_masked)
                buf_adds(out, "    ct mark set 0x1\n");
            buf_addf(out,
                     "    meta priority set numgen random mod %d\n"
                     "    meta l4proto { tcp, udp, sctp } dnat %s to meta priority . "
                     "%s%smeta l4proto . th dport map @%s\n  }\n",
                     n, f->nft, rows[i].key, by, rows[i].map);
        }
    }
}

/* The two services that every tenant has. The DNS answers from the address that was asked: for pods
 * that of the bridge, for the node itself its own. */
static void print_platform(const NetBase *b, const char *to_dns, Buf *out)
{
    static const char *const protocols[] = {"udp", "tcp"};

    const NetFamily *f = b->f;

    if (b->server_ip && f->api_ip[0]) {
        AUTO_FREE char *server = net__target(f, b->server_ip, b->server_port);

        buf_addf(out, "    %s daddr %s tcp dport 443 dnat to %s\n", f->nft, f->api_ip, server);
    }
    for (size_t i = 0; f->dns_ip[0] && i < ARRAY_LEN(protocols); i++)
        buf_addf(out, "    %s daddr %s %s dport 53 %s:%d\n", f->nft, f->dns_ip, protocols[i],
                 to_dns, b->dns_port);
}

/* Whatever the server says, the way to it is nobody's, nor are nodes, pods and services. */
static void print_external(const NetBase *b, Buf *out)
{
    const char *ip = b->f->nft;

    buf_addf(out, "  chain externally {\n    %s daddr @nodes return\n", ip);
    if (b->server_ip)
        buf_addf(out, "    %s daddr %s return\n", ip, b->server_ip);
    buf_addf(out,
             "    %s daddr %s return\n    %s daddr %s return\n"
             "    %s daddr . meta l4proto . th dport vmap @external\n  }\n",
             ip, b->cluster_cidr, ip, b->service_cidr, ip);
}

static bool has_overlay(const NetBase *b)
{
    return b->overlay && b->overlay->mode != OVERLAY_NONE;
}

/* Frames travel by this family. */
static bool carries_overlay(const NetBase *b)
{
    return has_overlay(b) && b->overlay->f->af == b->f->af;
}

/* Of what comes in VXLAN only frames from one node to this one, with packets of the cluster's
 * families in them. Nodes send them to the address that the node is known by: what comes to another
 * of its addresses can be a pod's, which has left its node with that one's address. The offsets
 * count from the UDP header: 8 bytes of it, 8 of VXLAN, then the frame. */
static void print_tunnelled(const NetBase *b, Buf *out)
{
    static const char *const kinds[] = {"0x0800", "0x86dd"};
    const char *ip = b->f->nft;

    if (!carries_overlay(b))
        return;
    buf_addf(out,
             "  set vteps { typeof %s saddr . @th,128,96; }\n"
             "  chain tunnelled {\n"
             "    %s daddr != %s drop\n"
             "    %s saddr . @th,128,96 != @vteps drop\n",
             ip, ip, b->node_ip, ip);
    if (b->is_only)
        buf_addf(out, "    @th,224,16 != %s drop\n", kinds[b->f->af == AF_INET6]);
    else
        buf_addf(out, "    @th,224,16 != { %s, %s } drop\n", kinds[0], kinds[1]);
    buf_adds(out, "    accept\n  }\n");
}

static void print_translation(const NetBase *b, Buf *out)
{
    AUTO_FREE char *own_dns =
        xasprintf(b->f->af == AF_INET ? "dnat to %s" : "dnat to [%s]", b->node_ip);
    const char *ip = b->f->nft;
    AUTO_BUF far = BUF_INIT;

    if (has_overlay(b)) /* pods and nodes of elsewhere, by addresses of their range */
        buf_addf(&far,
                 "    iifname \"" NET_OVERLAY_DEVICE "\" %s saddr != %s drop\n"
                 "    iifname \"" NET_OVERLAY_DEVICE "\" %s daddr != %s drop\n",
                 ip, b->cluster_cidr, ip, b->cluster_cidr);
    buf_addf(out,
             "  chain from-node {\n"
             "    ether saddr . %s saddr @links return\n"
             "    %s saddr @unlinked return\n    drop\n  }\n",
             ip, ip);
    buf_addf(out,
             "  chain mark-tenant {\n"
             "    type filter hook prerouting priority mangle;\n"
             "    iifname != \"lo\" %s saddr %s fib saddr . iif oif missing drop\n"
             "    iifname != { \"lo\", \"" AGENT_BRIDGE "\" } %s saddr %s jump from-node\n"
             "%s"
             "    meta mark set %s saddr map @tenant\n  }\n",
             ip, b->cluster_cidr, ip, b->cluster_cidr, buf_str(&far), ip);
    print_external(b, out);
    buf_addf(out,
             "  chain from-outside {\n"
             "    jump externally\n"
             "    %s daddr != %s fib daddr type local meta l4proto . th dport vmap "
             "@outside\n  }\n"
             "  chain translate {\n"
             "    type nat hook prerouting priority dstnat;\n"
             "    meta mark 0 goto from-outside\n",
             ip, b->f->loopback);
    print_platform(b, "redirect to ", out);
    buf_addf(out,
             "    meta mark . %s daddr . meta l4proto . th dport vmap @services\n"
             "    %s daddr @nodes meta mark . meta l4proto . th dport vmap @nodeports\n",
             ip, ip);
    if (b->f->api_ip[0]) /* the address that nodes have in a tenant's view of them */
        buf_addf(out, "    %s daddr %s meta mark . meta l4proto . th dport vmap @nodeports\n", ip,
                 b->f->api_ip);
    buf_adds(out, "    jump externally\n  }\n"
                  "  chain translate-own {\n"
                  "    type nat hook output priority -100;\n"
                  "    jump from-outside\n");
    print_platform(b, own_dns, out);
    buf_addf(out,
             "    %s daddr != %s return\n    meta mark set 0x%08x\n"
             "    meta mark . %s daddr . meta l4proto . th dport vmap @services\n  }\n",
             ip, b->service_cidr, b->host, ip);
    buf_addf(out,
             "  chain leave {\n"
             "    type nat hook postrouting priority srcnat;\n"
             "    meta priority set 0\n"
             "    ct mark 0x1 masquerade\n"
             "    ct status dnat %s saddr . %s daddr @self masquerade\n"
             "    %s saddr %s %s daddr != %s masquerade\n  }\n",
             ip, ip, ip, b->cluster_cidr, ip, b->cluster_cidr);
}

static void print_policy_chains(const NetFamily *f, Buf *out)
{
    buf_addf(
        out,
        "  chain enter-pod {\n    %s daddr vmap @policy-in\n    accept\n  }\n"
        "  chain leave-pod {\n    %s saddr . %s daddr @self accept\n" /* never kept from itself */
        "    %s saddr vmap @policy-out\n    goto enter-pod\n  }\n",
        f->nft, f->nft, f->nft, f->nft);
    if (f->dns_ip[0]) /* before the address is translated: policies know the DNS by it */
        buf_addf(out,
                 "  chain to-dns {\n"
                 "    type filter hook prerouting priority -110;\n"
                 "    %s daddr %s %s saddr vmap @policy-out\n  }\n",
                 f->nft, f->dns_ip, f->nft);
}

static void print_filters(const NetBase *b, Buf *out)
{
    const char *ip = b->f->nft, *icmp = b->f->icmp;

    print_policy_chains(b->f, out);
    buf_adds(out, "  chain forward {\n"
                  "    type filter hook forward priority -5;\n"
                  "    ct state established,related accept\n");
    if (b->f->af == AF_INET6) /* what ARP is to IPv4; "bridge hostplane" has looked at it */
        buf_adds(out, "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } "
                      "ip6 hoplimit 255 accept\n");
    /* what goes to everybody on the bridge goes to other tenants, and the frame can be one pod's
     * while the packet in it is everybody's */
    buf_addf(out,
             "    meta mark != 0 meta pkttype { broadcast, multicast } drop\n"
             "    meta mark != 0 %s daddr %s drop\n",
             ip, b->f->to_many);
    buf_addf(out,
             "    %s daddr %s reject\n"
             "    %s daddr . meta l4proto . th dport @unserved reject\n"
             "    meta mark . %s daddr @reach goto leave-pod\n",
             ip, b->service_cidr, ip, ip);
    if (carries_overlay(b)) /* it would arrive as if it were this node's own */
        buf_addf(out, "    meta mark != 0 udp dport %d drop\n", NET_OVERLAY_PORT);
    buf_addf(out,
             "    meta mark 0 %s saddr @gates goto enter-pod\n"
             "    %s saddr %s meta mark 0 drop\n"
             "    meta mark != 0 %s daddr %s reject with %s type admin-prohibited\n",
             ip, ip, b->cluster_cidr, ip, b->cluster_cidr, icmp);
    if (b->server_ip)
        buf_addf(out, "    meta mark != 0 %s daddr %s tcp dport %d goto leave-pod\n", ip,
                 b->server_ip, b->server_port);
    buf_addf(out,
             "    meta mark != 0 %s daddr @nodes reject with %s type admin-prohibited\n"
             "    meta mark != 0 %s daddr @closed reject with %s type admin-prohibited\n"
             "    meta mark != 0 goto leave-pod\n"
             "    goto enter-pod\n  }\n",
             ip, icmp, ip, icmp);
    buf_adds(out, "  chain input {\n    type filter hook input priority -5;\n");
    if (carries_overlay(b)) /* each by itself: a flow is of many */
        buf_addf(out, "    udp dport %d jump tunnelled\n", NET_OVERLAY_PORT);
    if (has_overlay(b) && b->f->af == AF_INET6) /* who is where is not told in there */
        buf_adds(out, "    iifname \"" NET_OVERLAY_DEVICE "\" icmpv6 type { nd-router-solicit, "
                      "nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } "
                      "drop\n");
    buf_addf(out,
             "    ct state established,related accept\n"
             "    iif lo accept\n"
             "    meta mark 0 accept\n"
             "    meta l4proto %s accept\n",
             b->f->af == AF_INET ? "icmp" : "ipv6-icmp");
    if (b->f->dns_ip[0])
        buf_addf(out, "    ct original %s daddr %s meta l4proto { tcp, udp } th dport %d accept\n",
                 ip, b->f->dns_ip, b->dns_port);
    buf_addf(out,
             "    reject\n  }\n"
             "  chain output {\n" /* what no service has taken */
             "    type filter hook output priority -5;\n"
             "    ct state established,related accept\n"
             "    %s daddr %s reject\n"
             "    %s daddr . meta l4proto . th dport @unserved reject\n  }\n}\n",
             ip, b->service_cidr, ip);
}

bool net_each_range(const char *list, NetRangeFn fn, void *data)
{
    Slice rest = slice_of(list ? list : ""), item;
    bool has_more = rest.len > 0;
    char text[ADDRESS_TEXT_MAX + 4];
    AddressRange range;

    while (has_more) {
        has_more = slice_cut(&rest, ',', &item);
        if (item.len >= sizeof(text))
            return false;
        snprintf(text, sizeof(text), "%.*s", (int)item.len, item.ptr);
        if (!address_range_parse(text, &range) || range.has_zeros || range.ip.is_mapped)
            return false;
        if (fn)
            fn(&range, data);
    }
    return true;
}

typedef struct Closing {
    const NetFamily *f;
    Buf *out;
} Closing;

static void close_range(const AddressRange *range, void *data)
{
    const Closing *c = data;

    if (strcmp(address_family(&range->ip), c->f->name) == 0)
        buf_addf(c->out, ", %s", range->text);
}

static void print_closed(const NetBase *b, Buf *out)
{
    Closing c = {b->f, out};

    buf_addf(out, "  set closed { type %s; flags interval; auto-merge; elements = { %s", b->f->type,
             b->f->closed);
    (void)net_each_range(b->closed, close_range, &c); /* the options' reader has looked at it */
    buf_adds(out, " } }\n");
}

/* A tenant that is not to see the nodes' addresses is shown that of the API server for each of
 * them; so it is one of theirs, too. */
void net_base_print(const NetBase *b, Buf *out)
{
    static const struct {
        const char *name, *type; /* "%" is the type of an address */
    } sets[] = {
        {"map tenant", "% : mark;"},
        {"set reach", "mark . %;"},
        {"set self", "% . %;"},
        {"set nodes", "%;"},
        {"set links", "ether_addr . %; flags interval;"},
        {"set unlinked", "%; flags interval;"},
        {"map services", "mark . % . inet_proto . inet_service : verdict;"},
        {"map nodeports", "mark . inet_proto . inet_service : verdict;"},
        {"map outside", "inet_proto . inet_service : verdict;"},
        {"map outside-tenant", "inet_proto . inet_service : mark;"},
        {"map endpoints", "classid . mark . % . inet_proto . inet_service : % . inet_service;"},
        {"map node-endpoints", "classid . mark . inet_proto . inet_service : % . inet_service;"},
        {"map outside-endpoints", "classid . inet_proto . inet_service : % . inet_service;"},
        {"map external", "% . inet_proto . inet_service : verdict;"},
        {"map external-tenant", "% . inet_proto . inet_service : mark;"},
        {"map external-endpoints", "classid . % . inet_proto . inet_service : % . inet_service;"},
        {"set unserved", "% . inet_proto . inet_service;"},
        {"map policy-in", "% : verdict;"},
        {"map policy-out", "% : verdict;"},
        {"set gates", "%;"},
    };
    const NetFamily *f = b->f;

    net_base_remove(f, out);
    buf_addf(out, "table %s hostplane {\n", f->nft);
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        buf_addf(out, "  %s { type ", sets[i].name);
        for (const char *c = sets[i].type; *c; c++) {
            if (*c == '%')
                buf_adds(out, f->type);
            else
                buf_addc(out, *c);
        }
        if (f->api_ip[0] && strcmp(sets[i].name, "set nodes") == 0)
            buf_addf(out, " elements = { %s };", f->api_ip);
        buf_adds(out, " }\n");
    }
    print_closed(b, out);
    print_tunnelled(b, out);
    print_picks(f, out);
    print_translation(b, out);
    print_filters(b, out);
}

void net_base_remove(const NetFamily *f, Buf *out)
{
    buf_addf(out, "table %s hostplane\ndelete table %s hostplane\n", f->nft, f->nft);
}

/* Of neighbour discovery a pod may say what is true of itself: nothing comes from the address of
 * another, nor tells of one (the target, 8 bytes into the message), and nobody is a router. What
 * asks whether an address is free comes from none. Addresses of links are not for pods: what they
 * do with their neighbours they can do with their own. Neighbour discovery is never in fragments
 * (RFC 6980), and what a first fragment does not show could be that; without its first the others
 * are nothing. */
void net_bridge_print(bool has_v6, Buf *out)
{
    buf_adds(out, "table bridge hostplane\ndelete table bridge hostplane\n"
                  "table bridge hostplane {\n"
                  "  set own { type ifname . ipv4_addr; }\n  set veths { type ifname; }\n");
    if (has_v6)
        buf_adds(out,
                 "  set own6 { type ifname . ipv6_addr; }\n"
                 "  set targets { typeof meta iifname . @th,64,128; }\n"
                 "  chain fragment {\n"
                 "    frag frag-off != 0 return\n"
                 "    meta l4proto { tcp, udp, sctp } return\n"
                 "    icmpv6 type { echo-request, echo-reply } return\n"
                 "    drop\n  }\n"
                 "  chain discover {\n"
                 "    exthdr frag exists jump fragment\n"
                 "    icmpv6 type { nd-router-advert, nd-redirect } drop\n"
                 "    icmpv6 type nd-neighbor-advert meta iifname . @th,64,128 != @targets drop\n"
                 "    ip6 saddr :: icmpv6 type nd-neighbor-solicit meta iifname . @th,64,128 "
                 "@targets accept\n"
                 "    iifname . ip6 saddr != @own6 drop\n  }\n");
    buf_addf(out,
             "  chain come-in {\n"
             "    type filter hook prerouting priority -300;\n"
             "    iifname @veths ether type ip iifname . ip saddr != @own drop\n"
             "    iifname @veths ether type arp iifname . arp saddr ip != @own drop\n"
             "%s"
             "    iifname @veths ether type != { ip, arp%s } drop\n  }\n}\n",
             has_v6 ? "    iifname @veths ether type ip6 jump discover\n" : "",
             has_v6 ? ", ip6" : "");
}
