/*
 * verbs_delete.c - delete and deletecollection: preconditions, grace, propagation, finalizers.
 *
 * Follows registry/rest/delete.go and registry/generic/registry/store.go of apiserver.
 */
#include "base/clock.h"
#include "vcluster/convert.h"
#include "vcluster/crconvert.h"
#include "vcluster/vcluster_int.h"

#define FINALIZER_ORPHAN     "orphan"
#define FINALIZER_FOREGROUND "foregroundDeletion"

typedef struct Deletion {
    const Value *options;
    Value *condition; /* put on the status; NULL for none */
    Op op;
    Obj *last;      /* what is answered and written */
    Obj *shown;     /* what is answered in its place; NULL: that itself */
    bool is_marked; /* it stays, with a deletion timestamp */
    bool is_noop;   /* it is being deleted already */
} Deletion;

static int check_preconditions(Request *req, const Deletion *d)
{
    Arena *a = req->arena;
    const Resource *r = d->op.r;
    const char *uid = value_at_str(d->options, "preconditions.uid");
    const char *rv = value_at_str(d->options, "preconditions.resourceVersion");
    const Obj *o = d->op.was.obj;
    const char *why = NULL;

    if (uid && !str_eq(uid, o->uid))
        why = arena_printf(a,
                           "the UID in the precondition (%s) does not match the UID in record "
                           "(%s). The object might have been deleted and then recreated",
                           uid, o->uid);
    else if (rv && !str_eq(rv, arena_printf(a, "%lld", (long long)o->revision)))
        why = arena_printf(a,
                           "the ResourceVersion in the precondition (%s) does not match the "
                           "ResourceVersion in record (%lld). The object might have been modified",
                           rv, (long long)o->revision);
    if (!why)
        return STEP_OK;
    return fail_status(req, 409, "Conflict", status_details(a, r->group, r->kind, o->name),
                       arena_printf(a, "Operation cannot be fulfilled on %s%s%s \"%s\": %s",
                                    r->kind, r->group[0] ? "." : "", r->group, o->name, why));
}

static bool has_finalizer(const Value *meta, const char *name)
{
    return value_has_str(value_get(meta, "finalizers"), name);
}

/* Which of the collector's finalizers the object ends up with. */
static void put_finalizers(Arena *a, const Resource *r, const Value *options, Value *meta)
{
    const char *policy = value_get_str(options, "propagationPolicy");
    const Value *orphan_given = value_get(options, "orphanDependents"), *v;
    bool orphan = has_finalizer(meta, FINALIZER_ORPHAN);
    bool foreground = has_finalizer(meta, FINALIZER_FOREGROUND);
    Value *list = value_array(a);

    if (!strategy_has_dependents(r)) {
        orphan = foreground = false;
    } else if (value_is(orphan_given, VALUE_BOOL)) {
        orphan = orphan_given->boolean;
        foreground = false;
    } else if (policy) {
        orphan = str_eq(policy, "Orphan");
        foreground = str_eq(policy, "Foreground");
    } else if (!orphan && !foreground) {
        orphan = strategy_orphans(r);
    }
    value_each_item(value_get(meta, "finalizers"), i, v)
    {
        const char *f = value_to_cstr(v);

        if (!str_eq(f, FINALIZER_ORPHAN) && !str_eq(f, FINALIZER_FOREGROUND))
            value_append(a, list, value_str(a, f));
    }
    if (orphan)
        value_append(a, list, value_str(a, FINALIZER_ORPHAN));
    if (foreground)
        value_append(a, list, value_str(a, FINALIZER_FOREGROUND));
    if (value_len(list) > 0)
        value_set(a, meta, "finalizers", list);
    else
        value_del(meta, "finalizers");
}

static const int64_t last_us = INT64_C(253402300799) * 1000000; /* 9999-12-31T23:59:59Z */

/* A grace may be as long as a number of seconds can be; no time is later than can be written. */
static int64_t later(int64_t us, int64_t seconds)
{
    int64_t end;

    if (__builtin_mul_overflow(seconds, INT64_C(1000000), &end) ||
        __builtin_add_overflow(us, end, &end))
        return last_us;
    return MIN(end, last_us);
}

