/*
 * DESIGN. New data keys for clusters, and rows that are sealed anew: because there is a new key, or
 * because other kinds are to be encrypted. What is to be done, and how far it is, stands in the
 * table `reseal`, a row a cluster:
 *
 *   WANTED --(1)--> ADDED --(2)--> OBJECTS --(3)--> HISTORY --(4)--> AUDIT --(5)--> no row
 *                                    ^ other kinds
 *
 * (1) The new key is made, wrapped and unwrapped again to see that it holds; then it stands in
 *     cluster_key, with the older ones sealed by it. Every server reads with it, nobody writes.
 * (2) cluster.key_version says that it writes. Each batch reads that when it locks the cluster, so
 *     no row is sealed with an older key from here on. When other servers run, ADDED lasts long
 *     enough for them to fetch the key.
 * (3) Rows in order of their keys, a piece at a time: read without a lock, open, seal; then in one
 *     transaction lock the cluster, put back those that nobody has changed meanwhile, and say how
 *     far we are. Revisions stay: nobody who watches notices.
 * (4) History the same way.
 * (5) The bodies in the audit log the same way; their hashes stay. A pass that met no row that does
 *     not decrypt has left none to the older keys: they are destroyed with the row in `reseal`.
 *
 * Each step is one transaction that takes place only if the stage is what it was. So a server may
 * die anywhere, another one goes on after 5 s, and two that do the same work do no harm. Commits of
 * (3) may be lost in a crash: what follows them is written behind them.
 */
#include "api/encrypts.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "store/note.h"
#include "store/seal.h"
#include "store/store_int.h"

enum {
    PIECE_MAX = 100,
    TAKE_EVERY_US = 5 * 1000 * 1000, /* when there was nothing to do */
    HEARD_US = 5 * 1000 * 1000,      /* other servers know of a new key after that */
    AGAIN_US = 1000 * 1000,
    WITHHELD_US = 10 * 1000 * 1000, /* until a key that is not there is tried again */
    DAMAGED_US = 600 * 1000 * 1000, /* and rows that do not decrypt */
};

typedef enum Stage { WANTED, ADDED, OBJECTS, HISTORY, AUDIT } Stage;

/* A row as it shall be. */
typedef struct Row {
    int64_t at, revision;
    int flags;
    char *resource, *ns, *name;
    Buf body;
} Row;

/* The cluster under way. */
typedef struct Work {
    ClusterId id; /* 0: none */
    Stage stage;
    int64_t key_version, failed;
    char *encrypted;
    bool is_counted;
    /* how far */
    Buf resource, ns, name;
    int64_t revision;
    /* the piece */
    Row rows[PIECE_MAX];
    size_t n_rows;
    int64_t n_seen, n_failed, begun_us;
    bool is_cut_off; /* a key was missing */
    bool is_last;    /* there was nothing behind it; what came since is as it shall be */
    /* the new key */
    int64_t version; /* of the newest */
    char provider[KEY_PROVIDER_NAME_MAX], kek[KEY_ID_MAX];
    DataKey *key;
    Buf was, wrapped, identity, older;
    Err err;
    bool is_done; /* the transaction took place */
} Work;

struct Reseal {
    Store *store;
    ConnJob job;
    KeyJob key_job;
    bool is_running, is_closed;
    int64_t next_us; /* when to look again */
    LoopTimer *pause;
    Work w;
};

static Metric resealed = {.name = "hostplane_rows_resealed_total",
                          .help = "Rows that were sealed anew or opened, by table.",
                          .type = METRIC_COUNTER,
                          .labels = {"table"}};
static Metric waiting = {.name = "hostplane_clusters_to_reseal",
                         .help = "Clusters with a new data key under way, or rows to be sealed"
                                 " anew, at the last look.",
                         .type = METRIC_GAUGE};
static Metric rotations = {.name = "hostplane_data_key_rotations_total",
                           .help = "New data keys that began to write, and that replaced all older"
                                   " ones.",
                           .type = METRIC_COUNTER,
                           .labels = {"step"}};

static void take(Reseal *k);
static void pick(Reseal *k);
static void table_over(Reseal *k);

/* ---- work ---- */

static void drop_rows(Work *w)
{
    for (size_t i = 0; i < w->n_rows; i++) {
        Row *r = &w->rows[i];

        free(r->resource);
        free(r->ns);
        free(r->name);
        buf_done(&r->body);
    }
    w->n_rows = 0;
    w->n_seen = w->n_failed = 0;
}

