#include "vcluster/nodeview.h"

#include "base/clock.h"
#include "base/err.h"
#include "vcluster/nodeaddress.h"

enum { ROW_BITS = 22, RACE_MS = 10 * 1000, AHEAD_MS = 10 * 60 * 1000 };
static const int64_t row_mask = ((int64_t)1 << ROW_BITS) - 1;

bool nodeview_serves(const Cluster *c, const char *storage)
{
    return !is_host(c) && str_eq(storage, "nodes");
}

/* ---- versions ---- */

int64_t nodeview_stamp(int64_t version)
{
    return version >> ROW_BITS;
}

static Value *row_tree(Arena *a, const Obj *row)
{
    return row ? obj_to_value(a, row, NULL, NULL) : NULL;
}

static int64_t row_stamp(const Value *v)
{
    return value_at_int(v, "stamp", 1);
}

static int64_t row_version(const Obj *row, const Value *v)
{
    return nodeview_with_rows(row_stamp(v) << ROW_BITS, row->revision);
}

int64_t nodeview_row_revision(int64_t version, int64_t now)
{
    int64_t seen = version & row_mask;

    return seen == 0 ? 0 : MAX(1, now - ((now - seen) & row_mask));
}

bool nodeview_is_news(const Obj *row, int64_t version)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = row_tree(a, row);

    return row_version(row, v) > version ||
           value_at_int(v, "written", 0) >= nodeview_stamp(version) - RACE_MS;
}

int64_t nodeview_with_rows(int64_t version, int64_t revision)
{
    return (version & ~row_mask) | (revision & row_mask);
}

/* Servers' clocks differ, and stamps run ahead of them where much changes. */
int64_t nodeview_newest(void)
{
    return (nodeclock_now() + AHEAD_MS) << ROW_BITS | row_mask;
}

/* ---- what is seen ---- */

/* In the place of a node's address that of the API server, one of each family. */
static bool put_api_address(Arena *a, const AddressRanges *services, Value *item, bool has[2])
{
    const char *ip = value_get_str(item, "address");
    Address at, api;

    for (unsigned i = 0; ip && address_parse(ip, &at) && i < services->n; i++) {
        if (services->items[i].ip.n_bits != at.n_bits || has[i])
            continue;
        api = address_nth(&services->items[i], SERVICE_API_AT);
        value_set_str(a, item, "address", arena_strdup(a, api.text));
        has[i] = true;
        return true;
    }
    return false;
}

/* Without addresses of the host and without what others run there. */
static Value *masked(Arena *a, const AddressRanges *services, const Obj *host)
{
    static const char *const hidden[] = {"status.images", "status.volumesInUse",
                                         "status.volumesAttached", "metadata.managedFields",
                                         "metadata.annotations"};
    static const char *const blank[] = {"machineID", "systemUUID", "bootID"};
    Value *v = obj_to_value(a, host, NULL, NULL), *addresses, *item;
    bool has[2] = {false, false};

    addresses = value_at(v, "status.addresses");
    value_each_item(addresses, i, item)
    {
        const char *type = value_get_str(item, "type");

        if (str_eq(type, "Hostname"))
            value_set_str(a, item, "address", host->name);
        else if (!str_eq(type, "InternalIP") || !put_api_address(a, services, item, has))
            value_remove(addresses, i--);
    }
    for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
        value_del_at(v, hidden[i]);
    for (size_t i = 0; i < ARRAY_LEN(blank); i++)
        value_set_str(a, value_need(a, v, "status.nodeInfo"), blank[i], "");
    return v;
}

/* What the tenant is shown of it, before its own changes. */
static Value *shown(Arena *a, const Vcluster *vc, const TenantTerms *t, const Obj *host)
{
    Value *v, *annotations;

    if (t->sight != NODES_FULL)
        return masked(a, &vc->service_ranges, host);
    v = obj_to_value(a, host, NULL, NULL);
    annotations = value_at(v, "metadata.annotations");
    value_del(annotations, NODE_STAMP);
    if (annotations && value_len(annotations) == 0)
        value_del_at(v, "metadata.annotations");
    return v;
}

static Obj *obj_of(const Value *v, int64_t version)
{
    Obj *o = NULL;
    int r = obj_from_value(v, version, &o, NULL);

    BUG_ON(r < 0); /* it was stored before */
    return o;
}

bool nodeview_shows(const TenantTerms *t, const Obj *host)
{
    return t->sight != NODES_NONE && terms_allow_node_obj(t, host);
}

