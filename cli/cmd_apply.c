/* hpctl apply, create -f, replace, delete, patch, label, annotate, set image: commands that write.
 */
#include "cli/cli.h"

#include "api/patch.h"
#include "base/clock.h"

#include <unistd.h>

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

const char *cli_write_query(Cli *c, const char *default_manager)
{
    const Flags *f = &c->flags;
    const char *manager = flag_str(f, "field-manager");
    const char *validate = flag_str(f, "validate");
    const char *dry = flag_str(f, "dry-run");
    const char *mode = !validate || strcmp(validate, "true") == 0 || strcmp(validate, "strict") == 0
                           ? "Strict"
                       : strcmp(validate, "warn") == 0 ? "Warn"
                                                       : "Ignore";

    return arena_printf(c->arena, "fieldManager=%s&fieldValidation=%s%s",
                        cli_quote(c, manager ? manager : default_manager), mode,
                        dry && strcmp(dry, "server") == 0 ? "&dryRun=All" : "");
}

static bool is_client_dry_run(const Cli *c)
{
    const char *dry = flag_str(&c->flags, "dry-run");

    return dry && (strcmp(dry, "client") == 0 || strcmp(dry, "unchanged") == 0);
}

/* ---- create ---- */

static int create_target(Cli *c, const Target *t, const char *verb)
{
    Value *answer;

    if (is_client_dry_run(c))
        return print_result(c, t, t->object, verb);
    answer = cli_send(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL),
                      cli_write_query(c, "kubectl-create"), "application/json", t->object);
    return answer ? print_result(c, t, answer, verb) : 1;
}

int cmd_create(Cli *c)
{
    Value **docs;
    int n, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    if (!flag_given(&c->flags, "filename"))
        return cli_usage_error(c, "must specify one of -f, or what to create");
    n = cli_read_files(c, &docs);
    if (n < 0)
        return 1;
    for (int i = 0; i < n; i++) {
        Target t;

        r |= cli_object_target(c, docs[i], &t) != 0 || create_target(c, &t, "created") != 0;
    }
    return r;
}

/* ---- apply ---- */

/* The annotation that remembers what was applied, and the object with it. */
static Value *with_last_applied(Cli *c, const Value *object, const char **ret_text)
{
    Value *plain = value_copy(c->arena, object), *annotated;
    AUTO_BUF text = BUF_INIT;

    value_del(value_at(plain, "metadata.annotations"), LAST_APPLIED);
    if (!value_at(plain, "metadata.annotations"))
        value_set_at(c->arena, plain, "metadata.annotations", value_object(c->arena));
    value_print(plain, &text);
    buf_addc(&text, '\n');
    annotated = value_copy(c->arena, plain);
    *ret_text = arena_strdup(c->arena, buf_str(&text));
    value_set_str(c->arena, value_need(c->arena, annotated, "metadata.annotations"), LAST_APPLIED,
                  *ret_text);
    return annotated;
}

static int apply_patch(Cli *c, const Target *t, const Value *live, const Value *wanted)
{
    const char *last =
        value_to_cstr(value_get(value_at(live, "metadata.annotations"), LAST_APPLIED));
    const Resource *r = resource_find_kind(t->res->group, t->res->version, t->res->kind);
    Value *before = NULL, *patch, *answer;
    Err err;

    if (!last)
        fprintf(
            stderr,
            "Warning: resource %s/%s is missing the " LAST_APPLIED
            " annotation which is required by hpctl apply. The missing annotation will be patched "
            "automatically.\n",
            t->res->plural, t->name);
    else if (value_parse(c->arena, slice_of(last), &before, &err) < 0)
        return cli_error("the last applied configuration of %s is not JSON: %s", t->name, err.msg);
    if (patch_three_way(c->arena, r && !r->crd ? r->type : NULL, before, live, wanted, &patch,
                        &err) < 0)
        return cli_print_err(&err);
    if (value_len(patch) == 0)
        return print_result(c, t, live, "unchanged");
    answer = cli_send(c, "PATCH", cli_path(c, t->res, t->ns, t->name, NULL),
                      cli_write_query(c, "kubectl-client-side-apply"),
                      r && !r->crd ? "application/strategic-merge-patch+json"
                                   : "application/merge-patch+json",
                      patch);
    if (!answer)
        return 1;
    return print_result(c, t, answer,
                        str_eq(value_at_str(answer, "metadata.resourceVersion"),
                               value_at_str(live, "metadata.resourceVersion"))
                            ? "unchanged"
                            : "configured");
}

