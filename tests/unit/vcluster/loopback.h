/*
 * loopback.h - the request engine without sockets: a Request built in memory goes through route,
 * authorisation, admission and the store on a private PostgreSQL, and comes back as a Reply.
 * Included by the one file of a test program. Run from the source root; tests are skipped when no
 * PostgreSQL is installed.
 */
#ifndef TESTS_UNIT_VCLUSTER_LOOPBACK_H
#define TESTS_UNIT_VCLUSTER_LOOPBACK_H

#include "base/err.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/value.h"
#include "keys/ring.h"
#include "tenancy/authn.h"
#include "tenancy/tenancy.h"
#include "tests/unit/test.h"
#include "vcluster/vcluster.h"

#include <pthread.h>
#include <unistd.h>

static char dir[128];
static Store *store;
static KeyRing *keys;
static Tenancy *tenancy;
static Vcluster *vc;

/* ---- one server for all tests of this program ---- */

static int control(const char *what)
{
    AUTO_FREE char *cmd = xasprintf("tests/lib/private-postgres %s %s", what, dir);

    return system(cmd);
}

static void stop_all(void)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s", dir);

    vcluster_close(vc);
    tenancy_close(tenancy);
    store_close(store);
    keyring_close(keys);
    if (control("kill") != 0 || system(cmd) != 0)
        fprintf(stderr, "could not clean up %s\n", dir);
}

typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool is_open;
    int r;
} Gate;
#define GATE_INIT ((Gate){.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER})

static inline void gate_open(Gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->is_open = true;
    pthread_cond_signal(&g->cond);
    pthread_mutex_unlock(&g->lock);
}

static inline void gate_wait(Gate *g)
{
    pthread_mutex_lock(&g->lock);
    while (!g->is_open)
        pthread_cond_wait(&g->cond, &g->lock);
    g->is_open = false;
    pthread_mutex_unlock(&g->lock);
}

static void on_done(int r, const Err *err UNUSED, void *data)
{
    Gate *g = data;

    g->r = r;
    gate_open(g);
}

static void make_host(void)
{
    AUTO_BUF blob = BUF_INIT;
    char uid[UUID_TEXT_MAX];
    Gate g = GATE_INIT;
    Txn t = {.done = on_done, .data = &g};

    assert_ok(identity_create(NULL, "host", &blob, NULL));
    t.change = (ClusterChange){.op = CLUSTER_CREATE,
                               .name = "host",
                               .uid = random_uuid(uid),
                               .identity = buf_slice(&blob)};
    store_submit(store, &t);
    gate_wait(&g);
    assert_int_equal(g.r, 0);
}

#ifndef LOOPBACK_SERVICE_CIDR
#define LOOPBACK_SERVICE_CIDR NULL /* of one family */
#endif

static void need_server(void)
{
    AUTO_FREE char *conninfo = NULL, *spec = NULL;
    static const char *const encrypted[] = {"secrets", NULL};
    StoreOptions so = {
        .encrypted = encrypted, .history_hours = 1, .cache_idle_s = 60, .server_id = "test"};
    Err err;

    if (vc)
        return;
    snprintf(dir, sizeof(dir), "/tmp/hp-vcluster-%d", (int)getpid());
    if (control("start") != 0)
        skip();
    conninfo = xasprintf("host=%s/sock user=hp dbname=postgres", dir);
    so.conninfo = conninfo;
    spec = xasprintf("file:%s/kek", dir);
    if (keyring_open(&(KeyRingItem){.name = "file", .spec = spec}, 1, "file", &keys, &err) < 0)
        fail_msg("%s", err.msg);
    so.keys = keys;
    if (store_open(&so, &store, &err) < 0)
        fail_msg("%s", err.msg);
    make_host();
    assert_ok(
        tenancy_open(&(TenancyOptions){.store = store, .external_url = "https://127.0.0.1:6443"},
                     &tenancy, &err));
    assert_ok(vcluster_open(&(VclusterOptions){.store = store,
                                               .tenancy = tenancy,
                                               .version = "v1.36.0",
                                               .external_url = "https://127.0.0.1:6443",
                                               .service_cidr = LOOPBACK_SERVICE_CIDR},
                            &vc, &err));
    atexit(stop_all);
}

/* ---- requests ---- */

typedef struct Call {
    Request rq;
    Gate gate;
    bool is_done;
} Call;

static void on_wake(Request *req)
{
    gate_open(&container_of(req, Call, rq)->gate);
}

static const char *const masters[] = {"system:masters", "system:authenticated", NULL};
UNUSED static const char *const nobody[] = {"system:authenticated", NULL};

typedef struct Answer {
    int status;
    Value *v;         /* the body; NULL when it is not JSON */
    const char *text; /* as it came */
    Stream *stream;
} Answer;

static const char *call_accept; /* the Accept header of what is asked; NULL: none */

