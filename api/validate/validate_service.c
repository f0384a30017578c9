/*
 * validate_service.c - services.
 *
 * What only an allocator can know (is the address free, is the port in the range) is not checked
 * here.
 */
#include "api/validate_int.h"

static const char *cstr(const Value *v)
{
    const char *s = value_to_cstr(v);

    return s ? s : "";
}

static void check_service_port(FieldErrs *e, const Path *p, const Value *ports, uint32_t i)
{
    const Value *port = value_item(ports, i), *target = value_get(port, "targetPort");
    const char *name = str_of(port, "name"), *protocol = str_of(port, "protocol");
    bool twice = false;

    if (value_len(ports) > 1 && name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else if (name[0]) {
        check_name(e, AT(p, "name"), name, names__dns1123_label);
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(ports, k), "name"), name) == 0;
        if (twice)
            duplicate(e, AT(p, "name"), name);
    }
    check_range(e, AT(p, "port"), int_of(port, "port", 0), 1, 65535);
    if (protocol[0] == '\0')
        missing(e, AT(p, "protocol"), NULL);
    else
        check_enum(e, AT(p, "protocol"), protocol, "SCTP|TCP|UDP");
    validate__port_value(e, AT(p, "targetPort"), target);
    if (has(port, "appProtocol"))
        check_name(e, AT(p, "appProtocol"), str_of(port, "appProtocol"), names__qualified);
}

static void check_port_pairs(FieldErrs *e, const Path *p, const Value *ports)
{
    const Value *port, *other;

    value_each_item(ports, i, port)
    {
        for (uint32_t k = 0; k < i; k++) {
            other = value_item(ports, k);
            if (int_of(other, "port", 0) != int_of(port, "port", 0) ||
                strcmp(str_of(other, "protocol"), str_of(port, "protocol")) != 0)
                continue;
            field_err(e, FIELD_ERR_DUPLICATE, path_str(e, AT_ITEM(p, i)),
                      value_literal(e->arena,
                                    arena_printf(e->arena,
                                                 "{'Name':'','Protocol':'%s','AppProtocol':null,"
                                                 "'Port':%lld,'TargetPort':0,'NodePort':0}",
                                                 str_of(port, "protocol"),
                                                 (long long)int_of(port, "port", 0))),
                      "%s", "");
            break;
        }
    }
}

static void check_affinity(FieldErrs *e, const Path *p, const Value *spec)
{
    const char *affinity = str_of(spec, "sessionAffinity");
    const Path *at = AT(AT(p, "sessionAffinityConfig"), "clientIP");
    int64_t seconds = value_at_int(spec, "sessionAffinityConfig.clientIP.timeoutSeconds", 0);

    if (affinity[0] == '\0')
        missing(e, AT(p, "sessionAffinity"), NULL);
    else
        check_enum(e, AT(p, "sessionAffinity"), affinity, "ClientIP|None");
    if (strcmp(affinity, "ClientIP") == 0 && (seconds <= 0 || seconds > 86400))
        bad_int(e, AT(at, "timeoutSeconds"), seconds, "must be greater than 0 and less than 86400");
    if (strcmp(affinity, "None") == 0 && has(spec, "sessionAffinityConfig"))
        forbidden(e, AT(p, "sessionAffinityConfig"),
                  "must not be set when session affinity is None");
}

static void check_external_ips(FieldErrs *e, const Path *p, const Value *ips)
{
    const Value *ip;

    value_each_item(ips, i, ip)
    {
        const Path *at = AT_ITEM(p, i);

        if (check_ip(e, at, cstr(ip)))
            validate__not_special_ip(e, at, cstr(ip));
    }
}

static void check_family_names(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *families = value_get(spec, "ipFamilies"), *f;
    const char *policy = str_of(spec, "ipFamilyPolicy");

    value_each_item(families, i, f)
    {
        const Path *at = AT_ITEM(AT(p, "ipFamilies"), i);

        check_enum(e, at, cstr(f), "IPv4|IPv6");
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(cstr(value_item(families, k)), cstr(f)) == 0) {
                duplicate(e, at, cstr(f));
                break;
            }
        }
    }
    if (policy[0])
        check_enum(e, AT(p, "ipFamilyPolicy"), policy,
                   "PreferDualStack|RequireDualStack|SingleStack");
}

