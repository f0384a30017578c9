/*
 * outside.h - what a node has to know of a cluster without pods on it to serve the node ports that
 * are the cluster's towards the outside (nodeports.h): those services, their endpoint slices, and
 * the pods that these name.
 *
 * An endpoint is a pod when it says so (targetRef). Of other pods such a node hears nothing.
 *
 * Owns:    references on the objects.
 * Threads: one at a time; here the feeds' loop.
 * Frees:   outside_done(), outside_rows_done(), outside_nodes_done().
 * Fails:   outside_rows_update(): -ERR_UNAVAILABLE until the host's rows are in memory.
 * Tests:   tests/e2e/test_nodes.py, test_node_network.py
 */
#ifndef VCLUSTER_OUTSIDE_H
#define VCLUSTER_OUTSIDE_H

#include "base/map.h"
#include "vcluster/vcluster_int.h"

/* Which clusters have node ports towards the outside; all zero at first. */
typedef struct OutsideRows {
    Map by_cluster; /* uid -> ObjVec */
    bool is_read;
} OutsideRows;

int outside_rows_update(OutsideRows *o, Vcluster *vc);
/* Those of a cluster; NULL: none. */
const ObjVec *outside_rows_of(const OutsideRows *o, const Cluster *c);
void outside_rows_done(OutsideRows *o);

typedef struct Outside {
    ObjVec services, slices, pods;
} Outside;

void outside_update(Outside *o, Vcluster *vc, Cluster *c, const ObjVec *rows);
void outside_done(Outside *o);

/* Names, labels, taints and addresses of the host's nodes, by which tenants may use them and pods
 * are judged; all zero at first. */
typedef struct OutsideNodes {
    Map notes; /* name -> what was read of the node */
} OutsideNodes;

/* The names of those that are others than at the last call go to *ret, a set. Are there any? */
bool outside_nodes_changed(OutsideNodes *o, Vcluster *vc, Map *ret);
void outside_nodes_done(OutsideNodes *o);

#endif
