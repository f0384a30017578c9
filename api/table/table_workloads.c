#include "api/table_int.h"
#include "base/clock.h"

/* Rows of pods and of what makes pods. */

/* ---- pods ---- */

typedef struct PodView { /* what the cells of a pod are made of */
    TableRow *row;
    const char *reason; /* the Status cell */
    int64_t n_containers, n_ready, n_restarts;
    int64_t last_restart_us; /* 0: never */
} PodView;

static const Value *find_named(const Value *list, const char *name)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        if (str_eq(value_get_str(item, "name"), name))
            return item;
    }
    return NULL;
}

static bool is_sidecar(const Value *container)
{
    return str_eq(value_get_str(container, "restartPolicy"), "Always");
}

static void note_restarts(PodView *p, const Value *status)
{
    const char *finished = value_at_str(status, "lastState.terminated.finishedAt");
    int64_t us;

    p->n_restarts += value_at_int(status, "restartCount", 0);
    if (finished && clock_from_rfc3339(slice_of(finished), &us))
        p->last_restart_us = MAX(p->last_restart_us, us);
}

/* Reason, or signal, or exit code of an ended container. */
static const char *end_reason(PodView *p, const Value *terminated, const char *prefix)
{
    const char *reason = value_get_str(terminated, "reason");
    int64_t signal = value_at_int(terminated, "signal", 0);

    if (reason && reason[0])
        return arena_printf(p->row->arena, "%s%s", prefix, reason);
    if (signal != 0)
        return arena_printf(p->row->arena, "%sSignal:%lld", prefix, (long long)signal);
    return arena_printf(p->row->arena, "%sExitCode:%lld", prefix,
                        (long long)value_at_int(terminated, "exitCode", 0));
}

/* Looks at init containers in order; true when one of them still holds the pod up. */
static bool look_at_init(PodView *p, PodView *sidecars)
{
    const Value *specs = table__at(p->row, "spec.initContainers"), *status;

    value_each_item(table__at(p->row, "status.initContainerStatuses"), i, status)
    {
        const Value *ended = value_at(status, "state.terminated");
        const char *waits = value_at_str(status, "state.waiting.reason");
        bool is_side = is_sidecar(find_named(specs, value_get_str(status, "name")));

        note_restarts(p, status);
        if (is_side)
            note_restarts(sidecars, status);
        if (ended && value_at_int(ended, "exitCode", 0) == 0)
            continue;
        if (is_side && value_at_bool(status, "started")) {
            p->n_ready += value_at_bool(status, "ready");
            continue;
        }
        if (ended)
            p->reason = end_reason(p, ended, "Init:");
        else if (waits && waits[0] && strcmp(waits, "PodInitializing") != 0)
            p->reason = arena_printf(p->row->arena, "Init:%s", waits);
        else
            p->reason = arena_printf(p->row->arena, "Init:%u/%u", i, value_len(specs));
        return true;
    }
    return false;
}

static void look_at_containers(PodView *p)
{
    const Value *statuses = table__at(p->row, "status.containerStatuses");
    const char *failure = NULL;
    bool is_running = false;

    for (uint32_t i = value_len(statuses); i-- > 0;) {
        const Value *status = value_item(statuses, i);
        const Value *ended = value_at(status, "state.terminated");
        const char *waits = value_at_str(status, "state.waiting.reason");

        note_restarts(p, status);
        if (waits && waits[0]) {
            p->reason = waits;
        } else if (ended) {
            p->reason = end_reason(p, ended, "");
            if (value_at_int(ended, "exitCode", 0) != 0)
                failure = p->reason;
        } else if (value_at_bool(status, "ready") && value_at(status, "state.running")) {
            is_running = true;
            p->n_ready++;
        }
    }
    if (strcmp(p->reason, "Completed") != 0) /* what the first container says */
        return;
    if (is_running && table__condition_is(table__at(p->row, "status.conditions"), "Ready", "True"))
        p->reason = "Running";
    else if (failure)
        p->reason = failure;
    else if (is_running)
        p->reason = "NotReady";
}

