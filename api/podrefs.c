#include "api/podrefs.h"

typedef struct Visit {
    PodRefFn fn;
    void *data;
} Visit;

/* Where names are, below one element of a list. */
typedef struct RefPath {
    const char *storage, *path;
} RefPath;

static bool visit_name(const Visit *v, const char *storage, const char *name)
{
    return name && name[0] && v->fn(storage, name, v->data);
}

static bool visit_list(const Visit *v, const Value *list, const RefPath *paths, size_t n)
{
    const Value *item;

    value_each_item(list, i, item) for (size_t k = 0; k < n; k++)
    {
        if (visit_name(v, paths[k].storage, value_at_str(item, paths[k].path)))
            return true;
    }
    return false;
}

static bool visit_containers(const Visit *v, const Value *list)
{
    static const RefPath from[] = {{"configmaps", "configMapRef.name"},
                                   {"secrets", "secretRef.name"}};
    static const RefPath env[] = {{"configmaps", "valueFrom.configMapKeyRef.name"},
                                  {"secrets", "valueFrom.secretKeyRef.name"}};
    const Value *c;

    value_each_item(list, i, c)
    {
        if (visit_list(v, value_get(c, "envFrom"), from, ARRAY_LEN(from)) ||
            visit_list(v, value_get(c, "env"), env, ARRAY_LEN(env)))
            return true;
    }
    return false;
}

static bool visit_volumes(const Visit *v, const Value *list)
{
    static const RefPath volumes[] = {
        {"configmaps", "configMap.name"},
        {"secrets", "secret.secretName"},
        {"secrets", "azureFile.secretName"},
        {"secrets", "cephfs.secretRef.name"},
        {"secrets", "cinder.secretRef.name"},
        {"secrets", "csi.nodePublishSecretRef.name"},
        {"secrets", "flexVolume.secretRef.name"},
        {"secrets", "iscsi.secretRef.name"},
        {"secrets", "rbd.secretRef.name"},
        {"secrets", "scaleIO.secretRef.name"},
        {"secrets", "storageos.secretRef.name"},
        {"persistentvolumeclaims", "persistentVolumeClaim.claimName"},
    };
    static const RefPath sources[] = {{"configmaps", "configMap.name"}, {"secrets", "secret.name"}};
    const Value *item;

    if (visit_list(v, list, volumes, ARRAY_LEN(volumes)))
        return true;
    value_each_item(list, i, item)
    {
        if (visit_list(v, value_at(item, "projected.sources"), sources, ARRAY_LEN(sources)))
            return true;
    }
    return false;
}

bool podrefs_visit(const Value *pod, PodRefFn fn, void *data)
{
    static const RefPath pull[] = {{"secrets", "name"}};
    const Value *spec = value_get(pod, "spec");
    const Visit v = {fn, data};

    return visit_volumes(&v, value_get(spec, "volumes")) ||
           visit_containers(&v, value_get(spec, "initContainers")) ||
           visit_containers(&v, value_get(spec, "containers")) ||
           visit_containers(&v, value_get(spec, "ephemeralContainers")) ||
           visit_list(&v, value_get(spec, "imagePullSecrets"), pull, ARRAY_LEN(pull));
}

typedef struct Wanted {
    const char *storage, *name;
} Wanted;

static bool is_wanted(const char *storage, const char *name, void *data)
{
    const Wanted *w = data;

    return str_eq(w->storage, storage) && (!w->name || str_eq(w->name, name));
}

bool podrefs_has(const Value *pod, const char *storage, const char *name)
{
    Wanted w = {storage, name};

    return podrefs_visit(pod, is_wanted, &w);
}
