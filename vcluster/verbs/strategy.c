/*
 * strategy.c - what each kind does to an object before it is stored. A table by storage name; code
 * only where a table cannot say it.
 */
#include "base/clock.h"
#include "base/quantity.h"
#include "base/random.h"
#include "vcluster/crds.h"
#include "vcluster/vcluster_int.h"

typedef enum StrategyFlags {
    CREATE_ON_UPDATE = 1u << 0, /* PUT makes what is not there */
    CONDITIONAL = 1u << 1,      /* an update must carry a resourceVersion */
    GRACEFUL = 1u << 2,         /* deletion takes its time */
    ORPHANS = 1u << 3,          /* a deletion that does not say leaves dependents alone */
    KEEPS_STATUS = 1u << 4,     /* status given on create is kept */
    FIXED_GENERATION = 1u << 5, /* generation stays 1 */
    NO_DEPENDENTS = 1u << 6,    /* deletion heeds no propagation policy */
} StrategyFlags;

typedef int (*PrepareFn)(Request *req, Op *op);

typedef struct Strategy {
    const char *storage;
    uint32_t flags;
    PrepareFn create, update, remove;
} Strategy;

/* ---- pods ---- */

void strategy_pod_status(Request *req, Value *pod)
{
    Arena *a = req->arena;
    Value *status = value_object(a);

    value_set_str(a, status, "phase", "Pending");
    value_set_str(a, status, "qosClass", pod_qos_class(pod));
    if (value_len(value_at(pod, "spec.schedulingGates")) > 0) {
        Value *cond = value_literal(
            a, "{'type':'PodScheduled','status':'False','reason':'SchedulingGated',"
               "'message':'Scheduling is blocked due to non-empty scheduling gates'}");
        Value *conds = value_array(a);
        char when[CLOCK_TEXT_MAX];

        value_set(a, cond, "lastProbeTime", value_null(a));
        value_set_str(a, cond, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));

        value_append(a, conds, cond);
        value_set(a, status, "conditions", conds);
    }
    value_set(a, pod, "status", status);
}

/* matchLabelKeys become expressions over the pod's own labels. */
static void merge_label_keys(Arena *a, Value *term, const char *member, const char *operator,
                             const Value * labels)
{
    const Value *key;

    value_each_item(value_get(term, member), i, key)
    {
        const char *name = value_to_cstr(key);
        Value *value = name ? value_get(labels, name) : NULL, *e, *values, *list;

        if (!value || !value_get(term, "labelSelector"))
            continue;
        list = value_get(value_get(term, "labelSelector"), "matchExpressions");
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set(a, value_get(term, "labelSelector"), "matchExpressions", list);
        }
        e = value_object(a);
        values = value_array(a);
        value_append(a, values, value);
        value_set_str(a, e, "key", name);
        value_set_str(a, e, "operator", operator);
        value_set(a, e, "values", values);
        value_append(a, list, e);
    }
}

static void merge_all_label_keys(Arena *a, Value *pod)
{
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    static const char required[] = "requiredDuringSchedulingIgnoredDuringExecution";
    static const char preferred[] = "preferredDuringSchedulingIgnoredDuringExecution";
    const Value *labels = value_at(pod, "metadata.labels");
    Value *affinity = value_at(pod, "spec.affinity"), *t;

    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        value_each_item(value_get(value_get(affinity, kinds[k]), required), i, t)
        {
            merge_label_keys(a, t, "matchLabelKeys", "In", labels);
            merge_label_keys(a, t, "mismatchLabelKeys", "NotIn", labels);
        }
        value_each_item(value_get(value_get(affinity, kinds[k]), preferred), j, t)
        {
            merge_label_keys(a, value_get(t, "podAffinityTerm"), "matchLabelKeys", "In", labels);
            merge_label_keys(a, value_get(t, "podAffinityTerm"), "mismatchLabelKeys", "NotIn",
                             labels);
        }
    }
    value_each_item(value_at(pod, "spec.topologySpreadConstraints"), n, t)
        merge_label_keys(a, t, "matchLabelKeys", "In", labels);
}

