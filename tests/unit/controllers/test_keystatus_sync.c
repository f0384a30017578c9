#include "controllers/keystatus_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

static Value *tenant(Arena *a, const char *spec, const char *status)
{
    return value_literal(
        a, arena_printf(a, "{'metadata':{'name':'acme'},'spec':{%s},'status':{%s}}", spec, status));
}

#define READY                                                                                      \
    "'conditions':[{'type':'Ready','status':'True','reason':'Provisioned',"                        \
    "'lastTransitionTime':'2020-01-01T00:00:00Z'}]"

TEST(a_plan_that_encrypts_other_kinds_is_to_be_settled)
{
    static const struct {
        const char *status, *plan; /* plan NULL: there is none */
        bool is_unsettled;
    } cases[] = {
        {"", "", false},
        {"", NULL, false},
        {"", "'encryptedResources':[]", false},
        {"", "'encryptedResources':['*']", true},
        {"'encryptedResources':['*']", "'encryptedResources':['*']", false},
        {"'encryptedResources':['*']", "'encryptedResources':['configmaps']", true},
        {"'encryptedResources':['*']", "", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *plan = cases[i].plan
                          ? value_literal(a, arena_printf(a, "{'spec':{%s}}", cases[i].plan))
                          : NULL;

        assert_int_equal(keystatus_is_unsettled(tenant(a, "", cases[i].status), plan),
                         cases[i].is_unsettled);
    }
}

TEST(a_key_that_was_always_there_is_not_spoken_of)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = tenant(a, "", READY);
    KeyNews n = keystatus_note(a, t, LISTER_KEY_THERE, 1);

    assert_false(n.is_status_changed);
    assert_null(n.reason);
    assert_null(condition_get(t, "DataKeyAvailable"));
    n = keystatus_note(a, t, LISTER_KEY_PENDING, 1);
    assert_false(n.is_status_changed);
}

TEST(a_withheld_key_says_why_and_what_to_do_and_goes_when_it_is_back)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = tenant(a, "", "'keyProvider':'acme-kms','phase':'Ready'," READY);
    KeyNews n = keystatus_note(a, t, LISTER_KEY_REFUSED, 1);

    assert_true(n.is_status_changed && n.is_warning);
    assert_string_equal(n.reason, "KeyRefused");
    assert_non_null(strstr(n.message, "the key provider \"acme-kms\" refuses"));
    assert_non_null(strstr(n.message, "hpctl keys status acme-kms"));
    assert_true(condition_is(t, "DataKeyAvailable", "False"));
    assert_true(condition_is(t, "Ready", "False"));
    assert_string_equal(value_get_str(condition_get(t, "Ready"), "reason"), "KeyWithheld");
    assert_string_equal(value_at_str(t, "status.phase"), "KeyWithheld");
    n = keystatus_note(a, t, LISTER_KEY_REFUSED, 2); /* nothing new */
    assert_false(n.is_status_changed);
    assert_null(n.reason);
    n = keystatus_note(a, t, LISTER_KEY_UNREACHABLE, 3);
    assert_string_equal(n.reason, "KeyProviderUnreachable");
    n = keystatus_note(a, t, LISTER_KEY_THERE, 4);
    assert_true(n.is_status_changed);
    assert_false(n.is_warning);
    assert_string_equal(n.reason, "KeyAvailable");
    assert_true(condition_is(t, "DataKeyAvailable", "True"));
    assert_true(condition_is(t, "Ready", "True"));
    assert_string_equal(value_at_str(t, "status.phase"), "Ready");
}

TEST(a_suspended_tenant_stays_suspended)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = tenant(a, "'state':'Suspended'",
                      "'phase':'Suspended',"
                      "'conditions':[{'type':'Ready','status':'False','reason':'Suspended'}]");

    assert_true(keystatus_note(a, t, LISTER_KEY_REFUSED, 1).is_status_changed);
    assert_string_equal(value_at_str(t, "status.phase"), "KeyWithheld");
    assert_string_equal(value_get_str(condition_get(t, "Ready"), "reason"), "Suspended");
    assert_true(keystatus_note(a, t, LISTER_KEY_THERE, 1).is_status_changed);
    assert_string_equal(value_get_str(condition_get(t, "Ready"), "reason"), "Suspended");
    assert_string_equal(value_at_str(t, "status.phase"), "Suspended");
}

/* As an earlier release left it. */
TEST(a_phase_that_does_not_say_so_is_set_right)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = tenant(a, "", "'phase':'Ready'," READY);

    assert_true(keystatus_note(a, t, LISTER_KEY_REFUSED, 1).is_status_changed);
    value_set_at(a, t, "status.phase", value_str(a, "Ready"));
    assert_true(keystatus_note(a, t, LISTER_KEY_REFUSED, 2).is_status_changed);
    assert_string_equal(value_at_str(t, "status.phase"), "KeyWithheld");
}
