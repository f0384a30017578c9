#include "base/clock.h"
#include "base/pki.h"
#include "tenancy/oidc.h"
#include "tests/unit/signer.h"
#include "tests/unit/tenancy/fakes.h"

#define ISSUER "https://i.example"

static const FakeObj objs[] = {
    {"host/tenancy/tenants//acme",
     "{'metadata':{'name':'acme'},'spec':{'plan':'p','authentication':{'jwt':[{'issuer':{'url':"
     "'" ISSUER
     "','audiences':['kube'],'certificateAuthority':''},'claimMappings':{'username':{'claim':'sub',"
     "'prefix':''},'groups':{'claim':'groups','prefix':'g:'}}}]}}}"},
    {"host/tenancy/tenants//globex", "{'metadata':{'name':'globex'},'spec':{'plan':'p'}}"},
};

/* ---- the issuer: what it serves, and how often it was asked ---- */

static Signer key1, key2;
static const char *served_keys; /* NULL: it is down */
static const char *served_discovery;
static int n_asked;
static TenancyFetch *held; /* when it takes its time */
static bool holds;

static void answer(TenancyFetch *f)
{
    bool is_keys = strstr(f->url, "/keys") != NULL;

    assert_string_equal(f->url, is_keys ? "https://keys.example/keys"
                                        : ISSUER "/.well-known/openid-configuration");
    n_asked++;
    if (!served_keys) {
        snprintf(f->error, sizeof(f->error), "connection refused");
    } else {
        f->status = 200;
        buf_adds(&f->body, is_keys ? served_keys : served_discovery);
    }
    f->done(f);
}

static void fetch(TenancyFetch *f, void *data UNUSED)
{
    if (!holds) {
        answer(f);
        return;
    }
    assert_null(held);
    held = f;
}

static Arena *arena;

static void begin(void)
{
    fakes_open();
    fake_objs = objs;
    n_fake_objs = ARRAY_LEN(objs);
    arena = arena_new();
    key1 = signer_new("RS256");
    key2 = signer_new("ES256");
    served_keys = signer_jwks(arena, signer_jwk(&key1, arena, "1"), NULL);
    served_discovery = "{\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"https://keys.example/keys\"}";
    n_asked = 0;
    holds = false;
    held = NULL;
    tenancy_set_fetcher(tenancy, fetch, NULL);
}

static void forget(Cluster *c)
{
    if (c->tenant.data)
        c->tenant.release(c->tenant.data);
    c->tenant.data = NULL;
}

static void end(void)
{
    for (int i = 0; i < FAKE_CLUSTERS; i++)
        forget(&fakes[i]);
    signer_done(&key1);
    signer_done(&key2);
    arena_free(arena);
    fakes_close();
}

static const char *claims(const char *sub, int64_t lifetime_s)
{
    return arena_printf(arena,
                        "{'iss':'" ISSUER "','aud':'kube','sub':'%s','groups':['dev'],'exp':%lld,"
                        "'iat':%lld}",
                        sub, (long long)(clock_now_s() + lifetime_s), (long long)clock_now_s());
}

static const char *token(const Signer *s, const char *kid, const char *sub)
{
    return signer_sign(s, arena, arena_printf(arena, "{'alg':'%s','kid':'%s'}", s->alg, kid),
                       claims(sub, 600));
}

static const char *need;
static Err last;

/* As a request does: what is short is waited for. */
static int check_for(Cluster *c, const char *t, const char *const *audiences, AuthUser *ret)
{
    need = NULL;
    last = (Err){0};
    return tenancy_authenticate_token(tenancy, c, slice_of(t), audiences, arena, ret, &need, &last);
}

static int n_woken;

static void on_loaded(int r, const Err *err UNUSED, void *data UNUSED)
{
    assert_int_equal(r, 0);
    n_woken++;
}

static int check(Cluster *c, const char *t, AuthUser *ret)
{
    int r = check_for(c, t, NULL, ret);

    for (int i = 0; r == -ERR_UNAVAILABLE && need && i < 3; i++) {
        tenancy_load(tenancy, c, need, on_loaded, NULL);
        r = check_for(c, t, NULL, ret);
    }
    return r;
}