static void drop_work(Work *w)
{
    drop_rows(w);
    datakeys_free(w->key);
    buf_done(&w->was);
    buf_done(&w->wrapped);
    buf_done(&w->identity);
    buf_done(&w->older);
    buf_done(&w->resource);
    buf_done(&w->ns);
    buf_done(&w->name);
    free(w->encrypted);
    *w = (Work){0};
}

static ClusterRec *cluster_of(Reseal *k)
{
    return cluster__by_id(k->store, k->w.id);
}

/* Nothing more to do for a while. */
static void rest(Reseal *k, int64_t us)
{
    drop_work(&k->w);
    k->is_running = false;
    k->next_us = clock_mono_us() + us;
}

static void run(Reseal *k, const char *what, void (*start)(ConnJob *, Conn *),
                void (*result)(ConnJob *, size_t, PGresult *),
                void (*end)(ConnJob *, int, const Err *))
{
    k->w.is_done = false;
    k->job = (ConnJob){.what = what, .start = start, .result = result, .end = end};
    conn_run(load__conn(k->store), &k->job);
}

/* The end of a job that failed: once more, from what the database says. */
static bool is_over(Reseal *k, int r, const Err *err)
{
    if (r == 0 && !k->is_closed)
        return false;
    if (r < 0)
        log_debug(NULL, "sealing anew waits", LOG_STR("error", err->msg));
    rest(k, AGAIN_US);
    return true;
}

/* The database says what comes next. */
static void on_written(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);

    if (!is_over(k, r, err))
        take(k);
}

static void send_lock(Reseal *k, Conn *c)
{
    AUTO_PARAMS p = {0};

    params_int8(&p, k->w.id);
    conn_send(c, ST_RESEAL_LOCK, &p);
}

static void send_note(Reseal *k, Conn *c)
{
    AUTO_PARAMS p = {0};
    AUTO_BUF note = BUF_INIT;

    note_begin(&note, k->store->server_id);
    note_add(&note, &(NoteItem){.cluster = k->w.id, .is_row = true});
    params_textn(&p, buf_slice(&note));
    conn_send(c, ST_NOTIFY, &p);
}

/* Result 2 of a transaction is the row that it changed. */
static void change_result(ConnJob *j, size_t nth, PGresult *res)
{
    Reseal *k = container_of(j, Reseal, job);

    if (nth == 2)
        k->w.is_done = PQntuples(res) > 0;
}

/* ---- later ---- */

static int64_t later_us(const Work *w)
{
    if (w->n_failed > 0 || w->failed > 0)
        return DAMAGED_US;
    return w->err.code == ERR_CONFLICT ? AGAIN_US : WITHHELD_US;
}

static void later_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    AUTO_PARAMS p = {0};

    params_int8(&p, k->w.id);
    params_text(&p, k->store->server_id);
    params_int8(&p, later_us(&k->w));
    params_text(&p, k->w.err.msg);
    conn_send(c, ST_RESEAL_LATER, &p);
    conn_sync(c);
}

/* Why is in w.err. */
static void later(Reseal *k)
{
    const ClusterRec *c = cluster_of(k);

    if (k->w.err.code != ERR_CONFLICT)
        log_warning(NULL, "a cluster's rows cannot be sealed anew",
                    LOG_STR("cluster", c ? c->pub.name : ""), LOG_STR("error", k->w.err.msg));
    run(k, "putting off", later_start, NULL, on_written);
}

/* ---- (1) a new key ---- */

static void add_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    const Work *w = &k->w;
    AUTO_PARAMS p = {0};

    conn_send(c, ST_BEGIN, NULL);
    send_lock(k, c);
    params_int8(&p, w->id);
    params_textn(&p, buf_slice(&w->wrapped));
    params_textn(&p, buf_slice(&w->identity));
    params_text(&p, w->provider);
    params_text(&p, w->kek);
    params_int8(&p, w->version + 1);
    params_textn(&p, buf_slice(&w->older));
    params_textn(&p, buf_slice(&w->was));
    params_int8(&p, HEARD_US);
    conn_send(c, ST_RESEAL_ADD, &p);
    send_note(k, c);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

