/*
 * queue.h - pods that wait for a node.
 *
 *              pod seen                     pop
 *   (absent) ------------> ACTIVE --------------------> IN_FLIGHT ----> (absent): bound
 *                            ^  ^                         |     |
 *                 time is up |  | what it waits for       |     | binding failed
 *                            |  | happened                v     v
 *                         BACKOFF <---------- UNSCHEDULABLE    BACKOFF
 *
 * ACTIVE pods go by the turns of their clusters (lanes.h), within one by the queue_sort plug-in. An
 * UNSCHEDULABLE pod waits for an event that one of the plug-ins that rejected it has asked for, at
 * most five minutes; one that came while the pod was IN_FLIGHT counts. BACKOFF: some time after the
 * first attempt (1 s), doubling up to a limit (10 s); while nobody is ACTIVE those that were woken
 * need not wait for its end, those whose binding failed do.
 *
 * Owns:    its entries.
 * Threads: the scheduler's only.
 * Frees:   queue_free().
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_queue.c
 */
#ifndef SCHEDULER_QUEUE_H
#define SCHEDULER_QUEUE_H

#include "base/list.h"
#include "scheduler/plugin.h"

typedef struct Queue Queue;

typedef enum WaitState {
    WAIT_ACTIVE,
    WAIT_BACKOFF,
    WAIT_UNSCHEDULABLE,
    WAIT_IN_FLIGHT,
    WAIT_STATE_MAX_
} WaitState;

/* What a pod asks of a node's room. Pods that wait for the same reason and want the same wait
 * together, so that what happens is held against all of them at once. */
typedef struct Want {
    int64_t priority, cpu_milli, memory, ephemeral;
    bool is_known; /* false: the room alone does not tell whether it fits */
} Want;

/* May what happened to a node help somebody who wants this? */
typedef bool (*WakeHelpsFn)(const Want *want, void *data);

typedef struct Waiting {
    Want want; /* set before queue_unschedulable(); forgotten by queue_pop() */
    /* read-only */
    const char *id; /* "cluster/ns/name" */
    const char *cluster, *ns, *name;
    QueuedPod sort;
    int attempts;
    WaitState state;
    uint32_t rejected_by;
    uint64_t serial; /* no other entry has it, nor had it */
    Obj *obj;        /* the pod as it was last seen; NULL before queue_keep() */
    /* private */
    Arena *arena; /* of the tree; NULL: there is none */
    const Value *tree;
    uint64_t popped_at; /* Queue.now at that time */
    bool was_updated;   /* since then */
    bool has_failed;    /* BACKOFF because of a failure */
    int64_t since_us;   /* of the state */
    List link;
    struct Lane *lane;
} Waiting;

/* Seconds of BACKOFF. */
Queue *queue_new(int64_t first_s, int64_t max_s);
void queue_free(Queue *q);
DEFINE_CLEANUP(Queue, queue_free);

/* A pod without node was seen. One that is known and waits UNSCHEDULABLE becomes ACTIVE when
 * is_updated. */
void queue_add(Queue *q, const char *cluster, const char *ns, const char *name, QueuedPod sort,
               bool is_updated, int64_t now_us);
/* The entry, if there is one, refers to this version of its pod. `tree` is the same, read into an
 * arena that is the queue's from now on: while few wait it is kept for whoever pops the entry. */
void queue_keep(Queue *q, const char *id, Obj *pod, Arena *a, const Value *tree);
/* That tree, with its arena, which is the caller's then; NULL when it was not kept. */
const Value *queue_take_tree(Queue *q, Waiting *w, Arena **ret_arena);
void queue_remove(Queue *q, const char *id); /* bound, gone, or not ours */
void queue_remove_cluster(Queue *q, const char *cluster);
Waiting *queue_pop(Queue *q, int64_t now_us); /* now IN_FLIGHT; NULL when nothing is due */
void queue_unschedulable(Queue *q, Waiting *w, uint32_t rejected_by, int64_t now_us);
/* What happened until now is known to the one who decides about the pod. */
void queue_saw_events(Queue *q, Waiting *w);
void queue_retry(Queue *q, Waiting *w, int64_t now_us); /* IN_FLIGHT -> BACKOFF */
Waiting *queue_find(Queue *q, const char *id);
/* Something happened: `event` is of WakeFlags; cluster NULL: to all. */
void queue_wake(Queue *q, uint32_t event, const char *cluster, int64_t now_us);
/* The same, but plug-ins that only miss room (wakes_by_room) ask `helps` first. */
void queue_wake_for_room(Queue *q, uint32_t event, WakeHelpsFn helps, void *data, int64_t now_us);
/* What this pod waits for has happened. */
void queue_wake_one(Queue *q, const char *id, int64_t now_us);
/* Milliseconds until queue_pop() may have something; -1: only an event brings it. */
int64_t queue_delay_ms(const Queue *q, int64_t now_us);
/* What the cluster has of the nodes by now: its dominant share over its weight. */
void queue_set_share(Queue *q, const char *cluster, double share);
size_t queue_count(const Queue *q, WaitState state);

#endif
