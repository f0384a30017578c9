#include "vcluster/outside.h"

#include "base/mem.h"
#include "vcluster/nodeports.h"

/* ---- whose node ports ---- */

static void free_vec(void *p)
{
    ObjVec *v = p;

    objvec_done(v);
    free(v);
}

int outside_rows_update(OutsideRows *o, Vcluster *vc)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_OBJVEC rows = {0};
    CacheScan scan = {0};
    const char *uid;
    int64_t revision;
    bool more;
    int r;

    if (o->is_read || !vc_host(vc))
        return 0;
    r = vc_list(vc, vc_host(vc), OUTSIDE_PORTS_STORAGE, &scan, &rows, &revision, &more);
    if (r < 0)
        return r;
    outside_rows_done(o);
    o->by_cluster.free_value = free_vec;
    for (size_t i = 0; i < rows.n; i++) {
        ObjVec *v;

        if (!obj_scan_str(rows.items[i], "clusterUID", a, &uid))
            continue;
        v = map_get(&o->by_cluster, uid);
        if (!v) {
            v = xcalloc(1, sizeof(*v));
            (void)map_set(&o->by_cluster, uid, v); /* it was not there */
        }
        objvec_add(v, obj_ref(rows.items[i]));
    }
    o->is_read = true;
    return 0;
}

const ObjVec *outside_rows_of(const OutsideRows *o, const Cluster *c)
{
    return map_get(&o->by_cluster, c->uid);
}

void outside_rows_done(OutsideRows *o)
{
    map_done(&o->by_cluster);
    *o = (OutsideRows){0};
}

/* ---- what belongs to them ---- */

typedef struct OfService {
    Arena *arena;
    const char *name, *quoted;
} OfService;

static bool is_slice_of(const Obj *o, void *data)
{
    const OfService *of = data;
    const Value *labels;

    if (!strstr(o->text, of->quoted)) /* most are told without parsing */
        return false;
    labels = value_at(obj_to_value(of->arena, o, NULL, NULL), "metadata.labels");
    return str_eq(value_get_str(labels, "kubernetes.io/service-name"), of->name);
}

static bool has(const ObjVec *v, const Obj *o)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->items[i] == o)
            return true;
    return false;
}

static void add_pods(Outside *o, Vcluster *vc, Cluster *c, Arena *a, const Obj *slice, Map *seen)
{
    const Value *e;

    value_each_item(value_get(obj_to_value(a, slice, NULL, NULL), "endpoints"), i, e)
    {
        const Value *ref = value_get(e, "targetRef");
        const char *name = value_get_str(ref, "name");
        CLEANUP(obj_unref) Obj *pod = NULL;
        const char *key;

        if (!name || !str_eq(value_get_str(ref, "kind"), "Pod"))
            continue;
        key = arena_printf(a, "%s/%s", slice->ns, name);
        if (map_get(seen, key) || vc_get(vc, c, "pods", slice->ns, name, &pod) < 0 || !pod)
            continue;
        (void)map_set(seen, key, o); /* a set: any value */
        objvec_add(&o->pods, TAKE(pod));
    }
}

static void add_service(Outside *o, Vcluster *vc, Cluster *c, Arena *a, const char *at, Map *seen)
{
    CLEANUP(obj_unref) Obj *service = NULL;
    const char *slash = at ? strchr(at, '/') : NULL, *ns;
    OfService of = {.arena = a};
    CacheScan scan = {.match = is_slice_of, .data = &of};
    AUTO_OBJVEC slices = {0};
    int64_t revision;
    bool more;

    if (!slash)
        return;
    ns = arena_strndup(a, at, (size_t)(slash - at));
    of.name = slash + 1;
    of.quoted = arena_printf(a, "\"%s\"", of.name);
    scan.ns = ns;
    if (vc_get(vc, c, "services", ns, of.name, &service) < 0 || !service ||
        has(&o->services, service))
        return; /* of another port it is there already */
    objvec_add(&o->services, TAKE(service));
    if (vc_list(vc, c, "discovery/endpointslices", &scan, &slices, &revision, &more) < 0)
        return;
    for (size_t i = 0; i < slices.n; i++) {
        objvec_add(&o->slices, obj_ref(slices.items[i]));
        add_pods(o, vc, c, a, slices.items[i], seen);
    }
}

void outside_update(Outside *o, Vcluster *vc, Cluster *c, const ObjVec *rows)
{
    Map seen = {0};

    outside_done(o);
    for (size_t i = 0; rows && i < rows->n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *row = obj_to_value(a, rows->items[i], NULL, NULL), *v;

        add_service(o, vc, c, a, value_get_str(row, "service"), &seen); /* of a node port */
        value_each_item(value_get(row, "services"), k, v)               /* of an address */
            add_service(o, vc, c, a, value_to_cstr(v), &seen);
    }
    map_done(&seen);
}

void outside_done(Outside *o)
{
    objvec_done(&o->services);
    objvec_done(&o->slices);
    objvec_done(&o->pods);
    *o = (Outside){0};
}

/* ---- nodes ---- */

typedef struct NodeNote {
    int64_t revision;
    uint64_t hash;
} NodeNote;

static NodeNote *note_of(const Obj *node)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT;
    NodeNote *n = xcalloc(1, sizeof(*n));
    const Value *v = obj_to_value(a, node, NULL, NULL);
    const Value *parts[] = {value_at(v, "metadata.labels"), value_at(v, "spec.taints"),
                            value_at(v, "status.addresses")};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        buf_addc(&text, ' ');
        if (parts[i])
            value_print(parts[i], &text);
    }
    n->revision = node->revision;
    n->hash = hash_bytes(text.ptr, text.len);
    return n;
}

bool outside_nodes_changed(OutsideNodes *o, Vcluster *vc, Map *ret)
{
    Map now = {.free_value = free};
    AUTO_OBJVEC nodes = {0};
    CacheScan scan = {0};
    int64_t revision;
    const char *gone;
    void *ignored;
    bool more;

    if (!vc_host(vc) || vc_list(vc, vc_host(vc), "nodes", &scan, &nodes, &revision, &more) < 0)
        return false;
    for (size_t i = 0; i < nodes.n; i++) {
        const Obj *node = nodes.items[i];
        NodeNote *n = map_del(&o->notes, node->name), *old = n;

        if (!n || n->revision != node->revision)
            n = note_of(node);
        if (!old || old->hash != n->hash)
            (void)map_set(ret, node->name, ret); /* a set: any value */
        if (old != n)
            free(old);
        (void)map_set(&now, node->name, n); /* names differ */
    }
    for (size_t at = 0; map_next(&o->notes, &at, &gone, &ignored);)
        (void)map_set(ret, gone, ret);
    map_done(&o->notes);
    o->notes = now;
    return ret->n > 0;
}

void outside_nodes_done(OutsideNodes *o)
{
    map_done(&o->notes);
    *o = (OutsideNodes){0};
}
