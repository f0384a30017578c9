/* Admission webhooks through the whole engine; who answers them is played here. */
#include "tests/unit/vcluster/rows.h"

#include <stdatomic.h>

#define GROUP      "/apis/admissionregistration.k8s.io/v1"
#define VALIDATING GROUP "/validatingwebhookconfigurations"
#define MUTATING   GROUP "/mutatingwebhookconfigurations"
#define CMS        "/api/v1/namespaces/default/configmaps"
#define CM(name)   "{'metadata':{'name':'" name "'},'data':{'x':'y'}}"
#define MAPS                                                                                       \
    "'rules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':['*'],'resources':['configmaps'" \
    "]}]"
#define NAMED(name, path, more)                                                                    \
    "{'name':'" name "','sideEffects':'None','admissionReviewVersions':['v1'],"                    \
    "'clientConfig':{'url':'https://hooks.example.com/" path "'}," MAPS more "}"
#define HOOK(path, more)    NAMED("h.example.com", path, more)
#define CONFIG(name, hooks) "{'metadata':{'name':'" name "'},'webhooks':[" hooks "]}"

static _Atomic int n_asked;
static char last_url[256];

/* By the last part of the URL: what is answered, with the uid in the place of @. */
typedef struct Role {
    const char *path, *response;
    int status;
} Role;
static const Role roles[] = {
    {"allow", "{\"uid\":\"@\",\"allowed\":true}", 200},
    {"warn", "{\"uid\":\"@\",\"allowed\":true,\"warnings\":[\"beware\"]}", 200},
    {"deny", "{\"uid\":\"@\",\"allowed\":false}", 200},
    {"deny-why",
     "{\"uid\":\"@\",\"allowed\":false,\"status\":{\"code\":409,\"reason\":\"Conflict\","
     "\"message\":\"no\"}}",
     200},
    {"deny-code", "{\"uid\":\"@\",\"allowed\":false,\"status\":{\"code\":200}}", 200},
    {"uid", "{\"uid\":\"x@\",\"allowed\":true}", 200},
    {"patch", "{\"uid\":\"@\",\"allowed\":true,\"patch\":\"W10=\",\"patchType\":\"JSONPatch\"}",
     200},
    {"typeless", "{\"uid\":\"@\",\"allowed\":true,\"patch\":\"W10=\"}", 200},
    {"bad-patch", /* [{"op":"remove","path":"/nope"}] */
     "{\"uid\":\"@\",\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":"
     "\"W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL25vcGUifV0=\"}",
     200},
    {"label", /* [{"op":"add","path":"/metadata/labels","value":{"a":"b"}}] */
     "{\"uid\":\"@\",\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":"
     "\"W3sib3AiOiJhZGQiLCJwYXRoIjoiL21ldGFkYXRhL2xhYmVscyIsInZhbHVlIjp7ImEiOiJiIn19XQ==\"}",
     200},
    {"nothing", "null", 200},
    {"gone", "null", 404},
    {"broken", "null", 0},
};

static void answer(HookCall *c)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *review = NULL;
    const char *uid;
    size_t n;

    assert_ok(value_parse(a, c->body, &review, NULL));
    uid = value_at_str(review, "request.uid");
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        const char *path = arena_printf(a, "/%s?", roles[i].path);

        if (!strstr(c->url, path))
            continue;
        c->status = roles[i].status;
        (void)snprintf(c->error, sizeof(c->error), "connection refused");
        buf_adds(&c->reply,
                 "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",");
        buf_adds(&c->reply, "\"response\":");
        n = strcspn(roles[i].response, "@");
        buf_add(&c->reply, roles[i].response, n);
        if (roles[i].response[n])
            buf_addf(&c->reply, "%s%s", uid, roles[i].response + n + 1);
        buf_adds(&c->reply, "}");
    }
}

static void *answer_later(void *data)
{
    HookCall *c = data;

    answer(c);
    c->done(c);
    return NULL;
}

