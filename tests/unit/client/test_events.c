#include "client/events.h"

#include "base/err.h"
#include "tests/unit/test.h"

TEST(an_event_names_its_object)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pod = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p',"
                                        "'namespace':'n','uid':'u','resourceVersion':'7'}}");
    const Event ev = {"acme", pod, "spec.containers{c}", "Warning", "BackOff", "message"};
    const Value *v = event_to_value(a, &ev, "kubelet", "node1", 1700000000000000);

    assert_string_equal(value_at_str(v, "metadata.name"), "p.17979cfe362a0000");
    assert_string_equal(value_at_str(v, "metadata.namespace"), "n");
    assert_string_equal(value_at_str(v, "involvedObject.resourceVersion"), "7");
    assert_string_equal(value_at_str(v, "involvedObject.fieldPath"), "spec.containers{c}");
    assert_string_equal(value_at_str(v, "source.host"), "node1");
    assert_string_equal(value_at_str(v, "firstTimestamp"), "2023-11-14T22:13:20Z");
    assert_int_equal(value_at_int(v, "count", 0), 1);
}

typedef struct Fake {
    Client client;
    int n_created, n_patched;
} Fake;

static int fake_call(Client *c, Arena *a UNUSED, const ClientRequest *req, ClientReply *ret,
                     Err *err UNUSED)
{
    Fake *f = (Fake *)c;

    f->n_created += str_eq(req->method, "POST");
    f->n_patched += str_eq(req->method, "PATCH");
    *ret = (ClientReply){.status = 200};
    return 0;
}

TEST(repetitions_count_and_floods_stop)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake fake = {.client = {.call = fake_call}};
    CLEANUP(events_free) Events *e = events_new(&fake.client, "x", NULL);
    const Value *pod = value_literal(a, "{'kind':'Pod','metadata':{'name':'p','namespace':'n'}}");
    Event ev = {"acme", pod, NULL, "Normal", "R", "m"};

    for (int i = 0; i < 10; i++)
        events_record(e, &ev);
    assert_int_equal(fake.n_created, 1);
    assert_int_equal(fake.n_patched, 9);
    for (int i = 0; i < 100; i++) {
        ev.message = arena_printf(a, "m%d", i);
        events_record(e, &ev);
    }
    assert_int_equal(fake.n_created + fake.n_patched, 25);
}

TEST(many_at_once_are_many_events)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake fake = {.client = {.call = fake_call}};
    CLEANUP(events_free) Events *e = events_new(&fake.client, "x", NULL);
    Event evs[3];

    for (int i = 0; i < 3; i++)
        evs[i] =
            (Event){.cluster = "acme",
                    .object = value_literal(a, i == 2 ? "{'kind':'Pod','metadata':{'name':'q'}}"
                                                      : "{'kind':'Pod','metadata':{'name':'p'}}"),
                    .type = "Normal",
                    .reason = "R",
                    .message = i == 1 ? "other" : "m"};
    events_record_all(e, evs, 3);
    assert_int_equal(fake.n_created, 3);
    events_record_all(e, evs, 3);
    assert_int_equal(fake.n_created, 3);
    assert_int_equal(fake.n_patched, 3);
    events_record_all(e, evs, 0);
}
