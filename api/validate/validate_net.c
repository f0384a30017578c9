/*
 * validate_net.c - ingresses, network policies, endpoint slices, addresses and their ranges.
 */
#include "api/address.h"
#include "api/validate_int.h"

#define NETWORKING "networking.k8s.io"

static const char *cstr(const Value *v)
{
    const char *s = value_to_cstr(v);

    return s ? s : "";
}

/* A name that is there and fits between slashes. */
static void check_segment(FieldErrs *e, const Path *p, const char *name)
{
    if (name[0] == '\0')
        missing(e, p, NULL);
    else
        check_name(e, p, name, names__path_segment);
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
        check_segment(e, AT(AT(p, "resource"), "kind"), str_of(resource, "kind"));
        check_segment(e, AT(AT(p, "resource"), "name"), str_of(resource, "name"));
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
        return;
    }
    if (one_of(type, "Exact|Prefix")) {
        if (s[0] != '/')
            bad_str(e, AT(p, "path"), s, "must be an absolute path");
        for (size_t i = 0; i < ARRAY_LEN(inside) && s[0]; i++)
            if (strstr(s, inside[i]))
                bad_str(e, AT(p, "path"), s, "must not contain '%s'", inside[i]);
        for (size_t i = 0; i < ARRAY_LEN(at_end) && s[0]; i++)
            if (str_ends(s, at_end[i]))
                bad_str(e, AT(p, "path"), s, "cannot end with '%s'", at_end[i]);
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
    if (strchr(host, '*'))
        check_name(e, AT(p, "host"), host, names__wildcard_subdomain);
    else if (host[0])
        check_name(e, AT(p, "host"), host, names__dns1123_subdomain);
    if (!value_is(http, VALUE_OBJECT))
        return;
    if (value_len(paths) == 0)
        missing(e, at, NULL);
    value_each_item(paths, i, path) check_http_path(e, AT_ITEM(at, i), path);
}

static void check_ingress(FieldErrs *e, const Value *v)
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

static void create_ingress(FieldErrs *e, const Value *v)
{
    static const char note[] = "kubernetes.io/ingress.class";
    const char *noted = str_of(value_at(v, "metadata.annotations"), note);
    const Value *spec = value_get(v, "spec");

    check_ingress(e, v);
    if (noted[0] && has(spec, "ingressClassName") &&
        strcmp(noted, str_of(spec, "ingressClassName")) != 0)
        bad_str(e, AT(AT(NULL, "annotations"), note), noted,
                "must match `ingressClassName` when both are specified");
}

static void update_ingress(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *ingress = value_at(v, "status.loadBalancer.ingress"), *x;
    const Path *at = AT(AT(AT(NULL, "status"), "loadBalancer"), "ingress");

    if (sub[0] == '\0') {
        check_ingress(e, v);
        return;
    }
    value_each_item(value_at(old, "status.loadBalancer.ingress"), i, x)
        keep_text(e, value_get(x, "ip"));
    value_each_item(ingress, i, x)
    {
        if (str_of(x, "ip")[0])
            check_ip(e, AT(AT_ITEM(at, i), "ip"), str_of(x, "ip"));
        if (str_of(x, "hostname")[0])
            check_name(e, AT(AT_ITEM(at, i), "hostname"), str_of(x, "hostname"),
                       names__dns1123_subdomain);
        if (names__is_ip(str_of(x, "hostname")))
            bad_str(e, AT(AT_ITEM(at, i), "hostname"), str_of(x, "hostname"),
                    "must be a DNS name, not an IP address");
    }
}

static void check_parameters(FieldErrs *e, const Path *p, const Value *params)
{
    const char *scope = str_of(params, "scope"), *ns = str_of(params, "namespace");

    if (has(params, "apiGroup"))
        check_name(e, AT(p, "apiGroup"), str_of(params, "apiGroup"), names__dns1123_subdomain);
    check_segment(e, AT(p, "kind"), str_of(params, "kind"));
    check_segment(e, AT(p, "name"), str_of(params, "name"));
    if (!one_of(scope, "Cluster|Namespace"))
        unsupported(e, AT(p, "scope"), scope, "Cluster|Namespace");
    else if (strcmp(scope, "Namespace") == 0 && !has(params, "namespace"))
        missing(e, AT(p, "namespace"), "`parameters.scope` is set to 'Namespace'");
    else if (strcmp(scope, "Namespace") == 0)
        check_name(e, AT(p, "namespace"), ns, names__dns1123_label);
    else if (strcmp(scope, "Cluster") == 0 && has(params, "namespace"))
        forbidden(e, AT(p, "namespace"), "`parameters.scope` is set to 'Cluster'");
}

