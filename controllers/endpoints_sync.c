#include "controllers/endpoints_sync.h"

/* ---- what a pod contributes ---- */

static const char *pod_ip(const Value *pod)
{
    const char *ip = value_at_str(pod, "status.podIP");

    return ip && ip[0] ? ip : NULL;
}

static int64_t named_port(const Value *containers, const char *name, const char *protocol)
{
    Value *c, *p;

    value_each_item(containers, i, c) value_each_item(value_get(c, "ports"), k, p)
    {
        const char *has = value_get_str(p, "protocol");

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
        port = named_port(value_at(pod, "spec.containers"), name, protocol);
        return port ? port : named_port(value_at(pod, "spec.initContainers"), name, protocol);
    }
    if (!value_to_int(target, &port) || port == 0)
        port = value_at_int(service_port, "port", 0);
    return port;
}

static Value *ports_of(Arena *a, const Value *service, const Value *pod, bool with_nulls)
{
    Value *ports = value_array(a), *sp;

    value_each_item(value_at(service, "spec.ports"), i, sp)
    {
        int64_t port = service_target_port(sp, pod);
        const char *name = value_get_str(sp, "name"), *protocol = value_get_str(sp, "protocol");
        Value *p;

        if (port == 0)
            continue;
        p = value_object(a);
        if (with_nulls || (name && name[0]))
            value_set_str(a, p, "name", name ? name : "");
        value_set_int(a, p, "port", port);
        value_set_str(a, p, "protocol", protocol ? protocol : "TCP");
        if (value_get_str(sp, "appProtocol"))
            value_set_str(a, p, "appProtocol", value_get_str(sp, "appProtocol"));
        value_append(a, ports, p);
    }
    return ports;
}

static Value *target_ref(Arena *a, const Value *pod)
{
    Value *ref = value_object(a);

    value_set_str(a, ref, "kind", "Pod");
    value_set_str(a, ref, "namespace", meta_ns(pod));
    value_set_str(a, ref, "name", meta_name(pod));
    value_set_str(a, ref, "uid", meta_uid(pod));
    return ref;
}

/* The pod's name within the headless Service that is its subdomain. */
static const char *hostname_of(const Value *service, const Value *pod)
{
    const char *hostname = value_at_str(pod, "spec.hostname");

    if (!hostname || !hostname[0] ||
        !str_eq(value_at_str(pod, "spec.subdomain"), meta_name(service)) ||
        !str_eq(meta_ns(pod), meta_ns(service)))
        return NULL;
    return hostname;
}

static bool publishes_not_ready(const Value *service)
{
    return value_is_true(value_at(service, "spec.publishNotReadyAddresses"));
}

static bool has_ports_or_headless(const Value *service, const Value *ports)
{
    return value_len(ports) > 0 || value_len(value_at(service, "spec.ports")) == 0;
}

static int by_ip(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int r = strcmp(pod_ip(a), pod_ip(b));

    return r ? r : strcmp(meta_uid(a), meta_uid(b));
}

static bool is_candidate(const Value *pod)
{
    return pod_ip(pod) && !pod_is_finished(pod);
}

/* Candidates in the order of their addresses, so that the result does not depend on the cache. */
static Values candidates(Arena *a, const Values *pods)
{
    Values out = {0};

    for (uint32_t i = 0; i < pods->n; i++)
        if (is_candidate(pods->items[i]))
            values_add(a, &out, pods->items[i]);
    if (out.n > 1)
        qsort(out.items, out.n, sizeof(*out.items), by_ip);
    return out;
}

/* The element of `list` whose member `ports` equals, made when there is none. */
static Value *group_by_ports(Arena *a, Value *list, Value *ports)
{
    Value *group;

    value_each_item(list, i, group) if (value_equal(value_get(group, "ports"), ports)) return group;
    group = value_object(a);
    value_set(a, group, "ports", ports);
    value_append(a, list, group);
    return group;
}

static void append_to(Arena *a, Value *object, const char *name, Value *item)
{
    Value *list = value_get(object, name);

    if (!list) {
        list = value_array(a);
        value_set(a, object, name, list);
    }
    value_append(a, list, item);
}

/* ---- Endpoints ---- */

