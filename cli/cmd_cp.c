/*
 * hpctl cp: a tar on this side, a tar in the container, and a stream between them.
 *
 * What comes out of a container is not trusted: the local tar refuses names that lead out of the
 * folder it unpacks to, and a file or folder with a new name is unpacked beside its place first.
 */
#include "cli/podstream.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct Spec { /* [[NAMESPACE/]POD:]PATH */
    bool is_remote;
    const char *ns, *pod, *path;
} Spec;

static int parse_spec(Cli *c, const char *text, Spec *ret)
{
    const char *colon = strchr(text, ':'), *slash;

    *ret = (Spec){.path = text};
    if (!colon)
        return text[0] ? 0 : cli_error("filepath can not be empty");
    slash = memchr(text, '/', (size_t)(colon - text));
    if (text[0] == '.' || text[0] == '/') /* a local file with a colon in its name */
        return 0;
    if (colon == text || (slash && memchr(slash + 1, '/', (size_t)(colon - slash - 1))))
        return cli_error("filespec must match the canonical format: [[namespace/]pod:]file/path");
    if (!colon[1])
        return cli_error("filepath can not be empty");
    ret->is_remote = true;
    ret->path = colon + 1;
    if (slash)
        ret->ns = arena_strndup(c->arena, text, (size_t)(slash - text));
    text = slash ? slash + 1 : text;
    ret->pod = arena_strndup(c->arena, text, (size_t)(colon - text));
    return 0;
}

/* ---- names ---- */

/* The last part of a path; ret_folder gets what is before it ("." when nothing is). */
static const char *split(Arena *a, const char *path, const char **ret_folder)
{
    char *text = arena_strdup(a, path), *slash;
    size_t n = strlen(text);

    while (n > 1 && text[n - 1] == '/')
        text[--n] = '\0';
    slash = strrchr(text, '/');
    *ret_folder = !slash ? "." : slash == text ? "/" : text;
    if (!slash)
        return text;
    *slash = '\0';
    return slash + 1;
}

static bool is_no_name(const char *base)
{
    return !base[0] || str_eq(base, ".") || str_eq(base, "..");
}

static const char *join(Arena *a, const char *folder, const char *name)
{
    return arena_printf(a, "%s%s%s", folder, str_ends(folder, "/") ? "" : "/", name);
}

/* For the sed expression that renames members: `is_pattern`, or what stands in their place. */
static const char *sed_quote(Arena *a, const char *text, bool is_pattern)
{
    AUTO_BUF out = BUF_INIT;

    for (; *text; text++) {
        if (strchr(is_pattern ? ".[]*^$\\/" : "\\/&", *text))
            buf_addc(&out, '\\');
        buf_addc(&out, *text);
    }
    return arena_strdup(a, buf_str(&out));
}

/* ---- the local tar ---- */

/* One end of a pipe becomes the tar's standard input or output, the other is *ret_fd. */
static pid_t start_tar(const char *const *args, bool writes, int *ret_fd)
{
    posix_spawn_file_actions_t actions;
    int fds[2], r;
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC) < 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[writes], writes ? STDOUT_FILENO : STDIN_FILENO);
    r = posix_spawnp(&pid, "tar", &actions, NULL, (char *const *)args, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(fds[writes]);
    if (r != 0) {
        close(fds[!writes]);
        (void)cli_error("tar: %s", strerror(r));
        return -1;
    }
    *ret_fd = fds[!writes];
    return pid;
}