/* The profile that an annotation of old names; NULL when it names none that may be. */
static Value *armor_of_annotation(Arena *a, const char *text)
{
    static const char local[] = "localhost/";
    enum { PROFILE_MAX = 4095 };
    Slice name;
    Value *v;

    if (str_eq(text, "unconfined"))
        return value_literal(a, "{'type':'Unconfined'}");
    if (str_eq(text, "runtime/default"))
        return value_literal(a, "{'type':'RuntimeDefault'}");
    if (!text || !str_starts(text, local))
        return NULL;
    name = slice_of(text + strlen(local));
    if (name.len == 0 || name.len > PROFILE_MAX || slice_trim(name).len != name.len)
        return NULL;
    v = value_literal(a, "{'type':'Localhost'}");
    value_set_str(a, v, "localhostProfile", name.ptr);
    return v;
}

/* Annotations of AppArmor become fields where those are missing (registry/core/pod/strategy.go,
 * applyAppArmorVersionSkew). */
static void apply_armor(Request *req, Value *pod)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    static const char prefix[] = "container.apparmor.security.beta.kubernetes.io/";
    Arena *a = req->arena;
    const Value *notes = value_at(pod, "metadata.annotations");
    const Value *whole = value_at(pod, "spec.securityContext.appArmorProfile");
    Value *c;

    if (str_eq(value_at_str(pod, "spec.os.name"), "windows"))
        return;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(value_get(pod, "spec"), lists[i]), k, c)
        {
            const char *name = value_get_str(c, "name");
            const char *key = arena_printf(a, "%s%s", prefix, name ? name : "");
            const Value *note = value_get(notes, key);
            Value *profile;

            if (!note || value_at(c, "securityContext.appArmorProfile"))
                continue;
            profile = armor_of_annotation(a, value_to_cstr(note));
            if (profile && whole && value_equal(profile, whole))
                continue;
            if (profile)
                value_set(a, value_need(a, c, "securityContext"), "appArmorProfile", profile);
            warnings_add(a, &req->state->warnings,
                         "metadata.annotations[%s]: deprecated since v1.30; use the "
                         "\"appArmorProfile\" field instead",
                         key);
        }
}

static int create_pod(Request *req, Op *op)
{
    merge_all_label_keys(req->arena, op->obj);
    strategy_pod_status(req, op->obj);
    apply_armor(req, op->obj);
    return STEP_OK;
}

static void keep_observed(Arena *a, Value *now, const Value *old)
{
    const Value *was = value_get(old, "observedGeneration");

    if (value_at_int(now, "observedGeneration", 0) == 0 && was)
        value_set(a, now, "observedGeneration", value_copy(a, was));
}

/* The how many-th of its type is the condition? Types may come more than once. */
static const Value *same_condition(const Value *old, const Value *conditions, uint32_t at)
{
    const char *type = value_get_str(value_item(conditions, at), "type");
    const Value *c;
    uint32_t n = 0;

    for (uint32_t i = 0; i < at; i++)
        n += str_eq(value_get_str(value_item(conditions, i), "type"), type);
    value_each_item(old, k, c)
    {
        if (str_eq(value_get_str(c, "type"), type) && n-- == 0)
            return c;
    }
    return NULL;
}

/* A status that leaves out its class, or the generations that it was made of, keeps them. */
static int update_pod(Request *req, Op *op)
{
    Value *status = value_get(op->obj, "status"), *old = value_get(op->old, "status"), *c;
    Value *conditions = value_get(status, "conditions");
    const char *class = value_get_str(status, "qosClass");

    if (!op->sub || !str_eq(op->sub->name, "status"))
        return STEP_OK;
    if (!status) {
        status = value_object(req->arena);
        value_set(req->arena, op->obj, "status", status);
    }
    if ((!class || !class[0]) && value_get(old, "qosClass"))
        value_set(req->arena, status, "qosClass", value_get(old, "qosClass"));
    keep_observed(req->arena, status, old);
    value_each_item(conditions, i, c)
        keep_observed(req->arena, c, same_condition(value_get(old, "conditions"), conditions, i));
    return STEP_OK;
}

/* ---- namespaces ---- */

static int create_namespace(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *fin = value_get(spec, "finalizers"), *v;
    bool has = false;

    value_each_item(fin, i, v) has = has || str_eq(value_to_cstr(v), "kubernetes");
    if (!fin) {
        fin = value_array(a);
        value_set(a, spec, "finalizers", fin);
    }
    if (!has)
        value_append(a, fin, value_str(a, "kubernetes"));
    value_set(a, op->obj, "status", value_literal(a, "{'phase':'Active'}"));
    value_set_str(a, value_need(a, op->obj, "metadata.labels"), "kubernetes.io/metadata.name",
                  op->name);
    return STEP_OK;
}

