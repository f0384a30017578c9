#include "api/table_int.h"

/* Rows of services, endpoints, ingresses and what belongs to them. */

/* Addresses of a load balancer's status: sorted, each once. */
static Value *balancer_addresses(const TableRow *row)
{
    Value *out = value_array(row->arena);
    const Value *item;

    value_each_item(table__at(row, "status.loadBalancer.ingress"), i, item)
    {
        const char *ip = value_get_str(item, "ip"), *host = value_get_str(item, "hostname");
        const char *s = ip && ip[0] ? ip : host;

        if (s && s[0] && !value_has_str(out, s))
            value_append(row->arena, out, value_str(row->arena, s));
    }
    table__sort(out);
    return out;
}

static const char *external_address(const TableRow *row)
{
    const char *type = table__str_at(row, "spec.type");
    const Value *ips = table__at(row, "spec.externalIPs"), *item;
    Value *all;

    if (strcmp(type, "ClusterIP") == 0 || strcmp(type, "NodePort") == 0)
        return table__join_some(row->arena, ips, UINT32_MAX, ",", "<none>");
    if (strcmp(type, "ExternalName") == 0)
        return table__str_at(row, "spec.externalName");
    if (strcmp(type, "LoadBalancer") != 0)
        return "<unknown>";
    all = balancer_addresses(row);
    value_each_item(ips, i, item) value_append(row->arena, all, value_copy(row->arena, item));
    return table__join_some(row->arena, all, UINT32_MAX, ",", "<pending>");
}

static void service_ports_cell(TableRow *row)
{
    Value *texts = value_array(row->arena);
    const Value *port;

    value_each_item(table__at(row, "spec.ports"), i, port)
    {
        const char *protocol = value_get_str(port, "protocol");
        long long number = value_at_int(port, "port", 0), node = value_at_int(port, "nodePort", 0);
        Value *v = node > 0
                       ? value_printf(row->arena, "%lld:%lld/%s", number, node,
                                      protocol ? protocol : "TCP")
                       : value_printf(row->arena, "%lld/%s", number, protocol ? protocol : "TCP");

        value_append(row->arena, texts, v);
    }
    table__str(row, table__join_some(row->arena, texts, UINT32_MAX, ",", "<none>"));
}

static void fill_service(TableRow *row)
{
    const char *ip = table__str_at(row, "spec.clusterIPs.0"), *external = external_address(row);

    table__text(row, "spec.type", "");
    if (ip[0])
        table__str(row, ip);
    else
        table__text(row, "spec.clusterIP", "<none>");
    table__str(row, external[0] ? external : "<none>");
    service_ports_cell(row);
    table__age(row);
    table__labels(row, table__at(row, "spec.selector"));
}

static void add_host_port(TableRow *row, Value *texts, const Value *address, const Value *port)
{
    const char *ip = value_get_str(address, "ip");
    bool is_v6 = ip && strchr(ip, ':');

    if (!port)
        value_append(row->arena, texts, value_str(row->arena, ip ? ip : ""));
    else
        value_append(row->arena, texts,
                     value_printf(row->arena, is_v6 ? "[%s]:%lld" : "%s:%lld", ip ? ip : "",
                                  (long long)value_at_int(port, "port", 0)));
}

static void fill_endpoints(TableRow *row)
{
    Value *texts = value_array(row->arena);
    const Value *subset, *port, *address;

    value_each_item(table__at(row, "subsets"), i, subset)
    {
        const Value *addresses = value_get(subset, "addresses");
        const Value *ports = value_get(subset, "ports");

        if (value_len(ports) == 0) {
            value_each_item(addresses, k, address) add_host_port(row, texts, address, NULL);
        }
        value_each_item(ports, j, port)
        {
            value_each_item(addresses, k, address) add_host_port(row, texts, address, port);
        }
    }
    table__str(row, value_len(table__at(row, "subsets")) > 0
                        ? table__join_some(row->arena, texts, 3, ",", "")
                        : "<none>");
    table__age(row);
}

