#include "tenancy/authn.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/gourl.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/token.h"
#include "base/wipe.h"
#include "tenancy/oidc.h"
#include "tenancy/places.h"

#include <stdatomic.h>

#define HOST_NEED "host:" /* before what is needed of `host` */

enum {
    GONE_LEEWAY_US = 60 * 1000000, /* a token outlives the deletion of its pod a little */
    NBF_LEEWAY_S = 300,
    MAX_EXTRA = 5,
};

#define INVALIDATED "service account token has been invalidated"
/* Of claims that we never signed so. */
#define UNEXPECTED                                                                                 \
    "service account token claims could not be validated due to unexpected validation error"

/* ---- identities ---- */

static void keep_public(Cluster *c, const Identity *i)
{
    TenantSlot *s = tenancy__slot(c);
    AUTO_BUF text = BUF_INIT;

    identity_write_public(i, &text);
    pthread_mutex_lock(&s->lock);
    free(s->public_keys);
    s->public_keys = buf_take(&text);
    pthread_mutex_unlock(&s->lock);
}

int tenancy_identity(Tenancy *t, Cluster *c, Identity **ret, Err *err)
{
    char key[TENANCY_KEY_MAX];
    AUTO_WIPED_BUF blob = BUF_INIT;
    Identity *i;
    int r = cluster_check_key(c, err);

    if (r < 0)
        return r;
    tenancy__key(c, "", key);
    pthread_mutex_lock(&t->lock);
    i = lru_get(&t->identities, key);
    if (i)
        identity_ref(i);
    pthread_mutex_unlock(&t->lock);
    if (!i) {
        r = cluster_identity(c, &blob, err);
        if (r == 0)
            r = identity_open(buf_slice(&blob), c->name, &i, err);
        if (r < 0)
            return r;
        keep_public(c, i);
        pthread_mutex_lock(&t->lock);
        if (cluster_check_key(c, NULL) ==
            0) /* not withheld meanwhile: forget_key() has been here then */
            lru_set(&t->identities, key, identity_ref(i));
        pthread_mutex_unlock(&t->lock);
    }
    *ret = i;
    return 0;
}

/* ---- verified tokens ---- */

/* A token whose signature and issuer were found good. Immutable, counted. */
typedef struct Verified {
    _Atomic uint32_t refs;
    int64_t expires_s;
    Arena *arena;
    const Value *claims;
} Verified;

void tenancy__verified_unref(void *p)
{
    Verified *v = p;

    if (atomic_fetch_sub(&v->refs, 1) > 1)
        return;
    arena_free(v->arena);
    free(v);
}

static Verified *verified_find(Tenancy *t, const char *key, int64_t now_s)
{
    Verified *v;

    pthread_mutex_lock(&t->lock);
    v = lru_get(&t->tokens, key);
    if (v && v->expires_s > now_s)
        atomic_fetch_add(&v->refs, 1);
    else
        v = NULL;
    pthread_mutex_unlock(&t->lock);
    return v;
}

static int verify(Tenancy *t, Cluster *c, Slice token, int64_t now_s, const char *key,
                  Verified **ret, Err *err)
{
    CLEANUP(identity_close) Identity *i = NULL;
    Arena *a = arena_new();
    Value *claims = NULL;
    Verified *v;
    int r = tenancy_identity(t, c, &i, err);

    if (r == 0)
        r = identity_check_token(i, a, token, &claims, err);
    if (r < 0) {
        arena_free(a);
        return r;
    }
    v = xcalloc(1, sizeof(*v));
    v->refs = 1;
    v->arena = a;
    v->claims = claims;
    if (!value_to_int(value_get(claims, "exp"), &v->expires_s))
        v->expires_s = 0;
    if (v->expires_s > now_s) {
        v->refs = 2; /* the cache's and the caller's */
        pthread_mutex_lock(&t->lock);
        lru_set(&t->tokens, key, v);
        pthread_mutex_unlock(&t->lock);
    }
    *ret = v;
    return 0;
}

/* ---- what a token stands for ---- */

/* What the claims name. */
typedef struct Ref {
    const char *storage, *ns, *name, *uid;
} Ref;

typedef enum RefState { REF_HOLDS, REF_GONE, REF_OTHER, REF_DELETED } RefState;

/* Of one authentication. */
typedef struct Look {
    Tenancy *t;
    Places places;
    int64_t now_us;
    Arena *a;
    const char **ret_need;
    Err *err;
} Look;

