#include "client/kubeconfig.h"

#include "base/b64.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "client/execauth.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 8 << 20 };

static const char *const lists[][2] = {
    {"clusters", "cluster"},
    {"users", "user"},
    {"contexts", "context"},
};

/* Members that name files, which are relative to the file they stand in. */
static const char *const path_members[] = {"certificate-authority", "client-certificate",
                                           "client-key", "tokenFile"};

static int read_file(Arena *a, const char *path, Slice *ret, Err *err)
{
    AUTO_BUF b = BUF_INIT;
    char chunk[8192];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_BAD_REQUEST, "%s: %s", path,
                       strerror(errno));
    while ((n = read(fd, chunk, sizeof(chunk))) > 0 && b.len < FILE_MAX)
        buf_add(&b, chunk, (size_t)n);
    close(fd);
    if (n != 0)
        return err_set(err, ERR_BAD_REQUEST, "%s: cannot be read", path);
    *ret = (Slice){arena_strndup(a, buf_str(&b), b.len), b.len};
    return 0;
}

const char *const *kubeconfig_files(Arena *a, const char *path)
{
    const char *env = getenv("KUBECONFIG"), *home = getenv("HOME");
    Slice rest = slice_of(env ? env : ""), one;
    const char **files;
    size_t n = 0;

    files = arena_array(a, const char *, rest.len + 2);
    if (path && path[0]) {
        files[n++] = arena_strdup(a, path);
    } else if (rest.len > 0) {
        while (rest.len > 0) {
            slice_cut(&rest, ':', &one);
            if (one.len > 0)
                files[n++] = arena_strndup(a, one.ptr, one.len);
        }
    } else {
        files[n++] = arena_printf(a, "%s/.kube/config", home && home[0] ? home : "");
    }
    return files;
}

int kubeconfig_parse(Arena *a, Slice text, Value **ret, Err *err)
{
    Value *v = NULL, *entry;
    int r = value_parse_yaml(a, text, &v, err);

    if (r < 0)
        return r;
    if (value_is(v, VALUE_NULL) || !v)
        v = value_object(a);
    if (!value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST, "a kubeconfig must be a mapping");
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        Value *list = value_get(v, lists[i][0]);

        if (list && !value_is(list, VALUE_NULL) && !value_is(list, VALUE_ARRAY))
            return err_set(err, ERR_BAD_REQUEST, "kubeconfig: %s must be a list", lists[i][0]);
        value_each_item(list, k, entry) if (!value_get_str(entry, "name")) return err_set(
            err, ERR_BAD_REQUEST, "kubeconfig: %s[%u] has no name", lists[i][0], k);
    }
    *ret = v;
    return 0;
}

static const char *inner_name(const char *list)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (str_eq(lists[i][0], list))
            return lists[i][1];
    return "";
}

Value *kubeconfig_entry(const Value *config, const char *list, const char *name)
{
    Value *entry;

    value_each_item(value_get(config, list), i,
                    entry) if (name && str_eq(value_get_str(entry, "name"),
                                              name)) return value_get(entry, inner_name(list));
    return NULL;
}

void kubeconfig_set_entry(Arena *a, Value *config, const char *list, const char *name, Value *inner)
{
    Value *array = value_get(config, list), *entry;

    if (!value_is(array, VALUE_ARRAY)) {
        array = value_array(a);
        value_set(a, config, list, array);
    }
    value_each_item(array, i, entry)
    {
        if (str_eq(value_get_str(entry, "name"), name)) {
            value_set(a, entry, inner_name(list), inner);
            return;
        }
    }
    entry = value_object(a);
    value_set_str(a, entry, "name", name);
    value_set(a, entry, inner_name(list), inner);
    value_append(a, array, entry);
}

/* One without a slash is looked for in $PATH. */
static void make_command_absolute(Arena *a, Value *exec, const char *file)
{
    const char *slash = strrchr(file, '/'), *command = value_get_str(exec, "command");

    if (command && command[0] != '/' && strchr(command, '/') && slash)
        value_set_str(a, exec, "command",
                      arena_printf(a, "%.*s/%s", (int)(slash - file), file, command));
}

static void make_paths_absolute(Arena *a, Value *config, const char *file)
{
    const char *slash = strrchr(file, '/');
    Value *entry;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(config, lists[i][0]), k, entry)
        {
            Value *inner = value_get(entry, lists[i][1]);

            for (size_t m = 0; m < ARRAY_LEN(path_members); m++) {
                const char *path = value_get_str(inner, path_members[m]);

                if (path && path[0] && path[0] != '/' && slash)
                    value_set_str(a, inner, path_members[m],
                                  arena_printf(a, "%.*s/%s", (int)(slash - file), file, path));
            }
            make_command_absolute(a, value_get(inner, "exec"), file);
        }
    }
}

