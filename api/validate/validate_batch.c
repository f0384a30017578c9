/*
 * validate_batch.c - jobs and cron jobs.
 */
#include "api/cron.h"
#include "api/selector.h"
#include "api/validate_int.h"

#include <strings.h>

enum {
    INDEXED_PARALLELISM_MAX = 100000,
    CRON_NAME_MAX = 52, /* the job's name gets a suffix of 11 */
    ZONE_MAX = 64,
    MANAGER_MAX = 63,
    RULES_MAX = 20, /* of a policy; conditions of a rule */
    EXIT_CODES_MAX = 255,
    FAILED_INDEXES_MAX = 100000,
    FEW_INDEXES_MAX = 10000, /* when there are more completions than FAILED_INDEXES_MAX */
    INDEXES_TEXT_MAX = 64 * 1024,
};

/* ---- pod failure policy ---- */

static bool is_container(const Value *pod, const char *name)
{
    static const char *const lists[] = {"containers", "initContainers"};
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(pod, lists[i]), k,
                        c) if (strcmp(str_of(c, "name"), name) == 0) return true;
    return false;
}

static void check_exit_codes(FieldErrs *e, const Path *p, const Value *codes, const Value *pod)
{
    const char *op = str_of(codes, "operator"), *name = str_of(codes, "containerName");
    const Value *values = value_get(codes, "values"), *v;
    const Path *at = AT(p, "values");
    bool is_ordered = true;
    int64_t n, other, last = INT64_MIN;

    if (op[0] == '\0')
        missing(e, AT(p, "operator"), "valid values: [\"In\" \"NotIn\"]");
    else if (!one_of(op, "In|NotIn"))
        unsupported(e, AT(p, "operator"), op, "In|NotIn");
    if (has(codes, "containerName") && !is_container(pod, name))
        bad_str(e, AT(p, "containerName"), name,
                "must be one of the container or initContainer names in the pod template");
    if (value_len(values) == 0)
        bad(e, at, values ? values : value_array(e->arena), "at least one value is required");
    else if (value_len(values) > EXIT_CODES_MAX)
        too_many(e, at, value_len(values), EXIT_CODES_MAX);
    value_each_item(values, i, v)
    {
        if (!value_to_int(v, &n))
            continue;
        if (n == 0 && strcmp(op, "In") == 0)
            bad(e, AT_ITEM(at, i), v, "must not be 0 for the In operator");
        for (uint32_t k = 0; k < i; k++) {
            if (!value_to_int(value_item(values, k), &other) || other != n)
                continue;
            field_err(e, FIELD_ERR_DUPLICATE, path_str(e, AT_ITEM(at, i)), v, "%s", "");
            break;
        }
        is_ordered &= n >= last;
        last = n;
    }
    if (!is_ordered)
        bad(e, at, values, "must be ordered");
}

