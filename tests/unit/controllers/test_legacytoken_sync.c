#include "controllers/legacytoken_sync.h"

#include "base/clock.h"
#include "tests/unit/test.h"

static const int64_t now_us = 1704110400000000; /* 2024-01-01T12:00:00Z */

#define OWN                                                                                        \
    "{'metadata':{'name':'default','uid':'12345'},'secrets':[{'name':'other'},{'name':'s'}]}"
#define NOT_OWN "{'metadata':{'name':'default','uid':'12345'},'secrets':[{'name':'other'}]}"
#define TOKEN   "kubernetes.io/service-account-token"

static int64_t day_us(const char *day)
{
    int64_t us;

    assert_true(clock_from_date(day, &us));
    return us;
}

/* The cases are those of upstream's legacy_serviceaccount_token_cleaner_test.go, and the bounds. */
TEST(tokens_that_nobody_uses_are_marked_and_go)
{
    static const struct {
        const char *since; /* of the ConfigMap; NULL: there is none */
        const char *begin; /* of the period, which ends today */
        const char *type, *created, *used, *invalid, *account, *uid;
        LegacyVerb want;
    } rows[] = {
        {NULL, "2022-12-28", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "12345", LEGACY_KEEP},
        {"", "2022-12-28", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "12345", LEGACY_KEEP},
        /* Uses have not been noted for the whole period; the day it began does not count. */
        {"2022-12-29", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-28", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "12345",
         LEGACY_MARK},
        {"2022-12-27-1", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", "Opaque", "2022-12-27", NULL, NULL, OWN, "12345", LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, NOT_OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-30", "2022-12-27", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-29", NULL, NULL, OWN, "12345", LEGACY_KEEP},
        {"2022-12-27", "2022-12-30", TOKEN, "-2022-12-27", "2022-12-27", NULL, OWN, "12345",
         LEGACY_KEEP},
        /* Used within the period, or nobody knows when. */
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-30", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-29", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27-1", NULL, OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, NULL, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "123456",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", "2022-12-27", NULL, OWN, "", LEGACY_MARK},
        {"2022-12-28", "2022-12-30", TOKEN, "2022-12-27", NULL, NULL, OWN, "12345", LEGACY_MARK},
        {"2022-12-28", "2022-12-30", TOKEN, "2022-12-27", NULL, "2022-12-29-1", OWN, "12345",
         LEGACY_MARK},
        /* Marked: it stays for as long again. */
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", NULL, "2023-01-01", OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-27", "2022-12-29", TOKEN, "2022-12-27", NULL, "2022-12-29", OWN, "12345",
         LEGACY_KEEP},
        {"2022-12-28", "2023-01-01", TOKEN, "2022-12-27", NULL, "2022-12-29", OWN, "12345",
         LEGACY_DELETE},
        {"2022-12-28", "2023-01-01", TOKEN, "2022-12-27", "2022-12-28", "2022-12-29", OWN, "12345",
         LEGACY_DELETE},
        {"2022-12-28", "2023-01-01", TOKEN, "2022-12-27", "2023-12-28", "2022-12-29", OWN, "12345",
         LEGACY_KEEP},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        bool is_deleted = rows[i].created[0] == '-';
        Value *secret = value_literal(a, "{'metadata':{'name':'s','labels':{},'annotations':{"
                                         "'kubernetes.io/service-account.name':'default'}}}");
        Value *tracking = rows[i].since ? value_literal(a, "{'data':{}}") : NULL;
        LegacyFacts f = {.secret = secret,
                         .tracking = tracking,
                         .account = rows[i].account ? value_literal(a, rows[i].account) : NULL,
                         .now_us = now_us,
                         .period_s = (now_us - day_us(rows[i].begin)) / 1000000};
        LegacyVerb got;

        value_set_str(a, secret, "type", rows[i].type);
        value_set_at(a, secret, "metadata.creationTimestamp",
                     value_time(a, day_us(rows[i].created + is_deleted)));
        if (is_deleted)
            value_set_at(a, secret, "metadata.deletionTimestamp", value_time(a, now_us));
        if (rows[i].used)
            value_set_str(a, value_at(secret, "metadata.labels"), LEGACY_LAST_USED, rows[i].used);
        if (rows[i].invalid)
            value_set_str(a, value_at(secret, "metadata.labels"), LEGACY_INVALID_SINCE,
                          rows[i].invalid);
        value_set_str(a, value_at(secret, "metadata.annotations"),
                      "kubernetes.io/service-account.uid", rows[i].uid);
        if (rows[i].since && rows[i].since[0])
            value_set_at(a, tracking, "data.since", value_str(a, rows[i].since));
        got = legacytoken_decide(&f);
        if (got != rows[i].want)
            fail_msg("row %zu: %d", i, (int)got);
    }
}

TEST(since_when_uses_are_noted_is_a_day)
{
    static const struct {
        const char *tracking; /* NULL: there is none */
        bool is_bad;
    } rows[] = {
        {NULL, true},
        {"{}", true},
        {"{'data':{}}", true},
        {"{'data':{'since':'yesterday'}}", true},
        {"{'data':{'since':'2024-01-01'}}", false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(legacytoken_tracking_is_bad(
                             rows[i].tracking ? value_literal(a, rows[i].tracking) : NULL),
                         rows[i].is_bad);
}

TEST(a_day_is_noted_once)
{
    static const struct {
        const char *labels;
        bool is_noted;
    } rows[] = {
        {"{}", false},
        {"{'kubernetes.io/legacy-token-last-used':'2023-12-31'}", false},
        {"{'kubernetes.io/legacy-token-last-used':'2024-01-01'}", true},
        {"{'kubernetes.io/legacy-token-last-used':'2024-01-02'}", true},
        {"{'kubernetes.io/legacy-token-last-used':'2024-01-03'}", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *secret = value_literal(a, "{'metadata':{}}");

        value_set_at(a, secret, "metadata.labels", value_literal(a, rows[i].labels));
        assert_int_equal(legacytoken_is_noted(secret, now_us), rows[i].is_noted);
    }
}