static void take(Arena *a, Value *to, const Value *from, const char *path_parent,
                 const char *member)
{
    Value *v = value_get(path_parent ? value_get(from, path_parent) : from, member);
    Value *at = path_parent ? value_need(a, to, path_parent) : to;

    if (v)
        value_set(a, at, member, v);
    else
        value_del(at, member);
}

static int update_namespace(Request *req, Op *op)
{
    if (!op->sub)
        take(req->arena, op->obj, op->old, "spec", "finalizers");
    return STEP_OK;
}

/* ---- jobs: selector and labels from the uid ---- */

void strategy_stored(Request *req, Op *op)
{
    Value *labels = value_at(op->obj, "spec.template.metadata.labels");

    /* Reading back from the store is where this default is seen again. */
    if (str_eq(op->r->storage, "batch/jobs") && value_len(labels) > 0 &&
        value_len(value_at(op->obj, "metadata.labels")) == 0)
        value_set(req->arena, value_get(op->obj, "metadata"), "labels",
                  value_copy(req->arena, labels));
    if (op->r->crd)
        crds_store(req, op);
}

static int create_job(Request *req, Op *op)
{
    static const char *const by_uid[] = {"batch.kubernetes.io/controller-uid", "controller-uid"};
    static const char *const by_name[] = {"batch.kubernetes.io/job-name", "job-name"};
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *labels;
    const char *uid = value_at_str(op->obj, "metadata.uid");
    bool shared;

    if (value_is_true(value_get(spec, "manualSelector")))
        return STEP_OK;
    /* Upstream's defaulting lets the job share its template's labels, so what is added to them
     * here shows on both. */
    labels = value_at(spec, "template.metadata.labels");
    shared = value_len(labels) > 0 && value_at(op->obj, "metadata.labels") &&
             value_equal(labels, value_at(op->obj, "metadata.labels"));
    labels = value_need(a, spec, "template.metadata.labels");
    for (size_t i = 0; i < ARRAY_LEN(by_uid); i++) {
        if (!value_get(labels, by_uid[i]))
            value_set_str(a, labels, by_uid[i], uid);
        if (!value_get(labels, by_name[i]))
            value_set_str(a, labels, by_name[i], op->name);
    }
    if (shared)
        value_set(a, value_get(op->obj, "metadata"), "labels", value_copy(a, labels));
    labels = value_need(a, spec, "selector.matchLabels");
    if (!value_get(labels, by_uid[0]))
        value_set_str(a, labels, by_uid[0], uid);
    return STEP_OK;
}

/* ---- certificates ---- */

static int create_csr(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_need(a, op->obj, "spec"), *groups = value_array(a), *extra;
    const User *u = &req->user;

    value_set_str(a, spec, "username", u->name);
    if (u->uid && u->uid[0])
        value_set_str(a, spec, "uid", u->uid);
    else
        value_del(spec, "uid");
    for (const char *const *g = u->groups; *g; g++)
        value_append(a, groups, value_str(a, *g));
    value_set(a, spec, "groups", groups);
    value_del(spec, "extra");
    if (u->n_extra > 0) {
        extra = value_object(a);
        for (uint32_t i = 0; i < u->n_extra; i++) {
            Value *list = value_array(a);

            for (const char *const *v = u->extra[i].values; *v; v++)
                value_append(a, list, value_str(a, *v));
            value_set(a, extra, u->extra[i].key, list);
        }
        value_set(a, spec, "extra", extra);
    }
    return STEP_OK;
}

/* Since when the condition has said what it says; NULL when it did not. */
static const char *transition_of(const Value *csr, const Value *condition)
{
    const Value *c;

    value_each_item(value_at(csr, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), value_get_str(condition, "type")) &&
            str_eq(value_get_str(c, "status"), value_get_str(condition, "status")) &&
            value_get_str(c, "lastTransitionTime"))
            return value_get_str(c, "lastTransitionTime");
    }
    return NULL;
}

/* Decisions in a status are those of before, so long as it has as many of them: what it says of
 * them otherwise is not heard, and one more or less is for validation to refuse
 * (registry/certificates/certificates/strategy.go, preserveConditionInstances). */
static void keep_decisions(Arena *a, Value *conditions, const Value *old, const char *type)
{
    const Value *lists[2] = {conditions, old}, *c;
    uint32_t n[2] = {0, 0}, next = 0;

    for (int k = 0; k < 2; k++)
        value_each_item(lists[k], i, c) n[k] += str_eq(value_get_str(c, "type"), type);
    if (n[0] != n[1])
        return;
    value_each_item(conditions, i, c)
    {
        if (!str_eq(value_get_str(c, "type"), type))
            continue;
        while (!str_eq(value_get_str(value_item(old, next), "type"), type))
            next++;
        conditions->items[i] = value_copy(a, value_item(old, next++));
    }
}

