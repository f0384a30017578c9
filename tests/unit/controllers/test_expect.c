#include "controllers/expect.h"

#include "tests/unit/test.h"

TEST(nothing_is_done_before_the_last_is_seen)
{
    CLEANUP(expect_free) Expectations *e = expect_new();
    const WorkKey k = {1, "c", "n", "x"}, other = {2, "c", "n", "x"};

    assert_true(expect_is_met(e, &k, 0));
    expect_creations(e, &k, 2, 0);
    expect_deletion(e, &k, "u", 0);
    assert_true(expect_is_met(e, &other, 0));
    expect_saw_creation(e, &k);
    expect_saw_deletion(e, &k, "u");
    expect_saw_deletion(e, &k, "u");
    assert_false(expect_is_met(e, &k, 0));
    expect_saw_creation(e, &k);
    assert_true(expect_is_met(e, &k, 0));
}

TEST(what_is_never_seen_is_given_up)
{
    CLEANUP(expect_free) Expectations *e = expect_new();
    const WorkKey k = {1, "c", "n", "x"};

    expect_creations(e, &k, 1, 0);
    assert_false(expect_is_met(e, &k, 299000000));
    assert_true(expect_is_met(e, &k, 301000000));
}
