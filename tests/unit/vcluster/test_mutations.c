/* Mutating admission policies through the whole engine. */
#include "tests/unit/vcluster/rows.h"

#define GROUP    "/apis/admissionregistration.k8s.io/v1"
#define POLICIES GROUP "/mutatingadmissionpolicies"
#define BINDINGS GROUP "/mutatingadmissionpolicybindings"
#define CMS      "/api/v1/namespaces/default/configmaps"
#define DRY      "dryRun=All"
#define ON(group, verb, resource)                                                                  \
    "'matchConstraints':{'resourceRules':[{'apiGroups':['" group                                   \
    "'],'apiVersions':['*'],'operations':['" verb "'],'resources':['" resource "']}]}"
#define POLICY(name, on, policy, more)                                                             \
    "{'metadata':{'name':'" name "'},'spec':{" on ",'reinvocationPolicy':'" policy "'," more "}}"
#define BINDING(name, of) "{'metadata':{'name':'" name "'},'spec':{'policyName':'" of "'}}"
#define APPLY(text)                                                                                \
    "{'patchType':'ApplyConfiguration','applyConfiguration':{'expression':'" text "'}}"
#define JSON(text)       "{'patchType':'JSONPatch','jsonPatch':{'expression':'" text "'}}"
#define MUTATIONS(...)   "'mutations':[" __VA_ARGS__ "]"
#define CM(name, more)   "{'metadata':{'name':'" name "'}" more "}"
#define Q                "\\\""
#define LABEL(key, text) "Object{metadata: Object.metadata{labels: {" Q key Q ": " text "}}}"

typedef struct Try { /* one mutation of a config map that is made */
    const char *mutations, *body;
    int status;
    const char *message;
    const char *at, *has;
} Try;

static void run_tries(const char *cluster, const char *on, const char *path, const Try *tries,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Try *t = &tries[i];
        const char *policy =
            arena_printf(a, "{'metadata':{'name':'p'},'spec':{%s,'reinvocationPolicy':'Never',%s}}",
                         on, t->mutations);
        const Row rows[] = {
            {&admin, "POST", POLICIES, "", policy, 201, NULL, NULL, NULL},
            {&admin, "POST", BINDINGS, "", BINDING("b", "p"), 201, NULL, NULL, NULL},
            {&admin, "POST", path, DRY, t->body, t->status, t->message, t->at, t->has},
            {&admin, "DELETE", BINDINGS "/b", "", NULL, 200, NULL, NULL, NULL},
            {&admin, "DELETE", POLICIES "/p", "", NULL, 200, NULL, NULL, NULL},
        };

        run_rows(cluster, rows, ARRAY_LEN(rows));
    }
}

