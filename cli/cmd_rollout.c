/* hpctl scale, rollout and wait: change a workload and follow what comes of it. */
#include "cli/cli.h"

#include "base/clock.h"

#include <strings.h>
#include <unistd.h>

#define REVISION "deployment.kubernetes.io/revision"

static const char *annotation(const Value *object, const char *key)
{
    return value_to_cstr(value_get(value_at(object, "metadata.annotations"), key));
}

static Value *get_target(Cli *c, const Target *t)
{
    return cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL);
}

static int send_patch(Cli *c, const Target *t, const Value *patch, const char *verb)
{
    Value *answer = cli_send(c, "PATCH", cli_path(c, t->res, t->ns, t->name, NULL),
                             cli_write_query(c, "kubectl-rollout"),
                             "application/strategic-merge-patch+json", patch);

    return answer ? print_result(c, t, answer, verb) : 1;
}

/* ---- scale ---- */

int cmd_scale(Cli *c)
{
    int64_t replicas = flag_int(&c->flags, "replicas", -1);
    int64_t current = flag_int(&c->flags, "current-replicas", -1);
    Target *t;
    int n, r = 0;

    if (replicas < 0)
        return cli_error(flag_given(&c->flags, "replicas")
                             ? "The --replicas=COUNT flag is required, and COUNT must be greater "
                               "than or equal to 0"
                             : "required flag(s) \"replicas\" not set");
    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    for (int i = 0; i < n; i++) {
        const char *path = cli_path(c, t[i].res, t[i].ns, t[i].name, "scale");
        Value *patch = value_object(c->arena), *scale, *answer;

        if (!t[i].name)
            return cli_usage_error(c, "the name of what to scale is missing");
        if (current >= 0) {
            scale = cli_get(c, path, NULL);
            if (!scale)
                return 1;
            if (value_at_int(scale, "spec.replicas", 0) != current)
                return cli_error("Expected replicas to be %lld, was %lld", (long long)current,
                                 (long long)value_at_int(scale, "spec.replicas", 0));
        }
        value_set_at(c->arena, patch, "spec.replicas", value_int(c->arena, replicas));
        answer = cli_send(c, "PATCH", path, cli_write_query(c, "kubectl-scale"),
                          "application/merge-patch+json", patch);
        r |= !answer || print_result(c, &t[i], answer, "scaled") != 0;
    }
    return n < 0 ? 1 : r;
}

/* ---- rollout status ---- */

/* What a person is told, and whether it is over: 1 done, 0 going on, -1 failed. */
static int deployment_status(Cli *c, const Value *d, const char **ret)
{
    int64_t want = value_at_int(d, "spec.replicas", 1);
    int64_t updated = value_at_int(d, "status.updatedReplicas", 0);
    int64_t total = value_at_int(d, "status.replicas", 0);
    int64_t available = value_at_int(d, "status.availableReplicas", 0);
    const char *name = value_at_str(d, "metadata.name");
    Value *cond;

    if (value_at_int(d, "metadata.generation", 0) >
        value_at_int(d, "status.observedGeneration", 0)) {
        *ret = "Waiting for deployment spec update to be observed...";
        return 0;
    }
    value_each_item(value_at(d, "status.conditions"), i, cond)
    {
        if (str_eq(value_get_str(cond, "type"), "Progressing") &&
            str_eq(value_get_str(cond, "reason"), "ProgressDeadlineExceeded")) {
            *ret = arena_printf(c->arena, "deployment \"%s\" exceeded its progress deadline", name);
            return -1;
        }
    }
    if (updated < want) {
        *ret = arena_printf(c->arena,
                            "Waiting for deployment \"%s\" rollout to finish: %lld out of %lld new "
                            "replicas have been updated...",
                            name, (long long)updated, (long long)want);
        return 0;
    }
    if (total > updated) {
        *ret =
            arena_printf(c->arena,
                         "Waiting for deployment \"%s\" rollout to finish: %lld old replicas are "
                         "pending termination...",
                         name, (long long)(total - updated));
        return 0;
    }
    if (available < updated) {
        *ret = arena_printf(c->arena,
                            "Waiting for deployment \"%s\" rollout to finish: %lld of %lld updated "
                            "replicas are available...",
                            name, (long long)available, (long long)updated);
        return 0;
    }
    *ret = arena_printf(c->arena, "deployment \"%s\" successfully rolled out", name);
    return 1;
}

