/*
 * auditset.c - a cluster's own AuditPolicies, compiled once and kept with the cluster until one of
 * them changes.
 */
#include "base/mem.h"
#include "quota/quota.h"
#include "vcluster/audit.h"

static const char storage[] = "audit/auditpolicies";

struct AuditSet {
    _Atomic uint32_t refs;
    int64_t stamp;
    AuditPolicy *items[AUDIT_POLICIES_MAX];
    uint32_t n;
};

void audit_set_unref(AuditSet *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    for (uint32_t i = 0; i < s->n; i++)
        audit_policy_unref(s->items[i]);
    free(s);
}

static AuditSet *set_ref(AuditSet *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

static AuditSet *set_new(Cache *k, int64_t stamp)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuditSet *s = xcalloc(1, sizeof(*s));
    CacheScan scan = {.limit = AUDIT_POLICIES_MAX};
    AUTO_OBJVEC found = {0};
    int64_t revision;

    s->refs = 1;
    s->stamp = stamp;
    (void)cache_list(k, &scan, &found, &revision);
    for (size_t i = 0; i < found.n && s->n < AUDIT_POLICIES_MAX; i++) {
        const Value *spec = value_get(obj_to_value(a, found.items[i], NULL, NULL), "spec");

        if (spec)
            s->items[s->n++] = audit_policy_new(spec);
    }
    return s;
}

/* A reference. */
static AuditSet *set_of(Cluster *c, Cache *k)
{
    ClusterExt *ext = cluster_ext(c);
    int64_t stamp = cache_changed(k);
    AuditSet *s = NULL;

    pthread_mutex_lock(&ext->lock);
    if (ext->audit && ext->audit->stamp == stamp)
        s = set_ref(ext->audit);
    pthread_mutex_unlock(&ext->lock);
    if (s)
        return s;
    s = set_new(k, stamp);
    pthread_mutex_lock(&ext->lock);
    audit_set_unref(ext->audit);
    ext->audit = set_ref(s);
    pthread_mutex_unlock(&ext->lock);
    return s;
}

static void judge(Cluster *c, Cache *k, const AuditAttrs *at, AuditVerdict *v)
{
    AuditSet *own;

    if (cache_size(k) == 0)
        return;
    own = set_of(c, k);
    for (uint32_t i = 0; i < own->n; i++)
        audit_policy_judge(own->items[i], at, v);
    audit_set_unref(own);
}

int audit_judge_own(Request *req, Cluster *c, const AuditAttrs *at, AuditVerdict *v)
{
    Cache *k;
    int s = engine_cache(req, c, storage, &k);

    if (!s)
        judge(c, k, at, v);
    return s;
}

const char *audit_judge_loaded(Vcluster *vc, Cluster *c, const AuditAttrs *at, AuditVerdict *v)
{
    CLEANUP(cache_unref) Cache *k = store_cache(vc->store, c, storage);

    if (!k)
        return storage;
    judge(c, k, at, v);
    return NULL;
}
