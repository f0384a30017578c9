/*
 * run.h - other programs: nft, ip, ctr.
 *
 * Threads: any; blocks until the program ends.
 * Fails:   ERR_INTERNAL with the end of what it said.
 */
#ifndef AGENT_RUN_H
#define AGENT_RUN_H

#include "base/buf.h"

typedef struct Err Err;

#define RUN_ARG(s) ((char *)(uintptr_t)(s))

/* Runs argv (NULL at its end) with `input` as its standard input. */
int run_program(char *const argv[], Slice input, Err *err) MUST_CHECK;
/* Appends what it says on its standard output; without any when it fails. */
int run_output(char *const argv[], Buf *out, Err *err) MUST_CHECK;

#endif
