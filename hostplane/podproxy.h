/*
 * podproxy.h - pods/NAME/proxy and services/NAME/proxy: HTTP with a server in a pod, over a
 * connection that the pod's node makes.
 *
 *    client --request--> front --HTTP/1.1 on NodeCall "dial"--> agent --TCP or TLS--> pod
 *
 * The request goes on as it came, without what belongs to the connection or names the caller; the
 * answer comes back with its links leading through the proxy (htmlrewrite.h). An upgrade that the
 * pod agrees to becomes bytes both ways (wsproxy_splice()).
 *
 * Owns:    q->proxy, which ends with the request's arena.
 * Threads: the request's loop.
 * Fails:   what cannot be reached is answered 503, in upstream's words.
 * Tests:   tests/e2e/test_proxy.py
 */
#ifndef HOSTPLANE_PODPROXY_H
#define HOSTPLANE_PODPROXY_H

#include "base/buf.h"

typedef struct HttpReq HttpReq;

enum { PODPROXY_BROKEN = -2 };

/* q->call is open; the reply is awaited when it returns. */
void podproxy_start(HttpReq *q);
/* Something about q->call has changed. */
void podproxy_on_call(HttpReq *q);
/* Of the answer's body: 1 more at once, 0 nothing now, -1 the end, PODPROXY_BROKEN: cut short */
int podproxy_read(HttpReq *q, Buf *out);
int64_t podproxy_length(const HttpReq *q); /* of the body that follows; -1 unknown */

#endif
