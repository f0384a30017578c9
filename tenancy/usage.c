#include "base/clock.h"
#include "base/err.h"
#include "quota/quota.h"
#include "tenancy/tenancy_int.h"

typedef struct Amounts {
    Arena *arena;
    Value *into;
} Amounts;

static void add_used(const char *counter, int64_t used, void *data)
{
    const Amounts *u = data;

    if (used != 0)
        value_set_str(u->arena, u->into, quota_plan_name(u->arena, counter),
                      quota_plan_text(u->arena, counter, used));
}

static int by_name(const void *x, const void *y)
{
    const Member *a = x, *b = y;

    return strcmp(a->name, b->name);
}

int tenancy_usage(Tenancy *t, Cluster *c, Arena *a, int64_t now_us, Value **ret,
                  const char **ret_need)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    char now[CLOCK_TEXT_MAX];
    Amounts used = {a, value_object(a)};
    Value *v = value_object(a), *limits = value_object(a);
    int r = tenancy_terms(t, c, &terms, ret_need);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < terms->n_limits; i++) {
        const TermLimit *l = &terms->limits[i];
        const char *name = quota_plan_name(a, l->counter);

        value_set_str(a, limits, name, quota_plan_text(a, l->counter, l->value));
        value_set_str(a, used.into, name, quota_plan_text(a, l->counter, 0));
    }
    store_each_usage(t->store, c, add_used, &used);
    if (used.into->n > 1)
        qsort(used.into->members, used.into->n, sizeof(Member), by_name);
    value_set_str(a, v, "observedAt", clock_to_rfc3339(now_us, now));
    value_set(a, v, "used", used.into);
    value_set(a, v, "limits", limits);
    *ret = v;
    return 0;
}
