#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "tenancy/authn.h"
#include "vcluster/aggregation.h"

static const char storage[] = "apiregistration/apiservices";

enum {
    MAX_SERVICES = 64, /* of one cluster; the rest is as if it were not available */
    FRONT_LIFETIME_S = 7 * 86400,
    FRONT_RENEW_S = 86400, /* before it ends */
};

struct AggSet {
    _Atomic uint32_t refs;
    int64_t stamp; /* of the cache it was made from */
    Arena *arena;
    AggService *items; /* the better group first, then the better version */
    size_t n;
};

/* ---- the set ---- */

void aggset_unref(void *set)
{
    AggSet *s = set;

    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    for (size_t i = 0; i < s->n; i++)
        aggbackend_unref(s->items[i].backend);
    arena_free(s->arena);
    free(s);
}

static AggSet *set_ref(AggSet *s)
{
    if (s)
        atomic_fetch_add(&s->refs, 1);
    return s;
}

const AggService *aggset_named(const AggSet *s, const char *name)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (str_eq(s->items[i].name, name))
            return &s->items[i];
    return NULL;
}

const AggService *aggset_find(const AggSet *s, const char *group, const char *version)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (str_eq(s->items[i].group, group) && str_eq(s->items[i].version, version))
            return &s->items[i];
    return NULL;
}

const AggService *aggset_all(const AggSet *s, size_t *ret_n)
{
    *ret_n = s ? s->n : 0;
    return s ? s->items : NULL;
}

static bool is_available(const Value *v)
{
    const Value *c;

    value_each_item(value_at(v, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "Available"))
            return str_eq(value_get_str(c, "status"), "True");
    }
    return false;
}

static const char *bundle_of(Arena *a, const Value *spec)
{
    const char *text = value_get_str(spec, "caBundle");
    AUTO_BUF pem = BUF_INIT;

    if (!text || !text[0])
        return NULL;
    return b64_decode(slice_of(text), &pem) ? arena_strdup(a, buf_str(&pem)) : "";
}

/* Groups of the platform are this server's, too. */
static bool is_ours(const char *group, const char *version)
{
    return !group[0] || vc_builtin_version(group, version) || str_ends(group, ".hostplane.io");
}

static bool read_service(Arena *a, const Obj *o, AggService *ret)
{
    const Value *v = obj_to_value(a, o, NULL, NULL), *spec = value_get(v, "spec");
    const Value *service = value_get(spec, "service");

    if (!value_is(service, VALUE_OBJECT))
        return false;
    *ret = (AggService){
        .name = arena_strdup(a, o->name),
        .uid = value_at_str(v, "metadata.uid"),
        .group = value_get_str(spec, "group"),
        .version = value_get_str(spec, "version"),
        .ns = value_get_str(service, "namespace"),
        .service = value_get_str(service, "name"),
        .port = value_at_int(service, "port", 443),
        .ca_pem = bundle_of(a, spec),
        .is_unverified = value_at_bool(spec, "insecureSkipTLSVerify"),
        .is_available = is_available(v),
        .group_priority = value_at_int(spec, "groupPriorityMinimum", 0),
        .version_priority = value_at_int(spec, "versionPriority", 0),
    };
    return ret->uid && ret->group && ret->version && ret->ns && ret->service &&
           !is_ours(ret->group, ret->version);
}

static int by_priority(const void *x, const void *y)
{
    const AggService *a = x, *b = y;
    int d;

    if (a->group_priority != b->group_priority)
        return a->group_priority > b->group_priority ? -1 : 1;
    d = strcmp(a->group, b->group);
    if (d)
        return d;
    if (a->version_priority != b->version_priority)
        return a->version_priority > b->version_priority ? -1 : 1;
    return strcmp(a->version, b->version);
}

/* The better of a group's versions speaks for it. */
static void settle_groups(AggSet *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < s->n; k++)
            if (str_eq(s->items[i].group, s->items[k].group) &&
                s->items[k].group_priority > s->items[i].group_priority)
                s->items[i].group_priority = s->items[k].group_priority;
}

