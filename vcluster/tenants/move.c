/*
 * move.c - a tenant goes from namespaces of a shared cluster to a cluster of its own, or the other
 * way, while it is in use.
 *
 * The controller asks for one step after the other (POST tenants/NAME/move). Each is one
 * transaction, and which is next is read from what is stored: whoever asks, however often, and
 * whenever a server dies in between, the move goes on where it was. What holds:
 *
 *   1. While objects are copied nobody else writes them: the tenant's cluster is CLUSTER_MOVING,
 *      and a write into its namespaces charges it, so the store refuses both, exactly. They can be
 *      read all the time. The stages are those of tenancy/move.h.
 *   2. Objects stay what they are: uid, times, managers, status. Only what would mean another thing
 *      at the new place is made anew: an address or port of a service that is taken there, the
 *      token in a service account's Secret, the labels that say whose a namespace is.
 *   3. The tenant's own cluster keeps its credentials, cluster roles and bindings in both modes, so
 *      these and the address stay. Watches end with 410 when the objects have changed places.
 *   4. Pods do not go along: the controllers at the new place make theirs, and those at the old one
 *      are ended as these become ready (move_pods.h).
 *   5. What cannot be moved is told before anything is done.
 */
#include "tenancy/move.h"
#include "api/crd.h"
#include "base/clock.h"
#include "base/err.h"
#include "vcluster/admission.h"
#include "vcluster/crds.h"
#include "vcluster/host.h"
#include "vcluster/nodeports.h"
#include "vcluster/spaces.h"
#include "vcluster/tenants/move_pods.h"

enum {
    WRITES_A_STEP = 100,
    MAX_TOLD = 10,               /* of what stands in the way */
    GRACE_MAX_S = 600,           /* for a pod that is replaced, whatever it asks for */
    GONE_AFTER_US = 60 * 1000000 /* a pod whose node does not end it */
};

typedef struct Report {
    const char *stage, *message;
    int64_t count;
} Report;

typedef struct Move {
    Request *req;
    Op op; /* of the Tenant */
    Cluster *home, *shared, *from, *to;
    bool to_spaces;
    const Resource **kinds; /* namespaced ones of `from`, each once */
    uint32_t n_kinds;
    Obj **spaces; /* the namespaces that are moved, as they are in `from` */
    size_t n_spaces;
    int64_t n_written;
    Report report;
} Move;

/* ---- answers ---- */

static int finish_step(Request *req, void *data)
{
    const Report *r = data;
    Arena *a = req->arena;
    Value *v = value_object(a);

    value_set_str(a, v, "kind", "TenantMove");
    value_set_str(a, v, "apiVersion", HOST_GROUP "/v1");
    value_set_at(a, v, "metadata.name", value_str(a, req->state->route.name));
    value_set_at(a, v, "status.stage", value_str(a, r->stage));
    value_set_at(a, v, "status.message", value_str(a, r->message));
    value_set_at(a, v, "status.count", value_int(a, r->count));
    return reply_json(req, 201, v);
}

/* A pod is marked: what is answered is the step all the same. */
static int finish_pod(Request *req, void *data UNUSED)
{
    static const Report ended = {"Clearing", "a pod is ended", 1};

    return finish_step(req, (void *)&ended);
}

static int report(Move *m, const char *stage, const char *message, int64_t count)
{
    Report r = {stage, message, count};

    m->report = r;
    return finish_step(m->req, &m->report);
}

static int commit(Move *m, const char *stage, const char *message)
{
    m->report = (Report){stage, message, m->n_written};
    m->req->cluster = m->req->state->entry;
    return engine_commit(m->req, finish_step, &m->report);
}

/* ---- what there is ---- */

static const char *text_at(const Value *v, const char *path)
{
    const char *s = value_at_str(v, path);

    return s ? s : "";
}

/* Those of a shared cluster are the tenant's by their labels, those of its own by their names. */
static bool is_moved(const Move *m, const Obj *ns)
{
    const char *uid = obj_label(ns, SPACE_UID_LABEL);

    return m->to_spaces ? spaces_is_own_name(m->home->name, ns->name)
                        : uid && strcmp(uid, m->home->uid) == 0;
}

