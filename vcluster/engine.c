/*
 * engine.c - runs handlers again and again until they are done.
 *
 * DESIGN. One run of a handler is a pure function of request and caches. It ends in one of
 *
 *   STEP_DONE    the reply is written
 *   STEP_NEED    loads were started; n_pending counts them, the last one wakes the request
 *   STEP_SUBMIT  the write set went to the store; its done() wakes the request
 *   STEP_AGAIN   a slice of much work is done; the owner goes on when others have had their turn
 *
 * n_pending holds one more while a step runs, so that a load that ends at once does not wake a
 * request whose step is still running: the step itself sees that nothing is pending and goes on.
 * After a commit `finish` writes the reply. A transaction that lost a race starts the handler over,
 * MAX_ATTEMPTS times at most; it then finds the newer state and decides anew.
 */
#include "api/crd.h"
#include "base/clock.h"
#include "base/gotime.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/wipe.h"
#include "quota/quota.h"
#include "tenancy/authn.h"
#include "vcluster/aggregation.h"
#include "vcluster/audit.h"
#include "vcluster/crds.h"
#include "vcluster/nodeview.h"
#include "vcluster/spaces.h"
#include "vcluster/warnings.h"

enum {
    MAX_ATTEMPTS = 12,
    SLICE_US = 500,     /* of a request, before others have their turn */
    TURN_OBJECTS = 500, /* who goes over more waits for a turn before it begins */
};

int engine_turn(Request *req, size_t n_objects)
{
    RequestState *st = req->state;

    if (!req->takes_turns || st->has_had_turn || n_objects <= TURN_OBJECTS)
        return STEP_OK;
    st->has_had_turn = true;
    return STEP_AGAIN;
}

int engine_again(Request *req, int (*go_on)(Request *req, void *data), void *data)
{
    req->state->go_on = go_on;
    req->state->go_on_data = data;
    return STEP_AGAIN;
}

int64_t engine_slice_end(const Request *req)
{
    return req->takes_turns ? clock_mono_us() + SLICE_US : INT64_MAX;
}

static int go_on(RequestState *st)
{
    int (*fn)(Request * req, void *data) = st->go_on;

    st->go_on = NULL;
    return fn(st->req, st->go_on_data);
}

void engine_hold(Request *req)
{
    atomic_fetch_add(&req->state->n_pending, 1);
}

void engine_release(RequestState *st)
{
    Request *req = st->req;

    if (atomic_fetch_sub(&st->n_pending, 1) == 1)
        req->wake(req);
}

