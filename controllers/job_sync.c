#include "controllers/job_sync.h"

#include "base/map.h"
#include "controllers/replicaset_sync.h"

enum { BACKOFF_US = 10 * 1000000, BACKOFF_MAX_US = 600 * 1000000 };

#define INDEX_KEY    "batch.kubernetes.io/job-completion-index"
#define FAILURES_KEY "batch.kubernetes.io/job-index-failure-count"
#define IGNORED_KEY  "batch.kubernetes.io/job-index-ignored-failure-count"

bool job_is_finished(const Value *job)
{
    return condition_is(job, "Complete", "True") || condition_is(job, "Failed", "True");
}

int64_t job_ttl_end_us(const Value *job)
{
    int64_t ttl_s = value_at_int(job, "spec.ttlSecondsAfterFinished", -1), end_us;
    const char *type = condition_is(job, "Complete", "True") ? "Complete" : "Failed";

    if (ttl_s < 0 || meta_is_deleted(job) || !job_is_finished(job))
        return INT64_MAX;
    end_us = value_time_us(condition_get(job, type), "lastTransitionTime");
    return end_us > 0 ? end_us + ttl_s * 1000000 : INT64_MAX;
}

bool job_is_foreign(const Value *job)
{
    const char *by = value_at_str(job, "spec.managedBy");

    return by && !str_eq(by, "kubernetes.io/job-controller");
}

/* ---- looking at pods ---- */

static int64_t annotation_int(const Value *pod, const char *key, int64_t otherwise)
{
    const char *text = meta_annotation(pod, key);
    int64_t n;

    return text && slice_to_int64(slice_of(text), &n) && n >= 0 ? n : otherwise;
}

/* When the last container of a list ended, and not before `since_us`; 0 when one has not. */
static int64_t last_end_us(const Value *pod, const char *list, int64_t since_us)
{
    bool is_init = str_eq(list, "initContainerStatuses");
    Value *s;

    value_each_item(value_get(value_get(pod, "status"), list), i, s)
    {
        int64_t us = value_time_us(s, "state.terminated.finishedAt");

        if (is_init && !pod_has_sidecar(pod, value_get_str(s, "name")))
            continue;
        if (us == 0)
            return 0;
        since_us = MAX(since_us, us);
    }
    return since_us;
}

/* When the last container ended (sidecars do so after all others), or the best guess. */
static int64_t ended_us(const Value *pod)
{
    const Value *ready = condition_get(pod, "Ready");
    int64_t us =
        last_end_us(pod, "initContainerStatuses", last_end_us(pod, "containerStatuses", 0));

    if (us != 0)
        return us;
    us = value_time_us(ready, "lastTransitionTime");
    if (us != 0 && str_eq(value_get_str(ready, "status"), "False"))
        return us;
    us = value_time_us(pod, "metadata.deletionTimestamp");
    if (us != 0)
        return us - value_at_int(pod, "metadata.deletionGracePeriodSeconds", 0) * 1000000;
    return meta_created_us(pod);
}

static JobPod look(const JobView *w, const Value *pod)
{
    const Value *policy = value_at(w->job, "spec.podFailurePolicy");
    const char *phase = pod_phase(pod);
    bool is_deleted = meta_is_deleted(pod);
    JobPod p = {
        .v = pod,
        .index = annotation_int(pod, INDEX_KEY, -1),
        .is_tracked = meta_has_finalizer(pod, JOB_TRACKING),
        .is_active = pod_is_active(pod),
        .is_terminating = is_deleted && !pod_is_finished(pod),
        .is_succeeded = str_eq(phase, "Succeeded"),
        .failures = annotation_int(pod, FAILURES_KEY, 0),
        .ignored = annotation_int(pod, IGNORED_KEY, 0),
    };

    if (p.index >= w->completions)
        p.index = -1;
    p.is_failed =
        str_eq(phase, "Failed") || (!w->replaces_failed_only && is_deleted && !p.is_succeeded);
    p.is_ready = p.is_active && pod_is_ready(pod);
    if (policy)
        p.action = job_pod_action(w->a, policy, pod, &p.message);
    if (p.is_failed || p.is_succeeded)
        p.ended_us = ended_us(pod);
    return p;
}

