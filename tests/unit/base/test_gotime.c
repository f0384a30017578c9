#include "tests/unit/test.h"

#include "base/gotime.h"

TEST(durations_as_go_prints_them)
{
    static const struct {
        const char *text, *want; /* NULL: refused */
    } rows[] = {
        {"1h30m", "1h30m0s"}, {"90s", "1m30s"},      {"1.5s", "1.5s"},   {"0", "0s"},
        {"-2ms", "-2ms"},     {"1500us", "1.5ms"},   {"100ns", "100ns"}, {"24h", "24h0m0s"},
        {"", NULL},           {"5", NULL},           {"1x", NULL},       {"1..5s", NULL},
        {"h", NULL},          {"9999999999h", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        int64_t ns = 0;
        const char *msg = goduration_parse(a, slice_of(rows[i].text), &ns);

        assert_int_equal(msg == NULL, rows[i].want != NULL);
        if (!msg)
            assert_string_equal(goduration_print(a, ns), rows[i].want);
    }
}

TEST(durations_and_their_mistakes)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "time: invalid duration \"\""},
        {"-", "time: invalid duration \"-\""},
        {"x", "time: invalid duration \"x\""},
        {".s", "time: invalid duration \".s\""},
        {"5", "time: missing unit in duration \"5\""},
        {"1.2.3s", "time: missing unit in duration \"1.2.3s\""},
        {"1x", "time: unknown unit \"x\" in duration \"1x\""},
        {"1h2\"d", "time: unknown unit \"\\\"d\" in duration \"1h2\\\"d\""},
        {"3\xc3\xa9", "time: unknown unit \"\\xc3\\xa9\" in duration \"3\\xc3\\xa9\""},
        {"9999999999h", "time: invalid duration \"9999999999h\""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        int64_t ns = 0;

        assert_string_equal(goduration_parse(a, slice_of(rows[i].text), &ns), rows[i].want);
    }
}

TEST(times_and_their_mistakes)
{
    static const struct {
        const char *text, *want; /* NULL: fine */
        bool is_micro;
    } rows[] = {
        {"2024-02-29T23:59:59Z", NULL, false},
        {"2024-02-29T23:59:59.5+02:00", NULL, false},
        {"2001-02-03T04:05:06.789012Z", NULL, true},
        {"2023-02-29T00:00:00Z", "parsing time \"2023-02-29T00:00:00Z\": day out of range", false},
        {"2023-13-01T00:00:00Z", "parsing time \"2023-13-01T00:00:00Z\": month out of range",
         false},
        {"2023-01-01T00:00:00",
         "parsing time \"2023-01-01T00:00:00\" as \"2006-01-02T15:04:05Z07:00\": "
         "cannot parse \"\" as \"Z07:00\"",
         false},
        {"2023-01-01T00:00:00Zx", "parsing time \"2023-01-01T00:00:00Zx\": extra text: \"x\"",
         false},
        {"", "parsing time \"\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"2006\"",
         false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        int64_t us;
        bool zero;
        const char *msg = gotime_parse(a, slice_of(rows[i].text), rows[i].is_micro, &us, &zero);

        if (rows[i].want)
            assert_string_equal(msg, rows[i].want);
        else
            assert_null(msg);
    }
}
