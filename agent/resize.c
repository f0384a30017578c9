#include "agent/resize.h"

#include "agent/fs.h"
#include "agent/pod_sync.h"
#include "base/err.h"
#include "base/quantity.h"

enum { FILE_MAX = 256 << 10 };

/* ---- the two states ---- */

/* main containers and sidecars: those that can be resized */
static Value *of_spec(Arena *a, const Value *pod)
{
    Value *out = value_object(a);
    const Value *c, *v;

    value_each_item(value_at(pod, "spec.initContainers"), i, c)
    {
        v = value_get(c, "resources");
        if (container_is_sidecar(c))
            value_set(a, out, value_get_str(c, "name"), v ? value_copy(a, v) : value_object(a));
    }
    value_each_item(value_at(pod, "spec.containers"), k, c)
    {
        v = value_get(c, "resources");
        value_set(a, out, value_get_str(c, "name"), v ? value_copy(a, v) : value_object(a));
    }
    return out;
}

bool resize_load(Arena *a, const char *path, const Value *pod, Resources *ret)
{
    AUTO_BUF text = BUF_INIT;
    Value *v = NULL;

    if (fs_read(path, FILE_MAX, &text, NULL) < 0 || value_parse(a, buf_slice(&text), &v, NULL) < 0)
        v = NULL;
    *ret =
        (Resources){.allocated = value_get(v, "allocated"), .actuated = value_get(v, "actuated")};
    if (ret->allocated && ret->actuated)
        return true;
    ret->allocated = of_spec(a, pod);
    ret->actuated = value_copy(a, ret->allocated);
    return false;
}

int resize_save(Arena *a, const char *path, const Resources *r, Err *err)
{
    Value *v = value_object(a);

    value_set(a, v, "allocated", value_copy(a, r->allocated));
    value_set(a, v, "actuated", value_copy(a, r->actuated));
    return fs_write(path, slice_of(value_to_str(a, v)), 0600, err);
}

/* ---- what is requested ---- */

static int64_t amount(const Value *list, const char *name)
{
    const Value *v = value_get(list, name);
    Quantity q;

    if (!v || (v->type != VALUE_STRING && v->type != VALUE_NUMBER) ||
        quantity_parse((Slice){v->str, v->n}, &q, NULL) < 0)
        return 0;
    return strcmp(name, "cpu") == 0 ? quantity_milli(&q) : quantity_value(&q);
}

/* What is more than there can be is as much as there can be. */
static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* list: "requests" or "limits" */
static int64_t sum_of(const Value *pod, const char *list, const char *name)
{
    const Value *c, *own = value_get(value_at(pod, "spec.resources"), list);
    int64_t sum = 0, peak = 0, sidecars = 0;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        sum = plus(sum, amount(value_get(value_get(c, "resources"), list), name));
    }
    value_each_item(value_at(pod, "spec.initContainers"), k, c)
    {
        int64_t n = amount(value_get(value_get(c, "resources"), list), name);

        peak = MAX(peak, plus(sidecars, n));
        if (container_is_sidecar(c))
            sidecars = plus(sidecars, n);
    }
    sum = MAX(plus(sum, sidecars), peak);
    if (value_get(own, name))
        sum = amount(own, name);
    return plus(sum, amount(value_at(pod, "spec.overhead"), name));
}

void resize_pod_requests(const Value *pod, int64_t *ret_cpu_milli, int64_t *ret_memory)
{
    *ret_cpu_milli = sum_of(pod, "requests", "cpu");
    *ret_memory = sum_of(pod, "requests", "memory");
}

void resize_pod_limits(const Value *pod, int64_t *ret_cpu_milli, int64_t *ret_memory)
{
    const Value *limits = value_at(pod, "spec.resources.limits");

    *ret_cpu_milli = amount(limits, "cpu");
    *ret_memory = amount(limits, "memory");
}

int64_t resize_pod_memory_cap(const Value *pod)
{
    static const char *const lists[] = {"containers", "initContainers"};
    bool is_bounded = amount(value_at(pod, "spec.resources.limits"), "memory") > 0, all = true;
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(value_get(pod, "spec"), lists[i]), k, c)
        {
            all = all && resize_memory_limit(value_get(c, "resources")) > 0;
        }
    }
    return is_bounded || all ? sum_of(pod, "limits", "memory") : 0;
}

