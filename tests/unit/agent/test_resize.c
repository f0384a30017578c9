#include "agent/resize.h"
#include "tests/unit/test.h"

static Value *pod_of(Arena *a, const char *cpu, const char *memory)
{
    Value *pod = value_literal(a, "{'spec':{'containers':[{'name':'a','resources':{'requests':{}}},"
                                  "{'name':'b','resources':{'requests':{'cpu':'100m'}}}]}}");
    Value *requests = value_at(pod, "spec.containers.0.resources.requests");

    value_set_str(a, requests, "cpu", cpu);
    value_set_str(a, requests, "memory", memory);
    return pod;
}

TEST(what_fits_is_allocated_and_what_does_not_is_told)
{
    static const struct {
        const char *cpu, *memory;
        ResizeVerdict verdict;
        const char *message;
    } rows[] = {
        {"200m", "100Mi", RESIZE_NONE, ""},
        {"800m", "100Mi", RESIZE_FITS, ""},
        {"100m", "50Mi", RESIZE_FITS, ""},
        {"1500m", "100Mi", RESIZE_DEFERRED,
         "Node didn't have enough resource: cpu, requested: 1600, used: 300, capacity: 1300"},
        {"5", "100Mi", RESIZE_INFEASIBLE,
         "Node didn't have enough capacity: cpu, requested: 5100, capacity: 2000"},
        {"200m", "900Mi", RESIZE_DEFERRED,
         "Node didn't have enough resource: memory, requested: 943718400, used: 104857600, "
         "capacity: 629145600"},
        {"200m", "2Gi", RESIZE_INFEASIBLE,
         "Node didn't have enough capacity: memory, requested: 2147483648, capacity: 1048576000"},
    };
    /* of what is used, the most is others' */
    NodeRoom room = {2000, 1000LL << 20, 1000, 500LL << 20, 300, 100LL << 20};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *message;
        Resources r;

        assert_false(resize_load(a, "/nowhere", pod_of(a, "200m", "100Mi"), &r));
        assert_int_equal(
            resize_decide(a, pod_of(a, rows[i].cpu, rows[i].memory), &room, &r, &message),
            rows[i].verdict);
        assert_string_equal(message, rows[i].message);
        assert_string_equal(value_at_str(r.allocated, "a.requests.cpu"),
                            rows[i].verdict == RESIZE_FITS ? rows[i].cpu : "200m");
        assert_string_equal(value_at_str(r.actuated, "a.requests.cpu"), "200m");
    }
}

TEST(a_restart_is_for_resources_whose_policy_asks_for_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *c = value_literal(a, "{'resizePolicy':[{'resourceName':'memory','restartPolicy':"
                                "'RestartContainer'},{'resourceName':'cpu','restartPolicy':"
                                "'NotRequired'}]}");
    Value *from = value_literal(a, "{'limits':{'cpu':'1','memory':'1Gi'}}");

    assert_false(resize_needs_restart(
        c, from, value_literal(a, "{'limits':{'cpu':'2','memory':'1024Mi'}}")));
    assert_true(
        resize_needs_restart(c, from, value_literal(a, "{'limits':{'cpu':'1','memory':'2Gi'}}")));
}