TEST(apply_configurations_are_merged_by_the_types_of_the_kind)
{
#define DENIED "policy 'p' with binding 'b' denied request: "
    static const Try tries[] = {
        {MUTATIONS(APPLY(LABEL("a", Q "1" Q))), CM("c", ",'data':{'x':'y'}"), 201, NULL,
         "metadata.labels", "{'a':'1'}"},
        /* in order, each on what the one before left */
        {MUTATIONS(APPLY(LABEL("a", Q "1" Q)) "," APPLY(
             LABEL("b", "object.metadata.labels.a + " Q "2" Q))),
         CM("c", ""), 201, NULL, "metadata.labels", "{'a':'1','b':'12'}"},
        {"'variables':[{'name':'n','expression':'object.metadata.name'}],"
         "'matchConditions':[{'name':'some','expression':'object.metadata.name != " Q "free" Q
         "'}]," MUTATIONS(APPLY(LABEL("a", "has(variables.n) ? variables.n : " Q Q))),
         CM("c", ""), 201, NULL, "metadata.labels", "{'a':'c'}"},
        {"'matchConditions':[{'name':'some','expression':'object.metadata.name != " Q "free" Q
         "'}]," MUTATIONS(APPLY(LABEL("a", Q "1" Q))),
         CM("free", ""), 201, NULL, "metadata.labels", ""},
        {"'matchConditions':[{'name':'bad','expression':'object.nope == 1'}]," MUTATIONS(
             APPLY(LABEL("a", Q "1" Q))),
         CM("c", ""), 403,
         DENIED "expression 'object.nope == 1' resulted in error: no such key: nope", "reason",
         "Invalid"},
        {MUTATIONS(APPLY("Object{data: Object.data{x: " Q "y" Q "}}")), CM("c", ""), 201, NULL,
         "data", "{'x':'y'}"},
        {MUTATIONS(APPLY("Object{data: Object.wrong{x: " Q "y" Q "}}")), CM("c", ""), 403,
         DENIED "type mismatch: unexpected type name 'Object.wrong', expected 'Object.data', which "
                "matches field name path from root Object type",
         "reason", "Invalid"},
        {MUTATIONS(APPLY("Object{nope: 1}")), CM("c", ""), 403,
         DENIED "error applying patch: failed to convert patch object to typed object: .nope: "
                "field not declared in schema",
         NULL, NULL},
        {MUTATIONS(APPLY("Object{immutable: null}")), CM("c", ""), 403,
         "failed to convert patch object to typed object: .immutable: expected boolean, got "
         "&{NULL_VALUE}",
         NULL, NULL},
        {MUTATIONS(APPLY("Object{metadata: Object.metadata{?labels: object.metadata.?labels}}")),
         CM("c", ""), 201, NULL, "metadata.name", "c"},
        {"'failurePolicy':'Ignore'," MUTATIONS(
             APPLY("Object{nope: 1}") "," APPLY(LABEL("a", Q "1" Q))),
         CM("c", ""), 201, NULL, "metadata.labels", "{'a':'1'}"},
        {MUTATIONS(APPLY(LABEL("a", "object.metadata.labels.b"))), CM("c", ""), 403,
         "resulted in error: no such key: labels", "details.group", ""},
        /* a name that is generated is so after */
        {MUTATIONS(
             APPLY(LABEL("a", Q "is" Q " + request.name + string(has(object.metadata.name))"))),
         "{'metadata':{'generateName':'g-'}}", 201, NULL, "metadata.labels", "{'a':'isfalse'}"},
        {MUTATIONS(APPLY(LABEL("a", "object.metadata.labels.b"))),
         "{'metadata':{'generateName':'g-'}}", 403, NULL, "details.name", "g-"},
        {MUTATIONS(APPLY(LABEL("a", "object.metadata.labels.b"))), "{'metadata':{}}", 403, NULL,
         "details.name", "Unknown"},
    };

    run_tries("apply", ON("", "CREATE", "configmaps"), CMS, tries, ARRAY_LEN(tries));
}

TEST(nothing_that_is_owned_whole_is_applied)
{
#define PODS     "/api/v1/namespaces/default/pods"
#define SPEC(in) "Object{spec: Object.spec{" in "}}"
#define BOX      "Object.spec.containers"
#define POD                                                                                        \
    "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'x'},{'name':'d',"         \
    "'image':'y'}]}}"
    static const Try tries[] = {
        {MUTATIONS(APPLY(SPEC("containers: [" BOX "{name: " Q "d" Q ", image: " Q "z" Q "}," BOX
                              "{name: " Q "e" Q ", image: " Q "new" Q "}]"))),
         POD, 201, NULL, "spec.containers.1.image", "z"},
        {MUTATIONS(APPLY(SPEC("containers: object.spec.containers.map(c, " BOX
                              "{name: c.name, image: " Q "all/" Q " + c.image})"))),
         POD, 201, NULL, "spec.containers.0.image", "all/x"},
        {MUTATIONS(APPLY(SPEC("containers: [" BOX "{name: " Q "c" Q ", args: [" Q "a" Q "]}], "
                              "nodeSelector: {" Q "a" Q ": " Q "b" Q "}"))),
         POD, 403,
         "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or "
         "structs: .spec.containers[0].args, .spec.nodeSelector",
         NULL, NULL},
        {MUTATIONS(APPLY(SPEC("containers: [" BOX "{image: " Q "z" Q "}]"))), POD, 403,
         ".spec.containers: element 0: associative list with keys has an element that omits key "
         "field 'name' (and doesn't have default value)",
         NULL, NULL},
        /* defaults come after, validation sees the result */
        {MUTATIONS(APPLY(SPEC("restartPolicy: " Q "Sometimes" Q))), POD, 422,
         "spec.restartPolicy: Unsupported value: 'Sometimes'", NULL, NULL},
        {MUTATIONS(APPLY(SPEC("initContainers: [Object.spec.initContainers{name: " Q "i" Q
                              ", image: " Q "i" Q "}]"))),
         POD, 201, NULL, "spec.initContainers.0.imagePullPolicy", "Always"},
    };

    run_tries("whole", ON("", "CREATE", "pods"), PODS, tries, ARRAY_LEN(tries));
}

