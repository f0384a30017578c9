#include "controllers/endpoints_int.h"

/* ---- addresses ---- */

static const char *family_of(const char *ip)
{
    return strchr(ip, ':') ? "IPv6" : "IPv4";
}

/* Of a service from before families it is that of its address. */
const char *endpoints__family(const Value *service, uint32_t i)
{
    const Value *families = value_at(service, "spec.ipFamilies");
    const char *ip = value_at_str(service, "spec.clusterIP");

    if (value_len(families) > 0)
        return value_to_cstr(value_item(families, i));
    return i == 0 ? family_of(ip ? ip : "") : NULL;
}

const char *endpoints__pod_ip(const Value *pod, const char *family)
{
    const char *ip = value_at_str(pod, "status.podIP");
    const Value *one;

    value_each_item(value_at(pod, "status.podIPs"), i, one)
    {
        const char *other = value_get_str(one, "ip");

        if (other && other[0] && str_eq(family_of(other), family))
            return other;
    }
    return ip && ip[0] && str_eq(family_of(ip), family) ? ip : NULL;
}

static int64_t named_port(const Value *containers, bool are_init, const char *name,
                          const char *protocol)
{
    Value *c, *p;

    value_each_item(containers, i, c) value_each_item(value_get(c, "ports"), k, p)
    {
        const char *has = value_get_str(p, "protocol");

        if (are_init && !str_eq(value_get_str(c, "restartPolicy"), "Always"))
            continue; /* it is over when the pod serves */
        if (str_eq(value_get_str(p, "name"), name) && str_eq(has ? has : "TCP", protocol))
            return value_at_int(p, "containerPort", 0);
    }
    return 0;
}

int64_t service_target_port(const Value *service_port, const Value *pod)
{
    const Value *target = value_get(service_port, "targetPort");
    const char *name = value_to_cstr(target);
    const char *protocol = value_get_str(service_port, "protocol");
    int64_t port = 0;

    protocol = protocol ? protocol : "TCP";
    if (name && name[0]) {
        port = named_port(value_at(pod, "spec.containers"), false, name, protocol);
        return port ? port : named_port(value_at(pod, "spec.initContainers"), true, name, protocol);
    }
    if (!value_to_int(target, &port) || port == 0)
        port = value_at_int(service_port, "port", 0);
    return port;
}

/* ---- ports ---- */

static bool is_named(const Value *service_port)
{
    const char *name = value_to_cstr(value_get(service_port, "targetPort"));

    return name && name[0];
}

PortGroups endpoints__port_groups(Arena *a, const Value *service, bool names_always, Value *list)
{
    const Value *ports = value_at(service, "spec.ports"), *port;
    PortGroups g = {.a = a,
                    .service = service,
                    .list = list,
                    .names_always = names_always,
                    .numbers = arena_array(a, int64_t, value_len(ports) + 1),
                    .n = value_len(ports),
                    .are_fixed = true};

    value_each_item(ports, i, port) g.are_fixed = g.are_fixed && !is_named(port);
    return g;
}

void endpoints__port_groups_done(PortGroups *g)
{
    map_done(&g->groups);
}

static Value *new_group(const PortGroups *g)
{
    Arena *a = g->a;
    Value *ports = value_array(a), *group = value_object(a), *sp;

    value_each_item(value_at(g->service, "spec.ports"), i, sp)
    {
        const char *name = value_get_str(sp, "name"), *protocol = value_get_str(sp, "protocol");
        Value *p;

        if (g->numbers[i] == 0)
            continue;
        p = value_object(a);
        if (g->names_always || (name && name[0]))
            value_set_str(a, p, "name", name ? name : "");
        value_set_int(a, p, "port", g->numbers[i]);
        value_set_str(a, p, "protocol", protocol ? protocol : "TCP");
        if (value_get_str(sp, "appProtocol"))
            value_set_str(a, p, "appProtocol", value_get_str(sp, "appProtocol"));
        value_append(a, ports, p);
    }
    value_set(a, group, "ports", ports);
    value_append(a, g->list, group);
    return group;
}

Value *endpoints__group(PortGroups *g, const Value *pod)
{
    Slice key = {(const char *)g->numbers, g->n * sizeof(*g->numbers)};
    Value *group, *port;

    if (g->fixed)
        return g->fixed;
    value_each_item(value_at(g->service, "spec.ports"), i, port)
    {
        g->numbers[i] = service_target_port(port, pod);
    }
    group = g->are_fixed ? NULL : map_getn(&g->groups, key);
    if (group)
        return group;
    group = new_group(g);
    if (g->are_fixed)
        g->fixed = group;
    else
        (void)map_setn(&g->groups, key, group); /* there was none */
    return group;
}

/* ---- what else a pod contributes ---- */

Value *endpoints__target(Arena *a, const Value *pod)
{
    Value *ref = value_object(a);

    value_set_str(a, ref, "kind", "Pod");
    value_set_str(a, ref, "namespace", meta_ns(pod));
    value_set_str(a, ref, "name", meta_name(pod));
    value_set_str(a, ref, "uid", meta_uid(pod));
    return ref;
}

