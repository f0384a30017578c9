#include "controllers/podgroup_sync.h"

#include "controllers/podutil.h"

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Whose pods these are: the owners of the first. */
static void set_owners(Arena *a, Value *status, const Value *pod)
{
    const Value *refs = value_at(pod, "metadata.ownerReferences"), *ref;
    const char **names = arena_array(a, const char *, value_len(refs) + 1);
    AUTO_BUF text = BUF_INIT;
    uint32_t n = 0;

    if (value_get_str(status, "occupiedBy") || value_len(refs) == 0)
        return;
    value_each_item(refs, i, ref)
    {
        names[n++] = arena_printf(a, "%s/%s", meta_ns(pod), value_get_str(ref, "name"));
    }
    qsort(names, n, sizeof(*names), by_text);
    for (uint32_t i = 0; i < n; i++)
        buf_addf(&text, "%s%s", i > 0 ? "," : "", names[i]);
    value_set_str(a, status, "occupiedBy", buf_str(&text));
}

static void set_count(Arena *a, Value *status, const char *name, int64_t n)
{
    if (n > 0)
        value_set_int(a, status, name, n);
    else
        value_del(status, name);
}

/* The phase of a group that has had its pods once. */
static const char *phase_of(Arena *a, Value *status, int64_t min, const Values *pods)
{
    int64_t running = 0, succeeded = 0, failed = 0;

    for (uint32_t i = 0; i < pods->n; i++) {
        running += str_eq(pod_phase(pods->items[i]), "Running");
        succeeded += str_eq(pod_phase(pods->items[i]), "Succeeded");
        failed += str_eq(pod_phase(pods->items[i]), "Failed");
    }
    set_count(a, status, "running", running);
    set_count(a, status, "succeeded", succeeded);
    set_count(a, status, "failed", failed);
    if (pods->n < min)
        return "Pending";
    if (succeeded >= min)
        return "Finished";
    if (failed > 0 && failed + running + succeeded >= min)
        return "Failed";
    return succeeded + running >= min ? "Running" : "Scheduling";
}

Value *podgroup_status(Arena *a, const Value *group, const Values *pods)
{
    const Value *old = value_get(group, "status");
    Value *status = value_is(old, VALUE_OBJECT) ? value_copy(a, old) : value_object(a);
    const char *phase = value_get_str(status, "phase");
    int64_t min = value_at_int(group, "spec.minMember", 1);

    if (str_eq(phase, "Finished") || str_eq(phase, "Failed"))
        return NULL;
    if (!phase || !phase[0]) {
        phase = "Pending";
    } else if (!str_eq(phase, "Pending")) {
        phase = phase_of(a, status, min, pods);
    } else if (pods->n > 0 && pods->n >= min) {
        phase = "Scheduling";
        set_owners(a, status, pods->items[0]);
    }
    value_set_str(a, status, "phase", phase);
    return value_equal(old, status) ? NULL : status;
}
