/*
 * DESIGN. Group commit. One batch is in flight at a time; what arrives meanwhile forms the next.
 *
 *   IDLE -> LOCK [-> KEYS] -> WRITE -> (apply) -> IDLE
 *             |               |
 *             |               +-> UNKNOWN   the connection broke after COMMIT was sent
 *             +-> BACK                      nothing passed, or the feed must catch up: ROLLBACK
 *
 * LOCK:    BEGIN; lock the rows of the touched clusters in order of id; then, in a newer snapshot,
 *          read what the batch addresses. One trip.
 *          What is in a cache is not read: a locked cluster whose revision is ours cannot differ
 * from its caches. KEYS reads it after all when another server was faster. WRITE:   batch_decide()
 * has judged; write what passed, NOTIFY, COMMIT. One trip. UNKNOWN: on the next connection
 * pg_xact_status() of the transaction tells whether it committed.
 *
 * Guarantees: (1) done(0) only after COMMIT was confirmed, or found to have happened. (2) Events
 * reach caches in order of revision; those of other servers that lie between come first, read in
 * the same transaction. (3) A transaction that did not commit because the connection broke is tried
 * again, so it fails only when PostgreSQL stays away. (4) A batch that fails as a whole is tried
 * again one transaction at a time, so that a bad one fails alone.
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/fairq.h"
#include "store/note.h"
#include "store/pgerr.h"
#include "store/store_int.h"

enum {
    MAX_ATTEMPTS = 5,
    GAP_MAX = 1000, /* beyond it the feed catches up first */
    MAX_STATEMENTS = 30,
};

typedef enum RunPhase { RUN_LOCK, RUN_KEYS, RUN_WRITE, RUN_BACK, RUN_UNKNOWN } RunPhase;

/* Rows of clusters that are made in this batch. */
typedef struct NewCluster {
    BatchName *name;
    NewKey *key; /* of the transaction */
} NewCluster;

typedef struct Run {
    ConnJob job;
    Writer *writer;
    Batch batch;
    RunPhase phase;
    int sent[MAX_STATEMENTS]; /* of this section, to tell results apart */
    int n_sent;
    char xid[24];
    int64_t number; /* what writer_mark has after COMMIT */
    bool is_commit_sent, is_committed, wait_feed;
    bool from_memory; /* the addressed objects are all in caches */
    size_t n_gaps;
    PGresult *gaps; /* events of other servers, applied before ours */
    NewCluster *created;
    size_t n_created;
    int64_t next_ids[BATCH_MAX_WRITES];
    int64_t created_us;
    Params params;
} Run;

struct Writer {
    Store *store;
    Conn *conn;
    /* inbox, any thread */
    pthread_mutex_t lock; /* guards inbox, inbox_last, is_posted */
    Txn *inbox, **inbox_last;
    bool is_posted;
    /* loop */
    FairQueue queue;
    Run *run;     /* in flight */
    Run *unknown; /* outcome to be found out before anything else */
    ConnJob probe;
    bool is_probing, is_closing, is_running_still, is_marked;
    int64_t last_number;
    size_t n_single; /* so many next batches take one transaction only */
    LoopTimer *retry;
    int64_t unknown_since_us;
};

static void run_batch(Writer *w);

/* ---- ending transactions ---- */

static void txn_done(Writer *w, Txn *t, int r, const Err *err)
{
    if (r == -ERR_CONFLICT || r == -ERR_ALREADY_EXISTS)
        w->store->conflicts++;
    newkey__free(TAKE(t->new_key_));
    t->done(r, err, t->data);
}

static void run_free(Run *run)
{
    free(run->created);
    PQclear(run->gaps);
    params_done(&run->params);
    batch_done(&run->batch);
    free(run);
}

static void run_fail(Run *run, int r, const Err *err)
{
    for (size_t i = 0; i < run->batch.n_txns; i++)
        txn_done(run->writer, run->batch.txns[i].txn, r, err);
    run_free(run);
}

/* Put the transactions of a batch that did not happen back in front, in their order. */
static void run_again(Run *run, bool counts, const Err *err)
{
    Writer *w = run->writer;

    for (size_t i = run->batch.n_txns; i-- > 0;) {
        Txn *t = run->batch.txns[i].txn;

        if (counts && ++t->attempts_ >= MAX_ATTEMPTS) {
            txn_done(w, t, -(int)err->code, err);
            continue;
        }
        fairq_put_back(&w->queue, t);
    }
    run_free(run);
}

/* ---- section 1: lock and look ---- */

static void run_send(Run *run, Conn *c, int statement)
{
    BUG_ON(run->n_sent == MAX_STATEMENTS);
    run->sent[run->n_sent++] = statement;
    conn_send(c, statement, &run->params);
}

static void send_lock(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int a = params_array(p, PARAM_INT8);

    for (size_t i = 0; i < b->n_clusters; i++)
        params_add_int8(p, a, b->clusters[i].id);
    if (b->n_names == 0) {
        run_send(run, c, ST_LOCK);
        return;
    }
    a = params_array(p, PARAM_TEXT);
    for (size_t i = 0; i < b->n_names; i++)
        params_add_text(p, a, b->names[i].name);
    run_send(run, c, ST_LOCK_NAMES);
}

