/*
 * DESIGN. Wrapping data keys anew, in the background: when a provider has another current key, when
 * a cluster is given to another provider, when the server has another default.
 *
 *   status of each provider every key_check_s  ->  something differs  ->  a round
 *   round: pick 50 rows that are not wrapped as they shall be -> unwrap with the old, wrap with the
 *          new, unwrap that again to see that it holds -> one UPDATE -> the next 50 behind them
 *
 * Each row goes from one good wrapping to another in one statement, if it still has the one that
 * was read. So a server may die anywhere, and two servers may do the same work. What fails is met
 * again by the next round. The key itself does not change and nothing that was encrypted with it
 * does.
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "store/store_int.h"

enum { ROUND_US = 60 * 1000 * 1000, PICK_MAX = 50 };

/* What is known of a provider. */
typedef struct Provider {
    const char *name; /* the ring's */
    char current[KEY_ID_MAX], error[300];
    bool is_known, is_healthy, is_asked;
    int n_changes;               /* of its keys, on our word */
    char *ids;                   /* of all its keys, one a line; NULL: it did not tell */
    int64_t next_us, checked_us; /* monotonic; wall clock */
} Provider;

typedef struct Rewrap {
    KeyJob job;
    Rekey *rekey;
    ClusterId id;
    char from[KEY_PROVIDER_NAME_MAX], to[KEY_PROVIDER_NAME_MAX], kek[KEY_ID_MAX];
    char *old_kek;
    Buf old, wrapped;
    uint8_t *key; /* secret memory */
    int r;
    Err err;
} Rewrap;

struct Rekey {
    Store *store;
    Provider providers[KEY_PROVIDERS_MAX];
    size_t n_providers;
    ConnJob pick, put;
    bool is_running, is_wanted, is_closed;
    int64_t next_round_us;
    ClusterId after;
    Rewrap *items[PICK_MAX];
    size_t n_items, n_left;
    int64_t n_done, n_failed; /* of the round */
    KeysReport counted;
};

static Metric rewraps = {.name = "hostplane_key_rewraps_total",
                         .help =
                             "Data keys that were wrapped anew, by their new provider and result.",
                         .type = METRIC_COUNTER,
                         .labels = {"provider", "result"}};
static Metric healthy = {.name = "hostplane_key_provider_healthy",
                         .help = "1: the key provider answers and has a key.",
                         .type = METRIC_GAUGE,
                         .labels = {"provider"}};
static Metric waiting = {
    .name = "hostplane_keys_to_rewrap",
    .help = "Data keys that are not wrapped by the current key of their provider yet, at the"
            " last count.",
    .type = METRIC_GAUGE,
    .labels = {"provider"}};

static void start_round(Rekey *k);

static Provider *provider_named(Rekey *k, const char *name)
{
    for (size_t i = 0; i < k->n_providers; i++)
        if (str_eq(k->providers[i].name, name))
            return &k->providers[i];
    return NULL;
}

/* ---- how the providers are ---- */

typedef struct Ask {
    KeyJob job;
    Rekey *rekey;
    Provider *provider;
    int n_changes; /* when it was asked */
    char id[KEY_ID_MAX];
    Buf ids;
    int r;
    Err err;
} Ask;

static int run_ask(KeyJob *j, KeyProvider *p, Err *err)
{
    Ask *a = container_of(j, Ask, job);
    int r = p->type->status(p, a->id, err);

    if (r == 0 && p->type->list)
        r = p->type->list(p, &a->ids, err);
    return r;
}

static void note_current(Rekey *k, Provider *p, const char *id)
{
    if (!p->is_known || !str_eq(p->current, id))
        rekey__kick(k);
    snprintf(p->current, sizeof(p->current), "%s", id);
    p->is_known = true;
}

