#include "controllers/keystatus_sync.h"

#include "client/meta.h"

/* Phase of a Tenant, and reason why it is not ready; tenancy/lifecycle.c keeps both. */
#define TENANT_KEY_WITHHELD "KeyWithheld"

bool keystatus_is_unsettled(const Value *tenant, const Value *plan)
{
    const Value *is = value_at(tenant, "status.encryptedResources");
    const Value *shall = value_at(plan, "spec.encryptedResources");

    if (!plan)
        return false;
    return value_len(is) != value_len(shall) || (value_len(is) > 0 && !value_equal(is, shall));
}

static const char *provider_of(const Value *tenant)
{
    const char *name = value_at_str(tenant, "status.keyProvider");

    return name && *name ? name : NULL;
}

/* What is wrong, and what whom it concerns can do. */
static const char *message_of(Arena *a, const Value *tenant, ListerKey key)
{
    const char *name = provider_of(tenant);
    const char *what =
        name ? arena_printf(a, "the key provider \"%s\"", name) : "the platform's key provider";
    const char *look = name ? arena_printf(a, "hpctl keys status %s", name) : "hpctl keys list";

    if (key == LISTER_KEY_REFUSED)
        return arena_printf(a,
                            "%s refuses to unwrap the tenant's data key: nothing of it can be read "
                            "or written. Let the"
                            " provider give the key again (its access, the key's state; see '%s'): "
                            "the tenant is back"
                            " within seconds. Without that key there is no way to the data",
                            what, look);
    return arena_printf(
        a,
        "%s cannot be reached: nothing of the tenant can be read or written. Bring it"
        " back (see '%s'): the tenant is back within seconds of that",
        what, look);
}

static bool set_ready(Arena *a, Value *tenant, const char *withheld, int64_t now_us)
{
    const Value *ready = condition_get(tenant, "Ready");
    bool is_ours = str_eq(value_get_str(ready, "reason"), TENANT_KEY_WITHHELD);
    bool is_suspended = str_eq(value_at_str(tenant, "spec.state"), "Suspended");

    if (is_suspended || (!withheld && !is_ours))
        return false;
    return condition_set(
        a, tenant,
        &(Condition){.type = "Ready",
                     .status = withheld ? "False" : "True",
                     .reason = withheld ? TENANT_KEY_WITHHELD : "Provisioned",
                     .message = withheld ? withheld : "the tenant's cluster answers"},
        now_us);
}

/* What a list of tenants shows: a key that is withheld comes before whatever else is so. */
static bool set_phase(Arena *a, Value *tenant, bool is_withheld)
{
    bool is_suspended = str_eq(value_at_str(tenant, "spec.state"), "Suspended");
    bool was_withheld = str_eq(value_at_str(tenant, "status.phase"), TENANT_KEY_WITHHELD);

    if (is_withheld == was_withheld)
        return false;
    value_set_str(a, value_need(a, tenant, "status"), "phase",
                  is_withheld    ? TENANT_KEY_WITHHELD
                  : is_suspended ? "Suspended"
                                 : "Ready");
    return true;
}

KeyNews keystatus_note(Arena *a, Value *tenant, ListerKey key, int64_t now_us)
{
    const Value *before = condition_get(tenant, "DataKeyAvailable");
    bool is_withheld = key == LISTER_KEY_REFUSED || key == LISTER_KEY_UNREACHABLE;
    const char *reason = key == LISTER_KEY_REFUSED       ? "KeyRefused"
                         : key == LISTER_KEY_UNREACHABLE ? "KeyProviderUnreachable"
                                                         : "KeyAvailable";
    KeyNews n = {.is_warning = is_withheld};
    bool is_news = !str_eq(value_get_str(before, "reason"), reason);

    if (key == LISTER_KEY_PENDING || (!before && !is_withheld)) /* nothing ever was to be said */
        return n;
    n.message = is_withheld ? message_of(a, tenant, key)
                            : "the tenant's data key is there again: everything is as it was";
    n.is_status_changed = condition_set(a, tenant,
                                        &(Condition){.type = "DataKeyAvailable",
                                                     .status = is_withheld ? "False" : "True",
                                                     .reason = reason,
                                                     .message = n.message},
                                        now_us);
    n.is_status_changed |= set_ready(a, tenant, is_withheld ? n.message : NULL, now_us);
    n.is_status_changed |= set_phase(a, tenant, is_withheld);
    n.reason = is_news ? reason : NULL;
    return n;
}
