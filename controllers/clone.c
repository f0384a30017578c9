#include "controllers/clone_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * Tenants that begin with the objects of another (spec.cloneFrom). The key is the new tenant. All
 * that is copied is copied again after a restart: what is there already stays as it is, so a clone
 * that was interrupted goes on. When all objects are there the condition Cloned says so, and
 * nothing is ever copied again.
 */

static const char *const tenants = "tenancy/tenants";

enum { LOOK_AGAIN_MS = 500, PATIENT_MS = 5000, GIVE_UP_US = 600 * 1000000 };

void clone_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *from;

    if (ch->type == CHANGE_ADDED && obj_scan_str(ch->obj, "spec.cloneFrom", ch->arena, &from))
        ctl_map_self(c, index, ch);
}

typedef struct Copying {
    Ctl *from, *to;
    uint32_t n_failed;
    const char *first; /* failure */
} Copying;

static void note_failure(Copying *c, const Resource *r, const Value *v, const Err *err)
{
    if (c->n_failed++ == 0)
        c->first = arena_printf(c->to->arena, "%s %s%s%s: %.200s", r->plural, meta_ns(v),
                                meta_ns(v)[0] ? "/" : "", meta_name(v), err->msg);
}

static int copy_one(Copying *c, const Resource *r, const Value *object, Err *err)
{
    Value *v = clone_copy(c->to->arena, r, object);
    ObjRef at = {.cluster = c->to->cluster, .ns = meta_ns(object), .resource = r};
    int rc;

    if (!v)
        return 0;
    rc = client_create(c->to->client, c->to->arena, &at, v, NULL, err);
    if (rc == -ERR_UNAVAILABLE)
        return rc;
    if (rc < 0 && rc != -ERR_ALREADY_EXISTS)
        note_failure(c, r, object, err);
    return 0;
}

typedef struct Trees {
    Arena *arena;
    const Resource *r;
    Values all;
} Trees;

static void on_object(Obj *o, void *data)
{
    Trees *t = data;
    char version[256];

    values_add(t->arena, &t->all,
               obj_to_value(t->arena, o, t->r->kind, resource_api_version(t->r, version)));
}

static int copy_all(Copying *c, const Resource *r, Err *err)
{
    Lister *l = c->from->lister;
    Trees t = {.arena = c->to->arena, .r = r};
    int rc = l->list(l, c->from->cluster, r->storage, NULL, NULL, on_object, &t, err);

    for (uint32_t i = 0; rc == 0 && i < t.all.n; i++)
        rc = copy_one(c, r, t.all.items[i], err);
    return rc;
}

static int copy_pass(Copying *c, const Resource *const *all, uint32_t n, ClonePass pass, Err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < n; i++)
        if (clone_pass(all[i]->storage) == pass)
            r = copy_all(c, all[i], err);
    return r;
}

static int copy_cluster(Copying *c, Err *err)
{
    const Resource **all;
    uint32_t n;
    int r = ctl_resources(c->from, &all, &n, err);

    for (ClonePass pass = CLONE_FIRST; r == 0 && pass < CLONE_NEVER; pass++)
        r = copy_pass(c, all, n, pass, err);
    return r;
}

static int tell(Ctl *ctl, Value *tenant, const char *reason, const char *message, int again_ms,
                Err *err)
{
    int r = clone_note(ctl->arena, tenant, reason, message, ctl->now_us)
                ? ctl_update_status(ctl, tenants, tenant, err)
                : 0;

    return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r < 0 ? r : again_ms;
}

int clone_sync(Ctl *ctl, Err *err)
{
    Ctl from = *ctl, to = *ctl;
    Copying c = {.from = &from, .to = &to};
    Value *tenant, *source;
    bool is_late, is_young; /* at first definitions come into force */
    int r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);

    if (r < 0 || !tenant || condition_is(tenant, "Cloned", "True"))
        return r;
    from.cluster = value_at_str(tenant, "spec.cloneFrom");
    to.cluster = ctl->name;
    if (!from.cluster || !from.cluster[0])
        return 0;
    is_late = meta_created_us(tenant) + GIVE_UP_US < ctl->now_us;
    if (is_late && str_eq(value_get_str(condition_get(tenant, "Cloned"), "reason"), "Incomplete"))
        return 0;
    is_young = ctl->now_us < meta_created_us(tenant) + 10 * 1000000;
    r = ctl_get(ctl, tenants, "", from.cluster, &source, err);
    if (r == 0 && !source)
        return tell(ctl, tenant, "Incomplete", "the tenant it is to be copied from is gone", 0,
                    err);
    if (r == 0)
        r = copy_cluster(&c, err);
    if (r < 0)
        return r;
    r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);
    if (r < 0 || !tenant)
        return r;
    if (c.n_failed == 0)
        return tell(ctl, tenant, "Done", "all objects are there", 0, err);
    return tell(ctl, tenant, is_late ? "Incomplete" : "Copying",
                arena_printf(ctl->arena, "%u objects are missing, first %s", c.n_failed, c.first),
                is_late    ? 0
                : is_young ? LOOK_AGAIN_MS
                           : PATIENT_MS,
                err);
}
