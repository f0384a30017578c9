/* What kinds do about writes: of the whole object, of its status, and of objects not there. */
#include "base/b64.h"
#include "base/pki.h"
#include "tests/unit/vcluster/loopback.h"

typedef struct Kind {
    const char *collection, *version, *kind, *spec; /* spec: members beside metadata */
    const char *labels, *annotations; /* of a write of the status that sets both to "new" */
} Kind;

#define RULES                                                                                      \
    "\"spec\":{\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"\"],\"apiVersions\":["   \
    "\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"pods\"]}]},\"validations\":[{"           \
    "\"expression\":\"true\"}]}"

#define ATTACHED                                                                                   \
    "\"spec\":{\"attacher\":\"a.example.com\",\"nodeName\":\"n\",\"source\":{"                     \
    "\"persistentVolumeName\":\"v\"}}"

#define WIDGETS                                                                                    \
    "\"spec\":{\"group\":\"example.com\",\"scope\":\"Cluster\",\"names\":{\"plural\":\"widgets\"," \
    "\"kind\":\"Widget\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,"        \
    "\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}"

#define DEPLOYED                                                                                   \
    "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{"          \
    "\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}"

#define LOCAL                                                                                      \
    "\"spec\":{\"group\":\"example.com\",\"version\":\"v1\",\"groupPriorityMinimum\":1,"           \
    "\"versionPriority\":1}"

TEST(writes_of_a_status_keep_metadata_of_the_kinds_that_say_so)
{
    static const Kind kinds[] = {
        {"/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", "flowcontrol.apiserver.k8s.io/v1",
         "FlowSchema", "\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"p\"}}", "old", "old"},
        {"/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
         "flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration",
         "\"spec\":{\"type\":\"Limited\",\"limited\":{\"limitResponse\":{\"type\":\"Reject\"}}}",
         "old", "old"},
        {"/apis/storage.k8s.io/v1/volumeattachments", "storage.k8s.io/v1", "VolumeAttachment",
         ATTACHED, "old", "old"},
        {"/apis/networking.k8s.io/v1/servicecidrs", "networking.k8s.io/v1", "ServiceCIDR",
         "\"spec\":{\"cidrs\":[\"10.91.0.0/24\"]}", "old", "old"},
        {"/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
         "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", RULES, "old", "old"},
        {"/apis/resource.k8s.io/v1/namespaces/default/resourceclaims", "resource.k8s.io/v1",
         "ResourceClaim", "\"spec\":{\"devices\":{}}", "old", "old"},
        {"/apis/apiregistration.k8s.io/v1/apiservices", "apiregistration.k8s.io/v1", "APIService",
         LOCAL, "old", "old"},
        {"/apis/apps/v1/namespaces/default/deployments", "apps/v1", "Deployment", DEPLOYED, "old",
         "new"},
        {"/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "apiextensions.k8s.io/v1",
         "CustomResourceDefinition", WIDGETS, "new", "new"},
        {"/apis/policy/v1/namespaces/default/poddisruptionbudgets", "policy/v1",
         "PodDisruptionBudget", "\"spec\":{}", "new", "new"},
        {"/apis/networking.k8s.io/v1/namespaces/default/ingresses", "networking.k8s.io/v1",
         "Ingress",
         "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\",\"port\":{"
         "\"number\":1}}}}",
         "new", "new"},
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const Kind *k = &kinds[i];
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *name = str_eq(k->kind, "APIService")                 ? "v1.example.com"
                           : str_eq(k->kind, "CustomResourceDefinition") ? "widgets.example.com"
                                                                         : "kept";
        const char *path = arena_printf(a, "%s/%s/status", k->collection, name);
        Answer r = call(a, "host", "POST", k->collection,
                        arena_printf(a,
                                     "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"m\":\"old\"},"
                                     "\"annotations\":{\"m\":\"old\"}},%s}",
                                     name, k->spec));

        if (r.status != 201)
            fail_msg("%s: %d %s", k->kind, r.status, message(&r));
        r = call_as(a, &admin, "host", "PATCH", path, "", "application/merge-patch+json",
                    "{\"metadata\":{\"labels\":{\"m\":\"new\"},\"annotations\":{\"m\":\"new\"}}}");
        if (r.status != 200)
            fail_msg("%s: %d %s", k->kind, r.status, message(&r));
        if (!str_eq(value_at_str(r.v, "metadata.labels.m"), k->labels) ||
            !str_eq(value_at_str(r.v, "metadata.annotations.m"), k->annotations))
            fail_msg("%s: %s %s", k->kind, value_at_str(r.v, "metadata.labels.m"),
                     value_at_str(r.v, "metadata.annotations.m"));
    }
}

