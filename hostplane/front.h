/*
 * front.h - what the files of the HTTP front share: one loop's state, a connection, a request.
 * Private to hostplane/.
 *
 *    Server 1 --- n Front (a loop) 1 --- n Shard (a libmicrohttpd daemon) 1 --- n Conn
 *                                                                           Conn 1 --- 1 HttpReq
 *
 * Threads: everything here belongs to one front's loop, except what server.h names.
 */
#ifndef HOSTPLANE_FRONT_H
#define HOSTPLANE_FRONT_H

#include "base/list.h"
#include "base/log.h"
#include "base/turns.h"
#include "hostplane/greet.h"
#include "hostplane/server.h"
#include "hostplane/tlsout.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <netinet/in.h>

typedef struct Front Front;
typedef struct Shard Shard;
typedef struct Conn Conn;
typedef struct HttpReq HttpReq;
typedef struct Tunnels Tunnels;
typedef struct Hijack Hijack;
typedef struct NodeCall NodeCall;

struct Shard {
    Front *front;
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    bool is_running, runs_again; /* MHD_run() is on the stack; it must run once more */
    List due;                    /* in Front.due */
    uint32_t n_conns;
};

struct Front {
    Server *server;
    Loop *loop;
    Shard *shards;
    uint32_t n_shards, next_shard;
    struct Listener *listeners;
    uint32_t n_listeners;
    bool accepts;
    List due;             /* shards to run before the loop sleeps */
    Buf stream_buf;       /* what a stream has to say, on its way */
    Turns turns;          /* HttpReq.turn, by cluster: what can wait for others */
    uv_prepare_t prepare; /* runs them */
    uv_idle_t idle;       /* keeps the loop from sleeping while there are more */
    int gone_epoll;       /* notices clients that leave while their connection is suspended */
    uv_poll_t gone_poll;
    Greeter greeter; /* new connections over TLS */
    List conns;      /* Conn.link */
    List requests;   /* HttpReq.link */
    uint32_t n_conns;
    LoopTimer *tick;
    int64_t metered_us; /* of the first front */
    /* When what strangers have asked for would be paid, had they asked at their rate. */
    int64_t strangers_us;
};

struct Conn {
    List link;
    Front *front;
    Shard *shard;
    struct MHD_Connection *mhd;
    int fd;
    gnutls_session_t tls;      /* NULL for plain HTTP */
    struct Greeting *greeting; /* until its handshake is over; NULL: it is */
    TlsOut out;                /* how it sends */
    int64_t opened_us, used_us;
    uint32_t n_requests;
    HttpReq *req;                /* the one that runs, or NULL */
    char peer[INET6_ADDRSTRLEN]; /* its address; read at the first request */
    /* the client's certificate: the same */
    bool has_looked;
    Slice chain[4]; /* DER, leaf first; point into the session */
    uint32_t n_chain;
    char *cert_cluster;     /* that its issuer names, "" for none; NULL: not looked at */
    struct CertUser *users; /* what the certificate means in the clusters used last */
};

/*
 *   NEW -> BODY -> STEPPING -> REPLYING -> (freed)
 *            |         |  \--> HIJACKED -> (freed)
 *            |         \-----> GONE -> (freed)
 *            \-> REPLYING
 *
 *   NEW       the request line is known                  [req_new]
 *   BODY      headers are known, the body comes          [on_request]
 *   STEPPING  the engine runs, or is waited for          [req_start]
 *   REPLYING  the response is queued or streams          [req_queue]
 *   HIJACKED  the connection belongs to a Hijack         [req_hijack]
 *   GONE      the client left while a wake is awaited    [on_completed]
 */
typedef enum ReqState {
    REQ_NEW,
    REQ_BODY,
    REQ_STEPPING,
    REQ_REPLYING,
    REQ_HIJACKED,
    REQ_GONE,
    REQ_STATE_MAX_
} ReqState;