static void add_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);
    ClusterRec *c = cluster_of(k);

    if (r == 0)
        (void)FAULT("store.datakey.added");
    if (is_over(k, r, err))
        return;
    if (k->w.is_done && c)
        clusterkeys__added_key(k->store, c, TAKE(k->w.key));
    take(k);
}

static void on_made(void *data)
{
    Reseal *k = data;

    if (k->is_closed) {
        rest(k, 0);
        return;
    }
    (void)FAULT("store.datakey.made");
    if (k->w.err.code)
        later(k);
    else
        run(k, "storing a data key", add_start, change_result, add_end);
}

static void made(KeyJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, key_job);

    if (r < 0)
        k->w.err = *err;
    loop_post(k->store->loop, on_made, k);
}

static int run_make(KeyJob *j, KeyProvider *p, Err *err)
{
    Work *w = &container_of(j, Reseal, key_job)->w;

    return rekey__wrap(p, w->key->bytes, &w->wrapped, w->kek, err);
}

static int prepare_key(Reseal *k, ClusterRec *c, Err *err)
{
    Work *w = &k->w;
    AUTO_WIPED_BUF identity = BUF_INIT;
    bool is_pending = c->pub.key_state == CLUSTER_KEY_PENDING;
    int r = cluster_check_key(&c->pub, err);

    if (r < 0 && is_pending)
        return err_set(err, ERR_CONFLICT, "its keys are being fetched");
    if (r == 0 && c->keys->version != w->version) {
        clusterkeys__changed(k->store, c);
        r = err_set(err, ERR_CONFLICT, "its keys are read again");
    }
    if (r == 0)
        r = cluster_identity(&c->pub, &identity, err);
    if (r < 0)
        return r;
    w->key = datakey_new(w->version + 1);
    aead_new_key(w->key->bytes);
    clusterkeys__seal_identity(k->store, w->key, c->pub.uid, buf_slice(&identity), &w->identity);
    w->key->next = c->keys;
    datakeys_seal_older(w->key, c->pub.uid, &w->older);
    w->key->next = NULL;
    return 0;
}

static void make_key(Reseal *k)
{
    ClusterRec *c = cluster_of(k);

    if (!c)
        (void)err_set(&k->w.err, ERR_CONFLICT, "the cluster is not known yet");
    else if (datakeys_n_older(c->keys) >= DATAKEYS_OLDER_MAX)
        (void)err_set(&k->w.err, ERR_UNAVAILABLE, "%d older data keys are in use",
                      DATAKEYS_OLDER_MAX);
    if (!c || k->w.err.code || prepare_key(k, c, &k->w.err) < 0) {
        later(k);
        return;
    }
    k->key_job = (KeyJob){.provider = k->w.provider, .run = run_make, .done = made};
    keyring_run(k->store->o.keys, &k->key_job);
}

/* ---- (2) it writes ---- */

static void switch_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    AUTO_PARAMS p = {0};

    conn_send(c, ST_BEGIN, NULL);
    send_lock(k, c);
    params_int8(&p, k->w.id);
    conn_send(c, ST_RESEAL_SWITCH, &p);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

static void switch_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);
    const ClusterRec *c = cluster_of(k);

    if (r == 0)
        (void)FAULT("store.datakey.switched");
    if (is_over(k, r, err))
        return;
    if (k->w.is_done) {
        metric_add(&rotations, 1, "begun");
        log_info(NULL, "a new data key writes", LOG_STR("cluster", c ? c->pub.name : ""),
                 LOG_INT("version", k->w.version));
    }
    take(k);
}

/* ---- (3), (4) rows ---- */

static void total_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    AUTO_PARAMS p = {0};

    params_int8(&p, k->w.id);
    conn_send(c, ST_RESEAL_TOTAL, &p);
    conn_sync(c);
}

static void total_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);

    if (r == -ERR_UNAVAILABLE || k->is_closed) {
        (void)is_over(k, r, err);
        return;
    }
    k->w.is_counted = true; /* or too much to be counted */
    pick(k);
}

