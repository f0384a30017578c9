#include "scheduler/snapshot.h"

#include "api/nodeoverlay.h"
#include "base/mem.h"

enum { NODE_BYTES = 2048, VIEW_BYTES = 1024 };

/* What a tenant has laid over a node, and what it then sees: made when it is first asked for. */
typedef struct Overlay {
    Arena *arena;
    const Value *value;
    NodeView *view;
} Overlay;

/* ---- views ---- */

static void view_free(NodeView *v)
{
    if (!v)
        return;
    res_done(&v->allocatable);
    arena_free(v->arena);
}

/* Takes the arena, in which `node` may live. */
static NodeView *view_new(Arena *a, const Value *node)
{
    NodeView *v = arena_new0(a, NodeView);

    v->arena = a;
    v->labels = value_at(node, "metadata.labels");
    v->taints = value_at(node, "spec.taints");
    v->is_unschedulable = value_at_bool(node, "spec.unschedulable");
    res_add_list(&v->allocatable, value_at(node, "status.allocatable"));
    return v;
}

static void overlay_free(void *p)
{
    Overlay *o = p;

    if (!o)
        return;
    view_free(o->view);
    arena_free(o->arena);
    free(o);
}

const NodeView *node_view(const SchedCluster *cluster, const SchedNode *n)
{
    Overlay *o = cluster && cluster->overlays.n > 0 ? map_get(&cluster->overlays, n->name) : NULL;

    if (!o)
        return n->view;
    if (!o->view) {
        Arena *a = arena_new_sized(VIEW_BYTES);
        Value *v = value_copy(a, n->value);

        node_overlay_apply(a, v, o->value);
        o->view = view_new(a, v);
    }
    return o->view;
}

/* ---- life of the snapshot ---- */

static void pod_free(void *p)
{
    sched_pod_free(p);
}

static void nominated_free(void *p)
{
    Nominated *n = p;

    sched_pod_free(n->pod);
    free(n);
}

static void cluster_free(void *p)
{
    SchedCluster *c = p;

    map_done(&c->overlays);
    free(c->name);
    free(c);
}

static void node_free(void *p)
{
    SchedNode *n = p;

    view_free(n->view);
    res_done(&n->requested);
    free(n->ports);
    free(n->name);
    free(n);
}

Snapshot *snapshot_new(void)
{
    Snapshot *s = xcalloc(1, sizeof(*s));

    s->by_name.free_value = node_free;
    s->pods.free_value = pod_free;
    s->clusters.free_value = cluster_free;
    s->images.free_value = free;
    s->nominated.free_value = nominated_free;
    return s;
}

void snapshot_free(Snapshot *s)
{
    if (!s)
        return;
    map_done(&s->nominated);
    map_done(&s->pods);
    map_done(&s->clusters);
    map_done(&s->by_name);
    map_done(&s->images);
    free(s->nodes);
    free(s);
}

/* ---- clusters ---- */

SchedCluster *snapshot_cluster(const Snapshot *s, const char *cluster)
{
    return map_get(&s->clusters, cluster);
}

static SchedCluster *cluster_need(Snapshot *s, const char *name)
{
    SchedCluster *c = map_get(&s->clusters, name);

    if (c)
        return c;
    c = xcalloc(1, sizeof(*c));
    c->name = xstrdup(name);
    c->overlays.free_value = overlay_free;
    list_init(&c->pods);
    list_init(&c->terms);
    map_set(&s->clusters, name, c);
    return c;
}

static void cluster_settle(Snapshot *s, SchedCluster *c)
{
    if (!list_is_empty(&c->pods) || c->overlays.n > 0)
        return;
    map_del(&s->clusters, c->name);
    cluster_free(c);
}

void snapshot_set_overlay(Snapshot *s, const char *cluster, const char *node, const Value *overlay)
{
    SchedCluster *c = cluster_need(s, cluster);

    if (overlay) {
        Overlay *o = xcalloc(1, sizeof(*o));

        o->arena = arena_new_sized(VIEW_BYTES);
        o->value = value_copy(o->arena, overlay);
        overlay_free(map_set(&c->overlays, node, o));
    } else {
        overlay_free(map_del(&c->overlays, node));
    }
    cluster_settle(s, c);
}