static void note_uids(Map *set, const Value *list)
{
    Value *uid;

    value_each_item(list, i, uid)
    {
        if (value_to_cstr(uid))
            map_set(set, value_to_cstr(uid), set);
    }
}

/* Ends that are neither in the counters nor in the uncounted lists yet. */
static void count_new_ends(JobView *w)
{
    const Value *status = value_get(w->job, "status");
    const Value *uncounted = value_get(status, "uncountedTerminatedPods");
    Map noted = {0};

    w->succeeded =
        value_at_int(status, "succeeded", 0) + value_len(value_get(uncounted, "succeeded"));
    w->failed = value_at_int(status, "failed", 0) + value_len(value_get(uncounted, "failed"));
    note_uids(&noted, value_get(uncounted, "succeeded"));
    note_uids(&noted, value_get(uncounted, "failed"));
    for (uint32_t i = 0; i < w->n; i++) {
        JobPod *p = &w->pods[i];

        p->is_noted = map_get(&noted, meta_uid(p->v)) != NULL;
        if (!p->is_tracked || p->is_noted || (w->is_indexed && p->index < 0))
            continue;
        w->succeeded += p->is_succeeded;
        w->failed += p->is_failed && p->action != JOB_POD_IGNORE;
    }
    map_done(&noted);
}

/* ---- indexes ---- */

static bool fails_index(const JobView *w, const JobPod *p)
{
    if (!p->is_failed || p->action == JOB_POD_IGNORE)
        return false;
    return p->action == JOB_POD_FAIL_INDEX || p->failures >= w->per_index_limit;
}

static void collect_indexes(JobView *w)
{
    const Value *status = value_get(w->job, "status");
    int64_t *ok = arena_array(w->a, int64_t, w->n + 1), *bad = arena_array(w->a, int64_t, w->n + 1);
    JobIndexes failed_before =
        job_indexes_parse(w->a, value_get_str(status, "failedIndexes"), w->completions);
    size_t n_ok = 0, n_bad = 0;

    w->succeeded_before =
        job_indexes_parse(w->a, value_get_str(status, "completedIndexes"), w->completions);
    for (uint32_t i = 0; i < w->n; i++) {
        const JobPod *p = &w->pods[i];

        if (!p->is_tracked || p->index < 0)
            continue;
        if (p->is_succeeded)
            ok[n_ok++] = p->index;
        else if (w->per_index_limit >= 0 && fails_index(w, p))
            bad[n_bad++] = p->index;
    }
    w->succeeded_indexes = job_indexes_with(w->a, &w->succeeded_before, ok, n_ok);
    w->failed_indexes = job_indexes_with(w->a, &failed_before, bad, n_bad);
    w->succeeded = job_indexes_total(&w->succeeded_indexes);
}

static bool is_later_failure(const JobPod *p, const JobPod *than)
{
    int64_t a = p->failures + p->ignored, b = than->failures + than->ignored;

    return a != b ? a > b : p->ended_us > than->ended_us;
}

/* The last failed pod of each index that is to be tried again keeps its finalizer until the next
 * one exists, which takes its failure count over. */
static void mark_delayed(JobView *w)
{
    int64_t *active = arena_array(w->a, int64_t, w->n + 1);
    JobIndexes none = {0}, running;
    Map last = {0}; /* index as text -> JobPod */
    size_t n = 0;

    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_active && w->pods[i].index >= 0)
            active[n++] = w->pods[i].index;
    running = job_indexes_with(w->a, &none, active, n);
    for (uint32_t i = 0; i < w->n; i++) {
        JobPod *p = &w->pods[i], *other;
        const char *key;

        if (!p->is_tracked || !p->is_failed || p->index < 0 ||
            job_indexes_have(&w->succeeded_indexes, p->index) ||
            job_indexes_have(&w->failed_indexes, p->index) || job_indexes_have(&running, p->index))
            continue;
        key = arena_printf(w->a, "%lld", (long long)p->index);
        other = map_get(&last, key);
        if (other && !is_later_failure(p, other))
            continue;
        if (other)
            other->is_delayed = false;
        p->is_delayed = true;
        map_set(&last, key, p);
    }
    map_done(&last);
}

