/*
 * owners.h - the objects of a cache by the controller that owns them, for reconcilers: which pods
 * are this ReplicaSet's, and which are nobody's, is asked for every change of a pod, and must not
 * cost a look at all pods.
 *
 * Owns:    a reference on each object.
 * Threads: one writer, guarded by the lock of its cache.
 * Frees:   owners_done().
 * Fails:   never.
 * Tests:   tests/unit/store/test_owners.c
 */
#ifndef STORE_OWNERS_H
#define STORE_OWNERS_H

#include "base/map.h"
#include "store/objindex.h"

typedef struct Owners {
    /* private; all zero at first */
    Map by_uid;      /* of the controller -> ObjIndex */
    ObjIndex nobody; /* objects without a controller */
} Owners;

void owners_done(Owners *w);
void owners_put(Owners *w, Obj *o);                /* the same object must not be in it */
void owners_del(Owners *w, const Obj *o);          /* as it was put */
void owners_swap(Owners *w, Obj *old, Obj *fresh); /* `fresh` is the same in another form */
/* NULL: it owns nothing. uid NULL: those without a controller. */
const ObjIndex *owners_get(const Owners *w, const char *uid);

#endif
