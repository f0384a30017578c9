#include "tests/unit/test.h"

#include "api/obj.h"
#include "base/err.h"
#include "base/wipe.h"

static const char pod[] =
    "{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"u-1\",\"deletionTimestamp\":"
    "\"2026-01-02T03:04:05Z\",\"labels\":{\"app\":\"x\",\"q\\\"t\":\"\\u00e9\\n\"},"
    "\"ownerReferences\":[{\"kind\":\"R\",\"uid\":\"o1\",\"controller\":true},{\"uid\":\"o2\"}],"
    "\"finalizers\":[\"f\"],\"annotations\":{\"name\":\"{]\"}},\"spec\":{\"list\":[{\"nodeName\":"
    "\"no\"}],\"nodeName\":\"n1\",\"esc\":\"a\\tb\",\"n\":5},\"status\":{\"phase\":\"Running\"}}";

TEST(fields_come_out_of_the_text)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    Err err;

    assert_ok(obj_new(slice_of(pod), 7, &o, &err));
    assert_string_equal(o->name, "a");
    assert_string_equal(o->ns, "n");
    assert_string_equal(o->uid, "u-1");
    assert_int_equal(o->deleted_us, 1767323045000000);
    assert_true(o->has_finalizers);
    assert_int_equal(o->n_labels, 2);
    assert_string_equal(obj_label(o, "app"), "x");
    assert_string_equal(obj_label(o, "q\"t"), "\xc3\xa9\n");
    assert_null(obj_label(o, "none"));
    assert_int_equal(o->n_owners, 2);
    assert_string_equal(o->owners[0].uid, "o1");
    assert_true(o->owners[0].is_controller);
    assert_string_equal(o->owners[1].uid, "o2");
    assert_false(o->owners[1].is_controller);
    assert_string_equal(o->text, pod);
}

/* Made by a thread that wipes, and so all that is made of it. */
TEST(a_secret_object_is_overwritten_when_it_goes_and_another_is_not)
{
    for (int is_on = 0; is_on < 2; is_on++) {
        Obj *o = NULL, *again;
        bool before = wipe_set(is_on != 0);
        volatile uintptr_t at;
        size_t n;

        assert_ok(obj_new(slice_of(pod), 7, &o, NULL));
        wipe_set(before);
        assert_int_equal(o->is_secret, is_on);
        again = obj_with_revision(o, 8);
        assert_int_equal(again->is_secret, is_on);
        assert_false(wipe_is_on());
        at = (uintptr_t)o;
        n = o->size;
        obj_unref(o);
#ifndef ARENA_DEBUG /* else nobody may look at what was freed */
        assert_int_equal(memmem((const void *)at, n, "2026-01-02T03", 13) == NULL, is_on);
#else
        (void)at;
        (void)n;
#endif
        obj_unref(again);
    }
}

TEST(scan_finds_strings_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *o = NULL;
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"spec.nodeName", "n1"},
        {"status.phase", "Running"},
        {"spec.esc", "a\tb"},
        {"spec.n", NULL},
        {"spec", NULL},
        {"spec.none", NULL},
        {"spec.n.x", NULL},
        {"metadata.name", "a"},
        {"metadata.labels.app", "x"},
        {"none.x", NULL},
        {"spec.list.nodeName", NULL},
    };
    Err err;

    assert_ok(obj_new(slice_of(pod), 7, &o, &err));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *got = NULL;

        assert_int_equal(obj_scan_str(o, rows[i].path, a, &got), rows[i].want != NULL);
        if (rows[i].want)
            assert_string_equal(got, rows[i].want);
    }
}

TEST(members_are_compared_by_their_text)
{
    static const struct {
        const char *x, *y, *member;
        bool is_same;
    } rows[] = {
        {"{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":[1,\"}\"]},\"status\":{}}",
         "{\"metadata\":{\"name\":\"a\",\"uid\":\"u\"},\"spec\":{\"b\":[1,\"}\"]}}", "spec", true},
        {"{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":1}}",
         "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":2}}", "spec", false},
        {"{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":1}}",
         "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":1,\"c\":2}}", "spec", false},
        {"{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":1}}",
         "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":1}}", "status", true},
        {"{\"metadata\":{\"name\":\"a\"},\"spec\":{}}", "{\"metadata\":{\"name\":\"a\"}}", "spec",
         false},
        {"{\"metadata\":{\"name\":\"a\",\"spec\":1},\"spec\":{}}",
         "{\"metadata\":{\"name\":\"a\",\"spec\":2},\"spec\":{}}", "spec", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(obj_unref) Obj *x = NULL, *y = NULL;

        assert_ok(obj_new(slice_of(rows[i].x), 1, &x, NULL));
        assert_ok(obj_new(slice_of(rows[i].y), 2, &y, NULL));
        assert_int_equal(obj_same_text_of(x, y, rows[i].member), rows[i].is_same);
        assert_int_equal(obj_same_text_of(y, x, rows[i].member), rows[i].is_same);
    }
}