/* DaemonSets and StatefulSets: enough is updated, and enough is ready. */
static int set_status(Cli *c, const Target *t, const Value *v, const char **ret)
{
    bool is_daemon = strcmp(t->res->kind, "DaemonSet") == 0;
    int64_t want = is_daemon ? value_at_int(v, "status.desiredNumberScheduled", 0)
                             : value_at_int(v, "spec.replicas", 1);
    int64_t updated =
        value_at_int(v, is_daemon ? "status.updatedNumberScheduled" : "status.updatedReplicas", 0);
    int64_t ready =
        value_at_int(v, is_daemon ? "status.numberAvailable" : "status.readyReplicas", 0);

    if (value_at_int(v, "metadata.generation", 0) <=
            value_at_int(v, "status.observedGeneration", 0) &&
        updated >= want && ready >= want) {
        *ret =
            arena_printf(c->arena, "%s \"%s\" successfully rolled out", t->res->singular, t->name);
        return 1;
    }
    *ret = arena_printf(
        c->arena, "Waiting for %s \"%s\" rollout to finish: %lld of %lld updated, %lld ready...",
        t->res->singular, t->name, (long long)updated, (long long)want, (long long)ready);
    return 0;
}

/* "5m", "30s", "1h"; plain numbers are seconds. 0: no limit. */
static int64_t duration_s(const char *s)
{
    char *end;
    int64_t n = s ? strtoll(s, &end, 10) : 0;

    if (!s)
        return 0;
    return *end == 'm' ? n * 60 : *end == 'h' ? n * 3600 : n;
}

int cmd_rollout_status(Cli *c)
{
    int64_t limit = duration_s(flag_str(&c->flags, "timeout"));
    int64_t end = limit > 0 ? clock_mono_us() + limit * 1000000 : INT64_MAX;
    const char *said = "";
    Target t;

    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    if (strcmp(t.res->kind, "Deployment") != 0 && strcmp(t.res->kind, "StatefulSet") != 0 &&
        strcmp(t.res->kind, "DaemonSet") != 0)
        return cli_error("no status viewer has been implemented for %s", t.res->kind);
    for (;;) {
        Value *v = get_target(c, &t);
        const char *text;
        int state;

        if (!v)
            return 1;
        state = strcmp(t.res->kind, "Deployment") == 0 ? deployment_status(c, v, &text)
                                                       : set_status(c, &t, v, &text);
        if (state < 0)
            return cli_error("%s", text);
        if (strcmp(text, said) != 0) {
            printf("%s\n", text);
            fflush(stdout);
        }
        said = text;
        if (state > 0 || !flag_bool(&c->flags, "watch"))
            return 0;
        if (clock_mono_us() > end)
            return cli_error("timed out waiting for the condition");
        usleep(200000);
    }
}

/* ---- history, undo ---- */

/* ReplicaSets that the deployment controls, with their revision; sorted, newest last. */
typedef struct Revision {
    int64_t number;
    Value *rs;
} Revision;

static int by_number(const void *a, const void *b)
{
    const Revision *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static int revisions_of(Cli *c, const Target *t, const Value *deployment, Revision **ret)
{
    const CliResource *rs = cli_find_resource(c, "replicasets.apps");
    const char *uid = value_at_str(deployment, "metadata.uid");
    Value *list = rs ? cli_get(c, cli_path(c, rs, t->ns, NULL, NULL), NULL) : NULL, *item, *owner;
    int n = 0;

    if (!list)
        return -1;
    *ret = arena_array(c->arena, Revision, value_len(value_get(list, "items")) + 1);
    value_each_item(value_get(list, "items"), i, item)
    {
        value_each_item(value_at(item, "metadata.ownerReferences"), k, owner)
        {
            const char *number = annotation(item, REVISION);

            if (str_eq(value_get_str(owner, "uid"), uid) && number)
                (*ret)[n++] = (Revision){strtoll(number, NULL, 10), item};
        }
    }
    qsort(*ret, (size_t)n, sizeof(**ret), by_number);
    return n;
}

static int deployment_target(Cli *c, Target *ret, Value **ret_deployment)
{
    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, ret) != 0)
        return 1;
    if (strcmp(ret->res->kind, "Deployment") != 0)
        return cli_error("no history of %s \"%s\": only deployments have one", ret->res->singular,
                         ret->name);
    *ret_deployment = get_target(c, ret);
    return *ret_deployment ? 0 : 1;
}

