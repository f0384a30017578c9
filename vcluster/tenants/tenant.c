/*
 * tenant.c - what binds a tenant whatever its own roles say: how much it may ask at a time, and
 * what its plan lets pods and claims be. How much it may have: accounts.c.
 */
#include "base/err.h"
#include "tenancy/tenancy.h"
#include "tenancy/terms.h"
#include "vcluster/admission.h"
#include "vcluster/spaces.h"

static void unref_terms(void *t)
{
    terms_unref(t);
}

static int find_terms(Request *req, Cluster *c, bool is_needed, const TenantTerms **ret)
{
    Vcluster *vc = req->state->vc;
    const TenantTerms *found = NULL;
    const char *need = NULL;
    int r;

    *ret = terms_none();
    if (is_host(c) || !vc->tenancy)
        return STEP_OK;
    r = tenancy_terms(vc->tenancy, c, &found, &need);
    if (r == -ERR_UNAVAILABLE && need && vc_host(vc)) {
        engine_load(req, vc_host(vc), need);
        return STEP_NEED;
    }
    if (r < 0)
        return is_needed ? fail_unavailable(req, "the tenant's limits are not known") : STEP_OK;
    *ret = found;
    arena_on_free(req->arena, unref_terms, (void *)found);
    return STEP_OK;
}

int tenant_terms(Request *req, const TenantTerms **ret)
{
    return find_terms(req, req->cluster, true, ret);
}

int tenant_terms_if_any(Request *req, const TenantTerms **ret)
{
    return find_terms(req, req->cluster, false, ret);
}

int tenant_terms_of(Request *req, Cluster *c, const TenantTerms **ret)
{
    return find_terms(req, c, false, ret);
}

int tenant_terms_in(Request *req, const char *ns, const TenantTerms **ret)
{
    const TenantTerms *own;
    Cluster *owner = NULL;
    int s = find_terms(req, req->cluster, false, &own);

    *ret = terms_none();
    if (!s && own->is_shared && ns[0])
        s = spaces_owner_of(req, req->cluster, ns, &owner);
    return s || !owner ? s : find_terms(req, owner, false, ret);
}

/* ---- how much at a time ---- */

static GateKind kind_of(const Request *req)
{
    static const char *const streams[] = {"attach", "exec", "portforward", "proxy", "log"};
    const Route *t = &req->state->route;

    if (str_eq(t->verb, "watch") || str_eq(t->verb, "watchlist"))
        return GATE_WATCH;
    for (size_t i = 0; t->is_resource && i < ARRAY_LEN(streams); i++)
        if (str_eq(t->subresource, streams[i]))
            return GATE_STREAM;
    return GATE_REQUEST;
}

/* As upstream's priority and fairness refuses. */
static int too_many(Request *req, int retry_s)
{
    int s = reply_text(req, 429, "text/plain; charset=utf-8",
                       SLICE("Too many requests, please try again later.\n"));

    reply_header(req, "Retry-After", arena_printf(req->arena, "%d", retry_s));
    reply_header(req, "X-Content-Type-Options", "nosniff");
    req->reply.is_refusal = true;
    return s;
}

/* Strangers do not use up what is a tenant's. */
static bool is_exempt(const Request *req)
{
    return is_host(req->cluster) || !req->state->vc->tenancy || req->user.is_internal ||
           req->user.node || user_has_group(&req->user, "system:unauthenticated");
}

int tenant_enter(Request *req)
{
    RequestState *st = req->state;
    const TenantTerms *terms;
    GateKind kind;
    int s, wait_s;

    if (st->has_entered || is_exempt(req))
        return STEP_OK;
    s = tenant_terms_if_any(req, &terms);
    if (s)
        return s;
    kind = kind_of(req);
    wait_s = gate_enter(req->state->entry, terms, kind, st->now_us);
    gate_owe(req->state->entry, terms, req->arrival, st->now_us); /* who is refused has come, too */
    if (wait_s > 0)
        return too_many(req, wait_s);
    st->has_entered = true;
    st->gate = kind;
    return STEP_OK;
}

