/*
 * tenancy_int.h - what the files of tenancy/ share: the Tenancy and its bounded caches.
 */
#ifndef TENANCY_TENANCY_INT_H
#define TENANCY_TENANCY_INT_H

#include "base/lru.h"
#include "tenancy/authn.h"
#include "tenancy/identity.h"
#include "tenancy/tenancy.h"
#include "tenancy/terms.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    TENANCY_MAX_IDENTITIES = 2048, /* parsed keys kept in memory */
    TENANCY_MAX_TOKENS = 4096,     /* verified tokens remembered */
};

struct Tenancy {
    Store *store;
    char *external_url;
    TenancyGetFn get;
    void *get_data;
    int subscription;
    _Atomic uint64_t epoch;  /* of the objects that terms are made of */
    pthread_mutex_t lock;    /* guards the two caches */
    Lru identities;          /* "NAME:ID:" -> Identity */
    Lru tokens;              /* "NAME:ID:sha256" -> Verified */
    int64_t plans_seen;      /* retention.c, on the store thread: how the plans were ... */
    bool has_retention;      /* ... when one of them said something */
    TenantTerms *host_terms; /* NULL: it accepts no foreign tokens */
    TenancyFetchFn fetch;    /* NULL: nothing can be fetched */
    void *fetch_data;
    pthread_mutex_t use_lock; /* guards the two below; held while on_use() is called */
    TenancyTokenUseFn on_use; /* NULL: nobody asks */
    void *use_data;
};

/* ---- of objects of the platform ---- */
/* A condition of a tenant, since when the one before has had the same status. */
Value *tenancy__condition(Arena *a, const Value *before, const char *type, const char *status,
                          const char *reason, const char *message, int64_t now_us);
static inline bool tenancy__is_suspended(const Value *tenant)
{
    return str_eq(value_at_str(tenant, "spec.state"), "Suspended");
}

#define TENANTS "tenancy/tenants"
#define PLANS   "tenancy/plans"
#define POOLS   "tenancy/nodepools"
#define GROUPS  "tenancy/tenantgroups"

/* What is added up of requests. */
enum { METER_REQUESTS, METER_RECEIVED, METER_SENT, METER_MAX_ };

/* What hangs on a cluster that was asked for. */
typedef struct TenantSlot {
    pthread_mutex_t lock;    /* guards terms, epoch, public_keys */
    char *public_keys;       /* identity_write_public() of it, once its key was there; or NULL */
    TenantTerms *terms;      /* NULL at first */
    uint64_t epoch;          /* Tenancy.epoch when they were found current */
    _Atomic int64_t full_at; /* gate.c */
    _Atomic int64_t inside[GATE_MAX_];
    _Atomic int64_t metered[METER_MAX_]; /* not yet stored */
    struct OidcSlot *oidc;               /* NULL at first; guarded by the lock until it is there */
} TenantSlot;
TenantSlot *tenancy__slot(Cluster *c);

/* One object across the base layer; -ERR_UNAVAILABLE with *ret_need when it is not in memory. */
int tenancy__get(Tenancy *t, Cluster *c, const char *storage, const char *ns, const char *name,
                 Obj **ret, const char **ret_need);
/* Of a token of a service account whose claims are good: when it is what a Secret is there for, is
 * it that still? */
int tenancy__check_secret_token(Tenancy *t, Cluster *c, const Value *claims, Slice token,
                                int64_t now_us, Arena *a, const char **ret_need,
                                Err *err) MUST_CHECK;
/* The key prefix of a cluster in the caches. */
enum { TENANCY_KEY_MAX = 192 };
char *tenancy__key(const Cluster *c, const char *rest, char out[TENANCY_KEY_MAX]);

enum { NS_PER_S = 1000 * 1000 * 1000 }; /* durations of plans, and of what is told of them */
/* Store thread: StoreWindowFn, and what changes it. */
int64_t tenancy__window(Cluster *c, void *data);
void tenancy__window_event(Tenancy *t, const char *storage, const Event *e);

void tenancy__verified_unref(void *verified);

#endif
