#include "scheduler/scheduler.h"

#include "api/nodeoverlay.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/changes.h"
#include "client/meta.h"
#include "scheduler/binder.h"
#include "scheduler/preempt.h"
#include "scheduler/queue.h"

#include <pthread.h>

enum { N_BINDERS = 4, N_ASKERS = 8, BATCH = 64, IDLE_MS = 1000 };

struct Scheduler {
    SchedulerOptions o;
    Client *client;
    Changes *inbox;
    Snapshot *snapshot;
    Queue *queue;
    Binder *binder, *asker; /* the asker waits for extenders; NULL: there are none */
    Extenders *extenders;
    Groups *groups;
    Services *services;
    Map weights; /* cluster -> its plan's weight, as far as asked for */
    Map assumed; /* ids of pods that take a share and are not seen bound yet */
    uint32_t start;
    pthread_t thread;
    bool has_thread;
};

static const char *const tenants = "tenancy/tenants", *const plans = "tenancy/plans";
/* What else says which nodes a tenant may use. */
static const char *const pools = "tenancy/nodepools";
static const LogCtx log_ctx = {.component = "scheduler"};

/* Changes that only wake pods up. */
typedef struct Waker {
    const char *storage;
    uint32_t event;
    bool is_hosts; /* the host's are about pods of all clusters */
} Waker;
static const Waker wakers[] = {
    {"persistentvolumeclaims", WAKE_VOLUME, false},
    {"persistentvolumes", WAKE_VOLUME, false},
    {"storage/storageclasses", WAKE_VOLUME, false},
    {"namespaces", WAKE_POD_ADDED, false}, /* labels that affinity selects by */
    {"scheduling.x-k8s.io/podgroups", WAKE_GROUP, false},
    {"storage/csinodes", WAKE_VOLUME, true},
};

static const Waker *waker_find(const char *storage)
{
    for (size_t i = 0; i < ARRAY_LEN(wakers); i++)
        if (str_eq(wakers[i].storage, storage))
            return &wakers[i];
    return NULL;
}

/* On the store's thread. */
static void on_change(const char *cluster, const char *storage, int type, Obj *obj, Obj *prev,
                      void *data)
{
    Scheduler *s = data;

    if (str_eq(storage, "pods") || str_eq(storage, "services") || str_eq(storage, NODE_OVERLAYS) ||
        waker_find(storage) ||
        (str_eq(cluster, "host") && (str_eq(storage, "nodes") || str_eq(storage, plans) ||
                                     str_eq(storage, tenants) || str_eq(storage, pools))))
        changes_push(s->inbox, cluster, storage, type, obj, prev);
}

/* ---- shares of clusters ---- */

static const char *string_of(Scheduler *s, Arena *a, const char *storage, const char *name,
                             const char *path, int64_t *ret_number)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    const Value *v;

    if (s->o.lister->get(s->o.lister, "host", storage, "", name, &o, NULL) < 0 || !o)
        return NULL;
    v = obj_to_value(a, o, NULL, NULL);
    *ret_number = value_at_int(v, path, 1);
    return value_at_str(v, path);
}

/* The weight of the tenant's plan; whoever has none weighs 1. */
static int64_t weight_of(Scheduler *s, const char *cluster)
{
    intptr_t known = (intptr_t)map_get(&s->weights, cluster);
    CLEANUP(arena_free) Arena *a = NULL;
    const char *plan;
    int64_t weight = 1, ignored;

    if (known > 0)
        return known;
    a = arena_new();
    plan = string_of(s, a, tenants, cluster, "spec.plan", &ignored);
    (void)string_of(s, a, plans, plan && plan[0] ? plan : "standard", "spec.weight", &weight);
    weight = MAX(MIN(weight, INT32_MAX), 1);
    map_set(&s->weights, cluster, (void *)(intptr_t)weight); /* a number, nothing to free */
    return weight;
}

/* The cluster's pods have changed: its turns in the queue go by what it has. */
static void tell_share(Scheduler *s, const char *cluster)
{
    queue_set_share(s->queue, cluster,
                    snapshot_dominant_share(s->snapshot, cluster) / (double)weight_of(s, cluster));
}

/* ---- what changed ---- */

