/* What is left at the old place: pods until they are replaced, then the rest. */
#include "vcluster/tenants/move_int.h"

#include "base/clock.h"
#include "vcluster/nodeports.h"
#include "vcluster/tenants/move_pods.h"

enum {
    GRACE_MAX_S = 600,           /* for a pod that is replaced, whatever it asks for */
    GONE_AFTER_US = 60 * 1000000 /* a pod whose node does not end it */
};

typedef struct Pods {
    Obj **objs;
    MovedPod *items;
    uint32_t n, cap, n_old;
} Pods;

/* How many pods the controller is to have, as the copy of it says. */
static int wanted_by(Move *m, const char *kind, const char *ns, const char *name, int64_t *ret)
{
    static const char *const kinds[][3] = {
        {"ReplicaSet", "apps/replicasets", "spec.replicas"},
        {"StatefulSet", "apps/statefulsets", "spec.replicas"},
        {"ReplicationController", "replicationcontrollers", "spec.replicas"},
        {"DaemonSet", "apps/daemonsets", "status.desiredNumberScheduled"},
        {"Job", "batch/jobs", "spec.parallelism"}};
    int s = STEP_OK;

    *ret = -1;
    for (size_t i = 0; !s && i < ARRAY_LEN(kinds); i++) {
        Cache *k = NULL;
        Obj *o;

        if (!str_eq(kinds[i][0], kind))
            continue;
        s = engine_cache(m->req, m->to, kinds[i][1], &k);
        o = s ? NULL : engine_keep(m->req, cache_get(k, ns, name));
        if (o)
            *ret = value_at_int(obj_to_value(m->req->arena, o, NULL, NULL), kinds[i][2], 1);
    }
    return s;
}

static int add_pod(Move *m, Pods *p, Obj *o, bool is_old)
{
    Arena *a = m->req->arena;
    const Value *v = obj_to_value(a, o, NULL, NULL), *ref, *mine = NULL;
    uint32_t cap = p->cap;
    MovedPod pod = {.owner = o->uid, .want = 0, .is_old = is_old};
    int s = STEP_OK;

    if (move__is_over(m, o))
        return STEP_OK;
    value_each_item(value_at(v, "metadata.ownerReferences"), i, ref)
    {
        if (value_at_bool(ref, "controller"))
            mine = ref;
    }
    if (mine) {
        pod.owner = value_get_str(mine, "uid");
        s = wanted_by(m, value_get_str(mine, "kind"), o->ns, value_at_text(mine, "name"),
                      &pod.want);
    }
    pod.is_leaving = o->deleted_us != 0;
    pod.is_ready = vc_pod_is_ready(v);
    pod.has_node = value_at_text(v, "spec.nodeName")[0];
    (void)clock_from_rfc3339(slice_of(value_at_text(v, "metadata.creationTimestamp")),
                             &pod.created_us);
    ARENA_GROW(a, p->objs, p->n, p->cap, 32);
    ARENA_GROW(a, p->items, p->n, cap, 32);
    p->objs[p->n] = o;
    p->items[p->n++] = pod;
    p->n_old += is_old;
    return s;
}

static int add_old(Move *m, const Resource *r UNUSED, Obj *o, void *data)
{
    return add_pod(m, data, engine_keep(m->req, obj_ref(o)), true);
}

static int find_pods(Move *m, Pods *p)
{
    int s = move__each_of(m, resource_find_storage("pods"), add_old, p);

    for (size_t i = 0; !s && p->n_old > 0 && i < m->n_spaces; i++) {
        AUTO_OBJVEC v = {0};

        s = move__list(m, m->to, "pods", m->spaces[i]->name, &v);
        for (size_t j = 0; !s && j < v.n; j++)
            s = add_pod(m, p, engine_keep(m->req, obj_ref(v.items[j])), false);
    }
    return s;
}

/* A pod is marked: what is answered is the step all the same. */
static int finish_pod(Request *req, void *data UNUSED)
{
    static const MoveReport ended = {"Clearing", "a pod is ended", 1};

    return move__finish(req, (void *)&ended);
}