static AggBackend *backend_of(const AggSet *before, const AggService *now)
{
    const AggService *was = aggset_named(before, now->name);

    return was && str_eq(was->uid, now->uid) ? aggbackend_ref(was->backend) : aggbackend_new();
}

static AggSet *build(Cache *k, int64_t stamp, const AggSet *before)
{
    AggSet *s = xcalloc(1, sizeof(*s));
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;

    atomic_store(&s->refs, 1);
    s->stamp = stamp;
    s->arena = arena_new();
    (void)cache_list(k, &all, &v, &revision);
    s->items = arena_array(s->arena, AggService, MAX_SERVICES);
    for (size_t i = 0; i < v.n && s->n < MAX_SERVICES; i++) {
        AggService *at = &s->items[s->n];

        if (!read_service(s->arena, v.items[i], at))
            continue;
        at->backend = backend_of(before, at);
        s->n++;
    }
    settle_groups(s);
    if (s->n > 1)
        qsort(s->items, s->n, sizeof(*s->items), by_priority);
    return s;
}

int aggset_need(Request *req, const AggSet **ret)
{
    ClusterExt *ext = cluster_ext(req->cluster);
    AggSet *now, *before;
    Cache *k = NULL;
    int64_t stamp;
    int s;

    *ret = NULL;
    if (req->state->view) /* whose pods they are is the shared cluster's matter */
        return STEP_OK;
    s = engine_cache(req, req->cluster, storage, &k);
    if (s)
        return s;
    stamp = cache_changed(k);
    pthread_mutex_lock(&ext->lock);
    now = ext->aggs && ext->aggs->stamp == stamp ? set_ref(ext->aggs) : NULL;
    before = now ? NULL : set_ref(ext->aggs);
    pthread_mutex_unlock(&ext->lock);
    if (!now) {
        AggSet *made = build(k, stamp, before);

        aggset_unref(before);
        now = set_ref(made);
        pthread_mutex_lock(&ext->lock);
        aggset_unref(ext->aggs);
        ext->aggs = made;
        pthread_mutex_unlock(&ext->lock);
    }
    arena_on_free(req->arena, aggset_unref, now);
    *ret = now->n > 0 ? now : NULL;
    return STEP_OK;
}

/* ---- who we are ---- */

void agg_front_done(AggFront *f)
{
    if (f->key)
        explicit_bzero(f->key, strlen(f->key));
    free(f->key);
    free(f->cert);
    *f = (AggFront){0};
}

int agg_front(Request *req, const char **ret_cert, const char **ret_key)
{
    ClusterExt *ext = cluster_ext(req->cluster);
    CLEANUP(identity_close) Identity *id = NULL;
    int64_t now_s = clock_now_s();
    Err err;
    int r = 0;

    if (!req->state->vc->tenancy)
        return fail_unavailable(req, "the cluster has no identity");
    pthread_mutex_lock(&ext->lock);
    if (!ext->front.key || ext->front.until_s - FRONT_RENEW_S < now_s) {
        pthread_mutex_unlock(&ext->lock);
        r = tenancy_identity(req->state->vc->tenancy, req->cluster, &id, &err);
        if (r == 0)
            r = identity_issue_front(id, req->arena, FRONT_LIFETIME_S, ret_cert, ret_key, &err);
        if (r < 0)
            return fail_err(req, &err);
        pthread_mutex_lock(&ext->lock);
        agg_front_done(&ext->front);
        ext->front = (AggFront){xstrdup(*ret_cert), xstrdup(*ret_key), now_s + FRONT_LIFETIME_S};
    }
    *ret_cert = arena_strdup(req->arena, ext->front.cert);
    *ret_key = arena_strdup(req->arena, ext->front.key);
    pthread_mutex_unlock(&ext->lock);
    return STEP_OK;
}