static int apply_client_side(Cli *c, const Target *t)
{
    const char *text;
    Value *wanted = with_last_applied(c, t->object, &text), *live, *answer;
    ClientReply reply;

    if (!t->name)
        return cli_error("error when applying: the object has no metadata.name (use create)");
    if (cli_send_quietly(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, NULL, NULL,
                         &reply) != 0)
        return 1;
    if (reply.status == 404) {
        if (is_client_dry_run(c))
            return print_result(c, t, wanted, "created");
        answer =
            cli_send(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL),
                     cli_write_query(c, "kubectl-client-side-apply"), "application/json", wanted);
        return answer ? print_result(c, t, answer, "created") : 1;
    }
    if (reply.status != 200)
        return cli_server_error(c, &reply);
    live = cli_reply_value(c, &reply);
    if (is_client_dry_run(c))
        return print_result(c, t, wanted, "configured");
    return apply_patch(c, t, live, wanted);
}

static int apply_server_side(Cli *c, const Target *t)
{
    const char *query = arena_printf(c->arena, "%s%s", cli_write_query(c, "kubectl"),
                                     flag_bool(&c->flags, "force-conflicts") ? "&force=true" : "");
    Value *answer = cli_send(c, "PATCH", cli_path(c, t->res, t->ns, t->name, NULL), query,
                             "application/apply-patch+yaml", t->object);

    return answer ? print_result(c, t, answer, "serverside-applied") : 1;
}

/* Namespaces and CRDs first: what follows in the same folder may live in them. */
static int rank(const Target *t)
{
    return strcmp(t->res->kind, "Namespace") == 0                  ? 0
           : strcmp(t->res->kind, "CustomResourceDefinition") == 0 ? 1
                                                                   : 2;
}

int cmd_apply(Cli *c)
{
    Value **docs;
    int n, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    if (!flag_given(&c->flags, "filename"))
        return cli_usage_error(c, "must specify one of -f and -k");
    n = cli_read_files(c, &docs);
    if (n < 0)
        return 1;
    if (n == 0)
        return cli_error("no objects passed to apply");
    for (int pass = 0; pass < 3; pass++) {
        for (int i = 0; i < n; i++) {
            Target t;

            if (!docs[i])
                continue;
            if (cli_object_target(c, docs[i], &t) != 0) {
                docs[i] = NULL;
                r = 1;
            } else if (rank(&t) == pass) {
                docs[i] = NULL;
                r |= flag_bool(&c->flags, "server-side") ? apply_server_side(c, &t)
                                                         : apply_client_side(c, &t);
            }
        }
    }
    return r;
}

int cmd_replace(Cli *c)
{
    Target *t;
    int n, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    for (int i = 0; i < n; i++) {
        Value *answer =
            cli_send(c, "PUT", cli_path(c, t[i].res, t[i].ns, t[i].name, NULL),
                     cli_write_query(c, "kubectl-replace"), "application/json", t[i].object);

        r |= !answer || print_result(c, &t[i], answer, "replaced") != 0;
    }
    return n < 0 ? 1 : r;
}

/* ---- delete ---- */

static Value *delete_options(Cli *c)
{
    const Flags *f = &c->flags;
    const char *cascade = flag_str(f, "cascade");
    Value *o = value_literal(c->arena, "{'kind':'DeleteOptions','apiVersion':'v1'}");
    int64_t grace = flag_int(f, "grace-period", -1);

    if (flag_bool(f, "now"))
        grace = 1;
    if (flag_bool(f, "force") && grace < 0)
        grace = 0;
    if (grace >= 0)
        value_set_int(c->arena, o, "gracePeriodSeconds", grace);
    value_set_str(c->arena, o, "propagationPolicy",
                  strcmp(cascade, "orphan") == 0       ? "Orphan"
                  : strcmp(cascade, "foreground") == 0 ? "Foreground"
                                                       : "Background");
    if (flag_given(f, "dry-run") && strcmp(flag_str(f, "dry-run"), "server") == 0)
        value_set(c->arena, o, "dryRun", value_literal(c->arena, "['All']"));
    return o;
}