static void view_pod(PodView *p)
{
    const Value *conditions = table__at(p->row, "status.conditions"), *item;
    const char *phase = table__str_at(p->row, "status.phase");
    const char *reason = table__str_at(p->row, "status.reason");
    PodView sidecars = {.row = p->row};
    bool is_initializing;

    p->reason = reason[0] ? reason : phase;
    if (str_eq(value_get_str(table__condition(conditions, "PodScheduled"), "reason"),
               "SchedulingGated"))
        p->reason = "SchedulingGated";
    p->n_containers = value_len(table__at(p->row, "spec.containers"));
    value_each_item(table__at(p->row, "spec.initContainers"), i, item) p->n_containers +=
        is_sidecar(item);
    is_initializing = look_at_init(p, &sidecars);
    if (!is_initializing || table__condition_is(conditions, "Initialized", "True")) {
        p->n_restarts = sidecars.n_restarts;
        p->last_restart_us = sidecars.last_restart_us;
        look_at_containers(p);
    }
    if (!table__at(p->row, "metadata.deletionTimestamp"))
        return;
    if (strcmp(reason, "NodeLost") == 0)
        p->reason = "Unknown";
    else if (strcmp(phase, "Succeeded") != 0 && strcmp(phase, "Failed") != 0)
        p->reason = "Terminating";
}

static void gates_cell(TableRow *row)
{
    const Value *gates = table__at(row, "spec.readinessGates"), *item;
    uint32_t n_true = 0;

    value_each_item(gates, i, item) n_true += table__condition_is(
        table__at(row, "status.conditions"), value_get_str(item, "conditionType"), "True");
    if (value_len(gates) == 0)
        table__str(row, "<none>");
    else
        table__strf(row, "%u/%u", n_true, value_len(gates));
}

static void fill_pod(TableRow *row)
{
    PodView p = {.row = row};
    const char *ip = table__str_at(row, "status.podIPs.0.ip");

    view_pod(&p);
    table__strf(row, "%lld/%lld", (long long)p.n_ready, (long long)p.n_containers);
    table__str(row, p.reason);
    if (p.n_restarts != 0 && p.last_restart_us != 0)
        table__strf(row, "%lld (%s ago)", (long long)p.n_restarts,
                    table_age(row->arena, p.last_restart_us, row->now_us));
    else
        table__strf(row, "%lld", (long long)p.n_restarts);
    table__age(row);
    if (ip[0])
        table__str(row, ip);
    else
        table__text(row, "status.podIP", "<none>");
    table__text(row, "spec.nodeName", "<none>");
    table__text(row, "status.nominatedNodeName", "<none>");
    gates_cell(row);
}

Value *table_row_conditions(Arena *a, const Resource *r, const Value *object)
{
    static const struct {
        const char *phase, *message;
    } ends[] = {{"Succeeded", "The pod has completed successfully."},
                {"Failed", "The pod failed."}};
    const char *phase = value_at_str(object, "status.phase");
    Value *list, *c;

    for (size_t i = 0; i < ARRAY_LEN(ends) && str_eq(r->storage, "pods"); i++) {
        if (!str_eq(phase, ends[i].phase))
            continue;
        list = value_array(a);
        c = value_object(a);
        value_set_str(a, c, "type", "Completed");
        value_set_str(a, c, "status", "True");
        value_set_str(a, c, "reason", ends[i].phase);
        value_set_str(a, c, "message", ends[i].message);
        value_append(a, list, c);
        return list;
    }
    return NULL;
}

static void fill_pod_template(TableRow *row)
{
    table__containers(row, "template.spec");
    table__labels(row, table__at(row, "template.metadata.labels"));
}

/* ---- controllers ---- */

static void fill_replication_controller(TableRow *row)
{
    table__int_at(row, "spec.replicas");
    table__int_at(row, "status.replicas");
    table__int_at(row, "status.readyReplicas");
    table__age(row);
    table__containers(row, "spec.template.spec");
    table__labels(row, table__at(row, "spec.selector"));
}

static void fill_replica_set(TableRow *row)
{
    table__int_at(row, "spec.replicas");
    table__int_at(row, "status.replicas");
    table__int_at(row, "status.readyReplicas");
    table__age(row);
    table__containers(row, "spec.template.spec");
    table__selector(row, table__at(row, "spec.selector"));
}

static void ready_cell(TableRow *row)
{
    table__strf(row, "%lld/%lld", (long long)value_at_int(row->object, "status.readyReplicas", 0),
                (long long)value_at_int(row->object, "spec.replicas", 0));
}

static void fill_deployment(TableRow *row)
{
    ready_cell(row);
    table__int_at(row, "status.updatedReplicas");
    table__int_at(row, "status.availableReplicas");
    table__age(row);
    table__containers(row, "spec.template.spec");
    table__selector(row, table__at(row, "spec.selector"));
}

