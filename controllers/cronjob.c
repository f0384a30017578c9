#include "controllers/cronjob_sync.h"
#include "controllers/rows.h"

#include <time.h>

/*
 * A CronJob makes the Job of its latest missed time, named NAME-MINUTES (minutes since 1970 of the
 * time it stands for), so that the same time never makes two.
 */

static const char *const storage = "batch/cronjobs", *const jobs = "batch/jobs";

void cronjob_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage))
        ctl_map_self(c, index, ch);
    else
        (void)ctl_map_owner(c, index, ch, "CronJob"); /* Jobs of nobody are nobody's business */
}

typedef struct Run {
    Ctl *ctl;
    Value *cj;
    Values jobs; /* ours */
    CronJobs review;
} Run;

static bool is_owned(const Obj *o, const void *uid)
{
    return str_eq(obj_controller_uid(o), uid);
}

static int delete_job(Run *run, const Value *job, Err *err)
{
    Err failure = {0};
    int r = ctl_delete(run->ctl, jobs, job, "Background", &failure);

    if (r == 0)
        ctl_event(run->ctl, run->cj, "Normal", "SuccessfulDelete", "Deleted job %s",
                  meta_name(job));
    else
        ctl_event(run->ctl, run->cj, "Warning", "FailedDelete", "Deleted job: %s", failure.msg);
    if (r < 0 && err)
        *err = failure;
    return r;
}

/* ---- old Jobs ---- */

static int by_start(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int64_t ta = value_time_us(a, "status.startTime"), tb = value_time_us(b, "status.startTime");

    if ((ta == 0) != (tb == 0)) /* what never started is the newest */
        return ta == 0 ? 1 : -1;
    if (ta != tb)
        return ta < tb ? -1 : 1;
    return strcmp(meta_name(a), meta_name(b));
}

