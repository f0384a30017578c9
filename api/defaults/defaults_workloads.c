/*
 * defaults_workloads.c - computed defaults of apps, batch and autoscaling.
 */
#include "api/defaults_int.h"

static void default_template(Arena *a, const Resource *r UNUSED, Value *v)
{
    defaults__pod_template(a, value_at(v, "spec.template"));
}

/* rollingUpdate appears only beside its type. */
static void default_strategy(Arena *a, Value *strategy, const char *json)
{
    if (str_eq(value_get_str(strategy, "type"), "RollingUpdate"))
        defaults__set(a, strategy, "rollingUpdate", json);
}

static void default_deployment(Arena *a, const Resource *r, Value *v)
{
    default_template(a, r, v);
    default_strategy(a, value_at(v, "spec.strategy"), "{'maxUnavailable':'25%','maxSurge':'25%'}");
}

static void default_daemon_set(Arena *a, const Resource *r, Value *v)
{
    default_template(a, r, v);
    default_strategy(a, value_at(v, "spec.updateStrategy"), "{'maxUnavailable':1,'maxSurge':0}");
}

static void default_stateful_set(Arena *a, const Resource *r, Value *v)
{
    Value *claim;

    value_each_item(value_at(v, "spec.volumeClaimTemplates"), i, claim)
    {
        value_set_str(a, claim, "kind", "PersistentVolumeClaim");
        value_set_str(a, claim, "apiVersion", "v1");
    }
    default_template(a, r, v);
    default_strategy(a, value_at(v, "spec.updateStrategy"), "{'partition':0}");
}

static void default_job_spec(Arena *a, Value *spec)
{
    bool per_index = defaults__has(spec, "backoffLimitPerIndex");

    if (!spec)
        return;
    defaults__pod_template(a, value_get(spec, "template"));
    if (!defaults__has(spec, "completions") && !defaults__has(spec, "parallelism"))
        defaults__set(a, spec, "completions", "1");
    defaults__set(a, spec, "parallelism", "1");
    defaults__set(a, spec, "backoffLimit", per_index ? "2147483647" : "6");
    defaults__set(a, spec, "completionMode", "'NonIndexed'");
    defaults__set(a, spec, "suspend", "false");
    defaults__set(a, spec, "podReplacementPolicy",
                  defaults__has(spec, "podFailurePolicy") ? "'Failed'" : "'TerminatingOrFailed'");
}

static void default_job(Arena *a, const Resource *r UNUSED, Value *v)
{
    const Value *labels = value_at(v, "spec.template.metadata.labels");

    if (value_len(labels) > 0 && value_len(value_at(v, "metadata.labels")) == 0)
        value_set_at(a, v, "metadata.labels", value_copy(a, labels));
    default_job_spec(a, value_get(v, "spec"));
    defaults__set(a, value_get(v, "spec"), "manualSelector", "false");
}

/* Only the template's pod has defaults: what the job will get is decided when it is made. */
static void default_cron_job(Arena *a, const Resource *r UNUSED, Value *v)
{
    defaults__pod_template(a, value_at(v, "spec.jobTemplate.spec.template"));
}

static void default_scaling_rules(Arena *a, Value *behavior, const char *name, const char *json)
{
    Value *rules = value_need(a, behavior, name), *all = value_literal(a, json);

    value_each_member(all, m)
    {
        if (!defaults__has(rules, m->name))
            value_set(a, rules, m->name, m->value);
    }
}

static void default_autoscaler(Arena *a, const Resource *r, Value *v)
{
    Value *spec = value_get(v, "spec"), *behavior = value_get(spec, "behavior");

    if (strcmp(r->version, "v1") == 0) {
        defaults__set(a, spec, "targetCPUUtilizationPercentage", "80");
        return;
    }
    if (value_len(value_get(spec, "metrics")) == 0)
        value_set(a, spec, "metrics",
                  value_literal(a, "[{'type':'Resource','resource':{'name':'cpu','target':{"
                                   "'type':'Utilization','averageUtilization':80}}}]"));
    if (!behavior)
        return;
    default_scaling_rules(a, behavior, "scaleUp",
                          "{'stabilizationWindowSeconds':0,'selectPolicy':'Max','policies':["
                          "{'type':'Pods','value':4,'periodSeconds':15},"
                          "{'type':'Percent','value':100,'periodSeconds':15}]}");
    default_scaling_rules(a, behavior, "scaleDown",
                          "{'selectPolicy':'Max','policies':["
                          "{'type':'Percent','value':100,'periodSeconds':15}]}");
}

const DefaultRow defaults__workloads[] = {
    {"apps", "Deployment", default_deployment},
    {"apps", "DaemonSet", default_daemon_set},
    {"apps", "StatefulSet", default_stateful_set},
    {"apps", "ReplicaSet", default_template},
    {"batch", "Job", default_job},
    {"batch", "CronJob", default_cron_job},
    {"autoscaling", "HorizontalPodAutoscaler", default_autoscaler},
    {NULL, NULL, NULL},
};
