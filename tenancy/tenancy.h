/*
 * tenancy.h - the tenants: their life cycle, limits, kubeconfigs and usage.
 *
 * The life cycle is decided here and carried out by the caller: prepare functions give the Tenant
 * object as it is to be stored and the ClusterChange that goes into the same transaction.
 *
 * Owns:    Tenancy: caches of identities, verified credentials and limits; all bounded.
 * Threads: any.
 * Frees:   tenancy_close(); results live in the arena.
 * Fails:   ERR_INVALID, ERR_FORBIDDEN with texts for the client.
 * Tests:   tests/unit/tenancy/test_tenancy.c, tests/e2e/test_tenants.py
 */
#ifndef TENANCY_TENANCY_H
#define TENANCY_TENANCY_H

#include "store/store.h"

typedef struct Tenancy Tenancy;

/* How to read one object, across the base layer: 0 with a reference (NULL: none) in *ret, or
 * -ERR_UNAVAILABLE when the cache is not loaded. vc_get() has this form. */
typedef int (*TenancyGetFn)(void *data, Cluster *c, const char *storage, const char *ns,
                            const char *name, Obj **ret);

typedef struct TenancyOptions {
    Store *store;
    const char *external_url; /* https://host:port, for kubeconfigs and endpoints; copied */
} TenancyOptions;

int tenancy_open(const TenancyOptions *o, Tenancy **ret, Err *err) MUST_CHECK;
void tenancy_close(Tenancy *t);
DEFINE_CLEANUP(Tenancy, tenancy_close);
/* Once, before requests come. Without it only the store's own caches are read. */
void tenancy_set_reader(Tenancy *t, TenancyGetFn get, void *data);

/* ---- life cycle. Trees are validated and have defaults and metadata.uid. ---- */
/* The plan a Tenant names; "standard" when it names none. */
const char *tenancy_plan_name(const Value *tenant);
/* `plan` NULL: there is none of that name. *ret_tenant has its status filled; *ret_change creates
 * the cluster. */
int tenancy_prepare_create(Tenancy *t, Arena *a, const Value *tenant, const Value *plan,
                           int64_t now_us, Value **ret_tenant, ClusterChange *ret_change,
                           Err *err) MUST_CHECK;
/* A change of spec: plan, state, overrides. ret_change->op is CLUSTER_NONE or CLUSTER_SET_STATE. */
int tenancy_prepare_update(Tenancy *t, Arena *a, const Value *old, const Value *tenant,
                           const Value *plan, int64_t now_us, Value **ret_tenant,
                           ClusterChange *ret_change, Err *err) MUST_CHECK;
int tenancy_prepare_delete(Tenancy *t, Arena *a, const Value *tenant, ClusterChange *ret_change,
                           Err *err) MUST_CHECK;

/* ---- limits ---- */
/* Every counter a plan can limit. Quantities in the unit of quota.h (cpu in milli). */
#define TENANT_COUNTERS(X)                                                                         \
    X(PODS, "pods")                                                                                \
    X(CPU, "cpu")                                                                                  \
    X(MEMORY, "memory")                                                                            \
    X(OBJECTS, "objects")                                                                          \
    X(SERVICES, "services")                                                                        \
    X(CONFIGMAPS, "configmaps")                                                                    \
    X(SECRETS, "secrets")                                                                          \
    X(STORAGE, "storage")

typedef enum TenantCounter {
#define X(id, name) TENANT_##id,
    TENANT_COUNTERS(X) TENANT_COUNTER_MAX_
#undef X
} TenantCounter;
const char *tenant_counter_name(TenantCounter c);

typedef struct TenantLimits {
    int64_t limit[TENANT_COUNTER_MAX_]; /* INT64_MAX: none */
    int32_t weight;                     /* of the scheduler's fairness */
} TenantLimits;
/* The plan's limits with the tenant's overrides; the host's are unlimited. -ERR_UNAVAILABLE: load
 * the cache *ret_need of the cluster `host` and call again; when *ret_need was not set, there is no
 * such tenant (any more). */
int tenancy_limits(Tenancy *t, Cluster *c, TenantLimits *ret, const char **ret_need) MUST_CHECK;
int64_t tenant_limit(const TenantLimits *l, const char *counter);

/* TenantUsage.status: {"observedAt":...,"used":{...},"limits":{...}} */
int tenancy_usage(Tenancy *t, Cluster *c, Arena *a, int64_t now_us, Value **ret,
                  const char **ret_need) MUST_CHECK;

/* ---- kubeconfig ---- */
typedef struct KubeconfigOptions {
    bool is_token;             /* a bearer token; else a client certificate */
    int64_t lifetime_s;        /* 0: a day */
    const char *user;          /* NULL or "": "admin" */
    const char *const *groups; /* ends with NULL; NULL or empty without user: system:masters */
} KubeconfigOptions;
/* *ret: the YAML text. */
int tenancy_kubeconfig(Tenancy *t, Cluster *c, const KubeconfigOptions *o, int64_t now_us, Arena *a,
                       const char **ret, int64_t *ret_expires_us, Err *err) MUST_CHECK;
/* https://host:port/clusters/NAME, or the external URL itself for `host`. */
const char *tenancy_endpoint(const Tenancy *t, Arena *a, const char *cluster);

#endif
