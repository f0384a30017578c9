/* Services of a cluster with addresses of two families: what is given, kept and freed. */
#define LOOPBACK_SERVICE_CIDR "10.96.0.0/16,fd00:96::/112"
#include "tests/unit/vcluster/rows.h"

#define S           "/api/v1/namespaces/default/services"
#define POST(text)  &admin, "POST", S, "", text
#define PUT(text)   &admin, "PUT", S "/a", "", text
#define PATCH(text) &admin, "PATCH", S "/a", "", text
#define NAMED(n)    "'apiVersion':'v1','kind':'Service','metadata':{'name':'" n "'}"
#define PORTS       "'ports':[{'port':1}]"

TEST(addresses_of_two_families_are_given_and_taken_back)
{
    static const Row rows[] = {
        {&admin, "GET", "/apis/networking.k8s.io/v1/servicecidrs/kubernetes", "", NULL, 200, NULL,
         "spec.cidrs", "['10.96.0.0/16','fd00:96::/112']"},
        {&admin, "GET", S "/kubernetes", "", NULL, 200, NULL, "spec.ipFamilies", "['IPv4']"},
        {POST("{" NAMED("a") ",'spec':{" PORTS "}}"), 201, NULL, "spec.ipFamilies", "['IPv4']"},
        {PATCH("{'spec':{'ipFamilyPolicy':'RequireDualStack','clusterIPs':null}}"), 200, NULL,
         "spec.ipFamilies", "['IPv4','IPv6']"},
        {PATCH("{'spec':{'ipFamilyPolicy':'SingleStack'}}"), 200, NULL, "spec.ipFamilies",
         "['IPv4']"},
        {POST("{" NAMED("b") ",'spec':{'ipFamilyPolicy':'PreferDualStack','clusterIPs':"
                             "['fd00:96::77','10.96.7.7'],'clusterIP':'fd00:96::77'," PORTS "}}"),
         201, NULL, "spec.clusterIPs", "['fd00:96::77','10.96.7.7']"},
        {POST("{" NAMED("c") ",'spec':{'clusterIP':'fd00:96::77'," PORTS "}}"), 422,
         "spec.clusterIPs: Invalid value: ['fd00:96::77']: failed to allocate IP fd00:96::77: "
         "provided IP is already allocated",
         NULL, NULL},
        {POST("{" NAMED("c") ",'spec':{'clusterIP':'fd00:97::1'," PORTS "}}"), 422,
         "failed to allocate IP fd00:97::1: the provided network does not match the current range",
         NULL, NULL},
        {POST("{" NAMED("c") ",'spec':{'clusterIP':'fd00:96::'," PORTS "}}"), 422,
         "the provided IP (fd00:96::) is not in the valid range. The range of valid IPs is "
         "fd00:96::/112",
         NULL, NULL},
        {POST("{" NAMED("c") ",'spec':{'clusterIP':'fd00:96::ffff'," PORTS "}}"), 201, NULL,
         "spec.ipFamilies", "['IPv6']"},
        {POST("{" NAMED("d") ",'spec':{'ipFamilyPolicy':'RequireDualStack','clusterIPs':"
                             "['10.96.7.8','fd00:96::77'],'clusterIP':'10.96.7.8'," PORTS "}}"),
         422, "failed to allocate IP fd00:96::77: provided IP is already allocated", NULL, NULL},
        /* the whole of it is refused: the first is free yet */
        {POST("{" NAMED("d") ",'spec':{'clusterIP':'10.96.7.8'," PORTS "}}"), 201, NULL,
         "spec.clusterIPs", "['10.96.7.8']"},
        {&admin, "PATCH", S "/b", "", "{'spec':{'ipFamilyPolicy':'SingleStack'}}", 200, NULL,
         "spec.clusterIPs", "['fd00:96::77']"},
        {POST("{" NAMED("e") ",'spec':{'clusterIP':'10.96.7.7'," PORTS "}}"), 201, NULL,
         "spec.clusterIPs", "['10.96.7.7']"},
        {&admin, "PATCH", S "/b", "",
         "{'spec':{'ipFamilyPolicy':'RequireDualStack','clusterIPs':['fd00:96::77','10.96.7.7']}}",
         422,
         "spec.clusterIPs: Invalid value: ['fd00:96::77','10.96.7.7']: failed to allocate IP "
         "10.96.7.7: provided IP is already allocated",
         NULL, NULL},
        {&admin, "PATCH", S "/b", "",
         "{'spec':{'ipFamilyPolicy':'RequireDualStack','clusterIPs':['fd00:96::77','10.96.7.9']}}",
         200, NULL, "spec.ipFamilies", "['IPv6','IPv4']"},
        {&admin, "PATCH", S "/b", "", "{'spec':{'clusterIPs':['fd00:96::77'],'ipFamilies':null}}",
         422, "must be 'SingleStack' to release the secondary cluster IP", NULL, NULL},
        {&admin, "PATCH", S "/b", "", "{'spec':{'type':'ExternalName','externalName':'a.b'}}", 200,
         NULL, "spec.clusterIPs", ""},
        {POST("{" NAMED("f") ",'spec':{'ipFamilyPolicy':'RequireDualStack','clusterIPs':"
                             "['10.96.7.9','fd00:96::77'],'clusterIP':'10.96.7.9'," PORTS "}}"),
         201, NULL, "spec.ipFamilies", "['IPv4','IPv6']"},
        {&admin, "DELETE", S "/f", "", NULL, 200, NULL, NULL, NULL},
        {POST("{" NAMED("g") ",'spec':{'clusterIP':'fd00:96::77'," PORTS "}}"), 201, NULL,
         "spec.clusterIPs", "['fd00:96::77']"},
        {POST("{" NAMED("h") ",'spec':{'clusterIP':'None','selector':{'a':'b'},'ipFamilyPolicy':"
                             "'PreferDualStack'," PORTS "}}"),
         201, NULL, "spec.ipFamilies", "['IPv4','IPv6']"},
        {POST("{" NAMED("i") ",'spec':{'ipFamilies':['IPv6'],'type':'NodePort'," PORTS "}}"), 201,
         NULL, "spec.ipFamilies", "['IPv6']"},
    };

    run_rows("families", rows, ARRAY_LEN(rows));
}