static uint32_t node_events(const Value *v, const Value *old)
{
    uint32_t events = 0;

    if (!old)
        return WAKE_NODE_ADDED;
    if (!value_equal(value_at(v, "status.allocatable"), value_at(old, "status.allocatable")))
        events |= WAKE_NODE_ALLOCATABLE;
    if (!value_equal(value_at(v, "metadata.labels"), value_at(old, "metadata.labels")))
        events |= WAKE_NODE_LABEL;
    if (!value_equal(value_at(v, "spec.taints"), value_at(old, "spec.taints")) ||
        value_is_true(value_at(v, "spec.unschedulable")) !=
            value_is_true(value_at(old, "spec.unschedulable")))
        events |= WAKE_NODE_TAINT;
    return events;
}

static uint32_t n_image_names(const Value *node)
{
    uint32_t n = 0;
    const Value *image;

    value_each_item(value_at(node, "status.images"), i, image) n +=
        value_len(value_get(image, "names"));
    return n;
}

/* What pods that wait for room on the node leave of it to others. */
static bool node_has_room(const Want *want, void *data)
{
    const SchedNode *n = data;
    Room left = *n->room;

    list_for_each (l, &n->nominated) {
        const SchedPod *p = list_entry(l, Nominated, in_node)->pod;

        if (p->priority < want->priority)
            continue;
        left.free_cpu_milli -= p->requests.cpu_milli;
        left.free_memory -= p->requests.memory;
        left.free_ephemeral -= p->requests.ephemeral;
        left.free_pods--;
    }
    return left.free_pods > 0 && (want->cpu_milli == 0 || want->cpu_milli <= left.free_cpu_milli) &&
           (want->memory == 0 || want->memory <= left.free_memory) &&
           (want->ephemeral == 0 || want->ephemeral <= left.free_ephemeral);
}

/* The node has changed, or a pod on it has ended. */
static void wake_for_node(Scheduler *s, uint32_t event, const char *name, int64_t now_us)
{
    SchedNode *n = map_get(&s->snapshot->by_name, name);

    if (!n || !n->room) {
        queue_wake(s->queue, event, NULL, now_us);
        return;
    }
    list_for_each (l, &n->nominated) {
        const SchedPod *p = list_entry(l, Nominated, in_node)->pod;

        /* not before the last victim has gone: it would look for others */
        if (p->requests.n_extra > 0 || room_fits(n->room, &p->requests))
            queue_wake_one(s->queue, p->id, now_us);
    }
    queue_wake_for_room(s->queue, event, node_has_room, n, now_us);
}

/* A pod leaves its node, and somebody may take its place. */
static bool remove_pod(Scheduler *s, const char *id, int64_t now_us)
{
    const char *node = snapshot_pod_node(s->snapshot, id);
    AUTO_FREE char *name = node ? xstrdup(node) : NULL;

    if (!name || !snapshot_remove_pod(s->snapshot, id))
        return false;
    wake_for_node(s, WAKE_POD_REMOVED, name, now_us);
    return true;
}

static void take_node(Scheduler *s, int type, const Obj *o, int64_t now_us)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const SchedNode *old = map_get(&s->snapshot->by_name, o->name);
    const Value *v;
    uint32_t events;

    if (type == CHANGE_DELETED) {
        snapshot_set_node(s->snapshot, o->name, NULL);
        queue_wake(s->queue, WAKE_NODE_REMOVED, NULL, now_us);
        return;
    }
    v = obj_to_value(a, o, "Node", "v1");
    events = node_events(v, old ? old->value : NULL);
    if (events == 0 && n_image_names(v) == old->n_images)
        return; /* a heartbeat */
    snapshot_set_node(s->snapshot, o->name, v);
    wake_for_node(s, events, o->name, now_us);
}

static void take_overlay(Scheduler *s, const char *cluster, int type, const Obj *o, int64_t now_us)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = type == CHANGE_DELETED ? NULL : obj_to_value(a, o, NULL, NULL);

    snapshot_set_overlay(s->snapshot, cluster, o->name, v);
    queue_wake(s->queue, WAKE_NODE_ALLOCATABLE | WAKE_NODE_LABEL | WAKE_NODE_TAINT, cluster,
               now_us);
}