Obj *nodeview_of(const Vcluster *vc, const TenantTerms *t, const Obj *host, const Obj *row)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *o = row_tree(a, row), *own = value_get(o, "own"), *managed;
    int64_t version = host ? nodeclock_of(host) << ROW_BITS : 0;
    Value *v;

    if (row)
        version = MAX(version, row_version(row, o));
    if (own)
        return obj_of(own, row_version(row, o));
    if (!host)
        return NULL;
    v = shown(a, vc, t, host);
    node_overlay_apply(a, v, o);
    managed = value_get(o, "managedFields");
    if (managed)
        value_set_at(a, v, "metadata.managedFields", value_copy(a, managed));
    return obj_of(v, version);
}

/* ---- reads ---- */

/* Where a tenant's nodes come from. */
typedef struct Parts {
    Cache *hosts; /* NULL: there is no host cluster */
    Cache *gone;  /* NULL: nobody asks for a version */
    Cache *rows;
    const Vcluster *vc;
    const TenantTerms *terms;
    bool is_work; /* for controllers, who place pods on nodes that the tenant may not see */
} Parts;

static int parts_of(Request *req, Parts *ret)
{
    Cluster *host = vc_host(req->state->vc);
    int s = engine_cache(req, req->cluster, NODE_OVERLAYS, &ret->rows);

    ret->hosts = ret->gone = NULL;
    ret->vc = req->state->vc;
    ret->is_work = false;
    if (!s && host)
        s = engine_cache(req, host, "nodes", &ret->hosts);
    if (!s && host)
        s = engine_cache(req, host, NODES_GONE, &ret->gone);
    return s ? s : tenant_terms_if_any(req, &ret->terms);
}

static bool shows(const Parts *p, const Obj *host)
{
    return p->is_work ? terms_allow_node_obj(p->terms, host) : nodeview_shows(p->terms, host);
}

/* A reference; NULL when there is none that the tenant may see. */
static Obj *host_node(const Parts *p, const char *name)
{
    Obj *o = p->hosts ? cache_get(p->hosts, "", name) : NULL;

    if (o && !shows(p, o)) {
        obj_unref(o);
        return NULL;
    }
    return o;
}

int nodeview_get(Request *req, const char *name, Stored *ret)
{
    Parts p;
    Obj *host, *row, *o;
    int s = parts_of(req, &p);

    *ret = (Stored){.expect = EXPECT_ABSENT};
    if (s)
        return s;
    host = engine_keep(req, host_node(&p, name));
    row = engine_keep(req, cache_get(p.rows, "", name));
    o = engine_keep(req, nodeview_of(p.vc, p.terms, host, row));
    *ret = (Stored){.obj = o,
                    .expect = row ? row->revision : EXPECT_ABSENT,
                    .is_view = o && host && str_eq(host->uid, o->uid)};
    return STEP_OK;
}

int nodeview_labelled(Request *req, const char *name, const Obj **ret)
{
    Stored node;
    Parts p;
    Obj *host, *row;
    int s;

    *ret = NULL;
    if (is_host(req->cluster)) {
        s = read_get(req, req->cluster, "nodes", "", name, &node);
        *ret = s ? NULL : node.obj;
        return s;
    }
    s = parts_of(req, &p);
    if (s)
        return s;
    host = engine_keep(req, host_node(&p, name));
    row = engine_keep(req, cache_get(p.rows, "", name));
    /* without changes of the tenant's own the host's labels are what it sees: no view is made */
    *ret = row ? engine_keep(req, nodeview_of(p.vc, p.terms, host, row)) : host;
    return STEP_OK;
}

static int by_name(const void *x, const void *y)
{
    return strcmp((*(Obj *const *)x)->name, (*(Obj *const *)y)->name);
}

/* Takes the reference. */
static void add_if_wanted(const CacheScan *scan, Obj *o, ObjVec *ret)
{
    if (o && (!scan->after_name || strcmp(o->name, scan->after_name) > 0) &&
        (!scan->match || scan->match(o, scan->data)))
        objvec_add(ret, o);
    else
        obj_unref(o);
}

/* The newest stamp of what the tenant sees, and has seen. */
static int64_t newest_stamp(const Parts *p, const ObjVec *hosts, const ObjVec *rows)
{
    int64_t newest = nodeclock_gone(p->gone);

    for (size_t i = 0; i < hosts->n; i++)
        if (shows(p, hosts->items[i]))
            newest = MAX(newest, nodeclock_of(hosts->items[i]));
    for (size_t i = 0; i < rows->n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        newest = MAX(newest, row_stamp(row_tree(a, rows->items[i])));
    }
    return newest;
}

