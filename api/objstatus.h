/*
 * objstatus.h - what the status of an object says.
 *
 * Owns:    nothing; results are of the tree.
 * Threads: any.
 * Fails:   NULL or false for what the status does not say.
 * Tests:   tests/unit/quota/test_quota.c, tests/unit/scheduler/test_resources.c
 */
#ifndef API_OBJSTATUS_H
#define API_OBJSTATUS_H

#include "base/value.h"

/* status.conditions: the one of `type`, or NULL. */
Value *condition_get(const Value *object, const char *type);

/* What a list of a pod's status ("containerStatuses", ...) has of the container; NULL: nothing. */
const Value *container_status(const Value *pod, const char *list, const char *container);
/* A resize of the pod waits, and its node has said that it will never have room for it. */
bool pod_resize_is_infeasible(const Value *pod);

#endif
