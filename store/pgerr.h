/*
 * pgerr.h - what a failure of PostgreSQL means to us: SQLSTATE to error code, in one table.
 *
 * Threads: any.
 */
#ifndef STORE_PGERR_H
#define STORE_PGERR_H

#include "base/err.h"

#include <libpq-fe.h>

ErrCode pgerr_code(const char *sqlstate); /* NULL: the connection is gone */
/* Raise what `res` reports; `what` was being done. */
int pgerr_set(Err *err, const PGresult *res, const char *what);

#endif
