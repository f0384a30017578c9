#include "client/meta.h"

#include "tests/unit/test.h"

TEST(a_condition_moves_its_time_with_its_status_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_object(a);
    Condition c = {"Ready", "True", "R", "m", false};
    const int64_t t1 = 1000000000LL * 1000000, t2 = t1 + 5000000;

    assert_true(condition_set(a, v, &c, t1));
    assert_false(condition_set(a, v, &c, t2));
    c.message = "n";
    assert_true(condition_set(a, v, &c, t2));
    assert_int_equal(value_time_us(condition_get(v, "Ready"), "lastTransitionTime"), t1);
    c.status = "False";
    assert_true(condition_set(a, v, &c, t2));
    assert_int_equal(value_time_us(condition_get(v, "Ready"), "lastTransitionTime"), t2);
    assert_true(condition_is(v, "Ready", "False"));
    assert_true(condition_del(v, "Ready"));
    assert_false(condition_del(v, "Ready"));
}

TEST(the_controller_is_the_marked_owner)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'ownerReferences':[{'uid':'1'},"
                                "{'uid':'2','controller':true}]}}");

    assert_true(meta_is_controlled_by(v, "2"));
    assert_false(meta_is_controlled_by(v, "1"));
    assert_false(meta_is_controlled_by(NULL, "1"));
}
