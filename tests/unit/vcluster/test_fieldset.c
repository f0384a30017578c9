#include "tests/unit/test.h"
#include "vcluster/fieldset.h"

static const char *diff(Arena *a, const char *from, const char *to, bool removed)
{
    const Type *t = type_find("io.k8s.api.core.v1.Pod");
    FieldDiff d = fieldset_compare(a, t, value_literal(a, from), value_literal(a, to));
    const Value *v = removed ? d.removed : d.changed;

    return v ? value_to_str(a, v) : "";
}

TEST(comparison_names_what_differs)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *from, *to, *changed, *removed;
    } cases[] = {
        {"{'metadata':{}}", "{'metadata':{'labels':{'a':'b'}}}",
         "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}}}", ""},
        {"{'metadata':{'labels':{'a':'b'}}}", "{'metadata':{'labels':{'a':'c'}}}",
         "{\"f:metadata\":{\"f:labels\":{\"f:a\":{}}}}", ""},
        {"{'metadata':{'labels':{'a':'b'}}}", "{'metadata':{}}", "",
         "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}}}"},
        {"{'spec':{'containers':null}}", "{'spec':{'containers':[{'name':'c','image':'i'}]}}",
         "{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:name\":{},"
         "\"f:image\":{}}}}}",
         ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(diff(a, cases[i].from, cases[i].to, false), cases[i].changed);
        assert_string_equal(diff(a, cases[i].from, cases[i].to, true), cases[i].removed);
    }
}

TEST(sets_add_up_and_come_apart)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *x = value_literal(a, "{'f:data':{'.':{},'f:a':{},'f:b':{}}}");
    Value *y = value_literal(a, "{'f:data':{'f:b':{},'f:c':{}}}");

    assert_string_equal(value_to_str(a, fieldset_minus(a, x, y)),
                        "{\"f:data\":{\".\":{},\"f:a\":{}}}");
    assert_string_equal(value_to_str(a, fieldset_common(a, x, y)), "{\"f:data\":{\"f:b\":{}}}");
    assert_string_equal(value_to_str(a, fieldset_union(a, x, y)),
                        "{\"f:data\":{\".\":{},\"f:a\":{},\"f:b\":{},\"f:c\":{}}}");
    assert_null(fieldset_minus(a, x, x));
    /* whoever holds data.a keeps data: letting go of data itself must not empty it */
    y = value_literal(a, "{'f:data':{'f:a':{},'f:b':{}}}");
    assert_null(fieldset_minus(a, x, fieldset_with_parents(a, y)));
}
