#include "controllers/tenantmove_sync.h"

#include "client/meta.h"
#include "controllers/podutil.h"
#include "tests/unit/test.h"

TEST(steps_are_read_from_both_answers)
{
    static const struct {
        const char *answer;
        bool goes_on, is_done, is_blocked;
    } cases[] = {
        {"{'kind':'TenantMove','status':{'stage':'Copying','count':90}}", true, false, false},
        {"{'kind':'TenantMove','status':{'stage':'Replacing','count':2}}", false, false, false},
        {"{'kind':'TenantMove','status':{'stage':'Blocked'}}", false, false, true},
        {"{'kind':'TenantMove','status':{'stage':'Done'}}", false, true, false},
        {"{'kind':'Tenant','status':{'move':{'stage':'Clearing'}}}", true, false, false},
        {"{'kind':'Tenant','status':{}}", true, false, false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        MoveStep s = tenantmove_step(value_literal(a, cases[i].answer));

        assert_int_equal(s.goes_on, cases[i].goes_on);
        assert_int_equal(s.is_done, cases[i].is_done);
        assert_int_equal(s.is_blocked, cases[i].is_blocked);
    }
}

TEST(a_tenant_is_looked_at_while_there_is_something_to_do_or_tell)
{
    static const struct {
        const char *tenant;
        bool is_due;
    } cases[] = {
        {"{'spec':{'isolation':'virtual'},'status':{'isolation':'virtual'}}", false},
        {"{'spec':{'isolation':'dedicated'},'status':{'isolation':'virtual'}}", false},
        {"{'spec':{'isolation':'namespace'}}", false}, /* from before there were moves */
        {"{'spec':{'isolation':'namespace'},'status':{'isolation':'virtual'}}", true},
        {"{'spec':{'isolation':'virtual'},'status':{'isolation':'virtual','move':{}}}", true},
        {"{'spec':{},'status':{'conditions':[{'type':'Moved','status':'False'}]}}", true},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(tenantmove_is_due(value_literal(a, cases[i].tenant)), cases[i].is_due);
}

TEST(the_condition_says_how_far_it_is)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *t = value_literal(a, "{'status':{}}");
    MoveStep done = {.stage = "Done", .message = "there", .is_done = true};
    MoveStep blocked = {.stage = "Blocked", .message = "pod a/b", .is_blocked = true};

    assert_false(tenantmove_note(a, t, &done, 0));
    assert_true(tenantmove_note(a, t, &blocked, 0));
    assert_string_equal(value_get_str(condition_get(t, "Moved"), "message"), "pod a/b");
    assert_false(tenantmove_note(a, t, &blocked, 5000000));
    assert_true(tenantmove_note(a, t, &done, 0));
    assert_true(condition_is(t, "Moved", "True"));
}