uint64_t engine_random(Request *req)
{
    RequestState *st = req->state;
    uint64_t x;

    while (st->seed == 0)
        st->seed = random_u64();
    x = st->seed + ((uint64_t)st->attempts << 32 | ++st->n_random) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void keep_err(Err **to, int r, const Err *err, const char *otherwise)
{
    if (!*to)
        *to = xcalloc(1, sizeof(Err));
    if (err)
        **to = *err;
    else
        (void)err_set(*to, (ErrCode)-r, "%s", otherwise);
}

static void on_loaded(int r, const Err *err, void *data)
{
    RequestState *st = data;

    if (r < 0) {
        pthread_mutex_lock(&st->lock);
        st->load_result = r;
        keep_err(&st->load_err, r, err, "the cache could not be loaded");
        pthread_mutex_unlock(&st->lock);
    }
    engine_release(st);
}

static void on_past(int r, const Err *err, void *data)
{
    RequestState *st = data;

    st->has_past = r >= 0;
    on_loaded(r, err, data);
}

static void on_committed(int r, const Err *err, void *data)
{
    RequestState *st = data;

    st->txn_result = r;
    if (r < 0)
        keep_err(&st->txn_err, r, err, "the transaction failed");
    engine_release(st);
}

static void unref_cache(void *k)
{
    cache_unref(k);
}

static void unref_obj(void *o)
{
    obj_unref(o);
}

static void done_meters(void *m)
{
    meter_rows_done(m);
}

static void done_keys(void *k)
{
    keys_report_done(k);
}

static void done_data_keys(void *k)
{
    data_keys_report_done(k);
}

static void done_objvec(void *v)
{
    objvec_done(v);
}

void engine_load(Request *req, Cluster *c, const char *storage)
{
    RequestState *st = req->state;

    atomic_fetch_add(&st->n_pending, 1);
    store_load(st->vc->store, c, storage, on_loaded, st);
}

void engine_load_credentials(Request *req, const char *need)
{
    RequestState *st = req->state;

    atomic_fetch_add(&st->n_pending, 1);
    tenancy_load(st->vc->tenancy, req->cluster, need, on_loaded, st);
}

int engine_cache(Request *req, Cluster *c, const char *storage, Cache **ret)
{
    Cache *k = store_cache(req->state->vc->store, c, storage);

    if (!k) {
        engine_load(req, c, storage);
        return STEP_NEED;
    }
    arena_on_free(req->arena, unref_cache, k);
    *ret = k;
    return STEP_OK;
}

int engine_list_at(Request *req, const char *storage, int64_t revision, ObjVec *ret)
{
    RequestState *st = req->state;

    if (st->has_past && st->past_revision == revision && str_eq(st->past_storage, storage)) {
        *ret = st->past;
        return STEP_OK;
    }
    st->past_revision = revision;
    st->past_storage = storage;
    objvec_done(&st->past);
    st->past = (ObjVec){0};
    atomic_fetch_add(&st->n_pending, 1);
    store_list_at(st->vc->store, req->cluster, storage, revision, &st->past, on_past, st);
    return STEP_NEED;
}

static void on_meters(int r, const Err *err, void *data)
{
    RequestState *st = data;

    st->has_meters = r >= 0;
    on_loaded(r, err, data);
}

int engine_meter(Request *req, int64_t first, int64_t last, const char *tenant, bool sums,
                 const MeterRows **ret)
{
    RequestState *st = req->state;

    *ret = &st->meters;
    if (st->has_meters)
        return STEP_OK;
    atomic_fetch_add(&st->n_pending, 1);
    store_meter_read(st->vc->store, first, last, tenant, sums, &st->meters, on_meters, st);
    return STEP_NEED;
}

static void on_keys(int r, const Err *err, void *data)
{
    RequestState *st = data;

    st->has_keys = true;
    st->keys_result = r;
    if (r < 0)
        keep_err(&st->keys_err, r, err, "");
    on_loaded(0, NULL, data);
}

int engine_keys(Request *req, KeysOp op, const char *provider, const char *key,
                const KeysReport **ret, int *ret_r, Err *err)
{
    RequestState *st = req->state;

    *ret = &st->keys;
    if (!st->has_keys) {
        atomic_fetch_add(&st->n_pending, 1);
        store_keys(st->vc->store, op, provider, key, &st->keys, on_keys, st);
        return STEP_NEED;
    }
    *ret_r = st->keys_result;
    *err = st->keys_err ? *st->keys_err : (Err){0};
    return STEP_OK;
}

int engine_data_keys(Request *req, DataKeysOp op, const Cluster *c, const DataKeysReport **ret,
                     int *ret_r, Err *err)
{
    RequestState *st = req->state;

    *ret = &st->data_keys;
    if (!st->has_keys) {
        atomic_fetch_add(&st->n_pending, 1);
        store_data_keys(st->vc->store, op, c, &st->data_keys, on_keys, st);
        return STEP_NEED;
    }
    *ret_r = st->keys_result;
    *err = st->keys_err ? *st->keys_err : (Err){0};
    return STEP_OK;
}

static void done_audit(void *data)
{
    RequestState *st = data;

    audit_rows_done(&st->audit_rows);
    if (st->audit_ends)
        audit_ends_done(st->audit_ends);
}

static void on_audit(int r, const Err *err, void *data)
{
    RequestState *st = data;

    st->has_audit = r >= 0;
    on_loaded(r, err, data);
}

static bool begins_audit(Request *req)
{
    RequestState *st = req->state;

    if (st->has_audit)
        return false;
    arena_on_free(req->arena, done_audit, st);
    atomic_fetch_add(&st->n_pending, 1);
    return true;
}

int engine_audit_rows(Request *req, Cluster *c, const AuditQuery *q, const AuditRows **ret)
{
    RequestState *st = req->state;

    *ret = &st->audit_rows;
    if (!begins_audit(req))
        return STEP_OK;
    store_audit_read(st->vc->store, c, q, &st->audit_rows, on_audit, st);
    return STEP_NEED;
}

int engine_audit_ends(Request *req, Cluster *c, const AuditEnds **ret)
{
    RequestState *st = req->state;

    if (!st->audit_ends)
        st->audit_ends = arena_new0(req->arena, AuditEnds);
    *ret = st->audit_ends;
    if (!begins_audit(req))
        return STEP_OK;
    store_audit_ends(st->vc->store, c, st->audit_ends, on_audit, st);
    return STEP_NEED;
}

const User *engine_real_user(const Request *req)
{
    return req->state->has_real_user ? &req->state->real_user : &req->user;
}

static void unref_cluster(void *c)
{
    cluster_unref(c);
}

Cluster *engine_keep_cluster(Request *req, Cluster *c)
{
    if (c)
        arena_on_free(req->arena, unref_cluster, c);
    return c;
}

Obj *engine_keep(Request *req, Obj *o)
{
    if (o)
        arena_on_free(req->arena, unref_obj, o);
    return o;
}

Obj *engine_obj(Request *req, const Value *tree)
{
    Obj *o = NULL;
    Err err;

    if (obj_from_value(tree, 0, &o, &err) < 0) {
        log_error(NULL, "object cannot be stored", LOG_STR("error", err.msg));
        return NULL;
    }
    return engine_keep(req, o);
}

/* ---- the write set ---- */

Write *engine_write_in(Request *req, Cluster *c)
{
    WriteSet *s = &req->state->set;
    Write *w;

    ARENA_GROW(req->arena, s->writes, s->n, s->cap, 4);
    w = &s->writes[s->n++];
    *w = (Write){.cluster = c};
    return w;
}

Write *engine_staged(Request *req, const char *storage, const char *ns, const char *name)
{
    WriteSet *s = &req->state->set;

    for (uint32_t i = 0; i < s->n; i++) {
        Write *w = &s->writes[i];

        if (w->cluster == req->cluster && str_eq(w->storage, storage) && str_eq(w->ns, ns) &&
            str_eq(w->name, name))
            return w;
    }
    return NULL;
}

static void put_in(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
                   const Stored *was, Obj *obj)
{
    Write *w = engine_write_in(req, c);

    w->op = WRITE_PUT;
    w->storage = storage;
    w->ns = ns;
    w->name = name;
    w->expect = was ? was->expect : EXPECT_ABSENT;
    w->is_over_base = was && was->is_over_base;
    w->was_bytes = was && was->obj && was->expect > 0 ? was->obj->text_len : 0;
    w->obj = obj;
}

void engine_put(Request *req, const char *storage, const char *ns, const char *name,
                const Stored *was, Obj *obj)
{
    put_in(req, req->cluster, storage, ns, name, was, obj);
}

void engine_put_birth(Request *req, Value *meta)
{
    RequestState *st = req->state;
    char when[CLOCK_TEXT_MAX];

    if (!st->uid[0])
        (void)random_uuid(st->uid);
    value_set_str(req->arena, meta, "uid", st->uid);
    value_set_str(req->arena, meta, "creationTimestamp", clock_to_rfc3339(st->now_us, when));
}

int engine_put_tree(Request *req, Cluster *c, const Resource *r, Value *v, const Stored *was)
{
    Obj *o;

    normalize_object(req->arena, r, v);
    o = engine_obj(req, v);
    if (!o)
        return fail_internal(req, "an object that the server changed cannot be stored");
    put_in(req, c, r->storage, o->ns, o->name, was, o);
    return STEP_OK;
}

void engine_delete(Request *req, const char *storage, const Stored *was)
{
    Write *w = engine_write_in(req, req->cluster);

    w->op = WRITE_DELETE;
    w->storage = storage;
    w->ns = was->obj->ns;
    w->name = was->obj->name;
    w->expect = was->expect;
    w->is_over_base = was->is_over_base;
    w->was_bytes = was->expect > 0 ? was->obj->text_len : 0;
    w->obj = was->obj;
}

Charge *engine_charge(Request *req, Cluster *c, const char *counter, int64_t delta, int64_t limit)
{
    WriteSet *s = &req->state->set;

    ARENA_GROW(req->arena, s->charges, s->n_charges, s->cap_charges, 8);
    s->charges[s->n_charges] =
        (Charge){.cluster = c, .counter = counter, .delta = delta, .limit = limit};
    return &s->charges[s->n_charges++];
}

void engine_check(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
                  int64_t revision)
{
    WriteSet *s = &req->state->set;
    const TxnCheck check = {c, storage, ns, name, revision};

    for (uint32_t i = 0; i < s->n_checks; i++)
        if (s->checks[i].cluster == c && str_eq(s->checks[i].storage, storage) &&
            str_eq(s->checks[i].ns, ns) && str_eq(s->checks[i].name, name))
            return;
    ARENA_GROW(req->arena, s->checks, s->n_checks, s->cap_checks, 4);
    s->checks[s->n_checks++] = check;
}

void engine_submit(Request *req)
{
    RequestState *st = req->state;

    st->txn.done = on_committed;
    st->txn.data = st;
    atomic_fetch_add(&st->n_pending, 1);
    store_submit(st->vc->store, &st->txn);
}

int engine_commit(Request *req, int (*finish)(Request *req, void *data), void *data)
{
    RequestState *st = req->state;
    bool is_relaxed = st->set.n > 0;
    int s;

    st->finish = finish;
    st->finish_data = data;
    if (st->opts.is_dry_run || (st->set.n == 0 && st->txn.change.op == CLUSTER_NONE))
        return finish(req, data);
    s = nodeview_writes(req);
    if (!s)
        s = tenant_rows(req);
    if (s)
        return s;
    for (uint32_t i = 0; i < st->set.n; i++)
        if (!str_eq(st->set.writes[i].storage, "events") &&
            !str_eq(st->set.writes[i].storage, "coordination/leases"))
            is_relaxed = false;
    st->txn.writes = st->set.writes;
    st->txn.n_writes = st->set.n;
    st->txn.charges = st->set.charges;
    st->txn.n_charges = st->set.n_charges;
    st->txn.is_move = st->is_move;
    st->txn.checks = st->set.checks;
    st->txn.n_checks = st->set.n_checks;
    s = audit_commit(req, finish, data);
    if (s)
        return s;
    st->txn.is_relaxed = is_relaxed && st->txn.n_audits == 0;
    st->is_submitted = true;
    engine_submit(req);
    return STEP_SUBMIT;
}

/* ---- running ---- */

static void fresh_run(RequestState *st)
{
    st->set = (WriteSet){0};
    st->txn = (Txn){0};
    st->warnings = (Warnings){0};
    st->policy_cost = 0;
    st->is_move = st->is_copy = false;
    st->n_moves = atomic_load(&st->entry->n_moves);
    st->n_random = 0;
    st->is_submitted = false;
    st->is_impersonated = false;
    st->crds = NULL;
    st->finish = NULL;
    st->req->reply = (Reply){0};
    audit_fresh(st->req);
}

/* A suspended tenant can be read by its users, and changed by nobody but the platform. */
bool engine_is_frozen(const Request *req)
{
    const SpaceView *v = req->state->view;
    bool is_suspended = atomic_load(&req->cluster->state) == CLUSTER_SUSPENDED ||
                        (v && atomic_load(&v->home->state) == CLUSTER_SUSPENDED);

    return is_suspended && !req->user.is_internal && !req->user.node &&
           !str_eq(req->method, "GET") && !str_eq(req->method, "HEAD");
}

/* What a request of some length may take is for the client to say, but not in words of its own. */
static int check_timeout(Request *req)
{
    static const char *const unbounded[] = {"attach", "exec", "proxy", "log", "portforward"};
    const Route *t = &req->state->route;
    const char *text = query_get(&req->state->query, "timeout"), *why;
    int64_t ns;

    if (!text || !text[0] || str_eq(t->verb, "watch") || str_eq(t->verb, "proxy"))
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(unbounded); i++)
        if (str_eq(t->subresource, unbounded[i]))
            return STEP_OK;
    why = goduration_parse(req->arena, slice_of(text), &ns);
    return why ? fail(req, ERR_BAD_REQUEST, "invalid timeout specified in the request URL - %s",
                      why)
               : STEP_OK;
}

