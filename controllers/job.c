#include "controllers/job_track.h"
#include "controllers/rows.h"

/*
 * Keys are Jobs; "!POD" is a pod of nobody that still has the tracking finalizer. The decisions are
 * in job_sync.h, the counting in job_track.h.
 */

static const char *const storage = "batch/jobs";

void job_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
        return;
    }
    pod_map_expected(c, index, ch, "Job");
    ctl_map_orphan(c, index, ch, storage);
    if (ch->type != CHANGE_DELETED && ch->obj->has_finalizers && ch->obj->n_owners == 0 &&
        memmem(ch->obj->text, ch->obj->text_len, JOB_TRACKING, strlen(JOB_TRACKING)))
        ctl_enqueue(c, index, ch->cluster, ch->ns, arena_printf(ch->arena, "!%s", ch->name));
}

typedef struct Run {
    Ctl *ctl;
    Value *job, *copy, *status; /* status: of the copy, being changed */
    JobView view;
    WorkKey key;
} Run;

static int collect(Run *run, Values *ret, Err *err)
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
        r = ctl_claim(ctl, "pods", run->job, sel, JOB_TRACKING, &found, ret, err);
    return r;
}

/* `version` NULL: whatever the pod has become. */
static int drop_tracking(Ctl *ctl, const Value *pod, const char *version, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "pods", meta_ns(pod), meta_name(pod));
    Value *patch = value_object(a), *meta = value_need(a, patch, "metadata");
    Value *gone = value_array(a);
    int r;

    value_append(a, gone, value_str(a, JOB_TRACKING));
    value_set_str(a, meta, "uid", meta_uid(pod));
    value_set(a, meta, "$deleteFromPrimitiveList/finalizers", gone);
    if (version)
        value_set_str(a, meta, "resourceVersion", version);
    r = client_patch(ctl->client, a, &at, "application/strategic-merge-patch+json", patch, NULL,
                     err);
    return r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r;
}

/* ---- carrying the plan out ---- */

static int remove_pods(Run *run, const JobPlan *plan, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    JobView *w = &run->view;
    int r = 0;

    for (uint32_t i = 0; i < plan->n_remove && r == 0; i++) {
        JobPod *p = &w->pods[plan->remove[i]];

        if (!plan->keeps_finalizers && p->is_tracked) {
            r = drop_tracking(run->ctl, p->v, NULL, err);
            if (r < 0)
                break;
            p->is_tracked = false;
        }
        expect_deletion(e, &run->key, meta_uid(p->v), run->ctl->now_us);
        r = pod_delete(run->ctl, run->job, p->v, err);
        if (r < 0) {
            expect_saw_deletion(e, &run->key, meta_uid(p->v));
            break;
        }
        w->active--;
        w->ready -= p->is_ready;
        w->terminating++;
        p->is_active = p->is_ready = false;
        p->is_terminating = true;
    }
    return r;
}

static int add_pods(Run *run, const JobPlan *plan, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    int r = 0;

    for (uint32_t i = 0; i < plan->n_add && r == 0; i++) {
        bool is_hopeless;

        expect_creations(e, &run->key, 1, run->ctl->now_us);
        r = pod_create(run->ctl, run->job, job_pod(&run->view, plan->add[i]), &is_hopeless, err);
        if (r < 0)
            expect_saw_creation(e, &run->key);
        if (is_hopeless)
            return 0;
        run->view.active += r == 0;
    }
    return r;
}

