#include "vcluster/nodeauthz.h"

#include "api/podrefs.h"
#include "vcluster/admission.h"

typedef struct Ask {
    Request *req;
    const char *node;
    const RbacAttrs *at;
    bool is_allowed;
    const char *reason;
} Ask;

static bool is_verb(const Ask *k, const char *list)
{
    Slice rest = slice_of(list), one;
    bool more = true;

    while (more) {
        more = slice_cut(&rest, ' ', &one);
        if (slice_is(one, k->at->verb))
            return true;
    }
    return false;
}

static int refuse(Ask *k, const char *reason)
{
    k->reason = reason;
    return STEP_OK;
}

static int allow(Ask *k)
{
    k->is_allowed = true;
    return STEP_OK;
}

static int unrelated(Ask *k)
{
    return refuse(k,
                  arena_printf(k->req->arena,
                               "no relationship found between node '%s' and this object", k->node));
}

/* ---- who refers to what ---- */

typedef bool (*PodFn)(const Value *pod, const char *name);

static bool is_mirror(const Value *pod)
{
    return value_get(value_at(pod, "metadata.annotations"), "kubernetes.io/config.mirror") != NULL;
}

/* Is there a pod of the namespace on the node, mirror pods aside, that `fn` says yes to? */
static int any_pod(Ask *k, const char *ns, const char *name, PodFn fn, bool *ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    CacheScan scan = {.ns = ns};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = read_list(k->req, k->req->cluster, r->storage, &scan, &v, &revision, &more);

    *ret = false;
    for (size_t i = 0; !s && !*ret && i < v.n; i++) {
        const char *on;
        const Value *pod;

        if (!obj_scan_str(v.items[i], "spec.nodeName", k->req->arena, &on) || !str_eq(on, k->node))
            continue;
        pod = object_tree(k->req->arena, r, v.items[i]);
        *ret = !is_mirror(pod) && fn(pod, name);
    }
    return s;
}

static bool pod_names_secret(const Value *pod, const char *name)
{
    return podrefs_has(pod, "secrets", name);
}

static bool pod_names_config_map(const Value *pod, const char *name)
{
    return podrefs_has(pod, "configmaps", name);
}

/* Claims of generic ephemeral volumes are called POD-VOLUME. */
static bool pod_names_claim(const Value *pod, const char *name)
{
    const char *own = value_at_str(pod, "metadata.name");
    size_t n = own ? strlen(own) : 0;
    const Value *v;

    if (podrefs_has(pod, "persistentvolumeclaims", name))
        return true;
    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (value_get(v, "ephemeral") && n > 0 && strncmp(name, own, n) == 0 && name[n] == '-' &&
            str_eq(name + n + 1, value_get_str(v, "name")))
            return true;
    }
    return false;
}

static bool pod_names_account(const Value *pod, const char *name)
{
    return str_eq(value_at_str(pod, "spec.serviceAccountName"), name);
}

static bool pod_names_resource_claim(const Value *pod, const char *name)
{
    const Value *c;

    value_each_item(value_at(pod, "spec.resourceClaims"), i, c)
    {
        if (str_eq(value_get_str(c, "resourceClaimName"), name))
            return true;
    }
    value_each_item(value_at(pod, "status.resourceClaimStatuses"), j, c)
    {
        if (str_eq(value_get_str(c, "resourceClaimName"), name))
            return true;
    }
    return false;
}

/* A volume belongs to the node of the pod that has its claim. */
static int volume_is_used(Ask *k, const Value *volume, bool *ret)
{
    const char *ns = value_at_str(volume, "spec.claimRef.namespace");
    const char *name = value_at_str(volume, "spec.claimRef.name");

    *ret = false;
    return ns && name ? any_pod(k, ns, name, pod_names_claim, ret) : STEP_OK;
}

/* The secrets of a volume that a kubelet may see. */
static bool volume_names_secret(const Value *volume, const char *ns, const char *name)
{
    static const char *const refs[] = {
        "cephfs.secretRef",       "cinder.secretRef",
        "flexVolume.secretRef",   "iscsi.secretRef",
        "rbd.secretRef",          "scaleIO.secretRef",
        "storageos.secretRef",    "csi.nodePublishSecretRef",
        "csi.nodeStageSecretRef", "csi.nodeExpandSecretRef",
    };
    const Value *spec = value_get(volume, "spec");
    const char *claim_ns = value_at_str(spec, "claimRef.namespace");

    for (size_t i = 0; i < ARRAY_LEN(refs); i++) {
        const Value *ref = value_at(spec, refs[i]);
        const char *own = value_get_str(ref, "namespace");

        if (str_eq(value_get_str(ref, "name"), name) && str_eq(own && own[0] ? own : claim_ns, ns))
            return true;
    }
    {
        const char *own = value_at_str(spec, "azureFile.secretNamespace");

        return str_eq(value_at_str(spec, "azureFile.secretName"), name) &&
               str_eq(own && own[0] ? own : claim_ns, ns);
    }
}