static bool is_headless(const Value *spec)
{
    const Value *ips = value_get(spec, "clusterIPs");

    return strcmp(str_of(spec, "clusterIP"), "None") == 0 ||
           (value_len(ips) == 1 && strcmp(cstr(value_item(ips, 0)), "None") == 0);
}

static void check_cluster_ips(FieldErrs *e, const Path *p, const Value *spec, uint32_t before)
{
    const Value *ips = value_get(spec, "clusterIPs"), *families = value_get(spec, "ipFamilies");
    const Path *at = AT(p, "clusterIPs");
    uint32_t v6 = 0;
    bool is_valid = true;
    const Value *ip;

    value_each_item(ips, i, ip)
    {
        v6 += names__is_ipv6(cstr(ip));
        if (i > 0 || strcmp(cstr(ip), "None") != 0) {
            is_valid = check_ip(e, AT_ITEM(at, i), cstr(ip)) && is_valid;
        } else if (value_len(ips) > 1) {
            bad(e, at, ips, "'None' must be the first and only value");
            is_valid = false;
        }
    }
    if (value_len(ips) > 2)
        bad(e, at, ips, "may only hold up to 2 values");
    if (!is_valid)
        return;
    if (value_len(ips) > 1 && (v6 == 0 || v6 == value_len(ips)))
        bad(e, at, ips, "may specify no more than one IP for each IP family");
    value_each_item(ips, i, ip)
    {
        const char *family = cstr(value_item(families, i));

        if (e->n > before || is_headless(spec) || i >= value_len(families))
            break;
        if (names__is_ipv6(cstr(ip)) != (strcmp(family, "IPv6") == 0))
            bad_str(e, AT_ITEM(at, i), cstr(ip),
                    "expected an %s value as indicated by `ipFamilies[%u]`", family, i);
    }
}

void validate__service_addresses(FieldErrs *e, const Value *spec)
{
    const Value *ips = value_get(spec, "clusterIPs");
    const char *ip = str_of(spec, "clusterIP");
    const Path *p = AT(NULL, "spec");
    uint32_t before = e->n;

    if (strcmp(str_of(spec, "type"), "ExternalName") == 0)
        return;
    if (ip[0] == '\0' && value_len(ips) > 0)
        bad(e, AT(p, "clusterIPs"), ips, "must be empty when `clusterIP` is not specified");
    else if (ip[0] && value_len(ips) == 0)
        missing(e, AT(p, "clusterIPs"), NULL);
    else if (ip[0] && strcmp(cstr(value_item(ips, 0)), ip) != 0)
        bad(e, AT(p, "clusterIPs"), ips, "first value must match `clusterIP`");
    check_family_names(e, p, spec);
    check_cluster_ips(e, p, spec, before);
}

static void check_traffic(FieldErrs *e, const Path *p, const Value *spec, bool is_external)
{
    const char *ext = str_of(spec, "externalTrafficPolicy");
    const char *internal = str_of(spec, "internalTrafficPolicy");
    const char *type = str_of(spec, "type");
    bool is_local_lb = strcmp(type, "LoadBalancer") == 0 && strcmp(ext, "Local") == 0;
    int64_t health = int_of(spec, "healthCheckNodePort", 0);

    if (ext[0] && !is_external)
        bad_str(e, AT(p, "externalTrafficPolicy"), ext,
                "may only be set for externally-accessible services");
    else if (ext[0])
        check_enum(e, AT(p, "externalTrafficPolicy"), ext, "Cluster|Local");
    if (is_local_lb && health != 0)
        check_range(e, AT(p, "healthCheckNodePort"), health, 1, 65535);
    else if (health != 0)
        bad_int(e, AT(p, "healthCheckNodePort"), health,
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is "
                "'Local'");
    if (internal[0])
        check_enum(e, AT(p, "internalTrafficPolicy"), internal, "Cluster|Local");
    if (has(spec, "trafficDistribution"))
        check_enum(e, AT(p, "trafficDistribution"), str_of(spec, "trafficDistribution"),
                   "PreferClose|PreferSameZone|PreferSameNode");
}

