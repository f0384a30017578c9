#include "base/b64.h"
#include "base/clock.h"
#include "base/pki.h"
#include "base/token.h"
#include "tests/unit/tenancy/fakes.h"

static const FakeObj objs[] = {
    {"acme/serviceaccounts/dev/bot", "{'metadata':{'name':'bot','namespace':'dev','uid':'u-bot'}}"},
    {"host/nodes//n1", "{'metadata':{'name':'n1','uid':'u-n1'}}"},
    {"acme/nodes//own", "{'metadata':{'name':'own','uid':'u-own'}}"},
    {"acme/pods/dev/p", "{'metadata':{'name':'p','namespace':'dev','uid':'u-p'}}"},
    {"acme/serviceaccounts/dev/going",
     "{'metadata':{'name':'going','namespace':'dev','uid':'u-going','deletionTimestamp':"
     "'2020-01-01T00:00:00Z'}}"},
    {"acme/secrets/dev/s", "{'metadata':{'name':'s','namespace':'dev','uid':'u-s'}}"},
    {"acme/pods/dev/going",
     "{'metadata':{'name':'going','namespace':'dev','uid':'u-g','deletionTimestamp':"
     "'2020-01-01T00:00:00Z'}}"},
    {"acme/secrets/kube-system/bootstrap-token-abcdef",
     "{'metadata':{'name':'bootstrap-token-abcdef','namespace':'kube-system'},"
     "'type':'bootstrap.kubernetes.io/token','data':{'token-id':'YWJjZGVm',"
     "'token-secret':'MDEyMzQ1Njc4OWFiY2RlZg==','usage-bootstrap-authentication':'dHJ1ZQ==',"
     "'auth-extra-groups':'c3lzdGVtOmJvb3RzdHJhcHBlcnM6eA=='}}"},
    /* expired 2020-01-01T00:00:00Z */
    {"acme/secrets/kube-system/bootstrap-token-expire",
     "{'metadata':{'name':'bootstrap-token-expire','namespace':'kube-system'},"
     "'type':'bootstrap.kubernetes.io/token','data':{'token-id':'ZXhwaXJl',"
     "'token-secret':'MDEyMzQ1Njc4OWFiY2RlZg==','usage-bootstrap-authentication':'dHJ1ZQ==',"
     "'expiration':'MjAyMC0wMS0wMVQwMDowMDowMFo='}}"},
    {"acme/secrets/kube-system/bootstrap-token-nousag",
     "{'metadata':{'name':'bootstrap-token-nousag','namespace':'kube-system'},"
     "'type':'bootstrap.kubernetes.io/token','data':{'token-id':'bm91c2Fn',"
     "'token-secret':'MDEyMzQ1Njc4OWFiY2RlZg=='}}"},
};

static void begin(void)
{
    fakes_open();
    fake_objs = objs;
    n_fake_objs = ARRAY_LEN(objs);
}

static int check(Cluster *c, const char *token, Arena *a, AuthUser *ret)
{
    const char *need = NULL;
    Err err;

    return tenancy_authenticate_token(tenancy, c, slice_of(token), NULL, a, ret, &need, &err);
}

/* What a review of it says; "" when it holds. For the API server, or for one audience. */
static const char *said(Cluster *c, const char *token, const char *audience, Arena *a)
{
    const char *const wanted[] = {audience, NULL};
    const char *need = NULL;
    AuthUser u;
    Err err;

    if (tenancy_authenticate_token(tenancy, c, slice_of(token), audience ? wanted : NULL, a, &u,
                                   &need, &err) == 0)
        return "";
    assert_int_equal(err.code, ERR_UNAUTHORIZED);
    return arena_strdup(a, err.msg);
}

static const char *user_token(Cluster *c, Arena *a, int64_t lifetime_s)
{
    static const char *const groups[] = {"system:masters", NULL};
    const char *token = NULL;
    Err err;

    assert_ok(tenancy_sign_user_token(tenancy, c, "jane", groups, lifetime_s, clock_now_s(), a,
                                      &token, &err));
    return token;
}

/* A certificate's PEM (the first in it) as DER. */
static Slice der_of(Arena *a, const char *pem)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    AUTO_BUF der = BUF_INIT;
    Err err;

    assert_ok(pki_cert_from_pem(slice_of(pem), &c, &err));
    pki_cert_write_der(c, &der);
    return (Slice){arena_strndup(a, der.ptr, der.len), der.len};
}

