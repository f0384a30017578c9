#include "api/jwtauth.h"
#include "base/err.h"
#include "base/gourl.h"
#include "base/token.h"

enum {
    LEEWAY_S = 300,    /* of nbf and iat; go-oidc's of nbf */
    MAX_GROUPS = 2000, /* of one token */
    MAX_NAME = 1024,
    GO_TIME_MAX = 48,
};

/* ---- dates and audience ---- */

static bool number_of(const Value *claims, const char *name, bool *ret_is_there, int64_t *ret)
{
    const Value *v = value_get(claims, name);
    double d;

    *ret_is_there = v && !value_is(v, VALUE_NULL);
    if (!*ret_is_there)
        return true;
    if (!value_is(v, VALUE_NUMBER) || !value_to_double(v, &d) || d < 0 || d > 1e15)
        return false;
    *ret = (int64_t)d;
    return true;
}

static bool has_text(const Value *v, const char *s)
{
    return value_is(v, VALUE_STRING) && v->n == strlen(s) && memcmp(v->str, s, v->n) == 0;
}

/* Google's tokens may leave out the scheme; see go-oidc. */
static bool is_of(const Value *iss, const char *issuer)
{
    return has_text(iss, issuer) || (strcmp(issuer, "https://accounts.google.com") == 0 &&
                                     has_text(iss, "accounts.google.com"));
}

static bool is_meant(const JwtAuth *j, const Value *claims)
{
    const Value *aud = value_get(claims, "aud"), *v;

    for (const char *const *w = j->audiences; *w; w++) {
        if (has_text(aud, *w))
            return true;
        value_each_item(aud, i, v) if (has_text(v, *w)) return true;
    }
    return false;
}

/* As Go prints a time.Time where the clock is set to UTC; without a time it is that of year 1. */
static const char *go_time(int64_t s, bool is_set, char out[GO_TIME_MAX])
{
    time_t t = (time_t)s;
    struct tm tm;

    if (!is_set || !gmtime_r(&t, &tm) ||
        strftime(out, GO_TIME_MAX, "%Y-%m-%d %H:%M:%S +0000 UTC", &tm) == 0)
        snprintf(out, GO_TIME_MAX, "0001-01-01 00:00:00 +0000 UTC");
    return out;
}

