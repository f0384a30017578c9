/*
 * vault.h - sessions with providers of external secrets, and the calls to them, of all tenants.
 *
 * A sync asks for what it needs and returns; when all answers of its key are there, the key is
 * queued again and finds them. So no worker waits for a provider.
 *
 *     vault_ask() -> lane of the cluster -> running (bounded for each cluster and for all)
 *                 -> answer, kept with the key until vault_finish()
 *
 * Owns:    tokens, in locked memory; answers until vault_finish(), wiped then.
 * Threads: any. For one key, only who has it from the work queue.
 * Frees:   vault_close() forgets everything; a call that is under way ends by itself, unheard.
 * Fails:   as vault_outcome() has it.
 * Tests:   tests/unit/controllers/test_vault.c, tests/e2e/test_external_secrets.py
 */
#ifndef CONTROLLERS_EXTSECRETS_VAULT_H
#define CONTROLLERS_EXTSECRETS_VAULT_H

#include "base/secret.h"
#include "client/outcall.h"
#include "client/workqueue.h"
#include "controllers/extsecrets/vault_api.h"

enum {
    VAULT_MAX_RUNNING = 64,
    VAULT_MAX_OF_ONE = 4,       /* calls of one cluster at a time */
    VAULT_MAX_ASKS = 1000,      /* of one key */
    VAULT_MAX_BYTES = 4 << 20,  /* of the answers kept for one key */
    VAULT_MAX_ANSWER = 1 << 20, /* and a little more, see vault.c */
    VAULT_TIMEOUT_MS = 10000,
};

typedef struct Vault Vault;

/* wake() is called with the module's lock held: it may queue and nothing else. */
Vault *vault_new(OutCallFn call, void *call_data, void (*wake)(const WorkKey *key, void *data),
                 void *wake_data);
void vault_close(Vault *v);
DEFINE_CLEANUP(Vault, vault_close);

/* ---- calls ---- */
typedef struct VaultAsk {
    const char *url;
    const char *ca_pem;      /* NULL: what the system trusts */
    const char *ns;          /* Vault's; NULL: the root */
    const SecretText *token; /* NULL: none yet */
    const Value *body;       /* NULL: a GET */
} VaultAsk;
typedef struct VaultAnswer {
    int status;
    const char *error;
    Slice body;
} VaultAnswer;
/* 1: it is asked for, the key is woken when all that it asks for is there. 0: *ret, a copy in the
 * arena, which is one that is wiped: the cluster may be dropped by another thread meanwhile. */
int vault_ask(Vault *v, const WorkKey *who, const VaultAsk *ask, Arena *a, VaultAnswer *ret,
              Err *err) MUST_CHECK;
/* The same without asking: -ERR_NOT_FOUND when nobody has. */
int vault_peek(Vault *v, const WorkKey *who, const char *url, Arena *a,
               VaultAnswer *ret) MUST_CHECK;
/* The run has ended: what was asked for is forgotten. It went wrong: the key is not to be tried
 * for a while, unless its version changes; *ret_ms is how long. */
void vault_finish(Vault *v, const WorkKey *who);
int64_t vault_fail(Vault *v, const WorkKey *who, const char *version, int64_t now_us);
/* How long it has to wait yet; 0: it may be tried. */
int64_t vault_left_ms(Vault *v, const WorkKey *who, const char *version, int64_t now_us);
/* All of it, for a key that is gone. */
void vault_forget(Vault *v, const WorkKey *who);

/* ---- sessions ---- */
typedef struct VaultSession {
    /* read-only */
    _Atomic int refs;
    SecretText *token;
    char *made_of;       /* names store and credentials in their versions */
    int64_t since_us;    /* when it was logged in */
    int64_t renew_at_us; /* 0: never */
    int64_t ends_at_us;  /* 0: never */
    bool is_renewable;
} VaultSession;
VaultSession *vault_session_new(Slice token, const char *made_of, const VaultLogin *l,
                                int64_t now_us);
/* The same token for longer. */
VaultSession *vault_session_renewed(const VaultSession *s, const VaultLogin *l, int64_t now_us);
void vault_session_unref(VaultSession *s);
DEFINE_CLEANUP(VaultSession, vault_session_unref);
/* A reference, or NULL: there is none that holds. */
VaultSession *vault_session(Vault *v, const char *cluster, const char *ns, const char *store,
                            int64_t now_us);
/* Takes over a reference; NULL: there is none any more. */
void vault_set_session(Vault *v, const char *cluster, const char *ns, const char *store,
                       VaultSession *s);
/* Ends that session if it is still the store's. */
void vault_drop_session(Vault *v, const char *cluster, const char *ns, const char *store,
                        const VaultSession *s);

/* ---- which objects stores are made of ---- */
void vault_note_use(Vault *v, const char *cluster, const char *storage, const char *ns,
                    const char *name);
bool vault_is_used(Vault *v, const char *cluster, const char *storage, const char *ns,
                   const char *name);

/* The cluster is gone or stands still: nothing of it is kept, what waits is not called any more. */
void vault_drop_cluster(Vault *v, const char *cluster);

#endif
