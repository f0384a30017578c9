/*
 * triggertime.h - when what a Service's endpoints show has changed, for the annotation
 * endpoints.kubernetes.io/last-change-trigger-time of Endpoints and EndpointSlices.
 *
 * Follows upstream staging endpointslice/util/trigger_time_tracker.go: the earliest time of what
 * has changed since the controller looked last, and the Service's creation the first time. Of a
 * pod it is the last transition of its condition Ready. What changes twice between two looks counts
 * once.
 *
 * Owns:    of each Service a number for each pod with that condition.
 * Threads: any; not two at once for one key.
 * Frees:   triggertimes_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_triggertime.c
 */
#ifndef CONTROLLERS_TRIGGERTIME_H
#define CONTROLLERS_TRIGGERTIME_H

#include "base/value.h"
#include "client/workqueue.h"
#include "controllers/ctl.h"

typedef struct TriggerTimes TriggerTimes;

TriggerTimes *triggertimes_new(void);
void triggertimes_free(TriggerTimes *t);
DEFINE_CLEANUP(TriggerTimes, triggertimes_free);

/* The time to tell, 0: none, as nothing has changed. The next call compares with this one. `pods`:
 * those that the Service selects. */
int64_t triggertimes_look(TriggerTimes *t, const WorkKey *key, const Value *service,
                          const Values *pods);
void triggertimes_forget(TriggerTimes *t, const WorkKey *key); /* the Service is gone */
void triggertimes_drop_cluster(TriggerTimes *t, const char *cluster);

/* Write it into the metadata of what is about to be stored; 0 takes it out. */
void triggertimes_put(Arena *a, Value *object, int64_t us);

#endif