JobView job_view(Arena *a, const Value *job, const Values *pods, int64_t now_us)
{
    const Value *spec = value_get(job, "spec");
    bool has_policy = value_is(value_get(spec, "podFailurePolicy"), VALUE_OBJECT);
    JobView w = {
        .a = a,
        .job = job,
        .now_us = now_us,
        .pods = arena_array(a, JobPod, pods->n + 1),
        .is_indexed = str_eq(value_get_str(spec, "completionMode"), "Indexed"),
        .is_suspended = value_is_true(value_get(spec, "suspend")),
        .is_deleted = meta_is_deleted(job),
        .replaces_failed_only =
            has_policy || str_eq(value_get_str(spec, "podReplacementPolicy"), "Failed"),
        .parallelism = value_at_int(spec, "parallelism", 1),
        .completions = value_at_int(spec, "completions", -1),
        .per_index_limit = value_at_int(spec, "backoffLimitPerIndex", -1),
    };

    w.backoff_limit = value_at_int(spec, "backoffLimit", w.per_index_limit >= 0 ? INT32_MAX : 6);
    for (uint32_t i = 0; i < pods->n; i++) {
        JobPod p = look(&w, pods->items[i]);

        w.active += p.is_active;
        w.ready += p.is_ready;
        w.terminating += p.is_terminating;
        w.pods[w.n++] = p;
    }
    count_new_ends(&w);
    if (w.is_indexed) {
        collect_indexes(&w);
        if (w.per_index_limit >= 0)
            mark_delayed(&w);
    }
    return w;
}

/* ---- how it ends ---- */

static bool has_too_many_restarts(const JobView *w)
{
    static const char *const lists[] = {"containerStatuses", "initContainerStatuses"};
    int64_t restarts = 0;
    Value *s;

    if (!str_eq(value_at_str(w->job, "spec.template.spec.restartPolicy"), "OnFailure"))
        return false;
    for (uint32_t i = 0; i < w->n; i++) {
        const char *phase = pod_phase(w->pods[i].v);

        if (!str_eq(phase, "Running") && !str_eq(phase, "Pending"))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(lists); k++)
            value_each_item(value_get(value_get(w->pods[i].v, "status"), lists[k]), m, s)
            {
                restarts += value_at_int(s, "restartCount", 0);
            }
    }
    return w->backoff_limit == 0 ? restarts > 0 : restarts >= w->backoff_limit;
}

static JobEnd stored_end(const Value *job)
{
    bool is_success = condition_is(job, "SuccessCriteriaMet", "True");
    const Value *c = condition_get(job, is_success ? "SuccessCriteriaMet" : "FailureTarget");

    if (!is_success && !condition_is(job, "FailureTarget", "True"))
        return (JobEnd){0};
    return (JobEnd){true, is_success, true, value_get_str(c, "reason"),
                    value_get_str(c, "message")};
}

static JobEnd failure(const char *reason, const char *message)
{
    return (JobEnd){true, false, false, reason, message};
}

static JobEnd policy_end(const JobView *w)
{
    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_failed && w->pods[i].action == JOB_POD_FAIL_JOB)
            return failure("PodFailurePolicy", w->pods[i].message);
    return (JobEnd){0};
}

static JobEnd index_end(const JobView *w)
{
    int64_t failed = job_indexes_total(&w->failed_indexes);
    int64_t most = value_at_int(w->job, "spec.maxFailedIndexes", INT64_MAX);
    int rule;

    if (w->per_index_limit >= 0 && failed > most)
        return failure("MaxFailedIndexesExceeded",
                       "Job has exceeded the specified maximal number of failed indexes");
    if (w->per_index_limit >= 0 && failed > 0 && failed + w->succeeded >= w->completions)
        return failure("FailedIndexes", "Job has failed indexes");
    rule = job_success_rule(w->a, value_at(w->job, "spec.successPolicy"), w->completions,
                            &w->succeeded_indexes);
    if (rule >= 0)
        return (JobEnd){true, true, false, "SuccessPolicy",
                        arena_printf(w->a, "Matched rules at index %d", rule)};
    return (JobEnd){0};
}

