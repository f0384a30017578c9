#include "api/policyexpr.h"

#include "tests/unit/test.h"

static const struct {
    const char *text;
    PolicyAnswer answer;
    unsigned flags;
    const char *wrong; /* its beginning; NULL: fine */
} rows[] = {
    {"object.x == 1", POLICY_BOOL, 0, NULL},
    {" true ", POLICY_BOOL, 0, NULL},
    {"'x'", POLICY_BOOL, 0, "must evaluate to bool but got string"},
    {"object.x", POLICY_BOOL, 0, "must evaluate to bool but got dyn"},
    {"1", POLICY_STRING, 0, "must evaluate to string but got int"},
    {"null", POLICY_STRING_OR_NULL, 0, NULL},
    {"1", POLICY_STRING_OR_NULL, 0, "must evaluate to one of [string null_type] but got int"},
    {"params.x == 1", POLICY_BOOL, POLICY_HAS_PARAMS, NULL},
    {"params.x == 1", POLICY_BOOL, POLICY_HAS_AUTHORIZER,
     "compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')"},
    {"authorizer.path('/x').check('get').allowed()", POLICY_BOOL, POLICY_HAS_AUTHORIZER, NULL},
    {"authorizer.requestResource.name('x').check('get').reason()", POLICY_STRING,
     POLICY_HAS_AUTHORIZER, NULL},
    {"authorizer.path('/x').check('get').allowed()", POLICY_BOOL, 0,
     "compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer'"},
    {"request.userInfo.groups.exists(g, g == 'a')", POLICY_BOOL, 0, NULL},
    {"request.nope == 1", POLICY_BOOL, 0,
     "compilation failed: ERROR: <input>:1:8: undefined field 'nope'"},
    {"namespaceObject.metadata.labels['a'] == 'b'", POLICY_BOOL, 0, NULL},
    {"Object{metadata: Object.metadata{labels: {'a': 'b'}}}", POLICY_OBJECT_MADE,
     POLICY_MAKES_PATCHES, NULL},
    {"'x'", POLICY_OBJECT_MADE, POLICY_MAKES_PATCHES, "must evaluate to Object but got string"},
    {"[JSONPatch{op: 'add', path: '/a', value: 1}]", POLICY_JSON_PATCHES, POLICY_MAKES_PATCHES,
     NULL},
    {"'x'", POLICY_JSON_PATCHES, POLICY_MAKES_PATCHES,
     "must evaluate to list(JSONPatch) but got string"},
    {"variables.a == 1", POLICY_BOOL, 0, NULL},
    {"has(variables.a)", POLICY_BOOL, 0, NULL},
    {"variables.?a.orValue(2) == 1", POLICY_BOOL, 0, NULL},
    {"has(variables.b)", POLICY_BOOL, 0,
     "compilation failed: ERROR: <input>:1:4: undefined field 'b'"},
    {"variables.?b.hasValue()", POLICY_BOOL, 0,
     "compilation failed: ERROR: <input>:1:10: undefined field 'b'"},
    {"variables.b == 1", POLICY_BOOL, 0,
     "compilation failed: ERROR: <input>:1:10: undefined field 'b'"},
};

TEST(expressions_name_what_they_may_and_answer_what_they_must)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        PolicyEnv *env = policyexpr_env(a, rows[i].flags);
        CelProgram *p;
        const char *wrong;

        assert_null(policyexpr_variable(env, "a", "1", &p));
        wrong = policyexpr_compile(env, rows[i].text, rows[i].answer, &p);
        if (!rows[i].wrong != !wrong || (wrong && !str_starts(wrong, rows[i].wrong)))
            fail_msg("%s: %s", rows[i].text, wrong ? wrong : "fine");
    }
}

/* What was compiled before a variable came runs with what it knew. */
TEST(programs_outlive_the_growth_of_their_environment)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PolicyEnv *env = policyexpr_env(a, 0);
    CelVal vars[POLICY_FIRST_VARIABLE + 100] = {{0}};
    CelProgram *early, *p;
    CelResult r;

    assert_null(policyexpr_compile(env, "[1, 2].all(x, x > 0)", POLICY_BOOL, &early));
    for (int i = 0; i < 100; i++)
        assert_null(policyexpr_variable(env, arena_printf(a, "v%d", i), "1", &p));
    assert_true(cel_eval(early, vars, a, CEL_CALL_COST_LIMIT, &r));
    assert_true(r.value.boolean);
}