static void check_failure_rule(FieldErrs *e, const Path *p, const Value *rule, const Value *spec)
{
    const char *action = str_of(rule, "action");
    const Value *codes = value_get(rule, "onExitCodes"), *c;
    const Value *conditions = value_get(rule, "onPodConditions");
    bool has_codes = value_is(codes, VALUE_OBJECT), has_conditions = value_len(conditions) > 0;

    if (action[0] == '\0')
        missing(e, AT(p, "action"),
                "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
    else if (!one_of(action, "Count|FailIndex|FailJob|Ignore"))
        unsupported(e, AT(p, "action"), action, "Count|FailIndex|FailJob|Ignore");
    else if (strcmp(action, "FailIndex") == 0 && !has(spec, "backoffLimitPerIndex"))
        bad_str(e, AT(p, "action"), action, "requires the backoffLimitPerIndex to be set");
    if (has_codes)
        check_exit_codes(e, AT(p, "onExitCodes"), codes, value_at(spec, "template.spec"));
    if (value_len(conditions) > RULES_MAX)
        too_many(e, AT(p, "onPodConditions"), value_len(conditions), RULES_MAX);
    value_each_item(conditions, i, c)
    {
        const Path *at = AT_ITEM(AT(p, "onPodConditions"), i);
        const char *status = str_of(c, "status");

        check_name(e, AT(at, "type"), str_of(c, "type"), names__qualified);
        if (status[0] == '\0')
            missing(e, AT(at, "status"), "valid values: [\"False\" \"True\" \"Unknown\"]");
        else
            check_enum(e, AT(at, "status"), status, "False|True|Unknown");
    }
    if (has_codes && has_conditions)
        bad(e, p, NULL, "specifying both OnExitCodes and OnPodConditions is not supported");
    if (!has_codes && !has_conditions)
        bad(e, p, NULL, "specifying one of OnExitCodes and OnPodConditions is required");
}

/* ---- jobs ---- */

static void check_job_counts(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char *const counts[] = {"parallelism",
                                         "completions",
                                         "activeDeadlineSeconds",
                                         "backoffLimit",
                                         "ttlSecondsAfterFinished",
                                         "backoffLimitPerIndex",
                                         "maxFailedIndexes"};

    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        check_not_negative(e, AT(p, counts[i]), value_get(spec, counts[i]));
    if (has(spec, "maxFailedIndexes") && !has(spec, "backoffLimitPerIndex"))
        missing(e, AT(p, "backoffLimitPerIndex"), "when maxFailedIndexes is specified");
}

static void check_index_limits(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char few[] = "must be less than or equal to %d when completions are above %d and "
                              "used with backoff limit per index";
    int64_t failed = int_of(spec, "maxFailedIndexes", 0), all = int_of(spec, "completions", 0);

    if (has(spec, "maxFailedIndexes")) {
        if (has(spec, "completions") && failed > all)
            bad_int(e, AT(p, "maxFailedIndexes"), failed,
                    "must be less than or equal to completions");
        if (failed > FAILED_INDEXES_MAX)
            bad_int(e, AT(p, "maxFailedIndexes"), failed, "must be less than or equal to %d",
                    FAILED_INDEXES_MAX);
    }
    if (!has(spec, "backoffLimitPerIndex") || all <= FAILED_INDEXES_MAX)
        return;
    if (!has(spec, "maxFailedIndexes"))
        missing(e, AT(p, "maxFailedIndexes"), "must be specified when completions is above 100000");
    if (int_of(spec, "parallelism", 0) > FEW_INDEXES_MAX)
        bad_int(e, AT(p, "parallelism"), int_of(spec, "parallelism", 0), few, FEW_INDEXES_MAX,
                FAILED_INDEXES_MAX);
    if (failed > FEW_INDEXES_MAX)
        bad_int(e, AT(p, "maxFailedIndexes"), failed, few, FEW_INDEXES_MAX, FAILED_INDEXES_MAX);
}

static void check_indexes(FieldErrs *e, const Path *p, const Value *spec)
{
    const char *mode = str_of(spec, "completionMode");
    static const char *const by_index[] = {"backoffLimitPerIndex", "maxFailedIndexes"};
    bool indexed = strcmp(mode, "Indexed") == 0;

    if (has(spec, "completionMode")) {
        if (!one_of(mode, "NonIndexed|Indexed"))
            unsupported(e, AT(p, "completionMode"), mode, "NonIndexed|Indexed");
        if (indexed && !has(spec, "completions"))
            missing(e, AT(p, "completions"), "when completion mode is Indexed");
        if (indexed && int_of(spec, "parallelism", 0) > INDEXED_PARALLELISM_MAX)
            bad(e, AT(p, "parallelism"), value_get(spec, "parallelism"),
                "must be less than or equal to %d when completion mode is Indexed",
                INDEXED_PARALLELISM_MAX);
    }
    if (indexed)
        check_index_limits(e, p, spec);
    for (size_t i = 0; i < ARRAY_LEN(by_index) && one_of(mode, "|NonIndexed"); i++)
        if (has(spec, by_index[i]))
            bad(e, AT(p, by_index[i]), value_get(spec, by_index[i]),
                "requires indexed completion mode");
}

static void check_manager(FieldErrs *e, const Path *p, const char *s)
{
    check_domain_path(e, p, s);
    if (strlen(s) > MANAGER_MAX)
        too_long(e, p, MANAGER_MAX);
}

/* The number of indexes that "1,3-5,7" has, all below `end`; -1 and the words of the real server
 * when it is not such a text. */
static int64_t count_indexes(FieldErrs *e, const char *text, int64_t end, const char **why)
{
    Slice rest = slice_of(text), part, first;
    int64_t n = 0, last = -1, a, b;
    bool more;

    if (rest.len == 0)
        return 0;
    do {
        bool is_range;
        char *shown, *from;

        more = slice_cut(&rest, ',', &part);
        shown = arena_strndup(e->arena, part.ptr, part.len);
        is_range = slice_cut(&part, '-', &first);
        from = arena_strndup(e->arena, first.ptr, first.len);
        if (!slice_to_int64(first, &a)) {
            *why =
                arena_printf(e->arena, "cannot convert string to integer for index: \"%s\"", from);
            return -1;
        }
        b = a;
        if (a >= end) {
            *why = arena_printf(e->arena, "too large index: \"%s\"", from);
            return -1;
        }
        if (is_range) {
            char *to = arena_strndup(e->arena, part.ptr, part.len);

            if (!slice_to_int64(part, &b)) {
                *why = strchr(to, '-')
                           ? arena_printf(e->arena, "too many hyphens in interval: \"%s\"", shown)
                           : arena_printf(e->arena,
                                          "cannot convert string to integer for index: \"%s\"", to);
                return -1;
            }
            if (b >= end) {
                *why = arena_printf(e->arena, "too large index: \"%s\"", to);
                return -1;
            }
            if (a > b) {
                *why = arena_printf(e->arena, "non-increasing order, previous: %lld, current: %lld",
                                    (long long)a, (long long)b);
                return -1;
            }
        }
        if (last >= a) {
            *why = arena_printf(e->arena, "non-increasing order, previous: %lld, current: %lld",
                                (long long)last, (long long)a);
            return -1;
        }
        n += b - a + 1;
        last = b;
    } while (more);
    return n;
}

static void check_success_rule(FieldErrs *e, const Path *p, const Value *rule, int64_t completions)
{
    const char *indexes = str_of(rule, "succeededIndexes"), *why = NULL;
    bool has_count = has(rule, "succeededCount"), has_indexes = has(rule, "succeededIndexes");
    int64_t count = int_of(rule, "succeededCount", 0), total = completions;

    if (!has_count && !has_indexes)
        missing(e, p, "at least one of succeededCount or succeededIndexes must be specified");
    if (has_indexes && strlen(indexes) > INDEXES_TEXT_MAX)
        too_long(e, AT(p, "succeededIndexes"), INDEXES_TEXT_MAX);
    if (has_indexes) {
        total = count_indexes(e, indexes, completions, &why);
        if (why)
            bad_str(e, AT(p, "succeededIndexes"), indexes, "error parsing succeededIndexes: %s",
                    why);
        if (why)
            total = 0;
    }
    if (!has_count)
        return;
    check_not_negative(e, AT(p, "succeededCount"), value_get(rule, "succeededCount"));
    if (count > completions)
        bad_int(e, AT(p, "succeededCount"), count,
                "must be less than or equal to %lld (the number of specified completions)",
                (long long)completions);
    if (has_indexes && count > total)
        bad_int(e, AT(p, "succeededCount"), count,
                "must be less than or equal to %lld (the number of indexes in the specified "
                "succeededIndexes field)",
                (long long)total);
}

static void check_success_policy(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *rules = value_at(spec, "successPolicy.rules"), *rule;
    const Path *at = AT(p, "rules");

    if (strcmp(str_of(spec, "completionMode"), "Indexed") != 0) {
        bad(e, p,
            validate__go_shown(e, "io.k8s.api.batch.v1.SuccessPolicy",
                               value_get(spec, "successPolicy")),
            "requires indexed completion mode");
        return;
    }
    if (value_len(rules) == 0)
        missing(e, at, "at least one rules must be specified when the successPolicy is specified");
    if (value_len(rules) > RULES_MAX)
        too_many(e, at, value_len(rules), RULES_MAX);
    value_each_item(rules, i, rule)
        check_success_rule(e, AT_ITEM(at, i), rule, int_of(spec, "completions", 0));
}

static void check_job_spec(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *pod = value_at(spec, "template.spec"), *rule;
    const Value *policy = value_get(spec, "podFailurePolicy");
    const char *restart = str_of(pod, "restartPolicy");
    const char *replace = str_of(spec, "podReplacementPolicy");
    const Path *at = AT(AT(p, "template"), "spec");

    check_job_counts(e, p, spec);
    if (has(spec, "managedBy"))
        check_manager(e, AT(p, "managedBy"), str_of(spec, "managedBy"));
    check_indexes(e, p, spec);
    if (value_len(value_get(policy, "rules")) > RULES_MAX)
        too_many(e, AT(AT(p, "podFailurePolicy"), "rules"), value_len(value_get(policy, "rules")),
                 RULES_MAX);
    value_each_item(value_get(policy, "rules"), i, rule)
        check_failure_rule(e, AT_ITEM(AT(AT(p, "podFailurePolicy"), "rules"), i), rule, spec);
    if (has(spec, "successPolicy"))
        check_success_policy(e, AT(p, "successPolicy"), spec);
    if (replace[0] && value_is(policy, VALUE_OBJECT) && strcmp(replace, "Failed") != 0)
        unsupported(e, AT(p, "podReplacementPolicy"), replace, "Failed");
    else if (replace[0] && !one_of(replace, "Failed|TerminatingOrFailed"))
        unsupported(e, AT(p, "podReplacementPolicy"), replace, "Failed|TerminatingOrFailed");
    validate__pod_template(e, AT(p, "template"), value_get(spec, "template"));
    if (one_of(restart, "Always|")) {
        /* the default of pods does not fit jobs, so it counts as not given */
        missing(e, AT(at, "restartPolicy"), "valid values: \"OnFailure\", \"Never\"");
    } else if (!one_of(restart, "OnFailure|Never")) {
        unsupported(e, AT(at, "restartPolicy"), restart, "OnFailure|Never");
    } else if (value_is(policy, VALUE_OBJECT) && strcmp(restart, "Never") != 0) {
        bad_str(e, AT(at, "restartPolicy"), restart,
                "only \"Never\" is supported when podFailurePolicy is specified");
    }
}

static void need_label(FieldErrs *e, const Path *p, const Value *labels, const char *key,
                       const char *want)
{
    if (!has(labels, key))
        missing(e, AT_KEY(p, key), arena_printf(e->arena, "must be '%s'", want));
    else if (strcmp(str_of(labels, key), want) != 0)
        bad(e, AT_KEY(p, key), labels, "must be '%s'", want);
}

/* Labels that are made of the job's name and uid, and a selector that finds what has them. */
static void check_generated_selector(FieldErrs *e, const Value *v)
{
    static const char *const prefixes[] = {"", "batch.kubernetes.io/"};
    const Path *p = AT(NULL, "spec"), *at = AT(AT(AT(p, "template"), "metadata"), "labels");
    const Value *spec = value_get(v, "spec"), *selector = value_get(spec, "selector");
    const Value *labels = value_at(spec, "template.metadata.labels");
    const char *uid = str_of(value_get(v, "metadata"), "uid");
    const char *name = str_of(value_get(v, "metadata"), "name");
    Value *made = value_object(e->arena);
    Selector *s = NULL;
    bool none = false;

    if (value_is_true(value_get(spec, "manualSelector")) || !value_is(selector, VALUE_OBJECT) ||
        uid[0] == '\0')
        return;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        const char *by_uid = arena_printf(e->arena, "%scontroller-uid", prefixes[i]);
        const char *by_name = arena_printf(e->arena, "%sjob-name", prefixes[i]);

        need_label(e, at, labels, by_uid, uid);
        need_label(e, at, labels, by_name, name);
        value_set_str(e->arena, made, by_uid, uid);
        value_set_str(e->arena, made, by_name, name);
    }
    if (selector_from_value(e->arena, selector, &s, &none, NULL) == 0 &&
        (none || !selector_match_labels(s, made)))
        bad(e, AT(p, "selector"), selector, "`selector` not auto-generated");
}

