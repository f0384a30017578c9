#include "hostplane/standin.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/lru.h"
#include "base/mem.h"
#include "hostplane/authn.h"
#include "tenancy/identity.h"

#include <stdatomic.h>

enum { MAX_NAMES = 16384, N_LOADS = 5, KEY_MAX = 64 };

struct StandIn {
    pthread_mutex_t lock; /* guards seen */
    Lru seen;             /* name -> time of the last request, int64_t */
    int64_t idle_us;
};

/* The reads that a tenant's first request makes before it can be refused. */
static const char *const loads[N_LOADS] = {"rbac/roles", "rbac/clusterroles", "rbac/rolebindings",
                                           "rbac/clusterrolebindings", "audit/auditpolicies"};

typedef struct Rehearsal {
    HttpReq *q;
    void (*wake)(HttpReq *q);
    ObjVec found[N_LOADS];
    _Atomic int left;
} Rehearsal;

StandIn *standin_open(int64_t idle_s)
{
    StandIn *s = xcalloc(1, sizeof(*s));

    pthread_mutex_init(&s->lock, NULL);
    lru_init(&s->seen, MAX_NAMES, free);
    s->idle_us = idle_s * 1000000;
    return s;
}

void standin_close(StandIn *s)
{
    if (!s)
        return;
    lru_done(&s->seen);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* Was this name asked for so lately that a tenant of it would be in memory? */
static bool was_seen(StandIn *s, Slice name)
{
    char key[KEY_MAX];
    int64_t now = clock_mono_us(), *last;
    bool found;

    snprintf(key, sizeof(key), "%.*s", (int)name.len, name.ptr);
    pthread_mutex_lock(&s->lock);
    last = lru_get(&s->seen, key);
    found = last && (s->idle_us == 0 || now - *last < s->idle_us);
    if (last)
        *last = now;
    else
        lru_set(&s->seen, key, xmemdup(&now, sizeof(now)));
    pthread_mutex_unlock(&s->lock);
    return found;
}

static void on_read(int r UNUSED, const Err *err UNUSED, void *data)
{
    Rehearsal *h = data;

    if (atomic_fetch_sub(&h->left, 1) > 1)
        return;
    h->wake(h->q);
    for (int i = 0; i < N_LOADS; i++)
        objvec_done(&h->found[i]);
    free(h);
}

static void read_roles(HttpReq *q, void (*wake)(HttpReq *q))
{
    Rehearsal *h = xcalloc(1, sizeof(*h));

    *h = (Rehearsal){.q = q, .wake = wake, .left = N_LOADS};
    for (int i = 0; i < N_LOADS; i++)
        store_list_at(server_options(q->front->server)->store, q->cluster, loads[i],
                      q->cluster->revision, &h->found[i], on_read, h);
}

bool standin_take(HttpReq *q, Slice name, void (*wake)(HttpReq *q))
{
    CLEANUP(identity_close) Identity *keys = NULL;

    q->cluster = store_cluster(server_options(q->front->server)->store, SLICE(STANDIN_NAME));
    q->is_stand_in = true;
    if (!q->cluster || was_seen(server_standin(q->front->server), name))
        return true;
    if (authn_has_credential(q)) {
        AUTO_WIPED_BUF blob = BUF_INIT;

        if (cluster_identity(q->cluster, &blob, NULL) == 0)
            (void)(identity_open(buf_slice(&blob), q->cluster->name, &keys, NULL) < 0);
        return true;
    }
    q->is_awaited = true;
    read_roles(q, wake);
    return false;
}
