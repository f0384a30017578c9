#include "controllers/job_track.h"
#include "controllers/podbatch.h"
#include "controllers/rows.h"

/*
 * Keys are Jobs; "!POD" is a pod with the tracking finalizer that may be nobody's. The decisions
 * are in job_sync.h, the counting in job_track.h.
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
    if (ch->type != CHANGE_DELETED && ch->obj->has_finalizers &&
        (ch->obj->n_owners == 0 ||
         (ch->obj->deleted_us != 0 && !(ch->prev && ch->prev->deleted_us != 0))) &&
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
static ClientRequest untrack_request(Ctl *ctl, const Value *pod, const char *version)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "pods", meta_ns(pod), meta_name(pod));
    Value *patch = value_object(a), *meta = value_need(a, patch, "metadata");
    Value *gone = value_array(a);

    value_append(a, gone, value_str(a, JOB_TRACKING));
    value_set_str(a, meta, "uid", meta_uid(pod));
    value_set(a, meta, "$deleteFromPrimitiveList/finalizers", gone);
    if (version)
        value_set_str(a, meta, "resourceVersion", version);
    return client_request(a, "PATCH", &at, "application/strategic-merge-patch+json", patch);
}

/* Takes the tracking finalizer off the pods; `rs` and what it returns are those of ctl_call_all().
 */
static int drop_tracking(Ctl *ctl, const Value *const *pods, uint32_t n, int *rs, Err *err)
{
    ClientRequest *reqs = arena_array(ctl->arena, ClientRequest, n);

    for (uint32_t i = 0; i < n; i++)
        reqs[i] = untrack_request(ctl, pods[i], NULL);
    return ctl_call_all(ctl, reqs, n, rs, err);
}

/* ---- carrying the plan out ---- */

typedef struct Work {
    Run *run;
    const JobPlan *plan;
    const uint32_t *numbers; /* of the pods that are removed */
} Work;

static int make_pod(void *data, uint32_t i, Value **ret, Err *err UNUSED)
{
    const Work *work = data;

    *ret = job_pod(&work->run->view, work->plan->add[i]);
    return 0;
}

static void on_added(void *data, uint32_t i UNUSED, int r)
{
    Work *work = data;

    work->run->view.active += r == 0;
}

static void on_removed(void *data, uint32_t i, int r)
{
    const Work *work = data;
    JobView *w = &work->run->view;
    JobPod *p = &w->pods[work->numbers[i]];

    if (r < 0)
        return;
    w->active--;
    w->ready -= p->is_ready;
    w->terminating++;
    p->is_active = p->is_ready = false;
    p->is_terminating = true;
}

static PodBatch batch_of(Work *work)
{
    Ctl *ctl = work->run->ctl;

    return (PodBatch){.ctl = ctl,
                      .owner = work->run->job,
                      .expectations = ctl_expectations(ctl->all),
                      .key = work->run->key,
                      .make = make_pod,
                      .done = work->numbers ? on_removed : on_added,
                      .data = work};
}

/* Pods that count no more: their finalizers go before they do. Those that kept them stay; the
 * others move to the front of `pods` and `numbers`. */
static int untrack(Run *run, const Value **pods, uint32_t *numbers, uint32_t *n, Err *err)
{
    Arena *a = run->ctl->arena;
    JobPod *all = run->view.pods;
    const Value **tracked = arena_array(a, const Value *, *n + 1);
    int *rs = arena_array(a, int, *n + 1), failure;
    uint32_t n_tracked = 0, at = 0, kept = 0;

    for (uint32_t i = 0; i < *n; i++)
        if (all[numbers[i]].is_tracked)
            tracked[n_tracked++] = pods[i];
    failure = drop_tracking(run->ctl, tracked, n_tracked, rs, err);
    for (uint32_t i = 0; i < *n; i++) {
        JobPod *p = &all[numbers[i]];

        p->is_tracked = p->is_tracked && rs[at++] < 0;
        if (p->is_tracked)
            continue;
        pods[kept] = pods[i];
        numbers[kept++] = numbers[i];
    }
    *n = kept;
    return failure;
}

static int remove_pods(Run *run, const JobPlan *plan, Err *err)
{
    Arena *a = run->ctl->arena;
    uint32_t n = plan->n_remove, *numbers = arena_array(a, uint32_t, n);
    const Value **pods = arena_array(a, const Value *, n);
    Work work = {run, plan, numbers};
    PodBatch batch = batch_of(&work);
    int failure = 0, r;

    for (uint32_t i = 0; i < n; i++) {
        numbers[i] = plan->remove[i];
        pods[i] = run->view.pods[numbers[i]].v;
    }
    if (!plan->keeps_finalizers)
        failure = untrack(run, pods, numbers, &n, err);
    r = podbatch_delete(&batch, pods, n, failure < 0 ? NULL : err);
    return failure < 0 ? failure : r;
}

static int add_pods(Run *run, const JobPlan *plan, Err *err)
{
    Work work = {run, plan, NULL};
    PodBatch batch = batch_of(&work);

    return podbatch_create(&batch, plan->n_add, err);
}

