/*
 * link.h - a connection to a pod, with or without TLS, that does not block.
 *
 * The certificate of the other side is not looked at, as kubelet and the API server's proxy do not.
 *
 * Owns:    its socket and TLS state.
 * Threads: one at a time.
 * Frees:   link_done().
 * Fails:   -1; the caller knows the words.
 * Tests:   tests/unit/agent/test_probe_try.c, tests/e2e/test_proxy.py
 */
#ifndef AGENT_LINK_H
#define AGENT_LINK_H

#include "base/slice.h"

typedef struct Link {
    int fd;
    struct ssl_ctx_st *ctx; /* NULL: no TLS */
    struct ssl_st *ssl;
    short events; /* what poll() is to wait for after a try that came to nothing */
} Link;

/* Takes the socket over. */
void link_init(Link *l, int fd);
void link_done(Link *l);
int link_start_tls(Link *l, int64_t deadline_us) MUST_CHECK;
/* More than 0: so many bytes; 0: not now, see `events`; -1: the connection is over. */
int64_t link_try_send(Link *l, Slice s);
int64_t link_try_recv(Link *l, void *out, size_t cap);

#endif
