/*
 * validate_resource.c - resource.k8s.io: claims and what is said of them, templates, classes.
 * Slices are in validate_slice.c.
 *
 * Lists are judged as upstream's validateSet() does: one that is too long is not looked at; the
 * mistakes of its items come before those of the whole.
 */
#include "api/formats.h"
#include "api/validate_device.h"
#include "cel/cel.h"

#define RESOURCE "resource.k8s.io"

enum {
    LIST_MAX = 32, /* requests, constraints, configurations, selectors, results */
    FIRST_AVAILABLE_MAX = 8,
    RESERVED_MAX = 256,
    EXPRESSION_MAX = 10 * 1024,
    EXPRESSION_COST_MAX = 1000000,
    DATA_MAX = 10 * 1024, /* bytes of what is given to drivers, or comes from them */
    CONDITIONS_MAX = 8,
    INTERFACE_NAME_MAX = 256,
    HARDWARE_ADDRESS_MAX = 128,
    IPS_MAX = 16,
};

/* ---- expressions about devices ---- */

static const CelType *sized(Arena *a, const CelType *t, uint64_t most)
{
    CelType *copy = arena_new0(a, CelType);

    *copy = *t;
    copy->max_elements = most;
    return copy;
}

static const CelType *device_map(Arena *a, const CelType *value)
{
    const CelType *id = sized(a, &cel_string, DEVICE_ID_MAX);
    const CelType *domain = sized(a, &cel_string, DEVICE_DOMAIN_MAX);
    const CelType *inner = sized(a, cel_type_map(a, id, value), DEVICE_ATTRIBUTES_MAX);

    return sized(a, cel_type_map(a, domain, inner), DEVICE_ATTRIBUTES_MAX);
}

/* What expressions may use: a variable `device`, as the drivers describe it. */
static CelEnv *device_env(Arena *a)
{
    static const CelType unknown = {
        .kind = CEL_DYN, .name = "any", .max_elements = DEVICE_ATTRIBUTE_VALUE_MAX};
    static const CelType quantity = {.kind = CEL_OPAQUE, .name = "kubernetes.Quantity"};
    const CelType *driver = sized(a, &cel_string, DEVICE_DRIVER_MAX);
    const CelField fields[] = {
        {.name = "driver", .json = "driver", .type = driver},
        {.name = "attributes", .json = "attributes", .type = device_map(a, &unknown)},
        {.name = "capacity", .json = "capacity", .type = device_map(a, &quantity)},
        {.name = "allowMultipleAllocations", .json = "allowMultipleAllocations", .type = &cel_bool},
    };
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES | CEL_LIB_BIND);

    cel_env_set_formats(env, format_report);
    (void)cel_env_declare(env, "device",
                          cel_type_object(a, "kubernetes.DRADevice", fields, ARRAY_LEN(fields)));
    return env;
}

static void check_expression(FieldErrs *e, const Path *p, const char *expression)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CelProgram *program = NULL;
    const CelType *type;
    const char *wrong;

    if (strlen(expression) > EXPRESSION_MAX) {
        too_long(e, p, EXPRESSION_MAX);
        return;
    }
    wrong = cel_compile(device_env(a), slice_of(expression), a, &program);
    if (wrong) {
        bad_str(e, p, expression, "compilation failed: %s", wrong);
        return;
    }
    type = cel_program_type(program);
    if (type->kind != CEL_BOOL && type->kind != CEL_DYN)
        bad_str(e, p, expression, "must evaluate to bool or the unknown type, not %s",
                cel_type_text(a, type));
    else if (cel_estimate_cost(program).max > EXPRESSION_COST_MAX)
        forbidden(e, p, "too complex, exceeds cost limit");
}

/* `is_stored`: they were judged when they came. */
static void check_selectors(FieldErrs *e, const Path *p, const Value *selectors, bool is_stored)
{
    const Value *s;

    if (!device_check_len(e, p, selectors, LIST_MAX))
        return;
    value_each_item(selectors, i, s)
    {
        const Path *at = AT(AT_ITEM(p, i), "cel");

        if (!has(s, "cel"))
            missing(e, at, NULL);
        else if (!is_stored)
            check_expression(e, AT(at, "expression"), str_of(value_get(s, "cel"), "expression"));
    }
}

/* ---- requests ---- */

