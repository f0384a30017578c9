#include "cli/login.h"

#include "base/clock.h"
#include "base/jws.h"
#include "base/random.h"
#include "base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FILE_MAX = 1 << 20,
    SPARE_US = 30 * 1000000, /* what must be left of a kept token */
};

extern char **environ;

/* ---- files ---- */

static int read_file(Cli *c, const char *path, Slice *ret)
{
    FILE *f = fopen(path, "re");
    AUTO_BUF b = BUF_INIT;
    char chunk[8192];
    size_t n;

    if (!f)
        return -1;
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && b.len < FILE_MAX)
        buf_add(&b, chunk, n);
    fclose(f);
    *ret = (Slice){arena_strndup(c->arena, buf_str(&b), b.len), b.len};
    return 0;
}

static int make_folder(const char *home)
{
    static const char *const parts[] = {"/.kube", "/.kube/cache", "/.kube/cache/hpctl"};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        char path[4096];

        (void)snprintf(path, sizeof(path), "%s%s", home, parts[i]);
        if (mkdir(path, i == 2 ? 0700 : 0755) < 0 && errno != EEXIST)
            return cli_error("%s: %s", path, strerror(errno));
    }
    return 0;
}

const char *login_absolute(Cli *c, const char *path)
{
    char full[PATH_MAX];

    return path && realpath(path, full) ? arena_strdup(c->arena, full) : path;
}

/* Everything that makes it another credential is in its name. */
static int name_file(Cli *c, Login *l)
{
    const char *home = getenv("HOME"), *context = flag_str(&c->flags, "context");
    AUTO_BUF b = BUF_INIT;
    char hex[2 * SHA256_LEN + 1];
    const char *user = flag_str(&c->flags, "user"), *item;

    if (!home || !home[0])
        return cli_error("$HOME is not set");
    if (!context)
        context = value_get_str(c->kubeconfig, "current-context");
    if (l->tenant) {
        buf_addf(&b, "tenant\n%s\n%s\n%s\n%s\n%" PRId64, l->tenant,
                 login_absolute(c, c->kubeconfig_path), context ? context : "", user ? user : "",
                 l->lifetime_s);
        for (size_t i = 0; (item = flag_item(&c->flags, "group", i)); i++)
            buf_addf(&b, "\n%s", item);
    } else
        buf_addf(&b, "oidc\n%s\n%s\n%s", l->oidc.issuer, l->oidc.client_id, l->oidc.scope);
    l->file = arena_printf(c->arena, "%s/.kube/cache/hpctl/%s.yaml", home,
                           sha256_hex(buf_slice(&b), hex));
    return make_folder(home);
}

static bool read_kept(Cli *c, const Login *l, LoginCredential *ret)
{
    Value *v = NULL;
    Slice text;

    if (read_file(c, l->file, &text) < 0 || value_parse_yaml(c->arena, text, &v, NULL) < 0 ||
        !value_get_str(v, "token"))
        return false;
    *ret = (LoginCredential){.token = value_get_str(v, "token"),
                             .refresh_token = value_get_str(v, "refreshToken"),
                             .cluster = value_get(v, "cluster")};
    if (value_get_str(v, "expirationTimestamp") &&
        !clock_from_rfc3339(slice_of(value_get_str(v, "expirationTimestamp")), &ret->expires_us))
        return false;
    return true;
}

static int keep(Cli *c, const Login *l, const LoginCredential *k)
{
    Value *v = value_object(c->arena);
    char when[CLOCK_TEXT_MAX];
    Err err;

    value_set_str(c->arena, v, "token", k->token);
    if (k->refresh_token)
        value_set_str(c->arena, v, "refreshToken", k->refresh_token);
    if (k->expires_us)
        value_set_str(c->arena, v, "expirationTimestamp", clock_to_rfc3339(k->expires_us, when));
    if (k->cluster)
        value_set(c->arena, v, "cluster", k->cluster);
    return kubeconfig_save(l->file, v, &err) < 0 ? cli_print_err(&err) : 0;
}

static int lock(Cli *c, const Login *l)
{
    int fd = open(arena_printf(c->arena, "%s.lock", l->file), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0)
        while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
            continue;
    return fd;
}

/* ---- what is asked for ---- */

static int read_issuer(Cli *c, Login *l)
{
    const Flags *f = &c->flags;
    const char *ca = flag_str(f, "issuer-ca"), *item;
    AUTO_BUF scope = BUF_INIT;
    Slice pem;

    l->oidc = (OidcClient){.issuer = flag_str(f, "issuer-url"),
                           .client_id = flag_str(f, "client-id"),
                           .client_secret = flag_str(f, "client-secret")};
    if (!l->oidc.client_id)
        return cli_usage_error(c, "--client-id is needed with --issuer-url");
    buf_adds(&scope, "openid");
    for (size_t i = 0; (item = flag_item(f, "scope", i)); i++)
        if (strcmp(item, "openid") != 0)
            buf_addf(&scope, " %s", item);
    l->oidc.scope = arena_strdup(c->arena, buf_str(&scope));
    if (ca && read_file(c, ca, &pem) < 0)
        return cli_error("%s: %s", ca, strerror(errno));
    l->oidc.ca_pem = ca ? pem.ptr : NULL;
    return 0;
}

