#include "quota/quota_int.h"

#include "api/objstatus.h"
#include "base/clock.h"
#include "base/err.h"

/* What objects weigh: upstream's quota evaluators (pkg/quota/v1/evaluator/core). */

static void add_all(Arena *a, Usages *to, const Usages *from)
{
    for (uint32_t i = 0; i < from->n; i++)
        usages_add(a, to, from->items[i].name, from->items[i].amount);
}

static void max_all(Arena *a, Usages *to, const Usages *from)
{
    for (uint32_t i = 0; i < from->n; i++) {
        const Quantity *there = usages_get(to, from->items[i].name);

        if (!there || quantity_cmp(there, &from->items[i].amount) < 0)
            usages_set(a, to, from->items[i].name, from->items[i].amount);
    }
}

static bool is_pod_level(const char *name)
{
    return strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0 ||
           str_starts(name, "hugepages-");
}

/* What a container asks for and, as long as a resize is under way, what its node has set aside for
 * it or it still has, if that is more (component-helpers' resource/helpers.go, PodRequests with
 * UseStatusResources). `list`: where its status is; NULL: the status is not looked at. */
static Usages container_usage(Arena *a, const Value *pod, const Value *c, const char *what,
                              const char *list)
{
    const Value *status = list ? container_status(pod, list, value_get_str(c, "name")) : NULL;
    const Value *has = value_get(status, "resources");
    Usages u = {0}, more;

    if (!has || !pod_resize_is_infeasible(pod))
        u = usages_of(a, value_get(value_get(c, "resources"), what));
    if (!has)
        return u;
    more = usages_of(a, value_get(has, what));
    max_all(a, &u, &more);
    if (strcmp(what, "requests") == 0) {
        more = usages_of(a, value_get(status, "allocatedResources"));
        max_all(a, &u, &more);
    }
    return u;
}

static Usages sum_containers(Arena *a, const Value *pod, const char *what, bool with_status)
{
    const Value *spec = value_get(pod, "spec"), *c;
    Usages total = {0}, sidecars = {0}, init_max = {0};

    value_each_item(value_get(spec, "containers"), i, c)
    {
        Usages u = container_usage(a, pod, c, what, with_status ? "containerStatuses" : NULL);

        add_all(a, &total, &u);
    }
    value_each_item(value_get(spec, "initContainers"), i, c)
    {
        bool is_sidecar = str_eq(value_get_str(c, "restartPolicy"), "Always");
        Usages u = container_usage(a, pod, c, what, with_status ? "initContainerStatuses" : NULL);

        if (is_sidecar) {
            add_all(a, &sidecars, &u);
            max_all(a, &init_max, &sidecars);
        } else {
            add_all(a, &u, &sidecars);
            max_all(a, &init_max, &u);
        }
    }
    add_all(a, &total, &sidecars);
    max_all(a, &total, &init_max);
    return total;
}

Usages quota__pod_total(Arena *a, const Value *pod, const char *what, PodTotalFlags flags)
{
    const Value *spec = value_get(pod, "spec");
    Usages total = sum_containers(a, pod, what, flags & POD_TOTAL_STATUS), pod_level, overhead;

    pod_level = usages_of(a, value_get(value_get(spec, "resources"), what));
    for (uint32_t i = 0; i < pod_level.n; i++)
        if (is_pod_level(pod_level.items[i].name))
            usages_set(a, &total, pod_level.items[i].name, pod_level.items[i].amount);
    if (!(flags & POD_TOTAL_OVERHEAD))
        return total;
    overhead = usages_of(a, value_get(spec, "overhead"));
    for (uint32_t i = 0; i < overhead.n; i++) {
        const Quantity *there = usages_get(&total, overhead.items[i].name);

        if (strcmp(what, "requests") == 0 || (there && there->nano != 0))
            usages_add(a, &total, overhead.items[i].name, overhead.items[i].amount);
    }
    return total;
}

