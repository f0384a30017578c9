/*
 * bench_token - what it costs to know who asks: a token of a service account (ES256, our own key)
 * and tokens of a foreign issuer (ES256, RS256), met for the first time and from memory. Without
 * database and server; the objects that a token is bound to are there, and the clusters' keys.
 *
 * Tokens that are met for the first time are more than are remembered, and asked in turn.
 */
#include "base/clock.h"
#include "bench/cpu.h"
#include "tenancy/oidc.h"
#include "tests/unit/signer.h"
#include "tests/unit/tenancy/fakes.h"

#define ISSUER "https://i.example"

enum { MANY = 5000, ROUNDS = 3 };

static const FakeObj objs[] = {
    {"host/tenancy/tenants//acme",
     "{'metadata':{'name':'acme'},'spec':{'authentication':{'jwt':[{'issuer':{'url':'" ISSUER
     "','audiences':['kube'],'certificateAuthority':''},'claimMappings':{'username':{'claim':'sub',"
     "'prefix':''},'groups':{'claim':'groups','prefix':'g:'}}}]}}}"},
    {"acme/serviceaccounts/dev/bot", "{'metadata':{'name':'bot','namespace':'dev','uid':'u-bot'}}"},
    {"acme/pods/dev/p", "{'metadata':{'name':'p','namespace':'dev','uid':'u-p'}}"},
};

static const char *jwks;

static void fetch(TenancyFetch *f, void *data UNUSED)
{
    f->status = 200;
    buf_adds(&f->body, strstr(f->url, "/keys") ? jwks
                                               : "{\"issuer\":\"" ISSUER "\",\"jwks_uri\":\"" ISSUER
                                                 "/keys\"}");
    f->done(f);
}

static void on_loaded(int r UNUSED, const Err *err UNUSED, void *data UNUSED)
{
}

static void check(const char *token)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *need = NULL;
    AuthUser u;
    Err err;
    int r;

    for (int i = 0; i < 4; i++) {
        r = tenancy_authenticate_token(tenancy, ACME, slice_of(token), NULL, a, &u, &need, &err);
        if (r != -ERR_UNAVAILABLE || !need)
            break;
        tenancy_load(tenancy, ACME, need, on_loaded, NULL);
    }
    if (r < 0)
        fprintf(stderr, "%s\n", err.msg);
    BUG_ON(r < 0);
}

static double each_us(const char *const *tokens, size_t n)
{
    double best = 1e9;

    check(tokens[0]); /* keys are fetched and parsed */
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = bench_cpu_ns();

        for (size_t i = 0; i < MANY; i++)
            check(tokens[i % n]);
        best = MIN(best, (double)(bench_cpu_ns() - start) / MANY / 1000);
    }
    return best;
}

static void measure(const char *what, const char *const *tokens)
{
    double first = each_us(tokens, MANY), again = each_us(tokens, 1);

    printf("%-28s %4zu bytes: first %7.1f us, again %5.2f us\n", what, strlen(tokens[0]), first,
           again);
}

static void of_issuer(Arena *a, const Signer *s, const char *kid)
{
    const char **tokens = arena_array(a, const char *, MANY);
    int64_t now = clock_now_s();

    for (int i = 0; i < MANY; i++)
        tokens[i] = signer_sign(s, a, arena_printf(a, "{'alg':'%s','kid':'%s'}", s->alg, kid),
                                arena_printf(a,
                                             "{'iss':'" ISSUER "','aud':'kube','sub':'user-%d',"
                                             "'groups':['dev','ops'],'exp':%lld,'iat':%lld}",
                                             i, (long long)now + 3600, (long long)now));
    measure(arena_printf(a, "foreign issuer, %s", s->alg), tokens);
}

static void of_service_account(Arena *a)
{
    const char **tokens = arena_array(a, const char *, MANY);
    SaToken o = {.ns = "dev",
                 .name = "bot",
                 .uid = "u-bot",
                 .bound_kind = "Pod",
                 .bound_name = "p",
                 .bound_uid = "u-p"};
    Err err;

    for (int i = 0; i < MANY; i++) {
        o.lifetime_s = 3600 + i; /* each another one */
        BUG_ON(tenancy_sign_sa_token(tenancy, ACME, &o, clock_now_s(), a, &tokens[i], &err) < 0);
    }
    measure("service account, ES256", tokens);
}

int main(void)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer rs = signer_new("RS256"), es = signer_new("ES256");

    fakes_open();
    fake_objs = objs;
    n_fake_objs = ARRAY_LEN(objs);
    tenancy_set_fetcher(tenancy, fetch, NULL);
    jwks = signer_jwks(a, signer_jwk(&rs, a, "r"), signer_jwk(&es, a, "e"));
    of_service_account(a);
    of_issuer(a, &es, "e");
    of_issuer(a, &rs, "r");
    signer_done(&rs);
    signer_done(&es);
    fakes_close();
    return 0;
}