static int find_spaces(Move *m)
{
    AUTO_OBJVEC all = {0};
    CacheScan scan = {0};
    int64_t ignored;
    Cache *k = NULL;
    int s = engine_cache(m->req, m->from, "namespaces", &k);

    if (s)
        return s;
    (void)cache_list(k, &scan, &all, &ignored);
    m->spaces = arena_array(m->req->arena, Obj *, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        if (is_moved(m, all.items[i]))
            m->spaces[m->n_spaces++] = engine_keep(m->req, obj_ref(all.items[i]));
    return STEP_OK;
}

static bool has_kind(const Move *m, const char *storage)
{
    for (uint32_t i = 0; i < m->n_kinds; i++)
        if (str_eq(m->kinds[i]->storage, storage))
            return true;
    return false;
}

static bool is_stored(const Resource *r)
{
    return r->storage && !r->is_review && (r->verbs & BIT(VERB_LIST)) &&
           (r->verbs & BIT(VERB_CREATE));
}

static int find_kinds(Move *m)
{
    ResourceSet set;
    int s;

    m->req->cluster = m->from;
    s = crds_need(m->req);
    if (s)
        return s;
    set = vc_resources(m->req);
    m->kinds = arena_array(m->req->arena, const Resource *, set.n + 1);
    for (size_t i = 0; i < set.n; i++)
        if (set.items[i]->is_namespaced && is_stored(set.items[i]) &&
            !has_kind(m, set.items[i]->storage))
            m->kinds[m->n_kinds++] = set.items[i];
    return STEP_OK;
}

/* Walks what is in the moved namespaces. `fn` answers a step. */
typedef int (*EachFn)(Move *m, const Resource *r, Obj *o, void *data);

static int each_in(Move *m, const Resource *r, const char *ns, EachFn fn, void *data)
{
    AUTO_OBJVEC v = {0};
    CacheScan scan = {.ns = ns};
    int64_t ignored;
    Cache *k = NULL;
    int s = engine_cache(m->req, m->from, r->storage, &k);

    if (s)
        return s;
    (void)cache_list(k, &scan, &v, &ignored);
    for (size_t i = 0; !s && i < v.n && m->n_written < WRITES_A_STEP; i++)
        s = fn(m, r, engine_keep(m->req, obj_ref(v.items[i])), data);
    return s;
}

static int each_of(Move *m, const Resource *r, EachFn fn, void *data)
{
    int s = STEP_OK;

    for (size_t i = 0; !s && i < m->n_spaces; i++)
        s = each_in(m, r, m->spaces[i]->name, fn, data);
    return s;
}

static int each(Move *m, EachFn fn, void *data)
{
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < m->n_kinds; i++)
        s = each_of(m, m->kinds[i], fn, data);
    return s;
}

static int prepare(Move *m)
{
    Request *req = m->req;
    const Value *tenant = m->op.old;
    const char *space = move_beside(tenant);
    int s;

    if (!space)
        space = move_space(tenant);
    if (!space)
        space = text_at(tenant, "spec.cluster");
    m->to_spaces =
        str_eq(move_stage(tenant) == MOVE_NONE ? text_at(tenant, "spec.isolation")
                                               : text_at(tenant, "status.move.isolation"),
               "namespace");
    m->home = host_cluster_named(req, m->op.name);
    m->shared = host_cluster_named(req, space);
    if (!m->home || !m->shared)
        return fail_unavailable(req, "the cluster of the tenant's namespaces is not there");
    m->from = m->to_spaces ? m->home : m->shared;
    m->to = m->to_spaces ? m->shared : m->home;
    s = find_kinds(m);
    return s ? s : find_spaces(m);
}

static bool is_over(Move *m, const Obj *pod)
{
    const char *phase;

    return obj_scan_str(pod, "status.phase", m->req->arena, &phase) &&
           (str_eq(phase, "Succeeded") || str_eq(phase, "Failed"));
}

static const char *controller_of(Move *m, const Obj *o, const char **ret_kind)
{
    const Value *refs =
        value_at(obj_to_value(m->req->arena, o, NULL, NULL), "metadata.ownerReferences");
    const Value *v;

    value_each_item(refs, i, v)
    {
        if (value_at_bool(v, "controller")) {
            *ret_kind = value_get_str(v, "kind");
            return value_get_str(v, "uid");
        }
    }
    return NULL;
}

/* ---- what stands in the way ---- */

typedef struct Obstacles {
    const char *told[MAX_TOLD];
    int64_t n;
} Obstacles;

static void obstacle(Obstacles *o, const char *text)
{
    if (o->n < MAX_TOLD)
        o->told[o->n] = text;
    o->n++;
}