struct HttpReq {
    List link;
    Front *front;
    Shard *shard;
    Conn *conn;
    struct MHD_Connection *mhd; /* NULL in REQ_GONE */
    ReqState state;
    Arena *arena;
    const char *uri, *prefix; /* "/clusters/NAME" when the URI has it, else "" */
    int64_t started_us;
    Request rq; /* the engine's */
    LogCtx log;
    bool has_engine;   /* vc_step() ran: request_done() is due */
    bool is_suspended; /* libmicrohttpd keeps still */
    bool is_awaited;   /* exactly one wake is under way; the arena must live until then */
    bool is_ready;     /* rq.reply is complete */
    Turn turn;         /* it is to go on */
    struct Gzip *gzip; /* the body is being compressed */
    bool is_gzip;      /* and is */
    LoopTimer *pause;  /* before a refusal is answered */
    bool is_late;      /* the deadline passed while a wake was awaited: answered already */
    bool wants_close;
    /* headers that only the front needs */
    const char *authorization, *accept_encoding, *host, *ws_key, *ws_protocols, *connection;
    /* body */
    Buf body;
    size_t body_seen, content_length;
    bool is_too_large;
    /* authentication that waits for a cache */
    Cluster *cluster; /* a reference, handed to rq.cluster */
    Slice asked;      /* the name of the cluster that is asked for */
    bool is_stand_in; /* it is there in place of one that does not exist */
    int n_auth_loads;
    Cluster *let_in; /* a reference: whose credential it has shown; NULL: none, or a node's */
    const char *let_in_as;
    int64_t issued_s;
    uint64_t held_at; /* when it was last looked whether that still holds */
    /* a stream: of the engine, or a node's plain answer */
    Buf out; /* from out_at on: read, and not sent yet */
    size_t out_at;
    bool stream_started, stream_ended, is_watching_gone;
    bool goes_direct, is_direct, is_tls_pending; /* streamout.c: it may, does, and is in a record */
    int64_t blocked_us;                          /* when the socket took the last */
    size_t gather;                               /* of a stream in one chunk, as it takes them */
    NodeCall *call;
    struct PodProxy *proxy; /* what the call is used for; NULL: kubelet's own paths */
    Hijack *hijack;
    uint64_t sent; /* bytes of body, for the log */
};

/* server.c */
/* Run the shard's daemon before the loop sleeps again; never inside the call. */
void shard_wake(Shard *s);
/* Gives a socket to a daemon, which makes a connection of it before this returns, or closes it. */
void front_add(Front *f, int fd, const struct sockaddr *from, socklen_t len);
const ServerOptions *server_options(const Server *s);
Tunnels *server_tunnels(Server *s);
struct StandIn *server_standin(Server *s);
/* Tell of a client that leaves while suspended: req_client_left() follows. */
void front_watch_gone(Front *f, HttpReq *q);
void front_unwatch_gone(Front *f, HttpReq *q);
/* While it is watched: streamout_writable() when its socket takes more. */
void front_watch_writable(Front *f, HttpReq *q, bool is_wanted);

/* request.c: callbacks of libmicrohttpd */
void *req_on_uri(void *cls, const char *uri, struct MHD_Connection *c);
enum MHD_Result req_on_request(void *cls, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *n_data, void **ctx);
void req_on_completed(void *cls, struct MHD_Connection *c, void **ctx,
                      enum MHD_RequestTerminationCode why);
void req_client_left(HttpReq *q);
void req_suspend(HttpReq *q);
void req_resume(HttpReq *q);      /* the handler or reader is called again, soon */
void req_reply_ready(HttpReq *q); /* rq.reply is complete: queue it as soon as possible */
/* Go on when the turn of its cluster comes. */
void req_wait_for_turn(HttpReq *q);
/* Its turn has come. What that brings about elsewhere, in microseconds. */
int64_t req_turn(HttpReq *q);
/* Once a second: deadlines. */
void req_check_deadline(HttpReq *q, int64_t now_us);
/* The server drains: end streams. */
void req_drain(HttpReq *q);

/* A plain reply of the front. */
void req_reply_text(HttpReq *q, int status, const char *content_type, Slice body);

#endif