static void send_keys(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), storage = params_array(p, PARAM_TEXT);
    int ns = params_array(p, PARAM_TEXT), name = params_array(p, PARAM_TEXT);

    for (size_t i = 0; i < b->n_keys; i++) {
        params_add_int8(p, id, b->clusters[b->keys[i].cluster].id);
        params_add_text(p, storage, b->keys[i].storage);
        params_add_text(p, ns, b->keys[i].ns);
        params_add_text(p, name, b->keys[i].name);
    }
    run_send(run, c, ST_KEYS);
}

static void send_used(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), counter = params_array(p, PARAM_TEXT);

    for (size_t i = 0; i < b->n_counters; i++) {
        params_add_int8(p, id, b->clusters[b->counters[i].cluster].id);
        params_add_text(p, counter, b->counters[i].counter);
    }
    run_send(run, c, ST_USED);
}

/* What the caches say of the addressed objects; false when one is not in memory. */
static bool keys_from_memory(Batch *b)
{
    for (size_t i = 0; i < b->n_keys; i++) {
        BatchKey *k = &b->keys[i];
        ClusterRec *rec = cluster_rec(b->clusters[k->cluster].cluster);

        if (!cache__peek(rec, k->storage, k->ns, k->name, &k->revision, &k->is_tombstone))
            return false;
    }
    for (size_t i = 0; i < b->n_clusters; i++)
        b->clusters[i].looked = b->clusters[i].cluster ? b->clusters[i].cluster->revision : 0;
    return true;
}

/* Whether what was read from memory is still so: nothing was heard of these clusters meanwhile. */
static bool keys_are_fresh(const Batch *b)
{
    for (size_t i = 0; i < b->n_clusters; i++)
        if (b->clusters[i].cluster && b->clusters[i].looked != b->clusters[i].cluster->revision)
            return false;
    return true;
}

static void run_start(ConnJob *j, Conn *c)
{
    Run *run = container_of(j, Run, job);
    Batch *b = &run->batch;

    run->phase = RUN_LOCK;
    run->n_sent = 0;
    run_send(run, c, ST_BEGIN);
    if (b->has_create) {
        run_send(run, c, ST_CREATE_LOCK);
        params_int8(&run->params, (int64_t)b->n_names);
        run_send(run, c, ST_NEXT_IDS);
    }
    send_lock(run, c);
    run->from_memory = keys_from_memory(b);
    if (!run->from_memory)
        send_keys(run, c);
    if (b->n_counters > 0)
        send_used(run, c);
    if (audit__add_ids(b, &run->params)) /* they change under the lock of their clusters only */
        run_send(run, c, ST_AUDIT_HEADS);
    conn_sync(c);
}

static void on_locked(Run *run, const PGresult *res)
{
    Batch *b = &run->batch;

    for (int i = 0; i < PQntuples(res); i++) {
        ClusterId id = result_int8(res, i, 0);
        BatchCluster *bc = batch_cluster(b, id);
        ClusterState state = (ClusterState)result_int2(res, i, 2);
        const char *name = result_text(res, i, 3);

        snprintf(run->xid, sizeof(run->xid), "%s", result_text(res, i, 4));
        if (bc) {
            bc->exists = true;
            bc->state = state;
            bc->locked = result_int8(res, i, 1);
            bc->key_version = result_int8(res, i, 5);
            cluster__set_encrypted(run->writer->store, cluster_rec(bc->cluster),
                                   result_text(res, i, 6));
            bc->encrypted = cluster_rec(bc->cluster)->encrypted;
        }
        for (size_t k = 0; k < b->n_names && state != CLUSTER_DELETING; k++) {
            if (str_eq(b->names[k].name, name)) {
                b->names[k].id = id;
                b->names[k].state = state;
                b->names[k].revision = result_int8(res, i, 1);
            }
        }
    }
}

static void clear_keys(Batch *b)
{
    for (size_t i = 0; i < b->n_keys; i++) {
        b->keys[i].revision = 0;
        b->keys[i].is_tombstone = false;
    }
}

static void on_keys(Batch *b, const PGresult *res)
{
    for (int i = 0; i < PQntuples(res); i++) {
        BatchKey *k = &b->keys[result_int8(res, i, 0) - 1];

        k->revision = result_int8(res, i, 1);
        k->is_tombstone = result_int2(res, i, 2) & ROW_TOMBSTONE;
    }
}

