/*
 * cpu.h - time of the processor that this thread, this program, a server or what the server has
 * started has spent: what else runs on the machine does not count.
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include "base/base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline int64_t bench_clock_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static inline int64_t bench_cpu_ns(void)
{
    return bench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* Of all threads of this program. */
static inline int64_t bench_own_us(void)
{
    return bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1000;
}

typedef struct BenchStat {
    int64_t parent, us;
    int64_t ended_us; /* of its children that have ended */
} BenchStat;

static inline bool bench_stat(int64_t pid, BenchStat *ret)
{
    char path[64], line[1024];
    long long parent, user, system, user_ended, system_ended;
    const char *p = NULL;
    int64_t tick = 1000000 / sysconf(_SC_CLK_TCK);
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    f = fopen(path, "re");
    if (f && fgets(line, sizeof(line), f))
        p = strrchr(line, ')');
    if (f)
        fclose(f);
    if (!p || sscanf(p, ") %*c %lld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld",
                     &parent, &user, &system, &user_ended, &system_ended) != 5)
        return false;
    *ret = (BenchStat){parent, (user + system) * tick, (user_ended + system_ended) * tick};
    return true;
}

/* Of a process, in microseconds; 0 when none is named. */
static inline int64_t bench_process_us(int64_t pid)
{
    BenchStat s;

    if (pid <= 0)
        return 0;
    if (!bench_stat(pid, &s)) {
        fprintf(stderr, "no times of process %lld\n", (long long)pid);
        exit(1);
    }
    return s.us;
}

/* Of all that descends from it: of a server, its PostgreSQL. */
static inline int64_t bench_descendants_us(int64_t pid)
{
    DIR *d = pid > 0 ? opendir("/proc") : NULL;
    const struct dirent *e;
    int64_t us = 0;

    while (d && (e = readdir(d)) != NULL) {
        int64_t child = strtoll(e->d_name, NULL, 10), at = child;
        BenchStat s, own;

        if (child <= 0 || child == pid || !bench_stat(child, &own))
            continue;
        while (at > 1 && at != pid && bench_stat(at, &s))
            at = s.parent;
        if (at == pid)
            us += own.us + own.ended_us;
    }
    if (d)
        closedir(d);
    return us;
}

/* Microseconds of the processor; of the server and PostgreSQL when --pid names the server. */
typedef struct BenchSpent {
    int64_t server, postgres, client;
} BenchSpent;

static inline BenchSpent bench_spent_now(int64_t pid)
{
    return (BenchSpent){bench_process_us(pid), bench_descendants_us(pid), bench_own_us()};
}

static inline BenchSpent bench_spent_since(int64_t pid, const BenchSpent *before)
{
    BenchSpent now = bench_spent_now(pid);

    return (BenchSpent){now.server - before->server, now.postgres - before->postgres,
                        now.client - before->client};
}

#endif
