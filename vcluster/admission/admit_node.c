/*
 * admit_node.c - what nodes may write, and the taint they are born with. Upstream:
 * plugin/pkg/admission/noderestriction, .../nodetaint.
 *
 * Two kinds of node come here. A node of the platform (user.node) holds a certificate of the
 * platform and runs pods of many clusters; authz.c keeps it to its own pods, and here it is kept to
 * its own objects. A user "system:node:x" of group system:nodes is a node by the cluster's own
 * word: all of upstream's rules hold for it.
 */
#include "api/podrefs.h"
#include "quota/quota.h"
#include "vcluster/admission.h"
#include "vcluster/nodeaddress.h"
#include "vcluster/nodeview.h"

#define PREFIX "system:node:"

const char *admit_node_of(const User *u)
{
    if (u->node || !u->name || !str_starts(u->name, PREFIX) || !user_has_group(u, "system:nodes"))
        return NULL;
    return u->name + strlen(PREFIX);
}

/* ---- TaintNodesByCondition ---- */

int admit_node_taint_mutate(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *taints, *t;

    if (!op_is_create(op) || !op_is_on(op, "nodes", NULL))
        return STEP_OK;
    taints = value_at(op->obj, "spec.taints");
    value_each_item(taints, i, t)
    {
        if (str_eq(value_get_str(t, "key"), "node.kubernetes.io/not-ready") &&
            str_eq(value_get_str(t, "effect"), "NoSchedule"))
            return STEP_OK;
    }
    if (!taints) {
        taints = value_array(a);
        value_set(a, value_need(a, op->obj, "spec"), "taints", taints);
    }
    value_append(a, taints,
                 value_literal(a, "{'key':'node.kubernetes.io/not-ready','effect':'NoSchedule'}"));
    return STEP_OK;
}

/* ---- NodeRestriction: pods ---- */

static const Resource *core(const char *plural)
{
    return resource_find(SLICE(""), SLICE("v1"), slice_of(plural));
}

static bool is_on_node(const Value *pod, const char *node)
{
    const char *on = value_at_str(pod, "spec.nodeName");

    return str_eq(on ? on : "", node);
}

static int find_pod(Request *req, const Op *op, const char *name, Value **ret)
{
    int s = read_tree(req, core("pods"), op->ns, name, ret);

    if (s || *ret)
        return s;
    return fail_status(req, 404, "NotFound", status_details(req->arena, "", "pod", name),
                       arena_printf(req->arena, "pod \"%s\" not found", name));
}

static int check_owner(Request *req, const Op *op, const char *node)
{
    const Value *owners = value_at(op->obj, "metadata.ownerReferences"), *o = value_item(owners, 0);
    const char *uid = value_get_str(o, "uid"), *real;
    Value *object = NULL;
    int s;

    if (value_len(owners) > 1)
        return admit_forbid(req, op,
                            "node \"%s\" can only create pods with a single owner reference set to "
                            "itself",
                            node);
    if (!o || !str_eq(value_get_str(o, "apiVersion"), "v1") ||
        !str_eq(value_get_str(o, "kind"), "Node") || !str_eq(value_get_str(o, "name"), node))
        return admit_forbid(req, op,
                            "node \"%s\" can only create pods with an owner reference set to "
                            "itself",
                            node);
    if (!value_is_true(value_get(o, "controller")))
        return admit_forbid(req, op,
                            "node \"%s\" can only create pods with a controller owner reference "
                            "set to itself",
                            node);
    if (value_is_true(value_get(o, "blockOwnerDeletion")))
        return admit_forbid(
            req, op, "node \"%s\" must not set blockOwnerDeletion on an owner reference", node);
    s = read_tree(req, core("nodes"), "", node, &object);
    if (s)
        return s;
    if (!object)
        return fail_status(req, 404, "NotFound", status_details(req->arena, "", "node", node),
                           arena_printf(req->arena, "node \"%s\" not found", node));
    real = value_at_str(object, "metadata.uid");
    if (!str_eq(uid ? uid : "", real))
        return admit_forbid(req, op, "node %s UID mismatch: expected %s got %s", node,
                            uid ? uid : "", real);
    return STEP_OK;
}

