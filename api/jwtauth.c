#include "api/jwtauth.h"

#include "api/formats.h"
#include "api/validate_int.h"
#include "base/err.h"
#include "base/gourl.h"
#include "base/pki.h"

#include <ctype.h>
#include <strings.h>

#define WELL_KNOWN "/.well-known/openid-configuration"

typedef struct Compiler {
    FieldErrs *e;
    Arena *a;
    CelEnv *claims_env, *user_env;
    const CelType *claims_type, *user_type;
    bool uses_email, uses_verified; /* in this entry, as upstream counts them */
} Compiler;

typedef enum Answer { ANSWER_ANY, ANSWER_BOOL } Answer;

static CelEnv *env_of(Arena *a, const char *variable, const CelType *type)
{
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);

    cel_env_set_formats(env, format_report);
    (void)cel_env_declare(env, variable, type);
    return env;
}

static Compiler compiler_of(FieldErrs *e)
{
    Arena *a = e->arena;
    const CelType *strings = cel_type_list(a, &cel_string);
    const CelField user[] = {
        {.name = "username", .json = "username", .type = &cel_string},
        {.name = "uid", .json = "uid", .type = &cel_string},
        {.name = "groups", .json = "groups", .type = strings},
        {.name = "extra", .json = "extra", .type = cel_type_map(a, &cel_string, strings)},
    };
    CelType *claims = cel_type_map(a, &cel_string, &cel_dyn);
    Compiler c = {.e = e, .a = a};

    claims->has_escapes = true; /* as upstream's lazy map has it, for selectors and indexes */
    c.claims_type = claims;
    c.user_type = cel_type_object(a, "kubernetes.UserInfo", user, ARRAY_LEN(user));
    c.claims_env = env_of(a, "claims", c.claims_type);
    c.user_env = env_of(a, "user", c.user_type);
    return c;
}

static const char *below(const Compiler *c, const char *path, const char *name)
{
    return arena_printf(c->a, "%s.%s", path, name);
}

static const char *item(const Compiler *c, const char *path, uint32_t i)
{
    return arena_printf(c->a, "%s[%u]", path, i);
}

static void invalid(const Compiler *c, const char *path, const char *value, const char *why)
{
    field_err(c->e, FIELD_ERR_INVALID, path, value_str(c->a, value), "%s", why);
}

static void required(const Compiler *c, const char *path, const char *why)
{
    field_err(c->e, FIELD_ERR_REQUIRED, path, NULL, "%s", why ? why : "");
}

static void twice(const Compiler *c, const char *path, const char *value)
{
    field_err(c->e, FIELD_ERR_DUPLICATE, path, value_str(c->a, value), "%s", "");
}

static bool is_in(const char *const *list, uint32_t n, const char *s)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(list[i], s) == 0)
            return true;
    return false;
}

/* NULL after a mistake. */
static const CelProgram *compile(const Compiler *c, const CelEnv *env, const char *path,
                                 const char *text, Answer answer)
{
    CelProgram *p = NULL;
    const char *wrong = cel_compile(env, slice_of(text), c->a, &p);

    if (wrong) {
        invalid(c, path, text, arena_printf(c->a, "compilation failed: %s", wrong));
        return NULL;
    }
    if (answer == ANSWER_BOOL && cel_program_type(p)->kind != CEL_BOOL) {
        invalid(c, path, text, "must evaluate to bool");
        return NULL;
    }
    return p;
}

static void note_verified(Compiler *c, const CelProgram *p)
{
    if (p && cel_program_selects(p, "claims", "email_verified"))
        c->uses_verified = true;
}

/* ---- issuer ---- */

static void check_url(const Compiler *c, const char *path, const char *url)
{
    AUTO_BUF wrong = BUF_INIT;
    GoUrl u;

    if (!gourl_parse(slice_of(url), GOURL_ANY, &u, &wrong)) {
        invalid(c, path, url, arena_strdup(c->a, buf_str(&wrong)));
        return;
    }
    if (u.scheme.len != 5 || strncasecmp(u.scheme.ptr, "https", 5) != 0)
        invalid(c, path, url, "URL scheme must be https");
    else if (u.host.len == 0)
        invalid(c, path, url, "URL must have a host"); /* our own: nothing could be asked there */
    if (u.has_user)
        invalid(c, path, url, "URL must not contain a username or password");
    if (u.query.len > 0)
        invalid(c, path, url, "URL must not contain a query");
    if (u.fragment.len > 0)
        invalid(c, path, url, "URL must not contain a fragment");
}