static Slice client_cert(Cluster *by, Arena *a, const char *user, const char *group)
{
    CLEANUP(identity_close) Identity *i = NULL;
    const char *const groups[] = {group, NULL};
    const char *cert = NULL, *key = NULL;
    Err err;

    assert_ok(tenancy_identity(tenancy, by, &i, &err));
    assert_ok(identity_issue_client(i, a, user, groups, 3600, &cert, &key, &err));
    return der_of(a, cert);
}

static int check_cert(Cluster *c, Slice der, Arena *a, AuthUser *ret)
{
    CLEANUP(identity_close) Identity *acme = NULL;
    Slice chain[2] = {der};
    Err err;

    /* What a client sends behind its certificate: the CA of a tenant, to tempt the checker. */
    assert_ok(tenancy_identity(tenancy, ACME, &acme, &err));
    chain[1] = der_of(a, identity_ca_pem(acme));
    return tenancy_authenticate_cert(tenancy, c, chain, 2, a, ret, &err);
}

TEST(a_users_token_is_good_in_its_cluster_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuthUser u;
    const char *t;

    begin();
    t = user_token(ACME, a, 600);
    for (int i = 0; i < 2; i++) { /* the second time from the cache */
        assert_ok(check(ACME, t, a, &u));
        assert_string_equal(u.name, "jane");
        assert_string_equal(u.groups[0], "system:masters");
        assert_string_equal(u.groups[1], "system:authenticated");
        assert_null(u.groups[2]);
        assert_null(u.node);
        assert_fails(check(GLOBEX, t, a, &u), ERR_UNAUTHORIZED);
        assert_fails(check(HOST, t, a, &u), ERR_UNAUTHORIZED);
    }
    assert_fails(check(ACME, user_token(HOST, a, 600), a, &u), ERR_UNAUTHORIZED);
    assert_fails(check(ACME, user_token(ACME, a, -1), a, &u), ERR_UNAUTHORIZED);
    assert_true(slice_is(tenancy_token_cluster(a, slice_of(t)), "acme"));
    assert_true(slice_is(tenancy_token_cluster(a, SLICE("x.y.z")), ""));
    fakes_close();
}

/* The other tenant's key under the right cluster's key id. */
TEST(a_key_id_does_not_make_a_key)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    AUTO_BUF forged = BUF_INIT;
    AuthUser u;
    Token real;
    Err err;

    begin();
    assert_ok(token_parse(a, slice_of(user_token(ACME, a, 600)), &real, &err));
    assert_ok(pki_key_new(&k, &err));
    assert_ok(token_sign(k, real.kid, real.claims, &forged, &err));
    assert_fails(check(ACME, buf_str(&forged), a, &u), ERR_UNAUTHORIZED);
    fakes_close();
}

static const struct {
    const char *claims;
    const char *why; /* as upstream tells it; "": it holds */
} claims[] = {
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'x','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'hostplane.io':{'groups':[]}}",
     ""},
    {"{'iss':'https://evil.example','exp':99999999999,'sub':'x','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'hostplane.io':{'groups':[]}}",
     TOKEN_INVALID},
    {"{'iss':'https://kubernetes.default.svc.cluster.local','sub':'x','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'hostplane.io':{'groups':[]}}",
     "user token has expired"},
    {"{'iss':'https://kubernetes.default.svc.cluster.local','exp':1,'sub':'x','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'hostplane.io':{'groups':[]}}",
     "user token has expired"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'nbf':99999999998,'sub':'x','aud':['"
     "https://kubernetes.default.svc.cluster.local'],'hostplane.io':{}}",
     "user token is not valid yet"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'x','aud':['elsewhere','b'],'"
     "hostplane.io':{'groups':[]}}",
     "token audiences [\"elsewhere\" \"b\"] is invalid for the target audiences "
     "[\"https://kubernetes.default.svc.cluster.local\"]"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':1,'sub':'x','aud':['b'],'kubernetes.io':{}}",
     "token audiences [\"b\"] is invalid for the target audiences "
     "[\"https://kubernetes.default.svc.cluster.local\"]"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'x','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'x':1}",
     "service account token claims could not be validated due to unexpected validation error"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'system:serviceaccount:dev:bot'"
     ",'aud':['https://"
     "kubernetes.default.svc.cluster.local'],'kubernetes.io':{'namespace':'dev','serviceaccount':{'"
     "name':'bot','uid':'u-bot'}}}",
     ""},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':1,'sub':'system:serviceaccount:dev:bot','aud':['"
     "https://"
     "kubernetes.default.svc.cluster.local'],'kubernetes.io':{'namespace':'dev','serviceaccount':{'"
     "name':'bot','uid':'u-bot'}}}",
     "service account token has expired"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'nbf':99999999998,'sub':'system:"
     "serviceaccount:dev:bot','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'kubernetes.io':{'namespace':'dev','serviceaccount':{'"
     "name':'bot','uid':'u-bot'}}}",
     "service account token is not valid yet"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'system:serviceaccount:dev:"
     "other','aud':['https://"
     "kubernetes.default.svc.cluster.local'],'kubernetes.io':{'namespace':'dev','serviceaccount':{'"
     "name':'bot','uid':'u-bot'}}}",
     "service account token claims could not be validated due to unexpected validation error"},
    {"{'iss':'https://"
     "kubernetes.default.svc.cluster.local','exp':99999999999,'sub':'system:serviceaccount:dev:bot'"
     ",'aud':['https://"
     "kubernetes.default.svc.cluster.local'],'kubernetes.io':{'namespace':'dev','serviceaccount':{'"
     "name':'bot'}}}",
     "service account UID (u-bot) does not match claim ()"},
};

