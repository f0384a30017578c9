#include "tenancy/terms.h"

#include "base/clock.h"
#include "tests/unit/tenancy/fakes.h"

static const FakeObj objs[] = {
    {"host/tenancy/tenants//acme",
     "{'metadata':{'name':'acme'},'spec':{'plan':'gold','isolation':'virtual','overrides':{'limits'"
     ":{'pods':'7','requests.cpu':'3'},'rateLimits':{'watches':2}},'admins':[{'kind':'User','name':"
     "'ann'},{'kind':'Group','name':'ops'}]},'status':{'revocations':[{'before':"
     "'2023-11-14T22:13:20Z','user':'bob'}]}}"},
    {"host/tenancy/plans//gold",
     "{'metadata':{'name':'gold'},'spec':{'weight':3,'nodeView':'full','podSecurityFloor':"
     "'baseline','storageClasses':['fast'],'externalAddresses':['203.0.113.0/"
     "28','198.51.100.7'],'limits':{'pods':'100','cpu':'4','memory':'8Gi',"
     "'nonsense':'1'},'auditBytes':'2Mi','rateLimits':{'requestsPerSecond':10,'burst':2,'"
     "concurrentRequests':1}}}"},
};

static const TenantTerms *terms(void)
{
    const TenantTerms *t = NULL;
    const char *need = NULL;

    assert_ok(tenancy_terms(tenancy, ACME, &t, &need));
    return t;
}

static void changed(void)
{
    static Obj obj = {.name = "any"};
    Event e = {.type = EVENT_MODIFIED, .obj = &obj};

    fake_subscriber(HOST, "tenancy/nodepools", &e, tenancy);
}

static void begin(void)
{
    fakes_open();
    fake_objs = objs;
    n_fake_objs = ARRAY_LEN(objs);
    fake_revision++;
    memset(fake_pools, 0, sizeof(fake_pools));
}

TEST(terms_are_the_plans_with_the_tenants_overrides)
{
    const TenantTerms *t, *again;
    const char *need = NULL;

    begin();
    t = terms();
    assert_int_equal(terms_limit(t, "pods"), 7);
    assert_int_equal(terms_limit(t, "cpu"), 3000); /* requests.cpu is cpu */
    assert_true(terms_limit(t, "memory") == (int64_t)8 << 30);
    assert_true(terms_limit(t, "#secrets") == INT64_MAX);
    assert_int_equal(t->n_limits, 3);
    assert_int_equal(t->audit_bytes, 2 << 20);
    assert_true(terms_none()->audit_bytes == INT64_MAX);
    assert_int_equal(t->weight, 3);
    assert_int_equal(t->pod_security, 1);
    assert_int_equal(t->sight, NODES_FULL);
    assert_int_equal(t->rates.per_second, 10);
    assert_int_equal(t->rates.watches, 2);
    assert_int_equal(t->rates.streams, 0);
    assert_string_equal(t->storage_classes[0], "fast");
    assert_null(t->runtime_handlers);
    assert_true(terms_allow_address(t, "203.0.113.15"));
    assert_true(terms_allow_address(t, "198.51.100.7"));
    assert_false(terms_allow_address(t, "203.0.113.16"));
    assert_false(terms_allow_address(t, "198.51.100.8"));
    assert_false(terms_allow_address(t, "2001:db8::1"));
    assert_false(terms_allow_address(t, "nonsense"));
    assert_false(terms_allow_address(terms_none(), "203.0.113.15"));
    again = terms();
    assert_ptr_equal(again, t);
    terms_unref(again);
    n_fake_objs = 1; /* the plan is gone: what is the tenant's own stays */
    changed();
    again = terms();
    assert_int_equal(terms_limit(again, "pods"), 7);
    assert_true(terms_limit(again, "memory") == INT64_MAX);
    assert_false(terms_are_same(again, t));
    terms_unref(again);
    terms_unref(t);
    assert_ok(tenancy_terms(tenancy, HOST, &t, &need));
    assert_true(terms_limit(t, "pods") == INT64_MAX);
    assert_fails(tenancy_terms(tenancy, GLOBEX, &t, &need), ERR_UNAVAILABLE);
    assert_null(need);
    fake_unloaded = "tenancy/plans";
    changed();
    assert_fails(tenancy_terms(tenancy, ACME, &t, &need), ERR_UNAVAILABLE);
    assert_string_equal(need, "tenancy/plans");
    fake_unloaded = "tenancy/nodepools";
    assert_fails(tenancy_terms(tenancy, ACME, &t, &need), ERR_UNAVAILABLE);
    assert_string_equal(need, "tenancy/nodepools");
    fake_unloaded = NULL;
    fakes_close();
}

