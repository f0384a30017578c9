/*
 * tlsout.h - what GnuTLS reads and sends on a connection: the head and the body of an answer in one
 * call, and of a handshake as much as its turn allows.
 *
 * libmicrohttpd hands GnuTLS the head of an answer and its body one after the other. Each would be
 * a packet of its own, which wakes the client twice; over loopback that is a third of what a small
 * answer costs. So a record that is known to have a successor waits for it here.
 * So do the records of a handshake, and nothing of it happens when nothing can be read or sent.
 *
 * Owns:    what waits. The session borrows the TlsOut and must not send once it is freed.
 * Threads: the connection's loop.
 * Frees:   tlsout_done().
 * Fails:   as sendmsg(2), through errno, in GnuTLS' calls.
 * Tests:   tests/unit/hostplane/test_tlsout.c
 */
#ifndef HOSTPLANE_TLSOUT_H
#define HOSTPLANE_TLSOUT_H

#include "base/buf.h"

#include <gnutls/gnutls.h>

typedef enum TlsOutMode {
    TLSOUT_OPEN,
    TLSOUT_SHUT,    /* nothing is read: as if nothing came */
    TLSOUT_GATHERS, /* what is sent waits for tlsout_flush() */
    TLSOUT_REFUSES, /* nothing is sent: as if the socket were full */
} TlsOutMode;

typedef struct TlsOut {
    int fd;
    TlsOutMode mode;
    bool was_refused; /* in the mode that it is in */
    bool is_head;     /* the next record is the head of an answer */
    size_t body_left; /* of its body, as far as full records tell */
    Buf held;
} TlsOut;

/* Makes the session read and send through `o`, which stays where it is. */
void tlsout_init(TlsOut *o, gnutls_session_t session, int fd);
void tlsout_done(TlsOut *o);
void tlsout_set(TlsOut *o, TlsOutMode mode);
/* Sends what was gathered: 1 all is sent, 0 the socket is full, -1 it is broken. */
int tlsout_flush(TlsOut *o);
/* What is sent next is a head and then a body of `n` bytes, n > 0: the sender must not stop between
 * unless the socket is full. */
void tlsout_expect(TlsOut *o, size_t n);
/* The same for a body alone. */
void tlsout_body(TlsOut *o, size_t n);

/* For who sends past libmicrohttpd; `tls` NULL: plain. Bytes taken, 0 when the socket is full, -1
 * when it is broken. *is_pending: GnuTLS has a record of them that it could not send yet; then it
 * goes on with that, whatever it is given. */
ssize_t tlsout_send(gnutls_session_t tls, int fd, bool *is_pending, const char *p, size_t n);

#endif
