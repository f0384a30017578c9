#include "hostplane/inproc.h"

#include "api/nodeoverlay.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/wipe.h"
#include "tenancy/tenancy.h"
#include "tenancy/terms.h"

#include <errno.h>
#include <pthread.h>
#include <strings.h>

enum {
    CALL_MS = 30000,
    MAX_LOADS = 20, /* of caches, for one read */
    MAX_SUBSCRIBERS = 32,
};

typedef void (*ChangeFn)(const char *cluster, const char *storage, int type, Obj *obj, Obj *prev,
                         void *data);

typedef struct Subscriber {
    Inproc *inproc;
    ChangeFn fn;
    void *data;
    int id;
} Subscriber;

struct Inproc {
    Store *store;
    Vcluster *vc;
    Tenancy *tenancy;
    Lister lister;
    pthread_mutex_t lock; /* guards subscribers, n_subscribers */
    Subscriber subscribers[MAX_SUBSCRIBERS];
    int n_subscribers;
    void (*keys_fn)(const char *cluster, void *data); /* set once, before keys change */
    void *keys_data;
    void *uses_data; /* of who hears of the use of tokens */
};

/* ---- calls ---- */

typedef struct InprocClient {
    Client client;
    Inproc *inproc;
    char *user;
    const char *groups[4];
    char *ns_group;
} InprocClient;

typedef enum CallState { CALL_RUNNING, CALL_WOKEN, CALL_GIVEN_UP } CallState;

/* Where a caller with many calls waits for the next wake of any. */
typedef struct Wakes {
    _Atomic uint32_t refs; /* the caller's, and one of each call */
    pthread_mutex_t lock;  /* guards n */
    pthread_cond_t cond;
    size_t n;
} Wakes;

/* Outlives a caller that gave up, until its wake has come. */
typedef struct Call {
    Request rq;
    Arena *arena;
    pthread_mutex_t lock; /* guards state */
    pthread_cond_t cond;
    CallState state;
    Wakes *wakes; /* of a call of many; NULL */
} Call;

static Wakes *wakes_new(void)
{
    Wakes *w = xcalloc(1, sizeof(*w));

    w->refs = 1;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->cond, NULL);
    return w;
}