/* Until the object of this uid is gone. */
static int wait_gone(Cli *c, const Target *t, const char *uid)
{
    const char *timeout = flag_str(&c->flags, "timeout");
    int64_t end =
        clock_mono_us() + (timeout && atoll(timeout) > 0 ? atoll(timeout) : 604800) * 1000000;

    while (clock_mono_us() < end) {
        ClientReply reply;

        if (cli_send_quietly(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, NULL, NULL,
                             &reply) != 0)
            return 1;
        if (reply.status == 404 ||
            (uid && reply.status == 200 &&
             !str_eq(uid, value_at_str(cli_reply_value(c, &reply), "metadata.uid"))))
            return 0;
        usleep(100000);
    }
    return cli_error("timed out waiting for the condition on %s/%s", t->res->plural, t->name);
}

static int delete_target(Cli *c, const Target *t)
{
    ClientReply reply;
    Value *answer;
    const char *uid;
    int r;

    if (is_client_dry_run(c)) {
        printf("%s deleted (dry run)\n", cli_full_name(c, t->res, t->name));
        return 0;
    }
    if (cli_send_quietly(c, "DELETE", cli_path(c, t->res, t->ns, t->name, NULL), NULL,
                         "application/json", delete_options(c), &reply) != 0)
        return 1;
    if (reply.status == 404 && flag_bool(&c->flags, "ignore-not-found"))
        return 0;
    if (reply.status >= 300)
        return cli_server_error(c, &reply);
    answer = cli_reply_value(c, &reply);
    uid = value_at_str(answer, "metadata.uid");
    if (!uid)
        uid = value_at_str(answer, "details.uid");
    if (str_eq(flag_str(&c->flags, "output"), "name"))
        printf("%s\n", cli_full_name(c, t->res, t->name));
    else
        printf("%s \"%s\" %s%s\n",
               arena_strndup(c->arena, cli_full_name(c, t->res, ""),
                             strlen(cli_full_name(c, t->res, "")) - 1),
               t->name, flag_bool(&c->flags, "force") ? "force deleted" : "deleted",
               t->res->is_namespaced ? arena_printf(c->arena, " from %s namespace", t->ns) : "");
    fflush(stdout);
    r = flag_bool(&c->flags, "wait") && !flag_bool(&c->flags, "force") ? wait_gone(c, t, uid) : 0;
    return r;
}

/* A type without name: everything of it that the selector matches. */
static int delete_all_of(Cli *c, const Target *t)
{
    const char *selector = flag_str(&c->flags, "selector");
    const char *fields = flag_str(&c->flags, "field-selector");
    AUTO_BUF q = BUF_INIT;
    Value *list, *item;
    int r = 0;

    if (!selector && !fields && !flag_bool(&c->flags, "all"))
        return cli_error("resource(s) were provided, but no name was specified");
    if (selector)
        buf_addf(&q, "&labelSelector=%s", cli_quote(c, selector));
    if (fields)
        buf_addf(&q, "&fieldSelector=%s", cli_quote(c, fields));
    list = cli_get(
        c, cli_path(c, t->res, flag_bool(&c->flags, "all-namespaces") ? NULL : t->ns, NULL, NULL),
        q.len > 0 ? buf_str(&q) + 1 : NULL);
    if (!list)
        return 1;
    value_each_item(value_get(list, "items"), i, item)
    {
        const char *ns = value_at_str(item, "metadata.namespace");
        Target one = {t->res, ns ? ns : "", value_at_str(item, "metadata.name"), NULL};

        r |= delete_target(c, &one);
    }
    if (value_len(value_get(list, "items")) == 0)
        printf("No resources found\n");
    return r;
}

