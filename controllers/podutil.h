/*
 * podutil.h - what controllers ask of pods. Pure, but for creations and deletions.
 *
 * Tests:   tests/unit/controllers/test_replicaset_sync.c, test_podutil.c
 */
#ifndef CONTROLLERS_PODUTIL_H
#define CONTROLLERS_PODUTIL_H

#include "controllers/ctl.h"

const char *pod_phase(const Value *pod); /* never NULL */
bool pod_is_finished(const Value *pod);  /* Succeeded or Failed */
bool pod_is_active(const Value *pod);    /* neither finished nor under deletion */
bool pod_is_ready(const Value *pod);
const char *pod_bound_node(const Value *pod); /* NULL when it has none yet */
/* Would the claim of this generic ephemeral volume of the pod have that name? False also when it is
 * a volume of another kind. */
bool pod_names_ephemeral(const Value *pod, const Value *volume, const char *claim);
/* Ready for at least min_ready_s. */
bool pod_is_available(const Value *pod, int64_t min_ready_s, int64_t now_us);

/* A pod as `owner` (with kind and apiVersion) makes it from its template. */
Value *pod_from_template(Arena *a, const Value *template, const Value *owner);
/* POST it and record SuccessfulCreate or FailedCreate on the owner. A namespace that goes away is
 * no failure: *ret_is_hopeless is set. */
int pod_create(Ctl *ctl, const Value *owner, Value *pod, bool *ret_is_hopeless,
               Err *err) MUST_CHECK;
/* DELETE it and record it on the owner. */
int pod_delete(Ctl *ctl, const Value *owner, const Value *pod, Err *err) MUST_CHECK;

/* The same of many, with calls that do not wait for each other: they share commits. */
enum { PODS_AT_ONCE = 64 };
typedef struct PodCall {
    const Value *pod;
    /* set by the call */
    int r;
    bool is_hopeless; /* r is not 0, and that is no failure: the namespace goes away */
} PodCall;
/* Up to PODS_AT_ONCE; they return the first failure. */
int pods_create(Ctl *ctl, const Value *owner, PodCall *calls, size_t n, Err *err) MUST_CHECK;
int pods_delete(Ctl *ctl, const Value *owner, PodCall *calls, size_t n, Err *err) MUST_CHECK;

/* Expectations of pods: what every map function of a pod controller does with a pod's change.
 * Enqueues the owner of `kind`. */
void pod_map_expected(Controllers *c, uint32_t index, const Change *ch, const char *kind);

#endif