static void run_result(ConnJob *j, size_t nth, PGresult *res)
{
    Run *run = container_of(j, Run, job);
    int statement = (int)nth < run->n_sent ? run->sent[nth] : ST_MAX_;

    switch (statement) {
    case ST_LOCK:
    case ST_LOCK_NAMES:
        on_locked(run, res);
        break;
    case ST_NEXT_IDS:
        for (int i = 0; i < PQntuples(res) && i < BATCH_MAX_WRITES; i++) {
            run->next_ids[i] = result_int8(res, i, 0);
            snprintf(run->xid, sizeof(run->xid), "%s", result_text(res, i, 1));
        }
        break;
    case ST_KEYS:
        clear_keys(&run->batch);
        on_keys(&run->batch, res);
        break;
    case ST_USED:
        for (int i = 0; i < PQntuples(res); i++)
            run->batch.counters[result_int8(res, i, 0) - 1].used = result_int8(res, i, 1);
        break;
    case ST_AUDIT_HEADS:
        audit__take_heads(&run->batch, res);
        break;
    case ST_GAPS:
        PQclear(run->gaps);
        run->gaps = PQcopyResult(res, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
        break;
    case ST_COMMIT:
        run->is_committed = true;
        break;
    default:
        break;
    }
}

/* ---- section 2: write ---- */

/* What we have not seen of the touched clusters lies in (ours, locked]. */
static void compare_revisions(Run *run)
{
    Store *s = run->writer->store;
    Batch *b = &run->batch;
    int64_t gap = 0;

    run->n_gaps = 0;
    for (size_t i = 0; i < b->n_clusters; i++) {
        BatchCluster *bc = &b->clusters[i];
        int64_t ours = bc->cluster->revision;

        if (!bc->exists || bc->state == CLUSTER_DELETING)
            continue;
        if (bc->locked < ours) {
            /* A crash of the database lost relaxed commits that we have shown: never go back. */
            cluster__reset(s, cluster_rec(bc->cluster), ours);
            bc->locked = ours;
        } else if (bc->locked > ours) {
            run->n_gaps++;
            gap += bc->locked - ours;
            if (gap > GAP_MAX)
                feed__behind(s->feed, cluster_rec(bc->cluster), bc->locked);
        }
    }
    run->wait_feed = gap > GAP_MAX;
}

static void send_gaps(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), low = params_array(p, PARAM_INT8);
    int high = params_array(p, PARAM_INT8);

    for (size_t i = 0; i < b->n_clusters; i++) {
        BatchCluster *bc = &b->clusters[i];

        if (!bc->exists || bc->state == CLUSTER_DELETING || bc->locked <= bc->cluster->revision)
            continue;
        params_add_int8(p, id, bc->id);
        params_add_int8(p, low, bc->cluster->revision);
        params_add_int8(p, high, bc->locked);
    }
    run_send(run, c, ST_GAPS);
}

static void list_created(Run *run)
{
    Batch *b = &run->batch;

    run->created = xcalloc(b->n_names + 1, sizeof(*run->created));
    for (size_t i = 0; i < b->n_names; i++) {
        BatchName *n = &b->names[i];

        if (!n->change || n->change->op != CLUSTER_CREATE)
            continue;
        n->new_id = str_eq(n->name, "host") ? 1 : run->next_ids[i];
        run->created[run->n_created++] =
            (NewCluster){n, container_of(n->change, Txn, change)->new_key_};
    }
}

static void send_created(Run *run, Conn *c)
{
    Params *p = &run->params;
    int a, d, e, f, g, h;
    const char *encrypted;

    if (run->n_created == 0)
        return;
    run->created_us = clock_now_us();
    a = params_array(p, PARAM_INT8);
    d = params_array(p, PARAM_TEXT);
    e = params_array(p, PARAM_TEXT);
    f = params_array(p, PARAM_INT2);
    g = params_array(p, PARAM_TEXT);
    for (size_t i = 0; i < run->n_created; i++) {
        encrypted = run->created[i].name->change->encrypted;
        params_add_text(p, g, encrypted ? encrypted : "");
        params_add_int8(p, a, run->created[i].name->new_id);
        params_add_text(p, d, run->created[i].name->change->uid);
        params_add_text(p, e, run->created[i].name->name);
        params_add_int2(p, f, (int16_t)run->created[i].name->change->state);
    }
    params_int8(p, run->created_us);
    params_int8(p, CLUSTER_FIRST_REVISION);
    run_send(run, c, ST_CLUSTER_NEW);
    a = params_array(p, PARAM_INT8);
    d = params_array(p, PARAM_BYTEA);
    e = params_array(p, PARAM_BYTEA);
    f = params_array(p, PARAM_TEXT);
    g = params_array(p, PARAM_TEXT);
    h = params_array(p, PARAM_TEXT);
    for (size_t i = 0; i < run->n_created; i++) {
        const NewKey *k = run->created[i].key;
        const char *wanted = run->created[i].name->change->key_provider;

        params_add_int8(p, a, run->created[i].name->new_id);
        params_add_bytes(p, d, buf_slice(&k->wrapped));
        params_add_bytes(p, e, buf_slice(&k->identity));
        params_add_text(p, f, k->provider);
        params_add_text(p, g, k->kek);
        params_add_text(p, h, wanted ? wanted : "");
    }
    run_send(run, c, ST_CLUSTER_KEYS);
}

static ClusterState state_after(const ClusterChange *change)
{
    return change->op == CLUSTER_DELETE ? CLUSTER_DELETING : change->state;
}

/* Arrays of the clusters that change and what they become; 0: none, and no arrays. */
static int add_states(const Batch *b, Params *p)
{
    int id = params_array(p, PARAM_INT8), state = params_array(p, PARAM_INT2), n = 0;

    for (size_t i = 0; i < b->n_names; i++) {
        const ClusterChange *change = b->names[i].change;

        if (!change || change->op == CLUSTER_CREATE)
            continue;
        params_add_int8(p, id, b->names[i].id);
        params_add_int2(p, state, (int16_t)state_after(change));
        n++;
    }
    if (n == 0)
        params_reset(p);
    return n;
}

static bool is_deleted(const BatchName *n)
{
    return n->change && n->change->op == CLUSTER_DELETE;
}

static int n_deleted(const Batch *b)
{
    int n = 0;

    for (size_t i = 0; i < b->n_names; i++)
        n += is_deleted(&b->names[i]);
    return n;
}

static void add_deleted(const Batch *b, Params *p)
{
    int id = params_array(p, PARAM_INT8);

    for (size_t i = 0; i < b->n_names; i++)
        if (is_deleted(&b->names[i]))
            params_add_int8(p, id, b->names[i].id);
}

