/*
 * admission.c - the ordered table of what looks at a write before it is stored.
 *
 * A plug-in mutates, or validates, or both. Mutation comes before the kind's own strategy,
 * validation after it; webhooks and admission policies are further rows of the same table. Plan
 * limits and ResourceQuota come last of all (admit_charges()), since they write.
 */
#include "base/b64.h"
#include "base/err.h"
#include "base/pki.h"
#include "base/random.h"
#include "quota/quota.h"
#include "tenancy/tenancy.h"
#include "vcluster/convert.h"
#include "vcluster/escalation.h"
#include "vcluster/podsecurity.h"
#include "vcluster/vcluster_int.h"

typedef int (*PluginFn)(Request *req, Op *op);
typedef struct Plugin {
    const char *name;
    PluginFn mutate, validate;
} Plugin;

static bool is_create(const Op *op)
{
    return str_eq(op->verb, "CREATE");
}

static bool is_pod(const Op *op)
{
    return !op->sub && str_eq(op->r->storage, "pods");
}

static int forbid(Request *req, const Op *op, const char *why)
{
    return fail_forbidden(req, op->r->group, op->r->plural, op->name, "%s", why);
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
                return forbid(req, op, "this namespace may not be deleted");
    if (!is_create(op) || !op->r->is_namespaced)
        return STEP_OK;
    s = read_get(req, req->cluster, "namespaces", "", op->ns, &ns);
    if (s)
        return s;
    if (!ns.obj)
        return fail_status(req, 404, "NotFound",
                           status_details(req->arena, "", "namespaces", op->ns),
                           arena_printf(req->arena, "namespaces \"%s\" not found", op->ns));
    if (ns.obj->deleted_us > 0 && !req->user.is_internal) {
        const Resource *r = op->r;
        Value *d = status_details(req->arena, r->group, r->plural, op->name);

        details_cause(req->arena, d, "NamespaceTerminating",
                      arena_printf(req->arena, "namespace %s is being terminated", op->ns),
                      "metadata.namespace");
        return fail_status(
            req, 403, "Forbidden", d,
            arena_printf(req->arena,
                         "%s%s%s \"%s\" is forbidden: unable to create new content in namespace "
                         "%s because it is being terminated",
                         r->plural, r->group[0] ? "." : "", r->group, op->name, op->ns));
    }
    return STEP_OK;
}

/* ---- ServiceAccount ---- */

#define SA_MOUNT "/var/run/secrets/kubernetes.io/serviceaccount"

static bool mounts_token(const Value *container)
{
    const Value *m;

    value_each_item(value_get(container, "volumeMounts"), i, m)
    {
        if (str_eq(value_get_str(m, "mountPath"), SA_MOUNT))
            return true;
    }
    return false;
}

static void mount_token(Request *req, Value *spec)
{
    static const char *const lists[] = {"initContainers", "containers"};
    Arena *a = req->arena;
    char suffix[8];
    const char *name = arena_printf(a, "kube-api-access-%s", random_suffix(suffix, 5));
    bool used = false;
    Value *c, *volume, *volumes;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(spec, lists[k]), i, c)
        {
            Value *mounts, *m;

            if (mounts_token(c))
                continue;
            mounts = value_get(c, "volumeMounts");
            if (!value_is(mounts, VALUE_ARRAY)) {
                mounts = value_array(a);
                value_set(a, c, "volumeMounts", mounts);
            }
            m = value_object(a);
            value_set_str(a, m, "name", name);
            value_set_bool(a, m, "readOnly", true);
            value_set_str(a, m, "mountPath", SA_MOUNT);
            value_append(a, mounts, m);
            used = true;
        }
    if (!used)
        return;
    volume = value_literal(
        a, "{'name':'','projected':{'sources':[{'serviceAccountToken':{'expirationSeconds':3607,"
           "'path':'token'}},{'configMap':{'name':'kube-root-ca.crt','items':[{'key':'ca.crt',"
           "'path':'ca.crt'}]}},{'downwardAPI':{'items':[{'path':'namespace','fieldRef':"
           "{'apiVersion':'v1','fieldPath':'metadata.namespace'}}]}}],'defaultMode':420}}");
    value_set_str(a, volume, "name", name);
    volumes = value_get(spec, "volumes");
    if (!value_is(volumes, VALUE_ARRAY)) {
        volumes = value_array(a);
        value_set(a, spec, "volumes", volumes);
    }
    value_append(a, volumes, volume);
}

