#include "controllers/node_index.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

typedef struct Bound {
    char *id, *cluster, *ns, *name, *node;
    int64_t since_us; /* of its clock; 0: it does not run */
    bool is_leaving;  /* when that has run out */
} Bound;

struct NodeIndex {
    pthread_mutex_t lock; /* guards the maps; a leaf */
    Map pods;             /* "cluster/ns/name" -> Bound */
    Map nodes;            /* name -> Map of the same Bounds */
    Map clusters;         /* name -> how many of them it has, from 1 */
};

static void bound_free(void *p)
{
    Bound *b = p;

    free(b->id);
    free(b->cluster);
    free(b->ns);
    free(b->name);
    free(b->node);
    free(b);
}

static void node_free(void *p)
{
    map_done(p);
    free(p);
}

NodeIndex *node_index_new(void)
{
    NodeIndex *x = xcalloc(1, sizeof(*x));

    pthread_mutex_init(&x->lock, NULL);
    x->pods.free_value = bound_free;
    x->nodes.free_value = node_free;
    return x;
}

void node_index_free(NodeIndex *x)
{
    if (!x)
        return;
    map_done(&x->nodes);
    map_done(&x->clusters);
    map_done(&x->pods);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

static void count_in(NodeIndex *x, const char *cluster, intptr_t by)
{
    intptr_t n = (intptr_t)map_get(&x->clusters, cluster) + by;

    if (n > 0)
        (void)map_set(&x->clusters, cluster, (void *)n);
    else
        (void)map_del(&x->clusters, cluster);
}

static void unbind(NodeIndex *x, const char *id)
{
    Bound *b = map_del(&x->pods, id);
    Map *on_node;

    if (!b)
        return;
    on_node = map_get(&x->nodes, b->node);
    map_del(on_node, id);
    if (on_node->n == 0)
        node_free(map_del(&x->nodes, b->node));
    count_in(x, b->cluster, -1);
    bound_free(b);
}

static void bind(NodeIndex *x, const char *id, const PodKey *pod, const char *node)
{
    Map *on_node = map_get(&x->nodes, node);
    Bound *b = xcalloc(1, sizeof(*b));

    *b = (Bound){.id = xstrdup(id),
                 .cluster = xstrdup(pod->cluster),
                 .ns = xstrdup(pod->ns),
                 .name = xstrdup(pod->name),
                 .node = xstrdup(node)};
    if (!on_node) {
        on_node = xcalloc(1, sizeof(*on_node));
        map_set(&x->nodes, node, on_node);
    }
    map_set(on_node, id, b);
    map_set(&x->pods, id, b);
    count_in(x, pod->cluster, 1);
}

void node_index_set(NodeIndex *x, const PodKey *pod, const char *node)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", pod->cluster, pod->ns, pod->name);
    const Bound *old;

    pthread_mutex_lock(&x->lock);
    old = map_get(&x->pods, id);
    if (!old || !node || !str_eq(old->node, node)) {
        unbind(x, id);
        if (node && node[0])
            bind(x, id, pod, node);
    }
    pthread_mutex_unlock(&x->lock);
}

int64_t node_index_clock(NodeIndex *x, const PodKey *pod, int64_t now_us)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", pod->cluster, pod->ns, pod->name);
    int64_t since_us = 0;
    Bound *b;

    pthread_mutex_lock(&x->lock);
    b = map_get(&x->pods, id);
    if (b && b->since_us == 0)
        b->since_us = now_us;
    if (b)
        since_us = b->since_us;
    pthread_mutex_unlock(&x->lock);
    return since_us;
}

void node_index_wait(NodeIndex *x, const PodKey *pod)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", pod->cluster, pod->ns, pod->name);
    Bound *b;

    pthread_mutex_lock(&x->lock);
    b = map_get(&x->pods, id);
    if (b)
        b->is_leaving = true;
    pthread_mutex_unlock(&x->lock);
}

bool node_index_stop_clock(NodeIndex *x, const PodKey *pod)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", pod->cluster, pod->ns, pod->name);
    bool was_leaving = false;
    Bound *b;

    pthread_mutex_lock(&x->lock);
    b = map_get(&x->pods, id);
    if (b) {
        was_leaving = b->is_leaving;
        b->is_leaving = false;
        b->since_us = 0;
    }
    pthread_mutex_unlock(&x->lock);
    return was_leaving;
}

void node_index_drop_cluster(NodeIndex *x, const char *cluster)
{
    const Bound *b;

    pthread_mutex_lock(&x->lock);
    for (size_t at = 0; map_next(&x->pods, &at, NULL, (void **)&b);) {
        AUTO_FREE char *id = str_eq(b->cluster, cluster) ? xstrdup(b->id) : NULL;

        if (id)
            unbind(x, id);
    }
    pthread_mutex_unlock(&x->lock);
}

bool node_index_has_cluster(NodeIndex *x, const char *cluster)
{
    bool has;

    pthread_mutex_lock(&x->lock);
    has = map_get(&x->clusters, cluster) != NULL;
    pthread_mutex_unlock(&x->lock);
    return has;
}

PodKey *node_index_pods(NodeIndex *x, Arena *a, const char *node, uint32_t *ret_n)
{
    PodKey *list = NULL;
    const Map *on_node;
    const Bound *b;

    *ret_n = 0;
    pthread_mutex_lock(&x->lock);
    on_node = map_get(&x->nodes, node);
    if (on_node) {
        list = arena_array(a, PodKey, on_node->n);
        for (size_t at = 0; map_next(on_node, &at, NULL, (void **)&b);)
            list[(*ret_n)++] = (PodKey){arena_strdup(a, b->cluster), arena_strdup(a, b->ns),
                                        arena_strdup(a, b->name)};
    }
    pthread_mutex_unlock(&x->lock);
    return list;
}
