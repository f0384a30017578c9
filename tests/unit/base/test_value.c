#include "base/value.h"

#include "base/err.h"
#include "tests/unit/test.h"

static const struct {
    const char *text, *want; /* want: compact text, or the error after a '!' */
} parses[] = {
    {"{\"a\": [1, 2.50, -1e400, \"x\\u0041\\n\"], \"b\": null}",
     "{\"a\":[1,2.50,-1e400,\"xA\\n\"],\"b\":null}"},
    {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
    {"\"a\xff\"", "\"a\xef\xbf\xbd\""},
    {"\"<&>\"", "\"\\u003c\\u0026\\u003e\""},
    {"\"\\\"\\\\\\/\\n\\r\\t\\b\\f\"", "\"\\\"\\\\/\\n\\r\\t\\b\\f\""},
    {"\"\\u0000\\u0001a\\u001f\\u007f\"", "\"\\u0000\\u0001a\\u001f\x7f\""},
    {"\"\xe2\x80\xa8-\xe2\x80\xa9-\xe2\x80\xaa\xe2\x82\xac\"",
     "\"\\u2028-\\u2029-\xe2\x80\xaa\xe2\x82\xac\""},
    {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
    {"", "!unexpected end of JSON input"},
    {"{", "!unexpected end of JSON input"},
    {"{a}", "!invalid character 'a' looking for beginning of object key string"},
    {"[1 2]", "!invalid character '2' after array element"},
    {"{\"a\" 1}", "!invalid character '1' after object key"},
    {"{} x", "!invalid character 'x' after top-level value"},
    {"trub", "!invalid character 'b' in literal true (expecting 'e')"},
    {"01", "!invalid character '1' after top-level value"},
    {"1.", "!unexpected end of JSON input"},
    {"\"\\x\"", "!invalid character 'x' in string escape code"},
};

TEST(objects_under_one_key_are_put_together_for_structs)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char text[] = "{\"a\":{\"b\":1,\"c\":{\"d\":1}},\"a\":{\"b\":2,\"c\":{\"e\":2}},"
                               "\"l\":[1],\"l\":[2]}";
    Value *v;

    assert_ok(value_parse_typed(a, SLICE(text), NULL, NULL, &v, NULL));
    assert_string_equal(value_to_str(a, v), "{\"a\":{\"b\":2,\"c\":{\"d\":1,\"e\":2}},\"l\":[2]}");
    assert_ok(value_parse_strict(a, SLICE(text), NULL, NULL, &v, NULL));
    assert_string_equal(value_to_str(a, v), "{\"a\":{\"b\":2,\"c\":{\"e\":2}},\"l\":[2]}");
}

TEST(parse_and_print)
{
    for (size_t i = 0; i < ARRAY_LEN(parses); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v;
        Err err;
        int r = value_parse(a, slice_of(parses[i].text), &v, &err);

        if (parses[i].want[0] == '!') {
            assert_int_equal(r, -ERR_BAD_REQUEST);
            assert_string_equal(err.msg, parses[i].want + 1);
        } else {
            assert_ok(r);
            assert_string_equal(value_to_str(a, v), parses[i].want);
        }
    }
}

TEST(a_text_of_the_callers_own_is_parsed_where_it_stands)
{
    for (size_t i = 0; i < ARRAY_LEN(parses); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *text = arena_strdup(a, parses[i].text);
        Value *v;
        Err err;
        int r = value_parse_own(a, text, strlen(text), &v, &err);

        if (parses[i].want[0] == '!') {
            assert_int_equal(r, -ERR_BAD_REQUEST);
            assert_string_equal(err.msg, parses[i].want + 1);
        } else {
            assert_ok(r);
            assert_string_equal(value_to_str(a, v), parses[i].want);
        }
    }
    {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *text = arena_strdup(a, "{\"name\":\"value\"}");
        Value *v;

        assert_ok(value_parse_own(a, text, strlen(text), &v, NULL));
        assert_ptr_equal(v->members[0].name, text + 2);
        assert_ptr_equal(value_get_str(v, "name"), text + 9);
    }
}

TEST(depth_is_limited)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *v;
    Err err;

    for (int i = 0; i < 10000; i++)
        buf_addc(&b, '[');
    assert_fails(value_parse(a, buf_slice(&b), &v, &err), ERR_BAD_REQUEST);
    assert_string_equal(err.msg, "exceeded max depth");
}

static void on_dup(const char *path, void *data)
{
    snprintf(data, 100, "%s", path);
}

TEST(duplicate_keys_are_reported_with_their_path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char path[100] = "";
    Value *v;

    assert_ok(value_parse_strict(a, SLICE("{\"s\":{\"c\":[{},{\"n\":1,\"n\":2}]}}"), on_dup, path,
                                 &v, NULL));
    assert_string_equal(path, "s.c[1].n");
    assert_int_equal(value_at_int(v, "s.c.1.n", 0), 2);
}

TEST(many_keys_are_found_when_they_come_twice)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    char path[100] = "";
    Value *v;

    buf_addc(&b, '{');
    for (int i = 0; i < 50000; i++)
        buf_addf(&b, "\"k%d\":%d,", i, i);
    buf_adds(&b, "\"k33333\":-1}");
    assert_ok(value_parse_strict(a, buf_slice(&b), on_dup, path, &v, NULL));
    assert_string_equal(path, "k33333");
    assert_int_equal(v->n, 50000);
    assert_int_equal(value_at_int(v, "k33333", 0), -1);
}

TEST(a_member_is_found_by_all_of_its_name)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'ab':1,'':2}");

    assert_non_null(value_getn(v, SLICE("ab")));
    assert_non_null(value_getn(v, SLICE("")));
    assert_null(value_getn(v, SLICE("a")));
    assert_null(value_getn(v, SLICE("abc")));
    assert_null(value_getn(v, SLICE("ab\0\0\0\0\0\0\0\0")));
}

TEST(a_string_is_found_in_an_array)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = value_literal(a, "{'list':['a','',1,['b'],'ab'],'text':'a','none':null}");
    const Value *list = value_get(v, "list");

    assert_true(value_has_str(list, "a") && value_has_str(list, "") && value_has_str(list, "ab"));
    assert_false(value_has_str(list, "1"));
    assert_false(value_has_str(list, "b"));
    assert_false(value_has_str(value_get(v, "text"), "a"));
    assert_false(value_has_str(value_get(v, "none"), "a"));
    assert_false(value_has_str(NULL, "a"));
}

TEST(change_a_tree)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'a':{'b':[1,2]}}");

    value_set_at(a, v, "a.c.d", value_str(a, "x"));
    value_append(a, value_at(v, "a.b"), value_int(a, 3));
    value_remove(value_at(v, "a.b"), 0);
    assert_true(value_del_at(v, "a.c.nothing") == false);
    assert_string_equal(value_to_str(a, v), "{\"a\":{\"b\":[2,3],\"c\":{\"d\":\"x\"}}}");
    assert_true(value_equal(v, value_literal(a, "{'a':{'c':{'d':'x'},'b':[2,3]}}")));
}