/* What the host cluster answers that is no resource; NULL: this is none of it. */
static int (*host_document(const Request *req))(Request *req)
{
    static const struct {
        const char *name;
        int (*answer)(Request *req);
    } rows[] = {
        {"meters", host_meters}, {"keyproviders", host_keyproviders}, {"datakeys", host_datakeys}};
    const Route *t = &req->state->route;

    if (is_host(req->cluster) && str_eq(t->group, "tenancy.hostplane.io"))
        for (size_t i = 0; i < ARRAY_LEN(rows); i++)
            if (str_eq(t->resource, rows[i].name))
                return rows[i].answer;
    return NULL;
}

/* While it is found out whether this is to be recorded: what it reads is loaded, too. */
static void look_ahead(Request *req)
{
    const Route *t = &req->state->route;
    const Resource *r = t->is_resource ? resource_find(slice_of(t->group), slice_of(t->version),
                                                       slice_of(t->resource))
                                       : NULL;
    Cache *ignored;

    if (r && r->storage && !r->is_review && str_eq(req->method, "GET"))
        (void)engine_cache(req, req->cluster, r->storage, &ignored); /* it is asked for again */
}

/* Does it say, or is it told, what is kept from whoever reads the database, or is a credential? */
static bool handles_secrets(const Request *req)
{
    static const char *const credentials[] = {"token", "kubeconfig", "access", NULL};
    const Route *t = &req->state->route;
    const Resource *r;

    if (!t->is_resource)
        return false;
    if (str_among(t->subresource, credentials) || str_eq(t->group, "authentication.k8s.io") ||
        str_eq(t->group, "node.hostplane.io"))
        return true;
    r = resource_find(slice_of(t->group), slice_of(t->version), slice_of(t->resource));
    return store_encrypts(
        req->state->vc->store, req->cluster,
        r && r->storage ? r->storage : arena_printf(req->arena, "%s/%s", t->group, t->resource));
}

