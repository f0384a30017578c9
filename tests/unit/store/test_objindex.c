#include "store/objindex.h"

#include "base/mem.h"
#include "tests/unit/test.h"

static Obj *make(const char *ns, const char *name)
{
    AUTO_FREE char *text =
        xasprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}}", name, ns);
    Obj *o = NULL;

    assert_ok(obj_new(slice_of(text), 1, &o, NULL));
    return o;
}

static void check_order(const ObjIndex *ix)
{
    ObjPos pos = objindex_seek(ix, "", "", false);
    Obj *prev = NULL, *o;
    size_t n = 0;

    for (; (o = objindex_next(ix, &pos)) != NULL; prev = o, n++) {
        int r = prev ? strcmp(prev->ns, o->ns) : -1;

        assert_true(r < 0 || (r == 0 && strcmp(prev->name, o->name) < 0));
    }
    assert_int_equal(n, ix->n);
}

TEST(objects_stay_in_order_of_namespace_and_name)
{
    ObjIndex ix = {0};
    unsigned seed = 7;
    char ns[8], name[16];

    for (int i = 0; i < 5000; i++) {
        seed = seed * 1103515245 + 12345;
        snprintf(ns, sizeof(ns), "n%u", (seed >> 16) % 5);
        snprintf(name, sizeof(name), "o%u", (seed >> 8) % 2000);
        if (i % 3 == 2)
            obj_unref(objindex_del(&ix, ns, name));
        else
            obj_unref(objindex_put(&ix, make(ns, name)));
    }
    check_order(&ix);
    for (int i = 0; i < 2000; i++) {
        for (int k = 0; k < 5; k++) {
            snprintf(ns, sizeof(ns), "n%d", k);
            snprintf(name, sizeof(name), "o%d", i);
            obj_unref(objindex_del(&ix, ns, name));
        }
    }
    assert_int_equal(ix.n, 0);
    objindex_done(&ix);
}

TEST(putting_in_order_and_replacing)
{
    ObjIndex ix = {0};
    char name[16];
    Obj *o;

    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof(name), "o%05d", i);
        assert_null(objindex_put(&ix, make("ns", name)));
    }
    check_order(&ix);
    o = objindex_put(&ix, make("ns", "o00100"));
    assert_non_null(o);
    obj_unref(o);
    assert_int_equal(ix.n, 3000);
    assert_string_equal(objindex_get(&ix, "ns", "o02999")->name, "o02999");
    assert_null(objindex_get(&ix, "ns", "o03000"));
    assert_null(objindex_get(&ix, "nr", "o00001"));
    objindex_done(&ix);
}

/* Repeats `what`, so that keys are alike for less, as long and longer than what a chunk keeps of
 * them. */
static char *long_text(const char *what, size_t n, const char *end)
{
    AUTO_BUF b = BUF_INIT;

    while (b.len < n)
        buf_adds(&b, what);
    buf_truncate(&b, n);
    buf_adds(&b, end);
    return buf_take(&b);
}

TEST(keys_are_told_apart_wherever_they_differ)
{
    static const char *const ends[] = {"",  "a",        "a-a",       "aa", "b",
                                       "-", "aaaaaaaa", "aaaaaaaab", "z"};
    static const size_t lens[] = {1, 2, 7, 8, 20, 38, 39, 40, 41, 46, 47, 48, 49, 50, 100, 240};
    enum { N = ARRAY_LEN(ends) * ARRAY_LEN(lens) };
    ObjIndex ix = {0};
    char *texts[N];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(lens); i++)
        for (size_t k = 0; k < ARRAY_LEN(ends); k++)
            texts[n++] = long_text("a", lens[i], ends[k]);
    /* every text is a name in a short namespace, and a namespace with a short name */
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < N; i++) {
            const char *t = texts[(i * 59) % N]; /* in no order, some twice */

            obj_unref(objindex_put(&ix, make("ns", t)));
            obj_unref(objindex_put(&ix, make(t, "o")));
            assert_non_null(objindex_get(&ix, "ns", t));
            assert_non_null(objindex_get(&ix, t, "o"));
            assert_null(objindex_get(&ix, t, "p"));
            assert_null(objindex_get(&ix, "nr", t));
        }
        check_order(&ix);
        for (size_t i = 0; i < N; i++) {
            const Obj *o;

            assert_non_null(o = objindex_get(&ix, "ns", texts[i]));
            assert_string_equal(o->name, texts[i]);
            assert_non_null(o = objindex_get(&ix, texts[i], "o"));
            assert_string_equal(o->ns, texts[i]);
        }
        for (size_t i = 0; i < N; i += round == 0 ? 2 : 1) {
            obj_unref(objindex_del(&ix, "ns", texts[i]));
            assert_null(objindex_get(&ix, "ns", texts[i]));
            obj_unref(objindex_del(&ix, texts[i], "o"));
            assert_null(objindex_get(&ix, texts[i], "o"));
        }
        check_order(&ix);
    }
    assert_int_equal(ix.n, 0);
    for (size_t i = 0; i < N; i++)
        free(texts[i]);
    objindex_done(&ix);
}

