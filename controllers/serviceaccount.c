#include "controllers/rows.h"

/* Both controllers here keep one object in every namespace; the key is the namespace. */

static void map_for_namespace(Controllers *c, uint32_t index, const Change *ch, const char *storage,
                              const char *name)
{
    if (str_eq(ch->storage, "namespaces") && ch->obj->deleted_us == 0 && ch->type == CHANGE_ADDED)
        ctl_enqueue(c, index, ch->cluster, "", ch->name);
    else if (str_eq(ch->storage, storage) && str_eq(ch->name, name) && ch->type != CHANGE_ADDED)
        ctl_enqueue(c, index, ch->cluster, "", ch->ns);
}

/* 1: the namespace exists and stays. */
static int namespace_is_alive(Ctl *ctl, Err *err)
{
    Value *ns;
    int r = ctl_get(ctl, "namespaces", "", ctl->name, &ns, err);

    if (r < 0)
        return r;
    return ns && !meta_is_deleted(ns);
}

/* Creating in a namespace that has just begun to go away is no failure. */
static int create(Ctl *ctl, const char *storage, const Value *v, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, ctl->name, NULL);
    int r = client_create(ctl->client, ctl->arena, &at, v, NULL, err);

    return r == -ERR_ALREADY_EXISTS ? 0 : ctl_tolerate_terminating(r, err);
}

void serviceaccount_map(Controllers *c, uint32_t index, const Change *ch)
{
    map_for_namespace(c, index, ch, "serviceaccounts", "default");
}

int serviceaccount_sync(Ctl *ctl, Err *err)
{
    Value *account, *v;
    int r = namespace_is_alive(ctl, err);

    if (r <= 0)
        return r;
    r = ctl_get(ctl, "serviceaccounts", ctl->name, "default", &account, err);
    if (r < 0 || account)
        return r;
    v = value_literal(ctl->arena, "{'kind':'ServiceAccount','apiVersion':'v1',"
                                  "'metadata':{'name':'default'}}");
    value_set_at(ctl->arena, v, "metadata.namespace", value_str(ctl->arena, ctl->name));
    return create(ctl, "serviceaccounts", v, err);
}

void rootca_map(Controllers *c, uint32_t index, const Change *ch)
{
    map_for_namespace(c, index, ch, "configmaps", "kube-root-ca.crt");
}

static const char
    description_key[] = "kubernetes.io/description",
    description[] = "Contains a CA bundle that can be used to verify the kube-apiserver when using "
                    "internal endpoints such as the internal service IP or kubernetes.default.svc. "
                    "No other usage is guaranteed across distributions of Kubernetes clusters.";

int rootca_sync(Ctl *ctl, Err *err)
{
    const char *pem = ctl_options(ctl->all)->ca_pem;
    Arena *a = ctl->arena;
    Value *have, *v, *data;
    ObjRef at;
    int r = namespace_is_alive(ctl, err);

    if (r <= 0 || !pem)
        return MIN(r, 0);
    r = ctl_get(ctl, "configmaps", ctl->name, "kube-root-ca.crt", &have, err);
    if (r < 0)
        return r;
    data = value_object(a);
    value_set_str(a, data, "ca.crt", pem);
    if (have) {
        const char *said = meta_annotation(have, description_key);

        if (value_equal(value_get(have, "data"), data) && said && said[0])
            return 0;
        value_set(a, have, "data", data);
        value_set_str(a, value_need(a, have, "metadata.annotations"), description_key, description);
        at = ctl_ref(ctl, "configmaps", ctl->name, "kube-root-ca.crt");
        return client_update(ctl->client, a, &at, have, NULL, err);
    }
    v = value_literal(a, "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':"
                         "'kube-root-ca.crt','annotations':{}}}");
    value_set_at(a, v, "metadata.namespace", value_str(a, ctl->name));
    value_set_str(a, value_at(v, "metadata.annotations"), description_key, description);
    value_set(a, v, "data", data);
    return create(ctl, "configmaps", v, err);
}
