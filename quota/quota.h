/*
 * quota.h - how much: what an object weighs, and whether it fits.
 *
 * Two kinds of limit. A plan's limits of a whole cluster are counters in the store, charged in the
 * write's transaction (store.h Charge). A ResourceQuota object's `used` is the object's own status,
 * written in the same transaction with its revision as precondition. Both weigh objects with the
 * functions here, which are pure.
 *
 * Threads: any. Frees: results live in the arena.
 * Tests:   tests/unit/quota/
 */
#ifndef QUOTA_QUOTA_H
#define QUOTA_QUOTA_H

#include "api/kind.h"
#include "base/quantity.h"
#include "base/value.h"

typedef struct Usage { /* one line: "requests.cpu" 500m, "pods" 1, "count/deployments.apps" 1 */
    const char *name;
    Quantity amount;
} Usage;

typedef struct Usages {
    Usage *items;
    uint32_t n;
} Usages;

/* What `object` (in storage form; NULL weighs nothing) counts against ResourceQuotas: pods and
 * their requests and limits (terminal pods weigh nothing but count/pods), services, PVCs, object
 * counts. */
Usages quota_weigh(Arena *a, const Resource *r, const Value *object);
/* A pod that ran to its end weighs nothing but its place among the objects. */
bool quota_is_over(const Value *pod);
/* Does its status say something else of what its containers have been given? */
bool quota_has_resized(const Value *old, const Value *pod);
/* When a pod under deletion has had the time to end twice, it weighs as little, too: nobody is to
 * pay for what a lost node keeps. INT64_MAX: it is not under deletion, or has for ever. */
int64_t quota_overdue_us(const Value *pod);
/* Does this ResourceQuota (its scopes and scopeSelector) apply to the object? */
bool quota_applies(const Value *resource_quota, const Resource *r, const Value *object);
/* Admit old -> new (either may be NULL) under one ResourceQuota: 0 and the new status in *ret (NULL
 * when nothing changes), or ERR_FORBIDDEN with the real server's text: exceeded quota: NAME,
 * requested: pods=1, used: pods=3, limited: pods=3. */
int quota_admit(Arena *a, const Value *resource_quota, const Resource *r, const Value *old,
                const Value *new, int64_t now_us, Value **ret, Err *err);

/* The same for a change that nobody can refuse, as what a node says of a pod. */
Value *quota_follow(Arena *a, const Value *resource_quota, const Resource *r, const Value *old,
                    const Value *new, int64_t now_us);

/* A status of {"hard","used"}; `used` may lack names (then 0) and have more. */
Value *quota_status(Arena *a, const Usages *hard, const Usages *used);

typedef struct QuotaObjs { /* the objects of one resource in the quota's namespace */
    const Resource *resource;
    Value *const *items; /* trees */
    size_t n;
} QuotaObjs;
/* The storage name of what a line of `hard` counts ("pods" for "limits.cpu", "apps/deployments" for
 * "count/deployments.apps"); NULL when no built-in resource is meant. */
const char *quota_counted(const char *hard_name);
/* The status of a quota counted from nothing, for when it is made or its spec changes. */
Value *quota_recount(Arena *a, const Value *resource_quota, const QuotaObjs *all, size_t n,
                     int64_t now_us);

/* ---- plan limits of a whole cluster ----
 * A counter is an integer that the store adds up. What objects ask for is counted by name: "cpu"
 * (in milli), "memory", "limits.cpu", "requests.example.com/gpu", "services.nodeports", "storage",
 * "gold.storageclass.storage.k8s.io/requests.storage". What they are is counted by rows: "objects",
 * "bytes" (in blocks), and "#apps/deployments" for each kind. */
enum { AUDIT_POLICIES_MAX = 16 /* of one cluster, by name; others are not looked at */ };
enum { QUOTA_BLOCK = 512 /* stored bytes of an object are counted in whole blocks of it */ };
int64_t quota_blocks(size_t bytes); /* in bytes */

typedef struct PlanCharge {
    const char *counter;
    int64_t delta;
} PlanCharge;
typedef struct PlanCharges {
    PlanCharge *items;
    uint32_t n;
} PlanCharges;
/* The counters that old -> new changes (either NULL), but for those of rows. A pod counts by what
 * it asks for, also while it is resized: what a node says of it never meets a limit. */
PlanCharges quota_plan_charges(Arena *a, const Resource *r, const Value *old, const Value *new);
/* "exceeded quota: tenant, requested: pods=1, used: pods=10, limited: pods=10" */
const char *quota_plan_message(Arena *a, const PlanCharge *c, int64_t used, int64_t limit);
/* The counter of a limit's name ("requests.cpu", "configmaps", "count/deployments.apps"); NULL when
 * nothing is counted by that name. */
const char *quota_plan_counter(Arena *a, const char *name);
/* The name that a counter has for people. */
const char *quota_plan_name(Arena *a, const char *counter);
/* A limit's text ("10", "4", "8Gi") in the counter's units; INT64_MAX when NULL. */
int64_t quota_plan_limit(const char *counter, const char *text);
/* So much of a counter, as text. */
const char *quota_plan_text(Arena *a, const char *counter, int64_t n);

/* ---- LimitRange ---- */
/* Defaults of one LimitRange into a pod; nothing else has any. */
void limitrange_default(Arena *a, const Value *range, const Resource *r, Value *object);
/* What its bounds say against a pod or claim, in the real server's words; NULL when nothing. */
const char *limitrange_check(Arena *a, const Value *range, const Resource *r, const Value *object);

#endif