static int service_account(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *sa = NULL, *automount;
    const char *name = value_get_str(spec, "serviceAccountName");
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("serviceaccounts"));
    int s;

    if (!is_pod(op) || !is_create(op) || !spec)
        return STEP_OK;
    if (value_get(value_at(op->obj, "metadata.annotations"), "kubernetes.io/config.mirror"))
        return STEP_OK;
    if (!name || !name[0])
        name = "default";
    value_set_str(a, spec, "serviceAccountName", name);
    value_set_str(a, spec, "serviceAccount", name);
    s = read_tree(req, r, op->ns, name, &sa);
    if (s)
        return s;
    if (!sa)
        return forbid(req, op,
                      arena_printf(a,
                                   "error looking up service account %s/%s: serviceaccount "
                                   "\"%s\" not found",
                                   op->ns, name, name));
    automount = value_get(spec, "automountServiceAccountToken");
    if (!value_is(automount, VALUE_BOOL))
        automount = value_get(sa, "automountServiceAccountToken");
    if (!value_is(automount, VALUE_BOOL) || automount->boolean)
        mount_token(req, spec);
    if (value_len(value_get(spec, "imagePullSecrets")) == 0 &&
        value_len(value_get(sa, "imagePullSecrets")) > 0)
        value_set(a, spec, "imagePullSecrets", value_copy(a, value_get(sa, "imagePullSecrets")));
    return STEP_OK;
}

/* ---- Priority ---- */

static int default_class(Request *req, const Resource *r, Value **ret)
{
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    bool more;
    int s = read_list(req, req->cluster, r->storage, &all, &v, &revision, &more);

    *ret = NULL;
    for (size_t i = 0; !s && i < v.n; i++) {
        Value *pc;

        if (!strstr(v.items[i]->text, "\"globalDefault\":true"))
            continue;
        pc = object_tree(req->arena, r, v.items[i]);
        if (value_is_true(value_get(pc, "globalDefault")) &&
            (!*ret || value_at_int(pc, "value", 0) < value_at_int(*ret, "value", 0)))
            *ret = pc;
    }
    return s;
}

static int priority(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *pc = NULL, *given;
    const Resource *r =
        resource_find(SLICE("scheduling.k8s.io"), SLICE("v1"), SLICE("priorityclasses"));
    const char *name = value_get_str(spec, "priorityClassName");
    int64_t value;
    int s;

    if (!is_pod(op) || !is_create(op) || !r || !spec)
        return STEP_OK;
    if (name && name[0]) {
        s = read_tree(req, r, "", name, &pc);
        if (!s && !pc)
            return forbid(req, op,
                          arena_printf(a, "no PriorityClass with name %s was found", name));
    } else
        s = default_class(req, r, &pc);
    if (s)
        return s;
    value = value_at_int(pc, "value", 0);
    given = value_get(spec, "priority");
    if (value_is(given, VALUE_NUMBER) && value_at_int(spec, "priority", 0) != value)
        return forbid(req, op,
                      arena_printf(a,
                                   "the integer value of priority (%lld) must not be provided in "
                                   "pod spec; priority admission controller computed %lld from "
                                   "the given PriorityClass name",
                                   (long long)value_at_int(spec, "priority", 0), (long long)value));
    if (pc && !(name && name[0]))
        value_set_str(a, spec, "priorityClassName", value_at_str(pc, "metadata.name"));
    value_set_int(a, spec, "priority", value);
    {
        const char *policy = value_get_str(pc, "preemptionPolicy");
        const char *own = value_get_str(spec, "preemptionPolicy");

        policy = policy ? policy : "PreemptLowerPriority";
        if (own && !str_eq(own, policy))
            return forbid(req, op,
                          arena_printf(a,
                                       "the string value of PreemptionPolicy (%s) must not be "
                                       "provided in pod spec; priority admission controller "
                                       "computed %s from the given PriorityClass name",
                                       own, policy));
        value_set_str(a, spec, "preemptionPolicy", policy);
    }
    return STEP_OK;
}

