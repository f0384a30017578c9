/*
 * feed.c - what each node has to know, as one stream for all tenants.
 *
 * DESIGN. One thread of its own (a Loop) decides; HTTP loops only copy bytes out. The store's
 * events mark clusters as changed; a moment later every changed cluster is looked at for every
 * connected node: which objects should the node have now? The difference to what was sent becomes
 * ADDED, MODIFIED and DELETED lines. So nothing can be forgotten, and a node that reconnects simply
 * starts with nothing sent. What all nodes with pods of a cluster are told alike is held against
 * the last look once for all of them (feedshared.h): a node that has it hears of the changes, and
 * costs a look no more than its own pods do.
 *
 *   a node has, of a cluster with pods bound to it: those pods, all services, endpoint slices and
 *   network policies, and of config maps, secrets, service accounts, claims, runtime classes and
 *   namespaces what those pods refer to (all namespaces when there are network policies);
 *   "nodeports": those, and external addresses, that are the cluster's towards the outside
 *   (nodeports.h, outsideaddr.h);
 *   "peers": of the cluster's pods on other nodes what the network needs (address, labels, ports);
 *   "nodeviews": the node itself with the labels, taints and addresses that the cluster sees;
 *   of a cluster without pods on it, but with node ports, which may use the node, what serving
 * these needs (outside.h); of every cluster the local volumes that lie on the node; of the host
 * cluster also all Nodes
 *
 * SYNCED is sent once, when every cluster has been looked at after the connection. `members` counts
 * the clusters that have pods or volumes; it is filled at start-up and by their events.
 *
 * Threads: everything on the feeds' loop, except NodeFeed.out and its ready call (NodeFeed.lock).
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "vcluster/feedrefs.h"
#include "vcluster/feedshared.h"
#include "vcluster/frozen.h"
#include "vcluster/nodeports.h"
#include "vcluster/nodeview.h"
#include "vcluster/outside.h"
#include "vcluster/outsideaddr.h"
#include "vcluster/placement.h"

/* What changes is looked at soon, and the later the longer looking takes: at most a third of the
 * time goes into it. */
enum {
    BATCH_MIN_MS = 2,
    BATCH_MAX_MS = 100,
    RETRY_MS = 1000,
    BOOKMARK_MS = 10 * 1000,
    READ_BYTES = 64 * 1024
};

typedef struct Sent {
    uint64_t round; /* of the last look that wanted it */
    int64_t revision;
    uint64_t content;     /* of a peer: hash of what was sent */
    const char *resource; /* static */
    char *ns, *name, *uid;
} Sent;

typedef struct View { /* what one node was sent of one cluster */
    Cluster *cluster;
    Map sent;                          /* feed_key() -> Sent, but what is shared */
    Map refs;                          /* pod -> FeedRefs */
    int64_t node_at, row_at, terms_at; /* what the node as the cluster sees it was last read from */
    int state;                         /* as sent; -1: not yet */
    uint64_t frozen;                   /* hash of FeedMember.frozen as sent */
    uint64_t round;
    bool is_looked_at;
    bool has_shared, has_nodes; /* all of FeedMember.shared, .nodes as of the last look */
} View;

typedef struct NodeFeed {
    Stream stream; /* first */
    _Atomic int refs;
    Feeds *feeds;
    char *node;
    List link; /* Feeds.nodes; on the feeds' loop */
    Map views; /* cluster id -> View */
    bool is_listed, is_synced;
    pthread_mutex_t lock;
    Buf out;            /* under lock */
    bool is_ready_sent; /* under lock: a ready call is on its way */
    bool is_closed;     /* the owner's loop and lock */
    Loop *loop;
    LoopFn ready;
    void *ready_data;
} NodeFeed;

typedef struct FeedMember { /* a cluster that matters to feeds */
    Cluster *cluster;
    bool is_dirty;
    int n_loading;
    Placement pods;    /* as of the last look */
    FeedShared shared; /* for nodes with pods: services, slices, policies, peers */
    FeedShared nodes;  /* for every node: of the host cluster, the nodes */
    bool has_policies;
    ObjVec locals; /* volumes in directories of nodes */
    Outside outside;
    Buf frozen; /* the namespaces of suspended tenants, as JSON strings with commas between */
} FeedMember;

struct Feeds {
    Vcluster *vc;
    Loop *loop;
    int subscription;
    _Atomic int n_nodes;
    Map members; /* cluster id -> FeedMember */
    List nodes;
    OutsideRows ports;  /* of the host cluster; read again after they have changed */
    OutsideNodes notes; /* of the host's nodes */
    LoopTimer *batch, *bookmarks;
    uint64_t batch_ms; /* from a change to the look at it */
};

typedef struct Mail { /* to the feeds' loop */
    Feeds *feeds;
    Cluster *cluster;
    NodeFeed *node;
    char *name;
    int r;
} Mail;

static Mail *mail(Feeds *f, Cluster *c, NodeFeed *n)
{
    Mail *m = xcalloc(1, sizeof(*m));

    m->feeds = f;
    m->cluster = c;
    m->node = n;
    return m;
}

static void mail_free(Mail *m)
{
    cluster_unref(m->cluster);
    free(m->name);
    free(m);
}

/* ---- node feeds ---- */

static void sent_free(void *p)
{
    Sent *s = p;

    free(s->ns);
    free(s->name);
    free(s->uid);
    free(s);
}

static void view_free(void *data)
{
    View *v = data;

    cluster_unref(v->cluster);
    map_done(&v->sent);
    map_done(&v->refs);
    free(v);
}

static void node_unref(NodeFeed *n)
{
    if (atomic_fetch_sub(&n->refs, 1) > 1)
        return;
    map_done(&n->views);
    buf_done(&n->out);
    pthread_mutex_destroy(&n->lock);
    free(n->node);
    free(n);
}

static void on_ready(void *data)
{
    NodeFeed *n = data;

    pthread_mutex_lock(&n->lock);
    n->is_ready_sent = false;
    pthread_mutex_unlock(&n->lock);
    if (!n->is_closed)
        n->ready(n->ready_data);
    node_unref(n);
}

