#include "base/clock.h"
#include "controllers/rows.h"
#include "quota/quota.h"

/*
 * A ResourceQuota's `used` is kept exact by every write's own transaction. Here it is only counted
 * from nothing: when a quota is new, or its limits are not those it was counted for; and when a pod
 * has been under deletion for so long that it does not count any more, which no write tells of. A
 * write that comes between reading and storing changes the quota's revision, so the update fails
 * and the count begins again.
 *
 * Keys: NAME, its pods are to be looked at, too; "=NAME", only the quota has changed.
 */

static const char *const storage = "resourcequotas";

typedef struct PodChange {
    Controllers *c;
    uint32_t index;
    const Change *ch;
    int64_t delay_ms;
} PodChange;

static void on_quota(Obj *o, void *data)
{
    const PodChange *pc = data;

    ctl_enqueue_after(pc->c, pc->index, pc->ch->cluster, o->ns, o->name, pc->delay_ms);
}

void resourcequota_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    PodChange pc = {c, index, ch, 0};

    if (str_eq(ch->storage, storage)) {
        ctl_enqueue(c, index, ch->cluster, ch->ns, arena_printf(ch->arena, "=%s", ch->name));
        return;
    }
    if (ch->type == CHANGE_DELETED || ch->obj->deleted_us == 0 ||
        (ch->prev && ch->prev->deleted_us != 0))
        return;
    pc.delay_ms =
        ctl_wait_ms(quota_overdue_us(obj_to_value(ch->arena, ch->obj, NULL, NULL)), clock_now_us());
    /* A failure to list is met again at the next start. */
    (void)l->list(l, ch->cluster, storage, ch->ns, NULL, on_quota, &pc, NULL);
}

static bool is_going(const Obj *o, const void *data UNUSED)
{
    return o->deleted_us != 0;
}

/* Is there a pod that does not count any more? *ret_again_ms: when one will be; 0: never. */
static int find_overdue(Ctl *ctl, bool *ret, int *ret_again_ms, Err *err)
{
    int64_t next_us = INT64_MAX;
    Values pods;
    int r = ctl_list(ctl, "pods", ctl->ns, is_going, NULL, &pods, err);

    for (uint32_t i = 0; r == 0 && i < pods.n; i++) {
        int64_t at_us = quota_overdue_us(pods.items[i]);

        if (at_us < ctl->now_us)
            *ret = true;
        else
            next_us = MIN(next_us, at_us);
    }
    *ret_again_ms = next_us == INT64_MAX ? 0 : ctl_wait_ms(next_us, ctl->now_us);
    return r;
}

/* The resource that a line of `hard` counts; NULL: none that is known. */
static const Resource *counted(Ctl *ctl, const char *line)
{
    const char *name = quota_counted(line), *dot = strchr(line, '.');

    if (name)
        return resource_find_storage(name);
    if (!str_starts(line, "count/") || !dot) /* "count/widgets.example.com" */
        return NULL;
    line += strlen("count/");
    return ctl_resource_of_storage(
        ctl, arena_printf(ctl->arena, "%s/%.*s", dot + 1, (int)(dot - line), line));
}

static int count(Ctl *ctl, Value *quota, Err *err)
{
    QuotaObjs all[64];
    Values values[64] = {0};
    size_t n = 0;

    value_each_member(value_at(quota, "spec.hard"), m)
    {
        const Resource *res = counted(ctl, m->name);
        bool known = !res || n == ARRAY_LEN(all);
        int r;

        for (size_t i = 0; i < n && !known; i++)
            known = str_eq(all[i].resource->storage, res->storage);
        if (known)
            continue;
        r = ctl_list_of(ctl, res, ctl->ns, NULL, NULL, &values[n], err);
        if (r < 0)
            return r;
        all[n] = (QuotaObjs){res, values[n].items, values[n].n};
        n++;
    }
    value_set(ctl->arena, quota, "status", quota_recount(ctl->arena, quota, all, n, ctl->now_us));
    return 0;
}

int resourcequota_sync(Ctl *ctl, Err *err)
{
    bool is_changed = ctl->name[0] == '=', must_count = false;
    const char *name = ctl->name + is_changed;
    Value *quota = NULL, *was;
    int r = ctl_get(ctl, storage, ctl->ns, name, &quota, err), again_ms = 0;

    if (r < 0 || !quota || meta_is_deleted(quota))
        return r;
    if (!is_changed)
        r = find_overdue(ctl, &must_count, &again_ms, err);
    if (r < 0)
        return r;
    was = value_get(quota, "status");
    must_count = must_count || !value_get(was, "used") ||
                 !value_equal(value_at(quota, "spec.hard"), value_get(was, "hard"));
    if (!must_count)
        return again_ms;
    r = count(ctl, quota, err);
    if (r == 0 && !value_equal(was, value_get(quota, "status")))
        r = ctl_update_status(ctl, storage, quota, err);
    return r < 0 ? r : again_ms;
}