/* Suspended, once it is or was; a Job that goes on begins anew. */
static void set_suspended(Run *run, int64_t *again_ms)
{
    Arena *a = run->ctl->arena;
    bool was = condition_is(run->copy, "Suspended", "True"), is = run->view.is_suspended;
    int64_t deadline_s = value_at_int(run->job, "spec.activeDeadlineSeconds", 0);

    if (is == was)
        return;
    condition_set(a, run->copy,
                  is ? &(Condition){"Suspended", "True", "JobSuspended", "Job suspended", false}
                     : &(Condition){"Suspended", "False", "JobResumed", "Job resumed", false},
                  run->ctl->now_us);
    ctl_event(run->ctl, run->job, "Normal", is ? "Suspended" : "Resumed", "Job %s",
              is ? "suspended" : "resumed");
    if (is)
        return;
    value_set(a, run->status, "startTime", value_time(a, run->ctl->now_us));
    if (deadline_s > 0)
        *again_ms = deadline_s * 1000 + 1;
}

static void set_counts(Run *run)
{
    Arena *a = run->ctl->arena;

    if (run->view.active > 0)
        value_set_int(a, run->status, "active", run->view.active);
    else
        value_del(run->status, "active");
    value_set_int(a, run->status, "ready", run->view.ready);
    value_set_int(a, run->status, "terminating", run->view.terminating);
}

/* ---- the status ---- */

/* Store what has changed; the copy becomes the stored object. */
static int flush(Run *run, const Value *before, Err *err)
{
    ObjRef at = ctl_ref(run->ctl, storage, run->ctl->ns, run->ctl->name);
    Value *stored = NULL;
    int r;

    if (value_equal(before, run->status))
        return 0;
    at.subresource = "status";
    r = client_update(run->ctl->client, run->ctl->arena, &at, run->copy, &stored, err);
    if (r < 0 || !stored)
        return r;
    run->copy = stored;
    run->status = value_need(run->ctl->arena, stored, "status");
    return 0;
}

static void report_end(Run *run, const JobEnd *end)
{
    int64_t wanted = run->view.completions;

    if (end->is_success && wanted >= 0 && value_at_int(run->status, "succeeded", 0) > wanted)
        ctl_event(run->ctl, run->job, "Warning", "TooManySucceededPods",
                  "Too many succeeded pods running after completion count reached");
    if (end->is_success)
        ctl_event(run->ctl, run->job, "Normal", "Completed", "Job completed");
    else
        ctl_event(run->ctl, run->job, "Warning", end->reason, "%s", end->message);
}

static int track(Run *run, const JobEnd *end, Err *err)
{
    JobView *w = &run->view;
    Arena *a = run->ctl->arena;
    const Value *before;
    JobTrack t;
    int r;

    job_track_settle(w, run->status);
    t = job_track_note(w, run->status, end);
    job_track_interim(w, run->copy, end);
    r = flush(run, value_get(run->job, "status"), err);
    for (uint32_t i = 0; i < t.n_release && r == 0; i++) {
        r = drop_tracking(run->ctl, w->pods[t.release[i]].v, NULL, err);
        w->pods[t.release[i]].is_tracked = r < 0;
    }
    if (r < 0)
        return r;
    before = value_copy(a, run->status);
    job_track_settle(w, run->status);
    if (job_track_finish(w, run->copy, end, &t))
        report_end(run, end);
    r = flush(run, before, err);
    return r < 0 ? r : t.is_full ? 1 : 0;
}

static int step(Run *run, bool may_manage, Err *err)
{
    JobView *w = &run->view;
    JobPlan plan = job_plan(w, may_manage);
    Err failure = {0};
    int acted = 0, r;

    run->copy = value_copy(run->ctl->arena, run->job);
    run->status = value_need(run->ctl->arena, run->copy, "status");
    if (!value_get(run->status, "startTime") && !w->is_suspended)
        value_set(run->ctl->arena, run->status, "startTime",
                  value_time(run->ctl->arena, run->ctl->now_us));
    if (plan.n_remove > 0)
        acted = remove_pods(run, &plan, &failure);
    else if (plan.n_add > 0)
        acted = add_pods(run, &plan, &failure);
    if (plan.end.is_over) {
        if (acted < 0 || !may_manage)
            plan.end = (JobEnd){0}; /* not yet: there may be pods that are not seen or still run */
    } else {
        plan.end = job_completion(w);
        if (!plan.end.is_over && plan.is_managed)
            set_suspended(run, &plan.again_ms);
    }
    set_counts(run);
    r = track(run, &plan.end, err);
    if (r < 0)
        return r;
    if (acted < 0) {
        if (err)
            *err = failure;
        return acted;
    }
    return r ? r : (int)MIN(plan.again_ms, INT32_MAX);
}

