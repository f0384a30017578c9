/*
 * zonememo.h - what is known between syncs about hints by zone: the CPUs of each cluster's zones,
 * and the Services that have hints or are to have them.
 *
 * Owns:    copies of everything.
 * Threads: any.
 * Frees:   zonememo_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_endpointhints.c
 */
#ifndef CONTROLLERS_ZONEMEMO_H
#define CONTROLLERS_ZONEMEMO_H

#include "controllers/endpointhints.h"

typedef struct ZoneMemo ZoneMemo;

ZoneMemo *zonememo_new(void);
void zonememo_free(ZoneMemo *m);
DEFINE_CLEANUP(ZoneMemo, zonememo_free);

/* The shares of a cluster; false when they are not known, and then *ret_version is to be handed to
 * zonememo_learn(), which keeps nothing if nodes have changed meanwhile. */
bool zonememo_shares(ZoneMemo *m, Arena *a, const char *cluster, ZoneShares *ret,
                     uint64_t *ret_version);
void zonememo_learn(ZoneMemo *m, const char *cluster, const ZoneShares *s, uint64_t version);
void zonememo_forget(ZoneMemo *m, const char *cluster); /* NULL: of every cluster */
/* The cluster is gone, with its Services. */
void zonememo_drop_cluster(ZoneMemo *m, const char *cluster);

typedef struct ServiceKey {
    const char *cluster, *ns, *name;
} ServiceKey;
/* It wants hints: a node that changes from now on finds it in zonememo_services(). */
void zonememo_want(ZoneMemo *m, const ServiceKey *service);
/* Note whether the Service wants hints, and whether it has them; true when it had them before. */
bool zonememo_note(ZoneMemo *m, const ServiceKey *service, bool wants, bool has);
bool zonememo_is_empty(ZoneMemo *m); /* no Service wants any */
/* The Services that want hints, in the arena. `cluster` NULL: of every cluster. */
const ServiceKey *zonememo_services(ZoneMemo *m, Arena *a, const char *cluster, uint32_t *ret_n);

#endif
