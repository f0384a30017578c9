#include "tests/unit/test.h"
#include "vcluster/fieldset.h"

static FieldSet *set_of(Arena *a, const char *json)
{
    FieldSet *s = NULL;

    assert_true(fieldset_parse(a, value_literal(a, json), &s));
    return s;
}

static const char *text_of(Arena *a, const FieldSet *s)
{
    return value_to_str(a, fieldset_print(a, s));
}

TEST(sets_add_up_and_come_apart)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldSet *x = set_of(a, "{'f:data':{'.':{},'f:a':{},'f:b':{}}}");
    FieldSet *y = set_of(a, "{'f:data':{'f:c':{},'f:b':{}}}");

    assert_string_equal(text_of(a, fieldset_minus(a, x, y)), "{\"f:data\":{\".\":{},\"f:a\":{}}}");
    assert_string_equal(text_of(a, fieldset_common(a, x, y)), "{\"f:data\":{\"f:b\":{}}}");
    assert_string_equal(text_of(a, fieldset_union(a, x, y)),
                        "{\"f:data\":{\".\":{},\"f:a\":{},\"f:b\":{},\"f:c\":{}}}");
    assert_true(fieldset_is_empty(fieldset_minus(a, x, x)));
    assert_true(fieldset_equal(x, set_of(a, "{'f:data':{'f:b':{},'f:a':{},'.':{}}}")));
    assert_false(fieldset_equal(x, y));
}

TEST(sets_of_very_different_size_come_apart)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *many = value_object(a);
    FieldSet *x = set_of(a, "{'f:k1':{},'f:k150':{},'f:k9999':{},'f:z':{}}"), *y = NULL;

    for (int i = 0; i < 300; i++)
        value_set(a, many, arena_printf(a, "f:k%d", i), value_object(a));
    assert_true(fieldset_parse(a, many, &y));
    assert_string_equal(text_of(a, fieldset_common(a, x, y)), "{\"f:k1\":{},\"f:k150\":{}}");
    assert_string_equal(text_of(a, fieldset_minus(a, x, y)), "{\"f:k9999\":{},\"f:z\":{}}");
    assert_int_equal(fieldset_minus(a, y, x)->n, 298);
    assert_int_equal(fieldset_common(a, y, x)->n, 2);
    assert_int_equal(fieldset_union(a, x, y)->n, 302);
}

TEST(a_member_is_taken_out_with_what_is_below_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldSet *x = set_of(a, "{'f:spec':{'f:a':{}},'f:status':{'f:b':{'.':{},'f:c':{}}}}");

    assert_string_equal(text_of(a, fieldset_minus_below(a, x, fieldset_of_path(a, "status"))),
                        "{\"f:spec\":{\"f:a\":{}}}");
    assert_string_equal(text_of(a, fieldset_minus(a, x, fieldset_of_path(a, "status.b"))),
                        "{\"f:spec\":{\"f:a\":{}},\"f:status\":{\"f:b\":{\"f:c\":{}}}}");
    assert_true(fieldset_has_path(x, "spec.a"));
    assert_false(fieldset_has_path(x, "spec"));
    assert_false(fieldset_has_path(x, "spec.x"));
}

TEST(numbers_in_keys_are_sorted_as_numbers)
{
    assert_true(fieldset_order("k:{\"port\":80}", "k:{\"port\":443}") < 0);
    assert_true(fieldset_order("k:{\"name\":\"b10\"}", "k:{\"name\":\"b9\"}") < 0);
    assert_true(fieldset_order("f:10", "f:9") < 0);
    assert_true(fieldset_order("f:z", "k:{\"a\":1}") < 0);
    assert_true(fieldset_order("v:5", "v:12") < 0);
    assert_int_equal(fieldset_order("k:{\"port\":80}", "k:{\"port\":80}"), 0);
}

TEST(malformed_fields_are_refused)
{
    static const char *const bad[] = {"[]",         "{'f':{}}",         "{'f:a':5}",
                                      "{'k:x':{}}", "{'k:{}':{}}",      "{'v:':{}}",
                                      "{'i:x':{}}", "{'f:a':{'b':{}}}", "{'x':{}}"};
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldSet *s = NULL;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (fieldset_parse(a, value_literal(a, bad[i]), &s))
            fail_msg("taken: %s", bad[i]);
    /* kinds of path elements that a newer server may write are left out */
    assert_string_equal(text_of(a, set_of(a, "{'z:new':{},'f:a':{}}")), "{\"f:a\":{}}");
}

static void add_line(const char *path, void *data)
{
    buf_addf(data, "%s\n", path);
}

TEST(paths_name_members_before_what_is_below)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF out = BUF_INIT;

    fieldset_each(a,
                  set_of(a,
                         "{'f:a':{'f:b':{}},'f:c':{},'f:l':{'k:{\\\"n\\\":\\\"x\\\",\\\"p\\\":1}':"
                         "{'.':{},'f:q':{}},'v:\\\"s\\\"':{}}}"),
                  add_line, &out);
    assert_string_equal(buf_str(&out), ".c\n.a.b\n.l[n=\"x\",p=1]\n.l[=\"s\"]\n"
                                       ".l[n=\"x\",p=1].q\n");
}
