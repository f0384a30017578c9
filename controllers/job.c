#include "controllers/job_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * Jobs without indexes and pod failure policies: parallelism, completions, backoffLimit,
 * activeDeadlineSeconds, suspend, ttlSecondsAfterFinished.
 *
 * A pod carries the finalizer batch.kubernetes.io/job-tracking until its end has been counted in
 * the status, so that a pod that somebody deletes counts all the same, and exactly once: the uid
 * goes to status.uncountedTerminatedPods with the pod's finalizer still on, then the finalizer
 * goes, then the uid moves into the counter.
 */

static const char *const storage = "batch/jobs";
static const char *const tracking = "batch.kubernetes.io/job-tracking";

void job_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage))
        ctl_map_self(c, index, ch);
    else
        pod_map_expected(c, index, ch, "Job");
}

typedef struct Run {
    Ctl *ctl;
    Value *job, *status; /* status: of a copy of the job, being changed */
    Values pods;
    JobFacts facts;
    WorkKey key;
} Run;

static bool is_done(const Value *job)
{
    return condition_is(job, "Complete", "True") || condition_is(job, "Failed", "True");
}

static int collect(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Selector *sel = NULL;
    bool is_none = false;
    Values found;
    int r =
        selector_from_value(ctl->arena, value_at(run->job, "spec.selector"), &sel, &is_none, err);

    if (r == 0)
        r = ctl_list_claimable(ctl, "pods", sel, meta_uid(run->job), &found, err);
    if (r == 0)
        r = ctl_claim(ctl, "pods", run->job, sel, &found, &run->pods, err);
    return r;
}

/* ---- counting ends exactly once ---- */

static int drop_tracking(Run *run, const Value *pod, Err *err)
{
    Arena *a = run->ctl->arena;
    ObjRef at = ctl_ref(run->ctl, "pods", meta_ns(pod), meta_name(pod));
    Value *patch = value_object(a), *rest = value_array(a), *f;
    int r;

    value_each_item(value_at(pod, "metadata.finalizers"), i,
                    f) if (!str_eq(value_to_cstr(f), tracking)) value_append(a, rest, f);
    value_set(a, value_need(a, patch, "metadata"), "finalizers", rest);
    value_set_at(a, patch, "metadata.uid", value_str(a, meta_uid(pod)));
    r = client_patch(run->ctl->client, a, &at, "application/merge-patch+json", patch, NULL, err);
    return r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r;
}

static bool list_has(const Value *list, const char *uid)
{
    Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), uid)) return true;
    return false;
}

static bool has_tracked_pod(const Run *run, const char *uid)
{
    for (uint32_t i = 0; i < run->pods.n; i++)
        if (str_eq(meta_uid(run->pods.items[i]), uid))
            return meta_has_finalizer(run->pods.items[i], tracking);
    return false;
}

/* Uids whose pods have lost the finalizer move from the list into the counter. */
static bool settle(Run *run, const char *list_name, const char *counter)
{
    Arena *a = run->ctl->arena;
    Value *uncounted = value_get(run->status, "uncountedTerminatedPods"), *uid;
    Value *rest = value_array(a);
    int64_t moved = 0;

    value_each_item(value_get(uncounted, list_name), i, uid)
    {
        if (has_tracked_pod(run, value_to_cstr(uid)))
            value_append(a, rest, uid);
        else
            moved++;
    }
    if (moved == 0)
        return false;
    value_set(a, uncounted, list_name, rest);
    value_set_int(a, run->status, counter, value_at_int(run->status, counter, 0) + moved);
    return true;
}

/* Note ended pods that still have the finalizer; true when the status changed. */
static bool note_ends(Run *run)
{
    Arena *a = run->ctl->arena;
    Value *uncounted = value_need(a, run->status, "uncountedTerminatedPods");
    bool changed = false;

    for (uint32_t i = 0; i < run->pods.n; i++) {
        const Value *pod = run->pods.items[i];
        bool is_success = str_eq(pod_phase(pod), "Succeeded");
        const char *name = is_success ? "succeeded" : "failed";
        Value *list = value_get(uncounted, name);

        if (!meta_has_finalizer(pod, tracking) ||
            (!pod_is_finished(pod) && !meta_is_deleted(pod)) || list_has(list, meta_uid(pod)) ||
            (!pod_is_finished(pod) && value_at_str(pod, "spec.nodeName") != NULL &&
             !is_done(run->job)))
            continue;
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set(a, uncounted, name, list);
        }
        value_append(a, list, value_str(a, meta_uid(pod)));
        changed = true;
    }
    return changed;
}

