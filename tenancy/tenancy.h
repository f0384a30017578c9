/*
 * tenancy.h - the tenants: their life cycle, kubeconfigs and usage.
 *
 * The life cycle is decided here and carried out by the caller: prepare functions give the Tenant
 * object as it is to be stored and the ClusterChange that goes into the same transaction.
 *
 * Owns:    Tenancy: caches of identities, verified credentials; all bounded.
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
/* Its terms are made anew when they are asked for. */
void tenancy_forget(Cluster *c);
DEFINE_CLEANUP(Tenancy, tenancy_close);
/* Once, before requests come. Without it only the store's own caches are read. */
void tenancy_set_reader(Tenancy *t, TenancyGetFn get, void *data);

/* ---- tokens of foreign issuers ---- */

/* An HTTPS GET of a document of an issuer's. Made by tenancy/oidc.c, carried out by the owner of
 * the process (hostplane/hooks.c). */
typedef struct TenancyFetch TenancyFetch;
struct TenancyFetch {
    /* in; all lives until done() */
    const char *cluster, *url;
    const char *ca_pem;            /* NULL: what the system trusts */
    bool is_providers;             /* of `host`: it may lead to private addresses */
    void (*done)(TenancyFetch *f); /* called once, on any thread, perhaps inside the start */
    void *data;
    /* out */
    int status; /* of HTTP; 0: failed, `error` says why */
    Buf body;   /* freed by whoever made it */
    char error[256];
};
typedef void (*TenancyFetchFn)(TenancyFetch *f, void *data);
/* Once, before requests come. Without it no foreign token is accepted. */
void tenancy_set_fetcher(Tenancy *t, TenancyFetchFn fetch, void *data);
/* Whose tokens `host` accepts and whether it wants any: the text of an AuthenticationConfiguration,
 * YAML or JSON. Once, before requests come. */
int tenancy_set_issuers(Tenancy *t, Slice text, Err *err) MUST_CHECK;

/* ---- tokens that Secrets have ---- */

/* The token of a Secret was used on a day that its label kubernetes.io/legacy-token-last-used does
 * not say. On the thread of a request: only enqueue. */
typedef void (*TenancyTokenUseFn)(const char *cluster, const char *ns, const char *secret,
                                  void *data);
/* At any time; what was there before is not called any more when it returns. NULL: nobody asks. */
void tenancy_on_token_use(Tenancy *t, TenancyTokenUseFn fn, void *data);

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

/* The newest place of the cluster's audit chain as a token, signed with its token key. */
int tenancy_sign_audit(Tenancy *t, Cluster *c, const AuditPlace *head, int64_t now_us, Arena *a,
                       const char **ret, Err *err) MUST_CHECK;

/* ---- usage ---- */
/* TenantUsage.status: {"observedAt":...,"used":{...},"limits":{...}} */
int tenancy_usage(Tenancy *t, Cluster *c, Arena *a, int64_t now_us, Value **ret,
                  const char **ret_need) MUST_CHECK;

/* The same of all tenants of a group, whose `limits` are as its spec has them. */
int tenancy_group_usage(Tenancy *t, const char *group, const Value *limits, Arena *a,
                        int64_t now_us, Value **ret) MUST_CHECK;

/* ---- metering ---- */
/* A request of a tenant has been answered. */
void tenancy_count(Cluster *c, int64_t received, int64_t sent);
/* Carry what was counted to the store; every few seconds. */
void tenancy_meter_flush(Tenancy *t, int64_t now_us);

/* ---- taking credentials back ---- */
/* `tenant` with a revocation of what was issued up to now: of one user, or of everybody. */
int tenancy_revoke(Arena *a, const Value *tenant, const char *user, bool service_accounts,
                   int64_t now_us, Value **ret_tenant, Err *err) MUST_CHECK;

/* ---- letting the provider's people in ---- */
enum { ACCESS_MAX_S = 3600 };
/* `tenant` with a record of who was let in, what for, and until when. */
int tenancy_access(Arena *a, const Value *tenant, const char *user, const char *reason,
                   int64_t lifetime_s, int64_t now_us, Value **ret_tenant, Err *err) MUST_CHECK;

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
