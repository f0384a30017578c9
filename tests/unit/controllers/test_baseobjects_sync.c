#include "controllers/baseobjects_sync.h"

#include "tests/unit/test.h"

static const char *const acts[] = {"nothing", "create", "update", "delete", "recreate"};

#define ON   "'annotations':{'apf.kubernetes.io/autoupdate-spec':'true'}"
#define OFF  "'annotations':{'apf.kubernetes.io/autoupdate-spec':'false'}"
#define SOME "'spec':{'matchingPrecedence':500}"

TEST(what_a_cluster_is_born_with_is_kept)
{
    static const struct {
        const char *storage, *now, *born, *want; /* then the act and what of the object matters */
        const char *path, *text;
    } rows[] = {
        /* nobody's */
        {"namespaces", "{'metadata':{'name':'x'}}", NULL, "nothing", NULL, NULL},
        /* missing: made anew without what is the server's */
        {"services", NULL,
         "{'metadata':{'name':'kubernetes','uid':'u','creationTimestamp':'t','resourceVersion':'1',"
         "'generation':1},'spec':{'type':'ClusterIP'},'status':{}}",
         "create", "",
         "{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":{\"type\":\"ClusterIP\"}}"},
        /* changed: the Service is not set back, as upstream's is not */
        {"services", "{'metadata':{'name':'kubernetes'},'spec':{'type':'NodePort'}}",
         "{'metadata':{'name':'kubernetes'},'spec':{'type':'ClusterIP'}}", "nothing", NULL, NULL},
        {"namespaces", "{'metadata':{'name':'n','deletionTimestamp':'2026-01-01T00:00:00Z'}}",
         "{'metadata':{'name':'n'}}", "nothing", NULL, NULL},
        /* addresses, and the label that says whose they are */
        {"endpoints", "{'metadata':{'labels':{'a':'b'}},'subsets':[]}",
         "{'metadata':{'labels':{'skip':'true'}},'subsets':[{'addresses':[{'ip':'10.96.0.1'}]}]}",
         "update", "",
         "{\"metadata\":{\"labels\":{\"a\":\"b\",\"skip\":\"true\"}},\"subsets\":"
         "[{\"addresses\":[{\"ip\":\"10.96.0.1\"}]}]}"},
        {"endpoints", "{'metadata':{'labels':{'a':'b','skip':'true'}},'subsets':[1]}",
         "{'metadata':{'labels':{'skip':'true'}},'subsets':[1]}", "nothing", NULL, NULL},
        {"discovery/endpointslices", "{'metadata':{},'addressType':'IPv6','endpoints':[1]}",
         "{'metadata':{},'addressType':'IPv4','endpoints':[1]}", "recreate", "addressType",
         "\"IPv4\""},
        {"discovery/endpointslices", "{'metadata':{},'addressType':'IPv4','endpoints':[2]}",
         "{'metadata':{},'addressType':'IPv4','endpoints':[1]}", "update", "endpoints", "[1]"},
        /* mandatory: whatever its annotation says */
        {"flowcontrol/flowschemas", "{'metadata':{'name':'catch-all'," OFF "},'spec':{}}",
         "{'metadata':{'name':'catch-all'}," SOME "}", "update", "",
         "{\"metadata\":{\"name\":\"catch-all\",\"annotations\":{\"apf.kubernetes.io/"
         "autoupdate-spec\":\"true\"}},\"spec\":{\"matchingPrecedence\":500}}"},
        {"flowcontrol/flowschemas", "{'metadata':{'name':'catch-all'," ON "}," SOME "}",
         "{'metadata':{'name':'catch-all'}," SOME "}", "nothing", NULL, NULL},
        /* what of `exempt` may be chosen */
        {"flowcontrol/prioritylevelconfigurations",
         "{'metadata':{'name':'exempt'," ON "},'spec':{'type':'Exempt','exempt':{"
         "'nominalConcurrencyShares':7,'lendablePercent':50}}}",
         "{'metadata':{'name':'exempt'},'spec':{'type':'Exempt','exempt':{"
         "'nominalConcurrencyShares':0,'lendablePercent':0}}}",
         "nothing", NULL, NULL},
        {"flowcontrol/prioritylevelconfigurations",
         "{'metadata':{'name':'exempt'," ON "},'spec':{'type':'Exempt'}}",
         "{'metadata':{'name':'exempt'},'spec':{'type':'Exempt','exempt':{"
         "'nominalConcurrencyShares':0}}}",
         "update", "spec.exempt", "{\"nominalConcurrencyShares\":0}"},
        /* suggested: set back while it says so */
        {"flowcontrol/flowschemas", "{'metadata':{'name':'probes'," ON "},'spec':{}}",
         "{'metadata':{'name':'probes'}," SOME "}", "update", "spec",
         "{\"matchingPrecedence\":500}"},
        {"flowcontrol/flowschemas", "{'metadata':{'name':'probes'," OFF "},'spec':{}}",
         "{'metadata':{'name':'probes'}," SOME "}", "nothing", NULL, NULL},
        /* it says nothing: never changed, or changed */
        {"flowcontrol/flowschemas", "{'metadata':{'name':'probes','generation':1},'spec':{}}",
         "{'metadata':{'name':'probes'}," SOME "}", "update", "spec",
         "{\"matchingPrecedence\":500}"},
        {"flowcontrol/flowschemas",
         "{'metadata':{'name':'probes','generation':2,'annotations':{"
         "'apf.kubernetes.io/autoupdate-spec':'perhaps'}},'spec':{}}",
         "{'metadata':{'name':'probes'}," SOME "}", "update", "",
         "{\"metadata\":{\"name\":\"probes\",\"generation\":2,\"annotations\":{\"apf.kubernetes.io/"
         "autoupdate-spec\":\"false\"}},\"spec\":{}}"},
        /* of another release, and a user's own */
        {"flowcontrol/flowschemas", "{'metadata':{'name':'old'," ON "}}", NULL, "delete", NULL,
         NULL},
        {"flowcontrol/flowschemas", "{'metadata':{'name':'old'," OFF "}}", NULL, "nothing", NULL,
         NULL},
        {"services", "{'metadata':{'name':'old'," ON "}}", NULL, "nothing", NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *now = rows[i].now ? value_literal(a, rows[i].now) : NULL;
        const Value *born = rows[i].born ? value_literal(a, rows[i].born) : NULL, *part;
        Value *ret;
        BaseAct act = base_heal(a, rows[i].storage, now, born, &ret);

        if (!str_eq(acts[act], rows[i].want))
            fail_msg("row %zu: %s, not %s", i, acts[act], rows[i].want);
        if (!rows[i].path)
            continue;
        part = rows[i].path[0] ? value_at(ret, rows[i].path) : ret;
        if (!part || !str_eq(value_to_str(a, part), rows[i].text))
            fail_msg("row %zu: %s", i, part ? value_to_str(a, part) : "nothing");
    }
}

#define RULE(verbs, groups, resources)                                                             \
    "{'verbs':" verbs ",'apiGroups':" groups ",'resources':" resources "}"
#define ROLE(rules) "{'metadata':{},'rules':[" rules "]}"
#define REF(name)   "'roleRef':{'kind':'ClusterRole','name':'" name "'}"

TEST(roles_and_bindings_get_back_what_they_lack)
{
    static const struct {
        const char *now, *born, *want, *path, *text;
    } rows[] = {
        {NULL, ROLE(""), "create", "rules", "[]"},
        {"{'metadata':{}}", NULL, "nothing", NULL, NULL},
        {"{'metadata':{'annotations':{'rbac.authorization.kubernetes.io/autoupdate':'false'}}}",
         ROLE(RULE("['get']", "['']", "['pods']")), "nothing", NULL, NULL},
        /* covered by what is wider; what is more stays */
        {ROLE(RULE("['*']", "['*']", "['*']")), ROLE(RULE("['get']", "['']", "['pods/log']")),
         "nothing", NULL, NULL},
        {ROLE(RULE("['get']", "['']", "['*/log']")), ROLE(RULE("['get']", "['']", "['pods/log']")),
         "nothing", NULL, NULL},
        {ROLE(RULE("['get']", "['']", "['pods']")),
         ROLE(RULE("['get','list']", "['']", "['pods']")), "update", "rules",
         "[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},"
         "{\"verbs\":[\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}]"},
        {"{'metadata':{},'rules':null}", ROLE(RULE("['get']", "['']", "['pods']")), "update",
         "rules.0.verbs", "[\"get\"]"},
        /* for one name is less than for all; for all is more than for one */
        {ROLE("{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a']}"),
         ROLE(RULE("['get']", "['']", "['pods']")), "update", "rules.1",
         "{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}"},
        {ROLE(RULE("['get']", "['']", "['pods']")),
         ROLE("{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a']}"),
         "nothing", NULL, NULL},
        {ROLE("{'verbs':['get'],'nonResourceURLs':['/healthz/*']}"),
         ROLE("{'verbs':['get'],'nonResourceURLs':['/healthz/a','/version']}"), "update", "rules.1",
         "{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/version\"]}"},
        /* aggregated roles get selectors, not rules */
        {"{'metadata':{},'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'a':'b'}}]},"
         "'rules':[]}",
         "{'metadata':{},'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'c':'d'}}]},"
         "'rules':[" RULE("['get']", "['']", "['pods']") "]}",
         "update", "aggregationRule.clusterRoleSelectors",
         "[{\"matchLabels\":{\"a\":\"b\"}},{\"matchLabels\":{\"c\":\"d\"}}]"},
        {"{'metadata':{},'aggregationRule':{'clusterRoleSelectors':[]},'rules':[]}", ROLE(""),
         "update", "", "{\"metadata\":{},\"rules\":[]}"},
        /* labels and annotations of its owner win */
        {"{'metadata':{'labels':{'a':'mine'},'annotations':{'x':'y'}},'rules':[]}",
         "{'metadata':{'labels':{'a':'b','c':'d'}},'rules':[]}", "update", "metadata.labels",
         "{\"a\":\"mine\",\"c\":\"d\"}"},
        /* bindings */
        {"{'metadata':{}," REF("x") ",'subjects':[{'kind':'User','name':'me'}]}",
         "{'metadata':{}," REF("x") ",'subjects':[{'kind':'Group','name':'g'}]}", "update",
         "subjects", "[{\"kind\":\"User\",\"name\":\"me\"},{\"kind\":\"Group\",\"name\":\"g\"}]"},
        {"{'metadata':{}," REF("x") "}", "{'metadata':{'uid':'u'}," REF("y") ",'subjects':[]}",
         "recreate", "metadata", "{}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *now = rows[i].now ? value_literal(a, rows[i].now) : NULL;
        const Value *born = rows[i].born ? value_literal(a, rows[i].born) : NULL, *part;
        Value *ret;
        BaseAct act = base_reconcile(a, now, born, &ret);

        if (!str_eq(acts[act], rows[i].want))
            fail_msg("row %zu: %s, not %s", i, acts[act], rows[i].want);
        if (!rows[i].path)
            continue;
        part = rows[i].path[0] ? value_at(ret, rows[i].path) : ret;
        if (!part || !str_eq(value_to_str(a, part), rows[i].text))
            fail_msg("row %zu: %s", i, part ? value_to_str(a, part) : "nothing");
    }
}

TEST(a_flow_schema_says_whether_its_level_is_there)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'spec':{'priorityLevelConfiguration':{'name':'low'}}}");

    assert_true(flowschema_set_dangling(a, v, false, 1000000));
    assert_string_equal(
        value_to_str(a, value_at(v, "status.conditions")),
        "[{\"type\":\"Dangling\",\"lastTransitionTime\":\"1970-01-01T00:00:01Z\",\"status\":"
        "\"True\","
        "\"reason\":\"NotFound\",\"message\":\"This FlowSchema references the "
        "PriorityLevelConfiguration object named \\\"low\\\" but there is no such object\"}]");
    assert_false(flowschema_set_dangling(a, v, false, 2000000));
    assert_true(flowschema_set_dangling(a, v, true, 3000000));
    assert_string_equal(
        value_at_str(v, "status.conditions.0.message"),
        "This FlowSchema references the PriorityLevelConfiguration object named \"low\" and it "
        "exists");
    assert_string_equal(value_at_str(v, "status.conditions.0.lastTransitionTime"),
                        "1970-01-01T00:00:03Z");
}