static bool is_finished(const Value *pod)
{
    const char *phase = value_at_str(pod, "status.phase");

    return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

static void forget_assumed(Scheduler *s, const char *id)
{
    (void)map_del(&s->assumed, id); /* the values are only marks */
}

/* The pod will not come to the node that was promised to it: others may. */
static void give_up_nomination(Scheduler *s, const char *id, int64_t now_us)
{
    const char *node = snapshot_nominated_node(s->snapshot, id);
    AUTO_FREE char *name = node ? xstrdup(node) : NULL;

    snapshot_unnominate(s->snapshot, id);
    if (name)
        wake_for_node(s, WAKE_POD_REMOVED, name, now_us);
}

static void pod_ended(Scheduler *s, const char *cluster, const char *id, int64_t now_us)
{
    queue_remove(s->queue, id);
    groups_remove(s->groups, id);
    forget_assumed(s, id);
    give_up_nomination(s, id, now_us);
    if (remove_pod(s, id, now_us))
        tell_share(s, cluster);
}

static bool labels_changed(const Obj *o, const Obj *prev)
{
    if (!prev || o->n_labels != prev->n_labels)
        return true;
    for (uint32_t i = 0; i < o->n_labels; i++)
        if (!str_eq(o->labels[i].key, prev->labels[i].key) ||
            !str_eq(o->labels[i].value, prev->labels[i].value))
            return true;
    return false;
}

static void take_bound(Scheduler *s, const char *cluster, const char *id, const Value *v,
                       const char *node, bool is_news, int64_t now_us)
{
    const SchedPod *old;
    SchedPod *p;
    bool has_shrunk;

    queue_remove(s->queue, id);
    snapshot_unnominate(s->snapshot, id);
    is_news = is_news || map_get(&s->assumed, id) || !snapshot_pod_node(s->snapshot, id);
    forget_assumed(s, id);
    p = sched_pod_new(cluster, v);
    old = map_get(&s->snapshot->pods, id);
    has_shrunk = old && res_is_less(&p->requests, &old->requests);
    snapshot_add_pod(s->snapshot, p, node);
    if (has_shrunk) /* resized in place */
        wake_for_node(s, WAKE_POD_REMOVED, node, now_us);
    if (!is_news)
        return;
    tell_share(s, cluster);
    queue_wake(s->queue, WAKE_POD_ADDED, cluster, now_us);
}

static bool has_label(const Obj *o, const Pair *label)
{
    return str_eq(obj_label(o, label->key), label->value);
}

/* Nothing but labels that tell where the node is. */
static bool only_topology_is_new(const Obj *o, const Obj *prev)
{
    uint32_t n_old = 0;

    for (uint32_t i = 0; i < o->n_labels; i++) {
        bool is_old = has_label(prev, &o->labels[i]);

        if (!is_old && !str_starts(o->labels[i].key, "topology.kubernetes.io/"))
            return false;
        n_old += is_old;
    }
    return n_old == prev->n_labels;
}

static void relabel(Scheduler *s, Arena *a, const char *id, const Obj *o)
{
    Value *labels = value_object(a);

    for (uint32_t i = 0; i < o->n_labels; i++)
        value_set_str(a, labels, o->labels[i].key, o->labels[i].value);
    snapshot_relabel_pod(s->snapshot, id, labels);
}

/* Our own binding comes back: the pod has its share and nothing else of it is new. */
static bool take_confirmed(Scheduler *s, const char *cluster, const char *id, const Obj *o,
                           const Obj *prev, int64_t now_us)
{
    CLEANUP(arena_free) Arena *a = NULL;
    const char *node = NULL, *phase = NULL;

    if (!map_get(&s->assumed, id) || o->deleted_us != 0 || !prev || !only_topology_is_new(o, prev))
        return false;
    a = arena_new_sized(512);
    if (!obj_scan_str(o, "spec.nodeName", a, &node) ||
        !str_eq(node, snapshot_pod_node(s->snapshot, id)) ||
        (obj_scan_str(o, "status.phase", a, &phase) && !str_eq(phase, "Pending")))
        return false;
    if (labels_changed(o, prev))
        relabel(s, a, id, o);
    forget_assumed(s, id);
    queue_remove(s->queue, id);
    queue_wake(s->queue, WAKE_POD_ADDED, cluster, now_us);
    return true;
}

/* A pod that was promised a node before this process began. */
static void take_nomination(Scheduler *s, const char *cluster, const char *id, const Value *v)
{
    const char *node = value_at_str(v, "status.nominatedNodeName");

    if (node && node[0] && !snapshot_nominated_node(s->snapshot, id) && !map_get(&s->assumed, id))
        snapshot_nominate_as_claimed(s->snapshot, sched_pod_new(cluster, v), node);
}

/* A change of the pod's own status brings no new attempt; a change of what it wants does. */
static bool wants_changed(const Value *v, const Obj *o, const Obj *prev)
{
    CLEANUP(arena_free) Arena *a = NULL;

    if (!prev)
        return false;
    if (labels_changed(o, prev))
        return true;
    if (obj_same_text_of(o, prev, "spec"))
        return false;
    a = arena_new();
    return !value_equal(value_get(v, "spec"), value_get(obj_to_value(a, prev, NULL, NULL), "spec"));
}

/* A pod that can be placed counts as a member of its group. Returns since when it waits: pods of a
 * group stand together in the queue. */
static int64_t join_group(Scheduler *s, const char *cluster, const char *id, const Value *v,
                          const Obj *o, int64_t now_us)
{
    bool is_new = !groups_of(s->groups, id);
    const Group *g;

    if (o->deleted_us != 0 || value_len(value_at(v, "spec.schedulingGates")) > 0) {
        groups_remove(s->groups, id);
        return now_us;
    }
    g = groups_add(s->groups, cluster, v, id, now_us);
    if (g && is_new)
        queue_wake(s->queue, WAKE_GROUP, cluster, now_us);
    return g ? g->since_us : now_us;
}

static void take_pod(Scheduler *s, const char *cluster, int type, Obj *o, const Obj *prev,
                     int64_t now_us)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *id = arena_printf(a, "%s/%s/%s", cluster, o->ns, o->name), *node, *who;
    const Value *v;
    int64_t since_us;

    if (type == CHANGE_DELETED) {
        pod_ended(s, cluster, id, now_us);
        return;
    }
    if (take_confirmed(s, cluster, id, o, prev, now_us))
        return;
    v = obj_to_value(a, o, "Pod", "v1");
    node = value_at_str(v, "spec.nodeName");
    if (is_finished(v)) {
        pod_ended(s, cluster, id, now_us);
        return;
    }
    since_us = join_group(s, cluster, id, v, o, now_us);
    if (node && node[0]) {
        take_bound(s, cluster, id, v, node, labels_changed(o, prev), now_us);
        return;
    }
    who = value_at_str(v, "spec.schedulerName");
    if (o->deleted_us != 0 || !sched_config_profile(s->o.config, who)) {
        queue_remove(s->queue, id);
        give_up_nomination(s, id, now_us);
        return;
    }
    take_nomination(s, cluster, id, v);
    queue_add(s->queue, cluster, o->ns, o->name,
              (QueuedPod){value_at_int(v, "spec.priority", 0), since_us}, wants_changed(v, o, prev),
              now_us);
    tell_share(s, cluster);
    queue_keep(s->queue, id, o, TAKE(a), v); /* the id goes with the arena */
}

