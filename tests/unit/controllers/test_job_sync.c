#include "controllers/job_sync.h"

#include "controllers/job_track.h"
#include "tests/unit/test.h"

/*
 * A pod is a word: its letter says how it is (r running, R running and ready, s succeeded, f
 * failed, d under deletion, t running after two restarts), then its index, then "=N" for the
 * failures of its index before it, then "-" when its end is counted already. Failed pods ended at
 * 00:01:00, a minute before `now`.
 */
static const int64_t now_us = 120 * 1000000LL;

static Value *pod_of(Arena *a, const char *word, int number)
{
    static const struct {
        char letter;
        const char *status;
    } states[] = {
        {'r', "{'phase':'Running'}"},
        {'R', "{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}"},
        {'s', "{'phase':'Succeeded'}"},
        {'f', "{'phase':'Failed','containerStatuses':[{'name':'c','state':{'terminated':{"
              "'exitCode':1,'finishedAt':'1970-01-01T00:01:00Z'}}}]}"},
        {'x', "{'phase':'Failed','containerStatuses':[{'name':'c','state':{'terminated':{"
              "'exitCode':42,'finishedAt':'1970-01-01T00:01:00Z'}}}]}"},
        {'d', "{'phase':'Running'}"},
        {'t', "{'phase':'Running','containerStatuses':[{'name':'c','restartCount':1}],"
              "'initContainerStatuses':[{'name':'i','restartCount':1}]}"},
    };
    Value *pod = value_literal(a, "{'metadata':{'namespace':'n','annotations':{},'finalizers':[],"
                                  "'creationTimestamp':'1970-01-01T00:00:10Z'}}");
    Value *annotations = value_at(pod, "metadata.annotations");
    const char *equals = strchr(word, '=');

    value_set_at(a, pod, "metadata.name", value_printf(a, "p%d", number));
    value_set_at(a, pod, "metadata.uid", value_printf(a, "u%d", number));
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (states[i].letter == word[0])
            value_set(a, pod, "status", value_literal(a, states[i].status));
    if (word[0] == 'd')
        value_set_at(a, pod, "metadata.deletionTimestamp", value_str(a, "1970-01-01T00:01:30Z"));
    if (word[1] >= '0' && word[1] <= '9')
        value_set(a, annotations, "batch.kubernetes.io/job-completion-index",
                  value_strn(a, word + 1, strcspn(word + 1, "=-")));
    if (equals)
        value_set(a, annotations, "batch.kubernetes.io/job-index-failure-count",
                  value_strn(a, equals + 1, strcspn(equals + 1, "-")));
    if (!strchr(word, '-'))
        value_append(a, value_at(pod, "metadata.finalizers"), value_str(a, JOB_TRACKING));
    return pod;
}

static Values pods_of(Arena *a, const char *words)
{
    Values vs = {0};
    int n = 0;

    for (const char *p = words; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");

        values_add(a, &vs, pod_of(a, arena_strndup(a, p, len), n++));
        p += len;
    }
    return vs;
}

static Value *job_of(Arena *a, const char *spec, const char *status)
{
    Value *job = value_literal(a, "{'kind':'Job','apiVersion':'batch/v1','metadata':{'name':'j',"
                                  "'namespace':'n','uid':'j'}}");

    value_set(a, job, "spec", value_literal(a, spec));
    value_set(a, job, "status", value_literal(a, status));
    return job;
}

/* "+2" makes two, "+[0,2]" those indexes, "-2" removes two, "-2k" with their finalizers on, then
 * the reason of the end, then "@N" for a look in N ms. */
static const char *plan_text(Arena *a, const JobView *w, const JobPlan *p)
{
    AUTO_BUF out = BUF_INIT;

    if (p->n_remove > 0)
        buf_addf(&out, "-%u%s ", p->n_remove, p->keeps_finalizers ? "k" : "");
    if (p->n_add > 0 && !w->is_indexed)
        buf_addf(&out, "+%u ", p->n_add);
    for (uint32_t i = 0; w->is_indexed && i < p->n_add; i++)
        buf_addf(&out, "%s%lld%s", i ? "," : "+[", (long long)p->add[i],
                 i + 1 == p->n_add ? "] " : "");
    if (p->end.is_over)
        buf_addf(&out, "%s ", p->end.reason);
    if (p->again_ms)
        buf_addf(&out, "@%lld ", (long long)p->again_ms);
    if (out.len > 0)
        buf_truncate(&out, out.len - 1);
    return arena_strdup(a, buf_str(&out));
}

