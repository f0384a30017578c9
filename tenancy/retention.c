/* How long the history of a tenant's cluster is kept: as its plan says. */
#include "base/err.h"
#include "base/gotime.h"
#include "tenancy/tenancy_int.h"

enum { NOT_NOW = -1 };

/* Seconds; 0: nothing is said. */
static int64_t retention_of(Arena *a, const Obj *plan)
{
    const char *text =
        plan ? value_at_str(obj_to_value(a, plan, NULL, NULL), "spec.retention") : NULL;
    int64_t ns;

    return text && !goduration_parse(a, slice_of(text), &ns) && ns > 0 ? MAX(1, ns / NS_PER_S) : 0;
}

static void on_loaded(int r UNUSED, const Err *err UNUSED, void *data UNUSED)
{
}

static int64_t after_load(Tenancy *t, Cluster *host, const char *need)
{
    store_load(t->store, host, need, on_loaded, NULL);
    return NOT_NOW;
}

/* Does any plan say something? If not, tenants need not be looked at. */
static bool is_said(Tenancy *t, Cache *plans)
{
    CLEANUP(arena_free) Arena *a = NULL;
    AUTO_OBJVEC v = {0};
    int64_t changed = cache_changed(plans), ignored;

    if (changed == t->plans_seen)
        return t->has_retention;
    a = arena_new();
    (void)cache_list(plans, &(CacheScan){0}, &v, &ignored);
    t->has_retention = false;
    for (size_t i = 0; i < v.n; i++)
        t->has_retention = t->has_retention || retention_of(a, v.items[i]) > 0;
    t->plans_seen = changed;
    return t->has_retention;
}

int64_t tenancy__window(Cluster *c, void *data)
{
    Tenancy *t = data;
    CLEANUP(cluster_unref) Cluster *host = store_cluster(t->store, SLICE("host"));
    CLEANUP(cache_unref) Cache *plans = NULL;
    CLEANUP(arena_free) Arena *a = NULL;
    CLEANUP(obj_unref) Obj *tenant = NULL;
    CLEANUP(obj_unref) Obj *plan = NULL;
    const char *need = NULL;

    if (c->id == 1 || !host)
        return 0;
    plans = store_cache(t->store, host, PLANS);
    if (!plans)
        return after_load(t, host, PLANS);
    if (!is_said(t, plans))
        return 0;
    if (tenancy__get(t, host, TENANTS, "", c->name, &tenant, &need) < 0)
        return after_load(t, host, need);
    if (!tenant)
        return 0;
    a = arena_new();
    if (tenancy__get(t, host, PLANS, "", tenancy_plan_name(obj_to_value(a, tenant, NULL, NULL)),
                     &plan, &need) < 0)
        return after_load(t, host, need);
    return retention_of(a, plan);
}

void tenancy__window_event(Tenancy *t, const char *storage, const Event *e)
{
    CLEANUP(arena_free) Arena *a = NULL;
    CLEANUP(cluster_unref) Cluster *c = NULL;
    bool is_gone = e->type == EVENT_DELETED;

    if (str_eq(storage, TENANTS) && e->type == EVENT_MODIFIED && t->has_retention) {
        c = store_cluster(t->store, slice_of(e->obj->name));
        if (c)
            store_window_changed(t->store, c);
    }
    if (!str_eq(storage, PLANS))
        return;
    a = arena_new();
    if (e->is_prev_lost || retention_of(a, e->prev) != (is_gone ? 0 : retention_of(a, e->obj)))
        store_window_changed(t->store, NULL);
}
