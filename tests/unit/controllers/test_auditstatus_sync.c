#include "controllers/auditstatus_sync.h"

#include "client/meta.h"
#include "quota/quota.h"
#include "tests/unit/test.h"

enum { NOW_US = 1000000 };

TEST(a_policy_tells_whether_it_is_looked_at)
{
    static const struct {
        uint32_t place;
        const char *status, *reason;
    } rows[] = {
        {0, "True", "Observed"},
        {AUDIT_POLICIES_MAX - 1, "True", "Observed"},
        {AUDIT_POLICIES_MAX, "False", "TooManyPolicies"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = value_literal(a, "{'metadata':{'name':'p','generation':3}}");

        assert_true(auditstatus_note(a, v, rows[i].place, NOW_US));
        assert_true(condition_is(v, "InForce", rows[i].status));
        assert_string_equal(value_get_str(condition_get(v, "InForce"), "reason"), rows[i].reason);
        assert_int_equal(value_at_int(v, "status.observedGeneration", 0), 3);
        assert_false(auditstatus_note(a, v, rows[i].place, 2 * NOW_US));
        value_set_int(a, value_get(v, "metadata"), "generation", 4);
        assert_true(auditstatus_note(a, v, rows[i].place, 2 * NOW_US));
        assert_int_equal(value_at_int(v, "status.observedGeneration", 0), 4);
    }
}

TEST(a_place_that_becomes_free_is_told)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'name':'p','generation':1}}");

    assert_true(auditstatus_note(a, v, AUDIT_POLICIES_MAX, NOW_US));
    assert_true(auditstatus_note(a, v, AUDIT_POLICIES_MAX - 1, 2 * NOW_US));
    assert_true(condition_is(v, "InForce", "True"));
    assert_string_equal(value_get_str(condition_get(v, "InForce"), "lastTransitionTime"),
                        "1970-01-01T00:00:02Z");
}
