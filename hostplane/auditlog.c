/*
 * DESIGN. Records wait in one list, counted by cluster. Every FLUSH_MS the loop takes what is
 * there, groups it by cluster, and submits it as transactions of records alone, a bounded number at
 * a time. When PostgreSQL is away a flush is tried again until it is back; meanwhile the list fills
 * up, and what finds it full is counted as dropped. The first flush after that tells so. What a
 * cluster's own policies would have had recorded beyond its plan's bytes is counted as well, and
 * told now and then.
 */
#include "hostplane/auditlog.h"

#include "audit/policy.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "hostplane/auditsink.h"
#include "tenancy/tenancy.h"

#include <inttypes.h>
#include <pthread.h>

enum {
    FLUSH_MS = 100,
    RETRY_MS = 1000,
    FLUSH_ITEMS = 200,             /* of one transaction */
    MAX_FLUSHES = 16,              /* under way */
    QUEUE_BYTES = 64 << 20,        /* of all clusters */
    CLUSTER_BYTES = 8 << 20,       /* of one */
    CLOSE_US = 5 * 1000 * 1000,    /* for what waits, at the end */
    SIGN_EVERY_US = 600 * 1000000, /* a checkpoint of a chain that has grown */
    SIGN_AFTER = 10000,            /* records, even before that */
    MAX_SIGNED = 32,               /* checkpoints a tick */
    TELL_EVERY_US = 60 * 1000000,  /* what a cluster's own policies do not get recorded */
};

static Metric records = {.name = "hostplane_audit_records_total",
                         .help = "Audit records committed.",
                         .type = METRIC_COUNTER,
                         .labels = {"cluster"}};
static Metric dropped = {.name = "hostplane_audit_dropped_total",
                         .help = "Audit records that found the queue full.",
                         .type = METRIC_COUNTER};
static Metric left_out = {.name = "hostplane_audit_left_out_total",
                          .help = "Requests of which a cluster's own policies wanted more recorded "
                                  "than its plan has room for.",
                          .type = METRIC_COUNTER,
                          .labels = {"cluster"}};
static Metric lag = {.name = "hostplane_audit_lag_seconds",
                     .help = "How long the oldest record of the last flush had waited.",
                     .type = METRIC_GAUGE};

/* What is known of a cluster; kept as long as it has something to tell. */
typedef struct Chain {
    Cluster *cluster; /* a reference */
    size_t bytes;     /* waiting */
    int64_t n_dropped;
    int64_t n_left_out, left_out_us; /* when it was told last; 0: never */
    AuditPlace head;
    int64_t signed_seq, signed_us;
    bool is_signing;
} Chain;

struct AuditLog {
    AuditLogOptions o;
    Loop *loop;
    LoopTimer *timer;
    AuditSink *sinks[2];
    size_t n_sinks;
    pthread_mutex_t lock; /* guards what follows */
    AuditItem *first, **last;
    size_t bytes;
    int64_t since_us; /* the oldest waits since then; 0: none */
    Map chains;       /* by cluster id */
    int n_flushes;    /* under way, checkpoints included */
    bool is_posted, is_stopping, is_closed;
    pthread_cond_t idle;
};

typedef struct Flush {
    AuditLog *log;
    Txn txn;
    AuditItem *items[FLUSH_ITEMS];
    AuditRecord records[FLUSH_ITEMS];
    size_t n;
    LoopTimer *retry;
    int r;
} Flush;

/* ---- the queue ---- */

static Slice key_of(const ClusterId *id)
{
    return (Slice){(const char *)id, sizeof(*id)};
}

/* With the lock held. */
static Chain *chain_of(AuditLog *l, Cluster *c)
{
    Chain *k = map_getn(&l->chains, key_of(&c->id));

    if (k)
        return k;
    k = xcalloc(1, sizeof(*k));
    k->cluster = cluster_ref(c);
    k->signed_us = clock_mono_us();
    (void)map_setn(&l->chains, key_of(&c->id), k);
    return k;
}

