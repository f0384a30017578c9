/*
 * http.h - the HTTP transport of a Client, and streams: watches, feeds, logs that arrive piece by
 * piece.
 *
 * Owns:    a pool of curl handles, each with its kept-alive connection. A call borrows one; so
 *          there are as many connections as calls at the same time, and each is used again.
 * Threads: any. http_cancel() may be called from any thread while streams run.
 * Frees:   client_close(); all calls must have returned. Option strings are copied.
 * Fails:   ERR_UNAVAILABLE when there was no answer, ERR_TIMEOUT when it took too long;
 *          http_stream() also with the code of a failure status.
 * Tests:   tests/unit/client/test_http.c
 */
#ifndef CLIENT_HTTP_H
#define CLIENT_HTTP_H

#include "client/client.h"

typedef struct Err Err;

typedef struct HttpOptions {
    const char *server; /* "https://10.0.0.1:6443/clusters/acme"; the path is the prefix of calls
                         * without a cluster. A call that names a cluster goes to
                         * /clusters/NAME of the same host and port. */
    const char *ca_pem; /* NULL: the system's certificates */
    const char *cert_pem, *key_pem; /* client certificate, or NULL */
    const char *token;              /* bearer token, or NULL */
    const char *token_file;         /* read again at most once a minute; wins over token */
    const char *username, *password;
    const char *tls_server_name; /* check the server's certificate for this name, and send it */
    bool is_insecure;            /* no verification of the server */
    int64_t connect_timeout_ms;  /* 0: 10 s */
    const char *user_agent;      /* NULL: "hostplane" */
    struct ExecAuth *exec; /* asked for the credential when no token is given; or NULL. The client
                            * takes a reference of its own */
    const char *impersonate_user;
    const char *const *impersonate_groups; /* ends with NULL; or NULL */
} HttpOptions;

int http_client_open(const HttpOptions *o, Client **ret, Err *err) MUST_CHECK;
bool client_is_http(const Client *c);
/* Use another client certificate from the next connection on (a renewed node certificate). */
void http_client_set_cert(Client *c, const char *cert_pem, const char *key_pem);

/* ---- cancellation: one HttpCancel may serve any number of streams ---- */
typedef struct HttpCancel HttpCancel;
HttpCancel *http_cancel_new(void);
void http_cancel_free(HttpCancel *x);
DEFINE_CLEANUP(HttpCancel, http_cancel_free);
void http_cancel(HttpCancel *x); /* any thread; final */
bool http_is_cancelled(const HttpCancel *x);
int http_cancel_fd(const HttpCancel *x); /* becomes readable when cancelled, for poll() */
/* Sleep that a cancellation ends early; true when cancelled. NULL x just sleeps. */
bool http_cancel_sleep(const HttpCancel *x, int64_t ms);

/* ---- streams ---- */
typedef struct HttpSink {
    /* Return 0 to go on; anything else ends the stream, and http_stream() returns 0. */
    int (*on_status)(int status, const char *content_type, void *data); /* or NULL */
    int (*on_chunk)(Slice chunk, void *data); /* as the bytes come; or NULL */
    int (*on_line)(Slice line, void *data);   /* without the newline; or NULL */
    void *data;
    HttpCancel *cancel;      /* or NULL */
    int64_t idle_timeout_ms; /* end with ERR_TIMEOUT when nothing came for so long; 0: never */
} HttpSink;

enum { HTTP_LINE_MAX = 64 << 20 };

/* GET (or req->method) and feed the answer to the sink until it ends: 0 at its end or when the
 * sink had enough or was cancelled. A failure status becomes an error (the body is not passed on).
 * req->timeout_ms is ignored. The connection is not used again when it was cut short. */
int http_stream(Client *c, const ClientRequest *req, const HttpSink *sink, Err *err) MUST_CHECK;

#endif
