/* Clusters of IPv6 alone: what every one is born with, and what its services are given. */
#define LOOPBACK_SERVICE_CIDR "fd00:96::/112"
#include "tests/unit/vcluster/rows.h"

#define NAMESPACE  "/api/v1/namespaces/default/"
#define S          NAMESPACE "services"
#define SLICE_PATH "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes"
#define POST(text) &admin, "POST", S, "", text
#define NAMED(n)   "'apiVersion':'v1','kind':'Service','metadata':{'name':'" n "'}"
#define PORTS      "'ports':[{'port':1}]"
#define GET(path)  &admin, "GET", path, "", NULL, 200, NULL

TEST(a_cluster_of_ipv6_has_no_address_of_ipv4)
{
    static const Row rows[] = {
        {GET("/apis/networking.k8s.io/v1/servicecidrs/kubernetes"), "spec.cidrs",
         "['fd00:96::/112']"},
        {GET(S "/kubernetes"), "spec.clusterIP", "fd00:96::1"},
        {GET(S "/kubernetes"), "spec.clusterIPs", "['fd00:96::1']"},
        {GET(S "/kubernetes"), "spec.ipFamilies", "['IPv6']"},
        {GET(S "/kubernetes"), "spec.ipFamilyPolicy", "SingleStack"},
        {GET(SLICE_PATH), "addressType", "IPv6"},
        {GET(SLICE_PATH), "endpoints.0.addresses", "['fd00:96::1']"},
        {GET(NAMESPACE "endpoints/kubernetes"), "subsets.0.addresses.0.ip", "fd00:96::1"},
        {POST("{" NAMED("a") ",'spec':{" PORTS "}}"), 201, NULL, "spec.ipFamilies", "['IPv6']"},
        {POST("{" NAMED("b") ",'spec':{'clusterIP':'fd00:96::1'," PORTS "}}"), 422,
         "failed to allocate IP fd00:96::1: provided IP is already allocated", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'clusterIP':'fd00:96::a'," PORTS "}}"), 422,
         "failed to allocate IP fd00:96::a: provided IP is already allocated", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'clusterIP':'10.96.0.5'," PORTS "}}"), 422,
         "IPv4 is not configured on this cluster", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'ipFamilies':['IPv4']," PORTS "}}"), 422,
         "not configured on this cluster", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'ipFamilyPolicy':'RequireDualStack'," PORTS "}}"), 422,
         "this cluster is not configured for dual-stack services", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'ipFamilyPolicy':'PreferDualStack'," PORTS "}}"), 201, NULL,
         "spec.ipFamilies", "['IPv6']"},
    };

    run_rows("six", rows, ARRAY_LEN(rows));
}
