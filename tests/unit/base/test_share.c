#include "base/share.h"
#include "tests/unit/test.h"

static int take_all(Share *s, const char *name)
{
    int n = 0;

    while (share_begin(s, name))
        n++;
    assert_int_equal(share_of(s, name), n);
    assert_false(share_has_room(s, name));
    return n;
}

TEST(nobody_gets_all)
{
    Share s = {.max = 16};

    assert_int_equal(take_all(&s, "a"), 8);
    assert_int_equal(take_all(&s, "b"), 4);
    assert_int_equal(take_all(&s, "c"), 2);
    assert_int_equal(take_all(&s, "d"), 1);
    assert_int_equal(s.n, 15);
    assert_int_equal(take_all(&s, "e"), 1); /* the last one */
    assert_int_equal(take_all(&s, "f"), 0);
    share_done(&s);
}

TEST(what_is_given_back_is_there_for_others)
{
    Share s = {.max = 4};

    assert_true(share_begin(&s, "a"));
    assert_true(share_begin(&s, "a"));
    assert_false(share_begin(&s, "a"));
    share_end(&s, "a");
    assert_true(share_begin(&s, "b"));
    assert_int_equal(share_of(&s, "a"), 1);
    share_end(&s, "a");
    share_end(&s, "b");
    assert_int_equal(s.n, 0);
    assert_int_equal(s.own.n, 0);
    assert_true(share_begin(&s, "a"));
    share_end(&s, "a");
    share_done(&s);
}
