#include "controllers/node_pace.h"

#include "tests/unit/test.h"

TEST(the_more_is_down_the_slower)
{
    static const struct {
        ZoneCount zone;
        int64_t want_ms;
        bool is_down;
    } rows[] = {
        {{10, 0}, 10000, false},       {{1, 1}, 10000, false}, {{1, 2}, 10000, false},
        {{2, 3}, ZONE_NEVER, false},   {{3, 3}, 10000, false}, {{20, 40}, 100000, false},
        {{20, 30}, ZONE_NEVER, false}, {{0, 3}, 10000, true},  {{0, 0}, 10000, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (nodelife_zone_interval_ms(rows[i].zone) != rows[i].want_ms ||
            nodelife_zone_is_down(rows[i].zone) != rows[i].is_down)
            fail_msg("row %zu", i);
    }
}

TEST(one_node_at_a_time_and_none_when_all_is_down)
{
    CLEANUP(node_pace_free) NodePace *p = node_pace_new();
    const ZoneNote notes[] = {{"a", true}, {"a", false}, {"a", false}, {"b", false}};
    const ZoneNote dark[] = {{"a", false}, {"b", false}};
    const int64_t now = 1000 * 1000000LL;

    assert_int_equal(node_pace_ask(p, "a", false, now), NODE_EXPEL_WAIT); /* nothing is known */
    assert_true(node_pace_is_stale(p, now));
    node_pace_count(p, notes, ARRAY_LEN(notes), now);
    assert_false(node_pace_is_stale(p, now));
    assert_int_equal(node_pace_ask(p, "a", false, now), NODE_EXPEL);
    assert_int_equal(node_pace_ask(p, "a", false, now + 1000000), NODE_EXPEL_WAIT);
    assert_int_equal(node_pace_ask(p, "a", true, now + 1000000), NODE_EXPEL);
    assert_int_equal(node_pace_ask(p, "b", false, now + 1000000), NODE_EXPEL);
    assert_int_equal(node_pace_ask(p, "a", false, now + 10000000), NODE_EXPEL);
    node_pace_count(p, dark, ARRAY_LEN(dark), now + 11000000);
    assert_int_equal(node_pace_ask(p, "a", true, now + 30000000), NODE_EXPEL_RETRACT);
}

TEST(life_is_timed_by_our_own_clock)
{
    CLEANUP(node_pace_free) NodePace *p = node_pace_new();

    assert_true(node_pace_seen(p, "n", 7, 1000) == 1000);
    assert_true(node_pace_seen(p, "n", 7, 2000) == 1000);
    assert_true(node_pace_seen(p, "m", 7, 2000) == 2000);
    assert_true(node_pace_seen(p, "n", 6, 3000) == 3000); /* also one that lies before */
    assert_true(node_pace_seen(p, "n", 6, 4000) == 3000);
    node_pace_forget(p, "n");
    assert_true(node_pace_seen(p, "n", 6, 5000) == 5000);
}

TEST(the_number_of_nodes_is_asked_for_now_and_then)
{
    CLEANUP(node_pace_free) NodePace *p = node_pace_new();
    const int64_t now = 1000 * 1000000LL;

    assert_true(node_pace_size_is_stale(p, now));
    node_pace_set_size(p, 101, now);
    assert_false(node_pace_size_is_stale(p, now + 1000000));
    assert_true(node_pace_size_is_stale(p, now + 3000000));
    assert_int_equal(node_pace_ttl_step(p), 1);
    node_pace_set_size(p, 95, now); /* the last step is kept for a while */
    assert_int_equal(node_pace_ttl_step(p), 1);
    node_pace_set_size(p, 5, now);
    assert_int_equal(node_pace_ttl_step(p), 0);
}

TEST(ranges_that_are_used_up_stay_so_until_a_node_goes)
{
    CLEANUP(node_pace_free) NodePace *p = node_pace_new();
    uint64_t n_gone = node_pace_n_gone(p);

    assert_false(node_pace_is_used_up(p)); /* nobody has looked */
    node_pace_set_used_up(p, true, n_gone);
    assert_true(node_pace_is_used_up(p));
    assert_true(node_pace_gone(p));
    assert_false(node_pace_is_used_up(p));
    assert_false(node_pace_gone(p));
    /* One that went after the look may have made room that was not seen. */
    n_gone = node_pace_n_gone(p);
    assert_false(node_pace_gone(p));
    node_pace_set_used_up(p, true, n_gone);
    assert_false(node_pace_is_used_up(p));
    node_pace_set_used_up(p, true, node_pace_n_gone(p));
    assert_true(node_pace_is_used_up(p));
    node_pace_set_used_up(p, false, node_pace_n_gone(p)); /* there was room after all */
    assert_false(node_pace_is_used_up(p));
}
