/* hpctl tenant, plan, node: what only the host cluster has. */
#include "cli/cli.h"

#include "base/clock.h"
#include "base/pki.h"
#include "base/random.h"
#include "client/meta.h"

#include <unistd.h>

#define TENANTS "/apis/tenancy.hostplane.io/v1/tenants"

static const char *tenant_path(Cli *c, const char *name, const char *sub)
{
    return arena_printf(c->arena, TENANTS "/%s%s%s", cli_quote(c, name), sub ? "/" : "",
                        sub ? sub : "");
}

static const char *need_name(Cli *c)
{
    if (c->n_args >= 1)
        return c->args[0];
    (void)cli_usage_error(c, "the NAME of the tenant is missing");
    return NULL;
}

static int wait_ready(Cli *c, const char *name, bool is_clone)
{
    for (int64_t end = clock_mono_us() + 60 * 1000000; clock_mono_us() < end; usleep(20000)) {
        Value *t = cli_get(c, tenant_path(c, name, NULL), NULL);

        if (!t)
            return 1;
        if (str_eq(value_at_str(t, "status.phase"), "Ready") &&
            (!is_clone || condition_is(t, "Cloned", "True")))
            return 0;
    }
    return cli_error("tenant \"%s\" is not ready after 60 s; see 'hpctl describe tenant %s'", name,
                     name);
}

/* A tenant of that name that is as it is wanted is as good as a new one: whoever is not sure
 * whether it was made asks again. NULL when there is none; the server's answer has been told then.
 */
static Value *create_once(Cli *c, const char *name, const Value *wanted, const char **ret_done)
{
    const Value *spec = value_get(wanted, "spec"), *existing;
    ClientReply reply;
    Value *is;

    if (cli_send_quietly(c, "POST", TENANTS, cli_write_query(c, "hpctl"), "application/json",
                         wanted, &reply) != 0)
        return NULL;
    *ret_done = "created";
    if (reply.status < 300)
        return cli_reply_value(c, &reply);
    is = reply.status == 409 ? cli_get(c, tenant_path(c, name, NULL), NULL) : NULL;
    existing = value_get(is, "spec");
    value_each_member(spec, m)
    {
        if (is &&
            !(value_get(existing, m->name) && value_equal(value_get(existing, m->name), m->value)))
            is = NULL;
    }
    *ret_done = "unchanged";
    if (!is)
        (void)cli_server_error(c, &reply);
    return is;
}

static int create(Cli *c, const char *name, const char *plan, const char *from)
{
    const char *done;
    const Flags *f = &c->flags;
    int64_t start = clock_mono_us();
    Value *v, *answer;
    Target t;

    v = value_literal(c->arena, "{'apiVersion':'tenancy.hostplane.io/v1','kind':'Tenant'}");
    value_set_at(c->arena, v, "metadata.name", value_str(c->arena, name));
    if (plan)
        value_set_at(c->arena, v, "spec.plan", value_str(c->arena, plan));
    if (from)
        value_set_at(c->arena, v, "spec.cloneFrom", value_str(c->arena, from));
    if (flag_str(f, "display-name"))
        value_set_at(c->arena, v, "spec.displayName",
                     value_str(c->arena, flag_str(f, "display-name")));
    if (flag_str(f, "isolation"))
        value_set_at(c->arena, v, "spec.isolation", value_str(c->arena, flag_str(f, "isolation")));
    answer = create_once(c, name, v, &done);
    if (!answer || (flag_bool(f, "wait") && wait_ready(c, name, from != NULL) != 0))
        return 1;
    if (cli_object_target(c, v, &t) != 0)
        return 1;
    if (flag_str(f, "output"))
        return print_result(c, &t, answer, done);
    if (str_eq(done, "created"))
        printf("tenant.tenancy.hostplane.io/%s created in %.1f ms\n", name,
               (double)(clock_mono_us() - start) / 1000);
    else
        printf("tenant.tenancy.hostplane.io/%s %s\n", name, done);
    return 0;
}

int cmd_tenant_create(Cli *c)
{
    const char *name = need_name(c);

    return !name || cli_connect(c) != 0 ? 1 : create(c, name, flag_str(&c->flags, "plan"), NULL);
}

