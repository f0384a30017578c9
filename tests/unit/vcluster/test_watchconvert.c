/* Watches, lists with selectors and deletions of objects that a webhook converts. */
#include "tests/unit/vcluster/loopback.h"

#include <stdatomic.h>

#define CRDS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
#define V1   "/apis/example.com/v1/namespaces/default/ends"
#define V2   "/apis/example.com/v2/namespaces/default/ends"

static _Atomic int n_asked;
static _Atomic bool is_broken;

/* v1 says name, v2 title. */
static void convert(Arena *a, Value *v, const char *to)
{
    const char *from = str_eq(to, "example.com/v2") ? "name" : "title";
    const char *now = str_eq(to, "example.com/v2") ? "title" : "name";
    Value *text = value_get(v, from);

    value_set_str(a, v, "apiVersion", to);
    if (!text)
        return;
    value_set(a, v, now, value_copy(a, text));
    value_del(v, from);
}

static void answer(HookCall *c)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *review = NULL, *response = value_object(a), *list, *item;
    const char *to;

    assert_ok(value_parse(a, c->body, &review, NULL));
    if (atomic_load(&is_broken)) {
        c->status = 500;
        buf_adds(&c->reply, "no");
        return;
    }
    c->status = 200;
    to = value_at_str(review, "request.desiredAPIVersion");
    list = value_at(review, "request.objects");
    value_each_item(list, i, item)
    {
        convert(a, item, to);
    }
    value_set_str(a, response, "uid", value_at_str(review, "request.uid"));
    value_set(a, response, "result", value_literal(a, "{'status':'Success'}"));
    value_set(a, response, "convertedObjects", list);
    value_set(a, review, "response", response);
    value_del(review, "request");
    value_print(review, &c->reply);
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

    if (atomic_fetch_add(&n_asked, 1) % 2 == 0) {
        answer(c);
        c->done(c);
        return;
    }
    assert_int_equal(pthread_create(&t, NULL, answer_later, c), 0);
    pthread_detach(t);
}

static void begin(Arena *a, const char *tenant)
{
    static const char definition[] =
        "{'metadata':{'name':'ends.example.com'},'spec':{'group':'example.com','scope':"
        "'Namespaced','names':{'plural':'ends','kind':'End'},'conversion':{'strategy':'Webhook',"
        "'webhook':{'conversionReviewVersions':['v1'],'clientConfig':{'url':"
        "'https://hooks.example.com/convert'}}},'versions':["
        "{'name':'v1','served':true,'storage':true,'selectableFields':[{'jsonPath':'.name'}],"
        "'schema':{'openAPIV3Schema':{'type':'object','properties':{'name':{'type':'string'}}}}},"
        "{'name':'v2','served':true,'storage':false,'selectableFields':[{'jsonPath':'.title'}],"
        "'schema':{'openAPIV3Schema':{'type':'object','properties':{'title':{'type':'string'}}}}}"
        "]}}";
    Value *v;

    need_server();
    need_tenant(a, tenant);
    vcluster_set_hooks(vc, on_call, NULL);
    atomic_store(&is_broken, false);
    v = value_literal(a, definition);
    assert_int_equal(call(a, tenant, "POST", CRDS, value_to_str(a, v)).status, 201);
    v = value_literal(a, "{'status':{'conditions':[{'type':'NamesAccepted','status':'True'},"
                         "{'type':'Established','status':'True'}],'acceptedNames':{'plural':'ends',"
                         "'kind':'End'},'storedVersions':['v1']}}");
    assert_int_equal(call_as(a, &admin, tenant, "PATCH", CRDS "/ends.example.com/status", "",
                             "application/merge-patch+json", value_to_str(a, v))
                         .status,
                     200);
}

static void make(Arena *a, const char *tenant, const char *name, const char *title)
{
    Answer r = call(a, tenant, "POST", V1,
                    arena_printf(a,
                                 "{\"apiVersion\":\"example.com/v1\",\"kind\":\"End\","
                                 "\"metadata\":{\"name\":\"%s\"},\"name\":\"%s\"}",
                                 name, title));

    if (r.status != 201)
        fail_msg("%s", message(&r));
}

static Answer watch(Arena *a, const char *tenant, const char *query)
{
    return call_as(a, &admin, tenant, "GET", V2, query, NULL, NULL);
}