/* A mirror pod refers to nothing of the cluster. */
static int check_mirror_refs(Request *req, const Op *op, const char *node)
{
    const char *account = value_at_str(op->obj, "spec.serviceAccountName"), *what = NULL;
    const Value *v, *p;

    if (account && account[0])
        return admit_forbid(
            req, op, "node \"%s\" can not create pods that reference a service account", node);
    if (podrefs_has(op->obj, "secrets", NULL))
        what = "secrets";
    else if (podrefs_has(op->obj, "configmaps", NULL))
        what = "configmaps";
    value_each_item(value_at(op->obj, "spec.volumes"), i, v)
        value_each_item(value_at(v, "projected.sources"), k, p)
    {
        if (!what && value_get(p, "clusterTrustBundle"))
            what = "clustertrustbundles";
    }
    value_each_item(value_at(op->obj, "spec.volumes"), n, v)
    {
        if (!what && value_get(v, "persistentVolumeClaim"))
            what = "persistentvolumeclaims";
    }
    if (!what && value_len(value_at(op->obj, "spec.resourceClaims")) > 0)
        what = "resourceclaims";
    if (!what)
        return STEP_OK;
    return admit_forbid(req, op, "node \"%s\" can not create pods that reference %s", node, what);
}

static int pod_create(Request *req, const Op *op, const char *node)
{
    int s;

    if (!value_get(value_at(op->obj, "metadata.annotations"), "kubernetes.io/config.mirror"))
        return admit_forbid(req, op,
                            "pod does not have \"kubernetes.io/config.mirror\" annotation, node "
                            "\"%s\" can only create mirror pods",
                            node);
    if (!is_on_node(op->obj, node))
        return admit_forbid(
            req, op, "node \"%s\" can only create pods with spec.nodeName set to itself", node);
    s = check_owner(req, op, node);
    return s ? s : check_mirror_refs(req, op, node);
}

static int pod_itself(Request *req, const Op *op, const char *node)
{
    if (op_is_create(op))
        return pod_create(req, op, node);
    if (!str_eq(op->verb, "DELETE"))
        return admit_forbid(req, op,
                            "unexpected operation \"%s\", node \"%s\" can only create and delete "
                            "mirror pods",
                            op->verb, node);
    if (!is_on_node(op->old, node))
        return admit_forbid(
            req, op, "node \"%s\" can only delete pods with spec.nodeName set to itself", node);
    return STEP_OK;
}

static bool same_map(const Value *x, const Value *y)
{
    return (value_len(x) == 0 && value_len(y) == 0) || (x && y && value_equal(x, y));
}

static int pod_status(Request *req, const Op *op, const char *node)
{
    if (!is_on_node(op->old, node))
        return admit_forbid(req, op,
                            "node \"%s\" can only update pod status for pods with spec.nodeName "
                            "set to itself",
                            node);
    if (!same_map(value_at(op->old, "metadata.labels"), value_at(op->obj, "metadata.labels")))
        return admit_forbid(req, op, "node \"%s\" cannot update labels through pod status", node);
    if (!same_map(value_at(op->old, "status.resourceClaimStatuses"),
                  value_at(op->obj, "status.resourceClaimStatuses")))
        return admit_forbid(req, op, "node \"%s\" cannot update resource claim statues", node);
    return STEP_OK;
}

static int pod_eviction(Request *req, const Op *op, const char *node)
{
    Value *pod = NULL;
    int s = find_pod(req, op, op->name, &pod);

    if (s || is_on_node(pod, node))
        return s;
    return admit_forbid(req, op, "node %s can only evict pods with spec.nodeName set to itself",
                        node);
}