/* Append a line and tell the owner's loop, once for however many lines. */
static void put_line(NodeFeed *n, const Buf *line)
{
    bool tell;

    pthread_mutex_lock(&n->lock);
    if (n->is_closed) {
        pthread_mutex_unlock(&n->lock);
        return;
    }
    buf_add(&n->out, line->ptr, line->len);
    tell = !n->is_ready_sent;
    n->is_ready_sent = true;
    pthread_mutex_unlock(&n->lock);
    if (tell) {
        atomic_fetch_add(&n->refs, 1);
        loop_post(n->loop, on_ready, n);
    }
}

static void put_text(NodeFeed *n, const char *text)
{
    AUTO_BUF line = BUF_INIT;

    buf_adds(&line, text);
    put_line(n, &line);
}

static int node_read(Stream *s, Buf *out)
{
    NodeFeed *n = (NodeFeed *)s;
    size_t len;
    bool more;

    pthread_mutex_lock(&n->lock);
    len = MIN(n->out.len, (size_t)READ_BYTES);
    buf_add(out, n->out.ptr, len);
    more = len < n->out.len;
    if (more) {
        memmove(n->out.ptr, n->out.ptr + len, n->out.len - len);
        buf_truncate(&n->out, n->out.len - len);
    } else
        buf_reset(&n->out);
    pthread_mutex_unlock(&n->lock);
    return more ? 1 : 0;
}

static void on_connected(void *data);

static void node_start(Stream *s, Loop *loop, LoopFn ready, void *data)
{
    NodeFeed *n = (NodeFeed *)s;

    n->loop = loop;
    n->ready = ready;
    n->ready_data = data;
    atomic_fetch_add(&n->refs, 1);
    atomic_fetch_add(&n->feeds->n_nodes, 1);
    loop_post(n->feeds->loop, on_connected, mail(n->feeds, NULL, n));
}

static void on_gone(void *data)
{
    NodeFeed *n = data;

    if (n->is_listed) {
        list_del(&n->link);
        atomic_fetch_sub(&n->feeds->n_nodes, 1);
    }
    n->is_listed = false;
    node_unref(n); /* the list's */
    node_unref(n); /* the owner's */
}

static void node_close(Stream *s)
{
    NodeFeed *n = (NodeFeed *)s;

    pthread_mutex_lock(&n->lock);
    n->is_closed = true;
    pthread_mutex_unlock(&n->lock);
    if (n->loop)
        loop_post(n->feeds->loop, on_gone, n);
    else
        node_unref(n);
}

Stream *feeds_stream(Feeds *f, const char *node)
{
    NodeFeed *n = xcalloc(1, sizeof(*n));

    n->stream = (Stream){node_read, node_start, node_close};
    atomic_init(&n->refs, 1);
    n->feeds = f;
    n->node = xstrdup(node);
    list_init(&n->link);
    n->views.free_value = view_free;
    pthread_mutex_init(&n->lock, NULL);
    return &n->stream;
}

/* ---- lines ---- */

typedef struct Kind {
    const char *storage, *resource, *kind, *api_version;
    bool is_host_only; /* kept in the host cluster alone */
} Kind;
static const Kind kinds[] = {
    {"namespaces", "namespaces", "Namespace", "v1", false},
    {"configmaps", "configmaps", "ConfigMap", "v1", false},
    {"secrets", "secrets", "Secret", "v1", false},
    {"serviceaccounts", "serviceaccounts", "ServiceAccount", "v1", false},
    {"services", "services", "Service", "v1", false},
    {"discovery/endpointslices", "discovery.k8s.io/endpointslices", "EndpointSlice",
     "discovery.k8s.io/v1", false},
    {"networking/networkpolicies", "networking.k8s.io/networkpolicies", "NetworkPolicy",
     "networking.k8s.io/v1", false},
    {"persistentvolumeclaims", "persistentvolumeclaims", "PersistentVolumeClaim", "v1", false},
    {"persistentvolumes", "persistentvolumes", "PersistentVolume", "v1", false},
    {"node/runtimeclasses", "node.k8s.io/runtimeclasses", "RuntimeClass", "node.k8s.io/v1", false},
    {"pods", "pods", "Pod", "v1", false},
    {"nodes", "nodes", "Node", "v1", true},
    {OUTSIDE_PORTS_STORAGE, "nodeports", "NodePort", "v1", true},
    {NODE_OVERLAYS, "nodeviews", "Node", "v1", false}, /* sent as put together with the host's */
};
static const char peers[] = "peers"; /* made here, from pods: in no store */
static const Kind peer_kind = {peers, peers, "Pod", "v1", false};

static const Kind *kind_of(const char *storage)
{
    if (storage == peers)
        return &peer_kind;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i].storage, storage) == 0)
            return &kinds[i];
    return NULL;
}

static void open_line(Buf *line, const char *type, const Cluster *c, const char *resource)
{
    buf_addf(line, "{\"type\":\"%s\",\"cluster\":\"%s\"", type, c->name);
    if (resource)
        buf_addf(line, ",\"resource\":\"%s\"", resource);
    buf_adds(line, ",\"object\":");
}

static void object_line(Buf *line, const Cluster *c, const char *type, const char *storage,
                        const Obj *o)
{
    const Kind *k = kind_of(storage);

    open_line(line, type, c, k->resource);
    obj_write(o, k->kind, k->api_version, line);
    buf_adds(line, "}\n");
}

/* `text` is what was made of an object. */
static void made_line(Buf *line, const Cluster *c, const char *type, const char *storage,
                      const char *text)
{
    open_line(line, type, c, kind_of(storage)->resource);
    buf_adds(line, text);
    buf_adds(line, "}\n");
}

