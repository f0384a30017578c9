/* hpctl apply, create -f, replace, delete: whole objects that are written. */
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
    /* patches send no fieldValidation: the server warns */
    const char *mode =
        !flag_given(f, "validate") && strcmp(default_manager, "kubectl-patch") == 0     ? "Warn"
        : !validate || strcmp(validate, "true") == 0 || strcmp(validate, "strict") == 0 ? "Strict"
        : strcmp(validate, "warn") == 0                                                 ? "Warn"
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
    c->doing = arena_printf(c->arena, "error when creating \"%s\": ", t->file);
    answer = cli_send(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL),
                      cli_write_query(c, "kubectl-create"), "application/json", t->object);
    c->doing = NULL;
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

        if (cli_object_target(c, docs[i], &t) != 0) {
            r = 1;
            continue;
        }
        t.file = c->doc_files[i];
        r |= create_target(c, &t, "created");
    }
    return r;
}

/* ---- apply ---- */

/* The annotation that remembers what was applied, and the object with it. */
Value *cli_with_last_applied(Cli *c, const Value *object)
{
    Value *plain = value_copy(c->arena, object), *annotated;
    AUTO_BUF text = BUF_INIT;

    value_del(value_at(plain, "metadata.annotations"), LAST_APPLIED);
    if (!value_at(plain, "metadata.annotations"))
        value_set_at(c->arena, plain, "metadata.annotations", value_object(c->arena));
    value_print(cli_sorted(c, plain), &text);
    buf_addc(&text, '\n');
    annotated = value_copy(c->arena, plain);
    value_set_str(c->arena, value_need(c->arena, annotated, "metadata.annotations"), LAST_APPLIED,
                  arena_strdup(c->arena, buf_str(&text)));
    return annotated;
}

int cli_apply_patch(Cli *c, const Target *t, const Value *live, const Value *wanted, Value **ret,
                    const char **ret_media)
{
    const char *last =
        value_to_cstr(value_get(value_at(live, "metadata.annotations"), LAST_APPLIED));
    const Resource *r = resource_find_kind(t->res->group, t->res->version, t->res->kind);
    bool is_typed = r && !r->crd;
    Value *before = NULL;
    Err err;

    if (last && value_parse(c->arena, slice_of(last), &before, &err) < 0)
        return cli_error("the last applied configuration of %s is not JSON: %s", t->name, err.msg);
    if (patch_three_way(c->arena, is_typed ? r->type : NULL, before, live, wanted, ret, &err) < 0)
        return cli_print_err(&err);
    if (value_len(*ret) == 0)
        *ret = NULL;
    *ret_media =
        is_typed ? "application/strategic-merge-patch+json" : "application/merge-patch+json";
    return 0;
}

static int apply_patch(Cli *c, const Target *t, const Value *live, const Value *wanted)
{
    const char *media;
    Value *patch, *answer;

    if (!value_get(value_at(live, "metadata.annotations"), LAST_APPLIED))
        fprintf(
            stderr,
            "Warning: resource %s/%s is missing the " LAST_APPLIED
            " annotation which is required by hpctl apply. The missing annotation will be patched "
            "automatically.\n",
            t->res->plural, t->name);
    if (cli_apply_patch(c, t, live, wanted, &patch, &media) != 0)
        return 1;
    if (!patch)
        return print_result(c, t, live, "unchanged");
    answer = cli_send(c, "PATCH", cli_path(c, t->res, t->ns, t->name, NULL),
                      cli_write_query(c, "kubectl-client-side-apply"), media, patch);
    return answer ? print_result(c, t, answer, "configured") : 1;
}

static int apply_client_side(Cli *c, const Target *t)
{
    Value *wanted = cli_with_last_applied(c, t->object), *live, *answer;
    ClientReply reply;

    if (!t->name)
        return cli_error("error when applying: the object has no metadata.name (use create)");
    if (cli_send_quietly(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, NULL, NULL,
                         &reply) != 0)
        return 1;
    if (reply.status == 404) {
        if (is_client_dry_run(c))
            return print_result(c, t, wanted, "created");
        c->doing = arena_printf(c->arena, "error when creating \"%s\": ", t->file);
        answer =
            cli_send(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL),
                     cli_write_query(c, "kubectl-client-side-apply"), "application/json", wanted);
        c->doing = NULL;
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
        return cli_error("must specify one of -f and -k");
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
                t.file = c->doc_files[i];
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

static bool is_server_dry_run(const Cli *c)
{
    return str_eq(flag_str(&c->flags, "dry-run"), "server");
}

/* pod "web-1" deleted from shop namespace */
static void print_deleted(Cli *c, const Target *t, const char *note)
{
    const char *full = cli_full_name(c, t->res, "");

    if (str_eq(flag_str(&c->flags, "output"), "name"))
        printf("%s\n", cli_full_name(c, t->res, t->name));
    else
        printf("%.*s \"%s\" %s%s%s\n", (int)strlen(full) - 1, full, t->name,
               flag_bool(&c->flags, "force") ? "force deleted" : "deleted", note,
               t->res->is_namespaced ? arena_printf(c->arena, " from %s namespace", t->ns) : "");
    fflush(stdout);
}

static int delete_target(Cli *c, const Target *t)
{
    ClientReply reply;
    Value *answer;
    const char *uid;
    int r;

    if (is_client_dry_run(c)) {
        print_deleted(c, t, " (dry run)");
        return 0;
    }
    c->doing = t->object ? arena_printf(c->arena, "error when deleting \"%s\": ",
                                        flag_item(&c->flags, "filename", 0))
                         : NULL;
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
    print_deleted(c, t, is_server_dry_run(c) ? " (server dry run)" : "");
    r = flag_bool(&c->flags, "wait") && !is_server_dry_run(c) && !flag_bool(&c->flags, "force")
            ? wait_gone(c, t, uid)
            : 0;
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
        Target one = {t->res, ns ? ns : "", value_at_str(item, "metadata.name"), NULL, NULL};

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
