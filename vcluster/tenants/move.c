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
 *      labels that say whose a namespace is.
 *   3. The tenant's own cluster keeps its credentials, cluster roles and bindings in both modes, so
 *      these and the address stay. Watches end with 410 when the objects have changed places.
 *   4. Pods do not go along: the controllers at the new place make theirs, and those at the old one
 *      are ended as these become ready (move_pods.h).
 *   5. What cannot be moved is told before anything is done (move_begin.c), also where there is no
 *      room for it: a shared cluster's own limits, and those of its groups, hold for what comes.
 * Where others take the room meanwhile, and where the tenant shall stay after all, the copies go
 * again.
 */
#include "vcluster/tenants/move_int.h"

#include "api/objstatus.h"
#include "vcluster/crds.h"

enum { SLICE_OBJECTS = 256 };

/* ---- answers ---- */

int move__finish(Request *req, void *data)
{
    const MoveReport *r = data;
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

int move__report(Move *m, const char *stage, const char *message, int64_t count)
{
    m->report = (MoveReport){stage, message, count};
    return move__finish(m->req, &m->report);
}

int move__commit(Move *m, const char *stage, const char *message)
{
    m->report = (MoveReport){stage, message, m->n_written};
    m->req->cluster = m->req->state->entry;
    return engine_commit(m->req, move__finish, &m->report);
}

/* ---- what there is ---- */

int move__list(Move *m, Cluster *c, const char *storage, const char *ns, ObjVec *ret)
{
    CacheScan scan = {.ns = ns};
    int64_t ignored;
    Cache *k = NULL;
    int s = engine_cache(m->req, c, storage, &k);

    if (!s)
        (void)cache_list(k, &scan, ret, &ignored);
    return s;
}

/* Those of a shared cluster are the tenant's by their labels, those of its own by their names. */
static bool is_moved(const Move *m, const Obj *ns)
{
    const char *uid = obj_label(ns, SPACE_UID_LABEL);

    return m->from == m->home ? spaces_is_own_name(m->home->name, ns->name)
                              : uid && strcmp(uid, m->home->uid) == 0;
}

static int find_spaces(Move *m)
{
    AUTO_OBJVEC all = {0};
    int s = move__list(m, m->from, "namespaces", NULL, &all);

    if (s)
        return s;
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

bool move__is_wide(const Resource *r)
{
    static const char *const made[] = {"nodes", "namespaces", "apiregistration/apiservices"};

    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        if (str_eq(r->storage, made[i]))
            return false;
    return !r->is_namespaced && is_stored(r) && !spaces_is_home(r) &&
           !str_eq(r->group, "flowcontrol.apiserver.k8s.io");
}

int move__switch_definitions(Move *m, Cluster *c)
{
    m->req->cluster = c;
    m->req->state->crds = NULL;
    return crds_need(m->req);
}

static int find_kinds(Move *m)
{
    ResourceSet set;
    int s = move__switch_definitions(m, m->from);

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

/* In slices, so that what is only looked at takes no room however much it is. */
static int each_in(Move *m, const Resource *r, const char *ns, MoveFn fn, void *data)
{
    CLEANUP(obj_unref) Obj *last = NULL;
    CacheScan scan = {.ns = ns, .after_ns = ns, .limit = SLICE_OBJECTS};
    bool is_more = true;
    Cache *k = NULL;
    int s = engine_cache(m->req, m->from, r->storage, &k);

    while (!s && is_more && m->n_written < MOVE_WRITES_A_STEP) {
        AUTO_OBJVEC v = {0};
        int64_t ignored;

        scan.after_name = last ? last->name : NULL;
        is_more = cache_list(k, &scan, &v, &ignored);
        for (size_t i = 0; !s && i < v.n && m->n_written < MOVE_WRITES_A_STEP; i++)
            s = fn(m, r, v.items[i], data);
        obj_unref(last);
        last = v.n > 0 ? obj_ref(v.items[v.n - 1]) : NULL;
        is_more = is_more && last;
    }
    return s;
}

int move__each_of(Move *m, const Resource *r, MoveFn fn, void *data)
{
    int s = STEP_OK;

    for (size_t i = 0; !s && i < m->n_spaces; i++)
        s = each_in(m, r, m->spaces[i]->name, fn, data);
    return s;
}

int move__each(Move *m, MoveFn fn, void *data)
{
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < m->n_kinds; i++)
        s = move__each_of(m, m->kinds[i], fn, data);
    return s;
}

static int prepare(Move *m)
{
    Request *req = m->req;
    const Value *tenant = m->op.old;
    const char *space = move_beside(tenant);
    bool is_from_home;
    int s;

    if (!space)
        space = move_space(tenant);
    if (!space)
        space = value_at_text(tenant, "spec.cluster");
    m->to_spaces =
        str_eq(move_stage(tenant) == MOVE_NONE ? value_at_text(tenant, "spec.isolation")
                                               : value_at_text(tenant, "status.move.isolation"),
               "namespace");
    m->home = host_cluster_named(req, m->op.name);
    m->shared = host_cluster_named(req, space);
    if (!m->home || !m->shared)
        return fail_unavailable(req, "the cluster of the tenant's namespaces is not there");
    is_from_home = m->to_spaces != (move_stage(tenant) == MOVE_RETURNING);
    m->from = is_from_home ? m->home : m->shared;
    m->to = is_from_home ? m->shared : m->home;
    s = find_kinds(m);
    return s ? s : find_spaces(m);
}

bool move__is_over(Move *m, const Obj *pod)
{
    const char *phase;

    return obj_scan_str(pod, "status.phase", m->req->arena, &phase) &&
           (str_eq(phase, "Succeeded") || str_eq(phase, "Failed"));
}

static int note_any(Move *m UNUSED, const Resource *r UNUSED, Obj *o UNUSED, void *data)
{
    *(bool *)data = true;
    return STEP_OK;
}

int move__is_used(Move *m, const Resource *r, bool *ret)
{
    *ret = false;
    return move__each_of(m, r, note_any, ret);
}

int move__charge(Move *m, const Resource *r, const char *ns, const Value *old, const Value *now)
{
    PlanCharges list = quota_plan_charges(m->req->arena, r, old, now);

    return accounts_charge(m->req, ns, &list);
}

/* ---- stages ---- */

int move__set_stage(Move *m,
                    void (*change)(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret))
{
    static const Subresource status = {.name = "status"};
    Request *req = m->req;

    req->cluster = req->state->entry;
    m->op.obj = value_copy(req->arena, m->op.old);
    m->op.sub = &status;
    change(req->arena, m->op.obj, req->state->now_us, &req->state->txn.change);
    if (m->since > 0)
        value_set_at(req->arena, m->op.obj, "status.sinceRevision",
                     value_int(req->arena, m->since));
    if (m->since > 0 && !m->to_spaces)
        req->state->txn.change.floor = m->since;
    return op_update(req, &m->op);
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
        return move__report(m, "Done", "the tenant is where it shall be", 0);
    if (stage == MOVE_NONE && move_waits(op->old, req->state->now_us))
        return move__report(m, "Blocked", value_at_text(condition_get(op->old, "Moved"), "message"),
                            0);
    if (stage == MOVE_COPYING && (req->state->copy_refused || move_is_recalled(op->old)))
        return move__set_stage(m, move_recall);
    s = prepare(m);
    if (!s)
        s = stage == MOVE_NONE        ? move__begin(m)
            : stage == MOVE_COPYING   ? move__copy(m)
            : stage == MOVE_RETURNING ? move__return(m)
                                      : move__clear(m);
    req->cluster = req->state->entry;
    return s;
}
