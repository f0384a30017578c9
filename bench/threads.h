/*
 * threads.h - where a server's processor time goes: by the name of its threads (digits and dashes
 * at the end are left out), and the processes of its PostgreSQL as one.
 *
 * Owns:    nothing but what thread_times_done() frees.
 * Threads: one at a time. What ends between two looks is not counted.
 * Fails:   never: what cannot be read counts nothing.
 */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "base/base.h"

typedef struct ThreadTime {
    char name[16]; /* "postgres" for PostgreSQL */
    int64_t ns;
} ThreadTime;

typedef struct ThreadTimes {
    ThreadTime *items;
    size_t n, cap;
} ThreadTimes;

/* What server `pid` and its children have spent so far; nothing when pid is 0. */
ThreadTimes thread_times_now(int64_t pid);
void thread_times_done(ThreadTimes *t);

/* Prints `"threads_us":{NAME:MICROSECONDS,...}` for each of n pieces of work since `before`. */
void thread_times_print(const ThreadTimes *before, const ThreadTimes *after, int64_t n);

#endif
