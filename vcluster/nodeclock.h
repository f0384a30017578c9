/*
 * nodeclock.h - when each of the platform's nodes changed last: what versions of nodes in tenants
 * are made of.
 *
 * A revision of the cluster `host` counts everything that is written there, so its steps would tell
 * a tenant how much happens on the platform. A stamp is a time, which it knows anyway. Whoever
 * writes a node of the host notes the stamp in it, as an annotation that tenants do not see, and a
 * node's end has one of its own. That a node may have left somebody's sight (its end, other labels)
 * is noted in a row beside them, so that the newest stamp never goes back.
 *
 * The place of a stamp in the host's history is found by looking for who has it: a node as it is
 * now, or an event in memory. Where neither does, the place is lost (410), and a client lists anew.
 *
 * Threads: a request's functions the request's; the others any.
 * Tests:   tests/unit/vcluster/test_nodepools.c, tests/e2e/test_nodeview.py
 */
#ifndef VCLUSTER_NODECLOCK_H
#define VCLUSTER_NODECLOCK_H

#include "vcluster/vcluster_int.h"

#define NODE_STAMP "hostplane-changed" /* the annotation: milliseconds since 1970 */
#define NODES_GONE "internal/nodesgone"

/* Of a node of the host: milliseconds since 2020; 1 when it was never noted. */
int64_t nodeclock_of(const Obj *host);
int64_t nodeclock_now(void);
/* When a node may have left somebody's sight. `gone`: the cache of NODES_GONE, or NULL. */
int64_t nodeclock_gone(Cache *gone);

/* Notes the stamps of what the request is about to write. */
int nodeclock_writes(Request *req);

/* The revision of the host behind which everything lies that a client who knows the nodes (those
 * that `t` lets it see) as of `stamp` has not seen: that, and perhaps something that it has.
 * -ERR_EXPIRED when it is lost. */
int nodeclock_place(Cache *hosts, Cache *gone, const TenantTerms *t, int64_t stamp, int64_t *ret);

#endif