static void create_ingress_class(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *params = value_get(spec, "parameters");
    const Path *p = AT(NULL, "spec"), *at = AT(p, "controller");
    const char *controller = str_of(spec, "controller");

    if (strlen(controller) > 250)
        too_long(e, at, 250);
    check_domain_path(e, at, controller);
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

static void check_end_port(FieldErrs *e, const Path *p, const Value *port)
{
    int64_t from = 0, to = int_of(port, "endPort", 0);

    if (!has(port, "port"))
        bad_int(e, p, to, "may not be specified when `port` is not specified");
    else if (!value_to_int(value_get(port, "port"), &from))
        bad_int(e, p, to, "may not be specified when `port` is non-numeric");
    else {
        if (to < from)
            bad_int(e, p, from, "must be greater than or equal to `port`");
        check_range(e, p, to, 1, 65535);
    }
}

static void check_policy_port(FieldErrs *e, const Path *p, const Value *port)
{
    const Value *n = value_get(port, "port");
    bool is_name = value_is(n, VALUE_STRING);

    if (has(port, "protocol"))
        check_enum(e, AT(p, "protocol"), str_of(port, "protocol"), "TCP|UDP|SCTP");
    if (has(port, "port") && !is_name)
        validate__port_value(e, AT(p, "port"), n);
    if (has(port, "endPort"))
        check_end_port(e, AT(p, "endPort"), port);
    if (is_name)
        validate__port_value(e, AT(p, "port"), n);
}

static bool is_strictly_inside(const AddressRange *inner, const AddressRange *outer)
{
    if (inner->ip.n_bits != outer->ip.n_bits || inner->prefix <= outer->prefix)
        return false;
    for (unsigned i = 0; i < outer->prefix; i++)
        if ((inner->ip.bytes[i / 8] ^ outer->ip.bytes[i / 8]) & (0x80 >> (i % 8)))
            return false;
    return true;
}

static void check_block(FieldErrs *e, const Path *p, const Value *block)
{
    const char *cidr = str_of(block, "cidr");
    AddressRange all, part;
    const Value *x;

    if (cidr[0] == '\0') {
        missing(e, AT(p, "cidr"), NULL);
        return;
    }
    check_cidr(e, AT(p, "cidr"), cidr);
    if (!address_range_parse(cidr, &all))
        return;
    value_each_item(value_get(block, "except"), i, x)
    {
        const Path *at = AT_ITEM(AT(p, "except"), i);

        check_cidr(e, at, cstr(x));
        if (address_range_parse(cstr(x), &part) && !is_strictly_inside(&part, &all))
            bad_str(e, at, cstr(x), "must be a strict subset of `cidr`");
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
        check_block(e, AT(p, "ipBlock"), block);
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

static void update_network_policy(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                  const Value *old)
{
    static const char *const ways[][2] = {{"ingress", "from"}, {"egress", "to"}};
    const Value *rule, *peer, *x;

    for (size_t w = 0; w < ARRAY_LEN(ways); w++)
        value_each_item(value_get(value_get(old, "spec"), ways[w][0]), i, rule)
            value_each_item(value_get(rule, ways[w][1]), k, peer)
        {
            keep_text(e, value_at(peer, "ipBlock.cidr"));
            value_each_item(value_at(peer, "ipBlock.except"), n, x) keep_text(e, x);
        }
    create_network_policy(e, v); /* upstream judges it as a new one, and again as a changed one */
    create_network_policy(e, v);
}

/* ---- endpoint slices ---- */

enum {
    ADDRESSES_MAX = 100,
    TOPOLOGY_MAX = 16,
    HINTS_MAX = 8,
    ENDPOINTS_MAX = 1000,
    PORTS_MAX = 20000,
};

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

static void check_hints(FieldErrs *e, const Path *p, const Value *hints, NameFn name)
{
    const Value *h;

    if (value_len(hints) > HINTS_MAX) {
        too_many(e, p, value_len(hints), HINTS_MAX);
        return;
    }
    value_each_item(hints, i, h)
    {
        const Path *at = AT(AT_ITEM(p, i), "name");

        for (uint32_t k = 0; k < i; k++)
            if (strcmp(str_of(value_item(hints, k), "name"), str_of(h, "name")) == 0) {
                duplicate(e, at, str_of(h, "name"));
                break;
            }
        check_name(e, at, str_of(h, "name"), name);
    }
}

/* At least two labels, with a dot behind them or without. */
static void check_full_domain(FieldErrs *e, const Path *p, const char *name)
{
    size_t n = strlen(name);
    char *bare = arena_strndup(e->arena, name, n > 0 && name[n - 1] == '.' ? n - 1 : n);
    Slice rest = slice_of(bare), label;
    uint32_t before = e->n;
    bool more;

    if (n == 0) {
        missing(e, p, NULL);
        return;
    }
    check_name_joined(e, p, bare, names__dns1123_subdomain);
    if (e->n == before && !strchr(bare, '.'))
        bad_str(e, p, bare, "should be a domain with at least two segments separated by dots");
    if (e->n > before)
        return;
    do {
        more = slice_cut(&rest, '.', &label);
        check_name_joined(e, p, arena_strndup(e->arena, label.ptr, label.len),
                          names__dns1123_label);
    } while (more && e->n == before);
}

static void check_endpoint(FieldErrs *e, const Path *p, const Value *endpoint, const char *type)
{
    const Value *topology = value_get(endpoint, "deprecatedTopology");
    const Value *addresses = value_get(endpoint, "addresses"), *a;
    const Path *at = AT(p, "addresses");

    if (value_len(addresses) == 0)
        missing(e, at, "must contain at least 1 address");
    if (value_len(addresses) > ADDRESSES_MAX)
        too_many(e, at, value_len(addresses), ADDRESSES_MAX);
    value_each_item(addresses, i, a)
    {
        const char *s = cstr(a);

        if (strcmp(type, "FQDN") == 0)
            check_full_domain(e, AT_ITEM(at, i), s);
        else if (!check_ip(e, AT_ITEM(at, i), s))
            continue;
        else if (names__is_ipv6(s) != (strcmp(type, "IPv6") == 0))
            bad_str(e, AT_ITEM(at, i), s, "must be a valid %s address", type);
        else
            validate__not_special_ip(e, AT_ITEM(at, i), s);
    }
    if (has(endpoint, "nodeName"))
        check_name(e, AT(p, "nodeName"), str_of(endpoint, "nodeName"), names__dns1123_subdomain);
    if (value_len(topology) > TOPOLOGY_MAX)
        too_many(e, AT(p, "deprecatedTopology"), value_len(topology), TOPOLOGY_MAX);
    validate__labels(e, AT(p, "deprecatedTopology"), topology);
    if (has(endpoint, "hostname"))
        check_name(e, AT(p, "hostname"), str_of(endpoint, "hostname"), names__dns1123_label);
    check_hints(e, AT(AT(p, "hints"), "forZones"), value_at(endpoint, "hints.forZones"),
                names__label_value);
    check_hints(e, AT(AT(p, "hints"), "forNodes"), value_at(endpoint, "hints.forNodes"),
                names__dns1123_subdomain);
}

static void check_slice(FieldErrs *e, const Value *v, bool has_new_endpoints)
{
    const char *type = str_of(v, "addressType");
    const Value *ports = value_get(v, "ports"), *endpoints = value_get(v, "endpoints"), *x;

    if (type[0] == '\0')
        missing(e, AT(NULL, "addressType"), NULL);
    else
        check_enum(e, AT(NULL, "addressType"), type, "FQDN|IPv4|IPv6");
    if (value_len(endpoints) > ENDPOINTS_MAX)
        too_many(e, AT(NULL, "endpoints"), value_len(endpoints), ENDPOINTS_MAX);
    else if (has_new_endpoints)
        value_each_item(endpoints, i, x)
            check_endpoint(e, AT_ITEM(AT(NULL, "endpoints"), i), x, type);
    if (value_len(ports) > PORTS_MAX) {
        too_many(e, AT(NULL, "ports"), value_len(ports), PORTS_MAX);
        return;
    }
    for (uint32_t i = 0; i < value_len(ports); i++)
        check_slice_port(e, AT_ITEM(AT(NULL, "ports"), i), ports, i);
}

static void create_endpoint_slice(FieldErrs *e, const Value *v)
{
    check_slice(e, v, true);
}

static void update_endpoint_slice(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                  const Value *old)
{
    const Value *now = value_get(v, "endpoints"), *was = value_get(old, "endpoints");

    check_slice(e, v, !(now && was && value_equal(now, was)));
    check_immutable(e, AT(NULL, "addressType"), value_get(v, "addressType"),
                    value_get(old, "addressType"));
}

/* ---- addresses and ranges of services ---- */

static void create_ip_address(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *at = AT(p, "parentRef");
    const Value *ref = value_get(value_get(v, "spec"), "parentRef");
    const char *group = str_of(ref, "group"), *name = str_of(value_get(v, "metadata"), "name");

    if (name[0])
        check_canonical_ip(e, AT(AT(NULL, "metadata"), "name"), name);
    if (!value_is(ref, VALUE_OBJECT)) {
        missing(e, at, NULL);
        return;
    }
    if (group[0])
        check_name(e, AT(at, "group"), group, names__dns1123_subdomain);
    check_segment(e, AT(at, "resource"), str_of(ref, "resource"));
    check_segment(e, AT(at, "name"), str_of(ref, "name"));
    if (str_of(ref, "namespace")[0])
        check_name(e, AT(at, "namespace"), str_of(ref, "namespace"), names__path_segment);
}

static void update_ip_address(FieldErrs *e, const char *sub UNUSED, const Value *v,
                              const Value *old)
{
    const Value *now = value_at(v, "spec.parentRef"), *was = value_at(old, "spec.parentRef");

    if (value_is(now, VALUE_OBJECT) && was && !value_equal(now, was))
        bad(e, AT(AT(NULL, "spec"), "parentRef"),
            validate__go_shown(e, "io.k8s.api.networking.v1.ParentReference", now),
            "field is immutable");
}

static void create_service_cidr(FieldErrs *e, const Value *v)
{
    const Path *p = AT(AT(NULL, "spec"), "cidrs");
    const Value *cidrs = value_at(v, "spec.cidrs"), *c;
    uint32_t v6 = 0;

    if (value_len(cidrs) == 0) {
        missing(e, p, "at least one CIDR required");
        return;
    }
    if (value_len(cidrs) > 2) {
        bad(e, p, cidrs, "may only hold up to 2 values");
        return;
    }
    value_each_item(cidrs, i, c) v6 += strchr(cstr(c), ':') != NULL;
    if (value_len(cidrs) == 2 && v6 != 1)
        bad(e, p, cidrs,
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and "
            "2001:db8::/64");
    value_each_item(cidrs, i, c) check_canonical_cidr(e, AT_ITEM(p, i), cstr(c));
}

/* A second family may be added; nothing else changes. */
static void update_service_cidr(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(AT(NULL, "spec"), "cidrs");
    const Value *now = value_at(v, "spec.cidrs"), *was = value_at(old, "spec.cidrs");

    if (sub[0])
        return;
    if (value_len(was) == 1 && value_len(now) == 2) {
        check_immutable(e, AT_ITEM(p, 0), value_item(now, 0), value_item(was, 0));
        create_service_cidr(e, v);
    } else if (!(now && was && value_equal(now, was))) {
        bad(e, p, now ? now : value_null(e->arena), "field is immutable");
    }
}

const KindRow validate__net[] = {
    {NETWORKING, "Ingress", names__dns1123_subdomain, create_ingress, update_ingress},
    {NETWORKING, "IngressClass", names__dns1123_subdomain, create_ingress_class,
     update_ingress_class},
    {NETWORKING, "NetworkPolicy", names__dns1123_subdomain, create_network_policy,
     update_network_policy},
    {"discovery.k8s.io", "EndpointSlice", names__dns1123_subdomain, create_endpoint_slice,
     update_endpoint_slice},
    {NETWORKING, "IPAddress", NULL, create_ip_address, update_ip_address},
    {NETWORKING, "ServiceCIDR", names__dns1123_subdomain, create_service_cidr, update_service_cidr},
    {NULL, NULL, NULL, NULL, NULL},
};
