#include "api/selector.h"
#include "quota/quota_int.h"

/* Which quotas apply to which objects: only pods have scopes. */

static bool is_best_effort(const Value *pod)
{
    static const char *const lists[] = {"containers", "initContainers"};
    static const char *const whats[] = {"requests", "limits"};
    const Value *spec = value_get(pod, "spec"), *c;
    Quantity q;

    for (size_t w = 0; w < ARRAY_LEN(whats); w++) {
        const Value *own = value_get(value_get(spec, "resources"), whats[w]);

        value_each_member(own, m) if (quota__quantity(m->value, &q) && q.nano > 0) return false;
        for (size_t l = 0; l < ARRAY_LEN(lists); l++)
            value_each_item(value_get(spec, lists[l]), i, c)
            {
                const Value *list = value_get(value_get(c, "resources"), whats[w]);

                value_each_member(
                    list, m) if ((strcmp(m->name, "cpu") == 0 || strcmp(m->name, "memory") == 0) &&
                                 quota__quantity(m->value, &q) && q.nano > 0) return false;
            }
    }
    return true;
}

static bool looks_elsewhere(const Value *term)
{
    return value_len(value_get(term, "namespaces")) > 0 ||
           value_is(value_get(term, "namespaceSelector"), VALUE_OBJECT);
}

static bool is_cross_namespace(const Value *pod)
{
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    const Value *affinity = value_at(pod, "spec.affinity"), *t;

    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        const Value *one = value_get(affinity, kinds[k]);

        value_each_item(value_get(one, "requiredDuringSchedulingIgnoredDuringExecution"), i,
                        t) if (looks_elsewhere(t)) return true;
        value_each_item(value_get(one, "preferredDuringSchedulingIgnoredDuringExecution"), i,
                        t) if (looks_elsewhere(value_get(t, "podAffinityTerm"))) return true;
    }
    return false;
}

static bool is_terminating(const Value *pod)
{
    return value_at_int(pod, "spec.activeDeadlineSeconds", -1) >= 0;
}

static bool has_value(const Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), s)) return true;
    return false;
}

static bool has_priority_class(const Value *pod, const char *op, const Value *values)
{
    const char *name = value_at_str(pod, "spec.priorityClassName");
    bool has = name && *name;

    if (str_eq(op, "Exists"))
        return has;
    if (str_eq(op, "DoesNotExist"))
        return !has;
    if (str_eq(op, "NotIn"))
        return !has || !has_value(values, name);
    return has && has_value(values, name);
}

static bool in_scope(const Value *pod, const char *scope, const char *op, const Value *values)
{
    if (str_eq(scope, "Terminating"))
        return is_terminating(pod);
    if (str_eq(scope, "NotTerminating"))
        return !is_terminating(pod);
    if (str_eq(scope, "BestEffort"))
        return is_best_effort(pod);
    if (str_eq(scope, "NotBestEffort"))
        return !is_best_effort(pod);
    if (str_eq(scope, "PriorityClass"))
        return has_priority_class(pod, op, values);
    if (str_eq(scope, "CrossNamespacePodAffinity"))
        return is_cross_namespace(pod);
    return false;
}

bool quota_applies(const Value *quota, const Resource *r, const Value *object)
{
    const Value *scopes = value_at(quota, "spec.scopes"), *s;
    const Value *exprs = value_at(quota, "spec.scopeSelector.matchExpressions");

    if (!object)
        return false;
    if (value_len(scopes) + value_len(exprs) == 0)
        return true;
    if (*r->group || strcmp(r->plural, "pods") != 0)
        return false;
    value_each_item(scopes, i,
                    s) if (!in_scope(object, value_to_cstr(s), "Exists", NULL)) return false;
    value_each_item(exprs, i, s) if (!in_scope(object, value_get_str(s, "scopeName"),
                                               value_get_str(s, "operator"),
                                               value_get(s, "values"))) return false;
    return true;
}
