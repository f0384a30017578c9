#include "cli/reconcile.h"

#include "tests/unit/test.h"

static const char *print(Arena *a, const Value *v)
{
    AUTO_BUF out = BUF_INIT;

    value_print(v, &out);
    return arena_strdup(a, buf_str(&out));
}

TEST(a_rule_covers_what_it_allows)
{
    /* the servant's rules, and how many verbs on things are not covered by the owner's */
    static const struct {
        const char *owner, *servant;
        uint32_t n_uncovered;
    } cases[] = {
        {"{'verbs':['get'],'apiGroups':[''],'resources':['pods']}",
         "{'verbs':['get'],'apiGroups':[''],'resources':['pods']}", 0},
        {"{'verbs':['get'],'apiGroups':[''],'resources':['pods']}",
         "{'verbs':['get','list'],'apiGroups':['','apps'],'resources':['pods','nodes']}", 7},
        {"{'verbs':['*'],'apiGroups':['*'],'resources':['*']}",
         "{'verbs':['get'],'apiGroups':['apps'],'resources':['deployments/scale']}", 0},
        {"{'verbs':['get'],'apiGroups':['apps'],'resources':['*/scale']}",
         "{'verbs':['get'],'apiGroups':['apps'],'resources':['deployments/scale','deployments']}",
         1},
        {"{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a']}",
         "{'verbs':['get'],'apiGroups':[''],'resources':['pods']}", 1},
        {"{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a']}",
         "{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a','b']}", 1},
        {"{'verbs':['get'],'apiGroups':[''],'resources':['pods']}",
         "{'verbs':['get'],'apiGroups':[''],'resources':['pods'],'resourceNames':['a']}", 0},
        {"{'verbs':['get'],'nonResourceURLs':['/logs/*']}",
         "{'verbs':['get'],'nonResourceURLs':['/logs/x','/logs','/healthz']}", 2},
        {"{'verbs':['get'],'nonResourceURLs':['*']}", "{'verbs':['get'],'nonResourceURLs':['/x']}",
         0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *owner = value_literal(a, arena_printf(a, "[%s]", cases[i].owner));
        Value *servant = value_literal(a, arena_printf(a, "[%s]", cases[i].servant));

        if (value_len(rules_uncovered(a, owner, servant)) != cases[i].n_uncovered)
            fail_msg("%s by %s: %s", cases[i].servant, cases[i].owner,
                     print(a, rules_uncovered(a, owner, servant)));
    }
}

#define PODS  "{'verbs':['get'],'apiGroups':[''],'resources':['pods']}"
#define NODES "{'verbs':['get'],'apiGroups':[''],'resources':['nodes']}"

TEST(a_role_gets_what_it_lacks_and_loses_only_what_it_shall)
{
    static const struct {
        const char *existing, *expected; /* existing NULL: there is none */
        bool removes_extra;
        ReconcileOp op;
        const char *rules; /* of the result */
        uint32_t n_missing, n_extra;
    } cases[] = {
        {NULL, "'rules':[" PODS "]", false, RECONCILE_CREATE, "[" PODS "]", 1, 0},
        {"'rules':[" PODS "]", "'rules':[" PODS "]", false, RECONCILE_NONE, "[" PODS "]", 0, 0},
        {"'rules':[" NODES "]", "'rules':[" PODS "]", false, RECONCILE_UPDATE,
         "[" NODES "," PODS "]", 1, 1},
        {"'rules':[" NODES "]", "'rules':[" PODS "]", true, RECONCILE_UPDATE, "[" PODS "]", 1, 1},
        {"'rules':[" PODS "," NODES "]", "'rules':[" PODS "]", true, RECONCILE_UPDATE, "[" PODS "]",
         0, 1},
        {"'rules':[" PODS "," NODES "]", "'rules':[" PODS "]", false, RECONCILE_NONE,
         "[" PODS "," NODES "]", 0, 1},
        {"'rules':[" PODS "]", "'rules':[" PODS "],'metadata':{'labels':{'a':'b'}}", false,
         RECONCILE_UPDATE, "[" PODS "]", 0, 0},
        {"'rules':[" PODS "],'metadata':{'labels':{'a':'c'}}",
         "'rules':[" PODS "],'metadata':{'labels':{'a':'b'}}", false, RECONCILE_NONE, "[" PODS "]",
         0, 0},
        {"'rules':[" PODS "],'aggregationRule':{'clusterRoleSelectors':[{}]}", "'rules':[" PODS "]",
         false, RECONCILE_UPDATE, "[" PODS "]", 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *existing =
            cases[i].existing ? value_literal(a, arena_printf(a, "{%s}", cases[i].existing)) : NULL;
        Value *expected = value_literal(a, arena_printf(a, "{%s}", cases[i].expected));
        Reconciled r = reconcile_role(a, existing, expected, cases[i].removes_extra);

        assert_int_equal(r.op, cases[i].op);
        assert_string_equal(print(a, value_get(r.object, "rules")),
                            print(a, value_literal(a, cases[i].rules)));
        assert_int_equal(value_len(r.missing_rules), cases[i].n_missing);
        assert_int_equal(value_len(r.extra_rules), cases[i].n_extra);
        assert_null(value_get(r.object, "aggregationRule"));
    }
}

TEST(selectors_of_aggregated_roles_are_merged)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *one = value_literal(
        a, "{'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'a':'1'}}]},'rules':[" PODS
           "]}");
    Value *two = value_literal(
        a, "{'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'b':'2'}}]}}");
    Reconciled r = reconcile_role(a, one, two, false);

    assert_int_equal(r.op, RECONCILE_UPDATE);
    assert_int_equal(value_len(value_at(r.object, "aggregationRule.clusterRoleSelectors")), 2);
    assert_int_equal(value_len(r.extra_rules), 0); /* they come from other roles */
    r = reconcile_role(a, one, two, true);
    assert_int_equal(value_len(value_at(r.object, "aggregationRule.clusterRoleSelectors")), 1);
    assert_int_equal(reconcile_role(a, one, one, true).op, RECONCILE_NONE);
}

TEST(a_binding_gets_subjects_or_is_made_anew)
{
    static const char ref[] = "'roleRef':{'apiGroup':'g','kind':'Role','name':'r'}";
    static const struct {
        const char *existing, *expected;
        bool removes_extra;
        ReconcileOp op;
        uint32_t n_subjects, n_missing, n_extra;
    } cases[] = {
        {"'subjects':[{'kind':'User','name':'a'}]", "'subjects':[{'kind':'User','name':'a'}]", true,
         RECONCILE_NONE, 1, 0, 0},
        {"'subjects':[{'kind':'User','name':'a'}]", "'subjects':[{'kind':'User','name':'b'}]",
         false, RECONCILE_UPDATE, 2, 1, 1},
        {"'subjects':[{'kind':'User','name':'a'}]", "'subjects':[{'kind':'User','name':'b'}]", true,
         RECONCILE_UPDATE, 1, 1, 1},
        {"'subjects':[{'kind':'User','name':'a'}]", "'a':1", true, RECONCILE_UPDATE, 0, 0, 1},
        {"'a':1", "'subjects':[{'kind':'User','name':'b'},{'kind':'User','name':'b'}]", false,
         RECONCILE_UPDATE, 1, 1, 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *other = value_literal(a, "{'roleRef':{'apiGroup':'g','kind':'Role','name':'other'}}");
    Reconciled r;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Value *existing = value_literal(a, arena_printf(a, "{%s,%s}", ref, cases[i].existing));
        Value *expected = value_literal(a, arena_printf(a, "{%s,%s}", ref, cases[i].expected));

        r = reconcile_binding(a, existing, expected, cases[i].removes_extra);
        assert_int_equal(r.op, cases[i].op);
        assert_int_equal(value_len(value_get(r.object, "subjects")), cases[i].n_subjects);
        assert_int_equal(value_len(r.missing_subjects), cases[i].n_missing);
        assert_int_equal(value_len(r.extra_subjects), cases[i].n_extra);
        r = reconcile_binding(a, other, expected, false);
        assert_int_equal(r.op, RECONCILE_RECREATE);
        assert_string_equal(print(a, r.object), print(a, expected));
    }
    r = reconcile_binding(a, NULL, other, false);
    assert_int_equal(r.op, RECONCILE_CREATE);
}

TEST(who_opts_out_is_told_and_left_alone)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *existing = value_literal(
        a, "{'metadata':{'annotations':{'rbac.authorization.kubernetes.io/autoupdate':'false'}}}");
    Reconciled r = reconcile_role(a, existing, value_literal(a, "{'rules':[" PODS "]}"), false);

    assert_true(r.is_protected);
    assert_int_equal(r.op, RECONCILE_UPDATE);
}