TEST(a_watch_tells_what_the_webhook_makes_of_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w;

    begin(a, "convwatch");
    make(a, "convwatch", "a", "one");
    watcher_start(&w, watch(a, "convwatch", "watch=true").stream);
    assert_true(watcher_reads(&w, "\"title\":\"one\""));
    make(a, "convwatch", "b", "two");
    assert_true(watcher_reads(&w, "\"title\":\"two\""));
    assert_int_equal(call(a, "convwatch", "PATCH", V1 "/b", "{\"name\":\"three\"}").status, 200);
    assert_true(watcher_reads(&w, "\"title\":\"three\""));
    assert_int_equal(call(a, "convwatch", "DELETE", V1 "/b", NULL).status, 200);
    assert_true(watcher_reads(&w, "{\"type\":\"DELETED\",\"object\":{\"kind\":\"End\","
                                  "\"apiVersion\":\"example.com/v2\""));
    assert_null(strstr(buf_str(&w.out), "\"name\":\"three\""));
    assert_null(strstr(buf_str(&w.out), "\"kind\":\"End\",\"apiVersion\":\"example.com/v1\""));
    assert_null(strstr(buf_str(&w.out), "storedAs"));
    watcher_stop(&w);
}

TEST(selectors_see_the_version_asked_for)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w;
    Answer r;

    begin(a, "convselect");
    make(a, "convselect", "a", "x");
    make(a, "convselect", "b", "y");
    make(a, "convselect", "c", "x");
    r = call_as(a, &admin, "convselect", "GET", V2, "fieldSelector=title%3Dx&limit=1", NULL, NULL);
    assert_int_equal(r.status, 200);
    assert_int_equal(value_len(value_get(r.v, "items")), 1);
    assert_string_equal(value_at_str(r.v, "items.0.title"), "x");
    r = call_as(a, &admin, "convselect", "GET", V2,
                arena_printf(a, "fieldSelector=title%%3Dx&limit=1&continue=%s",
                             value_at_str(r.v, "metadata.continue")),
                NULL, NULL);
    assert_string_equal(value_at_str(r.v, "items.0.metadata.name"), "c");
    assert_string_equal(value_at_str(r.v, "metadata.continue"), "");
    watcher_start(&w, watch(a, "convselect", "watch=true&fieldSelector=title%3Dx").stream);
    assert_true(watcher_reads(&w, "\"name\":\"c\""));
    assert_null(strstr(buf_str(&w.out), "\"title\":\"y\""));
    /* one begins to match, one ceases to */
    assert_int_equal(call(a, "convselect", "PATCH", V1 "/b", "{\"name\":\"x\"}").status, 200);
    assert_int_equal(call(a, "convselect", "PATCH", V1 "/a", "{\"name\":\"z\"}").status, 200);
    assert_true(watcher_reads(&w, "{\"type\":\"DELETED\""));
    assert_null(strstr(buf_str(&w.out), "MODIFIED"));
    assert_null(strstr(buf_str(&w.out), "\"title\":\"z\""));
    watcher_stop(&w);
    r = call_as(a, &admin, "convselect", "DELETE", V2, "fieldSelector=title%3Dx", NULL, NULL);
    assert_int_equal(r.status, 200);
    assert_int_equal(value_len(value_get(r.v, "items")), 2);
    assert_string_equal(value_at_str(r.v, "items.1.title"), "x");
    assert_string_equal(value_at_str(r.v, "items.1.apiVersion"), "example.com/v2");
    assert_int_equal(call(a, "convselect", "GET", V1 "/a", NULL).status, 200);
    assert_int_equal(call(a, "convselect", "GET", V1 "/b", NULL).status, 404);
}

TEST(the_answer_to_a_deletion_is_of_the_version_asked_for)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    begin(a, "convdelete");
    make(a, "convdelete", "a", "x");
    r = call(a, "convdelete", "PATCH", V1 "/a",
             "{\"metadata\":{\"finalizers\":[\"example.com/f\"]}}");
    assert_int_equal(r.status, 200);
    for (int i = 0; i < 2; i++) { /* marked, then marked already */
        r = call(a, "convdelete", "DELETE", V2 "/a", NULL);
        assert_int_equal(r.status, 200);
        assert_string_equal(value_get_str(r.v, "apiVersion"), "example.com/v2");
        assert_string_equal(value_get_str(r.v, "title"), "x");
        assert_non_null(value_at_str(r.v, "metadata.deletionTimestamp"));
    }
    r = call(a, "convdelete", "GET", V1 "/a", NULL);
    assert_string_equal(value_get_str(r.v, "name"), "x");
}

TEST(a_watch_ends_when_the_webhook_fails)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w;

    begin(a, "convfail");
    watcher_start(&w, watch(a, "convfail", "watch=true").stream);
    atomic_store(&is_broken, true);
    make(a, "convfail", "a", "one");
    assert_true(watcher_reads(&w, "conversion webhook for example.com/v1, Kind=End failed: "));
    assert_non_null(strstr(buf_str(&w.out), "{\"type\":\"ERROR\""));
    assert_non_null(strstr(buf_str(&w.out), "\"reason\":\"InternalError\",\"code\":500"));
    watcher_stop(&w);
    assert_int_equal(watch(a, "convfail", "watch=true").status, 500);
    atomic_store(&is_broken, false);
}
