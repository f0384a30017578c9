#include "controllers/availability_sync.h"

#include "client/meta.h"

static bool has_ready(const Value *slice)
{
    const Value *e;

    value_each_item(value_get(slice, "endpoints"), i, e)
    {
        const Value *ready = value_at(e, "conditions.ready");

        if (!ready || value_is(ready, VALUE_NULL) || value_is_true(ready))
            return true;
    }
    return false;
}

static bool has_port(const Value *slice, const char *name)
{
    const Value *p;

    value_each_item(value_get(slice, "ports"), i, p)
    {
        const char *have = value_get_str(p, "name");

        if (str_eq(have ? have : "", name) && value_get(p, "port"))
            return true;
    }
    return false;
}

/* The name of the service's port; NULL when it has none of that number. */
static const char *port_name(const Value *service, int64_t port)
{
    const Value *p;

    value_each_item(value_at(service, "spec.ports"), i, p)
    {
        const char *name = value_get_str(p, "name");

        if (value_at_int(p, "port", 0) == port)
            return name ? name : "";
    }
    return NULL;
}

static Availability no(const char *reason, const char *message)
{
    return (Availability){"False", reason, message};
}

Availability availability_of(Arena *a, const Value *api_service, const Value *service,
                             Value *const *slices, uint32_t n_slices)
{
    const Value *at = value_at(api_service, "spec.service");
    const char *ns = value_get_str(at, "namespace"), *name = value_get_str(at, "name"), *port;
    int64_t number = value_at_int(at, "port", 443);
    const char *type = value_at_str(service, "spec.type");

    if (!value_is(at, VALUE_OBJECT))
        return (Availability){"True", "Local", "Local APIServices are always available"};
    if (!service)
        return no("ServiceNotFound",
                  arena_printf(a, "service/%s in \"%s\" is not present", name, ns));
    if (type && !str_eq(type, "ClusterIP"))
        return (Availability){0};
    port = port_name(service, number);
    if (!port)
        return no("ServicePortError",
                  arena_printf(a, "service/%s in \"%s\" is not listening on port %lld", name, ns,
                               (long long)number));
    if (n_slices == 0)
        return no("EndpointsNotFound",
                  arena_printf(a, "cannot find endpointslices for service/%s in \"%s\"", name, ns));
    for (uint32_t i = 0; i < n_slices; i++)
        if (has_ready(slices[i]) && has_port(slices[i], port))
            return (Availability){0};
    return no("MissingEndpoints", arena_printf(a,
                                               "endpointslices for service/%s in \"%s\" have no "
                                               "addresses with port name \"%s\"",
                                               name, ns, port));
}

Availability availability_of_answer(const char *why)
{
    return why ? no("FailedDiscoveryCheck", why)
               : (Availability){"True", "Passed", "all checks passed"};
}

int availability_again_ms(const Value *api_service, int64_t now_us)
{
    const Value *c = condition_get(api_service, "Available");
    int64_t ms = (now_us - value_time_us(c, "lastTransitionTime")) / 1000;

    if (str_eq(value_get_str(c, "status"), "True") || ms > AVAILABILITY_PERIOD_MS)
        return AVAILABILITY_PERIOD_MS;
    return ms < AVAILABILITY_RETRY_MS ? AVAILABILITY_RETRY_MS : (int)ms;
}