int login_of_flags(Cli *c, Login *ret)
{
    const Flags *f = &c->flags;
    Login l = {.tenant = flag_str(f, "tenant")};

    if (!l.tenant == !flag_str(f, "issuer-url"))
        return cli_usage_error(c, "one of --tenant and --issuer-url is needed");
    l.lifetime_s = cli_duration_s(flag_str(f, "lifetime"));
    if (l.lifetime_s < 60)
        return cli_usage_error(c, "--lifetime %s is not a duration of a minute or more, like 1h",
                               flag_str(f, "lifetime"));
    if (cli_config(c) != 0 || (!l.tenant && read_issuer(c, &l) != 0) || name_file(c, &l) != 0)
        return 1;
    *ret = l;
    return 0;
}

/* ---- of a tenant ---- */

static int ask_provider(Cli *c, const Login *l, LoginCredential *ret)
{
    Value *body = value_literal(c->arena, "{'apiVersion':'tenancy.hostplane.io/v1','kind':"
                                          "'TenantKubeconfig','spec':{'credential':'token'}}");
    Value *v = NULL;
    const char *path = arena_printf(c->arena, "/apis/tenancy.hostplane.io/v1/tenants/%s/kubeconfig",
                                    cli_quote(c, l->tenant));
    const char *text, *until;
    const Value *answer;

    if (cli_connect(c) != 0)
        return 1;
    value_set_at(c->arena, body, "spec.lifetimeSeconds", value_int(c->arena, l->lifetime_s));
    cli_set_subject(c, body);
    answer = cli_send(c, "POST", path, NULL, "application/json", body);
    if (!answer)
        return 1;
    text = value_at_str(answer, "status.kubeconfig");
    until = value_at_str(answer, "status.expirationTimestamp");
    if (!text || kubeconfig_parse(c->arena, slice_of(text), &v, NULL) < 0 ||
        !value_at_str(v, "users.0.user.token"))
        return cli_error("the server's answer has no token");
    *ret = (LoginCredential){.token = value_at_str(v, "users.0.user.token"),
                             .cluster = value_at(v, "clusters.0.cluster")};
    if (until)
        (void)clock_from_rfc3339(slice_of(until), &ret->expires_us);
    return 0;
}

/* ---- of an issuer ---- */

static void open_browser(Cli *c, const char *url)
{
    char *args[] = {"xdg-open", (char *)(uintptr_t)url, NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;

    if (flag_bool(&c->flags, "no-browser") || (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")))
        return;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    if (posix_spawnp(&pid, args[0], &actions, NULL, args, environ) == 0)
        (void)waitpid(pid, NULL, 0);
    posix_spawn_file_actions_destroy(&actions);
}

/* On stderr: stdout is read by the program that wants the credential. */
static void on_show(const char *url, const char *code, void *data)
{
    if (code)
        fprintf(stderr, "To log in, open\n\n    %s\n\non any device and enter the code %s\n", url,
                code);
    else
        fprintf(stderr, "To log in, open\n\n    %s\n\nin a browser on this machine\n", url);
    fflush(stderr);
    if (!code)
        open_browser(data, url);
}

static void take(Cli *c, const OidcTokens *t, LoginCredential *ret)
{
    int64_t exp = 0;
    Jws jws;

    *ret = (LoginCredential){.token = t->id_token, .refresh_token = t->refresh_token};
    if (jws_parse(c->arena, slice_of(t->id_token), &jws, NULL) == 0 &&
        value_to_int(value_get(jws.claims, "exp"), &exp))
        ret->expires_us = exp * 1000000;
}

static int ask_person(Cli *c, Login *l, LoginCredential *ret)
{
    const char *grant = flag_str(&c->flags, "grant");
    int port = (int)flag_int(&c->flags, "listen-port", 0);
    bool by_device = str_eq(grant, "device") ||
                     (str_eq(grant, "auto") && !l->oidc.authorize_url && l->oidc.device_url);
    OidcTokens t;
    Err err;
    int r;

    if (!str_eq(grant, "auto") && !str_eq(grant, "device") && !str_eq(grant, "code"))
        return cli_usage_error(c, "--grant is auto, code or device");
    r = by_device ? oidclogin_device(c->arena, &l->oidc, on_show, c, &t, &err)
                  : oidclogin_code(c->arena, &l->oidc, port, on_show, c, &t, &err);
    if (r < 0)
        return cli_error("login failed: %s", err.msg);
    take(c, &t, ret);
    return 0;
}

static int ask_issuer(Cli *c, Login *l, bool may_ask, const char *refresh_token,
                      LoginCredential *ret)
{
    OidcTokens t;
    Err err;
    int r = oidclogin_discover(c->arena, &l->oidc, &err);

    if (r < 0)
        return cli_error("login failed: %s", err.msg);
    if (refresh_token) {
        r = oidclogin_refresh(c->arena, &l->oidc, refresh_token, &t, &err);
        if (r == 0) {
            take(c, &t, ret);
            return 0;
        }
        if (r != -ERR_UNAUTHORIZED)
            return cli_error("login failed: %s", err.msg);
    }
    if (may_ask)
        return ask_person(c, l, ret);
    return refresh_token ? cli_error("the login has ended (%s); run 'hpctl login' again", err.msg)
                         : cli_error("nobody is logged in; run 'hpctl login'");
}

/* ---- the front ---- */

int login_credential(Cli *c, Login *l, bool may_ask, LoginCredential *ret)
{
    LoginCredential kept = {0};
    int fd = lock(c, l), r = 0;
    bool has = read_kept(c, l, &kept);

    if (has && (kept.expires_us == 0 || kept.expires_us > clock_now_us() + SPARE_US)) {
        *ret = kept;
    } else {
        r = l->tenant ? ask_provider(c, l, ret)
                      : ask_issuer(c, l, may_ask, kept.refresh_token, ret);
        if (r == 0)
            r = keep(c, l, ret);
    }
    if (fd >= 0)
        close(fd);
    return r;
}