static const char *holder(Arena *a, const char *row)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(store, SLICE("host"));
    CLEANUP(cache_unref) Cache *k = store_cache(store, host, "internal/outsideports");
    CLEANUP(obj_unref) Obj *o = k ? cache_get(k, "", row) : NULL;

    return o ? value_get_str(obj_to_value(a, o, NULL, NULL), "cluster") : "";
}

TEST(an_external_address_of_the_second_family_has_one_form_and_has_to_be_granted)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const Row rows[] = {
        {POST("{" NAMED("x") ",'spec':{'externalIPs':['2001:DB8:0::7','2001:db9::7','fd00:96::7'],"
                             "" PORTS "}}"),
         201, NULL, NULL, NULL},
    };
    Answer r;

    need_tenant(a, "externals");
    r = call_as(a, &admin, "host", "PATCH", "/apis/tenancy.hostplane.io/v1/tenants/externals", "",
                "application/merge-patch+json",
                quotes(a, "{'spec':{'overrides':{'externalAddresses':['2001:db8::/32',"
                          "'fd00:96::/112']}}}"));
    assert_int_equal(r.status, 200);
    run_rows("externals", rows, ARRAY_LEN(rows));
    assert_string_equal(holder(a, "ip-2001:db8::7"), "externals");
    assert_string_equal(holder(a, "ip-2001:db9::7"), "");
    assert_string_equal(holder(a, "ip-fd00:96::7"), ""); /* of services */
}

static int made(Arena *a, const char *cluster, const char *path, const char *body)
{
    return call_as(a, &admin, cluster, "POST", path, "", NULL, quotes(a, body)).status;
}

/* An address has one row in whatever form a service says it. */
TEST(a_service_that_is_moved_gives_up_an_address_that_is_taken_in_any_form)
{
    static const User server = {
        .name = "system:hostplane", .uid = "", .groups = nobody, .is_internal = true};
    static const char plans[] = "/apis/tenancy.hostplane.io/v1/plans";
    static const char tenants[] = "/apis/tenancy.hostplane.io/v1/tenants";
    static const char moved[] = "/apis/tenancy.hostplane.io/v1/tenants/mover";
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *at = "";
    Answer r;

    need_server();
    assert_int_equal(made(a, "host", plans,
                          "{'metadata':{'name':'mixed'},'spec':{'isolation':'hybrid','cluster':"
                          "'hub'}}"),
                     201);
    assert_int_equal(made(a, "host", tenants,
                          "{'metadata':{'name':'hub'},'spec':{'plan':'mixed','shared':true}}"),
                     201);
    assert_int_equal(made(a, "host", tenants,
                          "{'metadata':{'name':'mover'},'spec':{'plan':'mixed','isolation':"
                          "'virtual'}}"),
                     201);
    assert_int_equal(made(a, "mover", "/api/v1/namespaces", "{'metadata':{'name':'mover-a'}}"),
                     201);
    assert_int_equal(made(a, "mover", "/api/v1/namespaces/mover-a/services",
                          "{" NAMED("m") ",'spec':{'clusterIP':'FD00:96:0::00AB'," PORTS "}}"),
                     201);
    assert_int_equal(
        made(a, "hub", S, "{" NAMED("h") ",'spec':{'clusterIP':'fd00:96::ab'," PORTS "}}"), 201);
    r = call_as(a, &admin, "host", "PATCH", moved, "", "application/merge-patch+json",
                quotes(a, "{'spec':{'isolation':'namespace'}}"));
    assert_int_equal(r.status, 200);
    for (int i = 0; i < 20 && !str_eq(at, "namespace"); i++) {
        r = call_as(a, &server, "host", "POST", arena_printf(a, "%s/move", moved), "", NULL, "{}");
        if (r.status != 200 && r.status != 201)
            fail_msg("%d %s", r.status, r.text);
        r = call_as(a, &admin, "host", "GET", moved, "", NULL, NULL);
        at = value_at_str(r.v, "status.isolation");
    }
    r = call_as(a, &admin, "hub", "GET", "/api/v1/namespaces/mover-a/services/m", "", NULL, NULL);
    assert_int_equal(r.status, 200);
    assert_true(str_starts(value_at_str(r.v, "spec.clusterIP"), "fd00:96::"));
    assert_string_not_equal(value_at_str(r.v, "spec.clusterIP"), "fd00:96::ab");
}
