/*
 * hpctl describe: what a person wants to know of an object. A table of lines per kind (label and
 * path), the rest of spec and status as YAML-like text, and the object's events.
 */
#include "cli/cli.h"

#include "base/yaml.h"

typedef struct Line {
    const char *label, *path;
} Line;

/* Lines shown for a kind before the generic part; a label alone starts nothing, its path is enough.
 */
static const struct {
    const char *kind;
    Line lines[10];
} kinds[] = {
    {"Pod",
     {{"Priority", "spec.priority"},
      {"Service Account", "spec.serviceAccountName"},
      {"Node", "spec.nodeName"},
      {"Start Time", "status.startTime"},
      {"Status", "status.phase"},
      {"Reason", "status.reason"},
      {"IP", "status.podIP"},
      {"QoS Class", "status.qosClass"}}},
    {"Deployment",
     {{"Selector", "spec.selector.matchLabels"},
      {"Replicas desired", "spec.replicas"},
      {"Replicas updated", "status.updatedReplicas"},
      {"Replicas total", "status.replicas"},
      {"Replicas available", "status.availableReplicas"},
      {"Replicas unavailable", "status.unavailableReplicas"},
      {"StrategyType", "spec.strategy.type"},
      {"Max Surge", "spec.strategy.rollingUpdate.maxSurge"},
      {"Max Unavailable", "spec.strategy.rollingUpdate.maxUnavailable"}}},
    {"ReplicaSet",
     {{"Selector", "spec.selector.matchLabels"},
      {"Replicas desired", "spec.replicas"},
      {"Replicas current", "status.replicas"},
      {"Replicas ready", "status.readyReplicas"}}},
    {"Service",
     {{"Selector", "spec.selector"},
      {"Type", "spec.type"},
      {"IP", "spec.clusterIP"},
      {"Session Affinity", "spec.sessionAffinity"}}},
    {"Node",
     {{"Unschedulable", "spec.unschedulable"},
      {"PodCIDR", "spec.podCIDR"},
      {"Kernel Version", "status.nodeInfo.kernelVersion"},
      {"Container Runtime", "status.nodeInfo.containerRuntimeVersion"},
      {"Kubelet Version", "status.nodeInfo.kubeletVersion"}}},
    {"Namespace", {{"Status", "status.phase"}}},
    {"Tenant",
     {{"Plan", "spec.plan"},
      {"State", "spec.state"},
      {"Phase", "status.phase"},
      {"Endpoint", "status.endpoint"},
      {"Cluster UID", "status.uid"}}},
};

static void print_line(const char *label, const char *text)
{
    printf("%-18s %s\n", label, text);
}

static const char *text_of(Cli *c, const Value *v)
{
    AUTO_BUF b = BUF_INIT;

    if (value_is(v, VALUE_STRING))
        return v->str;
    if (!value_is(v, VALUE_OBJECT))
        return value_to_str(c->arena, v);
    value_each_member(v, m) buf_addf(&b, "%s%s=%s", b.len > 0 ? "," : "", m->name,
                                     value_to_cstr(m->value) ? value_to_cstr(m->value)
                                                             : value_to_str(c->arena, m->value));
    return arena_strdup(c->arena, buf_str(&b));
}

/* A map as one entry a line, aligned below its label. */
static void print_map(Cli *c, const char *label, const Value *map)
{
    bool is_first = true;

    value_each_member(map, m)
    {
        printf("%-18s %s%s%s\n", is_first ? label : "", m->name,
               strcmp(label, "Labels:") == 0 ? "=" : ": ", text_of(c, m->value));
        is_first = false;
    }
    if (is_first)
        print_line(label, "<none>");
}