static const char *obstacles_text(Arena *a, const Obstacles *o)
{
    const char *text = "";

    for (int64_t i = 0; i < o->n && i < MAX_TOLD; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? "; " : "", o->told[i]);
    return o->n > MAX_TOLD
               ? arena_printf(a, "%s; and %lld more", text, (long long)(o->n - MAX_TOLD))
               : text;
}

static bool is_to_be_moved(const Move *m, const char *ns)
{
    for (size_t i = 0; i < m->n_spaces; i++)
        if (str_eq(m->spaces[i]->name, ns))
            return true;
    return false;
}

/* What a binding names must be the same there: roles of the shared cluster and accounts in its
 * namespaces are others. */
static void look_at_binding(Move *m, const Obj *o, Obstacles *all)
{
    Arena *a = m->req->arena;
    const Value *v = obj_to_value(a, o, NULL, NULL), *subject;
    const char *role = text_at(v, "roleRef.name");

    if (str_eq(text_at(v, "roleRef.kind"), "ClusterRole") &&
        !(base_has(m->from, "rbac/clusterroles", "", role) &&
          base_has(m->to, "rbac/clusterroles", "", role)))
        obstacle(all, arena_printf(a, "rolebinding %s/%s names clusterrole %s of the tenant's own",
                                   o->ns, o->name, role));
    value_each_item(value_get(v, "subjects"), i, subject)
    {
        if (str_eq(value_get_str(subject, "kind"), "ServiceAccount") &&
            !is_to_be_moved(m, text_at(subject, "namespace")))
            obstacle(all,
                     arena_printf(a, "rolebinding %s/%s names a serviceaccount in namespace %s",
                                  o->ns, o->name, text_at(subject, "namespace")));
    }
}

static int look_at_object(Move *m, const Resource *r, Obj *o, void *data)
{
    Obstacles *all = data;
    const char *volume, *kind;

    if (str_eq(r->storage, "persistentvolumeclaims") &&
        obj_scan_str(o, "spec.volumeName", m->req->arena, &volume) && volume[0])
        obstacle(all, arena_printf(m->req->arena,
                                   "persistentvolumeclaim %s/%s has a volume, which would stay "
                                   "behind",
                                   o->ns, o->name));
    if (str_eq(r->storage, "pods") && !is_over(m, o) && o->deleted_us == 0 &&
        !controller_of(m, o, &kind))
        obstacle(all,
                 arena_printf(m->req->arena, "pod %s/%s has no controller that would replace it",
                              o->ns, o->name));
    if (m->to_spaces && str_eq(r->storage, "rbac/rolebindings"))
        look_at_binding(m, o, all);
    return STEP_OK;
}

static int look_at_spaces(Move *m, Obstacles *all)
{
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, "namespaces", &k);

    for (size_t i = 0; !s && i < m->n_spaces; i++) {
        if (m->spaces[i]->deleted_us)
            obstacle(all, arena_printf(m->req->arena, "namespace %s is being deleted",
                                       m->spaces[i]->name));
        if (engine_keep(m->req, cache_get(k, "", m->spaces[i]->name)))
            obstacle(all, arena_printf(m->req->arena, "namespace %s is there already",
                                       m->spaces[i]->name));
    }
    return s;
}

/* What every namespace has, and what a server says of itself. */
static bool is_everywhere(const Obj *o, const char *storage)
{
    static const char *const told[] = {"events", "coordination/leases", "endpoints",
                                       "discovery/endpointslices"};

    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        if (str_eq(storage, told[i]))
            return true;
    return (str_eq(storage, "configmaps") && str_eq(o->name, "kube-root-ca.crt")) ||
           (str_eq(storage, "serviceaccounts") && str_eq(o->name, "default"));
}