TEST(every_claim_counts)
{
    begin();
    for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(identity_close) Identity *id = NULL;
        const char *t = NULL;
        Err err;

        assert_ok(tenancy_identity(tenancy, ACME, &id, &err));
        assert_ok(identity_sign_token(id, a, value_literal(a, claims[i].claims), &t, &err));
        for (int k = 0; k < 2; k++) /* the second time perhaps from the cache */
            assert_string_equal(said(ACME, t, NULL, a), claims[i].why);
    }
    fakes_close();
}

/* A token of ours with another header, signature or payload. */
static const char *forged(Arena *a, const char *token, const char *header, const char *signature)
{
    const char *dot = strchr(token, '.'), *end = strrchr(token, '.');
    AUTO_BUF b = BUF_INIT;

    if (header)
        b64url_encode(slice_of(header), &b);
    else
        buf_add(&b, token, (size_t)(dot - token));
    buf_add(&b, dot, (size_t)(end - dot));
    buf_addf(&b, ".%s", signature ? signature : end + 1);
    return arena_strdup(a, buf_str(&b));
}

TEST(forgeries_are_told_as_upstream_tells_them)
{
    static const char broken[] = "go-jose/go-jose: error in cryptographic primitive",
                      no_key[] = "invalid signature, no keys found";
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *good, *kid;
    Token real;
    Err err;

    begin();
    good = user_token(ACME, a, 600);
    assert_ok(token_parse(a, slice_of(good), &real, &err));
    kid = real.kid;
    const struct {
        const char *token, *why;
    } rows[] = {
        {good, ""},
        {"garbage", TOKEN_INVALID},
        {"a.b.c", TOKEN_INVALID},
        {"e30.e30.e30", TOKEN_INVALID},
        {arena_printf(a, "%s.x", good), TOKEN_INVALID},
        {arena_printf(a, "%.*s", (int)(strrchr(good, '.') - good), good), TOKEN_INVALID},
        {arena_printf(a, "%s!", good), TOKEN_INVALID},
        {forged(a, good, NULL, ""), broken},
        {forged(a, good, NULL, "AAAA"), broken},
        {forged(a, good, NULL, strrchr(user_token(ACME, a, 700), '.') + 1), broken},
        {forged(a, good, "{\"alg\":\"none\"}", ""), broken},
        {forged(a, good, arena_printf(a, "{\"alg\":\"none\",\"kid\":\"%s\"}", kid), ""), broken},
        {forged(a, good, arena_printf(a, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", kid), NULL), broken},
        {forged(a, good,
                arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"crit\":[\"exp\"]}", kid),
                NULL),
         broken},
        {forged(a, good, "{\"alg\":\"ES256\",\"kid\":\"acme/0\"}", NULL), no_key},
        {user_token(GLOBEX, a, 600), no_key},
        {user_token(HOST, a, 600), no_key},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(said(ACME, rows[i].token, NULL, a), rows[i].why);
    fakes_close();
}

#define GONE "service account token has been invalidated"
static const struct {
    const char *name, *uid, *kind, *bound, *bound_uid;
    const char *why; /* "": it holds */
} bounds[] = {
    {"bot", "u-bot", NULL, NULL, NULL, ""},
    {"bot", "u-bot", "Pod", "p", "u-p", ""},
    /* deleted and made anew */
    {"bot", "u-old", NULL, NULL, NULL, "service account UID (u-bot) does not match claim (u-old)"},
    {"gone", "u-gone", NULL, NULL, NULL, "serviceaccounts \"gone\" not found"},
    {"going", "u-going", NULL, NULL, NULL, "service account dev/going has been deleted"},
    {"bot", "u-bot", "Pod", "p", "u-other",
     "pod UID (u-p) does not match service account pod ref claim (u-other)"},
    {"bot", "u-bot", "Pod", "gone", "u-p", GONE},
    {"bot", "u-bot", "Pod", "going", "u-g", GONE}, /* deleted long ago */
    {"bot", "u-bot", "Node", "n1", "u-n1", ""},    /* the host's */
    {"bot", "u-bot", "Node", "own", "u-own", ""},
    {"bot", "u-bot", "Node", "n1", "u-old", GONE}, /* of the host's no uid is told */
    {"bot", "u-bot", "Node", "gone", "u-n1", GONE},
    {"bot", "u-bot", "Secret", "gone", "u-s", GONE},
    {"bot", "u-bot", "Secret", "s", "u-old",
     "secret UID (u-s) does not match service account secret ref claim (u-old)"},
};

TEST(a_service_accounts_token_dies_with_what_it_is_bound_to)
{
    begin();
    for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        SaToken o = {.ns = "dev",
                     .name = bounds[i].name,
                     .uid = bounds[i].uid,
                     .lifetime_s = 600,
                     .bound_kind = bounds[i].kind,
                     .bound_name = bounds[i].bound,
                     .bound_uid = bounds[i].bound_uid};
        const char *t = NULL;
        AuthUser u;
        Err err;

        assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
        assert_string_equal(said(ACME, t, NULL, a), bounds[i].why);
        if (bounds[i].why[0])
            continue;
        assert_ok(check(ACME, t, a, &u));
        assert_string_equal(u.name, "system:serviceaccount:dev:bot");
        assert_string_equal(u.uid, "u-bot");
        assert_string_equal(u.groups[1], "system:serviceaccounts:dev");
        assert_string_equal(u.extra[0].key, "authentication.kubernetes.io/credential-id");
        assert_int_equal(u.n_extra, bounds[i].kind ? 3 : 1);
        assert_fails(check(GLOBEX, t, a, &u), ERR_UNAUTHORIZED);
    }
    fakes_close();
}

/* acme is shared; `dev` went along with globex to its own cluster, `kept` is globex's there. */
static const FakeObj moved[] = {
    {"host/tenancy/tenants//acme", "{'metadata':{'name':'acme'},'spec':{'shared':true}}"},
    {"host/tenancy/tenants//globex", "{'metadata':{'name':'globex'},'spec':{'isolation':'virtual'},"
                                     "'status':{'isolation':'virtual'}}"},
    {"acme/internal/movedspaces//dev",
     "{'metadata':{'name':'dev'},'tenant':'globex','tenantUid':'uid-globex'}"},
    {"acme/internal/movedspaces//old",
     "{'metadata':{'name':'old'},'tenant':'globex','tenantUid':'of one before'}"},
    {"globex/serviceaccounts/dev/bot",
     "{'metadata':{'name':'bot','namespace':'dev','uid':'u-bot'}}"},
    {"globex/pods/dev/p", "{'metadata':{'name':'p','namespace':'dev','uid':'u-p'}}"},
    {"globex/serviceaccounts/old/bot",
     "{'metadata':{'name':'bot','namespace':'old','uid':'u-bot'}}"},
    {"acme/serviceaccounts/dev/new", "{'metadata':{'name':'new','namespace':'dev','uid':'u-new'}}"},
    {"acme/pods/dev/left", "{'metadata':{'name':'left','namespace':'dev','uid':'u-left'}}"},
};

TEST(an_account_that_was_moved_keeps_its_tokens)
{
    static const struct {
        const char *ns, *name, *uid, *pod, *pod_uid;
        bool at_acme, is_moved, at_globex;
    } rows[] = {
        {"dev", "bot", "u-bot", NULL, NULL, true, true, true},
        {"dev", "bot", "u-bot", "p", "u-p", true, true, true},
        {"dev", "bot", "u-bot", "left", "u-left", true, true, true}, /* it still runs there */
        {"dev", "bot", "u-bot", "none", "u-none", false, false, false},
        {"dev", "bot", "u-other", NULL, NULL, false, false, false},
        {"dev", "new", "u-new", NULL, NULL, true, false,
         false}, /* acme's, of the same name since */
        {"old", "bot", "u-bot", NULL, NULL, false, false,
         false}, /* the tenant it went with is gone */
        {"other", "bot", "u-bot", NULL, NULL, false, false, false},
    };

    fakes_open();
    fake_objs = moved;
    n_fake_objs = ARRAY_LEN(moved);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        SaToken o = {.ns = rows[i].ns,
                     .name = rows[i].name,
                     .uid = rows[i].uid,
                     .lifetime_s = 600,
                     .bound_kind = rows[i].pod ? "Pod" : NULL,
                     .bound_name = rows[i].pod,
                     .bound_uid = rows[i].pod_uid};
        const char *t = NULL;
        AuthUser u;
        Err err;

        assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
        assert_int_equal(check(ACME, t, a, &u) == 0, rows[i].at_acme);
        if (rows[i].at_acme)
            assert_ptr_equal(u.moved_to, rows[i].is_moved ? GLOBEX : NULL);
        assert_int_equal(check(GLOBEX, t, a, &u) == 0, rows[i].at_globex);
        if (rows[i].at_globex) {
            assert_null(u.moved_to);
            assert_string_equal(u.name, "system:serviceaccount:dev:bot");
        }
        assert_fails(check(HOST, t, a, &u), ERR_UNAUTHORIZED);
        /* what globex signs itself is none of acme's */
        assert_ok(tenancy_sign_sa_token(tenancy, GLOBEX, &o, clock_now_s(), a, &t, &err));
        assert_fails(check(ACME, t, a, &u), ERR_UNAUTHORIZED);
    }
    {
        CLEANUP(arena_free) Arena *a = arena_new();
        AuthUser u;

        assert_fails(check(GLOBEX, user_token(ACME, a, 600), a, &u), ERR_UNAUTHORIZED);
    }
    fakes_close();
}

/* globex has its namespaces in acme. */
static const FakeObj shared[] = {
    {"host/tenancy/tenants//acme", "{'metadata':{'name':'acme'},'spec':{'shared':true}}"},
    {"host/tenancy/tenants//globex",
     "{'metadata':{'name':'globex'},'spec':{'isolation':'namespace','cluster':'acme'},"
     "'status':{'isolation':'namespace','cluster':'acme'}}"},
    {"acme/namespaces//dev",
     "{'metadata':{'name':'dev','labels':{'tenancy.hostplane.io/tenant-uid':'uid-globex'}}}"},
    {"acme/namespaces//not", "{'metadata':{'name':'not'}}"},
    {"acme/serviceaccounts/dev/bot", "{'metadata':{'name':'bot','namespace':'dev','uid':'u-bot'}}"},
    {"acme/serviceaccounts/not/bot", "{'metadata':{'name':'bot','namespace':'not','uid':'u-not'}}"},
};

TEST(accounts_in_a_shared_cluster_are_known_at_their_tenants_address)
{
    static const struct {
        const char *ns, *uid;
        bool at_globex;
    } rows[] = {{"dev", "u-bot", true}, {"not", "u-not", false}};

    fakes_open();
    fake_objs = shared;
    n_fake_objs = ARRAY_LEN(shared);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        SaToken o = {.ns = rows[i].ns, .name = "bot", .uid = rows[i].uid, .lifetime_s = 600};
        const char *t = NULL;
        AuthUser u;
        Err err;

        assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
        assert_ok(check(ACME, t, a, &u));
        assert_int_equal(check(GLOBEX, t, a, &u) == 0, rows[i].at_globex);
        /* and with a key of the time when it had a cluster of its own */
        assert_ok(tenancy_sign_sa_token(tenancy, GLOBEX, &o, clock_now_s(), a, &t, &err));
        assert_int_equal(check(GLOBEX, t, a, &u) == 0, rows[i].at_globex);
        assert_fails(check(ACME, t, a, &u), ERR_UNAUTHORIZED);
    }
    fakes_close();
}

