/* hpctl auth reconcile: roles and bindings get what a file says, and keep what they have. */
#include "cli/cli.h"

#include "cli/reconcile.h"

#define RBAC "rbac.authorization.k8s.io"

enum { ATTEMPTS = 3 };

static bool is_dry(const Cli *c)
{
    const char *dry = flag_str(&c->flags, "dry-run");

    return dry && !str_eq(dry, "none");
}

/* ---- telling, as Go prints structures ---- */

static void print_words(const Value *list)
{
    const Value *v;

    fputc('[', stderr);
    value_each_item(list, i, v)
        fprintf(stderr, "%s%s", i ? " " : "", value_to_cstr(v) ? value_to_cstr(v) : "");
    fputc(']', stderr);
}

static void print_rules(const char *title, const Value *rules)
{
    static const char *const fields[][2] = {{"Verbs", "verbs"},
                                            {"APIGroups", "apiGroups"},
                                            {"Resources", "resources"},
                                            {"ResourceNames", "resourceNames"},
                                            {"NonResourceURLs", "nonResourceURLs"}};
    const Value *rule;

    if (value_len(rules) > 0)
        fprintf(stderr, "\t%s:\n", title);
    value_each_item(rules, i, rule)
    {
        fputs("\t\t{", stderr);
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            fprintf(stderr, "%s%s:", k ? " " : "", fields[k][0]);
            print_words(value_get(rule, fields[k][1]));
        }
        fputs("}\n", stderr);
    }
}

static void print_subjects(const char *title, const Value *subjects)
{
    static const char *const fields[][2] = {
        {"Kind", "kind"}, {"APIGroup", "apiGroup"}, {"Name", "name"}, {"Namespace", "namespace"}};
    const Value *s;

    if (value_len(subjects) > 0)
        fprintf(stderr, "\t%s:\n", title);
    value_each_item(subjects, i, s)
    {
        fputs("\t\t{", stderr);
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            const char *text = value_get_str(s, fields[k][1]);

            fprintf(stderr, "%s%s:%s", k ? " " : "", fields[k][0], text ? text : "");
        }
        fputs("}\n", stderr);
    }
}

static int tell(Cli *c, const Target *t, const Reconciled *r)
{
    static const char *const ops[] = {[RECONCILE_CREATE] = "create",
                                      [RECONCILE_UPDATE] = "update",
                                      [RECONCILE_RECREATE] = "recreate"};
    int status = print_result(c, t, r->object, "reconciled");

    fflush(stdout);
    if (r->op == RECONCILE_NONE)
        return status;
    fprintf(stderr, "\treconciliation required %s%s\n", ops[r->op],
            r->is_protected
                ? ", but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)"
                : "");
    print_subjects("missing subjects added", r->missing_subjects);
    if (flag_bool(&c->flags, "remove-extra-subjects"))
        print_subjects("extra subjects removed", r->extra_subjects);
    print_rules("missing rules added", r->missing_rules);
    if (flag_bool(&c->flags, "remove-extra-permissions"))
        print_rules("extra rules removed", r->extra_rules);
    return status;
}

/* ---- doing ---- */

static int call(Cli *c, const char *method, const char *path, const Value *body, ClientReply *reply)
{
    bool writes = !str_eq(method, "GET") && !str_eq(method, "DELETE");

    return cli_send_quietly(c, method, path, writes ? "fieldManager=kubectl-auth" : NULL,
                            body ? "application/json" : NULL, body, reply);
}

/* The namespace of what is to be created; 0, or 1 after printing. */
static int need_namespace(Cli *c, const Target *t)
{
    Value *ns = value_literal(c->arena, "{'apiVersion':'v1','kind':'Namespace'}");
    ClientReply reply;

    if (!*t->ns)
        return 0;
    if (call(c, "GET", arena_printf(c->arena, "/api/v1/namespaces/%s", t->ns), NULL, &reply) != 0)
        return 1;
    if (reply.status == 404) {
        value_set_at(c->arena, ns, "metadata.name", value_str(c->arena, t->ns));
        if (call(c, "POST", "/api/v1/namespaces", ns, &reply) != 0)
            return 1;
        if (reply.status == 409)
            return 0;
    }
    return reply.status < 300 ? 0 : cli_server_error(c, &reply);
}

static int create(Cli *c, const Target *t, Reconciled *r, ClientReply *reply)
{
    if (need_namespace(c, t) != 0)
        return 1;
    return call(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL), r->object, reply);
}

