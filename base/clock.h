/*
 * clock.h - the one clock. Decisions take the time as a parameter; only wiring asks here.
 *
 * Threads: any.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/slice.h"

#include <time.h>

int64_t clock_now_us(void); /* wall clock, microseconds since 1970 UTC */
int64_t clock_now_s(void);
int64_t clock_mono_us(void);                /* never jumps; for durations */
struct timespec clock_timespec(int64_t us); /* of either, for calls that wait until then */

enum { CLOCK_TEXT_MAX = 40 };
/* RFC 3339 as Kubernetes' Time ("2026-01-02T03:04:05Z") and MicroTime ("...05.000006Z").
 * `out` holds CLOCK_TEXT_MAX bytes and is returned. */
char *clock_to_rfc3339(int64_t us, char *out);
char *clock_to_rfc3339_micro(int64_t us, char *out);
/* Any RFC 3339 time with zone and fraction; false when it is not one. */
bool clock_from_rfc3339(Slice s, int64_t *ret_us);

enum { CLOCK_DATE_MAX = 16 };
#define CLOCK_DAY_US (INT64_C(24) * 3600 * 1000000)
/* The day of that time, in UTC: "2026-01-02". `out` holds CLOCK_DATE_MAX bytes and is returned. */
char *clock_to_date(int64_t us, char *out);
/* The beginning of a day that is written like this, and in no other way. */
bool clock_from_date(const char *s, int64_t *ret_us);

#endif
