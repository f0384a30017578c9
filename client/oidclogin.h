/*
 * oidclogin.h - getting an id token of an OpenID Connect issuer for a person: the authorization
 * code with PKCE by a browser on this machine (RFC 8252, RFC 7636), a code typed in on another
 * device (RFC 8628), and the refresh token of an earlier login.
 *
 * Owns:    nothing; results live in the caller's arena.
 * Threads: any; all calls block.
 * Fails:   ERR_UNAUTHORIZED with what the issuer says, ERR_UNAVAILABLE when it does not answer,
 *          ERR_TIMEOUT when the person does not come, ERR_BAD_REQUEST for answers that are none.
 * Tests:   tests/unit/client/test_oidclogin.c, tests/e2e/test_login.py
 */
#ifndef CLIENT_OIDCLOGIN_H
#define CLIENT_OIDCLOGIN_H

#include "base/value.h"

typedef struct Err Err;

typedef struct OidcClient {
    const char *issuer; /* https only */
    const char *ca_pem; /* NULL: what the system trusts */
    const char *client_id, *client_secret /* NULL: a public client */;
    const char *scope; /* "openid offline_access" */
    /* filled by oidclogin_discover() */
    const char *authorize_url, *token_url, *device_url; /* NULL: the issuer has none */
} OidcClient;

typedef struct OidcTokens {
    const char *id_token, *refresh_token; /* the latter NULL when the issuer gives none */
} OidcTokens;

/* Shown to the person: where to go, and the code to type there (NULL: none). */
typedef void (*OidcShowFn)(const char *url, const char *code, void *data);

int oidclogin_discover(Arena *a, OidcClient *c, Err *err) MUST_CHECK;
int oidclogin_refresh(Arena *a, const OidcClient *c, const char *refresh_token, OidcTokens *ret,
                      Err *err) MUST_CHECK;
int oidclogin_device(Arena *a, const OidcClient *c, OidcShowFn show, void *data, OidcTokens *ret,
                     Err *err) MUST_CHECK;
/* `port`: where the browser comes back to on 127.0.0.1; 0: any. */
int oidclogin_code(Arena *a, const OidcClient *c, int port, OidcShowFn show, void *data,
                   OidcTokens *ret, Err *err) MUST_CHECK;

/* ---- parts, for tests ---- */
/* The first line of the browser's request: 1 with the code, 0 for something else that came (a
 * favicon), or what the issuer refused. */
int oidclogin_read_redirect(Arena *a, Slice line, const char *state, const char **ret_code,
                            Err *err) MUST_CHECK;
/* NAME=VALUE of a form, percent-encoded. */
void oidclogin_form_add(Buf *form, const char *name, const char *value);

#endif