static int any_volume_with_secret(Ask *k, bool *ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("persistentvolumes"));
    CacheScan all = {0};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = read_list(k->req, k->req->cluster, r->storage, &all, &v, &revision, &more);

    for (size_t i = 0; !s && !*ret && i < v.n; i++) {
        const Value *volume = object_tree(k->req->arena, r, v.items[i]);

        if (volume_names_secret(volume, k->at->ns, k->at->name))
            s = volume_is_used(k, volume, ret);
    }
    return s;
}

/* An object that names its node itself. */
static int names_node(Ask *k, const char *group, const char *plural, const char *path, bool *ret)
{
    const Resource *r = resource_find(slice_of(group), SLICE("v1"), slice_of(plural));
    Value *v = NULL;
    int s = r ? read_tree(k->req, r, k->at->ns, k->at->name, &v) : STEP_OK;

    *ret = v && str_eq(value_at_str(v, path), k->node);
    return s;
}

typedef int (*RelatedFn)(Ask *k, bool *ret);

static int related_secret(Ask *k, bool *ret)
{
    int s = any_pod(k, k->at->ns, k->at->name, pod_names_secret, ret);

    return s || *ret ? s : any_volume_with_secret(k, ret);
}

static int related_config_map(Ask *k, bool *ret)
{
    return any_pod(k, k->at->ns, k->at->name, pod_names_config_map, ret);
}

static int related_claim(Ask *k, bool *ret)
{
    return any_pod(k, k->at->ns, k->at->name, pod_names_claim, ret);
}

static int related_volume(Ask *k, bool *ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("persistentvolumes"));
    Value *v = NULL;
    int s = read_tree(k->req, r, "", k->at->name, &v);

    return s ? s : volume_is_used(k, v, ret);
}

static int related_resource_claim(Ask *k, bool *ret)
{
    return any_pod(k, k->at->ns, k->at->name, pod_names_resource_claim, ret);
}

static int related_attachment(Ask *k, bool *ret)
{
    return names_node(k, "storage.k8s.io", "volumeattachments", "spec.nodeName", ret);
}

static int related_account(Ask *k, bool *ret)
{
    return any_pod(k, k->at->ns, k->at->name, pod_names_account, ret);
}

static int related_pod(Ask *k, bool *ret)
{
    return names_node(k, "", "pods", "spec.nodeName", ret);
}

static int related_slice(Ask *k, bool *ret)
{
    return names_node(k, "resource.k8s.io", "resourceslices", "spec.nodeName", ret);
}

static int by_relation(Ask *k, RelatedFn fn)
{
    bool is_related = false;
    int s;

    if (!k->at->name[0])
        return refuse(k, "No Object name found");
    s = fn(k, &is_related);
    if (s)
        return s;
    return is_related ? allow(k) : unrelated(k);
}

/* ---- kinds ---- */

static int read_object(Ask *k, RelatedFn fn)
{
    if (!is_verb(k, "get list watch"))
        return refuse(k, "can only read resources of this type");
    if (k->at->subresource[0])
        return refuse(k, "cannot read subresource");
    if (!k->at->ns[0])
        return refuse(k, "can only read namespaced object of this type");
    return by_relation(k, fn);
}

static int get_object(Ask *k, RelatedFn fn)
{
    if (!is_verb(k, "get"))
        return refuse(k, "can only get individual resources of this type");
    if (k->at->subresource[0])
        return refuse(k, "cannot get subresource");
    return by_relation(k, fn);
}

static int ask_secret(Ask *k)
{
    return read_object(k, related_secret);
}

static int ask_config_map(Ask *k)
{
    return read_object(k, related_config_map);
}

static int ask_claim(Ask *k)
{
    if (!str_eq(k->at->subresource, "status"))
        return get_object(k, related_claim);
    if (!is_verb(k, "update patch"))
        return refuse(k, "can only get/update/patch this type");
    return by_relation(k, related_claim);
}

static int ask_volume(Ask *k)
{
    return get_object(k, related_volume);
}

static int ask_resource_claim(Ask *k)
{
    return get_object(k, related_resource_claim);
}

static int ask_attachment(Ask *k)
{
    return get_object(k, related_attachment);
}

static int ask_account(Ask *k)
{
    if (!is_verb(k, "create") || !k->at->name[0])
        return refuse(k, "can only create tokens for individual service accounts");
    if (!str_eq(k->at->subresource, "token"))
        return refuse(k, "can only create token subresource of serviceaccount");
    return by_relation(k, related_account);
}

static int ask_lease(Ask *k)
{
    if (!is_verb(k, "get create update patch delete"))
        return refuse(k, "can only get, create, update, patch, or delete a node lease");
    if (!str_eq(k->at->ns, "kube-node-lease"))
        return refuse(k, "can only access leases in the \"kube-node-lease\" system namespace");
    if (!is_verb(k, "create") && !str_eq(k->at->name, k->node))
        return refuse(k, "can only access node lease with the same name as the requesting node");
    return allow(k);
}

