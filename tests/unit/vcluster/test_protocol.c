/* What clients say besides objects - media types, options, tokens, methods - and what they hear. */
#include "tests/unit/vcluster/loopback.h"

#define CM       "/api/v1/namespaces/default/configmaps"
#define TENANTS  "/apis/tenancy.hostplane.io/v1/tenants"
#define PROTOBUF "application/vnd.kubernetes.protobuf"
#define DEPLOYS  "/apis/apps/v1/namespaces/default/deployments"

typedef struct Reply2 {
    int status;
    const char *type, *text;
    const Header *headers;
    uint32_t n_headers;
    Value *v;
} Reply2;

/* A request with everything that call_as() leaves out. */
static Reply2 ask(Arena *a, Request rq)
{
    Call *c = arena_new0(a, Call);
    Reply2 out = {0};

    need_server();
    c->gate = GATE_INIT;
    c->rq = rq;
    c->rq.arena = a;
    c->rq.cluster = store_cluster(store, SLICE("host"));
    c->rq.query = rq.query ? rq.query : "";
    c->rq.user = rq.user.name ? rq.user : admin;
    c->rq.wake = on_wake;
    while (vc_step(vc, &c->rq) == VC_WAIT)
        gate_wait(&c->gate);
    out.status = c->rq.reply.status;
    out.type = c->rq.reply.content_type;
    out.headers = c->rq.reply.headers;
    out.n_headers = c->rq.reply.n_headers;
    out.text =
        arena_strndup(a, c->rq.reply.body.ptr ? c->rq.reply.body.ptr : "", c->rq.reply.body.len);
    if (c->rq.reply.kind == REPLY_STREAM)
        c->rq.reply.stream->close(c->rq.reply.stream);
    if (value_parse(a, slice_of(out.text), &out.v, NULL) < 0)
        out.v = NULL;
    request_done(&c->rq);
    return out;
}

