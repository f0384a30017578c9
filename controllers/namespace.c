#include "controllers/namespace_sync.h"
#include "controllers/rows.h"

enum {
    EAGER_US = 20 * 1000000, /* look often for so long after the deletion */
    EAGER_MS = 300,
    PATIENT_MS = 5000,
    FINALIZERS_MAX = 32,
};

typedef struct Survey {
    Ctl *ctl;
    uint32_t n;    /* objects of the resource at hand */
    bool is_alive; /* at least one of them is not under deletion yet */
    NamespaceFinalizer finalizers[FINALIZERS_MAX];
    uint32_t n_finalizers;
} Survey;

static void count_finalizers(Survey *s, const Obj *o)
{
    const Value *v = obj_to_value(s->ctl->arena, o, NULL, NULL);
    Value *f;

    value_each_item(value_at(v, "metadata.finalizers"), i, f)
    {
        uint32_t k = 0;

        while (k < s->n_finalizers && !str_eq(s->finalizers[k].finalizer, value_to_cstr(f)))
            k++;
        if (k == FINALIZERS_MAX)
            return;
        if (k == s->n_finalizers)
            s->finalizers[s->n_finalizers++] = (NamespaceFinalizer){value_to_cstr(f), 0};
        s->finalizers[k].n++;
    }
}

static void on_content(Obj *o, void *data)
{
    Survey *s = data;

    s->n++;
    if (o->deleted_us == 0)
        s->is_alive = true;
    if (o->has_finalizers)
        count_finalizers(s, o);
}

static int count(Ctl *ctl, const Resource *r, Survey *s, Err *err)
{
    s->n = 0;
    s->is_alive = false;
    return ctl->lister->list(ctl->lister, ctl->cluster, r->storage, ctl->name, NULL, on_content, s,
                             err);
}

static int delete_collection(Ctl *ctl, const Resource *r, Err *err)
{
    ObjRef at = {.cluster = ctl->cluster, .ns = ctl->name, .resource = r};
    const Value *options = value_literal(ctl->arena, "{'kind':'DeleteOptions','apiVersion':'v1',"
                                                     "'propagationPolicy':'Background'}");
    int rc = client_delete(ctl->client, ctl->arena, &at, options, NULL, err);

    return rc == -ERR_METHOD_NOT_ALLOWED || rc == -ERR_NOT_FOUND ? 0 : rc;
}

/* Delete the objects of one resource; what is left goes into `ret` and `left`. */
static int empty_one(Ctl *ctl, const Resource *r, NamespaceRest *rest, Survey *left,
                     NamespaceContent *ret, Err *err)
{
    Survey before = {.ctl = ctl};
    Err failure;
    int rc = count(ctl, r, &before, err);

    if (rc < 0 || before.n == 0)
        return rc;
    if (before.is_alive && delete_collection(ctl, r, &failure) < 0)
        ret->delete_error = arena_strdup(ctl->arena, failure.msg);
    rc = count(ctl, r, left, err);
    if (rc < 0)
        return rc;
    if (left->n > 0)
        rest[ret->n_rest++] =
            (NamespaceRest){arena_printf(ctl->arena, "%s.%s", r->plural, r->group), left->n};
    return 0;
}

static bool is_pods(const Resource *r)
{
    return str_eq(r->storage, "pods");
}

/* Delete what there is; *ret says what is left. Nothing else goes while there are pods, which may
 * need it to the end: upstream's deleteAllContent(). */
static int empty(Ctl *ctl, NamespaceContent *ret, Err *err)
{
    Survey *left = arena_new0(ctl->arena, Survey);
    const Resource **resources;
    NamespaceRest *rest;
    uint32_t n;
    int r = ctl_resources(ctl, &resources, &n, err);

    if (r < 0)
        return r;
    rest = arena_array(ctl->arena, NamespaceRest, n);
    *ret = (NamespaceContent){.rest = rest};
    left->ctl = ctl;
    for (int with_pods = 1; with_pods >= 0 && ret->n_rest == 0; with_pods--)
        for (uint32_t i = 0; i < n; i++) {
            if (!resources[i]->is_namespaced || is_pods(resources[i]) != (with_pods == 1))
                continue;
            r = empty_one(ctl, resources[i], rest, left, ret, err);
            if (r < 0)
                return r;
        }
    ret->finalizers = left->finalizers;
    ret->n_finalizers = left->n_finalizers;
    return 0;
}

static int finalize(Ctl *ctl, Value *ns, Err *err)
{
    ObjRef at = ctl_ref(ctl, "namespaces", "", ctl->name);
    Value *rest = value_array(ctl->arena), *f;
    int r;

    value_each_item(value_at(ns, "spec.finalizers"), i,
                    f) if (!str_eq(value_to_cstr(f), "kubernetes"))
        value_append(ctl->arena, rest, f);
    value_set_at(ctl->arena, ns, "spec.finalizers", rest);
    value_del_at(ns, "metadata.resourceVersion");
    at.subresource = "finalize";
    r = client_update(ctl->client, ctl->arena, &at, ns, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

int namespace_sync(Ctl *ctl, Err *err)
{
    NamespaceContent content;
    bool is_ours = false;
    Value *ns, *f;
    int r = ctl_get(ctl, "namespaces", "", ctl->name, &ns, err);

    if (r < 0 || !ns || !meta_is_deleted(ns))
        return r;
    value_each_item(value_at(ns, "spec.finalizers"), i, f) is_ours =
        is_ours || str_eq(value_to_cstr(f), "kubernetes");
    if (!is_ours)
        return 0;
    r = empty(ctl, &content, err);
    if (r < 0)
        return r;
    if (content.n_rest == 0 && !content.delete_error)
        return finalize(ctl, ns, err);
    if (namespace_set_conditions(ctl->arena, ns, &content, ctl->now_us)) {
        r = ctl_update_status(ctl, "namespaces", ns, err);
        if (r < 0 && r != -ERR_CONFLICT)
            return r;
    }
    return ctl->now_us - value_time_us(ns, "metadata.deletionTimestamp") < EAGER_US ? EAGER_MS
                                                                                    : PATIENT_MS;
}
