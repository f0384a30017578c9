/*
 * services.c - addresses and node ports of services.
 *
 * Uniqueness is a row of its own for each address ("internal/serviceips") and port
 * ("internal/nodeports"), written in the service's transaction and expected to be absent. The
 * choice is random over what the service cache shows as free; a lost race chooses again. What a
 * node port means outside of the tenant: nodeports.h.
 *
 * All of it comes before a service is judged as a whole, in upstream's order (beginCreate() and
 * beginUpdate() of registry/core/service/storage): address families, addresses, node ports, the
 * port of the health check. Each of these answers its mistake alone.
 */
#include "base/random.h"
#include "vcluster/nodeports.h"

#include <arpa/inet.h>

#define IPS_STORAGE   "internal/serviceips"
#define PORTS_STORAGE "internal/nodeports"

enum {
    NET = 0x0a600000u, /* 10.96.0.0/16 */
    NET_SIZE = 0x10000u,
    STATIC_BAND = 256, /* the lower part is for addresses that somebody chose */
    RESERVED_API = 1,
    RESERVED_DNS = 10,
    PORT_MIN = 30000,
    PORT_MAX = 32767,
    TRIES = 400,
};

static int invalid(Request *req, const Op *op, const char *field, const Value *value,
                   const char *detail)
{
    FieldErrs e = {.arena = req->arena};

    field_err(&e, FIELD_ERR_INVALID, field, value, "%s", detail);
    return fail_invalid(req, op->r->group, op->r->kind, op->name, &e);
}

/* An error that is nobody's field. */
static int fail_allocation(Request *req, const char *detail)
{
    Arena *a = req->arena;
    Value *details = value_object(a), *causes = value_array(a), *cause = value_object(a);

    value_set_str(a, cause, "message", detail);
    value_append(a, causes, cause);
    value_set(a, details, "causes", causes);
    return fail_status(req, 500, "InternalError", details,
                       arena_printf(a, "Internal error occurred: %s", detail));
}

static bool parse_ip(const char *text, uint32_t *ret)
{
    struct in_addr in;

    if (!text || inet_pton(AF_INET, text, &in) != 1)
        return false;
    *ret = ntohl(in.s_addr);
    return true;
}

bool service_range_has(const char *ip)
{
    uint32_t n;

    return parse_ip(ip, &n) && n >= NET && n < NET + NET_SIZE;
}