/* Recorded, although upstream's strategy reads otherwise. */
TEST(a_service_cidr_takes_no_status_that_comes_with_it)
{
    static const char cidrs[] = "/apis/networking.k8s.io/v1/servicecidrs";
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r =
        call(a, "host", "POST", cidrs,
             "{\"metadata\":{\"name\":\"free\"},\"spec\":{\"cidrs\":[\"10.92.0.0/24\"]},"
             "\"status\":{\"conditions\":[{\"type\":\"A\",\"status\":\"True\",\"reason\":\"R\","
             "\"message\":\"\",\"lastTransitionTime\":\"2024-01-01T00:00:00Z\"}]}}");

    assert_int_equal(r.status, 201);
    assert_int_equal(value_len(value_at(r.v, "status.conditions")), 0);
}

/* What was decided of a request is said through one subresource: a status that tells it otherwise
 * is not heard, one more or less is refused, and a decision without a time has the one of before.
 */
TEST(decisions_stay_as_they_were_made)
{
    static const char csrs[] = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    static const char since[] = "2024-01-01T00:00:00Z";
    static const struct {
        const char *sub, *conditions;
        int status;
        const char *path, *want; /* of the answer's conditions */
    } rows[] = {
        {"approval",
         "[{'type':'Approved','status':'True','message':'m','lastTransitionTime':"
         "'2024-01-01T00:00:00Z'}]",
         200, "0.message", "m"},
        {"approval", "[{'type':'Approved','status':'True','message':'n'}]", 200,
         "0.lastTransitionTime", since},
        {"status",
         "[{'type':'Approved','status':'True','message':'x'},{'type':'A','status':'True'}]", 200,
         "0.message", "n"},
        {"status", "[{'type':'A','status':'True'},{'type':'Approved','status':'True'}]", 200,
         "1.lastTransitionTime", since},
        {"status", "[{'type':'A','status':'True'}]", 422, NULL, NULL},
        {"status", "[{'type':'Approved','status':'True'},{'type':'Approved','status':'True'}]", 422,
         NULL, NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    AUTO_BUF pem = BUF_INIT, text = BUF_INIT;
    Answer r;

    assert_ok(pki_key_new(&key, NULL));
    assert_ok(pki_csr_write(&(PkiSubject){.cn = "x"}, key, &pem, NULL));
    b64_encode(buf_slice(&pem), &text);
    r = call(a, "host", "POST", csrs,
             arena_printf(a,
                          "{\"metadata\":{\"name\":\"decided\"},\"spec\":{\"request\":\"%s\","
                          "\"signerName\":\"example.com/a\",\"usages\":[\"client auth\"]}}",
                          buf_str(&text)));
    assert_int_equal(r.status, 201);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *body = value_object(a);

        value_set_at(a, body, "status.conditions", value_literal(a, rows[i].conditions));
        r = call_as(a, &admin, "host", "PATCH", arena_printf(a, "%s/decided/%s", csrs, rows[i].sub),
                    "", "application/merge-patch+json", value_to_str(a, body));
        if (r.status != rows[i].status)
            fail_msg("row %zu: %d %s", i, r.status, message(&r));
        if (rows[i].path)
            assert_string_equal(value_at_str(value_at(r.v, "status.conditions"), rows[i].path),
                                rows[i].want);
    }
}

/* What PUT answers of an object that is not there, and of one that is, without a version. */
TEST(updates_without_a_version)
{
    static const struct {
        const char *collection, *name, *body; /* body: members beside metadata */
        int absent, present;
    } rows[] = {
        {"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", "put",
         "\"addressType\":\"IPv4\",\"endpoints\":[]", 404, 200},
        {"/apis/scheduling.k8s.io/v1/priorityclasses", "put", "\"value\":1", 404, 200},
        {"/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities", "put",
         "\"storageClassName\":\"c\"", 404, 422},
        {"/apis/rbac.authorization.k8s.io/v1/clusterroles", "put", "\"rules\":[]", 201, 200},
        {"/apis/coordination.k8s.io/v1/namespaces/default/leases", "put", "\"spec\":{}", 201, 422},
        {"/apis/node.k8s.io/v1/runtimeclasses", "put", "\"handler\":\"h\"", 201, 422},
        {"/apis/networking.k8s.io/v1/ingressclasses", "put",
         "\"spec\":{\"controller\":\"a.example/b\"}", 404, 200},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *path = arena_printf(a, "%s/%s", rows[i].collection, rows[i].name);
        const char *body =
            arena_printf(a, "{\"metadata\":{\"name\":\"%s\"},%s}", rows[i].name, rows[i].body);
        Answer r = call(a, "host", "PUT", path, body);

        if (r.status != rows[i].absent)
            fail_msg("%s: %d %s", path, r.status, message(&r));
        if (r.status == 404)
            r = call(a, "host", "POST", rows[i].collection, body);
        assert_int_equal(r.status, 201);
        r = call(a, "host", "PUT", path, body);
        if (r.status != rows[i].present)
            fail_msg("%s: %d %s", path, r.status, message(&r));
    }
}

#define PODS "/api/v1/namespaces/default/pods"

/* What stands at a path of the answer, as JSON; "" for nothing. */
static const char *text_at(Arena *a, const Answer *r, const char *path)
{
    const Value *v = value_at(r->v, path);

    return v ? value_to_str(a, v) : "";
}

/* Objects as they are sent, and what is made of them. */
TEST(what_kinds_make_of_what_they_are_given)
{
    static const struct {
        const char *method, *path, *body, *at, *want;
    } rows[] = {
        {"POST", "/api/v1/namespaces/default/serviceaccounts",
         "{\"metadata\":{\"name\":\"names\"},\"secrets\":[{\"kind\":\"Secret\",\"name\":\"s\","
         "\"uid\":\"u\"}]}",
         "secrets", "[{\"name\":\"s\"}]"},
        {"PATCH", "/api/v1/namespaces/default/serviceaccounts/names",
         "{\"secrets\":[{\"namespace\":\"n\",\"name\":\"t\"}]}", "secrets", "[{\"name\":\"t\"}]"},
        {"POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
         "{\"metadata\":{\"name\":\"old\"},\"addressType\":\"IPv4\",\"endpoints\":[{"
         "\"addresses\":[\"192.0.2.1\"],\"deprecatedTopology\":{\"a\":\"b\"}}]}",
         "endpoints.0.deprecatedTopology", ""},
        {"POST", "/api/v1/persistentvolumes",
         "{\"metadata\":{\"name\":\"timed\"},\"spec\":{\"capacity\":{\"storage\":\"1\"},"
         "\"accessModes\":[\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"}}}",
         "status.phase", "\"Pending\""},
        {"PATCH", "/api/v1/persistentvolumes/timed/status",
         "{\"status\":{\"phase\":\"Pending\",\"lastPhaseTransitionTime\":"
         "\"2020-01-01T00:00:00Z\"}}",
         "status.lastPhaseTransitionTime", "\"2020-01-01T00:00:00Z\""},
        {"PATCH", "/api/v1/persistentvolumes/timed/status",
         "{\"status\":{\"phase\":\"Pending\",\"lastPhaseTransitionTime\":null}}",
         "status.lastPhaseTransitionTime", "\"2020-01-01T00:00:00Z\""},
        {"PATCH", "/api/v1/persistentvolumes/timed/status",
         "{\"status\":{\"phase\":\"Available\",\"lastPhaseTransitionTime\":"
         "\"2021-01-01T00:00:00Z\"}}",
         "status.lastPhaseTransitionTime", "\"2021-01-01T00:00:00Z\""},
        {"POST", PODS,
         "{\"metadata\":{\"name\":\"armor\",\"annotations\":{"
         "\"container.apparmor.security.beta.kubernetes.io/c\":\"localhost/p\"}},\"spec\":{"
         "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}",
         "spec.containers.0.securityContext.appArmorProfile",
         "{\"type\":\"Localhost\",\"localhostProfile\":\"p\"}"},
        {"POST", PODS,
         "{\"metadata\":{\"name\":\"armor2\",\"annotations\":{"
         "\"container.apparmor.security.beta.kubernetes.io/c\":\"unconfined\"}},\"spec\":{"
         "\"securityContext\":{\"appArmorProfile\":{\"type\":\"Unconfined\"}},\"containers\":[{"
         "\"name\":\"c\",\"image\":\"i\"}]}}",
         "spec.containers.0.securityContext", ""},
        {"PATCH", PODS "/armor/status",
         "{\"status\":{\"observedGeneration\":1,\"conditions\":[{\"type\":\"A\",\"status\":"
         "\"True\",\"observedGeneration\":1}]}}",
         "status.observedGeneration", "1"},
        {"PATCH", PODS "/armor/status",
         "{\"status\":{\"qosClass\":null,\"observedGeneration\":null,\"conditions\":[{"
         "\"type\":\"A\",\"status\":\"False\"}]}}",
         "status.conditions.0.observedGeneration", "1"},
        {"GET", PODS "/armor", "", "status.observedGeneration", "1"},
        {"GET", PODS "/armor", "", "status.qosClass", "\"BestEffort\""},
        {"POST", "/apis/batch/v1/namespaces/default/jobs",
         "{\"metadata\":{\"name\":\"found\"},\"spec\":{\"suspend\":true,\"selector\":{"
         "\"matchLabels\":{\"job-name\":\"found\"}},\"template\":{\"spec\":{\"restartPolicy\":"
         "\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}",
         "spec.selector.matchLabels.job-name", "\"found\""},
        {"PATCH", "/apis/apps/v1/namespaces/default/deployments/kept/status",
         "{\"metadata\":{\"annotations\":{\"deployment.kubernetes.io/revision\":\"7\"}}}",
         "metadata.generation", "1"},
        {"GET", "/apis/apps/v1/namespaces/default/deployments/kept", "", "metadata.annotations",
         "{\"deployment.kubernetes.io/revision\":\"7\"}"},
        {"PATCH", "/apis/apps/v1/namespaces/default/deployments/kept",
         "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}", "metadata.generation", "2"},
    };
    CLEANUP(arena_free) Arena *first = arena_new();

    (void)call(first, "host", "DELETE", "/apis/apps/v1/namespaces/default/deployments/kept", "");
    (void)call(first, "host", "POST", "/apis/apps/v1/namespaces/default/deployments",
               "{\"metadata\":{\"name\":\"kept\"}," DEPLOYED "}");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r = call_as(a, &admin, "host", rows[i].method, rows[i].path, "",
                           str_eq(rows[i].method, "PATCH") ? "application/merge-patch+json"
                                                           : "application/json",
                           rows[i].body);

        if (r.status >= 300)
            fail_msg("%s: %d %s", rows[i].path, r.status, message(&r));
        if (!str_eq(text_at(a, &r, rows[i].at), rows[i].want))
            fail_msg("%s %s: %s", rows[i].path, rows[i].at, text_at(a, &r, rows[i].at));
    }
}

