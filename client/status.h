/*
 * status.h - what a failure answer means: metav1.Status to Err.
 *
 * Threads: any.
 * Tests:   tests/unit/client/test_status.c
 */
#ifndef CLIENT_STATUS_H
#define CLIENT_STATUS_H

#include "base/err.h"
#include "base/value.h"

/* Fills *err from an answer with a failure status. The reason decides (so a 409 is told apart as
 * AlreadyExists or Conflict); a body that is no Status is judged by the number alone. Returns the
 * negative code. */
int client_status_error(Arena *a, int status, Slice body, Err *err);

#endif