static void print_section(Cli *c, const char *title, const Value *v)
{
    AUTO_BUF b = BUF_INIT;
    char *line, *save = NULL;

    if (value_len(v) == 0)
        return;
    value_print_yaml(v, &b);
    printf("%s:\n", title);
    for (line = strtok_r(b.ptr, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        printf("  %s\n", line);
    (void)c;
}

static void print_conditions(Cli *c, const Value *list)
{
    const char **cells;
    size_t n = 0;
    Value *cond;

    if (value_len(list) == 0)
        return;
    cells = arena_array(c->arena, const char *, (value_len(list) + 1) * 4 + 1);
    cells[n++] = "  Type";
    cells[n++] = "Status";
    cells[n++] = "Reason";
    cells[n++] = "Message";
    value_each_item(list, i, cond)
    {
        const char *reason = value_get_str(cond, "reason"),
                   *message = value_get_str(cond, "message");

        cells[n++] = arena_printf(c->arena, "  %s", value_get_str(cond, "type"));
        cells[n++] = value_get_str(cond, "status");
        cells[n++] = reason ? reason : "";
        cells[n++] = message ? message : "";
    }
    printf("Conditions:\n");
    print_rows(cells, 4);
}

static void print_containers(Cli *c, const Value *pod)
{
    Value *box, *status;

    printf("Containers:\n");
    value_each_item(value_at(pod, "spec.containers"), i, box)
    {
        const char *name = value_get_str(box, "name");

        printf("  %s:\n    Image:          %s\n", name, value_get_str(box, "image"));
        value_each_item(value_at(pod, "status.containerStatuses"), k, status)
        {
            if (!str_eq(value_get_str(status, "name"), name))
                continue;
            value_each_member(value_get(status, "state"), m)
                printf("    State:          %s %s\n", m->name, text_of(c, m->value));
            value_each_member(value_get(status, "lastState"), m)
                printf("    Last State:     %s %s\n", m->name, text_of(c, m->value));
            printf("    Ready:          %s\n    Restart Count:  %lld\n    Container ID:   %s\n",
                   value_at_bool(status, "ready") ? "True" : "False",
                   (long long)value_at_int(status, "restartCount", 0),
                   value_get_str(status, "containerID") ? value_get_str(status, "containerID")
                                                        : "");
        }
        if (value_get(box, "resources") && value_len(value_get(box, "resources")) > 0)
            printf("    Resources:      %s\n", value_to_str(c->arena, value_get(box, "resources")));
        value_each_item(value_get(box, "volumeMounts"), k, status) printf(
            "    Mount:          %s from %s%s\n", value_get_str(status, "mountPath"),
            value_get_str(status, "name"), value_at_bool(status, "readOnly") ? " (ro)" : " (rw)");
    }
}

static void print_events(Cli *c, const Target *t, const char *uid)
{
    const CliResource *events = cli_find_resource(c, "events");
    const char **cells;
    size_t n = 0;
    Value *list, *e;

    if (!events || !uid)
        return;
    list =
        cli_get(c, cli_path(c, events, *t->ns ? t->ns : NULL, NULL, NULL),
                arena_printf(c->arena, "fieldSelector=%s",
                             cli_quote(c, arena_printf(c->arena, "involvedObject.uid=%s", uid))));
    if (value_len(value_get(list, "items")) == 0) {
        printf("Events:            <none>\n");
        return;
    }
    cells = arena_array(c->arena, const char *, (value_len(value_get(list, "items")) + 1) * 5 + 1);
    cells[n++] = "  Type";
    cells[n++] = "Reason";
    cells[n++] = "Age";
    cells[n++] = "From";
    cells[n++] = "Message";
    value_each_item(value_get(list, "items"), i, e)
    {
        const char *from = value_at_str(e, "source.component");
        const char *when = value_get_str(e, "lastTimestamp");
        const Value *series = value_get(e, "series");
        int64_t count = value_at_int(e, "count", 1);

        if (!from || !*from)
            from = value_get_str(e, "reportingComponent");
        if (!when)
            when = value_get_str(e, "eventTime");
        if (value_is(series, VALUE_OBJECT)) {
            when = value_get_str(series, "lastObservedTime");
            count = value_at_int(series, "count", 1);
        }
        cells[n++] = arena_printf(c->arena, "  %s",
                                  value_get_str(e, "type") ? value_get_str(e, "type") : "");
        cells[n++] = value_get_str(e, "reason") ? value_get_str(e, "reason") : "";
        cells[n++] = count > 1
                         ? arena_printf(c->arena, "%s (x%lld)", age_of(c, when), (long long)count)
                         : age_of(c, when);
        cells[n++] = from ? from : "";
        cells[n++] = value_get_str(e, "message") ? value_get_str(e, "message") : "";
    }
    printf("Events:\n");
    print_rows(cells, 5);
}

static void describe_kind(Cli *c, const Target *t, const Value *v)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].kind, t->res->kind) != 0)
            continue;
        for (const Line *l = kinds[i].lines; l->label; l++) {
            const Value *field = value_at(v, l->path);

            print_line(arena_printf(c->arena, "%s:", l->label),
                       field ? text_of(c, field) : "<none>");
        }
    }
    if (strcmp(t->res->kind, "Pod") == 0)
        print_containers(c, v);
    else if (strcmp(t->res->kind, "Secret") == 0) {
        printf("Type:              %s\n\nData\n====\n", value_get_str(v, "type"));
        value_each_member(value_get(v, "data"), m)
            printf("%s:  %zu bytes\n", m->name,
                   value_to_cstr(m->value) ? strlen(value_to_cstr(m->value)) * 3 / 4 : 0);
    } else {
        print_section(c, "Spec", value_get(v, "spec"));
        print_section(c, "Data", value_get(v, "data"));
        print_section(c, "Rules", value_get(v, "rules"));
        print_section(c, "Subjects", value_get(v, "subjects"));
        print_section(c, "Role", value_get(v, "roleRef"));
    }
    print_conditions(c, value_at(v, "status.conditions"));
}

