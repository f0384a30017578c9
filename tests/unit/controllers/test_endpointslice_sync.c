#include "controllers/endpointslice_sync.h"

#include "tests/unit/test.h"

static Value *pod(Arena *a, const char *name, int ip, bool ready, bool deleted)
{
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'},'spec':{'nodeName':'n1','containers'"
                                ":[{'ports':[{'name':'http','containerPort':8080}]}]},'status':{"
                                "'phase':'Running','conditions':[{'type':'Ready'}]}}");

    value_set_str(a, value_get(v, "metadata"), "name", name);
    value_set_str(a, value_get(v, "metadata"), "uid", name);
    value_set_at(a, v, "status.podIP", value_printf(a, "10.0.%d.%d", ip / 250, ip % 250));
    value_set_str(a, value_at(v, "status.conditions.0"), "status", ready ? "True" : "False");
    if (deleted)
        value_set_str(a, value_get(v, "metadata"), "deletionTimestamp", "2023-11-14T22:13:20Z");
    return v;
}

static Values pods_of(Arena *a, int from, int to)
{
    Values pods = {0};

    for (int i = from; i < to; i++)
        values_add(a, &pods, pod(a, arena_printf(a, "p%d", i), i, true, false));
    return pods;
}

static Value *service(Arena *a)
{
    return value_literal(a, "{'metadata':{'name':'web','namespace':'d'},'spec':{'clusterIP':"
                            "'10.96.0.5','ports':[{'name':'w','port':80,'targetPort':'http',"
                            "'protocol':'TCP'}]}}");
}

TEST(endpoints_carry_conditions_zone_and_hints)
{
    static const struct {
        const char *distribution;
        bool ready, deleted;
        const char *conditions, *hints;
    } rows[] = {
        {NULL, true, false, "{'ready':true,'serving':true,'terminating':false}", NULL},
        {NULL, true, true, "{'ready':false,'serving':true,'terminating':true}", NULL},
        {NULL, false, false, "{'ready':false,'serving':false,'terminating':false}", NULL},
        {"PreferClose", true, false, "{'ready':true,'serving':true,'terminating':false}",
         "{'forZones':[{'name':'z'}]}"},
        {"PreferSameNode", true, false, "{'ready':true,'serving':true,'terminating':false}",
         "{'forZones':[{'name':'z'}],'forNodes':[{'name':'n1'}]}"},
        {"PreferSameZone", false, false, "{'ready':false,'serving':false,'terminating':false}",
         NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Map nodes = {0};

    map_set(&nodes, "n1",
            value_literal(a, "{'metadata':{'labels':{'topology.kubernetes.io/zone':'z'}}}"));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values pods = {0};
        Value *s = service(a), *groups;

        values_add(a, &pods, pod(a, "p", 1, rows[i].ready, rows[i].deleted));
        if (rows[i].distribution)
            value_set_at(a, s, "spec.trafficDistribution", value_str(a, rows[i].distribution));
        groups = endpointslice_groups(a, s, &pods, &nodes);
        assert_int_equal(groups->n, 1);
        assert_string_equal(value_at_str(groups, "0.endpoints.0.zone"), "z");
        assert_true(value_equal(value_at(groups, "0.endpoints.0.conditions"),
                                value_literal(a, rows[i].conditions)));
        if (rows[i].hints)
            assert_true(value_equal(value_at(groups, "0.endpoints.0.hints"),
                                    value_literal(a, rows[i].hints)));
        else
            assert_null(value_at(groups, "0.endpoints.0.hints"));
    }
    map_done(&nodes);
    {
        Values pods = pods_of(a, 1, 2);
        Map empty = {0};

        assert_null(value_at(endpointslice_groups(a, service(a), &pods, &empty), "0.endpoints"));
    }
}

/* Store what was planned, as the server would. */
static Values stored(Arena *a, const SlicePlan *plans, uint32_t n)
{
    Values have = {0};

    for (uint32_t i = 0; i < n; i++) {
        Value *v = value_object(a);

        value_set(a, v, "addressType", plans[i].type);
        value_set(a, v, "ports", plans[i].ports);
        value_set(a, v, "endpoints", plans[i].endpoints);
        values_add(a, &have, v);
    }
    return have;
}

static uint32_t n_written(const SlicePlan *plans, uint32_t n)
{
    uint32_t written = 0;

    for (uint32_t i = 0; i < n; i++)
        written += !plans[i].slice ||
                   !value_equal(value_get(plans[i].slice, "endpoints"), plans[i].endpoints);
    return written;
}

TEST(slices_hold_a_hundred_and_change_as_little_as_can_be)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Values none = {0}, pods = pods_of(a, 0, 250), have;
    Value *e;
    uint32_t n;
    SlicePlan *plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &pods, NULL),
                                          &none, SLICES_OF_SERVICE, &n);

    assert_int_equal(n, 3);
    assert_int_equal(plans[2].endpoints->n, 50);
    have = stored(a, plans, n);

    plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &pods, NULL), &have,
                               SLICES_OF_SERVICE, &n);
    assert_int_equal(n_written(plans, n), 0);

    /* the first goes, another comes: one slice is written */
    pods = pods_of(a, 1, 251);
    plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &pods, NULL), &have,
                               SLICES_OF_SERVICE, &n);
    assert_int_equal(n, 3);
    assert_int_equal(n_written(plans, n), 1);

    /* emptied slices go */
    pods = (Values){0};
    value_each_item(value_get(have.items[0], "endpoints"), i, e)
    {
        const char *name = value_at_str(e, "targetRef.name");

        values_add(a, &pods, pod(a, name, (int)strtol(name + 1, NULL, 10), true, false));
    }
    plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &pods, NULL), &have,
                               SLICES_OF_SERVICE, &n);
    assert_int_equal(n, 1);

    /* and one stays to say that there is nothing */
    plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &none, NULL), &have,
                               SLICES_OF_SERVICE, &n);
    assert_int_equal(n, 1);
    assert_ptr_equal(plans[0].slice, have.items[0]);
    plans = endpointslice_pack(a, value_array(a), &none, SLICES_MIRRORED, &n);
    assert_int_equal(n, 0);
}

