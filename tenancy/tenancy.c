#include "tenancy/tenancy.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "tenancy/tenancy_int.h"

#include <inttypes.h>

static void free_identity(void *i)
{
    identity_close(i);
}

char *tenancy__key(const Cluster *c, const char *rest, char out[TENANCY_KEY_MAX])
{
    snprintf(out, TENANCY_KEY_MAX, "%s:%" PRId64 ":%s", c->name, c->id, rest);
    return out;
}

int tenancy__get(Tenancy *t, Cluster *c, const char *storage, const char *ns, const char *name,
                 Obj **ret, const char **ret_need)
{
    CLEANUP(cache_unref) Cache *k = NULL;

    if (t->get) {
        int r = t->get(t->get_data, c, storage, ns, name, ret);

        if (r < 0)
            *ret_need = storage;
        return r;
    }
    k = store_cache(t->store, c, storage);
    if (!k) {
        *ret_need = storage;
        return -ERR_UNAVAILABLE;
    }
    *ret = cache_get(k, ns, name);
    return 0;
}

/* What terms are made of has changed. A tenant that goes takes its keys out of memory. */
static void on_event(Cluster *c, const char *storage, Event *e, void *data)
{
    Tenancy *t = data;
    AUTO_FREE char *prefix = NULL;

    if (c->id != 1 || !str_starts(storage, "tenancy/"))
        return;
    atomic_fetch_add(&t->epoch, 1); /* caches have the change already */
    if (e->type != EVENT_DELETED || !str_eq(storage, TENANTS))
        return;
    prefix = xasprintf("%s:", e->obj->name);
    pthread_mutex_lock(&t->lock);
    lru_drop(&t->identities, prefix);
    lru_drop(&t->tokens, prefix);
    pthread_mutex_unlock(&t->lock);
}

int tenancy_open(const TenancyOptions *o, Tenancy **ret, Err *err UNUSED)
{
    Tenancy *t = xcalloc(1, sizeof(*t));
    size_t n = strlen(o->external_url);

    t->store = o->store;
    while (n > 0 && o->external_url[n - 1] == '/')
        n--;
    t->external_url = xstrndup(o->external_url, n);
    pthread_mutex_init(&t->lock, NULL);
    lru_init(&t->identities, TENANCY_MAX_IDENTITIES, free_identity);
    lru_init(&t->tokens, TENANCY_MAX_TOKENS, tenancy__verified_unref);
    t->subscription = t->store ? store_subscribe(t->store, on_event, t) : -1;
    *ret = t;
    return 0;
}

void tenancy_close(Tenancy *t)
{
    if (!t)
        return;
    if (t->store)
        store_unsubscribe(t->store, t->subscription);
    lru_done(&t->identities);
    lru_done(&t->tokens);
    pthread_mutex_destroy(&t->lock);
    free(t->external_url);
    free(t);
}

void tenancy_set_reader(Tenancy *t, TenancyGetFn get, void *data)
{
    t->get = get;
    t->get_data = data;
}

const char *tenancy_endpoint(const Tenancy *t, Arena *a, const char *cluster)
{
    if (str_eq(cluster, "host"))
        return arena_strdup(a, t->external_url);
    return arena_printf(a, "%s/clusters/%s", t->external_url, cluster);
}
