/*
 * extender_msg.h - the words of the scheduler-extender protocol: what is sent to an extender and
 * what its answers say. Pure. Names of fields are Go's ("NodeNames"); in answers their case does
 * not matter.
 *
 * Owns:    nothing; everything lives in the arena.
 * Threads: any.
 * Fails:   ERR_BAD_REQUEST for an answer that is not what was asked for.
 * Tests:   tests/unit/scheduler/test_extender.c, tests/fuzz/fuzz_extender.c
 */
#ifndef SCHEDULER_EXTENDER_MSG_H
#define SCHEDULER_EXTENDER_MSG_H

#include "scheduler/decide.h"

typedef struct Err Err;

AskedNodes *asked_nodes_new(Arena *a, const char *const *names, uint32_t n);
uint32_t asked_nodes_left(const AskedNodes *nodes); /* that nobody refused */

/* Of filter and prioritize. `objects`: Node objects by name, NULL: names are enough. */
Value *extender_args(Arena *a, const Value *pod, const AskedNodes *nodes, const Map *objects);
/* Marks the nodes that the answer does not keep. */
int extender_read_filter(Arena *a, Slice answer, bool by_names, AskedNodes *nodes,
                         Err *err) MUST_CHECK;
/* Adds `weight` times each score. */
int extender_read_scores(Arena *a, Slice answer, int64_t weight, AskedNodes *nodes,
                         Err *err) MUST_CHECK;

/* Of preempt. `pods`: Pod objects by uid, NULL: uids are enough. */
Value *extender_preempt_args(Arena *a, const Value *pod, const Candidate *list, uint32_t n,
                             const Map *pods);
/* The candidates that are left, with the victims that are left. */
int extender_read_preempt(Arena *a, Slice answer, const Candidate *list, uint32_t n,
                          Candidate **ret, uint32_t *ret_n, Err *err) MUST_CHECK;

Value *extender_bind_args(Arena *a, const Value *pod, const char *node);
int extender_read_bind(Arena *a, Slice answer, Err *err) MUST_CHECK;

#endif