static void chain_free(void *p)
{
    Chain *k = p;

    cluster_unref(k->cluster);
    free(k);
}

static void on_flush(void *data);

static void on_hurry(void *data)
{
    AuditLog *l = data;

    pthread_mutex_lock(&l->lock);
    l->is_posted = false;
    pthread_mutex_unlock(&l->lock);
    on_flush(l);
}

static void append(AuditLog *l, Chain *k, AuditItem *item)
{
    item->next = NULL;
    *l->last = item;
    l->last = &item->next;
    l->bytes += item->size;
    k->bytes += item->size;
    if (l->since_us == 0)
        l->since_us = clock_mono_us();
}

static void on_item(AuditItem *item, void *data)
{
    AuditLog *l = data;
    bool is_full, hurries = false;
    Chain *k;

    pthread_mutex_lock(&l->lock);
    k = chain_of(l, item->record.cluster);
    is_full = l->bytes + item->size > QUEUE_BYTES || k->bytes + item->size > CLUSTER_BYTES;
    if (is_full) {
        k->n_dropped++;
    } else {
        append(l, k, item);
        hurries = l->bytes > QUEUE_BYTES / 8 && !l->is_posted && !l->is_closed;
        l->is_posted = l->is_posted || hurries;
    }
    pthread_mutex_unlock(&l->lock);
    if (hurries)
        loop_post(l->loop, on_hurry, l);
    if (is_full) {
        metric_add(&dropped, 1);
        audit_item_free(item);
    }
}

static void on_left_out(Cluster *c, void *data)
{
    AuditLog *l = data;

    pthread_mutex_lock(&l->lock);
    chain_of(l, c)->n_left_out++;
    pthread_mutex_unlock(&l->lock);
    metric_add(&left_out, 1, c->name);
}

/* ---- flushing ---- */

static void flush_free(Flush *f)
{
    AuditLog *l = f->log;

    for (size_t i = 0; i < f->n; i++)
        audit_item_free(f->items[i]);
    loop_timer_free(f->retry);
    free(f);
    pthread_mutex_lock(&l->lock);
    l->n_flushes--;
    pthread_cond_broadcast(&l->idle);
    pthread_mutex_unlock(&l->lock);
}

static void flush_submit(Flush *f);

static void on_retry(void *data)
{
    Flush *f = data;

    loop_timer_free(f->retry);
    f->retry = NULL;
    flush_submit(f);
}

static void on_flushed(void *data)
{
    Flush *f = data;

    if (f->r == -ERR_UNAVAILABLE && !f->log->is_closed) {
        f->retry = loop_timer(f->log->loop, RETRY_MS, 0, on_retry, f);
        return;
    }
    if (f->r < 0 && f->r != -ERR_NOT_FOUND) {
        log_error(NULL, "audit records cannot be stored", LOG_INT("records", (int64_t)f->n));
        metric_add(&dropped, (double)f->n);
    }
    flush_free(f);
}

static void on_txn_done(int r, const Err *err UNUSED, void *data)
{
    Flush *f = data;

    f->r = r;
    loop_post(f->log->loop, on_flushed, f);
}

static void flush_submit(Flush *f)
{
    f->txn = (Txn){.audits = f->records, .n_audits = f->n, .done = on_txn_done, .data = f};
    store_submit(f->log->o.store, &f->txn);
}

static Flush *flush_new(AuditLog *l)
{
    Flush *f = xcalloc(1, sizeof(*f));

    f->log = l;
    pthread_mutex_lock(&l->lock);
    l->n_flushes++;
    pthread_mutex_unlock(&l->lock);
    return f;
}

static void flush_add(Flush *f, AuditItem *item)
{
    f->records[f->n] = item->record;
    f->items[f->n++] = item;
}