typedef struct Uses {
    char last[128];
    int n;
} Uses;

static void on_use(const char *cluster, const char *ns, const char *secret, void *data)
{
    Uses *uses = data;

    snprintf(uses->last, sizeof(uses->last), "%s/%s/%s", cluster, ns, secret);
    uses->n++;
}

/* A Secret and a token that is bound to it; %s is that token, as the Secret has it. */
TEST(a_secrets_own_token_is_good_while_it_is_in_the_secret)
{
    static const struct {
        const char *type, *token; /* NULL: its own */
        const char *meta;         /* "today" in it is the day of today */
        int64_t lifetime_s;
        int r, n_uses;
    } rows[] = {
        {"kubernetes.io/service-account-token", NULL, "", (int64_t)1 << 32, 0, 1},
        /* The use of today, or of tomorrow, is noted; the one before is not. */
        {"kubernetes.io/service-account-token", NULL,
         ",'labels':{'kubernetes.io/legacy-token-last-used':'today'}", (int64_t)1 << 32, 0, 0},
        {"kubernetes.io/service-account-token", NULL,
         ",'labels':{'kubernetes.io/legacy-token-last-used':'tomorrow'}", (int64_t)1 << 32, 0, 0},
        {"kubernetes.io/service-account-token", NULL,
         ",'labels':{'kubernetes.io/legacy-token-last-used':'2020-01-01'}", (int64_t)1 << 32, 0, 1},
        /* It was taken back: another one is there, none is, or a label says so. */
        {"kubernetes.io/service-account-token", "b3RoZXI=", "", (int64_t)1 << 32, -ERR_UNAUTHORIZED,
         0},
        {"kubernetes.io/service-account-token", "", "", (int64_t)1 << 32, -ERR_UNAUTHORIZED, 0},
        {"kubernetes.io/service-account-token", NULL,
         ",'labels':{'kubernetes.io/legacy-token-invalid-since':'2020-01-01'}", (int64_t)1 << 32,
         -ERR_UNAUTHORIZED, 1},
        {"kubernetes.io/service-account-token", NULL, ",'deletionTimestamp':'2100-01-01T00:00:00Z'",
         (int64_t)1 << 32, -ERR_UNAUTHORIZED, 0},
        /* A token that somebody asked for is only bound to the Secret. */
        {"kubernetes.io/service-account-token", "b3RoZXI=",
         ",'labels':{'kubernetes.io/legacy-token-invalid-since':'2020-01-01'}", 3600, 0, 0},
        {"Opaque", "b3RoZXI=", ",'labels':{'kubernetes.io/legacy-token-invalid-since':'x'}",
         (int64_t)1 << 32, 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        SaToken o = {.ns = "dev",
                     .name = "bot",
                     .uid = "u-bot",
                     .lifetime_s = rows[i].lifetime_s,
                     .bound_kind = "Secret",
                     .bound_name = "s",
                     .bound_uid = "u-s"};
        FakeObj own[2] = {objs[0], {.key = "acme/secrets/dev/s"}};
        char day[CLOCK_DATE_MAX];
        AUTO_BUF copy = BUF_INIT;
        const char *t = NULL, *meta = rows[i].meta, *word;
        Uses uses = {"", 0};
        AuthUser u;
        Err err;

        begin();
        assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
        b64_encode(slice_of(t), &copy);
        word = strstr(meta, "'to");
        if (word)
            meta = arena_printf(
                a, "%.*s'%s'}", (int)(word - meta), meta,
                clock_to_date(clock_now_us() + (word[3] == 'm' ? CLOCK_DAY_US : 0), day));
        own[1].json =
            arena_printf(a,
                         "{'type':'%s','metadata':{'name':'s','namespace':'dev','uid':"
                         "'u-s'%s},'data':{'token':'%s'}}",
                         rows[i].type, meta, rows[i].token ? rows[i].token : buf_str(&copy));
        fake_objs = own;
        n_fake_objs = 2;
        tenancy_on_token_use(tenancy, on_use, &uses);
        if (check(ACME, t, a, &u) != rows[i].r || uses.n != rows[i].n_uses)
            fail_msg("row %zu: used %d times", i, uses.n);
        if (uses.n > 0)
            assert_string_equal(uses.last, "acme/dev/s");
        tenancy_on_token_use(tenancy, NULL, NULL);
        assert_int_equal(check(ACME, t, a, &u), rows[i].r);
        assert_int_equal(uses.n, rows[i].n_uses);
        fakes_close();
    }
}

TEST(a_cache_that_is_not_loaded_is_asked_for)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    SaToken o = {.ns = "dev", .name = "bot", .uid = "u-bot", .lifetime_s = 600};
    const char *t = NULL, *need = NULL;
    AuthUser u;
    Err err;

    begin();
    fake_unloaded = "serviceaccounts";
    assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
    assert_fails(tenancy_authenticate_token(tenancy, ACME, slice_of(t), NULL, a, &u, &need, &err),
                 ERR_UNAVAILABLE);
    assert_string_equal(need, "serviceaccounts");
    fakes_close();
}

