#include "controllers/job_index.h"

#include "tests/unit/test.h"

TEST(sets_of_indexes_keep_the_form_of_the_status)
{
    const struct {
        const char *text;
        int64_t completions;
        int64_t more[4];
        size_t n;
        const char *want;
        int64_t total;
    } rows[] = {
        {NULL, 10, {0}, 0, "", 0},
        {"", 10, {3}, 1, "3", 1},
        {"1,3-5,7", 10, {0}, 0, "1,3-5,7", 5},
        {"1,3-5,7", 5, {0}, 0, "1,3,4", 3},
        {"0", 10, {1}, 1, "0,1", 2},
        {"0,1", 10, {2}, 1, "0-2", 3},
        {"1,3", 10, {2, 2}, 2, "1-3", 3},
        {"5-7", 10, {9, 0, 4}, 3, "0,4-7,9", 6},
        {"0-2000000000", INT32_MAX, {5}, 1, "0-2000000000", 2000000001},
        {"2,1", 10, {0}, 0, "2", 1},     /* out of order: ends there */
        {"1,x,3", 10, {0}, 0, "1,3", 2}, /* no number: left out */
        {"0-x,2-3-4,5", 10, {0}, 0, "5", 1},
        {"4-2", 10, {0}, 0, "", 0}, /* upside down */
        {"-1", 10, {0}, 0, "", 0},
        {"3-4,4-6", 10, {0}, 0, "3,4", 2}, /* overlap */
        {"12", 10, {0}, 0, "", 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        JobIndexes x = job_indexes_parse(a, rows[i].text, rows[i].completions);
        JobIndexes y = job_indexes_with(a, &x, rows[i].more, rows[i].n);

        assert_string_equal(job_indexes_text(a, &y), rows[i].want);
        assert_int_equal(job_indexes_total(&y), rows[i].total);
    }
}

TEST(membership_gaps_and_intersections)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    JobIndexes x = job_indexes_parse(a, "1,3-5,7", 10), y = job_indexes_parse(a, "0-3,5,9", 10);
    static const bool in[] = {0, 1, 0, 1, 1, 1, 0, 1, 0};
    static const int64_t gap[] = {0, 2, 2, 6, 6, 6, 6, 8, 8};

    for (int64_t i = 0; i < (int64_t)ARRAY_LEN(in); i++) {
        assert_int_equal(job_indexes_have(&x, i), in[i]);
        assert_int_equal(job_indexes_gap(&x, i), gap[i]);
    }
    assert_int_equal(job_indexes_common(&x, &y), 3);
    assert_int_equal(job_indexes_common(&y, &x), 3);
}
