/*
 * execauth.h - credentials from a program: the `exec` of a kubeconfig's user
 * (client.authentication.k8s.io/v1 and v1beta1). Upstream: k8s.io/client-go/plugin/pkg/client/auth
 * /exec/exec.go and tools/clientcmd/validation.go.
 *
 * The program is run when a credential is needed and none is there, when the one that is there has
 * expired, and once more after a 401.
 *
 * Owns:    an ExecAuth owns a copy of what it was opened with, and the credential.
 * Threads: any; a lock is held while the program runs, so that it runs once for many.
 * Frees:   execauth_close().
 * Fails:   ERR_BAD_REQUEST for a kubeconfig that is wrong, ERR_UNAUTHORIZED when the program fails
 *          or says nothing useful.
 * Tests:   tests/unit/client/test_execauth.c, tests/e2e/test_login.py
 */
#ifndef CLIENT_EXECAUTH_H
#define CLIENT_EXECAUTH_H

#include "base/value.h"

typedef struct Err Err;
typedef struct ExecAuth ExecAuth;

/* `exec` is the user's; `user` its name, for messages; `cluster` what KUBERNETES_EXEC_INFO tells
 * when provideClusterInfo is set (may be NULL). */
int execauth_open(const Value *exec, const char *user, const Value *cluster, ExecAuth **ret,
                  Err *err) MUST_CHECK;
ExecAuth *execauth_ref(ExecAuth *x);
void execauth_close(ExecAuth *x);
DEFINE_CLEANUP(ExecAuth, execauth_close);

typedef struct ExecCredential { /* in the arena; members NULL that it does not have */
    const char *token, *cert_pem, *key_pem;
    uint64_t version; /* another number: another credential */
} ExecCredential;
/* The credential in force. `refused`: version of one that the server did not take; 0: none. */
int execauth_get(ExecAuth *x, uint64_t refused, Arena *a, ExecCredential *ret, Err *err) MUST_CHECK;

/* What the program printed, as a credential. *ret_expires_us is 0 when it does not expire. */
int execauth_parse(Arena *a, Slice text, const char *api_version, ExecCredential *ret,
                   int64_t *ret_expires_us, Err *err) MUST_CHECK;

#endif
