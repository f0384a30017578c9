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
