/*
 * validate_apps.c - deployments, replica sets, daemon sets, stateful sets, controller revisions.
 */
#include "api/selector.h"
#include "api/validate_int.h"

/* ---- shared ---- */

static bool selects(FieldErrs *e, const Value *selector, const Value *labels)
{
    Selector *s = NULL;
    bool none = false;

    if (selector_from_value(e->arena, selector, &s, &none, NULL) < 0)
        return true; /* told elsewhere */
    return !none && selector_match_labels(s, labels);
}

static bool is_empty_selector(const Value *selector)
{
    return value_len(value_get(selector, "matchLabels")) == 0 &&
           value_len(value_get(selector, "matchExpressions")) == 0;
}

/* The selector, and whether it selects what the template makes. */
static void check_selector(FieldErrs *e, const Path *p, const Value *spec, const char *kind)
{
    const Value *selector = value_get(spec, "selector");
    const Value *labels = value_at(spec, "template.metadata.labels");
    uint32_t before = e->n;
    bool is_empty;

    if (!value_is(selector, VALUE_OBJECT)) {
        missing(e, AT(p, "selector"), NULL);
    } else {
        is_empty = is_empty_selector(selector);
        validate__label_selector(e, AT(p, "selector"), selector);
        if (is_empty)
            bad(e, AT(p, "selector"), selector, "empty selector is invalid for %s", kind);
        if (is_empty)
            return;
        if (e->n > before) {
            bad(e, AT(p, "selector"), selector, "invalid label selector");
            return;
        }
        if (selects(e, selector, labels))
            return;
    }
    bad(e, AT(AT(AT(p, "template"), "metadata"), "labels"), labels ? labels : value_null(e->arena),
        "`selector` does not match template `labels`");
}

/* A template of pods that are always restarted. */
static void check_template(FieldErrs *e, const Path *p, const Value *template, const char *kind)
{
    const Value *pod = value_get(template, "spec");
    const Path *at = AT(AT(p, "template"), "spec");
    const char *restart = str_of(pod, "restartPolicy");

    validate__pod_template(e, AT(p, "template"), template);
    if (restart[0] && strcmp(restart, "Always") != 0)
        unsupported(e, AT(at, "restartPolicy"), restart, "Always");
    if (has(pod, "activeDeadlineSeconds"))
        forbidden(e, AT(at, "activeDeadlineSeconds"),
                  arena_printf(e->arena, "activeDeadlineSeconds in %s is not Supported", kind));
}

/* A selector may not be left out of the template's check, but a broken one replaces it. */
static bool selector_is_broken(const FieldErrs *e, uint32_t from)
{
    for (uint32_t i = from; i < e->n; i++)
        if (strstr(e->items[i].message, "invalid label selector"))
            return true;
    return false;
}

void validate__int_or_percent(FieldErrs *e, const Path *p, const Value *v)
{
    if (value_is(v, VALUE_STRING))
        check_name(e, p, v->str, names__percent);
    else
        check_not_negative(e, p, v);
}

static bool is_zero(const Value *v)
{
    int64_t i;

    if (value_is(v, VALUE_STRING))
        return strtoll(v->str, NULL, 10) == 0;
    return !value_to_int(v, &i) || i == 0;
}

static void check_at_most_all(FieldErrs *e, const Path *p, const Value *v)
{
    if (value_is(v, VALUE_STRING) && strtoll(v->str, NULL, 10) > 100)
        bad(e, p, v, "must not be greater than 100%%");
}

/* A strategy as upstream prints it. */
static Value *strategy_shown(FieldErrs *e, const char *type, const Value *rolling,
                             const char *rolling_type)
{
    Value *shown = value_object(e->arena);

    value_set_str(e->arena, shown, "Type", type);
    value_set(e->arena, shown, "RollingUpdate",
              value_is(rolling, VALUE_OBJECT) ? validate__go_shown(e, rolling_type, rolling)
                                              : value_null(e->arena));
    return shown;
}

/* ---- deployments ---- */

