#include "scheduler/topology.h"

#include "tests/unit/test.h"

TEST(nodes_of_one_value_have_one_number_and_other_keys_others)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Topology t = {0};
    TopologyKey *zone = topology_add_key(&t, "zone"), *rack = topology_add_key(&t, "rack");

    assert_ptr_equal(topology_key(&t, "zone"), zone);
    assert_null(topology_key(&t, "row"));
    topology_set_node(&t, 0, value_literal(a, "{'zone':'a','rack':'a'}"));
    topology_set_node(&t, 1, value_literal(a, "{'zone':'a'}"));
    topology_set_node(&t, 20, value_literal(a, "{'zone':'b'}"));
    assert_int_equal(zone->of[0], zone->of[1]);
    assert_int_not_equal(zone->of[0], zone->of[20]);
    assert_int_not_equal(zone->of[0], rack->of[0]);
    assert_int_equal(zone->of[5], -1);
    assert_int_equal(topology_domain(&t, zone, "b"), zone->of[20]);

    topology_move_node(&t, 20, 0);
    assert_int_equal(zone->of[0], topology_domain(&t, zone, "b"));
    assert_int_equal(zone->of[20], -1);
    topology_set_node(&t, 0, NULL);
    assert_int_equal(zone->of[0], -1);
    topology_done(&t);
}

TEST(a_mark_counts_each_domain_once)
{
    Topology t = {0};

    for (int round = 0; round < 2; round++) {
        topology_mark_begin(&t);
        assert_true(topology_mark(&t, 3));
        assert_false(topology_mark(&t, 3));
        assert_true(topology_mark(&t, 300));
    }
    topology_done(&t);
}

TEST(many_keys_are_forgotten_all_at_once)
{
    Topology t = {0};
    char name[16];

    for (int i = 0; i < 256; i++) {
        snprintf(name, sizeof(name), "k%d", i);
        (void)topology_add_key(&t, name);
    }
    assert_false(topology_trim(&t));
    (void)topology_add_key(&t, "one more");
    assert_true(topology_trim(&t));
    assert_null(topology_key(&t, "k1"));
    topology_done(&t);
}
