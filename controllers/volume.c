#include "controllers/podutil.h"
#include "controllers/rows.h"
#include "controllers/volume_sync.h"

/*
 * Binds claims to volumes. Keys with a namespace are claims, keys without are volumes. Where a
 * class is of the built-in provisioner, a volume is a directory of one node, made by its agent.
 */

static const char *const claims = "persistentvolumeclaims", *const volumes = "persistentvolumes",
                         *const classes = "storage/storageclasses";

enum { RETRY_MS = 15000 /* that upstream looks at unbound claims again, too */ };

/* ---- which keys ---- */

typedef struct AllClaims {
    Controllers *c;
    uint32_t index;
    const char *cluster;
} AllClaims;

static void on_claim(Obj *o, void *data)
{
    const AllClaims *all = data;

    if (!memmem(o->text, o->text_len, "\"" VOLUME_BIND_COMPLETED "\"",
                strlen(VOLUME_BIND_COMPLETED) + 2))
        ctl_enqueue(all->c, all->index, all->cluster, o->ns, o->name);
}

/* Something came that unbound claims may have waited for. */
static void enqueue_unbound(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);

    /* A failure to list is met again at the claims' next look. */
    (void)l->list(l, ch->cluster, claims, NULL, NULL, on_claim, &(AllClaims){c, index, ch->cluster},
                  NULL);
}

static void map_volume(Controllers *c, uint32_t index, const Change *ch)
{
    const Value *v = obj_to_value(ch->arena, ch->obj, NULL, NULL);
    const Value *old = ch->prev ? obj_to_value(ch->arena, ch->prev, NULL, NULL) : NULL;
    const char *ns = value_at_str(v, "spec.claimRef.namespace");
    const char *name = value_at_str(v, "spec.claimRef.name");
    const char *phase = value_at_str(v, "status.phase");

    ctl_map_self(c, index, ch);
    if (ns && name)
        ctl_enqueue(c, index, ch->cluster, ns, name);
    if (ch->type != CHANGE_DELETED && str_eq(phase, "Available") &&
        !str_eq(value_at_str(old, "status.phase"), phase))
        enqueue_unbound(c, index, ch);
}

void volume_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *name = NULL;

    if (str_eq(ch->storage, volumes)) {
        map_volume(c, index, ch);
    } else if (str_eq(ch->storage, classes)) {
        if (ch->type != CHANGE_DELETED)
            enqueue_unbound(c, index, ch);
    } else {
        ctl_map_self(c, index, ch);
        if (obj_scan_str(ch->obj, "spec.volumeName", ch->arena, &name) && name)
            ctl_enqueue(c, index, ch->cluster, "", name);
    }
}

/* ---- writing ---- */

static int update(Ctl *ctl, const char *storage, Value **object, bool is_status, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, meta_ns(*object), meta_name(*object));
    Value *fresh = NULL;
    int r;

    at.subresource = is_status ? "status" : NULL;
    r = client_update(ctl->client, ctl->arena, &at, *object, &fresh, err);
    if (r == 0 && fresh)
        *object = fresh;
    return r;
}

static int set_volume_phase(Ctl *ctl, Value **volume, const char *phase, const char *message,
                            Err *err)
{
    Arena *a = ctl->arena;
    Value *status;

    if (str_eq(value_at_str(*volume, "status.phase"), phase))
        return 0;
    status = value_need(a, *volume, "status");
    value_set_str(a, status, "phase", phase);
    value_set(a, status, "lastPhaseTransitionTime", value_time(a, ctl->now_us));
    if (message)
        value_set_str(a, status, "message", message);
    else
        value_del(status, "message");
    return update(ctl, volumes, volume, true, err);
}

static int set_claim_phase(Ctl *ctl, Value *claim, const char *phase, Err *err)
{
    return claim_set_phase(ctl->arena, claim, phase) ? update(ctl, claims, &claim, true, err) : 0;
}

