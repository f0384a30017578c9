#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "quota/quota.h"
#include "tenancy/plans.h"
#include "tenancy/tenancy_int.h"

/*
 * Limits come from two objects of `host`. They are computed once for each pair of revisions; a
 * look-up reads the two objects' revisions from the caches and parses nothing.
 */
typedef struct CachedLimits {
    int64_t tenant_revision, plan_revision;
    char plan[254];
    TenantLimits limits;
} CachedLimits;

static const char *const counters[TENANT_COUNTER_MAX_] = {
#define X(id, name) [TENANT_##id] = name,
    TENANT_COUNTERS(X)
#undef X
};

const char *tenant_counter_name(TenantCounter c)
{
    return counters[c];
}

int64_t tenant_limit(const TenantLimits *l, const char *counter)
{
    for (int i = 0; i < TENANT_COUNTER_MAX_; i++)
        if (strcmp(counters[i], counter) == 0)
            return l->limit[i];
    return INT64_MAX;
}

static TenantLimits unlimited(void)
{
    TenantLimits l = {.weight = 1};

    for (int i = 0; i < TENANT_COUNTER_MAX_; i++)
        l.limit[i] = INT64_MAX;
    return l;
}

static void apply(TenantLimits *l, const Value *limits)
{
    value_each_member(limits, m) for (int i = 0; i < TENANT_COUNTER_MAX_;
                                      i++) if (strcmp(counters[i], m->name) == 0) l->limit[i] =
        quota_plan_limit(counters[i],
                         value_is(m->value, VALUE_STRING) || value_is(m->value, VALUE_NUMBER)
                             ? m->value->str
                             : NULL);
}

static bool find_cached(Tenancy *t, const char *key, const Obj *tenant, CachedLimits *ret)
{
    const CachedLimits *c;

    pthread_mutex_lock(&t->lock);
    c = lru_get(&t->limits, key);
    if (c)
        *ret = *c;
    pthread_mutex_unlock(&t->lock);
    return c && ret->tenant_revision == tenant->revision;
}

int tenancy_limits(Tenancy *t, Cluster *c, TenantLimits *ret, const char **ret_need)
{
    CLEANUP(cluster_unref) Cluster *host = NULL;
    CLEANUP(obj_unref) Obj *tenant = NULL, *plan = NULL;
    CLEANUP(arena_free) Arena *a = NULL;
    CachedLimits l = {.limits = unlimited()};
    char key[TENANCY_KEY_MAX];
    Value *tree;
    int r;

    *ret = l.limits;
    if (str_eq(c->name, "host"))
        return 0;
    host = store_cluster(t->store, SLICE("host"));
    if (!host)
        return -ERR_UNAVAILABLE;
    r = tenancy__get(t, host, TENANTS, "", c->name, &tenant, ret_need);
    if (r < 0)
        return r;
    if (!tenant) /* it is being deleted; without its limits nothing may be written */
        return -ERR_UNAVAILABLE;
    tenancy__key(c, "", key);
    if (find_cached(t, key, tenant, &l)) {
        r = tenancy__get(t, host, PLANS, "", l.plan, &plan, ret_need);
        if (r < 0)
            return r;
        if ((plan ? plan->revision : -1) == l.plan_revision) {
            *ret = l.limits;
            return 0;
        }
        obj_unref(TAKE(plan));
    }
    a = arena_new();
    tree = obj_to_value(a, tenant, NULL, NULL);
    r = tenancy__get(t, host, PLANS, "", tenancy_plan_name(tree), &plan, ret_need);
    if (r < 0)
        return r;
    l = (CachedLimits){tenant->revision, plan ? plan->revision : -1, "", unlimited()};
    snprintf(l.plan, sizeof(l.plan), "%s", tenancy_plan_name(tree));
    if (plan) {
        Value *p = obj_to_value(a, plan, NULL, NULL);

        apply(&l.limits, value_at(p, "spec.limits"));
        l.limits.weight = (int32_t)value_at_int(p, "spec.weight", 1);
    }
    apply(&l.limits, value_at(tree, "spec.overrides.limits"));
    pthread_mutex_lock(&t->lock);
    lru_set(&t->limits, key, xmemdup(&l, sizeof(l)));
    pthread_mutex_unlock(&t->lock);
    *ret = l.limits;
    return 0;
}

static void set_amount(Arena *a, Value *into, TenantCounter c, int64_t n)
{
    char text[QUANTITY_TEXT_MAX];
    Quantity q = c == TENANT_CPU ? quantity_of_milli(n, QUANTITY_DECIMAL_SI)
                                 : quantity_of(n, c == TENANT_MEMORY || c == TENANT_STORAGE
                                                      ? QUANTITY_BINARY_SI
                                                      : QUANTITY_DECIMAL_SI);

    value_set_str(a, into, counters[c], quantity_print(&q, text));
}

int tenancy_usage(Tenancy *t, Cluster *c, Arena *a, int64_t now_us, Value **ret,
                  const char **ret_need)
{
    TenantLimits l;
    char now[CLOCK_TEXT_MAX];
    Value *v = value_object(a), *used = value_object(a), *limits = value_object(a);
    int r = tenancy_limits(t, c, &l, ret_need);

    if (r < 0)
        return r;
    for (int i = 0; i < TENANT_COUNTER_MAX_; i++) {
        set_amount(a, used, i, store_usage(t->store, c, counters[i]));
        if (l.limit[i] != INT64_MAX)
            set_amount(a, limits, i, l.limit[i]);
    }
    value_set_str(a, v, "observedAt", clock_to_rfc3339(now_us, now));
    value_set(a, v, "used", used);
    value_set(a, v, "limits", limits);
    *ret = v;
    return 0;
}
