/* What comes to the new place, and as what. */
#include "vcluster/tenants/move_int.h"

enum { LATE_REVISIONS = 1000 };

static bool is_made_by_controllers(const Resource *r, const Obj *o)
{
    const char *by = obj_label(o, "endpointslice.kubernetes.io/managed-by");

    if (str_eq(r->storage, "discovery/endpointslices"))
        return str_eq(by, "endpointslice-controller.k8s.io") ||
               str_eq(by, "endpointslicemirroring-controller.k8s.io");
    return str_eq(r->storage, "endpoints") && obj_controller_uid(o);
}

/* Endpoints of a service with a selector are found anew. */
static int is_found_anew(Move *m, const Resource *r, const Obj *o, bool *ret)
{
    Cache *k = NULL;
    Obj *service;
    int s = STEP_OK;

    *ret = is_made_by_controllers(r, o);
    if (*ret || !str_eq(r->storage, "endpoints"))
        return STEP_OK;
    s = engine_cache(m->req, m->from, "services", &k);
    service = s ? NULL : engine_keep(m->req, cache_get(k, o->ns, o->name));
    *ret = service && value_len(value_at(obj_to_value(m->req->arena, service, NULL, NULL),
                                         "spec.selector")) > 0;
    return s;
}

/* Addresses and ports that are somebody's there already are given anew. */
static int copy_service(Move *m, const Resource *r, Obj *o, Value *v)
{
    Arena *a = m->req->arena;
    Value *status = value_get(v, "status");
    Op op = {.r = r,
             .verb = "CREATE",
             .ns = o->ns,
             .name = o->name,
             .obj = v,
             .was = {.expect = EXPECT_ABSENT}};
    int s = service_free_taken(m->req, v);

    if (!s)
        s = service_create(m->req, &op);
    if (!s && status)
        value_set(a, v, "status", status);
    return s;
}

static void copy_namespace(Move *m, Value *v)
{
    Arena *a = m->req->arena;
    Value *labels = value_need(a, v, "metadata.labels");

    value_del(labels, SPACE_TENANT_LABEL);
    value_del(labels, SPACE_UID_LABEL);
    if (m->to_spaces) {
        value_set_str(a, labels, SPACE_TENANT_LABEL, m->home->name);
        value_set_str(a, labels, SPACE_UID_LABEL, m->home->uid);
    }
}

/* The object as it is to be there; NULL: as it is. */
static int changed_copy(Move *m, const Resource *r, Obj *o, Value *v, Value **ret)
{
    *ret = v;
    if (str_eq(r->storage, "namespaces"))
        copy_namespace(m, v);
    else if (str_eq(r->storage, "services"))
        return copy_service(m, r, o, v);
    else
        *ret = NULL;
    return STEP_OK;
}

static int put_copy(Move *m, const Resource *r, Obj *o, const Stored *was)
{
    Request *req = m->req;
    Value *v = r->crd ? NULL : object_tree(req->arena, r, o), *changed = NULL;
    int s = STEP_OK;

    req->cluster = m->to;
    if (v) {
        value_del(value_get(v, "metadata"), "resourceVersion");
        s = changed_copy(m, r, o, v, &changed);
    }
    if (!s && changed)
        s = engine_put_tree(req, m->to, r, changed, was);
    else if (!s)
        engine_put(req, r->storage, o->ns, o->name, was, o);
    if (s)
        return s;
    m->n_written++;
    return v ? move__charge(m, r, o->ns, NULL, v) : STEP_OK;
}

static int copy_one(Move *m, const Resource *r, Obj *o, void *data UNUSED)
{
    Stored was = {.expect = EXPECT_ABSENT};
    bool is_left =
        str_eq(r->storage, "events") || (str_eq(r->storage, "pods") && !move__is_over(m, o));
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, r->storage, &k);

    if (s || is_left || engine_keep(m->req, cache_get(k, o->ns, o->name))) /* of a step before */
        return s;
    s = is_found_anew(m, r, o, &is_left);
    return s || is_left ? s : put_copy(m, r, engine_keep(m->req, obj_ref(o)), &was);
}

