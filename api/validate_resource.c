/*
 * validate_resource.c - resource.k8s.io: claims, templates, classes and slices.
 */
#include "api/validate_int.h"

#define RESOURCE "resource.k8s.io"

enum {
    LIST_MAX = 32, /* requests, constraints, configurations, selectors */
    FIRST_AVAILABLE_MAX = 8,
    POOL_NAME_MAX = 253,
    EXPRESSION_MAX = 10 * 1024,
    DEVICES_MAX = 128,
    DEVICES_WITH_TAINTS_MAX = 64, /* or with counters */
    ATTRIBUTES_MAX = 32,          /* with the capacities */
    ATTRIBUTE_VALUE_MAX = 64,
};

/* Whether a list is short enough to be looked at. */
static bool check_len(FieldErrs *e, const Path *p, const Value *list, uint32_t most)
{
    if (value_len(list) <= most)
        return true;
    too_many(e, p, value_len(list), most);
    return false;
}

static void check_driver(FieldErrs *e, const Path *p, const char *driver)
{
    if (driver[0] == '\0')
        missing(e, p, NULL);
    else
        check_name(e, p, driver, names__dns1123_subdomain);
}

static void check_selectors(FieldErrs *e, const Path *p, const Value *selectors)
{
    const Value *s;

    (void)check_len(e, p, selectors, LIST_MAX);
    value_each_item(selectors, i, s)
    {
        const Path *at = AT(AT_ITEM(p, i), "cel");
        const char *expression = str_of(value_get(s, "cel"), "expression");

        if (!has(s, "cel"))
            missing(e, at, NULL);
        else if (expression[0] == '\0')
            missing(e, AT(at, "expression"), NULL);
        else if (strlen(expression) > EXPRESSION_MAX)
            too_long(e, AT(at, "expression"), EXPRESSION_MAX);
    }
}

static void check_device_request(FieldErrs *e, const Path *p, const Value *r)
{
    const char *class = str_of(r, "deviceClassName"), *mode = str_of(r, "allocationMode");

    if (class[0] == '\0')
        missing(e, AT(p, "deviceClassName"), NULL);
    else
        check_name(e, AT(p, "deviceClassName"), class, names__dns1123_subdomain);
    check_selectors(e, AT(p, "selectors"), value_get(r, "selectors"));
    if (!one_of(mode, "All|ExactCount"))
        unsupported(e, AT(p, "allocationMode"), mode, "All|ExactCount");
    else if (strcmp(mode, "All") == 0 && int_of(r, "count", 0) != 0)
        bad_int(e, AT(p, "count"), int_of(r, "count", 0),
                "must not be specified when allocationMode is 'All'");
    else if (strcmp(mode, "ExactCount") == 0 && int_of(r, "count", 0) <= 0)
        bad_int(e, AT(p, "count"), int_of(r, "count", 0), "must be greater than zero");
}

/* Whether an item's name is one that was there before it. */
static void check_unique(FieldErrs *e, const Path *p, const Value *list, uint32_t i)
{
    const char *name = str_of(value_item(list, i), "name");

    for (uint32_t k = 0; k < i; k++)
        if (strcmp(str_of(value_item(list, k), "name"), name) == 0) {
            duplicate(e, AT_ITEM(p, i), name);
            break;
        }
}