/* Every other call is answered on another thread. */
static void on_call(HookCall *c, void *data UNUSED)
{
    pthread_t t;

    (void)snprintf(last_url, sizeof(last_url), "%s", c->url);
    if (atomic_fetch_add(&n_asked, 1) % 2 == 0) {
        answer(c);
        c->done(c);
        return;
    }
    assert_int_equal(pthread_create(&t, NULL, answer_later, c), 0);
    pthread_detach(t);
}

static void begin(void)
{
    need_server();
    vcluster_set_hooks(vc, on_call, NULL);
    atomic_store(&n_asked, 0);
}

typedef struct Try { /* one webhook, one config map made */
    const char *configs, *hook;
    int status;
    const char *message, *at, *has;
    int asked;
} Try;

static void run_tries(const char *cluster, const Try *tries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Try *t = &tries[i];
        const char *config = arena_printf(a, "{'metadata':{'name':'w'},'webhooks':[%s]}", t->hook);
        const Row rows[] = {
            {&admin, "POST", t->configs, "", config, 201, NULL, NULL, NULL},
            {&admin, "POST", CMS, "", CM("c"), t->status, t->message, t->at, t->has},
            {&admin, "DELETE", arena_printf(a, "%s/w", t->configs), "", NULL, 200, NULL, NULL,
             NULL},
            {&admin, "DELETE", CMS, "", NULL, 200, NULL, NULL, NULL},
        };

        begin();
        run_rows(cluster, rows, ARRAY_LEN(rows));
        if (atomic_load(&n_asked) != t->asked)
            fail_msg("%s: asked %d times", t->hook, atomic_load(&n_asked));
    }
}

TEST(what_a_webhook_says_is_done)
{
#define FAILED "Internal error occurred: failed calling webhook \"h.example.com\": "
#define DENIED "admission webhook \"h.example.com\" denied the request"
    static const Try tries[] = {
        {VALIDATING, HOOK("allow", ""), 201, NULL, NULL, NULL, 1},
        {VALIDATING, HOOK("warn", ""), 201, NULL, NULL, NULL, 1},
        {VALIDATING, HOOK("deny", ""), 400, DENIED " without explanation", "status", "Failure", 1},
        {VALIDATING, HOOK("deny-why", ""), 409, DENIED ": no", "reason", "Conflict", 1},
        {VALIDATING, HOOK("deny-code", ""), 400, DENIED, NULL, NULL, 1},
        {VALIDATING, HOOK("uid", ""), 500, "expected response.uid=", "reason", "InternalError", 1},
        {VALIDATING, HOOK("patch", ""), 500,
         FAILED "received invalid webhook response: validating webhook may not return "
                "response.patch",
         NULL, NULL, 1},
        {VALIDATING, HOOK("nothing", ""), 500, "webhook response was absent", NULL, NULL, 1},
        {VALIDATING, HOOK("gone", ""), 500, "the server could not find the requested resource",
         NULL, NULL, 1},
        {VALIDATING, HOOK("broken", ""), 500,
         FAILED "failed to call webhook: Post \"https://hooks.example.com/broken?timeout=10s\": "
                "connection refused",
         NULL, NULL, 1},
        {VALIDATING, HOOK("broken", ",'failurePolicy':'Ignore'"), 201, NULL, NULL, NULL, 1},
        {VALIDATING, HOOK("deny", ",'objectSelector':{'matchLabels':{'a':'b'}}"), 201, NULL, NULL,
         NULL, 0},
        {VALIDATING,
         HOOK("deny",
              ",'matchConditions':[{'name':'c','expression':'object.data.x == \\\"z\\\"'}]"),
         201, NULL, NULL, NULL, 0},
        {VALIDATING,
         HOOK("allow", ",'matchConditions':[{'name':'c','expression':'object.nope == 1'}]"), 403,
         "no such key: nope", "reason", "Forbidden", 0},
        {MUTATING, HOOK("allow", ""), 201, NULL, NULL, NULL, 1},
        {MUTATING, HOOK("label", ""), 201, NULL, "metadata.labels", "{'a':'b'}", 1},
        {MUTATING, HOOK("typeless", ""), 500,
         "webhook returned response.patch but not response.patchType", NULL, NULL, 1},
        {MUTATING, HOOK("bad-patch", ""), 500, "Internal error occurred: ", "reason",
         "InternalError", 1},
        /* the first wants to see what the second made of it */
        {MUTATING,
         HOOK("allow", ",'reinvocationPolicy':'IfNeeded'") "," NAMED("i.example.com", "label", ""),
         201, NULL, "metadata.labels", "{'a':'b'}", 3},
        {MUTATING, HOOK("allow", "") "," NAMED("i.example.com", "label", ""), 201, NULL,
         "metadata.labels", "{'a':'b'}", 2},
    };

    run_tries("hooks", tries, ARRAY_LEN(tries));
}

