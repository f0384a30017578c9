#include "controllers/job_policy.h"

#include "client/meta.h"

static bool has_number(const Value *list, int64_t n)
{
    Value *v;
    int64_t one;

    value_each_item(list, i, v)
    {
        if (value_to_int(v, &one) && one == n)
            return true;
    }
    return false;
}

/* The container whose exit code the rule means; NULL when there is none. */
static const Value *match_exit_codes(const Value *rule, const Value *pod)
{
    static const char *const lists[] = {"containerStatuses", "initContainerStatuses"};
    const char *container = value_get_str(rule, "containerName");
    bool is_in = str_eq(value_get_str(rule, "operator"), "In");
    Value *status;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(value_get(pod, "status"), lists[k]), i, status)
        {
            int64_t code = value_at_int(status, "state.terminated.exitCode", 0);

            if (container && !str_eq(container, value_get_str(status, "name")))
                continue;
            if (code != 0 && has_number(value_get(rule, "values"), code) == is_in)
                return status;
        }
    return NULL;
}

static const Value *match_conditions(const Value *patterns, const Value *pod)
{
    Value *c, *p;

    value_each_item(value_at(pod, "status.conditions"), i, c) value_each_item(patterns, k, p)
    {
        const char *wanted = value_get_str(p, "status");

        if (str_eq(value_get_str(c, "type"), value_get_str(p, "type")) &&
            str_eq(value_get_str(c, "status"), wanted ? wanted : "True"))
            return c;
    }
    return NULL;
}

static JobPodAction action_of(const char *name)
{
    static const char *const names[] = {[JOB_POD_NO_RULE] = "",
                                        [JOB_POD_IGNORE] = "Ignore",
                                        [JOB_POD_FAIL_INDEX] = "FailIndex",
                                        [JOB_POD_COUNT] = "Count",
                                        [JOB_POD_FAIL_JOB] = "FailJob"};

    for (size_t i = 1; i < ARRAY_LEN(names); i++)
        if (str_eq(name, names[i]))
            return (JobPodAction)i;
    return JOB_POD_NO_RULE;
}

JobPodAction job_pod_action(Arena *a, const Value *policy, const Value *pod,
                            const char **ret_message)
{
    Value *rule;

    value_each_item(value_get(policy, "rules"), i, rule)
    {
        const Value *exits = value_get(rule, "onExitCodes"), *hit;
        JobPodAction action = action_of(value_get_str(rule, "action"));
        const char *message = NULL;

        if (action == JOB_POD_NO_RULE)
            continue; /* of a newer version: as if it were not there */
        if (value_is(exits, VALUE_OBJECT)) {
            hit = match_exit_codes(exits, pod);
            if (hit)
                message = arena_printf(
                    a,
                    "Container %s for pod %s/%s failed with exit code %lld matching %s rule at "
                    "index %u",
                    value_get_str(hit, "name"), meta_ns(pod), meta_name(pod),
                    (long long)value_at_int(hit, "state.terminated.exitCode", 0),
                    value_get_str(rule, "action"), i);
        } else {
            hit = match_conditions(value_get(rule, "onPodConditions"), pod);
            if (hit)
                message = arena_printf(a, "Pod %s/%s has condition %s matching %s rule at index %u",
                                       meta_ns(pod), meta_name(pod), value_get_str(hit, "type"),
                                       value_get_str(rule, "action"), i);
        }
        if (!message)
            continue;
        if (ret_message)
            *ret_message = message;
        return action;
    }
    return JOB_POD_NO_RULE;
}

int job_success_rule(Arena *a, const Value *policy, int64_t completions,
                     const JobIndexes *succeeded)
{
    Value *rule;

    if (succeeded->n == 0)
        return -1;
    value_each_item(value_get(policy, "rules"), i, rule)
    {
        const char *text = value_get_str(rule, "succeededIndexes");
        int64_t count = value_at_int(rule, "succeededCount", -1), have;

        if (text) {
            JobIndexes wanted = job_indexes_parse(a, text, completions);

            if (wanted.n == 0)
                continue; /* none of them is an index of this Job */
            have = job_indexes_common(&wanted, succeeded);
            count =
                count >= 0 ? MIN(count, job_indexes_total(&wanted)) : job_indexes_total(&wanted);
        } else {
            have = job_indexes_total(succeeded);
        }
        if (count >= 0 && have >= count)
            return (int)i;
    }
    return -1;
}