static void check_request(FieldErrs *e, const Path *p, const Value *r)
{
    bool exact = has(r, "exactly"), first = value_len(value_get(r, "firstAvailable")) > 0;
    const Value *sub;

    if (str_of(r, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), str_of(r, "name"), names__dns1123_label);
    if (exact && first) {
        bad(e, p, value_null(e->arena),
            "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are "
            "set");
        return;
    }
    if (!exact && !first)
        missing(e, p, "exactly one of `exactly` or `firstAvailable` is required");
    if (exact)
        check_device_request(e, AT(p, "exactly"), value_get(r, "exactly"));
    (void)check_len(e, AT(p, "firstAvailable"), value_get(r, "firstAvailable"),
                    FIRST_AVAILABLE_MAX);
    value_each_item(value_get(r, "firstAvailable"), i, sub)
    {
        const Path *at = AT_ITEM(AT(p, "firstAvailable"), i);

        check_name(e, AT(at, "name"), str_of(sub, "name"), names__dns1123_label);
        check_device_request(e, at, sub);
        check_unique(e, AT(p, "firstAvailable"), value_get(r, "firstAvailable"), i);
    }
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

/* REQUEST or REQUEST/SUBREQUEST: both are labels. */
static void check_parts(FieldErrs *e, const Path *p, const char *name)
{
    const char *slash = strchr(name, '/');

    if (slash && strchr(slash + 1, '/'))
        return;
    check_name(e, p, slash ? arena_strndup(e->arena, name, (size_t)(slash - name)) : name,
               names__dns1123_label);
    if (slash)
        check_name(e, p, slash + 1, names__dns1123_label);
}

static void check_request_names(FieldErrs *e, const Path *p, const Value *names,
                                const Value *requests)
{
    const Value *n;

    (void)check_len(e, p, names, LIST_MAX);
    value_each_item(names, i, n)
    {
        check_parts(e, AT_ITEM(p, i), value_to_cstr(n) ? value_to_cstr(n) : "");
        if (value_to_cstr(n) && !is_request(requests, n->str))
            bad(e, AT_ITEM(p, i), n,
                "must be the name of a request in the claim or the name of a request and a "
                "subrequest separated by '/'");
    }
}

static void check_constraint(FieldErrs *e, const Path *p, const Value *c, const Value *requests)
{
    static const char *const names[] = {"matchAttribute", "distinctAttribute"};

    check_request_names(e, AT(p, "requests"), value_get(c, "requests"), requests);
    if (!has(c, names[0]) && !has(c, names[1])) {
        missing(e, p,
                "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but "
                "multiple fields are set");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!has(c, names[i]))
            continue;
        if (!strchr(str_of(c, names[i]), '/'))
            bad_str(e, AT(p, names[i]), str_of(c, names[i]),
                    "a fully qualified name must be a domain and a name separated by a slash");
        break; /* the second is not looked at */
    }
}

static void check_opaque(FieldErrs *e, const Path *p, const Value *config)
{
    const Value *opaque = value_get(config, "opaque");
    const Path *at = AT(p, "opaque");

    if (!value_is(opaque, VALUE_OBJECT)) {
        missing(e, at, NULL);
        return;
    }
    check_driver(e, AT(at, "driver"), str_of(opaque, "driver"));
    if (!has(opaque, "parameters"))
        missing(e, AT(at, "parameters"), NULL);
    else if (!value_is(value_get(opaque, "parameters"), VALUE_OBJECT))
        bad_str(e, AT(at, "parameters"), "<value omitted>", "must be a valid JSON object");
}

static void check_claim(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *devices = value_get(spec, "devices"), *x;
    const Value *requests = value_get(devices, "requests");
    const Path *at = AT(p, "devices");

    (void)check_len(e, AT(at, "requests"), requests, LIST_MAX);
    value_each_item(requests, i, x)
    {
        check_request(e, AT_ITEM(AT(at, "requests"), i), x);
        check_unique(e, AT(at, "requests"), requests, i);
    }
    (void)check_len(e, AT(at, "constraints"), value_get(devices, "constraints"), LIST_MAX);
    value_each_item(value_get(devices, "constraints"), i, x)
        check_constraint(e, AT_ITEM(AT(at, "constraints"), i), x, requests);
    (void)check_len(e, AT(at, "config"), value_get(devices, "config"), LIST_MAX);
    value_each_item(value_get(devices, "config"), i, x)
    {
        const Path *config = AT_ITEM(AT(at, "config"), i);

        check_request_names(e, AT(config, "requests"), value_get(x, "requests"), requests);
        check_opaque(e, config, x);
    }
}

static void create_claim(FieldErrs *e, const Value *v)
{
    check_claim(e, AT(NULL, "spec"), value_get(v, "spec"));
}

static void update_claim(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    if (sub[0])
        return;
    check_immutable(e, AT(NULL, "spec"), value_get(v, "spec"), value_get(old, "spec"));
}

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
    const Value *now = value_get(v, "spec"), *was = value_get(old, "spec");

    if (now && was && !value_equal(now, was))
        bad(e, AT(NULL, "spec"),
            validate__go_shown(e, "io.k8s.api.resource.v1.ResourceClaimTemplateSpec", now),
            "field is immutable");
}

