#include "client/events.h"

#include "base/err.h"
#include "tests/unit/test.h"

TEST(an_event_names_its_object)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pod = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p',"
                                        "'namespace':'n','uid':'u','resourceVersion':'7'}}");
    const Event ev = {.cluster = "acme",
                      .object = pod,
                      .field_path = "spec.containers{c}",
                      .type = "Warning",
                      .reason = "BackOff",
                      .message = "message"};
    const Value *v = event_to_value(a, &ev, "kubelet", "node1", 1700000000000000);

    assert_string_equal(value_at_str(v, "metadata.name"), "p.17979cfe362a0000");
    assert_string_equal(value_at_str(v, "metadata.namespace"), "n");
    assert_string_equal(value_at_str(v, "involvedObject.resourceVersion"), "7");
    assert_string_equal(value_at_str(v, "involvedObject.fieldPath"), "spec.containers{c}");
    assert_string_equal(value_at_str(v, "source.host"), "node1");
    assert_string_equal(value_at_str(v, "firstTimestamp"), "2023-11-14T22:13:20Z");
    assert_int_equal(value_at_int(v, "count", 0), 1);
}

TEST(one_with_an_action_has_the_newer_form)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Event ev = {
        .cluster = "acme",
        .object = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p',"
                                   "'namespace':'n','uid':'u'}}"),
        .type = "Normal",
        .reason = "Preempted",
        .message = "m",
        .action = "Preempting",
        .component = "mine",
        .related = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'q'}}"),
    };

    assert_true(value_equal(
        event_to_value(a, &ev, "default-scheduler", NULL, 1700000000000001),
        value_literal(
            a, "{'kind':'Event','apiVersion':'v1','metadata':{'name':'p.17979cfe362a03e8',"
               "'namespace':'n'},'involvedObject':{'kind':'Pod','apiVersion':'v1','namespace':'n',"
               "'name':'p','uid':'u'},'reason':'Preempted','message':'m','type':'Normal',"
               "'eventTime':'2023-11-14T22:13:20.000001Z','action':'Preempting',"
               "'reportingComponent':'mine','reportingInstance':'mine-hostplane','related':{"
               "'kind':'Pod','apiVersion':'v1','name':'q'}}")));
}

typedef struct Fake {
    Client client;
    int n_created, n_patched;
    int64_t series; /* count in the last patch */
} Fake;

static int fake_call(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret,
                     Err *err UNUSED)
{
    Fake *f = (Fake *)c;
    Value *body;

    f->n_created += str_eq(req->method, "POST");
    f->n_patched += str_eq(req->method, "PATCH");
    if (value_parse(a, req->body, &body, NULL) == 0)
        f->series = value_at_int(body, "series.count", 0);
    *ret = (ClientReply){.status = 200};
    return 0;
}

TEST(repetitions_count_and_floods_stop)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake fake = {.client = {.call = fake_call}};
    CLEANUP(events_free) Events *e = events_new(&fake.client, "x", NULL);
    const Value *pod = value_literal(a, "{'kind':'Pod','metadata':{'name':'p','namespace':'n'}}");
    Event ev = {.cluster = "acme", .object = pod, .type = "Normal", .reason = "R", .message = "m"};

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

TEST(what_comes_again_is_a_series)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake fake = {.client = {.call = fake_call}};
    CLEANUP(events_free) Events *e = events_new(&fake.client, "x", NULL);
    const Event ev = {.cluster = "acme",
                      .object = value_literal(a, "{'kind':'Pod','metadata':{'name':'p'}}"),
                      .type = "Normal",
                      .reason = "R",
                      .message = "m",
                      .action = "A"};

    events_record(e, &ev);
    events_record(e, &ev);
    assert_int_equal(fake.series, 2);
    events_record(e, &ev);
    assert_int_equal(fake.series, 3);
    assert_int_equal(fake.n_created, 1);
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
