#include "hostplane/config.h"

#include "base/err.h"
#include "base/yaml.h"

#include <ctype.h>
#include <errno.h>

enum { FILE_MAX = 1 << 20, LIST_MAX = 64 };

typedef enum OptionKind { OPT_STR, OPT_LIST, OPT_INT, OPT_BOOL } OptionKind;

typedef struct Option {
    const char *name;
    OptionKind kind;
    size_t at; /* in Config */
    const char *deflt, *meta, *help;
    int64_t min, max; /* OPT_INT */
    bool is_secret;   /* may hold a password: not printed */
} Option;

#define AT(field) offsetof(Config, field)

// clang-format off
static const Option options[] = {
    {"data-dir", OPT_STR, AT(data_dir), NULL, "DIR",
     "keys, admin.kubeconfig and the private PostgreSQL live here (required)", 0, 0, false},
    {"listen", OPT_LIST, AT(listen), "127.0.0.1:6443", "ADDR:PORT",
     "serve HTTPS here; may be repeated", 0, 0, false},
    {"database-url", OPT_STR, AT(database_url), NULL, "URL",
     "use this PostgreSQL (postgres://...) instead of a private one", 0, 0, true},
    {"postgres-bin-dir", OPT_STR, AT(postgres_bin_dir), NULL, "DIR",
     "where postgres and initdb of the private PostgreSQL are (default: looked for)", 0, 0, false},
    {"config", OPT_STR, AT(config), NULL, "FILE", "read options from a YAML file", 0, 0, false},
    {"name", OPT_LIST, AT(names), NULL, "NAME",
     "one more DNS name or address in the server's certificate; may be repeated", 0, 0, false},
    {"external-url", OPT_STR, AT(external_url), NULL, "URL",
     "how clients reach the server, for kubeconfigs (default: https:// and the first --listen)",
     0, 0, false},
    {"domain", OPT_STR, AT(domain), NULL, "DOMAIN",
     "serve tenant NAME at https://NAME.DOMAIN too", 0, 0, false},
    {"threads", OPT_INT, AT(threads), "0", "N", "HTTP threads; 0: one a core", 0, 1024, false},
    {"shards", OPT_INT, AT(shards), "0", "N",
     "groups of connections a thread; 0: 64", 0, 4096, false},
    {"workers", OPT_INT, AT(workers), "16", "N", "controller workers", 1, 256, false},
    {"max-connections", OPT_INT, AT(max_connections), "0", "N",
     "client connections; 0: as many as file descriptors allow", 0, 10000000, false},
    {"request-timeout", OPT_INT, AT(request_timeout_s), "60", "SECONDS",
     "requests that wait longer are answered 504", 1, 3600, false},
    {"drain-timeout", OPT_INT, AT(drain_timeout_s), "10", "SECONDS",
     "time for running requests after SIGTERM", 0, 3600, false},
    {"webhook-private-urls", OPT_BOOL, AT(webhook_private_urls), "false", NULL,
     "webhooks, issuers and providers of secrets may be at private addresses (tenants could reach what is there)", 0, 0, false},
    {"authentication-config", OPT_STR, AT(authentication_config), NULL, "FILE",
     "issuers whose tokens the provider's own cluster accepts (AuthenticationConfiguration)", 0, 0, false},
    {"audit-policy", OPT_STR, AT(audit_policy), NULL, "FILE",
     "what is recorded of all clusters' requests (audit.k8s.io/v1 Policy)", 0, 0, false},
    {"audit-mode", OPT_STR, AT(audit_mode), "blocking-strict", "MODE",
     "blocking-strict: records of writes commit with them; batch: a crash may lose some", 0, 0, false},
    {"audit-days", OPT_INT, AT(audit_days), "30", "DAYS", "so long audit records are kept", 1, 36500, false},
    {"audit-file", OPT_STR, AT(audit_file), NULL, "FILE", "audit records as JSON lines, too", 0, 0, false},
    {"audit-file-megabytes", OPT_INT, AT(audit_file_mb), "100", "N",
     "a new file is begun at this size", 1, 1000000, false},
    {"audit-file-backups", OPT_INT, AT(audit_file_backups), "10", "N",
     "so many older ones are kept", 0, 10000, false},
    {"audit-webhook", OPT_STR, AT(audit_webhook), NULL, "URL",
     "audit records are posted there in batches, too (https)", 0, 0, false},
    {"audit-webhook-ca", OPT_STR, AT(audit_webhook_ca), NULL, "FILE",
     "who its certificate must come from (default: whom the system trusts)", 0, 0, false},
    {"history-hours", OPT_INT, AT(history_hours), "2", "HOURS",
     "for so long watches can be resumed, where no plan says otherwise", 1, 10000, false},
    {"history-max-hours", OPT_INT, AT(history_max_hours), "24", "HOURS",
     "and at most, where a plan's retention says so", 1, 10000, false},
    {"compaction-interval", OPT_INT, AT(compaction_s), "300", "SECONDS",
     "continue tokens and lists of older states live one to two of it", 1, 1000000, false},
    {"cache-idle", OPT_INT, AT(cache_idle_s), "300", "SECONDS",
     "objects nobody reads leave memory after this", 1, 1000000, false},
    {"key-provider", OPT_LIST, AT(key_providers), NULL, "NAME=SPEC",
     "who wraps data keys: file:PATH, kms:unix:///PATH or a pkcs11: URI; may be repeated (DIR/keys/kek is 'file')",
     0, 0, false},
    {"default-key-provider", OPT_STR, AT(default_key_provider), "file", "NAME",
     "the one for clusters that name none", 0, 0, false},
    {"encrypted-resource", OPT_LIST, AT(encrypted_resources), NULL, "RESOURCE",
     "what of the provider's own cluster is encrypted beside Secrets: RESOURCE, RESOURCE.GROUP, *.GROUP or *; may be repeated",
     0, 0, false},
    {"key-check", OPT_INT, AT(key_check_s), "30", "SECONDS",
     "so often a tenant's own key provider is asked whether it still unwraps", 1, 86400, false},
    {"key-ttl", OPT_INT, AT(key_ttl_s), "300", "SECONDS",
     "a data key is wiped when its provider cannot be reached for so long", 1, 1000000, false},
    {"pod-cidr", OPT_STR, AT(pod_cidr), "10.88.0.0/16", "CIDR[,CIDR]",
     "nodes get their pod networks from it; one range a family", 0, 0, false},
    {"service-cidr", OPT_STR, AT(service_cidr), "10.96.0.0/16", "CIDR[,CIDR]",
     "every cluster's services get their addresses from it: this, a range of IPv6, or both with a comma", 0, 0, false},
    {"terminated-pods", OPT_INT, AT(terminated_pods), "12500", "N",
     "ended pods that a cluster may keep; the oldest above it are deleted; 0: it keeps all", 0,
     1000000000, false},
    {"controllers", OPT_BOOL, AT(controllers), "true", NULL, "run the controllers", 0, 0, false},
    {"scheduler", OPT_BOOL, AT(scheduler), "true", NULL, "run the scheduler", 0, 0, false},
    {"scheduler-config", OPT_STR, AT(scheduler_config), NULL, "FILE",
     "profiles and plug-ins of the scheduler (KubeSchedulerConfiguration)", 0, 0, false},
    {"log-level", OPT_STR, AT(log_level), "info", "LEVEL",
     "error, warning, info or debug", 0, 0, false},
    {"log-format", OPT_STR, AT(log_format), "text", "FORMAT", "text or json", 0, 0, false},
    {"log-requests", OPT_BOOL, AT(log_requests), "false", NULL,
     "a line for every request, not only for failures and slow ones", 0, 0, false},
    {"allow-swap", OPT_BOOL, AT(allow_swap), "false", NULL,
     "start although memory with Secrets in it may be swapped out and cannot be locked", 0, 0, false},
};
// clang-format on

