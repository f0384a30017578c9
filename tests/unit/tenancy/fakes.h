/*
 * fakes.h - a store of three clusters without a database: host, acme and globex, with real keys.
 * Included by the one file of a test program; its functions stand for those of store/.
 */
#ifndef TESTS_UNIT_TENANCY_FAKES_H
#define TESTS_UNIT_TENANCY_FAKES_H

#include "base/err.h"
#include "base/mem.h"
#include "tenancy/authn.h"
#include "tenancy/tenancy.h"
#include "tests/unit/test.h"

#include <stdatomic.h>

enum { FAKE_CLUSTERS = 3 };
static Cluster fakes[FAKE_CLUSTERS];
static Buf fake_blobs[FAKE_CLUSTERS];
static Tenancy *tenancy;
#define HOST   (&fakes[0])
#define ACME   (&fakes[1])
#define GLOBEX (&fakes[2])

Cluster *store_cluster(Store *s UNUSED, Slice name)
{
    for (int i = 0; i < FAKE_CLUSTERS; i++)
        if (slice_is(name, fakes[i].name))
            return cluster_ref(&fakes[i]);
    return NULL;
}

Cluster *cluster_ref(Cluster *c)
{
    atomic_fetch_add(&c->refs, 1);
    return c;
}

void cluster_unref(Cluster *c)
{
    if (c)
        atomic_fetch_sub(&c->refs, 1);
}

static StoreEventFn fake_subscriber;

UNUSED static bool fake_is_withheld; /* the keys of all clusters but `host` */

int cluster_check_key(Cluster *c, Err *err)
{
    if (!fake_is_withheld || c->id == 1)
        return 0;
    return err_set(err, ERR_UNAVAILABLE, "the key is withheld");
}

int cluster_identity(Cluster *c, Buf *ret, Err *err UNUSED)
{
    buf_add_slice(ret, buf_slice(&fake_blobs[c->id - 1]));
    return 0;
}

UNUSED static bool fake_rows_are_old; /* of before what is public stood in them */

bool cluster_public(Cluster *c, Buf *ret)
{
    if (!fake_rows_are_old)
        identity_public_of(buf_slice(&fake_blobs[c->id - 1]), ret);
    return !fake_rows_are_old;
}

bool store_has_key_provider(const Store *s UNUSED, const char *name)
{
    return str_eq(name, "file") || str_eq(name, "vault");
}

UNUSED static StoreKeyStateFn fake_on_key;
UNUSED static void *fake_on_key_data;

void store_on_key(Store *s UNUSED, StoreKeyStateFn fn, void *data)
{
    fake_on_key = fn;
    fake_on_key_data = data;
}

UNUSED static StoreWindowFn fake_on_window;
UNUSED static void *fake_on_window_data;
UNUSED static int n_windows_changed[2]; /* of one cluster, of all */

void store_on_window(Store *s UNUSED, StoreWindowFn fn, void *data)
{
    fake_on_window = fn;
    fake_on_window_data = data;
}

void store_window_changed(Store *s UNUSED, Cluster *c)
{
    n_windows_changed[c == NULL]++;
}

int64_t store_history_window(const Store *s UNUSED, Cluster *c UNUSED)
{
    return 7200;
}

void store_off_key(Store *s UNUSED, void *data UNUSED)
{
    fake_on_key = NULL;
}

int store_subscribe(Store *s UNUSED, StoreEventFn fn, void *data UNUSED)
{
    fake_subscriber = fn;
    return 1;
}

void store_unsubscribe(Store *s UNUSED, int id UNUSED)
{
}

static const MeterAdd *fake_added; /* of the last flush, until it is answered */
static size_t n_fake_added;
static StoreDoneFn fake_added_done;
static void *fake_added_data;

void store_meter_add(Store *s UNUSED, int64_t hour UNUSED, const MeterAdd *items, size_t n,
                     StoreDoneFn done, void *data)
{
    fake_added = items;
    n_fake_added = n;
    fake_added_done = done;
    fake_added_data = data;
}

void store_each_cluster(Store *s UNUSED, void (*fn)(Cluster *c, void *data), void *data)
{
    for (int i = 0; i < FAKE_CLUSTERS; i++)
        fn(&fakes[i], data);
}

static const char *fake_unloaded;
static const char *fake_pools[4];        /* JSON of the NodePools */
UNUSED static const char *fake_plans[2]; /* and of plans, as a list */
static int64_t fake_pools_revision = 1;