static const char *some_or_unset(Arena *a, const Value *texts)
{
    const char *s = table__join_some(a, texts, 3, ",", "");

    return s[0] ? s : "<unset>";
}

static void fill_endpoint_slice(TableRow *row)
{
    Value *ports = value_array(row->arena), *addresses = value_array(row->arena);
    const Value *item, *address;

    value_each_item(table__at(row, "ports"), i, item)
    {
        const char *name = value_get_str(item, "name");

        value_append(row->arena, ports,
                     value_str(row->arena, table__scalar(row->arena, value_get(item, "port"),
                                                         name ? name : "*")));
    }
    value_each_item(table__at(row, "endpoints"), i, item)
    {
        value_each_item(value_get(item, "addresses"), k, address)
            value_append(row->arena, addresses, value_copy(row->arena, address));
    }
    table__text(row, "addressType", "");
    table__str(row, some_or_unset(row->arena, ports));
    table__str(row, some_or_unset(row->arena, addresses));
    table__age(row);
}

static const char *ingress_hosts(const TableRow *row)
{
    const Value *rules = table__at(row, "spec.rules"), *rule;
    Value *hosts = value_array(row->arena);
    const char *text;
    bool has_more = false;

    value_each_item(rules, i, rule)
    {
        const char *host = value_get_str(rule, "host");

        if (hosts->n == 3)
            has_more = true;
        else if (host && host[0])
            value_append(row->arena, hosts, value_str(row->arena, host));
    }
    text = table__join_some(row->arena, hosts, UINT32_MAX, ",", "*");
    return has_more ? arena_printf(row->arena, "%s + %u more...", text, rules->n - 3) : text;
}

static void fill_ingress(TableRow *row)
{
    table__text(row, "spec.ingressClassName", "<none>");
    table__str(row, ingress_hosts(row));
    table__str(row, table__join_some(row->arena, balancer_addresses(row), UINT32_MAX, ",", ""));
    table__str(row, value_len(table__at(row, "spec.tls")) > 0 ? "80, 443" : "80");
    table__age(row);
}

static void fill_ingress_class(TableRow *row)
{
    const Value *params = table__at(row, "spec.parameters");
    const char *group = value_get_str(params, "apiGroup");

    table__text(row, "spec.controller", "");
    if (value_is(params, VALUE_OBJECT))
        table__strf(row, "%s%s%s/%s", table__str_at(row, "spec.parameters.kind"),
                    group && group[0] ? "." : "", group ? group : "",
                    table__str_at(row, "spec.parameters.name"));
    else
        table__str(row, "<none>");
    table__age(row);
}

static void fill_network_policy(TableRow *row)
{
    table__selector(row, table__at(row, "spec.podSelector"));
    table__age(row);
}

static void fill_service_cidr(TableRow *row)
{
    table__str(row,
               table__join_some(row->arena, table__at(row, "spec.cidrs"), UINT32_MAX, ",", ""));
    table__age(row);
}

static void fill_ip_address(TableRow *row)
{
    const char *group = table__str_at(row, "spec.parentRef.group");
    const char *ns = table__str_at(row, "spec.parentRef.namespace");

    if (!value_is(table__at(row, "spec.parentRef"), VALUE_OBJECT))
        table__str(row, "<none>");
    else
        table__strf(row, "%s%s%s%s%s/%s",
                    table__lower(row, table__str_at(row, "spec.parentRef.resource")),
                    group[0] ? "." : "", table__lower(row, group), ns[0] ? "/" : "", ns,
                    table__str_at(row, "spec.parentRef.name"));
    table__age(row); /* a cell without a column, upstream too */
}

const TableKind table__network[] = {
    {"services", fill_service},
    {"endpoints", fill_endpoints},
    {"discovery/endpointslices", fill_endpoint_slice},
    {"networking/ingresses", fill_ingress},
    {"networking/ingressclasses", fill_ingress_class},
    {"networking/networkpolicies", fill_network_policy},
    {"networking/servicecidrs", fill_service_cidr},
    {"networking/ipaddresses", fill_ip_address},
    {NULL, NULL},
};
