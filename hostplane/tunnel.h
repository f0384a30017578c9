/*
 * tunnel.h - the way to a node's agent: HTTP/2 over a connection that the agent opened.
 *
 * An agent asks for the upgrade "hostplane-tunnel"; on the connection the server then speaks
 * HTTP/2 as the client. A call is one HTTP/2 stream; it may be made on any loop.
 *
 *    requester's loop                            tunnel's loop
 *    node_call_open() ----- mail --------------> request is submitted
 *    node_call_write() ---> up buffer -- mail -> DATA frames
 *    fn(data) <------------ mail --------------- status, DATA -> down buffer, end
 *    node_call_read() ----- mail --------------> window update
 *
 * Owns:    one tunnel a node; a newer one takes the place of the older.
 * Threads: a NodeCall belongs to the loop it was opened on; Tunnels is for any.
 * Frees:   node_call_close(); tunnels_free() after all loops have ended.
 * Fails:   a call to a node without a tunnel, or without room for it, is NULL, and tunnel_problem()
 *          says which; a tunnel that breaks ends its calls.
 * Tests:   tests/e2e/
 */
#ifndef HOSTPLANE_TUNNEL_H
#define HOSTPLANE_TUNNEL_H

#include "base/buf.h"
#include "base/loop.h"

typedef struct Tunnels Tunnels;
typedef struct NodeCall NodeCall;
typedef struct HttpReq HttpReq;

enum { NODE_CALL_FULL = 256 * 1024 }; /* a writer should pause above it; fn() follows */

Tunnels *tunnels_new(void);
void tunnels_free(Tunnels *t);
/* Can a call for the cluster be made? Of a tunnel's calls no cluster gets all (base/share.h). */
typedef enum TunnelState { TUNNEL_NONE, TUNNEL_FULL, TUNNEL_THERE } TunnelState;
TunnelState tunnels_state(Tunnels *t, const char *node, const char *cluster);
const char *tunnel_problem(TunnelState state); /* of the node's agent, in words */

/* REPLY_TUNNEL: the request's connection becomes the tunnel of q->rq.reply.node. */
void tunnel_accept(HttpReq *q);

/* fn(data) runs on `loop` when anything about the call has changed. method "GET" has no body. The
 * path begins with the cluster that it is for. NULL: *ret_state says why. */
NodeCall *node_call_open(Tunnels *t, const char *node, const char *method, const char *path,
                         Loop *loop, LoopFn fn, void *data, TunnelState *ret_state);
void node_call_set_handler(NodeCall *c, LoopFn fn, void *data);
int node_call_status(NodeCall *c); /* 0: not known yet, -1: failed without an answer */
const char *node_call_content_type(NodeCall *c); /* when the status is known; NULL for none */
/* Appends what came, up to about `max` bytes: 1 there is more, 0 nothing more now, -1 the end. */
int node_call_read(NodeCall *c, Buf *out, size_t max);
size_t node_call_write(NodeCall *c, Slice bytes); /* returns what waits now */
size_t node_call_pending(NodeCall *c);
void node_call_end(NodeCall *c); /* nothing more will be written */
void node_call_close(NodeCall *c);

#endif