/* Until vc_step() returns, and whenever the arena goes. */
static void keep_secrets(Request *req)
{
    if (!handles_secrets(req))
        return;
    req->is_secret = true;
    arena_wipe(req->arena);
    (void)wipe_set(true);
}

static int dispatch(Request *req)
{
    RequestState *st = req->state;
    const Resource *r;
    const Subresource *sub = NULL;
    bool is_elsewhere; /* perhaps another server speaks with the client, in forms of its own */
    int (*document)(Request * req);
    int s, unjudged;

    req->cluster = st->entry;
    query_parse(req->arena, req->query ? req->query : "", &st->query);
    route_parse(req->arena, req->method, req->path, &st->query, &st->route);
    req->verb = st->route.verb;
    req->resource = st->route.is_resource ? st->route.resource : NULL;
    req->subresource = st->route.is_resource ? st->route.subresource : NULL;
    req->ns = st->route.ns;
    req->name = st->route.name;
    keep_secrets(req);
    unjudged = audit_enter(req); /* what it lacks is loaded with what the others do */
    is_elsewhere = agg_may_route(req);
    s = negotiate(req, st->route.is_resource);
    if (!s || is_elsewhere)
        s = check_timeout(req);
    if (!s)
        s = tenant_enter(req);
    if (!s)
        s = spaces_enter(req);
    if (!s)
        s = authorize_request(req);
    if (!s)
        s = spaces_route(req);
    if (!s && req->cluster != st->entry)
        keep_secrets(req);
    if (!s && unjudged == STEP_NEED)
        look_ahead(req);
    if (s || unjudged)
        return unjudged ? unjudged : s;
    if (is_elsewhere) {
        s = agg_route(req);
        if (!s)
            s = negotiate(req, st->route.is_resource);
        if (s)
            return s;
    }
    if (!st->route.is_resource)
        return serve_other(req);
    if (str_eq(st->route.verb, "proxy")) /* /proxy/ before a resource is no more */
        return fail_unknown(req);
    if (str_eq(st->route.group, "node.hostplane.io"))
        return host_node_api(req);
    document = host_document(req);
    if (document)
        return document(req);
    if (!resource_find(slice_of(st->route.group), slice_of(st->route.version),
                       slice_of(st->route.resource))) {
        s = crds_need(req);
        if (s)
            return s;
    }
    if (!vc_has_version(req, st->route.group, st->route.version))
        return vc_has_group(req, st->route.group) && !crds_have(req, st->route.group, NULL)
                   ? fail_unknown(req)
                   : fail_plain_404(req);
    r = vc_resource(req, st->route.group, st->route.version, st->route.resource);
    if (!r)
        return crds_have(req, st->route.group, NULL) ? fail_plain_404(req) : fail_unknown(req);
    if (warning_of_kind(r))
        warnings_add(req->arena, &st->warnings, "%s", warning_of_kind(r));
    if (r->crd && r->crd->deprecation)
        warnings_add(req->arena, &st->warnings, "%s", r->crd->deprecation);
    if (engine_is_frozen(req) && !r->is_review)
        return fail_forbidden(req, st->route.group, st->route.resource, st->route.name,
                              "the tenant is suspended");
    if (req->user.is_internal && str_eq(r->storage, "apiregistration/apiservices") &&
        str_eq(st->route.subresource, "probe"))
        return agg_probe(req);
    if (st->route.subresource[0]) {
        sub = resource_subresource(r, slice_of(st->route.subresource));
        if (!sub)
            return r->crd ? fail_not_found(req, r, st->route.name) : fail_unknown(req);
        return verb_subresource(req, r, sub);
    }
    return verb_subresource(req, r, NULL);
}

