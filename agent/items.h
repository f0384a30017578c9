/*
 * items.h - what the server told this node: pods, config maps, secrets, services, ... by cluster.
 *
 * Filled by feed.c. Objects never change; a new version replaces the old one, so a reader that
 * holds a reference computes on it without a lock.
 *
 * Owns:    a reference to each item.
 * Threads: any; one mutex guards the maps and is a leaf. The change callback runs on the feed's
 *          thread without the lock.
 * Frees:   items_free(); item_unref() for what items_get() and items_list() gave.
 * Fails:   never.
 * Tests:   tests/unit/agent/test_items.c
 */
#ifndef AGENT_ITEMS_H
#define AGENT_ITEMS_H

#include "base/value.h"

typedef struct Items Items;

typedef struct Item {
    /* read-only */
    _Atomic uint32_t refs;
    uint64_t round; /* of the feed that brought it */
    Arena *arena;
    const char *cluster, *resource, *ns, *name, *uid; /* never NULL */
    const Value *v;
} Item;

Item *item_new(const char *cluster, const char *resource, const Value *object);
Item *item_ref(Item *i);
void item_unref(Item *i);
DEFINE_CLEANUP(Item, item_unref);

/* Of an item of "clusters": do pods of this namespace stand still, as their tenant is suspended? */
bool item_suspends(const Item *cluster, const char *ns);

/* now NULL: it was deleted. before NULL: it is new. */
typedef void (*ItemFn)(Item *now, Item *before, void *data);

Items *items_new(ItemFn on_change, void *data);
void items_free(Items *s);
DEFINE_CLEANUP(Items, items_free);

/* Takes the reference. Of the resource "clusters" (cluster state) name and ns are "". */
void items_put(Items *s, Item *i);
void items_del(Items *s, const char *cluster, const char *resource, const char *ns,
               const char *name);
/* A feed starts from the beginning: what it has not brought again when items_end_round() is called
 * is gone. */
void items_begin_round(Items *s);
void items_end_round(Items *s);

Item *items_get(Items *s, const char *cluster, const char *resource, const char *ns,
                const char *name); /* a reference or NULL */
/* References to all of a resource; cluster NULL: of every cluster. */
typedef struct ItemList {
    Item **items;
    size_t n;
} ItemList;
void items_list(Items *s, const char *cluster, const char *resource, ItemList *ret);
void items_all(Items *s, ItemList *ret);
void item_list_done(ItemList *l);
#define AUTO_ITEM_LIST __attribute__((cleanup(item_list_done))) ItemList

#endif
