#include "controllers/endpointslice_sync.h"

#include "controllers/endpointhints.h"
#include "controllers/endpoints_int.h"

/* ---- the endpoint of a pod ---- */

static Value *hint(Arena *a, const char *name)
{
    Value *list = value_array(a), *one = value_object(a);

    value_set_str(a, one, "name", name);
    value_append(a, list, one);
    return list;
}

/* trafficDistribution: who is near takes this endpoint. */
static void add_hints(Arena *a, Value *endpoint, const Value *service)
{
    const char *how = value_at_str(service, "spec.trafficDistribution");
    const char *zone = value_get_str(endpoint, "zone"), *node = value_get_str(endpoint, "nodeName");
    bool by_node = str_eq(how, "PreferSameNode");
    Value *hints = value_object(a);

    if (!by_node && !str_eq(how, "PreferSameZone") && !str_eq(how, "PreferClose"))
        return;
    if (!value_at_bool(endpoint, "conditions.ready") || endpointhints_are_wanted(service))
        return;
    if (zone)
        value_set(a, hints, "forZones", hint(a, zone));
    if (by_node && node)
        value_set(a, hints, "forNodes", hint(a, node));
    if (value_len(hints) > 0)
        value_set(a, endpoint, "hints", hints);
}

static Value *endpoint_of(Arena *a, const Value *service, const Value *pod, const Value *node,
                          const char *family)
{
    bool is_serving = pod_is_ready(pod), is_terminating = meta_is_deleted(pod);
    Value *e = value_object(a), *conditions = value_object(a), *addresses = value_array(a);
    const char *hostname = endpoints__hostname(service, pod);
    const char *zone = meta_label(node, "topology.kubernetes.io/zone");

    value_append(a, addresses, value_str(a, endpoints__pod_ip(pod, family)));
    value_set(a, e, "addresses", addresses);
    value_set_bool(a, conditions, "ready",
                   endpoints__publishes(service) || (is_serving && !is_terminating));
    value_set_bool(a, conditions, "serving", is_serving);
    value_set_bool(a, conditions, "terminating", is_terminating);
    value_set(a, e, "conditions", conditions);
    if (hostname)
        value_set_str(a, e, "hostname", hostname);
    value_set(a, e, "targetRef", endpoints__target(a, pod));
    if (value_at_str(pod, "spec.nodeName"))
        value_set_str(a, e, "nodeName", value_at_str(pod, "spec.nodeName"));
    if (zone)
        value_set_str(a, e, "zone", zone);
    add_hints(a, e, service);
    return e;
}

/* `groups` are of one family. */
static void add_groups(Arena *a, Value *groups, const Value *service, const Values *pods,
                       const Map *nodes, const char *family)
{
    Values sorted = endpoints__candidates(a, pods, family);
    PortGroups by_ports = endpoints__port_groups(a, service, true, groups);
    Value *group;

    for (uint32_t i = 0; i < sorted.n; i++) {
        const Value *pod = sorted.items[i];
        const char *on = value_at_str(pod, "spec.nodeName");
        const Value *node = on && nodes ? map_get(nodes, on) : NULL;

        if (on && nodes && !node && !endpoints__publishes(service))
            continue; /* its node is gone: so is the pod */
        group = endpoints__group(&by_ports, pod);
        value_set_str(a, group, "addressType", family);
        endpoints__append(a, group, "endpoints", endpoint_of(a, service, pod, node, family));
    }
    endpoints__port_groups_done(&by_ports);
    if (value_len(groups) > 0)
        return;
    group = value_object(a); /* a place to hold "none" */
    value_set(a, group, "ports", value_array(a));
    value_set_str(a, group, "addressType", family);
    value_append(a, groups, group);
}