static int restrict_pod(Request *req, const Op *op, const char *node)
{
    const char *sub = op->sub ? op->sub->name : "";

    if (!sub[0])
        return pod_itself(req, op, node);
    if (str_eq(sub, "status"))
        return pod_status(req, op, node);
    if (str_eq(sub, "eviction"))
        return pod_eviction(req, op, node);
    return admit_forbid(req, op,
                        "unexpected pod subresource \"%s\", only 'status' and 'eviction' are "
                        "allowed",
                        sub);
}

/* ---- NodeRestriction: nodes ---- */

static bool is_domain(Slice ns, const char *domain)
{
    size_t n = strlen(domain);

    return slice_is(ns, domain) || (ns.len > n && ns.ptr[ns.len - n - 1] == '.' &&
                                    memcmp(ns.ptr + ns.len - n, domain, n) == 0);
}

/* Labels that a kubelet knows: pkg kubeletapis, IsKubeletLabel(). */
static bool is_kubelet_label(Slice ns, const char *key)
{
    static const char *const known[] = {"kubernetes.io/hostname",
                                        "kubernetes.io/arch",
                                        "kubernetes.io/os",
                                        "beta.kubernetes.io/instance-type",
                                        "node.kubernetes.io/instance-type",
                                        "failure-domain.beta.kubernetes.io/zone",
                                        "failure-domain.beta.kubernetes.io/region",
                                        "topology.kubernetes.io/zone",
                                        "topology.kubernetes.io/region",
                                        "beta.kubernetes.io/os",
                                        "beta.kubernetes.io/arch"};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq(key, known[i]))
            return true;
    return is_domain(ns, "kubelet.kubernetes.io") || is_domain(ns, "node.kubernetes.io");
}

