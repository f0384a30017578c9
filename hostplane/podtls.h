/*
 * podtls.h - TLS with a server in a pod, over a connection that the pod's node makes: what the node
 * passes on it cannot read, and the client's key never gets there.
 *
 *    HTTP/1.1 -> PodTls (GnuTLS) -> NodeCall "dial" -> agent -> pod
 *
 * Owns:    the session; the NodeCall is its caller's and must outlive it.
 * Threads: the call's loop. Nothing blocks: reads answer 0 until more has come.
 * Frees:   podtls_free().
 * Fails:   a handshake that fails breaks the connection; podtls_why() says it in Go's words.
 * Tests:   tests/unit/hostplane/test_podtls.c, tests/e2e/test_aggregation.py
 */
#ifndef HOSTPLANE_PODTLS_H
#define HOSTPLANE_PODTLS_H

#include "base/buf.h"

typedef struct NodeCall NodeCall;
typedef struct PodTls PodTls;
typedef struct ProxyTls ProxyTls;

/* What is sent and received in cipher. A NodeCall, but for tests. */
typedef struct PodWire {
    int (*read)(void *data, Buf *out, size_t max); /* as node_call_read() */
    void (*write)(void *data, Slice bytes);
    void *data;
} PodWire;

/* NULL when the certificates of `how` cannot be read; *ret_why says so. */
PodTls *podtls_open(const PodWire *wire, const ProxyTls *how, const char **ret_why);
PodWire podtls_wire(NodeCall *call);
void podtls_free(PodTls *t);
/* Waits for the handshake. */
void podtls_write(PodTls *t, Slice bytes);
/* As node_call_read(); -1 also when the connection is broken. */
int podtls_read(PodTls *t, Buf *out, size_t max);
const char *podtls_why(const PodTls *t); /* NULL: it is not broken */

#endif
