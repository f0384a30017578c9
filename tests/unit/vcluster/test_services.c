/* Addresses and ports of services: what is given, kept and refused, and which mistake comes first.
 */
#include "tests/unit/vcluster/rows.h"

#define S           "/api/v1/namespaces/default/services"
#define POST(text)  &admin, "POST", S, "", text
#define PUT(text)   &admin, "PUT", S "/a", "", text
#define PATCH(text) &admin, "PATCH", S "/a", "", text
#define NAMED(n)    "'apiVersion':'v1','kind':'Service','metadata':{'name':'" n "'}"

TEST(allocators_speak_before_validation)
{
    static const Row rows[] = {
        {POST("{" NAMED("A_") ",'spec':{'clusterIPs':['10.96.0.77'],'ports':[]}}"), 422,
         "spec.clusterIPs: Invalid value: ['10.96.0.77']: must be empty when `clusterIP` is not "
         "specified",
         NULL, NULL},
        {POST("{" NAMED("A_") ",'spec':{'clusterIP':'192.0.2.1','ports':[]}}"), 422,
         "is invalid: spec.clusterIPs: Invalid value: ['192.0.2.1']: failed to allocate IP "
         "192.0.2.1: the provided network does not match the current range",
         NULL, NULL},
        {POST("{" NAMED("a") ",'spec':{'clusterIP':'10.96.0.0','ports':[{'port':1}]}}"), 422,
         "the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is "
         "10.96.0.0/16",
         NULL, NULL},
        {POST("{" NAMED("a") ",'spec':{'clusterIP':'10.96.0.1','ports':[{'port':1}]}}"), 422,
         "provided IP is already allocated", NULL, NULL},
        {&admin, "POST", S, "dryRun=All",
         "{" NAMED("a") ",'spec':{'clusterIP':'10.96.0.1','ports':[{'port':1}]}}", 201, NULL, NULL,
         NULL},
        {POST("{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'port':1,'nodePort':80},"
                             "{'port':0}]}}"),
         422,
         "is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid "
         "range. The range of valid ports is 30000-32767",
         NULL, NULL},
        {&admin, "POST", S, "dryRun=All",
         "{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'port':1,'nodePort':80}]}}", 201,
         NULL, NULL, NULL},
        {POST("{" NAMED("a") ",'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local',"
                             "'healthCheckNodePort':99,'ports':[{'port':0}]}}"),
         500,
         "Internal error occurred: failed to allocate requested HealthCheck NodePort 99: provided "
         "port is not in the valid range",
         NULL, NULL},
        {POST("{" NAMED("a") ",'spec':{'ipFamilyPolicy':'RequireDualStack','ports':[{'port':0}]}}"),
         422,
         "is invalid: spec.ipFamilyPolicy: Invalid value: 'RequireDualStack': this cluster is not "
         "configured for dual-stack services",
         NULL, NULL},
    };

    run_rows("servicesa", rows, ARRAY_LEN(rows));
}

