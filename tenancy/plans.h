/*
 * plans.h - the Plans that every installation has: objects of the host's base layer.
 *
 * Threads: any; constant.
 */
#ifndef TENANCY_PLANS_H
#define TENANCY_PLANS_H

#include "base/base.h"

#define PLAN_DEFAULT "standard"

/* Stored form without uid and creationTimestamp; metadata first. Ends with an empty name. */
typedef struct BasePlan {
    const char *name, *json;
} BasePlan;
extern const BasePlan base_plans[];

#endif
