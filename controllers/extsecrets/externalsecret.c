/*
 * externalsecret.c - ExternalSecrets: reads from the provider what is due, makes the Secret, says
 * so in the status. The key is an ExternalSecret; a run that lacks answers is begun again when they
 * are there.
 */
#include "controllers/extsecrets/decide.h"

#include "base/metrics.h"
#include "controllers/extsecrets/data.h"
#include "controllers/extsecrets/extsecrets.h"

enum {
    LOOK_AGAIN_MS = 300,
    STORE_MS = 1000,         /* the store logs in, and tells when it has */
    FRESH_US = 60 * 1000000, /* a session so old may have been ended at the provider */
};

static const char *const secrets = "secrets";

static Metric syncs = {.name = "hostplane_external_secret_syncs_total",
                       .help = "Runs of ExternalSecrets by how they ended.",
                       .type = METRIC_COUNTER,
                       .labels = {"result"}};

typedef struct Run {
    Ctl *ctl;
    Vault *vault;
    WorkKey who;
    Value *es, *existing;
    VaultStore s;
    VaultSession *session;
    const char *ca_pem, *version;
    bool is_denied;
} Run;

void externalsecret_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, secrets))
        (void)ctl_map_owner(c, index, ch, "ExternalSecret");
    else if (!extsecrets_is_status(ch))
        ctl_map_self(c, index, ch);
}

/* ---- the provider ---- */

static int get(Run *run, const char *path, const char *query, Slice *ret, Err *err)
{
    Ctl *ctl = run->ctl;
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_WIPED_BUF token = BUF_INIT;
    VaultAnswer answer;
    const char *why;
    int r = vault_ask(run->vault, &run->who,
                      &(VaultAsk){.url = vault_url(ctl->arena, &run->s, path, query),
                                  .ca_pem = run->ca_pem,
                                  .ns = run->s.ns,
                                  .token = run->session->token},
                      ctl->arena, &answer, err);

    if (r != 0)
        return r;
    arena_wipe(a);
    secret_text_add(run->session->token, &token);
    switch (vault_outcome(a, answer.status, answer.error, answer.body, buf_slice(&token), &why)) {
    case VAULT_OK:
        *ret = answer.body;
        return 0;
    case VAULT_MISSING:
        return err_set(err, ERR_NOT_FOUND, "%s", why);
    case VAULT_DENIED:
        run->is_denied = true;
        return err_set(err, ERR_FORBIDDEN, "%s", why);
    default:
        return err_set(err, ERR_UNAVAILABLE, "%s", why);
    }
}

static int read_one(const char *key, const char *version, Value **ret, void *data, Err *err)
{
    Run *run = data;
    Arena *a = run->ctl->arena;
    Slice body;
    int r = get(run, vault_kv_path(a, &run->s, key, "data"),
                version && version[0] ? arena_printf(a, "version=%s", version) : NULL, &body, err);

    if (r == 0)
        r = vault_read_kv(a, body, ret, err);
    if (r == 0 && !*ret)
        return err_set(err, ERR_NOT_FOUND, "it is deleted");
    return r;
}

static int list_one(const char *folder, Value **ret, void *data, Err *err)
{
    Run *run = data;
    Arena *a = run->ctl->arena;
    Slice body;
    int r = get(run, vault_kv_path(a, &run->s, folder, "metadata"), "list=true", &body, err);

    return r == 0 ? vault_read_list(a, body, ret, err) : r;
}

/* ---- how it went ---- */

static int failed(Run *run, const char *message, Err *err)
{
    Ctl *ctl = run->ctl;
    int64_t ms = vault_fail(run->vault, &run->who, run->version, ctl->now_us);
    int r = 0;

    metric_add(&syncs, 1, "failed");
    ctl_event(ctl, run->es, "Warning", "UpdateFailed", "%s", message);
    if (extsecret_note_failed(ctl->arena, run->es, message, ctl->now_us))
        r = extsecrets_update_status(ctl, &externalsecret_resource, run->es, err);
    return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r < 0 ? r : (int)ms;
}

/* The token may have ended at the provider: the store is to log in again. */
static int distrust(Run *run)
{
    Ctl *ctl = run->ctl;
    const char *store = value_at_str(run->es, "spec.secretStoreRef.name");

    vault_finish(run->vault, &run->who);
    vault_drop_session(run->vault, ctl->cluster, ctl->ns, store, run->session);
    extsecrets_enqueue_store(ctl, store);
    return STORE_MS;
}

/* ---- the Secret ---- */

static int apply(Run *run, const Value *secret, Err *err)
{
    Ctl *ctl = run->ctl;
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, secrets, ctl->ns, meta_name(secret));
    ClientRequest rq = client_request(a, "PATCH", &at, "application/apply-patch+yaml", secret);
    ClientReply reply;
    int r;

    rq.query = arena_printf(a, "fieldManager=externalsecret-%s&force=true", ctl->name);
    r = client_call(ctl->client, a, &rq, &reply, err);
    return r < 0 ? r : client_reply_check(a, &reply, err);
}

