#include "controllers/poolmove_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

TEST(a_dedicated_pool_is_settled_when_its_tenant_has_it_and_nobody_else)
{
    static const struct {
        const char *overrides, *plan, *mode, *holder;
        bool is_unsettled, is_taken;
    } cases[] = {
        {"[]", "['gold']", "dedicated", "", true, false},
        {"[]", "['gold']", "dedicated", "acme", false, false},
        {"[]", "['gold']", "dedicated", "globex", false, true},
        {"[]", "['gold']", "shared", "", false, false},
        {"[]", "['gold']", "shared", "acme", true, false}, /* it was dedicated */
        {"['iron']", "['gold']", "dedicated", "", false, false},
        {"['iron']", "['gold']", "dedicated", "acme", true, false},
        {"['gold']", "[]", "dedicated", "", true, false},
        {"[]", "[]", "dedicated", "acme", true, false},
        {"[]", "[]", "dedicated", "globex", false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *tenant = value_literal(
            a, arena_printf(a, "{'metadata':{'name':'acme'},'spec':{'overrides':{'nodePools':%s}}}",
                            cases[i].overrides));
        Value *plan = value_literal(a, arena_printf(a, "{'spec':{'nodePools':%s}}", cases[i].plan));
        Value *pool = value_literal(
            a, arena_printf(a,
                            "{'metadata':{'name':'gold'},'spec':{'mode':'%s'},'status':{'tenant'"
                            ":'%s'}}",
                            cases[i].mode, cases[i].holder));
        const char *taken;

        assert_int_equal(poolmove_is_unsettled(tenant, plan, &pool, 1, &taken),
                         cases[i].is_unsettled);
        assert_int_equal(taken != NULL, cases[i].is_taken);
    }
}

/* "AB+ A- B*": a pod each; the letter is its controller ("-" none), then + ready, - not ready, *
 * being deleted, x finished; a small letter is a stray; D and d are a DaemonSet's. */
static MovePlan plan_of(Arena *a, const char *text, const char **ret_names)
{
    MovePod pods[16];
    uint32_t n = 0;
    MovePlan p;
    char *names;

    for (const char *s = text; *s; s += 2) {
        bool is_small = *s >= 'a' && *s <= 'z', is_alone = *s == '?';
        char owner = (char)(is_small ? *s - 'a' + 'A' : *s);
        Value *v = value_object(a);

        value_set_at(a, v, "metadata.name", value_printf(a, "%u", n));
        value_set_at(a, v, "status",
                     value_literal(a, s[1] == 'x' ? "{'phase':'Succeeded'}"
                                      : s[1] == '-'
                                          ? "{'phase':'Running'}"
                                          : "{'phase':'Running','conditions':[{'type':'Ready',"
                                            "'status':'True'}]}"));
        if (s[1] == '*')
            value_set_at(a, v, "metadata.deletionTimestamp", value_str(a, "2026-01-01T00:00:00Z"));
        if (!is_alone)
            value_set_at(
                a, v, "metadata.ownerReferences",
                value_literal(a, arena_printf(a,
                                              "[{'controller':true,'uid':'%c','kind':"
                                              "'%s'}]",
                                              owner, owner == 'D' ? "DaemonSet" : "ReplicaSet")));
        pods[n++] = (MovePod){v, is_small || is_alone};
    }
    p = poolmove_plan(a, pods, n);
    names = arena_alloc(a, p.n_evict * 2 + 1);
    for (uint32_t i = 0; i < p.n_evict; i++)
        names[i] = meta_name(p.evict[i])[0];
    names[p.n_evict] = '\0';
    *ret_names = names;
    return p;
}

TEST(one_pod_of_a_controller_at_a_time_and_only_while_the_others_are_ready)
{
    static const struct {
        const char *pods, *evict;
        uint32_t n_strays, n_alone;
    } cases[] = {
        {"A+B+", "", 0, 0},   {"a+a+a+", "0", 3, 0},   {"A+a+a+", "1", 2, 0},
        {"A-a+a+", "", 2, 0}, /* the first is not ready yet */
        {"a*a+", "", 2, 0},   /* it goes already */
        {"a-", "0", 1, 0},    /* alone it keeps nobody waiting */
        {"a-a+", "0", 2, 0},  /* who is not ready goes first */
        {"axa+", "1", 1, 0},  {"a+b+c+", "012", 3, 0}, {"a+b+B-", "0", 2, 0},
        {"?+a+", "1", 1, 1},  {"d+d+", "", 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *names;
        MovePlan p = plan_of(a, cases[i].pods, &names);

        assert_string_equal(names, cases[i].evict);
        assert_int_equal(p.n_strays, cases[i].n_strays);
        assert_int_equal(p.n_alone, cases[i].n_alone);
    }
}

TEST(the_tenant_says_how_far_it_is)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *tenant = value_literal(a, "{'status':{}}");
    MovePlan none = {0}, some = {.n_strays = 2};

    assert_false(poolmove_note(a, tenant, &none, NULL, 1000000));
    assert_true(poolmove_note(a, tenant, &some, NULL, 1000000));
    assert_true(condition_is(tenant, "PodsInPlace", "False"));
    assert_string_equal(value_get_str(condition_get(tenant, "PodsInPlace"), "reason"), "Moving");
    assert_false(poolmove_note(a, tenant, &some, NULL, 2000000));
    assert_true(poolmove_note(a, tenant, &none, "gold", 2000000));
    assert_string_equal(value_get_str(condition_get(tenant, "PodsInPlace"), "reason"), "PoolTaken");
    assert_true(poolmove_note(a, tenant, &none, NULL, 3000000));
    assert_true(condition_is(tenant, "PodsInPlace", "True"));
}
