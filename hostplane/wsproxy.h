/*
 * wsproxy.h - a client's WebSocket (RFC 6455) on one side, an agent's framed stream on the other:
 * exec, attach, port-forward in Kubernetes' channel protocols.
 *
 *    client                                  agent
 *    WebSocket message: channel, payload <-> length (4 bytes, big-endian, of the payload),
 *                                            channel, payload
 *
 * Port-forward of kubectl, and exec of clients without WebSocket, are passed on byte for byte:
 * client and runtime speak SPDY (portforward.k8s.io), inside WebSocket messages or, as older
 * clients do, on the bare connection. Client libraries forward ports by channels, two for each
 * port.
 *
 * Owns:    the NodeCall, once started.
 * Threads: the request's loop.
 * Frees:   itself when either side has ended.
 * Fails:   a client that breaks the protocol is closed with code 1002.
 * Tests:   tests/unit/hostplane/test_wsproxy.c (handshake and frames), tests/e2e/
 */
#ifndef HOSTPLANE_WSPROXY_H
#define HOSTPLANE_WSPROXY_H

#include "base/buf.h"

typedef struct HttpReq HttpReq;
typedef struct NodeCall NodeCall;

/* The client speaks SPDY/3.1 itself: the agent is told to pass its bytes on (?raw=true). */
bool wsproxy_is_spdy(const HttpReq *q);
/* Ports are forwarded by channels: the agent is told so (?channels=true). */
bool wsproxy_has_port_channels(const HttpReq *q);
/* Does the request ask for a WebSocket or SPDY that we pass on? */
bool wsproxy_can(const HttpReq *q);
/* Answers 101 and goes on until one side ends. */
void wsproxy_start(HttpReq *q, NodeCall *call);

/* Sends `head`, then passes bytes on both ways as they are until one side ends. */
void wsproxy_splice(HttpReq *q, NodeCall *call, Slice head);

/* ---- pure parts ---- */
/* Sec-WebSocket-Accept for a key. */
void wsproxy_accept_key(const char *key, Buf *out);
/* The first protocol of the client's list that we speak; NULL when none. */
const char *wsproxy_choose(const char *protocols, bool is_forward);
/* What the first protocols (channel.k8s.io without a version) say on channel 3 for a Status: the
 * words of a failure; nothing, and false, for a success. */
bool wsproxy_plain_status(Slice status, Buf *out);
/* A server's frame: not masked, final. */
void wsproxy_frame(int opcode, Slice a, Slice b, Buf *out);

#endif