static void check_external_name(FieldErrs *e, const Path *p, const Value *spec)
{
    char *name = arena_strdup(e->arena, str_of(spec, "externalName"));
    size_t n = strlen(name);

    static const char *const not_here[] = {"clusterIPs", "ipFamilies", "ipFamilyPolicy"};

    for (size_t i = 0; i < ARRAY_LEN(not_here); i++) {
        const Value *v = value_get(spec, not_here[i]);

        if (v && v->type != VALUE_NULL && (v->type != VALUE_ARRAY || v->n > 0))
            forbidden(e, AT(p, not_here[i]), "may not be set for ExternalName services");
    }
    if (n > 0 && name[n - 1] == '.')
        name[--n] = '\0';
    if (n == 0) {
        missing(e, AT(p, "externalName"), NULL);
        return;
    }
    check_name(e, AT(p, "externalName"), name, names__dns1123_subdomain);
}

#define RANGES_NOTE "service.beta.kubernetes.io/load-balancer-source-ranges"
static const char only_lb[] = "may only be used when `type` is 'LoadBalancer'";

static char *trimmed(FieldErrs *e, Slice s)
{
    s = slice_trim(s);
    return arena_strndup(e->arena, s.ptr, s.len);
}

static void check_source_ranges(FieldErrs *e, const Value *v, bool is_lb)
{
    const Value *ranges = value_at(v, "spec.loadBalancerSourceRanges"), *range;
    const Path *p = AT(AT(NULL, "spec"), "LoadBalancerSourceRanges");
    const Path *noted_at = AT_KEY(AT(AT(NULL, "metadata"), "annotations"), RANGES_NOTE);
    const Value *noted = value_get(value_at(v, "metadata.annotations"), RANGES_NOTE);
    Slice rest, part;
    bool more;

    if (value_len(ranges) > 0) {
        if (!is_lb)
            forbidden(e, p, only_lb);
        value_each_item(ranges, i, range)
            check_cidr(e, AT_ITEM(p, i), trimmed(e, slice_of(cstr(range))));
        return;
    }
    if (!noted)
        return;
    if (!is_lb)
        forbidden(e, noted_at, only_lb);
    rest = slice_trim(slice_of(cstr(noted)));
    if (rest.len == 0)
        return;
    do {
        more = slice_cut(&rest, ',', &part);
        check_cidr(e, noted_at, trimmed(e, part));
    } while (more);
}

static void check_class(FieldErrs *e, const Path *p, const Value *spec, bool is_lb)
{
    if (!has(spec, "loadBalancerClass"))
        return;
    if (is_lb)
        check_name(e, AT(p, "loadBalancerClass"), str_of(spec, "loadBalancerClass"),
                   names__qualified);
    else
        forbidden(e, AT(p, "loadBalancerClass"), only_lb);
}

static void check_load_balancer(FieldErrs *e, const Path *p, const Value *spec, bool is_lb)
{
    if (has(spec, "allocateLoadBalancerNodePorts") && !is_lb)
        forbidden(e, AT(p, "allocateLoadBalancerNodePorts"), only_lb);
    check_class(e, p, spec, is_lb);
}

static void check_node_ports(FieldErrs *e, const Path *p, const Value *ports, bool is_cluster_ip)
{
    const Value *port, *other;

    value_each_item(ports, i, port) if (is_cluster_ip && int_of(port, "nodePort", 0) != 0)
        forbidden(e, AT(AT_ITEM(p, i), "nodePort"), "may not be used when `type` is 'ClusterIP'");
    value_each_item(ports, i, port)
    {
        int64_t number = int_of(port, "nodePort", 0);

        for (uint32_t k = 0; k < i && number != 0; k++) {
            other = value_item(ports, k);
            if (int_of(other, "nodePort", 0) != number ||
                strcmp(str_of(other, "protocol"), str_of(port, "protocol")) != 0)
                continue;
            duplicate_value(e, AT(AT_ITEM(p, i), "nodePort"), value_get(port, "nodePort"));
            break;
        }
    }
}

/* The two annotations of zones have to agree. */
static void check_topology_notes(FieldErrs *e, const Value *v)
{
    static const char mode[] = "service.kubernetes.io/topology-mode";
    static const char hints[] = "service.kubernetes.io/topology-aware-hints";
    const Value *notes = value_at(v, "metadata.annotations");
    const Value *a = value_get(notes, mode), *b = value_get(notes, hints);

    if (a && b && !value_equal(a, b))
        bad(e, AT_KEY(AT(AT(NULL, "metadata"), "annotations"), mode), a,
            "must match annotations[%s] when both are specified", hints);
}

