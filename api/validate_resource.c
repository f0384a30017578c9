/*
 * validate_resource.c - resource.k8s.io: claims, templates, classes and slices.
 */
#include "api/validate_int.h"

#define RESOURCE "resource.k8s.io"

static void check_selectors(FieldErrs *e, const Path *p, const Value *selectors)
{
    const Value *s;

    value_each_item(selectors, i, s)
    {
        const Path *at = AT(AT_ITEM(p, i), "cel");

        if (!has(s, "cel"))
            missing(e, at, NULL);
        else if (str_of(value_get(s, "cel"), "expression")[0] == '\0')
            missing(e, AT(at, "expression"), NULL);
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
    else if (strcmp(mode, "ExactCount") == 0 && int_of(r, "count", 0) <= 0)
        bad_int(e, AT(p, "count"), int_of(r, "count", 0), "must be greater than zero");
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
    value_each_item(value_get(r, "firstAvailable"), i, sub)
    {
        const Path *at = AT_ITEM(AT(p, "firstAvailable"), i);

        check_name(e, AT(at, "name"), str_of(sub, "name"), names__dns1123_label);
        check_device_request(e, at, sub);
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

static void check_request_names(FieldErrs *e, const Path *p, const Value *names,
                                const Value *requests)
{
    const Value *n;

    value_each_item(names, i, n)
    {
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
    if (has(c, names[0]) == has(c, names[1])) {
        missing(e, p,
                "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but "
                "multiple fields are set");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (has(c, names[i]) && !strchr(str_of(c, names[i]), '/'))
            bad_str(e, AT(p, names[i]), str_of(c, names[i]),
                    "a fully qualified name must be a domain and a name separated by a slash");
}

static void check_claim(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *devices = value_get(spec, "devices"), *x;
    const Value *requests = value_get(devices, "requests");
    const Path *at = AT(p, "devices");

    value_each_item(requests, i, x) check_request(e, AT_ITEM(AT(at, "requests"), i), x);
    value_each_item(value_get(devices, "constraints"), i, x)
        check_constraint(e, AT_ITEM(AT(at, "constraints"), i), x, requests);
    value_each_item(value_get(devices, "config"), i, x)
    {
        const Path *config = AT_ITEM(AT(at, "config"), i);

        check_request_names(e, AT(config, "requests"), value_get(x, "requests"), requests);
        if (!has(x, "opaque"))
            missing(e, AT(config, "opaque"), NULL);
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
    check_claim(e, AT(AT(NULL, "spec"), "spec"), value_at(v, "spec.spec"));
}

static void create_class(FieldErrs *e, const Value *v)
{
    check_selectors(e, AT(AT(NULL, "spec"), "selectors"), value_at(v, "spec.selectors"));
}

/* ---- slices ---- */

static void check_pool(FieldErrs *e, const Path *p, const Value *pool)
{
    int64_t count = int_of(pool, "resourceSliceCount", 0);

    if (str_of(pool, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    if (count <= 0)
        bad_int(e, AT(p, "resourceSliceCount"), count, "must be greater than zero");
    if (int_of(pool, "generation", 0) < 0)
        bad_int(e, AT(p, "generation"), int_of(pool, "generation", 0),
                "must be greater than or equal to zero");
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
        if (has(spec, ways[i]))
            buf_addf(&set, "%s`%s`", n++ > 0 ? ", " : "", ways[i]);
    }
    if (n == 0)
        missing(e, p, rule);
    else if (n > 1)
        bad_str(e, p, arena_printf(e->arena, "{%s}", buf_str(&set)),
                "%s, but multiple fields are set", rule);
}

static void create_slice(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *devices = value_get(spec, "devices"), *d;
    const char *driver = str_of(spec, "driver");
    const Path *p = AT(NULL, "spec");

    if (driver[0] == '\0')
        missing(e, AT(p, "driver"), NULL);
    else
        check_name(e, AT(p, "driver"), driver, names__dns1123_subdomain);
    check_pool(e, AT(p, "pool"), value_get(spec, "pool"));
    check_nodes(e, p, spec);
    value_each_item(devices, i, d)
    {
        const Path *at = AT_ITEM(AT(p, "devices"), i);
        const char *name = str_of(d, "name");

        if (name[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        else
            check_name(e, AT(at, "name"), name, names__dns1123_label);
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(str_of(value_item(devices, k), "name"), name) == 0) {
                duplicate(e, at, name);
                break;
            }
        }
        value_each_member(value_get(d, "attributes"), m)
        {
            if (value_len(m->value) != 1)
                bad_str(e, AT_KEY(AT(at, "attributes"), m->name), "",
                        "exactly one value must be specified");
        }
    }
}

const KindRow validate__resource[] = {
    {RESOURCE, "ResourceClaim", names__dns1123_subdomain, create_claim, update_claim},
    {RESOURCE, "ResourceClaimTemplate", names__dns1123_subdomain, create_template, NULL},
    {RESOURCE, "DeviceClass", names__dns1123_subdomain, create_class, NULL},
    {RESOURCE, "ResourceSlice", names__dns1123_subdomain, create_slice, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
