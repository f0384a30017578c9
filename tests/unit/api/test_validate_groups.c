/*
 * Objects with mistakes of the groups beside core, apps and batch, and what the real server says of
 * them: roles, flow control, API services, classes, policies of the network.
 */
#include "api/crd_internal.h"
#include "base/b64.h"
#include "base/pki.h"
#include "tests/unit/api/rows.h"

TEST(of_roles)
{
    static const Row rows[] = {
        {"Role", "", NULL, "{'metadata':{}}", ""},
        {"Role", "", NULL, "{'metadata':{'name':'a/b'},'rules':[{}]}",
         "metadata.name: Invalid value: \"a/b\": may not contain '/'; rules[0].verbs: Required "
         "value: verbs must contain at least one value; rules[0].apiGroups: Required value: "
         "resource rules must supply at least one api group; rules[0].resources: Required value: "
         "resource rules must supply at least one resource"},
        {"Role", "", NULL, "{'metadata':{'name':'..'}}",
         "metadata.name: Invalid value: \"..\": may not be '..'"},
        {"Role", "", NULL,
         "{'metadata':{'name':'System:Reader'},'rules':[{'verbs':['get'],'apiGroups':[''],'"
         "resources'"
         ":['pods','pods/log'],'resourceNames':['a','b']}]}",
         ""},
        {"Role", "", NULL,
         "{'metadata':{},'rules':[{'verbs':['get'],'nonResourceURLs':['/"
         "healthz'],'resourceNames':['"
         "a']}]}",
         "rules[0].nonResourceURLs: Invalid value: [\"/healthz\"]: namespaced rules cannot apply "
         "to "
         "non-resource URLs; rules[0].nonResourceURLs: Invalid value: [\"/healthz\"]: rules cannot "
         "apply to both regular resources and non-resource URLs"},
        {"ClusterRole", "", NULL,
         "{'metadata':{},'rules':[{'verbs':['get'],'nonResourceURLs':['/healthz','x']}]}", ""},
        {"ClusterRole", "", NULL,
         "{'metadata':{},'rules':[{'nonResourceURLs':['/"
         "x'],'apiGroups':['']}],'aggregationRule':{}}",
         "rules[0].verbs: Required value: verbs must contain at least one value; "
         "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular "
         "resources and non-resource URLs; aggregationRule.clusterRoleSelectors: Required value: "
         "at "
         "least one clusterRoleSelector required if aggregationRule is non-nil"},
        {"ClusterRole", "", NULL,
         "{'metadata':{},'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'a':'b'}},{'"
         "matchExpressions':[{'key':'k','operator':'In'}]}]}}",
         "aggregationRule.clusterRoleSelectors[1].matchExpressions[0].values: Required value: must "
         "be specified when `operator` is 'In' or 'NotIn'; "
         "aggregationRule.clusterRoleSelectors[1]: Invalid value: null: invalid label selector."},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define TO_ROLE "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'r'}"

TEST(of_role_bindings)
{
    static const Row rows[] = {
        {"RoleBinding", "", NULL,
         "{'metadata':{},'roleRef':{'apiGroup':'v1','kind':'Pod','name':''}}",
         "roleRef.apiGroup: Unsupported value: \"v1\": supported values: "
         "\"rbac.authorization.k8s.io\"; roleRef.kind: Unsupported value: \"Pod\": supported "
         "values: \"Role\", \"ClusterRole\"; roleRef.name: Required value"},
        {"RoleBinding", "", NULL,
         "{'metadata':{},'roleRef':{'kind':'ClusterRole','name':'a%b'},'subjects':[{'kind':'User','"
         "name':''},{'kind':'Group','name':'g','apiGroup':'x'},{'kind':'ServiceAccount','name':'s'}"
         ",{'"
         "kind':'Node','name':'n'}]}",
         "roleRef.name: Invalid value: \"a%b\": may not contain '%'; subjects[0].name: Required "
         "value; subjects[1].apiGroup: Unsupported value: \"x\": supported values: "
         "\"rbac.authorization.k8s.io\"; subjects[3].kind: Unsupported value: \"Node\": supported "
         "values: \"ServiceAccount\", \"User\", \"Group\""},
        {"ClusterRoleBinding", "", NULL,
         "{'metadata':{},'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'ServiceAccount',"
         "'"
         "name':'','apiGroup':'x'}]}",
         "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"; "
         "subjects[0].name: Required value; subjects[0].apiGroup: Unsupported value: \"x\": "
         "supported values: \"\"; subjects[0].namespace: Required value"},
        {"RoleBinding", "", "{'metadata':{}," TO_ROLE "}",
         "{'metadata':{},'roleRef':{'kind':'Role','name':'s'}}",
         "roleRef: Invalid value: "
         "{\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"s\"}: cannot "
         "change roleRef"},
        {"RoleBinding", "", "{'metadata':{}," TO_ROLE "}",
         "{'metadata':{}," TO_ROLE ",'subjects':[{'kind':'User','name':'u'}]}", ""},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define LEVEL "'priorityLevelConfiguration':{'name':'l'},'matchingPrecedence':50"
#define WHO   "'subjects':[{'kind':'User','user':{'name':'u'}}]"

TEST(of_flow_schemas)
{
    static const Row rows[] = {
        {"FlowSchema", "", NULL, "{'metadata':{},'spec':{" LEVEL "}}", ""},
        {"FlowSchema", "", NULL,
         "{'metadata':{},'spec':{'matchingPrecedence':-1,'distinguisherMethod':{'type':'ByIP'}}}",
         "spec.matchingPrecedence: Invalid value: -1: must be a positive value; "
         "spec.distinguisherMethod.type: Unsupported value: {\"Type\":\"ByIP\"}: supported values: "
         "\"ByNamespace\", \"ByUser\"; spec.priorityLevelConfiguration.name: Required value: must "
         "reference a priority level"},
        {"FlowSchema", "", NULL,
         "{'metadata':{},'spec':{'matchingPrecedence':10001,'priorityLevelConfiguration':{'name':'"
         "A'}"
         ",'rules':[{}]}}",
         "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000; "
         "spec.priorityLevelConfiguration.name: Invalid value: \"A\": a lowercase RFC 1123 "
         "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
         "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "spec.rules[0].subjects: Required value: subjects must contain at least one value; "
         "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to "
         "be non-empty"},
        {"FlowSchema", "", NULL,
         "{'metadata':{},'spec':{" LEVEL ",'rules':[{'subjects':[{'kind':'User'},{'kind':'Group','"
         "group':{'name':''},'user':{'name':'"
         "u'}},{'kind':'ServiceAccount','serviceAccount':{'name':'*','namespace':''}},{'kind':'x'}]"
         ","
         "'nonResourceRules':[{'verbs':['get'],'nonResourceURLs':['/']}]}]}}",
         "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is "
         "'User'; spec.rules[0].subjects[1].group.name: Required value; "
         "spec.rules[0].subjects[1].user: Forbidden: user is forbidden when subject kind is not "
         "'User'; spec.rules[0].subjects[2].serviceAccount.namespace: Required value: must specify "
         "namespace for service account; spec.rules[0].subjects[3].kind: Unsupported value: \"x\": "
         "supported values: \"Group\", \"ServiceAccount\", \"User\""},
        {"FlowSchema", "", NULL,
         "{'metadata':{},'spec':{" LEVEL ",'rules':[{" WHO
         ",'resourceRules':[{'verbs':['*','get'],'apiGroups':['*','a'],'resources':['*','b'],'"
         "namespaces':['*','c']},{'verbs':['get','fly'],'apiGroups':[''],'resources':['a/b'],'"
         "namespaces':['x','Y']}]}]}}",
         "spec.rules[0].resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, "
         "must not specify other verbs; spec.rules[0].resourceRules[0].apiGroups: Invalid value: "
         "[\"*\",\"a\"]: if '*' is present, must not specify other api groups; "
         "spec.rules[0].resourceRules[0].resources: Invalid value: [\"*\",\"b\"]: if '*' is "
         "present, must not specify other resources; spec.rules[0].resourceRules[0].namespaces: "
         "Invalid value: [\"*\",\"c\"]: if '*' is present, must not specify other namespaces; "
         "spec.rules[0].resourceRules[1].verbs: Unsupported value: [\"get\",\"fly\"]: supported "
         "values: \"create\", \"delete\", \"deletecollection\", \"get\", \"list\", \"patch\", "
         "\"proxy\", \"update\", \"watch\"; spec.rules[0].resourceRules[1].namespaces[1]: Invalid "
         "value: \"Y\": each member of this list must be '*' or a DNS-1123 label; a lowercase RFC "
         "1123 label must consist of lower case alphanumeric characters or '-', and must start and "
         "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
         "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
        {"FlowSchema", "", NULL,
         "{'metadata':{},'spec':{" LEVEL ",'rules':[{" WHO
         ",'nonResourceRules':[{'verbs':[],'nonResourceURLs':['','a','/a b','/a//b','/a*','/*/b','/"
         "a/"
         "*']}],'resourceRules':[{'verbs':['get'],'apiGroups':[''],'resources':['a'],'clusterScope'"
         ":true}]}]}}",
         "spec.rules[0].nonResourceRules[0].verbs: Required value: verbs must contain at least one "
         "value; spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"\": must "
         "not be empty; spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "
         "\"a\": "
         "must start with slash; spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid "
         "value: \"/a b\": must not contain white-space; "
         "spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: \"/a//b\": must not "
         "contain double slash; spec.rules[0].nonResourceRules[0].nonResourceURLs[4]: Invalid "
         "value: \"/a*\": wildcard can only do suffix matching; "
         "spec.rules[0].nonResourceRules[0].nonResourceURLs[5]: Invalid value: \"/*/b\": wildcard "
         "can only do suffix matching"},
        {"FlowSchema", "status", "{'metadata':{},'spec':{" LEVEL "}}",
         "{'metadata':{},'spec':{'matchingPrecedence':-1},'status':{'conditions':[{'type':'a'},{'"
         "type':'a'},{}]}}",
         "status.conditions[1].type: Duplicate value: \"a\"; status.conditions[2].type: Required "
         "value: must not be empty"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_priority_levels)
{
    static const Row rows[] = {
        {"PriorityLevelConfiguration", "", NULL, "{'metadata':{},'spec':{'type':'Limited'}}",
         "spec.limited: Required value: must not be empty when type is Limited"},
        {"PriorityLevelConfiguration", "", NULL, "{'metadata':{},'spec':{'type':'Exempt'}}",
         "spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is "
         "'exempt'"},
        {"PriorityLevelConfiguration", "", NULL, "{'metadata':{},'spec':{'type':'x'}}",
         "spec.type: Unsupported value: \"x\": supported values: \"Exempt\", \"Limited\""},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{},'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':-1,'"
         "limitResponse':{'type':'Queue'},'lendablePercent':101,'borrowingLimitPercent':-1},'"
         "exempt':"
         "{}}}",
         "spec.exempt: Forbidden: must be nil if the type is Limited; "
         "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative "
         "integer; "
         "spec.limited.limitResponse.queuing: Required value: must not be empty if "
         "limited.limitResponse.type is Limited; spec.limited.lendablePercent: Invalid value: 101: "
         "must be between 0 and 100, inclusive; spec.limited.borrowingLimitPercent: Invalid value: "
         "-1: if specified, must be a non-negative integer"},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{},'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Reject','"
         "queuing':{}}}}}",
         "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type "
         "is not Limited"},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{},'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Queue','"
         "queuing"
         "':{'queues':4,'handSize':5,'queueLengthLimit':-1}}}}}",
         "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be "
         "positive; "
         "spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater "
         "than "
         "queues (4)"},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{},'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Queue','"
         "queuing"
         "':{'queues':10000001,'handSize':3}}}}}",
         "spec.limited.limitResponse.queuing.queues: Invalid value: 10000001: must not be greater "
         "than 10000000; spec.limited.limitResponse.queuing.handSize: Invalid value: 3: required "
         "entropy bits of deckSize 10000001 and handSize 3 should not be greater than 60"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_api_services)
{
    static const Row rows[] = {
        {"APIService", "", NULL,
         "{'metadata':{'name':'v1.example.com'},'spec':{'group':'example.com','version':'v1','"
         "groupPriorityMinimum':10,'versionPriority':10}}",
         ""},
        {"APIService", "", NULL, "{'metadata':{},'spec':{}}",
         "metadata.name: Invalid value: \"x\": must be `spec.version+\".\"+spec.group`: \".\"; "
         "spec.group: Required value: only v1 may have an empty group and it better be legacy "
         "kube; "
         "spec.version: Invalid value: \"\": a DNS-1035 label must consist of lower case "
         "alphanumeric characters or '-', start with an alphabetic character, and end with an "
         "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
         "'[a-z]([-a-z0-9]*[a-z0-9])?'); spec.groupPriorityMinimum: Invalid value: 0: must be "
         "positive and less than 20000; spec.versionPriority: Invalid value: 0: must be positive "
         "and less than 1000"},
        {"APIService", "", NULL,
         "{'metadata':{'name':'v1.a'},'spec':{'group':'a','version':'v1','groupPriorityMinimum':"
         "20001"
         ",'versionPriority':1001,'caBundle':'YWJj','insecureSkipTLSVerify':true}}",
         "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000; "
         "spec.versionPriority: Invalid value: 1001: must be positive and less than 1000; "
         "spec.caBundle: Invalid value: \"3 bytes\": local APIServices may not have a caBundle; "
         "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have "
         "insecureSkipTLSVerify"},
        {"APIService", "", NULL,
         "{'metadata':{'name':'v1.a'},'spec':{'group':'a','version':'v1','groupPriorityMinimum':1,'"
         "versionPriority':1,'caBundle':'YWJj','insecureSkipTLSVerify':true,'service':{'port':"
         "70000}"
         "}}",
         "spec.service.namespace: Required value; spec.service.name: Required value; "
         "spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, "
         "inclusive; spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle "
         "is present"},
        {"APIService", "status", "{'metadata':{},'spec':{}}",
         "{'metadata':{},'spec':{},'status':{'conditions':[{'type':'Available','status':'Maybe'}]}"
         "}",
         "status.conditions[0].status: Unsupported value: \"Maybe\": supported values: \"True\", "
         "\"False\", \"Unknown\""},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_classes)
{
    static const Row rows[] = {
        {"IngressClass", "", NULL, "{'metadata':{},'spec':{'controller':'A'}}",
         "spec.controller: Invalid value: \"A\": must be a domain-prefixed path (such as "
         "\"acme.io/foo\")"},
        {"IngressClass", "", NULL, "{'metadata':{},'spec':{'controller':'a..b/c d'}}",
         "spec.controller: Invalid value: \"a..b\": a lowercase RFC 1123 subdomain must consist of "
         "lower case alphanumeric characters, '-' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); spec.controller: "
         "Invalid value: \"c d\": Invalid path (regex used for validation is "
         "'[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"},
        {"RuntimeClass", "", NULL,
         "{'metadata':{},'scheduling':{'tolerations':[{'key':'a','operator':'Exists','effect':'"
         "NoExecute'},{'key':'a','operator':'Exists','effect':'NoExecute','tolerationSeconds':5}]}"
         "}",
         "handler: Required value; scheduling.tolerations[1]: Duplicate value: "
         "{\"Key\":\"a\",\"Operator\":\"Exists\",\"Value\":\"\",\"Effect\":\"NoExecute\","
         "\"TolerationSeconds\":5}"},
        {"RuntimeClass", "", NULL,
         "{'metadata':{},'handler':'h','scheduling':{'tolerations':[{'key':'a','operator':'Exists'}"
         ",{"
         "'key':'a','operator':'Exists','effect':'NoExecute'}]}}",
         ""},
        {"RuntimeClass", "", "{'metadata':{},'handler':'h'}", "{'metadata':{},'handler':''}",
         "handler: Required value; handler: Invalid value: \"\": field is immutable"},
        {"PriorityClass", "", NULL,
         "{'metadata':{'name':'system-node-critical'},'value':2000001000}", ""},
        {"PriorityClass", "", NULL, "{'metadata':{'name':'system-node-critical'},'value':1}",
         "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for "
         "system use only. error: value of system-node-critical PriorityClass must be 2000001000"},
        {"PriorityClass", "", NULL,
         "{'metadata':{'name':'system-cluster-critical'},'value':2000000000,'globalDefault':true}",
         "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for "
         "system use only. error: globalDefault of system-cluster-critical PriorityClass must be "
         "false"},
        {"PriorityClass", "", NULL, "{'metadata':{'name':'system-x'},'value':1}",
         "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for "
         "system use only. error: system-x is not a known system priority class"},
        {"PriorityClass", "", NULL,
         "{'metadata':{},'value':1000000001,'preemptionPolicy':'Sometimes'}",
         "value: Forbidden: maximum allowed value of a user defined priority is 1000000000; "
         "preemptionPolicy: Unsupported value: \"Sometimes\": supported values: "
         "\"PreemptLowerPriority\", \"Never\""},
        {"PriorityClass", "", "{'metadata':{},'value':1}",
         "{'metadata':{},'value':2,'preemptionPolicy':'x'}",
         "value: Forbidden: may not be changed in an update.; preemptionPolicy: Invalid value: "
         "\"x\": field is immutable"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define FROM(ports) "{'spec':{'podSelector':{},'ingress':[{'ports':[" ports "]}]}}"

TEST(of_ports_of_network_policies)
{
    static const Row rows[] = {
        {"NetworkPolicy", "", NULL, FROM("{'port':80,'endPort':90},{'port':'web'},{}"), ""},
        {"NetworkPolicy", "", NULL, FROM("{'port':0,'endPort':70000,'protocol':'ICMP'}"),
         "spec.ingress[0].ports[0].protocol: Unsupported value: \"ICMP\": supported values: "
         "\"TCP\", \"UDP\", \"SCTP\"; spec.ingress[0].ports[0].port: Invalid value: 0: must be "
         "between 1 and 65535, inclusive; spec.ingress[0].ports[0].endPort: Invalid value: 70000: "
         "must be between 1 and 65535, inclusive"},
        {"NetworkPolicy", "", NULL, FROM("{'port':90,'endPort':80},{'port':'a--b','endPort':1}"),
         "spec.ingress[0].ports[0].endPort: Invalid value: 90: must be greater than or equal to "
         "`port`; spec.ingress[0].ports[1].endPort: Invalid value: 1: may not be specified when "
         "`port` is non-numeric; spec.ingress[0].ports[1].port: Invalid value: \"a--b\": must not "
         "contain consecutive hyphens"},
        {"NetworkPolicy", "", NULL, FROM("{'endPort':1}"),
         "spec.ingress[0].ports[0].endPort: Invalid value: 1: may not be specified when `port` is "
         "not specified"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define HOOK(client)                                                                               \
    "{'metadata':{},'webhooks':[{'name':'a.b.c','clientConfig':{" client                           \
    "},'sideEffects':'None','admissionReviewVersions':['v1']}]}"

TEST(of_addresses_of_webhooks)
{
    static const Row rows[] = {
        {"ValidatingWebhookConfiguration", "", NULL, HOOK("'url':'HTTPS://a/b'"), ""},
        {"ValidatingWebhookConfiguration", "", NULL, HOOK("'url':'https:a'"),
         "webhooks[0].clientConfig.url: Invalid value: \"\": host must be specified; desired "
         "format: "
         "https://host[/path]"},
        {"ValidatingWebhookConfiguration", "", NULL, HOOK("'url':'https://u@a?b#c'"),
         "webhooks[0].clientConfig.url: Invalid value: \"u\": user information is not permitted in "
         "the URL; webhooks[0].clientConfig.url: Invalid value: \"c\": fragments are not permitted "
         "in "
         "the URL; webhooks[0].clientConfig.url: Invalid value: \"b\": query parameters are not "
         "permitted in the URL"},
        {"ValidatingWebhookConfiguration", "", NULL, HOOK("'url':'https://a b'"),
         "webhooks[0].clientConfig.url: Required value: url must be a valid URL: parse \"https://a "
         "b\": invalid character \" \" in host name; desired format: https://host[/path]"},
    };

    judge(rows, ARRAY_LEN(rows));
}

/* ---- the bundle of a conversion webhook ---- */

static Value *definition(Arena *a, const char *pem, bool is_established)
{
    Value *v = value_literal(
        a,
        "{'metadata':{'name':'ws.x.io'},'spec':{'group':'x.io','names':{'plural':'ws','singular':"
        "'w','kind':'W','listKind':'WList'},'scope':'Cluster','versions':[{'name':'v1','served':"
        "true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}],'conversion':{'"
        "strategy':'Webhook','webhook':{'conversionReviewVersions':['v1'],'clientConfig':{'url':"
        "'https://a'}}}},'status':{'storedVersions':['v1'],'conditions':[]}}");
    Value *client = value_at(v, "spec.conversion.webhook.clientConfig");
    AUTO_BUF bundle = BUF_INIT;

    if (is_established)
        value_append(a, value_at(v, "status.conditions"),
                     value_literal(a, "{'type':'Established','status':'True'}"));
    b64_encode(slice_of(pem), &bundle);
    if (pem[0])
        value_set_str(a, client, "caBundle", buf_str(&bundle));
    return v;
}

TEST(a_served_definition_keeps_a_readable_bundle)
{
    static const struct {
        const char *pem, *old;
        bool is_established;
        const char *want;
    } rows[] = {
        {"abc", "", false, ""},
        {"abc", "", true,
         "spec.conversion.webhookClientConfig.caBundle: Invalid value: \"YWJj\": unable to load "
         "root "
         "certificates: unable to parse bytes as PEM block"},
        {"abc", "def", true, ""},
        {"-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n", "", true,
         "spec.conversion.webhookClientConfig.caBundle: Invalid value: "
         "\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFRSUQKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=\": "
         "unable to load root certificates: failed to parse certificate: x509: malformed "
         "certificate"},
        {"@", "", true, ""}, /* a certificate */
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    CLEANUP(pki_cert_free) PkiCert *cert = NULL;
    AUTO_BUF pem = BUF_INIT;
    Err err;

    assert_ok(pki_key_new(&key, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = "ca"}, &(PkiUse){.until_s = 1, .is_ca = true}, key,
                        NULL, NULL, &cert, &err));
    pki_cert_write_pem(cert, &pem);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *text = strcmp(rows[i].pem, "@") == 0 ? buf_str(&pem) : rows[i].pem;
        FieldErrs e = {.arena = a};

        validate_update(
            resource_find_kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition"), "",
            definition(a, text, rows[i].is_established),
            definition(a, rows[i].old, rows[i].is_established), &e);
        assert_string_equal(errors_text(a, &e), rows[i].want);
    }
}

#define WIDGETS                                                                                    \
    "'spec':{'group':'g.example.com','scope':'Namespaced','names':{'plural':'widgets',"            \
    "'singular':'widget','kind':'Widget','listKind':'WidgetList'},'conversion':{'strategy':'None'" \
    "},"
#define EMPTY_VERSION(name, storage)                                                               \
    "{\"Name\":\"" name "\",\"Served\":true,\"Storage\":" storage ",\"Deprecated\":false,"         \
    "\"DeprecationWarning\":null,\"Schema\":null,\"Subresources\":null,"                           \
    "\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}"

TEST(of_versions_of_definitions)
{
    static const Row rows[] = {
        {"CustomResourceDefinition", "", NULL,
         "{'metadata':{'name':'widgets.g.example.com','generateName':'x-'}," WIDGETS
         "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':"
         "{'type':'object'}}}]},'status':{'storedVersions':['v1']}}",
         "metadata.generateName: Invalid value: \"x-\": must be "
         "spec.names.plural+\".\"+spec.group"},
        {"CustomResourceDefinition", "", NULL,
         "{'metadata':{'name':'widgets.g.example.com'}," WIDGETS
         "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':"
         "{'type':'object'}}},{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema'"
         ":{'type':'object'}}}]},'status':{'storedVersions':['v1']}}",
         "spec.versions: Invalid value: [" EMPTY_VERSION("v1", "true") "," EMPTY_VERSION(
             "v1", "true") "]: must contain unique version names; spec.versions: Invalid value: "
                           "[" EMPTY_VERSION("v1", "true") "," EMPTY_VERSION(
                               "v1",
                               "true") "]: must have exactly one version marked as storage "
                                       "version; status.storedVersions: Invalid value: [\"v1\"]: "
                                       "must have the storage version v1"},
        {"CustomResourceDefinition", "", NULL,
         "{'metadata':{'name':'widgets.g.example.com'}," WIDGETS
         "'versions':[{'name':'','served':true,'storage':true,'schema':{'openAPIV3Schema':"
         "{'type':'object'}}}]},'status':{'storedVersions':['']}}",
         "spec.versions[0].name: Invalid value: \"\": a DNS-1035 label must consist of lower case "
         "alphanumeric characters or '-', start with an alphabetic character, and end with an "
         "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
         "'[a-z]([-a-z0-9]*[a-z0-9])?')"},
    };

    judge(rows, ARRAY_LEN(rows));
}

/* What versions do not share is printed with them, as the type that is validated has it. */
TEST(what_versions_have_of_their_own_is_shown)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *versions = value_literal(
        a,
        "[{'name':'a','served':true,'storage':false,'schema':{'openAPIV3Schema':{'type':'object',"
        "'properties':{'l':{'type':'array','items':{'type':'string'}},'m':{'type':'object',"
        "'additionalProperties':false}}}},'subresources':{'status':{},'scale':"
        "{'specReplicasPath':'.a'}},'selectableFields':[{'jsonPath':'.x'}]},"
        "{'name':'b','served':false,'storage':false,'schema':{'openAPIV3Schema':{'type':'object'"
        "}},'additionalPrinterColumns':[{'name':'N','type':'string','jsonPath':'.n'}]}]");
    const Value *shown = crd_internal_versions(a, versions);
    const Value *schema = value_at(shown, "0.Schema.OpenAPIV3Schema");

    assert_string_equal(value_to_str(a, value_at(shown, "0.Subresources")),
                        "{\"Status\":{},\"Scale\":{\"SpecReplicasPath\":\".a\","
                        "\"StatusReplicasPath\":\"\",\"LabelSelectorPath\":null}}");
    assert_string_equal(value_to_str(a, value_at(shown, "0.SelectableFields")),
                        "[{\"JSONPath\":\".x\"}]");
    assert_string_equal(value_to_str(a, value_at(shown, "1.AdditionalPrinterColumns")),
                        "[{\"Name\":\"N\",\"Type\":\"string\",\"Format\":\"\","
                        "\"Description\":\"\",\"Priority\":0,\"JSONPath\":\".n\"}]");
    assert_int_equal(value_len(schema), 44);
    assert_string_equal(value_at_str(schema, "Properties.l.Items.Schema.Type"), "string");
    assert_string_equal(value_to_str(a, value_at(schema, "Properties.m.AdditionalProperties")),
                        "{\"Allows\":false,\"Schema\":null}");
    assert_string_equal(value_to_str(a, value_get(schema, "XListType")), "null");
}

TEST(of_questions_about_access)
{
    static const Row rows[] = {
        {"SubjectAccessReview", "", NULL, "{'spec':{}}",
         "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or "
         "resourceAttributes must be specified; spec.user: Invalid value: \"\": at least one of "
         "user or group must be specified"},
        {"SelfSubjectAccessReview", "", NULL,
         "{'metadata':{'labels':{'a':'b'}},'spec':{'resourceAttributes':{},"
         "'nonResourceAttributes':{'path':'/x'}}}",
         "spec.nonResourceAttributes: Invalid value: {\"Path\":\"/x\",\"Verb\":\"\"}: cannot be "
         "specified in combination with resourceAttributes; metadata: Invalid value: "
         "{\"labels\":{\"a\":\"b\"}}: must be empty"},
        {"LocalSubjectAccessReview", "", NULL,
         "{'metadata':{'name':'n','namespace':'a'},'spec':{'groups':['g'],'resourceAttributes':{"
         "'namespace':'b','fieldSelector':{}}}}",
         "spec.resourceAttributes.fieldSelector.requirements: Required value: when "
         "spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is "
         "required; metadata: Invalid value: {\"name\":\"n\",\"namespace\":\"a\"}: must be empty "
         "except for namespace; spec.resourceAttributes.namespace: Invalid value: \"b\": must "
         "match metadata.namespace"},
        {"LocalSubjectAccessReview", "", NULL,
         "{'metadata':{'namespace':'a'},'spec':{'user':'u','nonResourceAttributes':{}}}",
         "spec.nonResourceAttributes: Invalid value: {\"Path\":\"\",\"Verb\":\"\"}: disallowed on "
         "this kind of request"},
        {"SelfSubjectAccessReview", "", NULL,
         "{'spec':{'resourceAttributes':{'fieldSelector':{'rawSelector':'a=b','requirements':[{"
         "'key':'','operator':'In'},{'key':'a b','operator':'X'}]},'labelSelector':{"
         "'requirements':[{'key':'a','operator':'Exists','values':['x y']},{'key':'b','operator':"
         "'X'}]}}}}",
         "spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: \"a=b\": may not "
         "specified at the same time as requirements; "
         "spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be "
         "specified; spec.resourceAttributes.fieldSelector.requirements[0].values: Required "
         "value: must be specified when `operator` is 'In' or 'NotIn'; "
         "spec.resourceAttributes.labelSelector.requirements[0].values: Forbidden: may not be "
         "specified when `operator` is 'Exists' or 'DoesNotExist'; "
         "spec.resourceAttributes.labelSelector.requirements[0].values[0]: Invalid value: \"x "
         "y\": a valid label must be an empty string or consist of alphanumeric characters, '-', "
         "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
         "'my_value',  or '12345', regex used for validation is "
         "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        FieldErrs e = {.arena = a};
        Resource r = {.kind = rows[i].kind};

        validate_access_review(&r, value_literal(a, rows[i].body), &e);
        assert_string_equal(errors_text(a, &e), rows[i].want);
    }
}
