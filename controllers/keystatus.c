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

typedef struct Of {
    Controllers *c;
    uint32_t index;
    const char *plan;
} Of;

static void on_tenant(Obj *o, void *data)
{
    const Of *of = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *plan;

    if (obj_scan_str(o, "spec.plan", a, &plan) && str_eq(plan, of->plan))
        ctl_enqueue(of->c, of->index, "host", "", o->name);
}

static bool encrypts_the_same(const Change *ch)
{
    const Value *a = obj_to_value(ch->arena, ch->obj, NULL, NULL), *b;

    if (!ch->prev)
        return false;
    b = obj_to_value(ch->arena, ch->prev, NULL, NULL);
    return value_equal(value_at(a, "spec.encryptedResources"),
                       value_at(b, "spec.encryptedResources"));
}

void keystatus_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    Of of = {c, index, ch->name};

    if (!str_eq(ch->cluster, "host") || !str_eq(ch->storage, "tenancy/plans"))
        return;
    if (ch->type == CHANGE_DELETED || encrypts_the_same(ch))
        return;
    /* A failure to list is met again at the next change. */
    (void)l->list(l, "host", tenants, NULL, NULL, on_tenant, &of, NULL);
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