static void check_service(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *ports = value_get(spec, "ports"), *port;
    const char *type = str_of(spec, "type");
    bool is_external =
        one_of(type, "LoadBalancer|NodePort") ||
        (strcmp(type, "ClusterIP") == 0 && value_len(value_get(spec, "externalIPs")) > 0);

    check_topology_notes(e, v);
    if (value_len(ports) == 0 && !is_headless(spec) && strcmp(type, "ExternalName") != 0)
        missing(e, AT(p, "ports"), NULL);
    if (one_of(type, "LoadBalancer|NodePort") && is_headless(spec))
        bad_str(e, AT_ITEM(AT(p, "clusterIPs"), 0), "None",
                "may not be set to 'None' for %s services", type);
    if (strcmp(type, "ExternalName") == 0)
        check_external_name(e, p, spec);
    value_each_item(ports, i, port) check_service_port(e, AT_ITEM(AT(p, "ports"), i), ports, i);
    validate__labels(e, AT(p, "selector"), value_get(spec, "selector"));
    check_affinity(e, p, spec);
    validate__service_addresses(e, spec);
    check_external_ips(e, AT(p, "externalIPs"), value_get(spec, "externalIPs"));
    if (type[0] == '\0')
        missing(e, AT(p, "type"), NULL);
    else
        check_enum(e, AT(p, "type"), type, "ClusterIP|ExternalName|LoadBalancer|NodePort");
    check_node_ports(e, AT(p, "ports"), ports, strcmp(type, "ClusterIP") == 0);
    check_port_pairs(e, AT(p, "ports"), ports);
    check_source_ranges(e, v, strcmp(type, "LoadBalancer") == 0);
    check_load_balancer(e, p, spec, strcmp(type, "LoadBalancer") == 0);
    check_traffic(e, p, spec, is_external);
}

static void create_service(FieldErrs *e, const Value *v)
{
    check_service(e, v);
}

static bool needs_health_check(const Value *spec)
{
    return strcmp(str_of(spec, "type"), "LoadBalancer") == 0 &&
           strcmp(str_of(spec, "externalTrafficPolicy"), "Local") == 0;
}

typedef struct Kept { /* a list of which a service keeps what it got */
    const char *field, *unset, *released;
} Kept;

static void check_kept(FieldErrs *e, const Path *p, const Value *spec, const Value *before,
                       const Kept *k)
{
    const Value *was = value_get(before, k->field), *now = value_get(spec, k->field), *x;
    const Value *ips = value_get(spec, "clusterIPs");
    const Path *at = AT(p, k->field);
    bool is_ips = strcmp(k->field, "clusterIPs") == 0;
    Value *null = value_null(e->arena);

    if (value_len(was) == value_len(now)) {
        value_each_item(was, i, x) if (!value_equal(x, value_item(now, i)))
            bad(e, AT_ITEM(at, is_ips ? i : 0), now, "may not change once set");
        return;
    }
    if (value_len(was) > value_len(now) && value_len(ips) == 0)
        bad(e, AT_ITEM(at, 0), now ? now : null, "%s", k->unset);
    if (value_len(was) > 0 && value_len(now) > 0 &&
        !value_equal(value_item(was, 0), value_item(now, 0)))
        bad(e, AT_ITEM(at, 0), ips ? ips : null, "may not change once set");
    if (value_len(was) > value_len(now) && value_len(now) == 1 &&
        strcmp(str_of(spec, "ipFamilyPolicy"), "SingleStack") != 0)
        bad(e, AT(p, "ipFamilyPolicy"),
            has(spec, "ipFamilyPolicy") ? value_get(spec, "ipFamilyPolicy") : null, "%s",
            k->released);
}

/* What a service got once stays, unless it becomes a mere name; a second address may come and go
 * with the policy. */
static void check_kept_addresses(FieldErrs *e, const Path *p, const Value *spec,
                                 const Value *before)
{
    static const Kept ips = {"clusterIPs", "primary clusterIP can not be unset",
                             "must be set to 'SingleStack' when releasing the secondary clusterIP"};
    static const Kept families = {
        "ipFamilies", "primary ipFamily can not be unset",
        "must be set to 'SingleStack' when releasing the secondary ipFamily"};
    bool was_headless = is_headless(before), is_now = is_headless(spec);

    if (!was_headless || !is_now)
        check_kept(e, p, spec, before, &ips);
    if (!was_headless && !is_now)
        check_kept(e, p, spec, before, &families);
}