/* What was asked for stays; approval writes conditions only, and dates them. */
static int update_csr(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *status = value_get(op->obj, "status"), *conditions, *c;
    char when[CLOCK_TEXT_MAX];

    take(a, op->obj, op->old, NULL, "spec");
    if (!op->sub)
        return STEP_OK;
    if (str_eq(op->sub->name, "approval")) {
        conditions = value_get(status, "conditions");
        status = value_copy(a, value_get(op->old, "status"));
        if (!status)
            status = value_object(a);
        if (conditions)
            value_set(a, status, "conditions", conditions);
        else
            value_del(status, "conditions");
        value_set(a, op->obj, "status", status);
    }
    conditions = value_get(status, "conditions");
    if (str_eq(op->sub->name, "status")) {
        keep_decisions(a, conditions, value_at(op->old, "status.conditions"), "Approved");
        keep_decisions(a, conditions, value_at(op->old, "status.conditions"), "Denied");
    }
    clock_to_rfc3339(req->state->now_us, when);
    value_each_item(conditions, i, c)
    {
        const char *since = transition_of(op->old, c);

        if (!value_get_str(c, "lastUpdateTime"))
            value_set_str(a, c, "lastUpdateTime", when);
        if (!value_get_str(c, "lastTransitionTime"))
            value_set_str(a, c, "lastTransitionTime", since ? since : when);
    }
    return STEP_OK;
}

/* ---- phases ---- */

static int create_pending(Request *req, Op *op)
{
    value_set(req->arena, op->obj, "status", value_literal(req->arena, "{'phase':'Pending'}"));
    return STEP_OK;
}

static int create_pv(Request *req, Op *op)
{
    char when[CLOCK_TEXT_MAX];
    Value *status = value_literal(req->arena, "{'phase':'Pending'}");

    value_set_str(req->arena, status, "lastPhaseTransitionTime",
                  clock_to_rfc3339(req->state->now_us, when));
    value_set(req->arena, op->obj, "status", status);
    return STEP_OK;
}

/* A new phase that is given no time of its own begins now. */
static int update_pv(Request *req, Op *op)
{
    static const char member[] = "lastPhaseTransitionTime";
    Value *status = value_get(op->obj, "status"), *old = value_get(op->old, "status");
    const Value *now = value_get(status, member), *was = value_get(old, member);
    char when[CLOCK_TEXT_MAX];

    if (!op->sub || !str_eq(op->sub->name, "status"))
        return STEP_OK;
    if (str_eq(value_get_str(status, "phase"), value_get_str(old, "phase"))) {
        if (!now && was)
            value_set(req->arena, status, member, value_copy(req->arena, was));
    } else if (!now || (was && value_equal(now, was))) {
        value_set_str(req->arena, status, member, clock_to_rfc3339(req->state->now_us, when));
    }
    return STEP_OK;
}

static int prepare_node(Request *req UNUSED, Op *op)
{
    Value *spec = value_get(op->obj, "spec");

    /* of a feature that is gone (registry/core/node/strategy.go, dropDisabledFields) */
    if (!value_at(op->old, "spec.configSource"))
        value_del(spec, "configSource");
    if (!value_at(op->old, "status.config"))
        value_del_at(op->obj, "status.config");
    return STEP_OK;
}

#define TEMPLATE_GENERATION "deprecated.daemonset.template.generation"

static int update_daemonset(Request *req, Op *op)
{
    Arena *a = req->arena;
    const char *old = value_get_str(value_at(op->old, "metadata.annotations"), TEMPLATE_GENERATION);
    int64_t n = 0;

    if (op->sub || !old || !slice_to_int64(slice_of(old), &n))
        return STEP_OK;
    if (!value_equal(value_at(op->old, "spec.template"), value_at(op->obj, "spec.template")))
        n++;
    value_set_str(a, value_need(a, op->obj, "metadata.annotations"), TEMPLATE_GENERATION,
                  arena_printf(a, "%lld", (long long)n));
    return STEP_OK;
}