static void deleted_line(Buf *line, const Cluster *c, const char *storage, const char *ns,
                         const char *name, const char *uid)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *o = value_object(a), *meta = value_object(a);
    const Kind *k = kind_of(storage);

    value_set_str(a, o, "kind", k->kind);
    value_set_str(a, o, "apiVersion", k->api_version);
    value_set_str(a, meta, "name", name);
    if (ns[0])
        value_set_str(a, meta, "namespace", ns);
    value_set_str(a, meta, "uid", uid);
    value_set(a, o, "metadata", meta);
    open_line(line, "DELETED", c, k->resource);
    value_print(o, line);
    buf_adds(line, "}\n");
}

static void send_state(NodeFeed *n, View *v, int state, const Buf *frozen)
{
    AUTO_BUF line = BUF_INIT;
    uint64_t hash = hash_bytes(frozen->ptr, frozen->len);

    if (v->state == state && v->frozen == hash)
        return;
    v->state = state;
    v->frozen = hash;
    open_line(&line, "CLUSTER", v->cluster, NULL);
    buf_addf(&line, "{\"uid\":\"%s\",\"suspended\":%s,\"suspendedNamespaces\":[", v->cluster->uid,
             state == CLUSTER_SUSPENDED ? "true" : "false");
    buf_add_slice(&line, buf_slice(frozen));
    buf_adds(&line, "]}}\n");
    put_line(n, &line);
}

/* What was sent of an object, NULL: nothing yet. */
static Sent *sent_of(const View *v, const char *storage, const Obj *o)
{
    char key[FEED_KEY_MAX];

    return map_get(&v->sent, feed_key(key, storage, o->ns, o->name));
}

static void remember_sent(View *v, Sent *s, const char *storage, const Obj *o, uint64_t content)
{
    char key[FEED_KEY_MAX];

    if (!s) {
        s = xcalloc(1, sizeof(*s));
        s->resource = storage;
        s->ns = xstrdup(o->ns);
        s->name = xstrdup(o->name);
        s->uid = xstrdup(o->uid);
        (void)map_set(&v->sent, feed_key(key, storage, o->ns, o->name), s);
    } else if (strcmp(s->uid, o->uid) != 0) {
        free(s->uid);
        s->uid = xstrdup(o->uid);
    }
    s->revision = o->revision;
    s->content = content;
    s->round = v->round;
}

static bool is_as_sent(const Sent *s, const Obj *o)
{
    return s->revision == o->revision && strcmp(s->uid, o->uid) == 0;
}

/* The node should have this object. */
static void want(NodeFeed *n, View *v, const char *storage, const Obj *o)
{
    AUTO_BUF line = BUF_INIT;
    Sent *s = sent_of(v, storage, o);

    if (s && is_as_sent(s, o)) {
        s->round = v->round;
        return;
    }
    object_line(&line, v->cluster, s ? "MODIFIED" : "ADDED", storage, o);
    put_line(n, &line);
    remember_sent(v, s, storage, o, 0);
}

/* What was made here out of the object; sent again only when it differs. */
static void send_made(NodeFeed *n, View *v, Sent *s, const char *storage, const Obj *o,
                      const Value *made)
{
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF line = BUF_INIT;
    uint64_t content;

    value_print(made, &text);
    content = hash_bytes(text.ptr, text.len);
    if (!s || s->content != content) {
        made_line(&line, v->cluster, s ? "MODIFIED" : "ADDED", storage, buf_str(&text));
        put_line(n, &line);
    }
    remember_sent(v, s, storage, o, content);
}

/* Of a pod on another node: its address and what policies tell it by. */
static Value *peer_of(Arena *a, const Obj *pod)
{
    Value *v = obj_to_value(a, pod, NULL, NULL), *peer = value_object(a), *list, *c, *out;
    const char *ip = value_at_str(v, "status.podIP"), *phase = value_at_str(v, "status.phase");

    if (!ip || value_at_bool(v, "spec.hostNetwork") || str_eq(phase, "Succeeded") ||
        str_eq(phase, "Failed"))
        return NULL;
    value_set_at(a, peer, "metadata.name", value_str(a, pod->name));
    value_set_at(a, peer, "metadata.namespace", value_str(a, pod->ns));
    value_set_at(a, peer, "metadata.uid", value_str(a, pod->uid));
    if (value_at(v, "metadata.labels"))
        value_set_at(a, peer, "metadata.labels", value_at(v, "metadata.labels"));
    value_set_at(a, peer, "status.podIP", value_str(a, ip));
    if (value_len(value_at(v, "status.podIPs")) > 1)
        value_set_at(a, peer, "status.podIPs", value_at(v, "status.podIPs"));
    list = value_array(a);
    value_each_item(value_at(v, "spec.containers"), i, c)
    {
        if (value_len(value_get(c, "ports")) == 0)
            continue;
        out = value_object(a);
        value_set(a, out, "ports", value_get(c, "ports"));
        value_append(a, list, out);
    }
    if (value_len(list) > 0)
        value_set_at(a, peer, "spec.containers", list);
    return peer;
}

/* A pod's address is in the range of the node that it is on. Nodes let through what they are told,
 * so what is in no node's range (which a tenant may say of a pod) is told to none. */
static bool is_address_of(Feeds *f, const Obj *pod, const char *ip, Arena *a)
{
    const char *on, *node;

    if (nodeview_of_address(f->vc, a, ip, &node) < 0 || !node)
        return false;
    return obj_scan_str(pod, "spec.nodeName", a, &on) && strcmp(on, node) == 0;
}

/* What there is to be told of a pod to other nodes; NULL: nothing. */
static Value *find_peer(Feeds *f, Arena *a, const Obj *pod)
{
    const Value *one;
    const char *ip;
    Value *peer;

    if (!obj_scan_str(pod, "status.podIP", a, &ip) || !is_address_of(f, pod, ip, a))
        return NULL; /* the most common reason is told without parsing */
    peer = peer_of(a, pod);
    value_each_item(value_at(peer, "status.podIPs"), i, one)
    {
        ip = value_get_str(one, "ip");
        if (!ip || !is_address_of(f, pod, ip, a))
            return NULL;
    }
    return peer;
}

