#include "api/encrypts.h"
#include "base/clock.h"
#include "base/err.h"
#include "tenancy/move.h"
#include "tenancy/plans.h"
#include "tenancy/tenancy_int.h"

/*
 *   (none) -> Ready         [tenancy_prepare_create]
 *   Ready -> Suspended      [tenancy_prepare_update, spec.state Suspended]
 *   Suspended -> Ready      [tenancy_prepare_update, spec.state Active]
 *   any -> (none)           [tenancy_prepare_delete]
 *
 * A move between isolation modes goes beside it: move.h.
 *
 * There is no Pending: the Tenant object and its cluster are made in one transaction.
 */

const char *tenancy_plan_name(const Value *tenant)
{
    const char *name = value_at_str(tenant, "spec.plan");

    return name && *name ? name : PLAN_DEFAULT;
}

static const char *name_of(const Value *tenant)
{
    return value_at_text(tenant, "metadata.name");
}

/* A tenant's name is a DNS label, as it becomes a part of host names. */
static int check_name(const char *name, Err *err)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (n == 0 || name[n] || n > 63 || name[0] == '-' || name[n - 1] == '-')
        return err_set(err, ERR_INVALID,
                       "metadata.name: Invalid value: \"%.100s\": a tenant's name must consist of "
                       "at most 63 lower case alphanumeric characters or '-', and must start and "
                       "end with an alphanumeric character",
                       name);
    if (strcmp(name, "host") == 0)
        return err_set(err, ERR_INVALID,
                       "metadata.name: Invalid value: \"host\": it names the platform's own "
                       "cluster");
    return 0;
}

static int check_plan(const Value *tenant, const Value *plan, Err *err)
{
    const char *wanted = value_at_str(tenant, "spec.isolation");
    const char *offered = value_at_str(plan, "spec.isolation");

    if (!plan)
        return err_set(err, ERR_INVALID, "spec.plan: Not found: \"%s\"", tenancy_plan_name(tenant));
    if (wanted && *wanted && !str_eq(wanted, offered ? offered : "virtual") &&
        !str_eq(offered, "hybrid"))
        return err_set(err, ERR_INVALID,
                       "spec.isolation: Invalid value: \"%s\": the plan \"%s\" offers \"%s\"",
                       wanted, tenancy_plan_name(tenant), offered ? offered : "virtual");
    return 0;
}

/* Who wraps its data key; "": the server's default. */
static const char *key_provider_of(const Value *tenant, const Value *plan)
{
    const char *own = value_at_text(tenant, "spec.keyProvider");

    return *own ? own : value_at_text(plan, "spec.keyProvider");
}

/* What is encrypted of it, as the store takes it. */
static const char *encrypted_by(Arena *a, const Value *list)
{
    AUTO_BUF out = BUF_INIT;
    const Value *v;

    value_each_item(list, i,
                    v)(void)(value_to_cstr(v) && encrypts_add(&out, slice_of(value_to_cstr(v))));
    return arena_strdup(a, buf_str(&out));
}

/* Only a cluster has a data key; namespaces are encrypted with that of the cluster they are in. */
static int check_key_provider(const Tenancy *t, const Value *tenant, const Value *plan, Err *err)
{
    const char *own = value_at_text(tenant, "spec.keyProvider"),
               *name = key_provider_of(tenant, plan);
    const char *isolation = value_at_text(tenant, "spec.isolation");

    if (!*isolation)
        isolation = value_at_text(plan, "spec.isolation");
    if (*name && !store_has_key_provider(t->store, name))
        return err_set(err, ERR_INVALID, "spec.%s: Not found: \"%s\"",
                       *own ? "keyProvider" : "plan.spec.keyProvider", name);
    if (*own && str_eq(isolation, "namespace"))
        return err_set(
            err, ERR_INVALID,
            "spec.keyProvider: Invalid value: \"%s\": a tenant of isolation namespace has "
            "no data key of its own",
            own);
    return 0;
}