static int release_noted(Run *run, Err *err)
{
    const Value *uncounted = value_at(run->job, "status.uncountedTerminatedPods");
    int r = 0;

    for (uint32_t i = 0; i < run->pods.n && r == 0; i++) {
        const Value *pod = run->pods.items[i];

        if (meta_has_finalizer(pod, tracking) &&
            (list_has(value_get(uncounted, "succeeded"), meta_uid(pod)) ||
             list_has(value_get(uncounted, "failed"), meta_uid(pod))))
            r = drop_tracking(run, pod, err);
    }
    return r;
}

/* ---- facts ---- */

static void gather(Run *run)
{
    const Value *job = run->job, *uncounted = value_get(run->status, "uncountedTerminatedPods");
    int64_t deadline_s = value_at_int(job, "spec.activeDeadlineSeconds", 0);
    JobFacts *f = &run->facts;

    f->parallelism = value_at_int(job, "spec.parallelism", 1);
    f->completions = value_at_int(job, "spec.completions", -1);
    f->backoff_limit = value_at_int(job, "spec.backoffLimit", 6);
    f->is_suspended = value_is_true(value_at(job, "spec.suspend"));
    f->started_us = value_time_us(run->status, "startTime");
    f->deadline_us = deadline_s && f->started_us ? f->started_us + deadline_s * 1000000 : 0;
    f->succeeded =
        value_at_int(run->status, "succeeded", 0) + value_len(value_get(uncounted, "succeeded"));
    f->failed = value_at_int(run->status, "failed", 0) + value_len(value_get(uncounted, "failed"));
    f->active = 0;
    for (uint32_t i = 0; i < run->pods.n; i++) {
        const Value *pod = run->pods.items[i];
        int64_t ended_us;

        f->active += pod_is_active(pod);
        if (!str_eq(pod_phase(pod), "Failed"))
            continue;
        ended_us = value_time_us(condition_get(pod, "Ready"), "lastTransitionTime");
        f->last_failure_us = MAX(f->last_failure_us, ended_us);
    }
}

/* ---- actions ---- */

static Value *job_pod(Run *run)
{
    Arena *a = run->ctl->arena;
    Value *pod = pod_from_template(a, value_at(run->job, "spec.template"), run->job);
    Value *meta = value_get(pod, "metadata"), *list = value_get(meta, "finalizers");

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, meta, "finalizers", list);
    }
    value_append(a, list, value_str(a, tracking));
    return pod;
}

static int scale(Run *run, int64_t diff, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    int r = 0;

    for (int64_t i = 0; i < diff && r == 0; i++) {
        bool is_hopeless;

        expect_creations(e, &run->key, 1, run->ctl->now_us);
        r = pod_create(run->ctl, run->job, job_pod(run), &is_hopeless, err);
        if (r < 0)
            expect_saw_creation(e, &run->key);
        if (is_hopeless)
            return 0;
        run->facts.active += r == 0;
    }
    for (uint32_t i = 0; i < run->pods.n && diff < 0 && r == 0; i++) {
        if (!pod_is_active(run->pods.items[i]))
            continue;
        expect_deletion(e, &run->key, meta_uid(run->pods.items[i]), run->ctl->now_us);
        r = pod_delete(run->ctl, run->job, run->pods.items[i], err);
        if (r < 0)
            expect_saw_deletion(e, &run->key, meta_uid(run->pods.items[i]));
        run->facts.active -= r == 0;
        diff++;
    }
    return r;
}