/* A peer is sent again only when something of this differs: a status changes often. */
static void want_peer(Feeds *f, NodeFeed *n, View *v, const Obj *pod)
{
    CLEANUP(arena_free) Arena *a = NULL;
    Sent *s = sent_of(v, peers, pod);
    Value *peer;

    if (s && s->revision == pod->revision) {
        s->round = v->round;
        return;
    }
    a = arena_new();
    peer = find_peer(f, a, pod);
    if (peer)
        send_made(n, v, s, peers, pod, peer);
}

static void drop_unwanted(NodeFeed *n, View *v)
{
    const char *key;
    void *p;

    for (size_t at = 0; map_next(&v->sent, &at, &key, &p);) {
        AUTO_BUF line = BUF_INIT;
        Sent *s = p;

        if (s->round == v->round)
            continue;
        deleted_line(&line, v->cluster, s->resource, s->ns, s->name, s->uid);
        put_line(n, &line);
        (void)map_del(&v->sent, key);
        sent_free(s);
    }
}

/* ---- looking at a cluster ---- */

static void mark_in(Feeds *f, FeedMember *m, uint64_t ms);

static void on_reloaded(void *data)
{
    Mail *m = data;
    char key[32];
    FeedMember *member;

    (void)snprintf(key, sizeof(key), "%lld", (long long)m->cluster->id);
    member = map_get(&m->feeds->members, key);
    if (member) {
        member->n_loading--;
        if (member->n_loading <= 0)
            mark_in(m->feeds, member, m->r >= 0 ? m->feeds->batch_ms : RETRY_MS);
    }
    mail_free(m);
}

static void on_loaded(int r, const Err *err, void *data)
{
    Mail *m = data;

    (void)err; /* a cluster that is gone is dropped by its own event; else it is tried again */
    m->r = r;
    loop_post(m->feeds->loop, on_reloaded, m);
}

/* Is the cache there? Else it is being loaded and the cluster is looked at again after that. */
static bool is_loaded(Feeds *f, FeedMember *m, const char *storage)
{
    CLEANUP(cache_unref) Cache *k = store_cache(f->vc->store, m->cluster, storage);

    if (k)
        return true;
    m->n_loading++;
    store_load(f->vc->store, m->cluster, storage, on_loaded,
               mail(f, cluster_ref(m->cluster), NULL));
    return false;
}

static View *view_of(NodeFeed *n, Cluster *c)
{
    char key[32];
    View *v;

    (void)snprintf(key, sizeof(key), "%lld", (long long)c->id);
    v = map_get(&n->views, key);
    if (v)
        return v;
    v = xcalloc(1, sizeof(*v));
    v->cluster = cluster_ref(c);
    v->sent.free_value = sent_free;
    v->refs.free_value = feed_refs_free;
    v->state = -1;
    (void)map_set(&n->views, key, v);
    return v;
}

/* ---- what is shared ---- */

static const char *const verbs[] = {"ADDED", "MODIFIED", "DELETED"};

static void forget_sent(View *v, Sent *s)
{
    char key[FEED_KEY_MAX];

    (void)map_del(&v->sent, feed_key(key, s->resource, s->ns, s->name));
    sent_free(s);
}

static void send_item(NodeFeed *n, const View *v, SharedVerb verb, const SharedItem *item)
{
    AUTO_BUF line = BUF_INIT;

    if (item->text)
        made_line(&line, v->cluster, verbs[verb], item->storage, item->text);
    else
        object_line(&line, v->cluster, verbs[verb], item->storage, item->obj);
    put_line(n, &line);
}

/* The node gets an item, which it may have been sent for another reason. */
static void give(NodeFeed *n, View *v, const SharedItem *item)
{
    Sent *s = sent_of(v, item->storage, item->obj);

    if (!s || (item->text ? s->content != item->content : !is_as_sent(s, item->obj)))
        send_item(n, v, s ? SHARED_MODIFIED : SHARED_ADDED, item);
    if (s)
        forget_sent(v, s);
}

static void give_all(NodeFeed *n, View *v, const FeedShared *shared)
{
    SharedItem *item;

    for (size_t at = 0; map_next(&shared->items, &at, NULL, (void **)&item);)
        if (feed_shared_is_told(item, n->node))
            give(n, v, item);
}

/* From now on it is the view's own business what of it the node is to have. */
static void keep_as_own(View *v, const char *storage, const Obj *o, uint64_t content)
{
    remember_sent(v, sent_of(v, storage, o), storage, o, content);
}

static void take_back(NodeFeed *n, View *v, const FeedShared *shared)
{
    SharedItem *item;

    for (size_t at = 0; map_next(&shared->items, &at, NULL, (void **)&item);)
        if (feed_shared_is_told(item, n->node))
            keep_as_own(v, item->storage, item->obj, item->content);
}

/* The line of a change is the same for every node. */
static void send_change(NodeFeed *n, const View *v, SharedChange *c, SharedVerb verb)
{
    Buf *line = &c->lines[verb];

    if (line->len == 0 && verb == SHARED_DELETED)
        deleted_line(line, v->cluster, c->storage, c->before->ns, c->before->name, c->before->uid);
    else if (line->len == 0 && c->now->text)
        made_line(line, v->cluster, verbs[verb], c->storage, c->now->text);
    else if (line->len == 0)
        object_line(line, v->cluster, verbs[verb], c->storage, c->now->obj);
    put_line(n, line);
}

static void follow(NodeFeed *n, View *v, FeedShared *shared)
{
    for (size_t i = 0; i < shared->n_changes; i++) {
        SharedChange *c = &shared->changes[i];
        SharedVerb verb = feed_shared_verb(c, n->node);
        bool is_namespace = strcmp(c->storage, "namespaces") == 0;

        if (verb == SHARED_ADDED && is_namespace)
            give(n, v, c->now);
        else if (verb == SHARED_DELETED && is_namespace)
            keep_as_own(v, c->storage, c->before, 0); /* its own pods may need it yet */
        else if (verb != SHARED_NOTHING)
            send_change(n, v, c, verb);
    }
}

/* What a cluster has of each kind that is shared. All is listed before anything is held against the
 * last look, as a look is for all or not at all. */