static void create_job(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *selector = value_get(spec, "selector");
    const Value *labels = value_at(spec, "template.metadata.labels");
    const char *name = str_of(value_get(v, "metadata"), "name");
    bool manual = value_is_true(value_get(spec, "manualSelector")), none = false;
    Selector *s = NULL;
    char *pod_name;

    check_generated_selector(e, v);
    check_job_spec(e, p, spec);
    if (manual && !value_is(selector, VALUE_OBJECT))
        missing(e, AT(p, "selector"), NULL);
    else
        validate__label_selector(e, AT(p, "selector"), selector);
    if (manual || value_is(selector, VALUE_OBJECT)) {
        if (selector_from_value(e->arena, selector, &s, &none, NULL) == 0 &&
            (none || !selector_match_labels(s, labels)))
            bad(e, AT(AT(AT(p, "template"), "metadata"), "labels"),
                labels ? labels : value_null(e->arena),
                "`selector` does not match template `labels`");
    }
    if (strcmp(str_of(spec, "completionMode"), "Indexed") != 0 ||
        int_of(spec, "completions", 0) <= 0)
        return;
    pod_name =
        arena_printf(e->arena, "%s-%lld", name, (long long)int_of(spec, "completions", 1) - 1);
    if (validate_dns1123_label(pod_name) && name[0])
        bad_str(e, AT(AT(NULL, "metadata"), "name"), name,
                "will not able to create pod with invalid DNS label: %s", pod_name);
}