TEST(slices_that_are_to_go_take_the_place_of_new_ones)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Values none = {0}, pods = pods_of(a, 0, 3), have;
    Value *s = service(a), *other = value_literal(a, "{'addressType':'IPv6','endpoints':[]}");
    uint32_t n;
    SlicePlan *plans = endpointslice_pack(a, endpointslice_groups(a, s, &pods, NULL), &none,
                                          SLICES_OF_SERVICE, &n);

    have = stored(a, plans, n);
    values_add(a, &have, other);
    value_set_str(a, value_at(s, "spec.ports.0"), "name", "other");
    plans = endpointslice_pack(a, endpointslice_groups(a, s, &pods, NULL), &have, SLICES_OF_SERVICE,
                               &n);
    assert_int_equal(n, 1);
    assert_ptr_equal(plans[0].slice, have.items[0]);
    assert_string_equal(value_at_str(plans[0].ports, "0.name"), "other");
}

TEST(each_family_of_a_service_has_slices_of_its_own)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *s = service(a), *both = pod(a, "both", 1, true, false), *groups;
    Values pods = {0}, none = {0}, have;
    SlicePlan *plans;
    uint32_t n;

    value_set_at(a, s, "spec.ipFamilies", value_literal(a, "['IPv6','IPv4']"));
    values_add(a, &pods, pod(a, "old", 2, true, false)); /* has an address of IPv4 only */
    groups = endpointslice_groups(a, s, &pods, NULL);
    assert_int_equal(value_len(groups), 2);
    assert_string_equal(value_at_str(groups, "0.addressType"), "IPv6");
    assert_null(value_at(groups, "0.endpoints"));
    assert_int_equal(value_len(value_at(groups, "1.endpoints")), 1);
    plans = endpointslice_pack(a, groups, &none, SLICES_OF_SERVICE, &n);
    assert_int_equal(n, 2); /* one of them says that there is nothing */
    assert_int_equal(value_len(plans[0].endpoints), 0);

    value_set_at(a, both, "status.podIPs",
                 value_literal(a, "[{'ip':'10.1.0.1'},{'ip':'fd00::1'}]"));
    values_add(a, &pods, both);
    have = stored(a, plans, n);
    plans = endpointslice_pack(a, endpointslice_groups(a, s, &pods, NULL), &have, SLICES_OF_SERVICE,
                               &n);
    assert_int_equal(n, 2);
    assert_ptr_equal(plans[0].slice, have.items[0]);
    assert_string_equal(value_at_str(plans[0].endpoints, "0.addresses.0"), "fd00::1");
    assert_int_equal(value_len(plans[1].endpoints), 2);

    value_set_at(a, s, "spec.ipFamilies", value_literal(a, "['IPv6']"));
    plans = endpointslice_pack(a, endpointslice_groups(a, s, &pods, NULL), &have, SLICES_OF_SERVICE,
                               &n);
    assert_int_equal(n, 1); /* that of the other family goes */
    assert_ptr_equal(plans[0].slice, have.items[0]);
    assert_string_equal(value_at_str(endpoints_subsets(a, s, &pods), "0.addresses.0.ip"),
                        "fd00::1");
}