/* ---- pods that no living Job counts ---- */

static bool is_tracked_pod(const Obj *o, const void *data)
{
    (void)data;
    return o->has_finalizers &&
           memmem(o->text, o->text_len, JOB_TRACKING, strlen(JOB_TRACKING)) != NULL;
}

/* Of a Job of this name that is not `uid` (NULL: any). */
static int release_lost(Ctl *ctl, const char *uid, Err *err)
{
    Values pods;
    int r = ctl_list(ctl, "pods", ctl->ns, is_tracked_pod, NULL, &pods, err);

    for (uint32_t i = 0; i < pods.n && r == 0; i++) {
        const Value *ref = meta_controller(pods.items[i]);

        if (str_eq(value_get_str(ref, "kind"), "Job") &&
            str_eq(value_get_str(ref, "name"), ctl->name) &&
            !(uid && str_eq(value_get_str(ref, "uid"), uid)) &&
            meta_has_finalizer(pods.items[i], JOB_TRACKING))
            r = drop_tracking(ctl, pods.items[i], NULL, err);
    }
    return r;
}

static int release_orphan(Ctl *ctl, Err *err)
{
    Value *pod;
    int r = ctl_get(ctl, "pods", ctl->ns, ctl->name + 1, &pod, err);

    if (r < 0 || !pod || meta_controller(pod) || !meta_has_finalizer(pod, JOB_TRACKING))
        return r;
    /* It may have found an owner meanwhile. */
    return drop_tracking(ctl, pod, value_at_str(pod, "metadata.resourceVersion"), err);
}

int job_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    Values pods;
    int r;

    if (ctl->name[0] == '!')
        return release_orphan(ctl, err);
    r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.job, err);
    if (r < 0)
        return r;
    if (!run.job)
        expect_forget(ctl_expectations(ctl->all), &run.key);
    if (!run.job || (job_is_finished(run.job) && !job_is_foreign(run.job)))
        return release_lost(ctl, NULL, err);
    if (job_is_foreign(run.job))
        return 0;
    r = collect(&run, &pods, err);
    if (r < 0)
        return r;
    run.view = job_view(ctl->arena, run.job, &pods, ctl->now_us);
    return step(&run, expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us), err);
}

/* ---- Jobs that have had their time ---- */

int jobttl_sync(Ctl *ctl, Err *err)
{
    int64_t ttl_s, end_us;
    const Value *end;
    Value *job;
    ObjRef at;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &job, err);

    if (r < 0 || !job || meta_is_deleted(job) || !job_is_finished(job))
        return r;
    ttl_s = value_at_int(job, "spec.ttlSecondsAfterFinished", -1);
    if (ttl_s < 0)
        return 0;
    end = condition_get(job, condition_is(job, "Complete", "True") ? "Complete" : "Failed");
    end_us = value_time_us(end, "lastTransitionTime");
    if (end_us == 0)
        return 0; /* nobody knows when it ended */
    end_us += ttl_s * 1000000;
    if (end_us > ctl->now_us)
        return ctl_wait_ms(end_us, ctl->now_us);
    /* The cache may be late: its time may have been made longer. */
    at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    r = client_get(ctl->client, ctl->arena, &at, &job, err);
    if (r == -ERR_NOT_FOUND)
        return 0;
    if (r < 0 || value_at_int(job, "spec.ttlSecondsAfterFinished", -1) != ttl_s)
        return MIN(r, 0);
    return ctl_delete(ctl, storage, job, "Foreground", err);
}
