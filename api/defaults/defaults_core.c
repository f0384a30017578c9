/*
 * defaults_core.c - computed defaults of the core group: pkg/apis/core/v1/defaults.go upstream.
 */
#include "api/defaults_int.h"
#include "api/imagename.h"
#include "base/b64.h"
#include "base/err.h"
#include "base/quantity.h"

/* Copy the entries of `from` that the map `to` of `object` lacks. */
static void fill_map(Arena *a, Value *object, const char *to, const Value *from)
{
    if (value_len(from) == 0)
        return;
    value_each_member(from, m)
    {
        Value *map;

        map = value_need(a, object, to);
        if (!value_get(map, m->name))
            value_set(a, map, m->name, value_copy(a, m->value));
    }
}

static void default_pull_policy(Arena *a, Value *container)
{
    const char *image = value_get_str(container, "image");

    if (!defaults__has(container, "imagePullPolicy"))
        value_set_str(a, container, "imagePullPolicy",
                      imagename_is_latest(image ? image : "") ? "Always" : "IfNotPresent");
}

static const char *const container_lists[] = {"initContainers", "containers",
                                              "ephemeralContainers"};

static void default_volume(Arena *a, Value *volume)
{
    Value *claim, *image;

    if (value_len(volume) == 1 && value_get(volume, "name"))
        value_set(a, volume, "emptyDir", value_object(a));
    image = value_get(volume, "image");
    if (image && !defaults__has(image, "pullPolicy")) {
        const char *reference = value_get_str(image, "reference");

        value_set_str(a, image, "pullPolicy",
                      imagename_is_latest(reference ? reference : "") ? "Always" : "IfNotPresent");
    }
    claim = value_at(volume, "ephemeral.volumeClaimTemplate.spec");
    defaults__set(a, claim, "volumeMode", "'Filesystem'");
}

/* A host network makes the container ports host ports, in pods but not in templates. */
static void default_host_ports(Arena *a, Value *spec)
{
    Value *c, *p;

    if (!value_is_true(value_get(spec, "hostNetwork")))
        return;
    for (size_t i = 0; i < 2; i++) {
        value_each_item(value_get(spec, container_lists[i]), k, c)
        {
            value_each_item(value_get(c, "ports"), n, p)
            {
                if (!value_get(p, "hostPort") && value_get(p, "containerPort"))
                    value_set(a, p, "hostPort", value_copy(a, value_get(p, "containerPort")));
            }
        }
    }
}

/* Fields of features that are off by default are dropped: of a container ... */
static void drop_gated_fields(Value *container)
{
    Value *lifecycle = value_get(container, "lifecycle");

    if (value_del(lifecycle, "stopSignal") && value_len(lifecycle) == 0)
        value_del(container, "lifecycle");
}

/* ... and of a pod. */
static void drop_gated_of_pod(Value *spec)
{
    Value *volume, *source;

    value_del(spec, "schedulingGroup");
    value_each_item(value_get(spec, "volumes"), i, volume)
    {
        value_each_item(value_at(volume, "projected.sources"), k, source)
        {
            value_del(source, "clusterTrustBundle");
            value_del(source, "podCertificate");
        }
    }
}

/* Annotations in which init containers stood once; conversion.go drops them. */
static void drop_old_annotations(Value *object)
{
    static const char *const names[] = {"pod.beta.kubernetes.io/init-containers",
                                        "pod.alpha.kubernetes.io/init-containers",
                                        "pod.beta.kubernetes.io/init-container-statuses",
                                        "pod.alpha.kubernetes.io/init-container-statuses"};
    Value *meta = value_get(object, "metadata"), *notes = value_get(meta, "annotations");
    bool has_dropped = false;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        has_dropped = value_del(notes, names[i]) || has_dropped;
    if (has_dropped && value_len(notes) == 0)
        value_del(meta, "annotations");
}

static void default_pod_spec(Arena *a, Value *spec)
{
    const char *account;
    Value *v;

    for (size_t i = 0; i < ARRAY_LEN(container_lists); i++)
        value_each_item(value_get(spec, container_lists[i]), k, v)
        {
            default_pull_policy(a, v);
            drop_gated_fields(v);
        }
    value_each_item(value_get(spec, "volumes"), n, v) default_volume(a, v);
    drop_gated_of_pod(spec);
    /* serviceAccount is the old name of serviceAccountName and always shows the same */
    account = value_get_str(spec, "serviceAccountName");
    if (!account)
        account = value_get_str(spec, "serviceAccount");
    if (account) {
        value_set_str(a, spec, "serviceAccountName", account);
        value_set_str(a, spec, "serviceAccount", account);
    }
}

void defaults__pod_template(Arena *a, Value *template)
{
    drop_old_annotations(template);
    default_pod_spec(a, value_get(template, "spec"));
}

