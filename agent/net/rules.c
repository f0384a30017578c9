#include "agent/net/rules.h"

#include "agent/agent.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <ctype.h>

bool net_is_ipv4(const char *s)
{
    struct in_addr a;

    return s && inet_pton(AF_INET, s, &a) == 1;
}

/* ---- building ---- */

static void add_element(NetState *s, char *key, const char *value)
{
    free(map_set(&s->elements, key, xstrdup(value)));
    free(key);
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
        AUTO_FREE char *number = NULL;
        uint32_t n;

        if (!net_is_ipv4(p->ip))
            continue;
        n = in->number(p->cluster, in->data);
        number = xasprintf("0x%08x", n);
        add_element(s, xasprintf("tenant %s", p->ip), number);
        add_element(s, xasprintf("reach %s . %s", number, p->ip), "");
        add_element(s, xasprintf("self %s . %s", p->ip, p->ip), "");
        if (p->veth && is_interface(p->veth)) {
            add_element(s, xasprintf("own \"%s\" . %s", p->veth, p->ip), "");
            add_element(s, xasprintf("veths \"%s\"", p->veth), "");
        }
    }
}

static bool is_ready(const Value *endpoint)
{
    const Value *ready = value_at(endpoint, "conditions.ready");

    return !value_is(ready, VALUE_BOOL) || value_is_true(ready);
}

/* The number of a port in a slice by its name; 0 when the slice does not have it. */
static int slice_port(const Value *slice, const char *name)
{
    const Value *p;

    value_each_item(value_get(slice, "ports"), i, p)
    {
        const char *n = value_get_str(p, "name");

        if (strcmp(n ? n : "", name ? name : "") == 0)
            return (int)value_at_int(p, "port", 0);
    }
    return 0;
}

typedef struct Endpoints {
    Buf text; /* "0 : 10.88.0.5 . 8080, 1 : ..." */
    int n;
    bool local_only;
    const char *node;
} Endpoints;

static void add_slice(Endpoints *e, const Item *slice, const char *port_name)
{
    int port = slice_port(slice->v, port_name);
    const Value *endpoint, *address;

    if (port == 0 || !str_eq(value_get_str(slice->v, "addressType"), "IPv4"))
        return;
    value_each_item(value_get(slice->v, "endpoints"), i, endpoint)
    {
        if (!is_ready(endpoint) ||
            (e->local_only && !str_eq(value_get_str(endpoint, "nodeName"), e->node)))
            continue;
        value_each_item(value_get(endpoint, "addresses"), k, address)
        {
            const char *ip = value_to_cstr(address);

            if (!net_is_ipv4(ip))
                continue;
            buf_addf(&e->text, "%s%d : %s . %d", e->n ? ", " : "", e->n, ip, port);
            e->n++;
        }
    }
}

static const char *service_of(const Item *slice)
{
    return value_get_str(value_at(slice->v, "metadata.labels"), "kubernetes.io/service-name");
}

static void add_port(NetState *s, const NetInput *in, const Item *svc, const Value *port,
                     const ItemList *slices)
{
    const char *ip = value_at_str(svc->v, "spec.clusterIP");
    const char *proto = value_get_str(port, "protocol");
    const char *l4 = str_eq(proto, "UDP") ? "udp" : str_eq(proto, "SCTP") ? "sctp" : "tcp";
    bool sticky = str_eq(value_at_str(svc->v, "spec.sessionAffinity"), "ClientIP");
    uint32_t tenant = in->number(svc->cluster, in->data);
    int number = (int)value_at_int(port, "port", 0);
    Endpoints e = {.node = in->node_name,
                   .local_only =
                       str_eq(value_at_str(svc->v, "spec.internalTrafficPolicy"), "Local")};
    AUTO_FREE char *chain = NULL;
    AUTO_FREE char *go = NULL;

    for (size_t i = 0; i < slices->n; i++) {
        const Item *slice = slices->items[i];

        if (strcmp(slice->cluster, svc->cluster) == 0 && strcmp(slice->ns, svc->ns) == 0 &&
            str_eq(service_of(slice), svc->name))
            add_slice(&e, slice, value_get_str(port, "name"));
    }
    if (e.n > 0 && number > 0 && number < 65536) {
        chain = xasprintf("svc-%u-%s-%s-%d", tenant, ip, l4, number);
        go = xasprintf("goto %s", chain);
        free(
            map_set(&s->chains, chain,
                    xasprintf("meta l4proto %s dnat ip to %s mod %d map { %s }", l4,
                              sticky ? "jhash ip saddr" : "numgen random", e.n, buf_str(&e.text))));
        add_element(s, xasprintf("services 0x%08x . %s . %s . %d", tenant, ip, l4, number), go);
    }
    buf_done(&e.text);
}

