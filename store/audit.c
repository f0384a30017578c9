/*
 * audit.c - the audit log on PostgreSQL.
 *
 * DESIGN. A record gets its number and hash in the batch that commits it: the head of its cluster's
 * chain (audit_head) is read after the cluster's row was locked, so whoever appends to a chain, in
 * this server or another, does so one after the other. A transaction's records are written with
 * it; records that no write waits for come as transactions of nothing else.
 *
 * Bodies are encrypted with the cluster's data key, as Secrets are (seal.h), with the record's
 * number for a name and the hash of the bodies for a uid: so the hash can be told, and the chain
 * verified, by who may not read them. Those of before stand in plain; they begin with '{'.
 *
 * How many bytes a cluster's records have is counted by day (audit_day) in the commit that adds
 * them, and read with the head now and then.
 *
 * Rows go with their partition, a day each. The newest row of a cluster that goes stays as its
 * place (audit_start), from which the rest can be verified.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

#include <inttypes.h>

enum {
    DAY_S = 86400,
    READ_EVERY_US = 10 * 1000 * 1000, /* the bytes of a cluster, which others change, too */
    ROW_BYTES = 200, /* of a row beside event and bodies, with its place in the index; see 0009 */
};

bool store_encrypts(const Store *s, const Cluster *c, const char *storage)
{
    const ClusterRec *rec = container_of(c, const ClusterRec, pub);

    return store__is_encrypted(s, rec->encrypted, storage);
}

void store_set_audit_fn(Store *s, AuditFn fn, void *data)
{
    s->audit_fn = fn;
    s->audit_data = data;
}

/* ---- bodies ---- */

static SealPlace place_of_bodies(const Cluster *c, int64_t seq, char name[24])
{
    snprintf(name, 24, "%" PRId64, seq);
    return (SealPlace){c->uid, "audit", "", name};
}

static void seal_bodies(const ClusterRec *c, const DataKey *key, const AuditPlace *at, Slice bodies,
                        Buf *out)
{
    unsigned char hash[SHA256_LEN];
    char name[24], hex[2 * SHA256_LEN + 1];
    SealPlace place = place_of_bodies(&c->pub, at->seq, name);

    sha256(bodies, hash);
    audit_hash_to_hex(hash, hex);
    seal_body(key, &place, hex, bodies, out);
}

/* The hash of bodies without opening them; false when nothing that was sealed here stands there. */
static bool hash_of_sealed(Slice column, unsigned char ret[SHA256_LEN])
{
    char hex[2 * SHA256_LEN + 1];
    Slice uid;

    if (!seal_uid(column, &uid) || uid.len != sizeof(hex) - 1)
        return false;
    memcpy(hex, uid.ptr, uid.len);
    hex[uid.len] = '\0';
    return audit_hash_from_hex(hex, ret);
}

/* Bodies as they are hashed. Those that do not open are told. */
static int open_column(const ClusterRec *c, int64_t seq, Slice column, Buf *ret, Err *err)
{
    char name[24];
    SealPlace place = place_of_bodies(&c->pub, seq, name);
    const DataKey *key = datakey_find(c->keys, seal_version(column));

    if (column.len > 0 && column.ptr[0] == '{') {
        buf_add_slice(ret, column);
        return 0;
    }
    return store__open(c, key, &place, seq, column, ret, err);
}

int audit__reseal(const ClusterRec *c, const DataKey *key, int64_t seq, Slice column, Buf *out,
                  Err *err)
{
    AUTO_BUF plain = BUF_INIT;
    int r = open_column(c, seq, column, &plain, err);

    if (r == 0)
        seal_bodies(c, key, &(AuditPlace){.seq = seq}, buf_slice(&plain), out);
    return r;
}

static void open_bodies(const ClusterRec *c, AuditRow *row, Slice column, Arena *a)
{
    AUTO_BUF plain = BUF_INIT;
    Err err;

    if (open_column(c, row->place.seq, column, &plain, &err) == 0)
        row->bodies = (Slice){arena_strndup(a, plain.ptr, plain.len), plain.len};
    else
        sha256(column, row->bodies_hash);
}

/* ---- in a batch ---- */

