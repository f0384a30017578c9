/*
 * identity.h - the keys of one cluster: its certificate authority, its service account token key,
 * and what is signed and checked with them.
 *
 * A cluster is born with: an ECDSA P-256 CA (a tenant's is issued by the platform CA, the host's is
 * the platform CA), and a P-256 key for service account tokens (ES256). Both travel as one blob in
 * the cluster's row, encrypted with the cluster's data key.
 *
 * Threads: any; an Identity is immutable after identity_open(), its count of references atomic.
 * Frees:   identity_close() of the last reference.
 * Fails:   ERR_UNAUTHORIZED for credentials that do not hold; ERR_INTERNAL otherwise.
 * Tests:   tests/unit/tenancy/test_authn.c, tests/fuzz/fuzz_token.c, fuzz_cert.c
 */
#ifndef TENANCY_IDENTITY_H
#define TENANCY_IDENTITY_H

#include "base/value.h"

typedef struct Identity Identity;

/* A new identity as a blob (append to *ret). platform NULL: make the platform CA itself. */
int identity_create(const Identity *platform, const char *cluster, Buf *ret, Err *err) MUST_CHECK;
int identity_open(Slice blob, const char *cluster, Identity **ret, Err *err) MUST_CHECK;
/* What of it is no secret, as a text (append to *ret), and an identity of that: it checks, and
 * signs nothing. */
void identity_write_public(const Identity *i, Buf *ret);
void identity_public_of(Slice blob, Buf *ret); /* the same, of one that is not open; or nothing */
int identity_open_public(Slice text, const char *cluster, Identity **ret, Err *err) MUST_CHECK;
Identity *identity_ref(Identity *i);
void identity_close(Identity *i);
DEFINE_CLEANUP(Identity, identity_close);

const char *identity_ca_pem(const Identity *i); /* the CA certificate; belongs to i */
/* A certificate for a client: CN = user, O = groups, with its fresh key. PEM in the arena. For a
 * tenant the chain (leaf, tenant CA) is in *ret_cert. */
int identity_issue_client(const Identity *i, Arena *a, const char *user, const char *const *groups,
                          int64_t lifetime_s, const char **ret_cert, const char **ret_key,
                          Err *err) MUST_CHECK;
/* A server certificate for names and addresses (NULL-ended). */
int identity_issue_server(const Identity *i, Arena *a, const char *cn, const char *const *names,
                          int64_t lifetime_s, const char **ret_cert, const char **ret_key,
                          Err *err) MUST_CHECK;
/* Sign a CSR (PEM); keeps its subject. For nodes and CertificateSigningRequests. A tenant's server
 * certificate is not signed by its CA: that stands below the platform's, which every tenant trusts,
 * so a tenant could take the name of anybody. It comes from an authority made for it alone. */
int identity_sign_csr(const Identity *i, Arena *a, const char *csr_pem, int64_t lifetime_s,
                      bool is_client, bool is_server, const char **ret_cert, Err *err) MUST_CHECK;
/* Check a client's certificate (DER, leaf first, then what it sent): chain to this CA, dates,
 * client use. *ret_user and the NULL-ended *ret_groups are the subject's CN and O; *ret_issued_s is
 * when it was issued. */
int identity_check_cert(const Identity *i, Arena *a, const Slice *chain, size_t n,
                        const char **ret_user, const char *const **ret_groups,
                        int64_t *ret_issued_s, Err *err) MUST_CHECK;
/* The cluster whose CA a certificate (DER) says it comes from, unverified: for routing only. Empty
 * when it does not say, as the platform's do not. */
Slice identity_cert_cluster(Arena *a, Slice der);

/* ---- the front proxy: who the server is to the tenant's extension API servers ----
 * An authority of its own, so that it vouches for nothing else. It follows from the cluster's
 * authority: it is the same each time, and stored nowhere. */
int identity_front_ca(const Identity *i, Arena *a, const char **ret_pem, Err *err) MUST_CHECK;
/* A certificate for IDENTITY_FRONT_PROXY with a fresh key. */
int identity_issue_front(const Identity *i, Arena *a, int64_t lifetime_s, const char **ret_cert,
                         const char **ret_key, Err *err) MUST_CHECK;
#define IDENTITY_FRONT_PROXY "front-proxy-client"

/* Bearer tokens. Claims as Kubernetes has them (iss, sub, aud, exp, iat, nbf, jti, kubernetes.io).
 */
int identity_sign_token(const Identity *i, Arena *a, const Value *claims, const char **ret,
                        Err *err) MUST_CHECK;
/* Issuer, key, algorithm (ES256 only), signature. Dates and audience are the caller's matter. */
int identity_check_token(const Identity *i, Arena *a, Slice token, Value **ret_claims,
                         Err *err) MUST_CHECK;
/* What is said of a token of which no more is said to anybody: it is not one of this cluster's. */
#define TOKEN_INVALID "invalid bearer token"
const char *identity_issuer(void); /* https://kubernetes.default.svc.cluster.local */
void identity_write_jwks(const Identity *i, Buf *out);

#endif
