/* Admission policies through the whole engine. */
#include "tests/unit/vcluster/rows.h"

#define GROUP    "/apis/admissionregistration.k8s.io/v1"
#define POLICIES GROUP "/validatingadmissionpolicies"
#define BINDINGS GROUP "/validatingadmissionpolicybindings"
#define CMS      "/api/v1/namespaces/default/configmaps"
#define DRY      "dryRun=All"
#define CREATES                                                                                    \
    "'matchConstraints':{'resourceRules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':["   \
    "'CREATE'],'resources':['configmaps']}]}"
#define POLICY(name, more) "{'metadata':{'name':'" name "'},'spec':{" CREATES "," more "}}"
#define BINDING(name, of, more)                                                                    \
    "{'metadata':{'name':'" name "'},'spec':{'policyName':'" of "'," more "}}"
#define DENY           "'validationActions':['Deny']"
#define CM(name, more) "{'metadata':{'name':'" name "'}" more "}"

static const User alice = {.name = "alice", .uid = "", .groups = masters};

TEST(a_policy_denies_in_its_own_words)
{
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         POLICY("p",
                "'variables':[{'name':'n','expression':'object.metadata.name.size()'},{'name':"
                "'unused','expression':'object.nope'}],'validations':[{'expression':"
                "'variables.n < 4','messageExpression':'string(variables.n) + \\\" is long\\\"'}"
                ",{'expression':'!has(object.data)','message':' no data ','reason':'Forbidden'}"
                "]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("unbound", ""), 201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("b", "p", DENY), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("ok", ""), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("long", ""), 422,
         "configmaps 'long' is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied "
         "request: 4 is long",
         "reason", "Invalid"},
        {&admin, "POST", CMS, DRY, CM("ok", ",'data':{'a':'b'}"), 403, "denied request: no data",
         "reason", "Forbidden"},
        {&admin, "DELETE", BINDINGS "/b", "", NULL, 200, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("long", ""), 201, NULL, NULL, NULL},
    };

    run_rows("words", rows, ARRAY_LEN(rows));
}

TEST(errors_deny_unless_they_are_ignored)
{
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         POLICY("p", "'variables':[{'name':'v','expression':'object.data.x'}],'validations':[{"
                     "'expression':'variables.v == \\\"y\\\"'}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("b", "p", DENY), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("c", ""), 422,
         "expression 'variables.v == 'y'' resulted in error: composited variable 'v' fails to "
         "evaluate: no such key: data",
         NULL, NULL},
        {&admin, "PATCH", POLICIES "/p", "", "{'spec':{'failurePolicy':'Ignore'}}", 200, NULL, NULL,
         NULL},
        {&admin, "POST", CMS, DRY, CM("c", ""), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("c", ",'data':{'x':'z'}"), 422,
         "failed expression: variables.v == 'y'", NULL, NULL},
        {&admin, "POST", POLICIES, "",
         POLICY("hungry",
                "'validations':[{'expression':'[0,1,2,3,4,5,6,7,8,9].all(a,[0,1,2,3,4,5,6,"
                "7,8,9].all(b,[0,1,2,3,4,5,6,7,8,9].all(c,[0,1,2,3,4,5,6,7,8,9].all(d,["
                "0,1,2,3,4,5,6,7,8,9].all(e,a+b+c+d+e>=0)))))'}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("hungry", "hungry", DENY), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("c", ""), 422,
         "operation cancelled: actual cost limit exceeded", NULL, NULL},
    };

    run_rows("errors", rows, ARRAY_LEN(rows));
}

