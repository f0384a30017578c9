/*
 * extender.h - asks the extenders of the configuration: programs elsewhere that filter and score
 * nodes, choose victims and bind, over HTTP. kube-scheduler's extender protocol.
 *
 * Calls block, so they run on the threads of a Binder of their own, never where decisions are
 * taken. An extender is the provider's: it is shown pods of all clusters, and nodes as they are in
 * `host`.
 *
 * Owns:    its HTTP clients. Answers live in the arena given.
 * Threads: any once opened.
 * Frees:   extenders_close(), when no call runs any more.
 * Fails:   with what an extender that is not ignorable said or did not say; the message names it.
 * Tests:   tests/unit/scheduler/test_extender.c, tests/e2e/test_extender.py
 */
#ifndef SCHEDULER_EXTENDER_H
#define SCHEDULER_EXTENDER_H

#include "scheduler/config.h"
#include "scheduler/extender_msg.h"

typedef struct Extenders Extenders;

/* NULL when the configuration has none. */
int extenders_open(const SchedConfig *c, Lister *l, Extenders **ret, Err *err) MUST_CHECK;
void extenders_close(Extenders *x);
DEFINE_CLEANUP(Extenders, extenders_close);

/* Does one of them that has the verb manage a resource of the pod, or all pods? NULL has none. */
bool extenders_choose(const Extenders *x, const Value *pod); /* filter, prioritize */
bool extenders_preempt(const Extenders *x, const Value *pod);
bool extenders_bind(const Extenders *x, const Value *pod);

int extenders_ask_nodes(Extenders *x, Arena *a, const Value *pod, AskedNodes *nodes,
                        Err *err) MUST_CHECK;
int extenders_ask_victims(Extenders *x, Arena *a, const char *cluster, const Value *pod,
                          Candidate **inout, uint32_t *inout_n, Err *err) MUST_CHECK;
int extenders_ask_bind(Extenders *x, const Value *pod, const char *node, Err *err) MUST_CHECK;

#endif
