/*
 * items.h - objects of the feed in tests, written as literals.
 */
#ifndef TESTS_UNIT_AGENT_ITEMS_H
#define TESTS_UNIT_AGENT_ITEMS_H

#include "agent/items.h"
#include "agent/net/rules.h"

static inline void put(Items *items, const char *cluster, const char *resource, const char *json)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    items_put(items, item_new(cluster, resource, value_literal(a, json)));
}

/* With the service addresses that every tenant has. */
static inline const NetFamily *family_of(int i)
{
    static NetFamily families[NET_FAMILIES];
    AddressRange services;

    if (address_range_parse(i == 0 ? "10.96.0.0/16" : "fd00:96::/112", &services))
        net_family_of(&services, &families[i]);
    return &families[i];
}

#endif