/* The controller of keys says so while it lasts. */
static bool is_key_withheld(const Value *tenant)
{
    const Value *c;

    value_each_item(value_at(tenant, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "DataKeyAvailable"))
            return str_eq(value_get_str(c, "status"), "False");
    }
    return false;
}

Value *tenancy__condition(Arena *a, const Value *before, const char *type, const char *status,
                          const char *reason, const char *message, int64_t now_us)
{
    char now[CLOCK_TEXT_MAX];
    const char *since = clock_to_rfc3339(now_us, now), *was;
    Value *c = value_object(a);
    const Value *old;

    value_each_item(value_at(before, "status.conditions"), i, old)
    {
        was = value_get_str(old, "lastTransitionTime");
        if (was && str_eq(value_get_str(old, "type"), type) &&
            str_eq(value_get_str(old, "status"), status))
            since = was;
    }
    value_set_str(a, c, "type", type);
    value_set_str(a, c, "status", status);
    value_set_str(a, c, "lastTransitionTime", since);
    value_set_str(a, c, "reason", reason);
    value_set_str(a, c, "message", message);
    return c;
}

static Value *ready(Arena *a, const Value *before, const char *status, const char *reason,
                    const char *message, int64_t generation, int64_t now_us)
{
    Value *c = tenancy__condition(a, before, "Ready", status, reason, message, now_us);

    value_set_int(a, c, "observedGeneration", generation);
    return c;
}

/* `tenant` with the status that its spec leads to. */
static Value *with_status(Tenancy *t, Arena *a, const Value *before, const Value *tenant,
                          const Value *plan, int64_t now_us)
{
    Value *v = value_copy(a, tenant), *status, *conditions = value_array(a), *old;
    bool suspended = tenancy__is_suspended(tenant);
    int64_t generation = value_at_int(tenant, "metadata.generation", 1);
    Value *isolation = value_at(plan, "spec.isolation");

    if (!value_is(value_get(v, "status"), VALUE_OBJECT))
        value_set(a, v, "status", value_object(a));
    status = value_get(v, "status");
    value_set_at(a, v, "spec.plan", value_str(a, tenancy_plan_name(tenant)));
    if (!value_at_str(v, "spec.isolation") || !*value_at_str(v, "spec.isolation"))
        value_set_at(a, v, "spec.isolation",
                     isolation && !str_eq(value_to_cstr(isolation), "hybrid")
                         ? value_copy(a, isolation)
                         : value_str(a, "virtual"));
    if (str_eq(value_at_str(v, "spec.isolation"), "namespace") &&
        !value_at_str(v, "spec.cluster") && value_at_str(plan, "spec.cluster"))
        value_set_at(a, v, "spec.cluster", value_copy(a, value_at(plan, "spec.cluster")));
    move_settle(a, v, before);
    value_set_str(a, status, "phase",
                  is_key_withheld(before) ? "KeyWithheld"
                  : suspended             ? "Suspended"
                                          : "Ready");
    value_set_str(a, status, "endpoint", tenancy_endpoint(t, a, name_of(tenant)));
    value_set_str(a, status, "uid", value_at_str(tenant, "metadata.uid"));
    value_set_str(a, status, "observedPlan", tenancy_plan_name(tenant));
    value_del(status, "keyProvider");
    if (*key_provider_of(tenant, plan))
        value_set_str(a, status, "keyProvider", key_provider_of(tenant, plan));
    value_del(status, "encryptedResources");
    if (value_len(value_at(plan, "spec.encryptedResources")) > 0)
        value_set(a, status, "encryptedResources",
                  value_copy(a, value_at(plan, "spec.encryptedResources")));
    value_set_int(a, status, "observedGeneration", generation);
    value_append(
        a, conditions,
        suspended
            ? ready(a, before, "False", "Suspended", "the tenant is suspended", generation, now_us)
        : is_key_withheld(before) ? ready(a, before, "False", "KeyWithheld",
                                          "the tenant's data key is withheld", generation, now_us)
                                  : ready(a, before, "True", "Provisioned",
                                          "the tenant's cluster answers", generation, now_us));
    value_each_item(value_at(before, "status.conditions"), i, old)
    {
        if (!str_eq(value_get_str(old, "type"), "Ready"))
            value_append(a, conditions, value_copy(a, old));
    }
    value_set(a, status, "conditions", conditions);
    return v;
}