bool audit__add_ids(const Batch *b, Params *p)
{
    int64_t now = clock_mono_us();
    int id, sized;

    if (b->n_audits == 0)
        return false;
    id = params_array(p, PARAM_INT8);
    sized = params_array(p, PARAM_INT8);
    for (size_t i = 0; i < b->n_clusters; i++) {
        const BatchCluster *c = &b->clusters[i];
        int64_t read_us;

        if (!c->has_audits)
            continue;
        params_add_int8(p, id, c->id);
        read_us = cluster_rec(c->cluster)->audit_read_us;
        if (read_us == 0 || now - read_us > READ_EVERY_US)
            params_add_int8(p, sized, c->id);
    }
    return true;
}

static void place_from(const PGresult *res, int row, int col, AuditPlace *ret)
{
    Slice hash = result_bytes(res, row, col + 1);

    if (!hash.ptr || hash.len != SHA256_LEN) /* a left join that found nothing */
        return;
    ret->seq = result_int8(res, row, col);
    memcpy(ret->hash, hash.ptr, SHA256_LEN);
}

void audit__take_heads(Batch *b, const PGresult *res)
{
    for (int i = 0; i < PQntuples(res); i++) {
        BatchCluster *c = batch_cluster(b, result_int8(res, i, 0));
        int64_t bytes = result_int8(res, i, 3);

        if (!c)
            continue;
        place_from(res, i, 1, &c->audited);
        if (bytes >= 0) {
            c->audit_bytes = bytes;
            c->is_audit_read = true;
            cluster_rec(c->cluster)->audit_read_us = clock_mono_us();
        }
    }
}

static void bodies_of(const AuditRecord *r, int64_t revision, Buf *out)
{
    size_t cut = MIN(r->revision_at, r->bodies.len);

    buf_add(out, r->bodies.ptr, cut);
    if (r->revision_at != SIZE_MAX)
        buf_add_int(out, revision);
    buf_add(out, r->bodies.ptr + cut, r->bodies.len - cut);
}

static int64_t revision_of(const Batch *b, const BatchTxn *bt, const AuditRecord *r)
{
    return r->revision_of < bt->n_events ? b->events[bt->first_event + r->revision_of].revision : 0;
}

/* The key is withheld that the bodies would have been sealed with: the record tells that there were
 * some. */
static Slice event_of(const AuditRecord *r, Buf *tmp)
{
    if (!r->lost_bodies)
        return r->event;
    audit_mark_lost(r->event, "KeyWithheld", tmp);
    return buf_slice(tmp);
}

typedef struct Columns {
    int id, seq, user, verb, resource, ns, event, bodies, hash;
} Columns;

static void add_row(const Batch *b, const BatchTxn *bt, AuditRecord *r, Params *p, const Columns *k)
{
    BatchCluster *c = batch_cluster((Batch *)b, r->cluster->id);
    const ClusterRec *rec = cluster_rec(r->cluster);
    AUTO_BUF bodies = BUF_INIT, sealed = BUF_INIT, marked = BUF_INIT;
    Slice event;

    r->place.seq = 0;
    if (!c->exists || c->state == CLUSTER_DELETING)
        return;
    if (!c->key && r->bodies.len > 0) {
        r->bodies = (Slice){NULL, 0};
        r->lost_bodies = true;
    }
    event = event_of(r, &marked);
    if (r->bodies.len > 0)
        bodies_of(r, revision_of(b, bt, r), &bodies);
    audit_chain_next(&c->audited, event, buf_slice(&bodies), &r->place);
    c->audited = r->place;
    params_add_int8(p, k->id, c->id);
    params_add_int8(p, k->seq, r->place.seq);
    params_add_text(p, k->user, r->user);
    params_add_text(p, k->verb, r->verb);
    params_add_text(p, k->resource, r->resource);
    params_add_text(p, k->ns, r->ns);
    params_add_bytes(p, k->event, event);
    if (bodies.len > 0)
        seal_bodies(rec, c->key, &r->place, buf_slice(&bodies), &sealed);
    if (bodies.len > 0)
        params_add_bytes(p, k->bodies, buf_slice(&sealed));
    else
        params_add_null(p, k->bodies);
    params_add_bytes(p, k->hash, (Slice){(const char *)r->place.hash, SHA256_LEN});
    c->audit_added += (int64_t)(event.len + sealed.len + ROW_BYTES);
}

