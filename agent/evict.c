#include "agent/evict.h"

#include "agent/pod_sync.h"
#include "base/err.h"
#include "base/gotime.h"
#include "base/quantity.h"

enum { IMAGE_MIN_AGE_S = 120 };

static const struct {
    const char *name, *resource;
} signals[EVICT_SIGNAL_MAX_] = {
    [EVICT_MEMORY] = {"memory.available", "memory"},
    [EVICT_NODEFS] = {"nodefs.available", "ephemeral-storage"},
    [EVICT_IMAGEFS] = {"imagefs.available", "ephemeral-storage"},
    [EVICT_INODES] = {"nodefs.inodesFree", "inodes"},
    [EVICT_PIDS] = {"pid.available", "pids"},
};

const char *evict_resource(EvictSignal signal)
{
    return signals[signal].resource;
}

/* ---- limits ---- */

static int parse_limit(Slice text, EvictLimit *ret)
{
    Quantity q;

    *ret = (EvictLimit){0};
    if (text.len > 1 && text.ptr[text.len - 1] == '%') {
        int64_t percent;

        if (!slice_to_int64((Slice){text.ptr, text.len - 1}, &percent) || percent < 0 ||
            percent > 100)
            return -1;
        ret->part = (double)percent / 100;
        return 0;
    }
    if (quantity_parse(text, &q, NULL) < 0)
        return -1;
    ret->amount = quantity_value(&q);
    return ret->amount < 0 ? -1 : 0;
}

int evict_parse(const char *text, EvictLimit limits[EVICT_SIGNAL_MAX_], Err *err)
{
    Slice rest = slice_of(text), item;

    memset(limits, 0, EVICT_SIGNAL_MAX_ * sizeof(*limits));
    while (rest.len > 0) {
        size_t i = 0;
        Slice name;

        (void)slice_cut(&rest, ',', &item); /* the last one has none */
        if (item.len == 0)
            continue;
        if (!slice_cut(&item, '<', &name))
            return err_set(err, ERR_INVALID, "not a threshold (SIGNAL<AMOUNT): %.*s", (int)name.len,
                           name.ptr);
        while (i < EVICT_SIGNAL_MAX_ && !slice_is(name, signals[i].name))
            i++;
        if (i == EVICT_SIGNAL_MAX_ || parse_limit(item, &limits[i]) < 0)
            return err_set(err, ERR_INVALID, "not a threshold: %.*s<%.*s", (int)name.len, name.ptr,
                           (int)item.len, item.ptr);
    }
    return 0;
}

int evict_parse_grace(const char *text, int64_t grace_s[EVICT_SIGNAL_MAX_], Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice rest = slice_of(text), item, name;

    memset(grace_s, 0, EVICT_SIGNAL_MAX_ * sizeof(*grace_s));
    while (rest.len > 0) {
        int64_t ns = 0;
        size_t i = 0;

        (void)slice_cut(&rest, ',', &item); /* the last one has none */
        if (item.len == 0)
            continue;
        if (!slice_cut(&item, '=', &name))
            return err_set(err, ERR_INVALID, "not a grace period (SIGNAL=DURATION): %.*s",
                           (int)name.len, name.ptr);
        while (i < EVICT_SIGNAL_MAX_ && !slice_is(name, signals[i].name))
            i++;
        if (i == EVICT_SIGNAL_MAX_ || goduration_parse(a, item, &ns) || ns <= 0)
            return err_set(err, ERR_INVALID, "not a grace period: %.*s=%.*s", (int)name.len,
                           name.ptr, (int)item.len, item.ptr);
        grace_s[i] = (ns + 999999999) / 1000000000;
    }
    return 0;
}

static bool is_set(const EvictLimit *limit)
{
    return limit->amount > 0 || limit->part > 0;
}