static bool is_forbidden_label(const char *key)
{
    const char *slash = strchr(key, '/');
    Slice ns = {key, slash ? (size_t)(slash - key) : 0};

    if (is_domain(ns, "node-restriction.kubernetes.io"))
        return true;
    return (is_domain(ns, "kubernetes.io") || is_domain(ns, "k8s.io")) &&
           !is_kubelet_label(ns, key);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Labels that `to` has otherwise than `from` and no node may set, "a, b"; NULL when there are none.
 */
static const char *forbidden_labels(Arena *a, const Value *to, const Value *from)
{
    const Value *x = value_at(to, "metadata.labels"), *y = value_at(from, "metadata.labels");
    const char **list = arena_array(a, const char *, value_len(x) + value_len(y) + 1);
    AUTO_BUF text = BUF_INIT;
    size_t n = 0;

    value_each_member(x, m)
    {
        if (!same_map(m->value, value_get(y, m->name)) ||
            !value_equal(m->value, value_get(y, m->name)))
            list[n++] = m->name;
    }
    value_each_member(y, k)
    {
        if (!value_get(x, k->name))
            list[n++] = k->name;
    }
    if (n > 1)
        qsort(list, n, sizeof(*list), by_text);
    for (size_t i = 0; i < n; i++)
        if (is_forbidden_label(list[i]))
            buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", list[i]);
    return text.len > 0 ? arena_strdup(a, buf_str(&text)) : NULL;
}

static int restrict_node(Request *req, const Op *op, const char *node)
{
    const Value *source = value_at(op->obj, "spec.configSource");
    const char *labels;

    if (!str_eq(op->name, node))
        return admit_forbid(req, op, "node \"%s\" is not allowed to modify node \"%s\"", node,
                            op->name);
    if (op_is_create(op)) {
        if (source)
            return admit_forbid(
                req, op, "node \"%s\" is not allowed to create pods with a non-nil configSource",
                node);
        labels = forbidden_labels(req->arena, op->obj, NULL);
        if (labels)
            return admit_forbid(req, op,
                                "node \"%s\" is not allowed to set the following labels: %s", node,
                                labels);
    }
    if (!op_is_update(op))
        return STEP_OK;
    if (source && !same_map(source, value_at(op->old, "spec.configSource")))
        return admit_forbid(req, op,
                            "node \"%s\" is not allowed to update configSource to a new non-nil "
                            "configSource",
                            node);
    if (!same_map(value_at(op->obj, "spec.taints"), value_at(op->old, "spec.taints")))
        return admit_forbid(req, op, "node \"%s\" is not allowed to modify taints", node);
    labels = forbidden_labels(req->arena, op->obj, op->old);
    if (labels)
        return admit_forbid(req, op, "is not allowed to modify labels: %s", labels);
    return STEP_OK;
}

/* ---- NodeRestriction: the rest ---- */

static int restrict_claim(Request *req, const Op *op, const char *node)
{
    static const char *const free_parts[] = {"capacity", "conditions", "allocatedResourceStatuses",
                                             "allocatedResources"};
    Value *old, *obj;

    if (!op->sub || !str_eq(op->sub->name, "status"))
        return admit_forbid(req, op, "may only update PVC status");
    old = value_copy(req->arena, op->old);
    obj = value_copy(req->arena, op->obj);
    for (size_t i = 0; i < ARRAY_LEN(free_parts); i++) {
        value_del(value_get(old, "status"), free_parts[i]);
        value_del(value_get(obj, "status"), free_parts[i]);
    }
    value_del_at(old, "metadata.managedFields");
    value_del_at(obj, "metadata.managedFields");
    value_del_at(old, "metadata.resourceVersion");
    value_del_at(obj, "metadata.resourceVersion");
    normalize_object(req->arena, op->r, old);
    normalize_object(req->arena, op->r, obj);
    if (value_equal(old, obj))
        return STEP_OK;
    return admit_forbid(req, op,
                        "node \"%s\" is not allowed to update fields other than status.capacity "
                        "and status.conditions: ",
                        node);
}

static bool has_audience(const Value *pod, const char *audience)
{
    const Value *v, *p;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
        value_each_item(value_at(v, "projected.sources"), k, p)
    {
        const char *own = value_at_str(p, "serviceAccountToken.audience");

        if (value_get(p, "serviceAccountToken") && str_eq(own ? own : "", audience))
            return true;
    }
    return false;
}

/* A token for somebody whom no volume of the pod asks for needs a permission of its own. */
static int check_audience(Request *req, const Op *op, const Value *pod)
{
    const Value *list = value_at(op->obj, "spec.audiences");
    const char *audience = value_to_cstr(value_item(list, 0)), *reason;
    bool allowed = false;
    RbacAttrs at = {.verb = "request-serviceaccounts-token-audience",
                    .is_resource = true,
                    .group = "",
                    .resource = audience ? audience : "",
                    .subresource = "",
                    .ns = op->ns,
                    .name = op->name,
                    .path = ""};
    int s;

    if (value_len(list) > 1)
        return admit_forbid(req, op, "node may only request 0 or 1 audiences");
    if (has_audience(pod, audience ? audience : ""))
        return STEP_OK;
    s = authorize(req, &at, &allowed, &reason);
    if (s || allowed)
        return s;
    return admit_forbid(req, op,
                        "audience \"%s\" not found in pod spec volume, %s is not authorized to "
                        "request tokens for this audience",
                        audience ? audience : "", req->user.name);
}

static int restrict_token(Request *req, const Op *op, const char *node)
{
    const Value *ref = value_at(op->obj, "spec.boundObjectRef");
    const char *name = value_get_str(ref, "name"), *uid = value_get_str(ref, "uid");
    Value *pod = NULL;
    int s;

    if (!op_is_create(op) || !op->sub || !str_eq(op->sub->name, "token"))
        return STEP_OK;
    if (!ref || !str_eq(value_get_str(ref, "apiVersion"), "v1") ||
        !str_eq(value_get_str(ref, "kind"), "Pod") || !name || !name[0])
        return admit_forbid(req, op, "node requested token not bound to a pod");
    if (!uid || !uid[0])
        return admit_forbid(req, op, "node requested token with a pod binding without a uid");
    s = find_pod(req, op, name, &pod);
    if (s)
        return s;
    if (!str_eq(uid, value_at_str(pod, "metadata.uid")))
        return admit_forbid(req, op,
                            "the UID in the bound object reference (%s) does not match the UID in "
                            "record. The object might have been deleted and then recreated",
                            uid);
    if (!is_on_node(pod, node))
        return admit_forbid(req, op,
                            "node requested token bound to a pod scheduled on a different node");
    return check_audience(req, op, pod);
}

static int restrict_lease(Request *req, const Op *op, const char *node)
{
    if (!str_eq(op->ns, "kube-node-lease"))
        return admit_forbid(req, op,
                            "can only access leases in the \"kube-node-lease\" system namespace");
    if (!str_eq(op->name, node))
        return admit_forbid(req, op,
                            "can only access node lease with the same name as the requesting node");
    return STEP_OK;
}

static int restrict_csi_node(Request *req, const Op *op, const char *node)
{
    if (!str_eq(op->name, node))
        return admit_forbid(req, op,
                            "can only access CSINode with the same name as the requesting node");
    return STEP_OK;
}

static int restrict_slice(Request *req, const Op *op, const char *node)
{
    const char *on = value_at_str(op_is_create(op) ? op->obj : op->old, "spec.nodeName");

    if (str_eq(on ? on : "", node))
        return STEP_OK;
    if (op_is_create(op))
        return admit_forbid(req, op,
                            "can only create ResourceSlice with the same NodeName as the "
                            "requesting node");
    if (str_eq(op->verb, "DELETE"))
        return admit_forbid(req, op,
                            "can only delete ResourceSlice with the same NodeName as the "
                            "requesting node");
    return STEP_OK;
}

static const struct {
    const char *storage;
    int (*fn)(Request *req, const Op *op, const char *node);
} restricted[] = {
    {"pods", restrict_pod},
    {"nodes", restrict_node},
    {"persistentvolumeclaims", restrict_claim},
    {"serviceaccounts", restrict_token},
    {"coordination/leases", restrict_lease},
    {"storage/csinodes", restrict_csi_node},
    {"resource/resourceslices", restrict_slice},
};

/* ---- where a pod is ---- */

/* The network of the platform takes a pod with an address of its own for who has it (feed.c), so
 * only a node says such an address. Upstream a kubelet would write its own over it in a moment. */
static const char *const address_paths[] = {"status.podIP", "status.podIPs"};

static bool has_same_addresses(const Op *op)
{
    for (size_t i = 0; i < ARRAY_LEN(address_paths); i++) {
        const Value *now = value_at(op->obj, address_paths[i]);
        const Value *was = value_at(op->old, address_paths[i]);

        if (now && (!was || !value_equal(now, was)))
            return false;
    }
    return true;
}

int admit_addresses_mutate(Request *req, Op *op)
{
    const Value *ips = value_at(op->obj, "status.podIPs"), *ip;
    const char *first = value_at_str(op->obj, "status.podIP"), *node = NULL;
    Cache *nodes;
    int s, r = 0;

    if (req->user.node || !op_is_update(op) || !op_is_on(op, "pods", "status"))
        return STEP_OK;
    if (!first || has_same_addresses(op) || !vc_host(req->state->vc))
        return STEP_OK;
    s = engine_cache(req, vc_host(req->state->vc), "nodes", &nodes);
    if (s)
        return s;
    r = nodeview_of_address(req->state->vc, req->arena, first, &node);
    value_each_item(ips, i, ip)
    {
        const char *other = value_get_str(ip, "ip");

        if (r == 0 && !node && other)
            r = nodeview_of_address(req->state->vc, req->arena, other, &node);
    }
    if (r < 0)
        return fail_unavailable(req, "the nodes are not there yet");
    for (size_t i = 0; node && i < ARRAY_LEN(address_paths); i++) {
        Value *was = value_at(op->old, address_paths[i]);

        if (was)
            value_set_at(req->arena, op->obj, address_paths[i], was);
        else
            value_del_at(op->obj, address_paths[i]);
    }
    return STEP_OK;
}

/* A pod on a node of the platform that has ended does not begin again: its room and its quota went
 * to others. Upstream a kubelet sees to that, and would write the phase again in a moment. */
int admit_pod_end_mutate(Request *req, Op *op)
{
    const char *name = op->old ? value_at_str(op->old, "spec.nodeName") : NULL;
    CLEANUP(obj_unref) Obj *node = NULL;
    Cache *nodes;
    int s;

    if (req->user.node || !op_is_update(op) || !op_is_on(op, "pods", "status") || !name ||
        !name[0] || !quota_is_over(op->old) || quota_is_over(op->obj) || !vc_host(req->state->vc))
        return STEP_OK;
    s = engine_cache(req, vc_host(req->state->vc), "nodes", &nodes);
    if (s)
        return s;
    node = cache_get(nodes, "", name);
    if (node)
        value_set_at(req->arena, op->obj, "status.phase", value_at(op->old, "status.phase"));
    return STEP_OK;
}

/* Which addresses are its pods' is for the server to say: other nodes believe it. */
static bool sets_pod_range(const Op *op)
{
    static const char *const paths[] = {"spec.podCIDR", "spec.podCIDRs"};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const Value *now = value_at(op->obj, paths[i]);

        if (op->obj && now && !value_equal(now, value_at(op->old, paths[i])))
            return true;
    }
    return false;
}

