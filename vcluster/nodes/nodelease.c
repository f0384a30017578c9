/*
 * nodelease.c - kube-node-lease in a tenant: the leases of the platform's nodes, to be read.
 */
#include "base/err.h"
#include "vcluster/nodeview.h"

#define LEASES   "coordination/leases"
#define LEASE_NS "kube-node-lease"

bool nodeview_has_lease(const Cluster *c, const Resource *r, const char *ns)
{
    return !is_host(c) && str_eq(r->storage, LEASES) && str_eq(ns, LEASE_NS);
}

int nodeview_lease(Request *req, const char *name, Obj **ret)
{
    CLEANUP(obj_unref) Obj *lease = NULL;
    Cluster *host = vc_host(req->state->vc);
    Cache *k = NULL;
    Stored node;
    Err err;
    int s;

    *ret = NULL;
    if (!host)
        return STEP_OK;
    s = nodeview_get(req, name, &node);
    if (!s && node.obj)
        s = engine_cache(req, host, LEASES, &k);
    if (s || !k)
        return s;
    lease = cache_get(k, LEASE_NS, name);
    if (!lease)
        return STEP_OK;
    if (obj_from_value(obj_to_value(req->arena, lease, NULL, NULL),
                       atomic_load(&req->cluster->revision), ret, &err) < 0)
        return fail_err(req, &err);
    (void)engine_keep(req, *ret);
    return STEP_OK;
}

static bool has(const ObjVec *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->items[i]->name, name) == 0)
            return true;
    return false;
}

static int by_name(const void *x, const void *y)
{
    const Obj *const *a = x, *const *b = y;

    return strcmp((*a)->name, (*b)->name);
}

int nodeview_leases(Request *req, ObjVec *v)
{
    const Options *o = &req->state->opts;
    AUTO_OBJVEC nodes = {0};
    CacheScan scan = {0};
    int64_t revision;
    bool more;
    int s = nodeview_list(req, &scan, &nodes, &revision, &more);

    for (size_t i = 0; !s && i < nodes.n; i++) {
        Obj *lease = NULL;

        if (has(v, nodes.items[i]->name))
            continue;
        s = nodeview_lease(req, nodes.items[i]->name, &lease);
        if (!s && lease && selector_match_obj(o->labels, lease) &&
            selector_match_obj(o->fields, lease))
            objvec_add(v, obj_ref(lease));
    }
    if (v->n > 1)
        qsort(v->items, v->n, sizeof(Obj *), by_name);
    return s;
}