bool quota_is_over(const Value *pod)
{
    const char *phase = value_at_str(pod, "status.phase");

    return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

int64_t quota_overdue_us(const Value *pod)
{
    const char *deleted = value_at_str(pod, "metadata.deletionTimestamp");
    int64_t grace = value_at_int(pod, "metadata.deletionGracePeriodSeconds", -1), us;

    if (!deleted || grace < 0 || !clock_from_rfc3339(slice_of(deleted), &us) ||
        __builtin_mul_overflow(grace, 1000000, &grace) || __builtin_add_overflow(us, grace, &us))
        return INT64_MAX;
    return us;
}

/* Of one list of container statuses. */
static bool has_resized(const Value *old, const Value *pod, const char *list)
{
    static const char *const fields[] = {"resources", "allocatedResources"};
    const Value *status, *was;

    value_each_item(value_get(value_get(pod, "status"), list), i, status)
    {
        was = container_status(old, list, value_get_str(status, "name"));
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            const Value *x = value_get(was, fields[k]), *y = value_get(status, fields[k]);

            if (x != y && !value_equal(x, y))
                return true;
        }
    }
    return false;
}

bool quota_has_resized(const Value *old, const Value *pod)
{
    return pod_resize_is_infeasible(old) != pod_resize_is_infeasible(pod) ||
           has_resized(old, pod, "containerStatuses") ||
           has_resized(old, pod, "initContainerStatuses");
}

static bool is_native(const char *name)
{
    /* Devices of a class that the pod asks for by the class's name. */
    if (str_starts(name, "deviceclass.resource.kubernetes.io/"))
        return false;
    return !strchr(name, '/') || strstr(name, "kubernetes.io/");
}

Usages quota__compute_usage(Arena *a, const Usages *requests, const Usages *limits)
{
    Usages u = {0};

    for (uint32_t i = 0; i < requests->n; i++) {
        const char *name = requests->items[i].name;
        Quantity q = requests->items[i].amount;

        if (strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0 ||
            strcmp(name, "ephemeral-storage") == 0 || str_starts(name, "hugepages-")) {
            usages_set(a, &u, name, q);
            usages_set(a, &u, arena_printf(a, "requests.%s", name), q);
        } else if (!is_native(name)) {
            usages_set(a, &u, arena_printf(a, "requests.%s", name), q);
        }
    }
    for (uint32_t i = 0; i < limits->n; i++) {
        const char *name = limits->items[i].name;

        if (strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0 ||
            strcmp(name, "ephemeral-storage") == 0)
            usages_set(a, &u, arena_printf(a, "limits.%s", name), limits->items[i].amount);
    }
    return u;
}

static void weigh_pod(Arena *a, const Value *pod, PodTotalFlags flags, Usages *ret)
{
    Usages requests, limits, u;

    if (quota_is_over(pod))
        return;
    requests = quota__pod_total(a, pod, "requests", flags);
    limits = quota__pod_total(a, pod, "limits", flags);
    u = quota__compute_usage(a, &requests, &limits);
    usages_add_count(a, ret, "pods", 1);
    add_all(a, ret, &u);
}

static void weigh_service(Arena *a, const Value *service, Usages *ret)
{
    const Value *spec = value_get(service, "spec"), *ports = value_get(spec, "ports"), *p;
    const Value *allocate = value_get(spec, "allocateLoadBalancerNodePorts");
    const char *type = value_get_str(spec, "type");
    bool is_balancer = str_eq(type, "LoadBalancer");
    int64_t n = 0;

    if (str_eq(type, "NodePort") || is_balancer)
        n = value_len(ports);
    if (is_balancer && value_is(allocate, VALUE_BOOL) && !allocate->boolean) {
        n = 0;
        value_each_item(ports, i, p) n += value_at_int(p, "nodePort", 0) != 0;
    }
    usages_add_count(a, ret, "services", 1);
    usages_add_count(a, ret, "services.nodeports", n);
    usages_add_count(a, ret, "services.loadbalancers", is_balancer);
}