static bool is_true_condition(const Value *status, const char *type)
{
    const Value *c;

    value_each_item(value_get(status, "conditions"), i, c)
    {
        if (strcmp(str_of(c, "type"), type) == 0 && strcmp(str_of(c, "status"), "True") == 0)
            return true;
    }
    return false;
}

static void take_member(FieldErrs *e, Value *to, const Value *from, const char *name)
{
    const Value *m = value_get(from, name);

    if (m)
        value_set(e->arena, to, name, value_copy(e->arena, m));
    else
        value_del(to, name);
}

/* Of an affinity only the part about nodes may change. */
static void take_node_affinity(FieldErrs *e, Value *spec, const Value *before)
{
    const Value *was = value_get(before, "affinity");
    Value *now = value_get(spec, "affinity");

    if (!value_is(now, VALUE_OBJECT)) {
        if (value_is(was, VALUE_OBJECT) && was->n == 1 && value_get(was, "nodeAffinity"))
            take_member(e, spec, before, "affinity");
        return;
    }
    if (was)
        take_member(e, now, was, "nodeAffinity");
    else
        value_del(now, "nodeAffinity");
    if (now->n == 0 && !was)
        value_del(spec, "affinity");
}

/* Where the pods of a suspended job run, and how much they ask for, may still change. */
static void check_suspended_template(FieldErrs *e, const Path *p, const Value *now,
                                     const Value *old)
{
    static const char *const placing[] = {"nodeSelector", "tolerations", "schedulingGates"};
    static const char *const notes[] = {"labels", "annotations"};
    static const char *const lists[] = {"containers", "initContainers"};
    const Value *before = value_get(old, "spec");
    Value *template = value_copy(e->arena, now), *c;
    Value *spec = value_get(template, "spec"), *meta = value_need(e->arena, template, "metadata");

    for (size_t i = 0; i < ARRAY_LEN(notes); i++)
        take_member(e, meta, value_get(old, "metadata"), notes[i]);
    for (size_t i = 0; i < ARRAY_LEN(placing); i++)
        take_member(e, spec, before, placing[i]);
    take_node_affinity(e, spec, before);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(spec, lists[i]), k, c)
            take_member(e, c, value_item(value_get(before, lists[i]), k), "resources");
    if (!value_equal(spec, before))
        bad(e, AT(AT(p, "template"), "spec"), value_get(now, "spec"), "field is immutable");
    else if (meta->n > 0 && !value_equal(meta, value_get(old, "metadata")))
        bad(e, AT(p, "template"), now, "field is immutable");
}

