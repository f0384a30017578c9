#include "controllers/expect.h"

#include "base/slice.h"
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

TEST(a_cluster_that_is_gone_waits_for_nothing)
{
    CLEANUP(expect_free) Expectations *e = expect_new();
    const WorkKey keys[] = {
        {1, "c", "n", "x"}, {2, "c", "n", "y"}, {1, "cc", "n", "x"}, {1, "d", "c", "c"}};

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        expect_creations(e, &keys[i], 1, 0);
        expect_deletion(e, &keys[i], "u", 0);
    }
    expect_drop_cluster(e, "c");
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_true(expect_is_met(e, &keys[i], 0) == str_eq(keys[i].cluster, "c"));
}