int cmd_delete(Cli *c)
{
    Target *t;
    int n, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    if (n > 0 && flag_bool(&c->flags, "force"))
        fprintf(stderr,
                "Warning: Immediate deletion does not wait for confirmation that the running "
                "resource has been terminated. The resource may continue to run on the "
                "cluster indefinitely.\n");
    for (int i = 0; i < n; i++)
        r |= t[i].name ? delete_target(c, &t[i]) : delete_all_of(c, &t[i]);
    return n < 0 ? 1 : r;
}

/* ---- small changes ---- */

static int patch_target(Cli *c, const Target *t, const char *type, const Value *patch,
                        const char *verb)
{
    Value *answer = cli_send(
        c, "PATCH", cli_path(c, t->res, t->ns, t->name, flag_str(&c->flags, "subresource")),
        cli_write_query(c, "kubectl-patch"), type, patch);

    return answer ? print_result(c, t, answer, verb) : 1;
}

int cmd_patch(Cli *c)
{
    const char *text = flag_str(&c->flags, "patch"), *type = flag_str(&c->flags, "type");
    const char *media = strcmp(type, "json") == 0    ? "application/json-patch+json"
                        : strcmp(type, "merge") == 0 ? "application/merge-patch+json"
                                                     : "application/strategic-merge-patch+json";
    Value *patch;
    Target t;
    Err err;

    if (!text)
        return cli_usage_error(c, "must specify -p to patch");
    if (value_parse(c->arena, slice_of(text), &patch, &err) < 0)
        return cli_error("unable to parse \"%s\": %s", text, err.msg);
    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    return patch_target(c, &t, media, patch, "patched");
}

/* label and annotate: KEY=VALUE sets, KEY- removes. */
static int change_map(Cli *c, const char *field, const char *verb)
{
    Value *patch = value_object(c->arena), *map = value_need(c->arena, patch, field);
    size_t n = c->n_args;
    Target *t;
    int n_targets, r = 0;

    while (c->n_args > 0 &&
           (strchr(c->args[c->n_args - 1], '=') || str_ends(c->args[c->n_args - 1], "-")))
        c->n_args--;
    if (c->n_args == n)
        return cli_usage_error(c, "at least one update is required");
    for (size_t i = c->n_args; i < n; i++) {
        const char *eq = strchr(c->args[i], '=');
        const char *key = arena_strndup(c->arena, c->args[i],
                                        eq ? (size_t)(eq - c->args[i]) : strlen(c->args[i]) - 1);

        value_set(c->arena, map, key, eq ? value_str(c->arena, eq + 1) : value_null(c->arena));
    }
    if (cli_connect(c) != 0)
        return 1;
    n_targets = cli_targets(c, 0, &t);
    for (int i = 0; i < n_targets; i++) {
        if (!t[i].name)
            return cli_error("resource(s) were provided, but no name was specified");
        r |= patch_target(c, &t[i], "application/merge-patch+json", patch, verb);
    }
    return n_targets < 0 ? 1 : r;
}

int cmd_label(Cli *c)
{
    return change_map(c, "metadata.labels", "labeled");
}

int cmd_annotate(Cli *c)
{
    return change_map(c, "metadata.annotations", "annotated");
}

int cmd_set_image(Cli *c)
{
    Value *patch = value_object(c->arena), *list = value_array(c->arena);
    size_t n = c->n_args;
    Target t;

    while (c->n_args > 0 && strchr(c->args[c->n_args - 1], '='))
        c->n_args--;
    if (c->n_args == n)
        return cli_usage_error(c, "at least one CONTAINER=IMAGE is required");
    for (size_t i = c->n_args; i < n; i++) {
        const char *eq = strchr(c->args[i], '=');
        Value *container = value_object(c->arena);

        value_set(c->arena, container, "name",
                  value_strn(c->arena, c->args[i], (size_t)(eq - c->args[i])));
        value_set_str(c->arena, container, "image", eq + 1);
        value_append(c->arena, list, container);
    }
    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    value_set_at(c->arena, patch,
                 strcmp(t.res->kind, "Pod") == 0 ? "spec.containers"
                                                 : "spec.template.spec.containers",
                 list);
    return patch_target(c, &t, "application/strategic-merge-patch+json", patch, "image updated");
}