static const char *header(const Reply2 *r, const char *name)
{
    for (uint32_t i = 0; i < r->n_headers; i++)
        if (strcasecmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    return "";
}

static const char *message_of(const Reply2 *r)
{
    const char *m = value_get_str(r->v, "message");

    return m ? m : "";
}

TEST(the_heaviest_media_type_is_answered)
{
    static const struct {
        const char *accept, *agent, *path, *query, *type;
        int status;
        char first;
    } cases[] = {
        {"application/json;q=0.1, application/yaml;q=0.9", NULL, CM, "", "application/yaml", 200,
         'a'},
        {"application/yaml;q=0.5, */*", NULL, CM, "", "application/json", 200, '{'},
        {"text/html", NULL, CM, "", "application/json", 406, '{'},
        {"application/json;as=Table", NULL, CM, "", "application/json", 406, '{'},
        {"application/yaml", NULL, CM, "watch=true", "application/yaml", 406, 'a'},
        {"application/json;stream=nope", NULL, CM, "", "application/json", 406, '{'},
        /* in protobuf, first clause first */
        {PROTOBUF, NULL, CM, "", PROTOBUF, 200, 'k'},
        {PROTOBUF ", application/json", NULL, CM, "", PROTOBUF, 200, 'k'},
        {"application/json;q=0.9, " PROTOBUF, NULL, CM, "", PROTOBUF, 200, 'k'},
        {"application/json, " PROTOBUF, NULL, CM, "", "application/json", 200, '{'},
        {PROTOBUF ", */*", NULL, CM, "", PROTOBUF, 200, 'k'},
        {"*/*", NULL, CM, "", "application/json", 200, '{'},
        {PROTOBUF ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", NULL, CM, "", PROTOBUF, 200,
         'k'},
        {PROTOBUF ";stream=watch", NULL, CM, "", PROTOBUF, 200, 'k'},
        {PROTOBUF, NULL, CM "/none", "", PROTOBUF, 404, 'k'},
        {PROTOBUF ";stream=watch", NULL, CM "/none", "", PROTOBUF, 404, 'k'},
        {PROTOBUF ";stream=nope", NULL, CM, "", "application/json", 406, '{'},
        /* failures do not come as what objects were to be converted to */
        {PROTOBUF ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1", NULL, CM "/none", "",
         "application/json", 404, '{'},
        /* no Table in protobuf */
        {PROTOBUF ";as=Table;g=meta.k8s.io;v=v1", NULL, CM, "", "application/json", 406, '{'},
        {PROTOBUF ";as=Table;g=meta.k8s.io;v=v1, " PROTOBUF, NULL, CM, "", PROTOBUF, 200, 'k'},
        {PROTOBUF ";as=Table;g=meta.k8s.io;v=v1, application/json;as=Table;g=meta.k8s.io;v=v1",
         NULL, CM, "", "application/json", 200, '{'},
        /* streams */
        {PROTOBUF, NULL, CM, "watch=true", PROTOBUF ";stream=watch", 200, '\0'},
        {PROTOBUF ";stream=watch", NULL, CM, "watch=true", PROTOBUF ";stream=watch", 200, '\0'},
        /* documents */
        {PROTOBUF, NULL, "/api", "", PROTOBUF, 200, 'k'},
        {PROTOBUF, NULL, "/apis", "", PROTOBUF, 200, 'k'},
        {PROTOBUF, NULL, "/apis/apps", "", PROTOBUF, 200, 'k'},
        {PROTOBUF, NULL, "/apis/apps/v1", "", PROTOBUF, 200, 'k'},
        {PROTOBUF ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", NULL, "/apis", "",
         PROTOBUF ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", 200, 'k'},
        {PROTOBUF ";g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList," PROTOBUF, NULL,
         "/apis", "", PROTOBUF, 200, 'k'},
        {PROTOBUF, NULL, "/version", "", "application/json", 200, '{'},
        /* the platform's own kinds */
        {PROTOBUF, NULL, TENANTS, "", PROTOBUF, 406, 'k'},
        {PROTOBUF ", application/json", NULL, TENANTS, "", "application/json", 200, '{'},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Reply2 r = ask(a, (Request){.method = "GET",
                                    .path = cases[i].path,
                                    .query = cases[i].query,
                                    .accept = cases[i].accept});

        assert_int_equal(r.status, cases[i].status);
        assert_string_equal(r.type, cases[i].type);
        assert_int_equal(r.text[0], cases[i].first);
    }
}

TEST(people_get_indented_answers)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Request rq = {.method = "GET", .path = CM, .user_agent = "curl/8.0"};

    assert_true(str_starts(ask(a, rq).text, "{\n  \"kind\""));
    rq.query = "pretty=false";
    assert_true(str_starts(ask(a, rq).text, "{\"kind\""));
    rq.user_agent = "kubectl/v1.36";
    rq.query = "pretty=1";
    assert_true(str_starts(ask(a, rq).text, "{\n  \"kind\""));
}

TEST(documents_that_are_known_are_not_sent_again)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Request rq = {.method = "GET",
                  .path = "/apis",
                  .accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"};
    Reply2 r = ask(a, rq);
    const char *hash;

    assert_int_equal(r.status, 200);
    rq.if_none_match = header(&r, "ETag");
    r = ask(a, rq);
    assert_int_equal(r.status, 304);
    assert_string_equal(r.text, "");
    r = ask(a, (Request){.method = "GET", .path = "/openapi/v3/apis/apps/v1", .query = "hash=x"});
    assert_int_equal(r.status, 301);
    hash = header(&r, "Location");
    assert_true(str_starts(hash, "?hash="));
    r = ask(a, (Request){.method = "GET", .path = "/openapi/v3/apis/apps/v1", .query = hash + 1});
    assert_int_equal(r.status, 200);
    assert_string_equal(header(&r, "Cache-Control"), "public, immutable");
}

TEST(methods_of_documents)
{
    static const struct {
        const char *method, *path;
        int status;
    } cases[] = {
        {"POST", "/api", 405},          {"PUT", "/apis", 200},     {"DELETE", "/apis/apps", 200},
        {"POST", "/apis/apps/v1", 405}, {"PATCH", "/api/v1", 405}, {"POST", "/foo", 404},
        {"PUT", "/apis/none", 404},     {"POST", "/livez", 200},   {"POST", "/version", 405},
        {"GET", "/apis/apps/v9", 404},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(ask(a, (Request){.method = cases[i].method, .path = cases[i].path}).status,
                         cases[i].status);
}

TEST(health_says_what_it_checked)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    for (int i = 0; i < 100; i++) { /* the store may be connecting still */
        if (ask(a, (Request){.method = "GET", .path = "/readyz"}).status == 200)
            break;
        usleep(100000);
    }
    assert_string_equal(ask(a, (Request){.method = "GET", .path = "/readyz"}).text, "ok");
    assert_string_equal(
        ask(a,
            (Request){.method = "GET", .path = "/livez", .query = "verbose&exclude=etcd&exclude=x"})
            .text,
        "[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: "
        "no matches for \"x\"\nlivez check passed\n");
    assert_int_equal(ask(a, (Request){.method = "GET", .path = "/livez/ping"}).status, 200);
    assert_int_equal(ask(a, (Request){.method = "GET", .path = "/livez/nope"}).status, 404);
}

TEST(options_are_refused_in_upstream_words)
{
    static const struct {
        const char *method, *path, *query, *body, *message;
    } cases[] = {
        {"GET", CM, "resourceVersionMatch=Foo", NULL,
         "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: "
         "resourceVersionMatch is forbidden unless resourceVersion is provided, "
         "resourceVersionMatch: Unsupported value: \"Foo\": supported values: \"Exact\", "
         "\"NotOlderThan\", \"\"]"},
        {"GET", CM, "watch=1&sendInitialEvents=true&resourceVersionMatch=Exact", NULL,
         "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: "
         "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, "
         "resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\"]"},
        {"GET", CM, "continue=!!", NULL,
         "invalid continue token: continue key is not valid: illegal base64 data at input byte 0"},
        {"GET", CM, "continue=abcde", NULL,
         "invalid continue token: continue key is not valid: illegal base64 data at input byte 4"},
        {"GET", CM, "continue=eyJ2IjoidjkifQ", NULL,
         "invalid continue token: continue key is not valid: server does not recognize this "
         "encoded "
         "version v9"},
        {"GET", CM, "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi94In0", NULL,
         "invalid continue token: continue key is not valid: ../x"},
        {"DELETE", CM "/x", "", "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v9\"}",
         "configmaps \"x\" not found"},
        {"DELETE", CM "/x", "", "{\"kind\":\"PatchOptions\",\"apiVersion\":\"v1\"}",
         "no kind \"PatchOptions\" is registered for version \"v1\" in scheme "
         "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\""},
        {"DELETE", CM, "", "{\"kind\":\"Foo\"}",
         "no kind \"Foo\" is registered for version \"meta.k8s.io/v1\" in scheme "
         "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\""},
        {"DELETE", CM "/x", "", "{\"kind\":\"Status\",\"apiVersion\":\"a/v1\"}",
         "converting (v1.Status) to (v1.DeleteOptions): unknown conversion"},
        {"DELETE", CM "/x", "", "{\"kind\":\"PatchOptions\"}",
         "converting (v1.PatchOptions) to (v1.DeleteOptions): unknown conversion"},
        {"POST", CM, "", "{\"apiVersion\":\"a/b/c\"}",
         "the object provided is unrecognized (must be of type ConfigMap): unexpected GroupVersion "
         "string: a/b/c ({\"apiVersion\":\"a/b/c\"})"},
        {"POST", CM, "fieldManager=a%c2%a0b", "{}",
         "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\u00a0b\": "
         "invalid character U+00A0 (at position 1)"},
        {"POST", CM, "",
         "{\"metadata\":{\"name\":\"m\",\"managedFields\":[{\"manager\":\"a\\tb\",\"operation\":"
         "\"Update\",\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:data\":{}}"
         "}"
         "]}}",
         "ConfigMap \"m\" is invalid: metadata.managedFields[0].manager: Invalid value: \"a\\tb\": "
         "invalid character U+0009 (at position 1)"},
        {"POST", "/api/v1/watch/configmaps", "", "{}",
         "the server does not allow this method on the requested resource"},
        {"GET", "/api/v1/watch/namespaces/default/configmaps/a", "fieldSelector=metadata.name%3Db",
         NULL, "fieldSelector metadata.name doesn't match requested name"},
        {"GET", "/api/v1/watch/namespaces/default/configmaps/a",
         "fieldSelector=metadata.namespace%3Ddefault", NULL,
         "fieldSelector metadata.name doesn't match requested name"},
        {"GET", "/api/v1/proxy/nodes/x", "", NULL,
         "the server could not find the requested resource"},
        {"DELETE", CM, "resourceVersionMatch=Exact", NULL,
         "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
         "resourceVersionMatch is forbidden unless resourceVersion is provided"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Reply2 r = ask(a, (Request){.method = cases[i].method,
                                    .path = cases[i].path,
                                    .query = cases[i].query,
                                    .content_type = "application/json",
                                    .body = slice_of(cases[i].body ? cases[i].body : "")});

        assert_string_equal(message_of(&r), cases[i].message);
    }
}

TEST(warnings_are_sent_once_and_cut_together)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF body = BUF_INIT;
    uint32_t n = 0;
    Reply2 r;

    buf_adds(&body, "{\"metadata\":{\"name\":\"warned\"}");
    for (int i = 0; i < 60; i++)
        buf_addf(&body, ",\"odd%02d%0100d\":1", i, 0);
    buf_addc(&body, '}');
    r = ask(a, (Request){.method = "POST",
                         .path = CM,
                         .query = "dryRun=All",
                         .content_type = "application/json",
                         .body = buf_slice(&body)});
    assert_int_equal(r.status, 201);
    for (uint32_t i = 0; i < r.n_headers; i++)
        n += strcmp(r.headers[i].name, "Warning") == 0;
    assert_in_range(n, 20, 59); /* 4096 runes in all */
    r = ask(a, (Request){.method = "GET", .path = "/api/v1/namespaces/default/endpoints"});
    assert_string_equal(header(&r, "Warning"),
                        "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 "
                        "EndpointSlice\"");
}

static Reply2 apply(Arena *a, const char *path, const char *manager, const char *body)
{
    return ask(a, (Request){.method = "PATCH",
                            .path = path,
                            .query = arena_printf(a, "fieldManager=%s", manager),
                            .content_type = "application/apply-patch+yaml",
                            .body = slice_of(body)});
}

TEST(a_scale_maps_its_managers)
{
    static const char scale[] =
        "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: d}, spec: {replicas: 2}}";
    CLEANUP(arena_free) Arena *a = arena_new();
    Reply2 r = apply(a, DEPLOYS "/d", "one",
                     "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: "
                     "1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
                     "spec: {containers: [{name: c, image: i}]}}}\n");

    assert_int_equal(r.status, 201);
    r = apply(a, DEPLOYS "/d/scale", "two", scale);
    assert_string_equal(message_of(&r),
                        "Apply failed with 1 conflict: conflict with \"one\": .spec.replicas");
    r = apply(a, DEPLOYS "/d/scale", "two&force=true", scale);
    assert_int_equal(r.status, 200);
    r = ask(a, (Request){.method = "GET", .path = DEPLOYS "/d"});
    assert_int_equal(value_at_int(r.v, "spec.replicas", 0), 2);
    assert_string_equal(value_at_str(r.v, "metadata.managedFields.0.manager"), "two");
    assert_string_equal(value_at_str(r.v, "metadata.managedFields.0.subresource"), "scale");
    assert_string_equal(value_at_str(r.v, "metadata.managedFields.0.apiVersion"), "apps/v1");
    assert_null(value_get(value_get(value_at(r.v, "metadata.managedFields.1.fieldsV1"), "f:spec"),
                          "f:replicas"));
}

TEST(kubectl_comes_over_from_client_side_apply)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'name':'csa','annotations':{}},'data':{'k':'v'}}");
    const char *last = "{\"apiVersion\":\"v1\",\"data\":{\"k\":\"v\"},\"kind\":\"ConfigMap\","
                       "\"metadata\":{\"name\":\"csa\"}}\n";
    Reply2 r;

    value_set_str(a, value_at(v, "metadata.annotations"),
                  "kubectl.kubernetes.io/last-applied-configuration", last);
    r = ask(a, (Request){.method = "POST",
                         .path = CM,
                         .query = "fieldManager=kubectl-client-side-apply",
                         .content_type = "application/json",
                         .body = slice_of(value_to_str(a, v))});
    assert_int_equal(r.status, 201);
    r = apply(a, CM "/csa", "kubectl",
              "{apiVersion: v1, kind: ConfigMap, metadata: {name: csa}, data: {k: w}}");
    assert_int_equal(r.status, 200);
    assert_string_equal(value_get_str(value_at(r.v, "metadata.annotations"),
                                      "kubectl.kubernetes.io/last-applied-configuration"),
                        "{\"apiVersion\":\"v1\",\"data\":{\"k\":\"w\"},\"kind\":\"ConfigMap\","
                        "\"metadata\":{\"name\":\"csa\"}}\n");
    r = apply(a, CM "/csa", "other",
              "{apiVersion: v1, kind: ConfigMap, metadata: {name: csa}, data: {k: x}}");
    assert_int_equal(r.status, 409);
}

