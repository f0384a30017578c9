#include "agent/net/rules_int.h"

#include "agent/agent.h"
#include "base/mem.h"

/*
 * Services -> chains and map entries. The rules are kube-proxy's:
 *
 *   endpoints: the ready ones; when there is none, those that end but still serve
 *   a Local traffic policy: those on this node, and nothing (a drop) when there is none
 *   hints: for this node, or for this node's zone, when every endpoint has some
 *   no endpoint at all: no entry; the forward hook refuses what goes to a service address
 *
 * A service with affinity has a chain and a set of clients for each endpoint; any other has one
 * rule that picks.
 */

enum { NODE_PORT_MIN = 30000, NODE_PORT_MAX = 32767, AFFINITY_S = 10800 };

typedef struct Services {
    NetState *s;
    const NetInput *in;
    Map slices;  /* "cluster ns/service" -> SliceList */
    Map outside; /* "tcp . 30080" -> Item of the service that has it */
    const char *zone;
} Services;

typedef struct SliceList {
    const Item **items;
    size_t n, cap;
} SliceList;

static void free_slices(void *p)
{
    SliceList *l = p;

    free(l->items);
    free(l);
}

static void index_slices(Services *sv, const ItemList *slices)
{
    sv->slices.free_value = free_slices;
    for (size_t i = 0; i < slices->n; i++) {
        const Item *slice = slices->items[i];
        const char *of =
            value_get_str(value_at(slice->v, "metadata.labels"), "kubernetes.io/service-name");
        AUTO_FREE char *key = xasprintf("%s %s/%s", slice->cluster, slice->ns, of ? of : "");
        SliceList *l = map_get(&sv->slices, key);

        if (!of || !str_eq(value_get_str(slice->v, "addressType"), "IPv4"))
            continue;
        if (!l) {
            l = xcalloc(1, sizeof(*l));
            (void)map_set(&sv->slices, key, l); /* it was not there */
        }
        GROW(l->items, l->cap, l->n + 1);
        l->items[l->n++] = slice;
    }
}

/* ---- endpoints ---- */

typedef struct Endpoint {
    const char *ip;
    int port;
    bool is_ready, is_serving, is_local;
    const Value *hints;
} Endpoint;

typedef struct Endpoints {
    Endpoint *list;
    size_t n, cap;
} Endpoints;

static bool condition(const Value *endpoint, const char *name, bool otherwise)
{
    const Value *c = value_get(value_get(endpoint, "conditions"), name);

    return value_is(c, VALUE_BOOL) ? value_is_true(c) : otherwise;
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

static void add_slice(const Services *sv, Endpoints *e, const Item *slice, const char *port_name)
{
    int port = slice_port(slice->v, port_name);
    const Value *endpoint;

    if (port <= 0 || port > 65535)
        return;
    value_each_item(value_get(slice->v, "endpoints"), i, endpoint)
    {
        bool ready = condition(endpoint, "ready", true);
        const char *ip = value_to_cstr(value_item(value_get(endpoint, "addresses"), 0));

        if (!net_is_ipv4(ip))
            continue;
        GROW(e->list, e->cap, e->n + 1);
        e->list[e->n++] =
            (Endpoint){.ip = ip,
                       .port = port,
                       .is_ready = ready,
                       .is_serving = condition(endpoint, "serving", ready) &&
                                     condition(endpoint, "terminating", false),
                       .is_local = str_eq(value_get_str(endpoint, "nodeName"), sv->in->node_name),
                       .hints = value_get(endpoint, "hints")};
    }
}

/* Keeps those that `keep` says, when it keeps any. */
static bool narrow(Endpoints *e, bool (*keep)(const Endpoint *x, const Services *sv),
                   const Services *sv)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n; i++)
        n += keep(&e->list[i], sv);
    if (n == 0)
        return false;
    n = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (keep(&e->list[i], sv))
            e->list[n++] = e->list[i];
    }
    e->n = n;
    return true;
}

static bool is_ready(const Endpoint *x, const Services *sv UNUSED)
{
    return x->is_ready;
}

static bool is_serving(const Endpoint *x, const Services *sv UNUSED)
{
    return x->is_serving;
}

static bool is_local(const Endpoint *x, const Services *sv UNUSED)
{
    return x->is_local;
}

