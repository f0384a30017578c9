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

#define IPS_STORAGE   "internal/serviceips"
#define PORTS_STORAGE "internal/nodeports"

enum {
    STATIC_MIN = 16, /* the lower part is for addresses that somebody chose */
    STATIC_MAX = 256,
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

bool service_range_has(Vcluster *vc, const char *ip)
{
    const AddressRange *range;
    Address at;

    if (!address_parse(ip, &at))
        return false;
    range = address_ranges_of(&vc->service_ranges, address_family(&at));
    return range && address_in(range, &at);
}

/* The addresses that may be given, from 1 on: neither that of the network nor, of IPv4, the one
 * that means all of it (upstream's ipallocator.New()). Returns how many there are. */
static uint64_t range_usable(const AddressRange *range)
{
    unsigned bits = MIN(range->ip.n_bits - range->prefix, 62);
    uint64_t all = (uint64_t)1 << bits, not_given = range->ip.n_bits == 32 ? 2 : 1;

    return all > not_given ? all - not_given : 0;
}

/* Upstream's calculateRangeOffset(): a sixteenth, from 16 to 256; none of a small range. */
static uint64_t static_band(uint64_t n_usable)
{
    return n_usable <= STATIC_MIN ? 0 : MIN(MAX(n_usable / 16, STATIC_MIN), STATIC_MAX);
}

static bool is_nth_ip(const AddressRange *range, uint64_t i, const Address *at)
{
    Address nth = address_nth(range, i);

    return address_equal(&nth, at);
}

/* By somebody else, or by this very write. */
static int is_taken(Request *req, const char *storage, const char *name, bool *ret)
{
    Stored row;
    int s;

    *ret = engine_staged(req, storage, "", name) != NULL;
    if (*ret)
        return STEP_OK;
    s = read_get(req, req->cluster, storage, "", name, &row);
    *ret = !s && row.obj;
    return s;
}

static const char *port_row(Request *req, int64_t port)
{
    return arena_printf(req->arena, "%lld", (long long)port);
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

static int choose_ip(Request *req, const AddressRange *range, const char **ret)
{
    uint64_t n = range_usable(range), band = static_band(n);

    for (int i = 0; i < TRIES && n > 0; i++) {
        uint64_t low = i < TRIES / 2 ? band : 0;
        Address at = address_nth(range, 1 + low + engine_random(req) % (n - low));
        bool taken;
        int s;

        if (is_nth_ip(range, SERVICE_API_AT, &at) || is_nth_ip(range, SERVICE_DNS_AT, &at))
            continue;
        s = is_taken(req, IPS_STORAGE, at.text, &taken);
        if (s)
            return s;
        if (!taken) {
            *ret = arena_strdup(req->arena, at.text);
            return STEP_OK;
        }
    }
    return fail_internal_error(req, "failed to allocate a serviceIP: range is full");
}

/* It may be made anew. */
static bool is_api_service(const Op *op)
{
    return str_eq(op->ns, "default") && str_eq(op->name, "kubernetes");
}

static int take_ip(Request *req, Op *op, const AddressRange *range, const char *given)
{
    Arena *a = req->arena;
    const Value *list = value_at(op->obj, "spec.clusterIPs");
    const char *why = NULL;
    Address at;
    bool taken = false;
    int s = STEP_OK;

    if (!address_parse(given, &at) || !address_in(range, &at))
        why = "the provided network does not match the current range";
    else if (is_nth_ip(range, 0, &at) ||
             (at.n_bits == 32 && is_nth_ip(range, range_usable(range) + 1, &at)))
        why = arena_printf(a,
                           "the provided IP (%s) is not in the valid range. The range of valid IPs "
                           "is %s",
                           given, range->text);
    else if (!req->state->opts.is_dry_run)
        s = is_taken(req, IPS_STORAGE, at.text, &taken);
    if (s)
        return s;
    if (!req->state->opts.is_dry_run && !why)
        taken = taken || (is_nth_ip(range, SERVICE_API_AT, &at) && !is_api_service(op)) ||
                is_nth_ip(range, SERVICE_DNS_AT, &at);
    if (taken)
        why = "provided IP is already allocated";
    if (why)
        return invalid(req, op, "spec.clusterIPs", list,
                       arena_printf(a, "failed to allocate IP %s: %s", given, why));
    claim(req, op, IPS_STORAGE, at.text);
    return STEP_OK;
}

/* The address of the service's `i`-th family: the one that was asked for, or one that is free. */
static int give_ip(Request *req, Op *op, uint32_t i)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *list = value_get(spec, "clusterIPs");
    const char *family = value_to_cstr(value_item(value_get(spec, "ipFamilies"), i));
    const AddressRange *range = address_ranges_of(&req->state->vc->service_ranges, family);
    const char *given = value_to_cstr(value_item(list, i));
    int s;

    if (!range) /* of a family that the cluster had when it was made */
        return fail_internal_error(req,
                                   arena_printf(a, "%s is not configured on this cluster", family));
    if (given[0])
        return take_ip(req, op, range, given);
    s = choose_ip(req, range, &given);
    if (s)
        return s;
    list->items[i] = value_str(a, given);
    if (i == 0)
        value_set_str(a, spec, "clusterIP", given);
    claim(req, op, IPS_STORAGE, given);
    return STEP_OK;
}

static bool is_headless(const Value *spec)
{
    return str_eq(value_to_cstr(value_item(value_get(spec, "clusterIPs"), 0)), "None");
}

/* Those of the families from the `first` on. */
static int give_ips(Request *req, Op *op, uint32_t first)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec");
    uint32_t n = value_len(value_get(spec, "ipFamilies"));
    Value *list = value_array(a), *ip;
    int s = STEP_OK;

