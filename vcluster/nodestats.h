/*
 * nodestats.h - what nodes and pods use: metrics.k8s.io/v1beta1, as metrics-server answers it.
 *
 * Every agent says now and then what its node and the containers on it have used since it said so
 * last (POST /apis/node.hostplane.io/v1/nodes/NAME/stats). It is kept in memory, the newest of each
 * node; nothing of it is stored. A pod's figures are taken from the node that it is bound to and
 * from no other. In a tenant a node "uses" what the tenant's own pods use on it; what the others do
 * is not its business. The platform's own cluster sees the whole node.
 *
 * The group is served as long as some node speaks.
 *
 * Owns:    the figures.
 * Threads: any.
 * Frees:   nodestats_free().
 * Fails:   nodestats_put() with ERR_BAD_REQUEST on a body that is none.
 * Tests:   tests/unit/vcluster/test_nodestats.c, tests/e2e/test_node_metrics.py
 */
#ifndef VCLUSTER_NODESTATS_H
#define VCLUSTER_NODESTATS_H

#include "vcluster/vcluster_int.h"

typedef struct NodeStats NodeStats;

NodeStats *nodestats_new(void);
void nodestats_free(NodeStats *s);

int nodestats_put(NodeStats *s, const char *node, Slice body, int64_t now_us, Err *err) MUST_CHECK;

/* The resources that are served now; none when no node speaks. */
ResourceSet nodestats_resources(const NodeStats *s);
const Resource *nodestats_find(const NodeStats *s, const char *group, const char *version,
                               const char *plural);
bool nodestats_serves(const Resource *r);
/* GET of an item or a list. */
int verb_metrics(Request *req, const Resource *r);
/* What a kubelet answers at /stats/summary, of these pods of the node alone: what the node "uses"
 * is their sum, but for the platform's own cluster. */
int nodestats_summary(Request *req, const char *node, const ObjVec *pods);
/* The same at /metrics/resource, as Prometheus reads it (pkg/kubelet/metrics/collectors). */
int nodestats_exposition(Request *req, const char *node, const ObjVec *pods);

#endif
