/*
 * items.h - objects of the feed in tests, written as literals.
 */
#ifndef TESTS_UNIT_AGENT_ITEMS_H
#define TESTS_UNIT_AGENT_ITEMS_H

#include "agent/items.h"

static inline void put(Items *items, const char *cluster, const char *resource, const char *json)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    items_put(items, item_new(cluster, resource, value_literal(a, json)));
}

#endif
