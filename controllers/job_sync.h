/*
 * job_sync.h - what a Job does next, from its own state and that of its pods. Pure.
 *
 * A sync goes: job_view() judges the pods, job_plan() says how the Job ends or which pods come and
 * go, the wiring does that, job_track.h counts ends.
 *
 * Follows upstream pkg/controller/job: job_controller.go (syncJob, manageJob),
 * indexed_job_utils.go, backoff_utils.go.
 *
 * Tests:   tests/unit/controllers/test_job_sync.c
 */
#ifndef CONTROLLERS_JOB_SYNC_H
#define CONTROLLERS_JOB_SYNC_H

#include "controllers/job_index.h"
#include "controllers/job_policy.h"
#include "controllers/podutil.h"

#define JOB_TRACKING "batch.kubernetes.io/job-tracking"

enum { JOB_BURST = 500 };

typedef struct JobPod {
    const Value *v;
    int64_t index;       /* completion index; -1: none, or not one of this Job's */
    bool is_tracked;     /* has the finalizer: its end is not counted yet */
    bool is_active;      /* neither ended nor under deletion */
    bool is_terminating; /* under deletion and not ended */
    bool is_succeeded;
    bool is_failed;            /* counts as failed, as far as no policy says otherwise */
    bool is_ready;             /* and active */
    bool is_delayed;           /* the next pod of its index takes its failure count over */
    bool is_noted;             /* its uid is in uncountedTerminatedPods */
    JobPodAction action;       /* of the failure policy, should it count as failed */
    const char *message;       /* for JOB_POD_FAIL_JOB */
    int64_t failures, ignored; /* of its index before it */
    int64_t ended_us;
} JobPod;

typedef struct JobView {
    Arena *a;
    const Value *job;
    int64_t now_us;
    JobPod *pods;
    uint32_t n;
    bool is_indexed, is_suspended, is_deleted, replaces_failed_only;
    int64_t parallelism;
    int64_t completions; /* -1: a work queue, one success ends it */
    int64_t backoff_limit;
    int64_t per_index_limit; /* -1: none */
    int64_t active, ready, terminating, succeeded, failed;
    JobIndexes succeeded_before, succeeded_indexes, failed_indexes;
} JobView;

typedef struct JobEnd {
    bool is_over, is_success;
    bool is_stored; /* the interim condition is in the status already */
    const char *reason, *message;
} JobEnd;

typedef struct JobPlan {
    JobEnd end;
    uint32_t *remove; /* numbers of pods */
    uint32_t n_remove;
    bool keeps_finalizers; /* removed pods count as failed */
    int64_t *add;          /* completion index of each new pod, -1 without */
    uint32_t n_add;
    bool is_managed;  /* the pods were looked at: Suspended may be set */
    int64_t again_ms; /* look again then; 0: no need */
} JobPlan;

bool job_is_finished(const Value *job); /* Complete or Failed */
/* Another controller's Job (managedBy). */
bool job_is_foreign(const Value *job);

/* When the time has come to delete it (ttlSecondsAfterFinished); INT64_MAX: never, or nobody knows.
 */
int64_t job_ttl_end_us(const Value *job);

JobView job_view(Arena *a, const Value *job, const Values *pods, int64_t now_us);
/* `may_manage`: the cache shows what was done last. */
JobPlan job_plan(const JobView *w, bool may_manage);
/* Is it complete, now that w->active is what is left after the plan? */
JobEnd job_completion(const JobView *w);

/* The pod to create for a completion index (-1: none). */
Value *job_pod(const JobView *w, int64_t index);

#endif
