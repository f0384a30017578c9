/*
 * stats.h - what the node and its containers use, told to the server every now and then: it answers
 * `kubectl top` from it.
 *
 * Owns:    its thread, and what was measured last: a rate is the difference of two.
 * Threads: stats_start/stop by main.
 * Frees:   stats_stop().
 * Fails:   a server or runtime that does not answer is asked again at the next turn.
 * Tests:   tests/unit/agent/test_stats.c, tests/e2e/test_node_metrics.py
 */
#ifndef AGENT_STATS_H
#define AGENT_STATS_H

#include "agent/agent.h"
#include "base/map.h"

typedef struct Stats Stats;

int stats_start(Agent *agent, Stats **ret, Err *err) MUST_CHECK;
void stats_stop(Stats *s);
DEFINE_CLEANUP(Stats, stats_stop);

/* One measurement of a counter of CPU time. */
typedef struct StatsSample {
    int64_t at_ns, used_ns;
} StatsSample;

/* Nanoseconds of CPU time a second between two samples; -1: that cannot be told (one of them is
 * missing, or the counter began anew). */
int64_t stats_rate(const StatsSample *before, const StatsSample *now);
/* The containers of the runtime's answer (ListContainerStats) that have a rate, by pod:
 * [{"uid": ..., "containers": [{"name", "cpuNano", "memoryBytes", "cpuTotalNano", "atMs"}]}]: the
 * rate, and what it has used since it started and when that was read. `seen`: id -> StatsSample, as
 * it was left by the last call; it is brought up to date. */
Value *stats_of_pods(Arena *a, const Value *answer, Map *seen);
/* The busy time in the first line of /proc/stat, in nanoseconds; -1: it cannot be read. */
int64_t stats_busy_ns(Slice proc_stat, int64_t ticks_a_second);

#endif
