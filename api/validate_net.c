/*
 * validate_net.c - services, ingresses, network policies, endpoint slices.
 *
 * What only an allocator can know (is the address free, is the port in the range) is not checked
 * here.
 */
#include "api/validate_int.h"

#define NETWORKING "networking.k8s.io"

/* ---- services ---- */

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

static void check_addresses(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *ips = value_get(spec, "clusterIPs"), *ip;
    const char *one = str_of(spec, "clusterIP");

    value_each_item(ips, i, ip)
    {
        if (!one_of(cstr(ip), "None|"))
            check_ip(e, AT_ITEM(AT(p, "clusterIPs"), i), cstr(ip));
    }
    if (value_len(ips) == 0 && !one_of(one, "None|"))
        check_ip(e, AT_ITEM(AT(p, "clusterIPs"), 0), one);
    value_each_item(value_get(spec, "externalIPs"), i, ip)
    {
        const Path *at = AT_ITEM(AT(p, "externalIPs"), i);

        if (!names__is_ip(cstr(ip)))
            check_ip(e, at, cstr(ip));
        else
            validate__not_special_ip(e, at, cstr(ip));
    }
}

static void check_families(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *families = value_get(spec, "ipFamilies"), *f;
    const char *policy = str_of(spec, "ipFamilyPolicy");
    /* nothing is allocated for these, so that they may say what they like */
    bool is_free = strcmp(str_of(spec, "clusterIP"), "None") == 0 &&
                   value_len(value_get(spec, "selector")) == 0;

    value_each_item(families, i, f)
    {
        const Path *at = AT_ITEM(AT(p, "ipFamilies"), i);

        check_enum(e, at, cstr(f), "IPv4|IPv6");
        if (strcmp(cstr(f), "IPv6") == 0 && value_len(families) == 1 && !is_free)
            bad_str(e, at, cstr(f), "not configured on this cluster");
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
    if (strcmp(policy, "SingleStack") == 0 && value_len(families) > 1 &&
        !value_equal(value_item(families, 0), value_item(families, 1)))
        bad_str(e, AT(p, "ipFamilyPolicy"), policy,
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are "
                "specified");
    else if (strcmp(policy, "RequireDualStack") == 0 && !is_free)
        bad_str(e, AT(p, "ipFamilyPolicy"), policy,
                "this cluster is not configured for dual-stack services");
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
    if (health != 0 && !is_local_lb)
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

    for (size_t i = 0; i < ARRAY_LEN(not_here); i++)
        if (has(spec, not_here[i]) || (i == 0 && str_of(spec, "clusterIP")[0]))
            forbidden(e, AT(p, not_here[i]), "may not be set for ExternalName services");
    if (n == 0) {
        missing(e, AT(p, "externalName"), NULL);
        return;
    }
    if (name[n - 1] == '.')
        name[n - 1] = '\0';
    check_name(e, AT(p, "externalName"), name, names__dns1123_subdomain);
}

static void check_load_balancer(FieldErrs *e, const Path *p, const Value *spec, bool is_lb)
{
    static const char why[] = "may only be used when `type` is 'LoadBalancer'";
    const Value *ranges = value_get(spec, "loadBalancerSourceRanges"), *range;

    if (value_len(ranges) > 0 && !is_lb)
        forbidden(e, AT(p, "LoadBalancerSourceRanges"), why);
    value_each_item(ranges, i, range)
        validate__cidr(e, AT_ITEM(AT(p, "LoadBalancerSourceRanges"), i), cstr(range));
    if (is_lb) {
        if (has(spec, "loadBalancerClass"))
            check_name(e, AT(p, "loadBalancerClass"), str_of(spec, "loadBalancerClass"),
                       names__qualified);
        return;
    }
    if (has(spec, "allocateLoadBalancerNodePorts"))
        forbidden(e, AT(p, "allocateLoadBalancerNodePorts"), why);
    if (has(spec, "loadBalancerClass"))
        forbidden(e, AT(p, "loadBalancerClass"), why);
}

static void create_service(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *ports = value_get(spec, "ports"), *port;
    const char *type = str_of(spec, "type");
    bool is_headless = strcmp(str_of(spec, "clusterIP"), "None") == 0;
    bool is_external =
        one_of(type, "LoadBalancer|NodePort") ||
        (strcmp(type, "ClusterIP") == 0 && value_len(value_get(spec, "externalIPs")) > 0);

    if (value_len(ports) == 0 && !is_headless && strcmp(type, "ExternalName") != 0)
        missing(e, AT(p, "ports"), NULL);
    if (strcmp(type, "LoadBalancer") == 0 && is_headless)
        bad(e, AT_ITEM(AT(p, "clusterIPs"), 0), value_get(spec, "clusterIP"),
            "may not be set to 'None' for LoadBalancer services");
    if (strcmp(type, "NodePort") == 0 && is_headless)
        bad(e, AT_ITEM(AT(p, "clusterIPs"), 0), value_get(spec, "clusterIP"),
            "may not be set to 'None' for NodePort services");
    if (strcmp(type, "ExternalName") == 0)
        check_external_name(e, p, spec);
    value_each_item(ports, i, port) check_service_port(e, AT_ITEM(AT(p, "ports"), i), ports, i);
    validate__labels(e, AT(p, "selector"), value_get(spec, "selector"));
    check_affinity(e, p, spec);
    check_addresses(e, p, spec);
    if (type[0] == '\0')
        missing(e, AT(p, "type"), NULL);
    else
        check_enum(e, AT(p, "type"), type, "ClusterIP|ExternalName|LoadBalancer|NodePort");
    value_each_item(ports, i, port)
    {
        if (one_of(type, "ClusterIP") && int_of(port, "nodePort", 0) != 0)
            forbidden(e, AT(AT_ITEM(AT(p, "ports"), i), "nodePort"),
                      "may not be used when `type` is 'ClusterIP'");
    }
    check_port_pairs(e, AT(p, "ports"), ports);
    check_load_balancer(e, p, spec, strcmp(type, "LoadBalancer") == 0);
    check_traffic(e, p, spec, is_external);
    check_families(e, p, spec);
}

static bool needs_health_check(const Value *spec)
{
    return strcmp(str_of(spec, "type"), "LoadBalancer") == 0 &&
           strcmp(str_of(spec, "externalTrafficPolicy"), "Local") == 0;
}

static void update_service(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    const Value *was = value_get(before, "clusterIPs"), *now = value_get(spec, "clusterIPs");
    bool was_internal = strcmp(str_of(before, "type"), "ExternalName") != 0;
    bool is_internal = strcmp(str_of(spec, "type"), "ExternalName") != 0;

    if (strcmp(sub, "status") == 0) {
        if (strcmp(str_of(spec, "type"), "LoadBalancer") != 0 &&
            value_len(value_at(v, "status.loadBalancer.ingress")) > 0)
            forbidden(e, AT(AT(AT(NULL, "status"), "loadBalancer"), "ingress"),
                      "may only be used when `spec.type` is 'LoadBalancer'");
        return;
    }
    if (was_internal && is_internal && value_len(was) > 0 && value_len(now) > 0 &&
        !value_equal(value_item(was, 0), value_item(now, 0)))
        bad(e, AT_ITEM(AT(p, "clusterIPs"), 0), now, "may not change once set");
    if (needs_health_check(before) && needs_health_check(spec) &&
        int_of(before, "healthCheckNodePort", 0) != int_of(spec, "healthCheckNodePort", 0))
        forbidden(e, AT(p, "healthCheckNodePort"), "field is immutable");
    create_service(e, v);
}

/* ---- ingresses ---- */

static void check_backend(FieldErrs *e, const Path *p, const Value *backend)
{
    const Value *service = value_get(backend, "service"), *port = value_get(service, "port");
    const Value *resource = value_get(backend, "resource");
    const Path *at = AT(p, "service");
    int64_t number = int_of(port, "number", 0);

    if (value_is(resource, VALUE_OBJECT) && value_is(service, VALUE_OBJECT)) {
        bad_str(e, p, "", "cannot set both resource and service backends");
    } else if (value_is(resource, VALUE_OBJECT)) {
        if (has(resource, "apiGroup"))
            check_name(e, AT(AT(p, "resource"), "apiGroup"), str_of(resource, "apiGroup"),
                       names__dns1123_subdomain);
        if (str_of(resource, "kind")[0] == '\0')
            missing(e, AT(AT(p, "resource"), "kind"), NULL);
        if (str_of(resource, "name")[0] == '\0')
            missing(e, AT(AT(p, "resource"), "name"), NULL);
    } else if (value_is(service, VALUE_OBJECT)) {
        if (str_of(service, "name")[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        else
            check_name(e, AT(at, "name"), str_of(service, "name"), names__dns1123_label);
        if (str_of(port, "name")[0] && number != 0)
            bad_str(e, p, "", "cannot set both port name & port number");
        else if (str_of(port, "name")[0])
            check_name(e, AT(AT(at, "port"), "name"), str_of(port, "name"), names__port_name);
        else if (number != 0)
            check_range(e, AT(AT(at, "port"), "number"), number, 1, 65535);
        else
            missing(e, p, "port name or number is required");
    } else {
        bad_str(e, p, "", "resource or service backend is required");
    }
}

static void check_http_path(FieldErrs *e, const Path *p, const Value *path)
{
    static const char *const inside[] = {"//", "/./", "/../", "%2f", "%2F"};
    static const char *const at_end[] = {"/..", "/."};
    const char *type = str_of(path, "pathType"), *s = str_of(path, "path");

    if (!has(path, "pathType")) {
        missing(e, AT(p, "pathType"), "pathType must be specified");
    } else if (one_of(type, "Exact|Prefix")) {
        if (s[0] != '/')
            bad_str(e, AT(p, "path"), s, "must be an absolute path");
        else {
            for (size_t i = 0; i < ARRAY_LEN(inside); i++)
                if (strstr(s, inside[i]))
                    bad_str(e, AT(p, "path"), s, "must not contain '%s'", inside[i]);
            for (size_t i = 0; i < ARRAY_LEN(at_end); i++)
                if (str_ends(s, at_end[i]))
                    bad_str(e, AT(p, "path"), s, "cannot end with '%s'", at_end[i]);
        }
    } else if (strcmp(type, "ImplementationSpecific") == 0) {
        if (s[0] && s[0] != '/')
            bad_str(e, AT(p, "path"), s, "must be an absolute path");
    } else {
        unsupported(e, AT(p, "pathType"), type, "Exact|ImplementationSpecific|Prefix");
    }
    check_backend(e, AT(p, "backend"), value_get(path, "backend"));
}

static void check_ingress_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const char *host = str_of(rule, "host");
    const Value *http = value_get(rule, "http"), *paths = value_get(http, "paths"), *path;
    const Path *at = AT(AT(p, "http"), "paths");

    if (host[0] && names__is_ip(host))
        bad_str(e, AT(p, "host"), host, "must be a DNS name, not an IP address");
    else if (strchr(host, '*'))
        check_name(e, AT(p, "host"), host, names__wildcard_subdomain);
    else if (host[0])
        check_name(e, AT(p, "host"), host, names__dns1123_subdomain);
    if (!value_is(http, VALUE_OBJECT))
        return;
    if (value_len(paths) == 0)
        missing(e, at, NULL);
    value_each_item(paths, i, path) check_http_path(e, AT_ITEM(at, i), path);
}

static void create_ingress(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *rules = value_get(spec, "rules"), *x, *host;

    if (value_len(rules) == 0 && !has(spec, "defaultBackend"))
        bad(e, p, value_null(e->arena), "either `defaultBackend` or `rules` must be specified");
    if (has(spec, "defaultBackend"))
        check_backend(e, AT(p, "defaultBackend"), value_get(spec, "defaultBackend"));
    value_each_item(rules, i, x) check_ingress_rule(e, AT_ITEM(AT(p, "rules"), i), x);
    value_each_item(value_get(spec, "tls"), i, x)
    {
        const Path *at = AT_ITEM(AT(p, "tls"), i);

        value_each_item(value_get(x, "hosts"), k, host) check_name(
            e, AT_ITEM(AT(at, "hosts"), k), cstr(host),
            strchr(cstr(host), '*') ? names__wildcard_subdomain : names__dns1123_subdomain);
        if (str_of(x, "secretName")[0])
            check_name(e, AT(at, "secretName"), str_of(x, "secretName"), names__dns1123_subdomain);
    }
    if (has(spec, "ingressClassName"))
        check_name(e, AT(p, "ingressClassName"), str_of(spec, "ingressClassName"),
                   names__dns1123_subdomain);
}

static void update_ingress(FieldErrs *e, const char *sub, const Value *v, const Value *old UNUSED)
{
    const Value *ingress = value_at(v, "status.loadBalancer.ingress"), *x;
    const Path *at = AT(AT(AT(NULL, "status"), "loadBalancer"), "ingress");

    if (sub[0] == '\0') {
        create_ingress(e, v);
        return;
    }
    value_each_item(ingress, i, x)
    {
        if (str_of(x, "ip")[0])
            check_ip(e, AT(AT_ITEM(at, i), "ip"), str_of(x, "ip"));
        if (str_of(x, "hostname")[0])
            check_name(e, AT(AT_ITEM(at, i), "hostname"), str_of(x, "hostname"),
                       names__dns1123_subdomain);
    }
}

static void check_parameters(FieldErrs *e, const Path *p, const Value *params)
{
    const char *scope = str_of(params, "scope"), *ns = str_of(params, "namespace");

    if (has(params, "apiGroup"))
        check_name(e, AT(p, "apiGroup"), str_of(params, "apiGroup"), names__dns1123_subdomain);
    if (str_of(params, "kind")[0] == '\0')
        missing(e, AT(p, "kind"), NULL);
    if (str_of(params, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    if (!one_of(scope, "Cluster|Namespace"))
        unsupported(e, AT(p, "scope"), scope, "Cluster|Namespace");
    else if (strcmp(scope, "Namespace") == 0 && ns[0] == '\0')
        missing(e, AT(p, "namespace"), "`parameters.scope` is set to 'Namespace'");
    else if (strcmp(scope, "Cluster") == 0 && has(params, "namespace"))
        forbidden(e, AT(p, "namespace"), "`parameters.scope` is set to 'Cluster'");
}

static void create_ingress_class(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *params = value_get(spec, "parameters");
    const Path *p = AT(NULL, "spec"), *at = AT(p, "controller");
    const char *controller = str_of(spec, "controller"), *slash = strchr(controller, '/');

    if (strlen(controller) > 250)
        too_long(e, at, 250);
    if (controller[0] == '\0') {
        missing(e, at, NULL);
    } else {
        char *host = arena_strndup(e->arena, controller,
                                   slash ? (size_t)(slash - controller) : strlen(controller));
        Msgs m;

        m.n = 0;
        names__dns1123_subdomain(host, &m);
        for (uint32_t i = 0; i < m.n; i++)
            bad_str(e, at, host, "%s", m.items[i]);
        if (m.n == 0 && (!slash || slash[1] == '\0'))
            bad_str(e, at, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
    }
    if (value_is(params, VALUE_OBJECT))
        check_parameters(e, AT(p, "parameters"), params);
}

static void update_ingress_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                 const Value *old)
{
    check_immutable(e, AT(AT(NULL, "spec"), "controller"), value_at(v, "spec.controller"),
                    value_at(old, "spec.controller"));
    create_ingress_class(e, v);
}

/* ---- network policies ---- */

static void check_policy_port(FieldErrs *e, const Path *p, const Value *port)
{
    const Value *n = value_get(port, "port");
    int64_t from = 0, to = int_of(port, "endPort", 0);

    if (str_of(port, "protocol")[0])
        check_enum(e, AT(p, "protocol"), str_of(port, "protocol"), "TCP|UDP|SCTP");
    if (has(port, "port")) {
        validate__port_value(e, AT(p, "port"), n);
        if (!has(port, "endPort"))
            return;
        if (!value_to_int(n, &from))
            bad_int(e, AT(p, "endPort"), to, "may not be specified when `port` is non-numeric");
        else if (to < from)
            bad_int(e, AT(p, "endPort"), from, "must be greater than or equal to `port`");
    } else if (has(port, "endPort")) {
        bad_int(e, AT(p, "endPort"), to, "may not be specified when `port` is not specified");
    }
}

static void check_peer(FieldErrs *e, const Path *p, const Value *peer)
{
    static const char *const selectors[] = {"podSelector", "namespaceSelector"};
    const Value *block = value_get(peer, "ipBlock");
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(selectors); i++) {
        if (!has(peer, selectors[i]))
            continue;
        n++;
        validate__label_selector(e, AT(p, selectors[i]), value_get(peer, selectors[i]));
    }
    if (value_is(block, VALUE_OBJECT)) {
        if (str_of(block, "cidr")[0] == '\0')
            missing(e, AT(AT(p, "ipBlock"), "cidr"), NULL);
        else
            validate__cidr(e, AT(AT(p, "ipBlock"), "cidr"), str_of(block, "cidr"));
        if (n > 0)
            forbidden(e, p, "may not specify both ipBlock and another peer");
    } else if (n == 0) {
        missing(e, p, "must specify a peer");
    }
}

static void check_policy_rules(FieldErrs *e, const Path *p, const Value *rules, const char *peers)
{
    const Value *rule, *x;

    value_each_item(rules, i, rule)
    {
        const Path *at = AT_ITEM(p, i);

        value_each_item(value_get(rule, "ports"), k, x)
            check_policy_port(e, AT_ITEM(AT(at, "ports"), k), x);
        value_each_item(value_get(rule, peers), k, x) check_peer(e, AT_ITEM(AT(at, peers), k), x);
    }
}

static void create_network_policy(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *types = value_get(spec, "policyTypes"), *t;

    validate__label_selector(e, AT(p, "podSelector"), value_get(spec, "podSelector"));
    check_policy_rules(e, AT(p, "ingress"), value_get(spec, "ingress"), "from");
    check_policy_rules(e, AT(p, "egress"), value_get(spec, "egress"), "to");
    if (value_len(types) > 2) {
        bad(e, AT(p, "policyTypes"), types, "may not specify more than two policyTypes");
        return;
    }
    value_each_item(types, i, t)
        check_enum(e, AT_ITEM(AT(p, "policyTypes"), i), cstr(t), "Ingress|Egress");
}

/* ---- endpoint slices ---- */

static void check_slice_port(FieldErrs *e, const Path *p, const Value *ports, uint32_t i)
{
    const Value *port = value_item(ports, i);
    const char *name = str_of(port, "name");
    bool twice = false;

    if (name[0])
        check_name(e, AT(p, "name"), name, names__dns1123_label);
    for (uint32_t k = 0; k < i; k++)
        twice |= strcmp(str_of(value_item(ports, k), "name"), name) == 0;
    if (twice)
        duplicate(e, AT(p, "name"), name);
    if (str_of(port, "protocol")[0] == '\0')
        missing(e, AT(p, "protocol"), NULL);
    else
        check_enum(e, AT(p, "protocol"), str_of(port, "protocol"), "SCTP|TCP|UDP");
    if (has(port, "appProtocol"))
        check_name(e, AT(p, "appProtocol"), str_of(port, "appProtocol"), names__qualified);
}

static void check_endpoint(FieldErrs *e, const Path *p, const Value *endpoint, const char *type)
{
    const Value *addresses = value_get(endpoint, "addresses"), *a;
    const Path *at = AT(p, "addresses");

    if (value_len(addresses) == 0)
        missing(e, at, "must contain at least 1 address");
    value_each_item(addresses, i, a)
    {
        const char *s = cstr(a);

        if (strcmp(type, "FQDN") == 0)
            check_name(e, AT_ITEM(at, i), s, names__dns1123_subdomain);
        else if (!names__is_ip(s))
            check_ip(e, AT_ITEM(at, i), s);
        else if (names__is_ipv6(s) != (strcmp(type, "IPv6") == 0))
            bad_str(e, AT_ITEM(at, i), s, "must be a valid %s address", type);
        else
            validate__not_special_ip(e, AT_ITEM(at, i), s);
    }
    if (has(endpoint, "nodeName"))
        check_name(e, AT(p, "nodeName"), str_of(endpoint, "nodeName"), names__dns1123_subdomain);
    if (has(endpoint, "hostname"))
        check_name(e, AT(p, "hostname"), str_of(endpoint, "hostname"), names__dns1123_label);
}

static void create_endpoint_slice(FieldErrs *e, const Value *v)
{
    const char *type = str_of(v, "addressType");
    const Value *ports = value_get(v, "ports"), *x;

    if (type[0] == '\0')
        missing(e, AT(NULL, "addressType"), NULL);
    else
        check_enum(e, AT(NULL, "addressType"), type, "IPv4|IPv6|FQDN");
    value_each_item(value_get(v, "endpoints"), i, x)
        check_endpoint(e, AT_ITEM(AT(NULL, "endpoints"), i), x, type);
    for (uint32_t i = 0; i < value_len(ports); i++)
        check_slice_port(e, AT_ITEM(AT(NULL, "ports"), i), ports, i);
}

static void update_endpoint_slice(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                  const Value *old)
{
    create_endpoint_slice(e, v);
    check_immutable(e, AT(NULL, "addressType"), value_get(v, "addressType"),
                    value_get(old, "addressType"));
}

const KindRow validate__net[] = {
    {"", "Service", names__dns1123_label, create_service, update_service},
    {NETWORKING, "Ingress", names__dns1123_subdomain, create_ingress, update_ingress},
    {NETWORKING, "IngressClass", names__dns1123_subdomain, create_ingress_class,
     update_ingress_class},
    {NETWORKING, "NetworkPolicy", names__dns1123_subdomain, create_network_policy, NULL},
    {"discovery.k8s.io", "EndpointSlice", names__dns1123_subdomain, create_endpoint_slice,
     update_endpoint_slice},
    {NULL, NULL, NULL, NULL, NULL},
};
