/*
 * secrettoken.c - the token that a Secret of type kubernetes.io/service-account-token is there for:
 * the one in its data. It is good for as long as it is that, so that whoever changes the Secret
 * takes it back, and until a label says that it is invalid. The day of its last use is noted on the
 * Secret by whoever asked to hear of it.
 *
 * Follows upstream pkg/serviceaccount/legacy.go. Such tokens are made by controllers/satoken.c,
 * with the longest lifetime that there is; a token of another lifetime that is bound to such a
 * Secret is as any bound one.
 */
#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "tenancy/tenancy_int.h"

#define LAST_USED     "kubernetes.io/legacy-token-last-used"
#define INVALID_SINCE "kubernetes.io/legacy-token-invalid-since"

static const int64_t own_lifetime_s = (int64_t)1 << 32;

void tenancy_on_token_use(Tenancy *t, TenancyTokenUseFn fn, void *data)
{
    pthread_mutex_lock(&t->use_lock);
    t->on_use = fn;
    t->use_data = data;
    pthread_mutex_unlock(&t->use_lock);
}

static bool is_own(const Value *claims, const Obj *secret, Arena *a)
{
    int64_t from, to;
    const char *type;

    return value_to_int(value_get(claims, "iat"), &from) &&
           value_to_int(value_get(claims, "exp"), &to) && to - from >= own_lifetime_s &&
           obj_scan_str(secret, "type", a, &type) &&
           str_eq(type, "kubernetes.io/service-account-token");
}

static bool is_in(const Obj *secret, Slice token, Arena *a)
{
    AUTO_BUF out = BUF_INIT;
    const char *copy;

    b64_encode(token, &out);
    return obj_scan_str(secret, "data.token", a, &copy) && str_eq(copy, buf_str(&out));
}

/* Another server's day may have begun already. */
static void note_use(Tenancy *t, const Cluster *c, const Obj *secret, int64_t now_us)
{
    const char *said = obj_label(secret, LAST_USED);
    char today[CLOCK_DATE_MAX], tomorrow[CLOCK_DATE_MAX];

    if (str_eq(said, clock_to_date(now_us, today)) ||
        str_eq(said, clock_to_date(now_us + CLOCK_DAY_US, tomorrow)))
        return;
    pthread_mutex_lock(&t->use_lock);
    if (t->on_use) /* it only enqueues */
        t->on_use(c->name, secret->ns, secret->name, t->use_data);
    pthread_mutex_unlock(&t->use_lock);
}

int tenancy__check_secret_token(Tenancy *t, Cluster *c, const Value *claims, Slice token,
                                int64_t now_us, Arena *a, const char **ret_need, Err *err)
{
    const Value *k = value_get(claims, "kubernetes.io"), *ref = value_get(k, "secret");
    const char *ns = value_get_str(k, "namespace"), *name = value_get_str(ref, "name"), *since;
    CLEANUP(obj_unref) Obj *secret = NULL;
    int r;

    if (!ref)
        return 0;
    r = tenancy__get(t, c, "secrets", ns, name, &secret, ret_need);
    if (r < 0)
        return err_set(err, ERR_UNAVAILABLE, "secrets are not loaded");
    if (!secret || !is_own(claims, secret, a))
        return 0; /* whether it is there at all was looked at before */
    if (secret->deleted_us)
        return err_set(err, ERR_UNAUTHORIZED, "service account token has been invalidated");
    if (!is_in(secret, token, a))
        return err_set(err, ERR_UNAUTHORIZED, "service account token does not match server's copy");
    note_use(t, c, secret, now_us);
    since = obj_label(secret, INVALID_SINCE);
    if (since && since[0])
        return err_set(err, ERR_UNAUTHORIZED,
                       "the token in secret %s/%s for service account %s/%s has been marked "
                       "invalid. Use tokens from the TokenRequest API or manually created "
                       "secret-based tokens, or remove the '" INVALID_SINCE
                       "' label from the secret to temporarily allow use of this token",
                       ns, name, ns, value_at_str(k, "serviceaccount.name"));
    return 0;
}
