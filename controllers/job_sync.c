#include "controllers/job_sync.h"

enum { BACKOFF_US = 10 * 1000000, BACKOFF_MAX_US = 600 * 1000000, BURST = 500 };

static int64_t backoff_us(int64_t failed)
{
    int64_t us = BACKOFF_US;

    for (int64_t i = 1; i < failed && us < BACKOFF_MAX_US; i++)
        us *= 2;
    return us < BACKOFF_MAX_US ? us : BACKOFF_MAX_US;
}

static int64_t wanted_active(const JobFacts *f)
{
    if (f->completions < 0) /* after the first success no new pods are made */
        return f->succeeded > 0 ? f->active : f->parallelism;
    return MAX(MIN(f->parallelism, f->completions - f->succeeded), 0);
}

JobPlan job_plan(const JobFacts *f, int64_t now_us)
{
    JobPlan p = {0};
    int64_t wait_us;

    if (f->failed > f->backoff_limit)
        p.end = JOB_BACKOFF_LIMIT;
    else if (f->deadline_us != 0 && now_us >= f->deadline_us)
        p.end = JOB_DEADLINE;
    else if (f->completions >= 0 ? f->succeeded >= f->completions
                                 : f->succeeded > 0 && f->active == 0)
        p.end = JOB_COMPLETE;
    if (p.end != JOB_GOES_ON || f->is_suspended) {
        p.diff = -f->active;
        return p;
    }
    if (f->deadline_us != 0)
        p.again_ms = (f->deadline_us - now_us) / 1000 + 1;
    p.diff = MAX(MIN(wanted_active(f) - f->active, BURST), -BURST);
    if (p.diff > 0 && f->failed > 0) {
        wait_us = f->last_failure_us + backoff_us(f->failed) - now_us;
        if (wait_us > 0) {
            p.diff = 0;
            p.again_ms = p.again_ms ? MIN(p.again_ms, wait_us / 1000 + 1) : wait_us / 1000 + 1;
        }
    }
    return p;
}
