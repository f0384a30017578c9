/*
 * podbatch.h - many pods made or deleted for one owner: calls that do not wait for each other and
 * share commits, the events and the expectations that go with them.
 *
 * The slow start is upstream's (pkg/controller/controller_utils.go SlowStartInitialBatchSize,
 * replica_set.go slowStartBatch): batches of 1, 2, 4, ..., and none after one in which a call has
 * failed, so that a pod that cannot be made is tried once, not five hundred times.
 *
 * Owns:    nothing; what is made lives in the arena of the Ctl.
 * Threads: a worker, as the Ctl.
 * Fails:   with the first failure. A namespace that goes away is none: nothing more is made there.
 * Tests:   tests/unit/controllers/test_podbatch.c
 */
#ifndef CONTROLLERS_PODBATCH_H
#define CONTROLLERS_PODBATCH_H

#include "controllers/podutil.h"

typedef enum PodVerb {
    POD_CREATE,
    POD_DELETE,
} PodVerb;

/* What the event says that tells of a pod; failure NULL: it went well. NULL: no event. */
typedef const char *(*PodSayFn)(Arena *a, PodVerb verb, const Value *owner, const char *pod,
                                const Err *failure);

typedef struct PodBatch {
    Ctl *ctl;
    const Value *owner; /* with kind and apiVersion; events are about it */
    Expectations *expectations;
    WorkKey key; /* whose they are */
    /* The i-th pod to create; where it fails, that is the pod's failure, and *ret may still say of
     * which. */
    int (*make)(void *data, uint32_t i, Value **ret, Err *err);
    /* What came of the i-th, 0 or an error; NULL: nobody asks. */
    void (*done)(void *data, uint32_t i, int r);
    void *data;   /* of both */
    PodSayFn say; /* NULL: as ReplicaSets say it */
} PodBatch;

/* POST n pods, slowly at first. */
int podbatch_create(const PodBatch *b, uint32_t n, Err *err) MUST_CHECK;
/* DELETE these, every one whatever comes of the others. */
int podbatch_delete(const PodBatch *b, const Value *const *pods, uint32_t n, Err *err) MUST_CHECK;

#endif