/* The one address of old is the first of the list, and what the list is when the two differ. */
static void pair_first(Arena *a, Value *object, const char *one, const char *all,
                       const char *member)
{
    const char *text = value_get_str(object, one), *first;
    Value *list = value_get(object, all), *item = value_item(list, 0);

    first = member ? value_get_str(item, member) : value_to_cstr(item);
    if (text && text[0] && !str_eq(text, first)) {
        list = value_array(a);
        item = value_str(a, text);
        if (member) {
            item = value_object(a);
            value_set_str(a, item, member, text);
        }
        value_append(a, list, item);
        value_set(a, object, all, list);
    } else if (item) {
        value_set_str(a, object, one, first ? first : "");
    }
}

/* ---- pods ---- */

/* to[name] = to[name] + add, or the larger one of them. */
static void join_quantity(Arena *a, Value *map, const char *name, const Value *add, bool is_sum)
{
    const char *have = value_get_str(map, name), *more = value_to_cstr(add);
    char text[QUANTITY_TEXT_MAX];
    Quantity x, y;

    if (!more || quantity_parse(slice_of(more), &y, NULL) < 0)
        return;
    if (have && quantity_parse(slice_of(have), &x, NULL) == 0)
        y = is_sum ? quantity_add(x, y) : quantity_cmp(&x, &y) > 0 ? x : y;
    value_set_str(a, map, name, quantity_print(&y, text));
}

static void join_quantities(Arena *a, Value *map, const Value *more, bool is_sum)
{
    value_each_member(more, m) join_quantity(a, map, m->name, m->value, is_sum);
}

static bool is_pod_level(const char *resource)
{
    return strcmp(resource, "cpu") == 0 || strcmp(resource, "memory") == 0 ||
           strncmp(resource, "hugepages-", 10) == 0;
}

/* What the containers take together: those that run at the same time, sidecars among them, or an
 * init container beside the sidecars before it, whichever is more. */
static Value *aggregate(Arena *a, const Value *spec, const char *which)
{
    Value *all = value_object(a), *sidecars = value_object(a), *most = value_object(a), *c, *one;

    value_each_item(value_get(spec, "containers"), i, c)
        join_quantities(a, all, value_get(value_get(c, "resources"), which), true);
    value_each_item(value_get(spec, "initContainers"), k, c)
    {
        const Value *own = value_get(value_get(c, "resources"), which);

        if (str_eq(value_get_str(c, "restartPolicy"), "Always")) {
            join_quantities(a, all, own, true);
            join_quantities(a, sidecars, own, true);
            join_quantities(a, most, sidecars, false);
            continue;
        }
        one = value_copy(a, sidecars);
        join_quantities(a, one, own, true);
        join_quantities(a, most, one, false);
    }
    join_quantities(a, all, most, false);
    return all;
}

static bool is_huge_pages(const char *resource)
{
    return strncmp(resource, "hugepages-", 10) == 0;
}

/* Pod-level resources: limits default to hugepages of the containers, and where there are limits,
 * requests to what the containers ask for, or to the limits. */
static void default_pod_resources(Arena *a, Value *spec)
{
    Value *res = value_get(spec, "resources"), *requests, *limits;

    if (!res ||
        (value_len(value_get(res, "limits")) == 0 && value_len(value_get(res, "requests")) == 0))
        return;
    limits = aggregate(a, spec, "limits");
    value_each_member(limits, m)
    {
        if (is_huge_pages(m->name) && !value_get(value_get(res, "limits"), m->name) &&
            !value_get(value_get(res, "requests"), m->name))
            value_set(a, value_need(a, res, "limits"), m->name, m->value);
    }
    if (value_len(value_get(res, "limits")) == 0)
        return;
    requests = aggregate(a, spec, "requests");
    value_each_member(requests, m)
    {
        if (is_pod_level(m->name) && !is_huge_pages(m->name) &&
            !value_get(value_get(res, "requests"), m->name))
            value_set(a, value_need(a, res, "requests"), m->name, m->value);
    }
    value_each_member(value_get(res, "limits"), m)
    {
        if (is_pod_level(m->name) && !value_get(value_get(res, "requests"), m->name))
            value_set(a, value_need(a, res, "requests"), m->name, value_copy(a, m->value));
    }
}

static void default_pod(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *spec = value_get(v, "spec"), *c, *res;

    drop_old_annotations(v);
    default_pod_spec(a, spec);
    pair_first(a, value_get(v, "status"), "podIP", "podIPs", "ip");
    default_host_ports(a, spec);
    for (size_t i = 0; i < 2; i++) {
        value_each_item(value_get(spec, container_lists[i]), k, c)
        {
            res = value_get(c, "resources");
            if (res)
                fill_map(a, res, "requests", value_get(res, "limits"));
        }
    }
    default_pod_resources(a, spec);
    defaults__set(a, spec, "enableServiceLinks", "true");
    if (value_at_int(spec, "terminationGracePeriodSeconds", 0) < 0)
        value_set_int(a, spec, "terminationGracePeriodSeconds", 1);
}

