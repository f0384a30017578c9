#include "controllers/protection_sync.h"

#include "client/meta.h"
#include "controllers/podutil.h"

Protection protection_decide(const Value *object, const char *finalizer)
{
    bool has = meta_has_finalizer(object, finalizer);

    if (meta_is_deleted(object))
        return has ? PROTECTION_REMOVE : PROTECTION_KEEP;
    return has ? PROTECTION_KEEP : PROTECTION_ADD;
}

void protection_add(Arena *a, Value *object, const char *finalizer)
{
    Value *meta = value_need(a, object, "metadata"), *list = value_get(meta, "finalizers");

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, meta, "finalizers", list);
    }
    value_append(a, list, value_str(a, finalizer));
}

void protection_remove(Value *object, const char *finalizer)
{
    Value *list = value_at(object, "metadata.finalizers");

    for (uint32_t i = value_len(list); i-- > 0;)
        if (str_eq(value_to_cstr(list->items[i]), finalizer))
            value_remove(list, i);
    if (value_len(list) == 0)
        (void)value_del(value_get(object, "metadata"), "finalizers");
}

static bool is_shut_down(const Value *pod)
{
    return meta_is_deleted(pod) && value_at_int(pod, "metadata.deletionGracePeriodSeconds", 1) == 0;
}

static bool is_ephemeral_claim(const Value *pod, const Value *volume, const Value *claim)
{
    return pod_names_ephemeral(pod, volume, meta_name(claim)) &&
           meta_is_controlled_by(claim, meta_uid(pod));
}

bool protection_pod_uses(const Value *pod, const Value *claim)
{
    const Value *v;

    if (!pod_bound_node(pod))
        return false;
    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (str_eq(value_at_str(v, "persistentVolumeClaim.claimName"), meta_name(claim)))
            return true;
        if (!is_shut_down(pod) && is_ephemeral_claim(pod, v, claim))
            return true;
    }
    return false;
}

bool protection_volume_is_used(const Value *volume)
{
    return str_eq(value_at_str(volume, "status.phase"), "Bound");
}

bool protection_uses_class(const Value *object, const char *class_name)
{
    static const char *const paths[] = {
        "spec.volumeAttributesClassName", "status.currentVolumeAttributesClassName",
        "status.modifyVolumeStatus.targetVolumeAttributesClassName"};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (str_eq(value_at_str(object, paths[i]), class_name))
            return true;
    return false;
}
