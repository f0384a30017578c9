#include "controllers/gc_graph.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

typedef struct Owner Owner;

typedef struct Node {
    char *id; /* "cluster|storage|ns|name" */
    char *storage, *ns, *name;
    Owner **owners; /* with the one that stands for kinds nobody knows, when it is unresolved */
    uint32_t n_owners;
    bool is_unresolved;
} Node;

struct Owner {
    char *id; /* "cluster|uid" */
    Node **nodes;
    size_t n, cap;
};

enum { GONE_MAX = 4096 };

typedef struct Gone {
    char *id; /* "cluster|uid" */
    char *storage, *ns, *name;
} Gone;

struct GcGraph {
    pthread_mutex_t lock; /* guards the rest; a leaf */
    Map nodes, owners, loaded;
    Gone gone[GONE_MAX]; /* a ring */
    uint32_t next_gone;
    Map gone_by_id; /* into the ring */
};

GcGraph *gc_graph_new(void)
{
    GcGraph *g = xcalloc(1, sizeof(*g));

    pthread_mutex_init(&g->lock, NULL);
    return g;
}

static void node_free(Node *node)
{
    free(node->id);
    free(node->storage);
    free(node->ns);
    free(node->name);
    free(node->owners);
    free(node);
}

static void owner_free(Owner *owner)
{
    free(owner->id);
    free(owner->nodes);
    free(owner);
}

static void gone_done(Gone *gone)
{
    free(gone->id);
    free(gone->storage);
    free(gone->ns);
    free(gone->name);
    *gone = (Gone){0};
}

