#include "tenancy/tenancy.h"

#include "api/decode.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/yaml.h"
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
    tenancy__window_event(t, storage, e);
    if (e->type != EVENT_DELETED || !str_eq(storage, TENANTS))
        return;
    prefix = xasprintf("%s:", e->obj->name);
    pthread_mutex_lock(&t->lock);
    lru_drop(&t->identities, prefix);
    lru_drop(&t->tokens, prefix);
    pthread_mutex_unlock(&t->lock);
}

/* The data key of a cluster is withheld: nothing that came out of it stays. */
static void on_key(Cluster *c, bool is_there, void *data)
{
    Tenancy *t = data;
    char key[TENANCY_KEY_MAX];

    if (is_there)
        return;
    tenancy__key(c, "", key);
    pthread_mutex_lock(&t->lock);
    lru_drop(&t->identities, key);
    lru_drop(&t->tokens, key);
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
    pthread_mutex_init(&t->use_lock, NULL);
    lru_init(&t->identities, TENANCY_MAX_IDENTITIES, free_identity);
    lru_init(&t->tokens, TENANCY_MAX_TOKENS, tenancy__verified_unref);
    t->subscription = t->store ? store_subscribe(t->store, on_event, t) : -1;
    t->plans_seen = -1;
    if (t->store) {
        store_on_key(t->store, on_key, t);
        store_on_window(t->store, tenancy__window, t);
    }
    *ret = t;
    return 0;
}

void tenancy_close(Tenancy *t)
{
    if (!t)
        return;
    if (t->store) {
        store_off_key(t->store, t);
        store_on_window(t->store, NULL, NULL);
        store_unsubscribe(t->store, t->subscription);
    }
    terms_unref(t->host_terms);
    lru_done(&t->identities);
    lru_done(&t->tokens);
    pthread_mutex_destroy(&t->lock);
    pthread_mutex_destroy(&t->use_lock);
    free(t->external_url);
    free(t);
}

void tenancy_set_fetcher(Tenancy *t, TenancyFetchFn fetch, void *data)
{
    t->fetch = fetch;
    t->fetch_data = data;
}

static bool is_configuration(const Value *v)
{
    static const char group[] = "apiserver.config.k8s.io/";
    const char *version = value_get_str(v, "apiVersion");

    return str_eq(value_get_str(v, "kind"), "AuthenticationConfiguration") && version &&
           str_starts(version, group) &&
           (str_eq(version + strlen(group), "v1") || str_eq(version + strlen(group), "v1beta1"));
}

/* The entries are read as those of a Tenant. */
int tenancy_set_issuers(Tenancy *t, Slice text, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = resource_find_kind("tenancy.hostplane.io", "v1", "Tenant");
    Value *v = NULL, *tenant = value_literal(a, "{'apiVersion':'tenancy.hostplane.io/v1',"
                                                "'kind':'Tenant','metadata':{'name':'host'}}");
    Warnings w = {0};
    int n = value_parse_yaml(a, text, &v, err);

    if (n < 0)
        return n;
    if (!is_configuration(v))
        return err_set(err, ERR_INVALID,
                       "not an AuthenticationConfiguration of apiserver.config.k8s.io/v1");
    value_each_member(v, m)
    {
        if (str_eq(m->name, "apiVersion") || str_eq(m->name, "kind"))
            continue;
        if (!str_eq(m->name, "jwt") && !str_eq(m->name, "anonymous"))
            return err_set(err, ERR_INVALID, "unknown field \"%s\"", m->name);
        value_set(a, value_need(a, value_need(a, tenant, "spec"), "authentication"), m->name,
                  m->value);
    }
    if (!value_get(tenant, "spec"))
        return 0;
    n = decode_object(a, r, tenant, FIELDS_STRICT, NULL, &w, err);
    if (n < 0)
        return n;
    t->host_terms = terms_of_host(value_at(tenant, "spec.authentication"), err);
    return t->host_terms ? 0 : -ERR_INVALID;
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
