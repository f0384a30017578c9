/*
 * endpointslice_sync.h - the EndpointSlices of a Service, and those that mirror an Endpoints object
 * that somebody else keeps. Pure.
 *
 * First the endpoints are put into groups by ports and family; then each group is spread over
 * slices so that as few of those that exist change as can be.
 *
 * Follows upstream staging endpointslice (reconciler.go, utils.go, trafficdist) and
 * pkg/controller/endpointslicemirroring.
 *
 * Tests:   tests/unit/controllers/test_endpointslice_sync.c
 */
#ifndef CONTROLLERS_ENDPOINTSLICE_SYNC_H
#define CONTROLLERS_ENDPOINTSLICE_SYNC_H

#include "base/map.h"
#include "controllers/endpoints_sync.h"

enum { ENDPOINTSLICE_MAX = 100 /* of mirrors, ENDPOINTS_MAX */ };

/* Groups, each {addressType, ports, endpoints}, those of one family one after the other. Of a
 * family of the service without endpoints there is a group without ports and endpoints. `nodes`:
 * from names to nodes as trees, for zones; NULL: the nodes are not asked. */
Value *endpointslice_groups(Arena *a, const Value *service, const Values *pods, const Map *nodes);
/* *ret_n_skipped: addresses beyond ENDPOINTS_MAX in a subset. */
Value *endpointslice_mirror_groups(Arena *a, const Value *endpoints, uint32_t *ret_n_skipped);
bool endpointslice_is_mirrored(const Value *endpoints, const Value *service);

typedef struct SlicePlan {
    Value *slice; /* that exists; NULL: a new one */
    Value *type, *ports, *endpoints;
    bool has_changed; /* it is written in any case */
} SlicePlan;

typedef enum SliceKind {
    SLICES_OF_SERVICE,
    SLICES_BY_ZONE, /* of a Service; hints are not looked at: endpointhints_set() follows */
    SLICES_MIRRORED,
} SliceKind;
/* What there is to be, for a group without endpoints a slice that says so; in the order of the
 * groups. What `have` has beyond that is to go. */
SlicePlan *endpointslice_pack(Arena *a, Value *groups, const Values *have, SliceKind kind,
                              uint32_t *ret_n);

Value *endpointslice_labels(Arena *a, const Value *service);
Value *endpointslice_mirror_labels(Arena *a, const Value *endpoints);

#endif
