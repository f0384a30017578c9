/*
 * inproc.h - client and lister of this process' own server: for controllers and scheduler.
 *
 * A call runs the request engine on the calling thread and sleeps while the engine waits. The
 * caller's identity is trusted (User.is_internal); its name shows in managedFields and audit.
 *
 * Owns:    its subscription to the store. Clients are closed by their owners.
 * Threads: workers only (calls block); subscribers run on the store's thread.
 * Frees:   inproc_close() after the last client was closed.
 * Fails:   ERR_UNAVAILABLE when the engine does not answer in time or the store is away.
 * Tests:   tests/unit/hostplane/test_inproc.c
 */
#ifndef HOSTPLANE_INPROC_H
#define HOSTPLANE_INPROC_H

#include "client/client.h"
#include "vcluster/vcluster.h"

typedef struct Inproc Inproc;

Inproc *inproc_open(Store *store, Vcluster *vc, Tenancy *tenancy);
void inproc_close(Inproc *p);
DEFINE_CLEANUP(Inproc, inproc_close);

/* ControllersOptions.open_client: data is the Inproc. */
int inproc_open_client(const char *user, void *data, Client **ret, Err *err) MUST_CHECK;
Lister *inproc_lister(Inproc *p); /* belongs to p */
/* No subscriber is called any more when it returns. */
void inproc_quiet(Inproc *p);

#endif