/* What `more` has and `into` has not. */
static void merge(Arena *a, Value *into, const Value *more)
{
    const char *current = value_get_str(into, "current-context");
    Value *entry;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(
            value_get(more, lists[i][0]), k,
            entry) if (!kubeconfig_entry(into, lists[i][0], value_get_str(entry, "name")) &&
                       value_get(entry, lists[i][1]))
            kubeconfig_set_entry(a, into, lists[i][0], value_get_str(entry, "name"),
                                 value_get(entry, lists[i][1]));
    if ((!current || !current[0]) && value_get_str(more, "current-context"))
        value_set_str(a, into, "current-context", value_get_str(more, "current-context"));
}

int kubeconfig_load(Arena *a, const char *path, Value **ret, Err *err)
{
    const char *const *files = kubeconfig_files(a, path);
    Value *merged = value_literal(a, "{'apiVersion':'v1','kind':'Config','preferences':{}}");
    bool is_explicit = path && path[0];

    for (size_t i = 0; files[i]; i++) {
        Value *one = NULL;
        Slice text;
        int r = read_file(a, files[i], &text, err);

        if (r == -ERR_NOT_FOUND && !is_explicit)
            continue;
        if (r < 0)
            return r;
        r = kubeconfig_parse(a, text, &one, err);
        if (r < 0)
            return err_wrap(err, r, "%s", files[i]);
        make_paths_absolute(a, one, files[i]);
        merge(a, merged, one);
    }
    *ret = merged;
    return 0;
}

int kubeconfig_save(const char *path, const Value *config, Err *err)
{
    AUTO_FREE char *temporary = xasprintf("%s.new.%d", path, (int)getpid());
    AUTO_BUF text = BUF_INIT;
    Slice left;
    int fd;

    value_print_yaml(config, &text);
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", temporary, strerror(errno));
    for (left = buf_slice(&text); left.len > 0;) {
        ssize_t n = write(fd, left.ptr, left.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int r = err_set(err, ERR_INTERNAL, "%s: %s", temporary, strerror(errno));

            close(fd);
            unlink(temporary);
            return r;
        }
        left.ptr += n;
        left.len -= (size_t)n;
    }
    close(fd);
    if (rename(temporary, path) < 0) {
        int r = err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));

        unlink(temporary);
        return r;
    }
    return 0;
}

/* PEM from NAME-data (base64) or from the file that NAME names. */
static int get_pem(Arena *a, const Value *v, const char *name, const char **ret, Err *err)
{
    const char *data = value_get_str(v, arena_printf(a, "%s-data", name));
    const char *path = value_get_str(v, name);
    AUTO_BUF b = BUF_INIT;
    Slice text;
    int r;

    if (data && data[0]) {
        if (!b64_decode(slice_of(data), &b))
            return err_set(err, ERR_BAD_REQUEST, "kubeconfig: %s-data is not base64", name);
        *ret = arena_strndup(a, buf_str(&b), b.len);
    } else if (path && path[0]) {
        r = read_file(a, path, &text, err);
        if (r < 0)
            return r;
        *ret = text.ptr;
    }
    return 0;
}

static const char *pick(const char *flag, const char *otherwise)
{
    return flag && flag[0] ? flag : otherwise;
}

static int cluster_options(Arena *a, const Value *cluster, HttpOptions *o, Err *err)
{
    o->server = value_get_str(cluster, "server");
    o->tls_server_name = value_get_str(cluster, "tls-server-name");
    o->is_insecure = value_is_true(value_get(cluster, "insecure-skip-tls-verify"));
    return get_pem(a, cluster, "certificate-authority", &o->ca_pem, err);
}

static void close_exec(void *x)
{
    execauth_close(x);
}

/* What a program is told of the cluster: certificates as data, and the server. */
static Value *cluster_info(Arena *a, const Value *cluster, const HttpOptions *o)
{
    static const char *const kept[] = {"server", "tls-server-name", "insecure-skip-tls-verify",
                                       "proxy-url"};
    Value *v = value_object(a), *extension;
    AUTO_BUF b = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (value_get(cluster, kept[i]))
            value_set(a, v, kept[i], value_get(cluster, kept[i]));
    if (o->ca_pem) {
        b64_encode(slice_of(o->ca_pem), &b);
        value_set_str(a, v, "certificate-authority-data", buf_str(&b));
    }
    value_each_item(value_get(cluster, "extensions"), i, extension)
    {
        if (str_eq(value_get_str(extension, "name"), "client.authentication.k8s.io/exec"))
            value_set(a, v, "config", value_get(extension, "extension"));
    }
    return v;
}