static void create_class(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *x;
    const char *extended = str_of(spec, "extendedResourceName");
    const Path *p = AT(NULL, "spec");

    check_selectors(e, AT(p, "selectors"), value_get(spec, "selectors"));
    (void)check_len(e, AT(p, "config"), value_get(spec, "config"), LIST_MAX);
    value_each_item(value_get(spec, "config"), i, x)
        check_opaque(e, AT_ITEM(AT(p, "config"), i), x);
    if (has(spec, "extendedResourceName") && !validate__is_extended(e, extended))
        bad_str(e, AT(p, "extendedResourceName"), extended,
                "must be a valid extended resource name");
}

/* ---- slices ---- */

/* Names of subdomains with slashes between. */
static void check_pool_name(FieldErrs *e, const Path *p, const char *name)
{
    Slice rest = slice_of(name), part;
    bool more;

    if (name[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    if (rest.len > POOL_NAME_MAX)
        too_long(e, p, POOL_NAME_MAX);
    do {
        more = slice_cut(&rest, '/', &part);
        check_name(e, p, arena_strndup(e->arena, part.ptr, part.len), names__dns1123_subdomain);
    } while (more);
}

static void check_pool(FieldErrs *e, const Path *p, const Value *pool)
{
    int64_t count = int_of(pool, "resourceSliceCount", 0);

    check_pool_name(e, AT(p, "name"), str_of(pool, "name"));
    if (count <= 0)
        bad_int(e, AT(p, "resourceSliceCount"), count, "must be greater than zero");
    if (int_of(pool, "generation", 0) < 0)
        bad_int(e, AT(p, "generation"), int_of(pool, "generation", 0),
                "must be greater than or equal to zero");
}

static void check_node_selector(FieldErrs *e, const Path *p, const Value *selector)
{
    const Value *terms = value_get(selector, "nodeSelectorTerms"), *t;
    Value *shown = value_array(e->arena);

    validate__node_selector(e, p, selector);
    if (value_len(terms) == 1)
        return;
    value_each_item(terms, i, t) value_append(
        e->arena, shown, validate__go_shown(e, "io.k8s.api.core.v1.NodeSelectorTerm", t));
    bad(e, AT(p, "nodeSelectorTerms"), shown, "must have exactly one node selector term");
}

/* On which nodes the devices are: one of four ways. */
static void check_nodes(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char *const ways[] = {"nodeName", "nodeSelector", "allNodes",
                                       "perDeviceNodeSelection"};
    static const char rule[] = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, "
                               "`perDeviceNodeSelection` is required";
    AUTO_BUF set = BUF_INIT;
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        const Value *v = value_get(spec, ways[i]);

        if (value_is(v, VALUE_BOOL) && !v->boolean) {
            bad(e, AT(p, ways[i]), v, "must be either unset or set to true");
            continue;
        }
        if (value_is(v, VALUE_STRING) && v->n == 0) {
            bad(e, AT(p, ways[i]), v, "must be either unset or set to a non-empty string");
            continue;
        }
        if (value_is(v, VALUE_STRING))
            check_name(e, AT(p, ways[i]), v->str, names__dns1123_subdomain);
        if (value_is(v, VALUE_OBJECT))
            check_node_selector(e, AT(p, ways[i]), v);
        if (has(spec, ways[i]))
            buf_addf(&set, "%s`%s`", n++ > 0 ? ", " : "", ways[i]);
    }
    if (n == 0)
        missing(e, p, rule);
    else if (n > 1)
        bad_str(e, p, arena_printf(e->arena, "{%s}", buf_str(&set)),
                "%s, but multiple fields are set", rule);
}

static void check_attribute(FieldErrs *e, const Path *p, const Value *attribute)
{
    static const char *const texts[] = {"string", "version"};

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strlen(str_of(attribute, texts[i])) > ATTRIBUTE_VALUE_MAX)
            too_long(e, AT(p, texts[i]), ATTRIBUTE_VALUE_MAX);
    if (value_len(attribute) != 1)
        bad(e, p,
            value_len(attribute) > 0
                ? validate__go_shown(e, "io.k8s.api.resource.v1.DeviceAttribute", attribute)
                : value_str(e->arena, ""),
            "exactly one value must be specified");
}