static bool hint_names(const Endpoint *x, const char *list, const char *name)
{
    const Value *v;

    value_each_item(value_get(x->hints, list), i, v)
    {
        if (name && str_eq(value_get_str(v, "name"), name))
            return true;
    }
    return false;
}

static bool is_hinted_node(const Endpoint *x, const Services *sv)
{
    return hint_names(x, "forNodes", sv->in->node_name);
}

static bool is_hinted_zone(const Endpoint *x, const Services *sv)
{
    return hint_names(x, "forZones", sv->zone);
}

static bool all_have(const Endpoints *e, const char *list)
{
    for (size_t i = 0; i < e->n; i++) {
        if (value_len(value_get(e->list[i].hints, list)) == 0)
            return false;
    }
    return e->n > 0;
}

/* Those of a port that get traffic. local_only: Local traffic policy. */
static void choose(const Services *sv, const Item *svc, const char *port_name, bool local_only,
                   Endpoints *ret)
{
    AUTO_FREE char *key = xasprintf("%s %s/%s", svc->cluster, svc->ns, svc->name);
    const SliceList *l = map_get(&sv->slices, key);

    *ret = (Endpoints){0};
    for (size_t i = 0; l && i < l->n; i++)
        add_slice(sv, ret, l->items[i], port_name);
    if (local_only && !narrow(ret, is_local, sv))
        ret->n = 0;
    if (!narrow(ret, is_ready, sv) && !narrow(ret, is_serving, sv))
        ret->n = 0;
    if (local_only)
        return;
    if (all_have(ret, "forNodes") && narrow(ret, is_hinted_node, sv))
        return;
    if (sv->zone && all_have(ret, "forZones"))
        (void)narrow(ret, is_hinted_zone, sv); /* none for this zone: all of them */
}

/* ---- chains ---- */

/* A service port on its way into the rules. */
typedef struct ServicePort {
    const Item *svc;
    const Value *port;
    const char *l4;
    uint32_t tenant;
    int number;
    int64_t affinity_s; /* 0: none */
} ServicePort;

static char *picking_rule(const ServicePort *p, const Endpoints *e)
{
    AUTO_BUF b = BUF_INIT;

    if (e->n == 1) /* without a map of its own: the kernel is slow with many of them */
        return xasprintf("meta l4proto %s dnat to %s:%d", p->l4, e->list[0].ip, e->list[0].port);
    buf_addf(&b, "meta l4proto %s dnat ip to numgen random mod %zu map { ", p->l4, e->n);
    for (size_t i = 0; i < e->n; i++)
        buf_addf(&b, "%s%zu : %s . %d", i ? ", " : "", i, e->list[i].ip, e->list[i].port);
    buf_adds(&b, " }");
    return buf_take(&b);
}

/* One chain and one set of clients for each endpoint. */
static char *sticky_rules(Services *sv, const ServicePort *p, const char *chain, const Endpoints *e)
{
    AUTO_BUF known = BUF_INIT;
    AUTO_BUF pick = BUF_INIT;
    AUTO_FREE char *declaration =
        xasprintf("type ipv4_addr; size 65535; flags dynamic,timeout; timeout %llds;",
                  (long long)p->affinity_s);

    buf_addf(&pick, "numgen random mod %zu vmap { ", e->n);
    for (size_t i = 0; i < e->n; i++) {
        const Endpoint *x = &e->list[i];
        AUTO_FREE char *name = xasprintf("%s-%s-%d", chain, x->ip, x->port);
        AUTO_FREE char *set = xasprintf("af%s", name + 3);

        net__add_set(sv->s, set, declaration);
        net__add_chain(sv->s, name,
                       xasprintf("update @%s { ip saddr }\nmeta l4proto %s dnat to %s:%d", set,
                                 p->l4, x->ip, x->port));
        buf_addf(&known, "ip saddr @%s goto %s\n", set, name);
        buf_addf(&pick, "%s%zu : goto %s", i ? ", " : "", i, name);
    }
    buf_addf(&known, "%s }", buf_str(&pick));
    return buf_take(&known);
}