static void check_strategy(FieldErrs *e, const Path *p, const Value *strategy)
{
    const char *type = str_of(strategy, "type");
    const Value *rolling = value_get(strategy, "rollingUpdate");
    const Path *at = AT(p, "rollingUpdate");
    const Value *down = value_get(rolling, "maxUnavailable"), *up = value_get(rolling, "maxSurge");

    if (strcmp(type, "Recreate") == 0) {
        if (value_is(rolling, VALUE_OBJECT))
            forbidden(e, at, "may not be specified when strategy `type` is 'Recreate'");
        return;
    }
    if (strcmp(type, "RollingUpdate") != 0) {
        unsupported_value(
            e, p, strategy_shown(e, type, rolling, "io.k8s.api.apps.v1.RollingUpdateDeployment"),
            "Recreate|RollingUpdate");
        return;
    }
    if (!value_is(rolling, VALUE_OBJECT)) {
        missing(e, at, "this should be defaulted and never be nil");
        return;
    }
    validate__int_or_percent(e, AT(at, "maxUnavailable"), down);
    validate__int_or_percent(e, AT(at, "maxSurge"), up);
    if (is_zero(down) && is_zero(up))
        bad(e, AT(at, "maxUnavailable"), down, "may not be 0 when `maxSurge` is 0");
    check_at_most_all(e, AT(at, "maxUnavailable"), down);
}

static void create_deployment(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");
    uint32_t before;
    int64_t deadline = int_of(spec, "progressDeadlineSeconds", 600);

    check_not_negative(e, AT(p, "replicas"), value_get(spec, "replicas"));
    before = e->n;
    check_selector(e, p, spec, "deployment");
    if (!selector_is_broken(e, before))
        check_template(e, p, value_get(spec, "template"), "ReplicaSet");
    check_strategy(e, AT(p, "strategy"), value_get(spec, "strategy"));
    check_not_negative(e, AT(p, "minReadySeconds"), value_get(spec, "minReadySeconds"));
    check_not_negative(e, AT(p, "revisionHistoryLimit"), value_get(spec, "revisionHistoryLimit"));
    check_not_negative(e, AT(p, "progressDeadlineSeconds"),
                       value_get(spec, "progressDeadlineSeconds"));
    if (has(spec, "progressDeadlineSeconds") && deadline <= int_of(spec, "minReadySeconds", 0))
        bad_int(e, AT(p, "progressDeadlineSeconds"), deadline,
                "must be greater than minReadySeconds");
}

static void check_counts(FieldErrs *e, const Value *v, const char *const *names, size_t n)
{
    const Value *status = value_get(v, "status");

    for (size_t i = 0; i < n; i++)
        check_not_negative(e, AT(AT(NULL, "status"), names[i]), value_get(status, names[i]));
}

/* `named`: the other field as the message has it */
static void check_not_more(FieldErrs *e, const Value *v, const char *a, const char *named)
{
    const Value *status = value_get(v, "status");
    const char *b = str_starts(named, "status.") ? named + strlen("status.") : named;
    int64_t x = int_of(status, a, 0);

    if (x > int_of(status, b, 0))
        bad_int(e, AT(AT(NULL, "status"), a), x, "cannot be greater than %s", named);
}

static void check_collisions(FieldErrs *e, const Value *v, const Value *old)
{
    int64_t n = 0, was = 0;

    (void)value_to_int(value_at(v, "status.collisionCount"), &n);
    if (value_to_int(value_at(old, "status.collisionCount"), &was) && n < was)
        bad_int(e, AT(AT(NULL, "status"), "collisionCount"), n, "cannot be decremented");
}

