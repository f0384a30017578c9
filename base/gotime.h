/*
 * gotime.h - times and durations as Go's standard library reads them, with its words for mistakes.
 *
 * Threads: any. Owns: nothing; messages live in the arena.
 * Fails:   by returning the message; NULL means success.
 * Tests:   tests/unit/base/test_gotime.c
 */
#ifndef BASE_GOTIME_H
#define BASE_GOTIME_H

#include "base/arena.h"
#include "base/slice.h"

/* metav1.Time, or metav1.MicroTime (exactly six digits of fraction). *ret_zero: year 1, which Go
 * takes for "no time". */
const char *gotime_parse(Arena *a, Slice text, bool is_micro, int64_t *ret_us, bool *ret_zero);
/* "1h30m", "1.5s"; in nanoseconds. */
const char *goduration_parse(Arena *a, Slice text, int64_t *ret_ns);
/* As Go prints it: "1h30m0s", "1.5s", "0s". */
char *goduration_print(Arena *a, int64_t ns);

#endif
