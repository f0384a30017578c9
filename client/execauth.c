#include "client/execauth.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP "client.authentication.k8s.io/"

enum { OUTPUT_MAX = 1 << 20 };

extern char **environ;

struct ExecAuth {
    _Atomic uint32_t refs;
    Arena *arena;
    const char *api_version, *command, *hint;
    const char **argv;
    const char *const *env; /* ours, with the plug-in's and KUBERNETES_EXEC_INFO */
    bool is_interactive;
    const char *unusable; /* it must be interactive and cannot; NULL: it can run */
    pthread_mutex_t lock; /* guards what follows */
    Arena *current;       /* that `credential` is in; NULL: none yet */
    ExecCredential credential;
    int64_t expires_us;
    uint64_t version;
};

/* ---- what the kubeconfig says ---- */

static int check(const Value *exec, const char *user, Err *err)
{
    const char *version = value_get_text(exec, "apiVersion"),
               *mode = value_get_text(exec, "interactiveMode");
    const Value *v;

    if (!value_get_text(exec, "command")[0])
        return err_set(err, ERR_BAD_REQUEST,
                       "invalid configuration: command must be specified for %s to use exec "
                       "authentication plugin",
                       user);
    if (!version[0])
        return err_set(err, ERR_BAD_REQUEST,
                       "invalid configuration: apiVersion must be specified for %s to use exec "
                       "authentication plugin",
                       user);
    value_each_item(value_get(exec, "env"), i, v)
    {
        if (!value_get_text(v, "name")[0])
            return err_set(err, ERR_BAD_REQUEST,
                           "invalid configuration: env variable name must be specified for %s to "
                           "use exec authentication plugin",
                           user);
    }
    if (strcmp(version, GROUP "v1") != 0 && strcmp(version, GROUP "v1beta1") != 0)
        return err_set(err, ERR_BAD_REQUEST, "exec plugin: invalid apiVersion \"%s\"", version);
    if (!mode[0] && strcmp(version, GROUP "v1") == 0)
        return err_set(
            err, ERR_BAD_REQUEST,
            "invalid configuration: interactiveMode must be specified for %s to use exec "
            "authentication plugin",
            user);
    if (mode[0] && strcmp(mode, "Never") != 0 && strcmp(mode, "IfAvailable") != 0 &&
        strcmp(mode, "Always") != 0)
        return err_set(err, ERR_BAD_REQUEST,
                       "invalid configuration: invalid interactiveMode for %s: \"%s\"", user, mode);
    return 0;
}

static void set_interactive(ExecAuth *x, const char *mode)
{
    bool can = isatty(STDIN_FILENO);

    x->is_interactive = can && strcmp(mode, "Never") != 0;
    if (strcmp(mode, "Always") == 0 && !can)
        x->unusable = "standard input is not a terminal";
}

/* The variable that tells the program what is wanted of it. */
static const char *info_of(const ExecAuth *x, const Value *exec, const Value *cluster)
{
    Arena *a = x->arena;
    Value *v = value_object(a), *spec = value_object(a);

    value_set_str(a, v, "kind", "ExecCredential");
    value_set_str(a, v, "apiVersion", x->api_version);
    if (cluster && value_is_true(value_get(exec, "provideClusterInfo")))
        value_set(a, spec, "cluster", value_copy(a, cluster));
    value_set_bool(a, spec, "interactive", x->is_interactive);
    value_set(a, v, "spec", spec);
    return arena_printf(a, "KUBERNETES_EXEC_INFO=%s", value_to_str(a, v));
}

static bool same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");

    return strncmp(a, b, n) == 0 && b[n] == '=';
}

/* A later one of the same name takes the place of an earlier. */
static void env_set(const char **env, size_t *n, const char *entry)
{
    for (size_t i = 0; i < *n; i++)
        if (same_name(entry, env[i])) {
            env[i] = entry;
            return;
        }
    env[(*n)++] = entry;
}

static void set_env(ExecAuth *x, const Value *exec, const Value *cluster)
{
    const Value *list = value_get(exec, "env"), *v;
    size_t n = 0, n_ours = 0;
    const char **env;

    while (environ[n_ours])
        n_ours++;
    env = arena_array(x->arena, const char *, n_ours + value_len(list) + 2);
    for (; n < n_ours; n++)
        env[n] = arena_strdup(x->arena, environ[n]);
    value_each_item(list, i, v) env_set(
        env, &n,
        arena_printf(x->arena, "%s=%s", value_get_text(v, "name"), value_get_text(v, "value")));
    env_set(env, &n, info_of(x, exec, cluster));
    env[n] = NULL;
    x->env = env;
}

int execauth_open(const Value *exec, const char *user, const Value *cluster, ExecAuth **ret,
                  Err *err)
{
    const Value *args = value_get(exec, "args"), *v;
    size_t n = 0;
    ExecAuth *x;
    Arena *a;
    int r = check(exec, user, err);

    if (r < 0)
        return r;
    a = arena_new();
    x = arena_new0(a, ExecAuth);
    x->refs = 1;
    x->arena = a;
    pthread_mutex_init(&x->lock, NULL);
    x->api_version = arena_strdup(a, value_get_text(exec, "apiVersion"));
    x->command = arena_strdup(a, value_get_text(exec, "command"));
    x->hint = arena_strdup(a, value_get_text(exec, "installHint"));
    x->argv = arena_array(a, const char *, value_len(args) + 2);
    x->argv[n++] = x->command;
    value_each_item(args, i, v) x->argv[n++] =
        arena_strdup(a, value_to_cstr(v) ? value_to_cstr(v) : "");
    x->argv[n] = NULL;
    set_interactive(x, value_get_text(exec, "interactiveMode"));
    set_env(x, exec, cluster);
    *ret = x;
    return 0;
}

