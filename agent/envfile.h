/*
 * envfile.h - files of variables that a container leaves for those after it (fileKeyRef).
 *
 * The form is the strict one of kubelet (pkg/kubelet/util/env, ParseEnv()), a part of the shell's:
 *
 *   # a comment          NAME='value, as it stands, over
 *   lines if need be'    # and a comment
 *
 * Pure. Tenants write these files.
 *
 * Owns:    nothing.
 * Threads: any.
 * Fails:   with ERR_INVALID when anything before the wanted variable is not of that form.
 * Tests:   tests/unit/agent/test_envfile.c, tests/fuzz/fuzz_envfile.c
 */
#ifndef AGENT_ENVFILE_H
#define AGENT_ENVFILE_H

#include "base/buf.h"

typedef struct Err Err;

enum { ENVFILE_LINE_MAX = 64 << 10 }; /* longer lines are refused, as upstream's reader does */

/* The value of the first variable of that name is put into `out`; nothing when there is none, or
 * it is empty. */
int envfile_find(Slice text, const char *name, Buf *out, Err *err) MUST_CHECK;

#endif
