#include "api/cron.h"
#include "base/zone.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * A CronJob makes the Job of its latest missed time, named NAME-MINUTES (minutes since 1970 of the
 * time it stands for), so that the same time never makes two. Schedules are read in UTC; other
 * zones are shifted by their offset of the moment.
 */

static const char *const storage = "batch/cronjobs", *const jobs = "batch/jobs";

enum { LATE_MAX = 100 /* missed times beyond which upstream gives up counting */ };

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
    Values jobs;   /* ours */
    Value *active; /* array of references */
    Cron cron;
    int64_t offset_s; /* of the schedule's zone, east of UTC */
} Run;

static bool is_owned(const Obj *o, const void *uid)
{
    for (uint32_t i = 0; i < o->n_owners; i++)
        if (o->owners[i].is_controller && str_eq(o->owners[i].uid, uid))
            return true;
    return false;
}

static bool is_done(const Value *job)
{
    return condition_is(job, "Complete", "True") || condition_is(job, "Failed", "True");
}

static Value *reference(Arena *a, const Value *job)
{
    Value *ref = value_literal(a, "{'kind':'Job','apiVersion':'batch/v1'}");

    value_set_str(a, ref, "namespace", meta_ns(job));
    value_set_str(a, ref, "name", meta_name(job));
    value_set_str(a, ref, "uid", meta_uid(job));
    if (value_at_str(job, "metadata.resourceVersion"))
        value_set_str(a, ref, "resourceVersion", value_at_str(job, "metadata.resourceVersion"));
    return ref;
}

/* ---- old Jobs ---- */

static int by_start(const void *x, const void *y)
{
    int64_t a = meta_created_us(*(Value *const *)x), b = meta_created_us(*(Value *const *)y);

    return a < b ? -1 : a > b;
}

