/*
 * validate_others.c - autoscalers, budgets, leases, events, flow control, classes,
 * and the provider's own group.
 */
#include "api/encrypts.h"
#include "api/jwtauth.h"
#include "api/validate_int.h"
#include "base/b64.h"
#include "base/gotime.h"

#include <inttypes.h>

/* ---- rules that are one line ---- */

typedef enum RuleKind {
    RULE_ENUM,     /* one of `text`, when present */
    RULE_POSITIVE, /* an integer above zero, when present */
    RULE_MIN_ZERO, /* an integer not below zero, when present */
} RuleKind;

typedef struct Rule {
    const char *group, *kind;
    const char *path; /* dotted, without lists */
    RuleKind rule;
    const char *text;
} Rule;

static const Rule rules[] = {
    {"coordination.k8s.io", "Lease", "spec.leaseDurationSeconds", RULE_POSITIVE, NULL},
    {"coordination.k8s.io", "Lease", "spec.leaseTransitions", RULE_MIN_ZERO, NULL},
    {"tenancy.hostplane.io", "Tenant", "spec.isolation", RULE_ENUM,
     "|namespace|virtual|dedicated|hybrid"},
    {"tenancy.hostplane.io", "Tenant", "spec.state", RULE_ENUM, "|Active|Suspended"},
    {"tenancy.hostplane.io", "Plan", "spec.isolation", RULE_ENUM,
     "|namespace|virtual|dedicated|hybrid"},
    {"tenancy.hostplane.io", "Plan", "spec.nodeView", RULE_ENUM, "|full|masked|none"},
    {"tenancy.hostplane.io", "Plan", "spec.podSecurityFloor", RULE_ENUM,
     "|privileged|baseline|restricted"},
    {"tenancy.hostplane.io", "Plan", "spec.weight", RULE_POSITIVE, NULL},
    {"tenancy.hostplane.io", "Plan", "spec.rateLimits.requestsPerSecond", RULE_MIN_ZERO, NULL},
    {"tenancy.hostplane.io", "NodePool", "spec.mode", RULE_ENUM, "|shared|dedicated"},
};

/* Calls `fn` with the frames of a dotted path. */
static void with_path(FieldErrs *e, const Path *up, const char *rest, const Rule *rule,
                      const Value *v,
                      void (*fn)(FieldErrs *, const Path *, const Rule *, const Value *))
{
    Slice tail = slice_of(rest), head;
    bool more = slice_cut(&tail, '.', &head);
    const Path *at = AT(up, arena_strndup(e->arena, head.ptr, head.len));

    v = value_getn(v, head);
    if (more)
        with_path(e, at, tail.ptr, rule, v, fn);
    else
        fn(e, at, rule, v);
}

static void apply_rule(FieldErrs *e, const Path *p, const Rule *rule, const Value *v)
{
    const char *s = value_to_cstr(v);
    int64_t i;

    switch (rule->rule) {
    case RULE_ENUM:
        if (s && !one_of(s, rule->text))
            unsupported(e, p, s, rule->text[0] == '|' ? rule->text + 1 : rule->text);
        break;
    case RULE_POSITIVE:
        if (value_to_int(v, &i) && i <= 0)
            bad_int(e, p, i, "must be greater than 0");
        break;
    case RULE_MIN_ZERO:
        check_not_negative(e, p, v);
        break;
    }
}

static void apply_rules(FieldErrs *e, const char *group, const char *kind, const Value *v)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (strcmp(rules[i].kind, kind) == 0 && strcmp(rules[i].group, group) == 0)
            with_path(e, NULL, rules[i].path, &rules[i], v, apply_rule);
}

/* ---- leases, runtime classes, priority classes ---- */

static void create_lease(FieldErrs *e, const Value *v)
{
    apply_rules(e, "coordination.k8s.io", "Lease", v);
}

/* Tolerations that say the same, for whatever time. */
static void check_toleration_twins(FieldErrs *e, const Path *p, const Value *tolerations)
{
    static const char *const keys[] = {"key", "operator", "value", "effect"};
    const Value *t;

    value_each_item(tolerations, i, t) for (uint32_t k = 0; k < i; k++)
    {
        bool same = true;

        for (size_t n = 0; n < ARRAY_LEN(keys); n++)
            same = same &&
                   strcmp(str_of(t, keys[n]), str_of(value_item(tolerations, k), keys[n])) == 0;
        if (!same)
            continue;
        duplicate_value(e, AT_ITEM(p, i),
                        validate__go_shown(e, "io.k8s.api.core.v1.Toleration", t));
        break;
    }
}

