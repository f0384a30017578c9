#include "api/nodeoverlay.h"

#include "tests/unit/test.h"

#define NODE_WITH(capacity, allocatable)                                                           \
    "{'metadata':{'name':'n','labels':{'a':'1','b':'2'}},'spec':{'taints':[{'key':'host',"         \
    "'effect':'NoSchedule'}]},'status':{'capacity':{'cpu':'4','example.com/x':" capacity           \
    "},'allocatable':{'cpu':'4','example.com/x':" allocatable "}}}"

/* A change of a tenant's, as an overlay, makes the same node again. */
TEST(an_overlay_says_what_was_changed)
{
    static const char *const host =
        "{'metadata':{'name':'n','labels':{'a':'1','b':'2'}},'spec':{'taints':[{'key':'host',"
        "'effect':'NoSchedule'}]},'status':{'capacity':{'cpu':'4'},'allocatable':{'cpu':'4'}}}";
    static const struct {
        const char *wanted, *overlay;
    } rows[] = {
        {"{'metadata':{'name':'n','labels':{'a':'1','c':'3'}},'spec':{'taints':[{'key':'host',"
         "'effect':'NoSchedule'}]},'status':{'capacity':{'cpu':'4'},'allocatable':{'cpu':'4'}}}",
         "{'labels':{'c':'3','b':null},'metadata':{'name':'n'}}"},
        {"{'metadata':{'name':'n','labels':{'a':'1','b':'2'}},'spec':{'taints':[{'key':'host',"
         "'effect':'NoSchedule'},{'key':'own','value':'v','effect':'NoExecute'}],'unschedulable':"
         "true},'status':{'capacity':{'cpu':'4'},'allocatable':{'cpu':'4'}}}",
         "{'taints':[{'key':'own','value':'v','effect':'NoExecute'}],'unschedulable':true,"
         "'metadata':{'name':'n'}}"},
        {NODE_WITH("'5'", "'5'"), "{'capacity':{'example.com/x':'5'},'metadata':{'name':'n'}}"},
        {NODE_WITH("'5'", "'3'"),
         "{'capacity':{'example.com/x':'5'},'allocatable':{'example.com/x':'3'},'metadata':{"
         "'name':'n'}}"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_literal(a, host), *wanted = value_literal(a, rows[i].wanted);
        Value *overlay = node_overlay_of(a, node, wanted);

        if (!value_equal(overlay, value_literal(a, rows[i].overlay)))
            fail_msg("row %zu: %s", i, value_to_str(a, overlay));
        node_overlay_apply(a, node, overlay);
        if (!value_equal(node, wanted))
            fail_msg("row %zu: %s", i, value_to_str(a, node));
    }
}

TEST(what_the_host_says_stays)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(a, "{'metadata':{'name':'n'},'spec':{'taints':[{'key':'host',"
                                   "'effect':'NoSchedule'}],'unschedulable':true},'status':{"
                                   "'capacity':{'cpu':'4'}}}");
    Value *wanted = value_literal(a, "{'metadata':{'name':'n'},'spec':{},'status':{'capacity':{"
                                     "'cpu':'400'}}}");

    assert_null(node_overlay_of(a, node, wanted));
}

TEST(what_a_node_holds_can_be_given_away)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(
        a, "{'metadata':{'name':'n'},'status':{'capacity':{'cpu':'4'},'allocatable':{'cpu':'4'}}}");
    Value *wanted = value_literal(a, "{'metadata':{'name':'n'},'status':{'capacity':{'cpu':'4',"
                                     "'example.com/x':'5'},'allocatable':{'cpu':'4','a.b/lost':'1'"
                                     "}}}");

    node_overlay_apply(a, node, node_overlay_of(a, node, wanted));
    assert_string_equal(value_get_str(value_at(node, "status.allocatable"), "example.com/x"), "5");
    assert_null(value_get(value_at(node, "status.allocatable"), "a.b/lost"));
}