int cmd_rollout_history(Cli *c)
{
    int64_t wanted = flag_int(&c->flags, "revision", 0);
    const char **cells;
    Revision *revs;
    Value *d;
    Target t;
    int n;

    if (deployment_target(c, &t, &d) != 0)
        return 1;
    n = revisions_of(c, &t, d, &revs);
    if (n < 0)
        return 1;
    printf("%s \n", cli_full_name(c, t.res, t.name));
    cells = arena_array(c->arena, const char *, (size_t)n * 2 + 3);
    cells[0] = "REVISION";
    cells[1] = "CHANGE-CAUSE";
    for (int i = 0; i < n; i++) {
        const char *cause = annotation(revs[i].rs, "kubernetes.io/change-cause");

        if (wanted && revs[i].number == wanted) {
            printf("with revision #%lld\n", (long long)wanted);
            print_value(c, value_at(revs[i].rs, "spec.template"), "yaml");
            return 0;
        }
        cells[2 + i * 2] = arena_printf(c->arena, "%lld", (long long)revs[i].number);
        cells[3 + i * 2] = cause ? cause : "<none>";
    }
    if (wanted)
        return cli_error("unable to find the specified revision");
    for (int i = 0; i <= n; i++)
        printf("%-8s  %s\n", cells[i * 2], cells[i * 2 + 1]);
    printf("\n");
    return 0;
}

int cmd_rollout_undo(Cli *c)
{
    int64_t wanted = flag_int(&c->flags, "to-revision", 0);
    Value *d, *template, *ops, *op;
    const Value *rs = NULL;
    Revision *revs;
    Target t;
    int n;

    if (deployment_target(c, &t, &d) != 0)
        return 1;
    if (value_at_bool(d, "spec.paused"))
        return cli_error(
            "you cannot rollback a paused deployment; resume it first with 'hpctl rollout "
            "resume' and try again");
    n = revisions_of(c, &t, d, &revs);
    if (n < 0)
        return 1;
    for (int i = 0; i < n; i++)
        if (wanted ? revs[i].number == wanted : i == n - 2)
            rs = revs[i].rs;
    if (!rs)
        return wanted ? cli_error("unable to find specified revision %lld in history",
                                  (long long)wanted)
                      : cli_error("no rollout history found for deployment \"%s\"", t.name);
    template = value_copy(c->arena, value_at(rs, "spec.template"));
    value_del_at(template, "metadata.labels.pod-template-hash");
    if (value_equal(template, value_at(d, "spec.template"))) {
        printf("%s skipped rollback (current template already matches revision %s)\n",
               cli_full_name(c, t.res, t.name), annotation(rs, REVISION));
        return 0;
    }
    ops = value_array(c->arena);
    op = value_literal(c->arena, "{'op':'replace','path':'/spec/template'}");
    value_set(c->arena, op, "value", template);
    value_append(c->arena, ops, op);
    d = cli_send(c, "PATCH", cli_path(c, t.res, t.ns, t.name, NULL),
                 cli_write_query(c, "kubectl-rollout"), "application/json-patch+json", ops);
    return d ? print_result(c, &t, d, "rolled back") : 1;
}

/* ---- restart, pause, resume ---- */

int cmd_rollout_restart(Cli *c)
{
    Value *patch = value_object(c->arena);
    char now[CLOCK_TEXT_MAX];
    Target t;

    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    value_set(c->arena, value_need(c->arena, patch, "spec.template.metadata.annotations"),
              "kubectl.kubernetes.io/restartedAt",
              value_str(c->arena, clock_to_rfc3339(clock_now_us(), now)));
    return send_patch(c, &t, patch, "restarted");
}

static int set_paused(Cli *c, bool is_paused, const char *verb)
{
    Value *patch = value_object(c->arena), *live;
    Target t;

    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    if (strcmp(t.res->kind, "Deployment") != 0)
        return cli_error("%s \"%s\" %s is not supported", t.res->plural, t.name,
                         is_paused ? "pausing" : "resuming");
    live = get_target(c, &t);
    if (!live)
        return 1;
    if (value_at_bool(live, "spec.paused") == is_paused)
        return cli_error("%s.%s \"%s\" is %s paused", t.res->plural, t.res->group, t.name,
                         is_paused ? "already" : "not");
    value_set_at(c->arena, patch, "spec.paused",
                 is_paused ? value_bool(c->arena, true) : value_null(c->arena));
    return send_patch(c, &t, patch, verb);
}

