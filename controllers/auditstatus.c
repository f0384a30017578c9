#include "controllers/auditstatus_sync.h"
#include "controllers/rows.h"

/*
 * The status of AuditPolicies. Which of them count depends on all there are, so a cluster is the
 * key.
 */

static const char *const storage = "audit/auditpolicies";

void auditstatus_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage))
        ctl_enqueue(c, index, ch->cluster, "", "");
}

int auditstatus_sync(Ctl *ctl, Err *err)
{
    Values all = {0};
    int r = ctl_list(ctl, storage, NULL, NULL, NULL, &all, err);

    for (uint32_t i = 0; i < all.n && r >= 0; i++) {
        if (meta_is_deleted(all.items[i]) ||
            !auditstatus_note(ctl->arena, all.items[i], i, ctl->now_us))
            continue;
        r = ctl_update_status(ctl, storage, all.items[i], err);
        if (r == -ERR_NOT_FOUND)
            r = 0;
    }
    return r;
}
