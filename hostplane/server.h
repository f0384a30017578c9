/*
 * server.h - the HTTPS front: listeners, loops, connections.
 *
 * One loop a core. Each loop accepts on its own SO_REUSEPORT sockets and deals the connections out
 * to many small libmicrohttpd daemons ("shards"), because resuming one connection walks all
 * suspended connections of its daemon. A request stays on the loop that accepted it.
 *
 * Owns:    loops, their threads, sockets, connections, requests.
 * Threads: open, drain and close on the main thread; server_is_draining() and server_health on any.
 * Frees:   server_close(), after which no request exists any more.
 * Fails:   ERR_INTERNAL when an address cannot be bound or a thread cannot be started.
 * Tests:   tests/unit/hostplane/test_server.c, tests/e2e/
 */
#ifndef HOSTPLANE_SERVER_H
#define HOSTPLANE_SERVER_H

#include "vcluster/vcluster.h"

typedef struct Server Server;

typedef struct ServerOptions {
    const char *const *listen; /* "127.0.0.1:6443", "[::1]:0", ":6443"; ends with NULL */
    const char *cert_pem;      /* server certificate and what must be sent with it; NULL: no TLS */
    const char *key_pem;
    const char *ca_pem;     /* answered by GET /cacert */
    const char *domain;     /* NAME.<domain> is cluster NAME; NULL: none */
    int n_loops;            /* 0: one a core */
    int n_shards;           /* daemons a loop; 0: 64 */
    int max_connections;    /* 0: as many as descriptors allow */
    size_t max_body;        /* 0: 3 MiB */
    int64_t request_ms;     /* a request that waits longer is answered 504; 0: 60 s */
    bool logs_all_requests; /* a line for each at info; else only failures and slow ones */
    int64_t cache_idle_s;   /* the store's; 0: caches stay */
    Store *store;
    Vcluster *vc;
    Tenancy *tenancy;
} ServerOptions;

/* Listens at once; requests are answered from then on. */
int server_open(const ServerOptions *o, Server **ret, Err *err) MUST_CHECK;
/* Stop accepting, end watches, let requests finish for at most grace_ms. Blocking. */
void server_drain(Server *s, int64_t grace_ms);
void server_close(Server *s);
DEFINE_CLEANUP(Server, server_close);

int server_port(const Server *s, size_t i); /* of the i-th listen address */
bool server_is_draining(const Server *s);

#endif