int evict_rules(const char *hard, const char *soft, const char *soft_grace, EvictRules *ret,
                Err *err)
{
    int r = evict_parse(hard ? hard : "", ret->hard, err);

    if (r == 0)
        r = evict_parse(soft ? soft : "", ret->soft, err);
    if (r == 0)
        r = evict_parse_grace(soft_grace ? soft_grace : "", ret->soft_grace_s, err);
    for (int i = 0; r == 0 && i < EVICT_SIGNAL_MAX_; i++) {
        if (is_set(&ret->soft[i]) && ret->soft_grace_s[i] == 0)
            r = err_set(err, ERR_INVALID,
                        "grace period must be specified for the soft eviction threshold %s",
                        signals[i].name);
    }
    return r;
}

EvictDue evict_due(const EvictRules *rules, EvictSignal signal, const EvictLevel *level,
                   int64_t now_us, int64_t *since_us)
{
    bool is_soft = evict_is_low(&rules->soft[signal], level);

    if (!is_soft)
        *since_us = 0;
    else if (*since_us == 0)
        *since_us = now_us;
    if (evict_is_low(&rules->hard[signal], level))
        return EVICT_HARD;
    if (!is_soft)
        return EVICT_NOT;
    return now_us - *since_us >= rules->soft_grace_s[signal] * 1000000 ? EVICT_SOFT : EVICT_LATER;
}

int64_t evict_threshold(const EvictLimit *limit, int64_t capacity)
{
    return limit->part > 0 ? (int64_t)(limit->part * (double)capacity) : limit->amount;
}

bool evict_is_low(const EvictLimit *limit, const EvictLevel *level)
{
    return level->capacity > 0 && level->available < evict_threshold(limit, level->capacity);
}

/* ---- ranking ---- */

static int64_t requested(const Value *pod, const char *resource)
{
    const Value *c, *v;
    int64_t sum = 0;
    Quantity q;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        v = value_get(value_at(c, "resources.requests"), resource);
        if (value_is(v, VALUE_STRING) && quantity_parse((Slice){v->str, v->n}, &q, NULL) == 0)
            sum += quantity_value(&q);
    }
    return sum;
}

static int64_t used(const EvictPod *p, EvictSignal signal)
{
    return signal == EVICT_MEMORY ? p->memory : p->disk;
}

/* Is x to go before y? */
static bool goes_first(EvictSignal signal, const EvictPod *x, const EvictPod *y)
{
    const char *resource = signals[signal].resource;
    int64_t over_x = used(x, signal) - requested(x->pod, resource);
    int64_t over_y = used(y, signal) - requested(y->pod, resource);
    int64_t prio_x = value_at_int(x->pod, "spec.priority", 0);
    int64_t prio_y = value_at_int(y->pod, "spec.priority", 0);

    if (signal != EVICT_PIDS && (over_x > 0) != (over_y > 0))
        return over_x > 0;
    if (prio_x != prio_y)
        return prio_x < prio_y;
    return signal != EVICT_PIDS && over_x > over_y;
}

static const char *amount_text(Arena *a, int64_t bytes)
{
    return bytes >= 1024 && bytes % 1024 == 0 ? arena_printf(a, "%lldKi", (long long)bytes / 1024)
                                              : arena_printf(a, "%lld", (long long)bytes);
}

static const char *message_of(Arena *a, EvictSignal signal, const EvictLimit *limit,
                              const EvictLevel *level, const EvictPod *p)
{
    const char *resource = signals[signal].resource;
    AUTO_BUF b = BUF_INIT;
    const Value *c;

    buf_addf(&b, "The node was low on resource: %s. Threshold quantity: %s, available: %s. ",
             resource, amount_text(a, evict_threshold(limit, level->capacity)),
             amount_text(a, level->available));
    value_each_item(signal == EVICT_MEMORY ? value_at(p->pod, "spec.containers") : NULL, i, c)
    {
        const char *name = value_get_str(c, "name"), *request;
        int64_t bytes;
        Quantity q = {0};

        if (!name || !value_to_int(value_get(p->memory_containers, name), &bytes))
            continue;

        request = value_get_str(value_at(c, "resources.requests"), resource);
        if (request && quantity_parse(slice_of(request), &q, NULL) < 0)
            continue;
        if (bytes > (request ? quantity_value(&q) : 0))
            buf_addf(&b, "Container %s was using %s, request is %s, has larger consumption of %s. ",
                     name, amount_text(a, bytes / 1024 * 1024), request ? request : "0", resource);
    }
    return arena_strdup(a, buf_str(&b));
}