TEST(json_patches_are_applied_as_they_are)
{
#define OP(op, path, more) "JSONPatch{op: " Q op Q ", path: " Q path Q more "}"
    static const Try tries[] = {
        {MUTATIONS(JSON("[" OP("add", "/data", ", value: {" Q "a" Q ": " Q "b" Q "}") ", " OP(
             "copy", "/data/c", ", from: " Q "/data/a" Q) "]")),
         CM("c", ""), 201, NULL, "data", "{'a':'b','c':'b'}"},
        {MUTATIONS(JSON("[JSONPatch{op: " Q "add" Q ", path: " Q "/data/" Q
                        " + jsonpatch.escapeKey(" Q "k" Q "), value: " Q "v" Q "}]")),
         CM("c", ""), 403,
         DENIED "JSONPath: add operation does not apply: doc is missing path: '/data/k': missing "
                "value",
         "reason", "Invalid"},
        {MUTATIONS(JSON("[" OP("remove", "/data/x", "") "]")), CM("c", ",'data':{'a':'b'}"), 403,
         "JSONPath: error in remove for path: '/data/x': Unable to remove nonexistent key: x: "
         "missing value",
         NULL, NULL},
        {MUTATIONS(JSON("[" OP("shake", "/data", "") "]")), CM("c", ""), 403,
         "JSONPath: Unexpected kind: shake", NULL, NULL},
        /* a test that fails leaves all as it is */
        {MUTATIONS(JSON("[" OP("add", "/immutable", ", value: true") ", " OP(
             "test", "/metadata/name", ", value: " Q "other" Q) "]")),
         CM("c", ""), 201, NULL, "immutable", ""},
        {MUTATIONS(
             JSON("object.metadata.name == " Q "c" Q " ? [] : [" OP("remove", "/data", "") "]")),
         CM("c", ""), 201, NULL, "metadata.name", "c"},
        {MUTATIONS(JSON("[" OP("add", "/metadata/labels",
                               ", value: Object.metadata.labels{a: " Q "1" Q "}") "]")),
         CM("c", ""), 201, NULL, "metadata.labels", "{'a':'1'}"},
        /* what no object can be is the request's failure */
        {"'failurePolicy':'Ignore'," MUTATIONS(JSON("[" OP("add", "/nope", ", value: 1") "]")),
         CM("c", ""), 500, "Internal error occurred: strict decoding error: unknown field 'nope'",
         "reason", "InternalError"},
    };

    run_tries("json", ON("", "CREATE", "configmaps"), CMS, tries, ARRAY_LEN(tries));
}

