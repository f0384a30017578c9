#include "controllers/rows.h"
#include "quota/quota.h"

/*
 * A ResourceQuota's `used` is kept exact by every write's own transaction. Here it is only counted
 * from nothing: when a quota is new, or its limits are not those it was counted for. A write that
 * comes between reading and storing changes the quota's revision, so the update fails and the
 * count begins again.
 */

int resourcequota_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    QuotaObjs all[64];
    Values values[64] = {0};
    Value *quota = NULL, *hard;
    size_t n = 0;
    int r = ctl_get(ctl, "resourcequotas", ctl->ns, ctl->name, &quota, err);

    if (r < 0 || !quota || value_at(quota, "metadata.deletionTimestamp"))
        return r;
    hard = value_at(quota, "spec.hard");
    if (value_at(quota, "status.used") && value_equal(hard, value_at(quota, "status.hard")))
        return 0;
    value_each_member(hard, m)
    {
        const char *storage = quota_counted(m->name);
        const Resource *res = storage ? resource_find_storage(storage) : NULL;
        bool known = !res || n == ARRAY_LEN(all);

        for (size_t i = 0; i < n && !known; i++)
            known = all[i].resource == res;
        if (known)
            continue;
        r = ctl_list(ctl, storage, ctl->ns, NULL, NULL, &values[n], err);
        if (r < 0)
            return r;
        all[n] = (QuotaObjs){res, values[n].items, values[n].n};
        n++;
    }
    value_set(a, quota, "status", quota_recount(a, quota, all, n));
    return ctl_update_status(ctl, "resourcequotas", quota, err);
}