TEST(the_fullest_of_those_that_change_is_filled_first)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Values none = {0}, pods = pods_of(a, 0, 150), have, kept = {0};
    uint32_t n;
    SlicePlan *plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &pods, NULL),
                                          &none, SLICES_OF_SERVICE, &n);

    assert_int_equal(n, 2);
    have = stored(a, plans, n);
    for (uint32_t i = 0; i < pods.n; i++) /* one of each slice goes */
        if (!str_eq(meta_name(pods.items[i]),
                    value_at_str(have.items[0], "endpoints.0.targetRef.name")) &&
            !str_eq(meta_name(pods.items[i]),
                    value_at_str(have.items[1], "endpoints.0.targetRef.name")))
            values_add(a, &kept, pods.items[i]);
    values_add(a, &kept, pod(a, "new", 200, true, false));
    plans = endpointslice_pack(a, endpointslice_groups(a, service(a), &kept, NULL), &have,
                               SLICES_OF_SERVICE, &n);
    assert_int_equal(plans[0].endpoints->n + plans[1].endpoints->n, 149);
    assert_int_equal(MAX(plans[0].endpoints->n, plans[1].endpoints->n), 100);
}

TEST(named_ports_are_those_of_containers_that_stay)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *port = value_literal(a, "{'port':80,'targetPort':'x','protocol':'TCP'}");
    static const struct {
        const char *spec;
        int64_t want;
    } rows[] = {
        {"{'containers':[{'ports':[{'name':'x','containerPort':1}]}]}", 1},
        {"{'containers':[{'ports':[{'name':'x','containerPort':1,'protocol':'UDP'},{'name':'x',"
         "'containerPort':2,'protocol':'TCP'}]}]}",
         2},
        {"{'containers':[{}],'initContainers':[{'ports':[{'name':'x','containerPort':3}]}]}", 0},
        {"{'containers':[{}],'initContainers':[{'restartPolicy':'Always','ports':[{'name':'x',"
         "'containerPort':3}]}]}",
         3},
        {"{'containers':[{'ports':[{'name':'y','containerPort':1}]}]}", 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *p = value_object(a);

        value_set(a, p, "spec", value_literal(a, rows[i].spec));
        assert_int_equal(service_target_port(port, p), rows[i].want);
    }
}

