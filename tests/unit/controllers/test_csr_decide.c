#include "controllers/csr_decide.h"

#include "tests/unit/test.h"

static const char *const nodes[] = {"system:nodes", NULL};
static const char *const nobody[] = {NULL};
static const char *const both[] = {"system:nodes", "x", NULL};

#define CLIENT  "kubernetes.io/kube-apiserver-client"
#define KUBELET "kubernetes.io/kube-apiserver-client-kubelet"
#define SERVING "kubernetes.io/kubelet-serving"

static const struct {
    const char *signer, *usages;
    CsrFacts facts;
    const char *why;
} rows[] = {
    {CLIENT, "['client auth']", {"alice", nobody, {0}}, NULL},
    {CLIENT, "['client auth','digital signature','key encipherment']", {"a", nobody, {0}}, NULL},
    {CLIENT,
     "['digital signature']",
     {"alice", nobody, {0}},
     "missing required usage for client certificate: client auth"},
    {CLIENT,
     "['client auth','server auth']",
     {"alice", nobody, {0}},
     "invalid usage for client certificate: server auth"},
    {KUBELET, "['client auth','digital signature']", {"system:node:n", nodes, {0}}, NULL},
    {KUBELET,
     "['client auth','digital signature']",
     {"system:node:n", both, {0}},
     "subject organization is not system:nodes"},
    {KUBELET,
     "['client auth','digital signature']",
     {"n", nodes, {0}},
     "subject common name does not begin with system:node:"},
    {KUBELET,
     "['client auth','digital signature']",
     {"system:node:n", nodes, {.n_dns = 1}},
     "DNS subjectAltNames are not allowed"},
    {KUBELET,
     "['client auth','digital signature']",
     {"system:node:n", nodes, {.n_ip = 1}},
     "IP subjectAltNames are not allowed"},
    {KUBELET,
     "['client auth']",
     {"system:node:n", nodes, {0}},
     "usages did not match [client auth digital signature key encipherment]"},
    {SERVING,
     "['server auth','digital signature','key encipherment']",
     {"system:node:n", nodes, {.n_ip = 1}},
     NULL},
    {SERVING,
     "['server auth','digital signature']",
     {"system:node:n", nodes, {0}},
     "DNS or IP subjectAltName is required"},
    {SERVING,
     "['server auth','digital signature']",
     {"system:node:n", nodes, {.n_dns = 1, .n_uri = 1}},
     "URI subjectAltNames are not allowed"},
    {SERVING,
     "['server auth','client auth','digital signature']",
     {"system:node:n", nodes, {.n_dns = 1}},
     "usages did not match [digital signature key encipherment server auth]"},
};

static Value *csr_of(Arena *a, const char *signer)
{
    Value *v = value_literal(a, "{'spec':{}}");

    value_set_str(a, value_get(v, "spec"), "signerName", signer);
    return v;
}

TEST(signers_refuse_with_upstreams_words)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const CsrSigner *s = csr_signer(csr_of(a, rows[i].signer));
        const char *why;

        assert_non_null(s);
        why = s->refuses(a, &rows[i].facts, value_literal(a, rows[i].usages));
        assert_int_equal(why != NULL, rows[i].why != NULL);
        if (why)
            assert_string_equal(why, rows[i].why);
    }
}

TEST(other_signers_are_left_alone)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_null(csr_signer(csr_of(a, "example.com/mine")));
    assert_null(csr_signer(csr_of(a, "kubernetes.io/legacy-unknown")));
}

TEST(lifetimes_have_bounds)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_int_equal(csr_lifetime_s(value_literal(a, "{'spec':{}}")), 31536000);
    assert_int_equal(csr_lifetime_s(value_literal(a, "{'spec':{'expirationSeconds':7200}}")), 7200);
    assert_int_equal(csr_lifetime_s(value_literal(a, "{'spec':{'expirationSeconds':60}}")), 600);
    assert_int_equal(csr_lifetime_s(value_literal(a, "{'spec':{'expirationSeconds':99999999}}")),
                     31536000);
}

TEST(nodes_are_recognized_and_only_as_themselves)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CsrFacts f = {"system:node:n", nodes, {0}};
    Value *v = value_literal(a, "{'spec':{'signerName':'" KUBELET "','username':'system:node:n',"
                                "'usages':['client auth','digital signature']}}");

    assert_true(csr_recognizes(a, &csr_recognizers[0], v, &f));
    assert_true(csr_recognizes(a, &csr_recognizers[1], v, &f));
    value_set_str(a, value_get(v, "spec"), "username", "system:bootstrap:abc");
    assert_false(csr_recognizes(a, &csr_recognizers[0], v, &f));
    assert_true(csr_recognizes(a, &csr_recognizers[1], v, &f));
    value_set_str(a, value_get(v, "spec"), "signerName", CLIENT);
    assert_false(csr_recognizes(a, &csr_recognizers[1], v, &f));
}

#define MADE "'metadata':{'creationTimestamp':'1970-01-01T00:00:00Z'}"

TEST(requests_are_thrown_away_in_time)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pending = value_literal(a, "{" MADE "}");
    const Value *denied = value_literal(
        a, "{" MADE ",'status':{'conditions':[{'type':'Denied','status':'True','lastUpdateTime':"
           "'1970-01-01T01:00:00Z'}]}}");
    const Value *issued = value_literal(
        a, "{" MADE ",'status':{'certificate':'x','conditions':[{'type':'Approved','status':'True',"
           "'lastUpdateTime':'1970-01-01T02:00:00Z'}]}}");

    const Value *unissued =
        value_literal(a, "{" MADE ",'status':{'conditions':[{'type':'Approved','status':'True',"
                         "'lastUpdateTime':'1970-01-01T02:00:00Z'}]}}");
    const Value *failed = value_literal(
        a, "{" MADE ",'status':{'conditions':[{'type':'Approved','status':'True',"
           "'lastUpdateTime':'1970-01-01T02:00:00Z'},{'type':'Failed','status':'True',"
           "'lastUpdateTime':'1970-01-01T04:00:00Z'}]}}");

    assert_true(csr_end_us(unissued, 0) == INT64_MAX);
    assert_true(csr_end_us(failed, 0) == 5LL * 3600 * 1000000);
    assert_true(csr_end_us(pending, 0) == 24LL * 3600 * 1000000);
    assert_true(csr_end_us(denied, 0) == 2LL * 3600 * 1000000);
    assert_true(csr_end_us(issued, 0) == 3LL * 3600 * 1000000);
    assert_true(csr_end_us(issued, 8000) == 8000LL * 1000000);
    assert_true(csr_is_approved(issued));
    assert_true(csr_is_denied(denied));
    assert_false(csr_is_failed(denied));
}
