#include "hostplane/target.h"

#include "base/err.h"
#include "tests/unit/test.h"

TEST(reads_cluster_path_and_query)
{
    static const struct {
        const char *uri, *cluster, *path, *query;
    } cases[] = {
        {"/", NULL, "/", ""},
        {"/api/v1/pods?limit=5", NULL, "/api/v1/pods", "limit=5"},
        {"/clusters/acme/api/v1/pods", "acme", "/api/v1/pods", ""},
        {"/clusters/acme", "acme", "/", ""},
        {"/clusters/acme/", "acme", "/", ""},
        {"/clusters/acme?watch=1", "acme", "/", "watch=1"},
        {"/clusters/a-1/api?x=/../clusters/b", "a-1", "/api", "x=/../clusters/b"},
        {"http://h:1/clusters/a/api", "a", "/api", ""},
        {"https://u@h/clusters/a/api?q", "a", "/api", "q"},
        {"/api/v1/namespaces/x/pods/a%20b", NULL, "/api/v1/namespaces/x/pods/a%20b", ""},
        {"/api/v1/...", NULL, "/api/v1/...", ""},
        {"/clustersx/acme", NULL, "/clustersx/acme", ""},
        {"/clusters/a/api/v1/namespaces/n/pods/x/proxy//a%2fb/../c", "a",
         "/api/v1/namespaces/n/pods/x/proxy//a%2fb/../c", ""},
        {"/api/v1/namespaces/n/services/x/proxy/%2e%2e", NULL,
         "/api/v1/namespaces/n/services/x/proxy/%2e%2e", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Target t;
        Err err;

        assert_ok(target_parse(a, cases[i].uri, &t, &err));
        assert_true(str_eq(t.cluster, cases[i].cluster));
        assert_string_equal(t.path, cases[i].path);
        assert_string_equal(t.query, cases[i].query);
    }
}

TEST(tells_whom_an_absolute_target_addresses)
{
    static const char *const cases[][2] = {
        {"/api", ""}, {"http://h:1/api", "h:1"}, {"https://u@h/api", "u@h"}, {"http:///api", ""}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Target t;
        Err err;

        assert_ok(target_parse(a, cases[i][0], &t, &err));
        assert_true(slice_is(t.authority, cases[i][1]));
    }
}

TEST(refuses_what_could_be_read_twice)
{
    static const char *const cases[] = {
        "",
        "*",
        "http://h",
        "//clusters/a",
        "/clusters//api",
        "/clusters/a//api",
        "/clusters/a/../b/api",
        "/clusters/a/./api",
        "/clusters/a/..",
        "/clusters/a/%2e%2e/b",
        "/clusters/a/%2E./b",
        "/clusters/a%2fb/api",
        "/clusters/a/x%2Fy",
        "/clusters/a/api/v1/namespaces/n/pods/x/proxy/%0a",
        "/clusters/a/api/v1/namespaces/n/pods/x/proxy/%zz",
        "/clusters/a/api/v1/namespaces/n/nodes/x/proxy/..",
        "/clusters/a/api/v1/namespaces/n/pods/x/exec/..",
        "/clusters/a/api/v2/namespaces/n/pods/x/proxy/..",
        "/clusters/api/v1/namespaces/n/pods/x/proxy/..",
        "/api/v1/namespaces/n/pods/../proxy/x",
        "/clusters/a/x%5cy",
        "/clusters/a/x\\y",
        "/clusters/A/api",
        "/clusters/a%62/api",
        "/clusters/-a/api",
        "/clusters/a./api",
        "/clusters/",
        "/api/%0",
        "/api/%zz",
        "/api/%00",
        "/api/\x7f",
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Target t;
        Err err;

        if (target_parse(a, cases[i], &t, &err) != -ERR_BAD_REQUEST)
            fail_msg("accepted '%s'", cases[i]);
    }
}

TEST(finds_the_cluster_of_a_host_name)
{
    static const struct {
        const char *host, *domain, *cluster;
    } cases[] = {
        {"acme.k8s.example", "k8s.example", "acme"},
        {"ACME.K8S.example:6443", "k8s.example", ""},
        {"acme.K8S.example:6443", "k8s.example", "acme"},
        {"a.b.k8s.example", "k8s.example", ""},
        {"k8s.example", "k8s.example", ""},
        {".k8s.example", "k8s.example", ""},
        {"acme.k8s.example", NULL, ""},
        {"xk8s.example", "k8s.example", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_true(slice_is(target_cluster_of_host(slice_of(cases[i].host), cases[i].domain),
                             cases[i].cluster));
    assert_true(target_is_in_cluster_host(SLICE("kubernetes.default.svc:443")));
    assert_true(target_is_in_cluster_host(SLICE("kubernetes")));
    assert_false(target_is_in_cluster_host(SLICE("kubernetes.default.svc.evil")));
}