/* What is encrypted, as must_reseal() wants to know it. */
static void add_kinds(Reseal *k, Params *p)
{
    Slice rest = slice_of(k->w.encrypted), item;
    int one = params_array(p, PARAM_TEXT), groups;
    bool is_all = false;

    for (char **e = k->store->encrypted; e && *e; e++)
        params_add_text(p, one, *e);
    while (encrypts_next(&rest, &item))
        params_add_bytes(p, one, item);
    groups = params_array(p, PARAM_TEXT);
    rest = slice_of(k->w.encrypted);
    while (encrypts_next(&rest, &item)) {
        is_all |= slice_is(item, "*");
        if (item.len < 2 || item.ptr[item.len - 1] != '*')
            continue;
        /* "apps/" of "apps/" and a star; the core group has no slash */
        params_add_bytes(p, groups, (Slice){item.ptr, item.len == 2 ? 0 : item.len - 1});
    }
    params_int2(p, is_all);
}

static void pick_start(ConnJob *j, Conn *c)
{
    static const int statement[] = {
        [OBJECTS] = ST_RESEAL_OBJECTS, [HISTORY] = ST_RESEAL_HISTORY, [AUDIT] = ST_RESEAL_AUDIT};
    Reseal *k = container_of(j, Reseal, job);
    Work *w = &k->w;
    AUTO_PARAMS p = {0};
    AUTO_BUF header = BUF_INIT;

    seal_header(w->key_version, &header);
    params_int8(&p, w->id);
    if (w->stage == OBJECTS) {
        params_textn(&p, buf_slice(&w->resource));
        params_textn(&p, buf_slice(&w->ns));
        params_textn(&p, buf_slice(&w->name));
    } else {
        params_int8(&p, w->revision);
    }
    params_textn(&p, buf_slice(&header));
    if (w->stage != AUDIT)
        add_kinds(k, &p);
    conn_send(c, statement[w->stage], &p);
    conn_sync(c);
}

static void set(Buf *b, const char *text)
{
    buf_reset(b);
    buf_adds(b, text);
}

/* The body as it shall be. */
static int seal_one(Reseal *k, ClusterRec *c, const RowBody *row, Row *to, Err *err)
{
    const DataKey *key = datakey_find(c->keys, k->w.key_version);
    CLEANUP(obj_unref) Obj *o = NULL;
    int r;

    if (!key)
        return err_set(err, ERR_UNAVAILABLE, "its data key is not there");
    if (k->w.stage == AUDIT)
        return audit__reseal(c, key, row->revision, row->body, &to->body, err);
    r = store__decode(c, row, &o, err);
    if (r == 0)
        to->flags = (row->flags & ~ROW_ENCRYPTED) |
                    store__encode(c, key, k->w.encrypted, row->storage, o, &to->body);
    return r;
}

/* At the end of `rows`. */
static int seal_row(Reseal *k, ClusterRec *c, const RowBody *row, int64_t at, Err *err)
{
    Row to = {.at = at, .revision = row->revision};
    int r = seal_one(k, c, row, &to, err);

    if (r < 0) {
        buf_done(&to.body);
        return r;
    }
    to.resource = xstrdup(row->storage);
    to.ns = xstrdup(row->ns);
    to.name = xstrdup(row->name);
    k->w.rows[k->w.n_rows++] = to;
    return 0;
}

static void pick_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Reseal *k = container_of(j, Reseal, job);
    Work *w = &k->w;
    ClusterRec *c = cluster_of(k);
    int n = PQntuples(res);
    Err err;

    if (!c) {
        w->is_cut_off = true;
        (void)err_set(&w->err, ERR_CONFLICT, "the cluster is not known");
        return;
    }
    w->is_last = n == 0 || (n < PIECE_MAX && n == result_int8(res, 0, 8));
    for (int i = 0; i < n && i < PIECE_MAX && !w->is_cut_off; i++) {
        RowBody row = {.storage = result_text(res, i, 3),
                       .ns = result_text(res, i, 4),
                       .name = result_text(res, i, 5),
                       .revision = result_int8(res, i, 1),
                       .flags = result_int2(res, i, 2),
                       .body = result_bytes(res, i, 6)};
        int r = 0;

        if (result_int2(res, i, 7))
            r = seal_row(k, c, &row, result_int8(res, i, 0), &err);
        if (r == -ERR_UNAVAILABLE) {
            w->is_cut_off = true;
            w->is_last = false;
            w->err = err;
            break;
        }
        w->n_failed += r < 0;
        w->n_seen++;
        set(&w->resource, row.storage);
        set(&w->ns, row.ns);
        set(&w->name, row.name);
        w->revision = row.revision;
    }
}