static void fill_stateful_set(TableRow *row)
{
    ready_cell(row);
    table__age(row);
    table__containers(row, "spec.template.spec");
}

static void fill_daemon_set(TableRow *row)
{
    table__int_at(row, "status.desiredNumberScheduled");
    table__int_at(row, "status.currentNumberScheduled");
    table__int_at(row, "status.numberReady");
    table__int_at(row, "status.updatedNumberScheduled");
    table__int_at(row, "status.numberAvailable");
    table__labels(row, table__at(row, "spec.template.spec.nodeSelector"));
    table__age(row);
    table__containers(row, "spec.template.spec");
    table__selector(row, table__at(row, "spec.selector"));
}

static const char *job_state(const TableRow *row)
{
    static const struct {
        const char *condition, *state;
    } rules[] = {{"Complete", "Complete"},
                 {"Failed", "Failed"},
                 {NULL, "Terminating"},
                 {"Suspended", "Suspended"},
                 {"FailureTarget", "FailureTarget"},
                 {"SuccessCriteriaMet", "SuccessCriteriaMet"}};
    const Value *conditions = table__at(row, "status.conditions");

    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (rules[i].condition ? table__condition_is(conditions, rules[i].condition, "True")
                               : table__at(row, "metadata.deletionTimestamp") != NULL)
            return rules[i].state;
    }
    return "Running";
}

static void fill_job(TableRow *row)
{
    long long succeeded = value_at_int(row->object, "status.succeeded", 0);
    long long completions = value_at_int(row->object, "spec.completions", -1);
    long long parallelism = value_at_int(row->object, "spec.parallelism", 0);
    int64_t start, end;

    table__str(row, job_state(row));
    if (completions >= 0)
        table__strf(row, "%lld/%lld", succeeded, completions);
    else if (parallelism > 1)
        table__strf(row, "%lld/1 of %lld", succeeded, parallelism);
    else
        table__strf(row, "%lld/1", succeeded);
    if (!clock_from_rfc3339(slice_of(table__str_at(row, "status.startTime")), &start))
        table__str(row, "");
    else if (clock_from_rfc3339(slice_of(table__str_at(row, "status.completionTime")), &end))
        table__str(row, table_age(row->arena, start, end));
    else
        table__str(row, table_age(row->arena, start, row->now_us));
    table__age(row);
    table__containers(row, "spec.template.spec");
    table__selector(row, table__at(row, "spec.selector"));
}

static void fill_cron_job(TableRow *row)
{
    const Value *suspend = table__at(row, "spec.suspend");
    const Value *last = table__at(row, "status.lastScheduleTime");

    table__text(row, "spec.schedule", "");
    table__text(row, "spec.timeZone", "<none>");
    table__str(row, !value_is(suspend, VALUE_BOOL) ? "<unset>"
                    : suspend->boolean             ? "True"
                                                   : "False");
    table__int(row, value_len(table__at(row, "status.active")));
    table__str(row, value_is(last, VALUE_STRING) ? table__since(row, last) : "<none>");
    table__age(row);
    table__containers(row, "spec.jobTemplate.spec.template.spec");
    table__selector(row, table__at(row, "spec.jobTemplate.spec.selector"));
}

static void fill_controller_revision(TableRow *row)
{
    const Value *owner;

    value_each_item(table__at(row, "metadata.ownerReferences"), i, owner)
    {
        const char *version = value_get_str(owner, "apiVersion");
        const char *kind = value_get_str(owner, "kind"), *name = value_get_str(owner, "name");
        const char *slash = version ? strchr(version, '/') : NULL;
        char *text;

        if (!value_at_bool(owner, "controller"))
            continue;
        text = arena_printf(row->arena, "%s%s%.*s/%s", kind ? kind : "", slash ? "." : "",
                            slash ? (int)(slash - version) : 0, version, name ? name : "");
        for (char *p = text; *p && *p != '/'; p++)
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
        table__str(row, text);
        break;
    }
    if (row->cells->n == 1)
        table__str(row, "<none>");
    table__int_at(row, "revision");
    table__age(row);
}

/* ---- autoscalers ---- */

static const char *percent(Arena *a, const Value *v, const char *otherwise)
{
    int64_t i;

    return value_to_int(v, &i) ? arena_printf(a, "%lld%%", (long long)i) : otherwise;
}