static RefState judge(const Look *l, const Ref *ref, const Obj *o, const char **ret_uid)
{
    if (!o)
        return REF_GONE;
    if (!ref->uid || !str_eq(o->uid, ref->uid)) {
        *ret_uid = arena_strdup(l->a, o->uid);
        return REF_OTHER;
    }
    return o->deleted_us && o->deleted_us < l->now_us - GONE_LEEWAY_US ? REF_DELETED : REF_HOLDS;
}

/* The object must be there under the same uid, and not be gone for long: in any of the places. In
 * none: what is said of it is what the last one has, the issuer's own. *ret_uid: the uid it has
 * when that is another. */
static int look_up(const Look *l, const Ref *ref, RefState *ret_state, const char **ret_uid,
                   int *ret_place)
{
    *ret_state = REF_GONE;
    for (int i = 0; i < l->places.n; i++) {
        CLEANUP(obj_unref) Obj *o = NULL;

        if (tenancy__get_at(l->t, &l->places, i, ref->storage, ref->ns, ref->name ? ref->name : "",
                            l->a, &o, l->ret_need) < 0)
            return err_set(l->err, ERR_UNAVAILABLE, "%s are not loaded", ref->storage);
        *ret_state = judge(l, ref, o, ret_uid);
        *ret_place = i;
        if (*ret_state == REF_HOLDS)
            break;
    }
    return 0;
}

static int check_account(const Look *l, const Ref *ref, int *ret_place)
{
    const char *uid = "";
    RefState state;
    int r = look_up(l, ref, &state, &uid, ret_place);

    if (r < 0 || state == REF_HOLDS)
        return r;
    if (state == REF_GONE)
        return err_set(l->err, ERR_UNAUTHORIZED, "serviceaccounts \"%s\" not found", ref->name);
    if (state == REF_OTHER)
        return err_set(l->err, ERR_UNAUTHORIZED,
                       "service account UID (%s) does not match claim (%s)", uid,
                       ref->uid ? ref->uid : "");
    return err_set(l->err, ERR_UNAUTHORIZED, "service account %s/%s has been deleted", ref->ns,
                   ref->name);
}

/* `what` the token is bound to: "pod", ... */
static int check_bound(const Look *l, const char *what, const Ref *ref, int *ret_place)
{
    const char *uid = "";
    RefState state;
    int r = look_up(l, ref, &state, &uid, ret_place);

    if (r < 0 || state == REF_HOLDS)
        return r;
    if (state == REF_OTHER)
        return err_set(l->err, ERR_UNAUTHORIZED,
                       "%s UID (%s) does not match service account %s ref claim (%s)", what, uid,
                       what, ref->uid ? ref->uid : "");
    return err_set(l->err, ERR_UNAUTHORIZED, INVALIDATED);
}

static Ref ref_of(const char *storage, const char *ns, const Value *claim)
{
    return (Ref){storage, ns, value_get_str(claim, "name"), value_get_str(claim, "uid")};
}

/* A node is a row of the cluster's own, or the host's as it is seen from there. */
static int check_node(const Look *l, const Value *node)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(l->t->store, SLICE("host"));
    CLEANUP(obj_unref) Obj *o = NULL;
    Ref ref = ref_of("nodes", "", node);
    int place, r = check_bound(l, "node", &ref, &place);
    const char *uid;

    if (r != -ERR_UNAUTHORIZED || l->places.asked->id == 1 || !host)
        return r;
    if (tenancy__get(l->t, host, "nodes", "", ref.name ? ref.name : "", &o, l->ret_need) < 0) {
        *l->ret_need = HOST_NEED "nodes";
        return err_set(l->err, ERR_UNAVAILABLE, "nodes are not loaded");
    }
    /* What the host has is not told: *err stays. */
    return judge(l, &ref, o, &uid) == REF_HOLDS ? 0 : -ERR_UNAUTHORIZED;
}

static void add_extra(AuthUser *u, Arena *a, const char *name, const char *value)
{
    AuthExtra *all = (AuthExtra *)u->extra;
    const char **values = arena_array(a, const char *, 2);

    if (!value)
        return;
    if (!all)
        u->extra = all = arena_array(a, AuthExtra, MAX_EXTRA);
    BUG_ON(u->n_extra == MAX_EXTRA);
    values[0] = arena_strdup(a, value);
    all[u->n_extra++] = (AuthExtra){arena_printf(a, USER_EXTRA "%s", name), values};
}

