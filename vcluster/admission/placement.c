#include "vcluster/placement.h"

#include "base/mem.h"

enum { KNOWN_SPARE = 64 };

typedef struct Known {
    Obj *pod;   /* a reference: as long as the cache has this very object, nothing has changed */
    char *node; /* NULL: it has none */
} Known;

typedef struct Group {
    size_t first, n, filled;
} Group;

static void known_free(void *p)
{
    Known *k = p;

    obj_unref(k->pod);
    free(k->node);
    free(k);
}

void placement_done(Placement *p)
{
    map_done(&p->known);
    map_done(&p->by_node);
    free(p->pods);
    *p = (Placement){.n = 0};
}

static char *read_node(const Obj *pod)
{
    CLEANUP(arena_free) Arena *a = arena_new_sized(256);
    const char *node;

    return obj_scan_str(pod, "spec.nodeName", a, &node) && node[0] ? xstrdup(node) : NULL;
}

static const Known *know(Placement *p, Obj *pod)
{
    AUTO_FREE char *key = xasprintf("%s/%s", pod->ns, pod->name);
    Known *k = map_get(&p->known, key);

    if (k && k->pod == pod)
        return k;
    if (!k) {
        k = xcalloc(1, sizeof(*k));
        map_set(&p->known, key, k);
    }
    obj_unref(k->pod);
    free(k->node);
    k->pod = obj_ref(pod);
    k->node = read_node(pod);
    return k;
}

static Group *group_need(Placement *p, const char *node)
{
    Group *g = map_get(&p->by_node, node);

    if (!g) {
        g = xcalloc(1, sizeof(*g));
        map_set(&p->by_node, node, g);
    }
    return g;
}

/* Pods that are gone are forgotten all at once, when they are many. */
static void forget_old(Placement *p, size_t n_now)
{
    p->known.free_value = known_free;
    p->by_node.free_value = free;
    map_clear(&p->by_node);
    if (p->known.n > 2 * n_now + KNOWN_SPARE)
        map_clear(&p->known);
}

void placement_update(Placement *p, const ObjVec *pods)
{
    const Known **known = xcalloc(pods->n + 1, sizeof(const Known *));
    size_t first = 0;
    Group *g;

    forget_old(p, pods->n);
    for (size_t i = 0; i < pods->n; i++) {
        known[i] = know(p, pods->items[i]);
        if (known[i]->node)
            group_need(p, known[i]->node)->n++;
    }
    for (size_t at = 0; map_next(&p->by_node, &at, NULL, (void **)&g); first += g->n)
        g->first = first;
    GROW(p->pods, p->cap, first);
    p->n = first;
    for (size_t i = 0; i < pods->n; i++) {
        if (!known[i]->node)
            continue;
        g = group_need(p, known[i]->node);
        p->pods[g->first + g->filled++] = (PlacedPod){known[i]->pod, known[i]->node};
    }
    free(known);
}

const PlacedPod *placement_on(const Placement *p, const char *node, size_t *ret_n)
{
    const Group *g = map_get(&p->by_node, node);

    *ret_n = g ? g->n : 0;
    return g ? p->pods + g->first : NULL;
}
