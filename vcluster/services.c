/*
 * services.c - addresses and node ports of services.
 *
 * Uniqueness is a row of its own for each address ("internal/serviceips") and port
 * ("internal/nodeports"), written in the service's transaction and expected to be absent. The
 * choice is random over what the service cache shows as free; a lost race chooses again.
 */
#include "base/random.h"
#include "vcluster/vcluster_int.h"

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

static bool parse_ip(const char *text, uint32_t *ret)
{
    struct in_addr in;

    if (!text || inet_pton(AF_INET, text, &in) != 1)
        return false;
    *ret = ntohl(in.s_addr);
    return true;
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
        uint32_t ip = NET + low + (uint32_t)(random_u64() % (NET_SIZE - 1 - low));
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
    return fail(req, ERR_INTERNAL, "failed to allocate a serviceIP: range is full");
}

static int give_ip(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *list = value_get(spec, "clusterIPs");
    const char *given = value_get_str(spec, "clusterIP");
    uint32_t ip = 0;
    bool taken;
    int s;

    if ((!given || !given[0]) && value_len(list) > 0)
        given = value_to_cstr(value_item(list, 0));
    if (str_eq(given, "None"))
        return STEP_OK;
    if (given && given[0]) {
        list = value_array(a);
        value_append(a, list, value_str(a, given));
        if (!parse_ip(given, &ip))
            return STEP_OK; /* validation has the words */
        if (ip <= NET || ip >= NET + NET_SIZE - 1)
            return invalid(req, op, "spec.clusterIPs", list,
                           arena_printf(a,
                                        "failed to allocate IP %s: the provided network does not "
                                        "match the current range",
                                        given));
        s = is_taken(req, IPS_STORAGE, given, &taken);
        if (s)
            return s;
        if (taken || ip == NET + RESERVED_API || ip == NET + RESERVED_DNS)
            return invalid(req, op, "spec.clusterIPs", list,
                           arena_printf(a,
                                        "failed to allocate IP %s: provided IP is already "
                                        "allocated",
                                        given));
    } else {
        s = choose_ip(req, &ip);
        if (s)
            return s;
        given = print_ip(a, ip);
    }
    value_set_str(a, spec, "clusterIP", given);
    list = value_array(a);
    value_append(a, list, value_str(a, given));
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

static bool had_port(const Op *op, int64_t port)
{
    const Value *p;

    value_each_item(value_at(op->old, "spec.ports"), i,
                    p) if (value_at_int(p, "nodePort", 0) == port) return true;
    return false;
}

static int choose_port(Request *req, int64_t *ret)
{
    for (int i = 0; i < TRIES; i++) {
        int64_t port = PORT_MIN + (int64_t)(random_u64() % (PORT_MAX - PORT_MIN + 1));
        bool taken;
        int s = is_taken(req, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port), &taken);

        if (s)
            return s;
        if (!taken) {
            *ret = port;
            return STEP_OK;
        }
    }
    return fail(req, ERR_INTERNAL, "failed to allocate a nodePort: range is full");
}

/* Did an earlier port of this service ask for the same number? Two protocols may share it. */
static bool claimed_port(const Op *op, uint32_t before, int64_t port, bool *ret_clash)
{
    const Value *ports = value_at(op->obj, "spec.ports"), *now = value_item(ports, before);
    bool found = false;

    for (uint32_t i = 0; i < before; i++) {
        const Value *p = value_item(ports, i);

        if (value_at_int(p, "nodePort", 0) != port)
            continue;
        found = true;
        if (str_eq(value_get_str(p, "protocol"), value_get_str(now, "protocol")))
            *ret_clash = true;
    }
    return found;
}

static int give_ports(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *p;

    value_each_item(value_get(spec, "ports"), i, p)
    {
        int64_t port = value_at_int(p, "nodePort", 0);
        const char *name;
        bool taken = false;
        int s;

        if (!wants_ports(spec)) {
            if (port > 0 && had_port(op, port))
                value_del(p, "nodePort");
            continue;
        }
        if (port > 0 && had_port(op, port))
            continue;
        if (port > 0 && claimed_port(op, i, port, &taken)) {
            if (taken)
                return invalid(req, op, arena_printf(a, "spec.ports[%u].nodePort", i),
                               value_get(p, "nodePort"), "provided port is already allocated");
            continue;
        }
        if (port == 0) {
            s = choose_port(req, &port);
            if (s)
                return s;
        } else {
            const char *field = arena_printf(a, "spec.ports[%u].nodePort", i);

            if (port < PORT_MIN || port > PORT_MAX)
                return invalid(req, op, field, value_get(p, "nodePort"),
                               "provided port is not in the valid range. The range of valid ports "
                               "is 30000-32767");
            s = is_taken(req, PORTS_STORAGE, arena_printf(a, "%d", (int)port), &taken);
            if (s)
                return s;
            if (taken)
                return invalid(req, op, field, value_get(p, "nodePort"),
                               "provided port is already allocated");
        }
        name = arena_printf(a, "%d", (int)port);
        value_set_int(a, p, "nodePort", port);
        claim(req, op, PORTS_STORAGE, name);
    }
    return STEP_OK;
}