static void add_services(NetState *s, const NetInput *in, const ItemList *slices)
{
    AUTO_ITEM_LIST services = {0};
    const Value *port;

    items_list(in->items, NULL, "services", &services);
    for (size_t i = 0; i < services.n; i++) {
        const Item *svc = services.items[i];
        const char *ip = value_at_str(svc->v, "spec.clusterIP");

        /* The API server and the DNS have rules of their own. */
        if (!net_is_ipv4(ip) || strcmp(ip, AGENT_API_IP) == 0 || strcmp(ip, AGENT_DNS_IP) == 0)
            continue;
        value_each_item(value_at(svc->v, "spec.ports"), k, port)
        {
            add_port(s, in, svc, port, slices);
        }
    }
}

static bool is_local(const NetState *s, const char *ip)
{
    AUTO_FREE char *key = xasprintf("tenant %s", ip);

    return map_get(&s->elements, key) != NULL;
}

/* Pods of the tenant on other nodes, as far as a service has them. */
static void add_reach(NetState *s, const NetInput *in, const ItemList *slices)
{
    const Value *endpoint, *address;

    for (size_t i = 0; i < slices->n; i++) {
        uint32_t tenant = in->number(slices->items[i]->cluster, in->data);

        value_each_item(value_get(slices->items[i]->v, "endpoints"), k, endpoint)
        {
            if (!value_get(endpoint, "targetRef"))
                continue; /* an address that a tenant wrote by hand opens no way */
            value_each_item(value_get(endpoint, "addresses"), n, address)
            {
                const char *ip = value_to_cstr(address);

                /* Who a pod of this node belongs to is not for a tenant to say. */
                if (net_is_ipv4(ip) && !is_local(s, ip))
                    add_element(s, xasprintf("reach 0x%08x . %s", tenant, ip), "");
            }
        }
    }
}

NetState *net_state_build(const NetInput *in)
{
    NetState *s = xcalloc(1, sizeof(*s));
    AUTO_ITEM_LIST slices = {0};

    s->chains.free_value = free;
    s->elements.free_value = free;
    items_list(in->items, NULL, "discovery.k8s.io/endpointslices", &slices);
    add_pods(s, in);
    add_services(s, in, &slices);
    add_reach(s, in, &slices);
    return s;
}

void net_state_free(NetState *s)
{
    if (!s)
        return;
    map_done(&s->chains);
    map_done(&s->elements);
    free(s);
}

/* ---- printing ---- */