TEST(rules_and_conditions_say_what_is_looked_at)
{
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         "{'metadata':{'name':'p'},'spec':{'matchConstraints':{'resourceRules':[{'apiGroups':['*'],"
         "'apiVersions':['v1'],'operations':['CREATE','DELETE'],'resources':['configmaps','pods/*']"
         "}],'excludeResourceRules':[{'apiGroups':[''],'apiVersions':['*'],'operations':['*'],"
         "'resources':['configmaps'],'resourceNames':['free']}]},'matchConditions':[{'name':"
         "'people','expression':'request.userInfo.username == \\\"alice\\\"'}],'validations':[{"
         "'expression':'false','message':'no'}]}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("b", "p", DENY), 201, NULL, NULL, NULL},
        {&alice, "POST", CMS, DRY, CM("c", ""), 422, "denied request: no", NULL, NULL},
        {&admin, "POST", CMS, "", CM("c", ""), 201, NULL, NULL, NULL},
        {&alice, "POST", CMS, DRY, CM("free", ""), 201, NULL, NULL, NULL},
        {&alice, "PATCH", CMS "/c", DRY, "{'data':{'a':'b'}}", 200, NULL, NULL, NULL},
        {&alice, "DELETE", CMS "/c", "", NULL, 422, "denied request: no", NULL, NULL},
        {&alice, "POST", "/api/v1/namespaces/default/secrets", DRY, CM("c", ""), 201, NULL, NULL,
         NULL},
        /* policies are no matter for policies */
        {&alice, "DELETE", BINDINGS "/b", "", NULL, 200, NULL, NULL, NULL},
    };

    run_rows("rules", rows, ARRAY_LEN(rows));
}

TEST(parameters_come_from_where_the_binding_says)
{
#define WITH "'paramKind':{'apiVersion':'v1','kind':'ConfigMap'},"
    static const Row rows[] = {
        {&admin, "POST", CMS, "",
         "{'metadata':{'name':'one','labels':{'role':'params'}},'data':{'max':'3'}}", 201, NULL,
         NULL, NULL},
        {&admin, "POST", POLICIES, "",
         POLICY("p", WITH "'validations':[{'expression':'object.metadata.name.size() <= int("
                          "params.data.max)','messageExpression':'\\\"at most \\\" + "
                          "params.data.max'}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "",
         BINDING("b", "p", DENY ",'paramRef':{'name':'one','parameterNotFoundAction':'Deny'}"), 201,
         NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("abcd", ""), 422, "denied request: at most 3", NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("abc", ""), 201, NULL, NULL, NULL},
        {&admin, "PATCH", BINDINGS "/b", "",
         "{'spec':{'paramRef':{'name':null,'selector':{'matchLabels':{'role':'none'}}}}}", 200,
         NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("abc", ""), 422,
         "failed to configure binding: no params found for policy binding with `Deny` "
         "parameterNotFoundAction",
         NULL, NULL},
        {&admin, "PATCH", BINDINGS "/b", "",
         "{'spec':{'paramRef':{'parameterNotFoundAction':'Allow'}}}", 200, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("abcd", ""), 201, NULL, NULL, NULL},
        {&admin, "PATCH", BINDINGS "/b", "",
         "{'spec':{'paramRef':{'selector':{'matchLabels':{'role':'params'}}}}}", 200, NULL, NULL,
         NULL},
        {&admin, "POST", CMS, DRY, CM("abcd", ""), 422, "denied request: at most 3", NULL, NULL},
        {&admin, "PATCH", POLICIES "/p", "",
         "{'spec':{'paramKind':{'apiVersion':'example.com/v1','kind':'Nope'}}}", 200, NULL, NULL,
         NULL},
        {&admin, "POST", CMS, DRY, CM("a", ""), 422,
         "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find "
         "resource referenced by paramKind: 'example.com/v1, Kind=Nope'",
         NULL, NULL},
    };

    run_rows("params", rows, ARRAY_LEN(rows));
}

TEST(expressions_see_the_request_and_the_namespace)
{
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         POLICY("p",
                "'validations':["
                "{'expression':'request.operation == \\\"CREATE\\\" && request.dryRun'},"
                "{'expression':'request.kind.kind == \\\"ConfigMap\\\" && "
                "request.resource.resource == \\\"configmaps\\\"'},"
                "{'expression':'namespaceObject.metadata.name == request.namespace'},"
                "{'expression':'oldObject == null && object.kind == \\\"ConfigMap\\\"'},"
                "{'expression':'authorizer.group(\\\"\\\").resource(\\\"pods\\\").namespace("
                "\\\"default\\\").check(\\\"list\\\").allowed()'},"
                "{'expression':'authorizer.requestResource.check(\\\"create\\\").allowed()'},"
                "{'expression':'!authorizer.serviceAccount(\\\"default\\\",\\\"default\\\").path("
                "\\\"/x\\\").check(\\\"get\\\").allowed()'}]"),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("b", "p", DENY), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("c", ""), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("c", ""), 422, "failed expression: request.operation", NULL,
         NULL},
    };

    run_rows("sees", rows, ARRAY_LEN(rows));
}
