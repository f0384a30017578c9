#include "controllers/protection_sync.h"
#include "controllers/rows.h"

/*
 * Claims, volumes and attributes classes carry a finalizer (admission puts it there), which goes
 * when the object is deleted and nothing uses it. Three controllers of one form.
 */

static const char *const claims = "persistentvolumeclaims";
static const char *const volumes = "persistentvolumes";
static const char *const classes = "storage/volumeattributesclasses";

/* 1: in use. */
typedef int (*UsedFn)(Ctl *ctl, const Value *object, Err *err);

static int protect(Ctl *ctl, const char *storage, const char *finalizer, UsedFn is_used, Err *err)
{
    Value *v;
    ObjRef at;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &v, err);

    if (r < 0 || !v)
        return r;
    switch (protection_decide(v, finalizer)) {
    case PROTECTION_KEEP:
        return 0;
    case PROTECTION_ADD:
        protection_add(ctl->arena, v, finalizer);
        break;
    case PROTECTION_REMOVE:
        r = is_used(ctl, v, err);
        if (r != 0)
            return MIN(r, 0);
        protection_remove(v, finalizer);
        break;
    }
    at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    r = client_update(ctl->client, ctl->arena, &at, v, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

/* ---- claims ---- */

static int claim_is_used(Ctl *ctl, const Value *claim, Err *err)
{
    Values pods = {0};
    int r = ctl_list(ctl, "pods", ctl->ns, NULL, NULL, &pods, err);

    for (uint32_t i = 0; r == 0 && i < pods.n; i++)
        r = protection_pod_uses(pods.items[i], claim);
    return r;
}

void claim_protection_map(Controllers *c, uint32_t index, const Change *ch)
{
    static const char claim_key[] = "\"persistentVolumeClaim\"", ephemeral_key[] = "\"ephemeral\"";
    const Value *pod, *v;

    if (str_eq(ch->storage, claims)) {
        ctl_map_self(c, index, ch);
        return;
    }
    if (ch->obj->deleted_us == 0 && ch->type != CHANGE_DELETED)
        return;
    if (!memmem(ch->obj->text, ch->obj->text_len, claim_key, sizeof(claim_key) - 1) &&
        !memmem(ch->obj->text, ch->obj->text_len, ephemeral_key, sizeof(ephemeral_key) - 1))
        return; /* most pods have neither, and need not be read */
    pod = obj_to_value(ch->arena, ch->obj, NULL, NULL);
    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        const char *name = value_at_str(v, "persistentVolumeClaim.claimName");

        if (!name && value_get(v, "ephemeral"))
            name = arena_printf(ch->arena, "%s-%s", ch->name, value_get_str(v, "name"));
        if (name)
            ctl_enqueue(c, index, ch->cluster, ch->ns, name);
    }
}

int claim_protection_sync(Ctl *ctl, Err *err)
{
    return protect(ctl, claims, "kubernetes.io/pvc-protection", claim_is_used, err);
}

/* ---- volumes ---- */

static int volume_is_used(Ctl *ctl UNUSED, const Value *volume, Err *err UNUSED)
{
    return protection_volume_is_used(volume);
}

int volume_protection_sync(Ctl *ctl, Err *err)
{
    return protect(ctl, volumes, "kubernetes.io/pv-protection", volume_is_used, err);
}

/* ---- attributes classes ---- */

static int class_is_used(Ctl *ctl, const Value *class UNUSED, Err *err)
{
    const char *const storages[] = {claims, volumes};
    int r = 0;

    for (size_t k = 0; r == 0 && k < ARRAY_LEN(storages); k++) {
        Values all = {0};

        r = ctl_list(ctl, storages[k], NULL, NULL, NULL, &all, err);
        for (uint32_t i = 0; r == 0 && i < all.n; i++)
            r = protection_uses_class(all.items[i], ctl->name);
    }
    return r;
}

static void enqueue_class(Controllers *c, uint32_t index, const Change *ch, const Value *v,
                          const char *path)
{
    const char *name = value_at_str(v, path);

    if (name && name[0])
        ctl_enqueue(c, index, ch->cluster, "", name);
}

void class_protection_map(Controllers *c, uint32_t index, const Change *ch)
{
    const Value *v;

    if (str_eq(ch->storage, classes)) {
        ctl_map_self(c, index, ch);
        return;
    }
    if (!ch->prev && ch->type == CHANGE_ADDED)
        return;
    v = obj_to_value(ch->arena, ch->prev ? ch->prev : ch->obj, NULL, NULL);
    enqueue_class(c, index, ch, v, "spec.volumeAttributesClassName");
    enqueue_class(c, index, ch, v, "status.currentVolumeAttributesClassName");
    enqueue_class(c, index, ch, v, "status.modifyVolumeStatus.targetVolumeAttributesClassName");
}

int class_protection_sync(Ctl *ctl, Err *err)
{
    return protect(ctl, classes, "kubernetes.io/vac-protection", class_is_used, err);
}