int cmd_tenant_clone(Cli *c)
{
    const char *plan = flag_str(&c->flags, "plan");
    const Value *source;

    if (c->n_args != 2)
        return cli_usage_error(c, "SOURCE and NAME are needed");
    if (cli_connect(c) != 0)
        return 1;
    source = plan ? NULL : cli_get(c, tenant_path(c, c->args[0], NULL), NULL);
    if (!plan && !source)
        return 1;
    return create(c, c->args[1], plan ? plan : value_at_str(source, "spec.plan"), c->args[0]);
}

/* tenant list and tenant get are get with the type given. */
static int get_type(Cli *c, const char *type)
{
    const char **args = arena_array(c->arena, const char *, c->n_args + 2);

    args[0] = type;
    for (size_t i = 0; i < c->n_args; i++)
        args[i + 1] = c->args[i];
    c->args = args;
    c->n_args++;
    return cmd_get(c);
}

int cmd_tenant_list(Cli *c)
{
    return get_type(c, "tenants.tenancy.hostplane.io");
}

int cmd_tenant_get(Cli *c)
{
    return need_name(c) ? get_type(c, "tenants.tenancy.hostplane.io") : 1;
}

int cmd_plan_list(Cli *c)
{
    return get_type(c, "plans.tenancy.hostplane.io");
}

int cmd_tenant_delete(Cli *c)
{
    const char *name = need_name(c);

    if (!name || cli_connect(c) != 0)
        return 1;
    if (!cli_send(c, "DELETE", tenant_path(c, name, NULL), NULL, NULL, NULL))
        return 1;
    printf("tenant.tenancy.hostplane.io \"%s\" deleted\n", name);
    return 0;
}

static int post_action(Cli *c, const char *action, const char *verb)
{
    const char *name = need_name(c);
    Value *body = value_object(c->arena);

    if (!name || cli_connect(c) != 0)
        return 1;
    if (!cli_send(c, "POST", tenant_path(c, name, action), NULL, "application/json", body))
        return 1;
    printf("tenant.tenancy.hostplane.io/%s %s\n", name, verb);
    return 0;
}

int cmd_tenant_suspend(Cli *c)
{
    return post_action(c, "suspend", "suspended");
}

int cmd_tenant_resume(Cli *c)
{
    return post_action(c, "resume", "resumed");
}

int cmd_tenant_revoke(Cli *c)
{
    const Flags *f = &c->flags;
    const char *name = need_name(c);
    Value *body =
        value_literal(c->arena, "{'apiVersion':'tenancy.hostplane.io/v1','kind':'TenantRevoke'}");

    if (!name || cli_connect(c) != 0)
        return 1;
    if (flag_str(f, "user"))
        value_set_at(c->arena, body, "spec.user", value_str(c->arena, flag_str(f, "user")));
    value_set_at(c->arena, body, "spec.serviceAccounts",
                 value_bool(c->arena, flag_bool(f, "service-accounts")));
    if (!cli_send(c, "POST", tenant_path(c, name, "revoke"), NULL, "application/json", body))
        return 1;
    printf("tenant.tenancy.hostplane.io/%s revoked\n", name);
    return 0;
}

/* ---- usage ---- */

static int print_usage_table(Cli *c, const Value *items)
{
    static const char *const fields[] = {"hour",
                                         "tenant",
                                         "cpuSeconds",
                                         "podSeconds",
                                         "memoryByteSeconds",
                                         "storageByteSeconds",
                                         "requests",
                                         "bytesSent"};
    static const char *const titles[] = {"HOUR",          "TENANT",         "CPU-S",    "POD-S",
                                         "MEMORY-BYTE-S", "STORAGE-BYTE-S", "REQUESTS", "SENT"};
    enum { N = ARRAY_LEN(fields) };
    const char **cells = arena_array(c->arena, const char *, (value_len(items) + 1) * N + 1);
    const Value *v;
    size_t n = 0;

    for (size_t k = 0; k < N; k++)
        cells[n++] = titles[k];
    value_each_item(items, i, v)
    {
        for (size_t k = 0; k < N; k++)
            cells[n++] = value_get_str(v, fields[k]) ? value_get_str(v, fields[k]) : "";
    }
    print_rows(cells, N);
    return 0;
}