/* A record of records that there are not. */
static AuditItem *tell_dropped(Cluster *c, int64_t n, const char *reason)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT;
    char uuid[UUID_TEXT_MAX], now[CLOCK_TEXT_MAX];
    Value *v =
        value_literal(a, "{'kind':'Event','apiVersion':'audit.k8s.io/v1','level':'Metadata'}");
    AuditRecord r = {.cluster = c,
                     .user = "system:hostplane:audit",
                     .verb = "drop",
                     .resource = "",
                     .ns = "",
                     .revision_at = SIZE_MAX};

    clock_to_rfc3339_micro(clock_now_us(), now);
    value_set_str(a, v, "auditID", random_uuid(uuid));
    value_set_str(a, v, "stage", "ResponseComplete");
    value_set_str(a, v, "requestURI", "");
    value_set_str(a, v, "verb", r.verb);
    value_set_at(a, v, "user.username", value_str(a, r.user));
    value_set_str(a, v, "requestReceivedTimestamp", now);
    value_set_str(a, v, "stageTimestamp", now);
    value_set(a, value_need(a, v, "annotations"), AUDIT_PREFIX "dropped",
              value_printf(a, "%" PRId64, n));
    value_set_str(a, value_get(v, "annotations"), AUDIT_PREFIX "drop-reason", reason);
    value_print(v, &text);
    r.event = buf_slice(&text);
    return audit_item_new(&r);
}

/* Items that say what was dropped. */
static void add_dropped(AuditLog *l)
{
    int64_t now = clock_mono_us();
    const char *key;
    size_t at = 0;
    Chain *k;

    while (map_next(&l->chains, &at, &key, (void **)&k)) {
        if (k->n_dropped > 0)
            append(l, k, tell_dropped(k->cluster, k->n_dropped, "QueueFull"));
        k->n_dropped = 0;
        if (k->n_left_out == 0 ||
            (k->left_out_us > 0 && now - k->left_out_us < TELL_EVERY_US && !l->is_stopping))
            continue;
        append(l, k, tell_dropped(k->cluster, k->n_left_out, "LimitReached"));
        k->n_left_out = 0;
        k->left_out_us = now;
    }
}

/* What waits, with the lock taken and given back; NULL when it must wait on. */
static AuditItem *take_all(AuditLog *l)
{
    AuditItem *first = NULL;
    const char *key;
    size_t at = 0;
    Chain *k;

    pthread_mutex_lock(&l->lock);
    if (l->n_flushes < MAX_FLUSHES) {
        add_dropped(l);
        first = l->first;
        metric_set(&lag, l->since_us ? (double)(clock_mono_us() - l->since_us) / 1e6 : 0);
        l->first = NULL;
        l->last = &l->first;
        l->bytes = 0;
        l->since_us = 0;
        while (map_next(&l->chains, &at, &key, (void **)&k))
            k->bytes = 0;
    }
    pthread_mutex_unlock(&l->lock);
    return first;
}

static void on_flush(void *data)
{
    AuditLog *l = data;
    AuditItem *item, *next = take_all(l);
    Map open = {0}; /* cluster id -> Flush that is not full */
    const char *key;
    size_t at = 0;
    Flush *f;

    while ((item = next)) {
        Slice id = key_of(&item->record.cluster->id);

        next = item->next;
        f = map_getn(&open, id);
        if (!f) {
            f = flush_new(l);
            (void)map_setn(&open, id, f);
        }
        flush_add(f, item);
        if (f->n == FLUSH_ITEMS) {
            (void)map_deln(&open, id);
            flush_submit(f);
        }
    }
    while (map_next(&open, &at, &key, (void **)&f))
        flush_submit(f);
    map_done(&open);
}

/* ---- after the commit ---- */

static void on_committed(const AuditRecord *r, Slice bodies, void *data)
{
    AuditLog *l = data;
    Chain *k;

    pthread_mutex_lock(&l->lock);
    k = chain_of(l, r->cluster);
    k->head = r->place;
    pthread_mutex_unlock(&l->lock);
    metric_add(&records, 1, r->cluster->name);
    for (size_t i = 0; i < l->n_sinks; i++)
        audit_sink_add(l->sinks[i], r, bodies);
}

