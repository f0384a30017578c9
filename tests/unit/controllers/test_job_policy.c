#include "controllers/job_policy.h"

#include "tests/unit/test.h"

#define POLICY                                                                                     \
    "{'rules':[{'action':'Ignore','onPodConditions':[{'type':'DisruptionTarget','status':'True'}]" \
    "},{'action':'FailJob','onExitCodes':{'containerName':'main','operator':'In','values':[42]}}," \
    "{'action':'FailIndex','onExitCodes':{'operator':'In','values':[3,4]}},"                       \
    "{'action':'Count','onExitCodes':{'operator':'NotIn','values':[9]}},"                          \
    "{'action':'FailJob','onPodConditions':[{'type':'ConfigIssue','status':'True'}]}]}"

#define STATUS(name, code) "{'name':'" name "','state':{'terminated':{'exitCode':" code "}}}"

TEST(the_first_rule_that_matches_decides)
{
    const struct {
        const char *status;
        JobPodAction want;
        const char *message;
    } rows[] = {
        {"{}", JOB_POD_NO_RULE, NULL},
        {"{'containerStatuses':[" STATUS("main", "42") "]}", JOB_POD_FAIL_JOB,
         "Container main for pod ns/p failed with exit code 42 matching FailJob rule at index 1"},
        {"{'containerStatuses':[" STATUS("side", "42") "]}", JOB_POD_COUNT, NULL},
        {"{'containerStatuses':[" STATUS("main", "0") "]}", JOB_POD_NO_RULE, NULL},
        {"{'containerStatuses':[" STATUS("main",
                                         "0") "],'initContainerStatuses':[" STATUS("i", "3") "]}",
         JOB_POD_FAIL_INDEX, NULL},
        {"{'containerStatuses':[" STATUS("main", "9") "]}", JOB_POD_NO_RULE, NULL},
        {"{'conditions':[{'type':'DisruptionTarget','status':'True'}],'containerStatuses':[" STATUS(
             "main", "42") "]}",
         JOB_POD_IGNORE, NULL},
        {"{'conditions':[{'type':'DisruptionTarget','status':'False'}]}", JOB_POD_NO_RULE, NULL},
        {"{'conditions':[{'type':'ConfigIssue','status':'True'}]}", JOB_POD_FAIL_JOB,
         "Pod ns/p has condition ConfigIssue matching FailJob rule at index 4"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *policy = value_literal(a, POLICY);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *pod = value_literal(a, "{'metadata':{'name':'p','namespace':'ns'}}");
        const char *message = NULL;

        value_set(a, pod, "status", value_literal(a, rows[i].status));
        if (job_pod_action(a, policy, pod, &message) != rows[i].want)
            fail_msg("row %zu: %s", i, message ? message : "");
        if (rows[i].message)
            assert_string_equal(message, rows[i].message);
    }
    assert_int_equal(job_pod_action(a, NULL, value_object(a), NULL), JOB_POD_NO_RULE);
}

TEST(success_rules_count_or_name_indexes)
{
    const struct {
        const char *rules, *done;
        int want;
    } rows[] = {
        {"[{'succeededIndexes':'0'}]", "0", 0},
        {"[{'succeededIndexes':'0'}]", "1-3", -1},
        {"[{'succeededCount':2}]", "0", -1},
        {"[{'succeededCount':2}]", "0,4", 0},
        {"[{'succeededIndexes':'0-3','succeededCount':2}]", "3,4", -1},
        {"[{'succeededIndexes':'0-3','succeededCount':2}]", "2,3", 0},
        {"[{'succeededIndexes':'0-3'},{'succeededCount':1}]", "4", 1},
        {"[{'succeededCount':0}]", "", -1},
        /* fewer completions than the rule was written for */
        {"[{'succeededIndexes':'3-9','succeededCount':4}]", "3,4", 0},
        {"[{'succeededIndexes':'7-9'}]", "0", -1},
        {"[{'succeededIndexes':'7-9'},{'succeededIndexes':'0'}]", "0", 1},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        JobIndexes done = job_indexes_parse(a, rows[i].done, 5);
        Value *policy = value_object(a);

        value_set(a, policy, "rules", value_literal(a, rows[i].rules));
        if (job_success_rule(a, policy, 5, &done) != rows[i].want)
            fail_msg("row %zu", i);
    }
    assert_int_equal(job_success_rule(a, NULL, 5, &(JobIndexes){0}), -1);
}