void gc_graph_free(GcGraph *g)
{
    Node *node;
    Owner *owner;

    if (!g)
        return;
    for (size_t at = 0; map_next(&g->nodes, &at, NULL, (void **)&node);)
        node_free(node);
    for (size_t at = 0; map_next(&g->owners, &at, NULL, (void **)&owner);)
        owner_free(owner);
    map_done(&g->nodes);
    map_done(&g->owners);
    map_done(&g->loaded);
    map_done(&g->gone_by_id);
    for (size_t i = 0; i < GONE_MAX; i++)
        gone_done(&g->gone[i]);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static Owner *owner_need(GcGraph *g, const char *cluster, const char *uid)
{
    AUTO_FREE char *id = xasprintf("%s|%s", cluster, uid);
    Owner *owner = map_get(&g->owners, id);

    if (owner)
        return owner;
    owner = xcalloc(1, sizeof(*owner));
    owner->id = TAKE(id);
    map_set(&g->owners, owner->id, owner);
    return owner;
}

static void unlink_owner(GcGraph *g, Owner *owner, const Node *node)
{
    for (size_t i = 0; i < owner->n; i++) {
        if (owner->nodes[i] == node) {
            owner->nodes[i] = owner->nodes[--owner->n];
            break;
        }
    }
    if (owner->n == 0) {
        map_del(&g->owners, owner->id);
        owner_free(owner);
    }
}

static void drop_node(GcGraph *g, const char *id)
{
    Node *node = map_del(&g->nodes, id);

    if (!node)
        return;
    for (uint32_t i = 0; i < node->n_owners; i++)
        unlink_owner(g, node->owners[i], node);
    node_free(node);
}

/* There is room in node->owners. */
static void link_owner(GcGraph *g, Node *node, const char *cluster, const char *uid)
{
    Owner *owner = owner_need(g, cluster, uid);

    GROW(owner->nodes, owner->cap, owner->n + 1);
    owner->nodes[owner->n++] = node;
    node->owners[node->n_owners++] = owner;
}

void gc_graph_put(GcGraph *g, const char *cluster, const char *storage, const Obj *o)
{
    AUTO_FREE char *id = xasprintf("%s|%s|%s|%s", cluster, storage, o->ns, o->name);
    Node *node;

    pthread_mutex_lock(&g->lock);
    drop_node(g, id);
    if (o->n_owners > 0) {
        node = xcalloc(1, sizeof(*node));
        node->id = TAKE(id);
        node->storage = xstrdup(storage);
        node->ns = xstrdup(o->ns);
        node->name = xstrdup(o->name);
        node->owners = xcalloc(o->n_owners + 1, sizeof(*node->owners));
        for (uint32_t i = 0; i < o->n_owners; i++)
            link_owner(g, node, cluster, o->owners[i].uid);
        map_set(&g->nodes, node->id, node);
    }
    pthread_mutex_unlock(&g->lock);
}

void gc_graph_del(GcGraph *g, const char *cluster, const char *storage, const char *ns,
                  const char *name)
{
    AUTO_FREE char *id = xasprintf("%s|%s|%s|%s", cluster, storage, ns, name);

    pthread_mutex_lock(&g->lock);
    drop_node(g, id);
    pthread_mutex_unlock(&g->lock);
}

void gc_graph_drop_cluster(GcGraph *g, const char *cluster)
{
    AUTO_FREE char *prefix = xasprintf("%s|", cluster);
    const Node *node;

    pthread_mutex_lock(&g->lock);
    for (size_t at = 0; map_next(&g->nodes, &at, NULL, (void **)&node);) {
        AUTO_FREE char *id = str_starts(node->id, prefix) ? xstrdup(node->id) : NULL;

        if (id)
            drop_node(g, id);
    }
    (void)map_del(&g->loaded, cluster); /* the value is only a mark */
    pthread_mutex_unlock(&g->lock);
}

GcNode *gc_graph_dependents(GcGraph *g, Arena *a, const char *cluster, const char *uid,
                            uint32_t *ret_n)
{
    const char *id = arena_printf(a, "%s|%s", cluster, uid);
    const Owner *owner;
    GcNode *list = NULL;

    *ret_n = 0;
    pthread_mutex_lock(&g->lock);
    owner = map_get(&g->owners, id);
    if (owner) {
        list = arena_array(a, GcNode, owner->n);
        for (size_t i = 0; i < owner->n; i++)
            list[i] = (GcNode){arena_strdup(a, owner->nodes[i]->storage),
                               arena_strdup(a, owner->nodes[i]->ns),
                               arena_strdup(a, owner->nodes[i]->name)};
        *ret_n = (uint32_t)owner->n;
    }
    pthread_mutex_unlock(&g->lock);
    return list;
}

/* ---- what is gone ---- */

void gc_graph_note_gone(GcGraph *g, const char *cluster, const char *storage, const Obj *o)
{
    AUTO_FREE char *id = xasprintf("%s|%s", cluster, o->uid);
    Gone *at;

    pthread_mutex_lock(&g->lock);
    /* Nothing refers to most of what goes. */
    if (!map_get(&g->gone_by_id, id) &&
        (map_get(&g->owners, id) || !map_get(&g->loaded, cluster))) {
        at = &g->gone[g->next_gone++ % GONE_MAX];
        if (at->id)
            (void)map_del(&g->gone_by_id, at->id); /* the value is in the ring */
        gone_done(at);
        *at = (Gone){TAKE(id), xstrdup(storage), xstrdup(o->ns), xstrdup(o->name)};
        map_set(&g->gone_by_id, at->id, at);
    }
    pthread_mutex_unlock(&g->lock);
}

static bool is_of_group(const char *storage, const char *group)
{
    size_t n = strlen(group);

    return n == 0 ? !strchr(storage, '/') : str_starts(storage, group) && storage[n] == '/';
}

bool gc_graph_is_gone(GcGraph *g, const char *cluster, const char *uid, const char *group,
                      const char *storage, const char *ns, const char *name)
{
    AUTO_FREE char *id = xasprintf("%s|%s", cluster, uid);
    const Gone *gone;
    bool is_gone;

    pthread_mutex_lock(&g->lock);
    gone = map_get(&g->gone_by_id, id);
    is_gone = gone &&
              (storage ? str_eq(gone->storage, storage) : is_of_group(gone->storage, group)) &&
              (!gone->ns[0] || str_eq(gone->ns, ns)) && str_eq(gone->name, name);
    pthread_mutex_unlock(&g->lock);
    return is_gone;
}

/* ---- kinds that nobody knows ---- */

/* An owner that no reference names, as these have a uid: its dependents are the objects with an
 * owner of such a kind. */
static const char unknown_kinds[] = "";

void gc_graph_set_unresolved(GcGraph *g, const char *cluster, const GcNode *at)
{
    AUTO_FREE char *id = xasprintf("%s|%s|%s|%s", cluster, at->storage, at->ns, at->name);
    Node *node;

    pthread_mutex_lock(&g->lock);
    node = map_get(&g->nodes, id);
    if (node && !node->is_unresolved) {
        link_owner(g, node, cluster, unknown_kinds);
        node->is_unresolved = true;
    }
    pthread_mutex_unlock(&g->lock);
}

GcNode *gc_graph_unresolved(GcGraph *g, Arena *a, const char *cluster, uint32_t *ret_n)
{
    return gc_graph_dependents(g, a, cluster, unknown_kinds, ret_n);
}

bool gc_graph_is_loaded(GcGraph *g, const char *cluster)
{
    bool is_loaded;

    pthread_mutex_lock(&g->lock);
    is_loaded = map_get(&g->loaded, cluster) != NULL;
    pthread_mutex_unlock(&g->lock);
    return is_loaded;
}

void gc_graph_set_loaded(GcGraph *g, const char *cluster)
{
    pthread_mutex_lock(&g->lock);
    map_set(&g->loaded, cluster, g);
    pthread_mutex_unlock(&g->lock);
}