static void wakes_unref(Wakes *w)
{
    if (!w || --w->refs > 0)
        return;
    pthread_cond_destroy(&w->cond);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static void wakes_add(Wakes *w)
{
    pthread_mutex_lock(&w->lock);
    if (w->n++ == 0)
        pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

/* False when nothing has come until the deadline. */
static bool wakes_wait(Wakes *w, int64_t deadline_us)
{
    struct timespec until = clock_timespec(deadline_us);
    bool is_any;

    pthread_mutex_lock(&w->lock);
    while (w->n == 0 &&
           pthread_cond_clockwait(&w->cond, &w->lock, CLOCK_MONOTONIC, &until) != ETIMEDOUT)
        ;
    is_any = w->n > 0;
    w->n = 0;
    pthread_mutex_unlock(&w->lock);
    return is_any;
}

static void call_free(Call *k)
{
    WIPING_IF(k->rq.is_secret);

    request_done(&k->rq);
    arena_free(k->arena);
    pthread_cond_destroy(&k->cond);
    pthread_mutex_destroy(&k->lock);
    wakes_unref(k->wakes);
    free(k);
}

static void on_wake(Request *rq)
{
    Call *k = rq->owner;
    Wakes *wakes = k->wakes;
    bool is_given_up;

    if (wakes)
        wakes->refs++; /* once it is woken the call may be gone */

    pthread_mutex_lock(&k->lock);
    is_given_up = k->state == CALL_GIVEN_UP;
    k->state = CALL_WOKEN;
    pthread_cond_signal(&k->cond);
    pthread_mutex_unlock(&k->lock);
    if (is_given_up)
        call_free(k);
    if (wakes)
        wakes_add(wakes);
    wakes_unref(wakes);
}

/* Gives the call up unless it was woken, which is then its last use. */
static bool take_wake(Call *k, bool gives_up)
{
    bool is_woken;

    pthread_mutex_lock(&k->lock);
    is_woken = k->state == CALL_WOKEN;
    if (is_woken)
        k->state = CALL_RUNNING;
    else if (gives_up)
        k->state = CALL_GIVEN_UP;
    pthread_mutex_unlock(&k->lock);
    return is_woken;
}

/* True when the wake has come; else the call is given up and no longer the caller's. */
static bool wait_for_wake(Call *k, int64_t deadline_us)
{
    struct timespec until = clock_timespec(deadline_us);
    bool is_woken;

    pthread_mutex_lock(&k->lock);
    while (k->state == CALL_RUNNING &&
           pthread_cond_clockwait(&k->cond, &k->lock, CLOCK_MONOTONIC, &until) != ETIMEDOUT)
        ;
    is_woken = k->state == CALL_WOKEN;
    k->state = is_woken ? CALL_RUNNING : CALL_GIVEN_UP;
    pthread_mutex_unlock(&k->lock);
    return is_woken;
}

static const char *copy(Arena *a, const char *s)
{
    return s ? arena_strdup(a, s) : NULL;
}

static Call *call_new(const InprocClient *c, const ClientRequest *in, Cluster *cluster)
{
    Call *k = xcalloc(1, sizeof(*k));
    char uuid[UUID_TEXT_MAX];
    Arena *a;

    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->cond, NULL);
    a = k->arena = arena_new();
    k->rq = (Request){
        .arena = a,
        .cluster = cluster,
        .method = copy(a, in->method),
        .path = copy(a, in->path),
        .query = in->query ? copy(a, in->query) : "",
        .accept = in->accept ? copy(a, in->accept) : "application/json",
        .content_type = in->content_type ? copy(a, in->content_type) : "application/json",
        .user_agent = copy(a, c->client.user_agent),
        .audit_id = copy(a, random_uuid(uuid)),
        .server = "kubernetes.default.svc",
        .body = {arena_strndup(a, in->body.ptr ? in->body.ptr : "", in->body.len), in->body.len},
        .user = {.name = copy(a, c->user), .uid = "", .groups = c->groups, .is_internal = true},
        .wake = on_wake,
        .owner = k,
    };
    return k;
}

static void copy_reply(Call *k, Arena *a, ClientReply *ret)
{
    const Reply *in = &k->rq.reply;
    const char **warnings = arena_array(a, const char *, in->n_headers + 1);
    uint32_t n = 0;

    if (k->rq.is_secret)
        arena_wipe(a);
    for (uint32_t i = 0; i < in->n_headers; i++)
        if (strcasecmp(in->headers[i].name, "Warning") == 0)
            warnings[n++] = arena_strdup(a, in->headers[i].value);
    *ret = (ClientReply){
        .status = in->status,
        .content_type = copy(a, in->content_type),
        .body = {arena_strndup(a, in->body.ptr ? in->body.ptr : "", in->body.len), in->body.len},
        .warnings = n > 0 ? warnings : NULL};
}

static int on_call(Client *client, Arena *a, const ClientRequest *req, ClientReply *ret, Err *err)
{
    InprocClient *c = container_of(client, InprocClient, client);
    const char *name = req->cluster ? req->cluster : "host";
    int64_t timeout_ms = req->timeout_ms > 0 ? req->timeout_ms : CALL_MS;
    int64_t deadline = clock_mono_us() + timeout_ms * 1000;
    Cluster *cluster = store_cluster(c->inproc->store, slice_of(name));
    int r = 0;
    Call *k;

    if (!cluster)
        return err_set(err, ERR_NOT_FOUND, "cluster \"%s\" not found", name);
    k = call_new(c, req, cluster);
    while (vc_step(c->inproc->vc, &k->rq) == VC_WAIT)
        if (!wait_for_wake(k, deadline))
            return err_set(err, ERR_UNAVAILABLE, "%s %s: no answer in %d ms", req->method,
                           req->path, (int)timeout_ms);
    if (k->rq.reply.kind == REPLY_BODY) {
        copy_reply(k, a, ret);
    } else {
        if (k->rq.reply.kind == REPLY_STREAM)
            k->rq.reply.stream->close(k->rq.reply.stream);
        r = err_set(err, ERR_INTERNAL, "%s %s: streams are for HTTP clients", req->method,
                    req->path);
    }
    call_free(k);
    return r;
}

/* ---- many calls at once ---- */

/* True when the call has ended and is freed. */
static bool step_one(Inproc *p, Arena *a, Call *k, ClientReply *ret)
{
    if (vc_step(p->vc, &k->rq) == VC_WAIT)
        return false;
    if (k->rq.reply.kind == REPLY_BODY)
        copy_reply(k, a, ret);
    else if (k->rq.reply.kind == REPLY_STREAM)
        k->rq.reply.stream->close(k->rq.reply.stream);
    call_free(k);
    return true;
}

/* Begins the calls; returns how many go on. */
static size_t begin_all(InprocClient *c, Arena *a, const ClientRequest *reqs, size_t n,
                        ClientReply *rets, Call **calls, Wakes *wakes)
{
    size_t n_running = 0;

    for (size_t i = 0; i < n; i++) {
        const char *name = reqs[i].cluster ? reqs[i].cluster : "host";
        Cluster *cluster = store_cluster(c->inproc->store, slice_of(name));

        rets[i] = (ClientReply){.status = cluster ? 0 : 404};
        if (!cluster)
            continue;
        calls[i] = call_new(c, &reqs[i], cluster);
        calls[i]->wakes = wakes;
        wakes->refs++;
        if (step_one(c->inproc, a, calls[i], &rets[i]))
            calls[i] = NULL;
        else
            n_running++;
    }
    return n_running;
}

static void on_call_all(Client *client, Arena *a, const ClientRequest *reqs, size_t n,
                        ClientReply *rets)
{
    InprocClient *c = container_of(client, InprocClient, client);
    int64_t deadline = clock_mono_us() + CALL_MS * 1000;
    Call **calls = arena_array(a, Call *, n + 1);
    Wakes *wakes = wakes_new();
    size_t n_running = begin_all(c, a, reqs, n, rets, calls, wakes);
    bool is_late = false;

    while (n_running > 0) {
        is_late = !wakes_wait(wakes, deadline);
        for (size_t i = 0; i < n; i++) {
            while (calls[i] && take_wake(calls[i], is_late)) {
                if (!step_one(c->inproc, a, calls[i], &rets[i]))
                    continue;
                calls[i] = NULL;
                n_running--;
            }
        }
        if (is_late)
            break;
    }
    wakes_unref(wakes);
}

static void on_close(Client *client)
{
    InprocClient *c = container_of(client, InprocClient, client);

    free(c->user);
    free(c->ns_group);
    free(c);
}

int inproc_open_client(const char *user, void *data, Client **ret, Err *err UNUSED)
{
    static const char prefix[] = "system:serviceaccount:";
    InprocClient *c = xcalloc(1, sizeof(*c));
    const char *colon;
    uint32_t n = 0;

    /* the names that managedFields show: those of the programs that do this work elsewhere */
    c->client =
        (Client){.call = on_call,
                 .call_all = on_call_all,
                 .close = on_close,
                 .user_agent = str_eq(user, "system:kube-scheduler") ? "kube-scheduler"
                               : str_eq(user, "system:apiserver")    ? "kube-apiserver"
                                                                     : "kube-controller-manager"};
    c->inproc = data;
    c->user = xstrdup(user);
    if (str_starts(user, prefix) && (colon = strchr(user + sizeof(prefix) - 1, ':'))) {
        const char *ns = user + sizeof(prefix) - 1;

        c->ns_group = xasprintf("system:serviceaccounts:%.*s", (int)(colon - ns), ns);
        c->groups[n++] = "system:serviceaccounts";
        c->groups[n++] = c->ns_group;
    }
    c->groups[n] = "system:authenticated";
    *ret = &c->client;
    return 0;
}

/* ---- the lister ---- */

typedef struct Loading {
    pthread_mutex_t lock; /* guards is_done, r, err */
    pthread_cond_t cond;
    bool is_done;
    int r;
    Err err;
} Loading;

static void on_loaded(int r, const Err *err, void *data)
{
    Loading *l = data;

    pthread_mutex_lock(&l->lock);
    l->is_done = true;
    l->r = r;
    if (r < 0 && err)
        l->err = *err;
    pthread_cond_signal(&l->cond);
    pthread_mutex_unlock(&l->lock);
}

static int load(Inproc *p, Cluster *c, const char *storage, Err *err)
{
    Loading l = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};

    store_load(p->store, c, storage, on_loaded, &l);
    pthread_mutex_lock(&l.lock);
    while (!l.is_done)
        pthread_cond_wait(&l.cond, &l.lock);
    pthread_mutex_unlock(&l.lock);
    if (l.r < 0)
        return err_set(err, ERR_UNAVAILABLE, "loading %s of %s: %s", storage, c->name, l.err.msg);
    return 0;
}

