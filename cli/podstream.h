/*
 * podstream.h - standard streams of a container over one WebSocket (v5.channel.k8s.io): channel 0
 * is stdin, 1 stdout, 2 stderr, 3 the outcome as a Status, 4 the size of the terminal, 255 "this
 * channel is closed".
 *
 * Owns:    nothing beyond a run; descriptors stay the caller's.
 * Threads: the command's own.
 * Fails:   by a message on stderr and an exit status.
 * Tests:   tests/e2e/test_cli_streams.py
 */
#ifndef CLI_PODSTREAM_H
#define CLI_PODSTREAM_H

#include "cli/cli.h"

typedef struct PodStream {
    const char *sub;            /* "exec", "attach" */
    const char *container;      /* NULL: the server's choice */
    const char *const *command; /* exec; n_command */
    size_t n_command;
    bool has_stdin, is_tty;
    int in, out; /* where the streams come from and go to; stderr is stderr */
} PodStream;

/* Run it to its end; the exit status of the command, 1 after a failure that was printed. */
int podstream_run(Cli *c, const Target *pod, const PodStream *s);

#endif
