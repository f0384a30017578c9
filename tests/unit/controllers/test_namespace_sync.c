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
    const char *const errors[] = {"no", "neither"}, *const away[] = {"z.io/v1", "a.io/v2"};
    NamespaceContent c = {.rest = rest, .n_rest = 2, .finalizers = finalizers, .n_finalizers = 2};

    assert_true(namespace_set_conditions(a, ns, &c, 1000000));
    assert_false(namespace_set_conditions(a, ns, &c, 2000000));
    assert_string_equal(message(ns, "NamespaceContentRemaining"),
                        "Some resources are remaining: deployments.apps has 1 resource instances, "
                        "pods. has 2 resource instances");
    assert_string_equal(message(ns, "NamespaceFinalizersRemaining"),
                        "Some content in the namespace has finalizers remaining: a.io/y in 1 "
                        "resource instances, example.com/x in 3 resource instances");
    assert_true(condition_is(ns, "NamespaceDeletionContentFailure", "False"));
    assert_true(condition_is(ns, "NamespaceDeletionDiscoveryFailure", "False"));
    c = (NamespaceContent){.errors = errors, .n_errors = 2, .away = away, .n_away = 2};
    assert_true(namespace_set_conditions(a, ns, &c, 3000000));
    assert_string_equal(message(ns, "NamespaceDeletionContentFailure"),
                        "Failed to delete all resource types, 2 remaining: neither, no");
    assert_string_equal(message(ns, "NamespaceDeletionDiscoveryFailure"),
                        "Discovery failed for some groups, 2 failing: unable to retrieve the "
                        "complete list of server APIs: a.io/v2: stale GroupVersion discovery: "
                        "a.io/v2, z.io/v1: stale GroupVersion discovery: z.io/v1");
    assert_true(condition_is(ns, "NamespaceDeletionContentFailure", "True"));
    assert_true(condition_is(ns, "NamespaceContentRemaining", "False"));
}