int tenancy_prepare_create(Tenancy *t, Arena *a, const Value *tenant, const Value *plan,
                           int64_t now_us, Value **ret_tenant, ClusterChange *ret_change, Err *err)
{
    CLEANUP(cluster_unref) Cluster *host = NULL;
    CLEANUP(identity_close) Identity *platform = NULL;
    AUTO_BUF blob = BUF_INIT;
    const char *name = name_of(tenant);
    int r = check_name(name, err);

    if (r == 0)
        r = check_plan(tenant, plan, err);
    if (r == 0)
        r = check_key_provider(t, tenant, plan, err);
    if (r < 0)
        return r;
    host = store_cluster(t->store, SLICE("host"));
    if (!host)
        return err_set(err, ERR_UNAVAILABLE, "the platform's cluster is not there");
    r = tenancy_identity(t, host, &platform, err);
    if (r == 0)
        r = identity_create(platform, name, &blob, err);
    if (r < 0)
        return r;
    *ret_tenant = with_status(t, a, NULL, tenant, plan, now_us);
    *ret_change = (ClusterChange){
        .op = CLUSTER_CREATE,
        .name = arena_strdup(a, name),
        .uid = value_at_str(*ret_tenant, "metadata.uid"),
        .identity = {arena_strndup(a, blob.ptr, blob.len), blob.len},
        .key_provider = arena_strdup(a, key_provider_of(tenant, plan)),
        .encrypted = encrypted_by(a, value_at(plan, "spec.encryptedResources")),
        .state = tenancy__is_suspended(tenant) ? CLUSTER_SUSPENDED : CLUSTER_ACTIVE,
    };
    explicit_bzero(blob.ptr, blob.len);
    return 0;
}

int tenancy_prepare_update(Tenancy *t, Arena *a, const Value *old, const Value *tenant,
                           const Value *plan, int64_t now_us, Value **ret_tenant,
                           ClusterChange *ret_change, Err *err)
{
    const char *was = value_at_text(old, "status.keyProvider"),
               *provider = key_provider_of(tenant, plan);
    const char *sealed = encrypted_by(a, value_at(old, "status.encryptedResources"));
    const char *encrypted = encrypted_by(a, value_at(plan, "spec.encryptedResources"));
    int r = check_plan(tenant, plan, err);

    /* What was good when it was written stays: a server may have lost a provider since. */
    if (r == 0 && (!str_eq(was, provider) || move_is_far(old, tenant)))
        r = check_key_provider(t, tenant, plan, err);
    if (r == 0 && move_state(old, tenancy__is_suspended(old)) == CLUSTER_MOVING &&
        tenancy__is_suspended(old) != tenancy__is_suspended(tenant))
        r = err_set(err, ERR_CONFLICT, "tenant \"%s\" is being moved, please try again",
                    name_of(tenant));
    if (r < 0)
        return r;
    *ret_tenant = with_status(t, a, old, tenant, plan, now_us);
    *ret_change = (ClusterChange){0};
    if (tenancy__is_suspended(old) != tenancy__is_suspended(tenant) || !str_eq(was, provider) ||
        !str_eq(sealed, encrypted))
        *ret_change = (ClusterChange){
            .op = CLUSTER_SET_STATE,
            .name = arena_strdup(a, name_of(tenant)),
            .key_provider = str_eq(was, provider) ? NULL : arena_strdup(a, provider),
            .encrypted = str_eq(sealed, encrypted) ? NULL : encrypted,
            .state = move_state(tenant, tenancy__is_suspended(tenant)),
        };
    return 0;
}

int tenancy_prepare_delete(Tenancy *t UNUSED, Arena *a, const Value *tenant,
                           ClusterChange *ret_change, Err *err)
{
    if (value_at_bool(tenant, "spec.deletionProtection"))
        return err_set(err, ERR_FORBIDDEN,
                       "tenant \"%s\" is protected: set spec.deletionProtection to false first",
                       name_of(tenant));
    *ret_change = (ClusterChange){.op = CLUSTER_DELETE, .name = arena_strdup(a, name_of(tenant))};
    return 0;
}