static void update_deployment(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    static const char *const counts[] = {"observedGeneration",  "replicas",
                                         "updatedReplicas",     "readyReplicas",
                                         "availableReplicas",   "unavailableReplicas",
                                         "terminatingReplicas", "collisionCount"};

    if (strcmp(sub, "status") == 0) {
        check_counts(e, v, counts, ARRAY_LEN(counts));
        check_not_more(e, v, "updatedReplicas", "status.replicas");
        check_not_more(e, v, "readyReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "readyReplicas");
        check_collisions(e, v, old);
        return;
    }
    create_deployment(e, v);
    check_immutable(e, AT(AT(NULL, "spec"), "selector"), value_at(v, "spec.selector"),
                    value_at(old, "spec.selector"));
}

/* ---- replica sets ---- */

static void create_replica_set(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");
    uint32_t before;

    check_not_negative(e, AT(p, "replicas"), value_get(spec, "replicas"));
    check_not_negative(e, AT(p, "minReadySeconds"), value_get(spec, "minReadySeconds"));
    before = e->n;
    check_selector(e, p, spec, "deployment");
    if (!selector_is_broken(e, before))
        check_template(e, p, value_get(spec, "template"), "ReplicaSet");
}

static void update_replica_set(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    static const char *const counts[] = {
        "replicas",          "fullyLabeledReplicas", "readyReplicas",
        "availableReplicas", "terminatingReplicas",  "observedGeneration"};

    if (strcmp(sub, "status") == 0) {
        check_counts(e, v, counts, ARRAY_LEN(counts));
        check_not_more(e, v, "fullyLabeledReplicas", "status.replicas");
        check_not_more(e, v, "readyReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "readyReplicas");
        return;
    }
    create_replica_set(e, v);
    check_immutable(e, AT(AT(NULL, "spec"), "selector"), value_at(v, "spec.selector"),
                    value_at(old, "spec.selector"));
}

/* ---- daemon sets ---- */

static void check_daemon_strategy(FieldErrs *e, const Path *p, const Value *strategy)
{
    const char *type = str_of(strategy, "type");
    const Value *rolling = value_get(strategy, "rollingUpdate");
    const Path *at = AT(p, "rollingUpdate");
    const Value *down = value_get(rolling, "maxUnavailable"), *up = value_get(rolling, "maxSurge");

    if (strcmp(type, "OnDelete") == 0)
        return;
    if (strcmp(type, "RollingUpdate") != 0) {
        unsupported_value(
            e, p, strategy_shown(e, type, rolling, "io.k8s.api.apps.v1.RollingUpdateDaemonSet"),
            "RollingUpdate|OnDelete");
        return;
    }
    if (!value_is(rolling, VALUE_OBJECT)) {
        missing(e, at, NULL);
        return;
    }
    validate__int_or_percent(e, AT(at, "maxUnavailable"), down);
    validate__int_or_percent(e, AT(at, "maxSurge"), up);
    check_at_most_all(e, AT(at, "maxUnavailable"), down);
    check_at_most_all(e, AT(at, "maxSurge"), up);
    if (is_zero(down) && is_zero(up))
        missing(e, AT(at, "maxUnavailable"), "cannot be 0 when maxSurge is 0");
    else if (!is_zero(down) && !is_zero(up))
        bad(e, AT(at, "maxSurge"), up, "may not be set when maxUnavailable is non-zero");
}

/* Unlike the others, a selector that is not there selects nothing. */
static void check_daemon_selector(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *selector = value_get(spec, "selector");
    const Value *labels = value_at(spec, "template.metadata.labels");
    uint32_t before = e->n;

    validate__label_selector(e, AT(p, "selector"), selector);
    if (e->n == before && (!value_is(selector, VALUE_OBJECT) || !selects(e, selector, labels)))
        bad(e, AT(AT(AT(p, "template"), "metadata"), "labels"),
            labels ? labels : value_null(e->arena), "`selector` does not match template `labels`");
    if (value_is(selector, VALUE_OBJECT) && is_empty_selector(selector))
        bad(e, AT(p, "selector"), selector, "empty selector is invalid for daemonset");
}

static void create_daemon_set(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");

    check_daemon_selector(e, p, spec);
    check_template(e, p, value_get(spec, "template"), "DaemonSet");
    check_not_negative(e, AT(p, "minReadySeconds"), value_get(spec, "minReadySeconds"));
    check_daemon_strategy(e, AT(p, "updateStrategy"), value_get(spec, "updateStrategy"));
    check_not_negative(e, AT(p, "revisionHistoryLimit"), value_get(spec, "revisionHistoryLimit"));
}

static void update_daemon_set(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    static const char *const counts[] = {"currentNumberScheduled", "numberMisscheduled",
                                         "desiredNumberScheduled", "numberReady",
                                         "observedGeneration",     "updatedNumberScheduled",
                                         "numberAvailable",        "numberUnavailable",
                                         "collisionCount"};

    if (strcmp(sub, "status") == 0) {
        check_counts(e, v, counts, ARRAY_LEN(counts));
        check_collisions(e, v, old);
        return;
    }
    create_daemon_set(e, v);
    check_immutable(e, AT(AT(NULL, "spec"), "selector"), value_at(v, "spec.selector"),
                    value_at(old, "spec.selector"));
}

/* ---- stateful sets ---- */

/* The template as the pods will have it: each claim template is a volume of its name, in place of
 * a volume of the template with that name. */
static const Value *template_with_claims(Arena *a, const Value *spec)
{
    const Value *claims = value_get(spec, "volumeClaimTemplates");
    const Value *claim;
    Value *template, *volumes, *volume;

    if (!value_is(claims, VALUE_ARRAY) || claims->n == 0)
        return value_get(spec, "template");
    template = value_copy(a, value_get(spec, "template"));
    if (!value_is(value_get(template, "spec"), VALUE_OBJECT))
        return template;
    volumes = value_array(a);
    value_each_item(value_at(template, "spec.volumes"), i, volume)
    {
        bool is_claimed = false;

        value_each_item(claims, k, claim)
        {
            const char *name = str_of(value_get(claim, "metadata"), "name");

            is_claimed |= strcmp(str_of(volume, "name"), name) == 0;
        }
        if (!is_claimed)
            value_append(a, volumes, volume);
    }
    value_each_item(claims, i, claim)
    {
        const char *name = str_of(value_get(claim, "metadata"), "name");

        volume = value_object(a);
        value_set_str(a, volume, "name", name);
        value_set_str(a, value_need(a, volume, "persistentVolumeClaim"), "claimName", name);
        value_append(a, volumes, volume);
    }
    value_set_at(a, template, "spec.volumes", volumes);
    return template;
}

static void check_stateful_strategy(FieldErrs *e, const Path *p, const Value *strategy)
{
    const char *type = str_of(strategy, "type");
    const Value *rolling = value_get(strategy, "rollingUpdate");
    const Value *down = value_get(rolling, "maxUnavailable");
    const Path *at = AT(p, "rollingUpdate");

    if (type[0] == '\0') {
        missing(e, p, NULL);
    } else if (strcmp(type, "OnDelete") == 0) {
        if (value_is(rolling, VALUE_OBJECT))
            bad(e, at,
                validate__go_shown(e, "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy",
                                   rolling),
                "only allowed for updateStrategy 'RollingUpdate'");
    } else if (strcmp(type, "RollingUpdate") == 0) {
        if (!value_is(rolling, VALUE_OBJECT))
            return;
        check_not_negative(e, AT(at, "partition"), value_get(rolling, "partition"));
        if (!has(rolling, "maxUnavailable"))
            return;
        validate__int_or_percent(e, AT(at, "maxUnavailable"), down);
        if (is_zero(down))
            bad(e, AT(at, "maxUnavailable"), down, "cannot be 0");
        check_at_most_all(e, AT(at, "maxUnavailable"), down);
    } else {
        bad(e, p,
            strategy_shown(e, type, rolling, "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy"),
            "must be 'RollingUpdate' or 'OnDelete'");
    }
}

static void check_claim_templates(FieldErrs *e, const Path *p, const Value *claims)
{
    const Value *c;

    value_each_item(claims, i, c)
        validate__claim_spec(e, AT(AT_ITEM(p, i), "spec"), value_get(c, "spec"));
}

/* `is_new`: some things were not asked for when older ones were stored. */
static void check_stateful_set(FieldErrs *e, const Value *v, bool is_new)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");
    const Value *keep = value_get(spec, "persistentVolumeClaimRetentionPolicy");
    static const char *const when[] = {"whenDeleted", "whenScaled"};
    const char *management = str_of(spec, "podManagementPolicy");
    uint32_t before;

    if (management[0] == '\0')
        missing(e, AT(p, "podManagementPolicy"), NULL);
    else if (!one_of(management, "OrderedReady|Parallel"))
        bad_str(e, AT(p, "podManagementPolicy"), management,
                "must be 'OrderedReady' or 'Parallel'");
    check_stateful_strategy(e, AT(p, "updateStrategy"), value_get(spec, "updateStrategy"));
    for (size_t i = 0; i < ARRAY_LEN(when) && keep; i++)
        check_enum(e, AT(AT(p, "persistentVolumeClaimRetentionPolicy"), when[i]),
                   str_of(keep, when[i]), "Retain|Delete");
    if (is_new)
        check_claim_templates(e, AT(p, "volumeClaimTemplates"),
                              value_get(spec, "volumeClaimTemplates"));
    check_not_negative(e, AT(p, "replicas"), value_get(spec, "replicas"));
    check_not_negative(e, AT(p, "minReadySeconds"), value_get(spec, "minReadySeconds"));
    check_not_negative(e, AT(AT(p, "ordinals"), "start"), value_at(spec, "ordinals.start"));
    if (is_new && str_of(spec, "serviceName")[0])
        check_name(e, AT(p, "serviceName"), str_of(spec, "serviceName"), names__dns1123_label);
    before = e->n;
    check_selector(e, p, spec, "statefulset");
    if (!selector_is_broken(e, before))
        check_template(e, p, template_with_claims(e->arena, spec), "StatefulSet");
}

static void create_stateful_set(FieldErrs *e, const Value *v)
{
    check_stateful_set(e, v, true);
}

static void update_stateful_set(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    static const char *const counts[] = {
        "replicas",          "readyReplicas",      "currentReplicas", "updatedReplicas",
        "availableReplicas", "observedGeneration", "collisionCount"};
    static const char *const free_fields[] = {"replicas",
                                              "ordinals",
                                              "template",
                                              "updateStrategy",
                                              "revisionHistoryLimit",
                                              "persistentVolumeClaimRetentionPolicy",
                                              "minReadySeconds"};
    Value *now, *before;

    if (strcmp(sub, "status") == 0) {
        check_counts(e, v, counts, ARRAY_LEN(counts));
        check_not_more(e, v, "readyReplicas", "status.replicas");
        check_not_more(e, v, "currentReplicas", "status.replicas");
        check_not_more(e, v, "updatedReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "status.replicas");
        check_not_more(e, v, "availableReplicas", "status.readyReplicas");
        check_collisions(e, v, old);
        return;
    }
    check_stateful_set(e, v, false);
    now = value_copy(e->arena, value_get(v, "spec"));
    before = value_copy(e->arena, value_get(old, "spec"));
    for (size_t i = 0; i < ARRAY_LEN(free_fields); i++) {
        value_del(now, free_fields[i]);
        value_del(before, free_fields[i]);
    }
    if (!value_equal(now, before))
        forbidden(e, AT(NULL, "spec"),
                  "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                  "'template', 'updateStrategy', 'revisionHistoryLimit', "
                  "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
}

/* ---- controller revisions ---- */

static void create_revision(FieldErrs *e, const Value *v)
{
    const Value *data = value_get(v, "data");

    if (!data || data->type == VALUE_NULL)
        missing(e, AT(NULL, "data"), "data is mandatory");
    check_not_negative(e, AT(NULL, "revision"), value_get(v, "revision"));
}

static void update_revision(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    create_revision(e, v);
    check_immutable(e, AT(NULL, "data"), value_get(v, "data"), value_get(old, "data"));
}

const KindRow validate__apps[] = {
    {"apps", "Deployment", names__dns1123_subdomain, create_deployment, update_deployment},
    {"apps", "ReplicaSet", names__dns1123_subdomain, create_replica_set, update_replica_set},
    {"apps", "DaemonSet", names__dns1123_subdomain, create_daemon_set, update_daemon_set},
    {"apps", "StatefulSet", names__dns1123_subdomain, create_stateful_set, update_stateful_set},
    {"apps", "ControllerRevision", names__dns1123_subdomain, create_revision, update_revision},
    {NULL, NULL, NULL, NULL, NULL},
};
