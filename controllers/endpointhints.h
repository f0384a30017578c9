/*
 * endpointhints.h - which zone takes which endpoint of a Service that is annotated with
 * service.kubernetes.io/topology-mode: Auto: each zone as many as it has of the CPUs. Pure.
 *
 * Follows upstream staging endpointslice/topologycache. Where that goes by the order of a Go map,
 * zones go by name here.
 *
 * Tests:   tests/unit/controllers/test_endpointhints.c
 */
#ifndef CONTROLLERS_ENDPOINTHINTS_H
#define CONTROLLERS_ENDPOINTHINTS_H

#include "controllers/endpointslice_sync.h"

typedef struct ZoneShare {
    const char *zone;
    int64_t cpu_milli;
    double share; /* of all zones' CPUs */
} ZoneShare;

typedef struct ZoneShares {
    ZoneShare *items; /* by name */
    uint32_t n;       /* 0: the nodes do not say enough */
    uint32_t cap;
    bool is_unknown; /* a node has no zone or no CPUs */
} ZoneShares;

/* Does the Service want hints by zone? */
bool endpointhints_are_wanted(const Value *service);

/* Count a node in; then settle the shares. */
void zone_shares_add(Arena *a, ZoneShares *s, const Value *node);
void zone_shares_settle(ZoneShares *s);
/* Do two states of a node differ in what the shares come from? */
bool zone_shares_differ(const Value *node, const Value *before);

/* Puts hints into the plans, as few changes as can be; NULL. Or takes all hints out and says why
 * there can be none. */
const char *endpointhints_set(Arena *a, const ZoneShares *s, SlicePlan *plans, uint32_t n);

#endif
