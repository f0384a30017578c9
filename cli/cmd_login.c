/* hpctl login and get-token: credentials that come and go, for hpctl and for kubectl. */
#include "cli/login.h"

#include "base/clock.h"

#include <stdlib.h>
#include <unistd.h>

#define GROUP "client.authentication.k8s.io/"

/* ---- get-token ---- */

/* In the version that the caller speaks. */
static const char *version_wanted(Cli *c)
{
    const char *flag = flag_str(&c->flags, "exec-api-version"),
               *info = getenv("KUBERNETES_EXEC_INFO");
    const char *version;
    Value *v = NULL;

    if (flag)
        return arena_printf(c->arena, GROUP "%s", flag);
    if (!info || value_parse(c->arena, slice_of(info), &v, NULL) < 0)
        return GROUP "v1";
    version = value_get_str(v, "apiVersion");
    return version && version[0] ? version : GROUP "v1";
}

static int print_credential(Cli *c, const LoginCredential *k)
{
    Value *v = value_object(c->arena), *status = value_object(c->arena);
    const char *version = version_wanted(c);
    char when[CLOCK_TEXT_MAX];

    if (strcmp(version, GROUP "v1") != 0 && strcmp(version, GROUP "v1beta1") != 0)
        return cli_error("%s is not a version of ExecCredential that is known", version);
    value_set_str(c->arena, v, "kind", "ExecCredential");
    value_set_str(c->arena, v, "apiVersion", version);
    if (k->expires_us)
        value_set_str(c->arena, status, "expirationTimestamp",
                      clock_to_rfc3339(k->expires_us, when));
    value_set_str(c->arena, status, "token", k->token);
    value_set(c->arena, v, "status", status);
    printf("%s\n", value_to_str(c->arena, v));
    return 0;
}

int cmd_get_token(Cli *c)
{
    LoginCredential k;
    Login l;

    if (login_of_flags(c, &l) != 0 || login_credential(c, &l, isatty(STDIN_FILENO), &k) != 0)
        return 1;
    return print_credential(c, &k);
}

/* ---- login ---- */

static void add_arg(Cli *c, Value *args, const char *name, const char *value)
{
    if (value)
        value_append(c->arena, args, value_printf(c->arena, "--%s=%s", name, value));
}

/* What runs when a credential is needed: this program, with what it was told now. */
static Value *exec_of(Cli *c, const Login *l, const char *provider)
{
    static const char *const copied[] = {"client-id", "client-secret", "grant", "listen-port"};
    const Flags *f = &c->flags;
    const char *version = flag_str(f, "exec-api-version"), *item;
    Value *v = value_object(c->arena), *args = value_array(c->arena);

    value_set_str(c->arena, v, "apiVersion",
                  arena_printf(c->arena, GROUP "%s", version ? version : "v1"));
    value_set_str(c->arena, v, "command", login_absolute(c, "/proc/self/exe"));
    value_append(c->arena, args, value_str(c->arena, "get-token"));
    if (l->tenant) {
        add_arg(c, args, "tenant", l->tenant);
        add_arg(c, args, "lifetime", flag_str(f, "lifetime"));
        add_arg(c, args, "user", flag_str(f, "user"));
        for (size_t i = 0; (item = flag_item(f, "group", i)); i++)
            add_arg(c, args, "group", item);
        add_arg(c, args, "context", provider);
        add_arg(c, args, "kubeconfig", login_absolute(c, c->kubeconfig_path));
    } else {
        add_arg(c, args, "issuer-url", l->oidc.issuer);
        add_arg(c, args, "issuer-ca", login_absolute(c, flag_str(f, "issuer-ca")));
        for (size_t i = 0; i < ARRAY_LEN(copied); i++)
            if (flag_given(f, copied[i]))
                add_arg(c, args, copied[i], flag_str(f, copied[i]));
        for (size_t i = 0; (item = flag_item(f, "scope", i)); i++)
            add_arg(c, args, "scope", item);
        if (flag_bool(f, "no-browser"))
            value_append(c->arena, args, value_str(c->arena, "--no-browser"));
    }
    add_arg(c, args, "exec-api-version", version);
    value_set(c->arena, v, "args", args);
    value_set_str(c->arena, v, "interactiveMode", "IfAvailable");
    return v;
}

/* Of the context that is in force: its name, and its cluster's. */
static int provider_context(Cli *c, const char **ret_context, const char **ret_cluster)
{
    const char *name = flag_str(&c->flags, "context");
    const Value *context;

    if (!name)
        name = value_get_str(c->kubeconfig, "current-context");
    context = kubeconfig_entry(c->kubeconfig, "contexts", name);
    if (!context)
        return cli_error("a context of the cluster is needed: --context, or one that is current");
    *ret_context = name;
    *ret_cluster = value_get_str(context, "cluster");
    return 0;
}

static int write_config(Cli *c, const Login *l, const LoginCredential *k, const char *provider,
                        const char *cluster)
{
    const char *name = flag_str(&c->flags, "name");
    Value *user = value_object(c->arena), *context = value_object(c->arena);
    Err err;

    if (!name)
        name = l->tenant ? l->tenant : arena_printf(c->arena, "%s-oidc", cluster);
    if (l->tenant && str_eq(name, provider))
        return cli_error("the context \"%s\" is the provider's; choose another with --name", name);
    if (l->tenant) {
        kubeconfig_set_entry(c->arena, c->kubeconfig, "clusters", name, k->cluster);
        cluster = name;
    }
    value_set(c->arena, user, "exec", exec_of(c, l, provider));
    kubeconfig_set_entry(c->arena, c->kubeconfig, "users", name, user);
    value_set_str(c->arena, context, "cluster", cluster);
    value_set_str(c->arena, context, "user", name);
    kubeconfig_set_entry(c->arena, c->kubeconfig, "contexts", name, context);
    value_set_str(c->arena, c->kubeconfig, "current-context", name);
    if (kubeconfig_save(c->kubeconfig_path, c->kubeconfig, &err) < 0)
        return cli_print_err(&err);
    printf("Logged in; switched to context \"%s\".\n", name);
    return 0;
}

int cmd_login(Cli *c)
{
    bool is_plug_in = flag_bool(&c->flags, "exec-credential");
    const char *provider = NULL, *cluster = NULL;
    LoginCredential k;
    Login l;

    if (login_of_flags(c, &l) != 0)
        return 1;
    if (!is_plug_in && provider_context(c, &provider, &cluster) != 0)
        return 1;
    if (login_credential(c, &l, true, &k) != 0)
        return 1;
    return is_plug_in ? print_credential(c, &k) : write_config(c, &l, &k, provider, cluster);
}