/* Goes as far as it can without waiting. */
static Call *call_begin(Arena *a, const User *u, const char *cluster, const char *method,
                        const char *path, const char *query, const char *type, const char *body)
{
    Call *c = arena_new0(a, Call);

    need_server();
    c->gate = GATE_INIT;
    c->rq = (Request){.arena = a,
                      .cluster = store_cluster(store, slice_of(cluster)),
                      .method = method,
                      .path = path,
                      .query = query ? query : "",
                      .content_type = type,
                      .accept = call_accept,
                      .user_agent = "test/1",
                      .body = slice_of(body ? body : ""),
                      .user = *u,
                      .wake = on_wake};
    assert_non_null(c->rq.cluster);
    c->is_done = vc_step(vc, &c->rq) != VC_WAIT;
    return c;
}

static Answer call_end(Call *c)
{
    Arena *a = c->rq.arena;
    Answer out = {0};

    while (!c->is_done) {
        gate_wait(&c->gate);
        c->is_done = vc_step(vc, &c->rq) != VC_WAIT;
    }
    out.status = c->rq.reply.status;
    out.stream = c->rq.reply.kind == REPLY_STREAM ? c->rq.reply.stream : NULL;
    if (c->rq.reply.body.len > 0 && value_parse(a, c->rq.reply.body, &out.v, NULL) < 0)
        out.v = NULL;
    out.text = arena_strndup(a, c->rq.reply.body.ptr, c->rq.reply.body.len);
    request_done(&c->rq);
    return out;
}

static Answer call_as(Arena *a, const User *u, const char *cluster, const char *method,
                      const char *path, const char *query, const char *type, const char *body)
{
    return call_end(call_begin(a, u, cluster, method, path, query, type, body));
}

static const User admin = {.name = "admin", .uid = "", .groups = masters};

static inline Answer call(Arena *a, const char *cluster, const char *method, const char *path,
                          const char *body)
{
    bool patch = strcmp(method, "PATCH") == 0;

    return call_as(a, &admin, cluster, method, path, "",
                   patch ? "application/merge-patch+json" : "application/json", body);
}

static inline void need_tenant(Arena *a, const char *name)
{
    Answer r = call(a, "host", "GET",
                    arena_printf(a, "/apis/tenancy.hostplane.io/v1/tenants/%s", name), NULL);

    if (r.status == 200)
        return;
    r = call(
        a, "host", "POST", "/apis/tenancy.hostplane.io/v1/tenants",
        arena_printf(a, "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"plan\":\"free\"}}", name));
    assert_int_equal(r.status, 201);
    assert_string_equal(value_at_str(r.v, "status.phase"), "Ready");
}

/* ---- watches: a stream on a loop of its own ---- */

typedef struct Watcher {
    Stream *stream;
    Loop *loop;
    Buf out;
    Gate gate;  /* what was posted to the loop is done */
    Gate ready; /* there is something to read */
} Watcher;

static inline void watcher_on_ready(void *data)
{
    gate_open(&((Watcher *)data)->ready);
}

static inline void watcher_begin(void *data)
{
    Watcher *w = data;

    w->stream->start(w->stream, w->loop, watcher_on_ready, w);
    gate_open(&w->gate);
}

static inline void watcher_read(void *data)
{
    Watcher *w = data;

    while (w->stream->read(w->stream, &w->out) > 0)
        ;
    gate_open(&w->gate);
}

static inline void watcher_end(void *data)
{
    Watcher *w = data;

    w->stream->close(w->stream);
    gate_open(&w->gate);
}

static inline void watcher_start(Watcher *w, Stream *stream)
{
    assert_non_null(stream);
    *w = (Watcher){.stream = stream, .out = BUF_INIT, .gate = GATE_INIT, .ready = GATE_INIT};
    assert_ok(loop_open("test", &w->loop, NULL));
    assert_ok(loop_spawn(w->loop, NULL));
    loop_post(w->loop, watcher_begin, w);
    gate_wait(&w->gate);
}

/* Reads until the text has come. */
static inline bool watcher_reads(Watcher *w, const char *text)
{
    loop_post(w->loop, watcher_read, w);
    gate_wait(&w->gate);
    for (int i = 0; i < 50 && !strstr(buf_str(&w->out), text); i++) {
        gate_wait(&w->ready);
        loop_post(w->loop, watcher_read, w);
        gate_wait(&w->gate);
    }
    return strstr(buf_str(&w->out), text) != NULL;
}

static inline void watcher_stop(Watcher *w)
{
    loop_post(w->loop, watcher_end, w);
    gate_wait(&w->gate);
    loop_stop(w->loop);
    loop_join(w->loop);
    loop_close(w->loop);
    buf_done(&w->out);
}

static inline const char *message(const Answer *r)
{
    const char *m = value_get_str(r->v, "message");

    return m ? m : "";
}

/* What the controller of definitions does, which does not run here; `path`: of the status. */
static inline void establish(Arena *a, const char *cluster, const char *path)
{
    assert_int_equal(
        call(a, cluster, "PATCH", path,
             "{\"status\":{\"acceptedNames\":{\"plural\":\"widgets\",\"kind\":\"Widget\"},"
             "\"conditions\":[{\"type\":\"Established\",\"status\":\"True\"}]}}")
            .status,
        200);
}

#endif