static int bind(Ctl *ctl, Value *claim, const Value *found, Err *err)
{
    Arena *a = ctl->arena;
    Value *volume = value_copy(a, found);
    int r = volume_bind(a, volume, claim) ? update(ctl, volumes, &volume, false, err) : 0;

    if (r == 0)
        r = set_volume_phase(ctl, &volume, "Bound", NULL, err);
    if (r == 0 && claim_bind(a, claim, volume))
        r = update(ctl, claims, &claim, false, err);
    if (r == 0 && claim_set_bound(a, claim, volume))
        r = update(ctl, claims, &claim, true, err);
    return r;
}

/* ---- provisioning ---- */

typedef struct Nodes {
    Ctl *ctl;
    const Value *class;
    const char *wanted; /* NULL: any that is ready */
    uint64_t seed;
    Value *best;
    uint64_t best_hash;
} Nodes;

static void on_node(Obj *o, void *data)
{
    Nodes *n = data;
    Value *node = obj_to_value(n->ctl->arena, o, "Node", "v1");
    uint64_t hash = n->seed;

    if (n->wanted ? !str_eq(o->name, n->wanted)
                  : !condition_is(node, "Ready", "True") ||
                        value_is_true(value_at(node, "spec.unschedulable")) ||
                        !class_allows_node(n->class, node))
        return;
    for (const char *p = o->name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    if (n->best && hash >= n->best_hash)
        return;
    n->best = node;
    n->best_hash = hash;
}

/* The node that the scheduler has chosen, or, for a class that does not wait, one of all. */
static int choose_node(Ctl *ctl, const Value *claim, const Value *class, Value **ret, Err *err)
{
    Nodes n = {.ctl = ctl,
               .class = class,
               .wanted = meta_annotation(claim, VOLUME_SELECTED_NODE),
               .seed = 14695981039346656037u};
    int r;

    for (const char *p = meta_uid(claim); *p; p++)
        n.seed = (n.seed ^ (unsigned char)*p) * 1099511628211u;
    r = ctl->lister->list(ctl->lister, ctl->cluster, "nodes", NULL, NULL, on_node, &n, err);
    *ret = n.best;
    return r;
}

static int make_volume(Ctl *ctl, Value *claim, const Value *class, Err *err)
{
    ObjRef at = ctl_ref(ctl, volumes, "", NULL);
    const char *why = NULL;
    Value *node, *volume;
    int r = choose_node(ctl, claim, class, &node, err);

    if (r < 0)
        return r;
    volume = node ? volume_provision(ctl->arena, ctl->cluster, claim, class, node, &why) : NULL;
    if (!volume) {
        ctl_event(ctl, claim, "Warning", "ProvisioningFailed",
                  "failed to provision volume with StorageClass \"%s\": %s", meta_name(class),
                  why ? why : "no node to put it on");
        return RETRY_MS;
    }
    r = client_create(ctl->client, ctl->arena, &at, volume, NULL, err);
    if (r == -ERR_ALREADY_EXISTS)
        return 0; /* it comes here when the cache has it */
    if (r == 0)
        ctl_event(ctl, claim, "Normal", "ProvisioningSucceeded",
                  "Successfully provisioned volume %s", meta_name(volume));
    return r;
}

/* A plug-in of the cluster's own name is nobody's but for those that have moved into a driver,
 * which then is the one to wait for. NULL: there is none. */
static const char *driver_of(const char *plugin)
{
    static const struct {
        const char *was, *is;
    } moved[] = {{"kubernetes.io/aws-ebs", "ebs.csi.aws.com"},
                 {"kubernetes.io/gce-pd", "pd.csi.storage.gke.io"},
                 {"kubernetes.io/azure-disk", "disk.csi.azure.com"},
                 {"kubernetes.io/azure-file", "file.csi.azure.com"},
                 {"kubernetes.io/cinder", "cinder.csi.openstack.org"},
                 {"kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com"},
                 {"kubernetes.io/portworx-volume", "pxd.portworx.com"}};

    for (size_t i = 0; i < ARRAY_LEN(moved); i++)
        if (str_eq(plugin, moved[i].was))
            return moved[i].is;
    return plugin && str_starts(plugin, "kubernetes.io/") ? NULL : plugin;
}

static int provision(Ctl *ctl, Value *claim, const Value *class, Err *err)
{
    static const char *const keys[] = {"volume.beta.kubernetes.io/storage-provisioner",
                                       "volume.kubernetes.io/storage-provisioner"};
    const char *provisioner = driver_of(value_get_str(class, "provisioner"));
    bool changed = false;
    int r = set_claim_phase(ctl, claim, "Pending", err);

    if (r < 0)
        return r;
    if (!class) {
        ctl_event(ctl, claim, "Warning", "ProvisioningFailed",
                  "storageclass.storage.k8s.io \"%s\" not found", claim_class(claim));
        return 0; /* its coming is watched */
    }
    if (!provisioner) {
        ctl_event(ctl, claim, "Warning", "ProvisioningFailed", "no volume plugin matched name: %s",
                  value_get_str(class, "provisioner"));
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (str_eq(meta_annotation(claim, keys[i]), provisioner))
            continue;
        value_set_str(ctl->arena, value_need(ctl->arena, claim, "metadata.annotations"), keys[i],
                      provisioner);
        changed = true;
    }
    if (changed)
        r = update(ctl, claims, &claim, false, err);
    if (r < 0)
        return r;
    if (str_eq(provisioner, VOLUME_LOCAL_DIR))
        return make_volume(ctl, claim, class, err);
    ctl_event(ctl, claim, "Normal", "ExternalProvisioning",
              "Waiting for a volume to be created either by the external provisioner '%s' or "
              "manually by the system administrator. If volume creation is delayed, please verify "
              "that the provisioner is running and correctly registered.",
              provisioner);
    return 0;
}

/* ---- claims ---- */

static bool waits_for(const Value *pod, const Value *claim)
{
    const Value *v;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (str_eq(value_at_str(v, "persistentVolumeClaim.claimName"), meta_name(claim)) ||
            pod_names_ephemeral(pod, v, meta_name(claim)))
            return true;
    }
    return false;
}

