#include "base/lru.h"

#include "base/mem.h"

typedef struct Entry {
    List order;
    char *key;
    void *value;
} Entry;

void lru_init(Lru *l, size_t cap, void (*free_value)(void *))
{
    BUG_ON(cap == 0);
    *l = (Lru){.cap = cap, .free_value = free_value};
    list_init(&l->order);
}

static void drop(Lru *l, Entry *e)
{
    map_del(&l->map, e->key);
    list_del(&e->order);
    l->free_value(e->value);
    free(e->key);
    free(e);
}

void lru_done(Lru *l)
{
    if (!l->order.next)
        return;
    lru_drop(l, "");
    map_done(&l->map);
}

void *lru_get(Lru *l, const char *key)
{
    Entry *e = map_get(&l->map, key);

    if (!e)
        return NULL;
    list_del(&e->order);
    list_add(&l->order, &e->order);
    return e->value;
}

void lru_set(Lru *l, const char *key, void *value)
{
    Entry *e = map_get(&l->map, key);

    if (e)
        drop(l, e);
    while (l->map.n >= l->cap)
        drop(l, list_entry(l->order.prev, Entry, order));
    e = xcalloc(1, sizeof(*e));
    e->key = xstrdup(key);
    e->value = value;
    list_add(&l->order, &e->order);
    map_set(&l->map, key, e);
}

void lru_drop(Lru *l, const char *prefix)
{
    list_for_each_safe (at, &l->order) {
        Entry *e = list_entry(at, Entry, order);

        if (str_starts(e->key, prefix))
            drop(l, e);
    }
}
