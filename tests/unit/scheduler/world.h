/*
 * world.h - what tests of decisions share: nodes, pods and other objects of one cluster, made of
 * literals.
 */
#ifndef TESTS_SCHEDULER_WORLD_H
#define TESTS_SCHEDULER_WORLD_H

#include "scheduler/decide.h"

#include "tests/unit/test.h"

enum { WORLD_OBJECTS = 16 };

typedef struct World {
    Lister lister; /* first: the functions get it back */
    Arena *a;
    Snapshot *s;
    uint32_t start;
    struct {
        const char *storage;
        Obj *obj;
    } objects[WORLD_OBJECTS]; /* what the lister answers for every cluster */
    uint32_t n_objects;
} World;

static int world_get(Lister *l, const char *cluster UNUSED, const char *storage, const char *ns,
                     const char *name, Obj **ret, Err *err UNUSED)
{
    World *w = (World *)l;

    *ret = NULL;
    for (uint32_t i = 0; i < w->n_objects; i++)
        if (str_eq(w->objects[i].storage, storage) && str_eq(w->objects[i].obj->ns, ns) &&
            str_eq(w->objects[i].obj->name, name))
            *ret = obj_ref(w->objects[i].obj);
    return 0;
}

static int world_list(Lister *l, const char *cluster UNUSED, const char *storage,
                      const char *ns UNUSED, const Selector *sel UNUSED,
                      void (*fn)(Obj *o, void *data), void *data, Err *err UNUSED)
{
    World *w = (World *)l;

    for (uint32_t i = 0; i < w->n_objects; i++)
        if (str_eq(w->objects[i].storage, storage))
            fn(w->objects[i].obj, data);
    return 0;
}

static World world(void)
{
    return (World){
        .lister = {.get = world_get, .list = world_list}, .a = arena_new(), .s = snapshot_new()};
}

static void end(World *w)
{
    for (uint32_t i = 0; i < w->n_objects; i++)
        obj_unref(w->objects[i].obj);
    snapshot_free(w->s);
    arena_free(w->a);
}

UNUSED static void object(World *w, const char *storage, const char *json)
{
    Value *v = value_literal(w->a, json);

    assert_true(w->n_objects < WORLD_OBJECTS);
    w->objects[w->n_objects].storage = storage;
    assert_ok(obj_from_value(v, 7, &w->objects[w->n_objects].obj, NULL));
    w->n_objects++;
}

UNUSED static void node(World *w, const char *name, const char *cpu, const char *extra)
{
    Value *v = value_literal(w->a, extra ? extra : "{}");

    value_set_str(w->a, value_need(w->a, v, "metadata"), "name", name);
    value_set_at(w->a, v, "status.allocatable",
                 value_literal(w->a, "{'memory':'8Gi','pods':'4','ephemeral-storage':'10Gi'}"));
    value_set_at(w->a, v, "status.allocatable.cpu", value_str(w->a, cpu));
    snapshot_set_node(w->s, name, v);
}

/* A pod "p" of namespace "d" with one container. */
UNUSED static Value *pod(World *w, const char *cpu, const char *spec)
{
    Value *v = value_literal(w->a, "{'metadata':{'name':'p','namespace':'d','uid':'u'}}");

    value_set(w->a, v, "spec", value_literal(w->a, spec ? spec : "{}"));
    value_set_at(w->a, v, "spec.containers",
                 value_literal(w->a, "[{'resources':{'requests':{}}}]"));
    value_set_str(w->a, value_at(v, "spec.containers.0.resources.requests"), "cpu", cpu);
    return v;
}

/* The pod, under another name, takes its share of the node. */
UNUSED static void put(World *w, const char *cluster, const char *name, const Value *p,
                       const char *on)
{
    Value *v = value_copy(w->a, p);

    value_set_at(w->a, v, "metadata.name", value_str(w->a, name));
    value_set_at(w->a, v, "metadata.uid", value_str(w->a, name));
    snapshot_add_pod(w->s, sched_pod_new(cluster, v), on);
}

UNUSED static Value *labelled(World *w, Value *p, const char *labels)
{
    value_set_at(w->a, p, "metadata.labels", value_literal(w->a, labels));
    return p;
}

UNUSED static Decision go(World *w, const Value *p)
{
    CLEANUP(sched_pod_free) SchedPod *self = sched_pod_new("acme", p);
    DecideInput in = {
        .snapshot = w->s, .lister = &w->lister, .cluster = "acme", .pod = p, .self = self};

    return decide(w->a, &in, &w->start);
}

#endif