TEST(admins_and_revocations)
{
    static const char *const none[] = {NULL}, *const ops[] = {"x", "ops", NULL};
    static const struct {
        const char *user;
        int64_t issued_s;
        bool revoked;
    } cases[] = {{"bob", 1700000000, true},
                 {"bob", 1699999999, true},
                 {"bob", 1700000001, false},
                 {"ann", 1700000000, false}};
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, objs[0].json);
    CLEANUP(terms_unref) const TenantTerms *t = NULL;
    Err err;

    begin();
    t = terms();
    assert_true(terms_is_admin(t, "ann", none));
    assert_true(terms_is_admin(t, "x", ops));
    assert_false(terms_is_admin(t, "ops", none));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(terms_revoked(t, cases[i].user, cases[i].issued_s), cases[i].revoked);
    assert_ok(tenancy_revoke(a, v, "system:serviceaccount:a:b", false, 1700000100000000, &v, &err));
    assert_int_equal(value_len(value_at(v, "status.revocations")), 2);
    assert_ok(tenancy_revoke(a, v, "", false, 1700000100000000, &v, &err));
    assert_int_equal(value_len(value_at(v, "status.revocations")), 2); /* the account's stays */
    assert_ok(tenancy_revoke(a, v, NULL, true, 1700000200000000, &v, &err));
    assert_int_equal(value_len(value_at(v, "status.revocations")), 1);
    for (int i = 0; i < 63; i++)
        assert_ok(tenancy_revoke(a, v, arena_printf(a, "u%d", i), false, 1, &v, &err));
    assert_fails(tenancy_revoke(a, v, "more", false, 1, &v, &err), ERR_FORBIDDEN);
    fakes_close();
}

TEST(what_was_taken_back_is_so_each_time_that_something_passes)
{
    static const FakeObj later[] = {
        {"host/tenancy/tenants//acme",
         "{'metadata':{'name':'acme'},'spec':{'plan':'gold'},'status':{'revocations':[{'before':"
         "'2023-11-14T22:13:20Z','user':'ann'}]}}"},
    };
    uint64_t seen = 0;

    begin();
    assert_true(tenancy_still_holds(tenancy, ACME, "ann", 1700000000, &seen));
    fake_objs = later;
    n_fake_objs = ARRAY_LEN(later);
    fake_revision++;
    assert_true(tenancy_still_holds(tenancy, ACME, "ann", 1700000000, &seen)); /* not heard yet */
    changed();
    fake_unloaded = "tenancy/tenants";
    assert_true(tenancy_still_holds(tenancy, ACME, "ann", 1700000000, &seen)); /* asked again */
    fake_unloaded = NULL;
    for (int i = 0; i < 3; i++)
        assert_false(tenancy_still_holds(tenancy, ACME, "ann", 1700000000, &seen));
    assert_true(tenancy_still_holds(tenancy, ACME, "ann", 1700000001, &seen)); /* a new one */
    fakes_close();
}

