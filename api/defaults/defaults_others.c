/*
 * defaults_others.c - computed defaults of the smaller groups.
 */
#include "api/defaults_int.h"
#include "base/clock.h"

#include <ctype.h>

/* ---- leases ---- */

/* Fields of a feature that is off by default are dropped. */
static void default_lease(Arena *a UNUSED, const Resource *r UNUSED, Value *v)
{
    value_del_at(v, "spec.strategy");
    value_del_at(v, "spec.preferredHolder");
}

/* ---- rbac ---- */

static void default_binding(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *s;

    value_each_item(value_get(v, "subjects"), i, s)
    {
        const char *kind = value_get_str(s, "kind");

        if (str_eq(kind, "User") || str_eq(kind, "Group"))
            defaults__set(a, s, "apiGroup", "'rbac.authorization.k8s.io'");
    }
}

/* ---- networking ---- */

static void default_network_policy(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *spec = value_get(v, "spec"), *types;

    if (value_len(value_get(spec, "policyTypes")) > 0)
        return;
    types = value_literal(a, "['Ingress']");
    if (value_len(value_get(spec, "egress")) > 0)
        value_append(a, types, value_str(a, "Egress"));
    value_set(a, spec, "policyTypes", types);
}

static void default_ingress_class(Arena *a, const Resource *r UNUSED, Value *v)
{
    defaults__set(a, value_at(v, "spec.parameters"), "scope", "'Cluster'");
}

static void default_endpoint_slice(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *p;

    value_each_item(value_get(v, "ports"), i, p)
    {
        defaults__set(a, p, "name", "''");
        defaults__set(a, p, "protocol", "'TCP'");
    }
}

/* ---- flow control ---- */

static void default_flow_schema(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *spec = value_get(v, "spec");
    int64_t precedence = 0;

    if (!value_to_int(value_get(spec, "matchingPrecedence"), &precedence) || precedence == 0)
        value_set_int(a, spec, "matchingPrecedence", 1000);
}

static void default_if_zero(Arena *a, Value *object, const char *name, int64_t value)
{
    int64_t have = 0;

    if (!value_to_int(value_get(object, name), &have) || have == 0)
        value_set_int(a, object, name, value);
}

static void default_priority_level(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *spec = value_get(v, "spec"), *limited = value_get(spec, "limited"), *queuing;

    if (str_eq(value_get_str(spec, "type"), "Exempt")) {
        Value *exempt = value_need(a, spec, "exempt");

        defaults__set(a, exempt, "nominalConcurrencyShares", "0");
        defaults__set(a, exempt, "lendablePercent", "0");
    }
    if (!limited)
        return;
    defaults__set(a, limited, "nominalConcurrencyShares", "30");
    defaults__set(a, limited, "lendablePercent", "0");
    queuing = value_at(limited, "limitResponse.queuing");
    if (queuing) {
        default_if_zero(a, queuing, "queues", 64);
        default_if_zero(a, queuing, "handSize", 8);
        default_if_zero(a, queuing, "queueLengthLimit", 50);
    }
}

/* ---- apiextensions ---- */

static void default_crd(Arena *a, const Resource *r UNUSED, Value *v)
{
    Value *names = value_at(v, "spec.names");
    const char *kind = value_get_str(names, "kind");

    if (kind && kind[0]) {
        if (!value_get_str(names, "singular")) {
            char *lower = arena_strdup(a, kind);

            for (char *p = lower; *p; p++)
                *p = (char)tolower((unsigned char)*p);
            value_set_str(a, names, "singular", lower);
        }
        if (!value_get_str(names, "listKind"))
            value_set(a, names, "listKind", value_printf(a, "%sList", kind));
    }
    if (str_eq(value_at_str(v, "spec.conversion.strategy"), "Webhook"))
        defaults__set(a, value_at(v, "spec.conversion.webhook.clientConfig.service"), "port",
                      "443");
}

static void default_api_service(Arena *a, const Resource *r UNUSED, Value *v)
{
    defaults__set(a, value_at(v, "spec.service"), "port", "443");
}

/* ---- dynamic resources ---- */

static void default_device_count(Arena *a, Value *request)
{
    if (request && str_eq(value_get_str(request, "allocationMode"), "ExactCount"))
        default_if_zero(a, request, "count", 1);
}

static void default_devices(Arena *a, const Value *spec)
{
    Value *request, *sub;

    value_each_item(value_at(spec, "devices.requests"), i, request)
    {
        default_device_count(a, value_get(request, "exactly"));
        value_each_item(value_get(request, "firstAvailable"), k, sub) default_device_count(a, sub);
    }
}

static void default_resource_claim(Arena *a, const Resource *r UNUSED, Value *v)
{
    default_devices(a, value_get(v, "spec"));
}

static void default_resource_claim_template(Arena *a, const Resource *r UNUSED, Value *v)
{
    default_devices(a, value_at(v, "spec.spec"));
}

/* A taint of a device that does not say since when is new. */
static void default_resource_slice(Arena *a, const Resource *r UNUSED, Value *v)
{
    char now[CLOCK_TEXT_MAX];
    Value *device, *taint;

    clock_to_rfc3339(clock_now_us(), now);
    value_each_item(value_at(v, "spec.devices"), i, device)
    {
        value_each_item(value_get(device, "taints"), k, taint)
        {
            if (!defaults__has(taint, "timeAdded"))
                value_set_str(a, taint, "timeAdded", now);
        }
    }
}

const DefaultRow defaults__others[] = {
    {"coordination.k8s.io", "Lease", default_lease},
    {"rbac.authorization.k8s.io", "RoleBinding", default_binding},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", default_binding},
    {"networking.k8s.io", "NetworkPolicy", default_network_policy},
    {"networking.k8s.io", "IngressClass", default_ingress_class},
    {"discovery.k8s.io", "EndpointSlice", default_endpoint_slice},
    {"flowcontrol.apiserver.k8s.io", "FlowSchema", default_flow_schema},
    {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", default_priority_level},
    {"apiextensions.k8s.io", "CustomResourceDefinition", default_crd},
    {"apiregistration.k8s.io", "APIService", default_api_service},
    {"resource.k8s.io", "ResourceClaim", default_resource_claim},
    {"resource.k8s.io", "ResourceClaimTemplate", default_resource_claim_template},
    {"resource.k8s.io", "ResourceSlice", default_resource_slice},
    {NULL, NULL, NULL},
};