#define BASE "'parallelism':2,'completions':5,'backoffLimit':6"
#define IX   "'completionMode':'Indexed',"
#define PER  IX "'parallelism':3,'completions':4,'backoffLimitPerIndex':1"
#define FAIL42                                                                                     \
    ",'podFailurePolicy':{'rules':[{'action':'FailJob','onExitCodes':{'operator':'In','values':["  \
    "42]}}]}"
#define IGNORE1                                                                                    \
    ",'podFailurePolicy':{'rules':[{'action':'Ignore','onExitCodes':{'operator':'In','values':["   \
    "1]}}]}"
#define FAILINDEX42                                                                                \
    ",'podFailurePolicy':{'rules':[{'action':'FailIndex','onExitCodes':{'operator':'In','values':" \
    "[42]}}]}"

static const struct {
    const char *what, *spec, *status, *pods, *want;
} rows[] = {
    {"starts with parallelism", BASE, "", "", "+2"},
    {"no more than are missing", BASE, "'succeeded':4", "", "+1"},
    {"a new success counts at once", BASE, "'succeeded':3", "s r", ""},
    {"noted ends count", BASE, "'succeeded':3,'uncountedTerminatedPods':{'succeeded':['x']}", "",
     "+1"},
    {"a counted end is not counted again", BASE, "'succeeded':1", "s- r r", ""},
    {"failures wait", "'parallelism':1,'completions':1,'backoffLimit':6", "", "f f f f", "@20001"},
    {"and then go on", "'parallelism':1,'completions':1,'backoffLimit':6", "", "f f", "+1"},
    {"a success makes the failures before it and with it good",
     "'parallelism':2,'completions':4,'backoffLimit':6", "", "f f f s", "+2"},
    {"pods that the Job takes down are no failures", "'parallelism':2,'completions':4", "", "d- d-",
     "+2"},
    {"one that somebody else has deleted is", "'parallelism':1,'completions':4", "'failed':3",
     "d- f- f-", "@10001"},
    {"and it alone", "'parallelism':2,'completions':4", "'failed':3", "d- d- f- f-", "@10001"},
    {"failures that are counted already still wait", "'parallelism':2,'completions':4",
     "'failed':4", "f- f- f- f-", "@20001"},
    {"the limit is passed by one more than it", "'parallelism':1,'completions':1,'backoffLimit':2",
     "'failed':2", "", "+1"},
    {"noted failures count against the limit", "'parallelism':1,'completions':1,'backoffLimit':2",
     "'failed':2,'uncountedTerminatedPods':{'failed':['x']}", "r", "-1k BackoffLimitExceeded"},
    {"restarts count when containers are restarted in place",
     "'parallelism':1,'completions':1,'backoffLimit':3,'template':{'spec':{'restartPolicy':"
     "'OnFailure'}}",
     "", "t t", "-2k BackoffLimitExceeded"},
    {"but not beyond those of pods that end",
     "'parallelism':2,'completions':3,'backoffLimit':5,'template':{'spec':{'restartPolicy':"
     "'OnFailure'}}",
     "", "t t", ""},
    {"nor when pods are made anew",
     "'parallelism':2,'completions':3,'backoffLimit':3,'template':{'spec':{'restartPolicy':"
     "'Never'}}",
     "", "t t", ""},
    {"a limit of 0 allows no restart",
     "'parallelism':1,'completions':1,'backoffLimit':0,'template':{'spec':{'restartPolicy':"
     "'OnFailure'}}",
     "", "t", "-1k BackoffLimitExceeded"},
    {"more pods than completions ask for", "'parallelism':3,'completions':4", "'succeeded':3",
     "r r r", "-2"},
    {"no parallelism", "'parallelism':0,'completions':4", "", "r", "-1"},
    {"nor completions", "'parallelism':2,'completions':0", "", "", ""},
    {"what ends takes a place when only failed ones are replaced",
     "'parallelism':3,'completions':4,'podReplacementPolicy':'Failed'", "", "d r", "+1"},
    {"as with a policy for failures", "'parallelism':3,'completions':4" IGNORE1, "", "d r", "+1"},
    {"an ended one under deletion does not", "'parallelism':1,'completions':4" IGNORE1, "", "",
     "+1"},
    {"too many failures", "'parallelism':1,'completions':1,'backoffLimit':1", "'failed':1", "f r",
     "-1k BackoffLimitExceeded"},
    {"deletion is a failure", "'parallelism':1,'completions':1,'backoffLimit':0", "", "d",
     "BackoffLimitExceeded"},
    {"but not when only failed pods are replaced",
     "'parallelism':1,'completions':1,'backoffLimit':0,'podReplacementPolicy':'Failed'", "", "d",
     ""},
    {"otherwise it is replaced while it ends", "'parallelism':1,'completions':1,'backoffLimit':6",
     "'startTime':'1970-01-01T00:00:01Z'", "d", "+1"},
    {"suspended: all go", BASE ",'suspend':true", "", "r r", "-2"},
    {"a work queue stops at the first success", "'parallelism':3,'backoffLimit':6", "", "s r r",
     ""},
    {"less parallelism", "'parallelism':1,'completions':5,'backoffLimit':6", "", "r R r", "-2"},
    {"the deadline is looked at", BASE ",'activeDeadlineSeconds':200",
     "'startTime':'1970-01-01T00:00:01Z'", "r r", "@81001"},
    {"and passes", BASE ",'activeDeadlineSeconds':100", "'startTime':'1970-01-01T00:00:01Z'", "r r",
     "-2k DeadlineExceeded"},
    {"not while suspended", BASE ",'activeDeadlineSeconds':100,'suspend':true",
     "'startTime':'1970-01-01T00:00:01Z'", "", ""},
    {"a policy fails the Job", BASE FAIL42, "", "x r", "-1k PodFailurePolicy"},
    {"a policy ignores", "'parallelism':1,'completions':1,'backoffLimit':0" IGNORE1, "", "f", "+1"},
    {"the stored interim condition holds", BASE,
     "'conditions':[{'type':'FailureTarget','status':'True','reason':'Why','message':'m'}]", "r",
     "-1k Why"},
    {"indexes that are missing", IX BASE, "'completedIndexes':'0,2'", "r1", "+[3]"},
    {"a success just now", IX BASE, "", "s0 r1", "+[2]"},
    {"two of one index", IX BASE, "", "r1 r1 r0", "-1"},
    {"an index that is none", IX BASE, "", "r0 r9", "-1"},
    {"each index has failures of its own", PER, "", "f0=0 r1 r2", "+[0]"},
    {"it waits by itself", IX "'parallelism':3,'completions':4,'backoffLimitPerIndex':9", "",
     "f0=5 r1 r2", "@260001"},
    {"an index that failed for good", PER, "", "f0=1 r1 r2", "+[3]"},
    {"all others done", PER, "'completedIndexes':'1-3'", "f0=1", "FailedIndexes"},
    {"too many failed", PER ",'maxFailedIndexes':1", "'failedIndexes':'3'", "f0=1 r1",
     "-1k MaxFailedIndexesExceeded"},
    {"FailIndex fails at once", PER FAILINDEX42, "", "x0=0 r1 r2", "+[3]"},
    {"an index that is done stays done when its other pod fails", PER, "'completedIndexes':'0'",
     "f0=1 r1 r2", "+[3]"},
    {"the last failure of an index is the one that waits",
     IX "'parallelism':3,'completions':4,'backoffLimitPerIndex':9", "", "f0=1 f0=3 r1 r2",
     "@20001"},
    {"an ignored failure leaves the index its tries", PER IGNORE1, "", "f0=1 r1 r2", "+[0]"},
    {"FailIndex beats a limit that is not reached",
     IX "'parallelism':3,'completions':4,'backoffLimitPerIndex':9" FAILINDEX42, "", "x0=0 r1 r2",
     "+[3]"},
    {"as many failed as may", PER ",'maxFailedIndexes':1", "'failedIndexes':'3'", "r0 r1", "+[2]"},
    {"one index may not fail at all", PER ",'maxFailedIndexes':0", "", "f0=1 r1",
     "-1k MaxFailedIndexesExceeded"},
    {"a limit for all stands beside that of each", PER ",'backoffLimit':1", "'failed':2", "r1",
     "-1k BackoffLimitExceeded"},
    {"a failed Job is not made good by its success policy",
     IX BASE ",'successPolicy':{'rules':[{'succeededIndexes':'1'}]}" FAIL42, "", "s1 x0",
     "PodFailurePolicy"},
    {"success that is stored holds against failures", IX BASE FAIL42,
     "'conditions':[{'type':'SuccessCriteriaMet','status':'True','reason':'SuccessPolicy'}]",
     "x0 r1", "-1k SuccessPolicy"},
    {"success policy", IX BASE ",'successPolicy':{'rules':[{'succeededIndexes':'1'}]}", "", "s1 r0",
     "-1k SuccessPolicy"},
    {"a pod that ends holds its index when only failed ones are replaced",
     IX "'parallelism':2,'completions':2,'podReplacementPolicy':'Failed'", "", "d0 r1", ""},
};

