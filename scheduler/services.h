/*
 * services.h - the selectors of Services, by namespace, read when they are first asked for: pods
 * that no controller keeps together are spread by the services that select them.
 *
 * Owns:    what it has read. Changes are told by services_forget().
 * Threads: the scheduler's only.
 * Frees:   services_free().
 * Fails:   never: services that cannot be read select nothing.
 * Tests:   tests/unit/scheduler/test_spread.c
 */
#ifndef SCHEDULER_SERVICES_H
#define SCHEDULER_SERVICES_H

#include "base/map.h"
#include "client/client.h"

typedef struct Services Services;

Services *services_new(Lister *l);
void services_free(Services *s);
DEFINE_CLEANUP(Services, services_free);

/* All labels that services which select `labels` ask for, in the arena; NULL: none does. */
Value *services_selecting(Services *s, Arena *a, const char *cluster, const char *ns,
                          const Value *labels);
void services_forget(Services *s, const char *cluster); /* one of its services has changed */

#endif
