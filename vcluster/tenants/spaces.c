#include "vcluster/spaces.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "tenancy/move.h"
#include "vcluster/admission.h"
#include "vcluster/crds.h"
#include "vcluster/host.h"

#define MARKS "internal/spaces" /* of namespaces that were made */

enum { LEAVING_US = 2 * 1000 * 1000 };

static bool is_home(const Request *req)
{
    const SpaceView *v = req->state->view;

    return v && req->cluster == v->home;
}

/* ---- whose a namespace is ---- */

static bool is_owned_by(const Obj *ns, const char *uid)
{
    const char *label = obj_label(ns, SPACE_UID_LABEL);

    return label && strcmp(label, uid) == 0;
}

int spaces_owner(Request *req, Cluster *c, const Obj *ns, Cluster **ret)
{
    const char *name = obj_label(ns, SPACE_TENANT_LABEL), *uid = obj_label(ns, SPACE_UID_LABEL);
    const TenantTerms *terms;
    Cluster *owner;
    int s;

    *ret = NULL;
    owner = name && uid ? store_cluster(req->state->vc->store, slice_of(name)) : NULL;
    (void)engine_keep_cluster(req, owner);
    if (!owner || strcmp(owner->uid, uid) != 0)
        return STEP_OK;
    s = tenant_terms_of(req, owner, &terms);
    /* a label is no claim on other tenants */
    if (!s && (str_eq(terms->cluster, c->name) || str_eq(terms->beside, c->name)))
        *ret = owner;
    return s;
}

int spaces_owner_of(Request *req, Cluster *c, const char *ns, Cluster **ret)
{
    Stored was;
    int s = read_get(req, c, "namespaces", "", ns, &was);

    *ret = NULL;
    return s || !was.obj ? s : spaces_owner(req, c, was.obj, ret);
}

static int owns(Request *req, const char *ns, bool *ret)
{
    Cluster *shared = is_home(req) ? req->state->shared : req->cluster;
    Stored was;
    int s = read_get(req, shared, "namespaces", "", ns, &was);

    *ret = !s && was.obj && is_owned_by(was.obj, req->state->view->home->uid);
    return s;
}

/* ---- coming in ---- */

static int look_through(Request *req, Cluster *home, const TenantTerms *terms, Cluster *shared)
{
    SpaceView *v = arena_new0(req->arena, SpaceView);

    *v = (SpaceView){home, terms};
    req->state->view = v;
    req->state->shared = shared;
    req->cluster = shared;
    return STEP_OK;
}

/* The namespace of a service account's name, in the arena; NULL when it is none. */
static const char *account_namespace(Request *req, const char *user)
{
    static const char prefix[] = "system:serviceaccount:";
    const char *colon;

    if (!str_starts(user, prefix))
        return NULL;
    user += sizeof(prefix) - 1;
    colon = strchr(user, ':');
    return colon ? arena_strndup(req->arena, user, (size_t)(colon - user)) : NULL;
}

int spaces_enter(Request *req)
{
    RequestState *st = req->state;
    const User *u = engine_real_user(req);
    const TenantTerms *terms;
    Cluster *other = NULL;
    const char *ns;
    int s;

    st->view = NULL;
    if (!st->vc->tenancy || is_host(req->cluster) || u->is_internal || u->node)
        return STEP_OK;
    s = tenant_terms_if_any(req, &terms);
    if (s || (!terms->cluster && !terms->is_shared))
        return s;
    if (terms->cluster) {
        other = engine_keep_cluster(req, store_cluster(st->vc->store, slice_of(terms->cluster)));
        return other ? look_through(req, req->cluster, terms, other)
                     : fail_unavailable(req, "the cluster of the tenant's namespaces is not there");
    }
    ns = account_namespace(req, u->name);
    if (!ns)
        return STEP_OK;
    s = spaces_owner_of(req, req->cluster, ns, &other);
    if (s || !other)
        return s;
    s = tenant_terms_of(req, other, &terms);
    return s ? s : look_through(req, other, terms, req->cluster);
}

/* ---- the wall ---- */

typedef enum Passage {
    PASS_NEVER,
    PASS_READ,
    PASS_CREATE,
    PASS_HOME, /* the tenant's own cluster has it */
} Passage;