static bool moves_key(const BatchName *n)
{
    return n->change && n->change->op == CLUSTER_SET_STATE && n->change->key_provider;
}

static bool changes_kinds(const BatchName *n)
{
    return n->change && n->change->op == CLUSTER_SET_STATE && n->change->encrypted;
}

/* Who shall wrap their data keys from now on. */
static void send_wanted(Run *run, Conn *c)
{
    const Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), wanted = params_array(p, PARAM_TEXT), n = 0;

    for (size_t i = 0; i < b->n_names; i++) {
        if (!moves_key(&b->names[i]))
            continue;
        params_add_int8(p, id, b->names[i].id);
        params_add_text(p, wanted, b->names[i].change->key_provider);
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_KEY_WANTED);
    else
        params_reset(p);
}

/* What is encrypted of them from now on. */
static void send_kinds(Run *run, Conn *c)
{
    const Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), kinds = params_array(p, PARAM_TEXT), n = 0;

    for (size_t i = 0; i < b->n_names; i++) {
        if (!changes_kinds(&b->names[i]))
            continue;
        params_add_int8(p, id, b->names[i].id);
        params_add_text(p, kinds, b->names[i].change->encrypted);
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_RESEAL_KINDS);
    else
        params_reset(p);
}

/* In the order of add_states(). */
static void add_floors(const Batch *b, Params *p)
{
    int floor = params_array(p, PARAM_INT8);

    for (size_t i = 0; i < b->n_names; i++) {
        const ClusterChange *change = b->names[i].change;

        if (change && change->op != CLUSTER_CREATE)
            params_add_int8(p, floor, change->floor);
    }
}

static void send_states(Run *run, Conn *c)
{
    if (add_states(&run->batch, &run->params) == 0)
        return;
    add_floors(&run->batch, &run->params);
    run_send(run, c, ST_CLUSTER_STATES);
    send_wanted(run, c);
    send_kinds(run, c);
    if (n_deleted(&run->batch) == 0)
        return;
    add_deleted(&run->batch, &run->params);
    run_send(run, c, ST_CLUSTER_WIPE);
}

/* The rows that change (has_row) or are new. */
static void send_objects(Run *run, Conn *c, bool has_row)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), storage = params_array(p, PARAM_TEXT);
    int ns = params_array(p, PARAM_TEXT), name = params_array(p, PARAM_TEXT);
    int revision = params_array(p, PARAM_INT8), flags = params_array(p, PARAM_INT2);
    int body = params_array(p, PARAM_BYTEA), n = 0;
    AUTO_BUF text = BUF_INIT;

    for (size_t i = 0; i < b->n_keys; i++) {
        BatchKey *k = &b->keys[i];
        BatchCluster *bc = &b->clusters[k->cluster];

        if (!k->is_changed || k->revision == 0 || k->had_row != has_row)
            continue;
        params_add_int8(p, id, bc->id);
        params_add_text(p, storage, k->storage);
        params_add_text(p, ns, k->ns);
        params_add_text(p, name, k->name);
        params_add_int8(p, revision, k->revision);
        n++;
        if (k->is_tombstone) {
            params_add_int2(p, flags, ROW_TOMBSTONE);
            params_add_null(p, body);
            continue;
        }
        buf_reset(&text);
        params_add_int2(p, flags,
                        (int16_t)store__encode(cluster_rec(bc->cluster), bc->key, bc->encrypted,
                                               k->storage, k->last->obj, &text));
        params_add_bytes(p, body, buf_slice(&text));
    }
    if (n > 0)
        run_send(run, c, has_row ? ST_PUT : ST_INSERT);
    else
        params_reset(p);
}

static void send_deletes(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), storage = params_array(p, PARAM_TEXT);
    int ns = params_array(p, PARAM_TEXT), name = params_array(p, PARAM_TEXT), n = 0;

    for (size_t i = 0; i < b->n_keys; i++) {
        BatchKey *k = &b->keys[i];

        if (!k->is_changed || k->revision != 0 || !k->had_row)
            continue;
        params_add_int8(p, id, b->clusters[k->cluster].id);
        params_add_text(p, storage, k->storage);
        params_add_text(p, ns, k->ns);
        params_add_text(p, name, k->name);
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_DELETE);
    else
        params_reset(p);
}

static void send_history(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    AUTO_BUF text = BUF_INIT;
    int id, revision, type, flags, storage, ns, name, body, before;

    params_int8(p, clock_now_s());
    id = params_array(p, PARAM_INT8);
    revision = params_array(p, PARAM_INT8);
    type = params_array(p, PARAM_INT2);
    flags = params_array(p, PARAM_INT2);
    storage = params_array(p, PARAM_TEXT);
    ns = params_array(p, PARAM_TEXT);
    name = params_array(p, PARAM_TEXT);
    body = params_array(p, PARAM_BYTEA);
    before = params_array(p, PARAM_INT8);
    for (size_t i = 0; i < b->n_events; i++) {
        BatchEvent *e = &b->events[i];
        BatchCluster *bc = &b->clusters[e->cluster];
        int how;

        if (FAULT("store.plant.skip-history"))
            continue;
        buf_reset(&text);
        how = store__encode(cluster_rec(bc->cluster), bc->key, bc->encrypted, e->write->storage,
                            e->write->obj, &text);
        params_add_int8(p, id, bc->id);
        params_add_int8(p, revision, e->revision);
        params_add_int2(p, type, (int16_t)e->type);
        params_add_int2(p, flags, (int16_t)(e->flags | how));
        params_add_text(p, storage, e->write->storage);
        params_add_text(p, ns, e->write->ns);
        params_add_text(p, name, e->write->name);
        params_add_bytes(p, body, buf_slice(&text));
        params_add_int8(p, before, e->before);
    }
    run_send(run, c, ST_HISTORY);
}

