#include "tenancy/move.h"

#include "base/arena.h"
#include "tests/unit/test.h"

TEST(a_move_goes_through_its_stages_and_ends)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(
        a, "{'metadata':{'name':'acme'},'spec':{'isolation':'virtual','cluster':'hub'},'status':"
           "{'isolation':'namespace','cluster':'hub','conditions':[{'type':'Ready'}]}}");
    Value *before = value_copy(a, t);
    ClusterChange ch = {0};

    assert_true(move_is_due(t));
    assert_string_equal(move_space(t), "hub");
    assert_null(move_beside(t));
    move_settle(a, t, before); /* a change of something else meanwhile */
    assert_string_equal(move_space(t), "hub");
    assert_string_equal(value_at_text(t, "spec.cluster"), "");

    move_begin(a, t, 1000000, &ch);
    assert_int_equal(move_stage(t), MOVE_COPYING);
    assert_int_equal(ch.op, CLUSTER_SET_STATE);
    assert_int_equal(ch.state, CLUSTER_MOVING);
    assert_string_equal(move_beside(t), "hub");
    assert_string_equal(move_space(t), "hub");
    assert_int_equal(move_state(t, true), CLUSTER_MOVING);
    assert_false(move_is_due(t));

    move_switch(a, t, 2000000, &ch);
    assert_int_equal(move_stage(t), MOVE_CLEARING);
    assert_int_equal(ch.state, CLUSTER_ACTIVE);
    assert_string_equal(move_isolation(t), "virtual");
    assert_null(move_space(t));
    assert_string_equal(move_beside(t), "hub");
    move_settle(a, t, value_copy(a, t));
    assert_string_equal(move_isolation(t), "virtual");

    move_end(a, t, 3000000, &ch);
    assert_int_equal(move_stage(t), MOVE_NONE);
    assert_null(move_beside(t));
    assert_int_equal(value_len(value_at(t, "status.conditions")), 2);
    assert_string_equal(value_at_text(t, "status.conditions.1.status"), "True");
}

TEST(the_other_way_it_keeps_its_own_cluster_until_the_copies_are_there)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'metadata':{'name':'acme'},'spec':{'isolation':'namespace',"
                                "'cluster':'hub','state':'Suspended'},"
                                "'status':{'isolation':'dedicated'}}");
    ClusterChange ch = {0};

    assert_true(move_is_due(t));
    assert_null(move_space(t));
    move_begin(a, t, 0, &ch);
    assert_null(move_space(t));
    assert_string_equal(move_beside(t), "hub");
    move_switch(a, t, 0, &ch);
    assert_string_equal(move_space(t), "hub");
    assert_int_equal(ch.state, CLUSTER_SUSPENDED);
}

TEST(a_move_that_cannot_go_on_leaves_it_where_it_is)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'metadata':{'name':'acme'},'spec':{'isolation':'namespace',"
                                "'cluster':'hub'},'status':{'isolation':'virtual'}}");
    ClusterChange ch = {0};

    move_begin(a, t, 0, &ch);
    assert_int_equal(ch.state, CLUSTER_MOVING);
    move_abandon(a, t, 1000000, &ch);
    assert_int_equal(ch.state, CLUSTER_ACTIVE);
    assert_int_equal(move_stage(t), MOVE_NONE);
    assert_null(move_space(t));
    assert_string_equal(value_at_text(t, "status.conditions.0.reason"), "Blocked");
    assert_true(move_is_due(t)); /* it is tried again */
}

TEST(a_move_is_called_back_while_it_copies)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'metadata':{'name':'acme'},'spec':{'isolation':'virtual'},"
                                "'status':{'isolation':'namespace','cluster':'hub'}}");
    Value *before;
    ClusterChange ch = {0};

    move_begin(a, t, 0, &ch);
    assert_false(move_is_recalled(t));
    before = value_copy(a, t);
    value_set_at(a, t, "spec.isolation", value_str(a, "namespace"));
    move_settle(a, t, before);
    assert_true(move_is_recalled(t));
    assert_string_equal(value_at_text(t, "spec.cluster"), "hub");
    assert_string_equal(move_space(t), "hub");

    move_recall(a, t, 1000000, &ch);
    assert_int_equal(move_stage(t), MOVE_RETURNING);
    assert_int_equal(ch.state, CLUSTER_MOVING); /* until the copies are gone */
    assert_false(move_is_recalled(t));
    assert_false(move_is_due(t));
    assert_string_equal(move_beside(t), "hub");

    move_return(a, t, 2000000, &ch);
    assert_int_equal(move_stage(t), MOVE_NONE);
    assert_int_equal(ch.state, CLUSTER_ACTIVE);
    assert_string_equal(move_space(t), "hub");
    assert_string_equal(value_at_text(t, "status.conditions.0.status"), "True");
    assert_false(move_is_due(t));
}

TEST(a_move_without_room_returns_and_is_still_due)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'metadata':{'name':'acme'},'spec':{'isolation':'namespace',"
                                "'cluster':'hub'},'status':{'isolation':'virtual'}}");
    ClusterChange ch = {0};

    move_begin(a, t, 0, &ch);
    move_recall(a, t, 1000000, &ch);
    move_return(a, t, 2000000, &ch);
    assert_null(move_space(t));
    assert_string_equal(value_at_text(t, "status.conditions.0.reason"), "Blocked");
    assert_true(move_is_due(t));
}

TEST(what_is_given_up_waits_longer_each_time_and_until_somebody_wants_it_anew)
{
    static const int waits_s[] = {10, 20, 40, 80, 160, 320, 600, 600};
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'metadata':{'name':'acme'},'spec':{'isolation':'namespace',"
                                "'cluster':'hub'},'status':{'isolation':'virtual'}}");
    Value *before;
    ClusterChange ch = {0};
    int64_t now_us = 1000000;

    assert_false(move_waits(t, now_us));
    for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
        move_begin(a, t, now_us, &ch);
        move_recall(a, t, now_us, &ch);
        move_return(a, t, now_us, &ch);
        assert_true(move_waits(t, now_us + waits_s[i] * 1000000LL - 1));
        now_us += waits_s[i] * 1000000LL;
        assert_false(move_waits(t, now_us));
    }
    move_abandon(a, t, now_us, &ch);
    assert_true(move_waits(t, now_us));
    before = value_copy(a, t);
    value_set_at(a, t, "spec.isolation", value_str(a, "virtual"));
    move_settle(a, t, before);
    assert_false(move_waits(t, now_us));
    move_end(a, t, now_us, &ch);
    assert_null(value_at(t, "status.moveRetry"));
}

TEST(what_is_near_needs_no_move)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *old = value_literal(a, "{'spec':{'isolation':'virtual'},'status':{}}");
    Value *now = value_literal(a, "{'spec':{'isolation':'dedicated'},'status':{}}");
    Value *far = value_literal(a, "{'spec':{'isolation':'namespace','cluster':'hub'}}");

    assert_false(move_is_far(old, now));
    assert_true(move_is_far(old, far));
    move_settle(a, now, old);
    assert_string_equal(move_isolation(now), "dedicated");
    assert_false(move_is_due(now));
    move_settle(a, far, old); /* from before there were moves: nothing says where it is */
    assert_string_equal(move_isolation(far), "virtual");
    assert_true(move_is_due(far));
    move_settle(a, old, NULL); /* a new one */
    assert_string_equal(move_isolation(old), "virtual");
}