static int64_t pod_grace(const Deletion *d)
{
    const char *phase = value_at_str(d->op.old, "status.phase");
    const char *node = value_at_str(d->op.old, "spec.nodeName");
    int64_t n = value_at_int(d->options, "gracePeriodSeconds",
                             value_at_int(d->op.old, "spec.terminationGracePeriodSeconds", 30));

    if (!node || !node[0] || str_eq(phase, "Succeeded") || str_eq(phase, "Failed"))
        return 0;
    return n < 0 ? 1 : n;
}

static void mark(Request *req, Deletion *d, int64_t grace)
{
    Arena *a = req->arena;
    Value *meta = value_get(d->op.obj, "metadata");
    int64_t generation = value_at_int(meta, "generation", 0);
    char when[CLOCK_TEXT_MAX];

    value_set_str(a, meta, "deletionTimestamp",
                  clock_to_rfc3339(later(req->state->now_us, grace), when));
    value_set_int(a, meta, "deletionGracePeriodSeconds", grace);
    if (generation > 0)
        value_set_int(a, meta, "generation", generation + 1);
}

/* As upstream's registry of definitions does it: nothing but the time. */
static void mark_plainly(Request *req, Deletion *d)
{
    char when[CLOCK_TEXT_MAX];

    value_set_str(req->arena, value_get(d->op.obj, "metadata"), "deletionTimestamp",
                  clock_to_rfc3339(req->state->now_us, when));
}

/* An object that is being deleted already may only have its grace shortened. */
static void decide_again(Request *req, Deletion *d, int64_t grace)
{
    Value *meta = value_get(d->op.obj, "metadata");
    int64_t had = value_at_int(meta, "deletionGracePeriodSeconds", 0);
    char when[CLOCK_TEXT_MAX];
    int64_t end = 0;

    if (!strategy_is_graceful(d->op.r) || had == 0 || grace >= had) {
        d->is_noop = true;
        return;
    }
    if (clock_from_rfc3339(slice_of(value_get_str(meta, "deletionTimestamp")), &end))
        value_set_str(req->arena, meta, "deletionTimestamp",
                      clock_to_rfc3339(end == last_us ? later(req->state->now_us, grace)
                                                      : later(end, grace - had),
                                       when));
    value_set_int(req->arena, meta, "deletionGracePeriodSeconds", grace);
    d->is_marked = grace > 0 || value_len(value_get(meta, "finalizers")) > 0;
}

static void decide_namespace(Request *req, Deletion *d)
{
    Value *meta = value_get(d->op.obj, "metadata");
    char when[CLOCK_TEXT_MAX];

    if (!value_get(meta, "deletionTimestamp")) {
        value_set_str(req->arena, meta, "deletionTimestamp",
                      clock_to_rfc3339(req->state->now_us, when));
        put_finalizers(req->arena, d->op.r, d->options, meta);
    }
    value_set_str(req->arena, value_need(req->arena, d->op.obj, "status"), "phase", "Terminating");
    d->is_marked = value_len(value_get(meta, "finalizers")) > 0 ||
                   value_len(value_at(d->op.obj, "spec.finalizers")) > 0;
}

/* In the place of the one of its type. */
static void put_condition(Request *req, Value *object, Value *condition)
{
    Arena *a = req->arena;
    Value *status = value_need(a, object, "status"), *list = value_get(status, "conditions"), *c;
    char when[CLOCK_TEXT_MAX];

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_each_item(list, i, c)
    {
        if (str_eq(value_get_str(c, "type"), value_get_str(condition, "type"))) {
            value_remove(list, i);
            break;
        }
    }
    value_set_str(a, condition, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));
    value_append(a, list, condition);
}

