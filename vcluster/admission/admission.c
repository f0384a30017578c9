/*
 * admission.c - the ordered table of what looks at a write before it is stored.
 *
 * A plug-in mutates, or validates, or both. Mutation comes before the kind's own strategy,
 * validation after it; webhooks and admission policies are further rows of the same table. Plan
 * limits and ResourceQuota come last of all (admit_charges()), since they write.
 */
#include "vcluster/admission.h"
#include "base/err.h"
#include "quota/quota.h"
#include "vcluster/escalation.h"
#include "vcluster/podsecurity.h"
#include "vcluster/policies.h"
#include "vcluster/spaces.h"
#include "vcluster/webhooks.h"

#include <stdarg.h>

typedef int (*PluginFn)(Request *req, Op *op);
typedef struct Plugin {
    const char *name;
    PluginFn mutate, validate;
    bool has_connections; /* looks at connections (exec, proxy) too */
} Plugin;

/* Before admission is over, a name is not yet generated. */
const char *admit_name(const Op *op)
{
    static const char *const paths[] = {"metadata.name", "metadata.generateName"};

    if (op->name && op->name[0])
        return op->name;
    for (size_t i = 0; op->obj && i < ARRAY_LEN(paths); i++) {
        const char *name = value_at_str(op->obj, paths[i]);

        if (name && name[0])
            return name;
    }
    return "Unknown";
}

int admit_forbid(Request *req, const Op *op, const char *fmt, ...)
{
    va_list args, again;
    char *why;
    int n;

    va_start(args, fmt);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, args);
    BUG_ON(n < 0);
    why = arena_alloc(req->arena, (size_t)n + 1);
    (void)vsnprintf(why, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(args);
    return fail_forbidden(req, op->r->group, op->r->plural, admit_name(op), "%s", why);
}

/* ---- NamespaceLifecycle ---- */

static int lifecycle(Request *req, Op *op)
{
    static const char *const immortal[] = {"default", "kube-system", "kube-public"};
    Stored ns;
    int s;

    if (str_eq(op->verb, "DELETE") && str_eq(op->r->storage, "namespaces"))
        for (size_t i = 0; i < ARRAY_LEN(immortal); i++)
            if (str_eq(op->name, immortal[i]))
                return admit_forbid(req, op, "this namespace may not be deleted");
    if (!op_is_create(op) || !op->r->is_namespaced)
        return STEP_OK;
    s = read_get(req, req->cluster, "namespaces", "", op->ns, &ns);
    if (s)
        return s;
    if (!ns.obj)
        return fail_status(req, 404, "NotFound",
                           status_details(req->arena, "", "namespaces", op->ns),
                           arena_printf(req->arena, "namespaces \"%s\" not found", op->ns));
    if (ns.obj->deleted_us > 0 && !req->user.node) {
        const Resource *r = op->r;
        Value *d = status_details(req->arena, r->group, r->plural, admit_name(op));

        details_cause(req->arena, d, "NamespaceTerminating",
                      arena_printf(req->arena, "namespace %s is being terminated", op->ns),
                      "metadata.namespace");
        return fail_status(
            req, 403, "Forbidden", d,
            arena_printf(req->arena,
                         "%s%s%s \"%s\" is forbidden: unable to create new content in namespace "
                         "%s because it is being terminated",
                         r->plural, r->group[0] ? "." : "", r->group, admit_name(op), op->ns));
    }
    return STEP_OK;
}

/* ---- LimitRanger ---- */

typedef struct Values {
    Value **items;
    size_t n;
} Values;

/* Containers cannot change but by a resize, so no other update of a pod is looked at. */
static bool limits_apply(const Op *op)
{
    bool is_write = op_is_create(op) || op_is_update(op);

    if (op_is_on(op, "persistentvolumeclaims", NULL))
        return is_write;
    return (op_is_on(op, "pods", NULL) && op_is_create(op)) ||
           (op_is_on(op, "pods", "resize") && op_is_update(op));
}