int cmd_usage(Cli *c)
{
    static const char path[] = "/apis/tenancy.hostplane.io/v1/meters";
    const Flags *f = &c->flags;
    const char *const params[][2] = {{"from", flag_str(f, "from")},
                                     {"to", flag_str(f, "to")},
                                     {"tenant", c->n_args > 0 ? c->args[0] : NULL},
                                     {"format", flag_str(f, "output")}};
    AUTO_BUF query = BUF_INIT;
    ClientReply reply;
    Value *v;

    if (cli_connect(c) != 0)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(params); i++)
        if (params[i][1])
            buf_addf(&query, "%s%s=%s", query.len > 0 ? "&" : "", params[i][0],
                     cli_quote(c, params[i][1]));
    if (cli_call(c, "GET", path, buf_str(&query), NULL, NULL, SLICE(""), &reply) != 0)
        return 1;
    if (reply.status != 200)
        return cli_server_error(c, &reply);
    if (params[3][1]) {
        fwrite(reply.body.ptr, 1, reply.body.len, stdout);
        return 0;
    }
    v = cli_reply_value(c, &reply);
    return v ? print_usage_table(c, value_get(v, "items")) : cli_error("the answer is not JSON");
}

int cmd_tenant_usage(Cli *c)
{
    const char *name = need_name(c);
    const char **cells;
    Value *v;
    size_t n = 0;

    if (!name || cli_connect(c) != 0)
        return 1;
    v = cli_get(c, tenant_path(c, name, "usage"), NULL);
    if (!v)
        return 1;
    if (flag_str(&c->flags, "output"))
        return print_object(c, v, flag_str(&c->flags, "output"));
    cells =
        arena_array(c->arena, const char *, (value_len(value_at(v, "status.used")) + 1) * 3 + 1);
    cells[n++] = "RESOURCE";
    cells[n++] = "USED";
    cells[n++] = "LIMIT";
    value_each_member(value_at(v, "status.used"), m)
    {
        const Value *limit = value_get(value_at(v, "status.limits"), m->name);

        cells[n++] = m->name;
        cells[n++] =
            value_to_cstr(m->value) ? value_to_cstr(m->value) : value_to_str(c->arena, m->value);
        cells[n++] = !limit                 ? "<none>"
                     : value_to_cstr(limit) ? value_to_cstr(limit)
                                            : value_to_str(c->arena, limit);
    }
    print_rows(cells, 3);
    return 0;
}

static int print_kubeconfig(Cli *c, const char *path, const Value *body)
{
    const Value *answer = cli_send(c, "POST", path, NULL, "application/json", body);
    const char *text = value_at_str(answer, "status.kubeconfig");

    if (!answer)
        return 1;
    if (!text)
        return cli_error("the server's answer has no status.kubeconfig");
    fputs(text, stdout);
    return 0;
}

void cli_set_subject(Cli *c, Value *body)
{
    const char *user = flag_str(&c->flags, "user"), *group;
    Value *groups = value_array(c->arena);

    for (size_t i = 0; (group = flag_item(&c->flags, "group", i)); i++)
        value_append(c->arena, groups, value_str(c->arena, group));
    if (user && *user)
        value_set_at(c->arena, body, "spec.user", value_str(c->arena, user));
    if (value_len(groups) > 0)
        value_set_at(c->arena, body, "spec.groups", groups);
}

int cmd_tenant_kubeconfig(Cli *c)
{
    const Flags *f = &c->flags;
    const char *name = need_name(c), *role = flag_str(f, "role");
    int64_t lifetime = cli_duration_s(flag_str(f, "lifetime"));
    Value *body;

    if (!name)
        return 1;
    if (lifetime <= 0)
        return cli_usage_error(c, "--lifetime %s is not a duration like 24h",
                               flag_str(f, "lifetime"));
    if (cli_connect(c) != 0)
        return 1;
    body = value_literal(c->arena,
                         "{'apiVersion':'tenancy.hostplane.io/v1','kind':'TenantKubeconfig'}");
    if (role && *role)
        value_set_at(c->arena, body, "spec.role", value_str(c->arena, role));
    value_set_at(c->arena, body, "spec.credential",
                 value_str(c->arena, flag_bool(f, "token") ? "token" : "certificate"));
    value_set_at(c->arena, body, "spec.lifetimeSeconds", value_int(c->arena, lifetime));
    cli_set_subject(c, body);
    return print_kubeconfig(c, tenant_path(c, name, "kubeconfig"), body);
}

