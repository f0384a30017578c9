#include "api/validate_int.h"
#include "tests/unit/test.h"

static const struct {
    const char *type, *was, *now, *want;
} rows[] = {
    {"Toleration", "{'key':'a','operator':'Exists'}", "{'key':'b','operator':'Exists'}",
     "@@ -1,5 +1,5 @@\n {\n-  \"Key\": \"a\",\n+  \"Key\": \"b\",\n   \"Operator\": \"Exists\",\n"
     "   \"Value\": \"\",\n   \"Effect\": \"\",\n"},
    /* two that are far apart; the second is longer by a line */
    {"Capabilities", "{'add':['a','b','c','d','e','f','g','h','i','j','k']}",
     "{'add':['x','b','c','d','e','f','g','h','i','j']}",
     "@@ -1,6 +1,6 @@\n {\n   \"Add\": [\n-    \"a\",\n+    \"x\",\n     \"b\",\n     \"c\",\n"
     "     \"d\",\n@@ -9,8 +9,7 @@\n     \"g\",\n     \"h\",\n     \"i\",\n-    \"j\",\n"
     "-    \"k\"\n+    \"j\"\n   ],\n   \"Drop\": null\n }\n"},
    /* near ones are one */
    {"Capabilities", "{'add':['a','b','c'],'drop':['x']}", "{'add':['b','c'],'drop':['y']}",
     "@@ -1,10 +1,9 @@\n {\n   \"Add\": [\n-    \"a\",\n     \"b\",\n     \"c\"\n   ],\n"
     "   \"Drop\": [\n-    \"x\"\n+    \"y\"\n   ]\n }\n"},
    {"Capabilities", "{}", "{}", ""},
};

TEST(what_changed_is_shown_with_three_lines_around)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        FieldErrs e = {.arena = a};
        const char *type = arena_printf(a, "io.k8s.api.core.v1.%s", rows[i].type);

        assert_string_equal(
            validate__diff(&e, type, value_literal(a, rows[i].was), value_literal(a, rows[i].now)),
            rows[i].want);
    }
}

/* Larger than what is compared line by line: still all of it, and what is alike at both ends is
 * told once. */
TEST(a_large_change_is_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldErrs e = {.arena = a};
    Value *was = value_literal(a, "{'add':['first']}"),
          *now = value_literal(a, "{'add':['first']}");
    const char *text;
    size_t n_less = 0, n_more = 0;

    for (int i = 0; i < 3000; i++) {
        value_append(a, value_get(was, "add"), value_str(a, arena_printf(a, "w%d", i)));
        value_append(a, value_get(now, "add"), value_str(a, arena_printf(a, "n%d", i)));
    }
    text = validate__diff(&e, "io.k8s.api.core.v1.Capabilities", was, now);
    assert_true(str_starts(
        text, "@@ -1,3006 +1,3006 @@\n {\n   \"Add\": [\n     \"first\",\n-    \"w0\",\n"));
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) {
        n_less += p[1] == '-';
        n_more += p[1] == '+';
    }
    assert_int_equal(n_less, 3000);
    assert_int_equal(n_more, 3000);
}