static void on_answer(void *data)
{
    Ask *a = data;
    Rekey *k = a->rekey;
    Provider *p = a->provider;
    bool was_healthy = p->is_healthy || p->checked_us == 0;

    p->is_asked = false;
    p->is_healthy = a->r == 0;
    p->checked_us = clock_now_us();
    p->next_us = clock_mono_us() + k->store->o.key_check_s * 1000000;
    metric_set(&healthy, p->is_healthy, p->name);
    if (a->r == 0) {
        if (!was_healthy) {
            log_info(NULL, "a key provider is well again", LOG_STR("provider", p->name));
            rekey__kick(k);
        }
        p->error[0] = '\0';
        if (a->n_changes == p->n_changes) { /* else it speaks of before */
            note_current(k, p, a->id);
            free(p->ids);
            p->ids = buf_take(&a->ids);
        }
    } else {
        snprintf(p->error, sizeof(p->error), "%.299s", a->err.msg);
        if (was_healthy && !k->is_closed)
            log_warning(NULL, "a key provider is not well", LOG_STR("provider", p->name),
                        LOG_STR("error", p->error));
    }
    buf_done(&a->ids);
    free(a);
}

static void answered(KeyJob *j, int r, const Err *err)
{
    Ask *a = container_of(j, Ask, job);

    a->r = r;
    if (r < 0)
        a->err = *err;
    loop_post(a->rekey->store->loop, on_answer, a);
}

static void ask_status(Rekey *k, Provider *p)
{
    Ask *a = xcalloc(1, sizeof(*a));

    p->is_asked = true;
    a->rekey = k;
    a->provider = p;
    a->n_changes = p->n_changes;
    a->job = (KeyJob){.provider = p->name, .run = run_ask, .done = answered};
    keyring_run(k->store->o.keys, &a->job);
}

/* ---- a round ---- */

static void rewrap_free(Rewrap *w)
{
    secret_free(w->key);
    free(w->old_kek);
    buf_done(&w->old);
    buf_done(&w->wrapped);
    free(w);
}

static void counted(int r UNUSED, const Err *err UNUSED, void *data)
{
    keys_report_done(data);
}

static void end_round(Rekey *k)
{
    k->is_running = false;
    if (!k->is_closed && k->n_done > 0) /* for the metric */
        store_keys(k->store, KEYS_LIST, NULL, NULL, &k->counted, counted, &k->counted);
    k->next_round_us = clock_mono_us() + ROUND_US;
    if (k->n_done > 0 || k->n_failed > 0)
        log_info(NULL, "data keys were wrapped anew", LOG_INT("done", k->n_done),
                 LOG_INT("failed", k->n_failed));
}

static void pick_more(Rekey *k);

static void put_start(ConnJob *j, Conn *c)
{
    Rekey *k = container_of(j, Rekey, put);
    AUTO_PARAMS p = {0};
    int id = params_array(&p, PARAM_INT8), wrapped = params_array(&p, PARAM_BYTEA);
    int provider = params_array(&p, PARAM_TEXT), kek = params_array(&p, PARAM_TEXT);
    int was = params_array(&p, PARAM_BYTEA);

    for (size_t i = 0; i < k->n_items; i++) {
        const Rewrap *w = k->items[i];

        if (w->r < 0)
            continue;
        params_add_int8(&p, id, w->id);
        params_add_bytes(&p, wrapped, buf_slice(&w->wrapped));
        params_add_text(&p, provider, w->to);
        params_add_text(&p, kek, w->kek);
        params_add_bytes(&p, was, buf_slice(&w->old));
    }
    conn_send(c, ST_REWRAP_PUT, &p);
    conn_sync(c);
}

static void put_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Rekey *k = container_of(j, Rekey, put);

    for (int i = 0; i < PQntuples(res); i++) {
        ClusterRec *c = cluster__by_id(k->store, result_int8(res, i, 0));

        k->n_done++;
        metric_add(&rewraps, 1, result_text(res, i, 1), "ok");
        if (c)
            clusterkeys__moved(k->store, c, result_text(res, i, 1));
    }
}