/* What of the tenant's own cluster is in no namespace that can be moved. */
static int look_at_rest(Move *m, const Resource *r, Obstacles *all)
{
    AUTO_OBJVEC v = {0};
    CacheScan scan = {0};
    int64_t ignored;
    Cache *k = NULL, *there = NULL;
    int s = engine_cache(m->req, m->from, r->storage, &k);

    if (!s && !r->is_namespaced)
        s = engine_cache(m->req, m->to, r->storage, &there);
    if (s)
        return s;
    (void)cache_list(k, &scan, &v, &ignored);
    for (size_t i = 0; i < v.n; i++) {
        const Obj *o = v.items[i];

        if (base_has(m->from, r->storage, o->ns, o->name))
            continue;
        if (r->is_namespaced && !spaces_is_own_name(m->home->name, o->ns) &&
            !is_everywhere(o, r->storage))
            obstacle(all, arena_printf(
                              m->req->arena,
                              "%s %s/%s is in a namespace that is not named \"%s\" or \"%s-...\"",
                              r->singular, o->ns, o->name, m->home->name, m->home->name));
        if (!r->is_namespaced && !engine_keep(m->req, cache_get(there, "", o->name)))
            obstacle(all, arena_printf(m->req->arena, "%s %s has no place in namespaces",
                                       r->singular, o->name));
    }
    return STEP_OK;
}

/* Of cluster scope, but not what the tenant's own cluster keeps in both modes. */
static bool is_wide(const Resource *r)
{
    static const char *const made[] = {"nodes", "namespaces", "apiregistration/apiservices"};

    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        if (str_eq(r->storage, made[i]))
            return false;
    return !r->is_namespaced && is_stored(r) && !spaces_is_home(r) &&
           !str_eq(r->group, "flowcontrol.apiserver.k8s.io");
}

static int look_at_cluster(Move *m, Obstacles *all)
{
    ResourceSet set = vc_resources(m->req);
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < m->n_kinds; i++)
        s = look_at_rest(m, m->kinds[i], all);
    for (size_t i = 0; !s && i < set.n; i++)
        if (is_wide(set.items[i]))
            s = look_at_rest(m, set.items[i], all);
    return s;
}

static int note_any(Move *m UNUSED, const Resource *r UNUSED, Obj *o UNUSED, void *data)
{
    *(bool *)data = true;
    return STEP_OK;
}

static int switch_definitions(Move *m, Cluster *c)
{
    m->req->cluster = c;
    m->req->state->crds = NULL;
    return crds_need(m->req);
}

static bool is_same_there(Move *m, const Resource *r)
{
    const Resource *there = crds_find(m->req, r->group, r->version, r->plural);

    return there && there->is_namespaced && str_eq(there->storage, r->storage) &&
           there->crd->schema == r->crd->schema && /* shared by all that say the same */
           str_eq(there->crd->storage->version, r->crd->storage->version);
}

/* Custom objects go along unchanged, so their kinds must be the same there. */
static int look_at_definitions(Move *m, Obstacles *all)
{
    int s = switch_definitions(m, m->to);

    for (uint32_t i = 0; !s && i < m->n_kinds; i++) {
        const Resource *r = m->kinds[i];
        bool is_used = false;

        if (!r->crd || is_same_there(m, r))
            continue;
        s = each_of(m, r, note_any, &is_used);
        if (!s && is_used)
            obstacle(all, arena_printf(m->req->arena,
                                       "%s.%s is not defined in the same way in cluster %s",
                                       r->plural, r->group, m->to->name));
    }
    return s ? s : switch_definitions(m, m->from);
}

static int find_obstacles(Move *m, Obstacles *all)
{
    int s = look_at_spaces(m, all);

    if (str_eq(text_at(m->op.old, "spec.state"), "Suspended"))
        obstacle(all, "the tenant is suspended");
    if (!s)
        s = each(m, look_at_object, all);
    if (!s && m->to_spaces)
        s = look_at_cluster(m, all);
    return s || !m->to_spaces ? s : look_at_definitions(m, all);
}

/* ---- stages ---- */

static int set_stage(Move *m,
                     void (*change)(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret))
{
    static const Subresource status = {.name = "status"};
    Request *req = m->req;

    req->cluster = req->state->entry;
    m->op.obj = value_copy(req->arena, m->op.old);
    m->op.sub = &status;
    change(req->arena, m->op.obj, req->state->now_us, &req->state->txn.change);
    return op_update(req, &m->op);
}

static int begin(Move *m)
{
    Obstacles all = {0};
    int s = find_obstacles(m, &all);

    if (s)
        return s;
    return all.n > 0 ? report(m, "Blocked", obstacles_text(m->req->arena, &all), all.n)
                     : set_stage(m, move_begin);
}

/* ---- copying ---- */