bool audit__add_rows(Batch *b, Params *p)
{
    Columns k;

    if (b->n_audits == 0)
        return false;
    params_int8(p, clock_now_s());
    k.id = params_array(p, PARAM_INT8);
    k.seq = params_array(p, PARAM_INT8);
    k.user = params_array(p, PARAM_BYTEA);
    k.verb = params_array(p, PARAM_BYTEA);
    k.resource = params_array(p, PARAM_BYTEA);
    k.ns = params_array(p, PARAM_BYTEA);
    k.event = params_array(p, PARAM_BYTEA);
    k.bodies = params_array(p, PARAM_BYTEA);
    k.hash = params_array(p, PARAM_BYTEA);
    for (size_t i = 0; i < b->n_txns; i++)
        for (size_t n = 0; b->txns[i].r == 0 && n < b->txns[i].txn->n_audits; n++)
            add_row(b, &b->txns[i], &b->txns[i].txn->audits[n], p, &k);
    return true;
}

void audit__add_heads(const Batch *b, Params *p)
{
    int id = params_array(p, PARAM_INT8), seq = params_array(p, PARAM_INT8);
    int hash = params_array(p, PARAM_BYTEA), bytes = params_array(p, PARAM_INT8);

    params_int8(p, clock_now_s() / DAY_S);
    for (size_t i = 0; i < b->n_clusters; i++) {
        const BatchCluster *c = &b->clusters[i];

        if (!c->has_audits || !c->exists || c->state == CLUSTER_DELETING)
            continue;
        params_add_int8(p, id, c->id);
        params_add_int8(p, seq, c->audited.seq);
        params_add_bytes(p, hash, (Slice){(const char *)c->audited.hash, SHA256_LEN});
        params_add_int8(p, bytes, c->audit_added);
    }
}

void audit__tell(Store *s, const Batch *b)
{
    for (size_t i = 0; i < b->n_clusters; i++) {
        const BatchCluster *c = &b->clusters[i];

        if (!c->has_audits)
            continue;
        if (c->is_audit_read)
            atomic_store(&c->cluster->audit_bytes, c->audit_bytes + c->audit_added);
        else
            atomic_fetch_add(&c->cluster->audit_bytes, c->audit_added);
    }
    for (size_t i = 0; s->audit_fn && i < b->n_txns; i++) {
        const BatchTxn *bt = &b->txns[i];

        for (size_t n = 0; bt->r == 0 && n < bt->txn->n_audits; n++) {
            AuditRecord r = bt->txn->audits[n];
            AUTO_BUF bodies = BUF_INIT, marked = BUF_INIT;

            if (r.place.seq == 0)
                continue;
            if (r.bodies.len > 0)
                bodies_of(&r, revision_of(b, bt, &r), &bodies);
            r.event = event_of(&r, &marked);
            s->audit_fn(&r, buf_slice(&bodies), s->audit_data);
        }
    }
}

/* ---- jobs of the reading connections ---- */

typedef struct AuditJob {
    ConnJob job;
    Store *store;
    ClusterId cluster;
    bool with_bodies;
    int r; /* of reading rows */
    Err err;
    StatementId statements[2];
    size_t n_statements;
    Params params[2];
    AuditRows *rows;
    AuditEnds *ends;
    StoreDoneFn done;
    void *data;
} AuditJob;

static void audit_end(ConnJob *j, int r, const Err *err)
{
    AuditJob *m = container_of(j, AuditJob, job);

    if (r == 0 && m->r < 0)
        m->done(m->r, &m->err, m->data);
    else
        m->done(r, err, m->data);
    for (size_t i = 0; i < ARRAY_LEN(m->params); i++)
        params_done(&m->params[i]);
    free(m);
}

static void audit_start(ConnJob *j, Conn *c)
{
    AuditJob *m = container_of(j, AuditJob, job);

    for (size_t i = 0; i < m->n_statements; i++)
        conn_send(c, m->statements[i], &m->params[i]);
    conn_sync(c);
}