/* Where one device is, when the slice leaves that to its devices. */
static void check_device_nodes(FieldErrs *e, const Path *p, const Value *d, bool per_device)
{
    static const char rule[] =
        "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when "
        "`perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    static const char *const ways[] = {"nodeName", "nodeSelector", "allNodes"};
    AUTO_BUF set = BUF_INIT;
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        const Value *v = value_get(d, ways[i]);

        if (!has(d, ways[i]))
            continue;
        buf_addf(&set, "%s`%s`", n++ > 0 ? ", " : "", ways[i]);
        if (per_device && value_is(v, VALUE_STRING))
            check_name(e, AT(p, ways[i]), v->str, names__dns1123_subdomain);
        else if (per_device && value_is(v, VALUE_OBJECT))
            validate__node_selector(e, AT(p, ways[i]), v);
        else if (per_device && !value_is_true(v))
            bad(e, AT(p, ways[i]), v, "must be either unset or set to true");
    }
    if (!per_device && n > 0)
        bad(e, p, value_null(e->arena),
            "`nodeName`, `nodeSelector` and `allNodes` can only be set if "
            "`perDeviceNodeSelection` is set to true in the ResourceSlice spec");
    else if (per_device && n == 0)
        missing(e, p, rule);
    else if (per_device && n > 1)
        bad_str(e, p, arena_printf(e->arena, "{%s}", buf_str(&set)), "%s", rule);
}

static void check_device(FieldErrs *e, const Path *p, const Value *d, bool per_device)
{
    const Value *attributes = value_get(d, "attributes"), *capacity = value_get(d, "capacity");
    const char *name = str_of(d, "name");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, names__dns1123_label);
    if (value_len(attributes) + value_len(capacity) > ATTRIBUTES_MAX)
        bad_int(e, p, value_len(attributes) + value_len(capacity),
                "the total number of attributes and capacities must not exceed %d", ATTRIBUTES_MAX);
    value_each_member(attributes, m)
        check_attribute(e, AT_KEY(AT(p, "attributes"), m->name), m->value);
    value_each_member(capacity, m)
    {
        if (has(m->value, "requestPolicy") &&
            !value_is_true(value_get(d, "allowMultipleAllocations")))
            forbidden(e, AT(AT_KEY(AT(p, "capacity"), m->name), "requestPolicy"),
                      "allowMultipleAllocations must be true");
    }
    check_device_nodes(e, p, d, per_device);
}

static void check_slice(FieldErrs *e, const Value *v, const Value *old)
{
    static const char *const fixed[] = {"driver", "nodeName"};
    const Value *spec = value_get(v, "spec"), *devices = value_get(spec, "devices"), *d;
    const Value *before = value_get(old, "spec");
    const Path *p = AT(NULL, "spec");
    uint32_t most = DEVICES_MAX;

    check_driver(e, AT(p, "driver"), str_of(spec, "driver"));
    check_pool(e, AT(p, "pool"), value_get(spec, "pool"));
    if (before)
        check_immutable(e, AT(AT(p, "pool"), "name"), value_at(spec, "pool.name"),
                        value_at(before, "pool.name"));
    for (size_t i = 0; i < ARRAY_LEN(fixed) && before; i++)
        check_immutable(e, AT(p, fixed[i]), value_get(spec, fixed[i]), value_get(before, fixed[i]));
    check_nodes(e, p, spec);
    if (has(spec, "sharedCounters") && has(spec, "devices"))
        bad_str(e, p, "", "only one of `sharedCounters` or `devices` is allowed");
    value_each_item(devices, i, d)
    {
        if (value_len(value_get(d, "taints")) > 0 ||
            value_len(value_get(d, "consumesCounters")) > 0)
            most = DEVICES_WITH_TAINTS_MAX;
    }
    (void)check_len(e, AT(p, "devices"), devices, most);
    value_each_item(devices, i, d)
    {
        check_device(e, AT_ITEM(AT(p, "devices"), i), d,
                     value_is_true(value_get(spec, "perDeviceNodeSelection")));
        check_unique(e, AT(p, "devices"), devices, i);
    }
}

static void create_slice(FieldErrs *e, const Value *v)
{
    check_slice(e, v, NULL);
}

static void update_slice(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    check_slice(e, v, old);
}

const KindRow validate__resource[] = {
    {RESOURCE, "ResourceClaim", names__dns1123_subdomain, create_claim, update_claim},
    {RESOURCE, "ResourceClaimTemplate", names__dns1123_subdomain, create_template, update_template},
    {RESOURCE, "DeviceClass", names__dns1123_subdomain, create_class, NULL},
    {RESOURCE, "ResourceSlice", names__dns1123_subdomain, create_slice, update_slice},
    {NULL, NULL, NULL, NULL, NULL},
};