static void weigh_claim(Arena *a, const Value *claim, Usages *ret)
{
    const char *class = value_get_str(value_at(claim, "metadata.annotations"),
                                      "volume.beta.kubernetes.io/storage-class");
    Quantity q, allocated;

    if (!class)
        class = value_at_str(claim, "spec.storageClassName");
    usages_add_count(a, ret, "persistentvolumeclaims", 1);
    if (class && *class)
        usages_add_count(
            a, ret, arena_printf(a, "%s.storageclass.storage.k8s.io/persistentvolumeclaims", class),
            1);
    if (!quota__quantity(value_at(claim, "spec.resources.requests.storage"), &q))
        return;
    /* an expansion that is taken back still holds what it got */
    if (quota__quantity(value_at(claim, "status.allocatedResources.storage"), &allocated) &&
        quantity_cmp(&allocated, &q) > 0)
        q = allocated;
    q = quantity_of(quantity_value(&q), q.format); /* whole bytes, rounded up */
    usages_add(a, ret, "requests.storage", q);
    if (class && *class)
        usages_add(a, ret,
                   arena_printf(a, "%s.storageclass.storage.k8s.io/requests.storage", class), q);
}

enum { ALL_DEVICES = 32 /* as many as one allocation may have */ };

static int64_t devices_of(const Value *request)
{
    if (str_eq(value_get_str(request, "allocationMode"), "All"))
        return ALL_DEVICES;
    return MAX(1, value_at_int(request, "count", 1));
}

static const char *devices_name(Arena *a, const Value *request)
{
    const char *class = value_get_str(request, "deviceClassName");

    return class && *class ? arena_printf(a, "%s.deviceclass.resource.k8s.io/devices", class)
                           : NULL;
}

/* Of alternatives, the most that any of them wants of a class. */
static void weigh_resource_claim(Arena *a, const Value *claim, Usages *ret)
{
    const Value *r, *sub;

    value_each_item(value_at(claim, "spec.devices.requests"), i, r)
    {
        const Value *exactly = value_get(r, "exactly");
        const char *name = devices_name(a, exactly);
        Usages most = {0}, one = {0};

        if (name)
            usages_add_count(a, &most, name, devices_of(exactly));
        value_each_item(value_get(r, "firstAvailable"), k, sub)
        {
            name = devices_name(a, sub);
            one.n = 0;
            if (name)
                usages_add_count(a, &one, name, devices_of(sub));
            max_all(a, &most, &one);
        }
        add_all(a, ret, &most);
    }
}

Usages quota__weigh(Arena *a, const Resource *r, const Value *object, PodTotalFlags flags)
{
    static const char *const aliases[] = {"configmaps", "resourcequotas", "replicationcontrollers",
                                          "secrets"};
    Usages u = {0};

    if (!object)
        return u;
    usages_add_count(a, &u,
                     *r->group ? arena_printf(a, "count/%s.%s", r->plural, r->group)
                               : arena_printf(a, "count/%s", r->plural),
                     1);
    if (strcmp(r->group, "resource.k8s.io") == 0 && strcmp(r->plural, "resourceclaims") == 0)
        weigh_resource_claim(a, object, &u);
    if (*r->group)
        return u;
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcmp(r->plural, aliases[i]) == 0)
            usages_add_count(a, &u, aliases[i], 1);
    if (strcmp(r->plural, "pods") == 0)
        weigh_pod(a, object, flags, &u);
    else if (strcmp(r->plural, "services") == 0)
        weigh_service(a, object, &u);
    else if (strcmp(r->plural, "persistentvolumeclaims") == 0)
        weigh_claim(a, object, &u);
    return u;
}

Usages quota_weigh(Arena *a, const Resource *r, const Value *object)
{
    return quota__weigh(a, r, object, POD_TOTAL_OVERHEAD | POD_TOTAL_STATUS);
}