TEST(write_splices_what_is_not_stored)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *o = NULL, *later = NULL;
    AUTO_BUF b = BUF_INIT;
    Err err;
    Value *v;

    v = value_literal(a, "{'kind':'X','apiVersion':'g/v1','spec':{},'metadata':{'name':'a',"
                         "'resourceVersion':'3','uid':'u'}}");
    assert_ok(obj_from_value(v, 4, &o, &err));
    assert_string_equal(o->text, "{\"metadata\":{\"name\":\"a\",\"uid\":\"u\"},\"spec\":{}}");
    obj_write(o, "X", "g/v1", &b);
    assert_string_equal(buf_str(&b), "{\"kind\":\"X\",\"apiVersion\":\"g/v1\",\"metadata\":{"
                                     "\"resourceVersion\":\"4\",\"name\":\"a\",\"uid\":\"u\"},"
                                     "\"spec\":{}}");
    later = obj_with_revision(o, 9);
    assert_int_equal(later->revision, 9);
    v = obj_to_value(a, later, NULL, NULL);
    assert_string_equal(value_at_str(v, "metadata.resourceVersion"), "9");
    assert_null(value_get(v, "kind"));
}

TEST(who_alone_holds_an_object_without_revision_stamps_it_itself)
{
    CLEANUP(obj_unref) Obj *o = NULL, *first = NULL, *second = NULL, *shared = NULL, *third = NULL;
    Err err;

    assert_ok(obj_new(SLICE("{\"metadata\":{\"name\":\"a\"}}"), 0, &o, &err));
    first = obj_stamp(o, 7);
    assert_ptr_equal(first, o);
    second = obj_stamp(o, 8); /* it has one already */
    assert_ptr_not_equal(second, o);
    assert_int_equal(o->revision, 7);
    assert_int_equal(second->revision, 8);
    obj_unref(TAKE(o));
    assert_ok(obj_new(SLICE("{\"metadata\":{\"name\":\"a\"}}"), 0, &o, &err));
    shared = obj_ref(o);
    third = obj_stamp(o, 9); /* somebody else may be reading it */
    assert_ptr_not_equal(third, o);
    assert_int_equal(o->revision, 0);
    assert_int_equal(third->revision, 9);
}

TEST(text_without_a_name_is_refused)
{
    static const char *const rows[] = {
        "",
        "{}",
        "{\"metadata\":{}}",
        "{\"metadata\":{\"name\":\"\"}}",
        "{\"metadata\":{\"name\":\"a",
        "{\"metadata\":{\"labels\":{\"a\"",
        "{\"metadata\":{\"ownerReferences\":[",
        "{\"spec\":{},\"metadata\":{\"name\":\"a\"}}",
    };
    Obj *o;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(obj_new(slice_of(rows[i]), 1, &o, &err), ERR_INVALID);
}

TEST(a_shell_has_everything_but_the_text)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    CLEANUP(obj_unref) Obj *shell = NULL;
    CLEANUP(obj_unref) Obj *back = NULL;
    char *text;

    assert_ok(obj_new(slice_of(pod), 7, &o, NULL));
    shell = obj_shell(o, SLICE("short"));
    assert_null(shell->text);
    assert_true(shell->size < o->size);
    assert_true(slice_is(obj_packed(shell), "short"));
    back = obj_from_shell(shell, &text);
    memcpy(text, pod, sizeof(pod) - 1);
    assert_int_equal(back->size, o->size);
    obj_unref(o);
    o = NULL; /* nothing points into it */
    for (int i = 0; i < 2; i++) {
        const Obj *at = i == 0 ? shell : back;

        assert_string_equal(at->name, "a");
        assert_string_equal(at->ns, "n");
        assert_string_equal(at->uid, "u-1");
        assert_int_equal(at->revision, 7);
        assert_int_equal(at->text_len, sizeof(pod) - 1);
        assert_int_equal(at->deleted_us, 1767323045000000);
        assert_true(at->has_finalizers);
        assert_string_equal(obj_label(at, "app"), "x");
        assert_string_equal(obj_label(at, "q\"t"), "\xc3\xa9\n");
        assert_string_equal(obj_controller_uid(at), "o1");
        assert_string_equal(at->owners[1].uid, "o2");
    }
    assert_string_equal(back->text, pod);
}