static void check_device_request(FieldErrs *e, const Path *p, const Value *r)
{
    const char *class = str_of(r, "deviceClassName"), *mode = str_of(r, "allocationMode");
    const Value *t;

    if (class[0] == '\0')
        missing(e, AT(p, "deviceClassName"), NULL);
    else
        check_name(e, AT(p, "deviceClassName"), class, names__dns1123_subdomain);
    check_selectors(e, AT(p, "selectors"), value_get(r, "selectors"), false);
    if (!one_of(mode, "All|ExactCount"))
        unsupported(e, AT(p, "allocationMode"), mode, "All|ExactCount");
    else if (strcmp(mode, "All") == 0 && int_of(r, "count", 0) != 0)
        bad_int(e, AT(p, "count"), int_of(r, "count", 0),
                "must not be specified when allocationMode is 'All'");
    else if (strcmp(mode, "ExactCount") == 0 && int_of(r, "count", 0) <= 0)
        bad_int(e, AT(p, "count"), int_of(r, "count", 0), "must be greater than zero");
    value_each_item(value_get(r, "tolerations"), i, t)
        device_check_toleration(e, AT_ITEM(AT(p, "tolerations"), i), t);
}

static void check_first_available(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *sub;

    if (!device_check_len(e, p, list, FIRST_AVAILABLE_MAX))
        return;
    value_each_item(list, i, sub)
    {
        check_name(e, AT(AT_ITEM(p, i), "name"), str_of(sub, "name"), names__dns1123_label);
        check_device_request(e, AT_ITEM(p, i), sub);
    }
    device_check_unique(e, p, list, "name");
}

static void check_request(FieldErrs *e, const Path *p, const Value *r)
{
    bool exact = has(r, "exactly"), first = value_len(value_get(r, "firstAvailable")) > 0;

    check_name(e, AT(p, "name"), str_of(r, "name"), names__dns1123_label);
    if (exact && first)
        bad(e, p, value_null(e->arena),
            "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are "
            "set");
    else if (first)
        check_first_available(e, AT(p, "firstAvailable"), value_get(r, "firstAvailable"));
    else if (exact)
        check_device_request(e, AT(p, "exactly"), value_get(r, "exactly"));
    else
        missing(e, p, "exactly one of `exactly` or `firstAvailable` is required");
}

/* Is `name` a request of the claim, or REQUEST/SUBREQUEST? */
static bool is_request(const Value *requests, const char *name)
{
    const char *slash = strchr(name, '/');
    size_t n = slash ? (size_t)(slash - name) : strlen(name);
    const Value *r, *sub;

    value_each_item(requests, i, r)
    {
        if (!slice_eq((Slice){name, n}, slice_of(str_of(r, "name"))))
            continue;
        if (!slash)
            return true;
        value_each_item(value_get(r, "firstAvailable"), k, sub)
        {
            if (strcmp(str_of(sub, "name"), slash + 1) == 0)
                return true;
        }
    }
    return false;
}

/* REQUEST or REQUEST/SUBREQUEST, of the claim. */
static void check_request_ref(FieldErrs *e, const Path *p, const char *name, const Value *requests)
{
    static const char rule[] =
        "must be the name of a request in the claim or the name of a request and a subrequest "
        "separated by '/'";
    const char *slash = strchr(name, '/');

    if (slash && strchr(slash + 1, '/')) {
        bad_str(e, p, name, "%s", rule);
        return;
    }
    check_name(e, p, slash ? arena_strndup(e->arena, name, (size_t)(slash - name)) : name,
               names__dns1123_label);
    if (slash)
        check_name(e, p, slash + 1, names__dns1123_label);
    if (!is_request(requests, name))
        bad_str(e, p, name, "%s", rule);
}

static void check_request_refs(FieldErrs *e, const Path *p, const Value *names,
                               const Value *requests)
{
    const Value *n;

    if (!device_check_len(e, p, names, LIST_MAX))
        return;
    value_each_item(names, i, n)
        check_request_ref(e, AT_ITEM(p, i), value_to_cstr(n) ? value_to_cstr(n) : "", requests);
    device_check_unique(e, p, names, NULL);
}

