/*
 * authn.h - who sends this request: a client certificate, a bearer token, or nobody.
 *
 * Owns:    with each connection, what its certificate was found to mean in the clusters used last,
 *          for a minute; tokens are looked at anew each time (tenancy/ remembers signatures).
 * Threads: the front's loop.
 * Frees:   authn_forget() with the connection. A User lives in the request's arena.
 * Fails:   ERR_UNAUTHORIZED; ERR_UNAVAILABLE when the truth cannot be read now.
 * Tests:   tests/unit/hostplane/test_authn.c, tests/e2e/
 */
#ifndef HOSTPLANE_AUTHN_H
#define HOSTPLANE_AUTHN_H

#include "hostplane/front.h"

void authn_forget(Conn *c);

/* Fills q->rq.user for q->cluster. 1: a cache must be loaded first, its storage name is in
 * *ret_need (tenancy_load() gets it); call again after that. */
int authn_request(HttpReq *q, const char **ret_need, Err *err) MUST_CHECK;

/* Of who was let in: the credential was not taken back since. */
bool authn_holds(HttpReq *q);
/* Does the request bring a certificate or a token, good or bad? */
bool authn_has_credential(HttpReq *q);
/* While the cluster's key is withheld: 0 when the credential is one of its own, 1 when *ret_need is
 * to be loaded for that, else -ERR_UNAUTHORIZED. */
int authn_recognize(HttpReq *q, const char **ret_need, Err *err) MUST_CHECK;
/* The cluster that the token names in its header, or the certificate as its issuer, for requests
 * whose URL names none; empty when none. Nothing is verified. */
Slice authn_named_cluster(HttpReq *q);

#endif