static bool is_made_by_controllers(Move *m, const Resource *r, const Obj *o)
{
    const char *by = obj_label(o, "endpointslice.kubernetes.io/managed-by"), *kind;

    if (str_eq(r->storage, "discovery/endpointslices"))
        return str_eq(by, "endpointslice-controller.k8s.io") ||
               str_eq(by, "endpointslicemirroring-controller.k8s.io");
    return str_eq(r->storage, "endpoints") && controller_of(m, o, &kind);
}

/* Endpoints of a service with a selector are found anew. */
static int is_found_anew(Move *m, const Resource *r, const Obj *o, bool *ret)
{
    Cache *k = NULL;
    Obj *service;
    int s = STEP_OK;

    *ret = is_made_by_controllers(m, r, o);
    if (*ret || !str_eq(r->storage, "endpoints"))
        return STEP_OK;
    s = engine_cache(m->req, m->from, "services", &k);
    service = s ? NULL : engine_keep(m->req, cache_get(k, o->ns, o->name));
    *ret = service && value_len(value_at(obj_to_value(m->req->arena, service, NULL, NULL),
                                         "spec.selector")) > 0;
    return s;
}

static bool is_counted(const Resource *r)
{
    return str_eq(r->storage, "pods") || str_eq(r->storage, "services") ||
           str_eq(r->storage, "persistentvolumeclaims") || str_eq(r->group, "resource.k8s.io");
}

static int charge(Move *m, const Resource *r, const char *ns, const Value *old, const Value *now)
{
    PlanCharges list;

    if (!is_counted(r))
        return STEP_OK;
    list = quota_plan_charges(m->req->arena, r, old, now);
    return accounts_charge(m->req, ns, &list);
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

static Value *copy_namespace(Move *m, Value *v)
{
    Arena *a = m->req->arena;
    Value *labels = value_need(a, v, "metadata.labels");

    value_del(labels, SPACE_TENANT_LABEL);
    value_del(labels, SPACE_UID_LABEL);
    if (m->to_spaces) {
        value_set_str(a, labels, SPACE_TENANT_LABEL, m->home->name);
        value_set_str(a, labels, SPACE_UID_LABEL, m->home->uid);
    }
    return v;
}

static bool is_token(const Resource *r, const Value *v)
{
    return str_eq(r->storage, "secrets") &&
           str_eq(value_get_str(v, "type"), "kubernetes.io/service-account-token");
}

/* The object as it is to be there; NULL: as it is. */
static int changed_copy(Move *m, const Resource *r, Obj *o, Value *v, Value **ret)
{
    *ret = v;
    if (str_eq(r->storage, "namespaces"))
        copy_namespace(m, v);
    else if (str_eq(r->storage, "services"))
        return copy_service(m, r, o, v);
    else if (is_token(r, v))
        value_del(value_get(v, "data"), "token"); /* it is signed anew */
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
    if (s)
        return s;
    if (changed) {
        normalize_object(req->arena, r, changed);
        o = engine_obj(req, changed);
        if (!o)
            return fail_internal(req, "the object cannot be stored");
    }
    engine_put(req, r->storage, o->ns, o->name, was, o);
    m->n_written++;
    return v ? charge(m, r, o->ns, NULL, v) : STEP_OK;
}

static int copy_one(Move *m, const Resource *r, Obj *o, void *data UNUSED)
{
    Stored was = {.expect = EXPECT_ABSENT};
    bool is_left = str_eq(r->storage, "events") || (str_eq(r->storage, "pods") && !is_over(m, o));
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, r->storage, &k);

    if (!s && !is_left)
        s = is_found_anew(m, r, o, &is_left);
    if (s || is_left || engine_keep(m->req, cache_get(k, o->ns, o->name)))
        return s;
    return put_copy(m, r, o, &was);
}

static int copy_spaces(Move *m)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
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
        bool is_used = false;

        if (!kind->crd)
            continue;
        s = each_of(m, kind, note_any, &is_used);
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
        CacheScan scan = {0};
        int64_t ignored;
        Cache *k = NULL;

        s = r ? engine_cache(m->req, m->from, r->storage, &k) : STEP_OK;
        if (s || !k)
            continue;
        (void)cache_list(k, &scan, &v, &ignored);
        for (size_t j = 0; !s && j < v.n; j++)
            s = copy_wide_one(m, r, v.items[j]->name);
    }
    return s;
}

