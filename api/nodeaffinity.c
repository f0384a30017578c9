#include "api/nodeaffinity.h"

static const char *label_of(const Value *node, const char *key)
{
    return value_get_str(value_at(node, "metadata.labels"), key);
}

static bool compares(const char *has, const Value *values, bool is_greater)
{
    const char *bound = value_to_cstr(value_item(values, 0));
    int64_t x, y;

    if (!bound || !slice_to_int64(slice_of(has), &x) || !slice_to_int64(slice_of(bound), &y))
        return false;
    return is_greater ? x > y : x < y;
}

/* `has`: the label's value, NULL when there is none. */
static bool requirement_holds(const Value *req, const char *has)
{
    const char *op = value_get_str(req, "operator");
    const Value *values = value_get(req, "values");

    if (str_eq(op, "In"))
        return has && value_has_str(values, has);
    if (str_eq(op, "NotIn"))
        return !has || !value_has_str(values, has);
    if (str_eq(op, "Exists"))
        return has != NULL;
    if (str_eq(op, "DoesNotExist"))
        return has == NULL;
    if (str_eq(op, "Gt") || str_eq(op, "Lt"))
        return has && compares(has, values, str_eq(op, "Gt"));
    return false;
}

static bool term_matches(const Value *term, const Value *node)
{
    const Value *labels = value_get(term, "matchExpressions");
    const Value *fields = value_get(term, "matchFields");
    Value *req;

    if (value_len(labels) == 0 && value_len(fields) == 0)
        return false; /* an empty term selects nothing */
    value_each_item(labels, i, req)
    {
        const char *key = value_get_str(req, "key");

        if (!key || !requirement_holds(req, label_of(node, key)))
            return false;
    }
    value_each_item(fields, i, req)
    {
        if (!str_eq(value_get_str(req, "key"), "metadata.name") ||
            !requirement_holds(req, value_at_str(node, "metadata.name")))
            return false;
    }
    return true;
}

bool node_selector_matches(const Value *selector, const Value *node)
{
    Value *term;

    if (!value_is(selector, VALUE_OBJECT))
        return true;
    value_each_item(value_get(selector, "nodeSelectorTerms"), i, term)
    {
        if (term_matches(term, node))
            return true;
    }
    return false;
}

bool node_matches_pod_spec(const Value *pod_spec, const Value *node)
{
    value_each_member(value_get(pod_spec, "nodeSelector"), m)
    {
        if (!str_eq(label_of(node, m->name), value_to_cstr(m->value)))
            return false;
    }
    return node_selector_matches(
        value_at(pod_spec, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"),
        node);
}

static bool is_absent_or(const Value *field, const char *text)
{
    const char *s = value_to_cstr(field);

    return !s || !s[0] || str_eq(s, text);
}

bool toleration_matches(const Value *toleration, const Value *taint)
{
    const char *op = value_get_str(toleration, "operator");
    const char *value = value_get_str(toleration, "value"), *has = value_get_str(taint, "value");
    int64_t x, y;

    value = value ? value : "";
    has = has ? has : "";
    if (!is_absent_or(value_get(toleration, "effect"), value_get_str(taint, "effect")) ||
        !is_absent_or(value_get(toleration, "key"), value_get_str(taint, "key")))
        return false;
    if (str_eq(op, "Exists"))
        return true;
    if (str_eq(op, "Gt") || str_eq(op, "Lt"))
        return slice_to_int64(slice_of(has), &x) && slice_to_int64(slice_of(value), &y) &&
               (op[0] == 'G' ? x > y : x < y);
    return str_eq(value, has);
}

bool node_has_untolerated(const Value *node, const Value *tolerations, const char *effect)
{
    Value *taint, *t;

    value_each_item(value_at(node, "spec.taints"), i, taint)
    {
        bool is_tolerated = !str_eq(value_get_str(taint, "effect"), effect);

        value_each_item(tolerations, k, t) is_tolerated |= toleration_matches(t, taint);
        if (!is_tolerated)
            return true;
    }
    return false;
}
