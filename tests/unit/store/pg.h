/*
 * pg.h - what tests of the store on a real PostgreSQL share: the private server
 * (tests/lib/private-postgres), a store on a database of its own, and transactions that are waited
 * for.
 *
 * Tests are skipped when no PostgreSQL is installed. They run from the source root.
 */
#ifndef TESTS_UNIT_STORE_PG_H
#define TESTS_UNIT_STORE_PG_H

#include "store/store.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "keys/ring.h"
#include "tests/unit/test.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[128], conninfo[256];
static int n_databases;

static inline int control(const char *what)
{
    AUTO_FREE char *cmd = xasprintf("tests/lib/private-postgres %s %s", what, dir);

    return system(cmd);
}

static inline void stop_postgres(void)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s", dir);

    if (control("kill") != 0 || system(cmd) != 0)
        fprintf(stderr, "could not clean up %s\n", dir);
}

static inline void need_postgres(void)
{
    if (dir[0])
        return;
    snprintf(dir, sizeof(dir), "/tmp/hp-store-%d", (int)getpid());
    if (control("start") != 0) {
        dir[0] = '\0';
        skip();
    }
    atexit(stop_postgres);
}

static inline void admin_sql(const char *sql)
{
    AUTO_FREE char *info = xasprintf("host=%s/sock user=hp dbname=postgres", dir);
    PGconn *pg = PQconnectdb(info);
    PGresult *res = PQexec(pg, sql);

    assert_true(PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK);
    PQclear(res);
    PQfinish(pg);
}

static inline void db(const char *sql)
{
    PGconn *pg = PQconnectdb(conninfo);
    PGresult *res = PQexec(pg, sql);

    assert_int_equal(PQresultStatus(res), PGRES_COMMAND_OK);
    PQclear(res);
    PQfinish(pg);
}

static inline int64_t db_number(const char *sql)
{
    PGconn *pg = PQconnectdb(conninfo);
    PGresult *res = PQexec(pg, sql);
    int64_t n = -1;

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(pg));
    assert_true(slice_to_int64(slice_of(PQgetvalue(res, 0, 0)), &n));
    PQclear(res);
    PQfinish(pg);
    return n;
}

/* ---- a store on a database of its own ---- */

/* One for all stores of the program. */
static inline KeyRing *file_keys(void)
{
    static KeyRing *ring;
    AUTO_FREE char *spec = xasprintf("file:%s/kek", dir);
    Err err;

    if (!ring &&
        keyring_open(&(KeyRingItem){.name = "file", .spec = spec}, 1, "file", &ring, &err) < 0)
        fail_msg("%s", err.msg);
    return ring;
}

static inline void half_of(Slice identity, Buf *ret)
{
    buf_addf(ret, "the half of %zu bytes that all may know", identity.len);
}

static inline StoreOptions store_options(const char *server_id, KeyRing *keys)
{
    static const char *const encrypted[] = {"secrets", NULL};

    return (StoreOptions){
        .conninfo = conninfo,
        .keys = keys,
        .encrypted = encrypted,
        .public_of = half_of,
        .history_hours = 1,
        .cache_idle_s = 60,
        .server_id = server_id,
    };
}

static inline Store *open_store_with(const StoreOptions *o)
{
    Store *s = NULL;
    Err err;

    if (store_open(o, &s, &err) < 0)
        fail_msg("%s", err.msg);
    return s;
}

static inline Store *open_store(const char *server_id)
{
    StoreOptions o = store_options(server_id, file_keys());

    return open_store_with(&o);
}

static inline Store *fresh_store(void)
{
    AUTO_FREE char *sql = NULL;

    need_postgres();
    sql = xasprintf("CREATE DATABASE t%d", ++n_databases);
    admin_sql(sql);
    snprintf(conninfo, sizeof(conninfo), "host=%s/sock user=hp dbname=t%d", dir, n_databases);
    return open_store("one");
}

static inline bool has_identity(Cluster *c, const char *want)
{
    AUTO_WIPED_BUF identity = BUF_INIT;

    return cluster_identity(c, &identity, NULL) == 0 && slice_is(buf_slice(&identity), want);
}

/* ---- waiting ---- */

typedef struct Wait {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool is_done;
    int r;
    Err err;
} Wait;

static inline void wait_init(Wait *w)
{
    *w = (Wait){0};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->cond, NULL);
}