TEST(nodes_are_those_of_the_pools)
{
    static const struct {
        const char *wanted, *isolation, *labels;
        bool allowed;
    } cases[] = {
        {"[]", "virtual", "{}", true},
        {"[]", "virtual", "{'pool':'shared'}", true},
        {"[]", "virtual", "{'pool':'mine'}", false},
        {"[]", "virtual", "{'pool':'theirs'}", false},
        {"['shared']", "virtual", "{}", false},
        {"['shared']", "virtual", "{'pool':'shared'}", true},
        {"['shared']", "virtual", "{'pool':'mine'}", false},
        {"['mine','shared']", "virtual", "{'pool':'mine'}", true},
        {"['mine','shared']", "virtual", "{'pool':'shared'}", true},
        {"['mine','shared']", "dedicated", "{'pool':'shared'}", false},
        {"['mine']", "dedicated", "{'pool':'mine'}", true},
        {"['theirs']", "virtual", "{'pool':'theirs'}", false},
        {"['none']", "virtual", "{}", false},
    };
    FakeObj with[2] = {objs[0], objs[1]};

    begin();
    fake_pools[0] = "{'metadata':{'name':'shared'},'spec':{'nodeSelector':{'pool':'shared'}}}";
    fake_pools[1] = "{'metadata':{'name':'mine'},'spec':{'mode':'dedicated','nodeSelector':{'pool':"
                    "'mine'}},'status':{'tenant':'acme'}}";
    fake_pools[2] = "{'metadata':{'name':'theirs'},'spec':{'mode':'dedicated','nodeSelector':"
                    "{'pool':'theirs'}},'status':{'tenant':'globex'}}";
    fake_objs = with;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(terms_unref) const TenantTerms *t = NULL;

        with[0].json = arena_printf(a,
                                    "{'metadata':{'name':'acme'},'spec':{'plan':'gold','isolation':"
                                    "'%s','overrides':{'nodePools':%s}}}",
                                    cases[i].isolation, cases[i].wanted);
        fake_revision++;
        changed();
        t = terms();
        if (terms_allow_node(t, value_literal(a, cases[i].labels)) != cases[i].allowed)
            fail_msg("case %zu", i);
    }
    fakes_close();
}

TEST(requests_come_at_the_rate_that_is_agreed)
{
    CLEANUP(terms_unref) const TenantTerms *t = NULL;
    int64_t now = 1000000000;

    begin();
    t = terms(); /* ten a second, two at once, one at a time, two watches */
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now), 0);
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now), 1); /* the first is still inside */
    gate_leave(ACME, GATE_REQUEST);
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now), 0);
    gate_leave(ACME, GATE_REQUEST);
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now), 1); /* the burst is used up */
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now + 99999), 1);
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now + 100000), 0);
    gate_leave(ACME, GATE_REQUEST);
    gate_owe(ACME, t, 10, now + 100000); /* it was worth eleven: a second at ten a second */
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now + 1199999), 1);
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now + 1200000), 0);
    gate_leave(ACME, GATE_REQUEST);
    gate_owe(ACME, t, 1000000, now + 1200000); /* and never more than ten seconds */
    assert_int_equal(gate_enter(ACME, t, GATE_REQUEST, now + 11300000), 0);
    gate_leave(ACME, GATE_REQUEST);
    now += 12000000;
    now += 10000000;
    assert_int_equal(gate_enter(ACME, t, GATE_WATCH, now), 0);
    assert_int_equal(gate_enter(ACME, t, GATE_WATCH, now), 0);
    now += 10000000;
    assert_int_equal(gate_enter(ACME, t, GATE_WATCH, now), 1);
    assert_int_equal(gate_enter(ACME, t, GATE_STREAM, now), 0); /* not bounded */
    gate_leave(ACME, GATE_WATCH);
    assert_int_equal(gate_enter(ACME, t, GATE_WATCH, now), 0);
    fakes_close();
}