static int user_options(Arena *a, const Value *user, const char *name, const Value *cluster,
                        HttpOptions *o, Err *err)
{
    int r;

    if (value_is(value_get(user, "exec"), VALUE_OBJECT) &&
        value_is(value_get(user, "auth-provider"), VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST,
                       "invalid configuration: authProvider cannot be provided in combination with "
                       "an exec plugin for %s",
                       name);
    if (value_is(value_get(user, "auth-provider"), VALUE_OBJECT))
        return err_set(
            err, ERR_BAD_REQUEST, "no Auth Provider found for name \"%s\": use an exec plugin",
            value_at_str(user, "auth-provider.name") ? value_at_str(user, "auth-provider.name")
                                                     : "");
    if (value_is(value_get(user, "exec"), VALUE_OBJECT)) {
        r = execauth_open(value_get(user, "exec"), name, cluster, &o->exec, err);
        if (r < 0)
            return r;
        arena_on_free(a, close_exec, o->exec);
    }
    o->token = value_get_str(user, "token");
    o->token_file = value_get_str(user, "tokenFile");
    o->username = value_get_str(user, "username");
    o->password = value_get_str(user, "password");
    o->impersonate_user = value_get_str(user, "as");
    r = get_pem(a, user, "client-certificate", &o->cert_pem, err);
    if (r < 0)
        return r;
    return get_pem(a, user, "client-key", &o->key_pem, err);
}

int kubeconfig_options(Arena *a, const Value *config, const KubeconfigChoice *choice,
                       HttpOptions *ret, const char **ret_ns, Err *err)
{
    static const KubeconfigChoice nothing;
    const KubeconfigChoice *f = choice ? choice : &nothing;
    const char *name = pick(f->context, value_get_str(config, "current-context"));
    const Value *context = kubeconfig_entry(config, "contexts", name);
    const char *cluster_name, *user_name;
    const Value *cluster, *user;
    HttpOptions o = {0};
    int r;

    if (name && name[0] && !context && (f->context || !f->server))
        return err_set(err, ERR_NOT_FOUND, "context \"%s\" does not exist", name);
    cluster_name = pick(f->cluster, value_get_str(context, "cluster"));
    user_name = pick(f->user, value_get_str(context, "user"));
    cluster = kubeconfig_entry(config, "clusters", cluster_name);
    user = kubeconfig_entry(config, "users", user_name);
    if (cluster_name && cluster_name[0] && !cluster)
        return err_set(err, ERR_NOT_FOUND, "cluster \"%s\" does not exist", cluster_name);
    if (user_name && user_name[0] && !user)
        return err_set(err, ERR_NOT_FOUND, "auth info \"%s\" does not exist", user_name);
    r = cluster_options(a, cluster, &o, err);
    if (r == 0)
        r = user_options(a, user, user_name ? user_name : "", cluster_info(a, cluster, &o), &o,
                         err);
    if (r < 0)
        return r;

    o.server = pick(f->server, o.server);
    if (f->token && f->token[0]) {
        o.token = f->token;
        o.token_file = NULL;
    }
    if (f->is_insecure) {
        o.is_insecure = true;
        o.ca_pem = NULL;
    }
    if (!o.server || !o.server[0])
        return err_set(err, ERR_NOT_FOUND,
                       "no server is configured: name a kubeconfig file or a server");
    *ret = o;
    if (ret_ns)
        *ret_ns = pick(pick(f->ns, value_get_str(context, "namespace")), "default");
    return 0;
}

int kubeconfig_in_cluster(Arena *a, HttpOptions *ret, const char **ret_ns, Err *err)
{
    static const char *const dir = "/var/run/secrets/kubernetes.io/serviceaccount";
    const char *host = getenv("KUBERNETES_SERVICE_HOST");
    const char *port = getenv("KUBERNETES_SERVICE_PORT");
    HttpOptions o = {0};
    Slice text;
    int r;

    if (!host || !host[0] || !port || !port[0])
        return err_set(err, ERR_NOT_FOUND, "not inside a cluster");
    o.server = strchr(host, ':') ? arena_printf(a, "https://[%s]:%s", host, port)
                                 : arena_printf(a, "https://%s:%s", host, port);
    o.token_file = arena_printf(a, "%s/token", dir);
    r = read_file(a, arena_printf(a, "%s/ca.crt", dir), &text, err);
    if (r < 0)
        return r;
    o.ca_pem = text.ptr;
    if (ret_ns) {
        r = read_file(a, arena_printf(a, "%s/namespace", dir), &text, NULL);
        *ret_ns = r == 0 ? text.ptr : "default";
    }
    *ret = o;
    return 0;
}