/* Other nodes may be used. */
static void take_pools(Scheduler *s, int64_t now_us)
{
    snapshot_outdate(s->snapshot);
    queue_wake(s->queue, WAKE_NODE_ADDED, NULL, now_us);
}

/* A tenant goes as a whole, without a word about each of its pods. */
static void take_tenant(Scheduler *s, const char *name, int64_t now_us)
{
    AUTO_FREE char *prefix = xasprintf("%s/", name);
    const char *id;

    queue_remove_cluster(s->queue, name);
    groups_remove_cluster(s->groups, name);
    snapshot_remove_cluster(s->snapshot, name);
    for (size_t at = 0; map_next(&s->assumed, &at, &id, NULL);) {
        AUTO_FREE char *copy = str_starts(id, prefix) ? xstrdup(id) : NULL;

        if (copy)
            forget_assumed(s, copy);
    }
    queue_wake(s->queue, WAKE_POD_REMOVED, NULL, now_us);
}

static void take_waker(Scheduler *s, const ChangeItem *c, const Waker *waker)
{
    if (str_eq(c->storage, "namespaces"))
        snapshot_namespaces_changed(s->snapshot, c->cluster);
    queue_wake(s->queue, waker->event, waker->is_hosts ? NULL : c->cluster, clock_mono_us());
}

