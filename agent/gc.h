/*
 * gc.h - the node's housekeeping: image garbage collection, eviction under pressure and over a
 * pod's own limits, and the figures of what containers use.
 *
 * Owns:    a thread that looks every ten seconds; sets Agent.pressure.
 * Threads: gc_start/stop by main; gc_stats() by any.
 * Frees:   gc_stop().
 * Fails:   what cannot be measured is no pressure.
 * Tests:   the decisions in tests/unit/agent/test_evict.c
 */
#ifndef AGENT_GC_H
#define AGENT_GC_H

#include "agent/evict.h"
#include "agent/pods.h"

typedef struct Gc Gc;

int gc_start(Agent *agent, Pods *pods, Gc **ret, Err *err) MUST_CHECK;
void gc_stop(Gc *g);
DEFINE_CLEANUP(Gc, gc_stop);

#endif