int cmd_tenant_access(Cli *c)
{
    const Flags *f = &c->flags;
    const char *name = need_name(c), *reason = flag_str(f, "reason");
    int64_t lifetime = cli_duration_s(flag_str(f, "lifetime"));
    Value *body =
        value_literal(c->arena, "{'apiVersion':'tenancy.hostplane.io/v1','kind':'TenantAccess'}");

    if (!name)
        return 1;
    if (!reason)
        return cli_usage_error(c, "--reason is needed");
    if (lifetime <= 0)
        return cli_usage_error(c, "--lifetime %s is not a duration like 1h",
                               flag_str(f, "lifetime"));
    if (cli_connect(c) != 0)
        return 1;
    value_set_at(c->arena, body, "spec.reason", value_str(c->arena, reason));
    value_set_at(c->arena, body, "spec.lifetimeSeconds", value_int(c->arena, lifetime));
    return print_kubeconfig(c, tenant_path(c, name, "access"), body);
}

/* The hash of the platform's CA certificate (DER), which an agent compares before it trusts it. */
static int ca_hash(Cli *c, char ret[2 * SHA256_LEN + 1])
{
    CLEANUP(pki_cert_free) PkiCert *cert = NULL;
    AUTO_BUF der = BUF_INIT;
    ClientReply reply;
    Err err;

    if (cli_call(c, "GET", "/cacert", NULL, NULL, NULL, SLICE(""), &reply) != 0)
        return 1;
    if (reply.status != 200)
        return cli_server_error(c, &reply);
    if (pki_cert_from_pem(reply.body, &cert, &err) < 0)
        return cli_print_err(&err);
    pki_cert_write_der(cert, &der);
    sha256_hex(buf_slice(&der), ret);
    return 0;
}

/* A bootstrap token is a Secret of kube-system, as for every Kubernetes. */
int cmd_node_token(Cli *c)
{
    int64_t lifetime = cli_duration_s(flag_str(&c->flags, "lifetime"));
    char id[7], secret[17], hash[2 * SHA256_LEN + 1], until[CLOCK_TEXT_MAX];
    Value *v, *data;

    if (lifetime <= 0)
        return cli_usage_error(c, "--lifetime %s is not a duration like 24h",
                               flag_str(&c->flags, "lifetime"));
    if (cli_connect(c) != 0 || ca_hash(c, hash) != 0)
        return 1;
    random_alnum(id, 6);
    random_alnum(secret, 16);
    v = value_literal(c->arena,
                      "{'apiVersion':'v1','kind':'Secret','type':'bootstrap.kubernetes.io/token'}");
    value_set_at(c->arena, v, "metadata.name", value_printf(c->arena, "bootstrap-token-%s", id));
    data = value_need(c->arena, v, "stringData");
    value_set_str(c->arena, data, "token-id", id);
    value_set_str(c->arena, data, "token-secret", secret);
    value_set_str(c->arena, data, "expiration",
                  clock_to_rfc3339(clock_now_us() + lifetime * 1000000, until));
    value_set_str(c->arena, data, "usage-bootstrap-authentication", "true");
    value_set_str(c->arena, data, "usage-bootstrap-signing", "true");
    value_set_str(c->arena, data, "auth-extra-groups", "system:bootstrappers:hostplane:nodes");
    value_set_str(c->arena, data, "description", "Joins nodes; made by hpctl node token.");
    if (!cli_send(c, "POST", "/api/v1/namespaces/kube-system/secrets", NULL, "application/json", v))
        return 1;
    printf("HP1.%s.%s.%s\n", hash, id, secret);
    return 0;
}
