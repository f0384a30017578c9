/*
 * jwtauth.h - who the bearer of a foreign issuer's token is: the `jwt` entries of upstream's
 * AuthenticationConfiguration (apiserver.config.k8s.io/v1), checked and compiled.
 *
 * Upstream: k8s.io/apiserver/pkg/apis/apiserver/validation (what may be configured) and
 * plugin/pkg/authenticator/token/oidc (what claims become). Stricter than it: a user and the groups
 * of a token never begin with "system:", and no user is empty.
 *
 * Owns:    everything lives in the arena of the FieldErrs, with copies of what was read.
 * Threads: a compiled JwtAuth is immutable.
 * Fails:   jwtauth_user() with ERR_UNAUTHORIZED and upstream's texts.
 * Tests:   tests/unit/api/test_jwtauth.c
 */
#ifndef API_JWTAUTH_H
#define API_JWTAUTH_H

#include "api/validate.h"
#include "cel/cel.h"

/* The issuer of our own tokens, in every cluster. */
#define SERVICE_ACCOUNT_ISSUER "https://kubernetes.default.svc.cluster.local"

enum { JWTAUTH_MAX = 64 }; /* entries of one cluster */

typedef struct JwtMapping {
    const char *claim, *prefix; /* claim NULL: not by a claim */
    const CelProgram *program;  /* NULL: not by an expression */
    const char *text;           /* of the program */
} JwtMapping;

typedef struct JwtRule {
    const char *claim, *required; /* claim NULL: by the program */
    const CelProgram *program;
    const char *text, *message; /* of the program */
} JwtRule;

typedef struct JwtExtra {
    const char *key, *text;
    const CelProgram *program;
} JwtExtra;

typedef struct JwtAuth {
    const char *issuer;
    const char *discovery_url;    /* where its discovery document is */
    const char *ca_pem;           /* NULL: what the system trusts */
    const char *const *audiences; /* ends with NULL; one of them must be in the token */
    JwtMapping username, groups, uid;
    const JwtRule *claim_rules, *user_rules;
    const JwtExtra *extra;
    uint32_t n_claim_rules, n_user_rules, n_extra;
    const CelType *claims_type, *user_type;
} JwtAuth;

/* Check `list` (NULL is an empty one), which stands at `path`, and compile it; mistakes go to `e`,
 * and *ret then holds nothing to be used. */
void jwtauth_compile(FieldErrs *e, const char *path, const Value *list, const JwtAuth **ret,
                     uint32_t *ret_n);

/* The `anonymous` of the same configuration, or NULL. */
void anonymous_check(FieldErrs *e, const char *path, const Value *v);

typedef struct JwtUserExtra {
    const char *key;
    const char *const *values; /* ends with NULL */
} JwtUserExtra;

typedef struct JwtUser {
    const char *name, *uid;    /* uid "" when unknown */
    const char *const *groups; /* ends with NULL */
    const JwtUserExtra *extra;
    uint32_t n_extra;
} JwtUser;

/* Issuer and dates are looked at before the signature, the audience after it, as upstream does. */
int jwtauth_check_dates(const JwtAuth *j, const Value *claims, int64_t now_s, Err *err) MUST_CHECK;
int jwtauth_check_audience(const JwtAuth *j, const Value *claims, Err *err) MUST_CHECK;
/* Whose is a token with these claims, which holds? */
int jwtauth_user(const JwtAuth *j, const Value *claims, Arena *a, JwtUser *ret,
                 Err *err) MUST_CHECK;

#endif