static int limit_ranges(Request *req, const Op *op, Values *ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("limitranges"));
    CacheScan scan = {.ns = op->ns};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s;

    *ret = (Values){0};
    if (!limits_apply(op) || (op->old && value_at(op->old, "metadata.deletionTimestamp")))
        return STEP_OK;
    s = read_list(req, req->cluster, "limitranges", &scan, &v, &revision, &more);
    if (s || v.n == 0)
        return s;
    ret->items = arena_array(req->arena, Value *, v.n);
    for (size_t i = 0; i < v.n; i++)
        ret->items[ret->n++] = object_tree(req->arena, r, v.items[i]);
    return STEP_OK;
}

static int limit_ranger_mutate(Request *req, Op *op)
{
    Values ranges;
    int s = limit_ranges(req, op, &ranges);

    for (size_t i = 0; !s && i < ranges.n; i++)
        limitrange_default(req->arena, ranges.items[i], op->r, op->obj);
    return s;
}

static int limit_ranger_validate(Request *req, Op *op)
{
    Values ranges;
    int s = limit_ranges(req, op, &ranges);

    for (size_t i = 0; !s && i < ranges.n; i++) {
        const char *why = limitrange_check(req->arena, ranges.items[i], op->r, op->obj);

        if (why)
            return admit_forbid(req, op, "%s", why);
    }
    return s;
}

/* ---- nodes of the view: changes are the tenant's own (nodeview.h), but they stay ---- */

static int node_view(Request *req, Op *op)
{
    if (!op->was.is_view || !str_eq(op->verb, "DELETE"))
        return STEP_OK;
    return admit_forbid(req, op, "the platform's nodes cannot be deleted by those who share them");
}

/* The order of the real server's default plug-ins. PodSecurity, the admission policies and the like
 * are rows too; what upstream registers but leaves off is not here. */
static const Plugin plugins[] = {
    {"NodeView", node_view, NULL, false},
    {"PodAddresses", admit_addresses_mutate, NULL, false},
    {"PodEnd", admit_pod_end_mutate, NULL, false},
    {"NamespaceLifecycle", lifecycle, NULL, false},
    {"NamespaceOwner", spaces_mutate, spaces_validate, false},
    {"LimitRanger", limit_ranger_mutate, limit_ranger_validate, false},
    {"ServiceAccount", admit_account_mutate, admit_account_validate, false},
    {"NodeRestriction", admit_node_restriction_mutate, NULL, false},
    {"TaintNodesByCondition", admit_node_taint_mutate, NULL, false},
    {"PodSecurity", NULL, podsecurity_validate, false},
    {"Plan", NULL, tenant_validate, false},
    {"TenantGroup", NULL, host_group_validate, false},
    {"TenantLimits", NULL, host_limits_validate, false},
    {"Priority", admit_priority_mutate, admit_priority_validate, false},
    {"DefaultTolerationSeconds", admit_tolerations_mutate, NULL, false},
    {"DefaultStorageClass", admit_storage_class_mutate, NULL, false},
    {"StorageObjectInUseProtection", admit_in_use_mutate, NULL, false},
    {"PersistentVolumeClaimResize", NULL, admit_claim_resize_validate, false},
    {"RuntimeClass", admit_runtime_class_mutate, admit_runtime_class_validate, false},
    {"CertificateApproval", NULL, admit_csr_approval_validate, false},
    {"CertificateSigning", NULL, admit_csr_signing_validate, false},
    {"CertificateSubjectRestriction", NULL, admit_csr_subject_validate, false},
    {"DefaultIngressClass", admit_ingress_class_mutate, NULL, false},
    {"PodTopologyLabels", admit_topology_labels_mutate, NULL, false},
    {"RbacEscalation", NULL, escalation_validate, false},
    {"MutatingAdmissionPolicy", policies_mutate, NULL, true},
    {"MutatingAdmissionWebhook", webhooks_mutate, NULL, true},
    {"ValidatingAdmissionPolicy", NULL, policies_validate, true},
    {"ValidatingAdmissionWebhook", NULL, webhooks_validate, true},
    /* ResourceQuota is admit_charges() */
};

static int run(Request *req, Op *op, bool mutates)
{
    bool connects = str_eq(op->verb, "CONNECT");

    for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
        PluginFn fn = mutates ? plugins[i].mutate : plugins[i].validate;
        int s = fn && (!connects || plugins[i].has_connections) ? fn(req, op) : STEP_OK;

        if (s)
            return s;
    }
    return STEP_OK;
}

