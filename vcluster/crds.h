/*
 * crds.h - the kinds that a cluster's definitions add: a compiled set a cluster, made anew when a
 * definition changed, of definitions that are compiled once for each of their revisions.
 *
 * Owns:    the set its discovery texts, and a reference to each definition; both are counted, so
 * that requests and watches keep the set they began with. Threads: any. Tests:
 * tests/unit/vcluster/test_loopback.c
 */
#ifndef VCLUSTER_CRDS_H
#define VCLUSTER_CRDS_H

#include "vcluster/vcluster_int.h"

typedef struct CrdDef CrdDef;

struct CrdSet {
    _Atomic uint32_t refs;
    int64_t stamp; /* of the cache it was made from */
    CrdDef **defs; /* by name */
    size_t n_defs;
    const Resource **items; /* by group, then the better version, then plural */
    size_t n;
    struct TextCache *texts; /* discovery with these kinds */
};

CrdSet *crds_ref(CrdSet *s);
void crds_unref(void *set);

/* Make req->state->crds the cluster's set as it is now: STEP_OK, STEP_NEED, STEP_DONE. */
int crds_need(Request *req);
/* NULL when no definition says so, or crds_need() was not called. */
const Resource *crds_find(const Request *req, const char *group, const char *version,
                          const char *plural);
bool crds_have(const Request *req, const char *group, const char *version); /* NULL: any version */

/* What happens to a definition on its way: rows of strategy.c. Names, conditions and the end of its
 * objects are the business of controllers/crd.c. */
int crds_create(Request *req, Op *op);
int crds_update(Request *req, Op *op);
int crds_remove(Request *req, Op *op);
/* Its first deletion only marks it: the controller's finalizer comes. */
void crds_mark(Request *req, Op *op);

/* What happens to a custom resource: it is pruned to what the stored version knows. */
void crds_store(Request *req, Op *op);
/* Of a definition: formats that are not known; of a custom resource: names of finalizers. Only what
 * is new (`old` is NULL on create). */
void crds_warn(Arena *a, const Resource *r, const Value *obj, const Value *old, Warnings *ret);

#endif
