#include "controllers/job_track.h"

#include "base/map.h"

enum { UNCOUNTED_MAX = 500 };

static bool may_release(const JobView *w, const JobPod *p, bool is_over)
{
    if (w->is_deleted || is_over || p->is_succeeded)
        return true;
    return p->is_failed && !p->is_delayed;
}

static void append_uid(const JobView *w, Value *status, const char *list_name, const JobPod *p)
{
    Value *uncounted = value_need(w->a, status, "uncountedTerminatedPods");
    Value *list = value_get(uncounted, list_name);

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(w->a);
        value_set(w->a, uncounted, list_name, list);
    }
    value_append(w->a, list, value_str(w->a, meta_uid(p->v)));
}

static bool list_has(const Value *list, const char *uid)
{
    Value *v;

    value_each_item(list, i, v)
    {
        if (str_eq(value_to_cstr(v), uid))
            return true;
    }
    return false;
}

/* The pod's end goes into a list; true when it did. */
static bool note(const JobView *w, Value *status, const JobPod *p, bool all_failed)
{
    const Value *failed = value_at(status, "uncountedTerminatedPods.failed");

    if (p->is_noted || (w->is_indexed && p->index < 0))
        return false;
    if (p->is_succeeded && !w->is_indexed && !list_has(failed, meta_uid(p->v))) {
        append_uid(w, status, "succeeded", p);
        return true;
    }
    if (p->is_succeeded || (!p->is_failed && !all_failed) || p->action == JOB_POD_IGNORE)
        return p->is_succeeded && !job_indexes_have(&w->succeeded_before, p->index);
    append_uid(w, status, "failed", p);
    return true;
}

static void set_indexes(const JobView *w, Value *status, const JobIndexes *done)
{
    const char *text = job_indexes_text(w->a, done);

    value_set_int(w->a, status, "succeeded", job_indexes_total(done));
    if (text[0])
        value_set_str(w->a, status, "completedIndexes", text);
    else
        value_del(status, "completedIndexes");
    if (w->per_index_limit >= 0)
        value_set_str(w->a, status, "failedIndexes", job_indexes_text(w->a, &w->failed_indexes));
}

JobTrack job_track_note(const JobView *w, Value *status, const JobEnd *end)
{
    JobTrack t = {.release = arena_array(w->a, uint32_t, w->n + 1)};
    int64_t *done = arena_array(w->a, int64_t, w->n + 1), n_noted;
    JobIndexes all;
    size_t n_done = 0;

    value_need(w->a, status, "uncountedTerminatedPods");
    n_noted = value_len(value_at(status, "uncountedTerminatedPods.succeeded")) +
              value_len(value_at(status, "uncountedTerminatedPods.failed"));
    for (uint32_t i = 0; i < w->n; i++) {
        const JobPod *p = &w->pods[i];

        if (!p->is_tracked || !may_release(w, p, end->is_over))
            continue;
        if (n_noted >= UNCOUNTED_MAX) {
            t.is_full = true;
            break;
        }
        t.release[t.n_release++] = i;
        n_noted += note(w, status, p, end->is_over && !end->is_success);
        if (p->is_succeeded && p->index >= 0)
            done[n_done++] = p->index;
    }
    if (w->is_indexed) {
        all = job_indexes_with(w->a, &w->succeeded_before, done, n_done);
        set_indexes(w, status, &all);
    }
    return t;
}

bool job_track_settle(const JobView *w, Value *status)
{
    static const char *const lists[] = {"succeeded", "failed"};
    Value *uncounted = value_get(status, "uncountedTerminatedPods"), *uid;
    Map tracked = {0};
    bool changed = false;

    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_tracked)
            map_set(&tracked, meta_uid(w->pods[i].v), &tracked);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        Value *rest = value_array(w->a);
        int64_t moved = 0;

        value_each_item(value_get(uncounted, lists[k]), i, uid)
        {
            if (value_to_cstr(uid) && map_get(&tracked, value_to_cstr(uid)))
                value_append(w->a, rest, uid);
            else
                moved++;
        }
        if (moved == 0)
            continue;
        changed = true;
        value_set_int(w->a, status, lists[k], value_at_int(status, lists[k], 0) + moved);
        if (rest->n > 0)
            value_set(w->a, uncounted, lists[k], rest);
        else
            value_del(uncounted, lists[k]);
    }
    map_done(&tracked);
    return changed;
}

void job_track_condition(Arena *a, Value *holder, const Condition *c, int64_t now_us)
{
    Value *v;

    if (!condition_set(a, holder, c, now_us))
        return;
    v = condition_get(holder, c->type);
    value_set(a, v, "lastProbeTime", value_time(a, now_us));
    value_set(a, v, "lastTransitionTime", value_time(a, now_us));
}

void job_track_interim(const JobView *w, Value *holder, const JobEnd *end)
{
    if (end->is_over && !end->is_stored)
        job_track_condition(w->a, holder,
                            &(Condition){end->is_success ? "SuccessCriteriaMet" : "FailureTarget",
                                         "True", end->reason, end->message, false},
                            w->now_us);
}

bool job_track_finish(const JobView *w, Value *holder, const JobEnd *end, const JobTrack *t)
{
    Value *status = value_get(holder, "status");
    const Value *uncounted = value_get(status, "uncountedTerminatedPods");

    if (!end->is_over || t->is_full || w->terminating > 0 ||
        value_len(value_get(uncounted, "succeeded")) > 0 ||
        value_len(value_get(uncounted, "failed")) > 0)
        return false;
    job_track_condition(w->a, holder,
                        &(Condition){end->is_success ? "Complete" : "Failed", "True", end->reason,
                                     end->message, false},
                        w->now_us);
    if (end->is_success)
        value_set(w->a, status, "completionTime", value_time(w->a, w->now_us));
    return true;
}