/* ---- taking credentials back ---- */

enum { MAX_REVOCATIONS = 64 };

/* Does the new revocation say all that the old one said? */
static bool replaces(const char *user, bool service_accounts, const Value *old)
{
    const char *of = value_get_str(old, "user");

    of = of ? of : "";
    if (user[0])
        return str_eq(of, user);
    return service_accounts ||
           (!value_at_bool(old, "serviceAccounts") && !str_starts(of, "system:serviceaccount:"));
}

int tenancy_revoke(Arena *a, const Value *tenant, const char *user, bool service_accounts,
                   int64_t now_us, Value **ret_tenant, Err *err)
{
    Value *v = value_copy(a, tenant), *list = value_array(a), *mine = value_object(a), *old;
    char now[CLOCK_TEXT_MAX];

    user = user ? user : "";
    value_each_item(value_at(v, "status.revocations"), i,
                    old) if (!replaces(user, service_accounts, old)) value_append(a, list, old);
    if (value_len(list) >= MAX_REVOCATIONS)
        return err_set(err, ERR_FORBIDDEN,
                       "the credentials of %d users are revoked already: revoke those of everybody",
                       MAX_REVOCATIONS);
    value_set_str(a, mine, "before", clock_to_rfc3339(now_us, now));
    if (user[0])
        value_set_str(a, mine, "user", user);
    if (service_accounts)
        value_set(a, mine, "serviceAccounts", value_bool(a, true));
    value_append(a, list, mine);
    value_set_at(a, v, "status.revocations", list);
    *ret_tenant = v;
    return 0;
}

/* ---- letting the provider's people in ---- */

enum { MAX_ACCESSES = 64, MAX_REASON = 1024, ACCESS_KEPT_S = 90 * 86400 };

/* Records are kept for long enough to be read; when there are more than that, the last ones. */
static bool is_kept(const Value *list, uint32_t i, int64_t now_us)
{
    const char *until = value_get_str(value_item(list, i), "until");
    int64_t us;

    return value_len(list) - i < MAX_ACCESSES && until &&
           clock_from_rfc3339(slice_of(until), &us) &&
           us > now_us - (int64_t)ACCESS_KEPT_S * 1000000;
}

int tenancy_access(Arena *a, const Value *tenant, const char *user, const char *reason,
                   int64_t lifetime_s, int64_t now_us, Value **ret_tenant, Err *err)
{
    Value *v = value_copy(a, tenant), *list = value_array(a), *mine = value_object(a);
    const Value *before = value_at(v, "status.accesses");
    char text[CLOCK_TEXT_MAX];

    if (!reason || !reason[strspn(reason, " \t\n")])
        return err_set(err, ERR_INVALID, "spec.reason: Required value: the tenant is told why");
    if (strlen(reason) > MAX_REASON)
        return err_set(err, ERR_INVALID, "spec.reason: Too long: may not be more than %d bytes",
                       MAX_REASON);
    if (lifetime_s < 60 || lifetime_s > ACCESS_MAX_S)
        return err_set(err, ERR_INVALID,
                       "spec.lifetimeSeconds: Invalid value: %lld: must be between 60 and %d",
                       (long long)lifetime_s, ACCESS_MAX_S);
    for (uint32_t i = 0; i < value_len(before); i++)
        if (is_kept(before, i, now_us))
            value_append(a, list, value_item(before, i));
    value_set_str(a, mine, "user", user);
    value_set_str(a, mine, "reason", reason);
    value_set_str(a, mine, "since", clock_to_rfc3339(now_us, text));
    value_set_str(a, mine, "until", clock_to_rfc3339(now_us + lifetime_s * 1000000, text));
    value_append(a, list, mine);
    value_set_at(a, v, "status.accesses", list);
    *ret_tenant = v;
    return 0;
}