static void check_constraint(FieldErrs *e, const Path *p, const Value *c, const Value *requests)
{
    static const char *const names[] = {"matchAttribute", "distinctAttribute"};

    check_request_refs(e, AT(p, "requests"), value_get(c, "requests"), requests);
    if (!has(c, names[0]) && !has(c, names[1])) {
        missing(e, p,
                "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but "
                "multiple fields are set");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!has(c, names[i]))
            continue;
        device_check_full_name(e, AT(p, names[i]), str_of(c, names[i]));
        break; /* the second is not looked at */
    }
}

/* JSON that only a driver understands. */
static void check_raw(FieldErrs *e, const Path *p, const Value *raw, bool is_stored)
{
    AUTO_BUF text = BUF_INIT;

    if (!raw || raw->type == VALUE_NULL) {
        missing(e, p, NULL);
        return;
    }
    value_print(raw, &text);
    if (!is_stored && text.len > DATA_MAX)
        too_long(e, p, DATA_MAX);
    else if (!value_is(raw, VALUE_OBJECT))
        bad_str(e, p, "<value omitted>", "must be a valid JSON object");
}

static void check_opaque(FieldErrs *e, const Path *p, const Value *config, bool is_stored)
{
    const Value *opaque = value_get(config, "opaque");
    const Path *at = AT(p, "opaque");

    if (!value_is(opaque, VALUE_OBJECT)) {
        missing(e, at, NULL);
        return;
    }
    validate__driver_name(e, AT(at, "driver"), str_of(opaque, "driver"));
    check_raw(e, AT(at, "parameters"), value_get(opaque, "parameters"), is_stored);
}

static void check_requests(FieldErrs *e, const Path *p, const Value *requests)
{
    const Value *r;

    if (!device_check_len(e, p, requests, LIST_MAX))
        return;
    value_each_item(requests, i, r) check_request(e, AT_ITEM(p, i), r);
    device_check_unique(e, p, requests, "name");
}

static void check_claim(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *devices = value_get(spec, "devices"), *x;
    const Value *requests = value_get(devices, "requests");
    const Value *constraints = value_get(devices, "constraints");
    const Value *configs = value_get(devices, "config");
    const Path *at = AT(p, "devices");

    check_requests(e, AT(at, "requests"), requests);
    if (device_check_len(e, AT(at, "constraints"), constraints, LIST_MAX))
        value_each_item(constraints, i, x)
            check_constraint(e, AT_ITEM(AT(at, "constraints"), i), x, requests);
    if (!device_check_len(e, AT(at, "config"), configs, LIST_MAX))
        return;
    value_each_item(configs, i, x)
    {
        const Path *config = AT_ITEM(AT(at, "config"), i);

        check_request_refs(e, AT(config, "requests"), value_get(x, "requests"), requests);
        check_opaque(e, config, x, false);
    }
}

static void create_claim(FieldErrs *e, const Value *v)
{
    check_claim(e, AT(NULL, "spec"), value_get(v, "spec"));
}

/* ---- what is said of a claim ---- */

static void check_result(FieldErrs *e, const Path *p, const Value *r, const Value *requests)
{
    const Value *t;

    check_request_ref(e, AT(p, "request"), str_of(r, "request"), requests);
    validate__driver_name(e, AT(p, "driver"), str_of(r, "driver"));
    device_check_pool(e, AT(p, "pool"), str_of(r, "pool"));
    check_name(e, AT(p, "device"), str_of(r, "device"), names__dns1123_label);
    device_check_bindings(e, p, r);
    value_each_item(value_get(r, "tolerations"), i, t)
        device_check_toleration(e, AT_ITEM(AT(p, "tolerations"), i), t);
    if (has(r, "shareID"))
        device_check_uid(e, AT(p, "shareID"), str_of(r, "shareID"));
}

static void check_allocation(FieldErrs *e, const Path *p, const Value *allocation,
                             const Value *requests)
{
    const Value *results = value_at(allocation, "devices.results"), *x;
    const Value *configs = value_at(allocation, "devices.config");
    const Path *at = AT(p, "devices");

    if (device_check_len(e, AT(at, "results"), results, LIST_MAX))
        value_each_item(results, i, x) check_result(e, AT_ITEM(AT(at, "results"), i), x, requests);
    if (device_check_len(e, AT(at, "config"), configs, 2 * LIST_MAX))
        value_each_item(configs, i, x)
        {
            const Path *config = AT_ITEM(AT(at, "config"), i);
            const char *source = str_of(x, "source");

            if (source[0] == '\0')
                missing(e, AT(config, "source"), NULL);
            else
                check_enum(e, AT(config, "source"), source, "FromClaim|FromClass");
            check_request_refs(e, AT(config, "requests"), value_get(x, "requests"), requests);
            check_opaque(e, config, x, false);
        }
    if (has(allocation, "nodeSelector"))
        validate__node_selector(e, AT(p, "nodeSelector"), value_get(allocation, "nodeSelector"));
}