static Slice kept(Arena *a, Slice s)
{
    return s.ptr ? (Slice){arena_strndup(a, s.ptr, s.len), s.len} : (Slice){NULL, 0};
}

static void take_bodies(const ClusterRec *c, bool with_bodies, AuditRow *row, Slice column,
                        Arena *a)
{
    row->has_bodies = column.len > 0;
    if (!row->has_bodies)
        return;
    if (!hash_of_sealed(column, row->bodies_hash))
        sha256(column, row->bodies_hash);
    if (with_bodies)
        open_bodies(c, row, column, a);
}

static void take_rows(AuditJob *m, const PGresult *res)
{
    AuditRows *v = m->rows;
    ClusterRec *c = cluster__by_id(m->store, m->cluster);
    int n = PQntuples(res);

    if (!c || (m->with_bodies && !c->keys)) {
        m->r = err_set(&m->err, ERR_UNAVAILABLE, "the cluster's data key is not there");
        return;
    }
    v->arena = v->arena ? v->arena : arena_new();
    for (int i = 0; i < n; i++) {
        AuditRow row = {.event = kept(v->arena, result_bytes(res, i, 2))};

        if (m->with_bodies && seal_version(result_bytes(res, i, 3)) > c->keys->version) {
            clusterkeys__missing(m->store, c); /* another server has made it */
            m->r = err_set(&m->err, ERR_UNAVAILABLE, "the cluster's data key is being fetched");
            return;
        }
        place_from(res, i, 0, &row.place);
        take_bodies(c, m->with_bodies, &row, result_bytes(res, i, 3), v->arena);
        GROW(v->items, v->cap, v->n + 1);
        v->items[v->n++] = row;
    }
    v->has_more = n > 0 && result_int8(res, 0, 4) > n;
}

static void take_tokens(AuditEnds *e, const PGresult *res)
{
    e->arena = e->arena ? e->arena : arena_new();
    for (int i = 0; i < PQntuples(res) && e->n_checkpoints < AUDIT_CHECKPOINTS; i++)
        e->checkpoints[e->n_checkpoints++] = arena_strdup(e->arena, result_text(res, i, 0));
}

static void audit_result(ConnJob *j, size_t nth, PGresult *res)
{
    AuditJob *m = container_of(j, AuditJob, job);

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return;
    if (m->rows)
        take_rows(m, res);
    else if (m->ends && nth == 1)
        take_tokens(m->ends, res);
    else if (m->ends && PQntuples(res) > 0) {
        place_from(res, 0, 0, &m->ends->head);
        place_from(res, 0, 2, &m->ends->start);
        m->ends->bytes = result_int8(res, 0, 4);
    }
}

static void on_audit(void *data)
{
    AuditJob *m = data;
    Err err = {0};

    m->job = (ConnJob){.what = "reading the audit log",
                       .start = audit_start,
                       .result = audit_result,
                       .end = audit_end};
    if (m->store->is_closing)
        audit_end(&m->job, err_set(&err, ERR_UNAVAILABLE, "the store is closing"), &err);
    else
        conn_run(load__conn(m->store), &m->job);
}

static AuditJob *audit_new(Store *s, StatementId statement, StoreDoneFn done, void *data)
{
    AuditJob *m = xcalloc(1, sizeof(*m));

    m->store = s;
    m->statements[m->n_statements++] = statement;
    m->done = done;
    m->data = data;
    return m;
}

void store_audit_read(Store *s, Cluster *c, const AuditQuery *q, AuditRows *ret, StoreDoneFn done,
                      void *data)
{
    const char *const by[] = {q->user, q->verb, q->resource, q->ns};
    AuditJob *m = audit_new(s, ST_AUDIT_READ, done, data);
    Params *p = &m->params[0];

    m->rows = ret;
    m->cluster = c->id;
    m->with_bodies = q->with_bodies;
    params_int8(p, c->id);
    params_int8(p, q->after);
    params_int8(p, q->limit);
    params_int8(p, q->since_s);
    params_int8(p, q->until_s);
    for (size_t i = 0; i < ARRAY_LEN(by); i++)
        params_text(p, by[i] ? by[i] : "");
    loop_post(s->loop, on_audit, m);
}

void audit_rows_done(AuditRows *v)
{
    arena_free(v->arena);
    free(v->items);
    *v = (AuditRows){0};
}