/* The chain that picks an endpoint, made when it is not there yet; false: there is none to pick. */
static bool make_chain(Services *sv, const ServicePort *p, const char *kind, bool local_only,
                       char **ret)
{
    Endpoints e;
    char *name;

    choose(sv, p->svc, value_get_str(p->port, "name"), local_only, &e);
    name =
        xasprintf("%s-%u-%s.%s-%s-%d", kind, p->tenant, p->svc->ns, p->svc->name, p->l4, p->number);
    if (e.n > 0 && !map_get(&sv->s->chains, name))
        net__add_chain(sv->s, name,
                       p->affinity_s > 0 ? sticky_rules(sv, p, name, &e) : picking_rule(p, &e));
    free(e.list);
    *ret = name;
    return e.n > 0;
}

static void add_address(Services *sv, const ServicePort *p, const char *ip, const char *verdict)
{
    net__add_element(sv->s,
                     xasprintf("services 0x%08x . %s . %s . %d", p->tenant, ip, p->l4, p->number),
                     verdict);
}

/* The addresses by which pods of the tenant know the service. */
static void add_inside(Services *sv, const ServicePort *p)
{
    bool local = str_eq(value_at_str(p->svc->v, "spec.internalTrafficPolicy"), "Local");
    const char *ip = value_at_str(p->svc->v, "spec.clusterIP");
    AUTO_FREE char *chain = NULL;
    AUTO_FREE char *any = NULL;
    AUTO_FREE char *go = NULL;
    bool has_some = make_chain(sv, p, local ? "loc" : "svc", local, &chain);
    const Value *v;

    go = xasprintf("goto %s", chain);
    if (has_some)
        add_address(sv, p, ip, go);
    else if (local)
        add_address(sv, p, ip, "drop");
    free(TAKE(go));
    if ((value_len(value_at(p->svc->v, "spec.externalIPs")) == 0 &&
         value_len(value_at(p->svc->v, "status.loadBalancer.ingress")) == 0) ||
        !make_chain(sv, p, "svc", false, &any))
        return;
    go = xasprintf("goto %s", any);
    value_each_item(value_at(p->svc->v, "spec.externalIPs"), i, v)
    {
        if (net_is_ipv4(value_to_cstr(v)))
            add_address(sv, p, value_to_cstr(v), go);
    }
    value_each_item(value_at(p->svc->v, "status.loadBalancer.ingress"), k, v)
    {
        const char *mode = value_get_str(v, "ipMode");

        if (net_is_ipv4(value_get_str(v, "ip")) && !str_eq(mode, "Proxy"))
            add_address(sv, p, value_get_str(v, "ip"), go);
    }
}

/* Who has a node port towards the outside, where tenants cannot be told apart: who had it before,
 * else the oldest. */
static bool owns_outside(Services *sv, const ServicePort *p, int node_port)
{
    AUTO_FREE char *key = xasprintf("%s . %d", p->l4, node_port);

    return map_get(&sv->outside, key) == p->svc;
}

/* What comes from outside is the tenant's from here on: endpoints are what the tenant says, and it
 * may reach by them what its own pods may reach and nothing else. */
static char *enter(Services *sv, const ServicePort *p, const char *kind, const char *chain,
                   bool masquerade)
{
    AUTO_FREE char *name = xasprintf("%s%s", kind, chain + strlen(kind));

    net__add_chain(sv->s, name,
                   xasprintf("meta mark set 0x%08x\n%sgoto %s", p->tenant,
                             masquerade ? "ct mark set 0x1\n" : "", chain));
    return xasprintf("goto %s", name);
}

static void add_node_port(Services *sv, const ServicePort *p)
{
    bool local = str_eq(value_at_str(p->svc->v, "spec.externalTrafficPolicy"), "Local");
    int node_port = (int)value_at_int(p->port, "nodePort", 0);
    AUTO_FREE char *any = NULL;
    AUTO_FREE char *here = NULL;
    AUTO_FREE char *outside = NULL;
    AUTO_FREE char *go = NULL;

    if (node_port < NODE_PORT_MIN || node_port > NODE_PORT_MAX)
        return;
    if (make_chain(sv, p, "svc", false, &any)) {
        go = xasprintf("goto %s", any);
        net__add_element(sv->s,
                         xasprintf("nodeports 0x%08x . %s . %d", p->tenant, p->l4, node_port), go);
    }
    if (!owns_outside(sv, p, node_port))
        return;
    if (local) {
        if (make_chain(sv, p, "loc", true, &here))
            outside = enter(sv, p, "exl", here, false);
        else
            outside = xstrdup("drop");
    } else if (go) {
        outside = enter(sv, p, "ext", any, true); /* the answer must come back through this node */
    }
    if (outside)
        net__add_element(sv->s, xasprintf("outside %s . %d", p->l4, node_port), outside);
}

