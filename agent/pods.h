/*
 * pods.h - the pods of this node: one thread each, which makes what runs match what is wanted.
 *
 *   feed (items) --pods_item_changed()--+
 *   runtime, polled --fingerprint-------+--> the pod is marked, its thread wakes:
 *   probes --verdict--------------------+    read runtime -> pod_sync() -> do -> report -> sleep
 *   its own timer ----------------------+
 *
 * Owns:    the pods, their threads, the poller, the probes.
 * Threads: any. A pod's thread blocks on the runtime (a pull, a grace period) without holding up
 *          another pod.
 * Frees:   pods_stop(): the threads end, the containers stay.
 * Fails:   per pod: tried again, told by status and event.
 * Tests:   tests/e2e with a runtime; the decisions in tests/unit/agent/test_pod_sync.c
 */
#ifndef AGENT_PODS_H
#define AGENT_PODS_H

#include "agent/agent.h"

typedef struct Pods Pods;

int pods_start(Agent *agent, Pods **ret, Err *err) MUST_CHECK;
void pods_stop(Pods *p);
DEFINE_CLEANUP(Pods, pods_stop);

/* To be called for every change of the items (ItemFn). */
void pods_item_changed(Pods *p, Item *now, Item *before);
/* The feed is complete: what runs without being in it is stopped. */
void pods_feed_synced(Pods *p);

/* Give a pod up: it fails with the reason "Evicted". */
/* Have a look at the pod soon. */
void pods_look_at(Pods *p, const char *uid);
void pods_evict(Pods *p, const char *uid, const char *message, int64_t grace_s);
/* The node is being shut down: all pods end, the critical ones last, within the times given.
 * Returns when nothing runs any more, or the time is over. */
void pods_shut_down(Pods *p, int64_t grace_s, int64_t critical_grace_s);

/* A pod's container in the runtime, for logs and exec: its id (in the arena) and log file of the
 * newest attempt, or of the one before. uid may be NULL. */
typedef struct PodContainerRef {
    const char *id, *log_path, *sandbox_id, *pod_ip;
    bool is_running;
} PodContainerRef;
typedef struct PodWhere {
    const char *cluster, *ns, *name, *uid, *container; /* uid and container may be NULL */
    bool previous;
} PodWhere;
int pods_find(Pods *p, Arena *a, const PodWhere *w, PodContainerRef *ret, Err *err) MUST_CHECK;

#endif