static void *field(Config *c, const Option *o)
{
    return (char *)c + o->at;
}

static const Option *find(const char *name, size_t n)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        if (strlen(options[i].name) == n && strncmp(options[i].name, name, n) == 0)
            return &options[i];
    return NULL;
}

static int add_item(Config *c, const Option *o, const char *value, Err *err)
{
    const char ***list = field(c, o), **longer;
    size_t n = 0;

    while (*list && (*list)[n])
        n++;
    if (n >= LIST_MAX)
        return err_set(err, ERR_BAD_REQUEST, "--%s: too many values", o->name);
    longer = arena_array(c->arena, const char *, n + 2);
    for (size_t i = 0; i < n; i++)
        longer[i] = (*list)[i];
    longer[n] = arena_strdup(c->arena, value);
    *list = longer;
    return 0;
}

static int set(Config *c, const Option *o, const char *value, Err *err)
{
    int64_t i;

    switch (o->kind) {
    case OPT_STR:
        *(const char **)field(c, o) = arena_strdup(c->arena, value);
        return 0;
    case OPT_LIST:
        return add_item(c, o, value, err);
    case OPT_INT:
        if (!slice_to_int64(slice_of(value), &i) || i < o->min || i > o->max)
            return err_set(err, ERR_BAD_REQUEST, "--%s: '%s' is not a number from %lld to %lld",
                           o->name, value, (long long)o->min, (long long)o->max);
        *(int64_t *)field(c, o) = i;
        return 0;
    case OPT_BOOL:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return err_set(err, ERR_BAD_REQUEST, "--%s: '%s' is not true or false", o->name, value);
        *(bool *)field(c, o) = value[0] == 't';
        return 0;
    }
    return 0;
}

