#include "controllers/endpoints_sync.h"

#include "tests/unit/test.h"

static Value *pod(Arena *a, const char *name, const char *ip, bool ready, bool deleted)
{
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'},'spec':{'nodeName':'n1','containers'"
                                ":[{'ports':[{'name':'http','containerPort':8080}]}]},'status':{"
                                "'phase':'Running','conditions':[{'type':'Ready'}]}}");

    value_set_str(a, value_get(v, "metadata"), "name", name);
    value_set_str(a, value_get(v, "metadata"), "uid", name);
    value_set_at(a, v, "status.podIP", value_str(a, ip));
    value_set_str(a, value_at(v, "status.conditions.0"), "status", ready ? "True" : "False");
    if (deleted)
        value_set_str(a, value_get(v, "metadata"), "deletionTimestamp", "2023-11-14T22:13:20Z");
    return v;
}

static Value *service(Arena *a)
{
    return value_literal(a, "{'metadata':{'name':'web','namespace':'d'},'spec':{'clusterIP':"
                            "'10.96.0.5','ports':[{'name':'w','port':80,'targetPort':'http',"
                            "'protocol':'TCP'}]}}");
}

TEST(subsets_tell_ready_from_not_ready)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Values pods = {0};
    Value *s;

    values_add(a, &pods, pod(a, "b", "10.0.0.2", true, false));
    values_add(a, &pods, pod(a, "a", "10.0.0.1", false, false));
    values_add(a, &pods, pod(a, "c", "10.0.0.3", true, true));
    s = endpoints_subsets(a, service(a), &pods);
    assert_int_equal(s->n, 1);
    assert_int_equal(value_len(value_at(s, "0.addresses")), 1);
    assert_string_equal(value_at_str(s, "0.addresses.0.ip"), "10.0.0.2");
    assert_string_equal(value_at_str(s, "0.notReadyAddresses.0.ip"), "10.0.0.1");
    assert_int_equal(value_at_int(s, "0.ports.0.port", 0), 8080);
}
