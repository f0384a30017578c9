/*
 * DESIGN. Following other servers on the same database. A commit notifies "server;id:revision,...";
 * whoever is not that server notes how far each cluster has come and fetches (ours, target] from
 * history. Revisions have no gaps, so what is missing is always known exactly: a row that is not
 * there means that history was dropped, and the cluster's caches begin anew.
 *
 * Notifications can be lost with their connection, so all counters are compared after each
 * reconnect, every 2 s while other servers are connected, and every 30 s otherwise.
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/note.h"
#include "store/store_int.h"

enum {
    FETCH_CLUSTERS = 100,
    FETCH_PER_CLUSTER = 1000, /* revisions */
    POLL_US = 2 * 1000 * 1000,
    POLL_ALONE_US = 30 * 1000 * 1000,
};

struct Feed {
    Store *store;
    Conn *conn;
    List behind;        /* ClusterRec */
    ClusterId *changed; /* clusters whose row changed */
    size_t n_changed, cap_changed;
    ConnJob fetch, poll;
    bool is_fetching, is_polling, must_poll;
    bool has_changed_section; /* of the fetch under way */
    bool has_events_section;
    struct {
        ClusterId id;
        int64_t high;
    } asked[FETCH_CLUSTERS];
    size_t n_asked;
    int64_t polled_us;
    uint64_t n_polls;
    bool is_alone;
};

static void start_fetch(Feed *f);

void feed__behind(Feed *f, ClusterRec *c, int64_t target)
{
    c->target = MAX(c->target, target);
    if (c->target > c->pub.revision && list_is_empty(&c->behind))
        list_add_tail(&f->behind, &c->behind);
    start_fetch(f);
}

void feed__forget(Feed *f UNUSED, ClusterRec *c)
{
    list_del(&c->behind);
}

static void note_changed(Feed *f, ClusterId id)
{
    for (size_t i = 0; i < f->n_changed; i++)
        if (f->changed[i] == id)
            return;
    GROW(f->changed, f->cap_changed, f->n_changed + 1);
    f->changed[f->n_changed++] = id;
}

/* ---- fetching ---- */

static void fetch_start(ConnJob *j, Conn *c)
{
    Feed *f = container_of(j, Feed, fetch);
    AUTO_PARAMS p = {0};
    int id, low, high;

    f->has_changed_section = f->n_changed > 0;
    f->n_asked = 0;
    if (f->has_changed_section) {
        id = params_array(&p, PARAM_INT8);
        for (size_t i = 0; i < f->n_changed; i++)
            params_add_int8(&p, id, f->changed[i]);
        f->n_changed = 0;
        conn_send(c, ST_CLUSTERS, &p);
        conn_sync(c);
        return;
    }
    id = params_array(&p, PARAM_INT8);
    low = params_array(&p, PARAM_INT8);
    high = params_array(&p, PARAM_INT8);
    list_for_each (l, &f->behind) {
        ClusterRec *rec = list_entry(l, ClusterRec, behind);
        int64_t to = MIN(rec->target, rec->pub.revision + FETCH_PER_CLUSTER);

        if (f->n_asked == FETCH_CLUSTERS)
            break;
        params_add_int8(&p, id, rec->pub.id);
        params_add_int8(&p, low, rec->pub.revision);
        params_add_int8(&p, high, to);
        f->asked[f->n_asked].id = rec->pub.id;
        f->asked[f->n_asked++].high = to;
    }
    conn_send(c, ST_GAPS, &p);
    id = params_array(&p, PARAM_INT8);
    for (size_t i = 0; i < f->n_asked; i++)
        params_add_int8(&p, id, f->asked[i].id);
    conn_send(c, ST_USED_OF, &p);
    conn_sync(c);
}

static void changed_rows(Feed *f, const PGresult *res)
{
    Err err;

    for (int i = 0; i < PQntuples(res); i++) {
        ClusterRec *c;
        ClusterId id = result_int8(res, i, 0);
        bool is_new = !cluster__by_id(f->store, id);

        /* A new one begins where it began, so that its events are told from the first on. */
        if (cluster__from_row(f->store, res, i, CLUSTER_FIRST_REVISION, &err) < 0) {
            log_error(NULL, "a cluster of another server cannot be used",
                      LOG_STR("error", err.msg));
            continue;
        }
        c = cluster__by_id(f->store, id);
        if (c && (is_new || c->floor > c->pub.revision))
            feed__behind(f, c, result_int8(res, i, 4));
    }
}

static void fetch_result(ConnJob *j, size_t nth, PGresult *res)
{
    Feed *f = container_of(j, Feed, fetch);

    if (f->has_changed_section) {
        changed_rows(f, res);
        return;
    }
    if (nth == 0 && FAULT("store.feed.apply"))
        return;
    for (int i = 0; i < PQntuples(res); i++) {
        ClusterRec *c = cluster__by_id(f->store, result_int8(res, i, 0));

        if (c && nth == 0)
            store__apply_row(f->store, c, res, i);
        else if (c)
            cluster__set_used(c, result_text(res, i, 1), result_int8(res, i, 2));
    }
}

static void fetch_end(ConnJob *j, int r, const Err *err)
{
    Feed *f = container_of(j, Feed, fetch);

    f->is_fetching = false;
    for (size_t i = 0; i < f->n_asked; i++) {
        ClusterRec *c = cluster__by_id(f->store, f->asked[i].id);

        if (!c)
            continue;
        if (r == 0 && c->pub.revision < f->asked[i].high) {
            cluster__reset(f->store, c, f->asked[i].high);
            cluster__raise(c, MIN(c->floor, c->target));
        }
        if (c->pub.revision >= c->target)
            list_del(&c->behind);
    }
    f->n_asked = 0;
    watch__flush(f->store);
    if (r < 0) {
        log_debug(NULL, "fetching changes failed", LOG_STR("error", err->msg));
        f->must_poll = true; /* at the next tick, or when the connection is back */
        return;
    }
    start_fetch(f);
}