static void check_reserved(FieldErrs *e, const Path *p, const Value *list)
{
    static const char *const needed[] = {"resource", "name", "uid"};
    const Value *ref;

    if (!device_check_len(e, p, list, RESERVED_MAX))
        return;
    value_each_item(list, i, ref) for (size_t k = 0; k < ARRAY_LEN(needed); k++)
    {
        if (str_of(ref, needed[k])[0] == '\0')
            missing(e, AT(AT_ITEM(p, i), needed[k]), NULL);
    }
    device_check_unique(e, p, list, "uid");
}

static bool is_same_device(const Value *a, const Value *b)
{
    static const char *const parts[] = {"driver", "pool", "device", "shareID"};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strcmp(str_of(a, parts[i]), str_of(b, parts[i])) != 0)
            return false;
    return true;
}

/* Upstream shows the identity of a device as a struct of which nothing can be seen. */
static const Value *device_shown(FieldErrs *e)
{
    return value_literal(e->arena, "{'Driver':{},'Pool':{},'Device':{},'ShareID':{}}");
}

static void check_network_data(FieldErrs *e, const Path *p, const Value *data)
{
    const Value *ips = value_get(data, "ips"), *ip;

    if (strlen(str_of(data, "interfaceName")) > INTERFACE_NAME_MAX)
        too_long(e, AT(p, "interfaceName"), INTERFACE_NAME_MAX);
    if (strlen(str_of(data, "hardwareAddress")) > HARDWARE_ADDRESS_MAX)
        too_long(e, AT(p, "hardwareAddress"), HARDWARE_ADDRESS_MAX);
    if (!device_check_len(e, AT(p, "ips"), ips, IPS_MAX))
        return;
    value_each_item(ips, i, ip) device_check_interface(e, AT_ITEM(AT(p, "ips"), i),
                                                       value_to_cstr(ip) ? value_to_cstr(ip) : "");
    device_check_unique(e, AT(p, "ips"), ips, NULL);
}

static void check_device_status(FieldErrs *e, const Path *p, const Value *d, const Value *results)
{
    const Value *conditions = value_get(d, "conditions"), *r;
    bool is_allocated = false;

    validate__driver_name(e, AT(p, "driver"), str_of(d, "driver"));
    device_check_pool(e, AT(p, "pool"), str_of(d, "pool"));
    check_name(e, AT(p, "device"), str_of(d, "device"), names__dns1123_label);
    if (has(d, "shareID"))
        device_check_uid(e, AT(p, "shareID"), str_of(d, "shareID"));
    value_each_item(results, i, r) is_allocated = is_allocated || is_same_device(d, r);
    if (!is_allocated)
        bad(e, p, device_shown(e), "must be an allocated device in the claim");
    (void)device_check_len(e, AT(p, "conditions"), conditions, CONDITIONS_MAX);
    validate__conditions(e, AT(p, "conditions"), conditions);
    if (has(d, "data"))
        check_raw(e, AT(p, "data"), value_get(d, "data"), false);
    if (has(d, "networkData"))
        check_network_data(e, AT(p, "networkData"), value_get(d, "networkData"));
}

static void check_device_statuses(FieldErrs *e, const Path *p, const Value *devices,
                                  const Value *results)
{
    const Value *d;

    value_each_item(devices, i, d) check_device_status(e, AT_ITEM(p, i), d, results);
    value_each_item(devices, i, d) for (uint32_t k = 0; k < i; k++)
    {
        if (!is_same_device(d, value_item(devices, k)))
            continue;
        duplicate_value(e, AT_ITEM(p, i), device_shown(e));
        break;
    }
}

static bool has_new_item(const Value *now, const Value *old)
{
    const Value *n, *o;

    value_each_item(now, i, n)
    {
        bool known = false;

        value_each_item(old, k, o) known = known || value_equal(n, o);
        if (!known)
            return true;
    }
    return false;
}

