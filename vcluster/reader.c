/*
 * reader.c - reads across the base layer: a cluster's own rows first, below them the objects that
 * every cluster is born with, unless a tombstone hides one. In tenants, nodes are a view of the
 * host's.
 */
#include "base/mem.h"
#include "vcluster/nodeview.h"

/* ---- keys ---- */

static int key_cmp(const char *ns1, const char *name1, const char *ns2, const char *name2)
{
    int d = strcmp(ns1, ns2);

    return d ? d : strcmp(name1, name2);
}

static bool in_scan(const CacheScan *scan, const Obj *o)
{
    if (scan->ns && strcmp(scan->ns, o->ns) != 0)
        return false;
    if (scan->after_name &&
        key_cmp(o->ns, o->name, scan->after_ns ? scan->after_ns : "", scan->after_name) <= 0)
        return false;
    return !scan->match || scan->match(o, scan->data);
}

static bool hides(Cache *k, const Obj *base)
{
    CLEANUP(obj_unref) Obj *own = cache_get(k, base->ns, base->name);

    return own || cache_has_tombstone(k, base->ns, base->name);
}

void read_merge_base(Vcluster *vc, Cluster *c, Cache *k, const char *storage, const CacheScan *scan,
                     ObjVec *v, bool *more)
{
    size_t n_base, at = 0;
    BASE_OBJS *base = base_all(vc, c, storage, &n_base);
    ObjVec out = {0};

    if (n_base == 0)
        return;
    for (size_t i = 0; i < n_base; i++) {
        if (!in_scan(scan, base[i]) || hides(k, base[i]))
            continue;
        while (at < v->n &&
               key_cmp(v->items[at]->ns, v->items[at]->name, base[i]->ns, base[i]->name) < 0)
            objvec_add(&out, v->items[at++]);
        if (at == v->n && *more) /* beyond what the own part covers */
            break;
        objvec_add(&out, obj_ref(base[i]));
    }
    while (at < v->n)
        objvec_add(&out, v->items[at++]);
    free(v->items);
    *v = out;
    while (scan->limit > 0 && v->n > scan->limit) {
        obj_unref(v->items[--v->n]);
        *more = true;
    }
}

/* ---- for requests ---- */

int read_get(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
             Stored *ret)
{
    Vcluster *vc = req->state->vc;
    Cache *k = NULL;
    Obj *o;
    int s;

    if (c == req->cluster && nodeview_serves(c, storage))
        return nodeview_get(req, name, ret);
    *ret = (Stored){.expect = EXPECT_ABSENT};
    s = engine_cache(req, c, storage, &k);
    if (s)
        return s;
    o = engine_keep(req, cache_get(k, ns, name));
    ret->is_over_base = base_has(c, storage, ns, name);
    if (o) {
        ret->obj = o;
        ret->expect = o->revision;
    } else if (ret->is_over_base && !cache_has_tombstone(k, ns, name))
        ret->obj = engine_keep(req, base_get(vc, c, storage, ns, name));
    return STEP_OK;
}

int read_tree(Request *req, const Resource *r, const char *ns, const char *name, Value **ret)
{
    Stored was;
    int s = read_get(req, req->cluster, r->storage, ns, name, &was);

    if (s)
        return s;
    *ret = was.obj ? object_tree(req->arena, r, was.obj) : NULL;
    return STEP_OK;
}

int read_list(Request *req, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
              int64_t *ret_revision, bool *ret_more)
{
    Cache *k = NULL;
    int s;

    if (c == req->cluster && nodeview_serves(c, storage))
        return nodeview_list(req, scan, ret, ret_revision, ret_more);
    s = engine_cache(req, c, storage, &k);
    if (s)
        return s;
    *ret_more = cache_list(k, scan, ret, ret_revision);
    read_merge_base(req->state->vc, c, k, storage, scan, ret, ret_more);
    *ret_revision = MAX(CLUSTER_FIRST_REVISION, *ret_revision);
    return STEP_OK;
}

/* ---- for controllers and the scheduler ---- */

int vc_get(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name,
           Obj **ret)
{
    CLEANUP(cache_unref) Cache *k = NULL;

    if (nodeview_serves(c, storage))
        return nodeview_vc_get(vc, c, name, ret);
    k = store_cache(vc->store, c, storage);
    if (!k)
        return -ERR_UNAVAILABLE;
    *ret = cache_get(k, ns, name);
    if (!*ret && base_has(c, storage, ns, name) && !cache_has_tombstone(k, ns, name))
        *ret = base_get(vc, c, storage, ns, name);
    return 0;
}

Obj *vc_born(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name)
{
    return base_has(c, storage, ns, name) ? base_get(vc, c, storage, ns, name) : NULL;
}

int vc_list(Vcluster *vc, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
            int64_t *ret_revision, bool *ret_more)
{
    CLEANUP(cache_unref) Cache *k = NULL;

    if (nodeview_serves(c, storage))
        return nodeview_vc_list(vc, c, scan, ret, ret_revision, ret_more);
    k = store_cache(vc->store, c, storage);
    if (!k)
        return -ERR_UNAVAILABLE;
    *ret_more = cache_list(k, scan, ret, ret_revision);
    read_merge_base(vc, c, k, storage, scan, ret, ret_more);
    return 0;
}

int vc_list_claimable(Vcluster *vc, Cluster *c, const char *storage, const char *ns,
                      const char *uid, ObjVec *ret)
{
    CLEANUP(cache_unref) Cache *k = store_cache(vc->store, c, storage);

    if (!k)
        return -ERR_UNAVAILABLE;
    cache_list_claimable(k, ns, uid, ret);
    return 0;
}

int64_t read_revision(Request *req, const Resource *r)
{
    if (nodeview_serves(req->cluster, r->storage))
        return nodeview_newest();
    return MAX(CLUSTER_FIRST_REVISION, atomic_load(&req->cluster->revision));
}
