#include "tests/unit/test.h"

#undef fail /* cmocka's; the engine has a function of that name */
#include "vcluster/vcluster_int.h"

TEST(paths_read_as_the_real_server_reads_them)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *method, *path, *query;
        const char *verb, *group, *ns, *resource, *name, *sub;
        bool is_resource;
    } cases[] = {
        {"GET", "/api/v1/pods", "", "list", "", "", "pods", "", "", true},
        {"GET", "/api/v1/pods", "watch=1", "watch", "", "", "pods", "", "", true},
        {"GET", "/api/v1/pods", "watch=false", "list", "", "", "pods", "", "", true},
        {"GET", "/api/v1/namespaces/a/pods/b/log", "", "get", "", "a", "pods", "b", "log", true},
        {"GET", "/api/v1/namespaces/a", "", "get", "", "a", "namespaces", "a", "", true},
        {"PUT", "/api/v1/namespaces/a/status", "", "update", "", "a", "namespaces", "a", "status",
         true},
        {"DELETE", "/apis/apps/v1/namespaces/a/deployments", "", "deletecollection", "apps", "a",
         "deployments", "", "", true},
        {"GET", "/apis/apps/v1/watch/namespaces/a/deployments/b", "", "watch", "apps", "a",
         "deployments", "b", "", true},
        {"GET", "/api/v1/namespaces/a/configmaps", "fieldSelector=metadata.name%3Dx", "list", "",
         "a", "configmaps", "x", "", true},
        {"GET", "/api/v1/namespaces/a/configmaps/a%2Fb", "", "get", "", "a", "configmaps", "a/b",
         "", true},
        {"GET", "/api/v1", "", "get", "", "", "", "", "", false},
        {"POST", "/foo", "", "post", "", "", "", "", "", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Query q;
        Route r;

        query_parse(a, cases[i].query, &q);
        route_parse(a, cases[i].method, cases[i].path, &q, &r);
        assert_int_equal(r.is_resource, cases[i].is_resource);
        assert_string_equal(r.verb, cases[i].verb);
        assert_string_equal(r.group, cases[i].group);
        assert_string_equal(r.ns, cases[i].ns);
        assert_string_equal(r.resource, cases[i].resource);
        assert_string_equal(r.name, cases[i].name);
        assert_string_equal(r.subresource, cases[i].sub);
    }
}