/* The counters, and what other servers are told: "server;id:revision,...,!id" (! its row changed).
 */
static void send_revisions(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    AUTO_BUF note = BUF_INIT;
    int id = params_array(p, PARAM_INT8), revision = params_array(p, PARAM_INT8), n = 0;

    note_begin(&note, run->writer->store->server_id);
    for (size_t i = 0; i < b->n_clusters; i++) {
        BatchCluster *bc = &b->clusters[i];

        if (bc->revision == bc->locked)
            continue;
        params_add_int8(p, id, bc->id);
        params_add_int8(p, revision, bc->revision);
        note_add(&note, &(NoteItem){.cluster = bc->id, .revision = bc->revision});
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_REVISIONS);
    else
        params_reset(p);
    for (size_t i = 0; i < b->n_names; i++)
        if (b->names[i].change)
            note_add(&note, &(NoteItem){.cluster = b->names[i].new_id ? b->names[i].new_id
                                                                      : b->names[i].id,
                                        .is_row = true});
    if (n == 0 && b->n_names == 0) /* records of the audit log alone */
        return;
    params_textn(p, buf_slice(&note));
    run_send(run, c, ST_NOTIFY);
}

static void send_counters(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id = params_array(p, PARAM_INT8), counter = params_array(p, PARAM_TEXT);
    int used = params_array(p, PARAM_INT8), n = 0;

    for (size_t i = 0; i < b->n_counters; i++) {
        if (!b->counters[i].is_changed)
            continue;
        params_add_int8(p, id, b->clusters[b->counters[i].cluster].id);
        params_add_text(p, counter, b->counters[i].counter);
        params_add_int8(p, used, b->counters[i].used);
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_PUT_USED);
    else
        params_reset(p);
}

/* What is billed has changed: say since when. Pods of a suspended tenant do not run. */
static void send_meter(Run *run, Conn *c)
{
    Batch *b = &run->batch;
    Params *p = &run->params;
    int id, counter, used, n = 0;

    params_int8(p, clock_now_us());
    id = params_array(p, PARAM_INT8);
    counter = params_array(p, PARAM_TEXT);
    used = params_array(p, PARAM_INT8);
    for (size_t i = 0; i < b->n_counters; i++) {
        const BatchCounter *k = &b->counters[i];
        bool is_paused =
            b->clusters[k->cluster].state == CLUSTER_SUSPENDED && !str_eq(k->counter, "storage");

        if (!k->is_changed || !meter__is_billed(k->counter))
            continue;
        params_add_int8(p, id, b->clusters[k->cluster].id);
        params_add_text(p, counter, k->counter);
        params_add_int8(p, used, is_paused ? 0 : k->used);
        n++;
    }
    if (n > 0)
        run_send(run, c, ST_METER);
    else
        params_reset(p);
}

/* The same for clusters that begin or cease to run, or go. */
static void send_meter_states(Run *run, Conn *c)
{
    Params *p = &run->params;

    params_int8(p, clock_now_us());
    if (add_states(&run->batch, p) == 0)
        return;
    run_send(run, c, ST_METER_STATES);
    if (n_deleted(&run->batch) == 0)
        return;
    params_int8(p, clock_now_us());
    add_deleted(&run->batch, p);
    run_send(run, c, ST_METER_NAMES);
}

static void send_mark(Run *run, Conn *c)
{
    params_text(&run->params, run->writer->store->server_id);
    params_int8(&run->params, run->number);
    run_send(run, c, ST_MARK);
}

static void send_commit(Run *run, Conn *c)
{
    if (FAULT("store.plant.no-commit")) {
        run->sent[run->n_sent++] = ST_COMMIT;
        conn_send(c, ST_ROLLBACK, NULL);
    } else {
        run_send(run, c, ST_COMMIT);
    }
    conn_sync(c);
}

static bool has_passed(const Batch *b)
{
    for (size_t i = 0; i < b->n_txns; i++)
        if (b->txns[i].r == 0)
            return true;
    return false;
}

static int check_keys(const Txn *t, Err *err)
{
    int r = 0;

    for (size_t i = 0; i < t->n_writes && r == 0; i++)
        r = cluster_check_key(t->writes[i].cluster, err);
    return r;
}

/* A key that was withheld since the batch was formed, or that another server has made: it is formed
 * anew without whom that concerns. */
static bool has_keys(Store *s, Batch *b)
{
    for (size_t i = 0; i < b->n_clusters; i++) {
        BatchCluster *bc = &b->clusters[i];
        ClusterRec *c = cluster_rec(bc->cluster);

        bc->key = datakey_find(c->keys, bc->key_version);
        if (bc->exists && !bc->key && c->keys)
            clusterkeys__missing(s, c);
    }
    for (size_t i = 0; i < b->n_txns; i++)
        if (check_keys(b->txns[i].txn, NULL) < 0)
            return false;
    return true;
}