/* The pods without a node that wait for the claim, as the event names them; NULL: none. */
static const char *waiting_pods(Ctl *ctl, const Value *claim, Err *err)
{
    AUTO_BUF names = BUF_INIT;
    uint32_t n = 0;
    Values pods;

    if (ctl_list(ctl, "pods", ctl->ns, NULL, NULL, &pods, err) < 0)
        return NULL;
    for (uint32_t i = 0; i < pods.n; i++)
        if (!pod_bound_node(pods.items[i]) && pod_is_active(pods.items[i]) &&
            waits_for(pods.items[i], claim))
            buf_addf(&names, "%s%s", n++ > 0 ? "," : "", meta_name(pods.items[i]));
    return n == 0 ? NULL : arena_printf(ctl->arena, "pod%s %s", n > 1 ? "s" : "", buf_str(&names));
}

/* Reserved for nobody, or for a claim of this name. */
static bool may_serve(const Obj *o, const void *name)
{
    return !memmem(o->text, o->text_len, "\"claimRef\"", 10) ||
           memmem(o->text, o->text_len, name, strlen(name)) != NULL;
}

/* The volumes to choose from: the named one, or all that may be free. */
static int candidates(Ctl *ctl, const Value *claim, Values *ret, Err *err)
{
    const char *name = value_at_str(claim, "spec.volumeName");
    Value *one;
    int r;

    if (!name || !name[0])
        return ctl_list(ctl, volumes, NULL, may_serve, meta_name(claim), ret, err);
    *ret = (Values){0};
    r = ctl_get(ctl, volumes, "", name, &one, err);
    if (r == 0 && one)
        values_add(ctl->arena, ret, one);
    return r;
}