static int describe(Cli *c, const Target *t, bool is_first)
{
    Value *v = cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL), *owner;

    if (!v)
        return 1;
    if (!is_first)
        printf("\n\n");
    print_line("Name:", t->name);
    if (t->res->is_namespaced)
        print_line("Namespace:", t->ns);
    print_map(c, "Labels:", value_at(v, "metadata.labels"));
    print_map(c, "Annotations:", value_at(v, "metadata.annotations"));
    if (value_at_str(v, "metadata.creationTimestamp"))
        print_line("Created:", value_at_str(v, "metadata.creationTimestamp"));
    value_each_item(value_at(v, "metadata.ownerReferences"), i,
                    owner) if (value_at_bool(owner, "controller"))
        printf("%-18s %s/%s\n", "Controlled By:", value_get_str(owner, "kind"),
               value_get_str(owner, "name"));
    describe_kind(c, t, v);
    print_events(c, t, value_at_str(v, "metadata.uid"));
    return 0;
}

int cmd_describe(Cli *c)
{
    bool is_first = true;
    Target *t;
    int n, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    for (int i = 0; i < n; i++) {
        Value *list, *item;

        if (t[i].name) {
            r |= describe(c, &t[i], is_first);
            is_first = false;
            continue;
        }
        list =
            cli_get(c,
                    cli_path(c, t[i].res, flag_bool(&c->flags, "all-namespaces") ? NULL : t[i].ns,
                             NULL, NULL),
                    flag_str(&c->flags, "selector")
                        ? arena_printf(c->arena, "labelSelector=%s",
                                       cli_quote(c, flag_str(&c->flags, "selector")))
                        : NULL);
        if (!list)
            return 1;
        value_each_item(value_get(list, "items"), k, item)
        {
            const char *ns = value_at_str(item, "metadata.namespace");
            Target one = {t[i].res, ns ? ns : "", value_at_str(item, "metadata.name"), NULL, NULL};

            r |= describe(c, &one, is_first);
            is_first = false;
        }
        if (value_len(value_get(list, "items")) == 0)
            fprintf(stderr, "No resources found\n");
    }
    return n < 0 ? 1 : r;
}
