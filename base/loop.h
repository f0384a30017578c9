/*
 * loop.h - one libuv loop a thread, and the mailbox through which other threads reach it.
 *
 * Owns:    the uv_loop_t, its async handle and what waits in the mailbox.
 * Threads: loop_post() and loop_stop() from any thread; everything else on the loop's own.
 *          loop_check() is a BUG on any other thread.
 * Frees:   loop_close() after loop_run() returned; all handles must be closed by their owners.
 * Tests:   tests/unit/base/test_loop.c
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/base.h"

#include <uv.h>

typedef struct Loop Loop;
typedef struct Err Err;

int loop_open(const char *name, Loop **ret, Err *err) MUST_CHECK;
void loop_close(Loop *l);
DEFINE_CLEANUP(Loop, loop_close);

uv_loop_t *loop_uv(Loop *l);
void loop_run(Loop *l); /* until loop_stop() */
void loop_stop(Loop *l);
void loop_check(const Loop *l);

/* Start a thread that runs the loop; loop_join() waits for its end (after loop_stop()). */
int loop_spawn(Loop *l, Err *err) MUST_CHECK;
void loop_wipes(Loop *l); /* before that: its thread overwrites what it frees (base/wipe.h) */
void loop_join(Loop *l);

/* Run fn(data) on the loop's thread, in the order of posting. Never runs it inside the call. */
typedef void (*LoopFn)(void *data);
void loop_post(Loop *l, LoopFn fn, void *data);

/* A timer without handle keeping: fn(data) after delay_ms, again every repeat_ms if it is not 0. */
typedef struct LoopTimer LoopTimer;
LoopTimer *loop_timer(Loop *l, uint64_t delay_ms, uint64_t repeat_ms, LoopFn fn, void *data);
void loop_timer_free(LoopTimer *t); /* stops; fn is not called any more. NULL is fine */

#endif