static int trim(Run *run, const char *condition, const char *limit_path, int64_t otherwise,
                Err *err)
{
    int64_t limit = value_at_int(run->cj, limit_path, otherwise), n = 0;

    for (uint32_t i = run->jobs.n; i > 0; i--) { /* the newest are kept */
        Value *job = run->jobs.items[i - 1];
        int r;

        if (!condition_is(job, condition, "True") || meta_is_deleted(job) || ++n <= limit)
            continue;
        r = delete_job(run, job, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- the next Job ---- */

static int replace_active(Run *run, Err *err)
{
    Value *kept = value_array(run->ctl->arena);

    for (uint32_t i = 0; i < run->jobs.n; i++) {
        Value *job = run->jobs.items[i];
        int r = 0;

        if (cronjob_has_active(run->review.active, meta_uid(job), NULL))
            r = delete_job(run, job, err);
        if (r < 0)
            return r;
    }
    run->review.active = kept;
    return 0;
}

/* The Job of this time exists: fine when it is ours. 1: take it as made. */
static int find_made(Run *run, const char *name, Value **ret, Err *err)
{
    ObjRef at = ctl_ref(run->ctl, jobs, run->ctl->ns, name);
    int r = client_get(run->ctl->client, run->ctl->arena, &at, ret, err);

    if (r < 0)
        return r;
    return meta_is_controlled_by(*ret, meta_uid(run->cj)) ? 1 : 0;
}

/* 1: the time is served. */
static int start(Run *run, int64_t at_s, Err *err)
{
    const char *policy = value_at_str(run->cj, "spec.concurrencyPolicy");
    ObjRef at = ctl_ref(run->ctl, jobs, run->ctl->ns, NULL);
    Value *job = cronjob_job(run->ctl->arena, run->cj, at_s), *made = NULL;
    int r = 0;

    if (cronjob_has_active(run->review.active, NULL, meta_name(job)) ||
        value_time_us(run->cj, "status.lastScheduleTime") == at_s * 1000000)
        return 0;
    if (str_eq(policy, "Forbid") && value_len(run->review.active) > 0) {
        ctl_event(run->ctl, run->cj, "Normal", "JobAlreadyActive",
                  "Not starting job because prior execution is running and concurrency policy is "
                  "Forbid");
        return 0;
    }
    if (str_eq(policy, "Replace"))
        r = replace_active(run, err);
    if (r < 0)
        return r;
    r = client_create(run->ctl->client, run->ctl->arena, &at, job, &made, err);
    if (r == -ERR_ALREADY_EXISTS) {
        r = find_made(run, meta_name(job), &made, err);
        if (r <= 0)
            return r;
    } else if (r < 0) {
        if (ctl_is_terminating(r, err))
            return 0;
        ctl_event(run->ctl, run->cj, "Warning", "FailedCreate", "Error creating job: %s",
                  err ? err->msg : "");
        return r;
    } else {
        ctl_event(run->ctl, run->cj, "Normal", "SuccessfulCreate", "Created job %s",
                  meta_name(made));
    }
    value_append(run->ctl->arena, run->review.active, cronjob_reference(run->ctl->arena, made));
    return 1;
}

/* ---- sync ---- */

static int write_status(Run *run, int64_t scheduled_s, Err *err)
{
    Arena *a = run->ctl->arena;
    Value *copy = value_copy(a, run->cj), *status = value_need(a, copy, "status");

    if (value_len(run->review.active) > 0)
        value_set(a, status, "active", run->review.active);
    else
        value_del(status, "active");
    if (scheduled_s > 0)
        value_set(a, status, "lastScheduleTime", value_time(a, scheduled_s * 1000000));
    if (run->review.success_us > 0)
        value_set(a, status, "lastSuccessfulTime", value_time(a, run->review.success_us));
    if (value_equal(value_get(run->cj, "status"), status) ||
        (!value_get(run->cj, "status") && value_len(status) == 0))
        return 0;
    return ctl_update_status(run->ctl, storage, copy, err);
}

static int collect(Run *run, Err *err)
{
    int r = ctl_list(run->ctl, jobs, run->ctl->ns, is_owned, meta_uid(run->cj), &run->jobs, err);

    if (r < 0)
        return r;
    if (run->jobs.n > 1)
        qsort(run->jobs.items, run->jobs.n, sizeof(*run->jobs.items), by_start);
    run->review = cronjob_review(run->ctl->arena, run->cj, &run->jobs);
    for (uint32_t i = 0; i < run->review.n_notes; i++)
        ctl_event(run->ctl, run->cj, run->review.notes[i].type, run->review.notes[i].reason, "%s",
                  run->review.notes[i].message);
    return 0;
}

/* The schedule's word for now; 1: *ret is set. */
static int read_schedule(Run *run, CronDue *ret)
{
    const char *schedule = value_at_str(run->cj, "spec.schedule");
    const char *zone = value_at_str(run->cj, "spec.timeZone"), *wrong;
    Cron cron;

    if (value_is_true(value_at(run->cj, "spec.suspend")))
        return 0;
    if (zone && !cron_zone_exists(zone)) {
        ctl_event(run->ctl, run->cj, "Warning", "UnknownTimeZone",
                  "invalid timeZone: \"%s\": unknown time zone %s", zone, zone);
        return 0;
    }
    wrong = cron_parse(run->ctl->arena, schedule ? schedule : "", &cron);
    if (wrong) {
        ctl_event(run->ctl, run->cj, "Warning", "UnparseableSchedule",
                  "unparseable schedule: \"%s\" : %s", schedule ? schedule : "", wrong);
        return 0;
    }
    *ret = cronjob_due(&cron, zone, run->cj, run->ctl->now_us / 1000000);
    if (ret->is_never)
        ctl_event(run->ctl, run->cj, "Warning", "InvalidSchedule",
                  "invalid schedule: %s : time difference between two schedules is less than 1 "
                  "second",
                  schedule);
    return 1;
}

static int act(Run *run, const CronDue *due, Err *err)
{
    char when[40];
    time_t at = due->at_s;
    struct tm tm;

    if (due->at_s == 0)
        return 0;
    if (due->has_many_missed)
        ctl_event(run->ctl, run->cj, "Warning", "TooManyMissedTimes",
                  "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or "
                  "check clock skew");
    if (due->is_late) {
        strftime(when, sizeof(when), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&at, &tm));
        ctl_event(run->ctl, run->cj, "Warning", "MissSchedule",
                  "Missed scheduled time to start a job: %s", when);
        return 0;
    }
    return start(run, due->at_s, err);
}

int cronjob_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl};
    CronDue due = {0};
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.cj, err), started = 0;

    if (r < 0 || !run.cj)
        return r;
    r = collect(&run, err);
    if (r < 0)
        return r;
    if (!meta_is_deleted(run.cj) && read_schedule(&run, &due) == 1)
        started = act(&run, &due, err);
    if (started < 0)
        return started;
    r = write_status(&run, started == 1 ? due.at_s : 0, err);
    if (r == 0)
        r = trim(&run, "Complete", "spec.successfulJobsHistoryLimit", 3, err);
    if (r == 0)
        r = trim(&run, "Failed", "spec.failedJobsHistoryLimit", 1, err);
    if (r < 0 || due.next_s == 0)
        return r;
    return (int)MAX(MIN(due.next_s * 1000 - ctl->now_us / 1000, 3600 * 1000), 0) + 100;
}