/* ---- checkpoints ---- */

typedef struct Signing {
    AuditLog *log;
    Cluster *cluster; /* a reference */
    AuditPlace head;
} Signing;

static void on_kept(int r UNUSED, const Err *err UNUSED, void *data)
{
    Signing *s = data;
    AuditLog *l = s->log;

    pthread_mutex_lock(&l->lock);
    l->n_flushes--;
    pthread_cond_broadcast(&l->idle);
    pthread_mutex_unlock(&l->lock);
    cluster_unref(s->cluster);
    free(s);
}

static void sign(AuditLog *l, Cluster *c, const AuditPlace *head)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF line = BUF_INIT;
    Signing *s;
    const char *token;
    Value *v;
    Err err;

    if (tenancy_sign_audit(l->o.tenancy, c, head, clock_now_us(), a, &token, &err) < 0) {
        log_debug(NULL, "a checkpoint cannot be signed", LOG_STR("error", err.msg));
        cluster_unref(c);
        return;
    }
    v = value_literal(a, "{'kind':'AuditCheckpoint','apiVersion':'audit.hostplane.io/v1'}");
    value_set_at(a, v, "metadata.name", value_str(a, c->name));
    value_set_at(a, v, "status.token", value_str(a, token));
    value_print(v, &line);
    for (size_t i = 0; i < l->n_sinks; i++)
        audit_sink_add_line(l->sinks[i], buf_slice(&line));
    s = xcalloc(1, sizeof(*s));
    *s = (Signing){l, c, *head};
    pthread_mutex_lock(&l->lock);
    l->n_flushes++;
    pthread_mutex_unlock(&l->lock);
    store_audit_checkpoint(l->o.store, c, head->seq, token, on_kept, s);
}

/* Chains that have grown long, or long ago. At the end: all. */
static void sign_due(AuditLog *l, bool is_last)
{
    Signing due[MAX_SIGNED];
    int64_t now = clock_mono_us();
    const char *key;
    size_t at = 0, n = 0;
    Chain *k;

    pthread_mutex_lock(&l->lock);
    while (n < MAX_SIGNED && map_next(&l->chains, &at, &key, (void **)&k)) {
        int64_t grown = k->head.seq - k->signed_seq;

        if (k->head.seq == 0 || grown == 0 ||
            (!is_last && grown < SIGN_AFTER && now - k->signed_us < SIGN_EVERY_US))
            continue;
        due[n++] = (Signing){l, cluster_ref(k->cluster), k->head};
        k->signed_seq = k->head.seq;
        k->signed_us = now;
    }
    pthread_mutex_unlock(&l->lock);
    for (size_t i = 0; i < n; i++)
        sign(l, due[i].cluster, &due[i].head);
}

/* ---- life ---- */

static void forget_gone(AuditLog *l)
{
    const char *key;
    size_t at = 0;
    Chain *k;

    pthread_mutex_lock(&l->lock);
    while (map_next(&l->chains, &at, &key, (void **)&k)) {
        if (atomic_load(&k->cluster->state) != CLUSTER_DELETING || k->bytes > 0)
            continue;
        (void)map_deln(&l->chains, key_of(&k->cluster->id));
        chain_free(k);
    }
    pthread_mutex_unlock(&l->lock);
}

static void on_tick(void *data)
{
    AuditLog *l = data;

    on_flush(l);
    sign_due(l, false);
    forget_gone(l);
}

static int open_sinks(AuditLog *l, Err *err)
{
    AuditWriter w;
    int r = 0;

    if (l->o.file) {
        r = audit_file_open(l->o.file, l->o.file_bytes, l->o.file_backups, &w, err);
        if (r == 0)
            r = audit_sink_open(&w, &l->sinks[l->n_sinks], err);
        l->n_sinks += r == 0;
    }
    if (r == 0 && l->o.webhook) {
        r = audit_webhook_open(l->o.webhook, l->o.webhook_ca_pem, &w, err);
        if (r == 0)
            r = audit_sink_open(&w, &l->sinks[l->n_sinks], err);
        l->n_sinks += r == 0;
    }
    return r;
}

