#include "api/selector.h"
#include "quota/quota_int.h"

/* Which quotas apply to which objects: only pods and claims have scopes. */

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

static bool has_priority_class(const Value *pod, const char *op, const Value *values)
{
    const char *name = value_at_str(pod, "spec.priorityClassName");
    bool has = name && *name;

    if (str_eq(op, "Exists"))
        return has;
    if (str_eq(op, "DoesNotExist"))
        return !has;
    if (str_eq(op, "NotIn"))
        return !has || !value_has_str(values, name);
    return has && value_has_str(values, name);
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

/* The attributes classes that a claim wants or has. */
static uint32_t claim_classes(const Value *claim, const char *ret[3])
{
    static const char *const paths[] = {
        "spec.volumeAttributesClassName", "status.currentVolumeAttributesClassName",
        "status.modifyVolumeStatus.targetVolumeAttributesClassName"};
    uint32_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const char *name = value_at_str(claim, paths[i]);

        if (name && *name)
            ret[n++] = name;
    }
    return n;
}

static bool claim_in_scope(const Value *claim, const char *scope, const char *op,
                           const Value *values)
{
    const char *names[3];
    uint32_t n = claim_classes(claim, names);

    if (!str_eq(scope, "VolumeAttributesClass"))
        return false;
    if (str_eq(op, "Exists"))
        return n > 0;
    if (str_eq(op, "DoesNotExist"))
        return n == 0;
    for (uint32_t i = 0; i < n; i++)
        if (value_has_str(values, names[i]) != str_eq(op, "NotIn"))
            return true;
    return n == 0 && str_eq(op, "NotIn");
}

bool quota_applies(const Value *quota, const Resource *r, const Value *object)
{
    const Value *scopes = value_at(quota, "spec.scopes"), *s;
    const Value *exprs = value_at(quota, "spec.scopeSelector.matchExpressions");
    bool (*fits)(const Value *object, const char *scope, const char *op, const Value *values) =
        strcmp(r->plural, "pods") == 0                     ? in_scope
        : strcmp(r->plural, "persistentvolumeclaims") == 0 ? claim_in_scope
                                                           : NULL;

    if (!object)
        return false;
    if (value_len(scopes) + value_len(exprs) == 0)
        return true;
    if (*r->group || !fits)
        return false;
    value_each_item(scopes, i, s)
    {
        if (!fits(object, value_to_cstr(s), "Exists", NULL))
            return false;
    }
    value_each_item(exprs, k, s)
    {
        if (!fits(object, value_get_str(s, "scopeName"), value_get_str(s, "operator"),
                  value_get(s, "values")))
            return false;
    }
    return true;
}