/* It was stopped, or never ran. */
static bool is_at_rest(const Value *job)
{
    const Value *status = value_get(job, "status");

    if (!value_at_bool(job, "spec.suspend"))
        return false;
    return !has(status, "startTime") ||
           (is_true_condition(status, "Suspended") && int_of(status, "active", 0) == 0);
}

static void check_job_update(FieldErrs *e, const Path *p, const Value *spec, const Value *old,
                             bool may_move)
{
    static const char *const fixed[] = {
        "selector",  "template",     "completionMode", "podFailurePolicy", "backoffLimitPerIndex",
        "managedBy", "successPolicy"};
    const char *mode = str_of(spec, "completionMode");
    const Value *now = value_get(spec, "completions"), *was = value_get(old, "completions");

    if (now && was && !value_equal(now, was) && strcmp(mode, "Indexed") == 0) {
        if (!value_equal(now, value_get(spec, "parallelism")))
            bad(e, AT(p, "completions"), now,
                "can only be modified in tandem with spec.parallelism");
    } else if ((now || was) && !(now && was && value_equal(now, was))) {
        check_immutable(e, AT(p, "completions"), now, was);
    }
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        const Value *a = value_get(spec, fixed[i]), *b = value_get(old, fixed[i]);

        if (i == 1 && may_move) {
            check_suspended_template(e, p, a, b);
            continue;
        }
        if (!a && !b)
            continue;
        if (strstr(fixed[i], "Policy") && a && !(b && value_equal(a, b)))
            bad(e, AT(p, fixed[i]),
                validate__go_shown(e,
                                   fixed[i][0] == 'p' ? "io.k8s.api.batch.v1.PodFailurePolicy"
                                                      : "io.k8s.api.batch.v1.SuccessPolicy",
                                   a),
                "field is immutable");
        else
            check_immutable(e, AT(p, fixed[i]), a, b);
    }
}

static void check_uncounted(FieldErrs *e, const Path *p, const Value *uncounted)
{
    static const char *const lists[] = {"succeeded", "failed"};
    Value *seen = value_object(e->arena);
    const Value *uid;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(uncounted, lists[i]), k, uid)
        {
            const char *s = value_to_cstr(uid) ? value_to_cstr(uid) : "";
            const Path *at = AT_ITEM(AT(p, lists[i]), k);

            if (s[0] == '\0')
                bad_str(e, at, s, "must not be empty");
            else if (value_get(seen, s))
                duplicate(e, at, s);
            else
                value_set(e->arena, seen, s, value_bool(e->arena, true));
        }
}

/* Whether an index list has an index; the list is well formed. */
static bool has_index(const char *text, int64_t index)
{
    Slice rest = slice_of(text), part, first;
    int64_t a, b;
    bool more;

    do {
        bool is_range;

        more = slice_cut(&rest, ',', &part);
        is_range = slice_cut(&part, '-', &first);
        if (!slice_to_int64(first, &a))
            return false;
        b = a;
        if (is_range && !slice_to_int64(part, &b))
            return false;
        if (index >= a && index <= b)
            return true;
    } while (more);
    return false;
}

/* The first index that both lists have; -1: none. Only starts of intervals can be it. */
static int64_t common_index(const char *x, const char *y)
{
    const char *texts[] = {x, y};
    int64_t least = -1, a;

    for (size_t i = 0; i < 2; i++) {
        Slice rest = slice_of(texts[i]), part, first;
        bool more;

        do {
            more = slice_cut(&rest, ',', &part);
            (void)slice_cut(&part, '-', &first);
            if (slice_to_int64(first, &a) && has_index(texts[1 - i], a) && (least < 0 || a < least))
                least = a;
        } while (more);
    }
    return least;
}

