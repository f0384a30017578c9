#include "base/b64.h"
#include "base/err.h"
#include "base/yaml.h"
#include "tenancy/authn.h"
#include "tenancy/tenancy_int.h"

enum {
    KUBECONFIG_DEFAULT_S = 86400,
    KUBECONFIG_MIN_S = 60,
    KUBECONFIG_MAX_S = 10 * 365 * 86400,
};

static void set_b64(Arena *a, Value *v, const char *key, const char *text)
{
    AUTO_BUF b = BUF_INIT;

    b64_encode(slice_of(text), &b);
    value_set_str(a, v, key, buf_str(&b));
}

/* The one entry of a list of {name, KIND: body}. */
static Value *entry(Arena *a, const char *name, const char *kind, Value *body)
{
    Value *list = value_array(a), *e = value_object(a);

    value_set_str(a, e, "name", name);
    value_set(a, e, kind, body);
    value_append(a, list, e);
    return list;
}

static int credential(Tenancy *t, Cluster *c, const KubeconfigOptions *o, int64_t now_us, Arena *a,
                      Value *user, Err *err)
{
    CLEANUP(identity_close) Identity *i = NULL;
    const char *text, *key;
    int r;

    if (o->is_token) {
        r = tenancy_sign_user_token(t, c, o->user, o->groups, o->lifetime_s, now_us / 1000000, a,
                                    &text, err);
        if (r == 0)
            value_set_str(a, user, "token", text);
        return r;
    }
    r = tenancy_identity(t, c, &i, err);
    if (r == 0)
        r = identity_issue_client(i, a, o->user, o->groups, o->lifetime_s, &text, &key, err);
    if (r < 0)
        return r;
    set_b64(a, user, "client-certificate-data", text);
    set_b64(a, user, "client-key-data", key);
    return 0;
}

static int platform_ca(Tenancy *t, Arena *a, const char **ret, Err *err)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(t->store, SLICE("host"));
    CLEANUP(identity_close) Identity *i = NULL;
    int r;

    if (!host)
        return err_set(err, ERR_UNAVAILABLE, "the platform's cluster is not there");
    r = tenancy_identity(t, host, &i, err);
    if (r == 0)
        *ret = arena_strdup(a, identity_ca_pem(i));
    return r;
}

int tenancy_kubeconfig(Tenancy *t, Cluster *c, const KubeconfigOptions *options, int64_t now_us,
                       Arena *a, const char **ret, int64_t *ret_expires_us, Err *err)
{
    static const char *const masters[] = {"system:masters", NULL};
    KubeconfigOptions o = *options;
    Value *v = value_object(a), *cluster = value_object(a), *user = value_object(a),
          *context = value_object(a);
    const char *name = str_eq(c->name, "host") ? "hostplane" : c->name, *ca = NULL, *who;
    AUTO_BUF yaml = BUF_INIT;
    int r;

    if (o.lifetime_s == 0)
        o.lifetime_s = KUBECONFIG_DEFAULT_S;
    if (o.lifetime_s < KUBECONFIG_MIN_S || o.lifetime_s > KUBECONFIG_MAX_S)
        return err_set(err, ERR_INVALID,
                       "spec.lifetimeSeconds: Invalid value: %lld: must be between %d and %d",
                       (long long)o.lifetime_s, KUBECONFIG_MIN_S, KUBECONFIG_MAX_S);
    if ((!o.user || !*o.user) && (!o.groups || !o.groups[0]))
        o.groups = masters;
    if (!o.user || !*o.user)
        o.user = "admin";
    if (str_starts(o.user, "system:node:") && str_eq(c->name, "host"))
        return err_set(err, ERR_FORBIDDEN, "nodes get their certificates by joining");
    r = credential(t, c, &o, now_us, a, user, err);
    if (r == 0)
        r = platform_ca(t, a, &ca, err);
    if (r < 0)
        return r;
    who = arena_printf(a, "%s@%s", o.user, name);
    set_b64(a, cluster, "certificate-authority-data", ca);
    value_set_str(a, cluster, "server", tenancy_endpoint(t, a, c->name));
    value_set_str(a, context, "cluster", name);
    value_set_str(a, context, "user", who);
    value_set_str(a, v, "apiVersion", "v1");
    value_set_str(a, v, "kind", "Config");
    value_set(a, v, "clusters", entry(a, name, "cluster", cluster));
    value_set(a, v, "contexts", entry(a, name, "context", context));
    value_set_str(a, v, "current-context", name);
    value_set(a, v, "preferences", value_object(a));
    value_set(a, v, "users", entry(a, who, "user", user));
    value_print_yaml(v, &yaml);
    *ret = arena_strdup(a, buf_str(&yaml));
    *ret_expires_us = now_us + o.lifetime_s * 1000000;
    return 0;
}