static void put_rows(Reseal *k, Conn *c)
{
    static const int statement[] = {[OBJECTS] = ST_RESEAL_PUT_OBJECTS,
                                    [HISTORY] = ST_RESEAL_PUT_HISTORY,
                                    [AUDIT] = ST_RESEAL_PUT_AUDIT};
    const Work *w = &k->w;
    bool is_objects = w->stage == OBJECTS, is_audit = w->stage == AUDIT;
    AUTO_PARAMS p = {0};
    int at = -1, resource = -1, ns = -1, name = -1, revision, flags = -1, body;

    params_int8(&p, w->id);
    params_int8(&p, w->key_version);
    if (!is_audit)
        params_text(&p, w->encrypted);
    if (is_objects) {
        resource = params_array(&p, PARAM_TEXT);
        ns = params_array(&p, PARAM_TEXT);
        name = params_array(&p, PARAM_TEXT);
    } else {
        at = params_array(&p, PARAM_INT8);
    }
    revision = params_array(&p, PARAM_INT8);
    if (!is_audit)
        flags = params_array(&p, PARAM_INT2);
    body = params_array(&p, PARAM_BYTEA);
    for (size_t i = 0; i < w->n_rows; i++) {
        const Row *r = &w->rows[i];

        if (is_objects) {
            params_add_text(&p, resource, r->resource);
            params_add_text(&p, ns, r->ns);
            params_add_text(&p, name, r->name);
        } else {
            params_add_int8(&p, at, r->at);
        }
        params_add_int8(&p, revision, r->revision);
        if (!is_audit)
            params_add_int2(&p, flags, (int16_t)r->flags);
        params_add_bytes(&p, body, buf_slice(&r->body));
    }
    conn_send(c, statement[w->stage], &p);
}

static void send_step(Reseal *k, Conn *c, Stage to)
{
    Work *w = &k->w;
    AUTO_PARAMS p = {0};
    int texts, numbers;

    params_int8(&p, w->id);
    params_int8(&p, w->key_version);
    params_text(&p, w->encrypted);
    params_text(&p, k->store->server_id);
    params_int2(&p, (int16_t)w->stage);
    params_int2(&p, (int16_t)to);
    texts = params_array(&p, PARAM_TEXT);
    params_add_bytes(&p, texts, buf_slice(&w->resource));
    params_add_bytes(&p, texts, buf_slice(&w->ns));
    params_add_bytes(&p, texts, buf_slice(&w->name));
    numbers = params_array(&p, PARAM_INT8);
    params_add_int8(&p, numbers, w->revision);
    params_add_int8(&p, numbers, w->n_seen);
    params_add_int8(&p, numbers, (int64_t)w->n_rows);
    params_add_int8(&p, numbers, w->n_failed);
    conn_send(c, ST_RESEAL_STEP, &p);
}

static void put_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);

    conn_send(c, ST_BEGIN, NULL);
    conn_send(c, ST_RELAXED, NULL);
    if (k->w.n_rows > 0) {
        send_lock(k, c);
        put_rows(k, c);
    }
    send_step(k, c, k->w.stage);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

static void put_result(ConnJob *j, size_t nth, PGresult *res)
{
    Reseal *k = container_of(j, Reseal, job);

    if (nth == (k->w.n_rows > 0 ? 4 : 2))
        k->w.is_done = PQntuples(res) > 0;
}

static void on_pause_over(void *data)
{
    Reseal *k = data;

    loop_timer_free(k->pause);
    k->pause = NULL;
    pick(k);
}

static void put_end(ConnJob *j, int r, const Err *err)
{
    static const char *const tables[] = {
        [OBJECTS] = "object", [HISTORY] = "history", [AUDIT] = "audit"};
    Reseal *k = container_of(j, Reseal, job);
    Work *w = &k->w;
    int64_t took_ms = (clock_mono_us() - w->begun_us) / 1000;

    (void)FAULT("store.reseal.written");
    if (is_over(k, r, err))
        return;
    if (!w->is_done) { /* the cluster is another one by now */
        take(k);
        return;
    }
    metric_add(&resealed, (double)w->n_rows, tables[w->stage]);
    w->failed += w->n_failed;
    drop_rows(w);
    if (w->is_last) {
        table_over(k);
        return;
    }
    /* Half of the time belongs to others. */
    k->pause = loop_timer(k->store->loop, (uint64_t)MAX(took_ms, (int64_t)1), 0, on_pause_over, k);
}

