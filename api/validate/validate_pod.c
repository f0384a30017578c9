/*
 * validate_pod.c - pods and pod templates, and what may change in a pod.
 */
#include "api/validate_int.h"

#define MIRROR       "kubernetes.io/config.mirror"
#define ARMOR_PREFIX "container.apparmor.security.beta.kubernetes.io/"

/* What a pod has to satisfy beyond a template. */
static void check_metadata_and_spec(FieldErrs *e, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *meta = value_get(v, "metadata"), *spec = value_get(v, "spec"), *volume, *source;
    const PodRules rules = {.is_pod = true,
                            .is_mirror = value_get(value_get(meta, "annotations"), MIRROR),
                            .name = str_of(meta, "name"),
                            .old = value_get(old, "spec")};

    validate__pod_annotations(e, AT(AT(NULL, "metadata"), "annotations"),
                              value_get(meta, "annotations"), spec);
    validate__pod_spec(e, p, spec, &rules);
    value_each_item(str_of(spec, "serviceAccountName")[0] ? NULL : value_get(spec, "volumes"), i,
                    volume)
    {
        value_each_item(value_at(volume, "projected.sources"), k, source)
        {
            const Path *at = AT(AT(AT_ITEM(AT(p, "volumes"), i), "projected"), "sources");

            if (has(source, "serviceAccountToken"))
                forbidden(e, AT(AT_ITEM(at, k), "serviceAccountToken"),
                          "must not be specified when serviceAccountName is not set");
        }
    }
    validate__image_spaces(e, AT(p, "containers"), value_get(spec, "containers"));
    validate__image_spaces(e, AT(p, "initContainers"), value_get(spec, "initContainers"));
}

static void create_pod(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");

    check_metadata_and_spec(e, v, NULL);
    if (value_len(value_get(spec, "ephemeralContainers")) > 0)
        forbidden(e, AT(p, "ephemeralContainers"), "cannot be set on create");
    if (str_of(spec, "nodeName")[0] && value_len(value_get(spec, "schedulingGates")) > 0)
        forbidden(e, AT(p, "nodeName"),
                  "cannot be set until all schedulingGates have been cleared");
    validate__matching_annotations(e, p, value_at(v, "metadata.annotations"), spec);
}

/* ---- updates ---- */

static void forbid_annotation(FieldErrs *e, const Path *p, const char *key, const char *what,
                              bool is_new)
{
    forbidden(e, AT_KEY(p, key),
              arena_printf(e->arena, "may not %s %s", is_new ? "add" : "remove or update", what));
}

void validate__pod_annotation_update(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *now = value_at(v, "metadata.annotations");
    const Value *before = value_at(old, "metadata.annotations");
    const Path *p = AT(AT(NULL, "metadata"), "annotations");

    for (int is_new = 0; is_new < 2; is_new++) {
        value_each_member(is_new ? now : before, m)
        {
            const Value *other = value_get(is_new ? before : now, m->name);

            if (is_new ? other != NULL : other && value_equal(other, m->value))
                continue;
            if (str_starts(m->name, ARMOR_PREFIX))
                forbid_annotation(e, p, m->name, "AppArmor annotations", is_new);
            if (strcmp(m->name, MIRROR) == 0)
                forbid_annotation(e, p, m->name, "mirror pod annotation", is_new);
        }
    }
    validate__pod_annotations(e, p, now, value_get(v, "spec"));
}

/* True when the rest of the update is not looked at. */
static bool check_deadline(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Path *at = AT(p, "activeDeadlineSeconds");
    int64_t now = int_of(spec, "activeDeadlineSeconds", 0);

    if (!has(spec, "activeDeadlineSeconds")) {
        if (has(old, "activeDeadlineSeconds"))
            bad(e, at, value_null(e->arena),
                "must not update from a positive integer to nil value");
        return false;
    }
    if (now < 0 || now > INT32_MAX)
        check_range(e, at, now, 0, INT32_MAX);
    else if (has(old, "activeDeadlineSeconds") && int_of(old, "activeDeadlineSeconds", 0) < now)
        bad_int(e, at, now, "must be less than or equal to previous value");
    else
        return false;
    return true;
}

static bool is_same_toleration(const Value *a, const Value *b)
{
    static const char *const names[] = {"key", "operator", "value", "effect"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(str_of(a, names[i]), str_of(b, names[i])) != 0)
            return false;
    return true;
}

/* Old tolerations stay, but for their seconds; new ones may come. */
static void check_tolerations(FieldErrs *e, const Path *p, const Value *now, const Value *before)
{
    const Value *old, *t;

    value_each_item(before, i, old)
    {
        bool found = false;

        value_each_item(now, k, t) found |= is_same_toleration(old, t);
        if (found)
            continue;
        forbidden(e, p, "existing toleration can not be modified except its tolerationSeconds");
        return;
    }
    validate__tolerations(e, p, now);
}

