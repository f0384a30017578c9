/*
 * podgroup_sync.h - what the status of a PodGroup (scheduling.x-k8s.io) says of its pods. Pure.
 *
 * Follows the podgroup controller of kubernetes-sigs/scheduler-plugins.
 *
 * Tests:   tests/unit/controllers/test_podgroup_sync.c
 */
#ifndef CONTROLLERS_PODGROUP_SYNC_H
#define CONTROLLERS_PODGROUP_SYNC_H

#include "controllers/ctl.h"

/* The next status; a group goes through its phases one after the other. NULL: it stays as it is. */
Value *podgroup_status(Arena *a, const Value *group, const Values *pods);

#endif