typedef struct Lists {
    ObjVec services, slices, policies, namespaces, nodes, locals;
} Lists;

static void lists_done(Lists *l)
{
    ObjVec *const all[] = {&l->services,   &l->slices, &l->policies,
                           &l->namespaces, &l->nodes,  &l->locals};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        objvec_done(all[i]);
}

static bool is_local_volume(const Obj *o, void *data)
{
    (void)data;
    return strstr(o->text, "\"hostplane.io/local-dir\"") != NULL;
}

static bool list_one(Feeds *f, FeedMember *m, const char *storage,
                     bool (*match)(const Obj *o, void *data), ObjVec *ret)
{
    CacheScan scan = {.match = match};
    int64_t revision;
    bool more;

    return vc_list(f->vc, m->cluster, storage, &scan, ret, &revision, &more) >= 0;
}

static bool list_all(Feeds *f, FeedMember *m, Lists *l)
{
    if (atomic_load(&m->cluster->state) == CLUSTER_DELETING)
        return true;
    if (is_host(m->cluster) && !list_one(f, m, "nodes", NULL, &l->nodes))
        return false;
    if (!list_one(f, m, "persistentvolumes", is_local_volume, &l->locals))
        return false;
    if (m->pods.n == 0)
        return true; /* nobody is told */
    if (!list_one(f, m, "services", NULL, &l->services) ||
        !list_one(f, m, "discovery/endpointslices", NULL, &l->slices) ||
        !list_one(f, m, "networking/networkpolicies", NULL, &l->policies))
        return false;
    return l->policies.n == 0 || list_one(f, m, "namespaces", NULL, &l->namespaces);
}

static void share_all(FeedShared *shared, const char *storage, const ObjVec *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (!feed_shared_keep(shared, storage, all->items[i]))
            feed_shared_put(shared, storage, all->items[i], NULL, NULL);
}

static void share_peer(Feeds *f, FeedMember *m, const PlacedPod *pod)
{
    CLEANUP(arena_free) Arena *a = NULL;
    AUTO_BUF text = BUF_INIT;
    Value *peer;

    if (feed_shared_keep(&m->shared, peers, pod->pod))
        return;
    a = arena_new();
    peer = find_peer(f, a, pod->pod);
    if (!peer)
        return;
    value_print(peer, &text);
    feed_shared_put(&m->shared, peers, pod->pod, pod->node, buf_str(&text));
}

/* What the nodes are told alike, as it is now; false when that cannot be told. */
static bool share(Feeds *f, FeedMember *m)
{
    __attribute__((cleanup(lists_done))) Lists l = {0};

    if (!list_all(f, m, &l))
        return false;
    feed_shared_begin(&m->nodes);
    share_all(&m->nodes, "nodes", &l.nodes);
    feed_shared_end(&m->nodes);

    feed_shared_begin(&m->shared);
    share_all(&m->shared, "services", &l.services);
    share_all(&m->shared, "discovery/endpointslices", &l.slices);
    share_all(&m->shared, "networking/networkpolicies", &l.policies);
    share_all(&m->shared, "namespaces", &l.namespaces);
    for (size_t i = 0; i < m->pods.n; i++)
        share_peer(f, m, &m->pods.pods[i]);
    feed_shared_end(&m->shared);

    m->has_policies = l.policies.n > 0;
    objvec_done(&m->locals);
    m->locals = l.locals;
    l.locals = (ObjVec){0};
    return true;
}

/* ---- what is the node's own ---- */

static void want_one(Feeds *f, NodeFeed *n, View *v, const char *storage, const char *ns,
                     const char *name)
{
    CLEANUP(obj_unref) Obj *o = NULL;

    if (vc_get(f->vc, v->cluster, storage, ns, name, &o) == 0 && o)
        want(n, v, storage, o);
}

/* The volume that a claim is bound to. */
static void want_volume(Feeds *f, NodeFeed *n, View *v, const char *ns, const char *claim)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *o = NULL;
    const char *volume;

    if (vc_get(f->vc, v->cluster, "persistentvolumeclaims", ns, claim, &o) == 0 && o &&
        obj_scan_str(o, "spec.volumeName", a, &volume) && volume[0])
        want_one(f, n, v, "persistentvolumes", "", volume);
}

static void want_refs(Feeds *f, NodeFeed *n, View *v, const Obj *pod, bool has_namespaces)
{
    char key[560];
    FeedRefs *r, *old;

    (void)snprintf(key, sizeof(key), "%s/%s", pod->ns, pod->name);
    r = map_get(&v->refs, key);
    if (!r || r->revision != pod->revision) {
        r = feed_refs_of(pod);
        old = map_set(&v->refs, key, r);
        feed_refs_free(old);
    }
    if (!has_namespaces)
        want_one(f, n, v, "namespaces", "", pod->ns);
    for (size_t i = 0; i < r->n; i++)
        want_one(f, n, v, r->items[i].storage, pod->ns, r->items[i].name);
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->items[i].storage, "persistentvolumeclaims") == 0)
            want_volume(f, n, v, pod->ns, r->items[i].name);
    if (r->runtime_class)
        want_one(f, n, v, "node/runtimeclasses", "", r->runtime_class);
    {
        CLEANUP(obj_unref) Obj *sa = NULL;

        if (vc_get(f->vc, v->cluster, "serviceaccounts", pod->ns, r->account, &sa) == 0 && sa) {
            FeedRefs *pull = feed_refs_of_account(sa);

            want(n, v, "serviceaccounts", sa);
            for (size_t i = 0; i < pull->n; i++)
                want_one(f, n, v, pull->items[i].storage, pod->ns, pull->items[i].name);
            feed_refs_free(pull);
        }
    }
}

/* Directories of this node, made by the built-in provisioner, also without pods: the node keeps a
 * directory as long as the volume is there. What else names both is sent too, which does no harm.
 */