TEST(several_are_asked_at_once_and_each_question_once)
{
    static const Row rows[] = {
        {&admin, "POST", VALIDATING, "",
         CONFIG("a", HOOK("allow", "") "," NAMED("i.example.com", "warn", "")), 201, NULL, NULL,
         NULL},
        {&admin, "POST", VALIDATING, "", CONFIG("b", HOOK("allow", "")), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("one"), 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("two"), 201, NULL, NULL, NULL},
        {&admin, "DELETE", CMS, "", NULL, 200, NULL, NULL, NULL},
    };

    begin();
    run_rows("several", rows, ARRAY_LEN(rows));
    assert_int_equal(atomic_load(&n_asked), 4 * 3 + 3); /* and kube-root-ca.crt */
}

TEST(random_parts_of_an_object_are_the_same_in_every_question)
{
    static const Row rows[] = {
        {&admin, "POST", VALIDATING, "",
         "{'metadata':{'name':'w'},'webhooks':[{'name':'h.example.com','sideEffects':'None',"
         "'admissionReviewVersions':['v1'],'clientConfig':{'url':'https://x.example.com/allow'},"
         "'rules':[{'apiGroups':['*'],'apiVersions':['*'],'operations':['CREATE'],'resources':['*'"
         "]}]}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", "/api/v1/namespaces/default/services", "",
         "{'metadata':{'generateName':'s-'},'spec':{'type':'NodePort','ports':[{'port':80}]}}", 201,
         NULL, NULL, NULL},
    };

    begin();
    run_rows("random", rows, ARRAY_LEN(rows));
    assert_int_equal(atomic_load(&n_asked), 1);
}

TEST(a_dry_run_asks_only_those_without_side_effects)
{
    static const Row rows[] = {
        {&admin, "POST", VALIDATING, "",
         "{'metadata':{'name':'w'},'webhooks':[" HOOK("allow", "") "]}", 201, NULL, NULL, NULL},
        {&admin, "POST", CMS, "dryRun=All", CM("c"), 201, NULL, NULL, NULL},
    };

    begin();
    run_rows("dry", rows, ARRAY_LEN(rows));
    assert_int_equal(atomic_load(&n_asked), 1);
    assert_string_equal(last_url, "https://hooks.example.com/allow?timeout=10s");
}

TEST(a_service_without_pods_is_told)
{
    static const Row rows[] = {
        {&admin, "POST", "/api/v1/namespaces/default/services", "",
         "{'metadata':{'name':'s'},'spec':{'ports':[{'port':443}]}}", 201, NULL, NULL, NULL},
        {&admin, "POST", VALIDATING, "",
         "{'metadata':{'name':'w'},'webhooks':[{'name':'h.example.com','sideEffects':'None',"
         "'admissionReviewVersions':['v1'],'clientConfig':{'service':{'namespace':'default','name':"
         "'s','path':'/x'}}," MAPS "}]}",
         201, NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("c"), 500,
         "Post \"https://s.default.svc:443/x?timeout=10s\": no endpoints available for service "
         "\"s\"",
         NULL, NULL},
        {&admin, "PATCH", VALIDATING "/w", "",
         "{'webhooks':[{'name':'h.example.com','sideEffects':'None','admissionReviewVersions':['v1'"
         "],'clientConfig':{'service':{'namespace':'default','name':'none'}}," MAPS "}]}",
         200, NULL, NULL, NULL},
        {&admin, "POST", CMS, "", CM("c"), 500, "service \"none\" not found", NULL, NULL},
    };

    begin();
    run_rows("service", rows, ARRAY_LEN(rows));
    assert_int_equal(atomic_load(&n_asked), 0);
}
