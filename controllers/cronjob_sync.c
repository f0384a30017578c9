#include "controllers/cronjob_sync.h"

#include "base/zone.h"

enum { MISSED_MAX = 100, TRIES = 4 };

/* ---- times ---- */

int64_t cronjob_next_s(const Cron *cron, const char *zone, int64_t t_s)
{
    int64_t from = t_s;

    for (int i = 0; i < TRIES; i++) {
        int64_t before = zone_offset_s(zone, from), local = cron_next(cron, from + before);
        int64_t after, at;

        if (local < 0)
            return -1;
        after = zone_offset_s(zone, local - before);
        at = local - after;
        if (after != before && zone_offset_s(zone, at) != after) {
            from = local - before; /* the clocks skip this time that day: look behind it */
            continue;
        }
        if (at > t_s)
            return at;
        from = MAX(from, t_s) + 3600; /* the hour that comes twice */
    }
    return -1;
}

CronDue cronjob_due(const Cron *cron, const char *zone, const Value *cj, int64_t now_s)
{
    int64_t deadline_s = value_at_int(cj, "spec.startingDeadlineSeconds", -1);
    int64_t from = value_time_us(cj, "status.lastScheduleTime"), first, second, step;
    CronDue due = {0};

    from = (from ? from : meta_created_us(cj)) / 1000000;
    if (deadline_s >= 0)
        from = MAX(from, now_s - deadline_s);
    due.next_s = MAX(cronjob_next_s(cron, zone, now_s), 0);
    first = cronjob_next_s(cron, zone, from);
    if (first < 0 || first > now_s)
        return due;
    second = cronjob_next_s(cron, zone, first);
    due.at_s = first;
    due.n_missed = 1;
    if (second >= 0 && second <= now_s) {
        /* Far behind: jump to about now, and walk from there. */
        step = second - first;
        due.n_missed = (now_s - first) / step + 1;
        for (int64_t at = first + (due.n_missed - 2) * step - 1, n = 0; n < MISSED_MAX; n++) {
            at = cronjob_next_s(cron, zone, at);
            if (at < 0 || at > now_s)
                break;
            due.at_s = at;
        }
    }
    due.has_many_missed = due.n_missed > MISSED_MAX;
    due.is_late = deadline_s >= 0 && due.at_s + deadline_s < now_s;
    return due;
}

/* ---- Jobs ---- */

Value *cronjob_reference(Arena *a, const Value *job)
{
    Value *ref = value_literal(a, "{'kind':'Job','apiVersion':'batch/v1'}");

    value_set_str(a, ref, "namespace", meta_ns(job));
    value_set_str(a, ref, "name", meta_name(job));
    value_set_str(a, ref, "uid", meta_uid(job));
    if (value_at_str(job, "metadata.resourceVersion"))
        value_set_str(a, ref, "resourceVersion", value_at_str(job, "metadata.resourceVersion"));
    return ref;
}

bool cronjob_has_active(const Value *active, const char *uid, const char *name)
{
    Value *ref;

    value_each_item(active, i, ref)
    {
        if ((uid && str_eq(value_get_str(ref, "uid"), uid)) ||
            (name && str_eq(value_get_str(ref, "name"), name)))
            return true;
    }
    return false;
}

static void note(CronJobs *x, const char *type, const char *reason, const char *message)
{
    x->notes[x->n_notes++] = (CronNote){type, reason, message};
}

static const char *end_of(const Value *job)
{
    return condition_is(job, "Complete", "True") ? "Complete"
           : condition_is(job, "Failed", "True") ? "Failed"
                                                 : NULL;
}

static const Value *job_with_uid(const Values *jobs, const char *uid)
{
    for (uint32_t i = 0; i < jobs->n; i++)
        if (str_eq(meta_uid(jobs->items[i]), uid))
            return jobs->items[i];
    return NULL;
}

CronJobs cronjob_review(Arena *a, const Value *cj, const Values *jobs)
{
    const Value *before = value_at(cj, "status.active");
    CronJobs x = {.active = value_array(a),
                  .success_us = value_time_us(cj, "status.lastSuccessfulTime"),
                  .notes = arena_array(a, CronNote, jobs->n + value_len(before) + 1)};
    Value *ref;

    for (uint32_t i = 0; i < jobs->n; i++) {
        const Value *job = jobs->items[i];
        const char *end = end_of(job);

        if (str_eq(end, "Complete"))
            x.success_us = MAX(x.success_us, value_time_us(job, "status.completionTime"));
        if (!end && !cronjob_has_active(before, meta_uid(job), NULL))
            note(&x, "Warning", "UnexpectedJob",
                 arena_printf(a, "Saw a job that the controller did not create or forgot: %s",
                              meta_name(job)));
    }
    value_each_item(before, i, ref)
    {
        const Value *job = job_with_uid(jobs, value_get_str(ref, "uid"));
        const char *end = job ? end_of(job) : NULL;

        if (job && !end)
            value_append(a, x.active, ref);
        else if (job)
            note(&x, "Normal", "SawCompletedJob",
                 arena_printf(a, "Saw completed job: %s, condition: %s", meta_name(job), end));
        else
            note(&x, "Normal", "MissingJob",
                 arena_printf(a, "Active job went missing: %s", value_get_str(ref, "name")));
    }
    return x;
}

Value *cronjob_job(Arena *a, const Value *cj, int64_t at_s)
{
    const Value *template = value_at(cj, "spec.jobTemplate");
    Value *job = value_literal(a, "{'kind':'Job','apiVersion':'batch/v1','metadata':{}}");
    Value *meta = value_get(job, "metadata"), *refs = value_array(a), *annotations;

    value_set(a, meta, "name", value_printf(a, "%s-%lld", meta_name(cj), (long long)at_s / 60));
    value_set_str(a, meta, "namespace", meta_ns(cj));
    if (value_at(template, "metadata.labels"))
        value_set(a, meta, "labels", value_copy(a, value_at(template, "metadata.labels")));
    annotations = value_at(template, "metadata.annotations");
    annotations = annotations ? value_copy(a, annotations) : value_object(a);
    value_set(a, annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp",
              value_time(a, at_s * 1000000));
    value_set(a, meta, "annotations", annotations);
    value_append(a, refs, meta_owner_ref(a, cj));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, job, "spec", value_copy(a, value_get(template, "spec")));
    return job;
}