static const char *print_ip(Arena *a, uint32_t ip)
{
    return arena_printf(a, "%u.%u.%u.%u", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
}

static int is_taken(Request *req, const char *storage, const char *name, bool *ret)
{
    Stored row;
    int s = read_get(req, req->cluster, storage, "", name, &row);

    *ret = !s && row.obj;
    return s;
}

static void claim(Request *req, const Op *op, const char *storage, const char *name)
{
    Arena *a = req->arena;
    Value *v = value_object(a), *meta = value_object(a);
    Stored none = {.expect = EXPECT_ABSENT};

    value_set_str(a, meta, "name", name);
    value_set(a, v, "metadata", meta);
    value_set_str(a, v, "service", arena_printf(a, "%s/%s", op->ns, op->name));
    engine_put(req, storage, "", arena_strdup(a, name), &none, engine_obj(req, v));
}

static int release_row(Request *req, const char *storage, const char *name)
{
    Stored row;
    int s = read_get(req, req->cluster, storage, "", name, &row);

    if (!s && row.obj)
        engine_delete(req, storage, &row);
    return s;
}

static int choose_ip(Request *req, uint32_t *ret)
{
    for (int i = 0; i < TRIES; i++) {
        uint32_t low = i < TRIES / 2 ? STATIC_BAND : RESERVED_API + 1;
        uint32_t ip = NET + low + (uint32_t)(engine_random(req) % (NET_SIZE - 1 - low));
        bool taken;
        int s;

        if (ip == NET + RESERVED_DNS)
            continue;
        s = is_taken(req, IPS_STORAGE, print_ip(req->arena, ip), &taken);
        if (s)
            return s;
        if (!taken) {
            *ret = ip;
            return STEP_OK;
        }
    }
    return fail_allocation(req, "failed to allocate a serviceIP: range is full");
}

/* It may be made anew. */
static bool is_api_service(const Op *op)
{
    return str_eq(op->ns, "default") && str_eq(op->name, "kubernetes");
}

static int take_ip(Request *req, Op *op, const char *given)
{
    Arena *a = req->arena;
    const Value *list = value_at(op->obj, "spec.clusterIPs");
    const char *why = NULL;
    uint32_t ip = 0;
    bool taken = false;
    int s = STEP_OK;

    if (!parse_ip(given, &ip) || ip < NET || ip >= NET + NET_SIZE)
        why = "the provided network does not match the current range";
    else if (ip == NET || ip == NET + NET_SIZE - 1)
        why = arena_printf(a,
                           "the provided IP (%s) is not in the valid range. The range of valid IPs "
                           "is %s/16",
                           given, print_ip(a, NET));
    else if (!req->state->opts.is_dry_run)
        s = is_taken(req, IPS_STORAGE, given, &taken);
    if (s)
        return s;
    if (!req->state->opts.is_dry_run && !why)
        taken =
            taken || (ip == NET + RESERVED_API && !is_api_service(op)) || ip == NET + RESERVED_DNS;
    if (taken)
        why = "provided IP is already allocated";
    if (why)
        return invalid(req, op, "spec.clusterIPs", list,
                       arena_printf(a, "failed to allocate IP %s: %s", given, why));
    claim(req, op, IPS_STORAGE, given);
    return STEP_OK;
}

static int give_ip(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *list = value_get(spec, "clusterIPs");
    const char *given = value_to_cstr(value_item(list, 0));
    uint32_t ip = 0;
    int s;

    if (str_eq(given, "None"))
        return STEP_OK;
    if (given && given[0])
        return take_ip(req, op, given);
    s = choose_ip(req, &ip);
    if (s)
        return s;
    given = print_ip(a, ip);
    list = value_array(a);
    value_append(a, list, value_str(a, given));
    value_set_str(a, spec, "clusterIP", given);
    value_set(a, spec, "clusterIPs", list);
    claim(req, op, IPS_STORAGE, given);
    return STEP_OK;
}

static bool wants_ip(const Value *spec)
{
    return !str_eq(value_get_str(spec, "type"), "ExternalName");
}

static bool wants_ports(const Value *spec)
{
    const char *type = value_get_str(spec, "type");

    if (str_eq(type, "NodePort"))
        return true;
    if (!str_eq(type, "LoadBalancer"))
        return false;
    return !value_get(spec, "allocateLoadBalancerNodePorts") ||
           value_is_true(value_get(spec, "allocateLoadBalancerNodePorts"));
}

/* Has this write taken the port already? */
static bool is_claimed(const Request *req, const char *name)
{
    const WriteSet *set = &req->state->set;

    for (uint32_t i = 0; i < set->n; i++)
        if (set->writes[i].obj && str_eq(set->writes[i].storage, PORTS_STORAGE) &&
            str_eq(set->writes[i].name, name))
            return true;
    return false;
}

static int choose_port(Request *req, const char *protocol, int64_t *ret)
{
    for (int i = 0; i < TRIES; i++) {
        int64_t port = PORT_MIN + (int64_t)(engine_random(req) % (PORT_MAX - PORT_MIN + 1));
        const char *name = arena_printf(req->arena, "%d", (int)port);
        bool taken;
        int s = is_taken(req, PORTS_STORAGE, name, &taken);

        if (!s && !taken && i < TRIES / 2)
            s = nodeports_is_taken(req, protocol, port, &taken);
        if (s)
            return s;
        if (!taken && !is_claimed(req, name)) {
            *ret = port;
            return STEP_OK;
        }
    }
    return fail_allocation(req, "failed to allocate a nodePort: range is full");
}

/* NULL in *ret_why: it is the service's now. A dry run does not know the range. */
static int take_port(Request *req, const Op *op, int64_t port, const char **ret_why)
{
    const char *name = arena_printf(req->arena, "%lld", (long long)port);
    bool taken = is_claimed(req, name);
    int s = STEP_OK;

    *ret_why = NULL;
    if (!req->state->opts.is_dry_run && (port < PORT_MIN || port > PORT_MAX)) {
        *ret_why = "provided port is not in the valid range. The range of valid ports is "
                   "30000-32767";
        return STEP_OK;
    }
    if (!taken)
        s = is_taken(req, PORTS_STORAGE, name, &taken);
    if (s)
        return s;
    if (taken)
        *ret_why = "provided port is already allocated";
    else
        claim(req, op, PORTS_STORAGE, name);
    return STEP_OK;
}

static int take_node_port(Request *req, const Op *op, uint32_t i, int64_t port)
{
    const char *why;
    int s = take_port(req, op, port, &why);

    if (s || !why)
        return s;
    return invalid(req, op, arena_printf(req->arena, "spec.ports[%u].nodePort", i),
                   value_int(req->arena, port), why);
}

static int give_node_port(Request *req, const Op *op, Value *p)
{
    int64_t port;
    int s = choose_port(req, value_get_str(p, "protocol"), &port);

    if (s)
        return s;
    value_set_int(req->arena, p, "nodePort", port);
    claim(req, op, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port));
    return STEP_OK;
}