static bool run_next(ConnJob *j, Conn *c)
{
    Run *run = container_of(j, Run, job);
    Batch *b = &run->batch;

    if (run->phase > RUN_KEYS)
        return false;
    run->n_sent = 0;
    compare_revisions(run);
    if (run->phase == RUN_LOCK && run->from_memory && !run->wait_feed &&
        (run->n_gaps > 0 || (!keys_are_fresh(b) && !keys_from_memory(b)))) {
        run->phase = RUN_KEYS;
        clear_keys(b);
        send_keys(run, c);
        conn_sync(c);
        return true;
    }
    run->wait_feed = run->wait_feed || !has_keys(run->writer->store, b);
    if (!run->wait_feed) {
        batch_decide(b);
        list_created(run);
    }
    if (run->wait_feed || !has_passed(b)) {
        run->phase = RUN_BACK;
        run_send(run, c, ST_ROLLBACK);
        conn_sync(c);
        return true;
    }
    run->phase = RUN_WRITE;
    (void)FAULT("store.commit.before");
    if (b->is_relaxed)
        run_send(run, c, ST_RELAXED);
    if (run->n_gaps > 0)
        send_gaps(run, c);
    send_created(run, c);
    send_objects(run, c, false);
    send_objects(run, c, true);
    send_deletes(run, c);
    if (b->n_events > 0)
        send_history(run, c);
    if (b->n_counters > 0) {
        send_counters(run, c);
        send_meter(run, c);
    }
    if (b->n_names > 0)
        send_meter_states(run, c);
    if (audit__add_rows(b, &run->params)) {
        run_send(run, c, ST_AUDIT_PUT);
        audit__add_heads(b, &run->params);
        run_send(run, c, ST_AUDIT_PUT_HEADS);
    }
    send_states(run, c);
    send_revisions(run, c);
    send_mark(run, c);
    run->is_commit_sent = true;
    send_commit(run, c);
    (void)FAULT("store.commit.sent");
    return true;
}

/* ---- after COMMIT ---- */

static void apply_gaps(Run *run)
{
    Store *s = run->writer->store;

    for (int i = 0; run->gaps && i < PQntuples(run->gaps); i++) {
        ClusterRec *c = cluster__by_id(s, result_int8(run->gaps, i, 0));

        if (c)
            store__apply_row(s, c, run->gaps, i);
    }
    for (size_t i = 0; i < run->batch.n_clusters; i++) {
        BatchCluster *bc = &run->batch.clusters[i];

        if (bc->exists && bc->state != CLUSTER_DELETING && bc->cluster->revision < bc->locked)
            cluster__reset(s, cluster_rec(bc->cluster), bc->locked);
    }
}

static void apply_event(Store *s, BatchEvent *e, const BatchCluster *bc)
{
    Write *w = e->write;
    ClusterRec *c = cluster_rec(bc->cluster);

    w->result = obj_stamp(w->obj, e->revision);
    if (e->revision == c->pub.revision + 1)
        store__apply(s, c, w->storage, e, obj_ref(w->result));
    /* else the feed was faster and has applied it */
}

static void apply_changes(Run *run)
{
    Store *s = run->writer->store;

    for (size_t i = 0; i < run->batch.n_names; i++) {
        BatchName *n = &run->batch.names[i];
        ClusterRec *c;

        if (!n->change || n->change->op == CLUSTER_CREATE)
            continue;
        c = cluster__by_id(s, n->id);
        if (c && n->change->op == CLUSTER_DELETE) {
            log_info(NULL, "the data key of a deleted cluster was destroyed",
                     LOG_STR("cluster", c->pub.name), LOG_STR("uid", c->pub.uid),
                     LOG_STR("provider", c->provider));
            cluster__remove(s, c);
        } else if (c) {
            cluster__raise(c, n->change->floor);
            cluster__set_state(s, c, state_after(n->change));
        }
        if (moves_key(n))
            rekey__kick(s->rekey);
        if (c && changes_kinds(n)) {
            cluster__set_encrypted(s, c, n->change->encrypted);
            reseal__kick(s->reseal);
        }
        if (n->change->op == CLUSTER_DELETE)
            keeper__reclaim(s->keeper);
    }
    for (size_t i = 0; i < run->n_created; i++) {
        NewCluster *nc = &run->created[i];
        ClusterInit init = {
            .id = nc->name->new_id,
            .name = nc->name->name,
            .uid = nc->name->change->uid,
            .state = nc->name->change->state,
            .revision = CLUSTER_FIRST_REVISION,
            .created_us = run->created_us,
            .encrypted = nc->name->change->encrypted,
            .identity = nc->name->change->identity,
            .provider = nc->key->provider,
        };

        if (cluster__by_id(s, init.id))
            continue;
        init.keys = TAKE(nc->key->key);
        cluster__add(s, &init);
    }
}

static void run_apply(Run *run)
{
    Writer *w = run->writer;
    Store *s = w->store;
    Batch *b = &run->batch;

    apply_gaps(run);
    /* A new cluster's own events do not exist, but those of `host` may lead others to look for it.
     */
    apply_changes(run);
    for (size_t i = 0; i < b->n_events; i++)
        apply_event(s, &b->events[i], &b->clusters[b->events[i].cluster]);
    for (size_t i = 0; i < b->n_counters; i++)
        if (b->counters[i].is_changed)
            cluster__set_used(cluster_rec(b->clusters[b->counters[i].cluster].cluster),
                              b->counters[i].counter, b->counters[i].used);
    watch__flush(s);
    audit__tell(s, b);
    s->commits++;
    s->writes += (int64_t)b->n_events;
    (void)FAULT("store.commit.applied");
    for (size_t i = 0; i < b->n_txns; i++)
        txn_done(w, b->txns[i].txn, b->txns[i].r, &b->txns[i].err);
    run_free(run);
}