TEST(a_token_of_a_trusted_issuer_is_its_user_in_that_tenant_only)
{
    const char *t;
    AuthUser u;

    begin();
    t = token(&key1, "1", "jane");
    for (int i = 0; i < 2; i++) { /* the second time from memory */
        assert_ok(check(ACME, t, &u));
        assert_string_equal(u.name, "jane");
        assert_string_equal(u.groups[0], "g:dev");
        assert_string_equal(u.groups[1], "system:authenticated");
        assert_null(u.groups[2]);
        assert_string_equal(u.audiences[0], identity_issuer());
        assert_null(u.audiences[1]);
    }
    assert_int_equal(n_asked, 2);
    assert_fails(check(GLOBEX, t, &u), ERR_UNAUTHORIZED);
    assert_fails(check(HOST, t, &u), ERR_UNAUTHORIZED);
    assert_int_equal(n_asked, 2);
    end();
}

TEST(forged_tokens_are_refused)
{
    const char *good, *part, *const other[] = {"vault", NULL},
                                    *const both[] = {"vault",
                                                     "https://kubernetes.default.svc.cluster."
                                                     "local",
                                                     NULL};
    Signer thief;
    AuthUser u;

    begin();
    thief = signer_new("RS256");
    good = token(&key1, "1", "jane");
    assert_ok(check(ACME, good, &u));
    /* another's key under the right id; claims of one with the signature of the other */
    assert_fails(check(ACME, token(&thief, "1", "jane"), &u), ERR_UNAUTHORIZED);
    assert_string_equal(last.msg,
                        "oidc: verify token: failed to verify signature: failed to verify "
                        "id token signature");
    part = strrchr(token(&key1, "1", "root"), '.');
    assert_fails(check(ACME,
                       arena_printf(arena, "%.*s%s", (int)(strrchr(good, '.') - good), good, part),
                       &u),
                 ERR_UNAUTHORIZED);
    /* stripped, extended */
    assert_fails(
        check(ACME, arena_printf(arena, "%.*s.", (int)(strrchr(good, '.') - good), good), &u),
        ERR_UNAUTHORIZED);
    assert_fails(check(ACME, arena_printf(arena, "%sAAAA", good), &u), ERR_UNAUTHORIZED);
    assert_fails(check(ACME, arena_printf(arena, "%s.x", good), &u), ERR_UNAUTHORIZED);
    /* expired; meant for somebody else; by another issuer */
    assert_fails(
        check(ACME, signer_sign(&key1, arena, "{'alg':'RS256','kid':'1'}", claims("jane", -1)), &u),
        ERR_UNAUTHORIZED);
    assert_non_null(strstr(last.msg, "token is expired"));
    assert_fails(check(ACME,
                       signer_sign(&key1, arena, "{'alg':'RS256','kid':'1'}",
                                   "{'iss':'" ISSUER "','sub':'a','aud':'x','exp':9999999999}"),
                       &u),
                 ERR_UNAUTHORIZED);
    assert_fails(
        check(ACME,
              signer_sign(&key1, arena, "{'alg':'RS256','kid':'1'}",
                          "{'iss':'https://evil','sub':'a','aud':'kube','exp':9999999999}"),
              &u),
        ERR_UNAUTHORIZED);
    assert_string_equal(last.msg, TOKEN_INVALID);
    /* our own issuer's name does not make it ours */
    assert_fails(
        check(ACME,
              signer_sign(&key2, arena, "{'alg':'ES256','kid':'acme/1'}",
                          "{'iss':'https://kubernetes.default.svc.cluster.local','sub':'a',"
                          "'aud':'https://kubernetes.default.svc.cluster.local',"
                          "'exp':9999999999,'hostplane.io':{'groups':['system:masters']}}"),
              &u),
        ERR_UNAUTHORIZED);
    /* reserved names */
    assert_fails(check(ACME, token(&key1, "1", "system:kube-controller-manager"), &u),
                 ERR_UNAUTHORIZED);
    /* audiences of a review: ours or none */
    assert_fails(check_for(ACME, good, other, &u), ERR_UNAUTHORIZED);
    assert_string_equal(last.msg, TOKEN_INVALID);
    assert_ok(check_for(ACME, good, both, &u));
    signer_done(&thief);
    end();
}

TEST(what_no_issuer_signs_is_told_by_its_algorithm)
{
    static const char *const rows[][3] = {
        {"none", ISSUER,
         "oidc: verify token: oidc: id token signed with unsupported algorithm, "
         "expected [\"ES256\" \"ES384\" \"ES512\" \"PS256\" \"PS384\" \"PS512\" "
         "\"RS256\" \"RS384\" \"RS512\"] got \"none\""},
        {"RS256", ISSUER,
         "oidc: verify token: failed to verify signature: failed to verify id token "
         "signature"},
        {"none", "https://evil", TOKEN_INVALID},
    };
    AuthUser u;

    begin();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *t = signer_sign(
            &key1, arena, arena_printf(arena, "{'alg':'%s','kid':'1','crit':['exp']}", rows[i][0]),
            arena_printf(arena, "{'iss':'%s','sub':'a','aud':'kube','exp':9999999999}",
                         rows[i][1]));

        assert_fails(check(ACME, t, &u), ERR_UNAUTHORIZED);
        assert_string_equal(last.msg, rows[i][2]);
    }
    assert_int_equal(n_asked, 0);
    end();
}