static size_t without_slashes(const char *s)
{
    size_t n = strlen(s);

    while (n > 0 && s[n - 1] == '/')
        n--;
    return n;
}

static bool same_but_slashes(const char *a, const char *b)
{
    size_t n = without_slashes(a);

    return n == without_slashes(b) && strncmp(a, b, n) == 0;
}

static void check_audiences(const Compiler *c, const char *path, const Value *issuer, JwtAuth *ret)
{
    const Value *list = value_get(issuer, "audiences"), *v;
    const char **all = arena_array(c->a, const char *, value_len(list) + 1);
    const char *policy = str_of(issuer, "audienceMatchPolicy"), *at = below(c, path, "audiences");
    const char *policy_at = below(c, path, "audienceMatchPolicy");
    uint32_t n = 0;

    ret->audiences = all;
    if (value_len(list) == 0) {
        required(c, at, arena_printf(c->a, "at least one %s is required", at));
        return;
    }
    value_each_item(list, i, v)
    {
        const char *s = value_to_cstr(v) ? value_to_cstr(v) : "";

        if (!s[0])
            required(c, item(c, at, i), NULL);
        if (is_in(all, n, s))
            twice(c, item(c, at, i), s);
        all[n++] = s;
    }
    if (n > 1 && strcmp(policy, "MatchAny") != 0)
        invalid(c, policy_at, policy,
                "audienceMatchPolicy must be MatchAny for multiple audiences");
    if (n == 1 && policy[0] && strcmp(policy, "MatchAny") != 0)
        invalid(c, policy_at, policy,
                "audienceMatchPolicy must be empty or MatchAny for single audience");
}

static void check_ca(const Compiler *c, const char *path, const char *pem, JwtAuth *ret)
{
    CLEANUP(pki_cert_free) PkiCert *cert = NULL;

    if (!pem[0])
        return;
    if (!strstr(pem, "-----BEGIN CERTIFICATE-----") ||
        pki_cert_from_pem(slice_of(pem), &cert, NULL) < 0)
        invalid(c, path, "<omitted>", "data does not contain any valid RSA or ECDSA certificates");
    ret->ca_pem = pem;
}

static void check_issuer(const Compiler *c, const char *path, const Value *issuer, JwtAuth *ret)
{
    const char *url = str_of(issuer, "url"), *discovery = str_of(issuer, "discoveryURL");
    const char *at = below(c, path, "url");

    ret->issuer = url;
    ret->discovery_url = discovery[0]
                             ? discovery
                             : arena_printf(c->a, "%.*s%s", (int)(strlen(url) - str_ends(url, "/")),
                                            url, WELL_KNOWN);
    if (!url[0])
        required(c, at, NULL);
    else {
        if (strcmp(url, SERVICE_ACCOUNT_ISSUER) == 0)
            invalid(c, at, url,
                    "URL must not overlap with disallowed issuers: [" SERVICE_ACCOUNT_ISSUER "]");
        check_url(c, at, url);
    }
    at = below(c, path, "discoveryURL");
    if (discovery[0]) {
        if (url[0] && same_but_slashes(url, discovery))
            invalid(c, at, discovery, "discoveryURL must be different from URL");
        check_url(c, at, discovery);
    }
    check_audiences(c, path, issuer, ret);
    check_ca(c, below(c, path, "certificateAuthority"), str_of(issuer, "certificateAuthority"),
             ret);
}

/* ---- rules ---- */

static void check_claim_rule(Compiler *c, const char *at, const Value *v, JwtRule *ret)
{
    const char *claim = str_of(v, "claim"), *text = str_of(v, "expression");

    if (claim[0] && text[0])
        invalid(c, at, claim, "claim and expression can't both be set");
    else if (!claim[0] && !text[0])
        required(c, at, "claim or expression is required");
    else if (claim[0]) {
        if (str_of(v, "message")[0])
            invalid(c, below(c, at, "message"), str_of(v, "message"),
                    "may not be specified when claim is set");
        *ret = (JwtRule){.claim = claim, .required = str_of(v, "requiredValue")};
    } else {
        if (str_of(v, "requiredValue")[0])
            invalid(c, below(c, at, "requiredValue"), str_of(v, "requiredValue"),
                    "may not be specified when expression is set");
        *ret = (JwtRule){.text = text, .message = str_of(v, "message")};
    }
}

