/* hpctl cordon, uncordon, drain, taint: what operators do to nodes; completion. */
#include "cli/cli.h"

#include "base/clock.h"

#include <unistd.h>

static int patch_node(Cli *c, const Target *t, Value *patch, const char *verb)
{
    Value *answer =
        cli_send(c, "PATCH", cli_path(c, t->res, "", t->name, NULL),
                 cli_write_query(c, "kubectl-node"), "application/merge-patch+json", patch);

    return answer ? print_result(c, t, answer, verb) : 1;
}

/* The nodes of the command line: NAME... without a type. */
static int nodes_of(Cli *c, Target **ret)
{
    const CliResource *nodes;

    if (c->n_args < 1)
        return -cli_usage_error(c, "USAGE: %s [flags]", c->command->usage);
    if (cli_connect(c) != 0 || !(nodes = cli_find_resource(c, "nodes")))
        return -1;
    *ret = arena_array(c->arena, Target, c->n_args);
    for (size_t i = 0; i < c->n_args; i++)
        (*ret)[i] = (Target){.res = nodes, .ns = "", .name = c->args[i]};
    return (int)c->n_args;
}

static int set_unschedulable(Cli *c, const Target *t, bool wanted)
{
    const char *verb = wanted ? "cordoned" : "uncordoned";
    Value *node = cli_get(c, cli_path(c, t->res, "", t->name, NULL), NULL);
    Value *patch = value_object(c->arena);

    if (!node)
        return 1;
    if (value_at_bool(node, "spec.unschedulable") == wanted) {
        printf("node/%s already %s\n", t->name, verb);
        return 0;
    }
    value_set_at(c->arena, patch, "spec.unschedulable",
                 wanted ? value_bool(c->arena, true) : value_null(c->arena));
    return patch_node(c, t, patch, verb);
}

int cmd_cordon(Cli *c)
{
    Target *t;
    int n = nodes_of(c, &t), r = 0;

    for (int i = 0; i < n; i++)
        r |= set_unschedulable(c, &t[i], true);
    return n < 0 ? 1 : r;
}

int cmd_uncordon(Cli *c)
{
    Target *t;
    int n = nodes_of(c, &t), r = 0;

    for (int i = 0; i < n; i++)
        r |= set_unschedulable(c, &t[i], false);
    return n < 0 ? 1 : r;
}

/* ---- drain ---- */

static const char *controller_kind(const Value *pod)
{
    Value *owner;

    value_each_item(value_at(pod, "metadata.ownerReferences"), i,
                    owner) if (value_at_bool(owner, "controller")) return value_get_str(owner,
                                                                                        "kind");
    return NULL;
}

/* Ask for its eviction until a budget allows it. */
static int evict(Cli *c, const CliResource *pods, const char *ns, const char *name, int64_t end)
{
    Value *v = value_literal(c->arena, "{'apiVersion':'policy/v1','kind':'Eviction'}");
    ClientReply reply;

    value_set_at(c->arena, v, "metadata.name", value_str(c->arena, name));
    value_set_at(c->arena, v, "metadata.namespace", value_str(c->arena, ns));
    printf("evicting pod %s/%s\n", ns, name);
    for (;;) {
        if (cli_send_quietly(c, "POST", cli_path(c, pods, ns, name, "eviction"), NULL,
                             "application/json", v, &reply) != 0)
            return 1;
        if (reply.status == 404)
            return 0;
        if (reply.status != 429)
            break;
        if (clock_mono_us() > end)
            return cli_server_error(c, &reply);
        sleep(1);
    }
    if (reply.status >= 300)
        return cli_server_error(c, &reply);
    while (clock_mono_us() < end) {
        if (cli_send_quietly(c, "GET", cli_path(c, pods, ns, name, NULL), NULL, NULL, NULL,
                             &reply) != 0)
            return 1;
        if (reply.status == 404) {
            printf("pod/%s evicted\n", name);
            return 0;
        }
        usleep(200000);
    }
    return cli_error("pod %s/%s is still there", ns, name);
}

