#include "scheduler/group.h"

#include "base/mem.h"
#include "client/meta.h"
#include "scheduler/binder.h"

#define GROUP_LABEL     "scheduling.x-k8s.io/pod-group"
#define OLD_GROUP_LABEL "pod-group.scheduling.sigs.k8s.io/name"
#define MIN_LABEL       "pod-group.scheduling.sigs.k8s.io/min-available"

struct Groups {
    Map by_id;
    Map by_pod;   /* pod id -> Group */
    List waiting; /* Group.in_waiting */
};

Groups *groups_new(void)
{
    Groups *g = xcalloc(1, sizeof(*g));

    list_init(&g->waiting);
    return g;
}

static void group_free(Group *g)
{
    List *l;

    while ((l = list_pop(&g->held)))
        bind_task_free(list_entry(l, BindTask, link));
    list_del(&g->in_waiting);
    map_done(&g->members);
    free(g->id);
    free(g->cluster);
    free(g->ns);
    free(g->name);
    free(g);
}

void groups_free(Groups *g)
{
    Group *one;

    if (!g)
        return;
    for (size_t at = 0; map_next(&g->by_id, &at, NULL, (void **)&one);)
        group_free(one);
    map_done(&g->by_id);
    map_done(&g->by_pod);
    free(g);
}

/* ---- what a pod says ---- */

static const char *label(const Value *pod, const char *key)
{
    const char *text = meta_label(pod, key);

    return text && text[0] ? text : NULL;
}

const char *group_name(const Value *pod)
{
    const char *name = label(pod, GROUP_LABEL);

    return name ? name : label(pod, OLD_GROUP_LABEL);
}

static int64_t clamp(int64_t n, int64_t low, int64_t high)
{
    return MAX(MIN(n, high), low);
}

static bool need_of_object(Lister *l, const char *cluster, const Value *pod, GroupNeed *ret)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    CLEANUP(arena_free) Arena *a = NULL;
    const Value *v;
    int64_t min;

    if (!l ||
        l->get(l, cluster, "scheduling.x-k8s.io/podgroups", meta_ns(pod), group_name(pod), &o,
               NULL) < 0 ||
        !o)
        return false;
    a = arena_new();
    v = obj_to_value(a, o, NULL, NULL);
    min = value_at_int(v, "spec.minMember", 1);
    ret->min = (uint32_t)clamp(min, 1, GROUP_MEMBERS_MAX);
    ret->timeout_us = clamp(value_at_int(v, "spec.scheduleTimeoutSeconds", GROUP_TIMEOUT_S), 1,
                            GROUP_TIMEOUT_MAX_S) *
                      1000000;
    return true;
}

bool group_need(Lister *l, const char *cluster, const Value *pod, GroupNeed *ret)
{
    const char *min = label(pod, MIN_LABEL);
    int64_t n;

    if (!group_name(pod))
        return false;
    if (need_of_object(l, cluster, pod, ret))
        return true;
    if (!min || !slice_to_int64(slice_of(min), &n))
        return false;
    *ret = (GroupNeed){.min = (uint32_t)clamp(n, 1, GROUP_MEMBERS_MAX),
                       .timeout_us = (int64_t)GROUP_TIMEOUT_S * 1000000};
    return true;
}

/* ---- members ---- */

static Group *group_new(Groups *g, const char *cluster, const char *ns, const char *name,
                        int64_t now_us)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", cluster, ns, name);
    Group *one = map_get(&g->by_id, id);

    if (one)
        return one;
    one = xcalloc(1, sizeof(*one));
    one->id = TAKE(id);
    one->cluster = xstrdup(cluster);
    one->ns = xstrdup(ns);
    one->name = xstrdup(name);
    one->since_us = now_us;
    list_init(&one->held);
    list_init(&one->in_waiting);
    map_set(&g->by_id, one->id, one);
    return one;
}

Group *groups_of(const Groups *g, const char *id)
{
    return map_get(&g->by_pod, id);
}

Group *groups_add(Groups *g, const char *cluster, const Value *pod, const char *id, int64_t now_us)
{
    const char *name = group_name(pod);
    Group *was = groups_of(g, id), *one;

    if (was && (!name || !str_eq(was->name, name)))
        groups_remove(g, id);
    if (!name)
        return NULL;
    one = group_new(g, cluster, meta_ns(pod), name, now_us);
    map_set(&one->members, id, one);
    map_set(&g->by_pod, id, one);
    return one;
}

static void drop_when_empty(Groups *g, Group *one)
{
    if (one->members.n > 0 || !list_is_empty(&one->held))
        return;
    (void)map_del(&g->by_id, one->id);
    group_free(one);
}

void groups_remove(Groups *g, const char *id)
{
    Group *one = map_del(&g->by_pod, id);

    if (!one)
        return;
    (void)map_del(&one->members, id);
    drop_when_empty(g, one);
}

void groups_remove_cluster(Groups *g, const char *cluster)
{
    Group *one;

    for (size_t at = 0; map_next(&g->by_id, &at, NULL, (void **)&one);) {
        const char *id;

        if (!str_eq(one->cluster, cluster))
            continue;
        for (size_t k = 0; map_next(&one->members, &k, &id, NULL);)
            (void)map_del(&g->by_pod, id);
        (void)map_del(&g->by_id, one->id);
        group_free(one);
    }
}

/* ---- those held ---- */

void group_hold(Groups *g, Group *to, List *task, int64_t timeout_us, int64_t now_us)
{
    if (list_is_empty(&to->held)) {
        to->deadline_us = now_us + timeout_us;
        list_add_tail(&g->waiting, &to->in_waiting);
    }
    list_add_tail(&to->held, task);
}

void group_take_held(Groups *g, Group *from, List *ret)
{
    list_splice_tail(ret, &from->held);
    list_del(&from->in_waiting);
    drop_when_empty(g, from);
}

Group *groups_next_due(Groups *g, int64_t now_us)
{
    list_for_each (l, &g->waiting) {
        Group *one = list_entry(l, Group, in_waiting);

        if (one->deadline_us <= now_us)
            return one;
    }
    return NULL;
}

int64_t groups_delay_ms(const Groups *g, int64_t now_us)
{
    int64_t due_us = INT64_MAX;

    list_for_each (l, &g->waiting)
        due_us = MIN(due_us, list_entry(l, Group, in_waiting)->deadline_us);
    return due_us == INT64_MAX ? -1 : MAX((due_us - now_us) / 1000 + 1, 1);
}