/* The claim was allowed to ask for more since it is bound. */
static int grow(Ctl *ctl, Err *err)
{
    Value *claim, *volume;
    int r = ctl_get(ctl, claims, ctl->ns, ctl->name, &claim, err);

    if (r < 0 || !claim || !str_eq(value_at_str(claim, "status.phase"), "Bound"))
        return r;
    r = ctl_get(ctl, volumes, "", value_at_str(claim, "spec.volumeName"), &volume, err);
    if (r < 0 || !volume || !volume_is_of_claim(volume, claim))
        return r;
    if (volume_grow(ctl->arena, volume, claim)) {
        ctl_event(ctl, claim, "Normal", "Resizing", "External resizer is resizing volume %s",
                  meta_name(volume));
        r = update(ctl, volumes, &volume, false, err);
        return r; /* it comes here again with the volume's change */
    }
    if (!str_eq(meta_annotation(volume, VOLUME_PROVISIONED_BY), VOLUME_LOCAL_DIR)) {
        if (claim_waits_for_resizer(claim))
            ctl_event(ctl, claim, "Normal", "ExternalExpanding",
                      "waiting for an external controller to expand this PVC");
        return 0;
    }
    if (!claim_grow(ctl->arena, claim, volume))
        return 0;
    r = update(ctl, claims, &claim, true, err);
    if (r == 0)
        ctl_event(ctl, claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded");
    return r;
}

/* 1: a claim that came before there was a default class has it now. */
static int give_class(Ctl *ctl, Value *claim, Err *err)
{
    const char *name = value_at_str(claim, "spec.volumeName");
    Values all;
    int r = 0;

    if (name && name[0])
        return 0; /* it wants a volume, whose class it is */
    r = ctl_list(ctl, classes, NULL, NULL, NULL, &all, err);
    name = r == 0 ? class_default(&all) : NULL;
    if (!name)
        return r;
    value_set_str(ctl->arena, value_need(ctl->arena, claim, "spec"), "storageClassName", name);
    r = update(ctl, claims, &claim, false, err);
    return r < 0 ? r : 1;
}

static int sync_claim(Ctl *ctl, Err *err)
{
    Value *claim, *class = NULL;
    const char *pods;
    ClaimPlan plan;
    Values all;
    int r = ctl_get(ctl, claims, ctl->ns, ctl->name, &claim, err);

    if (r < 0 || !claim)
        return r;
    r = candidates(ctl, claim, &all, err);
    if (r == 0 && claim_class(claim)[0])
        r = ctl_get(ctl, classes, "", claim_class(claim), &class, err);
    if (r < 0)
        return r;
    plan = claim_plan(ctl->arena, claim, class, &all);
    if ((plan.verb == CLAIM_PENDING || plan.verb == CLAIM_PROVISION) && !claim_has_class(claim)) {
        r = give_class(ctl, claim, err);
        if (r != 0)
            return MIN(r, 0); /* it comes again with its class */
    }
    pods = str_eq(plan.reason, "WaitForFirstConsumer") ? waiting_pods(ctl, claim, err) : NULL;
    if (pods)
        ctl_event(ctl, claim, "Normal", "WaitForPodScheduled", "waiting for %s to be scheduled",
                  pods);
    else if (plan.reason &&
             !(plan.verb == CLAIM_LOST && str_eq(value_at_str(claim, "status.phase"), "Lost")))
        ctl_event(ctl, claim, plan.event_type, plan.reason, "%s", plan.message);
    switch (plan.verb) {
    case CLAIM_NOTHING:
        return 0;
    case CLAIM_PENDING:
        return set_claim_phase(ctl, claim, "Pending", err);
    case CLAIM_LOST:
        return set_claim_phase(ctl, claim, "Lost", err);
    case CLAIM_BIND:
        r = bind(ctl, claim, plan.volume, err);
        return r < 0 ? r : grow(ctl, err);
    case CLAIM_PROVISION:
        return provision(ctl, claim, class, err);
    }
    return 0;
}

/* ---- volumes ---- */

/* Of the volumes that upstream can scrub, none is here: nfs and hostPath of nodes that only their
 * agents reach. */
static int fail_recycle(Ctl *ctl, Value *volume, Err *err)
{
    static const char message[] = "No recycler plugin found for the volume!";

    if (!str_eq(value_at_str(volume, "status.phase"), "Failed"))
        ctl_event(ctl, volume, "Warning", "VolumeFailedRecycle", "%s", message);
    return set_volume_phase(ctl, &volume, "Failed", message, err);
}

/* Why nobody takes the volume down. */
static const char *no_deleter(Arena *a, const Value *volume, const char *by)
{
    const char *host_path = value_at_str(volume, "spec.hostPath.path");

    if (by && by[0])
        return arena_printf(a, "no volume plugin matched name: %s", by);
    if (host_path)
        return arena_printf(a, "host_path deleter only supports /tmp/.+ but received provided %s",
                            host_path);
    return arena_printf(
        a,
        "error getting deleter volume plugin for volume \"%s\": no deletable volume "
        "plugin matched",
        meta_name(volume));
}

/* Upstream's controller removes a directory of its own host, if any: of the node's there is nothing
 * to be seen. */
static bool is_scratch(const Value *volume)
{
    const char *path = value_at_str(volume, "spec.hostPath.path");
    const char *tmp = path ? strstr(path, "/tmp/") : NULL;

    return tmp && tmp[strlen("/tmp/")];
}

static int reclaim(Ctl *ctl, Value *volume, Err *err)
{
    const char *policy = value_at_str(volume, "spec.persistentVolumeReclaimPolicy");
    const char *by = meta_annotation(volume, VOLUME_PROVISIONED_BY), *message;
    bool is_foreign = by && by[0] && !str_eq(by, VOLUME_LOCAL_DIR);

    if (str_eq(policy, "Recycle"))
        return fail_recycle(ctl, volume, err);
    if (!str_eq(policy, "Delete") || (is_foreign && driver_of(by)))
        return 0; /* stays, or whoever made it takes it down */
    if (str_eq(by, VOLUME_LOCAL_DIR) || (!is_foreign && is_scratch(volume)))
        return ctl_delete(ctl, volumes, volume, NULL, err);
    message = no_deleter(ctl->arena, volume, by);
    if (!str_eq(value_at_str(volume, "status.phase"), "Failed"))
        ctl_event(ctl, volume, "Warning", "VolumeFailedDelete", "%s", message);
    return set_volume_phase(ctl, &volume, "Failed", message, err);
}

static int unbind(Ctl *ctl, Value *volume, Err *err)
{
    Value *annotations = value_at(volume, "metadata.annotations");
    int r;

    if (value_del(annotations, VOLUME_BOUND_BY))
        value_del_at(volume, "spec.claimRef");
    else /* a user wrote it: it stays reserved for the claim's name */
        value_del_at(volume, "spec.claimRef.uid");
    r = update(ctl, volumes, &volume, false, err);
    return r < 0 ? r : set_volume_phase(ctl, &volume, "Available", NULL, err);
}

static int sync_volume(Ctl *ctl, Err *err)
{
    Value *volume, *claim = NULL;
    const Value *ref;
    const char *ns, *name, *phase;
    ObjRef at;
    int r = ctl_get(ctl, volumes, "", ctl->name, &volume, err);

    if (r < 0 || !volume)
        return r;
    ref = value_at(volume, "spec.claimRef");
    ns = value_get_str(ref, "namespace");
    name = value_get_str(ref, "name");
    if (ns && name)
        r = ctl_get(ctl, claims, ns, name, &claim, err);
    if (r == 0 && volume_plan(volume, claim) == VOLUME_RELEASE && ns && name) {
        /* The cache may be late: data is lost only on the server's word. */
        at = ctl_ref(ctl, claims, ns, name);
        r = client_get(ctl->client, ctl->arena, &at, &claim, err);
        r = r == -ERR_NOT_FOUND ? 0 : r;
    }
    if (r < 0)
        return r;
    phase = value_at_str(volume, "status.phase");
    switch (volume_plan(volume, claim)) {
    case VOLUME_NOTHING:
        return 0;
    case VOLUME_AVAILABLE:
        return set_volume_phase(ctl, &volume, "Available", NULL, err);
    case VOLUME_BOUND:
        return set_volume_phase(ctl, &volume, "Bound", NULL, err);
    case VOLUME_RELEASE:
        if (!str_eq(phase, "Released") && !str_eq(phase, "Failed"))
            r = set_volume_phase(ctl, &volume, "Released", NULL, err);
        return r < 0 || meta_is_deleted(volume) ? r : reclaim(ctl, volume, err);
    case VOLUME_UNBIND:
        return unbind(ctl, volume, err);
    case VOLUME_ASK_CLAIM:
        ctl_enqueue(ctl->all, ctl->index, ctl->cluster, ns, name);
        return 0;
    case VOLUME_MISMATCH:
        ctl_event(ctl, volume, "Warning", "VolumeMismatch",
                  "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"%s\" due to "
                  "incompatible volumeMode.",
                  name);
        ctl_event(ctl, claim, "Warning", "VolumeMismatch",
                  "Cannot bind PersistentVolume \"%s\" to requested PersistentVolumeClaim due to "
                  "incompatible volumeMode.",
                  ctl->name);
        return 0;
    }
    return 0;
}

int volume_sync(Ctl *ctl, Err *err)
{
    return ctl->ns[0] ? sync_claim(ctl, err) : sync_volume(ctl, err);
}

/* ---- claims of ephemeral volumes ---- */

void ephemeral_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, claims)) {
        if (ch->type == CHANGE_DELETED)
            (void)ctl_map_owner(c, index, ch, "Pod");
    } else if (ch->type != CHANGE_DELETED && ch->obj->deleted_us == 0 && !ch->prev &&
               memmem(ch->obj->text, ch->obj->text_len, "\"ephemeral\"", 11)) {
        ctl_map_self(c, index, ch);
    }
}