static int drain(Cli *c, const Target *node, int64_t end)
{
    const CliResource *pods = cli_find_resource(c, "pods");
    Value *list, *pod;
    int r = 0;

    if (!pods || set_unschedulable(c, node, true) != 0)
        return 1;
    list = cli_get(
        c, cli_path(c, pods, NULL, NULL, NULL),
        arena_printf(c->arena, "fieldSelector=spec.nodeName%%3D%s", cli_quote(c, node->name)));
    if (!list)
        return 1;
    value_each_item(value_get(list, "items"), i, pod)
    {
        const char *kind = controller_kind(pod), *name = value_at_str(pod, "metadata.name");

        if (str_eq(kind, "DaemonSet") && !flag_bool(&c->flags, "ignore-daemonsets"))
            return cli_error("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to "
                             "ignore): %s",
                             name);
        if (!kind && !flag_bool(&c->flags, "force"))
            return cli_error("cannot delete Pods that declare no controller (use --force to "
                             "override): %s",
                             name);
    }
    value_each_item(value_get(list, "items"), i,
                    pod) if (!str_eq(controller_kind(pod), "DaemonSet")) r |=
        evict(c, pods, value_at_str(pod, "metadata.namespace"), value_at_str(pod, "metadata.name"),
              end);
    if (r == 0)
        printf("node/%s drained\n", node->name);
    return r;
}

int cmd_drain(Cli *c)
{
    int64_t limit = flag_int(&c->flags, "timeout", 0);
    Target *t;
    int n = nodes_of(c, &t), r = 0;

    for (int i = 0; i < n; i++)
        r |= drain(c, &t[i], clock_mono_us() + (limit > 0 ? limit : 86400) * 1000000);
    return n < 0 ? 1 : r;
}

/* ---- taint ---- */

/* KEY[=VALUE]:EFFECT adds, KEY[:EFFECT]- removes; into the list. */
static int change_taints(Cli *c, const Value *before, const char *spec, Value *list)
{
    bool removes = str_ends(spec, "-");
    Slice rest = {spec, strlen(spec) - removes}, left, key;
    bool has_effect = slice_cut(&rest, ':', &left), has_value = slice_cut(&left, '=', &key);
    Value *one, *add;

    if (!removes && !has_effect)
        return cli_error("unknown taint spec: %s", spec);
    value_each_item(before, i, one)
    {
        bool same = slice_is(key, value_get_str(one, "key")) &&
                    (!has_effect || slice_is(rest, value_get_str(one, "effect")));

        if (!same)
            value_append(c->arena, list, one);
    }
    if (removes)
        return 0;
    add = value_object(c->arena);
    value_set(c->arena, add, "key", value_strn(c->arena, key.ptr, key.len));
    if (has_value)
        value_set(c->arena, add, "value", value_strn(c->arena, left.ptr, left.len));
    value_set(c->arena, add, "effect", value_strn(c->arena, rest.ptr, rest.len));
    value_append(c->arena, list, add);
    return 0;
}

int cmd_taint(Cli *c)
{
    size_t n = c->n_args;
    Value *node, *taints, *next, *patch = value_object(c->arena);
    Target t;

    while (c->n_args > 0 &&
           (strchr(c->args[c->n_args - 1], ':') || str_ends(c->args[c->n_args - 1], "-")))
        c->n_args--;
    if (c->n_args == n)
        return cli_error("at least one taint update is required");
    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    node = cli_get(c, cli_path(c, t.res, "", t.name, NULL), NULL);
    if (!node)
        return 1;
    taints = value_at(node, "spec.taints");
    for (size_t i = c->n_args; i < n; i++) {
        next = value_array(c->arena);
        if (change_taints(c, taints, c->args[i], next) != 0)
            return 1;
        taints = next;
    }
    value_set_at(c->arena, patch, "spec.taints", taints);
    return patch_node(c, &t, patch, str_ends(c->args[n - 1], "-") ? "untainted" : "tainted");
}

/* ---- completion ---- */

int cmd_completion(Cli *c)
{
    if (c->n_args != 1 || strcmp(c->args[0], "bash") != 0)
        return cli_error("only bash is supported: hpctl completion bash");
    printf("# source <(hpctl completion bash)\n_hpctl() {\n"
           "  local word=${COMP_WORDS[COMP_CWORD]} words=\"");
    for (const Command *one = commands; one->name; one++)
        printf("%.*s ", (int)strcspn(one->name, " "), one->name);
    printf("\"\n  if [ $COMP_CWORD -gt 1 ]; then\n"
           "    words=$(hpctl api-resources -o name 2>/dev/null)\n  fi\n"
           "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
           "complete -o default -F _hpctl hpctl\n");
    return 0;
}
