/*
 * move_pods.h - which pod of a tenant that was moved is ended next where it was: a rolling
 * replacement, in which those of its controller at the new place come first. Pure.
 *
 * The controllers there have made pods of their own, under the same uid of their owner. A pod that
 * is left is ended when its controller has as many ready ones without it; so none is missing at any
 * time. Where the new ones cannot come before room is made (a limit of the tenant's plan, nodes
 * that are full), one is ended at a time.
 *
 * Tests:   tests/unit/vcluster/test_move_pods.c
 */
#ifndef VCLUSTER_TENANTS_MOVE_PODS_H
#define VCLUSTER_TENANTS_MOVE_PODS_H

#include "base/base.h"

typedef struct MovedPod {
    const char *owner; /* uid of its controller */
    int64_t want;      /* how many that is to have; -1: that is not a number */
    bool is_old;       /* at the place that is cleared */
    bool is_leaving, is_ready, has_node;
    int64_t created_us;
} MovedPod;

enum { MOVE_WAITS = -1 };

/* The one to end now, or MOVE_WAITS. `since_us`: when the clearing began. */
int move_next_pod(const MovedPod *pods, size_t n, int64_t since_us, int64_t now_us);

#endif