static void add_credential_id(AuthUser *u, Arena *a, const Value *claims)
{
    const char *jti = value_get_str(claims, "jti");

    if (jti)
        add_extra(u, a, "credential-id", arena_printf(a, "JTI=%s", jti));
}

/* *ret_place: where the account is; *ret_secret: where the Secret is that the token is bound to, -1
 * when it is bound to none. */
static int check_refs(const Look *l, const Value *k, const Ref *account, int *ret_place,
                      int *ret_secret)
{
    const Value *pod = value_get(k, "pod"), *secret = value_get(k, "secret"),
                *node = value_get(k, "node");
    int r = check_account(l, account, ret_place), ignored;
    Ref ref;

    *ret_secret = -1;
    if (r == 0 && secret) {
        ref = ref_of("secrets", account->ns, secret);
        r = check_bound(l, "secret", &ref, ret_secret);
    }
    if (r == 0 && pod) {
        ref = ref_of("pods", account->ns, pod);
        r = check_bound(l, "pod", &ref, &ignored);
    }
    if (r == 0 && node && !pod) /* of a pod's token it only tells where the pod was */
        r = check_node(l, node);
    return r;
}

/* Is an account that `p` has, with a token of `issuer`, a user of the cluster that was asked? */
static int admit_account(const Look *l, Cluster *issuer, const Place *p, const char *ns,
                         AuthUser *ret)
{
    Cluster *asked = l->places.asked;
    Place at = *p;
    bool is_its = true;
    int r = 0;

    if (at.whose == issuer && issuer != asked) /* a shared cluster's own word for its namespaces */
        at.whose = asked;
    if (at.cluster != at.whose)
        r = tenancy__owns(l->t, asked, &at, ns, l->a, &is_its, l->ret_need, l->err);
    if (r < 0 || !is_its)
        return r < 0 ? r : err_set(l->err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    if (at.whose == asked)
        return 0;
    if (issuer != asked) /* it went along with yet another tenant */
        return err_set(l->err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    ret->moved_to = at.whose;
    return 0;
}

static int service_account(Look *l, Cluster *issuer, Slice token, const Value *claims,
                           AuthUser *ret)
{
    const Value *k = value_get(claims, "kubernetes.io"), *pod = value_get(k, "pod"),
                *node = value_get(k, "node");
    const char *ns = value_get_str(k, "namespace");
    Ref account = ref_of("serviceaccounts", ns, value_get(k, "serviceaccount"));
    Arena *a = l->a;
    const char **groups = arena_array(a, const char *, 4);
    Err *err = l->err;
    int r, place = 0, secret;

    if (!ns || !account.name)
        return err_set(err, ERR_UNAUTHORIZED, UNEXPECTED);
    r = tenancy__places(l->t, l->places.asked, issuer, ns, a, &l->places, l->ret_need, err);
    if (r == 0)
        r = check_refs(l, k, &account, &place, &secret);
    if (r == 0)
        r = admit_account(l, issuer, &l->places.items[place], ns, ret);
    if (r == 0 && secret >= 0)
        r = tenancy__check_secret_token(l->t, l->places.items[secret].cluster, claims, token,
                                        l->now_us, a, l->ret_need, err);
    if (r < 0)
        return r;
    ret->name = arena_printf(a, "system:serviceaccount:%s:%s", ns, account.name);
    if (!str_eq(ret->name, value_get_str(claims, "sub")))
        return err_set(err, ERR_UNAUTHORIZED, UNEXPECTED);
    ret->uid = arena_strdup(a, account.uid);
    groups[0] = "system:serviceaccounts";
    groups[1] = arena_printf(a, "system:serviceaccounts:%s", ns);
    groups[2] = "system:authenticated";
    ret->groups = groups;
    add_credential_id(ret, a, claims);
    add_extra(ret, a, "pod-name", value_get_str(pod, "name"));
    add_extra(ret, a, "pod-uid", value_get_str(pod, "uid"));
    add_extra(ret, a, "node-name", value_get_str(node, "name"));
    add_extra(ret, a, "node-uid", value_get_str(node, "uid"));
    return 0;
}

static int person(const Value *claims, Arena *a, AuthUser *ret, Err *err)
{
    const Value *all = value_at(value_get(claims, "hostplane.io"), "groups"), *v;
    const char *sub = value_get_str(claims, "sub");
    const char **groups = arena_array(a, const char *, value_len(all) + 2);
    size_t n = 0;

    if (!sub || !*sub)
        return err_set(err, ERR_UNAUTHORIZED, UNEXPECTED);
    value_each_item(all, i, v) if (value_is(v, VALUE_STRING)) groups[n++] = arena_strdup(a, v->str);
    groups[n] = "system:authenticated";
    ret->name = arena_strdup(a, sub);
    ret->uid = "";
    ret->groups = groups;
    add_credential_id(ret, a, claims);
    return 0;
}

/* Which of the wanted audiences the token has; NULL when none. */
static const char *const *audiences_of(const Value *claims, const char *const *wanted, Arena *a)
{
    const char **found;
    size_t n = 0;

    while (wanted[n])
        n++;
    found = arena_array(a, const char *, n + 1);
    n = 0;
    for (size_t i = 0; wanted[i]; i++)
        if (token_has_audience(claims, wanted[i]))
            found[n++] = arena_strdup(a, wanted[i]);
    return n > 0 ? found : NULL;
}

/* ---- bootstrap tokens ---- */

static bool is_bootstrap(Slice s)
{
    if (s.len != 23 || s.ptr[6] != '.')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (i != 6 && !(s.ptr[i] >= 'a' && s.ptr[i] <= 'z') &&
            !(s.ptr[i] >= '0' && s.ptr[i] <= '9'))
            return false;
    return true;
}

static const char *secret_text(Arena *a, const Value *secret, const char *key)
{
    AUTO_BUF b = BUF_INIT;
    const char *s = value_get_str(value_get(secret, "data"), key);

    if (!s || !b64_decode(slice_of(s), &b))
        return "";
    return arena_strdup(a, buf_str(&b));
}

/* Takes as long wherever the texts differ. */
static bool same_secret(Slice a, Slice b)
{
    unsigned char diff = 0;

    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        diff |= (unsigned char)(a.ptr[i] ^ b.ptr[i]);
    return diff == 0;
}

static int bootstrap_groups(Arena *a, const char *extra, const char *const **ret, Err *err)
{
    Slice rest = slice_of(extra), one;
    const char **groups = arena_array(a, const char *, rest.len + 3);
    size_t n = 0;

    groups[n++] = "system:bootstrappers";
    while (rest.len > 0) {
        slice_cut(&rest, ',', &one);
        one = slice_trim(one);
        if (!slice_starts(one, "system:bootstrappers:"))
            return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
        groups[n++] = arena_strndup(a, one.ptr, one.len);
    }
    groups[n] = "system:authenticated";
    *ret = groups;
    return 0;
}

/* When its Secret was made, which nobody but the server says, it was issued. 0: not known. */
static int64_t created_s(const Value *secret)
{
    const char *text = value_at_str(secret, "metadata.creationTimestamp");
    int64_t us;

    return text && clock_from_rfc3339(slice_of(text), &us) ? us / 1000000 : 0;
}

static int bootstrap(Tenancy *t, Cluster *c, Slice token, int64_t now_us, Arena *a, AuthUser *ret,
                     const char **ret_need, Err *err)
{
    WIPING_IF(true);
    CLEANUP(obj_unref) Obj *o = NULL;
    const char *id = arena_strndup(a, token.ptr, 6);
    const Value *secret;
    const char *expiration;
    int64_t expires_us;
    int r = tenancy__get(t, c, "secrets", "kube-system", arena_printf(a, "bootstrap-token-%s", id),
                         &o, ret_need);

    if (r < 0)
        return err_set(err, ERR_UNAVAILABLE, "secrets are not loaded");
    if (!o || o->deleted_us)
        return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    arena_wipe(a);
    secret = obj_to_value(a, o, NULL, NULL);
    if (!str_eq(value_get_str(secret, "type"), "bootstrap.kubernetes.io/token") ||
        !str_eq(secret_text(a, secret, "token-id"), id) ||
        !same_secret(slice_of(secret_text(a, secret, "token-secret")),
                     (Slice){token.ptr + 7, 16}) ||
        !str_eq(secret_text(a, secret, "usage-bootstrap-authentication"), "true"))
        return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    expiration = secret_text(a, secret, "expiration");
    if (*expiration &&
        (!clock_from_rfc3339(slice_of(expiration), &expires_us) || expires_us <= now_us))
        return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    ret->name = arena_printf(a, "system:bootstrap:%s", id);
    ret->uid = "";
    r = bootstrap_groups(a, secret_text(a, secret, "auth-extra-groups"), &ret->groups, err);
    if (r < 0)
        return r;
    ret->issued_s = created_s(secret);
    r = tenancy_check_revoked(t, c, ret->name, ret->issued_s, ret_need, err);
    return r == -ERR_UNAUTHORIZED ? err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID) : r;
}

/* ---- taken back ---- */

int tenancy_check_revoked(Tenancy *t, Cluster *c, const char *user, int64_t issued_s,
                          const char **ret_need, Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;

    *ret_need = NULL;
    if (tenancy_terms(t, c, &terms, ret_need) < 0)
        return *ret_need ? err_set(err, ERR_UNAVAILABLE, "%s are not loaded", *ret_need) : 0;
    if (terms_revoked(terms, user, issued_s))
        return err_set(err, ERR_UNAUTHORIZED, "the credential was taken back");
    return 0;
}

static void on_loaded(int r UNUSED, const Err *err UNUSED, void *data UNUSED)
{
}

bool tenancy_still_holds(Tenancy *t, Cluster *c, const char *user, int64_t issued_s, uint64_t *seen)
{
    uint64_t epoch = atomic_load_explicit(&t->epoch, memory_order_acquire) + 1;
    const char *need = NULL;
    int r;

    if (*seen == epoch)
        return true;
    r = tenancy_check_revoked(t, c, user, issued_s, &need, NULL);
    if (r == -ERR_UNAVAILABLE && need) { /* it is asked again with what passes next */
        tenancy_load(t, c, need, on_loaded, NULL);
        return true;
    }
    if (r < 0) /* and so it stays, however often it is asked */
        return false;
    *seen = epoch;
    return true;
}

int tenancy_check_anonymous(Tenancy *t, Cluster *c, const char *path, const char **ret_need,
                            Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    bool is_let_in;

    *ret_need = NULL;
    if (tenancy_terms(t, c, &terms, ret_need) < 0)
        return *ret_need ? err_set(err, ERR_UNAVAILABLE, "%s are not loaded", *ret_need) : 0;
    is_let_in = !terms->refuses_anonymous && !terms->anonymous_paths;
    for (const char *const *p = terms->anonymous_paths; p && *p && !is_let_in; p++)
        is_let_in = !terms->refuses_anonymous && strcmp(*p, path) == 0;
    return is_let_in ? 0 : err_set(err, ERR_UNAUTHORIZED, "there is no credential");
}

void tenancy_load(Tenancy *t, Cluster *c, const char *need, StoreDoneFn done, void *data)
{
    CLEANUP(cluster_unref) Cluster *other = NULL;
    Slice rest, name;

    if (str_starts(need, "oidc/")) {
        tenancy__oidc_wait(c, need, done, data);
        return;
    }
    if (str_starts(need, "tenancy/") || str_starts(need, HOST_NEED))
        other = store_cluster(t->store, SLICE("host"));
    if (str_starts(need, HOST_NEED))
        need += strlen(HOST_NEED);
    if (str_starts(need, AT_NEED)) {
        rest = slice_of(need + strlen(AT_NEED));
        (void)slice_cut(&rest, ':', &name);
        other = store_cluster(t->store, name);
        need = rest.ptr;
    }
    store_load(t->store, other ? other : c, need, done, data);
}

/* ---- the front ---- */

static const char *const *own_audience(void)
{
    static const char *own[2];

    own[0] = identity_issuer();
    return own;
}

/* Bootstrap tokens and those of foreign issuers are for the API server and for nobody else,
 * whatever their own `aud` says; upstream wraps their authenticators the same way
 * (WrapAudienceAgnosticToken). */
static bool is_for_server(const char *const *audiences)
{
    return !audiences || str_among(identity_issuer(), audiences);
}

/* 1: it is not a foreign issuer's. */
static int foreign(Tenancy *t, Cluster *c, Slice token, const char *hash,
                   const char *const *audiences, Arena *a, AuthUser *ret, const char **ret_need,
                   Err *err)
{
    int r = is_for_server(audiences)
                ? tenancy__oidc(t, c, token, hash, clock_now_us(), a, ret, ret_need, err)
                : 1;

    if (r != 0)
        return r;
    ret->audiences = own_audience();
    return tenancy_check_revoked(t, c, ret->name, ret->issued_s, ret_need, err);
}

static int check_audiences(const Value *claims, const char *const *wanted, Arena *a, AuthUser *ret,
                           Err *err)
{
    AUTO_BUF has = BUF_INIT, asked = BUF_INIT;

    if (!wanted)
        wanted = own_audience();
    ret->audiences = audiences_of(claims, wanted, a);
    if (ret->audiences)
        return 0;
    token_print_audiences(claims, &has);
    gourl_quote_list(wanted, &asked);
    return err_set(err, ERR_UNAUTHORIZED,
                   "token audiences %s is invalid for the target audiences %s", buf_str(&has),
                   buf_str(&asked));
}

static int check_dates(const Value *claims, const char *what, int64_t now_s, Err *err)
{
    const Value *nbf = value_get(claims, "nbf");
    int64_t at;

    if (!value_to_int(value_get(claims, "exp"), &at) || at <= now_s)
        return err_set(err, ERR_UNAUTHORIZED, "%s token has expired", what);
    if (nbf && (!value_to_int(nbf, &at) || at > now_s + NBF_LEEWAY_S))
        return err_set(err, ERR_UNAUTHORIZED, "%s token is not valid yet", what);
    return 0;
}

/* Whom a token of our own, or of `issuer` for us, stands for. Order and words of what is wrong are
 * upstream's (pkg/serviceaccount/jwt.go, claims.go); it has no tokens of persons. */
static int own_token(Look *l, Cluster *issuer, Slice token, const Value *claims,
                     const char *const *audiences, AuthUser *ret)
{
    bool is_person = value_get(claims, "hostplane.io") && !value_get(claims, "kubernetes.io");
    const char *what = is_person ? "user" : "service account";
    Cluster *asked = l->places.asked;
    int r = 0;

    if (is_person && issuer != asked)
        return err_set(l->err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    r = check_audiences(claims, audiences, l->a, ret, l->err);
    if (r == 0)
        r = check_dates(claims, what, l->now_us / 1000000, l->err);
    if (r == 0)
        r = is_person ? person(claims, l->a, ret, l->err)
                      : service_account(l, issuer, token, claims, ret);
    if (r < 0)
        return r;
    (void)value_to_int(value_get(claims, "iat"), &ret->issued_s); /* it is there: we made it */
    r = tenancy_check_revoked(l->t, ret->moved_to ? ret->moved_to : asked, ret->name, ret->issued_s,
                              l->ret_need, l->err);
    return r == -ERR_UNAUTHORIZED
               ? err_set(l->err, ERR_UNAUTHORIZED, "%s token has been invalidated", what)
               : r;
}

static int verified_by(Tenancy *t, Cluster *c, Slice token, const char *hex, int64_t now_s,
                       Verified **ret, Err *err)
{
    char key[TENANCY_KEY_MAX];

    tenancy__key(c, hex, key);
    *ret = verified_find(t, key, now_s);
    return *ret ? 0 : verify(t, c, token, now_s, key, ret, err);
}

static int by_other_issuer(Look *l, Slice token, const char *hex, Cluster **ret_issuer,
                           Verified **ret)
{
    Cluster *other;
    Err ignored;
    int r = tenancy__other_issuer(l->t, l->places.asked, token, l->a, &other, l->ret_need, l->err);

    if (r < 0 || !other)
        return r < 0 ? r : -ERR_UNAUTHORIZED; /* *err is of the cluster's own key */
    *ret_issuer = other;
    return verified_by(l->t, other, token, hex, l->now_us / 1000000, ret, &ignored) < 0
               ? -ERR_UNAUTHORIZED
               : 0;
}

int tenancy_authenticate_token(Tenancy *t, Cluster *c, Slice token, const char *const *audiences,
                               Arena *a, AuthUser *ret, const char **ret_need, Err *err)
{
    char hex[2 * SHA256_LEN + 1], key[TENANCY_KEY_MAX];
    Look l = {t, {.asked = c}, clock_now_us(), a, ret_need, err};
    int64_t now_s = l.now_us / 1000000;
    Cluster *issuer = c;
    AuthUser u = {0};
    Verified *v;
    int r = cluster_check_key(c, err);

    if (r < 0)
        return r;
    if (is_bootstrap(token)) {
        if (!is_for_server(audiences))
            return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
        u.audiences = own_audience();
        r = bootstrap(t, c, token, l.now_us, a, &u, ret_need, err);
        if (r == 0)
            *ret = u;
        return r;
    }
    if (token.len > TOKEN_MAX_LEN)
        return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    v = verified_find(t, tenancy__key(c, sha256_hex(token, hex), key), now_s);
    if (!v) {
        r = foreign(t, c, token, hex, audiences, a, &u, ret_need, err);
        if (r == 0)
            *ret = u;
        if (r <= 0)
            return r;
        r = verify(t, c, token, now_s, key, &v, err);
    }
    if (r == -ERR_UNAUTHORIZED)
        r = by_other_issuer(&l, token, hex, &issuer, &v);
    if (r < 0)
        return r;
    r = own_token(&l, issuer, token, v->claims, audiences, &u);
    tenancy__verified_unref(v);
    if (r == 0)
        *ret = u;
    return r;
}

/* Of a user of the platform's: which node it is; NULL: none. */
static const char *node_of(const AuthUser *u)
{
    return str_starts(u->name, "system:node:") && str_among("system:nodes", u->groups)
               ? u->name + strlen("system:node:")
               : NULL;
}

static int check_by(const Identity *i, Arena *a, const Slice *chain, size_t n, AuthUser *ret,
                    Err *err)
{
    const char *const *groups = NULL;
    const char **all;
    size_t n_groups = 0;
    int r = identity_check_cert(i, a, chain, n, &ret->name, &groups, &ret->issued_s, err);

    if (r < 0)
        return r;
    while (groups[n_groups])
        n_groups++;
    all = arena_array(a, const char *, n_groups + 2);
    memcpy(all, groups, n_groups * sizeof(*all));
    all[n_groups] = "system:authenticated";
    ret->groups = all;
    ret->uid = "";
    return 0;
}

static int check_with(Tenancy *t, Cluster *c, Arena *a, const Slice *chain, size_t n, AuthUser *ret,
                      Err *err)
{
    CLEANUP(identity_close) Identity *i = NULL;
    int r = tenancy_identity(t, c, &i, err);

    return r < 0 ? r : check_by(i, a, chain, n, ret, err);
}

/* Nodes are the platform's: their certificates are good in every cluster. */
static bool is_of_node(Tenancy *t, Arena *a, const Slice *chain, size_t n, AuthUser *ret)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(t->store, SLICE("host"));

    return host && check_with(t, host, a, chain, n, ret, NULL) == 0 && node_of(ret);
}

int tenancy_authenticate_cert(Tenancy *t, Cluster *c, const Slice *chain, size_t n, Arena *a,
                              AuthUser *ret, Err *err)
{
    char hex[2 * SHA256_LEN + 1];
    AuthUser u = {0};
    bool is_host = str_eq(c->name, "host");
    int r = check_with(t, c, a, chain, n, &u, err);

    if (r == -ERR_UNAUTHORIZED && !is_host && n > 0) {
        if (!is_of_node(t, a, chain, n, &u))
            return r;
        is_host = true;
        r = 0;
    }
    if (r < 0)
        return r;
    if (is_host)
        u.node = node_of(&u);
    add_extra(&u, a, "credential-id", arena_printf(a, "X509SHA256=%s", sha256_hex(chain[0], hex)));
    *ret = u;
    return 0;
}

/* The public keys of a cluster, from when its key was there, or of its row; NULL: they are not
 * known. */
static Identity *public_of(Cluster *c)
{
    TenantSlot *s = tenancy__slot(c);
    AUTO_BUF text = BUF_INIT;
    Identity *i = NULL;

    pthread_mutex_lock(&s->lock);
    if (s->public_keys)
        buf_adds(&text, s->public_keys);
    pthread_mutex_unlock(&s->lock);
    if (text.len == 0 && !cluster_public(c, &text))
        return NULL;
    return identity_open_public(buf_slice(&text), c->name, &i, NULL) == 0 ? i : NULL;
}

static bool is_own_token(const Identity *i, Slice token, Arena *a, AuthUser *ret)
{
    Value *claims = NULL;

    if (identity_check_token(i, a, token, &claims, NULL) < 0 ||
        check_dates(claims, "", clock_now_s(), NULL) < 0)
        return false;
    ret->name = value_get_str(claims, "sub");
    (void)value_to_int(value_get(claims, "iat"), &ret->issued_s); /* it is there: we made it */
    return ret->name != NULL;
}

int tenancy_recognize(Tenancy *t, Cluster *c, Slice token, const Slice *chain, size_t n, Arena *a,
                      const char **ret_need, Err *err)
{
    CLEANUP(identity_close) Identity *i = public_of(c);
    char hex[2 * SHA256_LEN + 1];
    AuthUser u = {0};
    int r = -ERR_UNAUTHORIZED;

    *ret_need = NULL;
    if (n > 0 && is_of_node(t, a, chain, n, &u))
        return 0;
    if (i && ((n > 0 && check_by(i, a, chain, n, &u, NULL) == 0) ||
              (token.len > 0 && is_own_token(i, token, a, &u))))
        return tenancy_check_revoked(t, c, u.name, u.issued_s, ret_need, err);
    if (token.len > 0 && token.len <= TOKEN_MAX_LEN)
        r = foreign(t, c, token, sha256_hex(token, hex), NULL, a, &u, ret_need, err);
    return r == 0 || r == -ERR_UNAVAILABLE
               ? r
               : err_set(err, ERR_UNAUTHORIZED, "it is no credential of the cluster");
}

Slice tenancy_token_cluster(Arena *a, Slice token)
{
    Slice kid, name;
    Token parsed;

    if (token.len > TOKEN_MAX_LEN || token_parse(a, token, &parsed, NULL) < 0 ||
        !str_eq(value_get_str(parsed.claims, "iss"), identity_issuer()))
        return SLICE("");
    kid = slice_of(parsed.kid);
    return slice_cut(&kid, '/', &name) ? name : SLICE("");
}

/* ---- making tokens ---- */

static Value *claims_new(Arena *a, const char *sub, const char *const *audiences,
                         int64_t lifetime_s, int64_t now_s)
{
    char jti[UUID_TEXT_MAX];
    Value *v = value_object(a), *aud = value_array(a);

    for (size_t i = 0; audiences && audiences[i]; i++)
        value_append(a, aud, value_str(a, audiences[i]));
    if (value_len(aud) == 0)
        value_append(a, aud, value_str(a, identity_issuer()));
    value_set(a, v, "aud", aud);
    value_set_int(a, v, "exp", now_s + lifetime_s);
    value_set_int(a, v, "iat", now_s);
    value_set_str(a, v, "iss", identity_issuer());
    value_set_str(a, v, "jti", random_uuid(jti));
    value_set_int(a, v, "nbf", now_s);
    value_set_str(a, v, "sub", sub);
    return v;
}

static Value *named(Arena *a, const char *name, const char *uid)
{
    Value *v = value_object(a);

    value_set_str(a, v, "name", name);
    value_set_str(a, v, "uid", uid);
    return v;
}

static int sign(Tenancy *t, Cluster *c, Arena *a, const Value *claims, const char **ret, Err *err)
{
    CLEANUP(identity_close) Identity *i = NULL;
    int r = tenancy_identity(t, c, &i, err);

    return r < 0 ? r : identity_sign_token(i, a, claims, ret, err);
}

int tenancy_sign_sa_token(Tenancy *t, Cluster *c, const SaToken *o, int64_t now_s, Arena *a,
                          const char **ret_token, Err *err)
{
    Value *v = claims_new(a, arena_printf(a, "system:serviceaccount:%s:%s", o->ns, o->name),
                          o->audiences, o->lifetime_s, now_s);
    Value *k = value_object(a);

    value_set(a, v, "kubernetes.io", k);
    value_set_str(a, k, "namespace", o->ns);
    value_set(a, k, "serviceaccount", named(a, o->name, o->uid));
    if (o->bound_kind)
        value_set(a, k,
                  str_eq(o->bound_kind, "Pod")      ? "pod"
                  : str_eq(o->bound_kind, "Secret") ? "secret"
                                                    : "node",
                  named(a, o->bound_name, o->bound_uid));
    if (o->node_name && !value_get(k, "node"))
        value_set(a, k, "node", named(a, o->node_name, o->node_uid ? o->node_uid : ""));
    return sign(t, c, a, v, ret_token, err);
}

int tenancy_sign_user_token(Tenancy *t, Cluster *c, const char *user, const char *const *groups,
                            int64_t lifetime_s, int64_t now_s, Arena *a, const char **ret_token,
                            Err *err)
{
    Value *v = claims_new(a, user, NULL, lifetime_s, now_s);
    Value *h = value_object(a), *all = value_array(a);

    for (size_t i = 0; groups && groups[i]; i++)
        value_append(a, all, value_str(a, groups[i]));
    value_set(a, h, "groups", all);
    value_set(a, v, "hostplane.io", h);
    return sign(t, c, a, v, ret_token, err);
}