/* ---- DefaultTolerationSeconds ---- */

static bool tolerates(const Value *list, const char *key)
{
    const Value *t;

    value_each_item(list, i, t)
    {
        const char *k = value_get_str(t, "key"), *effect = value_get_str(t, "effect");

        if ((!k || !k[0] || str_eq(k, key)) &&
            (!effect || !effect[0] || str_eq(effect, "NoExecute")))
            return true;
    }
    return false;
}

static int tolerations(Request *req, Op *op)
{
    static const char *const keys[] = {"node.kubernetes.io/not-ready",
                                       "node.kubernetes.io/unreachable"};
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *list = value_get(spec, "tolerations");
    bool had[ARRAY_LEN(keys)];

    if (!is_pod(op) || !is_create(op) || !spec)
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        had[i] = tolerates(list, keys[i]);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        Value *t;

        if (had[i])
            continue;
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set(a, spec, "tolerations", list);
        }
        t = value_literal(a, "{'key':'','operator':'Exists','effect':'NoExecute',"
                             "'tolerationSeconds':300}");
        value_set_str(a, t, "key", keys[i]);
        value_append(a, list, t);
    }
    return STEP_OK;
}

/* ---- TaintNodesByCondition ---- */

static int taint_node(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *taints, *t;

    if (!is_create(op) || !str_eq(op->r->storage, "nodes"))
        return STEP_OK;
    taints = value_at(op->obj, "spec.taints");
    value_each_item(taints, i,
                    t) if (str_eq(value_get_str(t, "key"), "node.kubernetes.io/not-ready") &&
                           str_eq(value_get_str(t, "effect"), "NoSchedule")) return STEP_OK;
    if (!taints) {
        taints = value_array(a);
        value_set(a, value_need(a, op->obj, "spec"), "taints", taints);
    }
    value_append(a, taints,
                 value_literal(a, "{'key':'node.kubernetes.io/not-ready','effect':'NoSchedule'}"));
    return STEP_OK;
}

/* ---- nodes: whose they are ---- */

/* A node writes its own objects only; a tenant's nodes are a view (nodeview.c). */
static int node_restriction(Request *req, Op *op)
{
    bool is_node = str_eq(op->r->storage, "nodes");
    const char *node = req->user.node;

    if (is_node && op->was.is_view)
        return forbid(req, op,
                      "the nodes of this cluster are a view of the platform's nodes and cannot be "
                      "changed");
    if (!node || (!is_node && !str_eq(op->r->storage, "coordination/leases")))
        return STEP_OK;
    if (str_eq(op->name, node) && (is_node || str_eq(op->ns, "kube-node-lease")))
        return STEP_OK;
    return forbid(req, op,
                  arena_printf(req->arena, "node \"%s\" is not allowed to modify node \"%s\"", node,
                               op->name));
}

/* ---- LimitRanger ---- */

static int limit_ranger(Request *req, Op *op)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("limitranges"));
    CacheScan scan = {.ns = op->ns};
    AUTO_OBJVEC v = {0};
    const Value **ranges;
    int64_t revision;
    bool more;
    Err err;
    int s;

    if (op->sub || str_eq(op->verb, "DELETE") ||
        !(is_pod(op) || str_eq(op->r->storage, "persistentvolumeclaims")))
        return STEP_OK;
    if (is_pod(op) && !is_create(op))
        return STEP_OK;
    s = read_list(req, req->cluster, "limitranges", &scan, &v, &revision, &more);
    if (s || v.n == 0)
        return s;
    ranges = arena_array(req->arena, const Value *, v.n);
    for (size_t i = 0; i < v.n; i++)
        ranges[i] = object_tree(req->arena, r, v.items[i]);
    if (limitrange_admit(req->arena, ranges, v.n, op->r, op->obj, &err) < 0)
        return forbid(req, op, err.msg);
    return STEP_OK;
}