TEST(audiences_are_asked_for_one_by_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *const has[] = {"vault", "store", NULL}, *const wanted[] = {"x", "store", NULL};
    SaToken o = {.ns = "dev", .name = "bot", .uid = "u-bot", .lifetime_s = 600, .audiences = has};
    const char *t = NULL, *need = NULL;
    AuthUser u;
    Err err;

    begin();
    assert_ok(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &t, &err));
    assert_ok(tenancy_authenticate_token(tenancy, ACME, slice_of(t), wanted, a, &u, &need, &err));
    assert_string_equal(u.audiences[0], "store");
    assert_null(u.audiences[1]);
    assert_fails(check(ACME, t, a, &u), ERR_UNAUTHORIZED);
    fakes_close();
}

static const struct {
    const char *token;
    ErrCode code;
} bootstraps[] = {
    {"abcdef.0123456789abcdef", ERR_NONE},         {"abcdef.0123456789abcdeX", ERR_UNAUTHORIZED},
    {"abcdef.0123456789abcdee", ERR_UNAUTHORIZED}, {"ghijkl.0123456789abcdef", ERR_UNAUTHORIZED},
    {"expire.0123456789abcdef", ERR_UNAUTHORIZED}, {"nousag.0123456789abcdef", ERR_UNAUTHORIZED},
};

