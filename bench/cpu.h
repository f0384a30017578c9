/*
 * cpu.h - time of the processor that this thread, or a server, has spent: what else runs on the
 * machine does not count.
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline int64_t bench_cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Of a process, in microseconds; 0 when none is named. */
static inline int64_t bench_process_us(int64_t pid)
{
    char path[64], line[1024];
    long long user = 0, system = 0;
    const char *p;
    FILE *f;

    if (pid <= 0)
        return 0;
    snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    f = fopen(path, "re");
    p = f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
    if (!p ||
        sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2) {
        fprintf(stderr, "no times of process %lld\n", (long long)pid);
        exit(1);
    }
    fclose(f);
    return (user + system) * (1000000 / sysconf(_SC_CLK_TCK));
}

#endif
