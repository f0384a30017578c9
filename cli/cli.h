/*
 * cli.h - what every command of hpctl works with: its flags, the cluster it talks to, its output.
 *
 * A command is a row of a table (cli/commands.c): names, help, flags and run function together.
 *
 * Owns:    a Cli owns its client, kubeconfig and arena for the one invocation.
 * Threads: one, but for streams that run beside it (cli/podstream.c).
 * Fails:   commands return an exit status: 0, 1 for a failure that was printed (wrong usage too),
 *          or what `exec` and `diff` define.
 * Tests:   tests/unit/cli/, tests/e2e/
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/flags.h"
#include "client/client.h"
#include "client/http.h"
#include "client/kubeconfig.h"

#include "base/err.h"

typedef struct Cli Cli;

typedef struct Command {
    const char *name;                   /* "get", "rollout status" */
    const char *aliases;                /* space separated; may be NULL */
    const char *usage, *summary, *help; /* help: examples; may be NULL */
    const Flag *flags;
    int (*run)(Cli *c);
} Command;

struct Cli {
    Arena *arena;
    const Command *command;
    Flags flags;
    const char **args; /* what follows the command's words */
    size_t n_args;
    const char *kubeconfig_path; /* where changes are written */
    Value *kubeconfig;           /* the tree, merged; never NULL after cli_config() */
    Client *client;              /* NULL until cli_connect() */
    const char *ns;              /* chosen namespace */
    bool has_ns;                 /* by -n */
    const char **doc_files;      /* of cli_read_files(): where each came from */
    const char *sub_type;        /* "nodeport" of create service nodeport */
    const char *doing;           /* put before messages of the server; may be NULL */
    Value *discovery;            /* rows of cli/resources.c, loaded on first use */
};

extern const Command commands[]; /* ends with a NULL name */
extern const Flag global_flags[];

/* ---- connection ---- */
int cli_config(Cli *c);  /* load the kubeconfig; prints what is wrong and returns 1 */
int cli_connect(Cli *c); /* make the client; the same */

/* One call. 0 with the answer in *ret for any HTTP status; 1 after printing that there is none. */
int cli_call(Cli *c, const char *method, const char *path, const char *query,
             const char *content_type, const char *accept, Slice body, ClientReply *ret);
/* GET as a tree; prints server errors. NULL on failure. */
Value *cli_get(Cli *c, const char *path, const char *query);
/* POST, PUT, PATCH or DELETE with a tree (may be NULL); prints errors. NULL on failure. */
Value *cli_send(Cli *c, const char *method, const char *path, const char *query,
                const char *content_type, const Value *body);
/* The same without printing: *ret_reply tells. */
int cli_send_quietly(Cli *c, const char *method, const char *path, const char *query,
                     const char *content_type, const Value *body, ClientReply *ret_reply);
Value *cli_reply_value(Cli *c, const ClientReply *r); /* NULL when it is not JSON */

/* ---- messages on stderr; all return 1 ---- */
int cli_error(const char *fmt, ...) PRINTF(1, 2);
int cli_usage_error(const Cli *c, const char *fmt, ...) PRINTF(2, 3);
int cli_server_error(Cli *c, const ClientReply *r); /* Error from server (NotFound): ... */
int cli_print_err(const Err *err);

/* ---- resources as the server serves them (cli/resources.c) ---- */
typedef struct CliResource {
    const char *group, *version, *kind, *plural, *singular;
    const Value *short_names, *categories, *verbs;
    bool is_namespaced;
} CliResource;
size_t cli_resources(Cli *c, const CliResource **ret); /* 0 after printing an error */
/* By what a user types: po, pods, pod, Pod, deployments.apps, deployments.v1.apps. NULL after
 * printing. */
const CliResource *cli_find_resource(Cli *c, const char *word);
const CliResource *cli_find_kind(Cli *c, const char *api_version, const char *kind);
const char *cli_api_version(Cli *c, const CliResource *r); /* "apps/v1" */
/* /apis/apps/v1/namespaces/NS/deployments[/NAME[/SUB]]; ns NULL: all; name NULL: collection. */
const char *cli_path(Cli *c, const CliResource *r, const char *ns, const char *name,
                     const char *sub);
const char *cli_full_name(Cli *c, const CliResource *r, const char *name); /* deployment.apps/web */
const char *cli_quote(Cli *c, const char *s); /* percent-encoded for a query */

/* The targets of a command line: TYPE NAME..., TYPE/NAME..., TYPE1,TYPE2, or -f files. */
typedef struct Target {
    const CliResource *res;
    const char *ns;   /* "" for cluster scope */
    const char *name; /* NULL: all of the type */
    Value *object;    /* from a file; NULL otherwise */
    const char *file; /* its name */
} Target;
/* Number of targets in *ret, -1 after printing an error. from: index of the first argument. */
int cli_targets(Cli *c, size_t from, Target **ret);
/* Like it for commands that take exactly one object; default_type may be NULL ("pods": a bare
 * name). */
int cli_one_target(Cli *c, size_t from, const char *default_type, Target *ret);
/* "1h30m"-like or plain seconds: d, h, m, s. -1: not one. */
int64_t cli_duration_s(const char *text);
/* Whom a credential of a tenant is for: spec.user and spec.groups of --user and --group, where they
 * were given. With neither the server makes it its administrator's (system:masters). */
