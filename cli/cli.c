/* Connection, calls and files: what stands between a command and the server. */
#include "cli/cli.h"

#include "base/yaml.h"
#include "client/execauth.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum {
    MAX_FILE = 64 << 20,
    MAX_DOCS = 10000,
};

int cli_config(Cli *c)
{
    const char *path = flag_str(&c->flags, "kubeconfig");
    Err err;

    if (c->kubeconfig)
        return 0;
    c->kubeconfig_path = kubeconfig_files(c->arena, path)[0];
    if (kubeconfig_load(c->arena, path, &c->kubeconfig, &err) < 0)
        return cli_print_err(&err);
    return 0;
}

static const char *const *impersonated_groups(Cli *c)
{
    const char **groups = arena_array(c->arena, const char *, c->flags.n_values + 1), *group;

    for (size_t i = 0; (group = flag_item(&c->flags, "as-group", i)); i++)
        groups[i] = group;
    return groups[0] ? groups : NULL;
}

/* A program that cannot give a credential is the thing to tell, not the 401 that follows. */
static int has_credential(Cli *c, const HttpOptions *o, Err *err)
{
    ExecCredential ignored;

    if (!o->exec || o->token || o->token_file)
        return 0;
    return execauth_get(o->exec, 0, c->arena, &ignored, err);
}

int cli_connect(Cli *c)
{
    const Flags *f = &c->flags;
    /* "tenant kubeconfig" has a --token of its own */
    const char *token = flag_table_str(f, global_flags, "token");
    KubeconfigChoice choice = {.context = flag_str(f, "context"),
                               .server = flag_str(f, "server"),
                               .token = token,
                               .is_insecure = flag_bool(f, "insecure-skip-tls-verify")};
    const char *ns = NULL;
    HttpOptions o = {0};
    Err err;

    if (c->client)
        return 0;
    if (cli_config(c) != 0)
        return 1;
    if (kubeconfig_options(c->arena, c->kubeconfig, &choice, &o, &ns, &err) < 0)
        return cli_print_err(&err);
    if (flag_str(f, "tls-server-name"))
        o.tls_server_name = flag_str(f, "tls-server-name");
    o.impersonate_user = flag_str(f, "as");
    o.impersonate_groups = impersonated_groups(c);
    o.user_agent = "hpctl/v1.36.0";
    c->has_ns = flag_given(f, "namespace");
    c->ns = c->has_ns ? flag_str(f, "namespace") : ns && *ns ? ns : "default";
    if (has_credential(c, &o, &err) < 0)
        return cli_error("Unable to connect to the server: %s", err.msg);
    if (http_client_open(&o, &c->client, &err) < 0)
        return cli_print_err(&err);
    return 0;
}

int cli_call(Cli *c, const char *method, const char *path, const char *query,
             const char *content_type, const char *accept, Slice body, ClientReply *ret)
{
    ClientRequest req = {.method = method,
                         .path = path,
                         .query = query,
                         .content_type = content_type,
                         .accept = accept,
                         .body = body,
                         .timeout_ms = flag_int(&c->flags, "request-timeout", 60) * 1000};
    Err err;

    if (client_call(c->client, c->arena, &req, ret, &err) < 0) {
        fflush(stdout);
        if (strstr(err.msg, "refused"))
            fprintf(stderr,
                    "The connection to the server was refused - did you specify the right "
                    "host or port? (%s)\n",
                    err.msg);
        else
            fprintf(stderr, "Unable to connect to the server: %s\n", err.msg);
        return 1;
    }
    for (size_t i = 0; ret->warnings && ret->warnings[i]; i++)
        fprintf(stderr, "Warning: %s\n", ret->warnings[i]);
    return 0;
}

Value *cli_reply_value(Cli *c, const ClientReply *r)
{
    Value *v;

    return value_parse(c->arena, r->body, &v, NULL) == 0 ? v : NULL;
}

int cli_send_quietly(Cli *c, const char *method, const char *path, const char *query,
                     const char *content_type, const Value *body, ClientReply *ret)
{
    const char *text = body ? value_to_str(c->arena, body) : "";

    return cli_call(c, method, path, query, content_type, NULL, slice_of(text), ret);
}

Value *cli_send(Cli *c, const char *method, const char *path, const char *query,
                const char *content_type, const Value *body)
{
    ClientReply reply;
    Value *v;

    if (cli_send_quietly(c, method, path, query, content_type, body, &reply) != 0)
        return NULL;
    if (reply.status >= 300) {
        (void)cli_server_error(c, &reply);
        return NULL;
    }
    v = cli_reply_value(c, &reply);
    if (!v)
        (void)cli_error("the server's answer is not JSON");
    return v;
}