TEST(what_could_not_be_stored_is_counted_again)
{
    begin();
    tenancy_count(HOST, 1, 1); /* the platform bills nobody */
    tenancy_count(ACME, 10, 100);
    tenancy_count(ACME, 1, 5);
    tenancy_meter_flush(tenancy, 0);
    assert_int_equal(n_fake_added, 3);
    assert_string_equal(fake_added[0].counter, "requests");
    assert_int_equal(fake_added[0].amount, 2);
    assert_int_equal(fake_added[1].amount, 11);
    assert_int_equal(fake_added[2].amount, 105);
    fake_added_done(-ERR_UNAVAILABLE, NULL, fake_added_data);
    tenancy_count(ACME, 0, 1);
    tenancy_meter_flush(tenancy, 0);
    assert_int_equal(fake_added[0].amount, 3);
    assert_int_equal(fake_added[2].amount, 106);
    fake_added_done(0, NULL, fake_added_data);
    n_fake_added = 0;
    tenancy_meter_flush(tenancy, 0); /* nothing is left */
    assert_int_equal(n_fake_added, 0);
    fakes_close();
}

static void event_of(const char *storage, EventType type, const char *before, const char *after)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *was = NULL;
    CLEANUP(obj_unref) Obj *is = NULL;
    Event e = {.type = type};

    if (before)
        assert_ok(obj_from_value(value_literal(a, before), 1, &was, NULL));
    assert_ok(obj_from_value(value_literal(a, after), 2, &is, NULL));
    e.prev = was;
    e.obj = is;
    fake_subscriber(HOST, storage, &e, tenancy);
}

TEST(history_is_kept_as_the_plan_says)
{
    static const FakeObj said[] = {
        {"host/tenancy/tenants//acme", "{'metadata':{'name':'acme'},'spec':{'plan':'gold'}}"},
        {"host/tenancy/tenants//globex", "{'metadata':{'name':'globex'},'spec':{'plan':'tin'}}"},
        {"host/tenancy/plans//gold", "{'metadata':{'name':'gold'},'spec':{'retention':'1h30m'}}"},
        {"host/tenancy/plans//tin", "{'metadata':{'name':'tin'},'spec':{}}"},
    };
    static const char short_gold[] = "{'metadata':{'name':'gold'},'spec':{'retention':'5m'}}";

    begin();
    fake_objs = said;
    n_fake_objs = ARRAY_LEN(said);
    assert_int_equal(fake_on_window(ACME, fake_on_window_data), 0); /* no plan says anything */
    fake_plans[0] = said[2].json;
    fake_pools_revision++;
    assert_int_equal(fake_on_window(ACME, fake_on_window_data), 5400);
    assert_int_equal(fake_on_window(GLOBEX, fake_on_window_data), 0);
    assert_int_equal(fake_on_window(HOST, fake_on_window_data), 0);
    fake_unloaded = "tenancy/tenants";
    assert_int_equal(fake_on_window(ACME, fake_on_window_data), -1);
    fake_unloaded = "tenancy/plans";
    assert_int_equal(fake_on_window(ACME, fake_on_window_data), -1);
    fake_unloaded = NULL;
    memset(n_windows_changed, 0, sizeof(n_windows_changed));
    event_of("tenancy/plans", EVENT_MODIFIED, said[2].json, said[2].json);
    event_of("tenancy/plans", EVENT_ADDED, NULL, said[3].json);
    event_of("tenancy/tenants", EVENT_ADDED, NULL, said[0].json);
    assert_int_equal(n_windows_changed[0] + n_windows_changed[1], 0);
    event_of("tenancy/plans", EVENT_MODIFIED, said[2].json, short_gold);
    event_of("tenancy/plans", EVENT_ADDED, NULL, short_gold);
    event_of("tenancy/plans", EVENT_DELETED, short_gold, short_gold);
    assert_int_equal(n_windows_changed[1], 3);
    event_of("tenancy/tenants", EVENT_MODIFIED, said[0].json, said[0].json);
    assert_int_equal(n_windows_changed[0], 1);
    fake_plans[0] = NULL;
    fakes_close();
}