/* Suspended, once it is or was; a Job that goes on begins anew. */
static void set_suspended(Run *run, int64_t *again_ms)
{
    Arena *a = run->ctl->arena;
    bool was = condition_is(run->copy, "Suspended", "True"), is = run->view.is_suspended;
    int64_t deadline_s = value_at_int(run->job, "spec.activeDeadlineSeconds", 0);

    if (is == was)
        return;
    job_track_condition(
        a, run->copy,
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

/* What is noted in the status keeps its pods no longer. */
static int release(Run *run, const JobTrack *t, Err *err)
{
    Arena *a = run->ctl->arena;
    const Value **pods = arena_array(a, const Value *, t->n_release + 1);
    int *rs = arena_array(a, int, t->n_release + 1), failure;

    for (uint32_t i = 0; i < t->n_release; i++)
        pods[i] = run->view.pods[t->release[i]].v;
    failure = drop_tracking(run->ctl, pods, t->n_release, rs, err);
    for (uint32_t i = 0; i < t->n_release; i++)
        run->view.pods[t->release[i]].is_tracked = rs[i] < 0;
    return failure;
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
    if (r == 0)
        r = release(run, &t, err);
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

/* Of these, the pods of a Job of this name. */
static int release_tracked(Ctl *ctl, const Values *pods, Err *err)
{
    Values lost = {0};

    for (uint32_t i = 0; i < pods->n; i++) {
        const Value *ref = meta_controller(pods->items[i]);

        if (str_eq(value_get_str(ref, "kind"), "Job") &&
            str_eq(value_get_str(ref, "name"), ctl->name) &&
            meta_has_finalizer(pods->items[i], JOB_TRACKING))
            values_add(ctl->arena, &lost, pods->items[i]);
    }
    return drop_tracking(ctl, (const Value *const *)lost.items, lost.n, NULL, err);
}

/* There is no Job of this name. */
static int release_lost(Ctl *ctl, Err *err)
{
    Values pods;
    int r = ctl_list(ctl, "pods", ctl->ns, is_tracked_pod, NULL, &pods, err);

    return r < 0 ? r : release_tracked(ctl, &pods, err);
}

/* The Job has ended. */
static int release_owned(Ctl *ctl, const Value *job, Err *err)
{
    Values pods = {0};
    int r = ctl_add_owned(ctl, "pods", meta_uid(job), &pods, err);

    return r < 0 ? r : release_tracked(ctl, &pods, err);
}

/* Is it nobody's, or that of a Job in whose place another one of its name is? Pods of a Job whose
 * name is free are for the key of that name. */
static int is_orphan(Ctl *ctl, const Value *pod, bool *ret, Err *err)
{
    const Value *ref = meta_controller(pod);
    Value *job = NULL;
    int r = 0;

    if (str_eq(value_get_str(ref, "kind"), "Job"))
        r = ctl_get(ctl, storage, ctl->ns, value_get_str(ref, "name"), &job, err);
    *ret = !ref || (job && !str_eq(meta_uid(job), value_get_str(ref, "uid")));
    return r;
}

static int release_orphan(Ctl *ctl, Err *err)
{
    ClientRequest req;
    ClientReply reply = {0};
    bool is_lost = false;
    Value *pod;
    int r = ctl_get(ctl, "pods", ctl->ns, ctl->name + 1, &pod, err);

    if (r == 0 && pod && meta_has_finalizer(pod, JOB_TRACKING))
        r = is_orphan(ctl, pod, &is_lost, err);
    if (r < 0 || !is_lost)
        return r;
    /* It may have found an owner meanwhile. */
    req = untrack_request(ctl, pod, value_at_str(pod, "metadata.resourceVersion"));
    r = client_call(ctl->client, ctl->arena, &req, &reply, err);
    return ctl_tolerate_gone(r < 0 ? r : client_reply_check(ctl->arena, &reply, err));
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
    if (!run.job) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return release_lost(ctl, err);
    }
    if (job_is_foreign(run.job))
        return 0;
    if (job_is_finished(run.job))
        return release_owned(ctl, run.job, err);
    r = collect(&run, &pods, err);
    if (r < 0)
        return r;
    run.view = job_view(ctl->arena, run.job, &pods, ctl->now_us);
    return step(&run, expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us), err);
}

/* ---- Jobs that have had their time ---- */

int jobttl_sync(Ctl *ctl, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    int64_t end_us;
    Value *job;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &job, err);

    if (r < 0 || !job)
        return r;
    end_us = job_ttl_end_us(job);
    if (end_us == INT64_MAX)
        return 0;
    if (end_us > ctl->now_us)
        return ctl_wait_ms(end_us, ctl->now_us);
    /* The cache may be late: its time may have been made longer, or another be in its place. */
    r = client_get(ctl->client, ctl->arena, &at, &job, err);
    if (r == -ERR_NOT_FOUND)
        return 0;
    if (r < 0 || job_ttl_end_us(job) > ctl->now_us)
        return MIN(r, 0); /* its change brings it again */
    return ctl_delete(ctl, storage, job, "Foreground", err);
}
