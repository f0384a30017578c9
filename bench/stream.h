/*
 * stream.h - the lines of a chunked answer that does not end: watches and feeds.
 *
 * Owns:    what has arrived and is no whole line yet.
 * Threads: one stream, one thread.
 * Frees:   stream_done().
 */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include "bench/conn.h"

typedef struct StreamReader {
    /* private; all zero at first */
    Buf in, text;
    bool has_head;
} StreamReader;

/* Reads what is there without blocking and hands over whole lines: 1 when there was something (and
 * there may be more, which conn_has_more() or the socket tells), 0 when not, -1 when the server has
 * closed. */
int stream_read(StreamReader *r, Conn *c, void (*on_line)(Slice line, void *data), void *data);
void stream_done(StreamReader *r);

#endif