TEST(a_limit_range_without_a_name_gets_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = call_as(a, &admin, "host", "POST", "/api/v1/namespaces/default/limitranges",
                       "dryRun=All", "application/json", "{\"spec\":{\"limits\":[]}}");

    assert_int_equal(r.status, 201);
    assert_int_equal(strlen(value_at_str(r.v, "metadata.name")), 36);
}

/* Deletions that do not say what becomes of dependents, and of kinds that have none. */
TEST(deletions_by_the_ways_of_kinds)
{
    static const struct {
        const char *collection, *members, *query, *kind, *finalizers;
    } rows[] = {
        {"/api/v1/namespaces/default/replicationcontrollers",
         "\"spec\":{\"replicas\":0,\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},"
         "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}",
         "", "ReplicationController", "[\"orphan\"]"},
        {"/apis/batch/v1/namespaces/default/jobs",
         "\"spec\":{\"suspend\":true,\"template\":{\"spec\":{\"restartPolicy\":\"Never\","
         "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}",
         "", "Job", "[\"orphan\"]"},
        {"/apis/batch/v1/namespaces/default/jobs",
         "\"spec\":{\"suspend\":true,\"template\":{\"spec\":{\"restartPolicy\":\"Never\","
         "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}",
         "propagationPolicy=Background", "Status", ""},
        {"/api/v1/namespaces/default/events", "\"involvedObject\":{\"namespace\":\"default\"}",
         "propagationPolicy=Foreground", "Status", ""},
        {"/api/v1/namespaces/default/configmaps", "\"data\":{}", "propagationPolicy=Foreground",
         "ConfigMap", "[\"foregroundDeletion\"]"},
        {"/api/v1/namespaces/default/podtemplates",
         "\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}", "",
         "PodTemplate", ""},
        {"/apis/storage.k8s.io/v1/storageclasses", "\"provisioner\":\"a.b/c\"", "", "StorageClass",
         ""},
        {"/apis/storage.k8s.io/v1/csinodes", "\"spec\":{\"drivers\":[]}", "", "CSINode", ""},
        {"/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities",
         "\"storageClassName\":\"a\"", "", "Status", ""},
        {"/apis/resource.k8s.io/v1/namespaces/default/resourceclaims", "\"spec\":{\"devices\":{}}",
         "", "ResourceClaim", ""},
        {"/apis/resource.k8s.io/v1/deviceclasses", "\"spec\":{}", "", "DeviceClass", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *name = arena_printf(a, "gone%zu", i);
        const char *path = arena_printf(a, "%s/%s", rows[i].collection, name);
        Answer r =
            call(a, "host", "POST", rows[i].collection,
                 arena_printf(a, "{\"metadata\":{\"name\":\"%s\"},%s}", name, rows[i].members));

        if (r.status != 201)
            fail_msg("%s: %d %s", path, r.status, message(&r));
        r = call_as(a, &admin, "host", "DELETE", path, rows[i].query, "application/json", "");
        assert_int_equal(r.status, 200);
        assert_string_equal(value_at_str(r.v, "kind"), rows[i].kind);
        if (!str_eq(text_at(a, &r, "metadata.finalizers"), rows[i].finalizers))
            fail_msg("%s: %s", path, text_at(a, &r, "metadata.finalizers"));
    }
}

#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"

/* What is refused, and in which words. */
TEST(refusals_have_upstream_words)
{
    static const struct {
        const char *method, *path, *query, *body;
        int status;
        const char *want; /* part of the message */
    } rows[] = {
        {"GET", PODS "/none", "timeout=1x", "", 400,
         "invalid timeout specified in the request URL - time: unknown unit \"x\" in duration "
         "\"1x\""},
        {"GET", PODS "/none", "timeout=0", "", 404, "not found"},
        {"GET", PODS "/none/log", "timeout=x", "", 404, "not found"},
        {"POST", DEPLOYMENTS, "", "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1beta2\"}", 400,
         "the API version in the data (apps/v1beta2) does not match the expected API version "
         "(apps/v1)"},
        {"POST", DEPLOYMENTS, "", "{\"kind\":\"Deployment\",\"apiVersion\":\"extensions/v1beta1\"}",
         400, "the API version in the data (extensions/v1beta1)"},
        {"POST", DEPLOYMENTS, "", "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1beta\"}", 400,
         "no kind \"Deployment\" is registered for version \"apps/v1beta\""},
        {"POST", "/apis/events.k8s.io/v1/namespaces/default/events", "",
         "{\"kind\":\"Event\",\"apiVersion\":\"v1\"}", 400,
         "the API version in the data (v1) does not match the expected API version "
         "(events.k8s.io/v1)"},
        {"PUT", DEPLOYMENTS "/scaled/scale", "",
         "{\"metadata\":{\"name\":\"scaled\",\"namespace\":\"other\"}}", 400,
         "the namespace of the provided object does not match the namespace sent on the request"},
        {"POST", PODS "/unbound/binding", "",
         "{\"metadata\":{\"name\":\"unbound\",\"uid\":\"u\"},\"target\":{\"name\":\"n\"}}", 409,
         "Operation cannot be fulfilled on pods \"unbound\": StorageError: invalid object, Code: "
         "4, "
         "Key: /registry/pods/default/unbound, ResourceVersion: 0, AdditionalErrorMsg: "
         "Precondition failed: UID in precondition: u, UID in object meta: "},
        {"POST", PODS "/unbound/binding", "",
         "{\"metadata\":{\"name\":\"unbound\",\"resourceVersion\":\"1\"},\"target\":{\"name\":"
         "\"n\"}}",
         409,
         "Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object "},
        {"POST", PODS "/unbound/eviction", "dryRun=All",
         "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1beta1\",\"metadata\":{\"name\":"
         "\"unbound\"}}",
         201, ""},
    };
    CLEANUP(arena_free) Arena *first = arena_new();

    (void)call(first, "host", "POST", DEPLOYMENTS,
               "{\"metadata\":{\"name\":\"scaled\"}," DEPLOYED "}");
    (void)call(first, "host", "POST", PODS,
               "{\"metadata\":{\"name\":\"unbound\"},\"spec\":{\"containers\":[{\"name\":\"c\","
               "\"image\":\"i\"}]}}");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r = call_as(a, &admin, "host", rows[i].method, rows[i].path, rows[i].query,
                           "application/json", rows[i].body);
        const char *said = message(&r);

        if (r.status != rows[i].status || (rows[i].want[0] && !strstr(said, rows[i].want)))
            fail_msg("%s: %d %s", rows[i].path, r.status, said);
    }
}