TEST(an_update_that_only_moves_times_is_none)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Reply2 r = apply(a, CM "/still", "one",
                     "{apiVersion: v1, kind: ConfigMap, metadata: {name: still}, data: {k: v}}");
    const char *rv = value_at_str(r.v, "metadata.resourceVersion");
    Value *list = value_at(r.v, "metadata.managedFields");

    assert_int_equal(r.status, 201);
    value_set_str(a, value_item(list, 0), "time", "2001-01-01T00:00:00Z");
    r = ask(a, (Request){.method = "PUT",
                         .path = CM "/still",
                         .content_type = "application/json",
                         .body = slice_of(value_to_str(a, r.v))});
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "metadata.resourceVersion"), rv);
}

TEST(a_manager_without_a_name_is_called_after_its_program)
{
    static const struct {
        const char *agent, *manager;
    } cases[] = {
        {"kubectl/v1.36 (linux)", "kubectl"},
        {"my \x01prog/1", "my prog"},
        {"/x", "unknown"},
        {NULL, "unknown"},
        {"k\xc3\xa9\x7f", "k\xc3\xa9"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Reply2 r = ask(a, (Request){.method = "POST",
                                    .path = CM,
                                    .query = "dryRun=All",
                                    .user_agent = cases[i].agent,
                                    .content_type = "application/json",
                                    .body = SLICE("{\"metadata\":{\"name\":\"agent\"},\"data\":{"
                                                  "\"k\":\"v\"}}")});

        assert_string_equal(value_at_str(r.v, "metadata.managedFields.0.manager"),
                            cases[i].manager);
    }
}

TEST(keys_that_come_twice_in_an_apply)
{
    static const char body[] =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  k: one\n  k: two\n";
    CLEANUP(arena_free) Arena *a = arena_new();
    Reply2 r = apply(a, CM "/twice", "m&fieldValidation=Strict", body);

    assert_int_equal(r.status, 400);
    assert_string_equal(
        message_of(&r),
        "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal "
        "errors:\n  line 6: key \"k\" already set in map");
    r = apply(a, CM "/twice", "m", body);
    assert_int_equal(r.status, 201);
    assert_string_equal(value_at_str(r.v, "data.k"), "two");
}

TEST(reviews_of_the_cluster_are_in_no_namespace)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Reply2 r = ask(a, (Request){.method = "POST",
                                .path = "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                                .content_type = "application/json",
                                .body = SLICE("{\"metadata\":{\"namespace\":\"x\"},\"spec\":{"
                                              "\"user\":\"u\",\"nonResourceAttributes\":{"
                                              "\"path\":\"/\",\"verb\":\"get\"}}}")});

    assert_int_equal(r.status, 201);
    assert_null(value_at(r.v, "metadata.namespace"));
}