static void put_end(ConnJob *j, int r, const Err *err)
{
    Rekey *k = container_of(j, Rekey, put);

    for (size_t i = 0; i < k->n_items; i++)
        rewrap_free(k->items[i]);
    k->n_items = 0;
    if (r < 0)
        log_debug(NULL, "wrapping data keys anew waits", LOG_STR("error", err->msg));
    (void)FAULT("store.rewrap.written");
    if (r < 0 || k->is_closed)
        end_round(k);
    else
        pick_more(k);
}

static void on_rewrapped(void *data)
{
    Rewrap *w = data;
    Rekey *k = w->rekey;

    if (w->r < 0) {
        k->n_failed++;
        metric_add(&rewraps, 1, w->to, "failed");
        log_warning(NULL, "a data key cannot be wrapped anew", LOG_INT("cluster", w->id),
                    LOG_STR("from", w->from), LOG_STR("to", w->to), LOG_STR("error", w->err.msg));
    }
    if (--k->n_left > 0)
        return;
    (void)FAULT("store.rewrap.wrapped");
    k->put = (ConnJob){
        .what = "storing wrapped keys", .start = put_start, .result = put_result, .end = put_end};
    if (k->is_closed)
        put_end(&k->put, 0, NULL);
    else
        conn_run(load__conn(k->store), &k->put);
}

static void rewrapped(KeyJob *j, int r, const Err *err)
{
    Rewrap *w = container_of(j, Rewrap, job);

    w->r = r;
    if (r < 0)
        w->err = *err;
    loop_post(w->rekey->store->loop, on_rewrapped, w);
}

int rekey__wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_kek[KEY_ID_MAX], Err *err)
{
    AUTO_SECRET *again = secret_new();
    int r = clusterkeys__wrap(p, key, ret, ret_kek, err);

    if (r == 0)
        r = p->type->unwrap(p, ret_kek, buf_slice(ret), again, err);
    if (r == 0 && memcmp(again, key, KEY_BYTES) != 0)
        r = err_set(err, ERR_INTERNAL, "the provider unwraps to another key");
    return r;
}

/* The old wrapping goes only for one that is known to open. */
static int run_wrap(KeyJob *j, KeyProvider *p, Err *err)
{
    Rewrap *w = container_of(j, Rewrap, job);

    return rekey__wrap(p, w->key, &w->wrapped, w->kek, err);
}

static int run_unwrap_old(KeyJob *j, KeyProvider *p, Err *err)
{
    Rewrap *w = container_of(j, Rewrap, job);

    return p->type->unwrap(p, w->old_kek, buf_slice(&w->old), w->key, err);
}

static void unwrapped_old(KeyJob *j, int r, const Err *err)
{
    Rewrap *w = container_of(j, Rewrap, job);

    if (r < 0) {
        rewrapped(j, r, err);
        return;
    }
    w->job = (KeyJob){.provider = w->to, .run = run_wrap, .done = rewrapped};
    keyring_run(w->rekey->store->o.keys, &w->job);
}

static void pick_start(ConnJob *j, Conn *c)
{
    Rekey *k = container_of(j, Rekey, pick);
    AUTO_PARAMS p = {0};
    int name = params_array(&p, PARAM_TEXT), id = params_array(&p, PARAM_TEXT);

    for (size_t i = 0; i < k->n_providers; i++) {
        if (!k->providers[i].is_known || !k->providers[i].is_healthy)
            continue;
        params_add_text(&p, name, k->providers[i].name);
        params_add_text(&p, id, k->providers[i].current);
    }
    params_text(&p, keyring_default(k->store->o.keys));
    params_int8(&p, k->after);
    conn_send(c, ST_REWRAP_PICK, &p);
    conn_sync(c);
}

