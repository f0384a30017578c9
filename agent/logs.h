/*
 * logs.h - the log files that the runtime writes: "TIME STREAM TAG TEXT", TAG P for a line that
 * goes on in the next one, F for its end.
 *
 * Pure: bytes in, bytes out.
 *
 * Threads: any.
 * Fails:   lines that are not of that form are passed over.
 * Tests:   tests/unit/agent/test_logs.c, tests/fuzz/fuzz_logs.c
 */
#ifndef AGENT_LOGS_H
#define AGENT_LOGS_H

#include "base/buf.h"

typedef struct LogLine {
    Slice time, stream, text; /* text without newline */
    bool is_partial;
} LogLine;

bool log_line_parse(Slice line, LogLine *ret);

typedef struct LogOptions {
    bool follow, timestamps, previous;
    int64_t tail;        /* -1: all */
    int64_t since_us;    /* 0: from the beginning */
    int64_t limit_bytes; /* -1: none */
    const char *stream;  /* "stdout", "stderr" or NULL */
} LogOptions;

/* Appends what the options want of one line; *left counts down to 0 where the limit is reached.
 * `in_line` carries over whether the line before was partial. */
void log_line_write(const LogLine *l, const LogOptions *o, bool *in_line, int64_t *left, Buf *out);
/* The text of the last `lines` lines of a log, at most its last `bytes`: what a container that left
 * no message is remembered by. */
void log_last_words(Slice log, int lines, size_t bytes, Buf *out);
/* Renames the file to FILE.1, and those that were put aside before by one; at most `files` are
 * left, the new one included. */
bool log_put_aside(const char *path, int files);
/* Where the last `n` lines of a file begin. */
int64_t log_tail_offset(int fd, int64_t n);

#endif
