/*
 * API aggregation in the engine: which requests go on, where and as whose, what a probe brings, and
 * what discovery makes of it. The extension API server is a function of this file.
 */
#include "vcluster/aggregation.h"

#include "tests/unit/vcluster/loopback.h"

#define SERVICES "/apis/apiregistration.k8s.io/v1/apiservices"
#define GV       "wardle.example.com/v1alpha1"
#define PROBE    SERVICES "/v1alpha1.wardle.example.com/probe"

/* ---- pure parts ---- */

static const char *quoted(Arena *a, const char *json)
{
    return value_to_str(a, value_literal(a, json));
}

TEST(a_user_becomes_headers_that_stay_headers)
{
    static const char *const groups[] = {"a", "b\r\nX-Evil: 1", NULL};
    static const char *const values[] = {"one", "t\two", NULL};
    static const UserExtra extra[] = {{"example.com/Key 1", values}};
    static const User u = {
        .name = "jane\n", .uid = "7", .groups = groups, .extra = extra, .n_extra = 1};
    static const Header want[] = {
        {"X-Remote-User", "jane "},
        {"X-Remote-Uid", "7"},
        {"X-Remote-Group", "a"},
        {"X-Remote-Group", "b  X-Evil: 1"},
        {"X-Remote-Extra-example.com%2FKey%201", "one"},
        {"X-Remote-Extra-example.com%2FKey%201", "t wo"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    uint32_t n;
    const Header *got = agg_user_headers(a, &u, &n);

    assert_int_equal(n, ARRAY_LEN(want));
    for (uint32_t i = 0; i < n; i++) {
        assert_string_equal(got[i].name, want[i].name);
        assert_string_equal(got[i].value, want[i].value);
    }
}

TEST(a_list_of_resources_is_one_of_the_right_version)
{
#define LIST(gv, resources)                                                                        \
    "{'kind':'APIResourceList','groupVersion':'" gv "','resources':" resources "}"
    static const struct {
        const char *body;
        bool is_good;
    } rows[] = {
        {LIST(GV, "[]"), true},
        {LIST(GV, "[{'name':'flunders','kind':'Flunder'}]"), true},
        {LIST(GV, "[{'name':'flunders'}]"), false},
        {LIST(GV, "[{'name':1,'kind':'Flunder'}]"), false},
        {LIST(GV, "[7]"), false},
        {LIST(GV, "{}"), false},
        {LIST("wardle.example.com/v1", "[]"), false},
        {"{'kind':'Status','groupVersion':'" GV "','resources':[]}", false},
        {"[]", false},
        {"null", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF out = BUF_INIT;

        if (agg_read_resources(slice_of(quoted(a, rows[i].body)), "/apis/" GV, &out) !=
            rows[i].is_good)
            fail_msg("%s", rows[i].body);
    }
}

TEST(openapi_of_a_backend_stays_below_its_own_path)
{
#define INDEX(url) "{'paths':{'apis/" GV "':{'serverRelativeURL':'" url "'}}}"
    static const struct {
        const char *body, *url;
    } rows[] = {
        {INDEX("/openapi/v3/apis/" GV "?hash=A1"), "/openapi/v3/apis/" GV "?hash=A1"},
        {INDEX("/openapi/v3/apis/" GV), "/openapi/v3/apis/" GV},
        {INDEX("/openapi/v3/apis/" GV "beta"), NULL},
        {INDEX("/openapi/v3/apis/" GV "?a b"), NULL},
        {INDEX("/openapi/v3/apis/" GV "?a\\nb"), NULL},
        {INDEX("https://elsewhere.example/openapi/v3/apis/" GV), NULL},
        {INDEX("/api/v1/secrets"), NULL},
        {"{'paths':[]}", NULL},
        {"[]", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_FREE char *url = agg_read_openapi(slice_of(quoted(a, rows[i].body)), "/apis/" GV);

        if (!str_eq(url, rows[i].url))
            fail_msg("%s: %s", rows[i].body, url ? url : "none");
    }
}

TEST(what_a_backend_serves_becomes_aggregated_discovery)
{
    static const struct {
        const char *list;
        bool is_stale;
        const char *want;
    } rows[] = {
        {NULL, true, "{'version':'v1','resources':[],'freshness':'Stale'}"},
        {"{'resources':[{'name':'a/status','kind':'A','namespaced':true,'verbs':['get']},"
         "{'name':'a','singularName':'x','namespaced':true,'kind':'A','verbs':['list'],"
         "'shortNames':['s'],'categories':['all']}]}",
         false,
         "{'version':'v1','resources':[{'resource':'a','responseKind':{'group':'','version':'',"
         "'kind':'A'},'scope':'Namespaced','singularResource':'x','verbs':['list'],"
         "'shortNames':['s'],'categories':['all'],'subresources':[{'subresource':'status',"
         "'responseKind':{'group':'','version':'','kind':'A'},'verbs':['get']}]}],"
         "'freshness':'Current'}"},
        /* a subresource of nothing; another group's kind; no list where one should be */
        {"{'resources':[{'name':'b/scale','kind':'Scale','group':'autoscaling','version':'v1',"
         "'verbs':'get'}]}",
         false,
         "{'version':'v1','resources':[{'resource':'b','scope':'Cluster','singularResource':'',"
         "'verbs':[],'subresources':[{'subresource':'scale','responseKind':{'group':'autoscaling',"
         "'version':'v1','kind':'Scale'},'verbs':[]}]}],'freshness':'Current'}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *got = agg_version_of(a, "v1", rows[i].list ? value_literal(a, rows[i].list) : NULL,
                                    rows[i].is_stale);

        assert_string_equal(value_to_str(a, got), quoted(a, rows[i].want));
    }
}

/* ---- through the engine ---- */

static const User controller = {
    .name = "system:apiserver", .uid = "", .groups = masters, .is_internal = true};
static const char *answers; /* of the backend: an APIResourceList; NULL: it is away */
static _Atomic int n_calls;

static void on_call(HookCall *c, void *data UNUSED)
{
    atomic_fetch_add(&n_calls, 1);
    assert_string_equal(c->method, "GET");
    assert_non_null(strstr(c->cert_pem, "BEGIN CERTIFICATE"));
    assert_string_equal(c->headers[0], "X-Remote-User: system:kube-aggregator");
    c->status = answers ? 200 : 0;
    (void)snprintf(c->error, sizeof(c->error), "EOF");
    if (answers && strstr(c->url, "/openapi/v3"))
        buf_adds(&c->reply, "{\"paths\":{\"apis/" GV
                            "\":{\"serverRelativeURL\":\"/openapi/v3/apis/" GV "?hash=1\"}}}");
    else if (answers)
        buf_adds(&c->reply, answers);
    c->done(c);
}

static Answer json_call(Arena *a, const char *method, const char *path, const char *body)
{
    Answer r = call(a, "aggr", method, path, body ? quoted(a, body) : NULL);

    if (r.status / 100 != 2)
        fail_msg("%s %s: %d %s", method, path, r.status, message(&r));
    return r;
}

/* A pod on a node behind a service, and the APIService for it; once. */
static void begin(Arena *a)
{
    need_tenant(a, "aggr");
    vcluster_set_hooks(vc, on_call, NULL);
    if (call(a, "aggr", "GET", SERVICES "/v1alpha1.wardle.example.com", NULL).status == 200)
        return;
    json_call(a, "POST", "/api/v1/namespaces/default/pods",
              "{'metadata':{'name':'p'},'spec':{'nodeName':'n1','containers':[{'name':'c',"
              "'image':'i'}]}}");
    json_call(a, "PATCH", "/api/v1/namespaces/default/pods/p/status",
              "{'status':{'podIP':'10.1.0.5','podIPs':[{'ip':'10.1.0.5'}]}}");
    json_call(a, "POST", "/api/v1/namespaces/default/services",
              "{'metadata':{'name':'s'},'spec':{'ports':[{'port':443}]}}");
    json_call(a, "POST", "/api/v1/namespaces/default/endpoints",
              "{'metadata':{'name':'s'},'subsets':[{'addresses':[{'ip':'10.1.0.5','targetRef':"
              "{'kind':'Pod','namespace':'default','name':'p'}}],'ports':[{'port':8443}]}]}");
    json_call(a, "POST", SERVICES,
              "{'metadata':{'name':'v1alpha1.wardle.example.com'},'spec':{'group':"
              "'wardle.example.com','version':'v1alpha1','groupPriorityMinimum':2000,"
              "'versionPriority':15,'insecureSkipTLSVerify':true,'service':{'namespace':'default',"
              "'name':'s'}}}");
}

static void set_available(Arena *a, bool is_available)
{
    json_call(a, "PATCH", SERVICES "/v1alpha1.wardle.example.com/status",
              is_available ? "{'status':{'conditions':[{'type':'Available','status':'True'}]}}"
                           : "{'status':{'conditions':[{'type':'Available','status':'False'}]}}");
}

static Call *ask(Arena *a, const User *u, const char *method, const char *path)
{
    Call *c = call_begin(a, u, "aggr", method, path, "a=b", NULL, NULL);

    while (!c->is_done) {
        gate_wait(&c->gate);
        c->is_done = vc_step(vc, &c->rq) != VC_WAIT;
    }
    return c;
}

TEST(requests_go_on_when_the_service_is_available)
{
    static const User stranger = {.name = "jane", .uid = "", .groups = nobody};
    CLEANUP(arena_free) Arena *a = arena_new();
    const ProxyTo *to;
    Call *c;

    begin(a);
    set_available(a, false);
    c = ask(a, &admin, "GET", "/apis/" GV "/flunders");
    assert_int_equal(c->rq.reply.status, 503);
    assert_true(slice_is(c->rq.reply.body, "service unavailable\n"));
    assert_true(c->rq.reply.is_final);
    request_done(&c->rq);
    set_available(a, true);
    call_accept = "application/vnd.kubernetes.protobuf"; /* is not this server's matter */
    c = ask(a, &admin, "DELETE", "/apis/" GV "/namespaces/x/flunders/y");
    call_accept = NULL;
    to = c->rq.reply.proxy;
    assert_int_equal(c->rq.reply.kind, REPLY_NODE);
    assert_string_equal(c->rq.reply.node, "n1");
    assert_true(str_starts(c->rq.reply.node_path, "/dial/default/p/"));
    assert_non_null(strstr(c->rq.reply.node_path, "?port=8443"));
    assert_string_equal(to->path, "/apis/" GV "/namespaces/x/flunders/y?a=b");
    assert_string_equal(to->host, "s.default.svc:443");
    assert_string_equal(to->tls->server_name, "s.default.svc");
    assert_true(to->tls->is_unverified && !to->tls->ca_pem && !to->is_watch);
    assert_string_equal(to->headers[0].value, "admin");
    request_done(&c->rq);
    c = ask(a, &stranger, "GET", "/apis/" GV "/flunders");
    assert_int_equal(c->rq.reply.status, 403);
    request_done(&c->rq);
    c = ask(a, &admin, "GET", "/openapi/v3/apis/" GV);
    assert_int_equal(c->rq.reply.kind, REPLY_NODE);
    request_done(&c->rq);
}

TEST(what_this_server_has_is_answered_by_nobody_else)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Call *c;

    begin(a);
    json_call(a, "PATCH", SERVICES "/v1.apps",
              "{'metadata':{'labels':null},'spec':{'service':{'namespace':'default','name':'s'},"
              "'insecureSkipTLSVerify':true},'status':{'conditions':[{'type':'Available',"
              "'status':'True'}]}}");
    c = ask(a, &admin, "GET", "/apis/apps/v1/deployments");
    assert_int_equal(c->rq.reply.kind, REPLY_BODY);
    assert_int_equal(c->rq.reply.status, 200);
    request_done(&c->rq);
}

static const char *probe(Arena *a, const char **ret_message)
{
    Answer r = call_as(a, &controller, "aggr", "GET", PROBE, "", NULL, NULL);
    const char *m = value_get_str(r.v, "message");

    assert_int_equal(r.status, 200);
    *ret_message = m ? m : "";
    return value_get_str(r.v, "state");
}

static const Value *discovered(Arena *a)
{
    Answer r;
    const Value *g;

    call_accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    r = call(a, "aggr", "GET", "/apis", NULL);
    call_accept = NULL;
    value_each_item(value_get(r.v, "items"), i, g)
    {
        if (str_eq(value_at_str(g, "metadata.name"), "wardle.example.com"))
            return value_item(value_get(g, "versions"), 0);
    }
    return NULL;
}

TEST(a_probe_tells_its_outcome_once_and_feeds_discovery)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *why;
    Answer r;

    begin(a);
    set_available(a, true);
    answers = "{\"kind\":\"APIResourceList\",\"groupVersion\":\"" GV
              "\",\"resources\":[{\"name\":\"flunders\",\"kind\":\"Flunder\"}]}";
    assert_string_equal(probe(a, &why), "pending");
    assert_string_equal(probe(a, &why), "passed");
    assert_string_equal(value_get_str(discovered(a), "freshness"), "Current");
    assert_string_equal(value_at_str(discovered(a), "resources.0.resource"), "flunders");
    r = call(a, "aggr", "GET", "/openapi/v3", NULL);
    assert_string_equal(
        value_get_str(value_get(value_get(r.v, "paths"), "apis/" GV), "serverRelativeURL"),
        "/openapi/v3/apis/" GV "?hash=1");
    /* what is no list is stale, and the last one stays */
    answers = "what?";
    assert_string_equal(probe(a, &why), "pending");
    assert_string_equal(probe(a, &why), "passed");
    assert_string_equal(value_get_str(discovered(a), "freshness"), "Stale");
    assert_string_equal(value_at_str(discovered(a), "resources.0.resource"), "flunders");
    /* away is who does not answer three times */
    answers = NULL;
    atomic_store(&n_calls, 0);
    for (int i = 0; i < 3; i++)
        assert_string_equal(probe(a, &why), "pending");
    assert_string_equal(probe(a, &why), "failed");
    assert_string_equal(why, "failing or missing response from https://10.1.0.5:8443/apis/" GV
                             ": Get \"https://10.1.0.5:8443/apis/" GV "\": EOF");
    assert_int_equal(atomic_load(&n_calls), 3);
    /* nobody else may ask */
    assert_int_equal(call(a, "aggr", "GET", PROBE, NULL).status, 404);
}

static int place_of(const Value *groups, const char *name)
{
    const Value *g;

    value_each_item(groups, i, g)
    {
        if (str_eq(value_get_str(g, "name"), name))
            return (int)i;
    }
    return -1;
}

TEST(groups_and_versions_stand_by_their_priorities)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *groups, *versions;
    Answer r;

    begin(a);
#define ADD(group, version, of_group, of_version)                                                  \
    json_call(a, "POST", SERVICES,                                                                 \
              "{'metadata':{'name':'" version "." group "'},'spec':{'group':'" group               \
              "','version':'" version "','groupPriorityMinimum':" of_group                         \
              ",'versionPriority':" of_version ",'insecureSkipTLSVerify':true,"                    \
              "'service':{'namespace':'default','name':'s'}}}")
    ADD("b.example.com", "v1", "100", "10");
    ADD("a.example.com", "v1", "100", "10");
    ADD("c.example.com", "v1", "3000", "10");
    ADD("wardle.example.com", "v1", "10", "10");
    ADD("wardle.example.com", "v1beta1", "10", "20");
    ADD("wardle.example.com", "v2", "10", "15");
    r = call(a, "aggr", "GET", "/apis", NULL);
    groups = value_get(r.v, "groups");
    assert_true(place_of(groups, "apps") < place_of(groups, "c.example.com"));
    assert_true(place_of(groups, "c.example.com") < place_of(groups, "wardle.example.com"));
    assert_true(place_of(groups, "wardle.example.com") < place_of(groups, "a.example.com"));
    assert_true(place_of(groups, "a.example.com") < place_of(groups, "b.example.com"));
    r = call(a, "aggr", "GET", "/apis/wardle.example.com", NULL);
    versions = value_get(r.v, "versions");
    assert_int_equal(value_len(versions), 4);
    assert_string_equal(value_at_str(versions, "0.version"), "v1beta1");
    assert_string_equal(value_at_str(versions, "1.version"), "v2");
    assert_string_equal(value_at_str(versions, "2.version"), "v1alpha1");
    assert_string_equal(value_at_str(versions, "3.version"), "v1");
    assert_string_equal(value_at_str(r.v, "preferredVersion.version"), "v1beta1");
}