/* A second round for those that ask for it, once. */
TEST(policies_run_again_when_they_ask_for_it)
{
#define ADD                                                                                        \
    MUTATIONS(APPLY("Object{metadata: Object.metadata{labels: {" Q "n" Q                           \
                    ": has(object.metadata.labels) && has(object.metadata.labels.n) ? "            \
                    "object.metadata.labels.n + " Q "+" Q " : " Q "x" Q "}}}"))
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         POLICY("p", ON("", "CREATE", "secrets"), "Never",
                MUTATIONS(APPLY("Object{type: " Q "a/b" Q "}"))),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("p", "p"), 201, NULL, NULL, NULL},
        {&admin, "POST", POLICIES, "",
         POLICY("q", ON("", "*", "configmaps"), "Never",
                MUTATIONS(APPLY("Object{data: Object.data{n: (has(object.data) ? object.data.n : "
                                "" Q Q ") + " Q "-" Q "}}"))),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("q", "q"), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, DRY, CM("c", ""), 201, NULL, "data.n", "-"},
        {&admin, "PATCH", POLICIES "/q", "", "{'spec':{'reinvocationPolicy':'IfNeeded'}}", 200,
         NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("c", ""), 201, NULL, "data.n", "--"},
        {&admin, "PATCH", CMS "/c", "", "{'data':{'o':'1'}}", 200, NULL, "data",
         "{'n':'----','o':'1'}"},
        {&admin, "DELETE", CMS "/c", "", NULL, 200, NULL, NULL, NULL},
        {&admin, "POST", "/api/v1/namespaces/default/secrets", DRY, CM("s", ""), 201, NULL, "type",
         "a/b"},
    };

    run_rows("again", rows, ARRAY_LEN(rows));
}

TEST(parameters_and_failures_of_setup_are_those_of_validating_policies)
{
    static const Row rows[] = {
        {&admin, "POST", CMS, "", CM("param", ",'data':{'v':'given'}"), 201, NULL, NULL, NULL},
        {&admin, "POST", POLICIES, "",
         POLICY("p", ON("", "CREATE", "secrets"), "Never",
                "'paramKind':{'apiVersion':'v1','kind':'ConfigMap'}," MUTATIONS(
                    APPLY(LABEL("a", "params.data.v")))),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "",
         "{'metadata':{'name':'b'},'spec':{'policyName':'p','paramRef':{'name':'param',"
         "'parameterNotFoundAction':'Deny'}}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", "/api/v1/namespaces/default/secrets", DRY, CM("s", ""), 201, NULL,
         "metadata.labels.a", "given"},
        {&admin, "DELETE", CMS "/param", "", NULL, 200, NULL, NULL, NULL},
        {&admin, "POST", "/api/v1/namespaces/default/secrets", DRY, CM("s", ""), 403,
         "policy 'p' with binding 'b' denied request: failed to configure binding: no params found "
         "for policy binding with `Deny` parameterNotFoundAction",
         "reason", "Forbidden"},
    };

    run_rows("params", rows, ARRAY_LEN(rows));
}

