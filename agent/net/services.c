#include "agent/net/rules_int.h"

#include "agent/agent.h"
#include "base/mem.h"

/*
 * Services -> chains and map entries. The rules are kube-proxy's:
 *
 *   endpoints: the ready ones; when there is none, those that end but still serve
 *   a Local traffic policy: those on this node, and nothing (a drop) when they are elsewhere
 *   hints: for this node, or for this node's zone, when every endpoint has some
 *   no endpoint at all: no entry; the forward hook refuses what goes to a service address, or to an
 *   external one of which nobody serves the port (@unserved)
 *   source ranges of a load balancer: a chain before the service's, which drops all others
 *
 * A service is elements of maps, for the kernel is slow with many chains: its address leads to a
 * chain shared by all with as many endpoints ("pick-3"), which draws a number (kept in the packet's
 * priority for a moment) and looks up address and number in @endpoints. Those with affinity, or
 * with more endpoints than there are such chains, have chains of their own.
 */

enum { NODE_PORT_MIN = 30000, NODE_PORT_MAX = 32767, AFFINITY_S = 10800 };

typedef struct Services {
    NetState *s;
    const NetInput *in;
    const Item *const *slices; /* of the service */
    size_t n_slices;
    const char *zone;
} Services;

/* ---- endpoints ---- */