static void pick_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Rekey *k = container_of(j, Rekey, pick);

    for (int i = 0; i < PQntuples(res) && k->n_items < PICK_MAX; i++) {
        Rewrap *w = xcalloc(1, sizeof(*w));

        w->rekey = k;
        w->id = k->after = result_int8(res, i, 0);
        w->key = secret_new();
        w->old_kek = xstrdup(result_text(res, i, 3));
        buf_add_slice(&w->old, result_bytes(res, i, 1));
        snprintf(w->from, sizeof(w->from), "%s", clusterkeys__provider(result_text(res, i, 2)));
        snprintf(w->to, sizeof(w->to), "%s", result_text(res, i, 4));
        k->items[k->n_items++] = w;
    }
}

static void pick_end(ConnJob *j, int r, const Err *err UNUSED)
{
    Rekey *k = container_of(j, Rekey, pick);

    (void)FAULT("store.rewrap.picked");
    if (r < 0 || k->is_closed || k->n_items == 0) {
        for (size_t i = 0; i < k->n_items; i++)
            rewrap_free(k->items[i]);
        k->n_items = 0;
        end_round(k);
        return;
    }
    k->n_left = k->n_items;
    for (size_t i = 0; i < k->n_items; i++) {
        Rewrap *w = k->items[i];

        w->job = (KeyJob){.provider = w->from, .run = run_unwrap_old, .done = unwrapped_old};
        keyring_run(k->store->o.keys, &w->job);
    }
}

static void pick_more(Rekey *k)
{
    k->pick = (ConnJob){.what = "looking for wrapped keys",
                        .start = pick_start,
                        .result = pick_result,
                        .end = pick_end};
    conn_run(load__conn(k->store), &k->pick);
}

static void start_round(Rekey *k)
{
    k->is_running = true;
    k->is_wanted = false;
    k->after = 0;
    k->n_done = k->n_failed = 0;
    pick_more(k);
}

void rekey__kick(Rekey *k)
{
    k->is_wanted = true;
}

void rekey__tick(Rekey *k)
{
    int64_t now = clock_mono_us();

    for (size_t i = 0; i < k->n_providers; i++)
        if (!k->providers[i].is_asked && k->providers[i].next_us <= now)
            ask_status(k, &k->providers[i]);
    if (!k->is_running && (k->is_wanted || k->next_round_us <= now))
        start_round(k);
}

/* ---- reports, rotation, dropping ---- */

typedef struct KeysJob {
    ConnJob job;
    KeyJob key_job;
    Rekey *rekey;
    KeysOp op;
    char *provider, *key;
    KeysReport *ret;
    StoreDoneFn done;
    void *data;
    PGresult *counts;
    char id[KEY_ID_MAX]; /* the new one */
    int r;
    Err err;
} KeysJob;

static void keys_job_end(KeysJob *q, int r, const Err *err)
{
    q->done(r, err, q->data);
    PQclear(q->counts);
    free(q->provider);
    free(q->key);
    free(q);
}

void keys_report_done(KeysReport *r)
{
    arena_free(r->arena);
    *r = (KeysReport){0};
}

static KeyUse *use_of(Arena *a, KeyProviderReport *p, size_t cap, const char *id)
{
    for (size_t i = 0; i < p->n_keys; i++)
        if (str_eq(p->keys[i].id, id))
            return &p->keys[i];
    BUG_ON(p->n_keys == cap);
    p->keys[p->n_keys] = (KeyUse){.id = arena_strdup(a, id)};
    return &p->keys[p->n_keys++];
}