static int decide(Request *req, Deletion *d)
{
    bool graceful = strategy_is_graceful(d->op.r);
    int64_t grace = graceful ? pod_grace(d) : 0;
    const Resource *as;
    Value *meta;

    as = crconvert_stored_as(req, d->op.r, d->op.was.obj);
    d->op.obj = object_tree(req->arena, as, d->op.was.obj);
    meta = value_need(req->arena, d->op.obj, "metadata");
    value_del(meta, "resourceVersion");
    if (d->condition)
        put_condition(req, d->op.obj, d->condition);
    if (str_eq(d->op.r->storage, "namespaces"))
        decide_namespace(req, d);
    else {
        bool was_marked = value_get(meta, "deletionTimestamp") != NULL;
        bool is_definition = !was_marked && strategy_mark(req, &d->op);
        uint32_t had = value_len(value_get(meta, "finalizers"));

        put_finalizers(req->arena, d->op.r, d->options, meta);
        if (was_marked) {
            decide_again(req, d, grace);
            if (d->is_noop && had != value_len(value_get(meta, "finalizers"))) {
                d->is_noop = false;
                d->is_marked = true;
            }
            if (d->is_noop && had == 0 && value_at_int(meta, "deletionGracePeriodSeconds", 0) == 0)
                d->is_noop = false; /* nothing holds it any more */
        } else {
            d->is_marked = grace > 0 || value_len(value_get(meta, "finalizers")) > 0;
            if (is_definition)
                mark_plainly(req, d);
            else if (d->is_marked || graceful)
                mark(req, d, grace);
        }
    }
    {
        Value *v = d->op.obj;

        if (convert_is_needed(d->op.r)) {
            v = value_copy(req->arena, v);
            convert_to_storage(req->arena, d->op.r, v);
        }
        d->last = d->is_noop                   ? d->op.was.obj
                  : crconvert_applies(d->op.r) ? crconvert_obj_as(req, as, v)
                                               : engine_obj(req, v);
    }
    return d->last ? STEP_OK : fail_internal(req, "the object cannot be stored");
}

/* A quota to which what went before it in a collection was charged goes itself now. */
static void forget_charges(Request *req, const Deletion *d)
{
    WriteSet *set = &req->state->set;
    Write *w = str_eq(d->op.r->storage, "resourcequotas")
                   ? engine_staged(req, d->op.r->storage, d->op.ns, d->op.name)
                   : NULL;

    if (w)
        *w = set->writes[--set->n];
}

static int stage(Request *req, Deletion *d)
{
    uint32_t at;
    int s;

    if (d->is_noop)
        return STEP_OK;
    forget_charges(req, d);
    if (d->is_marked) {
        engine_put(req, d->op.r->storage, d->op.ns, d->op.name, &d->op.was, d->last);
        return STEP_OK;
    }
    at = req->state->set.n;
    engine_delete(req, d->op.r->storage, &d->op.was);
    req->state->set.writes[at].obj = d->last;
    s = strategy_delete(req, &d->op);
    return s ? s : admit_charges(req, &d->op);
}

static bool answers_object(const Deletion *d)
{
    return d->is_marked || d->is_noop || resource_answers_deleted(d->op.r);
}

/* What is answered is of the version asked for; the webhook is asked before anything is done. */
static int show(Request *req, Deletion *d)
{
    if (!answers_object(d) || !crconvert_applies(d->op.r))
        return STEP_OK;
    d->shown = d->last;
    return crconvert_objs(req, d->op.r, &d->shown, 1, false);
}

static int finish_delete(Request *req, void *data)
{
    Deletion *d = data;
    const WriteSet *set = &req->state->set;
    bool orphan_no = value_is(value_get(d->options, "orphanDependents"), VALUE_BOOL) &&
                     !value_is_true(value_get(d->options, "orphanDependents"));
    Obj *o = d->last;

    if (!d->is_noop && !req->state->opts.is_dry_run && set->n > 0 && set->writes[0].result)
        o = set->writes[0].result;
    else if (!d->is_noop) {
        o = obj_with_revision(d->last, d->op.was.obj->revision);
        engine_keep(req, o);
    }
    if (d->shown && d->shown != d->last) {
        o = obj_with_revision(d->shown, o->revision);
        engine_keep(req, o);
    }
    if (answers_object(d))
        return reply_object(req, (d->is_marked || d->is_noop) && orphan_no ? 202 : 200, d->op.r,
                            NULL, o);
    return reply_success(req, d->op.r, o->name, o->uid);
}

static int prepare(Request *req, Deletion *d)
{
    int s;

    d->op.verb = "DELETE";
    d->op.obj = d->op.old;
    s = check_preconditions(req, d);
    if (!s)
        s = admit_mutate(req, &d->op);
    if (!s)
        s = admit_validate(req, &d->op);
    return s ? s : decide(req, d);
}