static void create_runtime_class(FieldErrs *e, const Value *v)
{
    const Path *at = AT(NULL, "scheduling");

    if (str_of(v, "handler")[0] == '\0')
        missing(e, AT(NULL, "handler"), NULL);
    else
        check_name(e, AT(NULL, "handler"), str_of(v, "handler"), names__dns1123_label);
    if (has(v, "overhead")) { /* judged as if it were the limits of a container */
        Value *limits = value_object(e->arena);

        if (value_at(v, "overhead.podFixed"))
            value_set(e->arena, limits, "limits", value_at(v, "overhead.podFixed"));
        validate__resources(e, AT(NULL, "overhead"), limits, NULL);
    }
    validate__labels(e, AT(at, "nodeSelector"), value_at(v, "scheduling.nodeSelector"));
    validate__tolerations(e, AT(at, "tolerations"), value_at(v, "scheduling.tolerations"));
    check_toleration_twins(e, AT(at, "tolerations"), value_at(v, "scheduling.tolerations"));
}

static void update_runtime_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                 const Value *old)
{
    check_immutable(e, AT(NULL, "handler"), value_get(v, "handler"), value_get(old, "handler"));
}

/* NULL for the two classes that every cluster has, as it has them. */
static const char *system_class_mistake(Arena *a, const char *name, int64_t value, bool is_default)
{
    static const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"system-node-critical", 2000001000}, {"system-cluster-critical", 2000000000}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        if (value != rows[i].value)
            return arena_printf(a, "value of %s PriorityClass must be %" PRId64, name,
                                rows[i].value);
        return is_default ? arena_printf(a, "globalDefault of %s PriorityClass must be false", name)
                          : NULL;
    }
    return arena_printf(a, "%s is not a known system priority class", name);
}

static void create_priority_class(FieldErrs *e, const Value *v)
{
    const char *name = str_of(value_get(v, "metadata"), "name");
    const Path *policy = AT(NULL, "preemptionPolicy");
    int64_t value = int_of(v, "value", 0);
    const char *why =
        system_class_mistake(e->arena, name, value, value_is_true(value_get(v, "globalDefault")));

    if (str_starts(name, "system-") && why)
        forbidden(e, AT(AT(NULL, "metadata"), "name"),
                  arena_printf(e->arena,
                               "priority class names with 'system-' prefix are reserved for system "
                               "use only. error: %s",
                               why));
    if (!str_starts(name, "system-") && value > 1000000000)
        forbidden(e, AT(NULL, "value"),
                  arena_printf(e->arena, "maximum allowed value of a user defined priority is %d",
                               1000000000));
    if (has(v, "preemptionPolicy") && str_of(v, "preemptionPolicy")[0] == '\0')
        missing(e, policy, NULL);
    else if (has(v, "preemptionPolicy"))
        check_enum(e, policy, str_of(v, "preemptionPolicy"), "PreemptLowerPriority|Never");
}

static void update_priority_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                  const Value *old)
{
    if (int_of(v, "value", 0) != int_of(old, "value", 0))
        forbidden(e, AT(NULL, "value"), "may not be changed in an update.");
    check_immutable(e, AT(NULL, "preemptionPolicy"), value_get(v, "preemptionPolicy"),
                    value_get(old, "preemptionPolicy"));
}

/* ---- disruption budgets ---- */

static void check_percent_limit(FieldErrs *e, const Path *p, const Value *v)
{
    validate__int_or_percent(e, p, v);
    if (value_is(v, VALUE_STRING) && strtoll(v->str, NULL, 10) > 100)
        bad(e, p, v, "must not be greater than 100%%");
}

static void create_budget(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");
    const char *eviction = str_of(spec, "unhealthyPodEvictionPolicy");

    if (has(spec, "minAvailable") && has(spec, "maxUnavailable"))
        bad(e, p, validate__go_shown(e, "io.k8s.api.policy.v1.PodDisruptionBudgetSpec", spec),
            "minAvailable and maxUnavailable cannot be both set");
    if (has(spec, "minAvailable"))
        check_percent_limit(e, AT(p, "minAvailable"), value_get(spec, "minAvailable"));
    if (has(spec, "maxUnavailable"))
        check_percent_limit(e, AT(p, "maxUnavailable"), value_get(spec, "maxUnavailable"));
    validate__label_selector(e, AT(p, "selector"), value_get(spec, "selector"));
    if (eviction[0])
        check_enum(e, AT(p, "unhealthyPodEvictionPolicy"), eviction, "AlwaysAllow|IfHealthyBudget");
}