static int copy_spaces(Move *m)
{
    const Resource *r = resource_find_storage("namespaces");
    int s = STEP_OK;

    for (size_t i = 0; !s && i < m->n_spaces; i++)
        s = copy_one(m, r, m->spaces[i], NULL);
    return s;
}

/* In a shared cluster the names are taken all at once, before anything goes into them. Whoever had
 * one first, since the move was looked at, keeps it, and the move is given up. */
static int find_lost(Move *m, bool *ret)
{
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, "namespaces", &k);

    for (size_t i = 0; !s && i < m->n_spaces && !*ret; i++) {
        Obj *there = engine_keep(m->req, cache_get(k, "", m->spaces[i]->name));

        *ret = there && !str_eq(obj_label(there, SPACE_UID_LABEL), m->home->uid);
    }
    return s;
}

/* What the namespaces' objects cannot be without, and the shared cluster has for all. */
static int copy_wide_one(Move *m, const Resource *r, const char *name)
{
    Stored source, was;
    int s = read_get(m->req, m->from, r->storage, "", name, &source);

    if (!s && source.obj && source.expect > 0)
        s = read_get(m->req, m->to, r->storage, "", name, &was);
    if (s || !source.obj || source.expect <= 0 || was.obj)
        return s;
    return put_copy(m, r, source.obj, &was);
}

static int copy_definitions(Move *m)
{
    const Resource *r = resource_find_storage("apiextensions/customresourcedefinitions");
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < m->n_kinds; i++) {
        const Resource *kind = m->kinds[i];
        bool is_used;

        if (!kind->crd)
            continue;
        s = move__is_used(m, kind, &is_used);
        if (!s && is_used)
            s = copy_wide_one(m, r,
                              arena_printf(m->req->arena, "%s.%s", kind->plural, kind->group));
    }
    return s;
}

/* Classes that the tenant could read, and its objects may name. */
static int copy_classes(Move *m)
{
    static const char *const classes[] = {
        "storage/storageclasses",    "storage/volumeattributesclasses",
        "networking/ingressclasses", "scheduling/priorityclasses",
        "node/runtimeclasses",       "resource/deviceclasses"};
    int s = STEP_OK;

    for (size_t i = 0; !s && i < ARRAY_LEN(classes); i++) {
        const Resource *r = resource_find_storage(classes[i]);
        AUTO_OBJVEC v = {0};

        if (r)
            s = move__list(m, m->from, r->storage, NULL, &v);
        for (size_t j = 0; !s && j < v.n; j++)
            s = copy_wide_one(m, r, v.items[j]->name);
    }
    return s;
}

/* From here on the copies are the objects. Versions that clients have are of the shared cluster, or
 * shall be: in the tenant's own they go on behind those, and behind what is written there in this
 * moment. */
static int switch_over(Move *m)
{
    m->since = atomic_load(&m->shared->revision) + (m->to_spaces ? 0 : LATE_REVISIONS);
    return move__set_stage(m, move_switch);
}

int move__copy(Move *m)
{
    bool is_lost = false;
    int s;

    m->req->state->is_copy = true;
    s = m->to_spaces ? find_lost(m, &is_lost) : copy_definitions(m);

    if (!s && !m->to_spaces)
        s = copy_classes(m);
    if (!s && !is_lost)
        s = copy_spaces(m);
    if (!s && m->to_spaces && m->n_written == 0) /* all are there: whose are they? */
        s = find_lost(m, &is_lost);
    if (!s && is_lost)
        return move__set_stage(m, move_abandon);
    if (!s && m->n_written == 0) /* whose they are is known by their namespaces */
        s = move__each(m, copy_one, NULL);
    if (s)
        return s;
    return m->n_written > 0 ? move__commit(m, "Copying", "objects are copied") : switch_over(m);
}