/* ---- RuntimeClass ---- */

static int runtime_class(Request *req, Op *op)
{
    Arena *a = req->arena;
    const Resource *r = resource_find(SLICE("node.k8s.io"), SLICE("v1"), SLICE("runtimeclasses"));
    Value *spec = value_get(op->obj, "spec"), *rc = NULL, *v, *list;
    const char *name = value_get_str(spec, "runtimeClassName");
    int s;

    if (!is_pod(op) || !is_create(op) || !r)
        return STEP_OK;
    if (!name || !name[0])
        return value_len(value_get(spec, "overhead")) > 0
                   ? forbid(req, op,
                            "pod rejected: Pod Overhead set without corresponding RuntimeClass "
                            "defined Overhead")
                   : STEP_OK;
    s = read_tree(req, r, "", name, &rc);
    if (s)
        return s;
    if (!rc)
        return forbid(req, op,
                      arena_printf(a, "pod rejected: RuntimeClass \"%s\" not found", name));
    v = value_at(rc, "overhead.podFixed");
    if (value_get(spec, "overhead") && !value_equal(value_get(spec, "overhead"), v))
        return forbid(req, op,
                      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    if (value_len(v) > 0)
        value_set(a, spec, "overhead", value_copy(a, v));
    value_each_member(value_at(rc, "scheduling.nodeSelector"), m)
    {
        Value *own = value_get(value_need(a, spec, "nodeSelector"), m->name);

        if (own && !value_equal(own, m->value))
            return forbid(req, op,
                          arena_printf(a,
                                       "conflict: runtimeClass.scheduling."
                                       "nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s",
                                       m->name, value_to_cstr(m->value), m->name,
                                       value_to_cstr(own)));
        value_set(a, value_get(spec, "nodeSelector"), m->name, m->value);
    }
    list = value_get(spec, "tolerations");
    if (!list && value_len(value_at(rc, "scheduling.tolerations")) > 0) {
        list = value_array(a);
        value_set(a, spec, "tolerations", list);
    }
    value_each_item(value_at(rc, "scheduling.tolerations"), i, v)
        value_append(a, list, value_copy(a, v));
    return STEP_OK;
}

/* ---- certificates ---- */

static int may_sign(Request *req, const char *verb, const char *name, bool *ret)
{
    RbacAttrs at = {.verb = verb,
                    .is_resource = true,
                    .group = "certificates.k8s.io",
                    .resource = "signers",
                    .subresource = "",
                    .ns = "",
                    .name = name,
                    .path = ""};
    const char *reason;

    return authorize(req, &at, ret, &reason);
}

static int csr_approval(Request *req, Op *op)
{
    const char *signer = value_at_str(op->old, "spec.signerName"), *slash;
    bool allowed = false;
    int s;

    if (!op->sub || !str_eq(op->sub->name, "approval") || !signer)
        return STEP_OK;
    s = may_sign(req, "approve", signer, &allowed);
    slash = strchr(signer, '/');
    if (!s && !allowed && slash)
        s = may_sign(req, "approve",
                     arena_printf(req->arena, "%.*s/*", (int)(slash - signer), signer), &allowed);
    if (s || allowed)
        return s;
    return forbid(req, op,
                  arena_printf(req->arena,
                               "user not permitted to approve requests with signerName \"%s\"",
                               signer));
}

static int csr_subject(Request *req, Op *op)
{
    CLEANUP(pki_csr_free) PkiCsr *csr = NULL;
    AUTO_BUF pem = BUF_INIT;
    const char *text = value_at_str(op->obj, "spec.request"), *cn, *const * orgs;

    if (!is_create(op) || !str_eq(op->r->storage, "certificates/certificatesigningrequests") ||
        !str_eq(value_at_str(op->obj, "spec.signerName"), "kubernetes.io/kube-apiserver-client"))
        return STEP_OK;
    if (!text || !b64_decode(slice_of(text), &pem) ||
        pki_csr_from_pem(buf_slice(&pem), &csr, NULL) < 0 ||
        pki_csr_subject(csr, req->arena, &cn, &orgs, NULL) < 0)
        return STEP_OK; /* validation has the words */
    for (; *orgs; orgs++)
        if (str_eq(*orgs, "system:masters"))
            return forbid(req, op,
                          "use of kubernetes.io/kube-apiserver-client signer with system:masters "
                          "group is not allowed");
    return STEP_OK;
}

/* The order of the real server's default plug-ins. */
static const Plugin plugins[] = {
    {"NamespaceLifecycle", lifecycle, NULL},
    {"LimitRanger", limit_ranger, NULL},
    {"ServiceAccount", service_account, NULL},
    {"NodeRestriction", node_restriction, NULL},
    {"TaintNodesByCondition", taint_node, NULL},
    {"PodSecurity", NULL, podsecurity_validate},
    {"Priority", priority, NULL},
    {"DefaultTolerationSeconds", tolerations, NULL},
    {"RuntimeClass", runtime_class, NULL},
    {"CertificateApproval", NULL, csr_approval},
    {"CertificateSubjectRestriction", NULL, csr_subject},
    {"RbacEscalation", NULL, escalation_validate},
};

int admit_mutate(Request *req, Op *op)
{
    if (op->is_system)
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
        int s = plugins[i].mutate ? plugins[i].mutate(req, op) : STEP_OK;

        if (s)
            return s;
    }
    return STEP_OK;
}

