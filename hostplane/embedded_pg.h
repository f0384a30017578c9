/*
 * embedded_pg.h - a private PostgreSQL under the data directory: found, initialised, started,
 * supervised, stopped.
 *
 *     DIR/postgres/data   the cluster           DIR/postgres/sock   its socket; no TCP
 *     DIR/postgres/log    what it prints        DIR/postgres/lock   held by the server that uses it
 *
 * Started by root it runs as user postgres, or nobody; otherwise as ourselves. A thread of its own
 * starts it, waits for its end and starts it again; the kernel stops it when we die. One that runs
 * but takes no connections any more is stopped and started again. One that a killed server left
 * behind is stopped first.
 *
 * Owns:    the thread, the child, the lock.
 * Threads: open and close block; one thread. embedded_pg_conninfo() any.
 * Frees:   embedded_pg_close() stops it (fast shutdown) and waits.
 * Fails:   with what to do: no PostgreSQL installed, a directory its user cannot reach, the
 *          directory in use by another server.
 * Tests:   tests/unit/hostplane/test_embedded_pg.c
 */
#ifndef HOSTPLANE_EMBEDDED_PG_H
#define HOSTPLANE_EMBEDDED_PG_H

#include "base/base.h"

typedef struct Err Err;
typedef struct EmbeddedPg EmbeddedPg;

typedef struct EmbeddedPgOptions {
    const char *dir;     /* of the server; exists or can be made */
    const char *bin_dir; /* where postgres and initdb are; NULL: look for them */
} EmbeddedPgOptions;

int embedded_pg_open(const EmbeddedPgOptions *o, EmbeddedPg **ret, Err *err) MUST_CHECK;
void embedded_pg_close(EmbeddedPg *pg);
DEFINE_CLEANUP(EmbeddedPg, embedded_pg_close);

const char *embedded_pg_conninfo(const EmbeddedPg *pg);
int embedded_pg_n_restarts(const EmbeddedPg *pg);

#endif