    if (is_headless(spec))
        return STEP_OK;
    value_each_item(value_get(spec, "clusterIPs"), i, ip) value_append(a, list, ip);
    while (value_len(list) < n)
        value_append(a, list, value_str(a, "")); /* as messages have it */
    value_set(a, spec, "clusterIPs", list);
    for (uint32_t i = first; i < n && !s; i++)
        s = give_ip(req, op, i);
    return s;
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

static int choose_port(Request *req, const char *protocol, int64_t *ret)
{
    for (int i = 0; i < TRIES; i++) {
        int64_t port = PORT_MIN + (int64_t)(engine_random(req) % (PORT_MAX - PORT_MIN + 1));
        bool taken;
        int s = is_taken(req, PORTS_STORAGE, port_row(req, port), &taken);

        if (!s && !taken && i < TRIES / 2)
            s = nodeports_is_taken(req, protocol, port, &taken);
        if (s)
            return s;
        if (!taken) {
            *ret = port;
            return STEP_OK;
        }
    }
    return fail_internal_error(req, "failed to allocate a nodePort: range is full");
}

/* NULL in *ret_why: it is the service's now. A dry run does not know the range. */
static int take_port(Request *req, const Op *op, int64_t port, const char **ret_why)
{
    const char *name = port_row(req, port);
    bool taken;
    int s;

    *ret_why = NULL;
    if (!req->state->opts.is_dry_run && (port < PORT_MIN || port > PORT_MAX)) {
        *ret_why = "provided port is not in the valid range. The range of valid ports is "
                   "30000-32767";
        return STEP_OK;
    }
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
    claim(req, op, PORTS_STORAGE, port_row(req, port));
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
        claim(req, op, PORTS_STORAGE, port_row(req, port));
        return STEP_OK;
    }
    s = take_port(req, op, port, &why);
    if (s || !why)
        return s;
    return fail_internal_error(
        req, arena_printf(req->arena, "failed to allocate requested HealthCheck NodePort %lld: %s",
                          (long long)port, why));
}

