/*
 * secretstore.c - SecretStores: logs in, says so in the status, renews the token before it ends,
 * and logs in again when it cannot be renewed. The key is a store.
 *
 *      none -> logged in          [log_in]     the credentials are new, or the token has ended
 *      logged in -> logged in     [renew]      at two thirds of the lease
 *      logged in -> none          [renew, read_one of externalsecret.c]  the token is refused
 */
#include "controllers/extsecrets/decide.h"
#include "controllers/extsecrets/extsecrets.h"

enum {
    LOOK_AGAIN_MS = 300,
    SHORT_LEASE_S = 10, /* as the end of what a token may be renewed to comes near */
    TOKEN_LIFETIME_S = 600,
};

typedef struct Run {
    Ctl *ctl;
    Vault *vault;
    WorkKey who;
    Value *store;
    VaultStore s;
    const char *ca_pem, *role, *secret, *made_of;
} Run;

void secretstore_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, secretstore_resource.storage)) {
        if (!extsecrets_is_status(ch))
            ctl_map_self(c, index, ch);
    } else if (vault_is_used(ctl_vault(c), ch->cluster, ch->storage, ch->ns, ch->name)) {
        extsecrets_enqueue_stores(c, ch->cluster, ch->ns);
    }
}

/* ---- how it went ---- */

static int save(Run *run, bool is_valid, const char *reason, const char *message, Err *err)
{
    Ctl *ctl = run->ctl;

    if (!secretstore_note(ctl->arena, run->store, is_valid, reason, message, ctl->now_us))
        return 0;
    ctl_event(ctl, run->store, is_valid ? "Normal" : "Warning", reason, "%s", message);
    return extsecrets_update_status(ctl, &secretstore_resource, run->store, err);
}

/* A token of other credentials than those that failed is not used any more. */
static int failed(Run *run, const char *reason, const char *message, Err *err)
{
    Ctl *ctl = run->ctl;
    int64_t ms = vault_fail(run->vault, &run->who, run->made_of, ctl->now_us);
    CLEANUP(vault_session_unref)
    VaultSession *s = vault_session(run->vault, ctl->cluster, ctl->ns, ctl->name, ctl->now_us);
    int r;

    if (s && !str_eq(s->made_of, run->made_of)) {
        vault_drop_session(run->vault, ctl->cluster, ctl->ns, ctl->name, s);
        extsecrets_enqueue_users(ctl->all, ctl->cluster, ctl->ns, ctl->name);
    }
    r = save(run, false, reason, message, err);

    return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r < 0 ? r : (int)ms;
}

static int next_ms(const VaultSession *s, int64_t now_us)
{
    if (s->renew_at_us == 0)
        return 0;
    return ctl_wait_ms(s->renew_at_us, now_us);
}

/* There is a token: takes over the session. */
static int succeeded(Run *run, VaultSession *s, Err *err)
{
    Ctl *ctl = run->ctl;
    int next = next_ms(s, ctl->now_us), r;

    vault_set_session(run->vault, ctl->cluster, ctl->ns, ctl->name, s);
    vault_forget(run->vault, &run->who);
    r = save(run, true, "Valid", "store validated", err);
    extsecrets_enqueue_users(ctl->all, ctl->cluster, ctl->ns, ctl->name);
    return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r < 0 ? r : next;
}

/* ---- logging in ---- */

static int service_account_token(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "serviceaccounts", ctl->ns, run->s.account);
    Value *v = value_literal(
        a, "{'kind':'TokenRequest','apiVersion':'authentication.k8s.io/v1','spec':{}}");
    Value *answer = NULL;
    int r;

    at.subresource = "token";
    value_set_int(a, value_get(v, "spec"), "expirationSeconds", TOKEN_LIFETIME_S);
    if (value_len(run->s.audiences) > 0)
        value_set(a, value_get(v, "spec"), "audiences", value_copy(a, run->s.audiences));
    r = client_create(ctl->client, a, &at, v, &answer, err);
    run->secret = value_at_str(answer, "status.token");
    if (r == 0 && !run->secret)
        return err_set(err, ERR_INTERNAL, "no token came for %s", run->s.account);
    return r;
}

/* What the login says is known, and which versions of objects it comes from. */
static int read_credentials(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    AUTO_BUF made_of = BUF_INIT;
    int r;

    buf_addf(&made_of, "%s/%lld;", meta_uid(run->store), (long long)meta_generation(run->store));
    r = vault_store_read(run->store, &run->s, err);
    if (r == 0)
        r = extsecrets_read_ca(ctl, &run->s, &made_of, &run->ca_pem, err);
    if (r == 0 && run->s.role_ref.name && !run->s.role)
        r = extsecrets_read_key(ctl, &run->s.role_ref, &made_of, &run->role, err);
    if (r == 0 && run->s.secret.name)
        r = extsecrets_read_key(ctl, &run->s.secret, &made_of, &run->secret, err);
    run->made_of = arena_strdup(ctl->arena, buf_str(&made_of));
    if (!run->role)
        run->role = run->s.role;
    return r;
}

static int ask(Run *run, const char *path, const SecretText *token, const Value *body,
               VaultAnswer *ret, Err *err)
{
    return vault_ask(run->vault, &run->who,
                     &(VaultAsk){.url = vault_url(run->ctl->arena, &run->s, path, NULL),
                                 .ca_pem = run->ca_pem,
                                 .ns = run->s.auth_ns,
                                 .token = token,
                                 .body = body},
                     run->ctl->arena, ret, err);
}