TEST(what_a_pod_requests)
{
    static const struct {
        const char *spec;
        int64_t cpu;
    } rows[] = {
        {"{'containers':[{'resources':{'requests':{'cpu':'1'}}},{'resources':{'requests':"
         "{'cpu':'500m'}}}]}",
         1500},
        {"{'initContainers':[{'resources':{'requests':{'cpu':'3'}}}],'containers':[{'resources':"
         "{'requests':{'cpu':'1'}}}]}",
         3000},
        {"{'initContainers':[{'restartPolicy':'Always','resources':{'requests':{'cpu':'1'}}},"
         "{'resources':{'requests':{'cpu':'1'}}}],'containers':[{'resources':{'requests':"
         "{'cpu':'500m'}}}],'overhead':{'cpu':'250m'}}",
         2250},
        {"{'resources':{'requests':{'cpu':'4'}},'containers':[{'resources':{'requests':"
         "{'cpu':'1'}}}]}",
         4000},
        {"{'containers':[{}]}", 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *pod = value_object(a);
        int64_t cpu, memory;

        value_set(a, pod, "spec", value_literal(a, rows[i].spec));
        resize_pod_requests(pod, &cpu, &memory);
        assert_int_equal(cpu, rows[i].cpu);
    }
}

TEST(what_an_event_says_of_a_resize)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *pod = value_literal(
        a, "{'metadata':{'generation':3},'spec':{'initContainers':[{'name':'i'}],'containers':["
           "{'name':'a','resources':{'requests':{'cpu':'1'},'limits':{'cpu':'2'}}}]}}");
    Value *allocated = value_literal(a, "{'a':{'requests':{'cpu':'500m'}}}");

    assert_string_equal(
        resize_told(a, pod, allocated, "Pod resize started", NULL),
        "Pod resize started: "
        "{\"initContainers\":[{\"name\":\"i\",\"resources\":{}}],\"containers\":["
        "{\"name\":\"a\",\"resources\":{\"requests\":{\"cpu\":\"500m\"}}}],\"generation\":3}");
    assert_string_equal(
        resize_told(a, pod, NULL, "Pod resize Deferred", "no room"),
        "Pod resize Deferred: "
        "{\"initContainers\":[{\"name\":\"i\",\"resources\":{}}],\"containers\":["
        "{\"name\":\"a\",\"resources\":{\"limits\":{\"cpu\":\"2\"},\"requests\":{\"cpu\":\"1\"}}}],"
        "\"generation\":3,\"error\":\"no room\"}");
}

TEST(memory_is_taken_from_a_container_that_goes_on)
{
    static const struct {
        const char *from, *to;
        bool takes;
    } rows[] = {
        {"{'limits':{'memory':'64Mi'}}", "{'limits':{'memory':'32Mi'}}", true},
        {"{'limits':{'memory':'64Mi'}}", "{'limits':{'memory':'64Mi'}}", false},
        {"{'limits':{'memory':'64Mi'}}", "{'limits':{'memory':'65Mi'}}", false},
        {"{'limits':{'memory':'64Mi'}}", "{}", false},
        {"{}", "{'limits':{'memory':'64Mi'}}", true},
        {"{'requests':{'memory':'64Mi'}}", "{'requests':{'memory':'32Mi'}}", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        if (resize_takes_memory(value_literal(a, rows[i].from), value_literal(a, rows[i].to)) !=
            rows[i].takes)
            fail_msg("%s to %s", rows[i].from, rows[i].to);
    }
}

TEST(what_memory_a_pod_may_have)
{
    static const struct {
        const char *spec;
        int64_t mib;
    } rows[] = {
        {"{'containers':[{'resources':{'limits':{'memory':'1Mi'}}},{'resources':{'limits':"
         "{'memory':'2Mi'}}}]}",
         3},
        {"{'containers':[{'resources':{'limits':{'memory':'1Mi'}}},{}]}", 0},
        {"{'containers':[{}],'resources':{'limits':{'memory':'5Mi'}}}", 5},
        {"{'containers':[{'resources':{'limits':{'memory':'1Mi'}}}],'initContainers':[{}]}", 0},
        {"{'containers':[{'resources':{'limits':{'memory':'1Mi'}}}],'initContainers':[{"
         "'resources':{'limits':{'memory':'4Mi'}}}]}",
         4},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *pod = value_object(a);

        value_set(a, pod, "spec", value_literal(a, rows[i].spec));
        assert_int_equal(resize_pod_memory_cap(pod), rows[i].mib << 20);
    }
}

TEST(more_than_there_can_be_is_as_much_as_there_can_be)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t cpu, memory;

    resize_pod_requests(pod_of(a, "9E", "9E"), &cpu, &memory);
    assert_true(cpu == INT64_MAX);
    resize_pod_requests(
        value_literal(a, "{'spec':{'containers':[{'resources':{'requests':{'memory':'8E'}}},"
                         "{'resources':{'requests':{'memory':'8E'}}}]}}"),
        &cpu, &memory);
    assert_true(memory == INT64_MAX);
}
