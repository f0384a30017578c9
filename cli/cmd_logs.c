/* hpctl logs: of a pod, or of the pods behind a workload. */
#include "cli/cli.h"

static int on_log_bytes(Slice chunk, void *data UNUSED)
{
    fwrite(chunk.ptr, 1, chunk.len, stdout);
    fflush(stdout);
    return 0;
}

static const char *log_query(Cli *c, const char *container)
{
    const Flags *f = &c->flags;
    const char *since = flag_str(f, "since"), *tail = flag_str(f, "tail");
    AUTO_BUF q = BUF_INIT;

    if (container)
        buf_addf(&q, "&container=%s", cli_quote(c, container));
    if (flag_bool(f, "follow"))
        buf_adds(&q, "&follow=true");
    if (flag_bool(f, "previous"))
        buf_adds(&q, "&previous=true");
    if (flag_bool(f, "timestamps"))
        buf_adds(&q, "&timestamps=true");
    if (tail && strcmp(tail, "-1") != 0)
        buf_addf(&q, "&tailLines=%s", cli_quote(c, tail));
    if (flag_str(f, "limit-bytes"))
        buf_addf(&q, "&limitBytes=%s", cli_quote(c, flag_str(f, "limit-bytes")));
    if (flag_str(f, "since-time"))
        buf_addf(&q, "&sinceTime=%s", cli_quote(c, flag_str(f, "since-time")));
    if (since) {
        char *end;
        long n = strtol(since, &end, 10);

        buf_addf(&q, "&sinceSeconds=%ld", *end == 'm' ? n * 60 : *end == 'h' ? n * 3600 : n);
    }
    return q.len > 0 ? arena_strdup(c->arena, buf_str(&q) + 1) : NULL;
}

static int show_log(Cli *c, const char *ns, const char *pod, const char *container)
{
    const CliResource *pods = cli_find_resource(c, "pods");
    HttpSink sink = {.on_chunk = on_log_bytes};
    ClientRequest req;
    Err err;

    if (!pods)
        return 1;
    req = (ClientRequest){.method = "GET",
                          .path = cli_path(c, pods, ns, pod, "log"),
                          .query = log_query(c, container),
                          .accept = "*/*"};
    if (http_stream(c->client, &req, &sink, &err) < 0) {
        fflush(stdout);
        fprintf(stderr, "Error from server (%s): %s\n", err_reason(err.code), err.msg);
        return 1;
    }
    return 0;
}

static int logs_of_pods(Cli *c, const char *ns, const char *selector, const char *container,
                        bool all)
{
    const CliResource *pods = cli_find_resource(c, "pods");
    Value *list, *pod;
    int r = 0;

    if (!pods)
        return 1;
    list = cli_get(c, cli_path(c, pods, ns, NULL, NULL),
                   arena_printf(c->arena, "labelSelector=%s", cli_quote(c, selector)));
    if (!list)
        return 1;
    if (value_len(value_get(list, "items")) == 0) {
        fprintf(stderr, "No resources found in %s namespace.\n", ns);
        return 1;
    }
    if (!all && value_len(value_get(list, "items")) > 1)
        fprintf(stderr, "Found %u pods, using pod/%s\n", value_len(value_get(list, "items")),
                value_at_str(list, "items.0.metadata.name"));
    value_each_item(value_get(list, "items"), i, pod)
    {
        if (i > 0 && !all)
            break;
        r |= show_log(c, ns, value_at_str(pod, "metadata.name"), container);
    }
    return r;
}

static int logs_of_all_containers(Cli *c, const Target *t)
{
    Value *pod = cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL), *box;
    int r = 0;

    if (!pod)
        return 1;
    value_each_item(value_at(pod, "spec.initContainers"), i, box) r |=
        show_log(c, t->ns, t->name, value_get_str(box, "name"));
    value_each_item(value_at(pod, "spec.containers"), i, box) r |=
        show_log(c, t->ns, t->name, value_get_str(box, "name"));
    return r;
}

int cmd_logs(Cli *c)
{
    const Flags *f = &c->flags;
    const char *container = flag_str(f, "container");
    const char *selector;
    Target t;

    if (cli_connect(c) != 0)
        return 1;
    if (flag_str(f, "selector"))
        return logs_of_pods(c, c->ns, flag_str(f, "selector"), container, true);
    if (cli_one_target(c, 0, "pods", &t) != 0)
        return 1;
    if (!container && c->n_args > 1 && !strchr(c->args[0], '/'))
        container = c->args[1];
    else if (!container && c->n_args > 1)
        container = c->args[1];
    if (strcmp(t.res->kind, "Pod") == 0)
        return flag_bool(f, "all-containers") ? logs_of_all_containers(c, &t)
                                              : show_log(c, t.ns, t.name, container);
    selector = cli_pod_selector(c, &t);
    return selector ? logs_of_pods(c, t.ns, selector, container, false) : 1;
}
