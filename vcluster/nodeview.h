/*
 * nodeview.h - the nodes of a tenant: the host's, as the tenant may see them, with the tenant's own
 * changes laid over them, and those that it registered itself.
 *
 * DESIGN. All that a tenant writes to nodes is in rows of the storage "internal/nodeoverlays" of
 * its own cluster: an overlay (api/nodeoverlay.h), or a whole node under "own". Reads and watches
 * put rows and the host's objects together; writes are turned into rows just before the
 * transaction, and their results back.
 *
 * Versions. A node of the view changes when the host's object does, which has a stamp s of the host
 * (nodeclock.h: a time), and when the row does, at a revision t of the tenant. A row knows the
 * newest stamp S that the tenant saw when it was written. The resourceVersion is the later of
 *
 *     s << 22        and        S << 22 | t mod 2^22
 *
 * which orders all changes of a tenant's nodes, as the row's change comes behind the host's at S
 * and before its next, and says nothing of what else is written on the platform. A host's change
 * that commits while a row, or another node, is on its way may come out of order: a watch that goes
 * on from such a version hears of what was written in the seconds before again.
 *
 * Threads: a request's functions the request's; nodeview_of() any.
 * Fails:   as the engine does.
 * Tests:   tests/unit/vcluster/test_loopback.c, tests/e2e/test_nodeview.py
 */
#ifndef VCLUSTER_NODEVIEW_H
#define VCLUSTER_NODEVIEW_H

#include "api/nodeoverlay.h"
#include "vcluster/nodeclock.h"

bool nodeview_serves(const Cluster *c, const char *storage);

/* May the tenant see this node of the host? */
bool nodeview_shows(const TenantTerms *t, const Obj *host);
/* What the tenant sees of the host's node (NULL: there is none for it) under its row (may be NULL):
 * a reference, NULL when it sees nothing. */
Obj *nodeview_of(const Vcluster *vc, const TenantTerms *t, const Obj *host, const Obj *row);

int nodeview_get(Request *req, const char *name, Stored *ret);
/* An object with the labels that the request's cluster sees on the node, and nothing else that may
 * be shown; NULL: it sees no such node. */
int nodeview_labelled(Request *req, const char *name, const Obj **ret);
int nodeview_list(Request *req, const CacheScan *scan, ObjVec *ret, int64_t *ret_revision,
                  bool *ret_more);
/* The node of the platform that pods with this address are on, by its range of addresses: the name,
 * in the arena; NULL when it is in no node's range. -ERR_UNAVAILABLE until nodes are in memory. */
int nodeview_of_address(Vcluster *vc, Arena *a, const char *ip, const char **ret);
/* As vc_get() and vc_list(): -ERR_UNAVAILABLE until the host's nodes and the cluster's rows are in
 * memory. */
int nodeview_vc_get(Vcluster *vc, Cluster *c, const char *name, Obj **ret);
int nodeview_vc_list(Vcluster *vc, Cluster *c, const CacheScan *scan, ObjVec *ret,
                     int64_t *ret_revision, bool *ret_more);
/* The lease of a platform's node, by which its life is told, for whoever reads it in a tenant: with
 * the owner's uid as the tenant sees it, at the tenant's newest version. NULL in *ret: there is
 * none. */
bool nodeview_has_lease(const Cluster *c, const Resource *r, const char *ns);
int nodeview_lease(Request *req, const char *name, Obj **ret);
/* Adds those of all nodes that the tenant sees and that `v` does not have. */
int nodeview_leases(Request *req, ObjVec *v);
/* No client has been told of a version beyond this one. */
int64_t nodeview_newest(void);

/* Turn the nodes in the write set into rows; and the results of the transaction into nodes. */
int nodeview_writes(Request *req);
int nodeview_results(Request *req);

/* ---- for watches ---- */
/* What a list reflects: revisions of the host and of the tenant. */
typedef struct NodesPlace {
    int64_t host, rows;
} NodesPlace;

/* As read_list(), of all nodes that `scan` wants. */
int nodeview_list_at(Request *req, const CacheScan *scan, ObjVec *ret, int64_t *ret_version,
                     NodesPlace *ret_place);
/* What such a list would say of itself, without making it. */
int nodeview_now(Request *req, int64_t *ret_version, NodesPlace *ret_place);
int64_t nodeview_stamp(int64_t version);
/* The tenant's revision up to which the client at `version` has heard of rows; `now` is the newest.
 * 0 when the version, of a change of the host, does not tell: */
int64_t nodeview_row_revision(int64_t version, int64_t now);
/* then, may the row's last change be behind it? */
bool nodeview_is_news(const Obj *row, int64_t version);
/* `version`, of which the rows as of this revision of the tenant are known, too. */
int64_t nodeview_with_rows(int64_t version, int64_t revision);

#endif