static bool is_exposed(const Value *spec)
{
    return str_eq(value_get_str(spec, "type"), "NodePort") ||
           str_eq(value_get_str(spec, "type"), "LoadBalancer");
}

/* The node port that any of these asks for a port; 0: none does. */
static int64_t port_asked(const Value *ports, int64_t port)
{
    const Value *p;

    value_each_item(ports, i, p) if (value_at_int(p, "port", 0) == port &&
                                     value_at_int(p, "nodePort", 0) !=
                                         0) return value_at_int(p, "nodePort", 0);
    return 0;
}

/* The node port of the first of them with that port that has been looked at. */
static int64_t port_given(const Value *ports, uint32_t before, int64_t port)
{
    for (uint32_t i = 0; i < before; i++)
        if (value_at_int(value_item(ports, i), "port", 0) == port &&
            value_at_int(value_item(ports, i), "nodePort", 0) != 0)
            return value_at_int(value_item(ports, i), "nodePort", 0);
    return 0;
}

/* Of a new service: two protocols of one port share a node port. */
static int give_ports(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *ports = value_get(spec, "ports"), *p;
    int s = STEP_OK;

    if (!is_exposed(spec))
        return STEP_OK;
    value_each_item(ports, i, p)
    {
        int64_t port = value_at_int(p, "port", 0), own = value_at_int(p, "nodePort", 0);
        int64_t shared = port_given(ports, i, port), asked = port_asked(ports, port);

        if (own == 0 && !wants_ports(spec))
            continue;
        if (shared == 0 && asked != 0) {
            value_set_int(a, p, "nodePort", asked);
            s = take_node_port(req, op, i, asked);
        } else if (shared == 0) {
            s = give_node_port(req, op, p);
        } else if (own == 0) {
            value_set_int(a, p, "nodePort", shared);
        } else if (own != shared) {
            s = take_node_port(req, op, i, own);
        }
        if (s)
            return s;
    }
    return STEP_OK;
}

static bool has_node_port(const Value *ports, uint32_t before, int64_t port, const char *protocol)
{
    for (uint32_t i = 0; i < before; i++)
        if (value_at_int(value_item(ports, i), "nodePort", 0) == port &&
            (!protocol || str_eq(value_get_str(value_item(ports, i), "protocol"), protocol)))
            return true;
    return false;
}

/* Of a service that is changed: what it had stays its own. */
static int change_ports(Request *req, Op *op)
{
    Value *spec = value_get(op->obj, "spec"), *ports = value_get(spec, "ports"), *p;
    const Value *old = value_at(op->old, "spec.ports");
    int s = STEP_OK;

    if (!is_exposed(spec))
        return STEP_OK;
    value_each_item(ports, i, p)
    {
        int64_t port = value_at_int(p, "nodePort", 0);
        const char *protocol = value_get_str(p, "protocol");

        if (port == 0 && !wants_ports(spec))
            continue;
        if (port == 0)
            s = give_node_port(req, op, p);
        else if (!has_node_port(old, value_len(old), port, NULL) &&
                 !has_node_port(ports, i, port, NULL))
            s = take_node_port(req, op, i, port);
        if (s)
            return s;
        if (port != 0 && has_node_port(ports, i, port, protocol))
            return fail_internal(req, arena_printf(req->arena, "duplicate nodePort: {%s %lld}",
                                                   protocol ? protocol : "", (long long)port));
    }
    return STEP_OK;
}

static bool is_load_balancer(const Value *spec)
{
    return str_eq(value_get_str(spec, "type"), "LoadBalancer");
}

static bool wants_health_check(const Value *spec)
{
    return is_load_balancer(spec) && str_eq(value_get_str(spec, "externalTrafficPolicy"), "Local");
}

