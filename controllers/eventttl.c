#include "controllers/rows.h"

/*
 * Events are kept for an hour after they last happened. The key is a cluster: its events are looked
 * through at most every ten minutes, and not at all while it has none.
 */

enum { KEPT_US = 3600LL * 1000000, LOOK_EVERY_MS = 600 * 1000, AT_ONCE_MAX = 5000 };

static const char *const whole_cluster = "*";

void eventttl_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (ch->type == CHANGE_ADDED)
        ctl_enqueue_after(c, index, ch->cluster, "", whole_cluster, LOOK_EVERY_MS);
}

static int64_t last_seen_us(const Value *event)
{
    int64_t us = MAX(value_time_us(event, "lastTimestamp"), value_time_us(event, "eventTime"));

    us = MAX(us, value_time_us(event, "series.lastObservedTime"));
    return us ? us : meta_created_us(event);
}

typedef struct Sweep {
    Ctl *ctl;
    Values old;
    uint32_t n_kept;
} Sweep;

static void on_event(Obj *o, void *data)
{
    Sweep *s = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = obj_to_value(a, o, "Event", "v1");

    if (s->ctl->now_us - last_seen_us(v) < KEPT_US || s->old.n == AT_ONCE_MAX)
        s->n_kept++;
    else
        values_add(s->ctl->arena, &s->old, value_copy(s->ctl->arena, v));
}

int eventttl_sync(Ctl *ctl, Err *err)
{
    Sweep sweep = {.ctl = ctl};
    int r;

    if (!str_eq(ctl->name, whole_cluster)) { /* the first look names each event */
        ctl_enqueue(ctl->all, ctl->index, ctl->cluster, "", whole_cluster);
        return 0;
    }
    r = ctl->lister->list(ctl->lister, ctl->cluster, "events", NULL, NULL, on_event, &sweep, err);
    if (r == 0)
        r = ctl_delete_all(ctl, "events", sweep.old.items, sweep.old.n, false, err);
    if (r < 0)
        return r;
    return sweep.n_kept > 0 ? LOOK_EVERY_MS : 0;
}
