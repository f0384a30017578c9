#include "controllers/extsecrets/vault.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "base/random.h"
#include "controllers/extsecrets/decide.h"

#include <pthread.h>

enum { ANSWER_EXTRA = 64 * 1024, MAX_USES = 100000 };

static Metric calls = {.name = "hostplane_external_secret_calls_total",
                       .help = "Calls to providers of external secrets.",
                       .type = METRIC_COUNTER,
                       .labels = {"result"}};
static Metric call_seconds = {.name = "hostplane_external_secret_call_seconds",
                              .help = "How long providers of external secrets take to answer.",
                              .type = METRIC_HISTOGRAM};
static Metric sessions = {.name = "hostplane_external_secret_sessions",
                          .help = "Tokens of providers that are held.",
                          .type = METRIC_GAUGE};

/* The calls of one cluster. */
typedef struct Lane {
    List link;    /* in Vault.ready while it has waiting ones and may run more */
    List waiting; /* Call.link */
    unsigned n_running, n_waiting;
    char *cluster;
} Lane;

/* What is remembered of a key; exists while anything is. */
typedef struct Errand {
    WorkKey key; /* its strings are the errand's */
    char *id;
    Map calls; /* URL -> Call, asked for and not finished */
    unsigned n_pending;
    size_t n_bytes; /* of answers */
    unsigned n_failures;
    int64_t next_us; /* after a failure */
    char *version;   /* that failed */
} Errand;

typedef struct Call {
    OutCall out;
    List link;
    Vault *vault; /* a reference while it runs */
    Lane *lane;
    Errand *errand; /* NULL: nobody wants the answer any more */
    int64_t began_us;
    bool is_running, is_done;
    char *cluster, *url, *ca_pem;
    char *headers[4];
    Buf body;
} Call;

struct Vault {
    _Atomic int refs; /* the owner's, and one of each running call */
    OutCallFn call;
    void *call_data, *wake_data;
    pthread_mutex_t lock; /* guards what follows; wake() is called under it */
    void (*wake)(const WorkKey *key, void *data); /* NULL: closed */
    Map errands, lanes, sessions, uses;
    List ready;
    unsigned n_running;
    bool is_pumping; /* somebody starts calls: one at a time, as an answer may come inside */
};

/* ---- calls and errands ---- */

static void call_free(Call *k)
{
    if (!k)
        return;
    list_del(&k->link);
    for (size_t i = 0; i < ARRAY_LEN(k->headers); i++) {
        if (k->headers[i])
            explicit_bzero(k->headers[i], strlen(k->headers[i]));
        free(k->headers[i]);
    }
    buf_wipe(&k->body);
    buf_wipe(&k->out.reply);
    free(k->cluster);
    free(k->url);
    free(k->ca_pem);
    free(k);
}

static void lane_settle(Vault *v, Lane *l)
{
    list_del(&l->link);
    if (l->n_waiting > 0 && l->n_running < VAULT_MAX_OF_ONE)
        list_add_tail(&v->ready, &l->link);
    if (l->n_waiting > 0 || l->n_running > 0)
        return;
    (void)map_del(&v->lanes, l->cluster);
    free(l->cluster);
    free(l);
}

/* Nobody wants the answer: one that waits is not made, one that runs frees itself. */
static void call_leave(Vault *v, Call *k)
{
    Lane *l = k->lane;

    k->errand = NULL;
    if (k->is_running)
        return;
    if (!k->is_done) {
        l->n_waiting--;
        list_del(&k->link);
        lane_settle(v, l);
    }
    call_free(k);
}

static void errand_clear(Vault *v, Errand *e)
{
    size_t at = 0;
    const char *url;
    void *k;

    while (map_next(&e->calls, &at, &url, &k))
        call_leave(v, k);
    map_clear(&e->calls);
    e->n_pending = 0;
    e->n_bytes = 0;
}

static void errand_free(Vault *v, Errand *e)
{
    if (!e)
        return;
    errand_clear(v, e);
    map_done(&e->calls);
    free((void *)(uintptr_t)e->key.cluster);
    free((void *)(uintptr_t)e->key.ns);
    free((void *)(uintptr_t)e->key.name);
    free(e->version);
    free(e->id);
    free(e);
}

static char *id_of(const WorkKey *k)
{
    return xasprintf("%u/%s/%s/%s", k->kind, k->cluster, k->ns, k->name);
}

static Errand *errand_find(Vault *v, const WorkKey *who)
{
    AUTO_FREE char *id = id_of(who);

    return map_get(&v->errands, id);
}

static Errand *errand_need(Vault *v, const WorkKey *who)
{
    Errand *e = errand_find(v, who);

    if (e)
        return e;
    e = xcalloc(1, sizeof(*e));
    e->id = id_of(who);
    e->key = (WorkKey){who->kind, xstrdup(who->cluster), xstrdup(who->ns), xstrdup(who->name)};
    (void)map_set(&v->errands, e->id, e);
    return e;
}