static void update_budget(FieldErrs *e, const char *sub, const Value *v, const Value *old UNUSED)
{
    static const char *const counts[] = {"disruptionsAllowed", "currentHealthy", "desiredHealthy",
                                         "expectedPods"};
    const Value *status = value_get(v, "status");
    const Path *p = AT(NULL, "status");

    if (sub[0] == '\0') {
        create_budget(e, v);
        return;
    }
    validate__conditions(e, AT(p, "conditions"), value_get(status, "conditions"));
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        check_not_negative(e, AT(p, counts[i]), value_get(status, counts[i]));
}

/* ---- autoscalers ---- */

#define METRICS "ContainerResource|External|Object|Pods|Resource"

static void check_target_ref(FieldErrs *e, const Path *p, const Value *ref, bool check_api)
{
    const char *api = str_of(ref, "apiVersion"), *slash = strchr(api, '/');

    if (str_of(ref, "kind")[0] == '\0')
        missing(e, AT(p, "kind"), NULL);
    else
        check_name(e, AT(p, "kind"), str_of(ref, "kind"), names__path_segment);
    if (str_of(ref, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), str_of(ref, "name"), names__path_segment);
    if (!check_api)
        return;
    if (slash && strchr(slash + 1, '/'))
        bad_str(e, AT(p, "apiVersion"), api, "unexpected GroupVersion string: %s", api);
    else if (api[0] == '\0' ||
             (!slash && strcmp(str_of(ref, "kind"), "ReplicationController") != 0))
        bad_str(e, AT(p, "apiVersion"), api, "apiVersion must specify API group");
}

static void check_metric_target(FieldErrs *e, const Path *p, const Value *target)
{
    const Value *value = value_get(target, "value"), *average = value_get(target, "averageValue");
    const char *type = str_of(target, "type");
    int64_t percent = int_of(target, "averageUtilization", 1);

    if (type[0] == '\0')
        missing(e, AT(p, "type"), "must specify a metric target type");
    if (!one_of(type, "Utilization|Value|AverageValue"))
        bad_str(e, AT(p, "type"), type, "must be either Utilization, Value, or AverageValue");
    if (value_is(value, VALUE_STRING) && quantity_sign(value) <= 0)
        bad(e, AT(p, "value"), value, "must be positive");
    if (value_is(average, VALUE_STRING) && quantity_sign(average) <= 0)
        bad(e, AT(p, "averageValue"), average, "must be positive");
    if (percent < 1)
        bad_int(e, AT(p, "averageUtilization"), percent, "must be greater than 0");
}

static void check_metric_name(FieldErrs *e, const Path *p, const Value *source)
{
    const char *name = str_of(value_get(source, "metric"), "name");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), "must specify a metric name");
    else
        check_name(e, AT(p, "name"), name, names__path_segment);
}

static void check_object_source(FieldErrs *e, const Path *p, const Value *source)
{
    const Value *target = value_get(source, "target");

    check_target_ref(e, AT(p, "describedObject"), value_get(source, "describedObject"), false);
    check_metric_name(e, AT(p, "metric"), source);
    check_metric_target(e, AT(p, "target"), target);
    if (!has(target, "value") && !has(target, "averageValue"))
        missing(e, AT(AT(p, "target"), "averageValue"),
                "must set either a target value or averageValue");
}

static void check_external_source(FieldErrs *e, const Path *p, const Value *source)
{
    const Value *target = value_get(source, "target");

    check_metric_name(e, AT(p, "metric"), source);
    check_metric_target(e, AT(p, "target"), target);
    if (!has(target, "value") && !has(target, "averageValue"))
        missing(e, AT(AT(p, "target"), "averageValue"),
                "must set either a target value for metric or a per-pod target");
    if (has(target, "value") && has(target, "averageValue"))
        forbidden(e, AT(AT(p, "target"), "value"),
                  "may not set both a target value for metric and a per-pod target");
}

static void check_pods_source(FieldErrs *e, const Path *p, const Value *source)
{
    check_metric_name(e, AT(p, "metric"), source);
    check_metric_target(e, AT(p, "target"), value_get(source, "target"));
    if (!has(value_get(source, "target"), "averageValue"))
        missing(e, AT(AT(p, "target"), "averageValue"),
                "must specify a positive target averageValue");
}

