/*
 * job_policy.h - what a Job's podFailurePolicy says about a failed pod, and whether its
 * successPolicy is met. Pure.
 *
 * Follows upstream pkg/controller/job/pod_failure_policy.go and success_policy.go.
 *
 * Tests:   tests/unit/controllers/test_job_policy.c
 */
#ifndef CONTROLLERS_JOB_POLICY_H
#define CONTROLLERS_JOB_POLICY_H

#include "base/value.h"
#include "controllers/job_index.h"

typedef enum JobPodAction {
    JOB_POD_NO_RULE, /* none matches: counts as a failure */
    JOB_POD_IGNORE,
    JOB_POD_FAIL_INDEX,
    JOB_POD_COUNT,
    JOB_POD_FAIL_JOB,
} JobPodAction;

/* The first rule that matches. *ret_message, for JOB_POD_FAIL_JOB, says why; may be NULL. */
JobPodAction job_pod_action(Arena *a, const Value *policy, const Value *pod,
                            const char **ret_message);
/* The number of the first rule that is met, -1 for none. */
int job_success_rule(Arena *a, const Value *policy, int64_t completions,
                     const JobIndexes *succeeded);

#endif
