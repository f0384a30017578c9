/*
 * tunnel.h - the way from the server to this node: logs, exec, attach, port-forward, connections to
 * pods.
 *
 * The agent opens the connection; on it the server is the client of HTTP/2. One thread runs the
 * connection, each request has a thread of its own (tunnel_exec.c, tunnel_logs.c, tunnel_dial.c)
 * that reads and writes its stream through the functions below and may block.
 *
 *   agent --GET .../tunnel, Upgrade: hostplane-tunnel--> server
 *   agent <-- HTTP/2 requests: GET /acme/containerLogs/NS/POD/C?follow=true ...
 *
 * Owns:    the connection and its streams.
 * Threads: tunnel_start/stop by main; stream functions by the stream's own thread.
 * Frees:   tunnel_stop() ends all streams.
 * Fails:   reconnects for ever; open streams end with their connection.
 * Tests:   tests/unit/agent/test_tunnel.c for what is parsed
 */
#ifndef AGENT_TUNNEL_H
#define AGENT_TUNNEL_H

#include "agent/agent.h"
#include "agent/pods.h"
#include "client/http.h"

typedef struct Tunnel Tunnel;

int tunnel_start(Agent *agent, Pods *pods, const HttpOptions *http, Tunnel **ret,
                 Err *err) MUST_CHECK;
void tunnel_stop(Tunnel *t);
/* Another client certificate, from the next connection on. */
void tunnel_set_cert(Tunnel *t, const char *cert_pem, const char *key_pem);
DEFINE_CLEANUP(Tunnel, tunnel_stop);

/* ---- a request ---- */
typedef struct TunnelStream TunnelStream;

/* The path taken apart, decoded: "/acme/exec/NS/POD/..." */
typedef struct TunnelTarget {
    const char *cluster, *what, *ns, *pod;
    const char *rest[3]; /* further parts, NULL beyond the last */
    Value *query;        /* {"name": ["value", ...]} */
} TunnelTarget;
int tunnel_target_parse(Arena *a, Slice path, TunnelTarget *ret, Err *err) MUST_CHECK;
const char *tunnel_query(const TunnelTarget *t, const char *name); /* the first; NULL */
bool tunnel_query_bool(const TunnelTarget *t, const char *name);

void stream_reply(TunnelStream *s, int status, const char *content_type);
/* Blocks while the connection is full; false: nobody listens any more. */
bool stream_write(TunnelStream *s, Slice bytes);
/* What has come, moved to `out`; false: nothing will come any more. */
bool stream_read(TunnelStream *s, Buf *out);
int stream_fd(
    const TunnelStream *s); /* readable when stream_read() has something or the end came */
bool stream_is_closed(TunnelStream *s);

/* What answers the requests. */
typedef struct StreamContext {
    Agent *agent;
    Pods *pods;
    const TunnelTarget *target;
    TunnelStream *stream;
    Arena *arena;
} StreamContext;
/* Failures before stream_reply() become an answer with a Status. */
int tunnel_logs(const StreamContext *c, Err *err) MUST_CHECK;
int tunnel_exec(const StreamContext *c, Err *err) MUST_CHECK; /* exec, attach, portForward */
/* dial/NS/POD/UID?port=80&tls=true: the bytes of a connection to the pod's port. */
int tunnel_dial(const StreamContext *c, Err *err) MUST_CHECK;

#endif
