#include "controllers/job_track.h"

#include "tests/unit/test.h"

/* name, phase, tracked?, index or -1 */
typedef struct P {
    const char *phase;
    bool is_tracked;
    int index;
} P;

static Values make(Arena *a, const P *pods, int n)
{
    Values vs = {0};

    for (int i = 0; i < n && pods[i].phase; i++) {
        Value *v = value_literal(a, "{'metadata':{'finalizers':[],'annotations':{}},'status':{}}");

        value_set_at(a, v, "metadata.uid", value_printf(a, "u%d", i));
        value_set_at(a, v, "status.phase", value_str(a, pods[i].phase));
        if (pods[i].is_tracked)
            value_append(a, value_at(v, "metadata.finalizers"), value_str(a, JOB_TRACKING));
        if (pods[i].index >= 0)
            value_set(a, value_at(v, "metadata.annotations"),
                      "batch.kubernetes.io/job-completion-index",
                      value_printf(a, "%d", pods[i].index));
        values_add(a, &vs, v);
    }
    return vs;
}

static const struct {
    const char *spec, *status;
    P pods[4];
    enum { GOES_ON, FAILS, SUCCEEDS } end;
    const char *noted; /* the status after job_track_note() */
    uint32_t n_release;
    const char *settled; /* after the finalizers went and job_track_settle() */
} rows[] = {
    {"{'completions':3}",
     "{}",
     {{"Succeeded", true, -1}, {"Failed", true, -1}, {"Running", true, -1}},
     GOES_ON,
     "{'uncountedTerminatedPods':{'succeeded':['u0'],'failed':['u1']}}",
     2,
     "{'uncountedTerminatedPods':{},'succeeded':1,'failed':1}"},
    {"{'completions':3}", /* noted, finalizer still on: released, not noted again */
     "{'succeeded':1,'uncountedTerminatedPods':{'succeeded':['u0']}}",
     {{"Succeeded", true, -1}},
     GOES_ON,
     "{'succeeded':1,'uncountedTerminatedPods':{'succeeded':['u0']}}",
     1,
     "{'succeeded':2,'uncountedTerminatedPods':{}}"},
    {"{'completions':3}", /* counted */
     "{'succeeded':1}",
     {{"Succeeded", false, -1}},
     GOES_ON,
     "{'succeeded':1,'uncountedTerminatedPods':{}}",
     0,
     "{'succeeded':1,'uncountedTerminatedPods':{}}"},
    {"{'completions':3}", /* the end of the Job: what runs has failed */
     "{}",
     {{"Running", true, -1}},
     FAILS,
     "{'uncountedTerminatedPods':{'failed':['u0']}}",
     1,
     "{'uncountedTerminatedPods':{},'failed':1}"},
    {"{'completions':3}", /* the end of the Job in success: what runs has not failed */
     "{}",
     {{"Running", true, -1}, {"Failed", true, -1}, {"Succeeded", true, -1}},
     SUCCEEDS,
     "{'uncountedTerminatedPods':{'succeeded':['u2'],'failed':['u1']}}",
     3,
     "{'uncountedTerminatedPods':{},'succeeded':1,'failed':1}"},
    {"{'completions':3}", /* noted as failed, and it has succeeded after all */
     "{'uncountedTerminatedPods':{'failed':['u0']}}",
     {{"Succeeded", true, -1}},
     GOES_ON,
     "{'uncountedTerminatedPods':{'failed':['u0']}}",
     1,
     "{'uncountedTerminatedPods':{},'failed':1}"},
    {"{'completions':3}", /* one is noted and gone, the other not yet */
     "{'failed':2,'uncountedTerminatedPods':{'failed':['u0','gone']}}",
     {{"Failed", true, -1}, {"Failed", false, -1}},
     GOES_ON,
     "{'failed':2,'uncountedTerminatedPods':{'failed':['u0','gone']}}",
     1,
     "{'failed':4,'uncountedTerminatedPods':{}}"},
    {"{'completions':2,'completionMode':'Indexed'}", /* fewer completions than once */
     "{'completedIndexes':'0,3','succeeded':2}",
     {{"Succeeded", true, 3}, {"Succeeded", true, -1}},
     GOES_ON,
     "{'completedIndexes':'0','succeeded':1,'uncountedTerminatedPods':{}}",
     2,
     "{'completedIndexes':'0','succeeded':1,'uncountedTerminatedPods':{}}"},
    {"{'completions':3,'completionMode':'Indexed'}",
     "{'completedIndexes':'0','succeeded':1}",
     {{"Succeeded", true, 1}, {"Succeeded", true, 0}, {"Failed", true, 2}, {"Failed", true, 9}},
     GOES_ON,
     "{'completedIndexes':'0,1','succeeded':2,'uncountedTerminatedPods':{'failed':['u2']}}",
     4,
     "{'completedIndexes':'0,1','succeeded':2,'failed':1,'uncountedTerminatedPods':{}}"},
    {"{'completions':3,'completionMode':'Indexed','backoffLimitPerIndex':0}",
     "{}",
     {{"Failed", true, 2}},
     GOES_ON,
     "{'succeeded':0,'failedIndexes':'2','uncountedTerminatedPods':{'failed':['u0']}}",
     1,
     "{'succeeded':0,'failedIndexes':'2','failed':1,'uncountedTerminatedPods':{}}"},
    {"{'completions':3,'completionMode':'Indexed','backoffLimitPerIndex':2}", /* to be tried again
                                                                               */
     "{}",
     {{"Failed", true, 2}},
     GOES_ON,
     "{'succeeded':0,'failedIndexes':'','uncountedTerminatedPods':{}}",
     0,
     "{'succeeded':0,'failedIndexes':'','uncountedTerminatedPods':{}}"},
};