TEST(bootstrap_tokens_are_secrets_of_kube_system)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuthUser u;

    begin();
    for (size_t i = 0; i < ARRAY_LEN(bootstraps); i++)
        assert_string_equal(said(ACME, bootstraps[i].token, NULL, a),
                            bootstraps[i].code ? TOKEN_INVALID : "");
    assert_string_equal(said(ACME, bootstraps[0].token, "vault", a), TOKEN_INVALID);
    assert_string_equal(said(ACME, bootstraps[0].token, identity_issuer(), a), "");
    assert_ok(check(ACME, bootstraps[0].token, a, &u));
    assert_string_equal(u.name, "system:bootstrap:abcdef");
    assert_string_equal(u.audiences[0], identity_issuer());
    assert_string_equal(u.groups[0], "system:bootstrappers");
    assert_string_equal(u.groups[1], "system:bootstrappers:x");
    assert_fails(check(GLOBEX, bootstraps[0].token, a, &u), ERR_UNAUTHORIZED);
    fakes_close();
}

TEST(a_certificate_is_good_in_its_cluster_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuthUser u;
    Slice acme, host;

    begin();
    acme = client_cert(ACME, a, "jane", "dev");
    host = client_cert(HOST, a, "root", "system:masters");
    assert_ok(check_cert(ACME, acme, a, &u));
    assert_string_equal(u.name, "jane");
    assert_string_equal(u.groups[1], "system:authenticated");
    assert_fails(check_cert(GLOBEX, acme, a, &u), ERR_UNAUTHORIZED);
    assert_fails(check_cert(HOST, acme, a, &u), ERR_UNAUTHORIZED);
    assert_ok(check_cert(HOST, host, a, &u));
    assert_null(u.node);
    assert_fails(check_cert(ACME, host, a, &u), ERR_UNAUTHORIZED);
    assert_true(slice_is(identity_cert_cluster(a, acme), "acme"));
    assert_true(slice_is(identity_cert_cluster(a, host), ""));
    assert_true(slice_is(identity_cert_cluster(a, SLICE("no certificate")), ""));
    fakes_close();
}