static int make_ephemeral(Ctl *ctl, const Value *pod, const Value *volume, Err *err)
{
    Value *claim = claim_of_ephemeral(ctl->arena, pod, volume), *have;
    ObjRef at = ctl_ref(ctl, claims, ctl->ns, NULL);
    int r = ctl_get(ctl, claims, ctl->ns, meta_name(claim), &have, err);

    if (r == 0 && !have) {
        r = client_create(ctl->client, ctl->arena, &at, claim, NULL, err);
        r = r < 0 ? err_wrap(err, r, "create PVC %s", meta_name(claim)) : 0;
    } else if (r == 0 && !meta_is_controlled_by(have, meta_uid(pod)))
        r = err_set(err, ERR_CONFLICT, "PVC %s/%s was not created for pod %s/%s (pod is not owner)",
                    ctl->ns, meta_name(claim), ctl->ns, ctl->name);
    if (r < 0 && r != -ERR_ALREADY_EXISTS)
        ctl_event(ctl, pod, "Warning", "FailedBinding", "ephemeral volume %s: %s",
                  value_get_str(volume, "name"), err ? err->msg : "");
    return r;
}

int ephemeral_sync(Ctl *ctl, Err *err)
{
    Value *pod, *volume;
    int r = ctl_get(ctl, "pods", ctl->ns, ctl->name, &pod, err);

    if (r < 0 || !pod || meta_is_deleted(pod))
        return r;
    value_each_item(value_at(pod, "spec.volumes"), i, volume)
    {
        if (!value_is(value_get(volume, "ephemeral"), VALUE_OBJECT))
            continue;
        r = make_ephemeral(ctl, pod, volume, err);
        if (r < 0)
            return r;
    }
    return 0;
}