/* All there are of both, as they are now; returns the newest stamp. */
static int64_t look(const Parts *p, ObjVec *ret_hosts, ObjVec *ret_rows, NodesPlace *ret_place)
{
    const CacheScan all = {0};

    *ret_place = (NodesPlace){0};
    (void)cache_list(p->rows, &all, ret_rows, &ret_place->rows);
    if (p->hosts)
        (void)cache_list(p->hosts, &all, ret_hosts, &ret_place->host);
    return newest_stamp(p, ret_hosts, ret_rows);
}

static int64_t version_of(int64_t stamp, const NodesPlace *place)
{
    return nodeview_with_rows(stamp << ROW_BITS, place->rows);
}

static void merge(const Parts *p, const CacheScan *scan, ObjVec *ret, int64_t *ret_version,
                  NodesPlace *ret_place)
{
    AUTO_OBJVEC found = {0}, own = {0};

    *ret_version = version_of(look(p, &found, &own, ret_place), ret_place);
    for (size_t i = 0; i < found.n; i++) {
        CLEANUP(obj_unref) Obj *row = cache_get(p->rows, "", found.items[i]->name);

        if (shows(p, found.items[i]))
            add_if_wanted(scan, nodeview_of(p->vc, p->terms, found.items[i], row), ret);
    }
    for (size_t i = 0; i < own.n; i++) {
        CLEANUP(obj_unref) Obj *host = host_node(p, own.items[i]->name);

        if (!host)
            add_if_wanted(scan, nodeview_of(p->vc, p->terms, NULL, own.items[i]), ret);
    }
    if (ret->n > 1)
        qsort(ret->items, ret->n, sizeof(ret->items[0]), by_name);
}

/* True when there was more than the scan wants. */
static bool cut(const CacheScan *scan, ObjVec *v)
{
    bool is_more = scan->limit > 0 && v->n > scan->limit;

    while (scan->limit > 0 && v->n > scan->limit)
        obj_unref(v->items[--v->n]);
    return is_more;
}

int nodeview_list_at(Request *req, const CacheScan *scan, ObjVec *ret, int64_t *ret_version,
                     NodesPlace *ret_place)
{
    Parts p;
    int s = parts_of(req, &p);

    if (!s)
        merge(&p, scan, ret, ret_version, ret_place);
    return s;
}

int nodeview_now(Request *req, int64_t *ret_version, NodesPlace *ret_place)
{
    AUTO_OBJVEC hosts = {0}, rows = {0};
    Parts p;
    int s = parts_of(req, &p);

    if (!s)
        *ret_version = version_of(look(&p, &hosts, &rows, ret_place), ret_place);
    return s;
}

int nodeview_list(Request *req, const CacheScan *scan, ObjVec *ret, int64_t *ret_revision,
                  bool *ret_more)
{
    NodesPlace ignored;
    int s = nodeview_list_at(req, scan, ret, ret_revision, &ignored);

    if (!s)
        *ret_more = cut(scan, ret);
    return s;
}

/* ---- for controllers ---- */

static int loaded(Vcluster *vc, Cluster *c, Parts *ret)
{
    Cluster *host = vc_host(vc);
    const char *need = NULL;
    int r = vc->tenancy ? tenancy_terms(vc->tenancy, c, &ret->terms, &need) : -ERR_NOT_FOUND;

    if (r < 0 && need)
        return -ERR_UNAVAILABLE;
    if (r < 0)
        ret->terms = terms_none();
    ret->is_work = true;
    ret->vc = vc;
    ret->rows = store_cache(vc->store, c, NODE_OVERLAYS);
    ret->hosts = host ? store_cache(vc->store, host, "nodes") : NULL;
    return ret->rows && (!host || ret->hosts) ? 0 : -ERR_UNAVAILABLE;
}

static void parts_done(Parts *p)
{
    cache_unref(p->hosts);
    cache_unref(p->rows);
    terms_unref(p->terms);
}

int nodeview_vc_get(Vcluster *vc, Cluster *c, const char *name, Obj **ret)
{
    __attribute__((cleanup(parts_done))) Parts p = {0};
    CLEANUP(obj_unref) Obj *host = NULL;
    CLEANUP(obj_unref) Obj *row = NULL;
    int r = loaded(vc, c, &p);

    if (r < 0)
        return r;
    host = host_node(&p, name);
    row = cache_get(p.rows, "", name);
    *ret = nodeview_of(p.vc, p.terms, host, row);
    return 0;
}

int nodeview_vc_list(Vcluster *vc, Cluster *c, const CacheScan *scan, ObjVec *ret,
                     int64_t *ret_revision, bool *ret_more)
{
    __attribute__((cleanup(parts_done))) Parts p = {0};
    NodesPlace ignored;
    int r = loaded(vc, c, &p);

    if (r < 0)
        return r;
    merge(&p, scan, ret, ret_revision, &ignored);
    *ret_more = cut(scan, ret);
    return 0;
}

