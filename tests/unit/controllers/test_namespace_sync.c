#include "controllers/namespace_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

static const char *message(const Value *ns, const char *type)
{
    return value_get_str(condition_get(ns, type), "message");
}

TEST(what_is_left_is_told)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *ns = value_literal(a, "{'metadata':{'name':'n'}}");
    const NamespaceRest rest[] = {{"pods.", 2}, {"deployments.apps", 1}};
    const NamespaceFinalizer finalizers[] = {{"example.com/x", 3}, {"a.io/y", 1}};
    NamespaceContent c = {rest, 2, finalizers, 2, NULL};

    assert_true(namespace_set_conditions(a, ns, &c, 1000000));
    assert_false(namespace_set_conditions(a, ns, &c, 2000000));
    assert_string_equal(message(ns, "NamespaceContentRemaining"),
                        "Some resources are remaining: deployments.apps has 1 resource instances, "
                        "pods. has 2 resource instances");
    assert_string_equal(message(ns, "NamespaceFinalizersRemaining"),
                        "Some content in the namespace has finalizers remaining: a.io/y in 1 "
                        "resource instances, example.com/x in 3 resource instances");
    assert_true(condition_is(ns, "NamespaceDeletionContentFailure", "False"));
    c = (NamespaceContent){.delete_error = "no"};
    assert_true(namespace_set_conditions(a, ns, &c, 3000000));
    assert_true(condition_is(ns, "NamespaceDeletionContentFailure", "True"));
    assert_true(condition_is(ns, "NamespaceContentRemaining", "False"));
}