static void take_change(Scheduler *s, const ChangeItem *c, int64_t now_us)
{
    const Waker *waker = waker_find(c->storage);

    if (str_eq(c->storage, tenants) || str_eq(c->storage, plans))
        map_clear(&s->weights);
    if (str_eq(c->storage, pools) || str_eq(c->storage, plans) ||
        (str_eq(c->storage, tenants) && c->type == CHANGE_MODIFIED))
        take_pools(s, now_us);
    if (str_eq(c->storage, tenants) && c->type == CHANGE_DELETED)
        take_tenant(s, c->obj->name, now_us);
    else if (str_eq(c->storage, "services"))
        services_forget(s->services, c->cluster);
    else if (str_eq(c->storage, "nodes"))
        take_node(s, c->type, c->obj, now_us);
    else if (str_eq(c->storage, NODE_OVERLAYS))
        take_overlay(s, c->cluster, c->type, c->obj, now_us);
    else if (str_eq(c->storage, "pods"))
        take_pod(s, c->cluster, c->type, c->obj, c->prev, now_us);
    else if (waker)
        take_waker(s, c, waker);
}

static void take_changes(Scheduler *s, int64_t timeout_ms)
{
    ChangeItem *items;
    size_t n = changes_take(s->inbox, timeout_ms, &items);
    int64_t now_us = clock_mono_us();

    for (size_t i = 0; i < n; i++)
        take_change(s, &items[i], now_us);
    change_items_free(items, n);
}

/* ---- what a binding comes to ---- */

static void unassume(Scheduler *s, const char *id, int64_t now_us)
{
    if (!map_get(&s->assumed, id))
        return;
    forget_assumed(s, id);
    (void)remove_pod(s, id, now_us);
}

static uint32_t plugins_that_wait_for(uint32_t event)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if (scheduler__plugins[i].pre_bind && (scheduler__plugins[i].wakes & event))
            mask |= BIT(i);
    return mask;
}

/* ---- one pod ---- */

/* Less important pods that room was made for on this node look for another. */
static void drop_lesser_nominations(Scheduler *s, const SchedPod *p, const char *node)
{
    const SchedNode *n = map_get(&s->snapshot->by_name, node);

    if (!n || n->n_nominated == 0)
        return;
    list_for_each_safe (l, &n->nominated) {
        const SchedPod *other = list_entry(l, Nominated, in_node)->pod;
        bool is_last = n->n_nominated == 1;

        if (str_eq(other->cluster, p->cluster) && other->priority < p->priority) {
            snapshot_unnominate(s->snapshot, other->id);
            if (is_last)
                return; /* and with the last one the node may go */
        }
    }
}

static Want want_of(const SchedPod *p)
{
    return (Want){.priority = p->priority,
                  .cpu_milli = p->requests.cpu_milli,
                  .memory = p->requests.memory,
                  .ephemeral = p->requests.ephemeral,
                  .is_known = p->requests.n_extra == 0};
}

static void carry_out_later(Scheduler *s, BindTask *t)
{
    bool is_slow = t->decision.question != ASK_NOTHING ||
                   (t->decision.node && extenders_bind(s->extenders, t->pod));

    binder_add(is_slow ? s->asker : s->binder, t);
}

/* What a decision means for snapshot and queue. */
static void carry_out(Scheduler *s, Waiting *w, BindTask *t)
{
    Decision *d = &t->decision;

    if (d->question != ASK_NOTHING)
        return; /* nothing yet */
    if (d->node) {
        d->node = arena_strdup(t->arena, d->node);
        snapshot_unnominate(s->snapshot, w->id);
        snapshot_add_pod(s->snapshot, TAKE(t->self), d->node);
        map_set(&s->assumed, w->id, s);
        tell_share(s, t->cluster);
        return;
    }
    w->want = want_of(t->self);
    if (d->nominated) {
        drop_lesser_nominations(s, t->self, d->nominated);
        snapshot_nominate(s->snapshot, TAKE(t->self), d->nominated);
    }
    queue_unschedulable(s->queue, w, d->rejected_by, clock_mono_us());
}

/* ---- groups: together or not at all ---- */

/* The entry of a pod that is still under way with this task; NULL: it is bound, gone or new. */
static Waiting *entry_of(Scheduler *s, const BindTask *t)
{
    Waiting *w = queue_find(s->queue, t->id);

    return w && w->serial == t->serial && w->state == WAIT_IN_FLIGHT ? w : NULL;
}