Value *cli_get(Cli *c, const char *path, const char *query)
{
    return cli_send(c, "GET", path, query, NULL, NULL);
}

/* ---- files ---- */

typedef struct Docs {
    Value **items;
    const char **files;
    int n;
} Docs;

static int add_doc(Cli *c, Docs *d, Value *v, const char *file)
{
    Value *item;

    if (value_is(v, VALUE_NULL))
        return 0;
    if (!value_is(v, VALUE_OBJECT))
        return cli_error("%s: a document is not an object", file);
    if (value_is(value_get(v, "items"), VALUE_ARRAY) &&
        str_ends(value_get_str(v, "kind") ? value_get_str(v, "kind") : "", "List")) {
        value_each_item(value_get(v, "items"), i,
                        item) if (add_doc(c, d, item, file) != 0) return 1;
        return 0;
    }
    if (d->n == MAX_DOCS)
        return cli_error("%s: more than %d objects", file, MAX_DOCS);
    d->files[d->n] = file;
    d->items[d->n++] = v;
    return 0;
}

static int read_stream(Cli *c, Docs *d, FILE *f, const char *name)
{
    AUTO_BUF text = BUF_INIT;
    char chunk[65536];
    size_t n;
    Value *docs, *v;
    Err err;

    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
        if (text.len + n > MAX_FILE)
            return cli_error("%s: more than %d MiB", name, MAX_FILE >> 20);
        buf_add(&text, chunk, n);
    }
    if (value_parse_yaml_all(c->arena, buf_slice(&text), &docs, &err) < 0)
        return cli_error("error parsing %s: %s", name, err.msg);
    value_each_item(docs, i, v) if (add_doc(c, d, v, name) != 0) return 1;
    return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_path(Cli *c, Docs *d, const char *path, bool is_named);

static int read_folder(Cli *c, Docs *d, const char *path)
{
    bool is_recursive = flag_bool(&c->flags, "recursive");
    struct dirent **list;
    int n = scandir(path, &list, NULL, by_name), r = 0;

    if (n < 0)
        return cli_error("%s: %s", path, strerror(errno));
    for (int i = 0; i < n; i++) {
        const char *full = arena_printf(c->arena, "%s/%s", path, list[i]->d_name);
        struct stat st;

        if (list[i]->d_name[0] != '.' && stat(full, &st) == 0 && r == 0 &&
            (S_ISREG(st.st_mode) || is_recursive))
            r = read_path(c, d, full, false);
        free(list[i]);
    }
    free(list);
    return r;
}

/* is_named: by the user himself, so any extension goes. */
static int read_path(Cli *c, Docs *d, const char *path, bool is_named)
{
    struct stat st;
    FILE *f;
    int r;

    if (strcmp(path, "-") == 0)
        return read_stream(c, d, stdin, "STDIN");
    if (stat(path, &st) < 0)
        return cli_error("the path \"%s\" does not exist", path);
    if (S_ISDIR(st.st_mode))
        return read_folder(c, d, path);
    if (!is_named && !str_ends(path, ".yaml") && !str_ends(path, ".yml") &&
        !str_ends(path, ".json"))
        return 0;
    f = fopen(path, "re");
    if (!f)
        return cli_error("%s: %s", path, strerror(errno));
    r = read_stream(c, d, f, path);
    fclose(f);
    return r;
}

int cli_read_files(Cli *c, Value ***ret)
{
    Docs d = {arena_array(c->arena, Value *, MAX_DOCS),
              arena_array(c->arena, const char *, MAX_DOCS), 0};
    const char *path;

    for (size_t i = 0; (path = flag_item(&c->flags, "filename", i)); i++)
        if (read_path(c, &d, path, true) != 0)
            return -1;
    *ret = d.items;
    c->doc_files = d.files;
    return d.n;
}

int64_t cli_duration_s(const char *text)
{
    int64_t total = 0, n;
    char *end;

    for (const char *p = text; *p; p = end) {
        n = strtoll(p, &end, 10);
        if (end == p || n < 0 || n > 1000000000)
            return -1;
        switch (*end) {
        case 'd':
            total += n * 86400;
            break;
        case 'h':
            total += n * 3600;
            break;
        case 'm':
            total += n * 60;
            break;
        case 's':
        case '\0':
            total += n;
            break;
        default:
            return -1;
        }
        end += *end != '\0';
    }
    return total;
}
