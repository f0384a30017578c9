/*
 * streamout.h - the chunks of a stream, sent past libmicrohttpd.
 *
 * DESIGN. libmicrohttpd sends the head of the answer and, at the end, its last chunk. In between
 * the connection is suspended, so that it is not touched, and each piece of the stream goes out as
 * one chunk, in one call, from a buffer that all streams of the loop have together. So a stream
 * that waits has no buffer, and one that is woken costs neither a walk over suspended connections
 * nor a look at its socket. What a socket does not take at once is kept until it does; a client
 * that takes nothing for three minutes is given up.
 *
 *     on_stream_read -> streamout_take -> (streamout_turn <-> streamout_writable)* -> req_resume
 *
 * Owns:    nothing: HttpReq.out has what waits.
 * Threads: the request's loop.
 * Fails:   a broken connection ends the request (HttpReq.wants_close).
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_STREAMOUT_H
#define HOSTPLANE_STREAMOUT_H

#include "base/base.h"

typedef struct HttpReq HttpReq;

/* Can this answer be sent so? To be asked when it is queued. */
bool streamout_serves(const HttpReq *q, const char *version);
/* In the reader's call: libmicrohttpd has sent everything, and gives `n` bytes of room for the next
 * chunk, which are given back to the system. False: it must go on itself. */
bool streamout_take(HttpReq *q, char *room, size_t n);
/* The stream may have something: read it and send. */
void streamout_turn(HttpReq *q);
/* The socket takes more. */
void streamout_writable(HttpReq *q);
/* Something waits for the socket. */
bool streamout_is_blocked(const HttpReq *q);
/* Nothing was taken for too long. */
bool streamout_is_stuck(const HttpReq *q, int64_t now_us);

#endif
