#include "controllers/zonememo.h"

#include "tests/unit/test.h"

/*
 * An endpoint is two letters: its zone (a capital: not ready; ?: none) and the zone of its hint, or
 * -. Slices are words; with a * they change anyway. Zones are "a3 b4": a letter and its CPUs.
 */
static ZoneShares shares_of(Arena *a, const char *text)
{
    ZoneShares s = {0};

    for (const char *p = text; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");
        Value *node = value_literal(a, "{'metadata':{'labels':{}},'status':{'allocatable':{},"
                                       "'conditions':[{'type':'Ready','status':'True'}]}}");

        value_set(a, value_at(node, "metadata.labels"), "topology.kubernetes.io/zone",
                  value_strn(a, p, 1));
        value_set(a, value_at(node, "status.allocatable"), "cpu", value_strn(a, p + 1, len - 1));
        zone_shares_add(a, &s, node);
        p += len;
    }
    zone_shares_settle(&s);
    return s;
}

static Value *endpoint_of(Arena *a, const char *two)
{
    bool is_ready = two[0] >= 'a' || two[0] == '?';
    char zone = (char)(two[0] < 'a' && two[0] != '?' ? two[0] - 'A' + 'a' : two[0]);
    Value *e = value_literal(a, "{'conditions':{}}");

    value_set_bool(a, value_get(e, "conditions"), "ready", is_ready);
    if (zone != '?')
        value_set(a, e, "zone", value_strn(a, &zone, 1));
    if (two[1] != '-')
        value_set_at(a, e, "hints",
                     value_literal(a, arena_printf(a, "{'forZones':[{'name':'%c'}]}", two[1])));
    return e;
}

static uint32_t plans_of(Arena *a, const char *text, SlicePlan *plans)
{
    uint32_t n = 0;

    for (const char *p = text; *p; p += strspn(p, " ")) {
        const char *end = p + strcspn(p, " ");

        plans[n] = (SlicePlan){.has_changed = *p == '*', .endpoints = value_array(a)};
        for (p += *p == '*'; p < end; p += 2)
            value_append(a, plans[n].endpoints, endpoint_of(a, p));
        n++;
    }
    return n;
}

static const char *text_of(Arena *a, const SlicePlan *plans, uint32_t n)
{
    AUTO_BUF out = BUF_INIT;
    Value *e;

    for (uint32_t i = 0; i < n; i++) {
        buf_addf(&out, "%s%s", i > 0 ? " " : "", plans[i].has_changed ? "*" : "");
        value_each_item(plans[i].endpoints, k, e)
        {
            const char *zone = value_get_str(e, "zone");
            const char *hint = value_at_str(e, "hints.forZones.0.name");
            bool is_ready = value_at_bool(e, "conditions.ready");

            buf_addf(&out, "%c%s",
                     !zone      ? '?'
                     : is_ready ? zone[0]
                                : zone[0] - 'a' + 'A',
                     hint ? hint : "-");
        }
    }
    return arena_strdup(a, buf_str(&out));
}

#define NO_NODES                                                                                   \
    "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes"
#define OVERLOAD                                                                                   \
    "Unable to allocate minimum required endpoints to each zone without exceeding overload "       \
    "threshold (2 endpoints, 2 zones)"