static void report_one(Rekey *k, const PGresult *counts, const Provider *p, KeyProviderReport *ret,
                       Arena *a)
{
    const char *deflt = keyring_default(k->store->o.keys);
    const KeyProvider *pub = keyring_find(k->store->o.keys, p->name);
    Slice ids = slice_of(p->ids ? p->ids : ""), id;
    size_t cap = (size_t)PQntuples(counts) + 1 + ids.len;

    *ret = (KeyProviderReport){.name = arena_strdup(a, p->name),
                               .scheme = pub->type->scheme,
                               .current = arena_strdup(a, p->current),
                               .error = arena_strdup(a, p->error),
                               .is_default = str_eq(p->name, deflt),
                               .is_healthy = p->is_healthy,
                               .rotates = pub->type->rotate != NULL,
                               .checked_us = p->checked_us,
                               .keys = arena_array(a, KeyUse, cap)};
    while (slice_cut(&ids, '\n', &id)) /* each ended by one */
        (void)use_of(a, ret, cap, arena_strndup(a, id.ptr, id.len));
    if (p->is_known)
        use_of(a, ret, cap, p->current)->is_current = true;
    for (int i = 0; i < PQntuples(counts); i++) {
        const char *by = clusterkeys__provider(result_text(counts, i, 0));
        const char *kek = result_text(counts, i, 1), *wanted = result_text(counts, i, 2);
        int64_t n = result_int8(counts, i, 3);
        bool is_ours = str_eq(by, p->name);

        if (is_ours)
            use_of(a, ret, cap, kek)->n_clusters += n;
        if (!str_eq(*wanted ? wanted : deflt, p->name))
            continue;
        ret->n_clusters += n;
        if (!is_ours || !str_eq(kek, p->current))
            ret->n_waiting += n;
    }
    metric_set(&waiting, (double)ret->n_waiting, p->name);
}

static void fill_report(KeysJob *q)
{
    Rekey *k = q->rekey;
    KeysReport *ret = q->ret;

    keys_report_done(ret);
    ret->arena = arena_new();
    ret->items = arena_array(ret->arena, KeyProviderReport, k->n_providers);
    for (size_t i = 0; i < k->n_providers; i++)
        report_one(k, q->counts, &k->providers[i], &ret->items[ret->n++], ret->arena);
}

static int64_t uses_of(const KeysJob *q)
{
    int64_t n = 0;

    for (int i = 0; i < PQntuples(q->counts); i++)
        if (str_eq(clusterkeys__provider(result_text(q->counts, i, 0)), q->provider) &&
            str_eq(result_text(q->counts, i, 1), q->key))
            n += result_int8(q->counts, i, 3);
    return n;
}

static void count(KeysJob *q);

static int run_change(KeyJob *j, KeyProvider *p, Err *err)
{
    KeysJob *q = container_of(j, KeysJob, key_job);

    return q->op == KEYS_ROTATE ? p->type->rotate(p, q->id, err) : p->type->drop(p, q->key, err);
}

static void on_changed(void *data)
{
    KeysJob *q = data;
    Provider *p = provider_named(q->rekey, q->provider);

    if (q->r < 0 || q->rekey->is_closed) {
        keys_job_end(q, q->r < 0 ? q->r : -ERR_UNAVAILABLE, &q->err);
        return;
    }
    log_info(
        NULL,
        q->op == KEYS_ROTATE ? "a key-encryption key was made" : "a key-encryption key was dropped",
        LOG_STR("provider", q->provider), LOG_STR("key", q->op == KEYS_ROTATE ? q->id : q->key));
    p->n_changes++;
    p->next_us = 0;
    free(TAKE(p->ids));
    if (q->op == KEYS_ROTATE)
        note_current(q->rekey, p, q->id);
    q->op = KEYS_LIST;
    count(q);
}

static void changed(KeyJob *j, int r, const Err *err)
{
    KeysJob *q = container_of(j, KeysJob, key_job);

    q->r = r;
    if (r < 0)
        q->err = *err;
    loop_post(q->rekey->store->loop, on_changed, q);
}

static void start_change(KeysJob *q)
{
    q->key_job = (KeyJob){.provider = q->provider, .run = run_change, .done = changed};
    keyring_run(q->rekey->store->o.keys, &q->key_job);
}

static void count_start(ConnJob *j UNUSED, Conn *c)
{
    conn_send(c, ST_KEY_COUNTS, NULL);
    conn_sync(c);
}

static void count_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    KeysJob *q = container_of(j, KeysJob, job);

    PQclear(q->counts);
    q->counts = PQcopyResult(res, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
}