static void check_resource_target(FieldErrs *e, const Path *p, const Value *target)
{
    check_metric_target(e, p, target);
    if (!has(target, "averageUtilization") && !has(target, "averageValue"))
        missing(e, AT(p, "averageUtilization"),
                "must set either a target raw value or a target utilization");
    if (has(target, "averageUtilization") && has(target, "averageValue"))
        forbidden(e, AT(p, "averageValue"),
                  "may not set both a target raw value and a target utilization");
}

static void check_resource_source(FieldErrs *e, const Path *p, const Value *source)
{
    if (str_of(source, "name")[0] == '\0')
        missing(e, AT(p, "name"), "must specify a resource name");
    check_resource_target(e, AT(p, "target"), value_get(source, "target"));
}

static void check_container_source(FieldErrs *e, const Path *p, const Value *source)
{
    const char *name = str_of(source, "name"), *container = str_of(source, "container");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), "must specify a resource name");
    else
        validate__container_resource(e, AT(p, "name"), name);
    if (container[0] == '\0')
        missing(e, AT(p, "container"), "must specify a container");
    else
        check_name(e, AT(p, "container"), container, names__dns1123_label);
    check_resource_target(e, AT(p, "target"), value_get(source, "target"));
}

static void check_metric(FieldErrs *e, const Path *p, const Value *m)
{
    static const struct {
        const char *type, *field;
        void (*check)(FieldErrs *, const Path *, const Value *);
    } kinds[] = {{"Object", "object", check_object_source},
                 {"External", "external", check_external_source},
                 {"Pods", "pods", check_pods_source},
                 {"Resource", "resource", check_resource_source},
                 {"ContainerResource", "containerResource", check_container_source}};
    const char *type = str_of(m, "type");
    int n = 0;

    if (type[0] == '\0')
        missing(e, AT(p, "type"), "must specify a metric source type");
    if (!one_of(type, METRICS))
        unsupported(e, AT(p, "type"), type, METRICS);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) /* only the first of several is looked at */
        if (value_is(value_get(m, kinds[i].field), VALUE_OBJECT) && n++ == 0)
            kinds[i].check(e, AT(p, kinds[i].field), value_get(m, kinds[i].field));
    if (!one_of(type, METRICS))
        unsupported(e, AT(p, "type"), type, METRICS); /* upstream says it twice */
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(type, kinds[i].type) == 0 &&
            !value_is(value_get(m, kinds[i].field), VALUE_OBJECT))
            missing(e, AT(p, kinds[i].field),
                    "must populate information for the given metric source");
    for (size_t i = 0; i < ARRAY_LEN(kinds) && n > 1; i++)
        if (strcmp(type, kinds[i].type) != 0 &&
            value_is(value_get(m, kinds[i].field), VALUE_OBJECT))
            forbidden(e, AT(p, kinds[i].field), "must populate the given metric source only");
}

static bool has_scale_to_zero_metric(const Value *metrics)
{
    const Value *m;

    value_each_item(metrics, i, m) if (one_of(str_of(m, "type"), "Object|External")) return true;
    return false;
}

static void check_policies(FieldErrs *e, const Path *p, const Value *r)
{
    const Value *policy;

    if (!value_is(r, VALUE_OBJECT))
        return;
    if (int_of(r, "stabilizationWindowSeconds", 0) < 0)
        bad_int(e, AT(p, "stabilizationWindowSeconds"), int_of(r, "stabilizationWindowSeconds", 0),
                "must be greater than or equal to zero");
    if (int_of(r, "stabilizationWindowSeconds", 0) > 3600)
        bad_int(e, AT(p, "stabilizationWindowSeconds"), int_of(r, "stabilizationWindowSeconds", 0),
                "must be less than or equal to 3600");
    if (value_get(r, "selectPolicy"))
        check_enum(e, AT(p, "selectPolicy"), str_of(r, "selectPolicy"), "Disabled|Max|Min");
    if (value_len(value_get(r, "policies")) == 0)
        missing(e, AT(p, "policies"), "must specify at least one Policy");
    value_each_item(value_get(r, "policies"), i, policy)
    {
        const Path *at = AT_ITEM(AT(p, "policies"), i);

        check_enum(e, AT(at, "type"), str_of(policy, "type"), "Percent|Pods");
        if (int_of(policy, "value", 0) <= 0)
            bad_int(e, AT(at, "value"), int_of(policy, "value", 0), "must be greater than zero");
        if (int_of(policy, "periodSeconds", 0) <= 0)
            bad_int(e, AT(at, "periodSeconds"), int_of(policy, "periodSeconds", 0),
                    "must be greater than zero");
        if (int_of(policy, "periodSeconds", 0) > 1800)
            bad_int(e, AT(at, "periodSeconds"), int_of(policy, "periodSeconds", 0),
                    "must be less than or equal to 1800");
    }
    if (quantity_sign(value_get(r, "tolerance")) < 0)
        bad(e, AT(p, "tolerance"), value_get(r, "tolerance"), "must be greater than or equal to 0");
}