int64_t resize_memory_limit(const Value *resources)
{
    return amount(value_get(resources, "limits"), "memory");
}

bool resize_takes_memory(const Value *from, const Value *to)
{
    int64_t had = resize_memory_limit(from), gets = resize_memory_limit(to);

    return gets > 0 && (had == 0 || gets < had);
}

/* ---- the decision ---- */

static const char *no_room_now(Arena *a, const char *name, int64_t wanted, int64_t own,
                               int64_t used, int64_t capacity)
{
    return arena_printf(
        a, "Node didn't have enough resource: %s, requested: %lld, used: %lld, capacity: %lld",
        name, (long long)wanted, (long long)own,
        (long long)(own + MAX((int64_t)0, capacity - used)));
}

bool resize_is_wanted(Arena *a, const Value *pod, const Resources *r)
{
    return !value_equal(of_spec(a, pod), r->allocated);
}

ResizeVerdict resize_decide(Arena *a, const Value *pod, const NodeRoom *room, Resources *r,
                            const char **ret_message)
{
    Value *want = of_spec(a, pod);
    int64_t cpu, memory;

    *ret_message = "";
    if (value_equal(want, r->allocated))
        return RESIZE_NONE;
    resize_pod_requests(pod, &cpu, &memory);
    if (memory > room->memory) {
        *ret_message = arena_printf(
            a, "Node didn't have enough capacity: memory, requested: %lld, capacity: %lld",
            (long long)memory, (long long)room->memory);
        return RESIZE_INFEASIBLE;
    }
    if (cpu > room->cpu_milli) {
        *ret_message = arena_printf(
            a, "Node didn't have enough capacity: cpu, requested: %lld, capacity: %lld",
            (long long)cpu, (long long)room->cpu_milli);
        return RESIZE_INFEASIBLE;
    }
    if (cpu + room->used_cpu_milli > room->cpu_milli) {
        *ret_message =
            no_room_now(a, "cpu", cpu, room->own_cpu_milli, room->used_cpu_milli, room->cpu_milli);
        return RESIZE_DEFERRED;
    }
    if (memory + room->used_memory > room->memory) {
        *ret_message =
            no_room_now(a, "memory", memory, room->own_memory, room->used_memory, room->memory);
        return RESIZE_DEFERRED;
    }
    r->allocated = want;
    return RESIZE_FITS;
}

bool resize_needs_restart(const Value *container, const Value *from, const Value *to)
{
    static const char *const lists[] = {"requests", "limits"};
    const Value *policy;

    value_each_item(value_get(container, "resizePolicy"), i, policy)
    {
        const char *name = value_get_str(policy, "resourceName");

        if (!name || !str_eq(value_get_str(policy, "restartPolicy"), "RestartContainer"))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
            if (amount(value_get(from, lists[k]), name) != amount(value_get(to, lists[k]), name))
                return true;
        }
    }
    return false;
}

/* ---- what is told ---- */

static void tell_resources(Arena *a, Value *list, const Value *containers, const Value *allocated)
{
    static const char *const fields[] = {"limits", "requests", "claims"};
    const Value *c;

    value_each_item(containers, i, c)
    {
        const char *name = value_get_text(c, "name");
        const Value *from = value_get(allocated, name);
        Value *told = value_object(a), *resources;

        from = from ? from : value_get(c, "resources");
        value_set_str(a, told, "name", name);
        resources = value_need(a, told, "resources");
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            if (value_len(value_get(from, fields[k])) > 0)
                value_set(a, resources, fields[k], value_copy(a, value_get(from, fields[k])));
        }
        value_append(a, list, told);
    }
}

const char *resize_told(Arena *a, const Value *pod, const Value *allocated, const char *prefix,
                        const char *error)
{
    static const char *const lists[] = {"initContainers", "containers"};
    Value *v = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const Value *containers = value_get(value_get(pod, "spec"), lists[i]);
        Value *list = value_array(a);

        tell_resources(a, list, containers, allocated);
        if (value_len(list) > 0)
            value_set(a, v, lists[i], list);
    }
    value_set_int(a, v, "generation", value_at_int(pod, "metadata.generation", 0));
    if (error && error[0])
        value_set_str(a, v, "error", error);
    return arena_printf(a, "%s: %s", prefix, value_to_str(a, v));
}
