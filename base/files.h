/*
 * files.h - small files of the data directory, written so that a crash leaves the old or the new.
 *
 * Threads: any.
 * Fails:   ERR_INTERNAL with path and reason.
 * Tests:   tests/unit/hostplane/test_kek.c
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include "base/buf.h"

typedef struct Err Err;

/* Appends at most `max` bytes. */
int file_read(const char *path, size_t max, Buf *out, Err *err) MUST_CHECK;
/* Through a temporary file beside it, synced and renamed. */
int file_write(const char *path, Slice text, unsigned mode, Err *err) MUST_CHECK;
/* Makes a directory unless it is there. */
int dir_make(const char *path, unsigned mode, Err *err) MUST_CHECK;

#endif