static void create_autoscaler(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *metrics = value_get(spec, "metrics"), *m;
    int64_t min = int_of(spec, "minReplicas", 1), max = int_of(spec, "maxReplicas", 0);

    if (has(spec, "minReplicas") && min < 1)
        bad_int(e, AT(p, "minReplicas"), min, "must be greater than or equal to 1");
    if (max < 1)
        missing(e, AT(p, "maxReplicas"), "must be set and greater than 0");
    if (has(spec, "minReplicas") && max < min)
        bad_int(e, AT(p, "maxReplicas"), max, "must be greater than or equal to `minReplicas`");
    check_target_ref(e, AT(p, "scaleTargetRef"), value_get(spec, "scaleTargetRef"), true);
    value_each_item(metrics, i, m) check_metric(e, AT_ITEM(AT(p, "metrics"), i), m);
    /* v1 says the same with one number */
    if (has(spec, "targetCPUUtilizationPercentage") &&
        int_of(spec, "targetCPUUtilizationPercentage", 0) < 1)
        bad_int(
            e, AT(AT(AT(AT_ITEM(AT(p, "metrics"), 0), "resource"), "target"), "averageUtilization"),
            int_of(spec, "targetCPUUtilizationPercentage", 0), "must be greater than 0");
    if (has(spec, "minReplicas") && min == 0 && !has_scale_to_zero_metric(metrics))
        forbidden(e, AT(p, "metrics"),
                  "must specify at least one Object or External metric to support scaling to zero "
                  "replicas");
    check_policies(e, AT(AT(p, "behavior"), "scaleUp"), value_at(spec, "behavior.scaleUp"));
    check_policies(e, AT(AT(p, "behavior"), "scaleDown"), value_at(spec, "behavior.scaleDown"));
}

static void update_autoscaler(FieldErrs *e, const char *sub, const Value *v,
                              const Value *old UNUSED)
{
    const Value *status = value_get(v, "status");
    const Path *p = AT(NULL, "status");

    if (sub[0] == '\0') {
        create_autoscaler(e, v);
        return;
    }
    check_not_negative(e, AT(p, "currentReplicas"), value_get(status, "currentReplicas"));
    /* upstream's spelling */
    check_not_negative(e, AT(p, "desiredReplicasa"), value_get(status, "desiredReplicas"));
}

/* ---- events ---- */

enum { EVENT_NAME_MAX = 128, EVENT_NOTE_MAX = 1024 };

/* One event in two forms: what a field is called in core/v1 and in events.k8s.io/v1. */
typedef struct EventForm {
    const char *object, *controller, *note;
} EventForm;

static const EventForm core_event = {"involvedObject", "reportingComponent", "message"};
static const EventForm new_event = {"regarding", "reportingController", "note"};

static void limit(FieldErrs *e, const char *name, const char *text, size_t most)
{
    if (strlen(text) > most)
        bad_str(e, AT(NULL, name), "", "can have at most %zu characters", most);
}

static void need(FieldErrs *e, const Value *v, const char *name)
{
    if (str_of(v, name)[0] == '\0')
        missing(e, AT(NULL, name), NULL);
    limit(e, name, str_of(v, name), EVENT_NAME_MAX);
}

/* What both forms ask for; events with a time have to say more. */
static void check_event(FieldErrs *e, const Value *v, const EventForm *form)
{
    const char *ns = str_of(value_get(v, "metadata"), "namespace");
    const char *of = str_of(value_get(v, form->object), "namespace");
    const char *controller = str_of(v, form->controller);
    bool has_time = has(v, "eventTime"), is_default = strcmp(ns, "default") == 0;

    if (has_time ? of[0] == '\0' && !is_default && strcmp(ns, "kube-system") != 0
                 : (of[0] == '\0' ? !is_default : strcmp(ns, of) != 0))
        bad_str(e, AT(AT(NULL, "involvedObject"), "namespace"), of,
                "does not match event.namespace");
    if (has_time) {
        if (controller[0] == '\0')
            missing(e, AT(NULL, form->controller), NULL);
        check_name(e, AT(NULL, form->controller), controller, names__qualified);
        need(e, v, "reportingInstance");
        need(e, v, "action");
        need(e, v, "reason");
        limit(e, "message", str_of(v, form->note), EVENT_NOTE_MAX);
    }
}

