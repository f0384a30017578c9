/*
 * hijack.h - a connection taken over from libmicrohttpd: bytes both ways, plain or TLS.
 *
 * The connection stays suspended in libmicrohttpd for as long; its descriptor and TLS session are
 * driven from here by the loop. When it ends, libmicrohttpd closes it.
 *
 * Owns:    what waits to be sent.
 * Threads: the request's loop.
 * Frees:   itself, after ops->on_end(), which is called exactly once and is the last call.
 * Fails:   a broken connection shows as on_end().
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_HIJACK_H
#define HOSTPLANE_HIJACK_H

#include "base/slice.h"

typedef struct Hijack Hijack;
typedef struct HttpReq HttpReq;

enum {
    HIJACK_FULL = 256 * 1024, /* a sender should pause above it; on_drained() follows */
};

typedef struct HijackOps {
    void (*on_data)(Hijack *h, Slice in, void *data);
    void (*on_drained)(Hijack *h, void *data); /* what waited is below half of HIJACK_FULL */
    void (*on_end)(Hijack *h, void *data);
} HijackOps;

/* Takes the connection over; the request is in REQ_STEPPING. */
Hijack *hijack_start(HttpReq *q, const HijackOps *ops, void *data);
void hijack_send(Hijack *h, Slice bytes);
size_t hijack_pending(const Hijack *h);
void hijack_pause(Hijack *h, bool is_paused); /* no on_data() while paused */
void hijack_finish(Hijack *h);                /* send what waits, then close */
void hijack_close(Hijack *h);                 /* now; on_end() runs inside */

#endif
