#include "controllers/podutil.h"

#include "client/events.h"
#include "tests/unit/test.h"

/* A server that answers pods by their names, and counts. */
typedef struct Server {
    Client client;
    size_t n_rounds, n_pods, n_events;
} Server;

static ClientReply answer(Server *s, const ClientRequest *req)
{
    static const char gone[] =
        "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\","
        "\"message\":\"gone\",\"code\":404}";
    static const char full[] = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":"
                               "\"Forbidden\",\"message\":\"exceeded quota\",\"code\":403}";
    static const char ends[] = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":"
                               "\"Forbidden\",\"message\":\"it is being terminated\",\"code\":403}";

    if (strstr(req->path, "/events")) {
        s->n_events++;
        return (ClientReply){.status = 201, .body = SLICE("{}")};
    }
    s->n_pods++;
    if (strstr(req->path, "/gone"))
        return (ClientReply){.status = 404, .body = SLICE(gone)};
    if (strstr(req->path, "/full") || strstr(req->body.ptr, "full"))
        return (ClientReply){.status = 403, .body = SLICE(full)};
    if (strstr(req->body.ptr, "ends"))
        return (ClientReply){.status = 403, .body = SLICE(ends)};
    return (ClientReply){.status = 201, .body = SLICE("{\"metadata\":{\"name\":\"p\"}}")};
}

static void on_call_all(Client *c, Arena *a UNUSED, const ClientRequest *reqs, size_t n,
                        ClientReply *rets)
{
    Server *s = container_of(c, Server, client);

    s->n_rounds++;
    for (size_t i = 0; i < n; i++)
        rets[i] = answer(s, &reqs[i]);
}

static const struct {
    const char *names[3];
    bool is_deletion;
    int r, results[3];
    bool is_hopeless[3];
    size_t n_events;
} rows[] = {
    {{"a", "b", "c"}, false, 0, {0}, {0}, 3},
    {{"a", "full", "c"}, false, -ERR_FORBIDDEN, {0, -ERR_FORBIDDEN, 0}, {0}, 3},
    {{"a", "ends", "c"}, false, 0, {0, -ERR_FORBIDDEN, 0}, {false, true, false}, 2},
    {{"a", "gone", "c"}, true, 0, {0}, {0}, 3},
    {{"full", "b", "c"}, true, -ERR_FORBIDDEN, {-ERR_FORBIDDEN, 0, 0}, {0}, 3},
};

TEST(many_pods_are_created_and_deleted_at_once_each_with_its_result)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Server s = {.client = {.call_all = on_call_all}};
        CLEANUP(events_free) Events *events = events_new(&s.client, "test", NULL);
        Ctl ctl = {.client = &s.client, .arena = a, .cluster = "acme", .ns = "x", .events = events};
        const Value *owner = value_literal(a, "{'kind':'ReplicaSet','apiVersion':'apps/v1',"
                                              "'metadata':{'name':'o','namespace':'x','uid':'u'}}");
        PodCall calls[3] = {0};
        Err err = {0};
        int r;

        for (size_t k = 0; k < 3; k++) {
            Value *pod = value_literal(a, "{'metadata':{'namespace':'x','uid':'p'}}");

            value_set_at(a, pod, "metadata.name", value_str(a, rows[i].names[k]));
            calls[k].pod = pod;
        }
        r = rows[i].is_deletion ? pods_delete(&ctl, owner, calls, 3, &err)
                                : pods_create(&ctl, owner, calls, 3, &err);
        assert_int_equal(r, rows[i].r);
        if (r < 0)
            assert_string_equal(err.msg, "exceeded quota");
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(calls[k].r, rows[i].results[k]);
            assert_int_equal(calls[k].is_hopeless, rows[i].is_hopeless[k]);
        }
        assert_int_equal(s.n_pods, 3);
        assert_int_equal(s.n_events, rows[i].n_events);
        assert_int_equal(s.n_rounds, 2); /* the pods, and then their events */
    }
}

TEST(claims_of_ephemeral_volumes_have_the_names_of_pod_and_volume)
{
    static const struct {
        const char *volume, *claim;
        bool want;
    } cases[] = {
        {"{'name':'data','ephemeral':{}}", "web-data", true},
        {"{'name':'data','emptyDir':{}}", "web-data", false},
        {"{'name':'data','ephemeral':{}}", "web", false},
        {"{'name':'data','ephemeral':{}}", "web-data-1", false},
        {"{'name':'data','ephemeral':{}}", "wet-data", false},
        {"{'ephemeral':{}}", "web-", false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pod = value_literal(a, "{'metadata':{'name':'web'}}");

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(
            pod_names_ephemeral(pod, value_literal(a, cases[i].volume), cases[i].claim),
            cases[i].want);
}