int jwtauth_check_dates(const JwtAuth *j, const Value *claims, int64_t now_s, Err *err)
{
    int64_t exp = 0, nbf = 0, iat = 0;
    bool has_exp, has_nbf, has_iat;
    char now[GO_TIME_MAX], at[GO_TIME_MAX];

    if (!is_of(value_get(claims, "iss"), j->issuer))
        return err_set(err, ERR_UNAUTHORIZED,
                       "oidc: verify token: oidc: id token issued by a different provider");
    if (!number_of(claims, "exp", &has_exp, &exp) || !number_of(claims, "nbf", &has_nbf, &nbf) ||
        !number_of(claims, "iat", &has_iat, &iat))
        return err_set(
            err, ERR_UNAUTHORIZED,
            "oidc: verify token: oidc: failed to unmarshal claims: a date is not a number");
    if (!has_exp || exp <= now_s)
        return err_set(err, ERR_UNAUTHORIZED,
                       "oidc: verify token: oidc: token is expired (Token Expiry: %s)",
                       go_time(exp, has_exp, at));
    if (has_nbf && nbf > now_s + LEEWAY_S)
        return err_set(err, ERR_UNAUTHORIZED,
                       "oidc: verify token: oidc: current time %s before the nbf (not before) "
                       "time: %s",
                       go_time(now_s, true, now), go_time(nbf, true, at));
    if (has_iat && iat > now_s + LEEWAY_S)
        return err_set(err, ERR_UNAUTHORIZED, "oidc: verify token: the token is from the future");
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int jwtauth_check_audience(const JwtAuth *j, const Value *claims, Err *err)
{
    CLEANUP(arena_free) Arena *a = NULL;
    AUTO_BUF wanted = BUF_INIT, has = BUF_INIT;
    const char **sorted;
    size_t n = 0;

    if (is_meant(j, claims))
        return 0;
    a = arena_new();
    while (j->audiences[n])
        n++;
    sorted = arena_array(a, const char *, n + 1);
    memcpy(sorted, j->audiences, (n + 1) * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_text);
    gourl_quote_list(sorted, &wanted);
    token_print_audiences(claims, &has);
    return err_set(err, ERR_UNAUTHORIZED,
                   "oidc: verify token: oidc: expected audience in %s got %s", buf_str(&wanted),
                   buf_str(&has));
}

/* ---- claims and expressions ---- */

/* What an evaluation has left; all of one token share it. */
typedef struct Budget {
    uint64_t left;
} Budget;

static int evaluate(const CelProgram *p, const char *text, CelVal var, Arena *a, Budget *b,
                    Value **ret, Err *err)
{
    CelResult r = {0};

    if (!cel_eval(p, &var, a, MIN(b->left, (uint64_t)CEL_CALL_COST_LIMIT), &r))
        return err_set(err, ERR_UNAUTHORIZED, "expression '%s' resulted in error: %s", text,
                       r.error);
    b->left -= MIN(b->left, r.cost);
    *ret = cel_val_to_json(a, r.value);
    return *ret ? 0 : err_set(err, ERR_UNAUTHORIZED, "the expression's value has no form");
}

/* encoding/json of Go, of a value that does not fit. */
static int cannot_read(const Value *v, const char *type, Err *err)
{
    return err_set(err, ERR_UNAUTHORIZED, "json: cannot unmarshal %s into Go value of type %s",
                   value_json_name(v), type);
}

static int text_of(const Value *v, Arena *a, const char **ret, Err *err)
{
    if (!value_is(v, VALUE_STRING))
        return cannot_read(v, "string", err);
    if (v->n > MAX_NAME || strlen(v->str) != v->n)
        return err_set(err, ERR_UNAUTHORIZED, "the claim is too long or holds a zero byte");
    *ret = arena_strdup(a, v->str);
    return 0;
}

static int claim_text(const Value *claims, const char *name, Arena *a, const char **ret, Err *err)
{
    const Value *v = value_get(claims, name);

    if (!v)
        return err_set(err, ERR_UNAUTHORIZED, "claim not present");
    return text_of(v, a, ret, err);
}

/* A string or a list of them; empty ones and null are none. `what` says whose. */
static int list_of(const Value *v, const char *prefix, bool keeps_empty, Arena *a,
                   const char *const **ret, Err *err)
{
    bool is_one = value_is(v, VALUE_STRING);
    uint32_t n = is_one ? 1 : value_len(v), k = 0;
    const char **all;

    if (v && !is_one && !value_is(v, VALUE_ARRAY) && !value_is(v, VALUE_NULL))
        return err_set(err, ERR_UNAUTHORIZED,
                       "expression must return a string or a list of strings");
    if (n > MAX_GROUPS)
        return err_set(err, ERR_UNAUTHORIZED, "more than %d values", MAX_GROUPS);
    all = arena_array(a, const char *, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const char *s = NULL;

        if (text_of(is_one ? v : value_item(v, i), a, &s, err) < 0)
            return err_set(err, ERR_UNAUTHORIZED,
                           "expression must return a string or a list of strings");
        if (s[0] || keeps_empty)
            all[k++] = prefix[0] ? arena_printf(a, "%s%s", prefix, s) : s;
    }
    all[k] = NULL;
    *ret = all;
    return 0;
}

/* ---- the user ---- */

static int check_email(const Value *claims, Err *err)
{
    const Value *verified = value_get(claims, "email_verified");

    if (verified && !value_is(verified, VALUE_BOOL))
        return err_wrap(err, cannot_read(verified, "bool", err),
                        "oidc: parse 'email_verified' claim");
    if (verified && !verified->boolean)
        return err_set(err, ERR_UNAUTHORIZED, "oidc: email not verified");
    return 0;
}

static int map_name(const JwtAuth *j, const Value *claims, Arena *a, Budget *b, JwtUser *u,
                    Err *err)
{
    const JwtMapping *m = &j->username;
    Value *v = NULL;
    int r;

    if (m->program) {
        r = evaluate(m->program, m->text, cel_val_json(j->claims_type, claims), a, b, &v, err);
        if (r == 0 && text_of(v, a, &u->name, err) < 0)
            r = err_set(err, ERR_UNAUTHORIZED, "username claim expression must return a string");
        if (r < 0)
            return err_wrap(err, r, "oidc: error evaluating username claim expression");
        return u->name[0] ? 0
                          : err_set(err, ERR_UNAUTHORIZED,
                                    "oidc: empty username via CEL expression is not allowed");
    }
    r = claim_text(claims, m->claim, a, &u->name, err);
    if (r < 0)
        return err_wrap(err, r, "oidc: parse username claims \"%s\"", m->claim);
    if (!u->name[0])
        return err_set(err, ERR_UNAUTHORIZED, "oidc: username claim \"%s\" is empty", m->claim);
    if (m->prefix[0])
        u->name = arena_printf(a, "%s%s", m->prefix, u->name);
    return strcmp(m->claim, "email") == 0 ? check_email(claims, err) : 0;
}

static int map_groups(const JwtAuth *j, const Value *claims, Arena *a, Budget *b, JwtUser *u,
                      Err *err)
{
    const JwtMapping *m = &j->groups;
    Value *v = NULL;
    int r;

    if (m->program) {
        r = evaluate(m->program, m->text, cel_val_json(j->claims_type, claims), a, b, &v, err);
        if (r == 0)
            r = list_of(v, "", false, a, &u->groups, err);
        return r < 0 ? err_wrap(err, r, "oidc: error evaluating group claim expression") : 0;
    }
    if (!m->claim)
        return list_of(NULL, "", false, a, &u->groups, err);
    v = value_get(claims, m->claim);
    r = list_of(v, m->prefix, true, a, &u->groups, err);
    if (r < 0) /* Go tries a list first, then a string, and tells of that */
        r = cannot_read(v, "string", err);
    return r < 0 ? err_wrap(err, r, "oidc: parse groups claim \"%s\"", m->claim) : 0;
}

static int map_uid(const JwtAuth *j, const Value *claims, Arena *a, Budget *b, JwtUser *u, Err *err)
{
    const JwtMapping *m = &j->uid;
    Value *v = NULL;
    int r = 0;

    u->uid = "";
    if (m->program) {
        r = evaluate(m->program, m->text, cel_val_json(j->claims_type, claims), a, b, &v, err);
        if (r == 0 && text_of(v, a, &u->uid, err) < 0)
            r = err_set(err, ERR_UNAUTHORIZED, "uid claim expression must return a string");
        return r < 0 ? err_wrap(err, r, "oidc: error evaluating uid claim expression") : 0;
    }
    if (m->claim)
        r = claim_text(claims, m->claim, a, &u->uid, err);
    return r < 0 ? err_wrap(err, r, "oidc: parse uid claim \"%s\"", m->claim) : 0;
}

static int map_extra(const JwtAuth *j, const Value *claims, Arena *a, Budget *b, JwtUser *u,
                     Err *err)
{
    JwtUserExtra *all = arena_array(a, JwtUserExtra, j->n_extra + 1);

    u->extra = all;
    for (uint32_t i = 0; i < j->n_extra; i++) {
        const JwtExtra *x = &j->extra[i];
        const char *const *values = NULL;
        Value *v = NULL;
        int r = evaluate(x->program, x->text, cel_val_json(j->claims_type, claims), a, b, &v, err);

        if (r == 0)
            r = list_of(v, "", false, a, &values, err);
        if (r < 0)
            return err_wrap(err, r, "oidc: error evaluating extra claim expression: %s", x->text);
        if (values[0])
            all[u->n_extra++] = (JwtUserExtra){x->key, values};
    }
    return 0;
}

/* ---- rules ---- */

static int check_required(const JwtRule *r, const Value *claims, Err *err)
{
    const Value *v = value_get(claims, r->claim);

    if (!v)
        return err_set(err, ERR_UNAUTHORIZED, "oidc: required claim %s not present in ID token",
                       r->claim);
    if (!value_is(v, VALUE_STRING))
        return err_wrap(err, cannot_read(v, "string", err), "oidc: parse claim %s", r->claim);
    if (!has_text(v, r->required))
        return err_set(err, ERR_UNAUTHORIZED,
                       "oidc: required claim %s value does not match. Got = %s, want = %s",
                       r->claim, v->str, r->required);
    return 0;
}

static int check_rules(const JwtRule *rules, uint32_t n, CelVal var, const char *what, Arena *a,
                       Budget *b, Err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        Value *v = NULL;
        int r;

        if (!rules[i].program)
            continue;
        r = evaluate(rules[i].program, rules[i].text, var, a, b, &v, err);
        if (r == 0 && !value_is(v, VALUE_BOOL))
            r = err_set(err, ERR_UNAUTHORIZED, "validation expression must return a boolean");
        if (r == 0 && !v->boolean)
            r = err_set(err, ERR_UNAUTHORIZED, "validation expression '%s' failed: %s",
                        rules[i].text, rules[i].message);
        if (r < 0)
            return err_wrap(err, r, "oidc: error evaluating %s", what);
    }
    return 0;
}

