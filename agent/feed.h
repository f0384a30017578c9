/*
 * feed.h - the stream from the server that fills items.h.
 *
 *   CONNECT -> lines until SYNCED -> lines ... -> broken: wait, CONNECT
 *
 * Every connection brings everything again up to SYNCED; what it did not bring is then dropped.
 * While there is no connection the items stay as they are: pods run on. What was heard is kept in a
 * file in memory (it holds secrets), from which an agent that is restarted while the server is away
 * takes up its work.
 *
 * Owns:    its thread.
 * Threads: feed_start/stop by main; feed_line() is pure but for the items.
 * Frees:   feed_stop().
 * Fails:   feed_line() with ERR_BAD_REQUEST on a line that is not a feed line.
 * Tests:   tests/unit/agent/test_items.c, tests/fuzz/fuzz_feed.c
 */
#ifndef AGENT_FEED_H
#define AGENT_FEED_H

#include "agent/items.h"
#include "base/slice.h"
#include "client/http.h"

typedef struct Feed Feed;

typedef struct FeedOptions {
    Client *client;
    const char *node;
    Items *items;
    const char *cache_dir;         /* a tmpfs is mounted there */
    void (*on_synced)(void *data); /* on the feed's thread, after each SYNCED */
    void *data;
} FeedOptions;

int feed_start(const FeedOptions *o, Feed **ret, Err *err) MUST_CHECK;
void feed_stop(Feed *f);
DEFINE_CLEANUP(Feed, feed_stop);
bool feed_is_connected(const Feed *f);

/* What the items are, as lines of a feed. */
void feed_print(Items *items, Buf *out);
/* One line of the feed. *ret_synced tells that it was SYNCED. */
int feed_line(Items *items, Slice line, bool *ret_synced, Err *err) MUST_CHECK;

#endif