/* What a tenant without cluster scope reaches of it nevertheless. */
static const struct {
    const char *group, *resource;
    Passage passage;
} cluster_scope[] = {
    {"rbac.authorization.k8s.io", "clusterroles", PASS_HOME},
    {"rbac.authorization.k8s.io", "clusterrolebindings", PASS_HOME},
    {"usage.hostplane.io", "tenantusages", PASS_HOME},
    {"audit.hostplane.io", "auditpolicies", PASS_HOME},
    {"audit.hostplane.io", "auditevents", PASS_HOME},
    {"audit.hostplane.io", "auditcheckpoints", PASS_HOME},
    {"authorization.k8s.io", "selfsubjectaccessreviews", PASS_CREATE},
    {"authorization.k8s.io", "selfsubjectrulesreviews", PASS_CREATE},
    {"authorization.k8s.io", "subjectaccessreviews", PASS_CREATE},
    {"authentication.k8s.io", "selfsubjectreviews", PASS_CREATE},
    {"storage.k8s.io", "storageclasses", PASS_READ},
    {"storage.k8s.io", "volumeattributesclasses", PASS_READ},
    {"networking.k8s.io", "ingressclasses", PASS_READ},
    {"scheduling.k8s.io", "priorityclasses", PASS_READ},
    {"node.k8s.io", "runtimeclasses", PASS_READ},
    {"resource.k8s.io", "deviceclasses", PASS_READ},
};

static bool is_read(const char *verb)
{
    return str_eq(verb, "get") || str_eq(verb, "list") || str_eq(verb, "watch");
}

static Passage passage_of(const RbacAttrs *at)
{
    for (size_t i = 0; i < ARRAY_LEN(cluster_scope); i++)
        if (str_eq(cluster_scope[i].group, at->group) &&
            str_eq(cluster_scope[i].resource, at->resource))
            return cluster_scope[i].passage;
    return PASS_NEVER;
}

bool spaces_is_home(const Resource *r)
{
    return passage_of(&(RbacAttrs){.group = r->group, .resource = r->plural}) == PASS_HOME;
}

static bool passes(Passage p, const char *verb)
{
    return p == PASS_HOME || (p == PASS_READ && is_read(verb)) ||
           (p == PASS_CREATE && str_eq(verb, "create"));
}

static int is_namespaced(Request *req, const RbacAttrs *at, bool *ret)
{
    ResourceSet set;
    int s = crds_need(req);

    *ret = false;
    if (s)
        return s;
    set = vc_resources(req);
    for (size_t i = 0; i < set.n && !*ret; i++)
        *ret = set.items[i]->is_namespaced && str_eq(set.items[i]->group, at->group) &&
               str_eq(set.items[i]->plural, at->resource);
    return STEP_OK;
}

static bool is_space_verb(const RbacAttrs *at)
{
    static const char *const of_one[] = {"get", "update", "patch", "delete", "watch", "list"};

    for (size_t i = 0; !at->subresource[0] && i < ARRAY_LEN(of_one); i++)
        if (str_eq(of_one[i], at->verb))
            return true;
    return str_eq(at->verb, "get") && str_eq(at->subresource, "status");
}

/* What no role of the tenant's opens: *ret says whether the request stays inside. */
static int is_inside(Request *req, const RbacAttrs *at, bool *ret)
{
    bool is_space = str_eq(at->group, "") && str_eq(at->resource, "namespaces");
    const char *ns = at->ns[0] ? at->ns : is_space ? at->name : "";
    int s;

    *ret = false;
    if (is_space && !is_space_verb(at) && (!str_eq(at->verb, "create") || at->subresource[0]))
        return STEP_OK;
    if (is_space && (str_eq(at->verb, "create") || !ns[0])) {
        *ret = true; /* admission says which; lists are filtered */
        return STEP_OK;
    }
    if (ns[0])
        return owns(req, ns, ret);
    *ret = passes(passage_of(at), at->verb) || str_starts(at->verb, "impersonate");
    if (*ret || !is_read(at->verb))
        return STEP_OK;
    s = is_namespaced(req, at, ret); /* a list or watch of all namespaces, filtered */
    return s;
}

static bool is_public_path(const char *path)
{
    static const char *const open[] = {"/api",     "/apis",  "/openapi", "/version",
                                       "/healthz", "/livez", "/readyz"};

    for (size_t i = 0; i < ARRAY_LEN(open); i++)
        if (str_starts(path, open[i]) && (!path[strlen(open[i])] || path[strlen(open[i])] == '/'))
            return true;
    return false;
}