/* The node has changed under its overlays. */
static void forget_views(Snapshot *s, const char *node)
{
    SchedCluster *c;

    for (size_t at = 0; map_next(&s->clusters, &at, NULL, (void **)&c);) {
        Overlay *o = c->overlays.n > 0 ? map_get(&c->overlays, node) : NULL;

        if (!o)
            continue;
        view_free(o->view);
        o->view = NULL;
    }
}

/* ---- nodes ---- */

static SchedNode *node_need(Snapshot *s, const char *name)
{
    SchedNode *n = map_get(&s->by_name, name);

    if (n)
        return n;
    n = xcalloc(1, sizeof(*n));
    n->name = xstrdup(name);
    list_init(&n->pods);
    map_set(&s->by_name, name, n);
    return n;
}

static void node_settle(Snapshot *s, SchedNode *n)
{
    if (n->value || n->n_pods > 0 || n->n_nominated > 0)
        return;
    map_del(&s->by_name, n->name);
    node_free(n);
}

static void count_images(Snapshot *s, SchedNode *n, int sign)
{
    for (uint32_t i = 0; i < n->n_images; i++) {
        ImageState *st = map_get(&s->images, n->images[i]);

        if (!st)
            continue;
        st->n_nodes += (uint32_t)sign;
        if (st->n_nodes == 0)
            free(map_del(&s->images, n->images[i]));
    }
}

static void read_images(Snapshot *s, SchedNode *n, Arena *a, const Value *images)
{
    const Value *image, *name;
    uint32_t n_names = 0;

    value_each_item(images, i, image) n_names += value_len(value_get(image, "names"));
    n->n_images = 0;
    n->images = n_names > 0 ? arena_array(a, const char *, n_names) : NULL;
    value_each_item(images, i, image)
    {
        value_each_item(value_get(image, "names"), k, name)
        {
            ImageState *st;

            if (!value_to_cstr(name))
                continue;
            st = map_get(&s->images, value_to_cstr(name));
            if (!st) {
                st = xcalloc(1, sizeof(*st));
                map_set(&s->images, value_to_cstr(name), st);
            }
            st->size_bytes = value_at_int(image, "sizeBytes", 0);
            n->images[n->n_images++] = arena_strdup(a, value_to_cstr(name));
        }
    }
    count_images(s, n, 1);
}

/* What decisions need of a Node. */
static Value *node_slim(Arena *a, const Value *value)
{
    static const char *const paths[] = {"metadata.name", "metadata.labels", "spec.taints",
                                        "spec.unschedulable", "status.allocatable"};
    Value *v = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const Value *part = value_at(value, paths[i]);

        if (part)
            value_set_at(a, v, paths[i], value_copy(a, part));
    }
    return v;
}

static void unlist_node(Snapshot *s, const SchedNode *n)
{
    for (uint32_t i = 0; i < s->n_nodes; i++) {
        if (s->nodes[i] == n) {
            s->nodes[i] = s->nodes[--s->n_nodes];
            return;
        }
    }
}

void snapshot_set_node(Snapshot *s, const char *name, const Value *value)
{
    SchedNode *n = node_need(s, name);
    bool was_listed = n->value != NULL;

    count_images(s, n, -1);
    n->n_images = 0;
    view_free(n->view);
    n->view = NULL;
    n->value = NULL;
    forget_views(s, name);
    if (value) {
        Arena *a = arena_new_sized(NODE_BYTES);

        n->value = node_slim(a, value);
        n->view = view_new(a, n->value);
        read_images(s, n, a, value_at(value, "status.images"));
    }
    if (value && !was_listed) {
        GROW(s->nodes, s->cap_nodes, s->n_nodes + 1);
        s->nodes[s->n_nodes++] = n;
    }
    if (!value && was_listed)
        unlist_node(s, n);
    node_settle(s, n);
}

/* ---- shares ---- */

static void give_ports(SchedNode *n, const SchedPod *p)
{
    for (uint32_t i = 0; i < p->n_ports; i++) {
        for (uint32_t k = 0; k < n->n_ports; k++) {
            const HostPort *x = &n->ports[k], *y = &p->ports[i];

            if (x->port == y->port && str_eq(x->ip, y->ip) && str_eq(x->protocol, y->protocol)) {
                n->ports[k] = n->ports[--n->n_ports];
                break;
            }
        }
    }
}