static void default_pod_template(Arena *a, const Resource *r UNUSED, Value *v)
{
    defaults__pod_template(a, value_get(v, "template"));
}

static void default_replication_controller(Arena *a, const Resource *r UNUSED, Value *v)
{
    const Value *labels = value_at(v, "spec.template.metadata.labels");

    defaults__pod_template(a, value_at(v, "spec.template"));
    if (value_len(labels) == 0)
        return;
    if (value_len(value_at(v, "spec.selector")) == 0)
        value_set_at(a, v, "spec.selector", value_copy(a, labels));
    if (value_len(value_at(v, "metadata.labels")) == 0)
        value_set_at(a, v, "metadata.labels", value_copy(a, labels));
}

/* ---- services ---- */

static void default_service(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *spec = value_get(v, "spec"), *p;
    const char *type = value_get_str(spec, "type");
    bool external, is_lb;

    if (!type)
        return;
    is_lb = strcmp(type, "LoadBalancer") == 0;
    external = is_lb || strcmp(type, "NodePort") == 0;
    if (str_eq(value_get_str(spec, "sessionAffinity"), "ClientIP")) {
        if (!value_at(spec, "sessionAffinityConfig.clientIP.timeoutSeconds"))
            value_set_at(a, spec, "sessionAffinityConfig.clientIP.timeoutSeconds",
                         value_int(a, 10800));
    } else {
        value_del(spec, "sessionAffinityConfig");
    }
    value_each_item(value_get(spec, "ports"), i, p)
    {
        const Value *target = value_get(p, "targetPort");
        int64_t n = -1;

        if (!target || (value_to_int(target, &n) && n == 0) ||
            (target->type == VALUE_STRING && target->n == 0))
            value_set(a, p, "targetPort", value_copy(a, value_get(p, "port")));
    }
    if ((external || (strcmp(type, "ClusterIP") == 0 && value_len(value_get(spec, "externalIPs")))))
        defaults__set(a, spec, "externalTrafficPolicy", "'Cluster'");
    if (external || strcmp(type, "ClusterIP") == 0)
        defaults__set(a, spec, "internalTrafficPolicy", "'Cluster'");
    if (!is_lb)
        return;
    defaults__set(a, spec, "allocateLoadBalancerNodePorts", "true");
    value_each_item(value_at(v, "status.loadBalancer.ingress"), k, p)
    {
        if (defaults__has(p, "ip"))
            defaults__set(a, p, "ipMode", "'VIP'");
    }
}

static void default_endpoints(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *subset, *port;

    value_each_item(value_get(v, "subsets"), i, subset)
        value_each_item(value_get(subset, "ports"), k, port)
            defaults__set(a, port, "protocol", "'TCP'");
}

/* ---- configuration and storage ---- */

/* stringData is write-only: it goes over into data. */
static void default_secret(Arena *a, const Resource *r UNUSED, Value *v)
{
    const Value *text = value_get(v, "stringData");
    AUTO_BUF b64 = BUF_INIT;

    value_each_member(text, m)
    {
        if (m->value->type != VALUE_STRING)
            continue;
        buf_reset(&b64);
        b64_encode((Slice){m->value->str, m->value->n}, &b64);
        value_set(a, value_need(a, v, "data"), m->name, value_str(a, buf_str(&b64)));
    }
    value_del(v, "stringData");
}

static void default_namespace(Arena *a, const Resource *r UNUSED, Value *v)
{
    const char *name = value_at_str(v, "metadata.name");

    if (name)
        value_set(a, value_need(a, v, "metadata.labels"), "kubernetes.io/metadata.name",
                  value_str(a, name));
}

static void default_node(Arena *a, const Resource *r UNUSED, Value *v)
{
    const Value *capacity = value_at(v, "status.capacity");

    pair_first(a, value_get(v, "spec"), "podCIDR", "podCIDRs", NULL);
    if (value_len(capacity) > 0 && value_len(value_at(v, "status.allocatable")) == 0)
        value_set_at(a, v, "status.allocatable", value_copy(a, capacity));
}

/* default from max, defaultRequest from default, then from min: containers only */
static void default_limit_range(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *item;

    value_each_item(value_at(v, "spec.limits"), i, item)
    {
        if (!str_eq(value_get_str(item, "type"), "Container"))
            continue;
        fill_map(a, item, "default", value_get(item, "max"));
        fill_map(a, item, "defaultRequest", value_get(item, "default"));
        fill_map(a, item, "defaultRequest", value_get(item, "min"));
    }
}

const DefaultRow defaults__core[] = {
    {"", "Pod", default_pod},
    {"", "PodTemplate", default_pod_template},
    {"", "ReplicationController", default_replication_controller},
    {"", "Service", default_service},
    {"", "Endpoints", default_endpoints},
    {"", "Secret", default_secret},
    {"", "Namespace", default_namespace},
    {"", "Node", default_node},
    {"", "LimitRange", default_limit_range},
    {NULL, NULL, NULL},
};
