/*
 * workqueue.h - what is to be looked at: keys (kind, cluster, namespace, name), each at most once
 * in the queue and never with two workers at a time, handed out round robin over clusters.
 *
 * An item that is added while a worker has it goes in again when the worker is done. Round robin
 * over clusters means that one tenant's ten thousand keys do not delay another's one.
 *
 * Owns:    the items; one that a worker got is borrowed until workqueue_done().
 * Threads: any.
 * Frees:   workqueue_free(), after workqueue_shutdown() and the end of all workers.
 * Fails:   never.
 * Tests:   tests/unit/client/test_workqueue.c
 */
#ifndef CLIENT_WORKQUEUE_H
#define CLIENT_WORKQUEUE_H

#include "base/base.h"

typedef struct WorkQueue WorkQueue;

typedef struct WorkKey {
    uint32_t kind; /* the user's: which controller */
    const char *cluster, *ns, *name;
} WorkKey;

typedef struct WorkQueueOptions {
    int64_t backoff_base_ms, backoff_max_ms; /* 0: 5 ms and 1000 s, as client-go has them */
    unsigned max_running; /* of one cluster at a time, so that it cannot take all workers; 0: all */
    int64_t (*now_us)(void); /* NULL: clock_mono_us(); tests have their own */
} WorkQueueOptions;

WorkQueue *workqueue_new(const WorkQueueOptions *o); /* NULL: all defaults */
void workqueue_free(WorkQueue *q);
DEFINE_CLEANUP(WorkQueue, workqueue_free);

void workqueue_add(WorkQueue *q, const WorkKey *key);
/* The earliest time that was asked for counts; an add without delay comes at once. */
void workqueue_add_after(WorkQueue *q, const WorkKey *key, int64_t delay_ms);
/* After a failure: base * 2^failures. */
void workqueue_add_rate_limited(WorkQueue *q, const WorkKey *key);
void workqueue_forget(WorkQueue *q, const WorkKey *key); /* it went well: no failures any more */
int workqueue_failures(WorkQueue *q, const WorkKey *key);

/* Waits for a key; it belongs to the queue and lives until workqueue_done(). NULL after shutdown,
 * or when nothing came within timeout_ms (negative: no limit). */
const WorkKey *workqueue_get(WorkQueue *q, int64_t timeout_ms);
void workqueue_done(WorkQueue *q, const WorkKey *key);

void workqueue_shutdown(WorkQueue *q); /* all workqueue_get() give NULL from now on */
size_t workqueue_len(WorkQueue *q);    /* ready keys */

#endif