void strategy_early(Request *req, Op *op)
{
    if (str_eq(op->r->storage, "apps/daemonsets"))
        value_set_str(req->arena, value_need(req->arena, op->obj, "metadata.annotations"),
                      TEMPLATE_GENERATION, "1");
}

static int create_balancer(Request *req, Op *op)
{
    value_set(req->arena, op->obj, "status", value_literal(req->arena, "{'loadBalancer':{}}"));
    return STEP_OK;
}

/* A driver has no generation until one of the fields that may change did. */
static int update_driver(Request *req, Op *op)
{
    static const char *const free_fields[] = {"tokenRequests", "requiresRepublish", "seLinuxMount",
                                              "nodeAllocatableUpdatePeriodSeconds",
                                              "serviceAccountTokenInSecrets"};
    const Value *now = value_get(op->obj, "spec"), *old = value_get(op->old, "spec");

    for (size_t i = 0; i < ARRAY_LEN(free_fields); i++) {
        const Value *a = value_get(now, free_fields[i]), *b = value_get(old, free_fields[i]);

        if (a == b || (a && b && value_equal(a, b)))
            continue;
        value_set_int(req->arena, value_need(req->arena, op->obj, "metadata"), "generation",
                      value_at_int(op->old, "metadata.generation", 0) + 1);
        break;
    }
    return STEP_OK;
}

/* What the server serves itself is there at once. */
static int create_api_service(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *condition, *list;
    char when[CLOCK_TEXT_MAX];

    if (value_is(value_at(op->obj, "spec.service"), VALUE_OBJECT))
        return STEP_OK;
    condition = value_literal(a, "{'type':'Available','status':'True','reason':'Local',"
                                 "'message':'Local APIServices are always available'}");
    value_set_str(a, condition, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));
    list = value_array(a);
    value_append(a, list, condition);
    value_set_at(a, op->obj, "status.conditions", list);
    return STEP_OK;
}

/* Only claims and snapshots may be named as a `dataSource`; anything may be in `dataSourceRef`. */
static bool is_plain_source(const Value *source)
{
    const char *group = value_get_str(source, "apiGroup"), *kind = value_get_str(source, "kind");

    if (!group || group[0] == '\0')
        return str_eq(kind, "PersistentVolumeClaim");
    return str_eq(group, "snapshot.storage.k8s.io") && str_eq(kind, "VolumeSnapshot");
}

/* The two fields say the same when one of them is left out. */
static void pair_sources(Arena *a, Value *spec, bool keeps_source)
{
    const Value *source, *ref;

    if (!keeps_source && value_get(spec, "dataSource") &&
        !is_plain_source(value_get(spec, "dataSource")))
        value_del(spec, "dataSource");
    value_del_at(spec, "dataSourceRef.namespace");
    source = value_get(spec, "dataSource");
    ref = value_get(spec, "dataSourceRef");
    if (source && !ref)
        value_set(a, spec, "dataSourceRef", value_copy(a, source));
    else if (ref && !source)
        value_set(a, spec, "dataSource", value_copy(a, ref));
}

static int create_claim(Request *req, Op *op)
{
    pair_sources(req->arena, value_need(req->arena, op->obj, "spec"), false);
    return create_pending(req, op);
}

static int update_claim(Request *req, Op *op)
{
    if (!op->sub)
        pair_sources(req->arena, value_need(req->arena, op->obj, "spec"),
                     value_at(op->old, "spec.dataSource") != NULL);
    return STEP_OK;
}

/* An object that is given no name gets one of its own. */
static int create_limit_range(Request *req, Op *op)
{
    if (op->name[0])
        return STEP_OK;
    if (!req->state->own_name[0])
        (void)random_uuid(req->state->own_name);
    op->name = req->name = req->state->own_name;
    value_set_str(req->arena, value_need(req->arena, op->obj, "metadata"), "name", op->name);
    return STEP_OK;
}

/* Of the secrets that an account names, nothing but the names is kept. */
static int prepare_account(Request *req, Op *op)
{
    Value *secret;

    value_each_item(value_get(op->obj, "secrets"), i, secret)
    {
        Value *name = value_get(secret, "name");

        if (!value_is(secret, VALUE_OBJECT))
            continue;
        secret->n = 0;
        if (name)
            value_set(req->arena, secret, "name", name);
    }
    return STEP_OK;
}

/* The field is of an older version; what is given in it is dropped. */
static int prepare_slice(Request *req UNUSED, Op *op)
{
    Value *endpoints = value_get(op->obj, "endpoints"), *e;

    if (op->old && value_get(op->old, "endpoints") && endpoints &&
        value_equal(endpoints, value_get(op->old, "endpoints")))
        return STEP_OK;
    value_each_item(endpoints, i, e) value_del(e, "deprecatedTopology");
    return STEP_OK;
}

