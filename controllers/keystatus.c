#include "controllers/keystatus_sync.h"

#include "controllers/rows.h"

/*
 * Tenants and the keys that their data is encrypted with: a plan that encrypts other kinds is
 * settled as if each of its tenants had been written (the store hears of it there, and seals and
 * opens rows); a key that is withheld, or back, stands in the Tenant's conditions and in an event.
 * The key is a tenant.
 */

static const char *const tenants = "tenancy/tenants";

enum { LOOK_AGAIN_MS = 1000 };

void keystatus_map(Controllers *c, uint32_t index, const Change *ch)
{
    static const char *const paths[] = {"spec.encryptedResources", NULL};

    if (!str_eq(ch->cluster, "host") || !str_eq(ch->storage, "tenancy/plans"))
        return;
    if (ch->type != CHANGE_DELETED && !ctl_is_same_at(ch, paths))
        ctl_enqueue_tenants(c, index, ch->name);
}

static int settle(Ctl *ctl, Value **tenant, Err *err)
{
    const char *name = value_at_str(*tenant, "spec.plan");
    Value *plan = NULL;
    ObjRef at = ctl_ref(ctl, tenants, "", ctl->name);
    int r = ctl_get(ctl, "tenancy/plans", "", name ? name : "", &plan, err);

    if (r < 0 || !keystatus_is_unsettled(*tenant, plan))
        return r;
    r = client_update(ctl->client, ctl->arena, &at, *tenant, NULL, err);
    return r < 0 ? r : ctl_get(ctl, tenants, "", ctl->name, tenant, err);
}

static int is_lost_race(int r)
{
    return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r == -ERR_NOT_FOUND ? 0 : r;
}

int keystatus_sync(Ctl *ctl, Err *err)
{
    ListerKey key = ctl->lister->key ? ctl->lister->key(ctl->lister, ctl->name) : LISTER_KEY_THERE;
    Value *tenant;
    KeyNews news;
    int r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);

    if (r < 0 || !tenant)
        return r;
    r = settle(ctl, &tenant, err);
    if (r < 0 || !tenant)
        return is_lost_race(r);
    news = keystatus_note(ctl->arena, tenant, key, ctl->now_us);
    if (news.is_status_changed)
        r = ctl_update_status(ctl, tenants, tenant, err);
    if (r < 0)
        return is_lost_race(r);
    if (news.reason)
        ctl_event(ctl, tenant, news.is_warning ? "Warning" : "Normal", news.reason, "%s",
                  news.message);
    return key == LISTER_KEY_PENDING ? LOOK_AGAIN_MS : 0;
}
