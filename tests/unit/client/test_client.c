#include "client/client.h"

#include "base/err.h"
#include "tests/unit/test.h"

typedef struct Fake {
    Client client;
    int n;
} Fake;

/* Answers 201, 404 with a Status, and nothing, in turn. */
static int fake_call(Client *c, Arena *a UNUSED, const ClientRequest *req UNUSED, ClientReply *ret,
                     Err *err)
{
    Fake *f = (Fake *)c;

    *ret = (ClientReply){.status = 201};
    if (f->n++ % 3 == 1)
        *ret = (ClientReply){.status = 404,
                             .body = SLICE("{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":"
                                           "404,\"message\":\"it is gone\"}")};
    return f->n % 3 == 0 ? err_set(err, ERR_UNAVAILABLE, "no connection") : 0;
}

TEST(many_calls_each_have_their_answer)
{
    static const int want[] = {0, -ERR_NOT_FOUND, -ERR_UNAVAILABLE, 0};
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake fake = {.client = {.call = fake_call}};
    ClientRequest reqs[4] = {{.method = "GET", .path = "/x"}};
    ClientReply replies[4];
    Err err;

    client_call_all(&fake.client, a, reqs, ARRAY_LEN(reqs), replies);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_int_equal(client_reply_check(a, &replies[i], &err), want[i]);
    assert_int_equal(fake.n, 4);
    client_call_all(&fake.client, a, reqs, 0, replies);
    assert_int_equal(fake.n, 4);
}

TEST(requests_go_to_the_place_of_their_object)
{
    static const struct {
        const char *method, *subresource, *path;
    } rows[] = {
        {"POST", NULL, "/api/v1/namespaces/n/pods"},
        {"POST", "binding", "/api/v1/namespaces/n/pods/p/binding"},
        {"PATCH", "status", "/api/v1/namespaces/n/pods/p/status"},
        {"DELETE", NULL, "/api/v1/namespaces/n/pods/p"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        ObjRef at = {.cluster = "acme",
                     .ns = "n",
                     .name = "p",
                     .subresource = rows[i].subresource,
                     .resource = resource_find_storage("pods")};
        ClientRequest req =
            client_request(a, rows[i].method, &at, NULL, value_literal(a, "{'a':1}"));

        assert_string_equal(req.path, rows[i].path);
        assert_string_equal(req.method, rows[i].method);
        assert_true(slice_is(req.body, "{\"a\":1}"));
    }
}