static void check_kept_class(FieldErrs *e, const Path *p, const Value *spec, const Value *before)
{
    const Value *was = value_get(before, "loadBalancerClass");
    const Value *now = value_get(spec, "loadBalancerClass");
    bool is_lb = strcmp(str_of(spec, "type"), "LoadBalancer") == 0;

    if (strcmp(str_of(before, "type"), "LoadBalancer") == 0 && is_lb && (was || now) &&
        !(was && now && value_equal(was, now)))
        bad(e, AT(p, "loadBalancerClass"), now ? now : value_null(e->arena),
            "may not change once set");
    check_class(e, p, spec, is_lb); /* and again with everything else */
}

static void check_load_balancer_status(FieldErrs *e, const Value *v)
{
    const Path *p = AT(AT(AT(NULL, "status"), "loadBalancer"), "ingress");
    const Value *list = value_at(v, "status.loadBalancer.ingress"), *x;

    if (strcmp(str_of(value_get(v, "spec"), "type"), "LoadBalancer") != 0 && value_len(list) > 0) {
        forbidden(e, p, "may only be used when `spec.type` is 'LoadBalancer'");
        return;
    }
    value_each_item(list, i, x)
    {
        const Path *at = AT_ITEM(p, i);
        const char *ip = str_of(x, "ip"), *host = str_of(x, "hostname");

        if (ip[0])
            check_ip(e, AT(at, "ip"), ip);
        if (ip[0] && !has(x, "ipMode"))
            missing(e, AT(at, "ipMode"), "must be specified when `ip` is set");
        else if (!ip[0] && has(x, "ipMode"))
            forbidden(e, AT(at, "ipMode"), "may not be specified when `ip` is not set");
        else if (has(x, "ipMode"))
            check_enum(e, AT(at, "ipMode"), str_of(x, "ipMode"), "Proxy|VIP");
        if (host[0]) {
            check_name(e, AT(at, "hostname"), host, names__dns1123_subdomain);
            if (names__is_ip(host))
                bad_str(e, AT(at, "hostname"), host, "must be a DNS name, not an IP address");
        }
    }
}

/* What is odd about these but stored may stay. */
static void keep_addresses(FieldErrs *e, const Value *old)
{
    static const char *const lists[] = {"clusterIPs", "externalIPs"};
    const Value *noted = value_get(value_at(old, "metadata.annotations"), RANGES_NOTE), *x;
    const Value *spec = value_get(old, "spec");
    Slice rest = slice_of(cstr(noted)), part;
    bool more = rest.len > 0;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(spec, lists[i]), k, x) keep_text(e, x);
    value_each_item(value_get(spec, "loadBalancerSourceRanges"), i, x)
        keep_text(e, value_str(e->arena, trimmed(e, slice_of(cstr(x)))));
    while (more) {
        more = slice_cut(&rest, ',', &part);
        keep_text(e, value_str(e->arena, trimmed(e, part)));
    }
    value_each_item(value_at(old, "status.loadBalancer.ingress"), i, x)
        keep_text(e, value_get(x, "ip"));
}

static void update_service(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    bool was_internal = strcmp(str_of(before, "type"), "ExternalName") != 0;
    bool is_internal = strcmp(str_of(spec, "type"), "ExternalName") != 0;

    keep_addresses(e, old);
    if (strcmp(sub, "status") == 0) {
        check_load_balancer_status(e, v);
        return;
    }
    if (was_internal && is_internal)
        check_kept_addresses(e, p, spec, before);
    check_kept_class(e, p, spec, before);
    if (needs_health_check(before) && needs_health_check(spec) &&
        int_of(before, "healthCheckNodePort", 0) != int_of(spec, "healthCheckNodePort", 0))
        forbidden(e, AT(p, "healthCheckNodePort"), "field is immutable");
    check_service(e, v);
}

const KindRow validate__services[] = {
    {"", "Service", names__dns1123_label, create_service, update_service},
    {NULL, NULL, NULL, NULL, NULL},
};