/* What of the host a tenant's view of its nodes is made of. */
static int load_view(Inproc *p, Cluster *host, Err *err)
{
    static const char *const parts[] = {"nodes", "tenancy/tenants", "tenancy/plans",
                                        "tenancy/nodepools"};
    int r = 0;

    for (size_t i = 0; r == 0 && i < ARRAY_LEN(parts); i++)
        r = load(p, host, parts[i], err);
    return r;
}

/* What a read of (cluster, storage) lacked. A tenant's nodes are a view of the host's. */
static int load_for(Inproc *p, Cluster *c, const char *storage, Err *err)
{
    CLEANUP(cluster_unref) Cluster *host = NULL;
    int r;

    if (strcmp(storage, "nodes") != 0 || strcmp(c->name, "host") == 0)
        return load(p, c, storage, err);
    r = load(p, c, NODE_OVERLAYS, err);
    if (r < 0)
        return r;
    host = store_cluster(p->store, SLICE("host"));
    return host ? load_view(p, host, err) : 0;
}

static int lister_get(Lister *l, const char *cluster, const char *storage, const char *ns,
                      const char *name, Obj **ret, Err *err)
{
    Inproc *p = container_of(l, Inproc, lister);
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));

    *ret = NULL;
    if (!c)
        return 0;
    for (int i = 0; i < MAX_LOADS; i++) {
        int r = vc_get(p->vc, c, storage, ns, name, ret);

        if (r != -ERR_UNAVAILABLE)
            return r < 0 ? err_set(err, (ErrCode)-r, "reading %s/%s", storage, name) : 0;
        r = load_for(p, c, storage, err);
        if (r < 0)
            return r;
    }
    return err_set(err, ERR_UNAVAILABLE, "%s of %s does not stay in memory", storage, cluster);
}