void cli_set_subject(Cli *c, Value *body);
/* The label selector of a workload or service; NULL after printing. */
const char *cli_pod_selector(Cli *c, const Target *t);
/* Replace a workload by one of its running pods (a pod stays). 0, or 1 after printing. */
int cli_pod_of(Cli *c, Target *t);
/* All documents of -f (files, folders, -), Lists flattened. -1 after printing. */
int cli_read_files(Cli *c, Value ***ret);
/* The namespace an object of a file goes to. */
int cli_object_target(Cli *c, Value *object, Target *ret);

/* ---- output (cli/print.c) ---- */
Value *cli_sorted(Cli *c, const Value *v); /* a copy with members in alphabetical order */
void print_value(Cli *c, const Value *v, const char *format); /* json or yaml */
/* -o of one object or a List: json, yaml, name, jsonpath=..., custom-columns=...; 0, or 1 after an
 * error. */
int print_object(Cli *c, const Value *v, const char *format);
bool print_is_table_format(const char *format); /* NULL, "", wide */
typedef struct TablePrinter {
    int *widths;
    uint32_t n;
    bool is_wide, no_headers, with_namespace, with_kind, show_labels;
    const char *const *label_columns; /* of -L: values of these labels, before the labels column */
    uint32_t n_label_columns;
    const char *kind_prefix; /* "pod/" in front of names; NULL */
    bool has_header;         /* printed already: watches print it once */
} TablePrinter;
void print_table(Cli *c, TablePrinter *p, const Value *table);
/* A plain table of strings: rows of n_columns cells; ends with NULL. */
void print_rows(const char *const *cells, size_t n_columns);
const char *age_of(Cli *c, const char *timestamp);

/* "deployment.apps/web created", or the object when -o says so. */
int print_result(Cli *c, const Target *t, const Value *answer, const char *verb);

/* What client-side apply would send for a live object: *ret NULL when nothing changes. */
int cli_apply_patch(Cli *c, const Target *t, const Value *live, const Value *wanted, Value **ret,
                    const char **ret_media);
/* The object with the annotation that remembers what was applied. */
Value *cli_with_last_applied(Cli *c, const Value *object);

/* "5m30s"-like or plain seconds, as Go's durations: d, h, m, s. -1: not one. */
int64_t cli_duration_s(const char *text);
/* The query of --dry-run, --field-manager, --validate: in the arena. */
const char *cli_write_query(Cli *c, const char *default_manager);

/* ---- run functions, one a command ---- */
int cmd_get(Cli *c);
int cmd_describe(Cli *c);
int cmd_apply(Cli *c);
int cmd_create(Cli *c);
int cmd_create_simple(Cli *c);
int cmd_delete(Cli *c);
int cmd_replace(Cli *c);
int cmd_patch(Cli *c);
int cmd_label(Cli *c);
int cmd_annotate(Cli *c);
int cmd_set_image(Cli *c);
int cmd_diff(Cli *c);
int cmd_edit(Cli *c);
int cmd_cordon(Cli *c);
int cmd_uncordon(Cli *c);
int cmd_drain(Cli *c);
int cmd_taint(Cli *c);
int cmd_top_node(Cli *c);
int cmd_top_pod(Cli *c);
int cmd_completion(Cli *c);
int cmd_logs(Cli *c);
int cmd_exec(Cli *c);
int cmd_attach(Cli *c);
int cmd_cp(Cli *c);
int cmd_port_forward(Cli *c);
int cmd_scale(Cli *c);
int cmd_wait(Cli *c);
int cmd_expose(Cli *c);
int cmd_run(Cli *c);
int cmd_rollout_status(Cli *c);
int cmd_rollout_history(Cli *c);
int cmd_rollout_undo(Cli *c);
int cmd_rollout_restart(Cli *c);
int cmd_rollout_pause(Cli *c);
int cmd_rollout_resume(Cli *c);
int cmd_explain(Cli *c);
int cmd_api_resources(Cli *c);
int cmd_api_versions(Cli *c);
int cmd_version(Cli *c);
int cmd_cluster_info(Cli *c);
int cmd_config_view(Cli *c);
int cmd_config_use(Cli *c);
int cmd_config_get_contexts(Cli *c);
int cmd_config_current(Cli *c);
int cmd_config_set_context(Cli *c);
int cmd_auth_can_i(Cli *c);
int cmd_auth_whoami(Cli *c);
int cmd_auth_reconcile(Cli *c);
int cmd_login(Cli *c);
int cmd_get_token(Cli *c);
int cmd_keys_list(Cli *c);
int cmd_keys_status(Cli *c);
int cmd_keys_rotate(Cli *c);
int cmd_keys_drop(Cli *c);
int cmd_keys_data(Cli *c);
int cmd_keys_rotate_data(Cli *c);
int cmd_tenant_create(Cli *c);
int cmd_tenant_clone(Cli *c);
int cmd_tenant_list(Cli *c);
int cmd_tenant_get(Cli *c);
int cmd_tenant_delete(Cli *c);
int cmd_tenant_suspend(Cli *c);
int cmd_tenant_resume(Cli *c);
int cmd_tenant_usage(Cli *c);
int cmd_tenant_kubeconfig(Cli *c);
int cmd_tenant_revoke(Cli *c);
int cmd_tenant_access(Cli *c);
int cmd_usage(Cli *c);
int cmd_audit_list(Cli *c);
int cmd_audit_export(Cli *c);
int cmd_audit_verify(Cli *c);
int cmd_plan_list(Cli *c);
int cmd_node_token(Cli *c);
int cmd_help(Cli *c);

#endif
