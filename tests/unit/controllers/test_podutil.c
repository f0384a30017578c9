#include "controllers/podutil.h"

#include "tests/unit/test.h"

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

TEST(when_pods_will_be_available)
{
    /* Seconds since each pod is ready; -1: it is not. Now is second 100. */
    static const struct {
        int ready_at[3];
        int64_t min_ready_s, want_ms;
    } rows[] = {
        {{95, 99, -1}, 10, 5001}, {{99, 95, -1}, 10, 5001}, {{50, 99, -1}, 10, 9001},
        {{50, 60, 70}, 10, 0},    {{-1, -1, -1}, 10, 0},    {{99, 99, 99}, 0, 0},
        {{90, 90, 90}, 10, 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values pods = {0};

        for (size_t k = 0; k < ARRAY_LEN(rows[i].ready_at); k++) {
            int at = rows[i].ready_at[k];
            Value *pod = value_object(a), *c = value_object(a), *list = value_array(a);

            value_set_str(a, c, "type", "Ready");
            value_set_str(a, c, "status", at < 0 ? "False" : "True");
            value_set(a, c, "lastTransitionTime", value_time(a, at * INT64_C(1000000)));
            value_append(a, list, c);
            value_set_at(a, pod, "status.conditions", list);
            values_add(a, &pods, pod);
        }
        if (pods_available_in_ms(&pods, rows[i].min_ready_s, 100000000) != rows[i].want_ms)
            fail_msg("row %zu", i);
    }
}
