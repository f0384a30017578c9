/*
 * scheduler.h - gives pods of all clusters a node of the host.
 *
 * One thread keeps the snapshot and decides; a few binder threads carry decisions out. A decision
 * takes its share of the node in the snapshot at once ("assumed"), so the next pod need not wait
 * for the binding; a binding that fails gives it back.
 *
 * Owns:    its threads, queue and snapshot, one client.
 * Threads: any; scheduler_start() and _stop() from one thread.
 * Frees:   scheduler_stop() ends threads and subscription. A lister without unsubscribe must have
 *          stopped reporting before.
 * Fails:   scheduler_start() when the client cannot be opened or a thread not be started.
 * Tests:   tests/unit/scheduler/
 */
#ifndef SCHEDULER_SCHEDULER_H
#define SCHEDULER_SCHEDULER_H

#include "scheduler/config.h"

typedef struct Err Err;
typedef struct Scheduler Scheduler;

typedef struct SchedulerOptions {
    /* A client that acts as `user` ("system:kube-scheduler"); closed by scheduler_stop(). */
    int (*open_client)(const char *user, void *data, Client **ret, Err *err);
    void *data;
    Lister *lister;            /* borrowed */
    const SchedConfig *config; /* borrowed */
    unsigned n_binders;        /* 0: 4 */
} SchedulerOptions;

int scheduler_start(const SchedulerOptions *o, Scheduler **ret, Err *err) MUST_CHECK;
void scheduler_stop(Scheduler *s);
DEFINE_CLEANUP(Scheduler, scheduler_stop);

#endif
