/*
 * DESIGN. How long history is kept.
 *
 * 1. A cluster's window is what StoreWindowFn says (its tenant's plan), or else the platform's, and
 *    never more than the platform's maximum.
 * 2. Partitions of history are kept for the longest window that a cluster has. Clusters of that
 *    window need nothing else.
 * 3. Of a cluster with a shorter window, rows older than it are deleted, and `oldest` moves to the
 *    last revision that is gone: no watch begins, no state is listed before it.
 *
 *     look (every LOOK_US) -> Store.due -> a job: some clusters, some rows of each -> due again,
 * when there is more to delete
 *
 * A cluster is due when its oldest row grows too old (`trim_at_s`), and not more often than sixty
 * times in its window; one that has not written since its history went never is. Another server
 * deletes the same rows: `oldest` is found from what is left.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store_int.h"

enum {
    LOOK_US = 10 * 1000 * 1000,
    ASK_US = 2000,      /* of one tick, for asking about windows */
    TRIM_CLUSTERS = 20, /* of a job */
    TRIM_ROWS = 2000,   /* of a cluster */
};

struct Retention {
    Store *store;
    ConnJob job;
    List due; /* ClusterRec.trim_link */
    bool is_running;
    int64_t looked_us;
    int64_t keep_s; /* the longest window */
    bool is_unsure; /* of a cluster it is not known yet */
    _Atomic bool must_look;
    ClusterId asked[TRIM_CLUSTERS];
    size_t n_asked;
};

static int64_t platform_s(const Store *s)
{
    return s->o.history_hours * 3600;
}

int64_t store_history_window(const Store *s, Cluster *c)
{
    int64_t wanted = cluster_rec(c)->window_s;

    return MIN(wanted > 0 ? wanted : platform_s(s),
               MAX(s->o.history_max_hours, s->o.history_hours) * 3600);
}

void store_on_window(Store *s, StoreWindowFn fn, void *data)
{
    pthread_mutex_lock(&s->sub_lock);
    s->on_window = fn;
    s->on_window_data = data;
    pthread_mutex_unlock(&s->sub_lock);
}

void store_window_changed(Store *s, Cluster *c)
{
    ClusterRec *each;

    if (c)
        cluster_rec(c)->is_window_known = false;
    pthread_rwlock_rdlock(&s->clusters_lock);
    for (size_t at = 0; !c && map_next(&s->by_id, &at, NULL, (void **)&each);)
        each->is_window_known = false;
    pthread_rwlock_unlock(&s->clusters_lock);
    s->retention->must_look = true;
}

static bool ask(Store *s, ClusterRec *c)
{
    int64_t window_s;

    pthread_mutex_lock(&s->sub_lock);
    window_s = s->on_window ? s->on_window(&c->pub, s->on_window_data) : 0;
    pthread_mutex_unlock(&s->sub_lock);
    if (window_s < 0)
        return false;
    c->is_window_known = true;
    c->window_s = window_s;
    c->trim_at_s = 0;
    return true;
}

/* A window that is shorter than what partitions are kept for. */
static bool is_due(const Retention *t, ClusterRec *c, int64_t now_s)
{
    return c->is_window_known && store_history_window(t->store, &c->pub) < t->keep_s &&
           c->pub.revision > c->pub.oldest && c->trim_at_s <= now_s && list_is_empty(&c->trim_link);
}

/* All clusters once: those of which the window is not known are asked about, for as long as there
 * is time. */