TEST(mirrors_have_what_the_endpoints_have)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *e = value_literal(
        a, "{'metadata':{'name':'e'},'subsets':[{'addresses':[{'ip':'10.0.0.1','nodeName':'n'},{"
           "'ip':'fd00::1'}],'notReadyAddresses':[{'ip':'10.0.0.2'}],'ports':[{'port':80,"
           "'protocol':'TCP'}]}]}");
    uint32_t n_skipped;
    Value *groups = endpointslice_mirror_groups(a, e, &n_skipped);

    assert_int_equal(n_skipped, 0);
    assert_true(value_equal(
        groups,
        value_literal(a, "[{'addressType':'IPv4','ports':[{'port':80,'protocol':'TCP','name':''}],"
                         "'endpoints':[{'addresses':['10.0.0.1'],'conditions':{'ready':true},"
                         "'nodeName':'n'},{'addresses':['10.0.0.2'],'conditions':{'ready':false}}]"
                         "},{'addressType':'IPv6','ports':[{'port':80,'protocol':'TCP','name':''}],"
                         "'endpoints':[{'addresses':['fd00::1'],'conditions':{'ready':true}}]}]")));
}

TEST(a_mirror_is_one_slice_of_a_subset)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *e = value_literal(a, "{'metadata':{'name':'e'},'subsets':[{'ports':[{'port':80}]}]}");
    Value *subset = value_at(e, "subsets.0"), *list = value_array(a);
    uint32_t n_skipped, n;
    Values none = {0};
    SlicePlan *plans;

    value_set(a, subset, "addresses", list);
    for (int i = 0; i < 1003; i++) {
        Value *address = value_object(a);

        value_set(a, address, "ip", value_printf(a, "10.0.%d.%d", i / 250, i % 250 + 1));
        value_append(a, list, address);
    }
    plans = endpointslice_pack(a, endpointslice_mirror_groups(a, e, &n_skipped), &none,
                               SLICES_MIRRORED, &n);
    assert_int_equal(n_skipped, 3);
    assert_int_equal(n, 1);
    assert_int_equal(plans[0].endpoints->n, 1000);
}

TEST(ports_of_a_mirror_cost_no_more_with_every_address)
{
    CLEANUP(arena_free) Arena *a = arena_new(), *b = arena_new();
    Value *e = value_literal(a, "{'subsets':[{}]}"), *subset = value_at(e, "subsets.0");
    Value *ports = value_array(a), *list = value_array(a), *one;
    uint32_t n_skipped;

    for (int i = 1; i <= 1000; i++) {
        one = value_object(a);
        value_set_int(a, one, "port", i);
        value_append(a, ports, one);
    }
    for (int i = 0; i < 2000; i++) {
        one = value_object(a);
        value_set(a, one, "ip", value_printf(a, "%s%d", i % 4 ? "fd00::" : "10.0.0.", i));
        value_append(a, list, one);
    }
    value_set(a, subset, "addresses", list);
    value_set(a, subset, "ports", ports);
    assert_int_equal(endpointslice_mirror_groups(b, e, &n_skipped)->n, 2);
    assert_int_equal(n_skipped, 1000);
    assert_true(arena_used(b) < 8 << 20); /* 2000 times the ports are hundreds of it */
}

TEST(only_endpoints_that_somebody_else_keeps_are_mirrored)
{
    static const struct {
        const char *endpoints, *service;
        bool want;
    } rows[] = {
        {"{}", "{}", true},
        {"{}", NULL, false},
        {NULL, "{}", false},
        {"{}", "{'spec':{'selector':{'a':'b'}}}", false},
        {"{'metadata':{'labels':{'endpointslice.kubernetes.io/skip-mirror':'true'}}}", "{}", false},
        {"{'metadata':{'annotations':{'control-plane.alpha.kubernetes.io/leader':'x'}}}", "{}",
         false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(endpointslice_is_mirrored(
                             rows[i].endpoints ? value_literal(a, rows[i].endpoints) : NULL,
                             rows[i].service ? value_literal(a, rows[i].service) : NULL),
                         rows[i].want);
}
