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
    Overlay *o;

    if (n->n_overlays == 0 || !cluster || cluster->overlays.n == 0)
        return n->view;
    o = map_get(&cluster->overlays, n->name);
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
    res_done(&c->requested);
    terms_done(&c->groups);
    free(c->priorities);
    free(c->name);
    free(c);
}

static void node_free(void *p)
{
    SchedNode *n = p;

    view_free(n->view);
    res_done(&n->requested);
    free(n->ports);
    free(n->images);
    free(n->name);
    free(n);
}

static void image_free(void *p)
{
    ImageState *st = p;

    free(st->name);
    free(st);
}

Snapshot *snapshot_new(void)
{
    Snapshot *s = xcalloc(1, sizeof(*s));

    s->by_name.free_value = node_free;
    s->pods.free_value = pod_free;
    s->clusters.free_value = cluster_free;
    s->images.free_value = image_free;
    s->nominated.free_value = nominated_free;
    memos_init(&s->memos);
    memo_list_init(&s->memos_of_all);
    return s;
}

void snapshot_free(Snapshot *s)
{
    if (!s)
        return;
    memos_done(&s->memos);
    map_done(&s->nominated);
    map_done(&s->pods);
    map_done(&s->clusters);
    map_done(&s->by_name);
    map_done(&s->images);
    topology_done(&s->topology);
    for (int i = 0; i < SCRATCH_MAX_; i++)
        free(s->scratch[i]);
    free(s->rooms);
    free(s->nodes);
    res_done(&s->allocatable);
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
    memo_list_init(&c->memos);
    terms_init(&c->groups);
    map_set(&s->clusters, name, c);
    return c;
}

static void cluster_settle(Snapshot *s, SchedCluster *c)
{
    if (!list_is_empty(&c->pods) || c->overlays.n > 0)
        return;
    memos_forget(&s->memos, &c->memos);
    map_del(&s->clusters, c->name);
    cluster_free(c);
}

Memo *snapshot_memo(Snapshot *s, const char *cluster, const MemoKind *kind, Slice key)
{
    return memo_need(&s->memos, cluster ? &cluster_need(s, cluster)->memos : &s->memos_of_all,
                     cluster ? cluster : "", kind, key);
}

void snapshot_namespaces_changed(Snapshot *s, const char *cluster)
{
    SchedCluster *c = snapshot_cluster(s, cluster);

    if (c)
        memos_forget(&s->memos, &c->memos);
}

void snapshot_outdate(Snapshot *s)
{
    memos_outdate(&s->memos);
}

void snapshot_tick(Snapshot *s)
{
    memos_tick(&s->memos);
    if (topology_trim(&s->topology))
        memos_outdate(&s->memos);
}

void *snapshot_scratch(Snapshot *s, ScratchUse use, size_t n_bytes)
{
    if (n_bytes > s->cap_scratch[use]) {
        free(s->scratch[use]);
        s->scratch[use] = xmalloc(n_bytes);
        s->cap_scratch[use] = n_bytes;
    }
    return s->scratch[use];
}

/* ---- overlays ---- */

/* What somebody sees of the node is not what it was. */
static void node_changed(Snapshot *s, SchedNode *n)
{
    if (n->room)
        n->room->version = ++s->node_version;
    memos_outdate(&s->memos);
}

void snapshot_set_overlay(Snapshot *s, const char *cluster, const char *node, const Value *overlay)
{
    SchedCluster *c = cluster_need(s, cluster);
    SchedNode *n = map_get(&s->by_name, node);
    Overlay *old = map_get(&c->overlays, node);

    if (overlay) {
        Overlay *o = xcalloc(1, sizeof(*o));

        o->arena = arena_new_sized(VIEW_BYTES);
        o->value = value_copy(o->arena, overlay);
        (void)map_set(&c->overlays, node, o); /* `old` */
    } else {
        (void)map_del(&c->overlays, node);
    }
    if (n) {
        n->n_overlays += (overlay != NULL) - (old != NULL);
        node_changed(s, n);
    }
    overlay_free(old);
    cluster_settle(s, c);
}

/* The node has changed under its overlays; returns how many there are. */
static uint32_t forget_views(Snapshot *s, const char *node)
{
    SchedCluster *c;
    uint32_t n = 0;

    for (size_t at = 0; map_next(&s->clusters, &at, NULL, (void **)&c);) {
        Overlay *o = c->overlays.n > 0 ? map_get(&c->overlays, node) : NULL;

        if (!o)
            continue;
        view_free(o->view);
        o->view = NULL;
        n++;
    }
    return n;
}