typedef struct Endpoint {
    char ip[ADDRESS_TEXT_MAX];
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
        char text[ADDRESS_TEXT_MAX];

        if (!net_address(sv->s->f, ip, text))
            continue;
        GROW(e->list, e->cap, e->n + 1);
        e->list[e->n] =
            (Endpoint){.port = port,
                       .is_ready = ready,
                       .is_serving = condition(endpoint, "serving", ready) &&
                                     condition(endpoint, "terminating", false),
                       .is_local = str_eq(value_get_str(endpoint, "nodeName"), sv->in->node_name),
                       .hints = value_get(endpoint, "hints")};
        memcpy(e->list[e->n++].ip, text, sizeof(text));
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
static void choose(const Services *sv, const char *port_name, bool local_only, Endpoints *ret)
{
    bool has_ready;

    *ret = (Endpoints){0};
    for (size_t i = 0; i < sv->n_slices; i++)
        add_slice(sv, ret, sv->slices[i], port_name);
    if (local_only && !narrow(ret, is_local, sv))
        ret->n = 0;
    has_ready = narrow(ret, is_ready, sv);
    if (!has_ready && !narrow(ret, is_serving, sv))
        ret->n = 0;
    if (local_only || !has_ready) /* hints are for those that are ready */
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
    int64_t affinity_s;   /* 0: none */
    const Value *sources; /* who may come in, ranges; NULL: everybody */
} ServicePort;

static char *picking_rule(const NetFamily *f, const ServicePort *p, const Endpoints *e)
{
    AUTO_BUF b = BUF_INIT;

    buf_addf(&b, "meta l4proto %s dnat %s to numgen random mod %zu map { ", p->l4, f->nft, e->n);
    for (size_t i = 0; i < e->n; i++)
        buf_addf(&b, "%s%zu : %s . %d", i ? ", " : "", i, e->list[i].ip, e->list[i].port);
    buf_adds(&b, " }");
    return buf_take(&b);
}

/* One chain and one set of clients for each endpoint. */
static char *sticky_rules(Services *sv, const ServicePort *p, const char *chain, const Endpoints *e)
{
    const NetFamily *f = sv->s->f;
    AUTO_BUF known = BUF_INIT;
    AUTO_BUF pick = BUF_INIT;
    AUTO_FREE char *declaration =
        xasprintf("type %s; size 65535; flags dynamic,timeout; timeout %llds;", f->type,
                  (long long)p->affinity_s);

    buf_addf(&pick, "numgen random mod %zu vmap { ", e->n);
    for (size_t i = 0; i < e->n; i++) {
        const Endpoint *x = &e->list[i];
        AUTO_FREE char *ip = net__name_of(x->ip);
        AUTO_FREE char *target = net__target(f, x->ip, x->port);
        AUTO_FREE char *name = xasprintf("%s-%s-%d", chain, ip, x->port);
        AUTO_FREE char *set = xasprintf("af%s", name + 3);

        net__add_set(sv->s, set, declaration);
        net__add_chain(sv->s, name,
                       xasprintf("update @%s { %s saddr }\nmeta l4proto %s dnat to %s", set, f->nft,
                                 p->l4, target));
        buf_addf(&known, "%s saddr @%s goto %s\n", f->nft, set, name);
        buf_addf(&pick, "%s%zu : goto %s", i ? ", " : "", i, name);
    }
    buf_addf(&known, "%s }", buf_str(&pick));
    return buf_take(&known);
}

/* Connections without state of their own go on as long as somebody sends. */
static void note_udp(Services *sv, const Endpoints *e)
{
    for (size_t i = 0; i < e->n; i++) {
        AUTO_FREE char *key = xasprintf("%s %d", e->list[i].ip, e->list[i].port);

        (void)map_set(&sv->s->udp, key, sv->s); /* a set: any value */
    }
}

/* Where packets come in, and the maps that lead on from there. */
typedef enum Door {
    DOOR_INSIDE,
    DOOR_NODE,
    DOOR_OUTSIDE, /* from here on tenants cannot be told apart */
    DOOR_OUTSIDE_LOCAL,
    DOOR_EXTERNAL,
    DOOR_EXTERNAL_LOCAL
} Door;
static const struct {
    const char *verdicts, *endpoints, *shared; /* shared: chains, by the number of endpoints */
    const char *tenants;                       /* whose the packet is; NULL: its mark says it */
    bool is_local;
} doors[] = {
    [DOOR_INSIDE] = {"services", "endpoints", "pick", NULL, false},
    [DOOR_NODE] = {"nodeports", "node-endpoints", "node", NULL, false},
    /* the answer must come back through this node, but for endpoints that are on it */
    [DOOR_OUTSIDE] = {"outside", "outside-endpoints", "masq", "outside-tenant", false},
    [DOOR_OUTSIDE_LOCAL] = {"outside", "outside-endpoints", "here", "outside-tenant", true},
    [DOOR_EXTERNAL] = {"external", "external-endpoints", "emasq", "external-tenant", false},
    [DOOR_EXTERNAL_LOCAL] = {"external", "external-endpoints", "ehere", "external-tenant", true},
};

/* A chain of the service's own, made when it is not there yet. */
static char *own_chain(Services *sv, const ServicePort *p, const Endpoints *e, bool local_only)
{
    char *name = xasprintf("%s-%u-%s.%s-%s-%d", local_only ? "loc" : "svc", p->tenant, p->svc->ns,
                           p->svc->name, p->l4, p->number);

    if (!map_get(&sv->s->chains, name))
        net__add_chain(sv->s, name,
                       p->affinity_s > 0 ? sticky_rules(sv, p, name, e)
                                         : picking_rule(sv->s->f, p, e));
    return name;
}

/* What comes from outside is the tenant's from here on: endpoints are what the tenant says, and it
 * may reach by them what its own pods may reach and nothing else. */
static char *entry_chain(Services *sv, const ServicePort *p, const char *chain, bool is_local)
{
    char *name = xasprintf("%s%s", is_local ? "exl" : "ext", chain + strlen("svc"));

    net__add_chain(sv->s, name,
                   xasprintf("meta mark set 0x%08x\n%sgoto %s", p->tenant,
                             is_local ? "" : "ct mark set 0x1\n", chain));
    return name;
}

/* The verdict for who comes by the door, behind the source ranges. */
static char *guarded(Services *sv, const ServicePort *p, Door door, char *go)
{
    AUTO_BUF body = BUF_INIT;
    const Value *v;
    size_t n = 0;
    char *name;

    if (value_len(p->sources) == 0)
        return go;
    buf_addf(&body, "%s saddr != { ", sv->s->f->nft);
    value_each_item(p->sources, i, v)
    {
        if (net_is_cidr(sv->s->f, value_to_cstr(v)))
            buf_addf(&body, "%s%s", n++ ? ", " : "", value_to_cstr(v));
    }
    if (n == 0)
        buf_truncate(&body, 0); /* none is of this family: nobody may */
    buf_addf(&body, "%s", n == 0 ? "drop" : " } drop\n");
    if (n > 0)
        buf_adds(&body, go);
    name = xasprintf("fw%d-%u-%s.%s-%s-%d", (int)door, p->tenant, p->svc->ns, p->svc->name, p->l4,
                     p->number);
    net__add_chain(sv->s, name, buf_take(&body));
    free(go);
    go = xasprintf("goto %s", name);
    free(name);
    return go;
}

/* What has this key at the door goes to one of the endpoints. */
static void lead(Services *sv, const ServicePort *p, Door door, const char *key, const Endpoints *e,
                 bool local_only)
{
    bool is_own = p->affinity_s > 0 || e->n > NET_PICK_MAX;
    AUTO_FREE char *chain = is_own ? own_chain(sv, p, e, local_only) : NULL;
    AUTO_FREE char *go = NULL;

    if (is_own) {
        AUTO_FREE char *entry =
            doors[door].tenants ? entry_chain(sv, p, chain, doors[door].is_local) : xstrdup(chain);

        go = xasprintf("goto %s", entry);
    } else {
        go = xasprintf("goto %s-%zu", doors[door].shared, e->n);
    }
    go = guarded(sv, p, door, go);
    net__add_element(sv->s, xasprintf("%s %s", doors[door].verdicts, key), go);
    for (size_t i = 0; !is_own && i < e->n; i++) {
        AUTO_FREE char *to = xasprintf("%s . %d", e->list[i].ip, e->list[i].port);

        net__add_element(sv->s, xasprintf("%s 0:%zx . %s", doors[door].endpoints, i, key), to);
    }
    if (!is_own && doors[door].tenants) {
        AUTO_FREE char *tenant = xasprintf("0x%08x", p->tenant);

        net__add_element(sv->s, xasprintf("%s %s", doors[door].tenants, key), tenant);
    }
    if (strcmp(p->l4, "udp") == 0)
        note_udp(sv, e);
}

static bool has_any(const Services *sv, const char *port_name)
{
    Endpoints e;
    bool has;

    choose(sv, port_name, false, &e);
    has = e.n > 0;
    free(e.list);
    return has;
}

/* A Local policy without endpoints here is silent; a service without any is refused. */
static void add_key(Services *sv, const ServicePort *p, Door door, const char *key, bool local_only)
{
    Endpoints e;

    choose(sv, value_get_str(p->port, "name"), local_only, &e);
    if (e.n > 0)
        lead(sv, p, door, key, &e, local_only);
    else if (local_only && has_any(sv, value_get_str(p->port, "name")))
        net__add_element(sv->s, xasprintf("%s %s", doors[door].verdicts, key), "drop");
    else if (door == DOOR_EXTERNAL || door == DOOR_EXTERNAL_LOCAL)
        net__add_element(sv->s, xasprintf("unserved %s", key), "");
    free(e.list);
}

static void add_address(Services *sv, const ServicePort *p, const char *ip, bool local_only)
{
    AUTO_FREE char *key = xasprintf("0x%08x . %s . %s . %d", p->tenant, ip, p->l4, p->number);

    add_key(sv, p, DOOR_INSIDE, key, local_only);
}

/* Is this node port or address, by the name of its row, the service's towards the outside, where
 * tenants cannot be told apart? The server has decided. */
static bool owns_outside(const Services *sv, const Item *svc, const char *row)
{
    AUTO_FREE char *service = xasprintf("%s/%s", svc->ns, svc->name);
    CLEANUP(item_unref)
    Item *owned = items_get(sv->in->items, svc->cluster, "nodeports", "", row);
    const Value *v;

    if (!owned)
        return false;
    value_each_item(value_get(owned->v, "services"), i, v)
    {
        if (str_eq(value_to_cstr(v), service))
            return true;
    }
    return str_eq(value_get_str(owned->v, "service"), service);
}

static bool is_local_outside(const Item *svc)
{
    return str_eq(value_at_str(svc->v, "spec.externalTrafficPolicy"), "Local");
}

/* For the tenant's own pods every endpoint will do; for others as its policy says. */
static void add_external(Services *sv, const ServicePort *p, const char *ip)
{
    bool local = is_local_outside(p->svc);
    AUTO_FREE char *row = xasprintf("ip-%s", ip);
    AUTO_FREE char *key = xasprintf("%s . %s . %d", ip, p->l4, p->number);

    add_address(sv, p, ip, false);
    if (owns_outside(sv, p->svc, row))
        add_key(sv, p, local ? DOOR_EXTERNAL_LOCAL : DOOR_EXTERNAL, key, local);
}

/* The service's own address of the family; NULL: it has none. */
static const char *cluster_ip(const NetFamily *f, const Value *svc, char out[ADDRESS_TEXT_MAX])
{
    const Value *v;

    value_each_item(value_at(svc, "spec.clusterIPs"), i, v)
    {
        if (net_address(f, value_to_cstr(v), out))
            return out;
    }
    return net_address(f, value_at_str(svc, "spec.clusterIP"), out);
}

/* The addresses by which the service is known. */
static void add_addresses(Services *sv, const ServicePort *p)
{
    ServicePort balanced = *p;
    char ip[ADDRESS_TEXT_MAX];
    const Value *v;

    add_address(sv, p, cluster_ip(sv->s->f, p->svc->v, ip),
                str_eq(value_at_str(p->svc->v, "spec.internalTrafficPolicy"), "Local"));
    value_each_item(value_at(p->svc->v, "spec.externalIPs"), i, v)
    {
        if (net_address(sv->s->f, value_to_cstr(v), ip))
            add_external(sv, p, ip);
    }
    balanced.sources = value_at(p->svc->v, "spec.loadBalancerSourceRanges");
    value_each_item(value_at(p->svc->v, "status.loadBalancer.ingress"), k, v)
    {
        const char *mode = value_get_str(v, "ipMode");

        if (net_address(sv->s->f, value_get_str(v, "ip"), ip) && !str_eq(mode, "Proxy"))
            add_external(sv, &balanced, ip);
    }
}

static void add_node_port(Services *sv, const ServicePort *p)
{
    bool local = is_local_outside(p->svc);
    int node_port = (int)value_at_int(p->port, "nodePort", 0);
    AUTO_FREE char *inside = xasprintf("0x%08x . %s . %d", p->tenant, p->l4, node_port);
    AUTO_FREE char *outside = xasprintf("%s . %d", p->l4, node_port);
    AUTO_FREE char *row = xasprintf("%s-%d", p->l4, node_port);
    char ip[ADDRESS_TEXT_MAX];

    if (node_port < NODE_PORT_MIN || node_port > NODE_PORT_MAX)
        return;
    add_key(sv, p, DOOR_NODE, inside, false);
    if (!owns_outside(sv, p->svc, row))
        return;
    add_key(sv, p, local ? DOOR_OUTSIDE_LOCAL : DOOR_OUTSIDE, outside, local);
    /* what came before there was anybody is remembered as for the node itself */
    if (strcmp(p->l4, "udp") == 0 && net_address(sv->s->f, sv->in->node_ip, ip) &&
        has_any(sv, value_get_str(p->port, "name"))) {
        AUTO_FREE char *key = xasprintf("to %s %d", ip, node_port);

        (void)map_set(&sv->s->opened, key, sv->s); /* a set: any value */
    }
}

/* How many of its pods are ready on this node: what a load balancer asks of each node. */
static void add_health(Services *sv, const Item *svc)
{
    int port = (int)value_at_int(svc->v, "spec.healthCheckNodePort", 0);
    AUTO_FREE char *row = xasprintf("tcp-%d", port);
    Map seen = {0};
    const Value *e;

    if (port < NODE_PORT_MIN || port > NODE_PORT_MAX || !is_local_outside(svc) ||
        !owns_outside(sv, svc, row))
        return;
    for (size_t i = 0; i < sv->n_slices; i++)
        value_each_item(value_get(sv->slices[i]->v, "endpoints"), k, e)
        {
            const char *ip = value_to_cstr(value_item(value_get(e, "addresses"), 0));
            char text[ADDRESS_TEXT_MAX];

            ip = net_address(sv->s->f, ip, text);
            if (ip && condition(e, "ready", true) &&
                str_eq(value_get_str(e, "nodeName"), sv->in->node_name))
                (void)map_set(&seen, ip, sv); /* a set: any value */
        }
    {
        AUTO_FREE char *key = xasprintf("%d %s/%s", port, svc->ns, svc->name);

        free(map_set(&sv->s->health, key, xasprintf("%zu", seen.n)));
    }
    map_done(&seen);
}

static bool is_plain_name(const char *s)
{
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s);
}