static void update_claim_status(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *status = value_get(v, "status"), *was = value_get(old, "status");
    const Value *allocation = value_get(status, "allocation");
    const Value *reserved = value_get(status, "reservedFor");
    const Path *p = AT(NULL, "status"), *at = AT(p, "allocation");
    bool is_allocated = value_is(allocation, VALUE_OBJECT);

    check_reserved(e, AT(p, "reservedFor"), reserved);
    check_device_statuses(e, AT(p, "devices"), value_get(status, "devices"),
                          value_at(allocation, "devices.results"));
    if (value_len(reserved) > 0 && !is_allocated)
        forbidden(e, AT(p, "reservedFor"), "may not be specified when `allocated` is not set");
    else if (value_len(reserved) > 0 && value_at(v, "metadata.deletionTimestamp") &&
             has_new_item(reserved, value_get(was, "reservedFor")))
        forbidden(e, AT(p, "reservedFor"),
                  "new entries may not be added while `deallocationRequested` or "
                  "`deletionTimestamp` are set");
    if (!is_allocated)
        return;
    if (!has(was, "allocation"))
        check_allocation(e, at, allocation, value_at(v, "spec.devices.requests"));
    else if (!value_equal(allocation, value_get(was, "allocation")))
        bad(e, at, validate__go_shown(e, "io.k8s.api.resource.v1.AllocationResult", allocation),
            "field is immutable");
}

static void check_same_spec(FieldErrs *e, const char *type, const Value *v, const Value *old)
{
    const Value *now = value_get(v, "spec"), *was = value_get(old, "spec");

    if (!now || !was || !value_equal(now, was))
        bad(e, AT(NULL, "spec"), validate__go_shown(e, type, now), "field is immutable");
}

static void update_claim(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    if (strcmp(sub, "status") == 0)
        update_claim_status(e, v, old);
    else
        check_same_spec(e, "io.k8s.api.resource.v1.ResourceClaimSpec", v, old);
}

/* ---- templates and classes ---- */

static void create_template(FieldErrs *e, const Value *v)
{
    const Path *p = AT(AT(NULL, "spec"), "metadata");
    const Value *meta = value_at(v, "spec.metadata");

    validate__annotations(e, AT(p, "annotations"), value_get(meta, "annotations"));
    validate__labels(e, AT(p, "labels"), value_get(meta, "labels"));
    check_claim(e, AT(AT(NULL, "spec"), "spec"), value_at(v, "spec.spec"));
}

static void update_template(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    check_same_spec(e, "io.k8s.api.resource.v1.ResourceClaimTemplateSpec", v, old);
}

static bool is_stored_as(const Value *spec, const Value *old, const char *member)
{
    const Value *now = value_get(spec, member), *was = value_get(old, member);

    return old && (now == was || (now && was && value_equal(now, was)));
}

static void check_class(FieldErrs *e, const Value *spec, const Value *old)
{
    const Value *configs = value_get(spec, "config"), *x;
    const char *extended = str_of(spec, "extendedResourceName");
    const Path *p = AT(NULL, "spec");

    check_selectors(e, AT(p, "selectors"), value_get(spec, "selectors"),
                    is_stored_as(spec, old, "selectors"));
    if (device_check_len(e, AT(p, "config"), configs, LIST_MAX))
        value_each_item(configs, i, x)
            check_opaque(e, AT_ITEM(AT(p, "config"), i), x, is_stored_as(spec, old, "config"));
    if (has(spec, "extendedResourceName") && !validate__is_extended(e, extended))
        bad_str(e, AT(p, "extendedResourceName"), extended,
                "must be a valid extended resource name");
}

static void create_class(FieldErrs *e, const Value *v)
{
    check_class(e, value_get(v, "spec"), NULL);
}

static void update_class(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    check_class(e, value_get(v, "spec"), value_get(old, "spec"));
}

const KindRow validate__resource[] = {
    {RESOURCE, "ResourceClaim", names__dns1123_subdomain, create_claim, update_claim},
    {RESOURCE, "ResourceClaimTemplate", names__dns1123_subdomain, create_template, update_template},
    {RESOURCE, "DeviceClass", names__dns1123_subdomain, create_class, update_class},
    {RESOURCE, "ResourceSlice", names__dns1123_subdomain, validate__slice_create,
     validate__slice_update},
    {NULL, NULL, NULL, NULL, NULL},
};
