/*
 * cron.h - schedules of CronJobs: five fields, @daily and kin, "@every 5m".
 *
 * Threads: any; values are plain.
 * Fails:   cron_parse() by returning the message of the real server.
 * Tests:   tests/unit/api/test_cron.c
 */
#ifndef API_CRON_H
#define API_CRON_H

#include "base/arena.h"

typedef struct Cron {
    uint64_t minutes, hours, days, months, weekdays; /* bit n: value n */
    bool any_day, any_weekday;                       /* written as * or ? */
    int64_t every_s;                                 /* not 0: "@every", the fields are unused */
} Cron;

/* NULL when fine, else what is wrong. */
const char *cron_parse(Arena *a, const char *text, Cron *ret);
/* The first match after `after_s`, in seconds of the wall clock that the schedule is meant for
 * (shift by the zone's offset before and after); -1 when none comes within five years. */
int64_t cron_next(const Cron *c, int64_t after_s);
/* Does the machine know this IANA zone? */
bool cron_zone_exists(const char *zone);

#endif