TEST(plans)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *job = job_of(a, arena_printf(a, "{%s}", rows[i].spec),
                            arena_printf(a, "{%s}", rows[i].status));
        Values pods = pods_of(a, rows[i].pods);
        JobView w = job_view(a, job, &pods, now_us);
        JobPlan plan = job_plan(&w, true);
        const char *text = plan_text(a, &w, &plan);

        if (!str_eq(text, rows[i].want))
            fail_msg("%s: wanted %s, got %s", rows[i].what, rows[i].want, text);
    }
}

TEST(completion_needs_everything_to_have_ended)
{
    const struct {
        const char *spec, *pods;
        bool want;
    } cases[] = {
        {"'completions':2,'parallelism':2", "s s", true},
        {"'completions':2,'parallelism':2", "s r", false},
        {"'completions':1,'parallelism':2", "s r", false},
        {"'completions':0,'parallelism':2", "", true},
        {"'parallelism':2", "", false},
        {"'parallelism':2", "s r", false},
        {"'parallelism':2", "s f", true},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Values pods = pods_of(a, cases[i].pods);
        JobView w =
            job_view(a, job_of(a, arena_printf(a, "{%s}", cases[i].spec), "{}"), &pods, now_us);

        if (job_completion(&w).is_over != cases[i].want)
            fail_msg("row %zu", i);
    }
}