TEST(which_token_it_was_is_told)
{
    AuthUser u;

    begin();
    assert_ok(
        check(ACME,
              signer_sign(&key1, arena, "{'alg':'RS256','kid':'1'}",
                          "{'iss':'" ISSUER "','sub':'a','aud':'kube','exp':9999999999,'jti':'7'}"),
              &u));
    assert_int_equal(u.n_extra, 1);
    assert_string_equal(u.extra[0].key, EXTRA_CREDENTIAL_ID);
    assert_string_equal(u.extra[0].values[0], "JTI=7");
    end();
}

TEST(new_keys_are_fetched_but_not_whenever_a_token_says_so)
{
    AuthUser u;

    begin();
    assert_ok(check(ACME, token(&key1, "1", "jane"), &u));
    assert_int_equal(n_asked, 2);
    /* Just now it was asked; unknown key ids do not make it be asked again. */
    served_keys = signer_jwks(arena, signer_jwk(&key2, arena, "2"), NULL);
    for (int i = 0; i < 5; i++)
        assert_fails(check(ACME, token(&key2, "2", "jane"), &u), ERR_UNAUTHORIZED);
    assert_int_equal(n_asked, 2);
    tenancy__oidc_age(ACME, 11 * INT64_C(1000000));
    assert_ok(check(ACME, token(&key2, "2", "joe"), &u));
    assert_string_equal(u.name, "joe");
    assert_int_equal(n_asked, 4);
    assert_fails(check(ACME, token(&key1, "1", "jane2"), &u), ERR_UNAUTHORIZED); /* withdrawn */
    end();
}

TEST(keys_in_use_are_fetched_anew_and_do_not_live_for_ever)
{
    const char *keys;
    AuthUser u;

    begin();
    keys = served_keys;
    assert_ok(check(ACME, token(&key1, "1", "a"), &u));
    tenancy__oidc_age(ACME, 601 * INT64_C(1000000));
    assert_ok(check(ACME, token(&key1, "1", "b"), &u));
    assert_int_equal(n_asked, 4);
    /* The issuer is down: the keys hold for a day. */
    served_keys = NULL;
    tenancy__oidc_age(ACME, 23 * 3600 * INT64_C(1000000));
    assert_ok(check(ACME, token(&key1, "1", "c"), &u));
    tenancy__oidc_age(ACME, 2 * 3600 * INT64_C(1000000));
    assert_fails(check(ACME, token(&key1, "1", "d"), &u), ERR_UNAUTHORIZED);
    assert_string_equal(last.msg, "oidc: authenticator not initialized");
    served_keys = keys;
    tenancy__oidc_age(ACME, 11 * INT64_C(1000000));
    assert_ok(check(ACME, token(&key1, "1", "e"), &u));
    end();
}

TEST(requests_wait_for_an_issuer_that_takes_its_time)
{
    TenancyFetch *f;
    AuthUser u;
    const char *t;

    begin();
    holds = true;
    n_woken = 0;
    t = token(&key1, "1", "jane");
    for (int i = 0; i < 3; i++) {
        assert_fails(check_for(ACME, t, NULL, &u), ERR_UNAVAILABLE);
        assert_non_null(need);
        tenancy_load(tenancy, ACME, need, on_loaded, NULL);
    }
    assert_int_equal(n_woken, 0);
    holds = false;
    f = held;
    answer(f); /* one question for all of them */
    assert_int_equal(n_woken, 3);
    assert_ok(check_for(ACME, t, NULL, &u));
    assert_int_equal(n_asked, 2);
    end();
}