static Obj *lister_born(Lister *l, const char *cluster, const char *storage, const char *ns,
                        const char *name)
{
    Inproc *p = container_of(l, Inproc, lister);
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));

    return c ? vc_born(p->vc, c, storage, ns, name) : NULL;
}

static bool matches(const Obj *o, void *data)
{
    return selector_match_obj(data, o);
}

static int lister_list(Lister *l, const char *cluster, const char *storage, const char *ns,
                       const Selector *sel, void (*fn)(Obj *o, void *data), void *data, Err *err)
{
    Inproc *p = container_of(l, Inproc, lister);
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));
    CacheScan scan = {.ns = ns, .match = sel ? matches : NULL, .data = (void *)sel};
    SelectorTerm term;

    if (selector_term(sel, &term))
        scan.term = &term;
    if (!c)
        return 0;
    for (int i = 0; i < MAX_LOADS; i++) {
        AUTO_OBJVEC found = {0};
        int64_t revision;
        bool more;
        int r = vc_list(p->vc, c, storage, &scan, &found, &revision, &more);

        if (r == 0) {
            for (size_t k = 0; k < found.n; k++)
                fn(found.items[k], data);
            return 0;
        }
        if (r != -ERR_UNAVAILABLE)
            return err_set(err, (ErrCode)-r, "listing %s", storage);
        r = load_for(p, c, storage, err);
        if (r < 0)
            return r;
    }
    return err_set(err, ERR_UNAVAILABLE, "%s of %s does not stay in memory", storage, cluster);
}

