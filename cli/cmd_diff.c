/* hpctl diff and edit: objects as text, compared or changed by other programs. */
#include "cli/cli.h"

#include "base/yaml.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_text(const char *path, const Value *v)
{
    AUTO_BUF b = BUF_INIT;
    FILE *f = fopen(path, "we");
    int r;

    if (!f)
        return cli_error("%s: %s", path, strerror(errno));
    if (v)
        value_print_yaml(v, &b);
    r = fwrite(buf_str(&b), 1, b.len, f) == b.len ? 0 : 1;
    r |= fclose(f) != 0;
    return r ? cli_error("%s: %s", path, strerror(errno)) : 0;
}

/* Run a program with the words of `command` and the paths behind; its exit status, -1 without. */
static int run(Cli *c, const char *command, const char *const *paths)
{
    const char *argv[20];
    size_t n = 0;
    int status;
    pid_t pid;

    for (Slice rest = slice_of(command), word; rest.len > 0 && n < 12;) {
        slice_cut(&rest, ' ', &word);
        if (word.len > 0)
            argv[n++] = arena_strndup(c->arena, word.ptr, word.len);
    }
    for (; *paths && n + 1 < ARRAY_LEN(argv); paths++)
        argv[n++] = *paths;
    argv[n] = NULL;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        fprintf(stderr, "error: %s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- diff ---- */

/* What the server would make of it: a dry run of create, patch or apply. NULL after printing. */
static Value *merged_of(Cli *c, const Target *t, const Value *live)
{
    const char *query = "dryRun=All&fieldManager=kubectl-client-side-apply", *media;
    const char *path = cli_path(c, t->res, t->ns, t->name, NULL);
    Value *wanted, *patch, *out;

    if (flag_bool(&c->flags, "server-side"))
        return cli_send(c, "PATCH", path,
                        flag_bool(&c->flags, "force-conflicts")
                            ? "dryRun=All&fieldManager=kubectl&force=true"
                            : "dryRun=All&fieldManager=kubectl",
                        "application/apply-patch+yaml", t->object);
    wanted = cli_with_last_applied(c, t->object);
    if (!live)
        return cli_send(c, "POST", cli_path(c, t->res, t->ns, NULL, NULL), query,
                        "application/json", wanted);
    if (cli_apply_patch(c, t, live, wanted, &patch, &media) != 0)
        return NULL;
    if (!patch)
        return value_copy(c->arena, live);
    /* the annotation changes with every edit and would only be noise */
    out = cli_send(c, "PATCH", path, query, media, patch);
    return out;
}

static Value *for_diff(Cli *c, const Value *v)
{
    static const char *const last = "kubectl.kubernetes.io/last-applied-configuration";
    Value *out = v ? value_copy(c->arena, v) : NULL;

    if (!out)
        return NULL;
    value_del_at(out, "metadata.managedFields");
    value_del(value_at(out, "metadata.annotations"), last);
    return out;
}

static int diff_target(Cli *c, const Target *t, const char *live_dir, const char *merged_dir)
{
    const char *name =
        arena_printf(c->arena, "%s.%s.%s.%s", t->res->group, t->res->kind, t->ns, t->name);
    Value *live = NULL, *merged;
    ClientReply reply;

    if (cli_send_quietly(c, "GET", cli_path(c, t->res, t->ns, t->name, NULL), NULL, NULL, NULL,
                         &reply) != 0)
        return 1;
    if (reply.status != 404 && reply.status != 200)
        return cli_server_error(c, &reply);
    if (reply.status == 200)
        live = cli_reply_value(c, &reply);
    merged = merged_of(c, t, live);
    if (!merged)
        return 1;
    if (live && write_text(arena_printf(c->arena, "%s/%s", live_dir, name), for_diff(c, live)) != 0)
        return 1;
    return write_text(arena_printf(c->arena, "%s/%s", merged_dir, name), for_diff(c, merged));
}

/* 0: no difference, 1: differences were shown, 2: an error. */
int cmd_diff(Cli *c)
{
    char live[] = "/tmp/LIVE-XXXXXX", merged[] = "/tmp/MERGED-XXXXXX";
    const char *paths[] = {live, merged, NULL}, *command = getenv("KUBECTL_EXTERNAL_DIFF");
    const char *const remove[] = {live, merged, NULL};
    Target *t;
    int n, r = 0;

    if (!flag_given(&c->flags, "filename")) {
        (void)cli_error("must specify one of -f and -k");
        return 2;
    }
    if (cli_connect(c) != 0)
        return 2;
    n = cli_targets(c, 0, &t);
    if (n < 0)
        return 2;
    if (!mkdtemp(live) || !mkdtemp(merged)) {
        (void)cli_error("%s", strerror(errno));
        return 2;
    }
    for (int i = 0; i < n && r == 0; i++)
        r = diff_target(c, &t[i], live, merged);
    r = r ? 2 : run(c, command && *command ? command : "diff -u -N", paths);
    if (run(c, "rm -rf", remove) != 0)
        (void)cli_error("%s and %s could not be removed", live, merged);
    return r < 0 || r > 2 ? 2 : r;
}

/* ---- edit ---- */

static int edit_target(Cli *c, const Target *t, const char *path)
{
    const char *editor = getenv("KUBE_EDITOR");
    const char *paths[] = {path, NULL};
    Value *live = cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL), *plain, *edited;
    AUTO_BUF text = BUF_INIT;
    char chunk[65536];
    size_t n;
    FILE *f;
    Err err;

    if (!live)
        return 1;
    plain = value_copy(c->arena, live);
    value_del_at(plain, "metadata.managedFields");
    if (write_text(path, plain) != 0)
        return 1;
    if (!editor || !*editor)
        editor = getenv("EDITOR");
    if (run(c, editor && *editor ? editor : "vi", paths) != 0)
        return cli_error("the editor failed; %s is as it was", cli_full_name(c, t->res, t->name));
    f = fopen(path, "re");
    if (!f)
        return cli_error("%s: %s", path, strerror(errno));
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && text.len < (8u << 20))
        buf_add(&text, chunk, n);
    fclose(f);
    if (value_parse_yaml(c->arena, buf_slice(&text), &edited, &err) < 0)
        return cli_error("the edited file is not YAML: %s", err.msg);
    if (value_is(edited, VALUE_NULL) || value_equal(edited, plain)) {
        printf("Edit cancelled, no changes made.\n");
        return 0;
    }
    edited = cli_send(c, "PUT", cli_path(c, t->res, t->ns, t->name, NULL),
                      cli_write_query(c, "kubectl-edit"), "application/json", edited);
    return edited ? print_result(c, t, edited, "edited") : 1;
}

int cmd_edit(Cli *c)
{
    char path[] = "/tmp/hpctl-edit-XXXXXX.yaml";
    Target *t;
    int n, fd, r = 0;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_targets(c, 0, &t);
    if (n < 0)
        return 1;
    fd = mkstemps(path, 5);
    if (fd < 0)
        return cli_error("%s: %s", path, strerror(errno));
    close(fd);
    for (int i = 0; i < n; i++)
        r |= t[i].name ? edit_target(c, &t[i], path)
                       : cli_error("resource(s) were provided, but no name was specified");
    unlink(path);
    return r;
}
