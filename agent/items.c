#include "agent/items.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

struct Items {
    ItemFn on_change;
    void *data;
    pthread_mutex_t lock; /* guards the two below */
    Map by_kind;          /* "cluster resource" -> Map of "ns/name" -> Item */
    uint64_t round;
};

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

Item *item_new(const char *cluster, const char *resource, const Value *object)
{
    Arena *a = arena_new();
    Item *i = arena_new0(a, Item);
    const Value *meta;

    i->arena = a;
    i->refs = 1;
    i->cluster = arena_strdup(a, cluster);
    i->resource = arena_strdup(a, resource);
    i->v = value_copy(a, object);
    meta = value_get(i->v, "metadata");
    i->ns = or_empty(value_get_str(meta, "namespace"));
    i->name = or_empty(value_get_str(meta, "name"));
    i->uid = or_empty(value_get_str(meta, "uid"));
    return i;
}

bool item_suspends(const Item *cluster, const char *ns)
{
    return value_at_bool(cluster->v, "suspended") ||
           value_has_str(value_get(cluster->v, "suspendedNamespaces"), ns);
}

Item *item_ref(Item *i)
{
    if (i)
        i->refs++;
    return i;
}

void item_unref(Item *i)
{
    if (i && --i->refs == 0)
        arena_free(i->arena);
}

static void free_kind(void *p)
{
    map_done(p);
    free(p);
}

static void free_item(void *p)
{
    item_unref(p);
}

Items *items_new(ItemFn on_change, void *data)
{
    Items *s = xcalloc(1, sizeof(*s));

    s->on_change = on_change;
    s->data = data;
    s->by_kind.free_value = free_kind;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void items_free(Items *s)
{
    if (!s)
        return;
    map_done(&s->by_kind);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void changed(Items *s, Item *now, Item *before)
{
    if (s->on_change)
        s->on_change(now, before, s->data);
}

static Map *kind_map(Items *s, const char *cluster, const char *resource, bool make)
{
    AUTO_FREE char *key = xasprintf("%s %s", cluster, resource);
    Map *m = map_get(&s->by_kind, key);

    if (!m && make) {
        m = xcalloc(1, sizeof(*m));
        m->free_value = free_item;
        (void)map_set(&s->by_kind, key, m);
    }
    return m;
}

void items_put(Items *s, Item *i)
{
    AUTO_FREE char *key = xasprintf("%s/%s", i->ns, i->name);
    Item *before;

    pthread_mutex_lock(&s->lock);
    i->round = s->round;
    before = map_set(kind_map(s, i->cluster, i->resource, true), key, item_ref(i));
    pthread_mutex_unlock(&s->lock);
    if (!before || !value_equal(before->v, i->v))
        changed(s, i, before);
    item_unref(before);
    item_unref(i);
}

void items_del(Items *s, const char *cluster, const char *resource, const char *ns,
               const char *name)
{
    AUTO_FREE char *key = xasprintf("%s/%s", ns, name);
    Item *before = NULL;
    Map *m;

    pthread_mutex_lock(&s->lock);
    m = kind_map(s, cluster, resource, false);
    if (m)
        before = map_del(m, key);
    pthread_mutex_unlock(&s->lock);
    if (before)
        changed(s, NULL, before);
    item_unref(before);
}

void items_begin_round(Items *s)
{
    pthread_mutex_lock(&s->lock);
    s->round++;
    pthread_mutex_unlock(&s->lock);
}

static void add_to(ItemList *l, size_t *cap, Item *i)
{
    GROW(l->items, *cap, l->n + 1);
    l->items[l->n++] = item_ref(i);
}

void items_end_round(Items *s)
{
    AUTO_ITEM_LIST old = {0};
    size_t cap = 0;
    Map *m;
    Item *i;

    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; map_next(&s->by_kind, &at, &(const char *){NULL}, (void **)&m);) {
        for (size_t k = 0; map_next(m, &k, &(const char *){NULL}, (void **)&i);) {
            if (i->round != s->round)
                add_to(&old, &cap, i);
        }
    }
    pthread_mutex_unlock(&s->lock);
    for (size_t k = 0; k < old.n; k++) {
        i = old.items[k];
        items_del(s, i->cluster, i->resource, i->ns, i->name);
    }
}

Item *items_get(Items *s, const char *cluster, const char *resource, const char *ns,
                const char *name)
{
    AUTO_FREE char *key = xasprintf("%s/%s", ns, name);
    Item *i = NULL;
    Map *m;

    pthread_mutex_lock(&s->lock);
    m = kind_map(s, cluster, resource, false);
    if (m)
        i = item_ref(map_get(m, key));
    pthread_mutex_unlock(&s->lock);
    return i;
}

void items_list(Items *s, const char *cluster, const char *resource, ItemList *ret)
{
    size_t cap = 0;
    const char *key;
    Map *m;
    Item *i;

    *ret = (ItemList){0};
    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; map_next(&s->by_kind, &at, &key, (void **)&m);) {
        const char *space = strchr(key, ' ');

        if (strcmp(space + 1, resource) != 0)
            continue;
        if (cluster && (strlen(cluster) != (size_t)(space - key) ||
                        strncmp(key, cluster, (size_t)(space - key)) != 0))
            continue;
        for (size_t k = 0; map_next(m, &k, &(const char *){NULL}, (void **)&i);)
            add_to(ret, &cap, i);
    }
    pthread_mutex_unlock(&s->lock);
}

void items_all(Items *s, ItemList *ret)
{
    size_t cap = 0;
    Map *m;
    Item *i;

    *ret = (ItemList){0};
    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; map_next(&s->by_kind, &at, &(const char *){NULL}, (void **)&m);) {
        for (size_t k = 0; map_next(m, &k, &(const char *){NULL}, (void **)&i);)
            add_to(ret, &cap, i);
    }
    pthread_mutex_unlock(&s->lock);
}

void item_list_done(ItemList *l)
{
    for (size_t i = 0; i < l->n; i++)
        item_unref(l->items[i]);
    free(l->items);
}