TEST(each_end_is_counted_once)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values pods = make(a, rows[i].pods, ARRAY_LEN(rows[i].pods));
        Value *job = value_object(a), *status;
        JobView w;
        JobTrack t;

        value_set(a, job, "spec", value_literal(a, rows[i].spec));
        value_set(a, job, "status", value_literal(a, rows[i].status));
        w = job_view(a, job, &pods, 1000000);
        status = value_copy(a, value_get(job, "status"));
        t = job_track_note(
            &w, status, &(JobEnd){rows[i].end != GOES_ON, rows[i].end == SUCCEEDS, false, "", ""});
        if (!value_equal(status, value_literal(a, rows[i].noted)) ||
            t.n_release != rows[i].n_release)
            fail_msg("row %zu: %u %s", i, t.n_release, value_to_str(a, status));
        for (uint32_t k = 0; k < t.n_release; k++)
            w.pods[t.release[k]].is_tracked = false;
        job_track_settle(&w, status);
        if (!value_equal(status, value_literal(a, rows[i].settled)))
            fail_msg("row %zu settled: %s", i, value_to_str(a, status));
    }
}

TEST(the_last_condition_waits_for_pods_that_end)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *job = value_literal(a, "{'spec':{'completions':1},'status':{}}");
    JobView w = job_view(a, job, &(Values){0}, 1000000);
    JobEnd end = {true, true, false, "CompletionsReached", "m"};
    JobTrack t = {0};

    job_track_interim(&w, job, &end);
    assert_true(condition_is(job, "SuccessCriteriaMet", "True"));
    assert_string_equal(value_get_str(condition_get(job, "SuccessCriteriaMet"), "lastProbeTime"),
                        "1970-01-01T00:00:01Z");
    w.terminating = 1;
    assert_false(job_track_finish(&w, job, &end, &t));
    w.terminating = 0;
    assert_true(job_track_finish(&w, job, &end, &t));
    assert_true(condition_is(job, "Complete", "True"));
    assert_string_equal(value_at_str(job, "status.completionTime"), "1970-01-01T00:00:01Z");
}
