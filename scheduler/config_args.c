#include "api/validate.h"
#include "scheduler/conf.h"
#include "scheduler/config.h"

/* What is read from pluginConfig[].args of each plug-in that takes arguments, and what
 * kube-scheduler's validation says of it. */

enum { WEIGHT_MAX = 100, UTILIZATION_MAX = 100, SHAPE_SCORE_MAX = 10 };

#define KIND_FIELDS "apiVersion", "kind"

/* ---- resources and shapes ---- */

static int read_resource(const Conf *item, int64_t weight_max, ResourceWeight *out, Err *err)
{
    Conf at = conf_get(item, "name"), weight = conf_get(item, "weight");
    int r = CONF_CHECK(item, err, "name", "weight");

    r = r < 0 ? r : conf_str(item, "name", &out->name, err);
    r = r < 0 ? r : conf_int(item, "weight", INT32_MIN, INT32_MAX, &out->weight, err);
    if (r < 0)
        return r;
    if (!out->name || validate_qualified_name(out->name))
        return conf_wrong(&at, err, "must be the name of a resource");
    if (out->weight == 0)
        out->weight = 1;
    if (out->weight < 0 || out->weight > weight_max)
        return conf_wrong(&weight, err,
                          "Invalid value: %lld: resource weight of %s not in valid range (0, %lld]",
                          (long long)out->weight, out->name, (long long)weight_max);
    return 0;
}

static int read_resources(const Conf *c, int64_t weight_max, const ResourceWeight **inout,
                          uint32_t *inout_n, Err *err)
{
    ResourceWeight *list;
    Conf at;
    uint32_t n;
    int r = conf_list(c, "resources", &at, &n, err);

    if (r < 0 || n == 0)
        return r;
    list = arena_array(c->arena, ResourceWeight, n);
    for (uint32_t i = 0; i < n; i++) {
        Conf item = conf_item(&at, i);

        r = read_resource(&item, weight_max, &list[i], err);
        if (r < 0)
            return r;
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(list[k].name, list[i].name))
                return conf_wrong(&item, err, "Duplicate value: \"%s\"", list[i].name);
    }
    *inout = list;
    *inout_n = n;
    return 0;
}

static int read_shape(const Conf *c, FitArgs *out, Err *err)
{
    ShapePoint *points;
    Conf list;
    int r = conf_list(c, "shape", &list, &out->n_shape, err);

    if (r < 0)
        return r;
    if (out->n_shape == 0)
        return conf_wrong(&list, err, "Required value: at least one point must be specified");
    out->shape = points = arena_array(c->arena, ShapePoint, out->n_shape);
    for (uint32_t i = 0; i < out->n_shape; i++) {
        Conf item = conf_item(&list, i), at = conf_get(&item, "utilization");

        r = CONF_CHECK(&item, err, "utilization", "score");
        r = r < 0 ? r
                  : conf_int(&item, "utilization", 0, UTILIZATION_MAX, &points[i].utilization, err);
        r = r < 0 ? r : conf_int(&item, "score", 0, SHAPE_SCORE_MAX, &points[i].score, err);
        if (r < 0)
            return r;
        if (i > 0 && points[i].utilization <= points[i - 1].utilization)
            return conf_wrong(&at, err,
                              "Invalid value: %lld: values must be sorted in increasing order",
                              (long long)points[i].utilization);
    }
    return 0;
}

/* ---- NodeResourcesFit ---- */

static int read_names(const Conf *c, const char *field, bool is_group, const Value **inout,
                      Err *err)
{
    Conf list;
    uint32_t n;
    int r = conf_list(c, field, &list, &n, err);

    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i);
        const char *name = value_to_cstr(item.v);

        if (!name || validate_qualified_name(name))
            return conf_wrong(&item, err, "must be the name of a resource");
        if (is_group && strchr(name, '/'))
            return conf_wrong(&item, err, "resource group name can't contain '/'");
    }
    if (r == 0 && n > 0)
        *inout = list.v;
    return r;
}

static int read_strategy(const Conf *c, FitArgs *out, Err *err)
{
    static const char *const types[] = {"LeastAllocated", "MostAllocated",
                                        "RequestedToCapacityRatio", NULL};
    Conf ratio = conf_get(c, "requestedToCapacityRatio"), type = conf_get(c, "type");
    uint32_t k = 0;
    int r = CONF_CHECK(c, err, "type", "resources", "requestedToCapacityRatio");

    if (r == 0 && conf_is_set(c) && !conf_is_set(&type))
        return conf_wrong(&type, err, "Required value");
    r = r < 0 ? r : conf_choice(c, "type", types, &k, err);
    r = r < 0 ? r : read_resources(c, WEIGHT_MAX, &out->resources, &out->n_resources, err);
    if (r < 0)
        return r;
    out->strategy = (FitStrategy)k;
    if (k != FIT_RATIO)
        return conf_is_set(&ratio)
                   ? conf_wrong(&ratio, err,
                                "Forbidden: must be nil when type is not RequestedToCapacityRatio")
                   : 0;
    if (!conf_is_set(&ratio))
        return conf_wrong(
            &ratio, err, "Required value: must be specified when type is RequestedToCapacityRatio");
    r = CONF_CHECK(&ratio, err, "shape");
    return r < 0 ? r : read_shape(&ratio, out, err);
}