TEST(the_pod_of_an_index)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *job = job_of(a,
                        "{" PER ",'template':{'spec':{'containers':[{'name':'c'},{'name':'d',"
                        "'env':[{'name':'JOB_COMPLETION_INDEX','value':'x'}]}]}}}",
                        "{}");
    Values pods = pods_of(a, "f2=0 r0");
    JobView w = job_view(a, job, &pods, now_us);
    Value *pod = job_pod(&w, 2);

    assert_string_equal(value_at_str(pod, "metadata.generateName"), "j-2-");
    assert_string_equal(value_at_str(pod, "spec.hostname"), "j-2");
    assert_string_equal(meta_label(pod, "batch.kubernetes.io/job-completion-index"), "2");
    assert_string_equal(meta_annotation(pod, "batch.kubernetes.io/job-completion-index"), "2");
    assert_string_equal(meta_annotation(pod, "batch.kubernetes.io/job-index-failure-count"), "1");
    assert_string_equal(value_at_str(pod, "spec.containers.0.env.0.valueFrom.fieldRef.fieldPath"),
                        "metadata.labels['batch.kubernetes.io/job-completion-index']");
    assert_int_equal(value_len(value_at(pod, "spec.containers.1.env")), 1);
    assert_true(meta_has_finalizer(pod, JOB_TRACKING));
    value_set_at(a, job, "spec.template.metadata.finalizers",
                 value_literal(a, "['" JOB_TRACKING "']"));
    assert_int_equal(value_len(value_at(job_pod(&w, 2), "metadata.finalizers")), 1);
    value_set_str(a, value_get(job, "metadata"), "name",
                  "a-name-that-is-so-long-that-it-leaves-no-room-for-an-index-of-it");
    pod = job_pod(&w, 12);
    assert_string_equal(value_at_str(pod, "metadata.generateName"),
                        "a-name-that-is-so-long-that-it-leaves-no-room-for-an-i-12-");
}

TEST(a_failed_job_does_not_count_what_its_policy_ignores)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *job = job_of(a,
                        "{'parallelism':2,'completions':2,'podFailurePolicy':{'rules':[{'action':"
                        "'Ignore','onPodConditions':[{'type':'DisruptionTarget','status':'True'}]}]"
                        "}}",
                        "{}");
    Values pods = pods_of(a, "r r");
    Value *status = value_object(a);
    JobView w;

    value_set_at(a, pods.items[0], "status.conditions",
                 value_literal(a, "[{'type':'DisruptionTarget','status':'True'}]"));
    w = job_view(a, job, &pods, now_us);
    assert_int_equal(w.failed, 0);
    assert_int_equal(job_track_note(&w, status, &(JobEnd){.is_over = true}).n_release, 2);
    assert_true(value_equal(value_at(status, "uncountedTerminatedPods.failed"),
                            value_literal(a, "['u1']")));
}