static const Strategy strategies[] = {
    {"admissionregistration/mutatingadmissionpolicies", CONDITIONAL, NULL, NULL, NULL},
    {"admissionregistration/mutatingadmissionpolicybindings", CONDITIONAL, NULL, NULL, NULL},
    {"admissionregistration/mutatingwebhookconfigurations", CONDITIONAL, NULL, NULL, NULL},
    {"admissionregistration/validatingadmissionpolicies", CONDITIONAL, NULL, NULL, NULL},
    {"admissionregistration/validatingadmissionpolicybindings", CONDITIONAL, NULL, NULL, NULL},
    {"admissionregistration/validatingwebhookconfigurations", CONDITIONAL, NULL, NULL, NULL},
    {"apiextensions/customresourcedefinitions", CONDITIONAL, crds_create, crds_update, crds_remove},
    {"apiregistration/apiservices", CONDITIONAL, create_api_service, NULL, NULL},
    {"apps/daemonsets", 0, NULL, update_daemonset, NULL},
    {"apps/deployments", 0, NULL, NULL, NULL},
    {"apps/replicasets", 0, NULL, NULL, NULL},
    {"apps/statefulsets", 0, NULL, NULL, NULL},
    {"batch/jobs", ORPHANS, create_job, NULL, NULL},
    {"certificates/certificatesigningrequests", 0, create_csr, update_csr, NULL},
    {"coordination/leases", CREATE_ON_UPDATE | CONDITIONAL, NULL, NULL, NULL},
    {"discovery/endpointslices", 0, prepare_slice, prepare_slice, NULL},
    {"endpoints", CREATE_ON_UPDATE, NULL, NULL, NULL},
    {"events", CREATE_ON_UPDATE | NO_DEPENDENTS, NULL, NULL, NULL},
    {"limitranges", CREATE_ON_UPDATE, create_limit_range, NULL, NULL},
    {"namespaces", 0, create_namespace, update_namespace, NULL},
    {"networking/ingresses", 0, create_balancer, NULL, NULL},
    {"node/runtimeclasses", CREATE_ON_UPDATE | CONDITIONAL, NULL, NULL, NULL},
    {"nodes", KEEPS_STATUS, prepare_node, prepare_node, NULL},
    {"persistentvolumeclaims", 0, create_claim, update_claim, NULL},
    {"persistentvolumes", 0, create_pv, update_pv, NULL},
    {"pods", GRACEFUL, create_pod, update_pod, NULL},
    {"policy/poddisruptionbudgets", CONDITIONAL, NULL, NULL, NULL},
    {"rbac/clusterrolebindings", CREATE_ON_UPDATE, NULL, NULL, NULL},
    {"rbac/clusterroles", CREATE_ON_UPDATE, NULL, NULL, NULL},
    {"rbac/rolebindings", CREATE_ON_UPDATE, NULL, NULL, NULL},
    {"rbac/roles", CREATE_ON_UPDATE, NULL, NULL, NULL},
    {"replicationcontrollers", ORPHANS, NULL, NULL, NULL},
    {"resource/resourceclaims", 0, NULL, devices_update_claim, NULL},
    {"resource/resourceslices", 0, devices_prepare_slice, devices_prepare_slice, NULL},
    {"scheduling/priorityclasses", FIXED_GENERATION, NULL, NULL, NULL},
    {"serviceaccounts", 0, prepare_account, prepare_account, NULL},
    {"services", CREATE_ON_UPDATE, service_create, service_update, service_delete},
    {"storage/csidrivers", CONDITIONAL, NULL, update_driver, NULL},
    {"storage/csinodes", CONDITIONAL, NULL, NULL, NULL},
    {"storage/csistoragecapacities", CONDITIONAL, NULL, NULL, NULL},
    {"storage/storageclasses", 0, NULL, NULL, NULL},
    {"storage/volumeattachments", CONDITIONAL, NULL, NULL, NULL},
};

static const Strategy *strategy_of(const Resource *r)
{
    static const Strategy plain = {"", 0, NULL, NULL, NULL};
    static const Strategy custom = {"", CONDITIONAL, NULL, NULL, NULL};
    size_t lo = 0, hi = ARRAY_LEN(strategies);

    if (r->crd)
        return &custom;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = strcmp(r->storage, strategies[mid].storage);

        if (d == 0)
            return &strategies[mid];
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return &plain;
}

