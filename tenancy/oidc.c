#include "tenancy/oidc.h"

#include "api/jwtauth.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/gourl.h"
#include "base/hmac.h"
#include "base/jws.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/token.h"
#include "tenancy/tenancy_int.h"

#define NEED "oidc/"

enum {
    MAX_VERIFIED = 256,         /* tokens remembered, of one cluster */
    VERIFIED_US = 10 * 1000000, /* for so long; upstream's token cache */
    MAX_WAITING = 256,          /* requests, for one issuer */
    RETRY_US = 10 * 1000000,
    DISCOVERY_MAX = 64 * 1024, /* bytes */
    WHY_MAX = 200,
};
static const int64_t KEYS_OLD_US = INT64_C(600) * 1000000;    /* then they are fetched again */
static const int64_t KEYS_DEAD_US = INT64_C(86400) * 1000000; /* then they count no more */

typedef struct Waiter {
    StoreDoneFn done;
    void *data;
} Waiter;

typedef struct Issuer {
    char id[2 * SHA256_LEN + 1]; /* of its name, address and authority */
    JwkSet *keys;                /* NULL: none yet */
    int64_t fetched_us, tried_us;
    bool has_tried, is_fetching;
    Waiter *waiters;
    size_t n_waiters, cap_waiters;
} Issuer;

/* A token that was found good, and whom it stands for. Counted. */
typedef struct Known {
    _Atomic uint32_t refs;
    int64_t until_us, stamp;
    Arena *arena;
    AuthUser user;
} Known;

struct OidcSlot {
    pthread_mutex_t lock;
    Map issuers; /* id -> Issuer */
    Lru known;   /* hash of a token -> Known */
};

/* ---- life ---- */

static void issuer_free(void *p)
{
    Issuer *i = p;

    jwks_unref(i->keys);
    free(i->waiters);
    free(i);
}

static void known_unref(void *p)
{
    Known *k = p;

    if (k && atomic_fetch_sub(&k->refs, 1) == 1) {
        arena_free(k->arena);
        free(k);
    }
}

static void known_unrefp(Known **p)
{
    known_unref(*p);
}