/* With the grace that it asks for, within bounds. */
static int end_pod(Move *m, Obj *o)
{
    Request *req = m->req;
    Value *options = value_object(req->arena);
    const Resource *r = resource_find_storage("pods");
    Op op = {.r = r,
             .ns = o->ns,
             .name = o->name,
             .was = {.obj = o, .expect = o->revision},
             .old = object_tree(req->arena, r, o),
             .is_system = true};

    if (value_at_int(op.old, "spec.terminationGracePeriodSeconds", 0) > GRACE_MAX_S)
        value_set_int(req->arena, options, "gracePeriodSeconds", GRACE_MAX_S);
    req->cluster = m->from;
    return delete_for(req, &op, options, NULL, finish_pod);
}

/* What was told of the objects comes behind them, as nobody waits for it. */
static int take_event(Move *m, const Resource *r, Obj *o, const Value *v)
{
    Request *req = m->req;
    Stored there, space;
    int s = read_get(req, m->to, r->storage, o->ns, o->name, &there);

    if (!s)
        s = read_get(req, m->to, "namespaces", "", o->ns, &space);
    if (s || there.obj || !space.obj)
        return s;
    req->cluster = m->to;
    engine_put(req, r->storage, o->ns, o->name, &there, o);
    return move__charge(m, r, o->ns, NULL, v);
}

static int remove_one(Move *m, const Resource *r, Obj *o, void *data UNUSED)
{
    Request *req = m->req;
    Stored was = {.obj = engine_keep(req, obj_ref(o)), .expect = o->revision};
    Value *v = r->crd ? NULL : object_tree(req->arena, r, o);
    int s = STEP_OK;

    req->cluster = m->from;
    engine_delete(req, r->storage, &was);
    m->n_written++;
    if (str_eq(r->storage, "services")) {
        Op op = {.r = r, .verb = "DELETE", .ns = o->ns, .name = o->name, .was = was, .old = v};

        s = service_delete(req, &op);
    }
    if (!s && v)
        s = move__charge(m, r, o->ns, v, NULL);
    return !s && v && m->takes_events && str_eq(r->storage, "events") ? take_event(m, r, was.obj, v)
                                                                      : s;
}

static int clear_pods(Move *m, const Pods *p)
{
    int64_t since_us = 0, now_us = m->req->state->now_us;
    int next;

    (void)clock_from_rfc3339(slice_of(value_at_text(m->op.old, "status.move.since")), &since_us);
    next = move_next_pod(p->items, p->n, since_us, now_us);
    if (next != MOVE_WAITS)
        return end_pod(m, p->objs[next]);
    for (uint32_t i = 0; i < p->n; i++)
        if (p->items[i].is_old && p->items[i].is_leaving &&
            p->objs[i]->deleted_us + GONE_AFTER_US < now_us) {
            const Resource *r = resource_find_storage("pods");
            int s = remove_one(m, r, p->objs[i], NULL); /* its node is gone */

            return s ? s : move__commit(m, "Clearing", "a pod is removed");
        }
    return move__report(m, "Replacing",
                        arena_printf(m->req->arena, "%u pods are still to be replaced", p->n_old),
                        p->n_old);
}

/* Definitions and classes that the shared cluster has, too. */
static int remove_wide(Move *m)
{
    ResourceSet set;
    int s = move__switch_definitions(m, m->from);

    if (s)
        return s;
    set = vc_resources(m->req);
    for (size_t i = 0; !s && i < set.n; i++) {
        const Resource *r = set.items[i];
        AUTO_OBJVEC v = {0};

        if (!move__is_wide(r))
            continue;
        s = move__list(m, m->from, r->storage, NULL, &v);
        for (size_t j = 0; !s && j < v.n && m->n_written < MOVE_WRITES_A_STEP; j++)
            if (!base_has(m->from, r->storage, "", v.items[j]->name))
                s = remove_one(m, r, v.items[j], NULL);
    }
    return s;
}

