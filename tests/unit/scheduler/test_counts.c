#include "scheduler/counts.h"

#include "tests/unit/test.h"

enum { MANY = 1000 };

TEST(counts_go_up_and_down_and_a_domain_with_none_is_still_known)
{
    Counts c = {0};

    assert_null(counts_find(&c, 7));
    assert_int_equal(counts_add(&c, 7, 2), 2);
    assert_int_equal(counts_add(&c, 9, 0), 0);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.n_above, 1);
    assert_int_equal(counts_add(&c, 7, -2), 0);
    assert_int_equal(c.n_above, 0);
    assert_non_null(counts_find(&c, 7));
    assert_int_equal(counts_get(&c, -1), 0);
    counts_done(&c);
}

TEST(the_table_grows_and_every_domain_is_met_once)
{
    Counts c = {0};
    int64_t n, sum = 0;
    uint32_t at = 0, met = 0;
    int32_t id;

    for (int32_t i = 0; i < MANY; i++)
        counts_add(&c, i * 64, i);
    for (int32_t i = 0; i < MANY; i++)
        assert_int_equal(counts_get(&c, i * 64), i);
    while (counts_next(&c, &at, &id, &n)) {
        sum += n;
        met++;
    }
    assert_int_equal(met, MANY);
    assert_int_equal(sum, MANY * (MANY - 1) / 2);
    counts_done(&c);
}
