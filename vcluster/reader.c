/*
 * reader.c - reads across the base layer: a cluster's own rows first, below them the objects that
 * every cluster is born with, unless a tombstone hides one. In tenants, nodes are a view of the
 * host's.
 */
#include "base/mem.h"
#include "vcluster/vcluster_int.h"

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
    Obj *const *base = base_all(vc, c, storage, &n_base);
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

static int view_node(Request *req, const char *name, Stored *ret)
{
    Cluster *host = vc_host(req->state->vc);
    Cache *k = NULL;
    Obj *o;
    int s = host ? engine_cache(req, host, "nodes", &k) : STEP_OK;

    if (s || !host)
        return s;
    o = engine_keep(req, cache_get(k, "", name));
    if (o)
        *ret = (Stored){.obj = nodeview_mask(req, o), .expect = o->revision, .is_view = true};
    return STEP_OK;
}

int read_get(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
             Stored *ret)
{
    Vcluster *vc = req->state->vc;
    Cache *k = NULL;
    Obj *o;
    int s;

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
    if (!ret->obj && !is_host(c) && str_eq(storage, "nodes"))
        return view_node(req, name, ret);
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

static int by_name(const void *x, const void *y)
{
    return strcmp((*(Obj *const *)x)->name, (*(Obj *const *)y)->name);
}

/* A tenant's nodes: those it registered itself, and the view of the host's. */
static int list_nodes(Request *req, const CacheScan *scan, ObjVec *ret, int64_t *ret_revision,
                      bool *ret_more)
{
    Cluster *host = vc_host(req->state->vc);
    CacheScan all = {.after_ns = scan->after_ns, .after_name = scan->after_name};
    AUTO_OBJVEC found = {0};
    Cache *own = NULL, *k = NULL;
    int s = engine_cache(req, req->cluster, "nodes", &own);

    if (!s && host)
        s = engine_cache(req, host, "nodes", &k);
    if (s)
        return s;
    (void)cache_list(own, scan, ret, ret_revision);
    if (k)
        (void)cache_list(k, &all, &found, ret_revision); /* watches go on from there */
    *ret_revision = MAX(1, *ret_revision);
    for (size_t i = 0; i < found.n; i++) {
        CLEANUP(obj_unref) Obj *mine = cache_get(own, "", found.items[i]->name);
        Obj *o = mine ? NULL : nodeview_mask(req, found.items[i]);

        if (o && (!scan->match || scan->match(o, scan->data)))
            objvec_add(ret, obj_ref(o));
    }
    if (ret->n > 1)
        qsort(ret->items, ret->n, sizeof(ret->items[0]), by_name);
    *ret_more = scan->limit > 0 && ret->n > scan->limit;
    while (scan->limit > 0 && ret->n > scan->limit)
        obj_unref(ret->items[--ret->n]);
    return STEP_OK;
}

int read_list(Request *req, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
              int64_t *ret_revision, bool *ret_more)
{
    Cache *k = NULL;
    int s;

    if (!is_host(c) && str_eq(storage, "nodes"))
        return list_nodes(req, scan, ret, ret_revision, ret_more);
    s = engine_cache(req, c, storage, &k);
    if (s)
        return s;
    *ret_more = cache_list(k, scan, ret, ret_revision);
    read_merge_base(req->state->vc, c, k, storage, scan, ret, ret_more);
    if (*ret_revision < 1)
        *ret_revision = 1;
    return STEP_OK;
}

/* ---- for controllers and the scheduler ---- */

int vc_get(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name,
           Obj **ret)
{
    CLEANUP(cache_unref) Cache *k = store_cache(vc->store, c, storage);

    if (!k)
        return -ERR_UNAVAILABLE;
    *ret = cache_get(k, ns, name);
    if (!*ret && base_has(c, storage, ns, name) && !cache_has_tombstone(k, ns, name))
        *ret = base_get(vc, c, storage, ns, name);
    return 0;
}

int vc_list(Vcluster *vc, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
            int64_t *ret_revision, bool *ret_more)
{
    CLEANUP(cache_unref) Cache *k = store_cache(vc->store, c, storage);

    if (!k)
        return -ERR_UNAVAILABLE;
    *ret_more = cache_list(k, scan, ret, ret_revision);
    read_merge_base(vc, c, k, storage, scan, ret, ret_more);
    return 0;
}

int64_t read_revision(Request *req, const Resource *r)
{
    Cluster *c = nodeview_serves(req->cluster, r) ? vc_host(req->state->vc) : req->cluster;

    return c ? MAX(1, atomic_load(&c->revision)) : 1;
}