/* ---- the status of a job ---- */

/* What of a status an update changes. Most rules are held against changes only, so that one that
 * is odd already can be written all the same. */
typedef struct Changes {
    const Value *status, *old, *spec;
    bool complete, failed, finished, target, met; /* conditions that are true now */
    bool d_complete, d_failed, d_finished, d_target, d_met;
} Changes;

static Changes changes_of(const Value *v, const Value *old)
{
    const Value *now = value_get(v, "status"), *was = value_get(old, "status");
    Changes c = {.status = now,
                 .old = was,
                 .spec = value_get(v, "spec"),
                 .complete = is_true_condition(now, "Complete"),
                 .failed = is_true_condition(now, "Failed"),
                 .target = is_true_condition(now, "FailureTarget"),
                 .met = is_true_condition(now, "SuccessCriteriaMet")};

    c.finished = c.complete || c.failed;
    c.d_complete = c.complete != is_true_condition(was, "Complete");
    c.d_failed = c.failed != is_true_condition(was, "Failed");
    c.d_target = c.target != is_true_condition(was, "FailureTarget");
    c.d_met = c.met != is_true_condition(was, "SuccessCriteriaMet");
    c.d_finished =
        c.finished != (is_true_condition(was, "Complete") || is_true_condition(was, "Failed"));
    return c;
}

static bool differs(const Changes *c, const char *name)
{
    const Value *a = value_get(c->status, name), *b = value_get(c->old, name);

    return a && b ? !value_equal(a, b) : a != b;
}

static void bad_conditions(FieldErrs *e, const Path *p, bool is_bad, const char *text)
{
    if (is_bad)
        bad(e, AT(p, "conditions"), NULL, "%s", text);
}

