#include "base/clock.h"

#include "tests/unit/test.h"

#include <time.h>

static const struct {
    const char *text, *want;
} times[] = {
    {"2026-02-28T23:59:59Z", "2026-02-28T23:59:59.000000Z"},
    {"2024-02-29T00:00:00.5+01:30", "2024-02-28T22:30:00.500000Z"},
    {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
    {"2023-02-29T00:00:00Z", NULL},
    {"2023-13-01T00:00:00Z", NULL},
    {"2023-01-01T00:00:00", NULL},
    {"2023-01-01 00:00:00Z", NULL},
    {"2023-01-01T00:00:00.Z", NULL},
    {"2023-01-01T00:00:00Zx", NULL},
};

TEST(times_survive_the_round)
{
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        char out[CLOCK_TEXT_MAX];
        int64_t us;
        bool ok = clock_from_rfc3339(slice_of(times[i].text), &us);

        assert_int_equal(ok, times[i].want != NULL);
        if (ok)
            assert_string_equal(clock_to_rfc3339_micro(us, out), times[i].want);
    }
}

/* Days of all centuries, and steps that meet every second of a day: as libc has them. */
TEST(dates_are_those_of_the_calendar)
{
    for (int64_t s = -62167219200 - 86400; s < 253402300800 + 86400; s += 86400 * 3 + 12347) {
        char out[CLOCK_TEXT_MAX], want[64];
        time_t t = (time_t)s;
        struct tm tm;
        int64_t us = 0;

        assert_non_null(gmtime_r(&t, &tm));
        snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        assert_string_equal(clock_to_rfc3339(s * 1000000, out), want);
        if (tm.tm_year + 1900 < 0 || tm.tm_year + 1900 > 9999)
            continue;
        assert_true(clock_from_rfc3339(slice_of(out), &us));
        assert_int_equal(us, s * 1000000);
    }
}

TEST(days_survive_the_round)
{
    static const struct {
        const char *text;
        int64_t us; /* -1: it is none */
    } rows[] = {
        {"1970-01-01", 0},
        {"2023-11-14", 1699920000000000},
        {"2024-02-29", 1709164800000000},
        {"2023-02-29", -1},
        {"2023-2-9", -1},
        {"2022-12-27-1", -1},
        {"2023-11-14T", -1},
        {"", -1},
        {"tomorrow!!", -1},
        {"2023-11-14Z", -1},
    };
    char out[CLOCK_DATE_MAX];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t us;

        assert_int_equal(clock_from_date(rows[i].text, &us), rows[i].us >= 0);
        if (rows[i].us < 0)
            continue;
        assert_true(us == rows[i].us);
        assert_string_equal(clock_to_date(us, out), rows[i].text);
        assert_string_equal(clock_to_date(us + CLOCK_DAY_US - 1, out), rows[i].text);
    }
}