static int lister_claimable(Lister *l, const char *cluster, const char *storage, const char *ns,
                            const char *uid, void (*fn)(Obj *o, void *data), void *data, Err *err)
{
    Inproc *p = container_of(l, Inproc, lister);
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));
    int r = 0;

    if (!c)
        return 0;
    for (int i = 0; i < MAX_LOADS && r == 0; i++) {
        AUTO_OBJVEC found = {0};

        if (vc_list_claimable(p->vc, c, storage, ns, uid, &found) == 0) {
            for (size_t k = 0; k < found.n; k++)
                fn(found.items[k], data);
            return 0;
        }
        r = load_for(p, c, storage, err);
    }
    return r < 0 ? r
                 : err_set(err, ERR_UNAVAILABLE, "%s of %s does not stay in memory", storage,
                           cluster);
}

typedef struct Names {
    void (*fn)(const char *name, bool is_suspended, void *data);
    void *data;
    Cluster **items;
    size_t n, cap;
} Names;

static void collect(Cluster *c, void *data)
{
    Names *v = data;

    if (c->state == CLUSTER_DELETING)
        return;
    GROW(v->items, v->cap, v->n + 1);
    v->items[v->n++] = cluster_ref(c);
}

static int lister_clusters(Lister *l, void (*fn)(const char *name, bool is_suspended, void *data),
                           void *data, Err *err UNUSED)
{
    Inproc *p = container_of(l, Inproc, lister);
    Names v = {0};

    store_each_cluster(p->store, collect, &v);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < v.n; i++)
            if ((strcmp(v.items[i]->name, "host") == 0) == (round == 0))
                fn(v.items[i]->name, v.items[i]->state == CLUSTER_SUSPENDED, data);
    for (size_t i = 0; i < v.n; i++)
        cluster_unref(v.items[i]);
    free(v.items);
    return 0;
}

typedef struct Keys {
    void (*fn)(const char *cluster, const char *ns, const char *name, void *data);
    void *data;
} Keys;

static void on_key(Cluster *c, const char *ns, const char *name, void *data)
{
    Keys *k = data;

    k->fn(c->name, ns, name, k->data);
}

static int lister_keys(Lister *l, const char *storage,
                       void (*fn)(const char *cluster, const char *ns, const char *name,
                                  void *data),
                       void *data, Err *err)
{
    Keys k = {fn, data};

    return store_scan_keys(container_of(l, Inproc, lister)->store, storage, on_key, &k, err);
}

static void on_event(Cluster *c, const char *storage, Event *e, void *data)
{
    static const int types[] = {[EVENT_ADDED] = CHANGE_ADDED,
                                [EVENT_MODIFIED] = CHANGE_MODIFIED,
                                [EVENT_DELETED] = CHANGE_DELETED};
    Subscriber *s = data;

    s->fn(c->name, storage, types[e->type], e->obj, e->prev, s->data);
}

static void lister_subscribe(Lister *l, ChangeFn fn, void *data)
{
    Inproc *p = container_of(l, Inproc, lister);
    Subscriber *s;

    pthread_mutex_lock(&p->lock);
    BUG_ON(p->n_subscribers == MAX_SUBSCRIBERS);
    s = &p->subscribers[p->n_subscribers++];
    *s = (Subscriber){p, fn, data, 0};
    pthread_mutex_unlock(&p->lock);
    s->id = store_subscribe(p->store, on_event, s);
}

static void lister_unsubscribe(Lister *l, void *data)
{
    Inproc *p = container_of(l, Inproc, lister);
    int id = 0;

    pthread_mutex_lock(&p->lock);
    for (int i = 0; i < p->n_subscribers; i++) {
        if (p->subscribers[i].data == data && p->subscribers[i].id != 0) {
            id = p->subscribers[i].id;
            p->subscribers[i].id = 0; /* its slot stays: the store may still hold the address */
            break;
        }
    }
    pthread_mutex_unlock(&p->lock);
    if (id != 0)
        store_unsubscribe(p->store, id);
    if (data == p->keys_data)
        store_off_key(p->store, p);
    if (data == p->uses_data)
        tenancy_on_token_use(p->tenancy, NULL, NULL);
}