/* What is measured now. Go has a nil quantity where the status lacks it: "<nil>". */
static const char *current_text(Arena *a, const Value *now, const char *member, bool is_checked)
{
    return table__scalar(a, value_get(now, member),
                         value_is(now, VALUE_OBJECT) && !is_checked ? "<nil>" : "<unknown>");
}

/* One metric of an autoscaling/v2 object as CURRENT/TARGET. */
static const char *metric_text(Arena *a, const Value *spec, const Value *status)
{
    static const struct {
        const char *type, *member;
    } types[] = {{"External", "external"},
                 {"Pods", "pods"},
                 {"Object", "object"},
                 {"Resource", "resource"},
                 {"ContainerResource", "containerResource"}};
    const char *type = value_get_str(spec, "type");
    const Value *target, *now, *average;
    size_t i = 0;

    while (i < ARRAY_LEN(types) && !str_eq(types[i].type, type))
        i++;
    if (i == ARRAY_LEN(types))
        return "<unknown type>";
    target = value_get(value_get(spec, types[i].member), "target");
    now = value_get(value_get(status, types[i].member), "current");
    average = value_get(target, "averageValue");
    if (i >= 3) {
        const char *name = value_get_str(value_get(spec, types[i].member), "name");

        if (average)
            return arena_printf(a, "%s: %s/%s", name ? name : "",
                                current_text(a, now, "averageValue", false),
                                table__scalar(a, average, ""));
        return arena_printf(a, "%s: %s/%s", name ? name : "",
                            percent(a, value_get(now, "averageUtilization"), "<unknown>"),
                            percent(a, value_get(target, "averageUtilization"), "<auto>"));
    }
    if (average)
        return arena_printf(a, "%s/%s%s", current_text(a, now, "averageValue", i != 1),
                            table__scalar(a, average, ""), i == 1 ? "" : " (avg)");
    return arena_printf(a, "%s/%s", current_text(a, now, "value", false),
                        table__scalar(a, value_get(target, "value"), "<nil>"));
}

static void fill_autoscaler(TableRow *row)
{
    const Value *metrics = table__at(row, "spec.metrics"), *spec;
    const Value *statuses = table__at(row, "status.currentMetrics");
    const Value *cpu = table__at(row, "spec.targetCPUUtilizationPercentage"); /* v1 */
    Value *texts = value_array(row->arena);

    if (cpu)
        value_append(row->arena, texts,
                     value_printf(row->arena, "cpu: %s/%s",
                                  percent(row->arena,
                                          table__at(row, "status.currentCPUUtilizationPercentage"),
                                          "<unknown>"),
                                  percent(row->arena, cpu, "<auto>")));
    value_each_item(metrics, i, spec)
        value_append(row->arena, texts,
                     value_str(row->arena, metric_text(row->arena, spec, value_item(statuses, i))));
    table__strf(row, "%s/%s", table__str_at(row, "spec.scaleTargetRef.kind"),
                table__str_at(row, "spec.scaleTargetRef.name"));
    table__str(row, table__join_some(row->arena, texts, 2, ", ", "<none>"));
    table__str(row, table__scalar(row->arena, table__at(row, "spec.minReplicas"), "<unset>"));
    table__int_at(row, "spec.maxReplicas");
    table__int_at(row, "status.currentReplicas");
    table__age(row);
}

/* The Scale of any kind. */
static void fill_scale(TableRow *row)
{
    table__int_at(row, "spec.replicas");
    table__int_at(row, "status.replicas");
    table__age(row);
}

static void fill_disruption_budget(TableRow *row)
{
    table__str(row, table__scalar(row->arena, table__at(row, "spec.minAvailable"), "N/A"));
    table__str(row, table__scalar(row->arena, table__at(row, "spec.maxUnavailable"), "N/A"));
    table__int_at(row, "status.disruptionsAllowed");
    table__age(row);
}

const TableKind table__workloads[] = {
    {"pods", fill_pod},
    {"podtemplates", fill_pod_template},
    {"replicationcontrollers", fill_replication_controller},
    {"apps/replicasets", fill_replica_set},
    {"apps/deployments", fill_deployment},
    {"apps/statefulsets", fill_stateful_set},
    {"apps/daemonsets", fill_daemon_set},
    {"apps/controllerrevisions", fill_controller_revision},
    {"batch/jobs", fill_job},
    {"batch/cronjobs", fill_cron_job},
    {"autoscaling/horizontalpodautoscalers", fill_autoscaler},
    {"autoscaling/scales", fill_scale},
    {"policy/poddisruptionbudgets", fill_disruption_budget},
    {NULL, NULL},
};