TEST(seeking_starts_at_or_behind_a_key)
{
    static const struct {
        const char *ns, *name;
        bool is_after;
        const char *first;
    } cases[] = {
        {"", "", false, "a"},  {"a", "", false, "a"},  {"a", "b", false, "b"},
        {"a", "b", true, "c"}, {"a", "bb", true, "c"}, {"a", "c", true, "d"},
        {"b", "", false, "d"}, {"c", "", false, NULL}, {"b", "d", true, NULL},
    };
    ObjIndex ix = {0};
    ObjPos pos;

    (void)objindex_put(&ix, make("a", "a"));
    (void)objindex_put(&ix, make("a", "b"));
    (void)objindex_put(&ix, make("a", "c"));
    (void)objindex_put(&ix, make("b", "d"));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Obj *o;

        pos = objindex_seek(&ix, cases[i].ns, cases[i].name, cases[i].is_after);
        o = objindex_next(&ix, &pos);
        if (!cases[i].first)
            assert_null(o);
        else
            assert_string_equal(o->name, cases[i].first);
    }
    objindex_done(&ix);
}

TEST(objects_of_a_namespace_are_counted)
{
    static const int counts[] = {0, 1, 127, 128, 129, 1000};
    ObjIndex ix = {0};
    char ns[8], name[16];

    assert_int_equal(objindex_count(&ix, "n0"), 0);
    for (size_t k = 0; k < ARRAY_LEN(counts); k++) {
        for (int i = 0; i < counts[k]; i++) {
            snprintf(ns, sizeof(ns), "n%zu", k);
            snprintf(name, sizeof(name), "%d", i);
            obj_unref(objindex_put(&ix, make(ns, name)));
        }
    }
    for (size_t k = 0; k < ARRAY_LEN(counts); k++) {
        snprintf(ns, sizeof(ns), "n%zu", k);
        assert_int_equal(objindex_count(&ix, ns), counts[k]);
    }
    assert_int_equal(objindex_count(&ix, "m"), 0);
    assert_int_equal(objindex_count(&ix, "z"), 0);
    objindex_done(&ix);
}

/* What a share shows: the number of objects, all with the text that says `what`. */
static void check_share(const ObjIndex *share, size_t n, const char *ns)
{
    ObjPos pos = objindex_seek(share, "", "", false);
    const Obj *o;
    size_t seen = 0;

    for (; (o = objindex_next(share, &pos)) != NULL; seen++) {
        assert_string_equal(o->ns, ns);
        assert_int_equal(o->revision, 1);
    }
    assert_int_equal(seen, n);
    check_order(share);
}

TEST(a_share_stays_as_it_was)
{
    ObjIndex ix = {0}, first, second, none;
    char name[16];

    objindex_share(&ix, &none);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "o%05d", i);
        assert_null(objindex_put(&ix, make("ns", name)));
    }
    objindex_share(&ix, &first);
    for (int i = 0; i < 1000; i += 2) {
        snprintf(name, sizeof(name), "o%05d", i);
        obj_unref(objindex_del(&ix, "ns", name));
    }
    objindex_share(&ix, &second);
    for (int i = 0; i < 1000; i++) {
        Obj *o;

        snprintf(name, sizeof(name), "o%05d", i);
        o = make("ns", name);
        o->revision = 2;
        obj_unref(objindex_put(&ix, o));
        snprintf(name, sizeof(name), "p%05d", i);
        obj_unref(objindex_put(&ix, make("ns", name)));
    }
    assert_int_equal(ix.n, 2000);
    check_order(&ix);
    check_share(&none, 0, "ns");
    check_share(&first, 1000, "ns");
    check_share(&second, 500, "ns");
    objindex_done(&first);
    objindex_done(&ix); /* in any order */
    check_share(&second, 500, "ns");
    objindex_done(&second);
    objindex_done(&none);
}

TEST(a_change_copies_no_more_than_one_chunk_that_is_shared)
{
    ObjIndex ix = {0}, share;
    char name[16];
    size_t once;

    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "o%05d", i);
        assert_null(objindex_put(&ix, make("ns", name)));
    }
    assert_int_equal(ix.copied, 0);
    objindex_share(&ix, &share);
    obj_unref(objindex_put(&ix, make("ns", "o00003")));
    once = ix.copied;
    assert_true(once > 0 && once <= 128 * (sizeof(Obj *) + sizeof(uint64_t)) + 128);
    obj_unref(objindex_put(&ix, make("ns", "o00004"))); /* it is our own now */
    assert_int_equal(ix.copied, once);
    objindex_done(&share);
    obj_unref(objindex_put(&ix, make("ns", "o00900"))); /* as all are */
    assert_int_equal(ix.copied, once);
    objindex_done(&ix);
}

TEST(another_form_of_an_object_takes_its_place_in_shares_too)
{
    ObjIndex ix = {0}, share;
    Obj *old = make("ns", "b"), *fresh = make("ns", "b"), *other = make("ns", "c");

    assert_null(objindex_put(&ix, make("ns", "a")));
    assert_null(objindex_put(&ix, old));
    objindex_share(&ix, &share);
    assert_false(objindex_swap(&ix, other, fresh));
    assert_true(objindex_swap(&ix, old, fresh));
    assert_false(objindex_swap(&ix, old, fresh));
    assert_ptr_equal(objindex_get(&ix, "ns", "b"), fresh);
    assert_ptr_equal(objindex_get(&share, "ns", "b"), fresh);
    assert_int_equal(ix.copied, 0);
    obj_unref(old);
    obj_unref(other);
    objindex_done(&share);
    objindex_done(&ix);
}