static uint32_t n_placed(const Scheduler *s, const Group *g)
{
    const char *id;
    uint32_t n = 0;

    for (size_t at = 0; map_next(&g->members, &at, &id, NULL);)
        n += snapshot_pod_node(s->snapshot, id) != NULL;
    return n;
}

/* Held pods are bound now, but those that ended meanwhile. */
static void release_group(Scheduler *s, Group *g)
{
    List held = LIST_INIT(held), *l;

    group_take_held(s->groups, g, &held);
    while ((l = list_pop(&held))) {
        BindTask *t = list_entry(l, BindTask, link);

        if (entry_of(s, t))
            carry_out_later(s, t);
        else
            bind_task_free(t);
    }
}

/* Held pods give back what they took and wait for what may help. */
static void reject_group(Scheduler *s, Group *g, uint32_t rejected_by, const char *why)
{
    List held = LIST_INIT(held), *l;
    int64_t now_us = clock_mono_us();

    if (list_is_empty(&g->held))
        return;
    group_take_held(s->groups, g, &held);
    list_for_each (k, &held) {
        const BindTask *t = list_entry(k, BindTask, link);

        if (entry_of(s, t)) {
            forget_assumed(s, t->id);
            (void)snapshot_remove_pod(s->snapshot, t->id);
        }
    }
    queue_wake(s->queue, WAKE_POD_REMOVED, NULL, now_us);
    while ((l = list_pop(&held))) {
        BindTask *t = list_entry(l, BindTask, link);
        Waiting *w = entry_of(s, t);

        if (!w) {
            bind_task_free(t);
            continue;
        }
        queue_saw_events(s->queue, w); /* the room that it gave back is no news to it */
        queue_unschedulable(s->queue, w, rejected_by, now_us);
        t->decision = (Decision){.reason = "Unschedulable", .message = arena_strdup(t->arena, why)};
        binder_add(s->binder, t);
    }
}

static void reject_late_groups(Scheduler *s, int64_t now_us)
{
    Group *g;

    while ((g = groups_next_due(s->groups, now_us))) {
        AUTO_FREE char *why =
            xasprintf("pod group \"%s\" did not get all its places in time", g->name);

        reject_group(s, g, ~0u, why);
    }
}

/* A group that has too few members is not tried at all. */
static bool lacks_members(const Scheduler *s, BindTask *t)
{
    const ProfileRows *permits = &t->profile->at[POINT_PERMIT];
    const Group *g = permits->n > 0 ? groups_of(s->groups, t->id) : NULL;

    if (!g || !group_need(s->o.lister, t->cluster, t->pod, &t->group))
        return false;
    if (g->members.n >= t->group.min)
        return false;
    t->decision =
        (Decision){.reason = "Unschedulable",
                   .message = arena_printf(t->arena, "pod group \"%s\" has %zu of %u pods", g->name,
                                           g->members.n, t->group.min),
                   .rejected_by = BIT(permits->rows[0].index)};
    return true;
}

/* The decision takes effect, or waits for the group. */
static void go_on(Scheduler *s, Waiting *w, BindTask *t)
{
    Group *g = t->group.min > 1 ? groups_of(s->groups, t->id) : NULL;

    if (g && t->decision.question == ASK_NOTHING && !t->decision.node) {
        AUTO_FREE char *why =
            xasprintf("pod group \"%s\" needs %u places at once, and there is none "
                      "for pod \"%s\"",
                      g->name, t->group.min, w->name);

        reject_group(s, g, t->decision.rejected_by, why);
        queue_saw_events(s->queue, w);
    }
    carry_out(s, w, t);
    if (g && t->decision.node && n_placed(s, g) < t->group.min) {
        group_hold(s->groups, g, &t->link, t->group.timeout_us, clock_mono_us());
        return;
    }
    if (g && t->decision.node)
        release_group(s, g);
    carry_out_later(s, t);
}

static void decide_task(Scheduler *s, BindTask *t)
{
    DecideInput in = {.snapshot = s->snapshot,
                      .lister = s->o.lister,
                      .cluster = t->cluster,
                      .pod = t->pod,
                      .self = t->self,
                      .profile = t->profile,
                      .services = s->services,
                      .asks_nodes = extenders_choose(s->extenders, t->pod),
                      .asks_victims = extenders_preempt(s->extenders, t->pod),
                      .answer = t->answer};

    t->decision = decide(t->arena, &in, &s->start);
}