/* Of activeDeadlineSeconds; 0 when it does not run. */
static int64_t deadline_us(const JobView *w)
{
    int64_t seconds = value_at_int(w->job, "spec.activeDeadlineSeconds", -1);
    int64_t started = value_time_us(w->job, "status.startTime");

    if (seconds < 0 || w->is_suspended)
        return 0;
    return (started ? started : w->now_us) + seconds * 1000000;
}

static JobEnd find_end(const JobView *w, int64_t *ret_again_ms)
{
    JobEnd end = stored_end(w->job);
    int64_t until = deadline_us(w);

    if (!end.is_over)
        end = policy_end(w);
    if (!end.is_over && (w->failed > w->backoff_limit || has_too_many_restarts(w)))
        end = failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    if (!end.is_over && until != 0 && w->now_us >= until)
        end = failure("DeadlineExceeded", "Job was active longer than specified deadline");
    else if (!end.is_over && until != 0)
        *ret_again_ms = (until - w->now_us) / 1000 + 1;
    if (!end.is_over && w->is_indexed)
        end = index_end(w);
    return end;
}

JobEnd job_completion(const JobView *w)
{
    if (w->active > 0 || (w->completions >= 0 ? w->succeeded < w->completions : w->succeeded == 0))
        return (JobEnd){0};
    return (JobEnd){true, true, false, "CompletionsReached",
                    "Reached expected number of succeeded pods"};
}

/* ---- pods that go ---- */

static void remove_all(const JobView *w, JobPlan *plan)
{
    plan->remove = arena_array(w->a, uint32_t, w->n + 1);
    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_active)
            plan->remove[plan->n_remove++] = i;
}

static int by_index(const void *x, const void *y, void *data)
{
    const JobPod *pods = data, *a = &pods[*(const uint32_t *)x], *b = &pods[*(const uint32_t *)y];

    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return 0;
}

/* Sorts `list` (numbers of pods) so that those least worth keeping come first. */
static void sort_for_removal(const JobView *w, uint32_t *list, uint32_t n)
{
    PodRank *ranks = arena_array(w->a, PodRank, n + 1);

    for (uint32_t i = 0; i < n; i++) {
        ranks[i] = pod_rank(w->pods[list[i]].v);
        ranks[i].cost = 0; /* Jobs do not know it */
        ranks[i].number = list[i];
    }
    pod_ranks_sort(ranks, n, 0);
    for (uint32_t i = 0; i < n; i++)
        list[i] = ranks[i].number;
}

/* Of an Indexed Job: pods without a valid index, and all but the best of each index, move to
 * `remove`; what is left stays in `left`. */
static void take_duplicates(const JobView *w, JobPlan *plan, uint32_t *left, uint32_t *n_left)
{
    uint32_t n = *n_left, kept = 0;
    uint32_t *sorted = arena_array(w->a, uint32_t, n + 1);

    memcpy(sorted, left, n * sizeof(*sorted));
    qsort_r(sorted, n, sizeof(*sorted), by_index, w->pods);
    for (uint32_t i = 0, end; i < n; i = end) {
        int64_t index = w->pods[sorted[i]].index;

        for (end = i + 1; end < n && w->pods[sorted[end]].index == index;)
            end++;
        if (end - i > 1 && index >= 0)
            sort_for_removal(w, &sorted[i], end - i);
        for (uint32_t k = i; k < end; k++) {
            if (index < 0 || k + 1 < end)
                plan->remove[plan->n_remove++] = sorted[k];
            else
                left[kept++] = sorted[k];
        }
    }
    *n_left = kept;
}

static void plan_removal(const JobView *w, int64_t at_least, JobPlan *plan)
{
    uint32_t *left = arena_array(w->a, uint32_t, w->n + 1), n_left = 0;

    plan->remove = arena_array(w->a, uint32_t, w->n + 1);
    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_active)
            left[n_left++] = i;
    if (w->is_indexed)
        take_duplicates(w, plan, left, &n_left);
    if (plan->n_remove < at_least) {
        sort_for_removal(w, left, n_left);
        for (uint32_t i = 0; i < n_left && plan->n_remove < at_least; i++)
            plan->remove[plan->n_remove++] = left[i];
    }
    plan->n_remove = MIN(plan->n_remove, JOB_BURST);
}