ExecAuth *execauth_ref(ExecAuth *x)
{
    atomic_fetch_add(&x->refs, 1);
    return x;
}

void execauth_close(ExecAuth *x)
{
    if (!x || atomic_fetch_sub(&x->refs, 1) != 1)
        return;
    arena_free(x->current);
    pthread_mutex_destroy(&x->lock);
    arena_free(x->arena);
}

/* ---- what the program says ---- */

int execauth_parse(Arena *a, Slice text, const char *api_version, ExecCredential *ret,
                   int64_t *ret_expires_us, Err *err)
{
    const char *version, *until;
    const Value *status;
    ExecCredential c = {0};
    int64_t expires = 0;
    Value *v = NULL;

    if (value_parse(a, text, &v, NULL) < 0 || !value_is(v, VALUE_OBJECT) ||
        !str_eq(value_get_str(v, "kind"), "ExecCredential"))
        return err_set(err, ERR_UNAUTHORIZED, "decoding stdout: it is not an ExecCredential");
    version = value_get_text(v, "apiVersion");
    if (strcmp(version, api_version) != 0)
        return err_set(err, ERR_UNAUTHORIZED,
                       "exec plugin is configured to use API version %s, plugin returned version "
                       "%.80s",
                       api_version, version);
    status = value_get(v, "status");
    if (!value_is(status, VALUE_OBJECT))
        return err_set(err, ERR_UNAUTHORIZED, "exec plugin didn't return a status field");
    if (value_get_text(status, "token")[0])
        c.token = value_get_text(status, "token");
    if (value_get_text(status, "clientCertificateData")[0])
        c.cert_pem = value_get_text(status, "clientCertificateData");
    if (value_get_text(status, "clientKeyData")[0])
        c.key_pem = value_get_text(status, "clientKeyData");
    if (!c.token && !c.cert_pem && !c.key_pem)
        return err_set(err, ERR_UNAUTHORIZED, "exec plugin didn't return a token or cert/key pair");
    if (!c.cert_pem != !c.key_pem)
        return err_set(err, ERR_UNAUTHORIZED,
                       "exec plugin returned only certificate or key, not both");
    for (const char *p = c.token; p && *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return err_set(err, ERR_UNAUTHORIZED, "the plugin's token is not one");
    until = value_get_text(status, "expirationTimestamp");
    if (until[0] && !clock_from_rfc3339(slice_of(until), &expires))
        return err_set(err, ERR_UNAUTHORIZED, "decoding stdout: expirationTimestamp is not a time");
    *ret = c;
    *ret_expires_us = expires;
    return 0;
}

/* ---- running it ---- */

static void read_all(int fd, Buf *out)
{
    char chunk[8192];
    ssize_t n;

    while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || out->len > OUTPUT_MAX)
            return;
        buf_add(out, chunk, (size_t)n);
    }
}

static int not_found(const ExecAuth *x, int why, Err *err)
{
    return err_set(err, ERR_UNAUTHORIZED, "getting credentials: exec: executable %s %s%s%s",
                   x->command, why == ENOENT ? "not found" : strerror(why),
                   x->hint[0] ? "\n\n" : "", x->hint);
}

static int run(const ExecAuth *x, Buf *out, Err *err)
{
    posix_spawn_file_actions_t actions;
    int fds[2], status = 0, r;
    pid_t pid = 0;

    if (pipe2(fds, O_CLOEXEC) < 0)
        return err_set(err, ERR_INTERNAL, "pipe: %s", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
    if (!x->is_interactive)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    r = posix_spawnp(&pid, x->command, &actions, NULL, (char *const *)x->argv,
                     (char *const *)(uintptr_t)x->env);
    posix_spawn_file_actions_destroy(&actions);
    close(fds[1]);
    if (r == 0)
        read_all(fds[0], out);
    close(fds[0]);
    if (r != 0)
        return not_found(x, r, err);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return not_found(x, ENOENT, err);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, ERR_UNAUTHORIZED,
                       "getting credentials: exec: executable %s failed with exit code %d",
                       x->command, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}

static int refresh(ExecAuth *x, Err *err)
{
    Arena *a = arena_new();
    AUTO_BUF out = BUF_INIT;
    ExecCredential c;
    int64_t expires;
    int r = x->unusable
                ? err_set(err, ERR_UNAUTHORIZED,
                          "getting credentials: exec plugin cannot support interactive mode: %s",
                          x->unusable)
                : run(x, &out, err);

    if (r == 0) {
        r = execauth_parse(a, buf_slice(&out), x->api_version, &c, &expires, err);
        if (r < 0)
            r = err_wrap(err, r, "getting credentials");
    }
    if (r < 0) {
        arena_free(a);
        return r;
    }
    arena_free(x->current);
    x->current = a;
    x->credential = c;
    x->credential.version = ++x->version;
    x->expires_us = expires;
    return 0;
}

static const char *copy(Arena *a, const char *s)
{
    return s ? arena_strdup(a, s) : NULL;
}

int execauth_get(ExecAuth *x, uint64_t refused, Arena *a, ExecCredential *ret, Err *err)
{
    bool is_good;
    int r = 0;

    pthread_mutex_lock(&x->lock);
    is_good = x->current && x->version != refused &&
              (x->expires_us == 0 || x->expires_us > clock_now_us());
    if (!is_good)
        r = refresh(x, err);
    if (r == 0)
        *ret = (ExecCredential){.token = copy(a, x->credential.token),
                                .cert_pem = copy(a, x->credential.cert_pem),
                                .key_pem = copy(a, x->credential.key_pem),
                                .version = x->version};
    pthread_mutex_unlock(&x->lock);
    return r;
}