/* Towards the outside of the nodes a number is the first one's that wrote it: now it is free. */
static int take_outside(Move *m)
{
    const Resource *r = resource_find_storage("services");
    AUTO_OBJVEC all = {0};
    int s = move__list(m, m->to, "services", NULL, &all);

    m->req->cluster = m->to;
    for (size_t i = 0; !s && i < all.n; i++) {
        Obj *o = engine_keep(m->req, obj_ref(all.items[i]));
        Op op = {.r = r, .verb = "UPDATE", .ns = o->ns, .name = o->name};

        if (!spaces_is_own_name(m->home->name, o->ns) && m->to_spaces)
            continue;
        op.obj = object_tree(m->req->arena, r, o);
        s = nodeports_follow(m->req, &op, NULL, op.obj);
    }
    return s;
}

#define LEFT_ANNOTATION "tenancy.hostplane.io/moved-to"

/* Tokens that the shared cluster gave to accounts of the namespace are known by it to be of the
 * tenant's own, until it comes back. */
static int note_moved(Move *m, const char *ns)
{
    Request *req = m->req;
    Value *v = value_object(req->arena);
    Stored was;
    int s = read_get(req, m->shared, MOVED_SPACES, "", ns, &was);

    if (s)
        return s;
    req->cluster = m->shared;
    if (m->from == m->home) {
        if (was.obj)
            engine_delete(req, MOVED_SPACES, &was);
        return STEP_OK;
    }
    value_set_at(req->arena, v, "metadata.name", value_str(req->arena, ns));
    value_set_str(req->arena, v, "tenant", m->home->name);
    value_set_str(req->arena, v, "tenantUid", m->home->uid);
    engine_put(req, MOVED_SPACES, "", ns, &was, engine_obj(req, v));
    return STEP_OK;
}

/* So that whoever watches the tenant's namespaces there looks up, and ends. */
static int mark_left(Move *m, const Resource *spaces)
{
    Request *req = m->req;

    for (size_t i = 0; i < m->n_spaces; i++) {
        Obj *o = m->spaces[i];
        Value *v = object_tree(req->arena, spaces, o);
        Value *notes = value_need(req->arena, v, "metadata.annotations");
        Stored was = {.obj = o, .expect = o->revision};
        int s;

        if (value_get(notes, LEFT_ANNOTATION))
            continue;
        value_set_str(req->arena, notes, LEFT_ANNOTATION, m->to->name);
        value_del(value_get(v, "metadata"), "resourceVersion");
        req->cluster = m->from;
        s = engine_put_tree(req, req->cluster, spaces, v, &was);
        if (!s)
            s = note_moved(m, o->name);
        if (s)
            return s;
        m->n_written++;
    }
    return STEP_OK;
}

/* What is left in the place is removed: the objects, and then the namespaces. */
static int remove_all(Move *m)
{
    const Resource *spaces = resource_find_storage("namespaces");
    int s = move__each(m, remove_one, NULL);

    for (size_t i = 0; !s && m->n_written < MOVE_WRITES_A_STEP && i < m->n_spaces; i++)
        s = remove_one(m, spaces, m->spaces[i], NULL);
    if (!s && m->from == m->home && m->n_written == 0)
        s = remove_wide(m);
    return s;
}

int move__return(Move *m)
{
    int s = remove_all(m);

    if (s)
        return s;
    return m->n_written > 0 ? move__commit(m, "Returning", "copies are removed")
                            : move__set_stage(m, move_return);
}

int move__clear(Move *m)
{
    const Resource *spaces = resource_find_storage("namespaces");
    Pods pods = {0};
    int s = mark_left(m, spaces);

    if (!s && m->n_written > 0)
        return move__commit(m, "Clearing", "watches end");
    if (!s && m->to_spaces) /* what they grant counts in the tenant's own cluster all the time */
        s = move__each_of(m, resource_find_storage("rbac/rolebindings"), remove_one, NULL);
    if (!s && m->n_written > 0)
        return move__commit(m, "Clearing", "bindings that were moved are removed");
    if (!s)
        s = find_pods(m, &pods);
    if (s)
        return s;
    if (pods.n_old > 0)
        return clear_pods(m, &pods);
    m->takes_events = true;
    s = remove_all(m);
    if (s)
        return s;
    if (m->n_written > 0)
        return move__commit(m, "Clearing", "what was left is removed");
    s = take_outside(m);
    return s ? s : move__set_stage(m, move_end);
}