int admit_mutate(Request *req, Op *op)
{
    int s;

    if (op->is_system)
        return STEP_OK;
    op->again = (Reinvocation){0};
    s = run(req, op, true);
    if (s || !op->again.is_wanted)
        return s;
    op->again.is_second = true;
    return run(req, op, true);
}

int admit_validate(Request *req, Op *op)
{
    return op->is_system ? STEP_OK : run(req, op, false);
}

int admit_subresource(Request *req, const Resource *r, const Subresource *sub, Value *obj)
{
    const Route *t = &req->state->route;
    Op op = {.r = r,
             .sub = sub,
             .verb = "CREATE",
             .ns = r->is_namespaced ? t->ns : "",
             .name = t->name,
             .obj = obj};
    int s = admit_mutate(req, &op);

    return s ? s : admit_validate(req, &op);
}

/* ---- what it costs ---- */

static int charge_plan(Request *req, const Op *op, const Value *old, const Value *now)
{
    PlanCharges list;

    if (is_host(req->cluster) || !req->state->vc->tenancy)
        return STEP_OK;
    if (op->was.expect == EXPECT_ABSENT) /* what a cluster is born with costs when it is changed */
        old = NULL;
    list = quota_plan_charges(req->arena, op->r, old, now);
    return accounts_charge(req, op->ns ? op->ns : "", &list);
}

static bool is_pod_status(const Op *op)
{
    return op->sub && str_eq(op->r->storage, "pods") && str_eq(op->sub->name, "status");
}

/* What deletes many objects at once charges a quota many times, and writes it once. */
static int charge_quota(Request *req, const Op *op, const Obj *quota, const Value *old,
                        const Value *now)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("resourcequotas"));
    Write *staged = engine_staged(req, r->storage, quota->ns, quota->name);
    Stored was = {.obj = (Obj *)quota, .expect = quota->revision};
    Value *tree, *status = NULL;
    Err err;
    Obj *o;

    if (staged && staged->op == WRITE_DELETE)
        return STEP_OK;
    tree = object_tree(req->arena, r, staged ? staged->obj : quota);
    if (is_pod_status(op))
        status = quota_follow(req->arena, tree, op->r, old, now, req->state->now_us);
    else if (quota_admit(req->arena, tree, op->r, old, now, req->state->now_us, &status, &err) < 0)
        return admit_forbid(req, op, "%s", err.msg);
    if (!status || req->state->opts.is_dry_run)
        return STEP_OK;
    value_set(req->arena, tree, "status", status);
    normalize_object(req->arena, r, tree);
    o = engine_obj(req, tree);
    if (o && staged)
        staged->obj = o;
    else if (o)
        engine_put(req, r->storage, o->ns, o->name, &was, o);
    return STEP_OK;
}

/* Of subresources only a resize costs. The status of a pod gives back when it ends, and says what
 * is still held while it is resized. */
static bool is_counted(const Op *op)
{
    bool is_pod = str_eq(op->r->storage, "pods");

    if (!op->r->is_namespaced || str_eq(op->r->storage, "events"))
        return false;
    if (!op->sub || str_eq(op->verb, "DELETE"))
        return true;
    if (is_pod_status(op))
        return quota_is_over(op->obj) ? !quota_is_over(op->old)
                                      : quota_has_resized(op->old, op->obj);
    return is_pod && str_eq(op->sub->name, "resize");
}

int admit_charges(Request *req, Op *op)
{
    bool is_delete = str_eq(op->verb, "DELETE");
    const Value *old = op_is_create(op) ? NULL : op->old, *now = is_delete ? NULL : op->obj;
    CacheScan scan = {.ns = op->ns};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = charge_plan(req, op, old, now);

    if (s || !is_counted(op))
        return s;
    s = read_list(req, req->cluster, "resourcequotas", &scan, &v, &revision, &more);
    for (size_t i = 0; !s && i < v.n; i++) {
        if (str_eq(op->r->storage, "resourcequotas") && str_eq(v.items[i]->name, op->name))
            continue; /* it is being written itself */
        s = charge_quota(req, op, engine_keep(req, obj_ref(v.items[i])), old, now);
    }
    return s;
}