static int finish_tar(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* ---- both ways ---- */

typedef struct Copy {
    Cli *c;
    Target pod;
    const char *container;
    bool keeps_nothing; /* --no-preserve */
} Copy;

static int run_there(Copy *k, const char *const *command, size_t n, int in, int out)
{
    PodStream s = {.sub = "exec",
                   .container = k->container,
                   .command = command,
                   .n_command = n,
                   .has_stdin = in >= 0,
                   .in = in,
                   .out = out};

    return podstream_run(k->c, &k->pod, &s);
}

/* Its failure says no more than "no": what it prints goes nowhere. */
static bool is_folder_there(Copy *k, const char *path)
{
    const char *command[] = {"sh", "-c", "test -d \"$1\" && echo yes; true", "sh", path};
    int fds[2];
    char answer[8];
    ssize_t n;

    if (pipe2(fds, O_CLOEXEC) < 0)
        return false;
    (void)run_there(k, command, ARRAY_LEN(command), -1, fds[1]);
    close(fds[1]);
    n = read(fds[0], answer, sizeof(answer));
    close(fds[0]);
    return n >= 3 && strncmp(answer, "yes", 3) == 0;
}

static int upload(Copy *k, const char *local, const char *remote)
{
    Arena *a = k->c->arena;
    AUTO_FREE char *real = realpath(local, NULL);
    const char *folder, *base, *there, *name;
    const char *args[8], *command[8];
    size_t n = 0;
    int fd, r;
    pid_t tar;

    if (!real)
        return cli_error("%s doesn't exist in local filesystem", local);
    base = split(a, real, &folder);
    if (is_folder_there(k, remote))
        remote = join(a, remote, base);
    name = split(a, remote, &there);
    args[0] = "tar";
    args[1] = "-cf";
    args[2] = "-";
    args[3] = "-C";
    args[4] = folder;
    args[5] = arena_printf(a, "--transform=flags=rh;s/^\\.\\/%s\\(\\/\\|$\\)/%s\\1/",
                           sed_quote(a, base, true), sed_quote(a, name, false));
    args[6] = join(a, ".", base); /* whatever it begins with, it is no option */
    args[7] = NULL;
    tar = start_tar(args, true, &fd);
    if (tar < 0)
        return 1;
    command[n++] = "tar";
    command[n++] = "-xmf";
    command[n++] = "-";
    if (k->keeps_nothing) {
        command[n++] = "--no-same-permissions";
        command[n++] = "--no-same-owner";
    }
    command[n++] = "-C";
    command[n++] = there;
    r = run_there(k, command, n, fd, STDOUT_FILENO);
    close(fd);
    return finish_tar(tar) || r ? 1 : 0;
}

static int fetch(Copy *k, const char *folder, const char *what, const char *into)
{
    const char *command[] = {"tar", "cf", "-", "-C", folder, join(k->c->arena, ".", what)};
    const char *args[] = {"tar", "-xf", "-", "--no-same-owner", "-C", into, NULL};
    int fd, r;
    pid_t tar = start_tar(args, false, &fd);

    if (tar < 0)
        return 1;
    r = run_there(k, command, ARRAY_LEN(command), -1, fd);
    close(fd);
    return finish_tar(tar) || r ? 1 : 0;
}

static int download(Copy *k, const char *remote, const char *local)
{
    Arena *a = k->c->arena;
    const char *folder, *base = split(a, remote, &folder), *parent;
    struct stat st;
    char *aside;
    int r;

    if (is_no_name(base)) {
        if (mkdir(local, 0777) < 0 && errno != EEXIST)
            return cli_error("%s: %s", local, strerror(errno));
        return fetch(k, remote, ".", local);
    }
    if (stat(local, &st) == 0 && S_ISDIR(st.st_mode))
        return fetch(k, folder, base, local);
    (void)split(a, local, &parent);
    aside = arena_strdup(a, join(a, parent, ".hpctl-cp-XXXXXX"));
    if (!mkdtemp(aside))
        return cli_error("%s: %s", parent, strerror(errno));
    r = fetch(k, folder, base, aside);
    if (r == 0 && rename(join(a, aside, base), local) < 0)
        r = cli_error("%s: %s", local, strerror(errno));
    if (r != 0)
        (void)unlink(join(a, aside, base)); /* a folder stays, and is told */
    if (rmdir(aside) < 0 && r != 0)
        fprintf(stderr, "what was copied so far is in %s\n", aside);
    return r;
}

int cmd_cp(Cli *c)
{
    Copy k = {.c = c};
    const CliResource *pods;
    Spec from, to, *there;

    if (c->n_args != 2)
        return cli_usage_error(c, "source and destination are required");
    if (parse_spec(c, c->args[0], &from) != 0 || parse_spec(c, c->args[1], &to) != 0)
        return 1;
    if (from.is_remote && to.is_remote)
        return cli_error("one of src or dest must be a local file specification");
    if (!from.is_remote && !to.is_remote)
        return cli_error("one of src or dest must be a remote file specification");
    if (cli_connect(c) != 0)
        return 1;
    pods = cli_find_resource(c, "pods");
    if (!pods)
        return 1;
    there = from.is_remote ? &from : &to;
    k.pod = (Target){pods, there->ns ? there->ns : c->ns, there->pod, NULL, NULL};
    k.container = flag_str(&c->flags, "container");
    k.keeps_nothing = flag_bool(&c->flags, "no-preserve");
    signal(SIGPIPE, SIG_IGN); /* an end that is gone is told as a failure to write */
    return from.is_remote ? download(&k, from.path, to.path) : upload(&k, from.path, to.path);
}