static int init_families(Request *req, const Op *op)
{
    FieldErrs e = {.arena = req->arena};

    service_init_families(value_get(op->obj, "spec"), value_get(op->old, "spec"),
                          &req->state->vc->service_ranges, &e);
    return e.n > 0 ? fail_invalid(req, op->r->group, op->r->kind, op->name, &e) : STEP_OK;
}

static int drop_taken_port(Request *req, Value *holder, const char *member)
{
    int64_t port = value_at_int(holder, member, 0);
    bool taken = false;
    int s = port > 0 ? is_taken(req, PORTS_STORAGE, port_row(req, port), &taken) : STEP_OK;

    if (!s && taken)
        value_del(holder, member);
    return s;
}

int service_free_taken(Request *req, Value *service)
{
    Value *spec = value_get(service, "spec"), *p;
    const Value *ip;
    bool taken = false;
    Address at;
    int s = STEP_OK;

    value_each_item(value_get(spec, "clusterIPs"), i, ip)
    {
        if (!s && !taken && address_parse(value_to_cstr(ip), &at)) /* "None" is none */
            s = is_taken(req, IPS_STORAGE, at.text, &taken);
    }
    if (!s && taken) {
        value_del(spec, "clusterIP");
        value_del(spec, "clusterIPs");
    }
    value_each_item(value_get(spec, "ports"), i, p)
    {
        if (!s)
            s = drop_taken_port(req, p, "nodePort");
    }
    return s ? s : drop_taken_port(req, spec, "healthCheckNodePort");
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
        s = give_ips(req, op, 0);
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

static int free_ips(Request *req, const Value *old, const Value *now)
{
    const Value *had = value_get(old, "clusterIPs"), *ip, *x;
    int s = STEP_OK;

    if (is_headless(old))
        return STEP_OK;
    value_each_item(had, i, ip)
    {
        bool is_kept = false;
        Address at;

        value_each_item(value_get(now, "clusterIPs"), k, x) is_kept = is_kept || value_equal(x, ip);
        if (!s && !is_kept && address_parse(value_to_cstr(ip), &at))
            s = release_row(req, IPS_STORAGE, arena_strdup(req->arena, at.text));
    }
    return s;
}

static int free_given(Request *req, const Value *old, const Value *now)
{
    const Value *p, *q;
    int s = free_ips(req, value_get(old, "spec"), value_get(now, "spec"));

    value_each_item(value_at(old, "spec.ports"), i, p)
    {
        int64_t port = value_at_int(p, "nodePort", 0);
        bool kept = port == 0;

        value_each_item(value_at(now, "spec.ports"), j, q) kept =
            kept || value_at_int(q, "nodePort", 0) == port;
        kept = kept || has_node_port(value_at(old, "spec.ports"), i, port, NULL); /* shared */
        if (!s && !kept)
            s = release_row(req, PORTS_STORAGE, port_row(req, port));
    }
    {
        int64_t port = value_at_int(old, "spec.healthCheckNodePort", 0);

        if (!s && port > 0 && value_at_int(now, "spec.healthCheckNodePort", 0) != port)
            s = release_row(req, PORTS_STORAGE, port_row(req, port));
    }
    return s;
}

/* A service that is no mere name any more gets all its addresses, one of two families its second
 * (upstream's updateClusterIPs()). */
static int change_ips(Request *req, Op *op)
{
    const Value *spec = value_get(op->obj, "spec"), *old = value_get(op->old, "spec");

    if (!wants_ip(spec) || service_is_settled(spec, old))
        return STEP_OK;
    if (!wants_ip(old))
        return give_ips(req, op, 0);
    if (is_headless(old) || value_len(value_get(old, "ipFamilies")) != 1 ||
        value_len(value_get(spec, "ipFamilies")) != 2)
        return STEP_OK;
    return give_ips(req, op, 1);
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
    if (!s)
        s = change_ips(req, op);
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