static void on_start(void *data)
{
    AuditLog *l = data;

    l->timer = loop_timer(l->loop, FLUSH_MS, FLUSH_MS, on_tick, l);
}

int audit_log_open(const AuditLogOptions *o, AuditLog **ret, Err *err)
{
    AuditLog *l = xcalloc(1, sizeof(*l));
    int r;

    l->o = *o;
    l->last = &l->first;
    l->chains.free_value = chain_free;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->idle, NULL);
    r = loop_open("audit", &l->loop, err);
    if (r == 0)
        loop_wipes(l->loop); /* bodies of requests pass through it */
    if (r == 0)
        r = open_sinks(l, err);
    if (r == 0)
        r = loop_spawn(l->loop, err);
    if (r < 0) {
        for (size_t i = 0; i < l->n_sinks; i++)
            audit_sink_close(l->sinks[i]);
        loop_close(l->loop);
        free(l);
        return r;
    }
    store_set_audit_fn(o->store, on_committed, l);
    loop_post(l->loop, on_start, l);
    *ret = l;
    return 0;
}

VcAudit audit_log_engine(AuditLog *l)
{
    return (VcAudit){.policy = l->o.policy,
                     .is_strict = l->o.is_strict,
                     .queue = on_item,
                     .left_out = on_left_out,
                     .data = l};
}

static void wait_idle(AuditLog *l, int64_t until_us)
{
    struct timespec until = clock_timespec(until_us);

    pthread_mutex_lock(&l->lock);
    while (l->n_flushes > 0 &&
           pthread_cond_clockwait(&l->idle, &l->lock, CLOCK_MONOTONIC, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&l->lock);
}

static void on_stop(void *data)
{
    AuditLog *l = data;

    loop_timer_free(l->timer);
    l->timer = NULL;
    pthread_mutex_lock(&l->lock);
    l->is_stopping = true;
    pthread_mutex_unlock(&l->lock);
    on_flush(l);
    pthread_mutex_lock(&l->lock);
    l->is_closed = true; /* what waits for another try gives up */
    l->n_flushes--;      /* audit_log_close() counted this as one */
    pthread_cond_broadcast(&l->idle);
    pthread_mutex_unlock(&l->lock);
}

static void on_last_sign(void *data)
{
    AuditLog *l = data;

    sign_due(l, true);
    pthread_mutex_lock(&l->lock);
    l->n_flushes--; /* audit_log_close() counted this as one */
    pthread_cond_broadcast(&l->idle);
    pthread_mutex_unlock(&l->lock);
}

static void post_and_wait(AuditLog *l, LoopFn fn)
{
    loop_post(l->loop, fn, l);
    wait_idle(l, clock_mono_us() + CLOSE_US);
}

void audit_log_close(AuditLog *l)
{
    bool is_idle;

    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->n_flushes++;
    pthread_mutex_unlock(&l->lock);
    post_and_wait(l, on_stop);
    pthread_mutex_lock(&l->lock);
    l->n_flushes++;
    pthread_mutex_unlock(&l->lock);
    post_and_wait(l, on_last_sign);
    pthread_mutex_lock(&l->lock);
    is_idle = l->n_flushes == 0;
    pthread_mutex_unlock(&l->lock);
    for (size_t i = 0; i < l->n_sinks; i++)
        audit_sink_close(l->sinks[i]);
    if (!is_idle) /* the store still holds some of it: it may not go */
        return;
    store_set_audit_fn(l->o.store, NULL, NULL);
    loop_stop(l->loop);
    loop_join(l->loop);
    loop_close(l->loop);
    while (l->first) {
        AuditItem *next = l->first->next;

        audit_item_free(l->first);
        l->first = next;
    }
    map_done(&l->chains);
    pthread_cond_destroy(&l->idle);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