static int read_fit(const Conf *c, PluginArgs *out, Err *err)
{
    Conf strategy = conf_get(c, "scoringStrategy");
    int r = CONF_CHECK(c, err, KIND_FIELDS, "ignoredResources", "ignoredResourceGroups",
                       "scoringStrategy");

    r = r < 0 ? r : read_names(c, "ignoredResources", false, &out->fit.ignored, err);
    r = r < 0 ? r : read_names(c, "ignoredResourceGroups", true, &out->fit.ignored_groups, err);
    return r < 0 ? r : read_strategy(&strategy, &out->fit, err);
}

static int read_balanced(const Conf *c, PluginArgs *out, Err *err)
{
    int r = CONF_CHECK(c, err, KIND_FIELDS, "resources");

    return r < 0 ? r : read_resources(c, 1, &out->balanced.resources, &out->balanced.n, err);
}

/* ---- PodTopologySpread ---- */

static int read_constraint(const Conf *c, SpreadDefault *out, Err *err)
{
    static const char *const when[] = {"ScheduleAnyway", "DoNotSchedule", NULL};
    Conf key = conf_get(c, "topologyKey"), labels = conf_get(c, "labelSelector"),
         what = conf_get(c, "whenUnsatisfiable"), skew = conf_get(c, "maxSkew");
    uint32_t k = 0;
    int r = CONF_CHECK(c, err, "maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector");

    r = r < 0 ? r : conf_int(c, "maxSkew", INT32_MIN, INT32_MAX, &out->max_skew, err);
    r = r < 0 ? r : conf_str(c, "topologyKey", &out->key, err);
    r = r < 0 ? r : conf_choice(c, "whenUnsatisfiable", when, &k, err);
    if (r < 0)
        return r;
    out->is_hard = k == 1;
    if (out->max_skew <= 0)
        return conf_wrong(&skew, err, "Invalid value: %lld: not in valid range (0, inf)",
                          (long long)out->max_skew);
    if (!out->key || !out->key[0])
        return conf_wrong(&key, err, "Required value: can not be empty");
    if (validate_qualified_name(out->key))
        return conf_wrong(&key, err, "Invalid value: \"%.100s\": %s", out->key,
                          validate_qualified_name(out->key));
    if (!conf_is_set(&what))
        return conf_wrong(&what, err, "Required value: can not be empty");
    if (conf_is_set(&labels))
        return conf_wrong(&labels, err,
                          "Forbidden: constraint must not define a selector, as "
                          "they deduced for each pod");
    return 0;
}

static int read_spread(const Conf *c, PluginArgs *out, Err *err)
{
    static const char *const types[] = {"System", "List", NULL};
    Conf list, type = conf_get(c, "defaultingType");
    SpreadDefault *items;
    uint32_t k = 0, n;
    int r = CONF_CHECK(c, err, KIND_FIELDS, "defaultConstraints", "defaultingType");

    r = r < 0 ? r : conf_choice(c, "defaultingType", types, &k, err);
    r = r < 0 ? r : conf_list(c, "defaultConstraints", &list, &n, err);
    if (r < 0)
        return r;
    if (k == 0)
        return n == 0 ? 0
                      : conf_wrong(&type, err,
                                   "Invalid value: \"System\": when "
                                   ".defaultConstraints are not empty");
    items = arena_array(c->arena, SpreadDefault, MAX(n, 1));
    for (uint32_t i = 0; i < n; i++) {
        Conf item = conf_item(&list, i);

        r = read_constraint(&item, &items[i], err);
        if (r < 0)
            return r;
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(items[j].key, items[i].key) && items[j].is_hard == items[i].is_hard)
                return conf_wrong(&item, err, "Duplicate value: \"{%s, %s}\"", items[i].key,
                                  items[i].is_hard ? "DoNotSchedule" : "ScheduleAnyway");
    }
    out->spread.items = items;
    out->spread.n = n;
    out->spread.are_systems = false;
    return 0;
}

/* ---- NodeAffinity ---- */

static int check_expressions(const Conf *c, const char *field, Err *err)
{
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist",
                                            "Gt", "Lt",    NULL};
    Conf list;
    uint32_t n, k = 0;
    int r = conf_list(c, field, &list, &n, err);

    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i), key = conf_get(&item, "key"),
             op = conf_get(&item, "operator"), values;
        uint32_t n_values;

        r = CONF_CHECK(&item, err, "key", "operator", "values");
        r = r < 0 ? r : conf_choice(&item, "operator", operators, &k, err);
        r = r < 0 ? r : conf_list(&item, "values", &values, &n_values, err);
        if (r < 0)
            return r;
        if (!value_to_cstr(key.v) || validate_qualified_name(value_to_cstr(key.v)))
            return conf_wrong(&key, err, "must be the name of a label");
        if (!conf_is_set(&op))
            return conf_wrong(&op, err, "Required value");
        for (uint32_t j = 0; j < n_values; j++) {
            Conf value = conf_item(&values, j);

            if (!value_to_cstr(value.v))
                return conf_wrong(&value, err, "must be a string");
        }
    }
    return r;
}