int cmd_rollout_pause(Cli *c)
{
    return set_paused(c, true, "paused");
}

int cmd_rollout_resume(Cli *c)
{
    return set_paused(c, false, "resumed");
}

/* ---- wait ---- */

/* condition=TYPE[=VALUE], delete, or jsonpath={...}=VALUE (as plain dotted path). */
static bool is_met(Cli *c, const Value *v, const char *what)
{
    Value *cond;

    if (str_starts(what, "jsonpath=")) {
        Slice rest = slice_of(what + strlen("jsonpath=")), path;
        const Value *found;

        slice_cut(&rest, '=', &path);
        while (path.len > 0 && (path.ptr[0] == '{' || path.ptr[0] == '.' || path.ptr[0] == '\''))
            path.ptr++, path.len--;
        while (path.len > 0 && (path.ptr[path.len - 1] == '}' || path.ptr[path.len - 1] == '\''))
            path.len--;
        found = value_at(v, arena_strndup(c->arena, path.ptr, path.len));
        if (!found)
            return false;
        return rest.len == 0 ||
               slice_is(rest,
                        found->type == VALUE_STRING ? found->str : value_to_str(c->arena, found));
    }
    if (str_starts(what, "condition=")) {
        Slice rest = slice_of(what + strlen("condition=")), type;
        bool has_value = slice_cut(&rest, '=', &type);

        value_each_item(value_at(v, "status.conditions"), i, cond)
        {
            const char *t = value_get_str(cond, "type"), *s = value_get_str(cond, "status");

            if (t && s && strncasecmp(t, type.ptr, type.len) == 0 && t[type.len] == '\0')
                return strcasecmp(s, has_value ? arena_strndup(c->arena, rest.ptr, rest.len)
                                               : "true") == 0;
        }
    }
    return false;
}

static int wait_target(Cli *c, const Target *t, const char *what, int64_t end)
{
    bool is_delete = strcmp(what, "delete") == 0, is_create = strcmp(what, "create") == 0;
    bool seen = false;

    for (;;) {
        ClientReply reply;

        if (cli_send_quietly(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, NULL, NULL,
                             &reply) != 0)
            return 1;
        if (reply.status == 404 && is_delete) {
            if (seen)
                printf("%s condition met\n", cli_full_name(c, t->res, t->name));
            return 0;
        }
        if (reply.status != 200 && !(is_create && reply.status == 404))
            return cli_server_error(c, &reply);
        seen = reply.status == 200;
        if ((is_create && seen) ||
            (!is_delete && !is_create && is_met(c, cli_reply_value(c, &reply), what))) {
            printf("%s condition met\n", cli_full_name(c, t->res, t->name));
            return 0;
        }
        if (clock_mono_us() > end)
            return cli_error("timed out waiting for the condition on %s/%s", t->res->plural,
                             t->name);
        usleep(100000);
    }
}

int cmd_wait(Cli *c)
{
    const char *what = flag_str(&c->flags, "for");
    int64_t end = clock_mono_us() + duration_s(flag_str(&c->flags, "timeout")) * 1000000;
    Target *t;
    int n, r = 0;

    if (!what)
        return cli_usage_error(
            c, "--for is required: delete, condition=TYPE or jsonpath={PATH}=VALUE");
    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    for (int i = 0; i < n; i++) {
        Value *list, *item;

        if (t[i].name) {
            r |= wait_target(c, &t[i], what, end);
            continue;
        }
        list = cli_get(c, cli_path(c, t[i].res, t[i].ns, NULL, NULL),
                       flag_str(&c->flags, "selector")
                           ? arena_printf(c->arena, "labelSelector=%s",
                                          cli_quote(c, flag_str(&c->flags, "selector")))
                           : NULL);
        if (!list)
            return 1;
        if (value_len(value_get(list, "items")) == 0)
            return cli_error("no matching resources found");
        value_each_item(value_get(list, "items"), k, item)
        {
            Target one = {t[i].res, t[i].ns, value_at_str(item, "metadata.name"), NULL, NULL};

            r |= wait_target(c, &one, what, end);
        }
    }
    return n < 0 ? 1 : r;
}
