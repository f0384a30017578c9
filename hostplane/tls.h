/*
 * tls.h - the server's certificate as GnuTLS wants it, and the clients' certificates.
 *
 * Clients are asked for a certificate with an empty list of authorities, so that every client
 * sends the one it has; nothing is verified here, authn.c does that against the cluster's CA.
 *
 * Owns:    the parsed certificate and key. There is one ServerTls in a process: GnuTLS' callback
 *          has no argument of ours.
 * Threads: any after tls_open().
 * Frees:   tls_close() after all connections are gone.
 * Fails:   ERR_INTERNAL for PEM that does not parse.
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_TLS_H
#define HOSTPLANE_TLS_H

#include "base/base.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

typedef struct Err Err;
typedef struct ServerTls ServerTls;

extern const char tls_priorities[];
/* Why a server is refused whose certificate has a common name and no alternative names. */
extern const char tls_no_names[];

int tls_open(const char *cert_pem, const char *key_pem, ServerTls **ret, Err *err) MUST_CHECK;
void tls_close(ServerTls *t);

/* gnutls_certificate_retrieve_function2 */
int tls_on_certificate(gnutls_session_t s, const gnutls_datum_t *req_ca, int n_req_ca,
                       const gnutls_pk_algorithm_t *algos, int n_algos, gnutls_pcert_st **pcert,
                       unsigned *n_pcert, gnutls_privkey_t *key);

#endif