static void want_local_volumes(const FeedMember *m, NodeFeed *n, View *v)
{
    AUTO_FREE char *name = m->locals.n > 0 ? xasprintf("\"%s\"", n->node) : NULL;

    for (size_t i = 0; i < m->locals.n; i++)
        if (strstr(m->locals.items[i]->text, name))
            want(n, v, "persistentvolumes", m->locals.items[i]);
}

/* The node ports and external addresses that are the cluster's towards the outside. */
static void want_node_ports(Feeds *f, NodeFeed *n, View *v, const TenantTerms *terms)
{
    const ObjVec *rows = outside_rows_of(&f->ports, v->cluster);

    for (size_t i = 0; rows && i < rows->n; i++)
        if (outside_address_holds(v->cluster, terms, rows->items[i]))
            want(n, v, OUTSIDE_PORTS_STORAGE, rows->items[i]);
}

/* The node as the cluster's pods are judged by (they may name it and want labels, or not tolerate
 * its taints) and as they are told of it. */
static void want_node_view(Feeds *f, NodeFeed *n, View *v, const TenantTerms *terms)
{
    static const char *const paths[] = {"metadata.name", "metadata.labels", "spec.taints",
                                        "status.addresses"};
    CLEANUP(arena_free) Arena *a = NULL;
    CLEANUP(obj_unref) Obj *host = NULL;
    CLEANUP(obj_unref) Obj *row = NULL;
    CLEANUP(obj_unref) Obj *seen = NULL;
    int64_t terms_at = terms ? terms->tenant_revision + terms->plan_revision : 0;
    Value *all, *brief;
    Sent *s;

    if (is_host(v->cluster) || !terms ||
        vc_get(f->vc, vc_host(f->vc), "nodes", "", n->node, &host) < 0 || !host ||
        !terms_allow_node_obj(terms, host) ||
        vc_get(f->vc, v->cluster, NODE_OVERLAYS, "", n->node, &row) < 0)
        return;
    s = sent_of(v, NODE_OVERLAYS, host);
    if (s && v->node_at == host->revision && v->row_at == (row ? row->revision : 0) &&
        v->terms_at == terms_at) {
        s->round = v->round;
        return;
    }
    v->terms_at = terms_at;
    v->node_at = host->revision;
    v->row_at = row ? row->revision : 0;
    a = arena_new();
    seen = nodeview_of(f->vc, terms, host, row);
    all = obj_to_value(a, seen, NULL, NULL);
    brief = value_object(a);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (value_at(all, paths[i]))
            value_set_at(a, brief, paths[i], value_at(all, paths[i]));
    send_made(n, v, s, NODE_OVERLAYS, host, brief);
}

/* What a node has to know of a cluster with pods on it, beside what is shared. */
static void want_for_pods(Feeds *f, FeedMember *m, NodeFeed *n, View *v, const TenantTerms *terms)
{
    size_t n_own;
    const PlacedPod *own = placement_on(&m->pods, n->node, &n_own);

    want_node_view(f, n, v, terms);
    want_node_ports(f, n, v, terms);
    for (size_t i = 0; i < n_own; i++)
        want_refs(f, n, v, own[i].pod, m->has_policies);
    for (size_t i = 0; i < n_own; i++)
        want(n, v, "pods", own[i].pod);
}

/* May the cluster's pods be on the node? Then it serves the cluster's node ports. */
static bool serves_ports(Feeds *f, const FeedMember *m, const NodeFeed *n, const TenantTerms *terms)
{
    CLEANUP(obj_unref) Obj *node = NULL;

    return terms && m->outside.services.n > 0 &&
           vc_get(f->vc, vc_host(f->vc), "nodes", "", n->node, &node) == 0 && node &&
           terms_allow_node_obj(terms, node);
}

static void want_for_ports(Feeds *f, const FeedMember *m, NodeFeed *n, View *v,
                           const TenantTerms *terms)
{
    const Outside *o = &m->outside;

    for (size_t i = 0; i < o->services.n; i++)
        want(n, v, "services", o->services.items[i]);
    for (size_t i = 0; i < o->slices.n; i++)
        want(n, v, "discovery/endpointslices", o->slices.items[i]);
    for (size_t i = 0; i < o->pods.n; i++)
        want_peer(f, n, v, o->pods.items[i]);
    want_node_ports(f, n, v, terms);
}

/* Bring what is shared up to date, and give it to a node that is to have it or take it from one
 * that is not. */
static void look_at_shared(NodeFeed *n, View *v, FeedShared *shared, bool wants, bool *has)
{
    if (*has)
        follow(n, v, shared);
    if (*has && !wants)
        take_back(n, v, shared); /* and then drop_unwanted() */
    else if (!*has && wants)
        give_all(n, v, shared);
    *has = wants;
}

static void look(Feeds *f, FeedMember *m, NodeFeed *n, const TenantTerms *terms)
{
    View *v = view_of(n, m->cluster);
    int state = atomic_load(&m->cluster->state);
    bool serves = false;
    size_t n_own;

    (void)placement_on(&m->pods, n->node, &n_own);
    if (n_own == 0)
        serves = serves_ports(f, m, n, terms);
    if (n_own > 0 || serves)
        send_state(n, v, state, &m->frozen);
    look_at_shared(n, v, &m->nodes, is_host(m->cluster), &v->has_nodes);
    look_at_shared(n, v, &m->shared, n_own > 0, &v->has_shared);
    v->round++;
    if (n_own > 0)
        want_for_pods(f, m, n, v, terms);
    else if (serves)
        want_for_ports(f, m, n, v, terms);
    want_local_volumes(m, n, v);
    drop_unwanted(n, v);
    v->is_looked_at = true;
}

/* Where the cluster's pods are now; false when that cannot be told. A cluster that is being deleted
 * has none any more. */
static bool place_pods(Feeds *f, FeedMember *m)
{
    AUTO_OBJVEC pods = {0};
    CacheScan scan = {0};
    bool is_deleting = atomic_load(&m->cluster->state) == CLUSTER_DELETING, more;
    int64_t revision;

    if (!is_deleting && vc_list(f->vc, m->cluster, "pods", &scan, &pods, &revision, &more) < 0)
        return false;
    placement_update(&m->pods, &pods);
    return true;
}