static void create_core_event(FieldErrs *e, const Value *v)
{
    check_event(e, v, &core_event);
}

static void check_series(FieldErrs *e, const Value *v)
{
    const Value *series = value_get(v, "series");

    if (!value_is(series, VALUE_OBJECT))
        return;
    if (int_of(series, "count", 0) < 2)
        bad_str(e, AT(NULL, "series.count"), "", "should be at least 2");
    if (!has(series, "lastObservedTime"))
        missing(e, AT(NULL, "series.lastObservedTime"), NULL);
}

static void create_new_event(FieldErrs *e, const Value *v)
{
    static const struct {
        const char *name, *shown;
    } unset[] = {{"deprecatedFirstTimestamp", "firstTimestamp"},
                 {"deprecatedLastTimestamp", "lastTimestamp"},
                 {"deprecatedCount", "count"},
                 {"deprecatedSource", "source"}};

    check_event(e, v, &new_event);
    check_series(e, v);
    if (!has(v, "eventTime"))
        missing(e, AT(NULL, "eventTime"), NULL);
    if (!one_of(str_of(v, "type"), "Normal|Warning"))
        bad_str(e, AT(NULL, "type"), "", "has invalid value: %s", str_of(v, "type"));
    for (size_t i = 0; i < ARRAY_LEN(unset); i++) {
        const Value *x = value_get(v, unset[i].name);

        if (has(v, unset[i].name) && (value_len(x) > 0 || x->type != VALUE_OBJECT) &&
            !(x->type == VALUE_NUMBER && int_of(v, unset[i].name, 0) == 0))
            bad_str(e, AT(NULL, unset[i].shown), "", "needs to be unset");
    }
}

static void update_new_event(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    static const struct {
        const char *name, *shown, *type;
    } fixed[] = {{"regarding", "involvedObject", "io.k8s.api.core.v1.ObjectReference"},
                 {"reason", "reason", NULL},
                 {"note", "message", NULL},
                 {"deprecatedSource", "source", "io.k8s.api.core.v1.EventSource"},
                 {"deprecatedFirstTimestamp", "firstTimestamp", NULL},
                 {"deprecatedLastTimestamp", "lastTimestamp", NULL},
                 {"deprecatedCount", "count", NULL},
                 {"reason", "reason", NULL}, /* upstream says it twice */
                 {"type", "type", NULL},
                 {"eventTime", "eventTime", NULL},
                 {"action", "action", NULL},
                 {"related", "related", "io.k8s.api.core.v1.ObjectReference"},
                 {"reportingController", "reportingController", NULL},
                 {"reportingInstance", "reportingInstance", NULL}};
    const Value *series = value_get(v, "series"), *was = value_get(old, "series");

    check_event(e, v, &new_event);
    if (!(series && was && value_equal(series, was)))
        check_series(e, v);
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        const Value *a = has(v, fixed[i].name) ? value_get(v, fixed[i].name) : NULL;
        const Value *b = has(old, fixed[i].name) ? value_get(old, fixed[i].name) : NULL;

        if ((!a && !b) || (a && b && value_equal(a, b)))
            continue;
        bad(e, AT(NULL, fixed[i].shown),
            a && fixed[i].type ? validate__go_shown(e, fixed[i].type, a)
            : a                ? a
                               : value_null(e->arena),
            "field is immutable");
    }
}

/* ---- API services ---- */