static int ask_csi_node(Ask *k)
{
    if (!is_verb(k, "get create update patch delete"))
        return refuse(k, "can only get, create, update, patch, or delete a CSINode");
    if (k->at->subresource[0])
        return refuse(k, "cannot authorize CSINode subresources");
    if (!is_verb(k, "create") && !str_eq(k->at->name, k->node))
        return refuse(k, "can only access CSINode with the same name as the requesting node");
    return allow(k);
}

/* Does the field selector pin `field` to the node? */
static bool pins_node(const Ask *k, const char *field)
{
    Slice rest = slice_of(k->at->fields ? k->at->fields : ""), term, left;

    while (rest.len > 0) {
        slice_cut(&rest, ',', &term);
        slice_cut(&term, '=', &left);
        if (term.len > 0 && term.ptr[0] == '=') /* "==" */
            term = (Slice){term.ptr + 1, term.len - 1};
        if (slice_is(left, field) && slice_is(term, k->node))
            return true;
    }
    return false;
}

static int ask_slice(Ask *k)
{
    if (k->at->subresource[0])
        return refuse(k, "cannot authorize ResourceSlice subresources");
    if (is_verb(k, "create"))
        return allow(k);
    if (is_verb(k, "get update patch delete"))
        return by_relation(k, related_slice);
    if (!is_verb(k, "watch list deletecollection"))
        return refuse(k, "only the following verbs are allowed for a ResourceSlice: get, watch, "
                         "list, create, update, patch, delete, deletecollection");
    if (pins_node(k, "spec.nodeName"))
        return allow(k);
    return refuse(k, "can only list/watch/deletecollection resourceslices with nodeName field "
                     "selector");
}

/* Of the writes, admission (NodeRestriction) keeps a node to its own objects. */
static int ask_node(Ask *k)
{
    Arena *a = k->req->arena;

    if (str_eq(k->at->subresource, "status") && is_verb(k, "update patch"))
        return allow(k);
    if (k->at->subresource[0])
        return STEP_OK;
    if (is_verb(k, "create update patch"))
        return allow(k);
    if (!is_verb(k, "get list watch"))
        return STEP_OK;
    if (str_eq(k->at->name, k->node))
        return allow(k);
    if (!k->at->name[0])
        return refuse(
            k,
            arena_printf(a, "node '%s' cannot read all nodes, only its own Node object", k->node));
    return refuse(k, arena_printf(a, "node '%s' cannot read '%s', only its own Node object",
                                  k->node, k->at->name));
}

static int ask_pod(Ask *k)
{
    const char *sub = k->at->subresource;

    if ((str_eq(sub, "status") && is_verb(k, "update patch")) ||
        (str_eq(sub, "eviction") && is_verb(k, "create")) ||
        (!sub[0] && is_verb(k, "create delete")))
        return allow(k);
    if (sub[0])
        return STEP_OK;
    if (is_verb(k, "get"))
        return get_object(k, related_pod);
    if (!is_verb(k, "list watch"))
        return STEP_OK;
    if (pins_node(k, "spec.nodeName"))
        return allow(k);
    if (k->at->name[0])
        return by_relation(k, related_pod);
    return refuse(k, "can only list/watch pods with spec.nodeName field selector");
}

static const struct {
    const char *group, *resource;
    int (*fn)(Ask *k);
} kinds[] = {
    {"", "secrets", ask_secret},
    {"", "configmaps", ask_config_map},
    {"", "persistentvolumeclaims", ask_claim},
    {"", "persistentvolumes", ask_volume},
    {"resource.k8s.io", "resourceclaims", ask_resource_claim},
    {"storage.k8s.io", "volumeattachments", ask_attachment},
    {"", "serviceaccounts", ask_account},
    {"coordination.k8s.io", "leases", ask_lease},
    {"storage.k8s.io", "csinodes", ask_csi_node},
    {"resource.k8s.io", "resourceslices", ask_slice},
    {"", "nodes", ask_node},
    {"", "pods", ask_pod},
};

/* Everything else is the same for all nodes: the rules of the role system:node as it is born. */
static int by_rules(Ask *k)
{
    const RbacIndex *base, *own;
    int s = authz_indexes(k->req, &base, &own);

    if (s)
        return s;
    k->is_allowed = base && rbac_role_allows(base, base, "system:node", k->at);
    return STEP_OK;
}

int nodeauthz_allows(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                     const char **ret_reason)
{
    Ask k = {.req = req, .node = admit_node_of(u), .at = at, .reason = ""};
    int s = STEP_OK;
    size_t i = 0;

    *ret = false;
    if (!k.node[0]) {
        *ret_reason = arena_printf(req->arena, "unknown node for user \"%s\"", u->name);
        return STEP_OK;
    }
    while (i < ARRAY_LEN(kinds) && (!at->is_resource || !str_eq(kinds[i].group, at->group) ||
                                    !str_eq(kinds[i].resource, at->resource)))
        i++;
    s = i < ARRAY_LEN(kinds) ? kinds[i].fn(&k) : by_rules(&k);
    *ret = k.is_allowed;
    *ret_reason = k.reason;
    return s;
}