static void next_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);

    k->w.revision = 0;
    send_step(k, c, k->w.stage + 1);
    conn_sync(c);
}

static void finish_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    AUTO_PARAMS p = {0};

    conn_send(c, ST_BEGIN, NULL);
    send_lock(k, c);
    params_int8(&p, k->w.id);
    params_int8(&p, k->w.key_version);
    params_text(&p, k->w.encrypted);
    params_text(&p, k->store->server_id);
    conn_send(c, ST_RESEAL_FINISH, &p);
    send_note(k, c);
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}

static void finish_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);
    ClusterRec *c = cluster_of(k);

    if (r == 0)
        (void)FAULT("store.reseal.finished");
    if (is_over(k, r, err))
        return;
    /* Another server may have made a newer key meanwhile, of which these are the older ones. */
    if (k->w.is_done && c && c->keys && c->keys->version == k->w.key_version) {
        if (datakeys_n_older(c->keys) > 0)
            metric_add(&rotations, 1, "ended");
        log_info(NULL, "all rows of a cluster are sealed as they shall be",
                 LOG_STR("cluster", c->pub.name), LOG_INT("version", k->w.key_version));
        clusterkeys__older_gone(k->store, c);
    }
    take(k);
}

static void table_over(Reseal *k)
{
    Work *w = &k->w;

    if (w->stage != AUDIT) {
        run(k, "going over to the next table", next_start, NULL, on_written);
    } else if (w->failed > 0) {
        (void)err_set(&w->err, ERR_INTERNAL, "%lld rows do not decrypt", (long long)w->failed);
        later(k);
    } else {
        run(k, "destroying older data keys", finish_start, change_result, finish_end);
    }
}

static void pick_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);
    Work *w = &k->w;

    (void)FAULT("store.reseal.picked");
    if (is_over(k, r, err))
        return;
    if (w->n_seen > 0) {
        run(k, "storing sealed rows", put_start, put_result, put_end);
    } else if (w->is_cut_off) {
        later(k);
    } else {
        table_over(k);
    }
}

static void pick(Reseal *k)
{
    k->w.begun_us = clock_mono_us();
    k->w.is_cut_off = false;
    if (!k->w.is_counted)
        run(k, "counting rows", total_start, NULL, total_end);
    else
        run(k, "reading rows to seal", pick_start, pick_result, pick_end);
}

/* ---- what comes next ---- */

static void take_start(ConnJob *j, Conn *c)
{
    Reseal *k = container_of(j, Reseal, job);
    AUTO_PARAMS p = {0};

    params_text(&p, k->store->server_id);
    conn_send(c, ST_RESEAL_TAKE, &p);
    conn_send(c, ST_RESEAL_COUNT, NULL);
    conn_sync(c);
}

static void take_result(ConnJob *j, size_t nth, PGresult *res)
{
    Reseal *k = container_of(j, Reseal, job);
    Work *w = &k->w;

    if (nth == 1) {
        metric_set(&waiting, (double)result_int8(res, 0, 0));
        return;
    }
    if (PQntuples(res) == 0)
        return;
    w->id = result_int8(res, 0, 0);
    w->stage = (Stage)result_int2(res, 0, 1);
    set(&w->resource, result_text(res, 0, 2));
    set(&w->ns, result_text(res, 0, 3));
    set(&w->name, result_text(res, 0, 4));
    w->revision = result_int8(res, 0, 5);
    w->is_counted = result_int8(res, 0, 6) > 0;
    w->failed = result_int8(res, 0, 7);
    w->key_version = result_int8(res, 0, 8);
    w->encrypted = xstrdup(result_text(res, 0, 9));
    buf_add_slice(&w->was, result_bytes(res, 0, 10));
    snprintf(w->provider, sizeof(w->provider), "%s",
             clusterkeys__provider(result_text(res, 0, 11)));
    w->version = result_int8(res, 0, 12);
}

static void take_end(ConnJob *j, int r, const Err *err)
{
    Reseal *k = container_of(j, Reseal, job);

    if (is_over(k, r, err))
        return;
    if (k->w.id == 0)
        rest(k, TAKE_EVERY_US);
    else if (k->w.stage == WANTED)
        make_key(k);
    else if (k->w.stage == ADDED)
        run(k, "changing the data key", switch_start, change_result, switch_end);
    else
        pick(k);
}