/* This is a cluster of one address family. */
static void give_families(Arena *a, Value *spec)
{
    bool headless = str_eq(value_get_str(spec, "clusterIP"), "None");
    bool any = headless && value_len(value_get(spec, "selector")) == 0;

    if (!wants_ip(spec))
        return;
    if (value_len(value_get(spec, "ipFamilies")) == 0)
        value_set(a, spec, "ipFamilies", value_literal(a, any ? "['IPv4','IPv6']" : "['IPv4']"));
    if (!value_get_str(spec, "ipFamilyPolicy"))
        value_set_str(a, spec, "ipFamilyPolicy", any ? "RequireDualStack" : "SingleStack");
}

static int give_health_port(Request *req, Op *op)
{
    Value *spec = value_get(op->obj, "spec");
    int64_t port;
    int s;

    if (!str_eq(value_get_str(spec, "type"), "LoadBalancer") ||
        !str_eq(value_get_str(spec, "externalTrafficPolicy"), "Local") ||
        value_at_int(spec, "healthCheckNodePort", 0) > 0)
        return STEP_OK;
    s = choose_port(req, &port);
    if (s)
        return s;
    value_set_int(req->arena, spec, "healthCheckNodePort", port);
    claim(req, op, PORTS_STORAGE, arena_printf(req->arena, "%d", (int)port));
    return STEP_OK;
}

int service_create(Request *req, Op *op)
{
    Value *spec = value_need(req->arena, op->obj, "spec");
    FieldErrs e = {.arena = req->arena};
    int s = STEP_OK;

    value_set(req->arena, op->obj, "status", value_literal(req->arena, "{'loadBalancer':{}}"));
    if (!value_get_str(spec, "clusterIP") && value_len(value_get(spec, "clusterIPs")) > 0)
        value_set(req->arena, spec, "clusterIP", value_item(value_get(spec, "clusterIPs"), 0));
    if (value_get_str(spec, "clusterIP") && value_get_str(spec, "clusterIP")[0] &&
        !value_get(spec, "clusterIPs")) {
        Value *list = value_array(req->arena);

        value_append(req->arena, list, value_get(spec, "clusterIP"));
        value_set(req->arena, spec, "clusterIPs", list);
    }
    give_families(req->arena, spec);
    /* mistakes come before addresses are given */
    normalize_object(req->arena, op->r, op->obj);
    validate_create(op->r, op->obj, &e);
    if (e.n > 0)
        return fail_invalid(req, op->r->group, op->r->kind, op->name, &e);
    if (wants_ip(spec))
        s = give_ip(req, op);
    if (!s)
        s = give_ports(req, op);
    return s ? s : give_health_port(req, op);
}

/* What the client left out of an update and the server had given before. */
static void keep_given(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *p;
    const Value *old = value_get(op->old, "spec"), *q;
    const char *ip = value_get_str(spec, "clusterIP"), *old_ip = value_get_str(old, "clusterIP");
    bool same = wants_ip(spec) && wants_ip(old);

    if (same && (!ip || !ip[0]) && old_ip) {
        value_set(a, spec, "clusterIP", value_get(old, "clusterIP"));
        value_set(a, spec, "clusterIPs", value_get(old, "clusterIPs"));
    }
    if (!wants_ports(spec) || !wants_ports(old))
        return;
    value_each_item(value_get(spec, "ports"), i, p)
    {
        if (value_at_int(p, "nodePort", 0) > 0)
            continue;
        value_each_item(value_get(old, "ports"), j, q)
        {
            if (value_at_int(p, "port", 0) == value_at_int(q, "port", 0) &&
                str_eq(value_get_str(p, "protocol"), value_get_str(q, "protocol")) &&
                value_at_int(q, "nodePort", 0) > 0)
                value_set(a, p, "nodePort", value_get(q, "nodePort"));
        }
    }
}

static bool is_load_balancer(const Value *spec)
{
    return str_eq(value_get_str(spec, "type"), "LoadBalancer");
}

static bool wants_health_check(const Value *spec)
{
    return is_load_balancer(spec) && str_eq(value_get_str(spec, "externalTrafficPolicy"), "Local");
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

static bool is_external_name(const Value *spec)
{
    return str_eq(value_get_str(spec, "type"), "ExternalName");
}

/* Fields that only the old type needed go when the client did not touch them: upstream's
 * dropTypeDependentFields(). */
static void drop_type_fields(Value *spec, const Value *old)
{
    static const struct {
        const char *field;
        bool (*needs)(const Value *spec);
    } rows[] = {
        {"externalName", is_external_name},
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
    const char *ip, *old_ip = value_at_str(op->old, "spec.clusterIP");
    FieldErrs e = {.arena = req->arena};
    int s = STEP_OK;

    if (op->sub)
        return STEP_OK;
    drop_type_fields(spec, value_get(op->old, "spec"));
    keep_given(req, op);
    give_families(req->arena, spec);
    ip = value_get_str(spec, "clusterIP");
    normalize_object(req->arena, op->r, op->obj);
    spec = value_get(op->obj, "spec");
    validate_update(op->r, "", op->obj, op->old, &e);
    if (e.n > 0)
        return fail_invalid(req, op->r->group, op->r->kind, op->name, &e);
    if (wants_ip(spec) && !str_eq(ip, old_ip))
        s = give_ip(req, op);
    if (!s)
        s = give_ports(req, op);
    return s ? s : free_given(req, op->old, op->obj);
}

int service_delete(Request *req, Op *op)
{
    return free_given(req, op->old, NULL);
}