static int committed(RequestState *st)
{
    Request *req = st->req;
    int r = st->txn_result;

    st->is_submitted = false;
    for (uint32_t i = 0; i < st->set.n; i++)
        engine_keep(req, st->set.writes[i].result);
    if (r >= 0) {
        int s = nodeview_results(req);

        audit_took_along(req);

        return s ? s : st->finish(req, st->finish_data);
    }
    if (r == -ERR_FORBIDDEN && st->txn.failed < st->set.n_charges) {
        const Charge *c = &st->set.charges[st->txn.failed];
        PlanCharge p = {c->counter, c->delta};

        if (st->is_copy) {
            st->copy_refused = true;
            fresh_run(st);
            return dispatch(req);
        }
        if (is_host(c->cluster)) /* what others of the group have is not told */
            return fail_forbidden(req, st->route.group, st->route.resource,
                                  req->name ? req->name : "",
                                  "exceeded quota: the tenant's group has used up its %s",
                                  quota_plan_name(req->arena, strrchr(c->counter, ':') + 1));
        return fail_forbidden(req, st->route.group, st->route.resource, req->name ? req->name : "",
                              "%s", quota_plan_message(req->arena, &p, c->used, c->limit));
    }
    if (r == -ERR_CONFLICT || r == -ERR_ALREADY_EXISTS || r == -ERR_NOT_FOUND) {
        if (++st->attempts < MAX_ATTEMPTS) {
            fresh_run(st);
            return dispatch(req);
        }
        return fail_status(
            req, 409, r == -ERR_ALREADY_EXISTS ? "AlreadyExists" : "Conflict",
            status_details(req->arena, st->route.group, st->route.resource, st->route.name),
            arena_printf(req->arena,
                         "Operation cannot be fulfilled on %s \"%s\": the object has been "
                         "modified; please apply your changes to the latest version and try again",
                         st->route.resource, st->route.name));
    }
    return fail_err(req, st->txn_err);
}