int admit_validate(Request *req, Op *op)
{
    if (op->is_system)
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
        int s = plugins[i].validate ? plugins[i].validate(req, op) : STEP_OK;

        if (s)
            return s;
    }
    return STEP_OK;
}

/* ---- what it costs ---- */

static int charge_plan(Request *req, const Op *op, const Value *old, const Value *now)
{
    PlanCharge list[8];
    TenantLimits limits;
    const char *need = NULL;
    uint32_t n;
    int r;

    if (is_host(req->cluster) || !req->state->vc->tenancy)
        return STEP_OK;
    n = quota_plan_charges(req->arena, op->r, old, now, list);
    if (n == 0)
        return STEP_OK;
    r = tenancy_limits(req->state->vc->tenancy, req->cluster, &limits, &need);
    if (r == -ERR_UNAVAILABLE && need && vc_host(req->state->vc)) {
        engine_load(req, vc_host(req->state->vc), need);
        return STEP_NEED;
    }
    if (r < 0)
        return fail_unavailable(req, "the tenant's limits are not known");
    for (uint32_t i = 0; i < n; i++)
        if (list[i].delta != 0)
            engine_charge(req, list[i].counter, list[i].delta,
                          tenant_limit(&limits, list[i].counter), list[i].requested);
    return STEP_OK;
}

static int charge_quota(Request *req, const Op *op, const Obj *quota, const Value *old,
                        const Value *now)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("resourcequotas"));
    Value *tree = object_tree(req->arena, r, quota), *status = NULL;
    Stored was = {.obj = (Obj *)quota, .expect = quota->revision};
    Err err;
    Obj *o;

    if (quota_admit(req->arena, tree, op->r, old, now, &status, &err) < 0)
        return forbid(req, op, err.msg);
    if (!status || req->state->opts.is_dry_run)
        return STEP_OK;
    value_set(req->arena, tree, "status", status);
    normalize_object(req->arena, r, tree);
    o = engine_obj(req, tree);
    if (o)
        engine_put(req, r->storage, o->ns, o->name, &was, o);
    return STEP_OK;
}

int admit_charges(Request *req, Op *op)
{
    bool is_delete = str_eq(op->verb, "DELETE");
    const Value *old = is_create(op) ? NULL : op->old, *now = is_delete ? NULL : op->obj;
    CacheScan scan = {.ns = op->ns};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = charge_plan(req, op, old, now);

    if (s || !op->r->is_namespaced || op->sub || str_eq(op->r->storage, "resourcequotas") ||
        str_eq(op->r->storage, "events"))
        return s;
    s = read_list(req, req->cluster, "resourcequotas", &scan, &v, &revision, &more);
    for (size_t i = 0; !s && i < v.n; i++)
        s = charge_quota(req, op, engine_keep(req, obj_ref(v.items[i])), old, now);
    return s;
}
