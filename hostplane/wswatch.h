/*
 * wswatch.h - a watch over a WebSocket, as browsers can open one: every event is a text message.
 *
 * Owns:    its buffers; the stream stays the request's.
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

/* ---- pure parts ---- */
/* The first protocol of the client's list that is no bearer token; empty when there is none. */
Slice wswatch_protocol(const char *protocols);
/* Every line of `lines` as a text frame. */
void wswatch_frames(Slice lines, Buf *out);

#endif
