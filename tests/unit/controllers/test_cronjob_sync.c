#include "controllers/cronjob_sync.h"

#include "base/clock.h"
#include "tests/unit/test.h"

static int64_t at_s(const char *text)
{
    int64_t us = 0;

    assert_true(clock_from_rfc3339(slice_of(text), &us));
    return us / 1000000;
}

TEST(the_latest_time_counts)
{
    static const struct {
        const char *schedule, *zone, *last; /* lastScheduleTime, NULL: created then */
        int64_t deadline_s;                 /* -1: none */
        const char *now, *due, *next;       /* due NULL: none */
        bool is_late, has_many;
    } rows[] = {
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", -1, "2026-03-10T10:59:59Z", NULL,
         "2026-03-10T11:00:00Z", false, false},
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", -1, "2026-03-10T11:00:00Z",
         "2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z", false, false},
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", -1, "2026-03-10T15:30:00Z",
         "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", false, false},
        {"* * * * *", NULL, "2025-03-10T10:00:00Z", -1, "2026-03-10T15:30:10Z",
         "2026-03-10T15:30:00Z", "2026-03-10T15:31:00Z", false, true},
        /* what is older than the deadline is as if it had not been */
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", 600, "2026-03-10T15:30:00Z", NULL,
         "2026-03-10T16:00:00Z", false, false},
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", 600, "2026-03-10T15:05:00Z",
         "2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", false, false},
        /* uneven schedules */
        {"0 9 * * 1-5", NULL, "2026-03-06T09:00:00Z", -1, "2026-03-11T08:00:00Z",
         "2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z", false, false},
        /* times far apart first, then many: still the latest */
        {"* 9-16 * * 1-5", NULL, "2026-03-06T16:58:00Z", -1, "2026-03-09T16:30:20Z",
         "2026-03-09T16:30:00Z", "2026-03-09T16:31:00Z", false, false},
        {"* * * 1-11 *", NULL, "2026-11-30T23:58:00Z", -1, "2027-01-20T11:00:30Z",
         "2027-01-20T11:00:00Z", "2027-01-20T11:01:00Z", false, false},
        {"@every 5m", NULL, "2026-03-10T10:00:00Z", -1, "2026-03-10T10:59:00Z",
         "2026-03-10T10:55:00Z", "2026-03-10T11:04:00Z", false, false},
        {"0 0 31 2 *", NULL, "2026-03-10T10:00:00Z", -1, "2026-03-10T10:59:00Z", NULL, NULL, false,
         false},
        /* what is just within the deadline counts, a second later it does not */
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", 3599, "2026-03-10T11:59:59Z", NULL,
         "2026-03-10T12:00:00Z", false, false},
        {"0 * * * *", NULL, "2026-03-10T10:00:00Z", 3600, "2026-03-10T11:59:59Z",
         "2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z", false, false},
        {"0 9 * * *", "No/Where", "2026-03-28T08:00:00Z", -1, "2026-03-29T09:30:00Z",
         "2026-03-29T09:00:00Z", "2026-03-30T09:00:00Z", false, false},
        /* 9 o'clock in Berlin is 8:00 UTC in winter and 7:00 in summer (from 29 March) */
        {"0 9 * * *", "Europe/Berlin", "2026-03-28T08:00:00Z", -1, "2026-03-29T07:30:00Z",
         "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z", false, false},
        {"0 9 * * *", "Europe/Berlin", "2026-10-24T07:00:00Z", -1, "2026-10-25T07:30:00Z", NULL,
         "2026-10-25T08:00:00Z", false, false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *cj = value_object(a);
        Cron cron;
        CronDue due;

        assert_null(cron_parse(a, rows[i].schedule, &cron));
        value_set_at(a, cj, "status.lastScheduleTime", value_str(a, rows[i].last));
        if (rows[i].deadline_s >= 0)
            value_set_at(a, cj, "spec.startingDeadlineSeconds", value_int(a, rows[i].deadline_s));
        due = cronjob_due(&cron, rows[i].zone, cj, at_s(rows[i].now));
        if (due.at_s != (rows[i].due ? at_s(rows[i].due) : 0) ||
            due.next_s != (rows[i].next ? at_s(rows[i].next) : 0) ||
            due.is_late != rows[i].is_late || due.has_many_missed != rows[i].has_many)
            fail_msg("row %zu: due %lld next %lld", i, (long long)due.at_s, (long long)due.next_s);
        assert_true(due.is_never == (rows[i].next == NULL));
    }
}