/* The pod's name within the headless Service that is its subdomain. */
const char *endpoints__hostname(const Value *service, const Value *pod)
{
    const char *hostname = value_at_str(pod, "spec.hostname");

    if (!hostname || !hostname[0] ||
        !str_eq(value_at_str(pod, "spec.subdomain"), meta_name(service)) ||
        !str_eq(meta_ns(pod), meta_ns(service)))
        return NULL;
    return hostname;
}

bool endpoints__publishes(const Value *service)
{
    return value_is_true(value_at(service, "spec.publishNotReadyAddresses"));
}

static int by_ip(const void *x, const void *y, void *family)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int r = strcmp(endpoints__pod_ip(a, family), endpoints__pod_ip(b, family));

    return r ? r : strcmp(meta_uid(a), meta_uid(b));
}

/* Candidates in the order of their addresses, so that the result does not depend on the cache. */
Values endpoints__candidates(Arena *a, const Values *pods, const char *family)
{
    Values out = {0};

    for (uint32_t i = 0; i < pods->n; i++)
        if (endpoints__pod_ip(pods->items[i], family) && !pod_is_finished(pods->items[i]))
            values_add(a, &out, pods->items[i]);
    if (out.n > 1)
        qsort_r(out.items, out.n, sizeof(*out.items), by_ip, (void *)(uintptr_t)family);
    return out;
}

void endpoints__append(Arena *a, Value *object, const char *name, Value *item)
{
    Value *list = value_get(object, name);

    if (!list) {
        list = value_array(a);
        value_set(a, object, name, list);
    }
    value_append(a, list, item);
}

/* ---- Endpoints ---- */

static Value *address_of(Arena *a, const Value *service, const Value *pod, const char *family)
{
    const char *hostname = endpoints__hostname(service, pod);
    Value *address = value_object(a);

    value_set_str(a, address, "ip", endpoints__pod_ip(pod, family));
    if (hostname)
        value_set_str(a, address, "hostname", hostname);
    if (value_at_str(pod, "spec.nodeName"))
        value_set_str(a, address, "nodeName", value_at_str(pod, "spec.nodeName"));
    value_set(a, address, "targetRef", endpoints__target(a, pod));
    return address;
}

/* Without a port of the Service a pod is no endpoint of it, unless the Service has none. */
static Value *with_endpoints(Arena *a, Value *groups)
{
    Value *out = value_array(a), *group;

    value_each_item(groups, i, group)
    {
        if (value_get(group, "addresses") || value_get(group, "notReadyAddresses"))
            value_append(a, out, group);
    }
    return out;
}

Value *endpoints_subsets(Arena *a, const Value *service, const Values *pods)
{
    const char *family = endpoints__family(service, 0);
    Values sorted = endpoints__candidates(a, pods, family);
    Value *groups = value_array(a);
    PortGroups by_ports = endpoints__port_groups(a, service, false, groups);
    bool publish = endpoints__publishes(service);

    for (uint32_t i = 0; i < sorted.n; i++) {
        const Value *pod = sorted.items[i];
        Value *group;

        if (meta_is_deleted(pod) && !publish)
            continue;
        group = endpoints__group(&by_ports, pod);
        if (value_len(value_get(group, "ports")) > 0 || by_ports.n == 0)
            endpoints__append(a, group,
                              publish || pod_is_ready(pod) ? "addresses" : "notReadyAddresses",
                              address_of(a, service, pod, family));
    }
    endpoints__port_groups_done(&by_ports);
    return endpoints__repack(a, with_endpoints(a, groups));
}

/* Each subset keeps its share of what there is room for, rounded up. */
static void shorten(Value *subsets, const char *name, uint32_t total, uint32_t room)
{
    uint32_t left = room;
    Value *subset;

    value_each_item(subsets, i, subset)
    {
        Value *list = value_get(subset, name);
        uint64_t share = ((uint64_t)value_len(list) * room + total - 1) / MAX(total, 1u);
        uint32_t keep = (uint32_t)MIN(MIN(share, left), value_len(list));

        while (value_len(list) > keep)
            value_remove(list, value_len(list) - 1);
        if (list && keep == 0)
            (void)value_del(subset, name);
        left -= keep;
    }
}

bool endpoints_truncate(Value *subsets)
{
    uint32_t n_ready = 0, n_others = 0;
    Value *subset;

    value_each_item(subsets, i, subset)
    {
        n_ready += value_len(value_get(subset, "addresses"));
        n_others += value_len(value_get(subset, "notReadyAddresses"));
    }
    if (n_ready + n_others <= ENDPOINTS_MAX)
        return false;
    if (n_ready > ENDPOINTS_MAX)
        shorten(subsets, "addresses", n_ready, ENDPOINTS_MAX);
    shorten(subsets, "notReadyAddresses", n_others,
            n_ready > ENDPOINTS_MAX ? 0 : ENDPOINTS_MAX - n_ready);
    return true;
}

Value *endpoints_labels(Arena *a, const Value *service)
{
    const Value *own = value_at(service, "metadata.labels");
    Value *labels = value_is(own, VALUE_OBJECT) ? value_copy(a, own) : value_object(a);

    value_set_str(a, labels, "endpoints.kubernetes.io/managed-by", "endpoint-controller");
    if (str_eq(value_at_str(service, "spec.clusterIP"), "None"))
        value_set_str(a, labels, "service.kubernetes.io/headless", "");
    else
        value_del(labels, "service.kubernetes.io/headless");
    return labels;
}
