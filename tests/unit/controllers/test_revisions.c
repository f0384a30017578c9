#include "controllers/revisions.h"

#include "tests/unit/test.h"

TEST(a_revision_keeps_the_template)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *owner = value_literal(
        a, "{'kind':'DaemonSet','apiVersion':'apps/v1','metadata':{'name':'d','namespace':'n',"
           "'uid':'u','annotations':{'why':'x'}},'spec':{'template':{'metadata':{'labels':{'app':"
           "'d'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    Value *template = value_at(owner, "spec.template");
    Value *one = revision_of_template(a, owner, "hash", 0, 1);
    Value *two = revision_of_template(a, owner, "hash", 1, 1);

    assert_string_not_equal(meta_name(one), meta_name(two)); /* a collision changes the name */
    assert_string_equal(meta_name(one) + 2, meta_label(one, "hash"));
    assert_string_equal(meta_label(one, "app"), "d");
    assert_string_equal(meta_annotation(one, "why"), "x");
    assert_string_equal(value_at_str(one, "data.spec.template.$patch"), "replace");
    assert_true(meta_is_controlled_by(one, "u"));
    assert_string_equal(
        value_to_str(a, value_get(one, "data")),
        "{\"spec\":{\"template\":{\"$patch\":\"replace\",\"metadata\":{\"labels\":{\"app\":"
        "\"d\"}},\"spec\":{\"containers\":[{\"image\":\"i\",\"name\":\"c\"}]}}}}");
    assert_true(revision_has_template(a, one, template));
    assert_true(value_equal(revision_template(a, one), template));
    value_set_at(a, template, "spec.restartPolicy", value_str(a, "Always"));
    assert_false(revision_has_template(a, one, template));
}