static void look(Retention *t)
{
    int64_t end_us = clock_mono_us() + ASK_US, now_s = clock_now_s(), keep_s = platform_s(t->store);
    bool may_ask = true;
    ClusterRec *c;

    t->is_unsure = false;
    for (size_t at = 0; map_next(&t->store->by_id, &at, NULL, (void **)&c);) {
        if (!c->is_window_known) {
            may_ask = may_ask && clock_mono_us() < end_us && ask(t->store, c);
            t->is_unsure = t->is_unsure || !may_ask;
        }
        keep_s = MAX(keep_s, store_history_window(t->store, &c->pub));
    }
    t->keep_s = t->is_unsure ? MAX(t->keep_s, keep_s) : keep_s;
    for (size_t at = 0; map_next(&t->store->by_id, &at, NULL, (void **)&c);)
        if (is_due(t, c, now_s))
            list_add_tail(&t->due, &c->trim_link);
}

/* ---- deleting ---- */

static void trim_start(ConnJob *j, Conn *conn)
{
    Retention *t = container_of(j, Retention, job);
    int64_t now_s = clock_now_s();
    AUTO_PARAMS p = {0};
    int ids = params_array(&p, PARAM_INT8), oldest = params_array(&p, PARAM_INT8),
        before = params_array(&p, PARAM_INT8);
    List *l;

    t->n_asked = 0;
    while (t->n_asked < TRIM_CLUSTERS && (l = list_pop(&t->due)) != NULL) {
        ClusterRec *c = list_entry(l, ClusterRec, trim_link);

        t->asked[t->n_asked++] = c->pub.id;
        params_add_int8(&p, ids, c->pub.id);
        params_add_int8(&p, oldest, c->pub.oldest);
        params_add_int8(&p, before, now_s - store_history_window(t->store, &c->pub));
    }
    params_int8(&p, TRIM_ROWS);
    conn_send(conn, ST_TRIM, &p);
    conn_sync(conn);
}

static void trim_result(ConnJob *j, size_t nth UNUSED, PGresult *res)
{
    Retention *t = container_of(j, Retention, job);
    int64_t now_s = clock_now_s();

    for (int i = 0; i < PQntuples(res); i++) {
        ClusterRec *c = cluster__by_id(t->store, result_int8(res, i, 0));
        int64_t next = result_int8(res, i, 2), window_s;

        if (!c)
            continue;
        c->pub.oldest = MAX(c->pub.oldest, MIN(result_int8(res, i, 1), c->pub.revision));
        window_s = store_history_window(t->store, &c->pub);
        c->trim_at_s = MAX(now_s + window_s / 60, next > 0 ? next + window_s + 1 : 0);
        if (result_int2(res, i, 3) && list_is_empty(&c->trim_link))
            list_add_tail(&t->due, &c->trim_link); /* there is more */
    }
}

static void start_trim(Retention *t);

static void trim_end(ConnJob *j, int r, const Err *err)
{
    Retention *t = container_of(j, Retention, job);

    t->is_running = false;
    if (t->store->is_closing)
        return;
    if (r < 0)
        log_debug(NULL, "history that is too old waits", LOG_STR("error", err->msg));
    else if (!list_is_empty(&t->due))
        start_trim(t); /* behind what else waits for a connection */
}

static void start_trim(Retention *t)
{
    t->is_running = true;
    t->job = (ConnJob){.what = "deleting history that is too old",
                       .start = trim_start,
                       .result = trim_result,
                       .end = trim_end};
    conn_run(load__conn(t->store), &t->job);
}

void retention__tick(Retention *t)
{
    int64_t now_us = clock_mono_us();

    if (t->is_unsure || t->must_look || now_us - t->looked_us >= LOOK_US) {
        t->looked_us = now_us;
        t->must_look = false;
        look(t);
    }
    if (!t->is_running && !list_is_empty(&t->due))
        start_trim(t);
}

int64_t retention__keep_s(const Retention *t, bool *ret_is_sure)
{
    *ret_is_sure = !t->is_unsure;
    return t->keep_s;
}

Retention *retention__open(Store *s)
{
    Retention *t = xcalloc(1, sizeof(*t));

    t->store = s;
    t->keep_s = platform_s(s);
    t->is_unsure = true;
    list_init(&t->due);
    return t;
}

void retention__free(Retention *t)
{
    free(t);
}