/* ---- addresses ---- */

/* Without reading all of the node when its first range, which tells by itself, is of that family.
 */
static bool is_in_ranges(const Obj *node, const Address *ip)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AddressRange range;
    const char *cidr;

    if (!obj_scan_str(node, "spec.podCIDR", a, &cidr) || !address_range_parse(cidr, &range))
        return false;
    if (range.ip.n_bits == ip->n_bits)
        return address_in(&range, ip);
    return nodeaddress_is_of_pods(obj_to_value(a, node, NULL, NULL), ip);
}

int nodeview_of_address(Vcluster *vc, Arena *a, const char *ip, const char **ret)
{
    CLEANUP(cache_unref) Cache *k = NULL;
    Cluster *host = vc_host(vc);
    const CacheScan all = {0};
    AUTO_OBJVEC nodes = {0};
    Address address;
    int64_t ignored;

    *ret = NULL;
    if (!host || !address_parse(ip, &address))
        return 0;
    k = store_cache(vc->store, host, "nodes");
    if (!k)
        return -ERR_UNAVAILABLE;
    (void)cache_list(k, &all, &nodes, &ignored);
    for (size_t i = 0; i < nodes.n && !*ret; i++)
        if (is_in_ranges(nodes.items[i], &address))
            *ret = arena_strdup(a, nodes.items[i]->name);
    return 0;
}

/* ---- writes ---- */

static Obj *row_of(Request *req, const TenantTerms *t, const Obj *host, const Obj *wanted,
                   int64_t stamp)
{
    Arena *a = req->arena;
    Value *want = obj_to_value(a, wanted, NULL, NULL), *row = NULL, *managed;
    bool is_own = !host || !str_eq(host->uid, wanted->uid);

    if (is_own) {
        row = value_object(a);
        value_set(a, row, "own", want);
    } else {
        row = node_overlay_of(a, shown(a, req->state->vc, t, host), want);
        row = row ? row : value_object(a);
        managed = value_at(want, "metadata.managedFields");
        if (managed)
            value_set(a, row, "managedFields", managed);
    }
    value_set_at(a, row, "metadata.name", value_str(a, wanted->name));
    value_set_at(a, row, "metadata.uid", value_str(a, wanted->uid));
    value_set_int(a, row, "stamp", stamp);
    value_set_int(a, row, "written", nodeclock_now());
    return engine_obj(req, row);
}

static int64_t stamp_now(const Parts *p)
{
    AUTO_OBJVEC hosts = {0}, rows = {0};
    NodesPlace ignored;

    return look(p, &hosts, &rows, &ignored);
}

/* The end of a node of the tenant's own comes behind all that it saw before. */
static Obj *ended(Request *req, const Obj *row, int64_t stamp)
{
    Value *v = row_tree(req->arena, row);

    if (!v)
        return NULL;
    value_set_int(req->arena, v, "stamp", stamp);
    return engine_obj(req, v);
}

int nodeview_writes(Request *req)
{
    WriteSet *set = &req->state->set;
    Parts p;
    int s = nodeclock_writes(req);

    for (uint32_t i = 0; !s && i < set->n; i++) {
        Write *w = &set->writes[i];
        Obj *host, *row;

        if (!nodeview_serves(w->cluster, w->storage))
            continue;
        s = parts_of(req, &p);
        if (s)
            return s;
        host = engine_keep(req, host_node(&p, w->name));
        row = engine_keep(req, cache_get(p.rows, "", w->name));
        w->storage = NODE_OVERLAYS;
        w->obj = w->op == WRITE_PUT ? row_of(req, p.terms, host, w->obj, stamp_now(&p))
                                    : ended(req, row, stamp_now(&p));
        w->was_bytes = row ? row->text_len : 0;
        if (!w->obj)
            return fail_internal(req, "the node cannot be stored");
    }
    return s;
}

int nodeview_results(Request *req)
{
    WriteSet *set = &req->state->set;
    Parts p;
    int s;

    for (uint32_t i = 0; i < set->n; i++) {
        Write *w = &set->writes[i];
        Obj *host;

        if (!str_eq(w->storage, NODE_OVERLAYS) || !w->result)
            continue;
        s = parts_of(req, &p);
        if (s)
            return s;
        host = engine_keep(req, host_node(&p, w->name));
        w->result = engine_keep(req, nodeview_of(p.vc, p.terms, host, w->result));
    }
    return STEP_OK;
}
