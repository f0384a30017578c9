#include "agent/evict.h"
#include "base/err.h"
#include "tests/unit/test.h"

TEST(thresholds)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"memory.available<100Mi,nodefs.available<10%", true},
                {"", true},
                {"memory.available<100%,", true},
                {"memory.available<101%", false},
                {"memory.available", false},
                {"memory<1", false},
                {"memory.available<-1", false}};
    EvictLimit l[EVICT_SIGNAL_MAX_];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if ((evict_parse(rows[i].text, l, NULL) == 0) != rows[i].ok)
            fail_msg("%s", rows[i].text);
    assert_ok(evict_parse(rows[0].text, l, NULL));
    assert_true(evict_is_low(&l[EVICT_MEMORY], &(EvictLevel){99 << 20, 1LL << 30}));
    assert_false(evict_is_low(&l[EVICT_MEMORY], &(EvictLevel){100 << 20, 1LL << 30}));
    assert_true(evict_is_low(&l[EVICT_NODEFS], &(EvictLevel){9, 100}));
    assert_false(evict_is_low(&l[EVICT_NODEFS], &(EvictLevel){10, 100}));
    assert_false(evict_is_low(&l[EVICT_NODEFS], &(EvictLevel){0, 0}));
    assert_false(evict_is_low(&l[EVICT_PIDS], &(EvictLevel){0, 100}));
}

static EvictPod make(Arena *a, const char *uid, const char *request, int64_t priority,
                     int64_t memory_mib)
{
    Value *pod = value_literal(a, "{'spec':{'containers':[{'name':'c','resources':{}}]}}");
    Value *memory = value_object(a);

    if (request)
        value_set_str(a, value_need(a, value_at(pod, "spec.containers.0.resources"), "requests"),
                      "memory", request);
    value_set_int(a, value_get(pod, "spec"), "priority", priority);
    value_set_int(a, memory, "c", memory_mib << 20);
    return (EvictPod){
        .uid = uid, .pod = pod, .memory = memory_mib << 20, .memory_containers = memory};
}

TEST(who_goes_first)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    EvictPod pods[] = {
        make(a, "within", "100Mi", 0, 90),   make(a, "critical", NULL, 2000001000, 900),
        make(a, "over", "10Mi", 100, 50),    make(a, "less-over", "10Mi", 0, 30),
        make(a, "most-over", "10Mi", 0, 40),
    };
    static const char *const order[] = {"most-over", "less-over", "over", "within"};
    EvictLimit limit = {.amount = 100 << 20};
    EvictLevel level = {50 << 20, 1LL << 30};
    const char *message;
    size_t n = ARRAY_LEN(pods);

    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        const EvictPod *p = evict_choose(a, EVICT_MEMORY, &limit, &level, pods, n, &message);

        assert_non_null(p);
        assert_string_equal(p->uid, order[i]);
        if (i == 0)
            assert_string_equal(
                message,
                "The node was low on resource: memory. Threshold quantity: 102400Ki, available: "
                "51200Ki. Container c was using 40960Ki, request is 10Mi, has larger consumption "
                "of "
                "memory. ");
        pods[p - pods] = pods[--n];
    }
    assert_null(evict_choose(a, EVICT_MEMORY, &limit, &level, pods, n, &message));
}

TEST(a_pod_s_own_limits)
{
    static const struct {
        const char *volumes, *containers, *expected;
    } rows[] = {
        {"{'v':1000}", "{'a':100}", NULL},
        {"{'v':2000}", "{}", "Usage of EmptyDir volume \"v\" exceeds the limit \"1Ki\". "},
        {"{'v':100}", "{'a':5000}",
         "Container a exceeded its local ephemeral storage limit \"4Ki\". "},
        {"{'v':1000}", "{'a':4000}",
         "Pod ephemeral local storage usage exceeds the total limit of containers 4Ki. "},
        {"{'w':900000}", "{}", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *pod = value_literal(
        a, "{'spec':{'volumes':[{'name':'v','emptyDir':{'sizeLimit':'1Ki'}}],'containers':[{'name':"
           "'a','resources':{'limits':{'ephemeral-storage':'4Ki'}}}]}}");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        EvictUsage u = {value_literal(a, rows[i].volumes), value_literal(a, rows[i].containers)};
        const char *why = evict_over_limit(a, pod, &u);

        if (!(rows[i].expected ? str_eq(why, rows[i].expected) : !why))
            fail_msg("row %zu: %s", i, why ? why : "(none)");
    }
}

TEST(images_that_nobody_used_for_long_go_first)
{
    EvictImage images[] = {{"used", 100, 1, 0, true, false},
                           {"kept", 100, 2, 0, false, true},
                           {"new", 100, 400 * 1000000LL, 400 * 1000000LL, false, false},
                           {"young", 100, 5, 3, false, false},
                           {"old", 100, 3, 0, false, false}};

    assert_int_equal(evict_images(images, ARRAY_LEN(images), 1000, 500 * 1000000LL), 2);
    assert_string_equal(images[0].id, "old");
    assert_string_equal(images[1].id, "young");
    assert_int_equal(evict_images(images, ARRAY_LEN(images), 100, 500 * 1000000LL), 1);
    assert_int_equal(evict_images(images, ARRAY_LEN(images), 0, 500 * 1000000LL), 0);
}

TEST(soft_thresholds_need_a_grace_period)
{
    static const struct {
        const char *soft, *grace;
        bool ok;
    } rows[] = {
        {"", "", true},
        {"memory.available<1Gi", "memory.available=1m30s", true},
        {"memory.available<1Gi,nodefs.available<10%", "memory.available=1m", false},
        {"memory.available<1Gi", "", false},
        {"memory.available<1Gi", "memory.available=soon", false},
        {"memory.available<1Gi", "memory.available=-1s", false},
        {"memory.available<1Gi", "memory=1m", false},
        {"memory.available<1Gi", "memory.available", false},
        {"memory.available<many", "memory.available=1m", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        EvictRules r;

        if ((evict_rules(NULL, rows[i].soft, rows[i].grace, &r, NULL) == 0) != rows[i].ok)
            fail_msg("%s; %s", rows[i].soft, rows[i].grace);
    }
}

TEST(a_soft_threshold_is_borne_for_its_grace_period)
{
    static const struct {
        int64_t at_s, available;
        EvictDue due;
    } rows[] = {{0, 2000, EVICT_NOT},    {10, 900, EVICT_LATER}, {60, 900, EVICT_LATER},
                {70, 900, EVICT_SOFT},   {75, 2000, EVICT_NOT},  {80, 900, EVICT_LATER},
                {139, 900, EVICT_LATER}, {140, 90, EVICT_HARD},  {141, 900, EVICT_SOFT}};
    EvictRules r;
    int64_t since = 0;

    assert_ok(evict_rules("memory.available<100", "memory.available<1000", "memory.available=1m",
                          &r, NULL));
    assert_int_equal(r.soft_grace_s[EVICT_MEMORY], 60);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        EvictLevel level = {rows[i].available, 10000};

        if (evict_due(&r, EVICT_MEMORY, &level, rows[i].at_s * 1000000 + 1, &since) != rows[i].due)
            fail_msg("after %lld s", (long long)rows[i].at_s);
    }
}
