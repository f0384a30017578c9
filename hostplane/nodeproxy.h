/*
 * nodeproxy.h - requests that a node's agent answers: log, exec, attach, port-forward.
 *
 * A log is passed on as it comes. The interactive ones become a WebSocket (wsproxy.h) once the
 * agent has said yes; its no is passed on as an ordinary answer.
 *
 * Owns:    q->call until a WebSocket takes it over.
 * Threads: the request's loop.
 * Fails:   a node without tunnel is answered 503.
 * Tests:   tests/e2e/
 */
#ifndef HOSTPLANE_NODEPROXY_H
#define HOSTPLANE_NODEPROXY_H

#include "base/buf.h"

typedef struct HttpReq HttpReq;

/* q->rq.reply is REPLY_NODE. The reply is ready, or awaited, when it returns. */
void nodeproxy_start(HttpReq *q);
/* 1 more at once, 0 nothing now, -1 the end */
int nodeproxy_read(HttpReq *q, Buf *out);
void nodeproxy_close(HttpReq *q);

#endif