/* Other versions, subresources, connections. */
TEST(policies_see_a_write_as_what_they_match)
{
#define HPAS "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"
#define RCS  "/api/v1/namespaces/default/replicationcontrollers"
#define VAP  "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
#define VAPB "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
    static const Row rows[] = {
        {&admin, "POST", POLICIES, "",
         "{'metadata':{'name':'p'},'spec':{'matchConstraints':{'resourceRules':[{'apiGroups':["
         "'autoscaling'],'apiVersions':['v1'],'operations':['CREATE'],'resources':["
         "'horizontalpodautoscalers']}]},'reinvocationPolicy':'Never'," MUTATIONS(APPLY(
             "Object{spec: Object.spec{targetCPUUtilizationPercentage: request.kind.version "
             "== " Q "v1" Q " && request.requestKind.version == " Q "v2" Q " ? 77 : 1}}")) "}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("b", "p"), 201, NULL, NULL, NULL},
        {&admin, "POST", HPAS, DRY,
         "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,'scaleTargetRef':{'kind':'Deployment',"
         "'name':'d','apiVersion':'apps/v1'}}}",
         201, NULL, "spec.metrics.0.resource.target.averageUtilization", "77"},
        {&admin, "POST", POLICIES, "",
         POLICY("scale", ON("", "UPDATE", "replicationcontrollers/scale"), "IfNeeded",
                MUTATIONS(APPLY("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}"))),
         201, NULL, NULL, NULL},
        {&admin, "POST", BINDINGS, "", BINDING("scale", "scale"), 201, NULL, NULL, NULL},
        {&admin, "POST", RCS, "",
         "{'metadata':{'name':'r'},'spec':{'replicas':0,'selector':{'a':'b'},'template':{"
         "'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'x'}]}}}}",
         201, NULL, NULL, NULL},
        {&admin, "PATCH", RCS "/r/scale", DRY, "{'spec':{'replicas':3}}", 200, NULL,
         "spec.replicas", "5"},
        {&admin, "POST", VAP, "",
         "{'metadata':{'name':'v'},'spec':{'matchConstraints':{'resourceRules':[{'apiGroups':[''],"
         "'apiVersions':['v1'],'operations':['UPDATE','CONNECT'],'resources':["
         "'replicationcontrollers/scale','pods/exec','pods/portforward','services/proxy']}]},"
         "'validations':[{'expression':'object.kind == " Q "Scale" Q
         " && object.spec.replicas < 9','messageExpression':'request.operation + " Q " " Q
         " + request.kind.kind + " Q " " Q
         " + (has(object.command) ? object.command[0] : has(object.path) ? object.path : "
         "has(object.ports) ? string(object.ports[0]) : string(oldObject.spec.?replicas.orValue("
         "0)))'}]}}",
         201, NULL, NULL, NULL},
        {&admin, "POST", VAPB, "",
         "{'metadata':{'name':'v'},'spec':{'policyName':'v','validationActions':['Deny']}}", 201,
         NULL, NULL, NULL},
        {&admin, "PATCH", RCS "/r/scale", DRY, "{'spec':{'replicas':6}}", 200, NULL, NULL, NULL},
        {&admin, "PATCH", RCS "/r/scale", DRY, "{'spec':{'replicas':7}}", 422,
         "denied request: UPDATE Scale 0", NULL, NULL},
        {&admin, "POST", "/api/v1/namespaces/default/pods/x/exec", "command=ls&command=-l", NULL,
         422,
         "pods 'x' is forbidden: ValidatingAdmissionPolicy 'v' with binding 'v' denied "
         "request: CONNECT PodExecOptions ls",
         NULL, NULL},
        {&admin, "GET", "/api/v1/namespaces/default/pods/x/portforward", "ports=80", NULL, 422,
         "denied request: CONNECT PodPortForwardOptions 80", NULL, NULL},
        {&admin, "GET", "/api/v1/namespaces/default/services/x/proxy/a/b/", "", NULL, 422,
         "denied request: CONNECT ServiceProxyOptions /a/b/", NULL, NULL},
        {&admin, "GET", "/api/v1/namespaces/default/pods/x/log", "", NULL, 404, NULL, NULL, NULL},
    };

    run_rows("views", rows, ARRAY_LEN(rows));
}

/* Each variable builds on the one before it; none is asked for but the last. */
TEST(variables_are_computed_in_their_order)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF list = BUF_INIT;

    for (int i = 1; i < 200; i++)
        buf_addf(&list, ",{'name':'v%d','expression':'variables.v%d + 1'}", i, i - 1);
    {
        const char *policy = arena_printf(
            a,
            "{'metadata':{'name':'p'},'spec':{" ON(
                "", "CREATE",
                "configmaps") ",'variables':[{"
                              "'name':'v0','expression':'1'}%s],'reinvocationPolicy':'Never'"
                              "," MUTATIONS(APPLY(LABEL("n", "string(variables.v199)"))) "}}",
            buf_str(&list));
        const Row rows[] = {
            {&admin, "POST", POLICIES, "", policy, 201, NULL, NULL, NULL},
            {&admin, "POST", BINDINGS, "", BINDING("b", "p"), 201, NULL, NULL, NULL},
            {&admin, "POST", CMS, DRY, CM("c", ""), 201, NULL, "metadata.labels.n", "200"},
        };

        run_rows("chain", rows, ARRAY_LEN(rows));
    }
}