/* ---- pods that come ---- */

static int64_t backoff_us(int64_t failures)
{
    int64_t us = BACKOFF_US;

    if (failures == 0)
        return 0;
    for (int64_t i = 1; i < failures && us < BACKOFF_MAX_US; i++)
        us *= 2;
    return MIN(us, BACKOFF_MAX_US);
}

/* Pods that are ending and not tracked: either their failure is counted, or the Job has taken them
 * down itself, which is no failure. Says how many of them are failures. */
static int64_t counted_deletions(const JobView *w)
{
    int64_t n = w->failed;

    for (uint32_t i = 0; i < w->n; i++)
        n -= w->pods[i].is_failed && w->pods[i].action != JOB_POD_IGNORE &&
             (w->pods[i].is_tracked || !meta_is_deleted(w->pods[i].v));
    return n;
}

/* How long a Job waits that has failed, since the last of its pods succeeded. */
static int64_t wait_us(const JobView *w)
{
    int64_t last_success = 0, last_failure = 0, failures = 0, deletions = counted_deletions(w);

    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_succeeded)
            last_success = MAX(last_success, w->pods[i].ended_us);
    for (uint32_t i = 0; i < w->n; i++) {
        const JobPod *p = &w->pods[i];

        if (!p->is_failed || (last_success != 0 && p->ended_us <= last_success) ||
            (!p->is_tracked && meta_is_deleted(p->v) && deletions-- <= 0))
            continue;
        failures++;
        last_failure = MAX(last_failure, p->ended_us);
    }
    return MAX(last_failure + backoff_us(failures) - w->now_us, 0);
}

static const JobPod *delayed_of(const JobView *w, int64_t index)
{
    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].is_delayed && w->pods[i].index == index)
            return &w->pods[i];
    return NULL;
}

/* The first index from `index` on that has neither ended nor a pod. */
static int64_t next_free(const JobView *w, const JobIndexes *taken, int64_t index)
{
    int64_t at;

    do {
        at = index;
        index = job_indexes_gap(taken, index);
        index = job_indexes_gap(&w->failed_indexes, index);
    } while (index != at);
    return index;
}

static void plan_indexes(const JobView *w, int64_t diff, JobPlan *plan)
{
    int64_t *busy = arena_array(w->a, int64_t, w->n + 1), wait = 0;
    JobIndexes taken;
    size_t n = 0;

    for (uint32_t i = 0; i < w->n; i++)
        if (w->pods[i].index >= 0 &&
            (w->pods[i].is_active || (w->replaces_failed_only && w->pods[i].is_terminating)))
            busy[n++] = w->pods[i].index;
    taken = job_indexes_with(w->a, &w->succeeded_indexes, busy, n);
    for (int64_t index = next_free(w, &taken, 0), seen = 0; index < w->completions && seen < diff;
         index = next_free(w, &taken, index + 1), seen++) {
        const JobPod *last;
        int64_t left;

        last = w->per_index_limit >= 0 ? delayed_of(w, index) : NULL;
        left =
            last ? last->ended_us + backoff_us(last->failures + last->ignored + 1) - w->now_us : 0;
        if (left > 0)
            wait = wait ? MIN(wait, left) : left;
        else
            plan->add[plan->n_add++] = index;
    }
    if (plan->n_add == 0 && wait > 0)
        plan->again_ms = plan->again_ms ? MIN(plan->again_ms, wait / 1000 + 1) : wait / 1000 + 1;
}

static void plan_creation(const JobView *w, int64_t diff, JobPlan *plan)
{
    int64_t wait = w->per_index_limit >= 0 ? 0 : wait_us(w);

    if (wait > 0) {
        plan->again_ms = plan->again_ms ? MIN(plan->again_ms, wait / 1000 + 1) : wait / 1000 + 1;
        return;
    }
    diff = MIN(diff, JOB_BURST);
    plan->add = arena_array(w->a, int64_t, diff);
    if (w->is_indexed) {
        plan_indexes(w, diff, plan);
        return;
    }
    while (plan->n_add < diff)
        plan->add[plan->n_add++] = -1;
}

