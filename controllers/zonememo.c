#include "controllers/zonememo.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

struct ZoneMemo {
    pthread_mutex_t lock; /* guards the rest; a leaf */
    Map clusters;         /* name -> Known */
    Map services;         /* "cluster/namespace/name" -> Service */
    uint64_t version;     /* counts changes of nodes */
};

typedef struct Known {
    Arena *arena;
    ZoneShares shares;
} Known;

typedef struct Service {
    char *cluster, *ns, *name;
    bool has;
} Service;

static void free_known(void *data)
{
    Known *k = data;

    arena_free(k->arena);
    free(k);
}

static void free_service(void *data)
{
    Service *s = data;

    free(s->cluster);
    free(s->ns);
    free(s->name);
    free(s);
}

ZoneMemo *zonememo_new(void)
{
    ZoneMemo *m = xcalloc(1, sizeof(*m));

    pthread_mutex_init(&m->lock, NULL);
    m->clusters.free_value = free_known;
    m->services.free_value = free_service;
    return m;
}

void zonememo_free(ZoneMemo *m)
{
    if (!m)
        return;
    map_done(&m->clusters);
    map_done(&m->services);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* ---- zones ---- */

static ZoneShares copy_shares(Arena *a, const ZoneShares *s)
{
    ZoneShares out = {.items = arena_array(a, ZoneShare, s->n + 1), .n = s->n, .cap = s->n + 1};

    for (uint32_t i = 0; i < s->n; i++) {
        out.items[i] = s->items[i];
        out.items[i].zone = arena_strdup(a, s->items[i].zone);
    }
    return out;
}

bool zonememo_shares(ZoneMemo *m, Arena *a, const char *cluster, ZoneShares *ret,
                     uint64_t *ret_version)
{
    const Known *k;

    pthread_mutex_lock(&m->lock);
    k = map_get(&m->clusters, cluster);
    if (k)
        *ret = copy_shares(a, &k->shares);
    *ret_version = m->version;
    pthread_mutex_unlock(&m->lock);
    return k != NULL;
}

void zonememo_learn(ZoneMemo *m, const char *cluster, const ZoneShares *s, uint64_t version)
{
    Known *k, *old = NULL;

    pthread_mutex_lock(&m->lock);
    if (m->version == version) {
        k = xcalloc(1, sizeof(*k));
        k->arena = arena_new();
        k->shares = copy_shares(k->arena, s);
        old = map_set(&m->clusters, cluster, k);
    }
    pthread_mutex_unlock(&m->lock);
    if (old)
        free_known(old);
}

void zonememo_forget(ZoneMemo *m, const char *cluster)
{
    Known *old = NULL;

    pthread_mutex_lock(&m->lock);
    m->version++;
    if (cluster)
        old = map_del(&m->clusters, cluster);
    else
        map_clear(&m->clusters);
    pthread_mutex_unlock(&m->lock);
    if (old)
        free_known(old);
}

/* ---- Services ---- */

static char *id_of(const ServiceKey *key)
{
    return xasprintf("%s/%s/%s", key->cluster, key->ns, key->name);
}

static Service *need(ZoneMemo *m, const char *id, const ServiceKey *key)
{
    Service *s = map_get(&m->services, id);

    if (s)
        return s;
    s = xcalloc(1, sizeof(*s));
    *s = (Service){xstrdup(key->cluster), xstrdup(key->ns), xstrdup(key->name), false};
    (void)map_set(&m->services, id, s);
    return s;
}

void zonememo_want(ZoneMemo *m, const ServiceKey *key)
{
    AUTO_FREE char *id = id_of(key);

    pthread_mutex_lock(&m->lock);
    (void)need(m, id, key);
    pthread_mutex_unlock(&m->lock);
}

bool zonememo_note(ZoneMemo *m, const ServiceKey *key, bool wants, bool has)
{
    AUTO_FREE char *id = id_of(key);
    Service *s;
    bool had;

    pthread_mutex_lock(&m->lock);
    s = map_get(&m->services, id);
    had = s && s->has;
    if (wants)
        need(m, id, key)->has = has;
    else if (s)
        free_service(map_del(&m->services, id));
    pthread_mutex_unlock(&m->lock);
    return had;
}

bool zonememo_is_empty(ZoneMemo *m)
{
    bool is_empty;

    pthread_mutex_lock(&m->lock);
    is_empty = m->services.n == 0;
    pthread_mutex_unlock(&m->lock);
    return is_empty;
}

const ServiceKey *zonememo_services(ZoneMemo *m, Arena *a, const char *cluster, uint32_t *ret_n)
{
    ServiceKey *out;
    Service *s;
    uint32_t n = 0;

    pthread_mutex_lock(&m->lock);
    out = arena_array(a, ServiceKey, m->services.n + 1);
    for (size_t at = 0; map_next(&m->services, &at, NULL, (void **)&s);)
        if (!cluster || str_eq(s->cluster, cluster))
            out[n++] = (ServiceKey){arena_strdup(a, s->cluster), arena_strdup(a, s->ns),
                                    arena_strdup(a, s->name)};
    pthread_mutex_unlock(&m->lock);
    *ret_n = n;
    return out;
}

void zonememo_drop_cluster(ZoneMemo *m, const char *cluster)
{
    const char *id;
    Service *s;

    zonememo_forget(m, cluster);
    pthread_mutex_lock(&m->lock);
    for (size_t at = 0; map_next(&m->services, &at, &id, (void **)&s);)
        if (str_eq(s->cluster, cluster))
            free_service(map_del(&m->services, id));
    pthread_mutex_unlock(&m->lock);
}