void net__service(NetState *s, const NetInput *in, const NetService *of)
{
    const Item *svc = of->svc;
    Services sv = {
        .s = s, .in = in, .slices = of->slices, .n_slices = of->n_slices, .zone = of->zone};
    bool sticky = str_eq(value_at_str(svc->v, "spec.sessionAffinity"), "ClientIP");
    const char *type = value_at_str(svc->v, "spec.type");
    char text[ADDRESS_TEXT_MAX];
    const char *ip = cluster_ip(s->f, svc->v, text);
    const Value *port;

    /* The API server and the DNS have rules of their own. */
    if (str_eq(type, "ExternalName") || !ip || str_eq(ip, s->f->api_ip) ||
        str_eq(ip, s->f->dns_ip) || !is_plain_name(svc->ns) || !is_plain_name(svc->name))
        return;
    value_each_item(value_at(svc->v, "spec.ports"), k, port)
    {
        ServicePort p = {
            .svc = svc,
            .port = port,
            .l4 = net__l4(value_get_str(port, "protocol")),
            .tenant = in->number(svc->cluster, in->data),
            .number = (int)value_at_int(port, "port", 0),
            .affinity_s =
                sticky ? value_at_int(svc->v, "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                                      AFFINITY_S)
                       : 0};

        if (p.number <= 0 || p.number > 65535)
            continue;
        add_addresses(&sv, &p);
        add_node_port(&sv, &p);
    }
    add_health(&sv, svc);
}
