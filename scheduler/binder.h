/*
 * binder.h - the threads that carry out decisions: bindings, conditions, events, and questions to
 * extenders.
 *
 * Owns:    its threads and the tasks in it.
 * Threads: binder_add() and binder_take_results() the scheduler's.
 * Frees:   binder_stop(); tasks not begun are dropped.
 * Tests:   tests/unit/scheduler/test_binder.c
 */
#ifndef SCHEDULER_BINDER_H
#define SCHEDULER_BINDER_H

#include "base/err.h"
#include "base/list.h"
#include "scheduler/extender.h"
#include "scheduler/group.h"

typedef struct Binder Binder;

typedef struct BindTask {
    List link;
    Arena *arena; /* of everything in here, and of the task's own data */
    const char *id, *cluster;
    const Profile *profile; /* borrowed */
    const Value *pod;       /* with kind and apiVersion */
    Decision decision;      /* a question: ask it; a node: bind; none: say why */
    AskedNodes *answer;     /* to ASK_NODES; that to ASK_VICTIMS is in the decision */
    SchedPod *self;         /* the same pod, read; owned until the snapshot takes it over */
    uint64_t serial;        /* of its queue entry */
    GroupNeed group;        /* min 0: it goes alone */
    int result;             /* of the binding: 0; 1: it waits for its volumes; or negative */
    const char *error;      /* why a question was not answered */
} BindTask;

typedef struct BinderOptions {
    Client *client;       /* borrowed */
    Extenders *extenders; /* borrowed; or NULL */
    unsigned n_threads;
    bool is_slow;                  /* each task takes its own time: one thread does not take many */
    void (*on_result)(void *data); /* on a binder thread: there is something to take */
    void *data;
} BinderOptions;

int binder_start(const BinderOptions *o, Binder **ret, Err *err) MUST_CHECK;
void binder_stop(Binder *b);
DEFINE_CLEANUP(Binder, binder_stop);

BindTask *bind_task_new(Arena *a); /* takes the arena, which may have the pod in it already */
void bind_task_free(BindTask *t);
void binder_add(Binder *b, BindTask *t); /* takes it */
/* Bindings that are done and questions that are answered, in a list of the caller's. */
void binder_take_results(Binder *b, List *ret);

#endif