static int give_health_port(Request *req, Op *op)
{
    Value *spec = value_get(op->obj, "spec");
    int64_t port = value_at_int(spec, "healthCheckNodePort", 0);
    const char *why;
    int s;

    if (port == 0) {
        s = choose_port(req, "TCP", &port);
        if (s)
            return s;
        value_set_int(req->arena, spec, "healthCheckNodePort", port);
        claim(req, op, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port));
        return STEP_OK;
    }
    s = take_port(req, op, port, &why);
    if (s || !why)
        return s;
    return fail_allocation(
        req, arena_printf(req->arena, "failed to allocate requested HealthCheck NodePort %lld: %s",
                          (long long)port, why));
}

static int init_families(Request *req, const Op *op)
{
    FieldErrs e = {.arena = req->arena};

    service_init_families(value_get(op->obj, "spec"), value_get(op->old, "spec"), &e);
    return e.n > 0 ? fail_invalid(req, op->r->group, op->r->kind, op->name, &e) : STEP_OK;
}

int service_create(Request *req, Op *op)
{
    Value *spec = value_need(req->arena, op->obj, "spec");
    const char *ip = value_get_str(spec, "clusterIP");
    int s;

    value_set(req->arena, op->obj, "status", value_literal(req->arena, "{'loadBalancer':{}}"));
    if (ip && ip[0] && value_len(value_get(spec, "clusterIPs")) == 0) {
        Value *list = value_array(req->arena);

        value_append(req->arena, list, value_get(spec, "clusterIP"));
        value_set(req->arena, spec, "clusterIPs", list);
    }
    s = init_families(req, op);
    if (!s && wants_ip(spec))
        s = give_ip(req, op);
    if (!s)
        s = give_ports(req, op);
    if (!s && wants_health_check(spec))
        s = give_health_port(req, op);
    return s ? s : nodeports_follow(req, op, NULL, op->obj);
}

static bool same_text(const Value *spec, const Value *old, const char *member)
{
    const char *a = value_get_str(spec, member), *b = value_get_str(old, member);

    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_ips(const Value *spec, const Value *old)
{
    const Value *a = value_get(spec, "clusterIPs"), *b = value_get(old, "clusterIPs");

    return value_len(a) == value_len(b) && (value_len(a) == 0 || value_equal(a, b));
}

/* What the client left out of an update and the server had given before: node ports go by the names
 * of their ports. */
static void keep_ports(Arena *a, Value *spec, const Value *old)
{
    const Value *ports = value_get(spec, "ports"), *had = value_get(old, "ports"), *q;
    Value *p;

    value_each_item(ports, i, p)
    {
        int64_t port = 0;

        if (value_at_int(p, "nodePort", 0) != 0)
            continue;
        value_each_item(had, j, q)
        {
            if (same_text(p, q, "name"))
                port = value_at_int(q, "nodePort", 0);
        }
        if (port != 0 && !has_node_port(ports, value_len(ports), port, NULL))
            value_set_int(a, p, "nodePort", port);
    }
}

static void keep_given(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec");
    const Value *old = value_get(op->old, "spec");
    const char *ip = value_get_str(spec, "clusterIP");

    if (wants_ip(spec) && wants_ip(old)) {
        if ((!ip || !ip[0]) && value_get(old, "clusterIP"))
            value_set(a, spec, "clusterIP", value_get(old, "clusterIP"));
        if (value_len(value_get(spec, "clusterIPs")) == 0 && same_text(spec, old, "clusterIP") &&
            value_get(old, "clusterIPs"))
            value_set(a, spec, "clusterIPs", value_get(old, "clusterIPs"));
    }
    if (wants_ports(spec) && wants_ports(old))
        keep_ports(a, spec, old);
    if (wants_health_check(spec) && wants_health_check(old) &&
        value_at_int(spec, "healthCheckNodePort", 0) == 0 && value_get(old, "healthCheckNodePort"))
        value_set(a, spec, "healthCheckNodePort", value_get(old, "healthCheckNodePort"));
}

/* Clients that know only one of the two fields change both. */
static void pair_ips(Arena *a, Value *spec, const Value *old)
{
    const char *ip = value_get_str(spec, "clusterIP"), *had = value_get_str(old, "clusterIP");
    Value *list;

    if (same_text(spec, old, "clusterIP")) {
        if (value_len(value_get(spec, "clusterIPs")) == 0 && value_get(old, "clusterIPs"))
            value_set(a, spec, "clusterIPs", value_get(old, "clusterIPs"));
        return;
    }
    if (!same_ips(spec, old))
        return;
    if (had && had[0] && (!ip || !ip[0])) {
        value_del(spec, "clusterIPs");
        return;
    }
    list = value_array(a);
    value_append(a, list, value_get(spec, "clusterIP"));
    value_set(a, spec, "clusterIPs", list);
}

static bool is_external(const Value *spec)
{
    return is_load_balancer(spec) || str_eq(value_get_str(spec, "type"), "NodePort") ||
           value_len(value_get(spec, "externalIPs")) > 0;
}

/* The address and its families: one must see them all alike for the address to go. */
static void drop_address(Value *spec, const Value *old)
{
    static const char *const families[] = {"ipFamilies", "ipFamilyPolicy"};

    if (!wants_ip(old) || wants_ip(spec))
        return;
    if (str_eq(value_get_str(spec, "clusterIP"), value_get_str(old, "clusterIP"))) {
        value_del(spec, "clusterIP");
        value_del(spec, "clusterIPs");
    }
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        const Value *a = value_get(spec, families[i]), *b = value_get(old, families[i]);

        if (a && b && value_equal(a, b))
            value_del(spec, families[i]);
    }
}

