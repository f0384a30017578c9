#include "tests/unit/test.h"

#include "api/cron.h"

TEST(mistakes_in_the_words_of_upstream)
{
    static const struct {
        const char *text, *want; /* NULL: fine */
    } rows[] = {
        {"*/5 * * * *", NULL},
        {"@hourly", NULL},
        {"@every 5m", NULL},
        {"0 0 1 jan *", NULL},
        {"0-30/5 * * * mon-fri", NULL},
        {"5,10,15 1 ? * *", NULL},
        {"* * * *", "expected exactly 5 fields, found 4: [* * * *]"},
        {"60 * * * *", "end of range (60) above maximum (59): 60"},
        {"* * * * 7", "end of range (7) above maximum (6): 7"},
        {"@never", "unrecognized descriptor: @never"},
        {"a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"},
        {"*/0 * * * *", "step of range should be a positive number: */0"},
        {"5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"},
        {"1-2-3 * * * *", "too many hyphens: 1-2-3"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Cron c;
        const char *msg = cron_parse(a, rows[i].text, &c);

        if (rows[i].want)
            assert_string_equal(msg, rows[i].want);
        else
            assert_null(msg);
    }
}

TEST(next_is_the_first_match_after)
{
    enum { THU = 1767225600 }; /* 2026-01-01T00:00:00Z, a Thursday */
    static const struct {
        const char *text;
        int64_t after, want;
    } rows[] = {
        {"* * * * *", THU, THU + 60},
        {"*/5 * * * *", THU + 61, THU + 300},
        {"0 * * * *", THU, THU + 3600},
        {"30 4 * * *", THU, THU + 4 * 3600 + 30 * 60},
        {"0 0 * * sun", THU, THU + 3 * 86400},
        {"0 0 1 * *", THU, THU + 31 * 86400},
        {"0 0 3 * fri", THU, THU + 86400}, /* either day field */
        {"0 0 31 2 *", THU, -1},
        {"0 0 29 2 *", THU, 1835395200}, /* 2028-02-29 */
        {"@every 90s", THU, THU + 90},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Cron c;

        assert_null(cron_parse(a, rows[i].text, &c));
        assert_int_equal(cron_next(&c, rows[i].after), rows[i].want);
    }
}