Value *endpoints_subsets(Arena *a, const Value *service, const Values *pods)
{
    Values sorted = candidates(a, pods);
    Value *subsets = value_array(a), *subset;
    bool publish = publishes_not_ready(service);

    for (uint32_t i = 0; i < sorted.n; i++) {
        const Value *pod = sorted.items[i];
        Value *ports = ports_of(a, service, pod, false), *address = value_object(a);
        const char *hostname = hostname_of(service, pod);

        if ((meta_is_deleted(pod) && !publish) || !has_ports_or_headless(service, ports))
            continue;
        value_set_str(a, address, "ip", pod_ip(pod));
        if (hostname)
            value_set_str(a, address, "hostname", hostname);
        if (value_at_str(pod, "spec.nodeName"))
            value_set_str(a, address, "nodeName", value_at_str(pod, "spec.nodeName"));
        value_set(a, address, "targetRef", target_ref(a, pod));
        append_to(a, group_by_ports(a, subsets, ports),
                  publish || pod_is_ready(pod) ? "addresses" : "notReadyAddresses", address);
    }
    value_each_item(subsets, i, subset)
    {
        Value *ports = value_get(subset, "ports");

        value_del(subset, "ports"); /* last, and absent when empty */
        if (value_len(ports) > 0)
            value_set(a, subset, "ports", ports);
    }
    return subsets;
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

/* ---- EndpointSlices ---- */

static Value *slice_endpoint(Arena *a, const Value *service, const Value *pod)
{
    bool is_serving = pod_is_ready(pod), is_terminating = meta_is_deleted(pod);
    Value *e = value_object(a), *conditions = value_object(a), *addresses = value_array(a);
    const char *hostname = hostname_of(service, pod);

    value_append(a, addresses, value_str(a, pod_ip(pod)));
    value_set(a, e, "addresses", addresses);
    value_set_bool(a, conditions, "ready",
                   publishes_not_ready(service) || (is_serving && !is_terminating));
    value_set_bool(a, conditions, "serving", is_serving);
    value_set_bool(a, conditions, "terminating", is_terminating);
    value_set(a, e, "conditions", conditions);
    if (hostname)
        value_set_str(a, e, "hostname", hostname);
    if (value_at_str(pod, "spec.nodeName"))
        value_set_str(a, e, "nodeName", value_at_str(pod, "spec.nodeName"));
    value_set(a, e, "targetRef", target_ref(a, pod));
    return e;
}

/* Cut a group that is too long for one slice. */
static void add_slices(Arena *a, Value *slices, const Value *group)
{
    Value *endpoints = value_get(group, "endpoints"), *slice = NULL, *e;

    value_each_item(endpoints, i, e)
    {
        if (i % ENDPOINTSLICE_MAX == 0) {
            slice = value_object(a);
            value_set(a, slice, "ports", value_copy(a, value_get(group, "ports")));
            value_append(a, slices, slice);
        }
        append_to(a, slice, "endpoints", e);
    }
}

Value *endpointslices_wanted(Arena *a, const Value *service, const Values *pods)
{
    Values sorted = candidates(a, pods);
    Value *groups = value_array(a), *slices = value_array(a), *group;

    for (uint32_t i = 0; i < sorted.n; i++) {
        const Value *pod = sorted.items[i];
        Value *ports = ports_of(a, service, pod, true);

        append_to(a, group_by_ports(a, groups, ports), "endpoints",
                  slice_endpoint(a, service, pod));
    }
    value_each_item(groups, i, group) add_slices(a, slices, group);
    if (slices->n == 0) {
        group = value_object(a);
        value_set(a, group, "ports", value_array(a));
        value_set(a, group, "endpoints", value_array(a));
        value_append(a, slices, group);
    }
    return slices;
}

Value *endpointslice_labels(Arena *a, const Value *service)
{
    Value *labels = endpoints_labels(a, service);

    value_del(labels, "endpoints.kubernetes.io/managed-by");
    value_set_str(a, labels, "endpointslice.kubernetes.io/managed-by",
                  "endpointslice-controller.k8s.io");
    value_set_str(a, labels, "kubernetes.io/service-name", meta_name(service));
    return labels;
}
