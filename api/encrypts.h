/*
 * encrypts.h - lists of kinds that are encrypted. What people write, "resource.group", becomes what
 * the database compares with, storage names:
 *
 *     secrets -> secrets      deployments.apps -> apps/deployments      *.apps -> apps/ and a star
 *     *. (the core group) -> / and a star                               * or *.* -> *
 *
 * Threads: any.
 * Fails:   encrypts_add() is false, and the list as it was, for what is not written so.
 * Tests:   tests/unit/api/test_encrypts.c
 */
#ifndef API_ENCRYPTS_H
#define API_ENCRYPTS_H

#include "base/buf.h"

#define ENCRYPTS_FORM "must be RESOURCE, RESOURCE.GROUP, *.GROUP or *"

/* Adds one of what people write to a list; parted by blanks. */
bool encrypts_add(Buf *list, Slice resource);
bool encrypts_has(const char *list, const char *storage);
/* The next item of a list; false at the end. */
bool encrypts_next(Slice *list, Slice *ret);

#endif
