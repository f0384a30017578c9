/*
 * convert.c - the two kinds that are served in two shapes: Event (core, events.k8s.io) and
 * HorizontalPodAutoscaler (v1, v2).
 */
#include "vcluster/convert.h"

bool convert_is_needed(const Resource *r)
{
    const Resource *stored = r->crd ? NULL : resource_find_storage(r->storage);

    return stored && stored != r; /* kinds that are not stored, as Scale, have one version */
}

static void rename_member(Arena *a, Value *v, const char *from, const char *to)
{
    Value *m = value_get(v, from);

    if (!m)
        return;
    value_del(v, from);
    value_set(a, v, to, m);
}

typedef struct Rename {
    const char *core, *events;
} Rename;
static const Rename event_names[] = {
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"source", "deprecatedSource"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
    {"reportingComponent", "reportingController"},
};

static void event_rename(Arena *a, Value *v, bool to_core)
{
    for (size_t i = 0; i < ARRAY_LEN(event_names); i++) {
        const Rename *n = &event_names[i];

        rename_member(a, v, to_core ? n->events : n->core, to_core ? n->core : n->events);
    }
}

/* v1 keeps what it cannot say in annotations; targetCPUUtilizationPercentage is the cpu metric. */
static void hpa_to_v1(Arena *a, Value *v)
{
    Value *spec = value_get(v, "spec"), *metrics = value_get(spec, "metrics"), *m;
    Value *current = value_at(v, "status.currentMetrics"),
          *conds = value_at(v, "status.conditions");
    Value *rest = value_array(a), *notes;

    value_each_item(metrics, i, m)
    {
        Value *util = value_at(m, "resource.target.averageUtilization");

        if (util && str_eq(value_at_str(m, "resource.name"), "cpu") &&
            !value_get(spec, "targetCPUUtilizationPercentage"))
            value_set(a, spec, "targetCPUUtilizationPercentage", util);
        else
            value_append(a, rest, m);
    }
    value_del(spec, "metrics");
    value_each_item(current, k, m)
    {
        Value *util = value_at(m, "resource.current.averageUtilization");

        if (util && str_eq(value_at_str(m, "resource.name"), "cpu"))
            value_set_at(a, v, "status.currentCPUUtilizationPercentage", util);
    }
    notes = value_need(a, v, "metadata.annotations");
    if (value_len(rest) > 0)
        value_set_str(a, notes, "autoscaling.alpha.kubernetes.io/metrics", value_to_str(a, rest));
    if (value_get(spec, "behavior")) {
        value_set_str(a, notes, "autoscaling.alpha.kubernetes.io/behavior",
                      value_to_str(a, value_get(spec, "behavior")));
        value_del(spec, "behavior");
    }
    if (value_len(conds) > 0)
        value_set_str(a, notes, "autoscaling.alpha.kubernetes.io/conditions",
                      value_to_str(a, conds));
    value_del_at(v, "status.currentMetrics");
    value_del_at(v, "status.conditions");
    if (value_len(notes) == 0)
        value_del_at(v, "metadata.annotations");
}

static void hpa_to_v2(Arena *a, Value *v)
{
    Value *spec = value_get(v, "spec");
    Value *cpu = value_get(spec, "targetCPUUtilizationPercentage"), *metrics, *m;
    Value *notes = value_at(v, "metadata.annotations");
    const char *kept = value_get_str(notes, "autoscaling.alpha.kubernetes.io/metrics");

    metrics = value_array(a);
    if (kept && value_parse(a, slice_of(kept), &m, NULL) == 0 && value_is(m, VALUE_ARRAY))
        metrics = m;
    if (cpu) {
        m = value_literal(a, "{'type':'Resource','resource':{'name':'cpu','target':{'type':"
                             "'Utilization'}}}");
        value_set_at(a, m, "resource.target.averageUtilization", cpu);
        value_append(a, metrics, m);
        value_del(spec, "targetCPUUtilizationPercentage");
    }
    if (value_len(metrics) > 0)
        value_set(a, spec, "metrics", metrics);
    kept = value_get_str(notes, "autoscaling.alpha.kubernetes.io/behavior");
    if (kept && value_parse(a, slice_of(kept), &m, NULL) == 0)
        value_set(a, spec, "behavior", m);
    value_del(notes, "autoscaling.alpha.kubernetes.io/metrics");
    value_del(notes, "autoscaling.alpha.kubernetes.io/behavior");
    value_del(notes, "autoscaling.alpha.kubernetes.io/conditions");
    value_del_at(v, "status.currentCPUUtilizationPercentage");
}

static void convert(Arena *a, const Resource *r, Value *v, bool to_storage)
{
    const Resource *stored = resource_find_storage(r->storage), *now = to_storage ? stored : r;
    char text[256];

    if (str_eq(r->kind, "Event"))
        event_rename(a, v, (stored->group[0] == '\0') == to_storage);
    else if (str_eq(r->kind, "HorizontalPodAutoscaler")) {
        if (str_eq(now->version, "v1"))
            hpa_to_v1(a, v);
        else
            hpa_to_v2(a, v);
    }
    value_set_str(a, v, "kind", now->kind);
    value_set_str(a, v, "apiVersion", resource_api_version(now, text));
}

void convert_from_storage(Arena *a, const Resource *r, Value *v)
{
    if (convert_is_needed(r))
        convert(a, r, v, false);
}

void convert_to_storage(Arena *a, const Resource *r, Value *v)
{
    if (convert_is_needed(r))
        convert(a, r, v, true);
}
