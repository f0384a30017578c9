/*
 * login.h - where a login's credential comes from, and where it is kept between invocations.
 *
 * A login is a tenant of the provider's (the provider's API issues tokens for it) or an OpenID
 * Connect issuer. Its credential is in a file of its own below ~/.kube/cache/hpctl, readable by its
 * owner only; the file's name comes from what was asked for.
 *
 * Owns:    nothing; strings live in the Cli's arena.
 * Threads: one. Processes that want the same credential wait for each other.
 * Tests:   tests/e2e/test_login.py
 */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/cli.h"
#include "client/oidclogin.h"

typedef struct Login {
    const char *tenant; /* NULL: of an issuer */
    int64_t lifetime_s;
    OidcClient oidc;
    const char *file; /* of the cache */
} Login;

typedef struct LoginCredential {
    const char *token, *refresh_token; /* the latter NULL when there is none */
    int64_t expires_us;                /* 0: it does not say */
    Value *cluster;                    /* of a tenant: how it is reached; may be NULL */
} LoginCredential;

const char *login_absolute(Cli *c, const char *path); /* as it is when there is no such file */
/* What the flags ask for; 1 after printing what is wrong with them. */
int login_of_flags(Cli *c, Login *ret);
/* A credential that holds for a while yet: the kept one, a fresh one without a person, or, when
 * `may_ask`, one that a person is asked for. 1 after printing. */
int login_credential(Cli *c, Login *l, bool may_ask, LoginCredential *ret);

#endif
