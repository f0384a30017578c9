#include "controllers/job_sync.h"

#include "tests/unit/test.h"

TEST(counts_decide)
{
    const int64_t now = 1000000000;
    const struct {
        JobFacts f;
        JobPlan want;
    } rows[] = {
        {{.parallelism = 2, .completions = 5, .backoff_limit = 6}, {JOB_GOES_ON, 2, 0}},
        {{.parallelism = 2, .completions = 5, .backoff_limit = 6, .succeeded = 4},
         {JOB_GOES_ON, 1, 0}},
        {{.parallelism = 2, .completions = 5, .backoff_limit = 6, .succeeded = 5},
         {JOB_COMPLETE, 0, 0}},
        {{.parallelism = 1, .completions = 1, .backoff_limit = 0, .failed = 1, .active = 1},
         {JOB_BACKOFF_LIMIT, -1, 0}},
        {{.parallelism = 1,
          .completions = 1,
          .backoff_limit = 6,
          .failed = 1,
          .last_failure_us = now - 4000000},
         {JOB_GOES_ON, 0, 6001}},
        {{.parallelism = 1,
          .completions = 1,
          .backoff_limit = 6,
          .failed = 1,
          .last_failure_us = now - 11000000},
         {JOB_GOES_ON, 1, 0}},
        {{.parallelism = 3,
          .completions = 3,
          .backoff_limit = 6,
          .is_suspended = true,
          .active = 2},
         {JOB_GOES_ON, -2, 0}},
        {{.parallelism = 3, .completions = -1, .backoff_limit = 6, .succeeded = 1, .active = 2},
         {JOB_GOES_ON, 0, 0}},
        {{.parallelism = 3, .completions = -1, .backoff_limit = 6, .succeeded = 1},
         {JOB_COMPLETE, 0, 0}},
        {{.parallelism = 1,
          .completions = 1,
          .backoff_limit = 6,
          .active = 1,
          .deadline_us = now - 1},
         {JOB_DEADLINE, -1, 0}},
        {{.parallelism = 1, .completions = 3, .backoff_limit = 6, .active = 3},
         {JOB_GOES_ON, -2, 0}},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        JobPlan p = job_plan(&rows[i].f, now);

        if (p.end != rows[i].want.end || p.diff != rows[i].want.diff ||
            p.again_ms != rows[i].want.again_ms)
            fail_msg("row %zu: %d %lld %lld", i, (int)p.end, (long long)p.diff,
                     (long long)p.again_ms);
    }
}