TEST(without_the_key_of_its_cluster_nobody_is_known)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuthUser u;
    Slice acme;
    Err err;

    begin();
    acme = client_cert(ACME, a, "jane", "dev");
    assert_ok(check_cert(ACME, acme, a, &u));
    fake_is_withheld = true;
    fake_on_key(ACME, false, fake_on_key_data);
    assert_fails(tenancy_authenticate_cert(tenancy, ACME, &acme, 1, a, &u, &err), ERR_UNAVAILABLE);
    assert_fails(check(ACME, bootstraps[0].token, a, &u), ERR_UNAVAILABLE);
    fake_is_withheld = false;
    fake_on_key(ACME, true, fake_on_key_data);
    assert_ok(check_cert(ACME, acme, a, &u));
    fakes_close();
}

/* Whoever was in the tenant may have left one behind. */
TEST(bootstrap_tokens_are_taken_back_with_the_rest)
{
    static const struct {
        const char *before, *user;
        bool is_dead;
    } rows[] = {
        {"2024-01-01T00:00:00Z", "", true},
        {"2022-01-01T00:00:00Z", "", false}, /* it was made later */
        {"2024-01-01T00:00:00Z", "system:bootstrap:abcdef", true},
        {"2024-01-01T00:00:00Z", "bob", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        FakeObj with[] = {
            {"acme/secrets/kube-system/bootstrap-token-abcdef",
             "{'metadata':{'name':'bootstrap-token-abcdef','namespace':'kube-system',"
             "'creationTimestamp':'2023-01-01T00:00:00Z'},"
             "'type':'bootstrap.kubernetes.io/token','data':{'token-id':'YWJjZGVm',"
             "'token-secret':'MDEyMzQ1Njc4OWFiY2RlZg==','usage-bootstrap-authentication':"
             "'dHJ1ZQ=='}}"},
            {"host/tenancy/tenants//acme",
             arena_printf(a,
                          "{'metadata':{'name':'acme'},'spec':{'plan':'p'},'status':{"
                          "'revocations':[{'before':'%s','user':'%s'}]}}",
                          rows[i].before, rows[i].user)},
        };

        begin();
        fake_objs = with;
        n_fake_objs = ARRAY_LEN(with);
        if (ACME->tenant.data)
            ACME->tenant.release(ACME->tenant.data);
        ACME->tenant.data = NULL;
        assert_string_equal(said(ACME, "abcdef.0123456789abcdef", NULL, a),
                            rows[i].is_dead ? TOKEN_INVALID : "");
        if (ACME->tenant.data)
            ACME->tenant.release(ACME->tenant.data);
        ACME->tenant.data = NULL;
        fakes_close();
    }
}

static int recognize(const char *token, const Slice *chain, Arena *a)
{
    const char *need = NULL;
    Err err;

    return tenancy_recognize(tenancy, ACME, slice_of(token), chain, chain ? 1 : 0, a, &need, &err);
}

/* Its own are told that it is away; to all others it is not there. */
TEST(a_cluster_whose_key_is_withheld_still_knows_its_own)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice jane, other, node, none;
    const char *token, *old, *foreign;
    AuthUser u;

    begin();
    jane = client_cert(ACME, a, "jane", "dev");
    other = client_cert(GLOBEX, a, "jane", "dev");
    node = client_cert(HOST, a, "system:node:n1", "system:nodes");
    none = client_cert(HOST, a, "root", "system:masters");
    token = user_token(ACME, a, 600);
    old = user_token(ACME, a, -1);
    foreign = user_token(GLOBEX, a, 600);
    assert_ok(check(ACME, token, a, &u));
    fake_is_withheld = true;
    fake_on_key(ACME, false, fake_on_key_data);
    assert_ok(recognize(token, NULL, a));
    assert_ok(recognize("", &jane, a));
    assert_ok(recognize("", &node, a));
    assert_fails(recognize("", &other, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("", &none, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(old, NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(foreign, NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("garbage", NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("", NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(bootstraps[0].token, NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(forged(a, token, NULL, "AAAA"), NULL, a), ERR_UNAUTHORIZED);
    assert_fails(
        recognize(forged(a, token, "{\"alg\":\"ES256\",\"kid\":\"acme/0\"}", NULL), NULL, a),
        ERR_UNAUTHORIZED);
    fakes_close();
}

/* Since the server started: then its row tells who is its own, and nobody takes anybody's word. */
TEST(a_cluster_whose_key_was_never_there_knows_its_own_by_its_row)
{
    static const char forged_head[] = "{\"alg\":\"ES256\",\"kid\":\"acme/0\"}";
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice jane, other;
    const char *token, *foreign;

    begin();
    jane = client_cert(ACME, a, "jane", "dev");
    other = client_cert(GLOBEX, a, "jane", "dev");
    token = user_token(ACME, a, 600);
    foreign = user_token(GLOBEX, a, 600);
    ACME->tenant.release(ACME->tenant.data);
    ACME->tenant.data = NULL;
    fake_is_withheld = true;
    assert_ok(recognize(token, NULL, a));
    assert_ok(recognize("", &jane, a));
    assert_fails(recognize(foreign, NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("", &other, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("", NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(forged(a, token, NULL, "AAAA"), NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize(forged(a, token, forged_head, NULL), NULL, a), ERR_UNAUTHORIZED);
    fake_rows_are_old = true;
    assert_fails(recognize(token, NULL, a), ERR_UNAUTHORIZED);
    assert_fails(recognize("", &jane, a), ERR_UNAUTHORIZED);
    fake_rows_are_old = false;
    fakes_close();
}

TEST(only_the_platform_makes_nodes)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuthUser u;

    begin();
    assert_ok(check_cert(ACME, client_cert(HOST, a, "system:node:n1", "system:nodes"), a, &u));
    assert_string_equal(u.node, "n1");
    assert_ok(check_cert(HOST, client_cert(HOST, a, "system:node:n1", "system:nodes"), a, &u));
    assert_string_equal(u.node, "n1");
    assert_ok(check_cert(ACME, client_cert(ACME, a, "system:node:n1", "system:nodes"), a, &u));
    assert_null(u.node);
    assert_fails(check_cert(ACME, client_cert(HOST, a, "system:node:n1", "other"), a, &u),
                 ERR_UNAUTHORIZED);
    assert_fails(check_cert(GLOBEX, client_cert(ACME, a, "system:node:n1", "system:nodes"), a, &u),
                 ERR_UNAUTHORIZED);
    fakes_close();
}