/* Fields that only the old type needed go when the client did not touch them: upstream's
 * dropTypeDependentFields(). */
static void drop_type_fields(Value *spec, const Value *old)
{
    static const struct {
        const char *field;
        bool (*needs)(const Value *spec);
    } rows[] = {
        {"healthCheckNodePort", wants_health_check},
        {"allocateLoadBalancerNodePorts", is_load_balancer},
        {"loadBalancerClass", is_load_balancer},
        {"externalTrafficPolicy", is_external},
    };
    Value *p;

    drop_address(spec, old);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Value *a = value_get(spec, rows[i].field), *b = value_get(old, rows[i].field);

        if (rows[i].needs(old) && !rows[i].needs(spec) && a && b && value_equal(a, b))
            value_del(spec, rows[i].field);
    }
    if (!wants_ports(old) || wants_ports(spec))
        return;
    value_each_item(value_get(spec, "ports"), i, p)
    {
        const Value *q = value_item(value_get(old, "ports"), i);

        if (value_at_int(p, "nodePort", 0) == value_at_int(q, "nodePort", 0))
            value_del(p, "nodePort");
    }
}

static int free_given(Request *req, const Value *old, const Value *now)
{
    const char *ip = value_at_str(old, "spec.clusterIP");
    const Value *p, *q;
    int s = STEP_OK;

    if (ip && ip[0] && !str_eq(ip, "None") && !str_eq(ip, value_at_str(now, "spec.clusterIP")))
        s = release_row(req, IPS_STORAGE, ip);
    value_each_item(value_at(old, "spec.ports"), i, p)
    {
        int64_t port = value_at_int(p, "nodePort", 0);
        bool kept = port == 0;

        value_each_item(value_at(now, "spec.ports"), j, q) kept =
            kept || value_at_int(q, "nodePort", 0) == port;
        kept = kept || has_node_port(value_at(old, "spec.ports"), i, port, NULL); /* shared */
        if (!s && !kept)
            s = release_row(req, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port));
    }
    {
        int64_t port = value_at_int(old, "spec.healthCheckNodePort", 0);

        if (!s && port > 0 && value_at_int(now, "spec.healthCheckNodePort", 0) != port)
            s = release_row(req, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port));
    }
    return s;
}

int service_update(Request *req, Op *op)
{
    Value *spec = value_need(req->arena, op->obj, "spec");
    const Value *old = value_get(op->old, "spec");
    int s;

    if (op->sub) /* the status: addresses of a load balancer */
        return nodeports_follow(req, op, op->old, op->obj);
    keep_given(req, op);
    pair_ips(req->arena, spec, old);
    s = init_families(req, op);
    if (!s && wants_ip(spec) && !wants_ip(old))
        s = give_ip(req, op);
    if (!s)
        s = change_ports(req, op);
    if (!s && wants_health_check(spec) && !wants_health_check(old))
        s = give_health_port(req, op);
    if (s)
        return s;
    drop_type_fields(spec, old);
    if (!is_load_balancer(spec) && value_at(op->obj, "status.loadBalancer")) {
        Value *status = value_copy(req->arena, value_get(op->obj, "status")); /* it is shared */

        value_set(req->arena, status, "loadBalancer", value_object(req->arena));
        value_set(req->arena, op->obj, "status", status);
    }
    s = free_given(req, op->old, op->obj);
    return s ? s : nodeports_follow(req, op, op->old, op->obj);
}

int service_delete(Request *req, Op *op)
{
    int s = free_given(req, op->old, NULL);

    return s ? s : nodeports_follow(req, op, op->old, NULL);
}