/* What the cluster agreed to: which nodes it may use. NULL in *ret: it is not to be had. False: not
 * known yet; the cluster is looked at again when it is. */
static bool find_terms(Feeds *f, FeedMember *host, FeedMember *m, const TenantTerms **ret)
{
    const ObjVec *rows = outside_rows_of(&f->ports, m->cluster);
    const char *need = NULL;
    int r;

    *ret = NULL;
    outside_done(&m->outside);
    if (atomic_load(&m->cluster->state) == CLUSTER_DELETING)
        return true;
    if (is_host(m->cluster) || !f->vc->tenancy) {
        *ret = terms_ref(terms_none());
    } else {
        while ((r = tenancy_terms(f->vc->tenancy, m->cluster, ret, &need)) == -ERR_UNAVAILABLE &&
               need && host) {
            if (!is_loaded(f, host, need))
                return false;
        }
        if (r < 0)
            return true;
    }
    outside_update(&m->outside, f->vc, m->cluster, rows);
    return true;
}

/* Which of its namespaces stand still; false: not known yet, as find_terms() says. */
static bool find_frozen(Feeds *f, FeedMember *host, FeedMember *m, const TenantTerms *terms)
{
    const char *need = NULL;

    buf_reset(&m->frozen);
    while (frozen_namespaces(f->vc, m->cluster, terms, &m->frozen, &need) < 0) {
        buf_reset(&m->frozen);
        if (!host || !is_loaded(f, host, need))
            return false;
    }
    return true;
}

static bool has_all_caches(Feeds *f, FeedMember *m)
{
    bool all = true;

    if (atomic_load(&m->cluster->state) == CLUSTER_DELETING)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (is_host(m->cluster) || !kinds[i].is_host_only)
            all = is_loaded(f, m, kinds[i].storage) && all;
    return all;
}

static void check_synced(Feeds *f, NodeFeed *n)
{
    const char *key;
    void *p;

    if (n->is_synced)
        return;
    for (size_t at = 0; map_next(&f->members, &at, &key, &p);)
        if (!view_of(n, ((FeedMember *)p)->cluster)->is_looked_at)
            return;
    n->is_synced = true;
    put_text(n, "{\"type\":\"SYNCED\"}\n");
}

static void member_free(FeedMember *m)
{
    placement_done(&m->pods);
    feed_shared_done(&m->shared);
    feed_shared_done(&m->nodes);
    objvec_done(&m->locals);
    outside_done(&m->outside);
    buf_done(&m->frozen);
    cluster_unref(m->cluster);
    free(m);
}

/* A deleted cluster, after every node was told. */
static void forget(Feeds *f, FeedMember *m, const char *key)
{
    list_for_each (l, &f->nodes) {
        View *view = map_del(&list_entry(l, NodeFeed, link)->views, key);

        if (view)
            view_free(view);
    }
    (void)map_del(&f->members, key);
    member_free(m);
}

static FeedMember *member_of(Feeds *f, Cluster *c, bool make);

/* Labels or taints of nodes have changed. Clusters with node ports are served by all nodes that
 * they may use; pods are judged by the node they are on. */
static void mark_for_nodes(Feeds *f, const Map *changed)
{
    const char *key, *node;
    void *p, *ignored;

    for (size_t at = 0; map_next(&f->members, &at, &key, &p);) {
        FeedMember *m = p;
        size_t n = 0;

        m->is_dirty |= outside_rows_of(&f->ports, m->cluster) != NULL;
        for (size_t k = 0; !m->is_dirty && map_next(changed, &k, &node, &ignored);) {
            (void)placement_on(&m->pods, node, &n);
            m->is_dirty |= n > 0;
        }
    }
}

static void look_at_all(Feeds *f)
{
    __attribute__((cleanup(map_done))) Map changed = {0};
    FeedMember *host;
    const char *key;
    void *p;

    if (list_is_empty(&f->nodes))
        return;
    host = vc_host(f->vc) ? member_of(f, vc_host(f->vc), true) : NULL;
    if (host && (host->n_loading > 0 || !has_all_caches(f, host)))
        return; /* peers are held against its nodes: all stay dirty until they are there */
    if (outside_rows_update(&f->ports, f->vc) < 0)
        return; /* they were there a moment ago: this is not reached */
    if (host && host->is_dirty && outside_nodes_changed(&f->notes, f->vc, &changed))
        mark_for_nodes(f, &changed);
    for (size_t at = 0; map_next(&f->members, &at, &key, &p);) {
        FeedMember *m = p;
        CLEANUP(terms_unref) const TenantTerms *terms = NULL;

        if (!m->is_dirty || m->n_loading > 0)
            continue;
        if (!has_all_caches(f, m))
            continue; /* still dirty; looked at when they are there */
        if (!find_terms(f, host, m, &terms) || !find_frozen(f, host, m, terms))
            continue; /* likewise */
        m->is_dirty = false;
        if (!place_pods(f, m) || !share(f, m)) {
            mark_in(f, m, RETRY_MS);
            continue;
        }
        list_for_each (l, &f->nodes)
            look(f, m, list_entry(l, NodeFeed, link), terms);
        if (atomic_load(&m->cluster->state) == CLUSTER_DELETING)
            forget(f, m, key);
    }
    list_for_each (l, &f->nodes)
        check_synced(f, list_entry(l, NodeFeed, link));
}

static void on_batch(void *data)
{
    Feeds *f = data;
    int64_t begin = clock_mono_us(), spent_ms;

    loop_timer_free(f->batch);
    f->batch = NULL;
    look_at_all(f);
    spent_ms = (clock_mono_us() - begin) / 1000;
    f->batch_ms = (uint64_t)MAX((int64_t)BATCH_MIN_MS, MIN(spent_ms * 2, (int64_t)BATCH_MAX_MS));
}

static void mark_in(Feeds *f, FeedMember *m, uint64_t ms)
{
    m->is_dirty = true;
    if (!f->batch)
        f->batch = loop_timer(f->loop, ms, 0, on_batch, f);
}