const EvictPod *evict_choose(Arena *a, EvictSignal signal, const EvictLimit *limit,
                             const EvictLevel *level, EvictPod *pods, size_t n,
                             const char **ret_message)
{
    const EvictPod *first = NULL;

    for (size_t i = 0; i < n; i++) {
        if (value_at_int(pods[i].pod, "spec.priority", 0) >= PRIORITY_CRITICAL)
            continue;
        if (!first || goes_first(signal, &pods[i], first))
            first = &pods[i];
    }
    if (first)
        *ret_message = message_of(a, signal, limit, level, first);
    return first;
}

/* ---- a pod's own limits ---- */

static bool is_above(const char *limit, int64_t bytes)
{
    Quantity q;

    return limit && quantity_parse(slice_of(limit), &q, NULL) == 0 && quantity_value(&q) > 0 &&
           bytes > quantity_value(&q);
}

static const char *over_volume(Arena *a, const Value *pod, const EvictUsage *u, int64_t *sum)
{
    const Value *v;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        const char *name = value_get_str(v, "name");
        const char *limit = value_at_str(v, "emptyDir.sizeLimit");
        int64_t bytes;

        if (!name || !value_to_int(value_get(u->volumes, name), &bytes))
            continue;
        *sum += bytes;
        if (is_above(limit, bytes))
            return arena_printf(a, "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". ",
                                name, limit);
    }
    return NULL;
}

const char *evict_over_limit(Arena *a, const Value *pod, const EvictUsage *u)
{
    int64_t sum = 0, total = 0, n;
    const char *why = over_volume(a, pod, u, &sum);
    bool all_limited = true;
    const Value *c;

    value_each_item(why ? NULL : value_at(pod, "spec.containers"), i, c)
    {
        const char *name = value_get_str(c, "name");
        const char *limit = value_get_str(value_at(c, "resources.limits"), "ephemeral-storage");
        Quantity q;

        n = 0;
        if (!name || !value_to_int(value_get(u->containers, name), &n))
            n = 0;
        sum += n;
        if (is_above(limit, n))
            return arena_printf(
                a, "Container %s exceeded its local ephemeral storage limit \"%s\". ", name, limit);
        if (limit && quantity_parse(slice_of(limit), &q, NULL) == 0)
            total += quantity_value(&q);
        else
            all_limited = false;
    }
    if (!why && all_limited && total > 0 && sum > total)
        return arena_printf(
            a, "Pod ephemeral local storage usage exceeds the total limit of containers %s. ",
            amount_text(a, total));
    return why;
}

/* ---- images ---- */

static int by_use(const void *x, const void *y)
{
    const EvictImage *a = x, *b = y;
    int kept_a = a->is_used || a->is_kept, kept_b = b->is_used || b->is_kept;

    if (kept_a != kept_b)
        return kept_a - kept_b;
    return a->last_used_us < b->last_used_us ? -1 : a->last_used_us > b->last_used_us;
}

size_t evict_images(EvictImage *images, size_t n, int64_t bytes, int64_t now_us)
{
    size_t count = 0;
    int64_t freed = 0;

    if (n > 0)
        qsort(images, n, sizeof(*images), by_use);
    while (count < n && freed < bytes && !images[count].is_used && !images[count].is_kept &&
           now_us - images[count].seen_us >= IMAGE_MIN_AGE_S * 1000000LL)
        freed += images[count++].size;
    return count;
}