TEST(a_binding_takes_away_the_nomination)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = call(a, "host", "POST", PODS,
                    "{\"metadata\":{\"name\":\"named\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                    "\"image\":\"i\"}]}}");

    assert_int_equal(r.status, 201);
    r = call_as(a, &admin, "host", "PATCH", PODS "/named/status", "",
                "application/merge-patch+json", "{\"status\":{\"nominatedNodeName\":\"n\"}}");
    assert_string_equal(value_at_str(r.v, "status.nominatedNodeName"), "n");
    r = call(a, "host", "POST", PODS "/named/binding",
             "{\"metadata\":{\"name\":\"named\"},\"target\":{\"name\":\"n\"}}");
    assert_int_equal(r.status, 201);
    r = call(a, "host", "GET", PODS "/named", "");
    assert_string_equal(value_at_str(r.v, "spec.nodeName"), "n");
    assert_null(value_at(r.v, "status.nominatedNodeName"));
}

TEST(namespaces_keep_the_policy_of_their_deletion)
{
    static const char *const rows[][2] = {
        {"propagationPolicy=Foreground", "[\"foregroundDeletion\"]"},
        {"propagationPolicy=Orphan", "[\"orphan\"]"},
        {"propagationPolicy=Background", ""},
        {"", ""}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *name = arena_printf(a, "going%zu", i);
        Answer r = call(a, "host", "POST", "/api/v1/namespaces",
                        arena_printf(a, "{\"metadata\":{\"name\":\"%s\"}}", name));

        assert_int_equal(r.status, 201);
        r = call_as(a, &admin, "host", "DELETE", arena_printf(a, "/api/v1/namespaces/%s", name),
                    rows[i][0], "application/json", "");
        assert_int_equal(r.status, 200);
        assert_string_equal(text_at(a, &r, "metadata.finalizers"), rows[i][1]);
    }
}