TEST(discovery_documents_must_be_the_issuers_own)
{
    static const struct {
        const char *text;
        bool is_good;
    } rows[] = {
        {"{\"issuer\":\"https://i\",\"jwks_uri\":\"https://k/x\"}", true},
        {"{\"issuer\":\"https://i/\",\"jwks_uri\":\"https://k/x\"}", false},
        {"{\"issuer\":\"https://j\",\"jwks_uri\":\"https://k/x\"}", false},
        {"{\"jwks_uri\":\"https://k/x\"}", false},
        {"{\"issuer\":\"https://i\"}", false},
        {"{\"issuer\":\"https://i\",\"jwks_uri\":\"http://k/x\"}", false},
        {"{\"issuer\":\"https://i\",\"jwks_uri\":\"file:///etc/passwd\"}", false},
        {"{\"issuer\":\"https://i\",\"jwks_uri\":\"https://k/ x\"}", false},
        {"{\"issuer\":\"https://i\",\"jwks_uri\":\"https://k/\\u0000\"}", false},
        {"{\"issuer\":\"https://i\",\"jwks_uri\":[\"https://k/x\"]}", false},
        {"[]", false},
        {"", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *uri = NULL;
        Err err;

        assert_int_equal(
            tenancy__oidc_discovery(a, slice_of(rows[i].text), "https://i", &uri, &err) == 0,
            rows[i].is_good);
        if (rows[i].is_good)
            assert_string_equal(uri, "https://k/x");
    }
}

static const char config[] = "apiVersion: apiserver.config.k8s.io/v1\n"
                             "kind: AuthenticationConfiguration\n"
                             "jwt:\n"
                             "- issuer:\n"
                             "    url: " ISSUER "\n"
                             "    audiences: [kube]\n"
                             "  claimMappings:\n"
                             "    username: {claim: sub, prefix: 'oidc:'}\n";

TEST(the_providers_cluster_reads_upstreams_file)
{
    const char *wrong[][2] = {
        {"kind: Other\n", "not an AuthenticationConfiguration"},
        {"apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nfoo: 1\n",
         "unknown field \"foo\""},
        {"apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n"
         "- issuer: {url: 'http://x', audiences: [a]}\n  claimMappings: {username: {claim: sub, "
         "prefix: ''}}\n",
         "jwt[0].issuer.url: Invalid value: \"http://x\": URL scheme must be https"},
        {"apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous:\n"
         "  enabled: false\n  conditions: [{path: /livez}]\n",
         "enabled should be set to true when conditions are defined"},
        {"apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous:\n"
         "  enabled: true\n  conditions: [{path: livez}]\n",
         "anonymous.conditions[0].path: Invalid value: \"livez\": must begin with '/'"},
    };
    AuthUser u;
    Err err;

    begin();
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_fails(tenancy_set_issuers(tenancy, slice_of(wrong[i][0]), &err), ERR_INVALID);
        assert_non_null(strstr(err.msg, wrong[i][1]));
    }
    assert_fails(tenancy_set_issuers(tenancy,
                                     SLICE("apiVersion: apiserver.config.k8s.io/v1\n"
                                           "kind: AuthenticationConfiguration\n"
                                           "anonymous: {enabled: true, paths: []}\n"),
                                     &err),
                 ERR_BAD_REQUEST);
    assert_non_null(strstr(err.msg, "unknown field \"spec.authentication.anonymous.paths\""));
    assert_ok(tenancy_set_issuers(tenancy, SLICE(config), &err));
    assert_ok(check(HOST, token(&key1, "1", "op"), &u));
    assert_string_equal(u.name, "oidc:op");
    assert_fails(check(GLOBEX, token(&key1, "1", "op"), &u), ERR_UNAUTHORIZED);
    end();
}

TEST(who_needs_no_credential_is_configured)
{
    static const struct {
        const char *anonymous, *path;
        bool is_let_in;
    } rows[] = {
        {"{}", "/livez", false}, /* as upstream: what is not said is false */
        {"{enabled: false}", "/livez", false},
        {"{enabled: true}", "/api/v1/pods", true},
        {"{enabled: true, conditions: [{path: /readyz}, {path: /livez}]}", "/livez", true},
        {"{enabled: true, conditions: [{path: /readyz}, {path: /livez}]}", "/livez/ping", false},
        {"{enabled: true, conditions: [{path: /readyz}, {path: /livez}]}", "/", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[512];
        Err err;

        begin();
        snprintf(text, sizeof(text), "%sanonymous: %s\n", config, rows[i].anonymous);
        assert_ok(tenancy_check_anonymous(tenancy, HOST, rows[i].path, &need, &err));
        assert_ok(tenancy_set_issuers(tenancy, slice_of(text), &err));
        if (rows[i].is_let_in)
            assert_ok(tenancy_check_anonymous(tenancy, HOST, rows[i].path, &need, &err));
        else
            assert_fails(tenancy_check_anonymous(tenancy, HOST, rows[i].path, &need, &err),
                         ERR_UNAUTHORIZED);
        end();
    }
}