static int check_term(const Conf *c, Err *err)
{
    int r = CONF_CHECK(c, err, "matchExpressions", "matchFields");

    r = r < 0 ? r : check_expressions(c, "matchExpressions", err);
    return r < 0 ? r : check_expressions(c, "matchFields", err);
}

static int check_required(const Conf *c, Err *err)
{
    Conf terms;
    uint32_t n;
    int r = CONF_CHECK(c, err, "nodeSelectorTerms");

    r = r < 0 ? r : conf_list(c, "nodeSelectorTerms", &terms, &n, err);
    if (r == 0 && conf_is_set(c) && n == 0)
        return conf_wrong(&terms, err, "Required value: must have at least one node selector term");
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf term = conf_item(&terms, i);

        r = check_term(&term, err);
    }
    return r;
}

static int read_node_affinity(const Conf *c, PluginArgs *out, Err *err)
{
    Conf added = conf_get(c, "addedAffinity"), list,
         required = conf_get(&added, "requiredDuringSchedulingIgnoredDuringExecution");
    uint32_t n;
    int r = CONF_CHECK(c, err, KIND_FIELDS, "addedAffinity");

    r = r < 0 ? r
              : CONF_CHECK(&added, err, "requiredDuringSchedulingIgnoredDuringExecution",
                           "preferredDuringSchedulingIgnoredDuringExecution");
    r = r < 0 ? r : check_required(&required, err);
    r = r < 0
            ? r
            : conf_list(&added, "preferredDuringSchedulingIgnoredDuringExecution", &list, &n, err);
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i), term = conf_get(&item, "preference");
        int64_t weight = 0;

        r = CONF_CHECK(&item, err, "weight", "preference");
        r = r < 0 ? r : conf_int(&item, "weight", 1, WEIGHT_MAX, &weight, err);
        r = r < 0 ? r : check_term(&term, err);
    }
    if (r < 0)
        return r;
    out->node_affinity.required = conf_is_set(&required) ? required.v : NULL;
    out->node_affinity.preferred = list.v;
    return 0;
}

/* ---- the others ---- */

static int read_affinity(const Conf *c, PluginArgs *out, Err *err)
{
    int r = CONF_CHECK(c, err, KIND_FIELDS, "hardPodAffinityWeight",
                       "ignorePreferredTermsOfExistingPods");

    r = r < 0
            ? r
            : conf_int(c, "hardPodAffinityWeight", 0, WEIGHT_MAX, &out->affinity.hard_weight, err);
    return r < 0 ? r
                 : conf_bool(c, "ignorePreferredTermsOfExistingPods",
                             &out->affinity.ignores_preferred, err);
}

static int read_preemption(const Conf *c, PluginArgs *out, Err *err)
{
    Conf percent = conf_get(c, "minCandidateNodesPercentage");
    int r =
        CONF_CHECK(c, err, KIND_FIELDS, "minCandidateNodesPercentage", "minCandidateNodesAbsolute");

    r = r < 0 ? r
              : conf_int(c, "minCandidateNodesPercentage", 0, 100, &out->preemption.percent, err);
    r = r < 0 ? r
              : conf_int(c, "minCandidateNodesAbsolute", 0, INT32_MAX, &out->preemption.absolute,
                         err);
    if (r == 0 && out->preemption.percent == 0 && out->preemption.absolute == 0)
        return conf_wrong(&percent, err,
                          "Invalid value: 0: cannot be zero at the same time as "
                          "minCandidateNodesAbsolute");
    return r;
}

static int read_volumes(const Conf *c, PluginArgs *out, Err *err)
{
    int r = CONF_CHECK(c, err, KIND_FIELDS, "bindTimeoutSeconds");

    return r < 0 ? r
                 : conf_int(c, "bindTimeoutSeconds", 0, INT32_MAX, &out->volumes.timeout_s, err);
}

static const struct {
    const char *plugin;
    int (*read)(const Conf *args, PluginArgs *out, Err *err);
} readers[] = {
    {"NodeResourcesFit", read_fit},      {"NodeResourcesBalancedAllocation", read_balanced},
    {"PodTopologySpread", read_spread},  {"NodeAffinity", read_node_affinity},
    {"InterPodAffinity", read_affinity}, {"DefaultPreemption", read_preemption},
    {"VolumeBinding", read_volumes},
};

bool config__takes_args(const char *plugin)
{
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (str_eq(readers[i].plugin, plugin))
            return true;
    return false;
}

int config__read_args(const Conf *args, const char *plugin, PluginArgs *out, Err *err)
{
    const char *kind = arena_printf(args->arena, "%sArgs", plugin);
    Conf at = conf_get(args, "kind");

    if (conf_is_set(&at) && !str_eq(value_to_cstr(at.v), kind))
        return conf_wrong(&at, err, "must be \"%s\"", kind);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (str_eq(readers[i].plugin, plugin))
            return readers[i].read(args, out, err);
    return 0;
}