static Value *strings(Arena *a, const char *const *list)
{
    Value *v = value_array(a);

    for (; *list; list++)
        value_append(a, v, value_str(a, *list));
    return v;
}

static Value *info_of(Arena *a, const JwtUser *u)
{
    Value *v = value_object(a), *extra = value_object(a);

    value_set_str(a, v, "username", u->name);
    if (u->uid[0])
        value_set_str(a, v, "uid", u->uid);
    if (u->groups[0])
        value_set(a, v, "groups", strings(a, u->groups));
    for (uint32_t i = 0; i < u->n_extra; i++)
        value_set(a, extra, u->extra[i].key, strings(a, u->extra[i].values));
    if (u->n_extra > 0)
        value_set(a, v, "extra", extra);
    return v;
}

/* What the API server itself hands out is not a foreign issuer's to give. */
static int check_reserved(const JwtUser *u, Err *err)
{
    if (!u->name[0])
        return err_set(err, ERR_UNAUTHORIZED, "oidc: the token names no user");
    if (str_starts(u->name, "system:"))
        return err_set(err, ERR_UNAUTHORIZED,
                       "oidc: a username cannot use the reserved prefix system:");
    for (const char *const *g = u->groups; *g; g++)
        if (str_starts(*g, "system:"))
            return err_set(err, ERR_UNAUTHORIZED, "oidc: a group has the reserved prefix system:");
    return 0;
}

int jwtauth_user(const JwtAuth *j, const Value *claims, Arena *a, JwtUser *ret, Err *err)
{
    CelVal var = cel_val_json(j->claims_type, claims);
    Budget b = {.left = CEL_BUDGET};
    JwtUser u = {0};
    int r = map_name(j, claims, a, &b, &u, err);

    if (r == 0)
        r = map_groups(j, claims, a, &b, &u, err);
    if (r == 0)
        r = map_uid(j, claims, a, &b, &u, err);
    if (r == 0)
        r = map_extra(j, claims, a, &b, &u, err);
    for (uint32_t i = 0; r == 0 && i < j->n_claim_rules; i++)
        if (j->claim_rules[i].claim)
            r = check_required(&j->claim_rules[i], claims, err);
    if (r == 0)
        r = check_rules(j->claim_rules, j->n_claim_rules, var, "claim validation expression", a, &b,
                        err);
    if (r == 0 && j->n_user_rules > 0)
        r = check_rules(j->user_rules, j->n_user_rules, cel_val_json(j->user_type, info_of(a, &u)),
                        "user info validation rule", a, &b, err);
    if (r == 0)
        r = check_reserved(&u, err);
    if (r == 0)
        *ret = u;
    return r;
}