static bool is_older(const Item *a, const Item *b)
{
    const char *x = value_at_str(a->v, "metadata.creationTimestamp");
    const char *y = value_at_str(b->v, "metadata.creationTimestamp");
    int c = strcmp(x ? x : "", y ? y : "");

    return c != 0 ? c < 0 : strcmp(a->uid, b->uid) < 0;
}

/* Was the port this service's already? */
static bool is_incumbent(const Services *sv, const char *key, const Item *svc)
{
    AUTO_FREE char *id = xasprintf("%s %s", svc->cluster, svc->uid);
    const char *owner = sv->in->owners ? map_get(sv->in->owners, key) : NULL;

    return owner && strcmp(owner, id) == 0;
}

static void claim_outside(Services *sv, const Item *svc)
{
    const Value *port;

    value_each_item(value_at(svc->v, "spec.ports"), i, port)
    {
        AUTO_FREE char *key = xasprintf("%s . %d", net__l4(value_get_str(port, "protocol")),
                                        (int)value_at_int(port, "nodePort", 0));
        const Item *other = map_get(&sv->outside, key);

        if (!other || is_incumbent(sv, key, svc) ||
            (!is_incumbent(sv, key, other) && is_older(svc, other)))
            (void)map_set(&sv->outside, key, (void *)(uintptr_t)svc); /* borrowed */
    }
}

static void keep_owners(const Services *sv)
{
    const char *key;
    void *p;

    if (!sv->in->owners)
        return;
    map_clear(sv->in->owners);
    for (size_t at = 0; map_next(&sv->outside, &at, &key, &p);) {
        const Item *svc = p;

        (void)map_set(sv->in->owners, key, xasprintf("%s %s", svc->cluster, svc->uid));
    }
}

static bool is_plain_name(const char *s)
{
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s);
}

static void add_service(Services *sv, const Item *svc)
{
    bool sticky = str_eq(value_at_str(svc->v, "spec.sessionAffinity"), "ClientIP");
    const char *type = value_at_str(svc->v, "spec.type");
    const char *ip = value_at_str(svc->v, "spec.clusterIP");
    const Value *port;

    /* The API server and the DNS have rules of their own. */
    if (str_eq(type, "ExternalName") || !net_is_ipv4(ip) || strcmp(ip, AGENT_API_IP) == 0 ||
        strcmp(ip, AGENT_DNS_IP) == 0 || !is_plain_name(svc->ns) || !is_plain_name(svc->name))
        return;
    value_each_item(value_at(svc->v, "spec.ports"), k, port)
    {
        ServicePort p = {
            .svc = svc,
            .port = port,
            .l4 = net__l4(value_get_str(port, "protocol")),
            .tenant = sv->in->number(svc->cluster, sv->in->data),
            .number = (int)value_at_int(port, "port", 0),
            .affinity_s =
                sticky ? value_at_int(svc->v, "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                                      AFFINITY_S)
                       : 0};

        if (p.number <= 0 || p.number > 65535)
            continue;
        add_inside(sv, &p);
        add_node_port(sv, &p);
    }
}

static const char *zone_of(const ItemList *nodes, const char *name)
{
    for (size_t i = 0; i < nodes->n; i++) {
        if (strcmp(nodes->items[i]->name, name) == 0)
            return value_get_str(value_at(nodes->items[i]->v, "metadata.labels"),
                                 "topology.kubernetes.io/zone");
    }
    return NULL;
}

void net__services(NetState *s, const NetInput *in)
{
    AUTO_ITEM_LIST slices = {0};
    AUTO_ITEM_LIST services = {0};
    AUTO_ITEM_LIST nodes = {0};
    Services sv = {.s = s, .in = in};

    items_list(in->items, NULL, "discovery.k8s.io/endpointslices", &slices);
    items_list(in->items, NULL, "services", &services);
    items_list(in->items, "host", "nodes", &nodes);
    sv.zone = zone_of(&nodes, in->node_name);
    index_slices(&sv, &slices);
    for (size_t i = 0; i < services.n; i++)
        claim_outside(&sv, services.items[i]);
    keep_owners(&sv);
    for (size_t i = 0; i < services.n; i++)
        add_service(&sv, services.items[i]);
    map_done(&sv.slices);
    map_done(&sv.outside);
}