enum { OBJECTS_A_REQUEST = 100 };

void tenant_owe(Request *req, size_t n_objects)
{
    RequestState *st = req->state;
    const TenantTerms *terms = NULL;
    const char *ignored = NULL;

    if (!st->has_entered || n_objects < OBJECTS_A_REQUEST ||
        tenancy_terms(st->vc->tenancy, st->entry, &terms, &ignored) < 0)
        return;
    gate_owe(st->entry, terms, (int64_t)(n_objects / OBJECTS_A_REQUEST), st->now_us);
    terms_unref(terms);
}

void tenant_leave(Request *req)
{
    RequestState *st = req->state;

    if (!st || !st->has_entered)
        return;
    st->has_entered = false;
    gate_leave(st->entry, st->gate);
}

/* ---- what it may be ---- */

static int check_claim(Request *req, const Op *op, const TenantTerms *t)
{
    const char *class = value_get_str(value_at(op->obj, "metadata.annotations"),
                                      "volume.beta.kubernetes.io/storage-class");

    if (!class)
        class = value_at_str(op->obj, "spec.storageClassName");
    if (!t->storage_classes || str_among(class ? class : "", t->storage_classes))
        return STEP_OK;
    return admit_forbid(req, op, "the tenant's plan does not allow storage class \"%s\"",
                        class ? class : "");
}

static int check_runtime(Request *req, const Op *op, const TenantTerms *t)
{
    const char *handler = value_get_str(op->obj, "handler");

    if (!t->runtime_handlers || str_among(handler, t->runtime_handlers))
        return STEP_OK;
    return admit_forbid(req, op, "the tenant's plan does not allow runtime handler \"%s\"",
                        handler ? handler : "");
}

/* A pod that names its node itself passes by the scheduler. */
static int check_node(Request *req, const Op *op, const TenantTerms *t, const char *name)
{
    Cluster *host = vc_host(req->state->vc);
    Stored node;
    int s;

    if (!name || !name[0] || !host || !terms_restrict_nodes(t))
        return STEP_OK;
    s = read_get(req, host, "nodes", "", name, &node);
    if (s || !node.obj || terms_allow_node_obj(t, node.obj))
        return s;
    return admit_forbid(req, op, "node \"%s\" is not in the tenant's node pools", name);
}

static int check_pod(Request *req, const Op *op, const TenantTerms *t)
{
    if (t->runtime_handlers && !value_at_str(op->obj, "spec.runtimeClassName"))
        return admit_forbid(req, op, "the tenant's plan asks for a runtime class");
    return check_node(req, op, t, value_at_str(op->obj, "spec.nodeName"));
}

static int check(Request *req, const Op *op, const TenantTerms *t)
{
    if (op_is_on(op, "persistentvolumeclaims", NULL))
        return check_claim(req, op, t);
    if (op_is_on(op, "pods", NULL))
        return check_pod(req, op, t);
    return op_is_on(op, "node/runtimeclasses", NULL)
               ? check_runtime(req, op, t)
               : check_node(req, op, t, value_at_str(op->obj, "target.name"));
}

int tenant_validate(Request *req, Op *op)
{
    const TenantTerms *t;
    bool is_create = op_is_create(op), is_binding = is_create && op_is_on(op, "pods", "binding");
    bool is_pod = is_create && op_is_on(op, "pods", NULL);
    bool is_claim = is_create && op_is_on(op, "persistentvolumeclaims", NULL);
    bool is_class = op_is_on(op, "node/runtimeclasses", NULL) && !str_eq(op->verb, "DELETE");
    int s;

    if (!is_binding && !is_pod && !is_claim && !is_class)
        return STEP_OK;
    s = tenant_terms(req, &t);
    if (!s)
        s = check(req, op, t);
    if (!s)
        s = tenant_terms_in(req, op->ns ? op->ns : "", &t); /* and what the owner agreed to */
    return s ? s : check(req, op, t);
}