TEST(system_priority_classes_stay)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = call(a, "host", "DELETE",
                    "/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical", "");

    assert_int_equal(r.status, 403);
    assert_string_equal(message(&r),
                        "priorityclasses.scheduling.k8s.io \"system-node-critical\" is forbidden: "
                        "this is a system priority class and cannot be deleted");
}

#define POLICIES        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
#define POLICY_BINDINGS "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
#define POLICY(name, kind)                                                                         \
    "{\"metadata\":{\"name\":\"" name "\"},\"spec\":{\"paramKind\":" kind                          \
    ",\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"x.example.com\"],"                \
    "\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"things\"]}]},"          \
    "\"validations\":[{\"expression\":\"true\"}]}}"
#define OF_POLICY(policy, ref)                                                                     \
    "{\"metadata\":{\"name\":\"bound\"},\"spec\":{\"policyName\":\"" policy                        \
    "\",\"validationActions\":[\"Deny\"],\"paramRef\":{" ref                                       \
    ",\"parameterNotFoundAction\":\"Deny\"}}}"
#define MAPS   "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"}"
#define THINGS "{\"apiVersion\":\"x.example.com/v1\",\"kind\":\"Thing\"}"
#define BOB    "user &{bob  [system:authenticated] map[]} "

/* Who cannot read the parameters of a policy cannot have the policy read them for him. */
TEST(policies_are_of_those_who_may_read_their_parameters)
{
    static const char *const groups[] = {"system:authenticated", NULL};
    static const User bob = {.name = "bob", .groups = groups};
    static const struct {
        bool is_admin;
        const char *method, *path, *body;
        int status;
        const char *want;
    } rows[] = {
        {true, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles",
         "{\"metadata\":{\"name\":\"maker\"},\"rules\":[{\"verbs\":[\"*\"],\"apiGroups\":["
         "\"admissionregistration.k8s.io\"],\"resources\":[\"*\"]}]}",
         201, ""},
        {true, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
         "{\"metadata\":{\"name\":\"maker\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":"
         "\"maker\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"bob\"}]}",
         201, ""},
        {false, "POST", POLICIES, POLICY("mine", MAPS), 422,
         "spec.paramKind: Forbidden: " BOB "must have \"get\" permission on all objects of the "
         "referenced paramKind (kind=ConfigMap, apiVersion=v1)"},
        {true, "POST", POLICIES, POLICY("theirs", MAPS), 201, ""},
        {false, "PATCH", POLICIES "/theirs", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", 200, ""},
        {false, "PATCH", POLICIES "/theirs",
         "{\"spec\":{\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":\"Secret\"}}}", 422,
         "spec.paramKind: Forbidden: " BOB "must have"},
        {true, "POST", POLICIES, POLICY("unknown", THINGS), 201, ""},
        {false, "POST", POLICY_BINDINGS, OF_POLICY("theirs", "\"name\":\"n\""), 422,
         "spec.paramRef: Forbidden: " BOB "does not have \"get\" permission on the object "
         "referenced by paramRef"},
        {false, "POST", POLICY_BINDINGS, OF_POLICY("theirs", "\"selector\":{}"), 422,
         "does not have \"list\" permission"},
        {false, "POST", POLICY_BINDINGS, OF_POLICY("none", "\"name\":\"n\""), 422,
         "unable to get policy none to determine minimum required permissions and " BOB
         "does not have \"get\" permission for all groups, versions and resources"},
        {false, "POST", POLICY_BINDINGS, OF_POLICY("unknown", "\"name\":\"n\""), 422,
         "unable to resolve paramKind &{x.example.com/v1 Thing} to determine"},
        {true, "POST", POLICY_BINDINGS, OF_POLICY("theirs", "\"name\":\"n\""), 201, ""},
        {false, "PATCH", POLICY_BINDINGS "/bound", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", 200,
         ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r = call_as(
            a, rows[i].is_admin ? &admin : &bob, "host", rows[i].method, rows[i].path, "",
            str_eq(rows[i].method, "PATCH") ? "application/merge-patch+json" : "application/json",
            rows[i].body);
        const char *said = message(&r);

        if (r.status != rows[i].status || (rows[i].want[0] && !strstr(said, rows[i].want)))
            fail_msg("row %zu: %d %s", i, r.status, said);
    }
}
