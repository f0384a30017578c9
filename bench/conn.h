/*
 * conn.h - one keep-alive HTTPS connection for benchmarks: as little of its own cost as possible.
 *
 * Owns:    its socket and TLS session.
 * Threads: one connection, one thread.
 * Fails:   conn_open() and conn_request() end the program with a message: a benchmark that lost a
 *          request measured nothing.
 */
#ifndef BENCH_CONN_H
#define BENCH_CONN_H

#include "base/buf.h"

typedef struct Target { /* where the server is and who we are; all from the command line */
    const char *host, *port, *prefix; /* prefix: "" or "/clusters/NAME" */
    bool is_tls;
    const char *token, *cert, *key;
} Target;

typedef struct Conn Conn;

/* A flag of the command line and where its value goes: a text, or a number above 0. */
typedef struct BenchFlag {
    const char *name;
    const char **str;
    int64_t *num;
} BenchFlag;

/* Reads "--server URL", "--token", "--cert", "--key" and the flags from argv[first] on, ended by a
 * row without name. False when they are wrong or there is no server. */
bool target_flags(Target *t, const BenchFlag *flags, int argc, char **argv, int first);

/* https://HOST:PORT/PREFIX; ends the program when it is no URL. */
void target_parse(Target *t, const char *url);

Conn *conn_open(const Target *t);
/* With a client certificate of its own, as PEM. */
Conn *conn_open_as(const Target *t, const char *cert_pem, const char *key_pem);
void conn_close(Conn *c);
/* From now on ask the same server as somebody else, or for another cluster; `t` outlives that. */
void conn_use(Conn *c, const Target *t);
/* One exchange. The status; the body in *ret_body until the next call. */
int conn_request(Conn *c, const char *method, const char *path, Slice body, Slice *ret_body);
/* One exchange that succeeds, or finds that it was done before (409); ends the program otherwise.
 */
void conn_must(Conn *c, const char *method, const char *path, const char *body);

/* The media type of PATCH requests from now on; strategic merge patch at first. */
void conn_set_patch_type(Conn *c, const char *type);

/* Says what was done and what came back, and ends the program. */
NORETURN void bench_fail(const char *what, int status, Slice body);

/* In two steps. conn_answer(): false when a connection that does not block has not got all of the
 * answer yet. */
void conn_send(Conn *c, const char *method, const char *path, Slice body);
bool conn_answer(Conn *c, int *ret_status, Slice *ret_body);
/* For watches: send only, then read what comes without blocking. */
int conn_fd(const Conn *c);
void conn_set_nonblocking(Conn *c);
/* Bytes read into buf, 0 nothing now, -1 the server closed. */
int conn_read(Conn *c, char *buf, size_t n);
bool conn_has_more(const Conn *c); /* something was read from the socket and not yet given out */

/* Watches until *is_over or the server ends it (which ends the program): on_line() for each event.
 */
void conn_watch(Conn *c, const char *path, void (*on_line)(Slice line, void *data), void *data,
                const volatile bool *is_over);

#endif