static Lane *lane_need(Vault *v, const char *cluster)
{
    Lane *l = map_get(&v->lanes, cluster);

    if (l)
        return l;
    l = xcalloc(1, sizeof(*l));
    list_init(&l->link);
    list_init(&l->waiting);
    l->cluster = xstrdup(cluster);
    (void)map_set(&v->lanes, cluster, l);
    return l;
}

static void vault_unref(Vault *v)
{
    if (--v->refs > 0)
        return;
    map_done(&v->errands);
    map_done(&v->lanes);
    map_done(&v->sessions);
    map_done(&v->uses);
    pthread_mutex_destroy(&v->lock);
    free(v);
}

/* ---- running ---- */

/* The next one whose turn it is: clusters go round robin. */
static Call *take_next(Vault *v)
{
    Lane *l;
    Call *k;

    if (v->n_running >= VAULT_MAX_RUNNING || list_is_empty(&v->ready))
        return NULL;
    l = list_entry(list_pop(&v->ready), Lane, link);
    k = list_entry(list_pop(&l->waiting), Call, link);
    l->n_waiting--;
    l->n_running++;
    v->n_running++;
    v->refs++;
    k->is_running = true;
    k->vault = v;
    k->began_us = clock_mono_us();
    lane_settle(v, l);
    return k;
}

static void pump(Vault *v)
{
    Call *k;

    pthread_mutex_lock(&v->lock);
    if (v->is_pumping) {
        pthread_mutex_unlock(&v->lock);
        return;
    }
    v->is_pumping = true;
    while ((k = take_next(v)) != NULL) {
        pthread_mutex_unlock(&v->lock);
        v->call(&k->out, v->call_data);
        pthread_mutex_lock(&v->lock);
    }
    v->is_pumping = false;
    pthread_mutex_unlock(&v->lock);
}

static void count(const Call *k)
{
    int status = k->out.status;
    double s = (double)(clock_mono_us() - k->began_us) / 1e6;

    metric_add(&calls, 1,
               status == 0     ? "failed"
               : status < 400  ? "answered"
               : status == 404 ? "missing"
               : status < 500  ? "refused"
                               : "unavailable");
    metric_observe(&call_seconds, s);
}

static void on_answer(OutCall *o)
{
    Call *k = o->data;
    Vault *v = k->vault;
    Errand *e;

    count(k);
    pthread_mutex_lock(&v->lock);
    k->is_running = false;
    k->is_done = true;
    v->n_running--;
    k->lane->n_running--;
    lane_settle(v, k->lane);
    k->lane = NULL;
    e = k->errand;
    if (e) {
        e->n_bytes += o->reply.len;
        if (--e->n_pending == 0 && v->wake)
            v->wake(&e->key, v->wake_data);
    } else {
        call_free(k);
    }
    pthread_mutex_unlock(&v->lock);
    pump(v);
    vault_unref(v);
}

static char *token_header(const SecretText *t)
{
    Buf out = BUF_INIT;

    buf_reserve(&out, secret_text_len(t) + 32);
    buf_adds(&out, "X-Vault-Token: ");
    secret_text_add(t, &out);
    return buf_take(&out);
}

static Call *call_new(const WorkKey *who, const VaultAsk *ask)
{
    Call *k = xcalloc(1, sizeof(*k));
    size_t n = 0;

    list_init(&k->link);
    k->cluster = xstrdup(who->cluster);
    k->url = xstrdup(ask->url);
    k->ca_pem = ask->ca_pem ? xstrdup(ask->ca_pem) : NULL;
    k->headers[n++] = xstrdup("X-Vault-Request: true");
    if (ask->ns)
        k->headers[n++] = xasprintf("X-Vault-Namespace: %s", ask->ns);
    if (ask->token)
        k->headers[n++] = token_header(ask->token);
    if (ask->body) {
        buf_reserve(&k->body, 16384); /* more than a login says */
        value_print(ask->body, &k->body);
    }
    k->out = (OutCall){.cluster = k->cluster,
                       .method = ask->body ? "POST" : "GET",
                       .url = k->url,
                       .ca_pem = k->ca_pem,
                       .headers = (const char *const *)k->headers,
                       .body = buf_slice(&k->body),
                       .max_bytes = VAULT_MAX_ANSWER + ANSWER_EXTRA,
                       .timeout_ms = VAULT_TIMEOUT_MS,
                       .done = on_answer,
                       .data = k};
    return k;
}

static int answer_of(const Call *k, Arena *a, VaultAnswer *ret)
{
    Slice body = buf_slice(&k->out.reply);

    if (!k->is_done)
        return 1;
    *ret = (VaultAnswer){k->out.status,
                         arena_strdup(a, k->out.error),
                         {arena_strndup(a, body.ptr, body.len), body.len}};
    return 0;
}

