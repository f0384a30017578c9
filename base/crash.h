/*
 * crash.h - what a process says when it dies of a signal: which one, and where every frame of the
 * thread was, as MODULE+OFFSET for addr2line. No image of memory is ever needed for that
 * (base/memguard.h), and nothing of what was in memory is printed: no address that is not code's.
 *
 * The signal kills the process afterwards as it would have, so who waits for it sees that.
 *
 * Threads: crash_setup() at start, for all of them; crash_thread() in each that is to be able to
 *          say so when its stack is used up. Where none was called, the signal kills silently then.
 * Tests:   tests/unit/base/test_crash.c
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include "base/base.h"

/* `program` (argv[0]) begins the report. Under a sanitizer, which reports by itself, don't. */
void crash_setup(const char *program);
/* A stack apart for the report, until the thread ends. */
void crash_thread(void);

#endif