static void on_key_state(Cluster *c, bool is_there UNUSED, void *data)
{
    Inproc *p = data;

    p->keys_fn(c->name, p->keys_data);
}

static void lister_subscribe_keys(Lister *l, void (*fn)(const char *cluster, void *data),
                                  void *data)
{
    Inproc *p = container_of(l, Inproc, lister);

    p->keys_fn = fn;
    p->keys_data = data;
    store_on_key(p->store, on_key_state, p);
}

static void lister_subscribe_token_uses(Lister *l, TenancyTokenUseFn fn, void *data)
{
    Inproc *p = container_of(l, Inproc, lister);

    p->uses_data = data;
    tenancy_on_token_use(p->tenancy, fn, data);
}

static ListerKey lister_key(Lister *l, const char *cluster)
{
    CLEANUP(cluster_unref)
    Cluster *c = store_cluster(container_of(l, Inproc, lister)->store, slice_of(cluster));

    if (!c || c->key_state == CLUSTER_KEY_PENDING)
        return LISTER_KEY_PENDING;
    if (c->key_state == CLUSTER_KEY_READY)
        return LISTER_KEY_THERE;
    return cluster_key_is_refused(c) ? LISTER_KEY_REFUSED : LISTER_KEY_UNREACHABLE;
}

/* ---- open and close ---- */

/* ---- node pools ---- */

/* A reference. What cannot be known now binds nobody: the write itself is held against it again. */
static const TenantTerms *terms_of(Inproc *p, const char *cluster)
{
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));
    CLEANUP(cluster_unref) Cluster *host = store_cluster(p->store, SLICE("host"));

    for (int i = 0; c && host && i < MAX_LOADS; i++) {
        const TenantTerms *t = NULL;
        const char *need = NULL;
        Err err;

        if (tenancy_terms(p->tenancy, c, &t, &need) == 0)
            return t;
        if (!need || load(p, host, need, &err) < 0)
            break;
    }
    return terms_none();
}

static bool lister_has_pools(Lister *l, const char *cluster)
{
    CLEANUP(terms_unref) const TenantTerms *t = terms_of(container_of(l, Inproc, lister), cluster);

    return terms_restrict_nodes(t);
}

static bool lister_may_use_node(Lister *l, const char *cluster, const Value *labels)
{
    CLEANUP(terms_unref) const TenantTerms *t = terms_of(container_of(l, Inproc, lister), cluster);

    return terms_allow_node(t, labels);
}

Inproc *inproc_open(Store *store, Vcluster *vc, Tenancy *tenancy)
{
    Inproc *p = xcalloc(1, sizeof(*p));

    p->store = store;
    p->vc = vc;
    p->tenancy = tenancy;
    pthread_mutex_init(&p->lock, NULL);
    p->lister = (Lister){.get = lister_get,
                         .list = lister_list,
                         .claimable = lister_claimable,
                         .clusters = lister_clusters,
                         .born = lister_born,
                         .keys = lister_keys,
                         .subscribe = lister_subscribe,
                         .unsubscribe = lister_unsubscribe,
                         .has_pools = lister_has_pools,
                         .may_use_node = lister_may_use_node,
                         .key = lister_key,
                         .subscribe_keys = lister_subscribe_keys,
                         .subscribe_token_uses = lister_subscribe_token_uses};
    return p;
}

Lister *inproc_lister(Inproc *p)
{
    return &p->lister;
}

void inproc_quiet(Inproc *p)
{
    store_off_key(p->store, p);
    tenancy_on_token_use(p->tenancy, NULL, NULL);
    for (int i = 0; i < p->n_subscribers; i++)
        if (p->subscribers[i].id != 0)
            store_unsubscribe(p->store, p->subscribers[i].id);
    p->n_subscribers = 0;
}

void inproc_close(Inproc *p)
{
    if (!p)
        return;
    inproc_quiet(p);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