static int enqueue_call(Vault *v, const WorkKey *who, const VaultAsk *ask, Err *err)
{
    Errand *e = errand_need(v, who);
    Call *k;

    if (e->calls.n >= VAULT_MAX_ASKS)
        return err_set(err, ERR_TOO_LARGE, "it takes more than %d requests", VAULT_MAX_ASKS);
    if (e->n_bytes > VAULT_MAX_BYTES)
        return err_set(err, ERR_TOO_LARGE, "the answers are larger than %d bytes", VAULT_MAX_BYTES);
    k = call_new(who, ask);
    k->errand = e;
    k->lane = lane_need(v, who->cluster);
    k->lane->n_waiting++;
    list_add_tail(&k->lane->waiting, &k->link);
    lane_settle(v, k->lane);
    (void)map_set(&e->calls, ask->url, k);
    e->n_pending++;
    return 1;
}

int vault_ask(Vault *v, const WorkKey *who, const VaultAsk *ask, Arena *a, VaultAnswer *ret,
              Err *err)
{
    Errand *e;
    Call *k;
    int r;

    pthread_mutex_lock(&v->lock);
    e = errand_find(v, who);
    k = e ? map_get(&e->calls, ask->url) : NULL;
    r = k                    ? answer_of(k, a, ret)
        : v->wake && v->call ? enqueue_call(v, who, ask, err)
                             : err_set(err, ERR_UNAVAILABLE, "the server is stopping");
    pthread_mutex_unlock(&v->lock);
    if (r == 1 && !k)
        pump(v);
    return r;
}

int vault_peek(Vault *v, const WorkKey *who, const char *url, Arena *a, VaultAnswer *ret)
{
    Errand *e;
    Call *k;
    int r;

    pthread_mutex_lock(&v->lock);
    e = errand_find(v, who);
    k = e ? map_get(&e->calls, url) : NULL;
    r = k ? answer_of(k, a, ret) : -ERR_NOT_FOUND;
    pthread_mutex_unlock(&v->lock);
    return r;
}

/* ---- the end of a run ---- */

void vault_finish(Vault *v, const WorkKey *who)
{
    Errand *e;

    pthread_mutex_lock(&v->lock);
    e = errand_find(v, who);
    if (e)
        errand_clear(v, e);
    pthread_mutex_unlock(&v->lock);
}

int64_t vault_fail(Vault *v, const WorkKey *who, const char *version, int64_t now_us)
{
    Errand *e;
    int64_t ms;

    pthread_mutex_lock(&v->lock);
    e = errand_need(v, who);
    errand_clear(v, e);
    e->n_failures++;
    ms = extsecret_retry_ms(e->n_failures, random_u64());
    e->next_us = now_us + ms * 1000;
    free(e->version);
    e->version = xstrdup(version);
    pthread_mutex_unlock(&v->lock);
    return ms;
}

int64_t vault_left_ms(Vault *v, const WorkKey *who, const char *version, int64_t now_us)
{
    Errand *e;
    int64_t left = 0;

    pthread_mutex_lock(&v->lock);
    e = errand_find(v, who);
    if (e && e->n_failures > 0 && str_eq(e->version, version))
        left = MAX(e->next_us - now_us, 0) / 1000;
    pthread_mutex_unlock(&v->lock);
    return MIN(left, (int64_t)EXTSECRET_LAST_RETRY_MS * 2); /* should the clock be set back */
}

void vault_forget(Vault *v, const WorkKey *who)
{
    AUTO_FREE char *id = id_of(who);

    pthread_mutex_lock(&v->lock);
    errand_free(v, map_del(&v->errands, id));
    pthread_mutex_unlock(&v->lock);
}

/* ---- sessions ---- */

static VaultSession *session_new(SecretText *token, const char *made_of, const VaultLogin *l,
                                 int64_t since_us, int64_t now_us)
{
    VaultSession *s = xcalloc(1, sizeof(*s));

    s->refs = 1;
    s->token = token;
    s->made_of = xstrdup(made_of);
    s->since_us = since_us;
    s->is_renewable = l->is_renewable;
    if (l->lease_s > 0) {
        s->ends_at_us = now_us + l->lease_s * 1000000;
        s->renew_at_us = now_us + vault_renew_after_ms(l->lease_s) * 1000;
    }
    return s;
}

VaultSession *vault_session_new(Slice token, const char *made_of, const VaultLogin *l,
                                int64_t now_us)
{
    return session_new(secret_text_new(token), made_of, l, now_us, now_us);
}

VaultSession *vault_session_renewed(const VaultSession *s, const VaultLogin *l, int64_t now_us)
{
    AUTO_WIPED_BUF token = BUF_INIT;

    secret_text_add(s->token, &token);
    return session_new(secret_text_new(buf_slice(&token)), s->made_of, l, s->since_us, now_us);
}