static void take(Reseal *k)
{
    drop_work(&k->w);
    run(k, "looking for rows to seal", take_start, take_result, take_end);
}

void reseal__kick(Reseal *k)
{
    k->next_us = 0;
}

void reseal__tick(Reseal *k)
{
    if (k->is_running || k->is_closed || clock_mono_us() < k->next_us)
        return;
    k->is_running = true;
    take(k);
}

/* ---- reports, and asking for a new key ---- */

typedef struct DataKeysJob {
    ConnJob job;
    Reseal *reseal;
    ClusterId id;
    bool rotates, pending_only;
    DataKeysReport *ret;
    StoreDoneFn done;
    void *data;
} DataKeysJob;

void data_keys_report_done(DataKeysReport *r)
{
    arena_free(r->arena);
    *r = (DataKeysReport){0};
}

static void keys_start(ConnJob *j, Conn *c)
{
    DataKeysJob *q = container_of(j, DataKeysJob, job);
    AUTO_PARAMS p = {0};

    if (q->rotates) {
        params_int8(&p, q->id);
        conn_send(c, ST_RESEAL_WANT, &p);
    }
    params_int8(&p, q->id);
    params_int2(&p, q->pending_only);
    conn_send(c, ST_DATA_KEYS, &p);
    conn_sync(c);
}

static void keys_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    static const char *const stages[] = {"Waiting", "Preparing", "Objects", "History", "Audit"};
    DataKeysJob *q = container_of(j, DataKeysJob, job);
    DataKeysReport *ret = q->ret;
    Arena *a;
    int n = PQntuples(res);

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return;
    data_keys_report_done(ret);
    a = ret->arena = arena_new();
    ret->items = arena_array(a, DataKeyReport, (size_t)n);
    for (int i = 0; i < n; i++) {
        int stage = result_int2(res, i, 6);

        ret->items[ret->n++] = (DataKeyReport){
            .cluster = arena_strdup(a, result_text(res, i, 0)),
            .version = result_int8(res, i, 1),
            .newest = result_int8(res, i, 2),
            .has_older = result_int2(res, i, 3),
            .encrypted = arena_strdup(a, result_text(res, i, 4)),
            .provider = arena_strdup(a, clusterkeys__provider(result_text(res, i, 5))),
            .stage = stage < 0 || stage > AUDIT ? "" : stages[stage],
            .begun_us = result_int8(res, i, 7),
            .total = result_int8(res, i, 8),
            .seen = result_int8(res, i, 9),
            .resealed = result_int8(res, i, 10),
            .failed = result_int8(res, i, 11),
            .error = arena_strdup(a, result_text(res, i, 12)),
        };
    }
}

static void keys_end(ConnJob *j, int r, const Err *err)
{
    DataKeysJob *q = container_of(j, DataKeysJob, job);

    if (q->rotates)
        reseal__kick(q->reseal);
    q->done(r, err, q->data);
    free(q);
}

static void on_data_keys(void *data)
{
    DataKeysJob *q = data;
    Err err;

    q->job = (ConnJob){.what = "reading about data keys",
                       .start = keys_start,
                       .result = keys_result,
                       .end = keys_end};
    if (q->reseal->is_closed)
        keys_end(&q->job, err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
    else
        conn_run(load__conn(q->reseal->store), &q->job);
}

void store_data_keys(Store *s, DataKeysOp op, const Cluster *c, DataKeysReport *ret,
                     StoreDoneFn done, void *data)
{
    DataKeysJob *q = xcalloc(1, sizeof(*q));

    q->reseal = s->reseal;
    q->id = c ? c->id : 0;
    q->rotates = op == DATA_KEYS_ROTATE;
    q->pending_only = op == DATA_KEYS_PENDING;
    q->ret = ret;
    q->done = done;
    q->data = data;
    loop_post(s->loop, on_data_keys, q);
}

/* ---- its life ---- */

Reseal *reseal__open(Store *s)
{
    Reseal *k = xcalloc(1, sizeof(*k));

    k->store = s;
    return k;
}

void reseal__close(Reseal *k)
{
    k->is_closed = true;
    loop_timer_free(TAKE(k->pause));
}

void reseal__free(Reseal *k)
{
    if (!k)
        return;
    drop_work(&k->w);
    free(k);
}
