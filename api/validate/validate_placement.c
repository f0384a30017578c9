/*
 * validate_placement.c - where pods may run: selectors, affinity, tolerations, spreading.
 */
#include "api/validate_int.h"

/* ---- label selectors ---- */

void validate__selector_values(FieldErrs *e, const Path *p, const char *op, uint32_t n)
{
    if (one_of(op, "In|NotIn")) {
        if (n == 0)
            missing(e, AT(p, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (one_of(op, "Exists|DoesNotExist")) {
        if (n > 0)
            forbidden(e, AT(p, "values"),
                      "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else {
        bad_str(e, AT(p, "operator"), op, "not a valid selector operator");
    }
}

void validate__label_selector(FieldErrs *e, const Path *p, const Value *selector)
{
    const Value *x, *v;

    validate__labels(e, AT(p, "matchLabels"), value_get(selector, "matchLabels"));
    value_each_item(value_get(selector, "matchExpressions"), i, x)
    {
        const Path *at = AT_ITEM(AT(p, "matchExpressions"), i);

        validate__selector_values(e, at, str_of(x, "operator"), value_len(value_get(x, "values")));
        check_name(e, AT(at, "key"), str_of(x, "key"), names__qualified);
        value_each_item(value_get(x, "values"), k, v)
            check_name(e, AT_ITEM(AT(at, "values"), k), value_to_cstr(v) ? value_to_cstr(v) : "",
                       names__label_value);
    }
}

/* ---- node selectors ---- */

static void check_node_expression(FieldErrs *e, const Path *p, const Value *x, bool is_required)
{
    const char *op = str_of(x, "operator");
    uint32_t n = value_len(value_get(x, "values"));
    const Value *v;

    if (one_of(op, "Gt|Lt")) {
        if (n != 1)
            missing(e, AT(p, "values"),
                    "must be specified single value when `operator` is 'Lt' or 'Gt'");
    } else {
        validate__selector_values(e, p, op, n);
    }
    check_name(e, AT(p, "key"), str_of(x, "key"), names__qualified);
    /* a preference that no node can meet does no harm */
    value_each_item(is_required ? value_get(x, "values") : NULL, i, v)
        check_name(e, AT_ITEM(AT(p, "values"), i), value_to_cstr(v) ? value_to_cstr(v) : "",
                   names__label_value);
}

static void check_node_field(FieldErrs *e, const Path *p, const Value *x)
{
    const Value *values = value_get(x, "values"), *v;

    if (!one_of(str_of(x, "operator"), "In|NotIn"))
        bad_str(e, AT(p, "operator"), str_of(x, "operator"), "not a valid selector operator");
    else if (value_len(values) != 1)
        missing(
            e, AT(p, "values"),
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
    if (strcmp(str_of(x, "key"), "metadata.name") != 0) {
        bad_str(e, AT(p, "key"), str_of(x, "key"), "not a valid field selector key");
        return;
    }
    value_each_item(values, i, v)
        check_name(e, AT_ITEM(AT(p, "values"), i), value_to_cstr(v) ? value_to_cstr(v) : "",
                   names__dns1123_subdomain);
}

static void check_node_term(FieldErrs *e, const Path *p, const Value *term, bool is_required)
{
    const Value *x;

    value_each_item(value_get(term, "matchExpressions"), i, x)
        check_node_expression(e, AT_ITEM(AT(p, "matchExpressions"), i), x, is_required);
    value_each_item(value_get(term, "matchFields"), i, x)
        check_node_field(e, AT_ITEM(AT(p, "matchFields"), i), x);
}

void validate__node_selector(FieldErrs *e, const Path *p, const Value *selector)
{
    const Value *terms = value_get(selector, "nodeSelectorTerms"), *term;
    const Path *at = AT(p, "nodeSelectorTerms");

    if (value_len(terms) == 0)
        missing(e, at, "must have at least one node selector term");
    value_each_item(terms, i, term) check_node_term(e, AT_ITEM(at, i), term, true);
}

/* ---- affinity ---- */

#define REQUIRED  "requiredDuringSchedulingIgnoredDuringExecution"
#define PREFERRED "preferredDuringSchedulingIgnoredDuringExecution"

static void check_weight(FieldErrs *e, const Path *p, const Value *v)
{
    int64_t weight = int_of(v, "weight", 0);

    if (weight < 1 || weight > 100)
        bad_int(e, AT(p, "weight"), weight, "must be in the range 1-100");
}

static void check_label_keys(FieldErrs *e, const Path *p, const Value *term, const char *name)
{
    const Value *keys = value_get(term, name), *key;

    if (value_len(keys) > 0 && !has(term, "labelSelector")) {
        forbidden(e, AT(p, name), "must not be specified when labelSelector is not set");
        return;
    }
    value_each_item(keys, i, key) check_name(
        e, AT_ITEM(AT(p, name), i), value_to_cstr(key) ? value_to_cstr(key) : "", names__qualified);
}

/* The keys have been merged into the selector before; what is there twice was given by hand. */
static void check_merged_keys(FieldErrs *e, const Path *p, const Value *term)
{
    const Value *selector = value_get(term, "labelSelector"), *x, *key;
    const Value *list = value_get(selector, "matchExpressions");

    value_each_item(list, i, x)
    {
        const char *name = str_of(x, "key");
        bool before = value_get(value_get(selector, "matchLabels"), name) != NULL;

        for (uint32_t k = 0; k < i; k++)
            before |= strcmp(str_of(value_item(list, k), "key"), name) == 0;
        value_each_item(before ? value_get(term, "matchLabelKeys") : NULL, k, key)
        {
            if (str_eq(value_to_cstr(key), name))
                bad_str(e, AT_ITEM(p, k), name, "exists in both matchLabelKeys and labelSelector");
        }
    }
}

static void check_pod_term(FieldErrs *e, const Path *p, const Value *term)
{
    const Value *v;

    validate__label_selector(e, AT(p, "labelSelector"), value_get(term, "labelSelector"));
    validate__label_selector(e, AT(p, "namespaceSelector"), value_get(term, "namespaceSelector"));
    value_each_item(value_get(term, "namespaces"), i, v) check_name(
        e, AT(p, "namespace"), value_to_cstr(v) ? value_to_cstr(v) : "", names__dns1123_label);
    check_label_keys(e, p, term, "matchLabelKeys");
    check_label_keys(e, p, term, "mismatchLabelKeys");
    check_merged_keys(e, p, term);
    value_each_item(value_get(term, "matchLabelKeys"), i, v)
    {
        if (value_has_str(value_get(term, "mismatchLabelKeys"), value_to_cstr(v)))
            bad(e, AT_ITEM(AT(p, "matchLabelKeys"), i), v,
                "exists in both matchLabelKeys and mismatchLabelKeys");
    }
    if (str_of(term, "topologyKey")[0] == '\0')
        missing(e, AT(p, "topologyKey"), "can not be empty");
    check_name(e, AT(p, "topologyKey"), str_of(term, "topologyKey"), names__qualified);
}

static void check_pod_affinity(FieldErrs *e, const Path *p, const Value *v)
{
    const Value *term;

    value_each_item(value_get(v, REQUIRED), i, term)
        check_pod_term(e, AT_ITEM(AT(p, REQUIRED), i), term);
    value_each_item(value_get(v, PREFERRED), i, term)
    {
        const Path *at = AT_ITEM(AT(p, PREFERRED), i);

        check_weight(e, at, term);
        check_pod_term(e, AT(at, "podAffinityTerm"), value_get(term, "podAffinityTerm"));
    }
}

void validate__affinity(FieldErrs *e, const Path *p, const Value *affinity)
{
    const Value *node = value_get(affinity, "nodeAffinity"), *term;
    const Path *at = AT(p, "nodeAffinity");

    if (has(node, REQUIRED))
        validate__node_selector(e, AT(at, REQUIRED), value_get(node, REQUIRED));
    value_each_item(value_get(node, PREFERRED), i, term)
    {
        check_weight(e, AT_ITEM(AT(at, PREFERRED), i), term);
        check_node_term(e, AT(AT_ITEM(AT(at, PREFERRED), i), "preference"),
                        value_get(term, "preference"), false);
    }
    check_pod_affinity(e, AT(p, "podAffinity"), value_get(affinity, "podAffinity"));
    check_pod_affinity(e, AT(p, "podAntiAffinity"), value_get(affinity, "podAntiAffinity"));
}

/* ---- tolerations ---- */

void validate__tolerations(FieldErrs *e, const Path *p, const Value *tolerations)
{
    const Value *t;

    value_each_item(tolerations, i, t)
    {
        const Path *at = AT_ITEM(p, i);
        const char *key = str_of(t, "key"), *op = str_of(t, "operator");
        const char *value = str_of(t, "value"), *effect = str_of(t, "effect");

        if (key[0])
            check_name(e, AT(at, "key"), key, names__qualified);
        else if (strcmp(op, "Exists") != 0)
            bad_str(e, AT(at, "operator"), op,
                    "operator must be Exists when `key` is empty, which means \"match all values "
                    "and all keys\"");
        if (has(t, "tolerationSeconds") && strcmp(effect, "NoExecute") != 0)
            bad_str(e, AT(at, "effect"), effect,
                    "effect must be 'NoExecute' when `tolerationSeconds` is set");
        if (op[0] == '\0' || strcmp(op, "Equal") == 0)
            check_name_joined(e, AT(at, "operator"), value, names__label_value);
        else if (strcmp(op, "Exists") == 0) {
            if (value[0])
                bad_str(e, AT(at, "operator"), value,
                        "value must be empty when `operator` is 'Exists'");
        } else {
            unsupported(e, AT(at, "operator"), op,
                        one_of(op, "Lt|Gt") ? "Equal|Exists|Lt|Gt" : "Equal|Exists");
        }
        if (effect[0])
            check_enum(e, AT(at, "effect"), effect, "NoSchedule|PreferNoSchedule|NoExecute");
    }
}

/* ---- topology spread ---- */

static void check_domains(FieldErrs *e, const Path *p, const Value *c)
{
    int64_t n = int_of(c, "minDomains", 0);

    if (!has(c, "minDomains"))
        return;
    if (n <= 0)
        bad_int(e, AT(p, "minDomains"), n, "must be greater than zero");
    if (strcmp(str_of(c, "whenUnsatisfiable"), "DoNotSchedule") != 0)
        bad_int(e, AT(p, "minDomains"), n,
                "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not %s",
                str_of(c, "whenUnsatisfiable"));
}

void validate__spread(FieldErrs *e, const Path *p, const Value *constraints)
{
    static const char *const policies[] = {"nodeAffinityPolicy", "nodeTaintsPolicy"};
    const Value *c, *other;

    value_each_item(constraints, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *key = str_of(c, "topologyKey"), *when = str_of(c, "whenUnsatisfiable");
        bool twice = false;

        if (int_of(c, "maxSkew", 0) <= 0)
            bad_int(e, AT(at, "maxSkew"), int_of(c, "maxSkew", 0), "must be greater than zero");
        if (key[0] == '\0')
            missing(e, AT(at, "topologyKey"), "can not be empty");
        check_enum(e, AT(at, "whenUnsatisfiable"), when, "DoNotSchedule|ScheduleAnyway");
        for (uint32_t k = i + 1; k < value_len(constraints); k++) {
            other = value_item(constraints, k);
            twice |= strcmp(str_of(other, "topologyKey"), key) == 0 &&
                     strcmp(str_of(other, "whenUnsatisfiable"), when) == 0;
        }
        if (twice)
            duplicate(e, AT(at, "{topologyKey, whenUnsatisfiable}"),
                      arena_printf(e->arena, "{%s, %s}", key, when));
        check_domains(e, at, c);
        for (size_t k = 0; k < ARRAY_LEN(policies); k++)
            if (has(c, policies[k]))
                check_enum(e, AT(at, policies[k]), str_of(c, policies[k]), "Honor|Ignore");
        check_label_keys(e, at, c, "matchLabelKeys");
        check_merged_keys(e, at, c);
        validate__label_selector(e, AT(at, "labelSelector"), value_get(c, "labelSelector"));
    }
}