TEST(clocks_that_are_put_forward_and_back)
{
    /* Berlin: on 29 March 2 o'clock is left out (at 01:00 UTC), on 25 October it comes twice (at
     * 00:00 and 01:00 UTC). */
    static const struct {
        const char *schedule, *after, *want;
    } rows[] = {
        {"30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z"},
        {"0 * * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"},
        {"*/30 2,3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
        {"30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
        {"30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
        {"30 2 * * *", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
        {"0 * * * *", "2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z"},
        {"0 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
        {"0 * * * *", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
        {"*/20 * * * *", "2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z"},
        {"0 3 * * *", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z"},
        /* found from far away */
        {"30 2 25 10 *", "2026-01-01T00:00:00Z", "2026-10-25T00:30:00Z"},
        {"0 9 1 7 *", "2026-01-01T00:00:00Z", "2026-07-01T07:00:00Z"},
        {"30 2 29 3 *", "2026-01-01T00:00:00Z", "2027-03-29T00:30:00Z"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Cron cron;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_null(cron_parse(a, rows[i].schedule, &cron));
        if (cronjob_next_s(&cron, "Europe/Berlin", at_s(rows[i].after)) != at_s(rows[i].want))
            fail_msg("row %zu: %lld", i,
                     (long long)cronjob_next_s(&cron, "Europe/Berlin", at_s(rows[i].after)) -
                         at_s(rows[i].want));
    }
}

TEST(active_jobs_come_and_go)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *cj = value_literal(a, "{'status':{'active':[{'uid':'run','name':'run'},{'uid':'end',"
                                 "'name':'end'},{'uid':'gone','name':'gone'}]}}");
    Values jobs = {0};
    CronJobs x;

    values_add(a, &jobs, value_literal(a, "{'metadata':{'uid':'run','name':'run'}}"));
    values_add(a, &jobs,
               value_literal(a, "{'metadata':{'uid':'end','name':'end'},'status':{'conditions':[{"
                                "'type':'Complete','status':'True'}],'completionTime':"
                                "'2026-03-10T10:00:00Z'}}"));
    values_add(a, &jobs, value_literal(a, "{'metadata':{'uid':'alien','name':'alien'}}"));
    x = cronjob_review(a, cj, &jobs);
    assert_int_equal(x.active->n, 1);
    assert_true(cronjob_has_active(x.active, "run", NULL));
    assert_int_equal(x.success_us / 1000000, at_s("2026-03-10T10:00:00Z"));
    assert_int_equal(x.n_notes, 3);
    assert_string_equal(x.notes[0].message,
                        "Saw a job that the controller did not create or forgot: alien");
    assert_string_equal(x.notes[1].message, "Saw completed job: end, condition: Complete");
    assert_string_equal(x.notes[2].message, "Active job went missing: gone");
}

TEST(the_job_says_for_which_time_it_is_as_its_zone_has_it)
{
    static const struct {
        const char *zone, *at, *want;
    } rows[] = {
        {NULL, "2026-03-10T09:00:00Z", "2026-03-10T09:00:00Z"},
        {"Etc/UTC", "2026-03-10T09:00:00Z", "2026-03-10T09:00:00Z"},
        {"Europe/Berlin", "2026-03-10T08:00:00Z", "2026-03-10T09:00:00+01:00"},
        {"Europe/Berlin", "2026-07-10T07:00:00Z", "2026-07-10T09:00:00+02:00"},
        {"America/St_Johns", "2026-01-10T02:00:00Z", "2026-01-09T22:30:00-03:30"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *cj = value_literal(a, "{'metadata':{'name':'c','namespace':'n','uid':'u'},'spec':{"
                                     "'jobTemplate':{'spec':{}}}}");
        const char *got;

        if (rows[i].zone)
            value_set_at(a, cj, "spec.timeZone", value_str(a, rows[i].zone));
        got = meta_annotation(cronjob_job(a, cj, at_s(rows[i].at)),
                              "batch.kubernetes.io/cronjob-scheduled-timestamp");
        if (!str_eq(got, rows[i].want))
            fail_msg("row %zu: %s", i, got);
    }
}