static void finish(Run *run, Value *copy, JobEnd end)
{
    static const struct {
        const char *reason, *message;
    } failures[] = {
        [JOB_BACKOFF_LIMIT] = {"BackoffLimitExceeded",
                               "Job has reached the specified backoff limit"},
        [JOB_DEADLINE] = {"DeadlineExceeded", "Job was active longer than specified deadline"},
    };
    Arena *a = run->ctl->arena;
    int64_t now_us = run->ctl->now_us;

    if (end == JOB_COMPLETE) {
        const char *message = "Reached expected number of succeeded pods";

        condition_set(
            a, copy,
            &(Condition){"SuccessCriteriaMet", "True", "CompletionsReached", message, false},
            now_us);
        condition_set(a, copy,
                      &(Condition){"Complete", "True", "CompletionsReached", message, false},
                      now_us);
        value_set(a, run->status, "completionTime", value_time(a, now_us));
        ctl_event(run->ctl, run->job, "Normal", "Completed", "Job completed");
        return;
    }
    condition_set(
        a, copy,
        &(Condition){"FailureTarget", "True", failures[end].reason, failures[end].message, false},
        now_us);
    condition_set(
        a, copy, &(Condition){"Failed", "True", failures[end].reason, failures[end].message, false},
        now_us);
    ctl_event(run->ctl, run->job, "Warning", failures[end].reason, "%s", failures[end].message);
}

static void set_count(Arena *a, Value *status, const char *name, int64_t n)
{
    if (n > 0)
        value_set_int(a, status, name, n);
    else
        value_del(status, name);
}

static int delete_after_ttl(Run *run, Err *err)
{
    int64_t ttl_s = value_at_int(run->job, "spec.ttlSecondsAfterFinished", -1), left_us;
    const Value *end = condition_get(run->job, "Complete");

    if (ttl_s < 0)
        return 0;
    end = end ? end : condition_get(run->job, "Failed");
    left_us = value_time_us(end, "lastTransitionTime") + ttl_s * 1000000 - run->ctl->now_us;
    if (left_us > 0)
        return (int)MIN(left_us / 1000 + 1, INT32_MAX);
    return ctl_delete(run->ctl, storage, run->job, "Foreground", err);
}

static int64_t ready_pods(const Run *run)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < run->pods.n; i++)
        n += pod_is_active(run->pods.items[i]) && pod_is_ready(run->pods.items[i]);
    return n;
}

static int step(Run *run, Value *copy, Err *err)
{
    Arena *a = run->ctl->arena;
    JobPlan plan = {0};
    bool noted = note_ends(run);
    int r = 0, failed = 0;

    noted = settle(run, "succeeded", "succeeded") || noted;
    noted = settle(run, "failed", "failed") || noted;
    if (!value_get(run->status, "startTime") && !is_done(run->job) &&
        !value_is_true(value_at(run->job, "spec.suspend")))
        value_set(a, run->status, "startTime", value_time(a, run->ctl->now_us));
    gather(run);
    if (!is_done(run->job) && !meta_is_deleted(run->job)) {
        plan = job_plan(&run->facts, run->ctl->now_us);
        failed = scale(run, plan.diff, err);
        /* The end is written when every pod's end is in the counters. */
        if (plan.end == JOB_COMPLETE && noted)
            plan.again_ms = 1;
        else if (plan.end != JOB_GOES_ON && failed == 0)
            finish(run, copy, plan.end);
    }
    set_count(a, run->status, "active", run->facts.active);
    value_set_int(a, run->status, "ready", is_done(copy) ? 0 : ready_pods(run));
    if (!value_equal(value_get(run->job, "status"), run->status))
        r = ctl_update_status(run->ctl, storage, copy, err);
    if (r < 0 || failed < 0)
        return r < 0 ? r : failed;
    return (int)MIN(plan.again_ms, INT32_MAX);
}

int job_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    Value *copy;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.job, err);

    if (r < 0)
        return r;
    if (!run.job) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return 0;
    }
    if (!expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        return 0;
    r = collect(&run, err);
    if (r == 0)
        r = release_noted(&run, err);
    if (r < 0)
        return r;
    copy = value_copy(ctl->arena, run.job);
    run.status = value_need(ctl->arena, copy, "status");
    r = step(&run, copy, err);
    if (r == 0 && is_done(run.job))
        return delete_after_ttl(&run, err);
    return r;
}
