/*
 * headers.h - the request headers that mean something here, read by one table.
 *
 * Owns:    nothing; values are copied to the request's arena.
 * Threads: the request's loop.
 * Fails:   never; unknown headers are passed over.
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_HEADERS_H
#define HOSTPLANE_HEADERS_H

#include "hostplane/front.h"

/* Fills the request from the connection's headers. */
void headers_read(HttpReq *q, struct MHD_Connection *c);
/* Does a comma-separated header list the token? "gzip" in "br, gzip;q=0.5". */
bool header_has(const char *list, const char *token);
/* The bearer token of the request (Authorization or a WebSocket protocol); empty when none. */
Slice headers_bearer(HttpReq *q);

#endif