static int carry_out(Run *run, const ExtPlan *p, Err *err)
{
    Ctl *ctl = run->ctl;
    ObjRef at = ctl_ref(ctl, secrets, ctl->ns, extsecret_target_name(run->es));
    int r = 0;

    switch (p->action) {
    case EXT_CREATE:
        at.name = NULL;
        r = client_create(ctl->client, ctl->arena, &at, p->secret, NULL, err);
        if (r == 0)
            ctl_event(ctl, run->es, "Normal", "Created", "secret created");
        return r == -ERR_ALREADY_EXISTS ? -ERR_CONFLICT : r;
    case EXT_UPDATE:
        r = client_update(ctl->client, ctl->arena, &at, p->secret, NULL, err);
        break;
    case EXT_MERGE:
        r = apply(run, p->secret, err);
        break;
    case EXT_DELETE:
        if (!meta_is_controlled_by(p->secret, meta_uid(run->es)))
            return 0;
        ctl_event(ctl, run->es, "Normal", "Deleted", "secret deleted");
        return ctl_delete(ctl, secrets, p->secret, NULL, err);
    case EXT_KEEP:
    case EXT_RETAIN:
    case EXT_ABSENT:
        return 0;
    }
    if (r == 0)
        ctl_event(ctl, run->es, "Normal", "Updated", "secret updated");
    return r == -ERR_NOT_FOUND ? -ERR_CONFLICT : r;
}

static int finish(Run *run, const ExtPlan *p, Err *err)
{
    Ctl *ctl = run->ctl;
    int64_t due;
    int r;

    extsecret_note_done(ctl->arena, run->es, p->action, ctl->now_us);
    r = extsecrets_update_status(ctl, &externalsecret_resource, run->es, err);
    if (r < 0)
        return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r;
    metric_add(&syncs, 1, "synced");
    vault_forget(run->vault, &run->who);
    due = extsecret_due_ms(ctl->arena, run->es, p->secret ? p->secret : run->existing, ctl->now_us);
    return due < 0 ? 0 : (int)MIN(MAX(due, (int64_t)EXTSECRET_SHORTEST_MS), (int64_t)INT32_MAX);
}

static int make(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    ExtSource source = {read_one, list_one, run};
    Value *data = NULL;
    Err wrong = {0};
    ExtPlan p;
    int r = extsecret_collect(ctl->arena, run->es, &source, &data, &wrong);

    if (r > 0)
        return 0;
    if (run->is_denied && run->session->since_us + FRESH_US < ctl->now_us)
        return distrust(run);
    if (r < 0)
        return failed(
            run, arena_printf(ctl->arena, "could not get secret data from provider: %s", wrong.msg),
            err);
    r = extsecret_plan(ctl->arena, run->es, run->existing, data, &p, &wrong);
    if (r == 0)
        r = carry_out(run, &p, &wrong);
    if (ctl_is_terminating(r, &wrong))
        return 0;
    if (r == -ERR_CONFLICT)
        return LOOK_AGAIN_MS;
    return r < 0 ? failed(run, wrong.msg, err) : finish(run, &p, err);
}

/* A session of the store as it was before is not for where it leads now. */
static VaultSession *session_of(Run *run, const Value *store)
{
    Ctl *ctl = run->ctl;
    const char *made_of =
        arena_printf(ctl->arena, "%s/%lld;", meta_uid(store), (long long)meta_generation(store));
    VaultSession *s =
        vault_session(run->vault, ctl->cluster, ctl->ns, meta_name(store), ctl->now_us);

    if (!s || str_starts(s->made_of, made_of))
        return s;
    vault_session_unref(s);
    return NULL;
}

/* The store and its session; 1: what the sync answers is in *ret. */
static int open_store(Run *run, int *ret, Err *err)
{
    Ctl *ctl = run->ctl;
    Arena *a = ctl->arena;
    const char *name = value_at_str(run->es, "spec.secretStoreRef.name"), *why;
    int64_t left;
    Value *store;
    Err wrong = {0};
    int r = ctl_get_of(ctl, &secretstore_resource, ctl->ns, name ? name : "", &store, err);

    if (r < 0)
        return r;
    run->session = store ? session_of(run, store) : NULL;
    run->version = arena_printf(a, "%s@%lld/%lld", extsecret_version(a, run->es),
                                (long long)(run->session ? run->session->since_us : 0),
                                (long long)meta_generation(store));
    left = vault_left_ms(run->vault, &run->who, run->version, ctl->now_us);
    *ret = (int)left;
    if (left > 0)
        return 1;
    why = value_get_str(condition_get(store, "Ready"), "message");
    if (!store)
        *ret = failed(run, arena_printf(a, "SecretStore \"%s\" not found", name), err);
    else if (!run->session && condition_is(store, "Ready", "False"))
        *ret = failed(
            run, arena_printf(a, "SecretStore \"%s\" is not ready: %s", name, why ? why : ""), err);
    else if (!run->session)
        *ret = STORE_MS;
    else if (vault_store_read(store, &run->s, &wrong) < 0 ||
             extsecrets_read_ca(ctl, &run->s, NULL, &run->ca_pem, &wrong) < 0)
        *ret = failed(run, wrong.msg, err);
    else
        return 0;
    if (store && !run->session)
        extsecrets_enqueue_store(ctl, name);
    return 1;
}

int externalsecret_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl,
               .vault = ctl_vault(ctl->all),
               .who = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    bool is_on = false;
    int64_t due;
    int answer, r;

    arena_wipe(ctl->arena);
    r = ctl_get_of(ctl, &externalsecret_resource, ctl->ns, ctl->name, &run.es, err);
    if (r == 0 && run.es && !meta_is_deleted(run.es))
        r = extsecrets_are_on(ctl, &is_on, err);
    if (r == 0 && is_on)
        r = ctl_get(ctl, secrets, ctl->ns, extsecret_target_name(run.es), &run.existing, err);
    if (r < 0)
        return r;
    due = is_on ? extsecret_due_ms(ctl->arena, run.es, run.existing, ctl->now_us) : -1;
    if (due != 0) {
        vault_forget(run.vault, &run.who);
        return due < 0 ? 0 : (int)MIN(due, (int64_t)INT32_MAX);
    }
    r = open_store(&run, &answer, err);
    if (r == 0)
        answer = make(&run, err);
    vault_session_unref(run.session);
    return r < 0 ? r : answer;
}
