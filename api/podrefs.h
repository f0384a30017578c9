/*
 * podrefs.h - the config maps, secrets and claims that a pod's spec names. Upstream:
 * VisitPodSecretNames() and VisitPodConfigmapNames() of pkg/api/pod.
 *
 * Threads: any. Frees: names are borrowed from the tree.
 * Tests:   tests/unit/api/test_podrefs.c
 */
#ifndef API_PODREFS_H
#define API_PODREFS_H

#include "base/value.h"

/* `storage` is "configmaps", "secrets" or "persistentvolumeclaims". True ends the visit. */
typedef bool (*PodRefFn)(const char *storage, const char *name, void *data);

/* Visit every reference; true when fn ended it. */
bool podrefs_visit(const Value *pod, PodRefFn fn, void *data);
/* Does the pod name this object; with name NULL: any object of the kind? */
bool podrefs_has(const Value *pod, const char *storage, const char *name);

#endif