static void create_api_service(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *at = AT(p, "service");
    const Value *spec = value_get(v, "spec"), *service = value_get(spec, "service");
    const Value *bundle = value_get(spec, "caBundle");
    const char *group = str_of(spec, "group"), *version = str_of(spec, "version");
    const char *name = str_of(value_get(v, "metadata"), "name");
    char *want = arena_printf(e->arena, "%s.%s", version, group);
    int64_t least = int_of(spec, "groupPriorityMinimum", 0);
    int64_t rank = int_of(spec, "versionPriority", 0), port = int_of(service, "port", 0);
    bool skips = value_is_true(value_get(spec, "insecureSkipTLSVerify"));
    Msgs m = {.n = 0};

    names__path_segment(name, &m);
    if (name[0] && m.n == 0 && strcmp(name, want) != 0)
        bad_str(e, AT(AT(NULL, "metadata"), "name"), name,
                "must be `spec.version+\".\"+spec.group`: \"%s\"", want);
    if (group[0])
        check_name(e, AT(p, "group"), group, names__dns1123_subdomain);
    else if (strcmp(version, "v1") != 0)
        missing(e, AT(p, "group"), "only v1 may have an empty group and it better be legacy kube");
    check_name(e, AT(p, "version"), version, names__dns1035_label);
    if (least <= 0 || least > 20000)
        bad_int(e, AT(p, "groupPriorityMinimum"), least, "must be positive and less than 20000");
    if (rank <= 0 || rank > 1000)
        bad_int(e, AT(p, "versionPriority"), rank, "must be positive and less than 1000");
    if (!value_is(service, VALUE_OBJECT)) {
        AUTO_BUF bytes = BUF_INIT;

        if (value_is(bundle, VALUE_STRING) && bundle->n > 0 &&
            b64_decode((Slice){bundle->str, bundle->n}, &bytes))
            bad_str(e, AT(p, "caBundle"), arena_printf(e->arena, "%zu bytes", bytes.len),
                    "local APIServices may not have a caBundle");
        if (skips)
            bad(e, AT(p, "insecureSkipTLSVerify"), value_bool(e->arena, true),
                "local APIServices may not have insecureSkipTLSVerify");
        return;
    }
    if (str_of(service, "namespace")[0] == '\0')
        missing(e, AT(at, "namespace"), NULL);
    if (str_of(service, "name")[0] == '\0')
        missing(e, AT(at, "name"), NULL);
    if (port < 1 || port > 65535)
        bad_int(e, AT(at, "port"), port,
                "port is not valid: must be between 1 and 65535, inclusive");
    if (skips && value_is(bundle, VALUE_STRING) && bundle->n > 0)
        bad(e, AT(p, "insecureSkipTLSVerify"), value_bool(e->arena, true),
            "may not be true if caBundle is present");
}

static void update_api_service(FieldErrs *e, const char *sub, const Value *v,
                               const Value *old UNUSED)
{
    const Path *p = AT(AT(NULL, "status"), "conditions");
    const Value *c;

    if (strcmp(sub, "status") != 0) {
        create_api_service(e, v);
        return;
    }
    value_each_item(value_at(v, "status.conditions"), i, c)
        check_enum(e, AT(AT_ITEM(p, i), "status"), str_of(c, "status"), "True|False|Unknown");
}

/* ---- the provider's group ---- */

static void check_admins(FieldErrs *e, const Value *v)
{
    const Value *admin;

    value_each_item(value_at(v, "spec.admins"), i, admin)
    {
        const Path *at = AT_ITEM(AT(AT(NULL, "spec"), "admins"), i);

        check_enum(e, AT(at, "kind"), str_of(admin, "kind"), "User|Group");
        if (str_of(admin, "name")[0] == '\0')
            missing(e, AT(at, "name"), NULL);
    }
}

static void check_limits(FieldErrs *e, const Path *p, const Value *limits)
{
    value_each_member(limits, m)
    {
        check_name(e, AT_KEY(p, m->name), m->name, names__qualified);
        if (quantity_sign(m->value) < 0)
            bad(e, AT_KEY(p, m->name), m->value, "must be greater than or equal to 0");
    }
}

static void check_bytes(FieldErrs *e, const Path *p, const Value *v)
{
    if (v && quantity_sign(v) < 0)
        bad(e, p, v, "must be greater than or equal to 0");
}

/* Addresses and ranges that services may have. */
static void check_addresses(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        const char *text = value_to_cstr(v);

        if (text && strchr(text, '/'))
            (void)check_cidr(e, AT_ITEM(p, i), text);
        else
            (void)check_ip(e, AT_ITEM(p, i), text ? text : "");
    }
}

static void check_authentication(FieldErrs *e, const Value *v)
{
    CLEANUP(arena_free) Arena *a = arena_new(); /* programs need not stay */
    FieldErrs found = {.arena = a};
    const JwtAuth *all;
    uint32_t n;

    jwtauth_compile(&found, "spec.authentication.jwt", value_at(v, "spec.authentication.jwt"), &all,
                    &n);
    anonymous_check(e, "spec.authentication.anonymous",
                    value_at(v, "spec.authentication.anonymous"));
    for (uint32_t i = 0; i < found.n; i++) {
        FieldErr *f = &found.items[i];

        f->field = arena_strdup(e->arena, f->field);
        f->message = arena_strdup(e->arena, f->message);
    }
    field_errs_add(e, &found);
}