static void run_broke(Run *run, const Err *err)
{
    Writer *w = run->writer;

    if (w->is_closing) {
        run_fail(run, -ERR_UNAVAILABLE, err);
    } else if (run->is_commit_sent && run->xid[0]) {
        run->phase = RUN_UNKNOWN;
        w->unknown = run;
        w->unknown_since_us = clock_mono_us();
    } else {
        run_again(run, true, err);
    }
}

static void run_error(Run *run, int r, const Err *err)
{
    Writer *w = run->writer;
    bool is_transient = r == -ERR_CONFLICT; /* a deadlock: cannot be, but would pass */

    log_debug(NULL, "a batch failed", LOG_STR("error", err->msg),
              LOG_INT("transactions", (int64_t)run->batch.n_txns));
    if (run->batch.n_txns > 1) {
        w->n_single += run->batch.n_txns;
        run_again(run, true, err);
    } else if (is_transient) {
        run_again(run, true, err);
    } else {
        run_fail(run, r == -ERR_CONFLICT || r == -ERR_ALREADY_EXISTS ? -ERR_INTERNAL : r, err);
    }
}

static void on_retry(void *data)
{
    Writer *w = data;

    loop_timer_free(w->retry);
    w->retry = NULL;
    run_batch(w);
}

static void run_end(ConnJob *j, int r, const Err *err)
{
    Run *run = container_of(j, Run, job);
    Writer *w = run->writer;

    w->run = NULL;
    w->store->commit_us += clock_mono_us() - j->queued_us;
    if (run->is_committed) {
        (void)FAULT("store.commit.confirmed");
        run_apply(run);
    } else if (r == 0 && run->phase == RUN_BACK && run->wait_feed) {
        run_again(run, false, err);
        if (!w->retry)
            w->retry = loop_timer(w->store->loop, 5, 0, on_retry, w);
        return;
    } else if (r == 0) {
        for (size_t i = 0; i < run->batch.n_txns; i++)
            txn_done(w, run->batch.txns[i].txn, run->batch.txns[i].r, &run->batch.txns[i].err);
        run_free(run);
    } else if (r == -ERR_UNAVAILABLE && !conn_is_ready(w->conn)) {
        run_broke(run, err);
    } else {
        run_error(run, r, err);
    }
    run_batch(w);
}

/* ---- forming batches ---- */

/* Whose turn it is, of those whose writes can be encrypted; the others end here. */
static Txn *next_txn(Writer *w)
{
    Txn *t;
    Err err;

    while ((t = fairq_peek(&w->queue)) && check_keys(t, &err) < 0) {
        fairq_pop(&w->queue);
        txn_done(w, t, -ERR_UNAVAILABLE, &err);
    }
    return t;
}

static void run_batch(Writer *w)
{
    Run *run;
    Txn *t;

    if (w->run || w->unknown || w->retry || w->is_closing || !conn_is_ready(w->conn) ||
        !next_txn(w))
        return;
    run = xcalloc(1, sizeof(*run));
    run->writer = w;
    run->number = ++w->last_number;
    batch_init(&run->batch);
    while ((w->n_single == 0 || run->batch.n_txns == 0) && (t = next_txn(w)) &&
           batch_add(&run->batch, t))
        fairq_pop(&w->queue);
    if (w->n_single > 0)
        w->n_single--;
    run->job = (ConnJob){.what = "committing",
                         .start = run_start,
                         .result = run_result,
                         .next = run_next,
                         .end = run_end};
    w->run = run;
    conn_run(w->conn, &run->job);
}

static void on_inbox(void *data)
{
    Writer *w = data;
    Txn *first;
    Err err;

    pthread_mutex_lock(&w->lock);
    first = w->inbox;
    w->inbox = NULL;
    w->inbox_last = &w->inbox;
    w->is_posted = false;
    pthread_mutex_unlock(&w->lock);
    if (!first)
        return;
    if (w->is_closing || conn_down_us(w->conn) > DOWN_WAIT_US) {
        (void)err_set(&err, ERR_UNAVAILABLE, "PostgreSQL is away");
        for (Txn *t = first, *next; t; t = next) {
            next = t->next_;
            txn_done(w, t, -ERR_UNAVAILABLE, &err);
        }
        return;
    }
    for (Txn *t = first, *next; t; t = next) {
        next = t->next_;
        fairq_add(&w->queue, t);
    }
    run_batch(w);
}

void writer__submit(Writer *w, Txn *t)
{
    bool is_posted;

    t->next_ = NULL;
    t->attempts_ = 0;
    for (size_t i = 0; i < t->n_writes; i++)
        t->writes[i].result = NULL;
    pthread_mutex_lock(&w->lock);
    *w->inbox_last = t;
    w->inbox_last = &t->next_;
    is_posted = w->is_posted;
    w->is_posted = true;
    pthread_mutex_unlock(&w->lock);
    if (!is_posted)
        loop_post(w->store->loop, on_inbox, w);
}