int spaces_authorize(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                     const char **ret_reason)
{
    const SpaceView *v = req->state->view;
    Cluster *shared = req->state->shared;
    const RbacIndex *base, *home, *own;
    RbacAttrs with = *at;
    int s;

    *ret = false;
    *ret_reason = "";
    with.user = u->name;
    with.groups = u->groups;
    if (!at->is_resource && !is_public_path(at->path))
        return STEP_OK;
    s = at->is_resource ? is_inside(req, at, ret) : STEP_OK;
    if (s)
        return s;
    if (at->is_resource && !*ret) {
        *ret_reason = at->ns[0] ? "the namespace is not the tenant's"
                                : "the tenant owns namespaces and has no cluster scope";
        return STEP_OK;
    }
    *ret = (at->is_resource || str_eq(at->verb, "get")) &&
           (user_has_group(u, "system:masters") || terms_is_admin(v->terms, u->name, u->groups));
    if (*ret)
        return STEP_OK;
    s = authz_indexes_of(req, v->home, &base, &home);
    if (s)
        return s;
    *ret = base && rbac_allows(base, home, &with, req->arena, ret_reason);
    if (*ret || !at->is_resource || !at->ns[0])
        return STEP_OK;
    with.only_namespace = true;
    s = authz_indexes_of(req, shared, &base, &own);
    if (!s)
        *ret = base && rbac_allows(base, own, &with, req->arena, ret_reason);
    return s;
}

int spaces_route(Request *req)
{
    RequestState *st = req->state;
    const Route *t = &st->route;
    RbacAttrs at = {.group = t->group, .resource = t->resource};

    if (st->view && t->is_resource && !t->ns[0] && passage_of(&at) == PASS_HOME)
        req->cluster = st->view->home;
    return STEP_OK;
}

int64_t spaces_since(const Request *req)
{
    const SpaceView *v = req->state->view;

    return v && !is_home(req) ? v->terms->since : 0;
}

/* ---- admission ---- */

static const char *label_of(const Value *ns, const char *key)
{
    const char *s = value_get_str(value_at(ns, "metadata.labels"), key);

    return s ? s : "";
}

static bool same_owner(const Value *a, const Value *b)
{
    return str_eq(label_of(a, SPACE_TENANT_LABEL), label_of(b, SPACE_TENANT_LABEL)) &&
           str_eq(label_of(a, SPACE_UID_LABEL), label_of(b, SPACE_UID_LABEL));
}

int spaces_mutate(Request *req, Op *op)
{
    const SpaceView *v = req->state->view;
    Value *labels;

    if (!v || !op_is_on(op, "namespaces", NULL) || !op_is_create(op))
        return STEP_OK;
    labels = value_need(req->arena, op->obj, "metadata.labels");
    value_set_str(req->arena, labels, SPACE_TENANT_LABEL, v->home->name);
    value_set_str(req->arena, labels, SPACE_UID_LABEL, v->home->uid);
    return STEP_OK;
}

/* So that names tell nothing of other tenants' namespaces. */
bool spaces_is_own_name(const char *tenant, const char *name)
{
    size_t n = strlen(tenant);

    return str_starts(name, tenant) && (!name[n] || name[n] == '-');
}

int spaces_validate(Request *req, Op *op)
{
    const SpaceView *v = req->state->view;
    const TenantTerms *terms;
    int s;

    if (!str_eq(op->r->storage, "namespaces") || op->sub || str_eq(op->verb, "DELETE"))
        return STEP_OK;
    if (v && op_is_create(op) && !spaces_is_own_name(v->home->name, op->name))
        return admit_forbid(req, op,
                            "a namespace of this tenant is named \"%s\", or begins with \"%s-\"",
                            v->home->name, v->home->name);
    if (v)
        return op_is_create(op) || same_owner(op->old, op->obj)
                   ? STEP_OK
                   : admit_forbid(req, op, "labels %s and %s are the platform's",
                                  SPACE_TENANT_LABEL, SPACE_UID_LABEL);
    if (same_owner(op->old, op->obj) || req->user.is_internal ||
        user_has_group(&req->user, "system:masters"))
        return STEP_OK;
    s = tenant_terms_if_any(req, &terms);
    if (s || !terms->is_shared || terms_is_admin(terms, req->user.name, req->user.groups))
        return s;
    return admit_forbid(req, op, "only an administrator of the cluster may say whose it is");
}

/* ---- a tenant comes, changes, goes ---- */

static int tenant_named(Request *req, const char *name, Value **ret)
{
    const Resource *r = resource_find(SLICE("tenancy.hostplane.io"), SLICE("v1"), SLICE("tenants"));

    return read_tree(req, r, "", name, ret);
}

static bool is_space_tenant(const Value *tenant)
{
    return str_eq(value_at_str(tenant, "spec.isolation"), "namespace");
}

static const char *cluster_of(const Value *tenant)
{
    const char *s = value_at_str(tenant, "spec.cluster");

    return s ? s : "";
}