static void check_claim_rules(Compiler *c, const char *path, const Value *list, JwtAuth *ret)
{
    JwtRule *rules = arena_array(c->a, JwtRule, value_len(list) + 1);
    const Value *v;

    ret->claim_rules = rules;
    value_each_item(list, i, v)
    {
        const char *at = item(c, path, i);
        JwtRule *r = &rules[ret->n_claim_rules];
        bool is_known = false;

        check_claim_rule(c, at, v, r);
        for (const JwtRule *o = rules; o < r; o++)
            is_known = is_known || (r->claim && str_eq(o->claim, r->claim)) ||
                       (r->text && str_eq(o->text, r->text));
        if (is_known)
            twice(c, below(c, at, r->claim ? "claim" : "expression"),
                  r->claim ? r->claim : r->text);
        if (!r->claim && (!r->text || is_known))
            continue;
        if (r->text) {
            r->program =
                compile(c, c->claims_env, below(c, at, "expression"), r->text, ANSWER_BOOL);
            note_verified(c, r->program);
        }
        ret->n_claim_rules++;
    }
}

static void check_user_rules(Compiler *c, const char *path, const Value *list, JwtAuth *ret)
{
    JwtRule *rules = arena_array(c->a, JwtRule, value_len(list) + 1);
    const Value *v;

    ret->user_rules = rules;
    value_each_item(list, i, v)
    {
        const char *at = below(c, item(c, path, i), "expression"), *text = str_of(v, "expression");
        JwtRule *r = &rules[ret->n_user_rules];
        bool is_known = false;

        for (const JwtRule *o = rules; o < r; o++)
            is_known = is_known || strcmp(o->text, text) == 0;
        if (!text[0])
            required(c, at, NULL);
        else if (is_known)
            twice(c, at, text);
        else {
            *r = (JwtRule){.text = text, .message = str_of(v, "message")};
            r->program = compile(c, c->user_env, at, text, ANSWER_BOOL);
            ret->n_user_rules++;
        }
    }
}

/* ---- mappings ---- */

static void check_prefixed(Compiler *c, const char *path, const Value *v, bool is_username,
                           JwtMapping *ret)
{
    const char *claim = str_of(v, "claim"), *text = str_of(v, "expression");
    const Value *prefix = value_get(v, "prefix");

    if (text[0] && claim[0])
        invalid(c, path, "", "claim and expression can't both be set");
    else if (text[0]) {
        if (value_to_cstr(prefix))
            invalid(c, below(c, path, "prefix"), prefix->str,
                    "may not be specified when expression is set");
        ret->program = compile(c, c->claims_env, below(c, path, "expression"), text, ANSWER_ANY);
        ret->text = text;
    } else if (claim[0]) {
        if (!value_to_cstr(prefix))
            required(c, below(c, path, "prefix"),
                     "prefix is required when claim is set. It can be set to an empty string to "
                     "disable prefixing");
        ret->claim = claim;
        ret->prefix = value_to_cstr(prefix) ? prefix->str : "";
    } else if (is_username)
        required(c, path, "claim or expression is required");
}

static void check_uid(Compiler *c, const char *path, const Value *v, JwtMapping *ret)
{
    const char *claim = str_of(v, "claim"), *text = str_of(v, "expression");

    if (claim[0] && text[0])
        invalid(c, path, "", "claim and expression can't both be set");
    else if (text[0])
        *ret = (JwtMapping){
            .program = compile(c, c->claims_env, below(c, path, "expression"), text, ANSWER_ANY),
            .text = text,
            .prefix = ""};
    else if (claim[0])
        *ret = (JwtMapping){.claim = claim, .prefix = ""};
}

static bool is_of_domain(const char *key, const char *domain)
{
    const char *slash = strchr(key, '/');
    size_t n = slash ? (size_t)(slash - key) : 0, d = strlen(domain);

    return n >= d && strncmp(key + n - d, domain, d) == 0 && (n == d || key[n - d - 1] == '.');
}

static void check_extra_key(const Compiler *c, const char *at, const char *key)
{
    check_domain_path(c->e, AT(NULL, at), key);
    for (const char *p = key; *p; p++)
        if (isupper((unsigned char)*p)) {
            invalid(c, at, key, "must be lowercase");
            break;
        }
    if (is_of_domain(key, "kubernetes.io") || is_of_domain(key, "k8s.io"))
        invalid(c, at, key,
                "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use");
}