void node_lay(SchedNode *n, const SchedPod *p)
{
    res_add(&n->requested, &p->requests);
    n->nonzero_cpu_milli += p->nonzero_cpu_milli;
    n->nonzero_memory += p->nonzero_memory;
    n->n_pods++;
    if (p->n_ports == 0)
        return;
    GROW(n->ports, n->cap_ports, n->n_ports + p->n_ports);
    for (uint32_t i = 0; i < p->n_ports; i++)
        n->ports[n->n_ports++] = p->ports[i];
}

void node_lift(SchedNode *n, const SchedPod *p)
{
    res_sub(&n->requested, &p->requests);
    n->nonzero_cpu_milli -= p->nonzero_cpu_milli;
    n->nonzero_memory -= p->nonzero_memory;
    n->n_pods--;
    give_ports(n, p);
}

/* ---- pods ---- */

bool snapshot_remove_pod(Snapshot *s, const char *id)
{
    SchedPod *p = map_del(&s->pods, id);
    SchedNode *n;

    if (!p)
        return false;
    n = p->node;
    node_lift(n, p);
    list_del(&p->in_node);
    list_del(&p->in_cluster);
    list_del(&p->in_terms);
    cluster_settle(s, p->home);
    sched_pod_free(p);
    node_settle(s, n);
    return true;
}

SchedPod *snapshot_add_pod(Snapshot *s, SchedPod *p, const char *node)
{
    snapshot_remove_pod(s, p->id);
    p->node = node_need(s, node);
    p->home = cluster_need(s, p->cluster);
    list_add_tail(&p->node->pods, &p->in_node);
    list_add_tail(&p->home->pods, &p->in_cluster);
    if (sched_pod_has_terms(p))
        list_add_tail(&p->home->terms, &p->in_terms);
    node_lay(p->node, p);
    map_set(&s->pods, p->id, p);
    return p;
}

const char *snapshot_pod_node(const Snapshot *s, const char *id)
{
    const SchedPod *p = map_get(&s->pods, id);

    return p ? p->node->name : NULL;
}

/* ---- nominations ---- */

void snapshot_unnominate(Snapshot *s, const char *id)
{
    Nominated *n = map_del(&s->nominated, id);

    if (!n)
        return;
    n->node->n_nominated--;
    node_settle(s, n->node);
    nominated_free(n);
}

static Nominated *nominate(Snapshot *s, SchedPod *pod, const char *node)
{
    Nominated *n = xcalloc(1, sizeof(*n));

    snapshot_unnominate(s, pod->id);
    n->pod = pod;
    n->node = node_need(s, node);
    n->node->n_nominated++;
    map_set(&s->nominated, pod->id, n);
    return n;
}

void snapshot_nominate(Snapshot *s, SchedPod *pod, const char *node)
{
    (void)nominate(s, pod, node);
}

void snapshot_nominate_as_claimed(Snapshot *s, SchedPod *pod, const char *node)
{
    nominate(s, pod, node)->is_claimed = true;
}

const char *snapshot_nominated_node(const Snapshot *s, const char *id)
{
    const Nominated *n = map_get(&s->nominated, id);

    return n ? n->node->name : NULL;
}

void snapshot_remove_cluster(Snapshot *s, const char *cluster)
{
    SchedCluster *c = snapshot_cluster(s, cluster);
    const Nominated *nominated;

    for (size_t at = 0; map_next(&s->nominated, &at, NULL, (void **)&nominated);)
        if (str_eq(nominated->pod->cluster, cluster))
            snapshot_unnominate(s, nominated->pod->id);
    if (!c)
        return;
    map_clear(&c->overlays);
    while (!list_is_empty(&c->pods)) {
        bool is_last = c->pods.next == c->pods.prev;

        snapshot_remove_pod(s, list_entry(c->pods.next, SchedPod, in_cluster)->id);
        if (is_last)
            return; /* and with the last pod the cluster goes */
    }
    cluster_settle(s, c);
}
