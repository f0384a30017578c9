/*
 * endpoints_sync.h - which addresses and ports stand behind a Service: the Endpoints object. Pure.
 *
 * Follows upstream pkg/controller/endpoint.
 *
 * Tests:   tests/unit/controllers/test_endpoints_sync.c
 */
#ifndef CONTROLLERS_ENDPOINTS_SYNC_H
#define CONTROLLERS_ENDPOINTS_SYNC_H

#include "controllers/podutil.h"

enum { ENDPOINTS_MAX = 1000 /* addresses of one object; slices have the rest */ };

/* The spec of the Endpoints object: its subsets, an array (empty when there are none). */
Value *endpoints_subsets(Arena *a, const Value *service, const Values *pods);

/* Leaves ENDPOINTS_MAX addresses, those that are ready first; true when there were more. */
bool endpoints_truncate(Value *subsets);

/* The labels of a Service's Endpoints. */
Value *endpoints_labels(Arena *a, const Value *service);

/* The number that a service port's targetPort means for this pod; 0 when it has no such port. */
int64_t service_target_port(const Value *service_port, const Value *pod);

#endif