static void check_extra(Compiler *c, const char *path, const Value *list, JwtAuth *ret)
{
    JwtExtra *all = arena_array(c->a, JwtExtra, value_len(list) + 1);
    const char **seen = arena_array(c->a, const char *, value_len(list) + 1);
    const Value *v;
    uint32_t n_seen = 0;

    ret->extra = all;
    value_each_item(list, i, v)
    {
        const char *key = str_of(v, "key"), *text = str_of(v, "valueExpression");
        const char *at = item(c, path, i);
        JwtExtra *x = &all[ret->n_extra];

        check_extra_key(c, below(c, at, "key"), key);
        if (is_in(seen, n_seen, key)) {
            twice(c, below(c, at, "key"), key);
            continue;
        }
        seen[n_seen++] = key;
        at = below(c, at, "valueExpression");
        if (!text[0]) {
            required(c, at, NULL);
            continue;
        }
        *x = (JwtExtra){.key = key, .text = text};
        x->program = compile(c, c->claims_env, at, text, ANSWER_ANY);
        note_verified(c, x->program);
        ret->n_extra++;
    }
}

static void check_mappings(Compiler *c, const char *path, const Value *m, JwtAuth *ret)
{
    const char *at = below(c, path, "username");

    check_prefixed(c, at, value_get(m, "username"), true, &ret->username);
    if (ret->username.program) {
        c->uses_email = cel_program_selects(ret->username.program, "claims", "email");
        note_verified(c, ret->username.program);
    }
    check_prefixed(c, below(c, path, "groups"), value_get(m, "groups"), false, &ret->groups);
    check_uid(c, below(c, path, "uid"), value_get(m, "uid"), &ret->uid);
    check_extra(c, below(c, path, "extra"), value_get(m, "extra"), ret);
    if (c->uses_email && !c->uses_verified)
        invalid(c, below(c, at, "expression"), str_of(value_get(m, "username"), "expression"),
                "claims.email_verified must be used in claimMappings.username.expression or "
                "claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when "
                "claims.email is used in claimMappings.username.expression");
}

/* ---- the front ---- */

static void check_entry(Compiler *c, const char *path, const Value *v, JwtAuth *ret)
{
    c->uses_email = c->uses_verified = false;
    ret->claims_type = c->claims_type;
    ret->user_type = c->user_type;
    ret->username = ret->groups = ret->uid = (JwtMapping){.prefix = ""};
    check_issuer(c, below(c, path, "issuer"), value_get(v, "issuer"), ret);
    check_claim_rules(c, below(c, path, "claimValidationRules"),
                      value_get(v, "claimValidationRules"), ret);
    check_mappings(c, below(c, path, "claimMappings"), value_get(v, "claimMappings"), ret);
    check_user_rules(c, below(c, path, "userValidationRules"), value_get(v, "userValidationRules"),
                     ret);
}

void jwtauth_compile(FieldErrs *e, const char *path, const Value *list, const JwtAuth **ret,
                     uint32_t *ret_n)
{
    const Value *mine, *v;
    JwtAuth *all;
    Compiler c;

    *ret = NULL;
    *ret_n = 0;
    if (value_len(list) == 0)
        return;
    if (value_len(list) > JWTAUTH_MAX) {
        field_err(e, FIELD_ERR_TOO_MANY, path, value_int(e->arena, (int64_t)value_len(list)),
                  "must have at most %d items", JWTAUTH_MAX);
        return;
    }
    c = compiler_of(e);
    mine = value_copy(e->arena, list);
    all = arena_array(e->arena, JwtAuth, value_len(list));
    value_each_item(mine, i, v)
    {
        const char *at = item(&c, path, i), *discovery = value_at_str(v, "issuer.discoveryURL");

        all[i] = (JwtAuth){0};
        check_entry(&c, at, v, &all[i]);
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(all[k].issuer, all[i].issuer) == 0) {
                twice(&c, below(&c, at, "issuer.url"), all[i].issuer);
                break;
            }
        for (uint32_t k = 0; discovery && discovery[0] && k < i; k++)
            if (str_eq(value_at_str(value_item(mine, k), "issuer.discoveryURL"), discovery)) {
                twice(&c, below(&c, at, "issuer.discoveryURL"), discovery);
                break;
            }
    }
    *ret = all;
    *ret_n = value_len(list);
}

void anonymous_check(FieldErrs *e, const char *path, const Value *v)
{
    const Value *list = value_get(v, "conditions"), *c;

    if (value_len(list) > 0 && !value_is_true(value_get(v, "enabled")))
        field_err(e, FIELD_ERR_INVALID, arena_printf(e->arena, "%s.conditions", path), list,
                  "enabled should be set to true when conditions are defined");
    value_each_item(list, i, c)
    {
        const char *p = str_of(c, "path"); /* upstream takes what never matches, too */

        if (p[0] != '/')
            field_err(e, FIELD_ERR_INVALID,
                      arena_printf(e->arena, "%s.conditions[%u].path", path, i),
                      value_str(e->arena, p), "must begin with '/'");
    }
}