static int trim(Run *run, const char *condition, const char *limit_path, int64_t otherwise,
                Err *err)
{
    int64_t limit = value_at_int(run->cj, limit_path, otherwise), n = 0;

    for (uint32_t i = run->jobs.n; i > 0; i--) { /* the newest are kept */
        Value *job = run->jobs.items[i - 1];
        int r;

        if (!condition_is(job, condition, "True") || ++n <= limit)
            continue;
        r = ctl_delete(run->ctl, jobs, job, "Background", err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- the next Job ---- */

/* The latest time up to now that has had no Job: 0 when there is none. *ret_next: the one after. */
static int64_t due_s(const Run *run, int64_t *ret_next)
{
    int64_t now_s = run->ctl->now_us / 1000000 + run->offset_s, last = 0;
    int64_t from = value_time_us(run->cj, "status.lastScheduleTime");
    int64_t deadline = value_at_int(run->cj, "spec.startingDeadlineSeconds", -1);
    int64_t at;
    int n = 0;

    from = (from ? from : meta_created_us(run->cj)) / 1000000 + run->offset_s;
    if (deadline >= 0)
        from = MAX(from, now_s - deadline);
    for (at = cron_next(&run->cron, from); at >= 0 && at <= now_s; at = cron_next(&run->cron, at)) {
        last = at;
        if (++n > LATE_MAX) { /* far behind: jump to about now */
            at = cron_next(&run->cron, now_s - 3600);
            while (at >= 0 && at <= now_s) {
                last = at;
                at = cron_next(&run->cron, at);
            }
            break;
        }
    }
    *ret_next = at >= 0 ? at - run->offset_s : 0;
    return last ? last - run->offset_s : 0;
}

static Value *job_for(Run *run, int64_t at_s)
{
    Arena *a = run->ctl->arena;
    const Value *template = value_at(run->cj, "spec.jobTemplate");
    Value *job = value_literal(a, "{'kind':'Job','apiVersion':'batch/v1','metadata':{}}");
    Value *meta = value_get(job, "metadata"), *refs = value_array(a), *annotations;

    value_set(a, meta, "name", value_printf(a, "%s-%lld", run->ctl->name, (long long)at_s / 60));
    value_set_str(a, meta, "namespace", run->ctl->ns);
    if (value_at(template, "metadata.labels"))
        value_set(a, meta, "labels", value_copy(a, value_at(template, "metadata.labels")));
    annotations = value_at(template, "metadata.annotations");
    annotations = annotations ? value_copy(a, annotations) : value_object(a);
    value_set(a, annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp",
              value_time(a, at_s * 1000000));
    value_set(a, meta, "annotations", annotations);
    value_append(a, refs, meta_owner_ref(a, run->cj));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, job, "spec", value_copy(a, value_get(template, "spec")));
    return job;
}

static int replace_active(Run *run, Err *err)
{
    for (uint32_t i = 0; i < run->jobs.n; i++) {
        int r;

        if (is_done(run->jobs.items[i]))
            continue;
        r = ctl_delete(run->ctl, jobs, run->jobs.items[i], "Background", err);
        if (r < 0)
            return r;
        ctl_event(run->ctl, run->cj, "Normal", "SuccessfulDelete", "Deleted job %s",
                  meta_name(run->jobs.items[i]));
    }
    run->active = value_array(run->ctl->arena);
    return 0;
}

/* 1: the time is dealt with. */
static int start(Run *run, int64_t at_s, Err *err)
{
    const char *policy = value_at_str(run->cj, "spec.concurrencyPolicy");
    ObjRef at = ctl_ref(run->ctl, jobs, run->ctl->ns, NULL);
    Value *job, *made = NULL;
    int r = 0;

    if (str_eq(policy, "Forbid") && run->active->n > 0) {
        ctl_event(run->ctl, run->cj, "Normal", "JobAlreadyActive",
                  "Not starting job because prior execution is running and concurrency policy is "
                  "Forbid");
        return 0;
    }
    if (str_eq(policy, "Replace"))
        r = replace_active(run, err);
    if (r < 0)
        return r;
    job = job_for(run, at_s);
    r = client_create(run->ctl->client, run->ctl->arena, &at, job, &made, err);
    if (r == -ERR_ALREADY_EXISTS)
        return 1;
    if (r < 0) {
        if (err && !strstr(err->msg, "being terminated"))
            ctl_event(run->ctl, run->cj, "Warning", "FailedCreate", "Error creating job: %s",
                      err->msg);
        return r;
    }
    ctl_event(run->ctl, run->cj, "Normal", "SuccessfulCreate", "Created job %s", meta_name(made));
    value_append(run->ctl->arena, run->active, reference(run->ctl->arena, made));
    return 1;
}

/* ---- sync ---- */

static int write_status(Run *run, int64_t scheduled_s, Err *err)
{
    Arena *a = run->ctl->arena;
    Value *copy = value_copy(a, run->cj), *status = value_need(a, copy, "status");
    int64_t success_us = value_time_us(status, "lastSuccessfulTime");

    for (uint32_t i = 0; i < run->jobs.n; i++)
        if (condition_is(run->jobs.items[i], "Complete", "True"))
            success_us =
                MAX(success_us, value_time_us(run->jobs.items[i], "status.completionTime"));
    if (run->active->n > 0)
        value_set(a, status, "active", run->active);
    else
        value_del(status, "active");
    if (scheduled_s > 0)
        value_set(a, status, "lastScheduleTime", value_time(a, scheduled_s * 1000000));
    if (success_us > 0)
        value_set(a, status, "lastSuccessfulTime", value_time(a, success_us));
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
    run->active = value_array(run->ctl->arena);
    for (uint32_t i = 0; i < run->jobs.n; i++)
        if (!is_done(run->jobs.items[i]))
            value_append(run->ctl->arena, run->active,
                         reference(run->ctl->arena, run->jobs.items[i]));
    r = trim(run, "Complete", "spec.successfulJobsHistoryLimit", 3, err);
    return r < 0 ? r : trim(run, "Failed", "spec.failedJobsHistoryLimit", 1, err);
}

int cronjob_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl};
    int64_t due = 0, next = 0;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.cj, err), started = 0;
    const char *schedule;

    if (r < 0 || !run.cj || meta_is_deleted(run.cj))
        return r;
    r = collect(&run, err);
    if (r < 0)
        return r;
    schedule = value_at_str(run.cj, "spec.schedule");
    if (!value_is_true(value_at(run.cj, "spec.suspend"))) {
        const char *wrong = cron_parse(ctl->arena, schedule ? schedule : "", &run.cron);

        if (wrong) {
            ctl_event(ctl, run.cj, "Warning", "UnparseableSchedule", "unparseable schedule: %s",
                      schedule ? schedule : "");
            return 0;
        }
        run.offset_s = zone_offset_s(value_at_str(run.cj, "spec.timeZone"), ctl->now_us / 1000000);
        due = due_s(&run, &next);
        started = due ? start(&run, due, err) : 0;
        if (started < 0)
            return started;
    }
    r = write_status(&run, started == 1 ? due : 0, err);
    if (r < 0 || next == 0)
        return r;
    return (int)MAX(MIN(next * 1000 - ctl->now_us / 1000, 3600 * 1000), 0) + 100;
}
