/*
 * conn.h - one connection to PostgreSQL on a loop: nonblocking, in pipeline mode, with a queue of
 * jobs, reconnecting by itself.
 *
 *   DOWN -> CONNECTING -> SETUP -> READY      (timer, sockets, settings)
 *     ^__________|__________|________|        (any failure; back-off 25 to 400 ms)
 *
 * A job runs alone on its connection. start() sends statements; each successful result goes to
 * result() with its number in this section; when all are in, next() may send another section (true)
 * or not. end() is called exactly once: 0, the first SQL error (the transaction is rolled back by
 * the connection then), or ERR_UNAVAILABLE when the connection broke under it.
 *
 * Owns:    the PGconn and its poll handle. Jobs belong to their makers, who free them in end().
 * Threads: its loop only.
 * Frees:   conn_close(); what is queued ends with ERR_UNAVAILABLE.
 * Tests:   tests/unit/store/test_conn.c, test_store_pg.c
 */
#ifndef STORE_CONN_H
#define STORE_CONN_H

#include "base/err.h"
#include "base/list.h"
#include "base/loop.h"
#include "store/params.h"

typedef struct Conn Conn;
typedef struct ConnJob ConnJob;

struct ConnJob {
    /* set by the maker */
    const char *what; /* for messages */
    void (*start)(ConnJob *j, Conn *c);
    void (*result)(ConnJob *j, size_t nth, PGresult *res); /* may be NULL */
    bool (*next)(ConnJob *j, Conn *c);                     /* may be NULL */
    void (*end)(ConnJob *j, int r, const Err *err);
    /* private */
    List link;
    size_t nth;
    int r;
    Err err;
    int64_t queued_us;
};

typedef struct ConnOptions {
    const char *conninfo, *name; /* name: application_name */
    const char *const *setup;    /* SQL commands of a new connection, ends with NULL */
    void (*on_ready)(void *data);
    void (*on_lost)(void *data);
    void (*on_notify)(void *data, const char *payload); /* may be NULL */
    void *data;
} ConnOptions;

Conn *conn_open(Loop *loop, const ConnOptions *o); /* starts connecting; options are copied */
void conn_close(Conn *c);

bool conn_is_ready(const Conn *c);
bool conn_is_idle(const Conn *c);    /* ready, no job running or queued */
size_t conn_n_jobs(const Conn *c);   /* running and queued */
int64_t conn_down_us(const Conn *c); /* how long it has not been ready; 0: it is */
int64_t conn_n_connects(const Conn *c);
/* Queue a job. It waits while the connection is down; conn_expire() ends what waits too long. */
void conn_run(Conn *c, ConnJob *j);
/* The timer of the owner: ends jobs that waited `wait_us` on a connection that is down, breaks the
 * connection when a job has been running for `run_us`. */
void conn_check(Conn *c, int64_t wait_us, int64_t run_us);
void conn_break(Conn *c);

/* In start() and next(): send a statement of the table in statements.h, by number, then a sync. */
void conn_send(Conn *c, int statement, Params *p); /* p: NULL for none; is reset */
void conn_send_sql(Conn *c, const char *sql);      /* text of our own, without parameters */
void conn_sync(Conn *c);

#endif
