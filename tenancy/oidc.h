/*
 * oidc.h - tokens of foreign issuers, one set of issuers a cluster: OpenID Connect.
 *
 * DESIGN. Whom a cluster trusts is in its Tenant (spec.authentication; of `host`, in the server's
 * --authentication-config) and comes compiled with the terms. The keys of an issuer are fetched
 * when a token of it first comes, by the discovery document, off the loops; the request waits.
 *
 *   EMPTY --token--> FETCHING --answer--> KNOWN --unknown kid, or KEYS_OLD_US--> FETCHING ...
 *                       |failure: EMPTY, or KNOWN with the keys it has
 *
 *   1. No issuer is asked more than once in RETRY_US, whatever tokens come.
 *   2. Keys that are in use are fetched anew in the background; one that the issuer withdrew holds
 *      for KEYS_OLD_US after that at most, one of an issuer that is down for KEYS_DEAD_US.
 *   3. Nothing is shared between clusters: not keys, not verified tokens, not the wait.
 *
 * Owns:    an OidcSlot hangs on the cluster; keys and verified tokens in it are bounded.
 * Threads: any; OidcSlot.lock guards everything in it and is a leaf.
 * Frees:   tenancy__oidc_free() with the cluster.
 * Fails:   as tenancy_authenticate_token(); *ret_need is then "oidc/ID": see tenancy_load().
 * Tests:   tests/unit/tenancy/test_oidc.c, tests/e2e/test_oidc.py
 */
#ifndef TENANCY_OIDC_H
#define TENANCY_OIDC_H

#include "tenancy/authn.h"

typedef struct OidcSlot OidcSlot;
typedef struct TenancyFetch TenancyFetch;

void tenancy__oidc_free(OidcSlot *s);
/* 1: not a token of a foreign issuer this cluster trusts, so *ret is not set. Whether the token was
 * taken back is for the caller to ask. */
int tenancy__oidc(Tenancy *t, Cluster *c, Slice token, const char *hash, int64_t now_us, Arena *a,
                  AuthUser *ret, const char **ret_need, Err *err) MUST_CHECK;
/* done() once the issuer `need` has answered or failed to; perhaps inside the call. */
void tenancy__oidc_wait(Cluster *c, const char *need, StoreDoneFn done, void *data);

/* As if that much time had gone by since an issuer was asked. For tests. */
void tenancy__oidc_age(Cluster *c, int64_t us);

/* What a discovery document says: is it of `issuer`, and where are its keys (in the arena)? */
int tenancy__oidc_discovery(Arena *a, Slice text, const char *issuer, const char **ret_jwks_uri,
                            Err *err) MUST_CHECK;

#endif