/* ---- the outcome of a COMMIT that was cut off ---- */

static void probe_start(ConnJob *j, Conn *c)
{
    Writer *w = container_of(j, Writer, probe);
    AUTO_PARAMS p = {0};

    w->is_running_still = w->is_marked = false;
    params_text(&p, w->unknown->xid);
    conn_send(c, ST_STILL_RUNS, &p);
    params_text(&p, w->store->server_id);
    conn_send(c, ST_MARKED, &p); /* in a newer snapshot */
    conn_sync(c);
}

static void probe_result(ConnJob *j, size_t nth, PGresult *res)
{
    Writer *w = container_of(j, Writer, probe);

    if (nth == 0)
        w->is_running_still = result_int8(res, 0, 0) > 0;
    else
        w->is_marked = PQntuples(res) > 0 && result_int8(res, 0, 0) == w->unknown->number;
}

static void probe_unknown(Writer *w);

static void on_probe_again(void *data)
{
    Writer *w = data;

    loop_timer_free(w->retry);
    w->retry = NULL;
    probe_unknown(w);
}

/* What other servers did before a batch was lost with the answer: the feed brings it. */
static bool is_caught_up(Run *run)
{
    bool is_behind = false;

    for (size_t i = 0; i < run->batch.n_clusters; i++) {
        BatchCluster *bc = &run->batch.clusters[i];

        if (!bc->exists || bc->state == CLUSTER_DELETING || bc->cluster->revision >= bc->locked ||
            !cluster__by_id(run->writer->store, bc->id))
            continue;
        feed__behind(run->writer->store->feed, cluster_rec(bc->cluster), bc->locked);
        is_behind = true;
    }
    return !is_behind;
}

static void probe_end(ConnJob *j, int r, const Err *err UNUSED)
{
    Writer *w = container_of(j, Writer, probe);
    Run *run = w->unknown;
    Err lost;

    w->is_probing = false;
    if (!run || w->is_closing || (r < 0 && !conn_is_ready(w->conn)))
        return;
    if (r < 0 || w->is_running_still) {
        w->retry = loop_timer(w->store->loop, 50, 0, on_probe_again, w);
        return;
    }
    if (w->is_marked && !is_caught_up(run)) {
        w->retry = loop_timer(w->store->loop, 10, 0, on_probe_again, w);
        return;
    }
    w->unknown = NULL;
    (void)err_set(&lost, ERR_UNAVAILABLE, "the connection to PostgreSQL broke");
    if (w->is_marked)
        run_apply(run);
    else
        run_again(run, true, &lost);
    run_batch(w);
}

static void probe_unknown(Writer *w)
{
    if (!w->unknown || w->is_probing || !conn_is_ready(w->conn))
        return;
    w->is_probing = true;
    w->probe = (ConnJob){.what = "asking for an outcome",
                         .start = probe_start,
                         .result = probe_result,
                         .end = probe_end};
    conn_run(w->conn, &w->probe);
}

static void on_ready(void *data)
{
    Writer *w = data;

    if (w->unknown)
        probe_unknown(w);
    else
        run_batch(w);
}

static void fail_queue(Writer *w)
{
    Txn *t;
    Err err;

    (void)err_set(&err, ERR_UNAVAILABLE, "PostgreSQL is away");
    while ((t = fairq_peek(&w->queue))) {
        fairq_pop(&w->queue);
        txn_done(w, t, -ERR_UNAVAILABLE, &err);
    }
}

void writer__tick(Writer *w)
{
    Err err;

    conn_check(w->conn, DOWN_WAIT_US, RUN_MAX_US);
    if (conn_down_us(w->conn) > DOWN_WAIT_US)
        fail_queue(w);
    /* What did commit comes through the feed later. */
    if (w->unknown && !w->is_probing && clock_mono_us() - w->unknown_since_us > OUTCOME_WAIT_US) {
        Run *run = TAKE(w->unknown);

        run_fail(run,
                 err_set(&err, ERR_UNAVAILABLE,
                         "PostgreSQL went away while committing; the outcome is not known"),
                 &err);
    }
    run_batch(w);
}

bool writer__is_ready(const Writer *w)
{
    return conn_is_ready(w->conn);
}

int64_t writer__n_connects(const Writer *w)
{
    return conn_n_connects(w->conn);
}

Writer *writer__open(Store *s)
{
    Writer *w = xcalloc(1, sizeof(*w));
    ConnOptions o = {
        .conninfo = s->conninfo,
        .name = "hostplane-write",
        .setup = store__setup,
        .on_ready = on_ready,
        .data = w,
    };

    w->store = s;
    w->last_number = clock_now_us(); /* above those of earlier processes of this name */
    pthread_mutex_init(&w->lock, NULL);
    w->inbox_last = &w->inbox;
    fairq_init(&w->queue);
    w->conn = conn_open(s->loop, &o);
    return w;
}

void writer__close(Writer *w)
{
    Err err;

    w->is_closing = true;
    loop_timer_free(w->retry);
    conn_close(w->conn);
    if (w->unknown)
        run_fail(TAKE(w->unknown), err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
    fail_queue(w);
    w->run = NULL;
    on_inbox(w);
}

void writer__free(Writer *w)
{
    if (!w)
        return;
    fairq_done(&w->queue);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

bool writer__is_busy(const Writer *w)
{
    return w->run || w->unknown || !fairq_is_empty(&w->queue) || w->retry;
}
