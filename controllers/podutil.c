#include "controllers/podutil.h"

const char *pod_phase(const Value *pod)
{
    const char *phase = value_at_str(pod, "status.phase");

    return phase && phase[0] ? phase : "Pending";
}

bool pod_is_finished(const Value *pod)
{
    const char *phase = pod_phase(pod);

    return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

bool pod_is_active(const Value *pod)
{
    return !pod_is_finished(pod) && !meta_is_deleted(pod);
}

bool pod_is_ready(const Value *pod)
{
    return condition_is(pod, "Ready", "True");
}

const char *pod_bound_node(const Value *pod)
{
    const char *node = value_at_str(pod, "spec.nodeName");

    return node && node[0] ? node : NULL;
}

bool pod_has_sidecar(const Value *pod, const char *name)
{
    const Value *c;

    value_each_item(value_at(pod, "spec.initContainers"), i, c)
    {
        if (str_eq(value_get_str(c, "name"), name))
            return str_eq(value_get_str(c, "restartPolicy"), "Always");
    }
    return false;
}

bool pod_names_ephemeral(const Value *pod, const Value *volume, const char *claim)
{
    const char *own = meta_name(pod);
    size_t n = strlen(own);

    return value_get(volume, "ephemeral") && strncmp(claim, own, n) == 0 && claim[n] == '-' &&
           str_eq(claim + n + 1, value_get_str(volume, "name"));
}

static int64_t ready_since_us(const Value *pod)
{
    return value_time_us(condition_get(pod, "Ready"), "lastTransitionTime");
}

bool pod_is_available(const Value *pod, int64_t min_ready_s, int64_t now_us)
{
    int64_t since_us;

    if (!pod_is_ready(pod))
        return false;
    if (min_ready_s == 0)
        return true;
    since_us = ready_since_us(pod);
    return since_us != 0 && since_us + min_ready_s * 1000000 <= now_us;
}

int64_t pod_available_in_ms(const Value *pod, int64_t min_ready_s, int64_t now_us)
{
    int64_t since_us = pod_is_ready(pod) ? ready_since_us(pod) : 0;

    if (since_us == 0 || min_ready_s == 0 || pod_is_available(pod, min_ready_s, now_us))
        return 0;
    return (since_us + min_ready_s * 1000000 - now_us) / 1000 + 1;
}

int64_t pods_available_in_ms(const Values *pods, int64_t min_ready_s, int64_t now_us)
{
    int64_t first = 0, ms;

    for (uint32_t i = 0; i < pods->n && min_ready_s > 0; i++) {
        ms = pod_available_in_ms(pods->items[i], min_ready_s, now_us);
        if (ms > 0 && (first == 0 || ms < first))
            first = ms;
    }
    return first;
}

Value *pod_from_template(Arena *a, const Value *template, const Value *owner)
{
    static const char *const kept[] = {"labels", "annotations", "finalizers"};
    Value *pod = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{}}");
    Value *meta = value_get(pod, "metadata"), *refs = value_array(a);

    value_set(a, meta, "generateName", value_printf(a, "%s-", meta_name(owner)));
    value_set_str(a, meta, "namespace", meta_ns(owner));
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        const Value *v = value_get(value_get(template, "metadata"), kept[i]);

        if (v)
            value_set(a, meta, kept[i], value_copy(a, v));
    }
    value_append(a, refs, meta_owner_ref(a, owner));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, pod, "spec", value_copy(a, value_get(template, "spec")));
    return pod;
}

void pod_map_expected(Controllers *c, uint32_t index, const Change *ch, const char *kind)
{
    const char *owner = ctl_map_owner(c, index, ch, kind);
    WorkKey key = {index, ch->cluster, ch->ns, owner ? owner : ""};

    if (!owner)
        return;
    if (ch->type == CHANGE_ADDED)
        expect_saw_creation(ctl_expectations(c), &key);
    if (ch->type == CHANGE_DELETED || ch->obj->deleted_us != 0)
        expect_saw_deletion(ctl_expectations(c), &key, ch->obj->uid);
}
