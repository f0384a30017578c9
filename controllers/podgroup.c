#include "controllers/podgroup_sync.h"
#include "controllers/rows.h"

/* Where a cluster has the kind PodGroup: its status. Who goes together, the scheduler decides. */

static const char *const storage = "scheduling.x-k8s.io/podgroups",
                         *const group_label = "scheduling.x-k8s.io/pod-group";

enum { SOON_MS = 500 };

void podgroup_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *group;

    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
        return;
    }
    group = obj_label(ch->obj, group_label);
    if (group && group[0])
        ctl_enqueue(c, index, ch->cluster, ch->ns, group);
}

static bool is_member(const Obj *o, const void *group)
{
    return str_eq(obj_label(o, group_label), group);
}

int podgroup_sync(Ctl *ctl, Err *err)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    const Resource *kind;
    char api_version[256];
    Value *group, *status;
    Values pods;
    int r = ctl->lister->get(ctl->lister, ctl->cluster, storage, ctl->ns, ctl->name, &o, err);

    if (r < 0 || !o)
        return r;
    kind = ctl_resource_of_storage(ctl, storage);
    if (!kind)
        return SOON_MS; /* its kind has just come, or goes */
    r = ctl_list(ctl, "pods", ctl->ns, is_member, ctl->name, &pods, err);
    if (r < 0)
        return r;
    group = obj_to_value(ctl->arena, o, kind->kind, resource_api_version(kind, api_version));
    status = podgroup_status(ctl->arena, group, &pods);
    if (!status)
        return 0;
    value_set(ctl->arena, group, "status", status);
    r = ctl_update_status_of(ctl, kind, group, err);
    return r == -ERR_NOT_FOUND ? 0 : r; /* gone, or of a definition without status */
}