static void schedule_one(Scheduler *s, Waiting *w)
{
    const Obj *o = w->obj;
    const Value *tree;
    Arena *a = NULL;
    BindTask *t;
    const char *node;

    if (!o || o->deleted_us != 0) {
        queue_remove(s->queue, w->id);
        return;
    }
    tree = queue_take_tree(s->queue, w, &a);
    t = bind_task_new(a ? a : arena_new());
    t->id = arena_strdup(t->arena, w->id);
    t->cluster = arena_strdup(t->arena, w->cluster);
    t->pod = tree ? tree : obj_to_value(t->arena, o, "Pod", "v1");
    node = value_at_str(t->pod, "spec.nodeName");
    if (node && node[0]) {
        queue_remove(s->queue, w->id); /* its change is on the way to us */
        bind_task_free(t);
        return;
    }
    t->self = sched_pod_new(w->cluster, t->pod);
    t->serial = w->serial;
    t->profile = sched_config_profile(s->o.config, value_at_str(t->pod, "spec.schedulerName"));
    if (!t->profile) {
        queue_remove(s->queue, w->id);
        bind_task_free(t);
        return;
    }
    if (!lacks_members(s, t))
        decide_task(s, t);
    go_on(s, w, t);
}

/* ---- answers of extenders ---- */

/* The task goes on its way again, or is freed. */
static void take_answer(Scheduler *s, BindTask *t, int64_t now_us)
{
    Waiting *w = entry_of(s, t);
    Decision *d = &t->decision;

    if (!w) {
        bind_task_free(t); /* bound or deleted meanwhile */
        return;
    }
    if (t->error) {
        *d = (Decision){.reason = "SchedulerError", .message = t->error};
        queue_retry(s->queue, w, now_us);
        binder_add(s->binder, t);
        return;
    }
    if (d->question == ASK_NODES) {
        decide_task(s, t);
    } else {
        d->question = ASK_NOTHING;
        preempt_choose(t->arena, d->candidates, d->n_candidates, d);
    }
    if (d->is_stale) {
        queue_retry(s->queue, w, now_us);
        bind_task_free(t);
        return;
    }
    go_on(s, w, t);
}

/* ---- results of bindings ---- */

static void take_result(Scheduler *s, BindTask *t, int64_t now_us)
{
    Waiting *w = entry_of(s, t); /* NULL as well: a new pod of the name, or on its way again */

    if (t->result == 0) {
        /* The change itself usually came first and has removed it. */
        if (w)
            queue_remove(s->queue, t->id);
        return;
    }
    unassume(s, t->id, now_us);
    if (!w)
        return;
    if (t->result == -ERR_NOT_FOUND) {
        queue_remove(s->queue, t->id);
    } else if (t->result > 0) {
        snapshot_nominate(s->snapshot, sched_pod_new(t->cluster, t->pod), t->decision.node);
        queue_unschedulable(s->queue, w, plugins_that_wait_for(WAKE_VOLUME), now_us);
    } else {
        queue_retry(s->queue, w, now_us);
    }
}

static void take_results(Scheduler *s)
{
    List results = LIST_INIT(results), *l;
    int64_t now_us = clock_mono_us();

    binder_take_results(s->binder, &results);
    if (s->asker)
        binder_take_results(s->asker, &results);
    while ((l = list_pop(&results))) {
        BindTask *t = list_entry(l, BindTask, link);

        if (t->decision.question != ASK_NOTHING) {
            take_answer(s, t, now_us);
            continue;
        }
        take_result(s, t, now_us);
        bind_task_free(t);
    }
}

/* ---- the thread ---- */

typedef struct Seed {
    Scheduler *scheduler;
    const char *storage;
} Seed;

static void on_seed(const char *cluster, const char *ns, const char *name, void *data)
{
    const Seed *seed = data;
    Scheduler *s = seed->scheduler;
    CLEANUP(obj_unref) Obj *o = NULL;
    int64_t now_us = clock_mono_us();

    if (str_eq(seed->storage, "nodes") && !str_eq(cluster, "host"))
        return;
    if (s->o.lister->get(s->o.lister, cluster, seed->storage, ns, name, &o, NULL) < 0 || !o)
        return;
    if (str_eq(seed->storage, "nodes"))
        take_node(s, CHANGE_ADDED, o, now_us);
    else if (str_eq(seed->storage, NODE_OVERLAYS))
        take_overlay(s, cluster, CHANGE_ADDED, o, now_us);
    else
        take_pod(s, cluster, CHANGE_ADDED, o, NULL, now_us);
}