static int64_t wanted_active(const JobView *w)
{
    if (w->completions < 0) /* after the first success no new pods are made */
        return w->succeeded > 0 ? w->active : w->parallelism;
    return MAX(MIN(w->completions - w->succeeded, w->parallelism), 0);
}

static void manage(const JobView *w, JobPlan *plan)
{
    int64_t wanted = wanted_active(w), missing;

    if (w->is_suspended) {
        remove_all(w, plan);
        return;
    }
    plan_removal(w, MAX(w->active - wanted, 0), plan);
    if (plan->n_remove > 0)
        return; /* either go or come in one sync */
    missing = wanted - w->active - (w->replaces_failed_only ? w->terminating : 0);
    if (missing > 0)
        plan_creation(w, missing, plan);
}

JobPlan job_plan(const JobView *w, bool may_manage)
{
    JobPlan plan = {0};

    plan.end = find_end(w, &plan.again_ms);
    if (plan.end.is_over) {
        remove_all(w, &plan);
        plan.keeps_finalizers = true;
        return plan;
    }
    if (may_manage && !w->is_deleted) {
        plan.is_managed = true;
        manage(w, &plan);
    }
    return plan;
}

/* ---- the pod of an index ---- */

static void add_index_env(Arena *a, Value *containers)
{
    Value *c, *v;

    value_each_item(containers, i, c)
    {
        Value *env = value_get(c, "env"), *one;
        bool has = false;

        value_each_item(env, k, v)
        {
            has = has || str_eq(value_get_str(v, "name"), "JOB_COMPLETION_INDEX");
        }
        if (has)
            continue;
        if (!value_is(env, VALUE_ARRAY)) {
            env = value_array(a);
            value_set(a, c, "env", env);
        }
        one = value_literal(a, "{'name':'JOB_COMPLETION_INDEX','valueFrom':{'fieldRef':{}}}");
        value_set_at(a, one, "valueFrom.fieldRef.fieldPath",
                     value_str(a, "metadata.labels['" INDEX_KEY "']"));
        value_append(a, env, one);
    }
}

static void add_failure_counts(const JobView *w, Value *annotations, int64_t index)
{
    const JobPod *last = delayed_of(w, index);
    int64_t failures = last ? last->failures : 0, ignored = last ? last->ignored : 0;

    if (last && last->action == JOB_POD_IGNORE)
        ignored++;
    else if (last)
        failures++;
    value_set(w->a, annotations, FAILURES_KEY, value_printf(w->a, "%lld", (long long)failures));
    if (ignored > 0)
        value_set(w->a, annotations, IGNORED_KEY, value_printf(w->a, "%lld", (long long)ignored));
}

static void set_index(const JobView *w, Value *pod, int64_t index)
{
    enum { GENERATED_NAME_MAX = 58 };
    Arena *a = w->a;
    const char *number = arena_printf(a, "%lld", (long long)index), *job = meta_name(w->job);
    Value *meta = value_get(pod, "metadata"), *annotations = value_need(a, meta, "annotations");
    int room = GENERATED_NAME_MAX - (int)strlen(number) - 2;

    value_set_str(a, annotations, INDEX_KEY, number);
    value_set_str(a, value_need(a, meta, "labels"), INDEX_KEY, number);
    value_set(a, meta, "generateName", value_printf(a, "%.*s-%s-", room, job, number));
    value_set_at(a, pod, "spec.hostname", value_printf(a, "%s-%s", job, number));
    add_index_env(a, value_at(pod, "spec.initContainers"));
    add_index_env(a, value_at(pod, "spec.containers"));
    if (w->per_index_limit >= 0)
        add_failure_counts(w, annotations, index);
}

Value *job_pod(const JobView *w, int64_t index)
{
    Arena *a = w->a;
    Value *pod = pod_from_template(a, value_at(w->job, "spec.template"), w->job);
    Value *meta = value_get(pod, "metadata"), *list = value_get(meta, "finalizers");

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, meta, "finalizers", list);
    }
    if (!meta_has_finalizer(pod, JOB_TRACKING))
        value_append(a, list, value_str(a, JOB_TRACKING));
    if (index >= 0)
        set_index(w, pod, index);
    return pod;
}