/* What a deletion of jobs does unless told is not what clients expect. */
static void warn_of_orphans(Request *req, const Resource *r, const Value *options)
{
    if (str_eq(r->storage, "batch/jobs") && !value_get_str(options, "propagationPolicy") &&
        !value_is(value_get(options, "orphanDependents"), VALUE_BOOL))
        warnings_add(req->arena, &req->state->warnings,
                     "child pods are preserved by default when jobs are deleted; set "
                     "propagationPolicy=Background to remove them or set propagationPolicy=Orphan "
                     "to suppress this warning");
}

/* Priority classes without which nothing runs. */
static int keep_system_class(Request *req, const Resource *r)
{
    static const char *const names[] = {"system-cluster-critical", "system-node-critical"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(r->storage, "scheduling/priorityclasses") &&
            str_eq(req->state->route.name, names[i]))
            return fail_forbidden(req, r->group, r->plural, names[i],
                                  "this is a system priority class and cannot be deleted");
    return STEP_OK;
}

int verb_delete(Request *req, const Resource *r)
{
    Deletion *d = arena_new0(req->arena, Deletion);
    Value *options;
    int s = options_body_delete(req, &options);

    if (s)
        return s;
    d->options = options;
    warn_of_orphans(req, r, options);
    s = keep_system_class(req, r);
    if (!s)
        s = fetch_target(req, r, &d->op);
    if (!s)
        s = prepare(req, d);
    if (!s)
        s = show(req, d);
    if (!s)
        s = stage(req, d);
    if (s)
        return s;
    if (str_eq(r->storage, "tenancy/tenants") && !d->is_marked) {
        s = host_tenant_delete(req, &d->op);
        if (s)
            return s;
    }
    return engine_commit(req, finish_delete, d);
}

int delete_for(Request *req, Op *op, const Value *options, Value *condition,
               int (*finish)(Request *req, void *data))
{
    Deletion *d = arena_new0(req->arena, Deletion);
    int s;

    d->op = *op;
    d->options = options;
    d->condition = condition;
    s = prepare(req, d);
    if (!s)
        s = stage(req, d);
    return s ? s : engine_commit(req, finish, d);
}

/* ---- deletecollection ----
 *
 * What a list with the same options finds is deleted: with a limit one page of it, whose answer
 * says how to go on (registry/generic/registry/store.go, DeleteCollection).
 */

typedef struct Collection {
    const Resource *r;
    Deletion **items;
    size_t n;
    Listed listed;
} Collection;

static int finish_collection(Request *req, void *data)
{
    Collection *c = data;
    AUTO_OBJVEC v = {0};

    for (size_t i = 0; i < c->n; i++)
        objvec_add(&v, obj_ref(c->items[i]->shown));
    return reply_list(req, c->r, &v, c->listed.revision, c->listed.token, c->listed.remaining);
}

int verb_delete_collection(Request *req, const Resource *r)
{
    Collection *c = arena_new0(req->arena, Collection);
    AUTO_OBJVEC found = {0};
    Value *options;
    bool need = false;
    int s = options_body_delete(req, &options);

    if (!s)
        s = list_find(req, r, &found, &c->listed);
    if (!s)
        s = crconvert_objs(req, r, found.items, found.n, true);
    if (s)
        return s;
    c->r = r;
    warn_of_orphans(req, r, options);
    c->items = arena_array(req->arena, Deletion *, found.n + 1);
    for (size_t i = 0; i < found.n; i++) {
        Deletion *d = arena_new0(req->arena, Deletion);
        const Obj *item = found.items[i];

        d->options = options;
        d->op.r = r;
        d->op.ns = arena_strdup(req->arena, item->ns);
        d->op.name = arena_strdup(req->arena, item->name);
        s = read_get(req, req->cluster, r->storage, d->op.ns, d->op.name, &d->op.was);
        if (s)
            return s;
        if (!d->op.was.obj)
            continue;
        d->shown = d->op.was.obj;
        if (crconvert_applies(r) && item->revision == d->shown->revision)
            d->shown = engine_keep(req, obj_ref(found.items[i]));
        s = crconvert_tree(req, r, d->shown, &d->op.old);
        if (s == STEP_NEED) {
            need = true;
            continue;
        }
        if (s)
            return s;
        s = prepare(req, d);
        if (!s && !need)
            s = stage(req, d);
        need = need || s == STEP_NEED; /* the others' answers may be waited for together */
        if (s && s != STEP_NEED)
            return s;
        c->items[c->n++] = d;
    }
    if (need)
        return STEP_NEED;
    return engine_commit(req, finish_collection, c);
}
