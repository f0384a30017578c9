/*
 * authn.h - who sent this request: bearer tokens and client certificates of one cluster.
 *
 * A cluster accepts certificates of its own authority and tokens of its own key, and those of the
 * foreign issuers that its Tenant names (oidc.h), and nothing else; only a node's certificate (of
 * the platform's authority) is good in every cluster. A token is more
 * than a signature: the service account, pod, secret or bootstrap Secret it stands for must still
 * be there. Verified signatures are remembered (bounded, by SHA-256); what they stand for is looked
 * up anew each time.
 *
 * Owns:    results live in the arena.
 * Threads: any.
 * Fails:   -ERR_UNAUTHORIZED: refuse with 401. -ERR_UNAVAILABLE: the cache *ret_need is not in
 *          memory; tenancy_load() it and call again.
 * Tests:   tests/unit/tenancy/test_authn.c, tests/e2e/test_isolation.py
 */
#ifndef TENANCY_AUTHN_H
#define TENANCY_AUTHN_H

#include "store/store.h"
#include "tenancy/identity.h"

typedef struct Tenancy Tenancy;

typedef struct AuthExtra {
    const char *key;
    const char *const *values; /* ends with NULL */
} AuthExtra;

/* Keys that nobody but the API server gives. */
#define USER_EXTRA          "authentication.kubernetes.io/"
#define EXTRA_CREDENTIAL_ID USER_EXTRA "credential-id"

typedef struct AuthUser {
    const char *name, *uid;    /* uid "" when unknown */
    const char *const *groups; /* ends with NULL; has system:authenticated */
    const AuthExtra *extra;
    uint32_t n_extra;
    const char *node;             /* not NULL: a node of the platform */
    int64_t issued_s;             /* when the credential was; 0: it does not say */
    const char *const *audiences; /* which of the wanted the token is good for; NULL: not a token */
    /* The account went along with a tenant to its own cluster: it is that one's user, and none of
     * the cluster that was asked. Kept by the arena; NULL: of the one that was asked. */
    Cluster *moved_to;
} AuthUser;

/* `audiences` (ends with NULL): any of them will do; NULL: the API server itself. What is wrong is
 * told in upstream's words, as a TokenReview shows them: TOKEN_INVALID when it shows no more. */
int tenancy_authenticate_token(Tenancy *t, Cluster *c, Slice token, const char *const *audiences,
                               Arena *a, AuthUser *ret, const char **ret_need, Err *err) MUST_CHECK;
/* Was this user's credential, issued then, taken back? Asked by the function above, but not by the
 * one below, as what a certificate says may be remembered, and this may not. */
int tenancy_check_revoked(Tenancy *t, Cluster *c, const char *user, int64_t issued_s,
                          const char **ret_need, Err *err) MUST_CHECK;
/* The same of who was let in and is still there, each time that something passes: it costs a look
 * at *seen (0 at first) unless tenants or plans have changed since. */
bool tenancy_still_holds(Tenancy *t, Cluster *c, const char *user, int64_t issued_s,
                         uint64_t *seen);
/* May a request for that path come without a credential? */
int tenancy_check_anonymous(Tenancy *t, Cluster *c, const char *path, const char **ret_need,
                            Err *err) MUST_CHECK;
/* Get what authentication in `c` is short of; done() exactly once, perhaps inside the call. */
void tenancy_load(Tenancy *t, Cluster *c, const char *need, StoreDoneFn done, void *data);
/* `chain`: DER, the client's own certificate first. */
int tenancy_authenticate_cert(Tenancy *t, Cluster *c, const Slice *chain, size_t n, Arena *a,
                              AuthUser *ret, Err *err) MUST_CHECK;
/* While the cluster's key is withheld (cluster_check_key() fails): is this a credential of its own
 * all the same? Judged by what is public of its keys, which stays in memory and stands in the
 * cluster's row. Where neither is known, none is one of its own. */
int tenancy_recognize(Tenancy *t, Cluster *c, Slice token, const Slice *chain, size_t n, Arena *a,
                      const char **ret_need, Err *err) MUST_CHECK;
/* The cluster that a token says it belongs to, unverified: for routing only. Empty when it does
 * not say. */
Slice tenancy_token_cluster(Arena *a, Slice token);

/* A cluster's keys, parsed on first use and kept for the clusters last used. A reference: give it
 * back with identity_close(). */
int tenancy_identity(Tenancy *t, Cluster *c, Identity **ret, Err *err) MUST_CHECK;

/* ---- making tokens ---- */
typedef struct SaToken { /* a TokenRequest for a service account */
    const char *ns, *name, *uid;
    const char *const *audiences; /* ends with NULL; NULL or empty: the API server */
    int64_t lifetime_s;
    const char *bound_kind, *bound_name, *bound_uid; /* "Pod", "Secret" or "Node"; NULL: unbound */
    const char *node_name, *node_uid;                /* of a bound pod; NULL when not known */
} SaToken;
int tenancy_sign_sa_token(Tenancy *t, Cluster *c, const SaToken *o, int64_t now_s, Arena *a,
                          const char **ret_token, Err *err) MUST_CHECK;
/* A token for a person: any user and groups of this cluster. */
int tenancy_sign_user_token(Tenancy *t, Cluster *c, const char *user, const char *const *groups,
                            int64_t lifetime_s, int64_t now_s, Arena *a, const char **ret_token,
                            Err *err) MUST_CHECK;

#endif
