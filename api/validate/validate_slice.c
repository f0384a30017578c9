/*
 * validate_slice.c - resource.k8s.io: slices, the devices that a driver offers.
 */
#include "api/validate_device.h"

enum {
    DEVICES_MAX = 128,
    DEVICES_WITH_MORE_MAX = 64, /* with taints or counters */
    TAINTS_MAX = 16,
    COUNTER_SETS_MAX = 8,
    COUNTERS_MAX = 32, /* of one set, or consumed of one */
    CONSUMED_SETS_MAX = 2,
    VALUES_MAX = 10, /* to choose from in a request's policy */
};

static void check_pool(FieldErrs *e, const Path *p, const Value *pool)
{
    int64_t count = int_of(pool, "resourceSliceCount", 0);

    device_check_pool(e, AT(p, "name"), str_of(pool, "name"));
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

/* ---- attributes ---- */

static bool take_number(const char **s)
{
    const char *from = *s;

    while (**s >= '0' && **s <= '9')
        (*s)++;
    return *s > from && (from[0] != '0' || *s == from + 1);
}

static bool is_number(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

/* Identifiers with dots between; numbers may not begin with a zero where they count. */
static bool take_identifiers(const char **s, bool is_order)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";

    for (;;) {
        size_t n = strspn(*s, allowed);

        if (n == 0 || (is_order && n > 1 && (*s)[0] == '0' && is_number(*s, n)))
            return false;
        *s += n;
        if (**s != '.')
            return true;
        (*s)++;
    }
}

/* semver.org 2.0.0 */
static bool is_version(const char *s)
{
    for (int i = 0; i < 3; i++) {
        if (i > 0 && *s++ != '.')
            return false;
        if (!take_number(&s))
            return false;
    }
    if (*s == '-' && (s++, !take_identifiers(&s, true)))
        return false;
    if (*s == '+' && (s++, !take_identifiers(&s, false)))
        return false;
    return *s == '\0';
}

static void check_attribute(FieldErrs *e, const Path *p, const Value *attribute)
{
    const char *version = str_of(attribute, "version");

    if (strlen(str_of(attribute, "string")) > DEVICE_ATTRIBUTE_VALUE_MAX)
        too_long(e, AT(p, "string"), DEVICE_ATTRIBUTE_VALUE_MAX);
    if (has(attribute, "version") && !is_version(version))
        bad_str(e, AT(p, "version"), version,
                "must be a string compatible with semver.org spec 2.0.0");
    if (strlen(version) > DEVICE_ATTRIBUTE_VALUE_MAX)
        too_long(e, AT(p, "version"), DEVICE_ATTRIBUTE_VALUE_MAX);
    if (value_len(attribute) != 1)
        bad(e, p,
            value_len(attribute) > 0
                ? validate__go_shown(e, "io.k8s.api.resource.v1.DeviceAttribute", attribute)
                : value_str(e->arena, ""),
            "exactly one value must be specified");
}

/* ---- capacities: how much of one may be asked for ---- */

typedef struct Amount {
    Quantity q;
    char text[QUANTITY_TEXT_MAX];
    bool is_set;
} Amount;

static Amount amount_of(const Value *v)
{
    Amount a = {.is_set = quantity_of_value(v, &a.q)};

    if (a.is_set)
        quantity_print(&a.q, a.text);
    return a;
}

static int cmp(const Amount *a, const Amount *b)
{
    return quantity_cmp(&a->q, &b->q);
}

static void check_values(FieldErrs *e, const Path *p, const Value *values, const Amount *usual,
                         const Amount *capacity)
{
    bool is_one = false;

    for (uint32_t i = 0; i + 1 < value_len(values); i++) {
        Amount a = amount_of(value_item(values, i)), b = amount_of(value_item(values, i + 1));

        if (cmp(&a, &b) > 0)
            bad_str(e, AT_ITEM(p, i + 1), b.text, "values must be sorted in ascending order");
    }
    if (device_check_len(e, p, values, VALUES_MAX)) {
        for (uint32_t i = 0; i < value_len(values); i++) {
            Amount a = amount_of(value_item(values, i));

            if (cmp(&a, capacity) > 0)
                bad_str(e, AT_ITEM(p, i), a.text, "option is larger than capacity value: %s",
                        capacity->text);
            is_one = is_one || cmp(&a, usual) == 0;
        }
        for (uint32_t i = 0; i < value_len(values); i++) {
            Amount a = amount_of(value_item(values, i));

            for (uint32_t k = 0; k < i; k++) {
                Amount b = amount_of(value_item(values, k));

                if (quantity_value(&a.q) != quantity_value(&b.q))
                    continue;
                duplicate(e, AT_ITEM(p, i),
                          arena_printf(e->arena, "%lld", (long long)quantity_value(&a.q)));
                break;
            }
        }
    }
    if (!is_one)
        bad_str(e, p, usual->text, "default value is not valid according to the requestPolicy");
}

static void check_step(FieldErrs *e, const Path *p, const Amount *value, const Amount *min,
                       const Amount *step)
{
    int64_t by = quantity_value(&step->q);
    __int128 far = (__int128)quantity_value(&value->q) - quantity_value(&min->q);

    if (by > 0 && far % by != 0)
        bad_str(e, p, value->text, "value is not a multiple of a given step (%s) from (%s)",
                step->text, min->text);
}

static void check_steps(FieldErrs *e, const Path *p, const Amount *usual, const Amount *min,
                        const Amount *max, const Amount *step, const Amount *capacity)
{
    Amount sum = {.q = quantity_add(min->q, step->q)};

    if (step->q.nano <= 0) {
        bad_str(e, p, step->text, "must be greater than zero");
        return;
    }
    quantity_print(&sum.q, sum.text);
    if (cmp(&sum, capacity) > 0)
        bad_str(e, p, step->text, "one step %s is larger than capacity value: %s", sum.text,
                capacity->text);
    check_step(e, p, usual, min, step);
    if (max->is_set)
        check_step(e, p, max, min, step);
}

static void check_range_of(FieldErrs *e, const Path *p, const Value *range, const Amount *usual,
                           const Amount *capacity)
{
    Amount min = amount_of(value_get(range, "min")), max = amount_of(value_get(range, "max"));
    Amount step = amount_of(value_get(range, "step"));

    if (!min.is_set) {
        missing(e, AT(p, "min"), "required when validRange is defined");
        return;
    }
    if (cmp(&min, capacity) > 0)
        bad_str(e, AT(p, "min"), min.text, "min is larger than capacity value: %s", capacity->text);
    if (cmp(usual, &min) < 0)
        bad_str(e, AT(p, "default"), usual->text, "default is less than min: %s", min.text);
    if (max.is_set && cmp(&min, &max) > 0)
        bad_str(e, AT(p, "max"), min.text, "min is larger than max: %s", max.text);
    if (max.is_set && cmp(&max, capacity) > 0)
        bad_str(e, AT(p, "max"), max.text, "max is larger than capacity value: %s", capacity->text);
    if (max.is_set && cmp(usual, &max) > 0)
        bad_str(e, AT(p, "default"), usual->text, "default is more than max: %s", max.text);
    if (step.is_set)
        check_steps(e, AT(p, "step"), usual, &min, &max, &step, capacity);
}

static void check_policy(FieldErrs *e, const Path *p, const Value *policy, const Value *value)
{
    const Value *values = value_get(policy, "validValues"),
                *range = value_get(policy, "validRange");
    bool has_values = value_len(values) > 0, has_range = value_is(range, VALUE_OBJECT);
    Amount usual = amount_of(value_get(policy, "default")), capacity = amount_of(value);

    if (has_values && has_range)
        forbidden(e, p,
                  "exactly one policy can be specified, cannot specify \"validValues\" and "
                  "\"validRange\" at the same time");
    else if (has_values && !usual.is_set)
        missing(e, AT(p, "default"), "required when validValues is defined");
    else if (has_values)
        check_values(e, AT(p, "validValues"), values, &usual, &capacity);
    else if (has_range && !usual.is_set)
        missing(e, AT(p, "default"), "required when validRange is defined");
    else if (has_range)
        check_range_of(e, AT(p, "validRange"), range, &usual, &capacity);
}

/* ---- devices ---- */

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
        if (per_device && value_is(v, VALUE_STRING) && v->n == 0) {
            bad(e, AT(p, ways[i]), v, "must not be empty");
            continue;
        }
        if (per_device && value_is(v, VALUE_BOOL) && !v->boolean) {
            bad(e, AT(p, ways[i]), v, "must be either unset or set to true");
            continue;
        }
        buf_addf(&set, "%s`%s`", n++ > 0 ? ", " : "", ways[i]);
        if (per_device && value_is(v, VALUE_STRING))
            check_name(e, AT(p, ways[i]), v->str, names__dns1123_subdomain);
        else if (per_device && value_is(v, VALUE_OBJECT))
            validate__node_selector(e, AT(p, ways[i]), v);
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

/* A member of a map of attributes; the middle of a name that is far too long is left out. */
static const Path *shown_key(FieldErrs *e, const Path *p, const char *name, size_t most, Path *ret)
{
    size_t n = strlen(name), kept = most - 3;

    if (n > most)
        name =
            arena_printf(e->arena, "%.*s...%s", (int)((kept + 1) / 2), name, name + n - kept / 2);
    *ret = (Path){.up = p, .name = name, .is_key = true};
    return ret;
}

static void check_properties(FieldErrs *e, const Path *p, const Value *d, bool is_same_capacity)
{
    enum { KEY_MAX = DEVICE_DOMAIN_MAX + 1 + DEVICE_ID_MAX };
    const Value *attributes = value_get(d, "attributes"), *capacity = value_get(d, "capacity");
    bool is_shared = value_is_true(value_get(d, "allowMultipleAllocations"));
    uint32_t n = value_len(attributes) + value_len(capacity);
    Path key;

    if (n > DEVICE_ATTRIBUTES_MAX)
        bad_int(e, p, n, "the total number of attributes and capacities must not exceed %d",
                DEVICE_ATTRIBUTES_MAX);
    value_each_member(attributes, m)
    {
        device_check_qualified(e, AT(p, "attributes"), m->name);
        check_attribute(e, shown_key(e, AT(p, "attributes"), m->name, KEY_MAX, &key), m->value);
    }
    if (is_same_capacity)
        return;
    value_each_member(capacity, m)
    {
        const Value *policy = value_get(m->value, "requestPolicy");
        const Path *at = shown_key(e, AT(p, "capacity"), m->name, KEY_MAX, &key);

        device_check_qualified(e, AT(p, "capacity"), m->name);
        if (value_is(policy, VALUE_OBJECT) && is_shared)
            check_policy(e, AT(at, "requestPolicy"), policy, value_get(m->value, "value"));
        else if (value_is(policy, VALUE_OBJECT))
            forbidden(e, AT(at, "requestPolicy"), "allowMultipleAllocations must be true");
    }
}

static void check_taint(FieldErrs *e, const Path *p, const Value *t)
{
    const char *effect = str_of(t, "effect");

    check_name(e, AT(p, "key"), str_of(t, "key"), names__qualified);
    if (str_of(t, "value")[0])
        check_name(e, AT(p, "value"), str_of(t, "value"), names__label_value);
    if (effect[0] == '\0')
        missing(e, AT(p, "effect"), NULL);
    else
        check_enum(e, AT(p, "effect"), effect, "NoExecute|NoSchedule|None");
}

/* A set of counters, or what of one is consumed; `name` is the member that says which. */
static void check_counters(FieldErrs *e, const Path *p, const Value *set, const char *name)
{
    const Value *counters = value_get(set, "counters");
    const Path *at = AT(p, "counters");

    if (str_of(set, name)[0] == '\0')
        missing(e, AT(p, name), NULL);
    else
        check_name(e, AT(p, name), str_of(set, name), names__dns1123_label);
    if (value_len(counters) == 0)
        missing(e, at, NULL);
    else if (device_check_len(e, at, counters, COUNTERS_MAX))
        value_each_member(counters, m) check_name(e, at, m->name, names__dns1123_label);
}

static void check_counter_sets(FieldErrs *e, const Path *p, const Value *sets, const char *name,
                               uint32_t most)
{
    const Value *set;

    if (!device_check_len(e, p, sets, most))
        return;
    value_each_item(sets, i, set) check_counters(e, AT_ITEM(p, i), set, name);
    device_check_unique(e, p, sets, name);
}

static bool is_same(const Value *now, const Value *old, const char *member)
{
    const Value *a = value_get(now, member), *b = value_get(old, member);

    return old && (a == b || (a && b && value_equal(a, b)));
}

static void check_device(FieldErrs *e, const Path *p, const Value *d, const Value *old,
                         bool per_device)
{
    const Value *taints = value_get(d, "taints"), *t;

    check_name(e, AT(p, "name"), str_of(d, "name"), names__dns1123_label);
    check_properties(e, p, d, is_same(d, old, "capacity"));
    if (!is_same(d, old, "taints") && device_check_len(e, AT(p, "taints"), taints, TAINTS_MAX))
        value_each_item(taints, i, t) check_taint(e, AT_ITEM(AT(p, "taints"), i), t);
    check_counter_sets(e, AT(p, "consumesCounters"), value_get(d, "consumesCounters"), "counterSet",
                       CONSUMED_SETS_MAX);
    check_device_nodes(e, p, d, per_device);
    device_check_bindings(e, p, d);
}

static const Value *device_named(const Value *devices, const char *name)
{
    const Value *d;

    value_each_item(devices, i, d) if (strcmp(str_of(d, "name"), name) == 0) return d;
    return NULL;
}

static void check_devices(FieldErrs *e, const Path *p, const Value *spec, const Value *before)
{
    const Value *devices = value_get(spec, "devices"), *d;
    uint32_t most = DEVICES_MAX;

    value_each_item(devices, i, d)
    {
        if (value_len(value_get(d, "taints")) > 0 ||
            value_len(value_get(d, "consumesCounters")) > 0)
            most = DEVICES_WITH_MORE_MAX;
    }
    if (!device_check_len(e, p, devices, most))
        return;
    value_each_item(devices, i, d) check_device(
        e, AT_ITEM(p, i), d, device_named(value_get(before, "devices"), str_of(d, "name")),
        value_is_true(value_get(spec, "perDeviceNodeSelection")));
    device_check_unique(e, p, devices, "name");
}

static void check_slice(FieldErrs *e, const Value *v, const Value *old)
{
    static const char *const fixed[] = {"driver", "nodeName"};
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    const Path *p = AT(NULL, "spec");

    validate__driver_name(e, AT(p, "driver"), str_of(spec, "driver"));
    check_pool(e, AT(p, "pool"), value_get(spec, "pool"));
    if (before)
        check_immutable(e, AT(AT(p, "pool"), "name"), value_at(spec, "pool.name"),
                        value_at(before, "pool.name"));
    for (size_t i = 0; i < ARRAY_LEN(fixed) && before; i++)
        check_immutable(e, AT(p, fixed[i]), value_get(spec, fixed[i]), value_get(before, fixed[i]));
    check_nodes(e, p, spec);
    if (has(spec, "sharedCounters") && has(spec, "devices"))
        bad_str(e, p, "", "only one of `sharedCounters` or `devices` is allowed");
    check_devices(e, AT(p, "devices"), spec, before);
    check_counter_sets(e, AT(p, "sharedCounters"), value_get(spec, "sharedCounters"), "name",
                       COUNTER_SETS_MAX);
}

void validate__slice_create(FieldErrs *e, const Value *v)
{
    check_slice(e, v, NULL);
}

void validate__slice_update(FieldErrs *e, const char *subresource UNUSED, const Value *v,
                            const Value *old)
{
    check_slice(e, v, old);
}
