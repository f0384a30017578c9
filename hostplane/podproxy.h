/*
 * podproxy.h - pods/NAME/proxy, services/NAME/proxy and the APIs of extension API servers: HTTP
 * with a server in a pod, over a connection that the pod's node makes.
 *
 *    client --request--> front --HTTP/1.1 on NodeCall "dial"--> agent --TCP or TLS--> pod
 *    client --request--> front --HTTP/1.1 in TLS on NodeCall "dial"--> agent --TCP--> pod
 *
 * The request goes on as it came, without what belongs to the connection or names the caller; the
 * answer comes back with its links leading through the proxy (htmlrewrite.h). An upgrade that the
 * pod agrees to becomes bytes both ways (wsproxy_splice()).
 *
 * With an extension API server it is this server that speaks TLS (podtls.h) and says whose request
 * it is; what the client says about that is left out. Its answer passes as it is, but for
 * redirects, and in the time that other requests have.
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
/* The reply says why the pod cannot be reached; the call is closed. */
void podproxy_give_up(HttpReq *q, const char *why);
/* Must it be over in the time of a request? */
bool podproxy_has_limit(const HttpReq *q);
int64_t podproxy_length(const HttpReq *q); /* of the body that follows; -1 unknown */

#endif
