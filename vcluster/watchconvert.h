/*
 * watchconvert.h - the events of a watch whose objects a webhook converts (crconvert.h).
 *
 * Events are taken from the watch in order, some at a time, and asked about together: what they
 * leave behind and, for selectors, what was there before. One call is under way for a watch; while
 * it is, the watch has nothing to tell. When the webhook fails the watch ends with its words, as
 * upstream's does (apiserver/pkg/storage/etcd3/watcher.go, sendError).
 *
 * Owns:    references to the cluster and the events. Threads: the watch's loop.
 * Frees:   watchconvert_free(); a call under way then comes to nothing.
 * Tests:   tests/unit/vcluster/test_webhooks.c
 */
#ifndef VCLUSTER_WATCHCONVERT_H
#define VCLUSTER_WATCHCONVERT_H

#include "vcluster/vcluster_int.h"

typedef struct WatchConvert WatchConvert;

/* `r` lives as long as it. `with_prev`: the state before is asked about, too. */
WatchConvert *watchconvert_new(Vcluster *vc, Cluster *c, const Resource *r, bool with_prev,
                               Loop *loop, LoopFn ready, void *data);
void watchconvert_free(WatchConvert *w);

/* As watch_next(), from events that raw() gives in the same way: 1 and the event in *ret, borrowed
 * until the next call; 0: ready() will be called; < 0: the watch is over. */
int watchconvert_next(WatchConvert *w, int (*raw)(void *data, Event **ret, Err *err), void *data,
                      Event *ret, Err *err) MUST_CHECK;
/* There are events that were taken and not yet given. */
bool watchconvert_is_busy(const WatchConvert *w);

#endif