Cache *store_cache(Store *s UNUSED, Cluster *c UNUSED, const char *storage)
{
    if (fake_unloaded && strcmp(fake_unloaded, storage) == 0)
        return NULL;
    if (strcmp(storage, "tenancy/plans") == 0)
        return (Cache *)fake_plans;
    return strcmp(storage, "tenancy/nodepools") == 0 ? (Cache *)fake_pools : NULL;
}

void store_load(Store *s UNUSED, Cluster *c UNUSED, const char *storage UNUSED, StoreDoneFn done,
                void *data)
{
    done(0, NULL, data);
}

int64_t cache_changed(const Cache *k UNUSED)
{
    return fake_pools_revision;
}

void objvec_add(ObjVec *v, Obj *o)
{
    GROW(v->items, v->cap, v->n + 1);
    v->items[v->n++] = o;
}

void objvec_done(ObjVec *v)
{
    for (size_t i = 0; i < v->n; i++)
        obj_unref(v->items[i]);
    free(v->items);
    *v = (ObjVec){0};
}

bool cache_list(Cache *k, const CacheScan *scan UNUSED, ObjVec *ret, int64_t *ret_revision)
{
    const char *const *all = (const char *const *)k;

    *ret_revision = fake_pools_revision;
    for (size_t i = 0; all[i]; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Obj *o = NULL;

        assert_ok(obj_from_value(value_literal(a, all[i]), 1, &o, NULL));
        objvec_add(ret, o);
    }
    return false;
}

void cache_unref(Cache *k UNUSED)
{
}

Obj *cache_get(Cache *k UNUSED, const char *ns UNUSED, const char *name UNUSED)
{
    return NULL;
}

void store_each_usage(Store *s UNUSED, Cluster *c UNUSED, StoreUsageFn fn, void *data)
{
    fn("cpu", 1500, data);
    fn("#apps/deployments", 3, data);
}

/* The objects of all clusters: "acme/pods/ns/name" -> JSON. Unknown: no such object; a storage in
 * `fake_unloaded` is not in memory. */
typedef struct FakeObj {
    const char *key, *json;
} FakeObj;
static const FakeObj *fake_objs;
static size_t n_fake_objs;
static int64_t fake_revision = 5;

static int fake_get(void *data UNUSED, Cluster *c, const char *storage, const char *ns,
                    const char *name, Obj **ret)
{
    char key[600];

    if (fake_unloaded && strcmp(fake_unloaded, storage) == 0)
        return -ERR_UNAVAILABLE;
    snprintf(key, sizeof(key), "%s/%s/%s/%s", c->name, storage, ns, name);
    *ret = NULL;
    for (size_t i = 0; i < n_fake_objs; i++) {
        CLEANUP(arena_free) Arena *a = NULL;
        Err err;

        if (strcmp(fake_objs[i].key, key) != 0)
            continue;
        a = arena_new();
        assert_ok(obj_from_value(value_literal(a, fake_objs[i].json), fake_revision, ret, &err));
    }
    return 0;
}

static void fakes_open(void)
{
    static const char *const names[FAKE_CLUSTERS] = {"host", "acme", "globex"};
    TenancyOptions o = {.store = (Store *)fakes, .external_url = "https://hp.example:6443/"};
    CLEANUP(identity_close) Identity *platform = NULL;
    Err err;

    for (int i = 0; i < FAKE_CLUSTERS; i++) {
        assert_ok(identity_create(platform, names[i], &fake_blobs[i], &err));
        fakes[i].id = i + 1;
        snprintf(fakes[i].name, sizeof(fakes[i].name), "%s", names[i]);
        snprintf(fakes[i].uid, sizeof(fakes[i].uid), "uid-%s", names[i]);
        if (i == 0)
            assert_ok(identity_open(buf_slice(&fake_blobs[i]), "host", &platform, &err));
    }
    assert_ok(tenancy_open(&o, &tenancy, &err));
    tenancy_set_reader(tenancy, fake_get, NULL);
}

static void fakes_close(void)
{
    tenancy_close(TAKE(tenancy));
    for (int i = 0; i < FAKE_CLUSTERS; i++) {
        assert_int_equal(fakes[i].refs, 0);
        if (fakes[i].tenant.data)
            fakes[i].tenant.release(fakes[i].tenant.data);
        fakes[i].tenant = (Attached){0};
        buf_done(&fake_blobs[i]);
    }
    fake_objs = NULL;
    n_fake_objs = 0;
    fake_unloaded = NULL;
    fake_is_withheld = false;
}

#endif