static void check_job_end(FieldErrs *e, const Path *p, const Changes *c)
{
    const char *start = str_of(c->status, "startTime"), *end = str_of(c->status, "completionTime");
    const Path *at = AT(p, "completionTime");
    bool d_end = differs(c, "completionTime");

    bad_conditions(e, p, (c->d_complete || c->d_failed) && c->complete && c->failed,
                   "cannot set Complete=True and Failed=true conditions");
    bad_conditions(e, p, (c->d_complete || c->d_target) && c->complete && c->target,
                   "cannot set Complete=True and FailureTarget=true conditions");
    if ((c->d_complete || d_end) && !c->complete && end[0])
        bad_str(e, at, end, "cannot set completionTime when there is no Complete=True condition");
    if ((c->d_complete || d_end) && c->complete && !end[0])
        missing(e, at, "completionTime is required for Complete jobs");
    if ((differs(c, "startTime") || d_end) && start[0] && end[0] && strcmp(end, start) < 0)
        bad_str(e, at, end, "must be equal to or after `startTime`");
    bad_conditions(e, p, (c->d_failed || c->d_target) && c->failed && !c->target,
                   "cannot set Failed=True condition without the FailureTarget=true condition");
    bad_conditions(
        e, p, (c->d_complete || c->d_met) && c->complete && !c->met,
        "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
}

static void check_finished(FieldErrs *e, const Path *p, const Changes *c)
{
    const Value *uncounted = value_get(c->status, "uncountedTerminatedPods");
    bool is_empty =
        value_len(value_get(uncounted, "succeeded")) + value_len(value_get(uncounted, "failed")) ==
        0;
    bool never_ran =
        value_is_true(value_get(c->spec, "suspend")) && int_of(c->spec, "completions", 1) == 0;

    if (!c->finished)
        return;
    if ((c->d_finished || differs(c, "active")) && int_of(c->status, "active", 0) > 0)
        bad_int(e, AT(p, "active"), int_of(c->status, "active", 0),
                "active>0 is invalid for finished job");
    if ((c->d_finished || differs(c, "startTime")) && !never_ran && !has(c->status, "startTime"))
        missing(e, AT(p, "startTime"), "startTime is required for finished job");
    if ((c->d_finished || differs(c, "uncountedTerminatedPods")) && !is_empty)
        bad(e, AT(p, "uncountedTerminatedPods"),
            validate__go_shown(e, "io.k8s.api.batch.v1.UncountedTerminatedPods", uncounted),
            "must be empty for finished job");
}

/* Returns whether the list has the form. */
static bool check_index_list(FieldErrs *e, const Path *p, const Changes *c, const char *name,
                             bool is_judged)
{
    const char *why = NULL, *text = str_of(c->status, name);

    if (has(c->spec, "completions") && has(c->status, name))
        (void)count_indexes(e, text, int_of(c->spec, "completions", 0), &why);
    if (is_judged && why)
        bad_str(e, AT(p, name), text, "error parsing %s: %s", name, why);
    return !why;
}

static void check_status_indexes(FieldErrs *e, const Path *p, const Changes *c)
{
    static const char done[] = "completedIndexes", failed[] = "failedIndexes";
    const char *all = str_of(c->status, done), *bads = str_of(c->status, failed);
    bool d_done = differs(c, done), d_failed = differs(c, failed);
    bool per_index = has(c->spec, "backoffLimitPerIndex"), is_whole;
    int64_t both;

    is_whole = check_index_list(e, p, c, done, d_done);
    is_whole = check_index_list(e, p, c, failed, d_failed && per_index) && is_whole;
    if (d_done && all[0] && strcmp(str_of(c->spec, "completionMode"), "Indexed") != 0)
        bad_str(e, AT(p, done), all,
                "cannot set non-empty completedIndexes when non-indexed completion mode");
    if (d_failed && !per_index && has(c->status, failed))
        bad_str(e, AT(p, failed), bads,
                "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    if (!(d_done || d_failed) || !is_whole || !has(c->spec, "completions") || !all[0] || !bads[0])
        return;
    both = common_index(all, bads);
    if (both >= 0)
        bad_str(e, AT(p, failed), bads, "failedIndexes and completedIndexes overlap at index: %lld",
                (long long)both);
}

/* Counters of what happened do not go back, but for a job that was made smaller. */
static void check_counters(FieldErrs *e, const Path *p, const Changes *c)
{
    static const char *const counters[] = {"failed", "succeeded"};
    const Value *all = value_get(c->spec, "completions");
    const Value *parallel = value_get(c->spec, "parallelism");
    bool is_elastic = strcmp(str_of(c->spec, "completionMode"), "Indexed") == 0 && all &&
                      parallel && value_equal(all, parallel);

    for (size_t i = 0; i < ARRAY_LEN(counters); i++)
        if ((i == 0 || !is_elastic) &&
            int_of(c->status, counters[i], 0) < int_of(c->old, counters[i], 0))
            bad_int(e, AT(p, counters[i]), int_of(c->status, counters[i], 0),
                    "cannot decrease the %s counter", counters[i]);
}

/* What a status may not take back. */
static void check_job_progress(FieldErrs *e, const Path *p, const Changes *c)
{
    static const char *const terminal[] = {"Failed", "Complete", "FailureTarget"};
    const Value *end = value_get(c->status, "completionTime");
    const Value *start = value_get(c->status, "startTime");
    bool was_met = is_true_condition(c->old, "SuccessCriteriaMet");

    for (size_t i = 0; i < ARRAY_LEN(terminal); i++)
        if (is_true_condition(c->old, terminal[i]) && !is_true_condition(c->status, terminal[i]))
            bad(e, AT(p, "conditions"), NULL, "cannot disable the terminal %s=True condition",
                terminal[i]);
    check_counters(e, p, c);
    if (end && has(c->old, "completionTime") && differs(c, "completionTime"))
        bad(e, AT(p, "completionTime"), end, "field is immutable");
    if (has(c->old, "startTime") && differs(c, "startTime") &&
        !value_is_true(value_get(c->spec, "suspend")))
        bad(e, AT(p, "startTime"), start ? start : value_null(e->arena),
            "field is immutable for unsuspended job once set");
    bad_conditions(e, p, was_met && !c->met,
                   "cannot disable the SuccessCriteriaMet=True condition");
    bad_conditions(e, p, is_true_condition(c->old, "Complete") && !was_met && c->met,
                   "cannot set SuccessCriteriaMet=True for Job already has Complete=true "
                   "conditions");
}

static void check_job_status(FieldErrs *e, const Value *v, const Value *old)
{
    static const char *const counts[] = {"active", "succeeded", "failed", "ready", "terminating"};
    const Changes c = changes_of(v, old);
    const Value *status = c.status;
    const Path *p = AT(NULL, "status");

    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        check_not_negative(e, AT(p, counts[i]), value_get(status, counts[i]));
    check_uncounted(e, AT(p, "uncountedTerminatedPods"),
                    value_get(status, "uncountedTerminatedPods"));
    check_job_end(e, p, &c);
    check_finished(e, p, &c);
    check_status_indexes(e, p, &c);
    if (c.finished && (c.d_finished || differs(&c, "terminating")) &&
        int_of(status, "terminating", 0) > 0)
        bad_int(e, AT(p, "terminating"), int_of(status, "terminating", 0),
                "terminating>0 is invalid for finished job");
    if ((differs(&c, "ready") || differs(&c, "active")) && has(status, "ready") &&
        int_of(status, "ready", 0) > int_of(status, "active", 0))
        bad_int(e, AT(p, "ready"), int_of(status, "ready", 0),
                "cannot set more ready pods than active");
    bad_conditions(e, p, c.met && c.failed,
                   "cannot set SuccessCriteriaMet=True and Failed=true conditions");
    bad_conditions(e, p, c.met && c.target,
                   "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    bad_conditions(e, p, has(c.spec, "successPolicy") && !c.met && c.complete,
                   "cannot set Complete=True for Job with SuccessPolicy unless "
                   "SuccessCriteriaMet=True");
    check_job_progress(e, p, &c);
}

static void update_job(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");

    if (strcmp(sub, "status") == 0) {
        check_job_status(e, v, old);
        return;
    }
    create_job(e, v);
    check_job_spec(e, p, value_get(v, "spec")); /* upstream runs the rules of create twice */
    check_job_update(e, p, value_get(v, "spec"), value_get(old, "spec"), is_at_rest(old));
}

/* ---- cron jobs ---- */

/* The schedule behind the zone that the parser of upstream takes off its front. */
static const char *without_zone(const char *text)
{
    const char *space = strchr(text, ' ');

    return space && (str_starts(text, "TZ=") || str_starts(text, "CRON_TZ=")) ? space + 1 : text;
}

/* `old`: the spec before, or NULL. */
static void check_schedule(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const char *text = str_of(spec, "schedule"), *msg;
    bool was_zoned = strstr(str_of(old, "schedule"), "TZ");
    const Path *at = AT(p, "schedule");
    Cron cron;

    if (text[0] == '\0') {
        missing(e, at, NULL);
        return;
    }
    msg = cron_parse(e->arena, without_zone(text), &cron);
    if (msg)
        bad_str(e, at, text, "%s", msg);
    if (!strstr(text, "TZ"))
        return;
    if (!was_zoned)
        bad_str(e, at, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
    else if (has(spec, "timeZone"))
        bad_str(e, at, text, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
}

static void check_zone(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const char *zone = str_of(spec, "timeZone");

    if (!has(spec, "timeZone") ||
        (has(old, "timeZone") && strcmp(zone, str_of(old, "timeZone")) == 0))
        return;
    if (zone[0] == '\0')
        bad_str(e, p, zone, "timeZone must be nil or non-empty string");
    else if (strcasecmp(zone, "Local") == 0)
        bad_str(e, p, zone,
                "timeZone must be an explicit time zone as defined in "
                "https://www.iana.org/time-zones");
    else if (strlen(zone) > ZONE_MAX || !cron_zone_exists(zone))
        bad_str(e, p, zone, "unknown time zone %s", zone);
}

static void check_cron_job(FieldErrs *e, const Value *v, const Value *before)
{
    const Path *p = AT(NULL, "spec"), *job_at = AT(AT(p, "jobTemplate"), "spec");
    const Value *spec = value_get(v, "spec"), *job = value_at(spec, "jobTemplate.spec");

    check_schedule(e, p, spec, before);
    check_not_negative(e, AT(p, "startingDeadlineSeconds"),
                       value_get(spec, "startingDeadlineSeconds"));
    check_zone(e, AT(p, "timeZone"), spec, before);
    if (str_of(spec, "concurrencyPolicy")[0] == '\0')
        missing(e, AT(p, "concurrencyPolicy"), NULL);
    else
        check_enum(e, AT(p, "concurrencyPolicy"), str_of(spec, "concurrencyPolicy"),
                   "Allow|Forbid|Replace");
    check_job_spec(e, job_at, job);
    if (has(job, "selector"))
        bad(e, AT(job_at, "selector"), value_get(job, "selector"),
            "`selector` will be auto-generated");
    if (value_is_true(value_get(job, "manualSelector")))
        unsupported_value(e, AT(job_at, "manualSelector"), value_get(job, "manualSelector"),
                          "nil|false");
    check_not_negative(e, AT(p, "successfulJobsHistoryLimit"),
                       value_get(spec, "successfulJobsHistoryLimit"));
    check_not_negative(e, AT(p, "failedJobsHistoryLimit"),
                       value_get(spec, "failedJobsHistoryLimit"));
}

static void create_cron_job(FieldErrs *e, const Value *v)
{
    const char *name = str_of(value_get(v, "metadata"), "name");

    check_cron_job(e, v, NULL);
    if (strlen(name) > CRON_NAME_MAX)
        bad_str(e, AT(AT(NULL, "metadata"), "name"), name, "must be no more than %d characters",
                CRON_NAME_MAX);
}

static void update_cron_job(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    if (sub[0] == '\0')
        check_cron_job(e, v, value_get(old, "spec"));
}

const KindRow validate__batch[] = {
    {"batch", "Job", names__dns1123_subdomain, create_job, update_job},
    {"batch", "CronJob", names__dns1123_subdomain, create_cron_job, update_cron_job},
    {NULL, NULL, NULL, NULL, NULL},
};