static void copy_member(FieldErrs *e, Value *to, const Value *from, const char *name)
{
    const Value *m = value_get(from, name);

    if (m)
        value_set(e->arena, to, name, value_copy(e->arena, m));
    else
        value_del(to, name);
}

static void take_old_images(FieldErrs *e, Value *spec, const Value *old, const char *list)
{
    Value *now = value_get(spec, list), *before = value_get(old, list), *c;

    value_each_item(now, i, c) copy_member(e, c, value_item(before, i), "image");
}

/* A gated pod may only be narrowed. */
static void check_gated_node_selector(FieldErrs *e, const Path *p, const Value *spec,
                                      const Value *old)
{
    const Value *now = value_get(spec, "nodeSelector");

    value_each_member(value_get(old, "nodeSelector"), m)
    {
        const Value *v = value_get(now, m->name);

        if (v && value_equal(v, m->value))
            continue;
        bad(e, AT(p, "nodeSelector"), now ? now : value_object(e->arena),
            "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        return;
    }
}

static bool begins_with(const Value *list, const Value *prefix)
{
    for (uint32_t i = 0; i < value_len(prefix); i++)
        if (!value_item(list, i) || !value_equal(value_item(list, i), value_item(prefix, i)))
            return false;
    return true;
}

/* Terms are alternatives, so more of them would widen; more conditions in a term narrow it. */
static void check_gated_affinity(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    static const char where[] = "affinity.nodeAffinity."
                                "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    static const char type[] = "io.k8s.api.core.v1.NodeSelectorTerm";
    const Value *now = value_at(spec, where), *was = value_at(old, where), *t;
    const Path *at = AT(
        AT(AT(AT(p, "affinity"), "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution"),
        "nodeSelectorTerms");

    if (value_len(was) == 0)
        return;
    if (value_len(now) != value_len(was)) {
        Value *shown = value_array(e->arena);

        value_each_item(now, i, t) value_append(e->arena, shown, validate__go_shown(e, type, t));
        bad(e, at, shown, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
        return;
    }
    value_each_item(now, i, t)
    {
        const Value *before = value_item(was, i);
        bool was_empty = value_len(value_get(before, "matchExpressions")) == 0 &&
                         value_len(value_get(before, "matchFields")) == 0;

        if ((was_empty &&
             value_len(value_get(t, "matchExpressions")) + value_len(value_get(t, "matchFields")) >
                 0) ||
            !begins_with(value_get(t, "matchExpressions"), value_get(before, "matchExpressions")) ||
            !begins_with(value_get(t, "matchFields"), value_get(before, "matchFields")))
            bad(e, AT_ITEM(at, i), validate__go_shown(e, type, t),
                "only additions are allowed (no mutations or deletions)");
    }
}

/* The affinity to nodes may differ; one to pods may not. */
static void take_old_node_affinity(FieldErrs *e, Value *spec, const Value *old)
{
    const Value *before = value_get(old, "affinity");
    Value *now = value_get(spec, "affinity");

    if (!value_get(before, "nodeAffinity")) {
        value_del(now, "nodeAffinity");
    } else {
        if (!value_is(now, VALUE_OBJECT)) {
            now = value_object(e->arena);
            value_set(e->arena, spec, "affinity", now);
        }
        copy_member(e, now, before, "nodeAffinity");
    }
    if (!before && value_len(now) == 0)
        value_del(spec, "affinity");
}

static void check_images(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *c;

    value_each_item(list, i, c)
    {
        if (str_of(c, "image")[0] == '\0')
            missing(e, AT(AT_ITEM(p, i), "image"), NULL);
    }
    validate__image_spaces(e, p, list);
}

static void check_new_gates(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Value *g, *o;

    value_each_item(value_get(spec, "schedulingGates"), i, g)
    {
        bool found = false;

        value_each_item(value_get(old, "schedulingGates"), k, o) found |=
            strcmp(str_of(g, "name"), str_of(o, "name")) == 0;
        if (!found) {
            forbidden(e, AT(AT_ITEM(AT(p, "schedulingGates"), i), "name"),
                      arena_printf(e->arena,
                                   "only deletion is allowed, but found new scheduling gate '%s'",
                                   str_of(g, "name")));
        }
    }
}

/* Everything that may change is taken from the old spec; what then differs was not allowed. */
static void check_spec_update(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    Value *munged = value_copy(e->arena, spec);
    bool gated = value_len(value_get(old, "schedulingGates")) > 0;

    take_old_images(e, munged, old, "containers");
    take_old_images(e, munged, old, "initContainers");
    copy_member(e, munged, old, "activeDeadlineSeconds");
    copy_member(e, munged, old, "schedulingGates");
    copy_member(e, munged, old, "tolerations");
    if (int_of(old, "terminationGracePeriodSeconds", 0) < 0 &&
        int_of(spec, "terminationGracePeriodSeconds", 0) == 1)
        copy_member(e, munged, old, "terminationGracePeriodSeconds");
    if (gated) {
        check_gated_node_selector(e, p, spec, old);
        copy_member(e, munged, old, "nodeSelector");
        check_gated_affinity(e, p, spec, old);
        take_old_node_affinity(e, munged, old);
    }
    if (!value_equal(munged, old))
        forbidden(
            e, p,
            arena_printf(e->arena,
                         "pod updates may not change fields other than `spec.containers[*].image`,"
                         "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                         "`spec.tolerations` (only additions to existing tolerations),"
                         "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                         "previously negative)\n%s",
                         validate__diff(e, "io.k8s.api.core.v1.PodSpec", old, munged)));
}

static void check_ephemeral_update(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Value *before = value_get(old, "ephemeralContainers"), *c, *n;
    const Path *at = AT(p, "ephemeralContainers");

    value_each_item(before, i, c)
    {
        const Value *now = NULL;

        value_each_item(value_get(spec, "ephemeralContainers"), k, n)
        {
            if (strcmp(str_of(n, "name"), str_of(c, "name")) == 0)
                now = n;
        }
        if (!now)
            forbidden(e, at,
                      arena_printf(e->arena,
                                   "existing ephemeral containers \"%s\" may not be removed\n",
                                   str_of(c, "name")));
        else if (!value_equal(now, c))
            forbidden(e, at,
                      arena_printf(
                          e->arena, "existing ephemeral containers \"%s\" may not be changed\n%s",
                          str_of(c, "name"),
                          validate__diff(e, "io.k8s.api.core.v1.EphemeralContainer", c, now)));
    }
}

/* True when the lists cannot be compared further. */
static bool check_list_update(FieldErrs *e, const Path *p, const Value *now, const Value *before)
{
    if (value_len(now) != value_len(before)) {
        forbidden(e, p, "pod updates may not add or remove containers");
        return true;
    }
    check_images(e, p, now);
    return false;
}

static void update_main(FieldErrs *e, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");

    /* upstream runs the rules of create first, then repeats some of them */
    check_metadata_and_spec(e, v, old);
    validate__pod_annotation_update(e, v, old);
    if (check_list_update(e, AT(p, "containers"), value_get(spec, "containers"),
                          value_get(before, "containers")) ||
        check_list_update(e, AT(p, "initContainers"), value_get(spec, "initContainers"),
                          value_get(before, "initContainers")) ||
        check_deadline(e, p, spec, before))
        return;
    check_tolerations(e, AT(p, "tolerations"), value_get(spec, "tolerations"),
                      value_get(before, "tolerations"));
    check_new_gates(e, p, spec, before);
    check_spec_update(e, p, spec, before);
}

static void update_ephemeral(FieldErrs *e, const Value *v, const Value *old)
{
    uint32_t before = e->n;

    check_metadata_and_spec(e, v, old);
    validate__pod_annotation_update(e, v, old);
    if (value_get(value_at(old, "metadata.annotations"), MIRROR)) {
        e->n = before;
        forbidden(e, AT(NULL, "[]"), "static pods do not support ephemeral containers");
        return;
    }
    check_ephemeral_update(e, AT(NULL, "spec"), value_get(v, "spec"), value_get(old, "spec"));
}

static void update_resize(FieldErrs *e, const Value *v, const Value *old)
{
    uint32_t before = e->n;

    check_metadata_and_spec(e, v, old);
    validate__pod_resize(e, v, old, before);
}

static void update_pod(FieldErrs *e, const char *subresource, const Value *v, const Value *old)
{
    static const struct {
        const char *subresource;
        void (*fn)(FieldErrs *e, const Value *v, const Value *old);
    } rows[] = {{"", update_main},
                {"status", validate__pod_status},
                {"ephemeralcontainers", update_ephemeral},
                {"resize", update_resize}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].subresource, subresource) == 0)
            rows[i].fn(e, v, old);
}

static void create_pod_template(FieldErrs *e, const Value *v)
{
    validate__pod_template(e, AT(NULL, "template"), value_get(v, "template"));
}

const KindRow validate__pods[] = {
    {"", "Pod", names__dns1123_subdomain, create_pod, update_pod},
    {"", "PodTemplate", names__dns1123_subdomain, create_pod_template, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
