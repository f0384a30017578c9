/*
 * fault.h - named points in the program where a test makes something go wrong.
 *
 *     if (FAULT("store.pq.send"))
 *         return -1; // as if libpq had failed
 *
 * Compiled in only with FAULTS (`make FAULTS=1`, and every build under a sanitizer); elsewhere
 * FAULT() is 0 and costs nothing. All points stand in one table in fault.c; an unknown name is a
 * bug.
 *
 * A test arms points by fault_arm(), or for a whole process by the environment:
 *
 *     HOSTPLANE_FAULTS='store.commit.sent=kill@5,store.pq.recv=fail@3/10'
 *
 * POINT=ACTION[:MS][@FIRST[/EVERY]]: the FIRSTth time (1) the point is passed, and every EVERYth
 * time after that (0: once). Actions: `fail` (FAULT() is true, the code there decides what fails),
 * `delay:MS`, `kill` (SIGKILL to the own process), `stop` (SIGSTOP to it; the tester sends
 * SIGCONT).
 *
 * Threads: any.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/err.h"

typedef enum FaultAction { FAULT_FAIL, FAULT_DELAY, FAULT_KILL, FAULT_STOP } FaultAction;

#ifdef FAULTS

bool fault_hit(const char *point);
#define FAULT(point) fault_hit(point)

/* Counts of the point begin anew. */
void fault_arm(const char *point, FaultAction action, int first, int every);
void fault_disarm(const char *point);
int fault_fired(const char *point); /* how often since it was armed */
/* Read HOSTPLANE_FAULTS' syntax. Fails: ERR_INVALID. */
int fault_arm_text(const char *text, Err *err);

#else

#define FAULT(point) false

#endif

#endif