TEST(a_pod_ended_when_the_last_of_its_containers_did)
{
#define ENDED(name, minute)                                                                        \
    "{'name':'" name "','state':{'terminated':{'finishedAt':'1970-01-01T00:0" minute ":00Z'}}}"
    static const struct {
        const char *status;
        int64_t want; /* second */
    } cases[] = {
        {"{'containerStatuses':[" ENDED("c", "1") "," ENDED("d", "2") "]}", 120},
        {"{'containerStatuses':[" ENDED("c", "1") "],'initContainerStatuses':[" ENDED(
             "s", "3") "," ENDED("i", "5") "]}",
         180},
        {"{'containerStatuses':[" ENDED("c", "4") "],'initContainerStatuses':[" ENDED("s",
                                                                                      "3") "]}",
         240},
        {"{'containerStatuses':[" ENDED("c", "4") "],'initContainerStatuses':[{'name':'s'}]}", 10},
        {"{'containerStatuses':[" ENDED(
             "c", "1") ",{'name':'d'}],'conditions':[{'type':'Ready',"
                       "'status':'False','lastTransitionTime':'1970-01-01T00:00:30Z'}]}",
         30},
    };
#undef ENDED
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *job = job_of(a, "{'parallelism':1,'completions':1}", "{}");

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Values pods = pods_of(a, "f");
        JobView w;

        value_set_at(a, pods.items[0], "spec.initContainers",
                     value_literal(a, "[{'name':'i'},{'name':'s','restartPolicy':'Always'}]"));
        value_set(a, pods.items[0], "status", value_literal(a, cases[i].status));
        value_set_at(a, pods.items[0], "status.phase", value_str(a, "Failed"));
        w = job_view(a, job, &pods, now_us);
        if (w.pods[0].ended_us != cases[i].want * 1000000)
            fail_msg("row %zu: %lld", i, (long long)w.pods[0].ended_us / 1000000);
    }
}

TEST(a_job_that_has_ended_has_its_time)
{
    /* Seconds around the end of the Job, which is second 100. */
    static const struct {
        const char *job;
        int64_t want; /* second; -1: never */
    } cases[] = {
#define ENDED(type, status)                                                                        \
    "'status':{'conditions':[{'type':'Suspended','status':'False'},{'type':'" type                 \
    "','status':'" status "','lastTransitionTime':'1970-01-01T00:01:40Z'}]}"
        {"{'spec':{}," ENDED("Complete", "True") "}", -1},
        {"{'spec':{'ttlSecondsAfterFinished':0}," ENDED("Complete", "True") "}", 100},
        {"{'spec':{'ttlSecondsAfterFinished':10}," ENDED("Complete", "True") "}", 110},
        {"{'spec':{'ttlSecondsAfterFinished':10}," ENDED("Failed", "True") "}", 110},
        {"{'spec':{'ttlSecondsAfterFinished':2147483647}," ENDED("Failed", "True") "}",
         INT64_C(2147483747)},
        /* It goes on, or is to end. */
        {"{'spec':{'ttlSecondsAfterFinished':0},'status':{}}", -1},
        {"{'spec':{'ttlSecondsAfterFinished':0}," ENDED("Complete", "False") "}", -1},
        {"{'spec':{'ttlSecondsAfterFinished':0}," ENDED("SuccessCriteriaMet", "True") "}", -1},
        {"{'spec':{'ttlSecondsAfterFinished':0}," ENDED("FailureTarget", "True") "}", -1},
        /* It goes already, or nobody knows when it ended. */
        {"{'metadata':{'deletionTimestamp':'1970-01-01T00:01:41Z'},'spec':{"
         "'ttlSecondsAfterFinished':0}," ENDED("Complete", "True") "}",
         -1},
        {"{'spec':{'ttlSecondsAfterFinished':0},'status':{'conditions':[{'type':'Failed',"
         "'status':'True'}]}}",
         -1},
#undef ENDED
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t us = job_ttl_end_us(value_literal(a, cases[i].job));

        if (us != (cases[i].want < 0 ? INT64_MAX : cases[i].want * 1000000))
            fail_msg("row %zu: %lld", i, (long long)us);
    }
}
