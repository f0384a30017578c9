#include "controllers/backoff.h"

#include "tests/unit/test.h"

static const int64_t second = 1000000;

TEST(what_is_tried_again_waits_twice_as_long)
{
    static const int64_t waits[] = {1, 2, 4, 8, 10, 10};
    CLEANUP(backoffs_free) Backoffs *b = backoffs_new(second, 10 * second);
    int64_t now = 0;

    assert_int_equal(backoff_left_us(b, "a", now), 0);
    for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
        backoff_tried(b, "a", now);
        assert_int_equal(backoff_left_us(b, "a", now), waits[i] * second);
        assert_int_equal(backoff_left_us(b, "other", now), 0);
        now += waits[i] * second;
        assert_int_equal(backoff_left_us(b, "a", now), 0);
    }
    now += 30 * second; /* it was well for long */
    backoff_tried(b, "a", now);
    assert_int_equal(backoff_left_us(b, "a", now), second);
}