Value *endpointslice_groups(Arena *a, const Value *service, const Values *pods, const Map *nodes)
{
    Value *all = value_array(a), *group;
    const char *family;

    for (uint32_t i = 0; (family = endpoints__family(service, i)); i++) {
        Value *groups = value_array(a);

        add_groups(a, groups, service, pods, nodes, family);
        value_each_item(groups, k, group) value_append(a, all, group);
    }
    return all;
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

/* ---- mirrors ---- */

bool endpointslice_is_mirrored(const Value *endpoints, const Value *service)
{
    const Value *selector = value_at(service, "spec.selector");

    return endpoints && service && !value_is(selector, VALUE_OBJECT) &&
           !str_eq(meta_label(endpoints, "endpointslice.kubernetes.io/skip-mirror"), "true") &&
           !meta_annotation(endpoints, "control-plane.alpha.kubernetes.io/leader");
}

static Value *mirror_ports(Arena *a, const Value *ports)
{
    Value *list = value_array(a), *p;

    value_each_item(ports, i, p)
    {
        Value *one = value_copy(a, p);

        if (!value_get(one, "name"))
            value_set_str(a, one, "name", "");
        value_append(a, list, one);
    }
    return list;
}

/* The last group of these that has the ports, made when there is none. */
static Value *mirror_group(Arena *a, Value *groups, const char *type, Value *ports)
{
    Value *group = NULL, *g;

    value_each_item(groups, i, g)
    {
        if (value_equal(value_get(g, "ports"), ports) &&
            str_eq(value_get_str(g, "addressType"), type))
            group = g;
    }
    if (group)
        return group;
    group = value_object(a);
    value_set_str(a, group, "addressType", type);
    value_set(a, group, "ports", ports);
    value_append(a, groups, group);
    return group;
}

/* Ports are read once for all addresses: a tenant may write very many of both. */
static void mirror_addresses(Arena *a, Value *groups, const Value *subset, const char *list,
                             bool is_ready, uint32_t *n)
{
    static const char *const copied[] = {"hostname", "nodeName", "targetRef"};
    Value *ports = mirror_ports(a, value_get(subset, "ports")), *address;
    Value *by_family[2] = {NULL, NULL};

    value_each_item(value_get(subset, list), i, address)
    {
        const char *ip = value_get_str(address, "ip");
        Value *e, *addresses, **group;

        if (!ip || ++*n > ENDPOINTS_MAX)
            continue;
        group = &by_family[strchr(ip, ':') != NULL];
        if (!*group)
            *group = mirror_group(a, groups, strchr(ip, ':') ? "IPv6" : "IPv4", ports);
        e = value_object(a);
        addresses = value_array(a);
        value_append(a, addresses, value_str(a, ip));
        value_set(a, e, "addresses", addresses);
        value_set_bool(a, value_need(a, e, "conditions"), "ready", is_ready);
        for (size_t k = 0; k < ARRAY_LEN(copied); k++)
            if (value_get(address, copied[k]))
                value_set(a, e, copied[k], value_copy(a, value_get(address, copied[k])));
        endpoints__append(a, *group, "endpoints", e);
    }
}

Value *endpointslice_mirror_groups(Arena *a, const Value *endpoints, uint32_t *ret_n_skipped)
{
    Value *groups = value_array(a), *subset, *own = value_get(endpoints, "subsets");

    *ret_n_skipped = 0;
    own = value_is(own, VALUE_ARRAY) ? endpoints__repack(a, own) : own;
    value_each_item(own, i, subset)
    {
        uint32_t n = 0;

        mirror_addresses(a, groups, subset, "addresses", true, &n);
        mirror_addresses(a, groups, subset, "notReadyAddresses", false, &n);
        *ret_n_skipped += n > ENDPOINTS_MAX ? n - ENDPOINTS_MAX : 0;
    }
    return groups;
}

Value *endpointslice_mirror_labels(Arena *a, const Value *endpoints)
{
    const Value *own = value_at(endpoints, "metadata.labels");
    Value *labels = value_is(own, VALUE_OBJECT) ? value_copy(a, own) : value_object(a);

    value_set_str(a, labels, "endpointslice.kubernetes.io/managed-by",
                  "endpointslicemirroring-controller.k8s.io");
    value_set_str(a, labels, "kubernetes.io/service-name", meta_name(endpoints));
    return labels;
}

/* ---- spreading over slices ---- */

typedef struct Pack {
    Arena *a;
    SlicePlan *plans;
    uint32_t n;
    SliceKind kind;
    uint32_t max; /* endpoints of a slice */
} Pack;

static const char *key_of(Arena *a, const Value *endpoint)
{
    const char *uid = value_at_str(endpoint, "targetRef.uid");

    return uid ? uid : arena_printf(a, "%s", value_at_str(endpoint, "addresses.0"));
}

static bool is_of_group(const Value *slice, const Value *group)
{
    const Value *x = value_get(slice, "ports"), *y = value_get(group, "ports");

    return str_eq(value_get_str(slice, "addressType"), value_get_str(group, "addressType")) &&
           (value_equal(x, y) || (value_len(x) == 0 && value_len(y) == 0));
}

static uint32_t add_plan(Pack *p, Value *slice, const Value *group, bool has_changed)
{
    p->plans[p->n] = (SlicePlan){slice, value_get(group, "addressType"), value_get(group, "ports"),
                                 value_array(p->a), has_changed};
    return p->n++;
}

static bool is_same_endpoint(const Pack *p, const Value *now, const Value *e)
{
    Value *copy;

    if (p->kind != SLICES_BY_ZONE || !value_get(e, "hints"))
        return value_equal(now, e);
    copy = value_copy(p->a, e);
    value_del(copy, "hints");
    return value_equal(now, copy);
}

/* What is in a slice of the group and is still wanted stays there, as it is now. */
static void keep_in_place(Pack *p, const Value *group, const Values *have, Map *wanted)
{
    Value *e;

    for (uint32_t i = 0; i < have->n; i++) {
        SlicePlan *plan;

        if (!is_of_group(have->items[i], group))
            continue;
        plan = &p->plans[add_plan(p, have->items[i], group, false)];
        value_each_item(value_get(have->items[i], "endpoints"), k, e)
        {
            Value *now = map_del(wanted, key_of(p->a, e));
            bool is_same = now && is_same_endpoint(p, now, e);

            if (now && plan->endpoints->n < p->max)
                value_append(p->a, plan->endpoints, is_same ? e : now);
            plan->has_changed = plan->has_changed || !is_same;
        }
    }
}

/* Where the next of `n_left` new endpoints goes: the fullest slice that is written anyway, then the
 * fullest one that has room for all of them, then a new one. */
static uint32_t choose(Pack *p, uint32_t first, const Value *group, uint32_t n_left)
{
    uint32_t best = UINT32_MAX;

    for (int anyway = 1; anyway >= 0 && best == UINT32_MAX; anyway--)
        for (uint32_t i = first; i < p->n; i++) {
            const SlicePlan *plan = &p->plans[i];

            if (plan->has_changed == (anyway == 1) &&
                plan->endpoints->n + (anyway ? 1 : n_left) <= p->max &&
                (best == UINT32_MAX || plan->endpoints->n > p->plans[best].endpoints->n))
                best = i;
        }
    if (best == UINT32_MAX)
        return add_plan(p, NULL, group, true);
    p->plans[best].has_changed = true;
    return best;
}

static void pack_group(Pack *p, const Value *group, const Values *have)
{
    Value *endpoints = value_get(group, "endpoints"), *e;
    uint32_t first = p->n, kept = first;
    Map wanted = {0};

    value_each_item(endpoints, i, e)
    {
        map_set(&wanted, key_of(p->a, e), e);
    }
    keep_in_place(p, group, have, &wanted);
    value_each_item(endpoints, i, e)
    {
        uint32_t n_left = (uint32_t)wanted.n;

        if (map_del(&wanted, key_of(p->a, e)))
            value_append(p->a, p->plans[choose(p, first, group, n_left)].endpoints, e);
    }
    map_done(&wanted);
    for (uint32_t i = first; i < p->n; i++) { /* emptied ones go */
        if (p->plans[i].endpoints->n > 0)
            p->plans[kept++] = p->plans[i];
    }
    p->n = kept;
}

/* Slices that are to go take the place of new ones of their family. */
static void reuse(Pack *p, const Values *have)
{
    for (uint32_t i = 0, k = 0; i < p->n; i++)
        for (; !p->plans[i].slice && k < have->n; k++) {
            bool is_used = false;

            for (uint32_t m = 0; m < p->n && !is_used; m++)
                is_used = p->plans[m].slice == have->items[k];
            if (!is_used && str_eq(value_get_str(have->items[k], "addressType"),
                                   value_to_cstr(p->plans[i].type)))
                p->plans[i].slice = have->items[k];
        }
}

SlicePlan *endpointslice_pack(Arena *a, Value *groups, const Values *have, SliceKind kind,
                              uint32_t *ret_n)
{
    uint32_t most = have->n + 2;
    Value *group;
    Pack p = {.a = a,
              .kind = kind,
              .max = kind == SLICES_MIRRORED ? (uint32_t)ENDPOINTS_MAX : ENDPOINTSLICE_MAX};

    value_each_item(groups, i, group)
    {
        most += value_len(value_get(group, "endpoints")) / ENDPOINTSLICE_MAX + 2;
    }
    p.plans = arena_array(a, SlicePlan, most);
    value_each_item(groups, i, group)
    {
        if (value_len(value_get(group, "endpoints")) > 0)
            pack_group(&p, group, have);
        else
            add_plan(&p, NULL, group, true);
    }
    reuse(&p, have);
    *ret_n = p.n;
    return p.plans;
}