static void start_fetch(Feed *f)
{
    if (f->is_fetching || !f->conn || !conn_is_ready(f->conn) ||
        (list_is_empty(&f->behind) && f->n_changed == 0))
        return;
    f->is_fetching = true;
    f->fetch = (ConnJob){
        .what = "fetching changes", .start = fetch_start, .result = fetch_result, .end = fetch_end};
    conn_run(f->conn, &f->fetch);
}

/* ---- notifications ---- */

static void on_notify(void *data, const char *payload)
{
    Feed *f = data;
    Slice rest = slice_of(payload), again, server;
    NoteItem item;

    if (!note_sender(&rest, &server) || slice_is(server, f->store->server_id))
        return;
    again = rest;
    /* Rows are read first: one says where its cluster's revisions go on. */
    while (note_next(&rest, &item))
        if (item.is_row || !cluster__by_id(f->store, item.cluster))
            note_changed(f, item.cluster);
    while (note_next(&again, &item)) {
        ClusterRec *c = cluster__by_id(f->store, item.cluster);

        if (c && !item.is_row)
            feed__behind(f, c, item.revision);
    }
    start_fetch(f);
}

/* ---- the safety poll ---- */

static void poll_start(ConnJob *j UNUSED, Conn *c)
{
    conn_send(c, ST_PEERS, NULL);
    conn_sync(c);
}

static void poll_row(Feed *f, const PGresult *res, int row)
{
    ClusterId id = result_int8(res, row, 0);
    int64_t revision = result_int8(res, row, 1);
    ClusterState state = (ClusterState)result_int2(res, row, 2);
    ClusterRec *c = cluster__by_id(f->store, id);

    if (!c) {
        if (state != CLUSTER_DELETING)
            note_changed(f, id);
        return;
    }
    c->seen = f->n_polls;
    cluster__learn_floor(c, result_int8(res, row, 4));
    if ((int)state != c->pub.state || (c->keys && !datakey_find(c->keys, result_int8(res, row, 3))))
        note_changed(f, id);
    if (revision > c->pub.revision)
        feed__behind(f, c, revision);
}

/* What the poll has not seen is gone, unless it came while the poll was under way. */
static void drop_unseen(Feed *f)
{
    ClusterRec *c;
    ClusterRec **gone = NULL;
    size_t n = 0, cap = 0;

    for (size_t at = 0; map_next(&f->store->by_id, &at, NULL, (void **)&c);) {
        if (c->seen == f->n_polls)
            continue;
        if (c->seen == 0) { /* new: judged by the next poll */
            c->seen = f->n_polls;
            continue;
        }
        GROW(gone, cap, n + 1);
        gone[n++] = c;
    }
    for (size_t i = 0; i < n; i++)
        cluster__remove(f->store, gone[i]);
    free(gone);
}

static void poll_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Feed *f = container_of(j, Feed, poll);

    if (PQnfields(res) == 1) {
        f->is_alone = result_int8(res, 0, 0) == 0;
        return;
    }
    f->n_polls++;
    f->must_poll = false;
    f->polled_us = clock_mono_us();
    for (int i = 0; i < PQntuples(res); i++)
        poll_row(f, res, i);
    drop_unseen(f);
}

static bool poll_next(ConnJob *j, Conn *c)
{
    Feed *f = container_of(j, Feed, poll);
    int64_t age = clock_mono_us() - f->polled_us;

    if (!f->must_poll && age < (f->is_alone ? POLL_ALONE_US : POLL_US))
        return false;
    f->must_poll = false;
    f->polled_us = clock_mono_us();
    conn_send(c, ST_POLL, NULL);
    conn_sync(c);
    return true;
}

static void poll_end(ConnJob *j, int r, const Err *err UNUSED)
{
    Feed *f = container_of(j, Feed, poll);

    f->is_polling = false;
    if (r < 0)
        f->must_poll = true;
    else
        start_fetch(f);
}

static void start_poll(Feed *f)
{
    if (f->is_polling || !conn_is_ready(f->conn))
        return;
    f->is_polling = true;
    f->poll = (ConnJob){.what = "comparing revisions",
                        .start = poll_start,
                        .result = poll_result,
                        .next = poll_next,
                        .end = poll_end};
    conn_run(f->conn, &f->poll);
}

static void on_ready(void *data)
{
    Feed *f = data;

    f->must_poll = true;
    start_poll(f);
}

void feed__tick(Feed *f)
{
    conn_check(f->conn, DOWN_WAIT_US, RUN_MAX_US);
    if (f->must_poll || clock_mono_us() - f->polled_us >= POLL_US)
        start_poll(f);
    start_fetch(f);
}

Feed *feed__open(Store *s)
{
    Feed *f = xcalloc(1, sizeof(*f));
    ConnOptions o = {
        .conninfo = s->conninfo,
        .name = "hostplane-listen",
        .setup = store__listen_setup,
        .on_ready = on_ready,
        .on_notify = on_notify,
        .data = f,
    };

    f->store = s;
    list_init(&f->behind);
    f->conn = conn_open(s->loop, &o);
    return f;
}

void feed__close(Feed *f)
{
    f->is_fetching = f->is_polling = true; /* nothing new */
    conn_close(TAKE(f->conn));
}

void feed__free(Feed *f)
{
    if (!f)
        return;
    while (!list_is_empty(&f->behind)) /* clusters outlive it */
        list_del(f->behind.next);
    free(f->changed);
    free(f);
}