static void drop_overlays(Snapshot *s, SchedCluster *c)
{
    const char *node;

    for (size_t at = 0; map_next(&c->overlays, &at, &node, NULL);) {
        SchedNode *n = map_get(&s->by_name, node);

        if (!n)
            continue;
        n->n_overlays--;
        node_changed(s, n);
    }
    map_clear(&c->overlays);
}

/* ---- domains ---- */

TopologyKey *snapshot_topology_key(Snapshot *s, const char *name)
{
    TopologyKey *k = topology_key(&s->topology, name);

    if (k)
        return k;
    k = topology_add_key(&s->topology, name);
    for (uint32_t i = 0; i < s->n_nodes; i++)
        topology_set_label(&s->topology, k, i, value_get_str(s->nodes[i]->view->labels, name));
    return k;
}

int32_t snapshot_domain_in_view(Snapshot *s, const SchedCluster *c, TopologyKey *k,
                                const SchedNode *n)
{
    const NodeView *view = node_view(c, n);
    const char *value = view ? value_get_str(view->labels, k->name) : NULL;

    return value ? topology_domain(&s->topology, k, value) : -1;
}

/* ---- nodes ---- */

static SchedNode *node_need(Snapshot *s, const char *name)
{
    SchedNode *n = map_get(&s->by_name, name);

    if (n)
        return n;
    n = xcalloc(1, sizeof(*n));
    n->name = xstrdup(name);
    n->hash = hash_bytes(name, strlen(name));
    n->slot = NO_SLOT;
    list_init(&n->pods);
    list_init(&n->nominated);
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

static void drop_images(Snapshot *s, SchedNode *n)
{
    for (uint32_t i = 0; i < n->n_images; i++) {
        ImageState *st = map_get(&s->images, n->images[i]->name);

        if (--st->n_nodes > 0)
            continue;
        map_del(&s->images, st->name);
        image_free(st);
    }
    free(n->images);
    n->images = NULL;
    n->n_images = 0;
}

static ImageState *image_need(Snapshot *s, const char *name)
{
    ImageState *st = map_get(&s->images, name);

    if (st)
        return st;
    st = xcalloc(1, sizeof(*st));
    st->name = xstrdup(name);
    map_set(&s->images, name, st);
    return st;
}

static int by_address(const void *x, const void *y)
{
    uintptr_t a = (uintptr_t) * (ImageState *const *)x, b = (uintptr_t) * (ImageState *const *)y;

    return a < b ? -1 : a > b;
}

static void read_images(Snapshot *s, SchedNode *n, const Value *images)
{
    const Value *image, *name;
    uint32_t n_names = 0;

    value_each_item(images, i, image) n_names += value_len(value_get(image, "names"));
    if (n_names == 0)
        return;
    n->images = xcalloc(n_names, sizeof(const ImageState *));
    value_each_item(images, i, image)
    {
        value_each_item(value_get(image, "names"), k, name)
        {
            ImageState *st;

            if (!value_to_cstr(name))
                continue;
            st = image_need(s, value_to_cstr(name));
            st->size_bytes = value_at_int(image, "sizeBytes", 0);
            st->n_nodes++;
            n->images[n->n_images++] = st;
        }
    }
    qsort(n->images, n->n_images, sizeof(const ImageState *), by_address);
}

bool node_has_image(const SchedNode *n, const ImageState *st)
{
    return n->n_images > 0 &&
           bsearch(&st, n->images, n->n_images, sizeof(const ImageState *), by_address) != NULL;
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

static void list_node(Snapshot *s, SchedNode *n)
{
    if (s->n_nodes == s->cap_nodes) {
        uint32_t cap = s->cap_nodes;

        GROW(s->nodes, s->cap_nodes, s->n_nodes + 1);
        GROW(s->rooms, cap, s->n_nodes + 1);
        for (uint32_t i = 0; i < s->n_nodes; i++)
            s->nodes[i]->room = &s->rooms[i];
    }
    n->slot = s->n_nodes++;
    n->room = &s->rooms[n->slot];
    s->nodes[n->slot] = n;
}

/* The last node takes its place. */
static void unlist_node(Snapshot *s, SchedNode *n)
{
    SchedNode *last = s->nodes[--s->n_nodes];

    topology_set_node(&s->topology, n->slot, NULL);
    if (last != n) {
        topology_move_node(&s->topology, last->slot, n->slot);
        s->nodes[n->slot] = last;
        s->rooms[n->slot] = *last->room;
        last->slot = n->slot;
        last->room = n->room;
    }
    n->slot = NO_SLOT;
    n->room = NULL;
}

static void fill_room(SchedNode *n)
{
    const Res *have = &n->view->allocatable;
    Room *room = n->room;

    room->cpu_milli = have->cpu_milli;
    room->memory = have->memory;
    room->free_cpu_milli = have->cpu_milli - n->requested.cpu_milli;
    room->free_memory = have->memory - n->requested.memory;
    room->free_ephemeral = have->ephemeral - n->requested.ephemeral;
    room->free_pods = (int16_t)MIN(MAX(have->pods - n->n_pods, INT16_MIN), INT16_MAX);
    room->n_nominated = (uint16_t)MIN(n->n_nominated, UINT16_MAX);
    room->nonzero_cpu_milli = n->nonzero_cpu_milli;
    room->nonzero_memory = n->nonzero_memory;
}

void snapshot_set_node(Snapshot *s, const char *name, const Value *value)
{
    SchedNode *n = node_need(s, name);
    bool was_listed = n->value != NULL;
    Arena *a = arena_new_sized(NODE_BYTES);
    const Value *slim = value ? node_slim(a, value) : NULL;

    drop_images(s, n);
    read_images(s, n, value_at(value, "status.images"));
    if (slim && was_listed && value_equal(slim, n->value)) {
        arena_free(a);
        return;
    }
    if (n->view)
        res_sub(&s->allocatable, &n->view->allocatable);
    view_free(n->view);
    n->value = slim;
    n->view = slim ? view_new(a, slim) : NULL;
    if (n->view)
        res_add(&s->allocatable, &n->view->allocatable);
    n->n_overlays = forget_views(s, name);
    if (!slim)
        arena_free(a);
    if (value && !was_listed)
        list_node(s, n);
    if (!value && was_listed)
        unlist_node(s, n);
    if (value) {
        topology_set_node(&s->topology, n->slot, n->view->labels);
        fill_room(n);
    }
    node_changed(s, n);
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
    if (n->room)
        fill_room(n);
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
    if (n->room)
        fill_room(n);
    give_ports(n, p);
}

/* ---- terms ---- */

void snapshot_move_terms(Snapshot *s, SchedCluster *c, const SchedPod *p, const SchedNode *n,
                         int sign)
{
    const AffinityTerms *all[] = {&p->needs, &p->refuses, &p->likes, &p->dislikes};

    if (!n->value)
        return;
    for (size_t k = 0; k < ARRAY_LEN(all); k++) {
        for (uint32_t i = 0; i < all[k]->n; i++) {
            TermGroup *g = all[k]->items[i].group;
            int32_t domain = domain_of(s, c, affinity_term_domains(s, &g->term), n);

            if (domain >= 0)
                counts_add(&g->counts, domain, sign);
        }
    }
}

void snapshot_count_terms(Snapshot *s, SchedCluster *c)
{
    TermGroup *g;

    if (c->groups.counted == s->memos.version)
        return;
    for (size_t at = 0; map_next(&c->groups.groups, &at, NULL, (void **)&g);)
        counts_done(&g->counts);
    list_for_each (l, &c->terms) {
        const SchedPod *p = list_entry(l, SchedPod, in_terms);

        snapshot_move_terms(s, c, p, p->node, 1);
    }
    c->groups.counted = s->memos.version;
}

static void terms_come(Snapshot *s, SchedPod *p)
{
    if (!sched_pod_has_terms(p))
        return;
    list_add_tail(&p->home->terms, &p->in_terms);
    terms_add(&p->home->groups, p);
    if (p->home->groups.counted == s->memos.version)
        snapshot_move_terms(s, p->home, p, p->node, 1);
}

static void terms_go(Snapshot *s, SchedPod *p)
{
    if (!sched_pod_has_terms(p))
        return;
    list_del(&p->in_terms);
    if (p->home->groups.counted == s->memos.version)
        snapshot_move_terms(s, p->home, p, p->node, -1);
    terms_remove(&p->home->groups, p);
}

/* ---- pods ---- */

/* Where the priority is in the list, or would be. */
static uint32_t priority_at(const SchedCluster *c, int64_t priority)
{
    uint32_t low = 0, high = c->n_priorities;

    while (low < high) {
        uint32_t mid = (low + high) / 2;

        if (c->priorities[mid].priority < priority)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void priority_come(SchedCluster *c, int64_t priority)
{
    uint32_t at = priority_at(c, priority);

    if (at == c->n_priorities || c->priorities[at].priority != priority) {
        GROW(c->priorities, c->cap_priorities, c->n_priorities + 1);
        memmove(&c->priorities[at + 1], &c->priorities[at],
                (c->n_priorities - at) * sizeof(*c->priorities));
        c->priorities[at] = (PriorityCount){priority, 0};
        c->n_priorities++;
    }
    c->priorities[at].n++;
}

static void priority_go(SchedCluster *c, int64_t priority)
{
    uint32_t at = priority_at(c, priority);

    if (--c->priorities[at].n > 0)
        return;
    c->n_priorities--;
    memmove(&c->priorities[at], &c->priorities[at + 1],
            (c->n_priorities - at) * sizeof(*c->priorities));
}

bool snapshot_remove_pod(Snapshot *s, const char *id)
{
    SchedPod *p = map_del(&s->pods, id);
    SchedNode *n;

    if (!p)
        return false;
    n = p->node;
    node_lift(n, p);
    res_sub(&p->home->requested, &p->requests);
    memos_moved(&s->memos, &p->home->memos, p, n, -1);
    list_del(&p->in_node);
    list_del(&p->in_cluster);
    priority_go(p->home, p->priority);
    terms_go(s, p);
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
    priority_come(p->home, p->priority);
    terms_come(s, p);
    node_lay(p->node, p);
    res_add(&p->home->requested, &p->requests);
    memos_moved(&s->memos, &p->home->memos, p, p->node, 1);
    map_set(&s->pods, p->id, p);
    return p;
}

void snapshot_relabel_pod(Snapshot *s, const char *id, const Value *labels)
{
    SchedPod *p = map_get(&s->pods, id);

    memos_moved(&s->memos, &p->home->memos, p, p->node, -1);
    sched_pod_relabel(p, labels);
    memos_moved(&s->memos, &p->home->memos, p, p->node, 1);
}

const char *snapshot_pod_node(const Snapshot *s, const char *id)
{
    const SchedPod *p = map_get(&s->pods, id);

    return p ? p->node->name : NULL;
}

static double part(int64_t used, int64_t have)
{
    return used > 0 && have > 0 ? (double)used / (double)have : 0;
}

double snapshot_dominant_share(const Snapshot *s, const char *cluster)
{
    const SchedCluster *c = snapshot_cluster(s, cluster);
    const Res *used = c ? &c->requested : NULL, *have = &s->allocatable;
    double most = 0;

    if (!c)
        return 0;
    most = MAX(most, part(used->cpu_milli, have->cpu_milli));
    most = MAX(most, part(used->memory, have->memory));
    most = MAX(most, part(used->ephemeral, have->ephemeral));
    most = MAX(most, part(used->pods, have->pods));
    for (uint32_t i = 0; i < used->n_extra; i++)
        most = MAX(most, part(used->extra[i].amount, res_extra(have, used->extra[i].name)));
    return most;
}

/* ---- nominations ---- */

void snapshot_unnominate(Snapshot *s, const char *id)
{
    Nominated *n = map_del(&s->nominated, id);

    if (!n)
        return;
    list_del(&n->in_node);
    n->node->n_nominated--;
    if (n->node->room)
        fill_room(n->node);
    node_settle(s, n->node);
    nominated_free(n);
}

static Nominated *nominate(Snapshot *s, SchedPod *pod, const char *node)
{
    Nominated *n = xcalloc(1, sizeof(*n));

    snapshot_unnominate(s, pod->id);
    n->pod = pod;
    n->node = node_need(s, node);
    list_add_tail(&n->node->nominated, &n->in_node);
    n->node->n_nominated++;
    if (n->node->room)
        fill_room(n->node);
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
    drop_overlays(s, c);
    while (!list_is_empty(&c->pods)) {
        bool is_last = c->pods.next == c->pods.prev;

        snapshot_remove_pod(s, list_entry(c->pods.next, SchedPod, in_cluster)->id);
        if (is_last)
            return; /* and with the last pod the cluster goes */
    }
    cluster_settle(s, c);
}
