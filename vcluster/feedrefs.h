/*
 * feedrefs.h - which config maps, secrets and claims a pod needs on its node.
 *
 * Owns:    a FeedRefs owns its strings; feed_refs_free().
 * Threads: any.
 * Tests:   tests/unit/vcluster/test_feedrefs.c
 */
#ifndef VCLUSTER_FEEDREFS_H
#define VCLUSTER_FEEDREFS_H

#include "api/obj.h"

typedef struct FeedRef {
    const char *storage; /* "configmaps", "secrets" or "persistentvolumeclaims" */
    char *name;
} FeedRef;

typedef struct FeedRefs {
    int64_t revision;    /* of the pod */
    char *account;       /* its service account */
    char *runtime_class; /* NULL: none */
    FeedRef *items;
    size_t n, cap;
} FeedRefs;

FeedRefs *feed_refs_of(const Obj *pod);
FeedRefs *feed_refs_of_account(const Obj *service_account); /* its pull secrets */
void feed_refs_free(void *refs);

#endif
