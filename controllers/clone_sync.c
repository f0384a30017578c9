#include "controllers/clone_sync.h"

#include "client/meta.h"
#include "controllers/podutil.h"

/* ---- kinds ---- */

static const struct {
    const char *storage;
    ClonePass pass;
} passes[] = {
    {"namespaces", CLONE_FIRST},
    {"apiextensions/customresourcedefinitions", CLONE_FIRST},
    {"limitranges", CLONE_LAST},
    {"resourcequotas", CLONE_LAST},
    /* records of what happens, and of who runs where */
    {"events", CLONE_NEVER},
    {"coordination/leases", CLONE_NEVER},
    {"coordination/leasecandidates", CLONE_NEVER},
    {"nodes", CLONE_NEVER},
    {"storage/csinodes", CLONE_NEVER},
    {"storage/csistoragecapacities", CLONE_NEVER},
    {"storage/volumeattachments", CLONE_NEVER},
    {"resource/resourceslices", CLONE_NEVER},
    {"certificates/certificatesigningrequests", CLONE_NEVER},
    /* data stays where it is: claims get volumes of their own */
    {"persistentvolumes", CLONE_NEVER},
    /* made by controllers */
    {"endpoints", CLONE_NEVER},
    {"discovery/endpointslices", CLONE_NEVER},
    {"apps/controllerrevisions", CLONE_NEVER},
    {"apiregistration/apiservices", CLONE_NEVER},
};

ClonePass clone_pass(const char *storage)
{
    for (size_t i = 0; i < ARRAY_LEN(passes); i++)
        if (str_eq(passes[i].storage, storage))
            return passes[i].pass;
    return str_starts(storage, "admissionregistration/") ? CLONE_LAST : CLONE_MAIN;
}

/* ---- objects ---- */

static bool is_over(const Value *object)
{
    return pod_is_finished(object) || condition_is(object, "Complete", "True") ||
           condition_is(object, "Failed", "True");
}

static bool is_credential(const Value *secret)
{
    const char *type = value_get_str(secret, "type");

    return str_eq(type, "kubernetes.io/service-account-token") ||
           str_eq(type, "bootstrap.kubernetes.io/token");
}

static bool is_left_out(const char *storage, const Value *object)
{
    return meta_is_deleted(object) || meta_controller(object) ||
           (str_eq(storage, "secrets") && is_credential(object)) ||
           (str_eq(storage, "configmaps") && str_eq(meta_name(object), "kube-root-ca.crt")) ||
           ((str_eq(storage, "pods") || str_eq(storage, "batch/jobs")) && is_over(object));
}

/* What of a spec the server or a node has filled in. */
static const struct {
    const char *storage, *path;
} filled_in[] = {
    {"pods", "spec.nodeName"},
    {"persistentvolumeclaims", "spec.volumeName"},
    {"services", "spec.healthCheckNodePort"},
    {"serviceaccounts", "secrets"},
};

/* Labels and annotations that tie an object to what it was. */
static const char *const ties[][2] = {
    {"metadata.annotations", "pv.kubernetes.io/bind-completed"},
    {"metadata.annotations", "pv.kubernetes.io/bound-by-controller"},
    {"metadata.annotations", "volume.kubernetes.io/selected-node"},
    {"metadata.annotations", "deployment.kubernetes.io/revision"},
    {"metadata.labels", "batch.kubernetes.io/controller-uid"},
    {"metadata.labels", "controller-uid"},
    {"spec.template.metadata.labels", "batch.kubernetes.io/controller-uid"},
    {"spec.template.metadata.labels", "controller-uid"},
};

static void free_addresses(Value *service)
{
    Value *spec = value_get(service, "spec"), *port;

    if (!str_eq(value_get_str(spec, "clusterIP"), "None")) {
        value_del(spec, "clusterIP");
        value_del(spec, "clusterIPs");
    }
    value_each_item(value_get(spec, "ports"), i, port) value_del(port, "nodePort");
}

static Value *clean_metadata(Arena *a, const Value *meta)
{
    static const char *const kept[] = {"name", "namespace", "labels", "annotations", "finalizers"};
    Value *v = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (value_get(meta, kept[i]))
            value_set(a, v, kept[i], value_copy(a, value_get(meta, kept[i])));
    return v;
}

static bool has_status(const Resource *r)
{
    return r->crd || resource_subresource(r, SLICE("status"));
}

Value *clone_copy(Arena *a, const Resource *r, const Value *object)
{
    Value *v;

    if (clone_pass(r->storage) == CLONE_NEVER || is_left_out(r->storage, object))
        return NULL;
    v = value_copy(a, object);
    value_set(a, v, "metadata", clean_metadata(a, value_get(object, "metadata")));
    if (has_status(r))
        value_del(v, "status");
    for (size_t i = 0; i < ARRAY_LEN(filled_in); i++)
        if (str_eq(filled_in[i].storage, r->storage))
            value_del_at(v, filled_in[i].path);
    for (size_t i = 0; i < ARRAY_LEN(ties); i++)
        value_del(value_at(v, ties[i][0]), ties[i][1]);
    if (str_eq(r->storage, "services"))
        free_addresses(v);
    if (str_eq(r->storage, "namespaces"))
        value_del(v, "spec");
    if (str_eq(r->storage, "batch/jobs") && !value_at_bool(v, "spec.manualSelector"))
        value_del_at(v, "spec.selector");
    return v;
}

/* ---- telling ---- */

bool clone_note(Arena *a, Value *tenant, const char *reason, const char *message, int64_t now_us)
{
    return condition_set(a, tenant,
                         &(Condition){.type = "Cloned",
                                      .status = str_eq(reason, "Done") ? "True" : "False",
                                      .reason = reason,
                                      .message = message},
                         now_us);
}
