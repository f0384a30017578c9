#include "base/clock.h"
#include "base/err.h"
#include "base/gotime.h"
#include "quota/quota.h"
#include "tenancy/tenancy_int.h"

typedef struct Amounts {
    Arena *arena;
    Value *into;
    const char *prefix; /* of the counters that are meant */
} Amounts;

static void add_used(const char *counter, int64_t used, void *data)
{
    const Amounts *u = data;

    if (!str_starts(counter, u->prefix))
        return;
    counter += strlen(u->prefix);
    if (used != 0)
        value_set_str(u->arena, u->into, quota_plan_name(u->arena, counter),
                      quota_plan_text(u->arena, counter, used));
}

static int by_name(const void *x, const void *y)
{
    const Member *a = x, *b = y;

    return strcmp(a->name, b->name);
}

static Value *usage_of(Tenancy *t, Cluster *c, const char *prefix, const TermLimit *limits,
                       uint32_t n_limits, Arena *a, int64_t now_us)
{
    char now[CLOCK_TEXT_MAX];
    Amounts used = {a, value_object(a), prefix};
    Value *v = value_object(a), *may = value_object(a);

    for (uint32_t i = 0; i < n_limits; i++) {
        const char *name = quota_plan_name(a, limits[i].counter);

        value_set_str(a, may, name, quota_plan_text(a, limits[i].counter, limits[i].value));
        value_set_str(a, used.into, name, quota_plan_text(a, limits[i].counter, 0));
    }
    store_each_usage(t->store, c, add_used, &used);
    if (used.into->n > 1)
        qsort(used.into->members, used.into->n, sizeof(Member), by_name);
    value_set_str(a, v, "observedAt", clock_to_rfc3339(now_us, now));
    value_set(a, v, "used", used.into);
    value_set(a, v, "limits", may);
    return v;
}

static void add_history(Tenancy *t, Cluster *c, Arena *a, Value *usage)
{
    Value *v = value_object(a);

    value_set_str(a, v, "retention",
                  goduration_print(a, store_history_window(t->store, c) * NS_PER_S));
    if (c->oldest > 0)
        value_set_int(a, v, "oldestRevision", c->oldest);
    value_set(a, usage, "history", v);
}

/* Who of the provider was let in: the tenant is to know. */
static int add_accesses(Tenancy *t, Cluster *c, Arena *a, Value *usage, const char **ret_need)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(t->store, SLICE("host"));
    CLEANUP(obj_unref) Obj *tenant = NULL;
    Value *list;
    int r = host ? tenancy__get(t, host, TENANTS, "", c->name, &tenant, ret_need) : 0;

    if (r < 0 || !tenant)
        return r;
    list = value_at(obj_to_value(a, tenant, NULL, NULL), "status.accesses");
    if (value_len(list) > 0)
        value_set(a, usage, "accesses", value_copy(a, list));
    return 0;
}

int tenancy_usage(Tenancy *t, Cluster *c, Arena *a, int64_t now_us, Value **ret,
                  const char **ret_need)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    int r = tenancy_terms(t, c, &terms, ret_need);

    if (r < 0)
        return r;
    *ret = usage_of(t, c, "", terms->limits, terms->n_limits, a, now_us);
    if (!terms->cluster) /* that of namespaces is the shared cluster's */
        add_history(t, c, a, *ret);
    return add_accesses(t, c, a, *ret, ret_need);
}

int tenancy_group_usage(Tenancy *t, const char *group, const Value *limits, Arena *a,
                        int64_t now_us, Value **ret)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(t->store, SLICE("host"));
    const TermLimit *all = NULL;
    uint32_t n = 0;

    if (!host)
        return -ERR_UNAVAILABLE;
    terms_read_limits(a, limits, &all, &n);
    *ret = usage_of(t, host, terms_group_counter(a, group, ""), all, n, a, now_us);
    return 0;
}