static int check_addresses(Request *req, const Op *op, const char *node)
{
    const CacheScan all = {0};
    AUTO_OBJVEC nodes = {0};
    int64_t revision;
    const char *why;
    Cache *k;
    int s = engine_cache(req, vc_host(req->state->vc), "nodes", &k);

    if (s)
        return s;
    (void)cache_list(k, &all, &nodes, &revision);
    why = nodeaddress_refusal(
        req->arena,
        &(NodeAddressInput){.now = op->obj, .old = op->old, .from = req->from, .nodes = &nodes});
    return why ? admit_forbid(req, op, "node \"%s\" is not allowed to %s", node, why) : STEP_OK;
}

/* A platform node writes its own objects only. */
static int restrict_platform_node(Request *req, const Op *op, const char *node)
{
    bool is_node = str_eq(op->r->storage, "nodes");

    if (is_node && str_eq(op->name, node) && (op_is_create(op) || op_is_update(op))) {
        int s = check_addresses(req, op, node);

        if (s)
            return s;
    }
    if (is_node && (op_is_create(op) || op_is_update(op)) && sets_pod_range(op))
        return admit_forbid(req, op, "node \"%s\" is not allowed to set the range of its pods",
                            node);
    if (!is_node && !str_eq(op->r->storage, "coordination/leases"))
        return STEP_OK;
    if (str_eq(op->name, node) && (is_node || str_eq(op->ns, "kube-node-lease")))
        return STEP_OK;
    return admit_forbid(req, op, "node \"%s\" is not allowed to modify node \"%s\"", node,
                        op->name);
}

int admit_node_restriction_mutate(Request *req, Op *op)
{
    const char *node = req->user.node ? req->user.node : admit_node_of(&req->user);
    int s = req->user.node ? restrict_platform_node(req, op, node) : STEP_OK;

    if (s)
        return s;
    if (node && !node[0])
        return admit_forbid(req, op, "could not determine node from user \"%s\"", req->user.name);
    for (size_t i = 0; node && i < ARRAY_LEN(restricted); i++)
        if (str_eq(op->r->storage, restricted[i].storage))
            return restricted[i].fn(req, op, node);
    return STEP_OK;
}
