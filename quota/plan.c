#include "base/err.h"
#include "quota/quota_int.h"

/* Limits of a whole cluster: plain integers, so that the store can add them up. */

static bool is_milli(const char *counter)
{
    return strcmp(counter, "cpu") == 0;
}

static int64_t units_of(const char *counter, const Quantity *q)
{
    return is_milli(counter) ? quantity_milli(q) : quantity_value(q);
}

static Quantity quantity_of_units(const char *counter, int64_t n)
{
    if (is_milli(counter))
        return quantity_of_milli(n, QUANTITY_DECIMAL_SI);
    if (strcmp(counter, "memory") == 0 || strcmp(counter, "storage") == 0)
        return quantity_of(n, QUANTITY_BINARY_SI);
    return quantity_of(n, QUANTITY_DECIMAL_SI);
}

static const char *text_of(Arena *a, const char *counter, int64_t n)
{
    char text[QUANTITY_TEXT_MAX];
    Quantity q = quantity_of_units(counter, n);

    return arena_strdup(a, quantity_print(&q, text));
}

enum { C_PODS, C_CPU, C_MEMORY, C_OBJECTS, C_SERVICES, C_CONFIGMAPS, C_SECRETS, C_STORAGE, C_MAX_ };
static const char *const counters[C_MAX_] = {"pods",     "cpu",        "memory",  "objects",
                                             "services", "configmaps", "secrets", "storage"};

static void add(int64_t *to, int64_t n, int sign)
{
    if (__builtin_add_overflow(*to, sign * n, to))
        *to = sign > 0 ? INT64_MAX : INT64_MIN;
}

static void add_weight(Arena *a, const Resource *r, const Value *object, int sign,
                       int64_t sum[C_MAX_])
{
    Quantity q;

    if (!object)
        return;
    add(&sum[C_OBJECTS], 1, sign);
    if (*r->group)
        return;
    for (int i = C_SERVICES; i <= C_SECRETS; i++)
        if (strcmp(r->plural, counters[i]) == 0)
            add(&sum[i], 1, sign);
    if (strcmp(r->plural, "persistentvolumeclaims") == 0 &&
        quota__quantity(value_at(object, "spec.resources.requests.storage"), &q))
        add(&sum[C_STORAGE], quantity_value(&q), sign);
    if (strcmp(r->plural, "pods") == 0 && !quota_is_over(object)) {
        Usages u = quota__pod_total(a, object, "requests", true);
        const Quantity *cpu = usages_get(&u, "cpu"), *memory = usages_get(&u, "memory");

        add(&sum[C_PODS], 1, sign);
        if (cpu)
            add(&sum[C_CPU], units_of("cpu", cpu), sign);
        if (memory)
            add(&sum[C_MEMORY], units_of("memory", memory), sign);
    }
}

uint32_t quota_plan_charges(Arena *a, const Resource *r, const Value *old, const Value *new,
                            PlanCharge ret[8])
{
    int64_t sum[C_MAX_] = {0};
    uint32_t n = 0;

    add_weight(a, r, new, 1, sum);
    add_weight(a, r, old, -1, sum);
    for (int i = 0; i < C_MAX_; i++)
        if (sum[i] != 0)
            ret[n++] = (PlanCharge){counters[i], sum[i], text_of(a, counters[i], sum[i])};
    return n;
}

const char *quota_plan_message(Arena *a, const PlanCharge *c, int64_t used, int64_t limit)
{
    return arena_printf(a, "exceeded quota: tenant, requested: %s=%s, used: %s=%s, limited: %s=%s",
                        c->counter, c->requested, c->counter, text_of(a, c->counter, used),
                        c->counter, text_of(a, c->counter, limit));
}

int64_t quota_plan_limit(const char *counter, const char *text)
{
    Quantity q;

    if (!text)
        return INT64_MAX;
    if (quantity_parse(slice_of(text), &q, NULL) < 0)
        return 0; /* a limit that cannot be read lets nothing pass */
    return units_of(counter, &q);
}