static int copy(Move *m)
{
    bool is_lost = false;
    int s = m->to_spaces ? find_lost(m, &is_lost) : copy_definitions(m);

    if (!s && !m->to_spaces)
        s = copy_classes(m);
    if (!s && !is_lost)
        s = copy_spaces(m);
    if (!s && m->to_spaces && m->n_written == 0) /* all are there: whose are they? */
        s = find_lost(m, &is_lost);
    if (!s && is_lost)
        return set_stage(m, move_abandon);
    if (!s && m->n_written == 0) /* whose they are is known by their namespaces */
        s = each(m, copy_one, NULL);
    if (s)
        return s;
    return m->n_written > 0 ? commit(m, "Copying", "objects are copied")
                            : set_stage(m, move_switch);
}

/* ---- clearing ---- */

typedef struct Pods {
    Obj **objs;
    MovedPod *items;
    uint32_t n, cap, n_old;
} Pods;

static bool is_ready(const Value *pod)
{
    const Value *c;

    value_each_item(value_at(pod, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "Ready"))
            return str_eq(value_get_str(c, "status"), "True");
    }
    return false;
}

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

    if (is_over(m, o))
        return STEP_OK;
    value_each_item(value_at(v, "metadata.ownerReferences"), i, ref)
    {
        if (value_at_bool(ref, "controller"))
            mine = ref;
    }
    if (mine) {
        pod.owner = value_get_str(mine, "uid");
        s = wanted_by(m, value_get_str(mine, "kind"), o->ns, text_at(mine, "name"), &pod.want);
    }
    pod.is_leaving = o->deleted_us != 0;
    pod.is_ready = is_ready(v);
    pod.has_node = text_at(v, "spec.nodeName")[0];
    (void)clock_from_rfc3339(slice_of(text_at(v, "metadata.creationTimestamp")), &pod.created_us);
    ARENA_GROW(a, p->objs, p->n, p->cap, 32);
    ARENA_GROW(a, p->items, p->n, cap, 32);
    p->objs[p->n] = o;
    p->items[p->n++] = pod;
    p->n_old += is_old;
    return s;
}

static int add_old(Move *m, const Resource *r UNUSED, Obj *o, void *data)
{
    return add_pod(m, data, o, true);
}

static int find_pods(Move *m, Pods *p)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    Cache *k = NULL;
    int s = each_of(m, r, add_old, p);

    if (!s && p->n_old > 0)
        s = engine_cache(m->req, m->to, "pods", &k);
    for (size_t i = 0; !s && p->n_old > 0 && i < m->n_spaces; i++) {
        AUTO_OBJVEC v = {0};
        CacheScan scan = {.ns = m->spaces[i]->name};
        int64_t ignored;

        (void)cache_list(k, &scan, &v, &ignored);
        for (size_t j = 0; !s && j < v.n; j++)
            s = add_pod(m, p, engine_keep(m->req, obj_ref(v.items[j])), false);
    }
    return s;
}

/* With the grace that it asks for, within bounds. */
static int end_pod(Move *m, Obj *o)
{
    Request *req = m->req;
    Value *options = value_object(req->arena);
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
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

static int remove_one(Move *m, const Resource *r, Obj *o, void *data UNUSED)
{
    Request *req = m->req;
    Stored was = {.obj = o, .expect = o->revision};
    Value *v = r->crd ? NULL : object_tree(req->arena, r, o);
    int s = STEP_OK;

    req->cluster = m->from;
    engine_delete(req, r->storage, &was);
    m->n_written++;
    if (str_eq(r->storage, "services")) {
        Op op = {.r = r, .verb = "DELETE", .ns = o->ns, .name = o->name, .was = was, .old = v};

        s = service_delete(req, &op);
    }
    return s || !v ? s : charge(m, r, o->ns, v, NULL);
}

static int clear_pods(Move *m, const Pods *p)
{
    int64_t since_us = 0, now_us = m->req->state->now_us;
    int next;

    (void)clock_from_rfc3339(slice_of(text_at(m->op.old, "status.move.since")), &since_us);
    next = move_next_pod(p->items, p->n, since_us, now_us);
    if (next != MOVE_WAITS)
        return end_pod(m, p->objs[next]);
    for (uint32_t i = 0; i < p->n; i++)
        if (p->items[i].is_old && p->items[i].is_leaving &&
            p->objs[i]->deleted_us + GONE_AFTER_US < now_us) {
            const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
            int s = remove_one(m, r, p->objs[i], NULL); /* its node is gone */

            return s ? s : commit(m, "Clearing", "a pod is removed");
        }
    return report(m, "Replacing",
                  arena_printf(m->req->arena, "%u pods are still to be replaced", p->n_old),
                  p->n_old);
}

/* Definitions and classes that the shared cluster has, too. */
static int remove_wide(Move *m)
{
    ResourceSet set;
    int s;

    m->req->cluster = m->from;
    m->req->state->crds = NULL;
    s = crds_need(m->req);
    if (s)
        return s;
    set = vc_resources(m->req);
    for (size_t i = 0; !s && i < set.n; i++) {
        const Resource *r = set.items[i];
        AUTO_OBJVEC v = {0};
        CacheScan scan = {0};
        int64_t ignored;
        Cache *k = NULL;

        if (!is_wide(r))
            continue;
        s = engine_cache(m->req, m->from, r->storage, &k);
        if (s)
            break;
        (void)cache_list(k, &scan, &v, &ignored);
        for (size_t j = 0; !s && j < v.n && m->n_written < WRITES_A_STEP; j++)
            if (!base_has(m->from, r->storage, "", v.items[j]->name))
                s = remove_one(m, r, engine_keep(m->req, obj_ref(v.items[j])), NULL);
    }
    return s;
}

/* Towards the outside of the nodes a number is the first one's that wrote it: now it is free. */
static int take_outside(Move *m)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("services"));
    AUTO_OBJVEC all = {0};
    CacheScan scan = {0};
    int64_t ignored;
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, "services", &k);

    if (s)
        return s;
    (void)cache_list(k, &scan, &all, &ignored);
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