TEST(each_zone_takes_as_many_endpoints_as_it_has_cpus)
{
    static const struct {
        const char *zones, *slices, *want, *why;
    } rows[] = {
        {"", "*a-", "*a-", NO_NODES},
        {"a4", "*aa abab", "*a- a-a-", NO_NODES},
        {"a3 b4 c3", "*a-b-", "*a-b-", "Insufficient number of endpoints (2 endpoints, 3 zones)"},
        {"a9 b1", "*a-b-", "*a-b-", OVERLOAD},
        {"a4500m b5500m", "*a-b-", "*aabb", NULL},
        {"a9 b11", "*a-b-B-", "*aabbB-", NULL},
        {"a1 b1", "*a-a-a-a-", "*ababaaaa", NULL},
        /* all of one zone: half of them serve the other */
        {"a1 b1", "*a-a-", "*abaa", NULL},
        /* 5, 2 and 3 where 3.5, 3.5 and 3 are due: one is given */
        {"a35 b35 c30", "*a-b- *c-c-a- *a-a- *b-c-a-", "*abbb *ccccaa *aaaa *bbccaa", NULL},
        /* what keeps its hints is not written */
        {"a1 b1", "aabb", "aabb", NULL},
        {"a1 b1", "aabb *b-a-", "aabb *bbaa", NULL},
        {"a1 b1", "aab-", "*aabb", NULL},
        {"a1 b1", "aabc", "*aabb", NULL},
        {"a1 b1", "aabaaaba", "*aabbaabb", NULL},
        {"a1 b1", "aaaa aabb *b-b-", "aaaa aabb *bbbb", NULL},
        /* hints of endpoints that are not ready go when the slice is written */
        {"a1 b1", "*aabbAaBb", "*aabbA-B-", NULL},
        /* a zone without nodes keeps what it has */
        {"a1 b1", "*a-b-c-c-", "*aabbcccc", NULL},
        {"a1 b1", "aabb *a-?-", "a-b- *a-?-", "One or more endpoints do not have a zone specified"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        ZoneShares s = shares_of(a, rows[i].zones);
        SlicePlan plans[8];
        uint32_t n = plans_of(a, rows[i].slices, plans);
        const char *why = endpointhints_set(a, &s, plans, n), *got = text_of(a, plans, n);

        if (!str_eq(got, rows[i].want) || !str_eq(why, rows[i].why))
            fail_msg("row %zu: wanted %s, got %s: %s", i, rows[i].want, got, why ? why : "");
    }
}

TEST(shares_come_from_nodes_that_are_ready_and_say_all)
{
    static const char *const nodes[] = {
        "{'metadata':{'labels':{'topology.kubernetes.io/zone':'z'}},'status':{'allocatable':{'cpu':"
        "'2'},'conditions':[{'type':'Ready','status':'False'}]}}",
        "{'metadata':{'labels':{'topology.kubernetes.io/zone':'z','node-role.kubernetes.io/"
        "control-plane':''}},'status':{'allocatable':{'cpu':'2'},'conditions':[{'type':'Ready',"
        "'status':'True'}]}}",
        "{'metadata':{'labels':{'topology.kubernetes.io/zone':'z'}},'status':{'allocatable':{'cpu':"
        "'2'},'conditions':[{'type':'Ready','status':'True'}]}}",
        "{'metadata':{'labels':{'topology.kubernetes.io/zone':'y'}},'status':{'allocatable':{'cpu':"
        "'500m'},'conditions':[{'type':'Ready','status':'True'}]}}",
        "{'status':{'allocatable':{'cpu':'2'},'conditions':[{'type':'Ready','status':'True'}]}}",
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    ZoneShares s = {0}, t;

    for (size_t i = 0; i < 4; i++)
        zone_shares_add(a, &s, value_literal(a, nodes[i]));
    t = s;
    zone_shares_settle(&s);
    assert_int_equal(s.n, 2);
    assert_string_equal(s.items[0].zone, "y");
    assert_true(s.items[0].share > 0.19 && s.items[0].share < 0.21);
    zone_shares_add(a, &t, value_literal(a, nodes[4]));
    zone_shares_settle(&t);
    assert_int_equal(t.n, 0);
    for (size_t i = 2; i < ARRAY_LEN(nodes); i++)
        assert_int_equal(
            zone_shares_differ(value_literal(a, nodes[i]), value_literal(a, nodes[i - 1])), true);
    assert_false(zone_shares_differ(value_literal(a, nodes[2]), value_literal(a, nodes[2])));
}

TEST(the_older_annotation_goes_before_the_newer)
{
    static const struct {
        const char *annotations;
        bool want;
    } rows[] = {
        {"{}", false},
        {"{'service.kubernetes.io/topology-mode':'Auto'}", true},
        {"{'service.kubernetes.io/topology-mode':'auto'}", true},
        {"{'service.kubernetes.io/topology-mode':'AUTO'}", false},
        {"{'service.kubernetes.io/topology-aware-hints':'auto'}", true},
        {"{'service.kubernetes.io/topology-aware-hints':'disabled','service.kubernetes.io/"
         "topology-mode':'Auto'}",
         false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *service = value_object(a);

        value_set_at(a, service, "metadata.annotations", value_literal(a, rows[i].annotations));
        assert_int_equal(endpointhints_are_wanted(service), rows[i].want);
    }
}

TEST(what_was_counted_before_a_node_changed_is_not_kept)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(zonememo_free) ZoneMemo *m = zonememo_new();
    const ServiceKey x = {"c", "n", "x"}, y = {"d", "n", "y"};
    ZoneShares s = shares_of(a, "a1 b3"), t;
    uint64_t version;
    uint32_t n;

    assert_false(zonememo_shares(m, a, "c", &t, &version));
    zonememo_forget(m, NULL);
    zonememo_learn(m, "c", &s, version);
    assert_false(zonememo_shares(m, a, "c", &t, &version));
    zonememo_learn(m, "c", &s, version);
    assert_true(zonememo_shares(m, a, "c", &t, &version));
    assert_string_equal(t.items[1].zone, "b");
    zonememo_forget(m, "d");
    assert_true(zonememo_shares(m, a, "c", &t, &version));
    zonememo_forget(m, "c");
    assert_false(zonememo_shares(m, a, "c", &t, &version));

    assert_true(zonememo_is_empty(m));
    assert_false(zonememo_note(m, &x, true, true));
    assert_false(zonememo_note(m, &y, true, false));
    assert_true(zonememo_note(m, &x, true, false));
    assert_false(zonememo_note(m, &x, true, false));
    zonememo_services(m, a, NULL, &n);
    assert_int_equal(n, 2);
    assert_string_equal(zonememo_services(m, a, "d", &n)[0].name, "y");
    assert_int_equal(n, 1);
    zonememo_note(m, &x, false, false);
    zonememo_note(m, &y, false, false);
    assert_true(zonememo_is_empty(m));

    zonememo_want(m, &x);
    zonememo_want(m, &y);
    zonememo_learn(m, "c", &s, version);
    zonememo_drop_cluster(m, "c");
    assert_false(zonememo_shares(m, a, "c", &t, &version));
    assert_string_equal(zonememo_services(m, a, NULL, &n)[0].name, "y");
    assert_int_equal(n, 1);
}
