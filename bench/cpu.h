/*
 * cpu.h - time of the processor that this thread has spent: what else runs on the machine does not
 * count.
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include "base/base.h"

#include <time.h>

static inline int64_t bench_cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

#endif
