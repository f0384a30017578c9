/*
 * terms.h - what a tenant has agreed to: its plan with its own overrides, and the node pools they
 * name, as one value that is read on each request.
 *
 * Terms come from objects of `host`: Tenant, Plan, NodePools. They hang on the cluster and are made
 * anew when one of these has changed; so a change of a plan holds for the next request of each of
 * its tenants.
 *
 * Owns:    TenantTerms are immutable and counted.
 * Threads: any.
 * Frees:   terms_unref().
 * Fails:   -ERR_UNAVAILABLE: load the cache *ret_need of `host` and call again; when *ret_need was
 *          not set there is no such tenant (any more).
 * Tests:   tests/unit/tenancy/test_terms.c, tests/e2e/test_plans.py
 */
#ifndef TENANCY_TERMS_H
#define TENANCY_TERMS_H

#include "api/selector.h"
#include "audit/policy.h"
#include "store/store.h"

typedef struct Tenancy Tenancy;

typedef struct TermLimit {
    const char *counter; /* quota.h */
    int64_t value;
} TermLimit;

typedef enum NodeSight { NODES_FULL, NODES_MASKED, NODES_NONE } NodeSight;

typedef struct TermPool {
    const char *name;
    const Selector *selector; /* NULL: all nodes */
    bool is_dedicated;
    bool is_ours; /* named by the terms; a dedicated one also given to this tenant */
} TermPool;

typedef struct TermRevocation {
    int64_t before_s;
    const char *user; /* "": everybody */
    bool service_accounts;
} TermRevocation;

/* Limits that several tenants have together. */
typedef struct TermGroup {
    const char *name;
    const TermLimit *limits;
    uint32_t n_limits;
} TermGroup;

/* 0: no bound */
typedef struct TermRates {
    int64_t per_second, burst, running, watches, streams;
} TermRates;

typedef struct TenantTerms {
    /* read-only */
    _Atomic uint32_t refs;
    Arena *arena;
    int64_t tenant_revision, plan_revision, pools_revision;
    int64_t groups_revision; /* 0: it is in none */
    const char *plan;
    const TermLimit *limits;
    uint32_t n_limits;
    int32_t weight; /* of the scheduler's fairness */
    NodeSight sight;
    int pod_security; /* 0 privileged, 1 baseline, 2 restricted */
    TermRates rates;
    const char *const *storage_classes, *const *runtime_handlers; /* end with NULL; NULL: any */
    const char *const *external_addresses;                        /* ends with NULL; NULL: none */
    const char *const *admin_users, *const *admin_groups;         /* end with NULL */
    bool is_dedicated;                                            /* nodes of its own only */
    bool names_pools;      /* only nodes of the pools it names */
    const TermPool *pools; /* all there are */
    uint32_t n_pools;
    const char *cluster; /* isolation `namespace`: whose cluster its namespaces are in; or NULL */
    int64_t since;       /* the revision there when they came; 0: it was never moved */
    const char *beside;  /* the shared cluster that it is moved from or to (move.h); or NULL */
    bool is_clearing;    /* what is left where it was is of nobody's concern but the move's */
    bool is_shared;      /* others may have namespaces in its cluster */
    const TermGroup *groups; /* the innermost first */
    uint32_t n_groups;
    const TermRevocation *revocations;
    uint32_t n_revocations;
    const struct JwtAuth *jwt; /* foreign issuers whose tokens are accepted */
    uint32_t n_jwt;
    bool refuses_anonymous;
    const char *const *anonymous_paths; /* ends with NULL; NULL: all there are */
    AuditPolicy *audit;                 /* what is recorded at least; NULL: nothing */
    int64_t audit_bytes; /* of its audit log, from which on its own policies record nothing more */
} TenantTerms;

/* A reference. Those of `host` bind nobody; they only say whose tokens it accepts,
 * and whether it wants any. */
int tenancy_terms(Tenancy *t, Cluster *c, const TenantTerms **ret,
                  const char **ret_need) MUST_CHECK;
const TenantTerms *terms_none(void); /* bind nobody */
/* `authentication` is an AuthenticationConfiguration. */
TenantTerms *terms_of_host(const Value *authentication, Err *err);
TenantTerms *terms_ref(const TenantTerms *t);
void terms_unref(const TenantTerms *t);
static inline void terms_unrefp(const TenantTerms **p)
{
    terms_unref(*p);
}

/* Made of the same objects in the same state? */
static inline bool terms_are_same(const TenantTerms *a, const TenantTerms *b)
{
    return a->tenant_revision == b->tenant_revision && a->plan_revision == b->plan_revision &&
           a->pools_revision == b->pools_revision;
}

/* The name under which the cluster `host` counts what a group has in use of a counter. */
const char *terms_group_counter(Arena *a, const char *group, const char *counter);
int64_t terms_group_limit(const TermGroup *g, const char *counter); /* INT64_MAX: none */
int64_t terms_limit(const TenantTerms *t, const char *counter);     /* INT64_MAX: none */
/* May the tenant's pods use a node with these labels? */
bool terms_allow_node(const TenantTerms *t, const Value *labels);
bool terms_allow_node_obj(const TenantTerms *t, const Obj *node);
/* May a service of the tenant have this address towards the outside of the nodes? */
bool terms_allow_address(const TenantTerms *t, const char *ip);
static inline bool terms_restrict_nodes(const TenantTerms *t)
{
    return t->n_pools > 0 || t->is_dedicated || t->names_pools;
}
/* Is a credential of this user, issued then, taken back? */
bool terms_revoked(const TenantTerms *t, const char *user, int64_t issued_s);
bool terms_is_admin(const TenantTerms *t, const char *user, const char *const *groups);

/* Adds the limits of a spec, by name, to those there are (an array in the arena). */
void terms_read_limits(Arena *a, const Value *limits, const TermLimit **all, uint32_t *n_all);

/* The pools that a tenant's spec or else its plan names, as an array; NULL when none does. */
const Value *terms_pools_of(const Value *tenant, const Value *plan);

/* ---- how fast and how much at a time ----
 * Every request of a tenant enters, and leaves when its answer is over. */
typedef enum GateKind { GATE_REQUEST, GATE_WATCH, GATE_STREAM, GATE_MAX_ } GateKind;

/* 0, or the seconds after which it makes sense to try again. */
int gate_enter(Cluster *c, const TenantTerms *t, GateKind kind, int64_t now_us);
/* A request turned out to be worth so many more: they are owed, for ten seconds at most. */
void gate_owe(Cluster *c, const TenantTerms *t, int64_t requests, int64_t now_us);
void gate_leave(Cluster *c, GateKind kind);

#endif