bool strategy_mark(Request *req, Op *op)
{
    if (!str_eq(op->r->storage, "apiextensions/customresourcedefinitions"))
        return false;
    crds_mark(req, op);
    return true;
}

bool strategy_allows_create_on_update(const Resource *r)
{
    return (strategy_of(r)->flags & CREATE_ON_UPDATE) != 0;
}

bool strategy_allows_unconditional(const Resource *r)
{
    return (strategy_of(r)->flags & CONDITIONAL) == 0;
}

bool strategy_is_graceful(const Resource *r)
{
    return (strategy_of(r)->flags & GRACEFUL) != 0;
}

bool strategy_orphans(const Resource *r)
{
    return (strategy_of(r)->flags & ORPHANS) != 0;
}

bool strategy_has_dependents(const Resource *r)
{
    return (strategy_of(r)->flags & NO_DEPENDENTS) == 0;
}

int strategy_create(Request *req, Op *op)
{
    const Strategy *s = strategy_of(op->r);
    int x;

    if (op->r->has_status && !(s->flags & KEEPS_STATUS))
        value_del(op->obj, "status");
    x = s->create ? s->create(req, op) : STEP_OK;
    if (x)
        return x;
    normalize_request(req->arena, op->r, op->obj);
    if (op->r->has_generation)
        value_set_int(req->arena, value_need(req->arena, op->obj, "metadata"), "generation", 1);
    return STEP_OK;
}

/* ---- updates ---- */

/* Metadata that counts as a change of the kind: upstream's PrepareForUpdate() of the two. */
static bool metadata_changed(const Op *op)
{
    const char *path = str_eq(op->r->kind, "Deployment")      ? "metadata.annotations"
                       : str_eq(op->r->kind, "EndpointSlice") ? "metadata.labels"
                                                              : NULL;
    const Value *now = path ? value_at(op->obj, path) : NULL;
    const Value *old = path ? value_at(op->old, path) : NULL;

    return (value_len(now) || value_len(old)) && !value_equal(now, old);
}

static bool spec_changed(const Op *op)
{
    const Value *now = op->obj, *old = op->old;
    bool no_status = !op->r->crd || op->r->has_status;

    if (!op->sub && metadata_changed(op))
        return true;

    value_each_member(now, m)
    {
        if (str_eq(m->name, "metadata") || str_eq(m->name, "kind") ||
            str_eq(m->name, "apiVersion") || (no_status && str_eq(m->name, "status")))
            continue;
        if (!value_equal(m->value, value_get(old, m->name)))
            return true;
    }
    value_each_member(old, m)
    {
        if (!str_eq(m->name, "metadata") && !(no_status && str_eq(m->name, "status")) &&
            !value_get(now, m->name))
            return true;
    }
    return false;
}

static void set_or_del(Arena *a, Value *v, const char *name, Value *wanted)
{
    if (wanted)
        value_set(a, v, name, wanted);
    else
        value_del(v, name);
}

/* Metadata as it was, not even labels changed, but for who manages what. */
static Value *old_metadata(Arena *a, const Op *op)
{
    Value *meta = value_copy(a, value_get(op->old, "metadata"));

    set_or_del(a, meta, "managedFields", value_at(op->obj, "metadata.managedFields"));
    return meta;
}

/* Metadata that a write of the status leaves alone; most kinds upstream let it change all of it. */
#define ALL_OF_IT                                                                                  \
    {                                                                                              \
        "labels", "annotations", "finalizers", "ownerReferences"                                   \
    }

static const struct {
    const char *storage, *members[4];
} status_keeps[] = {
    {"pods", {"ownerReferences"}},
    {"apps/deployments", {"labels"}},
    {"admissionregistration/validatingadmissionpolicies", ALL_OF_IT},
    {"apiregistration/apiservices", ALL_OF_IT},
    {"networking/servicecidrs", ALL_OF_IT},
    {"resource/resourceclaims", ALL_OF_IT},
    {"storage/volumeattachments", ALL_OF_IT},
};

