/*
 * standin.h - who answers in place of a tenant that does not exist.
 *
 * A stranger must not learn which tenants there are. So a request that names no tenant is not
 * refused here but served by a cluster that nobody has a credential of and nothing is written to:
 * it goes the way that it would go in a tenant, and gets the answer that a tenant gives to
 * strangers. The first request for a name also takes as long as that of a tenant that is not in
 * memory.
 *
 * Owns:    the names asked for lately, a bounded number.
 * Threads: any.
 * Frees:   standin_close().
 * Tests:   tests/unit/hostplane/test_server.c, tests/e2e/test_escape.py
 */
#ifndef HOSTPLANE_STANDIN_H
#define HOSTPLANE_STANDIN_H

#include "hostplane/front.h"

typedef struct StandIn StandIn;

/* The stand-in's name: no tenant's, and nothing that a path or host name can say. */
#define STANDIN_NAME "-"

StandIn *standin_open(int64_t idle_s); /* a tenant's caches are dropped after so long */
void standin_close(StandIn *s);

/* Set q->cluster to the stand-in (NULL when there is none). True when the request may go on; else
 * wake(q) follows on a thread of the store. */
bool standin_take(HttpReq *q, Slice name, void (*wake)(HttpReq *q));

#endif