/* A later source replaces a list as a whole. */
static void clear_list(Config *c, const Option *o)
{
    if (o->kind == OPT_LIST)
        *(const char ***)field(c, o) = NULL;
}

static int set_split(Config *c, const Option *o, const char *text, Err *err)
{
    Slice rest = slice_of(text), item;
    bool more = true;
    int r = 0;

    if (o->kind != OPT_LIST)
        return set(c, o, text, err);
    clear_list(c, o);
    while (more && r == 0) {
        more = slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        if (item.len > 0)
            r = set(c, o, arena_strndup(c->arena, item.ptr, item.len), err);
    }
    return r;
}

static int set_value(Config *c, const Option *o, const Value *v, Err *err)
{
    const Value *item;
    int r = 0;

    if (v->type == VALUE_STRING || v->type == VALUE_NUMBER)
        return set_split(c, o, v->str, err);
    if (v->type == VALUE_BOOL)
        return set(c, o, v->boolean ? "true" : "false", err);
    if (v->type != VALUE_ARRAY || o->kind != OPT_LIST)
        return err_set(err, ERR_BAD_REQUEST, "%s: %s is not what it takes", o->name,
                       value_type_name(v->type));
    clear_list(c, o);
    value_each_item(v, i, item)
    {
        if (!value_is(item, VALUE_STRING))
            return err_set(err, ERR_BAD_REQUEST, "%s: items must be strings", o->name);
        r = set(c, o, item->str, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int read_file(Config *c, const char *path, Err *err)
{
    AUTO_BUF text = BUF_INIT;
    Value *v = NULL;
    FILE *f = fopen(path, "r");
    char buf[4096];
    size_t n;
    int r;

    if (!f)
        return err_set(err, ERR_BAD_REQUEST, "%s: %s", path, strerror(errno));
    while ((n = fread(buf, 1, sizeof(buf), f)) > 0 && text.len < FILE_MAX)
        buf_add(&text, buf, n);
    fclose(f);
    r = value_parse_yaml(c->arena, buf_slice(&text), &v, err);
    if (r < 0)
        return err_wrap(err, r, "%s", path);
    if (v && v->type != VALUE_OBJECT && v->type != VALUE_NULL)
        return err_set(err, ERR_BAD_REQUEST, "%s: not a mapping of options", path);
    value_each_member(v, m)
    {
        const Option *o = find(m->name, strlen(m->name));

        if (!o || strcmp(o->name, "config") == 0)
            return err_set(err, ERR_BAD_REQUEST, "%s: unknown option '%s'", path, m->name);
        r = set_value(c, o, m->value, err);
        if (r < 0)
            return err_wrap(err, r, "%s", path);
    }
    return 0;
}

static const char *env_of(const Option *o)
{
    char name[64] = "HOSTPLANE_";
    size_t n = strlen(name);

    for (const char *p = o->name; *p && n < sizeof(name) - 1; p++)
        name[n++] = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
    name[n] = 0;
    return getenv(name);
}

typedef struct Given { /* flags as they came, applied last */
    const Option *option;
    const char *value;
} Given;

/* --name value, --name=value, --flag; fills `given`. */
static int read_flags(Config *c, int argc, char **argv, Given *given, size_t *n_given, Err *err)
{
    const char **args = arena_array(c->arena, const char *, (size_t)argc + 1);
    size_t n_args = 0;

    c->args = args;
    for (int i = 0; i < argc; i++) {
        const char *arg = argv[i], *eq;
        const Option *o;

        if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            c->wants_help = true;
            continue;
        }
        if (arg[0] != '-') {
            args[n_args++] = arg;
            continue;
        }
        eq = strchr(arg, '=');
        o = str_starts(arg, "--") ? find(arg + 2, eq ? (size_t)(eq - arg - 2) : strlen(arg + 2))
                                  : NULL;
        if (!o)
            return err_set(err, ERR_BAD_REQUEST, "unknown option %s", arg);
        if (!eq && o->kind == OPT_BOOL)
            given[*n_given].value = "true";
        else if (!eq && i + 1 == argc)
            return err_set(err, ERR_BAD_REQUEST, "--%s needs a value", o->name);
        else
            given[*n_given].value = eq ? eq + 1 : argv[++i];
        given[(*n_given)++].option = o;
    }
    return 0;
}

static int apply_flags(Config *c, const Given *given, size_t n, Err *err)
{
    for (size_t i = 0; i < n; i++) {
        bool is_first = true;
        int r;

        for (size_t k = 0; k < i; k++)
            is_first &= given[k].option != given[i].option;
        if (is_first)
            clear_list(c, given[i].option);
        r = set(c, given[i].option, given[i].value, err);
        if (r < 0)
            return r;
    }
    return 0;
}

int config_load(int argc, char **argv, Config *ret, Err *err)
{
    Config *c = ret;
    const char *file = getenv("HOSTPLANE_CONFIG");
    Given *given;
    size_t n_given = 0;
    int r;

    *c = (Config){.arena = arena_new()};
    given = arena_array(c->arena, Given, (size_t)argc + 1);
    r = read_flags(c, argc, argv, given, &n_given, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n_given; i++)
        if (strcmp(given[i].option->name, "config") == 0)
            file = given[i].value;
    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        if (options[i].deflt && set(c, &options[i], options[i].deflt, NULL) < 0)
            BUG_ON(true);
    if (file && (r = read_file(c, file, err)) < 0)
        return r;
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        const char *v = env_of(&options[i]);

        if (v && (r = set_split(c, &options[i], v, err)) < 0)
            return err_wrap(err, r, "from the environment");
    }
    r = apply_flags(c, given, n_given, err);
    if (r < 0 || c->wants_help)
        return r;
    if (strcmp(c->log_format, "text") != 0 && strcmp(c->log_format, "json") != 0)
        return err_set(err, ERR_BAD_REQUEST, "--log-format: '%s' is not text or json",
                       c->log_format);
    return 0;
}

void config_done(Config *c)
{
    arena_free(c->arena);
    *c = (Config){0};
}

void config_print_help(FILE *out)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        const Option *o = &options[i];
        char head[64];

        snprintf(head, sizeof(head), "--%s%s%s", o->name, o->meta ? " " : "",
                 o->meta ? o->meta : "");
        fprintf(out, "  %-28s %s", head, o->help);
        if (o->deflt && o->kind != OPT_BOOL && strcmp(o->deflt, "0") != 0)
            fprintf(out, " (default %s)", o->deflt);
        if (o->kind == OPT_BOOL)
            fprintf(out, " (default %s; --%s=%s)", o->deflt, o->name,
                    o->deflt[0] == 't' ? "false" : "true");
        fputc('\n', out);
    }
}

void config_print(const Config *c, FILE *out)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        const Option *o = &options[i];
        const void *at = (const char *)c + o->at;

        if (o->kind == OPT_INT) {
            fprintf(out, "%s: %lld\n", o->name, (long long)*(const int64_t *)at);
        } else if (o->kind == OPT_BOOL) {
            fprintf(out, "%s: %s\n", o->name, *(const bool *)at ? "true" : "false");
        } else if (o->kind == OPT_LIST) {
            const char *const *list = *(const char *const *const *)at;

            fprintf(out, "%s:%s\n", o->name, list && list[0] ? "" : " []");
            for (; list && *list; list++)
                fprintf(out, "- \"%s\"\n", *list);
        } else if (*(const char *const *)at) {
            fprintf(out, "%s: \"%s\"\n", o->name,
                    o->is_secret ? "(set)" : *(const char *const *)at);
        }
    }
}
