#include "controllers/cronjob_sync.h"

#include "base/clock.h"
#include "base/zone.h"

enum { MISSED_MAX = 100, TRIES = 4, DAY_S = 86400, SHIFT_MAX_S = 3 * 3600 };

/* ---- times ---- */

/* The first second after `from` (and at most `until`) that has another offset than it. */
static int64_t shift_after(Slice zone, int64_t from, int64_t until)
{
    int64_t offset = zone_offset_in(zone, from);

    while (until - from > 1) {
        int64_t middle = from + (until - from) / 2;

        if (zone_offset_in(zone, middle) == offset)
            from = middle;
        else
            until = middle;
    }
    return until;
}

/* When the clock shows `local`, the first of two such times, if it is after t_s; -1: it never does,
 * or not after t_s. */
static int64_t when_shown(Slice zone, int64_t local, int64_t t_s)
{
    int64_t guess = local - zone_offset_in(zone, local), first = -1;
    const int64_t offsets[] = {zone_offset_in(zone, guess - DAY_S),
                               zone_offset_in(zone, guess + DAY_S)};

    for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
        int64_t at = local - offsets[i];

        if (at > t_s && zone_offset_in(zone, at) == offsets[i] && (first < 0 || at < first))
            first = at;
    }
    return first;
}

/* As upstream's cron library has it: the first minute that the clock shows as the schedule says. An
 * hour that comes twice serves twice, one that is skipped not at all. */
static int64_t next_in(const Cron *cron, Slice zone, int64_t t_s)
{
    int64_t offset, soon, local, at = -1;

    if (cron->every_s > 0 || zone.len == 0)
        return cron_next(cron, t_s);
    offset = zone_offset_in(zone, t_s);
    soon = zone_offset_in(zone, t_s + SHIFT_MAX_S);
    local = t_s + offset;
    for (int i = 0; i < TRIES && at < 0; i++) {
        local = cron_next(cron, local);
        if (local < 0)
            break;
        at = when_shown(zone, local, t_s);
    }
    if (soon < offset) { /* the clock is about to go back */
        int64_t shift = shift_after(zone, t_s, t_s + SHIFT_MAX_S), again;

        again = cron_next(cron, shift + soon - 1) - soon;
        if (again >= shift && (at < 0 || again < at) && zone_offset_in(zone, again) == soon)
            at = again;
    }
    return at;
}

int64_t cronjob_next_s(const Cron *cron, const char *zone, int64_t t_s)
{
    AUTO_BUF file = BUF_INIT;

    return next_in(cron, zone && zone_read(zone, &file) ? buf_slice(&file) : (Slice){0}, t_s);
}

/* The last time of the schedule until `now_s`; `at_s` is one of its times. */
static int64_t latest_in(const Cron *cron, Slice zone, int64_t at_s, int64_t now_s)
{
    int64_t end = now_s;

    while (at_s < end) {
        int64_t middle = at_s + (end - at_s) / 2, next = next_in(cron, zone, middle);

        if (next >= 0 && next <= end)
            at_s = next;
        else
            end = middle;
    }
    return at_s;
}

static CronDue due_in(const Cron *cron, Slice zone, const Value *cj, int64_t now_s)
{
    int64_t deadline_s = value_at_int(cj, "spec.startingDeadlineSeconds", -1);
    int64_t from = value_time_us(cj, "status.lastScheduleTime"), second, step;
    CronDue due = {0};

    from = (from ? from : meta_created_us(cj)) / 1000000;
    if (deadline_s >= 0)
        from = MAX(from, now_s - deadline_s);
    due.next_s = MAX(next_in(cron, zone, now_s), 0);
    due.at_s = next_in(cron, zone, from);
    if (due.at_s < 0 || due.at_s > now_s) {
        due.is_never = due.at_s < 0;
        due.at_s = 0;
        return due;
    }
    due.n_missed = 1;
    second = next_in(cron, zone, due.at_s);
    if (second >= 0 && second <= now_s) {
        step = second - due.at_s;
        due.n_missed = (now_s - due.at_s) / step + 1;
        if (cron->every_s > 0)
            due.at_s += (due.n_missed - 1) * step;
        else
            due.at_s = latest_in(cron, zone, second, now_s);
    }
    due.has_many_missed = due.n_missed > MISSED_MAX;
    due.is_late = deadline_s >= 0 && due.at_s + deadline_s < now_s;
    return due;
}

CronDue cronjob_due(const Cron *cron, const char *zone, const Value *cj, int64_t now_s)
{
    AUTO_BUF file = BUF_INIT;

    return due_in(cron, zone && zone_read(zone, &file) ? buf_slice(&file) : (Slice){0}, cj, now_s);
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

/* A time as the clock of the schedule's zone shows it. */
static Value *time_in_zone(Arena *a, const char *zone, int64_t at_s)
{
    int64_t offset_s = zone_offset_s(zone, at_s), off = offset_s < 0 ? -offset_s : offset_s;
    char text[CLOCK_TEXT_MAX];

    if (offset_s == 0)
        return value_time(a, at_s * 1000000);
    clock_to_rfc3339((at_s + offset_s) * 1000000, text);
    return value_printf(a, "%.*s%c%02d:%02d", (int)strcspn(text, "Z"), text,
                        offset_s < 0 ? '-' : '+', (int)(off / 3600), (int)(off / 60 % 60));
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
              time_in_zone(a, value_at_str(cj, "spec.timeZone"), at_s));
    value_set(a, meta, "annotations", annotations);
    value_append(a, refs, meta_owner_ref(a, cj));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, job, "spec", value_copy(a, value_get(template, "spec")));
    return job;
}