int spaces_check_tenant(Request *req, const Value *old, const Value *tenant, const char **ret_why)
{
    const char *in = cluster_of(tenant), *name = value_at_str(tenant, "metadata.name");
    const char *who = NULL;
    Value *shared = NULL;
    int s;

    *ret_why = NULL;
    if (old && move_is_far(old, tenant) && move_stage(old) != MOVE_NONE &&
        !move_is_recalled(tenant))
        *ret_why = arena_printf(
            req->arena, "spec.isolation: Invalid value: \"%s\": the tenant is being moved already",
            value_at_str(tenant, "spec.isolation"));
    else if (is_space_tenant(tenant) && old && move_space(old) && !str_eq(move_space(old), in))
        *ret_why = arena_printf(req->arena,
                                "spec.cluster: Invalid value: \"%s\": from namespaces of one "
                                "cluster to those of another a tenant goes by way of its own",
                                in);
    if (!is_space_tenant(tenant) || *ret_why)
        return STEP_OK;
    if (value_at_bool(tenant, "spec.shared"))
        *ret_why = "spec.shared: Invalid value: true: a tenant that owns namespaces has no cluster "
                   "to share";
    if ((old && !move_is_far(old, tenant)) || *ret_why)
        return STEP_OK;
    s = old ? host_who_names(req, "tenancy/tenants", "spec.cluster", name, &who) : STEP_OK;
    if (!s && who)
        *ret_why =
            arena_printf(req->arena,
                         "spec.isolation: Invalid value: \"namespace\": tenant \"%s\" has its "
                         "namespaces in this one's cluster",
                         who);
    if (s || *ret_why)
        return s;
    s = in[0] ? tenant_named(req, in, &shared) : STEP_OK;
    if (!s && !shared)
        *ret_why = arena_printf(req->arena, "spec.cluster: Not found: \"%s\"", in);
    else if (!s &&
             (str_eq(in, name) || is_space_tenant(shared) || !value_at_bool(shared, "spec.shared")))
        *ret_why = arena_printf(
            req->arena, "spec.cluster: Invalid value: \"%s\": its cluster is not shared", in);
    return s;
}

static int terminate(Request *req, Cluster *shared, Obj *ns)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    Stored was = {.obj = ns, .expect = ns->revision};
    Value *v = object_tree(req->arena, r, ns);
    char now[CLOCK_TEXT_MAX];

    value_set_at(
        req->arena, v, "metadata.deletionTimestamp",
        value_str(req->arena, clock_to_rfc3339(req->state->now_us / 1000000 * 1000000, now)));
    value_set_at(req->arena, v, "status.phase", value_str(req->arena, "Terminating"));
    value_del(value_get(v, "metadata"), "resourceVersion");
    return engine_put_tree(req, shared, r, v, &was);
}

int spaces_mark(Request *req, Cluster *home, const char *ns)
{
    Value *row = value_object(req->arena);
    Stored was;
    Write *w;
    int s;

    if (clock_mono_us() < atomic_load(&cluster_ext(home)->leaving_until_us))
        return fail_unavailable(req, "the tenant is being deleted");
    s = read_get(req, home, MARKS, "", ns, &was);
    if (s)
        return s;
    value_set_at(req->arena, row, "metadata.name", value_str(req->arena, ns));
    w = engine_write_in(req, home);
    w->op = WRITE_PUT;
    w->storage = MARKS;
    w->ns = "";
    w->name = arena_strdup(req->arena, ns);
    w->expect = was.expect;
    w->was_bytes = was.obj ? was.obj->text_len : 0;
    w->obj = engine_obj(req, row);
    return w->obj ? STEP_OK : fail_internal(req, "the namespace cannot be stored");
}

int spaces_terminate(Request *req, Cluster *home, const Value *tenant)
{
    const char *in = move_beside(tenant) ? move_beside(tenant) : move_space(tenant);
    Cluster *shared;
    CacheScan all = {0};
    AUTO_OBJVEC v = {0};
    int64_t ignored;
    Cache *k = NULL;
    int s;

    if (!home || !in)
        return STEP_OK;
    /* one that is made after this look moves the tenant's own cluster, too */
    req->state->txn.change.expect_revision = atomic_load(&home->revision);
    if (req->state->attempts > 0) /* and again and again: now they wait */
        atomic_store(&cluster_ext(home)->leaving_until_us, clock_mono_us() + LEAVING_US);
    shared = engine_keep_cluster(req, store_cluster(req->state->vc->store, slice_of(in)));
    if (!shared)
        return STEP_OK;
    s = engine_cache(req, shared, "namespaces", &k);
    if (s)
        return s;
    (void)cache_list(k, &all, &v, &ignored);
    for (size_t i = 0; !s && i < v.n; i++)
        if (is_owned_by(v.items[i], home->uid) && v.items[i]->deleted_us == 0)
            s = terminate(req, shared, engine_keep(req, obj_ref(v.items[i])));
    return s;
}

