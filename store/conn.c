#include "store/conn.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/pgerr.h"
#include "store/statements.h"

#include <errno.h>

typedef enum ConnState { CONN_DOWN, CONN_CONNECTING, CONN_SETUP, CONN_READY } ConnState;

enum { BACKOFF_MIN_MS = 25, BACKOFF_MAX_MS = 400, CONNECT_TIMEOUT_US = 10 * 1000 * 1000 };

struct Conn {
    Loop *loop;
    ConnOptions o;
    char *conninfo, *name;
    ConnState state;
    PGconn *pg;
    uv_poll_t *poll; /* freed in its close callback */
    int poll_fd;
    LoopTimer *retry;
    uint64_t backoff_ms;
    List jobs; /* the first one runs when is_running */
    size_t n_jobs;
    bool is_running, is_rolling_back, is_setup_bad;
    bool is_cut;      /* libpq did not take a statement: nothing after it may be sent */
    size_t n_pending; /* statements and syncs whose end has not come */
    /* Of the statements sent, by number: */
    uint64_t n_sent, n_answered;
    bool is_prepared[ST_MAX_];
    struct {
        uint64_t number;
        int statement;
    } preparing[ST_MAX_]; /* whose preparation has no answer yet; a ring: each is in it once */
    size_t first_preparing, n_preparing;
    int64_t down_since_us, run_since_us, n_connects;
};

static void conn_connect(void *data);
static void conn_pump(Conn *c);

static void on_poll_closed(uv_handle_t *h)
{
    free(h);
}

static void close_poll(Conn *c)
{
    if (!c->poll)
        return;
    uv_poll_stop(c->poll);
    c->poll->data = NULL;
    uv_close((uv_handle_t *)c->poll, on_poll_closed);
    c->poll = NULL;
}

static ConnJob *running(Conn *c)
{
    return c->is_running ? list_entry(c->jobs.next, ConnJob, link) : NULL;
}

static void job_end(Conn *c, ConnJob *j, int r)
{
    list_del(&j->link);
    c->n_jobs--;
    j->end(j, r, &j->err);
}

/* The connection is of no use any more: end what ran, try again later. */
static void conn_lost(Conn *c, const char *why)
{
    ConnJob *j = running(c);
    ConnState was = c->state;

    if (was == CONN_DOWN)
        return;
    log_debug(NULL, "connection to PostgreSQL lost", LOG_STR("connection", c->name),
              LOG_STR("why", why));
    close_poll(c);
    PQfinish(c->pg);
    c->pg = NULL;
    c->state = CONN_DOWN;
    if (was == CONN_READY)
        c->down_since_us = clock_mono_us();
    c->n_pending = 0;
    c->is_running = c->is_rolling_back = c->is_setup_bad = c->is_cut = false;
    c->backoff_ms = was == CONN_READY ? BACKOFF_MIN_MS : MIN(c->backoff_ms * 2, BACKOFF_MAX_MS);
    loop_timer_free(c->retry);
    c->retry = loop_timer(c->loop, c->backoff_ms, 0, conn_connect, c);
    if (j) {
        (void)err_set(&j->err, ERR_UNAVAILABLE, "%s: the connection to PostgreSQL broke", j->what);
        job_end(c, j, -ERR_UNAVAILABLE);
    }
    if (was == CONN_READY && c->o.on_lost)
        c->o.on_lost(c->o.data);
}

void conn_break(Conn *c)
{
    conn_lost(c, "closed by us");
}

static void on_poll(uv_poll_t *poll, int status, int events);

static void want(Conn *c, int events)
{
    int fd = PQsocket(c->pg);

    if (c->poll && c->poll_fd != fd)
        close_poll(c);
    if (!c->poll) {
        c->poll = xcalloc(1, sizeof(*c->poll));
        c->poll_fd = fd;
        if (uv_poll_init(loop_uv(c->loop), c->poll, fd) < 0) {
            free(c->poll);
            c->poll = NULL;
            conn_lost(c, "no poll handle");
            return;
        }
        c->poll->data = c;
    }
    uv_poll_start(c->poll, events, on_poll);
}

