/*
 * admit_storage.c - default classes of claims and ingresses, growing claims, and finalizers that
 * keep what is in use. Upstream: plugin/pkg/admission/storage, .../network/defaultingressclass.
 */
#include "base/quantity.h"
#include "vcluster/admission.h"

static const Resource *storage_classes(void)
{
    return resource_find(SLICE("storage.k8s.io"), SLICE("v1"), SLICE("storageclasses"));
}

static bool has_annotation(const Value *v, const char *name)
{
    return value_get(value_at(v, "metadata.annotations"), name) != NULL;
}

static bool is_marked(const Value *class, const char *const *marks)
{
    for (; *marks; marks++)
        if (str_eq(value_get_str(value_at(class, "metadata.annotations"), *marks), "true"))
            return true;
    return false;
}

/* The newest class marked as default; of one age, the first by name. */
static int default_class(Request *req, const Resource *r, const char *const *marks,
                         const char **ret)
{
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    const char *best_created = "";
    int64_t revision;
    bool more;
    int s = read_list(req, req->cluster, r->storage, &all, &v, &revision, &more);

    *ret = NULL;
    for (size_t i = 0; !s && i < v.n; i++) {
        const Value *class = object_tree(req->arena, r, v.items[i]);
        const char *created = value_at_str(class, "metadata.creationTimestamp");

        created = created ? created : "";
        if (!is_marked(class, marks) || (*ret && strcmp(created, best_created) <= 0))
            continue;
        *ret = value_at_str(class, "metadata.name");
        best_created = created;
    }
    return s;
}

/* ---- DefaultStorageClass ---- */

#define BETA_CLASS "volume.beta.kubernetes.io/storage-class"

int admit_storage_class_mutate(Request *req, Op *op)
{
    static const char *const marks[] = {"storageclass.kubernetes.io/is-default-class",
                                        "storageclass.beta.kubernetes.io/is-default-class", NULL};
    const char *name;
    int s;

    if (!op_is_on(op, "persistentvolumeclaims", NULL) || !op_is_create(op) ||
        has_annotation(op->obj, BETA_CLASS) || value_at(op->obj, "spec.storageClassName"))
        return STEP_OK;
    s = default_class(req, storage_classes(), marks, &name);
    if (!s && name)
        value_set_str(req->arena, value_need(req->arena, op->obj, "spec"), "storageClassName",
                      name);
    return s;
}

/* ---- DefaultIngressClass ---- */

int admit_ingress_class_mutate(Request *req, Op *op)
{
    static const char *const marks[] = {"ingressclass.kubernetes.io/is-default-class", NULL};
    const Resource *r =
        resource_find(SLICE("networking.k8s.io"), SLICE("v1"), SLICE("ingressclasses"));
    const char *name;
    int s;

    if (!op_is_on(op, "networking/ingresses", NULL) || !op_is_create(op) ||
        value_at(op->obj, "spec.ingressClassName") ||
        has_annotation(op->obj, "kubernetes.io/ingress.class"))
        return STEP_OK;
    s = default_class(req, r, marks, &name);
    if (!s && name)
        value_set_str(req->arena, value_need(req->arena, op->obj, "spec"), "ingressClassName",
                      name);
    return s;
}

/* ---- StorageObjectInUseProtection ---- */

int admit_in_use_mutate(Request *req, Op *op)
{
    static const struct {
        const char *storage, *finalizer;
    } kinds[] = {
        {"persistentvolumes", "kubernetes.io/pv-protection"},
        {"persistentvolumeclaims", "kubernetes.io/pvc-protection"},
        {"storage/volumeattributesclasses", "kubernetes.io/vac-protection"},
    };
    Arena *a = req->arena;
    Value *meta, *list, *v;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!op_is_create(op) || !op_is_on(op, kinds[i].storage, NULL))
            continue;
        meta = value_need(a, op->obj, "metadata");
        list = value_get(meta, "finalizers");
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set(a, meta, "finalizers", list);
        }
        value_each_item(list, k, v)
        {
            if (str_eq(value_to_cstr(v), kinds[i].finalizer))
                return STEP_OK;
        }
        value_append(a, list, value_str(a, kinds[i].finalizer));
    }
    return STEP_OK;
}

/* ---- PersistentVolumeClaimResize ---- */

static const char *class_of(const Value *claim)
{
    const char *name = value_get_str(value_at(claim, "metadata.annotations"), BETA_CLASS);

    if (!name)
        name = value_at_str(claim, "spec.storageClassName");
    return name ? name : "";
}

static bool requested(const Value *claim, Quantity *ret)
{
    const char *text = value_at_str(claim, "spec.resources.requests.storage");

    return text && quantity_parse(slice_of(text), ret, NULL) == 0;
}

int admit_claim_resize_validate(Request *req, Op *op)
{
    Quantity now, old;
    Value *class = NULL;
    const char *name;
    int s = STEP_OK;

    if (!op_is_on(op, "persistentvolumeclaims", NULL) || !op_is_update(op) ||
        !requested(op->obj, &now) || !requested(op->old, &old) || quantity_cmp(&now, &old) <= 0)
        return STEP_OK;
    if (!str_eq(value_at_str(op->old, "status.phase"), "Bound"))
        return admit_forbid(req, op, "Only bound persistent volume claims can be expanded");
    name = class_of(op->obj);
    if (name[0] && str_eq(name, class_of(op->old)))
        s = read_tree(req, storage_classes(), "", name, &class);
    if (s || value_is_true(value_get(class, "allowVolumeExpansion")))
        return s;
    return admit_forbid(req, op,
                        "only dynamically provisioned pvc can be resized and the storageclass that "
                        "provisions the pvc must support resize");
}