static inline void on_done(int r, const Err *err, void *data)
{
    Wait *w = data;

    pthread_mutex_lock(&w->lock);
    w->is_done = true;
    w->r = r;
    if (r < 0)
        w->err = *err;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

static inline int wait_for(Wait *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->is_done)
        pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return w->r;
}

static inline int run(Store *s, Txn *t)
{
    Wait w;

    wait_init(&w);
    t->done = on_done;
    t->data = &w;
    store_submit(s, t);
    return wait_for(&w);
}

static inline int change(Store *s, ClusterOp op, const char *name)
{
    AUTO_FREE char *uid = xasprintf("uid-of-%s", name);
    Txn t = {.change = {.op = op, .name = name, .uid = uid, .identity = SLICE("the identity")}};

    return run(s, &t);
}

static inline Obj *make(const char *ns, const char *name, const char *what)
{
    AUTO_FREE char *text =
        xasprintf("{\"metadata\":{\"name\":\"%s\"%s%s%s,\"uid\":\"u-%s\"},"
                  "\"data\":\"%s\"}",
                  name, ns[0] ? ",\"namespace\":\"" : "", ns, ns[0] ? "\"" : "", name, what);
    Obj *o = NULL;

    assert_ok(obj_new(slice_of(text), 0, &o, NULL));
    return o;
}

typedef struct Put {
    const char *storage, *ns, *name, *what;
    int64_t expect;
    WriteOp op;
    bool is_over_base;
} Put;

/* The revision, or a negative error. */
static inline int64_t put(Store *s, Cluster *c, const Put *p)
{
    CLEANUP(obj_unref) Obj *o = make(p->ns, p->name, p->what ? p->what : "x");
    Write w = {.op = p->op,
               .cluster = c,
               .storage = p->storage,
               .ns = p->ns,
               .name = p->name,
               .expect = p->expect,
               .obj = o,
               .is_over_base = p->is_over_base};
    Txn t = {.writes = &w, .n_writes = 1};
    int r = run(s, &t);
    int64_t revision;

    if (r < 0)
        return r;
    revision = w.result->revision;
    obj_unref(w.result);
    return revision;
}
#define PUT(s, c, st, namespace_, nm, wh, ex, ...)                                                 \
    put((s), (c),                                                                                  \
        &(Put){.storage = (st),                                                                    \
               .ns = (namespace_),                                                                 \
               .name = (nm),                                                                       \
               .what = (wh),                                                                       \
               .expect = (ex),                                                                     \
               ##__VA_ARGS__})

static inline Cache *load(Store *s, Cluster *c, const char *storage)
{
    Cache *k = store_cache(s, c, storage);
    Wait w;

    if (k)
        return k;
    wait_init(&w);
    store_load(s, c, storage, on_done, &w);
    if (wait_for(&w) < 0)
        fail_msg("%s", w.err.msg);
    k = store_cache(s, c, storage);
    assert_non_null(k);
    return k;
}

static inline Cluster *new_cluster(Store *s, const char *name)
{
    Cluster *c;

    assert_ok(change(s, CLUSTER_CREATE, name));
    c = store_cluster(s, slice_of(name));
    assert_non_null(c);
    return c;
}

static inline int data_keys(Store *s, DataKeysOp op, Cluster *c, DataKeysReport *ret)
{
    Wait w;

    wait_init(&w);
    store_data_keys(s, op, c, ret, on_done, &w);
    return wait_for(&w);
}

static inline void rotate(Store *s, Cluster *c)
{
    DataKeysReport r = {0};

    assert_ok(data_keys(s, DATA_KEYS_ROTATE, c, &r));
    data_keys_report_done(&r);
}

static inline bool soon(bool (*is_so)(void *data), void *data)
{
    for (int i = 0; i < 6000; i++) {
        if (is_so(data))
            return true;
        usleep(10000);
    }
    return false;
}

/* For soon(): no rows are to be sealed anew. */
static inline bool is_at_rest(void *unused UNUSED)
{
    return db_number("SELECT count(*) FROM reseal") == 0;
}

/* For soon(): the store knows the cluster "t1". */
static inline bool has_cluster(void *data)
{
    Cluster *c = store_cluster(data, SLICE("t1"));

    cluster_unref(c);
    return c != NULL;
}

#endif