static void seed_all(Scheduler *s)
{
    const char *const storages[] = {"nodes", NODE_OVERLAYS, "pods"};
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(storages); i++) {
        Seed seed = {s, storages[i]};

        while (s->o.lister->keys(s->o.lister, storages[i], on_seed, &seed, &err) < 0) {
            log_warning(&log_ctx, "cannot list what exists and tries again",
                        LOG_STR("resource", storages[i]), LOG_STR("error", err.msg));
            if (changes_is_closed(s->inbox))
                return;
            nanosleep(&(struct timespec){1, 0}, NULL);
        }
    }
}

static int64_t delay_of(const Scheduler *s, int64_t now_us)
{
    int64_t queue_ms = queue_delay_ms(s->queue, now_us);
    int64_t groups_ms = groups_delay_ms(s->groups, now_us), delay_ms = IDLE_MS;

    delay_ms = queue_ms < 0 ? delay_ms : MIN(delay_ms, queue_ms);
    return groups_ms < 0 ? delay_ms : MIN(delay_ms, groups_ms);
}

static void *run(void *data)
{
    Scheduler *s = data;

    pthread_setname_np(pthread_self(), "sched");
    crash_thread();
    seed_all(s);
    while (!changes_is_closed(s->inbox)) {
        int64_t delay_ms = delay_of(s, clock_mono_us());
        Waiting *w;

        take_changes(s, delay_ms);
        take_results(s);
        reject_late_groups(s, clock_mono_us());
        for (int i = 0; i < BATCH && (w = queue_pop(s->queue, clock_mono_us())); i++)
            schedule_one(s, w);
    }
    return NULL;
}

static void on_result(void *data)
{
    changes_wake(((Scheduler *)data)->inbox);
}

static int start_binders(Scheduler *s, Err *err)
{
    BinderOptions o = {.client = s->client,
                       .extenders = s->extenders,
                       .n_threads = s->o.n_binders ? s->o.n_binders : N_BINDERS,
                       .on_result = on_result,
                       .data = s};
    int r = binder_start(&o, &s->binder, err);

    if (r < 0 || !s->extenders)
        return r;
    o.n_threads = N_ASKERS;
    o.is_slow = true;
    return binder_start(&o, &s->asker, err);
}

int scheduler_start(const SchedulerOptions *o, Scheduler **ret, Err *err)
{
    CLEANUP(scheduler_stop) Scheduler *s = xcalloc(1, sizeof(*s));
    int r;

    s->o = *o;
    s->inbox = changes_new();
    s->snapshot = snapshot_new();
    s->groups = groups_new();
    s->services = services_new(o->lister);
    s->queue = queue_new(o->config->backoff_first_s, o->config->backoff_max_s);
    r = o->open_client("system:kube-scheduler", o->data, &s->client, err);
    r = r < 0 ? r : extenders_open(o->config, o->lister, &s->extenders, err);
    r = r < 0 ? r : start_binders(s, err);
    if (r < 0)
        return r;
    o->lister->subscribe(o->lister, on_change, s);
    if (pthread_create(&s->thread, NULL, run, s) != 0)
        return err_set(err, ERR_INTERNAL, "cannot start a thread");
    s->has_thread = true;
    *ret = TAKE(s);
    return 0;
}

void scheduler_stop(Scheduler *s)
{
    if (!s)
        return;
    if (s->o.lister && s->o.lister->unsubscribe)
        s->o.lister->unsubscribe(s->o.lister, s);
    changes_close(s->inbox);
    if (s->has_thread)
        pthread_join(s->thread, NULL);
    binder_stop(s->binder);
    binder_stop(s->asker);
    extenders_close(s->extenders);
    client_close(s->client);
    changes_free(s->inbox);
    snapshot_free(s->snapshot);
    queue_free(s->queue);
    groups_free(s->groups);
    services_free(s->services);
    map_done(&s->assumed);
    map_done(&s->weights);
    free(s);
}
