/*
 * tenant.c - what binds a tenant whatever its own roles say: how much it may ask at a time, how
 * much it may store, and what its plan lets pods and claims be.
 *
 * Rows are counted where they are written (tenant_rows): each transaction says by how many rows and
 * bytes it changes what is stored, so that the counters are what a count of the rows would give.
 */
#include "base/err.h"
#include "quota/quota.h"
#include "tenancy/tenancy.h"
#include "tenancy/terms.h"
#include "vcluster/admission.h"
#include "vcluster/nodeview.h"

static void unref_terms(void *t)
{
    terms_unref(t);
}

static int find_terms(Request *req, bool is_needed, const TenantTerms **ret)
{
    Vcluster *vc = req->state->vc;
    const TenantTerms *found = NULL;
    const char *need = NULL;
    int r;

    *ret = terms_none();
    if (is_host(req->cluster) || !vc->tenancy)
        return STEP_OK;
    r = tenancy_terms(vc->tenancy, req->cluster, &found, &need);
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
    return find_terms(req, true, ret);
}

int tenant_terms_if_any(Request *req, const TenantTerms **ret)
{
    return find_terms(req, false, ret);
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
    wait_s = gate_enter(req->cluster, terms, kind, st->now_us);
    if (wait_s > 0)
        return too_many(req, wait_s);
    st->has_entered = true;
    st->gate = kind;
    return STEP_OK;
}

void tenant_leave(Request *req)
{
    RequestState *st = req->state;

    if (!st || !st->has_entered)
        return;
    st->has_entered = false;
    gate_leave(req->cluster, st->gate);
}

/* ---- how much is stored ---- */

static bool is_counted(const char *storage)
{
    return !str_starts(storage, "internal/") || str_eq(storage, NODE_OVERLAYS);
}

int tenant_charge(Request *req, const TenantTerms *terms, const char *counter, int64_t delta)
{
    WriteSet *set = &req->state->set;

    for (uint32_t i = 0; i < set->n_charges; i++)
        if (str_eq(set->charges[i].counter, counter)) {
            set->charges[i].delta += delta;
            return STEP_OK;
        }
    engine_charge(req, counter, delta, terms_limit(terms, counter));
    return STEP_OK;
}

int tenant_rows(Request *req)
{
    WriteSet *set = &req->state->set;
    const TenantTerms *terms;
    int64_t bytes = 0, rows = 0;
    int s;

    if (is_host(req->cluster) || !req->state->vc->tenancy || set->n == 0)
        return STEP_OK;
    s = tenant_terms(req, &terms);
    if (s)
        return s;
    for (uint32_t i = 0; i < set->n; i++) {
        const Write *w = &set->writes[i];
        int change = (w->op == WRITE_PUT) - (w->expect > 0);

        if (w->cluster != req->cluster)
            continue;
        bytes += w->op == WRITE_PUT ? quota_blocks(w->obj->text_len) : 0;
        bytes -= w->expect > 0 ? quota_blocks(w->was_bytes) : 0;
        if (change == 0 || !is_counted(w->storage))
            continue;
        rows += change;
        (void)tenant_charge(req, terms, arena_printf(req->arena, "#%s", w->storage), change);
    }
    if (rows != 0)
        (void)tenant_charge(req, terms, "objects", rows);
    /* What nodes and controllers say of objects that are there is counted, but not refused: a
     * tenant at its limit would not learn what became of its pods. */
    if (bytes != 0)
        engine_charge(req, "bytes", bytes,
                      rows <= 0 && (req->user.is_internal || req->user.node)
                          ? INT64_MAX
                          : terms_limit(terms, "bytes"));
    return STEP_OK;
}

/* ---- what it may be ---- */

static bool is_listed(const char *const *list, const char *s)
{
    for (; *list; list++)
        if (str_eq(*list, s))
            return true;
    return false;
}

static int check_claim(Request *req, const Op *op, const TenantTerms *t)
{
    const char *class = value_get_str(value_at(op->obj, "metadata.annotations"),
                                      "volume.beta.kubernetes.io/storage-class");

    if (!class)
        class = value_at_str(op->obj, "spec.storageClassName");
    if (!t->storage_classes || is_listed(t->storage_classes, class ? class : ""))
        return STEP_OK;
    return admit_forbid(req, op, "the tenant's plan does not allow storage class \"%s\"",
                        class ? class : "");
}

static int check_runtime(Request *req, const Op *op, const TenantTerms *t)
{
    const char *handler = value_get_str(op->obj, "handler");

    if (!t->runtime_handlers || is_listed(t->runtime_handlers, handler))
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
    if (s)
        return s;
    return is_claim   ? check_claim(req, op, t)
           : is_pod   ? check_pod(req, op, t)
           : is_class ? check_runtime(req, op, t)
                      : check_node(req, op, t, value_at_str(op->obj, "target.name"));
}