void store_audit_ends(Store *s, Cluster *c, AuditEnds *ret, StoreDoneFn done, void *data)
{
    AuditJob *m = audit_new(s, ST_AUDIT_ENDS, done, data);

    m->ends = ret;
    m->statements[m->n_statements++] = ST_AUDIT_CHECKPOINTS;
    params_int8(&m->params[0], c->id);
    params_int8(&m->params[1], c->id);
    params_int8(&m->params[1], AUDIT_CHECKPOINTS);
    loop_post(s->loop, on_audit, m);
}

void audit_ends_done(AuditEnds *e)
{
    arena_free(e->arena);
    *e = (AuditEnds){0};
}

void store_audit_checkpoint(Store *s, Cluster *c, int64_t seq, const char *token, StoreDoneFn done,
                            void *data)
{
    AuditJob *m = audit_new(s, ST_AUDIT_CHECKPOINT, done, data);
    Params *p = &m->params[0];

    params_int8(p, c->id);
    params_int8(p, seq);
    params_int8(p, clock_now_s());
    params_text(p, token);
    loop_post(s->loop, on_audit, m);
}

/* ---- partitions ---- */

void audit__plan(const char *const *names, size_t n, int64_t now_s, int64_t days, Buf *out,
                 int64_t *ret_before)
{
    int64_t end = now_s - now_s % DAY_S, from, to;

    *ret_before = 0;
    for (size_t i = 0; i < n; i++) {
        if (!partition__name(names[i], "audit", &from, &to))
            continue;
        end = MAX(end, to);
        if (to > now_s - MAX(days, 1) * DAY_S)
            continue;
        *ret_before = MAX(*ret_before, to);
        buf_addf(out, "DROP TABLE %s;", names[i]);
    }
    for (; end < now_s + 2 * DAY_S; end += DAY_S)
        buf_addf(out,
                 "CREATE TABLE IF NOT EXISTS audit_%" PRId64 "_%" PRId64
                 " PARTITION OF audit FOR VALUES FROM (%" PRId64 ") TO (%" PRId64 ");",
                 end, end + DAY_S, end, end + DAY_S);
}

typedef struct KeepJob {
    ConnJob job;
    Store *store;
    Buf sql;
    int64_t before;
    int round;
} KeepJob;

static void keep_start(ConnJob *j UNUSED, Conn *c)
{
    conn_send(c, ST_AUDIT_PARTITIONS, NULL);
    conn_sync(c);
}

static void keep_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    KeepJob *k = container_of(j, KeepJob, job);
    AUTO_FREE const char **names = NULL;
    size_t n;

    if (PQresultStatus(res) != PGRES_TUPLES_OK || k->round > 0)
        return;
    names = partition__names(res, &n);
    audit__plan(names, n, clock_now_s(), k->store->o.audit_days, &k->sql, &k->before);
}

/* As with history's partitions: who does not get the table gives up, and tries again later. */
static bool keep_next(ConnJob *j, Conn *c)
{
    KeepJob *k = container_of(j, KeepJob, job);
    AUTO_PARAMS p = {0};

    if (k->round++ > 0 || k->sql.len == 0)
        return false;
    partition__begin(c);
    if (k->before > 0) {
        params_int8(&p, k->before);
        conn_send(c, ST_AUDIT_STARTS, &p);
        params_int8(&p, k->before);
        conn_send(c, ST_AUDIT_FORGET, &p);
    }
    partition__commit(c, buf_slice(&k->sql));
    return true;
}

static void keep_end(ConnJob *j, int r, const Err *err)
{
    KeepJob *k = container_of(j, KeepJob, job);

    if (r < 0)
        log_debug(NULL, "the audit log's partitions wait", LOG_STR("error", err->msg));
    buf_done(&k->sql);
    free(k);
}

void audit__keep_partitions(Store *s)
{
    KeepJob *k = xcalloc(1, sizeof(*k));

    k->store = s;
    k->job = (ConnJob){.what = "keeping the audit log's partitions",
                       .start = keep_start,
                       .result = keep_result,
                       .next = keep_next,
                       .end = keep_end};
    conn_run(load__conn(s), &k->job);
}