static Slice trimmed(const char *s)
{
    return slice_trim(slice_of(s));
}

static int ask_login(Run *run, VaultAnswer *ret, Err *err)
{
    Arena *a = run->ctl->arena;
    const char *path = vault_login_path(a, &run->s);
    Slice secret;
    int r;

    if (run->s.auth == VAULT_TOKEN) {
        CLEANUP(secret_text_free) SecretText *token = secret_text_new(trimmed(run->secret));

        return ask(run, "auth/token/lookup-self", token, NULL, ret, err);
    }
    r = vault_peek(run->vault, &run->who, vault_url(a, &run->s, path, NULL), a, ret);
    if (r >= 0)
        return r;
    if (!run->secret) {
        r = service_account_token(run, err);
        if (r < 0)
            return r;
    }
    secret = trimmed(run->secret);
    return ask(run, path, NULL,
               vault_login_body(a, &run->s, run->role, arena_strndup(a, secret.ptr, secret.len)),
               ret, err);
}

static int log_in(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    bool is_static = run->s.auth == VAULT_TOKEN;
    VaultAnswer answer;
    VaultLogin login;
    const char *why;
    Err wrong = {0};
    int r;

    if (is_static && !vault_is_word(trimmed(run->secret)))
        return failed(run, "InvalidProviderConfig", "the token is empty or has blanks in it", err);
    r = ask_login(run, &answer, &wrong);
    if (r > 0)
        return 0;
    if (r < 0)
        return failed(run, "ValidationFailed", wrong.msg, err);
    if (vault_outcome(ctl->arena, answer.status, answer.error, answer.body,
                      run->secret ? trimmed(run->secret) : SLICE(""), &why) != VAULT_OK)
        return failed(run, "ValidationFailed",
                      arena_printf(ctl->arena, "%s: %s",
                                   is_static ? "looking up the token" : "logging in", why),
                      err);
    r = is_static ? vault_read_lookup(ctl->arena, answer.body, &login, &wrong)
                  : vault_read_login(ctl->arena, answer.body, &login, &wrong);
    if (r == 0 && !is_static && !login.token)
        r = err_set(&wrong, ERR_UNAVAILABLE, "the answer has no token");
    if (r < 0)
        return failed(run, "ValidationFailed",
                      arena_printf(ctl->arena, "logging in: %s", wrong.msg), err);
    return succeeded(run,
                     vault_session_new(is_static ? trimmed(run->secret) : slice_of(login.token),
                                       run->made_of, &login, ctl->now_us),
                     err);
}

/* ---- renewing ---- */

static int renew(Run *run, const VaultSession *s, Err *err)
{
    Ctl *ctl = run->ctl;
    VaultAnswer answer;
    VaultLogin login;
    VaultOutcome outcome;
    const char *why;
    Err wrong = {0};
    int r;

    if (!s->is_renewable)
        return log_in(run, err);
    r = ask(run, "auth/token/renew-self", s->token, value_object(ctl->arena), &answer, &wrong);
    if (r > 0)
        return 0;
    if (r < 0)
        return failed(run, "ValidationFailed", wrong.msg, err);
    outcome = vault_outcome(ctl->arena, answer.status, answer.error, answer.body, SLICE(""), &why);
    if (outcome == VAULT_LATER) /* the token is still good for a third of its lease */
        return (int)vault_fail(run->vault, &run->who, run->made_of, ctl->now_us);
    r = outcome == VAULT_OK ? vault_read_login(ctl->arena, answer.body, &login, &wrong) : -1;
    if (r == 0 && (login.lease_s >= SHORT_LEASE_S || run->s.auth == VAULT_TOKEN))
        return succeeded(run, vault_session_renewed(s, &login, ctl->now_us), err);
    vault_finish(run->vault, &run->who);
    return log_in(run, err);
}

int secretstore_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl,
               .vault = ctl_vault(ctl->all),
               .who = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    CLEANUP(vault_session_unref) VaultSession *s = NULL;
    bool is_on = false;
    int64_t left;
    Err wrong = {0};
    int r;

    arena_wipe(ctl->arena);
    r = ctl_get_of(ctl, &secretstore_resource, ctl->ns, ctl->name, &run.store, err);
    if (r == 0 && run.store && !meta_is_deleted(run.store))
        r = extsecrets_are_on(ctl, &is_on, err);
    if (r < 0)
        return r;
    if (!is_on) {
        vault_set_session(run.vault, ctl->cluster, ctl->ns, ctl->name, NULL);
        vault_forget(run.vault, &run.who);
        return 0;
    }
    r = read_credentials(&run, &wrong);
    left = vault_left_ms(run.vault, &run.who, run.made_of, ctl->now_us);
    if (left > 0)
        return (int)left;
    if (r < 0)
        return failed(&run, "InvalidProviderConfig", wrong.msg, err);
    s = vault_session(run.vault, ctl->cluster, ctl->ns, ctl->name, ctl->now_us);
    if (!s || !str_eq(s->made_of, run.made_of))
        return log_in(&run, err);
    if (s->renew_at_us != 0 && s->renew_at_us <= ctl->now_us)
        return renew(&run, s, err);
    return next_ms(s, ctl->now_us);
}