void tenancy__oidc_free(OidcSlot *s)
{
    if (!s)
        return;
    map_done(&s->issuers);
    lru_done(&s->known);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static OidcSlot *slot_of(Cluster *c)
{
    TenantSlot *t = tenancy__slot(c);
    OidcSlot *s;

    pthread_mutex_lock(&t->lock);
    if (!t->oidc) {
        s = xcalloc(1, sizeof(*s));
        pthread_mutex_init(&s->lock, NULL);
        s->issuers.free_value = issuer_free;
        lru_init(&s->known, MAX_VERIFIED, known_unref);
        t->oidc = s;
    }
    s = t->oidc;
    pthread_mutex_unlock(&t->lock);
    return s;
}

static OidcSlot *slot_if_any(Cluster *c)
{
    TenantSlot *t = tenancy__slot(c);
    OidcSlot *s;

    pthread_mutex_lock(&t->lock);
    s = t->oidc;
    pthread_mutex_unlock(&t->lock);
    return s;
}

static void id_of(const JwtAuth *j, char out[2 * SHA256_LEN + 1])
{
    AUTO_BUF b = BUF_INIT;

    buf_addf(&b, "%s\n%s\n%s", j->issuer, j->discovery_url, j->ca_pem ? j->ca_pem : "");
    sha256_hex(buf_slice(&b), out);
}

/* Those that the configuration named before make room. */
static void drop_unused(OidcSlot *s)
{
    const char *id;
    Issuer *i;

    for (size_t at = 0; map_next(&s->issuers, &at, &id, (void **)&i);)
        if (!i->is_fetching)
            issuer_free(map_del(&s->issuers, id));
}

static Issuer *issuer_at(OidcSlot *s, const char *id)
{
    Issuer *i = map_get(&s->issuers, id);

    if (i)
        return i;
    if (s->issuers.n >= 2 * JWTAUTH_MAX)
        drop_unused(s);
    i = xcalloc(1, sizeof(*i));
    snprintf(i->id, sizeof(i->id), "%s", id);
    (void)map_set(&s->issuers, id, i);
    return i;
}

/* ---- fetching ---- */

typedef struct Fetch {
    TenancyFetch f;
    Tenancy *t;
    Cluster *c; /* a reference: the slot stays */
    OidcSlot *slot;
    Arena *arena; /* that this is in */
    char id[2 * SHA256_LEN + 1];
    const char *issuer;
    bool has_discovery;
} Fetch;

int tenancy__oidc_discovery(Arena *a, Slice text, const char *issuer, const char **ret_jwks_uri,
                            Err *err)
{
    const char *name, *uri;
    Value *v = NULL;

    if (text.len > DISCOVERY_MAX)
        return err_set(err, ERR_BAD_REQUEST, "the discovery document is too long");
    if (value_parse(a, text, &v, NULL) < 0 || !value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST, "the discovery document is not a JSON object");
    name = value_get_str(v, "issuer");
    if (!str_eq(name, issuer))
        return err_set(err, ERR_BAD_REQUEST,
                       "oidc: issuer did not match the issuer returned by provider, expected "
                       "\"%.100s\" got \"%.100s\"",
                       issuer, name ? name : "");
    uri = value_get_str(v, "jwks_uri");
    if (!uri || !str_starts(uri, "https://") || strlen(uri) != value_get(v, "jwks_uri")->n)
        return err_set(err, ERR_BAD_REQUEST, "the discovery document has no jwks_uri of https");
    for (const char *p = uri; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return err_set(err, ERR_BAD_REQUEST, "the jwks_uri is not a URL");
    *ret_jwks_uri = uri;
    return 0;
}

static void fetch_end(Fetch *f, JwkSet *keys, const char *why)
{
    OidcSlot *s = f->slot;
    JwkSet *old = NULL;
    Waiter *waiters;
    size_t n;
    Issuer *i;

    pthread_mutex_lock(&s->lock);
    i = map_get(&s->issuers, f->id);
    BUG_ON(!i); /* it stays while it is fetching */
    if (keys) {
        old = i->keys;
        i->keys = keys;
        i->fetched_us = clock_mono_us();
    }
    i->is_fetching = false;
    waiters = i->waiters;
    n = i->n_waiters;
    i->waiters = NULL;
    i->n_waiters = i->cap_waiters = 0;
    pthread_mutex_unlock(&s->lock);
    if (!keys)
        log_warning(NULL, "the keys of an issuer of tokens cannot be fetched",
                    LOG_STR("cluster", f->c->name), LOG_STR("issuer", f->issuer),
                    LOG_STR("error", why));
    jwks_unref(old);
    for (size_t k = 0; k < n; k++)
        waiters[k].done(0, NULL, waiters[k].data);
    free(waiters);
    cluster_unref(f->c);
    buf_done(&f->f.body);
    arena_free(f->arena);
}

static void on_fetched(TenancyFetch *tf)
{
    Fetch *f = (Fetch *)tf->data;
    char why[WHY_MAX];
    JwkSet *keys = NULL;
    const char *uri;
    Err err;
    int r;

    if (tf->status != 200) {
        if (tf->status == 0)
            snprintf(why, sizeof(why), "Get \"%.80s\": %.100s", tf->url, tf->error);
        else
            snprintf(why, sizeof(why), "Get \"%.80s\": HTTP status %d", tf->url, tf->status);
        fetch_end(f, NULL, why);
        return;
    }
    if (f->has_discovery) {
        r = jwks_parse(buf_slice(&tf->body), &keys, &err);
        fetch_end(f, r < 0 ? NULL : keys, err.msg);
        return;
    }
    r = tenancy__oidc_discovery(f->arena, buf_slice(&tf->body), f->issuer, &uri, &err);
    if (r < 0) {
        fetch_end(f, NULL, err.msg);
        return;
    }
    f->has_discovery = true;
    tf->url = uri;
    tf->status = 0;
    buf_reset(&tf->body);
    f->t->fetch(tf, f->t->fetch_data);
}

static Fetch *fetch_new(Tenancy *t, Cluster *c, OidcSlot *s, const JwtAuth *j, const char *id)
{
    Arena *a = arena_new();
    Fetch *f = arena_new0(a, Fetch);

    f->arena = a;
    f->t = t;
    f->c = cluster_ref(c);
    f->slot = s;
    snprintf(f->id, sizeof(f->id), "%s", id);
    f->issuer = arena_strdup(a, j->issuer);
    f->f.cluster = c->name;
    f->f.is_providers = c->id == 1;
    f->f.url = arena_strdup(a, j->discovery_url);
    f->f.ca_pem = j->ca_pem ? arena_strdup(a, j->ca_pem) : NULL;
    f->f.done = on_fetched;
    f->f.data = f;
    return f;
}

/* Under the lock. The fetch to be started once it is given up, or NULL. */
static Fetch *refresh(Tenancy *t, Cluster *c, OidcSlot *s, Issuer *i, const JwtAuth *j, int64_t now)
{
    if (i->is_fetching || !t->fetch || (i->has_tried && now - i->tried_us < RETRY_US))
        return NULL;
    i->is_fetching = true;
    i->has_tried = true;
    i->tried_us = now;
    return fetch_new(t, c, s, j, i->id);
}

void tenancy__oidc_wait(Cluster *c, const char *need, StoreDoneFn done, void *data)
{
    OidcSlot *s = slot_of(c);
    bool waits;
    Issuer *i;

    pthread_mutex_lock(&s->lock);
    i = map_get(&s->issuers, need + strlen(NEED));
    waits = i && i->is_fetching && i->n_waiters < MAX_WAITING;
    if (waits) {
        GROW(i->waiters, i->cap_waiters, i->n_waiters + 1);
        i->waiters[i->n_waiters++] = (Waiter){done, data};
    }
    pthread_mutex_unlock(&s->lock);
    if (!waits)
        done(0, NULL, data);
}

void tenancy__oidc_age(Cluster *c, int64_t us)
{
    OidcSlot *s = slot_of(c);
    const char *id;
    Issuer *i;

    pthread_mutex_lock(&s->lock);
    for (size_t at = 0; map_next(&s->issuers, &at, &id, (void **)&i);) {
        i->tried_us -= us;
        i->fetched_us -= us;
    }
    pthread_mutex_unlock(&s->lock);
}

/* ---- verifying ---- */

#define NOT_SIGNED                                                                                 \
    "oidc: verify token: failed to verify signature: failed to verify id token signature"

/* 0: the signature holds. 1: wait for the issuer. */
static int check_signature(Tenancy *t, Cluster *c, const JwtAuth *j, const Jws *jws, Arena *a,
                           const char **ret_need, Err *err)
{
    CLEANUP(jwks_unref) JwkSet *keys = NULL;
    JwsVerdict verdict = JWS_NO_KEY;
    OidcSlot *s = slot_of(c);
    int64_t now = clock_mono_us();
    char id[2 * SHA256_LEN + 1];
    Fetch *start = NULL;
    bool is_fetching, is_full;
    Issuer *i;

    id_of(j, id);
    pthread_mutex_lock(&s->lock);
    i = issuer_at(s, id);
    if (i->keys && now - i->fetched_us < KEYS_DEAD_US)
        keys = jwks_ref(i->keys);
    pthread_mutex_unlock(&s->lock);
    if (keys)
        verdict = jwks_verify(keys, jws); /* takes its time: without the lock */
    pthread_mutex_lock(&s->lock);
    i = issuer_at(s, id);
    if (verdict == JWS_NO_KEY || now - i->fetched_us > KEYS_OLD_US)
        start = refresh(t, c, s, i, j, now);
    is_fetching = i->is_fetching;
    is_full = i->n_waiters >= MAX_WAITING;
    pthread_mutex_unlock(&s->lock);
    if (start)
        t->fetch(&start->f, t->fetch_data);
    if (verdict == JWS_GOOD)
        return 0;
    if (verdict == JWS_FORGED)
        return err_set(err, ERR_UNAUTHORIZED, NOT_SIGNED);
    if (is_fetching && !is_full) {
        *ret_need = arena_printf(a, NEED "%s", id);
        return err_set(err, ERR_UNAVAILABLE, "the issuer's keys are not loaded");
    }
    if (!keys)
        return err_set(err, ERR_UNAUTHORIZED, "oidc: authenticator not initialized");
    return err_set(err, ERR_UNAUTHORIZED, NOT_SIGNED);
}

/* ---- whom it stands for ---- */

static const char *const *copy_list(Arena *a, const char *const *list, const char *more)
{
    const char **out;
    uint32_t n = 0;

    while (list[n])
        n++;
    out = arena_array(a, const char *, n + 2);
    for (uint32_t i = 0; i < n; i++)
        out[i] = arena_strdup(a, list[i]);
    out[n] = more;
    return out;
}

/* Those that are mapped, and which token it was, as of our own. */
static void user_from(Arena *a, const JwtUser *u, const char *jti, int64_t issued_s, AuthUser *ret)
{
    AuthExtra *extra = arena_array(a, AuthExtra, u->n_extra + 1);
    uint32_t n = 0;

    if (jti && jti[0]) {
        const char *const id[] = {arena_printf(a, "JTI=%s", jti), NULL};

        extra[n++] = (AuthExtra){EXTRA_CREDENTIAL_ID, copy_list(a, id, NULL)};
    }
    for (uint32_t i = 0; i < u->n_extra; i++)
        extra[n++] =
            (AuthExtra){arena_strdup(a, u->extra[i].key), copy_list(a, u->extra[i].values, NULL)};
    *ret = (AuthUser){.name = arena_strdup(a, u->name),
                      .uid = arena_strdup(a, u->uid),
                      .groups = copy_list(a, u->groups, "system:authenticated"),
                      .extra = extra,
                      .n_extra = n,
                      .issued_s = issued_s};
}

static void copy_user(Arena *a, const AuthUser *u, AuthUser *ret)
{
    AuthExtra *extra = arena_array(a, AuthExtra, u->n_extra + 1);

    for (uint32_t i = 0; i < u->n_extra; i++)
        extra[i] =
            (AuthExtra){arena_strdup(a, u->extra[i].key), copy_list(a, u->extra[i].values, NULL)};
    *ret = (AuthUser){.name = arena_strdup(a, u->name),
                      .uid = arena_strdup(a, u->uid),
                      .groups = copy_list(a, u->groups, NULL),
                      .extra = extra,
                      .n_extra = u->n_extra,
                      .issued_s = u->issued_s};
}

/* A reference; NULL: not remembered, or under another configuration. */
static Known *known_find(Cluster *c, const char *hash, int64_t stamp, int64_t now_us)
{
    OidcSlot *s = slot_if_any(c);
    Known *k;

    if (!s)
        return NULL;
    pthread_mutex_lock(&s->lock);
    k = lru_get(&s->known, hash);
    if (k && k->until_us > now_us && k->stamp == stamp)
        atomic_fetch_add(&k->refs, 1);
    else
        k = NULL;
    pthread_mutex_unlock(&s->lock);
    return k;
}

static void remember(Cluster *c, const char *hash, int64_t stamp, int64_t until_us,
                     const AuthUser *u)
{
    OidcSlot *s = slot_of(c);
    Known *k = xcalloc(1, sizeof(*k));

    k->refs = 1;
    k->until_us = until_us;
    k->stamp = stamp;
    k->arena = arena_new_sized(1024);
    copy_user(k->arena, u, &k->user);
    pthread_mutex_lock(&s->lock);
    lru_set(&s->known, hash, k);
    pthread_mutex_unlock(&s->lock);
}

static const JwtAuth *find_issuer(const TenantTerms *terms, const char *issuer)
{
    /* As jwtauth_check_claims() has it. */
    if (str_eq(issuer, "accounts.google.com"))
        issuer = "https://accounts.google.com";
    for (uint32_t i = 0; i < terms->n_jwt; i++)
        if (strcmp(terms->jwt[i].issuer, issuer) == 0)
            return &terms->jwt[i];
    return NULL;
}

/* A token whose header or signature cannot be what an issuer signs. 1: it names none of ours. */
static int refused_form(const TenantTerms *terms, Slice token, int64_t now_s, Arena *a, Err *err)
{
    AUTO_BUF alg = BUF_INIT;
    const char *issuer;
    const JwtAuth *j;
    Token t;
    int r;

    if (token_parse(a, token, &t, NULL) < 0)
        return 1;
    issuer = value_get_str(t.claims, "iss");
    j = issuer ? find_issuer(terms, issuer) : NULL;
    if (!j)
        return 1;
    r = jwtauth_check_dates(j, t.claims, now_s, err);
    if (r < 0)
        return r;
    if (jws_alg_is_known(t.alg))
        return err_set(err, ERR_UNAUTHORIZED, NOT_SIGNED);
    gourl_quote(slice_of(t.alg), &alg);
    return err_set(err, ERR_UNAUTHORIZED,
                   "oidc: verify token: oidc: id token signed with unsupported algorithm, expected "
                   "[\"ES256\" \"ES384\" \"ES512\" \"PS256\" \"PS384\" \"PS512\" \"RS256\" "
                   "\"RS384\" \"RS512\"] got %.100s",
                   buf_str(&alg));
}

int tenancy__oidc(Tenancy *t, Cluster *c, Slice token, const char *hash, int64_t now_us, Arena *a,
                  AuthUser *ret, const char **ret_need, Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    __attribute__((cleanup(known_unrefp))) Known *known = NULL;
    int64_t now_s = now_us / 1000000, exp = 0, iat = 0;
    const JwtAuth *j;
    JwtUser u;
    Jws jws;
    int r;

    if (tenancy_terms(t, c, &terms, ret_need) < 0)
        return *ret_need ? err_set(err, ERR_UNAVAILABLE, "%s are not loaded", *ret_need) : 1;
    if (terms->n_jwt == 0)
        return 1;
    known = known_find(c, hash, terms->tenant_revision, now_us);
    if (known) {
        copy_user(a, &known->user, ret);
        return 0;
    }
    if (jws_parse(a, token, &jws, NULL) < 0)
        return refused_form(terms, token, now_s, a, err);
    j = find_issuer(terms, jws.issuer);
    if (!j)
        return 1;
    r = jwtauth_check_dates(j, jws.claims, now_s, err);
    if (r == 0)
        r = check_signature(t, c, j, &jws, a, ret_need, err);
    if (r == 0)
        r = jwtauth_check_audience(j, jws.claims, err);
    if (r == 0)
        r = jwtauth_user(j, jws.claims, a, &u, err);
    if (r < 0)
        return r;
    (void)value_to_int(value_get(jws.claims, "exp"), &exp);
    (void)value_to_int(value_get(jws.claims, "iat"), &iat);
    user_from(a, &u, value_get_str(jws.claims, "jti"), iat, ret);
    remember(c, hash, terms->tenant_revision, MIN(now_us + VERIFIED_US, exp * 1000000), ret);
    return 0;
}
