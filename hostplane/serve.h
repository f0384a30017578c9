/*
 * serve.h - a whole server from start-up to shutdown: PostgreSQL, keys, store, engine, front,
 * controllers, scheduler.
 *
 * Threads: the main thread; blocks until SIGTERM or SIGINT.
 * Fails:   with the text of what could not be started.
 * Tests:   tests/e2e/
 */
#ifndef HOSTPLANE_SERVE_H
#define HOSTPLANE_SERVE_H

#include "hostplane/config.h"

int serve(const Config *c, Err *err) MUST_CHECK;
/* Only bring the database's schema up to date. */
int serve_migrate(const Config *c, int *ret_version, Err *err) MUST_CHECK;

#endif