void vault_session_unref(VaultSession *s)
{
    if (!s || --s->refs > 0)
        return;
    secret_text_free(s->token);
    free(s->made_of);
    free(s);
}

static char *place_of(const char *cluster, const char *ns, const char *name)
{
    return xasprintf("%s/%s/%s", cluster, ns, name);
}

VaultSession *vault_session(Vault *v, const char *cluster, const char *ns, const char *store,
                            int64_t now_us)
{
    AUTO_FREE char *place = place_of(cluster, ns, store);
    VaultSession *s;

    pthread_mutex_lock(&v->lock);
    s = map_get(&v->sessions, place);
    if (s && s->ends_at_us != 0 && s->ends_at_us <= now_us)
        s = NULL;
    if (s)
        s->refs++;
    pthread_mutex_unlock(&v->lock);
    return s;
}

void vault_set_session(Vault *v, const char *cluster, const char *ns, const char *store,
                       VaultSession *s)
{
    AUTO_FREE char *place = place_of(cluster, ns, store);
    VaultSession *old;

    pthread_mutex_lock(&v->lock);
    old = s ? map_set(&v->sessions, place, s) : map_del(&v->sessions, place);
    metric_set(&sessions, (double)v->sessions.n);
    pthread_mutex_unlock(&v->lock);
    vault_session_unref(old);
}

void vault_drop_session(Vault *v, const char *cluster, const char *ns, const char *store,
                        const VaultSession *s)
{
    AUTO_FREE char *place = place_of(cluster, ns, store);
    VaultSession *old = NULL;

    pthread_mutex_lock(&v->lock);
    if (map_get(&v->sessions, place) == s)
        old = map_del(&v->sessions, place);
    metric_set(&sessions, (double)v->sessions.n);
    pthread_mutex_unlock(&v->lock);
    vault_session_unref(old);
}

/* ---- uses ---- */

static char *use_of(const char *cluster, const char *storage, const char *ns, const char *name)
{
    return xasprintf("%s/%s/%s/%s", cluster, ns, storage, name);
}

void vault_note_use(Vault *v, const char *cluster, const char *storage, const char *ns,
                    const char *name)
{
    AUTO_FREE char *use = use_of(cluster, storage, ns, name);

    pthread_mutex_lock(&v->lock);
    if (v->uses.n < MAX_USES)
        (void)map_set(&v->uses, use, v);
    pthread_mutex_unlock(&v->lock);
}

bool vault_is_used(Vault *v, const char *cluster, const char *storage, const char *ns,
                   const char *name)
{
    bool is_used = false;

    pthread_mutex_lock(&v->lock);
    if (v->uses.n > 0) {
        AUTO_FREE char *use = use_of(cluster, storage, ns, name);

        is_used = map_get(&v->uses, use) != NULL;
    }
    pthread_mutex_unlock(&v->lock);
    return is_used;
}

/* ---- clusters, open and close ---- */

static bool is_of(const char *place, const char *cluster)
{
    size_t n = strlen(cluster);

    return strncmp(place, cluster, n) == 0 && place[n] == '/';
}

/* cluster NULL: all. */
static void drop(Vault *v, const char *cluster)
{
    const char *key;
    size_t at = 0;
    void *p;

    while (map_next(&v->errands, &at, &key, &p)) {
        Errand *e = p;

        if (cluster && !str_eq(e->key.cluster, cluster))
            continue;
        (void)map_del(&v->errands, e->id);
        errand_free(v, e);
    }
    at = 0;
    while (map_next(&v->sessions, &at, &key, &p)) {
        if (cluster && !is_of(key, cluster))
            continue;
        (void)map_del(&v->sessions, key);
        vault_session_unref(p);
    }
    at = 0;
    while (map_next(&v->uses, &at, &key, &p))
        if (!cluster || is_of(key, cluster))
            (void)map_del(&v->uses, key);
    metric_set(&sessions, (double)v->sessions.n);
}

void vault_drop_cluster(Vault *v, const char *cluster)
{
    pthread_mutex_lock(&v->lock);
    drop(v, cluster);
    pthread_mutex_unlock(&v->lock);
}

Vault *vault_new(OutCallFn call, void *call_data, void (*wake)(const WorkKey *key, void *data),
                 void *wake_data)
{
    Vault *v = xcalloc(1, sizeof(*v));

    v->refs = 1;
    v->call = call;
    v->call_data = call_data;
    v->wake = wake;
    v->wake_data = wake_data;
    pthread_mutex_init(&v->lock, NULL);
    list_init(&v->ready);
    return v;
}

void vault_close(Vault *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    v->wake = NULL;
    drop(v, NULL);
    pthread_mutex_unlock(&v->lock);
    vault_unref(v);
}