static void mark(Feeds *f, FeedMember *m)
{
    mark_in(f, m, f->batch_ms);
}

static FeedMember *member_of(Feeds *f, Cluster *c, bool make)
{
    char key[32];
    FeedMember *m;

    (void)snprintf(key, sizeof(key), "%lld", (long long)c->id);
    m = map_get(&f->members, key);
    if (m || !make)
        return m;
    m = xcalloc(1, sizeof(*m));
    m->cluster = cluster_ref(c);
    (void)map_set(&f->members, key, m);
    return m;
}

/* ---- mails ---- */

static void on_connected(void *data)
{
    Mail *m = data;
    Feeds *f = m->feeds;
    const char *key;
    void *p;

    list_add_tail(&f->nodes, &m->node->link);
    m->node->is_listed = true;
    if (vc_host(f->vc))
        (void)member_of(f, vc_host(f->vc), true);
    for (size_t at = 0; map_next(&f->members, &at, &key, &p);)
        mark(f, p);
    log_info(NULL, "node feed opened", LOG_STR("node", m->node->node));
    mail_free(m);
}

static void on_changed(void *data)
{
    Mail *m = data;
    FeedMember *member = NULL;

    if (m->r == 2)
        m->feeds->ports.is_read = false;
    if (m->name) { /* its cluster was suspended, resumed, deleted, or given a node port */
        const char *key;
        void *p;

        for (size_t at = 0; map_next(&m->feeds->members, &at, &key, &p);) {
            FeedMember *of = p;

            if (strcmp(of->cluster->name, m->name) == 0 ||
                (m->r == 3 && outside_rows_of(&m->feeds->ports, of->cluster)))
                mark(m->feeds, of);
        }
    } else
        member = member_of(m->feeds, m->cluster, m->r == 1);
    if (member)
        mark(m->feeds, member);
    mail_free(m);
}

static void name_changed(Feeds *f, Cluster *host, const char *name)
{
    Mail *m = mail(f, cluster_ref(host), NULL);

    m->name = xstrdup(name);
    loop_post(f->loop, on_changed, m);
}

/* A tenant: its cluster, or the one that its namespaces are in; both while it is moved. */
static void tenant_changed(Feeds *f, Cluster *host, const Obj *tenant)
{
    static const char *const places[] = {"spec.cluster", "status.cluster", "status.move.cluster"};
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *last = "", *shared;

    name_changed(f, host, tenant->name);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (!obj_scan_str(tenant, places[i], a, &shared) || !shared[0] || str_eq(shared, last))
            continue;
        name_changed(f, host, shared);
        last = shared;
    }
}

/* On the store thread. */
static void on_event(Cluster *c, const char *storage, Event *e, void *data)
{
    Feeds *f = data;
    bool is_member = strcmp(storage, "pods") == 0 || strcmp(storage, "persistentvolumes") == 0;
    Mail *m;

    if (is_host(c) && strcmp(storage, "tenancy/tenants") == 0) {
        tenant_changed(f, c, e->obj);
        return;
    }
    if (is_host(c) && strcmp(storage, OUTSIDE_PORTS_STORAGE) == 0) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *name;

        m = mail(f, cluster_ref(c), NULL);
        m->name = xstrdup(obj_scan_str(e->obj, "cluster", a, &name) ? name : "");
        m->r = 2;
    } else if (is_host(c) && strcmp(storage, "tenancy/plans") == 0) {
        m = mail(f, cluster_ref(c), NULL);
        m->name = xstrdup(""); /* nobody's by name: of all who have something outside */
        m->r = 3;
    } else {
        if (!kind_of(storage) || (!is_member && atomic_load(&f->n_nodes) == 0))
            return;
        m = mail(f, cluster_ref(c), NULL);
        m->r = is_member ? 1 : 0;
    }
    loop_post(f->loop, on_changed, m);
}

static void on_bookmark(void *data)
{
    Feeds *f = data;

    list_for_each (l, &f->nodes)
        put_text(list_entry(l, NodeFeed, link), "{\"type\":\"BOOKMARK\"}\n");
}

/* ---- opening ---- */

static void on_member_key(Cluster *c, const char *ns, const char *name, void *data)
{
    (void)ns;
    (void)name;
    (void)member_of(data, c, true);
}

int feeds_open(Vcluster *vc, Feeds **ret, Err *err)
{
    Feeds *f = xcalloc(1, sizeof(*f));
    int r;

    f->vc = vc;
    f->batch_ms = BATCH_MIN_MS;
    list_init(&f->nodes);
    r = loop_open("feeds", &f->loop, err);
    if (r == 0)
        loop_wipes(f->loop); /* pods' Secrets pass through it */
    if (r < 0) {
        free(f);
        return r;
    }
    /* subscribed first: a pod made meanwhile comes as an event */
    f->subscription = store_subscribe(vc->store, on_event, f);
    r = store_scan_keys(vc->store, "pods", on_member_key, f, err);
    if (r >= 0)
        r = store_scan_keys(vc->store, "persistentvolumes", on_member_key, f, err);
    if (r >= 0) {
        f->bookmarks = loop_timer(f->loop, BOOKMARK_MS, BOOKMARK_MS, on_bookmark, f);
        r = loop_spawn(f->loop, err);
    }
    if (r < 0) {
        store_unsubscribe(vc->store, f->subscription);
        loop_close(f->loop);
        free(f);
        return r;
    }
    *ret = f;
    return 0;
}

void feeds_close(Feeds *f)
{
    const char *key;
    void *p;

    if (!f)
        return;
    store_unsubscribe(f->vc->store, f->subscription);
    loop_stop(f->loop);
    loop_join(f->loop);
    loop_timer_free(f->batch);
    loop_timer_free(f->bookmarks);
    for (size_t at = 0; map_next(&f->members, &at, &key, &p);)
        member_free(p);
    map_done(&f->members);
    outside_rows_done(&f->ports);
    outside_nodes_done(&f->notes);
    loop_close(f->loop);
    free(f);
}
