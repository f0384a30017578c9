/*
 * wswatch.h - what only the server says over a WebSocket, as browsers can open one: a watch, every
 * event a message (a text, or in protobuf bytes); a container's log, in messages of any size.
 *
 * Owns:    its buffers; the stream and the call stay the request's.
 * Threads: the request's loop.
 * Frees:   with the request's arena.
 * Fails:   a client that breaks the protocol is closed with code 1002.
 * Tests:   tests/unit/hostplane/test_wswatch.c (frames), tests/e2e/test_websocket_watch.py
 */
#ifndef HOSTPLANE_WSWATCH_H
#define HOSTPLANE_WSWATCH_H

#include "base/buf.h"

typedef struct HttpReq HttpReq;

/* Is the reply a watch that the client wants as a WebSocket? */
bool wswatch_is_wanted(const HttpReq *q);
/* Answers 101 and goes on until one side ends. */
void wswatch_start(HttpReq *q);

/* The same of a log. */
bool wslog_is_wanted(const HttpReq *q);
void wslog_start(HttpReq *q); /* q->call has been answered 200 */

/* ---- pure parts ---- */
typedef enum WsForm { WS_FORM_LINES, WS_FORM_EVENTS, WS_FORM_BINARY, WS_FORM_BASE64 } WsForm;
/* What a log's client wants, of protocols that upstream knows; *ret_protocol is NULL when it names
 * none. False: it names others only. */
bool wslog_form(const char *protocols, WsForm *ret_form, const char **ret_protocol);
void wslog_frame(WsForm form, Slice bytes, Buf *out);
/* The first protocol of the client's list that is no bearer token; empty when there is none. */
Slice wswatch_protocol(const char *protocols);
/* Every line of `lines` as a text frame. */
void wswatch_frames(Slice lines, Buf *out);
/* Every event, which stands behind its length in four bytes, as a binary frame without that. */
void wswatch_events(Slice events, Buf *out);

#endif
