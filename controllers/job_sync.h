/*
 * job_sync.h - what a Job does next, from the counts of its pods. Pure.
 *
 * Tests:   tests/unit/controllers/test_job_sync.c
 */
#ifndef CONTROLLERS_JOB_SYNC_H
#define CONTROLLERS_JOB_SYNC_H

#include "base/base.h"

typedef struct JobFacts {
    int64_t parallelism, completions; /* completions -1: a work queue, one success ends it */
    int64_t backoff_limit;
    bool is_suspended;
    int64_t active, succeeded, failed;
    int64_t started_us;  /* 0: not yet */
    int64_t deadline_us; /* of activeDeadlineSeconds; 0: none */
    int64_t last_failure_us;
} JobFacts;

typedef enum JobEnd { JOB_GOES_ON, JOB_COMPLETE, JOB_BACKOFF_LIMIT, JOB_DEADLINE } JobEnd;

typedef struct JobPlan {
    JobEnd end;
    int64_t diff;     /* > 0: make so many pods, < 0: delete so many */
    int64_t again_ms; /* look again then; 0: no need */
} JobPlan;

JobPlan job_plan(const JobFacts *f, int64_t now_us);

#endif