static void create_tenant(FieldErrs *e, const Value *v)
{
    const char *name = str_of(value_get(v, "metadata"), "name");

    if (strcmp(name, "host") == 0)
        forbidden(e, AT(AT(NULL, "metadata"), "name"), "is the name of the provider's own cluster");
    apply_rules(e, "tenancy.hostplane.io", "Tenant", v);
    check_limits(e, AT(AT(AT(NULL, "spec"), "overrides"), "limits"),
                 value_at(v, "spec.overrides.limits"));
    check_bytes(e, AT(AT(AT(NULL, "spec"), "overrides"), "auditBytes"),
                value_at(v, "spec.overrides.auditBytes"));
    check_addresses(e, AT(AT(AT(NULL, "spec"), "overrides"), "externalAddresses"),
                    value_at(v, "spec.overrides.externalAddresses"));
    check_admins(e, v);
    check_authentication(e, v);
}

static void check_retention(FieldErrs *e, const Path *p, const char *text)
{
    enum { MIN_S = 60, MAX_S = 10000 * 3600 };
    const int64_t ns_per_s = 1000 * 1000 * 1000;
    int64_t ns;

    if (!text || goduration_parse(e->arena, slice_of(text), &ns))
        return; /* one that is none was refused when it was read */
    if (ns < MIN_S * ns_per_s || ns > MAX_S * ns_per_s)
        bad_str(e, p, text, "must be between 1m0s and 10000h0m0s");
}

enum { MAX_ENCRYPTED = 64 };

static void check_encrypted(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;

    if (value_len(list) > MAX_ENCRYPTED)
        too_many(e, p, value_len(list), MAX_ENCRYPTED);
    value_each_item(list, i, v)
    {
        const char *text = value_to_cstr(v);
        AUTO_BUF out = BUF_INIT;

        if (text && !encrypts_add(&out, slice_of(text)))
            bad(e, AT_ITEM(p, i), v, ENCRYPTS_FORM);
    }
}

static void create_plan(FieldErrs *e, const Value *v)
{
    check_encrypted(e, AT(AT(NULL, "spec"), "encryptedResources"),
                    value_at(v, "spec.encryptedResources"));
    apply_rules(e, "tenancy.hostplane.io", "Plan", v);
    check_retention(e, AT(AT(NULL, "spec"), "retention"), value_at_str(v, "spec.retention"));
    check_limits(e, AT(AT(NULL, "spec"), "limits"), value_at(v, "spec.limits"));
    validate__audit_policy(e, AT(AT(NULL, "spec"), "audit"), value_at(v, "spec.audit"));
    check_bytes(e, AT(AT(NULL, "spec"), "auditBytes"), value_at(v, "spec.auditBytes"));
    check_addresses(e, AT(AT(NULL, "spec"), "externalAddresses"),
                    value_at(v, "spec.externalAddresses"));
}

static void create_node_pool(FieldErrs *e, const Value *v)
{
    apply_rules(e, "tenancy.hostplane.io", "NodePool", v);
    validate__labels(e, AT(AT(NULL, "spec"), "nodeSelector"), value_at(v, "spec.nodeSelector"));
}

const KindRow validate__others[] = {
    {"coordination.k8s.io", "Lease", names__dns1123_subdomain, create_lease, NULL},
    {"node.k8s.io", "RuntimeClass", names__dns1123_subdomain, create_runtime_class,
     update_runtime_class},
    {"scheduling.k8s.io", "PriorityClass", names__dns1123_subdomain, create_priority_class,
     update_priority_class},
    {"policy", "PodDisruptionBudget", names__path_segment, create_budget, update_budget},
    {"autoscaling", "HorizontalPodAutoscaler", names__dns1123_subdomain, create_autoscaler,
     update_autoscaler},
    {"", "Event", NULL, create_core_event, NULL},
    {"events.k8s.io", "Event", NULL, create_new_event, update_new_event},
    {"tenancy.hostplane.io", "Tenant", names__dns1123_label, create_tenant, NULL},
    {"tenancy.hostplane.io", "Plan", names__dns1123_label, create_plan, NULL},
    {"tenancy.hostplane.io", "NodePool", names__dns1123_label, create_node_pool, NULL},
    {"apiregistration.k8s.io", "APIService", names__path_segment, create_api_service,
     update_api_service},
    {NULL, NULL, NULL, NULL, NULL},
};
