/*
 * podutil.h - what controllers ask of pods. Pure, but for the expectations.
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
/* Is the init container of this name one that runs as long as the pod does? */
bool pod_has_sidecar(const Value *pod, const char *name);
const char *pod_bound_node(const Value *pod); /* NULL when it has none yet */
/* Would the claim of this generic ephemeral volume of the pod have that name? False also when it is
 * a volume of another kind. */
bool pod_names_ephemeral(const Value *pod, const Value *volume, const char *claim);
/* Ready for at least min_ready_s. */
bool pod_is_available(const Value *pod, int64_t min_ready_s, int64_t now_us);
/* In how many ms a pod that is ready will have been so for long enough; 0: it has, or is not. */
int64_t pod_available_in_ms(const Value *pod, int64_t min_ready_s, int64_t now_us);
/* The first of them to be; 0: there is nothing to wait for. */
int64_t pods_available_in_ms(const Values *pods, int64_t min_ready_s, int64_t now_us);

/* A pod as `owner` (with kind and apiVersion) makes it from its template. */
Value *pod_from_template(Arena *a, const Value *template, const Value *owner);
/* Expectations of pods: what every map function of a pod controller does with a pod's change.
 * Enqueues the owner of `kind`. */
void pod_map_expected(Controllers *c, uint32_t index, const Change *ch, const char *kind);

#endif