/* So that whoever watches the tenant's namespaces there looks up, and ends. */
static int mark_left(Move *m, const Resource *spaces)
{
    Request *req = m->req;

    req->cluster = m->from;
    for (size_t i = 0; i < m->n_spaces; i++) {
        Obj *o = m->spaces[i];
        Value *v = object_tree(req->arena, spaces, o);
        Value *notes = value_need(req->arena, v, "metadata.annotations");
        Stored was = {.obj = o, .expect = o->revision};

        if (value_get(notes, LEFT_ANNOTATION))
            continue;
        value_set_str(req->arena, notes, LEFT_ANNOTATION, m->to->name);
        value_del(value_get(v, "metadata"), "resourceVersion");
        normalize_object(req->arena, spaces, v);
        o = engine_obj(req, v);
        if (!o)
            return fail_internal(req, "the namespace cannot be stored");
        engine_put(req, "namespaces", "", o->name, &was, o);
        m->n_written++;
    }
    return STEP_OK;
}

static int clear(Move *m)
{
    const Resource *spaces = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    Pods pods = {0};
    int s = mark_left(m, spaces);

    if (!s && m->n_written > 0)
        return commit(m, "Clearing", "watches end");
    if (!s && m->to_spaces) /* what they grant counts in the tenant's own cluster all the time */
        s = each_of(m, resource_find_storage("rbac/rolebindings"), remove_one, NULL);
    if (!s && m->n_written > 0)
        return commit(m, "Clearing", "bindings that were moved are removed");
    if (!s)
        s = find_pods(m, &pods);
    if (s)
        return s;
    if (pods.n_old > 0)
        return clear_pods(m, &pods);
    s = each(m, remove_one, NULL);
    for (size_t i = 0; !s && m->n_written < WRITES_A_STEP && i < m->n_spaces; i++)
        s = remove_one(m, spaces, m->spaces[i], NULL);
    if (!s && m->to_spaces && m->n_written == 0)
        s = remove_wide(m);
    if (s)
        return s;
    if (m->n_written > 0)
        return commit(m, "Clearing", "what was left is removed");
    s = take_outside(m);
    return s ? s : set_stage(m, move_end);
}

int host_tenant_move(Request *req, const Op *op)
{
    Move *m = arena_new0(req->arena, Move);
    MoveStage stage = move_stage(op->old);
    int s;

    m->req = req;
    m->op = *op;
    req->state->is_move = true;
    if (!req->user.is_internal)
        return fail_forbidden(req, HOST_GROUP, "tenants", op->name,
                              "only the server itself takes the steps of a move");
    if (stage == MOVE_NONE && !move_is_due(op->old))
        return report(m, "Done", "the tenant is where it shall be", 0);
    s = prepare(m);
    if (!s)
        s = stage == MOVE_NONE ? begin(m) : stage == MOVE_COPYING ? copy(m) : clear(m);
    req->cluster = req->state->entry;
    return s;
}