/* ---- what shows ---- */

/* `known` remembers namespaces that are gone, since the end of what was in them may be told after
 * their own. */
struct SpaceFilter {
    Cluster *home;
    uint32_t n_moves; /* of it when this was made */
    Cache *spaces;
    Watch *watch; /* NULL: of a list */
    bool is_of_spaces;
    char last[64]; /* the namespace that was looked up last */
    bool is_last_ours;
    Map known;
};

int spaces_filter(Request *req, const Resource *r, SpaceFilter **ret)
{
    const SpaceView *v = req->state->view;
    bool is_of_spaces = str_eq(r->storage, "namespaces");
    SpaceFilter *f;
    Cache *k = NULL;
    int s;

    *ret = NULL;
    if (!v || is_home(req) || (!r->is_namespaced && !is_of_spaces))
        return STEP_OK;
    s = engine_cache(req, req->cluster, "namespaces", &k);
    if (s)
        return s;
    f = xcalloc(1, sizeof(*f));
    f->home = cluster_ref(v->home);
    f->n_moves = atomic_load(&v->home->n_moves);
    f->spaces = cache_ref(k);
    f->is_of_spaces = is_of_spaces;
    *ret = f;
    return STEP_OK;
}

void spaces_filter_free(SpaceFilter *f)
{
    if (!f)
        return;
    if (f->watch)
        watch_close(f->watch);
    cluster_unref(f->home);
    cache_unref(f->spaces);
    map_done(&f->known);
    free(f);
}

bool spaces_is_over(const SpaceFilter *f)
{
    return f && (atomic_load(&f->home->state) == CLUSTER_DELETING ||
                 atomic_load(&f->home->n_moves) != f->n_moves);
}

static void note(SpaceFilter *f, const char *ns)
{
    (void)map_set(&f->known, ns, f);
}

bool spaces_shows(SpaceFilter *f, const Obj *o)
{
    CLEANUP(obj_unref) Obj *ns = NULL;
    bool is_ours;

    if (!f)
        return true;
    if (f->is_of_spaces)
        return is_owned_by(o, f->home->uid);
    if (!f->watch && strcmp(f->last, o->ns) == 0) /* lists come in the order of namespaces */
        return f->is_last_ours;
    ns = cache_get(f->spaces, "", o->ns);
    is_ours = ns ? is_owned_by(ns, f->home->uid) : map_get(&f->known, o->ns) != NULL;
    if (is_ours && ns)
        note(f, o->ns);
    snprintf(f->last, sizeof(f->last), "%s", o->ns);
    f->is_last_ours = is_ours;
    return is_ours;
}

void spaces_hold(SpaceFilter *f)
{
    AUTO_OBJVEC all = {0};
    const CacheScan scan = {0};
    int64_t revision;

    if (!f || f->is_of_spaces)
        return;
    (void)cache_list(f->spaces, &scan, &all, &revision);
    for (size_t i = 0; i < all.n; i++)
        if (is_owned_by(all.items[i], f->home->uid))
            note(f, all.items[i]->name);
}

int spaces_follow(SpaceFilter *f, int64_t from, Loop *loop, LoopFn wake, void *data, Err *err)
{
    if (f->is_of_spaces)
        return 0;
    return cache_watch(f->spaces, from, loop, wake, data, &f->watch, err);
}

int spaces_catch_up(SpaceFilter *f, int64_t *ret_until, Err *err)
{
    int r = 0;

    *ret_until = INT64_MAX;
    while (f->watch) {
        Event *e = NULL;
        bool now, before;

        r = watch_next(f->watch, &e, err);
        if (r <= 0)
            break;
        now = is_owned_by(e->obj, f->home->uid);
        before = e->prev ? is_owned_by(e->prev, f->home->uid) : now && !e->is_prev_lost;
        if (now)
            note(f, e->obj->name);
        r = e->type == EVENT_MODIFIED && now != before
                ? err_set(err, ERR_EXPIRED, "the namespaces that may be seen have changed")
                : 0;
        event_unref(e);
        if (r < 0)
            return r;
    }
    if (f->watch)
        *ret_until = watch_progress(f->watch);
    return r;
}
