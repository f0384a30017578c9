#include "base/err.h"
#include "quota/quota_int.h"

/* Limits of a whole cluster: plain integers, so that the store can add them up. */

#define STORAGE_CLASS ".storageclass.storage.k8s.io/"

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_milli(const char *counter)
{
    return strcmp(counter, "cpu") == 0 || strcmp(counter, "limits.cpu") == 0;
}

static bool is_bytes(const char *counter)
{
    return ends_with(counter, "memory") || ends_with(counter, "storage") ||
           strcmp(counter, "bytes") == 0 || str_starts(counter, "hugepages-");
}

static int64_t units_of(const char *counter, const Quantity *q)
{
    return is_milli(counter) ? quantity_milli(q) : quantity_value(q);
}

const char *quota_plan_text(Arena *a, const char *counter, int64_t n)
{
    char text[QUANTITY_TEXT_MAX];
    Quantity q = is_milli(counter)
                     ? quantity_of_milli(n, QUANTITY_DECIMAL_SI)
                     : quantity_of(n, is_bytes(counter) ? QUANTITY_BINARY_SI : QUANTITY_DECIMAL_SI);

    return arena_strdup(a, quantity_print(&q, text));
}

int64_t quota_blocks(size_t bytes)
{
    return (int64_t)((bytes + QUOTA_BLOCK - 1) / QUOTA_BLOCK * QUOTA_BLOCK);
}

/* ---- names ---- */

/* What has two names in quotas is counted under one. */
static const char *const aliases[][2] = {
    {"requests.cpu", "cpu"},
    {"requests.memory", "memory"},
    {"requests.ephemeral-storage", "ephemeral-storage"},
    {"requests.storage", "storage"},
    {"customresourcedefinitions", "#apiextensions/customresourcedefinitions"},
};

/* Kinds of the core group that go by their plain names. Pods do not: their limit is of those that
 * run. */
static const char *const plain[] = {
    "services",   "configmaps",    "secrets", "persistentvolumeclaims", "replicationcontrollers",
    "namespaces", "resourcequotas"};

static const char *row_counter(Arena *a, const char *name)
{
    const char *storage = quota_counted(name), *dot = strchr(name, '.');

    if (storage)
        return arena_printf(a, "#%s", storage);
    if (!dot || !dot[1]) /* of no built-in kind and of no group */
        return NULL;
    name += strlen("count/");
    return arena_printf(a, "#%s/%.*s", dot + 1, (int)(dot - name), name);
}

const char *quota_plan_counter(Arena *a, const char *name)
{
    static const char *const known[] = {"pods",
                                        "cpu",
                                        "memory",
                                        "ephemeral-storage",
                                        "storage",
                                        "objects",
                                        "bytes",
                                        "limits.cpu",
                                        "limits.memory",
                                        "limits.ephemeral-storage",
                                        "services.nodeports",
                                        "services.loadbalancers"};

    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcmp(aliases[i][0], name) == 0)
            return aliases[i][1];
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (strcmp(plain[i], name) == 0)
            return arena_printf(a, "#%s", name);
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(known[i], name) == 0)
            return known[i];
    if (str_starts(name, "count/"))
        return row_counter(a, name);
    if (str_starts(name, "requests.") || str_starts(name, "hugepages-") ||
        strstr(name, STORAGE_CLASS) || ends_with(name, ".deviceclass.resource.k8s.io/devices"))
        return arena_strdup(a, name);
    return NULL;
}

const char *quota_plan_name(Arena *a, const char *counter)
{
    const Resource *r;
    const char *slash;

    if (counter[0] != '#')
        return counter;
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (strcmp(plain[i], counter + 1) == 0)
            return plain[i];
    r = resource_find_storage(counter + 1);
    if (r)
        return r->group[0] ? arena_printf(a, "count/%s.%s", r->plural, r->group)
                           : arena_printf(a, "count/%s", r->plural);
    slash = strchr(counter, '/');
    return slash ? arena_printf(a, "count/%s.%.*s", slash + 1, (int)(slash - counter - 1),
                                counter + 1)
                 : arena_printf(a, "count/%s", counter + 1);
}

/* ---- charges ---- */

/* Rows are counted by those who write them, aliases once. */
static const char *counter_of_usage(Arena *a, const char *name)
{
    const char *counter = quota_plan_counter(a, name);

    if (!counter || counter[0] == '#')
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++) /* counted under its other name already */
        if (strcmp(aliases[i][0], name) == 0 && strcmp(name, "requests.storage") != 0)
            return NULL;
    return counter;
}

static void add_weight(Arena *a, const Usages *u, int sign, PlanCharges *sum)
{
    for (uint32_t i = 0; i < u->n; i++) {
        const char *counter = counter_of_usage(a, u->items[i].name);
        int64_t n;
        uint32_t at = 0;

        if (!counter)
            continue;
        while (at < sum->n && strcmp(sum->items[at].counter, counter) != 0)
            at++;
        if (at == sum->n)
            sum->items[sum->n++] = (PlanCharge){counter, 0};
        n = units_of(counter, &u->items[i].amount);
        if (__builtin_add_overflow(sum->items[at].delta, sign * n, &sum->items[at].delta))
            sum->items[at].delta = sign > 0 ? INT64_MAX : INT64_MIN;
    }
}

PlanCharges quota_plan_charges(Arena *a, const Resource *r, const Value *old, const Value *new)
{
    Usages now = quota__weigh(a, r, new, POD_TOTAL_OVERHEAD);
    Usages was = quota__weigh(a, r, old, POD_TOTAL_OVERHEAD);
    PlanCharges all = {0}, ret = {0};

    if (now.n + was.n == 0)
        return ret;
    all.items = arena_array(a, PlanCharge, now.n + was.n);
    add_weight(a, &now, 1, &all);
    add_weight(a, &was, -1, &all);
    ret.items = all.items;
    for (uint32_t i = 0; i < all.n; i++)
        if (all.items[i].delta != 0)
            ret.items[ret.n++] = all.items[i];
    return ret;
}

const char *quota_plan_message(Arena *a, const PlanCharge *c, int64_t used, int64_t limit)
{
    const char *name = quota_plan_name(a, c->counter);

    return arena_printf(a, "exceeded quota: tenant, requested: %s=%s, used: %s=%s, limited: %s=%s",
                        name, quota_plan_text(a, c->counter, c->delta), name,
                        quota_plan_text(a, c->counter, used), name,
                        quota_plan_text(a, c->counter, limit));
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