static Value *status_metadata(Arena *a, const Op *op)
{
    Value *meta = value_get(op->obj, "metadata"), *old = value_get(op->old, "metadata");

    if (op->r->crd || str_eq(op->r->group, "flowcontrol.apiserver.k8s.io"))
        return old_metadata(a, op);
    for (size_t i = 0; i < ARRAY_LEN(status_keeps); i++) {
        const char *const *members = status_keeps[i].members;

        if (!str_eq(status_keeps[i].storage, op->r->storage))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(status_keeps[i].members) && members[k]; k++)
            set_or_del(a, meta, members[k], value_get(old, members[k]));
    }
    return meta;
}

/* Of a subresource write only its own part counts; everything else is as it was. */
static void keep_but(Request *req, Op *op, const char *member)
{
    Value *v = value_copy(req->arena, op->old);

    set_or_del(req->arena, v, member, value_get(op->obj, member));
    value_set(req->arena, v, "metadata", status_metadata(req->arena, op));
    op->obj = v;
}

/*
 * pods/resize: resources and resize policy of the containers, resources of the pod. Containers that
 * are not those of before stay as they were sent, for validation to refuse them
 * (registry/core/pod/strategy.go, dropNonResizeUpdates).
 */
static bool are_same_containers(const Value *now, const Value *was)
{
    const Value *c;

    if (value_len(now) != value_len(was))
        return false;
    value_each_item(was, i, c)
    {
        if (!str_eq(value_get_str(c, "name"), value_get_str(value_item(now, i), "name")))
            return false;
    }
    return true;
}

static void keep_but_resources(Request *req, Op *op)
{
    static const char *const lists[] = {"containers", "initContainers"};
    static const char *const parts[] = {"resources", "resizePolicy"};
    Arena *a = req->arena;
    Value *v = value_copy(a, op->old), *spec = value_get(v, "spec");
    Value *from = value_get(op->obj, "spec");

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        if (value_len(value_get(from, lists[k])) != value_len(value_get(spec, lists[k])))
            return;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        Value *list = value_get(spec, lists[k]), *wanted = value_get(from, lists[k]), *c;

        if (!are_same_containers(wanted, list)) {
            value_set(a, spec, lists[k], wanted);
            continue;
        }
        value_each_item(list, i, c)
        {
            for (size_t p = 0; p < ARRAY_LEN(parts); p++)
                set_or_del(a, c, parts[p], value_get(value_item(wanted, i), parts[p]));
        }
    }
    set_or_del(a, spec, "resources", value_get(from, "resources"));
    value_set(a, v, "metadata", old_metadata(a, op));
    op->obj = v;
}

static void keep_but_ephemeral(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *v = value_copy(a, op->old);

    set_or_del(a, value_need(a, v, "spec"), "ephemeralContainers",
               value_at(op->obj, "spec.ephemeralContainers"));
    value_set(a, v, "metadata", old_metadata(a, op));
    op->obj = v;
}

static void keep_but_finalizers(Request *req, Op *op)
{
    Value *list = value_at(op->obj, "spec.finalizers");
    Value *v = value_copy(req->arena, op->old), *spec = value_need(req->arena, v, "spec");

    if (value_len(list) > 0)
        value_set(req->arena, spec, "finalizers", list);
    else
        value_del(spec, "finalizers");
    value_set(req->arena, v, "metadata", value_get(op->obj, "metadata"));
    op->obj = v;
}

int strategy_update(Request *req, Op *op)
{
    const Strategy *s = strategy_of(op->r);
    const char *sub = op->sub ? op->sub->name : "";
    Value *meta;
    int x;

    if (str_eq(sub, "status") || str_eq(sub, "approval"))
        keep_but(req, op, "status");
    else if (str_eq(sub, "ephemeralcontainers"))
        keep_but_ephemeral(req, op);
    else if (str_eq(sub, "resize"))
        keep_but_resources(req, op);
    else if (str_eq(sub, "finalize"))
        keep_but_finalizers(req, op);
    else if (op->r->has_status)
        take(req->arena, op->obj, op->old, NULL, "status");
    x = s->update ? s->update(req, op) : STEP_OK;
    if (x)
        return x;
    normalize_object(req->arena, op->r, op->obj);
    meta = value_need(req->arena, op->obj, "metadata");
    if (op->r->has_generation) {
        int64_t g = value_at_int(op->old, "metadata.generation", 0);

        value_set_int(req->arena, meta, "generation",
                      spec_changed(op) && !(s->flags & FIXED_GENERATION) ? g + 1 : MAX(g, 1));
    }
    return STEP_OK;
}

int strategy_delete(Request *req, Op *op)
{
    const Strategy *s = strategy_of(op->r);

    return s->remove ? s->remove(req, op) : STEP_OK;
}