static int recreate(Cli *c, const Target *t, const Value *existing, Reconciled *r,
                    ClientReply *reply)
{
    Value *options = value_literal(c->arena, "{'apiVersion':'v1','kind':'DeleteOptions'}");

    value_set_at(c->arena, options, "preconditions.uid",
                 value_copy(c->arena, value_at(existing, "metadata.uid")));
    if (call(c, "DELETE", cli_path(c, t->res, t->ns, t->name, NULL), options, reply) != 0)
        return 1;
    if (reply->status >= 300 && reply->status != 404)
        return 0; /* 409: another one of that name is there */
    return create(c, t, r, reply);
}

/* Somebody else made or deleted it meanwhile: from the beginning. */
static bool is_race(ReconcileOp op, int status)
{
    return op == RECONCILE_UPDATE ? status == 404 : status == 409;
}

static int carry_out(Cli *c, const Target *t, const Value *existing, Reconciled *r,
                     ClientReply *reply)
{
    switch (r->op) {
    case RECONCILE_CREATE:
        return create(c, t, r, reply);
    case RECONCILE_RECREATE:
        return recreate(c, t, existing, r, reply);
    case RECONCILE_UPDATE:
        return call(c, "PUT", cli_path(c, t->res, t->ns, t->name, NULL), r->object, reply);
    case RECONCILE_NONE:
        break;
    }
    return 0;
}

static int reconcile_once(Cli *c, const Target *t, bool *ret_again)
{
    bool is_role = str_ends(t->res->kind, "Role");
    Value *existing = NULL;
    ClientReply reply;
    Reconciled r;

    *ret_again = false;
    if (call(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, &reply) != 0)
        return 1;
    if (reply.status >= 300 && reply.status != 404)
        return cli_server_error(c, &reply);
    if (reply.status < 300)
        existing = cli_reply_value(c, &reply);
    r = is_role ? reconcile_role(c->arena, existing, t->object,
                                 flag_bool(&c->flags, "remove-extra-permissions"))
                : reconcile_binding(c->arena, existing, t->object,
                                    flag_bool(&c->flags, "remove-extra-subjects"));
    if (is_dry(c) || r.is_protected || r.op == RECONCILE_NONE)
        return tell(c, t, &r);
    if (carry_out(c, t, existing, &r, &reply) != 0)
        return 1;
    *ret_again = is_race(r.op, reply.status);
    if (*ret_again)
        return 0;
    if (reply.status >= 300)
        return cli_server_error(c, &reply);
    if (cli_reply_value(c, &reply))
        r.object = cli_reply_value(c, &reply);
    return tell(c, t, &r);
}

static int reconcile(Cli *c, Value *doc)
{
    bool again;
    Target t;
    int r;

    if (cli_object_target(c, doc, &t) != 0)
        return 1;
    if (!t.name)
        return cli_error("resource name may not be empty");
    for (int i = 0; i < ATTEMPTS; i++) {
        r = reconcile_once(c, &t, &again);
        if (!again)
            return r;
    }
    return cli_error("exceeded maximum attempts");
}

/* What is of another group is left out without a word. */
static int refuse_other_version(const Value *doc)
{
    const char *api_version = value_get_str(doc, "apiVersion"), *kind = value_get_str(doc, "kind");

    if (!api_version || !str_starts(api_version, RBAC "/") || str_eq(api_version, RBAC "/v1"))
        return 0;
    return cli_error("only " RBAC "/v1 is supported: not *%s.%s", api_version + strlen(RBAC "/"),
                     kind ? kind : "");
}

int cmd_auth_reconcile(Cli *c)
{
    const char *dry = flag_str(&c->flags, "dry-run");
    Value **docs;
    int n, r = 0;

    if (!flag_given(&c->flags, "filename"))
        return cli_error("must specify one of -f and -k");
    if (c->n_args > 0)
        return cli_error("no arguments are allowed");
    if (dry && str_eq(dry, "server"))
        return cli_error("--dry-run=server for command reconcile is not supported yet");
    if (cli_connect(c) != 0)
        return 1;
    n = cli_read_files(c, &docs);
    if (n < 0)
        return 1;
    for (int i = 0; i < n; i++)
        if (str_eq(value_get_str(docs[i], "apiVersion"), RBAC "/v1"))
            r |= reconcile(c, docs[i]);
    for (int i = 0; i < n; i++)
        r |= refuse_other_version(docs[i]);
    return r;
}