static void count_end(ConnJob *j, int r, const Err *err)
{
    KeysJob *q = container_of(j, KeysJob, job);
    int64_t n;

    if (r < 0) {
        keys_job_end(q, r, err);
        return;
    }
    if (q->op == KEYS_LIST) {
        fill_report(q);
        keys_job_end(q, 0, NULL);
        return;
    }
    n = uses_of(q);
    if (n > 0)
        r = err_set(&q->err, ERR_FORBIDDEN,
                    "the key '%s' still wraps the data keys of %lld clusters", q->key,
                    (long long)n);
    if (r < 0)
        keys_job_end(q, r, &q->err);
    else
        start_change(q);
}

static void count(KeysJob *q)
{
    q->job = (ConnJob){.what = "counting wrapped keys",
                       .start = count_start,
                       .result = count_result,
                       .end = count_end};
    conn_run(load__conn(q->rekey->store), &q->job);
}

static int check_change(KeysJob *q, Err *err)
{
    Rekey *k = q->rekey;
    const KeyProvider *p = keyring_find(k->store->o.keys, q->provider);
    const Provider *known = provider_named(k, q->provider);

    if (k->is_closed)
        return err_set(err, ERR_UNAVAILABLE, "the store is closing");
    if (q->op == KEYS_LIST)
        return 0;
    if (!p)
        return err_set(err, ERR_NOT_FOUND, "there is no key provider '%s'", q->provider);
    if (q->op == KEYS_ROTATE ? !p->type->rotate : !p->type->drop)
        return err_set(err, ERR_FORBIDDEN,
                       "the keys of the provider '%s' are made and dropped where they are kept: "
                       "a new one is noticed within %lld s",
                       q->provider, (long long)k->store->o.key_check_s);
    if (q->op == KEYS_ROTATE)
        return 0;
    if (str_eq(known->current, q->key))
        return err_set(err, ERR_FORBIDDEN, "the key '%s' is the current one", q->key);
    /* Both are counted once they are there; from now on no other one can begin with this key. */
    if (k->n_items > 0 || clusterkeys__is_new_with(k->store, q->provider, q->key))
        return err_set(err, ERR_CONFLICT, "data keys are being wrapped: try again");
    return 0;
}

static void on_keys(void *data)
{
    KeysJob *q = data;
    Err err;
    int r = check_change(q, &err);

    if (r < 0)
        keys_job_end(q, r, &err);
    else if (q->op == KEYS_ROTATE)
        start_change(q);
    else
        count(q);
}

void store_keys(Store *s, KeysOp op, const char *provider, const char *key, KeysReport *ret,
                StoreDoneFn done, void *data)
{
    KeysJob *q = xcalloc(1, sizeof(*q));

    q->rekey = s->rekey;
    q->op = op;
    q->provider = xstrdup(provider ? provider : "");
    q->key = xstrdup(key ? key : "");
    q->ret = ret;
    q->done = done;
    q->data = data;
    loop_post(s->loop, on_keys, q);
}

bool store_has_key_provider(const Store *s, const char *name)
{
    return keyring_find(s->o.keys, name) != NULL;
}

/* ---- its life ---- */

Rekey *rekey__open(Store *s)
{
    Rekey *k = xcalloc(1, sizeof(*k));

    k->store = s;
    k->n_providers = keyring_n(s->o.keys);
    for (size_t i = 0; i < k->n_providers; i++)
        k->providers[i].name = keyring_name(s->o.keys, i);
    k->next_round_us = clock_mono_us() + ROUND_US;
    return k;
}

void rekey__close(Rekey *k)
{
    k->is_closed = true;
    k->is_running = true; /* nothing new */
}

void rekey__free(Rekey *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->n_items; i++)
        rewrap_free(k->items[i]);
    for (size_t i = 0; i < k->n_providers; i++)
        free(k->providers[i].ids);
    free(k);
}
