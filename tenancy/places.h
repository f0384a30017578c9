/*
 * places.h - where the service accounts of a token's cluster are now. A tenant that was moved
 * (move.h) has them elsewhere, under the same uids, and tokens that were given before stay good:
 * they are still checked with the key of the cluster that signed them.
 *
 * Threads: any. Clusters in the result are kept by the arena.
 * Fails:   -ERR_UNAVAILABLE with *ret_need, for tenancy_load() of `asked`.
 * Tests:   tests/unit/tenancy/test_authn.c, tests/e2e/test_tenant_move.py
 */
#ifndef TENANCY_PLACES_H
#define TENANCY_PLACES_H

#include "tenancy/move.h"
#include "tenancy/tenancy_int.h"

typedef struct Place {
    Cluster *cluster; /* that the objects are in */
    Cluster *whose;   /* whose account it is: the tenant's that has them there */
} Place;

enum { PLACES_MAX = 4 };
typedef struct Places {
    Cluster *asked; /* which cluster was asked, and what is needed is loaded for */
    Place items[PLACES_MAX];
    int n;
} Places;

/* Where an account of the namespace may be that `issuer` knows, the likeliest first. */
int tenancy__places(Tenancy *t, Cluster *asked, Cluster *issuer, const char *ns, Arena *a,
                    Places *ret, const char **ret_need, Err *err) MUST_CHECK;
/* As tenancy__get(), at one of them. */
int tenancy__get_at(Tenancy *t, const Places *p, int i, const char *storage, const char *ns,
                    const char *name, Arena *a, Obj **ret, const char **ret_need);
/* Another cluster whose tokens may stand for accounts of `c`, and that the token says it is of;
 * NULL: none. */
int tenancy__other_issuer(Tenancy *t, Cluster *c, Slice token, Arena *a, Cluster **ret,
                          const char **ret_need, Err *err) MUST_CHECK;
/* Is the namespace of this shared cluster one of the tenant's? */
int tenancy__owns(Tenancy *t, Cluster *asked, const Place *of_tenant, const char *ns, Arena *a,
                  bool *ret, const char **ret_need, Err *err) MUST_CHECK;

/* ---- what is needed of another cluster than the one that was asked ---- */
#define AT_NEED "at:" /* "at:NAME:STORAGE" */

#endif
