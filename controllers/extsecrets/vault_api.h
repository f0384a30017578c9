/*
 * vault_api.h - what a SecretStore says, and the HTTP API of Vault (KV version 2) as far as
 * external secrets need it: paths, bodies, answers. Pure.
 *
 * Owns:    nothing; results live in the arena or point into the store's tree.
 * Threads: any.
 * Fails:   ERR_INVALID for a store that cannot be used, ERR_UNAVAILABLE for an answer that is none.
 *          No message repeats a token.
 * Tests:   tests/unit/controllers/test_vault_api.c, tests/fuzz/fuzz_vault.c
 */
#ifndef CONTROLLERS_EXTSECRETS_VAULT_API_H
#define CONTROLLERS_EXTSECRETS_VAULT_API_H

#include "base/value.h"

typedef struct Err Err;

typedef enum VaultAuth {
    VAULT_TOKEN,
    VAULT_APPROLE,
    VAULT_KUBERNETES,
    VAULT_USERPASS,
} VaultAuth;

typedef struct KeyRef { /* a key of a Secret or ConfigMap beside the store; name NULL: none */
    const char *name, *key;
    bool is_configmap;
} KeyRef;

typedef struct VaultStore {
    const char *server;    /* without a slash at its end */
    const char *path;      /* the mount; NULL: keys begin with it */
    const char *ns;        /* Vault's namespace; NULL: the root */
    const char *auth_ns;   /* the one to log in to */
    const char *ca_bundle; /* base64; NULL */
    KeyRef ca;             /* where the CA is; name NULL */
    VaultAuth auth;
    const char *auth_path;   /* "approle" */
    const char *role;        /* role, role id or user name; NULL: in role_ref */
    KeyRef role_ref, secret; /* secret: token, secret id, password, JWT */
    const char *account;     /* VAULT_KUBERNETES: whose token; NULL: the one in secret */
    const Value *audiences;
} VaultStore;

/* Printable ASCII without blanks: what a header field may carry. */
bool vault_is_word(Slice s);
int vault_store_read(const Value *store, VaultStore *ret, Err *err) MUST_CHECK;

/* ---- requests ---- */
/* "https://host/v1/PATH?QUERY", the path percent-encoded; query NULL: none. */
const char *vault_url(Arena *a, const VaultStore *s, const char *path, const char *query);
/* The path of a secret: part is "data" or "metadata". Follows the External Secrets Operator: the
 * mount may stand before the key, and "data" within it. */
const char *vault_kv_path(Arena *a, const VaultStore *s, const char *key, const char *part);
const char *vault_login_path(Arena *a, const VaultStore *s);
Value *vault_login_body(Arena *a, const VaultStore *s, const char *role, const char *secret);

/* ---- answers ---- */
typedef enum VaultOutcome {
    VAULT_OK,
    VAULT_MISSING, /* there is no such secret, or it is deleted */
    VAULT_DENIED,  /* the token is not good (any more), or not for this */
    VAULT_LATER,   /* no answer, sealed, overloaded: it may be another time */
    VAULT_REFUSED,
} VaultOutcome;
/* status 0: there is no answer, `error` says why. *ret_why is set unless all is well; `secret`
 * (may be empty) is not repeated in it. */
VaultOutcome vault_outcome(Arena *a, int status, const char *error, Slice body, Slice secret,
                           const char **ret_why);

typedef struct VaultLogin {
    const char *token; /* NULL after a renewal or a look-up */
    int64_t lease_s;   /* 0: it does not end */
    bool is_renewable;
} VaultLogin;
int vault_read_login(Arena *a, Slice body, VaultLogin *ret, Err *err) MUST_CHECK;
int vault_read_lookup(Arena *a, Slice body, VaultLogin *ret, Err *err) MUST_CHECK;
/* The members of a secret; NULL when it is deleted. */
int vault_read_kv(Arena *a, Slice body, Value **ret, Err *err) MUST_CHECK;
/* The names in a folder, folders end with a slash. */
int vault_read_list(Arena *a, Slice body, Value **ret, Err *err) MUST_CHECK;

/* When a token of this lease is to be renewed: at two thirds of it. */
int64_t vault_renew_after_ms(int64_t lease_s);

#endif
