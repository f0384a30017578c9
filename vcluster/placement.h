/*
 * placement.h - which pods of a cluster are on which node, for the feeds of many nodes: a pod is
 * read once when it has changed, not once for each node.
 *
 * Owns:    references on the pods.
 * Threads: one at a time.
 * Frees:   placement_done(). What the functions return lives until the next update.
 * Fails:   never.
 * Tests:   tests/unit/vcluster/test_placement.c
 */
#ifndef VCLUSTER_PLACEMENT_H
#define VCLUSTER_PLACEMENT_H

#include "base/map.h"
#include "store/store.h"

typedef struct PlacedPod {
    Obj *pod;
    const char *node;
} PlacedPod;

typedef struct Placement {
    /* read-only: all pods that have a node, those of a node together */
    PlacedPod *pods;
    size_t n;
    /* private; all zero at first */
    size_t cap;
    Map known;   /* "namespace/name" -> what was read of the pod */
    Map by_node; /* node -> where its pods stand */
} Placement;

void placement_done(Placement *p);
/* The pods of the cluster as they are now. */
void placement_update(Placement *p, const ObjVec *pods);
/* Those on the node; how many in *ret_n. */
const PlacedPod *placement_on(const Placement *p, const char *node, size_t *ret_n);

#endif