static void state_done(void *data)
{
    RequestState *st = data;

    pthread_mutex_destroy(&st->lock);
    free(st->load_err);
    free(st->txn_err);
    free(st->keys_err);
}

static RequestState *state_new(Vcluster *vc, Request *req)
{
    RequestState *st = arena_new0(req->arena, RequestState);

    st->vc = vc;
    st->req = req;
    st->now_us = clock_now_us();
    st->entry = req->cluster;
    pthread_mutex_init(&st->lock, NULL);
    arena_on_free(req->arena, state_done, st);
    arena_on_free(req->arena, done_objvec, &st->past);
    arena_on_free(req->arena, done_meters, &st->meters);
    arena_on_free(req->arena, done_keys, &st->keys);
    arena_on_free(req->arena, done_data_keys, &st->data_keys);
    return st;
}

void request_job(Vcluster *vc, Request *req, int (*job)(Request *req, void *data), void *data)
{
    req->state = state_new(vc, req);
    req->state->job = job;
    req->state->job_data = data;
}

VcStep vc_step(Vcluster *vc, Request *req)
{
    WIPING_AS(req->is_secret); /* a worker that always does need not here */
    RequestState *st = req->state;

    if (!st)
        st = req->state = state_new(vc, req);
    if (atomic_load(&st->n_pending) > 0)
        return VC_WAIT;
    for (;;) {
        int s;

        atomic_store(&st->n_pending, 1);
        if (st->go_on)
            s = go_on(st);
        else if (st->load_result == -ERR_EXPIRED)
            s = list_expired(req);
        else if (st->load_result == -ERR_UNAVAILABLE || st->load_result == -ERR_INTERNAL ||
                 st->load_result == -ERR_NOT_FOUND)
            s = fail_err(req, st->load_err);
        else if (st->is_submitted)
            s = committed(st);
        else if (audit_is_waiting(st))
            s = audit_committed(req);
        else {
            fresh_run(st);
            s = st->job ? st->job(req, st->job_data) : dispatch(req);
        }
        BUG_ON(s == STEP_OK);
        if (s == STEP_DONE)
            s = audit_finish(req);
        if (s == STEP_DONE) {
            atomic_store(&st->n_pending, 0);
            return VC_DONE;
        }
        if (atomic_fetch_sub(&st->n_pending, 1) > 1)
            return VC_WAIT;
        if (s == STEP_AGAIN)
            return VC_AGAIN;
    }
}

const char *vcluster_audit_refused(Vcluster *vc, Request *req, Cluster *c, const char *how,
                                   bool is_last)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    const char *need = NULL;
    RequestState *st;

    if (!vc->audit.queue)
        return NULL;
    if (tenancy_terms(vc->tenancy, c, &terms, &need) < 0)
        return is_last ? NULL : need;
    st = req->state = state_new(vc, req);
    st->entry = c;
    query_parse(req->arena, req->query ? req->query : "", &st->query);
    route_parse(req->arena, req->method, req->path, &st->query, &st->route);
    need = audit_refused(req, terms, how, is_last);
    req->state = NULL; /* the engine has not begun */
    return need;
}

Cluster *request_entry(const Request *req)
{
    return req->state ? req->state->entry : req->cluster;
}

void request_done(Request *req)
{
    WIPING_IF(req->is_secret);

    if (req->state)
        req->cluster = req->state->entry;
    audit_leave(req);
    tenant_leave(req);
    cluster_unref(req->cluster);
    req->cluster = NULL;
}