void net_base_print(const NetBase *b, Buf *out)
{
    buf_adds(out,
             "table ip hostplane\ndelete table ip hostplane\ntable ip hostplane {\n"
             "  map tenant { type ipv4_addr : mark; }\n"
             "  set reach { type mark . ipv4_addr; }\n"
             "  set self { type ipv4_addr . ipv4_addr; }\n"
             "  map services { type mark . ipv4_addr . inet_proto . inet_service : verdict; }\n"
             "  chain mark-tenant {\n"
             "    type filter hook prerouting priority mangle;\n"
             "    meta mark set ip saddr map @tenant\n  }\n"
             "  chain translate {\n"
             "    type nat hook prerouting priority dstnat;\n"
             "    meta mark 0 return\n");
    if (b->api_address)
        buf_addf(out, "    ip daddr %s tcp dport 443 dnat to %s\n", AGENT_API_IP, b->api_address);
    buf_addf(out,
             "    ip daddr %s udp dport 53 redirect to :%d\n"
             "    ip daddr %s tcp dport 53 redirect to :%d\n"
             "    meta mark . ip daddr . meta l4proto . th dport vmap @services\n  }\n",
             AGENT_DNS_IP, b->dns_port, AGENT_DNS_IP, b->dns_port);
    buf_addf(out,
             "  chain leave {\n"
             "    type nat hook postrouting priority srcnat;\n"
             "    ct status dnat ip saddr . ip daddr @self masquerade\n"
             "    ip saddr %s ip daddr != %s masquerade\n  }\n",
             b->cluster_cidr, b->cluster_cidr);
    buf_addf(out,
             "  chain forward {\n"
             "    type filter hook forward priority -5;\n"
             "    ct state established,related accept\n"
             "    ip daddr %s reject\n"
             "    meta mark . ip daddr @reach accept\n",
             b->service_cidr);
    if (b->pod_cidr)
        buf_addf(out, "    ip saddr %s meta mark 0 drop\n", b->pod_cidr);
    buf_addf(out,
             "    meta mark != 0 ip daddr %s reject with icmp type admin-prohibited\n  }\n"
             "  chain input {\n"
             "    type filter hook input priority -5;\n"
             "    ct state established,related accept\n"
             "    meta mark 0 accept\n"
             "    ip protocol icmp accept\n"
             "    meta l4proto { tcp, udp } th dport %d accept\n"
             "    reject\n  }\n}\n",
             b->cluster_cidr, b->dns_port);
    buf_adds(out, "table bridge hostplane\ndelete table bridge hostplane\n"
                  "table bridge hostplane {\n"
                  "  set own { type ifname . ipv4_addr; }\n  set veths { type ifname; }\n"
                  "  chain come-in {\n"
                  "    type filter hook prerouting priority -300;\n"
                  "    iifname @veths ether type ip iifname . ip saddr != @own drop\n"
                  "    iifname @veths ether type arp iifname . arp saddr ip != @own drop\n"
                  "    iifname @veths ether type != { ip, arp } drop\n  }\n}\n");
}

static void print_element(Buf *out, const char *verb, const char *key, const char *value)
{
    const char *space = strchr(key, ' ');
    const char *family = str_starts(key, "own ") || str_starts(key, "veths ") ? "bridge" : "ip";

    buf_addf(out, "%s element %s hostplane %.*s { %s%s%s }\n", verb, family, (int)(space - key),
             key, space + 1, value[0] ? " : " : "", value);
}

static const char *in_map(const NetState *s, bool chains, const char *key)
{
    return s ? map_get(chains ? &s->chains : &s->elements, key) : NULL;
}

static void print_chain(Buf *out, const char *name, const char *body, bool is_new)
{
    if (is_new)
        buf_addf(out, "add chain ip hostplane %s\n", name);
    else
        buf_addf(out, "flush chain ip hostplane %s\n", name);
    buf_addf(out, "add rule ip hostplane %s %s\n", name, body);
}

void net_diff_print(const NetState *from, const NetState *to, Buf *out)
{
    const char *key, *value, *old;

    for (size_t at = 0; map_next(&to->chains, &at, &key, (void **)&value);) {
        old = in_map(from, true, key);
        if (!old || strcmp(old, value) != 0)
            print_chain(out, key, value, !old);
    }
    for (size_t at = 0; from && map_next(&from->elements, &at, &key, (void **)&value);) {
        old = in_map(to, false, key);
        if (!old || strcmp(old, value) != 0) /* by its key alone */
            print_element(out, "delete", key, value);
    }
    for (size_t at = 0; map_next(&to->elements, &at, &key, (void **)&value);) {
        old = in_map(from, false, key);
        if (!old || strcmp(old, value) != 0)
            print_element(out, "add", key, value);
    }
    for (size_t at = 0; from && map_next(&from->chains, &at, &key, (void **)&value);) {
        if (!in_map(to, true, key))
            buf_addf(out, "flush chain ip hostplane %s\ndelete chain ip hostplane %s\n", key, key);
    }
}