static void flush(Conn *c)
{
    int r = c->is_cut ? -1 : PQflush(c->pg);

    if (r < 0)
        conn_lost(c, PQerrorMessage(c->pg));
    else
        want(c, r > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

static void start_next(Conn *c)
{
    ConnJob *j;

    if (c->state != CONN_READY || c->is_running || c->is_rolling_back || list_is_empty(&c->jobs))
        return;
    c->is_running = true;
    c->run_since_us = clock_mono_us();
    j = running(c);
    j->nth = 0;
    j->r = 0;
    j->start(j, c);
    if (c->state == CONN_READY)
        flush(c);
}

static void section_done(Conn *c)
{
    ConnJob *j = running(c);

    if (c->state == CONN_SETUP) {
        c->state = CONN_READY;
        c->down_since_us = 0;
        c->n_connects++;
        c->backoff_ms = BACKOFF_MIN_MS;
        if (c->o.on_ready)
            c->o.on_ready(c->o.data);
        start_next(c);
        return;
    }
    if (c->is_rolling_back) {
        c->is_rolling_back = false;
        start_next(c);
        return;
    }
    BUG_ON(!j);
    j->nth = 0;
    if (j->r == 0 && j->next && j->next(j, c)) {
        if (c->state == CONN_READY)
            flush(c);
        return;
    }
    c->is_running = false;
    if (j->r < 0 && PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
        c->is_rolling_back = true;
        conn_send(c, ST_ROLLBACK, NULL);
        conn_sync(c);
        flush(c);
    }
    job_end(c, j, j->r);
    start_next(c);
}

/* Was this the answer to a preparation? A job does not see it, unless it failed. */
static bool end_preparing(Conn *c, const PGresult *res)
{
    int statement = c->preparing[c->first_preparing].statement;

    if (c->n_preparing == 0 || c->preparing[c->first_preparing].number != c->n_answered)
        return false;
    c->first_preparing = (c->first_preparing + 1) % ST_MAX_;
    c->n_preparing--;
    c->is_prepared[statement] = PQresultStatus(res) == PGRES_COMMAND_OK;
    return c->is_prepared[statement];
}

static void one_result(Conn *c, PGresult *res)
{
    ConnJob *j = running(c);
    bool is_unseen = end_preparing(c, res);

    c->n_answered++;
    if (is_unseen)
        return;
    switch (PQresultStatus(res)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (j && j->r == 0 && j->result)
            j->result(j, j->nth, res);
        if (j)
            j->nth++;
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        if (j && j->r == 0)
            j->r = pgerr_set(&j->err, res, j->what);
        else if (!j)
            log_debug(NULL, "statement failed", LOG_STR("connection", c->name),
                      LOG_STR("error", PQresultErrorMessage(res)));
        if (c->state == CONN_SETUP)
            c->is_setup_bad = true;
        break;
    }
}

static void notifications(Conn *c)
{
    PGnotify *n;

    while (c->pg && (n = PQnotifies(c->pg)) != NULL) {
        if (c->o.on_notify)
            c->o.on_notify(c->o.data, n->extra);
        PQfreemem(n);
    }
}

/* Take in what has arrived. Callbacks may break the connection: c->pg is looked at again. */
static void conn_pump(Conn *c)
{
    int nulls = 0;

    while (c->pg && c->n_pending > 0 && !PQisBusy(c->pg)) {
        PGresult *res = PQgetResult(c->pg);

        if (!res) {
            if (++nulls > 2) {
                conn_lost(c, "out of step");
                return;
            }
            continue;
        }
        if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
            nulls = 0;
            PQclear(res);
            c->n_pending--;
            if (c->is_setup_bad) {
                conn_lost(c, "setup failed");
                return;
            }
            section_done(c);
            continue;
        }
        nulls = 0;
        c->n_pending--;
        one_result(c, res);
        PQclear(res);
    }
    if (c->pg && PQstatus(c->pg) == CONNECTION_BAD)
        conn_lost(c, PQerrorMessage(c->pg));
    notifications(c);
}

static void conn_setup(Conn *c)
{
    c->state = CONN_SETUP;
    c->n_pending = 0;
    c->n_sent = c->n_answered = 0;
    c->first_preparing = c->n_preparing = 0;
    memset(c->is_prepared, 0, sizeof(c->is_prepared));
    if (PQsetnonblocking(c->pg, 1) != 0 || PQenterPipelineMode(c->pg) != 1) {
        conn_lost(c, PQerrorMessage(c->pg));
        return;
    }
    for (const char *const *s = c->o.setup; s && *s; s++) {
        if (PQsendQueryParams(c->pg, *s, 0, NULL, NULL, NULL, NULL, 0) != 1) {
            conn_lost(c, PQerrorMessage(c->pg));
            return;
        }
        c->n_pending++;
        c->n_sent++;
    }
    conn_sync(c);
    flush(c);
}

static void on_connecting(Conn *c)
{
    switch (PQconnectPoll(c->pg)) {
    case PGRES_POLLING_OK:
        conn_setup(c);
        return;
    case PGRES_POLLING_READING:
        close_poll(c); /* the socket may be another one under the same number */
        want(c, UV_READABLE);
        return;
    case PGRES_POLLING_WRITING:
        close_poll(c);
        want(c, UV_WRITABLE);
        return;
    default:
        conn_lost(c, PQerrorMessage(c->pg));
    }
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    Conn *c = poll->data;

    if (!c)
        return;
    if (c->state == CONN_CONNECTING) {
        on_connecting(c);
        return;
    }
    if (status < 0) {
        conn_lost(c, "poll failed");
        return;
    }
    if (events & UV_READABLE) {
        if (PQconsumeInput(c->pg) != 1 || FAULT("store.pq.recv")) {
            /* what arrived before the end still counts: the outcome of a COMMIT may be in it */
            conn_pump(c);
            if (c->pg)
                conn_lost(c, PQerrorMessage(c->pg));
            return;
        }
        conn_pump(c);
    }
    if (c->pg && c->state >= CONN_SETUP && (events & UV_WRITABLE))
        flush(c);
}

static void on_notice(void *data UNUSED, const PGresult *res)
{
    log_debug(NULL, "PostgreSQL says", LOG_STR("text", PQresultErrorMessage(res)));
}

static void conn_connect(void *data)
{
    Conn *c = data;
    const char *keys[] = {"dbname",     "application_name", "connect_timeout",
                          "keepalives", "tcp_user_timeout", NULL};
    const char *values[] = {c->conninfo, c->name, "10", "1", "15000", NULL};

    loop_timer_free(c->retry);
    c->retry = NULL;
    c->run_since_us = clock_mono_us();
    c->state = CONN_CONNECTING;
    c->pg = PQconnectStartParams(keys, values, 1);
    BUG_ON(!c->pg);
    if (PQstatus(c->pg) == CONNECTION_BAD || FAULT("store.pq.connect")) {
        conn_lost(c, PQerrorMessage(c->pg));
        return;
    }
    (void)PQsetNoticeReceiver(c->pg, on_notice, NULL);
    want(c, UV_WRITABLE);
}

Conn *conn_open(Loop *loop, const ConnOptions *o)
{
    Conn *c = xcalloc(1, sizeof(*c));

    c->loop = loop;
    c->o = *o;
    c->conninfo = xstrdup(o->conninfo);
    c->name = xstrdup(o->name);
    c->backoff_ms = BACKOFF_MIN_MS;
    c->down_since_us = clock_mono_us();
    list_init(&c->jobs);
    conn_connect(c);
    return c;
}

void conn_close(Conn *c)
{
    if (!c)
        return;
    c->o.on_lost = NULL;
    conn_lost(c, "closing");
    loop_timer_free(c->retry);
    while (!list_is_empty(&c->jobs)) {
        ConnJob *j = list_entry(c->jobs.next, ConnJob, link);

        (void)err_set(&j->err, ERR_UNAVAILABLE, "%s: the store is closing", j->what);
        job_end(c, j, -ERR_UNAVAILABLE);
    }
    free(c->conninfo);
    free(c->name);
    free(c);
}

bool conn_is_ready(const Conn *c)
{
    return c->state == CONN_READY;
}

bool conn_is_idle(const Conn *c)
{
    return c->state == CONN_READY && c->n_jobs == 0 && !c->is_rolling_back;
}

size_t conn_n_jobs(const Conn *c)
{
    return c->n_jobs;
}

int64_t conn_down_us(const Conn *c)
{
    return c->state == CONN_READY ? 0 : clock_mono_us() - c->down_since_us;
}

int64_t conn_n_connects(const Conn *c)
{
    return c->n_connects;
}

void conn_run(Conn *c, ConnJob *j)
{
    j->r = 0;
    j->queued_us = clock_mono_us();
    list_add_tail(&c->jobs, &j->link);
    c->n_jobs++;
    start_next(c);
}

void conn_check(Conn *c, int64_t wait_us, int64_t run_us)
{
    int64_t now = clock_mono_us();

    if (c->is_running && now - c->run_since_us > run_us)
        conn_lost(c, "a statement takes too long");
    if ((c->state == CONN_CONNECTING || c->state == CONN_SETUP) &&
        now - c->run_since_us > CONNECT_TIMEOUT_US)
        conn_lost(c, "connecting takes too long");
    if (c->state == CONN_READY || now - c->down_since_us < wait_us)
        return;
    list_for_each_safe (l, &c->jobs) {
        ConnJob *j = list_entry(l, ConnJob, link);

        if (now - j->queued_us < wait_us)
            continue;
        (void)err_set(&j->err, ERR_UNAVAILABLE, "%s: PostgreSQL is away", j->what);
        job_end(c, j, -ERR_UNAVAILABLE);
    }
}

/* A batch must not commit without a statement that libpq had no memory for, so the first one that
 * it does not take ends the connection, and what ran on it, at the next flush. */
static void sent(Conn *c, int r)
{
    if (r != 1) {
        c->is_cut = true;
        return;
    }
    c->n_pending++;
    c->n_sent++;
}

/* A connection uses few of all statements, and each costs it memory in PostgreSQL. */
static void prepare(Conn *c, int statement)
{
    size_t at = (c->first_preparing + c->n_preparing) % ST_MAX_;

    if (c->is_prepared[statement])
        return;
    c->preparing[at].number = c->n_sent;
    c->preparing[at].statement = statement;
    c->n_preparing++;
    c->is_prepared[statement] = true; /* for what is sent behind it */
    sent(c, PQsendPrepare(c->pg, statements[statement].name, statements[statement].sql, 0, NULL));
}

void conn_send(Conn *c, int statement, Params *p)
{
    if (p)
        params_finish(p);
    if (!c->is_cut)
        prepare(c, statement);
    if (!c->is_cut)
        sent(c, FAULT("store.pq.send")
                    ? 0
                    : PQsendQueryPrepared(c->pg, statements[statement].name, p ? p->n : 0,
                                          p ? p->values : NULL, p ? p->lengths : NULL,
                                          p ? p->formats : NULL, 1));
    if (p)
        params_reset(p);
}

void conn_send_sql(Conn *c, const char *sql)
{
    if (!c->is_cut)
        sent(c, PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1));
}

void conn_sync(Conn *c)
{
    if (c->is_cut)
        return;
    sent(c, PQpipelineSync(c->pg));
    c->n_sent -= !c->is_cut; /* its answer is none of a statement */
}