TEST(updates_keep_what_was_given)
{
    static const Row rows[] = {
        {POST("{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'name':'t','port':53,"
                             "'protocol':'TCP','nodePort':30553},{'name':'u','port':53,'protocol':"
                             "'UDP'}]}}"),
         201, NULL, NULL, NULL},
        {PATCH("{'spec':{'ports':[{'name':'t','port':54},{'name':'v','port':53}]}}"), 200, NULL,
         NULL, NULL},
        {PUT("{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'name':'t','port':54}]}}"), 200,
         NULL, "spec.ports",
         "[{'name':'t','protocol':'TCP','port':54,'targetPort':54,'nodePort':30553}]"},
        {PUT("{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'name':'t','port':54,'nodePort':"
                            "30600},{'name':'u','port':55,'nodePort':30600}]}}"),
         500, "duplicate nodePort: {TCP 30600}", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'type':'NodePort','ports':[{'port':1,'nodePort':30553}]}}"),
         422, "spec.ports[0].nodePort: Invalid value: 30553: provided port is already allocated",
         NULL, NULL},
        {PATCH("{'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local',"
               "'healthCheckNodePort':31999}}"),
         200, NULL, "spec.healthCheckNodePort", "31999"},
        {PUT("{" NAMED("a") ",'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local',"
                            "'ports':[{'name':'t','port':54}]}}"),
         200, NULL, "spec.healthCheckNodePort", "31999"},
        {PATCH("{'spec':{'healthCheckNodePort':31998}}"), 422,
         "spec.healthCheckNodePort: Forbidden: field is immutable", NULL, NULL},
        {POST("{" NAMED("b") ",'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local',"
                             "'healthCheckNodePort':31999,'ports':[{'port':1}]}}"),
         500, "provided port is already allocated", NULL, NULL},
        {PATCH("{'spec':{'loadBalancerClass':'x'}}"), 422,
         "spec.loadBalancerClass: Invalid value: 'x': may not change once set", NULL, NULL},
        {PATCH("{'spec':{'type':'ClusterIP'}}"), 200, NULL, "spec.ports",
         "[{'name':'t','protocol':'TCP','port':54,'targetPort':54}]"},
        {POST("{" NAMED("b") ",'spec':{'type':'NodePort','ports':[{'port':1,'nodePort':31999},"
                             "{'name':'c','port':2,'nodePort':30553}]}}"),
         422, "spec.ports[0].name: Required value", NULL, NULL},
        {PATCH("{'spec':{'clusterIP':'10.96.3.3'}}"), 422,
         "spec.clusterIPs[0]: Invalid value: ['10.96.3.3']: may not change once set", NULL, NULL},
        {PATCH("{'spec':{'clusterIP':null,'clusterIPs':null}}"), 200, NULL, NULL, NULL},
        {PATCH("{'spec':{'type':'ExternalName','externalName':'a.b'}}"), 200, NULL,
         "spec.clusterIP", ""},
        {PATCH("{'spec':{'type':'ClusterIP'}}"), 200, NULL, "spec.ipFamilies", "['IPv4']"},
    };

    run_rows("servicesb", rows, ARRAY_LEN(rows));
}

TEST(two_protocols_share_a_node_port)
{
    static const Row rows[] = {
        {POST("{" NAMED("a") ",'spec':{'type':'NodePort','ports':[{'name':'t','port':53,"
                             "'protocol':'TCP','nodePort':30553},{'name':'u','port':53,'protocol':"
                             "'UDP'}]}}"),
         201, NULL, "spec.ports",
         "[{'name':'t','protocol':'TCP','port':53,'targetPort':53,'nodePort':30553},"
         "{'name':'u','protocol':'UDP','port':53,'targetPort':53,'nodePort':30553}]"},
        {POST("{" NAMED("b") ",'spec':{'type':'NodePort','ports':[{'name':'t','port':80,'nodePort':"
                             "30080},{'name':'u','port':80,'nodePort':30080}]}}"),
         422, "[spec.ports[1].nodePort: Duplicate value: 30080, spec.ports[1]: Duplicate value:",
         NULL, NULL},
    };

    run_rows("servicesc", rows, ARRAY_LEN(rows));
}

TEST(devices_ask_for_administrators)
{
    static const Row rows[] = {
        {&admin, "POST", "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims", "",
         "{'metadata':{'name':'A_'},'spec':{'devices':{'requests':[{'name':'r','exactly':{"
         "'deviceClassName':'d','adminAccess':true}}]}}}",
         422,
         "[spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the "
         "`resource.kubernetes.io/admin-access: true` label on the containing namespace, "
         "metadata.name: Invalid value: 'A_'",
         NULL, NULL},
        {&admin, "PATCH", "/api/v1/namespaces/default", "",
         "{'metadata':{'labels':{'resource.kubernetes.io/admin-access':'true'}}}", 200, NULL, NULL,
         NULL},
        {&admin, "POST", "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims", "",
         "{'metadata':{'name':'a'},'spec':{'devices':{'requests':[{'name':'r','exactly':{"
         "'deviceClassName':'d','adminAccess':true}}]}}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", "/apis/resource.k8s.io/v1/resourceslices", "",
         "{'metadata':{'name':'s'},'spec':{'driver':'d','allNodes':true,'pool':{'name':'p',"
         "'resourceSliceCount':1},'devices':[{'name':'a','attributes':{'x':{'int':1,'ints':[1]}}}]}"
         "}",
         201, NULL, "spec.devices", "[{'name':'a','attributes':{'x':{'int':1}}}]"},
    };

    run_rows("servicesd", rows, ARRAY_LEN(rows));
}
