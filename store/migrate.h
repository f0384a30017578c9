/*
 * migrate.h - the database schema: forward-only migrations that are part of the program.
 *
 * The table is made by tools/embed-sql from migrations/NNNN_what.sql. Each file runs in a
 * transaction of its own, under an advisory lock, and is recorded in schema_version.
 *
 * Threads: any; blocking.
 * Fails:   ERR_UNAVAILABLE without PostgreSQL; ERR_INTERNAL when the database is newer than the
 *          program, or a migration fails.
 * Tests:   tests/unit/store/test_store_pg.c
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/err.h"

#include <libpq-fe.h>

typedef struct Migration {
    int version; /* 0 ends the table */
    const char *name, *sql;
} Migration;

extern const Migration migrations[];

int migrate_run(PGconn *pg, int *ret_version, Err *err) MUST_CHECK;
/* Connect, blocking. */
int migrate_connect(const char *conninfo, PGconn **ret, Err *err) MUST_CHECK;
int migrate_exec(PGconn *pg, const char *sql, Err *err) MUST_CHECK;

static inline void pg_finish(PGconn *pg)
{
    PQfinish(pg);
}
static inline void pg_finishp(PGconn **pg)
{
    PQfinish(*pg);
}
static inline void pg_clear(PGresult *res)
{
    PQclear(res);
}
static inline void pg_clearp(PGresult **res)
{
    PQclear(*res);
}

#endif
